/* stdlib/compress/zlibmodule.c - module zlib over libz, which is opened on first import.  zlib's own memory comes from the
 * VM's gate. */
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "flow.h"
#include "stdlib/library.h"
#include "stdlib/support.h"

typedef struct Lib {
    const char *(*version)(void);
    int (*deflate_init)(z_stream *, int, int, int, int, int, const char *, int);
    int (*deflate)(z_stream *, int);
    int (*deflate_end)(z_stream *);
    int (*deflate_copy)(z_stream *, z_stream *);
    int (*deflate_dict)(z_stream *, const Bytef *, uInt);
    int (*inflate_init)(z_stream *, int, const char *, int);
    int (*inflate)(z_stream *, int);
    int (*inflate_end)(z_stream *);
    int (*inflate_copy)(z_stream *, z_stream *);
    int (*inflate_dict)(z_stream *, const Bytef *, uInt);
    uLong (*crc32)(uLong, const Bytef *, uInt);
    uLong (*adler32)(uLong, const Bytef *, uInt);
} Lib;

typedef struct State {
    Lib lib;
    OuObj *error;
    OuType *compress, *decompress;
} State;
extern const OuModuleDef ou_mod_zlib;

typedef struct Stream {
    OuObj hdr;
    State *st;
    z_stream z;
    bool inflating, alive, eof;
    OuObj *zdict, *unused, *tail; /* bytes-like or NULL; bytes */
} Stream;
#define STREAM(o) ((Stream *)(o))

static State *state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod_zlib);
}

static int open_lib(OuVM *vm, Lib *l)
{
    static const OuLibrary library = {"libz", "zlib1g", {"libz.so.1"}};
    const OuSymbol symbols[] = {
        {"zlibVersion", (void **)&l->version},
        {"deflateInit2_", (void **)&l->deflate_init},
        {"deflate", (void **)&l->deflate},
        {"deflateEnd", (void **)&l->deflate_end},
        {"deflateCopy", (void **)&l->deflate_copy},
        {"deflateSetDictionary", (void **)&l->deflate_dict},
        {"inflateInit2_", (void **)&l->inflate_init},
        {"inflate", (void **)&l->inflate},
        {"inflateEnd", (void **)&l->inflate_end},
        {"inflateCopy", (void **)&l->inflate_copy},
        {"inflateSetDictionary", (void **)&l->inflate_dict},
        {"crc32", (void **)&l->crc32},
        {"adler32", (void **)&l->adler32},
    };
    return ou_library_open(vm, OU_EXC(vm, ImportError), &library, symbols, sizeof symbols / sizeof *symbols);
}

static voidpf z_alloc(voidpf opaque, uInt items, uInt size)
{
    return ou_flow_malloc(opaque, items, size);
}

static void z_free(voidpf opaque, voidpf address)
{
    ou_flow_free(opaque, address);
}

static void *z_error(OuVM *vm, const z_stream *z, int err, const char *what)
{
    const char *msg = err == Z_VERSION_ERROR ? "library version mismatch" : z->msg;
    if (err == Z_MEM_ERROR)
        return ou_raise(vm, OU_EXC(vm, MemoryError), "Out of memory %s", what);
    if (!msg)
        msg = err == Z_BUF_ERROR      ? "incomplete or truncated stream"
              : err == Z_STREAM_ERROR ? "inconsistent stream state"
              : err == Z_DATA_ERROR   ? "invalid input data"
                                      : NULL;
    OuObj *text = msg ? ou_str_fmt(vm, "Error %d %s: %.200s", err, what, msg)
                      : ou_str_fmt(vm, "Error %d %s", err, what);
    if (text) {
        ou_raise_value(vm, OU_AS_TYPE(state(vm)->error), text);
        ou_decref(vm, text);
    }
    return NULL;
}

static void init_z(OuVM *vm, z_stream *z)
{
    memset(z, 0, sizeof *z);
    z->zalloc = z_alloc;
    z->zfree = z_free;
    z->opaque = vm;
}

typedef int (*Step)(z_stream *, int);

/* Runs step over the input until it is used up (and, finishing, until the stream ends) or out is at its
 * limit.  Returns zlib's last result; *raised on exception. */
static int run(OuVM *vm, State *st, z_stream *z, Step step, const char *in, size_t *left, int flush,
               OuFlowOut *out, bool *raised)
{
    int err = Z_OK;
    *raised = false;
    for (;;) {
        size_t piece = *left > UINT_MAX ? UINT_MAX : *left;
        z->next_in = (Bytef *)in;
        z->avail_in = (uInt)piece;
        int mode = *left > piece ? Z_NO_FLUSH : flush;
        do {
            size_t room;
            int r = ou_flow_room(vm, out, &room);
            if (r == 0)
                goto done;
            if (r < 0 || ou_poll(vm) < 0) {
                *raised = true;
                return err;
            }
            uInt before = room > UINT_MAX ? UINT_MAX : (uInt)room;
            z->next_out = (Bytef *)out->p + out->n;
            z->avail_out = before;
            err = step(z, mode);
            out->n += before - z->avail_out;
            if (err != Z_OK && err != Z_BUF_ERROR)
                goto done;
        } while (z->avail_out == 0);
        in += piece - z->avail_in;
        *left -= piece - z->avail_in;
        if (*left == 0 || z->avail_in)
            return err;
    }
done:
    *left -= (size_t)((const char *)z->next_in - in);
    return err;
}

/* ---- one-shot functions ------------------------------------------------------------------ */
static int int_arg(OuVM *vm, OuObj *o, int dflt, int *out)
{
    *out = dflt;
    return o ? ou_as_int(vm, o, out) : 0;
}

/* All of in through step, to the end of the stream; z was set up, and is ended here.  new */
static OuObj *run_whole(OuVM *vm, State *st, z_stream *z, bool inflating, const OuBuffer *in)
{
    OuFlowOut out = {.limit = SIZE_MAX};
    bool raised;
    size_t left = (size_t)in->len;
    int err = run(vm, st, z, inflating ? st->lib.inflate : st->lib.deflate, in->buf, &left,
                  inflating ? Z_SYNC_FLUSH : Z_FINISH, &out, &raised);
    bool ok = !raised && err == Z_STREAM_END;
    if (!ok && !raised)
        z_error(vm, z, err == Z_OK ? Z_BUF_ERROR : err,
                inflating ? "while decompressing data" : "while compressing data");
    (inflating ? st->lib.inflate_end : st->lib.deflate_end)(z);
    return ou_flow_take(vm, &out, ok);
}

static OuObj *f_compress(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    State *st = state(vm);
    int level, wbits;
    OuBuffer in;
    if (int_arg(vm, args[1], Z_DEFAULT_COMPRESSION, &level) < 0 ||
        int_arg(vm, args[2], MAX_WBITS, &wbits) < 0 || ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    z_stream z;
    OuObj *r = NULL;
    init_z(vm, &z);
    int err =
        st->lib.deflate_init(&z, level, Z_DEFLATED, wbits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, sizeof z);
    if (err == Z_OK) {
        r = run_whole(vm, st, &z, false, &in);
    } else if (err == Z_STREAM_ERROR) {
        OuObj *text = ou_str_new(vm, "Bad compression level", -1);
        if (text)
            ou_raise_value(vm, OU_AS_TYPE(st->error), text);
        ou_xdecref(vm, text);
    } else {
        z_error(vm, &z, err, "while compressing data");
    }
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *f_decompress(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    State *st = state(vm);
    int wbits;
    ou_ssize bufsize = 16384; /* checked, not needed: the output doubles from 8 KiB */
    OuBuffer in;
    if (int_arg(vm, args[1], MAX_WBITS, &wbits) < 0 ||
        (args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &bufsize) < 0))
        return NULL;
    if (bufsize < 0)
        return ou_value_error(vm, "bufsize must be non-negative");
    if (ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    z_stream z;
    init_z(vm, &z);
    int err = st->lib.inflate_init(&z, wbits, ZLIB_VERSION, sizeof z);
    OuObj *r = err == Z_OK ? run_whole(vm, st, &z, true, &in)
                           : z_error(vm, &z, err, "while preparing to decompress data");
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *checksum(OuVM *vm, OuObj *data, OuObj *start, uLong dflt,
                       uLong (*f)(uLong, const Bytef *, uInt))
{
    uLong v = dflt;
    if (start) {
        OuObj *i = ou_index(vm, start), *m, *low;
        if (!i)
            return NULL;
        m = ou_int(vm, 0xffffffff);
        low = m ? ou_binop(vm, OU_NB_AND, i, m) : NULL;
        ou_decref(vm, i);
        ou_xdecref(vm, m);
        if (!low)
            return NULL;
        v = (uLong)OU_INT_V(low);
        ou_decref(vm, low);
    }
    OuBuffer in;
    if (ou_buffer_get(vm, data, &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    const char *p = in.buf;
    for (size_t left = (size_t)in.len; left;) {
        size_t n = left > 1u << 30 ? 1u << 30 : left;
        v = f(v, (const Bytef *)p, (uInt)n);
        p += n;
        left -= n;
    }
    ou_buffer_release(vm, &in);
    return ou_int(vm, (int64_t)(v & 0xffffffffu));
}

static OuObj *f_crc32(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return checksum(vm, args[0], args[1], 0, state(vm)->lib.crc32);
}

static OuObj *f_adler32(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return checksum(vm, args[0], args[1], 1, state(vm)->lib.adler32);
}

/* ---- stream objects --------------------------------------------------------------------------- */
static Stream *new_stream(OuVM *vm, OuType *t, bool inflating)
{
    Stream *s = (Stream *)ou_type_alloc(vm, t, 0);
    if (!s)
        return NULL;
    s->st = state(vm);
    init_z(vm, &s->z);
    s->inflating = inflating;
    s->alive = s->eof = false;
    s->zdict = NULL;
    s->unused = ou_bytes_new(vm, "", 0);
    s->tail = ou_bytes_new(vm, "", 0);
    if (!s->unused || !s->tail) {
        ou_decref(vm, s);
        return NULL;
    }
    return s;
}

static void stream_dealloc(OuVM *vm, OuObj *o)
{
    Stream *s = STREAM(o);
    if (s->alive)
        (s->inflating ? s->st->lib.inflate_end : s->st->lib.deflate_end)(&s->z);
    ou_clear(vm, s->zdict);
    ou_clear(vm, s->unused);
    ou_clear(vm, s->tail);
    ou_free_object(vm, o);
}

static int set_dict(OuVM *vm, Stream *s)
{
    OuBuffer d;
    if (ou_buffer_get(vm, s->zdict, &d, OU_BUF_SIMPLE) < 0)
        return -1;
    int err = Z_STREAM_ERROR;
    if ((size_t)d.len > UINT_MAX)
        ou_raise(vm, OU_EXC(vm, OverflowError), "zdict length does not fit in an unsigned int");
    else
        err = (s->inflating ? s->st->lib.inflate_dict : s->st->lib.deflate_dict)(&s->z, d.buf, (uInt)d.len);
    ou_buffer_release(vm, &d);
    if (err == Z_OK)
        return 0;
    if (!ou_err_occurred(vm)) {
        if (s->inflating)
            z_error(vm, &s->z, err, "while setting zdict");
        else
            ou_value_error(vm, "Invalid dictionary");
    }
    return -1;
}

/* A new stream whose initialisation by the library gave err, with its dictionary (zdict) set if that is wanted now; taken.  NULL: it
 * failed, and is freed. */
static OuObj *started_take(OuVM *vm, Stream *s, int err, bool dict_now)
{
    s->alive = err == Z_OK;
    if (err == Z_STREAM_ERROR)
        ou_value_error(vm, "Invalid initialization option");
    else if (err == Z_MEM_ERROR)
        ou_raise(vm, OU_EXC(vm, MemoryError), "Can't allocate memory for %scompression object",
                 s->inflating ? "de" : "");
    else if (err != Z_OK)
        z_error(vm, &s->z, err,
                s->inflating ? "while creating decompression object" : "while creating compression object");
    if (err != Z_OK || (dict_now && set_dict(vm, s) < 0)) {
        ou_decref(vm, s);
        return NULL;
    }
    return (OuObj *)s;
}

static OuObj *f_compressobj(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int level, method, wbits, mem, strategy;
    if (int_arg(vm, args[0], Z_DEFAULT_COMPRESSION, &level) < 0 ||
        int_arg(vm, args[1], Z_DEFLATED, &method) < 0 || int_arg(vm, args[2], MAX_WBITS, &wbits) < 0 ||
        int_arg(vm, args[3], 8, &mem) < 0 || int_arg(vm, args[4], Z_DEFAULT_STRATEGY, &strategy) < 0)
        return NULL;
    bool dict = args[5] && args[5] != OU_NONE(vm);
    if (dict && !ou_has_buffer(vm, args[5]))
        return ou_type_error(vm, "a bytes-like object is required, not '%T'", args[5]);
    Stream *s = new_stream(vm, state(vm)->compress, false);
    if (!s)
        return NULL;
    if (dict)
        s->zdict = ou_ref(args[5]);
    int err = s->st->lib.deflate_init(&s->z, level, method, wbits, mem, strategy, ZLIB_VERSION, sizeof s->z);
    return started_take(vm, s, err, dict);
}

static OuObj *f_decompressobj(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int wbits;
    if (int_arg(vm, args[0], MAX_WBITS, &wbits) < 0)
        return NULL;
    if (args[1] && !ou_has_buffer(vm, args[1]))
        return ou_type_error(vm, "zdict argument must support the buffer protocol");
    Stream *s = new_stream(vm, state(vm)->decompress, true);
    if (!s)
        return NULL;
    if (args[1])
        s->zdict = ou_ref(args[1]);
    int err = s->st->lib.inflate_init(&s->z, wbits, ZLIB_VERSION, sizeof s->z);
    /* raw streams take the dictionary now, others ask for it (Z_NEED_DICT) */
    return started_take(vm, s, err, s->zdict && wbits < 0);
}

/* The compressor's output for n more bytes, up to what flush asks for; *end (may be NULL) out: whether the stream ended.  new */
static OuObj *deflate_some(OuVM *vm, Stream *s, const char *in, size_t n, int flush, bool *end,
                           const char *what)
{
    OuFlowOut out = {.limit = SIZE_MAX};
    bool raised;
    int err = run(vm, s->st, &s->z, s->st->lib.deflate, in, &n, flush, &out, &raised);
    bool ok = !raised && err != Z_STREAM_ERROR;
    if (!ok && !raised)
        z_error(vm, &s->z, err, what);
    if (end)
        *end = ok && err == Z_STREAM_END;
    return ou_flow_take(vm, &out, ok);
}

static OuObj *c_compress(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    if (ou_buffer_get(vm, args[1], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r =
        deflate_some(vm, STREAM(args[0]), in.buf, (size_t)in.len, Z_NO_FLUSH, NULL, "while compressing data");
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *c_flush(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Stream *s = STREAM(args[0]);
    int mode;
    if (int_arg(vm, args[1], Z_FINISH, &mode) < 0)
        return NULL;
    if (mode == Z_NO_FLUSH)
        return ou_bytes_new(vm, "", 0);
    bool end;
    OuObj *r = deflate_some(vm, s, "", 0, mode, &end, "while flushing");
    if (end && mode == Z_FINISH) {
        s->st->lib.deflate_end(&s->z);
        s->alive = false;
    }
    return r;
}

static OuObj *stream_copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Stream *s = STREAM(args[0]), *c;
    if (!s->alive)
        return ou_value_error(vm, "Inconsistent stream state");
    if (!(c = new_stream(vm, OU_TYPE_OF(vm, args[0]), s->inflating)))
        return NULL;
    int err = (s->inflating ? s->st->lib.inflate_copy : s->st->lib.deflate_copy)(&c->z, &s->z);
    if (err != Z_OK) {
        if (err == Z_STREAM_ERROR)
            ou_value_error(vm, "Inconsistent stream state");
        else if (err == Z_MEM_ERROR)
            ou_raise(vm, OU_EXC(vm, MemoryError), "Can't allocate memory for %scompression object",
                     s->inflating ? "de" : "");
        else
            z_error(vm, &s->z, err,
                    s->inflating ? "while copying decompression object" : "while copying compression object");
        ou_decref(vm, c);
        return NULL;
    }
    c->alive = true;
    c->eof = s->eof;
    if (s->zdict)
        c->zdict = ou_ref(s->zdict);
    ou_decref(vm, c->unused);
    ou_decref(vm, c->tail);
    c->unused = ou_ref(s->unused);
    c->tail = ou_ref(s->tail);
    return (OuObj *)c;
}

/* What the input still holds goes to unused_data after the end, else to unconsumed_tail. */
static int save_rest(OuVM *vm, Stream *s, int err, const char *rest, size_t n)
{
    if (err == Z_STREAM_END && n) {
        OuObj *more = ou_bytes_new(vm, rest, (ou_ssize)n), *sum = NULL;
        if (more)
            sum = ou_binop(vm, OU_NB_ADD, s->unused, more);
        ou_xdecref(vm, more);
        if (!sum)
            return -1;
        ou_decref(vm, s->unused);
        s->unused = sum;
        n = 0;
    }
    if (n || OU_BYTES(s->tail)->len) {
        OuObj *tail = ou_bytes_new(vm, rest, (ou_ssize)n);
        if (!tail)
            return -1;
        ou_decref(vm, s->tail);
        s->tail = tail;
    }
    return 0;
}

static OuObj *inflate_some(OuVM *vm, Stream *s, const char *in, size_t n, size_t limit, int flush,
                           const char *what)
{
    OuFlowOut out = {.limit = limit};
    bool raised;
    size_t left = n;
    int err = run(vm, s->st, &s->z, s->st->lib.inflate, in, &left, flush, &out, &raised);
    if (!raised && err == Z_NEED_DICT && s->zdict) {
        if (set_dict(vm, s) < 0)
            raised = true;
        else
            err = run(vm, s->st, &s->z, s->st->lib.inflate, in + (n - left), &left, flush, &out, &raised);
    }
    bool ok = !raised && (err == Z_OK || err == Z_BUF_ERROR || err == Z_STREAM_END);
    if (!ok && !raised)
        z_error(vm, &s->z, err, what);
    if (ok && save_rest(vm, s, err, in + (n - left), left) < 0)
        ok = false;
    if (err == Z_STREAM_END)
        s->eof = true;
    return ou_flow_take(vm, &out, ok);
}

static OuObj *d_decompress(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Stream *s = STREAM(args[0]);
    ou_ssize max = 0;
    OuBuffer in;
    if (args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &max) < 0)
        return NULL;
    if (max < 0)
        return ou_value_error(vm, "max_length must be non-negative");
    if (ou_buffer_get(vm, args[1], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = inflate_some(vm, s, in.buf, (size_t)in.len, max ? (size_t)max : SIZE_MAX, Z_SYNC_FLUSH,
                            "while decompressing data");
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *d_flush(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Stream *s = STREAM(args[0]);
    ou_ssize length = 1;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &length) < 0)
        return NULL;
    if (length <= 0)
        return ou_value_error(vm, "length must be greater than zero");
    OuObj *tail = ou_ref(s->tail);
    OuObj *r =
        inflate_some(vm, s, OU_BYTES(tail)->data, OU_BYTES(tail)->len, SIZE_MAX, Z_FINISH, "while flushing");
    ou_decref(vm, tail);
    if (s->eof && s->alive) {
        s->st->lib.inflate_end(&s->z);
        s->alive = false;
    }
    return r;
}

static OuObj *get_unused(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(STREAM(o)->unused);
}

static OuObj *get_tail(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(STREAM(o)->tail);
}

static OuObj *get_eof(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, STREAM(o)->eof);
}

static const OuFn compress_methods[] = {
    {"compress(self, data, /)", c_compress, 0, "Compressed bytes of data that are complete so far."},
    {"flush(self, mode=zlib.Z_FINISH, /)", c_flush, 0, "The remaining compressed bytes."},
    {"copy(self, /)", stream_copy, 0, "Return a copy of the compression object."},
    {"__copy__(self, /)", stream_copy, 0, NULL},
    {"__deepcopy__(self, memo, /)", stream_copy, 0, NULL},
    {0},
};
static const OuFn decompress_methods[] = {
    {"decompress(self, data, /, max_length=0)", d_decompress, 0,
     "Decompressed bytes of data, at most max_length if that is not 0; the rest waits in unconsumed_tail."},
    {"flush(self, length=zlib.DEF_BUF_SIZE, /)", d_flush, 0, "What is left to decompress."},
    {"copy(self, /)", stream_copy, 0, "Return a copy of the decompression object."},
    {"__copy__(self, /)", stream_copy, 0, NULL},
    {"__deepcopy__(self, memo, /)", stream_copy, 0, NULL},
    {0},
};
static const OuGetSet decompress_getset[] = {
    {"unused_data", get_unused, NULL, NULL, NULL},
    {"unconsumed_tail", get_tail, NULL, NULL, NULL},
    {"eof", get_eof, NULL, NULL, NULL},
    {0},
};
static const OuTypeSpec compress_spec = {
    .name = "zlib.Compress",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
    .dealloc = stream_dealloc,
    .methods = compress_methods,
};
static const OuTypeSpec decompress_spec = {
    .name = "zlib.Decompress",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
    .dealloc = stream_dealloc,
    .methods = decompress_methods,
    .getset = decompress_getset,
};

static const OuFn functions[] = {
    {"adler32(data, value=1, /)", f_adler32, 0, "Compute an Adler-32 checksum of data."},
    {"compress(data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)", f_compress, 0,
     "Returns a bytes object containing compressed data."},
    {"compressobj(level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, "
     "strategy=Z_DEFAULT_STRATEGY, zdict=None)",
     f_compressobj, 0, "Return a compressor object."},
    {"crc32(data, value=0, /)", f_crc32, 0, "Compute a CRC-32 checksum of data."},
    {"decompress(data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)", f_decompress, 0,
     "Returns a bytes object containing the uncompressed data."},
    {"decompressobj(wbits=MAX_WBITS, zdict=b'')", f_decompressobj, 0, "Return a decompressor object."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow constants[] = {
        OU_INT_ROW(MAX_WBITS),
        {"DEFLATED", Z_DEFLATED},
        {"DEF_MEM_LEVEL", 8},
        {"DEF_BUF_SIZE", 16384},
        OU_INT_ROW(Z_BEST_SPEED),
        OU_INT_ROW(Z_BEST_COMPRESSION),
        OU_INT_ROW(Z_DEFAULT_COMPRESSION),
        OU_INT_ROW(Z_NO_COMPRESSION),
        OU_INT_ROW(Z_FILTERED),
        OU_INT_ROW(Z_HUFFMAN_ONLY),
        OU_INT_ROW(Z_RLE),
        OU_INT_ROW(Z_FIXED),
        OU_INT_ROW(Z_DEFAULT_STRATEGY),
        OU_INT_ROW(Z_NO_FLUSH),
        OU_INT_ROW(Z_PARTIAL_FLUSH),
        OU_INT_ROW(Z_SYNC_FLUSH),
        OU_INT_ROW(Z_FULL_FLUSH),
        OU_INT_ROW(Z_FINISH),
        OU_INT_ROW(Z_BLOCK),
        OU_INT_ROW(Z_TREES),
        {0},
    };
    State *st = ((OuModule *)m)->state;
    if (open_lib(vm, &st->lib) < 0)
        return -1;
    if (ou_module_add_ints(vm, m, constants) < 0 ||
        ou_module_add_str(vm, m, "ZLIB_VERSION", ZLIB_VERSION) < 0 ||
        ou_module_add_str(vm, m, "ZLIB_RUNTIME_VERSION", st->lib.version()) < 0 ||
        ou_module_add_str(vm, m, "__version__", "1.0") < 0)
        return -1;
    if (!(st->compress = ou_type_from_spec(vm, &compress_spec, NULL)) ||
        !(st->decompress = ou_type_from_spec(vm, &decompress_spec, NULL)) ||
        !(st->error = ou_module_add_exception(vm, m, "zlib", "error", OU_EXC(vm, Exception))))
        return -1;
    return 0;
}

static int traverse(void *p, OuVisit visit, void *arg)
{
    State *st = p;
    OU_VISIT(st->error);
    return 0;
}

static void clear(OuVM *vm, void *p)
{
    State *st = p;
    ou_clear(vm, st->error);
}

const OuModuleDef ou_mod_zlib = {
    .name = "zlib",
    .doc = "Compression and decompression in the format of GNU zip, and checksums.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
