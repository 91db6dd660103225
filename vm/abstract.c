/* vm/abstract.c - repr, str, hash, truth, comparison, format of any object. */
#include "type.h"
#include "format_spec.h"

OuObj *ou_repr(OuVM *vm, OuObj *o)
{
    if (!o)
        return ou_str_new(vm, "<NULL>", -1);
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_recursion_enter(vm, " while getting the repr of an object") < 0)
        return NULL;
    OuObj *r = t->s.repr(vm, o);
    ou_recursion_leave(vm);
    if (r && !ou_is(r, str) && !ou_isa_str(vm, r)) {
        ou_type_error(vm, "__repr__ returned non-string (type %T)", r);
        ou_clear(vm, r);
    }
    return r;
}

OuObj *ou_str(OuVM *vm, OuObj *o)
{
    if (!o)
        return ou_str_new(vm, "<NULL>", -1);
    if (ou_is(o, str))
        return ou_ref(o);
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_recursion_enter(vm, " while getting the str of an object") < 0)
        return NULL;
    OuObj *r = t->s.str(vm, o);
    ou_recursion_leave(vm);
    if (r && !ou_is(r, str) && !ou_isa_str(vm, r)) {
        ou_type_error(vm, "__str__ returned non-string (type %T)", r);
        ou_clear(vm, r);
    }
    return r;
}

OuObj *ou_ascii(OuVM *vm, OuObj *o)
{
    OuObj *s = ou_repr(vm, o);
    if (!s || OU_STR(s)->ascii)
        return s;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    static const char hex[] = "0123456789abcdef";
    for (ou_ssize i = 0, n = ou_str_len(s); i < n; i++) {
        uint32_t c = ou_str_at(OU_STR(s), i);
        char buf[12];
        int len = 0, digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        if (c < 128) {
            if (ou_strbuf_char(&b, c) < 0)
                goto fail;
            continue;
        }
        buf[len++] = '\\';
        buf[len++] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
        while (digits)
            buf[len++] = hex[c >> 4 * --digits & 15];
        if (ou_strbuf_ascii(&b, buf, len) < 0)
            goto fail;
    }
    ou_decref(vm, s);
    return ou_strbuf_take(&b);
fail:
    ou_decref(vm, s);
    ou_strbuf_free(&b);
    return NULL;
}

OuObj *ou_format(OuVM *vm, OuObj *o, OuObj *spec)
{
    if (!spec || (ou_is(spec, str) && !ou_str_len(spec))) { /* the common cases without a look-up */
        if (ou_is(o, str))
            return ou_ref(o);
        if (ou_is(o, int))
            return ou_str(vm, o);
        spec = OU_EMPTY_STR(vm);
    }
    if (ou_is(spec, str)) {
        if (ou_is(o, int))
            return ou_fmt_int(vm, o, spec);
        if (ou_is(o, float))
            return ou_fmt_float(vm, o, spec);
    }
    OuObj *f;
    bool unbound;
    int found = ou_lookup_special_method(vm, o, OU_NAME(vm, __format__), &f, &unbound);
    if (found <= 0)
        return found < 0 ? NULL : ou_type_error(vm, "Type %T doesn't define __format__", o);
    ou_incref(o); /* CPython's bound method */
    OuObj *r = unbound ? ou_call2(vm, f, o, spec) : ou_call1(vm, f, spec);
    ou_decref(vm, o);
    ou_decref(vm, f);
    if (r && !ou_isa_str(vm, r)) {
        ou_type_error(vm, "__format__ must return a str, not %T", r);
        ou_clear(vm, r);
    }
    return r;
}

int ou_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    if (ou_is(o, str)) {
        *out = ou_str_hash(vm, o);
        return 0;
    }
    return OU_TYPE_OF(vm, o)->s.hash(vm, o, out);
}

int ou_is_true(OuVM *vm, OuObj *o)
{
    if (o == OU_TRUE(vm))
        return 1;
    if (o == OU_FALSE(vm) || o == OU_NONE(vm))
        return 0;
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.truth)
        return t->s.truth(vm, o);
    if (t->s.len) {
        ou_ssize n = t->s.len(vm, o);
        return n < 0 ? -1 : n > 0;
    }
    return 1;
}

static const uint8_t swapped[] = {0, OU_CMP_GT, OU_CMP_EQ, OU_CMP_GE, OU_CMP_LT, OU_CMP_NE, OU_CMP_LE};

static OuObj *compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    OuType *ta = OU_TYPE_OF(vm, a), *tb = OU_TYPE_OF(vm, b);
    OuObj *r;
    bool reflected = false;
    if (ta != tb && tb->s.compare && ou_type_is_subtype(vm, tb, ta)) {
        reflected = true;
        r = tb->s.compare(vm, b, a, swapped[op]);
        if (r != OU_NOTIMPLEMENTED(vm))
            return r;
        ou_decref(vm, r);
    }
    if (ta->s.compare) {
        r = ta->s.compare(vm, a, b, op);
        if (r != OU_NOTIMPLEMENTED(vm))
            return r;
        ou_decref(vm, r);
    }
    if (!reflected && (tb = OU_TYPE_OF(vm, b))->s.compare) {
        r = tb->s.compare(vm, b, a, swapped[op]);
        if (r != OU_NOTIMPLEMENTED(vm))
            return r;
        ou_decref(vm, r);
    }
    if (op == OU_CMP_EQ || op == OU_CMP_NE)
        return ou_bool(vm, (a == b) == (op == OU_CMP_EQ));
    static const char *const text[] = {"", "<", "==", "<=", ">", "!=", ">="};
    return ou_type_error(vm, "'%s' not supported between instances of '%T' and '%T'", text[op], a, b);
}

OuObj *ou_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (ou_recursion_enter(vm, " in comparison") < 0)
        return NULL;
    OuObj *r = compare(vm, a, b, op);
    ou_recursion_leave(vm);
    return r;
}

int ou_compare_bool(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (a == b) {
        if (op == OU_CMP_EQ)
            return 1;
        if (op == OU_CMP_NE)
            return 0;
    }
    if (ou_is(a, str) && ou_is(b, str)) {
        if (op == OU_CMP_EQ || op == OU_CMP_NE)
            return ou_str_eq(OU_STR(a), OU_STR(b)) == (op == OU_CMP_EQ);
    } else if (ou_is_small(a) && ou_is_small(b)) {
        int64_t x = OU_INT_V(a), y = OU_INT_V(b);
        return x < y ? (op & OU_CMP_LT) != 0 : x > y ? (op & OU_CMP_GT) != 0 : (op & OU_CMP_EQ) != 0;
    }
    OuObj *r = ou_compare(vm, a, b, op);
    if (!r)
        return -1;
    int truth = r == OU_TRUE(vm) ? 1 : r == OU_FALSE(vm) ? 0 : ou_is_true(vm, r);
    ou_decref(vm, r);
    return truth;
}

int ou_recursion_refuse(OuVM *vm, const char *where)
{
    bool counted = vm->ts->recursion_left < 0;
    vm->ts->recursion_left++;
    if (!counted) {
        int r = ou_check_stack(vm, where);
        vm->ts->recursion_left -= r == 0; /* the limit was just not reached: entered after all */
        return r;
    }
    vm->ts->recursion_left += 50; /* room for making the exception */
    ou_raise(vm, OU_EXC(vm, RecursionError), "maximum recursion depth exceeded%s", where);
    vm->ts->recursion_left -= 50;
    return -1;
}

/* ---- recursive repr ---------------------------------------------------------------------------- */

int ou_repr_enter(OuVM *vm, OuObj *o)
{
    OuThread *ts = vm->ts;
    if (!ts->repr_running && !(ts->repr_running = ou_list_new(vm, 0)))
        return -1;
    OuList *l = OU_LIST(ts->repr_running);
    for (size_t i = l->n; i-- > 0;)
        if (l->items[i] == o)
            return 1;
    return ou_list_append(vm, ts->repr_running, o);
}

void ou_repr_leave(OuVM *vm, OuObj *o)
{
    OuList *l = vm->ts->repr_running ? OU_LIST(vm->ts->repr_running) : NULL;
    for (size_t i = l ? l->n : 0; i-- > 0;) {
        if (l->items[i] == o) {
            for (size_t k = i + 1; k < l->n; k++)
                l->items[k - 1] = l->items[k];
            l->n--;
            ou_decref(vm, o);
            return;
        }
    }
}
