"""bz2 and lzma: round trips, limits, errors; tar archives with both."""
import bz2
import io
import lzma
import tarfile

DATA = b''.join(b'line %d of some text\n' % (i * 7919 % 1000) for i in range(5000))
print(bz2.compress(b'hello'), bz2.decompress(bz2.compress(DATA)) == DATA, len(bz2.compress(DATA)))
for kw in ({}, {'format': lzma.FORMAT_ALONE}, {'check': lzma.CHECK_SHA256, 'preset': 1},
           {'format': lzma.FORMAT_RAW, 'filters': [{'id': lzma.FILTER_DELTA, 'dist': 5}, {'id': lzma.FILTER_LZMA2, 'preset': 4}]}):
    c = lzma.compress(DATA, **kw)
    raw = {k: v for k, v in kw.items() if k in ('format', 'filters')}
    print(len(c), lzma.decompress(c, **raw) == DATA)

for cls, packed in ((bz2.BZ2Decompressor, bz2.compress(DATA) + b'tail'), (lzma.LZMADecompressor, lzma.compress(DATA) + b'tail')):
    d = cls()
    out = d.decompress(packed, max_length=1000)
    print(len(out), d.eof, d.needs_input, d.unused_data)
    while not d.eof:
        out += d.decompress(b'', max_length=50000)
    print(out == DATA, d.eof, d.needs_input, d.unused_data)
    d = cls()
    out = b''
    for i in range(0, len(packed) - 4, 777):
        out += d.decompress(packed[i:min(i + 777, len(packed) - 4)])
    print(out == DATA, d.eof)
    for bad in (lambda: d.decompress(b'x'), lambda: cls().decompress(b'garbage here'), lambda: cls().decompress('text')):
        try:
            bad()
        except Exception as e:
            print(type(e).__module__, type(e).__name__, e)
for f in (lambda: bz2.BZ2Compressor(10), lambda: lzma.LZMACompressor(preset=10), lambda: lzma.LZMACompressor(format=9),
          lambda: lzma.LZMACompressor(preset=1, filters=[]), lambda: lzma.LZMADecompressor(format=lzma.FORMAT_RAW),
          lambda: lzma.LZMADecompressor(memlimit=10).decompress(lzma.compress(DATA)),
          lambda: lzma.LZMACompressor(format=lzma.FORMAT_RAW, filters=[{'id': 77}]),
          lambda: lzma.LZMACompressor(filters=[{'id': lzma.FILTER_LZMA2, 'foo': 1}]),
          lambda: lzma.LZMACompressor(filters=[{}]), lambda: lzma.LZMACompressor(filters=[1]),
          lambda: lzma.LZMACompressor(filters=[{'id': lzma.FILTER_DELTA}] * 5)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
p = lzma._encode_filter_properties({'id': lzma.FILTER_LZMA2, 'preset': 6})
print(p, lzma._decode_filter_properties(lzma.FILTER_LZMA2, p), lzma.is_check_supported(lzma.CHECK_CRC64))
for mode in 'bz2', 'xz', 'gz':
    f = io.BytesIO()
    with tarfile.open(fileobj=f, mode='w:' + mode) as t:
        info = tarfile.TarInfo('name')
        info.size = len(DATA)
        t.addfile(info, io.BytesIO(DATA))
    f.seek(0)
    with tarfile.open(fileobj=f) as t:
        print(t.getnames(), t.extractfile('name').read() == DATA)
with bz2.open(io.BytesIO(bz2.compress(DATA)), 'rt') as f:
    print(next(f), sum(1 for _ in f))
