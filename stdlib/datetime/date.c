/* stdlib/datetime/date.c - datetime.date and the named tuple that isocalendar() gives. */
#include "datetime.h"

#include <stdio.h>

#include "vm/type.h"

static const char *const ymd_names[] = {"year", "month", "day", NULL};

OuObj *ou_date_make(OuVM *vm, OuType *type, int year, int month, int day)
{
    if (ou_cal_check_date(vm, year, month, day) < 0)
        return NULL;
    OuDate *d = (OuDate *)ou_type_alloc(vm, type, 0);
    if (d)
        d->w = ou_cal_when(&(OuFields){year, month, day});
    return (OuObj *)d;
}

OuObj *ou_date_make_sub(OuVM *vm, OuType *type, int year, int month, int day)
{
    if (type == ou_dt_state(vm)->date)
        return ou_date_make(vm, type, year, month, day);
    OuObj *v[3] = {ou_int(vm, year), ou_int(vm, month), ou_int(vm, day)}, *r = NULL;
    if (v[0] && v[1] && v[2])
        r = ou_call(vm, (OuObj *)type, v, 3, NULL);
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, v[i]);
    return r;
}

static OuObj *date_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3];
    unsigned char p[4];
    if (nargs == 1 && !(kwnames && OU_TUPLE(kwnames)->n)) {
        int r = ou_dt_pickle_arg(vm, args[0], 4, 2, 1, 12, "date", p);
        int year = p[0] << 8 | p[1];
        if (r < 0)
            return NULL;
        if (r && !(p[2] & 0x80)) {
            OuFields f = {year, p[2], p[3]};
            ou_cal_clamp(&f);
            return ou_date_make(vm, type, f.year, f.month, f.day);
        }
    }
    int f[3] = {0};
    if (ou_dt_args(vm, NULL, ymd_names, 3, 3, args, nargs, kwnames, a) < 0)
        return NULL;
    for (int i = 0; i < 3; i++)
        if (ou_dt_int(vm, a[i], &f[i]) < 0)
            return NULL;
    return ou_date_make(vm, type, f[0], f[1], f[2]);
}

/* ---- other constructors ---- */

FN(today)
{
    OuObj *f = ou_import_attr(vm, "time", "time"), *now = f ? ou_call0(vm, f) : NULL, *make = NULL, *r = NULL;
    if (now && (make = ou_getattr_s(vm, args[0], "fromtimestamp")))
        r = ou_call1(vm, make, now);
    ou_xdecref(vm, f);
    ou_xdecref(vm, now);
    ou_xdecref(vm, make);
    return r;
}

FN(fromtimestamp)
{
    int64_t t;
    OuFields f;
    if (ou_local_seconds(vm, args[1], &t) < 0 || ou_local_from_stamp(vm, t, 0, false, false, &f) < 0)
        return NULL;
    return ou_date_make_sub(vm, (OuType *)args[0], f.year, f.month, f.day);
}

FN(fromordinal)
{
    int n, y, m, d;
    if (ou_dt_exactly(vm, "date.fromordinal", 1, nargs - 1, kwnames) < 0 || ou_dt_int(vm, args[1], &n) < 0)
        return NULL;
    if (n < 1)
        return ou_value_error(vm, "ordinal must be >= 1");
    ou_cal_ymd(n, &y, &m, &d);
    return ou_date_make_sub(vm, (OuType *)args[0], y, m, d);
}

static int parse(const char *s, size_t n, OuFields *f, int *offset, int *offset_us)
{
    return n == 7 || n == 8 || n == 10 ? ou_parse_date(s, n, f) : -1;
}

FN(fromisoformat)
{
    OuFields f = {0};
    OuObj *none = ou_parse_iso(vm, args[1], parse, &f);
    if (!none)
        return NULL;
    ou_decref(vm, none);
    return ou_date_make_sub(vm, (OuType *)args[0], f.year, f.month, f.day);
}

FN(fromisocalendar)
{
    static const char *const names[] = {"year", "week", "day", NULL};
    OuObj *a[3];
    int v[3] = {0}, y, m, d;
    int bad = ou_dt_args(vm, "fromisocalendar", names, 3, 3, args + 1, nargs - 1, kwnames, a);
    for (int i = 0; bad == 0 && i < 3; i++)
        bad = ou_dt_int(vm, a[i], &v[i]);
    if (bad < 0) {
        if (ou_err_is(vm, OU_EXC(vm, OverflowError))) {
            ou_err_clear(vm);
            ou_value_error(vm, "ISO calendar component out of range");
        }
        return NULL;
    }
    switch (ou_cal_from_iso(v[0], v[1], v[2], &y, &m, &d)) {
    case 1:
        return ou_value_error(vm, "Year is out of range: %d", v[0]);
    case 2:
        return ou_value_error(vm, "Invalid week: %d", v[1]);
    case 3:
        return ou_value_error(vm, "Invalid day: %d (range is [1, 7])", v[2]);
    }
    return ou_date_make_sub(vm, (OuType *)args[0], y, m, d);
}

/* ---- arithmetic and comparison ---- */

static bool is_date(OuVM *vm, OuObj *o)
{
    return ou_dt_isa(vm, o, ou_dt_state(vm)->date);
}

static bool is_delta(OuVM *vm, OuObj *o)
{
    return ou_dt_isa(vm, o, ou_dt_state(vm)->delta);
}

static bool either_datetime(OuVM *vm, OuObj *a, OuObj *b)
{
    OuType *t = ou_dt_state(vm)->datetime;
    return ou_dt_isa(vm, a, t) || ou_dt_isa(vm, b, t);
}

static OuObj *shift(OuVM *vm, OuObj *date, OuObj *delta, int factor)
{
    OuFields f = ou_cal_fields(OU_WHEN(date));
    if (ou_cal_normalize(vm, &f, (int64_t)factor * OU_DELTA(delta)->days, 0, 0) < 0)
        return NULL;
    return ou_date_make_sub(vm, OU_TYPE_OF(vm, date), f.year, f.month, f.day);
}

static OuObj *date_add(OuVM *vm, OuObj *a, OuObj *b)
{
    if (either_datetime(vm, a, b))
        return ou_notimplemented(vm);
    if (is_date(vm, a) && is_delta(vm, b))
        return shift(vm, a, b, 1);
    if (is_delta(vm, a) && is_date(vm, b))
        return shift(vm, b, a, 1);
    return ou_notimplemented(vm);
}

static int ordinal_of(OuObj *o)
{
    OuWhen w = OU_WHEN(o);
    return ou_cal_ordinal(w.year, w.month, w.day);
}

static OuObj *date_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    if (either_datetime(vm, a, b) || !is_date(vm, a))
        return ou_notimplemented(vm);
    if (is_date(vm, b))
        return ou_delta_new(vm, ordinal_of(a) - ordinal_of(b), 0, 0);
    if (is_delta(vm, b))
        return shift(vm, a, b, -1);
    return ou_notimplemented(vm);
}

static OuObj *date_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!is_date(vm, b))
        return ou_notimplemented(vm);
    uint64_t x = OU_WHEN_KEY(OU_WHEN(a)) >> 37,
             y = OU_WHEN_KEY(OU_WHEN(b)) >> 37; /* without the time of a datetime */
    return ou_dt_diff(vm, (x > y) - (x < y), op);
}

static int date_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuWhen w = OU_WHEN(o);
    const unsigned char p[4] = {(unsigned char)(w.year >> 8), (unsigned char)w.year, (unsigned char)w.month,
                                (unsigned char)w.day};
    *out = ou_hash_bytes(vm, p, sizeof p);
    return 0;
}

/* ---- texts ---- */

static OuObj *date_repr(OuVM *vm, OuObj *o)
{
    OuWhen w = OU_WHEN(o);
    return ou_str_fmt(vm, "%s(%d, %d, %d)", OU_TYPE_OF(vm, o)->name, (int)w.year, (int)w.month, (int)w.day);
}

FN(isoformat)
{
    OuWhen w = OU_WHEN(args[0]);
    char text[32];
    int n = snprintf(text, sizeof text, "%04d-%02d-%02d", (int)w.year, (int)w.month, (int)w.day);
    return ou_str_from_ascii(vm, text, n);
}

static OuObj *date_str(OuVM *vm, OuObj *o)
{
    return ou_call_method(vm, o, ou_dt_state(vm)->isoformat, 0);
}

FN(date_ctime)
{
    return ou_fmt_ctime(vm, (OuWhen){.bits = OU_WHEN(args[0]).bits >> 37 << 37});
}

FN(date_strftime)
{
    OuObj *format = ou_fmt_strftime_arg(vm, args, nargs, kwnames);
    OuObj *tuple = format ? ou_call_method(vm, args[0], ou_dt_state(vm)->timetuple, 0) : NULL;
    OuObj *r = tuple ? ou_fmt_strftime(vm, args[0], format, tuple, args[0]) : NULL;
    ou_xdecref(vm, tuple);
    return r;
}

FN(timetuple)
{
    OuFields f = ou_cal_fields((OuWhen){.bits = OU_WHEN(args[0]).bits >> 37 << 37});
    return ou_fmt_struct_time(vm, &f, -1);
}

/* ---- calendar ---- */

FN(toordinal)
{
    return ou_int(vm, ordinal_of(args[0]));
}

FN(weekday)
{
    return ou_int(vm, (ordinal_of(args[0]) + 6) % 7);
}

FN(isoweekday)
{
    return ou_int(vm, (ordinal_of(args[0]) + 6) % 7 + 1);
}

static OuObj *isocal_make(OuVM *vm, OuObj *year, OuObj *week, OuObj *weekday_)
{
    OuObj *o = ou_type_alloc(vm, ou_dt_state(vm)->isocal, 3);
    if (o) {
        OU_TUPLE(o)->n = 3;
        OU_TUPLE(o)->items[0] = ou_ref(year);
        OU_TUPLE(o)->items[1] = ou_ref(week);
        OU_TUPLE(o)->items[2] = ou_ref(weekday_);
    }
    return o;
}

FN(isocalendar)
{
    int n = ordinal_of(args[0]), year = (int)OU_WHEN(args[0]).year, start = ou_cal_week1_monday(year);
    if (n < start) {
        start = ou_cal_week1_monday(--year);
    } else if (n - start >= 52 * 7) {
        int next = ou_cal_week1_monday(year + 1);
        if (n >= next) {
            start = next;
            year++;
        }
    }
    OuObj *v[3] = {ou_int(vm, year), ou_int(vm, (n - start) / 7 + 1), ou_int(vm, (n - start) % 7 + 1)},
          *r = NULL;
    if (v[0] && v[1] && v[2])
        r = isocal_make(vm, v[0], v[1], v[2]);
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, v[i]);
    return r;
}

FN(date_replace)
{
    OuWhen w = OU_WHEN(args[0]);
    OuObj *a[3];
    int v[3] = {(int)w.year, (int)w.month, (int)w.day};
    if (ou_dt_args(vm, "replace", ymd_names, 0, 3, args + 1, nargs - 1, kwnames, a) < 0)
        return NULL;
    for (int i = 0; i < 3; i++)
        if (ou_dt_int(vm, a[i], &v[i]) < 0)
            return NULL;
    return ou_date_make(vm, OU_TYPE_OF(vm, args[0]), v[0], v[1], v[2]);
}

FN(date_reduce)
{
    OuWhen w = OU_WHEN(args[0]);
    const char p[4] = {(char)(w.year >> 8), (char)w.year, (char)w.month, (char)w.day};
    OuObj *state = ou_bytes_new(vm, p, 4), *t = state ? ou_tuple_pack(vm, 1, state) : NULL;
    OuObj *r = t ? ou_tuple_pack(vm, 2, (OuObj *)OU_TYPE_OF(vm, args[0]), t) : NULL;
    ou_xdecref(vm, state);
    ou_xdecref(vm, t);
    return r;
}

static OuObj *get_year(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_WHEN(o).year);
}

static OuObj *get_month(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_WHEN(o).month);
}

static OuObj *get_day(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_WHEN(o).day);
}

static const OuFn methods[] = {
    {"fromtimestamp(type, timestamp, /)", fromtimestamp, OU_FN_CLASS,
     "Create a date from a POSIX timestamp.\n\nThe timestamp is a number, e.g. created via time.time(), that "
     "is "
     "interpreted\nas local time."},
    {"fromordinal(...)", fromordinal, OU_FN_CLASS,
     "int -> date corresponding to a proleptic Gregorian ordinal."},
    {"fromisoformat(type, object, /)", fromisoformat, OU_FN_CLASS,
     "str -> Construct a date from a string in ISO 8601 format."},
    {"fromisocalendar(...)", fromisocalendar, OU_FN_CLASS,
     "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\nThis is the inverse "
     "of the "
     "date.isocalendar() function"},
    {"today(type)", today, OU_FN_CLASS,
     "Current date or datetime:  same as self.__class__.fromtimestamp(time.time())."},
    {"ctime(self)", date_ctime, 0, "Return ctime() style string."},
    {"strftime(...)", date_strftime, 0, "format -> strftime() style string."},
    {"__format__(...)", ou_fmt_method, 0, "Formats self with strftime."},
    {"timetuple(self)", timetuple, 0, "Return time tuple, compatible with time.localtime()."},
    {"isocalendar(self)", isocalendar, 0,
     "Return a named tuple containing ISO year, week number, and weekday."},
    {"isoformat(self)", isoformat, 0, "Return string in ISO 8601 format, YYYY-MM-DD."},
    {"isoweekday(self)", isoweekday, 0,
     "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7"},
    {"toordinal(self)", toordinal, 0, "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1."},
    {"weekday(self)", weekday, 0,
     "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6"},
    {"replace(...)", date_replace, 0, "Return date with new specified fields."},
    {"__reduce__(self)", date_reduce, 0, "__reduce__() -> (cls, state)"},
    {0},
};
static const OuGetSet getset[] = {
    {"year", get_year, NULL, NULL}, {"month", get_month, NULL, NULL}, {"day", get_day, NULL, NULL}, {0}};
const OuTypeSpec ou_date_spec = {
    .name = "datetime.date",
    .size = sizeof(OuDate),
    .flags = OU_TYPE_BASE,
    .doc = "date(year, month, day) --> date object",
    .s = {.repr = date_repr,
          .str = date_str,
          .hash = date_hash,
          .compare = date_compare,
          .new_ = date_new,
          .nb = {[OU_NB_ADD] = date_add, [OU_NB_SUB] = date_sub}},
    .methods = methods,
    .getset = getset,
};

/* ---- IsoCalendarDate ---- */

static OuObj *isocal_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"year", "week", "weekday", NULL};
    OuObj *a[3];
    if (ou_dt_args(vm, "IsoCalendarDate", names, 3, 3, args, nargs, kwnames, a) < 0)
        return NULL;
    return isocal_make(vm, a[0], a[1], a[2]);
}

static OuObj *isocal_repr(OuVM *vm, OuObj *o)
{
    OuObj **v = OU_TUPLE(o)->items;
    return ou_str_fmt(vm, "%s(year=%S, week=%S, weekday=%S)", OU_TYPE_OF(vm, o)->name, v[0], v[1], v[2]);
}

static OuObj *isocal_get(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(OU_TUPLE(o)->items[(intptr_t)data]);
}

FN(isocal_reduce)
{
    OuObj *t = ou_tuple_of(vm, OU_TUPLE(args[0])->items, 3);
    OuObj *inner = t ? ou_tuple_pack(vm, 1, t) : NULL;
    OuObj *r = inner ? ou_tuple_pack(vm, 2, (OuObj *)&vm->builtin[OU_T_tuple], inner) : NULL;
    ou_xdecref(vm, t);
    ou_xdecref(vm, inner);
    return r;
}

static const OuFn isocal_methods[] = {{"__reduce__(self)", isocal_reduce, 0, NULL}, {0}};
static const OuGetSet isocal_getset[] = {{"year", isocal_get, NULL, NULL, (void *)0},
                                         {"week", isocal_get, NULL, NULL, (void *)1},
                                         {"weekday", isocal_get, NULL, NULL, (void *)2},
                                         {0}};
const OuTypeSpec ou_isocal_spec = {
    .name = "datetime.IsoCalendarDate",
    .size = sizeof(OuTuple),
    .item_size = sizeof(OuObj *),
    .flags = OU_TYPE_GC | OU_TYPE_SEQUENCE | OU_TYPE_TUPLE_SUB,
    .doc = "The result of date.isocalendar() or datetime.isocalendar()\n\n"
           "This object may be accessed either as a tuple of\n  ((year, week, weekday))\n"
           "or via the object attributes as named in the above tuple.",
    .s = {.repr = isocal_repr, .new_ = isocal_new},
    .methods = isocal_methods,
    .getset = isocal_getset,
};
