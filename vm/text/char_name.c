/* vm/text/char_name.c - names of characters. */
#include "str_case.h"

#include <stdio.h>
#include <uniname.h>
#include <unictype.h>

_Static_assert(OU_CHAR_NAME_MAX >= UNINAME_MAX, "libunistring writes that much");

/* Code ranges whose names are a prefix and the code point. */
static bool cjk(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x2a6df) ||
           (c >= 0x2a700 && c <= 0x2b738) || (c >= 0x2b740 && c <= 0x2b81d) ||
           (c >= 0x2b820 && c <= 0x2cea1) || (c >= 0x2ceb0 && c <= 0x2ebe0) || (c >= 0x30000 && c <= 0x3134a);
}

bool ou_char_name(uint32_t c, char out[OU_CHAR_NAME_MAX])
{
    static const char *const lead[] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                       "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
    static const char *const vowel[] = {"A",  "AE", "YA", "YAE", "EO", "E",  "YEO", "YE", "O",  "WA", "WAE",
                                        "OE", "YO", "U",  "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
    static const char *const tail[] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                       "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                       "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
    if (c >= 0xac00 && c < 0xac00 + 11172) {
        uint32_t i = c - 0xac00;
        snprintf(out, OU_CHAR_NAME_MAX, "HANGUL SYLLABLE %s%s%s", lead[i / 588], vowel[i % 588 / 28],
                 tail[i % 28]);
        return true;
    }
    if (cjk(c)) {
        snprintf(out, OU_CHAR_NAME_MAX, "CJK UNIFIED IDEOGRAPH-%X", c);
        return true;
    }
    if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        return false;
    if (!unicode_character_name(c, out))
        return false;
    return uc_general_category(c).bitmask != UC_CATEGORY_MASK_Cn;
}
