/* vm/codecache.c - reading source files, and (to come with marshal) the cache of compiled ones. */
#include "codecache.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile.h"
#include "err.h"

OuObj *ou_read_file(OuVM *vm, OuObj *file)
{
    OuUtf8 u;
    struct stat st;
    OuObj *bytes = NULL;
    if (ou_str_utf8(vm, file, &u, true) < 0)
        return NULL;
    int fd = open(u.s, O_RDONLY | O_CLOEXEC);
    ou_utf8_free(vm, &u);
    if (fd < 0)
        return ou_raise_errno(vm, errno, file);
    if (fstat(fd, &st) < 0 || S_ISDIR(st.st_mode)) {
        int err = S_ISDIR(st.st_mode) ? EISDIR : errno;
        close(fd);
        return ou_raise_errno(vm, err, file);
    }
    size_t cap = st.st_size > 0 ? (size_t)st.st_size + 1 : 65536, n = 0;
    char *buf = ou_alloc(vm, cap);
    for (;;) {
        if (!buf)
            break;
        if (n == cap) {
            char *more = ou_realloc(vm, buf, cap, cap * 2);
            if (!more) {
                ou_free(vm, buf, cap);
                buf = NULL;
                break;
            }
            buf = more;
            cap *= 2;
        }
        ssize_t got = read(fd, buf + n, cap - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            ou_raise_errno(vm, errno, file);
            ou_free(vm, buf, cap);
            buf = NULL;
        }
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    close(fd);
    if (buf) {
        bytes = ou_bytes_new(vm, buf, (ou_ssize)n);
        ou_free(vm, buf, cap);
    }
    return bytes;
}

OuObj *ou_codecache_load(OuVM *vm, OuObj *file)
{
    OuObj *src = ou_read_file(vm, file);
    if (!src)
        return NULL;
    OuObj *code =
        ou_compile_source(vm, OU_BYTES(src)->data, OU_BYTES(src)->len, file, OU_PARSE_FILE, (unsigned)OU_COMPILE_SCRIPT, -1);
    ou_decref(vm, src);
    return code;
}
