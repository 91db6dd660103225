/* stdlib/_functools_lru.c - the wrapper of functools.lru_cache.
 *
 * A bounded cache maps keys to links that form a ring in order of use, the wrapper's root between newest and
 * oldest. The ring borrows: a link is owned by the dict alone.  User code (hash, comparison, the function
 * itself) may run another call of the same wrapper in between, so a link is out of the ring or the dict
 * consistent before anything is released. */
#include "_functools.h"

#include "vm/dict_impl.h"
#include "vm/func.h"

typedef struct Link {
    OuObj hdr;
    struct Link *prev, *next;
    int64_t hash;
    OuObj *key, *result;
} Link;

typedef struct Lru Lru;
struct Lru {
    OuObj hdr;
    Link root; /* never seen as an object */
    OuObj *(*call)(OuVM *vm, Lru *self, OuObj *const *args, size_t nargs, OuObj *kwnames);
    OuObj *func, *cache, *info_type;
    ou_ssize hits, misses, maxsize; /* maxsize -1: no bound */
    bool typed;
    uint64_t dict; /* dict word */
};
#define LRU(o) ((Lru *)(o))

static void link_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((Link *)o)->key);
    ou_xdecref(vm, ((Link *)o)->result);
    ou_free_object(vm, o);
}
/* No container, as in CPython: the wrapper shows the collector what its links hold. */
const OuTypeSpec ou_lru_link_spec = {
    .name = "functools._lru_list_elem",
    .size = sizeof(Link),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = link_dealloc,
};

static void unlink_(Link *l)
{
    l->prev->next = l->next;
    l->next->prev = l->prev;
}
static void link_before(Link *l, Link *at)
{
    l->prev = at->prev;
    l->next = at;
    at->prev->next = l;
    at->prev = l;
}

/* One argument of type int or str is its own key, everything else a tuple (with a mark before keywords). */
static OuObj *make_key(OuVM *vm, Lru *l, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (!l->typed && nkw == 0 && nargs == 1 && (ou_is(args[0], str) || ou_is(args[0], int)))
        return ou_ref(args[0]);
    size_t n = nargs + (nkw ? 1 + 2 * nkw : 0) + (l->typed ? nargs + nkw : 0);
    OuObj *t = ou_tuple_new(vm, n);
    if (!t || n == 0)
        return t;
    OuObj **to = OU_TUPLE(t)->items;
    for (size_t i = 0; i < nargs; i++)
        *to++ = ou_ref(args[i]);
    if (nkw) {
        *to++ = ou_ref(FUNCTOOLS(vm)->kwd_mark);
        for (size_t i = 0; i < nkw; i++) {
            *to++ = ou_ref(OU_TUPLE(kwnames)->items[i]);
            *to++ = ou_ref(args[nargs + i]);
        }
    }
    if (l->typed)
        for (size_t i = 0; i < nargs + nkw; i++)
            *to++ = ou_ref(OU_TYPE_OBJ(vm, args[i]));
    return t;
}

static OuObj *call_uncached(OuVM *vm, Lru *l, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    l->misses++;
    ou_hold(args, nargs);
    OuObj *res = ou_call(vm, l->func, args, nargs, kwnames);
    ou_unhold(vm, args, nargs);
    return res;
}
static OuObj *call_unbounded(OuVM *vm, Lru *l, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *key = make_key(vm, l, args, nargs, kwnames), *res = NULL;
    int64_t hash;
    if (!key || ou_hash_quick(vm, key, &hash) < 0)
        goto done;
    ou_ssize ix = ou_dict_find(vm, OU_DICT(l->cache), key, hash);
    if (ix == -2)
        goto done;
    if (ix >= 0) {
        l->hits++;
        res = ou_ref(*ou_dict_value_slot(OU_DICT(l->cache), (size_t)ix));
        goto done;
    }
    l->misses++;
    res = ou_call(vm, l->func, args, nargs, kwnames);
    if (res && ou_dict_set_hash(vm, OU_DICT(l->cache), key, hash, res) < 0)
        ou_clear(vm, res);
done:
    ou_xdecref(vm, key);
    return res;
}

/* Keeps res for key (both borrowed): in a new link, or in the oldest one when full. 0/-1 */
static int remember(OuVM *vm, Lru *l, OuObj *key, int64_t hash, OuObj *res)
{
    OuDict *cache = OU_DICT(l->cache);
    if ((ou_ssize)cache->used < l->maxsize || l->root.next == &l->root) {
        Link *link = (Link *)ou_type_alloc(vm, FUNCTOOLS(vm)->link, 0);
        if (!link)
            return -1;
        link->hash = hash;
        link->key = ou_ref(key);
        link->result = ou_ref(res);
        if (ou_dict_set_hash(vm, cache, key, hash, &link->hdr) < 0) {
            ou_decref(vm, link);
            return -1;
        }
        if (link->hdr.rc > 1) /* still in the dict */
            link_before(link, &l->root);
        ou_decref(vm, link);
        return 0;
    }
    Link *link = l->root.next;
    unlink_(link);
    ou_incref(link); /* a comparison may clear the cache */
    ou_ssize ix = ou_dict_find(vm, cache, link->key, link->hash);
    bool ours = link->hdr.rc > 1;
    if (ix == -2 && ours)
        link_before(link, l->root.next);
    ou_decref(vm, link);
    if (ix < 0 || !ours)
        return ix == -2 ? -1 : 0;
    OuObj *dict_key, *dict_value;
    ou_dict_unlink(cache, (size_t)ix, &dict_key, &dict_value);
    OuObj *old_key = link->key, *old_res = link->result;
    link->hash = hash;
    link->key = ou_ref(key);
    link->result = ou_ref(res);
    int r = ou_dict_set_hash(vm, cache, key, hash, &link->hdr);
    if (r == 0)
        link_before(link, &l->root);
    ou_decref(vm, dict_key);
    ou_decref(vm, dict_value);
    ou_decref(vm, old_key);
    ou_decref(vm, old_res);
    return r;
}

static OuObj *call_bounded(OuVM *vm, Lru *l, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *key = make_key(vm, l, args, nargs, kwnames), *res = NULL;
    int64_t hash;
    if (!key || ou_hash_quick(vm, key, &hash) < 0)
        goto done;
    ou_ssize ix = ou_dict_find(vm, OU_DICT(l->cache), key, hash);
    if (ix == -2)
        goto done;
    if (ix >= 0) {
        Link *link = (Link *)*ou_dict_value_slot(OU_DICT(l->cache), (size_t)ix);
        unlink_(link);
        link_before(link, &l->root);
        l->hits++;
        res = ou_ref(link->result);
        goto done;
    }
    l->misses++;
    if (!(res = ou_call(vm, l->func, args, nargs, kwnames)))
        goto done;
    ix = ou_dict_find(vm, OU_DICT(l->cache), key, hash);
    if (ix == -2 || (ix == -1 && remember(vm, l, key, hash, res) < 0))
        ou_clear(vm, res);
done:
    ou_xdecref(vm, key);
    return res;
}

static OuObj *lru_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *v[4];
    if (ou_args_bind(vm, "lru_cache(user_function, maxsize, typed, cache_info_type)", args, nargs, kwnames,
                     v) < 0)
        return NULL;
    if (!ou_callable(vm, v[0]))
        return ou_type_error(vm, "the first argument must be callable");
    ou_ssize maxsize;
    if (v[1] == OU_NONE(vm)) {
        maxsize = -1;
    } else if (ou_has_index(vm, v[1])) {
        if (ou_as_ssize(vm, v[1], OU_EXC(vm, OverflowError), &maxsize) < 0)
            return NULL;
        if (maxsize < 0)
            maxsize = 0;
    } else {
        return ou_type_error(vm, "maxsize should be integer or None");
    }
    int typed = ou_is_true(vm, v[2]);
    if (typed < 0)
        return NULL;
    OuObj *cache = ou_dict_new(vm);
    Lru *l = cache ? (Lru *)ou_type_alloc(vm, type, 0) : NULL;
    if (!l) {
        ou_xdecref(vm, cache);
        return NULL;
    }
    l->root.prev = l->root.next = &l->root;
    l->call = maxsize == 0 ? call_uncached : maxsize < 0 ? call_unbounded : call_bounded;
    l->maxsize = maxsize;
    l->typed = typed;
    l->cache = cache;
    l->func = ou_ref(v[0]);
    l->info_type = ou_ref(v[3]);
    return &l->hdr;
}
static void forget_all(OuVM *vm, Lru *l)
{
    l->root.prev = l->root.next = &l->root;
    if (l->cache)
        ou_dict_clear(vm, l->cache);
}
static void lru_clear(OuVM *vm, OuObj *o)
{
    Lru *l = LRU(o);
    forget_all(vm, l);
    OuDict *d = OU_WORD_DICT(l->dict);
    l->dict = 0;
    ou_xdecref(vm, d);
}
static void lru_dealloc(OuVM *vm, OuObj *o)
{
    Lru *l = LRU(o);
    if (l->cache)
        forget_all(vm, l);
    ou_xdecref(vm, l->cache);
    ou_xdecref(vm, l->func);
    ou_xdecref(vm, l->info_type);
    ou_xdecref(vm, OU_WORD_DICT(l->dict));
    ou_free_object(vm, o);
}
static int lru_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Lru *l = LRU(o);
    for (Link *k = l->root.next; k != &l->root; k = k->next) {
        OU_VISIT(k->key);
        OU_VISIT(k->result);
    }
    OU_VISIT(l->cache);
    OU_VISIT(l->func);
    OU_VISIT(l->info_type);
    OU_VISIT(OU_WORD_DICT(l->dict));
    return 0;
}
static OuObj *lru_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (kwnames && OU_TUPLE(kwnames)->n == 0)
        kwnames = NULL;
    return LRU(self)->call(vm, LRU(self), args, nargs, kwnames);
}
static OuObj *lru_get(OuVM *vm, OuObj *self, OuObj *obj, OuObj *type)
{
    return !obj || obj == OU_NONE(vm) ? ou_ref(self) : ou_method_new(vm, self, obj);
}
FN(cache_info)
{
    Lru *l = LRU(args[0]);
    OuObj *v[4] = {ou_int(vm, l->hits), ou_int(vm, l->misses),
                   l->maxsize < 0 ? ou_none(vm) : ou_int(vm, l->maxsize),
                   ou_int(vm, OU_DICT(l->cache)->used)};
    OuObj *res = v[0] && v[1] && v[2] && v[3] ? ou_call(vm, l->info_type, v, 4, NULL) : NULL;
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, v[i]);
    return res;
}
FN(cache_clear)
{
    Lru *l = LRU(args[0]);
    l->hits = l->misses = 0;
    forget_all(vm, l);
    return ou_none(vm);
}
FN(lru_reduce)
{
    return ou_getattr(vm, args[0], OU_NAME(vm, __qualname__));
}
FN(lru_self)
{
    return ou_ref(args[0]);
}
static const OuFn lru_methods[] = {
    {"cache_info(self, /)", cache_info, 0, "Report cache statistics"},
    {"cache_clear(self, /)", cache_clear, 0, "Clear the cache and cache statistics"},
    {"__reduce__(self, /)", lru_reduce, 0, NULL},
    {"__copy__(self, /)", lru_self, 0, NULL},
    {"__deepcopy__(self, memo, /)", lru_self, 0, NULL},
    {0},
};
static const OuGetSet lru_getset[] = {
    {"__dict__", ou_inst_dict_attr, ou_inst_set_dict_attr, NULL, NULL},
    {0},
};
const OuTypeSpec ou_lru_spec = {
    .name = "functools._lru_cache_wrapper",
    .size = sizeof(Lru),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DICT | OU_TYPE_METHOD_DESCR,
    .dict_off = offsetof(Lru, dict),
    .doc = "Create a cached callable that wraps another function.",
    .dealloc = lru_dealloc,
    .traverse = lru_traverse,
    .clear = lru_clear,
    .s = {.call = lru_call, .descr_get = lru_get, .new_ = lru_new},
    .methods = lru_methods,
    .getset = lru_getset,
};
