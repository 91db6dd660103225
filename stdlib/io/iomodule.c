/* stdlib/io/iomodule.c - module _io: open() and the table of classes. */
#include "io.h"
#include "vm/config.h"
#include "stdlib/support.h"

#include <unistd.h>

typedef struct Mode {
    bool creating, reading, writing, appending, updating, text, binary;
    char raw[8];
} Mode;

static int parse_mode(OuVM *vm, OuObj *mode, const char *s, Mode *m)
{
    *m = (Mode){.reading = false};
    for (const char *p = s; *p; p++) {
        bool *flag = *p == 'x'   ? &m->creating
                     : *p == 'r' ? &m->reading
                     : *p == 'w' ? &m->writing
                     : *p == 'a' ? &m->appending
                     : *p == '+' ? &m->updating
                     : *p == 't' ? &m->text
                     : *p == 'b' ? &m->binary
                                 : NULL;
        if (!flag || *flag)
            return ou_value_error_i(vm, "invalid mode: '%s'", s);
        *flag = true;
    }
    char *r = m->raw;
    if (m->creating)
        *r++ = 'x';
    if (m->reading)
        *r++ = 'r';
    if (m->writing)
        *r++ = 'w';
    if (m->appending)
        *r++ = 'a';
    if (m->updating)
        *r++ = '+';
    *r = 0;
    if (m->text && m->binary)
        return ou_value_error_i(vm, "can't have text and binary mode at once");
    if (m->creating + m->reading + m->writing + m->appending > 1)
        return ou_value_error_i(vm, "must have exactly one of create/read/write/append mode");
    return 0;
}

static int opt_str(OuVM *vm, OuObj *o, const char *name)
{
    if (!o || o == OU_NONE(vm) || ou_isa_str(vm, o))
        return 0;
    return ou_type_error_i(vm, "open() argument '%s' must be str or None, not %s", name,
                           ou_arg_type_name(vm, o));
}
#define GIVEN(o) ((o) && (o) != OU_NONE(vm))

/* What is to be opened: str, bytes or a descriptor.  new */
static OuObj *file_arg(OuVM *vm, OuObj *file)
{
    OuObj *f;
    if (ou_isa_int(vm, file) || ou_isa_str(vm, file) || ou_isa_bytes(vm, file))
        return ou_ref(file);
    int found = ou_lookup_special(vm, file, OU_NAME(vm, __fspath__), &f);
    if (found < 0)
        return NULL;
    if (!found)
        return ou_has_index(vm, file)
                   ? ou_index(vm, file)
                   : ou_type_error(vm, "expected str, bytes or os.PathLike object, not %T", file);
    OuObj *path = ou_call0(vm, f);
    ou_decref(vm, f);
    if (path && !ou_isa_str(vm, path) && !ou_isa_bytes(vm, path)) {
        ou_type_error(vm, "expected %T.__fspath__() to return str or bytes, not %T", file, path);
        ou_clear(vm, path);
    }
    return path;
}

/* What binary mode has no use for: encoding, errors, newline (args[3] to args[5]), line buffering.  0/-1 */
static int check_binary(OuVM *vm, OuObj *const *args, int buffering)
{
    static const char *const names[] = {"an encoding", "an errors", "a newline"};
    for (int i = 0; i < 3; i++)
        if (GIVEN(args[3 + i]))
            return ou_value_error_i(vm, "binary mode doesn't take %s argument", names[i]);
    if (buffering != 1)
        return 0;
    return ou_warn(
        vm, OU_EXC(vm, RuntimeWarning), 1,
        "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will "
        "be used");
}

/* The size of the buffer over raw, an int (0: none), by what was asked for; *line out: text is written out at the end of each
 * line.  new */
static OuObj *buffer_size(OuVM *vm, const Mode *m, OuObj *raw, int buffering, bool *line)
{
    bool native = OU_TYPE_OF(vm, raw) == ou_io_state(vm)->fileio;
    *line = buffering == 1 ? !m->binary : buffering < 0 && native && isatty(ou_fileio_fd(raw));
    return buffering < 0 || buffering == 1 ? ou_getattr_s(vm, raw, "_blksize") : ou_int(vm, buffering);
}

/* raw with the layers over it that mode and open()'s arguments ask for; if one fails, what there is is closed.  new */
static OuObj *add_layers_take(OuVM *vm, const Mode *m, OuObj *raw, OuObj *const *args, int buffering)
{
    OuIoState *st = ou_io_state(vm);
    OuObj *top = raw, *over;
    bool line;
    OuObj *size = buffer_size(vm, m, raw, buffering, &line);
    if (!size || ou_as_int(vm, size, &buffering) < 0)
        goto fail;
    if (buffering == 0 && !m->binary) {
        ou_value_error(vm, "can't have unbuffered text I/O");
        goto fail;
    }
    if (buffering) {
        OuType *type = m->updating ? st->random : m->reading ? st->reader : st->writer;
        if (!(over = ou_call2(vm, (OuObj *)type, top, size)))
            goto fail;
        ou_decref(vm, top);
        top = over;
    }
    if (!m->binary) {
        OuObj *a[5] = {top};
        for (int i = 0; i < 3; i++)
            a[1 + i] = args[3 + i] ? args[3 + i] : OU_NONE(vm);
        a[4] = OU_BOOL(vm, line);
        if (!(over = ou_call(vm, (OuObj *)st->text, a, 5, NULL)))
            goto fail;
        ou_decref(vm, top);
        top = over;
        OuObj *mode = args[1] ? ou_ref(args[1]) : ou_str_new(vm, "r", -1);
        int r = mode ? ou_setattr(vm, top, OU_NAME(vm, mode), mode) : -1;
        ou_xdecref(vm, mode);
        if (r < 0)
            goto fail;
    }
    ou_decref(vm, size);
    return top;
fail:
    ou_xdecref(vm, size);
    OuObj *exc = ou_err_fetch(vm), *closed = ou_call_method(vm, top, OU_NAME(vm, close), 0);
    closed = ou_io_close_result(vm, exc, closed); /* NULL, exc is set again */
    ou_decref(vm, top);
    return closed;
}

static OuObj *io_open(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 ms = {.s = "r"};
    Mode m;
    int buffering = -1, closefd = args[6] ? ou_is_true(vm, args[6]) : 1;
    if (args[1] && !ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "open() argument 'mode' must be str, not %s", ou_arg_type_name(vm, args[1]));
    if (closefd < 0 || (args[2] && ou_as_int(vm, args[2], &buffering) < 0) ||
        opt_str(vm, args[3], "encoding") < 0 || opt_str(vm, args[4], "errors") < 0 ||
        opt_str(vm, args[5], "newline") < 0)
        return NULL;
    OuObj *path = file_arg(vm, args[0]), *raw = NULL;
    if (path && (!args[1] || ou_str_utf8(vm, args[1], &ms, true) == 0)) {
        if (parse_mode(vm, args[1], ms.s, &m) == 0 && (!m.binary || check_binary(vm, args, buffering) == 0)) {
            OuObj *mode = ou_str_new(vm, m.raw, -1);
            OuObj *a[4] = {path, mode, OU_BOOL(vm, closefd), args[7] ? args[7] : OU_NONE(vm)};
            raw = mode ? ou_call(vm, (OuObj *)ou_io_state(vm)->fileio, a, 4, NULL) : NULL;
            ou_xdecref(vm, mode);
        }
        ou_utf8_free(vm, &ms);
    }
    ou_xdecref(vm, path);
    return raw ? add_layers_take(vm, &m, raw, args, buffering) : NULL;
}

static OuObj *io_open_code(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "open_code() argument 'path' must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    OuObj *mode = ou_str_new(vm, "rb", -1), *a[8] = {args[0], mode},
          *r = mode ? io_open(vm, a, 8, NULL) : NULL;
    ou_xdecref(vm, mode);
    return r;
}

static OuObj *io_text_encoding(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int level = 2;
    if (args[1] && ou_as_int(vm, args[1], &level) < 0)
        return NULL;
    if (args[0] != OU_NONE(vm))
        return ou_ref(args[0]);
    if (vm->config && vm->config->warn_default_encoding &&
        ou_warn(vm, OU_EXC(vm, EncodingWarning), level, "'encoding' argument not specified") < 0)
        return NULL;
    return ou_str_new(vm, vm->config && vm->config->utf8_mode > 0 ? "utf-8" : "locale", -1);
}

static const OuFn functions[] = {
    {"open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, "
     "opener=None)",
     io_open, 0, "Open file and return a stream.  Raise OSError upon failure."},
    {"open_code(path)", io_open_code, 0, "Opens the provided file with the intent to import the contents."},
    {"text_encoding(encoding, stacklevel=2, /)", io_text_encoding, 0,
     "A helper function to choose the text encoding."},
    {0},
};

static int add(OuVM *vm, OuObj *module, OuType **slot, const OuTypeSpec *spec, OuType *base)
{
    return (*slot = ou_module_add_type(vm, module, spec, base)) ? 0 : -1;
}

static int exec(OuVM *vm, OuObj *module)
{
    OuIoState *st = ((OuModule *)module)->state;
    if (ou_module_add_int(vm, module, "DEFAULT_BUFFER_SIZE", OU_IO_CHUNK) < 0)
        return -1;
    OuObj *bases = ou_tuple_pack(vm, 2, OU_EXC(vm, OSError), OU_EXC(vm, ValueError)),
          *name = ou_str_new(vm, "UnsupportedOperation", -1);
    OuObj *dict = ou_dict_new(vm), *mod = ou_str_new(vm, "io", -1);
    OuObj *args[3] = {name, bases, dict};
    if (bases && name && dict && mod && ou_dict_set(vm, dict, OU_NAME(vm, __module__), mod) == 0)
        st->unsupported = ou_call(vm, (OuObj *)&vm->builtin[OU_T_type], args, 3, NULL);
    ou_xdecref(vm, bases);
    ou_xdecref(vm, name);
    ou_xdecref(vm, dict);
    ou_xdecref(vm, mod);
    if (!st->unsupported || ou_module_add(vm, module, "UnsupportedOperation", ou_ref(st->unsupported)) < 0 ||
        ou_module_add(vm, module, "BlockingIOError", ou_ref((OuObj *)OU_EXC(vm, BlockingIOError))) < 0)
        return -1;
    if (add(vm, module, &st->iobase, &ou_iobase_spec, NULL) < 0 ||
        add(vm, module, &st->rawiobase, &ou_rawiobase_spec, st->iobase) < 0 ||
        add(vm, module, &st->bufferediobase, &ou_bufferediobase_spec, st->iobase) < 0 ||
        add(vm, module, &st->textiobase, &ou_textiobase_spec, st->iobase) < 0 ||
        add(vm, module, &st->fileio, &ou_fileio_spec, st->rawiobase) < 0 ||
        add(vm, module, &st->bytesio, &ou_bytesio_spec, st->bufferediobase) < 0 ||
        add(vm, module, &st->bytesio_buffer, &ou_bytesio_buffer_spec, NULL) < 0 ||
        add(vm, module, &st->stringio, &ou_stringio_spec, st->textiobase) < 0 ||
        add(vm, module, &st->reader, &ou_buffered_reader_spec, st->bufferediobase) < 0 ||
        add(vm, module, &st->writer, &ou_buffered_writer_spec, st->bufferediobase) < 0 ||
        add(vm, module, &st->rwpair, &ou_buffered_rwpair_spec, st->bufferediobase) < 0 ||
        add(vm, module, &st->random, &ou_buffered_random_spec, st->bufferediobase) < 0 ||
        add(vm, module, &st->text, &ou_textiowrapper_spec, st->textiobase) < 0 ||
        add(vm, module, &st->newline, &ou_newline_decoder_spec, NULL) < 0)
        return -1;
    return 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((OuIoState *)state)->unsupported);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((OuIoState *)state)->unsupported);
}

const OuModuleDef ou_mod_io = {
    .name = "_io",
    .doc = "The io module provides the Python interfaces to stream handling.",
    .functions = functions,
    .state_size = sizeof(OuIoState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
