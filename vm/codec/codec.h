/* vm/codec/codec.h - encodings: native codecs, error handlers, registry.
 *
 * A native codec works on an OuDecode or OuEncode context.  At bad input it calls ou_decode_error /
 * ou_encode_error with CPython's place and reason; these apply a built-in handler directly or build the
 * exception and call a registered one.  Everything else is found through the registry and the library's
 * package `encodings`. */
#ifndef OU_VM_CODEC_H
#define OU_VM_CODEC_H

#include <string.h>

#include "../native.h"
#include "../buffer.h"

typedef enum {
    OU_ERR_STRICT,
    OU_ERR_IGNORE,
    OU_ERR_REPLACE,
    OU_ERR_BACKSLASH,
    OU_ERR_XMLCHARREF,
    OU_ERR_NAME,
    OU_ERR_SURROGATEESCAPE,
    OU_ERR_SURROGATEPASS,
    OU_ERR_OTHER
} OuErrKind;
/* Handler of that name; NULL: strict; OU_ERR_OTHER: one to be looked up. */
OuErrKind ou_codec_error_kind(const char *errors);

/* Bytes being put together; start with {.vm = vm}. */
typedef struct OuByteBuf {
    OuVM *vm;
    char *p;
    size_t n, cap;
} OuByteBuf;
/* Appends n bytes.  -1 with MemoryError: the buffer is unchanged and still the caller's to free. */
int ou_bytebuf_put(OuByteBuf *b, const void *p, size_t n);
static inline int ou_bytebuf_char(OuByteBuf *b, unsigned c)
{
    if (b->n < b->cap) {
        b->p[b->n++] = (char)c;
        return 0;
    }
    unsigned char u = (unsigned char)c;
    return ou_bytebuf_put(b, &u, 1);
}
/* Exactly one of the two ends a buffer; take does so in failing, too. */
void ou_bytebuf_free(OuByteBuf *b);
OuObj *ou_bytebuf_take(OuByteBuf *b); /* bytes */

typedef struct OuDecode {
    OuVM *vm;
    const char *encoding, *errors;
    OuErrKind kind;
    OuObj *handler; /* owned */
    OuObj *input;   /* bytes made for the exception, owned; a handler may exchange it */
    const unsigned char *s;
    size_t n;
    OuStrBuf out;
} OuDecode;
/* A context over s[0..n), borrowed as are the names, of which errors may be NULL (strict).  ou_decode_finish ends it. */
void ou_decode_init(OuDecode *d, OuVM *vm, const char *encoding, const char *errors, const void *s, size_t n);
/* s[start..end) is bad: handled (*pos: where to go on; d->s and d->n may have changed), or -1. */
int ou_decode_error(OuDecode *d, size_t start, size_t end, const char *reason, size_t *pos);
/* What was decoded: new str; NULL when not ok (with an exception set) or without memory.  Frees the context. */
OuObj *ou_decode_finish(OuDecode *d, bool ok);

typedef struct OuEncode {
    OuVM *vm;
    const char *encoding, *errors;
    OuErrKind kind;
    OuObj *handler; /* owned */
    OuObj *text;    /* borrowed */
    OuByteBuf out;
} OuEncode;
/* The same for a str to be encoded. */
void ou_encode_init(OuEncode *e, OuVM *vm, const char *encoding, const char *errors, OuObj *text);
/* Characters start..end cannot be encoded: *repl is a new str to be encoded instead, or NULL where bytes were
 * put out already; *pos where to go on.  0/-1 */
int ou_encode_error(OuEncode *e, ou_ssize start, ou_ssize end, const char *reason, OuObj **repl,
                    ou_ssize *pos);
/* Raises UnicodeEncodeError for start..end. NULL */
void *ou_encode_raise(OuEncode *e, ou_ssize start, ou_ssize end, const char *reason);
OuObj *ou_encode_finish(OuEncode *e, bool ok);

/* ---- the codecs: text of the encoded s[0..n), bytes of the str s; errors names the handler, NULL: strict ---- */
/* consumed NULL: the data is final; else bytes of complete characters are reported. */
OuObj *ou_utf8_decode(OuVM *vm, const char *s, size_t n, const char *errors, size_t *consumed);
OuObj *ou_utf8_encode(OuVM *vm, OuObj *s, const char *errors);
/* byteorder: -1 little, 1 big, 0 by BOM (then out: what it was). */
OuObj *ou_utf16_decode(OuVM *vm, const char *s, size_t n, const char *errors, int *byteorder,
                       size_t *consumed);
OuObj *ou_utf16_encode(OuVM *vm, OuObj *s, const char *errors, int byteorder);
OuObj *ou_utf32_decode(OuVM *vm, const char *s, size_t n, const char *errors, int *byteorder,
                       size_t *consumed);
OuObj *ou_utf32_encode(OuVM *vm, OuObj *s, const char *errors, int byteorder);
OuObj *ou_utf7_decode(OuVM *vm, const char *s, size_t n, const char *errors, size_t *consumed);
OuObj *ou_utf7_encode(OuVM *vm, OuObj *s, const char *errors);
OuObj *ou_latin1_encode(OuVM *vm, OuObj *s, const char *errors);
OuObj *ou_ascii_encode(OuVM *vm, OuObj *s, const char *errors);
OuObj *ou_ascii_decode(OuVM *vm, const char *s, size_t n, const char *errors);
OuObj *ou_charmap_decode(OuVM *vm, const char *s, size_t n, const char *errors, OuObj *mapping);
OuObj *ou_charmap_encode(OuVM *vm, OuObj *s, const char *errors, OuObj *mapping);
/* The encoding map of a decoding table of 256 characters. */
OuObj *ou_charmap_build(OuVM *vm, OuObj *map);
OuObj *ou_unicode_escape_decode(OuVM *vm, const char *s, size_t n, const char *errors, size_t *consumed);
OuObj *ou_unicode_escape_encode(OuVM *vm, OuObj *s);
OuObj *ou_raw_unicode_escape_decode(OuVM *vm, const char *s, size_t n, const char *errors, size_t *consumed);
OuObj *ou_raw_unicode_escape_encode(OuVM *vm, OuObj *s);
OuObj *ou_bytes_escape_decode(OuVM *vm, const char *s, size_t n, const char *errors);

/* ---- registry ---- */
typedef struct OuCodecs {
    OuObj *search; /* list */
    OuObj *cache;  /* dict: normalised name -> CodecInfo */
    OuObj *errors; /* dict: name -> callable */
} OuCodecs;
OuCodecs *ou_codecs(OuVM *vm); /* made on demand; NULL: error */
void ou_codecs_free(OuVM *vm);
/* The CodecInfo tuple: new; LookupError "unknown encoding: x". */
OuObj *ou_codec_lookup(OuVM *vm, const char *encoding);
/* The exception of a codec, if it is a simple one, becomes "encoding with 'x' codec failed (...)" with it as
 * cause. */
void ou_codec_wrap_error(OuVM *vm, const char *operation, const char *encoding);
/* Error handler by name (NULL: strict): new; LookupError "unknown error handler name 'x'". */
OuObj *ou_codec_lookup_error(OuVM *vm, const char *name);
/* -X dev: names of codecs and handlers (NULL: not given) are checked even where they are not needed.  0/-1 */
int ou_codec_check_names(OuVM *vm, const char *encoding, const char *errors);
/* Puts the built-in error handlers in dict. */
int ou_codec_register_builtin_errors(OuVM *vm, OuObj *dict);

#endif
