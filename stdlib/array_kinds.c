/* stdlib/array_kinds.c - array.array: the kinds of items, how one is read and written.  Messages of range errors are those of
 * CPython's getters, which convert by way of wider C types. */
#include "array.h"

#include <string.h>

#define GET(name, T, make)                            \
    static OuObj *name##_get(OuVM *vm, const void *p) \
    {                                                 \
        T v;                                          \
        memcpy(&v, p, sizeof v);                      \
        return make;                                  \
    }
GET(b, int8_t, ou_int(vm, v))
GET(B, uint8_t, ou_int(vm, v))
GET(h, int16_t, ou_int(vm, v))
GET(H, uint16_t, ou_int(vm, v))
GET(i, int32_t, ou_int(vm, v))
GET(I, uint32_t, ou_int(vm, v))
GET(l, int64_t, ou_int(vm, v))
GET(L, uint64_t, ou_int_u64(vm, v))
GET(f, float, ou_float(vm, v))
GET(d, double, ou_float(vm, v))
static OuObj *u_get(OuVM *vm, const void *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    if (v > 0x10ffff)
        return ou_value_error(vm, "character U+%x is not in range [U+0000; U+10ffff]", v);
    return ou_str_char(vm, v);
}

static int overflow(OuVM *vm, const char *what, bool low)
{
    return ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s is %s than %s", what, low ? "less" : "greater",
                      low ? "minimum" : "maximum");
}
/* An int within lo..hi named `what`, checked as C conversions do: first against the range of a wider C type.
 */
static int ranged(OuVM *vm, OuObj *o, int64_t wide_lo, int64_t wide_hi, const char *wide, int64_t lo,
                  int64_t hi, const char *what, int64_t *v)
{
    if (ou_as_i64(vm, o, v) < 0)
        return -1;
    if (*v < wide_lo || *v > wide_hi)
        return overflow(vm, wide, *v < wide_lo);
    if (*v < lo || *v > hi)
        return overflow(vm, what, *v < lo);
    return 0;
}
#define SET(name, T, wlo, whi, wide, lo, hi, what)               \
    static int name##_set(OuVM *vm, OuObj *o, void *out)         \
    {                                                            \
        int64_t v;                                               \
        if (ranged(vm, o, wlo, whi, wide, lo, hi, what, &v) < 0) \
            return -1;                                           \
        T t = (T)v;                                              \
        if (out)                                                 \
            memcpy(out, &t, sizeof t);                           \
        return 0;                                                \
    }
SET(b, int8_t, INT16_MIN, INT16_MAX, "signed short integer", INT8_MIN, INT8_MAX, "signed char")
SET(B, uint8_t, 0, UINT8_MAX, "unsigned byte integer", 0, UINT8_MAX, "")
SET(h, int16_t, INT16_MIN, INT16_MAX, "signed short integer", INT16_MIN, INT16_MAX, "")
SET(H, uint16_t, INT32_MIN, INT32_MAX, "signed integer", 0, UINT16_MAX, "unsigned short")
SET(i, int32_t, INT32_MIN, INT32_MAX, "signed integer", INT32_MIN, INT32_MAX, "")
SET(l, int64_t, INT64_MIN, INT64_MAX, "", INT64_MIN, INT64_MAX, "")

/* The int that __index__ gives, new. */
static int q_set(OuVM *vm, OuObj *o, void *out)
{
    OuObj *i = ou_index(vm, o);
    int64_t v;
    if (!i)
        return -1;
    bool ok = ou_int_fits(i, &v);
    ou_decref(vm, i);
    if (!ok)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "int too big to convert");
    if (out)
        memcpy(out, &v, sizeof v);
    return 0;
}
static int unsigned_value(OuVM *vm, OuObj *o, const char *negative, const char *big, uint64_t *v)
{
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int r = 0;
    int64_t s;
    if (ou_int_sign(i) < 0)
        r = ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s", negative);
    else if (ou_int_fits(i, &s))
        *v = (uint64_t)s;
    else if (((OuBigInt *)i)->size == 1)
        *v = ((OuBigInt *)i)->limb[0];
    else
        r = ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s", big);
    ou_decref(vm, i);
    return r;
}
static int I_set(OuVM *vm, OuObj *o, void *out)
{
    uint64_t v;
    if (unsigned_value(vm, o, "can't convert negative value to unsigned int",
                       "Python int too large to convert to C unsigned long", &v) < 0)
        return -1;
    if (v > UINT32_MAX)
        return overflow(vm, "unsigned int", false);
    uint32_t t = (uint32_t)v;
    if (out)
        memcpy(out, &t, sizeof t);
    return 0;
}
static int L_set(OuVM *vm, OuObj *o, void *out)
{
    uint64_t v;
    if (unsigned_value(vm, o, "can't convert negative value to unsigned int",
                       "Python int too large to convert to C unsigned long", &v) < 0)
        return -1;
    if (out)
        memcpy(out, &v, sizeof v);
    return 0;
}
static int Q_set(OuVM *vm, OuObj *o, void *out)
{
    uint64_t v;
    if (unsigned_value(vm, o, "can't convert negative int to unsigned", "int too big to convert", &v) < 0)
        return -1;
    if (out)
        memcpy(out, &v, sizeof v);
    return 0;
}
static int d_set(OuVM *vm, OuObj *o, void *out)
{
    double v;
    if (ou_as_double(vm, o, &v) < 0)
        return -1;
    if (out)
        memcpy(out, &v, sizeof v);
    return 0;
}
static int f_set(OuVM *vm, OuObj *o, void *out)
{
    double v;
    if (ou_as_double(vm, o, &v) < 0)
        return -1;
    float t = (float)v;
    if (out)
        memcpy(out, &t, sizeof t);
    return 0;
}
static int u_set(OuVM *vm, OuObj *o, void *out)
{
    if (!ou_isa_str(vm, o) || ou_str_len(o) != 1)
        return ou_type_error_i(vm, "array item must be unicode character");
    uint32_t c = ou_str_at(OU_STR(o), 0);
    if (out)
        memcpy(out, &c, sizeof c);
    return 0;
}

const OuArrayKind ou_array_kinds[] = {
    {'b', 1, "b", 1, true, true, b_get, b_set},    {'B', 1, "B", 0, true, false, B_get, B_set},
    {'u', 4, "w", 20, false, false, u_get, u_set}, {'h', 2, "h", 4, true, true, h_get, h_set},
    {'H', 2, "H", 2, true, false, H_get, H_set},   {'i', 4, "i", 8, true, true, i_get, i_set},
    {'I', 4, "I", 6, true, false, I_get, I_set},   {'l', 8, "l", 12, true, true, l_get, l_set},
    {'L', 8, "L", 10, true, false, L_get, L_set},  {'q', 8, "q", 12, true, true, l_get, q_set},
    {'Q', 8, "Q", 10, true, false, L_get, Q_set},  {'f', 4, "f", 14, false, false, f_get, f_set},
    {'d', 8, "d", 16, false, false, d_get, d_set}, {0},
};
const OuArrayKind *ou_array_kind(uint32_t code)
{
    for (const OuArrayKind *k = ou_array_kinds; k->code; k++)
        if ((uint32_t)k->code == code)
            return k;
    return NULL;
}
