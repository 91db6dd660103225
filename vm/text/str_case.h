/* vm/text/str_case.h - character classes and case mapping. */
#ifndef OU_VM_STR_CASE_H
#define OU_VM_STR_CASE_H

#include "../str.h"

/* Numeric_Type of c: Decimal; Decimal or Digit; any. */
bool ou_char_decimal(uint32_t c);
bool ou_char_digit(uint32_t c);
bool ou_char_numeric(uint32_t c);
/* Name of a character as unicodedata.name() gives it; false: none. */
enum { OU_CHAR_NAME_MAX = 256 };
bool ou_char_name(uint32_t c, char out[OU_CHAR_NAME_MAX]);
/* Numeric value (Numeric_Type is not None). */
bool ou_char_numeric_value(uint32_t c, double *v);
bool ou_char_alnum(uint32_t c);
/* Simple (one character) mappings, as _sre wants them. */
uint32_t ou_char_tolower(uint32_t c);
uint32_t ou_char_toupper(uint32_t c);

/* The methods of the same names: full mappings, which may lengthen the text, and the final sigma rule. */
OuObj *ou_str_upper(OuVM *vm, OuObj *s);
OuObj *ou_str_lower(OuVM *vm, OuObj *s);
OuObj *ou_str_casefold(OuVM *vm, OuObj *s);
OuObj *ou_str_swapcase(OuVM *vm, OuObj *s);
OuObj *ou_str_capitalize(OuVM *vm, OuObj *s);
OuObj *ou_str_title(OuVM *vm, OuObj *s);

/* Every character satisfies pred, and there is one. */
bool ou_str_all(const OuStr *s, bool (*pred)(uint32_t));
bool ou_str_isalpha(const OuStr *s);
bool ou_str_isalnum(const OuStr *s);
bool ou_str_isdecimal(const OuStr *s);
bool ou_str_isdigit(const OuStr *s);
bool ou_str_isnumeric(const OuStr *s);
bool ou_str_isspace(const OuStr *s);
bool ou_str_isprintable(const OuStr *s);
bool ou_str_islower(const OuStr *s);
bool ou_str_isupper(const OuStr *s);
bool ou_str_istitle(const OuStr *s);
bool ou_str_isidentifier(const OuStr *s);

#endif
