# East Asian codecs: every character and every pair of bytes by checksum, errors, incremental codecs, streams.
import codecs, hashlib, io

names = """gb2312 gbk gb18030 hz big5hkscs iso2022_kr iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3
iso2022_jp_ext shift_jis cp932 euc_jp shift_jis_2004 euc_jis_2004 euc_jisx0213 shift_jisx0213 euc_kr cp949 johab big5 cp950""".split()
for k in names:
    d, e = {}, {}
    for u in list(range(0x250)) + list(range(0x2000, 0x2700)) + list(range(0x3000, 0x3400)) + list(range(0x4e00, 0x10000, 37)):
        try:
            d[u] = chr(u).encode(k)
        except UnicodeEncodeError:
            pass
    for a in range(0, 256, 3):
        for b in range(0, 256, 5):
            s = bytes([a, b])
            try:
                e[s] = s.decode(k)
            except UnicodeDecodeError as x:
                e[s] = x.start, x.end, x.reason
    print(k, len(d), hashlib.md5(repr(d).encode()).hexdigest()[:8], hashlib.md5(ascii(e).encode()).hexdigest()[:8])


def show(f, *a):
    try:
        print(ascii(f(*a)))
    except Exception as x:
        print(type(x).__name__, ascii(str(x)))


text = "abc \u3042\u4e9c\uff71 \u20ac\ud55c\u4e2d\n"
for k in names:
    for errors in "strict", "replace", "ignore", "backslashreplace", "xmlcharrefreplace":
        show(text.encode, k, errors)
    for errors in "strict", "replace", "ignore", "backslashreplace", "surrogateescape":
        show(b"a\x82\xff\xfe\x81\x41\x1b$B$\"z\x80".decode, k, errors)
codecs.register_error("cjk-test", lambda e: ("\u4e2d!", e.end))
print("a\u20a0b".encode("gbk", "cjk-test"), ascii(b"a\xff".decode("gbk", "cjk-test")))
show("\u20a0".encode, "gbk", "no-such-handler")
for k in "gb18030", "euc_jp", "shift_jis_2004", "iso2022_jp", "hz", "euc_kr":
    data = "x\u3042\u4e9c y\u4e2d\n".encode(k, "replace")
    dec = codecs.getincrementaldecoder(k)()
    out = [dec.decode(data[i:i + 1]) for i in range(len(data))]
    print(k, data, ascii(out), ascii(dec.decode(b"", True)), ascii("".join(codecs.iterdecode([data[:3], data[3:]], k))))
    enc = codecs.getincrementalencoder(k)("replace")
    print([enc.encode(c) for c in "x\u3042\u4e9c"], enc.encode("", True), enc.errors)
    dec = codecs.getincrementaldecoder(k)()
    dec.decode(data[:2])
    state = dec.getstate()
    print(state[0], ascii(dec.decode(data[2:])))
    dec.reset()
    dec.setstate(state)
    print(ascii(dec.decode(data[2:], True)))
    r = codecs.getreader(k)(io.BytesIO(data * 2))
    print(ascii(r.readline()), ascii(r.read(3)), ascii(r.readlines()))
    b = io.BytesIO()
    w = codecs.getwriter(k)(b)
    w.write("\u3042")
    w.writelines(["\u4e2d", "\n"])
    w.reset()
    print(b.getvalue())
enc = codecs.getincrementalencoder("shift_jis_2004")()
print(enc.encode("\u304b"), enc.getstate() != 0, enc.encode("\u309a"), enc.encode("\u304b"), enc.encode("x"), enc.encode("\u304b", True))
dec = codecs.getincrementaldecoder("gbk")()
show(dec.decode, b"\x81", True)
show(dec.setstate, (b"", "x"))
show(dec.setstate, 3)
f = io.TextIOWrapper(io.BytesIO("\u3042\u3044\n\u3046".encode("euc_jp")), encoding="euc_jp")
print(ascii(f.readlines()))
import _codecs_jp, _multibytecodec
show(_codecs_jp.getcodec, "gbk")
show(_codecs_jp.getcodec, 3)
show(_multibytecodec.MultibyteIncrementalEncoder)
print(_codecs_jp.getcodec("euc_jp").encode("\u3042"), ascii(_codecs_jp.getcodec("euc_jp").decode(b"\xa4\xa2", errors="strict")))
