/* stdlib/io/bufraw.c - the raw stream below a buffer: directly when it is exactly a FileIO, else by its methods. */
#include <errno.h>
#include <stdio.h>

#include "buffered.h"

ou_ssize ou_buffered_raw_read(OuVM *vm, OuBuffered *b, char *p, size_t n)
{
    ou_ssize r;
    if (b->direct) {
        r = ou_fileio_read(vm, b->raw, p, n);
    } else {
        OuObj *tmp = ou_bytearray_new(vm, NULL, (ou_ssize)n), *view = tmp ? ou_memoryview_new(vm, tmp) : NULL;
        OuObj *res = view ? ou_io_method(vm, b->raw, OU_NAME(vm, readinto), 1, view) : NULL;
        r = -1;
        if (res == OU_NONE(vm))
            r = -2;
        else if (res && ou_as_ssize(vm, res, OU_EXC(vm, ValueError), &r) < 0) {
            r = -1;
            ou_raise_from(vm, OU_EXC(vm, OSError), "raw readinto() failed");
        } else if (res && (r < 0 || r > (ou_ssize)n)) {
            ou_raise(vm, OU_EXC(vm, OSError),
                     "raw readinto() returned invalid length %zd (should have been between 0 and %zd)", r,
                     (ou_ssize)n);
            r = -1;
        } else if (res && (size_t)r > ((OuByteArray *)tmp)->len) { /* reached by view.obj, and cut */
            r = ou_raise_i(vm, OU_EXC(vm, BufferError), "raw readinto() shortened the buffer");
        } else if (res) {
            memcpy(p, ((OuByteArray *)tmp)->start, (size_t)r);
        }
        ou_xdecref(vm, res);
        ou_xdecref(vm, view);
        ou_xdecref(vm, tmp);
    }
    if (r > 0 && b->raw_pos >= 0)
        b->raw_pos += r;
    return r;
}

ou_ssize ou_buffered_raw_write(OuVM *vm, OuBuffered *b, const char *p, size_t n)
{
    ou_ssize r;
    if (b->direct) {
        r = ou_fileio_write(vm, b->raw, p, n);
    } else {
        OuObj *tmp = ou_bytes_new(vm, p, (ou_ssize)n), *view = tmp ? ou_memoryview_new(vm, tmp) : NULL;
        OuObj *res = view ? ou_io_method(vm, b->raw, OU_NAME(vm, write), 1, view) : NULL;
        r = -1;
        if (res == OU_NONE(vm))
            r = -2;
        else if (res && ou_as_ssize(vm, res, OU_EXC(vm, ValueError), &r) < 0)
            r = -1;
        else if (res && (r < 0 || r > (ou_ssize)n)) {
            ou_raise(vm, OU_EXC(vm, OSError),
                     "raw write() returned invalid length %zd (should have been between 0 and %zd)", r,
                     (ou_ssize)n);
            r = -1;
        }
        ou_xdecref(vm, res);
        ou_xdecref(vm, view);
        ou_xdecref(vm, tmp);
    }
    if (r > 0 && b->raw_pos >= 0)
        b->raw_pos += r;
    return r;
}

static int64_t raw_result(OuVM *vm, OuBuffered *b, OuObj *res)
{
    int64_t n;
    if (!res)
        return -1;
    int e = ou_io_offset(vm, res, &n);
    ou_decref(vm, res);
    if (e < 0)
        return -1;
    if (n < 0)
        return ou_raise_i(vm, OU_EXC(vm, OSError), "Raw stream returned invalid position %lld", (long long)n);
    return b->raw_pos = n;
}

int64_t ou_buffered_raw_seek(OuVM *vm, OuBuffered *b, int64_t off, int whence)
{
    if (b->direct)
        return b->raw_pos = ou_fileio_seek(vm, b->raw, off, whence);
    OuObj *o = ou_int(vm, off), *w = ou_int(vm, whence);
    OuObj *r = o && w ? ou_io_call(vm, b->raw, "seek", 2, o, w) : NULL;
    ou_xdecref(vm, o);
    ou_xdecref(vm, w);
    return raw_result(vm, b, r);
}

int64_t ou_buffered_raw_tell(OuVM *vm, OuBuffered *b)
{
    if (b->direct)
        return b->raw_pos = ou_fileio_seek(vm, b->raw, 0, SEEK_CUR);
    return raw_result(vm, b, ou_io_call(vm, b->raw, "tell", 0));
}

int ou_buffered_blocked(OuVM *vm, size_t written)
{
    OuObj *a[3] = {ou_int(vm, EAGAIN), ou_str_new(vm, "write could not complete without blocking", -1),
                   ou_int(vm, (int64_t)written)};
    OuObj *exc = a[0] && a[1] && a[2] ? ou_call(vm, (OuObj *)OU_EXC(vm, BlockingIOError), a, 3, NULL) : NULL;
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, a[i]);
    if (exc) {
        ou_raise_obj(vm, exc);
        ou_decref(vm, exc);
    }
    return -1;
}

int ou_buffered_drain(OuVM *vm, OuBuffered *b)
{
    size_t done = 0;
    int res = 0;
    while (done < b->wn) {
        ou_ssize r = ou_buffered_raw_write(vm, b, b->buf + done, b->wn - done);
        if (r < 0) {
            res = (int)r;
            break;
        }
        done += (size_t)r;
        if (ou_poll(vm) < 0) {
            res = -1;
            break;
        }
    }
    if (done && done < b->wn)
        memmove(b->buf, b->buf + done, b->wn - done);
    b->wn = done < b->wn ? b->wn - done : 0;
    return res;
}

int ou_buffered_flush_out(OuVM *vm, OuBuffered *b)
{
    int r = b->wn ? ou_buffered_drain(vm, b) : 0;
    return r == -2 ? ou_buffered_blocked(vm, 0) : r;
}

int ou_buffered_rewind_in(OuVM *vm, OuBuffered *b)
{
    int64_t ahead = (int64_t)(b->end - b->pos);
    b->pos = b->end = 0;
    return ahead && ou_buffered_raw_seek(vm, b, -ahead, SEEK_CUR) < 0 ? -1 : 0;
}

ou_ssize ou_buffered_fill(OuVM *vm, OuBuffered *b)
{
    if (b->wn && ou_buffered_flush_out(vm, b) < 0)
        return -1;
    b->pos = b->end = 0;
    ou_ssize r = ou_buffered_raw_read(vm, b, b->buf, b->size);
    if (r > 0)
        b->end = (size_t)r;
    return r;
}
