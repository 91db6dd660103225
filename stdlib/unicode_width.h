/* stdlib/unicode_width.h - East Asian Width. */
#ifndef OU_STDLIB_UNICODE_WIDTH_H
#define OU_STDLIB_UNICODE_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* "N", "Na", "A", "W", "F" or "H". */
const char *ou_char_width_class(uint32_t c);

#endif
