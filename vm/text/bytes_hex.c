/* vm/text/bytes_hex.c - hex() and fromhex() of bytes and bytearray. */
#include "bytes.h"

OuObj *ou_hex(OuVM *vm, const unsigned char *p, size_t n, OuObj *sep, int group)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t c = 0;
    if (sep) {
        bool is_str = ou_isa_str(vm, sep), is_bytes = ou_isa_bytes(vm, sep);
        ou_ssize len = is_str ? ou_str_len(sep) : is_bytes ? (ou_ssize)OU_BYTES(sep)->len : ou_len(vm, sep);
        if (len < 0)
            return NULL;
        if (len != 1)
            return ou_value_error(vm, "sep must be length 1.");
        if (is_str) {
            c = ou_str_at(OU_STR(sep), 0);
        } else if (is_bytes) {
            c = (unsigned char)OU_BYTES(sep)->data[0];
        } else {
            return ou_type_error(vm, "sep must be str or bytes.");
        }
        if (c > 127)
            return ou_value_error(vm, "sep must be ASCII.");
    }
    if (n == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    size_t size = (size_t)(group < 0 ? -(int64_t)group : group), nseps = sep && group ? (n - 1) / size : 0;
    if (n > (size_t)PTRDIFF_MAX / 4)
        return ou_raise_memory(vm);
    OuObj *r = ou_str_alloc(vm, (ou_ssize)(n * 2 + nseps), 0x7f);
    if (!r)
        return NULL;
    char *d = OU_STR(r)->data;
    for (size_t i = 0; !nseps && i < n; i++) {
        d[2 * i] = digits[p[i] >> 4];
        d[2 * i + 1] = digits[p[i] & 15];
    }
    for (size_t i = 0; nseps && i < n; i++) {
        /* positive: groups are counted from the right */
        if (i && (group > 0 ? (n - i) % size == 0 : i % size == 0))
            *d++ = (char)c;
        *d++ = digits[p[i] >> 4];
        *d++ = digits[p[i] & 15];
    }
    return r;
}

OU_BYTES_M(hex)
{
    int group = 1;
    if (args[2] &&
        ou_as_int(vm, args[2], &group) < 0) /* before the bytes are looked at: it may change them */
        return NULL;
    OuChars t = ou_text_of_bytes(vm, args[0]);
    return ou_hex(vm, t.p, (size_t)t.n, args[1], group);
}

const uint8_t ou_hex_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

static int hexval(uint32_t c)
{
    return c < 256 ? ou_hex_values[c] - 1 : -1;
}

static OuObj *fromhex(OuVM *vm, OuObj *const *args, bool bytearray)
{
    OuObj *s = args[1], *r;
    if (!ou_isa_str(vm, s))
        return ou_type_error(vm, "fromhex() argument must be str, not %s", ou_arg_type_name(vm, s));
    ou_ssize n = ou_str_len(s), i = 0, bad = -1;
    size_t out = 0, size = (size_t)n / 2 + 1;
    char *d = ou_alloc(vm, size);
    if (!d)
        return NULL;
    if (OU_STR(s)->ascii) { /* digits in pairs, up to what is none */
        const uint8_t *p = (const uint8_t *)OU_STR(s)->data;
        for (uint8_t hi, lo; i + 2 <= n && (hi = ou_hex_values[p[i]]) && (lo = ou_hex_values[p[i + 1]]);
             i += 2)
            d[out++] = (char)((hi - 1) << 4 | (lo - 1));
    }
    while (i < n && bad < 0) {
        uint32_t c = ou_str_at(OU_STR(s), i);
        if (c < 0x80 && ou_ascii_space((unsigned char)c)) {
            i++;
        } else if (hexval(c) < 0) {
            bad = i;
        } else if (i + 1 >= n || hexval(ou_str_at(OU_STR(s), i + 1)) < 0) {
            bad = i + 1;
        } else {
            d[out++] = (char)(hexval(c) << 4 | hexval(ou_str_at(OU_STR(s), i + 1)));
            i += 2;
        }
    }
    OuType *type = OU_AS_TYPE(args[0]);
    if (bad >= 0)
        r = ou_value_error(vm, "non-hexadecimal number found in fromhex() arg at position %zd", bad);
    else
        r = bytearray ? ou_bytearray_new(vm, d, (ou_ssize)out) : ou_bytes_new(vm, d, (ou_ssize)out);
    ou_free(vm, d, size);
    if (r && type != &vm->builtin[bytearray ? OU_T_bytearray : OU_T_bytes]) {
        OuObj *sub = ou_call1(vm, args[0], r);
        ou_decref(vm, r);
        return sub;
    }
    return r;
}
OU_BYTES_M(fromhex)
{
    return fromhex(vm, args, false);
}
OU_BYTES_M(fromhex_bytearray)
{
    return fromhex(vm, args, true);
}
