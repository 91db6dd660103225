/* stdlib/_sqlite3/statement.c - a prepared statement (not visible to scripts but through the statement cache). */
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "sqlite.h"

static void stmt_dealloc(OuVM *vm, OuObj *o)
{
    OuSqliteStmt *s = (OuSqliteStmt *)o;
    ou_gc_untrack(&vm->heap, o);
    if (s->st)
        OU_SQLITE(s->conn, s->conn->st->lib.finalize(s->st));
    ou_xdecref(vm, s->conn);
    ou_free_object(vm, o);
}

static int stmt_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuSqliteStmt *)o)->conn);
    return 0;
}

/* Past white space and comments. */
static const char *skip(const char *s)
{
    for (;;) {
        if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r' || *s == '\f') {
            s++;
        } else if (s[0] == '-' && s[1] == '-') {
            while (*s && *s != '\n')
                s++;
        } else if (s[0] == '/' && s[1] == '*') {
            const char *end = strstr(s + 2, "*/");
            if (!end)
                return s + strlen(s);
            s = end + 2;
        } else {
            return s;
        }
    }
}

OuSqliteStmt *ou_sqlite_statement(OuVM *vm, OuSqliteConn *c, OuObj *sql)
{
    OuSqliteState *st = c->st;
    OuSqliteStmt *s = NULL;
    sqlite3_stmt *p = NULL;
    const char *tail = NULL;
    OuUtf8 u;
    int rc, max = st->lib.limit(c->db, 1, -1); /* LIMIT_SQL_LENGTH */
    if (ou_str_utf8(vm, sql, &u, false) < 0)
        return NULL;
    if (u.n > (size_t)max) {
        ou_sqlite_raise(vm, st, DataError, "query string is too large");
        goto done;
    }
    if (memchr(u.s, 0, u.n)) {
        ou_sqlite_raise(vm, st, ProgrammingError, "the query contains a null character");
        goto done;
    }
    OU_SQLITE(c, rc = st->lib.prepare_v2(c->db, u.s, (int)u.n + 1, &p, &tail));
    if (rc != SQL_OK) {
        ou_sqlite_error(vm, st, c->db);
        goto done;
    }
    if (*skip(tail)) {
        ou_sqlite_raise(vm, st, ProgrammingError, "You can only execute one statement at a time.");
        goto done;
    }
    if ((s = (OuSqliteStmt *)ou_type_alloc(vm, st->statement, 0))) {
        const char *w = skip(u.s);
        s->conn = ou_ref(c);
        s->st = p;
        p = NULL;
        s->is_dml = !strncasecmp(w, "insert", 6) || !strncasecmp(w, "update", 6) ||
                    !strncasecmp(w, "delete", 6) || !strncasecmp(w, "replace", 7);
    }
done:
    if (p)
        OU_SQLITE(c, st->lib.finalize(p));
    ou_utf8_free(vm, &u);
    return s;
}

int ou_sqlite_step(OuSqliteStmt *s)
{
    int rc;
    OU_SQLITE(s->conn, rc = s->st ? s->conn->st->lib.step(s->st) : SQL_DONE /* an empty text */);
    return rc;
}

void ou_sqlite_reset(OuSqliteStmt *s)
{
    if (s->st)
        OU_SQLITE(s->conn, s->conn->st->lib.reset(s->st));
}

const OuTypeSpec ou_sqlite_statement_spec = {
    .name = "sqlite3.Statement",
    .size = sizeof(OuSqliteStmt),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = stmt_dealloc,
    .traverse = stmt_traverse,
};
