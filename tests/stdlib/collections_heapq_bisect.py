# deque, OrderedDict, defaultdict, Counter; heapq; bisect.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except BaseException as e: r = f"{type(e).__name__}: {e}"
    print(r if ' at 0x' not in r else r.split(' at 0x')[0])
from collections import *
import collections, copy, heapq, bisect
d=deque('abc'); d.append('d'); d.appendleft('z'); print(d, d[0], d[-1], d[2], len(d)); t(lambda:d[9]); t(lambda:d['a']); t(lambda:d[1:2]); d[1]='Q'; del d[2]; print(d); t(d.__setitem__,9,1); t(d.__delitem__,9)
d.rotate(1); print(d); d.rotate(-2); print(d); d.rotate(); print(d); d.reverse(); print(d); d.extend('xy'); d.extendleft('12'); print(d, d.pop(), d.popleft(), d.count('x'), d.index('x')); t(d.index,'nope'); t(d.remove,'nope'); d.remove('x'); d.insert(2,'ins'); d.insert(-100,'f'); d.insert(100,'l'); print(d)
t(deque().pop); t(deque().popleft); t(deque,5); t(deque,[],-1); t(deque,[],'a'); t(deque,1,2,3); t(deque,foo=1); print(deque(range(10),3), deque(range(10),0), deque([1],maxlen=5).maxlen, deque().maxlen); e=deque([1,2],maxlen=2); e.append(3); print(e); e.appendleft(0); print(e); e.extend([7,8,9]); print(e); t(e.insert,0,1); e+=[5]; print(e)
print(deque([1,2])+deque([3]), deque([1,2])*2, 2*deque([1]), deque([1,2],3)*5, deque([1,2])*0); t(lambda:deque([1])+[2]); x=deque([1,2]); x*=3; print(x); x+=x; print(x); x.extend(x); print(len(x)); print(deque([1,2])==deque([1,2]), deque([1])<deque([2]), deque([1])!=[1], 1 in deque([1])); t(lambda:deque([1])<[1]); t(hash,x)
def mut():
    d=deque(range(5))
    for i in d: d.append(1)
t(mut); print(list(reversed(deque('abc'))), copy.copy(deque([1,2],5)), deque([1]).copy(), deque([1,2],5).__reduce__()[1], iter(deque([1,2])).__length_hint__(), iter(deque([1,2])).__reduce__()); r=deque(); r.append(r); print(r, bool(deque()))
class DD(deque): pass
print(DD([1,2]), DD([1]).copy(), type(DD([1])+DD([2])), DD([1,2],1)); x=DD(); x.a=1; print(x.__dict__, x.__reduce__()[2])

l=[];q=deque();n=1
for i in range(5000):
    n=(n*1103515245+12345)%2**31; c=(n>>10)%8; v=n>>12
    if c==0: l.append(v); q.append(v)
    elif c==1: l.insert(0,v); q.appendleft(v)
    elif c==2 and l: assert l.pop()==q.pop()
    elif c==3 and l: assert l.pop(0)==q.popleft()
    elif c==4 and l: k=v%len(l); l.insert(k,v); q.insert(k,v)
    elif c==5 and l: k=v%len(l); del l[k]; del q[k]
    elif c==6 and l: k=v%len(l); l=l[-k:]+l[:-k]; q.rotate(k)
    elif c==7 and l: assert l[v%len(l)]==q[v%len(l)]
    assert len(l)==len(q)
assert list(q)==l; print('deque ok',len(l))
dd=defaultdict(list); dd['a'].append(1); print(dd, dd['b'], dd.default_factory, 'c' in dd, dd.get('zz')); t(defaultdict,5); t(lambda:defaultdict()[1]); t(lambda:defaultdict(None)[1]); print(defaultdict(int,a=1), defaultdict(int,{1:2},b=3), defaultdict(int,[(1,2)])|{5:6}, {5:6}|defaultdict(int,a=1), dd.copy(), copy.copy(dd), dd.__reduce__()[:2]); dd.default_factory=None; t(lambda:dd['q']); 
class SD(defaultdict):
    def __missing__(s,k): return 'm%s'%k
print(SD()[1], SD(list)); r=defaultdict(lambda:r); r[1]; print(len(r)); e=defaultdict(int); 
for c in 'hello world': e[c]+=1
print(e, sorted(e.items()))
o=OrderedDict([('a',1),('b',2),('c',3)]); print(o, list(o), list(reversed(o)), o.keys(), o.values(), o.items()); o.move_to_end('a'); print(o); o.move_to_end('c',last=False); print(o); t(o.move_to_end,'zz'); print(o.popitem(), o.popitem(last=False), o); t(OrderedDict().popitem); o['x']=1; o['b']=5; del o['x']; o['y']=0; print(o, o.pop('y'), o.pop('q',7)); t(o.pop,'q'); t(OrderedDict,1,2); t(OrderedDict,5); t(OrderedDict,[1]); t(OrderedDict,[(1,2,3)]); t(OrderedDict,[()]); t(OrderedDict,[(1,)])
print(OrderedDict(a=1,b=2)==OrderedDict(b=2,a=1), OrderedDict(a=1,b=2)==dict(b=2,a=1), OrderedDict(a=1)!=OrderedDict(a=1), OrderedDict(a=1)|{'b':2}, {'b':2}|OrderedDict(a=1), OrderedDict.fromkeys('abc',1), OrderedDict(a=1).copy(), OrderedDict(a=1).setdefault('a',5), OrderedDict().setdefault('a',5), OrderedDict(a=1).__reduce__()[:2])
def m1():
    for k in o: o['new']=1
t(m1)
def m2():
    for k in o: o.move_to_end('b',last=False); o.move_to_end('new',last=False)
t(m2)
od=OrderedDict((i,i) for i in range(100)); ref=list(range(100)); n=7
for i in range(3000):
    n=(n*1103515245+12345)%2**31; k=(n>>10)%130; last=bool((n>>20)&1); c=(n>>22)%5
    if c==0:
        if k in od: od.move_to_end(k,last); ref.remove(k); ref.append(k) if last else ref.insert(0,k)
    elif c==1:
        if k not in od: ref.append(k)
        od[k]=i
    elif c==2 and k in od: del od[k]; ref.remove(k)
    elif c==3 and od and k%10==0: x=od.popitem(last)[0]; assert x==(ref.pop() if last else ref.pop(0))
    else:
        if k in od: od.move_to_end(k,False); ref.remove(k); ref.insert(0,k)
    assert list(od)==ref, i
assert list(reversed(od))==ref[::-1]; print('od ok',len(od))
class SO(OrderedDict): pass
s=SO(a=1); s.z=2; print(s, s.copy(), s.__dict__, copy.deepcopy(s), SO.fromkeys('ab')); o=OrderedDict(); o['self']=o; print(o); print(sorted(OrderedDict(a=1,b=2).keys()&{'a'}))
P=namedtuple('P','x y',defaults=[5]); p=P(1); print(p, p.x, p._asdict(), p._replace(y=2), P._fields, P.x, P.__doc__, P._make([1,2])); t(lambda:P()); t(setattr,p,'x',1); t(lambda:P.x.__get__(5)); 
c=Counter('mississippi'); print(c, c.most_common(2), c['q'], c-Counter('ssss'), c+Counter('x'), c&Counter('ss'), c|Counter('sz'), list(c.elements())[:3]); c.update('ppp'); c.subtract({'m':5}); print(c, +c, c.total()); print(ChainMap({'a':1},{'b':2})['b'], UserDict(a=1), UserList([1]), UserString('a'))
class MyC(dict):
    def get(s,k,d=None): return 10
m=MyC(); collections._count_elements(m,'aab'); print(m)
h=[5,3,8,1,9,2]; heapq.heapify(h); print(h, heapq.heappop(h), h); heapq.heappush(h,0); print(h, heapq.heappushpop(h,4), heapq.heapreplace(h,7), h, heapq.nsmallest(3,h), heapq.nlargest(2,h), list(heapq.merge([1,4],[2,3]))); t(heapq.heappop,[]); t(heapq.heappush,5,1); t(heapq.heapify,(1,)); t(heapq.heappop,5); t(heapq.heappush,[]); t(heapq.heapreplace,[],1); t(heapq._heappop_max,5); h=[1,2,3,4,5]; heapq._heapify_max(h); print(h, heapq._heappop_max(h), h)
a=[1,3,3,5]; print(bisect.bisect(a,3), bisect.bisect_left(a,3), bisect.bisect(a,3,0,2), bisect.bisect_left(a,-3,key=lambda x:-x)); bisect.insort(a,4); bisect.insort_left(a,3); print(a); t(bisect.bisect,a,3,-1); t(bisect.bisect,5,3); t(bisect.bisect); t(bisect.insort,[1],'a'); t(bisect.bisect,a,x=3,lo=1,hi=2)
