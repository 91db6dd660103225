/* vm/pycache.c - .pyc files in __pycache__: what the native importer reads and writes for modules outside the library.
 *
 * Names and headers are those of importlib.util.cache_from_source and importlib._bootstrap_external, so that py_compile,
 * compileall and sys.pycache_prefix work; the tag names the build (its instruction table).  Two differences: a file that is
 * older than its source, to the nanosecond, is stale even if the source's seconds and size fit, and modules of the standard
 * library are kept in the user's cache folder (vm/codecache.c), which needs no rights there. */
#include "pycache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codecache.h"
#include "config.h"
#include "containers.h"
#include "err.h"
#include "marshal.h"

enum { HEADER = 16, BY_HASH = 1, CHECKED = 2 };
#define MAGIC 0x0a0d0da7u /* importlib's MAGIC_NUMBER of 3.11 */

static bool starts_with(OuVM *vm, const char *path, const char *key)
{
    OuObj *dir = ou_dict_get_s(vm, (OuObj *)vm->sysdict, key), *bytes;
    if (!dir || !ou_isa_str(vm, dir) || ou_fs_path(vm, dir, &bytes) < 0) {
        ou_err_clear(vm);
        return false;
    }
    size_t n = OU_BYTES(bytes)->len;
    bool yes = n && !strncmp(path, OU_BYTES(bytes)->data, n) && path[n] == '/';
    ou_decref(vm, bytes);
    return yes;
}

void ou_pycache_find(OuVM *vm, OuPyc *pyc, const char *source)
{
    const char *base = strrchr(source, '/');
    size_t n = strlen(source), head = base ? (size_t)(base - source) + 1 : 0;
    char opt[16] = "", folder[OU_PYC_PATH] = "";
    pyc->path[0] = 0;
    pyc->flags = 0;
    if (n < head + 4 || strcmp(source + n - 3, ".py") != 0 || starts_with(vm, source, "_stdlib_dir"))
        return;
    OuObj *prefix = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "pycache_prefix"), *bytes;
    if (prefix && ou_isa_str(vm, prefix)) {
        if (*source != '/' || ou_fs_path(vm, prefix, &bytes) < 0) {
            ou_err_clear(vm);
            return;
        }
        snprintf(folder, sizeof folder, "%s", OU_BYTES(bytes)->data);
        ou_decref(vm, bytes);
    }
    if (vm->optimize)
        snprintf(opt, sizeof opt, ".opt-%d", vm->optimize);
    int len = snprintf(pyc->path, sizeof pyc->path, "%s%.*s%s%.*s.ouro-311-%x%s.pyc", folder, (int)head,
                       source, *folder ? "" : "__pycache__/", (int)(n - 3 - head), source + head,
                       (unsigned)ou_instruction_hash(vm), opt);
    if (len < 0 || len >= (int)sizeof pyc->path - 32) /* room for a temporary name */
        pyc->path[0] = 0;
}

static uint64_t source_hash(const char *text, size_t n)
{
    return ou_hash_keyed(MAGIC, 0, text, n);
}

/* Whether the hash in a .pyc has to be compared with the source: --check-hash-based-pycs. */
static bool must_check(OuVM *vm, uint32_t flags)
{
    const char *how = vm->config && vm->config->check_pycs ? vm->config->check_pycs : "default";
    return strcmp(how, "never") != 0 && (flags & CHECKED || !strcmp(how, "always"));
}

/* Whether a header is that of this source. */
static bool is_fresh(OuVM *vm, OuPyc *pyc, const char *head, const struct stat *st, const struct stat *own,
                     OuObj *file)
{
    uint32_t word[4];
    memcpy(word, head, sizeof word);
    if (word[0] != MAGIC || word[1] > 3)
        return false;
    pyc->flags = word[1];
    if (!(word[1] & BY_HASH))
        return word[2] == (uint32_t)st->st_mtim.tv_sec && word[3] == (uint32_t)st->st_size &&
               (own->st_mtim.tv_sec > st->st_mtim.tv_sec ||
                (own->st_mtim.tv_sec == st->st_mtim.tv_sec && own->st_mtim.tv_nsec >= st->st_mtim.tv_nsec));
    if (!must_check(vm, word[1]))
        return true;
    OuObj *text = ou_read_file(vm, file);
    uint64_t h = text ? source_hash(OU_BYTES(text)->data, OU_BYTES(text)->len) : 0;
    bool same = text && memcmp(&h, head + 8, 8) == 0;
    ou_xdecref(vm, text);
    return same;
}

OuObj *ou_pycache_load(OuVM *vm, OuPyc *pyc, const struct stat *source, OuObj *file, OuObj *shown)
{
    struct stat st;
    OuObj *code = NULL;
    int fd = *pyc->path ? open(pyc->path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > HEADER) {
        size_t n = (size_t)st.st_size;
        const char *map = mmap(NULL, n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
        if (map != MAP_FAILED) {
            if (is_fresh(vm, pyc, map, source, &st, file))
                code = ou_marshal_load(vm, (const unsigned char *)map + HEADER, n - HEADER, NULL);
            if (code && !ou_is(code, code))
                ou_clear(vm, code);
            munmap((void *)map, n);
        }
    }
    close(fd);
    ou_err_clear(vm);
    if (code)
        ou_code_move(vm, (OuCode *)code, shown);
    return code;
}

static void make_folders(char *path)
{
    char *last = strrchr(path, '/');
    if (!last)
        return;
    *last = 0;
    if (mkdir(path, 0777) < 0 && errno == ENOENT) {
        make_folders(path);
        mkdir(path, 0777);
    }
    *last = '/';
}

bool ou_pycache_save(OuVM *vm, const OuPyc *pyc, const struct stat *source, OuObj *code, OuObj *text)
{
    OuObj *no = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "dont_write_bytecode");
    if (!*pyc->path || (no && ou_is_true(vm, no) != 0)) {
        ou_err_clear(vm);
        return false;
    }
    char path[OU_PYC_PATH], tmp[OU_PYC_PATH + 32];
    uint32_t head[4] = {MAGIC, pyc->flags, (uint32_t)source->st_mtim.tv_sec, (uint32_t)source->st_size};
    if (pyc->flags & BY_HASH) {
        uint64_t h = source_hash(OU_BYTES(text)->data, OU_BYTES(text)->len);
        memcpy(head + 2, &h, 8);
    }
    strcpy(path, pyc->path);
    make_folders(path);
    snprintf(tmp, sizeof tmp, "%s.%ld", pyc->path, (long)getpid());
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (source->st_mode | 0200) & 0666);
    if (fd < 0)
        return false;
    OuObj *bytes = ou_marshal_dump(vm, code, OU_MARSHAL_VERSION);
    bool ok = bytes && write(fd, head, HEADER) == HEADER &&
              write(fd, OU_BYTES(bytes)->data, OU_BYTES(bytes)->len) == (ssize_t)OU_BYTES(bytes)->len;
    ok = close(fd) == 0 && ok && rename(tmp, pyc->path) == 0;
    if (!ok)
        unlink(tmp);
    ou_err_clear(vm);
    ou_xdecref(vm, bytes);
    return ok;
}

static void move(OuVM *vm, OuCode *code, OuObj *from, OuObj *to)
{
    if (!ou_str_eq(OU_STR(code->filename), OU_STR(from)))
        return;
    OuObj *old = code->filename;
    code->filename = ou_ref(to);
    for (uint32_t i = 0; i < code->nconsts; i++)
        if (code->consts[i] && ou_is(code->consts[i], code))
            move(vm, (OuCode *)code->consts[i], from, to);
    ou_decref(vm, old);
}

void ou_code_move(OuVM *vm, OuCode *code, OuObj *file)
{
    if (ou_str_eq(OU_STR(code->filename), OU_STR(file)))
        return;
    OuObj *from = ou_ref(code->filename);
    move(vm, code, from, file);
    ou_decref(vm, from);
}
