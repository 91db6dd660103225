"""Unicode 3.2 as unicodedata.ucd_3_2_0 tells it, named sequences, lone surrogates in normal forms, and what stands on them."""
import encodings.idna
import hashlib
import stringprep
import unicodedata

old = unicodedata.ucd_3_2_0
for name in "category", "bidirectional", "combining", "mirrored", "east_asian_width", "decomposition":
    answers = [getattr(old, name)(chr(i)) for i in range(0, 0x30000, 7)]
    print(name, hashlib.md5(repr(answers).encode()).hexdigest())
for name in "numeric", "digit", "decimal", "name":
    answers = [getattr(old, name)(chr(i), None) for i in range(0, 0x30000, 7)]
    print(name, hashlib.md5(repr(answers).encode()).hexdigest())
for form in "NFC", "NFD", "NFKC", "NFKD":
    answers = [old.normalize(form, "e\u0301" + chr(i) + "\u0301\u0323") for i in range(0x80, 0x30000, 13)]
    print(form, hashlib.md5(ascii(answers).encode()).hexdigest(), ascii(old.normalize(form, "\U0002f868 \u1b06 \u1e9b\u0323")),
          old.is_normalized(form, "\u1b06"), unicodedata.is_normalized(form, "\u1b06"))
    print(ascii(unicodedata.normalize(form, "e\u0301\ud800\u0301\u0323\u0958\udcff")))
for name in "LATIN SMALL LETTER R WITH TILDE", "keycap digit one", "TAMIL SYLLABLE KSSAU", "LATIN SMALL LETTER D WITH CURL", \
        "LATIN SMALL LETTER GHA", "LATIN SMALL LETTER A":
    for database in unicodedata, old:
        try:
            print(ascii(database.lookup(name)))
        except KeyError as e:
            print(type(e).__name__, e)
print([f(chr(c)) for f in (stringprep.in_table_a1, stringprep.in_table_d1, stringprep.in_table_c9) for c in (0x221, 0x220, 0x1f600, 0x5d0)])
print("straße.example".encode("idna"), "xn--bcher-kva".encode().decode("idna"))
for label in "\u0221", "a\u05d0":
    try:
        print(encodings.idna.nameprep(label))
    except UnicodeError as e:
        print(e)
