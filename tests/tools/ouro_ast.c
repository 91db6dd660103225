/* tests/tools/ouro_ast.c - prints the tree of a source, or the error: for comparison with CPython.
 *
 *     ouro-ast [-e | -s] [-q] FILE ...    -e eval, -s single; -q only parses (timing)
 *     ouro-ast -b [-e | -s]               batch: standard input holds "<bytes>\n<source>" again and again;
 *                                         every answer is "<bytes>\n<text>"
 *
 * The error is one line: kind, message, lineno, offset, end_lineno, end_offset (characters from 1,
 * as SyntaxError has them), separated by tabs. */
#include "gc/mem.h"
#include "lang/ast_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_name[] = {"none",        "SyntaxError", "IndentationError", "TabError",
                                        "SyntaxError", "ValueError",  "RecursionError",   "MemoryError",
                                        "SystemError", "hook"};

/* Byte column to SyntaxError's: characters from 1. */
static int offset_of(const OuParse *p, const OuDiag *d, int lineno, int col)
{
    size_t len = 0;
    const char *line = d->text;
    if (line)
        len = strlen(line);
    else
        line = ou_parse_line(p, lineno, &len);
    if (col < 0)
        return col + 1;
    int n = 1;
    for (int i = 0; i < col; i++)
        if (!line || (size_t)i >= len || (line[i] & 0xc0) != 0x80)
            n++;
    return n;
}

static void answer(const char *s, size_t n, bool batch)
{
    if (batch)
        printf("%zu\n", n);
    fwrite(s, 1, n, stdout);
    if (!batch)
        putchar('\n');
}

static void run(OuMem *mem, const char *src, size_t n, OuParseMode mode, unsigned flags, bool quiet,
                bool batch)
{
    OuArena arena;
    OuParse p;
    ou_arena_init(&arena, mem);
    ou_parse_init(&p, &arena, mem, flags);
    OuNode *tree = ou_parse_run(&p, src, n, mode);
    if (tree) {
        size_t len = 2;
        const char *s = quiet ? "ok" : ou_astdump(&p, tree, true, &len);
        answer(s, len, batch);
    } else {
        const OuDiag *d = &p.diag;
        char buf[4096];
        int len = snprintf(buf, sizeof buf, "!%s\t%s\t%d\t%d\t%d\t%d%s", kind_name[d->kind],
                           d->msg ? d->msg : "", d->lineno, offset_of(&p, d, d->lineno, d->col),
                           d->end_lineno, offset_of(&p, d, d->lineno, d->end_col),
                           flags & OU_PARSE_ALLOW_INCOMPLETE && d->incomplete ? "\tincomplete" : "");
        answer(buf, (size_t)len < sizeof buf ? (size_t)len : sizeof buf - 1, batch);
    }
    ou_arena_free(&arena);
}

static char *read_all(FILE *f, size_t *n)
{
    size_t cap = 1 << 16;
    char *s = malloc(cap);
    *n = 0;
    for (size_t got; s && (got = fread(s + *n, 1, cap - *n, f)) > 0;)
        if ((*n += got) == cap)
            s = realloc(s, cap *= 2);
    return s;
}

int main(int argc, char **argv)
{
    OuParseMode mode = OU_PARSE_FILE;
    unsigned flags = 0;
    bool quiet = false, batch = false;
    OuMem mem;
    int i = 1;
    ou_mem_init(&mem, 0);
    for (; i < argc && argv[i][0] == '-'; i++) {
        switch (argv[i][1]) {
        case 'e':
            mode = OU_PARSE_EVAL;
            break;
        case 's':
            mode = OU_PARSE_SINGLE;
            break;
        case 'u':
            flags |= OU_PARSE_UTF8;
            break;
        case 'i':
            flags |= OU_PARSE_ALLOW_INCOMPLETE | OU_PARSE_DONT_IMPLY_DEDENT;
            break;
        case 't':
            flags |= OU_PARSE_TYPE_COMMENTS;
            break;
        case 'q':
            quiet = true;
            break;
        case 'b':
            batch = true;
            break;
        default:
            fprintf(stderr, "usage: ouro-ast [-e|-s] [-u] [-i] [-t] [-q] FILE... | -b\n");
            return 2;
        }
    }
    if (batch) {
        size_t n;
        while (scanf("%zu", &n) == 1 && getchar() == '\n') {
            char *src = malloc(n + 1);
            if (!src || fread(src, 1, n, stdin) != n)
                return 1;
            src[n] = 0;
            run(&mem, src, n, mode, flags, quiet, true);
            fflush(stdout);
            free(src);
        }
        return 0;
    }
    for (; i < argc; i++) {
        size_t n = 0;
        FILE *f = fopen(argv[i], "rb");
        char *src = f ? read_all(f, &n) : NULL;
        if (!src) {
            perror(argv[i]);
            return 1;
        }
        fclose(f);
        run(&mem, src, n, mode, flags, quiet, false);
        free(src);
    }
    return 0;
}
