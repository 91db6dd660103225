"""Reports of uncaught exceptions: places, carets, chains, groups, notes, suggestions, SyntaxError."""
import io, os, sys
sys.stderr = io.StringIO()
def f():
    return (1) + (None)
def g(): raise SyntaxError("bad", ("f.py", 3, 5, "  ab\u00e9cd ef\n", 3, 8))
def t(fn):
    try: fn()
    except BaseException as e:
        sys.excepthook(type(e), e, e.__traceback__)
t(f)
t(g)
def h(): raise ExceptionGroup("eg",[SyntaxError("bad", ("f.py", 3, 5, "  ab cd ef\n", 3, 8)), ValueError(1)])
t(h)
def k():
    return "日本語" + ((  None ) )   
t(k)
def m(n):
    m(n)
def m2():
    sys.setrecursionlimit(50)
    m(1)
def m3():
    try: m2()
    except RecursionError as e: raise ExceptionGroup("x",[e])
t(m3)
sys.setrecursionlimit(1000)
def n():
    x = {}
    x  ['a']  ['b'] + foo(
       3)
t(n)
def o():
    (1) . foo (2)  # c
t(o)
def p():
    x = [1,2]
    y = x [ (  5  ) ] + 3
t(p)
def q(): (1)//(0)
t(q)
def r(): ( 1  )/ 0
t(r)
def s(): a=[];	a .	b
t(s)
def u():
    e=ValueError('x\ny'); e.__notes__='ab'; raise e
t(u)
def u():
    e=ValueError('x\ny'); e.__notes__=3; raise e
t(u)
def u():
    e=ValueError('x\ny'); e.add_note('a\nb\n'); e.add_note(''); e.__notes__.append(4); raise e
t(u)
def v():
    try:
        1/0
    except Exception as e:
        try: [][1]
        except Exception as e2:
            raise KeyError('x') from e
t(v)
def w():
    try:
        1/0
    except Exception as e:
        try: [][1]
        except Exception as e2:
            raise KeyError('x')
t(w)
def w2():
    try:
        1/0
    except Exception as e:
        raise KeyError('x') from None
t(w2)
def w3():
    def mk(n, d):
        if d == 0: return ValueError(n)
        return ExceptionGroup("g%d" % d, [mk(i, d-1) for i in range(n)])
    raise mk(2, 3)
t(w3)
def w4(): raise ExceptionGroup("many", [ValueError(i) for i in range(20)])
t(w4)
def w5():
    e = ValueError(0)
    for i in range(15): e = ExceptionGroup("d%d"%i, [e])
    raise e
t(w5)
def w6():
    try:
        w4()
    except Exception as e:
        raise ExceptionGroup("y", [TypeError(1), ExceptionGroup("z", [OSError(2, "no")])]) from e
t(w6)
class A:
    def __init__(self): self.foobar=1
class MyE(Exception):
    def __str__(self): 1/0
foo_bar=1
def f1(): foobar=3; return foo_baz
def f2(): A().foobaz
def f3(): return prnt
def f4(): import sys; sys.exut
def f5(): return NoneType
def f6(): e=AttributeError('x',name='foobaz',obj=A()); raise e
def f7(): raise MyE
def f8(): raise A
def f9(): x = blech_; blech=1
def f10():
    assert 1 == 2, "msg"
def f11():
    a = [1,
      2, 3].foo
def f12():
    return (lambda: 1/0)()
def f13():
    class B:
        x = 1/0
def f14(): [1/x for x in [1, 0]]
def f15(): {}['a']['b']
def f16(): raise OSError(2, 'x', 'f', None, 'g')
def f17(): raise MyE.__class__
def f18(): f1(1)
def f19(): f1(*1)
def f20(): int('a')
def f21(): del zz
def f22(): import nosuch
def f23(): from sys import nosuch
def f24(): a, b = 1
def f25(): a, b = [1]
def f26(): a, b = [1,2,3]
def f27(): "a".join([1])
def f28(): None[0] = 3
def f29(): x = None; x.y = 3
def f30(): x = None; x += 1
def f31(): for_ = 3; for_(1, 2)
def f32():
    with None: pass
def f33():
    for x in 3: pass
def f34(): raise StopIteration(3)
def f35(): raise SystemError
def f36(): raise SyntaxError
def f37(): raise SyntaxError("x", ("f", None, None, None))
def f38(): compile("a b", "<x>", "exec")
def f39(): compile("if 1:\nx", "<x>", "exec")
def f40(): compile("f(a, b=1, c)", "<x>", "exec")
def f41(): compile("x = (1,\n", "<x>", "exec")
def f42(): compile("  x = 'é' é $\n", "<x>", "exec")
def f43(): raise ValueError("multi\nline\n")
def f44(): raise ValueError('x')
def f45(): yield_ = 1; raise KeyError(("a", 1))
def f46(): eval("1 +")
for i in range(1, 47): t(globals()["f%d" % i])
N=None
def x0():
    x = 1+(N)
t(x0)
def x1():
    x = (1)+(N)
t(x1)
def x2():
    x = (1)+N
t(x2)
def x3():
    x = 1 +N
t(x3)
def x4():
    x = ( (1) ) + ( N)
t(x4)
def x5():
    x = 1@N
t(x5)
def x6():
    x = 1 @(N)
t(x6)
def x7():
    x = 1**(N)
t(x7)
def x8():
    x = 1 ** (N)
t(x8)
def x9():
    x = (1)**((N))
t(x9)
def x10():
    x = 1 <<N
t(x10)
def x11():
    x = N[0]
t(x11)
def x12():
    x = N [ 0 ]
t(x12)
def x13():
    x = (N)[(0)]
t(x13)
def x14():
    x = N[0:1]
t(x14)
def x15():
    x = N[0,1]
t(x15)
def x16():
    x = N[(0),(1)]
t(x16)
def x17():
    x = ( N [ 0 ] )
t(x17)
def x18():
    x = (N+1)[0]
t(x18)
def x19():
    x = N.a
t(x19)
def x20():
    x = [1][9]
t(x20)
def x21():
    x = {}['a' ]
t(x21)
def x22():
    x = -N
t(x22)
def x23():
    x = N()
t(x23)
def x24():
    x = 1<N
t(x24)
def x25():
    x = (1\
+N)
t(x25)
def x26():
    x = N+1 if 1 else 2
t(x26)
def x27():
    x = -(N+1)
t(x27)
def x28():
    x = [N+1 for _ in '1']
t(x28)
def x29():
    x = f'{N+1}'
t(x29)
def x30():
    x = 'é'+ N
t(x30)
def x31():
    x = lambda x=N+1:0
t(x31)
def x32():
    x = (N+
1)
t(x32)
def x33():
    x = 1//(  0)
t(x33)
def x34():
    x = (1)  %  ((0))
t(x34)
def x35():
    x = 1+(N)#c
t(x35)
def x36():
    x =   (1)  %  ((0))
t(x36)
def x37():
    x = not_there
t(x37)
def x38():
    x = N.x.y
t(x38)
def x39():
    x = N(1)(2)
t(x39)
def x40():
    x = 1 if N+1 else 3
t(x40)
def x41():
    x = N in 3
t(x41)
def x42():
    x = N not in 3
t(x42)
def x43():
    x = 1 < 2 < N
t(x43)
def x44():
    x = (N, N+1)
t(x44)
def x45():
    x = N[1][2]
t(x45)
def x46():
    x = N @ 3 + 4
t(x46)
def x48():
    x = (a := N+1)
t(x48)
def x49():
    x = print(N+1, 3)
t(x49)
def x50():
    x = print(x for x in N)
t(x50)
def x51():
    x = [*N]
t(x51)
def x52():
    x = {**N}
t(x52)
def x53():
    x = {1:2,**N}
t(x53)
def x54():
    x = print(*N)
t(x54)
def x55():
    x = print(**N)
t(x55)
def x56():
    x = str(N, 3, 4, 5)
t(x56)
def x57():
    x = 1 .real.x
t(x57)
def x58():
    x = '%d' % 'a'
t(x58)
def x59():
    x = N[N[0]]
t(x59)
def x60():
    x = (yield_ := N)()
t(x60)
def x61():
    x = (lambda: N+1)()
t(x61)
def x62():
    x = ~N
t(x62)
def x63():
    x = +N
t(x63)
def x64():
    x = N ** -N
t(x64)
def x65():
    x = await_
t(x65)
def x66():
    x = [][0]+1
t(x66)
def x67():
    x = (1,2)[N]
t(x67)
def x68():
    x = 'abc'['d']
t(x68)
def x69():
    x = {[]}
t(x69)
def x70():
    x = {[]:1}
t(x70)
def x71():
    x = N[:] 
t(x71)
def x72():
    x = N.foo()
t(x72)
def x73():
    x = N.foo(1,
2)
t(x73)
def x74():
    x = N .\
foo
t(x74)
def x75():
    x = [i.x for i in [1]]
t(x75)
def x76():
    x = {i:i.x for i in [1]}
t(x76)
def x77():
    x = sum(i.x for i in [1])
t(x77)
print(sys.stderr.getvalue().replace(os.path.dirname(os.path.abspath(__file__)) + os.sep, "").replace("\udcff", "?"))
