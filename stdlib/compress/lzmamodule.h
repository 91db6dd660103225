/* stdlib/compress/lzmamodule.h - inside of module _lzma: liblzma's interface (opened on first import), filter chains. */
#ifndef OU_STDLIB_COMPRESS_LZMAMODULE_H
#define OU_STDLIB_COMPRESS_LZMAMODULE_H

#include "flow.h"

typedef struct OuLzmaAllocator {
    void *(*alloc)(void *opaque, size_t items, size_t size);
    void (*free)(void *opaque, void *p);
    void *opaque;
} OuLzmaAllocator;
typedef struct OuLzmaStream { /* lzma_stream */
    const char *next_in;
    size_t avail_in;
    uint64_t total_in;
    char *next_out;
    size_t avail_out;
    uint64_t total_out;
    const OuLzmaAllocator *allocator;
    void *internal;
    void *reserved_pointers[4];
    uint64_t reserved_numbers[2];
    size_t reserved_sizes[2];
    int reserved_enums[2];
} OuLzmaStream;
typedef struct OuLzmaOptions { /* lzma_options_lzma: the library may know more fields than these */
    uint32_t dict_size;
    const uint8_t *preset_dict;
    uint32_t preset_dict_size, lc, lp, pb;
    int mode;
    uint32_t nice_len;
    int mf;
    uint32_t depth;
    char more[256];
} OuLzmaOptions;
typedef struct OuLzmaDelta {
    int type;
    uint32_t dist;
    char more[128];
} OuLzmaDelta;
typedef struct OuLzmaBcj {
    uint32_t start_offset;
} OuLzmaBcj;
typedef struct OuLzmaFilter {
    uint64_t id;
    void *options;
} OuLzmaFilter;

enum { OU_LZMA_MAX_FILTERS = 4, OU_LZMA_CHECK_UNKNOWN = 16 };
#define OU_LZMA_FILTER_LZMA1 0x4000000000000001ull
#define OU_LZMA_FILTER_LZMA2 0x21ull
#define OU_LZMA_FILTER_DELTA 0x03ull
#define OU_LZMA_NONE UINT64_MAX

/* A chain of filters with room for their options; ends with id OU_LZMA_NONE. */
typedef struct OuLzmaChain {
    OuLzmaFilter filters[OU_LZMA_MAX_FILTERS + 1];
    union {
        OuLzmaOptions lzma;
        OuLzmaDelta delta;
        OuLzmaBcj bcj;
    } options[OU_LZMA_MAX_FILTERS];
} OuLzmaChain;

#define OU_LZMA_FUNCTIONS(X)                                                    \
    X(int, code, (OuLzmaStream *, int action))                                  \
    X(void, end, (OuLzmaStream *))                                              \
    X(int, get_check, (const OuLzmaStream *))                                   \
    X(unsigned char, check_is_supported, (int))                                 \
    X(int, easy_encoder, (OuLzmaStream *, uint32_t preset, int check))          \
    X(int, stream_encoder, (OuLzmaStream *, const OuLzmaFilter *, int check))   \
    X(int, alone_encoder, (OuLzmaStream *, const void *options))                \
    X(int, raw_encoder, (OuLzmaStream *, const OuLzmaFilter *))                 \
    X(int, auto_decoder, (OuLzmaStream *, uint64_t memlimit, uint32_t flags))   \
    X(int, stream_decoder, (OuLzmaStream *, uint64_t memlimit, uint32_t flags)) \
    X(int, alone_decoder, (OuLzmaStream *, uint64_t memlimit))                  \
    X(int, raw_decoder, (OuLzmaStream *, const OuLzmaFilter *))                 \
    X(unsigned char, lzma_preset, (void *options, uint32_t preset))             \
    X(int, properties_size, (uint32_t * size, const OuLzmaFilter *))            \
    X(int, properties_encode, (const OuLzmaFilter *, uint8_t *props))           \
    X(int, properties_decode,                                                   \
      (OuLzmaFilter *, const OuLzmaAllocator *, const uint8_t *props, size_t props_size))

typedef struct OuLzmaState {
#define X(result, name, params) result(*name) params;
    OU_LZMA_FUNCTIONS(X)
#undef X
    OuLzmaAllocator allocator;
    OuObj *error;
} OuLzmaState;
extern const OuModuleDef ou_mod__lzma;

/* true: the code of the library is an error, an exception is set */
bool ou_lzma_failed(OuVM *vm, OuLzmaState *st, int code);
/* uint32_t argument; OverflowError.  0/-1 */
int ou_lzma_u32(OuVM *vm, OuObj *o, uint32_t *out);
/* lzmafilters.c: chain of a sequence of dicts, one filter of a dict, and back.  0/-1, new */
int ou_lzma_chain(OuVM *vm, OuLzmaState *st, OuObj *specs, OuLzmaChain *out);
OuObj *ou_lzma_encode_properties(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_lzma_decode_properties(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
