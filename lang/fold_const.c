/* lang/fold_const.c - arithmetic on constants.
 *
 * Results must be exactly what the machine would compute, and small: the limits are those of CPython's
 * Python/ast_opt.c.  Integers go up to 128 bits here (no arbitrary precision in lang/); wider ones are left
 * to run time. */
#include "fold.h"

#include <math.h>
#include <string.h>

typedef unsigned __int128 u128;

enum {
    MAX_INT_BITS = 128,
    MAX_COLLECTION = 256, /* items of a repeated tuple */
    MAX_STR = 4096,       /* characters or bytes of a repeated string */
    MAX_TOTAL = 1024,     /* items of nested tuples */
};

typedef struct Int {
    bool neg;
    u128 mag;
} Int;

/* ---- integers ---- */
static bool is_bool(const OuConst *k)
{
    return k->kind == OU_K_TRUE || k->kind == OU_K_FALSE;
}

static bool get_int(const OuConst *k, Int *out)
{
    if (is_bool(k)) {
        *out = (Int){false, k->kind == OU_K_TRUE};
        return true;
    }
    if (k->kind == OU_K_INT) {
        out->neg = k->i < 0;
        out->mag = k->i < 0 ? -(uint64_t)k->i : (uint64_t)k->i;
        return true;
    }
    if (k->kind != OU_K_BIGINT)
        return false;
    *out = (Int){.neg = k->negative};
    for (uint32_t i = 0; i < k->text->len; i++) {
        char c = k->text->s[i];
        unsigned d = c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
        if (out->mag > (~(u128)0 - d) / k->base)
            return false;
        out->mag = out->mag * k->base + d;
    }
    return true;
}

static int put_int(OuParse *p, Int x, OuConst *out)
{
    if (x.mag <= INT64_MAX || (x.neg && x.mag == (u128)1 << 63)) {
        *out = (OuConst){.kind = OU_K_INT, .i = x.neg ? (int64_t)(-(uint64_t)x.mag) : (int64_t)x.mag};
        return 1;
    }
    char digits[32];
    int n = 32;
    for (u128 m = x.mag; m; m >>= 4)
        digits[--n] = "0123456789abcdef"[(unsigned)m & 15];
    OuText *t = ou_parse_name(p, digits + n, (size_t)(32 - n));
    *out = (OuConst){.kind = OU_K_BIGINT, .base = 16, .negative = x.neg, .text = t};
    return t ? 1 : -1;
}

int ou_fold_normal(OuParse *p, OuConst *k)
{
    Int x;
    return k->kind == OU_K_BIGINT && get_int(k, &x) && put_int(p, x, k) < 0 ? -1 : 0;
}

static int bits(u128 x)
{
    int n = 0;
    for (; x; x >>= 1)
        n++;
    return n;
}

static bool add(Int a, Int b, Int *out)
{
    if (a.neg == b.neg) {
        *out = (Int){a.neg, a.mag + b.mag};
        return out->mag >= a.mag;
    }
    *out = a.mag >= b.mag ? (Int){a.neg, a.mag - b.mag} : (Int){b.neg, b.mag - a.mag};
    if (!out->mag)
        out->neg = false;
    return true;
}

static bool power(Int a, Int b, Int *out)
{
    if (b.mag && a.mag && (b.mag > MAX_INT_BITS || bits(a.mag) > MAX_INT_BITS / (int)b.mag))
        return false;
    *out = (Int){a.neg && (b.mag & 1), 1};
    if (!a.mag) {
        out->mag = b.mag == 0;
        return true;
    }
    for (u128 i = 0; i < b.mag; i++)
        out->mag *= a.mag;
    return true;
}

/* Floor division and its remainder. */
static void divide(Int a, Int b, Int *q, Int *r)
{
    *q = (Int){a.neg != b.neg, a.mag / b.mag};
    *r = (Int){a.neg, a.mag % b.mag};
    if (r->mag && a.neg != b.neg) {
        q->mag++;
        r->mag = b.mag - r->mag;
        r->neg = b.neg;
    }
    if (!q->mag)
        q->neg = false;
    if (!r->mag)
        r->neg = false;
}

/* Bitwise operations in two's complement; only for values that leave a sign bit. */
static bool bitwise(int op, Int a, Int b, Int *out)
{
    if (a.mag >> 126 || b.mag >> 126)
        return false;
    u128 x = a.neg ? -a.mag : a.mag, y = b.neg ? -b.mag : b.mag;
    u128 z = op == AST_BitAnd ? x & y : op == AST_BitOr ? x | y : x ^ y;
    out->neg = z >> 127;
    out->mag = out->neg ? -z : z;
    return true;
}

static bool shift(int op, Int a, Int b, Int *out)
{
    if (b.neg)
        return false;
    *out = a;
    if (op == AST_LShift) {
        if (a.mag && (b.mag > MAX_INT_BITS || bits(a.mag) > MAX_INT_BITS - (int)b.mag))
            return false;
        out->mag = b.mag < 128 ? a.mag << (int)b.mag : 0;
        return true;
    }
    u128 lost = b.mag < 128 ? a.mag & (((u128)1 << (int)b.mag) - 1) : a.mag;
    out->mag = b.mag < 128 ? a.mag >> (int)b.mag : 0;
    if (a.neg && lost)
        out->mag++;
    if (!out->mag)
        out->neg = false;
    return true;
}

static int int_binary(OuParse *p, int op, Int a, Int b, bool bools, OuConst *out)
{
    Int x, rest;
    switch (op) {
    case AST_Sub:
        b.neg = b.mag && !b.neg; /* fall through */
    case AST_Add:
        return add(a, b, &x) ? put_int(p, x, out) : 0;
    case AST_Mult:
        if (a.mag && b.mag && bits(a.mag) + bits(b.mag) > MAX_INT_BITS)
            return 0;
        x = (Int){a.neg != b.neg && a.mag && b.mag, a.mag * b.mag};
        return put_int(p, x, out);
    case AST_FloorDiv:
    case AST_Mod:
        if (!b.mag)
            return 0;
        divide(a, b, &x, &rest);
        return put_int(p, op == AST_Mod ? rest : x, out);
    case AST_Div:
        if (!b.mag || a.mag >> 53 || b.mag >> 53)
            return 0;
        *out = (OuConst){.kind = OU_K_FLOAT, .f = (double)a.mag / (double)b.mag};
        if (a.neg != b.neg && a.mag)
            out->f = -out->f;
        return 1;
    case AST_Pow:
        if (!b.neg)
            return power(a, b, &x) ? put_int(p, x, out) : 0;
        if (!a.mag || a.mag >> 53 || b.mag > 1024)
            return 0;
        *out =
            (OuConst){.kind = OU_K_FLOAT, .f = pow(a.neg ? -(double)a.mag : (double)a.mag, -(double)b.mag)};
        return 1;
    case AST_LShift:
    case AST_RShift:
        return shift(op, a, b, &x) ? put_int(p, x, out) : 0;
    case AST_BitAnd:
    case AST_BitOr:
    case AST_BitXor:
        if (!bitwise(op, a, b, &x))
            return 0;
        if (!bools)
            return put_int(p, x, out);
        *out = (OuConst){.kind = x.mag ? OU_K_TRUE : OU_K_FALSE};
        return 1;
    default:
        return 0;
    }
}

/* ---- floats, complex ---- */
/* A double of an int, where it is exact enough to be certain. */
static bool get_float(const OuConst *k, double *out)
{
    Int x;
    if (k->kind == OU_K_FLOAT) {
        *out = k->f;
        return true;
    }
    if (!get_int(k, &x))
        return false;
    *out = x.neg ? -(double)x.mag : (double)x.mag; /* rounds to even, as CPython */
    return true;
}

static int float_binary(int op, double a, double b, OuConst *out)
{
    double x;
    switch (op) {
    case AST_Add:
        x = a + b;
        break;
    case AST_Sub:
        x = a - b;
        break;
    case AST_Mult:
        x = a * b;
        break;
    case AST_Div:
        if (b == 0)
            return 0;
        x = a / b;
        break;
    case AST_FloorDiv:
    case AST_Mod: { /* the remainder has b's sign, the quotient is exact before flooring */
        if (b == 0)
            return 0;
        double mod = fmod(a, b), div = (a - mod) / b;
        if (mod != 0) {
            if ((b < 0) != (mod < 0)) {
                mod += b;
                div -= 1;
            }
        } else {
            mod = copysign(0, b);
        }
        if (div != 0) {
            double floored = floor(div);
            div = div - floored > 0.5 ? floored + 1 : floored;
        } else {
            div = copysign(0, a / b);
        }
        x = op == AST_Mod ? mod : div;
        break;
    }
    case AST_Pow:
        if ((a == 0 && b < 0) || (a < 0 && b != floor(b)))
            return 0;
        x = pow(a, b);
        if (!isfinite(x) && isfinite(a) && isfinite(b))
            return 0;
        break;
    default:
        return 0;
    }
    *out = (OuConst){.kind = OU_K_FLOAT, .f = x};
    return 1;
}

static bool get_complex(const OuConst *k, double *re, double *im)
{
    if (k->kind == OU_K_COMPLEX) {
        *re = k->f;
        *im = k->imag;
        return true;
    }
    *im = 0;
    return get_float(k, re);
}

static int complex_binary(int op, const OuConst *l, const OuConst *r, OuConst *out)
{
    double a, b, c, d;
    if (!get_complex(l, &a, &b) || !get_complex(r, &c, &d))
        return 0;
    *out = (OuConst){.kind = OU_K_COMPLEX};
    switch (op) {
    case AST_Add:
        out->f = a + c;
        out->imag = b + d;
        return 1;
    case AST_Sub:
        out->f = a - c;
        out->imag = b - d;
        return 1;
    case AST_Mult:
        out->f = a * c - b * d;
        out->imag = a * d + b * c;
        return 1;
    default:
        return 0;
    }
}

/* ---- sequences ---- */
static uint32_t characters(const OuText *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->len; i++)
        n += (t->s[i] & 0xc0) != 0x80;
    return n;
}

static int total_items(const OuConst *k, int limit)
{
    if (k->kind != OU_K_TUPLE && k->kind != OU_K_FROZENSET)
        return limit;
    limit -= (int)k->n;
    for (uint32_t i = 0; i < k->n && limit >= 0; i++)
        limit = total_items(&k->items[i], limit);
    return limit;
}

static int repeat(OuParse *p, const OuConst *seq, Int times, OuConst *out)
{
    bool text = seq->kind == OU_K_STR || seq->kind == OU_K_BYTES;
    uint32_t size = seq->kind == OU_K_STR ? characters(seq->text) : text ? seq->text->len : seq->n;
    uint32_t max = text ? MAX_STR : MAX_COLLECTION;
    if (times.mag > INT64_MAX || (size && (times.neg || times.mag > max / size)))
        return 0;
    uint32_t n = size ? (uint32_t)times.mag : 0;
    if (!text && n && total_items(seq, (int)(MAX_TOTAL / n)) < 0)
        return 0;
    *out = *seq;
    if (text) {
        size_t len = seq->text->len;
        char *buf = ou_mem_alloc(p->mem, len * n + 1);
        if (!buf)
            return -1;
        for (uint32_t i = 0; i < n; i++)
            memcpy(buf + i * len, seq->text->s, len);
        out->text = ou_parse_name(p, buf, len * n);
        ou_mem_free(p->mem, buf, len * n + 1);
        return out->text ? 1 : -1;
    }
    out->n = seq->n * n;
    out->items = ou_arena_alloc(p->arena, (out->n + 1) * sizeof *out->items);
    if (!out->items)
        return -1;
    for (uint32_t i = 0; i < n; i++)
        memcpy(out->items + i * seq->n, seq->items, seq->n * sizeof *seq->items);
    return 1;
}

static int concat(OuParse *p, const OuConst *l, const OuConst *r, OuConst *out)
{
    *out = *l;
    if (l->kind == OU_K_TUPLE) {
        out->n = l->n + r->n;
        out->items = ou_arena_alloc(p->arena, (out->n + 1) * sizeof *out->items);
        if (!out->items)
            return -1;
        if (l->n)
            memcpy(out->items, l->items, l->n * sizeof *l->items);
        if (r->n)
            memcpy(out->items + l->n, r->items, r->n * sizeof *r->items);
        return 1;
    }
    size_t n = (size_t)l->text->len + r->text->len;
    char *buf = ou_mem_alloc(p->mem, n + 1);
    if (!buf)
        return -1;
    memcpy(buf, l->text->s, l->text->len);
    memcpy(buf + l->text->len, r->text->s, r->text->len);
    out->text = ou_parse_name(p, buf, n);
    ou_mem_free(p->mem, buf, n + 1);
    return out->text ? 1 : -1;
}

static bool is_sequence(const OuConst *k)
{
    return k->kind == OU_K_STR || k->kind == OU_K_BYTES || k->kind == OU_K_TUPLE;
}

/* ---- the three operations ---- */
int ou_fold_binary(OuParse *p, int op, const OuConst *l, const OuConst *r, OuConst *out)
{
    Int a, b;
    double x, y;
    bool li = get_int(l, &a), ri = get_int(r, &b);
    if (li && ri)
        return int_binary(p, op, a, b, is_bool(l) && is_bool(r), out);
    if (is_sequence(l) && l->kind == r->kind)
        return op == AST_Add ? concat(p, l, r, out) : 0;
    if (op == AST_Mult && is_sequence(l) && ri)
        return repeat(p, l, b, out);
    if (op == AST_Mult && is_sequence(r) && li)
        return repeat(p, r, a, out);
    if (l->kind == OU_K_COMPLEX || r->kind == OU_K_COMPLEX)
        return complex_binary(op, l, r, out);
    if ((l->kind == OU_K_FLOAT || r->kind == OU_K_FLOAT) && get_float(l, &x) && get_float(r, &y))
        return float_binary(op, x, y, out);
    return 0;
}

int ou_fold_truth(const OuConst *k)
{
    switch ((OuConstKind)k->kind) {
    case OU_K_NONE:
    case OU_K_FALSE:
        return 0;
    case OU_K_TRUE:
    case OU_K_ELLIPSIS:
    case OU_K_BIGINT:
        return 1;
    case OU_K_INT:
        return k->i != 0;
    case OU_K_FLOAT:
        return k->f != 0;
    case OU_K_COMPLEX:
        return k->f != 0 || k->imag != 0;
    case OU_K_STR:
    case OU_K_BYTES:
        return k->text->len != 0;
    case OU_K_TUPLE:
    case OU_K_FROZENSET:
        return k->n != 0;
    default:
        return -1;
    }
}

int ou_fold_unary(OuParse *p, int op, const OuConst *v, OuConst *out)
{
    Int x;
    if (op == AST_Not) {
        int t = ou_fold_truth(v);
        *out = (OuConst){.kind = t ? OU_K_FALSE : OU_K_TRUE};
        return t >= 0;
    }
    if (get_int(v, &x)) {
        if (op == AST_USub)
            x.neg = x.mag && !x.neg;
        else if (op == AST_Invert) { /* -x - 1 */
            x.neg = x.mag && !x.neg;
            if (!add(x, (Int){true, 1}, &x))
                return 0;
        }
        return put_int(p, x, out);
    }
    if (v->kind == OU_K_BIGINT && op != AST_Invert) {
        *out = *v;
        out->negative ^= op == AST_USub;
        return 1;
    }
    if ((v->kind == OU_K_FLOAT || v->kind == OU_K_COMPLEX) && op != AST_Invert) {
        *out = *v;
        if (op == AST_USub) {
            out->f = -v->f;
            out->imag = -v->imag;
        }
        return 1;
    }
    return 0;
}

int ou_fold_index(OuParse *p, const OuConst *v, const OuConst *i, OuConst *out)
{
    Int x;
    if (!is_sequence(v) || !get_int(i, &x))
        return 0;
    uint32_t n = v->kind == OU_K_TUPLE ? v->n : v->kind == OU_K_BYTES ? v->text->len : characters(v->text);
    if (x.mag > n || (x.neg ? !x.mag : x.mag >= n))
        return 0;
    uint32_t at = x.neg ? n - (uint32_t)x.mag : (uint32_t)x.mag;
    if (v->kind == OU_K_TUPLE) {
        *out = v->items[at];
        return 1;
    }
    if (v->kind == OU_K_BYTES) {
        *out = (OuConst){.kind = OU_K_INT, .i = (unsigned char)v->text->s[at]};
        return 1;
    }
    const char *s = v->text->s;
    for (uint32_t k = 0; k < at;)
        k += (*++s & 0xc0) != 0x80;
    size_t len = 1;
    while ((s[len] & 0xc0) == 0x80)
        len++;
    *out = (OuConst){.kind = OU_K_STR, .text = ou_parse_name(p, s, len)};
    return out->text ? 1 : -1;
}
