# What closes or changes a connection, a cursor or a blob while it is in use: an error, never a crash.
import functools
import sqlite3


def attempt(name, f):
    try:
        r = f()
    except Exception as e:
        print(name, type(e).__name__, e)
    else:
        print(name, r)


def open_(**kw):
    c = sqlite3.connect(':memory:', **kw)
    c.execute('create table t(a, b)')
    c.executemany('insert into t values(?, ?)', [(1, 'x'), (2, 'y'), (3, 'z')])
    return c


class Closing:
    def __init__(self, o, value=0):
        self.o, self.value = o, value

    def __index__(self):
        self.o.close()
        return self.value


c = open_()
attempt('create_function', lambda: c.create_function('f', Closing(c), len))
c = open_()
attempt('progress', lambda: c.set_progress_handler(len, Closing(c, 1)))
c = open_()
attempt('blobopen', lambda: c.blobopen('t', 'b', Closing(c, 1)))

for i in range(2):
    c = open_()
    b = c.blobopen('t', 'b', 1)
    o = (b, c)[i]
    attempt('blob index', lambda: b[Closing(o)])
    c = open_()
    b = c.blobopen('t', 'b', 1)
    o = (b, c)[i]
    attempt('blob slice', lambda: b[Closing(o):1])

c = open_()
c.create_function('shut', 0, lambda: c.close())
attempt('close in select', lambda: c.execute('select shut()').fetchall())
c = open_()
c.create_function('shut', 0, lambda: c.close())
attempt('close in insert', lambda: c.execute('insert into t values(shut(), 1)'))
c = open_()
c.create_function('shut', 0, lambda: c.close())
attempt('close in script', lambda: c.executescript('select shut(); select 1;'))
c = open_()
c.create_function('shut', 1, lambda a: c.close() if a == 2 else a)
attempt('close in fetch', lambda: c.execute('select shut(a) from t').fetchall())
c = open_()
cur = c.cursor()
c.create_function('shut', 1, lambda a: cur.close() if a == 2 else a)
cur.execute('select shut(a) from t')
attempt('close cursor in fetch', cur.fetchone)
attempt('close cursor in fetch', cur.fetchone)
c = open_()
cur = c.cursor()
c.create_function('other', 0, lambda: cur.__init__(sqlite3.connect(':memory:')))
attempt('script of another connection', lambda: cur.executescript('select other(); select other();') is cur)

c = open_()


class Params:
    def __len__(self):
        return 1

    def __getitem__(self, i):
        c.close()
        return 5


attempt('close in parameters', lambda: c.execute('insert into t values(?, 1)', Params()))
c = open_()


class Sql(str):
    def __hash__(self):
        c.close()
        return 1


attempt('close in hash', lambda: c.execute(Sql('select 1')))
c = open_()
del c.row_factory
attempt('no row_factory', lambda: c.execute('select b from t').fetchone())
cur = c.cursor()
del cur.row_factory
attempt('no row_factory', lambda: cur.execute('select b from t').fetchone())
del c.text_factory
attempt('no text_factory', lambda: c.execute('select b from t').fetchone())


class Text:
    def __call__(self, b):
        c.text_factory = str
        return b


c.text_factory = functools.partial(Text())
attempt('text_factory', lambda: c.execute('select b from t').fetchall())


class Conn(sqlite3.Connection):
    def __call__(self, sql):
        return 5


attempt('__call__', lambda: Conn(':memory:').execute('select 1'))

for which in range(2):
    c, to = open_(), sqlite3.connect(':memory:')
    attempt('close in backup', lambda: c.backup(to, pages=1, progress=lambda *a: (c, to)[which].close()))

c = open_()
c.set_progress_handler(lambda: 0, 1)
c.set_trace_callback(lambda s: None)
c.set_authorizer(lambda *a: 0)
cur = c.execute('select a from t')
c.close()
c.__init__(':memory:')
attempt('second __init__', cur.fetchall)
c.close()
