/* stdlib/unicode_old.h - Unicode 3.2 where it differs from today's (stdlib/unicode_old.c). */
#ifndef OU_STDLIB_UNICODE_OLD_H
#define OU_STDLIB_UNICODE_OLD_H

#include <stdbool.h>
#include <stdint.h>

/* Properties of a range of characters in 3.2; "", -2 (decimal; -1: none) and -1 (mirrored): as today. */
typedef struct OuOldChange {
    uint32_t first, last;
    char category[3], bidi[4], width[3];
    int8_t decimal, mirrored;
} OuOldChange;

bool ou_old_assigned(uint32_t c);
/* The change that holds c, or NULL. */
const OuOldChange *ou_old_change(uint32_t c);
/* The canonical equivalent of c in 3.2, if it was another one: else 0. */
uint32_t ou_old_equivalent(uint32_t c);

#endif
