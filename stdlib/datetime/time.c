/* stdlib/datetime/time.c - datetime.time. */
#include "datetime.h"

#include <stdio.h>

#include "vm/type.h"

static const char *const names[] = {"hour", "minute", "second", "microsecond", "tzinfo", "fold", NULL};

OuObj *ou_time_make(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz)
{
    if (ou_cal_check_time(vm, f) < 0 || ou_dt_tz_arg(vm, tz) < 0)
        return NULL;
    return ou_moment_new(vm, type, f, tz);
}

/* The same by calling a subclass. */
static OuObj *make_sub(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz)
{
    OuDtState *st = ou_dt_state(vm);
    if (type == st->time)
        return ou_time_make(vm, type, f, tz);
    OuObj *v[5] = {ou_int(vm, f->hour), ou_int(vm, f->minute), ou_int(vm, f->second), ou_int(vm, f->us), tz},
          *r = NULL;
    if (v[0] && v[1] && v[2] && v[3])
        r = ou_call(vm, (OuObj *)type, v, 5, NULL);
    if (r && ou_dt_isa(vm, r, st->time))
        OU_WHEN(r).fold = (unsigned)f->fold;
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, v[i]);
    return r;
}

static int fields_arg(OuVM *vm, OuObj **a, OuFields *f)
{
    return ou_dt_int(vm, a[0], &f->hour) < 0 || ou_dt_int(vm, a[1], &f->minute) < 0 ||
                   ou_dt_int(vm, a[2], &f->second) < 0 || ou_dt_int(vm, a[3], &f->us) < 0 ||
                   ou_dt_int(vm, a[5], &f->fold) < 0
               ? -1
               : 0;
}

static OuObj *time_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[6], *tz;
    OuFields f = {0};
    int r = ou_moment_unpickle(vm, true, args, nargs, kwnames, &f, &tz);
    if (r)
        return r < 0 ? NULL : ou_time_make(vm, type, &f, tz);
    if (ou_dt_args(vm, NULL, names, 0, 5, args, nargs, kwnames, a) < 0 || fields_arg(vm, a, &f) < 0)
        return NULL;
    return ou_time_make(vm, type, &f, a[4]);
}

/* ---- zone ---- */

FN(time_utcoffset)
{
    return ou_tz_utcoffset(vm, OU_MOMENT(args[0])->tz, OU_NONE(vm));
}

FN(time_dst)
{
    return ou_tz_dst(vm, OU_MOMENT(args[0])->tz, OU_NONE(vm));
}

FN(time_tzname)
{
    return ou_tz_name(vm, OU_MOMENT(args[0])->tz, OU_NONE(vm));
}

static int64_t total_us(OuWhen w)
{
    return (w.hour * 3600 + w.minute * 60 + w.second) * 1000000ll + w.us;
}

static OuObj *time_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_dt_isa(vm, b, ou_dt_state(vm)->time))
        return ou_notimplemented(vm);
    uint64_t x = OU_WHEN_KEY(OU_WHEN(a)), y = OU_WHEN_KEY(OU_WHEN(b));
    if (OU_MOMENT(a)->tz == OU_MOMENT(b)->tz)
        return ou_dt_diff(vm, (x > y) - (x < y), op);
    OuObj *off_a = ou_tz_utcoffset(vm, OU_MOMENT(a)->tz, OU_NONE(vm)), *off_b = NULL, *r = NULL;
    if (off_a && (off_b = ou_tz_utcoffset(vm, OU_MOMENT(b)->tz, OU_NONE(vm)))) {
        bool none_a = off_a == OU_NONE(vm), none_b = off_b == OU_NONE(vm);
        if (none_a != none_b) {
            r = op == OU_CMP_EQ   ? ou_bool(vm, false)
                : op == OU_CMP_NE ? ou_bool(vm, true)
                                  : ou_type_error(vm, "can't compare offset-naive and offset-aware times");
        } else if (none_a) {
            r = ou_dt_diff(vm, (x > y) - (x < y), op);
        } else {
            ou_i128 p = total_us(OU_WHEN(a)) - ou_delta_total(off_a),
                    q = total_us(OU_WHEN(b)) - ou_delta_total(off_b);
            r = ou_dt_diff(vm, (p > q) - (p < q), op);
        }
    }
    ou_xdecref(vm, off_a);
    ou_xdecref(vm, off_b);
    return r;
}

static int time_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuWhen w = OU_WHEN(o);
    OuObj *plain = NULL, *off = NULL;
    if (w.fold) { /* equal times with different folds hash alike */
        OuFields f = ou_cal_fields(w);
        f.fold = 0;
        if (!(plain = make_sub(vm, ou_dt_state(vm)->time, &f, OU_MOMENT(o)->tz)))
            return -1;
    }
    int r = -1;
    if (!(off = ou_tz_utcoffset(vm, OU_MOMENT(o)->tz, OU_NONE(vm))))
        goto done;
    if (off == OU_NONE(vm)) {
        unsigned char p[10];
        ou_moment_bytes(w, p);
        *out = ou_hash_bytes(vm, p + 4, 6);
        r = 0;
    } else {
        OuObj *d = ou_delta_new(vm, 0, 0, (int64_t)(total_us(w) - ou_delta_total(off)));
        r = d ? ou_hash(vm, d, out) : -1;
        ou_xdecref(vm, d);
    }
done:
    ou_xdecref(vm, plain);
    ou_xdecref(vm, off);
    return r;
}

/* ---- texts ---- */

static OuObj *time_repr(OuVM *vm, OuObj *o)
{
    OuWhen w = OU_WHEN(o);
    OuObj *tz = OU_MOMENT(o)->tz;
    char text[96];
    int n = snprintf(text, sizeof text, "%d, %d", (int)w.hour, (int)w.minute);
    if (w.us || w.second)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", (int)w.second);
    if (w.us)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", (int)w.us);
    const char *name = OU_TYPE_OF(vm, o)->name, *fold = w.fold ? ", fold=1" : "";
    return tz ? ou_str_fmt(vm, "%s(%s, tzinfo=%R%s)", name, text, tz, fold)
              : ou_str_fmt(vm, "%s(%s%s)", name, text, fold);
}

static OuObj *time_str(OuVM *vm, OuObj *o)
{
    return ou_call_method(vm, o, ou_dt_state(vm)->isoformat, 0);
}

FN(time_isoformat)
{
    static const char *const params[] = {"timespec", NULL};
    OuObj *spec, *r = NULL;
    if (ou_dt_args(vm, "isoformat", params, 0, 1, args + 1, nargs - 1, kwnames, &spec) < 0)
        return NULL;
    if (spec && !ou_isa_str(vm, spec))
        return ou_type_error(vm, "isoformat() argument 1 must be str, not %s", ou_arg_type_name(vm, spec));
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    if (ou_fmt_time(vm, &b, OU_WHEN(args[0]), spec) == 0 &&
        ou_fmt_offset(vm, &b, ":", OU_MOMENT(args[0])->tz, OU_NONE(vm)) == 0)
        r = ou_strbuf_take(&b);
    ou_strbuf_free(&b);
    return r;
}

FN(time_strftime)
{
    OuObj *format = ou_fmt_strftime_arg(vm, args, nargs, kwnames), *r = NULL;
    if (!format)
        return NULL;
    OuWhen w = OU_WHEN(args[0]);
    const int v[9] = {1900, 1, 1, (int)w.hour, (int)w.minute, (int)w.second, 0, 1, -1};
    OuObj *t = ou_tuple_new(vm, 9);
    bool ok = t != NULL;
    for (int i = 0; t && i < 9; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, v[i])))
            ok = false;
    if (ok)
        r = ou_fmt_strftime(vm, args[0], format, t, OU_NONE(vm));
    ou_xdecref(vm, t);
    return r;
}

static int parse(const char *s, size_t n, OuFields *f, int *offset, int *offset_us)
{
    size_t skip = *s == 'T';
    return ou_parse_time(s + skip, n - skip, f, offset, offset_us);
}

FN(time_fromisoformat)
{
    OuFields f = {0};
    OuObj *tz = ou_parse_iso(vm, args[1], parse, &f), *r = NULL;
    if (tz)
        r = make_sub(vm, (OuType *)args[0], &f, tz);
    ou_xdecref(vm, tz);
    return r;
}

FN(time_replace)
{
    OuFields f = ou_cal_fields(OU_WHEN(args[0]));
    OuObj *a[6];
    if (ou_dt_args(vm, "replace", names, 0, 5, args + 1, nargs - 1, kwnames, a) < 0 ||
        fields_arg(vm, a, &f) < 0)
        return NULL;
    return ou_time_make(vm, OU_TYPE_OF(vm, args[0]), &f, a[4] ? a[4] : OU_MOMENT(args[0])->tz);
}

static const OuFn methods[] = {
    {"isoformat(...)", time_isoformat, 0,
     "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\n"
     "The optional argument timespec specifies the number of additional terms\nof the time to include. Valid "
     "options are 'auto', 'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n"},
    {"strftime(...)", time_strftime, 0, "format -> strftime() style string."},
    {"__format__(...)", ou_fmt_method, 0, "Formats self with strftime."},
    {"utcoffset(self)", time_utcoffset, 0, "Return self.tzinfo.utcoffset(self)."},
    {"tzname(self)", time_tzname, 0, "Return self.tzinfo.tzname(self)."},
    {"dst(self)", time_dst, 0, "Return self.tzinfo.dst(self)."},
    {"replace(...)", time_replace, 0, "Return time with new specified fields."},
    {"fromisoformat(type, object, /)", time_fromisoformat, OU_FN_CLASS,
     "string -> time from a string in ISO 8601 format"},
    {"__reduce_ex__(...)", ou_moment_reduce_ex, 0, "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__(self)", ou_moment_reduce, 0, "__reduce__() -> (cls, state)"},
    {0},
};
const OuTypeSpec ou_time_spec = {
    .name = "datetime.time",
    .size = sizeof(OuMoment),
    .flags = OU_TYPE_BASE,
    .doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\n"
           "All arguments are optional. tzinfo may be None, or an instance of\n"
           "a tzinfo subclass. The remaining arguments may be ints.\n",
    .dealloc = ou_moment_dealloc,
    .s = {.repr = time_repr, .str = time_str, .hash = time_hash, .compare = time_compare, .new_ = time_new},
    .methods = methods,
    .getset = ou_moment_getset,
};
