/* stdlib/_symtable.c - module _symtable: the compiler's symbol tables, for the library's `symtable`. */
#include <stddef.h>
#include <string.h>

#include "lang/scope.h"
#include "vm/buffer.h"
#include "vm/compile.h"
#include "support.h"
#include "vm/native.h"

enum { SCOPE_SHIFT = 11 };

typedef struct OuSymEntry {
    OuObj hdr;
    OuObj *id, *name, *symbols, *varnames, *children;
    int type, nested, lineno;
} OuSymEntry;

static void entry_clear(OuVM *vm, OuObj *o)
{
    OuSymEntry *e = (OuSymEntry *)o;
    ou_clear(vm, e->id);
    ou_clear(vm, e->name);
    ou_clear(vm, e->symbols);
    ou_clear(vm, e->varnames);
    ou_clear(vm, e->children);
}

static void entry_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    entry_clear(vm, o);
    ou_free_object(vm, o);
}

static int entry_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuSymEntry *e = (OuSymEntry *)o;
    OU_VISIT(e->id);
    OU_VISIT(e->name);
    OU_VISIT(e->symbols);
    OU_VISIT(e->varnames);
    OU_VISIT(e->children);
    return 0;
}

static OuObj *entry_repr(OuVM *vm, OuObj *o)
{
    OuSymEntry *e = (OuSymEntry *)o;
    return ou_str_fmt(vm, "<symtable entry %U(%S), line %d>", e->name, e->id, e->lineno);
}

static const OuMember entry_members[] = {
    {"id", OU_MEMBER_OBJ, offsetof(OuSymEntry, id), true, NULL},
    {"name", OU_MEMBER_OBJ, offsetof(OuSymEntry, name), true, NULL},
    {"symbols", OU_MEMBER_OBJ, offsetof(OuSymEntry, symbols), true, NULL},
    {"varnames", OU_MEMBER_OBJ, offsetof(OuSymEntry, varnames), true, NULL},
    {"children", OU_MEMBER_OBJ, offsetof(OuSymEntry, children), true, NULL},
    {"nested", OU_MEMBER_INT, offsetof(OuSymEntry, nested), true, NULL},
    {"type", OU_MEMBER_INT, offsetof(OuSymEntry, type), true, NULL},
    {"lineno", OU_MEMBER_INT, offsetof(OuSymEntry, lineno), true, NULL},
    {0},
};
static const OuTypeSpec entry_spec = {
    .name = "symtable entry",
    .size = sizeof(OuSymEntry),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = entry_dealloc,
    .traverse = entry_traverse,
    .clear = entry_clear,
    .s = {.repr = entry_repr},
    .members = entry_members,
};

extern const OuModuleDef ou_mod__symtable;
typedef struct SymState {
    OuType *entry;
} SymState;

static OuObj *text_str(OuVM *vm, const OuText *t)
{
    return ou_str_new(vm, t->s, t->len);
}

/* The entry of a scope with those inside it: new. */
static OuObj *make_entry(OuVM *vm, OuType *type, const OuScope *s)
{
    OuSymEntry *e = (OuSymEntry *)ou_type_alloc(vm, type, 0);
    if (!e || ou_check_stack(vm, " in symtable") < 0)
        goto fail;
    e->id = ou_int_u64(vm, (uint64_t)(uintptr_t)e);
    e->name = text_str(vm, s->name);
    e->symbols = ou_dict_new(vm);
    e->varnames = ou_list_new(vm, 0);
    e->children = ou_list_new(vm, 0);
    e->type = (int)s->type;
    e->nested = s->nested;
    e->lineno = s->type == OU_BLOCK_MODULE ? 0 : s->lineno;
    if (!e->id || !e->name || !e->symbols || !e->varnames || !e->children)
        goto fail;
    for (uint32_t i = 0; i < s->nsyms; i++) {
        OuObj *name = text_str(vm, s->syms[i].name);
        OuObj *flags =
            name ? ou_int(vm, (int64_t)(s->syms[i].flags | (uint32_t)s->syms[i].scope << SCOPE_SHIFT)) : NULL;
        int r = flags ? ou_dict_set(vm, e->symbols, name, flags) : -1;
        ou_xdecref(vm, name);
        ou_xdecref(vm, flags);
        if (r < 0)
            goto fail;
    }
    for (uint32_t i = 0; i < s->nparams; i++) {
        OuObj *name = text_str(vm, s->params[i]);
        if (!name || ou_list_append_take(vm, e->varnames, name) < 0)
            goto fail;
    }
    for (uint32_t i = 0; i < s->nchildren; i++) {
        OuObj *child = make_entry(vm, type, s->children[i]);
        if (!child || ou_list_append_take(vm, e->children, child) < 0)
            goto fail;
    }
    return (OuObj *)e;
fail:
    ou_xdecref(vm, e);
    return NULL;
}

static OuObj *build(OuVM *vm, const char *src, size_t n, OuObj *filename, int mode, unsigned flags)
{
    OuParsed ps;
    OuScopes scopes;
    OuObj *res = NULL;
    unsigned future = 0;
    int last_line;
    if (ou_parse_source(vm, &ps, src, n, filename, mode, flags) == 0) {
        if (ou_future_scan(&ps.parse, ps.tree, &future, &last_line) < 0 ||
            ou_scope_build(&scopes, &ps.parse, ps.tree, future) < 0)
            ou_compile_raise(vm, &ps.parse, filename);
        else
            res = make_entry(vm, ((SymState *)ou_module_state(vm, &ou_mod__symtable))->entry, scopes.module);
    }
    ou_parsed_free(vm, &ps);
    return res;
}

static OuObj *symtable(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *filename, *res = NULL;
    OuUtf8 u = {0};
    OuBuffer view = {0};
    const char *src;
    size_t n;
    int mode;
    if (!(filename = ou_compile_filename(vm, args[1])))
        return NULL;
    bool text = ou_isa_str(vm, args[0]);
    if (text) {
        if (ou_str_utf8(vm, args[0], &u, false) < 0)
            goto done;
        src = u.s;
        n = u.n;
    } else if (ou_has_buffer(vm, args[0])) {
        if (ou_buffer_get(vm, args[0], &view, OU_BUF_SIMPLE) < 0)
            goto done;
        src = view.buf;
        n = (size_t)view.len;
    } else {
        ou_type_error(vm, "symtable() arg 1 must be a string or bytes object");
        goto done;
    }
    if (!ou_isa_str(vm, args[2])) {
        ou_type_error(vm, "symtable() argument 3 must be str, not %T", args[2]);
        goto release;
    }
    if (ou_str_eq_s(args[2], "exec"))
        mode = OU_PARSE_FILE;
    else if (ou_str_eq_s(args[2], "eval"))
        mode = OU_PARSE_EVAL;
    else if (ou_str_eq_s(args[2], "single"))
        mode = OU_PARSE_SINGLE;
    else {
        ou_value_error(vm, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
        goto release;
    }
    if (n && memchr(src, 0, n))
        ou_raise(vm, OU_EXC(vm, SyntaxError), "source code string cannot contain null bytes");
    else
        res = build(vm, src, n, filename, mode, text ? OU_PARSE_UTF8 : 0);
release:
    if (!text)
        ou_buffer_release(vm, &view);
done:
    ou_utf8_free(vm, &u);
    ou_decref(vm, filename);
    return res;
}

static int exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow numbers[] = {
        {"USE", OU_SYM_USE},
        {"DEF_GLOBAL", OU_SYM_GLOBAL},
        {"DEF_NONLOCAL", OU_SYM_NONLOCAL},
        {"DEF_LOCAL", OU_SYM_LOCAL},
        {"DEF_PARAM", OU_SYM_PARAM},
        {"DEF_FREE", OU_SYM_FREE},
        {"DEF_FREE_CLASS", OU_SYM_FREE_CLASS},
        {"DEF_IMPORT", OU_SYM_IMPORT},
        {"DEF_BOUND", OU_SYM_BOUND},
        {"DEF_ANNOT", OU_SYM_ANNOT},
        {"TYPE_FUNCTION", OU_BLOCK_FUNCTION},
        {"TYPE_CLASS", OU_BLOCK_CLASS},
        {"TYPE_MODULE", OU_BLOCK_MODULE},
        {"LOCAL", OU_NAME_LOCAL},
        {"GLOBAL_EXPLICIT", OU_NAME_GLOBAL_EXPLICIT},
        {"GLOBAL_IMPLICIT", OU_NAME_GLOBAL_IMPLICIT},
        {"FREE", OU_NAME_FREE},
        {"CELL", OU_NAME_CELL},
        {"SCOPE_OFF", SCOPE_SHIFT},
        {"SCOPE_MASK", 15},
        {0},
    };
    if (ou_module_add_ints(vm, m, numbers) < 0)
        return -1;
    SymState *st = ((OuModule *)m)->state;
    st->entry = ou_type_from_spec(vm, &entry_spec, NULL);
    return st->entry ? 0 : -1;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((SymState *)state)->entry);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((SymState *)state)->entry);
}

static const OuFn functions[] = {
    {"symtable(source, filename, startstr, /)", symtable, 0,
     "Return symbol and scope dictionaries used internally by compiler."},
    {0},
};
const OuModuleDef ou_mod__symtable = {
    .name = "_symtable",
    .functions = functions,
    .state_size = sizeof(SymState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
