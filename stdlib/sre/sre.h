/* stdlib/sre/sre.h - module _sre: the engine under the library's package re.
 *
 * Patterns arrive as the code words of re._compiler (MAGIC 20220615).  The matcher (match.h, included once
 * per character width) is a loop with an explicit stack, so neither nesting nor long subjects use the C
 * stack:
 *
 *   stack entries are choices (where to go on after a failure) and undo records (what a failure takes back:
 * marks, repeat counters).  fail pops until a choice resumes.  Every entry ends in a word with its kind. A
 * sub-match (lookaround, atomic group, one round of a possessive repeat) stands behind a *barrier*; its
 * success cuts the stack back to the barrier, its failure arrives there.  A snapshot of the marks lies below
 * the barrier, so that an outer failure still restores them although the undo records above were cut away. */
#ifndef OU_STDLIB_SRE_H
#define OU_STDLIB_SRE_H

#include <string.h>

#include "vm/buffer.h"
#include "vm/native.h"
#include "vm/text/str_case.h"
#include "vm/text/text.h"

enum {
    SRE_MAGIC = 20220615,
    FAILURE = 0,
    SUCCESS,
    ANY,
    ANY_ALL,
    ASSERT,
    ASSERT_NOT,
    AT,
    BRANCH,
    CATEGORY,
    CHARSET,
    BIGCHARSET,
    GROUPREF,
    GROUPREF_EXISTS,
    IN,
    INFO,
    JUMP,
    LITERAL,
    MARK,
    MAX_UNTIL,
    MIN_UNTIL,
    NOT_LITERAL,
    NEGATE,
    RANGE,
    REPEAT,
    REPEAT_ONE,
    SUBPATTERN,
    MIN_REPEAT_ONE,
    ATOMIC_GROUP,
    POSSESSIVE_REPEAT,
    POSSESSIVE_REPEAT_ONE,
    GROUPREF_IGNORE,
    IN_IGNORE,
    LITERAL_IGNORE,
    NOT_LITERAL_IGNORE,
    GROUPREF_LOC_IGNORE,
    IN_LOC_IGNORE,
    LITERAL_LOC_IGNORE,
    NOT_LITERAL_LOC_IGNORE,
    GROUPREF_UNI_IGNORE,
    IN_UNI_IGNORE,
    LITERAL_UNI_IGNORE,
    NOT_LITERAL_UNI_IGNORE,
    RANGE_UNI_IGNORE,
    AT_BEGINNING = 0,
    AT_BEGINNING_LINE,
    AT_BEGINNING_STRING,
    AT_BOUNDARY,
    AT_NON_BOUNDARY,
    AT_END,
    AT_END_LINE,
    AT_END_STRING,
    AT_LOC_BOUNDARY,
    AT_LOC_NON_BOUNDARY,
    AT_UNI_BOUNDARY,
    AT_UNI_NON_BOUNDARY,
    FLAG_TEMPLATE = 1,
    FLAG_IGNORECASE = 2,
    FLAG_LOCALE = 4,
    FLAG_MULTILINE = 8,
    FLAG_DOTALL = 16,
    FLAG_UNICODE = 32,
    FLAG_VERBOSE = 64,
    FLAG_DEBUG = 128,
    FLAG_ASCII = 256,
    INFO_PREFIX = 1,
    INFO_LITERAL = 2,
    INFO_CHARSET = 4,
};
enum {
    K_BRANCH = 1,
    K_UNTIL,
    K_UNMARK,
    K_REPSTATE,
    K_REPNEW,
    K_ONE,
    K_MINONE,
    K_MINUNTIL,
    K_SNAP,
    K_BARRIER
};
#define SRE_MAXREPEAT 4294967295u

typedef struct OuPattern {
    OuObj hdr;
    ou_ssize groups;
    OuObj *groupindex; /* dict: name -> number */
    OuObj *indexgroup; /* tuple of names or None */
    OuObj *pattern;    /* str, bytes or None */
    int flags;
    int isbytes; /* -1: not known (pattern None) */
    uint32_t ncode;
    uint32_t *code;
} OuPattern;

typedef struct OuMatch {
    OuObj hdr;
    OuObj *string; /* NULL never */
    OuPattern *pattern;
    OuObj *regs;                             /* cached tuple or NULL */
    ou_ssize pos, endpos, lastindex, groups; /* groups: with group 0 */
    ou_ssize *mark;                          /* 2 * groups, -1: did not match */
} OuMatch;

typedef struct OuSreRep { /* one activation of REPEAT */
    int64_t count, last;  /* rounds done (-1: none begun); where the last one started, -1 */
    int64_t pc, prev;     /* of its arguments; outer activation, -1 */
} OuSreRep;

/* A subject and the state of matching it. Positions are character indices into the subject. */
typedef struct OuSre {
    OuVM *vm;
    OuObj *string; /* borrowed: the caller holds it */
    OuBuffer view;
    const void *p;
    int kind;
    bool isbytes;
    ou_ssize beginning, start, end, ptr; /* subject's limits; where a match starts; out: its end */
    ou_ssize must_advance;               /* a match may not end here (empty), or -1 */
    bool match_all;
    ou_ssize nmarks, lastmark, lastindex;
    ou_ssize *mark;
    int64_t *stack;
    size_t stack_cap;
    OuSreRep *rep;
    size_t nrep, rep_cap;
} OuSre;

typedef struct OuSreState {
    OuType *pattern, *match, *scanner;
} OuSreState;
extern const OuModuleDef ou_mod__sre;
/* Borrowed; the module is imported already. */
OuSreState *ou_sre_state(OuVM *vm);
extern const OuTypeSpec ou_sre_pattern_spec, ou_sre_match_spec, ou_sre_scanner_spec;

/* subject.c */
int ou_sre_begin(OuVM *vm, OuSre *s, OuPattern *p, OuObj *string, ou_ssize pos, ou_ssize endpos);
void ou_sre_end(OuSre *s);
void ou_sre_reset(OuSre *s);
/* 1 matched, 0, -1. */
int ou_sre_match(OuSre *s, const uint32_t *code);
int ou_sre_search(OuSre *s, const uint32_t *code);
OuObj *ou_sre_slice(OuSre *s, ou_ssize start, ou_ssize end);
/* Group i of the last match (0: all), or NULL without exception where it did not take part. */
OuObj *ou_sre_group(OuSre *s, ou_ssize i);
int ou_sre_stack_grow(OuSre *s, size_t need);
int ou_sre_rep_new(OuSre *s, int64_t pc, int64_t prev); /* its index, -1 */
/* match.h for the three widths */
int ou_sre_match1(OuSre *s, const uint32_t *code, int64_t pc);
int ou_sre_match2(OuSre *s, const uint32_t *code, int64_t pc);
int ou_sre_match4(OuSre *s, const uint32_t *code, int64_t pc);
int ou_sre_search1(OuSre *s, const uint32_t *code);
int ou_sre_search2(OuSre *s, const uint32_t *code);
int ou_sre_search4(OuSre *s, const uint32_t *code);
/* charset.c */
/* Bit i: the ASCII character is of category i. */
extern const uint32_t ou_sre_ascii[128];
bool ou_sre_category_wide(uint32_t category, uint32_t c); /* of any character */
static inline bool ou_sre_category(uint32_t category, uint32_t c)
{
    return c < 128 && category < 18 ? ou_sre_ascii[c] >> category & 1 : ou_sre_category_wide(category, c);
}
uint32_t ou_sre_lower_ascii(uint32_t c);
uint32_t ou_sre_lower_locale(uint32_t c);
uint32_t ou_sre_upper_locale(uint32_t c);
bool ou_sre_charset_locale(const uint32_t *set, uint32_t c);
bool ou_sre_literal_locale(uint32_t pattern, uint32_t c);
/* c is in the set? */
static inline bool ou_sre_charset(const uint32_t *set, uint32_t c)
{
    bool ok = true;
    for (;;) {
        switch (*set++) {
        case FAILURE:
            return !ok;
        case LITERAL:
            if (c == *set++)
                return ok;
            break;
        case CATEGORY:
            if (ou_sre_category(*set++, c))
                return ok;
            break;
        case CHARSET:
            if (c < 256 && (set[c >> 5] & 1u << (c & 31)))
                return ok;
            set += 8;
            break;
        case RANGE:
            if (set[0] <= c && c <= set[1])
                return ok;
            set += 2;
            break;
        case RANGE_UNI_IGNORE: {
            if (set[0] <= c && c <= set[1])
                return ok;
            uint32_t u = ou_char_toupper(c);
            if (set[0] <= u && u <= set[1])
                return ok;
            set += 2;
            break;
        }
        case NEGATE:
            ok = !ok;
            break;
        case BIGCHARSET: {
            uint32_t count = *set++;
            const uint32_t *blocks = set + 64;
            if (c < 65536) {
                uint32_t block = ((const uint8_t *)set)[c >> 8];
                if (blocks[block * 8 + ((c & 255) >> 5)] & 1u << (c & 31))
                    return ok;
            }
            set = blocks + count * 8;
            break;
        }
        default:
            return false;
        }
    }
}
/* matchobj.c */
OuObj *ou_sre_new_match(OuVM *vm, OuPattern *p, OuSre *s);

#endif
