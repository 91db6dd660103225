/* vm/eval_attr.h - attribute instructions and their inline caches; part of the body of ou_eval (vm/eval.c).
 *
 * Caches are four units after the instruction: two entries of a key and data.  key: type version (low 32 bits) | upper half
 * of the dict word, which tells the shape (0 for layouts without shapes).  A version is never reused and is dropped when
 * the class or a base changes, so one compare proves both the class and its state.  data: offset of the value in the object
 * (low 16 bits); STORE: | shape after adding << 16; METHOD: the function (borrowed: valid as long as the version is).  The top
 * 16 bits of the second data count misses: a site that sees many classes stops specialising (vm/eval_attr.c). */
#define CACHE_VERSION(e) ((uint32_t)pc[2 * (e)])
#define CACHE_OFFSET(e) ((uint16_t)pc[2 * (e) + 1])
#define VALUE_AT(o, offset) (*(OuObj **)((char *)(o) + (offset)))
/* entry e is of type t and of instance o's shape */
#define SHAPE_HIT(e)                   \
    (t->version == CACHE_VERSION(e) && \
     OU_WORD_UPPER(*OU_DICT_WORD(o, t->dict_off)) == (uint32_t)(pc[2 * (e)] >> 32))
TARGET(LOAD_ATTR) :
{
    OuObj *o, *res;
load_attr_miss:
    o = R[B];
    SAVE();
    OWN_B(o);
    res = ou_op_load_attr(vm, o, f->code->names[C], pc);
    DISOWN_B(o);
    if (UNLIKELY(!res))
        goto error;
    SET(A, res);
    NEXT_SKIP(4);
}
/* the value read in place: a new count, operand emptied, result stored */
#define LOAD_ATTR_DONE(value)     \
    do {                          \
        OuObj *res_ = (value);    \
        ou_incref(res_);          \
        if (AUX(OU_AUX_B_TAKE)) { \
            SAVE();               \
            EMPTY(B);             \
        }                         \
        SET(A, res_);             \
        NEXT_SKIP(4);             \
    } while (0)
TARGET(LOAD_ATTR_SHAPE) : /* value of an instance in shaped state */
{
    OuObj *o = R[B];
    OuType *t = OU_TYPE_OF(vm, o);
    if (LIKELY(SHAPE_HIT(0)))
        LOAD_ATTR_DONE(VALUE_AT(o, CACHE_OFFSET(0)));
    if (SHAPE_HIT(1))
        LOAD_ATTR_DONE(VALUE_AT(o, CACHE_OFFSET(1)));
    goto load_attr_miss;
}
TARGET(LOAD_ATTR_SLOT) : /* __slots__ member at byte offset */
{
    OuObj *o = R[B];
    uint32_t version = OU_TYPE_OF(vm, o)->version;
    unsigned e = LIKELY(version == CACHE_VERSION(0)) ? 0 : version == CACHE_VERSION(1) ? 1 : 2;
    if (LIKELY(e < 2)) {
        OuObj *res = VALUE_AT(o, CACHE_OFFSET(e));
        if (LIKELY(res != NULL))
            LOAD_ATTR_DONE(res);
    }
    goto load_attr_miss;
}
TARGET(LOAD_ATTR_MODULE) : /* module global: the keys version proves the entry */
{
    OuObj *o = R[B];
    if (LIKELY(ou_is(o, module))) {
        OuDict *d = ((OuModule *)o)->dict;
        if (LIKELY(d->keys_version == CACHE_VERSION(0)))
            LOAD_ATTR_DONE(*(OuObj **)pc[1]);
    }
    goto load_attr_miss;
}
TARGET(LOAD_ATTR_PROPERTY)
    : /* data: the property (borrowed by the version), whose getter runs in this loop */
{
    OuObj *o = R[B];
    if (UNLIKELY(OU_TYPE_OF(vm, o)->version != CACHE_VERSION(0)))
        goto load_attr_miss;
    OuObj *get = ((OuProperty *)pc[1])->get;
    OuCode *co = get && ou_is(get, function) ? ((OuFunc *)get)->code : NULL;
    /* The result's register holds o during the call, as CPython's stack does: it must be free or be o's own. */
    bool own = AUX(OU_AUX_B_TAKE) && A == B;
    if (UNLIKELY(!co || f->top != R + f->code->nregs || f->code->nregs >= 0xffff || f->top + 2 > f->limit ||
                 !(own || (A >= f->code->nvars && !R[A] && !AUX(OU_AUX_B_TAKE)))))
        goto load_attr_miss;
    SAVE();
    if (!own)
        R[A] = ou_ref(o);
    f->top[0] = ou_ref(get);
    f->top[1] = ou_ref(o);
    OuFrame *nf = push_frame(vm, f, (OuFunc *)get, f->top + 1, 1, NULL, 0);
    if (UNLIKELY(!nf)) {
        ou_clear(vm, f->top[0]);
        goto error;
    }
    ENTER(nf, A, f->code->nregs + 1, 4);
}
TARGET(LOAD_ATTR_DESCR)
    : /* data: a data descriptor of a native type (borrowed by the version): getset, member, ... */
{
    OuObj *o = R[B], *descr, *res;
    OuType *t = OU_TYPE_OF(vm, o);
    unsigned e = LIKELY(t->version == CACHE_VERSION(0)) ? 0 : t->version == CACHE_VERSION(1) ? 1 : 2;
    if (UNLIKELY(e == 2))
        goto load_attr_miss;
    descr = ou_ref((OuObj *)(pc[2 * e + 1] & 0xffffffffffffu));
    SAVE();
    OWN_B(o);
    res = OU_TYPE_OF(vm, descr)->s.descr_get(vm, descr, o, (OuObj *)t);
    DISOWN_B(o);
    DECREF(descr);
    if (UNLIKELY(!res))
        goto error;
    SET(A, res);
    NEXT_SKIP(4);
}
/* The place of a class's value in a dict of its MRO: one entry.  key as above; place; the dict (borrowed by the version);
 * its keys version.  A plain value may change without a new version, and its type may become a descriptor's: so the value
 * is read from its place, and looked at. */
#define CLASS_VALUE_HIT() (((OuDict *)pc[2])->keys_version == (uint32_t)pc[3])
TARGET(LOAD_ATTR_CLASS)
    : /* an instance in shaped state whose shape lacks the name: a plain value of its class */
{
    OuObj *o = R[B];
    OuType *t = OU_TYPE_OF(vm, o);
    if (LIKELY(SHAPE_HIT(0) && CLASS_VALUE_HIT())) {
        OuObj *res = *(OuObj **)pc[1];
        if (LIKELY(!OU_TYPE_OF(vm, res)->s.descr_get))
            LOAD_ATTR_DONE(res);
    }
    goto load_attr_miss;
}
TARGET(LOAD_ATTR_TYPE)
    : /* a class's plain value or function; key: version of the class | that of its metaclass << 32 */
{
    OuObj *o = R[B];
    OuType *meta = OU_TYPE_OF(vm, o);
    if (LIKELY(meta->version == (uint32_t)(pc[0] >> 32) && OU_AS_TYPE(o)->version == CACHE_VERSION(0) &&
               CLASS_VALUE_HIT())) {
        OuObj *res = *(OuObj **)pc[1];
        if (LIKELY(ou_is(res, function) || !OU_TYPE_OF(vm, res)->s.descr_get))
            LOAD_ATTR_DONE(res);
    }
    goto load_attr_miss;
}
TARGET(LOAD_ATTR_ANY) : /* a site of many classes: no more caching */
{
    OuObj *o = R[B];
    SAVE();
    OWN_B(o);
    OuObj *res = ou_op_load_attr_any(vm, o, f->code->names[C]);
    DISOWN_B(o);
    if (UNLIKELY(!res))
        goto error;
    SET(A, res);
    NEXT_SKIP(4);
}

TARGET(STORE_ATTR) :
{
    OuObj *o, *value;
    int r;
store_attr_miss:
    o = R[A];
    value = OPERAND_B();
    SAVE();
    OWN_B(value);
    if (!AUX(OU_AUX_A_TAKE))
        ou_incref(o);
    r = ou_op_store_attr(vm, o, f->code->names[C], value, pc);
    DISOWN_B(value);
    if (AUX(OU_AUX_A_TAKE))
        R[A] = NULL;
    ou_decref(vm, o);
    if (UNLIKELY(r < 0))
        goto error;
    NEXT_SKIP(4);
}
/* *slot := operand B; old is what it held, or NULL */
#define STORE_ATTR_DONE(slot, old)   \
    do {                             \
        OuObj *value_ = OPERAND_B(); \
        if (AUX(OU_AUX_B_TAKE))      \
            R[B] = NULL;             \
        else                         \
            ou_incref(value_);       \
        *(slot) = value_;            \
        SAVE();                      \
        if (old)                     \
            ou_decref(vm, old);      \
        if (AUX(OU_AUX_A_TAKE))      \
            EMPTY(A);                \
        NEXT_SKIP(4);                \
    } while (0)
TARGET(STORE_ATTR_SHAPE) : /* replaces a value of a shaped instance, or adds one if it has room */
{
    OuObj *o = R[A];
    OuType *t = OU_TYPE_OF(vm, o);
    unsigned e = LIKELY(SHAPE_HIT(0)) ? 0 : SHAPE_HIT(1) ? 1 : 2;
    if (LIKELY(e < 2)) {
        uint64_t data = pc[2 * e + 1];
        OuObj **slot = &VALUE_AT(o, (uint16_t)data);
        uint32_t shape = (uint32_t)(data >> 16);
        if (!shape) {
            OuObj *old = *slot;
            STORE_ATTR_DONE(slot, old);
        }
        uint64_t *wp = OU_DICT_WORD(o, t->dict_off);
        if (LIKELY(slot < &OU_INST_VALUES(o, t->dict_off)[OU_WORD_CAP(*wp)])) {
            *wp = OU_WORD_MAKE(shape, OU_WORD_CAP(*wp));
            STORE_ATTR_DONE(slot, (OuObj *)NULL);
        }
    }
    goto store_attr_miss;
}
TARGET(STORE_ATTR_SLOT) :
{
    OuObj *o = R[A];
    uint32_t version = OU_TYPE_OF(vm, o)->version;
    unsigned e = LIKELY(version == CACHE_VERSION(0)) ? 0 : version == CACHE_VERSION(1) ? 1 : 2;
    if (LIKELY(e < 2)) {
        OuObj **slot = &VALUE_AT(o, CACHE_OFFSET(e)), *old = *slot;
        STORE_ATTR_DONE(slot, old);
    }
    goto store_attr_miss;
}
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
    OuObj *o, *out[2];
    int r;
load_method_miss:
    o = R[B];
    SAVE();
    OWN_B(o);
    r = ou_op_load_method(vm, o, f->code->names[C], out, pc);
    DISOWN_B(o);
    if (UNLIKELY(r < 0))
        goto error;
    R[A] = out[0];
    R[A + 1] = out[1];
    NEXT_SKIP(4);
}
/* function and self; a temporary operand becomes self as it is */
#define LOAD_METHOD_DONE(e)                                        \
    do {                                                           \
        OuObj *fn_ = (OuObj *)(pc[2 * (e) + 1] & 0xffffffffffffu); \
        ou_incref(fn_);                                            \
        if (AUX(OU_AUX_B_TAKE))                                    \
            R[B] = NULL;                                           \
        else                                                       \
            ou_incref(o);                                          \
        R[A] = fn_;                                                \
        R[A + 1] = o;                                              \
        NEXT_SKIP(4);                                              \
    } while (0)
TARGET(LOAD_METHOD_SHAPE)
    : /* function or method descriptor of the class; a shaped instance whose shape lacks the name */
{
    OuObj *o = R[B];
    OuType *t = OU_TYPE_OF(vm, o);
    if (LIKELY(SHAPE_HIT(0)))
        LOAD_METHOD_DONE(0);
    if (SHAPE_HIT(1))
        LOAD_METHOD_DONE(1);
    goto load_method_miss;
}
TARGET(LOAD_METHOD_TYPE)
    : /* the same for objects without instance attributes (list.append, slotted classes) */
{
    OuObj *o = R[B];
    uint32_t version = OU_TYPE_OF(vm, o)->version;
    unsigned e = LIKELY(version == CACHE_VERSION(0)) ? 0 : version == CACHE_VERSION(1) ? 1 : 2;
    if (LIKELY(e < 2))
        LOAD_METHOD_DONE(e);
    goto load_method_miss;
}
TARGET(LOAD_METHOD_ANY) :
{
    OuObj *o = R[B], *out[2];
    SAVE();
    OWN_B(o);
    int r = ou_op_load_method_any(vm, o, f->code->names[C], out);
    DISOWN_B(o);
    if (UNLIKELY(r < 0))
        goto error;
    R[A] = out[0];
    R[A + 1] = out[1];
    NEXT_SKIP(4);
}
