/* tests/tools/ouro_dis.c - prints the code of a source, or the error.
 *
 *     ouro-dis [-O | -OO] [-q | -m | -p] FILE ...    -q: no code, errors and a count only
 *                                               -m: a line of facts for each unit, see
 * tests/tools/dis_compare.py -p: the same with the place of each instruction
 *
 * Every unit is verified. */
#include "gc/mem.h"
#include "lang/dis.h"
#include "lang/opcode.h"
#include "lang/verify.h"

#include <stdlib.h>
#include <string.h>

static char *slurp(const char *path, size_t *n)
{
    FILE *f = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    char *buf = NULL;
    size_t cap = 0;
    *n = 0;
    while (f) {
        if (*n + 65536 > cap)
            buf = realloc(buf, cap = cap * 2 + 131072);
        size_t got = fread(buf + *n, 1, 65536, f);
        *n += got;
        if (!got)
            break;
    }
    if (f && f != stdin)
        fclose(f);
    return buf;
}

static void names_of(const OuUnit *u, unsigned kind)
{
    putchar('\t');
    for (uint32_t i = 0; i < u->nvars; i++)
        if (u->var_kinds[i] & kind)
            printf("%s,", u->var_names[i]->s);
}

/* NAME:line-end:col-end of every instruction that has a place. */
static void places(const OuUnit *u)
{
    OuLocIter it;
    ou_loc_begin(&it, u->locs, u->nlocs, u->firstlineno);
    for (uint32_t at = 0, end = 0; at < u->ncode; at += ou_opcode_length(u->code[at])) {
        while (at >= end && ou_loc_next(&it))
            end = it.unit + it.units;
        printf("%s:%d-%d:%d-%d ", ou_opcode_row[OU_INSTR_OP(u->code[at])].name, it.loc.lineno,
               it.loc.end_lineno, it.loc.col, it.loc.end_col);
    }
}

static void facts(const OuUnit *u, bool with_places)
{
    printf("%d\t%s\t%s\t%x\t%u\t%u\t%u", u->firstlineno, u->qualname->s, u->name->s, u->flags, u->argcount,
           u->posonlyargcount, u->kwonlyargcount);
    names_of(u, OU_REG_LOCAL);
    names_of(u, OU_REG_CELL);
    names_of(u, OU_REG_FREE);
    printf("\t%s", u->nconsts && u->consts[0].kind == OU_K_STR ? "doc" : "-");
    if (with_places) {
        putchar('\t');
        places(u);
    }
    putchar('\n');
    for (uint32_t i = 0; i < u->nconsts; i++)
        if (u->consts[i].kind == OU_K_CODE)
            facts(u->consts[i].unit, with_places);
}

/* 0, or 1 after an error. */
static int run(OuMem *mem, const char *path, int optimize, bool quiet, int only_facts)
{
    size_t n;
    char *src = slurp(path, &n);
    if (!src) {
        fprintf(stderr, "%s: cannot read\n", path);
        return 1;
    }
    OuArena arena;
    OuParse p;
    int bad = 0;
    ou_arena_init(&arena, mem);
    ou_parse_init(&p, &arena, mem, 0);
    OuNode *tree = ou_parse_run(&p, src, n, OU_PARSE_FILE);
    OuCompile c = {.parse = &p, .optimize = optimize};
    OuUnit *unit = tree ? ou_compile(&c, tree) : NULL;
    char why[200];
    if (!unit) {
        printf("%s: error %d: %s (%d, %d, %d, %d)\n", path, p.diag.kind, p.diag.msg ? p.diag.msg : "?",
               p.diag.lineno, p.diag.col, p.diag.end_lineno, p.diag.end_col);
        bad = 1;
    } else if (ou_verify_unit(unit, why, sizeof why) < 0) {
        printf("%s: not verified: %s\n", path, why);
        if (!quiet)
            ou_dis_print(unit, stdout);
        bad = 1;
    } else if (only_facts) {
        printf("file\t%s\n", path);
        facts(unit, only_facts > 1);
    } else if (!quiet) {
        ou_dis_print(unit, stdout);
    }
    for (OuDiagWarning *w = p.warnings; w && !quiet && !only_facts; w = w->next)
        printf("warning: %s: %s (%d)\n", w->category, w->msg, w->lineno);
    ou_arena_free(&arena);
    free(src);
    return bad;
}

int main(int argc, char **argv)
{
    int optimize = 0, bad = 0, files = 0;
    bool quiet = false;
    int only_facts = 0;
    OuMem mem;
    ou_mem_init(&mem, 0);
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-O"))
            optimize = 1;
        else if (!strcmp(argv[i], "-OO"))
            optimize = 2;
        else if (!strcmp(argv[i], "-q"))
            quiet = true;
        else if (!strcmp(argv[i], "-m"))
            only_facts = 1;
        else if (!strcmp(argv[i], "-p"))
            only_facts = 2;
        else {
            files++;
            bad += run(&mem, argv[i], optimize, quiet, only_facts);
        }
    }
    ou_mem_done(&mem);
    if (quiet)
        printf("%d files, %d errors\n", files, bad);
    return bad != 0;
}
