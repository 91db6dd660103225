# bytearray.join while its iterable clears the separator.
array = bytearray(b',')
def it():
    array.clear()
    yield b'A'
    yield b'B'
try: array.join(it())
except BufferError as e: print(e)
print(array.join([b'a', b'b']), b'-'.join(x for x in [b'1', bytearray(b'2')]))
array.clear(); print(array)
