/* stdlib/compress/bz2module.c - module _bz2 over libbz2, which is opened on first import. */
#include <dlfcn.h>
#include <limits.h>

#include "flow.h"

typedef struct Bz { /* bz_stream */
    char *next_in;
    unsigned avail_in, total_in_lo, total_in_hi;
    char *next_out;
    unsigned avail_out, total_out_lo, total_out_hi;
    void *state;
    void *(*alloc)(void *opaque, int items, int size);
    void (*free)(void *opaque, void *p);
    void *opaque;
} Bz;
enum { RUN = 0, FINISH = 2, OK = 0, RUN_OK = 1, FINISH_OK = 3, STREAM_END = 4 };

typedef struct State {
    void *handle;
    int (*compress_init)(Bz *, int level, int verbosity, int work);
    int (*compress)(Bz *, int action);
    int (*compress_end)(Bz *);
    int (*decompress_init)(Bz *, int verbosity, int small);
    int (*decompress)(Bz *);
    int (*decompress_end)(Bz *);
} State;
extern const OuModuleDef ou_mod__bz2;

typedef struct Stream {
    OuObj hdr;
    State *st;
    Bz z;
    bool alive, flushed, eof, needs_input;
    OuFlowIn in;
    OuObj *unused; /* bytes */
} Stream;
#define STREAM(o) ((Stream *)(o))

static void *bz_alloc(void *vm, int items, int size)
{
    return items < 0 || size < 0 ? NULL : ou_flow_malloc(vm, (size_t)items, (size_t)size);
}

static void bz_free(void *vm, void *p)
{
    ou_flow_free(vm, p);
}

/* true: an exception is set */
static bool failed(OuVM *vm, int code)
{
    switch (code) {
    case OK:
    case RUN_OK:
    case 2:
    case FINISH_OK:
    case STREAM_END:
        return false;
    case -1:
        ou_raise(vm, OU_EXC(vm, RuntimeError),
                 "Internal error - Invalid sequence of commands sent to libbzip2");
        break;
    case -2:
        ou_value_error(vm, "Internal error - invalid parameters passed to libbzip2");
        break;
    case -3:
        ou_raise_memory(vm);
        break;
    case -4:
    case -5:
        ou_raise(vm, OU_EXC(vm, OSError), "Invalid data stream");
        break;
    case -6:
        ou_raise(vm, OU_EXC(vm, OSError), "Unknown I/O error");
        break;
    case -7:
        ou_raise(vm, OU_EXC(vm, EOFError),
                 "Compressed file ended before the logical end-of-stream was detected");
        break;
    default:
        ou_raise(vm, OU_EXC(vm, OSError), "Unrecognized error from libbzip2: %d", code);
    }
    return true;
}

static Stream *new_stream(OuVM *vm, OuType *type)
{
    Stream *s = STREAM(ou_type_alloc(vm, type, 0));
    if (!s)
        return NULL;
    s->st = ou_module_state(vm, &ou_mod__bz2);
    s->z.opaque = vm;
    s->z.alloc = bz_alloc;
    s->z.free = bz_free;
    s->needs_input = true;
    return s;
}

/* ---- compressor ------------------------------------------------------------------------- */
static OuObj *compressor_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[1] = {NULL};
    int level = 9;
    if (ou_args_bind(vm, "BZ2Compressor(compresslevel=9, /)", args, nargs, kwnames, a) < 0 ||
        (a[0] && ou_as_int(vm, a[0], &level) < 0))
        return NULL;
    if (level < 1 || level > 9)
        return ou_value_error(vm, "compresslevel must be between 1 and 9");
    Stream *s = new_stream(vm, type);
    if (s && failed(vm, s->st->compress_init(&s->z, level, 0, 0)))
        ou_clear(vm, s);
    if (s)
        s->alive = true;
    return (OuObj *)s;
}

static void compressor_dealloc(OuVM *vm, OuObj *o)
{
    if (STREAM(o)->alive)
        STREAM(o)->st->compress_end(&STREAM(o)->z);
    ou_free_object(vm, o);
}

static OuObj *compress(OuVM *vm, Stream *s, const char *p, size_t n, int action)
{
    OuFlowOut out = {.limit = SIZE_MAX};
    bool ok = false;
    for (;;) {
        size_t room;
        if (ou_flow_room(vm, &out, &room) < 0 || ou_poll(vm) < 0)
            break;
        unsigned part = n > UINT_MAX ? UINT_MAX : (unsigned)n,
                 space = room > UINT_MAX ? UINT_MAX : (unsigned)room;
        s->z.next_in = (char *)p;
        s->z.avail_in = part;
        s->z.next_out = out.p + out.n;
        s->z.avail_out = space;
        if (action == RUN && n == 0) {
            ok = true;
            break;
        }
        int code = s->st->compress(&s->z, action);
        p += part - s->z.avail_in;
        n -= part - s->z.avail_in;
        out.n += space - s->z.avail_out;
        if (failed(vm, code))
            break;
        if (action == FINISH && code == STREAM_END) {
            ok = true;
            break;
        }
    }
    return ou_flow_take(vm, &out, ok);
}

static OuObj *m_compress(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer b;
    if (ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = STREAM(args[0])->flushed ? ou_value_error(vm, "Compressor has been flushed")
                                        : compress(vm, STREAM(args[0]), b.buf, (size_t)b.len, RUN);
    ou_buffer_release(vm, &b);
    return r;
}

static OuObj *m_flush(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Stream *s = STREAM(args[0]);
    if (s->flushed)
        return ou_value_error(vm, "Repeated call to flush()");
    s->flushed = true;
    return compress(vm, s, NULL, 0, FINISH);
}

/* ---- decompressor ------------------------------------------------------------------------ */
static OuObj *decompressor_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_args_bind(vm, "BZ2Decompressor()", args, nargs, kwnames, NULL) < 0)
        return NULL;
    Stream *s = new_stream(vm, type);
    if (s && failed(vm, s->st->decompress_init(&s->z, 0, 0)))
        ou_clear(vm, s);
    if (s) {
        s->alive = true;
        if (!(s->unused = ou_bytes_new(vm, "", 0)))
            ou_clear(vm, s);
    }
    return (OuObj *)s;
}

static void decompressor_dealloc(OuVM *vm, OuObj *o)
{
    Stream *s = STREAM(o);
    if (s->alive)
        s->st->decompress_end(&s->z);
    ou_flow_clear(vm, &s->in);
    ou_clear(vm, s->unused);
    ou_free_object(vm, o);
}

static OuObj *m_decompress(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Stream *s = STREAM(args[0]);
    ou_ssize max = -1;
    if (args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &max) < 0)
        return NULL;
    if (s->eof)
        return ou_raise(vm, OU_EXC(vm, EOFError), "End of stream already reached");
    if (ou_flow_begin(vm, &s->in, args[1]) < 0)
        return NULL;
    OuFlowOut out = {.limit = max < 0 ? SIZE_MAX : (size_t)max};
    const char *p = s->in.p;
    size_t n = s->in.n;
    bool ok = false;
    for (;;) {
        size_t room;
        int more = ou_flow_room(vm, &out, &room);
        if (more < 0 || ou_poll(vm) < 0)
            break;
        if (more == 0 || s->eof) {
            ok = true;
            break;
        }
        unsigned part = n > UINT_MAX ? UINT_MAX : (unsigned)n,
                 space = room > UINT_MAX ? UINT_MAX : (unsigned)room;
        s->z.next_in = (char *)p;
        s->z.avail_in = part;
        s->z.next_out = out.p + out.n;
        s->z.avail_out = space;
        int code = s->st->decompress(&s->z);
        p += part - s->z.avail_in;
        n -= part - s->z.avail_in;
        out.n += space - s->z.avail_out;
        if (failed(vm, code))
            break;
        if (code == STREAM_END)
            s->eof = true;
        else if (n == 0 && s->z.avail_out) {
            ok = true;
            break;
        }
    }
    OuObj *rest = NULL;
    if (ou_flow_end(vm, &s->in, n, ok && !s->eof, ok && s->eof ? &rest : NULL) < 0)
        ok = false;
    if (rest) {
        ou_decref(vm, s->unused);
        s->unused = rest;
    }
    s->needs_input = ok && !s->eof && n == 0;
    return ou_flow_take(vm, &out, ok);
}

static const OuFn compressor_methods[] = {
    {"compress(self, data, /)", m_compress, 0, "Provide data to the compressor object."},
    {"flush(self, /)", m_flush, 0, "Finish the compression process."},
    {0},
};
static const OuTypeSpec compressor_spec = {
    .name = "_bz2.BZ2Compressor",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE,
    .doc = "BZ2Compressor(compresslevel=9, /)\n--\n\nCreate a compressor object for compressing data "
           "incrementally.",
    .dealloc = compressor_dealloc,
    .s = {.new_ = compressor_new},
    .methods = compressor_methods,
};
static const OuFn decompressor_methods[] = {
    {"decompress(self, data, max_length=-1)", m_decompress, 0,
     "Decompress *data*, returning uncompressed data as bytes."},
    {0},
};
static const OuMember decompressor_members[] = {
    {"eof", OU_MEMBER_BOOL, offsetof(Stream, eof), true,
     "True if the end-of-stream marker has been reached."},
    {"needs_input", OU_MEMBER_BOOL, offsetof(Stream, needs_input), true,
     "True if more input is needed before more decompressed data can be produced."},
    {"unused_data", OU_MEMBER_OBJ_EX, offsetof(Stream, unused), true,
     "Data found after the end of the compressed stream."},
    {0},
};
static const OuTypeSpec decompressor_spec = {
    .name = "_bz2.BZ2Decompressor",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE,
    .doc = "BZ2Decompressor()\n--\n\nCreate a decompressor object for decompressing data incrementally.",
    .dealloc = decompressor_dealloc,
    .s = {.new_ = decompressor_new},
    .methods = decompressor_methods,
    .members = decompressor_members,
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    const struct {
        const char *name;
        void **slot;
    } rows[] = {
        {"BZ2_bzCompressInit", (void **)&st->compress_init},
        {"BZ2_bzCompress", (void **)&st->compress},
        {"BZ2_bzCompressEnd", (void **)&st->compress_end},
        {"BZ2_bzDecompressInit", (void **)&st->decompress_init},
        {"BZ2_bzDecompress", (void **)&st->decompress},
        {"BZ2_bzDecompressEnd", (void **)&st->decompress_end},
    };
    if (!(st->handle = dlopen("libbz2.so.1.0", RTLD_NOW | RTLD_LOCAL)) &&
        !(st->handle = dlopen("libbz2.so.1", RTLD_NOW | RTLD_LOCAL)))
        return ou_raise_i(vm, OU_EXC(vm, ImportError), "libbz2 was not found: %s", dlerror());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!(*rows[i].slot = dlsym(st->handle, rows[i].name)))
            return ou_raise_i(vm, OU_EXC(vm, ImportError), "libbz2 has no %s", rows[i].name);
    return ou_module_add_type(vm, m, &compressor_spec, NULL) &&
                   ou_module_add_type(vm, m, &decompressor_spec, NULL)
               ? 0
               : -1;
}

const OuModuleDef ou_mod__bz2 = {
    .name = "_bz2",
    .state_size = sizeof(State),
    .exec = exec,
};
