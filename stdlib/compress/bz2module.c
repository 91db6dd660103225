/* stdlib/compress/bz2module.c - module _bz2 over libbz2, which is opened on first import. */
#include <limits.h>

#include "flow.h"
#include "stdlib/library.h"

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
enum { DECOMPRESS = -1, RUN = 0, FINISH = 2, OK = 0, RUN_OK = 1, FINISH_OK = 3, STREAM_END = 4 };

typedef struct State {
    int (*compress_init)(Bz *, int level, int verbosity, int work);
    int (*compress)(Bz *, int action);
    int (*compress_end)(Bz *);
    int (*decompress_init)(Bz *, int verbosity, int small);
    int (*decompress)(Bz *);
    int (*decompress_end)(Bz *);
} State;
extern const OuModuleDef ou_mod__bz2;

typedef struct Stream {
    OuFlowStream flow;
    State *st;
    Bz z;
    bool alive;
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

/* ---- work ---------------------------------------------------------------------------------- */
/* The next n bytes at p, and room behind out, for the library; what it used is taken from both.  Its code. */
static int run(Stream *s, int action, const char **p, size_t *n, OuFlowOut *out, size_t room)
{
    unsigned part = *n > UINT_MAX ? UINT_MAX : (unsigned)*n,
             space = room > UINT_MAX ? UINT_MAX : (unsigned)room;
    s->z.next_in = (char *)*p;
    s->z.avail_in = part;
    s->z.next_out = out->p + out->n;
    s->z.avail_out = space;
    int code = action == DECOMPRESS ? s->st->decompress(&s->z) : s->st->compress(&s->z, action);
    *p += part - s->z.avail_in;
    *n -= part - s->z.avail_in;
    out->n += space - s->z.avail_out;
    return code;
}

static OuObj *compress(OuVM *vm, OuFlowStream *flow, const char *p, size_t n, bool finish)
{
    Stream *s = STREAM(flow);
    OuFlowOut out = {.limit = SIZE_MAX};
    bool ok = false;
    for (;;) {
        size_t room;
        if (ou_flow_room(vm, &out, &room) < 0 || ou_poll(vm) < 0)
            break;
        if (!finish && n == 0) {
            ok = true;
            break;
        }
        int code = run(s, finish ? FINISH : RUN, &p, &n, &out, room);
        if (failed(vm, code))
            break;
        if (finish && code == STREAM_END) {
            ok = true;
            break;
        }
    }
    return ou_flow_take(vm, &out, ok);
}

static int decompress(OuVM *vm, OuFlowStream *flow, OuFlowOut *out, size_t *left)
{
    Stream *s = STREAM(flow);
    const char *p = flow->in.p;
    *left = flow->in.n;
    for (;;) {
        size_t room;
        int more = ou_flow_room(vm, out, &room);
        if (more < 0 || ou_poll(vm) < 0)
            return -1;
        if (more == 0 || flow->eof)
            return 1;
        int code = run(s, DECOMPRESS, &p, left, out, room);
        if (failed(vm, code))
            return -1;
        if (code == STREAM_END)
            flow->eof = true;
        else if (*left == 0 && s->z.avail_out)
            return 1;
    }
}

static const OuFlowCodec codec = {compress, decompress, "End of stream already reached"};

static Stream *new_stream(OuVM *vm, OuType *type)
{
    Stream *s = STREAM(ou_flow_stream_new(vm, type, &codec));
    if (!s)
        return NULL;
    s->st = ou_module_state(vm, &ou_mod__bz2);
    s->z.opaque = vm;
    s->z.alloc = bz_alloc;
    s->z.free = bz_free;
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
    ou_flow_stream_free(vm, &STREAM(o)->flow);
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
        if (!(s->flow.unused = ou_bytes_new(vm, "", 0)))
            ou_clear(vm, s);
    }
    return (OuObj *)s;
}

static void decompressor_dealloc(OuVM *vm, OuObj *o)
{
    Stream *s = STREAM(o);
    if (s->alive)
        s->st->decompress_end(&s->z);
    ou_flow_stream_free(vm, &s->flow);
}

static const OuTypeSpec compressor_spec = {
    .name = "_bz2.BZ2Compressor",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE,
    .doc = "BZ2Compressor(compresslevel=9, /)\n--\n\nCreate a compressor object for compressing data "
           "incrementally.",
    .dealloc = compressor_dealloc,
    .s = {.new_ = compressor_new},
    .methods = ou_flow_compressor_methods,
};
static const OuMember decompressor_members[] = {
    OU_FLOW_MEMBERS,
    {0},
};
static const OuTypeSpec decompressor_spec = {
    .name = "_bz2.BZ2Decompressor",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE,
    .doc = "BZ2Decompressor()\n--\n\nCreate a decompressor object for decompressing data incrementally.",
    .dealloc = decompressor_dealloc,
    .s = {.new_ = decompressor_new},
    .methods = ou_flow_decompressor_methods,
    .members = decompressor_members,
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    static const OuLibrary library = {"libbz2", "libbz2-1.0", {"libbz2.so.1.0", "libbz2.so.1"}};
    const OuSymbol symbols[] = {
        {"BZ2_bzCompressInit", (void **)&st->compress_init},
        {"BZ2_bzCompress", (void **)&st->compress},
        {"BZ2_bzCompressEnd", (void **)&st->compress_end},
        {"BZ2_bzDecompressInit", (void **)&st->decompress_init},
        {"BZ2_bzDecompress", (void **)&st->decompress},
        {"BZ2_bzDecompressEnd", (void **)&st->decompress_end},
    };
    if (ou_library_open(vm, OU_EXC(vm, ImportError), &library, symbols, sizeof symbols / sizeof *symbols) < 0)
        return -1;
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
