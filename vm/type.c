/* vm/type.c - types: creation from specs, lazily filled dicts, attribute lookup with its cache, versions,
 * numbers, the list of subclasses. */
#include "type.h"

#include <string.h>

#define TYPE(c_name, spec) extern const OuTypeSpec spec;
#include "types.def"
#undef TYPE
#define EXC(name, base, layout, doc) extern const OuTypeSpec ou_exc_spec_##layout;
#include "exceptions.def"
#undef EXC

static const struct BuiltinRow {
    const OuTypeSpec *spec;
    uint16_t base;
    const char *name, *doc; /* exceptions only */
} builtin_rows[] = {
    {NULL, 0, NULL, NULL},
#define TYPE(c_name, spec) {&spec, OU_T_object, NULL, NULL},
#include "types.def"
#undef TYPE
#define EXC(name, base, layout, doc) {&ou_exc_spec_##layout, OU_T_##base, #name, doc},
#include "exceptions.def"
#undef EXC
};
_Static_assert(sizeof builtin_rows / sizeof *builtin_rows == OU_T_COUNT, "one row a type");

#define TYPE_SUBCLASS_BITS                                                                          \
    (OU_TYPE_INT_SUB | OU_TYPE_LIST_SUB | OU_TYPE_TUPLE_SUB | OU_TYPE_STR_SUB | OU_TYPE_BYTES_SUB | \
     OU_TYPE_DICT_SUB | OU_TYPE_EXC_SUB | OU_TYPE_TYPE_SUB)
#define TYPE_INHERITED                                                                                    \
    (TYPE_SUBCLASS_BITS | OU_TYPE_GC | OU_TYPE_DICT | OU_TYPE_WEAK | OU_TYPE_SEQUENCE | OU_TYPE_MAPPING | \
     OU_TYPE_MATCH_SELF | OU_TYPE_DEEP)

/* ---- numbers ------------------------------------------------------------------------ */

uint32_t ou_type_take_index(OuVM *vm)
{
    OuTypeState *st = vm->type_state;
    if (!st->nfree && st->ndead >= OU_INDEX_QUARANTINE) {
        ou_eval_flush_caches(vm);
        st->nfree = st->ndead;
    }
    if (st->nfree) {
        uint32_t index = st->dead[--st->nfree];
        st->dead[st->nfree] = st->dead[--st->ndead];
        return index;
    }
    if (vm->ntypes == vm->types_cap) {
        uint32_t cap = vm->types_cap * 2;
        if (cap > OU_TYPE_MASK) {
            ou_raise_memory(vm);
            return 0;
        }
        OuType **p = ou_realloc(vm, vm->types, vm->types_cap * sizeof *p, cap * sizeof *p);
        if (!p)
            return 0;
        vm->types = p;
        vm->types_cap = cap;
    }
    return vm->ntypes++;
}

/* Enters t under its number, both here and in the heap's table. */
void ou_type_set_face(OuVM *vm, OuType *t)
{
    vm->types[t->face.index] = t;
}

void ou_type_release_index(OuVM *vm, uint32_t index)
{
    OuTypeState *st = vm->type_state;
    vm->types[index] = NULL;
    ou_heap_set_type(&vm->heap, index, NULL);
    if (st->ndead == st->dead_cap) {
        uint32_t cap = st->dead_cap ? st->dead_cap * 2 : 256;
        uint32_t *p =
            ou_mem_realloc(ou_heap_mem(&vm->heap), st->dead, st->dead_cap * sizeof *p, cap * sizeof *p);
        if (!p)
            return; /* the number is lost; nothing else is */
        st->dead = p;
        st->dead_cap = cap;
    }
    st->dead[st->ndead++] = index;
}

/* Of containers that hold nothing: they are tracked for the sake of CPython's figures only (locks, arrays, mmaps). */
static int traverse_nothing(OuObj *o, OuVisit visit, void *arg)
{
    return 0;
}

/* ---- native types --------------------------------------------------------------------- */

static int fill_native(OuVM *vm, OuType *t, const OuTypeSpec *spec, OuType *base, uint32_t index,
                       const char *name)
{
    t->spec = spec;
    t->name = name ? name : spec->name;
    t->base = base;
    t->flags = spec->flags | OU_TYPE_IMMUTABLE;
    t->dict_off = spec->dict_off;
    OuTypeFace *f = &t->face;
    f->index = index;
    f->size = spec->size;
    f->item_size = spec->item_size;
    f->name = t->name;
    f->dealloc = spec->dealloc;
    f->traverse = spec->traverse;
    f->clear = spec->clear;
    t->layout = index;
    if (base) {
        if (!f->size || (f->size == base->face.size && !spec->item_size)) {
            if (!f->size)
                f->item_size = base->face.item_size;
            f->size = base->face.size;
            t->layout = base->layout;
        }
        t->flags |= base->flags & TYPE_INHERITED;
        if (!t->dict_off)
            t->dict_off = base->dict_off;
        if (!f->dealloc)
            f->dealloc = base->face.dealloc;
        if (!f->traverse)
            f->traverse = base->face.traverse;
        if (!f->clear)
            f->clear = base->face.clear;
    }
    if (ou_slots_native(vm, t, &spec->s, base) < 0)
        return -1;
    if (t->dict_off)
        t->flags |= OU_TYPE_DICT;
    if (f->index >= OU_T_COUNT && t->flags & OU_TYPE_GC)
        t->flags |= OU_TYPE_DEEP; /* types of modules: any of them may hold another one */
    t->slots_off = (f->size + 7) & ~7u;
    f->flags = (t->flags & OU_TYPE_GC ? OU_TF_CONTAINER : 0) | (t->s.finalize ? OU_TF_FINALIZE : 0) |
               (t->flags & OU_TYPE_DEEP ? OU_TF_DEEP : 0);
    if (!f->dealloc)
        f->dealloc = ou_free_object;
    if (t->flags & OU_TYPE_GC && !f->traverse)
        f->traverse = traverse_nothing;
    return 0;
}

static int set_bases_and_mro(OuVM *vm, OuType *t, OuTuple *shared_bases)
{
    OuType *base = t->base;
    size_t n = 1;
    for (OuType *b = base; b; b = b->base)
        n++;
    if (!base)
        t->bases = (OuTuple *)ou_ref(OU_EMPTY_TUPLE(vm));
    else if (shared_bases)
        t->bases = ou_ref(shared_bases);
    else
        t->bases = (OuTuple *)ou_tuple_pack(vm, 1, base);
    t->mro = (OuTuple *)ou_tuple_new(vm, n);
    if (!t->bases || !t->mro)
        return -1;
    size_t i = 0;
    for (OuType *b = t; b; b = b->base)
        t->mro->items[i++] = (OuObj *)ou_ref(b);
    return base ? ou_type_add_subclass(vm, base, t) : 0;
}

int ou_type_init_builtins(OuVM *vm)
{
    OuMem *mem = ou_heap_mem(&vm->heap);
    vm->types_cap = 512;
    vm->types = ou_mem_calloc(mem, vm->types_cap * sizeof *vm->types);
    vm->type_state = ou_mem_calloc(mem, sizeof *vm->type_state);
    if (!vm->types || !vm->type_state)
        return -1;
    vm->ntypes = OU_T_COUNT;
    vm->type_version_next = 1;
    for (uint32_t i = 1; i < OU_T_COUNT; i++) {
        const struct BuiltinRow *row = &builtin_rows[i];
        OuType *t = &vm->builtin[i];
        uint32_t base = i == OU_T_object ? 0 : i == OU_T_bool ? OU_T_int : row->base;
        t->hdr.rc = OU_RC_SINGLETON;
        t->hdr.tf = OU_T_type;
        vm->types[i] = t;
        if (fill_native(vm, t, row->spec, base ? &vm->builtin[base] : NULL, i, row->name) < 0)
            return -1;
        static const struct {
            uint16_t type;
            uint32_t bit;
        } bits[] = {{OU_T_int, OU_TYPE_INT_SUB},     {OU_T_list, OU_TYPE_LIST_SUB},
                    {OU_T_tuple, OU_TYPE_TUPLE_SUB}, {OU_T_str, OU_TYPE_STR_SUB},
                    {OU_T_bytes, OU_TYPE_BYTES_SUB}, {OU_T_dict, OU_TYPE_DICT_SUB},
                    {OU_T_type, OU_TYPE_TYPE_SUB},   {OU_T_BaseException, OU_TYPE_EXC_SUB}};
        for (size_t k = 0; k < sizeof bits / sizeof *bits; k++)
            if (bits[k].type == i)
                t->flags |= bits[k].bit;
        if (ou_heap_set_type(&vm->heap, i, &t->face) < 0)
            return -1;
    }
    OuTuple *object_bases = NULL;
    for (uint32_t i = 1; i < OU_T_COUNT; i++) {
        OuType *t = &vm->builtin[i];
        bool plain = t->base == &vm->builtin[OU_T_object];
        if (i == OU_T_ExceptionGroup) { /* the one built-in type with two bases */
            OuType *base = t->base, *second = &vm->builtin[OU_T_Exception];
            t->bases = (OuTuple *)ou_tuple_pack(vm, 2, base, second);
            t->mro = (OuTuple *)ou_tuple_pack(vm, 5, t, base, second, &vm->builtin[OU_T_BaseException],
                                              &vm->builtin[OU_T_object]);
            if (!t->bases || !t->mro || ou_type_add_subclass(vm, base, t) < 0 ||
                ou_type_add_subclass(vm, second, t) < 0)
                return -1;
            continue;
        }
        if (set_bases_and_mro(vm, t, plain ? object_bases : NULL) < 0)
            return -1;
        if (plain)
            object_bases = t->bases;
    }
    return 0;
}

OuType *ou_type_from_spec(OuVM *vm, const OuTypeSpec *spec, OuType *base)
{
    return ou_type_from_spec_meta(vm, spec, base, &vm->builtin[OU_T_type]);
}

OuType *ou_type_from_spec_meta(OuVM *vm, const OuTypeSpec *spec, OuType *base, OuType *meta)
{
    if (!base)
        base = &vm->builtin[OU_T_object];
    uint32_t index = ou_type_take_index(vm);
    if (!index)
        return NULL;
    OuType *t = (OuType *)ou_new_gc(vm, meta->face.index, meta->face.size);
    if (!t) {
        ou_type_release_index(vm, index);
        return NULL;
    }
    memset((char *)t + sizeof t->hdr, 0, meta->face.size - sizeof t->hdr);
    if (fill_native(vm, t, spec, base, index, NULL) < 0) {
        ou_type_release_index(vm, index);
        ou_heap_free_gc(&vm->heap, (OuObj *)t, meta->face.size);
        return NULL;
    }
    t->hdr.rc = OU_RC_SINGLETON; /* native types live as long as the VM */
    if (ou_heap_set_type(&vm->heap, index, &t->face) < 0) {
        ou_raise_memory(vm);
        return NULL;
    }
    ou_type_set_face(vm, t);
    return set_bases_and_mro(vm, t, NULL) < 0 ? NULL : t;
}

/* ---- dicts ------------------------------------------------------------------------------- */

static int put(OuVM *vm, OuDict *d, const char *name, OuObj *value_take, bool replace)
{
    if (!value_take)
        return -1;
    OuObj *key = ou_str_intern_s(vm, name);
    int r = key ? 0 : -1;
    if (key && (replace || !ou_dict_get_str(vm, d, key)))
        r = ou_dict_set(vm, (OuObj *)d, key, value_take);
    ou_xdecref(vm, key);
    ou_decref(vm, value_take);
    return r;
}

static int put_method(OuVM *vm, OuType *t, OuDict *d, const OuFn *fn)
{
    char name[80];
    size_t n = strcspn(fn->sig, "(");
    if (n >= sizeof name)
        n = sizeof name - 1;
    memcpy(name, fn->sig, n);
    name[n] = 0;
    OuObj *v;
    if (fn->flags & OU_FN_STATIC) {
        OuObj *f = ou_builtin_new(vm, fn, (OuObj *)t, NULL, false);
        v = f ? ou_staticmethod_new(vm, f) : NULL;
        ou_xdecref(vm, f);
    } else {
        v = ou_method_descr_new(vm, t, fn, (fn->flags & OU_FN_CLASS) != 0);
    }
    return put(vm, d, name, v, (fn->flags & OU_FN_COEXIST) != 0);
}

/* Modules whose native types are heap types in CPython 3.11: these types have __module__ in their dict, so that their
 * instances show it too. */
static const char *const heap_type_modules[] = {
    "_abc",      "_blake2",  "_bz2",     "_csv",        "_hashlib",
    "_json",     "_lsprof",  "_lzma",    "_md5",        "_multibytecodec",
    "_queue",    "_random",  "_sha1",    "_sha256",     "_sha3",
    "_sha512",   "_sre",     "_ssl",     "_struct",     "_thread",
    "_tokenize", "array",    "ast",      "functools",   "grp",
    "mmap",      "operator", "os",       "posix",       "pwd",
    "pyexpat",   "re",       "resource", "select",      "signal",
    "spwd",      "sqlite3",  "time",     "unicodedata", "zlib",
};

static bool shows_module(const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t n = dot ? (size_t)(dot - name) : 0;
    for (size_t i = 0; n && i < sizeof heap_type_modules / sizeof *heap_type_modules; i++)
        if (!strncmp(heap_type_modules[i], name, n) && !heap_type_modules[i][n])
            return true;
    return !strcmp(name, "ExceptionGroup");
}

static int fill_dict(OuVM *vm, OuType *t, OuDict *d)
{
    const OuTypeSpec *spec = t->spec;
    /* Exceptions share the spec of their layout: only the first class of a layout shows its parts. */
    bool own = !t->base || t->base->spec != spec;
    OuSlots shown = {0};
    const OuSlots *s = &shown;
    if (own) {
        shown = spec->s;
        ou_type_shown_slots(t, &shown);
    }
    if (s->new_ && put(vm, d, "__new__", ou_builtin_new(vm, &ou_new_fn, (OuObj *)t, NULL, true), true) < 0)
        return -1;
    /* CPython's MiddlingExtendsException has no tp_new of its own: children of OSError, NameError ... */
    if (!own && t->s.new_ && spec == vm->builtin[OU_T_BaseException].spec &&
        put(vm, d, "__new__", ou_builtin_new(vm, &ou_new_fn, (OuObj *)t, NULL, true), true) < 0)
        return -1;
    if (ou_slots_fill_dict(vm, t, s, d) < 0)
        return -1;
    if (!own && t->s.init) { /* every exception class of CPython shows an __init__ */
        OuSlots init = {.init = t->s.init};
        if (ou_slots_fill_dict(vm, t, &init, d) < 0)
            return -1;
    }
    if (own) {
        for (const OuFn *fn = spec->methods; fn && fn->sig; fn++)
            if (ou_type_shows_method(t, fn->sig) && put_method(vm, t, d, fn) < 0)
                return -1;
        for (const OuMember *m = spec->members; m && m->name; m++)
            if (put(vm, d, m->name, ou_member_descr_new(vm, t, m), false) < 0)
                return -1;
        for (const OuGetSet *g = spec->getset; g && g->name; g++)
            if (put(vm, d, g->name, ou_getset_descr_new(vm, t, g), false) < 0)
                return -1;
    }
    if (!ou_dict_get_str(vm, d, OU_NAME(vm, __doc__))) {
        size_t index = (size_t)(t - vm->builtin);
        const char *doc =
            index < OU_T_COUNT && builtin_rows[index].name ? builtin_rows[index].doc : spec->doc;
        const char *text = doc && *doc ? ou_doc_text(t->name, doc) : NULL;
        OuObj *v = text ? ou_str_new(vm, text, -1) : ou_none(vm);
        if (put(vm, d, "__doc__", v, false) < 0)
            return -1;
    }
    if (shows_module(t->name) && put(vm, d, "__module__", ou_type_module_name(vm, t), false) < 0)
        return -1;
    return 0;
}

OuDict *ou_type_dict(OuVM *vm, OuType *t)
{
    if (__builtin_expect(t->dict != NULL, 1))
        return t->dict;
    OuDict *d = (OuDict *)ou_dict_new(vm);
    if (!d)
        return NULL;
    if (fill_dict(vm, t, d) < 0) {
        ou_decref(vm, d);
        return NULL;
    }
    ou_gc_untrack(&vm->heap, (OuObj *)d);
    t->dict = d;
    return d;
}

/* ---- versions and lookup -------------------------------------------------------------------- */

uint32_t ou_type_version(OuVM *vm, OuType *t)
{
    if (t->version)
        return t->version;
    if (!t->mro || vm->type_version_next == UINT32_MAX)
        return 0;
    /* INVARIANT: a class with a version has bases with versions, so that dropping can stop at 0. */
    for (size_t i = 0; i < t->bases->n; i++)
        if (!ou_type_version(vm, OU_AS_TYPE(t->bases->items[i])))
            return 0;
    return t->version = vm->type_version_next++;
}

void ou_type_drop_versions(OuType *t)
{
    if (!t->version)
        return;
    t->version = 0;
    for (uint32_t i = 0; i < t->nsubs; i++)
        ou_type_drop_versions(t->subs[i]);
}

void ou_type_modified(OuVM *vm, OuType *t)
{
    ou_type_drop_versions(t);
    if (t->flags & OU_TYPE_HEAP && t->mro) {
        if (ou_slots_reserve(vm, t, NULL) < 0)
            ou_err_clear(vm);
        ou_slots_update(vm, t, NULL);
    }
}

static OuObj *lookup_mro(OuVM *vm, OuType *t, OuObj *name, OuType **owner)
{
    OuTuple *mro = t->mro;
    if (!mro)
        return NULL;
    OuObj *found = NULL, *exact = NULL;
    bool held = false;
    if (!ou_is(name, str)) {
        if (!(exact = ou_str_slice(vm, name, 0, ou_str_len(name)))) {
            ou_err_clear(vm);
            return NULL;
        }
        name = exact;
    }
    for (size_t i = 0; i < mro->n; i++) {
        OuType *c = OU_AS_TYPE(mro->items[i]);
        OuDict *d = c->dict ? c->dict : ou_type_dict(vm, c);
        if (!d) {
            ou_err_clear(vm);
            continue;
        }
        if (d->kind != OU_DICT_STR && !held) { /* foreign keys may run code */
            ou_incref(mro);
            held = true;
        }
        found = ou_dict_get_str(vm, d, name);
        if (found) {
            *owner = c;
            break;
        }
        if (held && ou_err_occurred(vm))
            ou_err_clear(vm);
    }
    if (held)
        ou_decref(vm, mro);
    ou_xdecref(vm, exact);
    return found;
}

static inline OuTypeCacheEntry *cache_entry(OuVM *vm, uint32_t version, OuObj *name)
{
    uintptr_t h = ((uintptr_t)name >> 4) ^ ((uintptr_t)name >> 14) ^ version * 37u;
    return &vm->type_state->cache[h & (OU_TYPE_CACHE - 1)];
}

static OuObj *lookup_slow(OuVM *vm, OuType *t, OuObj *name, OuType **owner)
{
    uint32_t version = 0;
    bool cacheable = ou_is(name, str) && OU_STR(name)->interned;
    if (cacheable)
        version = ou_type_version(vm, t);
    OuObj *v = lookup_mro(vm, t, name, owner);
    if (version && version == t->version) {
        OuTypeCacheEntry *e = cache_entry(vm, version, name);
        OuObj *old = e->name;
        e->version = version;
        e->name = ou_ref(name);
        bool plain = v && !OU_TYPE_OF(vm, v)->s.descr_get;
        e->value = plain ? NULL : v;
        e->dict = plain ? (*owner)->dict : NULL;
        ou_xdecref(vm, old);
    }
    return v;
}

OuObj *ou_type_lookup(OuVM *vm, OuType *t, OuObj *name)
{
    uint32_t version = t->version;
    if (version) {
        OuTypeCacheEntry *e = cache_entry(vm, version, name);
        if (e->version == version && e->name == name)
            return e->dict ? ou_dict_get_str(vm, e->dict, name) : e->value;
    }
    OuType *owner;
    return lookup_slow(vm, t, name, &owner);
}

OuObj *ou_type_lookup_owner(OuVM *vm, OuType *t, OuObj *name, OuType **owner)
{
    return lookup_mro(vm, t, name, owner);
}

bool ou_type_is_subtype(OuVM *vm, const OuType *a, const OuType *b)
{
    if (a == b)
        return true;
    const OuTuple *mro = a->mro;
    if (mro) {
        for (size_t i = 1; i < mro->n; i++)
            if (mro->items[i] == (const OuObj *)b)
                return true;
        return false;
    }
    for (a = a->base; a; a = a->base) /* under construction */
        if (a == b)
            return true;
    return b == &vm->builtin[OU_T_object];
}

/* ---- subclasses ------------------------------------------------------------------------------ */

int ou_type_add_subclass(OuVM *vm, OuType *base, OuType *sub)
{
    if (base->nsubs == base->subs_cap) {
        uint32_t cap = base->subs_cap ? base->subs_cap * 2 : 4;
        OuType **p = ou_realloc(vm, base->subs, base->subs_cap * sizeof *p, cap * sizeof *p);
        if (!p)
            return -1;
        base->subs = p;
        base->subs_cap = cap;
    }
    base->subs[base->nsubs++] = sub;
    return 0;
}

void ou_type_remove_subclass(OuVM *vm, OuType *base, OuType *sub)
{
    for (uint32_t i = base->nsubs; i-- > 0;) { /* short-lived classes are at the end */
        if (base->subs[i] == sub) {
            memmove(base->subs + i, base->subs + i + 1, (base->nsubs - i - 1) * sizeof *base->subs);
            base->nsubs--;
            break;
        }
    }
    if (!base->nsubs && base->subs) {
        ou_free(vm, base->subs, base->subs_cap * sizeof *base->subs);
        base->subs = NULL;
        base->subs_cap = 0;
    }
}

/* ---- names -------------------------------------------------------------------------------------- */

OuObj *ou_type_name(OuVM *vm, OuType *t)
{
    if (!t->name_obj) {
        const char *dot = strrchr(t->name, '.');
        t->name_obj = ou_str_intern_s(vm, dot ? dot + 1 : t->name);
        if (!t->name_obj)
            return NULL;
    }
    return ou_ref(t->name_obj);
}

OuObj *ou_type_qualname(OuVM *vm, OuType *t)
{
    return t->qualname ? ou_ref(t->qualname) : ou_type_name(vm, t);
}

OuObj *ou_type_module_name(OuVM *vm, OuType *t)
{
    if (t->flags & OU_TYPE_HEAP) {
        OuObj *m = t->dict ? ou_dict_get_str(vm, t->dict, OU_NAME(vm, __module__)) : NULL;
        if (m)
            return ou_ref(m);
        if (!ou_err_occurred(vm))
            ou_raise_value(vm, OU_EXC(vm, AttributeError), OU_NAME(vm, __module__));
        return NULL;
    }
    const char *dot = strrchr(t->name, '.');
    if (!dot)
        return ou_ref(OU_NAME(vm, builtins));
    OuObj *s = ou_str_new(vm, t->name, dot - t->name);
    return s ? ou_str_intern(vm, s) : NULL;
}

OuObj *ou_type_fullname(OuVM *vm, OuType *t)
{
    OuObj *mod = ou_type_module_name(vm, t), *qual = ou_type_qualname(vm, t), *r = NULL;
    if (!mod)
        ou_err_clear(vm);
    if (!qual)
        goto done;
    if (mod && ou_isa_str(vm, mod) && !ou_str_eq_s(mod, "builtins"))
        r = ou_str_fmt(vm, "%U.%U", mod, qual);
    else
        r = ou_ref(qual);
done:
    ou_xdecref(vm, mod);
    ou_xdecref(vm, qual);
    return r;
}

/* ---- end of the VM ------------------------------------------------------------------------------- */

/* Frees what the types own outside the heap; objects have been dealt with by the founder's shutdown. */
void ou_types_free(OuVM *vm)
{
    OuMem *mem = ou_heap_mem(&vm->heap);
    OuTypeState *st = vm->type_state;
    if (!st)
        return;
    for (uint32_t i = 0; i < vm->ntypes; i++) {
        OuType *t = vm->types[i];
        if (t)
            ou_suite_free(vm, t);
        if (t && t->subs) {
            ou_mem_free(mem, t->subs, t->subs_cap * sizeof *t->subs);
            t->subs = NULL;
        }
    }
    ou_mem_free(mem, st->dead, st->dead_cap * sizeof *st->dead);
    for (uint32_t i = 0; i < st->sigs_cap; i++) {
        if (st->sigs[i]) {
            ou_mem_free(mem, st->sigs[i]->params, st->sigs[i]->nparams * sizeof(OuObj *));
            ou_mem_free(mem, st->sigs[i], sizeof(OuSig));
        }
    }
    ou_mem_free(mem, st->sig_keys, st->sigs_cap * sizeof *st->sig_keys);
    ou_mem_free(mem, st->sigs, st->sigs_cap * sizeof *st->sigs);
    ou_mem_free(mem, st, sizeof *st);
    vm->type_state = NULL;
    ou_mem_free(mem, vm->types, vm->types_cap * sizeof *vm->types);
    vm->types = NULL;
}
