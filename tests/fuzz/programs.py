"""Random Python programs: valid (nearly all), deterministic and ending, so that two interpreters can be compared over whole programs.

    python3 tests/fuzz/programs.py SEED [FLAVOUR]     prints the program of a seed
    tests/fuzz/differ.py                              runs many in ouro and in CPython and compares

Program(seed).text is the source.  It is written by a grammar (`Writer`), with four helpers that tests/fuzz/program_worker.py puts into
its globals: P(...) prints values, X(e) prints an exception with its chain and line numbers, T(n, v) prints n and gives v (order of
evaluation), K() counts and raises Fuel when the program did too much, L(v) gives v or 0 when v grew too large, D(name) is an object that
prints when it dies.  So any expression may be repeated in any loop.  A flavour sets which statements are frequent."""
import random
import sys

NAMES = ["a", "b", "c", "d", "x", "y"]
ATTRS = ["a", "b", "x", "p", "q"]
ERRORS = ["ValueError", "TypeError", "KeyError", "IndexError", "LookupError", "ArithmeticError", "ZeroDivisionError", "AttributeError",
          "StopIteration", "RuntimeError", "Exception", "E1", "E2", "NameError", "OSError", "AssertionError", "GeneratorExit", "StopAsyncIteration"]
CONSTS = ["0", "1", "2", "-1", "3", "7", "10", "255", "1.5", "-0.0", "2.0", "1e20", "1j", "True", "False", "None", "''", "'a'", "'abc'", "'\\xe9'", "'\\u20ac'",
          "b''", "b'ab'", "()", "[]", "{}", "(1, 2)", "[1, 2, 3]", "{'a': 1}", "{1, 2}", "'%s'", "'a b c'", "...", "10**20", "-2**63", "range(3)", "set()",
          "(1, 'a', None)", "{'x': [1], 'y': 2}", "'x=%d'", "[[1], [2, 3]]", "frozenset((1,))", "bytearray(b'xy')", "(0,)", "'abc' 'def'", "slice(1, 2)"]
BINARY = ["+", "-", "*", "/", "//", "%", "@", "&", "|", "^"]
COMPARE = ["<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not"]
SPECS = ["", "5", ">6", "<4", "^7", "+", ".2f", "x", "#x", "05", ",", ".1%", "e", "{1+2}", ">{w}", "c", "_", "s", ".3", "*^9", "b", "g", "!", " d"]
FLAVOURS = {
    "mix": {}, "flow": dict(try_=9, for_=5, while_=4, with_=5, jump=9, raise_=5, trystar=2), "scope": dict(def_=9, class_=5, declare=9, del_=6, comp=5),
    "order": dict(T=9, aug=5, store=6), "class": dict(class_=10, meth=9, expr=2), "gen": dict(gen=10, jump=2, def_=3, try_=5),
    "match": dict(match=12), "call": dict(call=12, def_=8), "format": dict(format=12), "async": dict(async_=12, try_=3, with_=2, jump=3),
    "life": dict(life=14, try_=3, del_=5, with_=2, gen=2), "data": dict(data=14), "cycle": dict(cycle=14, life=3, del_=3),
    "error": dict(raise_=9, try_=9, trystar=6, expr=4),
}


class Ctx:
    """Where a statement stands: what it may contain."""

    def __init__(self, func=False, loop=False, gen=False, coro=False, cls=False, star=False, meth=False, bound=(), deep=0):
        self.func, self.loop, self.gen, self.coro, self.cls, self.star, self.meth, self.bound, self.deep = func, loop, gen, coro, cls, star, meth, bound, deep

    def but(self, **kw):
        new = Ctx(**self.__dict__)
        new.__dict__.update(kw)
        return new


def indent(lines):
    return ["    " + x for x in lines]


class Writer:
    def __init__(self, seed, flavour=None):
        self.r = random.Random("program %s" % seed)
        self.flavour = flavour or self.r.choice(list(FLAVOURS))
        self.weights = dict(T=1, aug=2, store=3, expr=3, if_=2, for_=2, while_=1, try_=3, with_=1, jump=1, raise_=1, trystar=0.3, def_=2, class_=1, declare=0.3,
                            del_=0.7, comp=1, gen=1, match=1, call=2, format=1, async_=0.4, life=1, cycle=0.5, data=2, meth=1, assert_=0.3, unpack=1, import_=0.1)
        self.weights.update(FLAVOURS[self.flavour])
        self.count = 0
        self.funcs, self.gens, self.coros, self.classes, self.managers = [], [], [], [], []

    # ---- small things
    def n(self, kind=""):
        self.count += 1
        return "%s%d" % (kind, self.count)

    def one(self, seq):
        return self.r.choice(seq)

    def p(self, chance):
        return self.r.random() < chance

    def name(self):
        return self.one(NAMES)

    def many(self, f, low, high):
        return [f() for _ in range(self.r.randint(low, high))]

    # ---- expressions
    def leaf(self, c):
        k = self.r.random()
        if k < 0.4:
            return self.one(CONSTS)
        if k < 0.85:
            return self.name()
        if k < 0.92:
            return "T(%s, %s)" % (self.n(), self.one(CONSTS + NAMES))
        if c.meth and k < 0.97:
            return self.one(["self.a", "self.x", "self", "__class__", "type(self).__name__"])
        return self.one(self.classes or ["int"]) + ("()" if self.p(0.7) else "")

    def expr(self, c, d=2):
        if d <= 0:
            return self.leaf(c)
        e = lambda: self.expr(c, d - 1 - self.p(0.3))
        k = self.r.randrange(30)
        if k < 4:
            return self.leaf(c)
        if k < 7:
            return "(%s %s %s)" % (e(), self.one(BINARY), e())
        if k == 7:
            return "(%s %s %s)" % (e(), self.one(["**", "<<", ">>"]), self.one(["2", "3", "0", "-1", "'a'", "1.5"])) if self.p(0.5) else "(%s%s)" % (self.one(["-", "+", "~", "not "]), e())
        if k == 8:
            return "(%s)" % " ".join([e()] + [self.one(COMPARE) + " " + e() for _ in range(self.r.choice([1, 1, 2, 3]))])
        if k == 9:
            return "(%s)" % (" %s " % self.one(["and", "or"])).join(self.many(e, 2, 3))
        if k == 10:
            return "(%s if %s else %s)" % (e(), e(), e())
        if k in (11, 12):
            return "T(%s, %s)" % (self.n(), e())
        if k == 13:
            return "%s.%s" % (self.atom(c), self.one(ATTRS + ["__class__", "real", "upper()", "copy()", "keys()", "__name__"]))
        if k in (14, 15):
            return "%s[%s]" % (self.atom(c), self.index(c, d))
        if k == 16:
            return "[%s]" % ", ".join(self.star(c, d) for _ in range(self.r.randrange(4)))
        if k == 17:
            items = [self.star(c, d) for _ in range(self.r.randrange(4))]
            return "(%s%s)" % (", ".join(items), "," if len(items) == 1 else "")
        if k == 18:
            return "{%s}" % ", ".join([self.star(c, d) for _ in range(self.r.randrange(1, 3))])
        if k == 19:
            return "{%s}" % ", ".join("**%s" % self.one([self.name(), "{'k': %s}" % e()]) if self.p(0.15) else "%s: %s" % (e(), e()) for _ in range(self.r.randrange(3)))
        if k in (20, 21):
            return self.comp(c, d)
        if k == 22:
            return "(lambda %s: %s)(%s)" % (self.params(c, True), self.expr(c.but(func=True, gen=False, coro=False), d - 1), self.arguments(c, d))
        if k == 23:
            return self.fstring(c, d)
        if k == 24 and not c.cls:
            return "(%s := %s)" % (self.name(), e())
        if k == 25 and c.gen and not c.coro:
            return self.one(["(yield %s)" % e(), "(yield)", "(yield from %s)" % self.iterable(c, d)])
        if k == 25 and c.coro:
            return self.one(["(await %s)" % self.awaitable(c, d)] * 2 + (["(yield %s)" % e()] if c.gen else []))
        if k in (26, 27):
            return self.call(c, d)
        return self.builtin(c, d)

    def atom(self, c):
        k = self.r.randrange(6)
        if k == 0:
            return self.one(["'abc'", "(1, 2, 3)", "[1, 2]", "{'a': 1}", "b'xy'", "(5)", "range(5)"])
        if k == 1:
            return "T(%s, %s)" % (self.n(), self.name())
        if k == 2 and c.meth:
            return "self"
        if k == 3:
            return self.one(self.classes or ["int"]) + "()"
        return self.name()

    def index(self, c, d):
        e = lambda: self.one(["0", "1", "-1", "2", "'a'", "None", "'x'", self.expr(c, d - 2)])
        k = self.r.randrange(5)
        if k < 3:
            return e()
        if k == 3:
            return ":".join(self.one(["", e()]) for _ in range(self.r.choice([2, 2, 3])))
        return "%s, %s" % (e(), self.one([e(), "*" + self.name(), "1:2"]))

    def star(self, c, d):
        return ("*" + self.one([self.name(), self.iterable(c, d - 1)]) if self.p(0.15) else self.expr(c, d - 1))

    def iterable(self, c, d=1):
        k = self.r.randrange(9)
        if k < 3:
            return "range(%d)" % self.r.randrange(4)
        if k == 3:
            return self.name()
        if k == 4 and self.gens:
            return "%s(%s)" % (self.one(self.gens), self.arguments(c, 1) if self.p(0.3) else "")
        if k == 5:
            return "T(%s, %s)" % (self.n(), self.one(["'ab'", "(1, 2)", "[3]", "{'k': 1}", "()"]))
        if k == 6:
            return self.one(["enumerate('ab')", "zip('ab', [1, 2])", "{'k': 1, 'l': 2}.items()", "reversed([1, 2])", "map(str, (1, 2))", "[(1, 2), (3, 4)]", "iter('ab')"])
        return self.one(["'ab'", "(1, 2, 3)", "[1, 2]", "{'k': 5}", "b'ab'", "[[1, 2], [3, 4]]"])

    def target(self, c, d=1):
        k = self.r.randrange(12)
        if k < 7 or d <= 0:
            return self.name()
        if k == 7:
            return "%s.%s" % (self.atom(c), self.one(ATTRS))
        if k == 8:
            return "%s[%s]" % (self.atom(c), self.index(c, 1))
        parts = self.many(lambda: self.target(c, d - 1), 1, 3)
        if self.p(0.3):
            i = self.r.randrange(len(parts))
            parts[i] = "*" + parts[i]
        return self.one(["(%s,)", "[%s]"]) % ", ".join(parts)

    def comp(self, c, d):
        inner = c.but(gen=False, coro=False, cls=c.cls)
        clauses = []
        for i in range(self.r.choice([1, 1, 1, 2])):
            clauses.append("for %s in %s" % (self.one([self.name(), self.name(), "%s, %s" % (self.name(), self.name()), "(%s, *%s)" % (self.name(), self.name())]),
                                             self.iterable(inner, 1)))
            if self.p(0.3):
                clauses.append("if %s" % self.expr(inner.but(cls=True), d - 2))
        text = " ".join(clauses)
        e = lambda: self.expr(inner.but(cls=True), d - 1)
        k = self.r.randrange(6)
        if k < 3:
            return "[%s %s]" % (e(), text)
        if k == 3:
            return "{%s %s}" % (e(), text)
        if k == 4:
            return "{%s: %s %s}" % (e(), e(), text)
        return "%s(%s %s)" % (self.one(["list", "tuple", "any", "sum", "dict", "sorted", "max", "set", "all"]), e(), text)

    def fstring(self, c, d):
        parts = []
        for _ in range(self.r.randint(1, 3)):
            e = self.expr(c.but(gen=False, coro=False), d - 2)
            if "\\" in e or '"' in e or ":=" in e or "lambda" in e or "{" in e[:1]:
                e = self.name()
            e = e.replace("'", '"') if '"' not in e else self.name()
            spec = self.one(SPECS)
            parts.append("%s{%s%s%s%s}" % (self.one(["", "-", "{{", "}}", "\\n"]), e, self.one(["", "", "", "=", " = "]), self.one(["", "", "!r", "!s", "!a"]),
                                           ":" + spec if self.p(0.5) and spec != "!" else ""))
        return self.one(["f", "f", "f", "rf", "F"]) + "'%s'" % "".join(parts)

    def params(self, c, lam=False):
        out, used = [], set()

        def new():
            left = [x for x in NAMES if x not in used] or ["z%d" % len(used)]
            used.add(left[0] if self.p(0.5) else self.one(left))
            return [x for x in left if x in used][0]
        ann = lambda: "" if lam or self.p(0.85) else ": " + self.one(["int", "'str'", "T(%s, 1)" % self.n()])
        default = False
        for _ in range(self.r.choice([0, 0, 1, 2, 2, 3])):
            default = default or self.p(0.3)
            out.append(new() + ann() + ("=" + self.one(CONSTS + NAMES) if default else ""))
        if out and self.p(0.1):
            out.insert(self.r.randint(1, len(out)), "/")
        k = self.r.random()
        if k < 0.25:
            out.append("*" + new() + ann())
        elif k < 0.4:
            out.append("*")
        if k < 0.4:
            for _ in range(self.r.randrange(out[-1] == "*", 3)):
                out.append(new() + ann() + ("=" + self.one(CONSTS + NAMES) if self.p(0.5) else ""))
        if self.p(0.15):
            out.append("**" + new())
        return ", ".join(out)

    def arguments(self, c, d):
        out, kw = [], False
        for _ in range(self.r.choice([0, 0, 1, 1, 2, 2, 3, 4])):
            k = self.r.random()
            if k < 0.08:
                out.append("**" + self.one([self.name(), "{'a': %s}" % self.leaf(c), "{'b': 1, 'c': 2}", "dict(x=1)"]))
                kw = 2
            elif k < 0.2 and kw != 2:
                out.append("*" + self.iterable(c, 1))
            elif k < 0.35 or kw:
                out.append("%s=%s" % (self.name(), self.expr(c, d - 1)))
                kw = kw or 1
            else:
                out.append(self.expr(c, d - 1))
        names = [x.split("=")[0] for x in out if not x.startswith(("*", "(")) and x.split("=")[0] in NAMES and "=" in x]
        return ", ".join(out) if len(names) == len(set(names)) else ""

    def callee(self):
        return self.one((self.funcs or ["len"]) * 3 + (self.classes or ["list"]) + ["int", "str", "max", self.name()])

    def call(self, c, d):
        k = self.r.randrange(6)
        if k == 0:
            return "%s.%s(%s)" % (self.atom(c), self.one(["m", "m", "cm", "sm", "append", "get", "join", "split", "__add__", "__eq__", "index", "pop", "update", "count"]), self.arguments(c, d))
        return "%s(%s)" % (self.callee(), self.arguments(c, d))

    def builtin(self, c, d):
        e = lambda: self.expr(c, d - 1)
        return self.one([
            lambda: "len(%s)" % e(), lambda: "repr(%s)" % e(), lambda: "str(%s)" % e(), lambda: "sorted(%s, key=%s)" % (e(), self.one(["None", "repr", "str", "lambda q: -q", "len"])),
            lambda: "isinstance(%s, %s)" % (e(), self.one(["int", "(int, str)", "list | dict"] + self.classes)), lambda: "type(%s).__name__" % e(), lambda: "getattr(%s, %r, %s)" % (e(), self.one(ATTRS), e()),
            lambda: "list(zip(%s, %s))" % (e(), e()), lambda: "sum(%s, %s)" % (e(), self.one(["0", "()", "[]", "''", "1.5"])), lambda: "min(%s, %s)" % (e(), e()), lambda: "max(%s, default=%s)" % (e(), e()),
            lambda: "divmod(%s, %s)" % (e(), e()), lambda: "round(%s, %s)" % (e(), self.one(["1", "None", "-1", e()])), lambda: "bool(%s)" % e(), lambda: "tuple(%s)" % e(), lambda: "dict(%s)" % e(),
            lambda: "int(%s)" % e(), lambda: "float(%s)" % e(), lambda: "list(enumerate(%s, %s))" % (e(), self.one(["0", "5", "'a'"])), lambda: "next(iter(%s), %s)" % (e(), e()), lambda: "callable(%s)" % e(),
            lambda: "hasattr(%s, %r)" % (e(), self.one(ATTRS)), lambda: "set(%s) %s set(%s)" % (e(), self.one("&|-^"), e()), lambda: "(%s %% %s)" % (self.one(["'%s %s'", "'%r'", "'%d'", "'%5.1f|'", "'%(a)s'"]), e()),
            lambda: "format(%s, %r)" % (e(), self.one(SPECS).replace("{1+2}", "3").replace("{w}", "9")), lambda: "issubclass(%s, %s)" % (self.one(self.classes or ["int"]), self.one(self.classes or ["str"])),
            lambda: "super().%s" % self.one(["m()", "__init__()", "x", "__repr__()[:3]", "a"]) if c.meth else "id(%s) == id(%s)" % (e(), e()),
            lambda: "vars(%s)" % self.atom(c) if self.p(0.3) else "bytes(%s)" % self.one(["3", "'a', 'utf8'", "[1, 2]", self.name() if 0 else "b'q'"]), lambda: "sorted(%s)" % self.one(["locals()", "dir(%s)[-2:]" % self.name(), "globals().keys() & {'a', 'b', 'c'}"]),
            lambda: "exec(%r)" % self.one(["a = 1", "x += 1", "P(a)", "del b", "raise KeyError(1)"]), lambda: "eval(%r)" % self.one(["a", "x + 1", "[a for _ in 'ab']", "(b := 5)", "lambda: a"]),
        ])()

    def awaitable(self, c, d):
        k = self.r.randrange(4)
        if self.coros and k < 2:
            return "%s(%s)" % (self.one(self.coros), self.arguments(c, 1) if self.p(0.3) else "")
        return self.one(["Sleep(%s)" % self.leaf(c), "Sleep(%s)" % self.n(), self.name()])

    # ---- statements
    def block(self, c, low=1, high=3):
        c = c.but(deep=c.deep + 1)
        lines = []
        for _ in range(self.r.randint(low, high - (c.deep > 2 and high > 1))):
            lines += self.stmt(c)
        return lines or ["pass"]

    def stmt(self, c):
        if c.deep > 3:
            return self.s_store(c) if self.p(0.6) else self.s_jump(c)
        kinds = self.weights
        kind = self.r.choices(list(kinds), list(kinds.values()))[0]
        return getattr(self, "s_" + kind.rstrip("_"))(c)

    def s_T(self, c):
        return ["P(%s, %s)" % (self.n(), self.expr(c, 4))]

    def s_expr(self, c):
        return ["P(%s, %s)" % (self.n(), self.expr(c, 3)) if self.p(0.85) else self.expr(c, 3)]

    def s_store(self, c):
        value = "L(%s)" % self.expr(c, 2)
        k = self.r.randrange(6)
        if k == 0:
            return ["%s = %s = %s" % (self.target(c), self.target(c), value)]
        if k == 1:
            return ["%s: %s = %s" % (self.one([self.name()] + ([] if c.func else ["%s.%s" % (self.name(), self.one(ATTRS))])), self.one(["int", "'s'", "T(%s, int)" % self.n()]), value)] if not self.p(0.5) else ["%s = %s" % (self.name(), value)]
        return ["%s = %s" % (self.target(c), value)]

    def s_unpack(self, c):
        parts = self.many(lambda: self.target(c, 1), 1, 4)
        if self.p(0.4):
            i = self.r.randrange(len(parts))
            parts[i] = "*" + parts[i].lstrip("*") if parts[i][0] not in "([" else parts[i]
        return ["%s, = %s" % (", ".join(parts), self.one([self.iterable(c), "L(%s)" % self.expr(c, 2), "%s, %s" % (self.expr(c, 1), self.expr(c, 1)), "*%s, %s" % (self.iterable(c), self.leaf(c))]))]

    def s_aug(self, c):
        t = self.one([self.name(), self.name(), "%s.%s" % (self.atom(c), self.one(ATTRS)), "%s[%s]" % (self.atom(c), self.index(c, 1))])
        op = self.one(BINARY)
        value = self.one(["1", "2", "'a'", "(1,)", "[4]", "{5}", "1.5", "T(%s, 1)" % self.n(), "{'z': 1}", "-1", "''"]) if op != "*" else self.one(["2", "1", "0"])
        return ["%s %s= %s" % (t, op, value)] + (["P(%s, %s)" % (self.n(), t)] if self.p(0.4) else [])

    def s_del(self, c):
        return ["del " + self.one([self.name(), self.name(), "%s[%s]" % (self.atom(c), self.index(c, 1)), "%s.%s" % (self.atom(c), self.one(ATTRS)), "(%s, %s)" % (self.name(), self.name())])]

    def s_assert(self, c):
        return ["assert %s%s" % (self.expr(c, 1), ", " + self.expr(c, 1) if self.p(0.5) else "")]

    def s_import(self, c):
        return [self.one(["import sys as %s" % self.name(), "from math import floor as %s" % self.name(), "from os.path import nothing", "import os.path", "import nothing.here",
                          "from . import a", "from collections import deque, OrderedDict as %s" % self.name()])]

    def s_jump(self, c):
        options = []
        if c.loop:
            options += ["break", "continue", "break", "continue"]
        if c.func and not c.star:
            options += ["return" if c.gen and c.coro else self.one(["return", "return %s" % self.expr(c, 2), "return T(%s, %s)" % (self.n(), self.expr(c, 1))])] * 2
        if c.gen and not c.coro:
            options += ["P(%s, (yield %s))" % (self.n(), self.expr(c, 1)), "%s = yield" % self.name(), "yield %s" % self.n(), "yield from %s" % self.iterable(c)]
        elif c.gen:
            options += ["yield %s" % self.n()]
        if c.coro:
            options += ["P(%s, await %s)" % (self.n(), self.awaitable(c, 1))]
        if not options:
            return self.s_expr(c)
        s = self.one(options)
        return ["if %s:" % self.expr(c, 1)] + indent([s]) if self.p(0.4) else [s]

    def s_if(self, c):
        lines = ["if %s:" % self.expr(c, 2)] + indent(self.block(c))
        if self.p(0.2):
            lines += ["elif %s:" % self.expr(c, 2)] + indent(self.block(c))
        if self.p(0.4):
            lines += ["else:"] + indent(self.block(c))
        return lines

    def s_for(self, c):
        a = "async " if c.coro and self.p(0.4) else ""
        it = "Aiter(%d)" % self.r.randrange(4) if a else self.iterable(c)
        lines = ["%sfor %s in %s:" % (a, self.target(c), it)] + indent(["K()"] + self.block(c.but(loop=True)))
        if self.p(0.3):
            lines += ["else:"] + indent(self.block(c))
        return lines

    def s_while(self, c):
        n = self.n("w")
        lines = ["%s = 0" % n, "while (%s := %s + 1) < %d%s:" % (n, n, self.r.randint(2, 4), self.one(["", "", " and %s" % self.expr(c, 1)]))] if not c.cls else ["%s = 0" % n, "while %s < 3:" % n]
        lines += indent((["%s += 1" % n] if c.cls else []) + ["K()"] + self.block(c.but(loop=True)))
        if self.p(0.3):
            lines += ["else:"] + indent(self.block(c))
        return lines

    def s_comp(self, c):
        return ["P(%s, %s)" % (self.n(), self.comp(c, 3))]

    def handler(self, c, star):
        kind = self.one([self.one(ERRORS), "(%s, %s)" % (self.one(ERRORS), self.one(ERRORS)), "Exception", "Exception", "T(%s, %s)" % (self.n(), self.one(ERRORS))] + ([] if star else ["BaseException", self.name()] + (["ExceptionGroup"] * (self.p(0.3)))))
        n = self.one(["e", "e", "e", self.name()])
        bind = self.p(0.6)
        body = (["X(%s)" % n] if bind and self.p(0.7) else []) + self.block(c.but(star=True, loop=False) if star else c, 0, 2)
        return ["except%s %s%s:" % ("*" if star else "", kind, " as " + n if bind else "")] + indent(body)

    def s_try(self, c):
        lines = ["try:"] + indent(self.block(c))
        handlers = self.r.choice([0, 1, 1, 1, 2, 2])
        for _ in range(handlers):
            lines += self.handler(c, False)
        if handlers and self.p(0.15):
            lines += ["except:"] + indent(self.block(c, 0, 2))
        if handlers and self.p(0.3):
            lines += ["else:"] + indent(self.block(c))
        if not handlers or self.p(0.4):
            lines += ["finally:"] + indent(["P(%s)" % self.n()] + self.block(c, 0, 2))
        return lines

    def s_trystar(self, c):
        lines = ["try:"] + indent(self.block(c, 0, 1) + self.s_raise(c, True))
        for _ in range(self.r.choice([1, 1, 2, 3])):
            lines += self.handler(c, True)
        if self.p(0.3):
            lines += ["else:"] + indent(self.block(c))
        if self.p(0.3):
            lines += ["finally:"] + indent(self.block(c, 1, 2))
        return lines

    def exception(self, group=False):
        if group or self.p(0.1):
            return "ExceptionGroup(%r, [%s])" % (self.n("g"), ", ".join(self.exception(self.p(0.2)) for _ in range(self.r.randint(1, 3))))
        return "%s(%s)" % (self.one(ERRORS), self.one(["", self.n(), self.n() + ", " + self.n(), "'text'"]))

    def s_raise(self, c, group=False):
        k = self.r.randrange(9)
        if k == 0 and not group:
            return ["raise"]
        if k == 1 and not group:
            return [self.one(["1 / 0", "None.x", "[][1]", "{}['k']", "int('q')", "undefined_name", "(1)()", "a.b.c", "'a' + 1", "x[0][1]", "del_me.x = 1", "len(5)", "next(iter(()))", "f(1, 2)(3)", "a < 1j"])]
        text = "raise " + (self.exception(group) if self.p(0.85) else self.one([self.one(ERRORS), self.name()]))
        if self.p(0.3):
            text += " from " + self.one(["None", self.exception(), self.name(), "e"])
        if self.p(0.1):
            return ["e = %s" % self.exception(group), "e.add_note(%r)" % self.n("note"), "raise e"]
        return ["if %s:" % self.expr(c, 1)] + indent([text]) if self.p(0.25) else [text]

    def s_with(self, c):
        a = "async " if c.coro and self.p(0.5) else ""
        make = lambda: "%s(%s%s)" % ("ACM" if a else "CM", self.n(), self.one(["", "", ", 'swallow'", ", 'raise'", ", 'enter'", ", 'new'"])) if self.p(0.9) else self.expr(c, 1)
        items = [make() + (" as " + self.target(c).lstrip("*") if self.p(0.4) else "") for _ in range(self.r.choice([1, 1, 2, 3]))]
        form = "%swith (%s):" if self.p(0.3) else "%swith %s:"
        return [form % (a, ", ".join(items))] + indent(self.block(c))

    def s_declare(self, c):
        if not c.func:
            return ["P(%s, sorted(k for k in locals() if k in %r))" % (self.n(), tuple(NAMES))]
        return ["P(%s, sorted(locals()))" % self.n()]

    def body(self, c, mine=()):
        """Of a function with the parameters `mine`: declarations first, and a last return."""
        lines = ["K()"]
        outer, left = [x for x in c.bound if x not in mine], [x for x in NAMES if x not in mine]
        if self.p(0.4 if self.flavour == "scope" else 0.15):
            if outer and self.p(0.6):
                lines.insert(0, "nonlocal " + self.one(outer))
            elif left:
                lines.insert(0, "global " + self.one(left))
        lines += self.block(c.but(bound=tuple(mine) + c.bound), 1, 3)
        if self.p(0.6) and not (c.gen and c.coro):
            lines.append("return %s" % self.expr(c, 2))
        return lines

    def s_def(self, c, kind=None):
        name = self.n("f")
        f = c.but(func=True, loop=False, gen=False, coro=False, cls=False, star=False, meth=False)
        lines = ["@T(%s, deco)" % self.n()] if self.p(0.1) else []
        params = self.params(c)
        mine = [y for y in (x.strip("*/ ").split("=")[0].split(":")[0] for x in params.split(", ")) if y in NAMES]
        body = self.body(f, mine)
        ret = " -> %s" % self.one(["int", "T(%s, 1)" % self.n()]) if self.p(0.07) else ""
        lines += ["def %s(%s)%s:" % (name, params, ret)] + indent(body)
        self.funcs.append(name)
        if self.p(0.8):
            lines += ["P(%s, %s(%s))" % (self.n(), name, self.arguments(c, 2))]
        if self.p(0.1):
            lines += ["P(%s.__defaults__, %s.__kwdefaults__, sorted(%s.__annotations__), %s.__code__.co_freevars, %s.__code__.co_cellvars, %s.__qualname__)" % ((name,) * 6)]
        return lines

    s_call = lambda self, c: (self.s_def(c) if not self.funcs or self.p(0.3) else ["P(%s, %s)" % (self.n(), self.call(c, 2))])

    def s_gen(self, c):
        if c.deep > 2:
            return self.s_jump(c)
        name = self.n("g")
        lines = ["def %s(%s):" % (name, self.one(["", "a=1", "x=(), y=None", "*a"]))] + indent(self.body(c.but(func=True, loop=False, gen=True, coro=False, cls=False, star=False, meth=False), ("a", "x", "y")) + ["yield"])
        self.gens.append(name)
        if self.p(0.25):
            return lines + ["P(%s, list(%s()))" % (self.n(), name)]
        it = self.n("it")
        lines += ["%s = %s()" % (it, name)]
        for _ in range(self.r.randint(1, 5)):
            what = self.one(["next(%s)" % it, "next(%s)" % it, "%s.send(None)" % it, "%s.send(%s)" % (it, self.leaf(c)), "%s.throw(%s)" % (it, self.exception()), "%s.throw(%s)" % (it, self.one(ERRORS)), "%s.close()" % it,
                             "next(%s, 'end')" % it, "list(%s)" % it, "%s.gi_running, %s.gi_frame is None, %s.gi_yieldfrom is None" % (it, it, it)])
            lines += ["try:", "    P(%s, %s)" % (self.n(), what), "except BaseException as e:", "    X(e)"]
        if self.p(0.5):
            lines += ["del %s" % it]
        return lines

    def s_async(self, c):
        if c.deep > 2 or c.coro:
            return self.s_jump(c)
        name = self.n("co")
        gen = self.p(0.3)
        lines = ["async def %s(%s):" % (name, self.one(["", "a=1", "*a", "x=(), **y"]))] + indent(self.body(c.but(func=True, loop=False, gen=gen, coro=True, cls=False, star=False, meth=False), ("a", "x", "y")) + (["yield 1"] if gen else []))
        if gen:
            k = self.n("q")
            drive = self.one(["async def %s():\n    async for v in %s():\n        K(); P('item', v)\n    P(1, [v async for v in %s()])" % (k, name, name),
                              "async def %s():\n    g = %s()\n    P(await g.asend(None)); P(await anext(g, 5))\n    try:\n        P(await g.athrow(%s))\n    finally:\n        await g.aclose()" % (k, name, self.exception())])
            return lines + drive.split("\n") + ["RUN(%s())" % k]
        self.coros.append(name)
        return lines + [self.one(["RUN(%s())", "RUN(%s())", "RUN(%s(), 'throw')", "RUN(%s(), 'close')"]) % name]

    # ---- match
    def pattern(self, d=2, bound=None):
        sub = lambda: self.pattern(d - 1)
        k = self.r.randrange(14) if d > 0 else self.r.randrange(6)
        if k < 2:
            return self.one(["0", "1", "-1", "'a'", "b'ab'", "1.5", "None", "True", "False", "-1.5", "1+2j", "'abc' 'def'", "2", "-0.0"])
        if k == 2:
            return "_"
        if k == 3:
            return self.n("v")
        if k == 4:
            return self.one(["NS.a", "NS.b.c", "int()", "str()"])
        if k in (5, 6):
            items = self.many(sub, 0, 3)
            if self.p(0.4):
                items.insert(self.r.randint(0, len(items)), self.one(["*_", "*" + self.n("v")]))
            return self.one(["[%s]", "(%s,)" if items else "(%s)"]) % ", ".join(items)
        if k in (7, 8):
            keys = self.r.sample(["'a'", "'x'", "1", "None", "NS.a", "'k'"], self.r.randrange(3))
            items = ["%s: %s" % (x, sub()) for x in keys]
            if self.p(0.3):
                items.append("**" + self.n("v"))
            return "{%s}" % ", ".join(items)
        if k in (9, 10):
            args = self.many(sub, 0, 2) + ["%s=%s" % (x, sub()) for x in self.r.sample(ATTRS, self.r.randrange(2))]
            return "%s(%s)" % (self.one(["int", "str", "list", "dict", "tuple", "object", "float", "Point", "Point", "D"] + self.classes), ", ".join(args))
        if k == 11:
            p = sub()
            return "(%s as %s)" % ("int()" if p == "_" or p.startswith("v") and p[1:].isdigit() else p, self.n("v"))
        alts = [self.closed() for _ in range(self.r.randint(2, 3))]
        return "(%s)" % " | ".join(alts)

    def closed(self):
        """A pattern that binds nothing."""
        return self.one(["0", "1", "'a'", "None", "True", "[]", "[_]", "[_, *_]", "{'a': _}", "int()", "str()", "Point(x=_)", "NS.a", "{}", "(1 | 2)", "[1, _]", "-1", "()", "Point(_, 2)", "bool()"])

    def s_match(self, c):
        subject = self.one([self.name(), "%s, %s" % (self.leaf(c), self.leaf(c)), "L(%s)" % self.expr(c, 2), "T(%s, %s)" % (self.n(), self.expr(c, 1)), "Point(1, 2)", "{'a': 1, 'x': [1, 2], 'k': None}", "[1, [2, 3], 'a']", "Point([1], {'a': 0})", "*%s, 1" % self.name()])
        lines = ["match %s:" % subject]
        for _ in range(self.r.randint(1, 5)):
            first = self.count
            p = self.pattern(3) if self.p(0.85) else ", ".join(self.many(lambda: self.pattern(1), 2, 3))
            if p == "_" or p.startswith("v") and "," not in p:
                p = "[%s]" % p
            bound = ["v%d" % i for i in range(first, self.count + 1) if "v%d" % i in p.replace(")", " ").replace("]", " ").replace(",", " ").replace("}", " ").split() or "*v%d" % i in p]
            guard = " if %s" % self.expr(c, 1) if self.p(0.25) else ""
            lines += indent(["case %s%s:" % (p, guard)] + indent(["P(%s)" % ", ".join([self.n()] + bound)] + (self.block(c, 0, 1) if self.p(0.3) else [])))
        if self.p(0.4):
            lines += indent(["case %s:" % self.one(["_", self.name()])] + indent(["P(%s)" % self.n()]))
        return lines

    # ---- classes
    DUNDERS = {
        "__getattr__": "self, n", "__getattribute__": None, "__setattr__": None, "__delattr__": None, "__call__": "self, *a, **k", "__len__": "self", "__bool__": "self", "__eq__": "self, o", "__hash__": "self",
        "__lt__": "self, o", "__le__": "self, o", "__ne__": "self, o", "__add__": "self, o", "__radd__": "self, o", "__iadd__": "self, o", "__sub__": "self, o", "__mul__": "self, o", "__rmul__": "self, o", "__getitem__": "self, i",
        "__setitem__": "self, i, v", "__delitem__": "self, i", "__contains__": "self, i", "__iter__": "self", "__next__": "self", "__enter__": "self", "__exit__": "self, *a", "__format__": "self, s", "__repr__": "self",
        "__str__": "self", "__index__": "self", "__int__": "self", "__float__": "self", "__class_getitem__": "cls, i", "__init_subclass__": "cls, **k", "__del__": None, "__reversed__": "self", "__length_hint__": "self",
        "__neg__": "self", "__abs__": "self", "__invert__": "self", "__round__": "self, n=None", "__get__": "self, o, t=None", "__set__": "self, o, v", "__set_name__": "self, o, n", "__init__": "self, *a, **k", "__new__": None,
        "__and__": "self, o", "__ror__": "self, o", "__pow__": "self, o, m=None", "__matmul__": "self, o", "__divmod__": "self, o", "__truediv__": "self, o", "__rfloordiv__": "self, o", "__mod__": "self, o", "__missing__": "self, k",
        "__dir__": "self", "__bytes__": "self", "__complex__": "self", "__await__": "self", "__aiter__": "self", "__instancecheck__": "self, o", "__subclasscheck__": "self, o", "__gt__": "self, o", "__ge__": "self, o", "__isub__": "self, o"}
    RESULTS = {"__len__": ["0", "1", "3", "-1", "'a'", "True"], "__bool__": ["True", "False", "1", "None"], "__hash__": ["1", "2", "'a'", "-1", "2**70", "True"], "__repr__": ["'<r>'", "'r%d' % 1", "None", "b''"], "__str__": ["'<s>'", "1", "''"],
               "__index__": ["1", "0", "1.5", "-1", "True"], "__int__": ["1", "1.5", "True"], "__float__": ["1.5", "1"], "__format__": ["'F' + s", "1", "repr(s)"], "__iter__": ["iter((1, 2))", "self", "5", "iter('ab')", "(x for x in (1, 2))"],
               "__init__": ["None"] * 4 + ["1"], "__exit__": ["True", "False", "None"], "__length_hint__": ["3", "-1", "'a'", "NotImplemented"], "__await__": ["iter(())", "5", "iter([])"], "__complex__": ["1j", "1"], "__dir__": ["['b', 'a']", "5"],
               "__reversed__": ["iter('ba')", "5"], "__bytes__": ["b'q'", "'q'"], "__contains__": ["True", "0", "i"], "__class_getitem__": ["i", "cls"]}

    def method(self, c, name):
        inner = c.but(func=True, loop=False, gen=False, coro=False, cls=False, star=False, meth=True, deep=c.deep + 1)
        special = {
            "__getattribute__": ["def __getattribute__(self, n):", "    K()", "    if n in ('a', 'x'): P('getattribute', n)", "    return super().__getattribute__(n)"],
            "__setattr__": ["def __setattr__(self, n, v):", "    P('set', n)", "    super().__setattr__(n, v)"], "__delattr__": ["def __delattr__(self, n):", "    P('del', n)", "    object.__delattr__(self, n)"],
            "__new__": ["def __new__(cls, *a, **k):", "    P('new', cls.__name__, a, k)", "    return %s" % self.one(["super().__new__(cls)", "object.__new__(cls)", "5", "super().__new__(cls)"])],
            "__del__": ["def __del__(self):", "    P('del', type(self).__name__)"]}
        if name in special:
            return special[name]
        args = self.DUNDERS[name]
        first, *rest = [x.strip("*").split("=")[0] for x in args.split(", ")]
        lines = ["K()"] + (["P(%r, %s)" % (name, ", ".join(rest) or "0")] if self.p(0.7) and name not in ("__repr__", "__str__", "__hash__") else [])
        if self.p(0.2):
            lines += self.block(inner.but(deep=4), 1, 1)
        if name == "__getattr__" and self.p(0.6):
            lines.append("if n.startswith('_'): raise AttributeError(n)")
        if name == "__next__":
            lines += ["self.n = getattr(self, 'n', 0) + 1", "if self.n > 2: raise StopIteration"]
        elif name == "__init_subclass__":
            lines.append("super().__init_subclass__()")
        elif name == "__getitem__" and self.p(0.6):
            lines.append("if isinstance(i, int) and i > 2: raise IndexError(i)")
        elif name in ("__init__", "__set__", "__setitem__") and self.p(0.5):
            lines.append("%s.%s = %s" % (first, self.one(ATTRS), rest[-1] if rest else 1))
        elif name == "__set_name__":
            lines.append("self.name = n")
        value = self.one(self.RESULTS.get(name, ["NotImplemented", first, rest[-1] if rest else "5", "1", "'r'", "L(%s)" % self.expr(inner, 1), "(1, 2)"]))
        return ["def %s(%s):" % (name, args)] + indent(lines + ["return %s" % value])

    def s_class(self, c):
        if c.deep > 2:
            return self.s_store(c)
        name = self.n("C")
        bases = self.r.sample(self.classes, min(len(self.classes), self.r.choice([0, 0, 1, 1, 2])))
        if self.p(0.2):
            bases.append(self.one(["int", "str", "list", "dict", "tuple", "Exception", "object", "float", "set", "Desc", "Mixin", "type" if self.p(0.2) else "object"]))
        args = bases + (["metaclass=%s" % self.one(["Meta", "Meta", "Meta2", "type", "T(%s, Meta)" % self.n(), "lambda *a, **k: P('meta', a[0]) or type(*a)"])] if self.p(0.2) else []) + (["kw=%s" % self.n()] if self.p(0.05) else [])
        inner = c.but(func=False, loop=False, gen=False, coro=False, cls=True, star=False, meth=False, deep=c.deep + 1)
        meth = inner.but(func=True, cls=False, meth=True)
        lines = ["'doc'"] if self.p(0.1) else []
        if self.p(0.12):
            lines.append("__slots__ = %s" % self.one(["()", "('a', 'x')", "'p'", "['a', '__dict__']", "('a', '__weakref__')", "{'q': 'doc'}"]))
        for _ in range(self.r.randint(1, 5)):
            k = self.r.randrange(14)
            if k < 2:
                lines.append("%s = %s" % (self.one(ATTRS + NAMES), self.expr(inner, 2)))
            elif k == 2:
                lines += self.block(inner, 1, 2)
            elif k < 6:
                for x in (self.one(list(self.DUNDERS)) for _ in range(self.r.randint(1, 2))):
                    lines += self.method(inner, x)
            elif k == 6:
                lines += ["@property", "def p(self):"] + indent(self.body(meth.but(deep=4), ("a", "k")))
                if self.p(0.5):
                    lines += ["@p.setter", "def p(self, v):", "    P('setter', v)", "    self.__dict__['q'] = v"]
            elif k == 7:
                lines += ["@classmethod", "def cm(self, *a, **k):"] + indent(["P('cm', a, k)"] + self.body(meth.but(deep=4), ("a", "k")))
            elif k == 8:
                lines += ["@staticmethod", "def sm(*a):", "    return a"]
            elif k == 9:
                lines.append("%s = %s" % (self.one(ATTRS), self.one(["Desc('%s')" % self.n(), "NonData('%s')" % self.n(), "property(lambda self: T(%s, 1))" % self.n(), "5"])))
            elif k == 10:
                lines += ["def __init__(self, *a, **k):", "    P('init', a, k)"] + (["    super().__init__()"] if self.p(0.5) else []) + ["    self.%s = %s" % (self.one(ATTRS), self.expr(meth, 1))]
            else:
                lines += ["def m(self, %s):" % self.one(["*a", "a=1", "*, x=2", "b, c=0", "**k"])] + indent(self.body(meth.but(deep=3), ("a", "b", "c", "x")))
        lines = ["@T(%s, deco)" % self.n()] * self.p(0.05) + ["class %s%s:" % (name, "(%s)" % ", ".join(args) if args or self.p(0.1) else "")] + indent(lines)
        self.classes.append(name)
        k = self.r.randrange(4)
        if k == 0:
            lines += ["P(%s, [k.__name__ for k in %s.__mro__], sorted(k for k in vars(%s) if k != '__module__'))" % (self.n(), name, name)]
        if k == 1:
            lines += ["P(%s, %s)" % (self.n(), self.expr(c, 1).replace(self.one(NAMES), name))]
        return lines + self.s_meth(c, name)

    def s_meth(self, c, name=None):
        if not self.classes:
            return self.s_class(c)
        name = name or self.one(self.classes)
        o = self.one(NAMES)
        lines = ["%s = %s(%s)" % (o, name, self.arguments(c, 1) if self.p(0.4) else "")]
        for _ in range(self.r.randint(1, 4)):
            what = self.one(["%(o)s.m(%(a)s)", "%(o)s.%(t)s", "%(o)s.%(t)s", "%(n)s.%(t)s", "%(o)s.cm(%(a)s)", "%(n)s.sm(%(a)s)", "%(o)s == %(v)s", "%(o)s + %(v)s", "%(v)s + %(o)s", "%(o)s < %(v)s", "%(o)s[%(i)s]", "%(v)s in %(o)s", "len(%(o)s)",
                             "bool(%(o)s)", "list(%(o)s)", "f'{%(o)s}'", "f'{%(o)s:x}'", "repr(%(o)s)", "str(%(o)s)", "int(%(o)s)", "hash(%(o)s) == hash(%(o)s)", "%(o)s(%(a)s)", "[1, 2, 3][%(o)s]", "-%(o)s", "abs(%(o)s)", "%(n)s[%(i)s]",
                             "isinstance(%(v)s, %(n)s)", "vars(%(o)s)", "{%(o)s: 1}", "%(o)s ** 2", "round(%(o)s)", "divmod(%(o)s, 2)", "%(o)s @ 1", "%(v)s * %(o)s", "[*%(o)s]", "sorted([%(o)s, %(o)s])", "%(o)s >= %(v)s", "%(o)s != %(o)s", "float(%(o)s)",
                             "dir(%(o)s)[:2]", "getattr(%(o)s, '%(t)s', 0)", "hasattr(%(o)s, '%(t)s')", "range(%(o)s)", "max(%(o)s, %(v)s)", "%(v)s %% %(o)s", "{**%(o)s}", "dict(%(o)s)", "reversed(%(o)s)", "type(%(o)s).%(t)s", "super(%(n)s, %(o)s).%(t)s"])
            what %= dict(o=o, n=name, a=self.arguments(c, 1), t=self.one(ATTRS), v=self.leaf(c), i=self.index(c, 1))
            stmt = "P(%s, %s)" % (self.n(), what)
            if self.p(0.3):
                stmt = self.one(["%(o)s.%(t)s = %(v)s", "del %(o)s.%(t)s", "%(o)s[%(i)s] = %(v)s", "del %(o)s[%(i)s]", "%(o)s.%(t)s += 1", "%(n)s.%(t)s = %(v)s", "%(o)s += %(v)s", "%(o)s.__class__ = %(k)s", "for x in %(o)s: K(); P(x)",
                                 "with %(o)s as x: P(x)", "a, b = %(o)s", "%(n)s.m = lambda self: %(v)s", "%(o)s.__dict__ = {'a': 1}", "del %(n)s.%(t)s", "%(n)s.__bases__ = (%(k)s,)", "%(n)s.__eq__ = lambda s, o: True", "%(o)s[%(i)s] += 1"]
                                ) % dict(o=o, n=name, t=self.one(ATTRS), v=self.leaf(c), i=self.index(c, 1), k=self.one(self.classes))
            lines += ["try:"] + indent([stmt]) + ["except Exception as e: X(e)"]
        return lines

    # ---- formats, lifetimes, data
    def s_format(self, c):
        return ["w = %d" % self.r.randrange(12), "P(%s, %s)" % (self.n(), self.fstring(c, 3))]

    def s_life(self, c):
        d = lambda: "D(%s)" % self.n()
        k = self.r.randrange(16)
        a, b = self.name(), self.name()
        return [
            ["%s = %s" % (a, d())], ["%s = [%s, %s]" % (a, d(), d())], ["%s, %s = %s, %s" % (a, b, d(), d())], ["%s = {1: %s, 2: %s}" % (a, d(), d())], [d()], ["%s.x = %s" % (d(), d())], ["%s = %s = %s" % (a, b, d())],
            ["%s = (lambda q=%s: q)" % (a, d())], ["P(%s, [%s for _ in '12'] and %s)" % (self.n(), d(), d())], ["for %s in (%s, %s):" % (a, d(), d()), "    K(); " + self.one(["pass", "break", "P(1)", "continue", "%s = 1" % a])],
            ["%s = %s; %s.x = %s; %s = %s" % (a, d(), a, d(), b, a)], ["with CM(%s) as %s, %s:" % (d(), a, "CM(1)")] + indent(self.block(c, 1, 1)), ["try:", "    %s = %s; %s" % (a, d(), self.one(["1 / 0", "raise ValueError(%s)" % d(), "pass"])), "except Exception as %s:" % b, "    P(%s)" % self.n()],
            ["%s = %s" % (a, self.expr(c, 2))], ["P(%s, %s)" % (self.n(), self.one(["[%s][0] is None", "(%s, 1)[1]", "not %s", "%s == 1", "str(1) + str(%s.n)", "[1, %s].pop(0)", "{'k': %s}.clear()", "max([1, %s], key=id) and 0", "%s or 1"]) % d())],
            ["def %s(a, b=%s, *c):" % (self.n("lf"), d())] + indent(self.block(c.but(func=True, loop=False, gen=False, coro=False, cls=False, star=False, meth=False), 1, 3) + [self.one(["return a", "return 1 / 0", "a = b", "return [%s, a]" % d(), "del a"])]) + ["P(%s, lf%d(%s, %s))" % (self.n(), self.count_of("lf"), d(), d())],
        ][k]

    def s_cycle(self, c):
        a, b, n = self.name(), self.name(), self.n("o")
        d = lambda: "D(%s)" % self.n()
        k = self.r.randrange(17)
        return [
            ["%s = %s; %s.me = %s" % (a, d(), a, a)], ["%s = %s; %s.x = %s; %s.x.y = %s" % (a, d(), a, d(), a, a)], ["%s = [%s]; %s.append(%s)" % (a, d(), a, a)], ["%s = {'d': %s}; %s['me'] = %s" % (a, d(), a, a)],
            ["P('collect', gc.collect())"], ["P('collect', gc.collect(), %s)" % self.n()], ["%s = %s; W(%s, %s)" % (a, d(), a, self.n())], ["%s = %s; %s.w = weakref.ref(%s, lambda r: P('dead', %s, r() is None))" % (a, d(), a, a, self.n())],
            ["class %s:" % n, "    def __init__(self): self.d = %s; self.loop = self" % d(), "    def __del__(self): P('del %s')" % n, "%s = %s()" % (a, n), self.one(["%s = None" % a, "W(%s, %s)" % (a, self.n()), "pass"])],
            ["class %s(D):" % n, "    def __del__(self):", "        super().__del__(); global %s; %s = self" % (b, b), "%s = %s(%s); %s.me = %s" % (a, n, self.n(), a, a), "%s = None" % a],
            ["def %s():" % n, "    x = %s" % d(), "    def inner(): return inner, x", "    return inner", "%s = %s()" % (a, n)], ["def %s():" % n, "    x = %s; yield x; yield 1" % d(), "%s = %s(); P(next(%s)); %s = %s" % (a, n, a, a, self.one([a, "[%s]" % a, "None"]))],
            ["try:", "    raise ValueError(%s)" % d(), "except ValueError as e:", "    %s = e; %s" % (a, self.one(["e.me = e", "pass", "e.__context__ = None", "%s = [e]" % b]))],
            ["P('count', sys.getrefcount(%s) if isinstance(%s, (list, D)) else 0)" % (a, a)], ["P('is', gc.is_tracked(%s), gc.is_finalized(%s))" % (a, a)], ["P('referents', len(gc.get_referents(%s)) if isinstance(%s, (list, dict, tuple, D)) else 0)" % (a, a)],
            ["%s = weakref.WeakValueDictionary(); %s = %s; %s[1] = %s; P(len(%s))" % (b, a, d(), b, a, b), "%s = None; P(len(%s))" % (a, b)] if a != b else ["P(len(weakref.WeakSet([%s])))" % d()],
        ][k]

    def count_of(self, kind):
        """The number of the last name of this kind: made just before, numbers go up with each name."""
        return self.last_lf

    def s_data(self, c):
        k = self.r.randrange(9)
        s = lambda: self.one(["'abc'", "'a,b,,c'", "' x '", "'\\xe9\\u20ac'", "'ABC'", "''", "'aXbX'", "'1 2'", "'\\U0001f600!'", self.name()])
        i = lambda: self.one(["0", "1", "-1", "2", "None", "-3", "100", "-100"])
        e = lambda: self.expr(c, 1)
        text = [
            lambda: "%s.%s(%s)" % (s(), self.one(["split", "rsplit", "strip", "find", "replace", "partition", "join", "startswith", "zfill", "center", "count", "index", "title", "encode", "splitlines", "expandtabs", "translate", "casefold", "isalpha", "removeprefix", "rfind"]), ", ".join(self.many(lambda: self.one([s(), i(), "','", "'X'", "('a', 'b')", "['a', 'b']"]), 0, 2))),
            lambda: "%s[%s:%s:%s]" % (self.one(["'abcdef'", "[1, 2, 3, 4]", "(1, 2, 3)", "b'abcd'", "range(10)", "bytearray(b'xyz')"]), i(), i(), self.one(["1", "-1", "2", "-2", "None"])),
            lambda: "%s %s %s" % (self.one(["7", "-7", "10**20", "2.5", "1e300", "3+4j", "True", "-2**64", "255"]), self.one(BINARY + ["**", "<<", ">>", "<", "=="]), self.one(["2", "-3", "0", "2.5", "1j", "7", "True", "0.1"])),
            lambda: "[%s]" % ", ".join("%s(%s)" % (self.one(["int", "float", "str", "bool", "repr", "complex", "list", "tuple", "hash", "len", "abs", "hex", "chr", "ord", "ascii"]), self.one(["'12'", "' 5 '", "1.5", "'0x1f'", "True", "97", "'a'", "'inf'", "()", "-1"])) for _ in range(2)),
            lambda: "sorted(%s, reverse=%s, key=%s)" % (self.one(["[3, 1, 2]", "'bca'", "{'b': 1, 'a': 2}", "[(1, 'b'), (1, 'a')]", "[1, 'a']", "[[2], [1, 5]]"]), self.one(["True", "False", "1"]), self.one(["None", "str", "lambda q: T(0, q)", "len", "lambda q: -q"])),
            lambda: "{%s} %s {%s}" % (", ".join(self.many(e, 1, 3)), self.one("|&-^"), ", ".join(self.many(e, 1, 3))), lambda: "%s.%s(%s)" % (self.one(["{'a': 1}", "{}", self.name()]), self.one(["get", "pop", "setdefault", "update", "popitem", "items", "fromkeys", "keys", "__or__"]), ", ".join(self.many(lambda: self.one(["'a'", "1", "{'b': 2}", "[(1, 2)]", "()", "[]"]), 0, 2))),
            lambda: "%s.%s(%s)" % (self.one(["[3, 1, 2]", "[]", "[1, 1]", self.name()]), self.one(["append", "extend", "insert", "pop", "remove", "index", "sort", "reverse", "count", "__iadd__", "__mul__", "__getitem__"]), ", ".join(self.many(lambda: self.one([i(), "[5]", "'ab'", "slice(0, 2)"]), 0, 2))),
            lambda: "%s %% %s" % (self.one(["'%d|%s'", "'%5.2f'", "'%(a)r'", "'%x %o'", "'%-5s|'", "'%c'", "b'%d'", "'%+d %%'", "'%*d'"]), self.one(["(1, 2)", "3", "{'a': 1}", "(1.5, 'x')", "'q'", "65", "(5, 7)", "()"])),
        ][k]()
        return ["P(%s, %s)" % (self.n(), text)]

    def program(self):
        lines = ["%s = %s" % (x, self.one(CONSTS)) for x in NAMES if self.p(0.7)]
        c = Ctx()
        for _ in range(self.r.randint(3, 7)):
            chunk = self.stmt(c)
            if self.p(0.8):
                chunk = ["try:"] + indent(chunk) + ["except BaseException as e:", "    X(e)"]
            lines += chunk
        lines.append("P('end', %s)" % self.name())
        return "\n".join(lines) + "\n"


class LastNames(Writer):
    """Remembers the last name of each kind, which s_life needs."""
    last_lf = 0

    def n(self, kind=""):
        name = super().n(kind)
        if kind == "lf":
            self.last_lf = self.count
        return name


def program(seed, flavour=None):
    return LastNames(seed, flavour).program()


if __name__ == "__main__":
    sys.stdout.write(program(sys.argv[1], *sys.argv[2:3]))
