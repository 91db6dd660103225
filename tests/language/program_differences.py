"""What tests/fuzz/differ.py found: each was once another answer than CPython's."""
import sys


def place(text):
    """The position of the instruction in which the innermost frame of text failed."""
    try:
        exec(compile(text, "<place>", "exec"), {"f": lambda *a: []})
    except Exception as e:
        tb = e.__traceback__
        while tb.tb_next:
            tb = tb.tb_next
        print(text, "->", list(tb.tb_frame.f_code.co_positions())[tb.tb_lasti // 2])


# an unhashable element is the fault of the whole comprehension
place("{[] for x in '1'}")
place("{f(1): 2 for x in '1'}")
place("{[] for x in '1'\n if x}")

# except*: a clause that does not match leaves the group itself
group = ExceptionGroup("g", [ExceptionGroup("h", [ValueError(1)])])
try:
    raise group
except* OSError:
    pass
except* Exception as e:
    print(e is group, e.__suppress_context__)

# arguments are checked in this order
for call in ("'abc'.find(1, 'a')", "b'abc'.count('a', 'a')", "sum(5, '')", "'a'.splitlines(1.5)", "b''.splitlines(())", "b'a'.hex(iter(()))", "b'a'.hex([])"):
    try:
        print(eval(call))
    except TypeError as e:
        print(call, "->", e)
    except ValueError as e:
        print(call, "-> ValueError", e)


# the object of an AttributeError dies before the frames of its traceback
class D:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("dead", self.n)


def missing(a, b):
    a.x


try:
    missing(D(1), D(2))
except AttributeError:
    print("handled")

# annotations of a module are set up at its first statement
lines = []


def trace(frame, event, arg):
    lines.append((event, frame.f_lineno))
    return trace


code = compile("a = 1\nb: int = 2\n", "<t>", "exec")
sys.settrace(trace)
exec(code, {})
sys.settrace(None)
print(lines[:4])


# str subclasses may have members
class Tagged(str):
    __slots__ = ("tag", "other")


class More(Tagged):
    __slots__ = ("more", "__weakref__", "__dict__")


m = More("text\u20ac")
m.tag, m.more, m.free = 1, [2], 3
print(m, len(m), m.tag, m.more, m.__dict__, hasattr(m, "other"), hash(m) == hash("text\u20ac"), Tagged.__slots__)
m.more.append(m)
D_ = m.free = D(3)
del m, D_
import gc  # noqa: E402
gc.collect()
try:
    class Refused(int):
        __slots__ = ("a",)
except TypeError as e:
    print(e)

# setting and deleting say nothing of the object
for text in ("object().a = 1", "del object().a", "del D(4).a", "del D.a", "(5).a = 1"):
    try:
        exec(text)
    except AttributeError as e:
        print(text, "->", e, e.name, e.obj)


# str() without __str__ takes what __repr__ returns, and judges it
class Bad:
    def __repr__(self):
        return b"bytes"


for f in (str, repr, object.__str__):
    try:
        print(f(Bad()))
    except TypeError as e:
        print(e)

# who complains of the source: the parser has the line, later passes look for a file
for text, mode in (("a b", "exec"), ("a b", "eval"), ("a b\n", "eval"), ("", "eval"), ("'\xe9'; return", "exec"), ("def f(): x = 1; global x", "exec"),
                   ("from __future__ import nope", "exec"), ("a = 1; from __future__ import division", "exec"), ("__debug__ = 1", "exec")):
    try:
        compile(text, "<text>", mode)
    except SyntaxError as e:
        print(repr(text), mode, e.args, e.lineno, e.offset, e.end_lineno, e.end_offset, repr(e.text))
for call in ("int(a=1, b=2, c=3)", "D(5)(**{1: 2})"):
    try:
        eval(call)
    except TypeError as e:
        print(e)


# a call of a native or callable object: the callee dies, then the arguments from the first on, also when it fails
class E(D):
    def __call__(self, *a, **k):
        return 5


def calls():
    print(E(1)(D(2), a=D(3)))
    print(E(1)(*[D(2), D(3)], **{"a": D(4)}))
    for f in (lambda: D(1)(D(2)), lambda: len(D(1), D(2)), lambda: getattr(D(1), D(2), D(3)), lambda: None.__class__.__doc__(D(1), *[D(2)], a=D(3)), lambda: [].append(D(1), D(2))):
        try:
            f()
        except TypeError as e:
            print(e)


calls()


# duplicate keywords inside a handler
def keywords(**k):
    pass


for inside in (False, True):
    try:
        try:
            if inside:
                raise ValueError
            keywords(**{"a": 1}, **{"a": 2})
        except ValueError:
            keywords(**{"a": 1}, **{"a": 2})
    except (TypeError, KeyError) as e:
        print(type(e).__name__, e)

# a finally body that fails before its last statement
lines.clear()
code = compile("try:\n  try:\n    1\n    y\n  finally:\n    z\n    P\nexcept NameError:\n  3\n", "<t>", "exec")
sys.settrace(trace)
exec(code, {})
sys.settrace(None)
print(lines[:11])

# several items of a with: no line of its own before the outer __exit__
class Manager:
    def __init__(self, fails=False):
        self.fails = fails

    def __enter__(self):
        if self.fails:
            raise KeyError

    def __exit__(self, *a):
        return False


lines.clear()
code = compile("try:\n  with M(), M(), M(True):\n    1\nexcept KeyError:\n  2\n", "<t>", "exec")


def only_code(frame, event, arg):
    if frame.f_code is code:
        lines.append((event, frame.f_lineno))
        return only_code


sys.settrace(only_code)
exec(code, {"M": Manager})
sys.settrace(None)
print(lines)

# the index is looked at first
for text in ("(1,)[2**80] = 1", "del (1,)[2**80]", "x = {}; x *= 'a'", "x = range(3); x *= [1]", "''.x", "'' * 2**64", "bytearray(b'a')['a':] = len"):
    try:
        exec(text)
    except Exception as e:
        print(text, "->", type(e).__name__, e)


# the frame of a dead coroutine or generator, kept by a traceback, does not keep its callers
def fails():
    yield 1
    raise ValueError


def back():
    d = D(6)  # noqa: F841
    g = fails()
    next(g)
    try:
        next(g)
    except ValueError as e:
        tb = e.__traceback__
        print(tb.tb_frame.f_back is not None, tb.tb_next.tb_frame.f_back)
        return tb.tb_next


kept = back()
gc.collect()
print("kept", kept.tb_frame.f_code.co_name)
