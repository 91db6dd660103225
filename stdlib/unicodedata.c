/* stdlib/unicodedata.c - module unicodedata, on libunistring (Unicode 14.0, as CPython 3.11).
 *
 * Differences of the two sources are evened out here: names of Hangul syllables and CJK ideographs follow
 * from the code point in both; control characters have no name.  Not here: the C capsule _ucnhash_CAPI. */
#include "unicode_old.h"
#include "unicode_width.h"
#include "vm/native.h"
#include "vm/text/str_case.h"
#include "vm/text/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>
#include <uniname.h>

/* lang/escape.h, whose OuBytes is another one than ours: the code point of that name, or -1. */
extern int32_t ou_escape_lookup(const char *s, size_t n);

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static int one_char(OuVM *vm, const char *fn, bool several, OuObj *o, uint32_t *c)
{
    const char *arg = several ? "argument 1" : "argument";
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s() %s must be a unicode character, not %T", fn, arg, o);
    if (ou_str_len(o) != 1)
        return ou_type_error_i(vm, "%s() %s must be a unicode character, not str", fn, arg);
    *c = ou_str_at(OU_STR(o), 0);
    return 0;
}

static OuObj *dflt_or(OuVM *vm, OuObj *dflt, const char *msg)
{
    return dflt ? ou_ref(dflt) : ou_value_error(vm, "%s", msg);
}

FN(u_name)
{
    uint32_t c;
    char out[OU_CHAR_NAME_MAX];
    if (one_char(vm, "name", true, args[0], &c) < 0)
        return NULL;
    return ou_char_name(c, out) ? ou_str_new(vm, out, -1) : dflt_or(vm, args[1], "no such name");
}

static bool same_name(const char *a, const char *upper, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((a[i] >= 'a' && a[i] <= 'z' ? a[i] - 'a' + 'A' : a[i]) != upper[i])
            return false;
    return true;
}

/* The characters of a named sequence; NULL without exception: there is none of that name. */
static OuObj *sequence(OuVM *vm, const char *name, size_t n)
{
    static const char
        rows[] = /* one text: a table of pointers would be written by the loader at each start */
#define SEQUENCE(name, points) name ";" points "\n"
#include "named_sequences.def"
#undef SEQUENCE
        ;
    for (const char *row = rows; *row; row = strchr(row, '\n') + 1) {
        if (strcspn(row, ";") != n || !same_name(name, row, n))
            continue;
        uint32_t points[16];
        ou_ssize count = 0;
        char *at = (char *)row + n;
        while (*at != '\n' && count < 16)
            points[count++] = (uint32_t)strtoul(at + 1, &at, 16);
        return ou_str_from_ucs(vm, points, 4, count);
    }
    return NULL;
}

FN(u_lookup)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "lookup() argument must be str, not %s", ou_arg_type_name(vm, args[0]));
    if (ou_str_utf8(vm, args[0], &u, false) < 0)
        return NULL;
    int32_t c = ou_escape_lookup(u.s, u.n);
    OuObj *r = c >= 0 ? ou_str_char(vm, (uint32_t)c) : sequence(vm, u.s, u.n);
    if (!r && !ou_err_occurred(vm))
        ou_raise(vm, OU_EXC(vm, KeyError), "undefined character name '%s'", u.s);
    ou_utf8_free(vm, &u);
    return r;
}

FN(u_category)
{
    uint32_t c;
    if (one_char(vm, "category", false, args[0], &c) < 0)
        return NULL;
    return ou_str_new(vm, uc_general_category_name(uc_general_category(c)), -1);
}

FN(u_bidirectional)
{
    uint32_t c;
    if (one_char(vm, "bidirectional", false, args[0], &c) < 0)
        return NULL;
    /* unassigned characters have default classes in the library, none in UnicodeData.txt */
    if (uc_general_category(c).bitmask == UC_CATEGORY_MASK_Cn)
        return ou_ref(OU_EMPTY_STR(vm));
    if (c >= 0x2066 && c <= 0x2069) { /* newer than the library's names */
        static const char *const isolates[] = {"LRI", "RLI", "FSI", "PDI"};
        return ou_str_new(vm, isolates[c - 0x2066], -1);
    }
    return ou_str_new(vm, uc_bidi_class_name(uc_bidi_class(c)), -1);
}

FN(u_combining)
{
    uint32_t c;
    return one_char(vm, "combining", false, args[0], &c) < 0 ? NULL : ou_int(vm, uc_combining_class(c));
}

/* Bidi_Mirrored=Yes, which libunistring offers only for characters that have a mirror image. */
static const uint32_t mirrored_ranges[][2] = {
    {0x28, 0x29},       {0x3c, 0x3c},       {0x3e, 0x3e},       {0x5b, 0x5b},       {0x5d, 0x5d},
    {0x7b, 0x7b},       {0x7d, 0x7d},       {0xab, 0xab},       {0xbb, 0xbb},       {0xf3a, 0xf3d},
    {0x169b, 0x169c},   {0x2039, 0x203a},   {0x2045, 0x2046},   {0x207d, 0x207e},   {0x208d, 0x208e},
    {0x2140, 0x2140},   {0x2201, 0x2204},   {0x2208, 0x220d},   {0x2211, 0x2211},   {0x2215, 0x2216},
    {0x221a, 0x221d},   {0x221f, 0x2222},   {0x2224, 0x2224},   {0x2226, 0x2226},   {0x222b, 0x2233},
    {0x2239, 0x2239},   {0x223b, 0x224c},   {0x2252, 0x2255},   {0x225f, 0x2260},   {0x2262, 0x2262},
    {0x2264, 0x226b},   {0x226e, 0x228c},   {0x228f, 0x2292},   {0x2298, 0x2298},   {0x22a2, 0x22a3},
    {0x22a6, 0x22b8},   {0x22be, 0x22bf},   {0x22c9, 0x22cd},   {0x22d0, 0x22d1},   {0x22d6, 0x22ed},
    {0x22f0, 0x22ff},   {0x2308, 0x230b},   {0x2320, 0x2321},   {0x2329, 0x232a},   {0x2768, 0x2775},
    {0x27c0, 0x27c0},   {0x27c3, 0x27c6},   {0x27c8, 0x27c9},   {0x27cb, 0x27cd},   {0x27d3, 0x27d6},
    {0x27dc, 0x27de},   {0x27e2, 0x27ef},   {0x2983, 0x2998},   {0x299b, 0x29a0},   {0x29a2, 0x29af},
    {0x29b8, 0x29b8},   {0x29c0, 0x29c5},   {0x29c9, 0x29c9},   {0x29ce, 0x29d2},   {0x29d4, 0x29d5},
    {0x29d8, 0x29dc},   {0x29e1, 0x29e1},   {0x29e3, 0x29e5},   {0x29e8, 0x29e9},   {0x29f4, 0x29f9},
    {0x29fc, 0x29fd},   {0x2a0a, 0x2a1c},   {0x2a1e, 0x2a21},   {0x2a24, 0x2a24},   {0x2a26, 0x2a26},
    {0x2a29, 0x2a29},   {0x2a2b, 0x2a2e},   {0x2a34, 0x2a35},   {0x2a3c, 0x2a3e},   {0x2a57, 0x2a58},
    {0x2a64, 0x2a65},   {0x2a6a, 0x2a6d},   {0x2a6f, 0x2a70},   {0x2a73, 0x2a74},   {0x2a79, 0x2aa3},
    {0x2aa6, 0x2aad},   {0x2aaf, 0x2ad6},   {0x2adc, 0x2adc},   {0x2ade, 0x2ade},   {0x2ae2, 0x2ae6},
    {0x2aec, 0x2aee},   {0x2af3, 0x2af3},   {0x2af7, 0x2afb},   {0x2afd, 0x2afd},   {0x2bfe, 0x2bfe},
    {0x2e02, 0x2e05},   {0x2e09, 0x2e0a},   {0x2e0c, 0x2e0d},   {0x2e1c, 0x2e1d},   {0x2e20, 0x2e29},
    {0x2e55, 0x2e5c},   {0x3008, 0x3011},   {0x3014, 0x301b},   {0xfe59, 0xfe5e},   {0xfe64, 0xfe65},
    {0xff08, 0xff09},   {0xff1c, 0xff1c},   {0xff1e, 0xff1e},   {0xff3b, 0xff3b},   {0xff3d, 0xff3d},
    {0xff5b, 0xff5b},   {0xff5d, 0xff5d},   {0xff5f, 0xff60},   {0xff62, 0xff63},   {0x1d6db, 0x1d6db},
    {0x1d715, 0x1d715}, {0x1d74f, 0x1d74f}, {0x1d789, 0x1d789}, {0x1d7c3, 0x1d7c3},
};

static bool is_mirrored(uint32_t c)
{
    size_t lo = 0, hi = sizeof mirrored_ranges / sizeof *mirrored_ranges;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (c > mirrored_ranges[mid][1])
            lo = mid + 1;
        else if (c < mirrored_ranges[mid][0])
            hi = mid;
        else
            return true;
    }
    return false;
}

FN(u_mirrored)
{
    uint32_t c;
    return one_char(vm, "mirrored", false, args[0], &c) < 0 ? NULL : ou_int(vm, is_mirrored(c));
}

FN(u_decimal)
{
    uint32_t c;
    if (one_char(vm, "decimal", true, args[0], &c) < 0)
        return NULL;
    int v = uc_decimal_value(c);
    return v >= 0 ? ou_int(vm, v) : dflt_or(vm, args[1], "not a decimal");
}

FN(u_digit)
{
    uint32_t c;
    if (one_char(vm, "digit", true, args[0], &c) < 0)
        return NULL;
    int v = uc_digit_value(c);
    return v >= 0 ? ou_int(vm, v) : dflt_or(vm, args[1], "not a digit");
}

FN(u_numeric)
{
    uint32_t c;
    double v;
    if (one_char(vm, "numeric", true, args[0], &c) < 0)
        return NULL;
    return ou_char_numeric_value(c, &v) ? ou_float(vm, v) : dflt_or(vm, args[1], "not a numeric character");
}

FN(u_decomposition)
{
    uint32_t c;
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    static const char *const tags[] = {"",           "<font>",     "<noBreak>", "<initial>", "<medial>",
                                       "<final>",    "<isolated>", "<circle>",  "<super>",   "<sub>",
                                       "<vertical>", "<wide>",     "<narrow>",  "<small>",   "<square>",
                                       "<fraction>", "<compat>"};
    int tag;
    if (one_char(vm, "decomposition", false, args[0], &c) < 0)
        return NULL;
    int n = c >= 0xac00 && c < 0xac00 + 11172 ? -1 : uc_decomposition(c, &tag, parts);
    if (n < 0)
        return ou_ref(OU_EMPTY_STR(vm));
    char out[16 + 8 * UC_DECOMPOSITION_MAX_LENGTH];
    size_t k = (size_t)snprintf(out, sizeof out, "%s", tags[tag]);
    for (int i = 0; i < n; i++)
        k += (size_t)snprintf(out + k, sizeof out - k, "%s%04X", k ? " " : "", parts[i]);
    return ou_str_new(vm, out, (ou_ssize)k);
}

FN(u_east_asian_width)
{
    uint32_t c;
    if (one_char(vm, "east_asian_width", false, args[0], &c) < 0)
        return NULL;
    return ou_str_new(vm, ou_char_width_class(c), -1);
}

static uninorm_t form_of(OuVM *vm, OuObj *o)
{
    if (ou_str_eq_s(o, "NFC"))
        return UNINORM_NFC;
    if (ou_str_eq_s(o, "NFD"))
        return UNINORM_NFD;
    if (ou_str_eq_s(o, "NFKC"))
        return UNINORM_NFKC;
    if (ou_str_eq_s(o, "NFKD"))
        return UNINORM_NFKD;
    return ou_value_error(vm, "invalid normalization form");
}

/* Characters below U+00C0 (U+00A0 for the compatibility forms) never change. */
static bool trivial(const OuStr *s)
{
    return s->ascii || s->len == 0;
}

static bool is_surrogate(uint32_t c)
{
    return c >= 0xd800 && c < 0xe000;
}

static OuObj *normalize(OuVM *vm, OuObj *form, OuObj *s)
{
    uninorm_t f = form_of(vm, form);
    if (!f)
        return NULL;
    if (trivial(OU_STR(s)))
        return ou_str_exact(vm, s);
    size_t n = OU_STR(s)->len, size = n * sizeof(uint32_t), len = 0;
    uint32_t *in = ou_alloc(vm, size);
    if (!in)
        return NULL;
    ou_kind_copy(in, 4, 0, OU_STR(s)->data, (int)OU_STR(s)->kind, 0, (ou_ssize)n);
    OuStrBuf b;
    bool ok = true;
    ou_strbuf_init(&b, vm);
    for (size_t from = 0, i = 0; ok && from < n; from = i) {
        for (i = from; i < n && !is_surrogate(in[i]); i++)
            continue;
        if (i > from) { /* the result comes from malloc */
            uint32_t *out = u32_normalize(f, in + from, i - from, NULL, &len);
            OuObj *part = out ? ou_str_from_ucs(vm, out, 4, (ou_ssize)len) : ou_raise_memory(vm);
            free(out);
            ok = part && ou_strbuf_str(&b, part) == 0;
            ou_xdecref(vm, part);
        }
        /* the library would put U+FFFD for a lone surrogate, which combines with nothing */
        for (; ok && i < n && is_surrogate(in[i]); i++)
            ok = ou_strbuf_char(&b, in[i]) == 0;
    }
    ou_free(vm, in, size);
    if (!ok) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

static int two_str(OuVM *vm, const char *fn, OuObj *const *args)
{
    for (int i = 0; i < 2; i++)
        if (!ou_isa_str(vm, args[i]))
            return ou_type_error_i(vm, "%s() argument %d must be str, not %s", fn, i + 1,
                                   ou_arg_type_name(vm, args[i]));
    return 0;
}

FN(u_normalize)
{
    return two_str(vm, "normalize", args) < 0 ? NULL : normalize(vm, args[0], args[1]);
}

FN(u_is_normalized)
{
    if (two_str(vm, "is_normalized", args) < 0)
        return NULL;
    OuObj *n = normalize(vm, args[0], args[1]);
    if (!n)
        return NULL;
    bool same = ou_str_eq(OU_STR(n), OU_STR(args[1]));
    ou_decref(vm, n);
    return ou_bool(vm, same);
}

static const OuFn functions[] = {
    {"decimal(chr, default=None, /)", u_decimal, 0,
     "Converts a Unicode character into its equivalent decimal value."},
    {"digit(chr, default=None, /)", u_digit, 0,
     "Converts a Unicode character into its equivalent digit value."},
    {"numeric(chr, default=None, /)", u_numeric, 0,
     "Converts a Unicode character into its equivalent numeric value."},
    {"category(chr, /)", u_category, 0,
     "Returns the general category assigned to the character chr as string."},
    {"bidirectional(chr, /)", u_bidirectional, 0,
     "Returns the bidirectional class assigned to the character chr as string."},
    {"combining(chr, /)", u_combining, 0,
     "Returns the canonical combining class assigned to the character chr as integer."},
    {"mirrored(chr, /)", u_mirrored, 0,
     "Returns the mirrored property assigned to the character chr as integer."},
    {"east_asian_width(chr, /)", u_east_asian_width, 0,
     "Returns the east asian width assigned to the character chr as string."},
    {"decomposition(chr, /)", u_decomposition, 0,
     "Returns the character decomposition mapping assigned to the character chr as string."},
    {"name(chr, default=None, /)", u_name, 0, "Returns the name assigned to the character chr as a string."},
    {"lookup(name, /)", u_lookup, 0, "Look up character by name."},
    {"normalize(form, unistr, /)", u_normalize, 0,
     "Return the normal form 'form' for the Unicode string unistr."},
    {"is_normalized(form, unistr, /)", u_is_normalized, 0,
     "Return whether the Unicode string unistr is in the normal form 'form'."},
    {0},
};

/* ---- the database of Unicode 3.2 ----
 * Its methods answer as the functions above but for characters that were not assigned yet or have been corrected since. */
static OuObj *old_version(OuVM *vm, OuObj *self, void *data)
{
    return ou_str_new(vm, "3.2.0", -1);
}

/* The character in args[1], if it is one and was not assigned in 3.2. */
static bool was_new(OuVM *vm, OuObj *const *args)
{
    return ou_isa_str(vm, args[1]) && ou_str_len(args[1]) == 1 &&
           !ou_old_assigned(ou_str_at(OU_STR(args[1]), 0));
}

/* What has changed of it since; NULL: nothing. */
static const OuOldChange *changed(OuVM *vm, OuObj *const *args)
{
    return ou_isa_str(vm, args[1]) && ou_str_len(args[1]) == 1 ? ou_old_change(ou_str_at(OU_STR(args[1]), 0))
                                                               : NULL;
}

FN(old_decimal)
{
    const OuOldChange *old = changed(vm, args);
    if (was_new(vm, args) || (old && old->decimal == -1))
        return dflt_or(vm, args[2], "not a decimal");
    return old && old->decimal >= 0 ? ou_int(vm, old->decimal) : u_decimal(vm, args + 1, nargs - 1, kwnames);
}

FN(old_digit)
{
    return u_digit(vm, args + 1, nargs - 1, kwnames);
}

FN(old_numeric)
{
    return was_new(vm, args) ? dflt_or(vm, args[2], "not a numeric character")
                             : u_numeric(vm, args + 1, nargs - 1, kwnames);
}

FN(old_category)
{
    const OuOldChange *old = changed(vm, args);
    if (was_new(vm, args))
        return ou_str_new(vm, "Cn", -1);
    return old && *old->category ? ou_str_new(vm, old->category, -1)
                                 : u_category(vm, args + 1, nargs - 1, kwnames);
}

FN(old_bidirectional)
{
    const OuOldChange *old = changed(vm, args);
    if (was_new(vm, args))
        return ou_ref(OU_EMPTY_STR(vm));
    return old && *old->bidi ? ou_str_new(vm, old->bidi, -1)
                             : u_bidirectional(vm, args + 1, nargs - 1, kwnames);
}

FN(old_combining)
{
    return was_new(vm, args) ? ou_int(vm, 0) : u_combining(vm, args + 1, nargs - 1, kwnames);
}

FN(old_mirrored)
{
    const OuOldChange *old = changed(vm, args);
    if (was_new(vm, args))
        return ou_int(vm, 0);
    return old && old->mirrored >= 0 ? ou_int(vm, old->mirrored)
                                     : u_mirrored(vm, args + 1, nargs - 1, kwnames);
}

FN(old_east_asian_width)
{
    const OuOldChange *old = changed(vm, args);
    if (was_new(vm, args))
        return ou_str_new(vm, "F", -1); /* as CPython: the first class of its table */
    return old && *old->width ? ou_str_new(vm, old->width, -1)
                              : u_east_asian_width(vm, args + 1, nargs - 1, kwnames);
}

FN(old_decomposition)
{
    return was_new(vm, args) ? ou_ref(OU_EMPTY_STR(vm)) : u_decomposition(vm, args + 1, nargs - 1, kwnames);
}

FN(old_name)
{
    return was_new(vm, args) ? dflt_or(vm, args[2], "no such name")
                             : u_name(vm, args + 1, nargs - 1, kwnames);
}

/* By names proper: it knows no aliases and no sequences. */
FN(old_lookup)
{
    OuObj *r = u_lookup(vm, args + 1, nargs - 1, kwnames);
    char name[OU_CHAR_NAME_MAX];
    OuUtf8 u;
    if (!r || ou_str_utf8(vm, args[1], &u, false) < 0)
        return r;
    uint32_t c = ou_str_at(OU_STR(r), 0);
    if (ou_str_len(r) != 1 || !ou_old_assigned(c) || !ou_char_name(c, name) || strlen(name) != u.n ||
        !same_name(u.s, name, u.n)) {
        ou_clear(vm, r);
        ou_raise(vm, OU_EXC(vm, KeyError), "undefined character name '%s'", u.s);
    }
    ou_utf8_free(vm, &u);
    return r;
}

/* Whether today's database decomposes c and that of 3.2 did not. */
static bool decomposes_now(uint32_t c)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag;
    return !ou_old_assigned(c) && uc_decomposition(c, &tag, parts) >= 0;
}

/* While the text is normalized, private characters of plane 16 stand, in order, for those that 3.2 does not decompose. */
static OuObj *old_normal(OuVM *vm, OuObj *form, OuObj *s)
{
    enum { STAND_IN = 0x100000, MOST = 0x8000 };
    size_t n = OU_STR(s)->len, size = n * sizeof(uint32_t), kept = 0, k = 0;
    uint32_t *in = ou_alloc(vm, size ? size : 1), *was = ou_alloc(vm, size ? size : 1);
    OuObj *mapped = NULL, *r = NULL, *res = NULL;
    if (!in || !was)
        goto done;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = ou_str_at(OU_STR(s), (ou_ssize)i), other;
        if ((other = ou_old_equivalent(c))) {
            c = other;
        } else if ((decomposes_now(c) || (c >= STAND_IN && c < STAND_IN + MOST)) && kept < MOST) {
            was[kept] = c;
            c = STAND_IN + (uint32_t)kept++;
        }
        in[i] = c;
    }
    mapped = ou_str_from_ucs(vm, in, 4, (ou_ssize)n);
    r = mapped ? normalize(vm, form, mapped) : NULL;
    if (!r || !kept) {
        res = r ? ou_ref(r) : NULL;
    } else {
        OuStrBuf b;
        ou_strbuf_init(&b, vm);
        int failed = 0;
        for (ou_ssize i = 0; !failed && i < ou_str_len(r); i++) {
            uint32_t c = ou_str_at(OU_STR(r), i);
            failed = ou_strbuf_char(&b, c >= STAND_IN && c < STAND_IN + MOST ? was[k++] : c) < 0;
        }
        if (failed)
            ou_strbuf_free(&b);
        else
            res = ou_strbuf_take(&b);
    }
done:
    ou_xdecref(vm, mapped);
    ou_xdecref(vm, r);
    ou_free(vm, in, size ? size : 1);
    ou_free(vm, was, size ? size : 1);
    return res;
}

FN(old_normalize)
{
    return two_str(vm, "normalize", args + 1) < 0 ? NULL : old_normal(vm, args[1], args[2]);
}

FN(old_is_normalized)
{
    if (two_str(vm, "is_normalized", args + 1) < 0)
        return NULL;
    OuObj *n = old_normal(vm, args[1], args[2]);
    if (!n)
        return NULL;
    bool same = ou_str_eq(OU_STR(n), OU_STR(args[2]));
    ou_decref(vm, n);
    return ou_bool(vm, same);
}

static const OuFn old_methods[] = {
    {"decimal(self, chr, default=None, /)", old_decimal, 0, NULL},
    {"digit(self, chr, default=None, /)", old_digit, 0, NULL},
    {"numeric(self, chr, default=None, /)", old_numeric, 0, NULL},
    {"category(self, chr, /)", old_category, 0, NULL},
    {"bidirectional(self, chr, /)", old_bidirectional, 0, NULL},
    {"combining(self, chr, /)", old_combining, 0, NULL},
    {"mirrored(self, chr, /)", old_mirrored, 0, NULL},
    {"east_asian_width(self, chr, /)", old_east_asian_width, 0, NULL},
    {"decomposition(self, chr, /)", old_decomposition, 0, NULL},
    {"name(self, chr, default=None, /)", old_name, 0, NULL},
    {"lookup(self, name, /)", old_lookup, 0, NULL},
    {"normalize(self, form, unistr, /)", old_normalize, 0, NULL},
    {"is_normalized(self, form, unistr, /)", old_is_normalized, 0, NULL},
    {0},
};
static const OuGetSet old_getset[] = {{"unidata_version", old_version, NULL, NULL, NULL}, {0}};
static void old_dealloc(OuVM *vm, OuObj *o)
{
    ou_free_object(vm, o);
}
static const OuTypeSpec old_spec = {
    .name = "unicodedata.UCD",
    .size = sizeof(OuObj),
    .flags = OU_TYPE_NO_NEW | OU_TYPE_IMMUTABLE,
    .dealloc = old_dealloc,
    .methods = old_methods,
    .getset = old_getset,
};

static int exec(OuVM *vm, OuObj *module)
{
    OuType *t = ou_module_add_type(vm, module, &old_spec, NULL);
    OuObj *old = t ? ou_type_alloc(vm, t, 0) : NULL;
    return !old || ou_module_add(vm, module, "ucd_3_2_0", old) < 0
               ? -1
               : ou_module_add_str(vm, module, "unidata_version", "14.0.0");
}

const OuModuleDef ou_mod_unicodedata = {
    .name = "unicodedata",
    .doc = "This module provides access to the Unicode Character Database which\ndefines character "
           "properties for all Unicode characters.",
    .functions = functions,
    .exec = exec,
};
