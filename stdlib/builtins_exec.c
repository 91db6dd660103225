/* stdlib/builtins_exec.c - built-in functions around code and streams: compile, eval, exec, __import__, print, input, breakpoint. */
#include <stdio.h>
#include <string.h>

#include "stdlib/io/io.h"
#include "builtins.h"
#include "console.h"
#include "vm/audit.h"
#include "vm/buffer.h"
#include "vm/compile.h"
#include "vm/frame.h"
#include "vm/import.h"

#define FN(name) OuObj *ou_builtin_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(import)
{
    int level = 0;
    if (args[4] && ou_as_int(vm, args[4], &level) < 0)
        return NULL;
    return ou_import_level(vm, args[0], args[1], args[2], args[3], level);
}

/* ---- source arguments -------------------------------------------------------------- */

typedef struct Source {
    const char *s;
    size_t n;
    unsigned flags; /* OU_PARSE_UTF8 for str */
    OuUtf8 u;
    OuBuffer view;
    bool has_view;
} Source;

static int source_get(OuVM *vm, OuObj *o, const char *fn, const char *what, Source *out)
{
    memset(out, 0, sizeof *out);
    if (ou_isa_str(vm, o)) {
        if (ou_str_utf8(vm, o, &out->u, false) < 0)
            return -1;
        out->s = out->u.s;
        out->n = out->u.n;
        out->flags = OU_PARSE_UTF8;
    } else if (ou_has_buffer(vm, o)) {
        if (ou_buffer_get(vm, o, &out->view, OU_BUF_SIMPLE) < 0)
            return -1;
        out->has_view = true;
        out->s = out->view.buf;
        out->n = (size_t)out->view.len;
    } else
        return ou_type_error_i(vm, "%s() arg 1 must be a %s object", fn, what);
    if (out->n && memchr(out->s, 0, out->n)) {
        ou_raise(vm, OU_EXC(vm, SyntaxError), "source code string cannot contain null bytes");
        if (out->has_view)
            ou_buffer_release(vm, &out->view);
        else
            ou_utf8_free(vm, &out->u);
        return -1;
    }
    return 0;
}

static void source_free(OuVM *vm, Source *src)
{
    if (src->has_view)
        ou_buffer_release(vm, &src->view);
    else
        ou_utf8_free(vm, &src->u);
}

static unsigned inherited_flags(OuVM *vm)
{
    OuFrame *f = vm->ts->frame;
    return f ? f->code->flags & OU_CO_FUTURE_MASK : 0;
}

/* The event of a text that is about to be compiled, as bytes. */
static int audit_text(OuVM *vm, const Source *src, size_t skip, OuObj *filename)
{
    OuObj *text = ou_bytes_new(vm, src->s + skip, (ou_ssize)(src->n - skip));
    int r = text ? ou_audit(vm, "compile", "OO", text, filename) : -1;
    ou_xdecref(vm, text);
    return r;
}

/* ---- compile ---------------------------------------------------------------------------- */

FN(compile)
{
    OuObj *filename = ou_compile_filename(vm, args[1]), *code = NULL;
    int flags = 0, optimize = -1, inherit = 1, minor = -1, mode;
    if (!filename)
        return NULL;
    if (args[3] && ou_as_int(vm, args[3], &flags) < 0)
        goto done;
    if (args[4] && (inherit = ou_is_true(vm, args[4])) < 0)
        goto done;
    if (args[4])
        inherit = !inherit;
    if (args[5] && ou_as_int(vm, args[5], &optimize) < 0)
        goto done;
    if (args[6] && ou_as_int(vm, args[6], &minor) < 0)
        goto done;
    static const int known = OU_CO_FUTURE_MASK | OU_PARSE_DONT_IMPLY_DEDENT | OU_COMPILE_ONLY_AST |
                             OU_PARSE_TYPE_COMMENTS | OU_COMPILE_TOP_LEVEL_AWAIT | OU_PARSE_ALLOW_INCOMPLETE |
                             0x10;
    if (flags & ~known) {
        ou_value_error(vm, "compile(): unrecognised flags");
        goto done;
    }
    if (optimize < -1 || optimize > 2) {
        ou_value_error(vm, "compile(): invalid optimize value");
        goto done;
    }
    OuObj *m = args[2];
    if (!ou_isa_str(vm, m)) {
        ou_type_error(vm, "compile() argument 'mode' must be str, not %T", m);
        goto done;
    }
    if (ou_str_eq_s(m, "exec"))
        mode = OU_PARSE_FILE;
    else if (ou_str_eq_s(m, "eval"))
        mode = OU_PARSE_EVAL;
    else if (ou_str_eq_s(m, "single"))
        mode = OU_PARSE_SINGLE;
    else if (ou_str_eq_s(m, "func_type")) {
        if (!(flags & OU_COMPILE_ONLY_AST)) {
            ou_value_error(vm, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
            goto done;
        }
        mode = OU_PARSE_FUNC_TYPE;
    } else {
        ou_value_error(vm, flags & OU_COMPILE_ONLY_AST
                               ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                               : "compile() mode must be 'exec', 'eval' or 'single'");
        goto done;
    }
    bool text = ou_isa_str(vm, args[0]) || ou_isa_bytes(vm, args[0]) || ou_isa(vm, args[0], bytearray) ||
                ou_isa(vm, args[0], memoryview);
    if (!text && ou_audit(vm, "compile", "OO", args[0], filename) < 0)
        goto done;
    unsigned all = (unsigned)flags | (inherit ? inherited_flags(vm) : 0);
    code = ou_ast_compile(vm, args[0], filename, mode, all, optimize);
    if (!code && !ou_err_occurred(vm)) { /* not a tree */
        Source src;
        if (source_get(vm, args[0], "compile", "string, bytes or AST", &src) == 0) {
            if (vm->auditing && audit_text(vm, &src, 0, filename) < 0)
                code = NULL;
            else if (flags & OU_COMPILE_ONLY_AST)
                code = ou_ast_parse(vm, src.s, src.n, filename, mode, all | src.flags, minor);
            else
                code = ou_compile_source(vm, src.s, src.n, filename, mode, all | src.flags, optimize);
            source_free(vm, &src);
        }
    }
done:
    ou_decref(vm, filename);
    return code;
}

/* ---- eval, exec ------------------------------------------------------------------------------ */

static OuObj *run(OuVM *vm, bool eval, OuObj *const *args, OuObj *closure)
{
    const char *fn = eval ? "eval" : "exec";
    OuObj *source = args[0], *globals = args[1] == OU_NONE(vm) ? NULL : args[1],
          *locals = args[2] == OU_NONE(vm) ? NULL : args[2];
    OuObj *own_locals = NULL, *code = NULL, *res = NULL;
    if (locals && !OU_TYPE_OF(vm, locals)->s.getitem)
        return eval ? ou_type_error(vm, "locals must be a mapping")
                    : ou_type_error(vm, "locals must be a mapping or None, not %T", locals);
    if (globals && !ou_isa_dict(vm, globals)) {
        if (eval)
            return ou_type_error(vm, OU_TYPE_OF(vm, globals)->s.getitem
                                         ? "globals must be a real dict; try eval(code, {}, mapping)"
                                         : "globals must be a dict");
        return ou_type_error(vm, "%s() globals must be a dict, not %T", fn, globals);
    }
    if (!globals) {
        OuFrame *f = vm->ts->frame;
        if (!f)
            return ou_raise(vm, OU_EXC(vm, SystemError), "globals and locals cannot be NULL");
        globals = (OuObj *)f->func->globals;
        if (!locals && !(locals = own_locals = ou_frame_locals(vm, f)))
            return NULL;
    } else if (!locals)
        locals = globals;
    ou_incref(globals);
    int r = ou_dict_contains(vm, globals, OU_NAME(vm, __builtins__));
    if (r == 0) {
        OuFrame *f = vm->ts->frame;
        r = ou_dict_set(vm, globals, OU_NAME(vm, __builtins__),
                        f ? f->func->builtins : (OuObj *)vm->builtins);
    }
    if (r < 0)
        goto done;
    if (ou_is(source, code)) {
        code = ou_ref(source);
        OuCode *co = (OuCode *)code;
        if (!closure && co->nfrees) {
            if (eval)
                ou_type_error(vm, "code object passed to eval() may not contain free variables");
            else
                ou_type_error(vm, "code object requires a closure of exactly length %u", co->nfrees);
            goto done;
        }
        if (closure && !co->nfrees) {
            ou_type_error(vm, "cannot use a closure with this code object");
            goto done;
        }
        bool ok = !closure || (ou_is(closure, tuple) && OU_TUPLE(closure)->n == co->nfrees);
        for (size_t i = 0; ok && closure && i < OU_TUPLE(closure)->n; i++)
            ok = ou_is(OU_TUPLE(closure)->items[i], cell);
        if (!ok) {
            ou_type_error(vm, "code object requires a closure of exactly length %u", co->nfrees);
            goto done;
        }
        if (ou_audit(vm, "exec", "O", code) == 0)
            res = ou_eval_code_closure(vm, code, OU_DICT(globals), locals, closure);
    } else {
        Source src;
        OuObj *filename = ou_str_intern_s(vm, "<string>");
        if (closure) {
            ou_type_error(vm, "closure can only be used when source is a code object");
        } else if (filename && source_get(vm, source, fn, "string, bytes or code", &src) == 0) {
            size_t skip = 0;
            while (eval && skip < src.n && (src.s[skip] == ' ' || src.s[skip] == '\t'))
                skip++;
            if (vm->auditing && audit_text(vm, &src, skip, filename) < 0)
                code = NULL;
            else
                code = ou_compile_source(vm, src.s + skip, src.n - skip, filename,
                                         eval ? OU_PARSE_EVAL : OU_PARSE_FILE,
                                         src.flags | inherited_flags(vm), -1);
            source_free(vm, &src);
            if (code && ou_audit(vm, "exec", "O", code) == 0)
                res = ou_eval_code(vm, code, OU_DICT(globals), locals);
        }
        ou_xdecref(vm, filename);
    }
done:
    ou_xdecref(vm, code);
    ou_xdecref(vm, own_locals);
    ou_decref(vm, globals);
    if (res && !eval) {
        ou_decref(vm, res);
        res = ou_none(vm);
    }
    return res;
}

FN(eval)
{
    OuObj *a[3] = {args[0], args[1] ? args[1] : OU_NONE(vm), args[2] ? args[2] : OU_NONE(vm)};
    return run(vm, true, a, NULL);
}

FN(exec)
{
    OuObj *a[3] = {args[0], args[1] ? args[1] : OU_NONE(vm), args[2] ? args[2] : OU_NONE(vm)};
    return run(vm, false, a, args[3] == OU_NONE(vm) ? NULL : args[3]);
}

/* ---- streams ------------------------------------------------------------------------------------ */

static OuObj *sys_stream(OuVM *vm, OuObj *name)
{
    OuObj *f = ou_dict_get_str(vm, vm->sysdict, name);
    if (!f)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "lost sys.%U", name);
    return f;
}

static int write_str(OuVM *vm, OuObj *file, OuObj *s)
{
    if (ou_io_is_plain_text(vm, file)) /* the usual sys.stdout: no call */
        return ou_io_text_write(vm, file, s);
    OuObj *res = ou_call_method(vm, file, OU_NAME(vm, write), 1, s);
    ou_xdecref(vm, res);
    return res ? 0 : -1;
}

static int write_obj(OuVM *vm, OuObj *file, OuObj *o)
{
    bool hold = !ou_is(o, str) && !ou_is(o, int);
    ou_hold(&o, hold);
    OuObj *s = ou_str(vm, o);
    int r = s ? write_str(vm, file, s) : -1;
    ou_xdecref(vm, s);
    ou_unhold(vm, &o, hold);
    return r;
}

FN(print)
{
    OuObj *sep = NULL, *end = NULL, *file = NULL, *flush = NULL;
    for (size_t i = 0; kwnames && i < OU_TUPLE(kwnames)->n; i++) {
        OuObj *k = OU_TUPLE(kwnames)->items[i], *v = args[nargs + i];
        if (k == OU_NAME(vm, sep))
            sep = v;
        else if (k == OU_NAME(vm, end))
            end = v;
        else if (k == OU_NAME(vm, file))
            file = v;
        else if (k == OU_NAME(vm, flush))
            flush = v;
        else
            return ou_type_error(vm, "'%S' is an invalid keyword argument for print()", k);
    }
    bool held = !file || file == OU_NONE(vm); /* sys.stdout may be replaced meanwhile */
    if (held) {
        file = sys_stream(vm, OU_NAME(vm, stdout));
        if (!file)
            return NULL;
        if (file == OU_NONE(vm))
            return ou_none(vm);
    }
    if (sep == OU_NONE(vm))
        sep = NULL;
    if (end == OU_NONE(vm))
        end = NULL;
    if (sep && !ou_isa_str(vm, sep))
        return ou_type_error(vm, "sep must be None or a string, not %T", sep);
    if (end && !ou_isa_str(vm, end))
        return ou_type_error(vm, "end must be None or a string, not %T", end);
    ou_incref(file);
    OuObj *space = sep ? sep : (OuObj *)&vm->latin1[' '], *newline = end ? end : (OuObj *)&vm->latin1['\n'];
    int r = 0;
    for (size_t i = 0; r == 0 && i < nargs; i++) {
        if (i)
            r = write_str(vm, file, space);
        if (r == 0)
            r = write_obj(vm, file, args[i]);
    }
    if (r == 0)
        r = write_str(vm, file, newline);
    if (!held)
        ou_decref(vm, file); /* the caller's argument does */
    if (r == 0 && flush) {
        int do_flush = ou_is_true(vm, flush);
        OuObj *res = do_flush > 0 ? ou_call_method(vm, file, OU_NAME(vm, flush), 0) : NULL;
        if (do_flush < 0 || (do_flush && !res))
            r = -1;
        ou_xdecref(vm, res);
    }
    if (held)
        ou_decref(vm, file);
    return r < 0 ? NULL : ou_none(vm);
}

/* Is `file` the process's own stream fd, on a terminal? Never raises. */
static bool is_terminal(OuVM *vm, OuObj *file, int fd)
{
    OuObj *n = ou_call_method(vm, file, OU_NAME(vm, fileno), 0);
    int64_t v = -1;
    if (n)
        ou_as_i64(vm, n, &v);
    ou_xdecref(vm, n);
    ou_err_clear(vm);
    return v == fd && ou_isatty(fd);
}

FN(input)
{
    OuObj *fin = sys_stream(vm, OU_NAME(vm, stdin)), *fout = fin ? sys_stream(vm, OU_NAME(vm, stdout)) : NULL;
    OuObj *ferr = fout ? sys_stream(vm, OU_NAME(vm, stderr)) : NULL, *line, *res;
    if (!ferr)
        return NULL;
    if (fin == OU_NONE(vm) || fout == OU_NONE(vm) || ferr == OU_NONE(vm))
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "input(): lost sys.%s",
                        fin == OU_NONE(vm)    ? "stdin"
                        : fout == OU_NONE(vm) ? "stdout"
                                              : "stderr");
    if (ou_audit(vm, "builtins.input", "O", args[0] ? args[0] : OU_NONE(vm)) < 0)
        return NULL;
    ou_incref(fin);
    ou_incref(fout);
    ou_incref(ferr);
    res = ou_call_method(vm, ferr, OU_NAME(vm, flush), 0);
    if (!res)
        ou_err_clear(vm);
    ou_xdecref(vm, res);
    res = NULL;
    bool tty = is_terminal(vm, fin, 0) && is_terminal(vm, fout, 1);
    if (tty && ou_console_input(vm, args[0], fin, fout, &res) != 0)
        goto done;
    if (args[0] && write_obj(vm, fout, args[0]) < 0)
        goto done;
    OuObj *flushed = ou_call_method(vm, fout, OU_NAME(vm, flush), 0);
    if (!flushed)
        ou_err_clear(vm);
    ou_xdecref(vm, flushed);
    line = ou_call_method(vm, fin, OU_NAME(vm, readline), 0);
    if (!line)
        goto done;
    if (!ou_isa_str(vm, line))
        ou_type_error(vm, "object.readline() returned non-string");
    else if (ou_str_len(line) == 0)
        tty ? ou_raise_value(vm, OU_EXC(vm, EOFError), NULL)
            : ou_raise(vm, OU_EXC(vm, EOFError), "EOF when reading a line");
    else {
        ou_ssize n = ou_str_len(line);
        res = ou_str_slice(vm, line, 0, ou_str_at(OU_STR(line), n - 1) == '\n' ? n - 1 : n);
    }
    ou_decref(vm, line);
done:
    if (res && ou_audit(vm, "builtins.input/result", "O", res) < 0)
        ou_clear(vm, res);
    ou_decref(vm, fin);
    ou_decref(vm, fout);
    ou_decref(vm, ferr);
    return res;
}

FN(breakpoint)
{
    OuObj *hook = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "breakpointhook");
    if (!hook)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "lost sys.breakpointhook");
    ou_incref(hook);
    OuObj *res = ou_call(vm, hook, args, nargs, kwnames);
    ou_decref(vm, hook);
    return res;
}
