/* stdlib/select.c - module select: select(), poll objects, epoll objects: CPython 3.11's module on Linux. */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "stdlib/posix/posix.h"
#include "vm/instance.h"
#include "support.h"
#include "vm/type.h"

typedef struct State {
    OuType *poll_type, *epoll_type;
} State;
extern const OuModuleDef ou_mod_select;
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A descriptor that is not negative. */
static int fd_arg(OuVM *vm, OuObj *o, int *fd)
{
    if (ou_posix_fd(vm, o, fd) < 0)
        return -1;
    return *fd < 0 ? ou_value_error_i(vm, "file descriptor cannot be a negative integer (%i)", *fd) : 0;
}

/* ---- select ---- */

/* The objects of one argument with their descriptors, as they were when it was read: fileno() may change the sequence. */
typedef struct Fds {
    OuObj *objects; /* list */
    int fd[FD_SETSIZE];
    int n;
} Fds;

static int fd_set_of(OuVM *vm, OuObj *seq, fd_set *set, Fds *fds, int *max)
{
    FD_ZERO(set);
    fds->objects = ou_list_new(vm, 0);
    OuObj *fast = fds->objects ? ou_sequence_fast(vm, seq, "arguments 1-3 must be sequences") : NULL;
    int r = fast ? 0 : -1;
    for (ou_ssize i = 0; r == 0 && i < ou_len(vm, fast); i++) {
        OuObj *o = ou_getitem_i(vm, fast, i);
        int fd = -1;
        r = o ? ou_posix_fd(vm, o, &fd) : -1;
        if (r == 0 && fd < 0)
            r = ou_value_error_i(vm, "file descriptor cannot be a negative integer (%d)", fd);
        else if (r == 0 && fd >= FD_SETSIZE)
            r = ou_value_error_i(vm, "filedescriptor out of range in select()");
        else if (r == 0 && fds->n == FD_SETSIZE)
            r = ou_value_error_i(vm, "too many file descriptors in select()");
        if (r == 0) {
            FD_SET(fd, set);
            if (fd > *max)
                *max = fd;
            fds->fd[fds->n++] = fd;
            r = ou_list_append(vm, fds->objects, o);
        }
        ou_xdecref(vm, o);
    }
    ou_xdecref(vm, fast);
    return r;
}

static OuObj *ready(OuVM *vm, const Fds *fds, const fd_set *set)
{
    OuObj *out = ou_list_new(vm, 0);
    for (int i = 0; out && i < fds->n; i++)
        if (FD_ISSET(fds->fd[i], set) && ou_list_append(vm, out, OU_LIST(fds->objects)->items[i]) < 0)
            ou_clear(vm, out);
    return out;
}

FN(select_select)
{
    fd_set sets[3], work[3];
    Fds lists[3];
    OuObj *out[3] = {0}, *res = NULL;
    for (int i = 0; i < 3; i++) {
        lists[i].objects = NULL;
        lists[i].n = 0;
    }
    int max = -1, n = 0;
    double timeout = -1, deadline = 0;
    if (args[3] && args[3] != OU_NONE(vm)) {
        if (ou_as_double(vm, args[3], &timeout) < 0) {
            if (ou_err_is(vm, OU_EXC(vm, TypeError)))
                ou_type_error(vm, "timeout must be a float or None");
            return NULL;
        }
        if (isnan(timeout))
            return ou_value_error(vm, "Invalid value NaN (not a number)");
        if (timeout < 0)
            return ou_value_error(vm, "timeout must be non-negative");
        deadline = now() + timeout;
    }
    for (int i = 0; i < 3; i++)
        if (fd_set_of(vm, args[i], &sets[i], &lists[i], &max) < 0)
            goto done;
    for (;;) {
        struct timeval tv;
        memcpy(work, sets, sizeof work);
        if (timeout >= 0) {
            double left = deadline - now();
            left = left < 0 ? 0 : left;
            tv.tv_sec = (time_t)left;
            tv.tv_usec = (suseconds_t)((left - floor(left)) * 1e6);
        }
        OU_BLOCKING(vm, n = select(max + 1, &work[0], &work[1], &work[2], timeout >= 0 ? &tv : NULL));
        if (n >= 0 || errno != EINTR)
            break;
        if (ou_poll_slow(vm) < 0)
            goto done;
    }
    if (n < 0) {
        ou_raise_errno(vm, errno, NULL);
        goto done;
    }
    for (int i = 0; i < 3; i++)
        if (!(out[i] = ready(vm, &lists[i], &work[i])))
            goto done;
    res = ou_tuple_pack(vm, 3, out[0], out[1], out[2]);
done:
    for (int i = 0; i < 3; i++) {
        ou_xdecref(vm, lists[i].objects);
        ou_xdecref(vm, out[i]);
    }
    return res;
}

/* ---- poll ---- */

typedef struct Poll {
    OuObj hdr;
    struct pollfd *fds;
    size_t n, cap;
    bool running;
} Poll;

static struct pollfd *find(Poll *p, int fd)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->fds[i].fd == fd)
            return &p->fds[i];
    return NULL;
}

static int events_arg(OuVM *vm, OuObj *o, unsigned short *out)
{
    int64_t v = POLLIN | POLLPRI | POLLOUT;
    if (o && ou_as_i64(vm, o, &v) < 0)
        return -1;
    if (v < 0)
        return ou_value_error_i(vm, "value must be positive");
    if (v > UINT16_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError),
                          "Python int too large to convert to C unsigned short");
    *out = (unsigned short)v;
    return 0;
}

FN(poll_register)
{
    Poll *p = (Poll *)args[0];
    int fd;
    unsigned short events;
    if (fd_arg(vm, args[1], &fd) < 0 || events_arg(vm, args[2], &events) < 0)
        return NULL;
    struct pollfd *f = find(p, fd);
    if (!f) {
        if (p->n == p->cap) {
            size_t cap = p->cap ? p->cap * 2 : 8;
            struct pollfd *more = realloc(p->fds, cap * sizeof *more);
            if (!more)
                return ou_raise_memory(vm);
            p->fds = more;
            p->cap = cap;
        }
        f = &p->fds[p->n++];
        f->fd = fd;
    }
    f->events = (short)events;
    return ou_none(vm);
}

FN(poll_modify)
{
    int fd;
    unsigned short events;
    if (fd_arg(vm, args[1], &fd) < 0 || events_arg(vm, args[2], &events) < 0)
        return NULL;
    struct pollfd *f = find((Poll *)args[0], fd);
    if (!f)
        return ou_raise_errno(vm, ENOENT, NULL);
    f->events = (short)events;
    return ou_none(vm);
}

FN(poll_unregister)
{
    Poll *p = (Poll *)args[0];
    int fd;
    if (fd_arg(vm, args[1], &fd) < 0)
        return NULL;
    struct pollfd *f = find(p, fd);
    if (!f) {
        OuObj *k = ou_int(vm, fd);
        if (k)
            ou_raise_key(vm, k);
        ou_xdecref(vm, k);
        return NULL;
    }
    memmove(f, f + 1, (size_t)(p->fds + p->n - f - 1) * sizeof *f);
    p->n--;
    return ou_none(vm);
}

static OuObj *pair_list(OuVM *vm, size_t n, int64_t (*get)(void *data, size_t i, int64_t *event), void *data)
{
    OuObj *list = ou_list_new(vm, 0);
    for (size_t i = 0; list && i < n; i++) {
        int64_t event = 0, fd = get(data, i, &event);
        if (!event)
            continue;
        OuObj *v[2] = {ou_int(vm, fd), ou_int(vm, event)},
              *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
        ou_xdecref(vm, v[0]);
        ou_xdecref(vm, v[1]);
        if (!t || ou_list_append_take(vm, list, t) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static int64_t poll_get(void *data, size_t i, int64_t *event)
{
    struct pollfd *f = data;
    *event = (unsigned short)f[i].revents;
    return f[i].fd;
}

FN(poll_poll)
{
    Poll *p = (Poll *)args[0];
    double ms = -1, deadline = 0;
    int n;
    if (args[1] && args[1] != OU_NONE(vm)) {
        if (ou_as_double(vm, args[1], &ms) < 0)
            return NULL;
        if (ms > 2147483647.0)
            return ou_raise(vm, OU_EXC(vm, OverflowError), "timeout is too large");
        ms = ms < 0 ? -1 : ceil(ms);
        deadline = now() + ms / 1000;
    }
    if (p->running)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "concurrent poll() invocation");
    p->running = true;
    for (;;) {
        OU_BLOCKING(vm, n = poll(p->fds, p->n, (int)ms));
        if (n >= 0 || errno != EINTR)
            break;
        if (ou_poll_slow(vm) < 0) {
            p->running = false;
            return NULL;
        }
        if (ms >= 0) {
            ms = ceil((deadline - now()) * 1000);
            ms = ms < 0 ? 0 : ms;
        }
    }
    p->running = false;
    return n < 0 ? ou_raise_errno(vm, errno, NULL) : pair_list(vm, p->n, poll_get, p->fds);
}

static void poll_dealloc(OuVM *vm, OuObj *o)
{
    free(((Poll *)o)->fds);
    ou_free_object(vm, o);
}

static const OuFn poll_methods[] = {
    {"register(self, fd, eventmask=POLLIN | POLLPRI | POLLOUT, /)", poll_register, 0,
     "Register a file descriptor with the polling object."},
    {"modify(self, fd, eventmask, /)", poll_modify, 0, "Modify an already registered file descriptor."},
    {"unregister(self, fd, /)", poll_unregister, 0,
     "Remove a file descriptor being tracked by the polling object."},
    {"poll(self, timeout=None, /)", poll_poll, 0, "Polls the set of registered file descriptors."},
    {0},
};
static const OuTypeSpec poll_spec = {.name = "select.poll",
                                     .size = sizeof(Poll),
                                     .flags = OU_TYPE_NO_NEW,
                                     .dealloc = poll_dealloc,
                                     .methods = poll_methods};

FN(select_poll)
{
    State *st = ou_module_state(vm, &ou_mod_select);
    Poll *p = (Poll *)ou_type_alloc(vm, st->poll_type, 0);
    if (p) {
        p->fds = NULL;
        p->n = p->cap = 0;
        p->running = false;
    }
    return (OuObj *)p;
}

/* ---- epoll ---- */

typedef struct Epoll {
    OuObj hdr;
    int fd;
} Epoll;

static void *epoll_closed(OuVM *vm)
{
    return ou_value_error(vm, "I/O operation on closed epoll object");
}

static OuObj *epoll_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[2];
    int sizehint = -1, flags = 0;
    if (ou_args_bind(vm, "epoll(sizehint=-1, flags=0)", args, nargs, kwnames, a) < 0)
        return NULL;
    if ((a[0] && ou_as_int(vm, a[0], &sizehint) < 0) || (a[1] && ou_as_int(vm, a[1], &flags) < 0))
        return NULL;
    if (sizehint < -1 || sizehint == 0)
        return ou_value_error(vm, "sizehint must be positive or -1");
    if (flags && flags != EPOLL_CLOEXEC)
        return ou_raise(vm, OU_EXC(vm, OSError), "invalid flags");
    Epoll *e = (Epoll *)ou_type_alloc(vm, type, 0);
    if (e && (e->fd = epoll_create1(EPOLL_CLOEXEC)) < 0) {
        int err = errno;
        ou_decref(vm, e);
        return ou_raise_errno(vm, err, NULL);
    }
    return (OuObj *)e;
}

static void epoll_dealloc(OuVM *vm, OuObj *o)
{
    if (((Epoll *)o)->fd >= 0)
        close(((Epoll *)o)->fd);
    ou_free_object(vm, o);
}

static OuObj *epoll_control(OuVM *vm, OuObj *self, int op, OuObj *fdobj, OuObj *events)
{
    Epoll *e = (Epoll *)self;
    struct epoll_event ev = {.events = EPOLLIN | EPOLLPRI | EPOLLOUT};
    int fd;
    int64_t mask;
    if (e->fd < 0)
        return epoll_closed(vm);
    if (fd_arg(vm, fdobj, &fd) < 0)
        return NULL;
    if (events) {
        if (ou_as_i64(vm, events, &mask) < 0)
            return NULL;
        ev.events = (uint32_t)mask;
    }
    ev.data.fd = fd;
    return epoll_ctl(e->fd, op, fd, &ev) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

FN(epoll_register)
{
    return epoll_control(vm, args[0], EPOLL_CTL_ADD, args[1], args[2]);
}

FN(epoll_modify)
{
    return epoll_control(vm, args[0], EPOLL_CTL_MOD, args[1], args[2]);
}

FN(epoll_unregister)
{
    return epoll_control(vm, args[0], EPOLL_CTL_DEL, args[1], NULL);
}

static int64_t epoll_get(void *data, size_t i, int64_t *event)
{
    struct epoll_event *f = data;
    *event = f[i].events;
    return f[i].data.fd;
}

FN(epoll_poll)
{
    Epoll *e = (Epoll *)args[0];
    double s = -1, deadline = 0;
    int max = -1, n;
    if (e->fd < 0)
        return epoll_closed(vm);
    if (args[1] && args[1] != OU_NONE(vm)) {
        if (ou_as_double(vm, args[1], &s) < 0)
            return NULL;
        if (s > 2147483.0)
            return ou_raise(vm, OU_EXC(vm, OverflowError), "timeout is too large");
        s = s < 0 ? -1 : s;
        deadline = now() + s;
    }
    if (args[2] && ou_as_int(vm, args[2], &max) < 0)
        return NULL;
    if (max == -1)
        max = FD_SETSIZE - 1;
    else if (max < 1)
        return ou_value_error(vm, "maxevents must be greater than 0, got %d", max);
    struct epoll_event *ev = calloc((size_t)max, sizeof *ev);
    if (!ev)
        return ou_raise_memory(vm);
    OuObj *res = NULL;
    for (;;) {
        OU_BLOCKING(vm, n = epoll_wait(e->fd, ev, max, s < 0 ? -1 : (int)ceil(s * 1000)));
        if (n >= 0 || errno != EINTR)
            break;
        if (ou_poll_slow(vm) < 0)
            goto done;
        if (s >= 0) {
            s = deadline - now();
            s = s < 0 ? 0 : s;
        }
    }
    res = n < 0 ? ou_raise_errno(vm, errno, NULL) : pair_list(vm, (size_t)n, epoll_get, ev);
done:
    free(ev);
    return res;
}

FN(epoll_close)
{
    Epoll *e = (Epoll *)args[0];
    if (e->fd >= 0) {
        int fd = e->fd;
        e->fd = -1;
        if (close(fd) < 0)
            return ou_raise_errno(vm, errno, NULL);
    }
    return ou_none(vm);
}

FN(epoll_fileno)
{
    Epoll *e = (Epoll *)args[0];
    return e->fd < 0 ? epoll_closed(vm) : ou_int(vm, e->fd);
}

FN(epoll_enter)
{
    return ((Epoll *)args[0])->fd < 0 ? epoll_closed(vm) : ou_ref(args[0]);
}

FN(epoll_fromfd)
{
    int fd;
    if (ou_as_int(vm, args[1], &fd) < 0)
        return NULL;
    Epoll *e = (Epoll *)ou_type_alloc(vm, OU_AS_TYPE(args[0]), 0);
    if (e)
        e->fd = fd;
    return (OuObj *)e;
}

static OuObj *epoll_get_closed(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, ((Epoll *)o)->fd < 0);
}

static const OuFn epoll_methods[] = {
    {"register(self, fd, eventmask=EPOLLIN | EPOLLPRI | EPOLLOUT)", epoll_register, 0,
     "Registers a new fd or raises an OSError if the fd is already registered."},
    {"modify(self, fd, eventmask)", epoll_modify, 0, "Modify event mask for a registered file descriptor."},
    {"unregister(self, fd)", epoll_unregister, 0,
     "Remove a registered file descriptor from the epoll object."},
    {"poll(self, timeout=None, maxevents=-1)", epoll_poll, 0,
     "Wait for events on the epoll file descriptor."},
    {"close(self, /)", epoll_close, 0, "Close the epoll control file descriptor."},
    {"fileno(self, /)", epoll_fileno, 0, "Return the epoll control file descriptor."},
    {"__enter__(self, /)", epoll_enter, 0, NULL},
    {"__exit__(self, exc_type=None, exc_value=None, exc_tb=None, /)", epoll_close, 0, NULL},
    {"fromfd(cls, fd, /)", epoll_fromfd, OU_FN_CLASS, "Create an epoll object from a given control fd."},
    {0},
};
static const OuGetSet epoll_getset[] = {
    {"closed", epoll_get_closed, NULL, "True if the epoll handler is closed"}, {0}};
static const OuTypeSpec epoll_spec = {.name = "select.epoll",
                                      .size = sizeof(Epoll),
                                      .dealloc = epoll_dealloc,
                                      .s = {.new_ = epoll_new},
                                      .methods = epoll_methods,
                                      .getset = epoll_getset};

static const OuFn functions[] = {
    {"select(rlist, wlist, xlist, timeout=None, /)", select_select, 0,
     "Wait until one or more file descriptors are ready for some kind of I/O."},
    {"poll()", select_poll, 0, "Returns a polling object."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow consts[] = {
        OU_INT_ROW(POLLIN),
        OU_INT_ROW(POLLPRI),
        OU_INT_ROW(POLLOUT),
        OU_INT_ROW(POLLERR),
        OU_INT_ROW(POLLHUP),
        OU_INT_ROW(POLLNVAL),
        OU_INT_ROW(POLLRDNORM),
        OU_INT_ROW(POLLRDBAND),
        OU_INT_ROW(POLLWRNORM),
        OU_INT_ROW(POLLWRBAND),
        OU_INT_ROW(POLLMSG),
        OU_INT_ROW(POLLRDHUP),
        OU_INT_ROW(EPOLLIN),
        OU_INT_ROW(EPOLLOUT),
        OU_INT_ROW(EPOLLPRI),
        OU_INT_ROW(EPOLLERR),
        OU_INT_ROW(EPOLLHUP),
        OU_INT_ROW(EPOLLRDHUP),
        OU_INT_ROW(EPOLLET),
        OU_INT_ROW(EPOLLONESHOT),
        OU_INT_ROW(EPOLLEXCLUSIVE),
        OU_INT_ROW(EPOLLRDNORM),
        OU_INT_ROW(EPOLLRDBAND),
        OU_INT_ROW(EPOLLWRNORM),
        OU_INT_ROW(EPOLLWRBAND),
        OU_INT_ROW(EPOLLMSG),
        OU_INT_ROW(EPOLL_CLOEXEC),
        {"PIPE_BUF", 4096},
        {0},
    };
    State *st = ((OuModule *)m)->state;
    if (ou_module_add_ints(vm, m, consts) < 0)
        return -1;
    if (!(st->poll_type = ou_type_from_spec(vm, &poll_spec, NULL)) ||
        !(st->epoll_type = ou_module_add_type(vm, m, &epoll_spec, NULL)))
        return -1;
    return ou_module_add(vm, m, "error", ou_ref((OuObj *)OU_EXC(vm, OSError)));
}

const OuModuleDef ou_mod_select = {
    .name = "select",
    .doc = "This module supports asynchronous I/O on multiple file descriptors.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
};
