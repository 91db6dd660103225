/* stdlib/errno.c - module errno: the system's error numbers, and errorcode from number to name. */
#include <errno.h>

#include "vm/native.h"

/* A row per name; of names with the same number the last one is what errorcode shows. */
static const struct {
    const char *name;
    int code;
} codes[] = {
#define E(name) {#name, name},
    E(ENODEV) E(ENOCSI) E(EHOSTUNREACH) E(ENOMSG) E(EUCLEAN) E(EL2NSYNC) E(EL2HLT) E(ENODATA) E(ENOTBLK) E(
        ENOSYS) E(EPIPE) E(EINVAL) E(EOVERFLOW) E(EADV) E(EINTR) E(EUSERS) E(ENOTEMPTY) E(ENOBUFS) E(EPROTO)
        E(EREMOTE) E(ENAVAIL) E(ECHILD) E(ELOOP) E(EXDEV) E(E2BIG) E(ESRCH) E(EMSGSIZE) E(EAFNOSUPPORT) E(
            EBADR) E(EHOSTDOWN) E(EPFNOSUPPORT) E(ENOPROTOOPT) E(EBUSY) E(EWOULDBLOCK) E(EBADFD) E(EDOTDOT)
            E(EISCONN) E(ENOTCONN) E(ESHUTDOWN) E(ENONET) E(EBADE) E(EBADF) E(EMULTIHOP) E(EIO) E(EUNATCH)
                E(EPROTOTYPE) E(ENOSPC) E(ENOEXEC) E(EALREADY) E(ENETDOWN) E(ENOTNAM) E(EACCES) E(ELNRNG) E(
                    EILSEQ) E(ENOTDIR) E(ENOTUNIQ) E(EPERM) E(EDOM) E(EXFULL) E(ECONNREFUSED) E(EISDIR)
                    E(EPROTONOSUPPORT) E(EROFS) E(EADDRNOTAVAIL) E(EIDRM) E(ECOMM) E(ESRMNT) E(EREMOTEIO) E(
                        EL3RST) E(EBADMSG) E(ENFILE) E(ELIBMAX) E(ESPIPE) E(ENOLINK) E(ENETRESET)
                        E(ETIMEDOUT) E(ENOENT) E(EEXIST) E(EDQUOT) E(ENOSTR) E(EBADSLT) E(EBADRQC) E(ELIBACC)
                            E(EFAULT) E(EFBIG) E(EDEADLK) E(ENOTUNIQ) E(EDEADLOCK) E(EDESTADDRREQ)
                                E(ELIBSCN) E(ENOLCK) E(EISNAM) E(ECONNABORTED) E(ENETUNREACH) E(ESTALE)
                                    E(ENOSR) E(ENOMEM) E(ENOTSOCK) E(ESTRPIPE) E(EMLINK) E(ERANGE)
                                        E(ELIBEXEC) E(EL3HLT) E(ECONNRESET) E(EADDRINUSE) E(EOPNOTSUPP)
                                            E(EREMCHG) E(EAGAIN) E(ENAMETOOLONG) E(ENOTTY) E(ERESTART)
                                                E(ESOCKTNOSUPPORT) E(ETIME) E(EBFONT) E(ETOOMANYREFS)
                                                    E(EMFILE) E(ETXTBSY) E(EINPROGRESS) E(ENXIO) E(ELIBBAD)
                                                        E(ECANCELED) E(EKEYEXPIRED) E(EKEYREJECTED)
                                                            E(EKEYREVOKED) E(EMEDIUMTYPE) E(ENOKEY)
                                                                E(ENOMEDIUM) E(ENOTRECOVERABLE) E(EOWNERDEAD)
                                                                    E(ERFKILL) E(ENOTSUP) E(ECHRNG) E(ENOANO)
                                                                        E(ENOPKG)
#undef E
                                                                            {NULL, 0},
};

static int exec(OuVM *vm, OuObj *m)
{
    OuObj *map = ou_dict_new(vm);
    if (!map || ou_module_add(vm, m, "errorcode", ou_ref(map)) < 0) {
        ou_xdecref(vm, map);
        return -1;
    }
    int r = 0;
    for (size_t i = 0; codes[i].name && r == 0; i++) {
        OuObj *code = ou_int(vm, codes[i].code), *name = ou_str_intern_s(vm, codes[i].name);
        r = code && name ? ou_dict_set(vm, map, code, name) : -1;
        ou_xdecref(vm, name);
        if (r < 0 || ou_module_add(vm, m, codes[i].name, ou_ref(code)) < 0)
            r = -1;
        ou_xdecref(vm, code);
    }
    ou_decref(vm, map);
    return r;
}

const OuModuleDef ou_mod_errno = {
    .name = "errno",
    .doc = "The system's error numbers by their names, and errorcode, a dict from number to name:\n"
           "errno.errorcode[errno.ENOENT] is 'ENOENT', os.strerror(errno.ENOENT) the message.",
    .exec = exec,
};
