"""Codecs, error handlers, _codecs."""
import codecs


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


text = "aé€\U0001f600+~\\\x00z"
for enc in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-7", "unicode-escape", "raw-unicode-escape", "utf-8-sig", "cp1252",
            "iso8859-15", "ascii", "latin-1", "punycode", "koi8-r", "cp437"):
    for errors in ("strict", "replace", "ignore"):
        show(lambda: text.encode(enc, errors))
    show(lambda: text.encode(enc, "backslashreplace").decode(enc))
bad = b"a\xff\xc3\x28\xe2\x82\xed\xa0\x80\xf0\x9f\x98b"
for errors in ("strict", "replace", "ignore", "backslashreplace", "surrogateescape", "surrogatepass"):
    show(lambda: bad.decode("utf-8", errors))
    show(lambda: b"\x00\xd8a\x00\x00\xdc".decode("utf-16-le", errors))
    show(lambda: b"\x00\x00\x11\x00a".decode("utf-32-le", errors))
    show(lambda: b"\\x4\\u12\\N{no}\\".decode("unicode-escape", errors))
    show(lambda: b"+AGE-\xff+2AAA-".decode("utf-7", errors))
    show(lambda: b"\x81\xff".decode("cp1252", errors))
show(lambda: "\ud800\ud801x".encode())
show(lambda: "\udc80".encode("ascii", "surrogateescape"))
show(lambda: b"x".decode("no-such"))
show(lambda: "x".encode("utf-8", "no-such"))
show(lambda: "\ud800".encode("utf-8", "no-such"))
show(lambda: b"x".decode("hex"))
codecs.register_error("test.x", lambda e: ("<%s:%d:%d:%s>" % (e.encoding, e.start, e.end, e.reason), e.end))
codecs.register_error("test.b", lambda e: (b"\xaa", e.end) if isinstance(e, UnicodeEncodeError) else ("?", -1))
show(lambda: "aé€b".encode("ascii", "test.x"))
show(lambda: b"a\xffb".decode("utf-8", "test.x"))
show(lambda: "aéb".encode("ascii", "test.b"))
codecs.register_error("test.bad", lambda e: 5)
show(lambda: "é".encode("ascii", "test.bad"))
show(lambda: codecs.lookup_error("strict")(ValueError("q")))
show(lambda: codecs.replace_errors(UnicodeDecodeError("ascii", b"abc", 1, 2, "why")))
show(lambda: codecs.lookup_error("nope"))
for enc in ("utf-8", "utf-16", "utf-32", "utf-7", "latin-1"):
    d = codecs.getincrementaldecoder(enc)()
    data = "aé€\U0001f600".encode(enc, "replace")
    print(ascii("".join([d.decode(data[i : i + 1]) for i in range(len(data))] + [d.decode(b"", True)])))
print(codecs.escape_decode(rb"a\n\x41\101\q")[0] if False else codecs.escape_decode(rb"a\n\x41\101"), codecs.escape_encode(b"'\n\xff"))
print(codecs.charmap_encode("ab", "strict", {97: 1, 98: b"xy"}), codecs.charmap_decode(b"\x00\x01", "strict", "xy"), codecs.charmap_decode(b"\x00", "replace", {}))
print(codecs.encode(b"ab", "hex"), codecs.decode("nop", "rot13"), codecs.lookup("UTF8").name, codecs.lookup("latin1").name)
print(codecs.utf_8_decode(b"a\xe2\x82", "strict", False), codecs.utf_16_ex_decode(b"\xff\xfea\x00", "strict", 0, True))
