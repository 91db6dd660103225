/* vm/eval_exc.h - with, raise, handlers of exceptions; part of the body of ou_eval (vm/eval.c), which alone includes it.  What
 * is too long for the loop is in vm/eval_exc.c. */
TARGET(BEFORE_WITH) : TARGET(BEFORE_ASYNC_WITH) :
{
    OuObj *mgr = R[B], *out[5];
    SAVE();
    OWN_B(mgr);
    int r = ou_op_before_with(vm, mgr, out, OPCODE == OU_OP_BEFORE_ASYNC_WITH);
    DISOWN_B(mgr);
    if (UNLIKELY(r < 0))
        goto error;
    memcpy(&R[A], out, sizeof out);
    NEXT();
}
TARGET(WITH_EXIT) :
{
    OuObj **run = &R[A], *self = R[B + 1];
    run[0] = ou_ref(R[B]);
    run[1] = self ? ou_ref(self) : NULL;
    for (int i = 2; i < 5; i++)
        run[i] = ou_none(vm);
    NEXT();
}
TARGET(WITH_EXCEPT_START) :
{
    SAVE();
    OuObj *res = ou_op_with_except_start(vm, &R[B], R[C]);
    if (UNLIKELY(!res))
        goto error;
    SET(A, res);
    NEXT();
}
TARGET(PUSH_EXC) :
{
    OuObj *exc = R[A], *old = ts->handled->exc;
    R[A] = old ? old : ou_none(vm);
    R[A + 1] = exc;
    ts->handled->exc = ou_ref(exc);
    NEXT();
}
TARGET(POP_EXC) :
{
    OuObj *old = ts->handled->exc, *prev = R[A];
    R[A] = NULL;
    if (prev == OU_NONE(vm)) {
        ou_decref(vm, prev);
        prev = NULL;
    }
    ts->handled->exc = prev;
    SAVE();
    ou_xdecref(vm, old);
    NEXT();
}
TARGET(JEXC_NOMATCH) :
{
    OuObj *type = R[C];
    SAVE();
    int r = ou_op_exc_match(vm, R[B], type);
    if (UNLIKELY(r < 0))
        goto error;
    DROP_C();
    if (!r) {
        pc += 1 + (int32_t)pc[0];
        NEXT();
    }
    NEXT_SKIP(1);
}
TARGET(CHECK_EG_MATCH) :
{
    OuObj *out[2];
    SAVE();
    int r = ou_op_check_eg(vm, R[B], R[C], out);
    if (UNLIKELY(r < 0))
        goto error;
    DROP_C();
    SET(A, out[0]);
    SET(A + 1, out[1]);
    if (out[1] != OU_NONE(vm)) { /* the part is what `raise` and sys.exc_info() mean */
        OuObj *old = ts->handled->exc;
        ts->handled->exc = ou_ref(out[1]);
        ou_xdecref(vm, old);
    }
    NEXT();
}
TARGET(PREP_RERAISE_STAR) :
{
    SAVE();
    OuObj *res = ou_exc_prep_reraise_star(vm, R[B], R[C]);
    if (UNLIKELY(!res))
        goto error;
    EMPTY(B);
    EMPTY(C);
    SET(A, res);
    NEXT();
}
TARGET(RERAISE) :
{
    OuObj *exc = R[A];
    SAVE();
    R[A] = NULL;
    ou_err_restore(vm, exc);
    goto reraise;
}
TARGET(RAISE) :
{
    SAVE();
    OuObj *exc = A >= 1 ? R[B] : NULL, *cause = A == 2 ? R[C] : NULL;
    ou_op_raise(vm, exc, cause);
    if (A == 0 && ou_err_handled(vm))
        goto reraise;
    if (exc && AUX(OU_AUX_B_TAKE))
        EMPTY(B);
    if (cause && AUX(OU_AUX_C_TAKE))
        EMPTY(C);
    goto error;
}
