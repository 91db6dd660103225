/* stdlib/expat/module.c - module pyexpat over libexpat, which is opened on first import.
 *
 * Matched: CPython 3.11's module; not here: the C capsule expat_CAPI. */
#include "stdlib/library.h"
#include "stdlib/support.h"
#include "expat.h"

static int open_lib(OuVM *vm, OuExpatLib *l)
{
    static const OuLibrary library = {"libexpat", "libexpat1", {"libexpat.so.1"}};
    const OuSymbol symbols[] = {
#define X(result, name, params) {"XML_" #name, (void **)&l->name},
        OU_EXPAT_FUNCTIONS(X)
#undef X
#define H(name, setter)                                                           \
    {OU_XML_##name == OU_XML_DefaultHandlerExpand ? "XML_SetDefaultHandlerExpand" \
                                                  : "XML_Set" #setter "Handler",  \
     (void **)&l->set[OU_XML_##name]},
            OU_EXPAT_HANDLERS(H)
#undef H
    };
    return ou_library_open(vm, OU_EXC(vm, ImportError), &library, symbols, sizeof symbols / sizeof *symbols);
}

static OuObj *f_error_string(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExpatState *st = ou_module_state(vm, &ou_mod_pyexpat);
    int64_t code;
    if (ou_as_i64(vm, args[0], &code) < 0)
        return NULL;
    const char *s = st->lib.ErrorString((int)code);
    return s ? ou_str_new(vm, s, -1) : ou_none(vm);
}

/* A new empty module pyexpat.NAME, added to its parent and to sys.modules; borrowed. */
static OuObj *submodule(OuVM *vm, OuObj *parent, const char *name, const char *full, const char *doc)
{
    OuObj *n = ou_str_new(vm, full, -1), *m = n ? ou_module_new(vm, n) : NULL, *d = ou_str_new(vm, doc, -1);
    if (m && (!d || ou_dict_set(vm, (OuObj *)vm->modules, n, m) < 0 ||
              ou_dict_set(vm, (OuObj *)((OuModule *)m)->dict, OU_NAME(vm, __doc__), d) < 0 ||
              ou_module_add(vm, parent, name, ou_ref(m)) < 0))
        ou_clear(vm, m);
    ou_xdecref(vm, n);
    ou_xdecref(vm, d);
    ou_xdecref(vm, m);
    return m; /* the parent holds it */
}

static int add_errors(OuVM *vm, OuObj *module, const OuExpatLib *l)
{
    static const struct {
        const char *name;
        int code;
    } errors[] = {
        {"XML_ERROR_NO_MEMORY", 1},
        {"XML_ERROR_SYNTAX", 2},
        {"XML_ERROR_NO_ELEMENTS", 3},
        {"XML_ERROR_INVALID_TOKEN", 4},
        {"XML_ERROR_UNCLOSED_TOKEN", 5},
        {"XML_ERROR_PARTIAL_CHAR", 6},
        {"XML_ERROR_TAG_MISMATCH", 7},
        {"XML_ERROR_DUPLICATE_ATTRIBUTE", 8},
        {"XML_ERROR_JUNK_AFTER_DOC_ELEMENT", 9},
        {"XML_ERROR_PARAM_ENTITY_REF", 10},
        {"XML_ERROR_UNDEFINED_ENTITY", 11},
        {"XML_ERROR_RECURSIVE_ENTITY_REF", 12},
        {"XML_ERROR_ASYNC_ENTITY", 13},
        {"XML_ERROR_BAD_CHAR_REF", 14},
        {"XML_ERROR_BINARY_ENTITY_REF", 15},
        {"XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF", 16},
        {"XML_ERROR_MISPLACED_XML_PI", 17},
        {"XML_ERROR_UNKNOWN_ENCODING", 18},
        {"XML_ERROR_INCORRECT_ENCODING", 19},
        {"XML_ERROR_UNCLOSED_CDATA_SECTION", 20},
        {"XML_ERROR_EXTERNAL_ENTITY_HANDLING", 21},
        {"XML_ERROR_NOT_STANDALONE", 22},
        {"XML_ERROR_UNEXPECTED_STATE", 23},
        {"XML_ERROR_ENTITY_DECLARED_IN_PE", 24},
        {"XML_ERROR_FEATURE_REQUIRES_XML_DTD", 25},
        {"XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING", 26},
        {"XML_ERROR_UNBOUND_PREFIX", 27},
        {"XML_ERROR_UNDECLARING_PREFIX", 28},
        {"XML_ERROR_INCOMPLETE_PE", 29},
        {"XML_ERROR_XML_DECL", 30},
        {"XML_ERROR_TEXT_DECL", 31},
        {"XML_ERROR_PUBLICID", 32},
        {"XML_ERROR_SUSPENDED", 33},
        {"XML_ERROR_NOT_SUSPENDED", 34},
        {"XML_ERROR_ABORTED", 35},
        {"XML_ERROR_FINISHED", 36},
        {"XML_ERROR_SUSPEND_PE", 37},
        {"XML_ERROR_RESERVED_PREFIX_XML", 38},
        {"XML_ERROR_RESERVED_PREFIX_XMLNS", 39},
        {"XML_ERROR_RESERVED_NAMESPACE_URI", 40},
        {"XML_ERROR_INVALID_ARGUMENT", 41},
        {"XML_ERROR_NO_BUFFER", 42},
        {"XML_ERROR_AMPLIFICATION_LIMIT_BREACH", 43},
    };
    OuObj *m =
        submodule(vm, module, "errors", "pyexpat.errors", "Constants used to describe error conditions.");
    OuObj *codes = ou_dict_new(vm), *messages = ou_dict_new(vm);
    int r = m && codes && messages ? 0 : -1;
    for (size_t i = 0; r == 0 && i < sizeof errors / sizeof *errors; i++) {
        const char *s = l->ErrorString(errors[i].code);
        if (!s)
            continue;
        OuObj *text = ou_str_new(vm, s, -1), *n = ou_int(vm, errors[i].code);
        if (!text || !n || ou_dict_set(vm, codes, text, n) < 0 || ou_dict_set(vm, messages, n, text) < 0 ||
            ou_module_add(vm, m, errors[i].name, ou_ref(text)) < 0)
            r = -1;
        ou_xdecref(vm, text);
        ou_xdecref(vm, n);
    }
    if (r == 0 && (ou_module_add(vm, m, "codes", ou_ref(codes)) < 0 ||
                   ou_module_add(vm, m, "messages", ou_ref(messages)) < 0))
        r = -1;
    ou_xdecref(vm, codes);
    ou_xdecref(vm, messages);
    return r;
}

static int add_model(OuVM *vm, OuObj *module)
{
    static const OuIntRow kinds[] = {
        {"XML_CTYPE_EMPTY", 1},
        {"XML_CTYPE_ANY", 2},
        {"XML_CTYPE_MIXED", 3},
        {"XML_CTYPE_NAME", 4},
        {"XML_CTYPE_CHOICE", 5},
        {"XML_CTYPE_SEQ", 6},
        {"XML_CQUANT_NONE", 0},
        {"XML_CQUANT_OPT", 1},
        {"XML_CQUANT_REP", 2},
        {"XML_CQUANT_PLUS", 3},
        {0},
    };
    OuObj *m = submodule(vm, module, "model", "pyexpat.model",
                         "Constants used to interpret content model information.");
    if (!m)
        return -1;
    return ou_module_add_ints(vm, m, kinds);
}

static OuObj *features(OuVM *vm, const OuExpatLib *l)
{
    OuObj *list = ou_list_new(vm, 0);
    for (const OuXmlFeature *f = l->GetFeatureList(); list && f && f->feature; f++) {
        OuObj *name = ou_str_new(vm, f->name, -1), *v = ou_int(vm, f->value),
              *pair = name && v ? ou_tuple_pack(vm, 2, name, v) : NULL;
        ou_xdecref(vm, name);
        ou_xdecref(vm, v);
        if (!pair || ou_list_append_take(vm, list, pair) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static OuObj *version_info(OuVM *vm, const char *s)
{
    OuObj *t = ou_tuple_new(vm, 3);
    for (int i = 0; t && i < 3; i++) {
        int v = 0;
        while (*s && (*s < '0' || *s > '9'))
            s++;
        for (; *s >= '0' && *s <= '9'; s++)
            v = v * 10 + (*s - '0');
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, v)))
            ou_clear(vm, t);
    }
    return t;
}

static int exec(OuVM *vm, OuObj *m)
{
    OuExpatState *st = ((OuModule *)m)->state;
    if (open_lib(vm, &st->lib) < 0 || !(st->parser = ou_type_from_spec(vm, &ou_expat_parser_spec, NULL)) ||
        !(st->error =
              ou_module_add_exception(vm, m, "xml.parsers.expat", "ExpatError", OU_EXC(vm, Exception))))
        return -1;
    const char *version = st->lib.ExpatVersion();
    if (ou_module_add(vm, m, "XMLParserType", ou_ref((OuObj *)st->parser)) < 0 ||
        ou_module_add(vm, m, "error", ou_ref(st->error)) < 0 ||
        ou_module_add_str(vm, m, "EXPAT_VERSION", version) < 0 ||
        ou_module_add_str(vm, m, "native_encoding", "UTF-8") < 0 ||
        ou_module_add(vm, m, "version_info", version_info(vm, version)) < 0 ||
        ou_module_add(vm, m, "features", features(vm, &st->lib)) < 0 ||
        ou_module_add_int(vm, m, "XML_PARAM_ENTITY_PARSING_NEVER", 0) < 0 ||
        ou_module_add_int(vm, m, "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", 1) < 0 ||
        ou_module_add_int(vm, m, "XML_PARAM_ENTITY_PARSING_ALWAYS", 2) < 0)
        return -1;
    return add_errors(vm, m, &st->lib) < 0 ? -1 : add_model(vm, m);
}

static int traverse(void *p, OuVisit visit, void *arg)
{
    OU_VISIT(((OuExpatState *)p)->error);
    return 0;
}

static void clear(OuVM *vm, void *p)
{
    ou_clear(vm, ((OuExpatState *)p)->error);
}

static const OuFn functions[] = {
    {"ErrorString(code, /)", f_error_string, 0, "Returns string error for given number."},
    {"ParserCreate(encoding=None, namespace_separator=None, intern=<unrepresentable>)", ou_expat_create, 0,
     "Return a new XML parser object."},
    {0},
};
const OuModuleDef ou_mod_pyexpat = {
    .name = "pyexpat",
    .doc = "Python wrapper for Expat parser.",
    .functions = functions,
    .state_size = sizeof(OuExpatState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
