/* stdlib/mbcodec/stream.c - MultibyteIncrementalEncoder, -Decoder, MultibyteStreamReader and -Writer. */
#include "mbcodec.h"

#include <stddef.h>

#include "vm/instance.h"
#include "vm/type.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct OuMbStream {
    OuObj hdr;
    OuObj *codec, *errors, *stream;
    OuMbState st;
    uint8_t pending[OU_MB_PENDING]; /* decoding: bytes of an incomplete character */
    size_t npending;
    OuObj *held; /* encoding: str of characters that wait for the next one, or NULL */
} OuMbStream;
#define STREAM(o) ((OuMbStream *)(o))
#define CODEC(s) ((const OuMbCodec *)(s)->codec)

static OuObj *make(OuVM *vm, OuType *type, OuObj *stream, OuObj *errors)
{
    OuMbModule *m = ou_module_state(vm, &ou_mod__multibytecodec);
    OuObj *codec = ou_getattr_s(vm, (OuObj *)type, "codec"), *text = NULL;
    OuMbStream *s = NULL;
    if (!codec)
        return NULL;
    if (OU_TYPE_OF(vm, codec) != m->codec)
        ou_type_error(vm, "codec is unexpected type");
    else if (errors && !ou_isa_str(vm, errors))
        ou_type_error(vm, "errors must be a string");
    else if ((text = errors ? ou_ref(errors) : ou_str_intern_s(vm, "strict")) &&
             (s = (OuMbStream *)ou_type_alloc(vm, type, 0))) {
        s->codec = ou_ref(codec);
        s->errors = ou_ref(text);
        ou_xincref(stream);
        s->stream = stream;
    }
    ou_decref(vm, codec);
    ou_xdecref(vm, text);
    return (OuObj *)s;
}

static OuObj *incremental_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *errors;
    return ou_args_bind(vm, "IncrementalCodec(errors='strict')", args, nargs, kwnames, &errors) < 0
               ? NULL
               : make(vm, type, NULL, errors);
}

static OuObj *stream_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[2];
    return ou_args_bind(vm, "StreamCodec(stream, errors='strict')", args, nargs, kwnames, a) < 0
               ? NULL
               : make(vm, type, a[0], a[1]);
}

static int stream_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return 0; /* new did all: the bases behind this one must not see the arguments */
}

static void stream_clear(OuVM *vm, OuObj *o)
{
    OuMbStream *s = STREAM(o);
    ou_clear(vm, s->codec);
    ou_clear(vm, s->errors);
    ou_clear(vm, s->stream);
    ou_clear(vm, s->held);
}

static void stream_dealloc(OuVM *vm, OuObj *o)
{
    stream_clear(vm, o);
    ou_free_object(vm, o);
}

static int stream_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuMbStream *s = STREAM(o);
    OU_VISIT(s->codec);
    OU_VISIT(s->errors);
    OU_VISIT(s->stream);
    OU_VISIT(s->held);
    return 0;
}

static OuObj *get_errors(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(STREAM(o)->errors);
}

static int set_errors(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (!value)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "cannot delete attribute");
    if (!ou_isa_str(vm, value))
        return ou_type_error_i(vm, "errors must be a string");
    OuObj *old = STREAM(o)->errors;
    STREAM(o)->errors = ou_ref(value);
    ou_decref(vm, old);
    return 0;
}

/* ---- encoding ---- */

static OuObj *encode(OuVM *vm, OuMbStream *s, OuObj *input, bool final)
{
    OuUtf8 errors;
    if (!ou_isa_str(vm, input))
        return ou_type_error(vm, "couldn't convert the object to str.");
    OuObj *text = s->held ? ou_str_concat(vm, s->held, input) : ou_ref(input), *r = NULL;
    if (!text)
        return NULL;
    if (ou_str_utf8(vm, s->errors, &errors, true) == 0) {
        ou_ssize left = 0, n = ou_str_len(text);
        r = ou_mb_encode_all(vm, CODEC(s), &s->st, errors.s, text, final ? NULL : &left);
        ou_utf8_free(vm, &errors);
        if (r) {
            OuObj *old = s->held;
            s->held = left ? ou_str_slice(vm, text, n - left, n) : NULL;
            ou_xdecref(vm, old);
            if (left && !s->held)
                ou_clear(vm, r);
        }
    }
    ou_decref(vm, text);
    return r;
}

FN(encoder_encode)
{
    int final = args[2] ? ou_is_true(vm, args[2]) : 0;
    return final < 0 ? NULL : encode(vm, STREAM(args[0]), args[1], final);
}

FN(encoder_reset)
{
    OuMbStream *s = STREAM(args[0]);
    uint8_t out[OU_MB_MAX];
    ou_mb_reset(CODEC(s), &s->st, out);
    s->st = (OuMbState){0};
    ou_clear(vm, s->held);
    return ou_none(vm);
}

/* One byte length of the held text, its UTF-8, the eight bytes of the state: as one int. */
FN(encoder_getstate)
{
    OuMbStream *s = STREAM(args[0]);
    unsigned char p[1 + OU_MB_PENDING + 8] = {0};
    size_t n = 1;
    if (s->held) {
        OuUtf8 u;
        if (ou_str_utf8(vm, s->held, &u, false) < 0)
            return NULL;
        size_t len = u.n > OU_MB_PENDING ? OU_MB_PENDING : u.n;
        p[0] = (unsigned char)len;
        memcpy(p + 1, u.s, len);
        n += len;
        ou_utf8_free(vm, &u);
    }
    ou_mb_state_save(CODEC(s), &s->st, p + n);
    return ou_int_from_bytes(vm, p, n + 8, true, false);
}

FN(encoder_setstate)
{
    OuMbStream *s = STREAM(args[0]);
    unsigned char p[1 + OU_MB_PENDING + 8] = {0};
    if (!ou_isa_int(vm, args[1]))
        return ou_type_error(vm, "setstate() argument must be int, not %s", ou_arg_type_name(vm, args[1]));
    if (ou_int_to_bytes(vm, args[1], p, sizeof p, true, false) < 0)
        return NULL;
    if (p[0] > OU_MB_PENDING)
        return ou_raise(vm, OU_EXC(vm, UnicodeError), "pending buffer too large");
    OuObj *held = p[0] ? ou_str_decode(vm, (char *)p + 1, p[0], "utf-8", NULL) : NULL;
    if (p[0] && !held)
        return NULL;
    OuObj *old = s->held;
    s->held = held;
    ou_xdecref(vm, old);
    ou_mb_state_load(CODEC(s), &s->st, p + 1 + p[0]);
    return ou_none(vm);
}

/* ---- decoding ---- */

static OuObj *decode(OuVM *vm, OuMbStream *s, const void *p, size_t n, bool final)
{
    OuUtf8 errors;
    unsigned char *joined = NULL;
    size_t total = s->npending + n, left = 0;
    OuMbState before = s->st;
    if (s->npending) {
        if (!(joined = ou_alloc(vm, total)))
            return NULL;
        memcpy(joined, s->pending, s->npending);
        if (n)
            memcpy(joined + s->npending, p, n);
        p = joined;
    }
    OuObj *r = NULL;
    if (ou_str_utf8(vm, s->errors, &errors, true) == 0) {
        r = ou_mb_decode_all(vm, CODEC(s), &s->st, errors.s, p, total, final ? NULL : &left);
        ou_utf8_free(vm, &errors);
    }
    if (r && left > OU_MB_PENDING) {
        ou_clear(vm, r);
        ou_raise(vm, OU_EXC(vm, UnicodeError), "pending buffer overflow");
    }
    if (r) {
        if (left)
            memcpy(s->pending, (const char *)p + total - left, left);
        s->npending = left;
    } else {
        s->st = before;
    }
    if (joined)
        ou_free(vm, joined, total);
    return r;
}

FN(decoder_decode)
{
    int final = args[2] ? ou_is_true(vm, args[2]) : 0;
    OuBuffer v;
    if (final < 0 || ou_buffer_get(vm, args[1], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = decode(vm, STREAM(args[0]), v.buf, (size_t)v.len, final);
    ou_buffer_release(vm, &v);
    return r;
}

FN(decoder_reset)
{
    STREAM(args[0])->st = (OuMbState){0};
    STREAM(args[0])->npending = 0;
    return ou_none(vm);
}

FN(decoder_getstate)
{
    OuMbStream *s = STREAM(args[0]);
    uint8_t state[8];
    ou_mb_state_save(CODEC(s), &s->st, state);
    OuObj *v[2] = {ou_bytes_new(vm, (char *)s->pending, (ou_ssize)s->npending),
                   ou_int_from_bytes(vm, state, 8, true, false)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    return t;
}

FN(decoder_setstate)
{
    OuMbStream *s = STREAM(args[0]);
    OuObj *t = args[1];
    if (!ou_isa_tuple(vm, t))
        return ou_type_error(vm, "setstate() argument must be tuple, not %s", ou_arg_type_name(vm, t));
    if (OU_TUPLE(t)->n != 2 || !ou_isa_bytes(vm, OU_TUPLE(t)->items[0]) ||
        !ou_isa_int(vm, OU_TUPLE(t)->items[1]))
        return ou_type_error(vm, "setstate(): illegal state argument");
    uint8_t state[8];
    if (ou_int_to_bytes(vm, OU_TUPLE(t)->items[1], state, 8, true, false) < 0)
        return NULL;
    OuBytes *b = OU_BYTES(OU_TUPLE(t)->items[0]);
    if (b->len > OU_MB_PENDING)
        return ou_raise(vm, OU_EXC(vm, UnicodeError), "pending buffer too large");
    memcpy(s->pending, b->data, b->len);
    s->npending = b->len;
    ou_mb_state_load(CODEC(s), &s->st, state);
    return ou_none(vm);
}

/* ---- reader ---- */

/* Text of one call of the stream's `method`, until there is some. */
static OuObj *read_by(OuVM *vm, OuMbStream *s, const char *method, ou_ssize size)
{
    if (size == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    for (;;) {
        OuObj *f = ou_getattr_s(vm, s->stream, method), *n = f && size >= 0 ? ou_int(vm, size) : NULL;
        OuObj *data = !f ? NULL : size < 0 ? ou_call0(vm, f) : n ? ou_call1(vm, f, n) : NULL, *r = NULL;
        ou_xdecref(vm, f);
        ou_xdecref(vm, n);
        if (!data)
            return NULL;
        if (!ou_isa_bytes(vm, data)) {
            ou_type_error(vm, "stream function returned a non-bytes object (%T)", data);
            ou_decref(vm, data);
            return NULL;
        }
        bool end = OU_BYTES(data)->len == 0;
        r = decode(vm, s, OU_BYTES(data)->data, OU_BYTES(data)->len, end || size < 0);
        ou_decref(vm, data);
        if (!r || end || size < 0 || ou_str_len(r))
            return r;
        ou_decref(vm, r);
        size = 1; /* a character is incomplete: byte by byte */
    }
}

static int size_arg(OuVM *vm, OuObj *o, ou_ssize *size)
{
    *size = -1;
    if (!o || o == OU_NONE(vm))
        return 0;
    if (!ou_isa_int(vm, o))
        return ou_type_error_i(vm, "arg 1 must be an integer");
    return ou_as_ssize(vm, o, OU_EXC(vm, OverflowError), size);
}

FN(reader_read)
{
    ou_ssize size;
    return size_arg(vm, args[1], &size) < 0 ? NULL : read_by(vm, STREAM(args[0]), "read", size);
}

FN(reader_readline)
{
    ou_ssize size;
    return size_arg(vm, args[1], &size) < 0 ? NULL : read_by(vm, STREAM(args[0]), "readline", size);
}

FN(reader_readlines)
{
    ou_ssize size;
    OuObj *text = size_arg(vm, args[1], &size) < 0 ? NULL : read_by(vm, STREAM(args[0]), "read", size),
          *lines = NULL, *r = NULL;
    if (text && (lines = ou_getattr_s(vm, text, "splitlines")))
        r = ou_call1(vm, lines, OU_TRUE(vm));
    ou_xdecref(vm, text);
    ou_xdecref(vm, lines);
    return r;
}

static OuObj *get_stream(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(STREAM(o)->stream ? STREAM(o)->stream : OU_NONE(vm));
}

/* ---- writer ---- */

static int write_text(OuVM *vm, OuMbStream *s, OuObj *text, bool final)
{
    OuObj *b = encode(vm, s, text, final);
    OuObj *r = b ? ou_call_method(vm, s->stream, OU_NAME(vm, write), 1, b) : NULL;
    ou_xdecref(vm, b);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

FN(writer_write)
{
    return write_text(vm, STREAM(args[0]), args[1], false) < 0 ? NULL : ou_none(vm);
}

FN(writer_writelines)
{
    OuObj *list = ou_sequence_fast(vm, args[1], "arg must be a sequence object");
    int r = list ? 0 : -1;
    for (ou_ssize i = 0; r == 0 && i < ou_len(vm, list); i++) {
        OuObj *line = ou_getitem_i(vm, list, i);
        r = line ? write_text(vm, STREAM(args[0]), line, false) : -1;
        ou_xdecref(vm, line);
    }
    ou_xdecref(vm, list);
    return r < 0 ? NULL : ou_none(vm);
}

FN(writer_reset)
{
    OuMbStream *s = STREAM(args[0]);
    OuObj *b = encode(vm, s, OU_EMPTY_STR(vm), true);
    OuObj *r = !b                 ? NULL
               : OU_BYTES(b)->len ? ou_call_method(vm, s->stream, OU_NAME(vm, write), 1, b)
                                  : ou_none(vm);
    ou_xdecref(vm, b);
    ou_xdecref(vm, r);
    return r ? ou_none(vm) : NULL;
}

/* ---- types ---- */

static const OuGetSet errors_getset[] = {{"errors", get_errors, set_errors, "how to treat errors"}, {0}};
static const OuGetSet stream_getset[] = {
    {"errors", get_errors, set_errors, "how to treat errors"}, {"stream", get_stream, NULL, NULL}, {0}};
static const OuFn encoder_methods[] = {{"encode(self, /, input, final=False)", encoder_encode, 0, NULL},
                                       {"getstate(self, /)", encoder_getstate, 0, NULL},
                                       {"setstate(self, state, /)", encoder_setstate, 0, NULL},
                                       {"reset(self, /)", encoder_reset, 0, NULL},
                                       {0}};
static const OuFn decoder_methods[] = {{"decode(self, /, input, final=False)", decoder_decode, 0, NULL},
                                       {"getstate(self, /)", decoder_getstate, 0, NULL},
                                       {"setstate(self, state, /)", decoder_setstate, 0, NULL},
                                       {"reset(self, /)", decoder_reset, 0, NULL},
                                       {0}};
static const OuFn reader_methods[] = {{"read(self, sizeobj=None, /)", reader_read, 0, NULL},
                                      {"readline(self, sizeobj=None, /)", reader_readline, 0, NULL},
                                      {"readlines(self, sizehintobj=None, /)", reader_readlines, 0, NULL},
                                      {"reset(self, /)", decoder_reset, 0, NULL},
                                      {0}};
static const OuFn writer_methods[] = {{"write(self, strobj, /)", writer_write, 0, NULL},
                                      {"writelines(self, lines, /)", writer_writelines, 0, NULL},
                                      {"reset(self, /)", writer_reset, 0, NULL},
                                      {0}};
#define SPEC(variable, type_name, new_fn, fns, attrs) \
    const OuTypeSpec variable = {                     \
        .name = "_multibytecodec." type_name,         \
        .size = sizeof(OuMbStream),                   \
        .flags = OU_TYPE_BASE | OU_TYPE_GC,           \
        .dealloc = stream_dealloc,                    \
        .traverse = stream_traverse,                  \
        .clear = stream_clear,                        \
        .s = {.new_ = new_fn, .init = stream_init},   \
        .methods = fns,                               \
        .getset = attrs,                              \
    }
SPEC(ou_mb_encoder_spec, "MultibyteIncrementalEncoder", incremental_new, encoder_methods, errors_getset);
SPEC(ou_mb_decoder_spec, "MultibyteIncrementalDecoder", incremental_new, decoder_methods, errors_getset);
SPEC(ou_mb_reader_spec, "MultibyteStreamReader", stream_new, reader_methods, stream_getset);
SPEC(ou_mb_writer_spec, "MultibyteStreamWriter", stream_new, writer_methods, stream_getset);
