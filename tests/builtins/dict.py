# dict: methods, views, order, odd hashes and keys, errors.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except BaseException as e: r = f"{type(e).__name__}: {e}"
    print(r)
import sys
# dict
class S(str): pass
class H:
    def __init__(s,h): s.h=h
    def __hash__(s): return s.h
    def __eq__(s,o): return isinstance(o,H) and s.h==o.h
    def __repr__(s): return f"H({s.h})"
d={}
t(lambda: d['x']); t(d.pop,'x'); t(d.popitem); t(d.get,'x'); t(d.setdefault,'x',3); t(lambda:d)
t(dict,1); t(dict,[1]); t(dict,[(1,2,3)]); t(dict,1,2); t(dict,a=1,b=2); t(dict,{1:2},a=3); t(dict,[['a',1]],b=2)
t(d.update,1,2); t(d.update,5); t(dict.fromkeys,'abc',0); t(dict.fromkeys,5); t(dict.fromkeys); t(lambda:{[]:1}); t(lambda:{}[[]])
t(d.get); t(d.pop); t(d.keys,1); t(d.setdefault)
d={S('a'):1,'b':2,1:3,2.0:4,True:5,(1,2):6,None:7,H(3):8}
print(d, len(d), d['a'], d[1], d[2], H(3) in d, H(4) in d)
del d['a']; d['a']=9; print(d); print(list(reversed(d)), list(reversed(d.items())), list(reversed(d.values())))
print(d.keys(), d.values(), d.items())
a={'x':1,'y':2}; b={'y':3,'z':4}
print(a|b, b|a, a.keys()&b.keys(), sorted(a.keys()|b.keys()), sorted(a.keys()-b.keys()), sorted(a.keys()^b.keys()), a.items()&{('x',1)}, a.keys()=={'x','y'}, a.keys()<{'x','y','z'}, a.keys().isdisjoint(['q']), a.items()>=[] if 0 else None)
a|=[('k',1)]; print(a); t(lambda: a|[('k',1)]); t(lambda:a|1); t(lambda: {1:2}<{1:3})
print(sorted(a.items()^b.items()), a.keys().mapping)
def it():
    d={1:1,2:2}
    for k in d: d[k+10]=1
t(it)
def it2():
    d={i:i for i in range(3)}; 
    out=[]
    for k in d:
        out.append(k); del d[k]; d[k+100]=0
        if len(out)>20: break
    return out
t(it2)
def it3():
    d={0:0}; n=0
    for k in d: del d[k]; d[k+1]=0; n+=1
    return n
t(it3)
class D(dict):
    def __missing__(s,k): return ('m',k)
print(D()[3], D(a=1)['a']); t(D().get,1)
class M:
    def keys(s): return ['p','q']
    def __getitem__(s,k): return k*2
print(dict(M()), {**M()}); 
class M2:
    def keys(s): return 5
t(dict,M2())
t(lambda:{**5}); 
def f(**k): return k
t(lambda:f(**{'a':1},**{'a':2})); t(lambda:f(**{1:2}))
e={}; e['self']=e; print(e, [e])
print({1:1,2:2}=={2:2,1:1}, {1:1}!={1:2}, {1:float('nan')}=={1:1})
x=dict.fromkeys(range(1000)); 
for i in range(0,1000,2): del x[i]
x.update({i:1 for i in range(2000,2500)}); print(len(x), sum(x), list(x)[:3], list(x)[-3:]); print(x.popitem(), x.popitem(), len(x)); x.clear(); print(x)
it=iter({1:2,3:4}); print(next(it), it.__length_hint__(), it.__reduce__()); print(iter({1:2}.items()).__reduce__())
d={'a':1}; d2=d.copy(); d2['b']=1; print(d,d2); t(d.__contains__,[]); t(hash,d); t(d.keys().__contains__,[]); print(('a',1) in d.items(), ('a',2) in d.items(), 3 in d.items())
class BadEq:
    def __hash__(s): return 5
    def __eq__(s,o): raise ValueError('eq')
d={BadEq():1}; t(lambda:d[5]); t(lambda:d.get(BadEq())); t(lambda:5 in d); t(lambda:d.pop(5)); t(d.setdefault,5); t(d.__setitem__,5,5)
class Mut:
    def __hash__(s): return 1
    def __eq__(s,o): g.clear(); return False
g={Mut():1}; 
for i in range(20): g[i+10]=i
t(g.get,1); t(lambda: g)
for k in list(dict.__dict__): 
    if not k.startswith('__'): print(k, getattr(dict,k).__doc__ is not None)
print({**{'a':1},'b':2,**{'a':3}}, {k:v for k,v in zip('abc',range(3))})
print(d.__class__.__mro__, dict.__doc__[:6], isinstance({}.keys(),type({}.keys())))
t(type({}.keys())); t(iter({}).__next__)
import gc
print(gc.is_tracked({}), gc.is_tracked({'a':1}), gc.is_tracked({'a':[]}), gc.is_tracked({'a':()}), gc.is_tracked({'a':{}}), gc.is_tracked(D()))
