/* vm/carets.c - which part of a traceback's source line is marked with ~~~^~~~ (PEP 657).
 *
 * The marked part is parsed again: in a binary operation the operator, in a subscription the brackets are pointed out. */
#include "source_line.h"

#include <string.h>
#include <uniwidth.h>

#include "lang/ast.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

/* Byte range [*left, *right) of s[0..n) to point out; false: none. */
static bool anchors_in(const char *s, ou_ssize n, OuNode *expr, ou_ssize *left, ou_ssize *right)
{
    ou_ssize i;
    if (expr->lineno != 1 || expr->end_lineno != 1)
        return false;
    if (expr->kind == AST_BinOp) {
        ou_ssize stop = AST(BinOp, expr)->right->col;
        for (i = AST(BinOp, expr)->left->end_col; i < stop; i++)
            if (!is_blank(s[i]) && s[i] != ')')
                break;
        if (i >= stop)
            return false;
        *left = i;
        *right = i + 1 + (i + 1 < stop && !is_blank(s[i + 1]));
        return true;
    }
    if (expr->kind == AST_Subscript) {
        for (i = AST(Subscript, expr)->value->end_col; i < n && s[i] != '['; i++)
            ;
        *left = i;
        for (i = AST(Subscript, expr)->slice->end_col; i < n && s[i] != ']'; i++)
            ;
        *right = i < n ? i + 1 : n;
        return true;
    }
    return false;
}

static void find_anchors(OuVM *vm, OuObj *line, OuCarets *c)
{
    OuArena arena;
    OuParse parse;
    OuUtf8 u;
    OuObj *segment = ou_str_slice(vm, line, c->start, c->end);
    if (!segment || ou_str_utf8(vm, segment, &u, true) < 0) {
        ou_xdecref(vm, segment);
        ou_err_clear(vm);
        return;
    }
    ou_arena_init(&arena, ou_heap_mem(&vm->heap));
    ou_parse_init(&parse, &arena, ou_heap_mem(&vm->heap), OU_PARSE_UTF8);
    OuNode *mod = ou_parse_run(&parse, u.s, u.n, OU_PARSE_FILE);
    if (mod && AST(Module, mod)->body.n == 1 && AST(Module, mod)->body.at[0]->kind == AST_Expr) {
        ou_ssize left, right;
        if (anchors_in(u.s, (ou_ssize)u.n, AST(Expr, AST(Module, mod)->body.at[0])->value, &left, &right)) {
            c->left = c->start + ou_source_column(segment, left);
            c->right = c->start + ou_source_column(segment, right);
        }
    }
    ou_arena_free(&arena);
    ou_utf8_free(vm, &u);
    ou_decref(vm, segment);
}

/* Columns the first `chars` characters take on a terminal: East Asian wide ones two, all others one. */
static ou_ssize width(OuObj *line, ou_ssize chars)
{
    ou_ssize w = chars;
    if (OU_STR(line)->ascii)
        return chars;
    for (ou_ssize i = 0; i < chars; i++)
        w += uc_width(ou_str_at(OU_STR(line), i), "UTF-8") == 2;
    return w;
}

bool ou_carets(OuVM *vm, OuObj *line, ou_ssize skipped, OuLoc loc, OuCarets *out)
{
    ou_ssize n = ou_str_len(line);
    if (vm->no_debug_ranges || loc.lineno < 0 || loc.end_lineno < 0 || loc.col < 0 || loc.end_col < 0)
        return false;
    out->start = ou_source_column(line, loc.col);
    out->end = ou_source_column(line, loc.end_col);
    out->left = out->right = -1;
    if (loc.lineno == loc.end_lineno) {
        if (out->start < out->end)
            find_anchors(vm, line, out);
    } else { /* of an expression of several lines the first is marked to its end */
        out->end = n;
        while (out->end > 0 && is_blank((char)ou_str_at(OU_STR(line), out->end - 1)))
            out->end--;
    }
    if (out->left < 0 && out->end - out->start == n - skipped)
        return false;
    out->start = width(line, out->start);
    out->end = width(line, out->end);
    if (out->left >= 0) {
        out->left = width(line, out->left);
        out->right = width(line, out->right);
    }
    return true;
}
