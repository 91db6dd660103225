# Steps as large as a script likes: behind the last item the index would leave 64 bits (a matter for the sanitized run).
import array
import mmap
import sys

m = mmap.mmap(-1, 6)
m[:] = b'abcdef'
for s in ([1, 2, 3, 4], (1, 2, 3, 4), 'abcd', b'abcd', bytearray(b'abcd'), array.array('b', b'abcd'), m, memoryview(b'abcd'), range(4)):
    for step in sys.maxsize, -sys.maxsize, 1 << 70, -1 << 70:
        part = s[1::step]
        print(type(s).__name__, part.tobytes() if isinstance(part, memoryview) else part)
for s in [1, 2, 3, 4], bytearray(b'abcd'), array.array('b', b'abcd'), m:
    for step in sys.maxsize, -sys.maxsize:
        s[2::step] = s[:1]
    if s is not m:
        del s[1::sys.maxsize]
        del s[1::-sys.maxsize]
    print(s[:])
