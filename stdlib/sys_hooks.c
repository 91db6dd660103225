/* stdlib/sys_hooks.c - sys.excepthook, displayhook, unraisablehook. */
#include <string.h>

#include "sys.h"
#include "vm/exceptions.h"

OuObj *ou_sys_excepthook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *exc = args[1], *out = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr));
    if (!ou_isa_exc(vm, exc)) {
        OuObj *s = ou_str_fmt(vm, "TypeError: print_exception(): Exception expected for value, %T found\n",
                              exc),
              *res = NULL;
        if (s && out && out != OU_NONE(vm))
            res = ou_call_method(vm, out, OU_NAME(vm, write), 1, s);
        ou_xdecref(vm, s);
        ou_xdecref(vm, res);
        ou_err_clear(vm);
        return ou_none(vm);
    }
    OuExc *e = (OuExc *)exc;
    OuObj *tb = args[2] == OU_NONE(vm) ? NULL : args[2];
    if (tb && !e->traceback && ou_is(tb, traceback))
        e->traceback = ou_ref(tb);
    OuObj *file = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr));
    if (file == OU_NONE(vm))
        return ou_none(vm);
    ou_exc_display(vm, exc, file);
    return ou_none(vm);
}

OuObj *ou_sys_displayhook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = args[0], *underscore = (OuObj *)&vm->latin1['_'], *s, *res;
    if (o == OU_NONE(vm))
        return ou_none(vm);
    if (ou_dict_set(vm, (OuObj *)vm->builtins, underscore, OU_NONE(vm)) < 0)
        return NULL;
    OuObj *out = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stdout));
    if (!out || out == OU_NONE(vm))
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "lost sys.stdout");
    ou_incref(out);
    s = ou_repr(vm, o);
    res = s ? ou_call_method(vm, out, OU_NAME(vm, write), 1, s) : NULL;
    if (!res && s && ou_err_is(vm, OU_EXC(vm, UnicodeEncodeError))) {
        /* what the encoding cannot show is escaped */
        ou_err_clear(vm);
        OuObj *enc = ou_getattr(vm, out, OU_NAME(vm, encoding)), *bytes = NULL, *text = NULL;
        OuUtf8 u;
        if (enc && ou_isa_str(vm, enc) && ou_str_utf8(vm, enc, &u, false) == 0) {
            bytes = ou_str_encode(vm, s, u.s, "backslashreplace");
            text = bytes ? ou_str_decode(vm, OU_BYTES(bytes)->data, OU_BYTES(bytes)->len, u.s, NULL) : NULL;
            ou_utf8_free(vm, &u);
        }
        if (text)
            res = ou_call_method(vm, out, OU_NAME(vm, write), 1, text);
        ou_xdecref(vm, enc);
        ou_xdecref(vm, bytes);
        ou_xdecref(vm, text);
    }
    if (res) {
        ou_decref(vm, res);
        res = ou_call_method(vm, out, OU_NAME(vm, write), 1, (OuObj *)&vm->latin1['\n']);
    }
    ou_xdecref(vm, s);
    ou_decref(vm, out);
    if (!res)
        return NULL;
    ou_decref(vm, res);
    return ou_dict_set(vm, (OuObj *)vm->builtins, underscore, o) < 0 ? NULL : ou_none(vm);
}

OuObj *ou_sys_unraisablehook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (strcmp(OU_TYPE_OF(vm, args[0])->name, "UnraisableHookArgs") != 0)
        return ou_type_error(vm, "sys.unraisablehook argument type must be UnraisableHookArgs");
    OuObj *exc = ou_getattr_s(vm, args[0], "exc_value"), *msg = ou_getattr_s(vm, args[0], "err_msg");
    OuObj *o = ou_getattr_s(vm, args[0], "object"), *head = NULL, *res = NULL;
    OuObj *file = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr));
    if (!exc || !msg || !o)
        goto done;
    if (!file || file == OU_NONE(vm)) {
        res = ou_none(vm);
        goto done;
    }
    if (o != OU_NONE(vm)) {
        OuObj *r = ou_repr(vm, o);
        if (!r) {
            ou_err_clear(vm);
            r = ou_str_new(vm, "<object repr() failed>", -1);
        }
        head = msg != OU_NONE(vm) ? ou_str_fmt(vm, "%S: %U\n", msg, r)
                                  : ou_str_fmt(vm, "Exception ignored in: %U\n", r);
        ou_xdecref(vm, r);
    } else if (msg != OU_NONE(vm))
        head = ou_str_fmt(vm, "%S:\n", msg);
    if (head) {
        OuObj *w = ou_call_method(vm, file, OU_NAME(vm, write), 1, head);
        if (!w)
            goto done;
        ou_decref(vm, w);
    }
    if (ou_isa_exc(vm, exc)) {
        /* only this exception, without its causes: as CPython does */
        OuExc *e = (OuExc *)exc;
        OuObj *context = e->context, *cause = e->cause;
        e->context = e->cause = NULL;
        ou_exc_display(vm, exc, file);
        e->context = context;
        e->cause = cause;
    }
    res = ou_none(vm);
done:
    ou_xdecref(vm, exc);
    ou_xdecref(vm, msg);
    ou_xdecref(vm, o);
    ou_xdecref(vm, head);
    return res;
}
