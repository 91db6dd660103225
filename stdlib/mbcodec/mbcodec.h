/* stdlib/mbcodec/mbcodec.h - inside _multibytecodec and the _codecs_* modules.
 *
 * The characters come from the C library's iconv, one at a time; charset.c corrects it where CPython's tables differ.  What
 * shifts between sets (ISO 2022, HZ) is done here (shift.c) over the same sets, so that the state is plain data. */
#ifndef OU_STDLIB_MBCODEC_H
#define OU_STDLIB_MBCODEC_H

#include "vm/codec/codec.h"
#include "vm/native.h"

enum { OU_MB_MAX = 16, OU_MB_PENDING = 8 };

/* Codes first..last stand for the characters from `to` on; 0: not valid. */
typedef struct OuMbFix {
    uint32_t first, last, to;
} OuMbFix;
/* A set of characters without shifts. */
typedef struct OuMbCharset {
    const char *name, *iconv;
    const OuMbFix *fixes;                         /* ended by first 0 */
    uint8_t max;                                  /* bytes of a character */
    uint8_t single_lo, single_hi;                 /* bytes beyond ASCII that are characters alone */
    uint8_t last_lead;                            /* highest first byte of two, if there are single ones */
    bool jisx0212, composed_hangul, msdos, roman; /* see charset.c */
    const OuMbFix *only_to; /* characters whose code does not lead back to them (0: they have none) */
} OuMbCharset;
extern const OuMbCharset ou_mb_charsets[];
const OuMbCharset *ou_mb_charset(const char *name);
/* At s[0..n): bytes used and *nout characters in out; 0 incomplete; -1 illegal. */
int ou_mb_decode(OuVM *vm, const OuMbCharset *cs, const uint8_t *s, size_t n, uint32_t out[2], int *nout);
/* At c[0..n): characters used and *nout bytes; 0: the next character is needed (unless final); -1 none. */
int ou_mb_encode(OuVM *vm, const OuMbCharset *cs, const uint32_t *c, size_t n, bool final,
                 uint8_t out[OU_MB_MAX], int *nout);

/* ---- shift.c ---- */
typedef union OuMbState {
    struct {
        uint8_t g0, g1, g2, shifted, through;
    };
    uint8_t bytes[8];
} OuMbState;
typedef struct OuMbCodec { /* MultibyteCodec */
    OuObj hdr;
    const char *name;
    const OuMbCharset *cs; /* or NULL */
    const uint8_t *sets;
    bool hz;
} OuMbCodec;
/* One step.  Decoding: bytes used (> 0), 0 incomplete, -n: n illegal bytes. */
int ou_mb_step_decode(OuVM *vm, const OuMbCodec *k, OuMbState *st, const uint8_t *s, size_t n,
                      uint32_t out[2], int *nout);
int ou_mb_step_encode(OuVM *vm, const OuMbCodec *k, OuMbState *st, const uint32_t *c, size_t n, bool final,
                      uint8_t out[OU_MB_MAX], int *nout);
/* The state as getstate() shows it. */
void ou_mb_state_save(const OuMbCodec *k, const OuMbState *st, uint8_t out[8]);
void ou_mb_state_load(const OuMbCodec *k, OuMbState *st, const uint8_t in[8]);
/* Bytes that lead back to ASCII. */
int ou_mb_reset(const OuMbCodec *k, OuMbState *st, uint8_t out[OU_MB_MAX]);
const uint8_t *ou_mb_shift_sets(const char *name, bool *hz); /* NULL and *hz false: no such codec */

/* ---- codec.c ---- */
typedef struct OuMbModule {
    OuType *codec, *encoder, *decoder, *reader, *writer;
    void *from[32], *to[32]; /* iconv_t of each charset, opened on first use */
} OuMbModule;
extern const OuModuleDef ou_mod__multibytecodec;
void ou_mb_close_converters(OuMbModule *m); /* in charset.c: those that were opened */
extern const OuTypeSpec ou_mb_encoder_spec, ou_mb_decoder_spec, ou_mb_reader_spec, ou_mb_writer_spec;
/* Decodes n bytes; *left: incomplete bytes at the end (NULL: they are an error). */
OuObj *ou_mb_decode_all(OuVM *vm, const OuMbCodec *k, OuMbState *st, const char *errors, const void *s,
                        size_t n, size_t *left);
/* Encodes text; *left: characters at the end that need the next one (NULL: final, back to ASCII). */
OuObj *ou_mb_encode_all(OuVM *vm, const OuMbCodec *k, OuMbState *st, const char *errors, OuObj *text,
                        ou_ssize *left);

#endif
