#!/usr/bin/env python3
"""Code that changes an object under the native method that works on it: an exception or an odd result, never a crash.

    tests/robust/attacks.py [--ouro build/ouro] [name ...]     prints "N passed, N failed"

Each case of attacks/*.py (from one "### name" line to the next) is a program of its own, run after attacks/actors.py and the
lines before the file's first case.
It passes when the interpreter ends by itself without a signal or a report of a sanitizer: what it prints does not matter."""
import argparse
import glob
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAULT = re.compile(r".*(?:ERROR: \w+Sanitizer|runtime error:|Assertion .* failed).*")


def cases():
    with open(os.path.join(TOP, "tests/robust/attacks/actors.py"), encoding="utf-8") as f:
        actors = f.read()
    for path in sorted(glob.glob(os.path.join(TOP, "tests/robust/attacks/*.py"))):
        with open(path, encoding="utf-8") as f:
            parts = re.split(r"^### (.*)\n", f.read(), flags=re.M)
        topic = os.path.basename(path)[:-3]
        for name, body in zip(parts[1::2], parts[2::2]):
            yield topic + ": " + name, actors + parts[0] + body


def run(ouro, program):
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    env.setdefault("ASAN_OPTIONS", "detect_leaks=0:allocator_may_return_null=1")
    try:
        p = subprocess.run([ouro, "-W", "ignore", "-X", "malloc=system", "-"], input=program.encode(), stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=120, env=env)
    except subprocess.TimeoutExpired:
        return "timeout"
    out = p.stdout.decode("utf-8", "replace")
    fault = FAULT.search(out)
    return fault.group() if fault else "signal %d" % -p.returncode if p.returncode < 0 else ""


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--ouro", default=os.path.join(TOP, "build/ouro"))
    ap.add_argument("names", nargs="*")
    a = ap.parse_args()
    todo = [(n, p) for n, p in cases() if not a.names or any(x in n for x in a.names)]
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for (name, _), why in zip(todo, pool.map(lambda c: run(a.ouro, c[1]), todo)):
            if why:
                failed += 1
                print(f"FAILED {name}: {why}")
    print(f"{len(todo) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
