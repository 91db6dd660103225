# _hashlib: every digest of libcrypto by name, HMAC, PBKDF2 and scrypt, and what they say about wrong arguments.
import _hashlib
import hashlib
import hmac


def show(call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    if hasattr(result, "update"):
        result = (type(result).__name__, result.name, result.digest_size, result.block_size)
    print(call.__name__, args, kwargs, "->", result)


for name in ["md5", "SHA1", "sha512_256", "SHA512-256", "blake2s256", "blake2b512", "sha3_224", "shake_128", "foo", 3]:
    show(_hashlib.new, name)
show(_hashlib.new, "md5", "text")
show(_hashlib.new, "md5", 3)
print(_hashlib.UnsupportedDigestmodError.__mro__[1].__name__, sorted(_hashlib._constructors.values()))
print({"sha256", "sha3_512", "sha512_224", "ripemd160"} <= _hashlib.openssl_md_meth_names)

h = hashlib.sha256(b"ab")
c = h.copy()
c.update(memoryview(bytearray(b"c")))
print(type(h), h.hexdigest() != c.hexdigest(), c.hexdigest(), c.digest() == hashlib.sha256(b"abc").digest())
x = hashlib.shake_256(b"a")
print(x.digest(4), x.hexdigest(length=4), isinstance(x, _hashlib.HASH))
print(hashlib.new("ripemd160", b"abc").hexdigest())
print(hashlib.sha1(b"x" * 5_000_000, usedforsecurity=False).hexdigest())
for cls in (_hashlib.HASH, _hashlib.HASHXOF, _hashlib.HMAC):
    show(cls)
print(repr(h)[:28], repr(x)[:33])

m = hmac.new(b"key", b"message", "sha256")
print(m.name, m.digest_size, m.block_size, m.hexdigest())
n = m.copy()
n.update(b"!")
print(n.hexdigest() == hmac.digest(b"key", b"message!", "sha256").hex(), hmac.compare_digest(m.digest(), n.digest()))
print(hmac.new(b"key", b"message", hashlib.md5).hexdigest())
show(_hashlib.hmac_new, b"k")
show(_hashlib.hmac_new, b"k", b"m", "foo")
show(_hashlib.hmac_new, b"k", b"m", digestmod=len)
show(_hashlib.hmac_new, "k", b"m", "md5")
show(_hashlib.hmac_new, b"k", "m", "md5")
show(_hashlib.hmac_digest, b"k", "m", "md5")
show(_hashlib.hmac_digest, b"k", b"m", "sha1")

for args in [("sha256", b"password", b"salt", 1000), ("sha1", b"p", b"s", 1, 50), ("foo", b"p", b"s", 1),
             ("sha1", "p", b"s", 1), ("sha1", b"p", b"s", 0), ("sha1", b"p", b"s", 1, 0), ("sha1", b"p", b"s", 2 ** 31),
             ("sha1", b"p", b"s", 2 ** 80), ("sha1", b"p", b"s", 1, 2 ** 31), ("sha1", b"p", b"s", 2.5), (3, b"p", b"s", 1)]:
    show(hashlib.pbkdf2_hmac, *args)
for kw in [{}, {"salt": b"s"}, {"salt": b"s", "n": 3}, {"salt": b"s", "n": 2}, {"salt": b"s", "n": 2, "r": 1},
           {"salt": b"s", "n": 16, "r": 1, "p": 1, "dklen": 16}, {"salt": "s", "n": 2, "r": 1, "p": 1},
           {"salt": b"s", "n": 2, "r": 1, "p": 1, "dklen": 0}, {"salt": b"s", "n": 2, "r": 1, "p": 1, "maxmem": -1},
           {"salt": b"s", "n": 2, "r": 0, "p": 1}, {"salt": b"s", "n": 2 ** 20, "r": 8, "p": 1},
           {"salt": b"s", "n": -2, "r": 1, "p": 1}, {"salt": b"s", "n": 2, "r": "a", "p": 1}]:
    show(hashlib.scrypt, b"p", **kw)
print(_hashlib.get_fips_mode())
