#!/usr/bin/env python3
"""Deep structures and deep recursion: a result, RecursionError, MemoryError or another clean error - never a signal, never a hang.

    tests/robust/deep.py [--ouro build/ouro] [--n 1000000] [name ...]     prints "N passed, N failed"

CASES are programs; CHAINS make an object that holds one of its kind, n times, ask the outermost for an item and drop it."""
import argparse
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

CASES = {
'list': 'x=None\nfor i in range(N): x=[x]\ndel x',
'tuple': 'x=None\nfor i in range(N): x=(x,)\ndel x',
'dict': 'x=None\nfor i in range(N): x={1:x}\ndel x',
'set': 'x=frozenset()\nfor i in range(N): x=frozenset([x])\ndel x',
'gen': 'def g(y): yield y\nx=None\nfor i in range(N):\n  x=g(x); next(x)\ndel x',
'gen2': 'def g(y):\n  try: yield y\n  finally: y=0\nx=None\nfor i in range(N):\n  x=g(x); next(x)\ndel x',
'exc': 'x=None\nfor i in range(N):\n  e=ValueError(i); e.__context__=x; x=e\ndel x,e',
'exc2': 'x=None\nfor i in range(N):\n  try:\n    try: raise ValueError(i) from x\n    except ValueError as e: raise KeyError from e\n  except KeyError as e: x=e\ndel x',
'inst': 'class A: pass\nx=None\nfor i in range(N):\n  a=A(); a.x=x; x=a\ndel x,a',
'slots': 'class A: __slots__="x",\nx=None\nfor i in range(N):\n  a=A(); a.x=x; x=a\ndel x,a',
'del': 'class A:\n  def __del__(self): self.x\nx=None\nfor i in range(N):\n  a=A(); a.x=x; x=a\ndel x,a',
'closure': 'def f(x): return lambda: x\nx=None\nfor i in range(N): x=f(x)\ndel x',
'method': 'class A:\n def m(self): pass\nimport types\nx=None\nfor i in range(N): x=types.MethodType(A.m,x) if x else A().m\ndel x',
'partial': 'import functools\nx=print\nfor i in range(N): x=[functools.partial(x)]; x=functools.partial(len, x)\ndel x',
'iter': 'x=iter([])\nfor i in range(N): x=iter([x])\ndel x',
'chain': 'import itertools\nx=iter([])\nfor i in range(N): x=itertools.chain(x)\ndel x',
'map': 'x=[]\nfor i in range(N): x=map(str,x)\ndel x',
'mapnext': 'x=[1]\nfor i in range(N): x=map(str,x)\nlist(x)',
'filter': 'x=[1]\nfor i in range(N): x=filter(None,x)\nlist(x)',
'zip': 'x=[1]\nfor i in range(N): x=zip(x)\nlist(x)',
'enum': 'x=[1]\nfor i in range(N): x=enumerate(x)\nlist(x)',
'islice': 'import itertools\nx=[1]\nfor i in range(N): x=itertools.islice(x,5)\nlist(x)',
'chainnext': 'import itertools\nx=[1]\nfor i in range(N): x=itertools.chain(x)\nlist(x)',
'tee': 'import itertools\na,b=itertools.tee(range(N))\nfor i in a: pass\ndel a,b',
'weak': 'import weakref\nclass A: pass\nx=None\nfor i in range(N):\n a=A(); a.x=x; a.w=weakref.ref(a, lambda r: None); x=a\ndel x,a',
'deque': 'from collections import deque\nx=None\nfor i in range(N): x=deque([x])\ndel x',
'odict': 'from collections import OrderedDict\nx=None\nfor i in range(N//10): x=OrderedDict(a=x)\ndel x',
'proxy': 'import types\nx={}\nfor i in range(N): x=types.MappingProxyType({1:x})\ndel x',
'memview': 'x=memoryview(b"a"*10)\nl=[]\nfor i in range(N//10): x=memoryview(x)\ndel x',
'cm': 'x=None\nfor i in range(N): x=classmethod(x)\ndel x',
'prop': 'x=None\nfor i in range(N): x=property(x)\ndel x',
'slice': 'x=None\nfor i in range(N): x=slice(x)\ndel x',
'union': 'x=list\nfor i in range(N//10): x=list[x]\ndel x',
'coro': 'async def f(x): pass\nimport warnings; warnings.simplefilter("ignore")\nx=None\nfor i in range(N): x=f(x)\ndel x',
'agen': 'async def f(x): yield x\nx=None\nfor i in range(N): x=f(x)\ndel x',
'cell': 'import types\nx=None\nfor i in range(N): x=types.CellType(x)\ndel x',
'code': 'x=None\nfor i in range(1000): x=(lambda:0).__code__.replace(co_consts=(x,))\ndel x',
'class': 'class A: pass\nx=A\nfor i in range(500): x=type("B",(x,),{})\ndel x',
'ns': 'import types\nx=None\nfor i in range(N): x=types.SimpleNamespace(a=x)\ndel x',
'ctx': 'import contextvars\nv=contextvars.ContextVar("v")\nx=None\nfor i in range(N//10): v.set(contextvars.copy_context())\n',
'lru': 'import functools\nx=None\nfor i in range(N//10):\n  f=functools.lru_cache(lambda x:0); f((x,)); x=f\ndel x,f',
'tb': 'def f(n):\n  if n==0: raise ValueError\n  f(n-1)\nsys.setrecursionlimit(10**6)\ntry: f(200000)\nexcept ValueError as e: pass\n',
'alias': 'import types\nx=list\nfor i in range(N): x=types.GenericAlias(x,int)\ndel x',
'aliasiter': 'import types\nx=list\nfor i in range(N): x=iter(types.GenericAlias(x,int))\ndel x',
'weakproxy': 'import weakref\nclass A: pass\na=A()\nx=print\nfor i in range(N): x=weakref.proxy(a,x)\ndel x',
'funcdoc': 'x=None\nfor i in range(N):\n  f=lambda: 0\n  f.__doc__=x; x=f\ndel x,f',
'funcmodule': 'x=None\nfor i in range(N):\n  f=lambda: 0\n  f.__module__=x; x=f\ndel x,f',
# 64 KiB of stack: every native function that calls itself through an object of its own kind
**{'small stack ' + name: f'import threading, types, functools, operator\nthreading.stack_size(65536)\nx={start}\nfor i in range(N): x={step}\n'
   f'def run():\n  try: {use}\n  except (RecursionError, AttributeError, TypeError): pass\nt=threading.Thread(target=run); t.start(); t.join()'
   for name, start, step, use in [
       ('method repr', 'len', 'types.MethodType(x, 1)', 'repr(x)'), ('method doc', 'len', 'types.MethodType(x, 1)', 'x.__doc__'),
       ('method getattr', 'len', 'types.MethodType(x, 1)', 'x.foo'), ('method hash', 'len', 'types.MethodType(x, 1)', 'hash(x)'),
       ('alias getattr', 'list', 'types.GenericAlias(x, int)', 'x.foo'), ('alias hash', 'list', 'types.GenericAlias(x, int)', 'hash(x)'),
       ('alias drop', 'list', 'types.GenericAlias(x, int)', 'globals().pop("x")'),
       ('classmethod get', 'len', 'classmethod(x)', 'x.__get__(None, int)'), ('classmethod attr', 'len', 'classmethod(x)', 'x.foo'),
       ('classmethod abstract', 'len', 'classmethod(x)', 'x.__isabstractmethod__'), ('property abstract', 'len', 'property(x)', 'x.__isabstractmethod__'),
       ('mappingproxy len', '{}', 'types.MappingProxyType(x)', 'len(x)'), ('mappingproxy item', '{}', 'types.MappingProxyType(x)', 'x[1]'),
       ('mappingproxy in', '{}', 'types.MappingProxyType(x)', '1 in x'), ('mappingproxy iter', '{}', 'types.MappingProxyType(x)', 'list(x)'),
       ('mappingproxy or', '{}', 'types.MappingProxyType(x)', 'x | {}'), ('list repr', '[]', '[x]', 'repr(x)'), ('tuple hash', '()', '(x,)', 'hash(x)')]},
# recursion
'rec': 'sys.setrecursionlimit(10**6)\ndef f(n): return n and 1+f(n-1)\nprint(f(N-100))',
'rec2': 'sys.setrecursionlimit(10**7)\ndef f(n): return f(n+1)\nf(0)',
'repr': 'sys.setrecursionlimit(10**6)\nclass A:\n def __repr__(self): return repr(self)\nrepr(A())',
'str': 'sys.setrecursionlimit(10**6)\nclass A:\n def __str__(self): return str(self)\nstr(A())',
'getattr': 'sys.setrecursionlimit(10**6)\nclass A:\n def __getattr__(self,n): return getattr(self,n+"x")\nA().x',
'getattr2': 'sys.setrecursionlimit(10**6)\nclass A:\n def __getattribute__(self,n): return self.foo\nA().x',
'setattr': 'sys.setrecursionlimit(10**6)\nclass A:\n def __setattr__(self,n,v): self.a=1\nA().x=1',
'eq': 'sys.setrecursionlimit(10**6)\nclass A:\n def __eq__(self,o): return self==o\nA()==A()',
'hash': 'sys.setrecursionlimit(10**6)\nclass A:\n def __hash__(self): return hash(self)\nhash(A())',
'call': 'sys.setrecursionlimit(10**6)\nclass A:\n def __call__(self): return self()\nA()()',
'init': 'sys.setrecursionlimit(10**6)\nclass A:\n def __init__(self): A()\nA()',
'new': 'sys.setrecursionlimit(10**6)\nclass A:\n def __new__(c): return A()\nA()',
'iterm': 'sys.setrecursionlimit(10**6)\nclass A:\n def __iter__(self): return iter(self)\niter(A())',
'len': 'sys.setrecursionlimit(10**6)\nclass A:\n def __len__(self): return len(self)\nlen(A())',
'bool': 'sys.setrecursionlimit(10**6)\nclass A:\n def __bool__(self): return bool(self)\nbool(A())',
'add': 'sys.setrecursionlimit(10**6)\nclass A:\n def __add__(self,o): return self+o\nA()+1',
'index': 'sys.setrecursionlimit(10**6)\nimport operator\nclass A:\n def __index__(self): return operator.index(self)\noperator.index(A())',
'contains': 'sys.setrecursionlimit(10**6)\nclass A:\n def __contains__(self,x): return x in self\n1 in A()',
'getitem': 'sys.setrecursionlimit(10**6)\nclass A:\n def __getitem__(self,x): return self[x]\nA()[1]',
'format': 'sys.setrecursionlimit(10**6)\nclass A:\n def __format__(self,x): return format(self,x)\nformat(A(),"")',
'inst_check': 'sys.setrecursionlimit(10**6)\nclass M(type):\n def __instancecheck__(c,x): return isinstance(x,c)\nclass A(metaclass=M): pass\nisinstance(1,A)',
'enter': 'sys.setrecursionlimit(10**6)\nclass A:\n def __enter__(self):\n  with self: pass\n def __exit__(self,*a): pass\nwith A(): pass',
'property': 'sys.setrecursionlimit(10**6)\nclass A:\n x=property(lambda s: s.x)\nA().x',
'sortkey': 'sys.setrecursionlimit(10**6)\ndef k(x): return sorted([1,2],key=k)\nk(1)',
'mapf': 'sys.setrecursionlimit(10**6)\ndef k(x): return list(map(k,[x]))\nk(1)',
'genrec': 'sys.setrecursionlimit(10**6)\ndef g(): yield from g()\nlist(g())',
'genrec2': 'sys.setrecursionlimit(10**6)\ndef g():\n  for x in g(): yield x\nlist(g())',
'exec': 'sys.setrecursionlimit(10**6)\ns="exec(s)"\nexec(s)',
'eval': 'sys.setrecursionlimit(10**6)\ns="eval(s)"\neval(s)',
'class_': 'sys.setrecursionlimit(10**6)\ndef f():\n class A: f()\nf()',
'import': 'sys.setrecursionlimit(10**6)\nimport builtins\ndef imp(*a): import q\nbuiltins.__import__=imp\nimport q',
'partialrec': 'sys.setrecursionlimit(10**6)\nimport functools\nf=functools.partial(lambda: f())\nf()',
'lrurec': 'sys.setrecursionlimit(10**6)\nimport functools\n@functools.lru_cache\ndef f(n): return f(n+1)\nf(0)',
'reduce': 'sys.setrecursionlimit(10**6)\nimport functools\ndef f(a,b): return functools.reduce(f,[1,2])\nf(1,2)',
'resub': 'sys.setrecursionlimit(10**6)\nimport re\ndef f(m): return re.sub("a",f,"a")\nf(1)',
'reprlist': 'sys.setrecursionlimit(10**6)\nx=[]\nfor i in range(N): x=[x]\nrepr(x)',
'reprdict': 'sys.setrecursionlimit(10**6)\nx={}\nfor i in range(N): x={1:x}\nrepr(x)',
'reprtuple': 'sys.setrecursionlimit(10**6)\nx=()\nfor i in range(N): x=(x,)\nrepr(x)',
'hashtuple': 'sys.setrecursionlimit(10**6)\nx=()\nfor i in range(N): x=(x,)\nhash(x)',
'eqlist': 'sys.setrecursionlimit(10**6)\nx=[];y=[]\nfor i in range(N): x=[x];y=[y]\nx==y',
'eqtuple': 'sys.setrecursionlimit(10**6)\nx=();y=()\nfor i in range(N): x=(x,);y=(y,)\nx<y',
'eqdict': 'sys.setrecursionlimit(10**6)\nx={};y={}\nfor i in range(N): x={1:x};y={1:y}\nx==y',
'eqself': 'sys.setrecursionlimit(10**6)\nx=[];y=[]\nx.append(y);y.append(x)\nz=[];w=[];z.append(w);w.append(z)\nx==z',
'pickle': 'sys.setrecursionlimit(10**6)\nimport pickle\nx=[]\nfor i in range(N): x=[x]\npickle.dumps(x)',
'copy': 'sys.setrecursionlimit(10**6)\nimport copy\nx=[]\nfor i in range(N): x=[x]\ncopy.deepcopy(x)',
'json': 'sys.setrecursionlimit(10**6)\nimport json\njson.loads("["*N)',
'json2': 'sys.setrecursionlimit(10**6)\nimport json\njson.loads("{\\"a\\":"*N)',
'jsond': 'sys.setrecursionlimit(10**6)\nimport json\nx=[]\nfor i in range(N): x=[x]\njson.dumps(x)',
'marshal': 'import marshal\nx=[]\nfor i in range(N): x=[x]\nmarshal.dumps(x)',
'marshal2': 'import marshal\nmarshal.loads(b"("+(b"\\x01\\0\\0\\0(")*N)',
'paren': 'sys.setrecursionlimit(10**6)\neval("("*N+")"*N)',
'brack': 'compile("["*100000+"]"*100000,"s","exec")',
'minus': 'sys.setrecursionlimit(10**6)\neval("-"*N+"1")',
'not': 'eval("not "*N+"1")',
'plus': 'eval("+".join(["1"]*N))',
'attr': 'eval("a"+".b"*N)',
'callc': 'eval("a"+"()"*N)',
'sub': 'eval("a"+"[0]"*N)',
'lambda': 'eval("lambda:"*N+"1")',
'ifelse': 'eval("1 if 1 else "*N+"1")',
'pow': 'eval("1"+"**1"*N)',
'cmp': 'eval("1"+"<1"*100000)',
'and': 'eval("1"+" and 1"*100000)',
'await': 'compile("async def f():\\n "+"await "*N+"x","s","exec")',
'star': 'compile("f("+"*"*N+"x)","s","exec")',
'elif': 'compile("if x: pass\\n"+"elif x: pass\\n"*50000,"s","exec")',
'indent': 'compile("".join(" "*i+"if x:\\n" for i in range(3000)),"s","exec")',
'fstr': 'eval("f\\""+"{"*1000)',
'strcat': 'eval("\'a\' "*N)',
'longname': 'exec("x"*N+"=1")',
'longint': 'eval("1"*N)',
'stmts': 'exec("x=1\\n"*200000)',
'semis': 'exec("x=1;"*200000)',
'args': 'compile("f("+"a,"*100000+")","s","exec")',
'params': 'compile("def f("+",".join("a%d"%i for i in range(70000))+"): pass","s","exec")',
'dictlit': 'compile("{"+"1:2,"*200000+"}","s","exec")',
'pattern': 'compile("match x:\\n case "+"["*150+"]"*150+": pass","s","exec")',
'pattern2': 'compile("match x:\\n case "+"1|"*100000+"1: pass","s","exec")',
'regex': 'import re\nre.compile("("*N+")"*N)',
'regex2': 'import re\nre.match("(?:a|b)*","ab"*N)',
'regex3': 'import re\nre.match("(a*)*b","a"*24)',
'regex4': 'import re\nre.match("(?:(?:a)|b)*c","a"*N)',
'regex5': 'import re\nsys.setrecursionlimit(10**6)\nre.compile("(?:"*100000+"a"+")"*100000)',
'ast': 'import ast\nsys.setrecursionlimit(10**6)\nn=ast.Constant(1)\nfor i in range(100000): n=ast.UnaryOp(ast.USub(),n)\ncompile(ast.fix_missing_locations(ast.Expression(ast.Constant(1))),"s","eval")\nn=ast.Expression(n)\nn.lineno=1\ncompile(n,"s","eval")',
'litev': 'import ast\nast.literal_eval("["*N)',
'isinst': 'x=int\nfor i in range(N//10): x=(x,)\nisinstance("",x)',
'isub': 'x=int\nfor i in range(N//10): x=(x,)\nissubclass(str,x)',
'exctuple': 'x=ValueError\nfor i in range(N//10): x=(x,)\ntry: 1/0\nexcept x: pass',
'startsw': '"a".startswith(("b",)*N)',
'fmt': '("{"*N).format(1)',
'fmt2': '("{0:"*1000+"}"*1000).format(1)',
'pct': '("%("+"("*N+")s")%{}',
'excgroup': 'x=ValueError(1)\nfor i in range(N//10): x=ExceptionGroup("a",[x])\nstr(x);x.split(KeyError)',
'excgroup2': 'x=ValueError(1)\nfor i in range(3000): x=ExceptionGroup("a",[x])\nraise x',
'causechain': 'x=None\nfor i in range(5000):\n e=ValueError(i); e.__cause__=x; x=e\nraise x',
'thread': 'import threading\nsys.setrecursionlimit(10**6)\ndef f(): f()\nclass A:\n def __repr__(self): return repr(self)\ndef g(): repr(A())\ndef h():\n x=[]\n for i in range(N): x=[x]\n repr(x)\nfor q in f,g,h:\n t=threading.Thread(target=q); t.start(); t.join()',
'mro': 'class A: pass\nx=A\nsys.setrecursionlimit(10**6)\nfor i in range(3000): x=type("B",(x,),{})\nx().y',
'subcl': 'class M(type):\n def __subclasscheck__(c,s): return issubclass(s,c)\nclass A(metaclass=M): pass\nsys.setrecursionlimit(10**6)\nissubclass(int,A)',
'dir': 'class A:\n def __dir__(self): return dir(self)\nsys.setrecursionlimit(10**6)\ndir(A())',
'attrloop': 'class A: pass\na=A(); a.__class__=A\nsys.setrecursionlimit(10**6)\nclass D:\n def __get__(s,o,t): return o.x\nA.x=D()\na.x',
'flatiter': 'class A:\n def __next__(s): return next(s)\n def __iter__(s): return s\nsys.setrecursionlimit(10**6)\nnext(A())',
'excepthook': 'sys.excepthook=lambda *a: 1/0\n1/0',
'unpick': 'import pickle\nsys.setrecursionlimit(10**6)\npickle.loads(b"("*N+b"t"*N+b".")',
'structrep': 'import struct\nstruct.calcsize("9"*30+"s")',
'nestedfn': 'compile("".join(" "*i+"def f():\\n" for i in range(99))+" "*99+"pass","s","exec")',
'nestedcls': 'compile("".join(" "*i+"class f:\\n" for i in range(99))+" "*99+"pass","s","exec")',
'nestedloop': 'compile("".join(" "*i+"for x in y:\\n" for i in range(99))+" "*99+"pass","s","exec")',
'compre': 'eval("[x for x in "*150+"[]"+"]"*150)',
'lambdas': 'eval("("*190+"lambda:0"+")"*190)',
}

CHAINS = {
 'reversed':'reversed([x])','dictit':'iter({1:x}.values())','dictitems':'{1:x}.items()','setit':'iter({x}) if i%2 else iter([x])','callit':'iter(lambda: 0, x)',
 'static':'staticmethod(x)','accum':'itertools.accumulate([x])','accum2':'itertools.accumulate(x) ','compress':'itertools.compress(x,x)','cycle':'itertools.cycle(x)',
 'dropw':'itertools.dropwhile(None,x)','takew':'itertools.takewhile(None,x)','starmap':'itertools.starmap(None,x)','tee2':'itertools.tee(x)[0]',
 'zipl':'itertools.zip_longest(x)','pairw':'itertools.pairwise(x)','groupby':'itertools.groupby(x)','islice':'itertools.islice(x,1)','product':'itertools.product([x])','perm':'itertools.permutations([x])',
 'comb':'itertools.combinations([x],1)','repeat':'itertools.repeat(x)','count':'itertools.count(1,2)','fltfalse':'itertools.filterfalse(None,x)','chainfi':'itertools.chain.from_iterable(x)',
 'cmpkey':'functools.cmp_to_key(x)','cmpkey2':'functools.cmp_to_key(None)(x)','itemg':'operator.itemgetter(x)','methc':'operator.methodcaller("a",x)','defdict':'collections.defaultdict(None,{1:x})',
 'append':'[x].append','weakcb':'(L.append(A()), weakref.ref(L[-1], x))[1]',
 'enum':'enumerate(x)','zipd':'zip(x,x)','mapd':'map(None,x)','filt':'filter(None,x)','excargs':'ValueError(x)','stopit':'StopIteration(x)','userdict':'collections.UserDict({1:x})',
 'intsub':'mk(int,x)','strsub':'mk(str,x)','listsub':'mk(list,x)','dictsub':'mk(dict,x)','tuplesub':'mk(tuple,x)','excsub':'mk(ValueError,x)','funcattr':'fa(x)','modattr':'ma(x)','funcdef':'fd(x)','partialkw':'functools.partial(len,a=x)',
 'genalias':'types.GenericAlias(list,(x,))','namespace':'types.SimpleNamespace(**{"a":x})','frame':'fr(x)','tbc':'types.TracebackType(x,F,0,1)','nt':'NT(x)','deq':'iter(collections.deque([x]))','ctxtok':'tok(x)','wrapper':'[x].__len__','wr2':'types.MethodWrapperType and (x,).__len__',
 'asend':'ag().asend(x)','athrow':'ag().athrow(x)','corow':'co(x).__await__()','bufr':'io.BufferedReader(io.BytesIO(b"")) if i%2 else [x]','stringio':'sio(x)','csvr':'csv.reader(x)','cprop':'functools.cached_property(x)','future':'fut(x)','zipobj':'zip([x])','listit':'iter([x])','tupit':'iter((x,))','mpp':'types.MappingProxyType({1:x})','cellx':'types.CellType(x)','slicex':'slice(x,x)','excctx':'ec(x)','exctb':'et(x)',
}

CHAIN_SETUP = """
import itertools, operator, functools, types, weakref, collections, contextvars, sys
import io,csv
L=[]
import sys
F=sys._getframe()
class A: pass
class S(str): pass
NT=collections.namedtuple('NT', 'a')
K={}
def mk(t,x):
    if t not in K: K[t]=type('K',(t,),{})
    r=K[t](); r.x=x; return r
def fa(x):
    def f(): pass
    f.x=x; return f
def ma(x):
    m=types.ModuleType('a'); m.x=x; return m
def fd(x):
    def f(a=x): pass
    return f
def fr(x): return sys._getframe()
V=contextvars.ContextVar('v')
def tok(x): return V.set(x)
async def ag(): yield
async def co(x): pass
def sio(x):
    s=io.StringIO(); s.x=x; return s
def fut(x):
    try:
        import _asyncio
    except ImportError: return [x]
    return [x]
def ec(x):
    e=ValueError(); e.__cause__=x if isinstance(x,BaseException) else None; return e
def et(x):
    try:
        raise ValueError
    except ValueError as e: return e
import warnings; warnings.simplefilter('ignore')
"""
CHAIN = """
x = %s
for i in range(N // 3):
    x = %s
try:
    next(x)
except Exception:
    pass
del x, L
"""


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--ouro", default=os.path.join(TOP, "build", "ouro"))
    ap.add_argument("--n", type=int, default=1000000)
    ap.add_argument("--timeout", type=int, default=120)
    ap.add_argument("names", nargs="*")
    args = ap.parse_args()
    programs = dict(CASES)
    for name, expr in CHAINS.items():
        programs["chain_" + name] = CHAIN_SETUP + CHAIN % ("None" if name == "tbc" else "[]", expr)
    passed = failed = 0
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    for name, code in programs.items():
        if args.names and name not in args.names:
            continue
        try:
            p = subprocess.run([args.ouro, "-c", "import sys\nN = %d\n%s" % (args.n, code)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, timeout=args.timeout, env=env)
            status, text = p.returncode, p.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            status, text = "no end", ""
        if status in (0, 1) and "SystemError" not in text and "Sanitizer" not in text and "runtime error" not in text:
            passed += 1
        else:
            failed += 1
            print("FAILED %s: status %s %s" % (name, status, text[-500:]))
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
