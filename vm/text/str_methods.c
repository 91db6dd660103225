/* vm/text/str_methods.c - the methods of str. */
#include "text.h"
#include "str_case.h"
#include "str_methods.h"

/* ---- case and classes ---------------------------------------------------------- */
#define MAP(name) OU_M1(m_##name, ou_str_##name(vm, args[0]))
#define IS(name) OU_M1(m_##name, ou_bool(vm, ou_str_##name(OU_STR(args[0]))))
MAP(upper)
MAP(lower)
MAP(casefold)
MAP(swapcase)
MAP(capitalize)
MAP(title)
IS(isalpha)
IS(isalnum)
IS(isdecimal)
IS(isdigit)
IS(isnumeric)
IS(isspace)
IS(isprintable)
IS(islower)
IS(isupper)
IS(istitle)
IS(isidentifier)
OU_M1(m_isascii, ou_bool(vm, OU_STR(args[0])->ascii))

/* ---- searching ------------------------------------------------------------------- */
static OuObj *search(OuVM *vm, const char *name, OuSearch what, OuObj *const *args, size_t nargs,
                     OuObj *kwnames)
{
    ou_ssize start, end;
    OuChars h = ou_text_of_str(args[0]);
    if (ou_text_search_args(vm, name, args, nargs, kwnames, h.n, &start, &end) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "must be str, not %T", args[1]);
    OuChars n = ou_text_of_str(args[1]);
    return ou_text_search(vm, what, &h, &n, start, end, "substring not found");
}

OU_M1(m_find, search(vm, "find", OU_FIND, args, nargs, kwnames))
OU_M1(m_rfind, search(vm, "rfind", OU_RFIND, args, nargs, kwnames))
OU_M1(m_index, search(vm, "index", OU_INDEX, args, nargs, kwnames))
OU_M1(m_rindex, search(vm, "rindex", OU_RINDEX, args, nargs, kwnames))
OU_M1(m_count, search(vm, "count", OU_COUNT, args, nargs, kwnames))

static OuObj *tail(OuVM *vm, const char *name, bool at_end, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize start, end;
    OuChars h = ou_text_of_str(args[0]);
    if (ou_text_search_args(vm, name, args, nargs, kwnames, h.n, &start, &end) < 0)
        return NULL;
    if (ou_isa_tuple(vm, args[1])) {
        OuTuple *t = OU_TUPLE(args[1]);
        for (size_t i = 0; i < t->n; i++) {
            if (!ou_isa_str(vm, t->items[i]))
                return ou_type_error(vm, "tuple for %s must only contain str, not %T", name, t->items[i]);
            OuChars s = ou_text_of_str(t->items[i]);
            if (ou_text_tailmatch(&h, &s, start, end, at_end))
                return ou_bool(vm, true);
        }
        return ou_bool(vm, false);
    }
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "%s first arg must be str or a tuple of str, not %T", name, args[1]);
    OuChars s = ou_text_of_str(args[1]);
    return ou_bool(vm, ou_text_tailmatch(&h, &s, start, end, at_end));
}
OU_M1(m_startswith, tail(vm, "startswith", false, args, nargs, kwnames))
OU_M1(m_endswith, tail(vm, "endswith", true, args, nargs, kwnames))

/* "replace() argument 1 must be str, not int" */
static int want_str(OuVM *vm, const char *name, int pos, OuObj *o)
{
    if (ou_isa_str(vm, o))
        return 0;
    if (pos)
        return ou_type_error_i(vm, "%s() argument %d must be str, not %s", name, pos,
                               ou_arg_type_name(vm, o));
    return ou_type_error_i(vm, "%s() argument must be str, not %s", name, ou_arg_type_name(vm, o));
}

OU_M(m_replace)
{
    ou_ssize count = -1;
    if (want_str(vm, "replace", 1, args[1]) < 0 || want_str(vm, "replace", 2, args[2]) < 0 ||
        ou_text_opt_ssize(vm, args[3], &count) < 0)
        return NULL;
    if (ou_is(args[0], str) && ou_str_eq(OU_STR(args[1]), OU_STR(args[2])))
        return ou_ref(args[0]);
    OuChars t = ou_text_of_str(args[0]), from = ou_text_of_str(args[1]), to = ou_text_of_str(args[2]);
    return ou_text_replace(vm, &t, &from, &to, count);
}

OU_M(m_removeprefix)
{
    if (want_str(vm, "removeprefix", 0, args[1]) < 0)
        return NULL;
    OuChars t = ou_text_of_str(args[0]), s = ou_text_of_str(args[1]);
    return ou_text_sub(vm, &t, ou_text_tailmatch(&t, &s, 0, t.n, false) ? s.n : 0, t.n);
}

OU_M(m_removesuffix)
{
    if (want_str(vm, "removesuffix", 0, args[1]) < 0)
        return NULL;
    OuChars t = ou_text_of_str(args[0]), s = ou_text_of_str(args[1]);
    return ou_text_sub(vm, &t, 0, s.n && ou_text_tailmatch(&t, &s, 0, t.n, true) ? t.n - s.n : t.n);
}

/* ---- cutting --------------------------------------------------------------------- */
static OuObj *split(OuVM *vm, OuObj *const *args, bool right)
{
    ou_ssize max = -1;
    OuObj *sep = args[1];
    if (ou_text_opt_ssize(vm, args[2], &max) < 0)
        return NULL;
    OuChars t = ou_text_of_str(args[0]);
    if (!sep || sep == OU_NONE(vm))
        return ou_text_split(vm, &t, NULL, max, right);
    if (!ou_isa_str(vm, sep))
        return ou_type_error(vm, "must be str or None, not %T", sep);
    OuChars s = ou_text_of_str(sep);
    return ou_text_split(vm, &t, &s, max, right);
}
OU_M1(m_split, split(vm, args, false))
OU_M1(m_rsplit, split(vm, args, true))

OU_M(m_splitlines)
{
    int keep = 0;
    if (args[1] &&
        ou_as_int(vm, args[1], &keep) < 0) /* an int, as the argument clinic's bool(accept={int}) asks */
        return NULL;
    OuChars t = ou_text_of_str(args[0]);
    return ou_text_splitlines(vm, &t, keep);
}

static OuObj *partition(OuVM *vm, OuObj *const *args, bool right)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "must be str, not %T", args[1]);
    OuChars t = ou_text_of_str(args[0]), s = ou_text_of_str(args[1]);
    return ou_text_partition(vm, &t, &s, args[1], right);
}
OU_M1(m_partition, partition(vm, args, false))
OU_M1(m_rpartition, partition(vm, args, true))

static OuObj *strip(OuVM *vm, const char *name, OuObj *const *args, bool left, bool right)
{
    OuChars t = ou_text_of_str(args[0]);
    if (!args[1] || args[1] == OU_NONE(vm))
        return ou_text_strip(vm, &t, NULL, left, right);
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "%s arg must be None or str", name);
    OuChars c = ou_text_of_str(args[1]);
    return ou_text_strip(vm, &t, &c, left, right);
}
OU_M1(m_strip, strip(vm, "strip", args, true, true))
OU_M1(m_lstrip, strip(vm, "lstrip", args, true, false))
OU_M1(m_rstrip, strip(vm, "rstrip", args, false, true))

/* ---- padding --------------------------------------------------------------------- */
static int width_fill(OuVM *vm, OuObj *const *args, ou_ssize *width, uint32_t *fill)
{
    *fill = ' ';
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), width) < 0)
        return -1;
    if (!args[2])
        return 0;
    if (!ou_isa_str(vm, args[2]))
        return ou_type_error_i(vm, "The fill character must be a unicode character, not %T", args[2]);
    if (ou_str_len(args[2]) != 1)
        return ou_type_error_i(vm, "The fill character must be exactly one character long");
    *fill = ou_str_at(OU_STR(args[2]), 0);
    return 0;
}
#define PAD(name, call)                              \
    OU_M(m_##name)                                   \
    {                                                \
        ou_ssize width;                              \
        uint32_t fill;                               \
        if (width_fill(vm, args, &width, &fill) < 0) \
            return NULL;                             \
        OuChars t = ou_text_of_str(args[0]);         \
        return call;                                 \
    }
PAD(ljust, ou_text_pad(vm, &t, 0, width - t.n, fill))
PAD(rjust, ou_text_pad(vm, &t, width - t.n, 0, fill))
PAD(center, ou_text_center(vm, &t, width, fill))

OU_M(m_zfill)
{
    ou_ssize width;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &width) < 0)
        return NULL;
    OuChars t = ou_text_of_str(args[0]);
    return ou_text_zfill(vm, &t, width);
}

OU_M(m_expandtabs)
{
    int size = 8;
    if (args[1] && ou_as_int(vm, args[1], &size) < 0)
        return NULL;
    OuChars t = ou_text_of_str(args[0]);
    return ou_text_expandtabs(vm, &t, size);
}

/* ---- the rest ---------------------------------------------------------------------- */
OU_M(m_join)
{
    OuObj *seq = ou_sequence_fast(vm, args[1], "can only join an iterable");
    if (!seq)
        return NULL;
    bool list = ou_isa_list(vm, seq);
    OuObj *r = ou_str_join(vm, args[0], list ? OU_LIST(seq)->items : OU_TUPLE(seq)->items,
                           list ? OU_LIST(seq)->n : OU_TUPLE(seq)->n);
    ou_decref(vm, seq);
    return r;
}

OU_M(m_encode)
{
    OuUtf8 enc = {0}, err = {0};
    OuObj *r = NULL;
    for (int i = 1; i < 3; i++)
        if (args[i] && !ou_isa_str(vm, args[i]))
            return ou_type_error(vm, "encode() argument '%s' must be str, not %s",
                                 i == 1 ? "encoding" : "errors", ou_arg_type_name(vm, args[i]));
    if ((!args[1] || ou_str_utf8_name(vm, args[1], &enc) == 0) &&
        (!args[2] || ou_str_utf8_name(vm, args[2], &err) == 0))
        r = ou_str_encode(vm, args[0], enc.s, err.s);
    ou_utf8_free(vm, &enc);
    ou_utf8_free(vm, &err);
    return r;
}

OU_M(m_format)
{
    size_t n = nargs - 1 + (kwnames ? OU_TUPLE(kwnames)->n : 0);
    ou_hold(args + 1, n);
    OuObj *r = ou_str_format(vm, args[0], args + 1, nargs - 1, kwnames, NULL);
    ou_unhold(vm, args + 1, n);
    return r;
}
OU_M1(m_format_map, ou_str_format(vm, args[0], NULL, 0, NULL, args[1]))

OU_M(m_dunder_format)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "__format__() argument must be str, not %s", ou_arg_type_name(vm, args[1]));
    return ou_str_format_spec(vm, args[0], args[1]);
}

OU_M1(m_translate, ou_str_translate(vm, args[0], args[1]))

OU_M(m_getnewargs)
{
    OuObj *s = ou_str_from_ucs(vm, OU_STR(args[0])->data, (int)OU_STR(args[0])->kind, ou_str_len(args[0]));
    return s ? ou_tuple_of_take(vm, &s, 1) : NULL;
}

OU_M1(m_sizeof, ou_int(vm, (int64_t)ou_str_memsize(OU_STR(args[0]))))

const OuFn ou_str_methods[] = {
    {"encode(self, /, encoding='utf-8', errors='strict')", m_encode, 0,
     "Encode the string using the codec registered for encoding.\n\n  encoding\n    The encoding in which to "
     "encode the "
     "string.\n  errors\n    The error handling scheme to use for encoding errors."},
    {"replace(self, old, new, count=-1, /)", m_replace, 0,
     "Return a copy with all occurrences of substring old replaced by new."},
    {"split(self, /, sep=None, maxsplit=-1)", m_split, 0,
     "Return a list of the substrings in the string, using sep as the separator string."},
    {"rsplit(self, /, sep=None, maxsplit=-1)", m_rsplit, 0,
     "Return a list of the substrings in the string, using sep as the separator string, from the end."},
    {"join(self, iterable, /)", m_join, 0, "Concatenate any number of strings."},
    {"capitalize(self, /)", m_capitalize, 0, "Return a capitalized version of the string."},
    {"casefold(self, /)", m_casefold, 0, "Return a version of the string suitable for caseless comparisons."},
    {"title(self, /)", m_title, 0, "Return a version of the string where each word is titlecased."},
    {"center(self, width, fillchar=' ', /)", m_center, 0, "Return a centered string of length width."},
    {"count(...)", m_count, 0, "S.count(sub[, start[, end]]) -> int"},
    {"expandtabs(self, /, tabsize=8)", m_expandtabs, 0,
     "Return a copy where all tab characters are expanded using spaces."},
    {"find(...)", m_find, 0, "S.find(sub[, start[, end]]) -> int"},
    {"partition(self, sep, /)", m_partition, 0,
     "Partition the string into three parts using the given separator."},
    {"index(...)", m_index, 0, "S.index(sub[, start[, end]]) -> int"},
    {"ljust(self, width, fillchar=' ', /)", m_ljust, 0, "Return a left-justified string of length width."},
    {"lower(self, /)", m_lower, 0, "Return a copy of the string converted to lowercase."},
    {"lstrip(self, chars=None, /)", m_lstrip, 0,
     "Return a copy of the string with leading whitespace removed."},
    {"rfind(...)", m_rfind, 0, "S.rfind(sub[, start[, end]]) -> int"},
    {"rindex(...)", m_rindex, 0, "S.rindex(sub[, start[, end]]) -> int"},
    {"rjust(self, width, fillchar=' ', /)", m_rjust, 0, "Return a right-justified string of length width."},
    {"rstrip(self, chars=None, /)", m_rstrip, 0,
     "Return a copy of the string with trailing whitespace removed."},
    {"rpartition(self, sep, /)", m_rpartition, 0,
     "Partition the string into three parts using the given separator, searching from the end."},
    {"splitlines(self, /, keepends=False)", m_splitlines, 0,
     "Return a list of the lines in the string, breaking at line boundaries."},
    {"strip(self, chars=None, /)", m_strip, 0,
     "Return a copy of the string with leading and trailing whitespace removed."},
    {"swapcase(self, /)", m_swapcase, 0,
     "Convert uppercase characters to lowercase and lowercase characters to uppercase."},
    {"translate(self, table, /)", m_translate, 0,
     "Replace each character in the string using the given translation table."},
    {"upper(self, /)", m_upper, 0, "Return a copy of the string converted to uppercase."},
    {"startswith(...)", m_startswith, 0, "S.startswith(prefix[, start[, end]]) -> bool"},
    {"endswith(...)", m_endswith, 0, "S.endswith(suffix[, start[, end]]) -> bool"},
    {"removeprefix(self, prefix, /)", m_removeprefix, 0,
     "Return a str with the given prefix string removed if present."},
    {"removesuffix(self, suffix, /)", m_removesuffix, 0,
     "Return a str with the given suffix string removed if present."},
    {"isascii(self, /)", m_isascii, 0,
     "Return True if all characters in the string are ASCII, False otherwise."},
    {"islower(self, /)", m_islower, 0, "Return True if the string is a lowercase string, False otherwise."},
    {"isupper(self, /)", m_isupper, 0, "Return True if the string is an uppercase string, False otherwise."},
    {"istitle(self, /)", m_istitle, 0, "Return True if the string is a title-cased string, False otherwise."},
    {"isspace(self, /)", m_isspace, 0, "Return True if the string is a whitespace string, False otherwise."},
    {"isdecimal(self, /)", m_isdecimal, 0, "Return True if the string is a decimal string, False otherwise."},
    {"isdigit(self, /)", m_isdigit, 0, "Return True if the string is a digit string, False otherwise."},
    {"isnumeric(self, /)", m_isnumeric, 0, "Return True if the string is a numeric string, False otherwise."},
    {"isalpha(self, /)", m_isalpha, 0, "Return True if the string is an alphabetic string, False otherwise."},
    {"isalnum(self, /)", m_isalnum, 0,
     "Return True if the string is an alpha-numeric string, False otherwise."},
    {"isidentifier(self, /)", m_isidentifier, 0,
     "Return True if the string is a valid Python identifier, False otherwise."},
    {"isprintable(self, /)", m_isprintable, 0, "Return True if the string is printable, False otherwise."},
    {"zfill(self, width, /)", m_zfill, 0,
     "Pad a numeric string with zeros on the left, to fill a field of the given width."},
    {"format(...)", m_format, 0, "S.format(*args, **kwargs) -> str"},
    {"format_map(self, mapping, /)", m_format_map, 0, "S.format_map(mapping) -> str"},
    {"__format__(self, format_spec, /)", m_dunder_format, 0,
     "Return a formatted version of the string as described by format_spec."},
    {"maketrans(...)", ou_str_maketrans, OU_FN_STATIC,
     "Return a translation table usable for str.translate()."},
    {"__sizeof__(self, /)", m_sizeof, 0, "Return the size of the string in memory, in bytes."},
    {"__getnewargs__(self, /)", m_getnewargs, OU_FN_NOTEXT, NULL},
    {0},
};
