# Events of sys.settrace for each kind of statement.
import sys, os
def t_reraise():
    try:
        raise TypeError("foo")
    except:
        try:
            raise KeyError("caught")
        except KeyError:
            pass
        raise
def t_finre():
    try:
        raise TypeError("foo")
    except:
        try:
            raise KeyError("caught")
        finally:
            raise
def t_fin2():
    try:
        1/0
    finally:
        1/0
        pass
def t_with():
    with CM():
        raise KeyError
    pass
def t_eg():
    try:
        raise ExceptionGroup('eg', [TypeError(1), ValueError(2)])
    except* Exception:
        a = 1
        b = 2
def t_exas():
    try:
        compile(')', 'a', 'exec')
    except SyntaxError as e:
        if e.msg != 'a':
            pass
def t_cond():
    obj = None
    if check(
       a=False):
        b = 1
    c = 1
def check(a): return a
def t_cont():
    for n in ['_a', 'a', '_b', 'c']:
        if n[0] == '_':
            continue
        if isinstance(n, int):
            if n is not None or n not in ():
                b = 1
            else:
                c = 1
        elif n not in ():
            d = 1
def t_ann():
    T = 1
    class Node:
        def add_both(self,
                         left: 'Optional[Node[T]]',
                         right: 'Node[T]' = None,
                         stuff: int = None,
                         blah=None):
            pass
        def x(self,
              a:
              T,
              b
              : T=
              5,
              *,
              c: 5=
              5): pass
        def __new__(
                cls, name, bases, namespace, *, init: bool = True,
            ) -> \
              5:
            pass
    @deco(
      1)
    @deco(2)
    def g_int(i):
       return 5
    @deco(
      1)
    class X(
        Node,
        k=5):
        a: int
        b: \
           int = 5
    a: int = 5
    b: \
       int = 5
def deco(x): return lambda f: f
def t_setcomp():
    a = {
       k for k in ['ab', 'io', 'dd', '_sad']
         if k in ['ab'] or (
              # avoid
              not k.startswith('_') and
              k not in {'io', 're'} and
              not k.endswith('dd') and
              # last
              k == k.upper()
              )
         }
def t_multi():
    a1 = a2 = \
    a3 = a4 = a5 = \
    a6 = [] \
      = b1 = 5
class U(list): pass
def t_multi():
    q = U()
    a1 = a2 = \
    a3 = a4 = a5 = \
    a6 = q.a \
      = b1 = 5
def t_gen():
    def g():
        try:
            yield 1
        except ValueError:
            yield 2
            raise
    x = g()
    next(x)
    x.throw(ValueError)
    next(x)
def t_gen2():
    def g():
        yield 1
    x = g()
    x.throw(ValueError)
def t_gen3():
    def g():
        t_gen
        yield T
    x = g()
    x.throw(ValueError)
def t_eg2():
    try:
        raise ExceptionGroup("fst", [BlockingIOError("io")])
    except* OSError as e:
        b=2
    except* BlockingIOError:
        pass
    except* ValueError:
        pass
def t_eg3():
    try:
        raise ExceptionGroup("fst", [BlockingIOError("io"), ValueError()])
    except* OSError as e:
        b=2
    except* TypeError:
        pass
def t_eg4():
    try:
        raise ExceptionGroup("fst", [BlockingIOError("io"), ValueError()])
    except* OSError as e:
        b=2
    except* TypeError:
        pass
    except* ValueError:
        raise
    else:
        b = 2
def t_star():
    try:
        a = 2
    except* ValueError: pass
    else:
        b = 2
def t_async():
    async def aiter(x):
        for i in x:
            yield i
    async def f(pair):
        return [i
               + 1
           for pair in ([1,2],
                [3])
           async for i in
             aiter(pair)
             if i > 1
             ]
    try: f(1).send(None)
    except StopIteration: pass
def t_match():
    for x in (1, [1,2], {'a': 5}, 'abc', 5.5, (1,2,3)):
        match x:
            case 1 | \
                2:
                b = 3
            case [a,
                b]:
                c = 1
            case {'a':
                  a}:
                c = 2
            case str(
                 ) if x == 'abc':
                c = 3
            case float(a) if (
                  a > 100
                  ):
                c = 5
            case _:
                c = 6
def t_loop():
    for i in range(3):
        try:
            if i == 1:
                continue
            elif i == 2:
                break
        finally:
            a = 1
    else:
        b = 2
    while True:
        with CM():
            break
    for i in range(2):
        with CM() as p, \
            CM():
            continue
    return [
      x for x in range(3) if x
      ]
def t_ret():
    try:
        for i in range(3):
            try:
                return \
                   i
            finally:
                a = 1
    finally:
        b = 1
def t_ret2():
    try:
        try:
            return foo(
                )
        except ValueError:
            a = 1
    except KeyError:
        b = 1
def foo(): raise KeyError
def t_del():
    a = b = 1
    del (a,
       b)
def t_imp():
    from os import (path,
        sep)
    import os.path as q, \
       sys
    import os
def t_assert():
    assert False, \
        "x"
def t_lam():
    f = lambda x: (
       x)
    return f(
       1)
def t_ifexp():
    return (1 if
       0 else
        2 if
        5 else
        3)
def t_bool():
    x = 1
    y = 0
    if (x and
        y or
        x):
        a = 1
    if not (x and
        y):
        a = 1
    while (x and
        not y):
        y = 1
        continue
    return (x and
         y)
def t_closure():
    x = 1
    def g(
       a=x,
       b=x):
        return (x +
           a)
    g()
    x = \
      2
def t_chain():
    a = 1
    if (0 <
        a <
        5 <
        a):
        pass
    return (0 <
        a <
        5)
def t_except_tuple():
    try:
        raise KeyError(
            1)
    except (ValueError,
         TypeError):
        pass
    except (KeyError,
         ) as e:
        a = 1
    finally:
        b = 1
def t_nest():
    try:
        try:
            a = 1
        except ValueError:
            b = 1
        else:
            c = 1
    except:
        d = 1
    else:
        e = 1
def t_wreturn():
    with CM():
        return (
         5)
def t_slice():
    a = [1,2,3]
    a[1:
      2] = [
        a[
        2]]
    a[1:2
      ][0:1
        ][0]
def t_star2():
    a = [1]
    foo3(*a,
       *a,
       **{},
       k=
       5)
    foo3(1,
       *a)
    foo3(1, k=1,
       j=2)
    foo3(
       k=1,
       j=2)
    cm.foo(
        1,
        k=5)
    (cm
      .foo)(
        1,
        k=5)
def foo3(*a, **k): pass
class CM:
    def __enter__(self): return 1
    def __exit__(self, *a): pass
    def foo(self, *a, **k): pass
cm = CM()
def tr(f,e,a):
    if e == 'exception': print(f.f_code.co_name,e,f.f_lineno, a[0].__name__)
    else: print(f.f_code.co_name,e,f.f_lineno)
    return tr
for k, v in list(globals().items()):
    if k.startswith('t_'):
        print('==', k)
        sys.settrace(tr)
        try: v()
        except Exception as e: pass
        finally: sys.settrace(None)
