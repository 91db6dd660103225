/* stdlib/io/textpos.c - TextIOWrapper.tell and seek.
 *
 * A place in decoded text is (place in the bytes, decoder state there, bytes to feed, characters to skip),
 * packed into one integer as CPython does; in the common case it is the byte place alone.  tell() replays the
 * snapshot: it feeds the bytes that made the text read ahead one by one until as many characters came out as
 * were given away. */
#include "text.h"

#include <stdio.h>

typedef struct Cookie {
    int64_t start;
    int32_t flags, feed, skip;
    char eof;
} Cookie;

static OuObj *pack(OuVM *vm, const Cookie *c)
{
    unsigned char b[21];
    memcpy(b, &c->start, 8);
    memcpy(b + 8, &c->flags, 4);
    memcpy(b + 12, &c->feed, 4);
    memcpy(b + 16, &c->skip, 4);
    b[20] = (unsigned char)c->eof;
    return ou_int_from_bytes(vm, b, sizeof b, true, false);
}

static int unpack(OuVM *vm, OuObj *o, Cookie *c)
{
    unsigned char b[21];
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int r = ou_int_to_bytes(vm, i, b, sizeof b, true, false);
    ou_decref(vm, i);
    if (r < 0)
        return -1;
    memcpy(&c->start, b, 8);
    memcpy(&c->flags, b + 8, 4);
    memcpy(&c->feed, b + 12, 4);
    memcpy(&c->skip, b + 16, 4);
    c->eof = (char)b[20];
    return 0;
}

/* Feeds the snapshot until `want` characters are out; fills c relative to its start. */
static int replay(OuVM *vm, OuTextIO *t, Cookie *c, ou_ssize want)
{
    OuObj *empty = ou_bytes_new(vm, NULL, 0), *snapshot = ou_ref(t->snapshot); /* decoders run code */
    const char *p = OU_BYTES(snapshot)->data;
    size_t n = OU_BYTES(snapshot)->len;
    ou_ssize out = 0;
    int r = empty ? ou_text_setstate(vm, t, t->snap_flags, empty) : -1;
    c->skip = (int32_t)want;
    size_t i = 0;
    while (r == 0 && i < n) {
        OuObj *b = ou_bytes_new(vm, p + i, 1), *text = b ? ou_text_decode(vm, t, b, false) : NULL,
              *rest = NULL;
        int64_t flags = 0;
        i++;
        c->feed++;
        if (!text || ou_text_getstate(vm, t, &flags, &rest) < 0)
            r = -1;
        else {
            out += ou_str_len(text);
            if (OU_BYTES(rest)->len == 0 && out <= want) { /* a safe place to start from */
                c->start += c->feed;
                c->skip = (int32_t)(want - out);
                c->feed = 0;
                c->flags = (int32_t)flags;
            }
        }
        ou_xdecref(vm, b);
        ou_xdecref(vm, text);
        ou_xdecref(vm, rest);
        if (r == 0 && out >= want)
            break;
    }
    if (r == 0 && out < want) { /* the rest comes only with the end of the data */
        OuObj *text = ou_text_decode(vm, t, empty, true);
        c->eof = 1;
        if (!text)
            r = -1;
        else if (out + ou_str_len(text) < want)
            r = ou_raise_i(vm, OU_EXC(vm, OSError), "can't reconstruct logical file position");
        ou_xdecref(vm, text);
    }
    ou_xdecref(vm, empty);
    ou_decref(vm, snapshot);
    return r;
}

OuObj *ou_text_tell(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuTextIO *t = T(args[0]);
    if (ou_text_check(vm, t) < 0 || ou_text_check_open(vm, t) < 0)
        return NULL;
    if (!t->seekable)
        return ou_io_unsupported(vm, "underlying stream is not seekable");
    if (!t->telling)
        return ou_raise(vm, OU_EXC(vm, OSError), "telling position disabled by next() call");
    if (ou_text_write_pending(vm, t) < 0)
        return NULL;
    OuObj *f = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0);
    if (!f)
        return NULL;
    ou_decref(vm, f);
    OuObj *pos = ou_io_call(vm, t->buffer, "tell", 0);
    if (!pos || !t->decoding || !t->snapshot)
        return pos;
    Cookie c = {.flags = (int32_t)t->snap_flags};
    int e = ou_as_i64(vm, pos, &c.start);
    ou_decref(vm, pos);
    if (e < 0)
        return NULL;
    c.start -= (int64_t)OU_BYTES(t->snapshot)->len;
    if (t->used == 0)
        return pack(vm, &c);
    int64_t flags;
    OuObj *rest;
    OuNewline nl = t->nl;
    if (ou_text_getstate(vm, t, &flags, &rest) < 0)
        return NULL;
    int r = t->snapshot ? replay(vm, t, &c, t->used) : -1;
    if (!t->snapshot && r < 0 && !ou_err_occurred(vm))
        ou_value_error(vm, "I/O operation on uninitialized object");
    OuObj *exc = r < 0 ? ou_err_fetch(vm) : NULL;
    int back = ou_text_setstate(vm, t, flags, rest);
    t->nl.seen = nl.seen;
    ou_decref(vm, rest);
    if (exc) {
        ou_err_clear(vm);
        ou_err_restore(vm, exc);
    }
    return r < 0 || back < 0 ? NULL : pack(vm, &c);
}

static int reset_encoder(OuVM *vm, OuTextIO *t, bool at_start)
{
    if (!t->encoder)
        return 0;
    OuObj *zero = ou_int(vm, 0), *r = at_start ? ou_io_call(vm, t->encoder, "reset", 0)
                                               : ou_io_call(vm, t->encoder, "setstate", 1, zero);
    ou_decref(vm, zero);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

/* seek(0, 2): the new place, or NULL. */
static OuObj *seek_end(OuVM *vm, OuObj *self)
{
    OuTextIO *t = T(self);
    OuObj *f = ou_text_flush(vm, self), *zero = ou_int(vm, 0), *two = ou_int(vm, 2), *r = NULL;
    if (f && zero && two) {
        ou_text_drop_decoded(vm, t);
        if (ou_text_reset_decoder(vm, t) == 0 && (r = ou_io_call(vm, t->buffer, "seek", 2, zero, two)) &&
            reset_encoder(vm, t, ou_compare_bool(vm, r, zero, OU_CMP_EQ) > 0) < 0)
            ou_clear(vm, r);
    }
    ou_xdecref(vm, f);
    ou_xdecref(vm, zero);
    ou_xdecref(vm, two);
    return r;
}

/* Decodes again what was given out between the place c starts from and its own.  0/-1 */
static int skip_to(OuVM *vm, OuTextIO *t, const Cookie *c)
{
    OuObj *n = ou_int(vm, c->feed), *b = n ? ou_io_method(vm, t->buffer, OU_NAME(vm, read), 1, n) : NULL,
          *text = NULL;
    bool ok = b && ou_isa_bytes(vm, b) && (text = ou_text_decode(vm, t, b, c->eof));
    if (ok && ou_str_len(text) < c->skip) {
        ou_raise(vm, OU_EXC(vm, OSError), "can't restore logical file position");
        ok = false;
    }
    if (ok) {
        ou_text_drop_decoded(vm, t); /* again: the calls above may have read */
        t->snapshot = ou_ref(b);
        t->snap_flags = c->flags;
        t->decoded = ou_ref(text);
        t->used = c->skip;
    } else if (b && !ou_err_occurred(vm)) {
        ou_type_error(vm, "underlying read() should have returned a bytes object, not '%T'", b);
    }
    ou_xdecref(vm, n);
    ou_xdecref(vm, b);
    ou_xdecref(vm, text);
    return ok ? 0 : -1;
}

/* Buffer, decoder and encoder to the place c.  0/-1 */
static int go_to(OuVM *vm, OuTextIO *t, const Cookie *c)
{
    OuObj *start = ou_int(vm, c->start), *s = start ? ou_io_call(vm, t->buffer, "seek", 1, start) : NULL;
    ou_xdecref(vm, start);
    ou_xdecref(vm, s);
    if (!s)
        return -1;
    ou_text_drop_decoded(vm, t);
    OuObj *empty = ou_bytes_new(vm, NULL, 0);
    int r = empty ? 0 : -1;
    if (r == 0 && t->decoding) {
        bool fresh = c->start == 0 && c->flags == 0;
        r = fresh ? ou_text_reset_decoder(vm, t) : ou_text_setstate(vm, t, c->flags, empty);
    }
    if (r == 0 && c->skip) {
        r = skip_to(vm, t, c);
    } else if (r == 0) {
        ou_text_drop_decoded(vm, t);
        t->snapshot = ou_ref(empty);
        t->snap_flags = c->flags;
    }
    ou_xdecref(vm, empty);
    return r < 0 ? -1 : reset_encoder(vm, t, c->start == 0);
}

OuObj *ou_text_seek(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuTextIO *t = T(args[0]);
    OuObj *cookie = args[1], *zero = (OuObj *)&vm->small_ints[-OU_SMALL_MIN];
    int whence = 0;
    if (ou_text_check(vm, t) < 0 || (args[2] && ou_as_int(vm, args[2], &whence) < 0) ||
        ou_text_check_open(vm, t) < 0)
        return NULL;
    if (!t->seekable)
        return ou_io_unsupported(vm, "underlying stream is not seekable");
    int is_zero = ou_compare_bool(vm, cookie, zero, OU_CMP_EQ);
    if (is_zero < 0)
        return NULL;
    if (whence == SEEK_CUR || whence == SEEK_END) {
        if (!is_zero)
            return ou_io_unsupported(vm, whence == SEEK_CUR ? "can't do nonzero cur-relative seeks"
                                                            : "can't do nonzero end-relative seeks");
        if (whence == SEEK_END)
            return seek_end(vm, args[0]);
        OuObj *pos = ou_io_call(vm, args[0], "tell", 0);
        OuObj *r = pos ? ou_text_seek(vm, (OuObj *[]){args[0], pos, zero}, 3, NULL) : NULL;
        ou_xdecref(vm, pos);
        return r;
    }
    if (whence != SEEK_SET)
        return ou_value_error(vm, "invalid whence (%d, should be %d, %d or %d)", whence, SEEK_SET, SEEK_CUR,
                              SEEK_END);
    int neg = ou_compare_bool(vm, cookie, zero, OU_CMP_LT);
    if (neg)
        return neg < 0 ? NULL : ou_value_error(vm, "negative seek position %R", cookie);
    OuObj *f = ou_text_flush(vm, args[0]);
    ou_xdecref(vm, f);
    Cookie c;
    return !f || unpack(vm, cookie, &c) < 0 || go_to(vm, t, &c) < 0 ? NULL : ou_ref(cookie);
}
