# A connection that only its own callbacks refer to is found by the collector (CPython 3.11 keeps it until close()).
import gc
import sqlite3
import weakref


class Connection(sqlite3.Connection):
    pass


def scalar(c):
    c.create_function('f', 0, lambda: c.total_changes)
    return 'select f()'


def aggregate(c):
    class Sum:
        def __init__(self):
            self.n = c.total_changes

        def step(self, v):
            self.n += v

        def finalize(self):
            return self.n
    c.create_aggregate('f', 1, Sum)
    return 'select f(2)'


def window(c):
    class Sum:
        total = 0

        def step(self, v):
            self.total += v + c.total_changes

        def inverse(self, v):
            self.total -= v

        def value(self):
            return self.total

        finalize = value
    c.create_window_function('f', 1, Sum)
    return 'select f(3) over ()'


def collation(c):
    c.create_collation('backwards', lambda a, b: c.total_changes + (a < b) - (a > b))
    return "select 'a' < 'b' collate backwards"


def authorizer(c):
    c.set_authorizer(lambda *a: c.total_changes)
    return 'select 4'


def progress(c):
    c.set_progress_handler(lambda: c.total_changes, 1)
    return 'select 5'


def trace(c):
    c.set_trace_callback(lambda sql: c.total_changes)
    return 'select 6'


def replaced(c):
    c.create_function('f', 0, lambda: c)
    c.create_function('f', 0, lambda: 7)
    return 'select f()'


gc.disable()
for kind in (scalar, aggregate, window, collation, authorizer, progress, trace, replaced):
    c = sqlite3.connect(':memory:', factory=Connection)
    print(kind.__name__, c.execute(kind(c)).fetchone(), end=' ')
    gone = weakref.ref(c)
    del c
    alone = gone() is None
    gc.collect()
    print('freed by count' if alone else 'collected' if gone() is None else 'kept')

# several functions on one connection, one that dies with it
c = sqlite3.connect(':memory:', factory=Connection)
for i in range(5):
    c.create_function('f%d' % i, 0, lambda i=i: (c, i)[1])
c.create_function('f2', 0, None)
try:
    print(c.execute('select f0() + f4()').fetchone())
    c.execute('select f2()')
except sqlite3.Error as e:
    print(type(e).__name__, e)
gone = weakref.ref(c)
del c
gc.collect()
print(gone())


# a finalizer that runs before the cycle is taken apart still reaches the functions
class Last:
    def __del__(self):
        print('last', self.c.execute('select f()').fetchone())


c = sqlite3.connect(':memory:', factory=Connection)
last = Last()
last.c = c
c.create_function('f', 0, lambda last=last: last.c.total_changes)
gone = weakref.ref(c)
del c, last
gc.collect()
print(gone())
