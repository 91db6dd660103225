/* stdlib/_sqlite3/row.c - sqlite3.Row: a row whose values are found by number or by column name. */
#include "sqlite.h"

typedef struct Row {
    OuObj hdr;
    OuObj *data, *description; /* tuples */
} Row;
#define ROW(o) ((Row *)(o))

static OuObj *row_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSqliteState *st = ou_sqlite_state(vm);
    OuObj *a[2];
    if (ou_args_bind(vm, "Row(cursor, data, /)", args, nargs, kwnames, a) < 0)
        return NULL;
    if (!ou_type_is_subtype(vm, OU_TYPE_OF(vm, a[0]), st->cursor))
        return ou_type_error(vm, "Row() argument 1 must be sqlite3.Cursor, not %s",
                             ou_arg_type_name(vm, a[0]));
    if (!ou_isa_tuple(vm, a[1]))
        return ou_type_error(vm, "Row() argument 2 must be tuple, not %s", ou_arg_type_name(vm, a[1]));
    Row *r = (Row *)ou_type_alloc(vm, type, 0);
    if (!r)
        return NULL;
    OuObj *d = OU_CURSOR(a[0])->description;
    r->data = ou_ref(a[1]);
    r->description = d && d != OU_NONE(vm) ? ou_ref(d) : ou_ref(OU_EMPTY_TUPLE(vm));
    return &r->hdr;
}

static void row_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ROW(o)->data);
    ou_clear(vm, ROW(o)->description);
}

static void row_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    row_clear(vm, o);
    ou_free_object(vm, o);
}

static int row_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(ROW(o)->data);
    OU_VISIT(ROW(o)->description);
    return 0;
}

static OuObj *name_at(OuObj *o, size_t i)
{
    return OU_TUPLE(OU_TUPLE(ROW(o)->description)->items[i])->items[0];
}

static uint32_t fold(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Equal but for the case of ASCII letters. */
static bool same_name(const OuStr *a, const OuStr *b)
{
    if (a->len != b->len)
        return false;
    for (ou_ssize i = 0; i < (ou_ssize)a->len; i++)
        if (fold(ou_str_at(a, i)) != fold(ou_str_at(b, i)))
            return false;
    return true;
}

static OuObj *row_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    if (ou_isa_int(vm, key) || ou_is(key, slice))
        return ou_getitem(vm, ROW(o)->data, key);
    if (ou_isa_str(vm, key)) {
        for (size_t i = 0; i < OU_TUPLE(ROW(o)->description)->n; i++) {
            OuObj *name = name_at(o, i);
            if (ou_isa_str(vm, name) && same_name(OU_STR(name), OU_STR(key)))
                return ou_getitem_i(vm, ROW(o)->data, (ou_ssize)i);
        }
        return ou_raise(vm, OU_EXC(vm, IndexError), "No item with that key");
    }
    return ou_raise(vm, OU_EXC(vm, IndexError), "Index must be int or string");
}

static OuObj *row_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    return ou_getitem_i(vm, ROW(o)->data, i);
}

static ou_ssize row_len(OuVM *vm, OuObj *o)
{
    return (ou_ssize)OU_TUPLE(ROW(o)->data)->n;
}

static OuObj *row_iter(OuVM *vm, OuObj *o)
{
    return ou_iter(vm, ROW(o)->data);
}

static int row_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    int64_t a, b;
    if (ou_hash(vm, ROW(o)->description, &a) < 0 || ou_hash(vm, ROW(o)->data, &b) < 0)
        return -1;
    *out = (a ^ b) == -1 ? -2 : a ^ b;
    return 0;
}

static OuObj *row_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) ||
        !ou_type_is_subtype(vm, OU_TYPE_OF(vm, b), ou_sqlite_state(vm)->row))
        return ou_notimplemented(vm);
    int eq = ou_compare_bool(vm, ROW(a)->description, ROW(b)->description, OU_CMP_EQ);
    if (eq < 0)
        return NULL;
    if (!eq)
        return ou_bool(vm, op == OU_CMP_NE);
    return ou_compare(vm, ROW(a)->data, ROW(b)->data, op);
}

static OuObj *row_keys(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *list = ou_list_new(vm, 0);
    for (size_t i = 0; list && i < OU_TUPLE(ROW(args[0])->description)->n; i++)
        if (ou_list_append(vm, list, name_at(args[0], i)) < 0)
            ou_clear(vm, list);
    return list;
}

static const OuFn methods[] = {{"keys(self, /)", row_keys, 0, "Returns the keys of the row."}, {0}};
const OuTypeSpec ou_sqlite_row_spec = {
    .name = "sqlite3.Row",
    .size = sizeof(Row),
    .flags = OU_TYPE_GC | OU_TYPE_BASE,
    .dealloc = row_dealloc,
    .traverse = row_traverse,
    .clear = row_clear,
    .s = {.new_ = row_new,
          .getitem = row_getitem,
          .item = row_item,
          .len = row_len,
          .iter = row_iter,
          .hash = row_hash,
          .compare = row_compare},
    .methods = methods,
};
