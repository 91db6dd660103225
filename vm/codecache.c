/* vm/codecache.c - reading source files, and the cache of compiled ones.
 *
 * An entry is <cache>/ouro/<16 hex digits>.ouc: the name hashes the source's path, the file begins with Header.  It is valid
 * for one size and mtime of the source, one instruction table and one -O level; anything else counts as absent.  Entries
 * are written to a temporary name and renamed, so that readers never see half of one; all errors are silent.
 * Modules outside the standard library have .pyc files beside them (vm/pycache.c); this cache serves them where those may not
 * be written: in folders of others, and under -B and PYTHONDONTWRITEBYTECODE. */
#include "codecache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile.h"
#include "config.h"
#include "err.h"
#include "marshal.h"
#include "pycache.h"

/* ---- files ---- */

/* Everything of fd (closed here): new bytes, or NULL with OSError naming `file`. */
static OuObj *read_all(OuVM *vm, int fd, size_t hint, OuObj *file)
{
    size_t cap = hint ? hint + 1 : 65536, n = 0;
    char *buf = ou_alloc(vm, cap);
    OuObj *bytes = NULL;
    while (buf) {
        if (n == cap) {
            char *more = ou_realloc(vm, buf, cap, cap * 2);
            if (!more)
                break;
            buf = more;
            cap *= 2;
        }
        ssize_t got = read(fd, buf + n, cap - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            ou_raise_errno(vm, errno, file);
            break;
        }
        if (got == 0) {
            bytes = ou_bytes_new(vm, buf, (ou_ssize)n);
            break;
        }
        n += (size_t)got;
    }
    close(fd);
    ou_free(vm, buf, cap);
    return bytes;
}

static int open_file(OuVM *vm, OuObj *file, struct stat *st)
{
    OuObj *path;
    if (ou_fs_path(vm, file, &path) < 0)
        return -1;
    int fd = open(OU_BYTES(path)->data, O_RDONLY | O_CLOEXEC);
    ou_decref(vm, path);
    if (fd >= 0 && fstat(fd, st) == 0 && S_ISDIR(st->st_mode)) {
        close(fd);
        fd = -1;
        errno = EISDIR;
    }
    if (fd < 0)
        ou_raise_errno(vm, errno, file);
    return fd;
}

OuObj *ou_read_file(OuVM *vm, OuObj *file)
{
    struct stat st;
    int fd = open_file(vm, file, &st);
    return fd < 0 ? NULL : read_all(vm, fd, st.st_size > 0 ? (size_t)st.st_size : 0, file);
}

/* ---- the cache ---- */

typedef struct Header {
    char magic[8];
    uint64_t instructions; /* hash of lang/opcodes.def */
    uint64_t path, size;
    int64_t mtime_sec, mtime_nsec;
    uint64_t optimize;
} Header;

static uint64_t hash_bytes(uint64_t h, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 0x100000001b3u; /* FNV-1a */
    return h;
}

/* Hash of the instruction table and of what else decides the bytes of a code object. */
uint32_t ou_instruction_hash(OuVM *vm)
{
    static const char text[] =
#define OP(name, operands, ext) #name operands #ext ";"
#include "lang/opcodes.def"
#undef OP
        __DATE__ __TIME__;       /* the compiler itself changes between builds */
    if (!vm->instruction_hash) { /* asked for each module: 60,000 instructions otherwise */
        uint64_t h = hash_bytes(0xcbf29ce484222325u, text, sizeof text);
        vm->instruction_hash = (uint32_t)(h ^ h >> 32);
    }
    return vm->instruction_hash;
}

static bool cache_path(char *out, size_t size, uint64_t path_hash, bool make)
{
    const char *dir = getenv("OUROCACHE"), *base;
    char folder[900];
    int n;
    if (dir)
        n = snprintf(folder, sizeof folder, "%s", dir);
    else if ((base = getenv("XDG_CACHE_HOME")) && *base)
        n = snprintf(folder, sizeof folder, "%s/ouro", base);
    else if ((base = getenv("HOME")) && *base)
        n = snprintf(folder, sizeof folder, "%s/.cache/ouro", base);
    else
        return false;
    if (n <= 0 || n >= (int)sizeof folder)
        return false;
    if (make) {
        for (char *p = folder + 1; *p; p++)
            if (*p == '/') {
                *p = 0;
                mkdir(folder, 0700);
                *p = '/';
            }
        mkdir(folder, 0700);
    }
    return snprintf(out, size, "%s/%016llx.ouc", folder, (unsigned long long)path_hash) < (int)size;
}

static OuObj *load_entry(OuVM *vm, const char *path, const Header *want)
{
    struct stat st;
    OuObj *code = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && st.st_size > (off_t)sizeof *want) {
        size_t n = (size_t)st.st_size;
        const char *map = mmap(NULL, n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
        if (map != MAP_FAILED) {
            if (memcmp(map, want, sizeof *want) == 0)
                code = ou_marshal_load(vm, (const unsigned char *)map + sizeof *want, n - sizeof *want, NULL);
            if (code && !ou_is(code, code))
                ou_clear(vm, code);
            munmap((void *)map, n);
        }
    }
    close(fd);
    ou_err_clear(vm); /* a damaged entry counts as absent */
    return code;
}

static void save_entry(OuVM *vm, const char *path, const Header *h, OuObj *code)
{
    char tmp[1100];
    OuObj *bytes = ou_marshal_dump(vm, code, OU_MARSHAL_VERSION);
    if (!bytes) {
        ou_err_clear(vm);
        return;
    }
    snprintf(tmp, sizeof tmp, "%s.%ld", path, (long)getpid());
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        size_t n = OU_BYTES(bytes)->len;
        bool ok = write(fd, h, sizeof *h) == sizeof *h && write(fd, OU_BYTES(bytes)->data, n) == (ssize_t)n;
        close(fd);
        if (!ok || rename(tmp, path) < 0)
            unlink(tmp);
    }
    ou_decref(vm, bytes);
}

OuObj *ou_codecache_load(OuVM *vm, OuObj *file)
{
    return ou_codecache_load_as(vm, file, file);
}

OuObj *ou_codecache_load_as(OuVM *vm, OuObj *file, OuObj *shown)
{
    struct stat st;
    OuObj *name;
    char path[1000];
    Header h = {
        .magic = "ouro.ouc", .instructions = ou_instruction_hash(vm), .optimize = (uint64_t)vm->optimize};
    int fd = open_file(vm, file, &st);
    if (fd < 0)
        return NULL;
    if (ou_fs_path(vm, file, &name) < 0) {
        close(fd);
        return NULL;
    }
    OuPyc pyc;
    ou_pycache_find(vm, &pyc, OU_BYTES(name)->data);
    OuObj *code = ou_pycache_load(vm, &pyc, &st, file, shown);
    if (code) {
        ou_decref(vm, name);
        close(fd);
        return code;
    }
    h.path = hash_bytes(0xcbf29ce484222325u, OU_BYTES(name)->data, OU_BYTES(name)->len);
    h.size = (uint64_t)st.st_size;
    h.mtime_sec = st.st_mtim.tv_sec;
    h.mtime_nsec = st.st_mtim.tv_nsec;
    ou_decref(vm, name);
    bool cached = cache_path(path, sizeof path, h.path ^ h.optimize, false);
    code = cached && !pyc.flags ? load_entry(vm, path, &h) : NULL;
    if (code) {
        ou_pycache_save(vm, &pyc, &st, code, NULL);
        close(fd);
        return code;
    }
    OuObj *src = read_all(vm, fd, (size_t)st.st_size, file);
    if (!src)
        return NULL;
    code = ou_compile_source(vm, OU_BYTES(src)->data, OU_BYTES(src)->len, shown, OU_PARSE_FILE,
                             (unsigned)OU_COMPILE_SCRIPT, -1);
    bool saved = code && ou_pycache_save(vm, &pyc, &st, code, src);
    ou_decref(vm, src);
    if (code && !saved && cached && cache_path(path, sizeof path, h.path ^ h.optimize, true))
        save_entry(vm, path, &h, code);
    return code;
}
