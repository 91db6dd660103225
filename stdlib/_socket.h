/* stdlib/_socket.h - module _socket: _socket.c (the socket type), _socket_addr.c (addresses), _socket_msg.c (recvmsg,
 * sendmsg), _socket_fn.c (functions,
 * constants, the module). */
#ifndef OU_STDLIB__SOCKET_H
#define OU_STDLIB__SOCKET_H

#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

#include "vm/native.h"

typedef struct OuSocket {
    OuObj hdr;
    int fd; /* -1: closed */
    int family, type, proto;
    int64_t timeout; /* nanoseconds; 0: not blocking; -1: blocking */
} OuSocket;
typedef union OuSockAddr {
    struct sockaddr sa;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_storage storage;
} OuSockAddr;
typedef struct OuSocketState {
    OuType *type;
    OuObj *gaierror, *herror;
    int64_t default_timeout;
} OuSocketState;

extern const OuModuleDef ou_mod__socket;
extern const OuTypeSpec ou_socket_spec;
/* Borrowed; the module is imported already. */
OuSocketState *ou_socket_state(OuVM *vm);
/* Seconds, or None (-1) as nanoseconds. 0/-1 */
int ou_socket_timeout(OuVM *vm, OuObj *value, int64_t *out);
OuObj *ou_socket_timeout_obj(OuVM *vm, int64_t timeout);

/* Address of a family from the object scripts give; fname for messages.  0/-1 */
int ou_sockaddr_from(OuVM *vm, int family, OuObj *o, OuSockAddr *out, socklen_t *len, const char *fname);
/* As scripts see it: new. */
OuObj *ou_sockaddr_to(OuVM *vm, const OuSockAddr *a, socklen_t len);
/* sendmsg() or recvmsg() with the socket's timeout; -1 with an exception. */
ssize_t ou_socket_message(OuVM *vm, OuObj *sock, struct msghdr *m, int flags, bool writing);
/* _socket_msg.c: methods, and the sizes of control messages (-1: out of range) */
OuObj *ou_socket_recvmsg(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_socket_recvmsg_into(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_socket_sendmsg(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
int ou_socket_cmsg_len(size_t n, size_t *out);
int ou_socket_cmsg_space(size_t n, size_t *out);
/* gaierror(code, text). NULL */
void *ou_socket_gaierror(OuVM *vm, int code);

#endif
