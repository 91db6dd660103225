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

bool ou_sre_category(uint32_t category, uint32_t c)
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

bool ou_sre_charset(const uint32_t *set, uint32_t c)
{
    bool ok = true;
    for (;;) {
        switch (*set++) {
        case FAILURE:
            return !ok;
        case LITERAL:
            if (c == *set++)
                return ok;
            break;
        case CATEGORY:
            if (ou_sre_category(*set++, c))
                return ok;
            break;
        case CHARSET:
            if (c < 256 && (set[c >> 5] & 1u << (c & 31)))
                return ok;
            set += 8;
            break;
        case RANGE:
            if (set[0] <= c && c <= set[1])
                return ok;
            set += 2;
            break;
        case RANGE_UNI_IGNORE: {
            if (set[0] <= c && c <= set[1])
                return ok;
            uint32_t u = ou_char_toupper(c);
            if (set[0] <= u && u <= set[1])
                return ok;
            set += 2;
            break;
        }
        case NEGATE:
            ok = !ok;
            break;
        case BIGCHARSET: {
            uint32_t count = *set++;
            const uint32_t *blocks = set + 64;
            if (c < 65536) {
                uint32_t block = ((const uint8_t *)set)[c >> 8];
                if (blocks[block * 8 + ((c & 255) >> 5)] & 1u << (c & 31))
                    return ok;
            }
            set = blocks + count * 8;
            break;
        }
        default:
            return false;
        }
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
