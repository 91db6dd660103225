/* vm/astobj_in.c - objects of module _ast back to a tree, with CPython's complaints about what is missing or wrong. */
#include "astobj.h"

#include <string.h>

#include "err.h"

static OuText *to_text(OuVM *vm, OuParse *p, OuObj *s)
{
    OuUtf8 u;
    if (ou_str_utf8(vm, s, &u, true) < 0)
        return NULL;
    OuText *t = ou_parse_name(p, u.s, u.n);
    ou_utf8_free(vm, &u);
    return t ? t : ou_raise_memory(vm);
}

static int in_int(OuVM *vm, OuObj *v, int *out)
{
    int64_t x;
    if (!ou_isa_int(vm, v))
        return ou_value_error_i(vm, "invalid integer value: %R", v);
    if (!ou_int_fits(v, &x) || x < INT32_MIN || x > INT32_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C int");
    *out = (int)x;
    return 0;
}

static int in_identifier(OuVM *vm, OuParse *p, OuObj *v, OuText **out)
{
    if (!ou_is(v, str))
        return ou_type_error_i(vm, "AST identifier must be of type str");
    return (*out = to_text(vm, p, v)) ? 0 : -1;
}

static int in_enum(OuVM *vm, OuAstState *st, OuObj *v, const char *sum, uint16_t *out)
{
    for (unsigned k = 1; k < AST_KIND_COUNT; k++) {
        OuAstClass c = ou_ast_class(k);
        if (!c.is_enum || strcmp(c.sum, sum) != 0)
            continue;
        int r = ou_isinstance(vm, v, st->classes[k]);
        if (r < 0)
            return -1;
        if (r) {
            *out = (uint16_t)k;
            return 0;
        }
    }
    return ou_type_error_i(vm, "expected some sort of %s, but got %R", sum, v);
}

/* Object to constant: plain kinds where they exist, else carried as it is (kept alive by the caller's object). */
static int in_constant(OuVM *vm, OuParse *p, OuObj *v, OuConst *out)
{
    int64_t i;
    memset(out, 0, sizeof *out);
    if (v == OU_NONE(vm))
        out->kind = OU_K_NONE;
    else if (v == OU_TRUE(vm) || v == OU_FALSE(vm))
        out->kind = v == OU_TRUE(vm) ? OU_K_TRUE : OU_K_FALSE;
    else if (v == OU_ELLIPSIS(vm))
        out->kind = OU_K_ELLIPSIS;
    else if (ou_is(v, int) && ou_int_fits(v, &i)) {
        out->kind = OU_K_INT;
        out->i = i;
    } else if (ou_is(v, float)) {
        out->kind = OU_K_FLOAT;
        out->f = OU_FLOAT_V(v);
    } else if (ou_is(v, complex)) {
        out->kind = OU_K_COMPLEX;
        out->f = ((OuComplex *)v)->re;
        out->imag = ((OuComplex *)v)->im;
    } else if (ou_is(v, str)) {
        out->kind = OU_K_STR;
        if (!(out->text = to_text(vm, p, v)))
            return -1;
    } else if (ou_is(v, bytes)) {
        out->kind = OU_K_BYTES;
        if (!(out->text = ou_parse_name(p, OU_BYTES(v)->data, OU_BYTES(v)->len)))
            return ou_raise_memory_i(vm);
    } else if (ou_is(v, tuple) || ou_is(v, frozenset)) {
        OuObj *t = ou_is(v, tuple) ? ou_ref(v) : ou_sequence_tuple(vm, v);
        if (!t)
            return -1;
        if (ou_recursion_enter(vm, " during compilation") < 0) {
            ou_decref(vm, t);
            return -1;
        }
        size_t n = OU_TUPLE(t)->n;
        out->kind = ou_is(v, tuple) ? OU_K_TUPLE : OU_K_FROZENSET;
        out->n = (uint32_t)n;
        out->items = ou_arena_alloc(p->arena, (n + 1) * sizeof *out->items);
        int r = out->items ? 0 : ou_raise_memory_i(vm);
        for (size_t k = 0; r == 0 && k < n; k++)
            r = in_constant(vm, p, OU_TUPLE(t)->items[k], &out->items[k]);
        ou_recursion_leave(vm);
        ou_decref(vm, t);
        return r;
    } else if (ou_is(v, int)) {
        OuObj *s = ou_int_to_str(vm, v, 16, false);
        if (!s)
            return -1;
        const char *digits = (const char *)OU_STR(s)->data;
        size_t n = OU_STR(s)->len;
        out->kind = OU_K_BIGINT;
        out->base = 16;
        out->negative = *digits == '-';
        out->text = ou_parse_name(p, digits + out->negative, n - out->negative);
        ou_decref(vm, s);
        if (!out->text)
            return ou_raise_memory_i(vm);
    } else {
        out->kind = OU_K_OBJECT; /* the validator names what is not allowed */
        out->any = v;
    }
    return 0;
}

static int in_seq(OuVM *vm, OuAstState *st, OuParse *p, OuObj *v, const OuAstClass *c, const OuAstField *f,
                  void *at)
{
    if (!ou_isa_list(vm, v))
        return ou_type_error_i(vm, "%s field \"%s\" must be a list, not a %T", c->name, f->name, v);
    OuList *l = OU_LIST(v);
    size_t n = l->n;
    void **items = ou_arena_alloc(p->arena, (n + 1) * sizeof(void *));
    if (!items)
        return ou_raise_memory_i(vm);
    for (size_t i = 0; i < n; i++) {
        OuObj *x = ou_ref(l->items[i]);
        int r = 0;
        if (f->kind == OU_AF_NAS)
            r = in_identifier(vm, p, x, (OuText **)&items[i]);
        else if (f->kind == OU_AF_ENS)
            r = in_enum(vm, st, x, f->type, &((uint16_t *)items)[i]);
        else if (x != OU_NONE(vm))
            r = (items[i] = ou_ast_from_object(vm, st, p, x, f->type)) ? 0 : -1;
        else if (strcmp(f->name, "keys") != 0 && strcmp(f->name, "kw_defaults") != 0 &&
                 strcmp(f->type, "expr") != 0)
            r = ou_value_error_i(vm, "None disallowed in %s list", f->type);
        ou_decref(vm, x);
        if (r < 0)
            return -1;
        if (l->n != n)
            return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "%s field \"%s\" changed size during iteration",
                              c->name, f->name);
    }
    *(uint32_t *)at = (uint32_t)n;
    if (f->kind == OU_AF_SEQ)
        ((OuSeq *)at)->at = (OuNode **)items;
    else if (f->kind == OU_AF_NAS)
        ((OuNames *)at)->at = (OuText **)items;
    else
        ((OuEnums *)at)->at = (uint16_t *)items;
    return 0;
}

static int in_field(OuVM *vm, OuAstState *st, OuParse *p, OuObj *o, const OuAstClass *c, const OuAstField *f,
                    OuNode *n)
{
    void *at = (char *)n + f->offset;
    OuObj *v;
    OuObj *name = ou_str_intern_s(vm, f->name);
    int r = name ? ou_lookup_attr(vm, o, name, &v) : -1;
    ou_xdecref(vm, name);
    if (r < 0)
        return -1;
    bool optional =
        f->kind == OU_AF_OPT || f->kind == OU_AF_NAO || f->kind == OU_AF_STO || f->kind == OU_AF_INO;
    if (r == 0) {
        if (f->kind == OU_AF_INO) {
            *(int *)at = 0;
            return 0;
        }
        if (optional)
            return 0;
        if (f->kind == OU_AF_SEQ || f->kind == OU_AF_NAS || f->kind == OU_AF_ENS || true)
            return ou_type_error_i(vm, "required field \"%s\" missing from %s", f->name, c->name);
    }
    if (optional && v == OU_NONE(vm)) {
        if (f->kind == OU_AF_INO)
            *(int *)at = 0;
        ou_decref(vm, v);
        return 0;
    }
    switch (f->kind) {
    case OU_AF_ONE:
    case OU_AF_OPT:
        if (v == OU_NONE(vm)) {
            r = ou_value_error_i(vm, "field '%s' is required for %s", f->name, c->name);
            break;
        }
        r = (*(OuNode **)at = ou_ast_from_object(vm, st, p, v, f->type)) ? 0 : -1;
        break;
    case OU_AF_NAM:
    case OU_AF_NAO:
        r = v == OU_NONE(vm) ? ou_value_error_i(vm, "field '%s' is required for %s", f->name, c->name)
                             : in_identifier(vm, p, v, (OuText **)at);
        break;
    case OU_AF_STR:
    case OU_AF_STO:
        r = ou_is(v, str) || ou_is(v, bytes) ? 0 : ou_type_error_i(vm, "AST string must be of type str");
        if (r == 0)
            r = (*(OuText **)at = ou_is(v, str) ? to_text(vm, p, v) : NULL) ? 0 : -1;
        break;
    case OU_AF_ENU:
        r = in_enum(vm, st, v, f->type, at);
        break;
    case OU_AF_INT:
    case OU_AF_INO:
        r = in_int(vm, v, at);
        break;
    case OU_AF_CON:
        r = in_constant(vm, p, v, at);
        break;
    default:
        r = in_seq(vm, st, p, v, c, f, at);
    }
    ou_decref(vm, v);
    return r;
}

static int position(OuVM *vm, OuObj *o, const char *name, bool required, const char *sum, int32_t dflt,
                    int32_t *out)
{
    OuObj *v, *s = ou_str_intern_s(vm, name);
    int r = s ? ou_lookup_attr(vm, o, s, &v) : -1, x;
    ou_xdecref(vm, s);
    if (r < 0)
        return -1;
    if (r == 0 || (!required && v == OU_NONE(vm))) {
        if (r)
            ou_decref(vm, v);
        else if (required)
            return ou_type_error_i(vm, "required field \"%s\" missing from %s", name, sum);
        *out = dflt;
        return 0;
    }
    r = in_int(vm, v, &x);
    ou_decref(vm, v);
    if (r == 0)
        *out = x;
    return r;
}

OuNode *ou_ast_from_object(OuVM *vm, OuAstState *st, OuParse *p, OuObj *o, const char *sum)
{
    if (ou_check_stack(vm, " during compilation") < 0)
        return NULL;
    for (unsigned k = 1; k < AST_KIND_COUNT; k++) {
        OuAstClass c = ou_ast_class(k);
        if (c.is_enum || strcmp(c.sum, sum) != 0)
            continue;
        int r = c.product ? 1 : ou_isinstance(vm, o, st->classes[k]);
        if (r < 0)
            return NULL;
        if (!r)
            continue;
        OuNode *n = ou_arena_alloc(p->arena, c.size);
        if (!n)
            return ou_raise_memory(vm);
        n->kind = (uint16_t)k;
        if (c.positioned && (position(vm, o, "lineno", true, c.sum, 0, &n->lineno) < 0 ||
                             position(vm, o, "col_offset", true, c.sum, 0, &n->col) < 0 ||
                             position(vm, o, "end_lineno", false, c.sum, n->lineno, &n->end_lineno) < 0 ||
                             position(vm, o, "end_col_offset", false, c.sum, n->col, &n->end_col) < 0))
            return NULL;
        for (const OuAstField *f = c.fields; f->name; f++)
            if (in_field(vm, st, p, o, &c, f, n) < 0)
                return NULL;
        if (ou_ast_set_depth(p, n) < 0) {
            ou_raise(vm, OU_EXC(vm, RecursionError), "maximum recursion depth exceeded during compilation");
            return NULL;
        }
        return n;
    }
    return ou_type_error(vm, "expected some sort of %s, but got %R", sum, o);
}
