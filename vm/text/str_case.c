/* vm/text/str_case.c - case mapping and character classes of str (Unicode 14, by libunistring).
 *
 * Full mappings ("ß".upper() is "SS") come from the library's string functions, called for one character with
 * a buffer of our own, so that nothing is allocated behind the memory gate.  Only the few blocks that have
 * multi-character mappings pay for that call. */
#include "text.h"
#include "str_case.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>

bool ou_char_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f);
    if (c < 0x1680)
        return c == 0x85 || c == 0xa0;
    return c <= 0x3000 && (c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
                           c == 0x202f || c == 0x205f || c == 0x3000);
}

bool ou_char_linebreak(uint32_t c)
{
    return (c >= 10 && c <= 13) || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool ou_char_printable(uint32_t c)
{
    if (c < 0x7f)
        return c >= 0x20;
    if (c < 0xa1 || c == 0xad)
        return false;
    if (c < 0x100)
        return true;
    return !uc_is_general_category_withtable((ucs4_t)c, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z);
}

/* Names of letters and digits; the ASCII part without a table look-up. */
static bool is_alpha(uint32_t c)
{
    if (c < 0x80)
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L);
}
bool ou_char_decimal(uint32_t c)
{
    return c < 0x80 ? c >= '0' && c <= '9' : uc_decimal_value(c) >= 0;
}
bool ou_char_digit(uint32_t c)
{
    return c < 0x80 ? c >= '0' && c <= '9' : uc_digit_value(c) >= 0;
}
/* Ideographs with a value in Unihan (kPrimaryNumeric and its kin), which the library leaves out; sorted. */
static const struct {
    uint32_t c;
    double value;
} unihan[] = {
    {0x3405, 5},    {0x3483, 2},    {0x382a, 5},    {0x3b4d, 7},  {0x4e00, 1},     {0x4e03, 7},
    {0x4e07, 1e4},  {0x4e09, 3},    {0x4e5d, 9},    {0x4e8c, 2},  {0x4e94, 5},     {0x4e96, 4},
    {0x4ebf, 1e8},  {0x4ec0, 10},   {0x4edf, 1000}, {0x4ee8, 3},  {0x4f0d, 5},     {0x4f70, 100},
    {0x5104, 1e8},  {0x5146, 1e12}, {0x5169, 2},    {0x516b, 8},  {0x516d, 6},     {0x5341, 10},
    {0x5343, 1000}, {0x5344, 20},   {0x5345, 30},   {0x534c, 40}, {0x53c1, 3},     {0x53c2, 3},
    {0x53c3, 3},    {0x53c4, 3},    {0x56db, 4},    {0x58f1, 1},  {0x58f9, 1},     {0x5e7a, 1},
    {0x5efe, 9},    {0x5eff, 20},   {0x5f0c, 1},    {0x5f0d, 2},  {0x5f0e, 3},     {0x5f10, 2},
    {0x62fe, 10},   {0x634c, 8},    {0x67d2, 7},    {0x6f06, 7},  {0x7396, 9},     {0x767e, 100},
    {0x8086, 4},    {0x842c, 1e4},  {0x8cae, 2},    {0x8cb3, 2},  {0x8d30, 2},     {0x9621, 1000},
    {0x9646, 6},    {0x964c, 100},  {0x9678, 6},    {0x96f6, 0},  {0x16b60, 1e10}, {0x16b61, 1e12},
    {0x20001, 7},   {0x20064, 4},   {0x200e2, 4},   {0x20121, 5}, {0x2092a, 1},    {0x20983, 30},
    {0x2098c, 40},  {0x2099c, 40},  {0x20aea, 6},   {0x20afd, 3}, {0x20b19, 3},    {0x22390, 2},
    {0x22998, 3},   {0x23b1b, 3},   {0x2626d, 4},
};

bool ou_char_numeric_value(uint32_t c, double *v)
{
    if (c >= unihan[0].c) {
        size_t lo = 0, hi = sizeof unihan / sizeof *unihan;
        while (lo < hi) {
            size_t mid = (lo + hi) / 2;
            if (unihan[mid].c == c) {
                *v = unihan[mid].value;
                return true;
            }
            if (unihan[mid].c < c)
                lo = mid + 1;
            else
                hi = mid;
        }
    }
    uc_fraction_t f = uc_numeric_value(c);
    if (f.denominator == 0)
        return false;
    *v = (double)f.numerator / f.denominator;
    return true;
}
bool ou_char_numeric(uint32_t c)
{
    double v;
    return c < 0x80 ? c >= '0' && c <= '9' : ou_char_numeric_value(c, &v);
}
bool ou_char_alnum(uint32_t c)
{
    return is_alpha(c) || ou_char_numeric(c);
}
static bool is_lower(uint32_t c)
{
    if (c < 0x100)
        return (c >= 'a' && c <= 'z') || c == 0xaa || c == 0xb5 || c == 0xba || (c >= 0xdf && c != 0xf7);
    return uc_is_property_lowercase(c);
}
static bool is_upper(uint32_t c)
{
    if (c < 0x100)
        return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);
    return uc_is_property_uppercase(c);
}
static bool is_title(uint32_t c)
{
    return c >= 0x100 && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Lt);
}
static bool is_cased(uint32_t c)
{
    return is_lower(c) || is_upper(c) || is_title(c);
}
static bool xid_start(uint32_t c)
{
    return c < 0x80 ? is_alpha(c) || c == '_' : uc_is_property_xid_start(c);
}
static bool xid_continue(uint32_t c)
{
    return c < 0x80 ? is_alpha(c) || c == '_' || ou_char_decimal(c) : uc_is_property_xid_continue(c);
}

/* ---- mapping ------------------------------------------------------------------- */
typedef uint32_t *FullMap(const uint32_t *s, size_t n, const char *lang, uninorm_t nf, uint32_t *out,
                          size_t *len);

static bool has_full(uint32_t c)
{
    return c == 0xdf || c == 0x130 || c == 0x149 || c == 0x1f0 || c == 0x390 || c == 0x3b0 || c == 0x587 ||
           (c >= 0x1e96 && c <= 0x1e9e) || (c >= 0x1f50 && c <= 0x1fff) || (c >= 0xfb00 && c <= 0xfb17);
}

static int full(FullMap *map, uint32_t c, uint32_t out[4])
{
    size_t n = 4;
    uint32_t *r = map(&c, 1, NULL, NULL, out, &n);
    if (r != out) { /* never for one character: at most three come out */
        free(r);
        out[0] = c;
        return 1;
    }
    return (int)n;
}

/* Of Latin-1: in one block of letters each, 32 apart, but for two signs; three small letters have theirs elsewhere. */
static inline bool latin1_upper(uint32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);
}
static inline bool latin1_has_upper(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7);
}
static inline bool latin1_special(uint32_t c)
{
    return c == 0xb5 || c == 0xdf || c == 0xff;
}

/* The scripts of East Asia: no character has case. */
static inline bool caseless(uint32_t c)
{
    return (c >= 0x2e80 && c < 0xa640) || (c >= 0xac00 && c < 0xfb00);
}

uint32_t ou_char_tolower(uint32_t c)
{
    uint32_t out[4];
    if (c < 0x100)
        return latin1_upper(c) ? c + 32 : c;
    if (c != 0x130)
        return uc_tolower(c);
    full(u32_tolower, c, out);
    return out[0];
}
/* Where the full mapping has several characters, the first of them, as CPython's tables give. */
uint32_t ou_char_toupper(uint32_t c)
{
    uint32_t out[4];
    if (c < 0x100 && !latin1_special(c))
        return latin1_has_upper(c) ? c - 32 : c;
    if (!has_full(c))
        return uc_toupper(c);
    full(u32_toupper, c, out);
    return out[0];
}

static int to_upper(uint32_t c, uint32_t out[4])
{
    if (has_full(c))
        return full(u32_toupper, c, out);
    out[0] = ou_char_toupper(c);
    return 1;
}
static int to_title(uint32_t c, uint32_t out[4])
{
    if (has_full(c))
        return full(u32_totitle, c, out);
    out[0] = c < 0x100 ? ou_char_toupper(c) : uc_totitle(c);
    return 1;
}
static int to_fold(uint32_t c, uint32_t out[4])
{
    if (c < 0x100 && !latin1_special(c)) {
        out[0] = ou_char_tolower(c);
        return 1;
    }
    if (c >= 0xd800 && c <= 0xdfff) { /* the library takes it for an error */
        out[0] = c;
        return 1;
    }
    return full(u32_casefold, c, out);
}

/* Final sigma (Unicode 3.13): a cased letter before, none after, case-ignorable characters skipped. */
static uint32_t lower_sigma(const OuStr *s, ou_ssize i)
{
    ou_ssize j = i - 1, n = (ou_ssize)s->len;
    while (j >= 0 && uc_is_property_case_ignorable(ou_str_at(s, j)))
        j--;
    if (j < 0 || !uc_is_property_cased(ou_str_at(s, j)))
        return 0x3c3;
    for (j = i + 1; j < n && uc_is_property_case_ignorable(ou_str_at(s, j)); j++)
        ;
    return j < n && uc_is_property_cased(ou_str_at(s, j)) ? 0x3c3 : 0x3c2;
}
static int to_lower(const OuStr *s, ou_ssize i, uint32_t out[4])
{
    uint32_t c = ou_str_at(s, i);
    if (c == 0x3a3) {
        out[0] = lower_sigma(s, i);
        return 1;
    }
    if (c == 0x130)
        return full(u32_tolower, c, out);
    out[0] = ou_char_tolower(c);
    return 1;
}

typedef enum { UPPER, LOWER, FOLD, SWAP, CAPITALIZE, TITLE } Mode;

static int map_one(const OuStr *s, ou_ssize i, Mode mode, bool *prev_cased, uint32_t out[4])
{
    uint32_t c = ou_str_at(s, i);
    bool after;
    switch (mode) {
    case UPPER:
        return to_upper(c, out);
    case LOWER:
        return to_lower(s, i, out);
    case FOLD:
        return to_fold(c, out);
    case SWAP:
        return is_upper(c) ? to_lower(s, i, out) : is_lower(c) ? to_upper(c, out) : (out[0] = c, 1);
    case CAPITALIZE:
        return i == 0 ? to_title(c, out) : to_lower(s, i, out);
    default:
        after = *prev_cased;
        *prev_cased = is_cased(c);
        return after ? to_lower(s, i, out) : to_title(c, out);
    }
}

static char ascii_one(char c, Mode mode, ou_ssize i, bool *prev)
{
    bool up = c >= 'A' && c <= 'Z', low = c >= 'a' && c <= 'z', was = *prev;
    *prev = up || low;
    switch (mode) {
    case SWAP:
        return low ? (char)(c - 32) : up ? (char)(c + 32) : c;
    case CAPITALIZE:
        was = i > 0;
        break;
    default:
        break;
    }
    return was ? (up ? (char)(c + 32) : c) : (low ? (char)(c - 32) : c);
}

/* Turns the 26 letters from `first` on into the other case: a loop without branches nor aliases, which the compiler makes
 * vectors of. */
static void flip_between(char *restrict to, const char *restrict from, size_t n, unsigned char first)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (char)(from[i] ^ ((unsigned char)(from[i] - first) < 26) << 5);
}

/* Latin-1 by loops without branches, which the compiler makes vectors of; false where a result lies elsewhere. */
static bool map_latin1(const OuStr *s, uint8_t *restrict to, Mode mode)
{
    const uint8_t *restrict from = (const uint8_t *)s->data;
    size_t n = s->len;
    if (mode != LOWER) {
        uint8_t special = 0;
        for (size_t i = 0; i < n; i++)
            special |=
                (uint8_t)((from[i] == 0xb5) | (from[i] == 0xdf) | ((from[i] == 0xff) & (mode == UPPER)));
        if (special)
            return false;
    }
    if (mode == UPPER)
        for (size_t i = 0; i < n; i++)
            to[i] = (uint8_t)(from[i] - ((((uint8_t)(from[i] - 'a') < 26) |
                                          (((uint8_t)(from[i] - 0xe0) < 31) & (from[i] != 0xf7)))
                                         << 5));
    else
        for (size_t i = 0; i < n; i++)
            to[i] = (uint8_t)(from[i] + ((((uint8_t)(from[i] - 'A') < 26) |
                                          (((uint8_t)(from[i] - 0xc0) < 31) & (from[i] != 0xd7)))
                                         << 5));
    return true;
}

/* Writes the mapping of s to `to`, of the same kind and length; false where one does not fit. */
static bool map_same_size(const OuStr *s, OuStr *to, Mode mode)
{
    bool prev = false;
    int kind = (int)s->kind;
    if (kind == 1 && (mode == UPPER || mode == LOWER || mode == FOLD))
        return map_latin1(s, (uint8_t *)to->data, mode);
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i), out[4];
        if (caseless(c) || c == ' ') {
            out[0] = c;
            prev = false;
        } else if (c < 0x100 && mode <= FOLD && !latin1_special(c)) {
            out[0] = mode == UPPER ? c - (latin1_has_upper(c) ? 32 : 0) : c + (latin1_upper(c) ? 32 : 0);
        } else if (c < 0x100 && !latin1_special(c) && c != 0xaa && c != 0xba) {
            bool up = latin1_upper(c), low = latin1_has_upper(c);
            bool lower = mode == SWAP ? up : mode == CAPITALIZE ? i > 0 : prev;
            out[0] = lower ? c + (up ? 32 : 0) : c - (low ? 32 : 0);
            prev = up || low;
        } else if (map_one(s, i, mode, &prev, out) != 1 || ou_kind_of_char(out[0]) > kind) {
            return false;
        }
        ou_kind_put(to->data, kind, i, out[0]);
    }
    return true;
}

static OuObj *map_case(OuVM *vm, OuObj *o, Mode mode)
{
    OuStr *s = OU_STR(o);
    bool prev = false;
    if (s->ascii) {
        OuObj *r = ou_str_alloc(vm, (ou_ssize)s->len, 0x7f);
        if (!r || s->len == 0)
            return r;
        char *to = OU_STR(r)->data;
        if (mode == UPPER)
            flip_between(to, s->data, s->len, 'a');
        else if (mode == LOWER || mode == FOLD)
            flip_between(to, s->data, s->len, 'A');
        else
            for (ou_ssize i = 0; i < (ou_ssize)s->len; i++)
                to[i] = ascii_one(s->data[i], mode, i, &prev);
        return r;
    }
    OuObj *same = ou_str_alloc(vm, (ou_ssize)s->len, ou_str_maxbound(s));
    if (!same)
        return NULL;
    if (map_same_size(s, OU_STR(same), mode))
        return ou_str_narrow(vm, same);
    ou_decref(vm, same);
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t out[4];
        int n = map_one(s, i, mode, &prev, out);
        for (int k = 0; k < n; k++) {
            if (ou_strbuf_char(&b, out[k]) < 0) {
                ou_strbuf_free(&b);
                return NULL;
            }
        }
    }
    return ou_strbuf_take(&b);
}

OuObj *ou_str_upper(OuVM *vm, OuObj *s)
{
    return map_case(vm, s, UPPER);
}
OuObj *ou_str_lower(OuVM *vm, OuObj *s)
{
    return map_case(vm, s, LOWER);
}
OuObj *ou_str_casefold(OuVM *vm, OuObj *s)
{
    return map_case(vm, s, FOLD);
}
OuObj *ou_str_swapcase(OuVM *vm, OuObj *s)
{
    return map_case(vm, s, SWAP);
}
OuObj *ou_str_capitalize(OuVM *vm, OuObj *s)
{
    return map_case(vm, s, CAPITALIZE);
}
OuObj *ou_str_title(OuVM *vm, OuObj *s)
{
    return map_case(vm, s, TITLE);
}

/* ---- predicates ---------------------------------------------------------------- */
bool ou_str_all(const OuStr *s, bool (*pred)(uint32_t))
{
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++)
        if (!pred(ou_str_at(s, i)))
            return false;
    return s->len > 0;
}
bool ou_str_isalpha(const OuStr *s)
{
    return ou_str_all(s, is_alpha);
}
bool ou_str_isalnum(const OuStr *s)
{
    return ou_str_all(s, ou_char_alnum);
}
bool ou_str_isdecimal(const OuStr *s)
{
    return ou_str_all(s, ou_char_decimal);
}
bool ou_str_isdigit(const OuStr *s)
{
    return ou_str_all(s, ou_char_digit);
}
bool ou_str_isnumeric(const OuStr *s)
{
    return ou_str_all(s, ou_char_numeric);
}
bool ou_str_isspace(const OuStr *s)
{
    return ou_str_all(s, ou_char_space);
}
bool ou_str_isprintable(const OuStr *s)
{
    return s->len == 0 || ou_str_all(s, ou_char_printable);
}

static bool one_case(const OuStr *s, bool (*want)(uint32_t), bool (*other)(uint32_t))
{
    bool cased = false;
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        if (other(c) || is_title(c))
            return false;
        cased = cased || want(c);
    }
    return cased;
}
bool ou_str_islower(const OuStr *s)
{
    return one_case(s, is_lower, is_upper);
}
bool ou_str_isupper(const OuStr *s)
{
    return one_case(s, is_upper, is_lower);
}
bool ou_str_istitle(const OuStr *s)
{
    bool cased = false, prev = false;
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        if (is_upper(c) || is_title(c)) {
            if (prev)
                return false;
            prev = cased = true;
        } else if (is_lower(c)) {
            if (!prev)
                return false;
            cased = true;
        } else {
            prev = false;
        }
    }
    return cased;
}
bool ou_str_isidentifier(const OuStr *s)
{
    if (s->len == 0 || !xid_start(ou_str_at(s, 0)))
        return false;
    for (ou_ssize i = 1; i < (ou_ssize)s->len; i++)
        if (!xid_continue(ou_str_at(s, i)))
            return false;
    return true;
}
