# Long chains of every kind of object that can hold another of its kind die without overflowing the C stack.
import types, gc
def chain(step, start, n=100000):
    x=start
    for i in range(n): x=step(x)
    return x
for name,step,start in (('gen',lambda x:(y for y in x),iter([])),('method',lambda x:types.MethodType(x,1),print),('wrapper',lambda x:x.__call__,print),('sizeof',lambda x:x.__sizeof__,print),('property',property,None),('map',lambda x:map(None,x),[]),('list',lambda x:[x],[]),('tuple',lambda x:(x,),()),('dict',lambda x:{1:x},{}),('slice',lambda x:slice(x),1),('calliter',lambda x:iter(x.__next__,1),iter([])),('partial',lambda x:__import__('functools').partial(int,x),1),('set',lambda x:frozenset([x]),frozenset()), ('closure',lambda x:(lambda:x),1),('cm',classmethod,1),('zip',zip,[]),('chainit',__import__('itertools').chain,[]),('cycle',__import__('itertools').cycle,[1]), ('proxy',lambda x:types.MappingProxyType({1:x}),1)):
    x=chain(step,start); del x; gc.collect(); print(name)
