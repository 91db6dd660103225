/* stdlib/_sqlite3/backup.c - whole databases: backup, serialize, deserialize. */
#include <string.h>

#include "sqlite.h"
#include "vm/buffer.h"

static int name_arg(OuVM *vm, OuObj *o, OuUtf8 *u)
{
    if (!o) {
        *u = (OuUtf8){.s = "main", .n = 4};
        return 0;
    }
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "argument 'name' must be str, not %s", ou_arg_type_name(vm, o));
    return ou_str_utf8(vm, o, u, false);
}

OuObj *ou_sqlite_backup(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteConn *c = OU_CONN(args[0]), *to = OU_CONN(args[1]);
    OuSqliteState *st = ou_sqlite_state(vm);
    OuSqliteLib *l = &st->lib;
    OuObj *progress = args[3] && args[3] != OU_NONE(vm) ? args[3] : NULL;
    int pages = -1, rc, end;
    double sleep = 0.25;
    OuUtf8 u;
    if (!ou_type_is_subtype(vm, OU_TYPE_OF(vm, args[1]), st->connection))
        return ou_type_error(vm, "backup() argument 1 must be sqlite3.Connection, not %s",
                             ou_arg_type_name(vm, args[1]));
    if ((args[2] && ou_as_int(vm, args[2], &pages) < 0) ||
        (args[5] && ou_as_double(vm, args[5], &sleep) < 0) || ou_sqlite_check(vm, c) < 0 ||
        ou_sqlite_check(vm, to) < 0)
        return NULL;
    if (to == c)
        return ou_value_error(vm, "target cannot be the same connection instance");
    if (progress && !ou_callable(vm, progress))
        return ou_type_error(vm, "progress argument must be a callable");
    if (name_arg(vm, args[4], &u) < 0)
        return NULL;
    if (pages == 0)
        pages = -1;
    sqlite3_backup *b;
    sqlite3_stmt *hold = NULL; /* keeps the target's database when `progress` closes it */
    OU_SQLITE(to, l->prepare_v2(to->db, "SELECT 1", -1, &hold, NULL));
    OU_SQLITE(c, b = l->backup_init(to->db, "main", c->db, u.s));
    ou_utf8_free(vm, &u);
    if (!b) {
        OU_SQLITE(to, l->finalize(hold));
        ou_sqlite_error(vm, st, to->db);
        return NULL;
    }
    do {
        OU_SQLITE(c, rc = l->backup_step(b, pages));
        if (progress) {
            OuObj *v[3] = {ou_int(vm, rc), ou_int(vm, l->backup_remaining(b)),
                           ou_int(vm, l->backup_pagecount(b))};
            OuObj *r = v[0] && v[1] && v[2] ? ou_call(vm, progress, v, 3, NULL) : NULL;
            for (int i = 0; i < 3; i++)
                ou_xdecref(vm, v[i]);
            ou_xdecref(vm, r);
            if (!r || ou_sqlite_check(vm, c) < 0 || ou_sqlite_check(vm, to) < 0)
                break;
        }
        if (rc == SQL_BUSY || rc == SQL_LOCKED)
            OU_SQLITE(c, l->sleep((int)(sleep * 1000)));
        if (ou_poll(vm) < 0)
            break;
    } while (rc == SQL_OK || rc == SQL_BUSY || rc == SQL_LOCKED);
    OU_SQLITE(c, end = l->backup_finish(b));
    OU_SQLITE(to, l->finalize(hold));
    if (ou_err_occurred(vm))
        return NULL;
    if (end != SQL_OK) {
        ou_sqlite_error(vm, st, to->db);
        return NULL;
    }
    return ou_none(vm);
}

OuObj *ou_sqlite_serialize(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteConn *c = OU_CONN(args[0]);
    OuUtf8 u;
    int64_t size = 0;
    unsigned char *data;
    bool shared = true;
    if (ou_sqlite_check(vm, c) < 0 || name_arg(vm, args[1], &u) < 0)
        return NULL;
    OU_SQLITE(c, {
        data = c->st->lib.serialize(c->db, u.s, &size, 1); /* the library's own memory, if it has it */
        if (!data) {
            data = c->st->lib.serialize(c->db, u.s, &size, 0);
            shared = false;
        }
    });
    OuObj *r = data ? ou_bytes_new(vm, (const char *)data, size)
                    : ou_sqlite_raise(vm, c->st, OperationalError, "unable to serialize '%s'", u.s);
    if (data && !shared)
        c->st->lib.free(data);
    ou_utf8_free(vm, &u);
    return r;
}

OuObj *ou_sqlite_deserialize(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteConn *c = OU_CONN(args[0]);
    OuBuffer b;
    OuUtf8 u;
    if (ou_sqlite_check(vm, c) < 0)
        return NULL;
    if (ou_isa_str(vm, args[1])) { /* as an argument of kind "buffer or text" */
        OuUtf8 text;
        if (ou_str_utf8(vm, args[1], &text, false) < 0)
            return NULL;
        OuObj *bytes = ou_bytes_new(vm, text.s, (ou_ssize)text.n), *a[3] = {args[0], bytes, args[2]};
        ou_utf8_free(vm, &text);
        OuObj *r = bytes ? ou_sqlite_deserialize(vm, a, 3, NULL) : NULL;
        ou_xdecref(vm, bytes);
        return r;
    }
    if (ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (name_arg(vm, args[2], &u) < 0) {
        ou_buffer_release(vm, &b);
        return NULL;
    }
    int rc = SQL_NOMEM;
    unsigned char *data = c->st->lib.malloc64((uint64_t)b.len);
    if (data) {
        memcpy(data, b.buf, (size_t)b.len);
        OU_SQLITE(c, rc = c->st->lib.deserialize(c->db, u.s, data, b.len, b.len,
                                                 1 | 2)); /* freed on close, resizeable */
        if (rc != SQL_OK)
            ou_sqlite_error(vm, c->st, c->db);
    } else {
        ou_raise_memory(vm);
    }
    ou_utf8_free(vm, &u);
    ou_buffer_release(vm, &b);
    return rc == SQL_OK ? ou_none(vm) : NULL;
}
