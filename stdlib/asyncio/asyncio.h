/* stdlib/asyncio/asyncio.h - inside module _asyncio: futures (future.c, awaiting.c), tasks (task.c), the module and running loops
 * (asynciomodule.c). */
#ifndef OU_STDLIB_ASYNCIO_H
#define OU_STDLIB_ASYNCIO_H

#include "vm/instance.h"
#include "vm/native.h"
#include "vm/type.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef enum { OU_FUTURE_PENDING, OU_FUTURE_CANCELLED, OU_FUTURE_FINISHED } OuFutureState;

/* A future nearly always has one callback: the first one lies in the object, others in a list of (callback, context). */
#define OU_FUTURE_HEAD                                                                            \
    OuObj hdr;                                                                                    \
    uint64_t dict;                                                                                \
    OuObj *loop, *callback, *context, *callbacks, *result, *exception, *exception_tb, *source_tb, \
        *cancel_msg, *cancelled_exc;                                                              \
    uint8_t state;                                                                                \
    bool log_tb, blocking, is_task;                                                               \
    bool must_cancel, log_destroy_pending; /* of tasks */                                         \
    int cancels_requested;
typedef struct OuFuture {
    OU_FUTURE_HEAD
} OuFuture;
typedef struct OuTask {
    OU_FUTURE_HEAD
    OuObj *waiter, *coro, *name, *task_context;
} OuTask;
#define OU_FUTURE(o) ((OuFuture *)(o))
#define OU_TASK(o) ((OuTask *)(o))

typedef struct OuAsyncioState {
    OuType *future, *task, *iter, *step;
    OuObj *all_tasks, *current_tasks;
    OuObj *running; /* dict: number of a thread to its running loop */
    int running_pid;
    int64_t next_name;
    OuObj *context_names;                                                                  /* ("context",) */
    OuObj *msg_names;                                                                      /* ("msg",) */
    OuObj *call_soon, *cancel, *result, *blocking_name, *get_debug, *get_loop, *loop_name; /* interned */
    /* of Python modules, when first needed: ou_asyncio_need() */
    OuObj *cancelled_error, *invalid_state, *copy_context, *extract_stack, *future_repr, *task_repr,
        *get_stack, *print_stack, *iscoroutine, *get_policy;
} OuAsyncioState;
extern const OuModuleDef ou_mod__asyncio;
static inline OuAsyncioState *ou_asyncio_state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__asyncio);
}
extern const OuTypeSpec ou_future_spec, ou_future_iter_spec, ou_task_spec, ou_task_step_spec;

/* module.attr, imported when *slot is NULL; borrowed. */
OuObj *ou_asyncio_need(OuVM *vm, OuObj **slot, const char *module, const char *attr);
/* The running loop of this thread: borrowed, or NULL without exception. */
OuObj *ou_asyncio_running(OuVM *vm);
OuObj *ou_asyncio_get_event_loop(OuVM *vm);     /* the running one, else the policy's: new */
int ou_asyncio_register(OuVM *vm, OuObj *task); /* into all_tasks, a WeakSet.  0/-1 */
/* task becomes, or is no longer, the current one of loop: RuntimeError if another one is.  0/-1 */
int ou_asyncio_enter(OuVM *vm, OuObj *loop, OuObj *task);
int ou_asyncio_leave(OuVM *vm, OuObj *loop, OuObj *task);
/* loop.call_soon(func[, arg], context=context).  0/-1 */
int ou_asyncio_call_soon(OuVM *vm, OuObj *loop, OuObj *func, OuObj *arg, OuObj *context);
OuObj *ou_asyncio_copy_context(OuVM *vm);

/* ---- future.c ---- */
int ou_future_alive(OuVM *vm, OuObj *o); /* was __init__ called? 0/-1 */
int ou_future_init(OuVM *vm, OuFuture *f, OuObj *loop);
void ou_future_clear(OuVM *vm, OuObj *o);
int ou_future_traverse(OuObj *o, OuVisit visit, void *arg);
/* Result (1), exception (0) of a finished future, new; -1 with an exception. */
int ou_future_get_result(OuVM *vm, OuFuture *f, OuObj **out);
int ou_future_set_result(OuVM *vm, OuFuture *f, OuObj *value);
int ou_future_set_exception(OuVM *vm, OuFuture *f, OuObj *exc);
int ou_future_cancel(OuVM *vm, OuFuture *f, OuObj *msg); /* 1 done, 0 too late, -1 */
int ou_future_add_callback(OuVM *vm, OuFuture *f, OuObj *fn, OuObj *context);
OuObj *ou_future_cancelled_error(OuVM *vm, OuFuture *f);
void ou_future_finalize(OuVM *vm, OuObj *o);
/* Tells the loop's exception handler about o; errors are reported. */
void ou_future_report(OuVM *vm, OuObj *o, const char *key, const char *msg, OuObj *exception);
bool ou_is_future(OuVM *vm, OuObj *o);     /* exactly a future or a task of this module */
OuObj *ou_future_iter(OuVM *vm, OuObj *o); /* awaiting.c: __iter__ and __await__ */
extern const OuFn ou_future_methods[];
extern const OuGetSet ou_future_getset[];

#endif
