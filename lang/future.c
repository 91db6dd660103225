/* lang/future.c - `from __future__ import ...` at the head of a file. */
#include "codegen.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned flag; /* 0: always on by now */
} features[] = {
    {"nested_scopes", 0},    {"generators", 0},
    {"division", 0},         {"absolute_import", 0},
    {"with_statement", 0},   {"print_function", 0},
    {"unicode_literals", 0}, {"barry_as_FLUFL", OU_CO_FUTURE_BARRY},
    {"generator_stop", 0},   {"annotations", OU_CO_FUTURE_ANNOTATIONS},
};

static bool is_future(const OuNode *s)
{
    const OuText *m = s->kind == AST_ImportFrom ? AST(ImportFrom, s)->module : NULL;
    return m && !strcmp(m->s, "__future__") && AST(ImportFrom, s)->level <= 0;
}

static int take(OuParse *p, OuAst_ImportFrom *s, unsigned *flags)
{
    for (uint32_t i = 0; i < s->names.n; i++) {
        const char *name = AST(alias, s->names.at[i])->name->s;
        size_t k = 0, n = sizeof features / sizeof *features;
        while (k < n && strcmp(name, features[k].name))
            k++;
        /* CPython gives these two the first column and no end */
        if (k == n) {
            char msg[300];
            snprintf(msg, sizeof msg,
                     strcmp(name, "braces") ? "future feature %.200s is not defined" : "not a chance", name);
            return ou_diag_set_pass(&p->diag, p->arena, OU_DIAG_SYMBOLS, s->node.lineno, s->node.col,
                                    s->node.lineno, OU_DIAG_NO_END, msg);
        }
        *flags |= features[k].flag;
    }
    return 0;
}

int ou_future_scan(OuParse *p, OuNode *mod, unsigned *flags, int *last_line)
{
    OuSeq body;
    *last_line = -1;
    if (mod->kind == AST_Module)
        body = AST(Module, mod)->body;
    else if (mod->kind == AST_Interactive)
        body = AST(Interactive, mod)->body;
    else
        return 0;
    uint32_t i = ou_gen_docstring(body) ? 1 : 0;
    for (; i < body.n && is_future(body.at[i]); i++) {
        if (take(p, AST(ImportFrom, body.at[i]), flags) < 0)
            return -1;
        *last_line = body.at[i]->lineno;
    }
    /* what comes later is found by its line when it is compiled, but not on the same line */
    for (uint32_t k = i; i < body.n && body.at[i]->lineno == body.at[k]->lineno; i++)
        if (is_future(body.at[i]))
            /* CPython's future.c forgets to count columns from 1 here */
            return ou_diag_set_pass(&p->diag, p->arena, OU_DIAG_SYMBOLS, body.at[i]->lineno,
                                    body.at[i]->col - 1, body.at[i]->lineno, OU_DIAG_NO_END,
                                    "from __future__ imports must occur at the beginning of the file");
    return 0;
}
