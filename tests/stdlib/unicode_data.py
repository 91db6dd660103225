"""unicodedata and the properties behind str."""
import hashlib
import unicodedata as u

h = hashlib.sha256()
for c in range(0, 0x110000, 7):
    s = chr(c)
    h.update(repr((u.category(s), u.bidirectional(s), u.combining(s), u.mirrored(s), u.decimal(s, None), u.digit(s, None), u.numeric(s, None),
                   u.decomposition(s), u.east_asian_width(s), u.name(s, None))).encode())
print(h.hexdigest())
print(u.name("é"), u.lookup("SNOWMAN"), u.normalize("NFC", "e\u0301"), ascii(u.normalize("NFKD", "ﬁ½한")), u.is_normalized("NFC", "é"), u.unidata_version)
for f in (lambda: u.name("\n"), lambda: u.lookup("NOPE"), lambda: u.decimal("x"), lambda: u.category("ab"), lambda: u.normalize("NF", "é"), lambda: u.name(1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
