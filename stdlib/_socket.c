/* stdlib/_socket.c - the type _socket.socket.
 *
 * With a timeout the descriptor is not blocking and each call waits by poll() first; the VM's lock is released meanwhile. */
#include "_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stddef.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "vm/buffer.h"
#include "vm/threads.h"
#include "vm/audit.h"

#define SOCK(o) ((OuSocket *)(o))
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* ---- time ---- */

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int ou_socket_timeout(OuVM *vm, OuObj *value, int64_t *out)
{
    double s;
    if (value == OU_NONE(vm)) {
        *out = -1;
        return 0;
    }
    if (ou_as_double(vm, value, &s) < 0)
        return -1;
    if (isnan(s))
        return ou_value_error_i(vm, "Invalid value NaN (not a number)");
    if (s < 0)
        return ou_value_error_i(vm, "Timeout value out of range");
    if (s > 9e9)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "timestamp out of range for platform time_t");
    *out = (int64_t)ceil(s * 1e9);
    return 0;
}

OuObj *ou_socket_timeout_obj(OuVM *vm, int64_t timeout)
{
    return timeout < 0 ? ou_none(vm) : ou_float(vm, (double)timeout / 1e9);
}

/* Waits until s may be read or written: 1, 0 timed out, -1 with errno. */
static int ready(OuVM *vm, OuSocket *s, bool writing, int64_t deadline)
{
    struct pollfd p = {.fd = s->fd, .events = writing ? POLLOUT : POLLIN};
    int64_t left = deadline - now();
    if (left < 0)
        return 0;
    int r;
    OU_BLOCKING(vm, r = poll(&p, 1, (int)((left + 999999) / 1000000)));
    return r;
}

static int timed_out(OuVM *vm)
{
    return ou_raise_i(vm, OU_EXC(vm, TimeoutError), "timed out");
}

typedef struct Call {
    OuSocket *s;
    bool writing;
    int64_t deadline;
} Call;

/* Before each try: 0, or -1 with the exception set. */
static int before(OuVM *vm, Call *c)
{
    while (c->s->timeout > 0) {
        int r = ready(vm, c->s, c->writing, c->deadline);
        if (r > 0)
            return 0;
        if (r == 0)
            return timed_out(vm);
        if (errno != EINTR) {
            ou_raise_errno(vm, errno, NULL);
            return -1;
        }
        if (ou_poll(vm) < 0)
            return -1;
    }
    return 0;
}

/* After a failed try: 1 try again, -1 with the exception set. */
static int again(OuVM *vm, Call *c)
{
    if (errno == EINTR)
        return ou_poll(vm) < 0 ? -1 : 1;
    if (c->s->timeout > 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return 1;
    ou_raise_errno(vm, errno, NULL);
    return -1;
}

/* result = expr, repeated as timeouts and signals want; result < 0: exception set. */
#define SOCK_CALL(result, sock, is_write, expr)                                                      \
    do {                                                                                             \
        Call c_ = {SOCK(sock), is_write, SOCK(sock)->timeout > 0 ? now() + SOCK(sock)->timeout : 0}; \
        for (;;) {                                                                                   \
            if (before(vm, &c_) < 0) {                                                               \
                result = -1;                                                                         \
                break;                                                                               \
            }                                                                                        \
            OU_BLOCKING(vm, result = expr);                                                          \
            if (result >= 0 || again(vm, &c_) < 0)                                                   \
                break;                                                                               \
        }                                                                                            \
    } while (0)

static int set_nonblocking(OuVM *vm, OuSocket *s, bool on)
{
    int v = on;
    if (ioctl(s->fd, FIONBIO, &v) == 0)
        return 0;
    ou_raise_errno(vm, errno, NULL);
    return -1;
}

/* ---- life ---- */

static OuObj *socket_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSocket *s = (OuSocket *)ou_type_alloc(vm, type, 0);
    if (s) {
        s->fd = -1;
        s->timeout = -1;
    }
    return (OuObj *)s;
}

static int socket_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char sig[] = "socket(family=-1, type=-1, proto=-1, fileno=None)";
    OuSocket *s = SOCK(self);
    OuObj *a[4];
    int v[3] = {-1, -1, -1}, fd = -1;
    if (ou_args_bind(vm, sig, args, nargs, kwnames, a) < 0)
        return -1;
    for (int i = 0; i < 3; i++)
        if (a[i] && ou_as_int(vm, a[i], &v[i]) < 0)
            return -1;
    if (ou_audit(vm, "socket.__new__", "Oiii", self, v[0], v[1], v[2]) < 0)
        return -1;
    if (a[3] && a[3] != OU_NONE(vm)) {
        socklen_t len = sizeof(int);
        OuSockAddr addr;
        if (ou_isa(vm, a[3], float))
            return ou_type_error_i(vm, "integer argument expected, got float");
        if (ou_as_int(vm, a[3], &fd) < 0)
            return -1;
        if (fd < 0)
            return ou_value_error_i(vm, "negative file descriptor");
        if (v[0] == -1) {
            socklen_t n = sizeof addr;
            if (getsockname(fd, &addr.sa, &n) < 0) {
                ou_raise_errno(vm, errno, NULL);
                return -1;
            }
            v[0] = addr.sa.sa_family;
        }
        if ((v[1] == -1 && getsockopt(fd, SOL_SOCKET, SO_TYPE, &v[1], &len) < 0) ||
            (v[2] == -1 && getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &v[2], &len) < 0)) {
            ou_raise_errno(vm, errno, NULL);
            return -1;
        }
    } else {
        if (v[0] == -1)
            v[0] = AF_INET;
        if (v[1] == -1)
            v[1] = SOCK_STREAM;
        if (v[2] == -1)
            v[2] = 0;
        fd = socket(v[0], v[1] | SOCK_CLOEXEC, v[2]);
        if (fd < 0) {
            ou_raise_errno(vm, errno, NULL);
            return -1;
        }
    }
    s->fd = fd;
    s->family = v[0];
    s->type = v[1] & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    s->proto = v[2];
    s->timeout = v[1] & SOCK_NONBLOCK ? 0 : ou_socket_state(vm)->default_timeout;
    return s->timeout >= 0 ? set_nonblocking(vm, s, true) : 0;
}

static void socket_finalize(OuVM *vm, OuObj *o)
{
    OuSocket *s = SOCK(o);
    if (s->fd < 0)
        return;
    OuObj *raised = ou_err_fetch(vm);
    if (ou_warn_source(vm, OU_EXC(vm, ResourceWarning), o, "unclosed %R", o) < 0)
        ou_err_unraisable(vm, o, NULL);
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    ou_err_restore(vm, raised);
}

static OuObj *socket_repr(OuVM *vm, OuObj *o)
{
    OuSocket *s = SOCK(o);
    return ou_str_fmt(vm, "<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd, s->family, s->type,
                      s->proto);
}

FN(sock_close)
{
    int fd = SOCK(args[0])->fd, r = 0;
    SOCK(args[0])->fd = -1;
    if (fd >= 0)
        OU_BLOCKING(vm, r = close(fd));
    return r < 0 && errno != ECONNRESET ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

FN(sock_detach)
{
    int fd = SOCK(args[0])->fd;
    SOCK(args[0])->fd = -1;
    return ou_int(vm, fd);
}

FN(sock_fileno)
{
    return ou_int(vm, SOCK(args[0])->fd);
}

/* ---- connections ---- */

FN(sock_accept)
{
    OuSockAddr a;
    socklen_t len = sizeof a;
    int fd;
    SOCK_CALL(fd, args[0], false, accept4(SOCK(args[0])->fd, &a.sa, (len = sizeof a, &len), SOCK_CLOEXEC));
    if (fd < 0)
        return NULL;
    OuObj *n = ou_int(vm, fd), *addr = ou_sockaddr_to(vm, &a, len),
          *t = n && addr ? ou_tuple_pack(vm, 2, n, addr) : NULL;
    ou_xdecref(vm, n);
    ou_xdecref(vm, addr);
    if (!t)
        close(fd);
    return t;
}

FN(sock_bind)
{
    OuSockAddr a;
    socklen_t len;
    int r;
    if (ou_sockaddr_from(vm, SOCK(args[0])->family, args[1], &a, &len, "bind") < 0 ||
        ou_audit(vm, "socket.bind", "OO", args[0], args[1]) < 0)
        return NULL;
    OU_BLOCKING(vm, r = bind(SOCK(args[0])->fd, &a.sa, len));
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

FN(sock_listen)
{
    int backlog = SOMAXCONN < 128 ? SOMAXCONN : 128;
    if (args[1] && ou_as_int(vm, args[1], &backlog) < 0)
        return NULL;
    if (listen(SOCK(args[0])->fd, backlog < 0 ? 0 : backlog) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_none(vm);
}

/* 0, errno, or -1 with an exception. */
static int connect_to(OuVM *vm, OuSocket *s, const OuSockAddr *a, socklen_t len)
{
    int r;
    OU_BLOCKING(vm, r = connect(s->fd, &a->sa, len));
    if (r == 0)
        return 0;
    int err = errno;
    if (err == EINTR && ou_poll(vm) < 0)
        return -1;
    if (!(err == EINTR && s->timeout != 0) && !(err == EINPROGRESS && s->timeout > 0))
        return err;
    Call c = {s, true, now() + (s->timeout > 0 ? s->timeout : (int64_t)1 << 60)};
    for (;;) {
        r = ready(vm, s, true, c.deadline);
        if (r == 0)
            return timed_out(vm);
        if (r > 0)
            break;
        if (errno != EINTR)
            return errno;
        if (ou_poll(vm) < 0)
            return -1;
    }
    socklen_t n = sizeof err;
    if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &n) < 0)
        return errno;
    return err == EISCONN ? 0 : err;
}

FN(sock_connect)
{
    OuSockAddr a;
    socklen_t len;
    if (ou_sockaddr_from(vm, SOCK(args[0])->family, args[1], &a, &len, "connect") < 0)
        return NULL;
    int err = connect_to(vm, SOCK(args[0]), &a, len);
    return err < 0 ? NULL : err ? ou_raise_errno(vm, err, NULL) : ou_none(vm);
}

FN(sock_connect_ex)
{
    OuSockAddr a;
    socklen_t len;
    if (ou_sockaddr_from(vm, SOCK(args[0])->family, args[1], &a, &len, "connect_ex") < 0)
        return NULL;
    int err = connect_to(vm, SOCK(args[0]), &a, len);
    if (err < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, TimeoutError)))
            return NULL;
        ou_err_clear(vm);
        err = EAGAIN;
    }
    return ou_int(vm, err);
}

FN(sock_shutdown)
{
    int how;
    if (ou_as_int(vm, args[1], &how) < 0)
        return NULL;
    return shutdown(SOCK(args[0])->fd, how) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

static OuObj *name_of(OuVM *vm, OuObj *o, int (*get)(int, struct sockaddr *, socklen_t *))
{
    OuSockAddr a;
    socklen_t len = sizeof a;
    memset(&a, 0, sizeof a);
    return get(SOCK(o)->fd, &a.sa, &len) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_sockaddr_to(vm, &a, len);
}

static int sockname(int fd, struct sockaddr *a, socklen_t *n)
{
    return getsockname(fd, a, n);
}

static int peername(int fd, struct sockaddr *a, socklen_t *n)
{
    return getpeername(fd, a, n);
}

FN(sock_getsockname)
{
    return name_of(vm, args[0], sockname);
}

FN(sock_getpeername)
{
    return name_of(vm, args[0], peername);
}

/* ---- options ---- */

FN(sock_getsockopt)
{
    int level, opt, size = 0;
    if (ou_as_int(vm, args[1], &level) < 0 || ou_as_int(vm, args[2], &opt) < 0 ||
        (args[3] && ou_as_int(vm, args[3], &size) < 0))
        return NULL;
    if (size == 0) {
        int v = 0;
        socklen_t n = sizeof v;
        return getsockopt(SOCK(args[0])->fd, level, opt, &v, &n) < 0 ? ou_raise_errno(vm, errno, NULL)
                                                                     : ou_int(vm, v);
    }
    if (size < 0 || size > 1024)
        return ou_raise(vm, OU_EXC(vm, OSError), "getsockopt buflen out of range");
    char buf[1024];
    socklen_t n = (socklen_t)size;
    if (getsockopt(SOCK(args[0])->fd, level, opt, buf, &n) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_bytes_new(vm, buf, (ou_ssize)n);
}

FN(sock_setsockopt)
{
    int level, opt, v, r;
    if (ou_as_int(vm, args[1], &level) < 0 || ou_as_int(vm, args[2], &opt) < 0)
        return NULL;
    int fd = SOCK(args[0])->fd;
    if (args[3] == OU_NONE(vm)) {
        int64_t len = 0;
        if (!args[4] || ou_as_i64(vm, args[4], &len) < 0)
            return args[4]
                       ? NULL
                       : ou_type_error(
                             vm, "socket option should be integer, bytes-like object or None with length");
        r = setsockopt(fd, level, opt, NULL, (socklen_t)len);
    } else if (ou_has_index(vm, args[3])) {
        if (ou_as_int(vm, args[3], &v) < 0)
            return NULL;
        r = setsockopt(fd, level, opt, &v, sizeof v);
    } else {
        OuBuffer b;
        if (ou_buffer_get(vm, args[3], &b, OU_BUF_SIMPLE) < 0)
            return NULL;
        r = setsockopt(fd, level, opt, b.buf, (socklen_t)b.len);
        ou_buffer_release(vm, &b);
    }
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

FN(sock_settimeout)
{
    int64_t t;
    if (ou_socket_timeout(vm, args[1], &t) < 0)
        return NULL;
    SOCK(args[0])->timeout = t;
    return set_nonblocking(vm, SOCK(args[0]), t >= 0) < 0 ? NULL : ou_none(vm);
}

FN(sock_gettimeout)
{
    return ou_socket_timeout_obj(vm, SOCK(args[0])->timeout);
}

FN(sock_setblocking)
{
    int on = ou_is_true(vm, args[1]);
    if (on < 0)
        return NULL;
    SOCK(args[0])->timeout = on ? -1 : 0;
    return set_nonblocking(vm, SOCK(args[0]), !on) < 0 ? NULL : ou_none(vm);
}

FN(sock_getblocking)
{
    return ou_bool(vm, SOCK(args[0])->timeout != 0);
}

/* ---- data ---- */

static int flags_of(OuVM *vm, OuObj *o, int *out)
{
    *out = 0;
    return o ? ou_as_int(vm, o, out) : 0;
}

/* recv and recvfrom: new bytes; out: the sender if wanted. */
static OuObj *receive(OuVM *vm, OuObj *o, OuObj *size, OuObj *fl, OuSockAddr *from, socklen_t *len,
                      const char *fname)
{
    ou_ssize n;
    int flags;
    ssize_t got;
    if (ou_as_ssize(vm, size, OU_EXC(vm, OverflowError), &n) < 0 || flags_of(vm, fl, &flags) < 0)
        return NULL;
    if (n < 0)
        return ou_value_error(vm, "negative buffersize in %s", fname);
    OuObj *b = ou_bytes_new(vm, NULL, n), *res;
    if (!b)
        return NULL;
    char *data = OU_BYTES(b)->data;
    if (from)
        SOCK_CALL(got, o, false,
                  recvfrom(SOCK(o)->fd, data, (size_t)n, flags, &from->sa, (*len = sizeof *from, len)));
    else
        SOCK_CALL(got, o, false, recv(SOCK(o)->fd, data, (size_t)n, flags));
    res = got < 0 ? NULL : got == n ? ou_ref(b) : ou_bytes_new(vm, data, got);
    ou_decref(vm, b);
    return res;
}

FN(sock_recv)
{
    return receive(vm, args[0], args[1], args[2], NULL, NULL, "recv");
}

static OuObj *with_address(OuVM *vm, OuObj *value_take, const OuSockAddr *a, socklen_t len)
{
    OuObj *addr = value_take ? ou_sockaddr_to(vm, a, len) : NULL,
          *t = addr ? ou_tuple_pack(vm, 2, value_take, addr) : NULL;
    ou_xdecref(vm, value_take);
    ou_xdecref(vm, addr);
    return t;
}

FN(sock_recvfrom)
{
    OuSockAddr a;
    socklen_t len = 0;
    OuObj *data = receive(vm, args[0], args[1], args[2], &a, &len, "recvfrom");
    return with_address(vm, data, &a, len); /* len is set only now */
}

static ssize_t receive_into(OuVM *vm, OuObj *const *args, OuSockAddr *from, socklen_t *len, const char *fname)
{
    OuBuffer b;
    ou_ssize n = 0;
    ssize_t got = -1;
    int flags;
    if (ou_buffer_get(vm, args[1], &b, OU_BUF_WRITABLE) < 0)
        return -1;
    if ((!args[2] || ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &n) == 0) &&
        flags_of(vm, args[3], &flags) == 0) {
        if (n < 0)
            ou_value_error(vm, "negative buffersize in %s", fname);
        else if (n > b.len)
            ou_value_error(vm, from ? "nbytes is greater than the length of the buffer"
                                    : "buffer too small for requested bytes");
        else {
            size_t room = (size_t)(n ? n : b.len);
            if (from)
                SOCK_CALL(
                    got, args[0], false,
                    recvfrom(SOCK(args[0])->fd, b.buf, room, flags, &from->sa, (*len = sizeof *from, len)));
            else
                SOCK_CALL(got, args[0], false, recv(SOCK(args[0])->fd, b.buf, room, flags));
        }
    }
    ou_buffer_release(vm, &b);
    return got;
}

FN(sock_recv_into)
{
    ssize_t n = receive_into(vm, args, NULL, NULL, "recv_into");
    return n < 0 ? NULL : ou_int(vm, n);
}

FN(sock_recvfrom_into)
{
    OuSockAddr a;
    socklen_t len = 0;
    ssize_t n = receive_into(vm, args, &a, &len, "recvfrom_into");
    return n < 0 ? NULL : with_address(vm, ou_int(vm, n), &a, len);
}

FN(sock_send)
{
    OuBuffer b;
    int flags;
    ssize_t n;
    if (ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (flags_of(vm, args[2], &flags) < 0)
        n = -1;
    else
        SOCK_CALL(n, args[0], true, send(SOCK(args[0])->fd, b.buf, (size_t)b.len, flags));
    ou_buffer_release(vm, &b);
    return n < 0 ? NULL : ou_int(vm, n);
}

FN(sock_sendall)
{
    OuBuffer b;
    int flags;
    ssize_t n = 0;
    if (ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    const char *p = b.buf;
    ou_ssize left = b.len;
    if (flags_of(vm, args[2], &flags) < 0)
        n = -1;
    while (n >= 0 && left > 0) {
        SOCK_CALL(n, args[0], true, send(SOCK(args[0])->fd, p, (size_t)left, flags));
        if (n > 0) {
            p += n;
            left -= n;
            if (ou_poll(vm) < 0)
                n = -1;
        }
    }
    ou_buffer_release(vm, &b);
    return n < 0 ? NULL : ou_none(vm);
}

FN(sock_sendto)
{
    OuBuffer b;
    OuSockAddr a;
    socklen_t len;
    int flags = 0;
    ssize_t n = -1;
    if (nargs != 3 && nargs != 4)
        return ou_type_error(vm, "sendto() takes 2 or 3 arguments (%zu given)", nargs - 1);
    if (ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    if ((nargs < 4 || ou_as_int(vm, args[2], &flags) == 0) &&
        ou_sockaddr_from(vm, SOCK(args[0])->family, args[nargs - 1], &a, &len, "sendto") == 0)
        SOCK_CALL(n, args[0], true, sendto(SOCK(args[0])->fd, b.buf, (size_t)b.len, flags, &a.sa, len));
    ou_buffer_release(vm, &b);
    return n < 0 ? NULL : ou_int(vm, n);
}

ssize_t ou_socket_message(OuVM *vm, OuObj *sock, struct msghdr *m, int flags, bool writing)
{
    ssize_t n;
    if (writing)
        SOCK_CALL(n, sock, true, sendmsg(SOCK(sock)->fd, m, flags));
    else
        SOCK_CALL(n, sock, false, recvmsg(SOCK(sock)->fd, m, flags));
    return n;
}

/* ---- the type ---- */

static OuObj *get_timeout(OuVM *vm, OuObj *o, void *data)
{
    return ou_socket_timeout_obj(vm, SOCK(o)->timeout);
}

static const OuFn socket_methods[] = {
    {"_accept(self, /)", sock_accept, 0, "_accept() -> (integer, address info)"},
    {"bind(self, address, /)", sock_bind, 0, "bind(address)"},
    {"close(self, /)", sock_close, 0, "close()"},
    {"connect(self, address, /)", sock_connect, 0, "connect(address)"},
    {"connect_ex(self, address, /)", sock_connect_ex, 0, "connect_ex(address) -> errno"},
    {"detach(self, /)", sock_detach, 0, "detach()"},
    {"fileno(self, /)", sock_fileno, 0, "fileno() -> integer"},
    {"getpeername(self, /)", sock_getpeername, 0, "getpeername() -> address info"},
    {"getsockname(self, /)", sock_getsockname, 0, "getsockname() -> address info"},
    {"getsockopt(self, level, option, buffersize=0, /)", sock_getsockopt, 0,
     "getsockopt(level, option[, buffersize]) -> value"},
    {"setsockopt(self, level, option, value, length=0, /)", sock_setsockopt, 0,
     "setsockopt(level, option, value)"},
    {"listen(self, backlog=0, /)", sock_listen, 0, "listen([backlog])"},
    {"recv(self, buffersize, flags=0, /)", sock_recv, 0, "recv(buffersize[, flags]) -> data"},
    {"recv_into(self, buffer, nbytes=0, flags=0)", sock_recv_into, 0,
     "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read"},
    {"recvfrom(self, buffersize, flags=0, /)", sock_recvfrom, 0,
     "recvfrom(buffersize[, flags]) -> (data, address info)"},
    {"recvfrom_into(self, buffer, nbytes=0, flags=0)", sock_recvfrom_into, 0,
     "recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)"},
    {"recvmsg(self, bufsize, ancbufsize=0, flags=0, /)", ou_socket_recvmsg, 0,
     "recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)"},
    {"recvmsg_into(self, buffers, ancbufsize=0, flags=0, /)", ou_socket_recvmsg_into, 0,
     "recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)"},
    {"sendmsg(self, buffers, ancdata=(), flags=0, address=None, /)", ou_socket_sendmsg, 0,
     "sendmsg(buffers[, ancdata[, flags[, address]]]) -> count"},
    {"send(self, data, flags=0, /)", sock_send, 0, "send(data[, flags]) -> count"},
    {"sendall(self, data, flags=0, /)", sock_sendall, 0, "sendall(data[, flags])"},
    {"sendto(...)", sock_sendto, OU_FN_RAW, "sendto(data[, flags], address) -> count"},
    {"setblocking(self, flag, /)", sock_setblocking, 0, "setblocking(flag)"},
    {"getblocking(self, /)", sock_getblocking, 0, "getblocking()"},
    {"settimeout(self, timeout, /)", sock_settimeout, 0, "settimeout(timeout)"},
    {"gettimeout(self, /)", sock_gettimeout, 0, "gettimeout() -> timeout"},
    {"shutdown(self, flag, /)", sock_shutdown, 0, "shutdown(flag)"},
    {0},
};
static const OuGetSet socket_getset[] = {{"timeout", get_timeout, NULL, "the socket timeout"}, {0}};
static const OuMember socket_members[] = {
    {"family", OU_MEMBER_INT, offsetof(OuSocket, family), true, "the socket family"},
    {"type", OU_MEMBER_INT, offsetof(OuSocket, type), true, "the socket type"},
    {"proto", OU_MEMBER_INT, offsetof(OuSocket, proto), true, "the socket protocol"},
    {0},
};
const OuTypeSpec ou_socket_spec = {
    .name = "_socket.socket",
    .size = sizeof(OuSocket),
    .flags = OU_TYPE_BASE,
    .doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object",
    .s = {.repr = socket_repr,
          .getattr = ou_generic_getattr,
          .new_ = socket_new,
          .init = socket_init,
          .finalize = socket_finalize},
    .methods = socket_methods,
    .getset = socket_getset,
    .members = socket_members,
};
