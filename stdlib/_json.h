/* stdlib/_json.h - inside of module _json: the scanner (_json.c) and the encoder (_json_encode.c). */
#ifndef OU_STDLIB__JSON_H
#define OU_STDLIB__JSON_H

#include "vm/native.h"

extern const OuModuleDef ou_mod__json;
extern const OuTypeSpec ou_json_encoder_spec;
/* encode_basestring_ascii(s) and encode_basestring(s) of module _json. */
OuObj *ou_json_encode_ascii(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_json_encode(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
