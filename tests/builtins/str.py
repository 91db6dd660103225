"""str: methods, indexing, case, errors."""


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


# searching
s = "abracadabra"
print(s.find("bra"), s.rfind("bra"), s.find("x"), s.index("c"), s.count("a"), s.count(""), s.find("", 5), s.rfind("a", 0, -1))
show(lambda: s.index("zz"))
show(lambda: s.find(1))
show(lambda: s.find())
show(lambda: s.find("a", "b"))
print(("ä" * 300 + "€x").find("€"), ("\U0001f600" * 5 + "ab").find("ab"), "aé€".find("\U0001f600"), "x€y€z".rfind("€"))
N = 2**8 + 100
p = "a" * N + "b" + "a" * N
print(("babbaa" * N + p).find(p) == 6 * N, ("ab" * 5000).rfind("ba" * 2000))
# splitting
print("  a  b c ".split(), "  a  b c ".split(None, 1), "  a  b c ".rsplit(None, 1), "a,b,,c".split(","), "a,b,,c".rsplit(",", 1))
print("a\nb\r\nc\x0bd\u2028e".splitlines(), "a\nb\n".splitlines(True), "".split(","), "".split())
print("k=v=w".partition("="), "k=v=w".rpartition("="), "k".partition("="), "k".rpartition("="))
show(lambda: "a".split(""))
show(lambda: "a".split(1))
# replace, strip, pad
print("aaa".replace("a", "b", 2), "abc".replace("", "-"), "aé".replace("é", "e").isascii(), "x".replace("x", "€"))
print("xxabcxx".strip("x"), " \t a\u2003".strip() + "|", "abc".removeprefix("a"), "abc".removesuffix("bc"))
print("ab".center(7, "*"), "abc".center(6, "-"), "a".ljust(4, "€"), "a".rjust(3), "-42".zfill(6), "+1".zfill(1), "a\tb\n\tc".expandtabs(4))
show(lambda: "a".center(5, "ab"))
show(lambda: "a".center("x"))
# case and classes
for t in ("straße", "ΑΣ ΑΣΑ Σ", "ǆ ﬁne", "İstanbul", "hello wORLD", "ŉ"):
    print(t.upper(), t.lower(), t.title(), t.capitalize(), t.swapcase(), t.casefold())
for t in ("abc", "Abc", "123", "½", "२", "a b", "", "\n", "ª", "名前", "_x1", "1x", "\xad"):
    print(ascii(t), t.isalpha(), t.isalnum(), t.isdecimal(), t.isdigit(), t.isnumeric(), t.isspace(), t.isprintable(), t.islower(), t.isupper(),
          t.istitle(), t.isidentifier(), t.isascii())
# items
print("añb"[1], "abc"[-1], "abcdef"[1:5:2], "abcdef"[::-1], "€äa"[2:].isascii(), "abc"[5:])
show(lambda: "abc"[3])
show(lambda: "abc".__getitem__("x"))
show(lambda: "abc"[10**30])
show(lambda: 1 in "abc")
show(lambda: "a".__add__(1))
print("ab" * 3, 0 * "ab", "ab" < "abc", "é" > "z", "a" == b"a", "\ud800" < "\ue000")
# join, translate, encode
print("-".join(["a", "é", "€"]), "".join(c for c in "xyz"), ",".join({"k": 1}))
show(lambda: ",".join(["a", 1]))
show(lambda: ",".join(1))
print("abc".translate({97: "x", 98: None, 99: 0x20AC}), "abc".translate(str.maketrans("ab", "xy", "c")), str.maketrans({"a": 1}))
show(lambda: str.maketrans("a", "bc"))
show(lambda: "\ud800".encode())
show(lambda: "a€".encode("latin-1"))
show(lambda: b"\xff".decode())
print("a€\udcff".encode("utf-8", "surrogateescape"), "a€".encode("ascii", "xmlcharrefreplace"), "é€".encode("ascii", "backslashreplace"),
      "é\u8000".encode("ascii", "namereplace"))
# repr, str()
print(repr("a'b"), repr('a"b\''), repr("\n\t\\\x00\x7f\xa0\xad€\U0001f600\U000e0001\ud800"), ascii("é€\U0001f600"))
print(str(b"abc", "ascii"), str(5), str(), str(b"x"))
show(lambda: str("a", "ascii"))
show(lambda: str(1, "ascii"))


class S(str):
    def __str__(self):
        return "S!"


x = S("abc")
x.attr = 1
print(x, x.attr, type(x[0:]), type(x.upper()), repr(x), x == "abc", hash(x) == hash("abc"), str(x), "%s" % x, f"{x}", x + "d")
grow = ""
for i in range(1000):
    grow += chr(97 + i % 26)
keep = grow
grow += "€"
print(len(keep), len(grow), keep[-1], grow[-1], keep.isascii())

# many matches: more than replace() remembers, and counts above a byte
t = "ab" * 700
print(t.count("a"), t.count("ab"), t.replace("a", "xyz") == "xyzb" * 700, t.replace("ab", "c", 300) == "c" * 300 + "ab" * 400)
print(bytes(t, "ascii").count(b"b"), ("é" * 1000).count("é"), t.count("a", 3, 1001), ("a" * 1000).count("a"))
