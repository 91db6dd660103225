/* stdlib/csv/dialect.c - _csv.Dialect: checked parameters. */
#include "csv.h"

#define D(o) ((OuDialect *)(o))

static int set_char(OuVM *vm, const char *name, OuObj *v, uint32_t dflt, bool none_ok, uint32_t *out)
{
    *out = dflt;
    if (!v)
        return 0;
    if (none_ok && v == OU_NONE(vm)) {
        *out = OU_CSV_NO_CHAR;
        return 0;
    }
    if (!ou_isa_str(vm, v))
        return ou_type_error_i(vm, "\"%s\" must be string%s, not %T", name, none_ok ? " or None" : "", v);
    if (none_ok && ou_str_len(v) == 0) {
        *out = OU_CSV_NO_CHAR;
        return ou_type_error_i(vm, "\"%s\" must be a 1-character string", name);
    }
    if (ou_str_len(v) != 1)
        return ou_type_error_i(vm, "\"%s\" must be a 1-character string", name);
    *out = ou_str_at(OU_STR(v), 0);
    return 0;
}

static int set_bool(OuVM *vm, OuObj *v, bool dflt, bool *out)
{
    int b = v ? ou_is_true(vm, v) : dflt;
    *out = b > 0;
    return b < 0 ? -1 : 0;
}

enum {
    DELIMITER,
    DOUBLEQUOTE,
    ESCAPECHAR,
    LINETERMINATOR,
    QUOTECHAR,
    QUOTING,
    SKIPINITIALSPACE,
    STRICT,
    COUNT
};
static const char *const names[COUNT] = {"delimiter", "doublequote", "escapechar",       "lineterminator",
                                         "quotechar", "quoting",     "skipinitialspace", "strict"};

static int fill(OuVM *vm, OuDialect *d, OuObj **v)
{
    if (set_char(vm, names[DELIMITER], v[DELIMITER], ',', false, &d->delimiter) < 0 ||
        set_bool(vm, v[DOUBLEQUOTE], true, &d->doublequote) < 0 ||
        set_char(vm, names[ESCAPECHAR], v[ESCAPECHAR], OU_CSV_NO_CHAR, true, &d->escapechar) < 0 ||
        set_char(vm, names[QUOTECHAR], v[QUOTECHAR], '"', true, &d->quotechar) < 0)
        return -1;
    OuObj *lt = v[LINETERMINATOR];
    if (lt && !ou_isa_str(vm, lt))
        return ou_type_error_i(vm, "\"%s\" must be a string", names[LINETERMINATOR]);
    if (!(d->lineterminator = lt ? ou_ref(lt) : ou_str_new(vm, "\r\n", 2)))
        return -1;
    d->quoting = OU_QUOTE_MINIMAL;
    if (v[QUOTING]) {
        if (!ou_is(v[QUOTING], int))
            return ou_type_error_i(vm, "\"quoting\" must be an integer");
        if (ou_as_int(vm, v[QUOTING], &d->quoting) < 0)
            return -1;
    }
    if (set_bool(vm, v[SKIPINITIALSPACE], false, &d->skipinitialspace) < 0 ||
        set_bool(vm, v[STRICT], false, &d->strict) < 0)
        return -1;
    if (d->quoting < OU_QUOTE_MINIMAL || d->quoting > OU_QUOTE_NONE)
        return ou_type_error_i(vm, "bad \"quoting\" value");
    if (v[QUOTECHAR] == OU_NONE(vm) && !v[QUOTING])
        d->quoting = OU_QUOTE_NONE;
    if (d->quoting != OU_QUOTE_NONE && d->quotechar == OU_CSV_NO_CHAR)
        return ou_type_error_i(vm, "quotechar must be set if quoting enabled");
    return 0;
}

OuObj *ou_csv_dialect(OuVM *vm, OuObj *dialect, OuObj *const *kw, OuObj *kwnames)
{
    OuCsvState *st = ou_csv_state(vm);
    OuObj *v[COUNT] = {NULL}, *base = NULL, *d = NULL;
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    for (size_t i = 0; i < nkw; i++)
        if (ou_str_eq_s(OU_TUPLE(kwnames)->items[i], "dialect"))
            dialect = kw[i];
    if (dialect && dialect != OU_NONE(vm)) {
        base = ou_ref(dialect);
        if (ou_isa_str(vm, dialect)) {
            OuObj *found = ou_dict_get(vm, st->dialects, dialect);
            ou_decref(vm, base);
            if (!found)
                return ou_err_occurred(vm) ? NULL : ou_csv_error(vm, "unknown dialect");
            base = ou_ref(found);
        }
        if (OU_TYPE_OF(vm, base) == st->dialect && nkw == 0)
            return base;
    }
    for (size_t i = 0; i < nkw; i++) {
        int k = 0;
        OuObj *name = OU_TUPLE(kwnames)->items[i];
        if (ou_str_eq_s(name, "dialect"))
            continue;
        while (k < COUNT && !ou_str_eq_s(name, names[k]))
            k++;
        if (k == COUNT) {
            ou_type_error(vm, "'%U' is an invalid keyword argument for this function", name);
            goto done;
        }
        v[k] = ou_ref(kw[i]);
    }
    for (int k = 0; base && k < COUNT; k++) {
        if (v[k])
            continue;
        OuObj *key = ou_str_intern_s(vm, names[k]);
        int found = key ? ou_lookup_attr(vm, base, key, &v[k]) : -1;
        ou_xdecref(vm, key);
        if (found <= 0)
            v[k] = NULL;
        if (found < 0)
            ou_err_clear(vm);
    }
    if ((d = ou_type_alloc(vm, st->dialect, 0))) {
        D(d)->lineterminator = NULL;
        if (fill(vm, D(d), v) < 0)
            ou_clear(vm, d);
    }
done:
    for (int k = 0; k < COUNT; k++)
        ou_xdecref(vm, v[k]);
    ou_xdecref(vm, base);
    return d;
}

static OuObj *dialect_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs > 1)
        return ou_type_error(vm, "Dialect() takes at most 1 positional argument (%zu given)", nargs);
    return ou_csv_dialect(vm, nargs ? args[0] : NULL, args + nargs, kwnames);
}

static void dialect_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, D(o)->lineterminator);
    ou_free_object(vm, o);
}

static OuObj *char_or_none(OuVM *vm, uint32_t c)
{
    return c == OU_CSV_NO_CHAR ? ou_none(vm) : ou_str_char(vm, c);
}
#define GET(name, value)                                        \
    static OuObj *get_##name(OuVM *vm, OuObj *self, void *data) \
    {                                                           \
        return value;                                           \
    }
GET(delimiter, char_or_none(vm, D(self)->delimiter))
GET(escapechar, char_or_none(vm, D(self)->escapechar))
GET(quotechar, char_or_none(vm, D(self)->quotechar))
GET(lineterminator, ou_ref(D(self)->lineterminator))
GET(quoting, ou_int(vm, D(self)->quoting))
GET(doublequote, ou_bool(vm, D(self)->doublequote))
GET(skipinitialspace, ou_bool(vm, D(self)->skipinitialspace))
GET(strict, ou_bool(vm, D(self)->strict))
static const OuGetSet getset[] = {{"delimiter", get_delimiter, NULL, NULL, NULL},
                                  {"escapechar", get_escapechar, NULL, NULL, NULL},
                                  {"quotechar", get_quotechar, NULL, NULL, NULL},
                                  {"lineterminator", get_lineterminator, NULL, NULL, NULL},
                                  {"quoting", get_quoting, NULL, NULL, NULL},
                                  {"doublequote", get_doublequote, NULL, NULL, NULL},
                                  {"skipinitialspace", get_skipinitialspace, NULL, NULL, NULL},
                                  {"strict", get_strict, NULL, NULL, NULL},
                                  {0}};

const OuTypeSpec ou_csv_dialect_spec = {
    .name = "_csv.Dialect",
    .size = sizeof(OuDialect),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "CSV dialect\n\nThe Dialect type records CSV dialect options.",
    .dealloc = dialect_dealloc,
    .s = {.new_ = dialect_new},
    .getset = getset,
};
