/* stdlib/_queue.c - module _queue: SimpleQueue, an unbounded queue whose put() never blocks and may run inside a
 * finalizer.  The items lie in a ring; a semaphore wakes those who wait for one. */
#include <time.h>

#include "support.h"
#include "vm/instance.h"
#include "vm/type.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct State {
    OuObj *empty; /* exception Empty */
} State;
extern const OuModuleDef ou_mod__queue;

typedef struct Queue {
    OuObj hdr;
    OuObj **ring;
    size_t first, n;
    uint32_t cap;     /* 0 or a power of two */
    uint32_t waiting; /* threads in get() */
    sem_t wake;       /* posted once for a put() that found somebody waiting; a post too many is harmless */
} Queue;

static OuObj *queue_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs)
        return ou_type_error(vm, "SimpleQueue() takes no positional arguments");
    if (kwnames && OU_TUPLE(kwnames)->n)
        return ou_type_error(vm, "SimpleQueue() takes no keyword arguments");
    Queue *q = (Queue *)ou_type_alloc(vm, type, 0);
    if (q)
        sem_init(&q->wake, 0, 0);
    return (OuObj *)q;
}

static OuObj *take_first(Queue *q)
{
    OuObj *o = q->ring[q->first];
    q->first = (q->first + 1) & (q->cap - 1);
    q->n--;
    return o;
}

static void queue_clear(OuVM *vm, OuObj *o)
{
    Queue *q = (Queue *)o;
    while (q->n) {
        OuObj *item = take_first(q);
        ou_decref(vm, item);
    }
}

static void queue_dealloc(OuVM *vm, OuObj *o)
{
    Queue *q = (Queue *)o;
    ou_gc_untrack(&vm->heap, o);
    queue_clear(vm, o);
    ou_free(vm, q->ring, q->cap * sizeof *q->ring);
    sem_destroy(&q->wake);
    ou_free_object(vm, o);
}

static int queue_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Queue *q = (Queue *)o;
    for (size_t i = 0; i < q->n; i++)
        OU_VISIT(q->ring[(q->first + i) & (q->cap - 1)]);
    return 0;
}

/* Twice the room, or half of it; the items move to the front. */
static int resize(OuVM *vm, Queue *q, size_t cap)
{
    OuObj **ring = cap <= UINT32_MAX ? ou_alloc(vm, cap * sizeof *ring) : NULL;
    if (!ring)
        return -1;
    for (size_t i = 0; i < q->n; i++)
        ring[i] = q->ring[(q->first + i) & (q->cap - 1)];
    ou_free(vm, q->ring, q->cap * sizeof *q->ring);
    q->ring = ring;
    q->cap = (uint32_t)cap;
    q->first = 0;
    return 0;
}

FN(queue_put)
{
    Queue *q = (Queue *)args[0];
    if (q->n == q->cap && resize(vm, q, q->cap ? 2 * (size_t)q->cap : 8) < 0)
        return NULL;
    q->ring[(q->first + q->n++) & (q->cap - 1)] = ou_ref(args[1]);
    if (q->waiting)
        sem_post(&q->wake);
    return ou_none(vm);
}

/* The first item, or NULL without exception. */
static OuObj *pop(OuVM *vm, Queue *q)
{
    if (!q->n)
        return NULL;
    OuObj *o = take_first(q);
    if (q->cap > 64 && q->n < q->cap / 4 && resize(vm, q, q->cap / 2) < 0)
        ou_err_clear(vm);
    return o;
}

static OuObj *empty_error(OuVM *vm)
{
    return ou_raise_value(vm, (OuType *)((State *)ou_module_state(vm, &ou_mod__queue))->empty, NULL);
}

FN(queue_get)
{
    Queue *q = (Queue *)args[0];
    int block = args[1] ? ou_is_true(vm, args[1]) : 1;
    double seconds = -1;
    if (block < 0)
        return NULL;
    if (block && args[2] && args[2] != OU_NONE(vm)) {
        int64_t whole;
        if (ou_isa(vm, args[2], float))
            seconds = OU_FLOAT_V(args[2]);
        else if (ou_as_i64(vm, args[2], &whole) == 0)
            seconds = (double)whole;
        else
            return NULL;
        if (seconds < 0)
            return ou_value_error(vm, "'timeout' must be a non-negative number");
        if (!(seconds < 9223372036.0))
            return ou_raise(vm, OU_EXC(vm, OverflowError), "timeout value is too large");
    }
    OuObj *o = pop(vm, q);
    if (o)
        return o;
    if (!block)
        return empty_error(vm);
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double until = (double)t.tv_sec + 1e-9 * (double)t.tv_nsec + seconds, left = seconds;
    q->waiting++;
    for (;;) {
        int r = ou_sem_take(vm, &q->wake, left);
        if (r < 0 || (o = pop(vm, q)) || r == 0)
            break;
        if (seconds >= 0) { /* somebody else was faster */
            clock_gettime(CLOCK_MONOTONIC, &t);
            left = until - ((double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
            left = left < 0 ? 0 : left;
        }
    }
    q->waiting--;
    return o || ou_err_occurred(vm) ? o : empty_error(vm);
}

FN(queue_get_nowait)
{
    OuObj *o = pop(vm, (Queue *)args[0]);
    return o ? o : empty_error(vm);
}

FN(queue_empty)
{
    return ou_bool(vm, ((Queue *)args[0])->n == 0);
}

FN(queue_qsize)
{
    return ou_int(vm, (int64_t)((Queue *)args[0])->n);
}

static const OuFn methods[] = {
    {"empty(self, /)", queue_empty, 0, "Return True if the queue is empty, False otherwise (not reliable!)."},
    {"get(self, /, block=True, timeout=None)", queue_get, 0, "Remove and return an item from the queue."},
    {"get_nowait(self, /)", queue_get_nowait, 0,
     "Remove and return an item from the queue without blocking."},
    {"put(self, /, item, block=True, timeout=None)", queue_put, 0,
     "Put the item on the queue; it never blocks."},
    {"put_nowait(self, /, item)", queue_put, 0, "Put an item into the queue without blocking."},
    {"qsize(self, /)", queue_qsize, 0, "Return the approximate size of the queue (not reliable!)."},
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuTypeSpec queue_spec = {
    .name = "_queue.SimpleQueue",
    .size = sizeof(Queue),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_BASE,
    .doc = "SimpleQueue()\n--\n\nSimple, unbounded, reentrant FIFO queue.",
    .dealloc = queue_dealloc,
    .traverse = queue_traverse,
    .clear = queue_clear,
    .s = {.new_ = queue_new},
    .methods = methods,
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    if (!(st->empty = ou_module_add_exception(vm, m, "_queue", "Empty", OU_EXC(vm, Exception))))
        return -1;
    return ou_module_add_type(vm, m, &queue_spec, NULL) ? 0 : -1;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)state)->empty);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((State *)state)->empty);
}

const OuModuleDef ou_mod__queue = {
    .name = "_queue",
    .doc = "C implementation of the Python queue module.\nThis module is an implementation detail, please do "
           "not use "
           "it directly.",
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
