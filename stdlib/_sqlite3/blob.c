/* stdlib/_sqlite3/blob.c - sqlite3.Blob: a value in the database read and written in place. */
#include <limits.h>

#include "sqlite.h"
#include "vm/buffer.h"
#include "vm/weakref.h"

typedef struct Blob {
    OuObj hdr;
    OuSqliteConn *c;
    sqlite3_blob *blob; /* NULL: closed */
    int offset;
} Blob;
#define BLOB(o) ((Blob *)(o))
#define LIB(b) ((b)->c->st->lib)
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static void close_blob(Blob *b)
{
    sqlite3_blob *p = b->blob;
    b->blob = NULL;
    if (p)
        OU_SQLITE(b->c, LIB(b).blob_close(p));
}

static void blob_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    if (BLOB(o)->c)
        close_blob(BLOB(o));
    ou_xdecref(vm, BLOB(o)->c);
    ou_free_object(vm, o);
}

static int blob_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(BLOB(o)->c);
    return 0;
}

static int check(OuVM *vm, Blob *b)
{
    if (ou_sqlite_check(vm, b->c) < 0)
        return -1;
    return b->blob ? 0
                   : ou_sqlite_raise_i(vm, b->c->st, ProgrammingError, "Cannot operate on a closed blob.");
}

void ou_sqlite_close_blobs(OuVM *vm, OuSqliteConn *c)
{
    for (size_t i = 0; c->blobs && i < OU_LIST(c->blobs)->n; i++) {
        OuObj *o = ou_weakref_target((OuWeakRef *)OU_LIST(c->blobs)->items[i]);
        if (o)
            close_blob(BLOB(o));
    }
}

/* Leaves out the references to dead blobs. */
static int tidy(OuVM *vm, OuSqliteConn *c, OuObj *add)
{
    OuObj *list = ou_list_new(vm, 0), *old = c->blobs;
    int r = list ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_LIST(old)->n; i++)
        if (ou_weakref_target((OuWeakRef *)OU_LIST(old)->items[i]))
            r = ou_list_append(vm, list, OU_LIST(old)->items[i]);
    OuObj *ref = r == 0 ? ou_weakref_new(vm, add, NULL) : NULL;
    if (!ref || ou_list_append_take(vm, list, ref) < 0) {
        ou_xdecref(vm, list);
        return -1;
    }
    c->blobs = list;
    ou_decref(vm, old);
    return 0;
}

OuObj *ou_sqlite_blobopen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteConn *c = OU_CONN(args[0]);
    OuUtf8 u[3] = {{0}};
    OuObj *names[3] = {args[1], args[2], args[5]};
    sqlite3_blob *blob = NULL;
    Blob *b = NULL;
    int64_t row;
    int rc, readonly = args[4] ? ou_is_true(vm, args[4]) : 0;
    if (readonly < 0 || ou_as_i64(vm, args[3], &row) < 0 || ou_sqlite_check(vm, c) < 0)
        return NULL;
    u[2] = (OuUtf8){.s = "main", .n = 4};
    for (int i = 0; i < 3; i++) {
        if (!names[i])
            continue;
        if (!ou_isa_str(vm, names[i])) {
            ou_type_error(vm, "blobopen() argument must be str, not %s", ou_arg_type_name(vm, names[i]));
            goto done;
        }
        if (ou_str_utf8(vm, names[i], &u[i], false) < 0)
            goto done;
    }
    OU_SQLITE(c, rc = c->st->lib.blob_open(c->db, u[2].s, u[0].s, u[1].s, row, !readonly, &blob));
    if (rc != SQL_OK) {
        ou_sqlite_error(vm, c->st, c->db);
        goto done;
    }
    if (!(b = (Blob *)ou_type_alloc(vm, c->st->blob, 0))) {
        OU_SQLITE(c, c->st->lib.blob_close(blob));
        goto done;
    }
    b->c = ou_ref(c);
    b->blob = blob;
    if (tidy(vm, c, &b->hdr) < 0)
        ou_clear(vm, b);
done:
    for (int i = 0; i < 3; i++)
        ou_utf8_free(vm, &u[i]);
    return (OuObj *)b;
}

static int failed(OuVM *vm, Blob *b, int rc)
{
    if (rc == 4) /* ABORT */
        return ou_sqlite_raise_i(vm, b->c->st, OperationalError, "Cannot operate on an expired blob handle");
    return ou_sqlite_error(vm, b->c->st, b->c->db);
}

static OuObj *read_(OuVM *vm, Blob *b, int length, int offset)
{
    OuObj *r = check(vm, b) < 0 ? NULL : ou_bytes_new(vm, NULL, length); /* an __index__ may have closed it */
    int rc;
    if (!r)
        return NULL;
    OU_SQLITE(b->c, rc = LIB(b).blob_read(b->blob, OU_BYTES(r)->data, length, offset));
    if (rc != SQL_OK) {
        failed(vm, b, rc);
        ou_clear(vm, r);
    }
    return r;
}

static int write_(OuVM *vm, Blob *b, const void *p, ou_ssize n, int offset)
{
    int rc;
    if (check(vm, b) < 0)
        return -1;
    if (n > LIB(b).blob_bytes(b->blob) - offset)
        return ou_value_error_i(vm, "data longer than blob length");
    OU_SQLITE(b->c, rc = LIB(b).blob_write(b->blob, p, (int)n, offset));
    return rc == SQL_OK ? 0 : failed(vm, b, rc);
}

FN(m_close)
{
    if (ou_sqlite_check(vm, BLOB(args[0])->c) < 0)
        return NULL;
    close_blob(BLOB(args[0]));
    return ou_none(vm);
}

FN(m_read)
{
    Blob *b = BLOB(args[0]);
    int n = -1;
    if ((args[1] && ou_as_int(vm, args[1], &n) < 0) || check(vm, b) < 0)
        return NULL;
    int left = LIB(b).blob_bytes(b->blob) - b->offset;
    if (n < 0 || n > left)
        n = left;
    OuObj *r = read_(vm, b, n, b->offset);
    if (r)
        b->offset += n;
    return r;
}

FN(m_write)
{
    Blob *b = BLOB(args[0]);
    OuBuffer v;
    if (ou_buffer_get(vm, args[1], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    int r = check(vm, b) < 0 ? -1 : write_(vm, b, v.buf, v.len, b->offset);
    if (r == 0)
        b->offset += (int)v.len;
    ou_buffer_release(vm, &v);
    return r < 0 ? NULL : ou_none(vm);
}

FN(m_seek)
{
    Blob *b = BLOB(args[0]);
    int offset, origin = 0;
    if (ou_as_int(vm, args[1], &offset) < 0 || (args[2] && ou_as_int(vm, args[2], &origin) < 0) ||
        check(vm, b) < 0)
        return NULL;
    int n = LIB(b).blob_bytes(b->blob);
    if (origin < 0 || origin > 2)
        return ou_value_error(vm, "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END");
    int64_t to = (int64_t)offset + (origin == 1 ? b->offset : origin == 2 ? n : 0);
    if (to > INT_MAX)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "seek offset results in overflow");
    if (to < 0 || to > n)
        return ou_value_error(vm, "offset out of blob range");
    b->offset = (int)to;
    return ou_none(vm);
}

FN(m_tell)
{
    return check(vm, BLOB(args[0])) < 0 ? NULL : ou_int(vm, BLOB(args[0])->offset);
}

FN(m_enter)
{
    return check(vm, BLOB(args[0])) < 0 ? NULL : ou_ref(args[0]);
}

FN(m_exit)
{
    if (check(vm, BLOB(args[0])) < 0)
        return NULL;
    close_blob(BLOB(args[0]));
    return ou_bool(vm, false);
}

static ou_ssize blob_len(OuVM *vm, OuObj *o)
{
    return check(vm, BLOB(o)) < 0 ? -1 : LIB(BLOB(o)).blob_bytes(BLOB(o)->blob);
}

static int index_of(OuVM *vm, Blob *b, OuObj *key, int *out)
{
    ou_ssize i, n = LIB(b).blob_bytes(b->blob);
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
        return -1;
    if (i < 0)
        i += n;
    if (i < 0 || i >= n)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "Blob index out of range");
    *out = (int)i;
    return 0;
}

static OuObj *blob_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    Blob *b = BLOB(o);
    if (check(vm, b) < 0)
        return NULL;
    if (ou_has_index(vm, key)) {
        int i;
        OuObj *r = index_of(vm, b, key, &i) < 0 ? NULL : read_(vm, b, 1, i);
        OuObj *v = r ? ou_int(vm, (unsigned char)OU_BYTES(r)->data[0]) : NULL;
        ou_xdecref(vm, r);
        return v;
    }
    if (!ou_is(key, slice))
        return ou_type_error(vm, "Blob indices must be integers");
    ou_ssize start, stop, step, n;
    if (ou_slice_indices(vm, key, LIB(b).blob_bytes(b->blob), &start, &stop, &step, &n) < 0)
        return NULL;
    if (n == 0)
        return ou_bytes_new(vm, "", 0);
    if (step == 1)
        return read_(vm, b, (int)n, (int)start);
    OuObj *all = read_(vm, b, LIB(b).blob_bytes(b->blob), 0), *r = all ? ou_bytes_new(vm, NULL, n) : NULL;
    for (ou_ssize i = 0, at = start; r && i < n; i++, at = ou_slice_next(at, step))
        OU_BYTES(r)->data[i] = OU_BYTES(all)->data[at];
    ou_xdecref(vm, all);
    return r;
}

static int blob_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    Blob *b = BLOB(o);
    if (check(vm, b) < 0)
        return -1;
    if (ou_has_index(vm, key)) {
        int i;
        int64_t v;
        if (!value)
            return ou_type_error_i(vm, "Blob doesn't support item deletion");
        if (!ou_isa_int(vm, value))
            return ou_type_error_i(vm, "'%T' object cannot be interpreted as an integer", value);
        if (index_of(vm, b, key, &i) < 0)
            return -1;
        if (!ou_int_fits(value, &v) || v < 0 || v > 255)
            return ou_value_error_i(vm, "byte must be in range(0, 256)");
        unsigned char byte = (unsigned char)v;
        return write_(vm, b, &byte, 1, i);
    }
    if (!ou_is(key, slice))
        return ou_type_error_i(vm, "Blob indices must be integers");
    if (!value)
        return ou_type_error_i(vm, "Blob doesn't support slice deletion");
    ou_ssize start, stop, step, n;
    OuBuffer v;
    if (ou_slice_indices(vm, key, LIB(b).blob_bytes(b->blob), &start, &stop, &step, &n) < 0)
        return -1;
    if (n == 0)
        return 0;
    if (ou_buffer_get(vm, value, &v, OU_BUF_SIMPLE) < 0)
        return -1;
    int r = -1;
    if (v.len != n) {
        ou_raise(vm, OU_EXC(vm, IndexError), "Blob slice assignment is wrong size");
    } else if (step == 1) {
        r = write_(vm, b, v.buf, n, (int)start);
    } else {
        OuObj *all = read_(vm, b, LIB(b).blob_bytes(b->blob), 0);
        for (ou_ssize i = 0, at = start; all && i < n; i++, at = ou_slice_next(at, step))
            OU_BYTES(all)->data[at] = ((const char *)v.buf)[i];
        r = all ? write_(vm, b, OU_BYTES(all)->data, (ou_ssize)OU_BYTES(all)->len, 0) : -1;
        ou_xdecref(vm, all);
    }
    ou_buffer_release(vm, &v);
    return r;
}

static const OuFn methods[] = {
    {"close(self, /)", m_close, 0, "Close the blob."},
    {"__enter__(self, /)", m_enter, 0, "Blob context manager enter."},
    {"__exit__(self, type, val, tb, /)", m_exit, 0, "Blob context manager exit."},
    {"read(self, length=-1, /)", m_read, 0, "Read data at the current offset position."},
    {"seek(self, offset, origin=0, /)", m_seek, 0, "Set the current access position to offset."},
    {"tell(self, /)", m_tell, 0, "Return the current access position for the blob."},
    {"write(self, data, /)", m_write, 0, "Write data at the current offset."},
    {0}};
const OuTypeSpec ou_sqlite_blob_spec = {
    .name = "sqlite3.Blob",
    .size = sizeof(Blob),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_WEAK,
    .dealloc = blob_dealloc,
    .traverse = blob_traverse,
    .s = {.len = blob_len, .getitem = blob_getitem, .setitem = blob_setitem},
    .methods = methods,
};
