/* stdlib/io/rwpair.c - BufferedRWPair: a reader and a writer that are two raw streams. */
#include "io.h"

typedef struct OuRWPair {
    OU_IO_HEAD
    OuObj *reader, *writer;
} OuRWPair;
#define P(o) ((OuRWPair *)(o))

static OuObj *pair_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_io_alloc(vm, type, sizeof(OuRWPair));
}

static int pair_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuIoState *st = ou_io_state(vm);
    OuObj *a[3];
    if (ou_args_bind(vm, "BufferedRWPair(reader, writer, buffer_size=8192, /)", args, nargs, kwnames, a) < 0)
        return -1;
    if (ou_io_require(vm, a[0], "readable") < 0 || ou_io_require(vm, a[1], "writable") < 0)
        return -1;
    OuObj *ra[2] = {a[0], a[2]}, *wa[2] = {a[1], a[2]};
    OuObj *r = ou_call(vm, (OuObj *)st->reader, ra, a[2] ? 2 : 1, NULL),
          *w = r ? ou_call(vm, (OuObj *)st->writer, wa, a[2] ? 2 : 1, NULL) : NULL;
    if (!w) {
        ou_xdecref(vm, r);
        return -1;
    }
    ou_clear(vm, P(self)->reader);
    ou_clear(vm, P(self)->writer);
    P(self)->reader = r;
    P(self)->writer = w;
    return 0;
}

static void pair_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, P(o)->reader);
    ou_clear(vm, P(o)->writer);
    ou_clear(vm, P(o)->dict);
}

static void pair_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    pair_clear(vm, o);
    ou_free_object(vm, o);
}

static int pair_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(P(o)->reader);
    OU_VISIT(P(o)->writer);
    OU_VISIT(P(o)->dict);
    return 0;
}

static OuObj *forward(OuVM *vm, OuObj *to, const char *name, OuObj *const *args, size_t n, OuObj *kwnames)
{
    if (!to)
        return ou_value_error(vm, "I/O operation on uninitialized object");
    OuObj *f = ou_getattr_s(vm, to, name), *r = f ? ou_call(vm, f, args + 1, n - 1, kwnames) : NULL;
    ou_xdecref(vm, f);
    return r;
}
#define TO(name, side)                                                     \
    OU_IO_M(m_##name)                                                      \
    {                                                                      \
        return forward(vm, P(args[0])->side, #name, args, nargs, kwnames); \
    }
TO(read, reader)
TO(peek, reader)
TO(read1, reader)
TO(readinto, reader)
TO(readinto1, reader)
/* clang-format off */
TO(readable, reader) TO(write, writer) TO(flush, writer) TO(writable, writer)
    /* clang-format on */

    OU_IO_M(m_close)
{
    OuObj *w = forward(vm, P(args[0])->writer, "close", args, 1, NULL), *exc = w ? NULL : ou_err_fetch(vm);
    ou_xdecref(vm, w);
    OuObj *r = forward(vm, P(args[0])->reader, "close", args, 1, NULL);
    return ou_io_close_result(vm, exc, r);
}

OU_IO_M(m_isatty)
{
    OuObj *w = forward(vm, P(args[0])->writer, "isatty", args, 1, NULL);
    if (!w || w == OU_TRUE(vm))
        return w;
    ou_decref(vm, w);
    return forward(vm, P(args[0])->reader, "isatty", args, 1, NULL);
}

static OuObj *get_closed(OuVM *vm, OuObj *self, void *data)
{
    if (!P(self)->writer)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "the BufferedRWPair object is being garbage-collected");
    return ou_getattr_s(vm, P(self)->writer, "closed");
}
static const OuGetSet getset[] = {{"closed", get_closed, NULL, NULL, NULL}, {0}};

static const OuFn methods[] = {
    {"read(...)", m_read, 0, NULL},           {"peek(...)", m_peek, 0, NULL},
    {"read1(...)", m_read1, 0, NULL},         {"readinto(...)", m_readinto, 0, NULL},
    {"readinto1(...)", m_readinto1, 0, NULL}, {"write(...)", m_write, 0, NULL},
    {"flush(...)", m_flush, 0, NULL},         {"readable(...)", m_readable, 0, NULL},
    {"writable(...)", m_writable, 0, NULL},   {"close(...)", m_close, 0, NULL},
    {"isatty(...)", m_isatty, 0, NULL},       {0},
};

const OuTypeSpec ou_buffered_rwpair_spec = {
    .name = "_io.BufferedRWPair",
    .size = sizeof(OuRWPair),
    .flags = OU_IO_TYPE_FLAGS,
    .dict_off = offsetof(OuRWPair, dict),
    .doc = "BufferedRWPair(reader, writer, buffer_size=8192, /)\n--\n\nA buffered reader and writer object "
           "together.",
    .dealloc = pair_dealloc,
    .traverse = pair_traverse,
    .clear = pair_clear,
    .s = {.new_ = pair_new, .init = pair_init, .finalize = ou_io_finalize},
    .methods = methods,
    .getset = getset,
};
