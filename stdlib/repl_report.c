/* stdlib/repl_report.c - exceptions at the prompt; with colours on a terminal that has them. */
#include <stdio.h>
#include <string.h>

#include "repl.h"
#include "vm/exceptions.h"
#include "vm/native.h"

/* The report as text: new str, or NULL. */
static OuObj *report_text(OuVM *vm, OuObj *exc)
{
    OuObj *type = ou_import_attr(vm, "_io", "StringIO"), *f = type ? ou_call0(vm, type) : NULL, *name,
          *res = NULL;
    if (f) {
        ou_exc_display(vm, exc, f);
        name = ou_str_intern_s(vm, "getvalue");
        res = name ? ou_call_method(vm, f, name, 0) : NULL;
        ou_xdecref(vm, name);
    }
    ou_err_clear(vm);
    ou_xdecref(vm, type);
    ou_xdecref(vm, f);
    return res;
}

static void put(const char *on, const char *s, size_t n)
{
    fputs(on, stderr);
    fwrite(s, 1, n, stderr);
    fputs("\33[0m", stderr);
}

/* Places magenta, marks red, the exception's type bold red. */
static void put_line(const char *s, size_t n)
{
    size_t blanks = strspn(s, " |");
    if (n >= 7 && strncmp(s, "  File ", 7) == 0)
        put("\33[35m", s, n);
    else if (blanks < n && strspn(s + blanks, "~^") == n - blanks)
        put("\33[1;31m", s, n);
    else if (s[0] != ' ' && s[0] != 'T') {
        const char *colon = memchr(s, ':', n);
        size_t head = colon ? (size_t)(colon - s) : n;
        put("\33[1;31m", s, head);
        fwrite(s + head, 1, n - head, stderr);
    } else if (n > 0 && s[0] == 'T' && strncmp(s, "Traceback", 9) != 0) {
        const char *colon = memchr(s, ':', n);
        size_t head = colon ? (size_t)(colon - s) : n;
        put("\33[1;31m", s, head);
        fwrite(s + head, 1, n - head, stderr);
    } else
        fwrite(s, 1, n, stderr);
    fputc('\n', stderr);
}

static bool own_hook(OuVM *vm)
{
    OuObj *hook = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, excepthook)),
          *own = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "__excepthook__");
    OuObj *err = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr)),
          *own_err = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "__stderr__");
    return hook && hook == own && err && err == own_err;
}

void ou_repl_report(OuRepl *r)
{
    OuVM *vm = r->vm;
    OuUtf8 u;
    if (!ou_term_wants_color(r->console != NULL) || !own_hook(vm)) {
        ou_err_print(vm);
        if (ou_err_occurred(vm)) /* SystemExit of a hook */
            ou_err_clear(vm);
        return;
    }
    OuObj *exc = ou_err_fetch(vm), *text, *tb = ((OuExc *)exc)->traceback;
    OuObj *d = (OuObj *)vm->sysdict;
    ou_dict_set(vm, d, OU_NAME(vm, last_type), (OuObj *)OU_TYPE_OF(vm, exc));
    ou_dict_set(vm, d, OU_NAME(vm, last_value), exc);
    ou_dict_set(vm, d, OU_NAME(vm, last_traceback), tb ? tb : OU_NONE(vm));
    ou_err_clear(vm);
    OuObj *out = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stdout));
    if (out && out != OU_NONE(vm))
        ou_xdecref(vm, ou_call_method(vm, out, OU_NAME(vm, flush), 0));
    ou_err_clear(vm);
    text = report_text(vm, exc);
    if (text && ou_str_utf8(vm, text, &u, true) == 0) {
        for (const char *s = u.s, *nl; *s; s = *nl ? nl + 1 : nl) {
            nl = strchrnul(s, '\n');
            char line[4096];
            size_t n = (size_t)(nl - s);
            if (n >= sizeof line) {
                fwrite(s, 1, n, stderr);
                fputc('\n', stderr);
                continue;
            }
            memcpy(line, s, n);
            line[n] = 0;
            put_line(line, n);
        }
        ou_utf8_free(vm, &u);
    }
    fflush(stderr);
    ou_xdecref(vm, text);
    ou_decref(vm, exc);
    ou_err_clear(vm);
}
