/* stdlib/pickle/load_values.c - opcodes of numbers, strings, bytes and buffers. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "vm/text/text.h"
#include "vm/import.h"
#include "vm/codec/codec.h"

int ou_load_le(OuVM *vm, OuUnpickler *u, int n, uint64_t *out)
{
    const char *s;
    if (ou_unpickler_read(vm, u, &s, (size_t)n) < 0)
        return -1;
    *out = (unsigned char)s[0];
    for (int i = 1; i < n; i++)
        *out |= (uint64_t)(unsigned char)s[i] << 8 * i;
    return 0;
}

int ou_load_line(OuVM *vm, OuUnpickler *u, const char **s, size_t *n)
{
    if (ou_unpickler_line(vm, u, s, n) < 0)
        return -1;
    return *n < 2 ? UNPICKLING("pickle data was truncated") : 0;
}

int ou_load_length(OuVM *vm, OuUnpickler *u, int size, const char *too_long, uint64_t *n)
{
    if (ou_load_le(vm, u, size, n) < 0)
        return -1;
    if (*n > INT64_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), too_long, (ou_ssize)INT64_MAX);
    return 0;
}

/* Bytes behind their length of nsize bytes.  0/-1 */
static int read_counted(OuVM *vm, OuUnpickler *u, int nsize, const char *what, const char **s, uint64_t *n)
{
    if (ou_load_le(vm, u, nsize, n) < 0)
        return -1;
    if (nsize == 4 && (int32_t)*n < 0)
        return UNPICKLING("%s pickle has negative byte count", what);
    return ou_unpickler_read(vm, u, s, *n);
}

int ou_load_none(OuVM *vm, OuUnpickler *u, int arg)
{
    return ou_stack_push_take(vm, u, ou_none(vm));
}

int ou_load_bool(OuVM *vm, OuUnpickler *u, int value)
{
    return ou_stack_push_take(vm, u, ou_bool(vm, value));
}

int ou_load_binint(OuVM *vm, OuUnpickler *u, int n)
{
    uint64_t v;
    if (ou_load_le(vm, u, n, &v) < 0)
        return -1;
    return ou_stack_push_take(vm, u, ou_int(vm, n == 4 ? (int64_t)(int32_t)v : (int64_t)v));
}

/* int(text, 0) as C's strtol and CPython's converter take it: the newline counts as space. */
static OuObj *parse_int(OuVM *vm, const char *s, size_t n)
{
    const char *nul = memchr(s, 0, n);
    OuObj *text = ou_utf8_decode(vm, s, nul ? (size_t)(nul - s) : n, NULL, NULL), *base = ou_int(vm, 0),
          *r = NULL;
    if (text && base)
        r = ou_call2(vm, (OuObj *)&vm->builtin[OU_T_int], text, base);
    ou_xdecref(vm, text);
    ou_xdecref(vm, base);
    return r;
}

int ou_load_int(OuVM *vm, OuUnpickler *u, int arg)
{
    const char *s;
    size_t n;
    if (ou_load_line(vm, u, &s, &n) < 0)
        return -1;
    char *end, buf[32];
    if (n < sizeof buf) { /* as C reads it: 0777 is octal */
        memcpy(buf, s, n);
        buf[n] = 0;
        long v = strtol(buf, &end, 0);
        if ((!*end || *end == '\n') && n < 20) /* a bool is two characters and the line end */
            return ou_stack_push_take(vm, u,
                                      n == 3 && (v == 0 || v == 1) ? ou_bool(vm, v == 1) : ou_int(vm, v));
    }
    OuObj *i = parse_int(vm, s, n);
    if (!i && ou_err_is(vm, OU_EXC(vm, ValueError))) {
        ou_err_clear(vm);
        return ou_value_error_i(vm, "could not convert string to int");
    }
    return ou_stack_push_take(vm, u, i);
}

int ou_load_long(OuVM *vm, OuUnpickler *u, int arg)
{
    const char *s;
    size_t n;
    if (ou_load_line(vm, u, &s, &n) < 0)
        return -1;
    return ou_stack_push_take(vm, u, parse_int(vm, s, s[n - 2] == 'L' ? n - 2 : n - 1));
}

int ou_load_binlong(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    const char *s;
    if (read_counted(vm, u, nsize, "LONG", &s, &n) < 0)
        return -1;
    return ou_stack_push_take(
        vm, u, n ? ou_int_from_bytes(vm, (const unsigned char *)s, n, true, true) : ou_int(vm, 0));
}

int ou_load_float(OuVM *vm, OuUnpickler *u, int arg)
{
    const char *s;
    size_t n;
    if (ou_load_line(vm, u, &s, &n) < 0)
        return -1;
    if (isspace((unsigned char)s[0]))
        return ou_value_error_i(vm, "could not convert string to float");
    return ou_stack_push_take(vm, u, ou_float_parse(vm, s, n - 1));
}

int ou_load_binfloat(OuVM *vm, OuUnpickler *u, int arg)
{
    const char *s;
    uint64_t bits = 0;
    double d;
    if (ou_unpickler_read(vm, u, &s, 8) < 0)
        return -1;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | (unsigned char)s[i];
    memcpy(&d, &bits, 8);
    return ou_stack_push_take(vm, u, ou_float(vm, d));
}

/* A byte string of Python 2 */
static OuObj *old_string(OuVM *vm, OuUnpickler *u, const char *s, size_t n)
{
    if (strcmp(u->encoding, "bytes") == 0)
        return ou_bytes_new(vm, s, (ou_ssize)n);
    return ou_str_decode(vm, s, n, u->encoding, u->errors);
}

int ou_load_string(OuVM *vm, OuUnpickler *u, int arg)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    n--;
    if (n < 2 || s[0] != s[n - 1] || (s[0] != '\'' && s[0] != '"'))
        return UNPICKLING("the STRING opcode argument must be quoted");
    OuObj *raw = ou_bytes_new(vm, s + 1, (ou_ssize)n - 2),
          *f = ou_import_attr(vm, "_codecs", "escape_decode"), *pair = raw && f ? ou_call1(vm, f, raw) : NULL,
          *r = NULL;
    if (pair) {
        OuObj *b = OU_TUPLE(pair)->items[0];
        r = old_string(vm, u, OU_BYTES(b)->data, OU_BYTES(b)->len);
    }
    ou_xdecref(vm, raw);
    ou_xdecref(vm, f);
    ou_xdecref(vm, pair);
    return ou_stack_push_take(vm, u, r);
}

int ou_load_binstring(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    const char *s;
    if (read_counted(vm, u, nsize, "BINSTRING", &s, &n) < 0)
        return -1;
    return ou_stack_push_take(vm, u, old_string(vm, u, s, n));
}

int ou_load_unicode(OuVM *vm, OuUnpickler *u, int arg)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    return ou_stack_push_take(vm, u, ou_str_decode(vm, s, n - 1, "raw-unicode-escape", NULL));
}

int ou_load_binunicode(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    const char *s;
    if (ou_load_length(vm, u, nsize, "BINUNICODE exceeds system's maximum size of %zd bytes", &n) < 0 ||
        ou_unpickler_read(vm, u, &s, n) < 0)
        return -1;
    return ou_stack_push_take(vm, u,
                              ou_ascii_prefix(s, n) == n ? ou_str_from_ascii(vm, s, (ou_ssize)n)
                                                         : ou_str_decode(vm, s, n, "utf-8", "surrogatepass"));
}

/* A length is believed only as far as there are data (a file may hold more than is in the buffer). */
static int length_of_bytes(OuVM *vm, OuUnpickler *u, int nsize, const char *too_long, uint64_t *n)
{
    if (ou_load_length(vm, u, nsize, too_long, n) < 0)
        return -1;
    return u->read || *n <= u->len - u->at ? 0 : UNPICKLING("pickle data was truncated");
}

/* b (taken, or NULL), whose n bytes are at `to`, is filled and goes on the stack.  0/-1 */
static int fill_take(OuVM *vm, OuUnpickler *u, OuObj *b, char *to, uint64_t n)
{
    if (b && n && ou_unpickler_readinto(vm, u, to, n) < 0)
        ou_clear(vm, b);
    return ou_stack_push_take(vm, u, b);
}

int ou_load_binbytes(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    if (length_of_bytes(vm, u, nsize, "BINBYTES exceeds system's maximum size of %zd bytes", &n) < 0)
        return -1;
    OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)n);
    return fill_take(vm, u, b, b ? OU_BYTES(b)->data : NULL, n);
}

int ou_load_bytearray(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    if (length_of_bytes(vm, u, nsize, "BYTEARRAY8 exceeds system's maximum size of %zd bytes", &n) < 0)
        return -1;
    OuObj *b = ou_bytearray_new(vm, NULL, (ou_ssize)n);
    return fill_take(vm, u, b, b ? ((OuByteArray *)b)->start : NULL, n);
}

int ou_load_next_buffer(OuVM *vm, OuUnpickler *u, int arg)
{
    if (!u->buffers)
        return UNPICKLING("pickle stream refers to out-of-band data but no *buffers* argument was given");
    OuObj *b = ou_next(vm, u->buffers);
    if (!b && !ou_err_occurred(vm))
        return UNPICKLING("not enough out-of-band buffers");
    return ou_stack_push_take(vm, u, b);
}

int ou_load_readonly_buffer(OuVM *vm, OuUnpickler *u, int arg)
{
    OuBuffer v;
    OuObj *o = ou_stack_top(vm, u);
    if (!o || ou_buffer_get(vm, o, &v, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0)
        return -1;
    bool readonly = v.readonly;
    ou_buffer_release(vm, &v);
    if (readonly)
        return 0;
    OuObj *m = ou_memoryview_new(vm, o), *name = ou_str_intern_s(vm, "toreadonly"),
          *r = m && name ? ou_call_method(vm, m, name, 0) : NULL;
    ou_xdecref(vm, m);
    ou_xdecref(vm, name);
    if (!r)
        return -1;
    u->stack[u->n - 1] = r;
    ou_decref(vm, o);
    return 0;
}
