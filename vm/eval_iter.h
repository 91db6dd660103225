/* vm/eval_iter.h - iteration and unpacking; part of the body of ou_eval (vm/eval.c), which alone includes it. */
TARGET(GET_ITER) :
{
    OuObj *l = OPERAND_B();
    UNARY_SLOW(ou_iter(vm, l));
}
/* the next item of a list or tuple, whose iterator lets go of it at its end */
#define NEXT_OF_ROW(Row)                               \
    do {                                               \
        OuSeqIter *si_ = (OuSeqIter *)it;              \
        Row *row_ = (Row *)si_->seq;                   \
        if (row_) {                                    \
            if (si_->i < row_->n) {                    \
                SET(A, ou_ref(row_->items[si_->i++])); \
                NEXT_SKIP(2);                          \
            }                                          \
            si_->seq = NULL;                           \
            ou_decref(vm, row_);                       \
        }                                              \
        goto for_exhausted;                            \
    } while (0)
TARGET(FOR_ITER) :
{
    OuObj *it = R[B], *res;
    uint32_t t = ou_type_index(it);
    if (t == OU_T_range_iter) {
        OuRangeIter *ri = (OuRangeIter *)it;
        if (ri->left) {
            int64_t v = ri->next;
            ri->left--;
            ri->next = (int64_t)((uint64_t)v + (uint64_t)ri->step);
            PUT_INT(v);
            NEXT_SKIP(2);
        }
        goto for_exhausted;
    }
    if (t == OU_T_list_iter)
        NEXT_OF_ROW(OuList);
    if (t == OU_T_tuple_iter)
        NEXT_OF_ROW(OuTuple);
    SAVE();
    if (t == OU_T_generator && OU_GEN(it)->state <= OU_GEN_SUSPENDED) {
        /* resume the generator in this loop: its frame goes on top of ours */
        OuGen *g = OU_GEN(it);
        if (UNLIKELY(--ts->recursion_left < 0)) {
            ou_recursion_error(vm);
            goto error;
        }
        ENTER_GENERATOR(g, A, 2, B, OU_NONE(vm));
    }
    res = ou_op_next(vm, it);
    if (LIKELY(res != NULL)) {
        SET(A, res);
        NEXT_SKIP(2);
    }
    if (UNLIKELY(ts->raised != NULL))
        goto error;
for_exhausted:
    SAVE();
    EMPTY(B);
    pc += 2 + (int32_t)pc[0];
    NEXT();
}
TARGET(UNPACK) :
{
    OuObj *l = OPERAND_B();
    unsigned n = C, a = A;
    SAVE();
    OuObj **items = NULL;
    if (ou_is(l, tuple) && OU_TUPLE(l)->n == n)
        items = OU_TUPLE(l)->items;
    else if (ou_is(l, list) && OU_LIST(l)->n == n)
        items = OU_LIST(l)->items;
    if (items && n && AUX(OU_AUX_B_TAKE) && B == a) {
        /* the run of targets begins at the operand's own register */
        for (unsigned i = n; i-- > 0;)
            R[a + i] = ou_ref(items[i]);
        ou_decref(vm, l);
        NEXT();
    }
    OWN_B(l);
    if (AUX(OU_AUX_B_TAKE))
        R[B] = NULL;
    int r = 0;
    if (items) {
        for (unsigned i = 0; i < n; i++)
            R[a + i] = ou_ref(items[i]);
    } else
        r = ou_op_unpack(vm, l, &R[a], n);
    ou_decref(vm, l);
    if (UNLIKELY(r < 0))
        goto error;
    NEXT();
}
TARGET(UNPACK_VARS) :
{
    OuObj *l = OPERAND_B(), *items[OU_UNPACK_VARS];
    unsigned n = C, a = A;
    SAVE();
    OWN_B(l);
    if (AUX(OU_AUX_B_TAKE))
        R[B] = NULL;
    int r = 0;
    if ((ou_is(l, tuple) && OU_TUPLE(l)->n == n) || (ou_is(l, list) && OU_LIST(l)->n == n)) {
        OuObj **from = ou_is(l, tuple) ? OU_TUPLE(l)->items : OU_LIST(l)->items;
        for (unsigned i = 0; i < n; i++)
            items[i] = ou_ref(from[i]);
    } else
        r = ou_op_unpack(vm, l, items, n);
    ou_decref(vm, l);
    if (UNLIKELY(r < 0))
        goto error;
    for (unsigned i = 0; i < n; i++)
        SET(a + i, items[i]);
    NEXT();
}
TARGET(UNPACK_EX) :
{
    OuObj *l = OPERAND_B();
    SAVE();
    OWN_B(l);
    if (AUX(OU_AUX_B_TAKE))
        R[B] = NULL;
    int r = ou_op_unpack_ex(vm, l, &R[A], C & 0xff, C >> 8);
    ou_decref(vm, l);
    if (UNLIKELY(r < 0))
        goto error;
    NEXT();
}
