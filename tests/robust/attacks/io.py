# Streams over raw streams, buffers and codecs of Python that come back to the stream, and give impossible answers.
### io bytesio
import io

def clr():
    b.__init__(b'')
    spray()
for op in ('b.read(I(clr,5))', 'b.seek(I(clr,5))', 'b.truncate(I(clr,5))', 'b.readline(I(clr,5))', 'b.readlines(I(clr,5))',
          'b.write(bytearray(5))', 'b.writelines(g())', 'b.readinto(bytearray(9))', 'b.__setstate__((b"x",I(clr,2),None))',
          '[clr() for x in b]', 'b.getbuffer()[I(clr,3)]', 'b.__init__(b.getbuffer())', 'b.seek(I(clr,50),I(clr,0))'):

    def g():
        for i in range(5):
            clr()
            yield b'abc'
    b = io.BytesIO(b'abc\n' * 50)
    try:
        eval(op)
    except Exception as e:
        pass
b = io.BytesIO(b'abc' * 50)
v = b.getbuffer()
for f in (lambda: b.write(b'x' * 1000), lambda: b.truncate(1), lambda: b.close(), lambda: b.__init__(b'zz'),
          lambda: b.__setstate__((b'', 0, None)), lambda: b.readinto(v), lambda: b.write(v), lambda: v.release()):
    try:
        f()
    except Exception:
        pass
b = io.BytesIO(b'abc' * 50)
v = b.getbuffer()
del b
gc.collect()
v[3]
v.release()
b = io.BytesIO(b'abc')
x = b.getvalue()
b.write(b'zz')
assert x == b'abc'
### io stringio
import io

def clr():
    try:
        s.__init__('')
    except Exception:
        pass
    spray()
for op in ('s.read(I(clr,5))', 's.seek(I(clr,5))', 's.truncate(I(clr,5))', 's.readline(I(clr,5))', 's.writelines(g())',
          '[clr() for x in s]', 's.__setstate__(("x","\\n",I(clr,2),None))', 's.seek(10**9),s.write("a") if 0 else 0',
          's.close(),s.read()'):

    def g():
        for i in range(5):
            clr()
            yield 'abc'
    s = io.StringIO('abc\n' * 50)
    try:
        eval(op)
    except Exception as e:
        pass
### io buffered raw evil
import io

class Raw(io.RawIOBase):

    def readable(s):
        return True

    def writable(s):
        return True

    def seekable(s):
        return True

    def readinto(s, b):
        keep.append(b)
        act()
        b[:5] = b'ab\ncd'
        return s.n

    def write(s, b):
        keep.append(b)
        act()
        b[:5] = b'ab\ncd'
        return s.n

    def seek(s, *a):
        act()
        return 0

    def tell(s):
        act()
        return 0

    def truncate(s, *a):
        act()
        return 0

    def readall(s):
        act()
        return b'abc'
    n = 5
keep = []
depth = 0

def mk(a):

    def act():
        global depth
        spray()
        if depth < 3:
            depth += 1
            try:
                a()
            except BaseException as e:
                pass
            depth -= 1
    return act
for cls in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom):
    for n in (5, 10 ** 6, -3, None, 'x', 2 ** 70):
        for a in (lambda: f.close(), lambda: f.detach(), lambda: f.__init__(Raw()), lambda: f.__init__(Raw(), 1), lambda: f.read(3),
                  lambda: f.write(b'zzz'), lambda: f.seek(0), lambda: f.flush(), lambda: f.__init__(None)):
            for op in ('f.read(3)', 'f.read()', 'f.read1(5)', 'f.peek(3)', 'f.readinto(bytearray(50))', 'f.readinto1(bytearray(50))',
                      'f.readline()', 'f.write(b"x"*100)', 'f.write(b"x"*10),f.flush()', 'f.seek(3)', 'f.tell()', 'f.truncate(3)',
                      'f.close()', 'list(zip(f,range(3)))', 'f.__repr__()', 'f.detach()'):
                act = lambda: None
                r = Raw()
                Raw.n = n
                try:
                    f = cls(r, 16)
                except Exception:
                    continue
                act = mk(a)
                try:
                    eval(op)
                except Exception as e:
                    pass
                act = lambda: None
                try:
                    f.detach()
                except Exception:
                    pass
        for k in keep[-20:]:
            try:
                k[0] = 1
                bytes(k)
            except Exception:
                pass
        keep.clear()
### io text evil
import io, codecs

class Buf(io.BytesIO):

    def read1(s, n=-1):
        act()
        return s.v

    def read(s, n=-1):
        act()
        return s.v

    def write(s, b):
        act()
        return len(b)

    def seek(s, *a):
        act()
        return 0

    def tell(s):
        act()
        return 0

    def flush(s):
        act()
    v = b'abc\ndef'
depth = 0

def mk(a):

    def act():
        global depth
        spray()
        if depth < 3:
            depth += 1
            try:
                a()
            except BaseException as e:
                pass
            depth -= 1
    return act

class Dec(codecs.IncrementalDecoder):

    def decode(s, x, final=False):
        act()
        return Dec.r

    def getstate(s):
        act()
        return Dec.st

    def setstate(s, x):
        act()

    def reset(s):
        act()
    r = 'xyz'
    st = (b'', 0)

class Enc(codecs.IncrementalEncoder):

    def encode(s, x, final=False):
        act()
        return Dec.er
    er = b'x'
act = lambda: None

def search(n):
    if n == 'evilc':
        return codecs.CodecInfo(lambda x, e='': (b'x', 1), lambda x, e='': ('x', 1), Enc, Dec, name='evilc')
codecs.register(search)
for enc in ('utf-8', 'evilc', 'utf-16'):
    for v in (b'abc\ndef', b'', None, 'x', 5):
        for a in (lambda: f.close(), lambda: f.detach(), lambda: f.__init__(Buf(), encoding=enc), lambda: f.read(3),
                  lambda: f.write('zzz'), lambda: f.seek(0), lambda: f.flush(), lambda: f.reconfigure(encoding='latin-1'),
                  lambda: f.__init__(None)):
            for r, st in (('xyz', (b'', 0)), (None, None), (5, (5, 5)), ('\r', (b'a' * 10, -1)), ('', ('', 10 ** 30))):
                for op in ('f.read(3)', 'f.read()', 'f.readline()', 'f.write("x"*100)', 'f.write("x\\n"*10),f.flush()', 'f.seek(3)',
                          'f.readline(),f.tell()', 'f.truncate(3)', 'f.close()', 'list(zip(f,range(3)))', 'f.__repr__()', 'f.detach()',
                          'f.seek(0,2)', 'f.readline(),f.seek(f.tell())', 'f.seek(2**80+5)', 'f.seek(12345678901234567890)'):
                    act = lambda: None
                    Dec.r, Dec.st = ('xyz', (b'', 0))
                    Buf.v = b'abc\n'
                    try:
                        f = io.TextIOWrapper(Buf(), encoding=enc)
                    except Exception:
                        continue
                    Buf.v = v
                    Dec.r = r
                    Dec.st = st
                    Dec.er = v
                    act = mk(a)
                    try:
                        eval(op)
                    except Exception as e:
                        pass
                    act = lambda: None
                    Dec.r, Dec.st = ('xyz', (b'', 0))
                    Dec.er = b'x'
                    try:
                        f.detach()
                    except Exception:
                        pass
### io newline decoder
import io

class D2:

    def decode(s, x, final=False):
        spray()
        n.__init__(None, True)
        return s.r

    def getstate(s):
        n.__init__(None, True)
        return (b'', 5)

    def setstate(s, x):
        n.__init__(None, True)

    def reset(s):
        n.__init__(None, True)
for r in ('a\r\nb\r', b'x', None, 5, '', 'ሴ\r'):
    n = io.IncrementalNewlineDecoder(D2(), True)
    D2.r = r
    for op in ('n.decode(b"abc\\r")', 'n.decode(b"abc\\n",True)', 'n.getstate()', 'n.setstate((b"",3))', 'n.reset()', 'n.newlines'):
        n.__init__(D2(), True)
        try:
            eval(op)
        except Exception:
            pass
n = io.IncrementalNewlineDecoder.__new__(io.IncrementalNewlineDecoder)
for op in ('n.decode(b"abc\\r")', 'n.decode(b"abc\\n",True)', 'n.getstate()', 'n.setstate((b"",3))', 'n.reset()', 'n.newlines'):
    try:
        eval(op)
    except Exception:
        pass
for c in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.BufferedRWPair, io.TextIOWrapper, io.FileIO, io.BytesIO, io.StringIO):
    o = c.__new__(c)
    for a in dir(o):
        for ar in ((), (1,), (b'x',), ('x',), (bytearray(3),)):
            if a in ('__init__', '__class__', '__init_subclass__'):
                continue
            try:
                x = getattr(o, a)
                x(*ar)
            except Exception:
                pass
