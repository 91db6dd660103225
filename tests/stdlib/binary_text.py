# binascii, zlib, hash modules
import binascii
import zlib
from _md5 import md5
from _sha1 import sha1
from _sha256 import sha224, sha256
from _sha512 import sha384, sha512
from _sha3 import sha3_224, sha3_256, sha3_384, sha3_512, shake_128, shake_256
from _blake2 import blake2b, blake2s


def show(f, *args, **kw):
    try:
        print(getattr(f, '__name__', f), args, kw, '=', repr(f(*args, **kw)))
    except Exception as e:
        print(getattr(f, '__name__', f), args, kw, '=', type(e).__name__, e)


data = bytes(range(256))
for d in (b'', b'a', b'ab', b'abc', b'\0\xff' * 3, data[:45]):
    show(binascii.hexlify, d)
    show(binascii.b2a_base64, d)
    show(binascii.b2a_base64, d, newline=False)
    show(binascii.b2a_uu, d)
    show(binascii.b2a_uu, d, backtick=True)
    show(binascii.b2a_qp, d)
    assert binascii.unhexlify(binascii.hexlify(d)) == binascii.a2b_base64(binascii.b2a_base64(d)) == binascii.a2b_uu(binascii.b2a_uu(d)) == d
show(binascii.hexlify, b'abcdef', '-')
show(binascii.hexlify, b'abcde', b':', 2)
show(binascii.hexlify, b'abcde', ':', -2)
show(binascii.hexlify, b'abcde', '::')
show(binascii.hexlify, b'abcde', 5)
show(binascii.hexlify, 'abc')
for s in ('6', '6z', b'61 ', '61', 'é'):
    show(binascii.unhexlify, s)
for s in ('YQ==', 'YQ=', 'YQ', 'Y', 'YWI=', 'YWJj', 'Y W\nJj', '=YQ==', 'YQ==x', 'YQ=x=', 'YQ\0==', 'YWJjZ', ''):
    show(binascii.a2b_base64, s)
    show(binascii.a2b_base64, s, strict_mode=True)
for s in (b'#86)C\n', b'#86)', b'#86)C x', b'\x80', b' \n', b'!'):
    show(binascii.a2b_uu, s)
show(binascii.b2a_uu, data[:46])
for d in (b'a=b\t \n', b'x' * 100, b'end ', b'end\t', b'.\n', b'a_b c', b'\xe4\r\nb', b'tab\there', b'\0'):
    for kw in ({}, {'quotetabs': True}, {'istext': False}, {'header': True}):
        show(binascii.b2a_qp, d, **kw)
for d in (b'a=3Db=\nc', b'=', b'==', b'=4', b'=zz', b'a_b=20c', b'x=\r\ny'):
    show(binascii.a2b_qp, d)
    show(binascii.a2b_qp, d, header=True)
print(binascii.crc32(b'hello'), binascii.crc32(b'lo', binascii.crc32(b'hel')), binascii.crc_hqx(b'hello', 0), zlib.crc32(b'hello', -1), zlib.adler32(b'hello'), zlib.adler32(b'x', 2**40))
z = zlib.compress(data * 10)
print(zlib.decompress(z) == data * 10, zlib.decompress(zlib.compress(b'', 0)), zlib.decompress(zlib.compress(data, 9, -15), -15) == data)
show(zlib.decompress, b'abc')
show(zlib.decompress, z[:50])
show(zlib.compress, b'a', 77)
show(zlib.compressobj, method=99)
show(zlib.decompressobj, wbits=99)
c = zlib.compressobj(6, zlib.DEFLATED, 31)
out = c.compress(data) + c.flush(zlib.Z_SYNC_FLUSH)
c2 = c.copy()
out += c.compress(b'more') + c.flush()
d = zlib.decompressobj(47)
print(d.decompress(out + b'tail') == data + b'more', d.eof, d.unused_data, d.unconsumed_tail, d.flush())
d = zlib.decompressobj()
first = d.decompress(z, 100)
print(len(first), d.eof, len(d.unconsumed_tail) > 0, first + d.decompress(d.unconsumed_tail) + d.flush() == data * 10)
c = zlib.compressobj(zdict=b'hello world')
out = c.compress(b'hello world!') + c.flush()
print(zlib.decompressobj(zdict=b'hello world').decompress(out))
show(zlib.decompressobj().decompress, out)
show(zlib.decompressobj().decompress, b'', -1)
for h in (md5, sha1, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512):
    x = h(b'abc')
    y = x.copy()
    y.update(data)
    print(x.name, x.digest_size, x.block_size, x.hexdigest(), y.digest().hex()[:20], h().hexdigest()[:20], len(x.digest()))
for h in (shake_128, shake_256):
    x = h(b'abc')
    print(x.name, x.digest_size, x.block_size, x.hexdigest(20), x.digest(0), len(x.digest(500)))
for h in (blake2b, blake2s):
    x = h(b'abc')
    x.update(data * 3)
    print(x.name, x.digest_size, x.block_size, x.hexdigest())
    print(h(b'x', digest_size=10, key=b'key', salt=b'salt', person=b'me').hexdigest(), h(fanout=2, depth=3, leaf_size=5, node_offset=7, node_depth=1, inner_size=20, last_node=True).hexdigest()[:32])
    print(h.SALT_SIZE, h.PERSON_SIZE, h.MAX_KEY_SIZE, h.MAX_DIGEST_SIZE, x.copy().hexdigest() == x.hexdigest(), h(data).hexdigest()[:16], h(data[:128]).hexdigest()[:16])
show(md5, 'a')
show(sha256, 5)
