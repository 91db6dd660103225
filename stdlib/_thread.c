/* stdlib/_thread.c - module _thread: locks, thread-local data, starting threads. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "support.h"
#include "vm/exceptions.h"
#include "vm/instance.h"
#include "vm/native.h"
#include "vm/structseq.h"
#include "vm/threads.h"
#include "vm/type.h"

typedef struct Lock {
    OuObj hdr;
    sem_t sem;
    bool locked;
} Lock;

typedef struct RLock {
    OuObj hdr;
    sem_t sem;
    uint64_t owner;
    size_t count;
} RLock;

typedef struct State {
    OuType *lock_type, *rlock_type, *local_type, *space_type;
    size_t stack_size;
} State;

extern const OuModuleDef ou_mod_thread;
static const OuTypeSpec lock_spec, rlock_spec, local_spec;

/* blocking=True, timeout=-1 to seconds; -2 with exception */
static double timeout_arg(OuVM *vm, OuObj *blocking, OuObj *timeout)
{
    int block = blocking ? ou_is_true(vm, blocking) : 1;
    double t = -1;
    if (block < 0 || (timeout && ou_as_double(vm, timeout, &t) < 0))
        return -2;
    if (!block && timeout && t != -1) {
        ou_value_error(vm, "can't specify a timeout for a non-blocking call");
        return -2;
    }
    if (t < 0 && t != -1) {
        ou_value_error(vm, "timeout value must be a non-negative number");
        return -2;
    }
    if (t > 9223372036.0 || isnan(t)) {
        ou_raise(vm, OU_EXC(vm, OverflowError), "timeout value is too large");
        return -2;
    }
    return block ? t : 0;
}

/* ---- lock ---- */

static OuObj *lock_new(OuVM *vm)
{
    State *st = ou_module_state(vm, &ou_mod_thread);
    Lock *l = (Lock *)ou_type_alloc(vm, st->lock_type, 0);
    if (l) {
        sem_init(&l->sem, 0, 1);
        l->locked = false;
    }
    return (OuObj *)l;
}

static void lock_dealloc(OuVM *vm, OuObj *o)
{
    sem_destroy(&((Lock *)o)->sem);
    ou_free_object(vm, o);
}

static OuObj *lock_acquire(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Lock *l = (Lock *)args[0];
    double t = timeout_arg(vm, args[1], args[2]);
    if (t == -2)
        return NULL;
    int r = ou_sem_take(vm, &l->sem, t);
    if (r < 0)
        return NULL;
    if (r)
        l->locked = true;
    return ou_bool(vm, r);
}

static OuObj *lock_enter(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3] = {args[0], NULL, NULL};
    return lock_acquire(vm, a, 3, NULL);
}

static OuObj *lock_release(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Lock *l = (Lock *)args[0];
    if (!l->locked)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "release unlocked lock");
    l->locked = false;
    sem_post(&l->sem);
    return ou_none(vm);
}

void ou_thread_sentinel_release(OuVM *vm, OuObj *lock)
{
    Lock *l = (Lock *)lock;
    if (l->locked) {
        l->locked = false;
        sem_post(&l->sem);
    }
}

static OuObj *lock_locked(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_bool(vm, ((Lock *)args[0])->locked);
}

static OuObj *lock_reinit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Lock *l = (Lock *)args[0];
    sem_init(&l->sem, 0, 1);
    l->locked = false;
    return ou_none(vm);
}

static OuObj *lock_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "<%s _thread.lock object at %p>", ((Lock *)o)->locked ? "locked" : "unlocked",
                      (void *)o);
}

static const char acquire_doc[] = "acquire(blocking=True, timeout=-1) -> bool\n\nLock the lock.";
static const OuFn lock_methods[] = {
    {"acquire(self, blocking=True, timeout=-1)", lock_acquire, 0, acquire_doc},
    {"acquire_lock(self, blocking=True, timeout=-1)", lock_acquire, 0, acquire_doc},
    {"release(self, /)", lock_release, 0,
     "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire it."},
    {"release_lock(self, /)", lock_release, 0, NULL},
    {"locked(self, /)", lock_locked, 0, "Return whether the lock is in the locked state."},
    {"locked_lock(self, /)", lock_locked, 0, NULL},
    {"__enter__(self, /)", lock_enter, 0, NULL},
    {"__exit__(self, type=None, value=None, traceback=None, /)", lock_release, 0, NULL},
    {"_at_fork_reinit(self, /)", lock_reinit, 0, NULL},
    {0},
};
static const OuTypeSpec lock_spec = {
    .name = "_thread.lock",
    .size = sizeof(Lock),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK |
             OU_TYPE_NO_NEW, /* holds nothing, but the collector counts it as CPython's does */
    .doc = "A lock object is a synchronization primitive.",
    .dealloc = lock_dealloc,
    .s = {.repr = lock_repr},
    .methods = lock_methods,
};

/* ---- RLock ---- */

static OuObj *rlock_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)ou_type_alloc(vm, type, 0);
    if (l) {
        sem_init(&l->sem, 0, 1);
        l->owner = 0;
        l->count = 0;
    }
    return (OuObj *)l;
}

static void rlock_dealloc(OuVM *vm, OuObj *o)
{
    sem_destroy(&((RLock *)o)->sem);
    ou_free_object(vm, o);
}

static OuObj *rlock_acquire(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)args[0];
    double t = timeout_arg(vm, args[1], args[2]);
    if (t == -2)
        return NULL;
    uint64_t me = ou_thread_ident();
    if (l->count && l->owner == me) {
        l->count++;
        return ou_bool(vm, true);
    }
    int r = ou_sem_take(vm, &l->sem, t);
    if (r < 0)
        return NULL;
    if (r) {
        l->owner = me;
        l->count = 1;
    }
    return ou_bool(vm, r);
}

static OuObj *rlock_enter(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3] = {args[0], NULL, NULL};
    return rlock_acquire(vm, a, 3, NULL);
}

static OuObj *rlock_release(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)args[0];
    if (!l->count || l->owner != ou_thread_ident())
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot release un-acquired lock");
    if (--l->count == 0) {
        l->owner = 0;
        sem_post(&l->sem);
    }
    return ou_none(vm);
}

static OuObj *rlock_is_owned(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)args[0];
    return ou_bool(vm, l->count && l->owner == ou_thread_ident());
}

static OuObj *rlock_recursion(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)args[0];
    return ou_int(vm, l->owner == ou_thread_ident() ? (int64_t)l->count : 0);
}

static OuObj *rlock_release_save(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)args[0];
    if (!l->count)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot release un-acquired lock");
    OuObj *count = ou_int(vm, (int64_t)l->count), *owner = ou_int_u64(vm, l->owner);
    OuObj *pair = count && owner ? ou_tuple_pack(vm, 2, count, owner) : NULL;
    ou_xdecref(vm, count);
    ou_xdecref(vm, owner);
    if (pair) {
        l->count = 0;
        l->owner = 0;
        sem_post(&l->sem);
    }
    return pair;
}

static OuObj *rlock_acquire_restore(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)args[0];
    int64_t count;
    uint64_t owner;
    if (!ou_is(args[1], tuple) || OU_TUPLE(args[1])->n != 2)
        return ou_type_error(vm, "_acquire_restore() argument must be a pair");
    if (ou_as_i64(vm, OU_TUPLE(args[1])->items[0], &count) < 0 ||
        ou_as_u64(vm, OU_TUPLE(args[1])->items[1], &owner) < 0)
        return NULL;
    if (ou_sem_take(vm, &l->sem, -1) < 0)
        return NULL;
    l->count = (size_t)count;
    l->owner = owner;
    return ou_none(vm);
}

static OuObj *rlock_reinit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    RLock *l = (RLock *)args[0];
    sem_init(&l->sem, 0, 1);
    l->count = 0;
    l->owner = 0;
    return ou_none(vm);
}

static OuObj *rlock_repr(OuVM *vm, OuObj *o)
{
    RLock *l = (RLock *)o;
    return ou_str_fmt(vm, "<%s %N object owner=%llu count=%zu at %p>", l->count ? "locked" : "unlocked",
                      OU_TYPE_OF(vm, o), (unsigned long long)l->owner, l->count, (void *)o);
}

static const OuFn rlock_methods[] = {
    {"acquire(self, blocking=True, timeout=-1)", rlock_acquire, 0, acquire_doc},
    {"release(self, /)", rlock_release, 0,
     "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire it."},
    {"_is_owned(self, /)", rlock_is_owned, 0, NULL},
    {"_recursion_count(self, /)", rlock_recursion, 0, NULL},
    {"_release_save(self, /)", rlock_release_save, 0, NULL},
    {"_acquire_restore(self, state, /)", rlock_acquire_restore, 0, NULL},
    {"__enter__(self, /)", rlock_enter, 0, NULL},
    {"__exit__(self, type=None, value=None, traceback=None, /)", rlock_release, 0, NULL},
    {"_at_fork_reinit(self, /)", rlock_reinit, 0, NULL},
    {0},
};
static const OuTypeSpec rlock_spec = {
    .name = "_thread.RLock",
    .size = sizeof(RLock),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_BASE,
    .dealloc = rlock_dealloc,
    .s = {.repr = rlock_repr, .new_ = rlock_new},
    .methods = rlock_methods,
};

/* ---- _local ---- */

/* Each thread keeps a dict {number of the local: Space}.  A Space dies with its thread or with its local, whichever is first;
 * it is no container, so that to the collector the namespace belongs to the local alone and a cycle through it is found. */
typedef struct Space {
    OuObj hdr;
    OuObj *dict;
    struct Local *local; /* whose list this is in; NULL: in none */
    struct Space *next;
} Space;

typedef struct Local {
    OuObj hdr;
    OuObj *key; /* int: this object's number in the threads' dicts */
    OuObj *args, *kwargs;
    Space *spaces; /* of all threads, borrowed */
} Local;

static void space_dealloc(OuVM *vm, OuObj *o)
{
    Space *s = (Space *)o;
    for (Space **p = s->local ? &s->local->spaces : NULL; p && *p; p = &(*p)->next)
        if (*p == s) {
            *p = s->next;
            break;
        }
    ou_xdecref(vm, s->dict);
    ou_free_object(vm, o);
}

static const OuTypeSpec space_spec = {
    .name = "_thread._localspace",
    .size = sizeof(Space),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = space_dealloc,
};

/* A new namespace of this thread: borrowed. */
static OuObj *space_new(OuVM *vm, Local *l)
{
    State *st = ou_module_state(vm, &ou_mod_thread);
    if (!vm->ts->dict && !(vm->ts->dict = ou_dict_new(vm)))
        return NULL;
    Space *s = (Space *)ou_type_alloc(vm, st->space_type, 0);
    if (!s)
        return NULL;
    OuObj *d = s->dict = ou_dict_new(vm);
    if (d && ou_dict_set(vm, vm->ts->dict, l->key, (OuObj *)s) == 0) {
        s->local = l;
        s->next = l->spaces;
        l->spaces = s;
    } else {
        d = NULL;
    }
    ou_decref(vm, s);
    return d;
}

static OuObj *local_dict(OuVM *vm, OuObj *o);

static OuObj *local_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if ((nargs || (kwnames && OU_TUPLE(kwnames)->n)) && type->s.init == vm->builtin[OU_T_object].s.init)
        return ou_type_error(vm, "Initialization arguments are not supported");
    Local *l = (Local *)ou_type_alloc(vm, type, 0);
    if (!l)
        return NULL;
    l->kwargs = NULL;
    l->args = ou_tuple_of(vm, args, nargs);
    l->key = ou_int_u64(vm, ++vm->next_local);
    if (l->args && l->key && kwnames) {
        l->kwargs = ou_dict_new(vm);
        for (size_t i = 0; l->kwargs && i < OU_TUPLE(kwnames)->n; i++)
            if (ou_dict_set(vm, l->kwargs, OU_TUPLE(kwnames)->items[i], args[nargs + i]) < 0)
                ou_clear(vm, l->kwargs);
    }
    if (!l->args || !l->key || (kwnames && !l->kwargs)) {
        ou_decref(vm, l);
        return NULL;
    }
    /* the creating thread's __init__ runs through type.__call__: its namespace exists already */
    if (!space_new(vm, l))
        ou_clear(vm, l);
    return (OuObj *)l;
}

static void local_clear(OuVM *vm, OuObj *o)
{
    Local *l = (Local *)o;
    ou_clear(vm, l->args);
    ou_clear(vm, l->kwargs);
    if (l->key)
        for (OuThread *ts = vm->main_ts; ts; ts = ts->next) {
            OuObj *old = NULL;
            if (ts->dict && ou_dict_pop(vm, ts->dict, l->key, &old) > 0)
                ou_decref(vm, old);
        }
    for (; l->spaces; l->spaces = l->spaces->next) /* of a thread that is just ending */
        l->spaces->local = NULL;
}

static void local_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    local_clear(vm, o);
    ou_clear(vm, ((Local *)o)->key);
    ou_free_object(vm, o);
}

static int local_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Local *)o)->args);
    OU_VISIT(((Local *)o)->kwargs);
    for (Space *s = ((Local *)o)->spaces; s; s = s->next)
        OU_VISIT(s->dict);
    return 0;
}

/* This thread's namespace, made (and __init__ run) on first use; borrowed. */
static OuObj *local_dict(OuVM *vm, OuObj *o)
{
    Local *l = (Local *)o;
    if (!vm->ts->dict && !(vm->ts->dict = ou_dict_new(vm)))
        return NULL;
    OuObj *space = ou_dict_get(vm, vm->ts->dict, l->key);
    if (space || ou_err_occurred(vm))
        return space ? ((Space *)space)->dict : NULL;
    OuObj *d = space_new(vm, l);
    if (!d)
        return NULL;
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.init != vm->builtin[OU_T_object].s.init) {
        OuObj *init = ou_getattr(vm, o, OU_NAME(vm, __init__)),
              *res = init ? ou_call_tuple(vm, init, l->args, l->kwargs) : NULL;
        ou_xdecref(vm, init);
        if (!res) {
            OuObj *exc = ou_err_fetch(vm), *old;
            if (ou_dict_pop(vm, vm->ts->dict, l->key, &old) > 0)
                ou_decref(vm, old);
            ou_err_restore(vm, exc);
            return NULL;
        }
        ou_decref(vm, res);
    }
    return d;
}

static OuObj *local_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    OuObj *d = local_dict(vm, o);
    if (!d)
        return NULL;
    if (name == OU_NAME(vm, __dict__))
        return ou_ref(d);
    OuObj *descr = ou_type_lookup(vm, OU_TYPE_OF(vm, o), name);
    if (descr && OU_TYPE_OF(vm, descr)->s.descr_set)
        return ou_generic_getattr(vm, o, name);
    OuObj *v = ou_dict_get(vm, d, name);
    if (v)
        return ou_ref(v);
    if (ou_err_occurred(vm))
        return NULL;
    return ou_generic_getattr(vm, o, name);
}

static int local_setattr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value)
{
    OuObj *d = local_dict(vm, o);
    if (!d)
        return -1;
    if (name == OU_NAME(vm, __dict__))
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "'%T' object attribute '%U' is read-only", o, name);
    OuObj *descr = ou_type_lookup(vm, OU_TYPE_OF(vm, o), name);
    if (descr && OU_TYPE_OF(vm, descr)->s.descr_set)
        return ou_generic_setattr(vm, o, name, value);
    if (value)
        return ou_dict_set(vm, d, name, value);
    OuObj *old;
    int r = ou_dict_pop(vm, d, name, &old);
    if (r > 0)
        ou_decref(vm, old);
    if (r == 0)
        ou_raise_no_attribute(vm, o, name);
    return r > 0 ? 0 : -1;
}

static const OuTypeSpec local_spec = {
    .name = "_thread._local",
    .size = sizeof(Local),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK,
    .doc = "Thread-local data",
    .dealloc = local_dealloc,
    .traverse = local_traverse,
    .clear = local_clear,
    .s = {.getattr = local_getattr, .setattr = local_setattr, .new_ = local_new},
};

/* ---- functions ---- */

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(start_new_thread)
{
    State *st = ou_module_state(vm, &ou_mod_thread);
    if (!ou_callable(vm, args[0]))
        return ou_type_error(vm, "first arg must be callable");
    if (!ou_isa_tuple(vm, args[1]))
        return ou_type_error(vm, "2nd arg must be a tuple");
    if (args[2] && !ou_isa_dict(vm, args[2]))
        return ou_type_error(vm, "optional 3rd arg must be a dictionary");
    uint64_t id = ou_thread_start(vm, args[0], args[1], args[2], st->stack_size);
    return id ? ou_int_u64(vm, id) : NULL;
}

FN(allocate_lock)
{
    return lock_new(vm);
}

FN(get_ident)
{
    return ou_int_u64(vm, ou_thread_ident());
}

FN(get_native_id)
{
    return ou_int(vm, syscall(SYS_gettid));
}

FN(count)
{
    return ou_int(vm, vm->nthreads - 1);
}

FN(exit_thread)
{
    return ou_raise_value(vm, OU_EXC(vm, SystemExit), NULL);
}

FN(interrupt_main)
{
    int signum = SIGINT;
    if (args[0] && ou_as_int(vm, args[0], &signum) < 0)
        return NULL;
    if (signum < 1 || signum >= OU_NSIG)
        return ou_value_error(vm, "signal number out of range");
    OuObj *h = ou_signal_handler(vm, signum);
    if (!h || !ou_is_small(h))
        ou_signal_trip(signum);
    return ou_none(vm);
}

FN(stack_size)
{
    State *st = ou_module_state(vm, &ou_mod_thread);
    int64_t n = 0;
    size_t old = st->stack_size;
    if (args[0]) {
        if (ou_as_i64(vm, args[0], &n) < 0)
            return NULL;
        if (n < 0)
            return ou_value_error(vm, "size must be 0 or a positive value");
        if (n && n < 32768)
            return ou_value_error(vm, "size not valid: %lld bytes", (long long)n);
        st->stack_size = (size_t)n < (size_t)PTHREAD_STACK_MIN && n ? (size_t)PTHREAD_STACK_MIN : (size_t)n;
    }
    return ou_int(vm, (int64_t)old);
}

FN(set_sentinel)
{
    OuObj *lock = lock_new(vm);
    if (lock) {
        OuObj *old = vm->ts->on_exit;
        vm->ts->on_exit = ou_ref(lock);
        ou_xdecref(vm, old);
    }
    return lock;
}

FN(daemon_allowed)
{
    return ou_bool(vm, true);
}

static const OuGetSet hook_fields[] = {
    OU_SEQ_FIELD(0, "exc_type", "Exception type"),
    OU_SEQ_FIELD(1, "exc_value", "Exception value"),
    OU_SEQ_FIELD(2, "exc_traceback", "Exception traceback"),
    OU_SEQ_FIELD(3, "thread", "Thread"),
    {0},
};
static const OuStructSeq hook_desc = {
    OU_STRUCTSEQ("_thread._ExceptHookArgs",
                 "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.", hook_fields),
    .visible = 4, .total = 4};

/* threading.excepthook: "Exception in thread NAME:" and the traceback on stderr. */
FN(excepthook)
{
    OuObj *exc = ou_getattr_s(vm, args[0], "exc_value"), *thread = ou_getattr_s(vm, args[0], "thread"),
          *name = NULL, *res = NULL, *file = NULL;
    OuObj *type = ou_getattr_s(vm, args[0], "exc_type");
    if (!exc || !thread || !type)
        goto done;
    if (type == (OuObj *)OU_EXC(vm, SystemExit)) {
        res = ou_none(vm);
        goto done;
    }
    if ((file = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr))))
        ou_incref(file);
    if (!file || file == OU_NONE(vm)) { /* the one that was there when the thread was made */
        ou_clear(vm, file);
        if (thread != OU_NONE(vm) && !(file = ou_getattr_s(vm, thread, "_stderr")))
            goto done;
        if (!file || file == OU_NONE(vm)) {
            res = ou_none(vm);
            goto done;
        }
    }
    name = thread != OU_NONE(vm) ? ou_getattr_s(vm, thread, "name") : ou_int_u64(vm, ou_thread_ident());
    OuObj *line = name ? ou_str_fmt(vm, "Exception in thread %S:\n", name) : NULL;
    OuObj *w = line ? ou_call_method(vm, file, OU_NAME(vm, write), 1, line) : NULL;
    ou_xdecref(vm, line);
    ou_xdecref(vm, w);
    if (w && ou_isa_exc(vm, exc))
        ou_exc_display(vm, exc, file);
    res = w ? ou_none(vm) : NULL;
done:
    ou_xdecref(vm, exc);
    ou_xdecref(vm, thread);
    ou_xdecref(vm, type);
    ou_xdecref(vm, name);
    ou_xdecref(vm, file);
    return res;
}

static const OuFn functions[] = {
    {"start_new_thread(function, args, kwargs={}, /)", start_new_thread, 0,
     "start_new_thread(function, args[, kwargs])\n\nStart a new thread and return its identifier."},
    {"start_new(function, args, kwargs={}, /)", start_new_thread, 0, NULL},
    {"allocate_lock()", allocate_lock, 0, "allocate_lock() -> lock object"},
    {"allocate()", allocate_lock, 0, NULL},
    {"get_ident()", get_ident, 0, "get_ident() -> integer"},
    {"get_native_id()", get_native_id, 0, "get_native_id() -> integer"},
    {"_count()", count, 0, "_count() -> integer"},
    {"exit()", exit_thread, 0, "exit()"},
    {"exit_thread()", exit_thread, 0, NULL},
    {"interrupt_main(signum=2, /)", interrupt_main, 0,
     "Simulate the arrival of the given signal in the main thread"},
    {"stack_size(size=0, /)", stack_size, 0, "stack_size([size]) -> size"},
    {"_set_sentinel()", set_sentinel, 0, NULL},
    {"daemon_threads_allowed()", daemon_allowed, 0, NULL},
    {"_excepthook(exception, /)", excepthook, 0, "Handle uncaught Thread.run() exception."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    if (!(st->lock_type = ou_module_add_type(vm, m, &lock_spec, NULL)) ||
        ou_module_add(vm, m, "LockType", ou_ref((OuObj *)st->lock_type)) < 0 ||
        !(st->rlock_type = ou_module_add_type(vm, m, &rlock_spec, NULL)) ||
        !(st->local_type = ou_module_add_type(vm, m, &local_spec, NULL)) ||
        !(st->space_type = ou_type_from_spec(vm, &space_spec, NULL)) ||
        !ou_structseq_type(vm, m, &hook_desc) ||
        ou_module_add(vm, m, "error", ou_ref((OuObj *)OU_EXC(vm, RuntimeError))) < 0)
        return -1;
    return ou_module_add(vm, m, "TIMEOUT_MAX", ou_float(vm, 9223372036.0));
}

const OuModuleDef ou_mod_thread = {
    .name = "_thread",
    .doc = "This module provides primitive operations to write multi-threaded programs.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
};
