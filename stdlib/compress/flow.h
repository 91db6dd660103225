/* stdlib/compress/flow.h - what zlib, _bz2 and _lzma share: growing output, the memory of their libraries; and, for the
 * latter two, input that waits for the next call and the methods of compressors and decompressors. */
#ifndef OU_STDLIB_COMPRESS_FLOW_H
#define OU_STDLIB_COMPRESS_FLOW_H

#include "vm/buffer.h"
#include "vm/native.h"

typedef struct OuFlowOut {
    char *p;
    size_t n, cap, limit; /* limit: no more than this many bytes, SIZE_MAX: any number */
} OuFlowOut;
/* Room behind the n bytes: 1 and *room > 0; 0 at the limit; -1 no memory. */
int ou_flow_room(OuVM *vm, OuFlowOut *o, size_t *room);
/* The bytes as an object (ok) or NULL; the memory is given back. */
OuObj *ou_flow_take(OuVM *vm, OuFlowOut *o, bool ok);

/* Input of a decompressor: what a call leaves waits here. */
typedef struct OuFlowIn {
    OuObj *kept; /* bytes or NULL */
    size_t at;   /* of kept: used so far */
    OuBuffer view;
    bool own; /* this call's input is kept */
    const char *p;
    size_t n;
} OuFlowIn;
/* Input of one call: the kept rest and data.  ou_flow_end must follow.  0/-1 */
int ou_flow_begin(OuVM *vm, OuFlowIn *in, OuObj *data);
/* left bytes of it were not used: they are kept (keep) or given as an object (*rest, if there are any).  0/-1 */
int ou_flow_end(OuVM *vm, OuFlowIn *in, size_t left, bool keep, OuObj **rest);
void ou_flow_clear(OuVM *vm, OuFlowIn *in);
/* Memory of a C library from the VM's gate (blocks remember their size). */
void *ou_flow_malloc(OuVM *vm, size_t items, size_t size);
void ou_flow_free(OuVM *vm, void *p);

/* What comes before the library's own stream in compressors and decompressors of both modules. */
typedef struct OuFlowStream OuFlowStream;
typedef struct OuFlowCodec {
    /* n bytes at p compressed; finish: to the end.  new */
    OuObj *(*compress)(OuVM *vm, OuFlowStream *s, const char *p, size_t n, bool finish);
    /* s->in decompressed into out up to its limit; *left bytes were not used; s->eof is set at the end.  1: the next call needs input,
     * 0: there is more to come, -1 */
    int (*decompress)(OuVM *vm, OuFlowStream *s, OuFlowOut *out, size_t *left);
    const char *at_end; /* text of the EOFError behind the end */
} OuFlowCodec;
struct OuFlowStream {
    OuObj hdr;
    const OuFlowCodec *codec;
    bool flushed, eof, needs_input;
    OuFlowIn in;
    OuObj *unused; /* bytes */
};
/* Zeroed object of type with its common part set up; its dealloc must bear a zeroed rest.  new */
OuFlowStream *ou_flow_stream_new(OuVM *vm, OuType *type, const OuFlowCodec *codec);
void ou_flow_stream_free(OuVM *vm, OuFlowStream *s); /* end of dealloc */
extern const OuFn ou_flow_compressor_methods[], ou_flow_decompressor_methods[];
/* clang-format off */
#define OU_FLOW_MEMBERS                                                                                        \
    {"eof", OU_MEMBER_BOOL, offsetof(OuFlowStream, eof), true,                                                 \
     "True if the end-of-stream marker has been reached."},                                                    \
    {"needs_input", OU_MEMBER_BOOL, offsetof(OuFlowStream, needs_input), true,                                 \
     "True if more input is needed before more decompressed data can be produced."},                           \
    {"unused_data", OU_MEMBER_OBJ_EX, offsetof(OuFlowStream, unused), true,                                    \
     "Data found after the end of the compressed stream."}
/* clang-format on */

#endif
