/* stdlib/paths.c - sys.executable, sys.prefix, sys.path.
 *
 * The library is looked for in $OUROPATH (which names it), $PYTHONHOME/lib/python3.11, beside the executable, at the
 * python3.11 that $PATH finds first (also behind pyenv's shims: releases differ, and the caller's own is the one that
 * programs were tried with) and at the usual places.  In a virtual environment (pyvenv.cfg, PEP 405) packages are its own.  Extension modules in its lib-dynload are CPython's: that folder is left out. */
#include "paths.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmdline.h"
#include "vm/err.h"

#define LIB "/lib/python3.11"

int ou_sys_set_fs(OuVM *vm, const char *name, const char *value)
{
    OuObj *s = ou_fs_decode(vm, value, -1);
    int r = s ? ou_dict_set_s(vm, (OuObj *)vm->sysdict, name, s) : -1;
    ou_xdecref(vm, s);
    return r;
}

static int append(OuVM *vm, const char *dir, size_t n)
{
    OuObj *path = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path)),
          *s = path ? ou_fs_decode(vm, dir, (ou_ssize)n) : NULL;
    return s ? ou_list_append_take(vm, path, s) : -1;
}

int ou_paths_insert(OuVM *vm, const char *dir)
{
    OuObj *path = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path)), *s = ou_fs_decode(vm, dir, -1);
    int r = s && path && ou_isa_list(vm, path) ? ou_list_insert(vm, path, 0, s) : s ? 0 : -1;
    ou_xdecref(vm, s);
    return r;
}

static int append_list(OuVM *vm, const char *dirs)
{
    for (const char *end;; dirs = end + 1) {
        end = strchrnul(dirs, ':');
        if (append(vm, dirs, (size_t)(end - dirs)) < 0)
            return -1;
        if (!*end)
            return 0;
    }
}

/* Absolute name of the running program, as the caller wrote it (links are kept). */
static void find_executable(const char *program, char out[PATH_MAX])
{
    char cwd[PATH_MAX];
    *out = 0;
    if (program && strchr(program, '/')) {
        if (*program == '/')
            snprintf(out, PATH_MAX, "%s", program);
        else if (getcwd(cwd, sizeof cwd)) {
            while (program[0] == '.' && program[1] == '/')
                program += 2;
            if ((size_t)snprintf(out, PATH_MAX, "%.*s/%s", PATH_MAX / 2, cwd, program) >= PATH_MAX)
                *out = 0;
        }
        return;
    }
    const char *path = program && *program ? getenv("PATH") : NULL;
    for (const char *end; path && *path; path = *end ? end + 1 : end) {
        end = strchrnul(path, ':');
        if ((size_t)snprintf(out, PATH_MAX, "%.*s/%s", (int)(end - path), path, program) < PATH_MAX &&
            access(out, X_OK) == 0)
            return;
    }
    ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
    out[n > 0 ? n : 0] = 0;
}

static bool has_library(const char *dir)
{
    char file[PATH_MAX];
    return (size_t)snprintf(file, sizeof file, "%s/os.py", dir) < sizeof file && access(file, R_OK) == 0;
}

static bool library_below(const char *prefix, size_t n, char out[PATH_MAX])
{
    return (size_t)snprintf(out, PATH_MAX, "%.*s" LIB, (int)n, prefix) < PATH_MAX && has_library(out);
}

/* The newest 3.11 of a pyenv whose shims are in dir ("ROOT/shims"). */
static bool library_of_pyenv(const char *dir, size_t n, char out[PATH_MAX])
{
    char versions[PATH_MAX], prefix[PATH_MAX];
    long best = -1;
    while (n && dir[n - 1] == '/')
        n--;
    if (n <= 6 || strncmp(dir + n - 6, "/shims", 6) != 0)
        return false;
    if ((size_t)snprintf(versions, sizeof versions, "%.*s/versions", (int)(n - 6), dir) >= sizeof versions)
        return false;
    DIR *d = opendir(versions);
    for (struct dirent *e; d && (e = readdir(d));) {
        char *end;
        long patch = strncmp(e->d_name, "3.11.", 5) == 0 ? strtol(e->d_name + 5, &end, 10) : -1;
        if (patch <= best || *end ||
            (size_t)snprintf(prefix, sizeof prefix, "%s/%s", versions, e->d_name) >= sizeof prefix)
            continue;
        if (library_below(prefix, strlen(prefix), out))
            best = patch;
    }
    if (d)
        closedir(d);
    return best >= 0;
}

/* The library of the python3.11 that a shell would run. */
static bool library_of_path(char out[PATH_MAX])
{
    char program[PATH_MAX];
    const char *path = getenv("PATH");
    for (const char *end; path && *path; path = *end ? end + 1 : end) {
        end = strchrnul(path, ':');
        size_t n = (size_t)(end - path);
        if (*path != '/' ||
            (size_t)snprintf(program, PATH_MAX, "%.*s/python3.11", (int)n, path) >= PATH_MAX ||
            access(program, X_OK) != 0)
            continue;
        if (library_of_pyenv(path, n, out))
            return true;
        while (n && path[n - 1] == '/')
            n--;
        if (n > 4 && strncmp(path + n - 4, "/bin", 4) == 0 && library_below(path, n - 4, out))
            return true;
    }
    return false;
}

/* ---- virtual environments ---- */

typedef struct Venv {
    char prefix[PATH_MAX], home[PATH_MAX]; /* home: the folder of the program that made it */
    bool system;                           /* packages of the installation count too */
} Venv;

/* "key = value" as pyvenv.cfg has it: the value in line, or NULL. */
static char *setting(char *line, const char *key)
{
    char *eq = strchr(line, '='), *end = eq;
    if (!eq)
        return NULL;
    while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    while (*line == ' ' || *line == '\t')
        line++;
    if ((size_t)(end - line) != strlen(key) || strncasecmp(line, key, strlen(key)) != 0)
        return NULL;
    for (eq++; *eq == ' ' || *eq == '\t'; eq++)
        continue;
    for (end = eq + strlen(eq); end > eq && strchr(" \t\r\n", end[-1]);)
        *--end = 0;
    return eq;
}

/* Whether the program stands in a virtual environment: pyvenv.cfg is in its folder or in the one above. */
static bool find_venv(const char *exe, Venv *v)
{
    char file[PATH_MAX + 32], line[PATH_MAX];
    snprintf(v->prefix, sizeof v->prefix, "%s", exe);
    *v->home = 0;
    v->system = true; /* as site.py: unless it says otherwise */
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(v->prefix, '/');
        if (!slash || slash == v->prefix)
            return false;
        *slash = 0;
        snprintf(file, sizeof file, "%s/pyvenv.cfg", v->prefix);
        FILE *f = fopen(file, "re");
        if (!f)
            continue;
        while (fgets(line, sizeof line, f)) {
            const char *value = setting(line, "home");
            if (value)
                snprintf(v->home, sizeof v->home, "%s", value);
            else if ((value = setting(line, "include-system-site-packages")))
                v->system = strcasecmp(value, "true") == 0;
        }
        fclose(f);
        return true;
    }
    return false;
}

/* out: the standard library's folder; false when there is none. */
static bool find_library(const OuConfig *c, const char *exe, char out[PATH_MAX])
{
    static const char *const usual[] = {"/usr", "/usr/local", "/opt/python3.11", "/opt/homebrew"};
    const char *home = ou_cmdline_env(c, "PYTHONHOME");
    if (home && library_below(home, strcspn(home, ":"), out))
        return true;
    Venv v;
    if (find_venv(exe, &v) && *v.home) { /* the installation that it was made from */
        const char *up = strrchr(v.home, '/');
        if (up && up > v.home && library_below(v.home, (size_t)(up - v.home), out))
            return true;
    }
    const char *slash = strrchr(exe, '/');
    while (slash && slash > exe && slash[-1] != '/')
        slash--; /* the parent of the folder the program is in */
    if (slash && slash - 1 > exe && library_below(exe, (size_t)(slash - 1 - exe), out))
        return true;
    if (library_of_path(out))
        return true;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (library_below(usual[i], strlen(usual[i]), out))
            return true;
    return false;
}

/* Lines of a .pth file that name folders; lines of code (import ...) are left to an explicit `import site`. */
static int read_pth(OuVM *vm, const char *dir, const char *name)
{
    char file[PATH_MAX], line[PATH_MAX], entry[2 * PATH_MAX];
    struct stat st;
    int r = 0;
    if ((size_t)snprintf(file, sizeof file, "%s/%s", dir, name) >= sizeof file)
        return 0;
    FILE *f = fopen(file, "re");
    while (f && r == 0 && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = 0;
        if (!*line || *line == '#' || strncmp(line, "import ", 7) == 0 || strncmp(line, "import\t", 7) == 0)
            continue;
        if (*line == '/')
            snprintf(entry, sizeof entry, "%s", line);
        else
            snprintf(entry, sizeof entry, "%s/%s", dir, line);
        if (stat(entry, &st) == 0)
            r = append(vm, entry, strlen(entry));
    }
    if (f)
        fclose(f);
    return r;
}

static int is_pth(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 4 && d->d_name[0] != '.' && strcmp(d->d_name + n - 4, ".pth") == 0;
}

/* A site-packages folder, when it exists, and the folders its .pth files name. */
static int add_site(OuVM *vm, const char *dir)
{
    struct dirent **names;
    struct stat st;
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
        return 0;
    int r = append(vm, dir, strlen(dir)), n = r == 0 ? scandir(dir, &names, is_pth, alphasort) : -1;
    for (int i = 0; i < n; i++) {
        if (r == 0)
            r = read_pth(vm, dir, names[i]->d_name);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return r;
}

static int enter_venv(OuVM *vm, const char *exe, const Venv *v)
{
    char dir[PATH_MAX + 64], real[PATH_MAX];
    snprintf(dir, sizeof dir, "%s" LIB "/site-packages", v->prefix);
    if (ou_sys_set_fs(vm, "prefix", v->prefix) < 0 || ou_sys_set_fs(vm, "exec_prefix", v->prefix) < 0 ||
        (*v->home && ou_sys_set_fs(vm, "_home", v->home) < 0) ||
        (realpath(exe, real) && ou_sys_set_fs(vm, "_base_executable", real) < 0))
        return -1;
    return add_site(vm, dir);
}

static int add_sites(OuVM *vm, const OuConfig *c, const char *exe, const char *prefix)
{
    char dir[PATH_MAX + 64];
    const char *home = getenv("HOME");
    Venv v;
    if (find_venv(exe, &v)) {
        if (enter_venv(vm, exe, &v) < 0)
            return -1;
        if (!v.system)
            return 0;
    }
    if (!c->no_user_site && home && *home == '/') {
        snprintf(dir, sizeof dir, "%s/.local" LIB "/site-packages", home);
        if (add_site(vm, dir) < 0)
            return -1;
    }
    snprintf(dir, sizeof dir, "%s" LIB "/site-packages", prefix);
    if (add_site(vm, dir) < 0)
        return -1;
    if (strcmp(prefix, "/usr") != 0)
        return 0;
    /* Debian's own arrangement */
    return add_site(vm, "/usr/local" LIB "/dist-packages") < 0
               ? -1
               : add_site(vm, "/usr/lib/python3/dist-packages");
}

int ou_paths_init(OuVM *vm)
{
    static const char *const prefixes[] = {"prefix", "exec_prefix", "base_prefix", "base_exec_prefix"};
    const OuConfig *c = vm->config;
    char exe[PATH_MAX], lib[PATH_MAX], prefix[PATH_MAX], zip[PATH_MAX + 32];
    find_executable(c->program, exe);
    if (ou_sys_set_fs(vm, "executable", exe) < 0 || ou_sys_set_fs(vm, "_base_executable", exe) < 0)
        return -1;
    const char *v = ou_cmdline_env(c, "PYTHONPATH");
    if (v && append_list(vm, v) < 0)
        return -1;
    const char *named = getenv("OUROPATH");
    bool found = false;
    strcpy(prefix, "/usr/local");
    if (named && *named) {
        if (append_list(vm, named) < 0)
            return -1;
        snprintf(lib, sizeof lib, "%.*s", (int)strcspn(named, ":"), named);
        found = true;
    } else if ((found = find_library(c, exe, lib))) {
        size_t n = strlen(lib) - strlen(LIB);
        snprintf(prefix, sizeof prefix, "%.*s", (int)n, lib);
        snprintf(zip, sizeof zip, "%s/lib/python311.zip", prefix);
        if (append(vm, zip, strlen(zip)) < 0 || append(vm, lib, strlen(lib)) < 0)
            return -1;
    }
    for (int i = 0; i < 4; i++)
        if (ou_sys_set_fs(vm, prefixes[i], prefix) < 0)
            return -1;
    if (found ? ou_sys_set_fs(vm, "_stdlib_dir", lib) < 0
              : ou_dict_set_s(vm, (OuObj *)vm->sysdict, "_stdlib_dir", OU_NONE(vm)) < 0)
        return -1;
    if (c->no_site)
        return 0;
    return ou_dict_set_s(vm, (OuObj *)vm->sysdict, "_home", OU_NONE(vm)) < 0 ? -1
                                                                             : add_sites(vm, c, exe, prefix);
}
