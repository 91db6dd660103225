"""The tour: what the documents about Python's memory describe, shown by ouro itself.  `make run` ends here."""
import gc
import io
import sys
import tracemalloc
import weakref


def title(text):
    print("\n== " + text)


title("Reference counts: exact, and freed at zero")
a = []
print("a fresh list:", sys.getrefcount(a))
b = a
print("with a second name:", sys.getrefcount(a))
del b
print("and without it again:", sys.getrefcount(a))


class Tracked:
    def __init__(self, name):
        self.name = name
        print("  made", name)

    def __del__(self):
        print("  freed", self.name)


obj = Tracked("first")
obj = Tracked("second")
del obj

title("Cycles: only the collector frees them")


class Node:
    def __init__(self, value):
        self.value = value
        self.next = None


gc.collect()
n1, n2 = Node(1), Node(2)
n1.next, n2.next = n2, n1
del n1, n2
print("collected:", gc.collect(), "objects; thresholds", gc.get_threshold(), "enabled", gc.isenabled())

title("Weak references, finalizers, caches that clean themselves")


class Resource:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "<Resource %s>" % self.name


r = Resource("db")
ref = weakref.ref(r, lambda _: print("  callback: the referent died"))
weakref.finalize(r, print, "  finalize: cleaning up db")
cache = weakref.WeakValueDictionary(key=r)
print(ref(), dict(cache))
del r
print(ref(), dict(cache))

title("Sizes: true ones, ours (CPython's are in the documents)")


class Plain:
    def __init__(self, name, age, email):
        self.name, self.age, self.email = name, age, email


class Slotted:
    __slots__ = ("name", "age", "email")

    def __init__(self, name, age, email):
        self.name, self.age, self.email = name, age, email


for value in (1, 10 ** 100, 1.5, "", "hello", [], [1, 2, 3], {}, set(), (), Plain("a", 1, "b"), Slotted("a", 1, "b")):
    print("  %-28s %4d bytes" % (type(value).__name__ + (" " + repr(value)[:18] if not hasattr(value, "email") else ""), sys.getsizeof(value)))
try:
    Slotted("a", 1, "b").phone = 1
except AttributeError as e:
    print(" ", e)

title("Identity: the small-int cache and interned strings")
x, y = 100, 100
print("100 is 100:", x is y, "   int('1000') is int('1000'):", int("1000") is int("1000"))
s, t = "".join(["hello", " world"]), "".join(["hello", " world"])
print("equal strings made at run time:", s is t, "   interned:", sys.intern(s) is sys.intern(t))

title("Zero copy: memoryview and readinto")
data = bytearray(4)
io.BytesIO(b"\x00\x01\x02\x03\x04\x05").readinto(data)
view = memoryview(data)
view[2:][:] = b"ZZ"
print(data, view[0], view[:2].tolist())
try:
    data.append(1)
except BufferError as e:
    print("BufferError:", e)

title("tracemalloc: who allocated what")
tracemalloc.start()
before = tracemalloc.take_snapshot()
numbers = [str(i) for i in range(10000)]
after = tracemalloc.take_snapshot()
top = after.compare_to(before, "lineno")[0]
print("the biggest difference is at line %d of the tour: %s objects" % (top.traceback[0].lineno, "over 9000" if top.count_diff > 9000 else top.count_diff))
current, peak = tracemalloc.get_traced_memory()
print("current <= peak:", current <= peak)
tracemalloc.stop()

title("Why is this object still alive?")
import objgraph

keeper = {"the reason": Resource("kept")}
chain = objgraph.find_backref_chain(keeper["the reason"], objgraph.is_proper_module)
print(" -> ".join(type(o).__name__ for o in chain))

title("gc.get_stats and freeze")
print(sorted(gc.get_stats()[0]))
gc.freeze()
print("frozen objects:", gc.get_freeze_count() > 0)
gc.unfreeze()
print("\nThe tour is over.  `build/ouro` starts the prompt; `make test` runs the tests; `make bench` compares with CPython.")
