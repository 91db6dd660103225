/* vm/format_num.c - int, float and complex by a format spec.
 *
 * A number is laid out as  fill | sign | prefix | grouped digits | point and rest | fill;  with '=' alignment
 * the padding goes between prefix and digits, and zero padding counts as digits for grouping. */
#include "format_spec.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "int_big.h"

typedef struct Grouping {
    const char *point; /* decimal point */
    const char *sep;   /* thousands separator; "" none */
    const char *sizes; /* as lconv.grouping: sizes from the right, the last repeats; CHAR_MAX ends */
} Grouping;

static Grouping grouping_of(const OuFmtSpec *f)
{
    if (f->type == 'n') {
        struct lconv *lc = localeconv();
        return (Grouping){lc->decimal_point, lc->thousands_sep, lc->grouping};
    }
    if (!f->grouping)
        return (Grouping){".", "", ""};
    bool four = f->type == 'b' || f->type == 'o' || f->type == 'x' || f->type == 'X';
    return (Grouping){".", f->grouping == ',' ? "," : "_", four ? "\4" : "\3"};
}

/* Writes the digits s[0..n) with separators, zero-padded to at least min_width characters (separators
 * included), to b; with b NULL only counts.  Returns the number of characters, or -1. */
static ou_ssize group(OuVM *vm, OuStrBuf *b, const char *s, size_t n, ou_ssize min_width, const Grouping *g)
{
    OuObj *sep = NULL;
    ou_ssize seplen = 0, total = -1;
    if (*g->sep && *g->sizes && *g->sizes != CHAR_MAX) {
        sep = ou_str_new(vm, g->sep, -1);
        if (!sep)
            return -1;
        seplen = ou_str_len(sep);
    }
    /* pass 1, from the right: how many digits (zeros included) and groups there will be */
    ou_ssize digits = (ou_ssize)n, left = digits, width = 0, first = 0, groups = 0;
    const char *size = g->sizes;
    if (!sep) {
        width = digits > min_width ? digits : min_width;
        digits = first = width;
    } else {
        ou_ssize placed = 0;
        for (;;) {
            ou_ssize room = *size > 0 && *size != CHAR_MAX ? *size : PTRDIFF_MAX;
            ou_ssize want = left > min_width - width ? left : min_width - width;
            if (want < 1)
                want = 1;
            first = want < room ? want : room;
            width += first;
            placed += first;
            left -= first < left ? first : left;
            if (left <= 0 && width >= min_width)
                break;
            groups++;
            width += seplen;
            if (size[0] && size[1])
                size++;
        }
        digits = placed;
    }
    if (!b) {
        total = width;
        goto done;
    }
    /* pass 2, from the left: the sizes of the groups are found again from the right */
    ou_ssize zeros = digits - (ou_ssize)n, at = 0;
    for (ou_ssize k = groups; k >= 0; k--) {
        ou_ssize len = first;
        if (k < groups) {
            const char *p = g->sizes;
            for (ou_ssize j = 0; j < k && p[0] && p[1]; j++)
                p++;
            len = *p;
        }
        for (; len > 0; len--, at++)
            if (ou_strbuf_char(b, at < zeros ? '0' : (uint32_t)(unsigned char)s[at - zeros]) < 0)
                goto done;
        if (k > 0 && ou_strbuf_str(b, sep) < 0)
            goto done;
    }
    total = width;
done:
    ou_xdecref(vm, sep);
    return total;
}

/* Renders one number of ASCII text into b: [-]digits[.rest].  prefix: "0x" or "". */
static int render(OuVM *vm, OuStrBuf *b, const OuFmtSpec *f, const char *s, size_t n, const char *prefix)
{
    Grouping g = grouping_of(f);
    char sign = 0;
    if (n && (*s == '-' || *s == '+')) {
        sign = *s == '-' ? '-' : 0;
        s++;
        n--;
    }
    if (!sign && (f->sign == '+' || f->sign == ' '))
        sign = f->sign;
    size_t nd = 0; /* leading digits; inf and nan have none to group */
    if (f->type == 'x' || f->type == 'X')
        nd = n;
    while (nd < n && s[nd] >= '0' && s[nd] <= '9')
        nd++;
    bool point = nd < n && s[nd] == '.';
    const char *rest = s + nd + point;
    ou_ssize nrest = (ou_ssize)(n - nd) - point;
    OuObj *dot = NULL;
    int res = -1;
    if (point && !(dot = ou_str_new(vm, g.point, -1)))
        return -1;
    ou_ssize outside = (sign != 0) + (ou_ssize)strlen(prefix) + (dot ? ou_str_len(dot) : 0) + nrest;
    ou_ssize min = f->fill == '0' && f->align == '=' && f->width > outside ? f->width - outside : 0;
    ou_ssize digits = nd ? group(vm, NULL, s, nd, min, &g) : 0;
    if (digits < 0)
        goto done;
    ou_ssize pad = f->width > outside + digits ? f->width - outside - digits : 0;
    ou_ssize before = f->align == '>' ? pad : f->align == '^' ? pad / 2 : 0;
    ou_ssize middle = f->align == '=' ? pad : 0;
    if (ou_strbuf_repeat(b, f->fill, before) < 0 || (sign && ou_strbuf_char(b, (uint32_t)sign) < 0) ||
        ou_strbuf_ascii(b, prefix, -1) < 0 || ou_strbuf_repeat(b, f->fill, middle) < 0)
        goto done;
    if (nd && group(vm, b, s, nd, min, &g) < 0)
        goto done;
    if ((dot && ou_strbuf_str(b, dot) < 0) || ou_strbuf_ascii(b, rest, nrest) < 0 ||
        ou_strbuf_repeat(b, f->fill, pad - before - middle) < 0)
        goto done;
    res = 0;
done:
    ou_xdecref(vm, dot);
    return res;
}

/* The usual case in one go: no grouping, an ASCII fill, a short result.  s: [-]text.  NULL without exception:
 * not usual. */
static OuObj *quick(OuVM *vm, const OuFmtSpec *f, const char *s, size_t n, const char *prefix)
{
    char buf[128], *p = buf, sign = 0;
    size_t np = strlen(prefix);
    if (f->grouping || f->type == 'n' || f->fill > 127 || f->width > 100 || n + np > 100)
        return NULL;
    if (*s == '-') {
        sign = '-';
        s++;
        n--;
    } else if (f->sign == '+' || f->sign == ' ') {
        sign = f->sign;
    }
    ou_ssize len = (ou_ssize)(n + np) + (sign != 0), pad = f->width > len ? f->width - len : 0;
    ou_ssize before = f->align == '>'   ? pad
                      : f->align == '^' ? pad / 2
                                        : 0,
             middle = f->align == '=' ? pad : 0;
    memset(p, (char)f->fill, (size_t)before);
    p += before;
    if (sign)
        *p++ = sign;
    memcpy(p, prefix, np);
    p += np;
    memset(p, (char)f->fill, (size_t)middle);
    p += middle;
    memcpy(p, s, n);
    p += n;
    memset(p, (char)f->fill, (size_t)(pad - before - middle));
    return ou_str_from_ascii(vm, buf, len + pad);
}

static OuObj *int_char(OuVM *vm, OuObj *o, OuFmtSpec *f)
{
    if (f->sign)
        return ou_value_error(vm, "Sign not allowed with integer format specifier 'c'");
    if (f->alt)
        return ou_value_error(vm, "Alternate form (#) not allowed with integer format specifier 'c'");
    int64_t v;
    if (!ou_int_fits(o, &v))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C long");
    if (v < 0 || v > 0x10ffff)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "%%c arg not in range(0x110000)");
    ou_ssize pad = f->width > 1 ? f->width - 1 : 0;
    ou_ssize before = f->align == '>' || f->align == '=' ? pad : f->align == '^' ? pad / 2 : 0;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    if (ou_strbuf_repeat(&b, f->fill, before) < 0 || ou_strbuf_char(&b, (uint32_t)v) < 0 ||
        ou_strbuf_repeat(&b, f->fill, pad - before) < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

/* One double by the spec (its type already settled) appended to b; or, with whole, as a new str if that is
 * quickly done. */
static int write_double(OuVM *vm, OuStrBuf *b, const OuFmtSpec *f, double v, char type, int prec, bool dot_0,
                        OuObj **whole)
{
    OuFmtBuf num;
    if (f->zero_neg && v == 0)
        v = 0.0;
    if (ou_fmt_double(vm, &num, v, type == 'n' ? 'g' : type, prec, f->alt, false, dot_0) < 0)
        return -1;
    const char *s = num.s;
    size_t n = num.len;
    /* z: a negative number that rounds to zero loses its sign as well */
    if (f->zero_neg && *s == '-') {
        size_t i = 1;
        while (i < n && (s[i] == '0' || s[i] == '.'))
            i++;
        if (i == n || s[i] == 'e' || s[i] == 'E' || s[i] == '%') {
            s++;
            n--;
        }
    }
    if (whole)
        *whole = quick(vm, f, s, n, "");
    int r = 0;
    if (!whole || (!*whole && !ou_err_occurred(vm)))
        r = render(vm, b, f, s, n, "");
    else if (!*whole)
        r = -1;
    ou_fmt_double_free(vm, &num);
    return r;
}

static OuObj *format_double(OuVM *vm, OuFmtSpec *f, double v)
{
    if (f->precision > INT_MAX)
        return ou_value_error(vm, "precision too big");
    char type = (char)f->type;
    int prec = (int)f->precision;
    bool dot_0 = false;
    if (type == 0) { /* like 'g', or repr without precision, but with a digit after the point */
        dot_0 = true;
        type = prec < 0 ? 'r' : 'g';
    }
    if (prec < 0 && type != 'r')
        prec = 6;
    OuStrBuf b;
    OuObj *whole = NULL;
    char scratch[128];
    ou_strbuf_init_on(&b, vm, scratch);
    if (write_double(vm, &b, f, v, type, prec, dot_0, &whole) < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return whole ? whole : ou_strbuf_take(&b);
}

static bool float_type(uint32_t t)
{
    return t == 'e' || t == 'E' || t == 'f' || t == 'F' || t == 'g' || t == 'G' || t == '%';
}

/* The base of an integer's presentation type; 1: 'c'; 0: there is no such type. */
static int int_base(uint32_t type)
{
    switch (type) {
    case 'd':
    case 'n':
        return 10;
    case 'b':
        return 2;
    case 'o':
        return 8;
    case 'x':
    case 'X':
        return 16;
    case 'c':
        return 1;
    default:
        return 0;
    }
}

/* Short numbers, whose text with sign and separators fits on the stack: NULL without exception if this is not one. */
static OuObj *quick_int(OuVM *vm, const OuFmtSpec *f, const OuFmtBuf *d, bool neg, bool decimal,
                        const char *prefix)
{
    char text[80], *at = text;
    enum { GROUPED_MAX = 40 }; /* digits: with a separator before each three they fit as well */
    if (d->len + neg > sizeof text)
        return NULL;
    *at = '-';
    at += neg;
    if (f->grouping && decimal && d->len <= GROUPED_MAX && !(f->fill == '0' && f->align == '=')) {
        for (size_t i = 0; i < d->len; i++) {
            if (i && (d->len - i) % 3 == 0)
                *at++ = (char)f->grouping;
            *at++ = d->s[i];
        }
        OuFmtSpec plain = *f;
        plain.grouping = 0;
        OuObj *r = quick(vm, &plain, text, (size_t)(at - text), prefix);
        if (r || ou_err_occurred(vm))
            return r;
    }
    memcpy(text + neg, d->s, d->len);
    return quick(vm, f, text, d->len + neg, prefix);
}

/* Digits d of a number, with its sign, by the general way. */
static OuObj *render_int(OuVM *vm, const OuFmtSpec *f, const OuFmtBuf *d, bool neg, const char *prefix)
{
    OuStrBuf b;
    OuObj *r = NULL;
    size_t n = d->len + neg;
    char *all = ou_alloc(vm, n);
    if (!all)
        return NULL;
    all[0] = '-';
    memcpy(all + neg, d->s, d->len);
    ou_strbuf_init(&b, vm);
    if (render(vm, &b, f, all, n, prefix) < 0)
        ou_strbuf_free(&b);
    else
        r = ou_strbuf_take(&b);
    ou_free(vm, all, n);
    return r;
}

OuObj *ou_fmt_int(OuVM *vm, OuObj *o, OuObj *spec)
{
    if (ou_str_len(spec) == 0)
        return ou_is(o, int) ? ou_int_to_str(vm, o, 10, false) : ou_str(vm, o);
    OuFmtSpec f;
    const char *name = OU_TYPE_OF(vm, o)->name;
    if (ou_fmt_parse(vm, spec, name, 'd', '>', &f) < 0)
        return NULL;
    if (float_type(f.type)) {
        double v;
        return ou_int_to_double(vm, o, &v) < 0 ? NULL : format_double(vm, &f, v);
    }
    int base = int_base(f.type);
    if (base == 0)
        return ou_fmt_unknown(vm, f.type, name);
    if (f.precision >= 0)
        return ou_value_error(vm, "Precision not allowed in integer format specifier");
    if (f.zero_neg)
        return ou_value_error(vm, "Negative zero coercion (z) not allowed in integer format specifier");
    if (base == 1)
        return int_char(vm, o, &f);
    const char *prefix = !f.alt || base == 10 ? ""
                         : base == 2          ? "0b"
                         : base == 8          ? "0o"
                         : f.type == 'X'      ? "0X"
                                              : "0x";
    OuFmtBuf d;
    if (ou_int_digits(vm, o, base, &d) < 0)
        return NULL;
    if (f.type == 'X')
        for (size_t i = 0; i < d.len; i++)
            if (d.s[i] >= 'a')
                d.s[i] = (char)(d.s[i] - 'a' + 'A');
    bool neg = ou_int_sign(o) < 0;
    OuObj *r = quick_int(vm, &f, &d, neg, base == 10 && f.type != 'n', prefix);
    if (!r && !ou_err_occurred(vm))
        r = render_int(vm, &f, &d, neg, prefix);
    ou_fmt_double_free(vm, &d);
    return r;
}

OuObj *ou_fmt_float(OuVM *vm, OuObj *o, OuObj *spec)
{
    if (ou_str_len(spec) == 0)
        return ou_str(vm, o);
    OuFmtSpec f;
    const char *name = OU_TYPE_OF(vm, o)->name;
    if (ou_fmt_parse(vm, spec, name, 0, '>', &f) < 0)
        return NULL;
    if (f.type && f.type != 'n' && !float_type(f.type))
        return ou_fmt_unknown(vm, f.type, name);
    return format_double(vm, &f, OU_FLOAT_V(o));
}

OuObj *ou_fmt_complex(OuVM *vm, OuObj *o, OuObj *spec)
{
    if (ou_str_len(spec) == 0)
        return ou_str(vm, o);
    OuFmtSpec f;
    const char *name = OU_TYPE_OF(vm, o)->name;
    if (ou_fmt_parse(vm, spec, name, 0, '>', &f) < 0)
        return NULL;
    if (f.type == '%' || (f.type && f.type != 'n' && !float_type(f.type)))
        return ou_fmt_unknown(vm, f.type, name);
    if (f.precision > INT_MAX)
        return ou_value_error(vm, "precision too big");
    if (f.fill == '0')
        return ou_value_error(vm, "Zero padding is not allowed in complex format specifier");
    if (f.align == '=')
        return ou_value_error(vm, "'=' alignment flag is not allowed in complex format specifier");
    double re = ((OuComplex *)o)->re, im = ((OuComplex *)o)->im;
    char type = (char)f.type;
    int prec = (int)f.precision;
    bool paren = false, skip_re = false;
    if (type == 0) { /* like repr: parentheses, and no real part if it is +0 */
        type = prec < 0 ? 'r' : 'g';
        skip_re = re == 0.0 && copysign(1.0, re) == 1.0;
        paren = !skip_re;
    }
    if (prec < 0 && type != 'r')
        prec = 6;
    OuFmtSpec part = f;
    part.width = -1;
    OuStrBuf b, out;
    OuObj *text = NULL, *r = NULL;
    ou_strbuf_init(&b, vm);
    ou_strbuf_init(&out, vm);
    if (paren && ou_strbuf_char(&b, '(') < 0)
        goto done;
    if (!skip_re) {
        if (write_double(vm, &b, &part, re, type, prec, false, NULL) < 0)
            goto done;
        part.sign = '+';
    }
    if (write_double(vm, &b, &part, im, type, prec, false, NULL) < 0 || ou_strbuf_char(&b, 'j') < 0 ||
        (paren && ou_strbuf_char(&b, ')') < 0) || !(text = ou_strbuf_take(&b)))
        goto done;
    ou_ssize pad = f.width > ou_str_len(text) ? f.width - ou_str_len(text) : 0;
    ou_ssize before = f.align == '>' ? pad : f.align == '^' ? pad / 2 : 0;
    if (ou_strbuf_repeat(&out, f.fill, before) == 0 && ou_strbuf_str(&out, text) == 0 &&
        ou_strbuf_repeat(&out, f.fill, pad - before) == 0)
        r = ou_strbuf_take(&out);
done:
    ou_xdecref(vm, text);
    ou_strbuf_free(&b);
    ou_strbuf_free(&out);
    return r;
}

/* ---- the % operator ------------------------------------------------------------- */
OuObj *ou_fmt_percent_int(OuVM *vm, OuObj *o, bool alt, int prec, char type)
{
    int base = type == 'o' ? 8 : (type | 32) == 'x' ? 16 : 10;
    OuFmtBuf d;
    if (ou_int_digits(vm, o, base, &d) < 0)
        return NULL;
    bool neg = ou_int_sign(o) < 0, prefix = alt && base != 10;
    size_t zeros = prec > 0 && (size_t)prec > d.len ? (size_t)prec - d.len : 0;
    size_t n = (size_t)neg + (prefix ? 2 : 0) + zeros + d.len;
    OuObj *r = n > (size_t)PTRDIFF_MAX / 2 ? ou_raise_memory(vm) : ou_str_alloc(vm, (ou_ssize)n, 127);
    if (r) {
        char *p = OU_STR(r)->data;
        if (neg)
            *p++ = '-';
        if (prefix) {
            *p++ = '0';
            *p++ = type;
        }
        memset(p, '0', zeros);
        p += zeros;
        for (size_t i = 0; i < d.len; i++)
            *p++ = type == 'X' && d.s[i] >= 'a' ? (char)(d.s[i] - 32) : d.s[i];
    }
    ou_fmt_double_free(vm, &d);
    return r;
}

OuObj *ou_fmt_percent_float(OuVM *vm, double v, bool alt, int prec, char type)
{
    OuFmtBuf b;
    if (ou_fmt_double(vm, &b, v, type, prec < 0 ? 6 : prec, alt, false, false) < 0)
        return NULL;
    OuObj *r = ou_str_latin1(vm, b.s, (ou_ssize)b.len);
    ou_fmt_double_free(vm, &b);
    return r;
}
