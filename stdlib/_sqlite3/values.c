/* stdlib/_sqlite3/values.c - Python objects to bound parameters and columns to Python objects: adapters, converters. */
#include <limits.h>
#include <string.h>

#include "sqlite.h"
#include "vm/buffer.h"

/* ---- adapters ---- */
OuObj *ou_sqlite_adapt(OuVM *vm, OuSqliteState *st, OuObj *o, OuObj *proto, OuObj *alt)
{
    OuObj *key = ou_tuple_pack(vm, 2, OU_TYPE_OF(vm, o), proto), *f = NULL, *r;
    int found = key ? ou_dict_lookup(vm, st->adapters, key, &f) : -1;
    ou_xdecref(vm, key);
    if (found < 0)
        return NULL;
    if (found) {
        r = ou_call1(vm, f, o);
        ou_decref(vm, f);
        return r;
    }
    for (int i = 0; i < 2; i++) {
        OuObj *owner = i ? o : proto, *arg = i ? proto : o;
        OuObj *name = ou_str_intern_s(vm, i ? "__conform__" : "__adapt__");
        found = name ? ou_lookup_attr(vm, owner, name, &f) : -1;
        ou_xdecref(vm, name);
        if (found < 0)
            return NULL;
        if (!found)
            continue;
        r = ou_call1(vm, f, arg);
        ou_decref(vm, f);
        if (!r && !ou_err_is(vm, OU_EXC(vm, TypeError)))
            return NULL;
        if (!r)
            ou_err_clear(vm);
        else if (r != OU_NONE(vm))
            return r;
        else
            ou_decref(vm, r);
    }
    if (alt)
        return ou_ref(alt);
    return ou_sqlite_raise(vm, st, ProgrammingError, "can't adapt");
}

static int bind_value(OuVM *vm, OuSqliteState *st, sqlite3_stmt *s, int pos, OuObj *v)
{
    const OuSqliteLib *l = &st->lib;
    if (v == OU_NONE(vm))
        return l->bind_null(s, pos);
    if (ou_isa_int(vm, v)) {
        int64_t n;
        if (!ou_int_fits(v, &n))
            return ou_raise_i(vm, OU_EXC(vm, OverflowError),
                              "Python int too large to convert to SQLite INTEGER");
        return l->bind_int64(s, pos, n);
    }
    if (ou_isa(vm, v, float))
        return l->bind_double(s, pos, OU_FLOAT_V(v));
    if (ou_isa_str(vm, v)) {
        OuUtf8 u;
        if (ou_str_utf8(vm, v, &u, false) < 0)
            return -1;
        int rc = -1;
        if (u.n > INT_MAX)
            ou_raise(vm, OU_EXC(vm, OverflowError), "string longer than INT_MAX bytes");
        else
            rc = l->bind_text(s, pos, u.s, (int)u.n, SQL_TRANSIENT);
        ou_utf8_free(vm, &u);
        return rc;
    }
    if (ou_has_buffer(vm, v)) {
        OuBuffer b;
        if (ou_buffer_get(vm, v, &b, OU_BUF_SIMPLE) < 0)
            return -1;
        int rc = -1;
        if (b.len > INT_MAX)
            ou_raise(vm, OU_EXC(vm, OverflowError), "BLOB longer than INT_MAX bytes");
        else
            rc = l->bind_blob(s, pos, b.len ? b.buf : "", (int)b.len, SQL_TRANSIENT);
        ou_buffer_release(vm, &b);
        return rc;
    }
    return ou_sqlite_raise_i(vm, st, ProgrammingError,
                             "Error binding parameter %d: type '%T' is not supported", pos, v);
}

/* Adapts v (taken) and binds it. */
static int bind_one(OuVM *vm, OuSqliteState *st, sqlite3_stmt *s, int pos, OuObj *v)
{
    bool plain = ou_is(v, int) || ou_is(v, float) || ou_is(v, str) || ou_is(v, bytearray);
    if (st->base_adapted || !plain) {
        OuObj *a = ou_sqlite_adapt(vm, st, v, (OuObj *)st->protocol, v);
        ou_decref(vm, v);
        if (!(v = a))
            return -1;
    }
    int rc = bind_value(vm, st, s, pos, v);
    ou_decref(vm, v);
    if (rc > 0)
        return ou_sqlite_error(vm, st, st->lib.db_handle(s));
    return rc;
}

int ou_sqlite_bind(OuVM *vm, OuSqliteState *st, OuSqliteStmt *s, OuObj *params)
{
    const OuSqliteLib *l = &st->lib;
    int wanted = l->bind_parameter_count(s->st);
    bool list = ou_is(params, list), tuple = ou_is(params, tuple);
    bool sequence = list || tuple || ou_isa_list(vm, params) || ou_isa_tuple(vm, params) ||
                    (!ou_isa_dict(vm, params) && OU_TYPE_OF(vm, params)->s.item);
    if (!sequence && !ou_isa_dict(vm, params) && OU_TYPE_OF(vm, params)->s.getitem) {
        /* a Python class: with __len__ and integer keys it is a sequence, else a mapping */
        OuObj *keys = NULL, *name = ou_str_intern_s(vm, "keys");
        int has = name ? ou_lookup_attr(vm, params, name, &keys) : -1;
        ou_xdecref(vm, name);
        ou_xdecref(vm, keys);
        if (has < 0)
            return -1;
        sequence = !has && (OU_TYPE_OF(vm, params)->flags & OU_TYPE_HEAP) && OU_TYPE_OF(vm, params)->s.len;
        OuObj *missing = NULL;
        name = ou_str_intern_s(vm, "__missing__");
        has = name ? ou_lookup_attr(vm, params, name, &missing) : -1;
        ou_xdecref(vm, name);
        ou_xdecref(vm, missing);
        if (has < 0)
            return -1;
        sequence = sequence && !has;
    }
    if (sequence) {
        ou_ssize n = ou_len(vm, params);
        if (n < 0)
            return -1;
        if (n != wanted)
            return ou_sqlite_raise_i(
                vm, st, ProgrammingError,
                "Incorrect number of bindings supplied. The current statement uses %d, and "
                "there are %zd supplied.",
                wanted, n);
        for (int i = 0; i < wanted; i++) {
            OuObj *v;
            if (list && (size_t)i < OU_LIST(params)->n)
                v = ou_ref(OU_LIST(params)->items[i]);
            else
                v = ou_getitem_i(vm, params, i);
            if (!v || bind_one(vm, st, s->st, i + 1, v) < 0)
                return -1;
        }
        return 0;
    }
    if (!ou_isa_dict(vm, params) && !OU_TYPE_OF(vm, params)->s.getitem)
        return ou_sqlite_raise_i(vm, st, ProgrammingError, "parameters are of unsupported type");
    for (int i = 1; i <= wanted; i++) {
        const char *name = l->bind_parameter_name(s->st, i);
        if (!name)
            return ou_sqlite_raise_i(
                vm, st, ProgrammingError,
                "Binding %d has no name, but you supplied a dictionary (which has only names).", i);
        OuObj *key = ou_str_new(vm, name + 1, -1), *v = NULL;
        if (!key)
            return -1;
        if (ou_is(params, dict)) {
            if (ou_dict_lookup(vm, params, key, &v) < 0) {
                ou_decref(vm, key);
                return -1;
            }
        } else {
            v = ou_getitem(vm, params, key);
        }
        ou_decref(vm, key);
        if (!v) {
            if (!ou_err_occurred(vm) || ou_err_is(vm, OU_EXC(vm, LookupError))) {
                ou_err_clear(vm);
                return ou_sqlite_raise_i(vm, st, ProgrammingError,
                                         "You did not supply a value for binding parameter :%s.", name + 1);
            }
            return -1;
        }
        if (bind_one(vm, st, s->st, i, v) < 0)
            return -1;
    }
    return 0;
}

/* ---- rows ---- */
OuObj *ou_sqlite_upper(OuVM *vm, const char *s, size_t n)
{
    OuObj *t = ou_str_new(vm, s, (ou_ssize)n), *name = t ? ou_str_intern_s(vm, "upper") : NULL;
    OuObj *r = name ? ou_call_method(vm, t, name, 0) : NULL;
    ou_xdecref(vm, t);
    ou_xdecref(vm, name);
    return r;
}

OuObj *ou_sqlite_casts(OuVM *vm, OuSqliteConn *c, OuSqliteStmt *s)
{
    OuSqliteState *st = c->st;
    if (!c->detect_types)
        return NULL;
    int n = st->lib.column_count(s->st);
    OuObj *t = ou_tuple_new(vm, (size_t)n);
    for (int i = 0; t && i < n; i++) {
        OuObj *f = NULL, *key;
        if (c->detect_types & OU_SQLITE_COLNAMES) {
            const char *name = st->lib.column_name(s->st, i), *open = name ? strchr(name, '[') : NULL;
            const char *end = open ? strchr(open, ']') : NULL;
            if (end) {
                key = ou_sqlite_upper(vm, open + 1, (size_t)(end - open - 1));
                if (!key || ou_dict_lookup(vm, st->converters, key, &f) < 0)
                    ou_clear(vm, t);
                ou_xdecref(vm, key);
            }
        }
        if (t && !f && (c->detect_types & OU_SQLITE_DECLTYPES)) {
            const char *type = st->lib.column_decltype(s->st, i);
            if (type) {
                key = ou_sqlite_upper(vm, type, strcspn(type, " ("));
                if (!key || ou_dict_lookup(vm, st->converters, key, &f) < 0)
                    ou_clear(vm, t);
                ou_xdecref(vm, key);
            }
        }
        if (t)
            OU_TUPLE(t)->items[i] = f ? f : ou_none(vm);
    }
    return t;
}

static OuObj *text_column(OuVM *vm, OuSqliteConn *c, sqlite3_stmt *s, int i)
{
    const OuSqliteLib *l = &c->st->lib;
    const char *p = (const char *)l->column_text(s, i);
    int n = l->column_bytes(s, i);
    if (!p)
        return l->errcode(c->db) == SQL_NOMEM ? ou_raise_memory(vm) : ou_none(vm);
    OuObj *f = c->text_factory;
    if (!f) /* deleted */
        f = (OuObj *)&vm->builtin[OU_T_str];
    if (f == (OuObj *)&vm->builtin[OU_T_str]) {
        OuObj *r = ou_str_decode(vm, p, (size_t)n, "utf-8", "strict");
        if (!r && ou_err_is(vm, OU_EXC(vm, UnicodeDecodeError))) {
            ou_err_clear(vm);
            OuObj *shown = ou_str_decode(vm, p, (size_t)n, "ascii", "replace");
            const char *name = l->column_name(s, i);
            if (shown && name)
                ou_sqlite_raise(vm, c->st, OperationalError,
                                "Could not decode to UTF-8 column '%s' with text '%U'", name, shown);
            else if (shown)
                ou_raise_memory(vm);
            ou_xdecref(vm, shown);
        }
        return r;
    }
    if (f == (OuObj *)&vm->builtin[OU_T_bytes])
        return ou_bytes_new(vm, p, n);
    if (f == (OuObj *)&vm->builtin[OU_T_bytearray])
        return ou_bytearray_new(vm, p, n);
    OuObj *b = ou_bytes_new(vm, p, n);
    ou_incref(f); /* it may set another */
    OuObj *r = b ? ou_call1(vm, f, b) : NULL;
    ou_decref(vm, f);
    ou_xdecref(vm, b);
    return r;
}

static OuObj *column(OuVM *vm, OuSqliteCursor *cur, sqlite3_stmt *s, int i)
{
    OuSqliteConn *c = cur->conn;
    const OuSqliteLib *l = &c->st->lib;
    OuObj *cast = cur->casts && (size_t)i < OU_TUPLE(cur->casts)->n ? OU_TUPLE(cur->casts)->items[i] : NULL;
    int type = l->column_type(s, i);
    if (cast && cast != OU_NONE(vm)) {
        const void *p = l->column_blob(s, i);
        if (!p)
            return l->errcode(c->db) == SQL_NOMEM ? ou_raise_memory(vm) : ou_none(vm);
        OuObj *b = ou_bytes_new(vm, p, l->column_bytes(s, i));
        ou_incref(cast);
        OuObj *r = b ? ou_call1(vm, cast, b) : NULL;
        ou_decref(vm, cast);
        ou_xdecref(vm, b);
        return r;
    }
    switch (type) {
    case SQL_INTEGER:
        return ou_int(vm, l->column_int64(s, i));
    case SQL_FLOAT:
        return ou_float(vm, l->column_double(s, i));
    case SQL_TEXT:
        return text_column(vm, c, s, i);
    case SQL_BLOB: {
        const void *p = l->column_blob(s, i);
        if (!p && l->errcode(c->db) == SQL_NOMEM)
            return ou_raise_memory(vm);
        return ou_bytes_new(vm, p ? p : "", l->column_bytes(s, i));
    }
    default:
        return ou_none(vm);
    }
}

OuObj *ou_sqlite_fetch(OuVM *vm, OuSqliteCursor *cur)
{
    OuSqliteStmt *s = ou_ref(cur->stmt);
    int n = cur->conn->st->lib.data_count(s->st);
    OuObj *row =
        ou_list_new(vm, 0); /* not a tuple: converters may look at half of it through the collector */
    for (int i = 0; row && i < n; i++) {
        OuObj *v = column(vm, cur, s->st, i);
        if (!v || ou_list_append_take(vm, row, v) < 0)
            ou_clear(vm, row);
    }
    ou_decref(vm, s);
    OuObj *t = row ? ou_list_to_tuple(vm, row) : NULL;
    ou_xdecref(vm, row);
    return t;
}
