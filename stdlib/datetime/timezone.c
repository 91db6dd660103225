/* stdlib/datetime/timezone.c - datetime.tzinfo, datetime.timezone, and the protocol by which times ask them. */
#include "datetime.h"

#include <stdio.h>

/* ---- the protocol ---- */

static bool within_day(OuObj *delta)
{
    ou_i128 us = ou_delta_total(delta);
    return us > -(ou_i128)86400000000 && us < (ou_i128)86400000000;
}

static OuObj *ask_offset(OuVM *vm, OuObj *tz, OuObj *name, const char *what, OuObj *arg)
{
    OuDtState *st = ou_dt_state(vm);
    if (!tz || tz == OU_NONE(vm))
        return ou_none(vm);
    OuObj *r = ou_call_method(vm, tz, name, 1, arg);
    if (!r || r == OU_NONE(vm))
        return r;
    if (!ou_dt_isa(vm, r, st->delta))
        ou_type_error(vm, "tzinfo.%s() must return None or a timedelta, not '%T'", what, r);
    else if (!within_day(r))
        ou_value_error(vm, "offset must be a timedelta strictly between -timedelta(hours=24) and "
                           "timedelta(hours=24).");
    else
        return r;
    ou_decref(vm, r);
    return NULL;
}

OuObj *ou_tz_utcoffset(OuVM *vm, OuObj *tz, OuObj *arg)
{
    OuDtState *st = ou_dt_state(vm);
    if (tz && OU_TYPE_OF(vm, tz) == st->timezone)
        return ou_ref(((OuTimezone *)tz)->offset);
    return ask_offset(vm, tz, st->utcoffset, "utcoffset", arg);
}

OuObj *ou_tz_dst(OuVM *vm, OuObj *tz, OuObj *arg)
{
    return ask_offset(vm, tz, ou_dt_state(vm)->dst, "dst", arg);
}

OuObj *ou_tz_name(OuVM *vm, OuObj *tz, OuObj *arg)
{
    if (!tz || tz == OU_NONE(vm))
        return ou_none(vm);
    OuObj *r = ou_call_method(vm, tz, ou_dt_state(vm)->tzname, 1, arg);
    if (!r || r == OU_NONE(vm) || ou_isa_str(vm, r))
        return r;
    ou_type_error(vm, "tzinfo.tzname() must return None or a string, not '%T'", r);
    ou_decref(vm, r);
    return NULL;
}

/* ---- tzinfo ---- */

static OuObj *tzinfo_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}

static OuObj *missing(OuVM *vm, const char *name)
{
    return ou_raise(vm, OU_EXC(vm, NotImplementedError), "a tzinfo subclass must implement %s()", name);
}

FN(tzinfo_tzname)
{
    return missing(vm, "tzname");
}

FN(tzinfo_utcoffset)
{
    return missing(vm, "utcoffset");
}

FN(tzinfo_dst)
{
    return missing(vm, "dst");
}

static OuObj *inconsistent(OuVM *vm, const char *text)
{
    return ou_value_error(vm, "%s", text);
}

FN(tzinfo_fromutc)
{
    OuDtState *st = ou_dt_state(vm);
    OuObj *tz = args[0], *dt = args[1], *off = NULL, *dst = NULL, *delta = NULL, *mid = NULL, *r = NULL;
    if (!ou_dt_isa(vm, dt, st->datetime))
        return ou_type_error(vm, "fromutc: argument must be a datetime");
    if (OU_MOMENT(dt)->tz != tz)
        return ou_value_error(vm, "fromutc: dt.tzinfo is not self");
    if (!(off = ou_tz_utcoffset(vm, tz, dt)))
        return NULL;
    if (off == OU_NONE(vm)) {
        inconsistent(vm, "fromutc: non-None utcoffset() result required");
        goto done;
    }
    if (!(dst = ou_tz_dst(vm, tz, dt)))
        goto done;
    if (dst == OU_NONE(vm)) {
        inconsistent(vm, "fromutc: non-None dst() result required");
        goto done;
    }
    if (!(delta = ou_delta_sub(vm, off, dst)) || !(mid = ou_datetime_shift(vm, dt, delta, 1)))
        goto done;
    ou_decref(vm, dst);
    OuObj *mid_tz = ou_dt_isa(vm, mid, st->datetime) ? OU_MOMENT(mid)->tz : NULL;
    if (!(dst = ou_tz_dst(vm, mid_tz, mid)))
        goto done;
    if (dst == OU_NONE(vm))
        inconsistent(vm, "fromutc: tz.dst() gave inconsistent results; cannot convert");
    else
        r = ou_delta_zero(dst) ? ou_ref(mid) : ou_datetime_shift(vm, mid, dst, 1);
done:
    ou_xdecref(vm, off);
    ou_xdecref(vm, dst);
    ou_xdecref(vm, delta);
    ou_xdecref(vm, mid);
    return r;
}

FN(tzinfo_reduce)
{
    OuObj *f = NULL, *init = NULL, *state = NULL, *r = NULL, *key = ou_str_intern_s(vm, "__getinitargs__");
    int found = key ? ou_lookup_attr(vm, args[0], key, &f) : -1;
    ou_xdecref(vm, key);
    if (found < 0)
        return NULL;
    init = found ? ou_call0(vm, f) : ou_ref(OU_EMPTY_TUPLE(vm));
    if (found)
        ou_decref(vm, f);
    if (init && (state = ou_call_method(vm, args[0], OU_NAME(vm, __getstate__), 0)))
        r = ou_tuple_pack(vm, 3, (OuObj *)OU_TYPE_OF(vm, args[0]), init, state);
    ou_xdecref(vm, init);
    ou_xdecref(vm, state);
    return r;
}

static const OuFn tzinfo_methods[] = {
    {"tzname(self, dt, /)", tzinfo_tzname, 0, "datetime -> string name of time zone."},
    {"utcoffset(self, dt, /)", tzinfo_utcoffset, 0,
     "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC"},
    {"dst(self, dt, /)", tzinfo_dst, 0, "datetime -> DST offset as timedelta positive east of UTC."},
    {"fromutc(self, dt, /)", tzinfo_fromutc, 0, "datetime in UTC -> datetime in local time."},
    {"__reduce__(self)", tzinfo_reduce, 0, "-> (cls, state)"},
    {0},
};
const OuTypeSpec ou_tzinfo_spec = {
    .name = "datetime.tzinfo",
    .size = sizeof(OuObj),
    .flags = OU_TYPE_BASE,
    .doc = "Abstract base class for time zone info objects.",
    .s = {.new_ = tzinfo_new},
    .methods = tzinfo_methods,
};

/* ---- timezone ---- */

OuObj *ou_timezone_new(OuVM *vm, OuObj *offset, OuObj *name)
{
    OuDtState *st = ou_dt_state(vm);
    if (!name && st->utc && ou_delta_zero(offset))
        return ou_ref(st->utc);
    if (!within_day(offset))
        return ou_value_error(vm,
                              "offset must be a timedelta strictly between -timedelta(hours=24) and "
                              "timedelta(hours=24), not %R.",
                              offset);
    OuTimezone *z = (OuTimezone *)ou_type_alloc(vm, st->timezone, 0);
    if (z) {
        z->offset = ou_ref(offset);
        ou_xincref(name);
        z->name = name;
    }
    return (OuObj *)z;
}

static OuObj *timezone_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"offset", "name", NULL};
    OuObj *a[2];
    if (ou_dt_args(vm, "timezone", names, 1, 2, args, nargs, kwnames, a) < 0)
        return NULL;
    if (!ou_dt_isa(vm, a[0], ou_dt_state(vm)->delta))
        return ou_type_error(vm, "timezone() argument 1 must be datetime.timedelta, not %s",
                             ou_arg_type_name(vm, a[0]));
    if (a[1] && !ou_isa_str(vm, a[1]))
        return ou_type_error(vm, "timezone() argument 2 must be str, not %s", ou_arg_type_name(vm, a[1]));
    return ou_timezone_new(vm, a[0], a[1]);
}

static void timezone_dealloc(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuTimezone *)o)->offset);
    ou_clear(vm, ((OuTimezone *)o)->name);
    ou_free_object(vm, o);
}

static OuObj *timezone_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || OU_TYPE_OF(vm, b) != ou_dt_state(vm)->timezone)
        return ou_notimplemented(vm);
    return ou_dt_diff(vm, ou_delta_cmp(((OuTimezone *)a)->offset, ((OuTimezone *)b)->offset), op);
}

static int timezone_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    return ou_hash(vm, ((OuTimezone *)o)->offset, out);
}

static OuObj *timezone_repr(OuVM *vm, OuObj *o)
{
    OuTimezone *z = (OuTimezone *)o;
    if (o == ou_dt_state(vm)->utc)
        return ou_str_from_ascii(vm, "datetime.timezone.utc", -1);
    const char *name = OU_TYPE_OF(vm, o)->name;
    return z->name ? ou_str_fmt(vm, "%s(%R, %R)", name, z->offset, z->name)
                   : ou_str_fmt(vm, "%s(%R)", name, z->offset);
}

static OuObj *timezone_str(OuVM *vm, OuObj *o)
{
    OuTimezone *z = (OuTimezone *)o;
    if (z->name)
        return ou_ref(z->name);
    ou_i128 total = ou_delta_total(z->offset);
    if (!total)
        return ou_str_from_ascii(vm, "UTC", 3);
    char sign = total < 0 ? '-' : '+', text[48];
    if (total < 0)
        total = -total;
    int us = (int)(total % 1000000), s = (int)(total / 1000000);
    int n = snprintf(text, sizeof text, "UTC%c%02d:%02d", sign, s / 3600, s / 60 % 60);
    if (us)
        n += snprintf(text + n, sizeof text - (size_t)n, ":%02d.%06d", s % 60, us);
    else if (s % 60)
        n += snprintf(text + n, sizeof text - (size_t)n, ":%02d", s % 60);
    return ou_str_from_ascii(vm, text, n);
}

static int datetime_or_none(OuVM *vm, OuObj *o, const char *method)
{
    if (o == OU_NONE(vm) || ou_dt_isa(vm, o, ou_dt_state(vm)->datetime))
        return 0;
    return ou_type_error_i(vm, "%s(dt) argument must be a datetime instance or None, not %T", method, o);
}

FN(timezone_tzname)
{
    return datetime_or_none(vm, args[1], "tzname") < 0 ? NULL : timezone_str(vm, args[0]);
}

FN(timezone_utcoffset)
{
    return datetime_or_none(vm, args[1], "utcoffset") < 0 ? NULL : ou_ref(((OuTimezone *)args[0])->offset);
}

FN(timezone_dst)
{
    return datetime_or_none(vm, args[1], "dst") < 0 ? NULL : ou_none(vm);
}

FN(timezone_fromutc)
{
    if (!ou_dt_isa(vm, args[1], ou_dt_state(vm)->datetime))
        return ou_type_error(vm, "fromutc: argument must be a datetime");
    if (OU_MOMENT(args[1])->tz != args[0])
        return ou_value_error(vm, "fromutc: dt.tzinfo is not self");
    return ou_datetime_shift(vm, args[1], ((OuTimezone *)args[0])->offset, 1);
}

FN(timezone_getinitargs)
{
    OuTimezone *z = (OuTimezone *)args[0];
    return z->name ? ou_tuple_pack(vm, 2, z->offset, z->name) : ou_tuple_pack(vm, 1, z->offset);
}

static const OuFn timezone_methods[] = {
    {"tzname(self, dt, /)", timezone_tzname, 0,
     "If name is specified when timezone is created, returns the name.  Otherwise returns offset as "
     "'UTC(+|-)HH:MM'."},
    {"utcoffset(self, dt, /)", timezone_utcoffset, 0, "Return fixed offset."},
    {"dst(self, dt, /)", timezone_dst, 0, "Return None."},
    {"fromutc(self, dt, /)", timezone_fromutc, 0, "datetime in UTC -> datetime in local time."},
    {"__getinitargs__(self)", timezone_getinitargs, 0, "pickle support"},
    {0},
};
const OuTypeSpec ou_timezone_spec = {
    .name = "datetime.timezone",
    .size = sizeof(OuTimezone),
    .doc = "Fixed offset from UTC implementation of tzinfo.",
    .dealloc = timezone_dealloc,
    .s = {.repr = timezone_repr,
          .str = timezone_str,
          .hash = timezone_hash,
          .compare = timezone_compare,
          .new_ = timezone_new},
    .methods = timezone_methods,
};
