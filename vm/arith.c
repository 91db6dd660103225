/* vm/arith.c - operators on any objects: dispatch to the slots of both operands, and CPython's error texts.
 *
 * Order of a binary operator: the right operand's slot first if its type is a proper subclass of the left's
 * with a slot of its own, then the left's, then the right's; then the sequence forms of + and *.  Equal slot
 * functions are asked once (slots of Python classes look at both __op__ and __rop__ themselves). */
#include <string.h>

#include "native.h"

static const char *const op_text[OU_NB_COUNT] = {
    "+",  "-",  "*",  "/",   "//", "%",   "** or pow()", "<<",  ">>", "&",  "|",  "^",  "@",        "+=",
    "-=", "*=", "/=", "//=", "%=", "**=", "<<=",         ">>=", "&=", "|=", "^=", "@=", "divmod()",
};

/* Result, or NotImplemented, of the slots nb of both operands. */
static OuObj *by_slots(OuVM *vm, int nb, OuObj *a, OuObj *b)
{
    OuType *ta = OU_TYPE_OF(vm, a), *tb = OU_TYPE_OF(vm, b);
    OuBinary fa = ta->u->nb[nb], fb = ta == tb ? NULL : tb->u->nb[nb];
    OuObj *r;
    if (fb == fa)
        fb = NULL;
    if (fa) {
        if (fb && ou_type_is_subtype(vm, tb, ta)) {
            r = fb(vm, a, b);
            if (r != OU_NOTIMPLEMENTED(vm))
                return r;
            ou_decref(vm, r);
            fb = NULL;
        }
        r = fa(vm, a, b);
        if (r != OU_NOTIMPLEMENTED(vm) || !fb)
            return r;
        ou_decref(vm, r);
    }
    return fb ? fb(vm, a, b) : ou_notimplemented(vm);
}

static OuObj *unsupported(OuVM *vm, int nb, OuObj *a, OuObj *b)
{
    if (nb == OU_NB_RSHIFT && ou_is(a, builtin)) {
        const OuSig *sig = ((OuBuiltin *)a)->sig;
        if (sig && sig->name_len == 5 && memcmp(sig->name, "print", 5) == 0)
            return ou_type_error(vm,
                                 "unsupported operand type(s) for >>: '%T' and '%T'. Did you mean "
                                 "\"print(<message>, file=<output_stream>)\"?",
                                 a, b);
    }
    return ou_type_error(vm, "unsupported operand type(s) for %s: '%T' and '%T'", op_text[nb], a, b);
}

static OuObj *repeat(OuVM *vm, OuObj *(*fn)(OuVM *, OuObj *, ou_ssize), OuObj *seq, OuObj *count)
{
    if (!ou_has_index(vm, count))
        return ou_type_error(vm, "can't multiply sequence by non-int of type '%T'", count);
    ou_ssize n;
    if (ou_as_ssize(vm, count, OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    return fn(vm, seq, n);
}

static OuObj *by_sequence(OuVM *vm, int base, bool inplace, OuObj *a, OuObj *b)
{
    const OuSuite *sa = OU_TYPE_OF(vm, a)->u, *sb = OU_TYPE_OF(vm, b)->u;
    if (base == OU_NB_ADD) {
        OuBinary f = inplace && sa->iconcat ? sa->iconcat : sa->concat;
        if (f)
            return f(vm, a, b);
    } else if (base == OU_NB_MUL) {
        if (inplace && sa->irepeat)
            return repeat(vm, sa->irepeat, a, b);
        if (sa->repeat)
            return repeat(vm, sa->repeat, a, b);
        /* PyNumber_InPlaceMultiply: the right side repeats only for a left side that is no sequence at all,
         * and every class of Python counts as one. */
        if (sb->repeat && !(inplace && ou_type_has_sequence(OU_TYPE_OF(vm, a))))
            return repeat(vm, sb->repeat, b, a);
    }
    return ou_notimplemented(vm);
}

OuObj *ou_binop(OuVM *vm, int nb, OuObj *a, OuObj *b)
{
    OuObj *r;
    int base = nb;
    bool inplace = nb >= OU_NB_INPLACE && nb < OU_NB_DIVMOD;
    if (inplace) {
        base = nb - OU_NB_INPLACE;
        OuBinary f = OU_TYPE_OF(vm, a)->u->nb[nb];
        if (f) {
            r = f(vm, a, b);
            if (r != OU_NOTIMPLEMENTED(vm))
                return r;
            ou_decref(vm, r);
        }
    }
    r = by_slots(vm, base, a, b);
    if (r != OU_NOTIMPLEMENTED(vm))
        return r;
    if (base == OU_NB_ADD || base == OU_NB_MUL) {
        ou_decref(vm, r);
        r = by_sequence(vm, base, inplace, a, b);
        if (r != OU_NOTIMPLEMENTED(vm))
            return r;
    }
    ou_decref(vm, r);
    return unsupported(vm, nb, a, b);
}

OuObj *ou_power(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod)
{
    if (mod == OU_NONE(vm))
        return ou_binop(vm, OU_NB_POW, a, b);
    OuType *ta = OU_TYPE_OF(vm, a), *tb = OU_TYPE_OF(vm, b), *tm = OU_TYPE_OF(vm, mod);
    OuObj *(*f[3])(OuVM *, OuObj *, OuObj *, OuObj *) = {ta->u->power3, ta == tb ? NULL : tb->u->power3,
                                                         tm->u->power3};
    if (f[1] == f[0])
        f[1] = NULL;
    if (f[2] == f[0] || f[2] == f[1])
        f[2] = NULL;
    if (f[0] && f[1] && ou_type_is_subtype(vm, tb, ta)) {
        OuObj *(*t)(OuVM *, OuObj *, OuObj *, OuObj *) = f[0];
        f[0] = f[1];
        f[1] = t;
    }
    for (int i = 0; i < 3; i++) {
        if (!f[i])
            continue;
        OuObj *r = f[i](vm, a, b, mod);
        if (r != OU_NOTIMPLEMENTED(vm))
            return r;
        ou_decref(vm, r);
    }
    return ou_type_error(vm, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", a, b, mod);
}

OuObj *ou_negative(OuVM *vm, OuObj *o)
{
    OuUnary f = OU_TYPE_OF(vm, o)->u->neg;
    return f ? f(vm, o) : ou_type_error(vm, "bad operand type for unary -: '%T'", o);
}

OuObj *ou_positive(OuVM *vm, OuObj *o)
{
    OuUnary f = OU_TYPE_OF(vm, o)->u->pos;
    return f ? f(vm, o) : ou_type_error(vm, "bad operand type for unary +: '%T'", o);
}

OuObj *ou_invert(OuVM *vm, OuObj *o)
{
    OuUnary f = OU_TYPE_OF(vm, o)->u->invert;
    return f ? f(vm, o) : ou_type_error(vm, "bad operand type for unary ~: '%T'", o);
}

OuObj *ou_absolute(OuVM *vm, OuObj *o)
{
    OuUnary f = OU_TYPE_OF(vm, o)->u->abs;
    return f ? f(vm, o) : ou_type_error(vm, "bad operand type for abs(): '%T'", o);
}

/* ---- conversions to C integers ------------------------------------------------------ */
bool ou_has_index(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->u->index != NULL;
}

OuObj *ou_index(OuVM *vm, OuObj *o)
{
    if (ou_isa_int(vm, o))
        return ou_ref(o);
    OuUnary f = OU_TYPE_OF(vm, o)->u->index;
    if (!f)
        return ou_type_error(vm, "'%T' object cannot be interpreted as an integer", o);
    OuObj *r = f(vm, o);
    if (!r || ou_is(r, int))
        return r;
    if (!ou_isa_int(vm, r))
        ou_type_error(vm, "__index__ returned non-int (type %T)", r);
    else if (ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1,
                     "__index__ returned non-int (type %T).  The ability to return an instance of a strict "
                     "subclass of "
                     "int is deprecated, and may not be supported in a future version of Python.",
                     r) == 0)
        return r;
    ou_decref(vm, r);
    return NULL;
}

/* o's value by __index__: 1 and out; 0 it is too large, *negative says which way; -1 */
static int as_int64(OuVM *vm, OuObj *o, int64_t *out, bool *negative)
{
    if (ou_is_small(o)) {
        *out = OU_INT_V(o);
        return 1;
    }
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int fits = ou_int_fits(i, out);
    *negative = ou_int_sign(i) < 0;
    ou_decref(vm, i);
    return fits;
}

int ou_as_ssize(OuVM *vm, OuObj *o, OuType *exc, ou_ssize *out)
{
    int64_t v;
    bool negative;
    int r = as_int64(vm, o, &v, &negative);
    if (r < 0)
        return -1;
    if (r == 0) {
        if (exc)
            return ou_raise_i(vm, exc, "cannot fit '%T' into an index-sized integer", o);
        v = negative ? PTRDIFF_MIN : PTRDIFF_MAX;
    }
    *out = (ou_ssize)v;
    return 0;
}

int ou_as_i64(OuVM *vm, OuObj *o, int64_t *out)
{
    bool negative;
    int r = as_int64(vm, o, out, &negative);
    if (r == 0)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C long");
    return r < 0 ? -1 : 0;
}

int ou_as_u64(OuVM *vm, OuObj *o, uint64_t *out)
{
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int r = 0;
    int64_t v;
    if (ou_int_sign(i) < 0)
        r = ou_raise_i(vm, OU_EXC(vm, OverflowError), "can't convert negative value to unsigned int");
    else if (ou_int_fits(i, &v))
        *out = (uint64_t)v;
    else if (((OuBigInt *)i)->size == 1)
        *out = ((OuBigInt *)i)->limb[0];
    else
        r = ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C unsigned long");
    ou_decref(vm, i);
    return r;
}

int ou_as_int(OuVM *vm, OuObj *o, int *out)
{
    int64_t v = 0;
    bool negative;
    int r = as_int64(vm, o, &v, &negative);
    if (r < 0)
        return -1;
    if (r == 0 || v != (int)v)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C int");
    *out = (int)v;
    return 0;
}
