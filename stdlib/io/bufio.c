/* stdlib/io/bufio.c - buffers: reading and writing. */
#include "buffered.h"

/* ---- reading ---- */
static OuObj *read_all(OuVM *vm, OuBuffered *b)
{
    OuByteBuf all = {.vm = vm};
    if (b->wn && ou_buffered_flush_out(vm, b) < 0)
        return NULL;
    if (ou_bytebuf_put(&all, b->buf + b->pos, b->end - b->pos) < 0)
        return NULL;
    b->pos = b->end = 0;
    OuObj *key = ou_str_intern_s(vm, "readall"), *f;
    int found = key ? ou_lookup_attr(vm, b->raw, key, &f) : -1;
    ou_xdecref(vm, key);
    if (found < 0)
        goto fail;
    if (found) {
        OuObj *x = ou_call0(vm, f);
        ou_decref(vm, f);
        if (!x)
            goto fail;
        b->raw_pos = -1;
        if (x != OU_NONE(vm) && !ou_isa_bytes(vm, x)) {
            ou_decref(vm, x);
            ou_type_error(vm, "readall() should return bytes");
            goto fail;
        }
        if (all.n == 0)
            return x;
        int e = x == OU_NONE(vm) ? 0 : ou_bytebuf_put(&all, OU_BYTES(x)->data, OU_BYTES(x)->len);
        ou_decref(vm, x);
        if (e < 0)
            goto fail;
        return ou_bytebuf_take(&all);
    }
    for (;;) {
        OuObj *x = ou_io_method(vm, b->raw, OU_NAME(vm, read), 0);
        if (!x)
            goto fail;
        if (x != OU_NONE(vm) && !ou_isa_bytes(vm, x)) {
            ou_decref(vm, x);
            ou_type_error(vm, "read() should return bytes");
            goto fail;
        }
        b->raw_pos = -1;
        if (x == OU_NONE(vm) || OU_BYTES(x)->len == 0) {
            if (all.n == 0)
                return x;
            ou_decref(vm, x);
            return ou_bytebuf_take(&all);
        }
        int e = ou_bytebuf_put(&all, OU_BYTES(x)->data, OU_BYTES(x)->len);
        ou_decref(vm, x);
        if (e < 0)
            goto fail;
    }
fail:
    ou_bytebuf_free(&all);
    return NULL;
}

/* Reads up to n bytes into p; stops early at the end, or (once) after one raw read.  n read, -1, -2 nothing
 * yet. */
static ou_ssize read_into(OuVM *vm, OuBuffered *b, char *p, size_t n, bool once)
{
    size_t got = b->end - b->pos < n ? b->end - b->pos : n;
    memcpy(p, b->buf + b->pos, got);
    b->pos += got;
    if (got == n || (once && got && n - got <= b->size))
        return (ou_ssize)got;
    if (b->wn && ou_buffered_flush_out(vm, b) < 0)
        return -1;
    while (got < n) {
        ou_ssize r;
        if (once ? n - got > b->size : n - got >= b->size) {
            b->pos = b->end = 0;
            size_t want = once ? n - got : (n - got) / b->size * b->size;
            r = ou_buffered_raw_read(vm, b, p + got, want);
            if (r > 0)
                got += (size_t)r;
        } else if ((r = ou_buffered_fill(vm, b)) > 0) {
            size_t k = (size_t)r < n - got ? (size_t)r : n - got;
            memcpy(p + got, b->buf, k);
            b->pos = k;
            got += k;
        }
        if (r == -1)
            return -1;
        if (r == 0 || r == -2)
            return got || r == 0 ? (ou_ssize)got : -2;
        if (once)
            break;
    }
    return (ou_ssize)got;
}

static OuObj *read_bytes(OuVM *vm, OuBuffered *b, size_t n, bool once)
{
    if (b->end - b->pos >= n) {
        b->pos += n;
        return ou_bytes_new(vm, b->buf + b->pos - n, (ou_ssize)n);
    }
    OuObj *o = ou_bytes_new(vm, NULL, (ou_ssize)n);
    ou_ssize r = o ? read_into(vm, b, OU_BYTES(o)->data, n, once) : -1;
    if (r == (ou_ssize)n)
        return o;
    OuObj *x = r == -2 ? ou_none(vm) : r < 0 ? NULL : ou_bytes_new(vm, OU_BYTES(o)->data, r);
    ou_xdecref(vm, o);
    return x;
}

OU_IO_M(do_read)
{
    OuBuffered *b = B(args[0]);
    ou_ssize n;
    if (ou_buffered_check_init(vm, b) < 0 || ou_io_size(vm, args[1], &n) < 0)
        return NULL;
    if (n < -1)
        return ou_value_error(vm, "read length must be non-negative or -1");
    if (ou_buffered_check(vm, b, "read of closed file") < 0)
        return NULL;
    return n < 0 ? read_all(vm, b) : read_bytes(vm, b, (size_t)n, false);
}

OU_IO_M(do_read1)
{
    OuBuffered *b = B(args[0]);
    ou_ssize n = -1;
    if (ou_buffered_check_init(vm, b) < 0 ||
        (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0))
        return NULL;
    if (ou_buffered_check(vm, b, "read of closed file") < 0)
        return NULL;
    if (n < 0)
        n = (ou_ssize)b->size;
    if (n == 0)
        return ou_bytes_new(vm, NULL, 0);
    size_t have = b->end - b->pos;
    if (have) {
        size_t k = have < (size_t)n ? have : (size_t)n;
        b->pos += k;
        return ou_bytes_new(vm, b->buf + b->pos - k, (ou_ssize)k);
    }
    if (b->wn && ou_buffered_flush_out(vm, b) < 0)
        return NULL;
    OuObj *o = ou_bytes_new(vm, NULL, n);
    ou_ssize r = o ? ou_buffered_raw_read(vm, b, OU_BYTES(o)->data, (size_t)n) : -1;
    if (r == n)
        return o;
    OuObj *x = r == -1 ? NULL : ou_bytes_new(vm, OU_BYTES(o)->data, r == -2 ? 0 : r);
    ou_xdecref(vm, o);
    return x;
}

static OuObj *into(OuVM *vm, OuObj *const *args, bool once)
{
    OuBuffered *b = B(args[0]);
    OuBuffer v;
    if (ou_buffered_check_init(vm, b) < 0 || ou_buffered_check(vm, b, "readinto of closed file") < 0 ||
        ou_io_target(vm, once ? "readinto1" : "readinto", args[1], &v) < 0)
        return NULL;
    ou_ssize r = read_into(vm, b, v.buf, (size_t)v.len, once);
    ou_buffer_release(vm, &v);
    return r == -1 ? NULL : r == -2 ? ou_none(vm) : ou_int(vm, r);
}
OU_IO_M(do_readinto)
{
    return into(vm, args, false);
}
OU_IO_M(do_readinto1)
{
    return into(vm, args, true);
}

OU_IO_M(do_peek)
{
    OuBuffered *b = B(args[0]);
    ou_ssize n = 0;
    if (ou_buffered_check_init(vm, b) < 0 ||
        (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0) ||
        ou_buffered_check(vm, b, "peek of closed file") < 0)
        return NULL;
    if (b->end == b->pos && ou_buffered_fill(vm, b) == -1)
        return NULL;
    return ou_bytes_new(vm, b->buf + b->pos, (ou_ssize)(b->end - b->pos));
}

static OuObj *read_line(OuVM *vm, OuBuffered *b, ou_ssize limit)
{
    OuByteBuf line = {.vm = vm};
    for (;;) {
        size_t have = b->end - b->pos,
               want = limit >= 0 && (size_t)limit - line.n < have ? (size_t)limit - line.n : have;
        char *p = b->buf + b->pos, *nl = want ? memchr(p, '\n', want) : NULL;
        if (nl)
            want = (size_t)(nl - p) + 1;
        b->pos += want;
        if (line.n == 0 && (nl || (limit >= 0 && want == (size_t)limit)))
            return ou_bytes_new(vm, p, (ou_ssize)want);
        if (ou_bytebuf_put(&line, p, want) < 0)
            break;
        if (nl || (limit >= 0 && line.n >= (size_t)limit))
            return ou_bytebuf_take(&line);
        ou_ssize r = ou_buffered_fill(vm, b);
        if (r == -1)
            break;
        if (r == 0 || r == -2)
            return ou_bytebuf_take(&line);
    }
    ou_bytebuf_free(&line);
    return NULL;
}

OU_IO_M(do_readline)
{
    ou_ssize n;
    if (ou_buffered_check_init(vm, B(args[0])) < 0 || ou_io_size(vm, args[1], &n) < 0 ||
        ou_buffered_check(vm, B(args[0]), "readline of closed file") < 0)
        return NULL;
    return read_line(vm, B(args[0]), n);
}

OuObj *ou_buffered_next(OuVM *vm, OuObj *o)
{
    OuObj *line;
    if (ou_buffered_check_init(vm, B(o)) < 0)
        return NULL;
    if (OU_IO_IS(vm, o, ou_buffered_reader_spec) || OU_IO_IS(vm, o, ou_buffered_random_spec)) {
        if (ou_buffered_enter(vm, o) < 0)
            return NULL;
        line = ou_buffered_check(vm, B(o), "readline of closed file") < 0 ? NULL : read_line(vm, B(o), -1);
        ou_buffered_leave(o, line);
    } else {
        line = ou_call_method(vm, o, OU_NAME(vm, readline), 0);
        if (line && !ou_isa_bytes(vm, line)) {
            ou_raise(vm, OU_EXC(vm, OSError), "readline() should have returned a bytes object, not '%T'",
                     line);
            ou_clear(vm, line);
        }
    }
    if (line && OU_BYTES(line)->len == 0)
        ou_clear(vm, line);
    return line;
}

/* ---- writing ---- */
static int write_bytes(OuVM *vm, OuObj *o, const char *p, size_t n)
{
    OuBuffered *b = B(o);
    if (ou_buffered_check(vm, b, "write to closed file") < 0)
        return -1;
    if ((b->end || b->pos) && ou_buffered_rewind_in(vm, b) < 0)
        return -1;
    if (n <= b->size - b->wn) {
        memcpy(b->buf + b->wn, p, n);
        b->wn += n;
        return 0;
    }
    int r = ou_buffered_drain(vm, b);
    if (r == -1)
        return -1;
    if (r == -2) { /* keep what fits */
        size_t room = b->size - b->wn, k = n < room ? n : room;
        memcpy(b->buf + b->wn, p, k);
        b->wn += k;
        return k == n ? 0 : ou_buffered_blocked(vm, k);
    }
    size_t done = 0;
    while (n - done > b->size) {
        ou_ssize w = ou_buffered_raw_write(vm, b, p + done, n - done);
        if (w == -1)
            return -1;
        if (w == -2) {
            memcpy(b->buf, p + done, b->size);
            b->wn = b->size;
            return ou_buffered_blocked(vm, done + b->size);
        }
        done += (size_t)w;
        if (ou_poll(vm) < 0)
            return -1;
    }
    memcpy(b->buf, p + done, n - done);
    b->wn = n - done;
    return 0;
}

int ou_buffered_write(OuVM *vm, OuObj *o, const char *p, size_t n)
{
    if (ou_buffered_enter(vm, o) < 0)
        return -1;
    int r = write_bytes(vm, o, p, n);
    ou_buffered_leave(o, NULL);
    return r;
}

OU_BUFFERED_M(write)
{
    OuBuffered *b = B(args[0]);
    OuBuffer v;
    if (ou_buffered_check_init(vm, b) < 0 || ou_buffer_get(vm, args[1], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    int r = ou_buffered_write(vm, args[0], v.buf, (size_t)v.len);
    ou_ssize n = v.len;
    ou_buffer_release(vm, &v);
    return r < 0 ? NULL : ou_int(vm, n);
}

#define GUARDED(name) OU_BUFFERED_GUARDED(, ou_buffered_m_##name, do_##name)
/* clang-format off */
GUARDED(read) GUARDED(read1) GUARDED(readinto) GUARDED(readinto1) GUARDED(peek) GUARDED(readline)
    /* clang-format on */
