/* stdlib/datetime/datetimemodule.c - module _datetime: its types, their constants, the state.  Not here: the C capsule datetime_CAPI. */
#include "datetime.h"

#include "vm/type.h"

/* Adds value (taken) to a type's dict. */
static int set(OuVM *vm, OuType *t, const char *name, OuObj *value)
{
    OuDict *d = value ? ou_type_dict(vm, t) : NULL;
    int r = d ? ou_dict_set_s(vm, (OuObj *)d, name, value) : -1;
    ou_xdecref(vm, value);
    return r;
}

static OuObj *zone(OuVM *vm, int seconds)
{
    OuObj *d = ou_delta_new(vm, 0, seconds, 0), *z = d ? ou_timezone_new(vm, d, NULL) : NULL;
    ou_xdecref(vm, d);
    return z;
}

static int add_constants(OuVM *vm, OuDtState *st)
{
    const OuFields first = {1, 1, 1}, last = {9999, 12, 31, 23, 59, 59, 999999}, epoch = {1970, 1, 1};
    const OuFields last_time = {.hour = 23, .minute = 59, .second = 59, .us = 999999}, none = {0};
    if (set(vm, st->delta, "resolution", ou_delta_new(vm, 0, 0, 1)) < 0 ||
        set(vm, st->delta, "min", ou_delta_new(vm, -OU_MAXDELTA, 0, 0)) < 0 ||
        set(vm, st->delta, "max", ou_delta_new(vm, OU_MAXDELTA, 86399, 999999)) < 0 ||
        set(vm, st->date, "min", ou_date_make(vm, st->date, 1, 1, 1)) < 0 ||
        set(vm, st->date, "max", ou_date_make(vm, st->date, 9999, 12, 31)) < 0 ||
        set(vm, st->date, "resolution", ou_delta_new(vm, 1, 0, 0)) < 0 ||
        set(vm, st->time, "min", ou_time_make(vm, st->time, &none, NULL)) < 0 ||
        set(vm, st->time, "max", ou_time_make(vm, st->time, &last_time, NULL)) < 0 ||
        set(vm, st->time, "resolution", ou_delta_new(vm, 0, 0, 1)) < 0 ||
        set(vm, st->datetime, "min", ou_datetime_make(vm, st->datetime, &first, NULL)) < 0 ||
        set(vm, st->datetime, "max", ou_datetime_make(vm, st->datetime, &last, NULL)) < 0 ||
        set(vm, st->datetime, "resolution", ou_delta_new(vm, 0, 0, 1)) < 0)
        return -1;
    if (!(st->utc = zone(vm, 0)) || set(vm, st->timezone, "utc", ou_ref(st->utc)) < 0 ||
        set(vm, st->timezone, "min", zone(vm, -(23 * 60 + 59) * 60)) < 0 ||
        set(vm, st->timezone, "max", zone(vm, (23 * 60 + 59) * 60)) < 0)
        return -1;
    return (st->epoch = ou_datetime_make(vm, st->datetime, &epoch, st->utc)) ? 0 : -1;
}

static int exec(OuVM *vm, OuObj *m)
{
    OuDtState *st = ((OuModule *)m)->state;
    const struct {
        OuObj **at;
        const char *name;
    } names[] = {{&st->utcoffset, "utcoffset"}, {&st->dst, "dst"},
                 {&st->tzname, "tzname"},       {&st->fromutc, "fromutc"},
                 {&st->isoformat, "isoformat"}, {&st->strftime, "strftime"},
                 {&st->timetuple, "timetuple"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!(*names[i].at = ou_str_intern_s(vm, names[i].name)))
            return -1;
    if (!(st->delta = ou_module_add_type(vm, m, &ou_delta_spec, NULL)) ||
        !(st->date = ou_module_add_type(vm, m, &ou_date_spec, NULL)) ||
        !(st->time = ou_module_add_type(vm, m, &ou_time_spec, NULL)) ||
        !(st->datetime = ou_module_add_type(vm, m, &ou_datetime_spec, st->date)) ||
        !(st->tzinfo = ou_module_add_type(vm, m, &ou_tzinfo_spec, NULL)) ||
        !(st->timezone = ou_module_add_type(vm, m, &ou_timezone_spec, st->tzinfo)) ||
        !(st->isocal = ou_type_from_spec(vm, &ou_isocal_spec, &vm->builtin[OU_T_tuple])))
        return -1;
    if (add_constants(vm, st) < 0 || ou_module_add(vm, m, "UTC", ou_ref(st->utc)) < 0 ||
        ou_module_add_int(vm, m, "MINYEAR", OU_MINYEAR) < 0 ||
        ou_module_add_int(vm, m, "MAXYEAR", OU_MAXYEAR) < 0)
        return -1;
    return 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OuDtState *st = state;
    OU_VISIT(st->utc);
    OU_VISIT(st->epoch);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    OuDtState *st = state;
    ou_clear(vm, st->utc);
    ou_clear(vm, st->epoch);
    ou_clear(vm, st->utcoffset);
    ou_clear(vm, st->dst);
    ou_clear(vm, st->tzname);
    ou_clear(vm, st->fromutc);
    ou_clear(vm, st->isoformat);
    ou_clear(vm, st->strftime);
    ou_clear(vm, st->timetuple);
}

const OuModuleDef ou_mod__datetime = {
    .name = "_datetime",
    .doc = "Fast implementation of the datetime type.",
    .state_size = sizeof(OuDtState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
