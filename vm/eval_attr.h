/* vm/eval_attr.h - attribute instructions and their inline caches; part of the body of ou_eval (vm/eval.c).
 *
 * Caches are the three units after the instruction.  unit 0: type version (low 32 bits) | shape number (high);
 * unit 1: index or offset; unit 2: pointer (borrowed: valid as long as the version is).  A version is never reused and is
 * dropped when the class or a base changes, so one compare proves both the class and its state. */
#define CACHE_VERSION ((uint32_t)pc[0])
#define CACHE_SHAPE ((uint32_t)(pc[0] >> 32))
    TARGET(LOAD_ATTR) :
    {
        OuObj *o = R[B];
        SAVE();
        OWN_B(o);
        OuObj *res = ou_op_load_attr(vm, o, f->code->names[C], pc);
        DISOWN_B(o);
        if (UNLIKELY(!res))
            goto error;
        SET(A, res);
        NEXT_SKIP(3);
    }
    TARGET(LOAD_ATTR_SHAPE) : /* value of an instance in shaped state */
    {
        OuObj *o = R[B];
        OuType *t = OU_TYPE_OF(vm, o);
        if (LIKELY(t->version == CACHE_VERSION)) {
            uint64_t word = *OU_DICT_WORD(o, t->dict_off);
            if (LIKELY(OU_WORD_IS_SHAPED(word) && OU_WORD_SHAPE(word) == CACHE_SHAPE)) {
                OuObj *res = OU_INST_VALUES(o, t->dict_off)[pc[1]];
                ou_incref(res);
                if (AUX(OU_AUX_B_TAKE)) {
                    SAVE();
                    EMPTY(B);
                }
                SET(A, res);
                NEXT_SKIP(3);
            }
        }
        goto deopt_load_attr;
    }
    TARGET(LOAD_ATTR_SLOT) : /* __slots__ member at byte offset */
    {
        OuObj *o = R[B];
        if (LIKELY(OU_TYPE_OF(vm, o)->version == CACHE_VERSION)) {
            OuObj *res = *(OuObj **)((char *)o + pc[1]);
            if (LIKELY(res != NULL)) {
                ou_incref(res);
                if (AUX(OU_AUX_B_TAKE)) {
                    SAVE();
                    EMPTY(B);
                }
                SET(A, res);
                NEXT_SKIP(3);
            }
        }
        goto deopt_load_attr;
    }
    TARGET(LOAD_ATTR_MODULE) : /* module global: the keys version proves the entry */
    {
        OuObj *o = R[B];
        if (LIKELY(ou_is(o, module))) {
            OuDict *d = ((OuModule *)o)->dict;
            if (LIKELY(d->keys_version == CACHE_VERSION)) {
                OuObj *res = *ou_dict_value_slot(d, pc[1]);
                ou_incref(res);
                if (AUX(OU_AUX_B_TAKE)) {
                    SAVE();
                    EMPTY(B);
                }
                SET(A, res);
                NEXT_SKIP(3);
            }
        }
        goto deopt_load_attr;
    }
deopt_load_attr:
    pc[-1] = w = (w & ~(uint64_t)0xff) | OU_OP_LOAD_ATTR;
    goto L_LOAD_ATTR;

    TARGET(STORE_ATTR) :
    {
        OuObj *o = R[A], *value = OPERAND_B();
        SAVE();
        OWN_B(value);
        if (!AUX(OU_AUX_A_TAKE))
            ou_incref(o);
        int r = ou_op_store_attr(vm, o, f->code->names[C], value, pc);
        DISOWN_B(value);
        if (AUX(OU_AUX_A_TAKE))
            R[A] = NULL;
        ou_decref(vm, o);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT_SKIP(3);
    }
    TARGET(STORE_ATTR_SHAPE) : /* replaces a value of a shaped instance */
    {
        OuObj *o = R[A];
        OuType *t = OU_TYPE_OF(vm, o);
        if (LIKELY(t->version == CACHE_VERSION)) {
            uint64_t word = *OU_DICT_WORD(o, t->dict_off);
            if (LIKELY(OU_WORD_IS_SHAPED(word) && OU_WORD_SHAPE(word) == CACHE_SHAPE)) {
                OuObj **slot = &OU_INST_VALUES(o, t->dict_off)[pc[1]], *old = *slot, *value = OPERAND_B();
                if (AUX(OU_AUX_B_TAKE))
                    R[B] = NULL;
                else
                    ou_incref(value);
                *slot = value;
                SAVE();
                ou_decref(vm, old);
                if (AUX(OU_AUX_A_TAKE))
                    EMPTY(A);
                NEXT_SKIP(3);
            }
        }
        goto deopt_store_attr;
    }
    TARGET(STORE_ATTR_ADD) : /* adds a value: shape -> shape in unit 2, if the instance has room */
    {
        OuObj *o = R[A];
        OuType *t = OU_TYPE_OF(vm, o);
        if (LIKELY(t->version == CACHE_VERSION)) {
            uint64_t *wp = OU_DICT_WORD(o, t->dict_off), word = *wp;
            if (LIKELY(OU_WORD_IS_SHAPED(word) && OU_WORD_SHAPE(word) == CACHE_SHAPE && pc[1] < OU_WORD_CAP(word))) {
                OuObj *value = OPERAND_B();
                if (AUX(OU_AUX_B_TAKE))
                    R[B] = NULL;
                else
                    ou_incref(value);
                OU_INST_VALUES(o, t->dict_off)[pc[1]] = value;
                *wp = OU_WORD_MAKE(pc[2], OU_WORD_CAP(word));
                if (AUX(OU_AUX_A_TAKE)) {
                    SAVE();
                    EMPTY(A);
                }
                NEXT_SKIP(3);
            }
        }
        goto deopt_store_attr;
    }
    TARGET(STORE_ATTR_SLOT) :
    {
        OuObj *o = R[A];
        if (LIKELY(OU_TYPE_OF(vm, o)->version == CACHE_VERSION)) {
            OuObj **slot = (OuObj **)((char *)o + pc[1]), *old = *slot, *value = OPERAND_B();
            if (AUX(OU_AUX_B_TAKE))
                R[B] = NULL;
            else
                ou_incref(value);
            *slot = value;
            SAVE();
            ou_xdecref(vm, old);
            if (AUX(OU_AUX_A_TAKE))
                EMPTY(A);
            NEXT_SKIP(3);
        }
        goto deopt_store_attr;
    }
deopt_store_attr:
    pc[-1] = w = (w & ~(uint64_t)0xff) | OU_OP_STORE_ATTR;
    goto L_STORE_ATTR;
    TARGET(DELETE_ATTR) :
    {
        OuObj *o = R[B];
        SAVE();
        OWN_B(o);
        int r = ou_setattr(vm, o, f->code->names[C], NULL);
        DISOWN_B(o);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT();
    }
    TARGET(LOAD_METHOD) :
    {
        OuObj *o = R[B], *out[2];
        SAVE();
        OWN_B(o);
        int r = ou_op_load_method(vm, o, f->code->names[C], out, pc);
        DISOWN_B(o);
        if (UNLIKELY(r < 0))
            goto error;
        R[A] = out[0];
        R[A + 1] = out[1];
        NEXT_SKIP(3);
    }
    TARGET(LOAD_METHOD_SHAPE) : /* function or method descriptor of the class; a shaped instance whose shape lacks the name */
    {
        OuObj *o = R[B];
        OuType *t = OU_TYPE_OF(vm, o);
        if (LIKELY(t->version == CACHE_VERSION)) {
            uint64_t word = *OU_DICT_WORD(o, t->dict_off);
            if (LIKELY(OU_WORD_IS_SHAPED(word) && OU_WORD_SHAPE(word) == CACHE_SHAPE)) {
                OuObj *fn = (OuObj *)pc[2];
                ou_incref(fn);
                if (AUX(OU_AUX_B_TAKE))
                    R[B] = NULL;
                else
                    ou_incref(o);
                R[A] = fn;
                R[A + 1] = o;
                NEXT_SKIP(3);
            }
        }
        goto deopt_load_method;
    }
    TARGET(LOAD_METHOD_TYPE) : /* the same for objects without instance attributes (list.append, slotted classes) */
    {
        OuObj *o = R[B];
        if (LIKELY(OU_TYPE_OF(vm, o)->version == CACHE_VERSION)) {
            OuObj *fn = (OuObj *)pc[2];
            ou_incref(fn);
            if (AUX(OU_AUX_B_TAKE))
                R[B] = NULL;
            else
                ou_incref(o);
            R[A] = fn;
            R[A + 1] = o;
            NEXT_SKIP(3);
        }
        goto deopt_load_method;
    }
deopt_load_method:
    pc[-1] = w = (w & ~(uint64_t)0xff) | OU_OP_LOAD_METHOD;
    goto L_LOAD_METHOD;
