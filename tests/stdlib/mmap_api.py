# mmap: anonymous and file maps as file, sequence and buffer; errors
import mmap
import os
import tempfile


def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


m = mmap.mmap(-1, 10)
print(m, len(m), m.closed, m[:], m.tell())
m[0] = 65
m[1:4] = b'bcd'
m[4:10:2] = b'xyz'
print(m[:], m[0], m[-6], m[::-3], m.find(b'cd'), m.find(b'q'), m.rfind(b'\0'), m.find(b'A', 1), m.find(b'', 3), list(m)[:3])
print(m.read(3), m.read_byte(), m.tell(), m.write(b'12'), m.write_byte(51), m.read(), m.read(5), m.seek(-2, 2), m.read(1), m.seek(0), m.readline())
m.move(0, 4, 3)
print(m[:], bytes(memoryview(m)[2:5]), m.flush())
t(m.size)
for f in (lambda: m[10], lambda: m[-11], lambda: m['a'], lambda: m.__setitem__('a', 1), lambda: m.__setitem__(0, 300), lambda: m.__setitem__(0, 'a'), lambda: m.__delitem__(0),
          lambda: m.__delitem__(slice(0, 1)), lambda: m.__setitem__(slice(0, 2), b'abc'), lambda: m.seek(11), lambda: m.seek(0, 9), lambda: m.write(b'x' * 20), lambda: m.move(5, 0, 9),
          lambda: m.write('a'), lambda: m.find('a'), lambda: m.flush(5, 10), lambda: m.write_byte(256), lambda: b'A' in m, lambda: m + b'a', lambda: m * 2):
    t(f)
v = memoryview(m)
v[0] = 90
t(m.close)
t(lambda: m.resize(20))
v.release()
m.resize(20)
print(len(m), m[:12])
with m:
    print(m[0])
print(m, m.closed)
t(lambda: m[0])
t(lambda: len(m))
t(m.read)
for a in ((-1, -1), (-1, 5, mmap.MAP_SHARED, mmap.PROT_READ, mmap.ACCESS_READ), (-1, 10, 0, 0, 9), (999, 5), (-1, 5, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE, mmap.ACCESS_DEFAULT, -1)):
    t(lambda: mmap.mmap(*a))
with tempfile.TemporaryFile() as f:
    f.write(b'line one\nline two\n' + b'.' * 5000)
    f.flush()
    r = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
    print(len(r), r.readline(), r.readline(), r.size(), r)
    t(lambda: r.__setitem__(0, 1))
    t(lambda: r.write(b'a'))
    t(lambda: r.resize(10))
    print(memoryview(r).readonly)
    c = mmap.mmap(f.fileno(), 8, access=mmap.ACCESS_COPY)
    c[:4] = b'LINE'
    w = mmap.mmap(f.fileno(), 0, offset=0)
    w[5:8] = b'ONE'
    w.flush()
    print(c[:], w[:8], r[:8], len(mmap.mmap(f.fileno(), 0, offset=mmap.ALLOCATIONGRANULARITY)))
    w.resize(100)
    print(len(w), os.fstat(f.fileno()).st_size)
    t(lambda: mmap.mmap(f.fileno(), 5000))
    t(lambda: mmap.mmap(f.fileno(), 0, offset=mmap.ALLOCATIONGRANULARITY))
    f.truncate(0)
    t(lambda: mmap.mmap(f.fileno(), 0))


class M(mmap.mmap):
    pass


s = M(-1, 3)
s.x = 1
print(s.x, len(s), type(s).__name__, mmap.error is OSError)
