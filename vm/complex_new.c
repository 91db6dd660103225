/* vm/complex_new.c - complex(): construction from numbers and text. */
#include <string.h>

#include "complex.h"
#include "float_fmt.h"
#include "int_big.h"
#include "native.h"

static bool is_space(char c)
{
    return (c >= 9 && c <= 13) || c == 0x20;
}

static bool is_j(const char *s, const char *end)
{
    return s < end && (*s | 32) == 'j';
}

/* "[(] [real][+-imag j] [)]": 1, 0 malformed, -1.  The shape is CPython's: one number, then perhaps a signed
 * one. */
static int scan(OuVM *vm, const char *s, const char *end, OuPair *out)
{
    double x = 0, y = 0, z = 0;
    bool paren = false;
    const char *stop;
    while (s < end && is_space(*s))
        s++;
    if (s < end && *s == '(') {
        paren = true;
        s++;
        while (s < end && is_space(*s))
            s++;
    }
    int r = ou_float_scan(vm, s, (size_t)(end - s), &z, &stop);
    if (r < 0)
        return -1;
    if (r > 0) {
        s = stop;
        if (s < end && (*s == '+' || *s == '-')) {
            x = z;
            r = ou_float_scan(vm, s, (size_t)(end - s), &y, &stop);
            if (r < 0)
                return -1;
            if (r > 0)
                s = stop;
            else
                y = *s++ == '+' ? 1.0 : -1.0;
            if (!is_j(s, end))
                return 0;
            s++;
        } else if (is_j(s, end)) {
            s++;
            y = z;
        } else {
            x = z;
        }
    } else {
        y = 1.0;
        if (s < end && (*s == '+' || *s == '-'))
            y = *s++ == '+' ? 1.0 : -1.0;
        if (!is_j(s, end))
            return 0;
        s++;
    }
    while (s < end && is_space(*s))
        s++;
    if (paren) {
        if (s == end || *s != ')')
            return 0;
        s++;
        while (s < end && is_space(*s))
            s++;
    }
    *out = (OuPair){x, y};
    return s == end;
}

static int from_text(OuVM *vm, OuObj *o, OuPair *out)
{
    OuUtf8 u;
    if (ou_num_ascii(vm, o, &u) < 0)
        return -1;
    int r = 0;
    bool cleaned = true;
    if (memchr(u.s, '_', u.n)) {
        char *clean = ou_alloc(vm, u.n);
        if (!clean) {
            ou_utf8_free(vm, &u);
            return -1;
        }
        ou_ssize m = ou_num_underscores(u.s, u.n, clean);
        cleaned = m >= 0;
        if (cleaned)
            r = scan(vm, clean, clean + m, out);
        ou_free(vm, clean, u.n);
    } else {
        r = scan(vm, u.s, u.s + u.n, out);
    }
    ou_utf8_free(vm, &u);
    if (!cleaned)
        return ou_value_error_i(vm, "could not convert string to complex: %R", o);
    if (r == 0)
        return ou_value_error_i(vm, "complex() arg is a malformed string");
    return r;
}

/* o.__complex__(): 1 and out (new complex), 0 no such method, -1 */
static int special(OuVM *vm, OuObj *o, OuObj **out)
{
    if (ou_is(o, complex)) {
        *out = ou_ref(o);
        return 1;
    }
    OuObj *f;
    int has = ou_lookup_special(vm, o, OU_NAME(vm, __complex__), &f);
    if (has <= 0)
        return has;
    OuObj *r = ou_call0(vm, f);
    ou_decref(vm, f);
    if (!r)
        return -1;
    if (!ou_isa(vm, r, complex)) {
        ou_type_error(vm, "__complex__ returned non-complex (type %T)", r);
        ou_decref(vm, r);
        return -1;
    }
    if (!ou_is(r, complex) &&
        ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1,
                "__complex__ returned non-complex (type %T).  The ability to return an instance of a strict "
                "subclass of "
                "complex is deprecated, and may be removed in a future version of Python.",
                r) < 0) {
        ou_decref(vm, r);
        return -1;
    }
    *out = r;
    return 1;
}

int ou_as_complex(OuVM *vm, OuObj *o, OuPair *out)
{
    if (ou_isa(vm, o, complex)) {
        *out = (OuPair){((OuComplex *)o)->re, ((OuComplex *)o)->im};
        return 0;
    }
    OuObj *c;
    int r = special(vm, o, &c);
    if (r < 0)
        return -1;
    if (r > 0) {
        *out = (OuPair){((OuComplex *)c)->re, ((OuComplex *)c)->im};
        ou_decref(vm, c);
        return 0;
    }
    out->im = 0;
    return ou_as_double(vm, o, &out->re);
}

static bool real_number(OuVM *vm, OuObj *o)
{
    const OuSuite *s = OU_TYPE_OF(vm, o)->u;
    return s->to_float || s->index || ou_isa(vm, o, complex);
}

/* Value of a number argument; *is_complex: it has an imaginary part of its own. */
static int part(OuVM *vm, OuObj *o, OuPair *out, bool *is_complex)
{
    *is_complex = ou_isa(vm, o, complex);
    if (*is_complex) {
        *out = (OuPair){((OuComplex *)o)->re, ((OuComplex *)o)->im};
        return 0;
    }
    out->im = 0;
    return ou_as_double(vm, o, &out->re);
}

static int value(OuVM *vm, OuObj *re, OuObj *im, OuPair *out)
{
    if (re && ou_isa_str(vm, re)) {
        if (im)
            return ou_type_error_i(vm, "complex() can't take second arg if first is a string");
        return from_text(vm, re, out);
    }
    if (im && ou_isa_str(vm, im))
        return ou_type_error_i(vm, "complex() second arg can't be a string");
    OuPair a = {0, 0}, b = {0, 0};
    bool ac = false, bc = false;
    if (re) {
        OuObj *c = NULL;
        if (special(vm, re, &c) < 0)
            return -1;
        OuObj *r = c ? c : re;
        int res = -1;
        if (!real_number(vm, r))
            ou_type_error(vm, "complex() first argument must be a string or a number, not '%T'", r);
        else if (im && !real_number(vm, im))
            ou_type_error(vm, "complex() second argument must be a number, not '%T'", im);
        else
            res = part(vm, r, &a, &ac);
        ou_xdecref(vm, c);
        if (res < 0)
            return -1;
    } else if (im && !real_number(vm, im)) {
        return ou_type_error_i(vm, "complex() second argument must be a number, not '%T'", im);
    }
    if (im && part(vm, im, &b, &bc) < 0)
        return -1;
    /* a + b*1j; signs of zeros stay where a part has no imaginary half */
    if (!im) {
        *out = (OuPair){a.re, ac ? a.im : 0.0};
    } else {
        *out = (OuPair){bc ? a.re - b.im : a.re, ac ? b.re + a.im : b.re};
    }
    return 0;
}

OuObj *ou_complex_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *arg[2];
    static const char sig[] = "complex(real=0, imag=0)";
    if (ou_args_bind(vm, sig, args, nargs, kwnames, arg) < 0)
        return NULL;
    OuPair v;
    bool exact = type == &vm->builtin[OU_T_complex];
    if (arg[0] && !arg[1] && exact && ou_is(arg[0], complex))
        return ou_ref(arg[0]);
    if (value(vm, arg[0], arg[1], &v) < 0)
        return NULL;
    if (exact)
        return ou_complex(vm, v.re, v.im);
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o) {
        ((OuComplex *)o)->re = v.re;
        ((OuComplex *)o)->im = v.im;
    }
    return o;
}
