/* stdlib/_socket_msg.c - recvmsg, recvmsg_into and sendmsg: scattered data and ancillary data (RFC 3542). */
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/uio.h>

#include "_socket.h"
#include "vm/buffer.h"

#define SOCK(o) ((OuSocket *)(o))

int ou_socket_cmsg_len(size_t n, size_t *out)
{
    if (n > INT_MAX - CMSG_LEN(0))
        return -1;
    *out = CMSG_LEN(n);
    return 0;
}

int ou_socket_cmsg_space(size_t n, size_t *out)
{
    if (n > INT_MAX - CMSG_SPACE(1))
        return -1;
    *out = CMSG_SPACE(n);
    return 0;
}

/* ---- receiving ------------------------------------------------------------------------- */
/* [(level, type, data), ...]: new */
static OuObj *ancillary_list(OuVM *vm, struct msghdr *m)
{
    OuObj *list = ou_list_new(vm, 0);
    const char *end = (const char *)m->msg_control + m->msg_controllen;
    for (struct cmsghdr *c = m->msg_controllen ? CMSG_FIRSTHDR(m) : NULL; list && c; c = CMSG_NXTHDR(m, c)) {
        const char *data = (const char *)CMSG_DATA(c);
        bool cut = c->cmsg_len < CMSG_LEN(0) || data > end;
        size_t n = cut ? 0 : c->cmsg_len - CMSG_LEN(0);
        if (!cut && n > (size_t)(end - data)) {
            cut = true;
            n = (size_t)(end - data);
        }
        if (cut && ou_warn(vm, OU_EXC(vm, RuntimeWarning), 1,
                           "received malformed or improperly-truncated ancillary data") < 0) {
            ou_clear(vm, list);
            break;
        }
        if (cut && n == 0)
            break;
        OuObj *level = ou_int(vm, c->cmsg_level), *type = ou_int(vm, c->cmsg_type),
              *b = ou_bytes_new(vm, data, (ou_ssize)n),
              *t = level && type && b ? ou_tuple_pack(vm, 3, level, type, b) : NULL;
        ou_xdecref(vm, level);
        ou_xdecref(vm, type);
        ou_xdecref(vm, b);
        if (!t || ou_list_append_take(vm, list, t) < 0)
            ou_clear(vm, list);
        if (cut)
            break;
    }
    return list;
}

/* Receives into iov: (value(bytes received), ancillary data, flags, address), new. */
static OuObj *receive(OuVM *vm, OuObj *sock, struct iovec *iov, size_t niov, OuObj *anc_size,
                      OuObj *flags_obj, OuObj *(*value)(OuVM *vm, void *data, ou_ssize n), void *data)
{
    ou_ssize anc = 0;
    int flags = 0;
    if ((anc_size && ou_as_ssize(vm, anc_size, OU_EXC(vm, OverflowError), &anc) < 0) ||
        (flags_obj && ou_as_int(vm, flags_obj, &flags) < 0))
        return NULL;
    if (anc < 0 || anc > INT_MAX)
        return ou_value_error(vm, "invalid ancillary data buffer length");
    OuSockAddr from;
    memset(&from, 0, sizeof from);
    struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = iov, .msg_iovlen = niov};
    void *control = anc ? ou_alloc(vm, (size_t)anc) : NULL;
    if (anc && !control)
        return NULL;
    m.msg_control = control;
    m.msg_controllen = (size_t)anc;
    OuObj *r = NULL, *v = NULL, *list = NULL, *fl = NULL, *addr = NULL;
    ssize_t n = ou_socket_message(vm, sock, &m, flags, false);
    if (n < 0)
        goto done;
    list = ancillary_list(vm, &m);
    v = list ? value(vm, data, n) : NULL;
    fl = v ? ou_int(vm, m.msg_flags) : NULL;
    addr = fl ? ou_sockaddr_to(vm, &from, m.msg_namelen > sizeof from ? sizeof from : m.msg_namelen) : NULL;
    r = addr ? ou_tuple_pack(vm, 4, v, list, fl, addr) : NULL;
done:
    ou_xdecref(vm, v);
    ou_xdecref(vm, list);
    ou_xdecref(vm, fl);
    ou_xdecref(vm, addr);
    if (control)
        ou_free(vm, control, (size_t)anc);
    return r;
}

static OuObj *part_of_bytes(OuVM *vm, void *data, ou_ssize n)
{
    return (size_t)n == OU_BYTES(data)->len ? ou_ref(data) : ou_bytes_new(vm, OU_BYTES(data)->data, n);
}

static OuObj *the_count(OuVM *vm, void *data, ou_ssize n)
{
    return ou_int(vm, n);
}

OuObj *ou_socket_recvmsg(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize n;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    if (n < 0)
        return ou_value_error(vm, "negative buffer size in recvmsg()");
    OuObj *b = ou_bytes_new(vm, NULL, n);
    if (!b)
        return NULL;
    struct iovec iov = {OU_BYTES(b)->data, (size_t)n};
    OuObj *r = receive(vm, args[0], &iov, 1, args[2], args[3], part_of_bytes, b);
    ou_decref(vm, b);
    return r;
}

/* Buffers of an iterable: *views and *iov of *n places (both in one block of *size bytes).  0/-1 */
typedef struct Parts {
    OuBuffer *views;
    struct iovec *iov;
    size_t n, size;
} Parts;

static void parts_free(OuVM *vm, Parts *p)
{
    for (size_t i = 0; i < p->n; i++)
        ou_buffer_release(vm, &p->views[i]);
    if (p->views)
        ou_free(vm, p->views, p->size);
}

static int parts_get(OuVM *vm, OuObj *iterable, int flags, const char *not_iterable, const char *too_long,
                     Parts *p)
{
    memset(p, 0, sizeof *p);
    OuObj *all = ou_sequence_fast(vm, iterable, not_iterable);
    if (!all)
        return -1;
    bool list = ou_isa_list(vm, all);
    size_t n = list ? OU_LIST(all)->n : OU_TUPLE(all)->n;
    int r = 0;
    if (n > INT_MAX)
        r = ou_raise_i(vm, OU_EXC(vm, OSError), "%s", too_long);
    p->size = n * (sizeof *p->views + sizeof *p->iov);
    if (r == 0 && n && !(p->views = ou_alloc(vm, p->size)))
        r = -1;
    p->iov = (struct iovec *)(p->views + n);
    for (size_t i = 0; r == 0 && i < n && i < (list ? OU_LIST(all)->n : n); i++) {
        OuObj *o = ou_ref(list ? OU_LIST(all)->items[i] : OU_TUPLE(all)->items[i]);
        if ((r = ou_buffer_get(vm, o, &p->views[i], flags)) == 0) {
            p->iov[i] = (struct iovec){p->views[i].buf, (size_t)p->views[i].len};
            p->n++;
        } else if (flags & OU_BUF_WRITABLE && ou_err_is(vm, OU_EXC(vm, BufferError))) {
            ou_err_clear(vm);
            ou_type_error(
                vm, "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers");
        }
        ou_decref(vm, o);
    }
    ou_decref(vm, all);
    if (r < 0)
        parts_free(vm, p);
    return r;
}

OuObj *ou_socket_recvmsg_into(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Parts p;
    if (parts_get(vm, args[1], OU_BUF_WRITABLE, "recvmsg_into() argument 1 must be an iterable",
                  "recvmsg_into() argument 1 is too long", &p) < 0)
        return NULL;
    OuObj *r = receive(vm, args[0], p.iov, p.n, args[2], args[3], the_count, NULL);
    parts_free(vm, &p);
    return r;
}

/* ---- sending ----------------------------------------------------------------------------- */
/* The bytes of the control messages: *out (of *size bytes, to be freed), or NULL for none.  0/-1 */
static int pack_ancillary(OuVM *vm, OuObj *items, char **out, size_t *size)
{
    OuObj *all = ou_sequence_fast(vm, items, "sendmsg() argument 2 must be an iterable"), *tuple;
    *out = NULL;
    *size = 0;
    tuple = all ? ou_sequence_tuple(vm, all) : NULL;
    ou_xdecref(vm, all);
    if (!tuple)
        return -1;
    size_t n = OU_TUPLE(tuple)->n, total = 0, have = 0;
    OuBuffer *views = n ? ou_alloc(vm, n * sizeof *views) : NULL;
    int r = n && !views ? -1 : 0;
    for (; r == 0 && have < n; have++) {
        OuObj *item = OU_TUPLE(tuple)->items[have];
        size_t space;
        if (!ou_isa_tuple(vm, item) || OU_TUPLE(item)->n != 3)
            r = ou_type_error_i(vm, "[sendmsg() ancillary data items] must be (int, int, bytes-like) tuples");
        else
            r = ou_buffer_get(vm, OU_TUPLE(item)->items[2], &views[have], OU_BUF_SIMPLE);
        if (r < 0)
            break;
        if (ou_socket_cmsg_space((size_t)views[have].len, &space) < 0)
            r = ou_raise_i(vm, OU_EXC(vm, OSError), "ancillary data item too large");
        else if (total + space > INT_MAX)
            r = ou_raise_i(vm, OU_EXC(vm, OSError), "too much ancillary data");
        total += r == 0 ? space : 0;
    }
    if (r == 0 && total) {
        if (!(*out = ou_alloc(vm, total)))
            r = -1;
        else
            memset(*out, 0, total);
        *size = total;
    }
    size_t at = 0;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct cmsghdr *c = (struct cmsghdr *)(*out + at);
        OuObj **t = OU_TUPLE(OU_TUPLE(tuple)->items[i])->items;
        int level, type;
        if (ou_as_int(vm, t[0], &level) < 0 || ou_as_int(vm, t[1], &type) < 0) {
            r = -1;
            break;
        }
        c->cmsg_level = level;
        c->cmsg_type = type;
        c->cmsg_len = CMSG_LEN((size_t)views[i].len);
        memcpy(CMSG_DATA(c), views[i].buf, (size_t)views[i].len);
        at += CMSG_SPACE((size_t)views[i].len);
    }
    for (size_t i = 0; i < have; i++)
        ou_buffer_release(vm, &views[i]);
    if (views)
        ou_free(vm, views, n * sizeof *views);
    if (r < 0 && *out) {
        ou_free(vm, *out, *size);
        *out = NULL;
    }
    ou_decref(vm, tuple);
    return r;
}

OuObj *ou_socket_sendmsg(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Parts p;
    int flags = 0;
    char *control = NULL;
    size_t size = 0;
    OuSockAddr to;
    socklen_t to_len;
    ssize_t n = -1;
    if (args[3] && ou_as_int(vm, args[3], &flags) < 0)
        return NULL;
    if (parts_get(vm, args[1], OU_BUF_SIMPLE, "sendmsg() argument 1 must be an iterable",
                  "sendmsg() argument 1 is too long", &p) < 0)
        return NULL;
    struct msghdr m = {.msg_iov = p.iov, .msg_iovlen = p.n};
    if (args[4] && args[4] != OU_NONE(vm)) {
        if (ou_sockaddr_from(vm, SOCK(args[0])->family, args[4], &to, &to_len, "sendmsg") < 0)
            goto done;
        m.msg_name = &to;
        m.msg_namelen = to_len;
    }
    if (args[2] && pack_ancillary(vm, args[2], &control, &size) < 0)
        goto done;
    m.msg_control = control;
    m.msg_controllen = size;
    n = ou_socket_message(vm, args[0], &m, flags, true);
done:
    if (control)
        ou_free(vm, control, size);
    parts_free(vm, &p);
    return n < 0 ? NULL : ou_int(vm, n);
}
