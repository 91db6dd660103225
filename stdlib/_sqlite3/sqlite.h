/* stdlib/_sqlite3/sqlite.h - inside of module _sqlite3: libsqlite3's interface (opened on first import) and the objects.
 *
 * Threads: a connection's library calls run without the VM's lock, between ou_sqlite_enter and ou_sqlite_leave, which also hold
 * the connection's own (recursive) mutex.  A callback of the library takes the VM's lock back by ou_sqlite_call_begin. */
#ifndef OU_STDLIB_SQLITE3_SQLITE_H
#define OU_STDLIB_SQLITE3_SQLITE_H

#include <pthread.h>

#include "vm/native.h"

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_value sqlite3_value;
typedef struct sqlite3_context sqlite3_context;
typedef struct sqlite3_blob sqlite3_blob;
typedef struct sqlite3_backup sqlite3_backup;
typedef void (*OuSqlFn)(sqlite3_context *, int, sqlite3_value **);
typedef void (*OuSqlEnd)(sqlite3_context *);

/* X(result, name without sqlite3_, parameters) */
#define OU_SQLITE_FUNCTIONS(X)                                                                              \
    X(const char *, libversion, (void))                                                                     \
    X(int, libversion_number, (void))                                                                       \
    X(int, threadsafe, (void))                                                                              \
    X(int, initialize, (void))                                                                              \
    X(int, complete, (const char *))                                                                        \
    X(int, enable_shared_cache, (int))                                                                      \
    X(int, open_v2, (const char *, sqlite3 **, int, const char *))                                          \
    X(int, close_v2, (sqlite3 *))                                                                           \
    X(int, busy_timeout, (sqlite3 *, int))                                                                  \
    X(int, errcode, (sqlite3 *))                                                                            \
    X(int, extended_errcode, (sqlite3 *))                                                                   \
    X(const char *, errmsg, (sqlite3 *))                                                                    \
    X(const char *, errstr, (int))                                                                          \
    X(int, get_autocommit, (sqlite3 *))                                                                     \
    X(int, total_changes, (sqlite3 *))                                                                      \
    X(int, changes, (sqlite3 *))                                                                            \
    X(int64_t, last_insert_rowid, (sqlite3 *))                                                              \
    X(void, interrupt, (sqlite3 *))                                                                         \
    X(int, limit, (sqlite3 *, int, int))                                                                    \
    X(int, prepare_v2, (sqlite3 *, const char *, int, sqlite3_stmt **, const char **))                      \
    X(int, step, (sqlite3_stmt *))                                                                          \
    X(int, reset, (sqlite3_stmt *))                                                                         \
    X(int, finalize, (sqlite3_stmt *))                                                                      \
    X(int, stmt_busy, (sqlite3_stmt *))                                                                     \
    X(int, stmt_readonly, (sqlite3_stmt *))                                                                 \
    X(const char *, sql, (sqlite3_stmt *))                                                                  \
    X(char *, expanded_sql, (sqlite3_stmt *))                                                               \
    X(sqlite3 *, db_handle, (sqlite3_stmt *))                                                               \
    X(int, bind_parameter_count, (sqlite3_stmt *))                                                          \
    X(const char *, bind_parameter_name, (sqlite3_stmt *, int))                                             \
    X(int, bind_null, (sqlite3_stmt *, int))                                                                \
    X(int, bind_int64, (sqlite3_stmt *, int, int64_t))                                                      \
    X(int, bind_double, (sqlite3_stmt *, int, double))                                                      \
    X(int, bind_text, (sqlite3_stmt *, int, const char *, int, void (*)(void *)))                           \
    X(int, bind_blob, (sqlite3_stmt *, int, const void *, int, void (*)(void *)))                           \
    X(int, column_count, (sqlite3_stmt *))                                                                  \
    X(int, data_count, (sqlite3_stmt *))                                                                    \
    X(const char *, column_name, (sqlite3_stmt *, int))                                                     \
    X(const char *, column_decltype, (sqlite3_stmt *, int))                                                 \
    X(int, column_type, (sqlite3_stmt *, int))                                                              \
    X(int64_t, column_int64, (sqlite3_stmt *, int))                                                         \
    X(double, column_double, (sqlite3_stmt *, int))                                                         \
    X(const unsigned char *, column_text, (sqlite3_stmt *, int))                                            \
    X(const void *, column_blob, (sqlite3_stmt *, int))                                                     \
    X(int, column_bytes, (sqlite3_stmt *, int))                                                             \
    X(int, value_type, (sqlite3_value *))                                                                   \
    X(int64_t, value_int64, (sqlite3_value *))                                                              \
    X(double, value_double, (sqlite3_value *))                                                              \
    X(const unsigned char *, value_text, (sqlite3_value *))                                                 \
    X(const void *, value_blob, (sqlite3_value *))                                                          \
    X(int, value_bytes, (sqlite3_value *))                                                                  \
    X(void *, user_data, (sqlite3_context *))                                                               \
    X(void *, aggregate_context, (sqlite3_context *, int))                                                  \
    X(sqlite3 *, context_db_handle, (sqlite3_context *))                                                    \
    X(void, result_null, (sqlite3_context *))                                                               \
    X(void, result_int64, (sqlite3_context *, int64_t))                                                     \
    X(void, result_double, (sqlite3_context *, double))                                                     \
    X(void, result_text, (sqlite3_context *, const char *, int, void (*)(void *)))                          \
    X(void, result_blob, (sqlite3_context *, const void *, int, void (*)(void *)))                          \
    X(void, result_error, (sqlite3_context *, const char *, int))                                           \
    X(void, result_error_nomem, (sqlite3_context *))                                                        \
    X(void, result_error_toobig, (sqlite3_context *))                                                       \
    X(int, create_function_v2,                                                                              \
      (sqlite3 *, const char *, int, int, void *, OuSqlFn, OuSqlFn, OuSqlEnd, void (*)(void *)))            \
    X(int, create_window_function,                                                                          \
      (sqlite3 *, const char *, int, int, void *, OuSqlFn, OuSqlEnd, OuSqlEnd, OuSqlFn, void (*)(void *)))  \
    X(int, create_collation_v2,                                                                             \
      (sqlite3 *, const char *, int, void *, int (*)(void *, int, const void *, int, const void *),         \
       void (*)(void *)))                                                                                   \
    X(int, set_authorizer,                                                                                  \
      (sqlite3 *, int (*)(void *, int, const char *, const char *, const char *, const char *), void *))    \
    X(void, progress_handler, (sqlite3 *, int, int (*)(void *), void *))                                    \
    X(int, trace_v2, (sqlite3 *, unsigned, int (*)(unsigned, void *, void *, void *), void *))              \
    X(void, free, (void *))                                                                                 \
    X(void *, malloc64, (uint64_t))                                                                         \
    X(unsigned char *, serialize, (sqlite3 *, const char *, int64_t *, unsigned))                           \
    X(int, deserialize, (sqlite3 *, const char *, unsigned char *, int64_t, int64_t, unsigned))             \
    X(int, blob_open, (sqlite3 *, const char *, const char *, const char *, int64_t, int, sqlite3_blob **)) \
    X(int, blob_close, (sqlite3_blob *))                                                                    \
    X(int, blob_bytes, (sqlite3_blob *))                                                                    \
    X(int, blob_read, (sqlite3_blob *, void *, int, int))                                                   \
    X(int, blob_write, (sqlite3_blob *, const void *, int, int))                                            \
    X(sqlite3_backup *, backup_init, (sqlite3 *, const char *, sqlite3 *, const char *))                    \
    X(int, backup_step, (sqlite3_backup *, int))                                                            \
    X(int, backup_finish, (sqlite3_backup *))                                                               \
    X(int, backup_remaining, (sqlite3_backup *))                                                            \
    X(int, backup_pagecount, (sqlite3_backup *))                                                            \
    X(int, sleep, (int))                                                                                    \
    X(int, enable_load_extension, (sqlite3 *, int))                                                         \
    X(int, load_extension, (sqlite3 *, const char *, const char *, char **))

enum { SQL_OK = 0, SQL_BUSY = 5, SQL_LOCKED = 6, SQL_NOMEM = 7, SQL_ROW = 100, SQL_DONE = 101 };
enum { SQL_INTEGER = 1, SQL_FLOAT = 2, SQL_TEXT = 3, SQL_BLOB = 4, SQL_NULL = 5 };
#define SQL_TRANSIENT ((void (*)(void *)) - 1)
enum { OU_SQLITE_DECLTYPES = 1, OU_SQLITE_COLNAMES = 2 };

typedef struct OuSqliteLib {
#define X(result, name, params) result(*name) params;
    OU_SQLITE_FUNCTIONS(X)
#undef X
} OuSqliteLib;

/* Exception classes, in the order of their making: name, base (by number; -1: Exception) */
#define OU_SQLITE_EXCEPTIONS(X)            \
    X(Warning, -1)                         \
    X(Error, -1)                           \
    X(InterfaceError, SQL_Error)           \
    X(DatabaseError, SQL_Error)            \
    X(InternalError, SQL_DatabaseError)    \
    X(OperationalError, SQL_DatabaseError) \
    X(ProgrammingError, SQL_DatabaseError) \
    X(IntegrityError, SQL_DatabaseError)   \
    X(DataError, SQL_DatabaseError)        \
    X(NotSupportedError, SQL_DatabaseError)
typedef enum {
#define X(name, base) SQL_##name,
    OU_SQLITE_EXCEPTIONS(X)
#undef X
        SQL_EXCEPTIONS
} OuSqliteException;

typedef struct OuSqliteState {
    OuSqliteLib lib;
    OuObj *exc[SQL_EXCEPTIONS];
    OuType *connection, *cursor, *row, *blob, *statement, *protocol;
    OuObj *adapters, *converters; /* dicts */
    OuObj *lru_cache;
    bool base_adapted; /* int, float, str or bytearray has an adapter */
    bool tracebacks;
} OuSqliteState;
extern const OuModuleDef ou_mod__sqlite3;
#define ou_sqlite_state(vm) ((OuSqliteState *)ou_module_state(vm, &ou_mod__sqlite3))
#define ou_sqlite_raise(vm, st, Name, ...) ou_raise(vm, OU_AS_TYPE((st)->exc[SQL_##Name]), __VA_ARGS__)
#define ou_sqlite_raise_i(vm, st, Name, ...) ou_raise_i(vm, OU_AS_TYPE((st)->exc[SQL_##Name]), __VA_ARGS__)

typedef struct OuSqliteConn {
    OuObj hdr;
    OuVM *vm;
    OuSqliteState *st;
    sqlite3 *db; /* NULL: closed */
    pthread_mutex_t mutex;
    OuThread *ts; /* inside a library call without the VM's lock: its thread; under mutex */
    bool initialized, check_thread, has_mutex;
    int detect_types;
    const char *isolation; /* "BEGIN..." or NULL: autocommit */
    uint64_t thread;
    OuObj *cache; /* lru_cache over the connection's call */
    OuObj *row_factory, *text_factory;
    OuObj *blobs; /* list of weak references to open Blob objects */
    OuObj *trace, *progress, *authorizer;
    struct OuSqliteHook
        *hooks; /* of its SQL functions and collations (hooks.c), while the library holds them */
} OuSqliteConn;
#define OU_CONN(o) ((OuSqliteConn *)(o))

typedef struct OuSqliteStmt {
    OuObj hdr;
    OuSqliteConn *conn; /* owned: the library is entered by it */
    sqlite3_stmt *st;
    bool is_dml;
} OuSqliteStmt;

typedef struct OuSqliteCursor {
    OuObj hdr;
    OuSqliteConn *conn;
    OuObj *description, *casts, *row_factory, *lastrowid;
    int arraysize;
    int64_t rowcount;
    OuSqliteStmt *stmt;
    bool closed, locked, initialized;
} OuSqliteCursor;
#define OU_CURSOR(o) ((OuSqliteCursor *)(o))

extern const OuTypeSpec ou_sqlite_connection_spec, ou_sqlite_cursor_spec, ou_sqlite_row_spec,
    ou_sqlite_blob_spec, ou_sqlite_statement_spec, ou_sqlite_protocol_spec;

/* ---- errors.c ---- */
/* Raises what db's last result stands for (nothing for OK); an exception in flight becomes its context.  -1 */
int ou_sqlite_error(OuVM *vm, OuSqliteState *st, sqlite3 *db);
/* ... what code stands for, with the library's message.  -1 */
int ou_sqlite_error_code(OuVM *vm, OuSqliteState *st, int code, const char *message);
/* The exception of a callback: to sys.unraisablehook if asked for, else dropped. */
void ou_sqlite_drop_error(OuVM *vm, OuSqliteState *st, OuObj *callable);

/* ---- connection.c ---- */
OuThread *ou_sqlite_enter(OuSqliteConn *c); /* what leave wants back */
void ou_sqlite_leave(OuSqliteConn *c, OuThread *saved);
#define OU_SQLITE(c, statement)                \
    do {                                       \
        OuThread *saved_ = ou_sqlite_enter(c); \
        statement;                             \
        ou_sqlite_leave(c, saved_);            \
    } while (0)
/* Around Python code inside a library call: takes the VM's lock back, if the call let it go; what end wants. */
OuThread *ou_sqlite_call_begin(OuSqliteConn *c);
void ou_sqlite_call_end(OuSqliteConn *c, OuThread *saved);
/* 0, or -1 with ProgrammingError: another thread's connection; a closed one, or __init__ was not called. */
int ou_sqlite_check_thread(OuVM *vm, OuSqliteConn *c);
int ou_sqlite_check_open(OuVM *vm, OuSqliteConn *c);
int ou_sqlite_check(OuVM *vm, OuSqliteConn *c); /* both */
/* Runs one statement without result.  0/-1 */
int ou_sqlite_run(OuVM *vm, OuSqliteConn *c, const char *sql);
OuObj *ou_sqlite_blobopen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
void ou_sqlite_close_blobs(OuVM *vm, OuSqliteConn *c);
OuObj *ou_sqlite_backup(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sqlite_serialize(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sqlite_deserialize(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
#define HOOK(name) OuObj *ou_sqlite_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
HOOK(create_function);
HOOK(create_aggregate);
HOOK(create_window_function);
HOOK(create_collation);
HOOK(set_authorizer);
HOOK(set_progress_handler);
HOOK(set_trace_callback);

/* ---- hooks.c ---- */
void ou_sqlite_note_lib(const OuSqliteLib *l); /* the calling thread enters this library */
/* The callables the library holds for c, for the collector: to visit, and to let go of (their calls fail from then on). */
int ou_sqlite_visit_hooks(OuSqliteConn *c, OuVisit visit, void *arg);
void ou_sqlite_clear_hooks(OuVM *vm, OuSqliteConn *c);

/* ---- statement.c ---- */
/* The first statement of sql (str), prepared: new, or NULL (a warning or error for what follows it). */
OuSqliteStmt *ou_sqlite_statement(OuVM *vm, OuSqliteConn *c, OuObj *sql);
int ou_sqlite_step(OuSqliteStmt *s); /* the library's code: SQL_ROW, SQL_DONE or an error */
void ou_sqlite_reset(OuSqliteStmt *s);

/* ---- values.c ---- */
/* Gives the statement its parameters, a sequence or a mapping.  0/-1 */
int ou_sqlite_bind(OuVM *vm, OuSqliteState *st, OuSqliteStmt *s, OuObj *params);
/* o adapted to proto (PEP 246): by a registered adapter, __adapt__ or __conform__; else alt, or ProgrammingError if that is NULL.
 * new */
OuObj *ou_sqlite_adapt(OuVM *vm, OuSqliteState *st, OuObj *o, OuObj *proto, OuObj *alt);
/* The row the cursor's statement stands on: new tuple. */
OuObj *ou_sqlite_fetch(OuVM *vm, OuSqliteCursor *cur);
/* Tuple of converters (or None) of the columns, or NULL without exception: none asked for. */
OuObj *ou_sqlite_casts(OuVM *vm, OuSqliteConn *c, OuSqliteStmt *s);
/* The key of a converter: n bytes in upper case, as str.  new */
OuObj *ou_sqlite_upper(OuVM *vm, const char *s, size_t n);

#endif
