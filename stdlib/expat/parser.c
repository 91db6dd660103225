/* stdlib/expat/parser.c - the parser object of pyexpat. */
#include <limits.h>
#include <string.h>

#include "expat.h"
#include "vm/buffer.h"

enum { CHUNK = 1 << 20, FILE_CHUNK = 2048, TEXT = 8192 };

static OuObj *fail(OuVM *vm, OuExpat *p, int code)
{
    OuExpatLib *l = &p->st->lib;
    int line = (int)l->GetCurrentLineNumber(p->itself), column = (int)l->GetCurrentColumnNumber(p->itself);
    OuObj *msg = ou_str_fmt(vm, "%s: line %i, column %i", l->ErrorString(code), line, column),
          *exc = msg ? ou_call1(vm, p->st->error, msg) : NULL;
    const struct {
        const char *name;
        int v;
    } attrs[] = {{"code", code}, {"offset", column}, {"lineno", line}};
    bool ok = exc != NULL;
    for (int i = 0; ok && i < 3; i++) {
        OuObj *v = ou_int(vm, attrs[i].v);
        ok = v && ou_setattr_s(vm, exc, attrs[i].name, v) == 0;
        ou_xdecref(vm, v);
    }
    if (ok)
        ou_raise_obj(vm, exc);
    ou_xdecref(vm, msg);
    ou_xdecref(vm, exc);
    return NULL;
}

static OuObj *result(OuVM *vm, OuExpat *p, int status)
{
    if (ou_err_occurred(vm))
        return NULL;
    if (status == 0)
        return fail(vm, p, p->st->lib.GetErrorCode(p->itself));
    if (ou_expat_flush(vm, p) < 0 && ou_err_occurred(vm))
        return NULL;
    return ou_int(vm, status);
}

/* ---- methods ---------------------------------------------------------------------------- */
/* The library loops or writes into freed buffers when a handler, or read(), parses with the same parser. */
static int enter(OuVM *vm, OuExpat *p)
{
    if (p->parsing)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "the parser is parsing already");
    p->parsing = true;
    return 0;
}
static OuObj *leave(OuExpat *p, OuObj *result)
{
    p->parsing = false;
    return result;
}

static OuObj *m_parse(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExpat *p = OU_EXPAT(args[0]);
    int final = args[2] ? ou_is_true(vm, args[2]) : 0, status;
    OuBuffer view;
    OuUtf8 u;
    const char *s;
    size_t n;
    bool is_str = ou_isa_str(vm, args[1]);
    if (final < 0 || enter(vm, p) < 0)
        return NULL;
    if (is_str) {
        if (ou_str_utf8(vm, args[1], &u, false) < 0)
            return leave(p, NULL);
        s = u.s;
        n = u.n;
        p->st->lib.SetEncoding(p->itself, "utf-8");
    } else {
        if (ou_buffer_get(vm, args[1], &view, OU_BUF_SIMPLE) < 0)
            return leave(p, NULL);
        s = view.buf;
        n = (size_t)view.len;
    }
    for (;;) {
        int part = n > CHUNK ? CHUNK : (int)n;
        status = p->st->lib.Parse(p->itself, s, part, final && (size_t)part == n);
        s += part;
        n -= (size_t)part;
        if (status == 0 || n == 0 || ou_err_occurred(vm))
            break;
    }
    if (is_str)
        ou_utf8_free(vm, &u);
    else
        ou_buffer_release(vm, &view);
    return leave(p, result(vm, p, status));
}

/* Bytes of the file into the library's buffer: their number, or -1. */
static int read_some(OuVM *vm, OuObj *read, char *to)
{
    OuObj *n = ou_int(vm, FILE_CHUNK), *data = n ? ou_call1(vm, read, n) : NULL;
    int r = -1;
    ou_xdecref(vm, n);
    if (!data)
        return -1;
    if (!ou_isa_bytes(vm, data) && !ou_isa(vm, data, bytearray)) {
        ou_type_error(vm, "read() did not return a bytes object (type=%T)", data);
    } else {
        bool is_bytes = ou_isa_bytes(vm, data);
        size_t len = is_bytes ? OU_BYTES(data)->len : ((OuByteArray *)data)->len;
        if (len > FILE_CHUNK) {
            ou_value_error(vm, "read() returned too much data: %i bytes requested, %zd returned", FILE_CHUNK,
                           (ou_ssize)len);
        } else {
            if (len)
                memcpy(to, is_bytes ? OU_BYTES(data)->data : ((OuByteArray *)data)->start, len);
            r = (int)len;
        }
    }
    ou_decref(vm, data);
    return r;
}

static OuObj *m_parse_file(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExpat *p = OU_EXPAT(args[0]);
    OuObj *read;
    int r = ou_lookup_attr(vm, args[1], OU_NAME(vm, read), &read), status = 1;
    if (r < 0)
        return NULL;
    if (r == 0)
        return ou_type_error(vm, "argument must have 'read' attribute");
    if (enter(vm, p) < 0) {
        ou_decref(vm, read);
        return NULL;
    }
    for (;;) {
        char *to = p->st->lib.GetBuffer(p->itself, FILE_CHUNK);
        if (!to) {
            ou_decref(vm, read);
            return leave(p, result(vm, p, 0));
        }
        int n = read_some(vm, read, to);
        if (n < 0)
            break;
        status = p->st->lib.ParseBuffer(p->itself, n, n == 0);
        if (status == 0 || n == 0 || ou_err_occurred(vm))
            break;
    }
    ou_decref(vm, read);
    return leave(p, result(vm, p, status));
}

static OuObj *m_set_base(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "SetBase() argument must be str, not %s", ou_arg_type_name(vm, args[1]));
    if (ou_str_utf8(vm, args[1], &u, false) < 0)
        return NULL;
    bool nul = memchr(u.s, 0, u.n) != NULL;
    int ok = nul ? 1 : OU_EXPAT(args[0])->st->lib.SetBase(OU_EXPAT(args[0])->itself, u.s);
    ou_utf8_free(vm, &u);
    if (nul)
        return ou_value_error(vm, "embedded null character");
    return ok ? ou_none(vm) : ou_raise_memory(vm);
}

static OuObj *m_get_base(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const char *s = OU_EXPAT(args[0])->st->lib.GetBase(OU_EXPAT(args[0])->itself);
    return s ? ou_str_new(vm, s, -1) : ou_none(vm);
}

static OuObj *m_context(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExpat *p = OU_EXPAT(args[0]);
    int offset, size;
    const char *s = p->in_callback ? p->st->lib.GetInputContext(p->itself, &offset, &size) : NULL;
    return s ? ou_bytes_new(vm, s + offset, size - offset) : ou_none(vm);
}

static OuObj *m_param_entities(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int flag;
    if (ou_as_int(vm, args[1], &flag) < 0)
        return NULL;
    return ou_int(vm, OU_EXPAT(args[0])->st->lib.SetParamEntityParsing(OU_EXPAT(args[0])->itself, flag));
}

static OuObj *m_foreign_dtd(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExpat *p = OU_EXPAT(args[0]);
    int flag = args[1] ? ou_is_true(vm, args[1]) : 1;
    if (flag < 0)
        return NULL;
    int code = p->st->lib.UseForeignDTD(p->itself, (unsigned char)flag);
    return code ? fail(vm, p, code) : ou_none(vm);
}

/* A str argument (None or absent: *out NULL); u must be freed when *out is not NULL.  0/-1 */
static int text_arg(OuVM *vm, OuObj *o, const char *what, OuUtf8 *u, const char **out)
{
    *out = NULL;
    if (!o || o == OU_NONE(vm))
        return 0;
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s must be str or None, not %s", what, ou_arg_type_name(vm, o));
    if (ou_str_utf8(vm, o, u, false) < 0)
        return -1;
    if (memchr(u->s, 0, u->n)) {
        ou_utf8_free(vm, u);
        return ou_value_error_i(vm, "embedded null character");
    }
    *out = u->s;
    return 0;
}

static OuExpat *alloc(OuVM *vm, OuExpatState *st)
{
    OuExpat *p = OU_EXPAT(ou_type_alloc(vm, st->parser, 0));
    if (p) {
        p->vm = vm;
        p->st = st;
        p->buffer_size = TEXT;
    }
    return p;
}

static OuObj *m_external(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExpat *p = OU_EXPAT(args[0]), *c;
    OuUtf8 uc, ue;
    const char *context, *encoding;
    if (text_arg(vm, args[1], "ExternalEntityParserCreate() argument 1", &uc, &context) < 0)
        return NULL;
    if (text_arg(vm, args[2], "ExternalEntityParserCreate() argument 2", &ue, &encoding) < 0) {
        if (context)
            ou_utf8_free(vm, &uc);
        return NULL;
    }
    if ((c = alloc(vm, p->st))) {
        c->buffer_size = p->buffer_size;
        c->ordered = p->ordered;
        c->specified = p->specified;
        c->ns_prefixes = p->ns_prefixes;
        c->intern = p->intern ? ou_ref(p->intern) : NULL;
        c->parent = ou_ref(args[0]);
        c->itself = p->st->lib.ExternalEntityParserCreate(p->itself, context, encoding);
        if (!c->itself)
            ou_raise_memory(vm);
        if (!c->itself || (p->buffer && !(c->buffer = ou_alloc(vm, (size_t)c->buffer_size))))
            ou_clear(vm, c);
    }
    if (context)
        ou_utf8_free(vm, &uc);
    if (encoding)
        ou_utf8_free(vm, &ue);
    if (!c)
        return NULL;
    p->st->lib.SetUserData(c->itself, c);
    for (int i = 0; i < OU_XML_HANDLERS; i++)
        if (p->handlers[i]) {
            c->handlers[i] = ou_ref(p->handlers[i]);
            p->st->lib.set[i](c->itself, ou_expat_callbacks[i]);
        }
    return &c->hdr;
}

OuObj *ou_expat_create(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExpatState *st = ou_module_state(vm, &ou_mod_pyexpat);
    OuUtf8 ue, us;
    const char *encoding, *sep;
    OuExpat *p = NULL;
    if (text_arg(vm, args[0], "ParserCreate() argument 'encoding'", &ue, &encoding) < 0)
        return NULL;
    if (text_arg(vm, args[1], "ParserCreate() argument 'namespace_separator'", &us, &sep) < 0) {
        if (encoding)
            ou_utf8_free(vm, &ue);
        return NULL;
    }
    if (sep && us.n > 1)
        ou_value_error(vm, "namespace_separator must be at most one character, omitted, or None");
    else if (args[2] && args[2] != OU_NONE(vm) && !ou_isa_dict(vm, args[2]))
        ou_type_error(vm, "intern must be a dictionary");
    else
        p = alloc(vm, st);
    if (p && args[2] != OU_NONE(vm) && !(p->intern = args[2] ? ou_ref(args[2]) : ou_dict_new(vm)))
        ou_clear(vm, p);
    if (p && !(p->itself = st->lib.ParserCreate_MM(encoding, NULL, sep))) {
        ou_raise(vm, OU_EXC(vm, RuntimeError), "XML_ParserCreate failed");
        ou_clear(vm, p);
    }
    if (encoding)
        ou_utf8_free(vm, &ue);
    if (sep)
        ou_utf8_free(vm, &us);
    if (!p)
        return NULL;
    st->lib.SetHashSalt(p->itself, (unsigned long)ou_hash_bytes(vm, "expat", 5));
    st->lib.SetUserData(p->itself, p);
    st->lib.SetUnknownEncodingHandler(p->itself, ou_expat_unknown_encoding, p);
    return &p->hdr;
}

/* ---- attributes ------------------------------------------------------------------------------ */
static int no_delete(OuVM *vm, OuObj *value)
{
    return value ? 0 : ou_raise_i(vm, OU_EXC(vm, RuntimeError), "Cannot delete attribute");
}

static OuObj *get_handler(OuVM *vm, OuObj *o, void *data)
{
    OuObj *h = OU_EXPAT(o)->handlers[(intptr_t)data];
    return h ? ou_ref(h) : ou_none(vm);
}

static int set_handler(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuExpat *p = OU_EXPAT(o);
    intptr_t i = (intptr_t)data;
    if (no_delete(vm, value) < 0)
        return -1;
    if (i == OU_XML_CharacterData && ou_expat_flush(vm, p) < 0 && ou_err_occurred(vm))
        return -1;
    OuXmlHandler f = NULL;
    OuObj *old = p->handlers[i];
    if (value == OU_NONE(vm)) {
        /* the library may be in the middle of a text: it must find something to call */
        if (i == OU_XML_CharacterData && p->in_callback)
            f = (OuXmlHandler)ou_expat_ignore_text;
        p->handlers[i] = NULL;
    } else {
        p->handlers[i] = ou_ref(value);
        f = ou_expat_callbacks[i];
    }
    p->st->lib.set[i](p->itself, f);
    ou_xdecref(vm, old);
    return 0;
}

enum { LINE, COLUMN, BYTE, CODE };
static OuObj *get_place(OuVM *vm, OuObj *o, void *data)
{
    OuExpat *p = OU_EXPAT(o);
    switch ((intptr_t)data) {
    case LINE:
        return ou_int(vm, (int64_t)p->st->lib.GetCurrentLineNumber(p->itself));
    case COLUMN:
        return ou_int(vm, (int64_t)p->st->lib.GetCurrentColumnNumber(p->itself));
    case BYTE:
        return ou_int(vm, p->st->lib.GetCurrentByteIndex(p->itself));
    default:
        return ou_int(vm, p->st->lib.GetErrorCode(p->itself));
    }
}

static OuObj *get_flag(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, *(bool *)((char *)o + (intptr_t)data));
}

static int set_flag(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    int b = no_delete(vm, value) < 0 ? -1 : ou_is_true(vm, value);
    if (b < 0)
        return -1;
    *(bool *)((char *)o + (intptr_t)data) = b;
    if ((size_t)(intptr_t)data == offsetof(OuExpat, ns_prefixes))
        OU_EXPAT(o)->st->lib.SetReturnNSTriplet(OU_EXPAT(o)->itself, b);
    return 0;
}

static OuObj *get_buffer_text(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, OU_EXPAT(o)->buffer != NULL);
}

static void drop_buffer(OuVM *vm, OuExpat *p)
{
    if (p->buffer)
        ou_free(vm, p->buffer, (size_t)p->buffer_size);
    p->buffer = NULL;
    p->buffer_used = 0;
}

static int set_buffer_text(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuExpat *p = OU_EXPAT(o);
    int b = no_delete(vm, value) < 0 ? -1 : ou_is_true(vm, value);
    if (b < 0)
        return -1;
    if (b)
        return p->buffer || (p->buffer = ou_alloc(vm, (size_t)p->buffer_size)) ? 0 : -1;
    if (ou_expat_flush(vm, p) < 0 && ou_err_occurred(vm))
        return -1;
    drop_buffer(vm, p);
    return 0;
}

static OuObj *get_buffer_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_EXPAT(o)->buffer_size);
}

static int set_buffer_size(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuExpat *p = OU_EXPAT(o);
    int64_t v;
    if (no_delete(vm, value) < 0)
        return -1;
    if (!ou_isa_int(vm, value))
        return ou_type_error_i(vm, "buffer_size must be an integer");
    if (ou_as_i64(vm, value, &v) < 0)
        return -1;
    if (v == p->buffer_size)
        return 0;
    if (v <= 0)
        return ou_value_error_i(vm, "buffer_size must be greater than zero");
    if (v > INT_MAX)
        return ou_value_error_i(vm, "buffer_size must not be greater than %i", INT_MAX);
    bool had = p->buffer != NULL;
    if (ou_expat_flush(vm, p) < 0 && ou_err_occurred(vm))
        return -1;
    drop_buffer(vm, p);
    p->buffer_size = (int)v;
    return had && !(p->buffer = ou_alloc(vm, (size_t)v)) ? -1 : 0;
}

static OuObj *get_buffer_used(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_EXPAT(o)->buffer_used);
}

/* ---- life -------------------------------------------------------------------------------------- */
static void parser_clear(OuVM *vm, OuObj *o)
{
    OuExpat *p = OU_EXPAT(o);
    for (int i = 0; i < OU_XML_HANDLERS; i++) {
        if (p->itself && p->handlers[i])
            p->st->lib.set[i](p->itself, NULL);
        ou_clear(vm, p->handlers[i]);
    }
    ou_clear(vm, p->intern);
}

static void parser_dealloc(OuVM *vm, OuObj *o)
{
    OuExpat *p = OU_EXPAT(o);
    parser_clear(vm, o);
    if (p->itself)
        p->st->lib.ParserFree(p->itself);
    drop_buffer(vm, p);
    ou_clear(vm, p->parent);
    ou_free_object(vm, o);
}

static int parser_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuExpat *p = OU_EXPAT(o);
    for (int i = 0; i < OU_XML_HANDLERS; i++)
        OU_VISIT(p->handlers[i]);
    OU_VISIT(p->intern);
    OU_VISIT(p->parent);
    return 0;
}

static const OuFn methods[] = {
    {"Parse(self, data, isfinal=False, /)", m_parse, 0, "Parse XML data."},
    {"ParseFile(self, file, /)", m_parse_file, 0, "Parse XML data from file-like object."},
    {"SetBase(self, base, /)", m_set_base, 0, "Set the base URL for the parser."},
    {"GetBase(self, /)", m_get_base, 0, "Return base URL string for the parser."},
    {"GetInputContext(self, /)", m_context, 0,
     "Return the untranslated text of the input that caused the current event."},
    {"ExternalEntityParserCreate(self, context, encoding=<unrepresentable>, /)", m_external, 0,
     "Create a parser for parsing an external entity based on the information passed to the "
     "ExternalEntityRefHandler."},
    {"SetParamEntityParsing(self, flag, /)", m_param_entities, 0,
     "Controls parsing of parameter entities (including the external DTD subset)."},
    {"UseForeignDTD(self, flag=True, /)", m_foreign_dtd, 0,
     "Allows the application to provide an artificial external subset if one is not specified as part of the "
     "document instance."},
    {0},
};
static const OuMember members[] = {
    {"intern", OU_MEMBER_OBJ, offsetof(OuExpat, intern), true, NULL},
    {0},
};
#define FLAG(text, field)                                                          \
    {                                                                              \
        text, get_flag, set_flag, NULL, (void *)(intptr_t)offsetof(OuExpat, field) \
    }
#define PLACE(text, n)                                   \
    {                                                    \
        text, get_place, NULL, NULL, (void *)(intptr_t)n \
    }
static const OuGetSet getset[] = {
    PLACE("ErrorCode", CODE),
    PLACE("ErrorLineNumber", LINE),
    PLACE("ErrorColumnNumber", COLUMN),
    PLACE("ErrorByteIndex", BYTE),
    PLACE("CurrentLineNumber", LINE),
    PLACE("CurrentColumnNumber", COLUMN),
    PLACE("CurrentByteIndex", BYTE),
    {"buffer_size", get_buffer_size, set_buffer_size, NULL, NULL},
    {"buffer_text", get_buffer_text, set_buffer_text, NULL, NULL},
    {"buffer_used", get_buffer_used, NULL, NULL, NULL},
    FLAG("namespace_prefixes", ns_prefixes),
    FLAG("ordered_attributes", ordered),
    FLAG("specified_attributes", specified),
#define H(n, setter)                                                                                 \
    {OU_XML_##n == OU_XML_DefaultHandlerExpand ? "DefaultHandlerExpand" : #n "Handler", get_handler, \
     set_handler, NULL, (void *)(intptr_t)OU_XML_##n},
    OU_EXPAT_HANDLERS(H)
#undef H
        {0},
};
const OuTypeSpec ou_expat_parser_spec = {
    .name = "pyexpat.xmlparser",
    .size = sizeof(OuExpat),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .doc = "XML parser",
    .dealloc = parser_dealloc,
    .traverse = parser_traverse,
    .clear = parser_clear,
    .methods = methods,
    .members = members,
    .getset = getset,
};
