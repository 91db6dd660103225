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
