/* stdlib/io/stringio.c - StringIO: text in an OuStrBuf, which widens only when it must. */
#include "io.h"
#include "vm/text/text.h"

typedef struct OuStringIO {
    OU_IO_HEAD
    OuStrBuf b;
    ou_ssize pos;
    OuObj *readnl, *writenl; /* newline argument; what \n becomes, or NULL */
    OuNewline nl;
    bool ok, closed, universal;
} OuStringIO;
#define S(o) ((OuStringIO *)(o))

static int check(OuVM *vm, OuObj *o)
{
    if (!S(o)->ok)
        return ou_value_error_i(vm, "I/O operation on uninitialized object");
    return S(o)->closed ? ou_value_error_i(vm, "I/O operation on closed file") : 0;
}

static OuObj *sio_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = ou_io_alloc(vm, type, sizeof(OuStringIO));
    if (o)
        ou_strbuf_init(&S(o)->b, vm);
    return o;
}

/* Characters of s at the present place. They are appended first, which widens and grows the buffer, then
 * moved. */
static int put(OuStringIO *t, OuObj *s)
{
    size_t n = OU_STR(s)->len, old = t->b.len;
    if (n == 0)
        return 0;
    if ((size_t)t->pos > old) {
        if (ou_strbuf_repeat(&t->b, 0, t->pos - (ou_ssize)old) < 0)
            return -1;
        old = t->b.len;
    }
    if (ou_strbuf_str(&t->b, s) < 0)
        return -1;
    if ((size_t)t->pos < old) {
        char *d = t->b.data;
        int k = t->b.kind;
        memmove(d + t->pos * k, d + old * (size_t)k, n * (size_t)k);
        t->b.len = (size_t)t->pos + n > old ? (size_t)t->pos + n : old;
    }
    t->pos += (ou_ssize)n;
    return 0;
}

static int write_text(OuVM *vm, OuStringIO *t, OuObj *text)
{
    OuObj *s = ou_ref(text);
    if (t->universal && !(s = ou_newline_feed(vm, &t->nl, s, true)))
        return -1;
    if (t->writenl) {
        OuChars c = ou_text_of_str(s), from = ou_text_of_str((OuObj *)&vm->latin1['\n']),
                to = ou_text_of_str(t->writenl);
        OuObj *r = ou_text_replace(vm, &c, &from, &to, -1);
        ou_decref(vm, s);
        if (!(s = r))
            return -1;
    }
    int r = put(t, s);
    ou_decref(vm, s);
    return r;
}

static int sio_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuStringIO *t = S(self);
    OuObj *a[2];
    if (ou_args_bind(vm, "StringIO(initial_value='', newline='\\n')", args, nargs, kwnames, a) < 0)
        return -1;
    OuObj *value = a[0] == OU_NONE(vm) ? NULL : a[0], *nl = a[1] ? a[1] : (OuObj *)&vm->latin1['\n'];
    t->ok = false;
    if (nl != OU_NONE(vm) && !ou_isa_str(vm, nl))
        return ou_type_error_i(vm, "newline must be str or None, not %T", nl);
    if (nl == OU_NONE(vm))
        nl = NULL;
    if (nl && ou_str_len(nl) && !ou_str_eq_s(nl, "\n") && !ou_str_eq_s(nl, "\r") && !ou_str_eq_s(nl, "\r\n"))
        return ou_value_error_i(vm, "illegal newline value: %R", nl);
    if (value && !ou_isa_str(vm, value))
        return ou_type_error_i(vm, "initial_value must be str or None, not %T", value);
    ou_clear(vm, t->readnl);
    ou_clear(vm, t->writenl);
    t->b.len = 0;
    t->pos = 0;
    t->universal = !nl || ou_str_len(nl) == 0;
    t->nl = (OuNewline){.translate = !nl};
    t->readnl = nl ? ou_ref(nl) : NULL;
    if (nl && ou_str_at(OU_STR(nl), 0) == '\r')
        t->writenl = ou_ref(nl);
    if (value && write_text(vm, t, value) < 0)
        return -1;
    t->pos = 0;
    t->closed = false;
    t->ok = true;
    return 0;
}

static void sio_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, S(o)->dict);
}

static void sio_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, S(o)->dict);
    ou_clear(vm, S(o)->readnl);
    ou_clear(vm, S(o)->writenl);
    S(o)->b.vm = vm;
    ou_strbuf_free(&S(o)->b);
    ou_free_object(vm, o);
}

static int sio_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(S(o)->dict);
    return 0;
}

static OuObj *part(OuVM *vm, OuStringIO *t, ou_ssize start, ou_ssize end)
{
    return ou_str_from_ucs(vm, t->b.data + start * t->b.kind, t->b.kind, end - start);
}

OU_IO_M(m_getvalue)
{
    return check(vm, args[0]) < 0 ? NULL : part(vm, S(args[0]), 0, (ou_ssize)S(args[0])->b.len);
}
OU_IO_M(m_tell)
{
    return check(vm, args[0]) < 0 ? NULL : ou_int(vm, S(args[0])->pos);
}
OU_IO_M(m_true)
{
    return check(vm, args[0]) < 0 ? NULL : ou_bool(vm, true);
}

OU_IO_M(m_read)
{
    OuStringIO *t = S(args[0]);
    ou_ssize n, len = (ou_ssize)t->b.len;
    if (ou_io_size(vm, args[1], &n) < 0 || check(vm, args[0]) < 0)
        return NULL;
    ou_ssize left = t->pos < len ? len - t->pos : 0;
    if (n < 0 || n > left)
        n = left;
    OuObj *r = n ? part(vm, t, t->pos, t->pos + n) : ou_ref(OU_EMPTY_STR(vm));
    if (r)
        t->pos += n;
    return r;
}

static OuObj *line(OuVM *vm, OuStringIO *t, ou_ssize limit)
{
    ou_ssize len = (ou_ssize)t->b.len, i = t->pos,
             stop = limit >= 0 && limit < len - t->pos ? t->pos + limit : len, end = stop;
    if (i >= len)
        return ou_ref(OU_EMPTY_STR(vm));
    OuChars h = {t->b.data, len, t->b.kind, OU_TEXT_STR, NULL};
    if (t->nl.translate || !t->readnl || (!t->universal && ou_str_len(t->readnl) == 1)) {
        uint32_t c = t->nl.translate || !t->readnl ? '\n' : ou_str_at(OU_STR(t->readnl), 0);
        ou_ssize at = ou_text_find_char(&h, c, i, stop);
        end = at < 0 ? stop : at + 1;
    } else {
        for (; i < stop; i++) {
            uint32_t c = ou_text_at(&h, i);
            bool crlf = c == '\r' && i + 1 < len && ou_text_at(&h, i + 1) == '\n';
            if (crlf || (t->universal && (c == '\n' || c == '\r'))) {
                end = i + (crlf ? 2 : 1) < stop ? i + (crlf ? 2 : 1) : stop;
                break;
            }
        }
    }
    OuObj *r = part(vm, t, t->pos, end);
    if (r)
        t->pos = end;
    return r;
}

OU_IO_M(m_readline)
{
    ou_ssize n;
    return ou_io_size(vm, args[1], &n) < 0 || check(vm, args[0]) < 0 ? NULL : line(vm, S(args[0]), n);
}

static OuObj *sio_next(OuVM *vm, OuObj *o)
{
    OuObj *l;
    if (check(vm, o) < 0)
        return NULL;
    if (OU_IO_IS(vm, o, ou_stringio_spec)) {
        l = line(vm, S(o), -1);
    } else {
        l = ou_call_method(vm, o, OU_NAME(vm, readline), 0);
        if (l && !ou_isa_str(vm, l)) {
            ou_raise(vm, OU_EXC(vm, OSError), "readline() should have returned a str object, not '%T'", l);
            ou_clear(vm, l);
        }
    }
    if (l && ou_str_len(l) == 0)
        ou_clear(vm, l);
    return l;
}

OU_IO_M(m_write)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "string argument expected, got '%T'", args[1]);
    if (check(vm, args[0]) < 0)
        return NULL;
    return write_text(vm, S(args[0]), args[1]) < 0 ? NULL : ou_int(vm, ou_str_len(args[1]));
}

OU_IO_M(m_seek)
{
    ou_ssize pos;
    int whence = 0;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &pos) < 0 ||
        (args[2] && ou_as_int(vm, args[2], &whence) < 0) || check(vm, args[0]) < 0)
        return NULL;
    if (whence < 0 || whence > 2)
        return ou_value_error(vm, "Invalid whence (%i, should be 0, 1 or 2)", whence);
    if (pos < 0 && whence == 0)
        return ou_value_error(vm, "Negative seek position %zd", pos);
    if (whence && pos)
        return ou_raise(vm, OU_EXC(vm, OSError), "Can't do nonzero cur-relative seeks");
    S(args[0])->pos = whence == 1 ? S(args[0])->pos : whence == 2 ? (ou_ssize)S(args[0])->b.len : pos;
    return ou_int(vm, S(args[0])->pos);
}

OU_IO_M(m_truncate)
{
    ou_ssize n = S(args[0])->pos;
    if (check(vm, args[0]) < 0)
        return NULL;
    if (args[1] && args[1] != OU_NONE(vm)) {
        if (!ou_has_index(vm, args[1]))
            return ou_type_error(vm, "argument should be integer or None, not '%T'", args[1]);
        if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
            return NULL;
    }
    if (n < 0)
        return ou_value_error(vm, "Negative size value %zd", n);
    if ((size_t)n < S(args[0])->b.len)
        S(args[0])->b.len = (size_t)n;
    return ou_int(vm, n);
}

OU_IO_M(m_close)
{
    S(args[0])->closed = true;
    S(args[0])->b.vm = vm;
    ou_strbuf_free(&S(args[0])->b);
    return ou_none(vm);
}

OU_IO_M(m_getstate)
{
    OuStringIO *t = S(args[0]);
    if (check(vm, args[0]) < 0)
        return NULL;
    OuObj *a[4] = {part(vm, t, 0, (ou_ssize)t->b.len), t->readnl ? ou_ref(t->readnl) : ou_none(vm),
                   ou_int(vm, t->pos), NULL};
    a[3] = t->dict ? ou_dict_copy(vm, t->dict) : ou_none(vm);
    return a[0] && a[2] && a[3] ? ou_tuple_of_take(vm, a, 4) : NULL;
}

OU_IO_M(m_setstate)
{
    OuStringIO *t = S(args[0]);
    OuObj *st = args[1];
    ou_ssize pos;
    if (t->closed)
        return ou_value_error(vm, "I/O operation on closed file");
    if (!ou_isa_tuple(vm, st) || OU_TUPLE(st)->n < 4)
        return ou_type_error(vm, "%T.__setstate__ argument should be 4-tuple, got %T", args[0], st);
    OuObj **x = OU_TUPLE(st)->items, *init[2] = {OU_EMPTY_STR(vm), x[1]};
    if (sio_init(vm, args[0], init, 2, NULL) < 0)
        return NULL;
    if (!ou_isa_str(vm, x[0]))
        return ou_type_error(vm, "first item of state must be a str, got '%T'", x[0]);
    if (put(t, x[0]) < 0) /* newlines were handled when it was written */
        return NULL;
    if (!ou_isa_int(vm, x[2]))
        return ou_type_error(vm, "third item of state must be an integer, got %T", x[2]);
    if (ou_as_ssize(vm, x[2], OU_EXC(vm, OverflowError), &pos) < 0)
        return NULL;
    if (pos < 0)
        return ou_value_error(vm, "position value cannot be negative");
    t->pos = pos;
    if (x[3] != OU_NONE(vm)) {
        if (!ou_isa_dict(vm, x[3]))
            return ou_type_error(vm, "fourth item of state should be a dict, got a %T", x[3]);
        OuObj *d = ou_getattr(vm, args[0], OU_NAME(vm, __dict__));
        int r = d ? ou_dict_update(vm, d, x[3]) : -1;
        ou_xdecref(vm, d);
        if (r < 0)
            return NULL;
    }
    return ou_none(vm);
}

static OuObj *get_closed(OuVM *vm, OuObj *self, void *data)
{
    return S(self)->ok ? ou_bool(vm, S(self)->closed)
                       : ou_value_error(vm, "I/O operation on uninitialized object");
}
static OuObj *get_newlines(OuVM *vm, OuObj *self, void *data)
{
    return check(vm, self) < 0  ? NULL
           : S(self)->universal ? ou_newline_seen(vm, S(self)->nl.seen)
                                : ou_none(vm);
}
static OuObj *get_false(OuVM *vm, OuObj *self, void *data)
{
    return check(vm, self) < 0 ? NULL : ou_bool(vm, false);
}
static const OuGetSet getset[] = {{"closed", get_closed, NULL, NULL, NULL},
                                  {"newlines", get_newlines, NULL, NULL, NULL},
                                  {"line_buffering", get_false, NULL, NULL, NULL},
                                  {0}};
static const OuFn methods[] = {
    {"close(self, /)", m_close, 0, "Close the IO object."},
    {"getvalue(self, /)", m_getvalue, 0, "Retrieve the entire contents of the object."},
    {"read(self, size=-1, /)", m_read, 0, "Read at most size characters, returned as a string."},
    {"readline(self, size=-1, /)", m_readline, 0, "Read until newline or EOF."},
    {"tell(self, /)", m_tell, 0, "Tell the current file position."},
    {"truncate(self, pos=None, /)", m_truncate, 0, "Truncate size to pos."},
    {"seek(self, pos, whence=0, /)", m_seek, 0, "Change stream position."},
    {"write(self, s, /)", m_write, 0, "Write string to file."},
    {"seekable(self, /)", m_true, 0, "Returns True if the IO object can be seeked."},
    {"readable(self, /)", m_true, 0, "Returns True if the IO object can be read."},
    {"writable(self, /)", m_true, 0, "Returns True if the IO object can be written."},
    {"__getstate__(self, /)", m_getstate, 0, NULL},
    {"__setstate__(self, state, /)", m_setstate, 0, NULL},
    {0},
};

const OuTypeSpec ou_stringio_spec = {
    .name = "_io.StringIO",
    .size = sizeof(OuStringIO),
    .flags = OU_IO_TYPE_FLAGS,
    .dict_off = offsetof(OuStringIO, dict),
    .doc =
        "StringIO(initial_value='', newline='\\n')\n--\n\nText I/O implementation using an in-memory buffer.",
    .dealloc = sio_dealloc,
    .traverse = sio_traverse,
    .clear = sio_clear,
    .s = {.new_ = sio_new, .init = sio_init, .next = sio_next},
    .methods = methods,
    .getset = getset,
};
