#!/usr/bin/env python3
"""Whole random programs (tests/fuzz/programs.py) run by ouro and by CPython 3.11: every line of their output must be the same.

    tests/fuzz/differ.py [--ouro build/ouro] [--python python3] [--seed S] [--count N] [--flavour F] [--trace] [--compile]
                         [--save FOLDER] [--show N]

Program S of N has the seed "S/i", so that `programs.py S/i` prints it.  Programs go to each interpreter in one file, a new process after a
crash.  Left out are programs that CPython cannot end (TIMEOUT) or runs differently each time (sets in order of addresses), or whose outcome hangs on a limit (MemoryError, RecursionError).
--trace compares the events of sys.settrace as well.
--compile takes mutated pieces of the tests and of CPython's library instead (compile_worker.py), and compares what compile() says.  Prints what differs, grouped by the first pair of lines, and "N passed, N failed"."""
import argparse
import ast
import glob
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import fuzz  # noqa: E402
import programs  # noqa: E402


def sources(seed, count):
    """(mode, source) of mutated pieces of programs."""
    r = random.Random("sources %s" % seed)
    pieces = fuzz.sources()
    files = sorted(glob.glob(os.path.join(os.path.dirname(os.__file__), "*.py")) + glob.glob(os.path.join(os.path.dirname(os.__file__), "test", "test_[a-gs-u]*.py")))
    for f in r.sample(files, min(60, len(files))):
        with open(f, encoding="utf-8", errors="replace") as h:
            pieces += [b for b in re.split(r"\n\n+(?=\S)", h.read()) if b.count("\n") < 60]
    for i in range(count):
        k = r.randrange(8)
        if k == 0:
            text = r.choice(pieces)
        elif k == 1:
            text = programs.program("%s/%d" % (seed, i))
            text = fuzz.mutate_source(r, [text]).decode("utf-8", "replace")
        else:
            text = fuzz.mutate_source(r, pieces).decode("utf-8", "replace")
        yield r.choice(["exec"] * 6 + ["eval", "single"]), text.replace("\0", "") if r.random() < 0.9 else text


def outcomes(command, texts, extra, timeout, worker="program_worker.py"):
    """One outcome a program; CRASH for one that ended the process."""
    env = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", PYTHONIOENCODING="utf-8")
    out = []
    while len(out) < len(texts):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as f:
            f.write("".join((ascii(t) if isinstance(t, str) else "%s %s" % (t[0], ascii(t[1]))) + "\n" for t in texts[len(out):]))
            f.flush()
            try:
                p = subprocess.run([command, os.path.join(HERE, worker), f.name] + extra, env=env, capture_output=True, timeout=timeout)
                got, status, err = p.stdout, p.returncode, p.stderr
            except subprocess.TimeoutExpired as e:
                got, status, err = e.stdout or b"", "timeout", e.stderr or b""
        lines = got.decode("utf-8", "replace").split("\n")[:-1]
        out += [ast.literal_eval(x) for x in lines]
        if len(out) < len(texts):
            out.append("CRASH %s %s" % (status, err.decode("utf-8", "replace")[-800:]))
    return out[:len(texts)]


def plain(outcome):
    """The outcome of a compilation without what differs harmlessly: how much of a text of several lines a SyntaxError shows, and code objects of
    statements that cannot be reached, which only ouro keeps."""
    m = re.match(r"(\w+Error) (.*)", outcome)
    if m:
        args = ast.literal_eval(m[2])
        if len(args) == 2 and len(args[1]) == 6 and args[1][3]:
            args = args[0], args[1][:3] + args[1][4:]
        return m[1], args
    return [x for x in outcome.split("\n") if not x.startswith("code ")]


def first_difference(a, b):
    la, lb = a.split("\n"), b.split("\n")
    for i in range(max(len(la), len(lb))):
        x, y = (la[i] if i < len(la) else "<end>"), (lb[i] if i < len(lb) else "<end>")
        if x != y:
            return i, x, y
    return None


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--ouro", default=os.path.join(TOP, "build", "ouro"))
    ap.add_argument("--python", default="python3")
    ap.add_argument("--seed", default="1")
    ap.add_argument("--count", type=int, default=300)
    ap.add_argument("--flavour")
    ap.add_argument("--trace", action="store_true")
    ap.add_argument("--compile", action="store_true")
    ap.add_argument("--save")
    ap.add_argument("--show", type=int, default=30)
    ap.add_argument("--timeout", type=int, default=600)
    args = ap.parse_args()
    if args.compile:
        texts = list(sources(args.seed, args.count))
    else:
        texts = [programs.program("%s/%d" % (args.seed, i), args.flavour) for i in range(args.count)]
    extra = ["trace"] if args.trace else []
    worker = "compile_worker.py" if args.compile else "program_worker.py"
    want = outcomes(args.python, texts, extra, args.timeout, worker)
    got = outcomes(args.ouro, texts, extra, args.timeout, worker)
    passed = failed = skipped = 0
    groups = {}
    suspects = [i for i, (c, o) in enumerate(zip(want, got)) if c != o]
    for _ in range(3):  # where CPython disagrees with itself (sets ordered by addresses, ...)
        for i, c in zip(suspects, outcomes(args.python, [texts[i] for i in suspects], extra, args.timeout, worker)):
            if c != want[i]:
                want[i] = "TIMEOUT"
    for i, (text, c, o) in enumerate(zip(texts, want, got)):
        if c.startswith(("TIMEOUT", "CRASH")) or re.search("MemoryError|RecursionError", c + o):
            skipped += 1
        elif c == o or args.compile and plain(c) == plain(o):
            passed += 1
        else:
            failed += 1
            line, x, y = first_difference(c, o)
            key = re.sub(r"\d+", "N", x)[:70], re.sub(r"\d+", "N", y)[:70]
            groups.setdefault(key, []).append((len(text if isinstance(text, str) else text[1]), i, line, x, y))
            if args.save:
                os.makedirs(args.save, exist_ok=True)
                for suffix, data in (("py", text), ("c", c), ("o", o)):
                    with open(os.path.join(args.save, "%s-%d.%s" % (args.seed, i, suffix)), "w", encoding="utf-8", errors="backslashreplace") as f:
                        f.write(data if isinstance(data, str) else "# %s\n%s" % data)
    for key, cases in sorted(groups.items(), key=lambda kv: -len(kv[1]))[:args.show]:
        _, i, line, x, y = min(cases)
        print("%d x, shortest %s/%d, line %d\n   CPython %s\n   ouro    %s" % (len(cases), args.seed, i, line, x[:300], y[:300]))
    bad = sum(1 for c in want if c.startswith("SyntaxError ('" if args.compile else "SyntaxError "))
    print("%d passed, %d failed, %d left out, %d of all did not compile" % (passed, failed, skipped, bad))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
