# Found by comparing random calls of every method with CPython: argument counts, keywords, order of checks.
import codecs
import re
import stat
import struct
import sys
import threading
import time


def show(f, *args, **kw):
    try:
        r = f(*args, **kw)
        print(type(r).__name__, r)
    except Exception as e:
        print(type(e).__name__, e, "| context", e.__context__, "| cause", repr(e.__cause__))


for name in ("conjugate", "__trunc__", "__floor__", "__ceil__", "__getnewargs__"):
    m = getattr(5, name)
    show(m)
    show(m, 1)
    show(m, k=1)
    print(m.__text_signature__)
for x in ("a", b"a"):
    show(x.__getnewargs__, 1)
show(bytearray().__alloc__, 1)
view = memoryview(b"ab")
show(view.__enter__, 1)
show(view.__exit__, 1, 2, 3, 4)
show(view.tobytes)
show(int.__subclasshook__, 1, 2)

show(memoryview, 1, 2)
show(memoryview, b"a", k=2)
show(struct.Struct, "i", 2)

show({}.pop, [])  # an empty dict does not hash the key
show({}.pop, [], 1)
show({1: 2}.pop, [])


class Index:
    def __index__(self):
        return 2


def times(a, b):
    a *= b
    return a


show(times, Index(), "ab")
show(times, 2, "ab")
show(lambda: Index() * "ab")
show(codecs.encode, True)
show(codecs.decode, 1)
show(stat.S_ISDIR, "x")
show(stat.S_ISDIR, -1)
show(sys.audit, 1)
print(sys.get_asyncgen_hooks())
print(type(re.compile("a").groupindex), type(re.compile("(?P<n>a)").groupindex))
print(time.clock_gettime(time.pthread_getcpuclockid(threading.get_ident())) >= 0)

# an empty name in the message of sequence repetition
for f in ([].__mul__, "".__rmul__, [].__imul__, [].__add__):
    try:
        f()
    except TypeError as e:
        print(repr(str(e)))
