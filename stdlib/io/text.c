/* stdlib/io/text.c - TextIOWrapper: construction, attributes, the type. */
#include "text.h"
#include "vm/codec/codec.h"
#include "vm/config.h"

int ou_text_check(OuVM *vm, OuTextIO *t)
{
    if (t->ok)
        return 0;
    return ou_value_error_i(vm, t->detached ? "underlying buffer has been detached"
                                            : "I/O operation on uninitialized object");
}

int ou_text_check_open(OuVM *vm, OuTextIO *t)
{
    OuObj *buffer = t->buffer;
    if (!buffer)
        return ou_text_check(vm, t);
    ou_incref(buffer);
    int c = ou_buffered_is_closed(vm, buffer);
    ou_decref(vm, buffer);
    return c > 0 ? ou_value_error_i(vm, "I/O operation on closed file.") : c;
}

/* ---- construction ---------------------------------------------------------------------------- */
static OuObj *text_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = ou_io_alloc(vm, type, sizeof(OuTextIO));
    if (o)
        T(o)->pending.vm = vm;
    return o;
}

static int set_newline(OuVM *vm, OuTextIO *t, OuObj *nl)
{
    if (nl == OU_NONE(vm))
        nl = NULL;
    if (nl && ou_str_len(nl) && !ou_str_eq_s(nl, "\n") && !ou_str_eq_s(nl, "\r") && !ou_str_eq_s(nl, "\r\n"))
        return ou_value_error_i(vm, "illegal newline value: %U", nl);
    ou_clear(vm, t->readnl);
    ou_clear(vm, t->writenl);
    t->universal = !nl || ou_str_len(nl) == 0;
    t->translate = !nl;
    t->readnl = nl ? ou_ref(nl) : NULL;
    if (nl && ou_str_len(nl) && !ou_str_eq_s(nl, "\n"))
        t->writenl = ou_ref(nl);
    return 0;
}

static int ask(OuVM *vm, OuObj *o, const char *name)
{
    OuObj *r = ou_io_call(vm, o, name, 0);
    if (!r)
        return -1;
    int b = ou_is_true(vm, r);
    ou_decref(vm, r);
    return b;
}

/* An encoder that writes a mark at the start must not do so in the middle of a file. */
static int fix_encoder(OuVM *vm, OuTextIO *t)
{
    if (!t->seekable || !t->encoder)
        return 0;
    OuObj *pos = ou_io_call(vm, t->buffer, "tell", 0), *zero = ou_int(vm, 0), *r = NULL;
    int eq = pos ? ou_compare_bool(vm, pos, zero, OU_CMP_EQ) : -1;
    if (eq == 0)
        r = ou_io_call(vm, t->encoder, "setstate", 1, zero);
    ou_xdecref(vm, pos);
    ou_xdecref(vm, zero);
    ou_xdecref(vm, r);
    return eq < 0 || (eq == 0 && !r) ? -1 : 0;
}

/* reconfigure() takes an int for a flag (not any truth value), None for no change.  0/-1 */
static int optional_flag(OuVM *vm, OuObj *o, bool *flag)
{
    int64_t v;
    if (!o || o == OU_NONE(vm))
        return 0;
    if (ou_as_i64(vm, o, &v) < 0)
        return -1;
    *flag = v != 0;
    return 0;
}

static int str_arg(OuVM *vm, OuObj *o, const char *name)
{
    if (!o || o == OU_NONE(vm) || ou_isa_str(vm, o))
        return 0;
    return ou_type_error_i(vm, "TextIOWrapper() argument '%s' must be str or None, not %s", name,
                           ou_arg_type_name(vm, o));
}

/* A name that has a UTF-8 form. */
static int check_text(OuVM *vm, OuObj *name)
{
    OuUtf8 u;
    if (ou_str_utf8(vm, name, &u, false) < 0)
        return -1;
    ou_utf8_free(vm, &u);
    return 0;
}

/* The name of a codec or an error handler: text without NUL.  Under -X dev an unknown handler is told at once. */
static int check_name(OuVM *vm, OuObj *name, bool handler)
{
    OuUtf8 u;
    if (ou_str_utf8_name(vm, name, &u) < 0)
        return -1;
    int r = handler ? ou_codec_check_names(vm, NULL, u.s) : 0;
    ou_utf8_free(vm, &u);
    return r;
}

static int text_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuTextIO *t = T(self);
    OuObj *a[6];
    t->ok = t->detached = false;
    if (ou_args_bind(vm,
                     "TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, "
                     "write_through=False)",
                     args, nargs, kwnames, a) < 0)
        return -1;
    int lb = a[4] ? ou_is_true(vm, a[4]) : 0, wt = a[5] ? ou_is_true(vm, a[5]) : 0;
    if (str_arg(vm, a[1], "encoding") < 0 || str_arg(vm, a[3], "newline") < 0 || lb < 0 || wt < 0)
        return -1;
    if (a[2] && a[2] != OU_NONE(vm) && !ou_isa_str(vm, a[2]))
        return ou_type_error_i(vm, "TextIOWrapper() argument 'errors' must be str or None, not %s",
                               ou_arg_type_name(vm, a[2]));
    bool by_locale = !a[1] || a[1] == OU_NONE(vm) || ou_str_eq_s(a[1], "locale");
    if ((!a[1] || a[1] == OU_NONE(vm)) && vm->config && vm->config->warn_default_encoding &&
        ou_warn(vm, OU_EXC(vm, EncodingWarning), 1, "'encoding' argument not specified") < 0)
        return -1;
    ou_clear(vm, t->encoding);
    ou_clear(vm, t->errors);
    if (!(t->encoding = by_locale ? ou_str_new(vm, ou_io_locale_encoding(vm), -1) : ou_ref(a[1])))
        return -1;
    t->errors = !a[2] || a[2] == OU_NONE(vm) ? ou_ref(OU_NAME(vm, strict)) : ou_ref(a[2]);
    if (check_name(vm, t->encoding, false) < 0 || check_name(vm, t->errors, true) < 0)
        return -1;
    if (set_newline(vm, t, a[3] ? a[3] : OU_NONE(vm)) < 0)
        return -1;
    ou_clear(vm, t->buffer);
    t->buffer = ou_ref(a[0]);
    t->line_buffering = lb;
    t->write_through = wt;
    t->chunk = OU_IO_CHUNK;
    t->pending.n = 0;
    ou_text_drop_decoded(vm, t);
    OuIoState *st = ou_io_state(vm);
    OuType *bt = OU_TYPE_OF(vm, a[0]);
    bool exact = bt == st->reader || bt == st->writer || bt == st->random;
    int r = bt == st->writer   ? 0
            : bt == st->reader ? 1
                               : ask(vm, a[0], "readable"),
        w = r < 0              ? -1
            : bt == st->reader ? 0
            : bt == st->writer ? 1
                               : ask(vm, a[0], "writable");
    if (r < 0 || w < 0 || ou_text_set_codec(vm, t, r, w) < 0)
        return -1;
    int s = ask(vm, a[0], "seekable");
    if (s < 0)
        return -1;
    t->seekable = t->telling = s;
    OuObj *key = ou_str_intern_s(vm, "read1");
    int has = !key ? -1 : exact ? 1 : ou_hasattr(vm, a[0], key);
    if (has < 0) {
        ou_xdecref(vm, key);
        return -1;
    }
    t->has_read1 = has;
    ou_clear(vm, t->readname);
    t->readname = has ? ou_ref(key) : ou_ref(OU_NAME(vm, read));
    ou_xdecref(vm, key);
    if (fix_encoder(vm, t) < 0)
        return -1;
    t->ok = true;
    return 0;
}

static void text_clear(OuVM *vm, OuObj *o)
{
    OuTextIO *t = T(o);
    t->ok = false;
    ou_clear(vm, t->dict);
    ou_clear(vm, t->buffer);
    ou_clear(vm, t->encoding);
    ou_clear(vm, t->errors);
    ou_clear(vm, t->encoder);
    ou_clear(vm, t->decoder);
    ou_clear(vm, t->readnl);
    ou_clear(vm, t->writenl);
    ou_clear(vm, t->readname);
    ou_clear(vm, t->decoded);
    ou_clear(vm, t->snapshot);
}

static void text_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    text_clear(vm, o);
    if (T(o)->pending.p)
        ou_bytebuf_free(&T(o)->pending);
    ou_free_object(vm, o);
}

static int text_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(T(o)->dict);
    OU_VISIT(T(o)->buffer);
    OU_VISIT(T(o)->encoder);
    OU_VISIT(T(o)->decoder);
    return 0;
}

/* ---- the rest ----------------------------------------------------------------------------------------- */
#define PASS(name)                                                                                      \
    OU_IO_M(m_##name)                                                                                   \
    {                                                                                                   \
        return ou_text_check(vm, T(args[0])) < 0 ? NULL : ou_io_call(vm, T(args[0])->buffer, #name, 0); \
    }
PASS(fileno)
PASS(readable)
PASS(writable)
PASS(seekable)
PASS(isatty)

OU_IO_M(m_detach)
{
    OuTextIO *t = T(args[0]);
    if (ou_text_check(vm, t) < 0)
        return NULL;
    OuObj *r = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0);
    if (!r)
        return NULL;
    ou_decref(vm, r);
    if (ou_text_check(vm, t) < 0) /* flush() may have run code */
        return NULL;
    r = t->buffer;
    t->buffer = NULL;
    t->ok = false;
    t->detached = true;
    return r;
}

OU_IO_M(m_close)
{
    OuTextIO *t = T(args[0]);
    if (ou_text_check(vm, t) < 0)
        return NULL;
    int c = ou_io_is_closed(vm, t->buffer);
    if (c)
        return c < 0 ? NULL : ou_none(vm);
    if (t->finalizing) {
        OuObj *w = ou_io_call(vm, t->buffer, "_dealloc_warn", 1, args[0]);
        ou_xdecref(vm, w);
        ou_err_clear(vm);
    }
    OuObj *f = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0), *exc = f ? NULL : ou_err_fetch(vm);
    ou_xdecref(vm, f);
    OuObj *r = ou_io_method(vm, t->buffer, OU_NAME(vm, close), 0);
    return ou_io_close_result(vm, exc, r);
}

OU_IO_M(m_truncate)
{
    if (ou_text_check(vm, T(args[0])) < 0)
        return NULL;
    OuObj *f = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0);
    if (!f)
        return NULL;
    ou_decref(vm, f);
    OuObj *pos = args[1] && args[1] != OU_NONE(vm) ? ou_ref(args[1]) : ou_io_call(vm, args[0], "tell", 0);
    OuObj *r = pos ? ou_io_call(vm, T(args[0])->buffer, "truncate", 1, pos) : NULL;
    ou_xdecref(vm, pos);
    return r;
}

OU_IO_M(m_reconfigure)
{
    OuTextIO *t = T(args[0]);
    OuObj *enc = args[1], *err = args[2], *nl = args[3];
    bool set_enc = enc && enc != OU_NONE(vm), set_err = err && err != OU_NONE(vm);
    if (ou_text_check(vm, t) < 0)
        return NULL;
    if ((t->decoded || t->snapshot) && (set_enc || set_err || nl))
        return ou_io_unsupported(
            vm, "It is not possible to set the encoding or newline of stream after the first read");
    if (set_enc && !ou_isa_str(vm, enc))
        return ou_type_error(vm, "reconfigure() argument 'encoding' must be str or None, not %s",
                             ou_arg_type_name(vm, enc));
    if (set_err && !ou_isa_str(vm, err))
        return ou_type_error(vm, "reconfigure() argument 'errors' must be str or None, not %s",
                             ou_arg_type_name(vm, err));
    if (nl && nl != OU_NONE(vm) && !ou_isa_str(vm, nl))
        return ou_type_error(vm, "reconfigure() argument 'newline' must be str or None, not %s",
                             ou_arg_type_name(vm, nl));
    if ((set_enc && check_text(vm, enc) < 0) || (set_err && check_text(vm, err) < 0))
        return NULL;
    bool lb = t->line_buffering, wt = t->write_through;
    if (optional_flag(vm, args[4], &lb) < 0 || optional_flag(vm, args[5], &wt) < 0)
        return NULL;
    OuObj *f = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0);
    if (!f)
        return NULL;
    ou_decref(vm, f);
    if (nl && set_newline(vm, t, nl) < 0)
        return NULL;
    if (set_enc || set_err) {
        OuObj *old_enc = t->encoding, *old_err = t->errors;
        t->encoding = !set_enc                     ? ou_ref(old_enc)
                      : ou_str_eq_s(enc, "locale") ? ou_str_new(vm, "UTF-8", -1)
                                                   : ou_ref(enc);
        t->errors = set_err ? ou_ref(err) : set_enc ? ou_ref(OU_NAME(vm, strict)) : ou_ref(old_err);
        if (ou_text_set_codec(vm, t, t->decoding, t->encoding_on) < 0) {
            ou_decref(vm, t->encoding);
            ou_decref(vm, t->errors);
            t->encoding = old_enc;
            t->errors = old_err;
            OuObj *exc = ou_err_fetch(vm);
            ou_text_set_codec(vm, t, t->decoding, t->encoding_on);
            ou_err_restore(vm, exc);
            return NULL;
        }
        ou_decref(vm, old_enc);
        ou_decref(vm, old_err);
        if (fix_encoder(vm, t) < 0)
            return NULL;
    } else if (nl) {
        t->nl.translate = t->translate;
    }
    t->line_buffering = lb;
    t->write_through = wt;
    return ou_none(vm);
}

static OuObj *text_repr(OuVM *vm, OuObj *o)
{
    OuTextIO *t = T(o);
    OuStrBuf b;
    if (!t->encoding)
        return ou_value_error(vm, "I/O operation on uninitialized object");
    int e = ou_repr_enter(vm, o);
    if (e)
        return e < 0 ? NULL
                     : ou_raise(vm, OU_EXC(vm, RuntimeError), "reentrant call inside %s.__repr__",
                                OU_TYPE_OF(vm, o)->name);
    ou_strbuf_init(&b, vm);
    int r = ou_strbuf_ascii(&b, "<_io.TextIOWrapper", -1);
    static const char *const names[] = {"name", "mode"};
    for (int i = 0; i < 2 && r == 0; i++) {
        OuObj *v, *key = ou_str_intern_s(vm, names[i]);
        int found = key ? ou_lookup_attr(vm, o, key, &v) : -1;
        ou_xdecref(vm, key);
        if (found < 0) {
            if (!ou_err_is(vm, OU_EXC(vm, ValueError))) {
                r = -1;
                break;
            }
            ou_err_clear(vm);
        } else if (found) {
            OuObj *s = ou_str_fmt(vm, " %s=%R", names[i], v);
            r = s ? ou_strbuf_str(&b, s) : -1;
            ou_xdecref(vm, s);
            ou_decref(vm, v);
        }
    }
    OuObj *s = r == 0 && t->encoding ? ou_str_fmt(vm, " encoding=%R>", t->encoding) : NULL;
    r = s ? ou_strbuf_str(&b, s) : -1;
    ou_xdecref(vm, s);
    ou_repr_leave(vm, o);
    if (r < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

#define GET(name, value)                                        \
    static OuObj *get_##name(OuVM *vm, OuObj *self, void *data) \
    {                                                           \
        return ou_text_check(vm, T(self)) < 0 ? NULL : (value); \
    }
#define GET_DETACHED(name)                                                                  \
    static OuObj *get_##name(OuVM *vm, OuObj *self, void *data)                             \
    {                                                                                       \
        return T(self)->name ? ou_ref(T(self)->name)                                        \
                             : ou_value_error(vm, "I/O operation on uninitialized object"); \
    }
GET_DETACHED(encoding)
GET_DETACHED(errors)
GET(newlines, T(self)->universal ? ou_newline_seen(vm, T(self)->nl.seen) : ou_none(vm))
GET(closed, ou_io_attr(vm, T(self)->buffer, "closed"))
GET(name, ou_io_attr(vm, T(self)->buffer, "name"))
GET(chunk, ou_int(vm, T(self)->chunk))

static int set_chunk(OuVM *vm, OuObj *self, OuObj *v, void *data)
{
    ou_ssize n;
    if (ou_text_check(vm, T(self)) < 0)
        return -1;
    if (!v)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "cannot delete attribute");
    if (ou_as_ssize(vm, v, OU_EXC(vm, ValueError), &n) < 0)
        return -1;
    if (n <= 0)
        return ou_value_error_i(vm, "a strictly positive integer is required");
    T(self)->chunk = n;
    return 0;
}

static const OuGetSet getset[] = {{"encoding", get_encoding, NULL, NULL, NULL},
                                  {"errors", get_errors, NULL, NULL, NULL},
                                  {"newlines", get_newlines, NULL, NULL, NULL},
                                  {"closed", get_closed, NULL, NULL, NULL},
                                  {"name", get_name, NULL, NULL, NULL},
                                  {"_CHUNK_SIZE", get_chunk, set_chunk, NULL, NULL},
                                  {0}};
static const OuMember members[] = {
    {"buffer", OU_MEMBER_OBJ, offsetof(OuTextIO, buffer), true, NULL},
    {"line_buffering", OU_MEMBER_BOOL, offsetof(OuTextIO, line_buffering), true, NULL},
    {"write_through", OU_MEMBER_BOOL, offsetof(OuTextIO, write_through), true, NULL},
    {"_finalizing", OU_MEMBER_BOOL, offsetof(OuTextIO, finalizing), false, NULL},
    {0}};
static const OuFn methods[] = {
    {"write(self, text, /)", ou_text_m_write, 0, NULL},
    {"read(self, size=-1, /)", ou_text_m_read, 0, NULL},
    {"readline(self, size=-1, /)", ou_text_m_readline, 0, NULL},
    {"flush(self, /)", ou_text_m_flush, 0, NULL},
    {"close(self, /)", m_close, 0, NULL},
    {"detach(self, /)", m_detach, 0, NULL},
    {"reconfigure(self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, "
     "write_through=None)",
     m_reconfigure, 0,
     "Reconfigure the text stream with new parameters.\n\nThis also does an implicit stream flush."},
    {"fileno(self, /)", m_fileno, 0, NULL},
    {"readable(self, /)", m_readable, 0, NULL},
    {"writable(self, /)", m_writable, 0, NULL},
    {"seekable(self, /)", m_seekable, 0, NULL},
    {"isatty(self, /)", m_isatty, 0, NULL},
    {"tell(self, /)", ou_text_tell, 0, NULL},
    {"seek(self, cookie, whence=0, /)", ou_text_seek, 0, NULL},
    {"truncate(self, pos=None, /)", m_truncate, 0, NULL},
    {"__reduce__(...)", ou_io_no_pickle, 0, NULL},
    {"__reduce_ex__(...)", ou_io_no_pickle, 0, NULL},
    {0},
};

const OuTypeSpec ou_textiowrapper_spec = {
    .name = "_io.TextIOWrapper",
    .size = sizeof(OuTextIO),
    .flags = OU_IO_TYPE_FLAGS,
    .dict_off = offsetof(OuTextIO, dict),
    .doc = "TextIOWrapper(buffer, encoding=None, errors=None, newline=None,\n              "
           "line_buffering=False, write_through=False)\n--\n\n"
           "Character and line based layer over a BufferedIOBase object, buffer.",
    .dealloc = text_dealloc,
    .traverse = text_traverse,
    .clear = text_clear,
    .s = {.repr = text_repr,
          .new_ = text_new,
          .init = text_init,
          .next = ou_text_next,
          .finalize = ou_io_finalize},
    .methods = methods,
    .getset = getset,
    .members = members,
};
