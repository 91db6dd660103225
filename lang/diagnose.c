/* lang/diagnose.c - from a refusal to CPython's message and place: tokens, memory, errors, the two readings.
 * See diagnose.h. */
#include "diagnose.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const OuNode ou_diagnose_ok;

/* CPython's parser gives up with MemoryError at this many rules inside each other. */
#define MAX_LEVEL 6000

/* ---- tokens ---- */

const OuToken *ou_diagnose_token(OuDiagnosis *d, uint32_t i)
{
    if (d->failed)
        return NULL;
    while (d->base + i >= d->lex->n) {
        int more = ou_lex_line(d->lex);
        if (more == 0 && d->lex->n)
            return &d->lex->tok[d->lex->n - 1]; /* nothing follows the end */
        if (more < 0 || !d->lex->n) {
            d->failed = d->p->arena->failed = true;
            return NULL;
        }
    }
    const OuToken *t = &d->lex->tok[d->base + i];
    if (i >= d->fill)
        d->fill = i + 1;
    if (t->kind == TOK_ERROR && d->explaining && d->p->flags & OU_PARSE_INTERACTIVE &&
        d->lex->diag.incomplete) {
        d->fill = d->fill == i + 1 ? i : d->fill; /* no further line is asked for to explain an error */
        return t;
    }
    if (t->kind == TOK_ERROR) {
        d->p->diag = d->lex->diag;
        d->failed = d->by_lexer = true;
        return NULL;
    }
    return t;
}

bool ou_diagnose_at(OuDiagnosis *d, OuTokenKind kind)
{
    const OuToken *t = ou_diagnose_token(d, d->mark);
    return t && t->kind == kind;
}

bool ou_diagnose_eat(OuDiagnosis *d, OuTokenKind kind)
{
    if (!ou_diagnose_at(d, kind))
        return false;
    d->mark++;
    return true;
}

bool ou_diagnose_at_name(OuDiagnosis *d)
{
    const OuToken *t = ou_diagnose_token(d, d->mark);
    return t && (t->kind == TOK_NAME || t->kind == TOK_MATCH || t->kind == TOK_CASE);
}

bool ou_diagnose_at_word(OuDiagnosis *d, const char *word)
{
    return ou_diagnose_at_name(d) && strcmp(ou_diagnose_token(d, d->mark)->name->s, word) == 0;
}

bool ou_diagnose_force(OuDiagnosis *d, OuTokenKind kind, const char *spelling)
{
    if (ou_diagnose_eat(d, kind))
        return true;
    if (!d->failed)
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, d->mark), "expected '%s'", spelling);
    return false;
}

int ou_diagnose_level_before(OuDiagnosis *d, uint32_t i)
{
    int level = 0;
    for (uint32_t k = 0; k < i; k++)
        switch (d->lex->tok[d->base + k].kind) {
        case TOK_LPAR:
        case TOK_LSQB:
        case TOK_LBRACE:
            level++;
            break;
        case TOK_RPAR:
        case TOK_RSQB:
        case TOK_RBRACE:
            level--;
        }
    return level;
}

OuSpan ou_diagnose_token_span(OuDiagnosis *d, uint32_t i)
{
    const OuToken *t = ou_diagnose_token(d, i);
    if (!t)
        return (OuSpan){0};
    return (OuSpan){t->lineno, t->col, t->end_lineno, t->end_col};
}

OuSpan ou_diagnose_span(OuDiagnosis *d, uint32_t start)
{
    return ou_span_join(ou_diagnose_token_span(d, start),
                        ou_diagnose_token_span(d, d->mark ? d->mark - 1 : 0));
}

/* ---- recursion, memory ---- */

bool ou_diagnose_enter(OuDiagnosis *d)
{
    if (++d->level > MAX_LEVEL && !d->failed) {
        d->failed = true;
        ou_diag_set(&d->p->diag, d->p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "%s", "");
    }
    return !d->failed;
}

bool ou_diagnose_recall(OuDiagnosis *d, OuMemoKind kind, OuNode **out)
{
    if (d->failed) {
        *out = NULL;
        return true;
    }
    if (!ou_diagnose_token(d, d->mark)) {
        *out = NULL;
        return true;
    }
    for (OuMemo *m = d->mark < d->n_memo ? d->memo[d->mark] : NULL; m; m = m->next)
        if (m->kind == kind) {
            d->mark = m->end;
            *out = m->node;
            return true;
        }
    return false;
}

OuNode *ou_diagnose_keep(OuDiagnosis *d, OuMemoKind kind, uint32_t start, OuNode *n)
{
    if (d->failed)
        return NULL;
    if (start >= d->n_memo) {
        uint32_t size = start * 2 + 64;
        OuMemo **more = ou_mem_realloc(d->p->mem, d->memo, d->n_memo * sizeof *more, size * sizeof *more);
        if (!more) {
            d->failed = d->p->arena->failed = true;
            return NULL;
        }
        memset(more + d->n_memo, 0, (size - d->n_memo) * sizeof *more);
        d->memo = more;
        d->n_memo = size;
    }
    OuMemo *m = ou_arena_alloc(d->p->arena, sizeof *m);
    if (!m) {
        d->failed = true;
        return NULL;
    }
    *m = (OuMemo){d->memo[start], kind, d->mark, n};
    d->memo[start] = m;
    return n;
}

void ou_diagnose_push(OuDiagnosis *d, void *x)
{
    if (d->n_vec == d->cap_vec) {
        uint32_t cap = d->cap_vec ? d->cap_vec * 2 : 64;
        void **more = ou_mem_realloc(d->p->mem, d->vec, d->cap_vec * sizeof *more, cap * sizeof *more);
        if (!more) {
            d->failed = d->p->arena->failed = true;
            return;
        }
        d->vec = more;
        d->cap_vec = cap;
    }
    d->vec[d->n_vec++] = x;
}

OuNode *ou_diagnose_attempt(OuDiagnosis *d, OuNode *(*reader)(OuDiagnosis *))
{
    uint32_t start = d->mark;
    OuNode *n = d->failed ? NULL : reader(d);
    if (!n)
        d->mark = start;
    return n;
}

bool ou_diagnose_commas(OuDiagnosis *d, OuNode *(*item)(OuDiagnosis *))
{
    if (!attempt(d, item))
        return false;
    for (uint32_t after = d->mark;; after = d->mark)
        if (!eat(d, TOK_COMMA) || !attempt(d, item)) {
            d->mark = after;
            return !d->failed;
        }
}

uint32_t ou_diagnose_gather(OuDiagnosis *d, OuNode *(*item)(OuDiagnosis *))
{
    uint32_t base = d->n_vec;
    OuNode *n = attempt(d, item);
    while (n) {
        ou_diagnose_push(d, n);
        uint32_t after = d->mark;
        if (!eat(d, TOK_COMMA) || !(n = attempt(d, item))) {
            d->mark = after;
            break;
        }
    }
    return d->failed ? 0 : d->n_vec - base;
}

OuSeq ou_diagnose_take(OuDiagnosis *d, uint32_t base)
{
    OuSeq s = {0, NULL};
    if (d->n_vec > base && !d->failed)
        s = ou_ast_seq(d->p, d->vec + base, d->n_vec - base);
    d->n_vec = base;
    return s;
}

/* ---- errors ---- */

/* Do only DEDENTs and the end of the text follow token i? */
static bool ends_at(OuDiagnosis *d, uint32_t i)
{
    const OuLex *lex = d->lex;
    for (size_t k = d->base + i; k < lex->n; k++)
        if (lex->tok[k].kind != TOK_DEDENT)
            return lex->tok[k].kind == TOK_ENDMARKER ||
                   (lex->tok[k].kind == TOK_NEWLINE && lex->tok[k].flags & TOKF_IMPLIED);
    return lex->done;
}

/* Where CPython's tokeniser is at the end of the text: the length of the last line, as if it counted from 1.
 */
static int32_t end_column(OuDiagnosis *d)
{
    size_t n = d->p->source_len, start = n ? n - 1 : 0;
    while (start && d->p->source[start - 1] != '\n')
        start--;
    return (int32_t)(n - start) - 1;
}

/* The last token looked at.  INDENT, DEDENT and the end have no place of their own in CPython, which then
 * gives the tokeniser's, counted from 0, and -1 for the end. */
static OuSpan last_span(OuDiagnosis *d)
{
    uint32_t i = d->fill ? d->fill - 1 : 0;
    OuSpan s = ou_diagnose_token_span(d, i);
    const OuToken *t = &d->lex->tok[d->base + i];
    bool implied = t->kind == TOK_NEWLINE && t->flags & TOKF_IMPLIED;
    if (t->kind != TOK_INDENT && t->kind != TOK_DEDENT && t->kind != TOK_ENDMARKER && !implied)
        return s;
    s.ec = d->p->source_len ? -2 : -1;
    s.c = t->col - 1;
    if (t->kind != TOK_INDENT && ends_at(d, i))
        s.c = end_column(d);
    return s;
}

/* CPython measures both columns in the line where the error begins, and goes no further than its end; only
 * the line the tokeniser is in has its line end. */
static OuSpan clamped(OuDiagnosis *d, OuSpan s)
{
    size_t len = 0;
    uint32_t i = d->fill ? d->fill - 1 : 0;
    if (d->fstring || !ou_parse_line(d->p, s.l, &len) || d->base + i >= d->lex->n)
        return s;
    int32_t limit = (int32_t)len + (d->lex->tok[d->base + i].end_lineno <= s.l);
    s.c = s.c > limit ? limit : s.c;
    s.ec = s.ec > limit ? limit : s.ec;
    return s;
}

static OuNode *fail(OuDiagnosis *d, OuDiagKind kind, OuSpan s, const char *fmt, va_list ap)
{
    char msg[512];
    if (d->failed)
        return NULL;
    vsnprintf(msg, sizeof msg, fmt, ap);
    s = clamped(d, s);
    ou_diag_set(&d->p->diag, d->p->arena, kind, s.l, s.c, s.el, s.ec, "%s", msg);
    d->failed = true;
    return NULL;
}

OuNode *ou_diagnose_error(OuDiagnosis *d, OuDiagKind kind, const char *fmt, ...)
{
    va_list ap;
    OuSpan s = last_span(d);
    va_start(ap, fmt);
    fail(d, kind, s, fmt, ap);
    va_end(ap);
    return NULL;
}

OuNode *ou_diagnose_error_at(OuDiagnosis *d, OuSpan s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fail(d, OU_DIAG_SYNTAX, s, fmt, ap);
    va_end(ap);
    return NULL;
}

OuSpan ou_diagnose_from(OuDiagnosis *d, OuSpan s)
{
    const OuToken *t = ou_diagnose_token(d, d->fill - 1);
    if (!t)
        return s;
    s.el = t->end_lineno;
    /* CPython gives the tokeniser's place, which has taken the line end, as if it counted from 1 */
    s.ec = t->end_col - (t->kind != TOK_NEWLINE);
    return s;
}

/* ---- the readings ---- */

static bool read_start(OuDiagnosis *d, OuTokenKind start)
{
    OuNode *n;
    switch (start) {
    case TOK_S_FILE:
        ou_diagnose_statements(d);
        return !d->failed && ou_diagnose_eat(d, TOK_ENDMARKER);
    case TOK_S_SINGLE:
        n = ou_diagnose_compound_stmt(d);
        if (n && ou_diagnose_eat(d, TOK_NEWLINE))
            return true;
        d->mark = 0;
        if (!d->failed && ou_diagnose_simple_stmts(d))
            return true;
        d->mark = 0;
        return !d->failed && ou_diagnose_eat(d, TOK_NEWLINE);
    case TOK_S_EVAL:
        if (!ou_diagnose_expressions(d))
            return false;
        while (ou_diagnose_eat(d, TOK_NEWLINE))
            ;
        return ou_diagnose_eat(d, TOK_ENDMARKER);
    case TOK_S_FSTR:
        return ou_diagnose_star_expressions(d);
    default:
        return false;
    }
}

static void reading(OuDiagnosis *d, OuTokenKind start, bool checking)
{
    if (d->memo)
        memset(d->memo, 0, d->n_memo * sizeof *d->memo);
    d->mark = 0;
    d->level = 0;
    d->n_vec = 0;
    d->checking = checking;
    read_start(d, start);
}

/* Errors of the tokeniser that CPython keeps as a number until the parser asks: they do not replace
 * another error. */
static bool is_quiet(const OuDiag *diag)
{
    return diag->kind == OU_DIAG_INDENTATION || diag->kind == OU_DIAG_TAB ||
           strncmp(diag->msg, "unexpected ", 11) == 0;
}

/* After any syntax error of the parser: what is wrong with the text further on counts more. */
static void read_rest(OuDiagnosis *d)
{
    OuLex *lex = d->lex;
    size_t i = d->base + d->fill;
    int line = d->fill ? lex->tok[i - 1].lineno : 1;
    for (;; i++) {
        while (i >= lex->n)
            if (ou_lex_line(lex) <= 0)
                return;
        if (lex->tok[i].kind == TOK_ERROR)
            break;
    }
    if (!lex->unclosed && !is_quiet(&lex->diag)) {
        d->p->diag = lex->diag;
        d->by_lexer = true;
    } else if (lex->level > 0 && line > lex->bracket[lex->level - 1].lineno) {
        const OuBracket *b = &lex->bracket[lex->level - 1];
        d->p->diag.kind = OU_DIAG_NONE;
        ou_diag_set(&d->p->diag, d->p->arena, OU_DIAG_SYNTAX, b->lineno, b->col, b->lineno, -1,
                    "'%c' was never closed", b->c);
    }
}

/* Has the text been read to its end?  CPython asks its tokeniser, which has looked one character beyond any
 * token but a string and the end of a line. */
static bool at_end(OuDiagnosis *d)
{
    const OuLex *lex = d->lex;
    if (!d->fill)
        return false;
    const OuToken *t = &lex->tok[d->base + d->fill - 1];
    switch ((OuTokenKind)t->kind) {
    case TOK_ERROR:
        return lex->diag.incomplete;
    case TOK_ENDMARKER:
        return true;
    case TOK_DEDENT:
        return ends_at(d, d->fill - 1);
    case TOK_NEWLINE:
        return t->flags & TOKF_IMPLIED;
    case TOK_INDENT:
        return ends_at(d, d->fill);
    case TOK_STRING: {
        /* behind the two quotes of an empty string it looks for a third */
        uint32_t quote = t->start;
        while (d->p->source[quote] != '\'' && d->p->source[quote] != '"')
            quote++;
        return t->end == d->p->source_len && quote + 2 == t->end;
    }
    case TOK_ELLIPSIS:
        return false; /* nor does it look beyond three characters */
    case TOK_AUGASSIGN:
        return t->end == d->p->source_len && t->end - t->start < 3;
    default:
        return t->end == d->p->source_len;
    }
}

/* The place of "incomplete input". */
static OuSpan end_span(OuDiagnosis *d)
{
    const OuDiag *diag = &d->lex->diag;
    const OuToken *t = &d->lex->tok[d->base + d->fill - 1];
    if (t->kind != TOK_ERROR)
        return last_span(d);
    if (strncmp(diag->msg, "unterminated", 12) == 0)
        return (OuSpan){diag->lineno, diag->col, diag->lineno, -2};
    int32_t line = 0;
    for (size_t i = 0; i < d->p->source_len; i++)
        line += d->p->source[i] == '\n' || i + 1 == d->p->source_len;
    return (OuSpan){line, end_column(d), line, -2};
}

/* Returns whether the rest of the text matters. */
static bool plain_error(OuDiagnosis *d, uint32_t last, OuSpan where)
{
    OuDiagKind kind = OU_DIAG_SYNTAX;
    const char *msg = "invalid syntax";
    if (last) {
        const OuToken *t = &d->lex->tok[d->base + last - 1];
        if (t->kind == TOK_INDENT || t->kind == TOK_DEDENT) {
            kind = OU_DIAG_INDENTATION;
            msg = t->kind == TOK_INDENT ? "unexpected indent" : "unexpected unindent";
            where = last_span(d);
        } else {
            where = (OuSpan){t->lineno, t->col, t->end_lineno, t->end_col};
        }
    }
    where = clamped(d, where);
    ou_diag_set(&d->p->diag, d->p->arena, kind, where.l, where.c, where.el, where.ec, "%s", msg);
    return kind == OU_DIAG_SYNTAX;
}

void ou_diagnose(OuParser *c, OuLex *lex, OuTokenKind start)
{
    OuDiag first = c->p->diag;
    if (first.kind == OU_DIAG_MEMORY || first.kind == OU_DIAG_RECURSION || first.kind == OU_DIAG_HOOK)
        return;
    OuParse copy = *c->p;
    OuDiagnosis d = {.p = &copy, .lex = lex, .fstring = start == TOK_S_FSTR};
    copy.diag = (OuDiag){0};
    lex->keep = true;
    while (lex->n < c->skip || lex->n == 0)
        if (ou_lex_line(lex) <= 0)
            break;
    d.base = c->skip;

    reading(&d, start, false);
    bool ended = at_end(&d), extra = c->extra && !d.failed;
    uint32_t last = d.fill;
    if (d.p->flags & OU_PARSE_ALLOW_INCOMPLETE && ended && start != TOK_S_FSTR && !extra) {
        copy.diag = (OuDiag){0};
        d.failed = false;
        OuSpan s = end_span(&d);
        ou_diag_set(&copy.diag, copy.arena, OU_DIAG_SYNTAX, s.l, s.c, s.el, s.ec, "incomplete input");
        copy.diag.incomplete = true;
        d.by_lexer = true;
    } else if (extra) {
        ou_diagnose_error(&d, OU_DIAG_SYNTAX, "multiple statements found while compiling a single statement");
        d.by_lexer = true;
    } else if (!d.failed) {
        d.explaining = true;
        reading(&d, start, true);
    }
    if (d.failed)
        d.by_lexer |= at_end(&d); /* CPython then leaves it at that */
    else
        d.by_lexer = !plain_error(&d, last, c->where);
    d.failed = true;
    if (!d.by_lexer && !(copy.flags & OU_PARSE_INTERACTIVE) &&
        (copy.diag.kind == OU_DIAG_SYNTAX || copy.diag.kind == OU_DIAG_INDENTATION ||
         copy.diag.kind == OU_DIAG_UNICODE))
        read_rest(&d);
    c->p->diag = copy.diag;
    c->p->names = copy.names;
    c->by_lexer = d.by_lexer;
    ou_mem_free(copy.mem, d.memo, d.n_memo * sizeof *d.memo);
    ou_mem_free(copy.mem, d.vec, d.cap_vec * sizeof *d.vec);
}
