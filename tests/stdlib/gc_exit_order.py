# In which order the objects of a module die at the end: the collector's order, not that of creation alone.
import gc


class A:
    def __init__(self, n): self.n = n
    def __del__(self): print('del', self.n, GLOBAL)


def f(): pass


GLOBAL = 'still there'
t = (A('t1'), A('t2'))
l = [A('l1'), A('l2')]
z = A('z')
z.x = A('zx')
z.y = A('zy')
s = {A('s1')}
x = [A(i) for i in range(3)]
loop = A('loop')
loop.me = loop
b = A('b')
