/* stdlib/_multiprocessing.c - module _multiprocessing: SemLock, a named semaphore that processes share. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <semaphore.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "support.h"
#include "vm/type.h"
#include "vm/threads.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
enum { RECURSIVE = 0, SEMAPHORE = 1 };

typedef struct SemLock {
    OuObj hdr;
    sem_t *sem;
    uint64_t owner; /* thread that acquired last */
    int count, maxvalue, kind;
    OuObj *name; /* str or None */
} SemLock;

static OuObj *wrap(OuVM *vm, OuType *type, sem_t *sem, int kind, int maxvalue, OuObj *name)
{
    SemLock *l = (SemLock *)ou_type_alloc(vm, type, 0);
    if (!l)
        return NULL;
    l->sem = sem;
    l->kind = kind;
    l->maxvalue = maxvalue;
    l->name = ou_ref(name);
    return (OuObj *)l;
}

static OuObj *semlock_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[5], *path;
    int kind, value, maxvalue, unlink_it;
    if (ou_args_bind(vm, "SemLock(kind, value, maxvalue, name, unlink)", args, nargs, kwnames, a) < 0 ||
        ou_as_int(vm, a[0], &kind) < 0 || ou_as_int(vm, a[1], &value) < 0 ||
        ou_as_int(vm, a[2], &maxvalue) < 0 || (unlink_it = ou_is_true(vm, a[4])) < 0)
        return NULL;
    if (kind != RECURSIVE && kind != SEMAPHORE)
        return ou_value_error(vm, "unrecognized kind");
    if (!ou_isa_str(vm, a[3]))
        return ou_type_error(vm, "SemLock() argument 'name' must be str, not %s", ou_arg_type_name(vm, a[3]));
    if (ou_fs_path(vm, a[3], &path) < 0)
        return NULL;
    const char *s = OU_BYTES(path)->data;
    sem_t *sem = sem_open(s, O_CREAT | O_EXCL, 0600, value);
    OuObj *r = NULL;
    if (sem == SEM_FAILED || (unlink_it && sem_unlink(s) < 0)) {
        ou_raise_errno(vm, errno, NULL);
        if (sem != SEM_FAILED)
            sem_close(sem);
    } else if (!(r = wrap(vm, type, sem, kind, maxvalue, unlink_it ? OU_NONE(vm) : a[3]))) {
        sem_close(sem);
    }
    ou_decref(vm, path);
    return r;
}

FN(semlock_rebuild)
{
    int kind, maxvalue;
    int64_t handle;
    OuObj *path = NULL;
    sem_t *sem;
    if (ou_as_i64(vm, args[1], &handle) < 0 || ou_as_int(vm, args[2], &kind) < 0 ||
        ou_as_int(vm, args[3], &maxvalue) < 0)
        return NULL;
    if (args[4] != OU_NONE(vm)) {
        if (ou_fs_path(vm, args[4], &path) < 0)
            return NULL;
        sem = sem_open(OU_BYTES(path)->data, 0);
        ou_decref(vm, path);
        if (sem == SEM_FAILED)
            return ou_raise_errno(vm, errno, NULL);
    } else {
        sem = (sem_t *)(intptr_t)handle;
    }
    return wrap(vm, (OuType *)args[0], sem, kind, maxvalue, args[4]);
}

static void semlock_dealloc(OuVM *vm, OuObj *o)
{
    SemLock *l = (SemLock *)o;
    if (l->sem)
        sem_close(l->sem);
    ou_clear(vm, l->name);
    ou_free_object(vm, o);
}

static bool is_mine(SemLock *l)
{
    return l->count > 0 && l->owner == ou_thread_ident();
}

static OuObj *acquire(OuVM *vm, SemLock *l, bool block, double seconds)
{
    if (l->kind == RECURSIVE && is_mine(l)) {
        l->count++;
        return ou_bool(vm, true);
    }
    int r = ou_sem_take(vm, l->sem, block ? seconds : 0);
    if (r < 0)
        return NULL;
    if (r) {
        l->count++;
        l->owner = ou_thread_ident();
    }
    return ou_bool(vm, r);
}

FN(semlock_acquire)
{
    int block = args[1] ? ou_is_true(vm, args[1]) : 1;
    double seconds = -1;
    if (block < 0)
        return NULL;
    if (block && args[2] && args[2] != OU_NONE(vm)) {
        if (ou_as_double(vm, args[2], &seconds) < 0)
            return NULL;
        if (seconds < 0)
            seconds = 0;
    }
    return acquire(vm, (SemLock *)args[0], block, seconds);
}

FN(semlock_enter)
{
    return acquire(vm, (SemLock *)args[0], true, -1);
}

FN(semlock_release)
{
    SemLock *l = (SemLock *)args[0];
    int value;
    if (l->kind == RECURSIVE) {
        if (!is_mine(l))
            return ou_raise(vm, OU_EXC(vm, AssertionError),
                            "attempt to release recursive lock not owned by thread");
        if (l->count > 1) {
            l->count--;
            return ou_none(vm);
        }
    } else {
        if (sem_getvalue(l->sem, &value) < 0)
            return ou_raise_errno(vm, errno, NULL);
        if (value >= l->maxvalue)
            return ou_value_error(vm, "semaphore or lock released too many times");
    }
    if (sem_post(l->sem) < 0)
        return ou_raise_errno(vm, errno, NULL);
    l->count--;
    return ou_none(vm);
}

FN(semlock_count)
{
    return ou_int(vm, ((SemLock *)args[0])->count);
}

FN(semlock_is_mine)
{
    return ou_bool(vm, is_mine((SemLock *)args[0]));
}

FN(semlock_get_value)
{
    int value;
    if (sem_getvalue(((SemLock *)args[0])->sem, &value) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_int(vm, value < 0 ? 0 : value);
}

FN(semlock_is_zero)
{
    int value;
    if (sem_getvalue(((SemLock *)args[0])->sem, &value) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_bool(vm, value <= 0);
}

FN(semlock_after_fork)
{
    ((SemLock *)args[0])->count = 0;
    return ou_none(vm);
}

static OuObj *get_handle(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, (int64_t)(intptr_t)((SemLock *)o)->sem);
}

static const OuFn methods[] = {
    {"acquire(self, /, block=True, timeout=None)", semlock_acquire, 0, "Acquire the semaphore/lock."},
    {"release(self, /)", semlock_release, 0, "Release the semaphore/lock."},
    {"__enter__(self, /)", semlock_enter, 0, "Enter the semaphore/lock."},
    {"__exit__(self, exc_type=None, exc_value=None, exc_tb=None, /)", semlock_release, 0,
     "Exit the semaphore/lock."},
    {"_count(self, /)", semlock_count, 0, "Num of `acquire()`s minus num of `release()`s for this process."},
    {"_is_mine(self, /)", semlock_is_mine, 0, "Whether the lock is owned by this thread."},
    {"_get_value(self, /)", semlock_get_value, 0, "Get the value of the semaphore."},
    {"_is_zero(self, /)", semlock_is_zero, 0, "Return whether semaphore has value zero."},
    {"_rebuild(type, handle, kind, maxvalue, name, /)", semlock_rebuild, OU_FN_CLASS, NULL},
    {"_after_fork(self, /)", semlock_after_fork, 0, "Rezero the net acquisition count after fork()."},
    {0},
};
static const OuMember members[] = {{"kind", OU_MEMBER_INT, offsetof(SemLock, kind), true, ""},
                                   {"maxvalue", OU_MEMBER_INT, offsetof(SemLock, maxvalue), true, ""},
                                   {"name", OU_MEMBER_OBJ, offsetof(SemLock, name), true, ""},
                                   {0}};
static const OuGetSet getset[] = {{"handle", get_handle, NULL, ""}, {0}};
static const OuTypeSpec semlock_spec = {
    .name = "_multiprocessing.SemLock",
    .size = sizeof(SemLock),
    .flags = OU_TYPE_BASE,
    .doc = "Semaphore/Mutex type",
    .dealloc = semlock_dealloc,
    .s = {.new_ = semlock_new},
    .methods = methods,
    .members = members,
    .getset = getset,
};

FN(multiprocessing_sem_unlink)
{
    OuObj *path;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "sem_unlink() argument must be str, not %s", ou_arg_type_name(vm, args[0]));
    if (ou_fs_path(vm, args[0], &path) < 0)
        return NULL;
    int r = sem_unlink(OU_BYTES(path)->data);
    ou_decref(vm, path);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

static int set(OuVM *vm, OuObj *d, const char *name, int64_t v)
{
    OuObj *o = ou_int(vm, v);
    int r = o ? ou_dict_set_s(vm, d, name, o) : -1;
    ou_xdecref(vm, o);
    return r;
}

static int exec(OuVM *vm, OuObj *m)
{
    OuType *t = ou_module_add_type(vm, m, &semlock_spec, NULL);
    OuObj *flags = ou_dict_new(vm), *value = ou_int(vm, SEM_VALUE_MAX);
    int r = -1;
    if (t && flags && value && set(vm, flags, "HAVE_SEM_OPEN", 1) == 0 &&
        set(vm, flags, "HAVE_SEM_TIMEDWAIT", 1) == 0 && ou_type_dict(vm, t) &&
        ou_dict_set_s(vm, (OuObj *)ou_type_dict(vm, t), "SEM_VALUE_MAX", value) == 0)
        r = ou_module_add(vm, m, "flags", ou_ref(flags));
    ou_xdecref(vm, flags);
    ou_xdecref(vm, value);
    return r;
}

static const OuFn functions[] = {{"sem_unlink(name, /)", multiprocessing_sem_unlink, 0, NULL}, {0}};
const OuModuleDef ou_mod__multiprocessing = {
    .name = "_multiprocessing", .functions = functions, .exec = exec};
