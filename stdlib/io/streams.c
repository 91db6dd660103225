/* stdlib/io/streams.c - sys.stdin, stdout, stderr and builtins.open, made of _io's classes. */
#include "io.h"
#include "vm/config.h"
#include "vm/containers.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Under the C locale, and those it may have been coerced to, CPython lets undecodable bytes through. */
static const char *locale_errors(OuVM *vm)
{
    static const char *const through[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"};
    const char *l = setlocale(LC_CTYPE, NULL);
    bool yes = !l || (vm->config && vm->config->utf8_mode > 0);
    for (size_t i = 0; !yes && i < sizeof through / sizeof *through; i++)
        yes = strcmp(l, through[i]) == 0;
    return yes ? "surrogateescape" : "strict";
}

const char *ou_io_locale_encoding(OuVM *vm)
{
    const char *set = nl_langinfo(CODESET);
    bool utf8 =
        (vm->config && (vm->config->utf8_mode > 0 || vm->config->embedded || vm->config->locale_deferred)) ||
        !set || !*set || strcmp(set, "UTF-8") == 0;
    return utf8 ? "UTF-8" : set;
}

/* The name that the codec of `name` has ("latin-1": iso8859-1): new str, or NULL. */
static OuObj *codec_name(OuVM *vm, const char *name)
{
    if (strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0)
        return ou_str_new(vm, "utf-8", -1);
    OuObj *lookup = ou_import_attr(vm, "_codecs", "lookup"), *s = lookup ? ou_str_new(vm, name, -1) : NULL,
          *info = s ? ou_call1(vm, lookup, s) : NULL, *res = info ? ou_getattr_s(vm, info, "name") : NULL;
    ou_xdecref(vm, lookup);
    ou_xdecref(vm, s);
    ou_xdecref(vm, info);
    return res;
}

/* PYTHONIOENCODING=encoding:errors; each part may be missing. */
static void env_encoding(OuVM *vm, char enc[64], char err[64])
{
    const char *e = vm->config && vm->config->ignore_environment ? NULL : getenv("PYTHONIOENCODING");
    enc[0] = err[0] = 0;
    if (!e)
        return;
    const char *colon = strchr(e, ':');
    size_t n = colon ? (size_t)(colon - e) : strlen(e);
    if (n < 64) {
        memcpy(enc, e, n);
        enc[n] = 0;
    }
    if (colon && strlen(colon + 1) < 64)
        strcpy(err, colon + 1);
}

static OuObj *make(OuVM *vm, OuIoState *st, int fd, bool out)
{
    char env_enc[64], env_err[64];
    bool tty = isatty(fd) == 1, unbuffered = out && vm->config && vm->config->unbuffered;
    const char *title = fd == 0 ? "<stdin>" : fd == 1 ? "<stdout>" : "<stderr>";
    env_encoding(vm, env_enc, env_err);
    const char *errors = fd == 2      ? "backslashreplace"
                         : env_err[0] ? env_err
                         : env_enc[0] ? "strict"
                                      : locale_errors(vm);
    OuObj *no = ou_int(vm, fd), *mode = ou_str_new(vm, out ? "wb" : "rb", -1),
          *name = ou_str_new(vm, title, -1);
    struct stat st_fd;
    long block = fstat(fd, &st_fd) == 0 && st_fd.st_blksize > 1 ? st_fd.st_blksize : 8192;
    OuObj *size = ou_int(vm, block), *enc = codec_name(vm, env_enc[0] ? env_enc : ou_io_locale_encoding(vm)),
          *err = ou_str_new(vm, errors, -1), *rw = ou_str_new(vm, out ? "w" : "r", -1);
    OuObj *raw = NULL, *buf = NULL, *text = NULL;
    OuObj *fa[3] = {no, mode, OU_FALSE(vm)};
    if (!no || !mode || !name || !size || !enc || !err || !rw)
        goto done;
    if (!(raw = ou_call(vm, (OuObj *)st->fileio, fa, 3, NULL)) || ou_setattr_s(vm, raw, "name", name) < 0)
        goto done;
    if (unbuffered)
        buf = ou_ref(raw);
    else if (!(buf = ou_call2(vm, (OuObj *)(out ? st->writer : st->reader), raw, size)))
        goto done;
    OuObj *ta[6] = {buf,
                    enc,
                    err,
                    out ? (OuObj *)&vm->latin1['\n'] : OU_NONE(vm),
                    OU_BOOL(vm, tty || fd == 2),
                    OU_BOOL(vm, unbuffered)};
    if ((text = ou_call(vm, (OuObj *)st->text, ta, 6, NULL)) &&
        ou_setattr(vm, text, OU_NAME(vm, mode), rw) < 0)
        ou_clear(vm, text);
done:
    ou_xdecref(vm, no);
    ou_xdecref(vm, mode);
    ou_xdecref(vm, name);
    ou_xdecref(vm, size);
    ou_xdecref(vm, enc);
    ou_xdecref(vm, err);
    ou_xdecref(vm, rw);
    ou_xdecref(vm, raw);
    ou_xdecref(vm, buf);
    return text;
}

int ou_io_init_streams(OuVM *vm)
{
    static const char *const names[3][2] = {
        {"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
    OuObj *module = ou_import(vm, "_io"), *open = module ? ou_getattr_s(vm, module, "open") : NULL;
    int r = open ? ou_dict_set(vm, (OuObj *)vm->builtins, OU_NAME(vm, open), open) : -1;
    ou_xdecref(vm, open);
    for (int fd = 0; fd < 3 && r == 0; fd++) {
        OuObj *s = fcntl(fd, F_GETFD) < 0 ? ou_none(vm) : make(vm, ou_io_state(vm), fd, fd > 0);
        if (!s && ou_err_is(vm, OU_EXC(vm, OSError))) { /* a directory, for example */
            ou_err_clear(vm);
            s = ou_none(vm);
        }
        r = !s || ou_dict_set_s(vm, (OuObj *)vm->sysdict, names[fd][0], s) < 0 ||
                    ou_dict_set_s(vm, (OuObj *)vm->sysdict, names[fd][1], s) < 0
                ? -1
                : 0;
        ou_xdecref(vm, s);
    }
    ou_xdecref(vm, module);
    return r;
}
