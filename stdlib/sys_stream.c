/* stdlib/sys_stream.c - sys.stdin, stdout, stderr. */
#include <errno.h>
#include <unistd.h>

#include "sys.h"
#include "stdlib/io/io.h"

bool ou_isatty(int fd)
{
    return isatty(fd) == 1;
}

/* A stream that writes text straight to a descriptor: used until _io can make the real ones (and if it cannot). */
typedef struct RawStream {
    OuObj hdr;
    int fd;
} RawStream;

static OuObj *raw_write(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "write() argument must be str, not %T", args[1]);
    if (ou_str_utf8(vm, args[1], &u, true) < 0)
        return NULL;
    for (size_t at = 0; at < u.n;) {
        ssize_t n = write(((RawStream *)args[0])->fd, u.s + at, u.n - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            ou_utf8_free(vm, &u);
            return ou_raise_errno(vm, errno, NULL);
        }
        at += (size_t)n;
    }
    ou_utf8_free(vm, &u);
    return ou_int(vm, ou_str_len(args[1]));
}

static OuObj *raw_flush(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_none(vm);
}

static OuObj *raw_fileno(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, ((RawStream *)args[0])->fd);
}

static void raw_dealloc(OuVM *vm, OuObj *o)
{
    ou_free_object(vm, o);
}

static const OuFn raw_methods[] = {{"write(self, text, /)", raw_write, 0, NULL},
                                   {"flush(self, /)", raw_flush, 0, NULL},
                                   {"fileno(self, /)", raw_fileno, 0, NULL},
                                   {0}};
static const OuTypeSpec raw_spec = {
    .name = "ouro.RawStream",
    .size = sizeof(RawStream),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = raw_dealloc,
    .methods = raw_methods,
};

int ou_sys_init_streams(OuVM *vm)
{
    static const char *const names[3][2] = {
        {"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
    OuType *t = ou_type_from_spec(vm, &raw_spec, NULL);
    for (int fd = 0; t && fd < 3; fd++) {
        RawStream *s = (RawStream *)ou_type_alloc(vm, t, 0);
        if (!s)
            return -1;
        s->fd = fd;
        int r = ou_dict_set_s(vm, (OuObj *)vm->sysdict, names[fd][0], (OuObj *)s);
        if (r == 0)
            r = ou_dict_set_s(vm, (OuObj *)vm->sysdict, names[fd][1], (OuObj *)s);
        ou_decref(vm, s);
        if (r < 0)
            return -1;
    }
    return t ? ou_io_init_streams(vm) : -1;
}
