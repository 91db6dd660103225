#include "codegen.h"
void ou_gen_match(OuGen *g, OuAst_Match *s)
{
    ou_gen_error(g, &s->node, "match statements are not compiled yet");
}
