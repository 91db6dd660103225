/* vm/marshal.c - writing marshalled values. */
#include "marshal.h"

#include <string.h>

#include "err.h"
#include "buffer.h"
#include "func.h"

typedef struct Writer {
    OuVM *vm;
    unsigned char *buf;
    size_t n, cap;
    int version, depth;
    OuObj *refs; /* dict: id -> index of objects written with FLAG_REF, or NULL before version 3 */
    int status;  /* 0, -1: exception set, 1: unmarshallable, 2: nested too deeply */
} Writer;

enum { FLAG_REF = 0x80 };

static void put(Writer *w, const void *p, size_t n)
{
    if (w->status)
        return;
    if (w->n + n > w->cap) {
        size_t cap = w->cap * 2 > w->n + n ? w->cap * 2 : w->n + n + 256;
        unsigned char *b = ou_realloc(w->vm, w->buf, w->cap, cap);
        if (!b) {
            w->status = -1;
            return;
        }
        w->buf = b;
        w->cap = cap;
    }
    memcpy(w->buf + w->n, p, n);
    w->n += n;
}

static void byte(Writer *w, int c)
{
    unsigned char b = (unsigned char)c;
    put(w, &b, 1);
}

static void u32(Writer *w, uint32_t v)
{
    put(w, &v, 4);
}

static void put_int(Writer *w, OuObj *o, int flag)
{
    int64_t v;
    if (ou_int_fits(o, &v) && v >= INT32_MIN && v <= INT32_MAX) {
        byte(w, 'i' | flag);
        u32(w, (uint32_t)(int32_t)v);
        return;
    }
    /* 'l': signed count of 15-bit digits, least significant first */
    OuVM *vm = w->vm;
    OuObj *mag = ou_absolute(vm, o), *shift = ou_int(vm, 15), *mask = ou_int(vm, 0x7fff);
    byte(w, 'l' | flag);
    size_t at = w->n;
    int32_t digits = 0;
    u32(w, 0);
    while (mag && shift && mask && ou_int_sign(mag) != 0 && !w->status) {
        OuObj *low = ou_binop(vm, OU_NB_AND, mag, mask),
              *rest = low ? ou_binop(vm, OU_NB_RSHIFT, mag, shift) : NULL;
        uint16_t d = low ? (uint16_t)OU_INT_V(low) : 0;
        put(w, &d, 2);
        digits++;
        ou_xdecref(vm, low);
        ou_decref(vm, mag);
        mag = rest;
    }
    if (!mag || !shift || !mask)
        w->status = -1;
    if (!w->status) {
        digits = ou_int_sign(o) < 0 ? -digits : digits;
        memcpy(w->buf + at, &digits, 4);
    }
    ou_xdecref(vm, mag);
    ou_xdecref(vm, shift);
    ou_xdecref(vm, mask);
}

static void put_str(Writer *w, OuObj *o, int flag)
{
    OuStr *s = OU_STR(o);
    OuUtf8 u;
    if (s->ascii && w->version >= 4) {
        bool is_short = s->len < 256;
        byte(w, (is_short ? (s->interned ? 'Z' : 'z') : (s->interned ? 'A' : 'a')) | flag);
        if (is_short)
            byte(w, (int)s->len);
        else
            u32(w, (uint32_t)s->len);
        put(w, s->data, s->len);
        return;
    }
    if (ou_str_utf8(w->vm, o, &u, true) < 0) {
        w->status = -1;
        return;
    }
    byte(w, (s->interned && w->version >= 1 ? 't' : 'u') | flag);
    u32(w, (uint32_t)u.n);
    put(w, u.s, u.n);
    ou_utf8_free(w->vm, &u);
}

static void object(Writer *w, OuObj *o);

static void objects(Writer *w, OuObj *const *at, size_t n)
{
    u32(w, (uint32_t)n);
    for (size_t i = 0; i < n && !w->status; i++)
        object(w, at[i]);
}

static void block(Writer *w, const void *p, size_t count, size_t size)
{
    u32(w, (uint32_t)count);
    put(w, p, count * size);
}

static void put_code(Writer *w, OuCode *c, int flag)
{
    byte(w, 'C' | flag);
    u32(w, ou_instruction_hash(w->vm));
    const uint32_t head[] = {c->nregs,          c->argcount, c->posonlyargcount,
                             c->kwonlyargcount, c->flags,    (uint32_t)c->firstlineno,
                             c->self_attrs};
    put(w, head, sizeof head);
    u32(w, c->ncode);
    size_t bytes = (size_t)c->ncode * 8;
    uint64_t *plain = ou_alloc(w->vm, bytes ? bytes : 1);
    if (!plain) {
        w->status = -1;
        return;
    }
    ou_code_generic(c, plain);
    put(w, plain, bytes);
    ou_free(w->vm, plain, bytes ? bytes : 1);
    block(w, c->exc, c->nexc, sizeof *c->exc);
    block(w, c->locs, c->nlocs, 1);
    block(w, c->var_kinds, c->nvars, 1);
    objects(w, c->consts, c->nconsts);
    objects(w, c->names, c->nnames);
    objects(w, c->var_names, c->nvars);
    object(w, c->filename);
    object(w, c->name);
    object(w, c->qualname);
}

/* FLAG_REF for o if others hold it too: 1 = was written before (reference put), 0 go on with *flag. */
static int reference(Writer *w, OuObj *o, int *flag)
{
    OuVM *vm = w->vm;
    if (!w->refs || o->rc == 1)
        return 0;
    OuObj *key = ou_int_u64(vm, (uint64_t)(uintptr_t)o), *at = key ? ou_dict_get(vm, w->refs, key) : NULL;
    int done = 0;
    if (at) {
        byte(w, 'r');
        u32(w, (uint32_t)OU_INT_V(at));
        done = 1;
    } else if (key) {
        OuObj *i = ou_int(vm, (int64_t)OU_DICT(w->refs)->used);
        if (!i || ou_dict_set(vm, w->refs, key, i) < 0)
            w->status = -1;
        ou_xdecref(vm, i);
        *flag = FLAG_REF;
    } else
        w->status = -1;
    ou_xdecref(vm, key);
    return done;
}

static void object(Writer *w, OuObj *o)
{
    OuVM *vm = w->vm;
    int flag = 0;
    if (w->status)
        return;
    if (o == OU_NONE(vm))
        byte(w, 'N');
    else if (o == (OuObj *)&vm->builtin[OU_T_StopIteration])
        byte(w, 'S');
    else if (o == OU_ELLIPSIS(vm))
        byte(w, '.');
    else if (o == OU_FALSE(vm))
        byte(w, 'F');
    else if (o == OU_TRUE(vm))
        byte(w, 'T');
    else if (++w->depth > OU_MARSHAL_MAX_DEPTH ||
             (char *)__builtin_frame_address(0) <= w->vm->ts->stack_limit) {
        w->status = 2;
    } else if (!reference(w, o, &flag) && !w->status) {
        if (ou_is(o, int))
            put_int(w, o, flag);
        else if (ou_is(o, float)) {
            byte(w, (w->version > 1 ? 'g' : 'f') | flag);
            if (w->version > 1)
                put(w, &OU_FLOAT_V(o), 8);
            else {
                char buf[40];
                int n = ou_float_repr(OU_FLOAT_V(o), buf);
                byte(w, n);
                put(w, buf, (size_t)n);
            }
        } else if (ou_is(o, complex)) {
            byte(w, (w->version > 1 ? 'y' : 'x') | flag);
            const double v[2] = {((OuComplex *)o)->re, ((OuComplex *)o)->im};
            for (int i = 0; i < 2; i++) {
                char buf[40];
                if (w->version > 1)
                    put(w, &v[i], 8);
                else {
                    int n = ou_float_repr(v[i], buf);
                    byte(w, n);
                    put(w, buf, (size_t)n);
                }
            }
        } else if (ou_is(o, bytes)) {
            byte(w, 's' | flag);
            block(w, OU_BYTES(o)->data, OU_BYTES(o)->len, 1);
        } else if (ou_is(o, str))
            put_str(w, o, flag);
        else if (ou_is(o, tuple)) {
            size_t n = OU_TUPLE(o)->n;
            if (w->version >= 4 && n < 256) {
                byte(w, ')' | flag);
                byte(w, (int)n);
                for (size_t i = 0; i < n; i++)
                    object(w, OU_TUPLE(o)->items[i]);
            } else {
                byte(w, '(' | flag);
                objects(w, OU_TUPLE(o)->items, n);
            }
        } else if (ou_is(o, list)) {
            byte(w, '[' | flag);
            objects(w, OU_LIST(o)->items, OU_LIST(o)->n);
        } else if (ou_is(o, dict)) {
            size_t pos = 0;
            OuObj *k, *v;
            byte(w, '{' | flag);
            while (!w->status && ou_dict_next(OU_DICT(o), &pos, &k, &v)) {
                object(w, k);
                object(w, v);
            }
            byte(w, '0');
        } else if (ou_is(o, set) || ou_is(o, frozenset)) {
            /* sorted by their own marshalled form, so that equal sets give equal bytes */
            OuObj *list = ou_list_new(vm, 0), *x;
            size_t pos = 0;
            byte(w, (ou_is(o, set) ? '<' : '>') | flag);
            u32(w, (uint32_t)ou_set_len(o));
            while (list && ou_set_next(o, &pos, &x)) {
                OuObj *dump = ou_marshal_dump(vm, x, w->version),
                      *pair = dump ? ou_tuple_pack(vm, 2, dump, x) : NULL;
                ou_xdecref(vm, dump);
                if (!pair || ou_list_append_take(vm, list, pair) < 0)
                    ou_clear(vm, list);
            }
            if (list && ou_list_sort(vm, list, NULL, false) < 0)
                ou_clear(vm, list);
            if (!list && !w->status)
                w->status = -1;
            for (size_t i = 0; list && i < OU_LIST(list)->n; i++)
                object(w, OU_TUPLE(OU_LIST(list)->items[i])->items[1]);
            ou_xdecref(vm, list);
        } else if (ou_is(o, code))
            put_code(w, (OuCode *)o, flag);
        else {
            OuBuffer view;
            if (ou_has_buffer(vm, o)) {
                if (ou_buffer_get(vm, o, &view, OU_BUF_SIMPLE) < 0)
                    w->status = -1;
                else {
                    byte(w, 's' | flag);
                    block(w, view.buf, (size_t)view.len, 1);
                    ou_buffer_release(vm, &view);
                }
            } else
                w->status = 1;
        }
    }
    if (o != OU_NONE(vm) && w->depth > 0)
        w->depth -= !(o == (OuObj *)&vm->builtin[OU_T_StopIteration] || o == OU_ELLIPSIS(vm) ||
                      o == OU_FALSE(vm) || o == OU_TRUE(vm));
}

OuObj *ou_marshal_dump(OuVM *vm, OuObj *o, int version)
{
    Writer w = {.vm = vm, .version = version};
    OuObj *bytes = NULL;
    if (version >= 3 && !(w.refs = ou_dict_new(vm)))
        return NULL;
    object(&w, o);
    if (w.status > 0) {
        ou_err_clear(vm);
        ou_value_error(vm, w.status == 2 ? "object too deeply nested to marshal" : "unmarshallable object");
    }
    if (!w.status)
        bytes = ou_bytes_new(vm, (char *)w.buf, (ou_ssize)w.n);
    ou_free(vm, w.buf, w.cap);
    ou_xdecref(vm, w.refs);
    return bytes;
}
