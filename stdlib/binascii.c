/* stdlib/binascii.c - module binascii: bytes to text forms and back (hex, base64, uu, quoted-printable),
 * checksums. */
#include "binascii.h"

#include <string.h>

#include "support.h"
#include "vm/text/bytes.h"

typedef struct State {
    OuObj *error, *incomplete;
} State;

void *ou_binascii_error(OuVM *vm, const char *fmt, ...)
{
    State *st = ou_module_state(vm, &ou_mod_binascii);
    va_list ap;
    va_start(ap, fmt);
    OuObj *msg = ou_str_vfmt(vm, fmt, ap);
    va_end(ap);
    if (msg) {
        ou_raise_value(vm, OU_AS_TYPE(st->error), msg);
        ou_decref(vm, msg);
    }
    return NULL;
}

int ou_binascii_ascii(OuVM *vm, OuObj *o, OuBuffer *view)
{
    if (ou_isa_str(vm, o)) {
        if (!OU_STR(o)->ascii)
            return ou_value_error_i(vm, "string argument should contain only ASCII characters");
        return ou_buffer_fill(vm, view, o, OU_STR(o)->data, ou_str_len(o), true, OU_BUF_SIMPLE);
    }
    if (!ou_has_buffer(vm, o))
        return ou_type_error_i(vm, "argument should be bytes, buffer or ASCII string, not '%T'", o);
    return ou_buffer_get(vm, o, view, OU_BUF_SIMPLE);
}

/* Shortens a fresh bytes object: new object of the first n bytes; b is taken. */
static OuObj *shorten(OuVM *vm, OuObj *b, size_t n)
{
    if (OU_BYTES(b)->len == n)
        return b;
    OuObj *r = ou_bytes_new(vm, OU_BYTES(b)->data, (ou_ssize)n);
    ou_decref(vm, b);
    return r;
}

/* ---- hex ------------------------------------------------------------------------------ */
static OuObj *f_unhexlify(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    OuObj *r = NULL;
    if (ou_binascii_ascii(vm, args[0], &in) < 0)
        return NULL;
    const unsigned char *s = in.buf;
    if (in.len % 2) {
        ou_binascii_error(vm, "Odd-length string");
    } else if ((r = ou_bytes_new(vm, NULL, in.len / 2))) {
        for (ou_ssize i = 0; i < in.len / 2; i++) {
            int hi = ou_hex_values[s[2 * i]] - 1, lo = ou_hex_values[s[2 * i + 1]] - 1;
            if (hi < 0 || lo < 0) {
                ou_decref(vm, r);
                r = ou_binascii_error(vm, "Non-hexadecimal digit found");
                break;
            }
            OU_BYTES(r)->data[i] = (char)(hi << 4 | lo);
        }
    }
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *f_hexlify(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char digits[] = "0123456789abcdef";
    int per = 1, sep = -1;
    if (args[2] && ou_as_int(vm, args[2], &per) < 0)
        return NULL;
    if (args[1]) {
        ou_ssize n;
        bool is_str = ou_isa_str(vm, args[1]);
        if (!is_str && !ou_isa_bytes(vm, args[1])) {
            if (ou_len(vm, args[1]) < 0)
                return NULL;
            return ou_type_error(vm, "sep must be str or bytes.");
        }
        n = is_str ? ou_str_len(args[1]) : (ou_ssize)OU_BYTES(args[1])->len;
        if (n != 1)
            return ou_value_error(vm, "sep must be length 1.");
        sep = is_str ? (int)ou_str_at(OU_STR(args[1]), 0) : (unsigned char)OU_BYTES(args[1])->data[0];
        if (is_str && sep > 127)
            return ou_value_error(vm, "sep must be ASCII.");
    }
    OuBuffer in;
    if (ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    ou_ssize group = per < 0 ? -(ou_ssize)per : per, seps = 0;
    if (sep >= 0 && group && in.len)
        seps = (in.len - 1) / group;
    OuObj *r = ou_bytes_new(vm, NULL, in.len * 2 + seps);
    if (r) {
        const unsigned char *s = in.buf;
        char *p = OU_BYTES(r)->data;
        for (ou_ssize i = 0; i < in.len; i++) {
            /* positive: groups are counted from the right */
            if (seps && i && (per > 0 ? (in.len - i) % group == 0 : i % group == 0))
                *p++ = (char)sep;
            *p++ = digits[s[i] >> 4];
            *p++ = digits[s[i] & 15];
        }
    }
    ou_buffer_release(vm, &in);
    return r;
}

/* ---- base64 ----------------------------------------------------------------------------- */
static const char base64_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a character, 0x80 for those that have none. */
static const uint8_t base64_values[256] = {
#define NO(a, b) [a... b] = 0x80
#define V4(c, v) [c] = v, [c + 1] = v + 1, [c + 2] = v + 2, [c + 3] = v + 3
    NO(0, 42),   ['+'] = 62,  NO(44, 46),  ['/'] = 63, V4('0', 52), V4('4', 56), ['8'] = 60,
    ['9'] = 61,  NO(58, 64),  V4('A', 0),  V4('E', 4), V4('I', 8),  V4('M', 12), V4('Q', 16),
    V4('U', 20), ['Y'] = 24,  ['Z'] = 25,  NO(91, 96), V4('a', 26), V4('e', 30), V4('i', 34),
    V4('m', 38), V4('q', 42), V4('u', 46), ['y'] = 50, ['z'] = 51,  NO(123, 255)};
#undef NO
#undef V4

/* Decodes into out; length, or -1 with binascii.Error. */
static ou_ssize base64_decode(OuVM *vm, const unsigned char *s, ou_ssize n, bool strict, unsigned char *out)
{
    unsigned char *p = out;
    int quad = 0, pads = 0;
    unsigned left = 0;
    bool padding = false;
#define FAIL(...) return ou_binascii_error(vm, __VA_ARGS__), -1
    if (strict && n > 0 && s[0] == '=')
        FAIL("Leading padding not allowed");
    for (ou_ssize i = 0; i < n; i++) {
        if (s[i] == '=') {
            padding = true;
            if (quad >= 2 && quad + ++pads >= 4) {
                if (strict && i + 1 < n)
                    FAIL("Excess data after padding");
                return p - out;
            }
            continue;
        }
        if (quad == 0 && !padding && i + 4 <= n) { /* whole groups of four */
            unsigned a, b, c, d;
            while (i + 4 <= n && !(((a = base64_values[s[i]]) | (b = base64_values[s[i + 1]]) |
                                    (c = base64_values[s[i + 2]]) | (d = base64_values[s[i + 3]])) &
                                   0x80)) {
                left = a << 18 | b << 12 | c << 6 | d;
                *p++ = (unsigned char)(left >> 16);
                *p++ = (unsigned char)(left >> 8);
                *p++ = (unsigned char)left;
                left = pads = 0;
                i += 4;
            }
            if (i >= n)
                break;
            if (s[i] == '=') {
                i--;
                continue;
            }
        }
        unsigned v = base64_values[s[i]];
        if (v & 0x80) {
            if (strict)
                FAIL("Only base64 data is allowed");
            continue;
        }
        if (strict && padding)
            FAIL("Discontinuous padding not allowed");
        pads = 0;
        left = left << 6 | v;
        if (quad)
            *p++ = (unsigned char)(left >> (6 - 2 * quad));
        quad = (quad + 1) & 3;
        left &= 0x3f;
    }
    if (quad == 1)
        FAIL("Invalid base64-encoded string: number of data characters (%zd) cannot be 1 more than a "
             "multiple of 4",
             (p - out) / 3 * 4 + 1);
    if (quad)
        FAIL("Incorrect padding");
#undef FAIL
    return p - out;
}

static OuObj *f_a2b_base64(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    int strict = args[1] ? ou_is_true(vm, args[1]) : 0;
    if (strict < 0 || ou_binascii_ascii(vm, args[0], &in) < 0)
        return NULL;
    OuObj *r = ou_bytes_new(vm, NULL, (in.len + 3) / 4 * 3);
    if (r) {
        ou_ssize n = base64_decode(vm, in.buf, in.len, strict, (unsigned char *)OU_BYTES(r)->data);
        if (n < 0) {
            ou_decref(vm, r);
            r = NULL;
        } else {
            r = shorten(vm, r, (size_t)n);
        }
    }
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *f_b2a_base64(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    int newline = args[1] ? ou_is_true(vm, args[1]) : 1;
    if (newline < 0 || ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = ou_bytes_new(vm, NULL, (in.len + 2) / 3 * 4 + newline);
    if (r) {
        const unsigned char *s = in.buf;
        char *p = OU_BYTES(r)->data;
        ou_ssize i = 0;
        for (; i + 2 < in.len; i += 3) {
            unsigned v = (unsigned)s[i] << 16 | (unsigned)s[i + 1] << 8 | s[i + 2];
            *p++ = base64_chars[v >> 18];
            *p++ = base64_chars[v >> 12 & 63];
            *p++ = base64_chars[v >> 6 & 63];
            *p++ = base64_chars[v & 63];
        }
        if (i < in.len) {
            bool two = i + 1 < in.len;
            unsigned v = (unsigned)s[i] << 16 | (two ? (unsigned)s[i + 1] << 8 : 0);
            *p++ = base64_chars[v >> 18];
            *p++ = base64_chars[v >> 12 & 63];
            *p++ = two ? base64_chars[v >> 6 & 63] : '=';
            *p++ = '=';
        }
        if (newline)
            *p = '\n';
    }
    ou_buffer_release(vm, &in);
    return r;
}

/* ---- uu ----------------------------------------------------------------------------------- */
static OuObj *f_a2b_uu(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    OuObj *r = NULL;
    if (ou_binascii_ascii(vm, args[0], &in) < 0)
        return NULL;
    const unsigned char *s = in.buf, *end = s + in.len;
    ou_ssize n =
        ((s < end ? *s : 0) - ' ') & 63; /* CPython reads the zero behind no data as a length of 32 */
    if (!(r = ou_bytes_new(vm, NULL, n)))
        goto done;
    unsigned char *p = (unsigned char *)OU_BYTES(r)->data, *stop = p + n;
    unsigned left = 0;
    int bits = 0;
    if (s < end)
        s++;
    while (p < stop) {
        unsigned c = s < end ? *s : 0;
        if (c == '\n' || c == '\r' || s >= end) {
            c = 0; /* trailing spaces were cut off */
        } else {
            if (c < ' ' || c > ' ' + 64) {
                ou_binascii_error(vm, "Illegal char");
                goto fail;
            }
            c = (c - ' ') & 63;
        }
        s++;
        left = left << 6 | c;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *p++ = (unsigned char)(left >> bits);
            left &= (1u << bits) - 1;
        }
    }
    for (; s < end; s++)
        if (*s != ' ' && *s != ' ' + 64 && *s != '\n' && *s != '\r') {
            ou_binascii_error(vm, "Trailing garbage");
            goto fail;
        }
    goto done;
fail:
    ou_clear(vm, r);
done:
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *f_b2a_uu(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    OuObj *r = NULL;
    int backtick = args[1] ? ou_is_true(vm, args[1]) : 0;
    if (backtick < 0 || ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (in.len > 45) {
        ou_binascii_error(vm, "At most 45 bytes at once");
    } else if ((r = ou_bytes_new(vm, NULL, 2 + (in.len + 2) / 3 * 4))) {
        const unsigned char *s = in.buf;
        char *p = OU_BYTES(r)->data;
#define UU(v) (char)((v) == 0 && backtick ? '`' : (v) + ' ')
        *p++ = UU(in.len);
        for (ou_ssize i = 0; i < in.len; i += 3) {
            unsigned v = (unsigned)s[i] << 16 | (i + 1 < in.len ? (unsigned)s[i + 1] << 8 : 0) |
                         (i + 2 < in.len ? s[i + 2] : 0);
            for (int k = 18; k >= 0; k -= 6)
                *p++ = UU(v >> k & 63);
        }
#undef UU
        *p = '\n';
    }
    ou_buffer_release(vm, &in);
    return r;
}

/* ---- checksums ------------------------------------------------------------------------------- */
static int mask32(OuVM *vm, OuObj *o, uint32_t *out)
{
    *out = 0;
    if (!o)
        return 0;
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int64_t v;
    if (ou_int_fits(i, &v)) {
        *out = (uint32_t)v;
        ou_decref(vm, i);
        return 0;
    }
    OuObj *m = ou_int(vm, 0xffffffff), *low = m ? ou_binop(vm, OU_NB_AND, i, m) : NULL;
    ou_decref(vm, i);
    ou_xdecref(vm, m);
    if (!low)
        return -1;
    ou_int_fits(low, &v);
    *out = (uint32_t)v;
    ou_decref(vm, low);
    return 0;
}

static const uint32_t nibble[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                    0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                    0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};

static uint32_t crc_byte(uint32_t crc, unsigned char c)
{
    crc ^= c;
    crc = crc >> 4 ^ nibble[crc & 15];
    return crc >> 4 ^ nibble[crc & 15];
}

/* Eight bytes at a time, by tables made on the stack: they cost what some hundred bytes would. */
static uint32_t crc_long(uint32_t crc, const unsigned char *s, size_t n)
{
    uint32_t t[8][256];
    for (int i = 0; i < 256; i++)
        t[0][i] = crc_byte(0, (unsigned char)i);
    for (int k = 1; k < 8; k++)
        for (int i = 0; i < 256; i++)
            t[k][i] = t[k - 1][i] >> 8 ^ t[0][t[k - 1][i] & 0xff];
    for (; n >= 8; n -= 8, s += 8) {
        uint32_t a, b;
        memcpy(&a, s, 4);
        memcpy(&b, s + 4, 4);
        a ^= crc;
        crc = t[7][a & 0xff] ^ t[6][a >> 8 & 0xff] ^ t[5][a >> 16 & 0xff] ^ t[4][a >> 24] ^ t[3][b & 0xff] ^
              t[2][b >> 8 & 0xff] ^ t[1][b >> 16 & 0xff] ^ t[0][b >> 24];
    }
    while (n--)
        crc = t[0][(crc ^ *s++) & 0xff] ^ crc >> 8;
    return crc;
}

static OuObj *f_crc32(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    uint32_t crc;
    if (mask32(vm, args[1], &crc) < 0 || ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    const unsigned char *s = in.buf;
    crc = ~crc;
    if (in.len >= 512)
        crc = crc_long(crc, s, (size_t)in.len);
    else
        for (ou_ssize i = 0; i < in.len; i++)
            crc = crc_byte(crc, s[i]);
    ou_buffer_release(vm, &in);
    return ou_int(vm, (int64_t)(uint32_t)~crc);
}

static OuObj *f_crc_hqx(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    uint32_t crc;
    if (mask32(vm, args[1], &crc) < 0 || ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    const unsigned char *s = in.buf;
    crc &= 0xffff;
    for (ou_ssize i = 0; i < in.len; i++) {
        crc ^= (uint32_t)s[i] << 8;
        for (int k = 0; k < 8; k++)
            crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    }
    ou_buffer_release(vm, &in);
    return ou_int(vm, (int64_t)crc);
}

static const OuFn functions[] = {
    {"a2b_uu(data, /)", f_a2b_uu, 0, "Decode a line of uuencoded data."},
    {"b2a_uu(data, /, *, backtick=False)", f_b2a_uu, 0, "Uuencode line of data."},
    {"a2b_base64(data, /, *, strict_mode=False)", f_a2b_base64, 0,
     "Decode a line of base64 data.\n\nstrict_mode: an error for anything that is not base64."},
    {"b2a_base64(data, /, *, newline=True)", f_b2a_base64, 0, "Base64-code line of data."},
    {"a2b_hex(hexstr, /)", f_unhexlify, 0, "Binary data of hexadecimal representation."},
    {"b2a_hex(data, sep=<unrepresentable>, bytes_per_sep=1)", f_hexlify, 0,
     "Hexadecimal representation of binary data, with sep every bytes_per_sep bytes, counted from the right "
     "if "
     "positive."},
    {"hexlify(data, sep=<unrepresentable>, bytes_per_sep=1)", f_hexlify, 0,
     "Hexadecimal representation of binary data, with sep every bytes_per_sep bytes, counted from the right "
     "if "
     "positive."},
    {"unhexlify(hexstr, /)", f_unhexlify, 0, "Binary data of hexadecimal representation."},
    {"crc32(data, crc=0, /)", f_crc32, 0, "Compute CRC-32 incrementally."},
    {"crc_hqx(data, crc, /)", f_crc_hqx, 0, "Compute CRC-CCITT incrementally."},
    {"a2b_qp(data, header=False)", ou_binascii_a2b_qp, 0, "Decode a string of qp-encoded data."},
    {"b2a_qp(data, quotetabs=False, istext=True, header=False)", ou_binascii_b2a_qp, 0,
     "Encode a string using quoted-printable encoding.\n\nistext: newlines are not encoded; quotetabs: "
     "blanks and tabs are."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    st->error = ou_module_add_exception(vm, m, "binascii", "Error", OU_EXC(vm, ValueError));
    st->incomplete =
        st->error ? ou_module_add_exception(vm, m, "binascii", "Incomplete", OU_EXC(vm, Exception)) : NULL;
    return st->incomplete ? 0 : -1;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    State *st = state;
    OU_VISIT(st->error);
    OU_VISIT(st->incomplete);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    State *st = state;
    ou_clear(vm, st->error);
    ou_clear(vm, st->incomplete);
}

const OuModuleDef ou_mod_binascii = {
    .name = "binascii",
    .doc = "Conversion between binary data and ASCII",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
