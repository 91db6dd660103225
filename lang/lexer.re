/* lang/lexer.re - single tokens out of text.
 *
 * The text ends with NUL, the sentinel; a NUL inside is refused earlier (source.c).  Rules are for well-formed
 * text: whatever matches none, or a number that runs into a letter, goes to the slow functions at the end,
 * whose messages and places are CPython's.  Layout (INDENT, NEWLINE ...) is tokens.c's. */
#include "lang/lexer.h"

#include <string.h>

#define KW(NAME) t->kind = TOK_##NAME; goto done
#define OP(NAME, ast) t->kind = TOK_##NAME; t->op = AST_##ast; goto done
#define BRACKET(NAME) t->kind = TOK_##NAME; if (!open_bracket(lex, start)) goto error; goto done
#define CLOSING(NAME) t->kind = TOK_##NAME; if (!close_bracket(lex, start)) goto error; goto done

enum { AST_Nothing = 0 };

static bool open_bracket(OuLex *lex, const char *s)
{
    int col = ou_lex_col(lex, s);
    if (lex->level == OU_LEX_MAX_BRACKETS)
        return ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col, "too many nested parentheses"), false;
    lex->bracket[lex->level++] = (OuBracket){.c = *s, .lineno = lex->lineno, .col = col};
    return true;
}

static bool close_bracket(OuLex *lex, const char *s)
{
    int col = ou_lex_col(lex, s);
    if (!lex->level)
        return ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col, "unmatched '%c'", *s), false;
    const OuBracket *b = &lex->bracket[--lex->level];
    if (*s == (b->c == '(' ? ')' : b->c == '[' ? ']' : '}'))
        return true;
    if (b->lineno == lex->lineno)
        ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col,
                    "closing parenthesis '%c' does not match opening parenthesis '%c'", *s, b->c);
    else
        ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col,
                    "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", *s, b->c,
                    (int)b->lineno);
    return false;
}

/* The end of the string literal t, whose opening quotes end at s; NULL if it is unterminated. */
static const char *string_end(OuLex *lex, OuToken *t, const char *start, const char *s)
{
    char q = s[-1];
    bool triple = s - start >= 3 && s[-2] == q && s[-3] == q;
    int col = ou_lex_col(lex, start);
    if (triple)
        t->flags |= TOKF_TRIPLE;
    for (const char *p = start; *p != q; p++)
        t->flags |= (*p | 32) == 'r' ? TOKF_RAW : (*p | 32) == 'b' ? TOKF_BYTES : (*p | 32) == 'f' ? TOKF_FSTRING : TOKF_U;
    for (;; s++) {
        if (*s == q && (!triple || (s[1] == q && s[2] == q)))
            return s + (triple ? 3 : 1);
        if (*s == '\\' && s < lex->limit)
            s++;
        else if (*s == '\n' && !triple)
            break;
        if (*s == '\n') {
            lex->lineno++;
            lex->line = s + 1;
        } else if (!*s)
            break;
    }
    int detected = lex->lineno - (!*s && s == lex->line && lex->lineno > t->lineno);
    ou_lex_fail(lex, OU_DIAG_SYNTAX, t->lineno, col, col, "unterminated %sstring literal (detected at line %d)",
                triple ? "triple-quoted " : "", detected);
    lex->diag.incomplete = !*s;
    return NULL;
}

int ou_lex_scan(OuLex *lex, OuToken *t)
{
    const char *cur = lex->cur, *mark, *start, *comment = NULL;
again:
    start = cur;
    t->lineno = lex->lineno;
    /*!re2c
    re2c:yyfill:enable       = 0;
    re2c:define:YYCTYPE      = "unsigned char";
    re2c:define:YYCURSOR     = cur;
    re2c:define:YYMARKER     = mark;

    prefix   = [uUbBrRfF] | [bBfF][rR] | [rR][bBfF];
    quote    = "'" | ["] | "'''" | ["]["]["];
    digits   = [0-9] ("_"? [0-9])*;
    decimal  = [1-9] ("_"? [0-9])* | "0" ("_"? "0")*;
    based    = "0" [xX] ("_"? [0-9a-fA-F])+ | "0" [oO] ("_"? [0-7])+ | "0" [bB] ("_"? [01])+;
    exponent = [eE] [+-]? digits;
    float    = (digits "." digits? | "." digits) exponent? | digits exponent;
    imag     = (digits | float) [jJ];
    word     = [a-zA-Z_] [a-zA-Z0-9_]*;
    anyword  = [a-zA-Z_\x80-\xff] [a-zA-Z0-9_\x80-\xff]*;

    [ \t\f]+                        { goto again; }
    "#" [^\n\x00]*                  { goto comment; }
    "\\\n"                          { goto joined; }
    "\\"                            { goto stray_backslash; }
    "\n"                            { goto end_of_line; }
    "\x00"                          { goto end_of_input; }

    "False"                         { KW(FALSE); }
    "None"                          { KW(NONE); }
    "True"                          { KW(TRUE); }
    "and"                           { OP(AND, And); }
    "as"                            { KW(AS); }
    "assert"                        { KW(ASSERT); }
    "async"                         { KW(ASYNC); }
    "await"                         { KW(AWAIT); }
    "break"                         { KW(BREAK); }
    "class"                         { KW(CLASS); }
    "continue"                      { KW(CONTINUE); }
    "def"                           { KW(DEF); }
    "del"                           { KW(DEL); }
    "elif"                          { KW(ELIF); }
    "else"                          { KW(ELSE); }
    "except"                        { KW(EXCEPT); }
    "finally"                       { KW(FINALLY); }
    "for"                           { KW(FOR); }
    "from"                          { KW(FROM); }
    "global"                        { KW(GLOBAL); }
    "if"                            { KW(IF); }
    "import"                        { KW(IMPORT); }
    "in"                            { OP(IN, In); }
    "is"                            { OP(IS, Is); }
    "lambda"                        { KW(LAMBDA); }
    "nonlocal"                      { KW(NONLOCAL); }
    "not"                           { OP(NOT, Not); }
    "or"                            { OP(OR, Or); }
    "pass"                          { KW(PASS); }
    "raise"                         { KW(RAISE); }
    "return"                        { KW(RETURN); }
    "try"                           { KW(TRY); }
    "while"                         { KW(WHILE); }
    "with"                          { KW(WITH); }
    "yield"                         { KW(YIELD); }

    "case"                          { t->kind = TOK_CASE; goto name; }
    word                            { t->kind = TOK_NAME; goto name; }
    anyword                         { t->kind = TOK_NAME; goto any_name; }
    prefix? quote                   { goto string; }
    decimal | based | float | imag  { goto number; }

    "("                             { BRACKET(LPAR); }
    "["                             { BRACKET(LSQB); }
    "{"                             { BRACKET(LBRACE); }
    ")"                             { CLOSING(RPAR); }
    "]"                             { CLOSING(RSQB); }
    "}"                             { CLOSING(RBRACE); }
    ","                             { KW(COMMA); }
    ":"                             { KW(COLON); }
    ";"                             { KW(SEMI); }
    "."                             { KW(DOT); }
    "..."                           { KW(ELLIPSIS); }
    "->"                            { KW(RARROW); }
    "="                             { KW(EQ); }
    ":="                            { KW(WALRUS); }
    "@"                             { OP(AT, MatMult); }
    "+"                             { OP(PLUS, Add); }
    "-"                             { OP(MINUS, Sub); }
    "*"                             { OP(STAR, Mult); }
    "**"                            { OP(DSTAR, Pow); }
    "/"                             { OP(SLASH, Div); }
    "|"                             { OP(VBAR, BitOr); }
    "^"                             { OP(CARET, BitXor); }
    "&"                             { OP(AMP, BitAnd); }
    "~"                             { OP(TILDE, Invert); }
    "%"                             { OP(MULOP, Mod); }
    "//"                            { OP(MULOP, FloorDiv); }
    "<<"                            { OP(SHIFTOP, LShift); }
    ">>"                            { OP(SHIFTOP, RShift); }
    "<"                             { OP(CMPOP, Lt); }
    ">"                             { OP(CMPOP, Gt); }
    "<="                            { OP(CMPOP, LtE); }
    ">="                            { OP(CMPOP, GtE); }
    "=="                            { OP(CMPOP, Eq); }
    "!="                            { goto not_equal; }
    "<>"                            { goto flufl; }
    "+="                            { OP(AUGASSIGN, Add); }
    "-="                            { OP(AUGASSIGN, Sub); }
    "*="                            { OP(AUGASSIGN, Mult); }
    "@="                            { OP(AUGASSIGN, MatMult); }
    "/="                            { OP(AUGASSIGN, Div); }
    "%="                            { OP(AUGASSIGN, Mod); }
    "&="                            { OP(AUGASSIGN, BitAnd); }
    "|="                            { OP(AUGASSIGN, BitOr); }
    "^="                            { OP(AUGASSIGN, BitXor); }
    "<<="                           { OP(AUGASSIGN, LShift); }
    ">>="                           { OP(AUGASSIGN, RShift); }
    "**="                           { OP(AUGASSIGN, Pow); }
    "//="                           { OP(AUGASSIGN, FloorDiv); }
    [$?!`]                          { KW(OP); }
    *                               { goto stray; }
    */

name:
    if (!(t->name = ou_parse_name(lex->p, start, (size_t)(cur - start))))
        goto no_memory;
    goto done;

any_name:
    if (!(t->name = ou_lex_name(lex, start, (size_t)(cur - start))))
        goto error;
    goto done;

string: {
    /* the literal may span lines: its column is the one on the first */
    int col = ou_lex_col(lex, start);
    t->kind = TOK_STRING;
    if (!(cur = string_end(lex, t, start, cur)))
        goto error;
    /* CPython shifts the columns of an f-string's first line by the line of the token's end */
    t->col = col - (lex->lineno > t->lineno && t->lineno == lex->first_lineno ? lex->col_shift : 0);
    goto placed;
}

number:
    t->kind = TOK_NUMBER;
    if ((*cur == '_' || (*cur >= '0' && *cur <= '9') || (*cur >= 'A' && *cur <= 'Z') || (*cur >= 'a' && *cur <= 'z')) &&
        !(cur = ou_lex_number(lex, start)))
        goto error;
    goto done;

not_equal:
    t->op = AST_NotEq;
    t->kind = TOK_CMPOP;
    if (lex->p->flags & OU_PARSE_BARRY) {
        ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, ou_lex_col(lex, start), ou_lex_col(lex, cur),
                    "with Barry as BDFL, use '<>' instead of '!='");
        goto error;
    }
    goto done;

flufl:
    t->op = AST_NotEq;
    t->kind = lex->p->flags & OU_PARSE_BARRY ? TOK_CMPOP : TOK_OP;
    goto done;

comment:
    comment = start;
    if (lex->p->flags & OU_PARSE_TYPE_COMMENTS) {
        /* "# type: ..." with any blanks for each of the two (PEP 484) */
        const char *s = start + 1;
        s += strspn(s, " \t");
        if (!strncmp(s, "type:", 5)) {
            s += 5;
            s += strspn(s, " \t");
            unsigned char after = !strncmp(s, "ignore", 6) ? (unsigned char)s[6] : 'x';
            if (after >= 128 || (after | 32) - 'a' < 26u || after - '0' < 10u) {
                t->kind = TOK_TYPE_COMMENT;
                if (!(t->name = ou_parse_name(lex->p, s, (size_t)(cur - s))))
                    goto no_memory;
                start = s;
                goto done;
            }
            s += 6;
            if (lex->n_type_ignores == lex->cap_type_ignores) {
                size_t cap = lex->cap_type_ignores * 2 + 8;
                OuTypeIgnore *more = ou_arena_alloc(lex->p->arena, cap * sizeof *more);
                if (!more)
                    goto no_memory;
                if (lex->n_type_ignores)
                    memcpy(more, lex->type_ignores, lex->n_type_ignores * sizeof *more);
                lex->type_ignores = more;
                lex->cap_type_ignores = cap;
            }
            OuText *tag = ou_parse_name(lex->p, s, (size_t)(cur - s));
            if (!tag)
                goto no_memory;
            lex->type_ignores[lex->n_type_ignores++] = (OuTypeIgnore){.lineno = lex->lineno, .tag = tag};
        }
    }
    goto again;

joined:
    lex->lineno++;
    lex->line = cur;
    if (!*cur && lex->level) {
        start = cur;
        goto end_of_input;
    }
    if (!*cur) {
        /* CPython blames the line before the missing one, one past its end */
        int col = (int)(cur - start) - 1;
        const char *line = start;
        while (line > lex->text && line[-1] != '\n')
            line--;
        col += (int)(start - line);
        ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno - 1, col, -2, "unexpected EOF while parsing");
        lex->diag.incomplete = true;
        goto error;
    }
    goto again;

stray_backslash:
    /* CPython counts from its buffer's start, which is not that of a continued line */
    ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, (int)(cur - lex->buffer) - (cur == lex->limit), -1,
                "unexpected character after line continuation character");
    goto error;

stray: {
    int col = ou_lex_col(lex, start);
    ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col, "invalid non-printable character U+%04X", (unsigned char)*start);
    goto error;
}

end_of_input:
    lex->cur = start;
    return RAW_EOF;

end_of_line:
    t->col = ou_lex_col(lex, comment ? comment : start);
    t->start = (uint32_t)(lex->offset + ((comment ? comment : start) - lex->text));
    t->end = (uint32_t)(lex->offset + (start - lex->text));
    t->end_lineno = lex->lineno;
    t->end_col = ou_lex_col(lex, start);
    lex->lineno++;
    lex->line = lex->buffer = lex->cur = cur;
    return RAW_EOL;

done:
    t->col = ou_lex_col(lex, start);
placed:
    t->start = (uint32_t)(lex->offset + (start - lex->text));
    t->end = (uint32_t)(lex->offset + (cur - lex->text));
    t->end_lineno = lex->lineno;
    t->end_col = ou_lex_col(lex, cur);
    lex->cur = cur;
    return t->kind;

no_memory:
    lex->no_memory = true;
error:
    return TOK_ERROR;
}
