#!/usr/bin/env python3
"""Whole random programs (tests/fuzz/programs.py) run by ouro and by CPython 3.11: every line of their output must be the same.

    tests/fuzz/differ.py [--ouro build/ouro] [--python python3] [--seed S] [--count N] [--flavour F] [--trace] [--save FOLDER] [--show N]

Program S of N has the seed "S/i", so that `programs.py S/i` prints it.  Programs go to each interpreter in one file, a new process after a
crash.  Left out are programs that CPython cannot end (TIMEOUT) or whose outcome hangs on a limit (MemoryError, RecursionError).
--trace compares the events of sys.settrace as well.  Prints what differs, grouped by the first pair of lines, and "N passed, N failed"."""
import argparse
import ast
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import programs  # noqa: E402


def outcomes(command, texts, extra, timeout):
    """One outcome a program; CRASH for one that ended the process."""
    env = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", PYTHONIOENCODING="utf-8")
    out = []
    while len(out) < len(texts):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as f:
            f.write("".join(ascii(t) + "\n" for t in texts[len(out):]))
            f.flush()
            try:
                p = subprocess.run([command, os.path.join(HERE, "program_worker.py"), f.name] + extra, env=env, capture_output=True, timeout=timeout)
                got, status, err = p.stdout, p.returncode, p.stderr
            except subprocess.TimeoutExpired as e:
                got, status, err = e.stdout or b"", "timeout", e.stderr or b""
        lines = got.decode("utf-8", "replace").split("\n")[:-1]
        out += [ast.literal_eval(x) for x in lines]
        if len(out) < len(texts):
            out.append("CRASH %s %s" % (status, err.decode("utf-8", "replace")[-800:]))
    return out[:len(texts)]


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
    ap.add_argument("--save")
    ap.add_argument("--show", type=int, default=30)
    ap.add_argument("--timeout", type=int, default=600)
    args = ap.parse_args()
    texts = [programs.program("%s/%d" % (args.seed, i), args.flavour) for i in range(args.count)]
    extra = ["trace"] if args.trace else []
    want = outcomes(args.python, texts, extra, args.timeout)
    got = outcomes(args.ouro, texts, extra, args.timeout)
    passed = failed = skipped = 0
    groups = {}
    for i, (text, c, o) in enumerate(zip(texts, want, got)):
        if c.startswith(("TIMEOUT", "CRASH")) or re.search("MemoryError|RecursionError", c + o):
            skipped += 1
        elif c == o:
            passed += 1
        else:
            failed += 1
            line, x, y = first_difference(c, o)
            key = re.sub(r"\d+", "N", x)[:70], re.sub(r"\d+", "N", y)[:70]
            groups.setdefault(key, []).append((len(text), i, line, x, y))
            if args.save:
                os.makedirs(args.save, exist_ok=True)
                for suffix, data in (("py", text), ("c", c), ("o", o)):
                    with open(os.path.join(args.save, "%s-%d.%s" % (args.seed, i, suffix)), "w", encoding="utf-8", errors="backslashreplace") as f:
                        f.write(data)
    for key, cases in sorted(groups.items(), key=lambda kv: -len(kv[1]))[:args.show]:
        _, i, line, x, y = min(cases)
        print("%d x, shortest %s/%d, line %d\n   CPython %s\n   ouro    %s" % (len(cases), args.seed, i, line, x[:300], y[:300]))
    bad = sum(1 for c in want if c.startswith("SyntaxError"))
    print("%d passed, %d failed, %d left out, %d of all did not compile" % (passed, failed, skipped, bad))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
