# asyncio, csv, sqlite3, ElementTree, expat, heapq, bisect, operator, datetime: callbacks that come back.
### asyncio futures
import asyncio, contextvars
from _asyncio import Future, Task

class Loop:

    def call_soon(s, cb, *a, context=None):
        cs(cb)
        return None

    def get_debug(s):
        gd()
        return False

    def call_exception_handler(s, c):
        spray()

    def is_running(s):
        return True
cs = gd = lambda *a: spray()

class CB:

    def __init__(s, f):
        s.f = f

    def __eq__(s, o):
        s.f()
        return s.r
    r = False

    def __call__(s, *a):
        pass
loop = Loop()
for r in (False, True):
    CB.r = r
    for what in (lambda: f.cancel(), lambda: f.set_result(1), lambda: f.remove_done_callback(5) if len(junk) % 7 == 0 else 0,
              lambda: f.add_done_callback(print) if len(junk) < 200 else 0, lambda: f.__init__(loop=loop), lambda: f.result()):
        nest = 0

        def act():
            global nest
            spray()
            nest += 1
            try:
                nest < 3 and what()
            except Exception:
                pass
            nest -= 1
        f = Future(loop=loop)
        for i in range(6):
            f.add_done_callback(CB(act))
        try:
            f.remove_done_callback(CB(act))
        except Exception:
            pass
        cs = lambda *a: act()
        gd = act
        for i in range(3):
            f.add_done_callback(CB(act))
        for op in (lambda: f.set_result([1]), lambda: f.cancel(), lambda: f._callbacks, lambda: repr(f), lambda: f.__init__(loop=loop),
                  lambda: f.set_exception(ValueError), lambda: f.exception(), lambda: list(f), lambda: next(iter(f)),
                  lambda: f.__await__().throw(ValueError), lambda: f.get_loop()):
            try:
                op()
            except BaseException:
                pass
        cs = gd = lambda *a: spray()
f = Future.__new__(Future)
for a in dir(f):
    try:
        x = getattr(f, a)
        x()
    except BaseException:
        pass
t = Task.__new__(Task)
for a in dir(t):
    try:
        x = getattr(t, a)
        x()
    except BaseException:
        pass
del f, t

async def co():
    await asyncio.sleep(0)
    return 5

class EvilF:
    _asyncio_future_blocking = True

    def get_loop(s):
        ev()
        return asyncio.get_running_loop()

    def add_done_callback(s, cb, context=None):
        ev()
        s.cb = cb

    def cancel(s, *a):
        ev()
        return True

    def result(s):
        ev()
        return 1

    def __await__(s):
        ev()
        yield s
ev = lambda: spray()

async def main():
    global ev

    async def w():
        await EvilF()
    t = asyncio.create_task(w())
    ev = lambda: (t.cancel(), spray())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    ev = lambda: t.__init__(co())
    t = asyncio.create_task(w())
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    async def selfinit():
        try:
            t2.__init__(co())
        except Exception:
            pass
        spray()
        await asyncio.sleep(0)
    t2 = asyncio.create_task(selfinit())
    await asyncio.sleep(0)

    async def gg():
        yield 1

    async def y():

        class A:

            def __await__(s):
                yield 5
        await A()
    try:
        await asyncio.create_task(y())
    except Exception:
        pass
loop = asyncio.new_event_loop()
loop.set_exception_handler(lambda *a: 0)
try:
    loop.run_until_complete(asyncio.wait_for(main(), 5))
except BaseException as e:
    print(repr(e))
### csv sqlite etc
import csv, io

class Wr:

    def write(s, x):
        w_act()
        return 1
w_act = lambda: spray()
w = csv.writer(Wr())

class R:

    def __str__(s):
        row.clear()
        spray()

    def __repr__(s):
        row.clear()
        spray()
        return 'z'
row = [R() for i in range(9)]
try:
    w.writerow(row)
except Exception:
    pass
row = []

class Rw:

    def __iter__(s):
        for i in range(5):
            w.writerow([i])
            spray()
            yield ('x' * 100)
try:
    w.writerow(Rw())
except Exception:
    pass
w_act = lambda: w.writerow(['a' * 5000]) if len(junk) < 80 and (not spray()) else 0
w.writerow(['b' * 5000])

class Rd:

    def __iter__(s):
        return s

    def __next__(s):
        if len(junk) < 200:
            spray()
            next(r, None)
            return '"a,b\nc'
        raise StopIteration
r = csv.reader(Rd())
try:
    list(r)
except Exception:
    pass
r = csv.reader(['a,b'])
r2 = csv.reader(r)
try:
    list(r2)
except Exception:
    pass
import sqlite3
con = sqlite3.connect(':memory:')

def fn(*a):
    try:
        c_act()
    except Exception:
        pass
    return 1
con.create_function('fn', -1, fn)

class Agg:

    def step(s, *a):
        fn()

    def finalize(s):
        fn()
        return 1
con.create_aggregate('agg', 1, Agg)
con.create_collation('col', lambda a, b: (fn(), 0)[1])
con.set_trace_callback(lambda s: None)
con.set_progress_handler(lambda: fn() and 0, 1)
con.set_authorizer(lambda *a: (fn(), 0)[1])
con.execute('create table t(a)')
for what in (lambda: con.close(), lambda: con.execute('select 1'), lambda: cur.close(), lambda: cur.execute('select 2'),
          lambda: con.set_progress_handler(None, 0), lambda: con.create_function('fn', -1, None), lambda: con.create_function('fn', -1,
          lambda *a: 5), lambda: con.set_authorizer(None), lambda: con.rollback(), lambda: con.create_collation('col', None),
          lambda: con.__init__(':memory:'), lambda: cur.__init__(con), lambda: con.interrupt(), lambda: setattr(con,
          'row_factory', sqlite3.Row)):
    for sql in ('select fn(1)', 'select agg(1)', 'select "a" union select "b" order by 1 collate col',
              'insert into t values(fn(1)),(fn(2))', 'select fn(a) from t'):
        depth = 0

        def c_act():
            global depth
            if depth < 2:
                depth += 1
                spray()
                what()
        try:
            con = sqlite3.connect(':memory:')
            con.create_function('fn', -1, fn)
            con.create_aggregate('agg', 1, Agg)
            con.create_collation('col', lambda a, b: (fn(), 0)[1])
            con.execute('create table t(a)')
            con.execute('insert into t values(1),(2)')
            con.set_progress_handler(lambda: fn() and 0, 1)
            con.set_authorizer(lambda *a: (fn(), 0)[1])
            con.row_factory = lambda c, r: (fn(), r)[1]
            con.text_factory = lambda b: (fn(), b)[1]
            cur = con.cursor()
            cur.execute(sql).fetchall()
        except BaseException as e:
            pass

class P:

    def __conform__(s, p):
        what()
        return 1
for what in (lambda: con.close(), lambda: cur.close(), lambda: pl.clear(), lambda: cur.execute('select 1')):
    con = sqlite3.connect(':memory:')
    cur = con.cursor()
    pl = [P(), P(), P()]
    try:
        cur.execute('select ?,?,?', pl)
    except Exception:
        pass

    def it():
        for i in range(3):
            what()
            yield (i,)
    con = sqlite3.connect(':memory:')
    cur = con.cursor()
    con.execute('create table t(a)')
    try:
        cur.executemany('insert into t values(?)', it())
    except Exception:
        pass
### elementtree
import xml.etree.ElementTree as ET, copy

class El(ET.Element):
    pass

class EqT:

    def __eq__(s, o):
        e.clear()
        spray()
        return False
    __hash__ = None

def mk():
    e = ET.Element('a')
    for i in range(9):
        x = ET.SubElement(e, 'b')
        x.text = 't'
        x.tail = 'u'
        x.tag = EqT() if i % 2 else 'c'
    return e
for op in ('e.find("b")', 'e.findall("b")', 'e.findtext("b")', 'list(e.iter("b"))', 'list(e.iterfind("b"))', 'e.remove(ET.Element("z"))',
          'e.remove(e[3])', 'copy.deepcopy(e)', 'copy.copy(e)', 'list(e.itertext())', 'e.extend(gen())',
          'e.__setitem__(slice(I(lambda:e.clear(),1),5),[ET.Element("q")])', 'e[I(lambda:e.clear(),5)]',
          'e.__delitem__(I(lambda:e.clear(),5))', 'e.insert(I(lambda:e.clear(),5),ET.Element("q"))',
          'e.__setitem__(I(lambda:e.clear(),5),ET.Element("q"))',
          'e.__setstate__({"tag":1,"_children":[ET.Element("a")]*3,"attrib":{}})', '[e.clear() for x in e]',
          '[e.clear() for x in e.iter()]', '[e.clear() for x in e.itertext()]', 'e.__delitem__(slice(1,9,2))',
          'e[I(lambda:e.clear(),1):5]', 'e[::2]', 'e.set("a",1),e.attrib', 'e.__deepcopy__(5)', 'e.makeelement("a",{})',
          'e.append(e),repr(e)'):
    e = mk()

    def gen():
        for i in range(4):
            e.clear()
            yield ET.Element('x')
    try:
        eval(op)
    except Exception:
        pass

class DM(dict):

    def get(s, *a):
        e.clear()
        return None
e = mk()
try:
    e.__deepcopy__(DM())
except Exception:
    pass

class Dc(ET.Element):

    def __deepcopy__(s, m):
        e.clear()
        return s
e = ET.Element('a')
e.extend([Dc('b') for i in range(5)])
try:
    copy.deepcopy(e)
except Exception:
    pass

class Tb:

    def __init__(s, f):
        s.f = f

    def start(s, *a):
        s.f()
        return ET.Element('a')

    def end(s, *a):
        s.f()
        return ET.Element('a')

    def data(s, *a):
        s.f()

    def comment(s, *a):
        s.f()

    def pi(s, *a):
        s.f()

    def doctype(s, *a):
        s.f()

    def close(s):
        s.f()

    def start_ns(s, *a):
        s.f()

    def end_ns(s, *a):
        s.f()
for what in (lambda: p.__init__(), lambda: p.feed('<x>'), lambda: p.close(), lambda: p._setevents([], ['start']),
          lambda: p.__init__(target=Tb(spray))):

    def act():
        spray()
        try:
            what()
        except BaseException:
            pass
    p = ET.XMLParser(target=Tb(act))
    try:
        p.feed('<!DOCTYPE a><a xmlns:q="w"><!--c--><?pi x?>t<q:b>u</q:b></a>')
        p.close()
    except BaseException:
        pass
    tb = ET.TreeBuilder(element_factory=lambda *a: (act(), ET.Element('a'))[1])
    p = ET.XMLParser(target=tb)
    try:
        p.feed('<a><b>u</b>x</a>')
        p.close()
    except BaseException:
        pass
tb = ET.TreeBuilder(lambda *a: (tb.__init__(), ET.Element('z'))[1])
for f in (lambda: tb.start('a', {}), lambda: tb.data('x'), lambda: tb.end('a'), lambda: tb.close(), lambda: tb.comment('x'),
          lambda: tb.pi('a', 'b')):
    try:
        f()
    except Exception:
        pass
import pyexpat
for what in ('p.Parse(b"<x/>")', 'p.StartElementHandler.__class__', 'setattr(p,"StartElementHandler",None)',
          'p.ExternalEntityParserCreate("a")', 'setattr(p,"buffer_text",False)', 'setattr(p,"buffer_size",1)', 'globals().pop("p")',
          'p.SetBase("q")'):
    p = pyexpat.ParserCreate()
    print(what, flush=True)
    nest = 0

    def h(*a):
        global nest
        spray()
        nest += 1
        try:
            nest < 3 and eval(what)
        except BaseException:
            pass
        nest -= 1
        return 1
    p.buffer_text = True
    for n in dir(p):
        if n.endswith('Handler') and n != 'UnknownEncodingHandler':
            setattr(p, n, h)
    q = p
    try:
        q.Parse(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "y"><!ELEMENT a (b|c)*><!ATTLIST a q CDATA "v">]><a z="1">abc&x;<b>u</b><![CDATA[zz]]><!--c--><?p q?></a>', True)
    except BaseException:
        pass
    print(what)
### functools reduce etc, map with del
import functools, operator, bisect, heapq, collections

class L:

    def __init__(s, v):
        s.v = v

    def __lt__(s, o):
        act()
        return s.v < o.v
for act in (lambda: (h.clear(), spray()), lambda: h.append(L(0)) if len(h) < 100 else 0, lambda: h.pop() if h else 0):
    for op in ('heapq.heappush(h,L(0))', 'heapq.heappop(h)', 'heapq.heapify(h)', 'heapq.heapreplace(h,L(5))',
              'heapq.heappushpop(h,L(50))', 'heapq._heapify_max(h)', 'heapq._heappop_max(h)', 'heapq._heapreplace_max(h,L(1))',
              'bisect.bisect(h,L(5))', 'bisect.insort(h,L(5))', 'bisect.insort_left(h,L(99))', 'min(h)', 'max(h)', 'sorted(h)'):
        h = [L(i * 7 % 20) for i in range(20)]
        try:
            eval(op)
        except Exception:
            pass
c = collections.Counter()

class M(dict):

    def get(s, *a):
        s.clear()
        spray()
        return 1

    def __setitem__(s, *a):
        s.clear()
        spray()
collections._count_elements(M(), [1, 2, 3])

class Hk:

    def __hash__(s):
        return 1

    def __eq__(s, o):
        mp.clear()
        spray()
        return False
mp = {}
mp = {Hk(): 1, Hk(): 2}
collections._count_elements(mp, [Hk(), Hk(), Hk()])
dd = collections.defaultdict(lambda: (dd.__init__(None), spray(), [1])[2])
dd[1]
dd = collections.defaultdict(lambda: (dd.clear(), setattr(dd, 'default_factory', None), 5)[2])
dd[1]
dd.copy()
repr(dd)
cm = collections.ChainMap({}, {})
og = operator.attrgetter('a.b', 'c')
oi = operator.itemgetter(1, 2)
om = operator.methodcaller('x', 1, k=2)

class AA:

    def __getattr__(s, n):
        og.__init__('z') if hasattr(og, '__init__') else 0
        oi.__init__(5)
        om.__init__('q')
        spray()
        return s

    def __getitem__(s, n):
        oi.__init__(5)
        spray()
        return s

    def x(s, *a, **k):
        om.__init__('q')
        spray()

    def __call__(s, *a, **k):
        return 1
for f in (og, oi, om):
    try:
        f(AA())
    except Exception:
        pass
    f.__reduce__()
    repr(f)
t = collections.namedtuple('T', 'a b')(1, 2)
t._replace(a=5)
### decimal datetime
import decimal, datetime, zoneinfo

class TZ(datetime.tzinfo):

    def utcoffset(s, d):
        spray()
        return datetime.timedelta(hours=1)

    def dst(s, d):
        spray()
        return None

    def tzname(s, d):
        spray()
        return 'x%z%'

    def fromutc(s, d):
        spray()
        return d
d = datetime.datetime(2000, 1, 1, tzinfo=TZ())
str(d)
d == d.replace(hour=3)
hash(d)
d.astimezone(TZ())
d.strftime('%Z %z')
d.timetuple()
d.utctimetuple()
d.isoformat()
d - d.replace(tzinfo=TZ())
repr(d)
for off in (5, datetime.timedelta(days=2), 'x', datetime.timedelta(seconds=1)):

    class T2(datetime.tzinfo):

        def utcoffset(s, d):
            return off
        dst = tzname = fromutc = utcoffset
    d = datetime.datetime(2000, 1, 1, tzinfo=T2())
    for op in (str, hash, lambda d: d.astimezone(), lambda d: d.strftime('%Z%z'), lambda d: d.utctimetuple(), lambda d: d.dst(),
              lambda d: d == datetime.datetime(2000, 1, 1, tzinfo=TZ()), lambda d: T2().fromutc(d),
              lambda d: datetime.timezone.utc.fromutc(d)):
        try:
            op(d)
        except Exception:
            pass
for st in (b'', b'x', b'\xff' * 10, b'\x00' * 10, 'ÿ' * 10, bytes(6), bytes(4), b'\x07\xd0\r\x01\x00\x00\x00\x00\x00\x00'):
    for c in (datetime.datetime, datetime.date, datetime.time):
        for extra in ((), (None,), (5,), (TZ(),)):
            try:
                repr(c(st, *extra))
            except Exception:
                pass
x = decimal.Context()
decimal.Decimal('1.5').quantize(decimal.Decimal('1'), context=x)

class DD(decimal.Decimal):

    def __str__(s):
        spray()
        return 'x'
repr(DD(1) + 1)
decimal.getcontext().traps[decimal.Inexact] = True
