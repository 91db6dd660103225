/* vm/compile.c - source text to code objects: runs lang/, turns its diagnostics into exceptions and warnings. */
#include <string.h>

#include "err.h"
#include "exceptions.h"
#include "func.h"
#include "native.h"
#include "source_line.h"
#include "compile.h"
#include "buffer.h"

/* Characters in the first `bytes` bytes of UTF-8 line s[0..n). */
static int char_column(const char *s, size_t n, int bytes)
{
    int chars = 0;
    for (size_t i = 0; i < n && (int)i < bytes; i++)
        chars += ((unsigned char)s[i] & 0xc0) != 0x80;
    /* a column behind the line's end (the newline) counts on */
    return chars + (bytes > (int)n ? bytes - (int)n : 0);
}

static const char *line_at(OuParse *p, int lineno, size_t *n)
{
    const char *s = lineno > 0 && p->source ? ou_parse_line(p, lineno, n) : NULL;
    if (!s)
        *n = 0;
    return s;
}

/* The line with its end if there is such a file, else None: new. */
static OuObj *line_of_file(OuVM *vm, OuObj *filename, int lineno)
{
    OuSourceFiles files = {0};
    OuObj *line = ou_source_line(vm, &files, filename, lineno), *res = NULL;
    ou_source_files_free(vm, &files);
    if (!line)
        return ou_none(vm);
    res = ou_str_fmt(vm, "%U\n", line);
    ou_decref(vm, line);
    return res;
}

/* (filename, lineno, offset, text, end_lineno, end_offset): new */
static OuObj *error_place(OuVM *vm, OuParse *p, OuObj *filename)
{
    OuDiag *d = &p->diag;
    size_t n;
    const char *line = line_at(p, d->lineno, &n); /* CPython measures the end in this line too */
    OuObj *text, *args = NULL;
    OuInt *zero = vm->small_ints - OU_SMALL_MIN;
    if (d->lineno == 0)
        return p->source ? ou_tuple_pack(vm, 6, filename, zero, zero, OU_EMPTY_STR(vm), zero, zero)
                         : ou_tuple_pack(vm, 4, filename, zero, zero - 1, OU_NONE(vm));
    if (d->pass != OU_DIAG_PARSER)
        line = NULL;
    /* CPython's quirk: where no encoding is declared, and in the expressions of f-strings (whose text ends a line), its
     * parser counts bytes; its tokenizer (a text without the line's end) never does. */
    bool chars = line && (d->text ? !strchr(d->text, '\n') : p->declared);
    int offset = d->col < 0 ? d->col + 1 : 1 + (chars ? char_column(line, n, d->col) : d->col);
    int end_offset =
        d->end_col < 0 ? d->end_col + 1 : 1 + (chars ? char_column(line, n, d->end_col) : d->end_col);
    if (d->pass != OU_DIAG_PARSER)
        text = line_of_file(vm, filename, d->lineno);
    else if (d->text)
        text = ou_str_new(vm, d->text, -1);
    else if (line) {
        OuObj *s = ou_str_new(vm, line, (ou_ssize)n);
        text = s ? ou_str_fmt(vm, line + n < p->source + p->source_len ? "%U\n" : "%U", s) : NULL;
        ou_xdecref(vm, s);
    } else
        text = ou_none(vm);
    OuObj *v[4] = {ou_int(vm, d->lineno), ou_int(vm, offset), ou_int(vm, d->end_lineno),
                   d->end_col == OU_DIAG_NO_END ? ou_none(vm) : ou_int(vm, end_offset)};
    if (text && v[0] && v[1] && v[2] && v[3])
        args = ou_tuple_pack(vm, 6, filename, v[0], v[1], text, v[2], v[3]);
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, v[i]);
    ou_xdecref(vm, text);
    return args;
}

void ou_compile_raise(OuVM *vm, OuParse *p, OuObj *filename)
{
    OuDiag *d = &p->diag;
    OuType *type;
    switch (d->kind) {
    case OU_DIAG_HOOK:
        if (!ou_err_occurred(vm))
            ou_raise(vm, OU_EXC(vm, SystemError), "the front end failed without an exception");
        return;
    case OU_DIAG_NONE:
    case OU_DIAG_MEMORY:
        if (d->msg)
            ou_raise(vm, OU_EXC(vm, MemoryError), "%s", d->msg);
        else
            ou_raise_memory(vm);
        return;
    case OU_DIAG_RECURSION:
        ou_raise(vm, OU_EXC(vm, RecursionError), "%s",
                 d->msg ? d->msg : "maximum recursion depth exceeded during compilation");
        return;
    case OU_DIAG_VALUE:
        ou_raise(vm, OU_EXC(vm, ValueError), "%s", d->msg);
        return;
    case OU_DIAG_OVERFLOW:
        ou_raise(vm, OU_EXC(vm, SystemError), "%s", d->msg);
        return;
    case OU_DIAG_INDENTATION:
        type = OU_EXC(vm, IndentationError);
        break;
    case OU_DIAG_TAB:
        type = OU_EXC(vm, TabError);
        break;
    default:
        type = OU_EXC(vm, SyntaxError);
    }
    OuObj *msg = ou_str_new(vm, d->msg ? d->msg : "invalid syntax", -1);
    OuObj *place = NULL, *args = NULL;
    if (msg && (d->lineno == -1 || (d->lineno == 0 && p->filename)))
        args = ou_tuple_pack(vm, 1, msg);
    else if (msg && (place = error_place(vm, p, filename)))
        args = d->pass == OU_DIAG_SYMBOLS ? ou_tuple_pack(vm, 1, msg) : ou_tuple_pack(vm, 2, msg, place);
    if (args)
        ou_raise_value(vm, type, args);
    if (args && place && d->pass == OU_DIAG_SYMBOLS && ou_err_is(vm, type))
        ou_syntax_error_place(vm, vm->ts->raised, place);
    ou_xdecref(vm, msg);
    ou_xdecref(vm, place);
    ou_xdecref(vm, args);
}

/* Compile-time warnings; one that became an error is a SyntaxError at its place. */
int ou_compile_warnings(OuVM *vm, OuParse *p, OuObj *filename)
{
    for (OuDiagWarning *w = p->warnings; w; w = w->next) {
        OuType *category = strcmp(w->category, "SyntaxWarning") == 0 ? OU_EXC(vm, SyntaxWarning)
                                                                     : OU_EXC(vm, DeprecationWarning);
        OuObj *fn = ou_import_attr(vm, "_warnings", "warn_explicit");
        OuObj *msg = fn ? ou_str_new(vm, w->msg, -1) : NULL, *line = msg ? ou_int(vm, w->lineno) : NULL;
        OuObj *args[4] = {msg, (OuObj *)category, filename, line};
        OuObj *res = line ? ou_call(vm, fn, args, 4, NULL) : NULL;
        ou_xdecref(vm, fn);
        ou_xdecref(vm, msg);
        ou_xdecref(vm, line);
        if (res) {
            ou_decref(vm, res);
            continue;
        }
        if (ou_err_is(vm, category)) {
            ou_err_clear(vm);
            p->diag =
                (OuDiag){.kind = OU_DIAG_SYNTAX,
                         .msg = w->msg,
                         .pass = strcmp(w->category, "SyntaxWarning") ? OU_DIAG_PARSER : OU_DIAG_COMPILER,
                         .lineno = w->lineno,
                         .col = w->col,
                         .end_lineno = w->end_lineno,
                         .end_col = w->end_col};
            ou_compile_raise(vm, p, filename);
        }
        return -1;
    }
    return 0;
}

/* What was warned of before the error is issued first, as CPython does on the way.  The search for a good message has read
 * parts of the text again: each warning counts once. */
static void raise_after_warnings(OuVM *vm, OuParse *p, OuObj *filename)
{
    for (OuDiagWarning *w = p->warnings; w; w = w->next)
        for (OuDiagWarning **other = &w->next; *other;) {
            if ((*other)->lineno == w->lineno && (*other)->col == w->col &&
                strcmp((*other)->msg, w->msg) == 0)
                *other = (*other)->next;
            else
                other = &(*other)->next;
        }
    if (!p->warnings || p->diag.kind != OU_DIAG_SYNTAX || ou_compile_warnings(vm, p, filename) == 0)
        ou_compile_raise(vm, p, filename);
}

/* Codecs that lang/ does not know: through the codec registry. */
static char *decode_hook(OuParse *p, const char *encoding, const char *bytes, size_t n, size_t *out_len)
{
    OuVM *vm = p->hook_data;
    OuObj *s = ou_str_decode(vm, bytes, n, encoding, NULL);
    OuUtf8 u;
    char *copy = NULL;
    if (s && ou_str_utf8(vm, s, &u, true) == 0) {
        copy = ou_arena_copy(p->arena, u.s, u.n);
        *out_len = u.n;
        ou_utf8_free(vm, &u);
    }
    ou_xdecref(vm, s);
    if (!copy) {
        if (ou_err_is(vm, OU_EXC(vm, LookupError)) && !ou_err_is(vm, OU_EXC(vm, UnicodeError))) {
            ou_err_clear(vm);
            ou_diag_set(&p->diag, p->arena, OU_DIAG_SYNTAX, 0, -1, 0, -1,
                        p->filename ? "encoding problem: %s" : "unknown encoding: %s", encoding);
        } else
            ou_diag_set(&p->diag, p->arena, OU_DIAG_HOOK, 0, -1, 0, -1, "decoding failed");
    }
    return copy;
}

/* The passes over the tree recurse on the C stack, so that a thread with a small one takes less deep trees. */
#ifdef __SANITIZE_ADDRESS__
#define STACK_A_LEVEL 2400
#else
#define STACK_A_LEVEL 800
#endif
void ou_parse_fit_stack(OuVM *vm, OuParse *p)
{
    char here;
    ptrdiff_t left = &here - vm->ts->stack_limit;
    if (left < 6 << 20 && left / STACK_A_LEVEL < OU_AST_MAX_DEPTH)
        p->max_depth = left > 0 ? (uint32_t)(left / STACK_A_LEVEL) : 0;
}

int ou_parse_source(OuVM *vm, OuParsed *ps, const char *src, size_t n, OuObj *filename, int mode,
                    unsigned flags)
{
    ou_arena_init(&ps->arena, ou_heap_mem(&vm->heap));
    ou_parse_init(&ps->parse, &ps->arena, ou_heap_mem(&vm->heap), flags & ~(unsigned)OU_COMPILE_SCRIPT);
    ou_parse_fit_stack(vm, &ps->parse);
    ps->parse.int_max_digits = vm->int_max_str_digits;
    ps->parse.decode = decode_hook;
    ps->parse.hook_data = vm;
    ps->name = (OuUtf8){0};
    if (flags & OU_COMPILE_SCRIPT) {
        if (ou_str_utf8(vm, filename, &ps->name, true) < 0)
            return -1;
        ps->parse.filename = ps->name.s;
    }
    ps->tree = ou_parse_run(&ps->parse, src, n, (OuParseMode)mode);
    if (!ps->tree) {
        raise_after_warnings(vm, &ps->parse, filename);
        return -1;
    }
    return 0;
}

void ou_parsed_free(OuVM *vm, OuParsed *ps)
{
    ou_utf8_free(vm, &ps->name);
    ou_arena_free(&ps->arena);
}

OuObj *ou_compile_tree(OuVM *vm, OuParse *p, OuNode *tree, OuObj *filename, int mode, unsigned flags,
                       int optimize)
{
    OuCompile c = {
        .parse = p,
        .optimize = optimize < 0 ? vm->optimize : optimize,
        .future = flags & OU_CO_FUTURE_MASK,
        .interactive_exprs = mode == OU_PARSE_SINGLE,
        .top_level_await = (flags & OU_COMPILE_TOP_LEVEL_AWAIT) != 0,
    };
    OuUnit *unit = ou_compile(&c, tree);
    if (!unit) {
        raise_after_warnings(vm, p, filename);
        return NULL;
    }
    if (p->warnings && ou_compile_warnings(vm, p, filename) < 0)
        return NULL;
    return ou_code_from_unit(vm, unit, filename);
}

OuObj *ou_compile_filename(OuVM *vm, OuObj *o)
{
    OuObj *path = NULL, *name;
    if (ou_isa_str(vm, o)) {
        OuStr *s = OU_STR(o);
        for (ou_ssize i = 0; i < ou_str_len(o); i++)
            if (ou_str_at(s, i) == 0)
                return ou_value_error(vm, "embedded null character");
        return ou_ref(o);
    }
    if (!ou_isa_bytes(vm, o) && ou_has_buffer(vm, o)) {
        OuBuffer b;
        if (ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1,
                    "path should be string, bytes, or os.PathLike, not %T", o) < 0 ||
            ou_buffer_get(vm, o, &b, OU_BUF_SIMPLE) < 0)
            return NULL;
        path = ou_bytes_new(vm, b.buf, b.len);
        ou_buffer_release(vm, &b);
        if (!path)
            return NULL;
    } else if (ou_fs_path(vm, o, &path) < 0)
        return NULL;
    if (memchr(OU_BYTES(path)->data, 0, OU_BYTES(path)->len))
        name = ou_value_error(vm, "embedded null character");
    else
        name = ou_fs_decode(vm, OU_BYTES(path)->data, (ou_ssize)OU_BYTES(path)->len);
    ou_decref(vm, path);
    return name;
}

OuObj *ou_compile_source(OuVM *vm, const char *src, size_t n, OuObj *filename, int mode, unsigned flags,
                         int optimize)
{
    OuParsed ps;
    OuObj *code = NULL;
    if (ou_parse_source(vm, &ps, src, n, filename, mode, flags) == 0)
        code = ou_compile_tree(vm, &ps.parse, ps.tree, filename, mode, flags, optimize);
    ou_parsed_free(vm, &ps);
    return code;
}
