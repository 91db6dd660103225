"""co_linetable, co_exceptiontable, co_lnotab; replace() and CodeType()."""
import types
def f(a, *, b=1, **kw):
    x = (a +
         b)
    def g(q=x): return x, a, q, kw
    try:
        for i in range(3):
            with C():
                x += i
    except ValueError as e:
        return e
    finally:
        x = 0
    return [y for y in
            (1, 2)], \
        g()
class C:
    def __enter__(self): return self
    def __exit__(self, *a): pass

def parse_locations(code):
    """As described in CPython's Objects/locations.md."""
    it = iter(code.co_linetable)
    line = code.co_firstlineno
    def varint():
        b = next(it); v = b & 63; s = 0
        while b & 64:
            b = next(it); s += 6; v |= (b & 63) << s
        return v
    def svarint():
        u = varint()
        return -(u >> 1) if u & 1 else u >> 1
    for b in it:
        assert b & 128
        n, k = (b & 7) + 1, b >> 3 & 15
        if k == 15: pos = (None,) * 4
        elif k == 14:
            line += svarint(); e = line + varint(); c = varint() - 1; ec = varint() - 1
            pos = line, e, None if c < 0 else c, None if ec < 0 else ec
        elif k == 13:
            line += svarint(); pos = line, line, None, None
        elif k >= 10:
            line += k - 10; pos = line, line, next(it), next(it)
        else:
            s = next(it); c = k << 3 | s >> 4; pos = line, line, c, c + (s & 15)
        yield from [pos] * n
def parse_exceptions(code):
    it = iter(code.co_exceptiontable)
    def varint():
        b = next(it); v = b & 63
        while b & 64: b = next(it); v = v << 6 | b & 63
        return v
    try:
        while True: yield varint(), varint(), varint(), varint()
    except StopIteration: return
def each(code):
    yield code
    for c in code.co_consts:
        if isinstance(c, types.CodeType): yield from each(c)
for c in [*each(f.__code__), *each(parse_locations.__code__), *each(compile(open(__file__).read(), 'x', 'exec'))]:
    assert list(parse_locations(c)) == list(c.co_positions()), c
    for s, n, t, d in parse_exceptions(c) if c.co_exceptiontable else (): assert n > 0
    d = c.replace()
    assert d == c and d.co_linetable == c.co_linetable and d.co_exceptiontable == c.co_exceptiontable
    d = c.replace(co_linetable=c.co_linetable, co_exceptiontable=c.co_exceptiontable, co_code=c.co_code)
    assert list(d.co_positions()) == list(c.co_positions()), c
    d = types.CodeType(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_stacksize, c.co_flags,
                       c.co_code, c.co_consts, c.co_names, c.co_varnames, c.co_filename, c.co_name, c.co_qualname,
                       c.co_firstlineno, c.co_linetable, c.co_exceptiontable, c.co_freevars, c.co_cellvars)
    assert list(d.co_positions()) == list(c.co_positions())
    assert d.co_cellvars == c.co_cellvars and d.co_freevars == c.co_freevars and d.co_exceptiontable == c.co_exceptiontable
    assert d.co_consts == c.co_consts and d.co_varnames == c.co_varnames and d == c
c = f.__code__
f2 = types.FunctionType(types.CodeType(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_stacksize,
    c.co_flags, c.co_code, c.co_consts, c.co_names, c.co_varnames, 'new', 'nn', 'qq', 100,
    c.co_linetable, c.co_exceptiontable, c.co_freevars, c.co_cellvars), globals())
print(f2(1, b=2, z=3), f2.__name__, f2.__code__.co_firstlineno)
shift = f.__code__.replace(co_firstlineno=1000)
print({p[0] - q[0] for p, q in zip(shift.co_positions(), c.co_positions()) if p[0] is not None})
def bad():
    1 / 0
bad.__code__ = bad.__code__.replace(co_linetable=b'\xf8' * 40)
try: bad()
except ZeroDivisionError as e: print(e.__traceback__.tb_next.tb_lineno)
for kw in ({'co_linetable': 1}, {'co_code': 5}, {'co_exceptiontable': 'x'}):
    try: c.replace(**kw)
    except TypeError as e: print('TypeError')
pairs = c.co_lnotab
print(len(pairs) % 2, sum(b - 256 if b > 127 else b for b in pairs[1::2]) >= 0)


def two(a, b):
    x = 1


for names in (("a",), ("a", "b", "x", "y")):
    try:
        two.__code__.replace(co_varnames=names)
    except ValueError as e:
        print(e)
