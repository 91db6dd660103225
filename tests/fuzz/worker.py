"""Runs in the interpreter under test: one input a line on stdin, "kind hex..." ; one line of outcome each on stdout.

Deterministic, so that the outcome can be compared with CPython's.  `tests/fuzz/fuzz.py` starts it."""
import sys

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(4300)


def short(x):
    t = type(x).__name__
    if isinstance(x, (int, float, complex, str, bytes, bool, type(None))):
        r = ascii(x)
        return "%s %s" % (t, r if len(r) < 200 else "%d:%s" % (len(r), r[:100]))
    if isinstance(x, (tuple, list)):
        return "%s(%s)" % (t, ", ".join(map(short, x[:20])))
    return t


def source(data, mode="exec", flags=0):
    import warnings
    warnings.simplefilter("ignore")
    try:
        compile(data, "<fuzz>", mode, flags, True)
    except SyntaxError as e:
        return "%s line %s: %s" % (type(e).__name__, e.lineno, e.msg)
    return "accepted"


def lexer(data):
    """As tests/fuzz/lexer.c takes it: mode and flags in the first byte; without type comments, which ouro's grammar has not."""
    if not data:
        return "empty"
    mode = ("exec", "eval", "single", "func_type")[data[0] & 3]
    only_ast, dont_imply_dedent = 0x400, 0x200
    return source(data[1:], mode, only_ast * (mode == "func_type") | dont_imply_dedent * (data[0] >> 3 & 1))


def compiled(data):
    """As tests/fuzz/compile.c takes it: mode and optimisation in the first byte, the failing allocation in the second."""
    return source(data[2:], ("exec", "eval", "single")[data[0] % 3]) if len(data) > 1 else "empty"


def marshal(data):
    import marshal as m
    x = m.loads(data)
    if type(x).__name__ == "code":
        return "code"
    m.dumps(x)
    return short(x)


def regex(data):
    import re
    import warnings
    warnings.simplefilter("ignore")
    pattern, _, text = data.decode("utf-8", "surrogateescape").partition("\0")
    p = re.compile(pattern)
    m = p.search(text)
    return short((m and m.span(), p.groups, p.findall(text)[:5], p.sub("<\\g<0>>", text)))


def structs(data):
    import struct
    fmt, _, rest = data.partition(b"\0")
    fmt = fmt.decode("latin-1")
    n = struct.calcsize(fmt)
    if n > 100000:
        return "size %d" % n
    v = struct.unpack(fmt, (rest * n)[:n].ljust(n, b"\x7f"))
    return "%d %s %s" % (n, short([x for x in v if x == x]), struct.pack(fmt, *v)[:50].hex() if "f" not in fmt and "d" not in fmt and
                         "e" not in fmt else "")


ALLOWED = {"OrderedDict", "deque", "Decimal", "Fraction", "date", "complex", "set", "frozenset", "bytearray", "range", "int", "list"}


def pickles(data):
    import io
    import pickle

    class Safe(pickle.Unpickler):
        def find_class(self, module, name):
            if name not in ALLOWED:
                raise pickle.UnpicklingError("forbidden")
            return super().find_class(module, name)
    return short(Safe(io.BytesIO(data)).load())


def numbers(data):
    s = data.decode("utf-8", "surrogateescape")
    out = []
    for f in (int, float, complex, lambda s: int(s, 0), lambda s: int(s, 36), float.fromhex, lambda s: int(data), lambda s: float(data)):
        try:
            out.append(short(f(s)))
        except (ValueError, OverflowError) as e:
            out.append(type(e).__name__ + str(e)[:60])
    return "; ".join(out).replace("\n", " ")


def formats(data):
    s = data.decode("utf-8", "surrogateescape")
    out = []
    values = (42, -7, 10 ** 30, 3.14159, 1e300, float("nan"), "text\u20ac", True, 1.5 - 2j, None)
    for v in values:
        for f in (lambda: format(v, s), lambda: s.format(v, a=v), lambda: s % v, lambda: s % (v, v), lambda: s.encode() % (v,),
                  lambda: s % {"a": v}):
            try:
                r = f()
                out.append(short(r) if len(r) < 200 else "long %d" % len(r))
            except Exception as e:
                out.append(type(e).__name__ + ": " + ascii(str(e))[:80])
    return " | ".join(out)


def views(data):
    fmts = ["B", "b", "c", "H", "h", "I", "i", "L", "l", "Q", "q", "f", "d", "?", "@I", "n", "P", "x", "", "<H"]
    b = bytearray(data * 3)
    m = memoryview(b)
    out = []
    it = iter(data)
    for op in it:
        a, c = next(it, 0), next(it, 1)
        try:
            if op % 8 == 0:
                m = m.cast(fmts[a % len(fmts)])
            elif op % 8 == 1:
                m = m.cast(fmts[a % len(fmts)], [c % 7, a % 5])
            elif op % 8 == 2:
                m = m[a - 128:c - 100:(a + c) % 7 - 3]
            elif op % 8 == 3:
                m[a % 9] = c
            elif op % 8 == 4:
                out.append(short(m[a - 128]))
            elif op % 8 == 5:
                out.append(short(m.tobytes()[:9]) + short(m.tolist()[:4]))
            elif op % 8 == 6:
                m[a - 128:c - 128] = m[c - 128:a - 128]
            else:
                out.append("%s %s %s %s %s" % (m.shape, m.strides, m.format, m.nbytes, m == memoryview(b)))
        except Exception as e:
            out.append(type(e).__name__)
    return "; ".join(out)


def jsons(data):
    import json
    x = json.loads(data.decode("utf-8", "surrogateescape"))
    return json.dumps(x, sort_keys=True)[:200]


KINDS = {"source": source, "lexer": lexer, "compile": compiled, "marshal": marshal, "regex": regex, "struct": structs, "pickle": pickles, "numbers": numbers,
         "format": formats, "view": views, "json": jsons}


def main():
    for line in sys.stdin:
        kind, _, text = line.strip().partition(" ")
        data = bytes.fromhex(text)
        try:
            r = KINDS[kind](data)
        except RecursionError:
            r = "RecursionError"
        except Exception as e:
            r = type(e).__name__ + ": " + str(e)
        print(ascii(r), flush=True)


main()
