/* stdlib/io/text.h - TextIOWrapper's struct: text.c (life, attributes), textrw.c (writing, reading), textpos.c (tell,
 * seek), textcodec.c (encoding, decoding, newlines). */
#ifndef OU_STDLIB_IO_TEXT_H
#define OU_STDLIB_IO_TEXT_H

#include "io.h"

typedef enum { OU_NATIVE_NONE, OU_NATIVE_UTF8, OU_NATIVE_LATIN1, OU_NATIVE_ASCII } OuNative_codec;

typedef struct OuTextIO {
    OU_IO_HEAD
    OuObj *buffer;
    OuObj *encoding, *errors; /* str */
    OuNative_codec native;    /* utf-8, latin-1 and ascii need no codec objects */
    OuObj *encoder, *decoder; /* codec objects, NULL if native or not wanted */
    OuObj *readnl, *writenl;  /* newline argument (str or NULL); what \n becomes (NULL: stays) */
    bool ok, detached, finalizing, line_buffering, write_through, universal, translate, seekable, telling,
        has_read1, decoding, encoding_on;
    OuObj *readname; /* "read1" or "read" */
    ou_ssize chunk;
    OuByteBuf pending; /* encoded, not yet given to buffer */
    OuNewline nl;
    OuObj *decoded; /* text read ahead, or NULL */
    ou_ssize used;  /* characters of decoded given out */
    char tail[8];   /* native: bytes of an unfinished character */
    int ntail;
    OuObj *snapshot; /* bytes that made `decoded`, from the state snap_flags on; or NULL */
    int64_t snap_flags;
} OuTextIO;
#define T(o) ((OuTextIO *)(o))

/* textcodec.c */
int ou_text_set_codec(OuVM *vm, OuTextIO *t, bool readable, bool writable);
OuObj *ou_text_decode(OuVM *vm, OuTextIO *t, OuObj *bytes, bool final); /* new str, newlines done */
int ou_text_encode(OuVM *vm, OuTextIO *t, OuObj *text, OuByteBuf *out);
/* Decoder state: flags, and unfinished bytes (new). */
int ou_text_getstate(OuVM *vm, OuTextIO *t, int64_t *flags, OuObj **bytes);
int ou_text_setstate(OuVM *vm, OuTextIO *t, int64_t flags, OuObj *bytes);
int ou_text_reset_decoder(OuVM *vm, OuTextIO *t);
/* text.c */
int ou_text_check(OuVM *vm, OuTextIO *t);
int ou_text_check_open(OuVM *vm, OuTextIO *t);
/* textrw.c */
int ou_text_write_pending(OuVM *vm, OuTextIO *t); /* gives what waits to buffer.  0/-1 */
void ou_text_drop_decoded(OuVM *vm, OuTextIO *t);
OuObj *ou_text_flush(OuVM *vm, OuObj *self);
OuObj *ou_text_next(OuVM *vm, OuObj *o); /* iternext */
#define OU_TEXT_M(name) OuObj *ou_text_m_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
OU_TEXT_M(write);
OU_TEXT_M(read);
OU_TEXT_M(readline);
OU_TEXT_M(flush);
/* textpos.c */
OuObj *ou_text_tell(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_text_seek(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
