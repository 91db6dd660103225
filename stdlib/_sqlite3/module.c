/* stdlib/_sqlite3/module.c - module _sqlite3 over libsqlite3, which is opened on first import: the C side of sqlite3.
 *
 * Matched: CPython 3.11's module.  Better: the collector sees what SQL functions hold (hooks.c). */
#include "stdlib/library.h"
#include "stdlib/support.h"
#include "sqlite.h"
#include "vm/audit.h"

static int open_lib(OuVM *vm, OuSqliteLib *l)
{
    static const OuLibrary library = {"libsqlite3", "libsqlite3-0", {"libsqlite3.so.0"}};
    const OuSymbol symbols[] = {
#define X(result, name, params) {"sqlite3_" #name, (void **)&l->name},
        OU_SQLITE_FUNCTIONS(X)
#undef X
    };
    return ou_library_open(vm, OU_EXC(vm, ImportError), &library, symbols, sizeof symbols / sizeof *symbols);
}

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* connect(...): the factory called with the same arguments. */
FN(f_connect)
{
    OuObj *factory = (OuObj *)ou_sqlite_state(vm)->connection;
    if (nargs > 5)
        factory = args[5];
    for (size_t i = 0; kwnames && i < OU_TUPLE(kwnames)->n; i++)
        if (ou_str_eq_s(OU_TUPLE(kwnames)->items[i], "factory"))
            factory = args[nargs + i];
    return ou_call(vm, factory, args, nargs, kwnames);
}

FN(f_complete_statement)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "complete_statement() argument 'statement' must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    if (ou_str_utf8(vm, args[0], &u, false) < 0)
        return NULL;
    int r = ou_sqlite_state(vm)->lib.complete(u.s);
    ou_utf8_free(vm, &u);
    return ou_bool(vm, r);
}

FN(f_enable_shared_cache)
{
    OuSqliteState *st = ou_sqlite_state(vm);
    int on;
    if (ou_as_int(vm, args[0], &on) < 0)
        return NULL;
    if (st->lib.enable_shared_cache(on) != SQL_OK)
        return ou_sqlite_raise(vm, st, OperationalError, "Changing the shared_cache flag failed");
    return ou_none(vm);
}

FN(f_enable_callback_tracebacks)
{
    int on;
    if (ou_as_int(vm, args[0], &on) < 0)
        return NULL;
    ou_sqlite_state(vm)->tracebacks = on != 0;
    return ou_none(vm);
}

FN(f_register_adapter)
{
    OuSqliteState *st = ou_sqlite_state(vm);
    if (!ou_isa_type(vm, args[0]))
        return ou_type_error(vm, "register_adapter() argument 1 must be type, not %s",
                             ou_arg_type_name(vm, args[0]));
    if (args[0] == (OuObj *)&vm->builtin[OU_T_int] || args[0] == (OuObj *)&vm->builtin[OU_T_float] ||
        args[0] == (OuObj *)&vm->builtin[OU_T_str] || args[0] == (OuObj *)&vm->builtin[OU_T_bytearray])
        st->base_adapted = true;
    OuObj *key = ou_tuple_pack(vm, 2, args[0], st->protocol);
    int r = key ? ou_dict_set(vm, st->adapters, key, args[1]) : -1;
    ou_xdecref(vm, key);
    return r < 0 ? NULL : ou_none(vm);
}

FN(f_register_converter)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "register_converter() argument 1 must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    if (ou_str_utf8(vm, args[0], &u, false) < 0)
        return NULL;
    OuObj *key = ou_sqlite_upper(vm, u.s, u.n);
    ou_utf8_free(vm, &u);
    int r = key ? ou_dict_set(vm, ou_sqlite_state(vm)->converters, key, args[1]) : -1;
    ou_xdecref(vm, key);
    return r < 0 ? NULL : ou_none(vm);
}

FN(f_adapt)
{
    OuSqliteState *st = ou_sqlite_state(vm);
    return ou_sqlite_adapt(vm, st, args[0], args[1] ? args[1] : (OuObj *)st->protocol, args[2]);
}

static OuObj *protocol_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}
static int protocol_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return 0;
}
const OuTypeSpec ou_sqlite_protocol_spec = {
    .name = "sqlite3.PrepareProtocol",
    .size = sizeof(OuObj),
    .flags = OU_TYPE_BASE,
    .doc = "PEP 246 style object adaption protocol type.",
    .dealloc = ou_free_object,
    .s = {.new_ = protocol_new, .init = protocol_init},
};

static int add_exceptions(OuVM *vm, OuObj *m, OuSqliteState *st)
{
    static const struct {
        const char *name;
        int base;
    } rows[] = {
#define X(name, base) {#name, base},
        OU_SQLITE_EXCEPTIONS(X)
#undef X
    };
    for (int i = 0; i < SQL_EXCEPTIONS; i++) {
        OuType *base = rows[i].base < 0 ? OU_EXC(vm, Exception) : OU_AS_TYPE(st->exc[rows[i].base]);
        if (!(st->exc[i] = ou_module_add_exception(vm, m, "sqlite3", rows[i].name, base)))
            return -1;
    }
    return 0;
}

static int exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow ints[] = {{"PARSE_DECLTYPES", OU_SQLITE_DECLTYPES},
                                    {"PARSE_COLNAMES", OU_SQLITE_COLNAMES},
#define ERROR(name, value) {#name, value},
#define CONST(name, value) {#name, value},
#include "consts.def"
#undef ERROR
#undef CONST
                                    {0}};
    OuSqliteState *st = ((OuModule *)m)->state;
    if (open_lib(vm, &st->lib) < 0)
        return -1;
    if (st->lib.libversion_number() < 3037000)
        return ou_raise_i(vm, OU_EXC(vm, ImportError), "_sqlite3: SQLite 3.37 or higher required");
    if (st->lib.initialize() != SQL_OK)
        return ou_raise_i(vm, OU_EXC(vm, ImportError), "libsqlite3 could not be initialised");
    if (!(st->lru_cache = ou_import_attr(vm, "functools", "lru_cache")) ||
        !(st->connection = ou_module_add_type(vm, m, &ou_sqlite_connection_spec, NULL)) ||
        !(st->cursor = ou_module_add_type(vm, m, &ou_sqlite_cursor_spec, NULL)) ||
        !(st->row = ou_module_add_type(vm, m, &ou_sqlite_row_spec, NULL)) ||
        !(st->blob = ou_module_add_type(vm, m, &ou_sqlite_blob_spec, NULL)) ||
        !(st->protocol = ou_module_add_type(vm, m, &ou_sqlite_protocol_spec, NULL)) ||
        !(st->statement = ou_type_from_spec(vm, &ou_sqlite_statement_spec, NULL)) ||
        !(st->adapters = ou_dict_new(vm)) || !(st->converters = ou_dict_new(vm)) ||
        add_exceptions(vm, m, st) < 0 || ou_module_add_ints(vm, m, ints) < 0)
        return -1;
    int safe = st->lib.threadsafe(); /* 0, 1, 2 as DB-API's 0, 3, 1 */
    return ou_module_add(vm, m, "adapters", ou_ref(st->adapters)) < 0 ||
                   ou_module_add(vm, m, "converters", ou_ref(st->converters)) < 0 ||
                   ou_module_add_int(vm, m, "threadsafety",
                                     safe == 1   ? 3
                                     : safe == 2 ? 1
                                                 : 0) < 0 ||
                   ou_module_add_str(vm, m, "version", "2.6.0") < 0 ||
                   ou_module_add_str(vm, m, "sqlite_version", st->lib.libversion()) < 0
               ? -1
               : 0;
}

static int traverse(void *p, OuVisit visit, void *arg)
{
    OuSqliteState *st = p;
    for (int i = 0; i < SQL_EXCEPTIONS; i++)
        OU_VISIT(st->exc[i]);
    OU_VISIT(st->adapters);
    OU_VISIT(st->converters);
    OU_VISIT(st->lru_cache);
    return 0;
}

static void clear(OuVM *vm, void *p)
{
    OuSqliteState *st = p;
    for (int i = 0; i < SQL_EXCEPTIONS; i++)
        ou_clear(vm, st->exc[i]);
    ou_clear(vm, st->adapters);
    ou_clear(vm, st->converters);
    ou_clear(vm, st->lru_cache);
}

static const OuFn functions[] = {
    {"adapt(obj, proto=PrepareProtocolType, alt=<unrepresentable>, /)", f_adapt, 0,
     "Adapt given object to given protocol."},
    {"complete_statement(statement)", f_complete_statement, 0,
     "Checks if a string contains a complete SQL statement."},
    {"connect(database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, "
     "factory=ConnectionType, cached_statements=128, uri=False)",
     f_connect, OU_FN_RAW, "Opens a connection to the SQLite database file database."},
    {"enable_callback_tracebacks(enable, /)", f_enable_callback_tracebacks, 0,
     "Enable or disable callback functions throwing errors to stderr."},
    {"enable_shared_cache(do_enable)", f_enable_shared_cache, 0,
     "Enable or disable shared cache mode for the calling thread."},
    {"register_adapter(type, adapter, /)", f_register_adapter, 0,
     "Register a function to adapt Python objects to SQLite values."},
    {"register_converter(typename, converter, /)", f_register_converter, 0,
     "Register a function to convert SQLite values to Python objects."},
    {0}};
const OuModuleDef ou_mod__sqlite3 = {
    .name = "_sqlite3",
    .functions = functions,
    .state_size = sizeof(OuSqliteState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
