/* vm/format_spec.c - reading a format spec: [[fill]align][sign][z][#][0][width][grouping][.precision][type].
 */
#include "format_spec.h"

#include <string.h>

static bool is_align(uint32_t c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

/* Digits at *pos: 1 and *out, 0 none, -1 with ValueError. */
static int digits(OuVM *vm, const OuStr *s, ou_ssize *pos, ou_ssize *out)
{
    ou_ssize i = *pos, v = 0;
    for (; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        if (c < '0' || c > '9')
            break;
        if (v > (PTRDIFF_MAX - (ou_ssize)(c - '0')) / 10)
            return ou_value_error_i(vm, "Too many decimal digits in format string");
        v = v * 10 + (ou_ssize)(c - '0');
    }
    if (i == *pos)
        return 0;
    *pos = i;
    *out = v;
    return 1;
}

static int bad_grouping(OuVM *vm, uint32_t grouping, uint32_t type)
{
    if (type > 32 && type < 128)
        return ou_value_error_i(vm, "Cannot specify '%c' with '%c'.", (int)grouping, (int)type);
    return ou_value_error_i(vm, "Cannot specify '%c' with '\\x%x'.", (int)grouping, (unsigned)type);
}

void *ou_fmt_unknown(OuVM *vm, uint32_t code, const char *type_name)
{
    if (code > 32 && code < 128)
        return ou_value_error(vm, "Unknown format code '%c' for object of type '%s'", (int)code, type_name);
    return ou_value_error(vm, "Unknown format code '\\x%x' for object of type '%s'", (unsigned)code,
                          type_name);
}

int ou_fmt_parse(OuVM *vm, OuObj *spec, const char *type_name, uint32_t dflt_type, char dflt_align,
                 OuFmtSpec *f)
{
    const OuStr *s = OU_STR(spec);
    ou_ssize n = (ou_ssize)s->len, i = 0;
#define AT(k) (i + (k) < n ? ou_str_at(s, i + (k)) : 0)
    *f = (OuFmtSpec){.fill = ' ', .align = dflt_align, .width = -1, .precision = -1, .type = dflt_type};
    if (n >= 2 && is_align(AT(1))) {
        f->fill = AT(0);
        f->align = (char)AT(1);
        f->fill_given = f->align_given = true;
        i = 2;
    } else if (is_align(AT(0))) {
        f->align = (char)AT(0);
        f->align_given = true;
        i = 1;
    }
    if (AT(0) == '+' || AT(0) == '-' || AT(0) == ' ')
        f->sign = (char)AT(0), i++;
    if (AT(0) == 'z')
        f->zero_neg = true, i++;
    if (AT(0) == '#')
        f->alt = true, i++;
    if (!f->fill_given && AT(0) == '0') {
        f->fill = '0';
        if (!f->align_given && dflt_align == '>')
            f->align = '=';
        i++;
    }
    if (digits(vm, s, &i, &f->width) < 0)
        return -1;
    if (AT(0) == ',')
        f->grouping = ',', i++;
    if (AT(0) == '_') {
        if (f->grouping)
            return ou_value_error_i(vm, "Cannot specify both ',' and '_'.");
        f->grouping = '_';
        i++;
    }
    if (AT(0) == ',' && f->grouping == '_')
        return ou_value_error_i(vm, "Cannot specify both ',' and '_'.");
    if (AT(0) == '.') {
        i++;
        int r = digits(vm, s, &i, &f->precision);
        if (r < 0)
            return -1;
        if (r == 0)
            return ou_value_error_i(vm, "Format specifier missing precision");
    }
    if (n - i > 1)
        return ou_value_error_i(vm, "Invalid format specifier '%U' for object of type '%s'", spec, type_name);
    if (n - i == 1)
        f->type = AT(0);
#undef AT
    if (f->grouping) {
        bool ok =
            f->type < 128 && strchr("defgEG%F", (int)f->type) != NULL; /* strchr finds the zero as well */
        if (!ok && f->grouping == '_')
            ok = f->type == 'b' || f->type == 'o' || f->type == 'x' || f->type == 'X';
        if (!ok)
            return bad_grouping(vm, f->grouping, f->type);
    }
    return 0;
}
