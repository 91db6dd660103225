# Methods of str, bytes and bytearray on seeded random texts of every width: one checksum a method, as what they do is the
# same loop in vectors, in words and byte by byte, by where the text ends.
import binascii
import random

R = random.Random(5)
ALPHABETS = ["ab", "abc \n\t\x1c\x85é", "aéßµÿ ", "aé日本 \u2028x", "a日😀ß\n", "\x00\x7f\x80ÿ\udc80é", "AÀÖ×ÞàöªºÿŸ", "ǅΣσςİıŉﬃ", "'\"\\\n\r\té\xad"]
SIZES = [0, 1, 2, 7, 15, 16, 17, 33, 64, 150, 400]
sums = {}


def note(name, value):
    text = repr(value).encode("utf-8", "surrogatepass")
    sums[name] = binascii.crc32(text, sums.get(name, 0))


def attempt(name, function, *args):
    try:
        note(name, function(*args))
    except (UnicodeError, ValueError) as e:
        note(name, str(e))


def make(n, alphabet):
    return "".join(R.choice(alphabet) for _ in range(n))


for turn in range(250):
    alphabet = R.choice(ALPHABETS)
    s = make(R.choice(SIZES), alphabet)
    part = make(R.choice([1, 1, 2, 3, 5, 18]), alphabet if turn % 3 else R.choice(ALPHABETS))
    if turn % 2 and len(s) > 3:
        k = R.randrange(len(s))
        part = s[k:k + R.choice([1, 2, 5, 17])]
    to = make(R.choice([0, 1, 1, 2, 9]), R.choice(ALPHABETS))
    a, b = R.randrange(-20, 50), R.randrange(-5, 200)
    note("find", (s.find(part), s.find(part, a, b), s.rfind(part), s.rfind(part, a), s.count(part), s.count(part, a, b), part in s))
    note("replace", (s.replace(part, to), s.replace(part, to, a), s.replace("", to), s.replace("", to, 3)))
    note("split", (s.split(part), s.split(part, 2), s.rsplit(part, 2), s.split(), s.split(None, 1), s.splitlines(), s.splitlines(True)))
    note("partition", (s.partition(part), s.rpartition(part)))
    for name in "upper lower casefold title capitalize swapcase strip islower isupper istitle isalpha isprintable".split():
        note(name, getattr(s, name)())
    note("slices", (s[::-1], s[1::3], s[a:b], s[a:b:-2]))
    note("repr", s)
    note("ascii", ascii(s))
    note("pad", (s.center(b, "é"), s.ljust(b), s.rjust(b, "日"), s.zfill(b), s.expandtabs(3)))
    note("translate", [s.translate({ord(c): R.choice(choices) for c in alphabet if R.random() < .5})
                       for choices in ([None, "x", 66], [None, "x", "yy", "é", 66, 0x65e5])])
    for encoding in "utf-8 utf-16 utf-16-be utf-16-le utf-32 utf-32-be latin-1 ascii".split():
        for errors in "strict", "ignore", "surrogatepass", "backslashreplace":
            attempt(encoding, s.encode, encoding, errors)
    data = s.encode("utf-8", "surrogatepass")
    if turn % 2 and data:
        k = R.randrange(len(data))
        data = data[:k] + bytes([R.randrange(256)]) + data[k + 1:]
    for encoding in "utf-8", "utf-16", "utf-16-be", "utf-32":
        for errors in "strict", "replace", "surrogateescape", "ignore":
            attempt("from " + encoding, data.decode, encoding, errors)
    piece = part.encode("utf-8", "surrogatepass")
    table = bytes(R.randrange(256) for _ in range(256))
    for kind in bytes, bytearray:
        w = kind(data)
        note("bytes find", (w.find(piece), w.rfind(piece), w.count(piece), piece in w))
        note("bytes replace", (w.replace(piece, b"z"), w.replace(piece, b"zz", 2), w.replace(b"", b"-")))
        note("bytes split", (w.split(piece), w.split(), w.split(None, 2), w.splitlines(), w.partition(piece)))
        note("bytes case", (w.upper(), w.lower(), w.title(), w.swapcase(), w.capitalize()))
        note("bytes hex", (w.hex(), w.hex(":", R.randrange(-3, 4)), kind.fromhex(w.hex(" ").upper())))
        note("bytes translate", (w.translate(table), w.translate(None, b"ab"), w.translate(table, piece), w.translate(bytes(range(256)))))
        note("bytes repr", w)
        note("bytes list", (list(w), w.center(b), w[::-3]))
for bad in "0g", "0", "00 0", "é0", "0 0", "00é", "0" * 40 + "x":
    attempt("fromhex", bytes.fromhex, bad)
for n in 0, 1, 7, 511, 512, 513, 5001:
    note("crc32", binascii.crc32(bytes(i * 7 & 255 for i in range(n)), n))
for name, crc in sums.items():
    print(name, hex(crc))
