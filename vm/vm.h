/* vm/vm.h - the machine: one OuVM is one interpreter; nothing is global and mutable.
 *
 * Singletons live inside it, so that their address is vm + constant; built-in types have constant numbers and one
 * object per VM.  Thread state (OuThread) is apart: real OS threads run under the VM's one lock, and vm->ts is the
 * thread that holds it. */
#ifndef OU_VM_VM_H
#define OU_VM_VM_H

#include "object.h"
#include "err.h"
#include "abstract.h"
#include "str.h"
#include "int.h"
#include "containers.h"

typedef enum {
#define NAME(n) OU_NAME_##n,
#include "names.def"
#undef NAME
    OU_NAME_COUNT
} OuNameNumber;
#define OU_NAME(vm, n) ((OuObj *)(vm)->names[OU_NAME_##n])

typedef struct OuFrame OuFrame; /* vm/frame.h */
typedef struct OuThread OuThread;

/* A singleton without contents: None, NotImplemented, Ellipsis, and the private markers. */
#define OU_NONE(vm) (&(vm)->none)
#define OU_TRUE(vm) ((OuObj *)&(vm)->true_)
#define OU_FALSE(vm) ((OuObj *)&(vm)->false_)
#define OU_BOOL(vm, b) ((b) ? OU_TRUE(vm) : OU_FALSE(vm)) /* borrowed */
#define OU_NOTIMPLEMENTED(vm) (&(vm)->notimplemented)
#define OU_ELLIPSIS(vm) (&(vm)->ellipsis)
#define OU_EMPTY_STR(vm) ((OuObj *)&(vm)->empty_str)
#define OU_EMPTY_TUPLE(vm) ((OuObj *)&(vm)->empty_tuple)
/* New references to them as an expression: `return ou_none(vm);` */
static inline OuObj *ou_none(OuVM *vm);
static inline OuObj *ou_bool(OuVM *vm, bool b);
static inline OuObj *ou_notimplemented(OuVM *vm);

#define OU_SMALL_MIN (-5)
#define OU_SMALL_MAX 256
#define OU_SMALL_COUNT (OU_SMALL_MAX - OU_SMALL_MIN + 1)

/* OuVM.breaker: why the eval loop must look up (polled at calls, loop back-edges and long native loops) */
enum {
    OU_BREAK_GC = 1,       /* a collection is due */
    OU_BREAK_SIGNAL = 2,   /* a signal handler is pending */
    OU_BREAK_LOCK = 4,     /* another thread wants the lock */
    OU_BREAK_ASYNC = 8,    /* an exception was set from outside */
    OU_BREAK_PENDING = 16, /* deferred work of natives */
    OU_BREAK_BUDGET = 32,
    OU_BREAK_TRACE = 64, /* settrace or setprofile changed: the loop chooses its dispatch table again */
};

struct OuVM {
    OuHeap heap; /* first: gc/ is given (OuHeap *)vm */
    OuThread *ts;
    OuThread *main_ts; /* the thread that made the VM; head of the list of threads */
    int nthreads;
    uint64_t next_local;       /* numbers of _thread._local objects */
    struct OuLock *lock;       /* NULL while there is one thread */
    struct OuSignals *signals; /* vm/signals.c; NULL: another VM owns them */
    volatile uint32_t breaker; /* OU_BREAK_* */
    OuType **types;            /* by type number; same rows as the heap's faces */
    uint32_t ntypes, types_cap;
    uint32_t type_version_next;
    uint32_t instruction_hash;  /* see ou_instruction_hash; 0: not asked yet */
    uint32_t keys_version_last; /* newest OuDict.keys_version given */
    uint32_t hash_key_set;
    uint64_t hash_key[2]; /* SipHash-1-3, from PYTHONHASHSEED or random */

    OuObj none, notimplemented, ellipsis;
    OuInt true_, false_;
    OuInt small_ints[OU_SMALL_COUNT];
    OuTupleStatic empty_tuple;
    OuStrStatic empty_str;
    OuStrStatic latin1[256]; /* one-character strings */
    OuObj *empty_bytes;      /* and one-byte bytes objects, made on demand */
    OuObj *byte_objs[256];
    OuStr *names[OU_NAME_COUNT];
    struct OuInternTable *interned; /* vm/text/str_intern.c: borrowed */

    OuDict *modules;  /* sys.modules */
    OuDict *builtins; /* __dict__ of module builtins */
    OuDict *sysdict;  /* __dict__ of module sys */
    OuObj *builtins_module, *sys_module;
    OuObj *memory_error;     /* preallocated, for the worst case: shared by whoever gets it */
    OuObj *memory_spares[4]; /* preallocated, handed out; dead instances of MemoryError come back */
    uint8_t nmemory_spares;
    bool making_memory_error;
    struct OuShapes *shapes;           /* vm/shape.c */
    struct OuModules *mods;            /* vm/module.c: states of native modules */
    struct OuImport *import;           /* vm/modspec.c */
    struct OuImportLoad *import_loads; /* vm/import_lock.h: loads under way, of all threads */
    struct OuCodecs *codecs;           /* vm/codec/codec.c: registry, made on demand */
    struct OuConfig *config;           /* command line and environment */
    struct OuTypeState *type_state;    /* vm/type.h: lookup cache, free numbers, parsed signatures */
    struct OuGcState *gc;              /* vm/gcstate.h: gc.garbage, gc.callbacks, tracemalloc */
    int int_max_str_digits;            /* 4300 */
    bool finalizing;
    bool auditing;        /* sys.addaudithook was called */
    bool no_debug_ranges; /* -X no_debug_ranges: positions have no columns */
    int optimize;         /* -O level */
    int64_t import_us;    /* -X importtime: time of the imports inside the one under way */
    int import_depth;
    bool import_header;
    uint32_t next_code_id;
    struct OuCode *codes; /* all code objects, linked: ou_eval_flush_caches */
    OuType builtin[OU_T_COUNT];
};

struct OuThread {
    OuVM *vm;
    OuFrame *frame;                  /* newest frame */
    struct OuExcState *base_handled; /* the thread's own state; owned */
    OuObj *raised;                   /* the exception in flight (instance), or NULL; owned */
    struct OuExcState
        *handled;       /* never NULL: innermost handled-exception state (thread's or a generator's) */
    int recursion_left; /* Python frames still allowed */
    int recursion_limit;
    int recursion_headroom;
    char *stack_limit;     /* C stack: below this address native recursion is refused */
    struct OuChunk *chunk; /* register stack */
    struct OuFrameChunk *frame_chunk;
    OuFrame *frame_top, *frame_end, *frame_first; /* next free frame slot; end and start of its chunk */
    OuThread *prev, *next;
    uint64_t id;
    OuObj *tracefunc, *profilefunc; /* settrace, setprofile */
    int tracing;                    /* > 0: a trace function is running, events are off */
    bool setting_trace, setting_profile;
    struct OuFrame *caught; /* the frame that last went into a handler, */
    uint32_t caught_at;     /* and the unit that raised: where a re-raise at the end of that handler stands */
    int trace_event;        /* OU_TRACE_* being reported; OU_TRACE_CALL otherwise */
    OuObj *dict;            /* threading.local storage and context */
    OuObj *context;         /* contextvars */
    OuObj *import_wait;     /* name of the module whose load by another thread it waits for; borrowed */
    OuObj *async_exc;
    OuObj *asyncgen_firstiter, *asyncgen_finalizer;
    int coroutine_origin_depth;
    int repr_depth;
    OuObj *repr_running; /* list of objects whose repr is running */
    uint64_t nest[4];    /* OuNestSave while the thread does not hold the lock */
    OuObj *on_exit;      /* lock to release when the thread ends (threading's _tstate_lock) */
};

static inline OuObj *ou_none(OuVM *vm)
{
    return ou_ref(&vm->none);
}
static inline OuObj *ou_bool(OuVM *vm, bool b)
{
    return ou_ref(OU_BOOL(vm, b));
}
static inline OuObj *ou_notimplemented(OuVM *vm)
{
    return ou_ref(&vm->notimplemented);
}

/* ---- guards ------------------------------------------------------------------- */
/* Before native recursion (repr, compare, ...): RecursionError "maximum recursion depth exceeded<where>" and -1 when
 * this thread's C stack is nearly used up.  No leave call is needed. */
int ou_check_stack(OuVM *vm, const char *where);
/* Native recursion that CPython counts together with Python frames (repr, comparison, isinstance): RecursionError "maximum
 * recursion depth exceeded<where>" and -1, nothing to leave then; else ou_recursion_leave must follow. */
int ou_recursion_refuse(OuVM *vm, const char *where);
static inline int ou_recursion_enter(OuVM *vm, const char *where)
{
    char here;
    if (__builtin_expect(--vm->ts->recursion_left < 0 || &here <= vm->ts->stack_limit, 0))
        return ou_recursion_refuse(vm, where);
    return 0;
}
static inline void ou_recursion_leave(OuVM *vm)
{
    vm->ts->recursion_left++;
}
/* In native loops over iterators or long data: runs signal handlers, budgets and collections; -1 when one raised. */
#define ou_poll(vm) (__builtin_expect((vm)->breaker != 0, 0) ? ou_poll_slow(vm) : 0)
int ou_poll_slow(OuVM *vm);

/* ---- memory with exceptions ----------------------------------------------------- */
/* As ou_mem_*, but NULL comes with MemoryError set. */
void *ou_alloc(OuVM *vm, size_t n);
void *ou_realloc(OuVM *vm, void *p, size_t old, size_t n);
void ou_free(OuVM *vm, void *p, size_t n);
/* Objects, header set (count 1): MemoryError on failure. */
OuObj *ou_new_leaf(OuVM *vm, uint32_t type, size_t size);
OuObj *ou_new_gc(OuVM *vm, uint32_t type,
                 size_t size); /* not yet tracked: ou_gc_track(&vm->heap, o) when complete */

/* ---- life of a VM --------------------------------------------------------------- */
OuVM *ou_vm_new(struct OuConfig *config);
void ou_vm_free(OuVM *vm);

#endif
