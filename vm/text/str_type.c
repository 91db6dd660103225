/* vm/text/str_type.c - the type str: slots, construction, repr. */
#include "../codec/codec.h"
#include "text.h"
#include "str_methods.h"

#include <stdio.h>

static void str_dealloc(OuVM *vm, OuObj *o)
{
    uint64_t bits = OU_STR(o)->bits;
    if (__builtin_expect(bits >> 56 == OU_STR_BITS_ASCII >> 56 && ou_is(o, str),
                         1)) { /* not interned, no slack */
        ou_heap_free_leaf(&vm->heap, o, sizeof(OuStr) + (bits & 0xffffffffffffff) + 1);
        return;
    }
    if (OU_STR(o)->interned)
        ou_str_unintern(vm, o);
    if (ou_is(o, str))
        ou_heap_free_leaf(&vm->heap, o, ou_str_memsize(OU_STR(o)));
    else
        ou_free_object(vm, o);
}

const uint8_t ou_repr_widths[256] = {
    [0 ... 8] = 4,   [9 ... 10] = 2, [11 ... 12] = 4,  [13] = 2,         [14 ... 31] = 4,
    [32 ... 91] = 1, ['\\'] = 2,     [93 ... 126] = 1, [127 ... 255] = 4};

/* Characters of c > 0xff in a repr. */
static inline int wide_in_repr(uint32_t c, bool ascii_only)
{
    if (!ascii_only && ((c >= 0x4e00 && c < 0x9fa6) || (c >= 0xac00 && c < 0xd7a4) || ou_char_printable(c)))
        return 1;
    return c < 0x10000 ? 6 : 10;
}

/* Escapes as repr does; ascii_only for ascii(). */
static OuObj *quote(OuVM *vm, OuObj *o, bool ascii_only)
{
    static const char hex[] = "0123456789abcdef";
    OuStr *s = OU_STR(o);
    ou_ssize n = (ou_ssize)s->len;
    bool plain = s->ascii, single = false, dbl = false;
    if (s->ascii) {
        const uint8_t *p = (const uint8_t *)s->data;
        uint8_t odd = 0; /* no early end, no dependence: vectors */
        for (ou_ssize i = 0; i < n; i++)
            odd |= (uint8_t)((p[i] < 0x20) | (p[i] == '\\') | (p[i] == 0x7f));
        plain = !odd;
        single = n && memchr(p, '\'', (size_t)n);
        dbl = n && memchr(p, '"', (size_t)n);
    } else {
        OuChars t = ou_text_of_str(o);
        single = ou_text_find_char(&t, '\'', 0, n) >= 0;
        dbl = ou_text_find_char(&t, '"', 0, n) >= 0;
    }
    uint32_t q = single && !dbl ? '"' : '\'';
    if (plain && !(single && dbl)) {
        OuObj *r = ou_str_alloc(vm, n + 2, 0x7f);
        if (!r)
            return NULL;
        OU_STR(r)->data[0] = (char)q;
        memcpy(OU_STR(r)->data + 1, s->data, (size_t)n);
        OU_STR(r)->data[n + 1] = (char)q;
        return r;
    }
    /* measured, then written; the widths of one-byte characters from a table */
    uint8_t widths[256];
    memcpy(widths, ou_repr_widths, sizeof widths);
    widths[q] = 2;
    if (!ascii_only) {
        memset(widths + 0xa1, 1, 0x100 - 0xa1);
        widths[0xad] = 4;
    }
#define WIDTH(c) ((c) < 256 ? widths[c] : wide_in_repr(c, ascii_only))
    ou_ssize size = 2;
    uint32_t max = 0x7f;
    if (n > PTRDIFF_MAX / 64)
        return ou_raise_memory(vm);
    const void *from = s->data;
    int from_kind = (int)s->kind;
    for (ou_ssize i = 0; i < n; i++) {
        uint32_t c = ou_kind_at(from, from_kind, i);
        int w = WIDTH(c);
        size += w;
        max |= w == 1 ? c : 0;
    }
    OuObj *r = ou_str_alloc(vm, size, max > 0x10ffff ? 0x10ffff : max);
    if (!r)
        return NULL;
    void *to = OU_STR(r)->data;
    int kind = (int)OU_STR(r)->kind;
    ou_ssize at = 0;
    ou_kind_put(to, kind, at++, q);
    for (ou_ssize i = 0; i < n; i++) {
        uint32_t c = ou_kind_at(from, from_kind, i);
        int w = WIDTH(c);
        if (w == 1) {
            ou_kind_put(to, kind, at++, c);
            continue;
        }
        ou_kind_put(to, kind, at++, '\\');
        if (w == 2) {
            ou_kind_put(to, kind, at++, c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c);
            continue;
        }
        ou_kind_put(to, kind, at++, w == 4 ? 'x' : w == 6 ? 'u' : 'U');
        for (int k = w - 3; k >= 0; k--)
            ou_kind_put(to, kind, at++, (unsigned char)hex[c >> 4 * k & 15]);
    }
#undef WIDTH
    ou_kind_put(to, kind, at, q);
    return r;
}

OuObj *ou_str_repr(OuVM *vm, OuObj *o)
{
    return quote(vm, o, false);
}

OuObj *ou_str_escape_ascii(OuVM *vm, OuObj *text)
{
    OuStr *s = OU_STR(text);
    if (s->ascii)
        return ou_ref(text);
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        int e;
        if (c < 0x80) {
            e = ou_strbuf_char(&b, c);
        } else {
            char out[16];
            int n = snprintf(out, sizeof out, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
            e = ou_strbuf_ascii(&b, out, n);
        }
        if (e < 0) {
            ou_strbuf_free(&b);
            return NULL;
        }
    }
    return ou_strbuf_take(&b);
}

static OuObj *str_str(OuVM *vm, OuObj *o)
{
    return ou_str_exact(vm, o);
}

static int str_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    *out = ou_str_hash(vm, o);
    return 0;
}

static OuObj *str_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_isa_str(vm, a) || !ou_isa_str(vm, b))
        return ou_notimplemented(vm);
    if (op == OU_CMP_EQ || op == OU_CMP_NE)
        return ou_bool(vm, ou_str_eq(OU_STR(a), OU_STR(b)) == (op == OU_CMP_EQ));
    int c = a == b ? 0 : ou_str_cmp(OU_STR(a), OU_STR(b));
    return ou_bool(vm, op == OU_CMP_LT ? c < 0 : op == OU_CMP_LE ? c <= 0 : op == OU_CMP_GT ? c > 0 : c >= 0);
}

static ou_ssize str_len(OuVM *vm, OuObj *o)
{
    return ou_str_len(o);
}

static OuObj *str_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    if (i < 0 || i >= ou_str_len(o))
        return ou_raise(vm, OU_EXC(vm, IndexError), "string index out of range");
    return ou_str_char(vm, ou_str_at(OU_STR(o), i));
}

static OuObj *str_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    ou_ssize n = ou_str_len(o), i;
    if (ou_is_small(key)) {
        i = OU_INT_V(key);
        return str_item(vm, o, i < 0 ? i + n : i);
    }
    if (ou_is(key, slice)) {
        ou_ssize start, stop, step, count;
        if (ou_slice_indices(vm, key, n, &start, &stop, &step, &count) < 0)
            return NULL;
        if (step == 1)
            return ou_str_slice(vm, o, start, start + count);
        if (count <= 1)
            return count <= 0 ? ou_ref(OU_EMPTY_STR(vm)) : ou_str_char(vm, ou_str_at(OU_STR(o), start));
        OuObj *r = ou_str_alloc(vm, count, ou_str_maxbound(OU_STR(o)));
        if (!r)
            return NULL;
        int kind = (int)OU_STR(o)->kind;
        if (kind == 1) {
            const char *from = OU_STR(o)->data + start;
            char *to = OU_STR(r)->data;
            for (ou_ssize k = 0; k < count; k++)
                to[k] = from[k * step];
        } else if (kind == 2) {
            const uint16_t *from = (const uint16_t *)OU_STR(o)->data + start;
            uint16_t *to = (uint16_t *)OU_STR(r)->data;
            for (ou_ssize k = 0; k < count; k++)
                to[k] = from[k * step];
        } else {
            for (ou_ssize k = 0; k < count; k++, start = ou_slice_next(start, step))
                ou_kind_put(OU_STR(r)->data, kind, k, ou_str_at(OU_STR(o), start));
        }
        return ou_str_narrow(vm, r);
    }
    if (!ou_has_index(vm, key))
        return ou_type_error(vm, "string indices must be integers, not '%T'", key);
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
        return NULL;
    return str_item(vm, o, i < 0 ? i + n : i);
}

static int str_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    if (!ou_isa_str(vm, x))
        return ou_type_error_i(vm, "'in <string>' requires string as left operand, not %T", x);
    OuChars h = ou_text_of_str(o), s = ou_text_of_str(x);
    ou_ssize at = ou_text_find(vm, &h, &s, 0, h.n);
    return at == -2 ? -1 : at >= 0;
}

static OuObj *str_concat(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_isa_str(vm, b))
        return ou_type_error(vm, "can only concatenate str (not \"%T\") to str", b);
    return ou_str_concat(vm, a, b);
}

static OuObj *str_mod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_isa_str(vm, a))
        return ou_notimplemented(vm);
    return ou_str_percent(vm, a, b);
}

/* An exact str's text as an instance of a subclass. */
static OuObj *as_subclass(OuVM *vm, OuType *type, OuObj *text_take)
{
    if (!text_take)
        return NULL;
    OuStr *s = OU_STR(text_take);
    OuObj *o = ou_type_alloc(vm, type, (ou_ssize)((s->len + 1) * s->kind));
    if (o) {
        OuStr *d = OU_STR(o);
        d->hash = s->hash;
        d->len = s->len;
        d->kind = s->kind;
        d->ascii = s->ascii;
        d->interned = 0;
        d->slack = 0;
        d->unused = 0;
        memcpy(d->data, s->data, (s->len + 1) * s->kind);
    }
    ou_decref(vm, text_take);
    return o;
}

static OuObj *decode_object(OuVM *vm, OuObj *o, OuObj *encoding, OuObj *errors)
{
    OuUtf8 enc = {0}, err = {0};
    OuBuffer view;
    OuObj *r = NULL;
    if (ou_isa_str(vm, o))
        return ou_type_error(vm, "decoding str is not supported");
    if (!ou_has_buffer(vm, o))
        return ou_type_error(vm, "decoding to str: need a bytes-like object, %T found", o);
    if ((encoding && ou_str_utf8_name(vm, encoding, &enc) < 0) ||
        (errors && ou_str_utf8_name(vm, errors, &err) < 0) || ou_buffer_get(vm, o, &view, OU_BUF_SIMPLE) < 0)
        goto done;
    if (view.len) /* nothing needs no codec, not even a known one */
        r = ou_str_decode(vm, view.buf, (size_t)view.len, enc.s, err.s);
    else if (ou_codec_check_names(vm, enc.s, err.s) == 0)
        r = ou_ref(OU_EMPTY_STR(vm));
    ou_buffer_release(vm, &view);
done:
    ou_utf8_free(vm, &enc);
    ou_utf8_free(vm, &err);
    return r;
}

static OuObj *str_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3] = {NULL, NULL, NULL}, *r;
    if (nargs == 1 && !kwnames) {
        a[0] = args[0];
    } else if (nargs || kwnames) {
        if (ou_args_bind(vm, "str(object='', encoding='utf-8', errors='strict')", args, nargs, kwnames, a) <
            0)
            return NULL;
        for (int i = 1; i < 3; i++)
            if (a[i] && !ou_isa_str(vm, a[i]))
                return ou_type_error(vm, "str() argument '%s' must be str, not %s",
                                     i == 1 ? "encoding" : "errors", ou_arg_type_name(vm, a[i]));
    }
    if (!a[0])
        r = ou_ref(OU_EMPTY_STR(vm));
    else if (!a[1] && !a[2]) {
        bool hold = OU_TYPE_OF(vm, a[0])->flags & OU_TYPE_HEAP;
        ou_hold(a, hold);
        r = ou_str(vm, a[0]);
        ou_unhold(vm, a, hold);
    } else
        r = decode_object(vm, a[0], a[1], a[2]);
    if (type == &vm->builtin[OU_T_str])
        return r;
    return as_subclass(vm, type, r);
}

const OuTypeSpec ou_str_spec = {
    .name = "str",
    .size = sizeof(OuStr),
    .item_size = 1,
    .flags = OU_TYPE_BASE | OU_TYPE_STR_SUB | OU_TYPE_IMMUTABLE | OU_TYPE_MATCH_SELF,
    .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
           "Create a new string object from the given object. If encoding or\n"
           "errors is specified, then the object must expose a data buffer\n"
           "that will be decoded using the given encoding and error handler.\n"
           "Otherwise, returns the result of object.__str__() (if defined)\n"
           "or repr(object).\n"
           "encoding defaults to sys.getdefaultencoding().\n"
           "errors defaults to 'strict'.",
    .dealloc = str_dealloc,
    .s = {.repr = ou_str_repr,
          .str = str_str,
          .hash = str_hash,
          .compare = str_compare,
          .iter = ou_str_iter,
          .new_ = str_new,
          .nb[OU_NB_MOD] = str_mod,
          .len = str_len,
          .getitem = str_getitem,
          .item = str_item,
          .contains = str_contains,
          .concat = str_concat,
          .repeat = ou_str_repeat},
    .methods = ou_str_methods,
};
