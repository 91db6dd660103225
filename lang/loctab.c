/* lang/loctab.c - positions of instructions, packed.
 *
 * A row stands for a run of units with one position.  First byte: kind in the upper two bits, run length
 * minus one in the lower six (63: a varint with the rest follows).
 *   kind 0: no position        kind 1: line only (delta)
 *   kind 2: one line: delta of the line, col, width      kind 3: delta, number of further lines, col, end col
 * Kind 0 with a length of MARK is a row of no units: a line that is visited before the row that follows, of
 * which nothing is left but operands read in place by an instruction of another line.  Tracing alone sees it.
 * Numbers are varints of seven bits, low first; deltas are zigzag, to the line of the row before. */
#include "loctab.h"

enum { MARK = 62 };

static size_t put(uint8_t *to, uint32_t x)
{
    size_t n = 0;
    for (; x >= 0x80; x >>= 7)
        to[n++] = (uint8_t)(x | 0x80);
    to[n++] = (uint8_t)x;
    return n;
}

static uint32_t get(OuLocIter *it)
{
    uint32_t x = 0;
    for (int shift = 0; it->at < it->end; shift += 7) {
        uint8_t b = *it->at++;
        if (shift < 32)
            x |= (uint32_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            break;
    }
    return x;
}

static uint32_t zigzag(int d)
{
    return (uint32_t)d << 1 ^ (uint32_t)(d >> 31);
}
static int unzigzag(uint32_t x)
{
    return (int)(x >> 1) ^ -(int)(x & 1);
}

size_t ou_loc_pack(uint8_t *to, int *line, OuLoc loc, uint32_t units)
{
    int kind = loc.lineno < 0                                                  ? 0
               : loc.col < 0 || loc.end_col < 0 || loc.end_lineno < loc.lineno ? 1
               : loc.end_lineno == loc.lineno && loc.end_col >= loc.col        ? 2
                                                                               : 3;
    size_t n = 0;
    uint32_t run = units - 1, most = kind == 0 ? MARK : 63;
    if (!units) {
        to[n++] = MARK;
        n += put(to + n, zigzag(loc.lineno - *line));
        *line = loc.lineno;
        return n;
    }
    to[n++] = (uint8_t)(kind << 6 | (run < most ? run : 63));
    if (run >= most)
        n += put(to + n, run - most);
    if (kind == 0)
        return n;
    n += put(to + n, zigzag(loc.lineno - *line));
    *line = loc.lineno;
    if (kind == 2) {
        n += put(to + n, (uint32_t)loc.col);
        n += put(to + n, (uint32_t)(loc.end_col - loc.col));
    } else if (kind == 3) {
        n += put(to + n, (uint32_t)(loc.end_lineno - loc.lineno));
        n += put(to + n, (uint32_t)loc.col);
        n += put(to + n, (uint32_t)loc.end_col);
    }
    return n;
}

void ou_loc_begin(OuLocIter *it, const uint8_t *locs, uint32_t n, int firstlineno)
{
    *it = (OuLocIter){.at = locs, .end = locs + n, .line = firstlineno};
}

bool ou_loc_next(OuLocIter *it)
{
    if (it->at >= it->end)
        return false;
    uint8_t b = *it->at++;
    int kind = b >> 6;
    it->unit += it->units;
    it->units = (b & 63u) + 1;
    if ((b & 63) == 63)
        it->units = (kind == 0 ? MARK : 63) + 1 + get(it);
    it->loc = (OuLoc){-1, -1, -1, -1};
    if (b == MARK) {
        it->units = 0;
        it->line += unzigzag(get(it));
        it->loc.lineno = it->loc.end_lineno = it->line;
        return true;
    }
    if (kind == 0)
        return true;
    it->line += unzigzag(get(it));
    it->loc.lineno = it->loc.end_lineno = it->line;
    if (kind == 2) {
        it->loc.col = (int)get(it);
        it->loc.end_col = it->loc.col + (int)get(it);
    } else if (kind == 3) {
        it->loc.end_lineno += (int)get(it);
        it->loc.col = (int)get(it);
        it->loc.end_col = (int)get(it);
    }
    return true;
}

OuLoc ou_loc_find(const uint8_t *locs, uint32_t n, int firstlineno, uint32_t unit)
{
    OuLocIter it;
    ou_loc_begin(&it, locs, n, firstlineno);
    while (ou_loc_next(&it))
        if (unit - it.unit < it.units)
            return it.loc;
    return (OuLoc){-1, -1, -1, -1};
}
