/* stdlib/_socket_addr.c - socket addresses: tuples and paths to structs and back. */
#include "_socket.h"

#include "vm/buffer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>

#include "vm/threads.h"

void *ou_socket_gaierror(OuVM *vm, int code)
{
    if (code == EAI_SYSTEM)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *n = ou_int(vm, code), *text = ou_str_new(vm, gai_strerror(code), -1),
          *args = n && text ? ou_tuple_pack(vm, 2, n, text) : NULL;
    if (args)
        ou_raise_value(vm, OU_AS_TYPE(ou_socket_state(vm)->gaierror), args);
    ou_xdecref(vm, n);
    ou_xdecref(vm, text);
    ou_xdecref(vm, args);
    return NULL;
}

/* The IP address of a name; "" is any address. 0/-1 */
static int resolve(OuVM *vm, OuObj *host, int family, OuSockAddr *out)
{
    char name[256];
    OuUtf8 u = {0};
    const char *s;
    size_t n;
    if (ou_isa_str(vm, host)) {
        if (ou_str_utf8(vm, host, &u, false) < 0)
            return -1;
        s = u.s;
        n = u.n;
    } else if (ou_isa_bytes(vm, host)) {
        s = OU_BYTES(host)->data;
        n = OU_BYTES(host)->len;
    } else
        return ou_type_error_i(vm, "str, bytes or bytearray expected, not %T", host);
    bool fits = n < sizeof name && !memchr(s, 0, n);
    if (fits) {
        memcpy(name, s, n);
        name[n] = 0;
    }
    ou_utf8_free(vm, &u);
    if (!fits)
        return ou_raise_i(vm, OU_EXC(vm, OSError), "host name too long");
    if (family == AF_INET && !*name) {
        out->in.sin_addr.s_addr = INADDR_ANY;
        return 0;
    }
    if (family == AF_INET && (!strcmp(name, "<broadcast>") || !strcmp(name, "255.255.255.255"))) {
        out->in.sin_addr.s_addr = INADDR_BROADCAST;
        return 0;
    }
    if (family == AF_INET && inet_pton(AF_INET, name, &out->in.sin_addr) == 1)
        return 0;
    struct addrinfo hints = {.ai_family = family,
                             .ai_socktype = SOCK_DGRAM,
                             .ai_flags = *name ? 0 : AI_PASSIVE},
                    *res = NULL;
    int code;
    OU_BLOCKING(vm, code = getaddrinfo(*name ? name : NULL, "0", &hints, &res));
    if (code) {
        ou_socket_gaierror(vm, code);
        return -1;
    }
    if (family == AF_INET)
        out->in.sin_addr = ((struct sockaddr_in *)res->ai_addr)->sin_addr;
    else
        out->in6.sin6_addr = ((struct sockaddr_in6 *)res->ai_addr)->sin6_addr;
    freeaddrinfo(res);
    return 0;
}

static int port_of(OuVM *vm, OuObj *o, const char *fname, in_port_t *out)
{
    int64_t port;
    if (ou_as_i64(vm, o, &port) < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, OverflowError)))
            return -1;
        ou_err_clear(vm);
        port = -1;
    }
    if (port < 0 || port > 0xffff)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s(): port must be 0-65535.", fname);
    *out = htons((uint16_t)port);
    return 0;
}

static int unix_from(OuVM *vm, OuObj *o, OuSockAddr *out, socklen_t *len)
{
    OuObj *bytes;
    if (ou_isa_str(vm, o)) {
        if (!(bytes = ou_str_encode(vm, o, "utf-8", "surrogateescape")))
            return -1;
    } else {
        OuBuffer b;
        if (ou_buffer_get(vm, o, &b, OU_BUF_SIMPLE) < 0)
            return -1;
        bytes = ou_bytes_new(vm, b.buf, b.len);
        ou_buffer_release(vm, &b);
        if (!bytes)
            return -1;
    }
    size_t n = OU_BYTES(bytes)->len, room = sizeof out->un.sun_path;
    bool abstract = n == 0 || OU_BYTES(bytes)->data[0] == 0; /* empty: the kernel chooses an abstract name */
    int r = n > room || (!abstract && n == room)
                ? ou_raise_i(vm, OU_EXC(vm, OSError), "AF_UNIX path too long")
                : 0;
    if (r == 0) {
        memcpy(out->un.sun_path, OU_BYTES(bytes)->data, n);
        *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + (abstract ? 0 : 1));
        if (!abstract)
            out->un.sun_path[n] = 0;
    }
    ou_decref(vm, bytes);
    return r;
}

int ou_sockaddr_from(OuVM *vm, int family, OuObj *o, OuSockAddr *out, socklen_t *len, const char *fname)
{
    memset(out, 0, sizeof *out);
    out->sa.sa_family = (sa_family_t)family;
    if (family == AF_UNIX)
        return unix_from(vm, o, out, len);
    if (family != AF_INET && family != AF_INET6)
        return ou_raise_i(vm, OU_EXC(vm, OSError), "%s(): bad family", fname);
    const char *kind = family == AF_INET ? "AF_INET" : "AF_INET6";
    if (!ou_isa_tuple(vm, o))
        return ou_type_error_i(vm, "%s(): %s address must be tuple, not %T", fname, kind, o);
    size_t n = OU_TUPLE(o)->n;
    OuObj **v = OU_TUPLE(o)->items;
    if (family == AF_INET) {
        if (n != 2)
            return ou_type_error_i(vm, "AF_INET address must be a pair (host, port)");
        *len = sizeof out->in;
        return resolve(vm, v[0], family, out) < 0 ? -1 : port_of(vm, v[1], fname, &out->in.sin_port);
    }
    if (n < 2 || n > 4)
        return ou_type_error_i(vm, "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
    *len = sizeof out->in6;
    int64_t flow = 0, scope = 0;
    if (resolve(vm, v[0], family, out) < 0 || port_of(vm, v[1], fname, &out->in6.sin6_port) < 0 ||
        (n > 2 && ou_as_i64(vm, v[2], &flow) < 0) || (n > 3 && ou_as_i64(vm, v[3], &scope) < 0))
        return -1;
    if (flow < 0 || flow > 0xfffff)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s(): flowinfo must be 0-1048575.", fname);
    out->in6.sin6_flowinfo = htonl((uint32_t)flow);
    out->in6.sin6_scope_id = (uint32_t)scope;
    return 0;
}

OuObj *ou_sockaddr_to(OuVM *vm, const OuSockAddr *a, socklen_t len)
{
    char text[INET6_ADDRSTRLEN + 1];
    if (len == 0)
        return ou_none(vm);
    switch (a->sa.sa_family) {
    case AF_INET: {
        inet_ntop(AF_INET, &a->in.sin_addr, text, sizeof text);
        OuObj *h = ou_str_new(vm, text, -1), *p = ou_int(vm, ntohs(a->in.sin_port)),
              *t = h && p ? ou_tuple_pack(vm, 2, h, p) : NULL;
        ou_xdecref(vm, h);
        ou_xdecref(vm, p);
        return t;
    }
    case AF_INET6: {
        inet_ntop(AF_INET6, &a->in6.sin6_addr, text, sizeof text);
        OuObj *h = ou_str_new(vm, text, -1), *p = ou_int(vm, ntohs(a->in6.sin6_port));
        OuObj *f = ou_int(vm, ntohl(a->in6.sin6_flowinfo)), *s = ou_int(vm, a->in6.sin6_scope_id);
        OuObj *t = h && p && f && s ? ou_tuple_pack(vm, 4, h, p, f, s) : NULL;
        ou_xdecref(vm, h);
        ou_xdecref(vm, p);
        ou_xdecref(vm, f);
        ou_xdecref(vm, s);
        return t;
    }
    case AF_UNIX: {
        size_t head = offsetof(struct sockaddr_un, sun_path), n = len > head ? len - head : 0;
        if (n && a->un.sun_path[0] == 0)
            return ou_bytes_new(vm, a->un.sun_path, (ou_ssize)n);
        return ou_fs_decode(vm, a->un.sun_path, (ou_ssize)strnlen(a->un.sun_path, n));
    }
    default: {
        OuObj *f = ou_int(vm, a->sa.sa_family),
              *b = ou_bytes_new(vm, a->sa.sa_data, (ou_ssize)(len - sizeof a->sa.sa_family));
        OuObj *t = f && b ? ou_tuple_pack(vm, 2, f, b) : NULL;
        ou_xdecref(vm, f);
        ou_xdecref(vm, b);
        return t;
    }
    }
}
