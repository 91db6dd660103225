/* stdlib/binascii_qp.c - module binascii: quoted-printable. */
#include <string.h>

#include "binascii.h"

enum { LINE_MAX_QP = 76 };

static int hex_digit(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static OuObj *cut(OuVM *vm, char *buf, size_t cap, size_t n)
{
    OuObj *r = ou_bytes_new(vm, buf, (ou_ssize)n);
    ou_free(vm, buf, cap);
    return r;
}

OuObj *ou_binascii_a2b_qp(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer in;
    int header = args[1] ? ou_is_true(vm, args[1]) : 0;
    if (header < 0 || ou_binascii_ascii(vm, args[0], &in) < 0)
        return NULL;
    size_t n = (size_t)in.len, cap = n ? n : 1, out = 0, i = 0;
    const unsigned char *s = in.buf;
    char *buf = ou_alloc(vm, cap);
    while (buf && i < n) {
        if (s[i] == '=') {
            i++;
            if (i >= n)
                break;
            if (s[i] == '\n' || s[i] == '\r') { /* soft line break */
                while (i < n && s[i] != '\n')
                    i++;
                i += i < n;
            } else if (s[i] == '=') { /* broken case from other encoders */
                buf[out++] = '=';
                i++;
            } else if (i + 1 < n && hex_digit(s[i]) >= 0 && hex_digit(s[i + 1]) >= 0) {
                buf[out++] = (char)(hex_digit(s[i]) << 4 | hex_digit(s[i + 1]));
                i += 2;
            } else {
                buf[out++] = '=';
            }
        } else {
            buf[out++] = header && s[i] == '_' ? ' ' : (char)s[i];
            i++;
        }
    }
    ou_buffer_release(vm, &in);
    return buf ? cut(vm, buf, cap, out) : NULL;
}

/* Must s[i] be written as =XX? */
static bool quoted(const unsigned char *s, size_t i, size_t n, bool tabs, bool text, bool header, size_t line)
{
    unsigned char c = s[i];
    if (c > 126 || c == '=' || (header && c == '_'))
        return true;
    if (c == '.' && line == 0) /* a dot alone on a line ends a mail */
        return i + 1 == n || s[i + 1] == '\n' || s[i + 1] == '\r' || s[i + 1] == 0;
    if (!text && (c == '\r' || c == '\n'))
        return true;
    if ((c == '\t' || c == ' ') && i + 1 == n)
        return true;
    return c < 33 && c != '\r' && c != '\n' && c != '\t' && c != ' ' ? true
           : c < 33 && c != '\r' && c != '\n'                        ? tabs
                                                                     : false;
}

OuObj *ou_binascii_b2a_qp(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char digits[] = "0123456789ABCDEF";
    OuBuffer in;
    int tabs = args[1] ? ou_is_true(vm, args[1]) : 0, text = args[2] ? ou_is_true(vm, args[2]) : 1;
    int header = args[3] ? ou_is_true(vm, args[3]) : 0;
    if (tabs < 0 || text < 0 || header < 0 || ou_buffer_get(vm, args[0], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    size_t n = (size_t)in.len, cap = n * 6 + 16, out = 0, line = 0;
    const unsigned char *s = in.buf;
    const unsigned char *lf = n ? memchr(s, '\n', n) : NULL;
    bool crlf = lf && lf > s && lf[-1] == '\r'; /* the first line end decides the kind of soft ones */
    char *buf = ou_alloc(vm, cap);
    for (size_t i = 0; buf && i < n;) {
        unsigned char c = s[i];
        if (quoted(s, i, n, tabs, text, header, line)) {
            if (line + 3 >= LINE_MAX_QP) {
                buf[out++] = '=';
                if (crlf)
                    buf[out++] = '\r';
                buf[out++] = '\n';
                line = 0;
            }
            buf[out++] = '=';
            buf[out++] = digits[c >> 4];
            buf[out++] = digits[c & 15];
            line += 3;
            i++;
        } else if (text && (c == '\n' || (c == '\r' && i + 1 < n && s[i + 1] == '\n'))) {
            line = 0;
            /* white space before a line end must be encoded */
            if (out && (buf[out - 1] == ' ' || buf[out - 1] == '\t')) {
                unsigned char w = (unsigned char)buf[out - 1];
                buf[out - 1] = '=';
                buf[out++] = digits[w >> 4];
                buf[out++] = digits[w & 15];
            }
            if (crlf)
                buf[out++] = '\r';
            buf[out++] = '\n';
            i += c == '\r' ? 2 : 1;
        } else {
            if (i + 1 != n && s[i + 1] != '\n' && line + 1 >= LINE_MAX_QP) {
                buf[out++] = '=';
                if (crlf)
                    buf[out++] = '\r';
                buf[out++] = '\n';
                line = 0;
            }
            line++;
            buf[out++] = header && c == ' ' ? '_' : (char)c;
            i++;
        }
    }
    ou_buffer_release(vm, &in);
    return buf ? cut(vm, buf, cap, out) : NULL;
}
