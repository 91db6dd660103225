/* vm/codec/codec_byte.c - one byte a character: ASCII, Latin-1, character maps. */
#include "codec.h"
#include "../text/text.h"

OuObj *ou_ascii_decode(OuVM *vm, const char *p, size_t n, const char *errors)
{
    size_t pos = ou_ascii_prefix(p, n);
    if (pos == n)
        return ou_str_from_ascii(vm, p, (ou_ssize)n);
    OuDecode d;
    bool ok = true;
    ou_decode_init(&d, vm, "ascii", errors, p, n);
    pos = 0;
    while (ok && pos < d.n) {
        size_t run = ou_ascii_prefix((const char *)d.s + pos, d.n - pos);
        if (run) {
            ok = ou_strbuf_ascii(&d.out, (const char *)d.s + pos, (ou_ssize)run) == 0;
            pos += run;
        } else {
            ok = ou_decode_error(&d, pos, pos + 1, "ordinal not in range(128)", &pos) == 0;
        }
    }
    return ou_decode_finish(&d, ok);
}

static OuObj *encode_below(OuVM *vm, OuObj *o, const char *errors, uint32_t limit)
{
    OuStr *s = OU_STR(o);
    const char *reason = limit == 256 ? "ordinal not in range(256)" : "ordinal not in range(128)";
    if (s->ascii || s->len == 0 || (s->kind == 1 && limit == 256))
        return ou_bytes_new(vm, s->data, (ou_ssize)s->len);
    OuEncode e;
    bool ok = true;
    ou_ssize n = (ou_ssize)s->len;
    ou_encode_init(&e, vm, limit == 256 ? "latin-1" : "ascii", errors, o);
    for (ou_ssize pos = 0; ok && pos < n;) {
        uint32_t c = ou_str_at(s, pos);
        if (c < limit) {
            ok = ou_bytebuf_char(&e.out, c) == 0;
            pos++;
            continue;
        }
        ou_ssize start = pos, end = pos + 1;
        OuObj *repl;
        while (end < n && ou_str_at(s, end) >= limit)
            end++;
        if (e.kind == OU_ERR_SURROGATEESCAPE) {
            ou_ssize k = pos;
            while (k < end && ou_str_at(s, k) >= 0xdc80 && ou_str_at(s, k) <= 0xdcff)
                k++;
            if (k == pos) {
                ou_encode_raise(&e, pos, end, reason);
                ok = false;
                break;
            }
            end = k;
        }
        ok = ou_encode_error(&e, start, end, reason, &repl, &pos) == 0;
        if (ok && repl) {
            if (ou_str_kind(repl) != 1 || (limit == 128 && !OU_STR(repl)->ascii && OU_STR(repl)->len)) {
                ou_encode_raise(&e, start, end, reason);
                ok = false;
            } else {
                ok = ou_bytebuf_put(&e.out, OU_STR(repl)->data, OU_STR(repl)->len) == 0;
            }
            ou_decref(vm, repl);
        }
    }
    return ou_encode_finish(&e, ok);
}

OuObj *ou_latin1_encode(OuVM *vm, OuObj *s, const char *errors)
{
    return encode_below(vm, s, errors, 256);
}

OuObj *ou_ascii_encode(OuVM *vm, OuObj *s, const char *errors)
{
    return encode_below(vm, s, errors, 128);
}

/* ---- character maps ------------------------------------------------------------------------ */
/* The mapping's answer for byte or character c: out: new, or NULL when it has none (LookupError). */
static int ask(OuVM *vm, OuObj *mapping, uint32_t c, OuObj **out)
{
    *out = NULL;
    OuObj *key = ou_int(vm, c);
    if (!key)
        return -1;
    *out = ou_getitem(vm, mapping, key);
    ou_decref(vm, key);
    if (*out || !ou_err_is(vm, OU_EXC(vm, LookupError)))
        return *out ? 0 : -1;
    ou_err_clear(vm);
    return 0;
}

/* Byte c: 1 mapped, 0 undefined, -1. */
static int decode_one(OuDecode *d, OuObj *mapping, unsigned c)
{
    OuVM *vm = d->vm;
    if (ou_isa_str(vm, mapping)) {
        uint32_t v = c < (size_t)ou_str_len(mapping) ? ou_str_at(OU_STR(mapping), c) : 0xfffe;
        return v == 0xfffe ? 0 : ou_strbuf_char(&d->out, v) < 0 ? -1 : 1;
    }
    OuObj *x;
    int r = 0;
    if (ask(vm, mapping, c, &x) < 0)
        return -1;
    if (!x || x == OU_NONE(vm)) {
        r = 0;
    } else if (ou_isa_int(vm, x)) {
        int64_t v;
        if (!ou_int_fits(x, &v) || v < 0 || v > 0x10ffff)
            r = ou_type_error_i(vm, "character mapping must be in range(0x%x)", 0x110000);
        else
            r = v == 0xfffe ? 0 : ou_strbuf_char(&d->out, (uint32_t)v) < 0 ? -1 : 1;
    } else if (ou_isa_str(vm, x)) {
        r = ou_str_len(x) == 1 && ou_str_at(OU_STR(x), 0) == 0xfffe ? 0
            : ou_strbuf_str(&d->out, x) < 0                         ? -1
                                                                    : 1;
    } else {
        r = ou_type_error_i(vm, "character mapping must return integer, None or str");
    }
    ou_xdecref(vm, x);
    return r;
}

OuObj *ou_charmap_decode(OuVM *vm, const char *p, size_t n, const char *errors, OuObj *mapping)
{
    if (!mapping || mapping == OU_NONE(vm))
        return ou_str_latin1(vm, p, (ou_ssize)n);
    OuDecode d;
    bool ok = true;
    ou_decode_init(&d, vm, "charmap", errors, p, n);
    for (size_t pos = 0; ok && pos < d.n;) {
        int r = decode_one(&d, mapping, d.s[pos]);
        if (r == 1)
            pos++;
        else
            ok = r == 0 && ou_decode_error(&d, pos, pos + 1, "character maps to <undefined>", &pos) == 0;
    }
    return ou_decode_finish(&d, ok);
}

/* Character c into the output: 1, 0 undefined, -1. */
static int encode_one(OuEncode *e, OuObj *mapping, uint32_t c)
{
    OuVM *vm = e->vm;
    OuObj *x;
    int r;
    if (ask(vm, mapping, c, &x) < 0)
        return -1;
    if (!x || x == OU_NONE(vm)) {
        r = 0;
    } else if (ou_isa_int(vm, x)) {
        int64_t v;
        if (!ou_int_fits(x, &v) || v < 0 || v > 255)
            r = ou_type_error_i(vm, "character mapping must be in range(256)");
        else
            r = ou_bytebuf_char(&e->out, (unsigned)v) < 0 ? -1 : 1;
    } else if (ou_isa_bytes(vm, x)) {
        r = ou_bytebuf_put(&e->out, OU_BYTES(x)->data, OU_BYTES(x)->len) < 0 ? -1 : 1;
    } else {
        r = ou_type_error_i(vm, "character mapping must return integer, bytes or None, not %T", x);
    }
    ou_xdecref(vm, x);
    return r;
}

OuObj *ou_charmap_encode(OuVM *vm, OuObj *o, const char *errors, OuObj *mapping)
{
    static const char reason[] = "character maps to <undefined>";
    if (!mapping || mapping == OU_NONE(vm))
        return ou_latin1_encode(vm, o, errors);
    OuEncode e;
    OuStr *s = OU_STR(o);
    bool ok = true;
    ou_ssize n = (ou_ssize)s->len;
    ou_encode_init(&e, vm, "charmap", errors, o);
    for (ou_ssize pos = 0; ok && pos < n;) {
        int r = encode_one(&e, mapping, ou_str_at(s, pos));
        if (r) {
            ok = r > 0;
            pos++;
            continue;
        }
        ou_ssize start = pos, end = pos + 1;
        for (; end < n; end++) { /* the whole run without mapping is one error */
            size_t keep = e.out.n;
            r = encode_one(&e, mapping, ou_str_at(s, end));
            e.out.n = keep;
            if (r)
                break;
        }
        if (r < 0) {
            ok = false;
            break;
        }
        OuObj *repl;
        ok = ou_encode_error(&e, start, end, reason, &repl, &pos) == 0;
        for (ou_ssize i = 0; ok && repl && i < ou_str_len(repl); i++) {
            r = encode_one(&e, mapping, ou_str_at(OU_STR(repl), i));
            if (r == 0)
                ou_encode_raise(&e, start, end, reason);
            ok = r > 0;
        }
        if (ok || repl)
            ou_xdecref(vm, repl);
    }
    return ou_encode_finish(&e, ok);
}

OuObj *ou_charmap_build(OuVM *vm, OuObj *map)
{
    if (!ou_isa_str(vm, map) || ou_str_len(map) == 0)
        return ou_type_error(vm, "bad argument type for built-in operation");
    OuObj *d = ou_dict_new(vm);
    ou_ssize n = ou_str_len(map) < 256 ? ou_str_len(map) : 256;
    for (ou_ssize i = 0; d && i < n; i++) {
        uint32_t c = ou_str_at(OU_STR(map), i);
        if (c == 0xfffe)
            continue;
        OuObj *k = ou_int(vm, c), *v = ou_int(vm, i);
        if (!k || !v || ou_dict_set(vm, d, k, v) < 0)
            ou_clear(vm, d);
        ou_xdecref(vm, k);
        ou_xdecref(vm, v);
    }
    return d;
}
