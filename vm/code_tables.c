/* vm/code_tables.c - co_linetable, co_lnotab and co_exceptiontable as CPython 3.11 writes them, made on demand.
 *
 * Library code decodes the bytes (Objects/locations.md, Objects/exception_handling_notes.txt).  A code unit of CPython's
 * tables is one unit of ours; the depth of an exception entry is the number of live temporaries.  Marks (lines without a
 * unit, see lang/loctab.c) have no form there and are left out. */
#include "code_tables.h"

#include <string.h>

#include "err.h"
#include "lang/loctab.h"
#include "native.h"

typedef struct Bytes {
    OuVM *vm;
    uint8_t *at;
    size_t n, cap;
    bool failed;
} Bytes;

static void put(Bytes *b, unsigned byte)
{
    if (b->n == b->cap && !b->failed) {
        size_t cap = b->cap ? b->cap * 2 : 64;
        uint8_t *more = b->at ? ou_realloc(b->vm, b->at, b->cap, cap) : ou_alloc(b->vm, cap);
        b->failed = !more;
        if (more) {
            b->at = more;
            b->cap = cap;
        }
    }
    if (!b->failed)
        b->at[b->n++] = (uint8_t)byte;
}

/* The bytes object; the buffer is freed. */
static OuObj *finish(Bytes *b)
{
    OuObj *o = b->failed ? NULL : ou_bytes_new(b->vm, (char *)b->at, (ou_ssize)b->n);
    if (b->at)
        ou_free(b->vm, b->at, b->cap);
    return o;
}

/* ---- positions ---- */

enum { SHORT_LAST = 9, ONE_LINE = 10, NO_COLUMNS = 13, LONG = 14, NO_LOCATION = 15 };

static void put_varint(Bytes *b, uint32_t x)
{
    for (; x >= 64; x >>= 6)
        put(b, 64 | (x & 63));
    put(b, x);
}

static void put_signed(Bytes *b, int x)
{
    put_varint(b, x < 0 ? (0u - (uint32_t)x) << 1 | 1 : (uint32_t)x << 1);
}

static void put_location(Bytes *b, const OuLoc *loc, int *line, unsigned units)
{
    unsigned head = 0x80 | (units - 1);
    int delta = loc->lineno - *line, width = loc->end_col - loc->col;
    if (loc->lineno < 0) {
        put(b, head | NO_LOCATION << 3);
        return;
    }
    *line = loc->lineno;
    if (loc->col < 0 || loc->end_col < 0 || loc->end_lineno < 0) {
        put(b, head | NO_COLUMNS << 3);
        put_signed(b, delta);
    } else if (loc->end_lineno == loc->lineno && delta == 0 && loc->col < 80 && width >= 0 && width < 16) {
        put(b, head | (unsigned)(loc->col >> 3) << 3);
        put(b, (unsigned)(loc->col & 7) << 4 | (unsigned)width);
    } else if (loc->end_lineno == loc->lineno && delta >= 0 && delta < 3 && loc->col < 128 &&
               loc->end_col < 128) {
        put(b, head | (unsigned)(ONE_LINE + delta) << 3);
        put(b, (unsigned)loc->col);
        put(b, (unsigned)loc->end_col);
    } else {
        put(b, head | LONG << 3);
        put_signed(b, delta);
        put_varint(b, (uint32_t)(loc->end_lineno - loc->lineno));
        put_varint(b, (uint32_t)loc->col + 1);
        put_varint(b, (uint32_t)loc->end_col + 1);
    }
}

OuObj *ou_code_linetable(OuVM *vm, OuCode *c)
{
    Bytes b = {.vm = vm};
    OuLocIter it;
    int line = c->firstlineno;
    ou_loc_begin(&it, c->locs, c->nlocs, c->firstlineno);
    while (ou_loc_next(&it))
        for (uint32_t left = it.units; left;) {
            unsigned units = left < 8 ? left : 8;
            put_location(&b, &it.loc, &line, units);
            left -= units;
        }
    return finish(&b);
}

OuObj *ou_code_lnotab(OuVM *vm, OuCode *c)
{
    Bytes b = {.vm = vm};
    OuLocIter it;
    int line = c->firstlineno;
    uint32_t at = 0; /* in bytes of co_code's scale, 2 a unit */
    ou_loc_begin(&it, c->locs, c->nlocs, c->firstlineno);
    while (ou_loc_next(&it)) {
        if (!it.units || it.loc.lineno < 0 || it.loc.lineno == line)
            continue;
        uint32_t skip = it.unit * 2 - at;
        int delta = it.loc.lineno - line;
        for (; skip > 255; skip -= 255) {
            put(&b, 255);
            put(&b, 0);
        }
        while (delta > 127 || delta < -128) {
            int part = delta > 127 ? 127 : -128;
            put(&b, skip);
            put(&b, (uint8_t)part);
            delta -= part;
            skip = 0;
        }
        put(&b, skip);
        put(&b, (uint8_t)delta);
        at = it.unit * 2;
        line = it.loc.lineno;
    }
    return finish(&b);
}

typedef struct Reader {
    const uint8_t *at, *end;
} Reader;

static uint32_t get_varint(Reader *r)
{
    uint32_t x = 0;
    for (int shift = 0; r->at < r->end; shift += 6) {
        unsigned b = *r->at++;
        if (shift < 32)
            x |= (uint32_t)(b & 63) << shift;
        if (!(b & 64))
            break;
    }
    return x;
}

static int get_signed(Reader *r)
{
    uint32_t x = get_varint(r);
    return x & 1 ? -(int)(x >> 1) : (int)(x >> 1);
}

static int get_byte(Reader *r)
{
    return r->at < r->end ? *r->at++ : 0;
}

static OuLoc get_location(Reader *r, unsigned code, int *line)
{
    OuLoc loc = {-1, -1, -1, -1};
    if (code == NO_LOCATION)
        return loc;
    if (code > SHORT_LAST && code < NO_COLUMNS)
        *line += (int)code - ONE_LINE;
    else if (code >= NO_COLUMNS)
        *line += get_signed(r);
    loc.lineno = loc.end_lineno = *line;
    if (code <= SHORT_LAST) {
        int second = get_byte(r);
        loc.col = (int)code << 3 | (second >> 4 & 7);
        loc.end_col = loc.col + (second & 15);
    } else if (code < NO_COLUMNS) {
        loc.col = get_byte(r);
        loc.end_col = get_byte(r);
    } else if (code == LONG) {
        loc.end_lineno += (int)get_varint(r);
        loc.col = (int)get_varint(r) - 1;
        loc.end_col = (int)get_varint(r) - 1;
    }
    return loc;
}

int ou_code_set_linetable(OuVM *vm, OuCode *c, OuObj *table)
{
    Reader r = {(const uint8_t *)OU_BYTES(table)->data,
                (const uint8_t *)OU_BYTES(table)->data + OU_BYTES(table)->len};
    Bytes b = {.vm = vm};
    int read_line = c->firstlineno, line = c->firstlineno;
    while (r.at < r.end) {
        uint8_t row[OU_LOC_ROW_MAX];
        unsigned head = *r.at++;
        OuLoc loc = get_location(&r, head >> 3 & 15, &read_line);
        size_t n = ou_loc_pack(row, &line, loc, (head & 7) + 1);
        for (size_t i = 0; i < n; i++)
            put(&b, row[i]);
    }
    uint8_t *locs = b.failed ? NULL : ou_alloc(vm, b.n ? b.n : 1);
    if (locs) {
        memcpy(locs, b.n ? b.at : locs, b.n);
        ou_free(vm, c->locs, c->nlocs ? c->nlocs : 1);
        c->locs = locs;
        c->nlocs = (uint32_t)b.n;
    }
    if (b.at)
        ou_free(vm, b.at, b.cap);
    return locs ? 0 : -1;
}

/* ---- exceptions ---- */

static void put_item(Bytes *b, uint32_t x, unsigned first)
{
    for (int shift = 24; shift > 0; shift -= 6)
        if (x >= 1u << shift) {
            put(b, first | 64 | (x >> shift & 63));
            first = 0;
        }
    put(b, first | (x & 63));
}

OuObj *ou_code_exceptiontable(OuVM *vm, OuCode *c)
{
    Bytes b = {.vm = vm};
    for (uint32_t i = 0; i < c->nexc; i++) {
        const OuExcEntry *e = &c->exc[i];
        put_item(&b, e->start, 0x80);
        put_item(&b, e->end - e->start, 0);
        put_item(&b, e->target, 0);
        put_item(&b, (e->height - c->nvars) << 1, 0);
    }
    return finish(&b);
}

static uint32_t get_item(Reader *r)
{
    uint32_t x = 0;
    while (r->at < r->end) {
        unsigned b = *r->at++;
        x = x << 6 | (b & 63);
        if (!(b & 64))
            break;
    }
    return x;
}

int ou_code_set_exceptiontable(OuVM *vm, OuCode *c, OuObj *table)
{
    Reader r = {(const uint8_t *)OU_BYTES(table)->data,
                (const uint8_t *)OU_BYTES(table)->data + OU_BYTES(table)->len};
    uint32_t n = 0, before = 0;
    for (const uint8_t *p = r.at; p < r.end; p++)
        n += (*p & 0x80) != 0;
    OuExcEntry *exc = ou_alloc(vm, n ? n * sizeof *exc : 1);
    if (!exc)
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        OuExcEntry *e = &exc[i];
        e->start = get_item(&r);
        e->end = e->start + get_item(&r);
        e->target = get_item(&r);
        e->height = c->nvars + (get_item(&r) >> 1);
        if (e->start < before || e->end <= e->start || e->end > c->ncode || e->target >= c->ncode ||
            e->height >= c->nregs) {
            ou_free(vm, exc, n * sizeof *exc);
            return ou_value_error_i(vm, "code: bad exception table");
        }
        before = e->end;
    }
    ou_free(vm, c->exc, c->nexc ? c->nexc * sizeof *c->exc : 1);
    c->exc = exc;
    c->nexc = n;
    return 0;
}
