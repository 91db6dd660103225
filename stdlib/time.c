/* stdlib/time.c - module time: clocks, sleep, broken-down times. */
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "vm/structseq.h"
#include "vm/threads.h"
#include "support.h"
#include "vm/type.h"

#define NS 1000000000LL

static const OuGetSet fields[] = {
    OU_SEQ_FIELD(0, "tm_year", "year, for example, 1993"),
    OU_SEQ_FIELD(1, "tm_mon", "month of year, range [1, 12]"),
    OU_SEQ_FIELD(2, "tm_mday", "day of month, range [1, 31]"),
    OU_SEQ_FIELD(3, "tm_hour", "hours, range [0, 23]"),
    OU_SEQ_FIELD(4, "tm_min", "minutes, range [0, 59]"),
    OU_SEQ_FIELD(5, "tm_sec", "seconds, range [0, 61])"),
    OU_SEQ_FIELD(6, "tm_wday", "day of week, range [0, 6], Monday is 0"),
    OU_SEQ_FIELD(7, "tm_yday", "day of year, range [1, 366]"),
    OU_SEQ_FIELD(8, "tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"),
    OU_SEQ_FIELD(9, "tm_zone", "abbreviation of timezone name"),
    OU_SEQ_FIELD(10, "tm_gmtoff", "offset from UTC in seconds"),
    {0},
};
static const OuStructSeq struct_time = {
    OU_STRUCTSEQ("time.struct_time",
                 "The time value as returned by gmtime(), localtime(), and strptime(), and\n"
                 "accepted by asctime(), mktime() and strftime(): a tuple of 9 integers whose\n"
                 "items can be had by name as well.",
                 fields),
    .visible = 9,
    .total = 11,
};

typedef struct State {
    OuType *struct_time;
} State;
extern const OuModuleDef ou_mod_time;

/* ---- clocks ------------------------------------------------------------------------------ */
static int clock_now(OuVM *vm, clockid_t id, int64_t *ns)
{
    struct timespec ts;
    if (clock_gettime(id, &ts) < 0) {
        ou_raise_errno(vm, errno, NULL);
        return -1;
    }
    *ns = (int64_t)ts.tv_sec * NS + ts.tv_nsec;
    return 0;
}

static double seconds(int64_t ns)
{
    return ns % NS == 0 ? (double)(ns / NS) : (double)ns / 1e9;
}

#define CLOCK(name, id)                                                                     \
    static OuObj *f_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)      \
    {                                                                                       \
        int64_t ns;                                                                         \
        return clock_now(vm, id, &ns) < 0 ? NULL : ou_float(vm, seconds(ns));               \
    }                                                                                       \
    static OuObj *f_##name##_ns(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames) \
    {                                                                                       \
        int64_t ns;                                                                         \
        return clock_now(vm, id, &ns) < 0 ? NULL : ou_int(vm, ns);                          \
    }
CLOCK(time, CLOCK_REALTIME)
CLOCK(monotonic, CLOCK_MONOTONIC)
CLOCK(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK(thread_time, CLOCK_THREAD_CPUTIME_ID)

static int clock_id(OuVM *vm, OuObj *o, clockid_t *id)
{
    int v;
    if (ou_as_int(vm, o, &v) < 0)
        return -1;
    *id = (clockid_t)v;
    return 0;
}

static OuObj *f_clock_gettime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    clockid_t id;
    int64_t ns;
    return clock_id(vm, args[0], &id) < 0 || clock_now(vm, id, &ns) < 0 ? NULL : ou_float(vm, seconds(ns));
}

static OuObj *f_clock_gettime_ns(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    clockid_t id;
    int64_t ns;
    return clock_id(vm, args[0], &id) < 0 || clock_now(vm, id, &ns) < 0 ? NULL : ou_int(vm, ns);
}

static OuObj *f_clock_getres(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    clockid_t id;
    struct timespec ts;
    if (clock_id(vm, args[0], &id) < 0)
        return NULL;
    if (clock_getres(id, &ts) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_float(vm, (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9);
}

static OuObj *f_pthread_getcpuclockid(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t id;
    clockid_t clk;
    if (ou_as_u64(vm, args[0], &id) < 0)
        return NULL;
    bool known = false; /* glibc reads what the id points to */
    for (const OuThread *t = vm->main_ts; t && !known; t = t->next)
        known = t->id == id;
    int err = known ? pthread_getcpuclockid((pthread_t)id, &clk) : ESRCH;
    return err ? ou_raise_errno(vm, err, NULL) : ou_int(vm, clk);
}

static void *out_of_range(OuVM *vm)
{
    return ou_raise(vm, OU_EXC(vm, OverflowError), "timestamp out of range for platform time_t");
}

/* Seconds as an int or float to nanoseconds, rounded up (up) or down. */
static int to_ns(OuVM *vm, OuObj *o, bool up, int64_t *ns)
{
    if (ou_isa(vm, o, float)) {
        double d = OU_FLOAT_V(o);
        if (isnan(d))
            return ou_value_error_i(vm, "Invalid value NaN (not a number)");
        d *= 1e9;
        d = up ? (d >= 0 ? ceil(d) : floor(d)) : floor(d);
        if (!(d >= -0x1p63 && d < 0x1p63)) {
            out_of_range(vm);
            return -1;
        }
        *ns = (int64_t)d;
        return 0;
    }
    int64_t s;
    if (ou_as_i64(vm, o, &s) < 0 || __builtin_mul_overflow(s, NS, ns)) {
        if (!ou_err_occurred(vm) || ou_err_is(vm, OU_EXC(vm, OverflowError))) {
            ou_err_clear(vm);
            out_of_range(vm);
        }
        return -1;
    }
    return 0;
}

static OuObj *set_clock(OuVM *vm, clockid_t id, int64_t ns)
{
    struct timespec ts = {.tv_sec = ns / NS, .tv_nsec = ns % NS};
    if (ts.tv_nsec < 0) {
        ts.tv_nsec += NS;
        ts.tv_sec--;
    }
    if (clock_settime(id, &ts) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_none(vm);
}

static OuObj *f_clock_settime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    clockid_t id;
    int64_t ns;
    return clock_id(vm, args[0], &id) < 0 || to_ns(vm, args[1], false, &ns) < 0 ? NULL
                                                                                : set_clock(vm, id, ns);
}

static OuObj *f_clock_settime_ns(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    clockid_t id;
    int64_t ns;
    return clock_id(vm, args[0], &id) < 0 || ou_as_i64(vm, args[1], &ns) < 0 ? NULL : set_clock(vm, id, ns);
}

/* An absolute deadline, so that signals whose handlers return do not lengthen the sleep (PEP 475). */
static OuObj *f_sleep(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int64_t ns, now;
    if (to_ns(vm, args[0], true, &ns) < 0)
        return NULL;
    if (ns < 0)
        return ou_value_error(vm, "sleep length must be non-negative");
    if (clock_now(vm, CLOCK_MONOTONIC, &now) < 0)
        return NULL;
    if (__builtin_add_overflow(now, ns, &ns))
        ns = INT64_MAX;
    struct timespec until = {.tv_sec = ns / NS, .tv_nsec = ns % NS};
    for (;;) {
        int err;
        OU_BLOCKING(vm, err = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
        if (err == 0)
            return ou_none(vm);
        if (err != EINTR)
            return ou_raise_errno(vm, err, NULL);
        if (ou_poll(vm) < 0)
            return NULL;
    }
}

static OuObj *f_get_clock_info(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const struct {
        const char *name, *impl;
        clockid_t id;
        bool monotonic, adjustable;
    } clocks[] = {
        {"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
        {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true, false},
        {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true, false},
    };
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "get_clock_info() argument 1 must be str, not %T", args[0]);
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        if (!ou_str_eq_s(args[0], clocks[i].name))
            continue;
        struct timespec ts;
        if (clock_getres(clocks[i].id, &ts) < 0)
            return ou_raise_errno(vm, errno, NULL);
        OuObj *d = ou_dict_new(vm), *impl = ou_str_new(vm, clocks[i].impl, -1), *r = NULL;
        OuObj *res = ou_float(vm, (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9);
        if (d && impl && res && ou_dict_set_s(vm, d, "implementation", impl) == 0 &&
            ou_dict_set_s(vm, d, "monotonic", OU_BOOL(vm, clocks[i].monotonic)) == 0 &&
            ou_dict_set_s(vm, d, "adjustable", OU_BOOL(vm, clocks[i].adjustable)) == 0 &&
            ou_dict_set_s(vm, d, "resolution", res) == 0)
            r = ou_namespace_new(vm, d);
        ou_xdecref(vm, d);
        ou_xdecref(vm, impl);
        ou_xdecref(vm, res);
        return r;
    }
    return ou_value_error(vm, "unknown clock");
}

/* ---- broken-down times ---------------------------------------------------------------------- */
static OuObj *from_tm(OuVM *vm, const struct tm *tm)
{
    State *st = ou_module_state(vm, &ou_mod_time);
    OuObj *o = ou_structseq_new(vm, st->struct_time);
    if (!o)
        return NULL;
    OuObj **item = OU_TUPLE(o)->items;
    const int64_t values[9] = {tm->tm_year + 1900LL,  tm->tm_mon + 1,  tm->tm_mday,
                               tm->tm_hour,           tm->tm_min,      tm->tm_sec,
                               (tm->tm_wday + 6) % 7, tm->tm_yday + 1, tm->tm_isdst};
    for (int i = 0; i < 9; i++)
        item[i] = ou_int(vm, values[i]);
    item[9] = ou_fs_decode(vm, tm->tm_zone, -1);
    item[10] = ou_int(vm, tm->tm_gmtoff);
    return ou_structseq_done(vm, o);
}

/* Time argument (None or absent: now) as whole seconds, rounded down. */
static int to_time_t(OuVM *vm, OuObj *o, time_t *t)
{
    if (!o || o == OU_NONE(vm)) {
        *t = time(NULL);
        return 0;
    }
    if (ou_isa(vm, o, float)) {
        double d = OU_FLOAT_V(o);
        if (isnan(d))
            return ou_value_error_i(vm, "Invalid value NaN (not a number)");
        d = floor(d);
        if (!(d >= -0x1p63 && d < 0x1p63)) {
            out_of_range(vm);
            return -1;
        }
        *t = (time_t)d;
        return 0;
    }
    int64_t v;
    if (ou_as_i64(vm, o, &v) < 0) {
        if (ou_err_is(vm, OU_EXC(vm, OverflowError))) {
            ou_err_clear(vm);
            out_of_range(vm);
        }
        return -1;
    }
    *t = v;
    return 0;
}

/* localtime_r or gmtime_r with CPython's errors. */
static int break_down(OuVM *vm, time_t t, bool local, struct tm *tm)
{
    errno = 0;
    if (local ? localtime_r(&t, tm) : gmtime_r(&t, tm))
        return 0;
    ou_raise_errno(vm, errno ? errno : EINVAL, NULL);
    return -1;
}

static OuObj *broken(OuVM *vm, const char *name, OuObj *const *args, size_t nargs, OuObj *kwnames, bool local)
{
    time_t t;
    struct tm tm;
    if (ou_no_kwargs(vm, name, kwnames) < 0)
        return NULL;
    if (nargs > 1)
        return ou_type_error(vm, "%s() takes at most 1 argument (%zu given)", name + 5, nargs);
    if (to_time_t(vm, nargs ? args[0] : NULL, &t) < 0 || break_down(vm, t, local, &tm) < 0)
        return NULL;
    return from_tm(vm, &tm);
}

static OuObj *f_gmtime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return broken(vm, "time.gmtime", args, nargs, kwnames, false);
}

static OuObj *f_localtime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return broken(vm, "time.localtime", args, nargs, kwnames, true);
}

static int int_item(OuVM *vm, OuObj *o, int *out)
{
    int64_t v;
    if (ou_as_i64(vm, o, &v) < 0)
        return -1;
    if (v > INT_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "signed integer is greater than maximum");
    if (v < INT_MIN)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "signed integer is less than minimum");
    *out = (int)v;
    return 0;
}

/* Tuple of nine ints (or struct_time) to tm. zone: UTF-8 form of tm_zone, kept by the caller. */
static int to_tm(OuVM *vm, OuObj *o, const char *func, struct tm *tm, OuUtf8 *zone)
{
    State *st = ou_module_state(vm, &ou_mod_time);
    int v[9];
    memset(tm, 0, sizeof *tm);
    if (!ou_isa_tuple(vm, o))
        return ou_type_error_i(vm, "Tuple or struct_time argument required");
    if (OU_TUPLE(o)->n != 9)
        return ou_type_error_i(vm, "%s(): illegal time tuple argument", func);
    for (int i = 0; i < 9; i++)
        if (int_item(vm, OU_TUPLE(o)->items[i], &v[i]) < 0)
            return -1;
    if (v[0] < INT_MIN + 1900)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "year out of range");
    tm->tm_year = v[0] - 1900;
    tm->tm_mon = (int)((unsigned)v[1] - 1);
    tm->tm_mday = v[2];
    tm->tm_hour = v[3];
    tm->tm_min = v[4];
    tm->tm_sec = v[5];
    tm->tm_wday = (int)((unsigned)v[6] + 1) % 7;
    tm->tm_yday = (int)((unsigned)v[7] - 1);
    tm->tm_isdst = v[8];
    if (OU_TYPE_OF(vm, o) == st->struct_time) {
        OuObj *name = OU_TUPLE(o)->items[9], *off = OU_TUPLE(o)->items[10];
        if (name != OU_NONE(vm)) {
            if (ou_isa_str(vm, name) && ou_str_utf8(vm, name, zone, true) < 0)
                return -1;
            tm->tm_zone = zone->s;
        }
        int64_t gmtoff = 0;
        if (off != OU_NONE(vm) && ou_as_i64(vm, off, &gmtoff) < 0)
            return -1;
        tm->tm_gmtoff = gmtoff;
    }
    return 0;
}

static int check_tm(OuVM *vm, struct tm *tm)
{
    if (tm->tm_mon == -1)
        tm->tm_mon = 0;
    else if (tm->tm_mon < 0 || tm->tm_mon > 11)
        return ou_value_error_i(vm, "month out of range");
    if (tm->tm_mday == 0)
        tm->tm_mday = 1;
    else if (tm->tm_mday < 0 || tm->tm_mday > 31)
        return ou_value_error_i(vm, "day of month out of range");
    if (tm->tm_hour < 0 || tm->tm_hour > 23)
        return ou_value_error_i(vm, "hour out of range");
    if (tm->tm_min < 0 || tm->tm_min > 59)
        return ou_value_error_i(vm, "minute out of range");
    if (tm->tm_sec < 0 || tm->tm_sec > 61)
        return ou_value_error_i(vm, "seconds out of range");
    if (tm->tm_wday < 0)
        return ou_value_error_i(vm, "day of week out of range");
    if (tm->tm_yday == -1)
        tm->tm_yday = 0;
    else if (tm->tm_yday < 0 || tm->tm_yday > 365)
        return ou_value_error_i(vm, "day of year out of range");
    return 0;
}

static OuObj *asc(OuVM *vm, const struct tm *tm)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char buf[80];
    snprintf(buf, sizeof buf, "%.3s %.3s%3d %.2d:%.2d:%.2d %d", days + 3 * tm->tm_wday,
             months + 3 * tm->tm_mon, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_year + 1900);
    return ou_str_new(vm, buf, -1);
}

static OuObj *f_asctime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    struct tm tm;
    OuUtf8 zone = {0};
    OuObj *r = NULL;
    if (ou_no_kwargs(vm, "time.asctime", kwnames) < 0 || ou_arity(vm, "asctime", nargs, 0, 1) < 0)
        return NULL;
    if (nargs == 0) {
        if (break_down(vm, time(NULL), true, &tm) == 0)
            r = asc(vm, &tm);
    } else if (to_tm(vm, args[0], "asctime", &tm, &zone) == 0 && check_tm(vm, &tm) == 0) {
        r = asc(vm, &tm);
    }
    ou_utf8_free(vm, &zone);
    return r;
}

static OuObj *f_ctime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    time_t t;
    struct tm tm;
    if (ou_no_kwargs(vm, "time.ctime", kwnames) < 0)
        return NULL;
    if (nargs > 1)
        return ou_type_error(vm, "ctime() takes at most 1 argument (%zu given)", nargs);
    if (to_time_t(vm, nargs ? args[0] : NULL, &t) < 0 || break_down(vm, t, true, &tm) < 0)
        return NULL;
    return asc(vm, &tm);
}

static OuObj *f_mktime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    struct tm tm;
    OuUtf8 zone = {0};
    int r = to_tm(vm, args[0], "mktime", &tm, &zone);
    ou_utf8_free(vm, &zone);
    if (r < 0)
        return NULL;
    tm.tm_wday = -1; /* stays so if mktime() fails: -1 alone is a time as well */
    time_t t = mktime(&tm);
    if (t == (time_t)-1 && tm.tm_wday == -1)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "mktime argument out of range");
    return ou_float(vm, (double)t);
}

static OuObj *format_tm(OuVM *vm, OuObj *format, const struct tm *tm)
{
    OuUtf8 f;
    if (ou_str_utf8(vm, format, &f, true) < 0)
        return NULL;
    OuObj *r = NULL;
    if (strlen(f.s) != f.n) {
        ou_value_error(vm, "embedded null character");
    } else {
        /* 0 means "does not fit" or an empty result: grow up to 256 times the format */
        for (size_t size = 1024; !r; size *= 2) {
            char *buf = ou_alloc(vm, size);
            if (!buf)
                break;
            size_t n = strftime(buf, size, f.s, tm);
            if (n > 0 || size >= 256 * f.n)
                r = ou_str_new(vm, buf, (ou_ssize)n);
            ou_free(vm, buf, size);
            if (ou_err_occurred(vm))
                break;
        }
    }
    ou_utf8_free(vm, &f);
    return r;
}

static OuObj *f_strftime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    struct tm tm;
    OuUtf8 zone = {0};
    OuObj *r = NULL;
    if (ou_no_kwargs(vm, "time.strftime", kwnames) < 0)
        return NULL;
    if (nargs < 1 || nargs > 2)
        return ou_type_error(vm, "strftime() takes at %s (%zu given)",
                             nargs < 1 ? "least 1 argument" : "most 2 arguments", nargs);
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "strftime() argument 1 must be str, not %T", args[0]);
    if (nargs == 1) {
        if (break_down(vm, time(NULL), true, &tm) == 0)
            r = format_tm(vm, args[0], &tm);
    } else if (to_tm(vm, args[1], "strftime", &tm, &zone) == 0 && check_tm(vm, &tm) == 0) {
        if (tm.tm_isdst < -1)
            tm.tm_isdst = -1;
        else if (tm.tm_isdst > 1)
            tm.tm_isdst = 1;
        r = format_tm(vm, args[0], &tm);
    }
    ou_utf8_free(vm, &zone);
    return r;
}

static OuObj *f_strptime(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *f = ou_import_attr(vm, "_strptime", "_strptime_time");
    if (!f)
        return NULL;
    OuObj *r = ou_call(vm, f, args, nargs, kwnames);
    ou_decref(vm, f);
    return r;
}

/* timezone, altzone, daylight, tzname, from the offsets of this year's beginning and middle */
static int add_zone(OuVM *vm, OuObj *m)
{
    enum { YEAR = (365 * 24 + 6) * 3600 };
    time_t t = time(NULL) / YEAR * YEAR;
    struct tm jan, jul;
    if (break_down(vm, t, true, &jan) < 0 || break_down(vm, t + YEAR / 2, true, &jul) < 0)
        return -1;
    const struct tm *std = &jan, *dst = &jul;
    if (-jan.tm_gmtoff < -jul.tm_gmtoff) { /* southern summer */
        std = &jul;
        dst = &jan;
    }
    if (ou_module_add_int(vm, m, "timezone", -std->tm_gmtoff) < 0 ||
        ou_module_add_int(vm, m, "altzone", -dst->tm_gmtoff) < 0 ||
        ou_module_add_int(vm, m, "daylight", std->tm_gmtoff != dst->tm_gmtoff) < 0)
        return -1;
    OuObj *names[2] = {ou_fs_decode(vm, std->tm_zone, -1), ou_fs_decode(vm, dst->tm_zone, -1)};
    OuObj *pair = names[0] && names[1] ? ou_tuple_of_take(vm, names, 2) : NULL;
    ou_xdecref(vm, names[0]);
    ou_xdecref(vm, names[1]);
    return ou_module_add(vm, m, "tzname", pair);
}

static OuObj *f_tzset(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *m = ou_import(vm, "time");
    if (!m)
        return NULL;
    tzset();
    int r = add_zone(vm, m);
    ou_decref(vm, m);
    return r < 0 ? NULL : ou_none(vm);
}

static const OuFn functions[] = {
    {"time()", f_time, 0, "time() -> floating point number\n\nSeconds since the Epoch."},
    {"time_ns()", f_time_ns, 0, "time_ns() -> int\n\nNanoseconds since the Epoch."},
    {"clock_gettime(clk_id, /)", f_clock_gettime, 0,
     "clock_gettime(clk_id) -> float\n\nTime of a clock in seconds."},
    {"clock_gettime_ns(clk_id, /)", f_clock_gettime_ns, 0,
     "clock_gettime_ns(clk_id) -> int\n\nTime of a clock in nanoseconds."},
    {"clock_settime(clk_id, time, /)", f_clock_settime, 0,
     "clock_settime(clk_id, time)\n\nSets a clock, in seconds."},
    {"clock_settime_ns(clk_id, time, /)", f_clock_settime_ns, 0,
     "clock_settime_ns(clk_id, time)\n\nSets a clock, in nanoseconds."},
    {"clock_getres(clk_id, /)", f_clock_getres, 0,
     "clock_getres(clk_id) -> float\n\nResolution of a clock in seconds."},
    {"pthread_getcpuclockid(thread_id, /)", f_pthread_getcpuclockid, 0,
     "pthread_getcpuclockid(thread_id) -> int\n\nThe clk_id of a thread's CPU time clock."},
    {"sleep(seconds, /)", f_sleep, 0, "sleep(seconds)\n\nWaits; the argument may be a float."},
    {"gmtime(...)", f_gmtime, 0,
     "gmtime([seconds]) -> struct_time\n\nSeconds since the Epoch, now by default, as UTC."},
    {"localtime(...)", f_localtime, 0,
     "localtime([seconds]) -> struct_time\n\nSeconds since the Epoch, now by default, as local time."},
    {"asctime(...)", f_asctime, 0, "asctime([tuple]) -> string\n\nA time as 'Sat Jun 06 16:26:11 1998'."},
    {"ctime(...)", f_ctime, 0, "ctime(seconds) -> string\n\nasctime(localtime(seconds))."},
    {"mktime(tuple, /)", f_mktime, 0,
     "mktime(tuple) -> floating point number\n\nLocal time to seconds since the Epoch."},
    {"strftime(...)", f_strftime, 0,
     "strftime(format[, tuple]) -> string\n\nA time by a format; the local time by default."},
    {"strptime(...)", f_strptime, 0, "strptime(string, format) -> struct_time\n\nReads a time by a format."},
    {"tzset()", f_tzset, 0, "tzset()\n\nReads the TZ environment variable anew."},
    {"monotonic()", f_monotonic, 0, "monotonic() -> float\n\nA clock that cannot go backward."},
    {"monotonic_ns()", f_monotonic_ns, 0, "monotonic_ns() -> int\n\nThe same in nanoseconds."},
    {"process_time()", f_process_time, 0, "process_time() -> float\n\nCPU time of the process."},
    {"process_time_ns()", f_process_time_ns, 0, "process_time_ns() -> int\n\nThe same in nanoseconds."},
    {"thread_time()", f_thread_time, 0, "thread_time() -> float\n\nCPU time of the thread."},
    {"thread_time_ns()", f_thread_time_ns, 0, "thread_time_ns() -> int\n\nThe same in nanoseconds."},
    {"perf_counter()", f_monotonic, 0, "perf_counter() -> float\n\nClock for measuring short durations."},
    {"perf_counter_ns()", f_monotonic_ns, 0, "perf_counter_ns() -> int\n\nThe same in nanoseconds."},
    {"get_clock_info(name, /)", f_get_clock_info, 0,
     "get_clock_info(name: str) -> dict\n\nWhat is known of a clock."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow constants[] = {
        {"CLOCK_REALTIME", CLOCK_REALTIME},
        {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
        {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
        {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
        {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
        {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
        {"CLOCK_TAI", CLOCK_TAI},
        {"_STRUCT_TM_ITEMS", 11},
        {0},
    };
    State *st = ((OuModule *)m)->state;
    if (ou_module_add_ints(vm, m, constants) < 0)
        return -1;
    tzset();
    if (!(st->struct_time = ou_structseq_type(vm, m, &struct_time)))
        return -1;
    return add_zone(vm, m);
}

const OuModuleDef ou_mod_time = {
    .name = "time",
    .doc =
        "Clocks and time values.\n\n"
        "A time is either a number, seconds since the Epoch (on Unix, January 1st 1970 in UTC; may be a "
        "float),\n"
        "or a struct_time, a tuple of nine ints: year, month 1-12, day 1-31, hours, minutes, seconds,\n"
        "weekday (Monday is 0), day of the year 1-366, and the DST flag: 1 summer time, 0 not, -1 unknown.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
};
