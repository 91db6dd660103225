/* stdlib/_operator.c - the operators as functions.  itemgetter, attrgetter, methodcaller:
 * stdlib/_operator_get.c. */
#include "_operator.h"

#include <string.h>

/* ---- binary and unary operators --------------------------------------------------------------- */

#define BINARY(name, nb)                           \
    FN(op_##name)                                  \
    {                                              \
        return ou_binop(vm, nb, args[0], args[1]); \
    }
BINARY(add, OU_NB_ADD)
BINARY(sub, OU_NB_SUB)
BINARY(mul, OU_NB_MUL)
BINARY(matmul, OU_NB_MATMUL)
BINARY(floordiv, OU_NB_FLOORDIV)
BINARY(truediv, OU_NB_DIV)
BINARY(mod, OU_NB_MOD)
BINARY(lshift, OU_NB_LSHIFT)
BINARY(rshift, OU_NB_RSHIFT)
BINARY(and_, OU_NB_AND)
BINARY(xor, OU_NB_XOR)
BINARY(or_, OU_NB_OR)
BINARY(pow, OU_NB_POW)
BINARY(iadd, OU_NB_INPLACE + OU_NB_ADD)
BINARY(isub, OU_NB_INPLACE + OU_NB_SUB)
BINARY(imul, OU_NB_INPLACE + OU_NB_MUL)
BINARY(imatmul, OU_NB_INPLACE + OU_NB_MATMUL)
BINARY(ifloordiv, OU_NB_INPLACE + OU_NB_FLOORDIV)
BINARY(itruediv, OU_NB_INPLACE + OU_NB_DIV)
BINARY(imod, OU_NB_INPLACE + OU_NB_MOD)
BINARY(ilshift, OU_NB_INPLACE + OU_NB_LSHIFT)
BINARY(irshift, OU_NB_INPLACE + OU_NB_RSHIFT)
BINARY(iand, OU_NB_INPLACE + OU_NB_AND)
BINARY(ixor, OU_NB_INPLACE + OU_NB_XOR)
BINARY(ior, OU_NB_INPLACE + OU_NB_OR)
BINARY(ipow, OU_NB_INPLACE + OU_NB_POW)

#define COMPARE(name, op)                            \
    FN(op_##name)                                    \
    {                                                \
        return ou_compare(vm, args[0], args[1], op); \
    }
COMPARE(lt, OU_CMP_LT)
COMPARE(le, OU_CMP_LE)
COMPARE(eq, OU_CMP_EQ)
COMPARE(ne, OU_CMP_NE)
COMPARE(gt, OU_CMP_GT)
COMPARE(ge, OU_CMP_GE)

#define UNARY(name, f)         \
    FN(op_##name)              \
    {                          \
        return f(vm, args[0]); \
    }
UNARY(neg, ou_negative)
UNARY(pos, ou_positive)
UNARY(abs, ou_absolute)
UNARY(invert, ou_invert)

static OuObj *truth(OuVM *vm, int r)
{
    return r < 0 ? NULL : ou_bool(vm, r);
}
FN(op_truth)
{
    return truth(vm, ou_is_true(vm, args[0]));
}
FN(op_not)
{
    int r = ou_is_true(vm, args[0]);
    return r < 0 ? NULL : ou_bool(vm, !r);
}
FN(op_is)
{
    return ou_bool(vm, args[0] == args[1]);
}
FN(op_is_not)
{
    return ou_bool(vm, args[0] != args[1]);
}
FN(op_index)
{
    OuObj *i = ou_index(vm, args[0]);
    if (!i || ou_is(i, int))
        return i;
    OuObj *e = ou_int_exact(vm, i);
    ou_decref(vm, i);
    return e;
}

/* ---- containers -------------------------------------------------------------------------------- */

static OuObj *concat(OuVM *vm, OuObj *a, OuObj *b, bool inplace)
{
    const OuSuite *s = OU_TYPE_OF(vm, a)->u;
    if (inplace && s->iconcat)
        return s->iconcat(vm, a, b);
    if (s->concat)
        return s->concat(vm, a, b);
    if (ou_is_sequence(vm, a) && ou_is_sequence(vm, b))
        return ou_binop(vm, OU_NB_ADD + (inplace ? OU_NB_INPLACE : 0), a, b);
    return ou_type_error(vm, "'%T' object can't be concatenated", a);
}
FN(op_concat)
{
    return concat(vm, args[0], args[1], false);
}
FN(op_iconcat)
{
    return concat(vm, args[0], args[1], true);
}
FN(op_contains)
{
    return truth(vm, ou_contains(vm, args[0], args[1]));
}
FN(op_count_of)
{
    ou_ssize n;
    return ou_sequence_search(vm, args[0], args[1], OU_SEARCH_COUNT, &n) < 0 ? NULL : ou_int(vm, n);
}
FN(op_index_of)
{
    ou_ssize n;
    return ou_sequence_search(vm, args[0], args[1], OU_SEARCH_INDEX, &n) < 0 ? NULL : ou_int(vm, n);
}
FN(op_getitem)
{
    return ou_getitem(vm, args[0], args[1]);
}
FN(op_setitem)
{
    return ou_setitem(vm, args[0], args[1], args[2]) < 0 ? NULL : ou_none(vm);
}
FN(op_delitem)
{
    return ou_delitem(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}
FN(op_length_hint)
{
    ou_ssize dflt = 0;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &dflt) < 0)
        return NULL;
    ou_ssize n = ou_length_hint(vm, args[0], dflt);
    return n == -1 && ou_err_occurred(vm) ? NULL : ou_int(vm, n);
}
FN(op_call)
{
    if (nargs < 1)
        return ou_type_error(vm, "call expected at least 1 argument, got 0");
    return ou_call(vm, args[0], args + 1, nargs - 1, kwnames);
}

/* Takes time that depends on the length of b only. */
static bool same_bytes(const unsigned char *a, size_t na, const unsigned char *b, size_t nb)
{
    unsigned diff = na != nb;
    const unsigned char *p = na == nb ? a : b;
    for (size_t i = 0; i < nb; i++)
        diff |= p[i] ^ b[i];
    return diff == 0;
}
FN(op_compare_digest)
{
    OuObj *a = args[0], *b = args[1];
    if (ou_isa_str(vm, a) && ou_isa_str(vm, b)) {
        if (!OU_STR(a)->ascii || !OU_STR(b)->ascii)
            return ou_type_error(vm, "comparing strings with non-ASCII characters is not supported");
        return ou_bool(vm, same_bytes((unsigned char *)OU_STR(a)->data, OU_STR(a)->len,
                                      (unsigned char *)OU_STR(b)->data, OU_STR(b)->len));
    }
    if (!ou_has_buffer(vm, a) && !ou_has_buffer(vm, b))
        return ou_type_error(vm, "unsupported operand types(s) or combination of types: '%T' and '%T'", a, b);
    OuBuffer va, vb;
    if (ou_buffer_get(vm, a, &va, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *res = NULL;
    if (va.ndim > 1)
        ou_raise(vm, OU_EXC(vm, BufferError), "Buffer must be single dimension");
    else if (ou_buffer_get(vm, b, &vb, OU_BUF_SIMPLE) == 0) {
        res = ou_bool(vm, same_bytes(va.buf, (size_t)va.len, vb.buf, (size_t)vb.len));
        ou_buffer_release(vm, &vb);
    }
    ou_buffer_release(vm, &va);
    return res;
}

static const OuFn functions[] = {
    {"truth(a, /)", op_truth, 0, "Return True if a is true, False otherwise."},
    {"contains(a, b, /)", op_contains, 0, "Same as b in a (note reversed operands)."},
    {"indexOf(a, b, /)", op_index_of, 0, "First place of b in a."},
    {"countOf(a, b, /)", op_count_of, 0, "Number of items in a which are, or which equal, b."},
    {"is_(a, b, /)", op_is, 0, "Same as a is b."},
    {"is_not(a, b, /)", op_is_not, 0, "Same as a is not b."},
    {"add(a, b, /)", op_add, 0, "Same as a + b."},
    {"sub(a, b, /)", op_sub, 0, "Same as a - b."},
    {"mul(a, b, /)", op_mul, 0, "Same as a * b."},
    {"matmul(a, b, /)", op_matmul, 0, "Same as a @ b."},
    {"floordiv(a, b, /)", op_floordiv, 0, "Same as a // b."},
    {"truediv(a, b, /)", op_truediv, 0, "Same as a / b."},
    {"mod(a, b, /)", op_mod, 0, "Same as a % b."},
    {"neg(a, /)", op_neg, 0, "Same as -a."},
    {"pos(a, /)", op_pos, 0, "Same as +a."},
    {"abs(a, /)", op_abs, 0, "Same as abs(a)."},
    {"inv(a, /)", op_invert, 0, "Same as ~a."},
    {"invert(a, /)", op_invert, 0, "Same as ~a."},
    {"lshift(a, b, /)", op_lshift, 0, "Same as a << b."},
    {"rshift(a, b, /)", op_rshift, 0, "Same as a >> b."},
    {"not_(a, /)", op_not, 0, "Same as not a."},
    {"and_(a, b, /)", op_and_, 0, "Same as a & b."},
    {"xor(a, b, /)", op_xor, 0, "Same as a ^ b."},
    {"or_(a, b, /)", op_or_, 0, "Same as a | b."},
    {"pow(a, b, /)", op_pow, 0, "Same as a ** b."},
    {"iadd(a, b, /)", op_iadd, 0, "Same as a += b."},
    {"isub(a, b, /)", op_isub, 0, "Same as a -= b."},
    {"imul(a, b, /)", op_imul, 0, "Same as a *= b."},
    {"imatmul(a, b, /)", op_imatmul, 0, "Same as a @= b."},
    {"ifloordiv(a, b, /)", op_ifloordiv, 0, "Same as a //= b."},
    {"itruediv(a, b, /)", op_itruediv, 0, "Same as a /= b."},
    {"imod(a, b, /)", op_imod, 0, "Same as a %= b."},
    {"ilshift(a, b, /)", op_ilshift, 0, "Same as a <<= b."},
    {"irshift(a, b, /)", op_irshift, 0, "Same as a >>= b."},
    {"iand(a, b, /)", op_iand, 0, "Same as a &= b."},
    {"ixor(a, b, /)", op_ixor, 0, "Same as a ^= b."},
    {"ior(a, b, /)", op_ior, 0, "Same as a |= b."},
    {"ipow(a, b, /)", op_ipow, 0, "Same as a **= b."},
    {"concat(a, b, /)", op_concat, 0, "Same as a + b, for a and b sequences."},
    {"iconcat(a, b, /)", op_iconcat, 0, "Same as a += b, for a and b sequences."},
    {"getitem(a, b, /)", op_getitem, 0, "Same as a[b]."},
    {"setitem(a, b, c, /)", op_setitem, 0, "Same as a[b] = c."},
    {"delitem(a, b, /)", op_delitem, 0, "Same as del a[b]."},
    {"eq(a, b, /)", op_eq, 0, "Same as a == b."},
    {"lt(a, b, /)", op_lt, 0, "Same as a < b."},
    {"le(a, b, /)", op_le, 0, "Same as a <= b."},
    {"ge(a, b, /)", op_ge, 0, "Same as a >= b."},
    {"gt(a, b, /)", op_gt, 0, "Same as a > b."},
    {"ne(a, b, /)", op_ne, 0, "Same as a != b."},
    {"index(a, /)", op_index, 0, "Same as a.__index__()"},
    {"length_hint(obj, default=0, /)", op_length_hint, 0, "An estimate of the number of items in obj."},
    {"call(obj, /, *args, **kwargs)", op_call, OU_FN_RAW, "Same as obj(*args, **kwargs)."},
    {"_compare_digest(a, b, /)", op_compare_digest, 0,
     "a == b for two strings or bytes-like objects, in a time that does not tell where they differ."},
    {0},
};

static int exec(OuVM *vm, OuObj *module)
{
    return ou_module_add_type(vm, module, &ou_itemgetter_spec, NULL) &&
                   ou_module_add_type(vm, module, &ou_attrgetter_spec, NULL) &&
                   ou_module_add_type(vm, module, &ou_methodcaller_spec, NULL)
               ? 0
               : -1;
}
const OuModuleDef ou_mod__operator = {
    .name = "_operator",
    .doc = "Operator interface: functions that correspond to the operators of the language.",
    .functions = functions,
    .exec = exec,
};
