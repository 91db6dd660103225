#include "codegen.h"
int ou_fold_tree(OuParse *p, OuNode *mod, int optimize, unsigned future) { return 0; }
