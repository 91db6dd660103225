/* lang/scope_resolve.c - second walk: local, global, free or cell.
 *
 * CPython passes sets of bound, local, free and global names up and down; the same answer comes from
 * climbing the enclosing blocks for each name, which needs no sets. */
#include "scope.h"

static OuNode *directive_place(const OuScope *sc, const OuText *name)
{
    OuNode *at = NULL;
    for (const OuDirective *d = sc->directives; d; d = d->next)
        if (d->name == name)
            at = d->at; /* the list is newest first; CPython blames the first */
    return at;
}

/* The enclosing block that binds `name` for a block inside it, or NULL when it is global. */
static OuScope *binder(const OuScope *sc, const OuText *name, const OuText *n_class)
{
    for (OuScope *up = sc->parent; up; up = up->parent) {
        if (up->type == OU_BLOCK_CLASS && name == n_class)
            return up;
        if (up->type != OU_BLOCK_FUNCTION)
            continue;
        const OuSymbol *sym = ou_scope_find(up, name);
        if (!sym)
            continue;
        if (sym->flags & OU_SYM_GLOBAL)
            return NULL;
        if ((sym->flags & OU_SYM_BOUND) && !(sym->flags & OU_SYM_NONLOCAL))
            return up;
    }
    return NULL;
}

/* sc uses `name` of block `owner`: makes it a cell there and free in every block between. */
static int make_free(OuScopes *s, OuScope *sc, OuText *name, OuScope *owner)
{
    for (OuScope *up = sc->parent; up != owner; up = up->parent) {
        OuSymbol *sym = ou_scope_find(up, name);
        up->has_child_free = true;
        if (sym && up->type == OU_BLOCK_CLASS && (sym->flags & (OU_SYM_BOUND | OU_SYM_GLOBAL))) {
            sym->flags |= OU_SYM_FREE_CLASS;
            continue;
        }
        if (!sym && !(sym = ou_scope_add(s, up, name, 0)))
            return -1;
        sym->scope = OU_NAME_FREE;
        up->has_free = true;
    }
    owner->has_child_free = true;
    if (owner->type == OU_BLOCK_CLASS)
        owner->needs_class_closure = true;
    else
        ou_scope_find(owner, name)->scope = OU_NAME_CELL;
    return 0;
}

static int resolve_name(OuScopes *s, OuScope *sc, uint32_t i, const OuText *n_class)
{
    OuSymbol *sym = &sc->syms[i];
    OuText *name = sym->name;
    if (sym->scope) /* an inner block made it free or a cell already */
        return 0;
    if (sym->flags & OU_SYM_GLOBAL) {
        if (sym->flags & OU_SYM_NONLOCAL)
            return ou_scope_error(s->p, directive_place(sc, name), "name '%s' is nonlocal and global",
                                  name->s);
        sym->scope = OU_NAME_GLOBAL_EXPLICIT;
        return 0;
    }
    bool nonlocal = sym->flags & OU_SYM_NONLOCAL;
    if (nonlocal && sc->type == OU_BLOCK_MODULE)
        return ou_scope_error(s->p, directive_place(sc, name),
                              "nonlocal declaration not allowed at module level");
    if (!nonlocal && (sym->flags & OU_SYM_BOUND)) {
        sym->scope = OU_NAME_LOCAL;
        return 0;
    }
    OuScope *owner = binder(sc, name, n_class);
    if (owner) {
        sym->scope = OU_NAME_FREE;
        sc->has_free = true;
        return make_free(s, sc, name, owner);
    }
    if (nonlocal)
        return ou_scope_error(s->p, directive_place(sc, name), "no binding for nonlocal '%s' found", name->s);
    sym->scope = OU_NAME_GLOBAL_IMPLICIT;
    return 0;
}

static int resolve_block(OuScopes *s, OuScope *sc, const OuText *n_class)
{
    for (uint32_t i = 0; i < sc->nsyms; i++)
        if (resolve_name(s, sc, i, n_class) < 0)
            return -1;
    for (uint32_t i = 0; i < sc->nchildren; i++)
        if (resolve_block(s, sc->children[i], n_class) < 0)
            return -1;
    return 0;
}

int ou_scope_resolve(OuScopes *s)
{
    const OuText *n_class = ou_parse_name(s->p, "__class__", 9);
    if (!n_class)
        return ou_diag_set(&s->p->diag, s->p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
    return resolve_block(s, s->module, n_class);
}
