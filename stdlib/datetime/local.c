/* stdlib/datetime/local.c - timestamps and the platform's local time.  Gaps and folds: PEP 495. */
#include "datetime.h"

#include <errno.h>
#include <math.h>

enum { MAX_FOLD = 24 * 3600 };

int ou_local_break(OuVM *vm, int64_t t, bool utc, struct tm *tm)
{
    time_t at = (time_t)t;
    errno = 0;
    if (!(utc ? gmtime_r(&at, tm) : localtime_r(&at, tm))) {
        ou_raise_errno(vm, errno ? errno : EINVAL, NULL);
        return -1;
    }
    return 0;
}

void ou_local_fields(const struct tm *tm, OuFields *f)
{
    /* a leap second counts as the second before it */
    *f = (OuFields){tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday,
                    tm->tm_hour,        tm->tm_min,     tm->tm_sec > 59 ? 59 : tm->tm_sec};
}

static int out_of_range(OuVM *vm)
{
    return ou_raise_i(vm, OU_EXC(vm, OverflowError), "timestamp out of range for platform time_t");
}

static int whole(OuVM *vm, OuObj *o, int64_t *s)
{
    if (ou_as_i64(vm, o, s) == 0)
        return 0;
    if (!ou_err_is(vm, OU_EXC(vm, OverflowError)))
        return -1;
    ou_err_clear(vm);
    return out_of_range(vm);
}

static int nan_error(OuVM *vm)
{
    return ou_value_error_i(vm, "Invalid value NaN (not a number)");
}

int ou_local_seconds(OuVM *vm, OuObj *o, int64_t *s)
{
    if (!ou_isa(vm, o, float))
        return whole(vm, o, s);
    double d = floor(OU_FLOAT_V(o));
    if (isnan(d))
        return nan_error(vm);
    if (!(d >= -0x1p63 && d < 0x1p63))
        return out_of_range(vm);
    *s = (int64_t)d;
    return 0;
}

int ou_local_seconds_us(OuVM *vm, OuObj *o, int64_t *s, int *us)
{
    *us = 0;
    if (!ou_isa(vm, o, float))
        return whole(vm, o, s);
    double i, frac = modf(OU_FLOAT_V(o), &i);
    if (isnan(i))
        return nan_error(vm);
    frac = nearbyint(frac * 1e6); /* half to even, the rounding mode of the process */
    if (frac >= 1e6) {
        frac -= 1e6;
        i += 1;
    } else if (frac < 0) {
        frac += 1e6;
        i -= 1;
    }
    if (!(i >= -0x1p63 && i < 0x1p63))
        return out_of_range(vm);
    *s = (int64_t)i;
    *us = (int)frac;
    return 0;
}

/* UTC seconds since 0001-01-01 to local ones. */
static int to_local(OuVM *vm, int64_t u, int64_t *out)
{
    struct tm tm;
    OuFields f;
    if (ou_local_break(vm, u - OU_EPOCH_SECONDS, false, &tm) < 0)
        return -1;
    ou_local_fields(&tm, &f);
    return ou_cal_seconds(vm, &f, out);
}

int ou_local_to_seconds(OuVM *vm, const OuFields *f, int64_t *out)
{
    int64_t t, lt, t1, t2, u1, u2, a, b;
    if (ou_cal_seconds(vm, f, &t) < 0 || to_local(vm, t, &lt) < 0)
        return -1;
    a = lt - t;
    u1 = t - a;
    if (to_local(vm, u1, &t1) < 0)
        return -1;
    if (t1 == t) {
        /* one solution; the other one, if any, is a day before or after */
        u2 = f->fold ? u1 + MAX_FOLD : u1 - MAX_FOLD;
        if (to_local(vm, u2, &lt) < 0)
            return -1;
        b = lt - u2;
        if (a == b) {
            *out = u1;
            return 0;
        }
    } else {
        b = t1 - u1;
    }
    u2 = t - b;
    if (to_local(vm, u2, &t2) < 0)
        return -1;
    if (t2 == t)
        *out = u2;
    else if (t1 == t)
        *out = u1;
    else /* a gap: fold says from which side to look */
        *out = (f->fold != 0) == (u1 < u2) ? u1 : u2;
    return 0;
}

int ou_local_from_stamp(OuVM *vm, int64_t t, int us, bool utc, bool find_fold, OuFields *f)
{
    struct tm tm;
    if (ou_local_break(vm, t, utc, &tm) < 0)
        return -1;
    ou_local_fields(&tm, f);
    f->us = us;
    if (!find_fold || utc || t - MAX_FOLD <= 0)
        return 0;
    int64_t here, before, probe;
    if (ou_cal_seconds(vm, f, &here) < 0 || to_local(vm, OU_EPOCH_SECONDS + t - MAX_FOLD, &before) < 0)
        return -1;
    int64_t transition = here - before - MAX_FOLD;
    if (transition < 0) {
        if (to_local(vm, OU_EPOCH_SECONDS + t + transition, &probe) < 0)
            return -1;
        f->fold = probe == here;
    }
    return 0;
}

OuObj *ou_local_timezone_at(OuVM *vm, int64_t stamp)
{
    struct tm tm;
    if (ou_local_break(vm, stamp, false, &tm) < 0)
        return NULL;
    OuObj *delta = ou_delta_new(vm, 0, tm.tm_gmtoff, 0), *name = ou_fs_decode(vm, tm.tm_zone, -1), *r = NULL;
    if (delta && name)
        r = ou_timezone_new(vm, delta, name);
    ou_xdecref(vm, delta);
    ou_xdecref(vm, name);
    return r;
}
