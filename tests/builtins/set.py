# set and frozenset: order, hashes, operators, methods, errors.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except BaseException as e: r = f"{type(e).__name__}: {e}"
    print(r)
# sets

s=set()
for n in (0,1,5,6,20,100,1000,60000):
    s=set(range(0,n*7,7)); print(n, hash(frozenset(s)), list(s)[:20], list(s)[-5:])
s=set([-1,-2,10**20,3.5,2**61,7*8,64,128,1024,5,0]); print(s)
s={1,2,3}; s.add(100); s.discard(2); s.add(9); s.add(17); s.add(25); s.add(33); print(s); s.remove(9); print(s, s.pop(), s); t(s.remove,77); t(s.discard,[]); t(s.add,[]); t(lambda: {1}in s); t(lambda:[] in s)
a=set(range(0,50,3)); b=set(range(0,50,2))
print(a|b, a&b, a-b, a^b, b-a); print(a.union(b,[99]), a.intersection(b,[6,12]), a.difference([3]), a.symmetric_difference([3,1000]))
print(a<b, a<=a, a<a, a>=a, a>set(), a==b, a!=b, a.isdisjoint([1]), a.issubset(range(100)), a.issuperset([3]), a.issubset([1]))
t(lambda:a|[1]); t(lambda:a<[1]); t(lambda: set(1)); t(lambda:set(1,2)); t(lambda:set(a=1)); t(lambda:frozenset(1,2)); t(hash,set())
c=set(a); c|=b; print(c); c&={1,2,3}; print(c); c-={1}; print(c); c^={5,6}; print(c); c.update([1],[2,9]); print(c); c.intersection_update([1,2]); print(c); c.difference_update([1]); print(c); c.symmetric_difference_update([7,2]); print(c)
f=frozenset([1,2]); print(f, f|{3}, type({3}|f), type(f|{3}), f==set([1,2]), hash(f)==hash(frozenset([2,1])), frozenset(f) is f, f.copy() is f, frozenset()); print({f:1}, {frozenset(),frozenset([1])})
class S(set): pass
class F(frozenset): pass
print(S([1]), F([1]), type(S([1])|{2}), type(F([1])&{1}), S().copy().__class__); x=S([1]); x.foo=1; print(x.__dict__, x.__reduce__(), {1}.__reduce__(), frozenset([1]).__reduce__())
def it():
    s={1,2,3}
    for i in s: s.add(i+100)
t(it)
it=iter({1,2,3}); next(it); print(it.__length_hint__(), it.__reduce__())

x=12345
def rnd():
    global x
    x=(x*1103515245+12345)%2**31
    return x>>8
s=set()
for i in range(3000):
    v=rnd()%500
    if rnd()%3==0: s.discard(v)
    else: s.add(v)
print(s)
for i in range(10): print(s.pop(), end=' ')
print(len(s), hash(frozenset(s)))
print(set('hello')=={'h','e','l','o'}, len(set('hello world')), {True,1,1.0}, {1.0,1})
s=set(range(100000)); s.difference_update(range(0,100000,2)); print(len(s), list(s)[:5], sum(s)); s2=s.copy(); print(list(s2)==list(s)); s3=set(list(s)); print(list(s3)[:5])
print(set({1:2,3:4}), {1,2}.union({5:1}), {1,2,5}-{5:1}.keys(), {1,2,5}.difference({5:1}),  {1,2,5}.symmetric_difference({5:1,7:1}))
e=set(); e.add(1); e.clear(); print(e, S(), repr(frozenset()))
class BadEq:
    def __hash__(s): return 5
    def __eq__(s,o): raise ValueError('eq')
d={BadEq()}; t(lambda:5 in d); t(d.add,5); t(d.discard,5); t(lambda:{5}|d); t(lambda: {5}&d)
import gc; print(gc.is_tracked(set()), gc.is_tracked(frozenset()))
