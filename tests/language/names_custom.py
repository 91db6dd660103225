"""Namespaces that are not plain dicts."""
class Missing(dict):
    def __missing__(self, key):
        if key.startswith('n'):
            return int(key[1:])
        raise KeyError(key)
f = eval('lambda: n1 + n2 + len("abc")', Missing())
for _ in range(3):
    print(f())
exec('def g(): return n5', m := Missing()); print(m['g'](), sorted(m))
print(eval('n7', Missing()))
try: eval('zz', Missing())
except NameError as e: print('NameError', e, e.name)
class Get(dict):
    def __getitem__(self, k):
        raise ZeroDivisionError(k)
for src, ns in [('a', Get(a=1)), ('len', {'__builtins__': Get(len=1)})]:
    try: exec(src, ns)
    except ZeroDivisionError as e: print('raised', e)
    try: eval('lambda: ' + src, ns)()
    except ZeroDivisionError as e: print('raised', e)
print(eval('q', {'__builtins__': Missing(q=5)}), eval('n5', {'__builtins__': Missing(q=5)}))
class Map:
    def __init__(self): self.d = {}
    def __getitem__(self, k): print('get', k); return self.d[k]
    def __setitem__(self, k, v): print('set', k); self.d[k] = v
    def __delitem__(self, k): print('del', k); del self.d[k]
m = Map()
exec('x = 1\ny: int = x\ndel x\nlen', {}, m)
print(m.d)
class Meta(type):
    @classmethod
    def __prepare__(mcls, name, bases): return Missing()
class C(metaclass=Meta):
    a = n10
    b: int = len([a])
    print(sorted(locals()))
def outer():
    v = 3
    class D(metaclass=Meta):
        print(v)
        w = v
    return D
print(outer().w)
func = type(f)(compile('zed = 5; print(zed, "zed" in globals())', 's', 'exec'), globals())
func()
print(zed)
def h(): return __builtins__
safe = {'None': None}
ns = {'FT': type(f), '__builtins__': safe}
exec('def f3(): pass\nf4 = FT(f3.__code__, {})', ns)
print(ns['f3'].__builtins__ is safe, ns['f4'].__builtins__ is safe)
