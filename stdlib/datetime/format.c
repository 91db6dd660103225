/* stdlib/datetime/format.c - texts: offsets, times, strftime, struct_time. */
#include "datetime.h"

#include <stdio.h>

static int put(OuStrBuf *b, const char *text, int n)
{
    return ou_strbuf_ascii(b, text, n);
}

int ou_fmt_offset(OuVM *vm, OuStrBuf *b, const char *sep, OuObj *tz, OuObj *arg)
{
    OuObj *off = ou_tz_utcoffset(vm, tz, arg);
    if (!off)
        return -1;
    int r = 0;
    if (off != OU_NONE(vm)) {
        ou_i128 total = ou_delta_total(off);
        char sign = total < 0 ? '-' : '+', text[40];
        if (total < 0)
            total = -total;
        int us = (int)(total % 1000000), s = (int)(total / 1000000);
        int n = snprintf(text, sizeof text, "%c%02d%s%02d", sign, s / 3600, sep, s / 60 % 60);
        if (us)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%02d.%06d", sep, s % 60, us);
        else if (s % 60)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%02d", sep, s % 60);
        r = put(b, text, n);
    }
    ou_decref(vm, off);
    return r;
}

int ou_fmt_time(OuVM *vm, OuStrBuf *b, OuWhen w, OuObj *timespec)
{
    static const char *const names[] = {"hours", "minutes", "seconds", "milliseconds", "microseconds"};
    int kind = w.us ? 4 : 2, n;
    char text[64];
    if (timespec && !ou_str_eq_s(timespec, "auto")) {
        for (kind = 0; kind < 5 && !ou_str_eq_s(timespec, names[kind]); kind++)
            ;
        if (kind == 5)
            return ou_value_error_i(vm, "Unknown timespec value");
    }
    unsigned h = w.hour, m = w.minute, s = w.second, us = w.us;
    if (kind == 0)
        n = snprintf(text, sizeof text, "%02u", h);
    else if (kind == 1)
        n = snprintf(text, sizeof text, "%02u:%02u", h, m);
    else if (kind == 2)
        n = snprintf(text, sizeof text, "%02u:%02u:%02u", h, m, s);
    else if (kind == 3)
        n = snprintf(text, sizeof text, "%02u:%02u:%02u.%03u", h, m, s, us / 1000);
    else
        n = snprintf(text, sizeof text, "%02u:%02u:%02u.%06u", h, m, s, us);
    return put(b, text, n);
}

/* %Z: name of the zone with its % doubled, by its own replace method. */
static int put_zone_name(OuVM *vm, OuStrBuf *b, OuObj *tz, OuObj *arg)
{
    OuObj *name = ou_tz_name(vm, tz, arg), *one = NULL, *two = NULL, *text = NULL;
    int r = -1;
    if (!name)
        return -1;
    if (name == OU_NONE(vm)) {
        ou_decref(vm, name);
        return 0;
    }
    if ((one = ou_str_char(vm, '%')) && (two = ou_str_from_ascii(vm, "%%", 2)))
        text = ou_call_method(vm, name, OU_NAME(vm, replace), 2, one, two);
    if (text && !ou_isa_str(vm, text))
        ou_type_error(vm, "tzname.replace() did not return a string");
    else if (text)
        r = ou_strbuf_str(b, text);
    ou_decref(vm, name);
    ou_xdecref(vm, one);
    ou_xdecref(vm, two);
    ou_xdecref(vm, text);
    return r;
}

OuObj *ou_fmt_strftime(OuVM *vm, OuObj *self, OuObj *format, OuObj *timetuple, OuObj *tz_arg)
{
    OuDtState *st = ou_dt_state(vm);
    bool moment = ou_dt_isa(vm, self, st->time) || ou_dt_isa(vm, self, st->datetime);
    OuObj *tz = moment ? OU_MOMENT(self)->tz : NULL, *f = NULL, *text = NULL, *r = NULL;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    for (ou_ssize i = 0, n = ou_str_len(format); i < n; i++) {
        uint32_t c = ou_str_at(OU_STR(format), i), next = i + 1 < n ? ou_str_at(OU_STR(format), i + 1) : 0;
        int bad;
        if (c != '%' || i + 1 == n) {
            bad = ou_strbuf_char(&b, c);
        } else {
            i++;
            if (next == 'z') {
                bad = ou_fmt_offset(vm, &b, "", tz, tz_arg);
            } else if (next == 'Z') {
                bad = put_zone_name(vm, &b, tz, tz_arg);
            } else if (next == 'f') {
                char us[16];
                bad = put(&b, us, snprintf(us, sizeof us, "%06u", moment ? (unsigned)OU_WHEN(self).us : 0u));
            } else {
                bad = ou_strbuf_char(&b, c) < 0 ? -1 : ou_strbuf_char(&b, next);
            }
        }
        if (bad < 0)
            goto done;
    }
    OuUtf8 u; /* lone surrogates are refused */
    if ((text = ou_strbuf_take(&b)) && ou_str_utf8(vm, text, &u, false) == 0) {
        ou_utf8_free(vm, &u);
        if ((f = ou_import_attr(vm, "time", "strftime")))
            r = ou_call2(vm, f, text, timetuple);
    }
done:
    ou_strbuf_free(&b);
    ou_xdecref(vm, text);
    ou_xdecref(vm, f);
    return r;
}

OuObj *ou_fmt_strftime_arg(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"format", NULL};
    OuObj *format;
    if (ou_dt_args(vm, "strftime", names, 1, 1, args + 1, nargs - 1, kwnames, &format) < 0)
        return NULL;
    if (!ou_isa_str(vm, format))
        return ou_type_error(vm, "strftime() argument 1 must be str, not %s", ou_arg_type_name(vm, format));
    return format;
}

OuObj *ou_fmt_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_dt_exactly(vm, "__format__", 1, nargs - 1, kwnames) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "__format__() argument 1 must be str, not %s",
                             ou_arg_type_name(vm, args[1]));
    if (!ou_str_len(args[1]))
        return ou_str(vm, args[0]);
    return ou_call_method(vm, args[0], ou_dt_state(vm)->strftime, 1, args[1]);
}

OuObj *ou_fmt_ctime(OuVM *vm, OuWhen w)
{
    static const char days[][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    int n = snprintf(text, sizeof text, "%s %s %2d %02d:%02d:%02d %04d",
                     days[ou_cal_weekday(w.year, w.month, w.day)], months[w.month - 1], (int)w.day,
                     (int)w.hour, (int)w.minute, (int)w.second, (int)w.year);
    return ou_str_from_ascii(vm, text, n);
}

OuObj *ou_fmt_struct_time(OuVM *vm, const OuFields *f, int dst)
{
    const int v[9] = {f->year,
                      f->month,
                      f->day,
                      f->hour,
                      f->minute,
                      f->second,
                      ou_cal_weekday(f->year, f->month, f->day),
                      ou_cal_yday(f->year, f->month, f->day),
                      dst};
    OuObj *t = ou_tuple_new(vm, 9), *type = ou_import_attr(vm, "time", "struct_time"), *r = NULL;
    bool ok = t && type;
    for (int i = 0; t && i < 9; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, v[i])))
            ok = false;
    if (ok)
        r = ou_call1(vm, type, t);
    ou_xdecref(vm, t);
    ou_xdecref(vm, type);
    return r;
}
