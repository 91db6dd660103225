/* vm/memoryview_item.c - items of memoryviews: native formats, comparison, cast. */
#include "memoryview.h"

#include <string.h>

/* Code, size, and the text casts report. */
static const struct {
    char code;
    uint8_t size;
    const char *plain, *at;
} formats[] = {{'c', 1, "c", "@c"}, {'b', 1, "b", "@b"}, {'B', 1, "B", "@B"}, {'?', 1, "?", "@?"},
               {'h', 2, "h", "@h"}, {'H', 2, "H", "@H"}, {'i', 4, "i", "@i"}, {'I', 4, "I", "@I"},
               {'l', 8, "l", "@l"}, {'L', 8, "L", "@L"}, {'q', 8, "q", "@q"}, {'Q', 8, "Q", "@Q"},
               {'n', 8, "n", "@n"}, {'N', 8, "N", "@N"}, {'f', 4, "f", "@f"}, {'d', 8, "d", "@d"},
               {'P', 8, "P", "@P"}};

static int find(const char *format)
{
    /* row + 1 of a code */
    static const uint8_t rows[128] = {['c'] = 1,  ['b'] = 2,  ['B'] = 3,  ['?'] = 4,  ['h'] = 5,  ['H'] = 6,
                                      ['i'] = 7,  ['I'] = 8,  ['l'] = 9,  ['L'] = 10, ['q'] = 11, ['Q'] = 12,
                                      ['n'] = 13, ['N'] = 14, ['f'] = 15, ['d'] = 16, ['P'] = 17};
    if (!format)
        return 2;
    if (*format == '@')
        format++;
    if (!*format || format[1] || (unsigned char)*format > 127)
        return -1;
    return rows[(unsigned char)*format] - 1;
}

ou_ssize ou_memory_native_size(const char *format, char *code)
{
    int i = find(format);
    if (i < 0)
        return 0;
    *code = formats[i].code;
    return formats[i].size;
}

const char *ou_memory_native_format(const char *format)
{
    int i = find(format);
    return i < 0 ? NULL : format && *format == '@' ? formats[i].at : formats[i].plain;
}

void *ou_memory_unsupported(OuVM *vm, const char *format)
{
    const char *code = format[0] == '@' ? format + 1 : format;
    return ou_raise(vm, OU_EXC(vm, NotImplementedError),
                    code[0] && !code[1] ? "memoryview: format %s not supported"
                                        : "memoryview: unsupported format %s",
                    format);
}

/* The item at p of a native code; NULL without an exception: there is no such code. */
static inline OuObj *unpack(OuVM *vm, char code, const char *p)
{
#define READ(T, make)            \
    {                            \
        T v;                     \
        memcpy(&v, p, sizeof v); \
        return make;             \
    }
    switch (code) {
    case 'B':
        return ou_int(vm, *(const unsigned char *)p);
    case 'b':
        return ou_int(vm, *(const signed char *)p);
    case 'c':
        return ou_bytes_new(vm, p, 1);
    case '?':
        return ou_bool(vm, *p != 0);
    case 'h':
        READ(int16_t, ou_int(vm, v))
    case 'H':
        READ(uint16_t, ou_int(vm, v))
    case 'i':
        READ(int32_t, ou_int(vm, v))
    case 'I':
        READ(uint32_t, ou_int(vm, v))
    case 'l':
    case 'q':
    case 'n':
        READ(int64_t, ou_int(vm, v))
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
        READ(uint64_t, ou_int_u64(vm, v))
    case 'f':
        READ(float, ou_float(vm, (double)v))
    case 'd':
        READ(double, ou_float(vm, v))
    default:
        return NULL;
    }
#undef READ
}

OuObj *ou_memory_unpack(OuVM *vm, const char *format, const char *p, ou_ssize itemsize)
{
    char code;
    return ou_memory_native_size(format, &code) == itemsize ? unpack(vm, code, p)
                                                            : ou_memory_unsupported(vm, format);
}

OuObj *ou_memory_list(OuVM *vm, const OuBuffer *v, const char *p, ou_ssize n, ou_ssize stride)
{
    char code;
    if (ou_memory_native_size(v->format, &code) != v->itemsize)
        return ou_memory_unsupported(vm, v->format);
    OuObj *l = ou_list_new(vm, (size_t)n);
    for (ou_ssize i = 0; l && i < n; i++) /* a stride may lead out of the memory behind the last item */
        if (!(OU_LIST(l)->items[i] = unpack(vm, code, p + i * stride)))
            ou_clear(vm, l);
    return l;
}

static OuObj *by_struct(OuVM *vm, const char *format, const char *p, ou_ssize itemsize)
{
    OuObj *f = ou_import_attr(vm, "struct", "unpack"), *fmt = NULL, *b = NULL, *r = NULL;
    if (f && (fmt = ou_str_new(vm, format, -1)) && (b = ou_bytes_new(vm, p, itemsize)))
        r = ou_call2(vm, f, fmt, b);
    ou_xdecref(vm, f);
    ou_xdecref(vm, fmt);
    ou_xdecref(vm, b);
    if (r && ou_is(r, tuple) && OU_TUPLE(r)->n == 1) {
        OuObj *x = ou_ref(OU_TUPLE(r)->items[0]);
        ou_decref(vm, r);
        return x;
    }
    return r;
}

OuObj *ou_memory_unpack_any(OuVM *vm, const char *format, const char *p, ou_ssize itemsize)
{
    char code;
    if (ou_memory_native_size(format, &code))
        return ou_memory_unpack(vm, format, p, itemsize);
    return by_struct(vm, format, p, itemsize);
}

static int bad(OuVM *vm, const char *format, bool type)
{
    return type ? ou_type_error_i(vm, "memoryview: invalid type for format '%s'", format)
                : ou_value_error_i(vm, "memoryview: invalid value for format '%s'", format);
}

int ou_memory_pack(OuVM *vm, const char *format, char *p, OuObj *value)
{
    char code = 0;
    if (!format)
        format = "B";
    ou_ssize size = ou_memory_native_size(format, &code);
    if (!size)
        return ou_memory_unsupported(vm, format), -1;
    if (code == 'c') {
        if (!ou_isa_bytes(vm, value))
            return bad(vm, format, true);
        if (OU_BYTES(value)->len != 1)
            return bad(vm, format, false);
        *p = OU_BYTES(value)->data[0];
        return 0;
    }
    if (code == '?') {
        int t = ou_is_true(vm, value);
        if (t < 0)
            return -1;
        *p = (char)t;
        return 0;
    }
    if (code == 'f' || code == 'd') {
        double d;
        if (ou_as_double(vm, value, &d) < 0) {
            if (!ou_err_is(vm, OU_EXC(vm, TypeError)))
                return -1;
            ou_err_clear(vm);
            return bad(vm, format, true);
        }
        if (code == 'd')
            memcpy(p, &d, 8);
        else {
            float f = (float)d;
            memcpy(p, &f, 4);
        }
        return 0;
    }
    if (code == 'B' && ou_is_small(value) && (uint64_t)OU_INT_V(value) < 256) {
        *(unsigned char *)p = (unsigned char)OU_INT_V(value);
        return 0;
    }
    if (!ou_isa_int(vm, value) && !ou_has_index(vm, value))
        return bad(vm, format, true);
    OuObj *i = ou_index(vm, value);
    if (!i)
        return -1;
    bool is_signed = strchr("bhilqn", code) != NULL;
    int r = ou_int_to_bytes(vm, i, (unsigned char *)p, (size_t)size, true, is_signed);
    ou_decref(vm, i);
    if (r < 0 && ou_err_is(vm, OU_EXC(vm, OverflowError))) {
        ou_err_clear(vm);
        return bad(vm, format, false);
    }
    return r;
}

/* ---- comparison ------------------------------------------------------------------------------ */
/* Items at p and q: 1 equal, 0 not, -1 error. */
static int same_item(OuVM *vm, const OuBuffer *a, const char *p, const OuBuffer *b, const char *q)
{
    char x = 0, y = 0;
    ou_ssize na = ou_memory_native_size(a->format, &x), nb = ou_memory_native_size(b->format, &y);
    if (na && x == y && x != 'f' && x != 'd' && x != '?')
        return memcmp(p, q, (size_t)na) == 0;
    OuObj *u =
        na ? ou_memory_unpack(vm, a->format, p, a->itemsize) : by_struct(vm, a->format, p, a->itemsize);
    OuObj *v = !u   ? NULL
               : nb ? ou_memory_unpack(vm, b->format, q, b->itemsize)
                    : by_struct(vm, b->format, q, b->itemsize);
    OuObj *r = u && v ? ou_compare(vm, u, v, OU_CMP_EQ) : NULL;
    int eq = r ? ou_is_true(vm, r) : -1;
    ou_xdecref(vm, u);
    ou_xdecref(vm, v);
    ou_xdecref(vm, r);
    return eq;
}

static const char *step_into(const OuBuffer *v, int dim, const char *p)
{
    return v->suboffsets && v->suboffsets[dim] >= 0 ? *(char *const *)p + v->suboffsets[dim] : p;
}

static int same_dim(OuVM *vm, const OuBuffer *a, const char *p, const OuBuffer *b, const char *q, int dim)
{
    if (dim == a->ndim)
        return same_item(vm, a, p, b, q);
    if (a->shape[dim] != b->shape[dim])
        return 0;
    for (ou_ssize i = 0; i < a->shape[dim]; i++, p += a->strides[dim], q += b->strides[dim]) {
        int r = same_dim(vm, a, step_into(a, dim, p), b, step_into(b, dim, q), dim + 1);
        if (r <= 0)
            return r;
    }
    return 1;
}

OuObj *ou_memory_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    OuMemory *m = OU_MEMORY(a);
    if (op != OU_CMP_EQ && op != OU_CMP_NE)
        return ou_notimplemented(vm);
    if (!m->mb || (ou_is(b, memoryview) && !OU_MEMORY(b)->mb))
        return ou_bool(vm, (a == b) == (op == OU_CMP_EQ));
    OuBuffer other;
    const OuBuffer *w = &other;
    bool got = false;
    if (ou_is(b, memoryview)) {
        w = &OU_MEMORY(b)->view;
    } else {
        if (!ou_has_buffer(vm, b))
            return ou_notimplemented(vm);
        if (ou_buffer_get(vm, b, &other, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0) {
            ou_err_clear(vm);
            return ou_notimplemented(vm);
        }
        got = true;
    }
    int eq = m->view.ndim == w->ndim;
    for (int d = 0; eq && d < w->ndim; d++)
        eq = m->view.shape[d] == w->shape[d];
    if (eq) {
        uint32_t keep = m->exports++;
        eq = same_dim(vm, &m->view, m->view.buf, w, w->buf, 0);
        m->exports = keep;
        if (eq < 0 &&
            !ou_err_is(vm, OU_EXC(vm, MemoryError))) { /* formats struct does not know are never equal */
            ou_err_clear(vm);
            eq = 0;
        }
    }
    if (got)
        ou_buffer_release(vm, &other);
    return eq < 0 ? NULL : ou_bool(vm, eq == (op == OU_CMP_EQ));
}

/* ---- cast ---------------------------------------------------------------------------------------- */
static int shape_of(OuVM *vm, OuObj *o, ou_ssize itemsize, ou_ssize len, ou_ssize *shape)
{
    OuObj **items = ou_isa_list(vm, o) ? OU_LIST(o)->items : OU_TUPLE(o)->items;
    size_t n = ou_isa_list(vm, o) ? OU_LIST(o)->n : OU_TUPLE(o)->n;
    ou_ssize total = itemsize;
    if (n > OU_BUF_MAX_NDIM)
        return ou_value_error_i(vm, "memoryview: number of dimensions must not exceed %d", OU_BUF_MAX_NDIM);
    for (size_t i = 0; i < n; i++) {
        int64_t v;
        if (!ou_isa_int(vm, items[i]))
            return ou_type_error_i(vm, "memoryview.cast(): elements of shape must be integers");
        if (!ou_int_fits(items[i], &v) || v <= 0)
            return ou_value_error_i(vm, "memoryview.cast(): elements of shape must be integers > 0");
        if (v > PTRDIFF_MAX / total)
            return ou_value_error_i(vm, "memoryview.cast(): product(shape) > SSIZE_MAX");
        shape[i] = v;
        total *= v;
    }
    if (total != len)
        return ou_type_error_i(vm, "memoryview: product(shape) * itemsize != buffer size");
    return (int)n;
}

OuObj *ou_memory_cast(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuMemory *m = OU_MEMORY(args[0]);
    OuObj *shape = args[2];
    OuUtf8 f;
    if (ou_memory_check(vm, m) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "cast() argument 'format' must be str, not %s",
                             ou_arg_type_name(vm, args[1]));
    if (!ou_memory_contiguous(&m->view, 'C'))
        return ou_type_error(vm, "memoryview: casts are restricted to C-contiguous views");
    if (shape && !ou_isa_list(vm, shape) && !ou_isa_tuple(vm, shape))
        return ou_type_error(vm, "shape must be a list or a tuple");
    ou_ssize n = shape ? (ou_ssize)(ou_isa_list(vm, shape) ? OU_LIST(shape)->n : OU_TUPLE(shape)->n) : 1;
    if (shape && n > OU_BUF_MAX_NDIM)
        return ou_value_error(vm, "memoryview: number of dimensions must not exceed %d", OU_BUF_MAX_NDIM);
    if (shape && m->view.ndim != 1 && n != 1)
        return ou_type_error(vm, "memoryview: cast must be 1D -> ND or ND -> 1D");
    if (ou_str_utf8(vm, args[1], &f, false) < 0)
        return NULL;
    char from, to;
    const char *format = ou_memory_native_format(f.s);
    ou_ssize isize = ou_memory_native_size(m->view.format, &from), size = ou_memory_native_size(f.s, &to);
    ou_utf8_free(vm, &f);
    if (!size)
        return ou_value_error(vm, "memoryview: destination format must be a native single character format "
                                  "prefixed with an optional '@'");
    bool fb = isize && (from == 'b' || from == 'B' || from == 'c'), tb = to == 'b' || to == 'B' || to == 'c';
    if (!fb && !tb)
        return ou_type_error(vm, "memoryview: cannot cast between two non-byte formats");
    if (m->view.len % size)
        return ou_type_error(vm, "memoryview: length is not a multiple of itemsize");
    ou_ssize dims[OU_BUF_MAX_NDIM], strides[OU_BUF_MAX_NDIM];
    OuBuffer v = m->view;
    v.itemsize = size;
    v.format = format;
    v.ndim = 1;
    dims[0] = v.len / size;
    if (shape && (v.ndim = shape_of(vm, shape, size, v.len, dims)) < 0)
        return NULL;
    ou_ssize s = size;
    for (int d = v.ndim - 1; d >= 0; d--) {
        strides[d] = s;
        s *= dims[d];
    }
    v.shape = dims;
    v.strides = strides;
    v.suboffsets = NULL;
    return ou_memory_derive(vm, m, &v);
}
