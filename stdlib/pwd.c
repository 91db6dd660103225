/* stdlib/pwd.c - modules pwd, grp and spwd: the databases of users, groups and shadow passwords. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>

#include "stdlib/posix/posix.h"
#include "support.h"
#include "vm/structseq.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static OuObj *text(OuVM *vm, const char *s)
{
    return s ? ou_fs_decode(vm, s, -1) : ou_none(vm);
}

/* (uid_t)-1 is shown as -1. */
static OuObj *id_object(OuVM *vm, unsigned id)
{
    return id == (unsigned)-1 ? ou_int(vm, -1) : ou_int(vm, id);
}

/* A name argument in the encoding of the file system; out new. */
static int name_argument(OuVM *vm, OuObj *o, const char *fn, const char *what, OuObj **out)
{
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s() argument%s must be str, not %s", fn, what, ou_arg_type_name(vm, o));
    return ou_fs_path(vm, o, out);
}

static OuObj *not_found(OuVM *vm, const char *what, OuObj *key)
{
    OuObj *msg = ou_str_fmt(vm, "%s %R", what, key);
    if (msg) {
        ou_raise_value(vm, OU_EXC(vm, KeyError), msg);
        ou_decref(vm, msg);
    }
    return NULL;
}

static OuObj *id_not_found(OuVM *vm, const char *what, unsigned id)
{
    OuObj *o = id_object(vm, id);
    if (o) {
        not_found(vm, what, o);
        ou_decref(vm, o);
    }
    return NULL;
}

/* List of what next gives, up to NULL, between opening and closing the database. */
static OuObj *entries(OuVM *vm, void (*open)(void), OuObj *(*next)(OuVM *), void (*close)(void))
{
    OuObj *list = ou_list_new(vm, 0), *e;
    open();
    while (list && (e = next(vm)))
        if (ou_list_append_take(vm, list, e) < 0)
            ou_clear(vm, list);
    close();
    if (ou_err_occurred(vm))
        ou_clear(vm, list);
    return list;
}

/* ---- pwd ---- */

static const OuGetSet passwd_fields[] = {
    OU_SEQ_FIELD(0, "pw_name", "user name"),      OU_SEQ_FIELD(1, "pw_passwd", "password"),
    OU_SEQ_FIELD(2, "pw_uid", "user id"),         OU_SEQ_FIELD(3, "pw_gid", "group id"),
    OU_SEQ_FIELD(4, "pw_gecos", "real name"),     OU_SEQ_FIELD(5, "pw_dir", "home directory"),
    OU_SEQ_FIELD(6, "pw_shell", "shell program"), {0}};
static const OuStructSeq passwd_desc = {
    OU_STRUCTSEQ(
        "pwd.struct_passwd",
        "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple "
        "of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as "
        "named in the above tuple.",
        passwd_fields),
    .visible = 7, .total = 7};

static OuObj *passwd(OuVM *vm, const struct passwd *p)
{
    OuObj *o = ou_structseq_of(vm, &passwd_desc);
    if (!o)
        return NULL;
    OuObj **v = OU_TUPLE(o)->items;
    v[0] = text(vm, p->pw_name);
    v[1] = text(vm, p->pw_passwd);
    v[2] = id_object(vm, p->pw_uid);
    v[3] = id_object(vm, p->pw_gid);
    v[4] = text(vm, p->pw_gecos);
    v[5] = text(vm, p->pw_dir);
    v[6] = text(vm, p->pw_shell);
    return ou_structseq_done(vm, o);
}

FN(pwd_getpwuid)
{
    unsigned uid;
    struct passwd pw, *p = NULL;
    char buf[16384];
    if (ou_posix_id(vm, args[0], "uid", &uid) < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, OverflowError)))
            return NULL;
        ou_err_clear(vm);
        return ou_raise(vm, OU_EXC(vm, KeyError), "getpwuid(): uid not found");
    }
    OU_BLOCKING(vm, getpwuid_r(uid, &pw, buf, sizeof buf, &p));
    return p ? passwd(vm, p) : id_not_found(vm, "getpwuid(): uid not found:", uid);
}

FN(pwd_getpwnam)
{
    OuObj *name;
    struct passwd pw, *p = NULL;
    char buf[16384];
    if (name_argument(vm, args[0], "getpwnam", "", &name) < 0)
        return NULL;
    const char *s = OU_BYTES(name)->data;
    OU_BLOCKING(vm, getpwnam_r(s, &pw, buf, sizeof buf, &p));
    ou_decref(vm, name);
    return p ? passwd(vm, p) : not_found(vm, "getpwnam(): name not found:", args[0]);
}

static OuObj *next_passwd(OuVM *vm)
{
    const struct passwd *e = getpwent();
    return e ? passwd(vm, e) : NULL;
}

FN(pwd_getpwall)
{
    return entries(vm, setpwent, next_passwd, endpwent);
}

static int pwd_exec(OuVM *vm, OuObj *m)
{
    return ou_structseq_type(vm, m, &passwd_desc) ? 0 : -1;
}

static const OuFn pwd_functions[] = {
    {"getpwuid(uidobj, /)", pwd_getpwuid, 0,
     "Return the password database entry for the given numeric user ID."},
    {"getpwnam(name, /)", pwd_getpwnam, 0, "Return the password database entry for the given user name."},
    {"getpwall()", pwd_getpwall, 0,
     "Return a list of all available password database entries, in arbitrary order."},
    {0},
};
const OuModuleDef ou_mod_pwd = {
    .name = "pwd",
    .doc =
        "This module provides access to the Unix password database.\nIt is available on all Unix versions.",
    .functions = pwd_functions,
    .exec = pwd_exec,
};

/* ---- grp ---- */

static const OuGetSet group_fields[] = {OU_SEQ_FIELD(0, "gr_name", "group name"),
                                        OU_SEQ_FIELD(1, "gr_passwd", "password"),
                                        OU_SEQ_FIELD(2, "gr_gid", "group id"),
                                        OU_SEQ_FIELD(3, "gr_mem", "group members"),
                                        {0}};
static const OuStructSeq group_desc = {
    OU_STRUCTSEQ(
        "grp.struct_group",
        "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple "
        "of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above "
        "tuple.\n",
        group_fields),
    .visible = 4, .total = 4};

/* A list of the strings of a NULL-ended array. */
static OuObj *texts(OuVM *vm, char **v)
{
    OuObj *list = ou_list_new(vm, 0);
    for (; list && v && *v; v++) {
        OuObj *s = text(vm, *v);
        if (!s || ou_list_append_take(vm, list, s) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static OuObj *group(OuVM *vm, const struct group *g)
{
    OuObj *o = ou_structseq_of(vm, &group_desc);
    if (!o)
        return NULL;
    OuObj **v = OU_TUPLE(o)->items;
    v[0] = text(vm, g->gr_name);
    v[1] = text(vm, g->gr_passwd);
    v[2] = id_object(vm, g->gr_gid);
    v[3] = texts(vm, g->gr_mem);
    return ou_structseq_done(vm, o);
}

FN(grp_getgrgid)
{
    unsigned gid;
    struct group gr, *g = NULL;
    char buf[65536];
    if (ou_posix_id(vm, args[0], "gid", &gid) < 0)
        return NULL;
    OU_BLOCKING(vm, getgrgid_r(gid, &gr, buf, sizeof buf, &g));
    return g ? group(vm, g) : id_not_found(vm, "getgrgid(): gid not found:", gid);
}

FN(grp_getgrnam)
{
    OuObj *name;
    struct group gr, *g = NULL;
    char buf[65536];
    if (name_argument(vm, args[0], "getgrnam", " 'name'", &name) < 0)
        return NULL;
    const char *s = OU_BYTES(name)->data;
    OU_BLOCKING(vm, getgrnam_r(s, &gr, buf, sizeof buf, &g));
    ou_decref(vm, name);
    return g ? group(vm, g) : not_found(vm, "getgrnam(): name not found:", args[0]);
}

static OuObj *next_group(OuVM *vm)
{
    const struct group *e = getgrent();
    return e ? group(vm, e) : NULL;
}

FN(grp_getgrall)
{
    return entries(vm, setgrent, next_group, endgrent);
}

static int grp_exec(OuVM *vm, OuObj *m)
{
    return ou_structseq_type(vm, m, &group_desc) ? 0 : -1;
}

static const OuFn grp_functions[] = {
    {"getgrgid(id)", grp_getgrgid, 0, "Return the group database entry for the given numeric group ID."},
    {"getgrnam(name)", grp_getgrnam, 0, "Return the group database entry for the given group name."},
    {"getgrall()", grp_getgrall, 0, "Return a list of all available group entries, in arbitrary order."},
    {0},
};
const OuModuleDef ou_mod_grp = {
    .name = "grp",
    .doc = "Access to the Unix group database.",
    .functions = grp_functions,
    .exec = grp_exec,
};

/* ---- spwd ---- */

static const OuGetSet shadow_fields[] = {
    OU_SEQ_FIELD(0, "sp_namp", "login name"),
    OU_SEQ_FIELD(1, "sp_pwdp", "encrypted password"),
    OU_SEQ_FIELD(2, "sp_lstchg", "date of last change"),
    OU_SEQ_FIELD(3, "sp_min", "min #days between changes"),
    OU_SEQ_FIELD(4, "sp_max", "max #days between changes"),
    OU_SEQ_FIELD(5, "sp_warn", "#days before pw expires to warn user about it"),
    OU_SEQ_FIELD(6, "sp_inact", "#days after pw expires until account is disabled"),
    OU_SEQ_FIELD(7, "sp_expire", "#days since 1970-01-01 when account expires"),
    OU_SEQ_FIELD(8, "sp_flag", "reserved"),
    OU_SEQ_FIELD(9, "sp_nam", "login name; deprecated"),
    OU_SEQ_FIELD(10, "sp_pwd", "encrypted password; deprecated"),
    {0}};
static const OuStructSeq shadow_desc = {
    OU_STRUCTSEQ("spwd.struct_spwd", "spwd.struct_spwd: Results from getsp*() routines.", shadow_fields),
    .visible = 9, .total = 11};

static OuObj *shadow(OuVM *vm, const struct spwd *p)
{
    OuObj *o = ou_structseq_of(vm, &shadow_desc);
    if (!o)
        return NULL;
    OuObj **v = OU_TUPLE(o)->items;
    const long days[] = {p->sp_lstchg, p->sp_min,    p->sp_max,       p->sp_warn,
                         p->sp_inact,  p->sp_expire, (long)p->sp_flag};
    v[0] = text(vm, p->sp_namp);
    v[1] = text(vm, p->sp_pwdp);
    for (int i = 0; i < 7; i++)
        v[2 + i] = ou_int(vm, days[i]);
    v[9] = v[0] ? ou_ref(v[0]) : NULL;
    v[10] = v[1] ? ou_ref(v[1]) : NULL;
    return ou_structseq_done(vm, o);
}

FN(spwd_getspnam)
{
    OuObj *name;
    if (name_argument(vm, args[0], "getspnam", "", &name) < 0)
        return NULL;
    errno = 0;
    struct spwd *p = getspnam(OU_BYTES(name)->data);
    ou_decref(vm, name);
    if (p)
        return shadow(vm, p);
    return errno ? ou_raise_errno(vm, errno, NULL)
                 : ou_raise(vm, OU_EXC(vm, KeyError), "getspnam(): name not found");
}

static OuObj *next_shadow(OuVM *vm)
{
    const struct spwd *e = getspent();
    return e ? shadow(vm, e) : NULL;
}

FN(spwd_getspall)
{
    return entries(vm, setspent, next_shadow, endspent);
}

static int spwd_exec(OuVM *vm, OuObj *m)
{
    if (ou_warn(vm, OU_EXC(vm, DeprecationWarning), 7,
                "'spwd' is deprecated and slated for removal in Python 3.13") < 0)
        return -1;
    return ou_structseq_type(vm, m, &shadow_desc) ? 0 : -1;
}

static const OuFn spwd_functions[] = {
    {"getspnam(arg, /)", spwd_getspnam, 0,
     "Return the shadow password database entry for the given user name."},
    {"getspall()", spwd_getspall, 0, "Return a list of all available shadow password database entries."},
    {0},
};
const OuModuleDef ou_mod_spwd = {
    .name = "spwd",
    .doc = "This module provides access to the Unix shadow password database.",
    .functions = spwd_functions,
    .exec = spwd_exec,
};
