/* stdlib/_sqlite3/errors.c - result codes to exceptions. */
#include "sqlite.h"

static const char *code_name(int code)
{
    switch (code) {
#define ERROR(name, value) \
    case value:            \
        return #name;
#define CONST(name, value)
#include "consts.def"
#undef ERROR
#undef CONST
    }
    return "unknown";
}

static OuSqliteException class_of(int code)
{
    switch (code & 0xff) {
    case 2:  /* INTERNAL */
    case 12: /* NOTFOUND */
        return SQL_InternalError;
    case 1: /* ERROR */
    case 3: /* PERM, ABORT, BUSY, LOCKED */
    case 4:
    case 5:
    case 6:
    case 8: /* READONLY, INTERRUPT, IOERR */
    case 9:
    case 10:
    case 13: /* FULL, CANTOPEN, PROTOCOL, EMPTY, SCHEMA */
    case 14:
    case 15:
    case 16:
    case 17:
        return SQL_OperationalError;
    case 18: /* TOOBIG */
        return SQL_DataError;
    case 19: /* CONSTRAINT, MISMATCH */
    case 20:
        return SQL_IntegrityError;
    case 21: /* MISUSE, RANGE */
    case 25:
        return SQL_InterfaceError;
    }
    return SQL_DatabaseError;
}

int ou_sqlite_error_code(OuVM *vm, OuSqliteState *st, int code, const char *message)
{
    OuObj *before = ou_err_fetch(vm);
    if ((code & 0xff) == SQL_NOMEM) {
        ou_raise_memory(vm);
    } else {
        OuObj *text = ou_str_new(vm, message, -1);
        OuObj *e = text ? ou_call1(vm, st->exc[class_of(code)], text) : NULL,
              *n = e ? ou_int(vm, code) : NULL, *name = n ? ou_str_new(vm, code_name(code), -1) : NULL;
        if (name && ou_setattr_s(vm, e, "sqlite_errorcode", n) == 0 &&
            ou_setattr_s(vm, e, "sqlite_errorname", name) == 0)
            ou_raise_obj(vm, e);
        ou_xdecref(vm, text);
        ou_xdecref(vm, e);
        ou_xdecref(vm, n);
        ou_xdecref(vm, name);
    }
    if (before) {
        OuObj *now = ou_err_fetch(vm);
        ou_exc_set_context(vm, now, before);
        ou_err_restore(vm, now);
    }
    return -1;
}

int ou_sqlite_error(OuVM *vm, OuSqliteState *st, sqlite3 *db)
{
    if (st->lib.errcode(db) == SQL_OK)
        return ou_err_occurred(vm) ? -1 : 0;
    return ou_sqlite_error_code(vm, st, st->lib.extended_errcode(db), st->lib.errmsg(db));
}

void ou_sqlite_drop_error(OuVM *vm, OuSqliteState *st, OuObj *callable)
{
    if (st->tracebacks)
        ou_err_unraisable(vm, callable, NULL);
    else
        ou_err_clear(vm);
}
