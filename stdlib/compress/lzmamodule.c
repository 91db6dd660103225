/* stdlib/compress/lzmamodule.c - module _lzma over liblzma, which is opened on first import. */
#include "lzmamodule.h"

#include <string.h>

#include "stdlib/library.h"
#include "stdlib/support.h"

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };
enum { RUN = 0, FINISH = 3, OK = 0, STREAM_END = 1, NO_CHECK = 2, GET_CHECK = 4, BUF_ERROR = 10 };
enum { TELL_NO_CHECK = 1, TELL_ANY_CHECK = 4, PRESET_DEFAULT = 6 };

typedef struct Stream {
    OuFlowStream flow;
    OuLzmaState *st;
    OuLzmaStream z;
    OuLzmaAllocator allocator;
    int check;
} Stream;
#define STREAM(o) ((Stream *)(o))

bool ou_lzma_failed(OuVM *vm, OuLzmaState *st, int code)
{
    static const char *const texts[] = {[3] = "Unsupported integrity check",
                                        [6] = "Memory usage limit exceeded",
                                        [7] = "Input format not supported by decoder",
                                        [8] = "Invalid or unsupported options",
                                        [9] = "Corrupt input data",
                                        [10] = "Insufficient buffer space",
                                        [11] = "Internal error"};
    if (code == OK || code == STREAM_END || code == NO_CHECK || code == GET_CHECK)
        return false;
    if (code == 5) {
        ou_raise_memory(vm);
        return true;
    }
    OuObj *text = code > 0 && code < 12 ? ou_str_new(vm, texts[code], -1)
                                        : ou_str_fmt(vm, "Unrecognized error from liblzma: %d", code);
    if (text)
        ou_raise_value(vm, OU_AS_TYPE(st->error), text);
    ou_xdecref(vm, text);
    return true;
}

static void *z_alloc(void *vm, size_t items, size_t size)
{
    return ou_flow_malloc(vm, items, size);
}

static void z_free(void *vm, void *p)
{
    ou_flow_free(vm, p);
}

static OuObj *compress(OuVM *vm, OuFlowStream *flow, const char *p, size_t n, bool finish)
{
    Stream *s = STREAM(flow);
    OuFlowOut out = {.limit = SIZE_MAX};
    bool ok = false;
    s->z.next_in = p;
    s->z.avail_in = n;
    for (;;) {
        size_t room;
        if (ou_flow_room(vm, &out, &room) < 0 || ou_poll(vm) < 0)
            break;
        s->z.next_out = out.p + out.n;
        s->z.avail_out = room;
        int code = s->st->code(&s->z, finish ? FINISH : RUN);
        out.n += room - s->z.avail_out;
        if (code == BUF_ERROR && n == 0 && s->z.avail_out > 0)
            code = OK; /* there was nothing to do */
        if (ou_lzma_failed(vm, s->st, code))
            break;
        if (finish ? code == STREAM_END : s->z.avail_in == 0 && s->z.avail_out > 0) {
            ok = true;
            break;
        }
    }
    s->z.next_in = NULL;
    s->z.avail_in = 0;
    return ou_flow_take(vm, &out, ok);
}

static int decompress(OuVM *vm, OuFlowStream *flow, OuFlowOut *out, size_t *left)
{
    Stream *s = STREAM(flow);
    bool ok = false;
    s->z.next_in = flow->in.p;
    s->z.avail_in = flow->in.n;
    s->z.avail_out = 0;
    for (;;) {
        size_t room = 0;
        int more = ou_flow_room(vm, out, &room);
        if (more < 0 || ou_poll(vm) < 0)
            break;
        if (more == 0 && out->limit > 0) {
            ok = true;
            break;
        }
        s->z.next_out = out->p ? out->p + out->n : NULL;
        s->z.avail_out = room;
        int code = s->st->code(&s->z, RUN);
        out->n += room - s->z.avail_out;
        if (code == BUF_ERROR && s->z.avail_in == 0 && s->z.avail_out > 0)
            code = OK; /* it only wants more */
        if (code == BUF_ERROR && room == 0)
            code = OK; /* max_length=0 */
        if (ou_lzma_failed(vm, s->st, code))
            break;
        if (code == GET_CHECK || code == NO_CHECK)
            s->check = s->st->get_check(&s->z);
        if (code == STREAM_END)
            flow->eof = true;
        if (flow->eof || more == 0 || (s->z.avail_in == 0 && s->z.avail_out > 0)) {
            ok = true;
            break;
        }
    }
    *left = s->z.avail_in;
    s->z.next_in = NULL;
    s->z.avail_in = 0;
    return !ok ? -1 : s->z.avail_out > 0;
}

static const OuFlowCodec codec = {compress, decompress, "Already at end of stream"};

static Stream *new_stream(OuVM *vm, OuType *type)
{
    Stream *s = STREAM(ou_flow_stream_new(vm, type, &codec));
    if (!s)
        return NULL;
    s->st = ou_module_state(vm, &ou_mod__lzma);
    s->allocator = s->st->allocator;
    s->z.allocator = &s->allocator;
    if (!(s->flow.unused = ou_bytes_new(vm, "", 0)))
        ou_clear(vm, s);
    return s;
}

static void stream_dealloc(OuVM *vm, OuObj *o)
{
    STREAM(o)->st->end(&STREAM(o)->z);
    ou_flow_stream_free(vm, &STREAM(o)->flow);
}

/* ---- compressor --------------------------------------------------------------------------- */
static int start_alone(OuVM *vm, Stream *s, uint32_t preset, OuObj *filters)
{
    OuLzmaChain c;
    memset(&c, 0, sizeof c);
    if (!filters) {
        if (s->st->lzma_preset(&c.options[0].lzma, preset)) {
            OuObj *text = ou_str_fmt(vm, "Invalid compression preset: %u", preset);
            if (text)
                ou_raise_value(vm, OU_AS_TYPE(s->st->error), text);
            ou_xdecref(vm, text);
            return -1;
        }
    } else {
        if (ou_lzma_chain(vm, s->st, filters, &c) < 0)
            return -1;
        if (c.filters[0].id != OU_LZMA_FILTER_LZMA1 || c.filters[1].id != OU_LZMA_NONE)
            return ou_value_error_i(vm,
                                    "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
    }
    return ou_lzma_failed(vm, s->st, s->st->alone_encoder(&s->z, &c.options[0].lzma)) ? -1 : 0;
}

static int start(OuVM *vm, Stream *s, int format, int check, uint32_t preset, OuObj *filters)
{
    OuLzmaChain c;
    if (format == FORMAT_ALONE)
        return start_alone(vm, s, preset, filters);
    if (format != FORMAT_XZ && format != FORMAT_RAW)
        return ou_value_error_i(vm, "Invalid container format: %d", format);
    if (format == FORMAT_RAW && !filters)
        return ou_value_error_i(vm, "Must specify filters for FORMAT_RAW");
    if (filters && ou_lzma_chain(vm, s->st, filters, &c) < 0)
        return -1;
    int code = format == FORMAT_RAW ? s->st->raw_encoder(&s->z, c.filters)
               : filters            ? s->st->stream_encoder(&s->z, c.filters, check)
                                    : s->st->easy_encoder(&s->z, preset, check);
    return ou_lzma_failed(vm, s->st, code) ? -1 : 0;
}

static OuObj *compressor_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[4] = {NULL};
    int format = FORMAT_XZ, check = -1;
    uint32_t preset = PRESET_DEFAULT;
    if (ou_args_bind(vm, "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)", args, nargs,
                     kwnames, a) < 0 ||
        (a[0] && ou_as_int(vm, a[0], &format) < 0) || (a[1] && ou_as_int(vm, a[1], &check) < 0))
        return NULL;
    OuObj *filters = a[3] == OU_NONE(vm) ? NULL : a[3];
    bool has_preset = a[2] && a[2] != OU_NONE(vm);
    if (has_preset && filters)
        return ou_value_error(vm, "Cannot specify both preset and filter chain");
    if (has_preset && ou_lzma_u32(vm, a[2], &preset) < 0)
        return NULL;
    if (format != FORMAT_XZ && check != -1 && check != 0)
        return ou_value_error(vm, "Integrity checks are only supported by FORMAT_XZ");
    Stream *s = new_stream(vm, type);
    if (s && start(vm, s, format, check == -1 ? 4 : check, preset, filters) < 0)
        ou_clear(vm, s);
    return (OuObj *)s;
}

/* ---- decompressor -------------------------------------------------------------------------- */
static OuObj *decompressor_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3] = {NULL};
    int format = FORMAT_AUTO, code;
    uint64_t limit = UINT64_MAX;
    OuLzmaChain c;
    if (ou_args_bind(vm, "LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)", args, nargs,
                     kwnames, a) < 0 ||
        (a[0] && ou_as_int(vm, a[0], &format) < 0))
        return NULL;
    OuObj *filters = a[2] == OU_NONE(vm) ? NULL : a[2];
    if (a[1] && a[1] != OU_NONE(vm)) {
        if (format == FORMAT_RAW)
            return ou_value_error(vm, "Cannot specify memory limit with FORMAT_RAW");
        if (ou_as_u64(vm, a[1], &limit) < 0)
            return NULL;
    }
    if (format == FORMAT_RAW && !filters)
        return ou_value_error(vm, "Must specify filters for FORMAT_RAW");
    if (format != FORMAT_RAW && filters)
        return ou_value_error(vm, "Cannot specify filters except with FORMAT_RAW");
    Stream *s = new_stream(vm, type);
    if (!s)
        return NULL;
    s->check = format == FORMAT_ALONE || format == FORMAT_RAW ? 0 : OU_LZMA_CHECK_UNKNOWN;
    switch (format) {
    case FORMAT_AUTO:
        code = s->st->auto_decoder(&s->z, limit, TELL_ANY_CHECK | TELL_NO_CHECK);
        break;
    case FORMAT_XZ:
        code = s->st->stream_decoder(&s->z, limit, TELL_ANY_CHECK | TELL_NO_CHECK);
        break;
    case FORMAT_ALONE:
        code = s->st->alone_decoder(&s->z, limit);
        break;
    case FORMAT_RAW:
        code = ou_lzma_chain(vm, s->st, filters, &c) < 0 ? -1 : s->st->raw_decoder(&s->z, c.filters);
        break;
    default:
        code = -1;
        ou_value_error(vm, "Invalid container format: %d", format);
    }
    if (code < 0 || ou_lzma_failed(vm, s->st, code))
        ou_clear(vm, s);
    return (OuObj *)s;
}

/* ---- the module ------------------------------------------------------------------------------ */
static OuObj *f_check(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuLzmaState *st = ou_module_state(vm, &ou_mod__lzma);
    int check;
    return ou_as_int(vm, args[0], &check) < 0 ? NULL : ou_bool(vm, st->check_is_supported(check));
}

static const OuTypeSpec compressor_spec = {
    .name = "_lzma.LZMACompressor",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE,
    .doc = "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)\n\n"
           "Create a compressor object for compressing data incrementally.",
    .dealloc = stream_dealloc,
    .s = {.new_ = compressor_new},
    .methods = ou_flow_compressor_methods,
};
static const OuMember decompressor_members[] = {
    {"check", OU_MEMBER_INT, offsetof(Stream, check), true,
     "ID of the integrity check used by the input stream."},
    OU_FLOW_MEMBERS,
    {0},
};
static const OuTypeSpec decompressor_spec = {
    .name = "_lzma.LZMADecompressor",
    .size = sizeof(Stream),
    .flags = OU_TYPE_IMMUTABLE,
    .doc = "LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)\n--\n\n"
           "Create a decompressor object for decompressing data incrementally.",
    .dealloc = stream_dealloc,
    .s = {.new_ = decompressor_new},
    .methods = ou_flow_decompressor_methods,
    .members = decompressor_members,
};
static const OuFn functions[] = {
    {"is_check_supported(check_id, /)", f_check, 0, "Test whether the given integrity check is supported."},
    {"_encode_filter_properties(filter, /)", ou_lzma_encode_properties, 0,
     "Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict)."},
    {"_decode_filter_properties(filter_id, encoded_props, /)", ou_lzma_decode_properties, 0,
     "Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict)."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    static const struct {
        const char *name;
        uint64_t v;
    } constants[] = {
        {"FORMAT_AUTO", 0},
        {"FORMAT_XZ", 1},
        {"FORMAT_ALONE", 2},
        {"FORMAT_RAW", 3},
        {"CHECK_NONE", 0},
        {"CHECK_CRC32", 1},
        {"CHECK_CRC64", 4},
        {"CHECK_SHA256", 10},
        {"CHECK_ID_MAX", 15},
        {"CHECK_UNKNOWN", 16},
        {"FILTER_LZMA1", OU_LZMA_FILTER_LZMA1},
        {"FILTER_LZMA2", 0x21},
        {"FILTER_DELTA", 3},
        {"FILTER_X86", 4},
        {"FILTER_POWERPC", 5},
        {"FILTER_IA64", 6},
        {"FILTER_ARM", 7},
        {"FILTER_ARMTHUMB", 8},
        {"FILTER_SPARC", 9},
        {"MF_HC3", 3},
        {"MF_HC4", 4},
        {"MF_BT2", 0x12},
        {"MF_BT3", 0x13},
        {"MF_BT4", 0x14},
        {"MODE_FAST", 1},
        {"MODE_NORMAL", 2},
        {"PRESET_DEFAULT", 6},
        {"PRESET_EXTREME", 0x80000000u},
    };
    OuLzmaState *st = ((OuModule *)m)->state;
    static const OuLibrary library = {"liblzma", "liblzma5", {"liblzma.so.5"}};
    const OuSymbol symbols[] = {
#define X(result, name, params) {"lzma_" #name, (void **)&st->name},
        OU_LZMA_FUNCTIONS(X)
#undef X
    };
    if (ou_library_open(vm, OU_EXC(vm, ImportError), &library, symbols, sizeof symbols / sizeof *symbols) < 0)
        return -1;
    st->allocator = (OuLzmaAllocator){z_alloc, z_free, vm};
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (ou_module_add_int(vm, m, constants[i].name, (int64_t)constants[i].v) < 0)
            return -1;
    if (!(st->error = ou_module_add_exception(vm, m, "_lzma", "LZMAError", OU_EXC(vm, Exception))))
        return -1;
    return ou_module_add_type(vm, m, &compressor_spec, NULL) &&
                   ou_module_add_type(vm, m, &decompressor_spec, NULL)
               ? 0
               : -1;
}

static int traverse(void *p, OuVisit visit, void *arg)
{
    OU_VISIT(((OuLzmaState *)p)->error);
    return 0;
}

static void clear(OuVM *vm, void *p)
{
    ou_clear(vm, ((OuLzmaState *)p)->error);
}

const OuModuleDef ou_mod__lzma = {
    .name = "_lzma",
    .functions = functions,
    .state_size = sizeof(OuLzmaState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
