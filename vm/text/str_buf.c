/* vm/text/str_buf.c - OuStrBuf: building a string of unknown length and kind, and ou_str_fmt. */
#include "text.h"

#include <stdio.h>
#include <string.h>

void ou_strbuf_init(OuStrBuf *b, OuVM *vm)
{
    *b = (OuStrBuf){.vm = vm, .kind = 1};
}

void ou_strbuf_init_scratch(OuStrBuf *b, OuVM *vm, char *scratch, size_t size)
{
    *b = (OuStrBuf){.vm = vm, .kind = 1, .data = scratch, .cap = size, .scratch = scratch};
}

static void free_data(OuStrBuf *b)
{
    if (b->data != b->scratch)
        ou_free(b->vm, b->data, b->cap * (size_t)b->kind);
}

void ou_strbuf_free(OuStrBuf *b)
{
    free_data(b);
    b->data = b->scratch = NULL;
    b->len = b->cap = 0;
    b->kind = 1;
    b->max = 0;
}

/* New memory for cap characters of a kind. */
static int resize(OuStrBuf *b, size_t cap, int kind)
{
    char *p;
    if (kind == b->kind && b->data != b->scratch) {
        p = ou_realloc(b->vm, b->data, b->cap * (size_t)b->kind, cap * (size_t)b->kind);
        if (!p)
            return -1;
    } else {
        p = ou_alloc(b->vm, cap * (size_t)kind);
        if (!p)
            return -1;
        ou_kind_copy(p, kind, 0, b->data, b->kind, 0, (ou_ssize)b->len);
        free_data(b);
    }
    b->data = p;
    b->kind = kind;
    b->cap = cap;
    return 0;
}

/* Room for n more characters up to max. */
static inline int room(OuStrBuf *b, size_t n, uint32_t max)
{
    int kind = ou_kind_of_char(max);
    if (__builtin_expect(kind > b->kind || b->len + n > b->cap, 0)) {
        if (n > ((size_t)1 << 56))
            return ou_raise_memory_i(b->vm);
        size_t cap = b->cap;
        if (b->len + n > cap)
            cap = b->len + n + (b->len + n) / 2 + 16;
        if (resize(b, cap, kind > b->kind ? kind : b->kind) < 0)
            return -1;
    }
    b->max |= max;
    return 0;
}

int ou_strbuf_reserve(OuStrBuf *b, size_t n)
{
    return b->len + n <= b->cap ? 0 : resize(b, b->len + n, b->kind);
}

int ou_strbuf_char(OuStrBuf *b, uint32_t c)
{
    if (c < 0x80 && b->len < b->cap) { /* no wider than anything */
        b->max |= c;
        ou_kind_put(b->data, b->kind, (ou_ssize)b->len++, c);
        return 0;
    }
    if (room(b, 1, c) < 0)
        return -1;
    ou_kind_put(b->data, b->kind, (ou_ssize)b->len++, c);
    return 0;
}

int ou_strbuf_repeat(OuStrBuf *b, uint32_t c, ou_ssize n)
{
    if (n <= 0)
        return 0;
    if (room(b, (size_t)n, c) < 0)
        return -1;
    ou_kind_fill(b->data, b->kind, (ou_ssize)b->len, c, n);
    b->len += (size_t)n;
    return 0;
}

int ou_strbuf_str(OuStrBuf *b, OuObj *s)
{
    return ou_strbuf_sub(b, s, 0, ou_str_len(s));
}

int ou_strbuf_sub(OuStrBuf *b, OuObj *o, ou_ssize start, ou_ssize end)
{
    OuStr *s = OU_STR(o);
    if (end <= start)
        return 0;
    uint32_t max =
        s->ascii ? 0x7f : ou_kind_max(s->data + start * (ou_ssize)s->kind, (int)s->kind, end - start);
    if (room(b, (size_t)(end - start), max) < 0)
        return -1;
    ou_kind_copy(b->data, b->kind, (ou_ssize)b->len, s->data, (int)s->kind, start, end - start);
    b->len += (size_t)(end - start);
    return 0;
}

int ou_strbuf_ascii(OuStrBuf *b, const char *s, ou_ssize n)
{
    if (n < 0)
        n = (ou_ssize)strlen(s);
    if (!n)
        return 0;
    if (room(b, (size_t)n, 0x7f) < 0)
        return -1;
    if (b->kind == 1)
        memcpy(b->data + b->len, s, (size_t)n);
    else
        ou_kind_copy(b->data, b->kind, (ou_ssize)b->len, s, 1, 0, n);
    b->len += (size_t)n;
    return 0;
}

OuObj *ou_strbuf_take(OuStrBuf *b)
{
    OuObj *s = b->len == 1
                   ? ou_str_char(b->vm, ou_kind_at(b->data, b->kind, 0))
                   : ou_str_alloc(b->vm, (ou_ssize)b->len,
                                  b->kind == 1 ? b->max : ou_kind_max(b->data, b->kind, (ou_ssize)b->len));
    if (s && b->len > 1)
        ou_kind_copy(OU_STR(s)->data, (int)OU_STR(s)->kind, 0, b->data, b->kind, 0, (ou_ssize)b->len);
    ou_strbuf_free(b);
    return s;
}

/* ---- formatting -------------------------------------------------------------- */

static int put_utf8(OuStrBuf *b, const char *s, ou_ssize max)
{
    if (!s)
        s = "(null)";
    size_t n = max >= 0 ? strnlen(s, (size_t)max) : strlen(s);
    if (ou_ascii_prefix(s, n) == n)
        return ou_strbuf_ascii(b, s, (ou_ssize)n);
    OuObj *o = ou_str_new(b->vm, s, (ou_ssize)n);
    if (!o)
        return -1;
    int r = ou_strbuf_str(b, o);
    ou_decref(b->vm, o);
    return r;
}

static int put_object(OuStrBuf *b, OuObj *text_take, ou_ssize max)
{
    if (!text_take)
        return -1;
    ou_ssize n = ou_str_len(text_take);
    int r = ou_strbuf_sub(b, text_take, 0, max >= 0 && max < n ? max : n);
    ou_decref(b->vm, text_take);
    return r;
}

/* One integer conversion, handed to printf with its own flags. */
static int put_number(OuStrBuf *b, const char *spec, size_t nspec, int size, va_list *ap)
{
    char f[32], out[64];
    char conv = spec[nspec - 1];
    size_t k = nspec - 1;
    while (k > 1 && (spec[k - 1] == 'l' || spec[k - 1] == 'z' || spec[k - 1] == 't'))
        k--;
    if (k > 20)
        k = 20;
    memcpy(f, spec, k);
    f[k++] = 'l';
    f[k++] = 'l';
    f[k++] = conv;
    f[k] = 0;
    bool sign = conv == 'd' || conv == 'i';
    long long v;
    if (size == 0)
        v = sign ? va_arg(*ap, int) : (long long)va_arg(*ap, unsigned);
    else
        v = va_arg(*ap, long long); /* LP64: long, size_t and long long are one width */
    int n = snprintf(out, sizeof out, f, v);
    return ou_strbuf_ascii(b, out, n < (int)sizeof out ? n : (int)sizeof out - 1);
}

static int format_into(OuStrBuf *b, const char *fmt, va_list *ap)
{
    OuVM *vm = b->vm;
    while (*fmt) {
        const char *pc = strchr(fmt, '%');
        if (!pc)
            return put_utf8(b, fmt, -1);
        if (pc > fmt && put_utf8(b, fmt, pc - fmt) < 0)
            return -1;
        const char *p = pc + 1;
        ou_ssize prec = -1;
        while (*p == '0' || *p == '-' || *p == '#' || *p == '+' || *p == ' ')
            p++;
        while (*p >= '0' && *p <= '9')
            p++;
        if (*p == '.') {
            p++;
            if (*p == '*') {
                prec = va_arg(*ap, int);
                p++;
            } else {
                prec = 0;
                while (*p >= '0' && *p <= '9')
                    prec = prec * 10 + (*p++ - '0');
            }
        }
        int size = 0;
        while (*p == 'l' || *p == 'z' || *p == 't') {
            size++;
            p++;
        }
        int r;
        OuObj *o;
        switch (*p++) {
        case 'd':
        case 'i':
        case 'u':
        case 'x':
        case 'X':
            r = put_number(b, pc, (size_t)(p - pc), size, ap);
            break;
        case 'c':
            r = ou_strbuf_char(b, (uint32_t)va_arg(*ap, int));
            break;
        case 's':
            r = put_utf8(b, va_arg(*ap, const char *), prec);
            break;
        case 'p': {
            char out[32];
            snprintf(out, sizeof out, "%p", va_arg(*ap, void *));
            r = ou_strbuf_ascii(b, out, -1);
            break;
        }
        case 'R':
            r = put_object(b, ou_repr(vm, va_arg(*ap, OuObj *)), prec);
            break;
        case 'S':
            r = put_object(b, ou_str(vm, va_arg(*ap, OuObj *)), prec);
            break;
        case 'A':
            r = put_object(b, ou_ascii(vm, va_arg(*ap, OuObj *)), prec);
            break;
        case 'T':
            o = va_arg(*ap, OuObj *);
            r = put_utf8(b, OU_TYPE_OF(vm, o)->name, prec);
            break;
        case 'N':
            r = put_utf8(b, va_arg(*ap, OuType *)->name, prec);
            break;
        case 'U':
            r = put_object(b, ou_ref(va_arg(*ap, OuObj *)), prec);
            break;
        case '%':
            r = ou_strbuf_char(b, '%');
            break;
        default:
            r = ou_raise_i(vm, OU_EXC(vm, SystemError), "bad format of ou_str_fmt");
            break;
        }
        if (r < 0)
            return -1;
        fmt = p;
    }
    return 0;
}

OuObj *ou_str_vfmt(OuVM *vm, const char *fmt, va_list ap)
{
    OuStrBuf b;
    va_list copy;
    va_copy(copy, ap);
    ou_strbuf_init(&b, vm);
    int r = format_into(&b, fmt, &copy);
    va_end(copy);
    if (r < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

OuObj *ou_str_fmt(OuVM *vm, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    OuObj *s = ou_str_vfmt(vm, fmt, ap);
    va_end(ap);
    return s;
}
