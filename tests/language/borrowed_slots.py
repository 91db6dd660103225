"""Inline caches of attributes against classes that borrow members or change their kind."""
class Class:
    __slots__ = ('slot',)
class Borrower:
    borrowed = Class.slot
class Shadower:
    __slots__ = ('own',)
    shadowing = Class.slot
class Child(Class):
    __slots__ = ('more',)
    again = Class.slot

def load_borrowed(o): return o.borrowed
def store_borrowed(o): o.borrowed = 1
def load_shadowing(o): return o.shadowing
def store_shadowing(o): o.shadowing = 1
for f, o in ((load_borrowed, Borrower()), (store_borrowed, Borrower()), (load_shadowing, Shadower()), (store_shadowing, Shadower())):
    for i in range(100):
        try:
            f(o)
        except TypeError as e:
            text = str(e)
    print(text)
def both(o):
    o.again = 5
    return o.slot, o.again
for i in range(100):
    r = both(Child())
print(r)

class Descriptor:
    pass
class C:
    def __init__(self):
        self.x = 1
    x = Descriptor()
def get(o): return o.x
def put(o): o.x = 3
o = C()
for i in range(100):
    get(o)
    put(o)
Descriptor.__get__ = lambda self, instance, owner: 2
Descriptor.__set__ = lambda self, instance, value: print('set', value)
print(get(o))
put(o)

def one(x): return x
def two(x, y): return x, y
one.__defaults__ = (1, 2)
two.__defaults__ = (1, 2, 3)
for i in range(100):
    r = one(), one(0), two(), two(0), two(0, 9)
print(r)
