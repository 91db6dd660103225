/* vm/audit.c - audit events of the machine and its modules (PEP 578).  Hooks live with module sys; vm->auditing says whether there
 * are any, so that an event costs one load until the first hook is added. */
#include "audit.h"

#include <stdarg.h>

static OuObj *argument(OuVM *vm, char kind, va_list *ap)
{
    if (kind == 'O') {
        OuObj *o = va_arg(*ap, OuObj *);
        return ou_ref(o ? o : OU_NONE(vm));
    }
    if (kind == 'i')
        return ou_int(vm, va_arg(*ap, int));
    if (kind == 'l')
        return ou_int(vm, va_arg(*ap, int64_t));
    const char *s = va_arg(*ap, const char *);
    return s ? ou_str_new(vm, s, -1) : ou_none(vm);
}

int ou_audit_raise(OuVM *vm, const char *event, const char *format, ...)
{
    OuObj *args[9], *f = vm->sysdict ? ou_dict_get_s(vm, (OuObj *)vm->sysdict, "audit") : NULL;
    size_t n = 0;
    if (!f || vm->finalizing)
        return 0;
    va_list ap;
    va_start(ap, format);
    bool ok = (args[n++] = ou_str_new(vm, event, -1)) != NULL;
    for (; *format && n < 9 && ok; format++)
        ok = (args[n++] = argument(vm, *format, &ap)) != NULL;
    va_end(ap);
    OuObj *r = ok ? ou_call(vm, f, args, n, NULL) : NULL;
    for (size_t i = 0; i < n; i++)
        ou_xdecref(vm, args[i]);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}
