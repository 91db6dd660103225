/* vm/source_line.c - lines of source files, for tracebacks and warnings. */
#include "source_line.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lang/source.h"

/* ---- reading ---- */

static int open_name(OuVM *vm, OuObj *name)
{
    OuObj *path;
    int fd = -1;
    if (ou_fs_path(vm, name, &path) == 0) {
        if (strlen(OU_BYTES(path)->data) == OU_BYTES(path)->len)
            fd = open(OU_BYTES(path)->data, O_RDONLY | O_CLOEXEC);
        ou_decref(vm, path);
    }
    ou_err_clear(vm);
    return fd;
}

/* The file of that name in a folder of sys.path. */
static int open_on_path(OuVM *vm, OuObj *filename)
{
    OuObj *path = vm->sysdict ? ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path)) : NULL;
    ou_ssize n = ou_str_len(filename), tail = n;
    int fd = -1;
    if (!path || !ou_isa_list(vm, path))
        return -1;
    while (tail > 0 && ou_str_at(OU_STR(filename), tail - 1) != '/')
        tail--;
    OuObj *name = ou_str_slice(vm, filename, tail, n);
    for (size_t i = 0; fd < 0 && name && i < OU_LIST(path)->n; i++) {
        OuObj *dir = OU_LIST(path)->items[i];
        if (!ou_isa_str(vm, dir))
            continue;
        OuObj *full = ou_str_fmt(vm, ou_str_len(dir) ? "%U/%U" : "%U%U", dir, name);
        if (full)
            fd = open_name(vm, full);
        ou_xdecref(vm, full);
    }
    ou_xdecref(vm, name);
    ou_err_clear(vm);
    return fd;
}

static bool read_file(OuVM *vm, OuSourceFile *f)
{
    OuObj *name = f->filename;
    ou_ssize n = ou_str_len(name);
    struct stat st;
    if (n && ou_str_at(OU_STR(name), 0) == '<' && ou_str_at(OU_STR(name), n - 1) == '>')
        return false; /* <stdin>, <string> */
    int fd = open_name(vm, name);
    if (fd < 0)
        fd = open_on_path(vm, name);
    if (fd < 0)
        return false;
    char *data = NULL;
    size_t size = 0, len = 0;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size < (1 << 28);
    if (ok) {
        size = (size_t)st.st_size + 1;
        data = ou_mem_alloc(ou_heap_mem(&vm->heap), size);
        ok = data != NULL;
    }
    while (ok && len + 1 < size) {
        ssize_t r = read(fd, data + len, size - 1 - len);
        if (r <= 0)
            break;
        len += (size_t)r;
    }
    close(fd);
    if (ok) {
        data[len] = 0;
        ou_parse_init(&f->parse, &f->arena, ou_heap_mem(&vm->heap), 0);
        ok = ou_source_decode(&f->parse, data, len, OU_PARSE_FILE) == 0;
        ou_mem_free(ou_heap_mem(&vm->heap), data, size);
    }
    return ok;
}

static void forget(OuVM *vm, OuSourceFile *f)
{
    if (f->filename) {
        ou_arena_free(&f->arena);
        ou_clear(vm, f->filename);
    }
}

void ou_source_files_free(OuVM *vm, OuSourceFiles *files)
{
    for (int i = 0; i < 4; i++)
        forget(vm, &files->file[i]);
}

OuObj *ou_source_line(OuVM *vm, OuSourceFiles *files, OuObj *filename, int lineno)
{
    OuSourceFile *f = NULL;
    if (!filename || !ou_isa_str(vm, filename) || lineno < 1)
        return NULL;
    for (int i = 0; i < 4 && !f; i++)
        if (files->file[i].filename && ou_str_eq(OU_STR(files->file[i].filename), OU_STR(filename)))
            f = &files->file[i];
    if (!f) {
        f = &files->file[files->next++ % 4];
        forget(vm, f);
        f->filename = ou_ref(filename);
        ou_arena_init(&f->arena, ou_heap_mem(&vm->heap));
        f->readable = read_file(vm, f);
    }
    size_t len;
    const char *line = f->readable ? ou_parse_line(&f->parse, lineno, &len) : NULL;
    if (!line)
        return NULL;
    OuObj *s = ou_str_new(vm, line, (ou_ssize)len);
    ou_err_clear(vm);
    return s;
}

ou_ssize ou_source_column(OuObj *line, ou_ssize bytes)
{
    ou_ssize i = 0, n = ou_str_len(line), at = 0;
    for (; i < n && at < bytes; i++) {
        uint32_t c = ou_str_at(OU_STR(line), i);
        at += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    return i;
}
