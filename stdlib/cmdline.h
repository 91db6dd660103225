/* stdlib/cmdline.h - the command line as data (stdlib/cmdline.c). */
#ifndef OU_STDLIB_CMDLINE_H
#define OU_STDLIB_CMDLINE_H

#include "vm/config.h"

typedef enum { OU_RUN_STDIN, OU_RUN_FILE, OU_RUN_COMMAND, OU_RUN_MODULE } OuRunKind;

typedef struct OuCommand {
    OuConfig config;
    OuRunKind kind;
    const char *what; /* script, text of -c or module name */
    int unbuffered, skip_first_line, random_hash;
    int showrefcount, dis, gcstats, faulthandler;
    char **argv_owned;        /* sys.argv: one array, strings of the process */
    char **warnings, **xopts; /* arrays of strings; the strings of `made` are owned */
    char **made;
    int nmade;
} OuCommand;

enum { OU_CMD_RUN = -1 }; /* else: the exit status */

/* Fills cmd from the arguments and the environment.  OU_CMD_RUN, or the status to exit with (help and errors were printed). */
int ou_cmdline_parse(OuCommand *cmd, int argc, char **argv);
void ou_cmdline_free(OuCommand *cmd);
/* An environment variable, NULL when unset, empty, or -E was given and the name begins with PYTHON. */
const char *ou_cmdline_env(const OuConfig *config, const char *name);

#endif
