"""memoryview: formats, casts, slices, exports."""
import struct


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


b = bytearray(range(24))
m = memoryview(b)
print(m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.suboffsets, m.readonly, m.c_contiguous, m.obj is b, len(m))
print(m[0], m[-1], m[2:5].tolist(), m[::-2].tolist(), bytes(m[::5]), m[1:3] == b"\x01\x02", m.hex()[:8], m[:4].hex(":"))
m[0] = 99
m[1:3] = b"xy"
print(bytes(b[:4]))
show(lambda: m.__setitem__(0, 256))
show(lambda: m.__setitem__(0, "a"))
show(lambda: m.__setitem__(slice(0, 2), b"abc"))
show(lambda: m[99])
show(lambda: m["a"])
show(lambda: m.__delitem__(0))
i = m.cast("i")
print(i.tolist() == list(struct.unpack("6i", b)), i.shape, i.format, i.itemsize, i[1])
i[1] = -5
print(m[4:8].tolist())
g = m.cast("B", shape=[2, 3, 4])
print(g.ndim, g.shape, g.strides, g.tolist()[1][2], g[1, 2, 3], len(g), g.tobytes()[:3], g.tobytes("F")[:6], g[1:].shape)
show(lambda: g[0])
show(lambda: g[0, 0])
show(lambda: g[0, 0, 0, 0])
show(lambda: g[0, 9, 0])
show(lambda: m.cast("x"))
show(lambda: m[::2].cast("h"))
show(lambda: i.cast("h"))
show(lambda: m.cast("B", shape=[5]))
show(lambda: m.cast("B", shape=5))
f = memoryview(struct.pack("3d", 1.5, float("nan"), -2)).cast("d")
print(f.tolist()[0], f == f, f[:1] == memoryview(b"x"), memoryview(struct.pack("2f", 1, 2)).cast("f") == memoryview(struct.pack("2d", 1, 2)).cast("d"))
for c in "bBhHiIlLqQnN?cfd":
    n = struct.calcsize(c)
    v = memoryview(bytearray(n)).cast(c)
    v[0] = {"c": b"z", "?": True, "f": 1.5, "d": 2.5}.get(c, 7)
    print(c, n, v[0], v.format, end="; ")
print()
r = memoryview(b"abc")
print(r.readonly, hash(r) == hash(b"abc"), r.toreadonly().readonly, m.toreadonly().readonly, list(r), b"b" in r, 98 in r)
show(lambda: r.__setitem__(0, 1))
show(lambda: hash(m))
show(lambda: memoryview("x"))
with memoryview(b"q") as w:
    print(w[0])
show(lambda: w[0])
print(str(w).startswith("<released memory at 0x"))
w2 = memoryview(b)
inner = memoryview(w2)
w2.release()
print(inner[0])
show(lambda: w2.tolist())
show(lambda: b.append(1))
inner.release()
i.release(), g.release(), m.release()
show(lambda: b.append(1))
e = memoryview(b"")
print(e.tolist(), e.shape, e == b"", memoryview(b"ab").cast("B", []) if False else "")
z = memoryview(b"\x05").cast("B", ())
print(z.ndim, z.shape, z[()], z.tolist(), z.tobytes())
