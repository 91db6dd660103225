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

static OuObj *io_open(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuIoState *st = ou_io_state(vm);
    OuObj *file = args[0], *enc = args[3], *err = args[4], *nl = args[5];
    OuUtf8 ms = {.s = "r"};
    Mode m;
    int buffering = -1, closefd = args[6] ? ou_is_true(vm, args[6]) : 1;
    if (args[1] && !ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "open() argument 'mode' must be str, not %s", ou_arg_type_name(vm, args[1]));
    if (closefd < 0 || (args[2] && ou_as_int(vm, args[2], &buffering) < 0) ||
        opt_str(vm, enc, "encoding") < 0 || opt_str(vm, err, "errors") < 0 || opt_str(vm, nl, "newline") < 0)
        return NULL;
    OuObj *path = NULL, *raw = NULL, *buf = NULL, *text = NULL, *res = NULL, *modeobj = NULL;
    if (ou_isa_int(vm, file)) {
        path = ou_ref(file);
    } else if (ou_isa_str(vm, file) || ou_isa_bytes(vm, file)) {
        path = ou_ref(file);
    } else {
        OuObj *f;
        int found = ou_lookup_special(vm, file, OU_NAME(vm, __fspath__), &f);
        if (found < 0)
            return NULL;
        if (!found) {
            if (!ou_has_index(vm, file))
                return ou_type_error(vm, "expected str, bytes or os.PathLike object, not %T", file);
            path = ou_index(vm, file);
        } else {
            path = ou_call0(vm, f);
            ou_decref(vm, f);
            if (path && !ou_isa_str(vm, path) && !ou_isa_bytes(vm, path)) {
                ou_type_error(vm, "expected %T.__fspath__() to return str or bytes, not %T", file, path);
                ou_clear(vm, path);
            }
        }
    }
    if (!path || (args[1] && ou_str_utf8(vm, args[1], &ms, true) < 0))
        goto done;
    if (parse_mode(vm, args[1], ms.s, &m) < 0)
        goto done;
    if (m.binary && GIVEN(enc))
        ou_value_error(vm, "binary mode doesn't take an encoding argument");
    else if (m.binary && GIVEN(err))
        ou_value_error(vm, "binary mode doesn't take an errors argument");
    else if (m.binary && GIVEN(nl))
        ou_value_error(vm, "binary mode doesn't take a newline argument");
    if (ou_err_occurred(vm))
        goto done;
    if (m.binary && buffering == 1 &&
        ou_warn(vm, OU_EXC(vm, RuntimeWarning), 1,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will "
                "be used") < 0)
        goto done;
    OuObj *rawmode = ou_str_new(vm, m.raw, -1);
    OuObj *ra[4] = {path, rawmode, OU_BOOL(vm, closefd), args[7] ? args[7] : OU_NONE(vm)};
    raw = rawmode ? ou_call(vm, (OuObj *)st->fileio, ra, 4, NULL) : NULL;
    ou_xdecref(vm, rawmode);
    if (!raw)
        goto done;
    res = ou_ref(raw);
    modeobj = args[1] ? ou_ref(args[1]) : ou_str_new(vm, "r", -1);
    bool line = false;
    if (buffering < 0 || buffering == 1) {
        bool tty = OU_TYPE_OF(vm, raw) == st->fileio && isatty(ou_fileio_fd(raw));
        if (buffering == 1 ? !m.binary : tty) {
            buffering = -1;
            line = true;
        } else if (buffering == 1) {
            buffering = -1;
        }
    }
    OuObj *size = NULL;
    if (buffering < 0) {
        size = ou_getattr_s(vm, raw, "_blksize");
        if (!size || ou_as_int(vm, size, &buffering) < 0) {
            ou_xdecref(vm, size);
            goto fail;
        }
    } else {
        size = ou_int(vm, buffering);
    }
    if (buffering == 0) {
        ou_xdecref(vm, size);
        if (!m.binary) {
            ou_value_error(vm, "can't have unbuffered text I/O");
            goto fail;
        }
        goto done;
    }
    OuType *bt = m.updating ? st->random : m.reading ? st->reader : st->writer;
    OuObj *ba[2] = {raw, size};
    buf = ou_call(vm, (OuObj *)bt, ba, 2, NULL);
    ou_xdecref(vm, size);
    if (!buf)
        goto fail;
    ou_decref(vm, res);
    res = ou_ref(buf);
    if (m.binary)
        goto done;
    OuObj *ta[5] = {buf, GIVEN(enc) ? enc : OU_NONE(vm), GIVEN(err) ? err : OU_NONE(vm),
                    nl ? nl : OU_NONE(vm), OU_BOOL(vm, line)};
    text = ou_call(vm, (OuObj *)st->text, ta, 5, NULL);
    if (!text)
        goto fail;
    ou_decref(vm, res);
    res = ou_ref(text);
    if (!modeobj || ou_setattr(vm, text, OU_NAME(vm, mode), modeobj) < 0)
        goto fail;
    goto done;
fail : {
    OuObj *exc = ou_err_fetch(vm), *c = ou_call_method(vm, res, OU_NAME(vm, close), 0);
    if (!c) {
        OuObj *late = ou_err_fetch(vm);
        if (late && exc)
            ou_exc_set_context(vm, late, exc);
        exc = late ? late : exc;
    }
    ou_xdecref(vm, c);
    ou_err_restore(vm, exc);
    ou_clear(vm, res);
}
done:
    ou_utf8_free(vm, &ms);
    ou_xdecref(vm, path);
    ou_xdecref(vm, raw);
    ou_xdecref(vm, buf);
    ou_xdecref(vm, text);
    ou_xdecref(vm, modeobj);
    return res;
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
    int64_t level = 2;
    if (args[0] != OU_NONE(vm))
        return ou_ref(args[0]);
    if (nargs > 1 && args[1] && !ou_int_fits(args[1], &level))
        level = 2;
    if (vm->config && vm->config->warn_default_encoding &&
        ou_warn(vm, OU_EXC(vm, EncodingWarning), (int)level, "'encoding' argument not specified") < 0)
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
