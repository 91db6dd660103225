/* stdlib/mbcodec/charset.c - East Asian sets of characters by iconv, made equal to CPython's. */
#include "mbcodec.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

static const OuMbFix fix_gbk[] = {{0x80, 0x80, 0x0}, {0}};
static const OuMbFix fix_gb18030[] = {{0xa6d9, 0xa6df, 0xe78d},
                                      {0xa6ec, 0xa6ed, 0xe794},
                                      {0xa6f3, 0xa6f3, 0xe796},
                                      {0xa8bc, 0xa8bc, 0xe7c7},
                                      {0xfe51, 0xfe53, 0xe816},
                                      {0xfe59, 0xfe59, 0xe81e},
                                      {0xfe61, 0xfe61, 0xe826},
                                      {0xfe66, 0xfe67, 0xe82b},
                                      {0xfe6c, 0xfe6d, 0xe831},
                                      {0xfe76, 0xfe76, 0xe83b},
                                      {0xfe7e, 0xfe7e, 0xe843},
                                      {0xfe90, 0xfe91, 0xe854},
                                      {0xfea0, 0xfea0, 0xe864},
                                      {0x8135f437, 0x8135f437, 0x1e3f},
                                      {0x82359037, 0x82359039, 0x9fb4},
                                      {0x82359130, 0x82359134, 0x9fb7},
                                      {0x84318236, 0x84318239, 0xfe10},
                                      {0x84318330, 0x84318335, 0xfe14},
                                      {0}};
static const OuMbFix fix_big5[] = {
    {0x80, 0x80, 0x0},        {0xa145, 0xa145, 0x2022}, {0xa14e, 0xa14e, 0xff64}, {0xa1c2, 0xa1c2, 0x203e},
    {0xa1e3, 0xa1e3, 0x223c}, {0xa1f2, 0xa1f2, 0x2641}, {0xa1f3, 0xa1f3, 0x2609}, {0xa241, 0xa241, 0xff0f},
    {0xa242, 0xa242, 0xff3c}, {0xa244, 0xa244, 0xa5},   {0xa246, 0xa247, 0xa2},   {0xa3e1, 0xa3e1, 0x0},
    {0xc6a1, 0xc6a1, 0x30fe}, {0xc6a2, 0xc6a3, 0x309d}, {0xc6a4, 0xc6a4, 0x3005}, {0xc6a5, 0xc6f7, 0x3041},
    {0xc6f8, 0xc6fe, 0x30a1}, {0xc740, 0xc77e, 0x30a8}, {0xc7a1, 0xc7b0, 0x30e7}, {0xc7b1, 0xc7b2, 0x414},
    {0xc7b3, 0xc7b3, 0x401},  {0xc7b4, 0xc7ba, 0x416},  {0xc7bb, 0xc7cd, 0x423},  {0xc7ce, 0xc7ce, 0x451},
    {0xc7cf, 0xc7e8, 0x436},  {0xc7e9, 0xc7f2, 0x2460}, {0xc7f3, 0xc7fc, 0x2474}, {0xc7fd, 0xc7fe, 0x0},
    {0xc840, 0xc87e, 0x0},    {0xc8a1, 0xc8fe, 0x0},    {0xf9d6, 0xf9fe, 0x0},    {0}};
static const OuMbFix fix_big5hkscs[] = {{0x80, 0x80, 0x0},
                                        {0x877a, 0x877e, 0x0},
                                        {0x87a1, 0x87df, 0x0},
                                        {0xa15a, 0xa15a, 0x2574},
                                        {0xa1c3, 0xa1c3, 0xffe3},
                                        {0xa1c5, 0xa1c5, 0x2cd},
                                        {0xa1fe, 0xa1fe, 0xff0f},
                                        {0xa240, 0xa240, 0xff3c},
                                        {0xa2cc, 0xa2cc, 0x5341},
                                        {0xa2ce, 0xa2ce, 0x5345},
                                        {0}};
static const OuMbFix fix_cp950[] = {
    {0x80, 0x80, 0x0},        {0xc6a1, 0xc6a1, 0x30fe}, {0xc6a2, 0xc6a3, 0x309d}, {0xc6a4, 0xc6a4, 0x3005},
    {0xc6a5, 0xc6f7, 0x3041}, {0xc6f8, 0xc6fe, 0x30a1}, {0xc740, 0xc77e, 0x30a8}, {0xc7a1, 0xc7b0, 0x30e7},
    {0xc7b1, 0xc7b2, 0x414},  {0xc7b3, 0xc7b3, 0x401},  {0xc7b4, 0xc7ba, 0x416},  {0xc7bb, 0xc7cd, 0x423},
    {0xc7ce, 0xc7ce, 0x451},  {0xc7cf, 0xc7e8, 0x436},  {0xc7e9, 0xc7f2, 0x2460}, {0xc7f3, 0xc7fc, 0x2474},
    {0xc7fd, 0xc7fe, 0x0},    {0xc840, 0xc87e, 0x0},    {0xc8a1, 0xc8fe, 0x0},    {0}};
static const OuMbFix fix_cp932[] = {{0x80, 0x80, 0x80}, {0xa0, 0xa0, 0xf8f0}, {0xfd, 0xff, 0xf8f1}, {0}};
static const OuMbFix fix_shift_jis_2004[] = {
    {0x815c, 0x815c, 0x2015}, {0x815f, 0x815f, 0x5c}, {0x81b0, 0x81b0, 0x7e}, {0x81d4, 0x81d5, 0x2985}, {0}};
static const OuMbFix fix_shift_jisx0213[] = {
    {0x815c, 0x815c, 0x2015}, {0x815f, 0x815f, 0x5c}, {0x81b0, 0x81b0, 0x7e},   {0x81d4, 0x81d5, 0x2985},
    {0x879f, 0x879f, 0x0},    {0x889e, 0x889e, 0x0},  {0x9873, 0x9873, 0x0},    {0x989e, 0x989e, 0x0},
    {0xeaa5, 0xeaa5, 0x0},    {0xeff8, 0xeffc, 0x0},  {0xfc5a, 0xfc5a, 0x9b1d}, {0}};
static const OuMbFix fix_euc_jp[] = {{0x80, 0x8d, 0x0}, {0x90, 0x9f, 0x0}, {0x8fa2b7, 0x8fa2b7, 0x7e}, {0}};
static const OuMbFix fix_euc_jis_2004[] = {
    {0xa1bd, 0xa1bd, 0x2015}, {0xa2d6, 0xa2d7, 0x2985}, {0x8fa2b7, 0x8fa2b7, 0x7e}, {0}};
static const OuMbFix fix_euc_jisx0213[] = {{0xa1bd, 0xa1bd, 0x2015},
                                           {0xa2d6, 0xa2d7, 0x2985},
                                           {0xaea1, 0xaea1, 0x0},
                                           {0xaffe, 0xaffe, 0x0},
                                           {0xcfd4, 0xcfd4, 0x0},
                                           {0xcffe, 0xcffe, 0x0},
                                           {0xf4a7, 0xf4a7, 0x0},
                                           {0xfefa, 0xfefe, 0x0},
                                           {0x8fa2b7, 0x8fa2b7, 0x7e},
                                           {0x8ffdbb, 0x8ffdbb, 0x9b1d},
                                           {0}};
static const OuMbFix fix_euc_kr[] = {{0x80, 0x9f, 0x0}, {0xa2e8, 0xa2e8, 0x0}, {0xa4d4, 0xa4d4, 0x0}, {0}};
static const OuMbFix fix_johab[] = {{0x8441, 0x8441, 0x3000},
                                    {0x8442, 0x8443, 0x3131},
                                    {0x8445, 0x8445, 0x3134},
                                    {0x8448, 0x8448, 0x3137},
                                    {0x8449, 0x8449, 0x3139},
                                    {0x8451, 0x8451, 0x3141},
                                    {0x8453, 0x8453, 0x3142},
                                    {0x8455, 0x8458, 0x3145},
                                    {0x8459, 0x845d, 0x314a},
                                    {0xd9e8, 0xd9e8, 0x0},
                                    {0}};

/* characters encoded one way only */
static const OuMbFix only_big5hkscs[] = {{0x5341, 0x5341, 0xa451},
                                         {0x5345, 0x5345, 0xa4ca},
                                         {0xff0f, 0xff0f, 0xa241},
                                         {0xff3c, 0xff3c, 0xa242},
                                         {0}};
static const OuMbFix only_shift_jis[] = {{0xa5, 0xa5, 0x5c}, {0x203e, 0x203e, 0x7e}, {0}};
static const OuMbFix only_cp932[] = {{0xa2, 0xa3, 0x8191},     {0xac, 0xac, 0x81ca},
                                     {0x2016, 0x2016, 0x8161}, {0x2212, 0x2212, 0x817c},
                                     {0x301c, 0x301c, 0x8160}, {0}};
static const OuMbFix only_euc_jp[] = {{0xa5, 0xa5, 0x5c}, {0x203e, 0x203e, 0x7e}, {0}};
static const OuMbFix only_euc_jisx0213[] = {
    {0x7626, 0x7626, 0x0}, {0x7e6b, 0x7e6b, 0x0}, {0x9b1c, 0x9b1c, 0x0}, {0}};
static const OuMbFix only_euc_kr[] = {{0x3164, 0x3164, 0xa4d4}, {0}};
static const OuMbFix only_johab[] = {
    {0x3000, 0x3000, 0xd931}, {0x3131, 0x3131, 0x8841}, {0x3132, 0x3132, 0x8c41},
    {0x3134, 0x3134, 0x9041}, {0x3137, 0x3137, 0x9441}, {0x3139, 0x3139, 0x9c41},
    {0x3141, 0x3141, 0xa041}, {0x3142, 0x3142, 0xa441}, {0x3145, 0x3145, 0xac41},
    {0x3146, 0x3146, 0xb041}, {0x3147, 0x3147, 0xb441}, {0x3148, 0x3148, 0xb841},
    {0x314a, 0x314a, 0xc041}, {0x314b, 0x314b, 0xc441}, {0x314c, 0x314c, 0xc841},
    {0x314d, 0x314d, 0xcc41}, {0x314e, 0x314e, 0xd041}, {0}};
static const OuMbFix only_cp950[] = {
    {0xa2, 0xa3, 0xa246},     {0xa5, 0xa5, 0xa244},     {0x2022, 0x2022, 0xa145},
    {0x203e, 0x203e, 0xa1c2}, {0x223c, 0x223c, 0xa1e3}, {0x2609, 0x2609, 0xa1f3},
    {0x2641, 0x2641, 0xa1f2}, {0xff64, 0xff64, 0xa14e}, {0}};
static const OuMbFix fix_none[] = {{0}};

/* clang-format off */
const OuMbCharset ou_mb_charsets[] = {
    {.name = "gb2312", .iconv = "EUC-CN", .fixes = fix_none, .max = 2},
    {.name = "gbk", .iconv = "GBK", .fixes = fix_gbk, .max = 2},
    {.name = "gb18030", .iconv = "GB18030", .fixes = fix_gb18030, .max = 4},
    {.name = "big5", .iconv = "BIG5", .fixes = fix_big5, .max = 2},
    {.name = "big5hkscs", .only_to = only_big5hkscs, .iconv = "BIG5-HKSCS", .fixes = fix_big5hkscs, .max = 2},
    {.name = "cp950", .only_to = only_cp950, .iconv = "CP950", .fixes = fix_cp950, .max = 2},
    {.name = "cp932", .only_to = only_cp932, .last_lead = 0xfc, .iconv = "CP932", .fixes = fix_cp932, .max = 2, .single_lo = 0xa1, .single_hi = 0xdf, .msdos = true},
    {.name = "shift_jis", .only_to = only_shift_jis, .last_lead = 0xea, .iconv = "SJIS", .fixes = fix_none, .max = 2, .single_lo = 0xa1, .single_hi = 0xdf},
    {.name = "shift_jis_2004", .last_lead = 0xfc, .roman = true, .iconv = "SHIFT_JISX0213", .fixes = fix_shift_jis_2004, .max = 2, .single_lo = 0xa1, .single_hi = 0xdf},
    {.name = "shift_jisx0213", .last_lead = 0xfc, .roman = true, .iconv = "SHIFT_JISX0213", .fixes = fix_shift_jisx0213, .max = 2, .single_lo = 0xa1, .single_hi = 0xdf},
    {.name = "euc_jp", .only_to = only_euc_jp, .iconv = "EUC-JP", .fixes = fix_euc_jp, .max = 3},
    {.name = "euc_jis_2004", .iconv = "EUC-JISX0213", .fixes = fix_euc_jis_2004, .max = 3, .jisx0212 = true},
    {.name = "euc_jisx0213", .only_to = only_euc_jisx0213, .iconv = "EUC-JISX0213", .fixes = fix_euc_jisx0213, .max = 3, .jisx0212 = true},
    {.name = "cp949", .iconv = "UHC", .fixes = fix_none, .max = 2},
    {.name = "euc_kr", .only_to = only_euc_kr, .iconv = "EUC-KR", .fixes = fix_euc_kr, .max = 2, .composed_hangul = true},
    {.name = "johab", .only_to = only_johab, .iconv = "JOHAB", .fixes = fix_johab, .max = 2},
    {.name = "iso8859_1", .iconv = "ISO-8859-1", .fixes = fix_none, .max = 1, .single_lo = 0x80, .single_hi = 0xff},
    {.name = "iso8859_7", .iconv = "ISO-8859-7", .fixes = fix_none, .max = 1, .single_lo = 0x80, .single_hi = 0xff},
    {0},
};
/* clang-format on */

const OuMbCharset *ou_mb_charset(const char *name)
{
    for (const OuMbCharset *c = ou_mb_charsets; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

/* The converter of a charset; (iconv_t)-1 with LookupError. */
static iconv_t converter(OuVM *vm, const OuMbCharset *cs, bool from)
{
    OuMbModule *m = ou_module_state(vm, &ou_mod__multibytecodec);
    void **slot = (from ? m->from : m->to) + (cs - ou_mb_charsets);
    if (!*slot) {
        iconv_t cd = from ? iconv_open("UTF-32LE", cs->iconv) : iconv_open(cs->iconv, "UTF-32LE");
        if (cd == (iconv_t)-1) {
            ou_raise(vm, OU_EXC(vm, LookupError), "the C library's iconv has no %s", cs->iconv);
            return cd;
        }
        *slot = cd;
    }
    return *slot;
}

void ou_mb_close_converters(OuMbModule *m)
{
    for (size_t i = 0; i < sizeof m->from / sizeof *m->from; i++) {
        if (m->from[i])
            iconv_close(m->from[i]);
        if (m->to[i])
            iconv_close(m->to[i]);
        m->from[i] = m->to[i] = NULL;
    }
}

/* Exactly these n bytes: 1-2 characters; 0 incomplete; -1 illegal (or an exception). */
static int by_iconv(OuVM *vm, const OuMbCharset *cs, const uint8_t *s, size_t n, uint32_t out[2])
{
    iconv_t cd = converter(vm, cs, true);
    if (cd == (iconv_t)-1)
        return -1;
    uint32_t buf[4];
    char *in = (char *)s, *to = (char *)buf;
    size_t left = n, room = sizeof buf;
    iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &in, &left, &to, &room) == (size_t)-1)
        return errno == EINVAL ? 0 : -1;
    iconv(cd, NULL, NULL, &to, &room);
    int got = (int)((sizeof buf - room) / 4);
    if (got < 1 || got > 2)
        return -1;
    memcpy(out, buf, (size_t)got * 4);
    return got;
}

static const OuMbFix *fix_of(const OuMbCharset *cs, uint32_t code)
{
    for (const OuMbFix *f = cs->fixes; f->first; f++)
        if (code >= f->first && code <= f->last)
            return f;
    return NULL;
}

/* KS X 1001 writes a syllable it has not as filler, initial, medial, final: eight bytes. */
static const uint8_t initials[19] = {0xa1, 0xa2, 0xa4, 0xa7, 0xa8, 0xa9, 0xb1, 0xb2, 0xb3, 0xb5,
                                     0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe};
static const uint8_t finals[28] = {0xd4, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa9, 0xaa,
                                   0xab, 0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb1, 0xb2, 0xb4, 0xb5,
                                   0xb6, 0xb7, 0xb8, 0xba, 0xbb, 0xbc, 0xbd, 0xbe};

static int place(const uint8_t *table, int n, uint8_t b)
{
    for (int i = 0; i < n; i++)
        if (table[i] == b)
            return i;
    return -1;
}

static int composed(const uint8_t *s, size_t n, uint32_t *out)
{
    if (n < 8)
        return 0;
    if (s[2] != 0xa4 || s[4] != 0xa4 || s[6] != 0xa4)
        return -1;
    int i = place(initials, 19, s[3]), m = s[5] - 0xbf, f = place(finals, 28, s[7]);
    if (i < 0 || m < 0 || m >= 21 || f < 0)
        return -1;
    *out = 0xac00 + (uint32_t)((i * 21 + m) * 28 + f);
    return 8;
}

/* Four bytes of GB 18030 count the characters from U+10000 on. */
static int beyond_bmp(const uint8_t *s, uint32_t *out)
{
    if (s[2] < 0x81 || s[2] > 0xfe || s[3] < '0' || s[3] > '9')
        return -1;
    uint32_t c =
        0x10000u + ((((s[0] - 0x90u) * 10 + (s[1] - 0x30u)) * 126 + (s[2] - 0x81u)) * 10 + (s[3] - 0x30u));
    *out = c;
    return c <= 0x10ffff ? 4 : -1;
}

int ou_mb_decode(OuVM *vm, const OuMbCharset *cs, const uint8_t *s, size_t n, uint32_t out[2], int *nout)
{
    *nout = 1;
    if (s[0] < 0x80) {
        out[0] = !cs->roman || (s[0] != 0x5c && s[0] != 0x7e) ? s[0] : s[0] == 0x5c ? 0xa5 : 0x203e;
        return 1;
    }
    bool alone = s[0] >= cs->single_lo && s[0] <= cs->single_hi && cs->single_lo;
    if (!alone && cs->max > 1) {
        const OuMbFix *f = fix_of(cs, s[0]);
        bool lead =
            !cs->single_lo || (s[0] >= 0x81 && s[0] <= 0x9f) || (s[0] >= 0xe0 && s[0] <= cs->last_lead);
        if (f && f->to) {
            out[0] = f->to + (s[0] - f->first);
            return 1;
        }
        if (!lead)
            return -1;
        if (n < 2 || (s[0] == 0x8f && cs->max == 3 && n < 3) ||
            (cs->max == 4 && s[1] >= '0' && s[1] <= '9' && n < 4))
            return 0;
        if (cs->max == 4 && s[0] >= 0x90 && s[1] >= '0' && s[1] <= '9')
            return beyond_bmp(s, out);
    }
    if (cs->composed_hangul && s[0] == 0xa4 && n > 1 && s[1] == 0xd4)
        return composed(s, n, out);
    uint32_t code = 0;
    for (size_t k = 1; k <= cs->max; k++) {
        if (k > n)
            return 0;
        code = code << 8 | s[k - 1];
        const OuMbFix *f = fix_of(cs, code);
        if (f) {
            out[0] = f->to + (code - f->first);
            return f->to ? (int)k : cs->jisx0212 || cs->roman ? -(int)k : -1;
        }
        if (k == 1 && cs->max > 1 && !alone)
            continue;
        int r = by_iconv(vm, cs, s, k, out);
        if (r > 0) {
            if (r == 2 && k == 2 && out[1] == s[1]) /* two characters of a byte each */
                return -1;
            *nout = r;
            return (int)k;
        }
        if (r < 0 && cs->jisx0212 && s[0] == 0x8f && k == 3 && !ou_err_occurred(vm) &&
            by_iconv(vm, ou_mb_charset("euc_jp"), s, k, out) == 1)
            return 3;
        if (r < 0)
            return -1;
    }
    return -1;
}

/* The bytes of a code. */
static int put_code(uint32_t code, uint8_t *out)
{
    int n = code > 0xffffff ? 4 : code > 0xffff ? 3 : code > 0xff ? 2 : 1;
    for (int i = n; i-- > 0; code >>= 8)
        out[i] = (uint8_t)code;
    return n;
}

static int to_bytes(OuVM *vm, const OuMbCharset *cs, const uint32_t *c, size_t n, uint8_t out[OU_MB_MAX])
{
    iconv_t cd = converter(vm, cs, false);
    if (cd == (iconv_t)-1)
        return -1;
    char *in = (char *)c, *to = (char *)out;
    size_t left = n * 4, room = OU_MB_MAX;
    iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &in, &left, &to, &room) == (size_t)-1)
        return -1;
    iconv(cd, NULL, NULL, &to, &room);
    return (int)(OU_MB_MAX - room);
}

/* The bytes must lead back to the same characters. */
static bool leads_back(OuVM *vm, const OuMbCharset *cs, const uint8_t *p, int len, const uint32_t *c, int n)
{
    uint32_t back[2];
    int got;
    return len > 0 && ou_mb_decode(vm, cs, p, (size_t)len, back, &got) == len && got == n &&
           memcmp(back, c, (size_t)n * 4) == 0;
}

static bool combining(uint32_t c)
{
    return c == 0x309a || c == 0x300 || c == 0x301 || c == 0x304 || c == 0x30c || c == 0x2e5 || c == 0x2e9;
}

/* Characters that may be the first of a pair with a code of its own. */
static bool pairs_up(const OuMbCharset *cs, uint32_t c)
{
    if (strcmp(cs->name, "big5hkscs") == 0)
        return c == 0xca || c == 0xea;
    if (!cs->jisx0212 && strncmp(cs->name, "shift_jis", 9) != 0)
        return false;
    if (strcmp(cs->name, "shift_jis") == 0)
        return false;
    return c == 0xe6 || c == 0x254 || c == 0x28c || c == 0x259 || c == 0x25a || c == 0x2e9 || c == 0x2e5 ||
           (c >= 0x304b && c <= 0x3053) || (c >= 0x30ab && c <= 0x30b3) || c == 0x30bb || c == 0x30c4 ||
           c == 0x30c8 || c == 0x31f7;
}

int ou_mb_encode(OuVM *vm, const OuMbCharset *cs, const uint32_t *c, size_t n, bool final,
                 uint8_t out[OU_MB_MAX], int *nout)
{
    bool moved = cs->roman && (c[0] == 0x5c || c[0] == 0x7e);
    if ((c[0] < 0x80 && !moved) || (cs->roman && (c[0] == 0xa5 || c[0] == 0x203e))) {
        out[0] = (uint8_t)(c[0] < 0x80 ? c[0] : c[0] == 0xa5 ? 0x5c : 0x7e);
        *nout = 1;
        return 1;
    }
    for (const OuMbFix *f = cs->only_to; f && f->first; f++)
        if (c[0] >= f->first && c[0] <= f->last) {
            *nout = f->to ? put_code(f->to + (c[0] - f->first), out) : 0;
            return f->to ? 1 : -1;
        }
    if (cs->max == 4 && c[0] >= 0x10000) {
        uint32_t v = c[0] - 0x10000;
        const uint8_t p[4] = {(uint8_t)(0x90 + v / 12600), (uint8_t)(0x30 + v / 1260 % 10),
                              (uint8_t)(0x81 + v / 10 % 126), (uint8_t)(0x30 + v % 10)};
        memcpy(out, p, 4);
        *nout = 4;
        return 1;
    }
    if (pairs_up(cs, c[0])) {
        if (n < 2 && !final)
            return 0;
        if (n >= 2 && combining(c[1])) {
            int len = to_bytes(vm, cs, c, 2, out);
            if (leads_back(vm, cs, out, len, c, 2)) {
                *nout = len;
                return 2;
            }
        }
    }
    for (const OuMbFix *f = cs->fixes; f->first; f++)
        if (f->to && c[0] >= f->to && c[0] <= f->to + (f->last - f->first)) {
            uint8_t p[4];
            int len = put_code(f->first + (c[0] - f->to), p);
            if (len > 1 || p[0] >= 0x80) {
                memcpy(out, p, (size_t)len);
                *nout = len;
                return 1;
            }
        }
    int len = to_bytes(vm, cs, c, 1, out);
    if (!leads_back(vm, cs, out, len, c, 1)) {
        const OuMbCharset *jp = cs->jisx0212 ? ou_mb_charset("euc_jp") : NULL;
        len = jp ? to_bytes(vm, jp, c, 1, out) : -1;
        if (len != 3)
            len = -1;
        if (len < 0 && cs->composed_hangul && c[0] >= 0xac00 && c[0] <= 0xd7a3) {
            uint32_t k = c[0] - 0xac00;
            const uint8_t p[8] = {
                0xa4, 0xd4,          0xa4, initials[k / 588], 0xa4, (uint8_t)(0xbf + k / 28 % 21),
                0xa4, finals[k % 28]};
            memcpy(out, p, 8);
            len = 8;
        }
    }
    if (len <= 0)
        return -1;
    if (cs->msdos && len == 2 && out[0] >= 0xfa) /* characters that are there twice: those at 0xed40 count */
        for (unsigned lead = 0xed; lead <= 0xee; lead++)
            for (unsigned trail = 0x40; trail <= 0xfc; trail++) {
                const uint8_t p[2] = {(uint8_t)lead, (uint8_t)trail};
                if (leads_back(vm, cs, p, 2, c, 1)) {
                    memcpy(out, p, 2);
                    *nout = 2;
                    return 1;
                }
            }
    *nout = len;
    return 1;
}
