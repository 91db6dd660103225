# Keyword arguments whose names are instances of subclasses of str.
class N(str):
    def __eq__(self, other):
        r = str.__eq__(self, other)
        print('eq', repr(self), repr(other), r)
        return r
    __hash__ = str.__hash__
x = {N("a"):1, N("b"):2}
def f(a, b): print(a,b)
try: f(**x)
except TypeError as e: print(e)
def g(a, **k): print(a,k)
try: g(**x)
except TypeError as e: print(e)
def h(*, a, b): print(a,b)
try: h(**x)
except TypeError as e: print(e)
def p(a, b, c=3, *args, d=4, **k): print(a, b, c, args, d, k)
for kw in ({N('c'): 5}, {N('d'): 6}, {N('zz'): 7}, {N('a'): 1}):
    try: p('x', 'y', **kw)
    except TypeError as e: print(e)
class Bound:
    def m(self, a, b): print(a, b)
Bound().m(**x)
