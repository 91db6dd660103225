/* vm/frame_jump.c - setting f_lineno: a debugger moves a frame to another line.
 *
 * Temporaries tell where in a statement one is: the iterators of the loops, the exits of `with`, the exceptions of handlers
 * around.  A jump may drop those it has and the target has not, never invent one.  What they are at each instruction is
 * found by lang/verify.h. */
#include <string.h>

#include "err.h"
#include "frame.h"
#include "lang/verify.h"
#include "trace.h"

typedef struct Places {
    OuCode *code;
    uint32_t n;    /* temporaries */
    uint8_t *rows; /* see ou_verify_kinds; one temporary at least, so that UNREACHED shows */
    int *lines;    /* line that begins at each unit, or -1 */
} Places;

static void places_free(OuVM *vm, Places *p)
{
    if (p->rows)
        ou_free(vm, p->rows, (size_t)p->code->ncode * p->n);
    if (p->lines)
        ou_free(vm, p->lines, p->code->ncode * sizeof *p->lines);
}

static int places_make(OuVM *vm, Places *p, OuCode *code)
{
    OuLocIter it;
    *p = (Places){.code = code, .n = code->nregs - code->nvars + 1};
    uint64_t *plain = ou_alloc(vm, code->ncode * sizeof *plain);
    p->rows = ou_alloc(vm, (size_t)code->ncode * p->n);
    p->lines = ou_alloc(vm, code->ncode * sizeof *p->lines);
    int r = plain && p->rows && p->lines ? 0 : -1;
    if (r == 0) {
        ou_code_generic(code, plain);
        OuUnit u = {.ncode = code->ncode,
                    .code = plain,
                    .nexc = code->nexc,
                    .exc = code->exc,
                    .nregs = code->nregs + 1,
                    .nvars = code->nvars};
        OuText empty = {0};
        u.qualname = u.name = &empty;
        (void)ou_verify_kinds(&u, p->rows); /* what was not reached is refused as a target */
        for (uint32_t i = 0; i < code->ncode; i++)
            p->lines[i] = -1;
        ou_loc_begin(&it, code->locs, code->nlocs, code->firstlineno);
        while (ou_loc_next(&it))
            if (it.unit < code->ncode)
                p->lines[it.unit] = it.loc.lineno;
    }
    if (plain)
        ou_free(vm, plain, code->ncode * sizeof *plain);
    return r;
}

static const uint8_t *row(const Places *p, int unit)
{
    return p->rows + (size_t)unit * p->n;
}

/* First unit of those before `unit` in a row at which temporary i is full: where it was filled. */
static int filled_at(const Places *p, int unit, uint32_t i)
{
    int at = unit;
    for (int u = unit - 1; u >= 0; u--) {
        if (row(p, u)[i] == OU_TEMP_UNREACHED)
            continue; /* an extension unit */
        if (row(p, u)[i] != OU_TEMP_FULL)
            break;
        at = u;
    }
    return at;
}

/* May one go from what lies at unit x to what must lie at y?  Parts of expressions only if they are the same.
 * *height: temporaries that stay. */
static bool fits(const Places *p, int x, int y, int *height)
{
    const uint8_t *from = row(p, x), *to = row(p, y);
    *height = 0;
    if (from[0] == OU_TEMP_UNREACHED || to[0] == OU_TEMP_UNREACHED)
        return false;
    for (uint32_t i = 0; i < p->n; i++) {
        if (to[i] == OU_TEMP_EMPTY)
            continue;
        if (to[i] == OU_TEMP_UNKNOWN || to[i] != from[i])
            return false;
        if (to[i] == OU_TEMP_FULL && filled_at(p, x, i) != filled_at(p, y, i))
            return false;
        *height = (int)i + 1;
    }
    return true;
}

static const char *explain(const Places *p, const uint8_t *from, const uint8_t *to)
{
    if (from[0] == OU_TEMP_UNREACHED)
        return "can't jump from unreachable code";
    if (to[0] == OU_TEMP_UNREACHED)
        return "can't jump into an exception handler, or code may be unreachable";
    for (uint32_t i = p->n; i-- > 0;) {
        if (to[i] == OU_TEMP_EXC || to[i] == OU_TEMP_HANDLED)
            return "can't jump into an 'except' block as there's no exception";
        if (to[i] == OU_TEMP_ITER)
            return "can't jump into the body of a for loop";
        if (to[i] != OU_TEMP_EMPTY)
            break;
    }
    return "incompatible stacks";
}

/* Drops the temporaries that the target does not have, top down. */
static void unwind(OuVM *vm, OuFrame *f, const Places *p, const uint8_t *from, const uint8_t *to)
{
    OuObj **temps = f->regs + p->code->nvars;
    for (uint32_t i = p->n - 1; i-- > 0;) {
        if (to[i] != OU_TEMP_EMPTY || !temps[i])
            continue;
        OuObj *o = temps[i];
        temps[i] = NULL;
        if (from[i] == OU_TEMP_HANDLED) { /* as POP_EXC */
            OuObj *old = vm->ts->handled->exc;
            vm->ts->handled->exc = o == OU_NONE(vm) ? NULL : ou_ref(o);
            ou_xdecref(vm, old);
        }
        ou_decref(vm, o);
    }
    /* the compiler left tests out where a variable was bound on every way it knew */
    for (uint32_t i = 0; i < p->code->nvars; i++)
        if (!f->regs[i] && p->code->var_kinds[i] == OU_REG_LOCAL)
            f->regs[i] = ou_none(vm);
}

static int check(OuVM *vm, OuFrameObj *o, OuObj *value)
{
    OuFrame *f = o->frame;
    if (!ou_is(value, int))
        return ou_value_error_i(vm, "lineno must be an integer");
    switch (vm->ts->trace_event) {
    case OU_TRACE_LINE:
        break;
    case OU_TRACE_CALL:
        return ou_value_error_i(vm, "can't jump from the 'call' trace event of a new frame");
    case OU_TRACE_RETURN:
        if (f && OU_INSTR_OP(f->pc[-1]) == OU_OP_YIELD)
            break;
        /* fall through */
    default:
        return ou_value_error_i(vm, "can only jump from a 'line' trace event");
    }
    if (!o->trace || !f)
        return ou_value_error_i(vm, "f_lineno can only be set by a trace function");
    return 0;
}

int ou_frame_jump(OuVM *vm, OuFrameObj *o, OuObj *value)
{
    Places p;
    int64_t wanted;
    int line = 0, best = -1, best_height = -1, r = -1;
    if (check(vm, o, value) < 0)
        return -1;
    OuFrame *f = o->frame;
    OuCode *code = f->code;
    if (!ou_int_fits(value, &wanted) || wanted > INT32_MAX || wanted < INT32_MIN)
        return ou_value_error_i(vm, "lineno out of range");
    if (wanted < code->firstlineno)
        return ou_value_error_i(vm, "line %lld comes before the current code block", (long long)wanted);
    if (places_make(vm, &p, code) < 0)
        goto done;
    line = INT32_MAX;
    for (uint32_t i = 0; i < code->ncode; i++)
        if (p.lines[i] >= wanted && p.lines[i] < line)
            line = p.lines[i];
    if (line == INT32_MAX) {
        ou_value_error(vm, "line %lld comes after the current code block", (long long)wanted);
        goto done;
    }
    int from = OU_FRAME_LASTI(f);
    const char *why = NULL;
    for (uint32_t i = 0; i < code->ncode; i++) {
        int height;
        if (p.lines[i] != line)
            continue;
        if (!fits(&p, from, (int)i, &height)) {
            if (!why)
                why = explain(&p, row(&p, from), row(&p, (int)i));
        } else if (height > best_height) {
            best_height = height;
            best = (int)i;
        }
    }
    if (best < 0) {
        ou_value_error(vm, "%s", why);
        goto done;
    }
    r = 0;
    if (vm->ts->trace_event ==
        OU_TRACE_LINE) { /* a generator that is just yielding goes on behind its yield */
        unwind(vm, f, &p, row(&p, from), row(&p, best));
        f->pc = code->code + best + 1;
    }
done:
    places_free(vm, &p);
    return r;
}
