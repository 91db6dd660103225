/* lang/flow.c - tidying a unit's instruction list: dead code, jumps, lines, and which CHECKs are needed.
 *
 * Nothing is removed from the list, only marked dead; labels keep their indices. */
#include "codegen.h"
#include "flow.h"

#include <string.h>

static bool ends(const OuIns *i)
{
    return ou_opcode_ends(i->op);
}

static bool is_goto(const OuIns *i)
{
    return i->op == OU_OP_JUMP || i->op == OU_OP_JUMP_BACK;
}

uint32_t ou_flow_live(const OuGenUnit *u, uint32_t i)
{
    while (i < u->nins && u->ins[i].dead)
        i++;
    return i;
}

/* ---- reachability ---- */
static void mark_dead(OuGen *g)
{
    OuGenUnit *u = g->u;
    uint32_t n = u->nins, depth = 0;
    size_t size = (size_t)(n + 1) * sizeof(uint32_t);
    uint32_t *work = ou_mem_alloc(g->p->mem, size);
    uint8_t *seen = ou_mem_calloc(g->p->mem, n + 1);
    if (!work || !seen) {
        ou_gen_no_memory(g);
        goto done;
    }
#define VISIT(target)                           \
    do {                                        \
        uint32_t to_ = ou_flow_live(u, target); \
        if (to_ < n && !seen[to_]) {            \
            seen[to_] = 1;                      \
            work[depth++] = to_;                \
        }                                       \
    } while (0)
    VISIT(0);
    while (depth) {
        uint32_t at = work[--depth];
        const OuIns *i = &u->ins[at];
        if (i->label)
            VISIT(u->labels[i->label]);
        if (i->handler)
            VISIT(u->labels[u->handlers[i->handler].label]);
        if (!ends(i))
            VISIT(at + 1);
    }
#undef VISIT
    for (uint32_t i = 0; i < n; i++)
        u->ins[i].dead |= !seen[i];
done:
    ou_mem_free(g->p->mem, work, size);
    ou_mem_free(g->p->mem, seen, n + 1);
}

/* ---- jumps ---- */
/* A jump to a jump goes where that one goes, unless a line would be skipped that tracing should see. */
static void thread_jumps(OuGenUnit *u)
{
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        if (ins->dead || !ins->label)
            continue;
        for (int hops = 0; hops < 8; hops++) {
            uint32_t to = ou_flow_live(u, u->labels[ins->label]);
            if (to >= u->nins || to == i || !is_goto(&u->ins[to]) || u->ins[to].label == ins->label)
                break;
            if (u->ins[to].loc.lineno >= 0 && u->ins[to].loc.lineno != ins->loc.lineno)
                break;
            ins->label = u->ins[to].label;
        }
    }
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        if (ins->dead || !is_goto(ins) || ou_flow_live(u, u->labels[ins->label]) != ou_flow_live(u, i + 1))
            continue;
        if (u->labels[ins->label] <= i)
            continue;
        ins->op = OU_OP_NOP;
        ins->label = 0;
    }
}

/* A jump to `return` returns; where that return has no line of its own it gets the jump's (CPython copies
 * such exits for each way in). */
static void inline_returns(OuGenUnit *u)
{
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        if (ins->dead || !is_goto(ins))
            continue;
        uint32_t to = ou_flow_live(u, u->labels[ins->label]);
        if (to >= u->nins || (u->ins[to].op != OU_OP_RETURN && u->ins[to].op != OU_OP_RETURNK))
            continue;
        OuLoc loc = u->ins[to].loc.lineno < 0 ? ins->loc : u->ins[to].loc;
        uint32_t handler = ins->handler;
        *ins = u->ins[to];
        ins->loc = loc;
        ins->handler = handler;
    }
}

/* Length of the way out that begins at `at`: instructions without a line, none of them a jump's target but the
 * first, up to one that leaves the function.  0: none, or too long to copy. */
static uint32_t way_out(const OuGenUnit *u, uint32_t at, const uint32_t *ways)
{
    for (uint32_t n = 1; n <= 4 && at < u->nins; n++) {
        const OuIns *i = &u->ins[at];
        if (i->loc.lineno >= 0 || i->label || (n > 1 && ways[at] != 1))
            return 0;
        if (ends(i))
            return n;
        at = ou_flow_live(u, at + 1);
    }
    return 0;
}

/* A jump to such a way out, if others come there too, gets a copy of its own behind the end: it takes the
 * jump's line. */
static void split_exits(OuGen *g, const uint32_t *ways)
{
    OuGenUnit *u = g->u;
    uint32_t n = u->nins;
    for (uint32_t i = 0; i < n && !ou_gen_failed(g); i++) {
        if (u->ins[i].dead || !u->ins[i].label || u->ins[i].loc.lineno < 0)
            continue;
        uint32_t to = ou_flow_live(u, u->labels[u->ins[i].label]);
        uint32_t count = to < n && ways[to] >= 2 ? way_out(u, to, ways) : 0;
        if (!count)
            continue;
        OuLabel l = ou_gen_label(g);
        OuLoc loc = u->ins[i].loc;
        uint32_t first = u->nins;
        for (; count && !ou_gen_failed(g); count--) {
            OuIns *copy = ou_gen_emit(g, OU_OP_NOP, 0, 0, 0, 0);
            *copy = u->ins[to];
            copy->loc = loc;
            to = ou_flow_live(u, to + 1);
        }
        if (ou_gen_failed(g))
            break;
        u->labels[l] = first;
        u->ins[i].label = l;
    }
}

/* ---- lines ---- */
/* How many ways lead to each instruction, exceptions not counted. */
static void count_ways(OuGenUnit *u, uint32_t *ways)
{
    for (uint32_t i = 0; i < u->nins; i++) {
        const OuIns *ins = &u->ins[i];
        if (ins->dead)
            continue;
        if (ins->label) {
            uint32_t to = ou_flow_live(u, u->labels[ins->label]);
            if (to < u->nins)
                ways[to]++;
        }
        if (!ends(ins)) {
            uint32_t next = ou_flow_live(u, i + 1);
            if (next < u->nins)
                ways[next]++;
        }
    }
    for (uint32_t h = 1; h < u->nhandlers; h++) {
        uint32_t to = ou_flow_live(u, u->labels[u->handlers[h].label]);
        if (to < u->nins)
            ways[to] += 2; /* never takes a line from before */
    }
}

/* Instructions without a line take that of the only one before them. */
static void spread_lines(OuGenUnit *u, const uint32_t *ways)
{
    OuLoc before = {-1, -1, -1, -1};
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        if (ins->dead)
            continue;
        if (ways[i] != 1)
            before.lineno = -1;
        if (ins->loc.lineno < 0 && before.lineno >= 0 && ins->op != OU_OP_NOP)
            ins->loc = before;
        if (ins->label) {
            uint32_t to = ou_flow_live(u, u->labels[ins->label]);
            if (to < u->nins && ways[to] == 1 && u->ins[to].loc.lineno < 0)
                u->ins[to].loc = ins->loc;
        }
        before = ins->loc;
        if (ends(ins))
            before.lineno = -1;
    }
}

/* A return that still has no line takes that of the block before it in the text. */
static void line_returns(OuGenUnit *u, const uint32_t *ways)
{
    int line = u->firstlineno;
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        if (ins->dead)
            continue;
        if (ins->loc.lineno >= 0) {
            line = ins->loc.lineno;
        } else if (ins->op == OU_OP_RETURN || ins->op == OU_OP_RETURNK) {
            for (uint32_t k = i;; k--) {
                if (!u->ins[k].dead) {
                    if (u->ins[k].loc.lineno >= 0 || (k < i && ends(&u->ins[k])) || u->ins[k].label)
                        break;
                    u->ins[k].loc = (OuLoc){line, line, -1, -1};
                    if (ways[k] != 1)
                        break;
                }
                if (!k)
                    break;
            }
        }
    }
}

/* A NOP stays only where its line would otherwise never be reached. */
static void drop_nops(OuGenUnit *u, const uint32_t *ways)
{
    OuIns *before = NULL;
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        if (ins->dead)
            continue;
        if (before && (ways[i] != 1 || ends(before)))
            before = NULL;
        if (ins->op == OU_OP_NOP) {
            uint32_t next = ou_flow_live(u, i + 1);
            int line = ins->loc.lineno;
            if (line < 0 || (before && before->loc.lineno == line)) {
                ins->dead = true;
            } else if (next < u->nins && u->ins[next].loc.lineno == line) {
                ins->dead = true;
            } else if (next < u->nins && u->ins[next].loc.lineno < 0 && ways[next] == 1) {
                u->ins[next].loc = ins->loc;
                ins->dead = true;
            }
            if (ins->dead)
                continue;
            if (ins->mark && (next >= u->nins || ways[next] != 1))
                ins->mark = false; /* the way on is shared: only an instruction of its own tells who came */
        }
        before = ins;
    }
}

/* ---- unpacking ---- */
/* UNPACK into temporaries that go at once to variables with consecutive numbers stores there itself. */
static void unpack_to_variables(OuGenUnit *u, const uint32_t *ways)
{
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        uint32_t n = ins->c, k = 0, at = i;
        OuReg first = OU_R_NONE;
        if (ins->dead || ins->op != OU_OP_UNPACK || n < 2 || n > OU_UNPACK_VARS)
            continue;
        for (; k < n; k++) {
            at = ou_flow_live(u, at + 1);
            if (at >= u->nins || ways[at] != 1 || u->ins[at].op != OU_OP_TAKE || u->ins[at].b != ins->a + k ||
                !ou_reg_is_local(u->ins[at].a) || u->ins[at].loc.lineno != ins->loc.lineno)
                break;
            if (!k)
                first = u->ins[at].a;
            if (u->scope->syms[u->ins[at].a].reg != u->scope->syms[first].reg + (int32_t)k)
                break;
        }
        if (k < n)
            continue;
        ins->op = OU_OP_UNPACK_VARS;
        ins->a = first;
        for (at = i, k = 0; k < n; k++) {
            at = ou_flow_live(u, at + 1);
            u->ins[at].dead = true;
        }
    }
}

void ou_flow_run(OuGen *g)
{
    OuGenUnit *u = g->u;
    mark_dead(g);
    if (ou_gen_failed(g))
        return;
    thread_jumps(u);
    for (int round = 0; round < 2 && !ou_gen_failed(g); round++) {
        size_t size = (size_t)(u->nins + 1) * sizeof(uint32_t);
        uint32_t *ways = ou_mem_calloc(g->p->mem, size);
        if (ways && round == 1)
            ou_flow_bound(g); /* while every store is there to see */
        if (!ways) {
            ou_gen_no_memory(g);
            return;
        }
        count_ways(u, ways);
        spread_lines(u, ways);
        if (round == 0) {
            split_exits(g, ways);
            inline_returns(u);
            mark_dead(g);
        } else {
            line_returns(u, ways);
            drop_nops(u, ways);
            unpack_to_variables(u, ways);
        }
        ou_mem_free(g->p->mem, ways, size);
    }
}
