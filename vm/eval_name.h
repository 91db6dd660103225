/* vm/eval_name.h - names that are no local variables, cells; part of the body of ou_eval (vm/eval.c), which alone includes it.
 *
 * Loads and stores of globals keep the version of the dict's keys and the place of the value (vm/eval_names.c writes these
 * caches); the names of a module body do the same while its namespace is the globals. */
TARGET(LOAD_GLOBAL) :
{
    SAVE();
    OuObj *o = ou_op_load_global(vm, f, f->code->names[BC], pc);
    if (UNLIKELY(!o))
        goto error;
    SET(A, o);
    NEXT_SKIP(2);
}
TARGET(LOAD_GLOBAL_MODULE) :
{
    OuDict *g = f->func->globals;
    if (UNLIKELY(g->keys_version != (uint32_t)pc[0]))
        goto deopt_global;
    OuObj *o = *(OuObj **)pc[1];
    ou_incref(o);
    SET(A, o);
    NEXT_SKIP(2);
}
TARGET(LOAD_GLOBAL_BUILTIN) :
{
    OuDict *b = (OuDict *)f->func->builtins;
    if (UNLIKELY(f->func->globals->keys_version != (uint32_t)pc[0] ||
                 b->keys_version != (uint32_t)(pc[0] >> 32)))
        goto deopt_global;
    OuObj *o = *(OuObj **)pc[1];
    ou_incref(o);
    SET(A, o);
    NEXT_SKIP(2);
}
deopt_global : ou_op_become(pc, OU_OP_LOAD_GLOBAL);
goto L_LOAD_GLOBAL;
TARGET(STORE_GLOBAL) : SAVE();
if (ou_op_store_global(vm, f, f->code->names[BC], R[A], pc) < 0)
    goto error;
if (AUX(OU_AUX_A_TAKE))
    EMPTY(A);
NEXT_SKIP(1);
TARGET(STORE_NAME_MODULE) : if (UNLIKELY(f->locals != (OuObj *)f->func->globals)) goto deopt_store;
TARGET(STORE_GLOBAL_MODULE)
    : /* cache: version of the keys | place of the value in the table, in words, << 32 */
{
    OuDict *g = f->func->globals;
    if (UNLIKELY(g->keys_version != (uint32_t)pc[0]))
        goto deopt_store;
    OuObj *value = R[A], **slot = (OuObj **)g->table + (pc[0] >> 32), *old = *slot;
    if (AUX(OU_AUX_A_TAKE))
        R[A] = NULL;
    else
        ou_incref(value);
    *slot = value;
    if (UNLIKELY(!(g->hdr.tf & OU_F_TRACKED)) && ou_may_be_tracked(vm, value))
        ou_gc_track(&vm->heap, &g->hdr);
    DECREF(old);
    NEXT_SKIP(1);
}
deopt_store : if (OPCODE == OU_OP_STORE_NAME_MODULE)
{
    ou_op_become(pc, OU_OP_STORE_NAME);
    goto L_STORE_NAME;
}
ou_op_become(pc, OU_OP_STORE_GLOBAL);
goto L_STORE_GLOBAL;
TARGET(DELETE_GLOBAL) : SAVE();
if (ou_op_delete_global(vm, f, f->code->names[BC]) < 0)
    goto error;
NEXT();
TARGET(LOAD_NAME) :
{
    SAVE();
    OuObj *o;
    if (f->locals == (OuObj *)f->func->globals)
        o = ou_op_load_global(vm, f, f->code->names[BC], pc);
    else
        o = ou_op_load_name(vm, f, f->code->names[BC]);
    if (UNLIKELY(!o))
        goto error;
    SET(A, o);
    NEXT_SKIP(2);
}
TARGET(LOAD_NAME_MODULE) :
{
    OuDict *g = f->func->globals;
    if (UNLIKELY(f->locals != (OuObj *)g || g->keys_version != (uint32_t)pc[0]))
        goto deopt_name;
    SET(A, ou_ref(*(OuObj **)pc[1]));
    NEXT_SKIP(2);
}
TARGET(LOAD_NAME_BUILTIN) :
{
    OuDict *g = f->func->globals, *b = (OuDict *)f->func->builtins;
    if (UNLIKELY(f->locals != (OuObj *)g || g->keys_version != (uint32_t)pc[0] ||
                 b->keys_version != (uint32_t)(pc[0] >> 32)))
        goto deopt_name;
    SET(A, ou_ref(*(OuObj **)pc[1]));
    NEXT_SKIP(2);
}
deopt_name : ou_op_become(pc, OU_OP_LOAD_NAME);
goto L_LOAD_NAME;
TARGET(STORE_NAME) : SAVE();
if ((f->locals == (OuObj *)f->func->globals ? ou_op_store_global(vm, f, f->code->names[BC], R[A], pc)
                                            : ou_op_store_name(vm, f, f->code->names[BC], R[A])) < 0)
    goto error;
if (AUX(OU_AUX_A_TAKE))
    EMPTY(A);
NEXT_SKIP(1);
TARGET(DELETE_NAME) : SAVE();
if (ou_op_store_name(vm, f, f->code->names[BC], NULL) < 0)
    goto error;
NEXT();
TARGET(MAKE_CELL) :
{
    SAVE();
    ts->frame = f->prev; /* before RESUME a frame is incomplete: tracemalloc does not see it */
    OuObj *cell = ou_cell_new(vm, R[A]);
    ts->frame = f;
    if (UNLIKELY(!cell))
        goto error;
    SET(A, cell);
    NEXT();
}
TARGET(COPY_FREE_VARS) :
{
    OuTuple *cells = (OuTuple *)f->func->closure;
    OuObj **to = R + f->code->nvars - A;
    for (unsigned i = 0; i < A; i++)
        to[i] = ou_ref(cells->items[i]);
    NEXT();
}
TARGET(LOAD_DEREF) :
{
    OuObj *o = ((OuCell *)R[B])->value;
    if (UNLIKELY(!o)) {
        SAVE();
        ou_op_unbound(vm, f, B);
        goto error;
    }
    ou_incref(o);
    SET(A, o);
    NEXT();
}
TARGET(STORE_DEREF) :
{
    OuCell *cell = (OuCell *)R[A];
    OuObj *o = R[B], *old = cell->value;
    if (AUX(OU_AUX_B_TAKE))
        R[B] = NULL;
    else
        ou_incref(o);
    cell->value = o;
    if (old) {
        SAVE();
        ou_decref(vm, old);
    }
    NEXT();
}
TARGET(DELETE_DEREF) :
{
    OuCell *cell = (OuCell *)R[A];
    OuObj *old = cell->value;
    SAVE();
    if (UNLIKELY(!old)) {
        ou_op_unbound(vm, f, A);
        goto error;
    }
    cell->value = NULL;
    ou_decref(vm, old);
    NEXT();
}
TARGET(LOAD_CLASSDEREF) :
{
    SAVE();
    OuObj *o = ou_op_load_classderef(vm, f, B, f->code->names[C]);
    if (UNLIKELY(!o))
        goto error;
    SET(A, o);
    NEXT();
}
