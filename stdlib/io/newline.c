/* stdlib/io/newline.c - IncrementalNewlineDecoder, and the newline handling TextIOWrapper and StringIO share.
 */
#include "io.h"
#include "vm/text/text.h"

OuObj *ou_newline_feed(OuVM *vm, OuNewline *nl, OuObj *text, bool final)
{
    if (nl->pendingcr && (final || ou_str_len(text) > 0)) {
        OuObj *joined = ou_str_concat(vm, (OuObj *)&vm->latin1['\r'], text);
        ou_decref(vm, text);
        if (!(text = joined))
            return NULL;
        nl->pendingcr = false;
    }
    ou_ssize n = ou_str_len(text);
    if (!final && n > 0 && ou_str_at(OU_STR(text), n - 1) == '\r') { /* a \n may follow */
        OuObj *cut = ou_str_slice(vm, text, 0, n - 1);
        ou_decref(vm, text);
        if (!(text = cut))
            return NULL;
        nl->pendingcr = true;
        n--;
    }
    OuChars t = ou_text_of_str(text);
    if (ou_text_find_char(&t, '\r', 0, n) < 0) {
        if (!(nl->seen & OU_NL_LF) && ou_text_find_char(&t, '\n', 0, n) >= 0)
            nl->seen |= OU_NL_LF;
        return text;
    }
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    ou_ssize from = 0;
    for (ou_ssize i = 0; i < n; i++) {
        uint32_t c = ou_str_at(OU_STR(text), i);
        if (c == '\n')
            nl->seen |= OU_NL_LF;
        if (c != '\r')
            continue;
        bool crlf = i + 1 < n && ou_str_at(OU_STR(text), i + 1) == '\n';
        nl->seen |= crlf ? OU_NL_CRLF : OU_NL_CR;
        if (nl->translate && (ou_strbuf_sub(&b, text, from, i) < 0 || ou_strbuf_char(&b, '\n') < 0))
            goto fail;
        i += crlf;
        from = i + 1;
    }
    if (!nl->translate)
        return text;
    if (ou_strbuf_sub(&b, text, from, n) < 0)
        goto fail;
    ou_decref(vm, text);
    return ou_strbuf_take(&b);
fail:
    ou_strbuf_free(&b);
    ou_decref(vm, text);
    return NULL;
}

OuObj *ou_newline_seen(OuVM *vm, int seen)
{
    static const char *const names[] = {"\r", "\n", "\r\n"};
    OuObj *items[3];
    size_t k = 0;
    for (int i = 0; i < 3; i++)
        if (seen & 1 << i)
            items[k++] = ou_str_new(vm, names[i], -1);
    if (k == 0)
        return ou_none(vm);
    return k == 1 ? items[0] : ou_tuple_of_take(vm, items, k);
}

ou_ssize ou_newline_find(const OuStr *s, ou_ssize start, char mode, OuObj *newline)
{
    OuChars t = ou_text_of_str((OuObj *)s);
    if (mode == 't' || (mode == 'n' && ou_str_len(newline) == 1)) {
        ou_ssize at = ou_text_find_char(&t, mode == 't' ? '\n' : ou_str_at(OU_STR(newline), 0), start, t.n);
        return at < 0 ? -1 : at + 1;
    }
    if (mode == 'u') {
        for (ou_ssize i = start; i < t.n; i++) {
            uint32_t c = ou_text_at(&t, i);
            if (c == '\n')
                return i + 1;
            if (c == '\r')
                return i + 1 < t.n && ou_text_at(&t, i + 1) == '\n' ? i + 2 : i + 1;
        }
        return -1;
    }
    ou_ssize at = ou_str_find(s, OU_STR(newline), start, t.n);
    return at < 0 ? -1 : at + ou_str_len(newline);
}

/* ---- the class ------------------------------------------------------------------------------- */
typedef struct OuNlDecoder {
    OuObj hdr;
    OuObj *decoder, *errors; /* decoder: None or an incremental decoder */
    OuNewline nl;
} OuNlDecoder;
#define D(o) ((OuNlDecoder *)(o))

static OuObj *nl_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_io_alloc(vm, type, sizeof(OuNlDecoder));
}

static int nl_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3];
    if (ou_args_bind(vm, "IncrementalNewlineDecoder(decoder, translate, errors='strict')", args, nargs,
                     kwnames, a) < 0)
        return -1;
    int tr;
    if (ou_as_int(vm, a[1], &tr) < 0)
        return -1;
    OuObj *decoder = D(self)->decoder, *errors = D(self)->errors;
    D(self)->decoder = ou_ref(a[0]);
    D(self)->errors = a[2] ? ou_ref(a[2]) : ou_ref(OU_NAME(vm, strict));
    ou_xdecref(vm, decoder);
    ou_xdecref(vm, errors);
    D(self)->nl = (OuNewline){.translate = tr != 0};
    return 0;
}

static void nl_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, D(o)->decoder);
    ou_clear(vm, D(o)->errors);
}

static void nl_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    nl_clear(vm, o);
    ou_free_object(vm, o);
}

static int nl_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(D(o)->decoder);
    OU_VISIT(D(o)->errors);
    return 0;
}

static int ready(OuVM *vm, OuObj *o)
{
    return D(o)->decoder ? 0 : ou_value_error_i(vm, "IncrementalNewlineDecoder.__init__() not called");
}

OU_IO_M(m_decode)
{
    OuNlDecoder *d = D(args[0]);
    int final = args[2] ? ou_is_true(vm, args[2]) : 0;
    if (final < 0 || ready(vm, args[0]) < 0)
        return NULL;
    OuObj *text = d->decoder == OU_NONE(vm)
                      ? ou_ref(args[1])
                      : ou_io_call(vm, d->decoder, "decode", 2, args[1], OU_BOOL(vm, final));
    if (text && !ou_isa_str(vm, text)) {
        ou_type_error(vm, "decoder should return a string result, not '%T'", text);
        ou_clear(vm, text);
    }
    return text ? ou_newline_feed(vm, &d->nl, text, final) : NULL;
}

OU_IO_M(m_getstate)
{
    OuNlDecoder *d = D(args[0]);
    OuObj *buffer = NULL;
    uint64_t flag = 0;
    if (ready(vm, args[0]) < 0)
        return NULL;
    if (d->decoder != OU_NONE(vm)) {
        OuObj *st = ou_io_call(vm, d->decoder, "getstate", 0);
        if (!st)
            return NULL;
        if (!ou_isa_tuple(vm, st) || OU_TUPLE(st)->n != 2) {
            ou_decref(vm, st);
            return ou_type_error(vm, "illegal decoder state");
        }
        buffer = ou_ref(OU_TUPLE(st)->items[0]);
        int e = ou_as_u64(vm, OU_TUPLE(st)->items[1], &flag);
        ou_decref(vm, st);
        if (e < 0) {
            ou_decref(vm, buffer);
            return NULL;
        }
    } else {
        buffer = ou_bytes_new(vm, NULL, 0);
    }
    OuObj *f = ou_int_u64(vm, flag << 1 | d->nl.pendingcr),
          *r = buffer && f ? ou_tuple_pack(vm, 2, buffer, f) : NULL;
    ou_xdecref(vm, buffer);
    ou_xdecref(vm, f);
    return r;
}

OU_IO_M(m_setstate)
{
    OuNlDecoder *d = D(args[0]);
    uint64_t flag;
    if (ready(vm, args[0]) < 0)
        return NULL;
    if (!ou_isa_tuple(vm, args[1]))
        return ou_type_error(vm, "state argument must be a tuple");
    if (OU_TUPLE(args[1])->n != 2)
        return ou_type_error(vm, "setstate(): illegal state argument");
    if (ou_as_u64(vm, OU_TUPLE(args[1])->items[1], &flag) < 0)
        return NULL;
    d->nl.pendingcr = flag & 1;
    if (d->decoder == OU_NONE(vm))
        return ou_none(vm);
    OuObj *f = ou_int_u64(vm, flag >> 1),
          *st = f ? ou_tuple_pack(vm, 2, OU_TUPLE(args[1])->items[0], f) : NULL;
    OuObj *r = st ? ou_io_call(vm, d->decoder, "setstate", 1, st) : NULL;
    ou_xdecref(vm, f);
    ou_xdecref(vm, st);
    return r;
}

OU_IO_M(m_reset)
{
    OuNlDecoder *d = D(args[0]);
    if (ready(vm, args[0]) < 0)
        return NULL;
    d->nl.seen = 0;
    d->nl.pendingcr = false;
    return d->decoder == OU_NONE(vm) ? ou_none(vm) : ou_io_call(vm, d->decoder, "reset", 0);
}

static OuObj *get_newlines(OuVM *vm, OuObj *self, void *data)
{
    return ready(vm, self) < 0 ? NULL : ou_newline_seen(vm, D(self)->nl.seen);
}

static const OuGetSet getset[] = {{"newlines", get_newlines, NULL, NULL, NULL}, {0}};
static const OuFn methods[] = {
    {"decode(self, /, input, final=False)", m_decode, 0, NULL},
    {"getstate(self, /)", m_getstate, 0, NULL},
    {"setstate(self, state, /)", m_setstate, 0, NULL},
    {"reset(self, /)", m_reset, 0, NULL},
    {0},
};

const OuTypeSpec ou_newline_decoder_spec = {
    .name = "_io.IncrementalNewlineDecoder",
    .size = sizeof(OuNlDecoder),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "IncrementalNewlineDecoder(decoder, translate, errors='strict')\n--\n\nCodec used when reading a "
           "file in universal newlines mode.",
    .dealloc = nl_dealloc,
    .traverse = nl_traverse,
    .clear = nl_clear,
    .s = {.new_ = nl_new, .init = nl_init},
    .methods = methods,
    .getset = getset,
};
