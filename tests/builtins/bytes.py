"""bytes and bytearray."""


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


print(bytes(), bytes(3), bytes([1, 255]), bytes("é", "utf-8"), bytes(b"x"), bytes(bytearray(b"y")), bytes(memoryview(b"zz")), bytes(range(4)))
for a in ((-1,), ("x",), (1.5,), ([256],), (["a"],), (b"x", "ascii"), ("x", "ascii", "strict", 1), ("", None)):
    show(lambda: bytes(*a))
show(lambda: bytes(errors="x"))
print(repr(b"a'b"), repr(b"'\""), repr(bytes(range(256)))[:40], b"\n\t\r\\\x00\xff", bytearray(b"q'"))
for t in (bytes, bytearray):
    b = t(b"abracadabra")
    print(b[0], b[-1], b[1:4], b[::-1], b[::3], len(b), b.find(b"bra"), b.find(98), b.rfind(b"a", 0, 5), b.count(b"a"), 97 in b, b"dab" in b)
    print(b.split(b"a"), b.rsplit(b"a", 2), t(b" a  b ").split(), b.partition(b"c"), b.replace(b"a", b"X", 2), b.startswith((b"x", b"abr")), b.endswith(b"a", 0, 4))
    print(t(b"Hello World").upper(), t(b"Hello").lower(), t(b"hello world").title(), t(b"aBc").swapcase(), t(b"hello").capitalize(), t(b"xx1xx").strip(b"x"))
    print(t(b"ab").center(5, b"*"), t(b"-5").zfill(4), t(b"a\tb").expandtabs(4), t(b"a\nb\r\nc").splitlines(True), t(b",").join([b"a", bytearray(b"b")]))
    print(t(b"\x01\xab\xff").hex(), t(b"\x01\xab\xff\x00").hex(":", 2), t(b"abcde").hex("-", -2), t.fromhex("01 aB fF"), t(b"abc").translate(bytes.maketrans(b"a", b"z"), b"c"))
    print(b + b"x", b"x" + b, b * 2, b == b"abracadabra", b < b"b", b.isalpha(), t(b"12").isdigit(), t(b" ").isspace(), t(b"Ab").istitle(), t(b"\x80").isascii())
    print(t(b"abc").removeprefix(b"a"), t(b"abc").removesuffix(b"c"), t(b"a\xc3\xa9").decode(), t(b"\xff").decode("latin-1"), list(t(b"ab")))
    show(lambda: b["x"])
    show(lambda: b[99])
    show(lambda: b + "x")
    show(lambda: b.find("x"))
    show(lambda: b.find(300))
    show(lambda: t.fromhex("1"))
    show(lambda: t.fromhex("zz"))
    show(lambda: b.join(["x"]))
    show(lambda: "x" in b)
    show(lambda: b.hex(""))
print(hash(b"abc") == hash(bytes([97, 98, 99])), {b"a": 1}[b"a"], b"abc"[0:1] is b"a"[0:])
show(lambda: hash(bytearray()))
a = bytearray(b"hello")
a[0] = 72
a[1:3] = b"EEE"
a.append(33)
a.extend(b"ab")
a.extend([99])
a.insert(0, 62)
a += b"zz"
print(a, a.pop(), a.pop(0), len(a))
a.remove(72)
a.reverse()
print(a)
del a[0], a[::2]
print(a, a.copy() is a)
a[::2] = b"xyz"[: len(a[::2])]
print(a)
a *= 2
a.clear()
print(a, bytearray(b"x") == b"x", bytearray("é", "utf-8"))
m = memoryview(b2 := bytearray(b"abc"))
show(lambda: b2.append(1))
show(lambda: b2.extend(b"x"))
show(lambda: b2.clear())
b2[0] = 65
print(bytes(m))
m.release()
b2.append(1)
print(b2)
show(lambda: b2.__setitem__(0, 256))
show(lambda: b2.__setitem__(slice(0, 1), 5))
show(lambda: b2.__setitem__(slice(0, 4, 2), b"x"))
show(lambda: bytearray().pop())
show(lambda: bytearray(b"a").remove(1))


class B(bytes):
    pass


class BA(bytearray):
    pass


x = B(b"abc")
x.attr = 1
y = BA(b"abc")
y.attr = 2
print(x, x.attr, type(x[:]), y, y.attr, type(y[:]), type(y + b""), B.fromhex("41"), BA.fromhex("42"))
