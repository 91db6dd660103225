/* lang/bound.c - forward dataflow: which locals are certainly bound where.
 *
 * A CHECK is emitted before every read of a local; those proven superfluous are dropped here.  The state is a
 * set of bits, one for each local that has a CHECK.  At a join the sets are intersected.  An exception may
 * come from any instruction of a range, always from before its result is stored: the state at a handler is
 * the intersection over all points of the range, and since a state shrinks only where a local is deleted,
 * it is enough to take it at the start of a run and after each deletion. */
#include "flow.h"

#include <string.h>

typedef struct Bound {
    OuGenUnit *u;
    uint32_t words; /* of a state */
    uint32_t nbits;
    uint32_t *bit;   /* local -> bit + 1, or 0 */
    uint32_t *block; /* instruction -> block + 1 where one starts, or 0 */
    uint32_t nblocks;
    uint64_t *in; /* states at block starts */
    uint8_t *reached, *dirty;
    bool changed;
} Bound;

static void meet(Bound *b, uint32_t at, const uint64_t *state)
{
    at = ou_flow_live(b->u, at);
    if (at >= b->u->nins)
        return;
    uint32_t k = b->block[at] - 1;
    uint64_t *in = b->in + (size_t)k * b->words;
    if (!b->reached[k]) {
        memcpy(in, state, b->words * sizeof *in);
        b->reached[k] = b->dirty[k] = 1;
        b->changed = true;
        return;
    }
    for (uint32_t w = 0; w < b->words; w++) {
        if (in[w] & ~state[w]) {
            in[w] &= state[w];
            b->dirty[k] = 1;
            b->changed = true;
        }
    }
}

/* Local an instruction stores into, or UINT32_MAX. */
static uint32_t stored(const OuIns *i)
{
    const char *form = ou_opcode_row[i->op].operands;
    OuReg r = form[0] == 'd' ? i->a : form[1] == 'd' ? i->b : form[2] == 'd' ? i->c : OU_R_NONE;
    return ou_reg_is_local(r) ? r : UINT32_MAX;
}

static void set(Bound *b, uint64_t *state, uint32_t local, bool on)
{
    uint32_t bit = local < b->u->scope->nsyms ? b->bit[local] : 0;
    if (!bit--)
        return;
    if (on)
        state[bit / 64] |= 1ull << bit % 64;
    else
        state[bit / 64] &= ~(1ull << bit % 64);
}

/* Runs a block from instruction `at`; with `drop` marks the CHECKs that cannot fail, else passes states on.
 */
static void run(Bound *b, uint32_t at, uint64_t *state, bool drop)
{
    OuGenUnit *u = b->u;
    uint32_t handler = 0, first = at;
    for (; at < u->nins; at++) {
        OuIns *i = &u->ins[at];
        if (i->dead)
            continue;
        if (at != first && b->block[at]) {
            if (!drop)
                meet(b, at, state);
            return;
        }
        if (!drop && i->handler && i->handler != handler)
            meet(b, u->labels[u->handlers[i->handler].label], state);
        handler = i->handler;
        uint32_t local = ou_reg_is_local(i->a) ? i->a : UINT32_MAX;
        switch (i->op) {
        case OU_OP_CHECK:
            if (drop && local < u->scope->nsyms && b->bit[local]) {
                uint32_t bit = b->bit[local] - 1;
                i->dead = state[bit / 64] >> bit % 64 & 1;
            }
            set(b, state, local, true);
            break;
        case OU_OP_CLEAR:
        case OU_OP_DELETE_LOCAL:
            set(b, state, local, false);
            handler = 0; /* the handler sees the smaller state from here on */
            break;
        default:
            if (i->label && !drop)
                meet(b, u->labels[i->label], state);
            set(b, state, stored(i), true);
            break;
        }
        if (ou_opcode_ends(i->op))
            return;
    }
}

/* Blocks start at the entry, at targets of jumps and handlers, and behind jumps. */
static void find_blocks(Bound *b)
{
    OuGenUnit *u = b->u;
    for (uint32_t i = 0; i < u->nins; i++) {
        if (u->ins[i].dead)
            continue;
        uint32_t at[3] = {u->nins, u->nins, u->nins};
        if (u->ins[i].label) {
            at[0] = ou_flow_live(u, u->labels[u->ins[i].label]);
            at[1] = ou_flow_live(u, i + 1);
        }
        if (u->ins[i].handler)
            at[2] = ou_flow_live(u, u->labels[u->handlers[u->ins[i].handler].label]);
        for (int k = 0; k < 3; k++)
            if (at[k] < u->nins)
                b->block[at[k]] = 1;
    }
    b->block[ou_flow_live(u, 0)] = 1;
    for (uint32_t i = 0; i < u->nins; i++)
        if (b->block[i])
            b->block[i] = ++b->nblocks;
}

static void solve(Bound *b, uint64_t *state)
{
    OuGenUnit *u = b->u;
    memset(state, 0, b->words * sizeof *state);
    for (uint32_t i = 0; i < u->scope->nparams; i++)
        set(b, state, (uint32_t)(ou_scope_find(u->scope, u->scope->params[i]) - u->scope->syms), true);
    meet(b, 0, state);
    while (b->changed) {
        b->changed = false;
        for (uint32_t i = 0; i < u->nins; i++) {
            uint32_t k = b->block[i];
            if (!k-- || !b->dirty[k])
                continue;
            b->dirty[k] = 0;
            memcpy(state, b->in + (size_t)k * b->words, b->words * sizeof *state);
            run(b, i, state, false);
        }
    }
    for (uint32_t i = 0; i < u->nins; i++) {
        uint32_t k = b->block[i];
        if (!k-- || !b->reached[k])
            continue;
        memcpy(state, b->in + (size_t)k * b->words, b->words * sizeof *state);
        run(b, i, state, true);
    }
}

void ou_flow_bound(OuGen *g)
{
    OuGenUnit *u = g->u;
    OuMem *m = g->p->mem;
    Bound b = {.u = u};
    size_t bits = (size_t)(u->scope->nsyms + 1) * sizeof *b.bit,
           blocks = (size_t)(u->nins + 1) * sizeof *b.block;
    if (!u->nlocals)
        return;
    b.bit = ou_mem_calloc(m, bits);
    b.block = ou_mem_calloc(m, blocks);
    if (!b.bit || !b.block) {
        ou_gen_no_memory(g);
        goto done;
    }
    for (uint32_t i = 0; i < u->nins; i++)
        if (!u->ins[i].dead && u->ins[i].op == OU_OP_CHECK && !b.bit[u->ins[i].a])
            b.bit[u->ins[i].a] = ++b.nbits;
    if (!b.nbits)
        goto done;
    b.words = (b.nbits + 63) / 64;
    find_blocks(&b);
    size_t states = (size_t)(b.nblocks + 1) * b.words * sizeof *b.in;
    b.in = ou_mem_alloc(m, states);
    b.reached = ou_mem_calloc(m, (size_t)b.nblocks * 2);
    if (b.in && b.reached) {
        b.dirty = b.reached + b.nblocks;
        solve(&b, b.in + (size_t)b.nblocks * b.words);
    } else {
        ou_gen_no_memory(g);
    }
    ou_mem_free(m, b.in, states);
    ou_mem_free(m, b.reached, (size_t)b.nblocks * 2);
done:
    ou_mem_free(m, b.bit, bits);
    ou_mem_free(m, b.block, blocks);
}
