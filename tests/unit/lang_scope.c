/* tests/unit/lang_scope.c - what names mean. */
#include "lang_fixture.h"

#include "lang/scope.h"

static OuScopes scopes;

/* 0, or -1 with p.diag set. */
static int build(const char *src)
{
    begin();
    OuNode *mod = ou_parse_run(&p, src, strlen(src), OU_PARSE_FILE);
    ck_assert_ptr_nonnull(mod);
    return ou_scope_build(&scopes, &p, mod, 0);
}

static OuNameScope scope_of(const OuScope *sc, const char *name)
{
    OuSymbol *sym = ou_scope_find(sc, ou_parse_name(&p, name, strlen(name)));
    return sym ? (OuNameScope)sym->scope : OU_NAME_UNKNOWN;
}

START_TEST(closures)
{
    ck_assert_int_eq(
        build("def f(a, b):\n    c = 1\n    def g():\n        nonlocal c\n        return a + x + c\n"), 0);
    OuScope *f = scopes.module->children[0], *g = f->children[0];
    ck_assert_int_eq(scope_of(f, "a"), OU_NAME_CELL);
    ck_assert_int_eq(scope_of(f, "b"), OU_NAME_LOCAL);
    ck_assert_int_eq(scope_of(f, "c"), OU_NAME_CELL);
    ck_assert_int_eq(scope_of(g, "a"), OU_NAME_FREE);
    ck_assert_int_eq(scope_of(g, "c"), OU_NAME_FREE);
    ck_assert_int_eq(scope_of(g, "x"), OU_NAME_GLOBAL_IMPLICIT);
    ck_assert(g->nested && !f->nested);
    end();
}
END_TEST

START_TEST(through)
{
    /* a name used two levels down passes through the level between; a class body does not bind for its
     * methods */
    ck_assert_int_eq(
        build("def f():\n x = 1\n class C:\n  x = 2\n  def m(self):\n   return lambda: x, __class__\n"), 0);
    OuScope *f = scopes.module->children[0], *c = f->children[0], *m = c->children[0];
    ck_assert_int_eq(scope_of(f, "x"), OU_NAME_CELL);
    ck_assert_int_eq(scope_of(c, "x"), OU_NAME_LOCAL);
    ck_assert(ou_scope_find(c, ou_parse_name(&p, "x", 1))->flags & OU_SYM_FREE_CLASS);
    ck_assert_int_eq(scope_of(m, "x"), OU_NAME_FREE);
    ck_assert_int_eq(scope_of(m, "__class__"), OU_NAME_FREE);
    ck_assert(c->needs_class_closure);
    end();
}
END_TEST

START_TEST(globals)
{
    ck_assert_int_eq(build("def f():\n def g():\n  global x\n  x = 1\n  def h(): return x\n x = 2\n"), 0);
    OuScope *f = scopes.module->children[0], *g = f->children[0];
    ck_assert_int_eq(scope_of(g, "x"), OU_NAME_GLOBAL_EXPLICIT);
    ck_assert_int_eq(scope_of(g->children[0], "x"), OU_NAME_GLOBAL_IMPLICIT);
    ck_assert_int_eq(scope_of(f, "x"), OU_NAME_LOCAL);
    end();
}
END_TEST

START_TEST(comprehensions)
{
    ck_assert_int_eq(build("def f(z):\n return [(y := x) for x in z], [w async for w in z]\n"), 0);
    OuScope *f = scopes.module->children[0], *c = f->children[0];
    ck_assert_int_eq(scope_of(f, "y"), OU_NAME_CELL);
    ck_assert_int_eq(scope_of(c, "y"), OU_NAME_FREE);
    ck_assert_int_eq(scope_of(c, "x"), OU_NAME_LOCAL);
    ck_assert_int_eq(c->comp, OU_COMP_LIST);
    ck_assert_str_eq(c->params[0]->s, ".0");
    ck_assert(f->children[1]->coroutine);
    end();
}
END_TEST

START_TEST(mangling)
{
    static const struct {
        const char *cls, *name, *want;
    } row[] = {
        {"C", "__x", "_C__x"}, {"C", "__x__", "__x__"}, {"C", "_x", "_x"},       {"__C", "__x", "_C__x"},
        {"___", "__x", "__x"}, {"C", "__", "__"},       {"C", "__a.b", "__a.b"}, {NULL, "__x", "__x"},
    };
    begin();
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        OuText *cls = row[i].cls ? ou_parse_name(&p, row[i].cls, strlen(row[i].cls)) : NULL;
        OuText *t = ou_scope_mangle(&p, cls, ou_parse_name(&p, row[i].name, strlen(row[i].name)));
        ck_assert_str_eq(t->s, row[i].want);
    }
    end();
}
END_TEST

START_TEST(errors)
{
    static const struct {
        const char *src, *msg;
        int lineno, col;
    } row[] = {
        {"def f(a, a): pass\n", "duplicate argument 'a' in function definition", 1, 9},
        {"def f(a):\n global a\n", "name 'a' is parameter and global", 2, 1},
        {"x = 1\ndef f():\n print(x)\n global x\n", "name 'x' is used prior to global declaration", 4, 1},
        {"def f():\n x = 1\n global x\n", "name 'x' is assigned to before global declaration", 3, 1},
        {"def f():\n nonlocal x\n", "no binding for nonlocal 'x' found", 2, 1},
        {"nonlocal x\n", "nonlocal declaration not allowed at module level", 1, 0},
        {"def f():\n from a import *\n", "import * only allowed at module level", 2, 15},
        {"[(x := 1) for x in y]\n",
         "assignment expression cannot rebind comprehension iteration variable 'x'", 1, 2},
        {"[(yield) for x in y]\n", "'yield' inside list comprehension", 1, 2},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        ck_assert_int_eq(build(row[i].src), -1);
        ck_assert_str_eq(p.diag.msg, row[i].msg);
        ck_assert_int_eq(p.diag.lineno, row[i].lineno);
        ck_assert_int_eq(p.diag.col, row[i].col);
        end();
    }
}
END_TEST

SUITE("lang_scope", closures, through, globals, comprehensions, mangling, errors)
