/* stdlib/asyncio/asynciomodule.c - module _asyncio: running loops, registry of tasks, the state. */
#include "asyncio.h"

#include <unistd.h>

#include "vm/threads.h"

OuObj *ou_asyncio_need(OuVM *vm, OuObj **slot, const char *module, const char *attr)
{
    if (!*slot)
        *slot = ou_import_attr(vm, module, attr);
    return *slot;
}

OuObj *ou_asyncio_copy_context(OuVM *vm)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *f = ou_asyncio_need(vm, &st->copy_context, "_contextvars", "copy_context");
    return f ? ou_call0(vm, f) : NULL;
}

int ou_asyncio_call_soon(OuVM *vm, OuObj *loop, OuObj *func, OuObj *arg, OuObj *context)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *f;
    bool unbound;
    int found = ou_lookup_method(vm, loop, st->call_soon, &f, &unbound);
    if (found == 0)
        ou_raise_attribute(vm, loop, st->call_soon);
    if (found <= 0)
        return -1;
    OuObj *a[4];
    size_t n = 0;
    if (unbound)
        a[n++] = loop;
    a[n++] = func;
    if (arg)
        a[n++] = arg;
    a[n] = context;
    OuObj *r = ou_call(vm, f, a, n, context ? st->context_names : NULL);
    ou_decref(vm, f);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

/* ---- running loops ---- */

OuObj *ou_asyncio_running(OuVM *vm)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    if (!OU_DICT(st->running)->used || st->running_pid != getpid()) /* a child of fork runs none */
        return NULL;
    OuObj *key = ou_int(vm, (int64_t)vm->ts->id), *loop = key ? ou_dict_get(vm, st->running, key) : NULL;
    ou_xdecref(vm, key);
    return loop;
}

OuObj *ou_asyncio_get_event_loop(OuVM *vm)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *loop = ou_asyncio_running(vm);
    if (loop || ou_err_occurred(vm))
        return loop ? ou_ref(loop) : NULL;
    OuObj *f = ou_asyncio_need(vm, &st->get_policy, "asyncio.events", "get_event_loop_policy");
    OuObj *policy = f ? ou_call0(vm, f) : NULL,
          *get = policy ? ou_getattr_s(vm, policy, "get_event_loop") : NULL;
    loop = get ? ou_call0(vm, get) : NULL;
    ou_xdecref(vm, policy);
    ou_xdecref(vm, get);
    return loop;
}

FN(get_event_loop)
{
    return ou_asyncio_get_event_loop(vm);
}

FN(get_running_loop)
{
    OuObj *loop = ou_asyncio_running(vm);
    if (loop)
        return ou_ref(loop);
    return ou_err_occurred(vm) ? NULL : ou_raise(vm, OU_EXC(vm, RuntimeError), "no running event loop");
}

FN(maybe_running_loop)
{
    OuObj *loop = ou_asyncio_running(vm);
    return loop ? ou_ref(loop) : ou_err_occurred(vm) ? NULL : ou_none(vm);
}

FN(set_running_loop)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    if (st->running_pid != getpid()) {
        ou_dict_clear(vm, st->running);
        st->running_pid = getpid();
    }
    OuObj *key = ou_int(vm, (int64_t)vm->ts->id), *old = NULL;
    int r = !key                     ? -1
            : args[0] == OU_NONE(vm) ? ou_dict_pop(vm, st->running, key, &old)
                                     : ou_dict_set(vm, st->running, key, args[0]);
    if (r > 0)
        ou_xdecref(vm, old);
    ou_xdecref(vm, key);
    return r < 0 ? NULL : ou_none(vm);
}

/* ---- tasks ---- */

int ou_asyncio_register(OuVM *vm, OuObj *task)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *r = ou_call_method(vm, st->all_tasks, OU_NAME(vm, add), 1, task);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

int ou_asyncio_enter(OuVM *vm, OuObj *loop, OuObj *task)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *now = ou_dict_get(vm, st->current_tasks, loop);
    if (now)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                          "Cannot enter into task %R while another task %R is being executed.", task, now);
    return ou_err_occurred(vm) ? -1 : ou_dict_set(vm, st->current_tasks, loop, task);
}

int ou_asyncio_leave(OuVM *vm, OuObj *loop, OuObj *task)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *now = ou_dict_get(vm, st->current_tasks, loop);
    if (!now && ou_err_occurred(vm))
        return -1;
    if (now != task)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "Leaving task %R does not match the current task %R.",
                          task, now ? now : OU_NONE(vm));
    return ou_dict_del(vm, st->current_tasks, loop);
}

FN(register_task)
{
    return ou_asyncio_register(vm, args[0]) < 0 ? NULL : ou_none(vm);
}

FN(unregister_task)
{
    OuObj *r = ou_call_method(vm, ou_asyncio_state(vm)->all_tasks, OU_NAME(vm, discard), 1, args[0]);
    ou_xdecref(vm, r);
    return r ? ou_none(vm) : NULL;
}

FN(enter_task)
{
    return ou_asyncio_enter(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}

FN(leave_task)
{
    return ou_asyncio_leave(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}

/* ---- the module ---- */

static int exec(OuVM *vm, OuObj *m)
{
    OuAsyncioState *st = ((OuModule *)m)->state;
    const struct {
        OuObj **at;
        const char *name;
    } names[] = {{&st->call_soon, "call_soon"},
                 {&st->cancel, "cancel"},
                 {&st->result, "result"},
                 {&st->get_debug, "get_debug"},
                 {&st->get_loop, "get_loop"},
                 {&st->loop_name, "_loop"},
                 {&st->blocking_name, "_asyncio_future_blocking"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!(*names[i].at = ou_str_intern_s(vm, names[i].name)))
            return -1;
    OuObj *context = ou_str_intern_s(vm, "context");
    st->context_names = context ? ou_tuple_pack(vm, 1, context) : NULL;
    ou_xdecref(vm, context);
    st->msg_names = ou_tuple_pack(vm, 1, OU_NAME(vm, msg));
    OuObj *weak_set = ou_import_attr(vm, "weakref", "WeakSet");
    st->all_tasks = weak_set ? ou_call0(vm, weak_set) : NULL;
    ou_xdecref(vm, weak_set);
    st->current_tasks = ou_dict_new(vm);
    st->running = ou_dict_new(vm);
    if (!st->context_names || !st->msg_names || !st->all_tasks || !st->current_tasks || !st->running ||
        !(st->future = ou_module_add_type(vm, m, &ou_future_spec, NULL)) ||
        !(st->task = ou_module_add_type(vm, m, &ou_task_spec, st->future)) ||
        !(st->iter = ou_type_from_spec(vm, &ou_future_iter_spec, NULL)) ||
        !(st->step = ou_type_from_spec(vm, &ou_task_step_spec, NULL)))
        return -1;
    return ou_module_add(vm, m, "_all_tasks", ou_ref(st->all_tasks)) < 0 ||
                   ou_module_add(vm, m, "_current_tasks", ou_ref(st->current_tasks)) < 0
               ? -1
               : 0;
}

/* clang-format off */
#define OBJECTS(X) \
    X(all_tasks) X(current_tasks) X(running) X(context_names) X(msg_names) X(cancelled_error) X(invalid_state) \
    X(copy_context) X(extract_stack) X(future_repr) X(task_repr) X(get_stack) X(print_stack) X(iscoroutine) \
    X(get_policy)
/* clang-format on */

static int traverse(void *state, OuVisit visit, void *arg)
{
    OuAsyncioState *st = state;
#define X(field) OU_VISIT(st->field);
    OBJECTS(X)
#undef X
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    OuAsyncioState *st = state;
#define X(field) ou_clear(vm, st->field);
    OBJECTS(X)
    X(call_soon) X(cancel) X(result) X(get_debug) X(get_loop) X(loop_name) X(blocking_name)
#undef X
}

static const OuFn functions[] = {
    {"get_event_loop()", get_event_loop, 0, "Return an asyncio event loop."},
    {"_get_event_loop(stacklevel=3)", get_event_loop, 0, NULL},
    {"get_running_loop()", get_running_loop, 0,
     "Return the running event loop.  Raise a RuntimeError if there is none."},
    {"_get_running_loop()", maybe_running_loop, 0, "Return the running event loop or None."},
    {"_set_running_loop(loop, /)", set_running_loop, 0, "Set the running event loop."},
    {"_register_task(task)", register_task, 0, "Register a new task in asyncio as executed by loop."},
    {"_unregister_task(task)", unregister_task, 0, "Unregister a task."},
    {"_enter_task(loop, task)", enter_task, 0, "Enter into task execution or resume suspended task."},
    {"_leave_task(loop, task)", leave_task, 0, "Leave task execution or suspend a task."},
    {0},
};
const OuModuleDef ou_mod__asyncio = {
    .name = "_asyncio",
    .doc = "Accelerator module for asyncio",
    .functions = functions,
    .state_size = sizeof(OuAsyncioState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
