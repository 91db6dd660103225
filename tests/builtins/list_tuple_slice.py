# list, tuple and slice: indexing, methods, comparison, errors.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except BaseException as e: r = f"{type(e).__name__}: {e}"
    print(r)
l=[1,2,3,4,5]
for f in (lambda:l[10], lambda:l['a'], lambda:l[1:3], lambda:l[::-1], lambda:l[::2], lambda:l[-2:], lambda:l[5:1:-2], lambda:l[::0], lambda:l+(1,), lambda:l*2, lambda:l*-1, lambda:l*1.5, lambda:l.index(9), lambda:l.index(3,1,2), lambda:l.remove(9), lambda:[].pop(), lambda:l.pop(10), lambda:l.insert('a',1), lambda:l.pop('a'), lambda:l.append(), lambda:l.append(1,2), lambda:l.sort(1), lambda:l.sort(foo=1), lambda:list(5), lambda:l<5, lambda:l==5, lambda:[1,2]<[1,3], lambda:[1]<[1,0], lambda:[[]]*2, lambda: hash(l), lambda:l.count(1), lambda:5 in l, lambda:l.extend(5), lambda: l.__reversed__(), lambda: l.index(), lambda: l[2**100], lambda:l[:2**100], lambda: l*2**70): 
    r=f
    try:
        v=repr(f())
        print(v if '0x' not in v else 'obj')
    except BaseException as e: print(type(e).__name__, e)
l=list(range(10)); l[2:5]=[]; print(l); l[1:1]='ab'; print(l); l[::2]=range(5); print(l) if len(l)==9 else None
t(l.__setitem__,slice(None,None,2),[1]); t(l.__setitem__,slice(0,1),5); t(l.__setitem__,slice(0,4,2),5)
del l[::3]; print(l); del l[-1]; print(l); del l[1:3]; print(l); t(l.__delitem__,99); t(l.__setitem__,99,1); del l[::-1]; print(l)
l=[3,1,2]; l.sort(); print(l); l.sort(reverse=True); print(l); l.sort(key=lambda x:-x); print(l); t(l.sort,key=lambda x:1/0); print(l); t([1,'a'].sort); t([object(),1].sort) if 0 else None
def m(x): l.append(1); return x
t(l.sort,key=m); print(l)
import functools
l=[5,4,3,2,1]*3
def c(a,b): l.append(1); l.pop(); return a-b
t(l.sort,key=functools.cmp_to_key(c)); print(l)
x=1
def rnd():
    global x
    x=(x*1103515245+12345)%2**31
    return x>>8
for n in (10,63,64,65,100,1000,5000):
    a=[rnd()%1000 for _ in range(n)]; b=sorted(a); assert all(b[i]<=b[i+1] for i in range(n-1)); 
    b=sorted(enumerate(a),key=lambda p:p[1]); assert all((b[i][1],b[i][0])<=(b[i+1][1],b[i+1][0]) for i in range(n-1)),n
    b=sorted(enumerate(a),key=lambda p:p[1],reverse=True); assert all((-b[i][1],b[i][0])<=(-b[i+1][1],b[i+1][0]) for i in range(n-1)),n
    s=sorted(map(str,a)); assert all(s[i]<=s[i+1] for i in range(n-1)); f=sorted(v/7 for v in a); assert all(f[i]<=f[i+1] for i in range(n-1))
    z=list(range(n//2))+list(range(n//2)); z.sort(); assert z==[i//2 for i in range(n//2*2)]
    z=list(range(n))+a; z.sort(); assert all(z[i]<=z[i+1] for i in range(len(z)-1))
    tt=sorted((v%10,str(v)) for v in a); assert all(tt[i]<=tt[i+1] for i in range(n-1))
    mixed=sorted([v/2 if v%2 else v for v in a]); assert all(mixed[i]<=mixed[i+1] for i in range(n-1))
print('sorted ok')
import sys
sizes=[]; l=[]
for i in range(30): l.append(i); 
print(l, [*l,1], [0]*5, [1,2]+[3]); a=[1]; a.append(a); print(a); print([a]==[a]); 
a=[1,2,3]; a+=a; print(a); a*=2; print(a); a+='xy'; print(a); b=a; b+=[1]; print(a is b); a.extend(a); print(len(a)); a*=0; print(a)
it=iter([1,2,3]); next(it); print(it.__reduce__(), it.__length_hint__()); it.__setstate__(0); print(list(it), it.__reduce__()); r=reversed([1,2,3]); next(r); print(r.__reduce__(), r.__length_hint__(), list(r), r.__reduce__())
print(list(reversed([1,2,3])), [1,2,3].copy(), list('abc'), list({'a':1}))
class L(list):
    def __init__(s,*a,**k): super().__init__(*a); s.k=k
print(L([1,2],x=1), L([1]).k, L([1])+[2], type(L([1])[:]), L([1])*2)
class I:
    def __index__(s): return 1
print([1,2,3][I()], [1,2,3][I():]); t(lambda:[1][object()])
# tuple
t(lambda:(1,2)[5]); t(lambda:(1,2)['a']); t(lambda:(1,)+[1]); t(tuple,5); t(tuple,1,2); t(tuple,a=1); print((1,2)*2, ()+(), (1,)*0, (1,2,3)[::-1], (1,2)<(1,3), (1,)<(1,2), hash((1,2,3)), hash(()), hash((1,(2,3),'x'==1)), (1,2,3).index(2), (1,1).count(1)); t((1,).index,2); print((1,), (), (1,2), ((),)); a=(1,[]); a[1].append(a); print(a)
class T(tuple): 
    def __new__(c,*a): return super().__new__(c,a)
x=T(1,2); x.z=3; print(x, x.z, x[0], x[:], type(x[:]), x+(1,), x==(1,2), hash(x)==hash((1,2)), (1,2).__getnewargs__(), len(x), T()); 
it=iter((1,2)); print(it.__reduce__(), list(it), it.__reduce__())
# slice
s=slice(1,10,2); print(s, s.start, s.stop, s.step, s.indices(5), slice(None,None,-1).indices(5), slice(3)==slice(3), slice(1)<slice(2), s.__reduce__()); t(hash,s); t(s.indices,-1); t(slice); t(slice,1,2,3,4); t(slice('a').indices,3); t(slice(1,2,0).indices,3); print(slice(-10**30,10**30,3).indices(10**25)); t(slice,a=1)
