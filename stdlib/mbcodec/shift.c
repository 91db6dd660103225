/* stdlib/mbcodec/shift.c - encodings that shift between sets by escape sequences: ISO 2022 and HZ. */
#include "mbcodec.h"

#include <string.h>

enum {
    ASCII,
    JISX0208,
    JISX0208_O,
    JISX0201_R,
    JISX0201_K,
    JISX0212,
    KSX1001,
    GB2312,
    JIS2000_1,
    JIS2004_1,
    JIS_2,
    JIS2000_2,
    LATIN1,
    GREEK,
    NSETS
};
enum { ESC = 0x1b, SO = 0x0e, SI = 0x0f };

/* A set that may be designated: escape sequence, the charset that knows it, how its codes are written there. */
static const struct Set {
    const char *escape, *charset;
    uint8_t width; /* bytes of a character */
    uint8_t place; /* 0, 1 or 2: G0, G1 (SO, SI), G2 (ESC N) */
    bool third;    /* after 0x8f in EUC */
} sets[NSETS] = {
    [ASCII] = {"\x1b(B", NULL, 1, 0, false},
    [JISX0208] = {"\x1b$B", "euc_jp", 2, 0, false},
    [JISX0208_O] = {"\x1b$@", "euc_jp", 2, 0, false},
    [JISX0201_R] = {"\x1b(J", NULL, 1, 0, false},
    [JISX0201_K] = {"\x1b(I", NULL, 1, 0, false},
    [JISX0212] = {"\x1b$(D", "euc_jp", 2, 0, true},
    [KSX1001] = {"\x1b$(C", "euc_kr", 2, 0, false},
    [GB2312] = {"\x1b$(A", "gb2312", 2, 0, false},
    [JIS2000_1] = {"\x1b$(O", "euc_jisx0213", 2, 0, false},
    [JIS2004_1] = {"\x1b$(Q", "euc_jis_2004", 2, 0, false},
    [JIS_2] = {"\x1b$(P", "euc_jis_2004", 2, 0, true},
    [JIS2000_2] = {"\x1b$(P", "euc_jisx0213", 2, 0, true},
    [LATIN1] = {"\x1b.A", "iso8859_1", 1, 2, false},
    [GREEK] = {"\x1b.F", "iso8859_7", 1, 2, false},
};
#define KR_ESCAPE "\x1b$)C"

static const uint8_t kr_sets[] = {KSX1001, 0}, jp_sets[] = {JISX0208, JISX0201_R, JISX0208_O, 0},
                     jp1_sets[] = {JISX0208, JISX0212, JISX0201_R, JISX0208_O, 0},
                     jp2_sets[] = {JISX0208,   JISX0212, KSX1001, GB2312, JISX0201_R,
                                   JISX0208_O, LATIN1,   GREEK,   0},
                     jp3_sets[] = {JISX0208, JIS2000_1, JIS2000_2, 0},
                     jp2004_sets[] = {JISX0208, JIS2004_1, JIS_2, 0},
                     ext_sets[] = {JISX0208, JISX0212, JISX0201_R, JISX0201_K, JISX0208_O, 0};

const uint8_t *ou_mb_shift_sets(const char *name, bool *hz)
{
    static const struct {
        const char *name;
        const uint8_t *sets;
    } rows[] = {{"iso2022_kr", kr_sets},     {"iso2022_jp", jp_sets},          {"iso2022_jp_1", jp1_sets},
                {"iso2022_jp_2", jp2_sets},  {"iso2022_jp_2004", jp2004_sets}, {"iso2022_jp_3", jp3_sets},
                {"iso2022_jp_ext", ext_sets}};
    *hz = strcmp(name, "hz") == 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].sets;
    return NULL;
}

/* A character of set from its 7-bit bytes; false: none. */
static bool from_set(OuVM *vm, int set, const uint8_t *s, uint32_t out[2], int *nout)
{
    const struct Set *d = &sets[set];
    *nout = 1;
    if (set == JISX0201_R || set == ASCII) {
        out[0] = set == JISX0201_R && s[0] == 0x5c ? 0xa5 : set == JISX0201_R && s[0] == 0x7e ? 0x203e : s[0];
        return s[0] < 0x80;
    }
    if (set == KSX1001 && s[0] == 0x24 &&
        s[1] == 0x54) { /* the filler, which begins a composed syllable elsewhere */
        out[0] = 0x3164;
        return true;
    }
    if (set == JISX0201_K) {
        out[0] = 0xff40u + s[0];
        return s[0] >= 0x21 && s[0] <= 0x5f;
    }
    uint8_t p[3] = {0x8f, 0, 0};
    uint8_t *q = p + d->third;
    for (int i = 0; i < d->width; i++) {
        if (s[i] < 0x20 || s[i] >= 0x80)
            return false;
        q[i] = s[i] | 0x80;
    }
    const OuMbCharset *cs = ou_mb_charset(d->charset);
    int used;
    /* JIS X 0213's second plane is not JIS X 0212 */
    if (set == JIS_2 || set == JIS2000_2) {
        uint32_t other[2];
        int n;
        const OuMbCharset *jp = ou_mb_charset("euc_jp");
        used = ou_mb_decode(vm, cs, p, 3, out, nout);
        if (used == 3 && ou_mb_decode(vm, jp, p, 3, other, &n) == 3 && other[0] == out[0])
            return false;
        return used == 3;
    }
    used = ou_mb_decode(vm, cs, p, (size_t)(d->width + d->third), out, nout);
    return used == d->width + d->third;
}

/* The 7-bit bytes of c in set: how many characters were used, 0: more are needed, -1: none. */
static int to_set(OuVM *vm, int set, const uint32_t *c, size_t n, bool final, uint8_t out[2])
{
    const struct Set *d = &sets[set];
    if (set == JISX0201_R) {
        out[0] = c[0] == 0xa5 ? 0x5c : 0x7e;
        return c[0] == 0xa5 || c[0] == 0x203e ? 1 : -1;
    }
    if (set == JISX0201_K) {
        out[0] = (uint8_t)(c[0] - 0xff40);
        return c[0] >= 0xff61 && c[0] <= 0xff9f ? 1 : -1;
    }
    static const uint16_t newer[] = {0xa0,   0xab,   0xb5, 0xbb,
                                     0x20ac, 0x20af, 0x37a}; /* than the set of ISO 8859 */
    for (size_t i = 0; (set == LATIN1 || set == GREEK) && i < sizeof newer / sizeof *newer; i++)
        if (c[0] == newer[i])
            return -1;
    if (c[0] == 0xff5e && (set == JIS2000_1 || set == JIS2004_1))
        return -1;
    uint8_t p[OU_MB_MAX];
    int len, used = ou_mb_encode(vm, ou_mb_charset(d->charset), c, n, final, p, &len);
    if (used <= 0)
        return used;
    uint8_t *q = p + d->third;
    if (len != d->width + d->third || (d->third && p[0] != 0x8f) || (!d->third && p[0] == 0x8f))
        return -1;
    uint32_t back[2];
    int got;
    for (int i = 0; i < d->width; i++) {
        if (q[i] < 0xa0)
            return -1;
        out[i] = q[i] & 0x7f;
    }
    return from_set(vm, set, out, back, &got) && got == used ? used : -1;
}

static bool has_set(const OuMbCodec *k, int set)
{
    for (const uint8_t *p = k->sets; *p; p++)
        if (*p == set)
            return true;
    return set == ASCII;
}

/* An escape sequence at s: its length; 0 incomplete; -length: none that k has. */
static int escape(const OuMbCodec *k, OuMbState *st, const uint8_t *s, size_t n)
{
    size_t len = 1;
    while (len < n && len < 16 && !(s[len] >= '@' && s[len] <= 'Z'))
        len++;
    if (len == n)
        return 0;
    if (len == 16)
        return -1;
    len++;
    if (k->sets == kr_sets) {
        if (len == 4 && memcmp(s, KR_ESCAPE, 4) == 0) {
            st->g1 = KSX1001;
            return 4;
        }
        return len == 3 && memcmp(s, sets[ASCII].escape, 3) == 0 ? 3 : -(int)len;
    }
    for (int i = 0; i < NSETS; i++) {
        const char *e = sets[i].escape;
        size_t want = strlen(e);
        bool same = len == want && memcmp(s, e, len) == 0;
        bool shorter = len == 3 && want == 4 && s[1] == '$' && s[2] == (uint8_t)e[3]; /* without the "(" */
        if (!has_set(k, i) || !(same || shorter))
            continue;
        if (sets[i].place == 2)
            st->g2 = (uint8_t)i;
        else
            st->g0 = (uint8_t)i;
        return (int)len;
    }
    return -(int)len;
}

static int decode_2022(OuVM *vm, const OuMbCodec *k, OuMbState *st, const uint8_t *s, size_t n,
                       uint32_t out[2], int *nout)
{
    *nout = 0;
    if (st->through) { /* inside a sequence of no meaning here */
        st->through = !(s[0] >= '@' && s[0] <= 'Z');
        out[0] = s[0];
        *nout = 1;
        return 1;
    }
    if (s[0] == ESC) {
        if (n < 2)
            return 0;
        if (s[1] == 'N' && has_set(k, LATIN1)) { /* one character of G2 */
            uint8_t c = n > 2 ? s[2] : 0;
            if (n < 3)
                return 0;
            out[0] = c; /* nothing designated: as it is */
            *nout = 1;
            return st->g2 ? (from_set(vm, st->g2, &c, out, nout) ? 3 : -3) : c < 0x80 ? 3 : -3;
        }
        if (s[1] && strchr("()$.&", s[1]))
            return escape(k, st, s, n);
        st->through = 1;
        out[0] = ESC;
        *nout = 1;
        return 1;
    }
    if (k->sets == kr_sets && (s[0] == SO || s[0] == SI)) {
        st->shifted = s[0] == SO;
        return 1;
    }
    if (s[0] == '\n') {
        st->shifted = 0;
        out[0] = '\n';
        *nout = 1;
        return 1;
    }
    if (s[0] < 0x20) {
        out[0] = s[0];
        *nout = 1;
        return 1;
    }
    if (s[0] >= 0x80)
        return -1;
    int set = st->shifted ? st->g1 : st->g0;
    if ((size_t)sets[set].width > n)
        return 0;
    return from_set(vm, set, s, out, nout) ? sets[set].width : -sets[set].width;
}

static int add(uint8_t *out, int n, const char *text)
{
    size_t len = strlen(text);
    memcpy(out + n, text, len);
    return n + (int)len;
}

static int encode_2022(OuVM *vm, const OuMbCodec *k, OuMbState *st, const uint32_t *c, size_t n, bool final,
                       uint8_t out[OU_MB_MAX], int *nout)
{
    *nout = 0;
    if (c[0] < 0x80) {
        *nout = ou_mb_reset(k, st, out);
        out[(*nout)++] = (uint8_t)c[0];
        if (c[0] == '\n')
            st->g2 = 0;
        return 1;
    }
    uint8_t code[2];
    int pair = has_set(k, JIS2004_1)   ? to_set(vm, JIS2004_1, c, n, final, code)
               : has_set(k, JIS2000_1) ? to_set(vm, JIS2000_1, c, n, final, code)
                                       : -1;
    for (const uint8_t *p = k->sets; *p; p++) {
        if (pair == 2 && *p != JIS2004_1 && *p != JIS2000_1)
            continue;
        int used = pair == 0 ? 0 : to_set(vm, *p, c, n, final, code), len = 0;
        if (used == 0)
            return 0;
        if (used < 0)
            continue;
        if (k->sets == kr_sets) {
            if (!st->g1)
                len = add(out, len, KR_ESCAPE);
            st->g1 = KSX1001;
            if (!st->shifted)
                out[len++] = SO;
            st->shifted = 1;
        } else if (sets[*p].place == 2) {
            if (st->g2 != *p)
                len = add(out, len, sets[*p].escape);
            st->g2 = *p;
            out[len++] = ESC;
            out[len++] = 'N';
        } else if (st->g0 != *p) {
            len = add(out, len, sets[*p].escape);
            st->g0 = *p;
        }
        memcpy(out + len, code, sets[*p].width);
        *nout = len + sets[*p].width;
        return used;
    }
    return -1;
}

/* HZ: "~{" and "~}" around GB 2312, "~~" a tilde, "~" at the end of a line nothing. */
static int decode_hz(OuVM *vm, OuMbState *st, const uint8_t *s, size_t n, uint32_t out[2], int *nout)
{
    *nout = 0;
    if (s[0] == '~') {
        if (n < 2)
            return 0;
        if (s[1] == '~' && !st->shifted) {
            out[0] = '~';
            *nout = 1;
        } else if (s[1] == '{' && !st->shifted) {
            st->shifted = 1;
        } else if (s[1] == '}' && st->shifted) {
            st->shifted = 0;
        } else if (s[1] != '\n' || st->shifted) {
            return -1;
        }
        return 2;
    }
    if (s[0] >= 0x80)
        return -1;
    if (!st->shifted) {
        out[0] = s[0];
        *nout = 1;
        return 1;
    }
    if (n < 2)
        return 0;
    return from_set(vm, GB2312, s, out, nout) ? 2 : -1;
}

static int encode_hz(OuVM *vm, OuMbState *st, const uint32_t *c, uint8_t out[OU_MB_MAX], int *nout)
{
    int len = 0;
    uint8_t code[2];
    if (c[0] < 0x80) {
        if (st->shifted)
            len = add(out, len, "~}");
        st->shifted = 0;
        out[len++] = (uint8_t)c[0];
        if (c[0] == '~')
            out[len++] = '~';
        *nout = len;
        return 1;
    }
    if (to_set(vm, GB2312, c, 1, true, code) != 1)
        return -1;
    if (!st->shifted)
        len = add(out, len, "~{");
    st->shifted = 1;
    out[len++] = code[0];
    out[len++] = code[1];
    *nout = len;
    return 1;
}

int ou_mb_step_decode(OuVM *vm, const OuMbCodec *k, OuMbState *st, const uint8_t *s, size_t n,
                      uint32_t out[2], int *nout)
{
    if (k->cs)
        return ou_mb_decode(vm, k->cs, s, n, out, nout);
    return k->hz ? decode_hz(vm, st, s, n, out, nout) : decode_2022(vm, k, st, s, n, out, nout);
}

int ou_mb_step_encode(OuVM *vm, const OuMbCodec *k, OuMbState *st, const uint32_t *c, size_t n, bool final,
                      uint8_t out[OU_MB_MAX], int *nout)
{
    if (k->cs)
        return ou_mb_encode(vm, k->cs, c, n, final, out, nout);
    return k->hz ? encode_hz(vm, st, c, out, nout) : encode_2022(vm, k, st, c, n, final, out, nout);
}

int ou_mb_reset(const OuMbCodec *k, OuMbState *st, uint8_t out[OU_MB_MAX])
{
    int len = 0;
    if (k->cs)
        return 0;
    if (st->shifted) {
        if (k->hz)
            len = add(out, len, "~}");
        else
            out[len++] = SI;
        st->shifted = 0;
    }
    if (st->g0) {
        len = add(out, len, sets[ASCII].escape);
        st->g0 = ASCII;
    }
    return len;
}

/* ---- state as CPython shows it: the final character of each designation, 0x80 for sets of two bytes, flags ---- */

static uint8_t mark(int set)
{
    const char *e = sets[set].escape;
    return (uint8_t)(e[strlen(e) - 1] | (sets[set].width == 2 ? 0x80 : 0));
}

void ou_mb_state_save(const OuMbCodec *k, const OuMbState *st, uint8_t out[8])
{
    if (k->cs) { /* unused: kept as setstate() gave it */
        memcpy(out, st->bytes, 8);
        return;
    }
    memset(out, 0, 8);
    if (k->hz)
        out[0] = st->shifted;
    if (!k->sets)
        return;
    out[0] = mark(st->g0);
    out[1] = mark(st->g1);
    out[2] = st->g2 ? mark(st->g2) : 0;
    out[4] = (uint8_t)(st->shifted | st->through << 1);
}

static uint8_t set_of_mark(const OuMbCodec *k, uint8_t m)
{
    for (const uint8_t *p = k->sets; *p; p++)
        if (mark(*p) == m)
            return *p;
    return ASCII;
}

void ou_mb_state_load(const OuMbCodec *k, OuMbState *st, const uint8_t in[8])
{
    *st = (OuMbState){0};
    if (k->cs)
        memcpy(st->bytes, in, 8);
    if (k->hz)
        st->shifted = in[0] != 0;
    if (!k->sets)
        return;
    st->g0 = set_of_mark(k, in[0]);
    st->g1 = set_of_mark(k, in[1]);
    st->g2 = set_of_mark(k, in[2]);
    st->shifted = in[4] & 1;
    st->through = in[4] >> 1 & 1;
}
