# Dying by count: weak references are cleared before the attributes go, and before a generator is closed.
import weakref, types, functools, gc
log = []
class P: pass
class D(dict): pass
class L(list): pass
class T(tuple): pass
class S: __slots__ = ('a', '__weakref__')
class X(Exception): pass
def w(o, n):
    log.append(weakref.ref(o, lambda r: print('dead', n)))
def noop(): pass
def clo(v):
    x = v
    def f(): return x
    return f
def gen(v):
    x = v
    yield
for kind in 'plain','dict','list','listmany','slots','exc','clo','gen','method','partial','funcdict','set', 'partialdict':
    t = P(); w(t, 'target')
    if kind == 'plain': o = P(); o.x = t
    elif kind == 'dict': o = D(); o[1] = t
    elif kind == 'list': o = L([t])
    elif kind == 'listmany':
        u = P(); w(u, 'attr'); o = L([t]); o.n = u; del u
    elif kind == 'slots': o = S(); o.a = t
    elif kind == 'exc': o = X(t)
    elif kind == 'clo': o = clo(t)
    elif kind == 'gen': o = gen(t); next(o)
    elif kind == 'method': o = types.MethodType(noop, t)
    elif kind == 'partial': o = functools.partial(noop, t)
    elif kind == 'funcdict':
        def o(): pass
        o.x = t
    elif kind == 'partialdict':
        u = P(); w(u, 'attr'); o = functools.partial(noop, t); o.n = u; del u
    elif kind == 'set': 
        class Se(set): pass
        o = Se([t])
    w(o, kind)
    del t
    print('--', kind)
    del o
