/* stdlib/main.c - the program: command line to exit status. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys.h"
#include "vm/codecache.h"
#include "vm/compile.h"
#include "vm/config.h"
#include "vm/exceptions.h"
#include "vm/import.h"

/* The status of a script that ended by an exception, which is printed (SystemExit: its code). */
static int exit_status(OuVM *vm)
{
    OuObj *exc = vm->ts->raised;
    if (!exc || !ou_err_is(vm, OU_EXC(vm, SystemExit))) {
        ou_err_print(vm);
        return 1;
    }
    exc = ou_err_fetch(vm);
    OuObj *code = ((OuExcSystemExit *)exc)->code;
    int status = 0;
    int64_t v;
    if (code && code != OU_NONE(vm)) {
        if (ou_isa_int(vm, code))
            status = ou_int_fits(code, &v) ? (int)v : -1;
        else {
            OuObj *s = ou_str(vm, code), *f = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr));
            OuObj *line = s ? ou_str_fmt(vm, "%U\n", s) : NULL;
            if (line && f && f != OU_NONE(vm))
                ou_xdecref(vm, ou_call_method(vm, f, OU_NAME(vm, write), 1, line));
            ou_xdecref(vm, s);
            ou_xdecref(vm, line);
            ou_err_clear(vm);
            status = 1;
        }
    }
    ou_decref(vm, exc);
    return status & 0xff;
}

static OuObj *main_module(OuVM *vm)
{
    OuObj *name = OU_NAME(vm, __main__), *m = ou_module_new(vm, name);
    if (!m)
        return NULL;
    OuObj *d = (OuObj *)((OuModule *)m)->dict;
    if (ou_dict_set(vm, (OuObj *)vm->modules, name, m) < 0 || ou_dict_set(vm, d, OU_NAME(vm, __builtins__), vm->builtins_module) < 0)
        return NULL;
    ou_decref(vm, m);
    return d;
}

static int run_code(OuVM *vm, OuObj *code, OuObj *globals)
{
    OuObj *res = code ? ou_eval_code(vm, code, OU_DICT(globals), NULL) : NULL;
    ou_xdecref(vm, code);
    if (!res)
        return exit_status(vm);
    ou_decref(vm, res);
    return 0;
}

static int run_file(OuVM *vm, const char *path)
{
    OuObj *globals = main_module(vm), *file = ou_fs_decode(vm, path, -1);
    OuObj *src = file ? ou_read_file(vm, file) : NULL;
    if (!src) {
        fprintf(stderr, "ouro: can't open file '%s': [Errno %d] %s\n", path, errno, strerror(errno));
        return 2;
    }
    ou_dict_set(vm, globals, OU_NAME(vm, __file__), file);
    OuObj *code = ou_compile_source(vm, OU_BYTES(src)->data, OU_BYTES(src)->len, file, OU_PARSE_FILE, (unsigned)OU_COMPILE_SCRIPT, -1);
    ou_decref(vm, src);
    ou_decref(vm, file);
    return run_code(vm, code, globals);
}

static int run_string(OuVM *vm, const char *text)
{
    OuObj *globals = main_module(vm), *file = ou_str_intern_s(vm, "<string>");
    OuObj *code = ou_compile_source(vm, text, strlen(text), file, OU_PARSE_FILE, OU_PARSE_UTF8, -1);
    ou_decref(vm, file);
    return run_code(vm, code, globals);
}

static void add_path(OuVM *vm, const char *dir)
{
    OuObj *path = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path)), *s = ou_fs_decode(vm, dir, -1);
    if (path && s)
        ou_list_append(vm, path, s);
    ou_xdecref(vm, s);
}

int main(int argc, char **argv)
{
    OuConfig config = {.program = argv[0], .orig_argc = argc, .orig_argv = argv, .hash_randomization = 1, .int_max_str_digits = -1};
    const char *command = NULL;
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
            command = argv[i + 1];
            argv[i + 1] = "-c";
            i++;
            break;
        }
    }
    config.argc = argc - i;
    config.argv = argv + i;
    const char *seed = getenv("PYTHONHASHSEED");
    if (seed && *seed && strcmp(seed, "random") != 0) {
        config.hash_randomization = 0;
        config.hash_seed = (uint32_t)strtoul(seed, NULL, 10);
    }
    OuVM *vm = ou_vm_new(&config);
    if (!vm) {
        fprintf(stderr, "ouro: out of memory\n");
        return 1;
    }
    int status;
    if (ou_sys_init_streams(vm) < 0)
        status = exit_status(vm);
    else if (command) {
        add_path(vm, "");
        add_path(vm, "/usr/lib/python3.11");
        status = run_string(vm, command);
    } else if (i < argc) {
        char *slash = strrchr(argv[i], '/');
        char *dir = slash ? strndup(argv[i], (size_t)(slash - argv[i])) : strdup(".");
        add_path(vm, dir);
        free(dir);
        add_path(vm, "/usr/lib/python3.11");
        status = run_file(vm, argv[i]);
    } else {
        fprintf(stderr, "usage: ouro file | -c code\n");
        status = 2;
    }
    ou_vm_free(vm);
    return status;
}
