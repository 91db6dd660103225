/* stdlib/datetime/args.c - arguments of _datetime's functions, with the texts of CPython's argument parser. */
#include "datetime.h"

#include <limits.h>
#include <string.h>

static int find_name(const char *const *names, OuObj *key)
{
    for (int i = 0; names[i]; i++)
        if (ou_str_eq_s(key, names[i]))
            return i;
    return -1;
}

int ou_dt_args(OuVM *vm, const char *fname, const char *const *names, size_t nreq, size_t npos,
               OuObj *const *args, size_t nargs, OuObj *kwnames, OuObj **out)
{
    size_t n = 0, nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    const char *f = fname ? fname : "function", *paren = fname ? "()" : "";
    while (names[n])
        out[n++] = NULL;
    if (nargs + nkw > n && npos == n)
        return ou_type_error_i(vm, "%s%s takes at most %zu %sargument%s (%zu given)", f, paren, n,
                               nargs ? "" : "keyword ", n == 1 ? "" : "s", nargs + nkw);
    if (nargs > npos)
        return ou_type_error_i(vm, "%s%s takes at most %zu positional argument%s (%zu given)", f, paren, npos,
                               npos == 1 ? "" : "s", nargs);
    if (nargs + nkw > n)
        return ou_type_error_i(vm, "%s%s takes at most %zu %sargument%s (%zu given)", f, paren, n,
                               nargs ? "" : "keyword ", n == 1 ? "" : "s", nargs + nkw);
    for (size_t i = 0; i < nargs; i++)
        out[i] = args[i];
    OuObj *twice = NULL, *unknown = NULL;
    int twice_at = 0;
    for (size_t k = 0; k < nkw; k++) {
        OuObj *key = OU_TUPLE(kwnames)->items[k];
        int i = find_name(names, key);
        if (i < 0) {
            unknown = unknown ? unknown : key;
        } else if (out[i]) {
            twice = key;
            twice_at = i + 1;
        } else {
            out[i] = args[nargs + k];
        }
    }
    bool ints =
        nreq && !strcmp(names[0], "year"); /* of these each is converted before the next is looked for */
    for (size_t i = 0; i < nreq; i++) {
        int v;
        if (out[i] && ints && ou_dt_int(vm, out[i], &v) < 0)
            return -1;
        if (!out[i])
            return ou_type_error_i(vm, "%s%s missing required argument '%s' (pos %zu)", f, paren, names[i],
                                   i + 1);
    }
    if (twice)
        return ou_type_error_i(vm, "argument for %s%s given by name ('%S') and position (%d)", f, paren,
                               twice, twice_at);
    if (unknown)
        return ou_type_error_i(vm, "'%S' is an invalid keyword argument for %s%s", unknown,
                               fname ? fname : "this function", paren);
    return 0;
}

int ou_dt_exactly(OuVM *vm, const char *fname, size_t n, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, fname, kwnames) < 0)
        return -1;
    if (nargs == n)
        return 0;
    const char *dot = strrchr(fname, '.');
    return ou_type_error_i(vm, "%s() takes exactly %zu argument%s (%zu given)", dot ? dot + 1 : fname, n,
                           n == 1 ? "" : "s", nargs);
}

int ou_dt_int(OuVM *vm, OuObj *o, int *out)
{
    int64_t v;
    if (!o)
        return 0;
    if (ou_is_small(o))
        v = OU_INT_V(o);
    else if (ou_as_i64(vm, o, &v) < 0)
        return -1;
    if (v < INT_MIN || v > INT_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "signed integer is %s",
                          v < 0 ? "less than minimum" : "greater than maximum");
    *out = (int)v;
    return 0;
}

int ou_dt_tz_arg(OuVM *vm, OuObj *o)
{
    if (!o || o == OU_NONE(vm) || ou_dt_isa(vm, o, ou_dt_state(vm)->tzinfo))
        return 0;
    return ou_type_error_i(vm, "tzinfo argument must be None or of a tzinfo subclass, not type '%T'", o);
}

int ou_dt_pickle_arg(OuVM *vm, OuObj *o, size_t n, size_t at, int lo, int hi, const char *what,
                     unsigned char *p)
{
    if (ou_isa_bytes(vm, o)) {
        if (OU_BYTES(o)->len != n)
            return 0;
        memcpy(p, OU_BYTES(o)->data, n);
    } else if (ou_isa_str(vm, o)) {
        if (ou_str_len(o) != (ou_ssize)n)
            return 0;
        uint32_t c = ou_str_at(OU_STR(o), (ou_ssize)at) & ~0x80u;
        if (c < (uint32_t)lo || c > (uint32_t)hi)
            return 0;
        for (size_t i = 0; i < n; i++) {
            if ((c = ou_str_at(OU_STR(o), (ou_ssize)i)) > 0xff)
                return ou_value_error_i(vm,
                                        "Failed to encode latin1 string when unpickling a %s object. "
                                        "pickle.load(data, encoding='latin1') is assumed.",
                                        what);
            p[i] = (unsigned char)c;
        }
    } else {
        return 0;
    }
    return (p[at] & 0x7f) >= lo && (p[at] & 0x7f) <= hi;
}

OuObj *ou_dt_int128(OuVM *vm, ou_i128 v)
{
    if (v >= INT64_MIN && v <= INT64_MAX)
        return ou_int(vm, (int64_t)v);
    return ou_int_from_bytes(vm, (unsigned char *)&v, sizeof v, true, true);
}

bool ou_dt_as_i128(OuVM *vm, OuObj *o, ou_i128 *out)
{
    int64_t v;
    if (ou_int_fits(o, &v)) {
        *out = v;
        return true;
    }
    const OuBigInt *b = (const OuBigInt *)o;
    int64_t n = b->size < 0 ? -b->size : b->size;
    if (n > 2 || (n == 2 && b->limb[1] >> 60))
        return false;
    ou_i128 u = (ou_i128)b->limb[0] | (n == 2 ? (ou_i128)b->limb[1] << 64 : 0);
    *out = b->size < 0 ? -u : u;
    return true;
}

OuObj *ou_dt_diff(OuVM *vm, int diff, int op)
{
    bool r = op == OU_CMP_EQ   ? diff == 0
             : op == OU_CMP_NE ? diff != 0
             : op == OU_CMP_LT ? diff < 0
             : op == OU_CMP_LE ? diff <= 0
             : op == OU_CMP_GT ? diff > 0
                               : diff >= 0;
    return ou_bool(vm, r);
}

OuObj *ou_dt_cmp_error(OuVM *vm, OuObj *a, OuObj *b)
{
    return ou_type_error(vm, "can't compare %s to %s", OU_TYPE_OF(vm, a)->name, OU_TYPE_OF(vm, b)->name);
}
