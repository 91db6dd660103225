"""audioop: every function on pseudo-random samples of each width."""
import audioop
import zlib

x = 12345
data = bytearray()
for i in range(2400):
    x = (x * 1103515245 + 12345) & 0x7fffffff
    data.append(x >> 16 & 0xff)
data = bytes(data)
def crc(b):
    return len(b), zlib.crc32(b)
for w in 1, 2, 3, 4:
    print(w, audioop.max(data, w), audioop.minmax(data, w), audioop.avg(data, w), audioop.rms(data, w), audioop.cross(data, w),
          audioop.avgpp(data, w), audioop.maxpp(data, w), audioop.getsample(data, w, 3))
    for f in (lambda: audioop.mul(data, w, -0.3), lambda: audioop.add(data, data[::-1], w), lambda: audioop.bias(data, w, 77),
              lambda: audioop.reverse(data, w), lambda: audioop.byteswap(data, w), lambda: audioop.tomono(data, w, 0.4, 0.7),
              lambda: audioop.tostereo(data, w, 1, -2), lambda: audioop.lin2lin(data, w, 5 - w), lambda: audioop.lin2ulaw(data, w),
              lambda: audioop.lin2alaw(data, w), lambda: audioop.ulaw2lin(data, w), lambda: audioop.alaw2lin(data, w)):
        print(crc(f()), end=' ')
    a, state = audioop.lin2adpcm(data, w, None)
    b, state2 = audioop.adpcm2lin(a, w, state)
    print(crc(a), state, crc(b), state2)
    r, state = audioop.ratecv(data, w, 2, 8000, 11025, None, 3, 1)
    r2, state = audioop.ratecv(data, w, 2, 8000, 11025, state, 3, 1)
    print(crc(r), crc(r2), state)
print(audioop.findfit(data, data[400:600]), audioop.findfactor(data, data[::-1]), audioop.findmax(data, 100))
print(audioop.max(b'', 2), audioop.minmax(b'', 2), audioop.avg(b'', 2), audioop.rms(b'', 2), audioop.cross(b'', 2))
for f in (lambda: audioop.max(b'abc', 2), lambda: audioop.max(b'abc', 5), lambda: audioop.add(b'ab', b'abcd', 2),
          lambda: audioop.getsample(b'ab', 2, 1), lambda: audioop.findfit(b'ab', b'abcd'), lambda: audioop.ratecv(b'', 2, 0, 1, 1, None),
          lambda: audioop.ratecv(b'', 2, 1, 0, 1, None), lambda: audioop.lin2adpcm(b'', 2, (0, 99)), lambda: audioop.max('ab', 2)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__module__, type(e).__name__, e)
