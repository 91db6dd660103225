/* stdlib/builtins.c - module builtins: its function table, types, exceptions and constants. */
#include "builtins.h"

#include "vm/type.h"

static const OuFn functions[] = {
    {"__build_class__(...)", ou_builtin_build_class, OU_FN_RAW,
     "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used "
     "by the class statement."},
    {"__import__(name, globals=None, locals=None, fromlist=(), level=0)", ou_builtin_import, 0,
     "Import a module.\n\nBecause this function is meant for use by the Python\ninterpreter and not for "
     "general use, it is better to "
     "use\nimportlib.import_module() to programmatically import a module."},
    {"abs(x, /)", ou_builtin_abs, 0, "Return the absolute value of the argument."},
    {"aiter(async_iterable, /)", ou_builtin_aiter, 0, "Return an AsyncIterator for an AsyncIterable object."},
    {"all(iterable, /)", ou_builtin_all, 0,
     "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return "
     "True."},
    {"anext(aiterator, default=<unrepresentable>, /)", ou_builtin_anext, 0,
     "Return the next item from the async iterator."},
    {"any(iterable, /)", ou_builtin_any, 0,
     "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False."},
    {"ascii(obj, /)", ou_builtin_ascii, 0, "Return an ASCII-only representation of an object."},
    {"bin(number, /)", ou_builtin_bin, 0,
     "Return the binary representation of an integer.\n\n   >>> bin(2796202)\n   '0b1010101010101010101010'"},
    {"breakpoint(...)", ou_builtin_breakpoint, OU_FN_RAW,
     "breakpoint(*args, **kws)\n\nCall sys.breakpointhook(*args, **kws)."},
    {"callable(obj, /)", ou_builtin_callable, 0,
     "Return whether the object is callable (i.e., some kind of function)."},
    {"chr(i, /)", ou_builtin_chr, 0,
     "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."},
    {"compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
     ou_builtin_compile, 0, "Compile source into a code object that can be executed by exec() or eval()."},
    {"delattr(obj, name, /)", ou_builtin_delattr, 0, "Deletes the named attribute from the given object."},
    {"dir(...)", ou_builtin_dir, OU_FN_RAW, "dir([object]) -> list of strings"},
    {"divmod(x, y, /)", ou_builtin_divmod, 0, "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x."},
    {"eval(source, globals=None, locals=None, /)", ou_builtin_eval, 0,
     "Evaluate the given source in the context of globals and locals."},
    {"exec(source, globals=None, locals=None, /, *, closure=None)", ou_builtin_exec, 0,
     "Execute the given source in the context of globals and locals."},
    {"format(value, format_spec='', /)", ou_builtin_format, 0, "Return value.__format__(format_spec)"},
    {"getattr(...)", ou_builtin_getattr, OU_FN_RAW,
     "getattr(object, name[, default]) -> value\n\nGet a named attribute from an object; getattr(x, 'y') is "
     "equivalent to x.y."},
    {"globals()", ou_builtin_globals, 0,
     "Return the dictionary containing the current scope's global variables."},
    {"hasattr(obj, name, /)", ou_builtin_hasattr, 0,
     "Return whether the object has an attribute with the given name."},
    {"hash(obj, /)", ou_builtin_hash, 0, "Return the hash value for the given object."},
    {"hex(number, /)", ou_builtin_hex, 0,
     "Return the hexadecimal representation of an integer.\n\n   >>> hex(12648430)\n   '0xc0ffee'"},
    {"id(obj, /)", ou_builtin_id, 0, "Return the identity of an object."},
    {"input(prompt='', /)", ou_builtin_input, 0,
     "Read a string from standard input.  The trailing newline is stripped."},
    {"isinstance(obj, class_or_tuple, /)", ou_builtin_isinstance, 0,
     "Return whether an object is an instance of a class or of a subclass thereof."},
    {"issubclass(cls, class_or_tuple, /)", ou_builtin_issubclass, 0,
     "Return whether 'cls' is derived from another class or is the same class."},
    {"iter(...)", ou_builtin_iter, OU_FN_RAW,
     "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator"},
    {"len(obj, /)", ou_builtin_len, 0, "Return the number of items in a container."},
    {"locals()", ou_builtin_locals, 0, "Return a dictionary containing the current scope's local variables."},
    {"max(...)", ou_builtin_max, OU_FN_RAW,
     "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value"},
    {"min(...)", ou_builtin_min, OU_FN_RAW,
     "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value"},
    {"next(...)", ou_builtin_next, OU_FN_RAW,
     "next(iterator[, default])\n\nReturn the next item from the iterator."},
    {"oct(number, /)", ou_builtin_oct, 0,
     "Return the octal representation of an integer.\n\n   >>> oct(342391)\n   '0o1234567'"},
    {"ord(c, /)", ou_builtin_ord, 0, "Return the Unicode code point for a one-character string."},
    {"pow(base, exp, mod=None)", ou_builtin_pow, 0,
     "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments."},
    {"print(*args, sep=' ', end='\\n', file=None, flush=False)", ou_builtin_print, OU_FN_RAW,
     "Prints the values to a stream, or to sys.stdout by default."},
    {"repr(obj, /)", ou_builtin_repr, 0, "Return the canonical string representation of the object."},
    {"round(number, ndigits=None)", ou_builtin_round, 0,
     "Round a number to a given precision in decimal digits."},
    {"setattr(obj, name, value, /)", ou_builtin_setattr, 0,
     "Sets the named attribute on the given object to the specified value."},
    {"sorted(iterable, /, *, key=None, reverse=False)", ou_builtin_sorted, OU_FN_RAW,
     "Return a new list containing all items from the iterable in ascending order."},
    {"sum(iterable, /, start=0)", ou_builtin_sum, 0,
     "Return the sum of a 'start' value (default: 0) plus an iterable of numbers"},
    {"vars(...)", ou_builtin_vars, OU_FN_RAW, "vars([object]) -> dictionary"},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    static const struct {
        const char *name;
        uint32_t type;
    } types[] = {
        {"object", OU_T_object},
        {"type", OU_T_type},
        {"int", OU_T_int},
        {"bool", OU_T_bool},
        {"float", OU_T_float},
        {"complex", OU_T_complex},
        {"str", OU_T_str},
        {"bytes", OU_T_bytes},
        {"bytearray", OU_T_bytearray},
        {"memoryview", OU_T_memoryview},
        {"list", OU_T_list},
        {"tuple", OU_T_tuple},
        {"dict", OU_T_dict},
        {"set", OU_T_set},
        {"frozenset", OU_T_frozenset},
        {"range", OU_T_range},
        {"slice", OU_T_slice},
        {"property", OU_T_property},
        {"classmethod", OU_T_classmethod},
        {"staticmethod", OU_T_staticmethod},
        {"super", OU_T_super},
        {"enumerate", OU_T_enumerate},
        {"zip", OU_T_zip},
        {"map", OU_T_map},
        {"filter", OU_T_filter},
        {"reversed", OU_T_reversed},
#define EXC(name, base, layout, doc) {#name, OU_T_##name},
#include "vm/exceptions.def"
#undef EXC
        {"EnvironmentError", OU_T_OSError},
        {"IOError", OU_T_OSError},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ou_module_add(vm, m, types[i].name, ou_ref((OuObj *)&vm->builtin[types[i].type])) < 0)
            return -1;
    const struct {
        const char *name;
        OuObj *value;
    } consts[] = {
        {"None", OU_NONE(vm)}, {"Ellipsis", OU_ELLIPSIS(vm)}, {"NotImplemented", OU_NOTIMPLEMENTED(vm)},
        {"True", OU_TRUE(vm)}, {"False", OU_FALSE(vm)},       {"__debug__", OU_BOOL(vm, vm->optimize == 0)},
    };
    for (size_t i = 0; i < sizeof consts / sizeof *consts; i++)
        if (ou_module_add(vm, m, consts[i].name, ou_ref(consts[i].value)) < 0)
            return -1;
    return 0;
}

const OuModuleDef ou_mod_builtins = {
    .name = "builtins",
    .doc = "Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access "
           "to all 'built-in'\n"
           "identifiers of Python.",
    .functions = functions,
    .exec = exec,
};
