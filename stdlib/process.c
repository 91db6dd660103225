/* stdlib/process.c - the life of the process: command line, VM, program, end, exit status. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
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
#include "vm/import.h"

/* What must be there before the program: paths, streams, names of builtins, warning filters. 0/-1 */
static int prepare(OuVM *vm, OuCommand *cmd)
{
    if (ou_paths_init(vm) < 0 || ou_sys_init_streams(vm) < 0)
        return -1;
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

int ou_main(int argc, char **argv)
{
    OuCommand cmd;
    signal(SIGPIPE, SIG_IGN);
    setlocale(LC_CTYPE, "");
    int status = ou_cmdline_parse(&cmd, argc, argv);
    if (status != OU_CMD_RUN) {
        ou_cmdline_free(&cmd);
        return fflush(stdout) == 0 ? status : 120;
    }
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
