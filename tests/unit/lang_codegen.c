/* tests/unit/lang_codegen.c - units made of sources: disassembly, errors, memory.
 *
 * tests/golden/X.py is compiled and printed; the text must be tests/golden/X.dis.  With OURO_GOLDEN=write in
 * the environment the .dis files are written instead: read the difference before you commit it. */
#include "lang_fixture.h"

#include "lang/dis.h"
#include "lang/opcode.h"
#include "lang/loctab.h"
#include "lang/verify.h"

#include <glob.h>

static OuUnit *compile(const char *src, size_t n, int optimize)
{
    OuNode *mod = ou_parse_run(&p, src, n, OU_PARSE_FILE);
    OuCompile c = {.parse = &p, .optimize = optimize};
    return mod ? ou_compile(&c, mod) : NULL;
}

static OuUnit *compile_ok(const char *src)
{
    char why[200];
    OuUnit *u = compile(src, strlen(src), 0);
    ck_assert_msg(u != NULL, "%s", p.diag.msg ? p.diag.msg : "?");
    ck_assert_msg(ou_verify_unit(u, why, sizeof why) == 0, "%s", why);
    return u;
}

static char *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *s = NULL;
    *n = 0;
    if (!f)
        return NULL;
    s = calloc(1, 1 << 20);
    *n = fread(s, 1, (1 << 20) - 1, f);
    fclose(f);
    return s;
}

START_TEST(golden)
{
    glob_t files;
    ck_assert_int_eq(glob("tests/golden/*.py", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char path[200], *text = NULL;
        size_t n, len, want_len;
        char *src = slurp(files.gl_pathv[i], &n);
        begin();
        FILE *out = open_memstream(&text, &len);
        ou_dis_print(compile_ok(src), out);
        fclose(out);
        snprintf(path, sizeof path, "%.*s.dis", (int)strlen(files.gl_pathv[i]) - 3, files.gl_pathv[i]);
        if (getenv("OURO_GOLDEN")) {
            out = fopen(path, "wb");
            fwrite(text, 1, len, out);
            fclose(out);
        }
        char *want = slurp(path, &want_len);
        ck_assert_msg(want && want_len == len && !memcmp(want, text, len), "%s differs", path);
        free(want);
        free(text);
        free(src);
        end();
    }
    globfree(&files);
}
END_TEST

static bool has(const OuUnit *u, OuOp op)
{
    for (uint32_t at = 0; at < u->ncode; at += ou_opcode_length(u->code[at]))
        if (OU_INSTR_OP(u->code[at]) == op)
            return true;
    return false;
}

static const OuUnit *inner(const OuUnit *u, uint32_t n)
{
    for (uint32_t i = 0; i < u->nconsts; i++)
        if (u->consts[i].kind == OU_K_CODE && !n--)
            return u->consts[i].unit;
    ck_abort_msg("no such unit");
    return NULL;
}

START_TEST(checks)
{
    static const struct {
        const char *body;
        bool check;
    } row[] = {
        {"x = 1\n return x", false},
        {"if a: x = 1\n return x", true},
        {"if a: x = 1\n else: x = 2\n return x", false},
        {"for x in a: pass\n return x", true},
        {"del a\n return a", true},
        {"while True:\n  x = 1\n  if x: break\n return x", false},
        {"try: x = a()\n except E: pass\n return x", true},
        {"try: x = a()\n except E: x = 0\n return x", false},
        {"try: x = a()\n finally: print(x)", true},
        {"x = 0\n try: x = a()\n except E as x: pass\n return x", true},
        {"with a as x: pass\n return x", true}, /* a may fail inside and be silenced */
        {"return [a for a in a]", false},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char src[200];
        begin();
        snprintf(src, sizeof src, "def f(a):\n %s\n", row[i].body);
        ck_assert_msg(has(inner(compile_ok(src), 0), OU_OP_CHECK) == row[i].check, "%s", src);
        end();
    }
}
END_TEST

START_TEST(variables)
{
    begin();
    const OuUnit *f =
        inner(compile_ok("def f(a, *b, c=1, **d):\n z = y = lambda: (a, z)\n q: int\n return y\n"), 0);
    static const char *const names[] = {"a", "c", "b", "d", "y", "z"};
    static const uint8_t kinds[] = {
        OU_REG_LOCAL | OU_REG_CELL, OU_REG_LOCAL, OU_REG_LOCAL, OU_REG_LOCAL, OU_REG_LOCAL, OU_REG_CELL};
    ck_assert_uint_eq(f->nvars, 6);
    ck_assert_uint_eq(f->nlocals, 5);
    for (uint32_t i = 0; i < 6; i++) {
        ck_assert_str_eq(f->var_names[i]->s, names[i]);
        ck_assert_uint_eq(f->var_kinds[i], kinds[i]);
    }
    ck_assert_uint_eq(f->argcount, 1);
    ck_assert_uint_eq(f->kwonlyargcount, 1);
    ck_assert_uint_eq(f->flags, OU_CO_OPTIMIZED | OU_CO_NEWLOCALS | OU_CO_VARARGS | OU_CO_VARKEYWORDS);
    end();
}
END_TEST

START_TEST(self_attrs)
{
    begin();
    const OuUnit *c =
        inner(compile_ok("class C:\n def __init__(self, o):\n  self.a = self.b = o.x = 1\n  o.z = 2\n"
                         " def m(this):\n  this.a = 2; this.c, this.d = 1, 2\n"),
              0);
    ck_assert(c->has_self_attrs);
    ck_assert_uint_eq(c->self_attrs, 4);
    end();
}
END_TEST

START_TEST(optimize)
{
    const char *src = "def f():\n 'doc'\n assert x\n if __debug__: y\n";
    for (int level = 0; level <= 2; level++) {
        begin();
        const OuUnit *f = inner(compile(src, strlen(src), level), 0);
        ck_assert_int_eq(has(f, OU_OP_LOAD_ASSERTION_ERROR), level == 0);
        ck_assert_int_eq(has(f, OU_OP_LOAD_GLOBAL), level == 0);
        ck_assert_int_eq(f->consts[0].kind, level < 2 ? OU_K_STR : OU_K_NONE);
        end();
    }
}
END_TEST

START_TEST(errors)
{
    static const struct {
        const char *src, *msg;
        int lineno, col;
    } row[] = {
        {"return\n", "'return' outside function", 1, 0},
        {"def f(): await x\n", "'await' outside async function", 1, 9},
        {"if 1: break\n", "'break' outside loop", 1, 6},
        {"continue\n", "'continue' not properly in loop", 1, 0},
        {"f(a=1, a=2)\n", "keyword argument repeated: a", 1, 7},
        {"a, *b, *c = d\n", "multiple starred expressions in assignment", 1, 0},
        {"x = 1\nfrom __future__ import division\n",
         "from __future__ imports must occur at the beginning of the file", 2, 0},
        {"match x:\n case a: pass\n case b: pass\n", "name capture 'a' makes remaining patterns unreachable",
         2, 6},
        {"try: pass\nexcept: pass\nexcept A: pass\n", "default 'except:' must be last", 2, 0},
        {"async def f():\n yield 1\n return 2\n", "'return' with value in async generator", 3, 1},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        begin();
        ck_assert_ptr_null(compile(row[i].src, strlen(row[i].src), 0));
        ck_assert_str_eq(p.diag.msg, row[i].msg);
        ck_assert_int_eq(p.diag.lineno, row[i].lineno);
        ck_assert_int_eq(p.diag.col, row[i].col);
        end();
    }
}
END_TEST

START_TEST(warnings)
{
    static const struct {
        const char *src, *msg;
    } row[] = {
        {"x is 1\n", "\"is\" with a literal. Did you mean \"==\"?"},
        {"assert (x, 'm')\n", "assertion is always true, perhaps remove parentheses?"},
        {"[1](2)\n", "'list' object is not callable; perhaps you missed a comma?"},
        {"'a'['b']\n", "str indices must be integers or slices, not str; perhaps you missed a comma?"},
        {"x is None\n", NULL},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        begin();
        compile_ok(row[i].src);
        ck_assert_int_eq(p.warnings != NULL, row[i].msg != NULL);
        if (row[i].msg)
            ck_assert_str_eq(p.warnings->msg, row[i].msg);
        end();
    }
}
END_TEST

START_TEST(nested_blocks)
{
    char src[4000] = "", line[64];
    for (int n = 20; n <= 21; n++) {
        src[0] = 0;
        for (int i = 0; i < n; i++) {
            snprintf(line, sizeof line, "%*swhile x:\n", i, "");
            strcat(src, line);
        }
        snprintf(line, sizeof line, "%*spass\n", n, "");
        strcat(src, line);
        begin();
        OuUnit *u = compile(src, strlen(src), 0);
        ck_assert_int_eq(u != NULL, n == 20);
        if (!u)
            ck_assert_str_eq(p.diag.msg, "too many statically nested blocks");
        end();
    }
}
END_TEST

/* Large displays and calls keep their registers few. */
START_TEST(large)
{
    static const char *const open[] = {"x = [", "x = (a, ", "x = {", "x = f(", "x = {a: a, "};
    static const char *const item[] = {"a,", "a,", "a,", "a,", "b: c,"};
    static const char *const close[] = {"]\n", ")\n", "}\n", ")\n", "}\n"};
    for (int k = 0; k < 5; k++) {
        begin();
        char *src = malloc(200000);
        strcpy(src, open[k]);
        size_t n = strlen(src), len = strlen(item[k]);
        for (int i = 0; i < 10000; i++, n += len)
            memcpy(src + n, item[k], len + 1);
        strcpy(src + n, close[k]);
        ck_assert_uint_lt(compile_ok(src)->nregs, 64);
        free(src);
        end();
    }
}
END_TEST

START_TEST(many_constants)
{
    begin();
    char *src = malloc(3000000), *at = src;
    for (int i = 0; i < 70000; i++)
        at += sprintf(at, "x = %d.5 + y\n", i);
    OuUnit *u = compile_ok(src);
    ck_assert_uint_gt(u->nconsts, 70000);
    free(src);
    end();
}
END_TEST

START_TEST(positions)
{
    static const struct {
        OuLoc loc;
        uint32_t units;
    } row[] = {{{5, 5, 1, 9}, 1},
               {{5, 7, 3, 2}, 4},
               {{-1, -1, -1, -1}, 2},
               {{2, 2, 0, 0}, 63},
               {{2, 2, 1000, 70000}, 64},
               {{99999, 99999, -1, -1}, 65},
               {{99998, 100000, 0, 300}, 100000}};
    uint8_t buf[20 * OU_LOC_ROW_MAX];
    size_t n = 0, rows = sizeof row / sizeof *row;
    int line = 4;
    for (size_t i = 0; i < rows; i++)
        n += ou_loc_pack(buf + n, &line, row[i].loc, row[i].units);
    OuLocIter it;
    uint32_t unit = 0;
    ou_loc_begin(&it, buf, (uint32_t)n, 4);
    for (size_t i = 0; i < rows; i++) {
        ck_assert(ou_loc_next(&it));
        ck_assert_uint_eq(it.unit, unit);
        ck_assert_uint_eq(it.units, row[i].units);
        ck_assert_mem_eq(&it.loc, &row[i].loc, sizeof it.loc);
        OuLoc last = ou_loc_find(buf, (uint32_t)n, 4, unit + row[i].units - 1);
        ck_assert_mem_eq(&last, &row[i].loc, sizeof last);
        unit += row[i].units;
    }
    ck_assert(!ou_loc_next(&it));
}
END_TEST

/* Each allocation in turn fails: a clean error every time, nothing lost. */
START_TEST(no_memory)
{
    const char *src = "from __future__ import annotations\nclass C(B):\n def f(self, a: x[1], *b, **c):\n"
                      "  try:\n   with a as self.b: return [z for z in b if z], {**c, 'k': 1 + 2}\n"
                      "  except E as e: f'{e!r:>{a}}' + '%s' % (a,)\n  finally: del a\n"
                      "match x:\n case {'a': [y, *_], **r} | C(y, z=r): pass\n case _: lambda: "
                      "(yield)\nasync def g(): await x\n";
    bool done = false;
    for (uint64_t nth = 1; !done; nth++) {
        ou_mem_init(&mem, OU_MEM_SYSTEM);
        ou_mem_set_fail(&mem, nth, nth + 1);
        ou_arena_init(&arena, &mem);
        ou_parse_init(&p, &arena, &mem, 0);
        OuUnit *u = compile(src, strlen(src), 0);
        done = !mem.failed;
        if (done)
            ck_assert_ptr_nonnull(u);
        else if (!u)
            ck_assert_msg(p.diag.kind == OU_DIAG_MEMORY, "allocation %d: %s", (int)nth,
                          p.diag.msg ? p.diag.msg : "?");
        ou_mem_set_fail(&mem, 0, 0);
        end();
        ck_assert_uint_lt(nth, 20000);
    }
}
END_TEST

SUITE("lang_codegen", golden, checks, variables, self_attrs, optimize, errors, warnings, nested_blocks, large,
      many_constants, positions, no_memory)
