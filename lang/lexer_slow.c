/* lang/lexer_slow.c - the lexer's rare cases: number literals that are malformed or run into a name, and
 * names beyond ASCII. */
#include "lexer.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_xdigit(char c)
{
    return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}
static bool is_word(char c)
{
    return c == '_' || is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Blames s, the last character CPython's tokenizer had taken. */
static const char *fail_at(OuLex *lex, const char *s, const char *what)
{
    int col = ou_lex_col(lex, s);
    ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col, "invalid %s literal", what);
    return NULL;
}

/* `0x1for x in y`, `1if a else b` are legal still, with a warning: a keyword that may follow a number. */
static const char *number_end(OuLex *lex, const char *s, const char *what)
{
    static const char *const may_follow[] = {"and", "else", "for", "if", "in", "is", "or", "not"};
    for (size_t i = 0; i < sizeof may_follow / sizeof *may_follow; i++) {
        size_t n = strlen(may_follow[i]);
        /* CPython looks no further than the second letter of if, in, is */
        if (strncmp(s, may_follow[i], n) || (*s != 'i' && is_word(s[n])))
            continue;
        if (!lex->quiet && ou_diag_warn(&lex->p->warnings, lex->p->arena, "SyntaxWarning", lex->lineno, -1,
                                        lex->lineno, -1, "invalid %s literal", what) < 0) {
            lex->no_memory = true;
            return NULL;
        }
        return s;
    }
    return is_word(*s) ? fail_at(lex, s - 1, what) : s;
}

/* Digits with single underscores between, from the second on; NULL after an error. */
static const char *digits_end(OuLex *lex, const char *s)
{
    for (;;) {
        while (is_digit(*s))
            s++;
        if (*s != '_')
            return s;
        if (!is_digit(*++s))
            return fail_at(lex, s - 1, "decimal");
    }
}

static const char *based_end(OuLex *lex, const char *s, int base, const char *what)
{
    do {
        if (*s == '_')
            s++;
        if (!(base == 16 ? is_xdigit(*s) : is_digit(*s) && *s - '0' < base)) {
            if (!is_digit(*s))
                return fail_at(lex, s - 1, what);
            goto bad_digit;
        }
        while (base == 16 ? is_xdigit(*s) : is_digit(*s) && *s - '0' < base)
            s++;
    } while (*s == '_');
    if (!is_digit(*s))
        return number_end(lex, s, what);
bad_digit:;
    int col = ou_lex_col(lex, s);
    ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col, "invalid digit '%c' in %s literal", *s, what);
    return NULL;
}

const char *ou_lex_number(OuLex *lex, const char *s)
{
    const char *start = s, *nonzero = NULL;
    if (*s == '0') {
        char base = (char)(s[1] | 32);
        if (base == 'x')
            return based_end(lex, s + 2, 16, "hexadecimal");
        if (base == 'o')
            return based_end(lex, s + 2, 8, "octal");
        if (base == 'b')
            return based_end(lex, s + 2, 2, "binary");
        for (; *s == '0' || *s == '_'; s++)
            if (*s == '_' && !is_digit(s[1]))
                return fail_at(lex, s, "decimal");
        if (is_digit(*s))
            nonzero = s;
    }
    if (*s != '.' && !(s = digits_end(lex, s)))
        return NULL;
    if (*s == '.') {
        nonzero = NULL;
        s++;
        if (is_digit(*s) && !(s = digits_end(lex, s)))
            return NULL;
    }
    if ((*s | 32) == 'e') {
        const char *e = s++;
        if (*s == '+' || *s == '-') {
            if (!is_digit(*++s))
                return fail_at(lex, s - 1, "decimal");
        } else if (!is_digit(*s)) {
            return number_end(lex, e, "decimal");
        }
        nonzero = NULL;
        if (!(s = digits_end(lex, s)))
            return NULL;
    }
    if ((*s | 32) == 'j')
        return number_end(lex, s + 1, "imaginary");
    if (!nonzero)
        return number_end(lex, s, "decimal");
    ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, ou_lex_col(lex, start), ou_lex_col(lex, nonzero),
                "leading zeros in decimal integer literals are not permitted; "
                "use an 0o prefix for octal integers");
    return NULL;
}

static bool is_printable(ucs4_t c)
{
    return c == ' ' || !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z);
}

OuText *ou_lex_name(OuLex *lex, const char *s, size_t n)
{
    const uint8_t *u = (const uint8_t *)s, *end = u + n;
    bool first = true;
    while (u < end) {
        ucs4_t c;
        int len = u8_mbtouc(&c, u, (size_t)(end - u));
        bool good = first ? c == '_' || uc_is_property_xid_start(c) : uc_is_property_xid_continue(c);
        if (!good) {
            int col = ou_lex_col(lex, (const char *)u);
            if (is_printable(c))
                ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col, "invalid character '%.*s' (U+%04X)",
                            len, u, (unsigned)c);
            else
                ou_lex_fail(lex, OU_DIAG_SYNTAX, lex->lineno, col, col,
                            "invalid non-printable character U+%04X", (unsigned)c);
            return NULL;
        }
        first = false;
        u += len;
    }
    uint8_t small[256];
    size_t m = sizeof small;
    uint8_t *normal = u8_normalize(UNINORM_NFKC, (const uint8_t *)s, n, small, &m);
    OuText *name = normal ? ou_parse_name(lex->p, (const char *)normal, m) : NULL;
    if (normal != small)
        free(normal);
    if (!name)
        lex->no_memory = true;
    return name;
}
