/* stdlib/_struct_codes.c - module _struct: reading a format, and single values to and from bytes. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "_struct.h"
#include "vm/int_big.h"

/* ---- formats ------------------------------------------------------------------------------ */
typedef struct Row {
    char code;
    uint8_t native, align, standard; /* sizes; standard 0: native mode only */
} Row;
static const Row rows[] = {
    {'x', 1, 1, 1}, {'b', 1, 1, 1}, {'B', 1, 1, 1}, {'c', 1, 1, 1}, {'s', 1, 1, 1}, {'p', 1, 1, 1},
    {'?', 1, 1, 1}, {'h', 2, 2, 2}, {'H', 2, 2, 2}, {'i', 4, 4, 4}, {'I', 4, 4, 4}, {'l', 8, 8, 4},
    {'L', 8, 8, 4}, {'q', 8, 8, 8}, {'Q', 8, 8, 8}, {'n', 8, 8, 0}, {'N', 8, 8, 0}, {'P', 8, 8, 0},
    {'e', 2, 2, 2}, {'f', 4, 4, 4}, {'d', 8, 8, 8},
};

static const Row *row_of(char c)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == c)
            return &rows[i];
    return NULL;
}

static bool is_space(char c)
{
    return (c >= 9 && c <= 13) || c == ' ';
}

/* Walks the format; with out NULL only counts fields, items and bytes. */
static int walk(OuVM *vm, OuStruct *s, const char *p, const char *end, bool native, OuStructCode *out)
{
    ou_ssize size = 0, items = 0;
    size_t n = 0;
    while (p < end) {
        char c = *p++;
        if (is_space(c))
            continue;
        ou_ssize num = 1;
        if (c >= '0' && c <= '9') {
            num = c - '0';
            while (p < end && *p >= '0' && *p <= '9') {
                if (num > (PTRDIFF_MAX - (*p - '0')) / 10)
                    goto too_long;
                num = num * 10 + (*p++ - '0');
            }
            if (p == end) {
                ou_struct_error(vm, "repeat count given without format specifier");
                return -1;
            }
            c = *p++;
        }
        if (c == 0) {
            ou_struct_error(vm, "embedded null character");
            return -1;
        }
        const Row *r = row_of(c);
        if (!r || (!native && !r->standard)) {
            ou_struct_error(vm, "bad char in struct format");
            return -1;
        }
        ou_ssize one = native ? r->native : r->standard, align = native ? r->align : 1;
        ou_ssize pad = (align - size % align) % align;
        if (size > PTRDIFF_MAX - pad)
            goto too_long;
        size += pad;
        if (num && one > (PTRDIFF_MAX - size) / num)
            goto too_long;
        OuStructCode f = {.code = c, .native = native, .offset = size, .size = one, .repeat = num};
        size += num * one;
        if (c == 'x')
            continue;
        if (c == 's' || c == 'p') {
            f.size = num;
            f.repeat = 1;
        }
        if (f.repeat == 0)
            continue;
        items += f.repeat;
        if (out)
            out[n] = f;
        n++;
    }
    s->size = size;
    s->nitems = items;
    s->ncodes = n;
    return 0;
too_long:
    ou_struct_error(vm, "total struct size too long");
    return -1;
}

int ou_struct_compile(OuVM *vm, OuStruct *s)
{
    const char *p = OU_BYTES(s->format)->data, *end = p + OU_BYTES(s->format)->len;
    bool native = true;
    s->order = false;
    if (memchr(p, 0, (size_t)(end - p))) {
        ou_struct_error(vm, "embedded null character");
        return -1;
    }
    if (p < end) {
        switch (*p) {
        case '>':
        case '!':
            s->order = true; /* fall through */
        case '<':
        case '=':
            native = false; /* fall through */
        case '@':
            p++;
        }
    }
    if (walk(vm, s, p, end, native, NULL) < 0)
        goto fail;
    OuStructCode *codes = NULL;
    if (s->ncodes && !(codes = ou_alloc(vm, s->ncodes * sizeof *codes)))
        goto fail;
    s->codes = codes;
    return walk(vm, s, p, end, native, codes);
fail:
    s->ncodes = 0;
    s->size = s->nitems = -1;
    return -1;
}

/* ---- half precision: IEEE 754 binary16 ------------------------------------------------------- */
double ou_unpack_half(const unsigned char *p, bool big)
{
    unsigned h = big ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
    int e = (int)(h >> 10 & 31);
    double m = h & 0x3ff, v;
    if (e == 31)
        v = m != 0 ? NAN : INFINITY;
    else
        v = e ? ldexp(1024.0 + m, e - 25) : ldexp(m, -24);
    return h & 0x8000 ? -v : v;
}

int ou_pack_half(OuVM *vm, double v, unsigned char *p, bool big)
{
    unsigned h, sign = signbit(v) ? 0x8000 : 0;
    double a = fabs(v);
    if (isnan(v)) {
        h = 0x7e00;
    } else if (isinf(v)) {
        h = 0x7c00;
    } else {
        int e;
        frexp(a, &e); /* a in [2**(e-1), 2**e) */
        if (a == 0)
            e = -20;
        int shift = e - 11 < -24 ? -24 : e - 11;       /* unit of the last place */
        double q = ldexp(a, -shift), r = nearbyint(q); /* half to even */
        h = (unsigned)r;
        if (shift > -24)
            h += (unsigned)(shift + 24)
                 << 10; /* the leading bit adds one to the exponent field; carries fit too */
        if (h >= 0x7c00)
            return ou_raise_i(vm, OU_EXC(vm, OverflowError), "float too large to pack with e format");
    }
    h |= sign;
    p[big ? 0 : 1] = (unsigned char)(h >> 8);
    p[big ? 1 : 0] = (unsigned char)h;
    return 0;
}

/* ---- values ------------------------------------------------------------------------------------ */
static uint64_t load(const char *p, ou_ssize n, bool big)
{
    uint64_t v = 0;
    uint32_t w;
    uint16_t h;
    switch (n) {
    case 1:
        return (unsigned char)*p;
    case 2:
        memcpy(&h, p, 2);
        return big ? __builtin_bswap16(h) : h;
    case 4:
        memcpy(&w, p, 4);
        return big ? __builtin_bswap32(w) : w;
    default:
        memcpy(&v, p, 8);
        return big ? __builtin_bswap64(v) : v;
    }
}

static void store(char *p, ou_ssize n, bool big, uint64_t v)
{
    if (big)
        v = __builtin_bswap64(v) >> (64 - 8 * n);
    if (n == 8)
        memcpy(p, &v, 8);
    else if (n == 4)
        memcpy(p, &v, 4);
    else if (n == 2)
        memcpy(p, &v, 2);
    else
        *p = (char)v;
}

OuObj *ou_struct_get(OuVM *vm, const OuStructCode *c, bool big, const char *p)
{
    uint64_t u;
    switch (c->code) {
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n': {
        int bits = 64 - 8 * (int)c->size;
        return ou_int(vm, (int64_t)(load(p, c->size, big) << bits) >> bits);
    }
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
        return ou_int_u64(vm, load(p, c->size, big));
    case '?':
        return ou_bool(vm, *p != 0);
    case 'c':
        return ou_bytes_new(vm, p, 1);
    case 's':
        return ou_bytes_new(vm, p, c->size);
    case 'p': {
        ou_ssize n = c->size ? (unsigned char)*p : 0;
        if (n >= c->size)
            n = c->size ? c->size - 1 : 0;
        return ou_bytes_new(vm, p + 1, n);
    }
    case 'e':
        return ou_float(vm, ou_unpack_half((const unsigned char *)p, big));
    case 'f': {
        float f;
        uint32_t w = (uint32_t)load(p, 4, big);
        memcpy(&f, &w, 4);
        return ou_float(vm, f);
    }
    default: { /* 'd' */
        double d;
        u = load(p, 8, big);
        memcpy(&d, &u, 8);
        return ou_float(vm, d);
    }
    }
}

static OuObj *integer(OuVM *vm, OuObj *v)
{
    if (ou_has_index(vm, v))
        return ou_index(vm, v);
    return ou_struct_error(vm, "required argument is not an integer");
}

static int out_of_range(OuVM *vm)
{
    ou_struct_error(vm, "argument out of range");
    return -1;
}

static int too_large(OuVM *vm)
{
    ou_struct_error(vm, "int too large to convert");
    return -1;
}

static int range_error(OuVM *vm, const OuStructCode *c, bool named)
{
    int bits = 8 * (int)c->size;
    bool is_signed = c->code >= 'a';
    long long lo = is_signed ? -((long long)1 << (bits - 1)) : 0;
    unsigned long long hi = ((unsigned long long)1 << (is_signed ? bits - 1 : bits)) - 1;
    if (named)
        ou_struct_error(vm, "%s%s format requires %lld <= number <= %llu", is_signed ? "" : "u",
                        c->size == 1 ? "byte" : "short", lo, hi);
    else
        ou_struct_error(vm, "'%c' format requires %lld <= number <= %llu", c->code, lo, hi);
    return -1;
}

static int put_int(OuVM *vm, const OuStructCode *c, bool big, char *p, OuObj *v)
{
    OuObj *i = ou_is(v, int) ? ou_ref(v) : integer(vm, v);
    if (!i)
        return -1;
    bool is_signed = c->code >= 'a';
    /* codes that CPython handles by its native functions (same order, same size) have texts of their own */
    bool like_native = !big && (c->native || !strchr("lL", c->code));
    bool named = c->size == 1 || (c->size == 2 && like_native);
    int64_t x = 0;
    uint64_t u = 0;
    int r = 0;
    if (c->code == 'P') { /* any bit pattern of 64 bits */
        if (ou_int_fits(i, &x)) {
            u = (uint64_t)x;
        } else if (ou_as_u64(vm, i, &u) < 0) {
            ou_err_clear(vm);
            r = too_large(vm);
        }
    } else if (ou_int_fits(i, &x)) {
        /* unsigned longs refuse negative numbers before the range of the code is looked at; bytes and shorts
         * are read as longs (CPython's nu_/np_ functions) */
        u = (uint64_t)x;
        int bits = 8 * (int)c->size;
        bool narrow = c->size < 8;
        if (is_signed) {
            if (narrow && (x < -((int64_t)1 << (bits - 1)) || x > ((int64_t)1 << (bits - 1)) - 1))
                r = -2;
        } else if (x < 0) {
            r = named ? -2 : c->size == 8 && !like_native ? too_large(vm) : out_of_range(vm);
        } else if (narrow && u >> bits) {
            r = -2;
        }
        if (r == -2)
            r = range_error(vm, c, named);
    } else if (!is_signed && c->size < 8 && !named && ou_int_sign(i) > 0 && ou_int_bits(i) <= 64) {
        r = range_error(vm, c, named);
    } else if (is_signed || c->size < 8 || ou_int_sign(i) < 0) {
        r = c->size == 8 && !like_native ? too_large(vm) : out_of_range(vm);
    } else if (ou_as_u64(vm, i, &u) < 0) {
        ou_err_clear(vm);
        r = like_native ? out_of_range(vm) : too_large(vm);
    }
    if (r == 0)
        store(p, c->size, big, u);
    ou_decref(vm, i);
    return r;
}

static int put_float(OuVM *vm, const OuStructCode *c, bool big, char *p, OuObj *v)
{
    double d;
    if (ou_as_double(vm, v, &d) < 0) {
        ou_err_clear(vm);
        ou_struct_error(vm, "required argument is not a float");
        return -1;
    }
    if (c->code == 'e')
        return ou_pack_half(vm, d, (unsigned char *)p, big);
    if (c->code == 'd') {
        uint64_t u;
        memcpy(&u, &d, 8);
        store(p, 8, big, u);
        return 0;
    }
    float f = (float)d;
    if (isinf(f) && !isinf(d) && !c->native)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "float too large to pack with f format");
    uint32_t w;
    memcpy(&w, &f, 4);
    store(p, 4, big, w);
    return 0;
}

static int put_bytes(OuVM *vm, const OuStructCode *c, char *p, OuObj *v)
{
    const char *s;
    size_t n, room = (size_t)c->size;
    if (ou_isa_bytes(vm, v)) {
        s = OU_BYTES(v)->data;
        n = OU_BYTES(v)->len;
    } else if (ou_isa(vm, v, bytearray)) {
        s = ((OuByteArray *)v)->start;
        n = ((OuByteArray *)v)->len;
    } else {
        ou_struct_error(vm, "argument for '%c' must be a bytes object", c->code);
        return -1;
    }
    if (c->code == 'p') {
        if (room == 0)
            return 0;
        room--;
        if (n > room)
            n = room;
        *p++ = (char)(n > 255 ? 255 : n);
    } else if (n > room) {
        n = room;
    }
    if (n)
        memcpy(p, s, n);
    return 0;
}

int ou_struct_put(OuVM *vm, const OuStructCode *c, bool big, char *p, OuObj *v)
{
    switch (c->code) {
    case '?': {
        int t = ou_is_true(vm, v);
        if (t < 0)
            return -1;
        *p = (char)t;
        return 0;
    }
    case 'c':
        if (!ou_isa_bytes(vm, v) || OU_BYTES(v)->len != 1) {
            ou_struct_error(vm, "char format requires a bytes object of length 1");
            return -1;
        }
        *p = OU_BYTES(v)->data[0];
        return 0;
    case 's':
    case 'p':
        return put_bytes(vm, c, p, v);
    case 'e':
    case 'f':
    case 'd':
        return put_float(vm, c, big, p, v);
    default:
        return put_int(vm, c, big, p, v);
    }
}
