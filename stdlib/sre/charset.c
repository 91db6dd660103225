/* stdlib/sre/charset.c - categories and character sets. */
#include "sre.h"

#include <ctype.h>

static inline bool ascii_word(uint32_t c)
{
    return c < 128 && (isalnum((int)c) || c == '_');
}

uint32_t ou_sre_lower_ascii(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}
/* The process locale is never changed from "C" on behalf of scripts' text: ASCII rules. */
uint32_t ou_sre_lower_locale(uint32_t c)
{
    return c < 256 ? (uint32_t)tolower((int)c) : c;
}
uint32_t ou_sre_upper_locale(uint32_t c)
{
    return c < 256 ? (uint32_t)toupper((int)c) : c;
}

const uint32_t ou_sre_ascii[128] = {
#define WORD (1u << 4 | 1u << 8 | 1u << 14)
#define DIGIT (1u << 0 | 1u << 10 | WORD)
#define ODD (1u << 1 | 1u << 3 | 1u << 5 | 1u << 7 | 1u << 9 | 1u << 11 | 1u << 13 | 1u << 15 | 1u << 17)
#define NOT_WORD (1u << 5 | 1u << 9 | 1u << 15)
#define SPACE ((ODD & ~(1u << 3 | 1u << 13)) | 1u << 2 | 1u << 12)
#define BREAK ((ODD & ~(1u << 13 | 1u << 17)) | 1u << 12 | 1u << 16)
    [0 ... 8] = ODD,
    [9] = SPACE,
    [10] = (SPACE & ~(1u << 7 | 1u << 17)) | 1u << 6 | 1u << 16,
    [11 ... 13] = (SPACE & ~(1u << 17)) | 1u << 16,
    [14 ... 0x1b] = ODD,
    [0x1c ... 0x1e] = BREAK,
    [0x1f] = (ODD & ~(1u << 13)) | 1u << 12,
    [' '] = SPACE,
    ['!' ... '/'] = ODD,
    ['0' ... '9'] = (ODD & ~(NOT_WORD | 1u << 1 | 1u << 11)) | DIGIT,
    [':' ... '@'] = ODD,
    ['A' ... 'Z'] = (ODD & ~NOT_WORD) | WORD,
    ['[' ... '^'] = ODD,
    ['_'] = (ODD & ~NOT_WORD) | WORD,
    ['`'] = ODD,
    ['a' ... 'z'] = (ODD & ~NOT_WORD) | WORD,
    ['{' ... 127] = ODD,
#undef SPACE
#undef BREAK
#undef WORD
#undef DIGIT
#undef ODD
#undef NOT_WORD
};

bool ou_sre_category_wide(uint32_t category, uint32_t c)
{
    switch (category) {
    case 0:
        return c >= '0' && c <= '9';
    case 1:
        return !(c >= '0' && c <= '9');
    case 2:
        return c == ' ' || (c >= 9 && c <= 13);
    case 3:
        return !(c == ' ' || (c >= 9 && c <= 13));
    case 4:
        return ascii_word(c);
    case 5:
        return !ascii_word(c);
    case 6:
        return c == '\n';
    case 7:
        return c != '\n';
    case 8:
        return c < 256 && (isalnum((int)c) || c == '_');
    case 9:
        return !(c < 256 && (isalnum((int)c) || c == '_'));
    case 10:
        return ou_char_decimal(c);
    case 11:
        return !ou_char_decimal(c);
    case 12:
        return ou_char_space(c);
    case 13:
        return !ou_char_space(c);
    case 14:
        return c < 128 ? ascii_word(c) : ou_char_alnum(c);
    case 15:
        return c < 128 ? !ascii_word(c) : !ou_char_alnum(c);
    case 16:
        return ou_char_linebreak(c);
    case 17:
        return !ou_char_linebreak(c);
    default:
        return false;
    }
}

bool ou_sre_charset_locale(const uint32_t *set, uint32_t c)
{
    uint32_t lo = ou_sre_lower_locale(c), up = ou_sre_upper_locale(c);
    return ou_sre_charset(set, lo) || (up != lo && ou_sre_charset(set, up));
}

bool ou_sre_literal_locale(uint32_t pattern, uint32_t c)
{
    return c == pattern || ou_sre_lower_locale(c) == pattern || ou_sre_upper_locale(c) == pattern;
}
