/* scripts/options_doc.c - documents from the table stdlib/options.def: `options_doc markdown`, `man`, `bash` (built by make). */
#include <stdio.h>
#include <string.h>

/* Prints s with the characters escaped that the format gives a meaning. */
static void put(const char *s, int man)
{
    for (; *s; s++) {
        if (man && *s == '-')
            fputs("\\-", stdout);
        else if (man && *s == '\\')
            fputs("\\e", stdout);
        else if (!man && *s == '|')
            fputs("\\|", stdout);
        else
            putchar(*s);
    }
}

static void md_code(const char *a, const char *b)
{
    if (!*a && !*b)
        return;
    putchar('`');
    put(a, 0);
    put(b, 0);
    putchar('`');
}

static void md_row(const char *head, const char *argument, const char *variable, const char *help)
{
    fputs("| ", stdout);
    md_code(head, argument);
    fputs(" | ", stdout);
    md_code(variable, "");
    fputs(" | ", stdout);
    put(help, 0);
    puts(" |");
}

static void markdown(void)
{
    char head[80];
    puts("| option | variable | meaning |\n|---|---|---|");
#define FLAG(letter, field, variable, help)     \
    snprintf(head, sizeof head, "-%c", letter); \
    md_row(head, "", variable, help);
#define OPTION(letter, argument, id, help)                              \
    snprintf(head, sizeof head, "-%c%s", letter, *argument ? " " : ""); \
    md_row(head, argument, "", help);
#define LONG(name, argument, id, help)                                 \
    snprintf(head, sizeof head, "--%s%s", name, *argument ? " " : ""); \
    md_row(head, argument, "", help);
#include "../stdlib/options.def"
#define XOPTION(name, argument, variable, id, help)                     \
    snprintf(head, sizeof head, "-X %s%s", name, *argument ? "=" : ""); \
    md_row(head, argument, variable, help);
#include "../stdlib/options.def"
#define VARIABLE(name, argument, help) md_row("", "", name "=" argument, help);
#include "../stdlib/options.def"
}

static void man_row(const char *head, const char *help, const char *variable)
{
    puts(".TP");
    fputs(".B ", stdout);
    put(head, 1);
    putchar('\n');
    put(help, 1);
    putchar('\n');
    if (*variable) {
        fputs("Also ", stdout);
        put(variable, 1);
        puts(".");
    }
}

static void man(void)
{
    char head[80];
    puts(".SH OPTIONS");
#define FLAG(letter, field, variable, help)     \
    snprintf(head, sizeof head, "-%c", letter); \
    man_row(head, help, variable);
#define OPTION(letter, argument, id, help)                   \
    snprintf(head, sizeof head, "-%c %s", letter, argument); \
    man_row(head, help, "");
#define LONG(name, argument, id, help)                      \
    snprintf(head, sizeof head, "--%s %s", name, argument); \
    man_row(head, help, "");
#include "../stdlib/options.def"
    puts(".SH \"OPTIONS OF -X\"");
#define XOPTION(name, argument, variable, id, help)                                 \
    snprintf(head, sizeof head, "-X %s%s%s", name, *argument ? "=" : "", argument); \
    man_row(head, help, variable);
#include "../stdlib/options.def"
    puts(".SH ENVIRONMENT");
#define FLAG(letter, field, variable, help) \
    if (*variable)                          \
        man_row(variable, help, "");
#define XOPTION(name, argument, variable, id, help) \
    if (*variable)                                  \
        man_row(variable, help, "");
#define VARIABLE(name, argument, help) man_row(name "=" argument, help, "");
#include "../stdlib/options.def"
}

static void bash(void)
{
    fputs("# bash completion of ouro, generated from stdlib/options.def\n"
          "_ouro()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    case $prev in\n"
          "    -X) COMPREPLY=($(compgen -W '",
          stdout);
#define XOPTION(name, argument, variable, id, help) printf("%s%s ", name, *argument ? "=" : "");
#include "../stdlib/options.def"
    fputs(
        "' -- \"$cur\")); return ;;\n"
        "    -W) COMPREPLY=($(compgen -W 'default error ignore always module once' -- \"$cur\")); return ;;\n"
        "    -m) COMPREPLY=($(compgen -W \"$(ouro -c 'import sys; print(*sys.stdlib_module_names)' "
        "2>/dev/null)\" -- \"$cur\")); return ;;\n"
        "    -c) return ;;\n"
        "    esac\n"
        "    case $cur in\n"
        "    -*) COMPREPLY=($(compgen -W '",
        stdout);
#define FLAG(letter, field, variable, help) printf("-%c ", letter);
#define OPTION(letter, argument, id, help) printf("-%c ", letter);
#define LONG(name, argument, id, help) printf("--%s ", name);
#include "../stdlib/options.def"
    fputs("' -- \"$cur\")) ;;\n"
          "    *) COMPREPLY=($(compgen -f -X '!*.@(py|pyc|zip)' -- \"$cur\") $(compgen -d -- \"$cur\")) ;;\n"
          "    esac\n"
          "}\n"
          "complete -o filenames -F _ouro ouro\n",
          stdout);
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";
    if (strcmp(what, "markdown") == 0)
        markdown();
    else if (strcmp(what, "man") == 0)
        man();
    else if (strcmp(what, "bash") == 0)
        bash();
    else {
        fputs("usage: options_doc markdown | man | bash\n", stderr);
        return 2;
    }
    return 0;
}
