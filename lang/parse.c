/* lang/parse.c - from bytes to the tree: the fast walk, and the diagnosis when it fails. */
#include "parse.h"

#include "fstring.h"
#include "grammar.h"
#include "parser.h"
#include "source.h"

#include <string.h>

/* grammar.y numbers the tokens by the order of its %token line */
#define TOKEN(name, spelling, op) \
    _Static_assert((int)T_##name == (int)TOK_##name, "grammar.y and tokens.def differ");
#define KEYWORD(name, spelling, op) TOKEN(name, spelling, op)
#define T_ERROR TOK_ERROR
#include "tokens.def"
#undef TOKEN
#undef KEYWORD

/* ---- lists on the scratch stack ---- */

void ou_parser_reject(OuParser *c, OuSpan where)
{
    if (c->rejected || c->refused)
        return;
    c->rejected = true;
    c->where = where;
}

void ou_parser_push(OuParser *c, void *item)
{
    if (c->n == c->cap) {
        uint32_t cap = c->cap ? c->cap * 2 : 64;
        void **more = ou_mem_realloc(c->p->mem, c->item, c->cap * sizeof *more, cap * sizeof *more);
        if (!more) {
            c->p->arena->failed = true;
            return;
        }
        c->item = more;
        c->cap = cap;
    }
    c->item[c->n++] = item;
}

OuL ou_parser_list(OuParser *c, void *item, OuSpan s)
{
    OuL l = {c->n, false, s};
    ou_parser_push(c, item);
    return l;
}

OuL ou_parser_append(OuParser *c, OuL list, void *item, OuSpan s)
{
    ou_parser_push(c, item);
    list.s = ou_span_join(list.s, s);
    list.comma = false;
    return list;
}

OuSeq ou_parser_take(OuParser *c, OuL list)
{
    /* after a failed push the stack may be lower than the list's beginning */
    OuSeq s = {0, NULL};
    if (c->n > list.base)
        s = ou_ast_seq(c->p, c->item + list.base, c->n - list.base);
    c->n = list.base;
    return s;
}

OuNames ou_parser_take_names(OuParser *c, OuL list)
{
    OuNames s = {0, NULL};
    if (c->n > list.base)
        s = ou_ast_names(c->p, c->item + list.base, c->n - list.base);
    c->n = list.base;
    return s;
}

/* ---- runs ---- */

static void release(OuParser *c, OuLex *lex)
{
    ou_mem_free(c->p->mem, c->item, c->cap * sizeof *c->item);
    c->item = NULL;
    ou_lex_free(lex);
}

static OuNode *no_memory(OuParse *p)
{
    p->diag = (OuDiag){0};
    p->diag.kind = OU_DIAG_MEMORY;
    p->diag.col = p->diag.end_col = -1;
    return NULL;
}

void ou_parse_init(OuParse *p, OuArena *arena, OuMem *mem, unsigned flags)
{
    memset(p, 0, sizeof *p);
    p->arena = arena;
    p->mem = mem;
    p->flags = flags;
    p->max_depth = OU_AST_MAX_DEPTH;
}

OuNode *ou_parser_fstring(OuParse *p, uint32_t start, uint32_t end, int lineno, int col)
{
    OuParser c = {.p = p};
    OuLex lex;
    if (ou_lex_init_fstring(&lex, p, start, end, lineno, col) < 0)
        return NULL;
    ou_grammar_run(&c, &lex, TOK_S_FSTR);
    if (!p->diag.kind && !p->arena->failed && (c.refused || c.rejected)) {
        ou_lex_free(&lex);
        if (ou_lex_init_fstring(&lex, p, start, end, lineno, col) == 0) {
            lex.quiet = true;
            ou_diagnose(&c, &lex, TOK_S_FSTR);
        }
    }
    release(&c, &lex);
    if (p->arena->failed)
        return no_memory(p);
    if (p->diag.kind) {
        ou_fstring_error(p, start, end, lineno, col, c.by_lexer);
        return NULL;
    }
    return c.result;
}

static OuTokenKind start_of(OuParseMode mode)
{
    switch (mode) {
    case OU_PARSE_FILE:
        return TOK_S_FILE;
    case OU_PARSE_EVAL:
        return TOK_S_EVAL;
    case OU_PARSE_SINGLE:
        return TOK_S_SINGLE;
    default:
        return TOK_S_FUNCTYPE;
    }
}

/* `# type: ignore` comments go to the module. */
static void add_type_ignores(OuParse *p, const OuLex *lex, OuNode *root)
{
    uint32_t n = (uint32_t)lex->n_type_ignores;
    OuNode **at = n ? ou_arena_alloc(p->arena, n * sizeof *at) : NULL;
    if (!at || root->kind != AST_Module)
        return;
    for (uint32_t i = 0; i < n; i++)
        at[i] = OU_AST(p, (OuSpan){0}, TypeIgnore, .lineno = lex->type_ignores[i].lineno,
                       .tag = lex->type_ignores[i].tag);
    AST(Module, root)->type_ignores = (OuSeq){n, at};
}

OuNode *ou_parse_run(OuParse *p, const char *bytes, size_t n, OuParseMode mode)
{
    OuParser c = {.p = p};
    OuLex lex;
    OuNode *root = NULL;
    if (ou_source_decode(p, bytes, n, mode) < 0)
        return NULL;
    ou_lex_init(&lex, p, mode);
    ou_grammar_run(&c, &lex, start_of(mode));
    if (!p->arena->failed && (p->diag.kind || c.refused || c.rejected)) {
        ou_lex_free(&lex);
        ou_lex_init(&lex, p, mode);
        lex.quiet = true;
        ou_diagnose(&c, &lex, start_of(mode));
    } else if (c.accepted && c.result) {
        root = c.result;
        if (mode == OU_PARSE_EVAL)
            root = OU_AST(p, (OuSpan){0}, Expression, .body = root);
        else
            add_type_ignores(p, &lex, root);
    }
    release(&c, &lex);
    if (p->arena->failed)
        return no_memory(p);
    return p->diag.kind ? NULL : root;
}
