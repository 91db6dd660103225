"""Small points of CPython 3.11: __module__ of heap types, signals from threads, cycles through threading.local."""
import _thread, functools, gc, re, struct, threading, weakref

# heap types of C modules show their module in instances too; static types do not
for o in (struct.Struct("i"), re.compile("a"), re.match("a", "a"), functools.partial(len), threading.local(), [], b""):
    print(type(o).__name__, "__module__" in vars(type(o)), getattr(o, "__module__", None))

# an empty name in the message of sequence repetition
for f in ([].__mul__, "".__rmul__, [].__imul__, [].__add__):
    try:
        f()
    except TypeError as e:
        print(repr(str(e)))


def two(a, b):
    x = 1


for names in (("a",), ("a", "b", "x", "y")):
    try:
        two.__code__.replace(co_varnames=names)
    except ValueError as e:
        print(e)

try:
    compile("from __future__ import division; import re; from __future__ import generators\n", "f", "exec")
except SyntaxError as e:
    print(e.lineno, e.offset, e)

# the main thread sees an interrupt that another thread asked for
try:
    t = threading.Thread(target=_thread.interrupt_main)
    t.start()
    t.join()
    for i in range(100000):
        pass
    print("not interrupted")
except KeyboardInterrupt:
    print("interrupted")


# a cycle through a local's namespace, in this thread and in one that lives on
class X:
    pass


x = X()
x.local = threading.local()
x.local.x = x
ready, done = threading.Event(), threading.Event()


def work(local):
    local.y = [local]
    del local
    ready.set()
    done.wait()


t = threading.Thread(target=work, args=(x.local,))
t.start()
ready.wait()
w = weakref.ref(x)
del x
done.set()
t.join()
gc.collect()
print(w() is None)


# mro() of a class that is being made sets its __bases__
class Base(type):
    def mro(cls):
        if cls.__name__ == "C" and not seen:
            seen.append(1)
            cls.__bases__ = (B2,)
        return type.mro(cls)


seen = []


class B1(metaclass=Base):
    pass


class B2(metaclass=Base):
    def __len__(self):
        return 3


try:

    class C(B1):
        pass

    print(C.__bases__)
    del C
except Exception as e:
    print(type(e).__name__, e)
gc.collect()
