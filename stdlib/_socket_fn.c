/* stdlib/_socket_fn.c - functions and constants of module _socket.
 *
 * Matched: CPython 3.11's module on Linux.  Not here: sendmsg_afalg (the kernel's crypto sockets) and the C capsule CAPI;
 * Bluetooth has only the number of its family. */
#include "_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "vm/audit.h"
#include "vm/buffer.h"
#include "vm/threads.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

OuSocketState *ou_socket_state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__socket);
}

FN(fn_socketpair)
{
    int v[3] = {AF_UNIX, SOCK_STREAM, 0}, fd[2];
    for (int i = 0; i < 3; i++)
        if (args[i] && args[i] != OU_NONE(vm) && ou_as_int(vm, args[i], &v[i]) < 0)
            return NULL;
    if (socketpair(v[0], v[1] | SOCK_CLOEXEC, v[2], fd) < 0)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *pair[2] = {NULL, NULL}, *t = NULL;
    for (int i = 0; i < 2; i++) {
        OuSocket *s = (OuSocket *)ou_type_alloc(vm, ou_socket_state(vm)->type, 0);
        if (!s) {
            close(fd[i]);
            continue;
        }
        *s = (OuSocket){
            .hdr = s->hdr, .fd = fd[i], .family = v[0], .type = v[1], .proto = v[2], .timeout = -1};
        pair[i] = (OuObj *)s;
    }
    if (pair[0] && pair[1])
        t = ou_tuple_pack(vm, 2, pair[0], pair[1]);
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return t;
}

FN(fn_close)
{
    int fd, r;
    if (ou_as_int(vm, args[0], &fd) < 0)
        return NULL;
    OU_BLOCKING(vm, r = close(fd));
    return r < 0 && errno != ECONNRESET ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

FN(fn_dup)
{
    int fd;
    if (ou_as_int(vm, args[0], &fd) < 0)
        return NULL;
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, fd);
}

FN(fn_gethostname)
{
    char buf[256];
    if (ou_audit(vm, "socket.gethostname", "") < 0)
        return NULL;
    if (gethostname(buf, sizeof buf - 1) < 0)
        return ou_raise_errno(vm, errno, NULL);
    buf[sizeof buf - 1] = 0;
    return ou_fs_decode(vm, buf, -1);
}

FN(fn_getdefaulttimeout)
{
    return ou_socket_timeout_obj(vm, ou_socket_state(vm)->default_timeout);
}

FN(fn_setdefaulttimeout)
{
    int64_t t;
    if (ou_socket_timeout(vm, args[0], &t) < 0)
        return NULL;
    ou_socket_state(vm)->default_timeout = t;
    return ou_none(vm);
}

/* ---- numbers and addresses ---- */

static OuObj *swap16(OuVM *vm, OuObj *o, const char *name)
{
    int64_t v;
    if (ou_as_i64(vm, o, &v) < 0)
        return NULL;
    if (v < 0)
        return ou_raise(vm, OU_EXC(vm, OverflowError),
                        "%s: can't convert negative Python int to C 16-bit unsigned integer", name);
    if (v > 0xffff)
        return ou_raise(vm, OU_EXC(vm, OverflowError),
                        "%s: Python int too large to convert to C 16-bit unsigned integer", name);
    return ou_int(vm, htons((uint16_t)v));
}

static OuObj *swap32(OuVM *vm, OuObj *o)
{
    uint64_t v;
    if (!ou_isa_int(vm, o))
        return ou_type_error(vm, "expected int, %T found", o);
    if (ou_as_u64(vm, o, &v) < 0)
        return NULL;
    if (v > 0xffffffffu)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "int larger than 32 bits");
    return ou_int(vm, htonl((uint32_t)v));
}

FN(fn_htons)
{
    return swap16(vm, args[0], "htons");
}

FN(fn_ntohs)
{
    return swap16(vm, args[0], "ntohs");
}

FN(fn_htonl)
{
    return swap32(vm, args[0]);
}

static const char *text_arg(OuVM *vm, OuObj *o, const char *fname, OuUtf8 *u)
{
    if (!ou_isa_str(vm, o)) {
        ou_type_error(vm, "%s() argument must be str, not %T", fname, o);
        return NULL;
    }
    return ou_str_utf8(vm, o, u, false) < 0 ? NULL : u->s;
}

FN(fn_inet_aton)
{
    OuUtf8 u;
    struct in_addr a;
    const char *s = text_arg(vm, args[0], "inet_aton", &u);
    if (!s)
        return NULL;
    int ok = inet_aton(s, &a);
    ou_utf8_free(vm, &u);
    return ok ? ou_bytes_new(vm, (char *)&a, sizeof a)
              : ou_raise(vm, OU_EXC(vm, OSError), "illegal IP address string passed to inet_aton");
}

FN(fn_inet_pton)
{
    OuUtf8 u;
    char a[16];
    int family;
    if (ou_as_int(vm, args[0], &family) < 0)
        return NULL;
    const char *s = text_arg(vm, args[1], "inet_pton", &u);
    if (!s)
        return NULL;
    int r = inet_pton(family, s, a);
    ou_utf8_free(vm, &u);
    if (r < 0)
        return ou_raise_errno(vm, errno, NULL);
    if (r == 0)
        return ou_raise(vm, OU_EXC(vm, OSError), "illegal IP address string passed to inet_pton");
    return ou_bytes_new(vm, a, family == AF_INET ? 4 : 16);
}

static OuObj *ntop(OuVM *vm, int family, OuObj *packed, const char *wrong)
{
    OuBuffer b;
    char text[INET6_ADDRSTRLEN + 1];
    if (family != AF_INET && family != AF_INET6)
        return ou_value_error(vm, "unknown address family %d", family);
    if (ou_buffer_get(vm, packed, &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    bool ok = b.len == (family == AF_INET ? 4 : 16);
    if (ok)
        inet_ntop(family, b.buf, text, sizeof text);
    ou_buffer_release(vm, &b);
    if (ok)
        return ou_str_new(vm, text, -1);
    return family == AF_INET && *wrong == 'p' ? ou_raise(vm, OU_EXC(vm, OSError), "%s", wrong)
                                              : ou_value_error(vm, "%s", wrong);
}

FN(fn_inet_ntoa)
{
    return ntop(vm, AF_INET, args[0], "packed IP wrong length");
}

FN(fn_inet_ntop)
{
    int family;
    if (ou_as_int(vm, args[0], &family) < 0)
        return NULL;
    return ntop(vm, family, args[1], "invalid length of packed IP address string");
}

/* ---- names ---- */

/* Text of a host or port argument: str, bytes, int (ports) or None (NULL). 0/-1; buf holds it. */
static int name_arg(OuVM *vm, OuObj *o, bool port, char *buf, size_t size, const char **out)
{
    OuUtf8 u = {0};
    const char *s;
    size_t n;
    *out = NULL;
    if (!o || o == OU_NONE(vm))
        return 0;
    if (port && ou_isa_int(vm, o)) {
        int64_t v;
        if (ou_as_i64(vm, o, &v) < 0)
            return -1;
        snprintf(buf, size, "%lld", (long long)v);
        *out = buf;
        return 0;
    }
    if (ou_isa_str(vm, o)) {
        if (ou_str_utf8(vm, o, &u, false) < 0)
            return -1;
        s = u.s;
        n = u.n;
    } else if (ou_isa_bytes(vm, o)) {
        s = OU_BYTES(o)->data;
        n = OU_BYTES(o)->len;
    } else if (port)
        return ou_raise_i(vm, OU_EXC(vm, OSError), "Int or String expected");
    else
        return ou_type_error_i(vm, "getaddrinfo() argument 1 must be string or None");
    int r = n < size && !memchr(s, 0, n) ? 0 : -1;
    if (r == 0) {
        memcpy(buf, s, n);
        buf[n] = 0;
        *out = buf;
    } else
        ou_value_error(vm, "host name must not contain null character or be too long");
    ou_utf8_free(vm, &u);
    return r;
}

FN(fn_getaddrinfo)
{
    char host[300], port[64];
    const char *h, *p;
    int v[4] = {AF_UNSPEC, 0, 0, 0}, code;
    if (name_arg(vm, args[0], false, host, sizeof host, &h) < 0 ||
        name_arg(vm, args[1], true, port, sizeof port, &p) < 0)
        return NULL;
    for (int i = 0; i < 4; i++)
        if (args[2 + i] && ou_as_int(vm, args[2 + i], &v[i]) < 0)
            return NULL;
    struct addrinfo hints = {.ai_family = v[0], .ai_socktype = v[1], .ai_protocol = v[2], .ai_flags = v[3]},
                    *res = NULL;
    OU_BLOCKING(vm, code = getaddrinfo(h, p, &hints, &res));
    if (code)
        return ou_socket_gaierror(vm, code);
    OuObj *list = ou_list_new(vm, 0);
    for (struct addrinfo *a = res; list && a; a = a->ai_next) {
        OuSockAddr sa;
        memset(&sa, 0, sizeof sa);
        memcpy(&sa, a->ai_addr, a->ai_addrlen < sizeof sa ? a->ai_addrlen : sizeof sa);
        OuObj *f = ou_int(vm, a->ai_family), *t = ou_int(vm, a->ai_socktype),
              *pr = ou_int(vm, a->ai_protocol);
        OuObj *c = ou_str_new(vm, a->ai_canonname ? a->ai_canonname : "", -1),
              *addr = ou_sockaddr_to(vm, &sa, a->ai_addrlen);
        OuObj *row = f && t && pr && c && addr ? ou_tuple_pack(vm, 5, f, t, pr, c, addr) : NULL;
        ou_xdecref(vm, f);
        ou_xdecref(vm, t);
        ou_xdecref(vm, pr);
        ou_xdecref(vm, c);
        ou_xdecref(vm, addr);
        if (!row || ou_list_append_take(vm, list, row) < 0)
            ou_clear(vm, list);
    }
    freeaddrinfo(res);
    return list;
}

FN(fn_getnameinfo)
{
    OuSockAddr a;
    socklen_t len;
    int flags, code;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (ou_as_int(vm, args[1], &flags) < 0)
        return NULL;
    if (!ou_isa_tuple(vm, args[0]))
        return ou_type_error(vm, "getnameinfo() argument 1 must be a tuple");
    if (ou_sockaddr_from(vm, OU_TUPLE(args[0])->n > 2 ? AF_INET6 : AF_INET, args[0], &a, &len,
                         "getnameinfo") < 0)
        return NULL;
    OU_BLOCKING(vm, code = getnameinfo(&a.sa, len, host, sizeof host, port, sizeof port, flags));
    if (code)
        return ou_socket_gaierror(vm, code);
    OuObj *h = ou_str_new(vm, host, -1), *p = ou_str_new(vm, port, -1),
          *t = h && p ? ou_tuple_pack(vm, 2, h, p) : NULL;
    ou_xdecref(vm, h);
    ou_xdecref(vm, p);
    return t;
}

/* (name, [], [addresses]) of a host, or only its first address. */
static OuObj *host_info(OuVM *vm, OuObj *name, bool all)
{
    OuSockAddr a;
    socklen_t len;
    OuObj *pair = ou_int(vm, 0), *t = pair ? ou_tuple_pack(vm, 2, name, pair) : NULL, *addr = NULL,
          *res = NULL;
    if (t && ou_sockaddr_from(vm, AF_INET, t, &a, &len, "gethostbyname") == 0)
        addr = ou_sockaddr_to(vm, &a, len);
    if (addr && !all)
        res = ou_ref(OU_TUPLE(addr)->items[0]);
    else if (addr) {
        OuObj *aliases = ou_list_new(vm, 0), *list = ou_list_new(vm, 0);
        if (aliases && list && ou_list_append(vm, list, OU_TUPLE(addr)->items[0]) == 0)
            res = ou_tuple_pack(vm, 3, name, aliases, list);
        ou_xdecref(vm, aliases);
        ou_xdecref(vm, list);
    }
    ou_xdecref(vm, pair);
    ou_xdecref(vm, t);
    ou_xdecref(vm, addr);
    return res;
}

FN(fn_gethostbyname)
{
    return host_info(vm, args[0], false);
}

FN(fn_gethostbyname_ex)
{
    return host_info(vm, args[0], true);
}

FN(fn_gethostbyaddr)
{
    OuObj *zero = ou_int(vm, 0), *pair = zero ? ou_tuple_pack(vm, 2, args[0], zero) : NULL, *res = NULL;
    OuSockAddr a;
    socklen_t len;
    char host[NI_MAXHOST];
    int code;
    if (pair && ou_sockaddr_from(vm, AF_INET, pair, &a, &len, "gethostbyaddr") == 0) {
        OU_BLOCKING(vm, code = getnameinfo(&a.sa, len, host, sizeof host, NULL, 0, NI_NAMEREQD));
        if (code)
            ou_raise_value(vm, OU_AS_TYPE(ou_socket_state(vm)->herror), NULL);
        else {
            OuObj *name = ou_str_new(vm, host, -1), *none = ou_list_new(vm, 0), *list = ou_list_new(vm, 0);
            OuObj *addr = ou_sockaddr_to(vm, &a, len);
            if (name && none && list && addr && ou_list_append(vm, list, OU_TUPLE(addr)->items[0]) == 0)
                res = ou_tuple_pack(vm, 3, name, none, list);
            ou_xdecref(vm, name);
            ou_xdecref(vm, none);
            ou_xdecref(vm, list);
            ou_xdecref(vm, addr);
        }
    }
    ou_xdecref(vm, zero);
    ou_xdecref(vm, pair);
    return res;
}

FN(fn_getservbyname)
{
    OuUtf8 u, v = {0};
    const char *name = text_arg(vm, args[0], "getservbyname", &u), *proto = NULL;
    if (!name)
        return NULL;
    if (args[1] && !(proto = text_arg(vm, args[1], "getservbyname", &v))) {
        ou_utf8_free(vm, &u);
        return NULL;
    }
    struct servent *e = getservbyname(name, proto);
    ou_utf8_free(vm, &u);
    ou_utf8_free(vm, &v);
    return e ? ou_int(vm, ntohs((uint16_t)e->s_port))
             : ou_raise(vm, OU_EXC(vm, OSError), "service/proto not found");
}

FN(fn_getservbyport)
{
    int port;
    OuUtf8 v = {0};
    const char *proto = NULL;
    if (ou_as_int(vm, args[0], &port) < 0 ||
        (args[1] && !(proto = text_arg(vm, args[1], "getservbyport", &v))))
        return NULL;
    struct servent *e = port < 0 || port > 0xffff ? NULL : getservbyport(htons((uint16_t)port), proto);
    ou_utf8_free(vm, &v);
    if (port < 0 || port > 0xffff)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "getservbyport: port must be 0-65535.");
    return e ? ou_str_new(vm, e->s_name, -1) : ou_raise(vm, OU_EXC(vm, OSError), "port/proto not found");
}

FN(fn_getprotobyname)
{
    OuUtf8 u;
    const char *name = text_arg(vm, args[0], "getprotobyname", &u);
    if (!name)
        return NULL;
    struct protoent *e = getprotobyname(name);
    ou_utf8_free(vm, &u);
    return e ? ou_int(vm, e->p_proto) : ou_raise(vm, OU_EXC(vm, OSError), "protocol not found");
}

FN(fn_if_nameindex)
{
    struct if_nameindex *all = if_nameindex();
    OuObj *list = all ? ou_list_new(vm, 0) : ou_raise_errno(vm, errno, NULL);
    for (struct if_nameindex *i = all; list && i && i->if_index; i++) {
        OuObj *n = ou_int(vm, i->if_index), *s = ou_fs_decode(vm, i->if_name, -1),
              *t = n && s ? ou_tuple_pack(vm, 2, n, s) : NULL;
        ou_xdecref(vm, n);
        ou_xdecref(vm, s);
        if (!t || ou_list_append_take(vm, list, t) < 0)
            ou_clear(vm, list);
    }
    if (all)
        if_freenameindex(all);
    return list;
}

FN(fn_if_nametoindex)
{
    OuUtf8 u;
    const char *s = text_arg(vm, args[0], "if_nametoindex", &u);
    if (!s)
        return NULL;
    unsigned n = if_nametoindex(s);
    ou_utf8_free(vm, &u);
    return n ? ou_int(vm, n) : ou_raise(vm, OU_EXC(vm, OSError), "no interface with this name");
}

FN(fn_sethostname)
{
    OuUtf8 u = {0};
    OuBuffer b = {0};
    bool text = ou_isa_str(vm, args[0]);
    if (text ? ou_str_utf8(vm, args[0], &u, true) < 0 : ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    int r = sethostname(text ? u.s : b.buf, text ? u.n : (size_t)b.len), err = errno;
    if (text)
        ou_utf8_free(vm, &u);
    else
        ou_buffer_release(vm, &b);
    return r < 0 ? ou_raise_errno(vm, err, NULL) : ou_none(vm);
}

FN(fn_if_indextoname)
{
    uint64_t i;
    char name[IF_NAMESIZE];
    if (ou_as_u64(vm, args[0], &i) < 0)
        return NULL;
    return i <= UINT32_MAX && if_indextoname((unsigned)i, name) ? ou_fs_decode(vm, name, -1)
                                                                : ou_raise_errno(vm, ENXIO, NULL);
}

FN(fn_cmsg_len)
{
    ou_ssize n;
    if (ou_as_ssize(vm, args[0], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    size_t size;
    return n < 0 || ou_socket_cmsg_len((size_t)n, &size) < 0
               ? ou_raise(vm, OU_EXC(vm, OverflowError), "CMSG_LEN() argument out of range")
               : ou_int(vm, (int64_t)size);
}

FN(fn_cmsg_space)
{
    ou_ssize n;
    if (ou_as_ssize(vm, args[0], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    size_t size;
    return n < 0 || ou_socket_cmsg_space((size_t)n, &size) < 0
               ? ou_raise(vm, OU_EXC(vm, OverflowError), "CMSG_SPACE() argument out of range")
               : ou_int(vm, (int64_t)size);
}

/* ---- the module ---- */

static const OuIntRow constants[] = {
#define K(name, value) {#name, value},
#include "_socket_consts.def"
#undef K
#define C(name) {#name, name},
    C(AF_UNSPEC) C(AF_INET) C(AF_INET6) C(AF_UNIX) C(AF_PACKET) C(AF_NETLINK) C(AF_BLUETOOTH) C(AF_CAN)
        C(AF_ALG) C(AF_VSOCK) C(SOCK_STREAM) C(SOCK_DGRAM) C(SOCK_RAW) C(SOCK_SEQPACKET) C(SOCK_RDM)
            C(SOCK_CLOEXEC) C(SOCK_NONBLOCK) C(SOL_SOCKET) C(SO_DEBUG) C(SO_ACCEPTCONN) C(SO_REUSEADDR)
                C(SO_KEEPALIVE) C(SO_DONTROUTE) C(SO_BROADCAST) C(SO_LINGER) C(SO_OOBINLINE) C(SO_REUSEPORT)
                    C(SO_SNDBUF) C(SO_RCVBUF) C(SO_SNDLOWAT) C(SO_RCVLOWAT) C(SO_SNDTIMEO) C(SO_RCVTIMEO)
                        C(SO_ERROR) C(SO_TYPE) C(SO_PASSCRED) C(SO_PEERCRED) C(SO_PASSSEC) C(SO_PEERSEC)
                            C(SO_BINDTODEVICE) C(SO_PRIORITY) C(SO_MARK) C(SO_DOMAIN) C(SO_PROTOCOL)
                                C(SOMAXCONN) C(SCM_RIGHTS) C(SCM_CREDENTIALS) C(MSG_OOB) C(MSG_PEEK)
                                    C(MSG_DONTROUTE) C(MSG_DONTWAIT) C(MSG_EOR) C(MSG_TRUNC) C(MSG_CTRUNC)
                                        C(MSG_WAITALL) C(MSG_NOSIGNAL) C(MSG_CMSG_CLOEXEC) C(MSG_ERRQUEUE)
                                            C(MSG_CONFIRM) C(MSG_MORE) C(MSG_FASTOPEN) C(IPPROTO_IP)
                                                C(IPPROTO_ICMP) C(IPPROTO_IGMP) C(IPPROTO_TCP) C(IPPROTO_UDP)
                                                    C(IPPROTO_UDPLITE){"UDPLITE_SEND_CSCOV", 10},
    {"UDPLITE_RECV_CSCOV", 11},
    C(IPPROTO_IPV6) C(IPPROTO_RAW) C(IPPROTO_ICMPV6) C(IPPROTO_SCTP) C(IPPROTO_ESP) C(IPPROTO_AH) C(
        IPPROTO_GRE) C(IPPROTO_ROUTING) C(IPPROTO_FRAGMENT) C(IPPROTO_NONE) C(IPPROTO_DSTOPTS)
        C(IPPROTO_HOPOPTS) C(IPPROTO_PIM) C(IPPROTO_EGP) C(IPPROTO_PUP) C(IPPROTO_IDP) C(IPPROTO_TP) C(
            IPPROTO_RSVP) C(IPPORT_RESERVED) C(IPPORT_USERRESERVED) C(INADDR_ANY) C(INADDR_BROADCAST)
            C(INADDR_LOOPBACK) C(INADDR_UNSPEC_GROUP) C(INADDR_ALLHOSTS_GROUP) C(INADDR_MAX_LOCAL_GROUP) C(
                INADDR_NONE) C(IP_OPTIONS) C(IP_HDRINCL) C(IP_TOS) C(IP_TTL) C(IP_RECVOPTS) C(IP_RECVRETOPTS)
                C(IP_RETOPTS) C(IP_RECVTOS) C(IP_MULTICAST_IF) C(IP_MULTICAST_TTL) C(IP_MULTICAST_LOOP)
                    C(IP_ADD_MEMBERSHIP) C(IP_DROP_MEMBERSHIP) C(IP_DEFAULT_MULTICAST_TTL)
                        C(IP_DEFAULT_MULTICAST_LOOP) C(IP_MAX_MEMBERSHIPS) C(IP_TRANSPARENT)
                            C(IP_BIND_ADDRESS_NO_PORT) C(IPV6_JOIN_GROUP) C(IPV6_LEAVE_GROUP)
                                C(IPV6_MULTICAST_HOPS) C(IPV6_MULTICAST_IF) C(IPV6_MULTICAST_LOOP)
                                    C(IPV6_UNICAST_HOPS) C(IPV6_V6ONLY) C(IPV6_CHECKSUM) C(IPV6_RECVTCLASS)
                                        C(IPV6_TCLASS) C(IPV6_RECVPKTINFO) C(IPV6_PKTINFO) C(TCP_NODELAY) C(
                                            TCP_MAXSEG) C(TCP_CORK) C(TCP_KEEPIDLE) C(TCP_KEEPINTVL)
                                            C(TCP_KEEPCNT) C(TCP_SYNCNT) C(TCP_LINGER2) C(TCP_DEFER_ACCEPT) C(
                                                TCP_WINDOW_CLAMP) C(TCP_INFO) C(TCP_QUICKACK) C(TCP_FASTOPEN)
                                                C(TCP_CONGESTION) C(TCP_USER_TIMEOUT) C(EAI_ADDRFAMILY) C(
                                                    EAI_AGAIN) C(EAI_BADFLAGS) C(EAI_FAIL) C(EAI_FAMILY)
                                                    C(EAI_MEMORY) C(EAI_NODATA) C(EAI_NONAME) C(EAI_OVERFLOW)
                                                        C(EAI_SERVICE) C(EAI_SOCKTYPE) C(EAI_SYSTEM)
                                                            C(AI_PASSIVE) C(AI_CANONNAME) C(AI_NUMERICHOST)
                                                                C(AI_NUMERICSERV) C(AI_ALL) C(AI_V4MAPPED)
                                                                    C(AI_ADDRCONFIG) C(NI_MAXHOST)
                                                                        C(NI_MAXSERV) C(NI_NOFQDN)
                                                                            C(NI_NUMERICHOST) C(NI_NAMEREQD)
                                                                                C(NI_NUMERICSERV) C(NI_DGRAM)
                                                                                    C(SHUT_RD) C(SHUT_WR)
                                                                                        C(SHUT_RDWR)
#undef C
                                                                                            {"SOL"
                                                                                             "_I"
                                                                                             "P",
                                                                                             0},
    {"SOL_TCP", 6},
    {"SOL_UDP", 17},
    {0},
};

static int add_error(OuVM *vm, OuObj *m, const char *name, OuObj **slot)
{
    OuObj *n = ou_str_intern_s(vm, name), *d = ou_dict_new(vm),
          *bases = ou_tuple_pack(vm, 1, (OuObj *)OU_EXC(vm, OSError));
    OuObj *module = ou_str_intern_s(vm, "socket");
    if (n && d && bases && module && ou_dict_set(vm, d, OU_NAME(vm, __module__), module) == 0)
        *slot = ou_type_new_class(vm, &vm->builtin[OU_T_type], n, OU_TUPLE(bases), OU_DICT(d), NULL, NULL);
    ou_xdecref(vm, n);
    ou_xdecref(vm, d);
    ou_xdecref(vm, bases);
    ou_xdecref(vm, module);
    return *slot ? ou_module_add(vm, m, name, ou_ref(*slot)) : -1;
}

static int exec(OuVM *vm, OuObj *m)
{
    OuSocketState *st = ((OuModule *)m)->state;
    st->default_timeout = -1;
    st->type = ou_module_add_type(vm, m, &ou_socket_spec, NULL);
    if (!st->type || ou_module_add(vm, m, "SocketType", ou_ref((OuObj *)st->type)) < 0)
        return -1;
    if (add_error(vm, m, "herror", &st->herror) < 0 || add_error(vm, m, "gaierror", &st->gaierror) < 0)
        return -1;
    if (ou_module_add(vm, m, "error", ou_ref((OuObj *)OU_EXC(vm, OSError))) < 0 ||
        ou_module_add(vm, m, "timeout", ou_ref((OuObj *)OU_EXC(vm, TimeoutError))) < 0 ||
        ou_module_add(vm, m, "has_ipv6", ou_bool(vm, true)) < 0)
        return -1;
    return ou_module_add_ints(vm, m, constants);
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((OuSocketState *)state)->gaierror);
    OU_VISIT(((OuSocketState *)state)->herror);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((OuSocketState *)state)->gaierror);
    ou_clear(vm, ((OuSocketState *)state)->herror);
}

static const OuFn functions[] = {
    {"socketpair(family=None, type=1, proto=0, /)", fn_socketpair, 0,
     "socketpair([family[, type [, proto]]]) -> (socket object, socket object)"},
    {"close(fd, /)", fn_close, 0, "close(integer) -> None"},
    {"dup(fd, /)", fn_dup, 0, "dup(integer) -> integer"},
    {"gethostname()", fn_gethostname, 0, "gethostname() -> string"},
    {"gethostbyname(host, /)", fn_gethostbyname, 0, "gethostbyname(host) -> address"},
    {"gethostbyname_ex(host, /)", fn_gethostbyname_ex, 0,
     "gethostbyname_ex(host) -> (name, aliaslist, addresslist)"},
    {"gethostbyaddr(host, /)", fn_gethostbyaddr, 0, "gethostbyaddr(host) -> (name, aliaslist, addresslist)"},
    {"getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)", fn_getaddrinfo, 0,
     "getaddrinfo(host, port [, family, type, proto, flags]) -> list of (family, type, proto, canonname, "
     "sockaddr)"},
    {"getnameinfo(sockaddr, flags, /)", fn_getnameinfo, 0, "getnameinfo(sockaddr, flags) --> (host, port)"},
    {"getservbyname(servicename, protocolname=None, /)", fn_getservbyname, 0,
     "getservbyname(servicename[, protocolname]) -> integer"},
    {"getservbyport(port, protocolname=None, /)", fn_getservbyport, 0,
     "getservbyport(port[, protocolname]) -> string"},
    {"getprotobyname(name, /)", fn_getprotobyname, 0, "getprotobyname(name) -> integer"},
    {"if_nameindex()", fn_if_nameindex, 0,
     "Returns a list of network interface information (index, name) tuples."},
    {"sethostname(name, /)", fn_sethostname, 0, "sethostname(name)"},
    {"if_indextoname(if_index, /)", fn_if_indextoname, 0, "if_indextoname(if_index)"},
    {"if_nametoindex(if_name, /)", fn_if_nametoindex, 0,
     "Returns the interface index corresponding to the interface name if_name."},
    {"getdefaulttimeout()", fn_getdefaulttimeout, 0, "getdefaulttimeout() -> timeout"},
    {"setdefaulttimeout(timeout, /)", fn_setdefaulttimeout, 0, "setdefaulttimeout(timeout)"},
    {"htons(x, /)", fn_htons, 0, "Convert a 16-bit unsigned integer from host to network byte order."},
    {"ntohs(x, /)", fn_ntohs, 0, "Convert a 16-bit unsigned integer from network to host byte order."},
    {"htonl(x, /)", fn_htonl, 0, "htonl(integer) -> integer"},
    {"ntohl(x, /)", fn_htonl, 0, "ntohl(integer) -> integer"},
    {"inet_aton(ip_addr, /)", fn_inet_aton, 0,
     "inet_aton(string) -> bytes giving packed 32-bit IP representation"},
    {"inet_ntoa(packed_ip, /)", fn_inet_ntoa, 0, "inet_ntoa(packed_ip) -> ip_address_string"},
    {"inet_pton(af, ip, /)", fn_inet_pton, 0, "inet_pton(af, ip) -> packed IP address string"},
    {"inet_ntop(af, packed_ip, /)", fn_inet_ntop, 0,
     "inet_ntop(af, packed_ip) -> string formatted IP address"},
    {"CMSG_LEN(length, /)", fn_cmsg_len, 0, "CMSG_LEN(length) -> control message length"},
    {"CMSG_SPACE(length, /)", fn_cmsg_space, 0, "CMSG_SPACE(length) -> buffer size"},
    {0},
};
const OuModuleDef ou_mod__socket = {
    .name = "_socket",
    .doc = "Implementation module for socket operations.\n\nSee the socket module for documentation.",
    .functions = functions,
    .state_size = sizeof(OuSocketState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
