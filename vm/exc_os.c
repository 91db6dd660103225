/* vm/exc_os.c - OSError: errno chooses the subclass, file names leave `args`. */
#include "exc_impl.h"

#include <errno.h>

/* The class OSError(errno, ...) really makes (PEP 3151). */
static OuTypeNumber errno_class(int64_t code)
{
    switch (code) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
        return OU_T_BlockingIOError;
    case EPIPE:
    case ESHUTDOWN:
        return OU_T_BrokenPipeError;
    case ECHILD:
        return OU_T_ChildProcessError;
    case ECONNABORTED:
        return OU_T_ConnectionAbortedError;
    case ECONNREFUSED:
        return OU_T_ConnectionRefusedError;
    case ECONNRESET:
        return OU_T_ConnectionResetError;
    case EEXIST:
        return OU_T_FileExistsError;
    case ENOENT:
        return OU_T_FileNotFoundError;
    case EISDIR:
        return OU_T_IsADirectoryError;
    case ENOTDIR:
        return OU_T_NotADirectoryError;
    case EINTR:
        return OU_T_InterruptedError;
    case EACCES:
    case EPERM:
        return OU_T_PermissionError;
    case ESRCH:
        return OU_T_ProcessLookupError;
    case ETIMEDOUT:
        return OU_T_TimeoutError;
    default:
        return OU_T_OSError;
    }
}

static OuObj *oserror_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);
static int oserror_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames);

/* A subclass that overrides __init__ but not __new__ has its arguments read in __init__, everything else in __new__. */
static bool reads_in_init(OuType *type)
{
    return type->s.init != oserror_init && type->s.new_ == oserror_new;
}

static int fill(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs)
{
    OuExcOSError *e = (OuExcOSError *)self;
    size_t keep = nargs;
    if (nargs >= 2 && nargs <= 5) {
        OuObj *filename = nargs >= 3 ? args[2] : NULL, *filename2 = nargs >= 5 ? args[4] : NULL;
        if (filename && filename != OU_NONE(vm)) {
            OuType *t = OU_TYPE_OF(vm, filename);
            if (ou_is(self, BlockingIOError) && (t->u->index || t->u->to_int || t->u->to_float)) {
                /* its third argument may be the number of characters written */
                if (ou_as_ssize(vm, filename, OU_EXC(vm, ValueError), &e->written) < 0)
                    return -1;
            } else {
                ou_exc_put(vm, &e->filename, filename);
                if (filename2 && filename2 != OU_NONE(vm))
                    ou_exc_put(vm, &e->filename2, filename2);
                keep = 2;
            }
        }
        ou_exc_put(vm, &e->myerrno, args[0]);
        ou_exc_put(vm, &e->strerror, args[1]);
    }
    return ou_exc_set_args(vm, self, args, keep);
}

static OuObj *oserror_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    bool later = reads_in_init(type);
    int64_t code;
    if (!later) {
        if (kwnames && OU_TUPLE(kwnames)->n && ou_no_kwargs(vm, type->name, kwnames) < 0)
            return NULL;
        if (type == OU_EXC(vm, OSError) && nargs >= 2 && nargs <= 5 && ou_isa_int(vm, args[0]) &&
            ou_int_fits(args[0], &code))
            type = &vm->builtin[errno_class(code)];
    }
    OuObj *self = ou_type_alloc(vm, type, 0);
    if (!self)
        return NULL;
    ((OuExcOSError *)self)->written = -1;
    if ((later ? ou_exc_set_args(vm, self, NULL, 0) : fill(vm, self, args, nargs)) < 0)
        ou_clear(vm, self);
    return self;
}

static int oserror_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *type = OU_TYPE_OF(vm, self);
    if (!reads_in_init(type))
        return 0;
    if (kwnames && OU_TUPLE(kwnames)->n && ou_no_kwargs(vm, type->name, kwnames) < 0)
        return -1;
    return fill(vm, self, args, nargs);
}

static OuObj *oserror_str(OuVM *vm, OuObj *self)
{
    OuExcOSError *e = (OuExcOSError *)self;
    OuObj *none = OU_NONE(vm), *code = e->myerrno ? e->myerrno : none,
          *text = e->strerror ? e->strerror : none;
    if (e->filename && e->filename2)
        return ou_str_fmt(vm, "[Errno %S] %S: %R -> %R", code, text, e->filename, e->filename2);
    if (e->filename)
        return ou_str_fmt(vm, "[Errno %S] %S: %R", code, text, e->filename);
    if (e->myerrno && e->strerror)
        return ou_str_fmt(vm, "[Errno %S] %S", code, text);
    return ou_exc_str(vm, self);
}

static OuObj *oserror_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExcOSError *e = (OuExcOSError *)args[0];
    OuObj *a = e->args ? e->args : OU_EMPTY_TUPLE(vm);
    /* the file names go back where the constructor expects them */
    if (OU_TUPLE(a)->n == 2 && e->filename) {
        OuObj **items = OU_TUPLE(a)->items;
        a = e->filename2 ? ou_tuple_pack(vm, 5, items[0], items[1], e->filename, OU_NONE(vm), e->filename2)
                         : ou_tuple_pack(vm, 3, items[0], items[1], e->filename);
    } else
        ou_incref(a);
    return ou_exc_reduce_with(vm, args[0], a, e->dict);
}

static OuObj *get_written(OuVM *vm, OuObj *self, void *data)
{
    ou_ssize n = ((OuExcOSError *)self)->written;
    return n == -1 ? ou_raise(vm, OU_EXC(vm, AttributeError), "characters_written") : ou_int(vm, n);
}

static int set_written(OuVM *vm, OuObj *self, OuObj *value, void *data)
{
    OuExcOSError *e = (OuExcOSError *)self;
    if (!value) {
        if (e->written == -1)
            return ou_raise_i(vm, OU_EXC(vm, AttributeError), "characters_written");
        e->written = -1;
        return 0;
    }
    return ou_as_ssize(vm, value, OU_EXC(vm, ValueError), &e->written);
}

OU_EXC_LAYOUT(oserror, OuExcOSError, myerrno, 4)
static const OuFn oserror_methods[] = {{"__reduce__(self, /)", oserror_reduce, 0, NULL}, {0}};
static const OuMember oserror_members[] = {
    {"errno", OU_MEMBER_OBJ, offsetof(OuExcOSError, myerrno), false, "POSIX exception code"},
    {"strerror", OU_MEMBER_OBJ, offsetof(OuExcOSError, strerror), false, "exception strerror"},
    {"filename", OU_MEMBER_OBJ, offsetof(OuExcOSError, filename), false, "exception filename"},
    {"filename2", OU_MEMBER_OBJ, offsetof(OuExcOSError, filename2), false, "second exception filename"},
    {0},
};
static const OuGetSet oserror_getset[] = {{"characters_written", get_written, set_written, NULL}, {0}};
const OuTypeSpec ou_exc_spec_oserror = {
    OU_EXC_SPEC(oserror, OuExcOSError, "OSError"),
    .s = {.str = oserror_str, .new_ = oserror_new, .init = oserror_init},
    .methods = oserror_methods,
    .getset = oserror_getset,
    .members = oserror_members,
};
