/* vm/marshal_load.c - reading marshalled values. */
#include "marshal.h"

#include <string.h>

#include "err.h"
#include "codec/codec.h"
#include "func.h"

typedef struct Reader {
    OuVM *vm;
    const unsigned char *at, *end;
    OuObj *refs; /* list */
    int depth;
} Reader;

enum { FLAG_REF = 0x80 };

static void *too_short(Reader *r)
{
    return ou_raise(r->vm, OU_EXC(r->vm, EOFError), "marshal data too short");
}

static void *bad(Reader *r, const char *what)
{
    return ou_value_error(r->vm, "bad marshal data (%s)", what);
}

static const unsigned char *take(Reader *r, size_t n)
{
    const unsigned char *p = r->at;
    if ((size_t)(r->end - p) < n)
        return too_short(r);
    r->at += n;
    return p;
}

static int u32(Reader *r, uint32_t *out)
{
    const unsigned char *p = take(r, 4);
    if (!p)
        return -1;
    memcpy(out, p, 4);
    return 0;
}

/* A count of things of at least `size` bytes each. */
static int count(Reader *r, uint32_t *out, const char *what, size_t size)
{
    if (u32(r, out) < 0)
        return -1;
    if (*out > INT32_MAX) {
        bad(r, what);
        return -1;
    }
    if (size && *out > (size_t)(r->end - r->at) / size) {
        too_short(r);
        return -1;
    }
    return 0;
}

static OuObj *object(Reader *r);

/* Reserves a place in refs for an object that contains others; -1 on error. */
static ou_ssize reserve(Reader *r, int flag)
{
    if (!flag)
        return 0;
    if (ou_list_append(r->vm, r->refs, OU_NONE(r->vm)) < 0)
        return -1;
    return (ou_ssize)OU_LIST(r->refs)->n - 1;
}

static OuObj *fill(Reader *r, OuObj *o, ou_ssize at, int flag)
{
    if (o && flag) {
        OuObj *old = OU_LIST(r->refs)->items[at];
        OU_LIST(r->refs)->items[at] = ou_ref(o);
        ou_decref(r->vm, old);
    }
    return o;
}

static OuObj *big_int(Reader *r)
{
    OuVM *vm = r->vm;
    uint32_t raw;
    if (u32(r, &raw) < 0)
        return NULL;
    int32_t n = (int32_t)raw;
    uint32_t digits = n < 0 ? 0u - raw : raw;
    if (n == INT32_MIN)
        return bad(r, "long size out of range");
    for (const unsigned char *d = r->at; r->end - d > 1 && (size_t)(d - r->at) < (size_t)digits * 2; d += 2)
        if (d[1] > 0x7f) /* told before the missing end */
            return bad(r, "digit out of range in long");
    const unsigned char *p = take(r, (size_t)digits * 2);
    if (!p)
        return NULL;
    /* 15-bit digits into bytes */
    size_t nbytes = ((size_t)digits * 15 + 7) / 8 + 1;
    unsigned char *b = ou_alloc(vm, nbytes);
    if (!b)
        return NULL;
    memset(b, 0, nbytes);
    for (uint32_t i = 0; i < digits; i++) {
        unsigned d = p[2 * i] | (unsigned)p[2 * i + 1] << 8;
        if (d == 0 && i == digits - 1) {
            ou_free(vm, b, nbytes);
            return bad(r, "unnormalized long data");
        }
        for (int bit = 0; bit < 15; bit++)
            if (d >> bit & 1)
                b[(i * 15u + (unsigned)bit) / 8] |= (unsigned char)(1u << (i * 15u + (unsigned)bit) % 8);
    }
    OuObj *v = ou_int_from_bytes(vm, b, nbytes, true, false);
    ou_free(vm, b, nbytes);
    if (v && n < 0) {
        OuObj *neg = ou_negative(vm, v);
        ou_decref(vm, v);
        v = neg;
    }
    return v;
}

static OuObj *text_float(Reader *r)
{
    const unsigned char *p = take(r, 1), *s = p ? take(r, *p) : NULL;
    return s ? ou_float_parse(r->vm, (const char *)s, *p) : NULL;
}

static OuObj *str_of(Reader *r, size_t n, bool ascii, bool intern)
{
    const unsigned char *p = take(r, n);
    if (!p)
        return NULL;
    OuObj *s = ascii ? ou_str_latin1(r->vm, (const char *)p, (ou_ssize)n)
                     : ou_utf8_decode(r->vm, (const char *)p, n, "surrogatepass", NULL);
    return s && intern ? ou_str_intern(r->vm, s) : s;
}

static OuObj *items(Reader *r, size_t n, const char *what, int flag)
{
    OuVM *vm = r->vm;
    /* more items than bytes are left end in an error; which one, reading them tells: into a list, that grows */
    bool list = *what == 'l' || n > (size_t)(r->end - r->at);
    ou_ssize at = reserve(r, flag);
    OuObj *o = at < 0 ? NULL : list ? ou_list_new(vm, 0) : ou_tuple_new(vm, n);
    if (o && list)
        fill(r, o, at, flag);
    for (size_t i = 0; o && i < n; i++) {
        OuObj *x = object(r);
        if (!x) {
            if (!ou_err_occurred(vm))
                ou_type_error(vm, "NULL object in marshal data for %s", what);
            ou_clear(vm, o);
        } else if (!list)
            OU_TUPLE(o)->items[i] = x;
        else if (ou_list_append_take(vm, o, x) < 0)
            ou_clear(vm, o);
    }
    return list ? o : fill(r, o, at, flag);
}

static OuObj *dict(Reader *r, int flag)
{
    OuVM *vm = r->vm;
    ou_ssize at = reserve(r, flag);
    OuObj *d = at < 0 ? NULL : fill(r, ou_dict_new(vm), at, flag), *k, *v;
    while (d && (k = object(r))) {
        v = object(r);
        if (!v || ou_dict_set(vm, d, k, v) < 0) {
            ou_decref(vm, k);
            ou_xdecref(vm, v);
            break;
        }
        ou_decref(vm, k);
        ou_decref(vm, v);
    }
    if (d && ou_err_occurred(vm))
        ou_clear(vm, d);
    return d;
}

static OuObj *set(Reader *r, bool frozen, int flag)
{
    OuVM *vm = r->vm;
    uint32_t n;
    if (count(r, &n, "set size out of range", 0) < 0)
        return NULL;
    ou_ssize at = reserve(r, flag);
    OuObj *s = at < 0 ? NULL : frozen ? ou_frozenset_new(vm, NULL) : ou_set_new(vm, NULL);
    if (frozen && n && s) {
        /* the shared empty frozenset must not be filled */
        ou_decref(vm, s);
        OuObj *list = ou_list_new(vm, 0);
        for (uint32_t i = 0; list && i < n; i++) {
            OuObj *x = object(r);
            int64_t hash; /* what cannot be a member is said before what follows it is read */
            if (x && ou_hash(vm, x, &hash) < 0)
                ou_clear(vm, x);
            if (!x || ou_list_append_take(vm, list, x) < 0)
                ou_clear(vm, list);
        }
        s = list ? ou_frozenset_new(vm, list) : NULL;
        ou_xdecref(vm, list);
    } else {
        if (s && !frozen)
            fill(r, s, at, flag);
        for (uint32_t i = 0; s && i < n; i++) {
            OuObj *x = object(r);
            if (!x || ou_set_add(vm, s, x) < 0)
                ou_clear(vm, s);
            ou_xdecref(vm, x);
        }
    }
    if (!s && !ou_err_occurred(vm))
        ou_type_error(vm, "NULL object in marshal data for set");
    return frozen ? fill(r, s, at, flag) : s;
}

static OuObj **object_array(Reader *r, uint32_t *n, uint32_t *alloc, bool strings)
{
    uint32_t total;
    if (count(r, &total, "size out of range", 1) < 0)
        return NULL;
    OuObj **a = ou_alloc(r->vm, ((size_t)total + 1) * sizeof *a);
    if (!a)
        return NULL;
    *alloc = total;
    *n = 0;
    while (*n < total) {
        OuObj *x = object(r);
        if (x && strings && !ou_is(x, str)) {
            ou_decref(r->vm, x);
            x = bad(r, "name is no string");
        }
        if (!x) {
            if (!ou_err_occurred(r->vm))
                bad(r, "NULL object");
            break;
        }
        a[(*n)++] = x;
    }
    return a; /* with an exception set when *n < total: the caller owns the part */
}

static void *block(Reader *r, uint32_t *n, size_t size)
{
    if (count(r, n, "size out of range", size) < 0)
        return NULL;
    const unsigned char *p = take(r, *n * size);
    void *b = p ? ou_alloc(r->vm, *n ? *n * size : 1) : NULL;
    if (b)
        memcpy(b, p, *n * size);
    return b;
}

static OuObj *code(Reader *r, int flag)
{
    OuVM *vm = r->vm;
    uint32_t head[7], nkinds, hash;
    if (u32(r, &hash) < 0)
        return NULL;
    if (hash != ou_instruction_hash(vm)) /* EOFError: the import system compiles the source again */
        return ou_raise(vm, OU_EXC(vm, EOFError), "code of another version of ouro cannot be loaded");
    ou_ssize at = reserve(r, flag);
    const unsigned char *p = at < 0 ? NULL : take(r, sizeof head);
    OuCode *c = p ? ou_code_alloc(vm) : NULL;
    if (!c)
        return NULL;
    memcpy(head, p, sizeof head);
    c->nregs = head[0];
    c->argcount = head[1];
    c->posonlyargcount = head[2];
    c->kwonlyargcount = head[3];
    c->flags = head[4];
    c->firstlineno = (int)head[5];
    c->self_attrs = head[6];
    if (!(c->code = block(r, &c->ncode, 8)) || !(c->exc = block(r, &c->nexc, sizeof *c->exc)) ||
        !(c->locs = block(r, &c->nlocs, 1)) || !(c->var_kinds = block(r, &nkinds, 1)))
        goto fail;
    c->nvars_alloc = nkinds;
    if (!(c->consts = object_array(r, &c->nconsts, &c->nconsts_alloc, false)) ||
        c->nconsts < c->nconsts_alloc || !(c->names = object_array(r, &c->nnames, &c->nnames_alloc, true)) ||
        c->nnames < c->nnames_alloc || !(c->var_names = object_array(r, &c->nvars, &c->nvars_alloc, true)) ||
        c->nvars < c->nvars_alloc)
        goto fail;
    if (c->nvars != nkinds) {
        bad(r, "variables and kinds differ");
        goto fail;
    }
    if (!(c->filename = object(r)) || !(c->name = object(r)) || !(c->qualname = object(r)))
        goto fail;
    ou_code_finish(vm, c);
    return fill(r, (OuObj *)c, at, flag);
fail:
    ou_decref(vm, c);
    return NULL;
}

static OuObj *object(Reader *r)
{
    OuVM *vm = r->vm;
    uint32_t n;
    const unsigned char *p;
    if (r->at == r->end)
        return ou_raise(vm, OU_EXC(vm, EOFError), "EOF read where object expected");
    int c = *r->at++, flag = c & FLAG_REF, type = c & ~FLAG_REF;
    if (++r->depth > OU_MARSHAL_MAX_DEPTH || (char *)__builtin_frame_address(0) <= r->vm->ts->stack_limit) {
        r->depth--;
        return bad(r, "recursion limit exceeded");
    }
    OuObj *o = NULL;
    bool leaf = true; /* registers itself in refs below */
    switch (type) {
    case '0':
        break;
    case 'N':
        o = ou_none(vm);
        leaf = false;
        break;
    case 'S':
        o = ou_ref((OuObj *)&vm->builtin[OU_T_StopIteration]);
        leaf = false;
        break;
    case '.':
        o = ou_ref(OU_ELLIPSIS(vm));
        leaf = false;
        break;
    case 'F':
    case 'T':
        o = ou_bool(vm, type == 'T');
        leaf = false;
        break;
    case 'i':
        o = u32(r, &n) < 0 ? NULL : ou_int(vm, (int32_t)n);
        break;
    case 'I':
        if ((p = take(r, 8))) {
            int64_t v;
            memcpy(&v, p, 8);
            o = ou_int(vm, v);
        }
        break;
    case 'l':
        o = big_int(r);
        break;
    case 'g':
        if ((p = take(r, 8))) {
            double v;
            memcpy(&v, p, 8);
            o = ou_float(vm, v);
        }
        break;
    case 'f':
        o = text_float(r);
        break;
    case 'y':
        if ((p = take(r, 16))) {
            double v[2];
            memcpy(v, p, 16);
            o = ou_complex(vm, v[0], v[1]);
        }
        break;
    case 'x': {
        OuObj *re = text_float(r), *im = re ? text_float(r) : NULL;
        o = im ? ou_complex(vm, OU_FLOAT_V(re), OU_FLOAT_V(im)) : NULL;
        ou_xdecref(vm, re);
        ou_xdecref(vm, im);
        break;
    }
    case 's':
        if (count(r, &n, "bytes object size out of range", 1) == 0 && (p = take(r, n)))
            o = ou_bytes_new(vm, (const char *)p, n);
        break;
    case 'z':
    case 'Z':
        if ((p = take(r, 1)))
            o = str_of(r, *p, true, type == 'Z');
        break;
    case 'a':
    case 'A':
        if (count(r, &n, "string size out of range", 1) == 0)
            o = str_of(r, n, true, type == 'A');
        break;
    case 'u':
    case 't':
        if (count(r, &n, "string size out of range", 1) == 0)
            o = str_of(r, n, false, type == 't');
        break;
    case ')':
        leaf = false;
        if ((p = take(r, 1)))
            o = items(r, *p, "tuple", flag);
        break;
    case '(':
    case '[':
        leaf = false;
        if (count(r, &n, type == '[' ? "list size out of range" : "tuple size out of range", 0) == 0)
            o = items(r, n, type == '[' ? "list" : "tuple", flag);
        break;
    case '{':
        leaf = false;
        o = dict(r, flag);
        break;
    case '<':
    case '>':
        leaf = false;
        o = set(r, type == '>', flag);
        break;
    case 'C':
        leaf = false;
        o = code(r, flag);
        break;
    case 'r':
        leaf = false;
        if (u32(r, &n) < 0)
            break;
        if (n >= OU_LIST(r->refs)->n || OU_LIST(r->refs)->items[n] == OU_NONE(vm))
            bad(r, "invalid reference");
        else
            o = ou_ref(OU_LIST(r->refs)->items[n]);
        break;
    case 'c':
        leaf = false;
        /* EOFError: the import system forgives it and compiles the source again */
        ou_raise(vm, OU_EXC(vm, EOFError), "code objects of another interpreter cannot be loaded");
        break;
    default:
        leaf = false;
        bad(r, "unknown type code");
    }
    r->depth--;
    if (o && leaf && flag && ou_list_append(vm, r->refs, o) < 0)
        ou_clear(vm, o);
    return o;
}

OuObj *ou_marshal_load(OuVM *vm, const unsigned char *data, size_t n, size_t *used)
{
    Reader r = {.vm = vm, .at = data, .end = data + n, .refs = ou_list_new(vm, 0)};
    if (!r.refs)
        return NULL;
    OuObj *o = object(&r);
    if (!o && !ou_err_occurred(vm))
        ou_type_error(vm, "NULL object in marshal data for object");
    if (used)
        *used = (size_t)(r.at - data);
    ou_decref(vm, r.refs);
    return o;
}
