# itertools, operator, functools: results, errors, pickled states.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except BaseException as e: r = f"{type(e).__name__}: {e}"
    print(r if ' at 0x' not in r else r.split(' at 0x')[0])
from itertools import *
import itertools, operator, functools, copy
class L(list): pass
def two(mk, n=8):
    print('--')
    try:
        print(list(islice(mk(), n)))
        it=mk(); next(it,None)
        r=it.__reduce__() if not isinstance(it,pairwise) else None
        if r:
            print(r[0].__name__, len(r), [type(x).__name__ for x in r[1]], r[2] if len(r)>2 and not hasattr(r[2],'__next__') and ' at 0x' not in repr(r[2]) else '')
        b=copy.copy(mk()) if not isinstance(it,pairwise) else mk(); print(list(islice(b,n)))
    except BaseException as e: print(type(e).__name__, e)
for f in (lambda: accumulate([1,2,3]), lambda: accumulate([1,2,3],operator.mul,initial=5), lambda:chain('ab',[1]), lambda:chain.from_iterable(['ab',[1]]), lambda:combinations('abcd',2), lambda:combinations_with_replacement('abc',2), lambda:permutations('abc',2), lambda:permutations('abc'), lambda:product('ab',[1,2]), lambda:product('ab',repeat=2), lambda:product(), lambda:product('a',''), lambda:compress('abcd',[1,0,1]), lambda:count(5), lambda:count(2,3), lambda:count(1.5,.5), lambda:count(2**63-3), lambda:cycle('abc'), lambda:cycle([]), lambda:dropwhile(lambda x:x<3,[1,2,3,1]), lambda:takewhile(lambda x:x<3,[1,2,3,1]), lambda:filterfalse(None,[0,1,2]), lambda:islice(range(20),2,10,3), lambda:islice([1,2,3],None), lambda:pairwise([1,2,3,4]), lambda:repeat(5,3), lambda:repeat('x'), lambda:starmap(pow,[(2,3),[3,2]]), lambda:zip_longest('abc',[1]), lambda:zip_longest('a',[1,2,3],fillvalue=0), lambda:combinations('ab',5), lambda:permutations('ab',0), lambda:combinations([],0),lambda:tee([1,2,3])[1]): two(f)
print([(k,list(g)) for k,g in groupby('aabbbc')], [(k,list(g)) for k,g in groupby([1,3,2,4],key=lambda x:x%2)], [k for k,g in groupby('aabb')])
a,b,c=tee(range(200),3); print(sum(a),sum(b),list(c)[-3:]); print(tee([],0)); t(tee,[],-1); t(tee,5); t(tee)
for f,args,kw in ((accumulate,(),{}),(accumulate,(1,),{}),(chain,(1,),{}),(chain,(),{'a':1}),(combinations,('a',),{}),(combinations,('a',-1),{}),(combinations,('a','b'),{}),(permutations,('a','b'),{}),(permutations,('a',-1),{}),(product,(1,),{}),(product,('a',),{'repeat':-1}),(product,('a',),{'foo':1}),(product,('a',),{'foo':1,'repeat':2}),(compress,('a',),{}),(count,('a',),{}),(count,(1,'a'),{}),(count,(1,2,3),{}),(cycle,(),{}),(cycle,(1,),{}),(cycle,('a',),{'a':1}),(dropwhile,(1,),{}),(islice,('a',),{}),(islice,('a',-1),{}),(islice,('a','b'),{}),(islice,('a',1,-2),{}),(islice,('a',-1,2),{}),(islice,('a',1,2,0),{}),(islice,('a',1,2,3,4),{}),(pairwise,(),{}),(pairwise,(1,),{}),(repeat,(),{}),(repeat,(1,'a'),{}),(repeat,(1,2,3),{}),(repeat,(1,),{'times':2}),(repeat,(1,),{'foo':2}),(starmap,(1,),{}),(zip_longest,(1,),{}),(zip_longest,(),{'a':1}),(groupby,(),{}),(groupby,(1,),{}),(takewhile,(None,[1]),{}),(filterfalse,(1,2,3),{})):
    try:
        r=f(*args,**kw); 
        try: print(list(islice(r,3)))
        except BaseException as e: print('it',type(e).__name__,e)
    except BaseException as e: print(f.__name__,type(e).__name__,e)
print(repr(count(5)), repr(count(5,2)), repr(count(1.5)), repr(repeat(5)), repr(repeat(5,2)), repeat(5,3).__length_hint__()); t(repeat(5).__length_hint__)
class C(count): pass
print(C(3))
g=groupby('aab'); k,gr=next(g); next(g); print(list(gr)); t(lambda:itertools._grouper(1,2))
# operator
print(operator.itemgetter(1)([1,2]), operator.itemgetter(1,0)('ab'), operator.attrgetter('real','imag')(3), operator.attrgetter('__class__.__name__')(3), operator.methodcaller('split',',')('a,b'), operator.methodcaller('x',1,a=2), operator.itemgetter(1,2), operator.attrgetter('a.b'), operator.itemgetter('x'))
t(operator.itemgetter); t(operator.itemgetter(1)); t(operator.itemgetter(1),5); t(operator.attrgetter,1); t(operator.attrgetter('x'),5); t(operator.methodcaller); t(operator.methodcaller,5); t(operator.itemgetter(1),[1],a=2); t(operator.itemgetter,1,a=2)
print(operator.itemgetter(1).__reduce__(), operator.attrgetter('a.b','c').__reduce__(), operator.methodcaller('a',1).__reduce__())
t(operator.concat,[1],[2]); t(operator.concat,1,2); t(operator.iconcat,[1],'a'); t(operator.index,1.5); t(operator.index,True); t(operator.countOf,[1,1,2],1); t(operator.indexOf,[1,2],5); t(operator.indexOf,[1,2],2); t(operator.length_hint,[1],'a'); t(operator.add,1); t(operator.not_,[]); t(operator.truth,[1]); t(operator.is_,1,1); t(operator.pow,2,3); t(operator.ipow,2,3); t(operator.call,max,1,2); t(operator.call); t(operator.contains,[1],1); t(operator.countOf,5,1); t(operator.delitem,[1],0); t(operator.setitem,{},1,2); t(__import__("_operator")._compare_digest,'a','a') ; t(__import__("_operator")._compare_digest,'a',b'a'); t(__import__("_operator")._compare_digest,'é','a'); t(operator.inv,5); t(operator.matmul,1,2)
# functools
t(functools.reduce,lambda a,b:a+b,[1,2,3]); t(functools.reduce,max,[]); t(functools.reduce,max,[],5); t(functools.reduce,max,5); t(functools.reduce)
p=functools.partial(print,1,sep='-'); print(p.func is print, p.args, p.keywords); p(2,3); p(4,sep='+'); q=functools.partial(p,9,end='!\n'); q(); print(q.args,q.keywords, q.func is print); t(functools.partial); t(functools.partial,5); print(repr(functools.partial(int,base=2)), functools.partial(int,base=2)('101'))
p.x=5; print(p.__dict__, functools.partial(p).args, p.__reduce__()[2][1:]); p2=functools.partial(int); p2.__setstate__((int,('101',),{'base':2},{'z':1})); print(p2(), p2.z); t(p2.__setstate__,5)
@functools.lru_cache(maxsize=2)
def f(x,*a,**k): print('call',x); return x
f(1);f(2);f(1);f(3);f(2);f(1.0); print(f.cache_info(), f.cache_parameters()); f.cache_clear(); print(f.cache_info()); f(1,a=2); f(1,a=2); print(f.cache_info(), f.__wrapped__.__name__, f.__name__)
t(f,[]) 
@functools.lru_cache(maxsize=None,typed=True)
def g(x): return x
g(1);g(1.0);g(1);print(g.cache_info())
@functools.cache
def fib(n): return n if n<2 else fib(n-1)+fib(n-2)
print(fib(80), fib.cache_info())
@functools.lru_cache(0)
def z(x): return x
z(1);z(1);print(z.cache_info())
class K:
    @functools.lru_cache
    def m(self,x): return x+1
    @functools.cached_property
    def cp(self): return 5
    @functools.singledispatchmethod
    def sd(self,x): return 'o'
    @sd.register
    def _(self,x:int): return 'i'
k=K(); print(k.m(1),k.m(1),K.m.cache_info(), k.cp, k.sd(1), k.sd(''))
print(sorted([3,1,2],key=functools.cmp_to_key(lambda a,b:b-a))); kk=functools.cmp_to_key(lambda a,b:a-b); print(kk(1)<kk(2), kk(1)==kk(1), kk(obj=3).obj); t(hash,kk(1)); t(lambda:kk(1)<1); t(functools.cmp_to_key); t(kk)
t(functools.lru_cache,'a')
for n in range(3000): 
    @functools.lru_cache(50)
    def h(x): return x
    break
for i in range(1000): h(i*7%101)
print(h.cache_info())
