/* stdlib/io/io.h - module _io: what its parts share.
 *
 * One file a class: base.c (_IOBase and the abstract layers), fileio.c, buffered.h (reader, writer, random),
 * rwpair.c, text.h (TextIOWrapper), newline.c (IncrementalNewlineDecoder), bytesio.c, stringio.c, iomodule.c
 * (open, the module). Between exact types the layers call each other directly; anything else goes through
 * methods. */
#ifndef OU_STDLIB_IO_H
#define OU_STDLIB_IO_H

#include <string.h>

#include "vm/buffer.h"
#include "vm/native.h"
#include "vm/codec/codec.h"

#define OU_IO_CHUNK 8192

typedef struct OuIoState {
    OuType *iobase, *rawiobase, *bufferediobase, *textiobase, *fileio, *bytesio, *stringio, *reader, *writer,
        *random, *rwpair, *text, *newline, *bytesio_buffer;
    OuObj *unsupported; /* UnsupportedOperation */
} OuIoState;
extern const OuModuleDef ou_mod_io;
/* Replaces the start-up streams by real ones and publishes builtins.open; 0/-1 */
int ou_io_init_streams(OuVM *vm);
OuIoState *ou_io_state(OuVM *vm);

#define OU_IO_HEAD \
    OuObj hdr;     \
    OuObj *dict;
typedef struct OuIoBase {
    OU_IO_HEAD
} OuIoBase;

extern const OuTypeSpec ou_iobase_spec, ou_rawiobase_spec, ou_bufferediobase_spec, ou_textiobase_spec,
    ou_fileio_spec, ou_bytesio_spec, ou_stringio_spec, ou_buffered_reader_spec, ou_buffered_writer_spec,
    ou_buffered_random_spec, ou_buffered_rwpair_spec, ou_textiowrapper_spec, ou_newline_decoder_spec,
    ou_bytesio_buffer_spec;

#define OU_IO_M(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
#define OU_IO_TYPE_FLAGS (OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DICT)

/* ---- base.c ---- */
OuObj *ou_io_alloc(OuVM *vm, OuType *type, size_t size); /* instance, native part zeroed */
OuObj *ou_io_unsupported(OuVM *vm, const char *msg);     /* NULL */
/* o.name(args...): name is C text; n objects (at most 4) follow.  o, which may be NULL (detached by code that ran meanwhile:
 * ValueError), is held: its owner may lose it during the call. */
OuObj *ou_io_call(OuVM *vm, OuObj *o, const char *name, int n, ...);
OuObj *ou_io_method(OuVM *vm, OuObj *o, OuObj *name, int n, ...); /* the same: name is a str */
OuObj *ou_io_attr(OuVM *vm, OuObj *o, const char *name);          /* o.name, likewise */
/* raw.readable() (seekable, writable) must be true: UnsupportedOperation. 0/-1 */
int ou_io_require(OuVM *vm, OuObj *raw, const char *what);
/* What close() of two layers gives: r, or NULL if either failed; both: the later exception, with the first as its context. */
OuObj *ou_io_close_result(OuVM *vm, OuObj *first_take, OuObj *r_take);
int ou_io_is_closed(OuVM *vm, OuObj *o); /* o.closed: 1, 0, -1 */
void ou_io_finalize(OuVM *vm, OuObj *o); /* finalizer: closes quietly */
/* Optional size argument: None or absent is -1. */
int ou_io_size(OuVM *vm, OuObj *o, ou_ssize *n);
/* Writable buffer argument of fn; TypeError for anything else. */
int ou_io_target(OuVM *vm, const char *fn, OuObj *o, OuBuffer *view);
/* Offset (any integer object) as off_t. */
int ou_io_offset(OuVM *vm, OuObj *o, int64_t *out);
/* The repr "<_io.X name='n'>" by the name attribute. */
OuObj *ou_io_repr(OuVM *vm, OuObj *o, const char *extra);
OuObj *ou_io_no_pickle(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

/* ---- fileio.c: direct calls on an exact FileIO; results as read(2)/write(2): n, -1 exception, -2 would
 * block ---- */
ou_ssize ou_fileio_read(OuVM *vm, OuObj *f, char *p, size_t n);
ou_ssize ou_fileio_write(OuVM *vm, OuObj *f, const char *p, size_t n);
int64_t ou_fileio_seek(OuVM *vm, OuObj *f, int64_t off, int whence); /* -1 exception */
bool ou_fileio_closed(OuObj *f);
int ou_fileio_fd(OuObj *f);

/* Exactly the class of spec, no subclass. */
#define OU_IO_IS(vm, o, spec_) (OU_TYPE_OF(vm, o)->spec == &(spec_))

/* ---- buffered.c ---- */
/* o.closed of any buffer, without an attribute look-up for the three classes: 1, 0, -1. */
int ou_buffered_is_closed(OuVM *vm, OuObj *o);
/* Writes n bytes through an exact BufferedWriter or BufferedRandom; 0/-1. */
int ou_buffered_write(OuVM *vm, OuObj *o, const char *p, size_t n);

/* ---- streams.c ---- */
/* Encoding of texts by the locale: "UTF-8" in UTF-8 mode. */
const char *ou_io_locale_encoding(OuVM *vm);

/* ---- text.c ---- */
/* file.write(text) of an exact TextIOWrapper; 0/-1 (print uses it). */
int ou_io_text_write(OuVM *vm, OuObj *file, OuObj *text);
/* Exactly a TextIOWrapper whose write was not replaced on the instance. */
bool ou_io_is_plain_text(OuVM *vm, OuObj *file);

/* ---- newline.c ---- */
enum { OU_NL_CR = 1, OU_NL_LF = 2, OU_NL_CRLF = 4 };
typedef struct OuNewline {
    bool translate, pendingcr;
    int seen;
} OuNewline;
/* Text (taken) with newlines looked at and translated; new. */
OuObj *ou_newline_feed(OuVM *vm, OuNewline *nl, OuObj *text_take, bool final);
OuObj *ou_newline_seen(OuVM *vm, int seen); /* None, str or tuple */
/* End of the line that starts at `start`, or -1 (then *keep: characters before this place cannot hold an
 * end). mode: 't' translated (\n), 'u' universal untranslated, else the newline text. */
ou_ssize ou_newline_find(const OuStr *s, ou_ssize start, char mode, OuObj *newline);

#endif
