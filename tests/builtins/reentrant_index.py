# An __index__ that shrinks, clears or releases what is being indexed: bounds are worked out after it ran.
import mmap
import sys


class Shrink:
    def __init__(self, what, value):
        self.what, self.value = what, value

    def __index__(self):
        self.what()
        return self.value


def attempt(f):
    try:
        return f()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def bytearray_case(f):
    b = bytearray(b"ab" * 64)

    def clear():
        del b[8:]

    r = attempt(lambda: f(b, lambda v: Shrink(clear, v)))
    return r, b


print(*bytearray_case(lambda b, i: b[i(4) : i(100)]))
print(*bytearray_case(lambda b, i: b[i(1) : i(100) : i(3)]))
print(*bytearray_case(lambda b, i: b.__setitem__(slice(i(4), i(100)), b"xyz")))
print(*bytearray_case(lambda b, i: b.__setitem__(slice(i(1), i(100), i(2)), b"wxyz")))
print(*bytearray_case(lambda b, i: b.hex(":", i(2))))
print(b"ab".hex(bytes_per_sep=2), attempt(lambda: b"ab".hex(bytes_per_sep="x")))

b = bytearray(b"abcd" * 8)
m = memoryview(b)


def release():
    m.release()
    b.clear()


print(attempt(lambda: m.hex(":", Shrink(release, 2))))

with mmap.mmap(-1, 64 << 10) as area:
    area[:4] = b"head"
    shrunk = []

    def shrink():
        if not shrunk:
            area.resize(4096)
        shrunk.append(1)

    print(len(area[Shrink(shrink, 0) : 64 << 10]), area[:4])

print(memoryview(b"abcd")[:: sys.maxsize].tolist(), memoryview(b"abcd")[:: -sys.maxsize - 1].tolist())
