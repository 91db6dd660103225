/* stdlib/_tokenize.c - module _tokenize: the compiler's own tokens, for the library's `tokenize`.
 *
 * TokenizerIter(source) gives tuples (text, type, line, end line, column, end column, source lines) with the numbers of
 * the library's `token`; columns are in bytes of UTF-8.  The text is split when the iterator is made; an error is raised
 * in its place. */
#include <stddef.h>
#include <string.h>

#include "lang/lexer.h"
#include "lang/source.h"
#include "vm/compile.h"
#include "vm/native.h"

enum { T_NAME = 1, T_NUMBER, T_STRING, T_NEWLINE, T_INDENT, T_DEDENT, T_OP = 54, T_AWAIT, T_ASYNC };

typedef struct OuTokens {
    OuObj hdr;
    OuObj *list, *error; /* error: to be raised behind the last token, or NULL */
    size_t at;
} OuTokens;

static void tokens_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuTokens *)o)->list);
    ou_clear(vm, ((OuTokens *)o)->error);
}

static void tokens_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    tokens_clear(vm, o);
    ou_free_object(vm, o);
}

static int tokens_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuTokens *)o)->list);
    OU_VISIT(((OuTokens *)o)->error);
    return 0;
}

static OuObj *tokens_next(OuVM *vm, OuObj *o)
{
    OuTokens *t = (OuTokens *)o;
    if (t->list && t->at < OU_LIST(t->list)->n)
        return ou_ref(OU_LIST(t->list)->items[t->at++]);
    if (t->error) {
        ou_err_restore(vm, t->error);
        t->error = NULL;
    }
    return NULL;
}

static int operator_type(const char *s, size_t n)
{
    static const struct {
        char text[4];
        uint8_t type;
    } ops[] = {{"(", 7},    {")", 8},   {"[", 9},   {"]", 10},   {":", 11},   {",", 12},   {";", 13},
               {"+", 14},   {"-", 15},  {"*", 16},  {"/", 17},   {"|", 18},   {"&", 19},   {"<", 20},
               {">", 21},   {"=", 22},  {".", 23},  {"%", 24},   {"{", 25},   {"}", 26},   {"==", 27},
               {"!=", 28},  {"<>", 28}, {"<=", 29}, {">=", 30},  {"~", 31},   {"^", 32},   {"<<", 33},
               {">>", 34},  {"**", 35}, {"+=", 36}, {"-=", 37},  {"*=", 38},  {"/=", 39},  {"%=", 40},
               {"&=", 41},  {"|=", 42}, {"^=", 43}, {"<<=", 44}, {">>=", 45}, {"**=", 46}, {"//", 47},
               {"//=", 48}, {"@", 49},  {"@=", 50}, {"->", 51},  {"...", 52}, {":=", 53}};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (strlen(ops[i].text) == n && !memcmp(ops[i].text, s, n))
            return ops[i].type;
    return T_OP;
}

static int type_of(const OuToken *t, const char *s)
{
    switch (t->kind) {
    case TOK_NUMBER:
        return T_NUMBER;
    case TOK_STRING:
        return T_STRING;
    case TOK_NEWLINE:
        return T_NEWLINE;
    case TOK_INDENT:
        return T_INDENT;
    case TOK_DEDENT:
        return T_DEDENT;
    case TOK_ASYNC:
        return T_ASYNC;
    case TOK_AWAIT:
        return T_AWAIT;
    case TOK_NAME:
    case TOK_MATCH:
    case TOK_CASE:
        return T_NAME;
    default:
        return t->kind >= TOK_FALSE && t->kind <= TOK_YIELD ? T_NAME : operator_type(s, t->end - t->start);
    }
}

/* The lines that tokens show: the current one and those joined to it by a string or a backslash. */
typedef struct Lines {
    const char *text, *limit;
    const char *group, *line, *end; /* first line of the group, the current line, behind its line end */
    int lineno;
} Lines;

static void go_to_line(Lines *l, int lineno, bool joined)
{
    while (l->lineno < lineno && l->end < l->limit) {
        bool backslash = l->end - l->line >= 2 && l->end[-2] == '\\';
        l->line = l->end;
        l->lineno++;
        if (!joined && !backslash)
            l->group = l->line;
        const char *nl = memchr(l->line, '\n', (size_t)(l->limit - l->line));
        l->end = nl ? nl + 1 : l->limit;
    }
}

static OuObj *token_tuple(OuVM *vm, Lines *l, const OuToken *t)
{
    const char *s = l->text + t->start;
    size_t n = t->end - t->start;
    int type = type_of(t, s), lineno = t->lineno, col = t->col, end_lineno = t->end_lineno,
        end_col = t->end_col;
    if (type == T_NEWLINE) { /* spans the comment */
        const char *nl = memchr(s, '\n', (size_t)(l->limit - s));
        n = *s == '#' && nl ? (size_t)(nl - s) : 0;
        end_lineno = lineno;
        end_col = col + (int)n;
    } else if (type == T_INDENT || type == T_DEDENT) {
        if (t->start >= (size_t)(l->limit - l->text))
            lineno = l->lineno; /* at the end of the input: the last line */
        end_lineno = lineno;
        col = end_col = -1;
        n = 0;
    }
    go_to_line(l, lineno, false);
    const char *group = l->group;
    go_to_line(l, end_lineno, true);
    OuObj *v[7] = {ou_str_new(vm, s, n),
                   ou_int(vm, type),
                   ou_int(vm, lineno),
                   ou_int(vm, end_lineno),
                   ou_int(vm, col),
                   ou_int(vm, end_col),
                   ou_str_new(vm, group, (size_t)(l->end - group))};
    OuObj *res = v[0] && v[6] ? ou_tuple_of_take(vm, v, 7) : NULL;
    for (int i = 0; i < 7; i++)
        ou_xdecref(vm, v[i]);
    return res;
}

static int split(OuVM *vm, OuTokens *to, const char *src, size_t n)
{
    OuParsed ps = {0};
    OuLex lex;
    int r = -1, more = 1;
    OuObj *filename = ou_str_from_ascii(vm, "<string>", -1);
    if (!filename)
        return -1;
    ou_arena_init(&ps.arena, ou_heap_mem(&vm->heap));
    ou_parse_init(&ps.parse, &ps.arena, ou_heap_mem(&vm->heap), OU_PARSE_UTF8);
    if (ou_source_decode(&ps.parse, src, n, OU_PARSE_FILE) < 0) {
        ou_compile_raise(vm, &ps.parse, filename);
        goto done;
    }
    ou_lex_init(&lex, &ps.parse, OU_PARSE_FILE);
    lex.quiet = true;
    Lines lines = {.text = ps.parse.source, .limit = ps.parse.source + ps.parse.source_len};
    lines.group = lines.line = lines.end = lines.text;
    while (more > 0 && (more = ou_lex_line(&lex)) > 0) {
        for (size_t i = lex.first; i < lex.n && more > 0; i++) {
            const OuToken *t = &lex.tok[i];
            if (t->kind == TOK_ENDMARKER || t->kind == TOK_ERROR) {
                more = 0;
                /* CPython's iterator just ends at bad indentation and at an open bracket */
                if (t->kind == TOK_ERROR && !lex.unclosed && lex.diag.kind != OU_DIAG_INDENTATION &&
                    lex.diag.kind != OU_DIAG_TAB) {
                    ps.parse.diag = lex.diag;
                    ou_compile_raise(vm, &ps.parse, filename);
                    to->error = ou_err_fetch(vm);
                }
                break;
            }
            OuObj *tuple = token_tuple(vm, &lines, t);
            if (!tuple || ou_list_append_take(vm, to->list, tuple) < 0)
                more = -1;
        }
    }
    if (more < 0 && !ou_err_occurred(vm))
        ou_compile_raise(vm, &ps.parse, filename);
    r = more;
    ou_lex_free(&lex);
done:
    ou_parsed_free(vm, &ps);
    ou_decref(vm, filename);
    return r;
}

static OuObj *tokens_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 u = {0};
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (nargs + nkw > 1)
        return ou_type_error(vm, "tokenizeriter() takes at most 1 argument (%zu given)", nargs + nkw);
    if (nargs + nkw < 1 || (nkw && !ou_str_eq_s(OU_TUPLE(kwnames)->items[0], "source")))
        return ou_type_error(vm, "tokenizeriter() missing required argument 'source' (pos 1)");
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "tokenizeriter() argument 'source' must be str, not %T", args[0]);
    OuTokens *t = (OuTokens *)ou_type_alloc(vm, type, 0);
    if (!t)
        return NULL;
    if (!(t->list = ou_list_new(vm, 0)) || ou_str_utf8(vm, args[0], &u, false) < 0)
        goto fail;
    int r = split(vm, t, u.s, u.n);
    ou_utf8_free(vm, &u);
    if (r == 0)
        return (OuObj *)t;
fail:
    ou_decref(vm, t);
    return NULL;
}

static const OuTypeSpec tokens_spec = {
    .name = "_tokenize.TokenizerIter",
    .size = sizeof(OuTokens),
    .flags = OU_TYPE_GC,
    .dealloc = tokens_dealloc,
    .traverse = tokens_traverse,
    .clear = tokens_clear,
    .s = {.iter = ou_self_iter, .next = tokens_next, .new_ = tokens_new},
};

static int exec(OuVM *vm, OuObj *m)
{
    return ou_module_add(vm, m, "TokenizerIter", (OuObj *)ou_type_from_spec(vm, &tokens_spec, NULL));
}

const OuModuleDef ou_mod__tokenize = {.name = "_tokenize", .exec = exec};
