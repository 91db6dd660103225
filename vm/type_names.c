/* vm/type_names.c - which special methods the dict of a native type shows.
 *
 * A spec of ours leaves out what it inherits; CPython's static types often name the generic function themselves, so that
 * `'__getattribute__' in list.__dict__`, help(list) and inspect.classify_class_attrs(list) show it as list's own.
 * These tables say where 3.11 does that, and which of our own fields it does not show.  Only names in dicts: the
 * slots of a type stay what they are. */
#include "type.h"

#include <string.h>

/* Entries: a type, a module with its dot ("itertools."); types without a dot are in builtins. */
static const char *const own_getattribute[] = {
    "Token.",
    "_asyncio.FutureIter",
    "_contextvars.",
    "_io.FileIO",
    "_multibytecodec.",
    "_struct.",
    "_pickle.PicklerMemoProxy",
    "_pickle.UnpicklerMemoProxy",
    "array.",
    "ast.AST",
    "collections.defaultdict",
    "collections.deque",
    "_collections._deque_iterator",
    "_collections._deque_reverse_iterator",
    "datetime.",
    "functools.KeyWrapper",
    "functools.partial",
    "itertools.",
    "mmap.mmap",
    "operator.",
    "select.epoll",
    "types.SimpleNamespace",
    "unicodedata.",
};
static const char *const no_getattribute[] = {
    "CArgObject",
    "NoneType",
    "NotImplementedType",
    "PyCapsule",
    "UnraisableHookArgs",
    "asyncgen_hooks",
    "bool",
    "classmethod",
    "datetime.IsoCalendarDate",
    "datetime.timezone",
    "dict_reverseitemiterator",
    "dict_reversekeyiterator",
    "dict_reversevalueiterator",
    "function",
    "generic_alias_iterator",
    "itertools._tee",
    "odict_items",
    "odict_keys",
    "odict_values",
    "staticmethod",
};
static const char *const own_setattr[] = {
    "_pickle.PicklerMemoProxy",
    "_pickle.UnpicklerMemoProxy",
    "_struct.Struct",
    "ast.AST",
    "functools.partial",
    "method",
    "module",
    "types.SimpleNamespace",
};
static const char *const no_setattr[] = {"classmethod", "staticmethod"};
static const char *const no_hash[] = {"NoneType", "function"};
static const char *const no_new[] = {
    "_io._BufferedIOBase", "_io._RawIOBase", "_io._TextIOBase", "sys.flags", "sys.version_info",
};
static const char *const own_new[] = {"UnicodeDecodeError", "UnicodeEncodeError", "UnicodeTranslateError"};
/* Methods that our specs have and CPython's do not: "type.method". */
static const char *const no_method[] = {
    "_ctypes._CData.__sizeof__",
    "bytes.__sizeof__",
    "mmap.mmap.__sizeof__",
    "types.UnionType.__instancecheck__",
    "types.UnionType.__subclasscheck__",
};

static bool listed(const char *const *table, size_t n, const char *name)
{
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(table[i]);
        if (!strcmp(table[i], name) || (dot && table[i][len - 1] == '.' && len == (size_t)(dot + 1 - name) &&
                                        !strncmp(table[i], name, len)))
            return true;
    }
    return false;
}
#define LISTED(table, name) listed(table, sizeof table / sizeof *table, name)

void ou_type_shown_slots(const OuType *t, OuSlots *s)
{
    bool exception = (t->flags & OU_TYPE_EXC_SUB) != 0;
    if (!s->getattr && !exception && t->base && !LISTED(no_getattribute, t->name) &&
        (!strchr(t->name, '.') || LISTED(own_getattribute, t->name)))
        s->getattr = ou_generic_getattr;
    else if (s->getattr && LISTED(no_getattribute, t->name))
        s->getattr = NULL;
    if (!s->setattr && LISTED(own_setattr, t->name))
        s->setattr = ou_generic_setattr;
    else if (s->setattr && LISTED(no_setattr, t->name))
        s->setattr = NULL;
    if (s->hash && LISTED(no_hash, t->name))
        s->hash = NULL;
    if (s->finalize && t->base && s->finalize == t->base->s.finalize)
        s->finalize = NULL;
    if (s->new_ && LISTED(no_new, t->name))
        s->new_ = NULL;
    else if (!s->new_ && LISTED(own_new, t->name))
        s->new_ = t->s.new_;
}

bool ou_type_shows_method(const OuType *t, const char *sig)
{
    if (sig[0] != '_')
        return true;
    size_t n = strlen(t->name), m = strcspn(sig, "(");
    for (size_t i = 0; i < sizeof no_method / sizeof *no_method; i++)
        if (!strncmp(no_method[i], t->name, n) && no_method[i][n] == '.' &&
            !strncmp(no_method[i] + n + 1, sig, m) && !no_method[i][n + 1 + m])
            return false;
    return true;
}
