# array.array: item ranges of each type code, methods, buffers.
from array import array
import array as am
def t(f):
    try: r=repr(f())
    except BaseException as e: r=type(e).__name__+' '+str(e)
    print(r.split(' at 0x')[0])
for c in 'bBhHiIlLqQfdu':
    for v in ('a', 1.5, -1, -2**70, 2**70, 300, -300, 70000, -70000, 2**33, -2**33, None, 'ab', b'a'):
        try: print(array(c,[v]))
        except BaseException as e: print(c, repr(v)[:8], type(e).__name__, e)
a=array('i',[1,2,3])
for f in (lambda:array(), lambda:array(1), lambda:array('ii'), lambda:array('x'), lambda:array('i',1), lambda:array('i','a'), lambda:array('i',array('u','a')), lambda:array('i',b'abc'), lambda:array('i',[1],2), lambda:array('i',foo=1), lambda:a['x'], lambda:a[9], lambda:a.__setitem__('x',1), lambda:a.__setitem__(9,1), lambda:a.__setitem__(slice(0,1),[1]), lambda:a.__setitem__(slice(0,3,2),array('i',[1])), lambda:a.__setitem__(slice(0,1),array('b',[1])), lambda:a+[1], lambda:a+array('b'), lambda: a.__iadd__([1]), lambda:a.__iadd__(array('b')), lambda:a.extend(array('b')), lambda:a.extend(5), lambda:a.fromlist(5), lambda:a.fromlist(['a']), lambda:a.frombytes('a'), lambda:a.frombytes(b'abc'), lambda:a.fromunicode('a'), lambda:a.tounicode(), lambda:array('u','ab').tounicode(), lambda:a.pop(10), lambda:array('i').pop(), lambda:a.remove(10), lambda:a.index(10), lambda:a.index(2,0,1), lambda:a.insert('a',1), lambda:a<5, lambda:a*2, lambda:a, lambda:array('i'), lambda:array('u','a\xe9'), lambda:a.byteswap(), lambda:a, lambda:array('d',[1.5]), lambda:iter(a), lambda:iter(a).__reduce__(), lambda:a.__reduce_ex__(2), lambda:a.__reduce_ex__(3), lambda: hash(a), lambda:array('f',[1.1]), lambda: a.__sizeof__()>0, lambda: memoryview(a).format, lambda:memoryview(array('u','a')).format,  lambda:a.count(1), lambda:array('b',bytearray(b'ab')), lambda: a*-1, lambda:array('i',range(3)), lambda: a.__class_getitem__(int), lambda: array('i',a), lambda: am._array_reconstructor(array,'i',9,b'\0\0\0\1'), lambda: am._array_reconstructor(array,'d',17,b'?\xf0\0\0\0\0\0\0'), lambda:am._array_reconstructor(array,'u',18,b'a\0'), lambda:array('i',[3,1])<array('i',[3,2]), lambda:array('f',[1])==array('i',[1])): t(f)
def ex():
    a=array('i',[1]); m=memoryview(a); a.append(1)
t(ex)
x=array('i',range(20)); x[2:5]=array('i',[9]); print(x); del x[::3]; print(x); x[::2]=x[::2][::-1]; print(x, x[::-1], x[3:1]); del x[-1]; x.reverse(); print(x, 9 in x, list(x), sum(x), len(x)); x*=2; x+=x; print(x); print(memoryview(x)[0], bytes(array('h',[1,2])), x.tobytes()[:8], x.buffer_info()[1])
class A(array):
    def __new__(c,*a,**k): return array.__new__(c,'i',[1,2])
y=A(); y.foo=1; print(y, y.foo, y.__reduce_ex__(4)[2]); import copy; print(copy.copy(y), copy.deepcopy(a))
