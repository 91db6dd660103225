/* vm/exc_unicode.c - UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError. */
#include "exc_impl.h"

#include <stdio.h>

#include "buffer.h"

static int want_str(OuVM *vm, OuObj *const *args, size_t i)
{
    if (ou_isa_str(vm, args[i]))
        return 0;
    if (args[i] == OU_NONE(vm))
        return ou_type_error_i(vm, "argument %zu must be str, not None", i + 1);
    return ou_type_error_i(vm, "argument %zu must be str, not %T", i + 1, args[i]);
}

/* (encoding,) object, start, end, reason: the places are `at` .. `at + 3`. */
static int fill(OuVM *vm, OuObj *self, OuObj *const *args, size_t at, OuObj *object)
{
    OuExcUnicode *e = (OuExcUnicode *)self;
    if (ou_as_ssize(vm, args[at + 1], OU_EXC(vm, OverflowError), &e->start) < 0 ||
        ou_as_ssize(vm, args[at + 2], OU_EXC(vm, OverflowError), &e->end) < 0 ||
        want_str(vm, args, at + 3) < 0)
        return -1;
    ou_exc_put(vm, &e->encoding, at ? args[0] : NULL);
    ou_exc_put(vm, &e->object, object);
    ou_exc_put(vm, &e->reason, args[at + 3]);
    return 0;
}

static int encode_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_exc_init_base(vm, self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs != 5)
        return ou_type_error_i(vm, "function takes exactly 5 arguments (%zu given)", nargs);
    if (want_str(vm, args, 0) < 0 || want_str(vm, args, 1) < 0)
        return -1;
    return fill(vm, self, args, 1, args[1]);
}

static int decode_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_exc_init_base(vm, self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs != 5)
        return ou_type_error_i(vm, "function takes exactly 5 arguments (%zu given)", nargs);
    if (want_str(vm, args, 0) < 0 || fill(vm, self, args, 1, args[1]) < 0)
        return -1;
    if (ou_isa_bytes(vm, args[1]))
        return 0;
    OuBuffer view;
    if (ou_buffer_get(vm, args[1], &view, OU_BUF_SIMPLE) < 0)
        return -1;
    OuObj *bytes = ou_bytes_new(vm, view.len ? view.buf : "", view.len);
    ou_buffer_release(vm, &view);
    if (!bytes)
        return -1;
    ou_exc_put(vm, &((OuExcUnicode *)self)->object, bytes);
    ou_decref(vm, bytes);
    return 0;
}

static int translate_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_exc_init_base(vm, self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs != 4)
        return ou_type_error_i(vm, "function takes exactly 4 arguments (%zu given)", nargs);
    if (want_str(vm, args, 0) < 0)
        return -1;
    return fill(vm, self, args, 0, args[0]);
}

static const char *escape(uint32_t c)
{
    return c <= 0xff ? "'\\x%02x'" : c <= 0xffff ? "'\\u%04x'" : "'\\U%08x'";
}

/* "'ascii' codec can't encode " or "can't translate " + "character '\xe9' in position 3: reason" */
static OuObj *char_text(OuVM *vm, OuExcUnicode *e, OuObj *head)
{
    char c[24];
    OuObj *object = e->object;
    if (object && ou_isa_str(vm, object) && e->start >= 0 && e->start < ou_str_len(object) &&
        e->end == e->start + 1) {
        uint32_t at = ou_str_at(OU_STR(object), e->start);
        snprintf(c, sizeof c, escape(at), at);
        return ou_str_fmt(vm, "%U character %s in position %zd: %S", head, c, e->start, e->reason);
    }
    return ou_str_fmt(vm, "%U characters in position %zd-%zd: %S", head, e->start, e->end - 1, e->reason);
}

static OuObj *encode_str(OuVM *vm, OuObj *self)
{
    OuExcUnicode *e = (OuExcUnicode *)self;
    if (!e->object || !e->reason || !e->encoding)
        return ou_ref(OU_EMPTY_STR(vm)); /* __init__ did not run */
    OuObj *head = ou_str_fmt(vm, "'%S' codec can't encode", e->encoding),
          *res = head ? char_text(vm, e, head) : NULL;
    ou_xdecref(vm, head);
    return res;
}

static OuObj *translate_str(OuVM *vm, OuObj *self)
{
    OuExcUnicode *e = (OuExcUnicode *)self;
    if (!e->object || !e->reason)
        return ou_ref(OU_EMPTY_STR(vm));
    OuObj *head = ou_str_from_ascii(vm, "can't translate", -1), *res = head ? char_text(vm, e, head) : NULL;
    ou_xdecref(vm, head);
    return res;
}

static OuObj *decode_str(OuVM *vm, OuObj *self)
{
    OuExcUnicode *e = (OuExcUnicode *)self;
    OuObj *object = e->object;
    if (!object || !e->reason || !e->encoding)
        return ou_ref(OU_EMPTY_STR(vm));
    if (ou_isa_bytes(vm, object) && e->start >= 0 && (size_t)e->start < OU_BYTES(object)->len &&
        e->end == e->start + 1) {
        char c[8];
        snprintf(c, sizeof c, "%02x", (unsigned char)OU_BYTES(object)->data[e->start]);
        return ou_str_fmt(vm, "'%S' codec can't decode byte 0x%s in position %zd: %S", e->encoding, c,
                          e->start, e->reason);
    }
    return ou_str_fmt(vm, "'%S' codec can't decode bytes in position %zd-%zd: %S", e->encoding, e->start,
                      e->end - 1, e->reason);
}

OU_EXC_LAYOUT(unicode, OuExcUnicode, encoding, 3)
static const OuMember unicode_members[] = {
    {"encoding", OU_MEMBER_OBJ, offsetof(OuExcUnicode, encoding), false, "exception encoding"},
    {"object", OU_MEMBER_OBJ, offsetof(OuExcUnicode, object), false, "exception object"},
    {"start", OU_MEMBER_SSIZE, offsetof(OuExcUnicode, start), false, "exception start"},
    {"end", OU_MEMBER_SSIZE, offsetof(OuExcUnicode, end), false, "exception end"},
    {"reason", OU_MEMBER_OBJ, offsetof(OuExcUnicode, reason), false, "exception reason"},
    {0},
};
const OuTypeSpec ou_exc_spec_unicodeencode = {
    OU_EXC_SPEC(unicode, OuExcUnicode, "UnicodeEncodeError"),
    .s = {.str = encode_str, .init = encode_init},
    .members = unicode_members,
};
const OuTypeSpec ou_exc_spec_unicodedecode = {
    OU_EXC_SPEC(unicode, OuExcUnicode, "UnicodeDecodeError"),
    .s = {.str = decode_str, .init = decode_init},
    .members = unicode_members,
};
const OuTypeSpec ou_exc_spec_unicodetranslate = {
    OU_EXC_SPEC(unicode, OuExcUnicode, "UnicodeTranslateError"),
    .s = {.str = translate_str, .init = translate_init},
    .members = unicode_members,
};
