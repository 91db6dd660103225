/* stdlib/datetime/calendar.c - the proleptic Gregorian calendar. */
#include "datetime.h"

enum { D400 = 146097, D100 = 36524, D4 = 1461 };
static const uint8_t month_days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
static const uint16_t before_month[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

bool ou_cal_leap(int y)
{
    return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

int ou_cal_month_days(int y, int m)
{
    return m == 2 && ou_cal_leap(y) ? 29 : month_days[m];
}

int ou_cal_yday(int y, int m, int d)
{
    return before_month[m] + (m > 2 && ou_cal_leap(y)) + d;
}

int ou_cal_ordinal(int y, int m, int d)
{
    int p = y - 1;
    return p * 365 + p / 4 - p / 100 + p / 400 + ou_cal_yday(y, m, d);
}

void ou_cal_ymd(int ordinal, int *year, int *month, int *day)
{
    int n = ordinal - 1;
    int n400 = n / D400, n100 = (n %= D400) / D100, n4 = (n %= D100) / D4, n1 = (n %= D4) / 365;
    n %= 365;
    *year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1;
    if (n1 == 4 || n100 == 4) { /* the last day of a leap cycle */
        *year -= 1;
        *month = 12;
        *day = 31;
        return;
    }
    int m = (n + 50) >> 5; /* right or one too large */
    int before = ou_cal_yday(*year, m, 0);
    if (before > n)
        before = ou_cal_yday(*year, --m, 0);
    *month = m;
    *day = n - before + 1;
}

int ou_cal_weekday(int y, int m, int d)
{
    return (ou_cal_ordinal(y, m, d) + 6) % 7;
}

int ou_cal_week1_monday(int y)
{
    int first = ou_cal_ordinal(y, 1, 1), weekday = (first + 6) % 7;
    return first - weekday + (weekday > 3 ? 7 : 0);
}

int ou_cal_from_iso(int iso_year, int week, int weekday, int *year, int *month, int *day)
{
    if (iso_year < OU_MINYEAR || iso_year > OU_MAXYEAR)
        return 1;
    if (week <= 0 || week >= 53) {
        int first = ou_cal_weekday(iso_year, 1, 1);
        if (week != 53 || !(first == 3 || (first == 2 && ou_cal_leap(iso_year))))
            return 2;
    }
    if (weekday <= 0 || weekday >= 8)
        return 3;
    ou_cal_ymd(ou_cal_week1_monday(iso_year) + (week - 1) * 7 + weekday - 1, year, month, day);
    return 0;
}

int ou_cal_check_date(OuVM *vm, int y, int m, int d)
{
    if (y < OU_MINYEAR || y > OU_MAXYEAR)
        return ou_value_error_i(vm, "year %d is out of range", y);
    if (m < 1 || m > 12)
        return ou_value_error_i(vm, "month must be in 1..12");
    if (d < 1 || d > ou_cal_month_days(y, m))
        return ou_value_error_i(vm, "day is out of range for month");
    return 0;
}

int ou_cal_check_time(OuVM *vm, const OuFields *f)
{
    if (f->hour < 0 || f->hour > 23)
        return ou_value_error_i(vm, "hour must be in 0..23");
    if (f->minute < 0 || f->minute > 59)
        return ou_value_error_i(vm, "minute must be in 0..59");
    if (f->second < 0 || f->second > 59)
        return ou_value_error_i(vm, "second must be in 0..59");
    if (f->us < 0 || f->us > 999999)
        return ou_value_error_i(vm, "microsecond must be in 0..999999");
    if (f->fold != 0 && f->fold != 1)
        return ou_value_error_i(vm, "fold must be either 0 or 1");
    return 0;
}

static void clamp(int *v, int lo, int hi)
{
    *v = *v < lo ? lo : *v > hi ? hi : *v;
}

void ou_cal_clamp(OuFields *f)
{
    clamp(&f->year, OU_MINYEAR, OU_MAXYEAR);
    clamp(&f->month, 1, 12);
    clamp(&f->day, 1, ou_cal_month_days(f->year, f->month));
    clamp(&f->hour, 0, 23);
    clamp(&f->minute, 0, 59);
    clamp(&f->second, 0, 59);
    clamp(&f->us, 0, 999999);
}

OuFields ou_cal_fields(OuWhen w)
{
    return (OuFields){(int)w.year,   (int)w.month,  (int)w.day, (int)w.hour,
                      (int)w.minute, (int)w.second, (int)w.us,  (int)w.fold};
}

OuWhen ou_cal_when(const OuFields *f)
{
    OuWhen w = {.bits = 0};
    w.year = (unsigned)f->year;
    w.month = (unsigned)f->month;
    w.day = (unsigned)f->day;
    w.hour = (unsigned)f->hour;
    w.minute = (unsigned)f->minute;
    w.second = (unsigned)f->second;
    w.us = (unsigned)f->us;
    w.fold = (unsigned)f->fold;
    return w;
}

static int64_t carry(int64_t *v, int64_t unit)
{
    int64_t q = *v / unit, r = *v % unit;
    if (r < 0) {
        r += unit;
        q--;
    }
    *v = r;
    return q;
}

int ou_cal_normalize(OuVM *vm, OuFields *f, int64_t days, int64_t seconds, int64_t us)
{
    us += f->us;
    seconds += carry(&us, 1000000) + f->hour * 3600 + f->minute * 60 + f->second;
    days += carry(&seconds, 86400) + ou_cal_ordinal(f->year, f->month, f->day);
    if (days < 1 || days > OU_MAXORDINAL)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "date value out of range");
    ou_cal_ymd((int)days, &f->year, &f->month, &f->day);
    f->hour = (int)(seconds / 3600);
    f->minute = (int)(seconds / 60 % 60);
    f->second = (int)(seconds % 60);
    f->us = (int)us;
    return 0;
}

int ou_cal_seconds(OuVM *vm, const OuFields *f, int64_t *out)
{
    if (f->year < OU_MINYEAR || f->year > OU_MAXYEAR)
        return ou_value_error_i(vm, "year %d is out of range", f->year);
    *out = (int64_t)ou_cal_ordinal(f->year, f->month, f->day) * 86400 + f->hour * 3600 + f->minute * 60 +
           f->second;
    return 0;
}
