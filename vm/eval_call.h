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
        OuFunc *fn = (OuFunc *)callee;
        OuCode *co = fn->code;
        OuObj **regs = args;
        OuFrame *nf;
        unsigned flags = 0;
        if (UNLIKELY(args + co->nregs > f->limit)) {
            bool chunked = false;
            regs = ou_stack_reserve(vm, f->top, co->nregs > n ? co->nregs : n, &chunked);
            if (UNLIKELY(!regs))
                goto error;
            memcpy(regs, args, n * sizeof *regs);
            memset(args, 0, n * sizeof *args);
            flags = chunked ? OU_FR_CHUNK : 0;
        }
        if (UNLIKELY(n != co->argcount || !co->simple_args)) {
            if (ou_bind_args(vm, fn, regs, n, NULL) < 0) {
                if (flags & OU_FR_CHUNK)
                    ou_stack_pop_chunk(vm);
                goto error;
            }
        }
        if (UNLIKELY(--ts->recursion_left < 0)) {
            ou_recursion_error(vm);
            goto call_undo;
        }
        nf = ts->frame_top;
        if (UNLIKELY(nf == ts->frame_end)) {
            nf = ou_frame_push_slow(vm);
            if (!nf) {
                ts->recursion_left++;
            call_undo:
                for (size_t i = 0; i < co->nvars; i++)
                    if (regs[i])
                        ou_clear(vm, regs[i]);
                if (flags & OU_FR_CHUNK)
                    ou_stack_pop_chunk(vm);
                goto error;
            }
        }
        ts->frame_top = nf + 1;
        nf->prev = f;
        nf->func = fn;
        nf->code = co;
        nf->regs = regs;
        nf->top = regs + co->nregs;
        nf->limit = LIKELY(regs == args) ? f->limit : ts->chunk->end;
        nf->locals = NULL;
        nf->obj = NULL;
        nf->dest = C;
        nf->flags = (uint8_t)flags;
        nf->skip = 2;
        nf->base = (uint16_t)(A + 1);
        f = ts->frame = nf;
        R = regs;
        K = co->consts;
        pc = co->code;
        NEXT();
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
                OuFunc *fn = (OuFunc *)init;
                ou_incref(fn);
                ou_decref(vm, base[0]);
                base[0] = (OuObj *)fn;
                args--;
                n++;
                OuCode *co = fn->code;
                OuObj **regs = args;
                unsigned flags = OU_FR_INIT;
                if (UNLIKELY(args + co->nregs > f->limit)) {
                    bool chunked = false;
                    regs = ou_stack_reserve(vm, f->top, co->nregs > n ? co->nregs : n, &chunked);
                    if (UNLIKELY(!regs)) {
                        ou_decref(vm, self);
                        goto error;
                    }
                    memcpy(regs, args, n * sizeof *regs);
                    memset(args, 0, n * sizeof *args);
                    flags |= chunked ? OU_FR_CHUNK : 0;
                }
                if (UNLIKELY(n != co->argcount || !co->simple_args)) {
                    if (ou_bind_args(vm, fn, regs, n, NULL) < 0)
                        goto init_failed;
                }
                OuFrame *nf = ts->frame_top;
                if (UNLIKELY(nf == ts->frame_end))
                    nf = ou_frame_push_slow(vm);
                if (UNLIKELY(!nf))
                    goto init_undo;
                if (UNLIKELY(--ts->recursion_left < 0)) {
                    ou_recursion_error(vm);
                init_undo:
                    for (size_t i = 0; i < co->nvars; i++)
                        if (regs[i])
                            ou_clear(vm, regs[i]);
                init_failed:
                    if (flags & OU_FR_CHUNK)
                        ou_stack_pop_chunk(vm);
                    ou_decref(vm, self);
                    goto error;
                }
                ts->frame_top = nf + 1;
                nf->prev = f;
                nf->func = fn;
                nf->code = co;
                nf->regs = regs;
                nf->top = regs + co->nregs;
                nf->limit = LIKELY(regs == args) ? f->limit : ts->chunk->end;
                nf->locals = NULL;
                nf->obj = NULL;
                nf->self_result = self;
                nf->dest = C;
                nf->flags = (uint8_t)flags;
                nf->skip = 2;
                nf->base = (uint16_t)(A + 1);
                f = ts->frame = nf;
                R = regs;
                K = co->consts;
                pc = co->code;
                NEXT();
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
call_done: /* arguments are released first to last, then the callee */
    if (UNLIKELY(!result))
        goto error;
    if (base[1])
        ou_clear(vm, base[1]);
    for (size_t i = 0; i < B; i++) {
        OuObj *o = base[2 + i];
        base[2 + i] = NULL;
        ou_decref(vm, o);
    }
    base[0] = NULL;
    ou_decref(vm, callee);
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
        OuFunc *fn = (OuFunc *)callee;
        OuCode *co = fn->code;
        OuObj **regs = args;
        unsigned flags = 0;
        if (UNLIKELY(args + co->nregs > f->limit)) {
            bool chunked = false;
            regs = ou_stack_reserve(vm, f->top, co->nregs > n ? co->nregs : n, &chunked);
            if (UNLIKELY(!regs))
                goto error;
            memcpy(regs, args, n * sizeof *regs);
            memset(args, 0, n * sizeof *args);
            flags = chunked ? OU_FR_CHUNK : 0;
        }
        OuFrame *nf = NULL;
        if (ou_bind_args(vm, fn, regs, npos, kwnames) == 0) {
            nf = ts->frame_top;
            if (UNLIKELY(nf == ts->frame_end))
                nf = ou_frame_push_slow(vm);
            if (nf && UNLIKELY(--ts->recursion_left < 0)) {
                ou_recursion_error(vm);
                nf = NULL;
            }
            if (UNLIKELY(!nf))
                for (size_t i = 0; i < co->nvars; i++)
                    if (regs[i])
                        ou_clear(vm, regs[i]);
        }
        if (UNLIKELY(!nf)) {
            if (flags & OU_FR_CHUNK)
                ou_stack_pop_chunk(vm);
            goto error;
        }
        ts->frame_top = nf + 1;
        nf->prev = f;
        nf->func = fn;
        nf->code = co;
        nf->regs = regs;
        nf->top = regs + co->nregs;
        nf->limit = LIKELY(regs == args) ? f->limit : ts->chunk->end;
        nf->locals = NULL;
        nf->obj = NULL;
        nf->dest = C;
        nf->flags = (uint8_t)flags;
        nf->skip = 2;
        nf->base = (uint16_t)(A + 1);
        f = ts->frame = nf;
        R = regs;
        K = co->consts;
        pc = co->code;
        NEXT();
    }
    result = ou_call(vm, callee, args, npos, kwnames);
    if (UNLIKELY(!result))
        goto error;
    if (base[1])
        ou_clear(vm, base[1]);
    for (size_t i = 0; i < B; i++) {
        OuObj *o = base[2 + i];
        base[2 + i] = NULL;
        ou_decref(vm, o);
    }
    base[0] = NULL;
    ou_decref(vm, callee);
    SET(C, result);
    NEXT_SKIP(2);
}
TARGET(CALL_EX) :
{
    OuObj **base = &R[A];
    SAVE();
    result = ou_op_call_ex(vm, base[0], &base[2], base[3]);
    if (UNLIKELY(!result))
        goto error;
    ou_clear(vm, base[2]);
    if (base[3])
        ou_clear(vm, base[3]);
    ou_clear(vm, base[0]);
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
