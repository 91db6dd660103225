#include "codegen.h"
OuText *ou_unparse_expr(OuParse *p, OuNode *e) { return ou_parse_name(p, "?", 1); }
