/* stdlib/expat/handlers.c - libexpat's callbacks: arguments to objects, the call, and what an exception does.
 *
 * A handler that raises takes all handlers out, so that the rest of the piece is parsed in silence; Parse() then finds
 * the exception in flight. */
#include <string.h>

#include "expat.h"

static void stop(OuExpat *p)
{
    for (int i = 0; i < OU_XML_HANDLERS; i++) {
        ou_clear(p->vm, p->handlers[i]);
        p->st->lib.set[i](p->itself, NULL);
    }
}

static OuObj *text(OuExpat *p, const char *s, int n)
{
    return s ? ou_str_decode(p->vm, s, n < 0 ? strlen(s) : (size_t)n, "utf-8", "strict") : ou_none(p->vm);
}

static OuObj *plain(OuExpat *p, const char *s)
{
    return text(p, s, -1);
}

/* Equal names become one object. */
static OuObj *name(OuExpat *p, const char *s)
{
    OuObj *o = text(p, s, -1);
    if (!s || !o || !p->intern)
        return o;
    OuObj *same = ou_dict_setdefault(p->vm, p->intern, o, o);
    ou_xincref(same);
    ou_decref(p->vm, o);
    return same;
}

/* Whether handler i is to be called now. */
static bool begin(OuExpat *p, OuXmlHandlerNumber i)
{
    if (!p->handlers[i] || ou_err_occurred(p->vm))
        return false;
    if (i != OU_XML_CharacterData && ou_expat_flush(p->vm, p) < 0)
        return false;
    return p->handlers[i] != NULL;
}

/* Calls handler i; the n arguments are taken (any NULL: an exception is set).  The result, new, or NULL. */
static OuObj *call(OuExpat *p, OuXmlHandlerNumber i, OuObj **args, int n)
{
    OuObj *r = NULL, *f = ou_ref(p->handlers[i]);
    bool ok = true;
    for (int k = 0; k < n; k++)
        ok = ok && args[k];
    if (ok) {
        bool before = p->in_callback;
        p->in_callback = true;
        r = ou_call(p->vm, f, args, (size_t)n, NULL);
        p->in_callback = before;
    }
    for (int k = 0; k < n; k++)
        ou_xdecref(p->vm, args[k]);
    ou_decref(p->vm, f);
    if (!r)
        stop(p);
    return r;
}

static void call_void(OuExpat *p, OuXmlHandlerNumber i, OuObj **args, int n)
{
    OuObj *r = call(p, i, args, n);
    ou_xdecref(p->vm, r);
}

static int call_int(OuExpat *p, OuXmlHandlerNumber i, OuObj **args, int n)
{
    OuObj *r = call(p, i, args, n);
    int64_t v = 0;
    if (r && ou_as_i64(p->vm, r, &v) < 0) {
        stop(p);
        v = 0;
    }
    ou_xdecref(p->vm, r);
    return (int)v;
}
#define ARGS(...) (OuObj *[]){__VA_ARGS__}, (int)(sizeof((OuObj *[]){__VA_ARGS__}) / sizeof(OuObj *))

static int characters(OuExpat *p, const char *s, int n)
{
    if (!p->handlers[OU_XML_CharacterData])
        return -1;
    OuObj *arg = text(p, s, n), *r = call(p, OU_XML_CharacterData, &arg, 1);
    ou_xdecref(p->vm, r);
    return r ? 0 : -1;
}

int ou_expat_flush(OuVM *vm, OuExpat *p)
{
    if (!p->buffer || p->buffer_used == 0)
        return 0;
    int n = p->buffer_used;
    p->buffer_used = 0;
    return characters(p, p->buffer, n);
}

static void on_CharacterData(void *data, const char *s, int len)
{
    OuExpat *p = data;
    if (!begin(p, OU_XML_CharacterData))
        return;
    if (!p->buffer) {
        characters(p, s, len);
        return;
    }
    if (len > p->buffer_size - p->buffer_used) {
        if (ou_expat_flush(p->vm, p) < 0 || !p->handlers[OU_XML_CharacterData])
            return; /* the handler may be gone: the rest is dropped */
    }
    if (!p->buffer || len > p->buffer_size) {
        characters(p, s, len);
        p->buffer_used = 0;
    } else {
        memcpy(p->buffer + p->buffer_used, s, (size_t)len);
        p->buffer_used += len;
    }
}

void ou_expat_ignore_text(void *data, const char *s, int len) {}

static void on_StartElement(void *data, const char *tag, const char **atts)
{
    OuExpat *p = data;
    OuVM *vm = p->vm;
    if (!begin(p, OU_XML_StartElement))
        return;
    int n = 0;
    if (p->specified)
        n = p->st->lib.GetSpecifiedAttributeCount(p->itself);
    else
        while (atts[n])
            n += 2;
    OuObj *all = p->ordered ? ou_list_new(vm, 0) : ou_dict_new(vm);
    for (int i = 0; all && i < n; i += 2) {
        OuObj *k = name(p, atts[i]), *v = k ? plain(p, atts[i + 1]) : NULL;
        int r = -1;
        if (v)
            r = p->ordered ? (ou_list_append(vm, all, k) < 0 ? -1 : ou_list_append(vm, all, v))
                           : ou_dict_set(vm, all, k, v);
        ou_xdecref(vm, k);
        ou_xdecref(vm, v);
        if (r < 0)
            ou_clear(vm, all);
    }
    call_void(p, OU_XML_StartElement, ARGS(all ? name(p, tag) : NULL, all));
}

static void on_EndElement(void *data, const char *tag)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_EndElement))
        call_void(p, OU_XML_EndElement, ARGS(name(p, tag)));
}

static void on_ProcessingInstruction(void *data, const char *target, const char *s)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_ProcessingInstruction))
        call_void(p, OU_XML_ProcessingInstruction, ARGS(name(p, target), plain(p, s)));
}

static void on_UnparsedEntityDecl(void *data, const char *entity, const char *base, const char *sysid,
                                  const char *pubid, const char *notation)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_UnparsedEntityDecl))
        call_void(p, OU_XML_UnparsedEntityDecl,
                  ARGS(name(p, entity), name(p, base), name(p, sysid), name(p, pubid), name(p, notation)));
}

static void on_NotationDecl(void *data, const char *notation, const char *base, const char *sysid,
                            const char *pubid)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_NotationDecl))
        call_void(p, OU_XML_NotationDecl,
                  ARGS(name(p, notation), name(p, base), name(p, sysid), name(p, pubid)));
}

static void on_StartNamespaceDecl(void *data, const char *prefix, const char *uri)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_StartNamespaceDecl))
        call_void(p, OU_XML_StartNamespaceDecl, ARGS(name(p, prefix), name(p, uri)));
}

static void on_EndNamespaceDecl(void *data, const char *prefix)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_EndNamespaceDecl))
        call_void(p, OU_XML_EndNamespaceDecl, ARGS(name(p, prefix)));
}

static void on_Comment(void *data, const char *s)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_Comment))
        call_void(p, OU_XML_Comment, ARGS(plain(p, s)));
}

static void without_arguments(OuExpat *p, OuXmlHandlerNumber i)
{
    if (begin(p, i))
        call_void(p, i, NULL, 0);
}

static void on_StartCdataSection(void *data)
{
    without_arguments(data, OU_XML_StartCdataSection);
}

static void on_EndCdataSection(void *data)
{
    without_arguments(data, OU_XML_EndCdataSection);
}

static void on_EndDoctypeDecl(void *data)
{
    without_arguments(data, OU_XML_EndDoctypeDecl);
}

static void on_Default(void *data, const char *s, int len)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_Default))
        call_void(p, OU_XML_Default, ARGS(text(p, s, len)));
}

static void on_DefaultHandlerExpand(void *data, const char *s, int len)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_DefaultHandlerExpand))
        call_void(p, OU_XML_DefaultHandlerExpand, ARGS(text(p, s, len)));
}

static int on_NotStandalone(void *data)
{
    OuExpat *p = data;
    return begin(p, OU_XML_NotStandalone) ? call_int(p, OU_XML_NotStandalone, NULL, 0) : 0;
}

static int on_ExternalEntityRef(OuXmlParser parser, const char *context, const char *base, const char *sysid,
                                const char *pubid)
{
    OuExpat *p = *(void **)parser; /* XML_GetUserData */
    if (!begin(p, OU_XML_ExternalEntityRef))
        return 0;
    return call_int(p, OU_XML_ExternalEntityRef,
                    ARGS(plain(p, context), name(p, base), name(p, sysid), name(p, pubid)));
}

static void on_StartDoctypeDecl(void *data, const char *doctype, const char *sysid, const char *pubid,
                                int has_subset)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_StartDoctypeDecl))
        call_void(p, OU_XML_StartDoctypeDecl,
                  ARGS(name(p, doctype), name(p, sysid), name(p, pubid), ou_int(p->vm, has_subset)));
}

static void on_EntityDecl(void *data, const char *entity, int is_parameter, const char *value, int len,
                          const char *base, const char *sysid, const char *pubid, const char *notation)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_EntityDecl))
        call_void(p, OU_XML_EntityDecl,
                  ARGS(name(p, entity), ou_int(p->vm, is_parameter), text(p, value, len), name(p, base),
                       name(p, sysid), name(p, pubid), name(p, notation)));
}

static void on_XmlDecl(void *data, const char *version, const char *encoding, int standalone)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_XmlDecl))
        call_void(p, OU_XML_XmlDecl, ARGS(plain(p, version), plain(p, encoding), ou_int(p->vm, standalone)));
}

/* (type, quant, name, children): new */
static OuObj *content(OuExpat *p, const OuXmlContent *m)
{
    OuVM *vm = p->vm;
    OuObj *children =
        ou_check_stack(vm, " in conv_content_model") < 0 ? NULL : ou_tuple_new(vm, m->numchildren);
    for (unsigned i = 0; children && i < m->numchildren; i++)
        if (!(OU_TUPLE(children)->items[i] = content(p, &m->children[i]))) {
            ou_clear(vm, children);
        }
    if (!children)
        return NULL;
    OuObj *t = ou_tuple_new(vm, 4);
    if (!t) {
        ou_decref(vm, children);
        return NULL;
    }
    OU_TUPLE(t)->items[0] = ou_int(vm, m->type);
    OU_TUPLE(t)->items[1] = ou_int(vm, m->quant);
    OU_TUPLE(t)->items[2] = plain(p, m->name);
    OU_TUPLE(t)->items[3] = children;
    for (int i = 0; i < 3; i++)
        if (!OU_TUPLE(t)->items[i]) {
            ou_decref(vm, t);
            return NULL;
        }
    return t;
}

static void on_ElementDecl(void *data, const char *tag, OuXmlContent *model)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_ElementDecl)) {
        OuObj *m = content(p, model);
        call_void(p, OU_XML_ElementDecl, ARGS(m ? name(p, tag) : NULL, m));
    }
    p->st->lib.FreeContentModel(p->itself, model);
}

static void on_AttlistDecl(void *data, const char *tag, const char *att, const char *type, const char *dflt,
                           int required)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_AttlistDecl))
        call_void(p, OU_XML_AttlistDecl,
                  ARGS(name(p, tag), name(p, att), plain(p, type), plain(p, dflt), ou_int(p->vm, required)));
}

static void on_SkippedEntity(void *data, const char *entity, int is_parameter)
{
    OuExpat *p = data;
    if (begin(p, OU_XML_SkippedEntity))
        call_void(p, OU_XML_SkippedEntity, ARGS(name(p, entity), ou_int(p->vm, is_parameter)));
}

const OuXmlHandler ou_expat_callbacks[OU_XML_HANDLERS] = {
#define H(n, setter) (OuXmlHandler) on_##n,
    OU_EXPAT_HANDLERS(H)
#undef H
};

/* Encodings the library does not know: one byte a character by Python's codecs. */
int ou_expat_unknown_encoding(void *data, const char *encoding, OuXmlEncoding *info)
{
    OuExpat *p = data;
    char all[256];
    if (ou_err_occurred(p->vm))
        return 0;
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    OuObj *s = ou_str_decode(p->vm, all, 256, encoding, "replace");
    if (!s)
        return 0;
    if (ou_str_len(s) != 256) {
        ou_decref(p->vm, s);
        ou_value_error(p->vm, "multi-byte encodings are not supported");
        return 0;
    }
    for (int i = 0; i < 256; i++) {
        uint32_t c = ou_str_at(OU_STR(s), i);
        info->map[i] = c == 0xfffd ? -1 : (int)c;
    }
    ou_decref(p->vm, s);
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return 1;
}
