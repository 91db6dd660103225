# Argument checks of native functions and attribute errors, message by message.
import sys, math
class C: pass
class S: __slots__=('a',)
def ex(s):
    try: exec(s, globals()); print(s,'ok')
    except BaseException as e: print(s,'|', type(e).__name__, e)
for s in '''del C().x; del C.x; C.x; int.x=1; del int.x; del int.real; (1).x=1; (1).real=1; del (1).x
S().b=1; S().a; del S().a; object().x=1; object().x; math.foo; [].append; [].append=1; del [].append
sorted([],foo=1); sorted(); sum([], foo=1); sum(); print(foo=1); [].sort(1); [].sort(foo=1); int(1,2,3); int(foo=1); int(x=1); float(1,2); float(x=1)
''.split(1,2,3); ''.split(sep=1,foo=2); [].pop(1,2); [].insert(1); [].insert(1,x=2); [].append(x=1); [].clear(1); [].clear(x=1); len(x=1); len(); math.sqrt(); math.gcd(x=1); isinstance(1); max(foo=1); max(1,2,foo=1)
list.append(); list.append(1); list.append(1,2); list.append([]); int.__add__(); int.__add__(1); int.__add__('a',1); (1).__add__(); (1).__add__(x=1); (1).__neg__(1); (1).__pow__(); (1).__pow__(1,2,3); [].__getitem__(); dict.fromkeys(); dict.fromkeys(x=1); dict.__dict__['fromkeys'](1);dict.__dict__['fromkeys']();dict.__dict__['fromkeys'](int)
str.maketrans(); object.__new__(); object.__new__(1); object.__new__(int); int.__new__(str); int.__new__(object); object(1); C(1); C(x=1); object.__init__(1,2); int.__new__(); type(); type(1,2); type('a',(),{},x=1); type('a',1,{}); type('a',(),1); type(1,(),{}); type(x=1)
pow(1); round(); compile(1); exec(); property(1,2,3,4,5); property(foo=1); (1).to_bytes(1,2,3,4); (1).to_bytes(1,'big',True); int.from_bytes(); ''.encode(1,2,3); ''.encode(foo=1); ''.encode('a',encoding='b'); type(sys)(); super(1); super(); enumerate(); zip(foo=1); map(); staticmethod(); classmethod(1,2); classmethod(x=1); type(None)(1); type(...)(1); type(type(None).__dict__)(); type(len)()'''.replace('\n',';').split(';'):
    ex(s.strip())
print(len.__text_signature__, [].append.__text_signature__, list.append.__text_signature__, dict.fromkeys.__text_signature__, int.__add__.__text_signature__)
print(C.__dict__.keys(), C.__mro__, C.__bases__, C.__name__, C.__qualname__, C.__module__, C.__doc__)
