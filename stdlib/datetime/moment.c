/* stdlib/datetime/moment.c - what time and datetime share: one layout (OuMoment), fields, pickled state. */
#include "datetime.h"

#include "vm/type.h"

OuObj *ou_moment_new(OuVM *vm, OuType *type, const OuFields *f, OuObj *tz)
{
    OuMoment *m = (OuMoment *)ou_type_alloc(vm, type, 0);
    if (m) {
        m->w = ou_cal_when(f);
        if (tz && tz != OU_NONE(vm))
            m->tz = ou_ref(tz);
    }
    return (OuObj *)m;
}

void ou_moment_dealloc(OuVM *vm, OuObj *o)
{
    ou_clear(vm, OU_MOMENT(o)->tz);
    ou_free_object(vm, o);
}

/* ---- pickling ---- */

int ou_moment_unpickle(OuVM *vm, bool is_time, OuObj *const *args, size_t nargs, OuObj *kwnames, OuFields *f,
                       OuObj **tz)
{
    unsigned char p[10] = {0};
    if (nargs < 1 || nargs > 2 || (kwnames && OU_TUPLE(kwnames)->n))
        return 0;
    int r = is_time ? ou_dt_pickle_arg(vm, args[0], 6, 0, 0, 23, "time", p + 4)
                    : ou_dt_pickle_arg(vm, args[0], 10, 2, 1, 12, "datetime", p);
    if (r <= 0)
        return r;
    *tz = nargs == 2 ? args[1] : NULL;
    if (*tz && *tz != OU_NONE(vm) && !ou_dt_isa(vm, *tz, ou_dt_state(vm)->tzinfo))
        return ou_type_error_i(vm, "bad tzinfo state arg");
    *f = (OuFields){p[0] << 8 | p[1],
                    p[2] & 0x7f,
                    p[3],
                    is_time ? p[4] & 0x7f : p[4],
                    p[5],
                    p[6],
                    p[7] << 16 | p[8] << 8 | p[9],
                    p[is_time ? 4 : 2] >> 7};
    ou_cal_clamp(f);
    if (is_time)
        f->year = f->month = f->day = 0;
    return 1;
}

void ou_moment_bytes(OuWhen w, unsigned char p[10])
{
    p[0] = (unsigned char)(w.year >> 8);
    p[1] = (unsigned char)w.year;
    p[2] = (unsigned char)w.month;
    p[3] = (unsigned char)w.day;
    p[4] = (unsigned char)w.hour;
    p[5] = (unsigned char)w.minute;
    p[6] = (unsigned char)w.second;
    p[7] = (unsigned char)(w.us >> 16);
    p[8] = (unsigned char)(w.us >> 8);
    p[9] = (unsigned char)w.us;
}

static OuObj *reduce(OuVM *vm, OuObj *o, int protocol)
{
    unsigned char p[10];
    int first = ou_dt_isa(vm, o, ou_dt_state(vm)->time) ? 4 : 0;
    ou_moment_bytes(OU_WHEN(o), p);
    if (protocol > 3 && OU_WHEN(o).fold)
        p[first ? 4 : 2] |= 0x80; /* top bit of the hour, of the month */
    OuObj *tz = OU_MOMENT(o)->tz, *t = NULL, *r = NULL;
    OuObj *state = ou_bytes_new(vm, (const char *)p + first, 10 - first);
    if (state)
        t = tz ? ou_tuple_pack(vm, 2, state, tz) : ou_tuple_pack(vm, 1, state);
    if (t)
        r = ou_tuple_pack(vm, 2, (OuObj *)OU_TYPE_OF(vm, o), t);
    ou_xdecref(vm, state);
    ou_xdecref(vm, t);
    return r;
}

OuObj *ou_moment_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return reduce(vm, args[0], 2);
}

OuObj *ou_moment_reduce_ex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int protocol;
    if (ou_dt_exactly(vm, "__reduce_ex__", 1, nargs - 1, kwnames) < 0 ||
        ou_dt_int(vm, args[1], &protocol) < 0)
        return NULL;
    return reduce(vm, args[0], protocol);
}

/* ---- fields ---- */

#define GET(field)                                            \
    static OuObj *get_##field(OuVM *vm, OuObj *o, void *data) \
    {                                                         \
        return ou_int(vm, OU_WHEN(o).field);                  \
    }
GET(hour)
GET(minute)
GET(second)
GET(us)
GET(fold)

static OuObj *get_tzinfo(OuVM *vm, OuObj *o, void *data)
{
    OuObj *tz = OU_MOMENT(o)->tz;
    return ou_ref(tz ? tz : OU_NONE(vm));
}

const OuGetSet ou_moment_getset[] = {{"hour", get_hour, NULL, NULL},
                                     {"minute", get_minute, NULL, NULL},
                                     {"second", get_second, NULL, NULL},
                                     {"microsecond", get_us, NULL, NULL},
                                     {"tzinfo", get_tzinfo, NULL, NULL},
                                     {"fold", get_fold, NULL, NULL},
                                     {0}};
