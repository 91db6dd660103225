/* stdlib/sre/match.c - the matcher for one, two and four bytes a character. */
#include "sre.h"

#define CHAR uint8_t
#define NAME(x) x##1
#include "match.h"
#undef CHAR
#undef NAME
#define CHAR uint16_t
#define NAME(x) x##2
#include "match.h"
#undef CHAR
#undef NAME
#define CHAR uint32_t
#define NAME(x) x##4
#include "match.h"
