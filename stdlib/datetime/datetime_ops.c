/* stdlib/datetime/datetime_ops.c - datetimes and timedeltas, comparison, other time zones. */
#include "datetime.h"

static bool is_datetime(OuVM *vm, OuObj *o)
{
    return ou_dt_isa(vm, o, ou_dt_state(vm)->datetime);
}

static bool is_delta(OuVM *vm, OuObj *o)
{
    return ou_dt_isa(vm, o, ou_dt_state(vm)->delta);
}

OuObj *ou_datetime_shift(OuVM *vm, OuObj *dt, OuObj *delta, int factor)
{
    OuFields f = ou_cal_fields(OU_WHEN(dt));
    const OuDelta *d = OU_DELTA(delta);
    f.fold = 0;
    if (ou_cal_normalize(vm, &f, (int64_t)factor * d->days, (int64_t)factor * d->seconds,
                         (int64_t)factor * d->us) < 0)
        return NULL;
    return ou_datetime_make_sub(vm, OU_TYPE_OF(vm, dt), &f, OU_MOMENT(dt)->tz);
}

OuObj *ou_datetime_add(OuVM *vm, OuObj *a, OuObj *b)
{
    if (is_datetime(vm, a) && is_delta(vm, b))
        return ou_datetime_shift(vm, a, b, 1);
    if (is_delta(vm, a) && is_datetime(vm, b))
        return ou_datetime_shift(vm, b, a, 1);
    return ou_notimplemented(vm);
}

/* utcoffsets of both (new), None for both where they share the zone. */
static int offsets(OuVM *vm, OuObj *a, OuObj *b, OuObj **off_a, OuObj **off_b)
{
    OuObj *tz_a = OU_MOMENT(a)->tz, *tz_b = OU_MOMENT(b)->tz;
    *off_b = NULL;
    if (tz_a == tz_b) {
        *off_a = ou_none(vm);
        *off_b = ou_none(vm);
        return 0;
    }
    if ((*off_a = ou_tz_utcoffset(vm, tz_a, a)) && (*off_b = ou_tz_utcoffset(vm, tz_b, b)))
        return 0;
    ou_xdecref(vm, *off_a);
    return -1;
}

/* Microseconds since 0001-01-01 less the offset (None: as it is). */
static ou_i128 instant(OuVM *vm, OuObj *o, OuObj *off)
{
    OuWhen w = OU_WHEN(o);
    int64_t s =
        (int64_t)ou_cal_ordinal(w.year, w.month, w.day) * 86400 + w.hour * 3600 + w.minute * 60 + w.second;
    return (ou_i128)s * 1000000 + w.us - (off == OU_NONE(vm) ? 0 : ou_delta_total(off));
}

OuObj *ou_datetime_subtract(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!is_datetime(vm, a))
        return ou_notimplemented(vm);
    if (is_delta(vm, b))
        return ou_datetime_shift(vm, a, b, -1);
    if (!is_datetime(vm, b))
        return ou_notimplemented(vm);
    OuObj *off_a, *off_b, *r = NULL;
    if (offsets(vm, a, b, &off_a, &off_b) < 0)
        return NULL;
    if ((off_a == OU_NONE(vm)) != (off_b == OU_NONE(vm)))
        ou_type_error(vm, "can't subtract offset-naive and offset-aware datetimes");
    else
        r = ou_delta_new(vm, 0, 0, (int64_t)(instant(vm, a, off_a) - instant(vm, b, off_b)));
    ou_decref(vm, off_a);
    ou_decref(vm, off_b);
    return r;
}

/* Whether the offset of o depends on its fold (PEP 495: such a one equals nothing of another zone): 1/0/-1. */
static int fold_matters(OuVM *vm, OuObj *o, OuObj *off)
{
    OuFields f = ou_cal_fields(OU_WHEN(o));
    f.fold = !f.fold;
    OuObj *flipped = ou_datetime_make(vm, ou_dt_state(vm)->datetime, &f, OU_MOMENT(o)->tz);
    OuObj *other = flipped ? ou_tz_utcoffset(vm, OU_MOMENT(o)->tz, flipped) : NULL;
    int r = -1;
    if (other) {
        bool none = other == OU_NONE(vm);
        r = other != off && (none || off == OU_NONE(vm) || ou_delta_cmp(other, off) != 0);
    }
    ou_xdecref(vm, flipped);
    ou_xdecref(vm, other);
    return r;
}

OuObj *ou_datetime_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    bool equality = op == OU_CMP_EQ || op == OU_CMP_NE;
    if (!is_datetime(vm, b)) {
        if (!ou_dt_isa(vm, b, ou_dt_state(vm)->date))
            return ou_notimplemented(vm);
        return equality ? ou_bool(vm, op == OU_CMP_NE) : ou_dt_cmp_error(vm, a, b);
    }
    uint64_t x = OU_WHEN_KEY(OU_WHEN(a)), y = OU_WHEN_KEY(OU_WHEN(b));
    if (OU_MOMENT(a)->tz == OU_MOMENT(b)->tz)
        return ou_dt_diff(vm, (x > y) - (x < y), op);
    OuObj *off_a, *off_b, *r = NULL;
    if (offsets(vm, a, b, &off_a, &off_b) < 0)
        return NULL;
    bool none_a = off_a == OU_NONE(vm), none_b = off_b == OU_NONE(vm);
    if (none_a != none_b) {
        r = equality ? ou_bool(vm, op == OU_CMP_NE)
                     : ou_type_error(vm, "can't compare offset-naive and offset-aware datetimes");
    } else {
        ou_i128 p = instant(vm, a, off_a), q = instant(vm, b, off_b);
        int diff = (p > q) - (p < q), odd = 0;
        if (equality && diff == 0) {
            odd = fold_matters(vm, a, off_a);
            if (odd == 0)
                odd = fold_matters(vm, b, off_b);
            if (odd > 0)
                diff = 1;
        }
        r = odd < 0 ? NULL : ou_dt_diff(vm, diff, op);
    }
    ou_decref(vm, off_a);
    ou_decref(vm, off_b);
    return r;
}

int ou_datetime_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuWhen w = OU_WHEN(o);
    OuObj *plain = ou_ref(o);
    int r = -1;
    if (w.fold) { /* both folds hash alike */
        OuFields f = ou_cal_fields(w);
        f.fold = 0;
        ou_decref(vm, plain);
        if (!(plain = ou_datetime_make(vm, ou_dt_state(vm)->datetime, &f, OU_MOMENT(o)->tz)))
            return -1;
    }
    OuObj *off = ou_tz_utcoffset(vm, OU_MOMENT(o)->tz, plain);
    if (off && off == OU_NONE(vm)) {
        unsigned char p[10];
        ou_moment_bytes(w, p);
        *out = ou_hash_bytes(vm, p, sizeof p);
        r = 0;
    } else if (off) {
        OuObj *d = ou_delta_new(vm, 0, 0, (int64_t)instant(vm, o, off));
        r = d ? ou_hash(vm, d, out) : -1;
        ou_xdecref(vm, d);
    }
    ou_xdecref(vm, off);
    ou_decref(vm, plain);
    return r;
}

/* ---- astimezone ---- */

/* The platform's zone for a naive local datetime. */
static OuObj *zone_of_local(OuVM *vm, OuObj *dt)
{
    OuFields f = ou_cal_fields(OU_WHEN(dt));
    int64_t s;
    if (ou_local_to_seconds(vm, &f, &s) < 0)
        return NULL;
    return ou_local_timezone_at(vm, s - OU_EPOCH_SECONDS);
}

OuObj *ou_datetime_astimezone(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const params[] = {"tz", NULL};
    OuDtState *st = ou_dt_state(vm);
    OuObj *self = args[0], *tz, *own = NULL, *off = NULL, *moved = NULL, *utc = NULL, *target = NULL,
          *r = NULL;
    if (ou_dt_args(vm, "astimezone", params, 0, 1, args + 1, nargs - 1, kwnames, &tz) < 0 ||
        ou_dt_tz_arg(vm, tz) < 0)
        return NULL;
    if (tz == OU_NONE(vm))
        tz = NULL;
    own = OU_MOMENT(self)->tz ? ou_ref(OU_MOMENT(self)->tz) : zone_of_local(vm, self);
    if (!own)
        return NULL;
    if (own == tz) {
        r = ou_ref(self);
        goto done;
    }
    if (!(off = ou_tz_utcoffset(vm, own, self)))
        goto done;
    if (off == OU_NONE(vm)) { /* its own zone does not know */
        ou_decref(vm, own);
        ou_clear(vm, off);
        if (!(own = zone_of_local(vm, self)) || !(off = ou_tz_utcoffset(vm, own, self)))
            goto done;
    }
    if (!(moved = ou_datetime_shift(vm, self, off, -1)))
        goto done;
    if (!is_datetime(vm, moved)) {
        ou_type_error(vm, "astimezone: arithmetic gave '%T', not a datetime", moved);
        goto done;
    }
    OuFields f = ou_cal_fields(OU_WHEN(moved));
    if (!(utc = ou_datetime_make(vm, OU_TYPE_OF(vm, moved), &f, st->utc)))
        goto done;
    if (tz) {
        target = ou_ref(tz);
    } else {
        int64_t s;
        if (ou_cal_seconds(vm, &f, &s) < 0 || !(target = ou_local_timezone_at(vm, s - OU_EPOCH_SECONDS)))
            goto done;
    }
    /* fromutc wants its own zone in the datetime */
    OuMoment *m = OU_MOMENT(utc);
    ou_incref(target);
    ou_decref(vm, m->tz);
    m->tz = target;
    r = ou_call_method(vm, target, st->fromutc, 1, utc);
done:
    ou_xdecref(vm, own);
    ou_xdecref(vm, off);
    ou_xdecref(vm, moved);
    ou_xdecref(vm, utc);
    ou_xdecref(vm, target);
    return r;
}
