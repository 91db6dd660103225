/* stdlib/pickle/pickle.h - inside of module _pickle: Pickler (pickler.c, save.c, reduce.c), Unpickler (unpickler.c, load*.c)
 * and PickleBuffer (buffer.c).  The format is that of PEP 307, 3154 and 574; the bytes are those CPython's _pickle writes. */
#ifndef OU_STDLIB_PICKLE_PICKLE_H
#define OU_STDLIB_PICKLE_PICKLE_H

#include "gc/ptrmap.h"
#include "vm/buffer.h"
#include "vm/native.h"

#include <string.h>

enum { OU_PICKLE_HIGHEST = 5, OU_PICKLE_DEFAULT = 4, OU_PICKLE_BATCH = 1000, OU_PICKLE_FRAME = 64 * 1024 };

/* Opcodes */
enum {
#define X(name, byte, function, argument) OU_P_##name = byte,
#include "opcodes.def"
#undef X
};

typedef struct OuPickleState {
    OuType *pickler, *unpickler, *pickler_memo, *unpickler_memo, *buffer;
    OuObj *error, *pickling_error, *unpickling_error;
    OuObj *dispatch_table, *extension_registry, *inverted_registry, *extension_cache; /* of copyreg */
    OuObj *name_mapping, *import_mapping, *reverse_name_mapping, *reverse_import_mapping;
    OuObj *codecs_encode, *partial;
} OuPickleState;
extern const OuModuleDef ou_mod__pickle;
#define OU_PICKLE(vm) ((OuPickleState *)ou_module_state(vm, &ou_mod__pickle))

/* persistent_id or persistent_load of an object */
typedef struct OuPersistent {
    OuObj *func;    /* or NULL */
    bool with_self; /* func is a method of the object, kept unbound so that the object does not hold itself */
} OuPersistent;

typedef struct OuPickler {
    OuObj hdr;
    OuPickleState *st;
    OuObj *write;            /* the file's method, or NULL: into out only */
    OuObj *dispatch_table;   /* private one, or NULL */
    OuPersistent persistent; /* persistent_id */
    OuObj *reducer_override; /* while dump() runs */
    OuObj *buffer_callback;
    OuObj **memo; /* objects in order of their numbers; memo_map finds the number */
    size_t nmemo, memo_cap;
    OuPtrMap memo_map;
    char *out;
    size_t n, cap;
    ou_ssize frame_start; /* -1: no frame is open */
    bool framing, fix_imports, ready;
    int proto, bin, fast, fast_nesting;
    OuObj *fast_memo; /* set of ids, or NULL */
} OuPickler;
#define OU_PICKLER(o) ((OuPickler *)(o))

typedef struct OuUnpickler {
    OuObj hdr;
    OuPickleState *st;
    OuPersistent persistent;                  /* persistent_load */
    OuObj *read, *readinto, *readline, *peek; /* the file's methods; NULL with loads() */
    OuObj *buffers;                           /* iterator or NULL */
    OuBuffer view;                            /* what `in` points into (view.obj NULL: nothing) */
    const char *in;
    size_t len, at, prefetched; /* at: next byte; prefetched: bytes of a peek that were used before */
    OuObj **stack;
    size_t n, cap, fence;
    size_t *marks;
    size_t nmarks, marks_cap;
    OuObj **memo; /* NULL where unused */
    size_t memo_cap, memo_len;
    OuObj *far_memo; /* dict of numbers that are too large for the array, or NULL */
    char *encoding, *errors;
    bool fix_imports, ready;
    int proto;
} OuUnpickler;
#define OU_UNPICKLER(o) ((OuUnpickler *)(o))

extern const OuTypeSpec ou_pickler_spec, ou_pickler_memo_spec, ou_unpickler_spec, ou_unpickler_memo_spec,
    ou_pickle_buffer_spec;

/* module.c */
OuObj *ou_pickle_raise(OuVM *vm, OuObj *exc_class, const char *fmt, ...); /* NULL */
/* int -> shortest little-endian two's complement bytes. */
OuObj *ou_pickle_encode_int(OuVM *vm, OuObj *i);

/* names.c */
/* obj.a.b.c: new; AttributeError when a part is missing. parent (or NULL), out: new. */
OuObj *ou_pickle_dotted(OuVM *vm, OuObj *obj, OuObj *names, OuObj **parent);
/* "a.b" -> ["a", "b"]; AttributeError for names with <locals>. */
OuObj *ou_pickle_parts(OuVM *vm, OuObj *obj, OuObj *name);
/* A name of Python 2 to that of 3 or back, by the two dicts of _compat_pickle; prefix: that of their names, for errors.  *module and
 * *name are replaced.  0/-1 */
int ou_pickle_map_names(OuVM *vm, OuObj *names, OuObj *imports, const char *prefix, OuObj **module,
                        OuObj **name);

/* persistent.c: the attribute `name` of o, if there is one.  0/-1 */
int ou_persistent_take(OuVM *vm, OuPersistent *p, OuObj *o, const char *name);
/* func(arg), func is there; o: the object it was taken from.  new */
OuObj *ou_persistent_call(OuVM *vm, const OuPersistent *p, OuObj *o, OuObj *arg);
/* As attribute `name`: new, AttributeError; 0/-1 */
OuObj *ou_persistent_get(OuVM *vm, const OuPersistent *p, const char *name);
int ou_persistent_set(OuVM *vm, OuPersistent *p, const char *name, OuObj *value);

/* memo_proxy.c: the proxy of owner's memo: new */
OuObj *ou_memo_proxy_new(OuVM *vm, OuType *type, OuObj *owner);
/* The dict that is to become the memo, from a dict or a proxy (type); value NULL: deletion; what: the type with its article.  new */
OuObj *ou_memo_proxy_contents(OuVM *vm, OuObj *value, OuType *type, const char *what);

/* pickler.c */
enum { OU_PICKLE_HEADER = 9 };                                              /* of a frame */
int ou_pickler_write_slow(OuVM *vm, OuPickler *p, const void *s, size_t n); /* makes room, opens a frame */
static inline int ou_pickler_write(OuVM *vm, OuPickler *p, const void *s, size_t n)
{
    if (__builtin_expect(p->cap - p->n < n + OU_PICKLE_HEADER || (p->framing && p->frame_start < 0), 0))
        return ou_pickler_write_slow(vm, p, s, n);
    memcpy(p->out + p->n, s, n);
    p->n += n;
    return 0;
}
static inline int ou_pickler_op(OuVM *vm, OuPickler *p, int op)
{
    char c = (char)op;
    return ou_pickler_write(vm, p, &c, 1);
}
/* header and data of a long text; data may bypass the buffer.  payload: the object data belongs to, or NULL. */
int ou_pickler_write_long(OuVM *vm, OuPickler *p, const char *header, size_t nheader, const char *data,
                          size_t n, OuObj *payload);
int ou_pickler_boundary_slow(OuVM *vm, OuPickler *p);
static inline int ou_pickler_boundary(OuVM *vm, OuPickler *p)
{
    return p->framing && p->frame_start >= 0 &&
                   p->n - (size_t)p->frame_start >= OU_PICKLE_FRAME + OU_PICKLE_HEADER
               ? ou_pickler_boundary_slow(vm, p)
               : 0;
}
int64_t ou_pickler_memo_find(OuPickler *p, OuObj *o); /* -1: absent */
int ou_pickler_memo_put(OuVM *vm, OuPickler *p, OuObj *o);
int ou_pickler_memo_get(OuVM *vm, OuPickler *p, OuObj *o);
int ou_pickler_memo_number(OuVM *vm, OuPickler *p, size_t number); /* the same of a known number */
void ou_pickler_memo_clear(OuVM *vm, OuPickler *p);
OuObj *ou_pickler_memo_dict(OuVM *vm, OuPickler *p); /* {id: (number, object)}, new */
int ou_pickler_setup(OuVM *vm, OuPickler *p, OuObj *proto, OuObj *fix_imports, OuObj *buffer_callback);
int ou_pickler_set_file(OuVM *vm, OuPickler *p, OuObj *file);
int ou_pickler_dump(OuVM *vm, OuPickler *p, OuObj *o);
int ou_pickler_flush(OuVM *vm, OuPickler *p);
OuObj *ou_pickler_alloc(OuVM *vm, OuType *t);
/* save.c */
int ou_pickle_save(OuVM *vm, OuPickler *p, OuObj *o, bool pers_save);
int ou_pickle_batch_list(OuVM *vm, OuPickler *p, OuObj *it);
int ou_pickle_batch_dict(OuVM *vm, OuPickler *p, OuObj *it);
/* reduce.c */
int ou_pickle_save_reduce(OuVM *vm, OuPickler *p, OuObj *args, OuObj *o);
int ou_pickle_save_global(OuVM *vm, OuPickler *p, OuObj *o, OuObj *name);
/* unpickler.c */
OuObj *ou_unpickler_alloc(OuVM *vm, OuType *t);
int ou_unpickler_setup(OuVM *vm, OuUnpickler *u, OuObj *fix_imports, OuObj *encoding, OuObj *errors,
                       OuObj *buffers);
int ou_unpickler_set_file(OuVM *vm, OuUnpickler *u, OuObj *file);
int ou_unpickler_set_data(OuVM *vm, OuUnpickler *u, OuObj *data);
/* n bytes at *s (borrowed until the next call); -1 at the end of the data. */
int ou_unpickler_read_slow(OuVM *vm, OuUnpickler *u, const char **s, size_t n);
static inline int ou_unpickler_read(OuVM *vm, OuUnpickler *u, const char **s, size_t n)
{
    if (__builtin_expect(n > u->len - u->at, 0))
        return ou_unpickler_read_slow(vm, u, s, n);
    *s = u->in + u->at;
    u->at += n;
    return 0;
}
int ou_unpickler_readinto(OuVM *vm, OuUnpickler *u, char *buf, size_t n);
/* A line with its newline; *n its length. */
int ou_unpickler_line(OuVM *vm, OuUnpickler *u, const char **s, size_t *n);
int ou_unpickler_skip(OuVM *vm, OuUnpickler *u);
int ou_unpickler_memo_put(OuVM *vm, OuUnpickler *u, size_t i, OuObj *o);
OuObj *ou_unpickler_memo_get(OuUnpickler *u, OuVM *vm, size_t i); /* borrowed or NULL */
void ou_unpickler_memo_clear(OuVM *vm, OuUnpickler *u);
OuObj *ou_unpickler_memo_dict(OuVM *vm, OuUnpickler *u); /* {number: object}, new */
OuObj *ou_unpickler_find_class(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* load.c */
OuObj *ou_unpickler_load(OuVM *vm, OuUnpickler *u);

#endif
