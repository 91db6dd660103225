/* lang/fstring.c - adjacent string literals to one node.
 *
 * In 3.11 an f-string is a string first: its expressions are found by counting brackets and quotes in the raw
 * text, and each is parsed as "(expression)".  So no backslash, no `#`, no quote of the string's own
 * kind, and format specifications nest twice.  All parts carry the position of the whole run of literals. */
#include "fstring.h"

#include "escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_BRACKETS 200

typedef struct Join {
    OuParse *p;
    OuFstringParse *parse;
    const OuToken *first, *last, *next;
    const OuToken *tok; /* the literal being read */
    bool raw;
    bool ending_spec; /* a format specification and its last text span only their literal, as in CPython */
} Join;

/* Parts of a JoinedStr: text gathered since the last expression, and finished values. */
typedef struct Parts {
    OuBytes text;
    OuNode **at; /* arena */
    uint32_t n, cap;
} Parts;

static int no_memory(Join *j)
{
    return ou_diag_set(&j->p->diag, j->p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
}

__attribute__((format(printf, 3, 4))) static int fail(Join *j, OuDiagKind kind, const char *fmt, ...)
{
    char msg[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    const OuToken *t = j->next;
    if (!t)
        t = j->last;
    if (t->col < 0) {
        /* ENDMARKER has no place: CPython blames where its reader stands, the end of the line */
        const char *at = j->p->source + t->start, *line = at;
        while (line > j->p->source && line[-1] != '\n')
            line--;
        return ou_diag_set(&j->p->diag, j->p->arena, kind, t->lineno, (int)(at - line) - 1, t->lineno, -2,
                           "%s", msg);
    }
    return ou_diag_set(&j->p->diag, j->p->arena, kind, t->lineno, t->col, t->end_lineno, t->end_col, "%s",
                       msg);
}

static int syntax(Join *j, const char *msg)
{
    return fail(j, OU_DIAG_SYNTAX, "%s", msg);
}

static int warn_escape(Join *j, const char *backslash)
{
    int len = 1;
    const char *what = "";
    if (backslash[1] >= '4' && backslash[1] <= '7') {
        len = 3;
        what = "octal ";
    }
    const OuToken *t = j->tok;
    if (ou_diag_warn(&j->p->warnings, j->p->arena, "DeprecationWarning", t->lineno, t->col, t->end_lineno,
                     t->end_col, "invalid %sescape sequence '\\%.*s'", what, len, backslash + 1) < 0)
        return no_memory(j);
    return 0;
}

/* Appends the text of the literal s[0..n) to out. */
static int add_literal(Join *j, OuBytes *out, const char *s, size_t n, bool bytes)
{
    if (j->raw || !memchr(s, '\\', n))
        return ou_bytes_add(out, s, n) ? no_memory(j) : 0;
    OuEscapes e;
    if (bytes ? ou_escape_bytes(out, s, n, &e) : ou_escape_str(out, s, n, &e)) {
        if (!e.reason)
            return no_memory(j);
        if (bytes)
            return fail(j, OU_DIAG_SYNTAX, "(value error) %s at position %zu", e.reason, e.start);
        return fail(j, OU_DIAG_UNICODE,
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position %zu-%zu: %s",
                    e.start, e.end - 1, e.reason);
    }
    return e.invalid ? warn_escape(j, e.invalid) : 0;
}

/* A node of `size` bytes that spans the whole run (but see ending_spec). */
static void *new_node(Join *j, size_t size, OuAstKind kind, uint32_t depth)
{
    OuNode *node = ou_arena_alloc(j->p->arena, size);
    if (!node) {
        no_memory(j);
        return NULL;
    }
    const OuToken *first = j->ending_spec ? j->tok : j->first, *last = j->ending_spec ? j->tok : j->last;
    *node = (OuNode){.kind = (uint16_t)kind,
                     .depth = depth,
                     .lineno = first->lineno,
                     .col = first->col,
                     .end_lineno = last->end_lineno,
                     .end_col = last->end_col};
    return node;
}

static OuNode *constant(Join *j, const OuBytes *text, OuConstKind kind)
{
    OuAst_Constant *c = new_node(j, sizeof *c, AST_Constant, 1);
    if (!c)
        return NULL;
    c->value.kind = (uint8_t)kind;
    c->value.text = ou_parse_name(j->p, text->n ? text->s : "", text->n);
    bool u = kind == OU_K_STR && j->p->source[j->first->start] == 'u';
    if (u)
        c->kind = ou_parse_name(j->p, "u", 1);
    if (!c->value.text || (u && !c->kind)) {
        no_memory(j);
        return NULL;
    }
    return &c->node;
}

static int push(Join *j, Parts *parts, OuNode *node)
{
    if (!node)
        return -1;
    if (parts->n == parts->cap) {
        uint32_t cap = parts->cap ? parts->cap * 2 : 4;
        OuNode **more = ou_arena_alloc(j->p->arena, cap * sizeof *more);
        if (!more)
            return no_memory(j);
        if (parts->n)
            memcpy(more, parts->at, parts->n * sizeof *more);
        parts->at = more;
        parts->cap = cap;
    }
    parts->at[parts->n++] = node;
    return 0;
}

/* Ends the text gathered so far. */
static int flush(Join *j, Parts *parts)
{
    if (!parts->text.n)
        return 0;
    int r = push(j, parts, constant(j, &parts->text, OU_K_STR));
    parts->text.n = 0;
    return r;
}

static OuNode *joined(Join *j, Parts *parts)
{
    if (flush(j, parts))
        return NULL;
    uint32_t depth = 0;
    for (uint32_t i = 0; i < parts->n; i++)
        if (parts->at[i]->depth > depth)
            depth = parts->at[i]->depth;
    OuAst_JoinedStr *node = new_node(j, sizeof *node, AST_JoinedStr, depth + 1);
    if (!node)
        return NULL;
    node->values = (OuSeq){.n = parts->n, .at = parts->at};
    return &node->node;
}

/* Reads literal text from *s on, up to a brace that begins or ends an expression.  1 when it ended at a
 * doubled brace (then there may be more), 0, or -1. */
static int read_literal(Join *j, const char **s, const char *end, int level, OuBytes *out)
{
    const char *start = *s, *p = start;
    int result = 0;
    while (p < end) {
        char c = *p++;
        if (!j->raw && c == '\\' && p < end) {
            c = *p++;
            if (c == 'N') {
                /* the braces of \N{name} begin no expression */
                if (p < end && *p++ == '{')
                    while (p < end && *p++ != '}')
                        ;
                continue;
            }
            if (c == '{' && warn_escape(j, p - 2))
                return -1;
        }
        if (c != '{' && c != '}')
            continue;
        if (level == 0 && p < end && *p == c) {
            result = 1;
            break;
        }
        if (level == 0 && c == '}')
            return syntax(j, "f-string: single '}' is not allowed");
        p--;
        break;
    }
    if (p > start && add_literal(j, out, start, (size_t)(p - start), false))
        return -1;
    *s = p + result;
    return result;
}

/* The end of the expression at s: its `!`, `:`, `=` or `}`; NULL after an error. */
static const char *expression_end(Join *j, const char *s, const char *end)
{
    char bracket[MAX_BRACKETS], quote = 0;
    int depth = 0;
    bool triple = false;
    for (; s < end; s++) {
        char c = *s;
        if (c == '\\')
            return syntax(j, "f-string expression part cannot include a backslash"), NULL;
        if (quote || c == '\'' || c == '"') {
            bool three = s + 2 < end && s[1] == c && s[2] == c;
            if (!quote) {
                quote = c;
                triple = three;
                s += three ? 2 : 0;
            } else if (c == quote && (!triple || three)) {
                s += triple ? 2 : 0;
                quote = 0;
            }
        } else if (c == '(' || c == '[' || c == '{') {
            if (depth == MAX_BRACKETS)
                return syntax(j, "f-string: too many nested parenthesis"), NULL;
            bracket[depth++] = c;
        } else if (c == '#') {
            return syntax(j, "f-string expression part cannot include '#'"), NULL;
        } else if (!depth && strchr("!:}=<>", c)) {
            if (c != ':' && c != '}' && s + 1 < end && s[1] == '=')
                s++; /* != == <= >= */
            else if (c != '<' && c != '>')
                break;
        } else if (c == ')' || c == ']' || c == '}') {
            if (!depth)
                return fail(j, OU_DIAG_SYNTAX, "f-string: unmatched '%c'", c), NULL;
            char open = bracket[--depth];
            if (c != (open == '(' ? ')' : open == '[' ? ']' : '}'))
                return fail(j, OU_DIAG_SYNTAX,
                            "f-string: closing parenthesis '%c' does not match opening parenthesis '%c'", c,
                            open),
                       NULL;
        }
    }
    if (quote)
        return syntax(j, "f-string: unterminated string"), NULL;
    if (depth)
        return fail(j, OU_DIAG_SYNTAX, "f-string: unmatched '%c'", bracket[depth - 1]), NULL;
    if (s >= end)
        return syntax(j, "f-string: expecting '}'"), NULL;
    return s;
}

/* Parses s[0..end), whose brace stands before s. */
static OuNode *expression(Join *j, const char *s, const char *end)
{
    const char *p = s, *source = j->p->source, *tok = source + j->tok->start, *line = NULL;
    while (p < end && strchr(" \t\n\f", *p))
        p++;
    if (p == end) {
        if (*end == '!' || *end == ':' || *end == '=')
            fail(j, OU_DIAG_SYNTAX, "f-string: expression required before '%c'", *end);
        else
            syntax(j, "f-string: empty expression not allowed");
        return NULL;
    }
    int lineno = j->tok->lineno;
    for (p = tok; p < s - 1; p++) {
        if (*p == '\n') {
            lineno++;
            line = p + 1;
        }
    }
    int col = line ? (int)(s - 1 - line) : j->tok->col + (int)(s - 1 - tok);
    /* CPython forgets the brace's column where a line end follows it; `{\n x for x in y}` shows it */
    if (s[strspn(s, " \t\f")] == '\n')
        col = line ? 0 : j->tok->col;
    return j->parse(j->p, (uint32_t)(s - source), (uint32_t)(end - source), lineno, col);
}

static int read_parts(Join *j, const char **s, const char *end, int level, Parts *parts);

/* Reads the replacement field whose brace is at *s. */
static int read_field(Join *j, const char **s, const char *end, int level, Parts *parts)
{
    if (level >= 2)
        return syntax(j, "f-string: expressions nested too deeply");
    const char *start = *s + 1, *p = expression_end(j, start, end);
    OuNode *value = p ? expression(j, start, p) : NULL, *spec = NULL;
    int conversion = -1;
    bool show = false;
    if (!value)
        return -1;
    if (*p == '=') {
        show = true;
        p++;
        while (p < end && strchr(" \t\n\v\f\r", *p))
            p++;
        if (ou_bytes_add(&parts->text, start, (size_t)(p - start)))
            return no_memory(j);
    }
    if (p < end && *p == '!') {
        if (++p >= end)
            return syntax(j, "f-string: expecting '}'");
        conversion = (unsigned char)*p++;
        if (conversion != 's' && conversion != 'r' && conversion != 'a')
            return syntax(j, "f-string: invalid conversion character: expected 's', 'r', or 'a'");
    }
    if (p < end && *p == ':') {
        if (++p >= end)
            return syntax(j, "f-string: expecting '}'");
        Parts inner = {.text = {.mem = j->p->mem}};
        if (!read_parts(j, &p, end, level + 1, &inner)) {
            j->ending_spec = true;
            spec = joined(j, &inner);
            j->ending_spec = false;
        }
        ou_bytes_free(&inner.text);
        if (!spec)
            return -1;
    }
    if (p >= end || *p != '}')
        return syntax(j, "f-string: expecting '}'");
    *s = p + 1;
    if (show && !spec && conversion < 0)
        conversion = 'r';
    uint32_t depth = spec && spec->depth > value->depth ? spec->depth : value->depth;
    OuAst_FormattedValue *field = new_node(j, sizeof *field, AST_FormattedValue, depth + 1);
    if (!field)
        return -1;
    field->value = value;
    field->conversion = conversion;
    field->format_spec = spec;
    return flush(j, parts) ? -1 : push(j, parts, &field->node);
}

static int read_parts(Join *j, const char **s, const char *end, int level, Parts *parts)
{
    for (;;) {
        int more = read_literal(j, s, end, level, &parts->text);
        if (more < 0)
            return -1;
        if (more)
            continue;
        if (*s >= end || **s == '}')
            break;
        if (read_field(j, s, end, level, parts))
            return -1;
    }
    if (level && (*s >= end || **s != '}'))
        return syntax(j, "f-string: expecting '}'");
    return 0;
}

OuNode *ou_fstring_join(OuParse *p, const OuToken *tok, size_t n, const OuToken *next, OuFstringParse *parse)
{
    Join j = {.p = p, .parse = parse, .first = tok, .last = tok + n - 1, .next = next};
    Parts parts = {.text = {.mem = p->mem}};
    OuNode *node = NULL;
    bool bytes = tok->flags & TOKF_BYTES, formatted = false;
    for (size_t i = 0; i < n; i++) {
        const OuToken *t = j.tok = &tok[i];
        const char *s = p->source + t->start, *end = p->source + t->end - (t->flags & TOKF_TRIPLE ? 3 : 1);
        while (*s != '\'' && *s != '"')
            s++;
        s += t->flags & TOKF_TRIPLE ? 3 : 1;
        j.raw = t->flags & TOKF_RAW;
        bool is_bytes = t->flags & TOKF_BYTES;
        for (const char *c = s; is_bytes && c < end; c++) {
            if (*c & 0x80) {
                ou_diag_set(&p->diag, p->arena, OU_DIAG_SYNTAX, t->lineno, t->col, t->end_lineno, t->end_col,
                            "bytes can only contain ASCII literal characters");
                goto done;
            }
        }
        /* CPython decodes a plain literal before it compares its kind, an f-string after */
        if (!(t->flags & TOKF_FSTRING) && add_literal(&j, &parts.text, s, (size_t)(end - s), is_bytes))
            goto done;
        if (bytes != is_bytes) {
            syntax(&j, "cannot mix bytes and nonbytes literals");
            goto done;
        }
        if (t->flags & TOKF_FSTRING) {
            formatted = true;
            if (read_parts(&j, &s, end, 0, &parts))
                goto done;
        }
    }
    node = formatted ? joined(&j, &parts) : constant(&j, &parts.text, bytes ? OU_K_BYTES : OU_K_STR);
done:
    ou_bytes_free(&parts.text);
    return node;
}

void ou_fstring_error(OuParse *p, uint32_t start, uint32_t end, int lineno, int col, bool by_lexer)
{
    OuDiag *d = &p->diag;
    if (d->text || d->lineno <= 0 || d->kind == OU_DIAG_MEMORY || d->kind == OU_DIAG_HOOK)
        return;
    if (!by_lexer && d->msg) {
        size_t len = strlen(d->msg);
        char *msg = ou_arena_alloc(p->arena, len + 11);
        if (msg) {
            memcpy(msg, "f-string: ", 10);
            memcpy(msg + 10, d->msg, len);
            d->msg = msg;
        }
    }
    /* CPython's parser takes the first line's shift off on every line */
    if (d->col >= 0 && (!by_lexer || d->lineno == lineno))
        d->col -= col;
    if (d->end_col >= 0 && (!by_lexer || d->end_lineno == lineno))
        d->end_col -= col;
    /* the line of "(expression)" that holds the error; the last one, as CPython's reader does, with a line
     * end */
    const char *s = p->source + start, *limit = p->source + end, *e;
    for (int line = lineno; line < d->lineno; line++) {
        if (!(e = memchr(s, '\n', (size_t)(limit - s))))
            break;
        s = e + 1;
    }
    e = memchr(s, '\n', (size_t)(limit - s));
    size_t n = (size_t)((e ? e : limit) - s);
    char *text = ou_arena_alloc(p->arena, n + 4), *o = text;
    if (!text)
        return;
    if (s == p->source + start)
        *o++ = '(';
    memcpy(o, s, n);
    o += n;
    if (!e)
        *o++ = ')';
    if (!e && !by_lexer)
        *o++ = '\n';
    d->text = text;
}
