# Classes, metaclasses and corners of ctypes: what else scripts do with the types.
from ctypes import *
import ctypes, ctypes.wintypes, ctypes.util, sys
def t(f,*a,**k):
    try: print(repr(f(*a,**k)).split(' at 0x')[0])
    except Exception as e: print(type(e).__name__,e)
class M(type(Structure)):
    def __new__(m,n,b,d): d.setdefault('_fields_',[('z',c_int)]); return super().__new__(m,n,b,d)
    def __init__(cls,n,b,d): super().__init__(n,b,d); cls.made=True
class X(Structure, metaclass=M): pass
print(X.z, X.made, sizeof(X), X(3).z, type(X*2), (X*2)()[0].z)
class Y(X): _fields_=[('q',c_int)]
print(sizeof(Y), Y(1,2).q, Y.z)
class Mixin:
    def hello(self): return self.z
class W(Mixin, X): pass
print(W(5).hello(), W.__mro__[1:3])
class Slots(Structure):
    __slots__=('extra',)
    _fields_=[('a',c_int)]
s=Slots(3); s.extra=5; print(s.a,s.extra); t(setattr,s,'zz',3)
class TwoBases(X, Slots): pass
print(sizeof(TwoBases), TwoBases.a)
t(lambda: c_int.__class__('N',(c_int,),{}))
t(issubclass,c_int,ctypes._SimpleCData)
# __class__ assignment
class A(Structure): _fields_=[('a',c_int)]
class B(Structure): _fields_=[('a',c_int)]
a=A(1); a.__class__=B; print(type(a))
# descriptors on classes
t(lambda: A.a.__set__(a,5)); t(lambda: A.__dict__['a'].__get__(a)); 
t(setattr,A,'a',5); print(A(1).a)
t(lambda: delattr(B,'a'))
print(c_int.from_param.__name__, type(c_int.from_param), c_int.from_param.__self__)
print(POINTER(c_int).from_param(byref(c_int(3))).__class__, t(POINTER(c_int).from_param,byref(c_long(3))), t(POINTER(c_int).from_param, 3), t(POINTER(c_int).from_param,'x'))
print(type((c_int*3).from_param((c_int*3)())).__name__, t((c_int*3).from_param, [1,2,3]), t(A.from_param, 3))
t(CFUNCTYPE(None).from_param, 3); t(CFUNCTYPE(None).from_param, None)
# ctypes.wintypes
w=ctypes.wintypes
print(w.DWORD, w.VARIANT_BOOL(True), w.RECT(1,2,3,4).right, sizeof(w.WIN32_FIND_DATAW), w.LPCWSTR)
# big things
t(lambda: (c_char*(1<<20))().raw == bytes(1<<20)); t(lambda: sizeof(c_int*(1<<40))); t(lambda: (c_char*(1<<55))())
print(len((A*0)()), list((A*0)()), sizeof(A*0))
t(lambda: memoryview((c_int*0)()).tolist())
# copy of struct
a1=(A*2)(A(1),A(2)); a1[0]=a1[1]; print(a1[0].a)
x=A(7); y=A.from_buffer_copy(x); print(y.a, bytes(y)==bytes(x)); z=A.from_buffer(x); 

def f(*a): return a
print(f(*(c_int*3)(1,2,3)), dict(zip('ab',(c_char*2)(b'x',b'y'))), sorted((c_int*3)(3,1,2)), max((c_int*3)(3,1,2)))
a,b,c=(c_int*3)(1,2,3); print(a,b,c)
match c_int(3):
    case ctypes.c_int(value=v): print('matched',v)
print(c_int(3) in [c_int(3)], isinstance(CFUNCTYPE(None), type), callable(CFUNCTYPE(None)()))
t(lambda: c_int() < c_int()); t(lambda: c_int(3)+1); t(lambda: int(c_int(3))); t(lambda: '%d'%c_int(3)); t(lambda: len(c_int())); t(lambda: c_int()[0]); t(lambda: iter(A()))
t(lambda: f'{c_int(3)} {c_int(3)!r:>12}'); 
print(A.__doc__, A.__module__, A.__name__, A._fields_, hasattr(A,'_pack_'))
print(ctypes.ARRAY(c_int,3), ctypes.SetPointerType.__name__, ctypes._pointer_type_cache is ctypes.__dict__['_pointer_type_cache'])
e=ctypes.ArgumentError('x'); print(repr(e), ctypes.ArgumentError.__mro__, ctypes.ArgumentError.__module__)
print(cdll.__class__, pydll._dlltype, LibraryLoader[CDLL])
print(ctypes.DEFAULT_MODE, RTLD_GLOBAL, CDLL(None, mode=RTLD_GLOBAL)._FuncPtr.__bases__)
t(lambda: CDLL(5)); t(lambda: CDLL(b'libm.so.6')._name); t(CDLL); t(lambda: CDLL(None,handle=5)._handle)
import pathlib; t(lambda: CDLL(pathlib.Path('libm.so.6'))._name)
