/* stdlib/_sqlite3/connection.c - sqlite3.Connection: its life, transactions and the lock around library calls. */
#include <string.h>
#include <strings.h>

#include "sqlite.h"
#include "vm/audit.h"
#include "vm/buffer.h"
#include "vm/threads.h"

/* ---- the lock ---- */
OuThread *ou_sqlite_enter(OuSqliteConn *c)
{
    OuThread *ts = c->vm->ts;
    ou_lock_release(c->vm);
    pthread_mutex_lock(&c->mutex);
    c->ts = ts;
    ou_sqlite_note_lib(&c->st->lib);
    return ts;
}

void ou_sqlite_leave(OuSqliteConn *c, OuThread *saved)
{
    c->ts = NULL;
    pthread_mutex_unlock(&c->mutex);
    ou_lock_acquire(c->vm, saved);
}

OuThread *ou_sqlite_call_begin(OuSqliteConn *c)
{
    OuThread *ts = c->ts;
    c->ts = NULL;
    if (ts)
        ou_lock_acquire(c->vm, ts);
    return ts;
}

void ou_sqlite_call_end(OuSqliteConn *c, OuThread *saved)
{
    if (saved)
        ou_lock_release(c->vm);
    c->ts = saved;
}

int ou_sqlite_check_thread(OuVM *vm, OuSqliteConn *c)
{
    if (!c->initialized || !c->check_thread || c->thread == ou_thread_ident())
        return 0;
    return ou_sqlite_raise_i(
        vm, c->st, ProgrammingError,
        "SQLite objects created in a thread can only be used in that same thread. The object "
        "was created in thread id %lu and this is thread id %lu.",
        (unsigned long)c->thread, (unsigned long)ou_thread_ident());
}

int ou_sqlite_check_open(OuVM *vm, OuSqliteConn *c)
{
    if (!c->initialized)
        return ou_sqlite_raise_i(vm, ou_sqlite_state(vm), ProgrammingError,
                                 "Base Connection.__init__ not called.");
    if (!c->db)
        return ou_sqlite_raise_i(vm, c->st, ProgrammingError, "Cannot operate on a closed database.");
    return 0;
}

int ou_sqlite_check(OuVM *vm, OuSqliteConn *c)
{
    return ou_sqlite_check_thread(vm, c) < 0 ? -1 : ou_sqlite_check_open(vm, c);
}

int ou_sqlite_run(OuVM *vm, OuSqliteConn *c, const char *sql)
{
    OuSqliteLib *l = &c->st->lib;
    sqlite3_stmt *s = NULL;
    int rc;
    OU_SQLITE(c, {
        rc = l->prepare_v2(c->db, sql, -1, &s, NULL);
        if (rc == SQL_OK) {
            l->step(s);
            rc = l->finalize(s);
        }
    });
    return rc == SQL_OK ? 0 : ou_sqlite_error(vm, c->st, c->db);
}

/* ---- isolation level ---- */
static const char *const begins[] = {"BEGIN ", "BEGIN DEFERRED", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"};

/* 0/-1; out: NULL for None */
static int isolation_of(OuVM *vm, OuObj *o, const char **out)
{
    *out = NULL;
    if (o == OU_NONE(vm))
        return 0;
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "isolation_level must be str or None");
    OuUtf8 u;
    if (ou_str_utf8(vm, o, &u, false) < 0)
        return -1;
    bool nul = memchr(u.s, 0, u.n) != NULL;
    for (size_t i = 0; !nul && i < 4; i++)
        if (!strcasecmp(u.s, begins[i] + 6))
            *out = begins[i];
    ou_utf8_free(vm, &u);
    if (nul)
        return ou_value_error_i(vm, "embedded null character");
    if (!*out)
        return ou_value_error_i(vm,
                                "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'");
    return 0;
}

/* ---- life ---- */
static int close_db(OuVM *vm, OuSqliteConn *c)
{
    sqlite3 *db = c->db;
    if (!db)
        return 0;
    c->db = NULL;
    OU_SQLITE(c, c->st->lib.close_v2(db));
    return 0;
}

static void set(OuVM *vm, OuObj **slot, OuObj *value)
{
    OuObj *old = *slot;
    *slot = value;
    ou_xdecref(vm, old);
}

/* Gives up what the connection holds, but for its database and the functions registered with that. */
static void let_go(OuVM *vm, OuSqliteConn *c)
{
    ou_clear(vm, c->cache);
    ou_clear(vm, c->row_factory);
    ou_clear(vm, c->text_factory);
    ou_clear(vm, c->blobs);
    if (c->db && c->has_mutex) { /* the callbacks must not be called any more */
        OuSqliteLib *l = &c->st->lib;
        OU_SQLITE(c, {
            l->trace_v2(c->db, 0, NULL, NULL);
            l->progress_handler(c->db, 0, NULL, NULL);
            l->set_authorizer(c->db, NULL, NULL);
        });
    }
    ou_clear(vm, c->trace);
    ou_clear(vm, c->progress);
    ou_clear(vm, c->authorizer);
}

static void conn_clear(OuVM *vm, OuObj *o)
{
    let_go(vm, OU_CONN(o));
    ou_sqlite_clear_hooks(vm, OU_CONN(o));
}

static void conn_dealloc(OuVM *vm, OuObj *o)
{
    OuSqliteConn *c = OU_CONN(o);
    ou_gc_untrack(&vm->heap, o);
    let_go(vm, c);
    close_db(vm, c);
    if (c->has_mutex)
        pthread_mutex_destroy(&c->mutex);
    ou_free_object(vm, o);
}

static int conn_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuSqliteConn *c = OU_CONN(o);
    OU_VISIT(c->cache);
    OU_VISIT(c->row_factory);
    OU_VISIT(c->text_factory);
    OU_VISIT(c->blobs);
    OU_VISIT(c->trace);
    OU_VISIT(c->progress);
    OU_VISIT(c->authorizer);
    return ou_sqlite_visit_hooks(c, visit, arg);
}

static OuObj *conn_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}

static int conn_init(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteConn *c = OU_CONN(o);
    OuSqliteState *st = ou_sqlite_state(vm);
    OuObj *a[8], *path = NULL, *limit = NULL, *cache = NULL, *made = NULL;
    double timeout = 5.0;
    int detect = 0, cached = 128, check = 1, uri = 0, rc = SQL_OK;
    const char *isolation = begins[0];
    sqlite3 *db = NULL;
    if (ou_args_bind(vm,
                     "Connection(database, timeout=5.0, detect_types=0, isolation_level='', "
                     "check_same_thread=True, factory=ConnectionType, cached_statements=128, uri=False)",
                     args, nargs, kwnames, a) < 0)
        return -1;
    if (ou_audit(vm, "sqlite3.connect", "O", a[0]) < 0 || ou_fs_path(vm, a[0], &path) < 0)
        return -1;
    if ((a[1] && ou_as_double(vm, a[1], &timeout) < 0) || (a[2] && ou_as_int(vm, a[2], &detect) < 0) ||
        (a[3] && isolation_of(vm, a[3], &isolation) < 0) || (a[4] && (check = ou_is_true(vm, a[4])) < 0) ||
        (a[6] && ou_as_int(vm, a[6], &cached) < 0) || (a[7] && (uri = ou_is_true(vm, a[7])) < 0))
        goto fail;
    if (c->initialized) {
        c->initialized = false;
        let_go(vm, c);
        close_db(vm, c);
    }
    c->vm = vm;
    c->st = st;
    if (!c->has_mutex) {
        pthread_mutexattr_t attr;
        pthread_mutexattr_init(&attr);
        pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
        pthread_mutex_init(&c->mutex, &attr);
        pthread_mutexattr_destroy(&attr);
        c->has_mutex = true;
    }
    OU_SQLITE(c, {
        rc = st->lib.open_v2(OU_BYTES(path)->data, &db, 2 | 4 | (uri ? 0x40 : 0), NULL);
        if (rc == SQL_OK)
            st->lib.busy_timeout(db, (int)(timeout * 1000));
    });
    if (rc != SQL_OK) {
        if (db)
            ou_sqlite_error(vm, st, db);
        else
            ou_raise_memory(vm);
        goto fail;
    }
    if (!(limit = ou_int(vm, cached)) || !(cache = ou_call1(vm, st->lru_cache, limit)) ||
        !(made = ou_call1(vm, cache, o)) || !(c->blobs = ou_list_new(vm, 0)))
        goto fail;
    c->cache = made;
    c->db = db;
    c->detect_types = detect;
    c->isolation = isolation;
    c->check_thread = check;
    c->thread = ou_thread_ident();
    set(vm, &c->row_factory, ou_none(vm));
    set(vm, &c->text_factory, ou_ref((OuObj *)&vm->builtin[OU_T_str]));
    c->initialized = true;
    ou_decref(vm, limit);
    ou_decref(vm, cache);
    ou_decref(vm, path);
    return ou_audit(vm, "sqlite3.connect/handle", "O", o);
fail:
    if (db)
        OU_SQLITE(c, st->lib.close_v2(db));
    ou_xdecref(vm, made);
    ou_xdecref(vm, cache);
    ou_xdecref(vm, limit);
    ou_xdecref(vm, path);
    return -1;
}

/* connection(sql): a prepared statement; the statement cache calls it. */
static OuObj *conn_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_sqlite_check_open(vm, OU_CONN(o)) < 0 || ou_no_kwargs(vm, "Connection", kwnames) < 0 ||
        ou_arity(vm, "Connection", nargs, 1, 1) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "Connection() argument 1 must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    return (OuObj *)ou_sqlite_statement(vm, OU_CONN(o), args[0]);
}

/* ---- methods ---- */
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
#define SELF OU_CONN(args[0])

FN(m_cursor)
{
    OuSqliteState *st = ou_sqlite_state(vm);
    if (ou_sqlite_check(vm, SELF) < 0)
        return NULL;
    OuObj *cur = ou_call1(vm, args[1] ? args[1] : (OuObj *)st->cursor, args[0]);
    if (cur && !ou_type_is_subtype(vm, OU_TYPE_OF(vm, cur), st->cursor)) {
        ou_type_error(vm, "factory must return a cursor, not %T", cur);
        ou_clear(vm, cur);
    }
    if (cur && SELF->row_factory && SELF->row_factory != OU_NONE(vm))
        set(vm, &OU_CURSOR(cur)->row_factory, ou_ref(SELF->row_factory));
    return cur;
}

static OuObj *by_cursor(OuVM *vm, OuObj *o, const char *method, OuObj *const *args, size_t n)
{
    OuObj *name = ou_str_intern_s(vm, "cursor"), *cur = name ? ou_call_method(vm, o, name, 0) : NULL;
    OuObj *f = cur ? ou_getattr_s(vm, cur, method) : NULL, *r = f ? ou_call(vm, f, args, n, NULL) : NULL;
    ou_xdecref(vm, name);
    ou_xdecref(vm, f);
    if (!r)
        ou_clear(vm, cur);
    ou_xdecref(vm, r);
    return cur;
}

FN(m_execute)
{
    return by_cursor(vm, args[0], "execute", args + 1, args[2] ? 2 : 1);
}
FN(m_executemany)
{
    return by_cursor(vm, args[0], "executemany", args + 1, 2);
}
FN(m_executescript)
{
    return by_cursor(vm, args[0], "executescript", args + 1, 1);
}

static OuObj *end(OuVM *vm, OuSqliteConn *c, const char *sql)
{
    if (ou_sqlite_check(vm, c) < 0)
        return NULL;
    if (!c->st->lib.get_autocommit(c->db) && ou_sqlite_run(vm, c, sql) < 0)
        return NULL;
    return ou_none(vm);
}

FN(m_commit)
{
    return end(vm, SELF, "COMMIT");
}
FN(m_rollback)
{
    return end(vm, SELF, "ROLLBACK");
}

FN(m_close)
{
    if (ou_sqlite_check_thread(vm, SELF) < 0)
        return NULL;
    if (!SELF->initialized)
        return ou_sqlite_raise(vm, ou_sqlite_state(vm), ProgrammingError,
                               "Base Connection.__init__ not called.");
    ou_sqlite_close_blobs(vm, SELF);
    ou_clear(vm, SELF->cache);
    close_db(vm, SELF);
    return ou_none(vm);
}

FN(m_enter)
{
    return ou_sqlite_check(vm, SELF) < 0 ? NULL : ou_ref(args[0]);
}

FN(m_exit)
{
    bool commit = args[1] == OU_NONE(vm) && args[2] == OU_NONE(vm) && args[3] == OU_NONE(vm);
    OuObj *r = end(vm, SELF, commit ? "COMMIT" : "ROLLBACK");
    if (!r) {
        if (commit) { /* the transaction must not stay open; the first error is the one that counts */
            OuObj *e = ou_err_fetch(vm), *back = end(vm, SELF, "ROLLBACK");
            if (!back) {
                OuObj *now = ou_err_fetch(vm);
                ou_exc_set_context(vm, now, e);
                e = now;
            }
            ou_xdecref(vm, back);
            ou_err_restore(vm, e);
        }
        return NULL;
    }
    ou_decref(vm, r);
    return ou_bool(vm, false);
}

FN(m_interrupt)
{
    if (ou_sqlite_check_open(vm, SELF) < 0)
        return NULL;
    SELF->st->lib.interrupt(SELF->db);
    return ou_none(vm);
}

FN(m_iterdump)
{
    if (ou_sqlite_check_open(vm, SELF) < 0)
        return NULL;
    OuObj *f = ou_import_attr(vm, "sqlite3.dump", "_iterdump"), *r = f ? ou_call1(vm, f, args[0]) : NULL;
    ou_xdecref(vm, f);
    return r;
}

FN(m_setlimit)
{
    int category, limit = -1;
    if (ou_as_int(vm, args[1], &category) < 0 || (args[2] && ou_as_int(vm, args[2], &limit) < 0) ||
        ou_sqlite_check(vm, SELF) < 0)
        return NULL;
    int old = SELF->st->lib.limit(SELF->db, category, limit);
    if (old < 0)
        return ou_sqlite_raise(vm, SELF->st, ProgrammingError, "'category' is out of bounds");
    return ou_int(vm, old);
}

FN(m_getlimit)
{
    OuObj *a[3] = {args[0], args[1], NULL};
    return m_setlimit(vm, a, 3, NULL);
}

FN(m_enable_load_extension)
{
    int on = ou_is_true(vm, args[1]);
    if (on < 0 || ou_audit(vm, "sqlite3.enable_load_extension", "OO", args[0], OU_BOOL(vm, on)) < 0 ||
        ou_sqlite_check(vm, SELF) < 0)
        return NULL;
    if (SELF->st->lib.enable_load_extension(SELF->db, on) != SQL_OK)
        return ou_sqlite_raise(vm, SELF->st, OperationalError, "Error enabling load extension");
    return ou_none(vm);
}

FN(m_load_extension)
{
    OuUtf8 u;
    char *message = NULL;
    int rc;
    if (ou_audit(vm, "sqlite3.load_extension", "OO", args[0], args[1]) < 0 || ou_sqlite_check(vm, SELF) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "load_extension() argument must be str, not %s",
                             ou_arg_type_name(vm, args[1]));
    if (ou_str_utf8(vm, args[1], &u, false) < 0)
        return NULL;
    OU_SQLITE(SELF, rc = SELF->st->lib.load_extension(SELF->db, u.s, NULL, &message));
    ou_utf8_free(vm, &u);
    if (rc == SQL_OK)
        return ou_none(vm);
    ou_sqlite_raise(vm, SELF->st, OperationalError, "%s", message ? message : "Error loading extension");
    if (message)
        SELF->st->lib.free(message);
    return NULL;
}

/* ---- attributes ---- */
static OuObj *get_exception(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(ou_sqlite_state(vm)->exc[(intptr_t)data]);
}

static OuObj *get_isolation(OuVM *vm, OuObj *o, void *data)
{
    if (ou_sqlite_check_open(vm, OU_CONN(o)) < 0)
        return NULL;
    const char *s = OU_CONN(o)->isolation;
    return s ? ou_str_new(vm, s + 6, -1) : ou_none(vm);
}

static int set_isolation(OuVM *vm, OuObj *o, OuObj *v, void *data)
{
    OuSqliteConn *c = OU_CONN(o);
    const char *level;
    if (!v)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "cannot delete attribute");
    if (v == OU_NONE(vm)) {
        OuObj *r = end(vm, c, "COMMIT");
        if (!r)
            return -1;
        ou_decref(vm, r);
    }
    if (isolation_of(vm, v, &level) < 0)
        return -1;
    c->isolation = level;
    return 0;
}

static OuObj *get_total_changes(OuVM *vm, OuObj *o, void *data)
{
    if (ou_sqlite_check_open(vm, OU_CONN(o)) < 0)
        return NULL;
    return ou_int(vm, OU_CONN(o)->st->lib.total_changes(OU_CONN(o)->db));
}

static OuObj *get_in_transaction(OuVM *vm, OuObj *o, void *data)
{
    if (ou_sqlite_check_open(vm, OU_CONN(o)) < 0)
        return NULL;
    return ou_bool(vm, !OU_CONN(o)->st->lib.get_autocommit(OU_CONN(o)->db));
}

static const OuGetSet getset[] = {{"isolation_level", get_isolation, set_isolation, NULL, NULL},
                                  {"total_changes", get_total_changes, NULL, NULL, NULL},
                                  {"in_transaction", get_in_transaction, NULL, NULL, NULL},
#define X(name, base) {#name, get_exception, NULL, NULL, (void *)(intptr_t)SQL_##name},
                                  OU_SQLITE_EXCEPTIONS(X)
#undef X
                                      {0}};
static const OuMember members[] = {
    {"row_factory", OU_MEMBER_OBJ, offsetof(OuSqliteConn, row_factory), false, NULL},
    {"text_factory", OU_MEMBER_OBJ, offsetof(OuSqliteConn, text_factory), false, NULL},
    {0}};
static const OuFn methods[] = {
    {"backup(self, /, target, *, pages=-1, progress=None, name='main', sleep=0.25)", ou_sqlite_backup, 0,
     "Makes a backup of the database."},
    {"close(self, /)", m_close, 0,
     "Close the database connection.\n\nAny pending transaction is not committed implicitly."},
    {"commit(self, /)", m_commit, 0, "Commit any pending transaction to the database."},
    {"rollback(self, /)", m_rollback, 0, "Roll back to the start of any pending transaction."},
    {"create_aggregate(self, /, name, n_arg, aggregate_class)", ou_sqlite_create_aggregate, 0,
     "Creates a new aggregate."},
    {"create_collation(self, name, callback, /)", ou_sqlite_create_collation, 0,
     "Creates a collation function."},
    {"create_function(self, /, name, narg, func, *, deterministic=False)", ou_sqlite_create_function, 0,
     "Creates a new function."},
    {"create_window_function(self, name, num_params, aggregate_class, /)", ou_sqlite_create_window_function,
     0, "Creates or redefines an aggregate window function. Non-standard."},
    {"cursor(self, /, factory=<unrepresentable>)", m_cursor, 0, "Return a cursor for the connection."},
    {"__enter__(self, /)", m_enter, 0, "Called when the connection is used as a context manager."},
    {"__exit__(self, type, value, traceback, /)", m_exit, 0,
     "Called when the connection is used as a context manager."},
    {"execute(self, sql, parameters=<unrepresentable>, /)", m_execute, 0, "Executes an SQL statement."},
    {"executemany(self, sql, parameters, /)", m_executemany, 0, "Repeatedly executes an SQL statement."},
    {"executescript(self, sql_script, /)", m_executescript, 0, "Executes multiple SQL statements at once."},
    {"interrupt(self, /)", m_interrupt, 0, "Abort any pending database operation."},
    {"iterdump(self, /)", m_iterdump, 0,
     "Returns iterator to the dump of the database in an SQL text format."},
    {"set_authorizer(self, /, authorizer_callback)", ou_sqlite_set_authorizer, 0,
     "Sets authorizer callback."},
    {"set_progress_handler(self, /, progress_handler, n)", ou_sqlite_set_progress_handler, 0,
     "Sets progress handler callback."},
    {"set_trace_callback(self, /, trace_callback)", ou_sqlite_set_trace_callback, 0,
     "Sets a trace callback called for each SQL statement (passed as unicode)."},
    {"setlimit(self, category, limit, /)", m_setlimit, 0, "Set connection run-time limits."},
    {"getlimit(self, category, /)", m_getlimit, 0, "Get connection run-time limits."},
    {"serialize(self, /, *, name='main')", ou_sqlite_serialize, 0,
     "Serialize a database into a byte string."},
    {"deserialize(self, data, /, *, name='main')", ou_sqlite_deserialize, 0, "Load a serialized database."},
    {"blobopen(self, table, column, row, /, *, readonly=False, name='main')", ou_sqlite_blobopen, 0,
     "Open and return a BLOB object."},
    {"enable_load_extension(self, enable, /)", m_enable_load_extension, 0,
     "Enable dynamic loading of SQLite extension modules."},
    {"load_extension(self, name, /)", m_load_extension, 0, "Load SQLite extension module."},
    {0}};
const OuTypeSpec ou_sqlite_connection_spec = {
    .name = "sqlite3.Connection",
    .size = sizeof(OuSqliteConn),
    .flags = OU_TYPE_GC | OU_TYPE_BASE | OU_TYPE_WEAK,
    .doc = "SQLite database connection object.",
    .dealloc = conn_dealloc,
    .traverse = conn_traverse,
    .clear = conn_clear,
    .s = {.new_ = conn_new, .init = conn_init, .call = conn_call},
    .methods = methods,
    .getset = getset,
    .members = members,
};
