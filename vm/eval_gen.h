/* vm/eval_gen.h - yield, yield from, await, async for; part of the body of ou_eval (vm/eval.c), which alone includes it.  A
 * generator runs in the loop of who resumes it (ENTER_GENERATOR); vm/gen.c resumes from C. */
TARGET(RETURN_GENERATOR) :
{
    SAVE();
    ts->frame = f->prev; /* as MAKE_CELL */
    result = ou_gen_from_frame(vm, f);
    ts->frame = f;
    if (UNLIKELY(!result))
        goto error;
    goto frame_return_moved;
}
TARGET(YIELD) :
{
    SAVE();
    OuGen *g = f->gen;
    result = R[B];
    R[B] = NULL;
    g->state = OU_GEN_SUSPENDED;
    g->delegating = AUX(OU_AUX_INPLACE) != 0;
    g->deleg_reg = (uint16_t)C;
    ts->handled = g->exc.prev;
    ts->recursion_left++;
    OuFrame *caller = f->prev;
    f->prev = NULL;
    ts->frame = caller;
    if (f->flags & OU_FR_ENTRY)
        return result;
    /* resumed by FOR_ITER or SEND of the caller */
    unsigned dest = f->dest, skip = f->skip;
    f = caller;
    R = f->regs;
    K = f->code->consts;
    pc = f->pc + skip;
    SET(dest, result);
    NEXT();
}
TARGET(ASYNC_GEN_WRAP) :
{
    SAVE();
    OuObj *o = R[B];
    if (AUX(OU_AUX_B_TAKE))
        R[B] = NULL;
    else
        ou_incref(o);
    OuObj *res = ou_async_gen_wrap(vm, o);
    if (UNLIKELY(!res))
        goto error;
    SET(A, res);
    NEXT();
}
TARGET(GET_YIELD_FROM_ITER) :
{
    OuObj *l = R[B];
    UNARY_SLOW(ou_op_yield_from_iter(vm, f, l));
}
TARGET(SEND) :
{
    OuObj *it = R[A], *sent = R[B], *returned = NULL, *res;
    SAVE();
    uint32_t t = ou_type_index(it);
    if (t == OU_T_generator || t == OU_T_coroutine) {
        OuGen *g = OU_GEN(it);
        if (LIKELY((g->state == OU_GEN_SUSPENDED || (g->state == OU_GEN_CREATED && sent == OU_NONE(vm))) &&
                   ts->recursion_left > 0)) {
            ts->recursion_left--;
            ENTER_GENERATOR(g, B, 1, A, sent);
        }
        res = ou_gen_resume(vm, OU_GEN(it), sent, &returned);
    } else if (sent == OU_NONE(vm) && OU_TYPE_OF(vm, it)->s.next) {
        res = OU_TYPE_OF(vm, it)->s.next(vm, it);
    } else
        res = ou_call_method(vm, it, OU_NAME(vm, send), 1, sent);
    if (res) {
        SET(B, res);
        NEXT_SKIP(1);
    }
    if (UNLIKELY(ts->tracefunc != NULL) && returned &&
        (t == OU_T_coroutine || returned != OU_NONE(vm) || sent != OU_NONE(vm))) {
        ou_gen_raise_stop(vm, OU_GEN(it), returned); /* a trace function sees the StopIteration */
        returned = NULL;
    }
    if (!returned) {
        if (ts->raised) {
            if (UNLIKELY(ts->tracefunc != NULL) && ou_err_is(vm, OU_EXC(vm, StopIteration)))
                ou_trace_exception(vm, f);
            int r = ou_stop_value(vm, &returned);
            if (r <= 0)
                goto error;
        } else
            returned = ou_none(vm);
    }
    SET(B, returned);
    EMPTY(A);
    pc += 1 + (int32_t)pc[0];
    NEXT();
}
TARGET(GET_AWAITABLE) :
{
    OuObj *l = R[B];
    UNARY_SLOW(ou_get_awaitable(vm, l, (int)C));
}
TARGET(GET_AITER) :
{
    OuObj *l = R[B];
    UNARY_SLOW(ou_op_get_aiter(vm, l));
}
TARGET(GET_ANEXT) :
{
    SAVE();
    OuObj *res = ou_op_get_anext(vm, R[B]);
    if (UNLIKELY(!res))
        goto error;
    SET(A, res);
    NEXT();
}
TARGET(END_ASYNC_FOR) :
{
    OuObj *exc = R[B];
    SAVE();
    if (!ou_err_matches(vm, exc, (OuObj *)OU_EXC(vm, StopAsyncIteration))) {
        R[B] = NULL;
        ou_err_restore(vm, exc);
        goto reraise;
    }
    EMPTY(B);
    EMPTY(A);
    NEXT();
}
