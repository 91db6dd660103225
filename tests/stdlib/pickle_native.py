"""_pickle: bytes written, errors, out-of-band buffers, persistent ids, reducers."""
import _pickle, io, pickle, copyreg, os

for o in [None, True, 1, -1, 300, 70000, 2**31, -2**63, 2**100, 1.5, 'a', 'é\u1234\U00012345\n', b'x', b'',
          bytearray(b'q'), (), (1,), (1, 2, 3, 4), [1, 2], [], {1: 2}, {}, {1}, frozenset([1]), int, len, ...]:
    for p in range(6):
        s = pickle.dumps(o, p)
        assert s == pickle._dumps(o, p) or p == 5 or isinstance(o, (bytes, set, frozenset, bytearray)) or o == (), o
        assert repr(pickle.loads(s)) == repr(o)
    print(pickle.dumps(o, 0), pickle.dumps(o, 4))
print(len(pickle.dumps(list(range(1001)))), len(pickle.dumps(dict.fromkeys(range(1000)))))

class C:
    def __init__(self, x):
        self.x = x
    def __eq__(self, other):
        return self.x == other.x

class S:
    __slots__ = 'a', 'b'

for p in range(6):
    assert pickle.loads(pickle.dumps(C([1]), p)) == C([1])
for p in range(2, 6):
    s = S()
    s.a = 5
    assert pickle.loads(pickle.dumps(s, p)).a == 5
a = []
a.append((a, {1: a}))
b = pickle.loads(pickle.dumps(a))
print(b[0][0] is b, b[0][1][1] is b)
assert type(os.stat('.')) is os.stat_result
assert pickle.loads(pickle.dumps(os.stat('.'))) == os.stat('.')

def try_(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__module__, type(e).__name__, e)

try_(pickle.loads, b'')
try_(pickle.loads, b'K')
try_(pickle.loads, b'a.')
try_(pickle.loads, b'(.')
try_(pickle.loads, b'\x80\x09.')
try_(pickle.loads, b'\xff')
try_(pickle.loads, b"S'abc\n.")
try_(pickle.loads, b"h\x05.")
try_(pickle.loads, b"N\x85b.")
try_(pickle.loads, b'Pid\n.')
try_(pickle.loads, b'B\xff\xff\xff\x7fabc.')
try_(pickle.dumps, 1, 6)
try_(pickle.dumps, 1, buffer_callback=print)
try_(pickle.Pickler, 1)
try_(pickle.Unpickler, 1)
class R:
    def __init__(self, r):
        self.r = r
    def __reduce__(self):
        return self.r
for r in [1, (1,), (1, 2), (int, 1), (int, (), None, 1), (int, (), None, None, 1), (int, (), 1, None, None, 1)]:
    try_(pickle.dumps, R(r))

class P(pickle.Pickler):
    def persistent_id(self, o):
        return 'id%d' % o if isinstance(o, int) else None
class U(pickle.Unpickler):
    def persistent_load(self, pid):
        return 'got ' + pid
    def find_class(self, module, name):
        return module, name
for p in 0, 4:
    f = io.BytesIO()
    P(f, p).dump([1, 'x'])
    print(U(io.BytesIO(f.getvalue())).load())
print(U(io.BytesIO(b'cnothing\nhere\n.')).load())

data = bytearray(b'abc' * 10)
bufs = []
s = pickle.dumps([pickle.PickleBuffer(data), pickle.PickleBuffer(b'ro')], 5, buffer_callback=bufs.append)
print(s, [bytes(b.raw()) for b in bufs])
r = pickle.loads(s, buffers=bufs)
print([type(x).__name__ for x in r])
try_(pickle.loads, s)
try_(pickle.loads, s, buffers=[])

class D(pickle.Pickler):
    def reducer_override(self, o):
        return (str, (repr(o),)) if isinstance(o, C) else NotImplemented
f = io.BytesIO()
d = D(f)
d.dump([C(1).x, 2])
print(pickle.loads(f.getvalue()))
print(sorted(n for n, v in d.memo.copy().values()), d.bin, d.fast)
f = io.BytesIO()
d = pickle.Pickler(f)
d.dispatch_table = {C: lambda c: (int, (c.x,))}
d.dump(C(7))
print(pickle.loads(f.getvalue()))
