/* lang/astdump.c - the tree as text, as Python's ast.dump writes it.
 *
 * For the tests and `-X ast`; so strings grow in scratch memory and are copied to the arena once. */
#include "ast_build.h"

#include <gmp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>

typedef struct Out {
    OuParse *p;
    char *s;
    size_t n, cap;
    bool attributes, failed;
} Out;

static void put(Out *o, const char *s, size_t n)
{
    if (o->n + n > o->cap && !o->failed) {
        size_t cap = o->cap * 2 + n + 256;
        char *more = ou_mem_realloc(o->p->mem, o->s, o->cap, cap);
        if (!more) {
            o->failed = true;
            return;
        }
        o->s = more;
        o->cap = cap;
    }
    if (o->failed)
        return;
    memcpy(o->s + o->n, s, n);
    o->n += n;
}

static void puts_(Out *o, const char *s)
{
    put(o, s, strlen(s));
}

static void put_int(Out *o, long v)
{
    char b[32];
    put(o, b, (size_t)snprintf(b, sizeof b, "%ld", v));
}

/* ---- values ---- */

/* Next code point of WTF-8 text; *i moves. */
static uint32_t next_char(const OuText *t, uint32_t *i)
{
    const unsigned char *s = (const unsigned char *)t->s + *i;
    int more = s[0] < 0x80 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
    uint32_t ch = more == 0 ? s[0] : s[0] & (0x3fu >> more);
    for (int k = 1; k <= more; k++)
        ch = ch << 6 | (s[k] & 0x3f);
    *i += (uint32_t)more + 1;
    return ch;
}

static bool printable(uint32_t ch)
{
    if (ch < 0x7f)
        return ch >= 0x20;
    return !uc_is_general_category_withtable(
        ch, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs | UC_CATEGORY_MASK_Co |
                UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp | UC_CATEGORY_MASK_Zs);
}

static char quote_of(const OuText *t)
{
    return memchr(t->s, '\'', t->len) && !memchr(t->s, '"', t->len) ? '"' : '\'';
}

static void put_escaped(Out *o, uint32_t ch, char quote, bool bytes)
{
    char b[16];
    int n = 0;
    if (ch == (uint32_t)quote || ch == '\\')
        n = snprintf(b, sizeof b, "\\%c", (int)ch);
    else if (ch == '\n' || ch == '\t' || ch == '\r')
        n = snprintf(b, sizeof b, "\\%c", ch == '\n' ? 'n' : ch == '\t' ? 't' : 'r');
    else if (ch < 0x20 || ch == 0x7f || (ch < 0x100 && bytes) || (ch < 0x100 && !printable(ch)))
        n = snprintf(b, sizeof b, ch >= 0x20 && ch < 0x7f ? "%c" : "\\x%02x", (int)ch);
    else if (ch < 0x7f)
        n = snprintf(b, sizeof b, "%c", (int)ch);
    else
        n = snprintf(b, sizeof b, ch < 0x10000 ? "\\u%04x" : "\\U%08x", ch);
    put(o, b, (size_t)n);
}

static void put_str(Out *o, const OuText *t)
{
    char quote = quote_of(t);
    put(o, &quote, 1);
    for (uint32_t i = 0; i < t->len;) {
        uint32_t from = i, ch = next_char(t, &i);
        if (ch >= 0x7f && printable(ch))
            put(o, t->s + from, i - from);
        else
            put_escaped(o, ch, quote, false);
    }
    put(o, &quote, 1);
}

static void put_bytes(Out *o, const OuText *t)
{
    char quote = quote_of(t);
    put(o, "b", 1);
    put(o, &quote, 1);
    for (uint32_t i = 0; i < t->len; i++)
        put_escaped(o, (unsigned char)t->s[i], quote, true);
    put(o, &quote, 1);
}

/* repr of a float: the shortest digits that read back; an exponent below 1e-4 and from 1e16. */
static void put_float(Out *o, double f, bool dot)
{
    char b[64], digits[32];
    if (isinf(f) || isnan(f)) {
        puts_(o, isnan(f) ? "nan" : f < 0 ? "-inf" : "inf");
        return;
    }
    int prec = 0;
    for (prec = 0; prec < 17; prec++) {
        snprintf(b, sizeof b, "%.*e", prec, f);
        if (strtod(b, NULL) == f)
            break;
    }
    char *e = strchr(b, 'e');
    int exp = atoi(e + 1), n = 0;
    for (const char *c = b; c < e; c++)
        if (*c >= '0' && *c <= '9')
            digits[n++] = *c;
    if (signbit(f))
        put(o, "-", 1);
    if (exp < -4 || exp >= 16) {
        put(o, digits, 1);
        if (n > 1) {
            put(o, ".", 1);
            put(o, digits + 1, (size_t)n - 1);
        }
        put(o, b, (size_t)snprintf(b, sizeof b, "e%c%02d", exp < 0 ? '-' : '+', abs(exp)));
        return;
    }
    if (exp < 0) {
        put(o, "0.0000", (size_t)(1 - exp)); /* "0." and -exp - 1 zeros */
        put(o, digits, (size_t)n);
        return;
    }
    for (int i = 0; i <= exp; i++)
        put(o, i < n ? &digits[i] : "0", 1);
    if (n > exp + 1) {
        put(o, ".", 1);
        put(o, digits + exp + 1, (size_t)(n - exp - 1));
    } else if (dot) {
        put(o, ".0", 2);
    }
}

static void put_big(Out *o, const OuConst *c)
{
    mpz_t z;
    if (c->negative)
        put(o, "-", 1);
    if (mpz_init_set_str(z, c->text->s, c->base) == 0) {
        char *s = mpz_get_str(NULL, 10, z);
        puts_(o, s);
        free(s);
    }
    mpz_clear(z);
}

static void put_const(Out *o, const OuConst *c)
{
    static const char *const plain[] = {"None", "True", "False", "Ellipsis"};
    switch ((OuConstKind)c->kind) {
    case OU_K_NONE:
    case OU_K_TRUE:
    case OU_K_FALSE:
    case OU_K_ELLIPSIS:
        puts_(o, plain[c->kind]);
        break;
    case OU_K_INT:
        put_int(o, (long)c->i);
        break;
    case OU_K_BIGINT:
        put_big(o, c);
        break;
    case OU_K_FLOAT:
        put_float(o, c->f, true);
        break;
    case OU_K_COMPLEX: /* literals are imaginary only */
        put_float(o, c->imag, false);
        put(o, "j", 1);
        break;
    case OU_K_STR:
        put_str(o, c->text);
        break;
    case OU_K_BYTES:
        put_bytes(o, c->text);
        break;
    case OU_K_TUPLE:
    case OU_K_FROZENSET:
        puts_(o, c->kind == OU_K_TUPLE ? "(" : "frozenset({");
        for (uint32_t i = 0; i < c->n; i++) {
            if (i)
                puts_(o, ", ");
            put_const(o, &c->items[i]);
        }
        puts_(o, c->kind == OU_K_TUPLE ? c->n == 1 ? ",)" : ")" : "})");
        break;
    case OU_K_CODE:
    case OU_K_OBJECT:
        puts_(o, "<object>");
    }
}

/* ---- nodes ---- */

static void put_node(Out *o, const OuNode *n);

static void put_sep(Out *o, bool *any, const char *name)
{
    if (*any)
        puts_(o, ", ");
    *any = true;
    puts_(o, name);
    puts_(o, "=");
}

static void put_seq(Out *o, const OuSeq *s)
{
    puts_(o, "[");
    for (uint32_t i = 0; i < s->n; i++) {
        if (i)
            puts_(o, ", ");
        put_node(o, s->at[i]);
    }
    puts_(o, "]");
}

static void put_names(Out *o, const OuNames *s)
{
    puts_(o, "[");
    for (uint32_t i = 0; i < s->n; i++) {
        if (i)
            puts_(o, ", ");
        put_str(o, s->at[i]);
    }
    puts_(o, "]");
}

static void put_enum(Out *o, int kind)
{
    puts_(o, ou_ast_kind_name((OuAstKind)kind));
    puts_(o, "()");
}

static void put_enums(Out *o, const OuEnums *s)
{
    puts_(o, "[");
    for (uint32_t i = 0; i < s->n; i++) {
        if (i)
            puts_(o, ", ");
        put_enum(o, s->at[i]);
    }
    puts_(o, "]");
}

static void put_place(Out *o, const OuNode *n, bool any)
{
    if (!o->attributes)
        return;
    put_sep(o, &any, "lineno");
    put_int(o, n->lineno);
    put_sep(o, &any, "col_offset");
    put_int(o, n->col);
    put_sep(o, &any, "end_lineno");
    put_int(o, n->end_lineno);
    put_sep(o, &any, "end_col_offset");
    put_int(o, n->end_col);
}

#define FIELD(nm, write)       \
    {                          \
        put_sep(o, &any, #nm); \
        write;                 \
    }
#define ONE(type, nm) FIELD(nm, put_node(o, x->nm))
#define OPT(type, nm) \
    if (x->nm)        \
    FIELD(nm, put_node(o, x->nm))
#define SEQ(type, nm) FIELD(nm, put_seq(o, &x->nm))
#define NAM(nm) FIELD(nm, put_str(o, x->nm))
#define NAO(nm) \
    if (x->nm)  \
    FIELD(nm, put_str(o, x->nm))
#define NAS(nm) FIELD(nm, put_names(o, &x->nm))
#define ENU(sum, nm) FIELD(nm, put_enum(o, x->nm))
#define ENS(sum, nm) FIELD(nm, put_enums(o, &x->nm))
#define INT(nm) FIELD(nm, put_int(o, x->nm))
#define INO(nm) FIELD(nm, put_int(o, x->nm))
#define STO(nm) \
    if (x->nm)  \
    FIELD(nm, put_str(o, x->nm))
#define STR(nm) FIELD(nm, put_str(o, x->nm))
#define CON(nm) FIELD(nm, put_const(o, &x->nm))
#define SUM(sum, pos) enum { HAS_PLACE_##sum = pos };
#define ENUM(sum, name)
#define NODE(sum, name, fields)                           \
    static void put_##name(Out *o, const OuNode *n)       \
    {                                                     \
        const OuAst_##name *x = (const OuAst_##name *)n;  \
        bool any = false;                                 \
        (void)x;                                          \
        puts_(o, #name "(");                              \
        fields if (HAS_PLACE_##sum) put_place(o, n, any); \
        puts_(o, ")");                                    \
    }
#include "ast.def"
#undef SUM
#undef NODE

#define SUM(sum, pos)
#define NODE(sum, name, fields) [AST_##name] = put_##name,
static void (*const put_kind[AST_KIND_COUNT])(Out *, const OuNode *) = {
#include "ast.def"
};

static void put_node(Out *o, const OuNode *n)
{
    if (n)
        put_kind[n->kind](o, n);
    else
        puts_(o, "None");
}

char *ou_astdump(OuParse *p, const OuNode *tree, bool attributes, size_t *len)
{
    Out o = {.p = p, .attributes = attributes};
    put_node(&o, tree);
    char *s = o.failed ? NULL : ou_arena_copy(p->arena, o.s, o.n);
    *len = o.n;
    ou_mem_free(p->mem, o.s, o.cap);
    return s;
}
