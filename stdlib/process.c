/* stdlib/process.c - the life of the process: command line, VM, program, end, exit status. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "report.h"
#include "run.h"
#include "sys.h"
#include "vm/exceptions.h"
#include "vm/import.h"

/* What must be there before the program: paths, streams, names of builtins, warning filters. 0/-1 */
static int prepare(OuVM *vm, OuCommand *cmd)
{
    if (ou_paths_init(vm) < 0)
        return -1;
    if (ou_sys_init_streams(vm) < 0) {
        if (ou_err_is(vm, OU_EXC(vm, LookupError))) { /* PYTHONIOENCODING */
            fputs("Fatal Python error: init_stdio_encoding: failed to get the Python codec name of the stdio "
                  "encoding\n"
                  "Python runtime state: core initialized\n",
                  stderr);
            ou_run_report(vm, cmd);
            fprintf(stderr, "\nCurrent thread %#018lx (most recent call first):\n  <no Python frame>\n",
                    (unsigned long)pthread_self());
            exit(1);
        }
        return -1;
    }
    if (!cmd->config.no_site && ou_site_builtins(vm) < 0)
        return -1;
    if (cmd->config.pycache_prefix && ou_sys_set_fs(vm, "pycache_prefix", cmd->config.pycache_prefix) < 0)
        return -1;
    if (cmd->faulthandler) {
        OuObj *fn = ou_import_attr(vm, "faulthandler", "enable"), *res = fn ? ou_call0(vm, fn) : NULL;
        if (!res)
            ou_err_clear(vm);
        ou_xdecref(vm, fn);
        ou_xdecref(vm, res);
    }
    if (cmd->config.nwarnoptions) {
        /* the library's warnings reads sys.warnoptions; without it the native filters stay as they are */
        OuObj *m = ou_import(vm, "warnings");
        if (!m)
            ou_err_clear(vm);
        ou_xdecref(vm, m);
    }
    return 0;
}

/* Kills this process by SIGINT, so that a calling shell sees what happened. */
static int die_by_sigint(void)
{
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
    return 128 + SIGINT;
}

static bool is_one_of(const char *name, const char *a, const char *b)
{
    return strcmp(name, a) == 0 || strcmp(name, b) == 0;
}

/* The character set of texts.  PEP 538 and 540: in the C locale the texts are UTF-8 nevertheless, and child processes are
 * told so.  The C library itself is told of C.UTF-8 only when _locale is imported: its tables are 128 KiB of the 4 MiB
 * that an empty program takes, and nothing before asks for them. */
static void settle_locale(OuCommand *cmd)
{
    const char *all = getenv("LC_ALL"), *ctype = getenv("LC_CTYPE"), *lang = getenv("LANG"),
               *coerce = ou_cmdline_env(&cmd->config, "PYTHONCOERCECLOCALE"),
               *name = all && *all       ? all
                       : ctype && *ctype ? ctype
                       : lang && *lang   ? lang
                                         : "C";
    bool legacy = is_one_of(name, "C", "POSIX"), utf8 = is_one_of(name, "C.UTF-8", "C.utf8");
    if (!legacy && !utf8) {
        name = setlocale(LC_CTYPE, "");
        legacy = !name || is_one_of(name, "C", "POSIX");
    }
    if (cmd->config.utf8_mode < 0)
        cmd->config.utf8_mode = legacy;
    if (legacy && !(all && *all) && !(coerce && strcmp(coerce, "0") == 0)) {
        setenv("LC_CTYPE", "C.UTF-8", 1);
        utf8 = true;
    }
    cmd->config.locale_deferred = utf8;
}

int ou_main(int argc, char **argv)
{
    OuCommand cmd;
    signal(SIGPIPE, SIG_IGN);
    int status = ou_cmdline_parse(&cmd, argc, argv);
    if (status != OU_CMD_RUN) {
        ou_cmdline_free(&cmd);
        return fflush(stdout) == 0 ? status : 120;
    }
    settle_locale(&cmd);
    OuVM *vm = ou_vm_new(&cmd.config);
    if (!vm) {
        fprintf(stderr, "%s: cannot start: out of memory\n", cmd.config.program);
        ou_cmdline_free(&cmd);
        return 1;
    }
    status = prepare(vm, &cmd) < 0 ? ou_run_report(vm, &cmd) : ou_run(vm, &cmd);
    int flushed = ou_vm_finalize(vm);
    ou_report_end(vm, &cmd);
    ou_vm_free(vm);
    ou_cmdline_free(&cmd);
    if (flushed < 0 && status != OU_EXIT_SIGINT)
        status = 120;
    return status == OU_EXIT_SIGINT ? die_by_sigint() : status;
}
