/* stdlib/builtins.h - the parts of module builtins: builtins.c (table), builtins_fn.c (functions on objects), builtins_exec.c
 * (compile, eval, exec, print, input, import). */
#ifndef OU_STDLIB_BUILTINS_H
#define OU_STDLIB_BUILTINS_H

#include "vm/native.h"

/* clang-format off */
#define BUILTIN_FUNCTIONS(F) \
    F(abs) F(aiter) F(all) F(anext) F(any) F(ascii) F(bin) F(breakpoint) F(build_class) F(callable) F(chr) \
    F(compile) F(delattr) F(dir) F(divmod) F(eval) F(exec) F(format) F(getattr) F(globals) \
    F(hasattr) F(hash) F(hex) F(id) F(import) F(input) F(isinstance) F(issubclass) F(iter) F(len) \
    F(locals) F(max) F(min) F(next) F(oct) F(ord) F(pow) F(print) F(repr) F(round) F(setattr) \
    F(sorted) F(sum) F(vars)
/* clang-format on */
#define DECLARE(name) OuObj *ou_builtin_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
BUILTIN_FUNCTIONS(DECLARE)
#undef DECLARE

#endif
