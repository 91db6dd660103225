/* stdlib/_sqlite3/cursor.c - sqlite3.Cursor: execute and fetch. */
#include <string.h>

#include "sqlite.h"

static int cursor_init(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteCursor *c = OU_CURSOR(o);
    OuSqliteState *st = ou_sqlite_state(vm);
    OuObj *a[1];
    if (ou_args_bind(vm, "Cursor(connection, /)", args, nargs, kwnames, a) < 0)
        return -1;
    if (!ou_type_is_subtype(vm, OU_TYPE_OF(vm, a[0]), st->connection))
        return ou_type_error_i(vm, "Cursor() argument 1 must be sqlite3.Connection, not %s",
                               ou_arg_type_name(vm, a[0]));
    if (c->locked)
        return ou_sqlite_raise_i(vm, st, ProgrammingError, "Recursive use of cursors not allowed.");
    OuObj *old = (OuObj *)c->conn;
    c->conn = ou_ref(OU_CONN(a[0]));
    ou_xdecref(vm, old);
    ou_clear(vm, c->stmt);
    ou_clear(vm, c->casts);
    ou_clear(vm, c->description);
    ou_clear(vm, c->lastrowid);
    ou_clear(vm, c->row_factory);
    c->description = ou_none(vm);
    c->lastrowid = ou_none(vm);
    c->row_factory = ou_none(vm);
    c->arraysize = 1;
    c->closed = false;
    c->rowcount = -1;
    if (ou_sqlite_check_thread(vm, c->conn) < 0)
        return -1;
    c->initialized = true;
    return 0;
}

static OuObj *cursor_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}

static void drop_stmt(OuVM *vm, OuSqliteCursor *c)
{
    if (c->stmt)
        ou_sqlite_reset(c->stmt);
    ou_clear(vm, c->stmt);
}

static void cursor_clear(OuVM *vm, OuObj *o)
{
    OuSqliteCursor *c = OU_CURSOR(o);
    drop_stmt(vm, c);
    ou_clear(vm, c->conn);
    ou_clear(vm, c->description);
    ou_clear(vm, c->casts);
    ou_clear(vm, c->row_factory);
    ou_clear(vm, c->lastrowid);
}

static void cursor_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    cursor_clear(vm, o);
    ou_free_object(vm, o);
}

static int cursor_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuSqliteCursor *c = OU_CURSOR(o);
    OU_VISIT(c->conn);
    OU_VISIT(c->description);
    OU_VISIT(c->casts);
    OU_VISIT(c->row_factory);
    OU_VISIT(c->lastrowid);
    OU_VISIT(c->stmt);
    return 0;
}

static int check(OuVM *vm, OuSqliteCursor *c)
{
    OuSqliteState *st = ou_sqlite_state(vm);
    if (!c->initialized || !c->conn)
        return ou_sqlite_raise_i(vm, st, ProgrammingError, "Base Cursor.__init__ not called.");
    if (c->closed)
        return ou_sqlite_raise_i(vm, st, ProgrammingError, "Cannot operate on a closed cursor.");
    if (c->locked)
        return ou_sqlite_raise_i(vm, st, ProgrammingError, "Recursive use of cursors not allowed.");
    return ou_sqlite_check(vm, c->conn);
}

static void set(OuVM *vm, OuObj **slot, OuObj *value)
{
    OuObj *old = *slot;
    *slot = value;
    ou_xdecref(vm, old);
}

static OuObj *describe(OuVM *vm, OuSqliteConn *c, OuSqliteStmt *s, int n)
{
    OuObj *t = ou_tuple_new(vm, (size_t)n);
    for (int i = 0; t && i < n; i++) {
        const char *name = c->st->lib.column_name(s->st, i);
        size_t len = name ? strlen(name) : 0;
        if (!name) {
            ou_raise_memory(vm);
            ou_clear(vm, t);
            break;
        }
        if (c->detect_types & OU_SQLITE_COLNAMES)
            for (const char *p = name; *p; p++)
                if (*p == '[' && p > name && p[-1] == ' ') {
                    len = (size_t)(p - name - 1);
                    break;
                }
        OuObj *none = OU_NONE(vm), *text = ou_str_decode(vm, name, len, "utf-8", "strict");
        OuObj *row = text ? ou_tuple_pack(vm, 7, text, none, none, none, none, none, none) : NULL;
        ou_xdecref(vm, text);
        if (row)
            OU_TUPLE(t)->items[i] = row;
        else
            ou_clear(vm, t);
    }
    return t;
}

/* The statement of sql, from the cache if no other cursor is using it there. */
static OuSqliteStmt *statement(OuVM *vm, OuSqliteConn *c, OuObj *sql)
{
    if (!c->cache) /* closed by a callback */
        return ou_sqlite_raise(vm, c->st, ProgrammingError, "Cannot operate on a closed database.");
    OuObj *cache = ou_ref(c->cache), *s = ou_call1(vm, cache, sql);
    ou_decref(vm, cache);
    if (!s || !c->db ||
        OU_TYPE_OF(vm, s) != c->st->statement) { /* a subclass has its own __call__, str its own hash */
        if (s && c->db)
            ou_type_error(vm, "Connection.__call__ must return a statement, not %T", s);
        else if (s)
            ou_sqlite_check_open(vm, c);
        ou_xdecref(vm, s);
        return NULL;
    }
    if (!c->st->lib.stmt_busy(((OuSqliteStmt *)s)->st))
        return (OuSqliteStmt *)s;
    ou_decref(vm, s);
    return ou_sqlite_statement(vm, c, sql);
}

/* One round of execute: binds, steps.  The step's code, or -1. */
static int round_(OuVM *vm, OuSqliteCursor *c, OuSqliteStmt *s, OuObj *params, bool many)
{
    OuSqliteConn *conn = c->conn;
    OuSqliteState *st = conn->st;
    if (ou_sqlite_bind(vm, st, s, params) < 0)
        return -1;
    int rc = ou_sqlite_step(s);
    if (!conn->db) { /* closed by a callback, or while binding */
        ou_sqlite_reset(s);
        return ou_err_occurred(vm) ? -1 : ou_sqlite_check_open(vm, conn);
    }
    if (rc != SQL_DONE && rc != SQL_ROW) {
        ou_sqlite_reset(s);
        ou_sqlite_error(vm, st, conn->db);
        return -1;
    }
    if (ou_err_occurred(vm))
        return -1;
    OuObj *casts = ou_sqlite_casts(vm, conn, s);
    if (!casts && ou_err_occurred(vm))
        return -1;
    set(vm, &c->casts, casts);
    int n = st->lib.column_count(s->st);
    if (n > 0 && c->description == OU_NONE(vm)) {
        OuObj *d = describe(vm, conn, s, n);
        if (!d)
            return -1;
        set(vm, &c->description, d);
    }
    if (rc == SQL_DONE) {
        if (s->is_dml && conn->db)
            c->rowcount += st->lib.changes(conn->db);
        ou_sqlite_reset(s);
    }
    return rc;
}

static OuObj *execute(OuVM *vm, OuSqliteCursor *c, OuObj *sql, OuObj *second, bool many)
{
    OuObj *it = NULL, *params;
    OuSqliteStmt *s = NULL;
    bool ok = false;
    if (check(vm, c) < 0)
        return NULL;
    if (!ou_isa_str(vm, sql))
        return ou_type_error(vm, "execute%s() argument 1 must be str, not %s", many ? "many" : "",
                             ou_arg_type_name(vm, sql));
    OuSqliteConn *conn = ou_ref(c->conn);
    c->locked = true;
    if (many && !(it = ou_iter(vm, second)))
        goto done;
    drop_stmt(vm, c);
    set(vm, &c->description, ou_none(vm));
    if (!(s = statement(vm, conn, sql)))
        goto done;
    c->stmt = ou_ref(s);
    ou_sqlite_reset(s);
    c->rowcount = s->is_dml ? 0 : -1;
    if (conn->isolation && s->is_dml && conn->st->lib.get_autocommit(conn->db) &&
        ou_sqlite_run(vm, conn, conn->isolation) < 0)
        goto done;
    if (many && (conn->st->lib.stmt_readonly(s->st) || !s->is_dml)) {
        ou_sqlite_raise(vm, conn->st, ProgrammingError, "executemany() can only execute DML statements.");
        goto done;
    }
    for (;;) {
        params = many ? ou_next(vm, it) : ou_ref(second ? second : OU_EMPTY_TUPLE(vm));
        if (!params) {
            ok = !ou_err_occurred(vm);
            break;
        }
        if (!conn->db) {
            ou_decref(vm, params);
            ou_sqlite_check_open(vm, conn);
            break;
        }
        int rc = round_(vm, c, s, params, many);
        ou_decref(vm, params);
        if (rc < 0 || ou_sqlite_check_open(vm, conn) < 0)
            break;
        if (!many) {
            OuObj *id = ou_int(vm, conn->st->lib.last_insert_rowid(conn->db));
            if (id)
                set(vm, &c->lastrowid, id);
            ok = id != NULL;
            if (rc == SQL_DONE)
                ou_clear(vm, c->stmt);
            break;
        }
        if (rc == SQL_ROW)
            ou_sqlite_reset(s);
        if (ou_poll(vm) < 0)
            break;
    }
done:
    c->locked = false;
    if (!ok) {
        c->rowcount = -1;
        drop_stmt(vm, c);
    } else if (many) {
        drop_stmt(vm, c);
    }
    ou_xdecref(vm, s);
    ou_xdecref(vm, it);
    ou_decref(vm, conn);
    return ok ? ou_ref(&c->hdr) : NULL;
}

static OuObj *m_execute(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return execute(vm, OU_CURSOR(args[0]), args[1], args[2], false);
}

static OuObj *m_executemany(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return execute(vm, OU_CURSOR(args[0]), args[1], args[2], true);
}

static OuObj *m_executescript(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteCursor *c = OU_CURSOR(args[0]);
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "executescript() argument must be str, not %s",
                             ou_arg_type_name(vm, args[1]));
    if (check(vm, c) < 0)
        return NULL;
    OuSqliteConn *conn = ou_ref(c->conn); /* a callback may give the cursor another */
    OuSqliteState *st = conn->st;
    OuUtf8 u;
    bool ok = false;
    if (ou_str_utf8(vm, args[1], &u, false) < 0) {
        ou_decref(vm, conn);
        return NULL;
    }
    if (memchr(u.s, 0, u.n)) {
        ou_value_error(vm, "embedded null character");
        goto done;
    }
    if (u.n > (size_t)st->lib.limit(conn->db, 1, -1)) {
        ou_sqlite_raise(vm, st, DataError, "query string is too large");
        goto done;
    }
    if (!st->lib.get_autocommit(conn->db) && ou_sqlite_run(vm, conn, "COMMIT") < 0)
        goto done;
    ok = true;
    for (const char *p = u.s; ok && *p;) {
        sqlite3_stmt *s = NULL;
        int rc;
        OU_SQLITE(conn, rc = st->lib.prepare_v2(conn->db, p, -1, &s, &p));
        if (rc == SQL_OK && s) {
            OU_SQLITE(conn, {
                do
                    rc = st->lib.step(s);
                while (rc == SQL_ROW);
                rc = st->lib.finalize(s);
            });
        }
        ok = rc == SQL_OK && conn->db;
        if (!conn->db)
            ou_sqlite_check_open(vm, conn);
        else if (rc != SQL_OK)
            ou_sqlite_error(vm, st, conn->db);
    }
done:
    ou_utf8_free(vm, &u);
    ou_decref(vm, conn);
    return ok ? ou_ref(args[0]) : NULL;
}

static OuObj *cursor_next(OuVM *vm, OuObj *o)
{
    OuSqliteCursor *c = OU_CURSOR(o);
    if (check(vm, c) < 0 || !c->stmt)
        return NULL;
    OuSqliteStmt *s = c->stmt;
    OuSqliteConn *conn = ou_ref(c->conn);
    c->locked = true;
    OuObj *row = ou_sqlite_fetch(vm, c);
    int rc = row ? ou_sqlite_step(s) : SQL_OK; /* locked too: a callback must not reset or drop s */
    c->locked = false;
    if (!row)
        goto done;
    if (!conn->db) {
        drop_stmt(vm, c);
        ou_clear(vm, row);
        if (!ou_err_occurred(vm))
            ou_sqlite_check_open(vm, conn);
        goto done;
    }
    if (rc == SQL_DONE) {
        if (s->is_dml)
            c->rowcount = conn->st->lib.changes(conn->db);
        drop_stmt(vm, c);
    } else if (rc != SQL_ROW) {
        ou_sqlite_error(vm, conn->st, conn->db);
        drop_stmt(vm, c);
        ou_clear(vm, row);
        goto done;
    }
    if (c->row_factory && c->row_factory != OU_NONE(vm)) {
        OuObj *f = ou_ref(c->row_factory), *made = ou_call2(vm, f, o, row);
        ou_decref(vm, f);
        ou_decref(vm, row);
        row = made;
    }
done:
    ou_decref(vm, conn);
    return row;
}

static OuObj *m_fetchone(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *row = cursor_next(vm, args[0]);
    return row || ou_err_occurred(vm) ? row : ou_none(vm);
}

static OuObj *fetch(OuVM *vm, OuObj *o, int max)
{
    OuObj *list = ou_list_new(vm, 0), *row;
    for (int n = 0; list && (max < 0 || n < max); n++) {
        if (!(row = cursor_next(vm, o))) {
            if (ou_err_occurred(vm))
                ou_clear(vm, list);
            break;
        }
        if (ou_list_append_take(vm, list, row) < 0 || ou_poll(vm) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static OuObj *m_fetchmany(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int n = OU_CURSOR(args[0])->arraysize;
    if (args[1] && ou_as_int(vm, args[1], &n) < 0)
        return NULL;
    return fetch(vm, args[0], n > 0 ? n : n < 0 ? -1 : 0);
}

static OuObj *m_fetchall(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return fetch(vm, args[0], -1);
}

static OuObj *m_close(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteCursor *c = OU_CURSOR(args[0]);
    if (!c->conn)
        return ou_sqlite_raise(vm, ou_sqlite_state(vm), ProgrammingError, "Base Cursor.__init__ not called.");
    if (c->locked)
        return ou_sqlite_raise(vm, c->conn->st, ProgrammingError, "Recursive use of cursors not allowed.");
    if (ou_sqlite_check(vm, c->conn) < 0)
        return NULL;
    drop_stmt(vm, c);
    c->closed = true;
    return ou_none(vm);
}

static OuObj *m_nothing(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_none(vm);
}

static OuObj *get_rowcount(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_CURSOR(o)->rowcount);
}

static const OuGetSet getset[] = {{"rowcount", get_rowcount, NULL, NULL, NULL}, {0}};
static const OuMember members[] = {
    {"connection", OU_MEMBER_OBJ, offsetof(OuSqliteCursor, conn), true, NULL},
    {"description", OU_MEMBER_OBJ, offsetof(OuSqliteCursor, description), true, NULL},
    {"arraysize", OU_MEMBER_INT, offsetof(OuSqliteCursor, arraysize), false, NULL},
    {"lastrowid", OU_MEMBER_OBJ, offsetof(OuSqliteCursor, lastrowid), true, NULL},
    {"row_factory", OU_MEMBER_OBJ, offsetof(OuSqliteCursor, row_factory), false, NULL},
    {0}};
static const OuFn methods[] = {
    {"close(self, /)", m_close, 0, "Closes the cursor."},
    {"executemany(self, sql, seq_of_parameters, /)", m_executemany, 0,
     "Repeatedly executes an SQL statement."},
    {"executescript(self, sql_script, /)", m_executescript, 0, "Executes multiple SQL statements at once."},
    {"execute(self, sql, parameters=(), /)", m_execute, 0, "Executes an SQL statement."},
    {"fetchall(self, /)", m_fetchall, 0, "Fetches all rows from the resultset."},
    {"fetchmany(self, /, size=1)", m_fetchmany, 0, "Fetches several rows from the resultset."},
    {"fetchone(self, /)", m_fetchone, 0, "Fetches one row from the resultset."},
    {"setinputsizes(self, sizes, /)", m_nothing, 0, "Required by DB-API. Does nothing in sqlite3."},
    {"setoutputsize(self, size, column=None, /)", m_nothing, 0,
     "Required by DB-API. Does nothing in sqlite3."},
    {0}};
const OuTypeSpec ou_sqlite_cursor_spec = {
    .name = "sqlite3.Cursor",
    .size = sizeof(OuSqliteCursor),
    .flags = OU_TYPE_GC | OU_TYPE_BASE | OU_TYPE_WEAK,
    .doc = "SQLite database cursor class.",
    .dealloc = cursor_dealloc,
    .traverse = cursor_traverse,
    .clear = cursor_clear,
    .s = {.new_ = cursor_new, .init = cursor_init, .iter = ou_self_iter, .next = cursor_next},
    .methods = methods,
    .getset = getset,
    .members = members,
};
