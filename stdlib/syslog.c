/* stdlib/syslog.c - module syslog: syslog(3); the ident of openlog() is kept by the module, since the C library keeps only its address. */
#include <string.h>
#include <syslog.h>

#include "vm/audit.h"
#include "support.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct State {
    OuObj *ident; /* bytes, which syslog() keeps a pointer to */
    bool open;
} State;
extern const OuModuleDef ou_mod_syslog;

static State *state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod_syslog);
}

/* The script's name without its folders: new str or NULL without exception. */
static OuObj *default_ident(OuVM *vm)
{
    OuObj *argv = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "argv");
    if (!argv || !ou_isa_list(vm, argv) || !OU_LIST(argv)->n || !ou_isa_str(vm, OU_LIST(argv)->items[0]))
        return NULL;
    OuObj *s = OU_LIST(argv)->items[0];
    ou_ssize n = ou_str_len(s), at = n;
    while (at > 0 && ou_str_at(OU_STR(s), at - 1) != '/')
        at--;
    return n ? ou_str_slice(vm, s, at, n) : NULL;
}

static int open_log(OuVM *vm, OuObj *ident, int64_t option, int64_t facility)
{
    State *st = state(vm);
    OuObj *name = ident ? ou_ref(ident) : default_ident(vm), *bytes = NULL;
    if ((!name && ou_err_occurred(vm)) || ou_audit(vm, "syslog.openlog", "Oll", name, option, facility) < 0) {
        ou_xdecref(vm, name);
        return -1;
    }
    int r = name ? ou_fs_path(vm, name, &bytes) : 0;
    ou_xdecref(vm, name);
    if (r < 0)
        return -1;
    OuObj *old = st->ident;
    st->ident = bytes;
    openlog(bytes ? OU_BYTES(bytes)->data : NULL, (int)option, (int)facility);
    st->open = true;
    ou_xdecref(vm, old);
    return 0;
}

FN(syslog_openlog)
{
    int64_t option = 0, facility = LOG_USER;
    if (args[0] && !ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "openlog() argument 1 must be str, not %s", ou_arg_type_name(vm, args[0]));
    if ((args[1] && ou_as_i64(vm, args[1], &option) < 0) ||
        (args[2] && ou_as_i64(vm, args[2], &facility) < 0))
        return NULL;
    return open_log(vm, args[0], option, facility) < 0 ? NULL : ou_none(vm);
}

FN(syslog_syslog)
{
    int priority = LOG_INFO;
    OuObj *msg = args[1] ? args[1] : args[0], *bytes;
    if (args[1] && ou_as_int(vm, args[0], &priority) < 0)
        return NULL;
    if (!ou_isa_str(vm, msg))
        return ou_type_error(vm, "[priority,] message string");
    if (ou_audit(vm, "syslog.syslog", "iO", priority, msg) < 0)
        return NULL;
    if (!state(vm)->open && open_log(vm, NULL, 0, LOG_USER) < 0)
        return NULL;
    if (ou_fs_path(vm, msg, &bytes) < 0)
        return NULL;
    syslog(priority, "%s", OU_BYTES(bytes)->data);
    ou_decref(vm, bytes);
    return ou_none(vm);
}

FN(syslog_closelog)
{
    State *st = state(vm);
    if (st->open) {
        if (ou_audit(vm, "syslog.closelog", "") < 0)
            return NULL;
        closelog();
        ou_clear(vm, st->ident);
        st->open = false;
    }
    return ou_none(vm);
}

FN(syslog_setlogmask)
{
    int64_t mask;
    if (ou_as_i64(vm, args[0], &mask) < 0 || ou_audit(vm, "syslog.setlogmask", "l", mask) < 0)
        return NULL;
    return ou_int(vm, setlogmask((int)mask));
}

FN(syslog_log_mask)
{
    int64_t pri;
    return ou_as_i64(vm, args[0], &pri) < 0 ? NULL : ou_int(vm, LOG_MASK(pri & 31));
}

FN(syslog_log_upto)
{
    int64_t pri;
    return ou_as_i64(vm, args[0], &pri) < 0 ? NULL : ou_int(vm, (int)((2u << (pri & 31)) - 1));
}

static const OuIntRow rows[] = {
    OU_INT_ROW(LOG_EMERG),    OU_INT_ROW(LOG_ALERT),
    OU_INT_ROW(LOG_CRIT),     OU_INT_ROW(LOG_ERR),
    OU_INT_ROW(LOG_WARNING),  OU_INT_ROW(LOG_NOTICE),
    OU_INT_ROW(LOG_INFO),     OU_INT_ROW(LOG_DEBUG),
    OU_INT_ROW(LOG_PID),      OU_INT_ROW(LOG_CONS),
    OU_INT_ROW(LOG_NDELAY),   OU_INT_ROW(LOG_ODELAY),
    OU_INT_ROW(LOG_NOWAIT),   OU_INT_ROW(LOG_PERROR),
    OU_INT_ROW(LOG_KERN),     OU_INT_ROW(LOG_USER),
    OU_INT_ROW(LOG_MAIL),     OU_INT_ROW(LOG_DAEMON),
    OU_INT_ROW(LOG_AUTH),     OU_INT_ROW(LOG_LPR),
    OU_INT_ROW(LOG_LOCAL0),   OU_INT_ROW(LOG_LOCAL1),
    OU_INT_ROW(LOG_LOCAL2),   OU_INT_ROW(LOG_LOCAL3),
    OU_INT_ROW(LOG_LOCAL4),   OU_INT_ROW(LOG_LOCAL5),
    OU_INT_ROW(LOG_LOCAL6),   OU_INT_ROW(LOG_LOCAL7),
    OU_INT_ROW(LOG_SYSLOG),   OU_INT_ROW(LOG_CRON),
    OU_INT_ROW(LOG_UUCP),     OU_INT_ROW(LOG_NEWS),
    OU_INT_ROW(LOG_AUTHPRIV), {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    return ou_module_add_ints(vm, m, rows);
}

static int traverse(void *state_, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)state_)->ident);
    return 0;
}

static const OuFn functions[] = {
    {"openlog(ident=None, logoption=0, facility=LOG_USER)", syslog_openlog, 0, NULL},
    {"closelog()", syslog_closelog, 0, NULL},
    {"syslog(priority, message=None, /)", syslog_syslog, 0, NULL},
    {"setlogmask(mask, /)", syslog_setlogmask, 0, NULL},
    {"LOG_MASK(pri, /)", syslog_log_mask, 0, NULL},
    {"LOG_UPTO(pri, /)", syslog_log_upto, 0, NULL},
    {0},
};
const OuModuleDef ou_mod_syslog = {.name = "syslog",
                                   .functions = functions,
                                   .state_size = sizeof(State),
                                   .exec = exec,
                                   .traverse = traverse};
