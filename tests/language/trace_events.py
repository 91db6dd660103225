"""sys.settrace and sys.setprofile: which events, in which order, at which lines."""
import sys
def tr(frame, event, arg):
    print(event, frame.f_code.co_name, frame.f_lineno, arg if event in ('return',) else (arg and arg[0]) if event == 'exception' else '')
    return tr
class CM:
    def __enter__(self): return 1
    def __exit__(self, *a): return 0
def f(a):
    b = a
    while b:
        b -= 1
    for i in range(2):
        if i: continue
        b += 1
    return b
def g():
    try:
        1/0
    except ZeroDivisionError:
        x = 1
    finally:
        x = 2
    with CM() as q:
        pass
    return [i for i in (1,
       2)]
def gen():
    x = yield 1
    try:
        yield 2
    except KeyError:
        yield 3
def use():
    it = gen()
    next(it)
    next(it)
    it.throw(KeyError)
    for z in it: pass
    try: raise_()
    except IndexError: pass
def raise_():
    [][1]
class C:
    def __repr__(self): return 'C'
    def __init__(self): self.x = 1
    def __next__(self): raise StopIteration
    def __iter__(self): return self
def use2():
    c = C()
    for x in c:
        pass
    lambda: 3
    (lambda: 4)()
    class D:
        y = 1
    if c and D or \
       f: 
        z = 1
    while 1:
        z += 1
        if z > 3: break
    else:
        z = 0
    print(
      z,
      c.x)
for fn in (lambda: f(2), g, use, use2):
    sys.settrace(tr)
    fn()
    sys.settrace(None)
def pr(frame, event, arg):
    print(event, frame.f_code.co_name, getattr(arg, '__name__', arg))
sys.setprofile(pr)
f(1)
len([])
try: len(3)
except TypeError: pass
[].append(3)
list.append([], 3)
"a".join(["x"])
use2()
sys.setprofile(None)
def mk(ev):
    def tr(f, e, a):
        if f.f_code.co_name in ('f','gen') and e == ev: raise KeyError(ev)
        return tr
    return tr
def gen():
    try:
        yield 1
        yield 2
    except KeyError: print("caught in gen"); yield 3
def f():
    try:
        x = 1
        return x
    except KeyError:
        print("caught in f")
        return 5
def count(e):
    tb = e.__traceback__; r=[]
    while tb: r.append((tb.tb_frame.f_code.co_name, tb.tb_lineno)); tb = tb.tb_next
    return r
for ev in ('call','line','return'):
    sys.settrace(mk(ev))
    try: print(f())
    except KeyError as e: sys.settrace(None); print(ev, count(e))
    sys.settrace(None)
    sys.settrace(mk(ev))
    try: print(list(gen()))
    except KeyError as e: sys.settrace(None); print(ev, count(e))
    sys.settrace(None)
def ge():
    z = (x for x in (1,2))
    for i in z: pass
def tr(frame, event, arg):
    print(event, frame.f_code.co_name, frame.f_lineno, str(arg)[:32] if event in ("return",) else (arg and arg[0]) if event == 'exception' else '')
    return tr
sys.settrace(tr)
ge()
sys.settrace(None)
def run(coro):
    try:
        while True: coro.send(None)
    except StopIteration as e: return e.value
async def g():
    for i in range(2): yield i
async def main():
    async for x in g():
        pass
    return 1
sys.settrace(tr)
run(main())
sys.settrace(None)
def es():
    try:
        try:
            raise ExceptionGroup('eg', [ValueError(1), TypeError(2)])
        except* TypeError as e:
            pass
        except* OSError:
            pass
    except* ValueError:
        x = 3
    return 1
sys.settrace(tr)
es()
sys.settrace(None)
def f():
    try:
        raise ExceptionGroup('eg', [ValueError(5), TypeError('bad type')])
    except* TypeError as e:
        print("T", repr(e))
    except* OSError:
        9
    except* ValueError as q:
        print("V", repr(q))
        raise
try: f()
except BaseException as e: print(repr(e))
def f():
    try:
        raise ExceptionGroup('eg', [ValueError(5), TypeError('bad type')])
    except* ValueError as q:
        raise
try: f()
except BaseException as e: print(repr(e))
