/* stdlib/run.h - running programs (stdlib/run.c, run_module.c) and the prompt (stdlib/repl.c). */
#ifndef OU_STDLIB_RUN_H
#define OU_STDLIB_RUN_H

#include "cmdline.h"
#include "vm/vm.h"

enum { OU_EXIT_SIGINT = 256 }; /* a status: die by the signal */

/* Runs what the command line asks for; the exit status. */
int ou_run(OuVM *vm, OuCommand *cmd);
/* The namespace of __main__ (made at the first call): borrowed; NULL with exception. */
OuObj *ou_run_main_dict(OuVM *vm);
/* Runs code (taken; NULL: an exception is in flight) in globals: exit status after reporting an exception. */
int ou_run_code(OuVM *vm, const OuCommand *cmd, OuObj *code_take, OuObj *globals);
/* Loads importlib for a program whose text uses `__loader__`: only then somebody sees that it is missing.  0/-1 */
int ou_run_loader(OuVM *vm, OuObj *code);
/* Reports the exception in flight: exit status.  While cmd->config.inspect is on, SystemExit is reported like any other. */
int ou_run_report(OuVM *vm, const OuCommand *cmd);
/* -m name, and directories and zip files (name "__main__", sys.path[0] is set): the exit status.  run_module.c */
int ou_run_module(OuVM *vm, OuCommand *cmd, const char *name, bool alter_argv);
/* The prompt, on a terminal or not: the exit status.  repl.c */
int ou_repl(OuVM *vm, OuCommand *cmd);
/* The process: parses, runs, ends. */
int ou_main(int argc, char **argv);

#endif
