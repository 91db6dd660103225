# range, iter(), zip, map, filter, enumerate, reversed: results, states, errors.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except BaseException as e: r = f"{type(e).__name__}: {e}"
    print(r if ' at 0x' not in r else r.split(' at 0x')[0])
for r in (range(10), range(1,10,3), range(10,0,-3), range(0), range(5,1), range(10**20), range(10**20,10**20+10,3), range(-5,5), range(2**63-5,2**63+5), range(-2**63,2**63-1,2**61),range(0,-10**20,-10**19)):
    print(r, bool(r), r[0:2], r[::-1], list(r[:3]), hash(r)==hash(r[:]), r==r[:], list(zip(r,range(3))), list(zip(reversed(r),range(3))), 3 in r, 10**20+3 in r, r.count(3), r.start, r.stop, r.step, r.__reduce__())
    t(len,r); t(r.index,3); t(lambda:r[0]); t(lambda:r[-1]); t(lambda:r[10**30])
t(range); t(range,'a'); t(range,1.0); t(range,1,2,0); t(range,1,2,3,4); t(lambda:range(3)[1.0]); t(lambda:range(3)<range(4)); print(range(3)==range(0,3,1), range(0)==range(5,5), range(0,3,2)==range(0,4,2), {range(3):1}[range(3)], hash(range(0))==hash(range(1,1)))
it=iter(range(5)); print(next(it), it.__length_hint__(), type(it)); it2=iter(range(10**30,10**30+3)); print(type(it2), next(it2), it2.__length_hint__(), it2.__reduce__()); import copy
print(list(copy.copy(iter(range(5))))) if 0 else None
print(list(enumerate('abc',5)), list(enumerate([],1)), list(enumerate('ab',2**63-1)), list(enumerate('ab',start=10**30)), list(enumerate(iterable='a',start=3)))
t(enumerate); t(enumerate,1); t(enumerate,[],1.5); t(enumerate,[],foo=1); t(enumerate,[],1,2); t(enumerate,start=1); t(enumerate,sequence=[])
print(list(zip()), list(zip('ab')), list(zip('abc',[1,2])), list(zip('ab','cd',strict=True))); t(lambda:list(zip('a','bc',strict=True))); t(lambda:list(zip('ab','c',strict=True))); t(lambda:list(zip('ab','cd','e',strict=True))); t(lambda:list(zip('a','c','ef',strict=True))); t(zip,1); t(zip,foo=1); t(zip,strict=1,foo=1)
z=zip([1,2],[3,4]); a=next(z); b=next(z); print(a,b)
t(map); t(map,1); t(map,len,1); t(map,len,a=1); print(list(map(lambda a,b:a+b,[1,2],[3,4,5])), list(map(max,[1,5],[2,3],[9,0],[1,1],[2,2],[3,3]))); t(lambda:list(map(len,[1])))
t(filter); t(filter,1); t(filter,None,1); print(list(filter(None,[0,1,'',2])), list(filter(lambda x:x>1,[1,2,3])), list(filter(bool,[0,1])))
t(reversed); t(reversed,{1}); t(reversed,1); print(list(reversed('abc')), list(reversed((1,2))), list(reversed(range(3)))); 
class Q:
    def __len__(s): return 3
    def __getitem__(s,i):
        if i>=3: raise IndexError
        return i*10
print(list(Q()), list(reversed(Q())), 20 in Q(), 25 in Q(), iter(Q()).__length_hint__(), reversed(Q()).__length_hint__()); it=iter(Q()); next(it); print(it.__reduce__()[2])
t(iter,1); t(iter,1,2); t(next,1); t(len,1); t(lambda:1[0]); t(lambda:1 in 1); t(lambda:(1).__setitem__)
def st(o): o[1]=2
def dl(o): del o[1]
t(st,1); t(dl,1); t(st,(1,2)); t(dl,(1,2)); t(st,'abc'); t(lambda:int[1]); t(lambda:type[int]); t(lambda:list[int]); t(lambda:dict[str,int]); t(lambda:object[1])
n=0
def cnt():
    global n; n+=1; return n
print(list(iter(cnt,5))); i=iter(cnt,8); print(next(i), list(i), list(i))
class R:
    __reversed__=None
t(reversed,R())
class It:
    def __iter__(s): return 5
t(iter,It()); t(list,It())
class It2:
    __iter__=None
t(iter,It2()); t(lambda:1 in It2())
class LH:
    def __init__(s,v): s.v=v
    def __iter__(s): return iter([1,2])
    def __length_hint__(s): return s.v
t(list,LH(5)); t(list,LH(-1)); t(list,LH('a')); t(list,LH(NotImplemented)); import operator; t(operator.length_hint,LH(5)); t(operator.length_hint,1,7)
for o in (zip('ab',[1,2]), map(str,[1]), filter(None,[1]), enumerate('ab'), reversed('ab')):
    print(o.__reduce__()[0], len(o.__reduce__()[1]))
print([*zip([1],[2])], max([1,5,2]), sum(range(5)), any([0,1]), all([]))
a,*b=range(5); print(a,b)
class Z(zip): pass
print(list(Z([1],[2]))); t(lambda:list(zip([1,2,3],iter(lambda:1/0,1))))
def gen():
    yield 1
    raise ValueError('x')
t(lambda:list(map(str,gen()))); t(lambda:list(gen())); t(lambda:[*gen()]); t(lambda:set(gen())); t(lambda:dict(gen())); t(lambda:tuple(gen())); t(lambda:list(zip(gen(),'ab'))); t(lambda:list(enumerate(gen())))
