/* vm/text/str_methods.h - what the parts of the type str offer each other. */
#ifndef OU_VM_STR_METHODS_H
#define OU_VM_STR_METHODS_H

#include "../native.h"

extern const OuFn ou_str_methods[];
/* iter(s) */
OuObj *ou_str_iter(OuVM *vm, OuObj *s);
/* format % args */
OuObj *ou_str_percent(OuVM *vm, OuObj *format, OuObj *args);
/* format.format(*args, **kw): args[0..nargs), values of kwnames behind; mapping for format_map, else NULL. */
OuObj *ou_str_format(OuVM *vm, OuObj *format, OuObj *const *args, size_t nargs, OuObj *kwnames,
                     OuObj *mapping);
/* str.__format__ */
OuObj *ou_str_format_spec(OuVM *vm, OuObj *s, OuObj *spec);
OuObj *ou_str_translate(OuVM *vm, OuObj *s, OuObj *table);
OuObj *ou_str_maketrans(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* Text of ascii(): repr's text with everything beyond ASCII escaped. */
OuObj *ou_str_escape_ascii(OuVM *vm, OuObj *text);
/* bytes % args and bytearray % args: fmt of n bytes; new bytes. */
OuObj *ou_bytes_percent(OuVM *vm, const char *fmt, size_t n, OuObj *args);

#endif
