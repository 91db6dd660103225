#!/usr/bin/env python3
"""Mutated inputs for the compiler and for the modules that read data; ouro must never crash or hang, and must agree with CPython.

    tests/fuzz/fuzz.py [--ouro build/ouro] [--python python3] [--seed S] [--count N] [--save FOLDER] [kind ...]

Kinds: source lexer compile marshal regex struct pickle numbers format view json.  The seed makes a run repeatable.  The inputs come from the
corpus (tests/fuzz/corpus/KIND/*), from the sources of the tests, and from the tables below, mutated.  Without --count the corpus
itself is replayed as it is; its folders `lexer` and `compile`
are those of lexer.c and compile.c, one and two bytes of choices before the source.

Compared are the result or, when both reject, the type of the error and for source its line; the wording of an error is not
(--strict counts it too).  IndentationError and TabError count as the SyntaxErrors they are.  Let pass, as no fault of ouro:
MemoryError and RecursionError, whose limits differ; SystemError of CPython, its own fault; marshalled code, of another format in
ouro; source that is not UTF-8, always a SyntaxError in ouro while CPython's compile() decodes only the names and strings in it.
Prints differences and "N passed, N failed"."""
import argparse
import glob
import marshal
import os
import pickle
import random
import re
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
TOKENS = ("( ) [ ] { } : , ; . ... = == != < > <= >= + - * / // % ** @ & | ^ ~ << >> -> := += -= *= **= //= and or not in is if else elif "
          "for while def class return yield from import as with try except finally raise lambda pass break continue global nonlocal del "
          "assert async await match case None True False _ x y 0 1 1.5 1j 0x 0b1 1_0 'a' b'a' f'{x}' f'{x!r:>{y}}' \"\"\" ''' rb'' u'' # \\\n \n "
          "\n\t \t \n    \n  \\ ? $ ! ` \x00 \x0c \xe9 \u20ac \ufeff \U0001d56b except* *a **k (yield) *").split(" ")
NUMBERS = ["0", "-1", "1_000", "0x_ff", "0b12", "1e5", "1e-400", ".5", "5.", "inf", "-nan", "1+2j", "(1-j)", "0x1.8p3", "9" * 60, "٣", " 7 ",
           "1__0", "+-1", "1e", "0o17", "infinity", "1E+5", "_1", "0_0", "\u20001\u2000", "0x1p-1080", "1" * 5000, "zz", "1e400", "-.0"]
FORMATS = ["{}", "{0!r:>10}", "{a[0]}", "{a.real:+.3e}", ">10", "^+20,.2f", "010x", "#_b", "%%", "%5.2f", "%-10s|", "%(a)s", "%+d", "%#x", "%c",
           "%*d", "{:{}}", "s", "\x00<5", ".0%", "g", "n", "=+8,d", "{0[", "}}", "{!", "%(", "%.", "%.999999999d", "999999999999d", "%r%a%i",
           "z.1f", ",x", "_c", "1000000f", "{0.__class__}", "{:\u20ac^9}", "%b"]
REGEX = ["(a|b)*c", "(?P<n>a+)(?P=n)", "[a-z]{2,5}?", "(?i)x(?-i:Y)", "(?<=ab)c", "(?<!a|b)c", "\\d+\\b\\w", "^$", "(?:a*)*", "a*+b", "(?>a|ab)c",
         "(?(1)a|b)", "((((a))))\\4", "[^\\W\\d]", "\\N{DIGIT ONE}", "(?x) a # c\n b", ".{0,65536}", "[[a]", "(?s:.)", "\\x4g", "(?P<1>a)", "a{1,0}",
         "(?#c)a", "\\Z\\A", "(a)(?=b\\1)", "[\\u0400-\\u04ff]+", "(?a)\\w", "(?L)a", "x{4294967296}", "(?(n)a)", "(a?)*?b"]
STRUCTS = ["<iIqQ", ">hHbB?", "!4s2p", "@nNP", "=3xf", "10d", "0s", "e", "c3c", " < i", "99999999999i", "5", "<P", "i x", "p", "0i", "2147483648s"]
JSONS = ['{"a": [1, 2.5, null, true], "b": "\\u20ac\\n"}', "[[[[]]]]", '"\\ud83d\\ude00"', "-0.1e+5", "[1,]", '{"a":1,}', "NaN", "-Infinity", '"\x01"', "1e999",
         '{"a":{"b":[{}]}}', "  [ ]  ", "tru", '"\\x"', '{1:2}', "123456789012345678901234567890"]


def sources():
    """Pieces of the tests' own programs."""
    files = sorted(glob.glob(os.path.join(TOP, "tests", "*", "*.py")))
    pieces = []
    for f in files:
        with open(f, encoding="utf-8") as h:
            text = h.read()
        for block in re.split(r"\n\n+(?=\S)", text):
            if block.count("\n") < 40:
                pieces.append(block + "\n")
    return pieces


def objects(r):
    def one(depth):
        k = r.randrange(14 if depth else 9)
        if k == 0:
            return r.choice([0, 1, -1, 255, 2 ** 31, -2 ** 31 - 1, 2 ** 63, 10 ** 40, -10 ** 40])
        if k == 1:
            return r.choice([0.0, -1.5, 1e300, float("inf")])
        if k == 2:
            return r.choice([None, True, False, ...]) if k == 2 and depth else None
        if k == 3:
            return r.choice([b"", b"bytes", b"\x00\xff" * 20])
        if k in (4, 5):
            return r.choice(["", "text", "\xe9", "\u20ac", "\U0001f600", "a" * 300])
        if k == 6:
            return 1.5 - 2j
        if k < 9:
            return r.randrange(1000)
        n = r.randrange(4)
        items = [one(depth - 1) for _ in range(n)]
        if k == 9:
            return items
        if k == 10:
            return tuple(items)
        if k == 11:
            return {str(i): v for i, v in enumerate(items)}
        if k == 12:
            return set(range(n))
        return frozenset(str(i) for i in range(n))
    return one(3)


def mutate_bytes(r, data, atoms=()):
    b = bytearray(data)
    for _ in range(r.choice([1, 1, 1, 2, 3, 6])):
        k = r.randrange(8)
        at = r.randrange(len(b) + 1)
        if k == 0 and b:
            b[at % len(b)] = r.randrange(256)
        elif k == 1 and b:
            b[at % len(b)] ^= 1 << r.randrange(8)
        elif k == 2:
            del b[at:at + r.choice([1, 1, 2, 4, 9])]
        elif k == 3:
            b[at:at] = bytes(r.randrange(256) for _ in range(r.choice([1, 1, 2, 4])))
        elif k == 4:
            b[at:at] = b[at:at + r.choice([1, 3, 8, 30])]
        elif k == 5 and atoms:
            b[at:at] = r.choice(atoms)
        elif k == 6 and atoms:
            x = r.choice(atoms)
            b[at:at + len(x)] = x
        else:
            e = r.randrange(len(b) + 1)
            b[at:at] = b[min(at, e):max(at, e)][:40]
    return bytes(b[:20000])


WIDE = re.compile(rb"\d{7,11}")  # widths that would be given, after a long time
SPLIT = re.compile(r"(\s+|\w+|[^\w\s])")


def mutate_source(r, pieces):
    text = r.choice(pieces)
    if r.random() < 0.2:
        text += r.choice(pieces)
    parts = SPLIT.findall(text)
    for _ in range(r.choice([1, 1, 1, 2, 2, 3, 5, 12])):
        if not parts:
            break
        k, at = r.randrange(7), r.randrange(len(parts))
        if k == 0:
            del parts[at:at + r.choice([1, 1, 2, 3])]
        elif k == 1:
            parts.insert(at, r.choice(TOKENS))
        elif k == 2:
            parts[at] = r.choice(TOKENS)
        elif k == 3:
            parts.insert(at, " " + r.choice(TOKENS) + " ")
        elif k == 4:
            other = r.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        elif k == 5:
            parts.insert(at, r.choice(parts))
        else:
            parts = parts[:at + 1]
    data = "".join(parts).encode("utf-8", "surrogatepass")
    if r.random() < 0.1:
        data = mutate_bytes(r, data)
    return data


def make(kind, r, state):
    corpus = state["corpus"].get(kind, [])
    if kind == "source":
        return mutate_source(r, state["pieces"])
    if kind in ("lexer", "compile"):
        return mutate_bytes(r, r.choice(corpus), [x.encode("utf-8", "surrogatepass") for x in TOKENS])
    if corpus and r.random() < 0.2:
        return mutate_bytes(r, r.choice(corpus))
    if kind == "marshal":
        if r.random() < 0.3:
            data = marshal.dumps(objects(r), r.randrange(5))
        else:
            data = marshal.dumps([objects(r), objects(r)])
        return mutate_bytes(r, data)
    if kind == "pickle":
        return mutate_bytes(r, pickle.dumps([objects(r)], r.randrange(6)))
    if kind == "regex":
        data = "".join(r.choice(REGEX) for _ in range(r.choice([1, 1, 2]))).encode()
        return mutate_bytes(r, data, [x.encode() for x in REGEX]).replace(b"\0", b"")[:60] + b"\0" + r.choice([b"aaab", b"abcabc", b"x1 Y2", "\u0430\u20ac".encode()])
    if kind == "struct":
        return mutate_bytes(r, r.choice(STRUCTS).encode(), [b"<", b"3", b"s", b"q", b"0"]).replace(b"\0", b"") + b"\0" + bytes(r.randrange(256) for _ in range(9))
    if kind == "numbers":
        return mutate_bytes(r, r.choice(NUMBERS).encode(), [x.encode() for x in NUMBERS])
    if kind == "format":
        data = r.choice(FORMATS).encode()
        if r.random() < 0.8:
            data = mutate_bytes(r, data, [x.encode() for x in FORMATS])
        return WIDE.sub(lambda m: m[0][:6], data)
    if kind == "view":
        return bytes(r.randrange(256) for _ in range(r.randrange(3, 30)))
    if kind == "json":
        return mutate_bytes(r, r.choice(JSONS).encode(), [x.encode() for x in JSONS])
    raise SystemExit("unknown kind " + kind)


class Worker:
    """The outcomes of inputs, one after the other; a new process after a crash or a hang."""

    def __init__(self, command):
        self.command, self.p = command, None

    def start(self):
        env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")
        env.setdefault("ASAN_OPTIONS", "detect_leaks=0:allocator_may_return_null=1")
        env.setdefault("UBSAN_OPTIONS", "halt_on_error=1")
        self.p = subprocess.Popen(self.command + [os.path.join(HERE, "worker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env=env)

    def ask(self, kind, data):
        if not self.p:
            self.start()
        hung = []
        timer = threading.Timer(30, lambda: (hung.append(1), self.p.kill()))
        timer.start()
        try:
            self.p.stdin.write(b"%s %s\n" % (kind.encode(), data.hex().encode()))
            self.p.stdin.flush()
            line = self.p.stdout.readline()
        except BrokenPipeError:
            line = b""
        timer.cancel()
        if line:
            return line.decode().strip()
        text = self.p.stderr.read().decode("utf-8", "replace")
        status = self.p.wait()
        self.close()
        return "HANG" if hung else "CRASH %s %s" % (status, text[-1500:])

    def close(self):
        if self.p:
            for f in (self.p.stdin, self.p.stdout, self.p.stderr):
                try:
                    f.close()
                except OSError:
                    pass
            self.p.kill()
            self.p.wait()
            self.p = None


def kind_of(outcome):
    """What is compared: the result, or which error and in which line."""
    m = re.match(r"['\"](\w+(?:Error|Exception|Interrupt|error))\b( line \w+)?", outcome)
    if not m:
        return outcome
    return ("SyntaxError" if m[1] in ("IndentationError", "TabError") else m[1]) + (m[2] or "")


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def agree(kind, data, a, b, strict):
    if a == b:
        return True
    ka, kb = kind_of(a), kind_of(b)
    for limit in ("MemoryError", "RecursionError"):
        if ka.startswith(limit) or kb.startswith(limit):
            return True
    if "SystemError" in b:
        return True
    if kind == "marshal" and ("code of another version" in a or "code objects of another" in a):
        return not b.startswith(("CRASH", "HANG"))
    if kind in ("source", "lexer", "compile") and not is_utf8(data) and ka.startswith("SyntaxError"):
        return True
    return ka == kb and not strict


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--ouro", default=os.path.join(TOP, "build", "ouro"))
    ap.add_argument("--python", default="python3")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=0)
    ap.add_argument("--save")
    ap.add_argument("--strict", action="store_true")
    ap.add_argument("--show", type=int, default=40)
    ap.add_argument("kinds", nargs="*")
    args = ap.parse_args()
    kinds = args.kinds or ["source", "lexer", "compile", "marshal", "regex", "struct", "pickle", "numbers", "format", "view", "json"]
    corpus = {}
    for kind in kinds:
        for f in sorted(glob.glob(os.path.join(HERE, "corpus", kind, "*"))):
            with open(f, "rb") as h:
                corpus.setdefault(kind, []).append(h.read())
    state = {"corpus": corpus, "pieces": sources() + [c.decode("utf-8", "replace") for c in corpus.get("source", [])]}
    ouro, python = Worker([args.ouro]), Worker([args.python])
    passed = failed = 0
    for kind in kinds:
        r = random.Random("%s %d" % (kind, args.seed))
        inputs = (make(kind, r, state) for _ in range(args.count)) if args.count else iter(corpus.get(kind, []))
        for data in inputs:
            a = ouro.ask(kind, data)
            b = python.ask(kind, data)
            bad = a.startswith(("CRASH", "HANG")) or "SystemError" in a and "SystemError" not in b
            if bad or not (b.startswith(("CRASH", "HANG")) or agree(kind, data, a, b, args.strict)):
                failed += 1
                if failed <= args.show:
                    print("FAILED %s %r\n    ouro    %s\n    CPython %s" % (kind, data[:600], a[-1200:] if bad else a[:200], b[:200]), flush=True)
                if args.save:
                    import hashlib
                    os.makedirs(os.path.join(args.save, kind), exist_ok=True)
                    with open(os.path.join(args.save, kind, hashlib.sha1(data).hexdigest()[:12]), "wb") as h:
                        h.write(data)
            else:
                passed += 1
    ouro.close()
    python.close()
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets is part of the inputs
        os.execve(sys.executable, [sys.executable] + sys.argv, dict(os.environ, PYTHONHASHSEED="0"))
    sys.exit(main())
