/* vm/text/str_percent.c - the % operator of str, bytes and bytearray.
 *
 * One pass over the format; bytes are handled as characters below 256 and turned into bytes at the end. */
#include "text.h"
#include "str_methods.h"
#include "../format_spec.h"
#include "../int_big.h"

typedef struct Percent {
    OuVM *vm;
    const void *fmt;
    int kind;
    ou_ssize i, n;
    bool bytes;
    OuObj *args;          /* tuple of the values, or the single value */
    ou_ssize argi, nargs; /* nargs -1: a single value, not used yet; -2: used */
    OuObj *dict;          /* for %(name)s, or NULL */
    OuObj *owned;         /* value looked up in dict */
    OuStrBuf out;
} Percent;

enum { PERCENT_SCRATCH = 256 }; /* texts up to here are built on the C stack */

typedef struct Conv {
    bool left, plus, blank, alt, zero;
    ou_ssize width, prec;
    uint32_t c;
} Conv;

static uint32_t cur(Percent *p)
{
    return ou_kind_at(p->fmt, p->kind, p->i);
}

static OuObj *next_arg(Percent *p) /* borrowed */
{
    if (p->nargs >= 0 && p->argi < p->nargs)
        return OU_TUPLE(p->args)->items[p->argi++];
    if (p->nargs == -1) {
        p->nargs = -2;
        return p->args;
    }
    return ou_type_error(p->vm, "not enough arguments for format string");
}

static OuObj *piece(Percent *p, ou_ssize a, ou_ssize b)
{
    const char *s = (const char *)p->fmt + a * p->kind;
    return p->bytes ? ou_bytes_new(p->vm, s, b - a) : ou_str_from_ucs(p->vm, s, p->kind, b - a);
}

/* "%(name)": the value becomes the single argument. */
static int mapping_key(Percent *p)
{
    OuVM *vm = p->vm;
    if (!p->dict)
        return ou_type_error_i(vm, "format requires a mapping");
    ou_ssize start = ++p->i;
    for (int depth = 1; depth > 0 && p->i < p->n; p->i++)
        depth += cur(p) == '(' ? 1 : cur(p) == ')' ? -1 : 0;
    if (p->i > p->n || p->i == start || ou_kind_at(p->fmt, p->kind, p->i - 1) != ')')
        return ou_value_error_i(vm, "incomplete format key");
    OuObj *key = piece(p, start, p->i - 1);
    if (!key)
        return -1;
    ou_clear(vm, p->owned);
    p->owned = ou_getitem(vm, p->dict, key);
    ou_decref(vm, key);
    if (!p->owned)
        return -1;
    p->args = p->owned;
    p->nargs = -1;
    return 0;
}

/* Digits or "*": width or precision. */
static int number(Percent *p, ou_ssize *v, const char *what)
{
    OuVM *vm = p->vm;
    if (p->i < p->n && cur(p) == '*') {
        p->i++;
        OuObj *o = next_arg(p);
        if (!o)
            return -1;
        if (!ou_isa_int(vm, o))
            return ou_type_error_i(vm, "* wants int");
        int64_t x;
        if (!ou_int_fits(o, &x))
            return ou_raise_i(vm, OU_EXC(vm, OverflowError),
                              what[0] == 'w' ? "Python int too large to convert to C ssize_t"
                                             : "Python int too large to convert to C int");
        if (what[0] == 'p' && x != (int)x)
            return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C int");
        *v = x;
        return 1;
    }
    ou_ssize max = what[0] == 'w' ? PTRDIFF_MAX : INT32_MAX;
    bool any = false;
    for (; p->i < p->n && cur(p) >= '0' && cur(p) <= '9'; p->i++) {
        ou_ssize d = cur(p) - '0';
        if (!any)
            *v = 0;
        any = true;
        if (*v > (max - d) / 10)
            return ou_value_error_i(vm, "%s too big",
                                    what[0] == 'w' ? "width"
                                    : p->bytes     ? "prec"
                                                   : "precision");
        *v = *v * 10 + d;
    }
    return any;
}

static int parse(Percent *p, Conv *c)
{
    *c = (Conv){.width = -1, .prec = -1};
    if (p->i < p->n && cur(p) == '(' && mapping_key(p) < 0)
        return -1;
    for (; p->i < p->n; p->i++) {
        uint32_t f = cur(p);
        if (f == '-')
            c->left = true;
        else if (f == '+')
            c->plus = true;
        else if (f == ' ')
            c->blank = true;
        else if (f == '#')
            c->alt = true;
        else if (f == '0')
            c->zero = true;
        else
            break;
    }
    if (number(p, &c->width, "width") < 0)
        return -1;
    if (c->width < -1) {
        c->left = true;
        c->width = -c->width;
    }
    if (p->i < p->n && cur(p) == '.') {
        p->i++;
        c->prec = 0;
        if (number(p, &c->prec, "precision") < 0)
            return -1;
        if (c->prec < 0)
            c->prec = 0;
    }
    if (p->i < p->n && (cur(p) == 'h' || cur(p) == 'l' || cur(p) == 'L'))
        p->i++;
    if (p->i >= p->n)
        return ou_value_error_i(p->vm, "incomplete format");
    c->c = cur(p);
    p->i++;
    return 0;
}

/* Text (new, taken) with width; prec cuts. */
static int put_text(Percent *p, const Conv *c, OuObj *text)
{
    if (!text)
        return -1;
    ou_ssize n = ou_str_len(text);
    if (c->prec >= 0 && c->prec < n)
        n = c->prec;
    ou_ssize pad = c->width > n ? c->width - n : 0;
    int r = 0;
    if (pad && !c->left)
        r = ou_strbuf_repeat(&p->out, ' ', pad);
    if (r == 0)
        r = ou_strbuf_sub(&p->out, text, 0, n);
    if (r == 0 && pad && c->left)
        r = ou_strbuf_repeat(&p->out, ' ', pad);
    ou_decref(p->vm, text);
    return r;
}

/* s: a number in ASCII; with sign, zero fill and width. */
static int put_digits(Percent *p, const Conv *c, const char *s, ou_ssize n)
{
    ou_ssize prefix = 0;
    char sign = 0;
    if (*s == '-' || *s == '+') {
        sign = *s++;
        n--;
    } else if (c->plus) {
        sign = '+';
    } else if (c->blank) {
        sign = ' ';
    }
    if (c->alt && n > 1 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X' || s[1] == 'o'))
        prefix = 2;
    ou_ssize pad = c->width - n - (sign != 0);
    int r = 0;
    if (pad > 0 && !c->left && !c->zero)
        r = ou_strbuf_repeat(&p->out, ' ', pad);
    if (r == 0 && sign)
        r = ou_strbuf_char(&p->out, (uint32_t)sign);
    if (r == 0 && prefix)
        r = ou_strbuf_ascii(&p->out, s, prefix);
    if (r == 0 && pad > 0 && !c->left && c->zero)
        r = ou_strbuf_repeat(&p->out, '0', pad);
    if (r == 0)
        r = ou_strbuf_ascii(&p->out, s + prefix, n - prefix);
    if (r == 0 && pad > 0 && c->left)
        r = ou_strbuf_repeat(&p->out, ' ', pad);
    return r;
}

/* The same of a str (new, taken; NULL: an error is set). */
static int put_number(Percent *p, const Conv *c, OuObj *text)
{
    if (!text)
        return -1;
    int r = put_digits(p, c, OU_STR(text)->data, ou_str_len(text));
    ou_decref(p->vm, text);
    return r;
}

static int put_int(Percent *p, const Conv *c, OuObj *v)
{
    OuVM *vm = p->vm;
    bool decimal = c->c == 'd' || c->c == 'i' || c->c == 'u';
    if (ou_is_small(v) && c->prec < 0 && !c->alt && c->c != 'X') {
        char digits[72], *end = digits + sizeof digits, *d = end;
        uint64_t u = OU_INT_V(v) < 0 ? 0 - (uint64_t)OU_INT_V(v) : (uint64_t)OU_INT_V(v);
        d = decimal ? ou_u64_decimal(u, end) : ou_u64_pow2(u, c->c == 'x' ? 4 : 3, end);
        if (OU_INT_V(v) < 0)
            *--d = '-';
        return put_digits(p, c, d, end - d);
    }
    OuObj *i = NULL;
    if (ou_isa_int(vm, v))
        i = ou_ref(v);
    else if (OU_TYPE_OF(vm, v)->u->index ||
             (decimal && (OU_TYPE_OF(vm, v)->u->to_int || OU_TYPE_OF(vm, v)->u->to_float))) {
        i = decimal ? ou_to_int(vm, v) : ou_index(vm, v);
        if (!i && !ou_err_is(vm, OU_EXC(vm, TypeError)))
            return -1;
        if (!i)
            ou_err_clear(vm);
    }
    if (!i)
        return ou_type_error_i(vm, "%%%c format: %s is required, not %T", (int)c->c,
                               decimal ? "a real number" : "an integer", v);
    Conv d = *c;
    int r = put_number(p, &d,
                       ou_fmt_percent_int(vm, i, c->alt, c->prec > INT32_MAX ? INT32_MAX : (int)c->prec,
                                          (char)(decimal ? 'd' : c->c)));
    ou_decref(vm, i);
    return r;
}

static int put_float(Percent *p, const Conv *c, OuObj *v)
{
    double d;
    if (p->bytes && !ou_is(v, float)) {
        if (ou_as_double(p->vm, v, &d) < 0) {
            if (!ou_err_is(p->vm, OU_EXC(p->vm, TypeError)))
                return -1;
            ou_err_clear(p->vm);
            return ou_type_error_i(p->vm, "float argument required, not %T", v);
        }
    } else if (ou_as_double(p->vm, v, &d) < 0) {
        return -1;
    }
    return put_number(
        p, c,
        ou_fmt_percent_float(p->vm, d, c->alt, (int)(c->prec > INT32_MAX ? INT32_MAX : c->prec), (char)c->c));
}

static int put_char(Percent *p, const Conv *c, OuObj *v)
{
    OuVM *vm = p->vm;
    Conv d = *c;
    uint32_t ch;
    d.prec = -1;
    if (p->bytes) {
        int64_t x = -1;
        if (ou_is(v, bytes) && OU_BYTES(v)->len == 1)
            ch = (unsigned char)OU_BYTES(v)->data[0];
        else if (ou_isa(vm, v, bytearray) && ((OuByteArray *)v)->len == 1)
            ch = (unsigned char)((OuByteArray *)v)->start[0];
        else {
            if (!ou_isa_int(vm, v) && !ou_has_index(vm, v))
                return ou_type_error_i(vm, "%%c requires an integer in range(256) or a single byte");
            OuObj *i = ou_index(vm, v);
            if (!i)
                return -1;
            if (!ou_int_fits(i, &x))
                x = -1;
            ou_decref(vm, i);
            if (x < 0 || x > 255)
                return ou_raise_i(vm, OU_EXC(vm, OverflowError), "%%c arg not in range(256)");
            ch = (uint32_t)x;
        }
        return put_text(p, &d, ou_str_char(vm, ch));
    }
    if (ou_isa_str(vm, v)) {
        if (ou_str_len(v) != 1)
            return ou_type_error_i(vm, "%%c requires int or char");
        return put_text(p, &d, ou_ref(v));
    }
    if (!ou_has_index(vm, v) || ou_is(v, float))
        return ou_type_error_i(vm, "%%c requires int or char");
    OuObj *i = ou_index(vm, v);
    int64_t x;
    if (!i)
        return -1;
    bool fits = ou_int_fits(i, &x);
    ou_decref(vm, i);
    if (!fits || x < 0 || x > 0x10ffff)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "%%c arg not in range(0x110000)");
    return put_text(p, &d, ou_str_char(vm, (uint32_t)x));
}

/* %b and %s of bytes: contents of a buffer or of __bytes__. */
static int put_bytes(Percent *p, const Conv *c, OuObj *v)
{
    OuVM *vm = p->vm;
    OuObj *method, *b = NULL;
    if (ou_isa_bytes(vm, v)) {
        b = ou_ref(v);
    } else if (!ou_isa(vm, v, bytearray)) {
        int found = ou_lookup_special(vm, v, OU_NAME(vm, __bytes__), &method);
        if (found < 0)
            return -1;
        if (found) {
            b = ou_call0(vm, method);
            ou_decref(vm, method);
            if (!b)
                return -1;
            if (!ou_isa_bytes(vm, b)) {
                ou_type_error(vm, "__bytes__ returned non-bytes (type %T)", b);
                ou_decref(vm, b);
                return -1;
            }
        }
    }
    if (b) {
        int r = put_text(p, c, ou_str_latin1(vm, OU_BYTES(b)->data, (ou_ssize)OU_BYTES(b)->len));
        ou_decref(vm, b);
        return r;
    }
    if (!ou_has_buffer(vm, v))
        return ou_type_error_i(
            vm, "%%b requires a bytes-like object, or an object that implements __bytes__, not '%T'", v);
    OuBuffer view;
    if (ou_buffer_get(vm, v, &view, OU_BUF_SIMPLE) < 0)
        return -1;
    OuObj *text = ou_str_latin1(vm, view.buf, view.len);
    ou_buffer_release(vm, &view);
    return put_text(p, c, text);
}

/* "%d" and "%s" without anything between, of a machine-size int or a str: 1 done, 0 not this case, -1. */
static int bare(Percent *p)
{
    bool single = p->nargs == -1;
    if (p->i >= p->n || p->bytes || (!single && p->argi >= p->nargs))
        return 0;
    uint32_t c = cur(p);
    OuObj *v = single ? p->args : OU_TUPLE(p->args)->items[p->argi];
    int r;
    if (c == 's' && ou_is(v, str)) {
        r = ou_strbuf_str(&p->out, v);
    } else if ((c == 's' || c == 'd') && ou_is_small(v)) {
        char digits[24], *d;
        uint64_t u = OU_INT_V(v) < 0 ? 0 - (uint64_t)OU_INT_V(v) : (uint64_t)OU_INT_V(v);
        d = ou_u64_decimal(u, digits + sizeof digits);
        if (OU_INT_V(v) < 0)
            *--d = '-';
        r = ou_strbuf_ascii(&p->out, d, digits + sizeof digits - d);
    } else {
        return 0;
    }
    p->i++;
    if (single)
        p->nargs = -2;
    else
        p->argi++;
    return r < 0 ? -1 : 1;
}

static int convert(Percent *p)
{
    OuVM *vm = p->vm;
    Conv c;
    if (p->i < p->n && cur(p) == '%') { /* only without flags, width or key between the two */
        p->i++;
        return ou_strbuf_char(&p->out, '%');
    }
    int quick = bare(p);
    if (quick)
        return quick < 0 ? -1 : 0;
    if (parse(p, &c) < 0)
        return -1;
    OuObj *v = next_arg(p);
    if (!v)
        return -1;
    switch (c.c) {
    case 's':
        if (!p->bytes)
            return put_text(p, &c, ou_str(vm, v));
        return put_bytes(p, &c, v);
    case 'b':
        if (p->bytes)
            return put_bytes(p, &c, v);
        break;
    case 'r':
        return put_text(p, &c, p->bytes ? ou_ascii(vm, v) : ou_repr(vm, v));
    case 'a':
        return put_text(p, &c, ou_ascii(vm, v));
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        return put_int(p, &c, v);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return put_float(p, &c, v);
    case 'c':
        return put_char(p, &c, v);
    default:
        break;
    }
    return ou_value_error_i(vm, "unsupported format character '%c' (0x%x) at index %zd",
                            (int)(c.c >= 32 && (c.c < 127 || !p->bytes) ? c.c : '?'), c.c, p->i - 1);
}

static int run(Percent *p, OuObj *args, char scratch[PERCENT_SCRATCH])
{
    OuVM *vm = p->vm;
    p->args = args;
    if (ou_isa_tuple(vm, args)) {
        p->nargs = (ou_ssize)OU_TUPLE(args)->n;
    } else {
        p->nargs = -1;
        if (OU_TYPE_OF(vm, args)->s.getitem && !ou_isa_str(vm, args) &&
            !(p->bytes && (ou_isa_bytes(vm, args) || ou_isa(vm, args, bytearray))))
            p->dict = args;
    }
    ou_strbuf_init_scratch(&p->out, vm, scratch, PERCENT_SCRATCH);
    if (ou_strbuf_reserve(&p->out, (size_t)p->n + 32) < 0)
        return -1;
    while (p->i < p->n) {
        ou_ssize start = p->i;
        if (p->kind == 1) {
            const char *s = p->fmt, *pc = memchr(s + p->i, '%', (size_t)(p->n - p->i));
            p->i = pc ? pc - s : p->n;
        }
        while (p->i < p->n && cur(p) != '%')
            p->i++;
        if (p->i > start) {
            const char *from = (const char *)p->fmt + start * p->kind;
            size_t len = (size_t)(p->i - start);
            bool ascii = p->kind == 1 && ou_ascii_prefix(from, len) == len;
            if (ascii && ou_strbuf_ascii(&p->out, from, (ou_ssize)len) < 0)
                return -1;
            for (; !ascii && start < p->i; start++)
                if (ou_strbuf_char(&p->out, ou_kind_at(p->fmt, p->kind, start)) < 0)
                    return -1;
        }
        if (p->i < p->n) {
            p->i++;
            if (convert(p) < 0)
                return -1;
        }
    }
    if ((p->nargs == -1 || p->argi < p->nargs) && !p->dict)
        return ou_type_error_i(vm, "not all arguments converted during %s formatting",
                               p->bytes ? "bytes" : "string");
    return 0;
}

OuObj *ou_str_percent(OuVM *vm, OuObj *format, OuObj *args)
{
    OuStr *f = OU_STR(format);
    Percent p = {.vm = vm, .fmt = f->data, .kind = (int)f->kind, .n = (ou_ssize)f->len};
    char scratch[PERCENT_SCRATCH];
    if (ou_is(args, str) && f->len == 2 && ou_str_eq_s(format, "%s"))
        return ou_ref(args); /* no copy of what may be long */
    int r = run(&p, args, scratch);
    ou_xdecref(vm, p.owned);
    if (r < 0) {
        ou_strbuf_free(&p.out);
        return NULL;
    }
    return ou_strbuf_take(&p.out);
}

OuObj *ou_bytes_percent(OuVM *vm, const char *fmt, size_t n, OuObj *args)
{
    Percent p = {.vm = vm, .fmt = fmt, .kind = 1, .n = (ou_ssize)n, .bytes = true};
    OuObj *b = NULL;
    char scratch[PERCENT_SCRATCH];
    if (run(&p, args, scratch) == 0 && (b = ou_bytes_new(vm, NULL, (ou_ssize)p.out.len)))
        ou_kind_copy(OU_BYTES(b)->data, 1, 0, p.out.data, p.out.kind, 0, (ou_ssize)p.out.len);
    ou_xdecref(vm, p.owned);
    ou_strbuf_free(&p.out);
    return b;
}
