/* lang/diagnose.c - from a refusal to CPython's message and place. */
#include "parser.h"

void ou_diagnose(OuParser *c, OuLex *lex, OuTokenKind start)
{
    OuParse *p = c->p;
    if (p->diag.kind)
        return;
    ou_diag_set(&p->diag, p->arena, OU_DIAG_SYNTAX, c->where.l, c->where.c, c->where.el, c->where.ec,
                "invalid syntax");
}
