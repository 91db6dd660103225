/* stdlib/datetime/datetime.c - datetime.datetime: construction, fields, texts.  Arithmetic: datetime_ops.c. */
#include "datetime.h"

#include <stdio.h>

#include "vm/type.h"

static const char *const names[] = {"year",   "month",       "day",    "hour", "minute",
                                    "second", "microsecond", "tzinfo", "fold", NULL};

OuObj *ou_datetime_make(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz)
{
    if (ou_cal_check_date(vm, f->year, f->month, f->day) < 0 || ou_cal_check_time(vm, f) < 0 ||
        ou_dt_tz_arg(vm, tz) < 0)
        return NULL;
    return ou_moment_new(vm, type, f, tz);
}

OuObj *ou_datetime_make_sub(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz)
{
    OuDtState *st = ou_dt_state(vm);
    if (type == st->datetime)
        return ou_datetime_make(vm, type, f, tz);
    OuObj *v[8] = {ou_int(vm, f->year),   ou_int(vm, f->month),  ou_int(vm, f->day), ou_int(vm, f->hour),
                   ou_int(vm, f->minute), ou_int(vm, f->second), ou_int(vm, f->us),  tz ? tz : OU_NONE(vm)};
    OuObj *r = NULL;
    bool ok = true;
    for (int i = 0; i < 7; i++)
        ok = ok && v[i];
    if (ok)
        r = ou_call(vm, (OuObj *)type, v, 8, NULL);
    if (r && ou_dt_isa(vm, r, st->datetime))
        OU_WHEN(r).fold = (unsigned)f->fold;
    for (int i = 0; i < 7; i++)
        ou_xdecref(vm, v[i]);
    return r;
}

static int fields_arg(OuVM *vm, OuObj **a, OuFields *f)
{
    int *const into[] = {&f->year, &f->month, &f->day, &f->hour, &f->minute, &f->second, &f->us};
    for (int i = 0; i < 7; i++)
        if (ou_dt_int(vm, a[i], into[i]) < 0)
            return -1;
    return ou_dt_int(vm, a[8], &f->fold);
}

static OuObj *datetime_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[9], *tz;
    OuFields f = {0};
    int r = ou_moment_unpickle(vm, false, args, nargs, kwnames, &f, &tz);
    if (r)
        return r < 0 ? NULL : ou_datetime_make(vm, type, &f, tz);
    if (ou_dt_args(vm, NULL, names, 3, 8, args, nargs, kwnames, a) < 0 || fields_arg(vm, a, &f) < 0)
        return NULL;
    return ou_datetime_make(vm, type, &f, a[7]);
}

/* ---- other constructors ---- */

OuObj *ou_datetime_from_stamp(OuVM *vm, OuType *type, int64_t t, int us, bool utc, OuObj *tz)
{
    OuFields f;
    bool naive = !tz || tz == OU_NONE(vm);
    if (ou_local_from_stamp(vm, t, us, utc, naive, &f) < 0)
        return NULL;
    return ou_datetime_make_sub(vm, type, &f, tz);
}

/* self_take, or tz.fromutc(self) for an aware one. */
static OuObj *from_utc_take(OuVM *vm, OuObj *self, OuObj *tz)
{
    if (!self || !tz || tz == OU_NONE(vm))
        return self;
    OuObj *r = ou_call_method(vm, tz, ou_dt_state(vm)->fromutc, 1, self);
    ou_decref(vm, self);
    return r;
}

static OuObj *now_in(OuVM *vm, OuType *type, bool utc, OuObj *tz)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return ou_datetime_from_stamp(vm, type, ts.tv_sec, (int)(ts.tv_nsec / 1000), utc, tz);
}

FN(now)
{
    static const char *const params[] = {"tz", NULL};
    OuObj *tz;
    if (ou_dt_args(vm, "now", params, 0, 1, args + 1, nargs - 1, kwnames, &tz) < 0 ||
        ou_dt_tz_arg(vm, tz) < 0)
        return NULL;
    return from_utc_take(vm, now_in(vm, (OuType *)args[0], tz && tz != OU_NONE(vm), tz), tz);
}

FN(utcnow)
{
    return now_in(vm, (OuType *)args[0], true, NULL);
}

FN(fromtimestamp)
{
    static const char *const params[] = {"timestamp", "tz", NULL};
    OuObj *a[2];
    int64_t t;
    int us;
    if (ou_dt_args(vm, "fromtimestamp", params, 1, 2, args + 1, nargs - 1, kwnames, a) < 0 ||
        ou_dt_tz_arg(vm, a[1]) < 0 || ou_local_seconds_us(vm, a[0], &t, &us) < 0)
        return NULL;
    bool utc = a[1] && a[1] != OU_NONE(vm);
    return from_utc_take(vm, ou_datetime_from_stamp(vm, (OuType *)args[0], t, us, utc, a[1]), a[1]);
}

FN(utcfromtimestamp)
{
    int64_t t;
    int us;
    if (ou_dt_exactly(vm, "datetime.utcfromtimestamp", 1, nargs - 1, kwnames) < 0 ||
        ou_local_seconds_us(vm, args[1], &t, &us) < 0)
        return NULL;
    return ou_datetime_from_stamp(vm, (OuType *)args[0], t, us, true, NULL);
}

FN(strptime_)
{
    if (ou_dt_exactly(vm, "datetime.strptime", 2, nargs - 1, kwnames) < 0)
        return NULL;
    for (int i = 1; i < 3; i++)
        if (!ou_isa_str(vm, args[i]))
            return ou_type_error(vm, "strptime() argument %d must be str, not %s", i,
                                 ou_arg_type_name(vm, args[i]));
    OuObj *f = ou_import_attr(vm, "_strptime", "_strptime_datetime");
    OuObj *r = f ? ou_call3(vm, f, args[0], args[1], args[2]) : NULL;
    ou_xdecref(vm, f);
    return r;
}

FN(combine)
{
    static const char *const params[] = {"date", "time", "tzinfo", NULL};
    OuDtState *st = ou_dt_state(vm);
    OuObj *a[3];
    if (ou_dt_args(vm, "combine", params, 2, 3, args + 1, nargs - 1, kwnames, a) < 0)
        return NULL;
    if (!ou_dt_isa(vm, a[0], st->date))
        return ou_type_error(vm, "combine() argument 1 must be datetime.date, not %s",
                             ou_arg_type_name(vm, a[0]));
    if (!ou_dt_isa(vm, a[1], st->time))
        return ou_type_error(vm, "combine() argument 2 must be datetime.time, not %s",
                             ou_arg_type_name(vm, a[1]));
    OuFields f = ou_cal_fields(OU_WHEN(a[1]));
    f.year = (int)OU_WHEN(a[0]).year;
    f.month = (int)OU_WHEN(a[0]).month;
    f.day = (int)OU_WHEN(a[0]).day;
    return ou_datetime_make_sub(vm, (OuType *)args[0], &f, a[2] ? a[2] : OU_MOMENT(a[1])->tz);
}

static int parse(const char *s, size_t n, OuFields *f, int *offset, int *offset_us)
{
    size_t sep = n < 7 ? 0 : ou_parse_separator(s, n);
    if (!sep || sep > n || ou_parse_date(s, sep, f) < 0)
        return -1;
    if (n == sep)
        return 0;
    sep += (uint8_t)s[sep] < 0x80 ? 1 : (uint8_t)s[sep] - OU_ISO_FIRST; /* one character */
    return ou_parse_time(s + sep, n - sep, f, offset, offset_us);
}

FN(fromisoformat)
{
    OuFields f = {0};
    OuObj *tz = ou_parse_iso(vm, args[1], parse, &f), *r = NULL;
    if (tz)
        r = ou_datetime_make_sub(vm, (OuType *)args[0], &f, tz);
    ou_xdecref(vm, tz);
    return r;
}

/* ---- parts ---- */

FN(date_part)
{
    OuWhen w = OU_WHEN(args[0]);
    return ou_date_make(vm, ou_dt_state(vm)->date, (int)w.year, (int)w.month, (int)w.day);
}

static OuObj *time_of(OuVM *vm, OuObj *o, OuObj *tz)
{
    OuFields f = ou_cal_fields((OuWhen){.bits = OU_WHEN(o).bits & ((1ull << 37) - 1)});
    f.fold = (int)OU_WHEN(o).fold;
    return ou_time_make(vm, ou_dt_state(vm)->time, &f, tz);
}

FN(time_part)
{
    return time_of(vm, args[0], NULL);
}

FN(timetz)
{
    return time_of(vm, args[0], OU_MOMENT(args[0])->tz);
}

FN(replace)
{
    OuFields f = ou_cal_fields(OU_WHEN(args[0]));
    OuObj *a[9];
    if (ou_dt_args(vm, "replace", names, 0, 8, args + 1, nargs - 1, kwnames, a) < 0 ||
        fields_arg(vm, a, &f) < 0)
        return NULL;
    return ou_datetime_make(vm, OU_TYPE_OF(vm, args[0]), &f, a[7] ? a[7] : OU_MOMENT(args[0])->tz);
}

FN(utcoffset)
{
    return ou_tz_utcoffset(vm, OU_MOMENT(args[0])->tz, args[0]);
}

FN(dst)
{
    return ou_tz_dst(vm, OU_MOMENT(args[0])->tz, args[0]);
}

FN(tzname_)
{
    return ou_tz_name(vm, OU_MOMENT(args[0])->tz, args[0]);
}

/* ---- texts and tuples ---- */

static OuObj *datetime_repr(OuVM *vm, OuObj *o)
{
    OuWhen w = OU_WHEN(o);
    char text[128];
    int n = snprintf(text, sizeof text, "%d, %d, %d, %d, %d", (int)w.year, (int)w.month, (int)w.day,
                     (int)w.hour, (int)w.minute);
    if (w.us || w.second)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", (int)w.second);
    if (w.us)
        n += snprintf(text + n, sizeof text - (size_t)n, ", %d", (int)w.us);
    if (w.fold)
        snprintf(text + n, sizeof text - (size_t)n, ", fold=1");
    const char *name = OU_TYPE_OF(vm, o)->name;
    return OU_MOMENT(o)->tz ? ou_str_fmt(vm, "%s(%s, tzinfo=%R)", name, text, OU_MOMENT(o)->tz)
                            : ou_str_fmt(vm, "%s(%s)", name, text);
}

static OuObj *iso(OuVM *vm, OuObj *o, uint32_t sep, OuObj *timespec)
{
    OuWhen w = OU_WHEN(o);
    OuObj *r = NULL;
    char text[32];
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    int n = snprintf(text, sizeof text, "%04d-%02d-%02d", (int)w.year, (int)w.month, (int)w.day);
    if (ou_strbuf_ascii(&b, text, n) == 0 && ou_strbuf_char(&b, sep) == 0 &&
        ou_fmt_time(vm, &b, w, timespec) == 0 && ou_fmt_offset(vm, &b, ":", OU_MOMENT(o)->tz, o) == 0)
        r = ou_strbuf_take(&b);
    ou_strbuf_free(&b);
    return r;
}

FN(isoformat)
{
    static const char *const params[] = {"sep", "timespec", NULL};
    OuObj *a[2];
    if (ou_dt_args(vm, "isoformat", params, 0, 2, args + 1, nargs - 1, kwnames, a) < 0)
        return NULL;
    if (a[0] && (!ou_isa_str(vm, a[0]) || ou_str_len(a[0]) != 1))
        return ou_type_error(vm, "isoformat() argument 1 must be a unicode character, not %s",
                             ou_arg_type_name(vm, a[0]));
    if (a[1] && !ou_isa_str(vm, a[1]))
        return ou_type_error(vm, "isoformat() argument 2 must be str, not %s", ou_arg_type_name(vm, a[1]));
    return iso(vm, args[0], a[0] ? ou_str_at(OU_STR(a[0]), 0) : 'T', a[1]);
}

static OuObj *datetime_str(OuVM *vm, OuObj *o)
{
    OuObj *space = ou_str_char(vm, ' ');
    OuObj *r = space ? ou_call_method(vm, o, ou_dt_state(vm)->isoformat, 1, space) : NULL;
    ou_xdecref(vm, space);
    return r;
}

FN(ctime_)
{
    return ou_fmt_ctime(vm, OU_WHEN(args[0]));
}

FN(timetuple)
{
    OuFields f = ou_cal_fields(OU_WHEN(args[0]));
    int dst_flag = -1;
    OuObj *d = ou_tz_dst(vm, OU_MOMENT(args[0])->tz, args[0]);
    if (!d)
        return NULL;
    if (d != OU_NONE(vm))
        dst_flag = !ou_delta_zero(d);
    ou_decref(vm, d);
    return ou_fmt_struct_time(vm, &f, dst_flag);
}

FN(utctimetuple)
{
    OuFields f = ou_cal_fields(OU_WHEN(args[0]));
    OuObj *off = ou_tz_utcoffset(vm, OU_MOMENT(args[0])->tz, args[0]);
    if (!off)
        return NULL;
    int r = off == OU_NONE(vm)
                ? 0
                : ou_cal_normalize(vm, &f, -OU_DELTA(off)->days, -OU_DELTA(off)->seconds, -OU_DELTA(off)->us);
    ou_decref(vm, off);
    return r < 0 ? NULL : ou_fmt_struct_time(vm, &f, 0);
}

FN(timestamp)
{
    OuDtState *st = ou_dt_state(vm);
    OuObj *self = args[0];
    if (!OU_MOMENT(self)->tz) {
        OuFields f = ou_cal_fields(OU_WHEN(self));
        int64_t s;
        if (ou_local_to_seconds(vm, &f, &s) < 0)
            return NULL;
        return ou_float(vm, (double)(s - OU_EPOCH_SECONDS) + f.us / 1e6);
    }
    OuObj *d = ou_datetime_subtract(vm, self, st->epoch), *r = NULL;
    if (d) {
        OuObj *us = ou_dt_int128(vm, ou_delta_total(d)), *unit = ou_int(vm, 1000000);
        r = us && unit ? ou_binop(vm, OU_NB_DIV, us, unit) : NULL;
        ou_xdecref(vm, us);
        ou_xdecref(vm, unit);
        ou_decref(vm, d);
    }
    return r;
}

static const OuFn methods[] = {
    {"now(type, /, tz=None)", now, OU_FN_CLASS | OU_FN_RAW,
     "Returns new datetime object representing current time local to tz.\n\n  tz\n    Timezone object.\n\nIf "
     "no tz "
     "is specified, uses local timezone."},
    {"utcnow(type)", utcnow, OU_FN_CLASS, "Return a new datetime representing UTC day and time."},
    {"fromtimestamp(...)", fromtimestamp, OU_FN_CLASS,
     "timestamp[, tz] -> tz's local time from POSIX timestamp."},
    {"utcfromtimestamp(...)", utcfromtimestamp, OU_FN_CLASS,
     "Construct a naive UTC datetime from a POSIX timestamp."},
    {"strptime(...)", strptime_, OU_FN_CLASS,
     "string, format -> new datetime parsed from a string (like time.strptime())."},
    {"combine(...)", combine, OU_FN_CLASS, "date, time -> datetime with same date and time fields"},
    {"fromisoformat(type, object, /)", fromisoformat, OU_FN_CLASS,
     "string -> datetime from a string in most ISO 8601 formats"},
    {"date(self)", date_part, 0, "Return date object with same year, month and day."},
    {"time(self)", time_part, 0, "Return time object with same time but with tzinfo=None."},
    {"timetz(self)", timetz, 0, "Return time object with same time and tzinfo."},
    {"ctime(self)", ctime_, 0, "Return ctime() style string."},
    {"timetuple(self)", timetuple, 0, "Return time tuple, compatible with time.localtime()."},
    {"timestamp(self)", timestamp, 0, "Return POSIX timestamp as float."},
    {"utctimetuple(self)", utctimetuple, 0, "Return UTC time tuple, compatible with time.localtime()."},
    {"isoformat(...)", isoformat, 0,
     "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n"
     "sep is used to separate the year from the time, and defaults to 'T'.\n"
     "The optional argument timespec specifies the number of additional terms\nof the time to include. Valid "
     "options are 'auto', 'hours', 'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n"},
    {"utcoffset(self)", utcoffset, 0, "Return self.tzinfo.utcoffset(self)."},
    {"tzname(self)", tzname_, 0, "Return self.tzinfo.tzname(self)."},
    {"dst(self)", dst, 0, "Return self.tzinfo.dst(self)."},
    {"replace(...)", replace, 0, "Return datetime with new specified fields."},
    {"astimezone(...)", ou_datetime_astimezone, 0, "tz -> convert to local time in new timezone tz\n"},
    {"__reduce_ex__(...)", ou_moment_reduce_ex, 0, "__reduce_ex__(proto) -> (cls, state)"},
    {"__reduce__(self)", ou_moment_reduce, 0, "__reduce__() -> (cls, state)"},
    {0},
};
const OuTypeSpec ou_datetime_spec = {
    .name = "datetime.datetime",
    .size = sizeof(OuMoment),
    .flags = OU_TYPE_BASE,
    .doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\n"
           "The year, month and day arguments are required. tzinfo may be None, or an\n"
           "instance of a tzinfo subclass. The remaining arguments may be ints.\n",
    .dealloc = ou_moment_dealloc,
    .s = {.repr = datetime_repr,
          .str = datetime_str,
          .hash = ou_datetime_hash,
          .compare = ou_datetime_compare,
          .new_ = datetime_new,
          .nb = {[OU_NB_ADD] = ou_datetime_add, [OU_NB_SUB] = ou_datetime_subtract}},
    .methods = methods,
    .getset = ou_moment_getset,
};
