/* vm/eval_call.h - the call instructions; part of the body of ou_eval (vm/eval.c), which alone includes it.
 *
 * R[A] callee, R[A+1] self or NULL, then B arguments; the result goes to R[C].  A Python function's registers begin at its
 * first argument (in place) when the stack chunk has room; then nothing is copied. */
/* Arguments where they lie serve a native function.  Absent optional parameters are NULL, as registers above the arguments
 * are; but only the frame's own registers stay so while the function calls Python code. */
#define NATIVE_FITS(sig)                                                                \
    ((sig)->pad_ok && (n == (sig)->npos || (n >= (sig)->nrequired && n < (sig)->npos && \
                                            args + (sig)->npos <= R + f->code->nregs)))
TARGET(CALL) :
{
    OuObj **base = &R[A], **args = base + 2;
    size_t n = B;
    OuObj *callee = base[0];
    SAVE();
    uint32_t t = ou_type_index(callee);
    if (t == OU_T_function) {
        if (base[1]) {
            args--;
            n++;
        }
    call_function:;
        OuFrame *nf = push_frame(vm, f, (OuFunc *)callee, args, n, NULL, 0);
        if (UNLIKELY(!nf))
            goto error;
        ENTER(nf, C, A + 1, 2);
    }
    if (t == OU_T_method_descr) {
        /* list.append and friends: self lies in base[1] (LOAD_METHOD) or is the first argument */
        OuMethodDescr *d = (OuMethodDescr *)callee;
        if (base[1]) {
            args--;
            n++;
        }
        if (LIKELY(n > 0 &&
                   (OU_TYPE_OF(vm, args[0]) == d->owner ||
                    ou_type_is_subtype(vm, OU_TYPE_OF(vm, args[0]), d->owner)) &&
                   NATIVE_FITS(d->sig))) {
            result = d->def->fn(vm, args, d->sig->npos, NULL);
            goto call_done;
        }
        if (n > 0 && d->sig->raw && OU_TYPE_OF(vm, args[0]) == d->owner) {
            result = d->def->fn(vm, args, n, NULL);
            goto call_done;
        }
        result = ou_call(vm, callee, args, n, NULL);
        goto call_done;
    }
    if (t == OU_T_builtin) {
        OuBuiltin *b = (OuBuiltin *)callee;
        if (!base[1]) {
            if (b->pass_self) { /* a bound method kept in a variable: self goes into the free place before the arguments */
                base[1] = ou_ref(b->self);
                args--;
                n++;
            }
            if (LIKELY(NATIVE_FITS(b->sig))) {
                result = b->def->fn(vm, args, b->sig->npos, NULL);
                goto call_done;
            }
            result = ou_native_call(vm, b->sig, b->def->fn, args, n, NULL);
            goto call_done;
        }
    } else if (t == OU_T_method && !base[1]) {
        OuMethod *m = (OuMethod *)callee;
        base[1] = ou_ref(m->self);
        base[0] = ou_ref(m->func);
        ou_decref(vm, m);
        pc--; /* dispatch again on the function */
        NEXT();
    } else if (t == OU_T_type && !base[1]) {
        OuType *cls = (OuType *)callee;
        if (n == 1 && cls == &vm->builtin[OU_T_type]) {
            result = ou_ref((OuObj *)OU_TYPE_OF(vm, args[0]));
            goto call_done;
        }
        if (cls->s.new_ == ou_object_new &&
            (cls->flags & (OU_TYPE_HEAP | OU_TYPE_ABSTRACT)) == OU_TYPE_HEAP) {
            /* a Python class with a Python __init__: the instance is made here, __init__ runs in this loop */
            OuObj *init;
            if (LIKELY(cls->version && (uint32_t)pc[0] == cls->version))
                init = (OuObj *)pc[1];
            else {
                init = ou_type_lookup(vm, cls, OU_NAME(vm, __init__));
                if (init && ou_type_version(vm, cls)) {
                    pc[0] = cls->version;
                    pc[1] = (uint64_t)init;
                }
            }
            if (init && ou_is(init, function)) {
                OuObj *self = ou_type_alloc(vm, cls, 0);
                if (UNLIKELY(!self))
                    goto error;
                base[1] = ou_ref(self);
                ou_incref(init);
                ou_decref(vm, base[0]);
                base[0] = init;
                OuFrame *nf = push_frame(vm, f, (OuFunc *)init, args - 1, n + 1, NULL, OU_FR_INIT);
                if (UNLIKELY(!nf)) {
                    ou_decref(vm, self);
                    goto error;
                }
                nf->self_result = self;
                ENTER(nf, C, A + 1, 2);
            }
        }
    }
    if (base[1]) {
        args = base + 1;
        n = B + 1;
    }
    if (ou_type_index(callee) == OU_T_function)
        goto call_function;
    result = ou_call(vm, callee, args, n, NULL);
call_done: /* the callee is released, then the arguments first to last */
    if (UNLIKELY(!result)) {
        drop_call(vm, base, 2 + B);
        goto error;
    }
    base[0] = NULL;
    ou_decref(vm, callee);
    if (base[1])
        ou_clear(vm, base[1]);
    for (size_t i = 0; i < B; i++) {
        OuObj *o = base[2 + i];
        base[2 + i] = NULL;
        ou_decref(vm, o);
    }
    SET(C, result);
    pc += 2;
    POLL();
    NEXT();
}
TARGET(CALL_KW) :
{
    OuObj **base = &R[A], **args = base + 2;
    size_t n = B;
    OuObj *callee = base[0], *kwnames = K[(uint32_t)pc[0]];
    SAVE();
    if (ou_type_index(callee) == OU_T_method && !base[1]) {
        OuMethod *m = (OuMethod *)callee;
        base[1] = ou_ref(m->self);
        base[0] = ou_ref(m->func);
        ou_decref(vm, m);
        callee = base[0];
    }
    if (base[1]) {
        args--;
        n++;
    }
    size_t npos = n - OU_TUPLE(kwnames)->n;
    if (ou_type_index(callee) == OU_T_function) {
        OuFrame *nf = push_frame(vm, f, (OuFunc *)callee, args, npos, kwnames, 0);
        if (UNLIKELY(!nf))
            goto error;
        ENTER(nf, C, A + 1, 2);
    }
    result = ou_call(vm, callee, args, npos, kwnames);
    if (UNLIKELY(!result)) {
        drop_call(vm, base, 2 + B);
        goto error;
    }
    base[0] = NULL;
    ou_decref(vm, callee);
    if (base[1])
        ou_clear(vm, base[1]);
    for (size_t i = 0; i < B; i++) {
        OuObj *o = base[2 + i];
        base[2 + i] = NULL;
        ou_decref(vm, o);
    }
    SET(C, result);
    NEXT_SKIP(2);
}
TARGET(CALL_EX) :
{
    OuObj **base = &R[A];
    SAVE();
    result = ou_op_call_ex(vm, base[0], &base[2], base[3]);
    if (UNLIKELY(!result)) {
        drop_call(vm, base, 4);
        goto error;
    }
    ou_clear(vm, base[0]);
    ou_clear(vm, base[2]);
    if (base[3])
        ou_clear(vm, base[3]);
    SET(C, result);
    NEXT();
}
TARGET(RETURN) :
{
    SAVE();
    result = R[A];
    if (AUX(OU_AUX_A_TAKE))
        R[A] = NULL;
    else
        ou_incref(result);
    goto frame_return;
}
TARGET(RETURNK) : SAVE();
result = ou_ref(K[BC]);
goto frame_return;
