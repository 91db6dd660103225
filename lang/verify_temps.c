/* lang/verify_temps.c - are the temporaries balanced?
 *
 * Abstract execution: each temporary is empty, full, or (after ways that differ) unknown.  An instruction may
 * read only full ones and fill only empty ones; at RETURN all are empty; at a handler those below its height
 * are what they were at every point of the range.  The special cases are the rows of lang/opcodes.def whose
 * comment says more than their letters. */
#include "opcode.h"
#include "verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EMPTY = OU_TEMP_EMPTY, FULL = OU_TEMP_FULL, UNKNOWN = OU_TEMP_UNKNOWN };

typedef struct Temps {
    const OuUnit *u;
    uint32_t n;      /* temporaries */
    uint8_t **state; /* unit -> state on entry, where one was recorded */
    uint32_t *work, depth;
    uint8_t *queued;
    uint8_t *now, *other;
    uint8_t *rows; /* ou_verify_kinds: `now` before each unit, or NULL */
    uint32_t at;
    const char *wrong;
    uint32_t reg;
} Temps;

static void wrong(Temps *t, const char *what, uint32_t r)
{
    if (!t->wrong) {
        t->wrong = what;
        t->reg = r - t->u->nvars;
    }
}

static bool is_temp(const Temps *t, uint32_t r)
{
    return r >= t->u->nvars && r - t->u->nvars < t->n;
}

static void need(Temps *t, uint32_t r)
{
    if (is_temp(t, r) && (t->now[r - t->u->nvars] == EMPTY || t->now[r - t->u->nvars] == UNKNOWN))
        wrong(t, "reads an empty temporary", r);
}

static void empty(Temps *t, uint32_t r)
{
    if (is_temp(t, r))
        t->now[r - t->u->nvars] = EMPTY;
}

static void consume(Temps *t, uint32_t r)
{
    need(t, r);
    empty(t, r);
}

static void fill_with(Temps *t, uint32_t r, uint8_t what)
{
    if (!is_temp(t, r))
        return;
    if (t->now[r - t->u->nvars] != EMPTY)
        wrong(t, "overwrites a temporary", r);
    t->now[r - t->u->nvars] = what;
}

static void fill(Temps *t, uint32_t r)
{
    fill_with(t, r, FULL);
}

static void consume_run(Temps *t, uint32_t r, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        consume(t, r + i);
}

static void fill_run(Temps *t, uint32_t r, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        fill(t, r + i);
}

/* What a temporary holds where two ways meet: full on both is full, whatever of. */
static uint8_t join(uint8_t a, uint8_t b)
{
    if (a == b)
        return a;
    return a == EMPTY || b == EMPTY || a == UNKNOWN || b == UNKNOWN ? UNKNOWN : FULL;
}

/* Passes a state on to a unit. */
static void flow(Temps *t, uint32_t to, const uint8_t *state)
{
    uint8_t *in = t->state[to];
    bool changed = false;
    if (!in) {
        in = t->state[to] = malloc(t->n + 1);
        if (!in)
            return;
        memcpy(in, state, t->n);
        changed = true;
    } else {
        for (uint32_t i = 0; i < t->n; i++) {
            uint8_t both = join(in[i], state[i]);
            changed |= both != in[i];
            in[i] = both;
        }
    }
    if (changed && !t->queued[to]) {
        t->queued[to] = 1;
        t->work[t->depth++] = to;
    }
}

/* What follows from the letters alone. */
static void by_letters(Temps *t, const char *form, unsigned aux, const uint32_t x[3])
{
    static const unsigned take[3] = {OU_AUX_A_TAKE, OU_AUX_B_TAKE, OU_AUX_C_TAKE},
                          constant[3] = {0, OU_AUX_B_CONST, OU_AUX_C_CONST};
    for (int k = 0; k < 3; k++)
        if ((form[k] == 'r' || form[k] == 'o') && !(aux & constant[k]))
            need(t, x[k]);
    for (int k = 0; k < 3; k++)
        if ((form[k] == 'r' || form[k] == 'o') && !(aux & constant[k]) && (aux & take[k]))
            empty(t, x[k]);
    for (int k = 0; k < 3; k++)
        if (form[k] == 'd')
            fill(t, x[k]);
}

/* Runs one instruction on t->now; t->other is the state at its jump's target. */
static void step(Temps *t, uint64_t w)
{
    unsigned op = OU_INSTR_OP(w), aux = OU_INSTR_AUX(w);
    const uint32_t x[3] = {OU_INSTR_A(w), OU_INSTR_B(w), OU_INSTR_C(w)}, a = x[0], b = x[1], c = x[2];
    const char *form = ou_opcode_row[op].operands;
    switch (op) {
    case OU_OP_TAKE:
        consume(t, b);
        fill(t, a);
        break;
    case OU_OP_CLEAR:
        empty(t, a);
        break;
    case OU_OP_LOAD_METHOD:
        need(t, b);
        if (aux & OU_AUX_B_TAKE)
            empty(t, b);
        fill(t, a);
        fill(t, a + 1);
        break;
    case OU_OP_BUILD_SLICE:
    case OU_OP_BUILD_TUPLE:
    case OU_OP_BUILD_LIST:
    case OU_OP_BUILD_SET:
    case OU_OP_BUILD_STRING:
        consume_run(t, b, c);
        fill(t, a);
        break;
    case OU_OP_BUILD_MAP:
        consume_run(t, b, 2 * c);
        fill(t, a);
        break;
    case OU_OP_UNPACK:
    case OU_OP_UNPACK_EX:
        if (!(aux & OU_AUX_B_CONST)) {
            need(t, b);
            if (aux & OU_AUX_B_TAKE)
                empty(t, b);
        }
        fill_run(t, a, op == OU_OP_UNPACK ? c : (c & 255) + 1 + (c >> 8));
        break;
    case OU_OP_CALL:
    case OU_OP_CALL_KW:
        consume(t, a);
        empty(t, a + 1);
        consume_run(t, a + 2, b);
        fill(t, c);
        break;
    case OU_OP_CALL_EX:
        consume(t, a);
        empty(t, a + 1);
        consume(t, a + 2);
        empty(t, a + 3);
        fill(t, c);
        break;
    case OU_OP_MAKE_FUNCTION:
        consume_run(t, b, (uint32_t)__builtin_popcount(aux & 15));
        fill(t, a);
        break;
    case OU_OP_IMPORT_NAME:
        consume_run(t, b, 2);
        fill(t, a);
        break;
    case OU_OP_FOR_ITER:
        need(t, b);
        memcpy(t->other, t->now, t->n);
        if (is_temp(t, b))
            t->other[b - t->u->nvars] = EMPTY;
        fill(t, a);
        return;
    case OU_OP_SEND:
        need(t, a);
        need(t, b);
        memcpy(t->other, t->now, t->n);
        if (is_temp(t, a))
            t->other[a - t->u->nvars] = EMPTY;
        return;
    case OU_OP_JUMP_IF_FALSE_OR_POP:
    case OU_OP_JUMP_IF_TRUE_OR_POP:
        need(t, a);
        memcpy(t->other, t->now, t->n);
        empty(t, a);
        return;
    case OU_OP_END_ASYNC_FOR:
        consume(t, a);
        consume(t, b);
        break;
    case OU_OP_BEFORE_WITH:
    case OU_OP_BEFORE_ASYNC_WITH:
        need(t, b);
        if (aux & OU_AUX_B_TAKE)
            empty(t, b);
        fill_with(t, a, OU_TEMP_EXIT);
        fill_with(t, a + 1, OU_TEMP_EXIT);
        fill_run(t, a + 2, 3);
        break;
    case OU_OP_WITH_EXIT:
        need(t, b);
        fill_run(t, a, 5);
        break;
    case OU_OP_PUSH_EXC:
        consume(t, a);
        fill_with(t, a, OU_TEMP_HANDLED);
        fill_with(t, a + 1, OU_TEMP_EXC);
        break;
    case OU_OP_GET_ITER:
    case OU_OP_GET_AITER:
        by_letters(t, form, aux, x);
        if (is_temp(t, a))
            t->now[a - t->u->nvars] = OU_TEMP_ITER;
        break;
    case OU_OP_POP_EXC:
        consume(t, a);
        break;
    case OU_OP_CHECK_EG_MATCH:
        need(t, b);
        need(t, c);
        if (aux & OU_AUX_C_TAKE)
            empty(t, c);
        fill_run(t, a, 2);
        break;
    case OU_OP_MATCH_CLASS:
        need(t, b);
        consume_run(t, b + 1, 2);
        fill(t, a);
        break;
    case OU_OP_RAISE:
        if (a >= 1)
            need(t, b);
        if (a >= 2)
            need(t, c);
        break;
    case OU_OP_YIELD:
    case OU_OP_FORMAT:
        by_letters(t,
                   aux & OU_AUX_INPLACE ? form
                   : op == OU_OP_YIELD  ? "dr-"
                                        : "do-",
                   aux & ~(unsigned)OU_AUX_A_TAKE, x);
        break;
    case OU_OP_COMPARE:
    case OU_OP_JCOMPARE:
        by_letters(t, form, aux & 15, x);
        break;
    case OU_OP_RETURN:
    case OU_OP_RETURNK:
        by_letters(t, form, aux, x);
        for (uint32_t i = 0; i < t->n; i++)
            if (t->now[i] != EMPTY)
                wrong(t, "returns with a full temporary", t->u->nvars + i);
        break;
    default:
        by_letters(t, form, aux, x);
        break;
    }
    memcpy(t->other, t->now, t->n);
}

static void to_handlers(Temps *t, uint32_t at)
{
    const OuUnit *u = t->u;
    for (uint32_t i = 0; i < u->nexc; i++) {
        const OuExcEntry *e = &u->exc[i];
        if (at < e->start || at >= e->end)
            continue;
        uint32_t h = e->height - u->nvars;
        memcpy(t->other, t->now, t->n);
        memset(t->other + h, EMPTY, t->n - h);
        t->other[h] = OU_TEMP_EXC;
        flow(t, e->target, t->other);
        return;
    }
}

/* From a unit with a recorded state to the next one, or the end. */
static void run(Temps *t, uint32_t at)
{
    const OuUnit *u = t->u;
    memcpy(t->now, t->state[at], t->n);
    while (at < u->ncode && !t->wrong) {
        uint64_t w = u->code[at];
        unsigned op = OU_INSTR_OP(w);
        uint32_t next = at + 1 + ou_opcode_row[op].ext;
        t->at = at;
        if (t->rows)
            memcpy(t->rows + (size_t)at * t->n, t->now, t->n);
        if (u->nexc)
            to_handlers(t, at);
        step(t, w);
        if (ou_opcode_row[op].operands[1] == 'j')
            flow(t, next + (uint32_t)OU_INSTR_BC(w), t->other);
        else if (ou_opcode_row[op].ext_jump)
            flow(t, next + (uint32_t)u->code[at + 1], t->other);
        if (ou_opcode_ends(op))
            return;
        at = next;
        if (at < u->ncode && t->state[at]) {
            flow(t, at, t->now);
            return;
        }
    }
}

int ou_verify_temps(const OuUnit *u, uint8_t *rows, char *why, size_t size)
{
    Temps t = {.u = u, .n = u->nregs - u->nvars, .rows = rows};
    size_t n = u->ncode + 1;
    t.state = calloc(n, sizeof *t.state);
    t.work = calloc(n, sizeof *t.work);
    t.queued = calloc(n, 1);
    t.now = calloc((size_t)t.n + 1, 3);
    int r = -1;
    if (!t.state || !t.work || !t.queued || !t.now) {
        snprintf(why, size, "out of memory");
        goto done;
    }
    t.other = t.now + t.n + 1;
    uint8_t *start = t.other + t.n + 1;
    /* states are recorded where ways meet: at targets, and at the entry */
    flow(&t, 0, start);
    while (t.depth && !t.wrong) {
        uint32_t at = t.work[--t.depth];
        t.queued[at] = 0;
        run(&t, at);
    }
    r = t.wrong ? -1 : 0;
    if (t.wrong)
        snprintf(why, size, "%s: unit %u: %s (%%%u)", u->qualname->s, t.at, t.wrong, t.reg);
done:
    for (size_t i = 0; t.state && i < n; i++)
        free(t.state[i]);
    free(t.state);
    free(t.work);
    free(t.queued);
    free(t.now);
    return r;
}
