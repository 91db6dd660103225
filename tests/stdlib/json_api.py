# json over _json: values, errors with places, hooks, encoder options
import json
from json import decoder, encoder


def t(f, *a, **k):
    try:
        print(repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__, e)


for s in ('1', '-0', '1.5', '1e5', '-1E-2', '0.1e+3', '01', '-', '1.', '.5', '1e', '+1', '[]', '[1, 2]', '[1,]', '[1 2]', '[', '[1', '{}', '{"a": 1}', '{"a" 1}', '{"a": }', '{"a": 1,}',
          '{"a": 1 "b"}', '{a: 1}', '{', '{"a"', '{"a":', '"abc"', '"a\\n\\u00e9\\/"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ud83dx"', '"\\u12"', '"\\u12g4"', '"\\x"', '"a', '"a\\', '"a\nb"',
          'true', 'false', 'null', 'nul', 'NaN', 'Infinity', '-Infinity', '-Inf', '', ' ', '1 2', '  [ 1 , { "k" : [ ] } ]  ', '\ufeff1', '123456789012345678901234567890', '"€é😀"',
          '[1.7976931348623157e309]', '{"a": {"a": {"a": 1}}}'):
    t(json.loads, s)
t(json.loads, b'{"a": [1, "\xc3\xa9"]}')
t(json.loads, '"a\nb"', strict=False)
t(json.loads, '{"a": 1, "b": [1.5, 2]}', object_pairs_hook=list, parse_float=str, parse_int=float)
t(json.loads, '{"a": {"b": 1}}', object_hook=lambda d: sorted(d.items()))
t(json.loads, '[NaN, -Infinity]', parse_constant=lambda c: 'const ' + c)
t(json.loads, '[' * 100000)
t(json.loads, 5)
t(json.loads, '1' * 5000)
t(decoder.scanstring, '"abc" ', 1)
t(decoder.scanstring, 'abc', 5)
t(decoder.scanstring, 'abc', -1)
t(decoder.scanstring, 5, 1)
d = json.JSONDecoder()
t(d.raw_decode, 'xx [1] yy', 3)
t(d.raw_decode, 'xx', 1)
t(d.scan_once, '1', 1)
t(d.scan_once, '1', -1)
x = json.loads('[{"key": 1}, {"key": 2}]')
print(list(x[0])[0] is list(x[1])[0])


class C:
    pass


class I(int):
    def __repr__(self):
        return 'I'


class S(str):
    pass


for o in (1, -2**70, 1.5, 1e100, float('inf'), float('nan'), True, None, 'a"\\\b\f\n\r\t\x00\x7fé€😀\ud800', [], [1, [2, (3,)]], {}, {'a': 1, 'b': [None]}, {1: 2, 1.5: 3, True: 4, None: 5},
          I(5), S('s'), {S('k'): I(1)}, {(1, 2): 3}, C, {1, 2}, 1j, b'x'):
    t(json.dumps, o)
    t(json.dumps, o, ensure_ascii=False, separators=(',', ':'), skipkeys=True)
t(json.dumps, {'b': 1, 'a': 2}, sort_keys=True, indent=2)
t(json.dumps, {'b': 1, 2: 2}, sort_keys=True)
t(json.dumps, [float('nan')], allow_nan=False)
t(json.dumps, [C(), {3}], default=lambda o: type(o).__name__)
t(json.dumps, C(), default=lambda o: o)
l = []
l.append(l)
t(json.dumps, l)
dd = {}
dd['a'] = dd
t(json.dumps, dd)
l = []
for _ in range(100000):
    l = [l]
t(json.dumps, l)
t(json.dumps, l, check_circular=False)
t(encoder.encode_basestring_ascii, 'é"😀')
t(encoder.encode_basestring, 'é"\n')
t(encoder.encode_basestring, 5)
t(json.JSONEncoder(sort_keys=True).encode, {'x': [1, {'y': 2.0}], 'a': 'b'})
print(json.dumps({'k%d' % i: [i, i / 2, str(i), None, i % 2 == 0] for i in range(20)}))
