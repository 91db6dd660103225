/* lang/uniname.c - \N{...}: code points by name.
 *
 * libunistring knows the names of Unicode 14; what it lacks, and what CPython's unicodedata does not accept
 * though it does, is here: control characters (which have only aliases), and the names that follow from
 * the code point, where CPython wants capitals. */
#include "escape.h"

#include <string.h>
#include <strings.h>
#include <uniname.h>

static const struct {
    int32_t c;
    const char *names;
} control[] = {
    {0x00, "NULL|NUL"},
    {0x01, "START OF HEADING|SOH"},
    {0x02, "START OF TEXT|STX"},
    {0x03, "END OF TEXT|ETX"},
    {0x04, "END OF TRANSMISSION|EOT"},
    {0x05, "ENQUIRY|ENQ"},
    {0x06, "ACKNOWLEDGE|ACK"},
    {0x07, "ALERT|BEL"},
    {0x08, "BACKSPACE|BS"},
    {0x09, "CHARACTER TABULATION|HORIZONTAL TABULATION|HT|TAB"},
    {0x0a, "LINE FEED|NEW LINE|END OF LINE|LF|NL|EOL"},
    {0x0b, "LINE TABULATION|VERTICAL TABULATION|VT"},
    {0x0c, "FORM FEED|FF"},
    {0x0d, "CARRIAGE RETURN|CR"},
    {0x0e, "SHIFT OUT|LOCKING-SHIFT ONE|SO"},
    {0x0f, "SHIFT IN|LOCKING-SHIFT ZERO|SI"},
    {0x10, "DATA LINK ESCAPE|DLE"},
    {0x11, "DEVICE CONTROL ONE|DC1"},
    {0x12, "DEVICE CONTROL TWO|DC2"},
    {0x13, "DEVICE CONTROL THREE|DC3"},
    {0x14, "DEVICE CONTROL FOUR|DC4"},
    {0x15, "NEGATIVE ACKNOWLEDGE|NAK"},
    {0x16, "SYNCHRONOUS IDLE|SYN"},
    {0x17, "END OF TRANSMISSION BLOCK|ETB"},
    {0x18, "CANCEL|CAN"},
    {0x19, "END OF MEDIUM|EOM"},
    {0x1a, "SUBSTITUTE|SUB"},
    {0x1b, "ESCAPE|ESC"},
    {0x1c, "INFORMATION SEPARATOR FOUR|FILE SEPARATOR|FS"},
    {0x1d, "INFORMATION SEPARATOR THREE|GROUP SEPARATOR|GS"},
    {0x1e, "INFORMATION SEPARATOR TWO|RECORD SEPARATOR|RS"},
    {0x1f, "INFORMATION SEPARATOR ONE|UNIT SEPARATOR|US"},
    {0x7f, "DELETE|DEL"},
    {0x80, "PADDING CHARACTER|PAD"},
    {0x81, "HIGH OCTET PRESET|HOP"},
    {0x82, "BREAK PERMITTED HERE|BPH"},
    {0x83, "NO BREAK HERE|NBH"},
    {0x84, "INDEX|IND"},
    {0x85, "NEXT LINE|NEL"},
    {0x86, "START OF SELECTED AREA|SSA"},
    {0x87, "END OF SELECTED AREA|ESA"},
    {0x88, "CHARACTER TABULATION SET|HORIZONTAL TABULATION SET|HTS"},
    {0x89, "CHARACTER TABULATION WITH JUSTIFICATION|HORIZONTAL TABULATION WITH JUSTIFICATION|HTJ"},
    {0x8a, "LINE TABULATION SET|VERTICAL TABULATION SET|VTS"},
    {0x8b, "PARTIAL LINE FORWARD|PARTIAL LINE DOWN|PLD"},
    {0x8c, "PARTIAL LINE BACKWARD|PARTIAL LINE UP|PLU"},
    {0x8d, "REVERSE LINE FEED|REVERSE INDEX|RI"},
    {0x8e, "SINGLE SHIFT TWO|SINGLE-SHIFT-2|SS2"},
    {0x8f, "SINGLE SHIFT THREE|SINGLE-SHIFT-3|SS3"},
    {0x90, "DEVICE CONTROL STRING|DCS"},
    {0x91, "PRIVATE USE ONE|PRIVATE USE-1|PU1"},
    {0x92, "PRIVATE USE TWO|PRIVATE USE-2|PU2"},
    {0x93, "SET TRANSMIT STATE|STS"},
    {0x94, "CANCEL CHARACTER|CCH"},
    {0x95, "MESSAGE WAITING|MW"},
    {0x96, "START OF GUARDED AREA|START OF PROTECTED AREA|SPA"},
    {0x97, "END OF GUARDED AREA|END OF PROTECTED AREA|EPA"},
    {0x98, "START OF STRING|SOS"},
    {0x99, "SINGLE GRAPHIC CHARACTER INTRODUCER|SGC"},
    {0x9a, "SINGLE CHARACTER INTRODUCER|SCI"},
    {0x9b, "CONTROL SEQUENCE INTRODUCER|CSI"},
    {0x9c, "STRING TERMINATOR|ST"},
    {0x9d, "OPERATING SYSTEM COMMAND|OSC"},
    {0x9e, "PRIVACY MESSAGE|PM"},
    {0x9f, "APPLICATION PROGRAM COMMAND|APC"},
};

static int32_t control_char(const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof control / sizeof *control; i++)
        for (const char *p = control[i].names; p; p = (p = strchr(p, '|')) ? p + 1 : NULL)
            if (!strncasecmp(p, s, n) && (p[n] == '|' || !p[n]))
                return control[i].c;
    return -1;
}

/* "HANGUL SYLLABLE GAG": the names follow from the code point (Unicode, 3.12). */
static int32_t hangul(const char *s, const char *end)
{
    static const char jamo[3][28][4] = {
        {"G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"},
        {"A",  "AE", "YA", "YAE", "EO", "E",  "YEO", "YE", "O",  "WA", "WAE",
         "OE", "YO", "U",  "WEO", "WE", "WI", "YU",  "EU", "YI", "I"},
        {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D",  "L", "LG", "LM", "LB", "LS", "LT",
         "LP", "LH", "M",  "B",  "BS", "S",  "SS", "NG", "J", "C",  "K",  "T",  "P",  "H"},
    };
    static const int count[3] = {19, 21, 28};
    int at[3];
    for (int part = 0; part < 3; part++) {
        size_t best = 0;
        at[part] = -1;
        for (int i = 0; i < count[part]; i++) {
            size_t len = strlen(jamo[part][i]);
            if (len <= (size_t)(end - s) && !memcmp(s, jamo[part][i], len) && (at[part] < 0 || len > best)) {
                best = len;
                at[part] = i;
            }
        }
        if (at[part] < 0)
            return -1;
        s += best;
    }
    return s == end ? 0xac00 + (at[0] * 21 + at[1]) * 28 + at[2] : -1;
}

static int32_t cjk(const char *s, const char *end)
{
    static const int32_t range[][2] = {
        /* CJK Unified Ideographs and extensions A to G of Unicode 14 */
        {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0x20000, 0x2a6df}, {0x2a700, 0x2b738},
        {0x2b740, 0x2b81d}, {0x2b820, 0x2cea1}, {0x2ceb0, 0x2ebe0}, {0x30000, 0x3134a},
    };
    int32_t c = 0;
    if (end - s != 4 && end - s != 5)
        return -1;
    for (; s < end; s++) {
        if (!(*s >= '0' && *s <= '9') && !(*s >= 'A' && *s <= 'F'))
            return -1;
        c = c * 16 + (*s <= '9' ? *s - '0' : *s - 'A' + 10);
    }
    for (size_t i = 0; i < sizeof range / sizeof *range; i++)
        if (c >= range[i][0] && c <= range[i][1])
            return c;
    return -1;
}

int32_t ou_escape_lookup(const char *s, size_t n)
{
    char name[UNINAME_MAX];
    if (n >= sizeof name || memchr(s, '\0', n))
        return -1;
    memcpy(name, s, n);
    name[n] = '\0';
    if (!strncmp(name, "HANGUL SYLLABLE ", 16))
        return hangul(s + 16, s + n);
    if (!strncmp(name, "CJK UNIFIED IDEOGRAPH-", 22))
        return cjk(s + 22, s + n);
    ucs4_t c = unicode_name_character(name);
    if (c == UNINAME_INVALID)
        return control_char(s, n);
    bool derived = (c >= 0xac00 && c <= 0xd7a3) || (c >= 0x3400 && c <= 0x4dbf) ||
                   (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x2f7ff) ||
                   (c >= 0x30000 && c <= 0x3ffff);
    return derived ? -1 : (int32_t)c;
}
