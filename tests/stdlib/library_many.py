# Native parts of the library on seeded random data: one checksum a module.
import base64
import binascii
import collections
import csv
import io
import json
import math
import pickle
import random
import re
import struct

R = random.Random(7)
sums = {}


def note(name, value):
    text = repr(value).encode("utf-8", "surrogatepass")
    sums[name] = binascii.crc32(text, sums.get(name, 0))


def attempt(name, errors, function, *args, **kw):
    try:
        note(name, function(*args, **kw))
    except errors as e:
        note(name, str(e))


note("random", [R.random() for _ in range(2000)] + [R.getrandbits(40) for _ in range(900)])
note("comb", [math.comb(n, k) for n in range(70) for k in range(n + 2)])
big = 0, 1, -1, 12, -18, 2**62, -2**63, 2**63, 7**20, 10**30
note("gcd", [math.gcd(a, b) for a in big for b in big])
note("sum", [sum(range(2**62, 2**62 + n, 3)) for n in range(12)] + [sum(range(9, -9, -2), 2.5), sum(range(3), True)])
note("extremes", [min(x) + max(x) for x in ([3, 1, 2], [1.5, -2, True], [2**70, 1], [0.0, -0.0])])
for turn in range(120):
    data = bytes(R.choice([9, 10, 13, 34, 39, 92, 0, 31, 127, 128, 255, 65]) for _ in range(R.randrange(40)))
    text = "".join(R.choice("'\"\\\n\r\té日😀\x00\x7f\x85\xa0ab_9ºßÖ ǅΣ") for _ in range(R.randrange(30)))
    f = io.BytesIO()
    f.write(data), f.seek(R.randrange(5)), f.write(data[:3]), f.write(bytearray(data))
    note("BytesIO", f.getvalue())
    coded = base64.b64encode(data)
    k = R.randrange(len(coded) + 1)
    note("base64", (coded, base64.b64decode(coded), binascii.unhexlify(data.hex())))
    for broken in coded[:k], coded[:k] + b"\n" + coded[k:], coded[:k] + b"=" + coded[k:], coded + b"QQ==":
        attempt("base64", ValueError, base64.b64decode, broken)
        attempt("base64", ValueError, binascii.a2b_base64, broken, strict_mode=True)
    rows = [["".join(R.choice('a,"\n\r \\é日') for _ in range(R.randrange(8))) for _ in range(3)] for _ in range(3)]
    for kw in {}, {"escapechar": "\\"}, {"quoting": csv.QUOTE_NONE, "escapechar": "\\"}, {"delimiter": " ", "skipinitialspace": True}:
        f = io.StringIO()
        try:
            csv.writer(f, **kw).writerows(rows)
            note("csv", (f.getvalue(), list(csv.reader(io.StringIO(f.getvalue(), newline=""), **kw))))
        except csv.Error as e:
            note("csv", str(e))
    value = [text, data.hex(), {text: R.randrange(-10**20, 10**20)}, R.randrange(10**18), -5, R.random(), "x" * R.randrange(20) + '"\\\n']
    line = json.dumps(value, ensure_ascii=turn % 2 == 0)
    note("json", (line, json.loads(line)))
    for broken in line[:-3], line[:len(line) // 2], '"' + text.replace('"', "").replace("\\", "") + '"':
        attempt("json", ValueError, json.loads, broken)
    numbers = R.randrange(256), R.randrange(2**16), R.randrange(2**32), R.randrange(2**64), -R.randrange(128), -R.randrange(2**31), 1.5, 2.5, 3.5, b"abc"
    for order in "<>=":
        packed = struct.pack(order + "BHIQbiedf3s", *numbers)
        note("struct", (packed, struct.unpack(order + "BHIQbiedf3s", packed)))
    for pattern in r"\b\w+\b", r"\d+|\s+", r"\bx", r"[\w.]+", r"(?i)É|a", r"\W\S", r"(?a)\w\b", r"\B.", r"[^\s\d]+", r"(?:\b|_)\w":
        note("re", (re.findall(pattern, text + " x12 3"), re.sub(pattern, "<>", text), re.split(pattern, text + "z")))
    counter = collections.Counter({"a": 2.5, "é": 2**70} if turn % 9 == 0 else {"a": 2})
    counter.update(text), counter.update(data)
    note("Counter", counter)
    objects = [text, data, 1, -5, 2**40, None, True, 2.5, [1, (2, 3)], {text: data}, {1, 2}, text, data]
    for protocol in range(6):
        note("pickle", pickle.loads(pickle.dumps(objects, protocol)))
    a, b = {R.randrange(60) for _ in range(R.randrange(50))}, set(range(R.randrange(40)))
    note("set", (a, a & b, a | b, a - b, a ^ b, set(list(a)), frozenset(tuple(a))))
    a.discard(5), a.add(7), a.update({1, 99}), a.difference_update({3})
    note("set", a)
    m = memoryview(bytearray(data + b"12345678" * 4))
    note("memoryview", (m.tolist(), m[::-2].tolist(), [repr(m[:8].cast(c).tolist()) for c in "bBhHiIlLqQfd"]))
for name, crc in sums.items():
    print(name, hex(crc))
