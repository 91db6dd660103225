/* stdlib/mmap.c - module mmap: memory-mapped files and anonymous memory.
 *
 * Matched: CPython 3.11's module on Linux.  Views hold the mapping: close() and resize() fail while there is one. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/buffer.h"
#include "vm/native.h"
#include "support.h"
#include "vm/audit.h"

typedef enum { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY } Access;

typedef struct Map {
    OuObj hdr;
    char *data; /* NULL: closed */
    size_t size, pos;
    off_t offset;
    int fd; /* a duplicate, or -1 */
    int flags;
    Access access;
    size_t exports;
} Map;
#define MAP(o) ((Map *)(o))

static int open_(OuVM *vm, Map *m)
{
    return m->data ? 0 : ou_value_error_i(vm, "mmap closed or invalid");
}

static int writable(OuVM *vm, Map *m)
{
    if (m->access != ACCESS_READ)
        return 0;
    return ou_type_error_i(vm, "mmap can't modify a readonly memory map.");
}

/* ---- making and closing ----------------------------------------------------------------- */
static int int_or(OuVM *vm, OuObj *o, int *v)
{
    return o ? ou_as_int(vm, o, v) : 0;
}

/* Settles flags, prot and access of the arguments. */
static int settle(OuVM *vm, Access *access, int *flags, int *prot)
{
    if (*access != ACCESS_DEFAULT && (*flags != MAP_SHARED || *prot != (PROT_READ | PROT_WRITE)))
        return ou_value_error_i(vm, "mmap can't specify both access and flags, prot.");
    switch (*access) {
    case ACCESS_READ:
        *prot = PROT_READ;
        return 0;
    case ACCESS_WRITE:
        return 0;
    case ACCESS_COPY:
        *flags = MAP_PRIVATE;
        return 0;
    case ACCESS_DEFAULT:
        if (!(*prot & PROT_READ) || !(*prot & PROT_WRITE))
            *access = *prot & PROT_WRITE ? ACCESS_WRITE : ACCESS_READ;
        return 0;
    }
    return ou_value_error_i(vm, "mmap invalid access parameter.");
}

/* Length 0 means up to the end of the file; a regular file must have the range. */
static int check_file(OuVM *vm, int fd, off_t offset, ou_ssize *size)
{
    struct stat st;
    if (fd == -1 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return 0;
    if (*size == 0) {
        if (st.st_size == 0)
            return ou_value_error_i(vm, "cannot mmap an empty file");
        if (offset >= st.st_size)
            return ou_value_error_i(vm, "mmap offset is greater than file size");
        *size = st.st_size - offset;
    } else if (offset > st.st_size || st.st_size - offset < *size) {
        return ou_value_error_i(vm, "mmap length is greater than file size");
    }
    return 0;
}

static OuObj *map_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[6];
    int fd, flags = MAP_SHARED, prot = PROT_READ | PROT_WRITE, access = ACCESS_DEFAULT;
    ou_ssize size;
    int64_t offset = 0;
    if (ou_args_bind(vm,
                     "mmap(fileno, length, flags=MAP_SHARED, prot=PROT_WRITE|PROT_READ, "
                     "access=ACCESS_DEFAULT, offset=0)",
                     args, nargs, kwnames, a) < 0 ||
        ou_as_int(vm, a[0], &fd) < 0 || ou_as_ssize(vm, a[1], OU_EXC(vm, OverflowError), &size) < 0 ||
        int_or(vm, a[2], &flags) < 0 || int_or(vm, a[3], &prot) < 0 || int_or(vm, a[4], &access) < 0 ||
        (a[5] && ou_as_i64(vm, a[5], &offset) < 0))
        return NULL;
    if (ou_audit(vm, "mmap.__new__", "ilil", fd, (int64_t)size, access, offset) < 0)
        return NULL;
    if (size < 0)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "memory mapped length must be positive");
    if (offset < 0)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "memory mapped offset must be positive");
    Access acc = (Access)access;
    if (settle(vm, &acc, &flags, &prot) < 0 || check_file(vm, fd, offset, &size) < 0)
        return NULL;
    Map *m = (Map *)ou_type_alloc(vm, type, 0);
    if (!m)
        return NULL;
    *m =
        (Map){.hdr = m->hdr, .size = (size_t)size, .offset = offset, .fd = -1, .flags = flags, .access = acc};
    if (fd == -1)
        flags |= MAP_ANONYMOUS;
    else if ((m->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0)
        goto fail;
    void *p = mmap(NULL, m->size, prot, flags, fd, offset);
    if (p == MAP_FAILED)
        goto fail;
    m->data = p;
    return (OuObj *)m;
fail:
    ou_raise_errno(vm, errno, NULL);
    ou_decref(vm, m);
    return NULL;
}

static void unmap(Map *m)
{
    if (m->data)
        munmap(m->data, m->size);
    m->data = NULL;
    if (m->fd >= 0)
        close(m->fd);
    m->fd = -1;
}

static void map_dealloc(OuVM *vm, OuObj *o)
{
    unmap(MAP(o));
    ou_free_object(vm, o);
}

static OuObj *m_close(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (MAP(args[0])->exports)
        return ou_raise(vm, OU_EXC(vm, BufferError), "cannot close exported pointers exist");
    unmap(MAP(args[0]));
    return ou_none(vm);
}

static OuObj *m_enter(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return open_(vm, MAP(args[0])) < 0 ? NULL : ou_ref(args[0]);
}

/* ---- as a file ------------------------------------------------------------------------------ */
static OuObj *m_read(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    ou_ssize n = PTRDIFF_MAX;
    if (open_(vm, m) < 0 ||
        (args[1] && args[1] != OU_NONE(vm) && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0) ||
        open_(vm, m) < 0)
        return NULL;
    size_t left = m->pos < m->size ? m->size - m->pos : 0;
    if (n < 0 || (size_t)n > left)
        n = (ou_ssize)left;
    OuObj *r = ou_bytes_new(vm, m->data + m->pos, n);
    if (r)
        m->pos += (size_t)n;
    return r;
}

static OuObj *m_read_byte(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    if (open_(vm, m) < 0)
        return NULL;
    if (m->pos >= m->size)
        return ou_value_error(vm, "read byte out of range");
    return ou_int(vm, (unsigned char)m->data[m->pos++]);
}

static OuObj *m_readline(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    if (open_(vm, m) < 0)
        return NULL;
    size_t left = m->pos < m->size ? m->size - m->pos : 0;
    const char *start = m->data + m->pos, *nl = left ? memchr(start, '\n', left) : NULL;
    size_t n = nl ? (size_t)(nl - start) + 1 : left;
    OuObj *r = ou_bytes_new(vm, start, (ou_ssize)n);
    if (r)
        m->pos += n;
    return r;
}

static OuObj *m_write(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    OuBuffer in;
    OuObj *r = NULL;
    if (open_(vm, m) < 0 || ou_buffer_get(vm, args[1], &in, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (open_(vm, m) < 0 || writable(vm, m) < 0) {
    } else if (m->pos > m->size || m->size - m->pos < (size_t)in.len) {
        ou_value_error(vm, "data out of range");
    } else {
        memcpy(m->data + m->pos, in.buf, (size_t)in.len);
        m->pos += (size_t)in.len;
        r = ou_int(vm, in.len);
    }
    ou_buffer_release(vm, &in);
    return r;
}

static OuObj *m_write_byte(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    int v;
    if (open_(vm, m) < 0 || ou_as_int(vm, args[1], &v) < 0)
        return NULL;
    if (v < 0 || v > 255)
        return ou_raise(vm, OU_EXC(vm, OverflowError),
                        v < 0 ? "unsigned byte integer is less than minimum"
                              : "unsigned byte integer is greater than maximum");
    if (open_(vm, m) < 0 || writable(vm, m) < 0)
        return NULL;
    if (m->pos >= m->size)
        return ou_value_error(vm, "write byte out of range");
    m->data[m->pos++] = (char)v;
    return ou_none(vm);
}

static OuObj *m_seek(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    ou_ssize d, from;
    int how = 0;
    if (open_(vm, m) < 0 || ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &d) < 0 ||
        int_or(vm, args[2], &how) < 0 || open_(vm, m) < 0)
        return NULL;
    switch (how) {
    case SEEK_SET:
        from = 0;
        break;
    case SEEK_CUR:
        from = (ou_ssize)m->pos;
        break;
    case SEEK_END:
        from = (ou_ssize)m->size;
        break;
    default:
        return ou_value_error(vm, "unknown seek type");
    }
    if (d > PTRDIFF_MAX - from || from + d < 0 || (size_t)(from + d) > m->size)
        return ou_value_error(vm, "seek out of range");
    m->pos = (size_t)(from + d);
    return ou_none(vm);
}

static OuObj *m_tell(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return open_(vm, MAP(args[0])) < 0 ? NULL : ou_int(vm, (int64_t)MAP(args[0])->pos);
}

static OuObj *m_size(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    struct stat st;
    if (open_(vm, m) < 0)
        return NULL;
    if (fstat(m->fd, &st) < 0) /* anonymous maps have no file: EBADF as in CPython */
        return ou_raise_errno(vm, errno, NULL);
    return ou_int(vm, st.st_size);
}

static OuObj *search(OuVM *vm, OuObj *const *args, bool reverse)
{
    Map *m = MAP(args[0]);
    if (open_(vm, m) < 0)
        return NULL;
    ou_ssize start = (ou_ssize)m->pos, end = (ou_ssize)m->size, size = end, found = -1;
    OuBuffer sub;
    if (ou_buffer_get(vm, args[1], &sub, OU_BUF_SIMPLE) < 0)
        return NULL;
    if ((args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &start) < 0) ||
        (args[3] && ou_as_ssize(vm, args[3], OU_EXC(vm, OverflowError), &end) < 0) || open_(vm, m) < 0) {
        ou_buffer_release(vm, &sub);
        return NULL;
    }
    start = start < 0 ? (start + size < 0 ? 0 : start + size) : start > size ? size : start;
    end = end < 0 ? (end + size < 0 ? 0 : end + size) : end > size ? size : end;
    if (end - start >= sub.len) {
        if (!reverse) {
            const char *p = memmem(m->data + start, (size_t)(end - start), sub.buf, (size_t)sub.len);
            found = p ? p - m->data : -1;
        } else {
            for (ou_ssize i = end - sub.len; found < 0 && i >= start; i--)
                if (memcmp(m->data + i, sub.buf, (size_t)sub.len) == 0)
                    found = i;
        }
    }
    ou_buffer_release(vm, &sub);
    return ou_int(vm, found);
}

static OuObj *m_find(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return search(vm, args, false);
}

static OuObj *m_rfind(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return search(vm, args, true);
}

/* ---- as memory --------------------------------------------------------------------------------- */
static OuObj *m_flush(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    ou_ssize offset = 0, size = (ou_ssize)m->size;
    if (open_(vm, m) < 0 || (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &offset) < 0) ||
        (args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &size) < 0) || open_(vm, m) < 0)
        return NULL;
    if (offset < 0 || size < 0 || (ou_ssize)m->size - offset < size)
        return ou_value_error(vm, "flush values out of range");
    if (m->access == ACCESS_READ || m->access == ACCESS_COPY)
        return ou_none(vm);
    return msync(m->data + offset, (size_t)size, MS_SYNC) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

static OuObj *m_madvise(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    int option;
    ou_ssize start = 0, length = (ou_ssize)m->size;
    if (open_(vm, m) < 0 || ou_as_int(vm, args[1], &option) < 0 ||
        (args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &start) < 0) ||
        (args[3] && ou_as_ssize(vm, args[3], OU_EXC(vm, OverflowError), &length) < 0) || open_(vm, m) < 0)
        return NULL;
    if (start < 0 || (size_t)start >= m->size)
        return ou_value_error(vm, "madvise start out of bounds");
    if (length < 0)
        return ou_value_error(vm, "madvise length invalid");
    if (PTRDIFF_MAX - start < length)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "madvise length too large");
    if (start + length > (ou_ssize)m->size)
        length = (ou_ssize)m->size - start;
    return madvise(m->data + start, (size_t)length, option) < 0 ? ou_raise_errno(vm, errno, NULL)
                                                                : ou_none(vm);
}

static OuObj *m_move(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    ou_ssize v[3];
    if (open_(vm, m) < 0)
        return NULL;
    for (int i = 0; i < 3; i++)
        if (ou_as_ssize(vm, args[1 + i], OU_EXC(vm, OverflowError), &v[i]) < 0)
            return NULL;
    if (open_(vm, m) < 0 || writable(vm, m) < 0)
        return NULL;
    ou_ssize size = (ou_ssize)m->size;
    if (v[0] < 0 || v[1] < 0 || v[2] < 0 || size - v[0] < v[2] || size - v[1] < v[2])
        return ou_value_error(vm, "source, destination, or count out of range");
    memmove(m->data + v[0], m->data + v[1], (size_t)v[2]);
    return ou_none(vm);
}

static OuObj *m_resize(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = MAP(args[0]);
    ou_ssize size;
    if (open_(vm, m) < 0 || ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &size) < 0)
        return NULL;
    if (m->exports)
        return ou_raise(vm, OU_EXC(vm, BufferError), "mmap can't resize with extant buffers exported.");
    if (m->access != ACCESS_WRITE && m->access != ACCESS_DEFAULT)
        return ou_type_error(vm, "mmap can't resize a readonly or copy-on-write memory map.");
    if (open_(vm, m) < 0)
        return NULL;
    if (size < 0 || PTRDIFF_MAX - size < m->offset)
        return ou_value_error(vm, "new size out of range");
    if (m->fd >= 0 && ftruncate(m->fd, m->offset + size) < 0)
        return ou_raise_errno(vm, errno, NULL);
    void *p = mremap(m->data, m->size, (size_t)size, MREMAP_MAYMOVE);
    if (p == MAP_FAILED)
        return ou_raise_errno(vm, errno, NULL);
    m->data = p;
    m->size = (size_t)size;
    return ou_none(vm);
}

static OuObj *m_sizeof(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)OU_TYPE_OF(vm, args[0])->face.size);
}

/* ---- as a sequence -------------------------------------------------------------------------------- */
static ou_ssize map_len(OuVM *vm, OuObj *o)
{
    return open_(vm, MAP(o)) < 0 ? -1 : (ou_ssize)MAP(o)->size;
}

static OuObj *map_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    Map *m = MAP(o);
    if (open_(vm, m) < 0)
        return NULL;
    if (i < 0 || (size_t)i >= m->size)
        return ou_raise(vm, OU_EXC(vm, IndexError), "mmap index out of range");
    return ou_bytes_new(vm, m->data + i, 1);
}

/* Place of an integer index; -1 */
static int place(OuVM *vm, Map *m, OuObj *key, ou_ssize *i)
{
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), i) < 0)
        return -1;
    if (*i < 0)
        *i += (ou_ssize)m->size;
    if (open_(vm, m) < 0)
        return -1;
    if (*i < 0 || (size_t)*i >= m->size)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "mmap index out of range");
    return 0;
}

static OuObj *map_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    Map *m = MAP(o);
    ou_ssize i, stop, step, count;
    if (open_(vm, m) < 0)
        return NULL;
    if (ou_has_index(vm, key))
        return place(vm, m, key, &i) < 0 ? NULL : ou_int(vm, (unsigned char)m->data[i]);
    if (!ou_is(key, slice))
        return ou_type_error(vm, "mmap indices must be integers");
    if (ou_slice_unpack(vm, key, &i, &stop, &step) < 0 ||
        open_(vm, m) < 0) /* __index__ may close or resize */
        return NULL;
    count = ou_slice_adjust((ou_ssize)m->size, &i, &stop, step);
    if (step == 1)
        return ou_bytes_new(vm, m->data + i, count);
    OuObj *r = ou_bytes_new(vm, NULL, count);
    for (ou_ssize k = 0; r && k < count; k++, i = ou_slice_next(i, step))
        OU_BYTES(r)->data[k] = m->data[i];
    return r;
}

static int set_slice(OuVM *vm, Map *m, OuObj *key, OuObj *value)
{
    ou_ssize i, stop, step, count;
    OuBuffer in;
    if (ou_slice_unpack(vm, key, &i, &stop, &step) < 0 || ou_buffer_get(vm, value, &in, OU_BUF_SIMPLE) < 0)
        return -1;
    int r = open_(vm, m);
    count = ou_slice_adjust((ou_ssize)m->size, &i, &stop, step); /* __index__ may have resized it */
    if (r == 0 && in.len != count)
        r = ou_raise_i(vm, OU_EXC(vm, IndexError), "mmap slice assignment is wrong size");
    if (r == 0 && step == 1)
        memmove(m->data + i, in.buf, (size_t)count);
    else if (r == 0)
        for (ou_ssize k = 0; k < count; k++, i = ou_slice_next(i, step))
            m->data[i] = ((char *)in.buf)[k];
    ou_buffer_release(vm, &in);
    return r;
}

static int map_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    Map *m = MAP(o);
    ou_ssize i, v;
    if (open_(vm, m) < 0 || writable(vm, m) < 0)
        return -1;
    if (ou_has_index(vm, key)) {
        if (place(vm, m, key, &i) < 0)
            return -1;
        if (!value)
            return ou_type_error_i(vm, "mmap doesn't support item deletion");
        if (!ou_has_index(vm, value))
            return ou_type_error_i(vm, "mmap item value must be an int");
        if (ou_as_ssize(vm, value, OU_EXC(vm, TypeError), &v) < 0)
            return -1;
        if (v < 0 || v > 255)
            return ou_value_error_i(vm, "mmap item value must be in range(0, 256)");
        if (open_(vm, m) < 0)
            return -1;
        m->data[i] = (char)v;
        return 0;
    }
    if (!ou_is(key, slice))
        return ou_type_error_i(vm, "mmap indices must be integer");
    if (!value)
        return ou_type_error_i(vm, "mmap object doesn't support slice deletion");
    return set_slice(vm, m, key, value);
}

static OuObj *map_repr(OuVM *vm, OuObj *o)
{
    static const char *const names[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
    Map *m = MAP(o);
    const char *type = OU_TYPE_OF(vm, o)->name;
    if (!m->data)
        return ou_str_fmt(vm, "<%s closed=True>", type);
    return ou_str_fmt(vm, "<%s closed=False, access=%s, length=%zd, pos=%zd, offset=%lld>", type,
                      names[m->access], (ou_ssize)m->size, (ou_ssize)m->pos, (long long)m->offset);
}

static int map_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    Map *m = MAP(o);
    if (open_(vm, m) < 0 ||
        ou_buffer_fill(vm, view, o, m->data, (ou_ssize)m->size, m->access == ACCESS_READ, flags) < 0)
        return -1;
    m->exports++;
    return 0;
}

static void map_releasebuffer(OuVM *vm, OuObj *o, OuBuffer *view)
{
    MAP(o)->exports--;
}

static OuObj *get_closed(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, !MAP(o)->data);
}

static const OuFn methods[] = {
    {"close(self, /)", m_close, 0, NULL},
    {"find(self, sub, start=<unrepresentable>, end=<unrepresentable>, /)", m_find, 0, NULL},
    {"rfind(self, sub, start=<unrepresentable>, end=<unrepresentable>, /)", m_rfind, 0, NULL},
    {"flush(self, offset=0, size=<unrepresentable>, /)", m_flush, 0, NULL},
    {"madvise(self, option, start=0, length=<unrepresentable>, /)", m_madvise, 0, NULL},
    {"move(self, dest, src, count, /)", m_move, 0, NULL},
    {"read(self, n=<unrepresentable>, /)", m_read, 0, NULL},
    {"read_byte(self, /)", m_read_byte, 0, NULL},
    {"readline(self, /)", m_readline, 0, NULL},
    {"resize(self, newsize, /)", m_resize, 0, NULL},
    {"seek(self, pos, whence=0, /)", m_seek, 0, NULL},
    {"size(self, /)", m_size, 0, NULL},
    {"tell(self, /)", m_tell, 0, NULL},
    {"write(self, bytes, /)", m_write, 0, NULL},
    {"write_byte(self, byte, /)", m_write_byte, 0, NULL},
    {"__enter__(self, /)", m_enter, 0, NULL},
    {"__exit__(...)", m_close, 0, NULL},
    {"__sizeof__(...)", m_sizeof, 0, NULL},
    {0},
};

static const OuGetSet getset[] = {{"closed", get_closed, NULL, NULL, NULL}, {0}};

static const OuTypeSpec mmap_spec = {
    .name = "mmap.mmap",
    .size = sizeof(Map),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_WEAK,
    .doc =
        "mmap(fileno, length[, flags[, prot[, access[, offset]]]])\n\n"
        "Maps length bytes of the open file fileno, or anonymous memory if that is -1; length 0 maps the\n"
        "whole file.  The object is a file and a mutable sequence of bytes at once.\n\n"
        "flags: MAP_SHARED (default) or MAP_PRIVATE; prot: PROT_READ, PROT_WRITE, PROT_EXEC; or instead of\n"
        "both access: ACCESS_READ, ACCESS_WRITE, ACCESS_COPY.  offset is a multiple of "
        "ALLOCATIONGRANULARITY.",
    .dealloc = map_dealloc,
    .s = {.new_ = map_new,
          .repr = map_repr,
          .len = map_len,
          .item = map_item,
          .getitem = map_getitem,
          .setitem = map_setitem,
          .getbuffer = map_getbuffer,
          .releasebuffer = map_releasebuffer},
    .methods = methods,
    .getset = getset,
};

static int exec(OuVM *vm, OuObj *m)
{
#define C(name)     \
    {               \
#name, name \
    }
    static const OuIntRow constants[] = {
        C(ACCESS_DEFAULT),
        C(ACCESS_READ),
        C(ACCESS_WRITE),
        C(ACCESS_COPY),
        C(PROT_EXEC),
        C(PROT_READ),
        C(PROT_WRITE),
        C(MAP_SHARED),
        C(MAP_PRIVATE),
        C(MAP_DENYWRITE),
        C(MAP_EXECUTABLE),
        C(MAP_ANONYMOUS),
        C(MAP_POPULATE),
        C(MAP_STACK),
        C(MADV_NORMAL),
        C(MADV_RANDOM),
        C(MADV_SEQUENTIAL),
        C(MADV_WILLNEED),
        C(MADV_DONTNEED),
        C(MADV_REMOVE),
        C(MADV_DONTFORK),
        C(MADV_DOFORK),
        C(MADV_HWPOISON),
        C(MADV_MERGEABLE),
        C(MADV_UNMERGEABLE),
        C(MADV_HUGEPAGE),
        C(MADV_NOHUGEPAGE),
        C(MADV_DONTDUMP),
        C(MADV_DODUMP),
        C(MADV_FREE),
        {"MAP_ANON", MAP_ANONYMOUS},
        {0},
    };
#undef C
    if (ou_module_add_ints(vm, m, constants) < 0)
        return -1;
    long page = sysconf(_SC_PAGESIZE);
    if (ou_module_add_int(vm, m, "PAGESIZE", page) < 0 ||
        ou_module_add_int(vm, m, "ALLOCATIONGRANULARITY", page) < 0 ||
        !ou_module_add_type(vm, m, &mmap_spec, NULL))
        return -1;
    return ou_module_add(vm, m, "error", ou_ref((OuObj *)OU_EXC(vm, OSError)));
}

const OuModuleDef ou_mod_mmap = {
    .name = "mmap",
    .exec = exec,
};
