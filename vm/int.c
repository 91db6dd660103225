/* vm/int.c - the type int: making, comparing, hashing and the operator slots.
 *
 * Slots may be given any mixture of ints, bools and subclass instances, and anything else in one place: that
 * gives NotImplemented.  The path for two small exact ints comes first everywhere. */
#include "int_big.h"

#include "native.h"

OuObj *ou_int(OuVM *vm, int64_t v)
{
    if ((uint64_t)v + 5 < OU_SMALL_COUNT)
        return ou_ref((OuObj *)&vm->small_ints[v - OU_SMALL_MIN]);
    OuInt *r = (OuInt *)ou_new_leaf(vm, OU_T_int, sizeof(OuInt));
    if (r)
        r->v = v;
    return (OuObj *)r;
}

OuObj *ou_int_u64(OuVM *vm, uint64_t v)
{
    if (v <= (uint64_t)INT64_MAX)
        return ou_int(vm, (int64_t)v);
    mp_limb_t limb = v;
    return ou_big_from(vm, &limb, 1, false);
}

int ou_int_fits(OuObj *o, int64_t *out)
{
    if (ou_int_is_big(o))
        return 0;
    *out = OU_INT_V(o);
    return 1;
}

int ou_int_sign(OuObj *o)
{
    int64_t v = OU_INT_V(o); /* of a big int: its signed size */
    return v > 0 ? 1 : v < 0 ? -1 : 0;
}

OuObj *ou_int_exact(OuVM *vm, OuObj *o)
{
    if (ou_is(o, int))
        return ou_ref(o);
    if (!ou_int_is_big(o))
        return ou_int(vm, OU_INT_V(o));
    OuNum x;
    ou_num_of(&x, o);
    return ou_big_from(vm, x.p, x.n, x.neg);
}

OuObj *ou_int_add(OuVM *vm, OuObj *a, OuObj *b)
{
    int64_t r;
    if (!ou_int_is_big(a) && !ou_int_is_big(b) && !__builtin_add_overflow(OU_INT_V(a), OU_INT_V(b), &r))
        return ou_int(vm, r);
    return ou_big_add(vm, a, b, false);
}

OuObj *ou_int_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    int64_t r;
    if (!ou_int_is_big(a) && !ou_int_is_big(b) && !__builtin_sub_overflow(OU_INT_V(a), OU_INT_V(b), &r))
        return ou_int(vm, r);
    return ou_big_add(vm, a, b, true);
}

OuObj *ou_int_mul(OuVM *vm, OuObj *a, OuObj *b)
{
    int64_t r;
    if (!ou_int_is_big(a) && !ou_int_is_big(b) && !__builtin_mul_overflow(OU_INT_V(a), OU_INT_V(b), &r))
        return ou_int(vm, r);
    return ou_big_mul(vm, a, b);
}

/* hash(n) is n modulo 2**61 - 1 with the sign of n; -1 becomes -2. */
#define HASH_MODULUS (((uint64_t)1 << 61) - 1)
int64_t ou_int_hash(OuObj *o)
{
    OuNum x;
    ou_num_of(&x, o);
    uint64_t m = x.n == 0   ? 0
                 : x.n == 1 ? x.p[0] % HASH_MODULUS
                            : mpn_mod_1(x.p, (mp_size_t)x.n, HASH_MODULUS);
    int64_t h = x.neg ? -(int64_t)m : (int64_t)m;
    return h == -1 ? -2 : h;
}

/* ---- slots ---------------------------------------------------------------------- */
static inline bool both_ints(OuVM *vm, OuObj *a, OuObj *b)
{
    return (ou_is_small(a) && ou_is_small(b)) || (ou_isa_int(vm, a) && ou_isa_int(vm, b));
}

static OuObj *int_repr(OuVM *vm, OuObj *o)
{
    return ou_int_to_str(vm, o, 10, false);
}

static int int_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    *out = ou_int_hash(o);
    return 0;
}

static OuObj *int_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!both_ints(vm, a, b))
        return ou_notimplemented(vm);
    int c;
    if (!ou_int_is_big(a) && !ou_int_is_big(b))
        c = (OU_INT_V(a) > OU_INT_V(b)) - (OU_INT_V(a) < OU_INT_V(b));
    else
        c = a == b ? 0 : ou_int_cmp(a, b);
    return ou_bool(vm, op >> (c + 1) & 1); /* OU_CMP_*: bits for less, equal, greater */
}

static OuObj *int_add(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_add(vm, a, b) : ou_notimplemented(vm);
}

static OuObj *int_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_sub(vm, a, b) : ou_notimplemented(vm);
}

static OuObj *int_mul(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_mul(vm, a, b) : ou_notimplemented(vm);
}

static OuObj *int_truediv(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_truediv(vm, a, b) : ou_notimplemented(vm);
}

static OuObj *int_floordiv(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!both_ints(vm, a, b))
        return ou_notimplemented(vm);
    if (OU_INT_V(b) == 0)
        return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "integer division or modulo by zero");
    return ou_int_floordiv(vm, a, b);
}

static OuObj *int_mod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!both_ints(vm, a, b))
        return ou_notimplemented(vm);
    if (OU_INT_V(b) == 0)
        return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "integer modulo by zero");
    return ou_int_mod(vm, a, b);
}

static OuObj *int_divmod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!both_ints(vm, a, b))
        return ou_notimplemented(vm);
    if (OU_INT_V(b) == 0)
        return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "integer division or modulo by zero");
    OuObj *qr[2] = {NULL, NULL}, *res = NULL;
    if (ou_int_is_big(a) || ou_int_is_big(b)) {
        if (ou_big_divmod(vm, a, b, &qr[0], &qr[1]) < 0)
            return NULL;
    } else {
        qr[0] = ou_int_floordiv(vm, a, b);
        qr[1] = ou_int_mod(vm, a, b);
    }
    if (qr[0] && qr[1])
        res = ou_tuple_of_take(vm, qr, 2);
    ou_xdecref(vm, qr[0]);
    ou_xdecref(vm, qr[1]);
    return res;
}

/* A negative exponent makes it a power of floats. */
static OuObj *pow_float(OuVM *vm, OuObj *a, OuObj *b)
{
    double x, y;
    if (ou_int_to_double(vm, a, &x) < 0 || ou_int_to_double(vm, b, &y) < 0)
        return NULL;
    OuObj *fx = ou_float(vm, x), *fy = ou_float(vm, y), *r = NULL;
    if (fx && fy)
        r = vm->builtin[OU_T_float].u->nb[OU_NB_POW](vm, fx, fy);
    ou_xdecref(vm, fx);
    ou_xdecref(vm, fy);
    return r;
}

static OuObj *int_pow(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!both_ints(vm, a, b))
        return ou_notimplemented(vm);
    return ou_int_sign(b) < 0 ? pow_float(vm, a, b) : ou_int_pow(vm, a, b);
}

static OuObj *int_power3(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod)
{
    if (!both_ints(vm, a, b) || !ou_isa_int(vm, mod))
        return ou_notimplemented(vm);
    return ou_int_powmod(vm, a, b, mod);
}

static OuObj *int_lshift(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_lshift(vm, a, b) : ou_notimplemented(vm);
}

static OuObj *int_rshift(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_rshift(vm, a, b) : ou_notimplemented(vm);
}

static OuObj *int_and(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_logic(vm, a, b, '&') : ou_notimplemented(vm);
}

static OuObj *int_or(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_logic(vm, a, b, '|') : ou_notimplemented(vm);
}

static OuObj *int_xor(OuVM *vm, OuObj *a, OuObj *b)
{
    return both_ints(vm, a, b) ? ou_int_logic(vm, a, b, '^') : ou_notimplemented(vm);
}

static OuObj *int_invert(OuVM *vm, OuObj *o)
{
    if (!ou_int_is_big(o))
        return ou_int(vm, ~OU_INT_V(o));
    OuObj *one = (OuObj *)&vm->small_ints[1 - OU_SMALL_MIN], *t = ou_int_add(vm, o, one), *r = NULL;
    if (t) {
        r = ou_int_negate(vm, t);
        ou_decref(vm, t);
    }
    return r;
}

static int int_truth(OuVM *vm, OuObj *o)
{
    return OU_INT_V(o) != 0;
}

static OuObj *int_to_float(OuVM *vm, OuObj *o)
{
    double d;
    return ou_int_to_double(vm, o, &d) < 0 ? NULL : ou_float(vm, d);
}

static void int_dealloc(OuVM *vm, OuObj *o)
{
    if (!ou_is(o, int)) {
        ou_free_object(vm, o);
        return;
    }
    size_t size = sizeof(OuInt);
    if (ou_int_is_big(o)) {
        int64_t n = ((OuBigInt *)o)->size;
        size = sizeof(OuBigInt) + (size_t)(n < 0 ? -n : n) * 8;
    }
    ou_heap_free_leaf(&vm->heap, o, size);
}

const OuTypeSpec ou_int_spec = {
    .name = "int",
    .size = sizeof(OuInt),
    .item_size = 8,
    .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE | OU_TYPE_INT_SUB | OU_TYPE_MATCH_SELF,
    .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\n"
           "The integer a number or text stands for; 0 without argument.  Numbers are asked for\n"
           "x.__int__(); floats lose their fraction (towards zero).\n\n"
           "Text (str, bytes or bytearray) is read in the given base, 2 to 36, by default 10; it may\n"
           "have a sign, white space around it and single underscores between digits.  Base 0 takes\n"
           "the base from the prefix as in source code.\n>>> int('0b100', base=0)\n4",
    .dealloc = int_dealloc,
    .s = {.repr = int_repr,
          .hash = int_hash,
          .compare = int_compare,
          .new_ = ou_int_new,
          .nb = {[OU_NB_ADD] = int_add,
                 [OU_NB_SUB] = int_sub,
                 [OU_NB_MUL] = int_mul,
                 [OU_NB_DIV] = int_truediv,
                 [OU_NB_FLOORDIV] = int_floordiv,
                 [OU_NB_MOD] = int_mod,
                 [OU_NB_POW] = int_pow,
                 [OU_NB_LSHIFT] = int_lshift,
                 [OU_NB_RSHIFT] = int_rshift,
                 [OU_NB_AND] = int_and,
                 [OU_NB_OR] = int_or,
                 [OU_NB_XOR] = int_xor,
                 [OU_NB_DIVMOD] = int_divmod},
          .power3 = int_power3,
          .neg = ou_int_negate,
          .pos = ou_int_exact,
          .abs = ou_int_abs,
          .invert = int_invert,
          .to_int = ou_int_exact,
          .to_float = int_to_float,
          .index = ou_int_exact,
          .truth = int_truth},
    .methods = ou_int_methods,
    .getset = ou_int_getset,
};
