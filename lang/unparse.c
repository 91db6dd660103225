/* lang/unparse.c - expressions back to text: annotations under `from __future__ import annotations`, and
 * values in messages.
 *
 * Spacing, quotes and parentheses are those of CPython's own unparser (Python/ast_unparse.c), which are not
 * quite those of ast.unparse. */
#include "codegen.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

typedef enum {
    PR_TUPLE,
    PR_TEST, /* if-else, lambda */
    PR_OR,
    PR_AND,
    PR_NOT,
    PR_CMP,
    PR_EXPR,
    PR_BOR = PR_EXPR,
    PR_BXOR,
    PR_BAND,
    PR_SHIFT,
    PR_ARITH,
    PR_TERM,
    PR_FACTOR,
    PR_POWER,
    PR_AWAIT,
    PR_ATOM,
} Level;

typedef struct Writer {
    OuMem *mem;
    char *s;
    size_t n, cap;
    bool failed;
} Writer;

static void expr(Writer *w, const OuNode *e, int level);

/* ---- text ---- */
static void put_n(Writer *w, const char *s, size_t n)
{
    if (w->n + n + 1 > w->cap && !w->failed) {
        size_t cap = (w->n + n + 1) * 2;
        char *grown = ou_mem_realloc(w->mem, w->s, w->cap, cap);
        if (grown) {
            w->s = grown;
            w->cap = cap;
        } else {
            w->failed = true;
        }
    }
    if (w->failed)
        return;
    memcpy(w->s + w->n, s, n);
    w->n += n;
}

static void put(Writer *w, const char *s)
{
    put_n(w, s, strlen(s));
}

static void put_if(Writer *w, bool yes, const char *s)
{
    if (yes)
        put(w, s);
}

/* ---- constants ---- */
static void put_decimal(Writer *w, const OuConst *k)
{
    if (k->base == 10) {
        put_n(w, k->text->s, k->text->len);
        return;
    }
    /* schoolbook: digits in base 10^9, least significant first */
    size_t cap = k->text->len / 4 + 2, n = 1;
    uint32_t *d = ou_mem_calloc(w->mem, cap * sizeof *d);
    if (!d) {
        w->failed = true;
        return;
    }
    for (uint32_t i = 0; i < k->text->len; i++) {
        char c = k->text->s[i];
        uint64_t carry = c <= '9' ? (uint64_t)(c - '0') : (uint64_t)((c | 32) - 'a' + 10);
        for (size_t j = 0; j < n; j++) {
            carry += (uint64_t)d[j] * k->base;
            d[j] = (uint32_t)(carry % 1000000000u);
            carry /= 1000000000u;
        }
        if (carry && n < cap)
            d[n++] = (uint32_t)carry;
    }
    char buf[16];
    for (size_t j = n; j-- > 0;) {
        snprintf(buf, sizeof buf, j + 1 == n ? "%u" : "%09u", d[j]);
        put(w, buf);
    }
    ou_mem_free(w->mem, d, cap * sizeof *d);
}

/* Shortest digits that read back as x; an exponent where repr() shows one.  `point`: 2.0, not 2. */
static void put_float(Writer *w, double x, bool point)
{
    char buf[40], out[48];
    if (isinf(x)) { /* no literal is infinite but this one */
        put(w, x < 0 ? "-1e309" : "1e309");
        return;
    }
    if (isnan(x)) {
        put(w, "nan");
        return;
    }
    int precision = 0;
    do
        snprintf(buf, sizeof buf, "%.*e", precision, x);
    while (strtod(buf, NULL) != x && ++precision < 17);
    int exponent = atoi(strchr(buf, 'e') + 1);
    char *sign = buf[0] == '-' ? "-" : "";
    char digits[24];
    int n = 0;
    for (const char *s = buf; *s != 'e'; s++)
        if (*s >= '0' && *s <= '9')
            digits[n++] = *s;
    digits[n] = 0;
    if (exponent < -4 || exponent >= 16)
        snprintf(out, sizeof out, "%s%c%s%se%c%02d", sign, digits[0], n > 1 ? "." : "", digits + 1,
                 exponent < 0 ? '-' : '+', abs(exponent));
    else if (exponent < 0)
        snprintf(out, sizeof out, "%s0.%.*s%s", sign, -exponent - 1, "0000", digits);
    else if (n > exponent + 1)
        snprintf(out, sizeof out, "%s%.*s.%s", sign, exponent + 1, digits, digits + exponent + 1);
    else
        snprintf(out, sizeof out, "%s%s%.*s%s", sign, digits, exponent + 1 - n, "0000000000000000",
                 point ? ".0" : "");
    put(w, out);
}

static bool printable(uint32_t c)
{
    return c == ' ' || !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z);
}

/* repr() of a str (WTF-8) or bytes. */
static void put_quoted(Writer *w, const char *s, size_t n, bool bytes)
{
    char quote = memchr(s, '\'', n) && !memchr(s, '"', n) ? '"' : '\'', buf[16];
    put_n(w, &quote, 1);
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        size_t len = bytes || c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        if (i + len > n)
            len = 1;
        if (c == (unsigned char)quote || c == '\\') {
            snprintf(buf, sizeof buf, "\\%c", c);
            put(w, buf);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            put(w, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
        } else if (len == 1 && c >= 32 && c < 127) {
            put_n(w, s + i, 1);
        } else if (len == 1) {
            snprintf(buf, sizeof buf, "\\x%02x", c);
            put(w, buf);
        } else {
            uint32_t u = len == 2   ? (c & 0x1fu) << 6 | (s[i + 1] & 0x3fu)
                         : len == 3 ? (c & 0x0fu) << 12 | (s[i + 1] & 0x3fu) << 6 | (s[i + 2] & 0x3fu)
                                    : (c & 7u) << 18 | (s[i + 1] & 0x3fu) << 12 | (s[i + 2] & 0x3fu) << 6 |
                                          (s[i + 3] & 0x3fu);
            if (printable(u)) {
                put_n(w, s + i, len);
            } else {
                snprintf(buf, sizeof buf, u < 0x100 ? "\\x%02x" : u < 0x10000 ? "\\u%04x" : "\\U%08x", u);
                put(w, buf);
            }
        }
        i += len;
    }
    put_n(w, &quote, 1);
}

static void constant(Writer *w, const OuConst *k)
{
    char buf[32];
    switch ((OuConstKind)k->kind) {
    case OU_K_NONE:
        put(w, "None");
        break;
    case OU_K_TRUE:
        put(w, "True");
        break;
    case OU_K_FALSE:
        put(w, "False");
        break;
    case OU_K_ELLIPSIS:
        put(w, "...");
        break;
    case OU_K_INT:
        snprintf(buf, sizeof buf, "%lld", (long long)k->i);
        put(w, buf);
        break;
    case OU_K_BIGINT:
        put_if(w, k->negative, "-");
        put_decimal(w, k);
        break;
    case OU_K_FLOAT:
        put_float(w, k->f, true);
        break;
    case OU_K_COMPLEX:
        if (k->f != 0 || signbit(k->f)) {
            put(w, "(");
            put_float(w, k->f, false);
            put_if(w, !signbit(k->imag), "+");
            put_float(w, k->imag, false);
            put(w, "j)");
        } else {
            put_float(w, k->imag, false);
            put(w, "j");
        }
        break;
    case OU_K_STR:
        put_quoted(w, k->text->s, k->text->len, false);
        break;
    case OU_K_BYTES:
        put(w, "b");
        put_quoted(w, k->text->s, k->text->len, true);
        break;
    case OU_K_TUPLE:
        put(w, "(");
        for (uint32_t i = 0; i < k->n; i++) {
            put_if(w, i, ", ");
            constant(w, &k->items[i]);
        }
        put(w, k->n == 1 ? ",)" : ")");
        break;
    default:
        put(w, "<constant>");
        break;
    }
}

/* ---- f-strings ---- */
static void joined_body(Writer *w, OuSeq values);

static void formatted(Writer *w, const OuAst_FormattedValue *f)
{
    Writer inner = {.mem = w->mem};
    expr(&inner, f->value, PR_TEST + 1);
    put(w, inner.n && inner.s[0] == '{' ? "{ " : "{");
    if (inner.n)
        put_n(w, inner.s, inner.n);
    w->failed |= inner.failed;
    ou_mem_free(w->mem, inner.s, inner.cap);
    if (f->conversion > 0) {
        char buf[3] = {'!', (char)f->conversion, 0};
        put(w, buf);
    }
    if (f->format_spec) {
        put(w, ":");
        OuSeq one = {1, &((OuAst_FormattedValue *)f)->format_spec};
        joined_body(w, f->format_spec->kind == AST_JoinedStr ? AST(JoinedStr, f->format_spec)->values : one);
    }
    put(w, "}");
}

static void joined_body(Writer *w, OuSeq values)
{
    for (uint32_t i = 0; i < values.n; i++) {
        const OuNode *v = values.at[i];
        if (v->kind == AST_FormattedValue) {
            formatted(w, AST(FormattedValue, v));
        } else if (v->kind == AST_JoinedStr) {
            joined_body(w, AST(JoinedStr, v)->values);
        } else if (v->kind == AST_Constant && AST(Constant, v)->value.kind == OU_K_STR) {
            const OuText *t = AST(Constant, v)->value.text;
            for (uint32_t k = 0; k < t->len; k++) {
                put_n(w, t->s + k, 1);
                if (t->s[k] == '{' || t->s[k] == '}')
                    put_n(w, t->s + k, 1);
            }
        }
    }
}

static void joined(Writer *w, OuSeq values)
{
    Writer body = {.mem = w->mem};
    joined_body(&body, values);
    put(w, "f");
    put_quoted(w, body.n ? body.s : "", body.n, false);
    w->failed |= body.failed;
    ou_mem_free(w->mem, body.s, body.cap);
}

/* ---- parts ---- */
static void list(Writer *w, OuSeq s, int level)
{
    for (uint32_t i = 0; i < s.n; i++) {
        put_if(w, i, ", ");
        expr(w, s.at[i], level);
    }
}

static void comprehensions(Writer *w, OuSeq gens)
{
    for (uint32_t i = 0; i < gens.n; i++) {
        OuAst_comprehension *c = AST(comprehension, gens.at[i]);
        put(w, c->is_async ? " async for " : " for ");
        expr(w, c->target, PR_TUPLE);
        put(w, " in ");
        expr(w, c->iter, PR_TEST + 1);
        for (uint32_t k = 0; k < c->ifs.n; k++) {
            put(w, " if ");
            expr(w, c->ifs.at[k], PR_TEST + 1);
        }
    }
}

static void parameter(Writer *w, const OuNode *a)
{
    put(w, AST(arg, a)->arg->s);
    if (AST(arg, a)->annotation) {
        put(w, ": ");
        expr(w, AST(arg, a)->annotation, PR_TEST);
    }
}

static void parameters(Writer *w, const OuAst_arguments *a)
{
    bool first = true;
    uint32_t npos = a->posonlyargs.n, n = npos + a->args.n;
    for (uint32_t i = 0; i < n; i++) {
        put_if(w, !first, ", ");
        first = false;
        parameter(w, i < npos ? a->posonlyargs.at[i] : a->args.at[i - npos]);
        if (i + a->defaults.n >= n) {
            put(w, "=");
            expr(w, a->defaults.at[i + a->defaults.n - n], PR_TEST);
        }
        put_if(w, npos && i + 1 == npos, ", /");
    }
    if (a->vararg || a->kwonlyargs.n) {
        put(w, first ? "*" : ", *");
        first = false;
        if (a->vararg)
            parameter(w, a->vararg);
    }
    for (uint32_t i = 0; i < a->kwonlyargs.n; i++) {
        put(w, ", ");
        parameter(w, a->kwonlyargs.at[i]);
        if (a->kw_defaults.at[i]) {
            put(w, "=");
            expr(w, a->kw_defaults.at[i], PR_TEST);
        }
    }
    if (a->kwarg) {
        put(w, first ? "**" : ", **");
        parameter(w, a->kwarg);
    }
}

static void call(Writer *w, const OuAst_Call *e)
{
    expr(w, e->func, PR_ATOM);
    if (e->args.n == 1 && !e->keywords.n && e->args.at[0]->kind == AST_GeneratorExp) {
        expr(w, e->args.at[0], PR_TUPLE); /* brings its own parentheses */
        return;
    }
    put(w, "(");
    list(w, e->args, PR_TEST);
    for (uint32_t i = 0; i < e->keywords.n; i++) {
        OuAst_keyword *k = AST(keyword, e->keywords.at[i]);
        put_if(w, i || e->args.n, ", ");
        if (k->arg) {
            put(w, k->arg->s);
            put(w, "=");
        } else {
            put(w, "**");
        }
        expr(w, k->value, PR_TEST);
    }
    put(w, ")");
}

static const struct {
    uint16_t op;
    const char *text;
    int level;
    bool right; /* associates to the right */
} binary[] = {
    {AST_Add, " + ", PR_ARITH, false},     {AST_Sub, " - ", PR_ARITH, false},
    {AST_Mult, " * ", PR_TERM, false},     {AST_MatMult, " @ ", PR_TERM, false},
    {AST_Div, " / ", PR_TERM, false},      {AST_Mod, " % ", PR_TERM, false},
    {AST_LShift, " << ", PR_SHIFT, false}, {AST_RShift, " >> ", PR_SHIFT, false},
    {AST_BitOr, " | ", PR_BOR, false},     {AST_BitXor, " ^ ", PR_BXOR, false},
    {AST_BitAnd, " & ", PR_BAND, false},   {AST_FloorDiv, " // ", PR_TERM, false},
    {AST_Pow, " ** ", PR_POWER, true},
};

static void binop(Writer *w, const OuAst_BinOp *e, int level)
{
    size_t i = 0;
    while (binary[i].op != e->op && i + 1 < sizeof binary / sizeof *binary)
        i++;
    int pr = binary[i].level;
    put_if(w, level > pr, "(");
    expr(w, e->left, pr + binary[i].right);
    put(w, binary[i].text);
    expr(w, e->right, pr + !binary[i].right);
    put_if(w, level > pr, ")");
}

static void compare(Writer *w, const OuAst_Compare *e, int level)
{
    put_if(w, level > PR_CMP, "(");
    expr(w, e->left, PR_CMP + 1);
    for (uint32_t i = 0; i < e->ops.n; i++) {
        const char *op = "";
        switch (e->ops.at[i]) {
        case AST_Eq:
            op = " == ";
            break;
        case AST_NotEq:
            op = " != ";
            break;
        case AST_Lt:
            op = " < ";
            break;
        case AST_LtE:
            op = " <= ";
            break;
        case AST_Gt:
            op = " > ";
            break;
        case AST_GtE:
            op = " >= ";
            break;
        case AST_Is:
            op = " is ";
            break;
        case AST_IsNot:
            op = " is not ";
            break;
        case AST_In:
            op = " in ";
            break;
        case AST_NotIn:
            op = " not in ";
            break;
        }
        put(w, op);
        expr(w, e->comparators.at[i], PR_CMP + 1);
    }
    put_if(w, level > PR_CMP, ")");
}

static void bracketed(Writer *w, const char *open, const OuNode *elt, const OuNode *value, OuSeq gens,
                      const char *close)
{
    put(w, open);
    expr(w, elt, PR_TEST);
    if (value) {
        put(w, ": ");
        expr(w, value, PR_TEST);
    }
    comprehensions(w, gens);
    put(w, close);
}

static void expr(Writer *w, const OuNode *e, int level)
{
    if (w->failed)
        return;
    switch (e->kind) {
    case AST_BoolOp: {
        const OuAst_BoolOp *b = AST(BoolOp, e);
        int pr = b->op == AST_And ? PR_AND : PR_OR;
        put_if(w, level > pr, "(");
        for (uint32_t i = 0; i < b->values.n; i++) {
            put_if(w, i, pr == PR_AND ? " and " : " or ");
            expr(w, b->values.at[i], pr + 1);
        }
        put_if(w, level > pr, ")");
        break;
    }
    case AST_BinOp:
        binop(w, AST(BinOp, e), level);
        break;
    case AST_UnaryOp: {
        const OuAst_UnaryOp *u = AST(UnaryOp, e);
        int pr = u->op == AST_Not ? PR_NOT : PR_FACTOR;
        put_if(w, level > pr, "(");
        put(w, u->op == AST_Not ? "not " : u->op == AST_USub ? "-" : u->op == AST_UAdd ? "+" : "~");
        expr(w, u->operand, pr);
        put_if(w, level > pr, ")");
        break;
    }
    case AST_Lambda: {
        const OuAst_arguments *a = AST(arguments, AST(Lambda, e)->args);
        put_if(w, level > PR_TEST, "(");
        put(w, a->posonlyargs.n + a->args.n ? "lambda " : "lambda");
        parameters(w, a);
        put(w, ": ");
        expr(w, AST(Lambda, e)->body, PR_TEST);
        put_if(w, level > PR_TEST, ")");
        break;
    }
    case AST_IfExp:
        put_if(w, level > PR_TEST, "(");
        expr(w, AST(IfExp, e)->body, PR_TEST + 1);
        put(w, " if ");
        expr(w, AST(IfExp, e)->test, PR_TEST + 1);
        put(w, " else ");
        expr(w, AST(IfExp, e)->orelse, PR_TEST);
        put_if(w, level > PR_TEST, ")");
        break;
    case AST_Dict:
        put(w, "{");
        for (uint32_t i = 0; i < AST(Dict, e)->values.n; i++) {
            const OuNode *key = AST(Dict, e)->keys.at[i];
            put_if(w, i, ", ");
            if (key) {
                expr(w, key, PR_TEST);
                put(w, ": ");
                expr(w, AST(Dict, e)->values.at[i], PR_TEST);
            } else {
                put(w, "**");
                expr(w, AST(Dict, e)->values.at[i], PR_EXPR);
            }
        }
        put(w, "}");
        break;
    case AST_Set:
        put(w, "{");
        list(w, AST(Set, e)->elts, PR_TEST);
        put(w, "}");
        break;
    case AST_ListComp:
        bracketed(w, "[", AST(ListComp, e)->elt, NULL, AST(ListComp, e)->generators, "]");
        break;
    case AST_SetComp:
        bracketed(w, "{", AST(SetComp, e)->elt, NULL, AST(SetComp, e)->generators, "}");
        break;
    case AST_GeneratorExp:
        bracketed(w, "(", AST(GeneratorExp, e)->elt, NULL, AST(GeneratorExp, e)->generators, ")");
        break;
    case AST_DictComp:
        bracketed(w, "{", AST(DictComp, e)->key, AST(DictComp, e)->value, AST(DictComp, e)->generators, "}");
        break;
    case AST_Compare:
        compare(w, AST(Compare, e), level);
        break;
    case AST_Yield:
        put(w, AST(Yield, e)->value ? "(yield " : "(yield");
        if (AST(Yield, e)->value)
            expr(w, AST(Yield, e)->value, PR_TUPLE);
        put(w, ")");
        break;
    case AST_YieldFrom:
        put(w, "(yield from ");
        expr(w, AST(YieldFrom, e)->value, PR_TEST);
        put(w, ")");
        break;
    case AST_Await:
        put_if(w, level > PR_AWAIT, "(");
        put(w, "await ");
        expr(w, AST(Await, e)->value, PR_ATOM);
        put_if(w, level > PR_AWAIT, ")");
        break;
    case AST_Call:
        call(w, AST(Call, e));
        break;
    case AST_FormattedValue: {
        OuNode *part = (OuNode *)e;
        joined(w, (OuSeq){1, &part});
        break;
    }
    case AST_JoinedStr:
        joined(w, AST(JoinedStr, e)->values);
        break;
    case AST_Constant:
        put_if(w, AST(Constant, e)->kind != NULL, "u");
        constant(w, &AST(Constant, e)->value);
        break;
    case AST_Attribute: {
        const OuNode *v = AST(Attribute, e)->value;
        bool integer = v->kind == AST_Constant && (AST(Constant, v)->value.kind == OU_K_INT ||
                                                   AST(Constant, v)->value.kind == OU_K_BIGINT);
        expr(w, v, PR_ATOM);
        put(w, integer ? " ." : ".");
        put(w, AST(Attribute, e)->attr->s);
        break;
    }
    case AST_Starred:
        put(w, "*");
        expr(w, AST(Starred, e)->value, PR_EXPR);
        break;
    case AST_Name:
        put(w, AST(Name, e)->id->s);
        break;
    case AST_List:
        put(w, "[");
        list(w, AST(List, e)->elts, PR_TEST);
        put(w, "]");
        break;
    case AST_Tuple: {
        OuSeq elts = AST(Tuple, e)->elts;
        bool parens = !elts.n || level > PR_TUPLE;
        put_if(w, parens, "(");
        list(w, elts, PR_TEST);
        put_if(w, elts.n == 1, ",");
        put_if(w, parens, ")");
        break;
    }
    case AST_Subscript:
        expr(w, AST(Subscript, e)->value, PR_ATOM);
        put(w, "[");
        expr(w, AST(Subscript, e)->slice, PR_TUPLE);
        put(w, "]");
        break;
    case AST_Slice: {
        const OuAst_Slice *s = AST(Slice, e);
        if (s->lower)
            expr(w, s->lower, PR_TEST);
        put(w, ":");
        if (s->upper)
            expr(w, s->upper, PR_TEST);
        if (s->step) {
            put(w, ":");
            expr(w, s->step, PR_TEST);
        }
        break;
    }
    case AST_NamedExpr:
        put_if(w, level > PR_TUPLE, "(");
        expr(w, AST(NamedExpr, e)->target, PR_ATOM);
        put(w, " := ");
        expr(w, AST(NamedExpr, e)->value, PR_ATOM);
        put_if(w, level > PR_TUPLE, ")");
        break;
    default:
        put(w, "<expression>");
        break;
    }
}

OuText *ou_unparse_expr(OuParse *p, OuNode *e)
{
    Writer w = {.mem = p->mem};
    expr(&w, e, PR_TEST);
    OuText *t = w.failed ? NULL : ou_parse_name(p, w.n ? w.s : "", w.n);
    ou_mem_free(p->mem, w.s, w.cap);
    return t;
}
