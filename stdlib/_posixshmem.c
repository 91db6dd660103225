/* stdlib/_posixshmem.c - module _posixshmem: POSIX shared memory objects. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "stdlib/posix/posix.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static int name_arg(OuVM *vm, OuObj *o, const char *fn, OuObj **out)
{
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s() argument 'path' must be str, not %s", fn, ou_arg_type_name(vm, o));
    return ou_fs_path(vm, o, out);
}

FN(open_)
{
    int flags, mode = 0777, fd;
    OuObj *name;
    if (ou_as_int(vm, args[1], &flags) < 0 || (args[2] && ou_as_int(vm, args[2], &mode) < 0) ||
        name_arg(vm, args[0], "shm_open", &name) < 0)
        return NULL;
    do
        OU_BLOCKING(vm, fd = shm_open(OU_BYTES(name)->data, flags, (mode_t)mode));
    while (fd < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
    ou_decref(vm, name);
    if (fd < 0)
        return ou_err_occurred(vm) ? NULL : ou_raise_errno(vm, errno, args[0]);
    return ou_int(vm, fd);
}

FN(unlink_)
{
    int r;
    OuObj *name;
    if (name_arg(vm, args[0], "shm_unlink", &name) < 0)
        return NULL;
    do
        OU_BLOCKING(vm, r = shm_unlink(OU_BYTES(name)->data));
    while (r < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
    ou_decref(vm, name);
    if (r < 0)
        return ou_err_occurred(vm) ? NULL : ou_raise_errno(vm, errno, args[0]);
    return ou_none(vm);
}

static const OuFn functions[] = {
    {"shm_open(path, flags, mode=511)", open_, 0,
     "Open a shared memory object.  Returns a file descriptor (integer)."},
    {"shm_unlink(path)", unlink_, 0, "Remove a shared memory object (similar to unlink())."},
    {0},
};
const OuModuleDef ou_mod__posixshmem = {
    .name = "_posixshmem", .doc = "POSIX shared memory module", .functions = functions};
