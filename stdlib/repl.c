/* stdlib/repl.c - the prompt. */
#include "run.h"

#include "vm/err.h"

int ou_repl(OuVM *vm, OuCommand *cmd)
{
    ou_raise(vm, OU_EXC(vm, NotImplementedError), "the prompt is not there yet");
    return ou_run_report(vm, cmd);
}
