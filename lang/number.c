/* lang/number.c - values of number literals: int64, the digits of a wider int, double, imaginary. */
#include "number.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static int no_memory(OuParse *p)
{
    return ou_diag_set(&p->diag, p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
}

static int digit_of(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static int int_const(OuParse *p, const char *s, size_t n, int base, OuConst *out)
{
    const char *end = s + n;
    while (s < end && (*s == '0' || *s == '_'))
        s++;
    int64_t value = 0;
    bool wide = false;
    for (const char *d = s; d < end && !wide; d++)
        if (*d != '_')
            wide = __builtin_mul_overflow(value, base, &value) ||
                   __builtin_add_overflow(value, digit_of(*d), &value);
    *out = (OuConst){.kind = OU_K_INT, .i = value};
    if (!wide)
        return 0;
    char *digits = ou_mem_alloc(p->mem, n);
    if (!digits)
        return no_memory(p);
    size_t len = 0;
    for (const char *d = s; d < end; d++)
        if (*d != '_')
            digits[len++] = *d;
    *out = (OuConst){.kind = OU_K_BIGINT, .base = (uint8_t)base, .text = ou_parse_name(p, digits, len)};
    ou_mem_free(p->mem, digits, n);
    return out->text ? 0 : no_memory(p);
}

int ou_number_const(OuParse *p, const char *s, size_t n, OuConst *out)
{
    if (n > 2 && *s == '0') {
        int base = (s[1] | 32) == 'x' ? 16 : (s[1] | 32) == 'o' ? 8 : (s[1] | 32) == 'b' ? 2 : 0;
        if (base)
            return int_const(p, s + 2, n - 2, base, out);
    }
    bool real = false;
    for (size_t i = 0; i < n && !real; i++)
        real = s[i] == '.' || (s[i] | 32) == 'e' || (s[i] | 32) == 'j';
    if (!real)
        return int_const(p, s, n, 10, out);

    char small[64], *digits = small;
    if (n >= sizeof small && !(digits = ou_mem_alloc(p->mem, n + 1)))
        return no_memory(p);
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        if (s[i] != '_')
            digits[len++] = s[i];
    digits[len] = '\0';
    /* the C locale object is static in glibc: neither allocation nor the process's locale is involved */
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = strtod_l(digits, NULL, c);
    freelocale(c);
    *out = (digits[len - 1] | 32) == 'j' ? (OuConst){.kind = OU_K_COMPLEX, .imag = value}
                                         : (OuConst){.kind = OU_K_FLOAT, .f = value};
    if (digits != small)
        ou_mem_free(p->mem, digits, n + 1);
    return 0;
}

int ou_number_token(OuParse *p, const OuToken *tok, OuConst *out)
{
    if (ou_number_const(p, p->source + tok->start, tok->end - tok->start, out) < 0)
        return -1;
    if (out->kind != OU_K_BIGINT || out->base != 10 || !p->int_max_digits ||
        out->text->len <= (uint32_t)p->int_max_digits)
        return 0;
    return ou_diag_set(
        &p->diag, p->arena, OU_DIAG_SYNTAX, tok->lineno, -1, tok->lineno, -1,
        "Exceeds the limit (%d digits) for integer string conversion: value has %u digits; use "
        "sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals "
        "to "
        "avoid decimal conversion limits.",
        p->int_max_digits, out->text->len);
}
