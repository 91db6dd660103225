/* vm/int_parse.c - int(): construction from text and numbers. */
#include "int_big.h"

#include <stdio.h>
#include <string.h>
#include <unictype.h>

#include "buffer.h"
#include "native.h"

/* Of ASCII only what C's isspace() takes: CPython hands such texts to its C parser as they are. */
static bool is_space(uint32_t c)
{
    if (c < 128)
        return (c >= 9 && c <= 13) || c == 0x20;
    return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

int ou_num_ascii(OuVM *vm, OuObj *str, OuUtf8 *u)
{
    const OuStr *s = OU_STR(str);
    size_t n = s->len;
    if (s->ascii) {
        *u = (OuUtf8){.s = s->data, .n = n};
        return 0;
    }
    size_t size = n + 1;
    char *p = ou_alloc(vm, size);
    if (!p)
        return -1;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = ou_str_at(s, (ou_ssize)i);
        int d;
        if (c < 128)
            p[i] = (char)c;
        else if (is_space(c))
            p[i] = ' ';
        else if ((d = uc_decimal_value(c)) >= 0)
            p[i] = (char)('0' + d);
        else { /* no number: what follows is not looked at, as CPython's conversion ends here too */
            p[i] = '?';
            n = i + 1;
        }
    }
    p[n] = 0;
    *u = (OuUtf8){.s = p, .n = n, .own = p, .own_size = size};
    return 0;
}

int ou_num_bytes(OuVM *vm, OuObj *o, OuUtf8 *u)
{
    if (ou_isa_bytes(vm, o)) {
        *u = (OuUtf8){.s = OU_BYTES(o)->data, .n = OU_BYTES(o)->len};
        return 1;
    }
    if (!ou_has_buffer(vm, o))
        return 0;
    OuBuffer view;
    if (ou_buffer_get(vm, o, &view, OU_BUF_SIMPLE) < 0)
        return -1;
    size_t n = (size_t)view.len;
    char *p = ou_alloc(vm, n + 1);
    if (p) {
        memcpy(p, view.buf, n);
        p[n] = 0;
        *u = (OuUtf8){.s = p, .n = n, .own = p, .own_size = n + 1};
    }
    ou_buffer_release(vm, &view);
    return p ? 1 : -1;
}

ou_ssize ou_num_underscores(const char *s, size_t n, char *out)
{
    char prev = 0, *w = out;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (c == '_') {
            if (prev < '0' || prev > '9')
                return -1;
        } else {
            if (prev == '_' && (c < '0' || c > '9'))
                return -1;
            *w++ = c;
        }
        prev = c;
    }
    return prev == '_' ? -1 : w - out;
}

void *ou_num_bad_literal(OuVM *vm, const char *prefix, OuObj *o)
{
    OuObj *r = ou_repr(vm, o);
    if (!r)
        return NULL;
    if (ou_str_len(r) > 200) {
        OuObj *cut = ou_str_slice(vm, r, 0, 200);
        ou_decref(vm, r);
        if (!(r = cut))
            return NULL;
    }
    ou_value_error(vm, "%s%U", prefix, r);
    ou_decref(vm, r);
    return NULL;
}

static int digit_of(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* Reads s[0..n): 1 and out: new int; 0: no literal of that base; -1: exception. */
static int parse(OuVM *vm, const char *s, size_t n, int base, OuObj **out)
{
    const char *end = s + n;
    while (s < end && (unsigned char)*s < 128 && is_space((unsigned char)*s))
        s++;
    while (end > s && (unsigned char)end[-1] < 128 && is_space((unsigned char)end[-1]))
        end--;
    bool neg = false;
    if (s < end && (*s == '+' || *s == '-'))
        neg = *s++ == '-';
    bool need_zero = false;
    int prefix = 0;
    if (end - s >= 2 && s[0] == '0')
        prefix = (s[1] | 32) == 'x' ? 16 : (s[1] | 32) == 'o' ? 8 : (s[1] | 32) == 'b' ? 2 : 0;
    if (base == 0) {
        base = prefix ? prefix : 10;
        need_zero = !prefix && s < end && *s == '0'; /* "010" is no literal */
    }
    if (prefix && prefix == base) {
        s += 2;
        if (s < end && *s == '_')
            s++;
    }
    if (s == end || *s == '_')
        return 0;
    size_t digits = 0;
    bool under = false, all_zero = true;
    const char *p = s;
    for (; p < end; p++) {
        if (*p == '_') {
            if (p[-1] == '_')
                return 0;
            under = true;
            continue;
        }
        int d = digit_of((unsigned char)*p);
        if (d >= base)
            break;
        all_zero &= d == 0;
        digits++;
    }
    if (digits == 0 || p[-1] == '_')
        return 0;
    int max = vm->int_max_str_digits;
    if ((base & (base - 1)) != 0 && digits > 640 && max > 0 && digits > (size_t)max)
        return ou_value_error_i(
            vm,
            "Exceeds the limit (%d digits) for integer string conversion: value has %zu digits; "
            "use sys.set_int_max_str_digits() to increase the limit",
            max, digits);
    if (p < end || (need_zero && !all_zero))
        return 0;
    if (!under) {
        *out = ou_int_from_digits(vm, s, (size_t)(end - s), base, neg);
        return *out ? 1 : -1;
    }
    char *clean = ou_alloc(vm, digits);
    if (!clean)
        return -1;
    char *w = clean;
    for (p = s; p < end; p++)
        if (*p != '_')
            *w++ = *p;
    *out = ou_int_from_digits(vm, clean, digits, base, neg);
    ou_free(vm, clean, digits);
    return *out ? 1 : -1;
}

OuObj *ou_int_parse(OuVM *vm, const char *s, size_t n, int base)
{
    OuObj *r = NULL;
    if (parse(vm, s, n, base, &r) == 0) {
        OuObj *text = ou_str_new(vm, s, (ou_ssize)n);
        if (text)
            ou_value_error(vm, "invalid literal for int() with base %d: %R", base, text);
        ou_xdecref(vm, text);
    }
    return r;
}

/* int of a str or buffer; *found = 0 when o is neither. */
static OuObj *from_text(OuVM *vm, OuObj *o, int base, bool buffers, int *found)
{
    OuUtf8 u;
    OuObj *r = NULL;
    *found = 1;
    if (ou_isa_str(vm, o)) {
        if (ou_num_ascii(vm, o, &u) < 0)
            return NULL;
    } else {
        if (!buffers && !ou_isa_bytes(vm, o) && !ou_isa(vm, o, bytearray)) {
            *found = 0;
            return NULL;
        }
        *found = ou_num_bytes(vm, o, &u);
        if (*found <= 0)
            return NULL;
    }
    int ok = parse(vm, u.s, u.n, base, &r);
    ou_utf8_free(vm, &u);
    if (ok == 0) {
        char prefix[64];
        snprintf(prefix, sizeof prefix, "invalid literal for int() with base %d: ", base);
        OuObj *shown = ou_ref(o);
        if (!ou_isa_str(vm, o) && !ou_isa_bytes(vm, o)) { /* buffers show as bytes */
            ou_decref(vm, shown);
            shown = ou_bytes_of(vm, o);
        }
        if (shown)
            ou_num_bad_literal(vm, prefix, shown);
        ou_xdecref(vm, shown);
    }
    return r;
}

/* Result of a conversion method: must be an int; a strict subclass is deprecated and made exact. Takes r. */
static OuObj *check_result(OuVM *vm, OuObj *r, const char *method)
{
    if (!r || ou_is(r, int))
        return r;
    OuObj *exact = NULL;
    if (!ou_isa_int(vm, r))
        ou_type_error(vm, "%s returned non-int (type %T)", method, r);
    else if (ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1,
                     "%s returned non-int (type %T).  The ability to return an instance of a strict subclass "
                     "of int is "
                     "deprecated, and may not be supported in a future version of Python.",
                     method, r) == 0)
        exact = ou_int_exact(vm, r);
    ou_decref(vm, r);
    return exact;
}

static OuObj *by_trunc(OuVM *vm, OuObj *trunc)
{
    if (ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1,
                "The delegation of int() to __trunc__ is deprecated.") < 0)
        return NULL;
    OuObj *r = ou_call0(vm, trunc);
    if (!r || ou_is(r, int))
        return r;
    OuObj *i = NULL;
    if (ou_isa_int(vm, r)) {
        i = ou_int_exact(vm, r);
    } else if (ou_has_index(vm, r)) {
        OuObj *x = ou_index(vm, r);
        if (x) {
            i = ou_int_exact(vm, x);
            ou_decref(vm, x);
        }
    } else {
        ou_type_error(vm, "__trunc__ returned non-Integral (type %T)", r);
    }
    ou_decref(vm, r);
    return i;
}

OuObj *ou_to_int(OuVM *vm, OuObj *o)
{
    if (ou_is(o, int))
        return ou_ref(o);
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->u->to_int)
        return check_result(vm, t->u->to_int(vm, o), "__int__");
    if (t->u->index)
        return check_result(vm, t->u->index(vm, o), "__index__");
    OuObj *trunc;
    int has = ou_lookup_special(vm, o, OU_NAME(vm, __trunc__), &trunc);
    if (has < 0)
        return NULL;
    if (has) {
        OuObj *r = by_trunc(vm, trunc);
        ou_decref(vm, trunc);
        return r;
    }
    int found;
    OuObj *r = from_text(vm, o, 10, true, &found);
    if (found == 0)
        ou_type_error(vm, "int() argument must be a string, a bytes-like object or a real number, not '%T'",
                      o);
    return r;
}

static OuObj *new_exact(OuVM *vm, OuObj *x, OuObj *base)
{
    if (!x) {
        if (base)
            return ou_type_error(vm, "int() missing string argument");
        return ou_int(vm, 0);
    }
    if (!base) {
        if (!(OU_TYPE_OF(vm, x)->flags & OU_TYPE_HEAP))
            return ou_to_int(vm, x);
        ou_hold(&x, 1);
        OuObj *r = ou_to_int(vm, x);
        ou_unhold(vm, &x, 1);
        return r;
    }
    ou_ssize b;
    if (ou_as_ssize(vm, base, NULL, &b) < 0)
        return NULL;
    if (b != 0 && (b < 2 || b > 36))
        return ou_value_error(vm, "int() base must be >= 2 and <= 36, or 0");
    int found;
    OuObj *r = from_text(vm, x, (int)b, false, &found);
    if (found == 0)
        ou_type_error(vm, "int() can't convert non-string with explicit base");
    return r;
}

OuObj *ou_int_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (nargs + nkw > 2)
        return ou_type_error(vm, "int() takes at most 2 %sarguments (%zu given)", nargs ? "" : "keyword ",
                             nargs + nkw);
    OuObj *x = nargs > 0 ? args[0] : NULL, *base = nargs > 1 ? args[1] : NULL;
    for (size_t i = 0; i < nkw; i++) {
        OuObj *name = OU_TUPLE(kwnames)->items[i];
        if (!ou_str_eq_s(name, "base"))
            return ou_type_error(vm, "'%U' is an invalid keyword argument for int()", name);
        if (base)
            return ou_type_error(vm, "argument for int() given by name ('base') and position (2)");
        base = args[nargs + i];
    }
    OuObj *v = new_exact(vm, x, base);
    if (!v || type == &vm->builtin[OU_T_int])
        return v;
    bool big = ou_int_is_big(v);
    int64_t size = big ? ((OuBigInt *)v)->size : 0;
    size_t n = (size_t)(size < 0 ? -size : size);
    OuObj *o = ou_type_alloc(vm, type, (ou_ssize)n);
    if (o && big) {
        o->tf |= OU_INT_BIG;
        ((OuBigInt *)o)->size = size;
        memcpy(((OuBigInt *)o)->limb, ((OuBigInt *)v)->limb, n * 8);
    } else if (o) {
        ((OuInt *)o)->v = OU_INT_V(v);
    }
    ou_decref(vm, v);
    return o;
}
