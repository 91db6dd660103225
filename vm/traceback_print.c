/* vm/traceback_print.c - the report of an uncaught exception, byte for byte as CPython 3.11 writes it.
 *
 * The whole text is built first and written at once.  Groups (PEP 654) are drawn as a tree: `depth` counts the frames
 * around the text, each of which moves it by two columns and puts "| " before it. */
#include "exceptions.h"

#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "native.h"
#include "source_line.h"
#include "type.h"

enum { REPEATS_SHOWN = 3, GROUP_WIDTH = 15, GROUP_DEPTH = 10, INDENT = 4 };

typedef struct Printer {
    OuVM *vm;
    OuStrBuf out;
    OuSourceFiles files;
    int depth;
    bool need_close; /* the frame of the last group member is still open */
    OuObj **seen;    /* exceptions on the chains printed so far; borrowed */
    size_t nseen, seen_cap;
} Printer;

static void put(Printer *p, const char *s)
{
    ou_strbuf_ascii(&p->out, s, -1);
}

static void put_str(Printer *p, OuObj *s)
{
    ou_strbuf_str(&p->out, s);
}

static void indent(Printer *p)
{
    ou_strbuf_repeat(&p->out, ' ', 2 * p->depth);
}

static void margin(Printer *p)
{
    indent(p);
    if (p->depth)
        put(p, "| ");
}

/* Text made by a format (taken, NULL on error). */
static void put_take(Printer *p, OuObj *s)
{
    if (s) {
        put_str(p, s);
        ou_decref(p->vm, s);
    }
    ou_err_clear(p->vm);
}

/* ---- the traceback ---- */

static void source_line(Printer *p, OuCode *code, int lineno, int lasti)
{
    OuObj *line = ou_source_line(p->vm, &p->files, code->filename, lineno);
    OuCarets c;
    if (!line)
        return;
    ou_ssize skip = 0, n = ou_str_len(line);
    while (skip < n && strchr(" \t\f", (int)ou_str_at(OU_STR(line), skip)) && ou_str_at(OU_STR(line), skip))
        skip++;
    margin(p);
    put(p, "    ");
    ou_strbuf_sub(&p->out, line, skip, n);
    put(p, "\n");
    if (lasti >= 0 && ou_carets(p->vm, line, skip, ou_code_loc(code, lasti / 2), &c)) {
        margin(p);
        for (ou_ssize at = skip - INDENT; at < c.end; at++)
            put(p, at < c.start ? " " : c.left < 0 || (at >= c.left && at < c.right) ? "^" : "~");
        put(p, "\n");
    }
    ou_decref(p->vm, line);
}

static void repeated(Printer *p, long count)
{
    count -= REPEATS_SHOWN;
    put_take(p,
             ou_str_fmt(p->vm, "  [Previous line repeated %ld more time%s]\n", count, count > 1 ? "s" : ""));
}

static void entries(Printer *p, OuTraceback *tb, int64_t limit)
{
    OuObj *last_file = NULL, *last_name = NULL;
    int last_line = -1;
    long count = 0;
    int64_t depth = 0;
    for (OuTraceback *t = tb; t; t = t->next)
        depth++;
    for (; tb && depth > limit; depth--)
        tb = tb->next;
    for (; tb; tb = tb->next) {
        OuFrameObj *o = (OuFrameObj *)tb->frame;
        OuCode *code = o->frame ? o->frame->code : o->code;
        int line = ou_traceback_lineno(tb);
        if (!code)
            continue;
        if (code->filename != last_file || line != last_line || last_line == -1 || code->name != last_name) {
            if (count > REPEATS_SHOWN)
                repeated(p, count);
            last_file = code->filename;
            last_line = line;
            last_name = code->name;
            count = 0;
        }
        if (++count <= REPEATS_SHOWN) {
            margin(p);
            put_take(p,
                     ou_str_fmt(p->vm, "  File \"%U\", line %d, in %U\n", code->filename, line, code->name));
            source_line(p, code, line, tb->lasti);
        }
    }
    if (count > REPEATS_SHOWN)
        repeated(p, count);
}

static void traceback(Printer *p, OuObj *exc)
{
    OuVM *vm = p->vm;
    OuTraceback *tb = (OuTraceback *)((OuExc *)exc)->traceback;
    int64_t limit = 1000;
    if (!tb)
        return;
    OuObj *v = vm->sysdict ? ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, tracebacklimit)) : NULL;
    if (v && ou_isa_int(vm, v)) {
        if (!ou_int_fits(v, &limit))
            limit = ou_int_sign(v) > 0 ? INT64_MAX : 0;
        if (limit <= 0)
            return;
    }
    bool group = ou_isa(vm, exc, BaseExceptionGroup);
    indent(p);
    put(p, group && p->depth == 1 ? "+ " : p->depth ? "| " : "");
    put(p, group ? "Exception Group Traceback (most recent call last):\n"
                 : "Traceback (most recent call last):\n");
    entries(p, tb, limit);
}

/* ---- SyntaxError's place ---- */

/* Attribute as an int; None gives dflt.  0, or -1 if it is neither (no exception). */
static int int_attr(OuVM *vm, OuObj *o, const char *name, int64_t dflt, int64_t *out)
{
    OuObj *v = ou_getattr_s(vm, o, name);
    int r = 0;
    if (!v || v == OU_NONE(vm))
        *out = dflt;
    else if (!ou_isa_int(vm, v) || !ou_int_fits(v, out))
        r = -1;
    if (!v)
        r = -1;
    ou_err_clear(vm);
    ou_xdecref(vm, v);
    return r;
}

/* The blamed line and the carets below it.  Counts bytes, and knows no margin, as CPython's. */
static void error_text(Printer *p, int64_t offset, int64_t end_offset, OuObj *text)
{
    OuUtf8 u;
    if (ou_str_utf8(p->vm, text, &u, false) < 0) {
        ou_err_clear(p->vm);
        return;
    }
    const char *s = u.s;
    int64_t carets = end_offset > 0 && end_offset > offset ? end_offset - offset : 1;
    offset--;
    for (; *s == ' ' || *s == '\t' || *s == '\f'; s++)
        offset--;
    int64_t len = (int64_t)strlen(s);
    if (len > 0 && s[len - 1] == '\n')
        len--;
    if (offset > len)
        offset = len;
    for (const char *nl; (nl = strchr(s, '\n')) && nl - s < offset; s = nl + 1) {
        len -= nl + 1 - s;
        offset -= nl + 1 - s;
    }
    put(p, "    ");
    put_take(p, ou_str_new(p->vm, s, -1));
    if (s[len] != '\n')
        put(p, "\n");
    int64_t room = (int64_t)strlen(s) - offset;
    if (carets > room)
        carets = room > 0 ? room : 1;
    if (offset >= 0) {
        put(p, "    ");
        ou_strbuf_repeat(&p->out, ' ', offset);
        ou_strbuf_repeat(&p->out, '^', carets);
        put(p, "\n");
    }
    ou_utf8_free(p->vm, &u);
}

/* For a SyntaxError: file, line, text.  What the message line shows then: new, or NULL for the exception itself. */
static OuObj *file_and_line(Printer *p, OuObj *exc)
{
    OuVM *vm = p->vm;
    OuObj *mark = NULL, *msg, *file = NULL, *text = NULL;
    int64_t lineno, offset, end_lineno, end_offset;
    if (ou_lookup_attr(vm, exc, OU_NAME(vm, print_file_and_line), &mark) <= 0) {
        ou_err_clear(vm);
        return NULL;
    }
    ou_decref(vm, mark);
    msg = ou_getattr(vm, exc, OU_NAME(vm, msg));
    if (!msg || !(file = ou_getattr(vm, exc, OU_NAME(vm, filename))) ||
        int_attr(vm, exc, "lineno", -1, &lineno) < 0 || lineno < 0 ||
        int_attr(vm, exc, "offset", -1, &offset) < 0 ||
        int_attr(vm, exc, "end_lineno", lineno, &end_lineno) < 0 ||
        int_attr(vm, exc, "end_offset", -1, &end_offset) < 0 ||
        !(text = ou_getattr(vm, exc, OU_NAME(vm, text)))) {
        ou_err_clear(vm);
        ou_clear(vm, msg);
        goto done;
    }
    margin(p);
    if (file == OU_NONE(vm))
        put_take(p, ou_str_fmt(vm, "  File \"<string>\", line %lld\n", (long long)lineno));
    else
        put_take(p, ou_str_fmt(vm, "  File \"%S\", line %lld\n", file, (long long)lineno));
    if (ou_isa_str(vm, text)) {
        OuUtf8 u;
        if (end_lineno > lineno && ou_str_utf8(vm, text, &u, true) == 0) {
            end_offset = (int64_t)u.n;
            ou_utf8_free(vm, &u);
        }
        /* the range of a subclass (IndentationError) is not shown: pythonrun.c asks for the exact type */
        error_text(p, offset, ou_is(exc, SyntaxError) ? end_offset : -1, text);
    }
done:
    ou_xdecref(vm, file);
    ou_xdecref(vm, text);
    return msg;
}

/* ---- one exception ---- */

static void message(Printer *p, OuType *type, OuObj *value)
{
    OuVM *vm = p->vm;
    margin(p);
    OuObj *module = ou_getattr(vm, (OuObj *)type, OU_NAME(vm, __module__));
    if (!module || !ou_isa_str(vm, module))
        put(p, "<unknown>.");
    else if (!ou_str_eq_s(module, "builtins") && !ou_str_eq_s(module, "__main__")) {
        put_str(p, module);
        put(p, ".");
    }
    ou_err_clear(vm);
    ou_xdecref(vm, module);
    put_take(p, ou_type_qualname(vm, type));
    if (value == OU_NONE(vm))
        return;
    OuObj *s = ou_str(vm, value);
    ou_err_clear(vm);
    if (!s)
        put(p, ": <exception str() failed>");
    else if (ou_str_len(s)) {
        put(p, ": ");
        put_str(p, s);
    }
    ou_xdecref(vm, s);
}

static void note_lines(Printer *p, OuObj *note)
{
    OuVM *vm = p->vm;
    OuObj *s = ou_isa_str(vm, note) ? ou_ref(note) : ou_str(vm, note);
    if (!s) {
        ou_err_clear(vm);
        s = ou_str_from_ascii(vm, "<note str() failed>", -1);
    }
    OuObj *meth = s ? ou_getattr_s(vm, s, "splitlines") : NULL;
    OuObj *lines = meth ? ou_call1(vm, meth, OU_TRUE(vm)) : NULL;
    for (size_t i = 0; lines && i < OU_LIST(lines)->n; i++) {
        margin(p);
        put_str(p, OU_LIST(lines)->items[i]);
    }
    put(p, "\n");
    ou_err_clear(vm);
    ou_xdecref(vm, lines);
    ou_xdecref(vm, meth);
    ou_xdecref(vm, s);
}

static void print_notes(Printer *p, OuObj *notes)
{
    OuVM *vm = p->vm;
    OuType *t = OU_TYPE_OF(vm, notes);
    if (ou_isa_dict(vm, notes) || !(t->s.item || (t->s.getitem && (t->flags & OU_TYPE_HEAP)))) {
        margin(p);
        OuObj *s = ou_repr(vm, notes);
        ou_err_clear(vm);
        if (s)
            put_take(p, s);
        else
            put(p, "<__notes__ repr() failed>");
        return;
    }
    ou_ssize n = ou_len(vm, notes);
    for (ou_ssize i = 0; i < n; i++) {
        OuObj *note = ou_getitem_i(vm, notes, i);
        if (!note)
            break;
        note_lines(p, note);
        ou_decref(vm, note);
    }
    ou_err_clear(vm);
}

static void print_exception(Printer *p, OuObj *exc)
{
    OuVM *vm = p->vm;
    OuObj *notes = NULL;
    traceback(p, exc);
    if (ou_lookup_attr(vm, exc, OU_NAME(vm, __notes__), &notes) < 0)
        ou_err_clear(vm);
    OuObj *msg = file_and_line(p, exc);
    message(p, OU_TYPE_OF(vm, exc), msg ? msg : exc);
    ou_xdecref(vm, msg);
    OuObj *name = ou_exc_suggestion(vm, exc);
    if (name)
        put_take(p, ou_str_fmt(vm, ". Did you mean: '%U'?", name));
    ou_xdecref(vm, name);
    put(p, "\n");
    if (notes)
        print_notes(p, notes);
    ou_xdecref(vm, notes);
}

/* ---- chains and groups ---- */

static void print_recursive(Printer *p, OuObj *exc);

static bool seen(Printer *p, OuObj *exc)
{
    for (size_t i = 0; i < p->nseen; i++)
        if (p->seen[i] == exc)
            return true;
    return false;
}

static void print_chained(Printer *p, OuObj *exc, const char *text)
{
    bool need_close = p->need_close;
    if (ou_check_stack(p->vm, " in print_chained") < 0) {
        ou_err_clear(p->vm);
        return;
    }
    p->need_close = false;
    print_recursive(p, exc);
    p->need_close = need_close;
    margin(p);
    put(p, "\n");
    margin(p);
    put(p, text);
    margin(p);
    put(p, "\n");
}

static void print_group(Printer *p, OuObj *exc)
{
    OuVM *vm = p->vm;
    if (p->depth > GROUP_DEPTH) {
        margin(p);
        put_take(p, ou_str_fmt(vm, "... (max_group_depth is %d)\n", GROUP_DEPTH));
        return;
    }
    if (p->depth == 0)
        p->depth = 1;
    print_exception(p, exc);
    OuObj *excs = ((OuExcGroup *)exc)->excs;
    size_t total = OU_TUPLE(excs)->n, n = total <= GROUP_WIDTH ? total : GROUP_WIDTH + 1;
    p->need_close = false;
    for (size_t i = 0; i < n; i++) {
        bool truncated = i >= GROUP_WIDTH;
        if (i == n - 1)
            p->need_close = true; /* a group nested in the last one closes for all */
        indent(p);
        put(p, i == 0 ? "+-" : "  ");
        if (truncated)
            put(p, "+---------------- ... ----------------\n");
        else
            put_take(p, ou_str_fmt(vm, "+---------------- %zu ----------------\n", i + 1));
        p->depth++;
        if (truncated) {
            margin(p);
            put_take(p, ou_str_fmt(vm, "and %zu more exception%s\n", total - GROUP_WIDTH,
                                   total - GROUP_WIDTH > 1 ? "s" : ""));
        } else
            print_recursive(p, OU_TUPLE(excs)->items[i]);
        if (i == n - 1 && p->need_close) {
            indent(p);
            put(p, "+------------------------------------\n");
            p->need_close = false;
        }
        p->depth--;
    }
    if (p->depth == 1)
        p->depth = 0;
}

static void print_recursive(Printer *p, OuObj *exc)
{
    OuVM *vm = p->vm;
    OuExc *e = (OuExc *)exc;
    if (ou_check_stack(vm, " in print_exception_recursive") < 0) {
        ou_err_clear(vm);
        return;
    }
    if (p->nseen == p->seen_cap) {
        size_t cap = p->seen_cap ? p->seen_cap * 2 : 16;
        OuObj **q = ou_realloc(vm, p->seen, p->seen_cap * sizeof *q, cap * sizeof *q);
        if (q) {
            p->seen = q;
            p->seen_cap = cap;
        } else
            ou_err_clear(vm);
    }
    if (p->nseen < p->seen_cap) { /* else without memory: this exception alone */
        p->seen[p->nseen++] = exc;
        if (e->cause) {
            if (!seen(p, e->cause))
                print_chained(p, e->cause,
                              "The above exception was the direct cause of the following exception:\n");
        } else if (e->context && !e->suppress_context && !seen(p, e->context))
            print_chained(p, e->context,
                          "During handling of the above exception, another exception occurred:\n");
    }
    if (ou_isa(vm, exc, BaseExceptionGroup))
        print_group(p, exc);
    else
        print_exception(p, exc);
}

static void write_out(OuVM *vm, OuObj *text, OuObj *file)
{
    if (file) {
        OuObj *r = ou_call_method(vm, file, OU_NAME(vm, write), 1, text);
        ou_xdecref(vm, r);
        ou_err_clear(vm);
        r = ou_call_method(vm, file, OU_NAME(vm, flush), 0);
        ou_xdecref(vm, r);
    } else {
        OuObj *bytes = ou_str_encode(vm, text, "utf-8", "backslashreplace");
        if (bytes)
            fwrite(OU_BYTES(bytes)->data, 1, OU_BYTES(bytes)->len, stderr);
        ou_xdecref(vm, bytes);
    }
    ou_err_clear(vm);
}

void ou_exc_display(OuVM *vm, OuObj *exc, OuObj *file)
{
    Printer p = {.vm = vm};
    OuObj *raised = ou_err_fetch(vm);
    ou_strbuf_init(&p.out, vm);
    fflush(stdout);
    if (ou_isa_exc(vm, exc))
        print_recursive(&p, exc);
    else
        put_take(&p,
                 ou_str_fmt(vm, "TypeError: print_exception(): Exception expected for value, %T found", exc));
    OuObj *text = ou_strbuf_take(&p.out);
    if (text)
        write_out(vm, text, file);
    ou_xdecref(vm, text);
    ou_strbuf_free(&p.out);
    ou_source_files_free(vm, &p.files);
    ou_free(vm, p.seen, p.seen_cap * sizeof *p.seen);
    ou_err_clear(vm);
    ou_err_restore(vm, raised);
}
