/* stdlib/_string.c - module _string: the parsers behind string.Formatter. */
#include "vm/native.h"
#include "vm/text/str_format.h"

/* ---- formatter_parser ---------------------------------------------------------------------- */
typedef struct OuFormatterIter {
    OuObj hdr;
    OuObj *s;
    OuMarkup m;
} OuFormatterIter;

typedef struct OuFieldIter {
    OuObj hdr;
    OuObj *s;
    OuFieldName n;
} OuFieldIter;

typedef struct State {
    OuType *formatter, *field;
} State;
static const OuModuleDef *self_def(void);
static State *state(OuVM *vm)
{
    return ou_module_state(vm, self_def());
}

static void iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_decref(vm, ((OuFormatterIter *)o)->s);
    ou_free_object(vm, o);
}

static OuObj *formatter_next(OuVM *vm, OuObj *o)
{
    OuFormatterIter *it = (OuFormatterIter *)o;
    OuMarkupField f;
    if (ou_markup_next(vm, &it->m, &f) <= 0)
        return NULL;
    OuObj *a[4] = {ou_str_slice(vm, it->s, f.literal, f.literal_end), NULL, NULL, NULL};
    a[1] = f.present ? ou_str_slice(vm, it->s, f.name, f.name_end) : ou_none(vm);
    a[2] = f.present ? ou_str_slice(vm, it->s, f.spec, f.spec_end) : ou_none(vm);
    a[3] = f.present && f.conversion ? ou_str_char(vm, f.conversion) : ou_none(vm);
    OuObj *r = a[0] && a[1] && a[2] && a[3] ? ou_tuple_of_take(vm, a, 4) : NULL;
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, a[i]);
    return r;
}

static OuObj *field_next(OuVM *vm, OuObj *o)
{
    OuFieldIter *it = (OuFieldIter *)o;
    bool attr;
    ou_ssize a, b, index;
    if (ou_fieldname_next(vm, &it->n, &attr, &a, &b, &index) <= 0)
        return NULL;
    OuObj *key = index >= 0 && !attr ? ou_int(vm, index) : ou_str_slice(vm, it->s, a, b);
    OuObj *r = key ? ou_tuple_pack(vm, 2, OU_BOOL(vm, attr), key) : NULL;
    ou_xdecref(vm, key);
    return r;
}

static const OuTypeSpec formatter_spec = {
    .name = "formatteriterator",
    .size = sizeof(OuFormatterIter),
    .flags = OU_TYPE_NO_NEW | OU_TYPE_IMMUTABLE,
    .dealloc = iter_dealloc,
    .s = {.iter = ou_self_iter, .next = formatter_next},
};
static const OuTypeSpec field_spec = {
    .name = "fieldnameiterator",
    .size = sizeof(OuFieldIter),
    .flags = OU_TYPE_NO_NEW | OU_TYPE_IMMUTABLE,
    .dealloc = iter_dealloc,
    .s = {.iter = ou_self_iter, .next = field_next},
};

static OuObj *formatter_parser(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "expected str, got %T", args[0]);
    OuFormatterIter *it = (OuFormatterIter *)ou_type_alloc(vm, state(vm)->formatter, 0);
    if (!it)
        return NULL;
    it->s = ou_ref(args[0]);
    it->m = (OuMarkup){it->s, 0, ou_str_len(it->s)};
    return &it->hdr;
}

static OuObj *formatter_field_name_split(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *s = args[0];
    if (!ou_isa_str(vm, s))
        return ou_type_error(vm, "expected str, got %T", s);
    OuFieldName n;
    if (ou_fieldname_first(vm, &n, s, 0, ou_str_len(s)) < 0)
        return NULL;
    OuFieldIter *it = (OuFieldIter *)ou_type_alloc(vm, state(vm)->field, 0);
    if (!it)
        return NULL;
    it->s = ou_ref(s);
    it->n = n;
    OuObj *first = n.index >= 0 ? ou_int(vm, n.index) : ou_str_slice(vm, s, n.first, n.first_end);
    OuObj *r = first ? ou_tuple_pack(vm, 2, first, &it->hdr) : NULL;
    ou_xdecref(vm, first);
    ou_decref(vm, &it->hdr);
    return r;
}

static const OuFn functions[] = {
    {"formatter_field_name_split(string, /)", formatter_field_name_split, 0,
     "split the argument as a field name"},
    {"formatter_parser(string, /)", formatter_parser, 0, "parse the argument as a format string"},
    {0},
};

static int exec(OuVM *vm, OuObj *module)
{
    State *st = ((OuModule *)module)->state;
    st->formatter = ou_type_from_spec(vm, &formatter_spec, NULL);
    st->field = ou_type_from_spec(vm, &field_spec, NULL);
    return st->formatter && st->field ? 0 : -1;
}

const OuModuleDef ou_mod__string = {.name = "_string",
                                    .doc = "string helper module",
                                    .functions = functions,
                                    .state_size = sizeof(State),
                                    .exec = exec};

static const OuModuleDef *self_def(void)
{
    return &ou_mod__string;
}
