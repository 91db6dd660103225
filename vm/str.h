/* vm/str.h - str: PEP 393 kinds, always the narrowest.  Header 24 + n + 1 bytes for ASCII (CPython 49 + n). */
#ifndef OU_VM_STR_H
#define OU_VM_STR_H

#include <stdarg.h>

#include "object.h"

struct OuStr {
    OuObj hdr;
    int64_t hash; /* -1: not computed */
    union {
        uint64_t bits; /* the fields below in one, as a new string is made and the usual one released */
        struct {
            uint64_t len : 56;
            uint64_t kind : 3; /* 1, 2, 4 bytes a character */
            uint64_t ascii : 1;
            uint64_t interned : 2; /* 0 no, 1 yes (table borrows), 2 immortal name of the VM */
            uint64_t slack : 1;    /* memory is rounded up for in-place growth, see vm/text/str.c */
            uint64_t unused : 1;
        };
    };
    char data[]; /* len * kind bytes and a zero character */
};
/* `bits` but for the length: a string of a kind, of ASCII */
#define OU_STR_BITS_KIND(kind) ((uint64_t)(kind) << 56)
#define OU_STR_BITS_ASCII ((uint64_t)(1 | 8) << 56)
typedef struct OuStrStatic { /* "" and Latin-1 characters inside OuVM: same layout as OuStr */
    OuObj hdr;
    int64_t hash;
    uint64_t bits;
    char data[8];
} OuStrStatic;

#define OU_STR(o) ((OuStr *)(o))
#define ou_str_len(o) ((ou_ssize)OU_STR(o)->len)
#define ou_str_kind(o) (OU_STR(o)->kind)
static inline uint32_t ou_str_at(const OuStr *s, ou_ssize i)
{
    return s->kind == 1   ? ((const uint8_t *)s->data)[i]
           : s->kind == 2 ? ((const uint16_t *)s->data)[i]
                          : ((const uint32_t *)s->data)[i];
}

/* Singletons ("", Latin-1 characters) and the names of names.def: before any other string is made.  0/-1 */
int ou_str_init(OuVM *vm);
/* Key of the string hash: from PYTHONHASHSEED (0: no randomisation), or 24 random bytes. */
void ou_hash_set_seed(OuVM *vm, uint32_t seed);
void ou_hash_set_random(OuVM *vm);
uint64_t ou_hash_keyed(uint64_t k0, uint64_t k1, const void *p, size_t n); /* SipHash-1-3 */
/* CPython's hash of raw memory with this VM's key (0 for n == 0, never -1). */
int64_t ou_hash_bytes(OuVM *vm, const void *p, size_t n);
/* Bytes of memory of a str (also of a subclass, without its dict word and slots). */
size_t ou_str_memsize(const OuStr *s);
/* *left = *left + right for the eval loop's `s += x`: both exactly str; *left is taken and replaced by the result, in
 * place when nothing else refers to it (amortised O(1)).  0, or -1 with *left NULL. */
int ou_str_append(OuVM *vm, OuObj **left, OuObj *right);
void ou_str_unintern(OuVM *vm, OuObj *s); /* leaves the table (dealloc) */
void ou_str_intern_free(OuVM *vm);        /* the table, at the end of the VM */

/* From UTF-8 (surrogates as three bytes allowed, invalid bytes become U+FFFD); n < 0: strlen. */
OuObj *ou_str_new(OuVM *vm, const char *utf8, ou_ssize n);
/* From bytes that are one-byte characters (Latin-1). */
OuObj *ou_str_latin1(OuVM *vm, const char *s, ou_ssize n);
/* Uninitialised string of n characters, all of which will be <= maxchar; fill data, at most once shared. */
OuObj *ou_str_alloc(OuVM *vm, ou_ssize n, uint32_t maxchar);
OuObj *ou_str_char(OuVM *vm, uint32_t c); /* cached up to U+00FF */
OuObj *ou_str_from_ascii(OuVM *vm, const char *s, ou_ssize n);
/* From wide data, narrowed. */
OuObj *ou_str_from_ucs(OuVM *vm, const void *data, int kind, ou_ssize n);
OuObj *ou_str_intern(OuVM *vm,
                     OuObj *s_take); /* returns the interned equal; NULL never (keeps s on no memory) */
OuObj *ou_str_intern_s(OuVM *vm, const char *utf8); /* new, interned */
/* printf with the formats of ou_raise. */
OuObj *ou_str_fmt(OuVM *vm, const char *fmt, ...);
OuObj *ou_str_vfmt(OuVM *vm, const char *fmt, va_list ap);
int64_t ou_str_hash(OuVM *vm, OuObj *s); /* exact str: cannot fail */
bool ou_str_eq(const OuStr *a, const OuStr *b);
bool ou_str_eq_s(OuObj *s, const char *ascii);
int ou_str_cmp(const OuStr *a, const OuStr *b);
OuObj *ou_str_concat(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_str_slice(OuVM *vm, OuObj *s, ou_ssize start, ou_ssize end); /* 0 <= start <= end <= len */
OuObj *ou_str_join(OuVM *vm, OuObj *sep, OuObj *const *items, size_t n);
ou_ssize ou_str_find(const OuStr *s, const OuStr *sub, ou_ssize start, ou_ssize end); /* -1: absent */

/* UTF-8 form: ASCII strings lend their own data, others a buffer that ou_utf8_free gives back.
 * Surrogates: UnicodeEncodeError, unless `surrogates` (then three bytes). */
typedef struct OuUtf8 {
    const char *s;
    size_t n;
    void *own;
    size_t own_size;
} OuUtf8;
int ou_str_utf8(OuVM *vm, OuObj *s, OuUtf8 *out, bool surrogates);
/* The same for the name of a codec or an error handler: strict, and ValueError for a NUL inside. */
int ou_str_utf8_name(OuVM *vm, OuObj *s, OuUtf8 *out);
void ou_utf8_free(OuVM *vm, OuUtf8 *u);

/* Builds strings of unknown length and kind. */
typedef struct OuStrBuf {
    OuVM *vm;
    char *data;
    size_t len, cap; /* characters */
    int kind;
    uint32_t max;
    char *scratch; /* borrowed, or NULL: where data lies until it outgrows it */
} OuStrBuf;
void ou_strbuf_init(OuStrBuf *b, OuVM *vm);
/* The same with an array of the caller's, which must outlive b, for the first characters: most texts are short. */
#define ou_strbuf_init_on(b, vm, array) ou_strbuf_init_scratch(b, vm, array, sizeof(array))
void ou_strbuf_init_scratch(OuStrBuf *b, OuVM *vm, char *scratch, size_t size);
void ou_strbuf_free(OuStrBuf *b);
int ou_strbuf_reserve(OuStrBuf *b, size_t n); /* room for n more characters of the present kind */
int ou_strbuf_char(OuStrBuf *b, uint32_t c);
int ou_strbuf_str(OuStrBuf *b, OuObj *s);
int ou_strbuf_sub(OuStrBuf *b, OuObj *s, ou_ssize start, ou_ssize end);
int ou_strbuf_ascii(OuStrBuf *b, const char *s, ou_ssize n); /* n < 0: strlen */
int ou_strbuf_repeat(OuStrBuf *b, uint32_t c, ou_ssize n);
OuObj *ou_strbuf_take(OuStrBuf *b); /* the string; b is empty again. NULL on no memory */

/* Name of an argument's type in "argument must be str, not X": None by its own name. */
const char *ou_arg_type_name(OuVM *vm, OuObj *o);

/* bytes: vm/text/bytes.c */
typedef struct OuBytes {
    OuObj hdr;
    int64_t hash; /* -1: not computed */
    size_t len;
    char data[]; /* len bytes and a NUL */
} OuBytes;
#define OU_BYTES(o) ((OuBytes *)(o))
OuObj *ou_bytes_new(OuVM *vm, const char *s, ou_ssize n); /* s NULL: uninitialised */
typedef struct OuByteArray {
    OuObj hdr;
    size_t len, cap;
    char *start, *block; /* data begins at start; block is what was allocated */
    uint32_t exports;
} OuByteArray;
OuObj *ou_bytearray_new(OuVM *vm, const char *s, ou_ssize n);
/* Encode and decode by codec name; errors NULL = strict (vm/codec*.c). */
OuObj *ou_str_encode(OuVM *vm, OuObj *s, const char *encoding, const char *errors);
OuObj *ou_str_decode(OuVM *vm, const char *bytes, size_t n, const char *encoding, const char *errors);
/* Path-like argument in the file-system encoding: str, bytes, os.PathLike.  out: new bytes. 0/-1 */
int ou_fs_path(OuVM *vm, OuObj *o, OuObj **out);
OuObj *ou_fs_decode(OuVM *vm, const char *s, ou_ssize n); /* surrogateescape */

#endif
