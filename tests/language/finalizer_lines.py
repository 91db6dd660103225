"""The line of the frame below, as a finalizer sees it."""
import sys
class D:
    def __del__(self):
        f = sys._getframe(1)
        print(f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, end=';')
def rebind():
    a = D()
    b = 1
    a = 2
    a = D()
    b = 2
    a = b
    a = D()
    for i in 1, 2:
        b = 3
    for a in 1, 2:
        b = 4
    a = D()
    a = b + 5
    a = D()
    a = b
    a = D()
    a = None
    a = D()
    a, b = 1, 2
    a = D()
    del a
    b = 3
    a = D()
    a = b < 5
    a = D()
    a = not b
    a = D()
    a = [b]
    a = D()
    a = (b, 1)
    a = D()
    a = {b: 1}
    a = D()
    a = f'{b}'
    a = D()
    a = 1.5 * b
    a = D()
    a = -b
    a = D()
    a = b is None
    a = D()
    a = len('x')
    a = D()
    a = glob
    a = D()
    a = lambda: 1
    a = D()
    a = ('x').upper()
    a = D()
    a = 'x'[0]
    a = D()
    a = [1, 2][0]
    a = D()
    a = 'x' in 'xy'
    a = D()
    a = sys.maxsize
    b = 1
    [D()]
    b = 2
    D()
    b = 3
    D(),
    b = 4
    (D(), b)[1]
    b = 5
    (b, D())[0] + 1
    b = 6
    D() is None
    b = 7
    if D(): b = 8
    if D() is not None:
        b = 9
    x = [D()] == 1
    b = 10
    glob2(D())
    b = 11
    for q in [D()]: pass
    b = 12
    q = 1
    while D():
        break
    b = 13
    D().x = 1
    b = 14
    [1, 2][0:len([D()])]
    b = 15
    with C(D()):
        b = 16
    b = 17
    try:
        raise E(D())
    except E:
        b = 18
    b = 19
    try:
        raise E(D())
    except E as e:
        b = 20
    b = 21
    (lambda d: None)(D())
    b = 22
    def g():
        d = D()
        yield 1
    for i in g():
        b = 23
    b = 24
    x = {1: D()}
    x[1] = 2
    x[1] = D()
    del x[1]
    c = C(D())
    c.d = 1
    c.d = D()
    del c.d
    d = D()
    b = 25
    return \
        b
def cells():
    c = D()
    def inner(): return c
    b = 1
    c = 2
    b = 2
def chain():
    a = D()
    b = 1
    a = b if b else \
        2
    a = D()
    a = b and \
        b
    a = D()
    a = (b or
        b)
class E(Exception): pass
class C:
    def __init__(self, d): self.d = d
    def __enter__(self): return D()
    def __exit__(self, *a): pass
def glob2(d): return
glob = 1
rebind(); print()
cells(); print()
chain(); print()
print('module')
a = D()
b = 1
a = 2
a = D()
for a in 1, 2:
    b = 1
a = D()
a = b
a = D()
del a
b = 2
class K:
    x = D()
    y = 1
    x = 2
    x = D()
    del x
print()
