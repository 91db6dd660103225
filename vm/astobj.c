/* vm/astobj.c - the tree of lang/ as objects of module _ast, and compile() for trees. */
#include "astobj.h"

#include <stddef.h>
#include <string.h>

#include "err.h"
#include "import.h"

/* ---- tables from lang/ast.def ---- */

#define SUM(sum, pos) enum { pos_##sum = pos };
#define NODE(sum, name, fields)
#define ENUM(sum, name)
#include "lang/ast.def"
#undef SUM
#undef NODE
#undef ENUM

/* Rows of one node: offsetof needs the struct's type, which a function-local typedef provides. */
#define SUM(sum, pos)
#define ENUM(sum, name)
#define F(kind_, type_, name_) {OU_AF_##kind_, type_, #name_, (uint32_t)offsetof(This, name_)},
#define ONE(type, name) F(ONE, #type, name)
#define OPT(type, name) F(OPT, #type, name)
#define SEQ(type, name) F(SEQ, #type, name)
#define ENU(type, name) F(ENU, #type, name)
#define ENS(type, name) F(ENS, #type, name)
#define NAM(name) F(NAM, "identifier", name)
#define NAO(name) F(NAO, "identifier", name)
#define NAS(name) F(NAS, "identifier", name)
#define INT(name) F(INT, "int", name)
#define INO(name) F(INO, "int", name)
#define STO(name) F(STO, "string", name)
#define STR(name) F(STR, "string", name)
#define CON(name) F(CON, "constant", name)
#define NODE(sum, node_name, fields_)                                       \
    static const OuAstField *fields_of_##node_name(void)                    \
    {                                                                       \
        typedef OuAst_##node_name This;                                     \
        static const OuAstField list[] = {fields_{.offset = sizeof(This)}}; \
        return list;                                                        \
    }
#include "lang/ast.def"
#undef NODE
#undef F
#undef ONE
#undef OPT
#undef SEQ
#undef ENU
#undef ENS
#undef NAM
#undef NAO
#undef NAS
#undef INT
#undef INO
#undef STO
#undef STR
#undef CON
#undef ENUM
#undef SUM

static const struct {
    const char *name, *sum;
    uint32_t size;
    bool is_enum, positioned;
    const OuAstField *(*fields)(void);
} rows[AST_KIND_COUNT] = {
#define SUM(sum, pos)
#define NODE(sum_, name_, fields_) \
    [AST_##name_] = {#name_, #sum_, sizeof(OuAst_##name_), false, pos_##sum_, fields_of_##name_},
#define ENUM(sum_, name_) [AST_##name_] = {#name_, #sum_, 0, true, false, NULL},
#include "lang/ast.def"
#undef SUM
#undef NODE
#undef ENUM
};

static const OuAstField no_fields[1];

OuAstClass ou_ast_class(unsigned kind)
{
    OuAstClass c = {rows[kind].name, rows[kind].sum, rows[kind].size, rows[kind].is_enum,
                    rows[kind].positioned};
    c.product = c.name && strcmp(c.name, c.sum) == 0;
    c.fields = rows[kind].fields ? rows[kind].fields() : no_fields;
    return c;
}

const OuAstSum ou_ast_sums[] = {
#define SUM(sum, pos) {#sum, pos},
#define NODE(sum_, name_, fields_)
#define ENUM(sum_, name_)
#include "lang/ast.def"
#undef SUM
#undef NODE
#undef ENUM
    {0},
};

OuAstState *ou_ast_state(OuVM *vm)
{
    OuAstState *st = ou_module_state(vm, &ou_mod_ast);
    if (!st) {
        OuObj *m = ou_import(vm, "_ast");
        if (!m)
            return NULL;
        ou_decref(vm, m);
        st = ou_module_state(vm, &ou_mod_ast);
        if (!st)
            ou_raise(vm, OU_EXC(vm, SystemError), "module _ast has no state");
    }
    return st;
}

/* ---- tree to objects ---- */

static OuObj *text(OuVM *vm, const OuText *t, bool intern)
{
    if (!t)
        return ou_none(vm);
    OuObj *s = ou_str_new(vm, t->s, t->len);
    return s && intern ? ou_str_intern(vm, s) : s;
}

static OuObj *field_object(OuVM *vm, OuAstState *st, const OuNode *n, const OuAstField *f)
{
    const void *at = (const char *)n + f->offset;
    OuObj *list = NULL;
    switch (f->kind) {
    case OU_AF_ONE:
    case OU_AF_OPT:
        return ou_ast_to_object(vm, st, *(OuNode *const *)at);
    case OU_AF_NAM:
    case OU_AF_NAO:
        return text(vm, *(OuText *const *)at, true);
    case OU_AF_STR:
    case OU_AF_STO:
        return text(vm, *(OuText *const *)at, false);
    case OU_AF_ENU:
        return ou_ref(st->enums[*(const uint16_t *)at]);
    case OU_AF_INT:
        return ou_int(vm, *(const int *)at);
    case OU_AF_INO:
        return *(const int *)at < 0 ? ou_none(vm) : ou_int(vm, *(const int *)at);
    case OU_AF_CON:
        return ou_const_object(vm, at, OU_NONE(vm));
    default:
        break;
    }
    if (!(list = ou_list_new(vm, 0)))
        return NULL;
    uint32_t count = *(const uint32_t *)at; /* OuSeq, OuNames and OuEnums begin with n */
    for (uint32_t i = 0; i < count; i++) {
        OuObj *o = f->kind == OU_AF_SEQ   ? ou_ast_to_object(vm, st, ((const OuSeq *)at)->at[i])
                   : f->kind == OU_AF_NAS ? text(vm, ((const OuNames *)at)->at[i], true)
                                          : ou_ref(st->enums[((const OuEnums *)at)->at[i]]);
        if (!o || ou_list_append_take(vm, list, o) < 0) {
            ou_decref(vm, list);
            return NULL;
        }
    }
    return list;
}

static int set_int(OuVM *vm, OuObj *o, const char *name, int v)
{
    OuObj *i = ou_int(vm, v);
    int r = i ? ou_setattr_s(vm, o, name, i) : -1;
    ou_xdecref(vm, i);
    return r;
}

OuObj *ou_ast_to_object(OuVM *vm, OuAstState *st, const OuNode *n)
{
    if (!n)
        return ou_none(vm);
    if (ou_check_stack(vm, " during ast construction") < 0)
        return NULL;
    OuAstClass c = ou_ast_class(n->kind);
    OuType *t = (OuType *)st->classes[n->kind];
    OuObj *o = ou_type_alloc(vm, t, 0);
    if (!o)
        return NULL;
    int r = 0;
    for (const OuAstField *f = c.fields; r == 0 && f->name; f++) {
        OuObj *v = field_object(vm, st, n, f);
        r = v ? ou_setattr_s(vm, o, f->name, v) : -1;
        ou_xdecref(vm, v);
    }
    if (r == 0 && c.positioned) {
        r = set_int(vm, o, "lineno", n->lineno);
        if (r == 0)
            r = set_int(vm, o, "col_offset", n->col);
        if (r == 0)
            r = set_int(vm, o, "end_lineno", n->end_lineno);
        if (r == 0)
            r = set_int(vm, o, "end_col_offset", n->end_col);
    }
    if (r < 0)
        ou_clear(vm, o);
    return o;
}

/* ---- compile() ---- */

OuObj *ou_ast_parse(OuVM *vm, const char *src, size_t n, OuObj *filename, int mode, unsigned flags, int minor)
{
    OuParsed ps;
    OuObj *o = NULL;
    OuAstState *st = ou_ast_state(vm);
    if (!st)
        return NULL;
    if (ou_parse_source(vm, &ps, src, n, filename, mode, flags & ~(unsigned)OU_COMPILE_ONLY_AST) == 0 &&
        ou_compile_warnings(vm, &ps.parse, filename) == 0 &&
        (minor < 0 || ou_ast_check_version(vm, &ps.parse, ps.tree, minor, filename) == 0))
        o = ou_ast_to_object(vm, st, ps.tree);
    ou_parsed_free(vm, &ps);
    return o;
}

OuObj *ou_ast_compile(OuVM *vm, OuObj *o, OuObj *filename, int mode, unsigned flags, int optimize)
{
    static const char *const wanted[] = {"Module", "Expression", "Interactive", "FunctionType"};
    static const uint16_t kinds[] = {AST_Module, AST_Expression, AST_Interactive, AST_FunctionType};
    OuAstState *st = ou_module_state(vm, &ou_mod_ast);
    if (!st || !ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), st->base))
        return NULL;
    if (flags & OU_COMPILE_ONLY_AST)
        return ou_ref(o);
    int r = ou_isinstance(vm, o, st->classes[kinds[mode]]);
    if (r == 0)
        ou_type_error(vm, "expected %s node, got %T", wanted[mode], o);
    if (r <= 0)
        return NULL;
    OuArena arena;
    OuParse p;
    OuObj *code = NULL;
    ou_arena_init(&arena, ou_heap_mem(&vm->heap));
    ou_parse_init(&p, &arena, ou_heap_mem(&vm->heap), 0);
    ou_parse_fit_stack(vm, &p);
    OuNode *tree = ou_ast_from_object(vm, st, &p, o, "mod");
    if (tree && ou_ast_validate(vm, &p, tree) == 0)
        code = ou_compile_tree(vm, &p, tree, filename, mode, flags, optimize);
    ou_arena_free(&arena);
    return code;
}
