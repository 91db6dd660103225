/* stdlib/site.c - the names that module site gives to builtins, made natively: exit, quit, copyright, credits, license, help.
 * The library's site and _sitebuiltins are not imported at the start. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "paths.h"
#include "vm/config.h"
#include "vm/err.h"
#include "vm/native.h"
#include "vm/type.h"

/* What all three types share: a name and a text. */
typedef struct SiteName {
    OuObj hdr;
    const char *name, *text;
} SiteName;

static void dealloc(OuVM *vm, OuObj *o)
{
    ou_free_object(vm, o);
}

static OuObj *get_name(OuVM *vm, OuObj *o, void *data)
{
    return ou_str_new(vm, ((SiteName *)o)->name, -1);
}
static const OuGetSet name_getset[] = {{"name", get_name, NULL, NULL, NULL}, {0}};

/* ---- exit, quit ---- */

static OuObj *quitter_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "Use %s() or Ctrl-D (i.e. EOF) to exit", ((SiteName *)o)->name);
}

static OuObj *quitter_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *code;
    if (ou_args_bind(vm, "__call__(code=None)", args, nargs, kwnames, &code) < 0)
        return NULL;
    /* shells like IDLE catch SystemExit, but listen when their stdin is closed */
    OuObj *in = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stdin)), *closed = NULL;
    if (in && in != OU_NONE(vm) && !(closed = ou_call_method(vm, in, OU_NAME(vm, close), 0)))
        ou_err_clear(vm);
    ou_xdecref(vm, closed);
    return ou_raise_value(vm, OU_EXC(vm, SystemExit), code ? code : OU_NONE(vm));
}

static const OuTypeSpec quitter_spec = {
    .name = "_sitebuiltins.Quitter",
    .size = sizeof(SiteName),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = dealloc,
    .s = {.repr = quitter_repr, .call = quitter_call},
    .getset = name_getset,
};

/* ---- copyright, credits, license ---- */

static const char copyright_text[] = "Copyright (c) 2026 The ouro authors.\nAll Rights Reserved.";
static const char credits_text[] =
    "    ouro speaks the language that Guido van Rossum and the Python developers made;\n"
    "    see www.python.org for more information about it.";
static const char license_text[] = "See the file LICENSE of the ouro distribution.";

static OuObj *printer_repr(OuVM *vm, OuObj *o)
{
    SiteName *s = (SiteName *)o;
    return s->text == license_text ? ou_str_fmt(vm, "Type %s() to see the full %s text", s->name, s->name)
                                   : ou_str_new(vm, s->text, -1);
}

static OuObj *printer_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "__call__", kwnames) < 0 || ou_arity(vm, "__call__", nargs, 0, 0) < 0)
        return NULL;
    OuObj *print = ou_dict_get_s(vm, (OuObj *)vm->builtins, "print"),
          *s = ou_str_new(vm, ((SiteName *)self)->text, -1);
    OuObj *res = print && s ? ou_call1(vm, print, s) : NULL;
    ou_xdecref(vm, s);
    return res;
}

static const OuTypeSpec printer_spec = {
    .name = "_sitebuiltins._Printer",
    .size = sizeof(SiteName),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = dealloc,
    .s = {.repr = printer_repr, .call = printer_call},
    .getset = name_getset,
};

/* ---- help ---- */

static OuObj *helper_repr(OuVM *vm, OuObj *o)
{
    return ou_str_new(vm, "Type help() for interactive help, or help(object) for help about object.", -1);
}

static OuObj *helper_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *help = ou_import_attr(vm, "pydoc", "help");
    OuObj *res = help ? ou_call(vm, help, args, nargs, kwnames) : NULL;
    ou_xdecref(vm, help);
    return res;
}

static const OuTypeSpec helper_spec = {
    .name = "_sitebuiltins._Helper",
    .size = sizeof(SiteName),
    .flags = OU_TYPE_NO_NEW,
    .doc = "Define the builtin 'help'.\n\nThis is a wrapper around pydoc.help that provides a helpful "
           "message\nwhen 'help' is typed at "
           "the Python interactive prompt.",
    .dealloc = dealloc,
    .s = {.repr = helper_repr, .call = helper_call},
};

/* For programs that call sys.__interactivehook__() before code.interact(): input() completes.  Our prompt, which completes and keeps
 * a history by itself, does not call it. */
OuObj *ou_site_interactive_hook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *bind = ou_import_attr(vm, "readline", "parse_and_bind"),
          *completer = bind ? ou_import(vm, "rlcompleter") : NULL;
    OuObj *line = completer ? ou_str_new(vm, "tab: complete", -1) : NULL;
    OuObj *res = line ? ou_call1(vm, bind, line) : NULL;
    ou_xdecref(vm, bind);
    ou_xdecref(vm, completer);
    ou_xdecref(vm, line);
    if (!res && ou_err_is(vm, OU_EXC(vm, ImportError))) { /* no library is installed */
        ou_err_clear(vm);
        return ou_none(vm);
    }
    return res;
}

static int set_hook(OuVM *vm)
{
    static const OuFn hook = {"register_readline()", ou_site_interactive_hook, 0, NULL};
    OuObj *f = ou_builtin_new(vm, &hook, NULL, NULL, false);
    int r = f ? ou_dict_set_s(vm, (OuObj *)vm->sysdict, "__interactivehook__", f) : -1;
    ou_xdecref(vm, f);
    return r;
}

int ou_site_builtins(OuVM *vm)
{
    static const struct {
        const char *name, *text;
        const OuTypeSpec *spec;
    } rows[] = {
        {"quit", NULL, &quitter_spec},
        {"exit", NULL, &quitter_spec},
        {"copyright", copyright_text, &printer_spec},
        {"credits", credits_text, &printer_spec},
        {"license", license_text, &printer_spec},
        {"help", NULL, &helper_spec},
    };
    OuType *type = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!type || type->spec != rows[i].spec)
            type = ou_type_from_spec(vm, rows[i].spec, NULL);
        SiteName *s = type ? (SiteName *)ou_type_alloc(vm, type, 0) : NULL;
        if (!s)
            return -1;
        s->name = rows[i].name;
        s->text = rows[i].text;
        int r = ou_dict_set_s(vm, (OuObj *)vm->builtins, s->name, (OuObj *)s);
        ou_decref(vm, s);
        if (r < 0)
            return -1;
    }
    return vm->config && vm->config->isolated ? 0 : set_hook(vm);
}
