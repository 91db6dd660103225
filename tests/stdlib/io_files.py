"""_io: files, buffers, text, memory streams."""
import io
import os
import tempfile

tmp = tempfile.mkdtemp()
path = os.path.join(tmp, "f")


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, str(e).replace(tmp, "TMP"))


with open(path, "w", encoding="utf-8") as f:
    print(f.write("hello\nwörld\n"), f.encoding, f.errors, f.newlines, f.line_buffering, f.mode, f.readable(), f.writable(), f.seekable(), f.closed)
    f.writelines(["a\n", "b"])
    print(f.tell(), repr(f).replace(tmp, "TMP"))
print(f.closed, open(path, "rb").read())
with open(path, encoding="utf-8") as f:
    print(f.readline(), f.tell(), f.read(3), f.tell(), f.seek(0), f.readlines(), f.read())
    for i, line in enumerate(f):
        print(i, line)
show(lambda: open(os.path.join(tmp, "none")))
for mode in ("", "rw", "z", "rt+b", "U"):
    show(lambda: open(path, mode))
show(lambda: open(path, "rb", encoding="x"))
show(lambda: open(path, "r", 0))
show(lambda: open(path, "r", newline="q"))
show(lambda: open(path, "x"))
show(lambda: open(-1))
show(lambda: open(path, encoding="utf-8").write("x"))
show(lambda: open(path, "w", encoding="utf-8").read())
with open(path, "wb", buffering=4) as f:
    print(f.write(b"0123456789"), f.tell(), f.write(b"ab"), f.flush(), f.seek(2), f.write(b"XY"), f.raw.mode, f.name == path)
with open(path, "r+b") as f:
    print(f.read(3), f.tell(), f.write(b"--"), f.read(), f.seek(-2, 2), f.read(1), f.peek()[:1], f.truncate(4), f.seek(0), f.read(), f.read1(), f.readinto(bytearray(2)))
show(lambda: f.read())
print(repr(f).replace(tmp, "TMP"))
for nl in (None, "", "\n", "\r", "\r\n"):
    with open(path, "wb") as f:
        f.write(b"a\nb\r\nc\rd")
    with open(path, newline=nl, encoding="ascii") as f:
        print(repr(nl), f.readlines(), f.newlines)
    with open(path, "w", newline=nl, encoding="ascii") as f:
        f.write("x\ny\r\n")
    print(open(path, "rb").read())
for enc in ("utf-16", "utf-8-sig", "latin-1", "utf-32-le"):
    with open(path, "w", encoding=enc) as f:
        f.write("äb\n")
    with open(path, "a", encoding=enc) as f:
        f.write("ü")
    with open(path, encoding=enc) as f:
        print(enc, open(path, "rb").read(), f.readline(), f.tell() > 0, f.read())
with open(path, "wb") as f:
    f.write("aé€\n".encode() * 3000)
with open(path, encoding="utf-8") as f:
    f.read(7001)
    p = f.tell()
    rest = f.read(10)
    f.seek(p)
    print(f.read(10) == rest, len(f.read()))
    f.seek(0)
    next(f)
    show(f.tell)
b = io.BytesIO(b"line1\nline2")
print(b.readline(), b.read(2), b.tell(), b.seek(0, 2), b.write(b"!"), b.getvalue(), b.truncate(3), b.getvalue(), b.seek(1), list(b), b.seek(5), b.write(b"z"), b.getvalue())
v = b.getbuffer()
show(lambda: b.write(b"x"))
v[0] = 76
v.release()
print(b.getvalue(), b.readable(), b.isatty())
b.close()
show(b.read)
s = io.StringIO("a\r\nb\nc", newline=None)
print(s.getvalue(), s.readlines(), s.newlines, io.StringIO("a\r\nb", newline="").readlines(), io.StringIO("x\n", newline="\r\n").getvalue().encode())
s = io.StringIO()
print(s.write("héé"), s.seek(1), s.write("€"), s.getvalue(), s.tell(), s.truncate(2), s.getvalue(), s.seek(4), s.write("."), ascii(s.getvalue()))
show(lambda: s.write(b"x"))
show(lambda: s.seek(-1))
print("x", 5, file=s)
print(ascii(s.getvalue()))


class Raw(io.RawIOBase):
    def __init__(self, chunks):
        self.chunks = list(chunks)
        self.out = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buf):
        if not self.chunks:
            return 0
        c = self.chunks.pop(0)
        if c is None:
            return None
        buf[: len(c)] = c
        return len(c)

    def write(self, data):
        self.out.append(bytes(data))
        return len(data)


print(list(io.BufferedReader(Raw([b"ab\nc", b"d\n", b"e"]))), io.BufferedReader(Raw([b"a", None, b"b"])).read(), Raw([b"xy"]).read(5), Raw([b"x", b"y"]).readall())
r = Raw([])
w = io.BufferedWriter(r, 4)
print(w.write(b"ab"), w.write(b"cdef"), w.flush(), r.out)
t = io.TextIOWrapper(io.BufferedWriter(r), encoding="ascii", errors="replace", newline="\r\n", write_through=True)
print(t.write("é\n"), t.flush(), r.out[-1], t.detach())
show(lambda: t.write("x"))
p = io.BufferedRWPair(Raw([b"abc"]), Raw([]))
print(p.read(2), p.write(b"q"), p.readable(), p.closed)
d = io.IncrementalNewlineDecoder(None, True) if hasattr(io, "IncrementalNewlineDecoder") else None
import _io

d = _io.IncrementalNewlineDecoder(None, True)
print(ascii(d.decode("a\r")), ascii(d.decode("\nb\r\n")), repr(d.newlines), d.getstate(), ascii(d.decode("\r", final=True)))
show(lambda: io.IOBase().fileno())
os.unlink(path)
os.rmdir(tmp)
