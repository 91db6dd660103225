/* stdlib/datetime/datetime.h - inside module _datetime.
 *
 * A date, time or datetime keeps all its fields in one 64-bit word, most significant first, so that comparing two words
 * (without fold) compares the fields.  date: 16 bytes (CPython 32), time and datetime: 24 with their tzinfo (40, 48),
 * timedelta: 24 (40).  No hash is kept: it is a few instructions away. */
#ifndef OU_STDLIB_DATETIME_H
#define OU_STDLIB_DATETIME_H

#include <time.h>

#include "vm/native.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef __int128 ou_i128;
enum { OU_MINYEAR = 1, OU_MAXYEAR = 9999, OU_MAXORDINAL = 3652059, OU_MAXDELTA = 999999999 };

typedef union OuWhen {
    struct {
        uint64_t us : 20, second : 6, minute : 6, hour : 5, day : 5, month : 4, year : 14, fold : 1,
            unused : 3;
    };
    uint64_t bits;
} OuWhen;
#define OU_WHEN_KEY(w) ((w).bits & ((1ull << 60) - 1))

typedef struct OuDate {
    OuObj hdr;
    OuWhen w;
} OuDate;
/* A time (date fields 0) or a datetime, which begins like a date. */
typedef struct OuMoment {
    OuObj hdr;
    OuWhen w;
    OuObj *tz; /* NULL: None */
} OuMoment;
typedef struct OuDelta {
    OuObj hdr;
    int32_t days, seconds, us; /* normalised: seconds and us are not negative */
} OuDelta;
typedef struct OuTimezone {
    OuObj hdr;
    OuObj *offset, *name; /* name NULL: by the offset */
} OuTimezone;
#define OU_WHEN(o) (((OuDate *)(o))->w)
#define OU_MOMENT(o) ((OuMoment *)(o))
#define OU_DELTA(o) ((OuDelta *)(o))

/* Fields before they are checked. */
typedef struct OuFields {
    int year, month, day, hour, minute, second, us, fold;
} OuFields;

typedef struct OuDtState {
    OuType *delta, *date, *time, *datetime, *tzinfo, *timezone, *isocal;
    OuObj *utc, *epoch;
    OuObj *utcoffset, *dst, *tzname, *fromutc, *isoformat, *strftime, *timetuple; /* interned */
} OuDtState;
extern const OuModuleDef ou_mod__datetime;
static inline OuDtState *ou_dt_state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__datetime);
}
static inline bool ou_dt_isa(OuVM *vm, OuObj *o, OuType *t)
{
    return OU_TYPE_OF(vm, o) == t || ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), t);
}
extern const OuTypeSpec ou_delta_spec, ou_date_spec, ou_time_spec, ou_datetime_spec, ou_tzinfo_spec,
    ou_timezone_spec, ou_isocal_spec;

/* ---- args.c ---- */
/* Binds like CPython's ParseTupleAndKeywords, with its texts: the first nreq of names are required, npos may be
 * positional.  fname NULL: "function".  out: borrowed, NULL where absent. */
int ou_dt_args(OuVM *vm, const char *fname, const char *const *names, size_t nreq, size_t npos,
               OuObj *const *args, size_t nargs, OuObj *kwnames, OuObj **out);
/* Exactly n positional arguments besides self; "f() takes exactly 1 argument (0 given)". */
int ou_dt_exactly(OuVM *vm, const char *fname, size_t n, size_t nargs, OuObj *kwnames);
int ou_dt_int(OuVM *vm, OuObj *o, int *out); /* o NULL: *out stays */
int ou_dt_tz_arg(OuVM *vm, OuObj *o);        /* None or a tzinfo */
/* The state bytes of a pickle when o is a bytes or Latin-1 str of length n whose byte `at` is in lo..hi (its top bit
 * ignored): 1 and p; 0; -1 with ValueError for other characters. */
int ou_dt_pickle_arg(OuVM *vm, OuObj *o, size_t n, size_t at, int lo, int hi, const char *what,
                     unsigned char *p);
OuObj *ou_dt_int128(OuVM *vm, ou_i128 v);
bool ou_dt_as_i128(OuVM *vm, OuObj *o, ou_i128 *out); /* an int: false if it does not fit */
/* Rich comparison result from a sign. */
OuObj *ou_dt_diff(OuVM *vm, int diff, int op);
OuObj *ou_dt_cmp_error(OuVM *vm, OuObj *a, OuObj *b);

/* ---- calendar.c: proleptic Gregorian calendar; ordinal 1 is 0001-01-01 ---- */
bool ou_cal_leap(int year);
int ou_cal_month_days(int year, int month);
int ou_cal_yday(int year, int month, int day); /* 1 = January 1 */
int ou_cal_ordinal(int year, int month, int day);
void ou_cal_ymd(int ordinal, int *year, int *month, int *day);
int ou_cal_weekday(int year, int month, int day); /* Monday 0 */
int ou_cal_week1_monday(int year);                /* ordinal of the Monday of ISO week 1 */
/* ISO year, week, day to a date: 0, or 1 bad year, 2 bad week, 3 bad day. */
int ou_cal_from_iso(int iso_year, int week, int weekday, int *year, int *month, int *day);
int ou_cal_check_date(OuVM *vm, int year, int month, int day);
int ou_cal_check_time(OuVM *vm, const OuFields *f);
/* Fields of a pickle into their ranges: CPython takes what it finds. */
void ou_cal_clamp(OuFields *f);
OuFields ou_cal_fields(OuWhen w);
OuWhen ou_cal_when(const OuFields *f);
/* Carries of seconds and us into days; OverflowError outside the calendar. day may be any number. */
int ou_cal_normalize(OuVM *vm, OuFields *f, int64_t days, int64_t seconds, int64_t us);
/* Seconds since the beginning of 0001-01-01; ValueError for years outside the calendar. -1 */
int ou_cal_seconds(OuVM *vm, const OuFields *f, int64_t *out);
#define OU_EPOCH_SECONDS (719163LL * 86400)

/* ---- local.c: the platform's clock and local time ---- */
int ou_local_break(OuVM *vm, int64_t t, bool utc, struct tm *tm);
void ou_local_fields(const struct tm *tm, OuFields *f);
/* Seconds (floor) or seconds and microseconds (half to even) of a timestamp object. */
int ou_local_seconds(OuVM *vm, OuObj *o, int64_t *s);
int ou_local_seconds_us(OuVM *vm, OuObj *o, int64_t *s, int *us);
/* Local fields to seconds since 0001-01-01 UTC, by fold. */
int ou_local_to_seconds(OuVM *vm, const OuFields *f, int64_t *out);
/* Fields of timestamp t; fold is found out when local. */
int ou_local_from_stamp(OuVM *vm, int64_t t, int us, bool utc, bool find_fold, OuFields *f);
OuObj *ou_local_timezone_at(OuVM *vm, int64_t stamp);

/* ---- delta.c ---- */
OuObj *ou_delta_new(OuVM *vm, int64_t days, int64_t seconds, int64_t us); /* normalised here */
ou_i128 ou_delta_total(const OuObj *d);
int ou_delta_cmp(const OuObj *a, const OuObj *b);
OuObj *ou_delta_sub(OuVM *vm, OuObj *a, OuObj *b);
bool ou_delta_zero(const OuObj *d);

/* ---- date.c ---- */
OuObj *ou_date_make(OuVM *vm, OuType *type, int year, int month, int day);     /* checked */
OuObj *ou_date_make_sub(OuVM *vm, OuType *type, int year, int month, int day); /* by calling a subclass */

/* ---- moment.c: what time and datetime share ---- */
OuObj *ou_moment_new(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz); /* fields and tz are checked */
void ou_moment_dealloc(OuVM *vm, OuObj *o);
/* The constructor's arguments when they are (state[, tzinfo]) of a pickle: 1, fields and tz (borrowed, may be NULL);
 * 0 when they are not; -1. */
int ou_moment_unpickle(OuVM *vm, bool is_time, OuObj *const *args, size_t nargs, OuObj *kwnames, OuFields *f,
                       OuObj **tz);
void ou_moment_bytes(OuWhen w, unsigned char p[10]); /* the state without fold; a time's begins at p[4] */
OuObj *ou_moment_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_moment_reduce_ex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
extern const OuGetSet ou_moment_getset[];

/* ---- time.c, datetime.c ---- */
OuObj *ou_time_make(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz);
OuObj *ou_datetime_make(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz); /* tz NULL or None: naive */
OuObj *ou_datetime_make_sub(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz);
/* datetime.fromtimestamp and its like; tz as given. */
OuObj *ou_datetime_from_stamp(OuVM *vm, OuType *type, int64_t t, int us, bool utc, OuObj *tz);
/* datetime_ops.c */
OuObj *ou_datetime_shift(OuVM *vm, OuObj *dt, OuObj *delta, int factor); /* result by calling dt's class */
OuObj *ou_datetime_subtract(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_datetime_add(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_datetime_compare(OuVM *vm, OuObj *a, OuObj *b, int op);
int ou_datetime_hash(OuVM *vm, OuObj *o, int64_t *out);
OuObj *ou_datetime_astimezone(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
extern const OuFn ou_datetime_methods[];

/* ---- timezone.c ---- */
OuObj *ou_timezone_new(OuVM *vm, OuObj *offset, OuObj *name); /* name NULL */
/* tz.utcoffset(arg) and dst(arg): None or a checked timedelta; tz NULL gives None. */
OuObj *ou_tz_utcoffset(OuVM *vm, OuObj *tz, OuObj *arg);
OuObj *ou_tz_dst(OuVM *vm, OuObj *tz, OuObj *arg);
OuObj *ou_tz_name(OuVM *vm, OuObj *tz, OuObj *arg); /* None or str */

/* ---- format.c ---- */
/* "+HH:MM[:SS[.ffffff]]" with sep between, "" for None, appended. */
int ou_fmt_offset(OuVM *vm, OuStrBuf *b, const char *sep, OuObj *tz, OuObj *arg);
/* "HH:MM:SS" as timespec (str or NULL: auto) says, appended. */
int ou_fmt_time(OuVM *vm, OuStrBuf *b, OuWhen w, OuObj *timespec);
OuObj *ou_fmt_strftime(OuVM *vm, OuObj *self, OuObj *format, OuObj *timetuple, OuObj *tz_arg);
OuObj *ou_fmt_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);       /* __format__ */
OuObj *ou_fmt_strftime_arg(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames); /* borrowed format */
OuObj *ou_fmt_ctime(OuVM *vm, OuWhen w);
OuObj *ou_fmt_struct_time(OuVM *vm, const OuFields *f, int dst);

/* ---- parse.c: ISO 8601 ---- */
int ou_parse_date(const char *s, size_t n, OuFields *f); /* 0 or -1 */
/* 0 without offset, 1 with, -1. */
int ou_parse_time(const char *s, size_t n, OuFields *f, int *offset, int *offset_us);
size_t ou_parse_separator(const char *s, size_t n); /* 0: invalid */
/* What is not ASCII reaches a parser as OU_ISO_FIRST + n, then n - 1 OU_ISO_OTHER: a character of n UTF-8 bytes. */
#define OU_ISO_OTHER ((char)0xff)
#define OU_ISO_FIRST 0xf0u
/* 0 without offset, 1 with, -1. */
typedef int OuIsoParser(const char *s, size_t n, OuFields *f, int *offset, int *offset_us);
/* fromisoformat()'s argument by the parser: its fields, and its zone (new; None without); NULL with TypeError or
 * ValueError. */
OuObj *ou_parse_iso(OuVM *vm, OuObj *s, OuIsoParser *parser, OuFields *f);

#endif
