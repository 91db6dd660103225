"""Breadth: some seventy short loops over the types and the library, each timed by itself.

    breadth.py [ROUNDS [TOPIC...]]

Prints a line a topic: its name and the best CPU time of the rounds in microseconds.  `scripts/bench.py --breadth` runs it
under two interpreters and compares; the release build runs one round, so that its profile knows these paths.  A topic is one
kind of work only, for a figure that says where to look.
"""
import array
import ast
import base64
import binascii
import bisect
import collections
import copy
import csv
import dataclasses
import datetime
import difflib
import enum
import fractions
import functools
import hashlib
import heapq
import io
import itertools
import json
import logging
import math
import operator
import os
import pickle
import queue
import random
import re
import statistics
import string
import struct
import sys
import tempfile
import textwrap
import time
import tokenize
import urllib.parse
import weakref
import zlib

TOPICS = {}


def topic(function):
    TOPICS[function.__name__] = function
    return function


WIDE = "héllo wörld ñ 日本語 " * 300
LATIN = "héllo wörld ñ ÿ " * 300
PLAIN = "The quick brown fox jumps over the lazy dog 12345 foo@bar.com 2020-10-11 " * 40
BYTES = bytes(range(256)) * 20
DATA = {"a": [1, 2.5, "x" * 20, None, True] * 20, "b": {str(i): i for i in range(100)}}
SOURCE = '''
def f(a, b=2, *args, c: int = 3, **kw):
    """Doc."""
    for i, x in enumerate(args):
        if x > b and not (a or c):
            yield [x + 1, {"k": i, **kw}, f"{x!r:>{b}}", (lambda y: y @ x)(a)]
    try:
        with open("x") as g, g.lock:
            return {k: v for k, v in kw.items() if v is not None}
    except (OSError, ValueError) as e:
        raise RuntimeError("no") from e
    finally:
        del a, b

class C(f, metaclass=type):
    x: int = 1
    @property
    async def p(self):
        async with self as s:
            await s[1:2, ...]
'''


# ---- text and bytes -------------------------------------------------------------------------------------------------
@topic
def text_case():
    for _ in range(15):
        for s in WIDE, LATIN, PLAIN:
            s.upper(), s.lower(), s.casefold(), s.title(), s.swapcase()


@topic
def text_search():
    for _ in range(60):
        for s, rare, common in (WIDE, "語 x", "ö"), (LATIN, "ñ x", "ö"), (PLAIN, "zy x", "o"):
            s.find(rare), s.rfind(rare), s.count(common), "qq" in s, s.index(common), s.startswith(rare)


@topic
def text_replace():
    for _ in range(30):
        for s, c in (WIDE, "ö"), (LATIN, "ö"), (PLAIN, "o"):
            s.replace(c, "oe"), s.replace(c, "u"), s.replace("llo", ""), s.translate({111: "0", 120: None})


@topic
def text_split():
    for _ in range(12):
        for s in WIDE, LATIN, PLAIN:
            s.split(), s.split(" "), s.splitlines(), s.rsplit(" ", 5), s.partition("w"), " ".join(s.split())


@topic
def text_codecs():
    for _ in range(40):
        for s in WIDE, LATIN, PLAIN:
            s.encode().decode(), s.encode("utf-16").decode("utf-16")
        LATIN.encode("latin-1").decode("latin-1"), PLAIN.encode("ascii").decode("ascii")


@topic
def text_slices():
    for _ in range(200):
        for s in WIDE, LATIN, PLAIN:
            s[5:900], s[::-1], s[::3], s.strip(), s + "a", s == s[:-1] + " ", s.center(7000), hash(s[1:900])


@topic
def text_repr():
    for _ in range(15):
        for s in WIDE, LATIN, PLAIN, BYTES:
            repr(s), ascii(s)


@topic
def text_characters():
    for s in WIDE, LATIN, PLAIN:
        for c in s:
            c.isalpha(), ord(c)
        s.isalnum(), s.isdigit(), s.isspace(), list(s)


@topic
def text_short():
    for _ in range(6000):
        "  abc  ".strip(), "a,b,c".split(","), "abc".upper(), "abc".startswith("a"), "x".join(["a", "b"]), "é€x".encode()
        b"abc".decode(), "abc" in "xxabc", "abc".center(20), "a-b".partition("-"), "abc".zfill(8), "abcabc".replace("b", "x")


@topic
def text_format():
    for i in range(5000):
        "%s %d %5.2f" % ("a", i, 2.5), "{} {:>10} {!r}".format(i, "x", "y"), f"{i:05d} {i / 3:.3f} {i:,}", str(i), repr(2.5 * i)
        int("123"), float("12.5")


@topic
def text_compare():
    keys = ["key%d" % i for i in range(1000)]
    n = 0
    for _ in range(15):
        for s in keys:
            n += s == "key500" or s < "key2"


@topic
def text_template():
    template = string.Template("$a is ${b} and $$")
    for i in range(1200):
        template.substitute(a=i, b="x")
    textwrap.fill(PLAIN, 60)


@topic
def bytes_methods():
    table = bytes(reversed(range(256)))
    for _ in range(100):
        BYTES.find(b"\xff\x00\x02"), BYTES.replace(b"\x01", b"ab"), BYTES.translate(table), BYTES.split(b"a")
        BYTES.upper(), BYTES.count(b"a"), BYTES[::2], BYTES.hex()


@topic
def bytes_codes():
    for _ in range(60):
        base64.b64decode(base64.b64encode(BYTES)), binascii.unhexlify(binascii.hexlify(BYTES)), bytes.fromhex("00ff" * 1000)
        binascii.crc32(BYTES), zlib.adler32(BYTES)


@topic
def bytes_items():
    for _ in range(20):
        b = bytearray()
        for i in range(1000):
            b.append(i & 255)
        for i in range(1000):
            b[i] = b[-i]
        list(BYTES), bytes(range(256)), sum(b)


@topic
def memoryviews():
    m = memoryview(bytearray(5000))
    for i in range(5000):
        m[i] = i & 255
    for _ in range(5):
        sum(m), m.tolist(), bytes(m[::2]), m == BYTES, m[3:5].tobytes(), m.cast("I").tolist()


@topic
def structs():
    packed = struct.pack("<IHd", 1, 2, 3.0)
    for i in range(6000):
        struct.unpack("<IHd", struct.pack("<IHd", i, 5, 2.5))
    for _ in struct.iter_unpack(">HH", BYTES):
        struct.unpack_from("<I", packed)


@topic
def arrays():
    a = array.array("d", [0.5]) * 5000
    for i in range(5000):
        a[i] = i
    for _ in range(5):
        sum(a), a.tolist(), a.tobytes(), [x for x in a]


# ---- regular expressions --------------------------------------------------------------------------------------------
@topic
def re_find():
    for _ in range(6):
        re.findall(r"\b\w+@\w+\.\w+\b|\d{4}-\d\d-\d\d", PLAIN), re.findall(r"T.*?g", PLAIN), re.findall("quick|lazy", PLAIN)
        re.findall("[a-z]+ (?=dog)", PLAIN), re.findall("LAZY|[x-z]oo", PLAIN, re.I), re.search("never there", PLAIN)


@topic
def re_substitute():
    for _ in range(5):
        re.sub(r"[aeiou](\w)", r"<\1>", PLAIN), re.sub(r"\w+", lambda m: m.group().upper(), PLAIN), re.split(r"\s+", PLAIN)


@topic
def re_matches():
    pattern = re.compile(r"(\w+) (?P<second>\w+)")
    for _ in range(1500):
        m = pattern.match(PLAIN)
        m.group(1), m["second"], m.groups(), m.span()
        re.match("abc", "abcd")
    for m in re.finditer("o", PLAIN):
        m.start()


# ---- containers -----------------------------------------------------------------------------------------------------
@topic
def sets():
    a, b = set(range(4000)), set(range(2000, 6000))
    words = [str(i) for i in range(1000)]
    for _ in range(10):
        a & b, a | b, a - b, a ^ b, a <= b, frozenset(a), set(words), set(list(a)), a.isdisjoint((-1, -2))
    for i in range(3000):
        b.add(i), b.discard(i), i in a


@topic
def dicts():
    d = {}
    for i in range(10000):
        d[i % 1000] = d.get(i % 1000, 0) + 1
    for _ in range(20):
        dict(d), list(d.items()), {**d, "x": 1}, d | {1: 2}, dict(zip(d, d)), sorted(d, key=d.get)
        for k, v in d.items():
            pass


@topic
def lists():
    a = [(i * 7919) % 10007 for i in range(3000)]
    for _ in range(5):
        sorted(a), sorted(a, key=lambda x: -x), a[::-1], a + a, a * 2, a.index(a[-1]), min(a), max(a), a.count(3), [*a, 1]
    for i in range(3000):
        a[10:20], a.append(i), a.pop(), a.insert(5, i), a.pop(5)


@topic
def counters():
    for _ in range(5):
        collections.Counter(PLAIN).most_common(5), collections.Counter(PLAIN.split())
    d, c = collections.defaultdict(list), collections.Counter()
    for i in range(4000):
        d[i % 100].append(i)
        c[i % 100] += 1


@topic
def ordered_dicts():
    chain = collections.ChainMap({1: 2}, {3: 4})
    for _ in range(10):
        d = collections.OrderedDict((i, i) for i in range(200))
        for k in d:
            d[k], chain[3]
        for i in range(200):
            d.move_to_end(i)


@topic
def deques():
    d = collections.deque(maxlen=100)
    for i in range(20000):
        d.append(i)
    for i in range(5000):
        d.rotate(1), d[0], d.appendleft(d.pop())


@topic
def heaps():
    h = []
    for i in range(3000):
        heapq.heappush(h, (i * 7919) % 10007)
    s = sorted(h)
    for i in range(3000):
        heapq.heappop(h), bisect.bisect(s, i)
    heapq.nsmallest(5, s), list(heapq.merge(s, s))


@topic
def namedtuples():
    P = collections.namedtuple("P", "x y")
    for i in range(5000):
        p = P(i, 2)
        p.x + p.y, p._replace(x=3)


@topic
def queues():
    q = queue.Queue()
    for i in range(1500):
        q.put(i)
    for i in range(1500):
        q.get()


# ---- iteration ------------------------------------------------------------------------------------------------------
@topic
def iterators():
    for _ in range(4):
        list(zip(range(2000), range(2000))), list(enumerate(range(2000))), list(map(operator.add, range(2000), range(2000)))
        list(filter(None, range(2000))), list(map(str, range(1000))), list(reversed(range(2000))), tuple(range(2000))
        for _pair in zip(range(2000), range(2000)):
            pass


@topic
def itertools_streams():
    for _ in range(4):
        sum(itertools.chain(range(2000), range(2000))), list(itertools.islice(itertools.count(), 2000))
        [k for k, g in itertools.groupby(range(1000), key=lambda v: v // 10)], list(itertools.accumulate(range(2000)))
        list(itertools.zip_longest(range(1000), range(900))), list(itertools.pairwise(range(1000)))
        list(itertools.compress(range(1000), [1, 0] * 500)), list(itertools.starmap(pow, [(2, 3)] * 500))
        a, b = itertools.tee(range(1000))
        list(a), list(b)


@topic
def itertools_choices():
    for _ in range(3):
        list(itertools.combinations(range(20), 3)), list(itertools.product("abcdef", repeat=4)), list(itertools.permutations(range(6)))


@topic
def functions():
    p = functools.partial(lambda a, b, c=3: a + b + c, 1)

    @functools.lru_cache(None)
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    for i in range(6000):
        p(2)
    for _ in range(10):
        fib.cache_clear(), fib(150)
    functools.reduce(operator.add, range(5000)), list(map(operator.itemgetter(0), [(1,)] * 3000))


# ---- numbers --------------------------------------------------------------------------------------------------------
@topic
def mathematics():
    for i in range(1, 4000):
        math.sqrt(i), math.floor(i / 3), math.gcd(i, 18), math.hypot(i, 4), math.isclose(i, 1.0), math.log(i), math.comb(9, 4)
    for _ in range(20):
        math.fsum([0.1] * 100), math.prod(range(1, 20)), statistics.mean([1.5, 2, 3])


@topic
def big_integers():
    x = 1
    for i in range(1, 400):
        x *= i
    str(x), int(str(x)), pow(3, 10**5, 10**50 + 7)
    for i in range(1500):
        (x >> i) & 0xffff, divmod(x, 10**9 + i)


@topic
def fraction():
    for i in range(1, 800):
        fractions.Fraction(1, i) + fractions.Fraction(i, 7)


@topic
def randoms():
    r = random.Random(1)
    numbers = list(range(1000))
    for i in range(3000):
        r.randint(1, 100), r.random(), r.choice(numbers), r.gauss(0, 1)
    r.shuffle(numbers), r.sample(numbers, 50)


# ---- data formats ---------------------------------------------------------------------------------------------------
@topic
def json_dumps():
    for _ in range(60):
        json.dumps(DATA)
    json.dumps(DATA, indent=2), json.dumps([i * 1.37 for i in range(500)]), json.dumps([WIDE, LATIN])


@topic
def json_loads():
    s = json.dumps(DATA)
    for _ in range(60):
        json.loads(s)
    json.loads(json.dumps([{"id": i, "name": "n\n%d" % i, "x": i / 7} for i in range(500)]))


@topic
def pickles():
    for _ in range(60):
        pickle.loads(pickle.dumps(DATA))
    pickle.loads(pickle.dumps([datetime.date(2020, 1, 1 + i % 28) for i in range(300)]))


@topic
def copies():
    for _ in range(10):
        copy.deepcopy(DATA)
    for _ in range(2000):
        copy.copy(DATA)


@topic
def csv_rows():
    rows = [[str(i), "name %d" % i, "x,y", 3.5 * i] for i in range(300)]
    for _ in range(6):
        f = io.StringIO()
        csv.writer(f).writerows(rows)
        f.seek(0)
        list(csv.reader(f))


@topic
def datetimes():
    d, step = datetime.datetime(2020, 1, 1), datetime.timedelta(hours=5)
    for i in range(3000):
        d += step
        d.isoformat(), d - step, d < d, d.replace(hour=3)
    for i in range(300):
        datetime.datetime.strptime("2020-01-02 03:04:05", "%Y-%m-%d %H:%M:%S"), d.strftime("%Y-%m-%d"), str(d)
        datetime.datetime.fromisoformat("2020-01-02T03:04:05")


@topic
def digests():
    data = PLAIN.encode()
    for _ in range(40):
        hashlib.md5(data).hexdigest(), hashlib.sha256(data).digest()
    for _ in range(3):
        zlib.decompress(zlib.compress(data))


@topic
def urls():
    for i in range(400):
        urllib.parse.urlparse("http://a.b/c%d?x=1&y=2#z" % i), urllib.parse.quote("a b/ü"), urllib.parse.parse_qs("a=1&b=2")


# ---- files ----------------------------------------------------------------------------------------------------------
@topic
def files():
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "lines")
        with open(name, "w") as f:
            for i in range(6000):
                f.write("line %d\n" % i)
        with open(name) as f:
            for line in f:
                line.rstrip()
        with open(name, "rb") as f:
            for line in f:
                line.split()
        for _ in range(20):
            with open(name) as f:
                f.read(), f.seek(0), f.readline()
            os.stat(name), os.path.exists(name), os.path.basename(name)


@topic
def memory_files():
    for _ in range(10):
        s, b = io.StringIO(), io.BytesIO()
        for i in range(500):
            s.write("abc\n")
            b.write(b"abc\n")
        s.seek(0), b.seek(0)
        list(s), list(b), s.getvalue(), b.getvalue()


# ---- classes --------------------------------------------------------------------------------------------------------
@topic
def dataclass():
    @dataclasses.dataclass(order=True)
    class P:
        x: int
        y: int = 0
    points = [P(i % 97, i) for i in range(1000)]
    sorted(points), [repr(p) for p in points], points[0] == points[1]


@topic
def enums():
    class E(enum.Enum):
        A = 1
        B = 2
    for i in range(3000):
        E(1 + i % 2), E.A is E.B, E.A.value


@topic
def classes():
    for i in range(60):
        class A:
            x = 1

        class B(A):
            def f(self):
                return super().__init__()
        B().f()


@topic
def properties():
    class A:
        def __init__(self):
            self._x = 1

        @property
        def x(self):
            return self._x

        @x.setter
        def x(self, v):
            self._x = v

        def __getattr__(self, name):
            return name
    a = A()
    for i in range(6000):
        a.x = a.x + 1
        a.absent


@topic
def weak_references():
    class A:
        pass
    kept = [A() for i in range(1000)]
    d = weakref.WeakValueDictionary(enumerate(kept))
    for i in range(1000):
        d[i], weakref.ref(kept[i])(), weakref.ref(A())


@topic
def exceptions():
    for i in range(6000):
        try:
            if i & 1:
                raise ValueError(i)
            [][1]
        except (ValueError, IndexError) as e:
            e.args


# ---- sources and reports --------------------------------------------------------------------------------------------
@topic
def compiling():
    for _ in range(10):
        tree = ast.parse(SOURCE)
        compile(tree, "x", "exec"), sum(1 for _ in ast.walk(tree)), ast.dump(tree)


@topic
def tokens():
    for _ in range(3):
        list(tokenize.generate_tokens(io.StringIO(SOURCE).readline))


@topic
def logs():
    log = logging.Logger("breadth", logging.INFO)
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    for i in range(500):
        log.info("hello %d", i)
        log.debug("no")


@topic
def differences():
    list(difflib.unified_diff([str(i) for i in range(200)], [str(i) for i in range(0, 400, 2)]))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    best = {}
    for _ in range(rounds):
        for name, function in TOPICS.items():
            if len(sys.argv) > 2 and name not in sys.argv[2:]:
                continue
            start = time.process_time()
            function()
            spent = time.process_time() - start
            best[name] = min(best.get(name, spent), spent)
    for name, spent in best.items():
        print(name, round(spent * 1e6))


if __name__ == "__main__":
    main()
