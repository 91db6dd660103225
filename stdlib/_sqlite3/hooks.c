/* stdlib/_sqlite3/hooks.c - Python functions called by the library: SQL functions, aggregates, collations, the authorizer,
 * progress and trace callbacks.
 *
 * The library owns what a function, an aggregate or a collation is registered with (an OuSqliteHook) and gives it back by
 * destroy; the connection lists them, so that the collector sees the callables: a function that closes over its connection
 * is a cycle like another.  (CPython 3.11 frees such a connection only when it is closed.)  The three callbacks of which a
 * connection has one each lie in the connection itself. */
#include <limits.h>
#include <string.h>

#include "sqlite.h"
#include "vm/audit.h"
#include "vm/buffer.h"

/* An SQL function is given its context and values, nothing of ours; only the library's own sqlite3_user_data leads from the
 * context to the hook, and the library was opened by a VM.  So each thread notes the table by which it enters the library: the
 * one thing in stdlib/ that hangs off no VM.  It is read only inside that entry, where the table is alive. */
static _Thread_local const OuSqliteLib *entered;

void ou_sqlite_note_lib(const OuSqliteLib *l)
{
    entered = l;
}

typedef struct OuSqliteHook {
    OuSqliteConn *c;                 /* borrowed: the connection outlives its database */
    OuObj *callable;                 /* NULL: taken away by the collector */
    struct OuSqliteHook *next, **at; /* among the connection's; at is NULL when it is not */
} Hook;

static Hook *hook_new(OuVM *vm, OuSqliteConn *c, OuObj *callable)
{
    Hook *h = ou_alloc(vm, sizeof *h);
    if (!h)
        return NULL;
    *h = (Hook){c, ou_ref(callable), c->hooks, &c->hooks};
    if (h->next)
        h->next->at = &h->next;
    c->hooks = h;
    return h;
}

static void unlist(Hook *h)
{
    if (!h->at)
        return;
    *h->at = h->next;
    if (h->next)
        h->next->at = h->at;
    h->at = NULL;
}

static void destroy(void *p)
{
    Hook *h = p;
    OuSqliteConn *c = h->c;
    OuThread *ts = ou_sqlite_call_begin(c);
    unlist(h);
    ou_xdecref(c->vm, h->callable);
    ou_free(c->vm, h, sizeof *h);
    ou_sqlite_call_end(c, ts);
}

int ou_sqlite_visit_hooks(OuSqliteConn *c, OuVisit visit, void *arg)
{
    for (Hook *h = c->hooks; h; h = h->next)
        OU_VISIT(h->callable);
    return 0;
}

void ou_sqlite_clear_hooks(OuVM *vm, OuSqliteConn *c)
{
    for (Hook *h; (h = c->hooks);) { /* what dies may run code that registers or drops others */
        unlist(h);
        ou_clear(vm, h->callable);
    }
}

/* The exception in flight as the function's result. */
static void fail(Hook *h, sqlite3_context *ctx, const char *text)
{
    OuVM *vm = h->c->vm;
    OuSqliteLib *l = &h->c->st->lib;
    if (ou_err_is(vm, OU_EXC(vm, MemoryError)))
        l->result_error_nomem(ctx);
    else if (ou_err_is(vm, OU_EXC(vm, OverflowError)))
        l->result_error_toobig(ctx);
    else
        l->result_error(ctx, text, -1);
    ou_sqlite_drop_error(vm, h->c->st, h->callable);
}

static OuObj *argument(OuVM *vm, OuSqliteLib *l, sqlite3_value *v)
{
    switch (l->value_type(v)) {
    case SQL_INTEGER:
        return ou_int(vm, l->value_int64(v));
    case SQL_FLOAT:
        return ou_float(vm, l->value_double(v));
    case SQL_TEXT: {
        const char *s = (const char *)l->value_text(v);
        return s ? ou_str_decode(vm, s, (size_t)l->value_bytes(v), "utf-8", "strict") : ou_raise_memory(vm);
    }
    case SQL_BLOB: {
        const void *p = l->value_blob(v);
        return ou_bytes_new(vm, p ? p : "", l->value_bytes(v));
    }
    }
    return ou_none(vm);
}

/* A finalizer in the cycle the connection died in can still run SQL on it: then this is the function's result. */
static bool gone(const Hook *h, sqlite3_context *ctx)
{
    if (!h->callable)
        h->c->st->lib.result_error(ctx, "the function's connection was collected", -1);
    return !h->callable;
}

/* f(*values): new, or NULL. */
static OuObj *call(OuVM *vm, OuSqliteLib *l, OuObj *f, int n, sqlite3_value **values)
{
    OuObj *t = ou_list_new(vm, 0), *args, *r;
    for (int i = 0; t && i < n; i++) {
        OuObj *v = argument(vm, l, values[i]);
        if (!v || ou_list_append_take(vm, t, v) < 0)
            ou_clear(vm, t);
    }
    args = t ? ou_list_to_tuple(vm, t) : NULL;
    r = args ? ou_call_tuple(vm, f, args, NULL) : NULL;
    ou_xdecref(vm, t);
    ou_xdecref(vm, args);
    return r;
}

/* Gives v to the library. 0/-1 */
static int result(OuVM *vm, OuSqliteState *st, sqlite3_context *ctx, OuObj *v)
{
    OuSqliteLib *l = &st->lib;
    if (v == OU_NONE(vm)) {
        l->result_null(ctx);
    } else if (ou_isa_int(vm, v)) {
        int64_t n;
        if (!ou_int_fits(v, &n))
            return ou_raise_i(vm, OU_EXC(vm, OverflowError),
                              "Python int too large to convert to SQLite INTEGER");
        l->result_int64(ctx, n);
    } else if (ou_isa(vm, v, float)) {
        l->result_double(ctx, OU_FLOAT_V(v));
    } else if (ou_isa_str(vm, v)) {
        OuUtf8 u;
        if (ou_str_utf8(vm, v, &u, false) < 0)
            return -1;
        bool long_ = u.n > INT_MAX;
        if (!long_)
            l->result_text(ctx, u.s, (int)u.n, SQL_TRANSIENT);
        ou_utf8_free(vm, &u);
        if (long_)
            return ou_raise_i(vm, OU_EXC(vm, OverflowError), "string is longer than INT_MAX bytes");
    } else if (ou_has_buffer(vm, v)) {
        OuBuffer b;
        if (ou_buffer_get(vm, v, &b, OU_BUF_SIMPLE) < 0)
            return -1;
        bool long_ = b.len > INT_MAX;
        if (!long_)
            l->result_blob(ctx, b.len ? b.buf : "", (int)b.len, SQL_TRANSIENT);
        ou_buffer_release(vm, &b);
        if (long_)
            return ou_raise_i(vm, OU_EXC(vm, OverflowError), "BLOB longer than INT_MAX bytes");
    } else {
        return ou_sqlite_raise_i(vm, st, ProgrammingError,
                                 "User-defined functions cannot return '%T' values to SQLite", v);
    }
    return 0;
}

static void function(sqlite3_context *ctx, int n, sqlite3_value **values)
{
    Hook *h = entered->user_data(ctx);
    OuSqliteConn *c = h->c;
    OuThread *ts = ou_sqlite_call_begin(c);
    if (!gone(h, ctx)) {
        OuObj *r = call(c->vm, &c->st->lib, h->callable, n, values);
        if (!r || result(c->vm, c->st, ctx, r) < 0)
            fail(h, ctx, "user-defined function raised exception");
        ou_xdecref(c->vm, r);
    }
    ou_sqlite_call_end(c, ts);
}

/* ---- aggregates: the instance lies in the library's aggregate context ---- */
static void stepping(sqlite3_context *ctx, int n, sqlite3_value **values, const char *method)
{
    Hook *h = entered->user_data(ctx);
    OuSqliteConn *c = h->c;
    OuVM *vm = c->vm;
    char text[80];
    OuThread *ts = ou_sqlite_call_begin(c);
    OuObj **self = c->st->lib.aggregate_context(ctx, sizeof *self);
    if (gone(h, ctx)) { /* said */
    } else if (!self) {
        ou_raise_memory(vm);
        fail(h, ctx, "");
    } else if (!*self && !(*self = ou_call0(vm, h->callable))) {
        fail(h, ctx, "user-defined aggregate's '__init__' method raised error");
    } else {
        OuObj *f = ou_getattr_s(vm, *self, method);
        OuObj *r = f ? call(vm, &c->st->lib, f, n, values) : NULL;
        if (!r) {
            snprintf(text, sizeof text, "user-defined aggregate's '%s' method %s", method,
                     f ? "raised error" : "not defined");
            fail(h, ctx, text);
        }
        ou_xdecref(vm, f);
        ou_xdecref(vm, r);
    }
    ou_sqlite_call_end(c, ts);
}

static void step(sqlite3_context *ctx, int n, sqlite3_value **values)
{
    stepping(ctx, n, values, "step");
}

static void inverse(sqlite3_context *ctx, int n, sqlite3_value **values)
{
    stepping(ctx, n, values, "inverse");
}

static void giving(sqlite3_context *ctx, const char *method, bool last)
{
    Hook *h = entered->user_data(ctx);
    OuSqliteConn *c = h->c;
    OuVM *vm = c->vm;
    char text[80];
    OuThread *ts = ou_sqlite_call_begin(c);
    OuObj **self = c->st->lib.aggregate_context(ctx, last ? 0 : sizeof *self);
    if (self && *self && !gone(h, ctx)) { /* else __init__ failed, or there was no row */
        OuObj *before = ou_err_fetch(vm), *f = ou_getattr_s(vm, *self, method);
        OuObj *r = f ? ou_call0(vm, f) : NULL;
        if (!r || result(vm, c->st, ctx, r) < 0) {
            snprintf(text, sizeof text, "user-defined aggregate's '%s' method %s", method,
                     f ? "raised error" : "not defined");
            fail(h, ctx, text);
        }
        ou_xdecref(vm, f);
        ou_xdecref(vm, r);
        if (before)
            ou_err_restore(vm, before);
        if (last)
            ou_clear(vm, *self);
    }
    ou_sqlite_call_end(c, ts);
}

static void finish(sqlite3_context *ctx)
{
    giving(ctx, "finalize", true);
}

static void value(sqlite3_context *ctx)
{
    giving(ctx, "value", false);
}

/* ---- registering ---- */
static int text_arg(OuVM *vm, OuObj *o, OuUtf8 *u, const char *what)
{
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s must be str, not %s", what, ou_arg_type_name(vm, o));
    return ou_str_utf8(vm, o, u, false);
}

enum { PLAIN, AGGREGATE, WINDOW };
static OuObj *create(OuVM *vm, OuSqliteConn *c, OuObj *name, OuObj *narg, OuObj *callable, int flags,
                     int kind)
{
    OuSqliteLib *l = &ou_sqlite_state(vm)->lib;
    OuUtf8 u;
    int n, rc;
    if (ou_as_int(vm, narg, &n) < 0 || ou_sqlite_check(vm, c) < 0) /* in this order: __index__ may close it */
        return NULL;
    bool none = kind != AGGREGATE && callable == OU_NONE(vm);
    if (text_arg(vm, name, &u, "argument 1") < 0)
        return NULL;
    Hook *h = none && kind == WINDOW ? NULL : hook_new(vm, c, callable);
    if (!h && !(none && kind == WINDOW)) {
        ou_utf8_free(vm, &u);
        return NULL;
    }
    OuThread *ts = ou_sqlite_enter(c);
    if (kind == WINDOW)
        rc = none ? l->create_window_function(c->db, u.s, n, 1, NULL, NULL, NULL, NULL, NULL, NULL)
                  : l->create_window_function(c->db, u.s, n, 1, h, step, finish, value, inverse, destroy);
    else
        rc = l->create_function_v2(c->db, u.s, n, 1 | flags, h, kind == PLAIN ? function : NULL,
                                   kind == PLAIN ? NULL : step, kind == PLAIN ? NULL : finish, destroy);
    ou_sqlite_leave(c, ts);
    ou_utf8_free(vm, &u);
    if (rc != SQL_OK && kind == WINDOW)
        ou_sqlite_raise(vm, c->st, ProgrammingError, "%s", l->errmsg(c->db));
    else if (rc != SQL_OK)
        ou_sqlite_raise(vm, c->st, OperationalError,
                        kind == PLAIN ? "Error creating function" : "Error creating aggregate");
    return rc == SQL_OK ? ou_none(vm) : NULL;
}

HOOK(create_function)
{
    int deterministic = args[4] ? ou_is_true(vm, args[4]) : 0;
    return deterministic < 0
               ? NULL
               : create(vm, OU_CONN(args[0]), args[1], args[2], args[3], deterministic ? 0x800 : 0, PLAIN);
}

HOOK(create_aggregate)
{
    return create(vm, OU_CONN(args[0]), args[1], args[2], args[3], 0, AGGREGATE);
}

HOOK(create_window_function)
{
    return create(vm, OU_CONN(args[0]), args[1], args[2], args[3], 0, WINDOW);
}

static int collate(void *p, int n1, const void *s1, int n2, const void *s2)
{
    Hook *h = p;
    OuSqliteConn *c = h->c;
    OuVM *vm = c->vm;
    OuThread *ts = ou_sqlite_call_begin(c);
    int r = 0;
    OuObj *a = NULL, *b = NULL, *v = NULL;
    if (h->callable && !ou_err_occurred(vm) && (a = ou_str_decode(vm, s1, (size_t)n1, "utf-8", "strict")) &&
        (b = ou_str_decode(vm, s2, (size_t)n2, "utf-8", "strict")) && (v = ou_call2(vm, h->callable, a, b)) &&
        ou_isa_int(vm, v))
        r = ou_int_sign(v);
    if (h->callable && ou_err_occurred(vm))
        ou_sqlite_drop_error(vm, c->st, h->callable);
    ou_xdecref(vm, a);
    ou_xdecref(vm, b);
    ou_xdecref(vm, v);
    ou_sqlite_call_end(c, ts);
    return r;
}

HOOK(create_collation)
{
    OuSqliteConn *c = OU_CONN(args[0]);
    OuUtf8 u;
    Hook *h = NULL;
    int rc;
    if (ou_sqlite_check(vm, c) < 0 || text_arg(vm, args[1], &u, "create_collation() argument 1") < 0)
        return NULL;
    if (args[2] != OU_NONE(vm) && !ou_callable(vm, args[2])) {
        ou_utf8_free(vm, &u);
        return ou_type_error(vm, "parameter must be callable");
    }
    if (args[2] != OU_NONE(vm) && !(h = hook_new(vm, c, args[2]))) {
        ou_utf8_free(vm, &u);
        return NULL;
    }
    OU_SQLITE(c,
              rc = c->st->lib.create_collation_v2(c->db, u.s, 1, h, h ? collate : NULL, h ? destroy : NULL));
    ou_utf8_free(vm, &u);
    if (rc != SQL_OK) {
        if (h)
            destroy(h); /* here the library does not */
        ou_sqlite_error(vm, c->st, c->db);
        return NULL;
    }
    return ou_none(vm);
}

/* ---- one callback a connection; the connection holds it ---- */
static int authorize(void *p, int action, const char *a, const char *b, const char *db, const char *source)
{
    OuSqliteConn *c = p;
    OuVM *vm = c->vm;
    if (!c->authorizer) /* given up, by another thread or by a second __init__ */
        return 0;
    OuThread *ts = ou_sqlite_call_begin(c);
    const char *text[4] = {a, b, db, source};
    OuObj *v[5] = {ou_int(vm, action)}, *r = NULL, *f = ou_ref(c->authorizer);
    int rc = 1; /* DENY */
    bool ok = v[0] != NULL;
    for (int i = 0; i < 4; i++)
        ok = (v[i + 1] = text[i] ? ou_str_new(vm, text[i], -1) : ou_none(vm)) && ok;
    if (ok && (r = ou_call(vm, f, v, 5, NULL))) {
        if (!ou_isa_int(vm, r) || ou_as_int(vm, r, &rc) < 0)
            rc = 1;
    }
    if (ou_err_occurred(vm))
        ou_sqlite_drop_error(vm, c->st, f);
    for (int i = 0; i < 5; i++)
        ou_xdecref(vm, v[i]);
    ou_xdecref(vm, r);
    ou_decref(vm, f);
    ou_sqlite_call_end(c, ts);
    return rc;
}

static int progress(void *p)
{
    OuSqliteConn *c = p;
    OuVM *vm = c->vm;
    if (!c->progress)
        return 0;
    OuThread *ts = ou_sqlite_call_begin(c);
    OuObj *f = ou_ref(c->progress), *r = ou_call0(vm, f);
    int stop = r ? ou_is_true(vm, r) : -1;
    if (stop < 0)
        ou_sqlite_drop_error(vm, c->st, f);
    ou_xdecref(vm, r);
    ou_decref(vm, f);
    ou_sqlite_call_end(c, ts);
    return stop != 0;
}

static int trace(unsigned kind, void *p, void *s, void *x)
{
    OuSqliteConn *c = p;
    OuVM *vm = c->vm;
    OuSqliteLib *l = &c->st->lib;
    if (kind != 1 || !c->trace)
        return 0;
    OuThread *ts = ou_sqlite_call_begin(c);
    OuObj *f = ou_ref(c->trace), *text = NULL, *r = NULL;
    char *sql = l->expanded_sql(s);
    if (!sql) {
        ou_sqlite_raise(vm, c->st, DataError, "Expanded SQL string exceeds the maximum string length");
        ou_sqlite_drop_error(vm, c->st, f);
        text = ou_str_new(vm, l->sql(s), -1);
    } else {
        text = ou_str_new(vm, sql, -1);
        l->free(sql);
    }
    if (text)
        r = ou_call1(vm, f, text);
    if (!r)
        ou_sqlite_drop_error(vm, c->st, f);
    ou_xdecref(vm, text);
    ou_xdecref(vm, r);
    ou_decref(vm, f);
    ou_sqlite_call_end(c, ts);
    return 0;
}

static OuObj *keep(OuVM *vm, OuObj **slot, OuObj *f)
{
    OuObj *old = *slot;
    *slot = f == OU_NONE(vm) ? NULL : ou_ref(f);
    ou_xdecref(vm, old);
    return ou_none(vm);
}

HOOK(set_authorizer)
{
    OuSqliteConn *c = OU_CONN(args[0]);
    int rc;
    if (ou_sqlite_check(vm, c) < 0)
        return NULL;
    bool on = args[1] != OU_NONE(vm);
    OU_SQLITE(c, rc = c->st->lib.set_authorizer(c->db, on ? authorize : NULL, c));
    if (rc != SQL_OK)
        return ou_sqlite_raise(vm, c->st, OperationalError, "Error setting authorizer callback");
    return keep(vm, &c->authorizer, args[1]);
}

HOOK(set_progress_handler)
{
    OuSqliteConn *c = OU_CONN(args[0]);
    int n;
    if (ou_as_int(vm, args[2], &n) < 0 || ou_sqlite_check(vm, c) < 0)
        return NULL;
    bool on = args[1] != OU_NONE(vm);
    OU_SQLITE(c, c->st->lib.progress_handler(c->db, on ? n : 0, on ? progress : NULL, c));
    return keep(vm, &c->progress, args[1]);
}

HOOK(set_trace_callback)
{
    OuSqliteConn *c = OU_CONN(args[0]);
    if (ou_sqlite_check(vm, c) < 0)
        return NULL;
    bool on = args[1] != OU_NONE(vm);
    OU_SQLITE(c, c->st->lib.trace_v2(c->db, on ? 1 : 0, on ? trace : NULL, c));
    return keep(vm, &c->trace, args[1]);
}
