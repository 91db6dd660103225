/* vm/eval_arith.h - arithmetic instructions; part of the body of ou_eval (vm/eval.c), which alone includes it.
 *
 * int and float are computed here when the word behind the count says exactly that type: one compare an operand, which also
 * sends the rare objects with a flag (id() taken, limbs) to vm/arith.c.  The result goes, in this order, into a cached object,
 * the box of the destination, the box of an operand that dies here (store_int, store_float), a new box.  Tests in place
 * come first because a jump to the shared ends costs the dispatch its own branch history. */
#define BOTH(T) (l->tf == OU_T_##T && r->tf == OU_T_##T)
#define ONE_OF_EACH(T, U) (l->tf == OU_T_##T && r->tf == OU_T_##U)
/* an int converts to float exactly below 2**53 */
#define INT_IS_EXACT(o) ((uint64_t)OU_INT_V(o) + (1ULL << 53) <= 1ULL << 54)
#define ARITH_HEAD() OuObj *l = OPERAND_B(), *r = OPERAND_C()
#define ARITH_END()             \
    do {                        \
        if (AUX(OU_AUX_DROP))   \
            goto drop_operands; \
        NEXT();                 \
    } while (0)
#define RESULT_INT(value)                                             \
    do {                                                              \
        int64_t v_ = (value);                                         \
        OuObj *d_ = R[A];                                             \
        if ((uint64_t)v_ - (uint64_t)OU_SMALL_MIN < OU_SMALL_COUNT) { \
            OuObj *s_ = (OuObj *)&vm->small_ints[v_ - OU_SMALL_MIN];  \
            s_->rc++;                                                 \
            R[A] = s_;                                                \
            if (d_)                                                   \
                DECREF(d_);                                           \
            ARITH_END();                                              \
        }                                                             \
        if (d_ && HEAD(d_) == HEAD_INT1) {                            \
            ((OuInt *)d_)->v = v_;                                    \
            ARITH_END();                                              \
        }                                                             \
        int_result = v_;                                              \
        goto store_int;                                               \
    } while (0)
#define RESULT_FLOAT(value)                  \
    do {                                     \
        double v_ = (value);                 \
        OuObj *d_ = R[A];                    \
        if (d_ && HEAD(d_) == HEAD_FLOAT1) { \
            ((OuFloat *)d_)->v = v_;         \
            ARITH_END();                     \
        }                                    \
        float_result = v_;                   \
        goto store_float;                    \
    } while (0)
/* The ends of RESULT_*: A's old value is not a box to reuse (so neither operand that is in A is one). */
#define STORE_BOX(T, type_index, head1, value)                        \
    do {                                                              \
        OuObj *o_;                                                    \
        if (AUX(OU_AUX_C_TAKE) && (o_ = R[C], HEAD(o_) == (head1))) { \
            R[C] = NULL;                                              \
            ((T *)o_)->v = (value);                                   \
            SET(A, o_);                                               \
            if (AUX(OU_AUX_B_TAKE) && B != A)                         \
                EMPTY(B);                                             \
            NEXT();                                                   \
        }                                                             \
        if (AUX(OU_AUX_B_TAKE) && (o_ = R[B], HEAD(o_) == (head1))) { \
            R[B] = NULL;                                              \
        } else {                                                      \
            SAVE();                                                   \
            o_ = ou_new_leaf_fast(vm, type_index, sizeof(T));         \
            if (UNLIKELY(!o_))                                        \
                goto error;                                           \
            if (AUX(OU_AUX_B_TAKE) && B != A)                         \
                EMPTY(B);                                             \
        }                                                             \
        ((T *)o_)->v = (value);                                       \
        SET(A, o_);                                                   \
        if (AUX(OU_AUX_C_TAKE) && C != A)                             \
            EMPTY(C);                                                 \
        NEXT();                                                       \
    } while (0)
/* float with int */
#define ARITH_MIXED(expr)                                  \
    if (ONE_OF_EACH(float, int) && INT_IS_EXACT(r)) {      \
        double x = OU_FLOAT_V(l), y = (double)OU_INT_V(r); \
        RESULT_FLOAT(expr);                                \
    }                                                      \
    if (ONE_OF_EACH(int, float) && INT_IS_EXACT(l)) {      \
        double x = (double)OU_INT_V(l), y = OU_FLOAT_V(r); \
        RESULT_FLOAT(expr);                                \
    }
#define ARITH_SLOW(nb)                                                                     \
    do {                                                                                   \
        SAVE();                                                                            \
        OWN_B(l);                                                                          \
        OWN_C(r);                                                                          \
        OuObj *res = ou_binop(vm, (nb) + (AUX(OU_AUX_INPLACE) ? OU_NB_INPLACE : 0), l, r); \
        DISOWN_B(l);                                                                       \
        DISOWN_C(r);                                                                       \
        if (UNLIKELY(!res))                                                                \
            goto error;                                                                    \
        SET(A, res);                                                                       \
        NEXT();                                                                            \
    } while (0)

TARGET(ADD) :
{
    ARITH_HEAD();
    if (BOTH(int)) {
        int64_t v;
        if (LIKELY(!__builtin_add_overflow(OU_INT_V(l), OU_INT_V(r), &v)))
            RESULT_INT(v);
    } else if (BOTH(float)) {
        RESULT_FLOAT(OU_FLOAT_V(l) + OU_FLOAT_V(r));
    } else if (ou_is(l, str) && ou_is(r, str)) {
        SAVE();
        if (A == B && !AUX(OU_AUX_B_CONST) && l->rc == 1 && l != r) {
            /* s += x: the register is the only owner, so the string may grow in place */
            if (UNLIKELY(ou_str_append(vm, &R[A], r) < 0))
                goto error;
            DROP_C();
            NEXT();
        }
        if (AUX(OU_AUX_B_TAKE) && A != B && R[A] == l && l->rc == 2 && l != r) {
            /* the same when the compiler had to copy s first: the copy's count goes, then the string may grow */
            R[B] = NULL;
            l->rc = 1;
            if (UNLIKELY(ou_str_append(vm, &R[A], r) < 0))
                goto error;
            DROP_C();
            NEXT();
        }
        OuObj *res = ou_str_concat(vm, l, r);
        if (UNLIKELY(!res))
            goto error;
        DROP_B();
        DROP_C();
        SET(A, res);
        NEXT();
    }
    ARITH_MIXED(x + y);
    ARITH_SLOW(OU_NB_ADD);
}
TARGET(SUB) :
{
    ARITH_HEAD();
    if (BOTH(int)) {
        int64_t v;
        if (LIKELY(!__builtin_sub_overflow(OU_INT_V(l), OU_INT_V(r), &v)))
            RESULT_INT(v);
    } else if (BOTH(float))
        RESULT_FLOAT(OU_FLOAT_V(l) - OU_FLOAT_V(r));
    ARITH_MIXED(x - y);
    ARITH_SLOW(OU_NB_SUB);
}
TARGET(MUL) :
{
    ARITH_HEAD();
    if (BOTH(int)) {
        int64_t v;
        if (LIKELY(!__builtin_mul_overflow(OU_INT_V(l), OU_INT_V(r), &v)))
            RESULT_INT(v);
    } else if (BOTH(float))
        RESULT_FLOAT(OU_FLOAT_V(l) * OU_FLOAT_V(r));
    ARITH_MIXED(x * y);
    ARITH_SLOW(OU_NB_MUL);
}
TARGET(DIV) :
{
    ARITH_HEAD();
    if (BOTH(float) && OU_FLOAT_V(r) != 0.0)
        RESULT_FLOAT(OU_FLOAT_V(l) / OU_FLOAT_V(r));
    if (BOTH(int) && INT_IS_EXACT(l) && INT_IS_EXACT(r) && OU_INT_V(r) != 0)
        RESULT_FLOAT((double)OU_INT_V(l) / (double)OU_INT_V(r));
    if (ONE_OF_EACH(float, int) && INT_IS_EXACT(r) && OU_INT_V(r) != 0)
        RESULT_FLOAT(OU_FLOAT_V(l) / (double)OU_INT_V(r));
    if (ONE_OF_EACH(int, float) && INT_IS_EXACT(l) && OU_FLOAT_V(r) != 0.0)
        RESULT_FLOAT((double)OU_INT_V(l) / OU_FLOAT_V(r));
    ARITH_SLOW(OU_NB_DIV);
}
TARGET(FLOORDIV) :
{
    ARITH_HEAD();
    if (BOTH(int) && OU_INT_V(r) > 0) {
        int64_t a = OU_INT_V(l), b = OU_INT_V(r), q = a / b;
        RESULT_INT(q - (a % b < 0));
    }
    ARITH_SLOW(OU_NB_FLOORDIV);
}
TARGET(MOD) :
{
    ARITH_HEAD();
    if (BOTH(int) && OU_INT_V(r) > 0) {
        int64_t b = OU_INT_V(r), m = OU_INT_V(l) % b;
        RESULT_INT(m < 0 ? m + b : m);
    }
    ARITH_SLOW(OU_NB_MOD);
}
TARGET(POW) :
{
    ARITH_HEAD();
    if (BOTH(float) && OU_FLOAT_V(l) > 0.0) {
        double v = pow(OU_FLOAT_V(l), OU_FLOAT_V(r));
        if (LIKELY(isfinite(v))) /* what overflows or is no number has its own rules: vm/float.c */
            RESULT_FLOAT(v);
    }
    ARITH_SLOW(OU_NB_POW);
}
TARGET(LSHIFT) :
{
    ARITH_HEAD();
    if (BOTH(int) && (uint64_t)OU_INT_V(r) < 62) {
        int64_t a = OU_INT_V(l), v = (int64_t)((uint64_t)a << OU_INT_V(r));
        if (v >> OU_INT_V(r) == a)
            RESULT_INT(v);
    }
    ARITH_SLOW(OU_NB_LSHIFT);
}
TARGET(RSHIFT) :
{
    ARITH_HEAD();
    if (BOTH(int) && (uint64_t)OU_INT_V(r) < 64)
        RESULT_INT(OU_INT_V(l) >> OU_INT_V(r));
    ARITH_SLOW(OU_NB_RSHIFT);
}
TARGET(AND) :
{
    ARITH_HEAD();
    if (BOTH(int))
        RESULT_INT(OU_INT_V(l) & OU_INT_V(r));
    ARITH_SLOW(OU_NB_AND);
}
TARGET(OR) :
{
    ARITH_HEAD();
    if (BOTH(int))
        RESULT_INT(OU_INT_V(l) | OU_INT_V(r));
    ARITH_SLOW(OU_NB_OR);
}
TARGET(XOR) :
{
    ARITH_HEAD();
    if (BOTH(int))
        RESULT_INT(OU_INT_V(l) ^ OU_INT_V(r));
    ARITH_SLOW(OU_NB_XOR);
}
TARGET(MATMUL) :
{
    ARITH_HEAD();
    ARITH_SLOW(OU_NB_MATMUL);
}
TARGET(NEG) :
{
    OuObj *l = OPERAND_B();
    if (l->tf == OU_T_int && OU_INT_V(l) != INT64_MIN)
        RESULT_INT(-OU_INT_V(l));
    if (l->tf == OU_T_float)
        RESULT_FLOAT(-OU_FLOAT_V(l));
    UNARY_SLOW(ou_negative(vm, l));
}
TARGET(POS) :
{
    OuObj *l = OPERAND_B();
    UNARY_SLOW(ou_positive(vm, l));
}
TARGET(INVERT) :
{
    OuObj *l = OPERAND_B();
    UNARY_SLOW(ou_invert(vm, l));
}
