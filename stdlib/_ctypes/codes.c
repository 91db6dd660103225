/* stdlib/_ctypes/codes.c - the codes of _type_: C values to Python objects and back.
 *
 * Integers wrap around silently as C does.  A getter or setter of an integer also serves bit fields. */
#include <string.h>

#include "ctypes.h"

/* The low 64 bits of an int, also by __index__. */
static int as_bits(OuVM *vm, OuObj *v, uint64_t *out)
{
    int64_t s;
    OuObj *i = ou_index(vm, v);
    if (!i)
        return -1;
    if (ou_int_fits(i, &s)) {
        *out = (uint64_t)s;
    } else {
        const OuBigInt *b = (const OuBigInt *)i;
        *out = b->size < 0 ? -b->limb[0] : b->limb[0];
    }
    ou_decref(vm, i);
    return 0;
}

#define SWAP_1(x) (x)
#define SWAP_2(x) __builtin_bswap16(x)
#define SWAP_4(x) __builtin_bswap32(x)
#define SWAP_8(x) __builtin_bswap64(x)
/* Native or foreign order by SWAPPED: x is the unsigned type of the bytes, T the type it is read as. */
#define INT_CODE(name, T, U, make, swap)                                                                    \
    static OuObj *get_##name(OuVM *vm, const void *p, ou_ssize size)                                        \
    {                                                                                                       \
        U x;                                                                                                \
        memcpy(&x, p, sizeof x);                                                                            \
        x = swap(x);                                                                                        \
        T v = (T)x;                                                                                         \
        ou_ssize n = CT_NUM_BITS(size), width = (ou_ssize)sizeof(T) * 8;                                    \
        if (n) {                                                                                            \
            /* a small type after bits of a larger one may begin beyond itself: CPython lets x86 mask it */ \
            v = (T)(U)((uint64_t)x << ((width - CT_LOW_BIT(size) - n) & (width == 64 ? 63 : 31)));          \
            v = (T)(v >> (width - n));                                                                      \
        }                                                                                                   \
        return make(vm, v);                                                                                 \
    }                                                                                                       \
    static int set_##name(OuVM *vm, void *p, OuObj *value, ou_ssize size, OuObj **keep)                     \
    {                                                                                                       \
        uint64_t bits;                                                                                      \
        U x;                                                                                                \
        if (as_bits(vm, value, &bits) < 0)                                                                  \
            return -1;                                                                                      \
        if (CT_NUM_BITS(size)) {                                                                            \
            int low = CT_LOW_BIT(size) & (sizeof(T) == 8 ? 63 : 31);                                        \
            uint64_t mask = CT_NUM_BITS(size) >= 64 ? ~0ull : ((1ull << CT_NUM_BITS(size)) - 1);            \
            memcpy(&x, p, sizeof x);                                                                        \
            x = swap(x);                                                                                    \
            bits = (x & ~(mask << low)) | (bits & mask) << low;                                             \
        }                                                                                                   \
        x = (U)bits;                                                                                        \
        x = swap(x);                                                                                        \
        memcpy(p, &x, sizeof x);                                                                            \
        return 0;                                                                                           \
    }
INT_CODE(b, int8_t, uint8_t, ou_int, SWAP_1)
INT_CODE(B, uint8_t, uint8_t, ou_int_u64, SWAP_1)
INT_CODE(h, int16_t, uint16_t, ou_int, SWAP_1)
INT_CODE(H, uint16_t, uint16_t, ou_int_u64, SWAP_1)
INT_CODE(i, int32_t, uint32_t, ou_int, SWAP_1)
INT_CODE(I, uint32_t, uint32_t, ou_int_u64, SWAP_1)
INT_CODE(q, int64_t, uint64_t, ou_int, SWAP_1)
INT_CODE(Q, uint64_t, uint64_t, ou_int_u64, SWAP_1)
INT_CODE(hs, int16_t, uint16_t, ou_int, SWAP_2)
INT_CODE(Hs, uint16_t, uint16_t, ou_int_u64, SWAP_2)
INT_CODE(is, int32_t, uint32_t, ou_int, SWAP_4)
INT_CODE(Is, uint32_t, uint32_t, ou_int_u64, SWAP_4)
INT_CODE(qs, int64_t, uint64_t, ou_int, SWAP_8)
INT_CODE(Qs, uint64_t, uint64_t, ou_int_u64, SWAP_8)

/* ---- bool ---- */

static OuObj *get_bool(OuVM *vm, const void *p, ou_ssize size)
{
    return ou_bool(vm, *(const unsigned char *)p != 0);
}
static int set_bool(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    int truth = ou_is_true(vm, v);
    if (truth < 0)
        return -1;
    *(unsigned char *)p = (unsigned char)truth;
    return 0;
}
/* VARIANT_BOOL of ctypes.wintypes: -1 is true */
static OuObj *get_variant_bool(OuVM *vm, const void *p, ou_ssize size)
{
    short v;
    memcpy(&v, p, sizeof v);
    return ou_bool(vm, v != 0);
}
static int set_variant_bool(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    int truth = ou_is_true(vm, v);
    short s = truth ? -1 : 0;
    if (truth < 0)
        return -1;
    memcpy(p, &s, sizeof s);
    return 0;
}

/* ---- floats ---- */

#define FLOAT_CODE(name, T, swap_bytes)                                                 \
    static OuObj *get_##name(OuVM *vm, const void *p, ou_ssize size)                    \
    {                                                                                   \
        T v;                                                                            \
        unsigned char b[sizeof v];                                                      \
        for (size_t i = 0; i < sizeof v; i++)                                           \
            b[i] = ((const unsigned char *)p)[swap_bytes ? sizeof v - 1 - i : i];       \
        memcpy(&v, b, sizeof v);                                                        \
        return ou_float(vm, (double)v);                                                 \
    }                                                                                   \
    static int set_##name(OuVM *vm, void *p, OuObj *value, ou_ssize size, OuObj **keep) \
    {                                                                                   \
        double d;                                                                       \
        if (ou_as_double(vm, value, &d) < 0)                                            \
            return -1;                                                                  \
        T v = (T)d;                                                                     \
        unsigned char b[sizeof v];                                                      \
        memset(b, 0, sizeof b);                                                         \
        memcpy(b, &v, sizeof v);                                                        \
        for (size_t i = 0; i < sizeof v; i++)                                           \
            ((unsigned char *)p)[swap_bytes ? sizeof v - 1 - i : i] = b[i];             \
        return 0;                                                                       \
    }
FLOAT_CODE(f, float, false)
FLOAT_CODE(d, double, false)
FLOAT_CODE(fs, float, true)
FLOAT_CODE(ds, double, true)
FLOAT_CODE(g, long double, false)

/* ---- characters and strings ---- */

static OuObj *get_char(OuVM *vm, const void *p, ou_ssize size)
{
    return ou_bytes_new(vm, p, 1);
}
static int set_char(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    int64_t c;
    if (ou_isa_bytes(vm, v) && OU_BYTES(v)->len == 1)
        *(char *)p = OU_BYTES(v)->data[0];
    else if (ou_isa(vm, v, bytearray) && ((OuByteArray *)v)->len == 1)
        *(char *)p = ((OuByteArray *)v)->start[0];
    else if (ou_isa_int(vm, v) && ou_int_fits(v, &c) && c >= 0 && c < 256)
        *(char *)p = (char)c;
    else
        return ou_type_error_i(vm, "one character bytes, bytearray or integer expected");
    return 0;
}

static OuObj *from_wide(OuVM *vm, const wchar_t *s, ou_ssize n)
{
    for (ou_ssize i = 0; i < n; i++)
        if ((uint32_t)s[i] > 0x10ffff)
            return ou_value_error(vm, "character U+%x is not in range [U+0000; U+10ffff]", (unsigned)s[i]);
    return ou_str_from_ucs(vm, s, 4, n);
}
ou_ssize ou_ct_to_wchar(OuObj *s, wchar_t *out)
{
    ou_ssize n = ou_str_len(s);
    for (ou_ssize i = 0; i < n; i++)
        out[i] = (wchar_t)ou_str_at(OU_STR(s), i);
    return n;
}
OuObj *ou_ct_wide_copy(OuVM *vm, OuObj *s)
{
    ou_ssize n = ou_str_len(s);
    OuObj *b = ou_bytes_new(vm, NULL, (n + 1) * (ou_ssize)sizeof(wchar_t));
    if (!b)
        return NULL;
    wchar_t *w = (wchar_t *)OU_BYTES(b)->data;
    ou_ct_to_wchar(s, w);
    w[n] = 0;
    return b;
}

static OuObj *get_wchar(OuVM *vm, const void *p, ou_ssize size)
{
    wchar_t c;
    memcpy(&c, p, sizeof c);
    return from_wide(vm, &c, 1);
}
static int set_wchar(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    if (!ou_isa_str(vm, v))
        return ou_type_error_i(vm, "unicode string expected instead of %T instance", v);
    if (ou_str_len(v) != 1)
        return ou_type_error_i(vm, "one character unicode string expected");
    wchar_t c;
    ou_ct_to_wchar(v, &c);
    memcpy(p, &c, sizeof c);
    return 0;
}

OuObj *ou_ct_string_get(OuVM *vm, const void *p, ou_ssize size)
{
    return ou_bytes_new(vm, p, (ou_ssize)strnlen(p, (size_t)size));
}
int ou_ct_string_set(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    if (!ou_isa_bytes(vm, v))
        return ou_type_error_i(vm, "expected bytes, %T found", v);
    ou_ssize n = (ou_ssize)strlen(OU_BYTES(v)->data);
    if (n < size)
        n++; /* the NUL, too */
    else if (n > size)
        return ou_value_error_i(vm, "bytes too long (%zd, maximum length %zd)", n, size);
    memcpy(p, OU_BYTES(v)->data, (size_t)n);
    return 0;
}
OuObj *ou_ct_wstring_get(OuVM *vm, const void *p, ou_ssize size)
{
    ou_ssize n = 0, max = size / (ou_ssize)sizeof(wchar_t);
    while (n < max && ((const wchar_t *)p)[n])
        n++;
    return from_wide(vm, p, n);
}
int ou_ct_wstring_set(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    ou_ssize max = size / (ou_ssize)sizeof(wchar_t);
    if (!ou_isa_str(vm, v))
        return ou_type_error_i(vm, "unicode string expected instead of %T instance", v);
    ou_ssize n = ou_str_len(v);
    if (n > max)
        return ou_value_error_i(vm, "string too long (%zd, maximum length %zd)", n, max);
    ou_ct_to_wchar(v, p);
    if (n < max)
        ((wchar_t *)p)[n] = 0;
    return 0;
}

static OuObj *get_char_p(OuVM *vm, const void *p, ou_ssize size)
{
    const char *s;
    memcpy(&s, p, sizeof s);
    return s ? ou_bytes_new(vm, s, (ou_ssize)strlen(s)) : ou_none(vm);
}
static int store(void *p, const void *v)
{
    memcpy(p, &v, sizeof v);
    return 0;
}
static int store_address(OuVM *vm, void *p, OuObj *v)
{
    uint64_t bits;
    return as_bits(vm, v, &bits) < 0 ? -1 : store(p, (const void *)(uintptr_t)bits);
}
static int set_char_p(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    if (v == OU_NONE(vm))
        return store(p, NULL);
    if (ou_isa_bytes(vm, v)) {
        *keep = ou_ref(v);
        return store(p, OU_BYTES(v)->data);
    }
    if (ou_isa_int(vm, v))
        return store_address(vm, p, v);
    return ou_type_error_i(vm, "bytes or integer address expected instead of %T instance", v);
}
static OuObj *get_wchar_p(OuVM *vm, const void *p, ou_ssize size)
{
    const wchar_t *s;
    memcpy(&s, p, sizeof s);
    if (!s)
        return ou_none(vm);
    ou_ssize n = 0;
    while (s[n])
        n++;
    return from_wide(vm, s, n);
}
static int set_wchar_p(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    if (v == OU_NONE(vm))
        return store(p, NULL);
    if (ou_isa_int(vm, v))
        return store_address(vm, p, v);
    if (!ou_isa_str(vm, v))
        return ou_type_error_i(vm, "unicode string or integer address expected instead of %T instance", v);
    OuObj *copy = ou_ct_wide_copy(vm, v);
    if (!copy)
        return -1;
    *keep = copy;
    return store(p, OU_BYTES(copy)->data);
}
static OuObj *get_void_p(OuVM *vm, const void *p, ou_ssize size)
{
    void *v;
    memcpy(&v, p, sizeof v);
    return v ? ou_int_u64(vm, (uintptr_t)v) : ou_none(vm);
}
static int set_void_p(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    if (v == OU_NONE(vm))
        return store(p, NULL);
    if (!ou_isa_int(vm, v))
        return ou_type_error_i(vm, "cannot be converted to pointer");
    return store_address(vm, p, v);
}
static OuObj *get_object(OuVM *vm, const void *p, ou_ssize size)
{
    OuObj *o;
    memcpy(&o, p, sizeof o);
    return o ? ou_ref(o) : ou_value_error(vm, "PyObject is NULL");
}
static int set_object(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep)
{
    *keep = ou_ref(v);
    return store(p, v);
}

static const FfiType t_sint8 = {1, 1, FFI_SINT8, NULL}, t_uint8 = {1, 1, FFI_UINT8, NULL},
                     t_sint16 = {2, 2, FFI_SINT16, NULL}, t_uint16 = {2, 2, FFI_UINT16, NULL},
                     t_uint32 = {4, 4, FFI_UINT32, NULL}, t_sint64 = {8, 8, FFI_SINT64, NULL},
                     t_uint64 = {8, 8, FFI_UINT64, NULL}, t_float = {4, 4, FFI_FLOAT, NULL},
                     t_double = {8, 8, FFI_DOUBLE, NULL}, t_longdouble = {16, 16, FFI_LONGDOUBLE, NULL};

/* clang-format off */
const CtCode ou_ct_codes[] = {
    {'b', set_b, get_b, &t_sint8, NULL, NULL},
    {'B', set_B, get_B, &t_uint8, NULL, NULL},
    {'c', set_char, get_char, &t_sint8, NULL, NULL},
    {'d', set_d, get_d, &t_double, set_ds, get_ds},
    {'g', set_g, get_g, &t_longdouble, NULL, NULL},
    {'f', set_f, get_f, &t_float, set_fs, get_fs},
    {'h', set_h, get_h, &t_sint16, set_hs, get_hs},
    {'H', set_H, get_H, &t_uint16, set_Hs, get_Hs},
    {'i', set_i, get_i, &ou_ct_ffi_sint, set_is, get_is},
    {'I', set_I, get_I, &t_uint32, set_Is, get_Is},
    {'l', set_q, get_q, &t_sint64, set_qs, get_qs},
    {'L', set_Q, get_Q, &t_uint64, set_Qs, get_Qs},
    {'q', set_q, get_q, &t_sint64, set_qs, get_qs},
    {'Q', set_Q, get_Q, &t_uint64, set_Qs, get_Qs},
    {'P', set_void_p, get_void_p, &ou_ct_ffi_pointer, NULL, NULL},
    {'z', set_char_p, get_char_p, &ou_ct_ffi_pointer, NULL, NULL},
    {'u', set_wchar, get_wchar, &ou_ct_ffi_sint, NULL, NULL},
    {'Z', set_wchar_p, get_wchar_p, &ou_ct_ffi_pointer, NULL, NULL},
    {'O', set_object, get_object, &ou_ct_ffi_pointer, NULL, NULL},
    {'?', set_bool, get_bool, &t_uint8, NULL, NULL},
    {'v', set_variant_bool, get_variant_bool, &t_sint16, NULL, NULL},
    {0},
};
/* clang-format on */

const CtCode *ou_ct_code(char code)
{
    for (const CtCode *c = ou_ct_codes; c->code; c++)
        if (c->code == code)
            return c;
    return NULL;
}
