/* stdlib/cmdline.c - arguments and environment to OuCommand.  The tables are in options.def; precedence as in CPython: an
 * option beats its variable, flags that count take the larger of both. */
#include "cmdline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "version.h"

/* ---- help ---- */

static void help_row(const char *head, const char *text)
{
    int w = printf("%s", head);
    for (const char *s = text; *s;) {
        const char *nl = strchrnul(s, '\n');
        if (w >= 8) {
            putchar('\n');
            w = 0;
        }
        printf("%*s%.*s\n", 8 - w, "", (int)(nl - s), s);
        w = 0;
        s = *nl ? nl + 1 : nl;
    }
}

static void usage(FILE *f, const char *program)
{
    fprintf(f, "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n", program);
}

static void help_options(const char *program)
{
    char head[80];
    usage(stdout, program);
    puts("Options:");
#define FLAG(letter, field, variable, help)     \
    snprintf(head, sizeof head, "-%c", letter); \
    help_row(head, *variable ? help "; also " variable "=x" : help);
#define OPTION(letter, argument, id, help)                   \
    snprintf(head, sizeof head, "-%c %s", letter, argument); \
    help_row(head, help);
#define LONG(name, argument, id, help)                      \
    snprintf(head, sizeof head, "--%s %s", name, argument); \
    help_row(head, help);
#include "options.def"
    puts("Arguments:");
    help_row("file", "program read from this file, or from __main__.py of this directory or zip file");
    help_row("-", "program read from stdin (the default; a prompt if that is a terminal)");
    help_row("arg ...", "sys.argv[1:] of the program");
}

static void help_xoptions(void)
{
    char head[80];
    puts("Options of -X:");
#define XOPTION(name, argument, variable, id, help)                                 \
    snprintf(head, sizeof head, "-X %s%s%s", name, *argument ? "=" : "", argument); \
    help_row(head, *variable ? help "; also " variable : help);
#include "options.def"
}

static void help_env(void)
{
    char head[80];
    puts("Environment variables:");
#define FLAG(letter, field, variable, help)            \
    if (*variable) {                                   \
        snprintf(head, sizeof head, "%s=x", variable); \
        help_row(head, help);                          \
    }
#define XOPTION(name, argument, variable, id, help)                                 \
    if (*variable) {                                                                \
        snprintf(head, sizeof head, "%s=%s", variable, *argument ? argument : "1"); \
        help_row(head, help);                                                       \
    }
#define VARIABLE(name, argument, help)                    \
    snprintf(head, sizeof head, "%s=%s", name, argument); \
    help_row(head, help);
#include "options.def"
}

/* ---- small tools ---- */

const char *ou_cmdline_env(const OuConfig *config, const char *name)
{
    const char *v =
        config && config->ignore_environment && strncmp(name, "PYTHON", 6) == 0 ? NULL : getenv(name);
    return v && *v ? v : NULL;
}

/* Appends s to a list of n strings that grows by doubling. */
static void push(char ***list, int *n, char *s)
{
    if ((*n & (*n - 1)) == 0) {
        char **more = realloc(*list, sizeof(char *) * (size_t)(*n ? *n * 2 : 1));
        if (!more) {
            fputs("ouro: out of memory\n", stderr);
            exit(1);
        }
        *list = more;
    }
    (*list)[(*n)++] = s;
}

static char *keep(OuCommand *cmd, char *s)
{
    push(&cmd->made, &cmd->nmade, s);
    return s;
}

static void add_warning(OuCommand *cmd, const char *s)
{
    push(&cmd->warnings, &cmd->config.nwarnoptions, keep(cmd, strdup(s)));
}

/* A number that fills the whole string. */
static bool number(const char *s, unsigned long long max, unsigned long long *out)
{
    char *end;
    if (!s || *s < '0' || *s > '9')
        return false;
    *out = strtoull(s, &end, 10);
    return *end == 0 && *out <= max;
}

/* The text CPython has for a configuration it cannot start with.  early: before it knows its allocator. */
static int fatal(const char *where, const char *msg, bool early)
{
    fprintf(stderr, "Fatal Python error: %s%s\nPython runtime state: %s\n\n", where, msg,
            early ? "preinitializing" : "preinitialized");
    return 1;
}

static bool parse_bytes(const char *s, uint64_t *out)
{
    char *end;
    if (!s || *s < '0' || *s > '9')
        return false;
    unsigned long long v = strtoull(s, &end, 10);
    int shift = *end == 'k' || *end == 'K'   ? 10
                : *end == 'm' || *end == 'M' ? 20
                : *end == 'g' || *end == 'G' ? 30
                                             : 0;
    if (shift)
        end++;
    if (shift && (*end == 'i' || *end == 'I'))
        end++;
    if (shift && (*end == 'b' || *end == 'B'))
        end++;
    if (*end || v > UINT64_MAX >> shift)
        return false;
    *out = (uint64_t)v << shift;
    return true;
}

/* ---- -X ---- */

typedef enum {
#define XOPTION(name, argument, variable, id, help) X_##id,
#include "options.def"
    X_COUNT
} XId;

typedef struct XRow {
    const char *name, *variable;
    XId id;
} XRow;
static const XRow x_rows[] = {
#define XOPTION(name, argument, variable, id, help) {name, variable, X_##id},
#include "options.def"
};

/* value: behind "=", or NULL; env: it comes from the variable.  -1, or the exit status. */
static int apply_x(OuCommand *cmd, XId id, const char *value, bool env)
{
    OuConfig *c = &cmd->config;
    unsigned long long v;
    switch (id) {
    case X_DEV:
        c->dev_mode = true;
        break;
    case X_DIS:
        cmd->dis = 1;
        break;
    case X_FAILALLOC:
        if (!number(value, INT64_MAX, &v))
            return fatal("config_read: ", "-X failalloc: a number is expected", false);
        c->fail_alloc = (uint64_t)v;
        break;
    case X_FAULTHANDLER:
        cmd->faulthandler = 1;
        break;
    case X_FROZEN:
        if (value && *value && strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
            return fatal("", "bad value for option -X frozen_modules (expected \"on\" or \"off\")", false);
        break;
    case X_GCSTATS:
        cmd->gcstats = 1;
        break;
    case X_GCSTRESS:
        if (value && !number(value, INT32_MAX, &v))
            return fatal("config_read: ", "-X gcstress: a number is expected", false);
        c->gc_stress = true;
        c->gc_stress_full = value ? (int)v : 0;
        break;
    case X_IMPORTTIME:
        c->importtime = true;
        break;
    case X_INT_DIGITS:
        if (!number(value, INT32_MAX, &v) || (v != 0 && v < 640))
            return fatal("config_init_int_max_str_digits: ",
                         env ? "PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 for unlimited."
                             : "-X int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited.",
                         false);
        c->int_max_str_digits = (int)v;
        break;
    case X_LEAKCHECK:
        c->leakcheck = true;
        break;
    case X_MALLOC:
        if (value && (strcmp(value, "system") == 0 || strcmp(value, "malloc") == 0 ||
                      strcmp(value, "malloc_debug") == 0))
            c->malloc_system = true;
        else if (env && value &&
                 (strcmp(value, "pymalloc") == 0 || strcmp(value, "pymalloc_debug") == 0 ||
                  strcmp(value, "default") == 0 || strcmp(value, "debug") == 0))
            break;
        else if (env)
            return fatal("preconfig_init_allocator: ", "PYTHONMALLOC: unknown allocator", true);
        else
            return fatal("config_read: ", "-X malloc: only \"system\" is known", false);
        break;
    case X_MEMLIMIT:
        if (!parse_bytes(value, &c->memlimit))
            return fatal("config_read: ",
                         "-X memlimit: a number of bytes is expected, with K, M or G behind it", false);
        break;
    case X_NO_RANGES:
        c->no_debug_ranges = true;
        break;
    case X_PYCACHE:
        c->pycache_prefix = value && *value ? value : NULL;
        break;
    case X_SHOWREFCOUNT:
        cmd->showrefcount = 1;
        break;
    case X_TRACEMALLOC:
        if (!value)
            v = 1;
        else if (!number(value, 65535, &v))
            return fatal("config_init_tracemalloc: ",
                         env ? "PYTHONTRACEMALLOC: invalid number of frames"
                             : "-X tracemalloc=NFRAME: invalid number of frames",
                         false);
        c->tracemalloc = (int)v;
        break;
    case X_UTF8:
        if (value && strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
            return fatal(
                "preconfig_init_utf8_mode: ",
                env ? "invalid PYTHONUTF8 environment variable value" : "invalid -X utf8 option value", true);
        c->utf8_mode = !value || *value == '1';
        break;
    case X_WARN_ENCODING:
        c->warn_default_encoding = 1;
        break;
    case X_COUNT:
        break;
    }
    return OU_CMD_RUN;
}

/* Variables of -X options first, then the options themselves; unknown names only appear in sys._xoptions. */
static int apply_xoptions(OuCommand *cmd)
{
    for (size_t i = 0; i < sizeof x_rows / sizeof *x_rows; i++) {
        const char *v = *x_rows[i].variable ? ou_cmdline_env(&cmd->config, x_rows[i].variable) : NULL;
        int r;
        if (v && (x_rows[i].id != X_TRACEMALLOC || strcmp(v, "0") != 0) &&
            (r = apply_x(cmd, x_rows[i].id, v, true)) != OU_CMD_RUN)
            return r;
    }
    for (int k = 0; k < cmd->config.nxoptions; k++) {
        const char *x = cmd->xopts[k], *eq = strchrnul(x, '=');
        for (size_t i = 0; i < sizeof x_rows / sizeof *x_rows; i++) {
            int r;
            if (strlen(x_rows[i].name) == (size_t)(eq - x) &&
                strncmp(x_rows[i].name, x, (size_t)(eq - x)) == 0 &&
                (r = apply_x(cmd, x_rows[i].id, *eq ? eq + 1 : NULL, false)) != OU_CMD_RUN)
                return r;
        }
    }
    return OU_CMD_RUN;
}

/* ---- environment ---- */

static void env_flag(const OuConfig *c, const char *name, int *field)
{
    const char *v = ou_cmdline_env(c, name);
    unsigned long long n;
    if (!v)
        return;
    int value = number(v, INT32_MAX, &n) ? (int)n : 1; /* any other text counts as 1 */
    if (*field < value)
        *field = value;
}

static int apply_environment(OuCommand *cmd)
{
    OuConfig *c = &cmd->config;
#define FLAG(letter, field, variable, help) \
    if (*variable)                          \
        env_flag(c, variable, &cmd->field);
#include "options.def"
    const char *seed = ou_cmdline_env(c, "PYTHONHASHSEED");
    c->hash_randomization = 1;
    if (seed && strcmp(seed, "random") != 0) {
        unsigned long long v;
        if (!number(seed, UINT32_MAX, &v))
            return fatal("config_init_hash_seed: ",
                         "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]", false);
        c->hash_randomization = v == 0 && cmd->random_hash > 0;
        c->hash_seed = (uint32_t)v;
    }
    return OU_CMD_RUN;
}

/* Filters in CPython's order: development mode, PYTHONWARNINGS, -W, -b. */
static void collect_warnings(OuCommand *cmd, char **given, int ngiven)
{
    OuConfig *c = &cmd->config;
    if (c->dev_mode)
        add_warning(cmd, "default");
    const char *env = ou_cmdline_env(c, "PYTHONWARNINGS");
    char *copy = env ? keep(cmd, strdup(env)) : NULL, *save = NULL;
    for (char *w = copy ? strtok_r(copy, ",", &save) : NULL; w; w = strtok_r(NULL, ",", &save))
        add_warning(cmd, w);
    for (int i = 0; i < ngiven; i++)
        add_warning(cmd, given[i]);
    if (c->bytes_warning)
        add_warning(cmd, c->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
    c->warnoptions = cmd->warnings;
}

/* ---- arguments ---- */

enum {
    L_NONE,
#define LONG(name, argument, id, help) L_##id,
    L_HELP,
    L_HELP_ALL,
    L_HELP_ENV,
    L_HELP_XOPTIONS,
    L_VERSION,
    L_CHECK_PYCS,
};
#undef LONG

static int bad_usage(const char *program)
{
    usage(stderr, program);
    fputs("Try `python -h' for more information.\n", stderr);
    return 2;
}

static int long_option(const char *name, size_t n)
{
#define LONG(lname, argument, id, help)                     \
    if (strlen(lname) == n && strncmp(lname, name, n) == 0) \
        return L_##id;
#include "options.def"
    return L_NONE;
}

typedef struct Scan {
    int argc, at; /* argv[at]: next argument */
    char **argv;
    int version, help; /* how often, which L_ */
    char **warnings;
    int nwarnings;
} Scan;

/* The argument of an option: the rest of its word or the next word; NULL with a message when there is none. */
static char *option_argument(Scan *s, char *rest, char letter)
{
    if (*rest)
        return rest;
    if (s->at < s->argc)
        return s->argv[s->at++];
    fprintf(stderr, "Argument expected for the -%c option\n", letter);
    return NULL;
}

static int scan_long(OuCommand *cmd, Scan *s, char *word)
{
    int id = long_option(word + 2, strlen(word + 2));
    switch (id) {
    case L_NONE:
        fprintf(stderr, "unknown option %s\n", word);
        return bad_usage(cmd->config.program);
    case L_VERSION:
        s->version++;
        break;
    case L_CHECK_PYCS:
        if (s->at >= s->argc) {
            fprintf(stderr, "Argument expected for the %s options\n", word);
            return bad_usage(cmd->config.program);
        }
        word = s->argv[s->at++];
        if (strcmp(word, "always") != 0 && strcmp(word, "never") != 0 && strcmp(word, "default") != 0) {
            fputs("--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n", stderr);
            return bad_usage(cmd->config.program);
        }
        cmd->config.check_pycs = word;
        break;
    default:
        s->help = id;
    }
    return OU_CMD_RUN;
}

/* One word of letters.  Sets *stop at -c and -m. */
static int scan_letters(OuCommand *cmd, Scan *s, char *word, bool *stop)
{
    OuConfig *c = &cmd->config;
    char *arg;
    for (char *p = word + 1; *p; p++) {
        switch (*p) {
#define FLAG(letter, field, variable, help) \
    case letter:                            \
        cmd->field++;                       \
        break;
#include "options.def"
        case 'c':
        case 'm':
            if (!(arg = option_argument(s, p + 1, *p)))
                return bad_usage(c->program);
            cmd->kind = *p == 'c' ? OU_RUN_COMMAND : OU_RUN_MODULE;
            cmd->what = arg;
            *stop = true;
            return OU_CMD_RUN;
        case 'W':
        case 'X':
            if (!(arg = option_argument(s, p + 1, *p)))
                return bad_usage(c->program);
            if (*p == 'W')
                push(&s->warnings, &s->nwarnings, arg);
            else
                push(&cmd->xopts, &c->nxoptions, arg);
            return OU_CMD_RUN;
        case 'h':
        case '?':
            s->help = L_HELP;
            break;
        case 'V':
            s->version++;
            break;
        case 't': /* of Python 2; ignored as CPython ignores it */
            break;
        case 'J':
            fputs("-J is reserved for Jython\n", stderr);
            return bad_usage(c->program);
        default:
            fprintf(stderr, "Unknown option: -%c\n", *p);
            return bad_usage(c->program);
        }
    }
    return OU_CMD_RUN;
}

/* sys.argv: "-c", "-m" (until the module is found), the script, or "". */
static void make_argv(OuCommand *cmd, Scan *s)
{
    int n = 0;
    char *first = "";
    if (cmd->kind == OU_RUN_COMMAND)
        first = "-c";
    else if (cmd->kind == OU_RUN_MODULE)
        first = "-m";
    else if (s->at < s->argc)
        first = s->argv[s->at++];
    push(&cmd->argv_owned, &n, first);
    while (s->at < s->argc)
        push(&cmd->argv_owned, &n, s->argv[s->at++]);
    cmd->config.argv = cmd->argv_owned;
    cmd->config.argc = n;
    if (cmd->kind == OU_RUN_STDIN && *first && strcmp(first, "-") != 0) {
        cmd->kind = OU_RUN_FILE;
        cmd->what = first;
    }
}

static int print_help(OuCommand *cmd, Scan *s)
{
    if (s->help == L_HELP || s->help == L_HELP_ALL)
        help_options(cmd->config.program);
    if (s->help == L_HELP_ENV || s->help == L_HELP_ALL)
        help_env();
    if (s->help == L_HELP_XOPTIONS || s->help == L_HELP_ALL)
        help_xoptions();
    return 0;
}

int ou_cmdline_parse(OuCommand *cmd, int argc, char **argv)
{
    *cmd = (OuCommand){.config = {.program = argc ? argv[0] : "ouro",
                                  .orig_argc = argc,
                                  .orig_argv = argv,
                                  .int_max_str_digits = -1,
                                  .utf8_mode = -1}};
    OuConfig *c = &cmd->config;
    Scan s = {.argc = argc, .argv = argv, .at = 1};
    int r = OU_CMD_RUN;
    bool stop = false;
    while (r == OU_CMD_RUN && !stop && s.at < argc && argv[s.at][0] == '-' && argv[s.at][1]) {
        char *word = argv[s.at++];
        if (word[1] == '-' && !word[2])
            break;
        r = word[1] == '-' ? scan_long(cmd, &s, word) : scan_letters(cmd, &s, word, &stop);
    }
    if (r != OU_CMD_RUN)
        goto done;
    if (s.help || s.version) {
        if (s.help)
            r = print_help(cmd, &s);
        else {
            puts(s.version > 1 ? "Python " OU_VERSION_TEXT
                               : "Python " OU_PYTHON_VERSION " (ouro " OU_VERSION ")");
            r = 0;
        }
        goto done;
    }
    make_argv(cmd, &s);
    if (c->isolated)
        c->ignore_environment = c->no_user_site = c->safe_path = c->isolated = 1;
    c->interactive = c->inspect; /* PYTHONINSPECT asks for a prompt at the end, not for an interactive run */
    if ((r = apply_environment(cmd)) == OU_CMD_RUN)
        r = apply_xoptions(cmd);
    c->xoptions = cmd->xopts;
    c->unbuffered = cmd->unbuffered > 0;
    c->dont_write_bytecode = c->dont_write_bytecode > 0;
    c->no_user_site = c->no_user_site > 0;
    c->no_site = c->no_site > 0;
    c->safe_path = c->safe_path > 0;
    if (c->dev_mode)
        cmd->faulthandler = 1;
    collect_warnings(cmd, s.warnings, s.nwarnings);
done:
    free(s.warnings);
    return r;
}

void ou_cmdline_free(OuCommand *cmd)
{
    for (int i = 0; i < cmd->nmade; i++)
        free(cmd->made[i]);
    free(cmd->made);
    free(cmd->warnings);
    free(cmd->xopts);
    free(cmd->argv_owned);
}
