/* vm/import_lock.c - the locks of imports: by module name, shared by the native importer and the library's importlib.
 *
 * CPython has importlib._bootstrap._ModuleLock for this.  Here the loads under way are a list (nearly always shorter than the
 * nesting of imports), only touched while the VM's lock is held; whoever waits gives that lock away and looks again when
 * another thread has had it.  The library's _ModuleLockManager and _lock_unlock_module are replaced by ours when importlib is
 * loaded, since two sets of locks would not see each other's deadlocks. */
#include "import_lock.h"

#include "err.h"
#include "import.h"
#include "threads.h"

static OuThread *owner_of(const OuVM *vm, OuObj *name, const OuThread *except)
{
    for (const OuImportLoad *l = vm->import_loads; l; l = l->next)
        if (l->owner != except && ou_str_eq(OU_STR(l->name), OU_STR(name)))
            return l->owner;
    return NULL;
}

/* Whether `other` waits, perhaps through more threads, for a load of `me`. */
static bool waits_for(const OuVM *vm, const OuThread *other, const OuThread *me)
{
    for (int n = 0; other && other->import_wait && n < vm->nthreads; n++) {
        other = owner_of(vm, other->import_wait, other);
        if (other == me)
            return true;
    }
    return false;
}

int ou_import_wait(OuVM *vm, OuObj *name)
{
    OuThread *me = vm->ts, *other;
    OuObj *outer = me->import_wait; /* a signal handler that imports, while its thread waits */
    int r = 0;
    while (r == 0 && (other = owner_of(vm, name, me))) {
        me->import_wait = name;
        if (waits_for(vm, other, me)) {
            r = 1;
        } else {
            ou_lock_pause(vm);
            r = ou_poll(vm) < 0 ? -1 : 0;
        }
        me->import_wait = outer;
    }
    return r;
}

int ou_import_enter(OuVM *vm, OuImportLoad *load, OuObj *name)
{
    int r = ou_import_wait(vm, name);
    if (r >= 0) {
        *load = (OuImportLoad){vm->import_loads, name, vm->ts};
        vm->import_loads = load;
    }
    return r;
}

void ou_import_leave(OuVM *vm, OuImportLoad *load)
{
    OuImportLoad **at = &vm->import_loads;
    while (*at && *at != load)
        at = &(*at)->next;
    if (*at)
        *at = load->next;
}

void ou_import_lock_alone(OuVM *vm)
{
    OuImportLoad **at = &vm->import_loads;
    while (*at)
        if ((*at)->owner != vm->ts)
            *at = (*at)->next;
        else
            at = &(*at)->next;
    vm->ts->import_wait = NULL;
}

/* ---- for importlib ---- */

typedef struct Manager {
    OuObj hdr;
    OuObj *name;
    OuImportLoad load;
    bool entered;
} Manager;

static OuObj *manager_new(OuVM *vm, OuType *t, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs != 1 || kwnames || !ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "_ModuleLockManager() takes the name of a module");
    Manager *m = (Manager *)ou_type_alloc(vm, t, 0);
    if (m)
        m->name = ou_ref(args[0]);
    return (OuObj *)m;
}

static void manager_dealloc(OuVM *vm, OuObj *o)
{
    Manager *m = (Manager *)o;
    if (m->entered)
        ou_import_leave(vm, &m->load);
    ou_xdecref(vm, m->name);
    ou_free_object(vm, o);
}

static OuObj *manager_enter(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Manager *m = (Manager *)args[0];
    if (m->entered)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "the lock of module %R is held", m->name);
    int r = ou_import_wait(vm, m->name);
    if (r > 0) {
        OuObj *type = ou_import_attr(vm, "importlib._bootstrap", "_DeadlockError");
        OuObj *text = type ? ou_str_fmt(vm, "deadlock detected by import of %R", m->name) : NULL;
        OuObj *exc = text ? ou_call1(vm, type, text) : NULL;
        if (exc)
            ou_raise_obj(vm, exc);
        ou_xdecref(vm, type);
        ou_xdecref(vm, text);
        ou_xdecref(vm, exc);
    }
    if (r || ou_import_enter(vm, &m->load, m->name) < 0)
        return NULL;
    m->entered = true;
    return ou_none(vm);
}

static OuObj *manager_exit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Manager *m = (Manager *)args[0];
    if (m->entered)
        ou_import_leave(vm, &m->load);
    m->entered = false;
    return ou_none(vm);
}

static OuObj *lock_unlock(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "module name must be a string");
    return ou_import_wait(vm, args[0]) < 0 ? NULL : ou_none(vm);
}

static const OuFn methods[] = {
    {"__enter__(self, /)", manager_enter, 0, "Waits until no other thread loads the module."},
    {"__exit__(self, /, *args)", manager_exit, 0, NULL},
    {0},
};
static const OuTypeSpec manager_spec = {
    .name = "importlib._bootstrap._ModuleLockManager",
    .size = sizeof(Manager),
    .doc = "_ModuleLockManager(name)\n--\n\nThe load of a module by one thread.",
    .dealloc = manager_dealloc,
    .s = {.new_ = manager_new},
    .methods = methods,
};

int ou_import_lock_install(OuVM *vm, OuObj *boot)
{
    static const OuFn def = {"_lock_unlock_module(name, /)", lock_unlock, 0,
                             "Waits until no other thread loads the module."};
    OuObj *f = ou_builtin_new(vm, &def, NULL, NULL, false);
    OuType *t = f ? ou_type_from_spec(vm, &manager_spec, NULL) : NULL;
    int r = t && ou_setattr_s(vm, boot, "_lock_unlock_module", f) == 0 &&
                    ou_setattr_s(vm, boot, "_ModuleLockManager", (OuObj *)t) == 0
                ? 0
                : -1;
    ou_xdecref(vm, f);
    ou_xdecref(vm, (OuObj *)t);
    return r;
}
