/* stdlib/io/buffered.h - inside of BufferedReader, BufferedWriter and BufferedRandom: buffered.c (life, place, the types),
 * bufio.c (reading and writing), bufraw.c (the raw stream below).
 *
 * INVARIANT: at most one of these holds: buf[pos..end) is data read ahead, or buf[0..wn) waits to be written.
 * raw_pos is the raw stream's place when known (-1: not known); with data read ahead it is the place behind
 * buf[end).
 *
 * Results of the raw stream are like read(2)'s: n, or -1 with an exception, or -2: it would block. */
#ifndef OU_STDLIB_IO_BUFFERED_H
#define OU_STDLIB_IO_BUFFERED_H

#include "io.h"
#include "vm/threads.h"

typedef struct OuBuffered {
    OU_IO_HEAD
    OuObj *raw;
    bool ok, detached, readable, writable, finalizing, direct; /* direct: raw is exactly FileIO */
    OuThread *owner;                                           /* thread inside a method, or NULL */
    int64_t raw_pos;
    char *buf;
    size_t size, pos, end, wn;
} OuBuffered;
#define B(o) ((OuBuffered *)(o))

/* ---- buffered.c ---- */
int ou_buffered_check_init(OuVM *vm, OuBuffered *b); /* __init__ was called and detach() was not.  0/-1 */
int ou_buffered_check(OuVM *vm, OuBuffered *b, const char *msg); /* ... and it is open: else ValueError msg */
/* Methods exclude each other: the lock of the VM is let go while raw I/O blocks.  -1: this thread is inside
 * already. */
int ou_buffered_enter(OuVM *vm, OuObj *o);
OuObj *ou_buffered_leave(OuObj *o, OuObj *result); /* result */
/* Method m_name: do_name alone in the object. */
#define OU_BUFFERED_GUARDED(linkage, m_name, do_name)                                 \
    linkage OuObj *m_name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames) \
    {                                                                                 \
        if (ou_buffered_enter(vm, args[0]) < 0)                                       \
            return NULL;                                                              \
        return ou_buffered_leave(args[0], do_name(vm, args, nargs, kwnames));         \
    }

/* ---- bufraw.c ---- */
ou_ssize ou_buffered_raw_read(OuVM *vm, OuBuffered *b, char *p, size_t n);
ou_ssize ou_buffered_raw_write(OuVM *vm, OuBuffered *b, const char *p, size_t n);
int64_t ou_buffered_raw_seek(OuVM *vm, OuBuffered *b, int64_t off, int whence); /* the new place, or -1 */
int64_t ou_buffered_raw_tell(OuVM *vm, OuBuffered *b);
int ou_buffered_blocked(OuVM *vm, size_t written); /* BlockingIOError; -1 */
/* Writes out what waits: 0, -1 exception, -2 would block (the rest stays). */
int ou_buffered_drain(OuVM *vm, OuBuffered *b);
int ou_buffered_flush_out(OuVM *vm, OuBuffered *b); /* ... 0, or -1 with BlockingIOError too */
/* Forgets what was read ahead: the raw stream goes back to the place the user sees. */
int ou_buffered_rewind_in(OuVM *vm, OuBuffered *b);
/* Refills the empty read buffer: n, 0 at the end, -1, -2. */
ou_ssize ou_buffered_fill(OuVM *vm, OuBuffered *b);

/* ---- bufio.c: methods ---- */
#define OU_BUFFERED_M(name) \
    OuObj *ou_buffered_m_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
OU_BUFFERED_M(read);
OU_BUFFERED_M(read1);
OU_BUFFERED_M(readinto);
OU_BUFFERED_M(readinto1);
OU_BUFFERED_M(peek);
OU_BUFFERED_M(readline);
OU_BUFFERED_M(write);
OuObj *ou_buffered_next(OuVM *vm, OuObj *o); /* iternext */

#endif
