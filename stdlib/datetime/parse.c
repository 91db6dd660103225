/* stdlib/datetime/parse.c - ISO 8601 as fromisoformat of 3.11 reads it: also what its reader accepts by accident, such
 * as a colon before the fraction.  Texts are NUL-terminated. */
#include "datetime.h"

#include <string.h>

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* n digits from p, or NULL. */
static const char *digits(const char *p, int *v, size_t n)
{
    *v = 0;
    for (size_t i = 0; i < n; i++, p++) {
        if (!digit(*p))
            return NULL;
        *v = *v * 10 + (*p - '0');
    }
    return p;
}

size_t ou_parse_separator(const char *s, size_t n)
{
    if (n == 7)
        return 7;
    if (s[4] == '-') {
        if (s[5] != 'W')
            return 10; /* YYYY-MM-DD */
        if (n < 8)
            return 0;
        if (n > 8 && s[8] == '-') {
            if (n == 9)
                return 0;
            return n > 10 && digit(s[10]) ? 8 : 10; /* YYYY-Www-HH rather than YYYY-Www-D and a digit */
        }
        return 8;
    }
    if (s[4] != 'W')
        return 8; /* YYYYMMDD */
    size_t i = 7;
    while (i < n && digit(s[i]))
        i++;
    return i < 9 ? i : i % 2 == 0 ? 7 : 8;
}

int ou_parse_date(const char *s, size_t n, OuFields *f)
{
    const char *p = digits(s, &f->year, 4);
    if (!p)
        return -1;
    bool dashes = *p == '-';
    p += dashes;
    if (*p == 'W') {
        int week, day = 1;
        if (!(p = digits(p + 1, &week, 2)))
            return -1;
        if ((size_t)(p - s) < n && ((dashes && *p++ != '-') || !(p = digits(p, &day, 1))))
            return -1;
        return ou_cal_from_iso(f->year, week, day, &f->year, &f->month, &f->day) ? -1 : 0;
    }
    if (!(p = digits(p, &f->month, 2)) || (dashes && *p++ != '-') || !(p = digits(p, &f->day, 2)))
        return -1;
    return p <= s + n ? 0 : -1; /* digits left over are overlooked */
}

/* HH[:?MM[:?SS[.fff]]] in p..end: 0, 1 when something is left, -1. */
static int clock_part(const char *p, const char *end, int v[4])
{
    static const int scale[] = {0, 100000, 10000, 1000, 100, 10};
    bool colons = true;
    memset(v, 0, 4 * sizeof *v);
    for (int i = 0; i < 3; i++) {
        if (!(p = digits(p, &v[i], 2)))
            return -1;
        char c = *p++;
        if (i == 0)
            colons = c == ':';
        if (p >= end)
            return c != 0;
        if (colons && c == ':')
            continue;
        if (c == '.' || c == ',')
            break;
        if (colons)
            return -1;
        p--;
    }
    size_t n = (size_t)(end - p) >= 6 ? 6 : (size_t)(end - p);
    if (!(p = digits(p, &v[3], n)))
        return -1;
    if (n < 6)
        v[3] *= scale[n];
    while (digit(*p))
        p++;
    return *p != 0;
}

int ou_parse_time(const char *s, size_t n, OuFields *f, int *offset, int *offset_us)
{
    const char *end = s + n, *zone = s;
    int v[4];
    do {
        if (*zone == '+' || *zone == '-' || *zone == 'Z')
            break;
    } while (++zone < end);
    int left = clock_part(s, zone, v);
    if (left < 0)
        return -1;
    f->hour = v[0];
    f->minute = v[1];
    f->second = v[2];
    f->us = v[3];
    *offset = *offset_us = 0;
    if (zone == end)
        return left ? -1 : 0;
    if (*zone == 'Z')
        return zone[1] ? -1 : 1;
    int sign = *zone == '-' ? -1 : 1;
    if (clock_part(zone + 1, end, v) != 0)
        return -1;
    *offset = sign * (v[0] * 3600 + v[1] * 60 + v[2]);
    *offset_us = sign * v[3];
    return 1;
}

enum { ISO_MAX = 192 };

/* A str as chars, in buf or allocated; a character beyond ASCII becomes as many OU_ISO_OTHER as UTF-8 has bytes. */
static char *chars(OuVM *vm, OuObj *s, char buf[ISO_MAX], size_t *n)
{
    size_t len = (size_t)ou_str_len(s), k = 0;
    char *p = 4 * len < ISO_MAX ? buf : ou_alloc(vm, 4 * len + 1);
    if (!p)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        uint32_t c = ou_str_at(OU_STR(s), (ou_ssize)i);
        int bytes = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        p[k++] = (char)(bytes == 1 ? c : OU_ISO_FIRST + (unsigned)bytes);
        while (--bytes)
            p[k++] = OU_ISO_OTHER;
    }
    p[k] = 0;
    *n = k;
    return p;
}

/* None without an offset. */
static OuObj *zone_object(OuVM *vm, int has, int offset, int offset_us)
{
    if (has != 1)
        return ou_none(vm);
    if (!offset)
        return ou_ref(ou_dt_state(vm)->utc);
    OuObj *delta = ou_delta_new(vm, 0, offset, offset_us);
    OuObj *r = delta ? ou_timezone_new(vm, delta, NULL) : NULL;
    ou_xdecref(vm, delta);
    return r;
}

OuObj *ou_parse_iso(OuVM *vm, OuObj *o, OuIsoParser *parser, OuFields *f)
{
    char buf[ISO_MAX];
    size_t n;
    int offset = 0, offset_us = 0;
    if (!ou_isa_str(vm, o))
        return ou_type_error(vm, "fromisoformat: argument must be str");
    char *s = chars(vm, o, buf, &n);
    if (!s)
        return NULL;
    int has = parser(s, n, f, &offset, &offset_us);
    if (s != buf)
        ou_free(vm, s, 4 * (size_t)ou_str_len(o) + 1);
    return has < 0 ? ou_value_error(vm, "Invalid isoformat string: %R", o)
                   : zone_object(vm, has, offset, offset_us);
}
