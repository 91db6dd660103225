/* stdlib/io/textrw.c - TextIOWrapper: writing and reading. */
#include "text.h"
#include "vm/text/text.h"

/* ---- writing ------------------------------------------------------------------------------------ */
void ou_text_drop_decoded(OuVM *vm, OuTextIO *t)
{
    ou_clear(vm, t->decoded);
    ou_clear(vm, t->snapshot);
    t->used = 0;
}

int ou_text_write_pending(OuVM *vm, OuTextIO *t)
{
    if (t->pending.n == 0)
        return 0;
    OuObj *buffer = t->buffer;
    if (!buffer)
        return ou_text_check(vm, t);
    if (OU_IO_IS(vm, t->buffer, ou_buffered_writer_spec) ||
        OU_IO_IS(vm, t->buffer, ou_buffered_random_spec)) {
        /* taken out: another thread may write while this one waits.  Dropped even on failure, as CPython
         * does. */
        OuByteBuf out = t->pending;
        t->pending = (OuByteBuf){.vm = vm};
        ou_incref(buffer);
        int r = ou_buffered_write(vm, buffer, out.p, out.n);
        ou_decref(vm, buffer);
        out.n = 0;
        if (t->pending.p)
            ou_bytebuf_free(&out);
        else
            t->pending = out;
        return r;
    }
    OuObj *b = ou_bytes_new(vm, t->pending.p, (ou_ssize)t->pending.n);
    if (!b)
        return -1;
    t->pending.n = 0;
    OuObj *r = ou_io_method(vm, t->buffer, OU_NAME(vm, write), 1, b);
    ou_decref(vm, b);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

static bool has_char(OuObj *s, uint32_t c)
{
    OuChars t = ou_text_of_str(s);
    return ou_text_find_char(&t, c, 0, t.n) >= 0;
}

int ou_io_text_write(OuVM *vm, OuObj *self, OuObj *text)
{
    OuTextIO *t = T(self);
    if (ou_text_check(vm, t) < 0 || ou_text_check_open(vm, t) < 0)
        return -1;
    if (!t->encoding_on) {
        ou_io_unsupported(vm, "not writable");
        return -1;
    }
    /* the usual small piece of ASCII only waits with the others */
    size_t len = OU_STR(text)->len;
    if (t->native != OU_NATIVE_NONE && OU_STR(text)->ascii && !t->line_buffering && !t->write_through &&
        !t->writenl && !t->decoded && !t->snapshot && t->pending.p && t->pending.n + len < (size_t)t->chunk &&
        t->pending.cap - t->pending.n >= len) {
        memcpy(t->pending.p + t->pending.n, OU_STR(text)->data, len);
        t->pending.n += len;
        return 0;
    }
    bool lf = (t->writenl || t->line_buffering) && has_char(text, '\n'), flush = false,
         through = t->write_through;
    if (t->line_buffering && (lf || has_char(text, '\r')))
        flush = true;
    OuObj *own = NULL;
    if (lf && t->writenl) {
        OuChars s = ou_text_of_str(text), from = ou_text_of_str((OuObj *)&vm->latin1['\n']),
                to = ou_text_of_str(t->writenl);
        if (!(own = ou_text_replace(vm, &s, &from, &to, -1)))
            return -1;
        text = own;
    }
    /* large text goes out on its own: nothing is gained by gathering it */
    if (t->pending.n && t->pending.n + OU_STR(text)->len > (size_t)t->chunk &&
        ou_text_write_pending(vm, t) < 0) {
        ou_xdecref(vm, own);
        return -1;
    }
    int r = ou_text_encode(vm, t, text, &t->pending);
    ou_xdecref(vm, own);
    if (r < 0)
        return -1;
    if ((t->pending.n >= (size_t)t->chunk || flush || through) && ou_text_write_pending(vm, t) < 0)
        return -1;
    if (flush) {
        OuObj *f = ou_io_method(vm, t->buffer, OU_NAME(vm, flush), 0);
        if (!f)
            return -1;
        ou_decref(vm, f);
    }
    if (t->decoded || t->snapshot) {
        ou_text_drop_decoded(vm, t);
        if (ou_text_reset_decoder(vm, t) < 0)
            return -1;
    }
    return 0;
}

bool ou_io_is_plain_text(OuVM *vm, OuObj *file)
{
    if (!OU_IO_IS(vm, file, ou_textiowrapper_spec))
        return false;
    OuObj *dict = T(file)->dict;
    return !dict || !ou_dict_get_str(vm, OU_DICT(dict), OU_NAME(vm, write));
}

OU_TEXT_M(write)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "write() argument must be str, not %s", ou_arg_type_name(vm, args[1]));
    ou_ssize n = ou_str_len(args[1]);
    return ou_io_text_write(vm, args[0], args[1]) < 0 ? NULL : ou_int(vm, n);
}

OuObj *ou_text_flush(OuVM *vm, OuObj *self)
{
    OuTextIO *t = T(self);
    if (ou_text_check(vm, t) < 0 || ou_text_check_open(vm, t) < 0)
        return NULL;
    t->telling = t->seekable;
    if (ou_text_write_pending(vm, t) < 0)
        return NULL;
    return ou_io_method(vm, t->buffer, OU_NAME(vm, flush), 0);
}
OU_TEXT_M(flush)
{
    return ou_text_flush(vm, args[0]);
}

/* ---- reading -------------------------------------------------------------------------------------- */
/* Reads and decodes one chunk: 1 there may be more, 0 the end, -1. */
static int read_chunk(OuVM *vm, OuTextIO *t, ou_ssize hint)
{
    int64_t flags = 0;
    OuObj *before = NULL, *n, *b, *text = NULL;
    if (!t->decoding) {
        ou_io_unsupported(vm, "not readable");
        return -1;
    }
    bool telling = t->telling;
    if (telling && ou_text_getstate(vm, t, &flags, &before) < 0)
        return -1;
    n = ou_int(vm, hint > t->chunk ? hint : t->chunk);
    b = n ? ou_io_method(vm, t->buffer, t->readname, 1, n) : NULL;
    ou_xdecref(vm, n);
    if (b && !ou_has_buffer(vm, b)) {
        ou_type_error(vm, "underlying %U() should have returned a bytes-like object, not '%T'", t->readname,
                      b);
        ou_clear(vm, b);
    }
    if (b && !ou_isa_bytes(vm, b)) {
        OuObj *copy = ou_bytes_of(vm, b);
        ou_decref(vm, b);
        b = copy;
    }
    int r = -1;
    if (b) {
        bool eof = OU_BYTES(b)->len == 0;
        if ((text = ou_text_decode(vm, t, b, eof))) {
            ou_clear(vm, t->decoded);
            t->decoded = text;
            t->used = 0;
            r = !eof || ou_str_len(text) > 0;
        }
    }
    if (r >= 0 && telling) {
        OuObj *snap = OU_BYTES(before)->len
                          ? ou_bytes_new(vm, NULL, (ou_ssize)(OU_BYTES(before)->len + OU_BYTES(b)->len))
                          : ou_ref(b);
        if (!snap) {
            r = -1;
        } else if (OU_BYTES(before)->len) {
            memcpy(OU_BYTES(snap)->data, OU_BYTES(before)->data, OU_BYTES(before)->len);
            memcpy(OU_BYTES(snap)->data + OU_BYTES(before)->len, OU_BYTES(b)->data, OU_BYTES(b)->len);
        }
        ou_clear(vm, t->snapshot);
        t->snapshot = snap;
        t->snap_flags = flags;
    }
    ou_xdecref(vm, b);
    ou_xdecref(vm, before);
    return r;
}

static ou_ssize left(OuTextIO *t)
{
    return t->decoded ? ou_str_len(t->decoded) - t->used : 0;
}

/* Up to n characters read ahead (n < 0: all), appended to b. */
static int give(OuTextIO *t, OuStrBuf *b, ou_ssize n)
{
    ou_ssize have = left(t);
    if (n < 0 || n > have)
        n = have;
    if (n == 0)
        return 0;
    t->used += n;
    return ou_strbuf_sub(b, t->decoded, t->used - n, t->used);
}

OU_TEXT_M(read)
{
    OuTextIO *t = T(args[0]);
    ou_ssize n;
    OuStrBuf b;
    if (ou_text_check(vm, t) < 0 || ou_io_size(vm, args[1], &n) < 0 || ou_text_check_open(vm, t) < 0)
        return NULL;
    if (!t->decoding)
        return ou_io_unsupported(vm, "not readable");
    if (ou_text_write_pending(vm, t) < 0)
        return NULL;
    ou_strbuf_init(&b, vm);
    if (n < 0) {
        OuObj *bytes = ou_io_method(vm, t->buffer, OU_NAME(vm, read), 0), *text = NULL, *r;
        if (bytes && !ou_has_buffer(vm, bytes))
            ou_type_error(vm, "underlying read() should have returned a bytes-like object, not '%T'", bytes);
        else if (bytes)
            text = ou_text_decode(vm, t, bytes, true);
        ou_xdecref(vm, bytes);
        if (!text)
            return NULL;
        if (left(t) == 0) {
            r = text;
        } else {
            OuObj *head = ou_str_slice(vm, t->decoded, t->used, ou_str_len(t->decoded));
            r = head ? ou_str_concat(vm, head, text) : NULL;
            ou_xdecref(vm, head);
            ou_decref(vm, text);
        }
        if (r)
            ou_text_drop_decoded(vm, t);
        return r;
    }
    int more = 1, e = give(t, &b, n);
    while (e == 0 && (ou_ssize)b.len < n && more) {
        if ((more = read_chunk(vm, t, n - (ou_ssize)b.len)) < 0) {
            e = -1;
            break;
        }
        e = give(t, &b, n - (ou_ssize)b.len);
    }
    if (e < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

static OuObj *read_line(OuVM *vm, OuTextIO *t, ou_ssize limit)
{
    OuStrBuf b;
    if (ou_text_write_pending(vm, t) < 0)
        return NULL;
    ou_strbuf_init(&b, vm);
    for (;;) {
        while (left(t) == 0) {
            int r = read_chunk(vm, t, 0);
            if (r < 0)
                goto fail;
            if (r == 0) {
                ou_text_drop_decoded(vm, t);
                return ou_strbuf_take(&b);
            }
        }
        OuStr *s = OU_STR(t->decoded);
        char mode = t->translate ? 't' : t->universal ? 'u' : 'n'; /* reading may run code that changes it */
        ou_ssize end = ou_newline_find(s, t->used, mode, t->readnl), start = t->used;
        bool found = end >= 0;
        if (!found) {
            end = (ou_ssize)s->len;
            /* "\r\n" may be cut by the chunk: its \r goes before the next one */
            if (mode == 'n' && ou_str_len(t->readnl) == 2 && ou_str_at(s, end - 1) == '\r' &&
                (limit < 0 || end - start + (ou_ssize)b.len <= limit)) {
                if (ou_strbuf_sub(&b, t->decoded, start, end - 1) < 0)
                    goto fail;
                int r = read_chunk(vm, t, 0);
                if (r < 0)
                    goto fail;
                OuObj *joined = ou_str_concat(vm, (OuObj *)&vm->latin1['\r'], t->decoded);
                if (!joined)
                    goto fail;
                ou_decref(vm, t->decoded);
                t->decoded = joined;
                ou_clear(vm, t->snapshot);
                if (r == 0) {
                    if (give(t, &b, -1) < 0)
                        goto fail;
                    return ou_strbuf_take(&b);
                }
                continue;
            }
        }
        if (limit >= 0 && end - start + (ou_ssize)b.len >= limit) {
            end = start + limit - (ou_ssize)b.len;
            found = true;
        }
        t->used = end;
        if (found && b.len == 0) {
            OuObj *line = ou_str_slice(vm, t->decoded, start, end);
            ou_strbuf_free(&b);
            return line;
        }
        if (ou_strbuf_sub(&b, t->decoded, start, end) < 0)
            goto fail;
        if (found)
            return ou_strbuf_take(&b);
    }
fail:
    ou_strbuf_free(&b);
    return NULL;
}

OU_TEXT_M(readline)
{
    OuTextIO *t = T(args[0]);
    ou_ssize n = -1;
    if (ou_text_check(vm, t) < 0 ||
        (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0) ||
        ou_text_check_open(vm, t) < 0)
        return NULL;
    return n == 0 ? ou_ref(OU_EMPTY_STR(vm)) : read_line(vm, t, n);
}

OuObj *ou_text_next(OuVM *vm, OuObj *o)
{
    OuTextIO *t = T(o);
    OuObj *line;
    if (ou_text_check(vm, t) < 0)
        return NULL;
    t->telling = false;
    if (OU_IO_IS(vm, o, ou_textiowrapper_spec)) {
        if (ou_text_check_open(vm, t) < 0)
            return NULL;
        line = read_line(vm, t, -1);
    } else {
        line = ou_call_method(vm, o, OU_NAME(vm, readline), 0);
        if (line && !ou_isa_str(vm, line)) {
            ou_raise(vm, OU_EXC(vm, OSError), "readline() should have returned an str object, not '%T'",
                     line);
            ou_clear(vm, line);
        }
    }
    if (line && ou_str_len(line) == 0) {
        ou_decref(vm, line);
        ou_clear(vm, t->snapshot);
        t->telling = t->seekable;
        return NULL;
    }
    return line;
}
