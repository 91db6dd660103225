/* stdlib/_locale.c - module _locale over the C library's locales. */
#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "support.h"
#include "vm/config.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct State {
    OuObj *error;
} State;
extern const OuModuleDef ou_mod__locale;

static OuObj *text(OuVM *vm, const char *s)
{
    return ou_fs_decode(vm, s, -1);
}

/* A str argument as a C string without NUL; out: new bytes. */
static int c_string(OuVM *vm, OuObj *o, const char *fn, int index, OuObj **out)
{
    if (!ou_isa_str(vm, o))
        return index ? ou_type_error_i(vm, "%s() argument %d must be str, not %s", fn, index,
                                       ou_arg_type_name(vm, o))
                     : ou_type_error_i(vm, "%s() argument must be str, not %s", fn, ou_arg_type_name(vm, o));
    return ou_fs_path(vm, o, out);
}

FN(locale_setlocale)
{
    int category;
    OuObj *name = NULL;
    State *st = ou_module_state(vm, &ou_mod__locale);
    if (ou_as_int(vm, args[0], &category) < 0)
        return NULL;
    if (args[1] && args[1] != OU_NONE(vm)) {
        if (!ou_isa_str(vm, args[1]))
            return ou_type_error(vm, "setlocale() argument 2 must be str or None, not %s",
                                 ou_arg_type_name(vm, args[1]));
        if (ou_fs_path(vm, args[1], &name) < 0)
            return NULL;
    }
    const char *r = setlocale(category, name ? OU_BYTES(name)->data : NULL);
    bool set = name != NULL;
    ou_xdecref(vm, name);
    if (!r)
        return ou_raise(vm, (OuType *)st->error, set ? "unsupported locale setting" : "locale query failed");
    return text(vm, r);
}

static int put(OuVM *vm, OuObj *d, const char *key, OuObj *value_take)
{
    int r = value_take ? ou_dict_set_s(vm, d, key, value_take) : -1;
    ou_xdecref(vm, value_take);
    return r;
}

/* The sizes of digit groups: ended by 0 (repeat) or CHAR_MAX (no more). */
static OuObj *grouping(OuVM *vm, const char *s)
{
    OuObj *list = ou_list_new(vm, 0);
    if (!*s)
        return list;
    for (;; s++) {
        OuObj *n = list ? ou_int(vm, *s) : NULL;
        if (!n || ou_list_append_take(vm, list, n) < 0) {
            ou_xdecref(vm, list);
            return NULL;
        }
        if (!*s || *s == CHAR_MAX)
            return list;
    }
}

FN(locale_localeconv)
{
    struct lconv *c = localeconv();
    OuObj *d = ou_dict_new(vm);
    const struct {
        const char *key;
        const char *text;
        int number;
    } rows[] = {
        {"int_curr_symbol", c->int_curr_symbol, 0},
        {"currency_symbol", c->currency_symbol, 0},
        {"mon_decimal_point", c->mon_decimal_point, 0},
        {"mon_thousands_sep", c->mon_thousands_sep, 0},
        {"mon_grouping", NULL, 1001},
        {"positive_sign", c->positive_sign, 0},
        {"negative_sign", c->negative_sign, 0},
        {"int_frac_digits", NULL, c->int_frac_digits},
        {"frac_digits", NULL, c->frac_digits},
        {"p_cs_precedes", NULL, c->p_cs_precedes},
        {"p_sep_by_space", NULL, c->p_sep_by_space},
        {"n_cs_precedes", NULL, c->n_cs_precedes},
        {"n_sep_by_space", NULL, c->n_sep_by_space},
        {"p_sign_posn", NULL, c->p_sign_posn},
        {"n_sign_posn", NULL, c->n_sign_posn},
        {"decimal_point", c->decimal_point, 0},
        {"thousands_sep", c->thousands_sep, 0},
        {"grouping", NULL, 1000},
    };
    for (size_t i = 0; d && i < sizeof rows / sizeof *rows; i++) {
        OuObj *v = rows[i].text             ? text(vm, rows[i].text)
                   : rows[i].number == 1000 ? grouping(vm, c->grouping)
                   : rows[i].number == 1001 ? grouping(vm, c->mon_grouping)
                                            : ou_int(vm, rows[i].number);
        if (put(vm, d, rows[i].key, v) < 0)
            ou_clear(vm, d);
    }
    return d;
}

/* s as wchar_t, to be freed with ou_free(vm, p, (len + 1) * 4). */
static wchar_t *wide(OuVM *vm, OuObj *s)
{
    ou_ssize n = ou_str_len(s);
    wchar_t *w = ou_alloc(vm, ((size_t)n + 1) * sizeof *w);
    for (ou_ssize i = 0; w && i <= n; i++) {
        w[i] = i < n ? (wchar_t)ou_str_at(OU_STR(s), i) : 0;
        if (i < n && !w[i]) {
            ou_free(vm, w, ((size_t)n + 1) * sizeof *w);
            return ou_value_error(vm, "embedded null character");
        }
    }
    return w;
}

static void wide_free(OuVM *vm, OuObj *s, wchar_t *w)
{
    if (w)
        ou_free(vm, w, ((size_t)ou_str_len(s) + 1) * sizeof *w);
}

FN(locale_strcoll)
{
    for (int i = 0; i < 2; i++)
        if (!ou_isa_str(vm, args[i]))
            return ou_type_error(vm, "strcoll() argument %d must be str, not %s", i + 1,
                                 ou_arg_type_name(vm, args[i]));
    wchar_t *a = wide(vm, args[0]), *b = a ? wide(vm, args[1]) : NULL;
    OuObj *r = b ? ou_int(vm, wcscoll(a, b)) : NULL;
    wide_free(vm, args[0], a);
    wide_free(vm, args[1], b);
    return r;
}

FN(locale_strxfrm)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "strxfrm() argument must be str, not %s", ou_arg_type_name(vm, args[0]));
    wchar_t *s = wide(vm, args[0]);
    if (!s)
        return NULL;
    errno = 0;
    size_t n = wcsxfrm(NULL, s, 0);
    OuObj *r = NULL;
    wchar_t *out = n < SIZE_MAX / 8 ? ou_alloc(vm, (n + 1) * sizeof *out) : NULL;
    if (errno && errno != ERANGE)
        ou_raise_errno(vm, errno, NULL);
    else if (out) {
        wcsxfrm(out, s, n + 1);
        r = ou_str_from_ucs(vm, out, 4, (ou_ssize)n);
    }
    if (out)
        ou_free(vm, out, (n + 1) * sizeof *out);
    wide_free(vm, args[0], s);
    return r;
}

static const OuIntRow info[] = {
    OU_INT_ROW(DAY_1),     OU_INT_ROW(DAY_2),      OU_INT_ROW(DAY_3),
    OU_INT_ROW(DAY_4),     OU_INT_ROW(DAY_5),      OU_INT_ROW(DAY_6),
    OU_INT_ROW(DAY_7),     OU_INT_ROW(ABDAY_1),    OU_INT_ROW(ABDAY_2),
    OU_INT_ROW(ABDAY_3),   OU_INT_ROW(ABDAY_4),    OU_INT_ROW(ABDAY_5),
    OU_INT_ROW(ABDAY_6),   OU_INT_ROW(ABDAY_7),    OU_INT_ROW(MON_1),
    OU_INT_ROW(MON_2),     OU_INT_ROW(MON_3),      OU_INT_ROW(MON_4),
    OU_INT_ROW(MON_5),     OU_INT_ROW(MON_6),      OU_INT_ROW(MON_7),
    OU_INT_ROW(MON_8),     OU_INT_ROW(MON_9),      OU_INT_ROW(MON_10),
    OU_INT_ROW(MON_11),    OU_INT_ROW(MON_12),     OU_INT_ROW(ABMON_1),
    OU_INT_ROW(ABMON_2),   OU_INT_ROW(ABMON_3),    OU_INT_ROW(ABMON_4),
    OU_INT_ROW(ABMON_5),   OU_INT_ROW(ABMON_6),    OU_INT_ROW(ABMON_7),
    OU_INT_ROW(ABMON_8),   OU_INT_ROW(ABMON_9),    OU_INT_ROW(ABMON_10),
    OU_INT_ROW(ABMON_11),  OU_INT_ROW(ABMON_12),   OU_INT_ROW(RADIXCHAR),
    OU_INT_ROW(THOUSEP),   OU_INT_ROW(CRNCYSTR),   OU_INT_ROW(D_T_FMT),
    OU_INT_ROW(D_FMT),     OU_INT_ROW(T_FMT),      OU_INT_ROW(AM_STR),
    OU_INT_ROW(PM_STR),    OU_INT_ROW(CODESET),    OU_INT_ROW(T_FMT_AMPM),
    OU_INT_ROW(ERA),       OU_INT_ROW(ERA_D_FMT),  OU_INT_ROW(ERA_D_T_FMT),
    OU_INT_ROW(ERA_T_FMT), OU_INT_ROW(ALT_DIGITS), OU_INT_ROW(YESEXPR),
    OU_INT_ROW(NOEXPR),    OU_INT_ROW(_DATE_FMT),  {0},
};

FN(locale_nl_langinfo)
{
    int key;
    if (ou_as_int(vm, args[0], &key) < 0)
        return NULL;
    for (const OuIntRow *r = info; r->name; r++)
        if (r->v == key) {
            const char *s = nl_langinfo(key);
            return text(vm, s ? s : "");
        }
    return ou_value_error(vm, "unsupported langinfo constant");
}

FN(locale_gettext)
{
    OuObj *msg, *r;
    if (c_string(vm, args[0], "gettext", 0, &msg) < 0)
        return NULL;
    r = text(vm, gettext(OU_BYTES(msg)->data));
    ou_decref(vm, msg);
    return r;
}

/* domain: a str or None. */
static int domain_arg(OuVM *vm, OuObj *o, const char *fn, OuObj **out)
{
    *out = NULL;
    return o == OU_NONE(vm) ? 0 : c_string(vm, o, fn, 1, out);
}

#define OPTIONAL(b) ((b) ? OU_BYTES(b)->data : NULL)

FN(locale_dgettext)
{
    OuObj *domain, *msg, *r = NULL;
    if (domain_arg(vm, args[0], "dgettext", &domain) < 0)
        return NULL;
    if (c_string(vm, args[1], "dgettext", 2, &msg) == 0) {
        r = text(vm, dgettext(OPTIONAL(domain), OU_BYTES(msg)->data));
        ou_decref(vm, msg);
    }
    ou_xdecref(vm, domain);
    return r;
}

FN(locale_dcgettext)
{
    OuObj *domain, *msg, *r = NULL;
    int category;
    if (ou_as_int(vm, args[2], &category) < 0 || domain_arg(vm, args[0], "dcgettext", &domain) < 0)
        return NULL;
    if (c_string(vm, args[1], "dcgettext", 2, &msg) == 0) {
        r = text(vm, dcgettext(OPTIONAL(domain), OU_BYTES(msg)->data, category));
        ou_decref(vm, msg);
    }
    ou_xdecref(vm, domain);
    return r;
}

FN(locale_textdomain)
{
    OuObj *domain;
    if (domain_arg(vm, args[0], "textdomain", &domain) < 0)
        return NULL;
    const char *s = textdomain(OPTIONAL(domain));
    ou_xdecref(vm, domain);
    return s ? text(vm, s) : ou_raise_errno(vm, errno, NULL);
}

FN(locale_bindtextdomain)
{
    State *st = ou_module_state(vm, &ou_mod__locale);
    OuObj *domain, *dir = NULL, *r = NULL;
    if (c_string(vm, args[0], "bindtextdomain", 1, &domain) < 0)
        return NULL;
    if (OU_BYTES(domain)->len == 0)
        ou_raise(vm, (OuType *)st->error, "domain must be a non-empty string");
    else if (args[1] == OU_NONE(vm) || ou_fs_path(vm, args[1], &dir) == 0) {
        const char *s = bindtextdomain(OU_BYTES(domain)->data, OPTIONAL(dir));
        r = s ? text(vm, s) : ou_raise_errno(vm, errno, NULL);
        ou_xdecref(vm, dir);
    }
    ou_decref(vm, domain);
    return r;
}

FN(locale_bind_textdomain_codeset)
{
    OuObj *domain, *codeset = NULL, *r = NULL;
    if (c_string(vm, args[0], "bind_textdomain_codeset", 1, &domain) < 0)
        return NULL;
    if (args[1] == OU_NONE(vm) || c_string(vm, args[1], "bind_textdomain_codeset", 2, &codeset) == 0) {
        const char *s = bind_textdomain_codeset(OU_BYTES(domain)->data, OPTIONAL(codeset));
        r = s ? text(vm, s) : ou_none(vm);
        ou_xdecref(vm, codeset);
    }
    ou_decref(vm, domain);
    return r;
}

FN(locale_getencoding)
{
    const char *s = nl_langinfo(CODESET);
    return text(vm, s && *s ? s : "utf-8");
}

static const OuIntRow categories[] = {
    OU_INT_ROW(LC_CTYPE),    OU_INT_ROW(LC_TIME),     OU_INT_ROW(LC_COLLATE),
    OU_INT_ROW(LC_MONETARY), OU_INT_ROW(LC_MESSAGES), OU_INT_ROW(LC_NUMERIC),
    OU_INT_ROW(LC_ALL),      OU_INT_ROW(CHAR_MAX),    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    if (vm->config && vm->config->locale_deferred) {
        vm->config->locale_deferred = false;
        setlocale(LC_CTYPE, "");
    }
    if (ou_module_add_ints(vm, m, categories) < 0 || ou_module_add_ints(vm, m, info) < 0 ||
        !(st->error = ou_module_add_exception(vm, m, "locale", "Error", OU_EXC(vm, Exception))))
        return -1;
    return 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)state)->error);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((State *)state)->error);
}

static const OuFn functions[] = {
    {"setlocale(category, locale=<unrepresentable>, /)", locale_setlocale, 0,
     "Activates/queries locale processing."},
    {"localeconv()", locale_localeconv, 0, "Returns numeric and monetary locale-specific parameters."},
    {"strcoll(os1, os2, /)", locale_strcoll, 0, "Compares two strings according to the locale."},
    {"strxfrm(string, /)", locale_strxfrm, 0,
     "Return a string that can be used as a key for locale-aware comparisons."},
    {"nl_langinfo(key, /)", locale_nl_langinfo, 0,
     "Return the value for the locale information associated with key."},
    {"gettext(msg, /)", locale_gettext, 0, "Return translation of msg."},
    {"dgettext(domain, msg, /)", locale_dgettext, 0, "Return translation of msg in domain."},
    {"dcgettext(domain, msg, category, /)", locale_dcgettext, 0,
     "Return translation of msg in domain and category."},
    {"textdomain(domain, /)", locale_textdomain, 0,
     "Set the C library's textdmain to domain, returning the new domain."},
    {"bindtextdomain(domain, dir, /)", locale_bindtextdomain, 0, "Bind the C library's domain to dir."},
    {"bind_textdomain_codeset(domain, codeset, /)", locale_bind_textdomain_codeset, 0,
     "Bind the C library's domain to codeset."},
    {"getencoding()", locale_getencoding, 0, "Get the current locale encoding."},
    {0},
};
const OuModuleDef ou_mod__locale = {
    .name = "_locale",
    .doc = "Support for POSIX locales.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
