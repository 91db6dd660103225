/* stdlib/_ast.c - module _ast: the classes of CPython 3.11's tree, from lang/ast.def.  The 120 classes are made when the module is
 * imported; conversions are in vm/astobj.c. */
#include "vm/astobj.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "vm/instance.h"
#include "vm/type.h"

typedef struct AstObject {
    OuObj hdr;
    OuObj *dict;
} AstObject;

static void ast_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, ((AstObject *)o)->dict);
    ou_free_object(vm, o);
}

static int ast_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((AstObject *)o)->dict);
    return 0;
}

static void ast_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((AstObject *)o)->dict);
}

static int ast_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *fields = NULL, *list = NULL;
    OuObj *name = ou_str_intern_s(vm, "_fields");
    int r = name ? ou_lookup_attr(vm, (OuObj *)OU_TYPE_OF(vm, self), name, &fields) : -1;
    ou_xdecref(vm, name);
    if (r < 0)
        return -1;
    if (r && !(list = ou_sequence_tuple(vm, fields)))
        goto fail;
    size_t n = list ? OU_TUPLE(list)->n : 0;
    if (nargs > n) {
        ou_type_error(vm, "%T constructor takes at most %zu positional argument%s", self, n,
                      n == 1 ? "" : "s");
        goto fail;
    }
    for (size_t i = 0; i < nargs; i++)
        if (ou_setattr(vm, self, OU_TUPLE(list)->items[i], args[i]) < 0)
            goto fail;
    for (size_t i = 0; kwnames && i < OU_TUPLE(kwnames)->n; i++) {
        OuObj *key = OU_TUPLE(kwnames)->items[i];
        for (size_t k = 0; k < nargs; k++) {
            r = ou_compare_bool(vm, OU_TUPLE(list)->items[k], key, OU_CMP_EQ);
            if (r > 0)
                ou_type_error(vm, "%T got multiple values for argument '%S'", self, key);
            if (r)
                goto fail;
        }
        if (ou_setattr(vm, self, key, args[nargs + i]) < 0)
            goto fail;
    }
    ou_xdecref(vm, fields);
    ou_xdecref(vm, list);
    return 0;
fail:
    ou_xdecref(vm, fields);
    ou_xdecref(vm, list);
    return -1;
}

static OuObj *ast_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *dict = NULL, *res;
    if (ou_lookup_attr(vm, args[0], OU_NAME(vm, __dict__), &dict) < 0)
        return NULL;
    res = dict ? ou_tuple_pack(vm, 3, (OuObj *)OU_TYPE_OF(vm, args[0]), OU_EMPTY_TUPLE(vm), dict)
               : ou_tuple_pack(vm, 2, (OuObj *)OU_TYPE_OF(vm, args[0]), OU_EMPTY_TUPLE(vm));
    ou_xdecref(vm, dict);
    return res;
}

static const OuFn ast_methods[] = {{"__reduce__(self, /)", ast_reduce, 0, NULL}, {0}};
static OuObj *ast_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}
static const OuGetSet ast_getset[] = {
    {"__dict__", ou_inst_dict_attr, ou_inst_set_dict_attr, NULL, NULL},
    {0},
};
static const OuTypeSpec ast_spec = {
    .name = "ast.AST",
    .size = sizeof(AstObject),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DICT,
    .dict_off = offsetof(AstObject, dict),
    .dealloc = ast_dealloc,
    .traverse = ast_traverse,
    .clear = ast_clear,
    .s = {.init = ast_init, .new_ = ast_new},
    .methods = ast_methods,
    .getset = ast_getset,
};

/* "expr? value" and so on, as in Python.asdl and the classes' docstrings. */
static void describe(char *out, size_t size, const OuAstClass *c)
{
    size_t n = (size_t)snprintf(out, size, "%s", c->name);
    for (const OuAstField *f = c->fields; f->name; f++) {
        const char *mark =
            f->kind == OU_AF_SEQ || f->kind == OU_AF_NAS || f->kind == OU_AF_ENS ? "*"
            : f->kind == OU_AF_OPT || f->kind == OU_AF_NAO || f->kind == OU_AF_STO || f->kind == OU_AF_INO
                ? "?"
                : "";
        n += (size_t)snprintf(out + n, size - n, "%s%s%s %s", f == c->fields ? "(" : ", ", f->type, mark,
                              f->name);
    }
    if (c->fields[0].name)
        snprintf(out + n, size - n, ")");
}

static OuObj *names_tuple(OuVM *vm, const char *const *names, size_t n)
{
    OuObj *t = ou_tuple_new(vm, n);
    for (size_t i = 0; t && i < n; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_str_intern_s(vm, names[i])))
            ou_clear(vm, t);
    return t;
}

static OuObj *attributes(OuVM *vm, bool positioned)
{
    static const char *const names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
    return names_tuple(vm, names, positioned ? 4 : 0);
}

/* class name(base): with the dict's entries. */
static OuObj *make_class(OuVM *vm, const char *name, OuObj *base, OuObj *dict)
{
    OuObj *n = ou_str_intern_s(vm, name), *bases = n ? ou_tuple_pack(vm, 1, base) : NULL,
          *module = ou_str_intern_s(vm, "ast");
    OuObj *cls = NULL;
    if (bases && module && ou_dict_set(vm, dict, OU_NAME(vm, __module__), module) == 0)
        cls = ou_type_new_class(vm, &vm->builtin[OU_T_type], n, OU_TUPLE(bases), OU_DICT(dict), NULL, NULL);
    ou_xdecref(vm, n);
    ou_xdecref(vm, bases);
    ou_xdecref(vm, module);
    return cls;
}

static int put(OuVM *vm, OuObj *dict, const char *name, OuObj *value_take)
{
    int r = value_take ? ou_dict_set_s(vm, dict, name, value_take) : -1;
    ou_xdecref(vm, value_take);
    return r;
}

static bool is_product(const char *sum)
{
    for (unsigned k = 1; k < AST_KIND_COUNT; k++) {
        OuAstClass c = ou_ast_class(k);
        if (c.product && strcmp(c.sum, sum) == 0)
            return true;
    }
    return false;
}

/* "stmt = FunctionDef(...)\n | ..." */
static OuObj *sum_doc(OuVM *vm, const char *sum)
{
    OuStrBuf b;
    char line[512];
    bool first = true;
    ou_strbuf_init(&b, vm);
    int r = ou_strbuf_ascii(&b, sum, -1) | ou_strbuf_ascii(&b, " = ", 3);
    for (unsigned k = 1; r == 0 && k < AST_KIND_COUNT; k++) {
        OuAstClass c = ou_ast_class(k);
        if (strcmp(c.sum, sum) != 0)
            continue;
        describe(line, sizeof line, &c);
        if (!first) {
            if (c.is_enum)
                r = ou_strbuf_ascii(&b, " | ", 3);
            else
                r = ou_strbuf_char(&b, '\n') | ou_strbuf_repeat(&b, ' ', (ou_ssize)strlen(sum) + 1) |
                    ou_strbuf_ascii(&b, "| ", 2);
        }
        if (r == 0)
            r = ou_strbuf_ascii(&b, line, -1);
        first = false;
    }
    if (r != 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

static int make_node_class(OuVM *vm, OuObj *module, OuAstState *st, unsigned kind, OuObj *base)
{
    OuAstClass c = ou_ast_class(kind);
    const char *names[16];
    char doc[512];
    size_t n = 0;
    int r = -1;
    OuObj *dict = ou_dict_new(vm), *fields, *cls = NULL;
    if (!dict)
        return -1;
    for (const OuAstField *f = c.fields; f->name; f++) {
        names[n++] = f->name;
        bool optional =
            f->kind == OU_AF_OPT || f->kind == OU_AF_NAO || f->kind == OU_AF_STO || f->kind == OU_AF_INO;
        if (optional && put(vm, dict, f->name, ou_none(vm)) < 0)
            goto done;
    }
    if (c.positioned &&
        (put(vm, dict, "end_lineno", ou_none(vm)) < 0 || put(vm, dict, "end_col_offset", ou_none(vm)) < 0))
        goto done;
    describe(doc, sizeof doc, &c);
    if (!(fields = names_tuple(vm, names, n)))
        goto done;
    r = put(vm, dict, "__match_args__", ou_ref(fields));
    if (r == 0)
        r = put(vm, dict, "_fields", ou_ref(fields));
    ou_decref(vm, fields);
    if (r == 0)
        r = put(vm, dict, "__doc__", ou_str_new(vm, doc, -1));
    if (r == 0 && c.product)
        r = put(vm, dict, "_attributes", attributes(vm, c.positioned));
    cls = r == 0 ? make_class(vm, c.name, base, dict) : NULL;
    r = cls ? ou_module_add(vm, module, c.name, ou_ref(cls)) : -1;
    st->classes[kind] = cls;
    if (r == 0 && c.is_enum)
        r = (st->enums[kind] = ou_call0(vm, cls)) ? 0 : -1;
done:
    ou_decref(vm, dict);
    return r;
}

static int exec(OuVM *vm, OuObj *m)
{
    OuAstState *st = ((OuModule *)m)->state;
    OuType *base = ou_module_add_type(vm, m, &ast_spec, NULL);
    if (!base)
        return -1;
    st->base = base;
    OuObj *d = (OuObj *)ou_type_dict(vm, base);
    if (!d || put(vm, d, "_fields", ou_ref(OU_EMPTY_TUPLE(vm))) < 0 ||
        put(vm, d, "_attributes", ou_ref(OU_EMPTY_TUPLE(vm))) < 0 ||
        put(vm, d, "__match_args__", ou_ref(OU_EMPTY_TUPLE(vm))) < 0)
        return -1;
    base->flags &= ~(uint32_t)OU_TYPE_IMMUTABLE; /* the library's ast.py may add to it */
    ou_type_modified(vm, base);
    for (int i = 0; ou_ast_sums[i].name; i++) {
        const char *sum = ou_ast_sums[i].name;
        OuObj *sum_class = NULL;
        if (!is_product(sum)) {
            OuObj *dict = ou_dict_new(vm);
            int r = dict ? put(vm, dict, "_attributes", attributes(vm, ou_ast_sums[i].positioned)) : -1;
            if (r == 0 && ou_ast_sums[i].positioned)
                r = put(vm, dict, "end_lineno", ou_none(vm)) | put(vm, dict, "end_col_offset", ou_none(vm));
            if (r == 0)
                r = put(vm, dict, "__doc__", sum_doc(vm, sum));
            sum_class = r == 0 ? make_class(vm, sum, (OuObj *)base, dict) : NULL;
            ou_xdecref(vm, dict);
            if (!sum_class || ou_module_add(vm, m, sum, ou_ref(sum_class)) < 0)
                return -1;
            st->sums[i] = sum_class;
        }
        for (unsigned k = 1; k < AST_KIND_COUNT; k++)
            if (strcmp(ou_ast_class(k).sum, sum) == 0 &&
                make_node_class(vm, m, st, k, sum_class ? sum_class : (OuObj *)base) < 0)
                return -1;
    }
    if (ou_module_add_int(vm, m, "PyCF_ONLY_AST", OU_COMPILE_ONLY_AST) < 0 ||
        ou_module_add_int(vm, m, "PyCF_TYPE_COMMENTS", OU_PARSE_TYPE_COMMENTS) < 0 ||
        ou_module_add_int(vm, m, "PyCF_ALLOW_TOP_LEVEL_AWAIT", OU_COMPILE_TOP_LEVEL_AWAIT) < 0)
        return -1;
    return 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OuAstState *st = state;
    for (unsigned k = 0; k < AST_KIND_COUNT; k++) {
        OU_VISIT(st->classes[k]);
        OU_VISIT(st->enums[k]);
    }
    for (int i = 0; i < 32; i++)
        OU_VISIT(st->sums[i]);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    OuAstState *st = state;
    for (unsigned k = 0; k < AST_KIND_COUNT; k++) {
        ou_clear(vm, st->classes[k]);
        ou_clear(vm, st->enums[k]);
    }
    for (int i = 0; i < 32; i++)
        ou_clear(vm, st->sums[i]);
}

const OuModuleDef ou_mod_ast = {
    .name = "_ast",
    .state_size = sizeof(OuAstState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
