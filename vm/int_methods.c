/* vm/int_methods.c - methods and attributes of int. */
#include "int_big.h"

#include "native.h"

static OuObj *m_self(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int_exact(vm, args[0]);
}

static OuObj *m_bit_length(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)ou_int_bits(args[0]));
}

static OuObj *m_bit_count(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuNum x;
    ou_num_of(&x, args[0]);
    return ou_int(vm, x.n ? (int64_t)mpn_popcount(x.p, (mp_size_t)x.n) : 0);
}

static OuObj *m_as_integer_ratio(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *pair[2] = {ou_int_exact(vm, args[0]), ou_int(vm, 1)}, *r = NULL;
    if (pair[0] && pair[1])
        r = ou_tuple_of_take(vm, pair, 2);
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return r;
}

static OuObj *m_round(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!args[1])
        return ou_int_exact(vm, args[0]);
    OuObj *nd = ou_index(vm, args[1]);
    if (!nd)
        return NULL;
    OuObj *r = ou_int_round10(vm, args[0], nd);
    ou_decref(vm, nd);
    return r;
}

static OuObj *m_format(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "__format__() argument must be str, not %T", args[1]);
    return ou_fmt_int(vm, args[0], args[1]);
}

static OuObj *m_getnewargs(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *v = ou_int_exact(vm, args[0]), *r = NULL;
    if (v) {
        r = ou_tuple_pack(vm, 1, v);
        ou_decref(vm, v);
    }
    return r;
}

static OuObj *m_sizeof(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *t = OU_TYPE_OF(vm, args[0]);
    int64_t n = ou_int_is_big(args[0]) ? ((OuBigInt *)args[0])->size : 0;
    return ou_int(vm, (int64_t)t->face.size + 8 * (n < 0 ? -n : n));
}

/* 1 little, 0 big, -1 */
static int byte_order(OuVM *vm, OuObj *o, const char *func)
{
    if (!o)
        return 0;
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s() argument 'byteorder' must be str, not %T", func, o);
    if (ou_str_eq_s(o, "little"))
        return 1;
    if (ou_str_eq_s(o, "big"))
        return 0;
    return ou_value_error_i(vm, "byteorder must be either 'little' or 'big'");
}

static OuObj *m_to_bytes(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize n = 1;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    int little = byte_order(vm, args[2], "to_bytes"), is_signed = 0;
    if (little < 0 || (args[3] && (is_signed = ou_is_true(vm, args[3])) < 0))
        return NULL;
    if (n < 0)
        return ou_value_error(vm, "length argument must be non-negative");
    OuObj *r = ou_bytes_new(vm, NULL, n);
    if (r &&
        ou_int_to_bytes(vm, args[0], (unsigned char *)OU_BYTES(r)->data, (size_t)n, little, is_signed) < 0) {
        ou_decref(vm, r);
        return NULL;
    }
    return r;
}

static OuObj *m_from_bytes(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int little = byte_order(vm, args[2], "from_bytes"), is_signed = 0;
    if (little < 0 || (args[3] && (is_signed = ou_is_true(vm, args[3])) < 0))
        return NULL;
    if (ou_isa_str(vm, args[1]) || ou_isa_int(vm, args[1]))
        return ou_type_error(vm, "cannot convert '%T' object to bytes", args[1]);
    OuObj *b = ou_bytes_of(vm, args[1]);
    if (!b)
        return NULL;
    OuObj *r =
        ou_int_from_bytes(vm, (const unsigned char *)OU_BYTES(b)->data, OU_BYTES(b)->len, little, is_signed);
    ou_decref(vm, b);
    if (r && OU_AS_TYPE(args[0]) != &vm->builtin[OU_T_int]) {
        OuObj *sub = ou_call1(vm, args[0], r);
        ou_decref(vm, r);
        return sub;
    }
    return r;
}

const OuFn ou_int_methods[] = {
    {"conjugate(self, /)", m_self, OU_FN_NOTEXT, "The number itself."},
    {"bit_length(self, /)", m_bit_length, 0,
     "Bits needed to write the number in binary, without sign.\n\n>>> bin(37)\n'0b100101'\n>>> "
     "(37).bit_length()\n6"},
    {"bit_count(self, /)", m_bit_count, 0,
     "Ones in the binary form of the absolute value.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3"},
    {"to_bytes(self, /, length=1, byteorder='big', *, signed=False)", m_to_bytes, 0,
     "The number as bytes.\n\n"
     "length: how many; OverflowError if the number does not fit.\n"
     "byteorder: 'big' puts the most significant byte first, 'little' last.\n"
     "signed: two's complement; without it negative numbers are an OverflowError."},
    {"from_bytes(type, /, bytes, byteorder='big', *, signed=False)", m_from_bytes, OU_FN_CLASS,
     "The number that bytes stand for.\n\n"
     "bytes: a buffer, or an iterable of byte values.\n"
     "byteorder: 'big' if the most significant byte comes first, 'little' if last.\n"
     "signed: whether they are two's complement."},
    {"as_integer_ratio(self, /)", m_as_integer_ratio, 0,
     "The pair (self, 1).\n\n>>> (7).as_integer_ratio()\n(7, 1)\n>>> (-7).as_integer_ratio()\n(-7, 1)\n>>> "
     "(0).as_integer_ratio()\n(0, 1)"},
    {"__trunc__(self, /)", m_self, OU_FN_NOTEXT, "An integer is its own truncation."},
    {"__floor__(self, /)", m_self, OU_FN_NOTEXT, "An integer is its own floor."},
    {"__ceil__(self, /)", m_self, OU_FN_NOTEXT, "An integer is its own ceiling."},
    {"__round__(self, ndigits=<unrepresentable>, /)", m_round, 0,
     "The integer itself; negative ndigits round to tens, hundreds ..., half to even."},
    {"__getnewargs__(self, /)", m_getnewargs, 0, NULL},
    {"__format__(self, format_spec, /)", m_format, 0, NULL},
    {"__sizeof__(self, /)", m_sizeof, 0, "Size in memory, in bytes."},
    {0},
};

static OuObj *g_self(OuVM *vm, OuObj *self, void *data)
{
    return ou_int_exact(vm, self);
}

static OuObj *g_const(OuVM *vm, OuObj *self, void *data)
{
    return ou_int(vm, data ? 1 : 0);
}

const OuGetSet ou_int_getset[] = {
    {"real", g_self, NULL, "the real part of a complex number", NULL},
    {"imag", g_const, NULL, "the imaginary part of a complex number", NULL},
    {"numerator", g_self, NULL, "the numerator of a rational number in lowest terms", NULL},
    {"denominator", g_const, NULL, "the denominator of a rational number in lowest terms", (void *)"1"},
    {0},
};
