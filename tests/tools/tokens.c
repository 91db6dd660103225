/* tests/tools/tokens.c - prints the tokens of Python files; tests/tools/tokens.py compares them with
 * CPython's.
 *
 * usage: tokens [-q] FILE...     -q: split only, print nothing but errors */
#include "lang/lexer.h"
#include "lang/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *name, size_t *n)
{
    FILE *f = fopen(name, "rb");
    if (!f)
        return NULL;
    size_t cap = 1 << 16;
    char *s = malloc(cap);
    for (*n = 0; s; cap *= 2) {
        *n += fread(s + *n, 1, cap - *n, f);
        if (*n < cap)
            break;
        s = realloc(s, cap * 2);
    }
    fclose(f);
    return s;
}

static void say(const char *what, const OuDiag *d)
{
    printf("%s\t%d\t%d\t%d\t%d\t%d\t%s\n", what, d->kind, d->lineno, d->col, d->end_lineno, d->end_col,
           d->msg ? d->msg : "");
}

int main(int argc, char **argv)
{
    OuMem mem;
    ou_mem_init(&mem, OU_MEM_SYSTEM);
    bool quiet = argc > 1 && !strcmp(argv[1], "-q");
    for (int i = 1 + quiet; i < argc; i++) {
        size_t n;
        char *bytes = read_file(argv[i], &n);
        OuArena arena;
        OuParse p = {.arena = &arena, .mem = plain_mem()};
        OuLex lex;
        if (!bytes)
            continue;
        ou_arena_init(&arena, plain_mem());
        if (!quiet)
            printf("FILE\t%s\n", argv[i]);
        if (ou_source_decode(&p, bytes, n, OU_PARSE_FILE)) {
            say("error", &p.diag);
        } else {
            ou_lex_init(&lex, &p, OU_PARSE_FILE);
            while (ou_lex_line(&lex) > 0) {
                for (size_t k = lex.first; !quiet && k < lex.n; k++) {
                    const OuToken *t = &lex.tok[k];
                    printf("%d\t%s\t%d\t%d\t%d\t%d\n", t->kind, ou_token_spelling(t->kind), t->lineno, t->col,
                           t->end_lineno, t->end_col);
                }
            }
            if (lex.diag.kind)
                say("error", &lex.diag);
            ou_lex_free(&lex);
        }
        ou_arena_free(&arena);
        free(bytes);
    }
    ou_mem_done(&mem);
    return 0;
}
