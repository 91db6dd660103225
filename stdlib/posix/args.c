/* stdlib/posix/args.c - what the functions of module posix take and give: paths, descriptors, ids, errors. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "posix.h"
#include "vm/buffer.h"

static int path_ready(OuVM *vm, const char *fn, PosixPath *out)
{
    if (!out->bytes)
        return -1;
    out->s = OU_BYTES(out->bytes)->data;
    if (strlen(out->s) == OU_BYTES(out->bytes)->len)
        return 0;
    ou_clear(vm, out->bytes);
    return ou_value_error_i(vm, "%s: embedded null character in path", fn);
}

int ou_posix_path(OuVM *vm, OuObj *o, const char *fn, bool fd_ok, bool none_ok, PosixPath *out)
{
    *out = (PosixPath){.arg = o, .fd = -1};
    if (none_ok && (!o || o == OU_NONE(vm))) {
        out->s = ".";
        out->arg = NULL;
        return 0;
    }
    if (fd_ok && ou_has_index(vm, o))
        return ou_as_int(vm, o, &out->fd);
    if (!ou_isa_str(vm, o) && !ou_isa_bytes(vm, o)) {
        OuObj *f = NULL;
        int r = ou_lookup_special(vm, o, OU_NAME(vm, __fspath__), &f);
        ou_xdecref(vm, f);
        if (r < 0)
            return -1;
        const char *allowed = fd_ok && none_ok ? ", os.PathLike, integer or None"
                              : fd_ok          ? ", os.PathLike or integer"
                              : none_ok        ? ", os.PathLike or None"
                                               : " or os.PathLike";
        if (r == 0 && ou_has_buffer(vm, o)) { /* still allowed in 3.11 */
            OuBuffer view;
            if (ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1, "%s: path should be string, bytes%s, not %T",
                        fn, allowed, o) < 0 ||
                ou_buffer_get(vm, o, &view, OU_BUF_SIMPLE) < 0)
                return -1;
            out->bytes = ou_bytes_new(vm, view.buf, view.len);
            ou_buffer_release(vm, &view);
            return path_ready(vm, fn, out);
        }
        if (r == 0)
            return ou_type_error_i(vm, "%s: path should be string, bytes%s, not %T", fn, allowed, o);
    }
    return ou_fs_path(vm, o, &out->bytes) < 0 ? -1 : path_ready(vm, fn, out);
}

void ou_posix_path_free(OuVM *vm, PosixPath *p)
{
    ou_clear(vm, p->bytes);
}

void *ou_posix_error(OuVM *vm, const PosixPath *p)
{
    return ou_raise_errno(vm, errno, p->arg == OU_NONE(vm) ? NULL : p->arg);
}

void *ou_posix_error_unnamed(OuVM *vm, const PosixPath *p)
{
    return p->fd >= 0 ? ou_raise_errno(vm, errno, NULL) : ou_posix_error(vm, p);
}

void *ou_posix_error2(OuVM *vm, const PosixPath *a, const PosixPath *b)
{
    return ou_raise_errno2(vm, errno, a->arg, b->arg);
}

OuObj *ou_posix_name(OuVM *vm, OuObj *like, const char *s, ou_ssize n)
{
    if (n < 0)
        n = (ou_ssize)strlen(s);
    bool bytes = like && (ou_isa_bytes(vm, like) || ou_has_buffer(vm, like));
    return bytes ? ou_bytes_new(vm, s, n) : ou_fs_decode(vm, s, n);
}

int ou_posix_fd(OuVM *vm, OuObj *o, int *out)
{
    if (!ou_has_index(vm, o)) {
        OuObj *n = NULL, *meth;
        int r = ou_lookup_attr(vm, o, OU_NAME(vm, fileno), &meth);
        if (r == 0)
            return ou_type_error_i(vm, "argument must be an int, or have a fileno() method.");
        if (r > 0) {
            n = ou_call0(vm, meth);
            ou_decref(vm, meth);
        }
        if (!n)
            return -1;
        if (!ou_isa_int(vm, n)) {
            ou_decref(vm, n);
            return ou_type_error_i(vm, "fileno() returned a non-integer");
        }
        r = ou_as_int(vm, n, out);
        ou_decref(vm, n);
        return r;
    }
    return ou_as_int(vm, o, out);
}

int ou_posix_dir_fd(OuVM *vm, OuObj *o, int *out)
{
    *out = AT_FDCWD;
    if (!o || o == OU_NONE(vm))
        return 0;
    if (!ou_has_index(vm, o))
        return ou_type_error_i(vm, "argument should be integer or None, not %T", o);
    return ou_as_int(vm, o, out);
}

/* What _Py_Uid_Converter takes. */
int ou_posix_id(OuVM *vm, OuObj *o, const char *what, unsigned *out)
{
    OuObj *i = ou_index(vm, o);
    int64_t v;
    if (!i) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "%s should be integer, not %T", what, o);
        }
        return -1;
    }
    bool fits = ou_int_fits(i, &v), huge = !fits && ou_int_sign(i) > 0;
    ou_decref(vm, i);
    if (!fits || v < -1 || v > (int64_t)UINT32_MAX) /* up to 2**63 "less than minimum" too, as there */
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s is %s", what,
                          huge ? "greater than maximum" : "less than minimum");
    *out = (unsigned)v;
    return 0;
}

OuObj *ou_posix_done(OuVM *vm, int64_t r)
{
    if (r >= 0)
        return ou_none(vm);
    return ou_err_occurred(vm) ? NULL : ou_raise_errno(vm, errno, NULL);
}

OuObj *ou_posix_count(OuVM *vm, int64_t r)
{
    return r >= 0 ? ou_int(vm, r) : ou_posix_done(vm, r);
}

OuObj *ou_posix_ints(OuVM *vm, int n, const int64_t *v)
{
    OuObj *t = ou_tuple_new(vm, n);
    for (int i = 0; t && i < n; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, v[i])))
            ou_clear(vm, t);
    return t;
}
