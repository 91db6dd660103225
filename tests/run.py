#!/usr/bin/env python3
"""Runs the script tests and prints "N passed, N failed".

    run.py [--ouro build/ouro] [--only TEXT] [--asan] [--stress N] [--record] [--verify]

- tests/{language,builtins,stdlib,ouro}/NAME.py run by ouro must print exactly NAME.out, which was recorded with CPython 3.11
  (tests/ouro: written by hand, for what CPython does not have).  --record rewrites the .out files with python3, --verify
  checks that python3 still prints them.
- --asan: build/ouro-asan instead, each block from malloc; a report of AddressSanitizer, UBSan or LeakSanitizer is a failure.
- --stress N: a collection at every allocation of a container, each Nth a full one.
- tests/golden/NAME.py: the disassembly must be NAME.dis.
- --only cmdline, --only repl: tests/cmdline/run.py, tests/repl/run.py, which print a line of their own (scripts/test.sh calls them).
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
FOLDERS = ("language", "builtins", "stdlib", "ouro")
LIMIT = 180
SANITIZED = {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:allocator_may_return_null=1:detect_stack_use_after_return=0",
             "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1", "PYTHONMALLOC": "malloc"}
sanitized = False
# what differs when each container is a block of malloc's, or when the collector runs all the time
NOT_SANITIZED = ("stdlib/gc_exit_order", "ouro/torture", "ouro/fork_freeze", "stdlib/ctypes_simple", "stdlib/gc_torture")
NOT_STRESSED = ("language/deep_teardown", "language/refcounts", "language/class_lifetime")


def env(home):
    e = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
    e.update(HOME=home, LC_ALL="C.UTF-8", TERM="dumb", PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", TMPDIR=home)
    if sanitized:
        e.update(SANITIZED)
    return e


def run(cmd, path, home):
    """What one script prints, with the folder's path taken out of it; and the exit status."""
    limit = LIMIT * 5 if sanitized else LIMIT
    try:
        p = subprocess.run(cmd + [os.path.basename(path)], cwd=os.path.dirname(path), stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE if sanitized else subprocess.DEVNULL, timeout=limit,
                           env=env(home))
    except subprocess.TimeoutExpired:
        return "timed out after %d s\n" % limit, -1
    if sanitized:
        m = re.search(rb"^.*(ERROR: \w+Sanitizer|runtime error:)", p.stderr, re.M)
        if m:
            return p.stderr[m.start():m.start() + 6000].decode("utf-8", "backslashreplace"), -1
    out = p.stdout.decode("utf-8", "backslashreplace").replace(os.path.dirname(path) + os.sep, "")
    return out, p.returncode


def first_difference(want, got):
    w, g = want.splitlines(), got.splitlines()
    for i in range(max(len(w), len(g))):
        a = w[i] if i < len(w) else "<end>"
        b = g[i] if i < len(g) else "<end>"
        if a != b:
            return "line %d\n    wanted %s\n    got    %s" % (i + 1, a[:300], b[:300])
    return "(only line ends differ)"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--ouro", default=os.path.join(TOP, "build", "ouro"))
    ap.add_argument("--only", default="")
    ap.add_argument("--record", action="store_true")
    ap.add_argument("--verify", action="store_true")
    ap.add_argument("--python", default="python3.11")
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--asan", action="store_true")
    ap.add_argument("--stress", type=int, default=0)
    args = ap.parse_args()
    if args.asan:
        global sanitized
        sanitized = True
        args.ouro = os.path.join(TOP, "build", "ouro-asan")
    cmd = [args.python] if args.record or args.verify else [os.path.abspath(args.ouro)]
    program, skip = cmd[0], NOT_SANITIZED if args.asan else ()
    if args.stress:
        cmd, skip = cmd + ["-X", "gcstress=%d" % args.stress], skip + NOT_STRESSED
    scripts = []
    for folder in FOLDERS:
        d = os.path.join(HERE, folder)
        if os.path.isdir(d) and not (folder == "ouro" and (args.record or args.verify)):
            scripts += [os.path.join(d, n) for n in sorted(os.listdir(d)) if n.endswith(".py") and args.only in os.path.join(folder, n)
                        and os.path.join(folder, n[:-3]) not in skip and os.path.exists(os.path.join(d, n[:-3] + ".out")) | args.record]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as home, concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for path, (got, status) in zip(scripts, pool.map(lambda p: run(cmd, p, home), scripts)):
            name = os.path.relpath(path, HERE)
            out = path[:-3] + ".out"
            if args.record:
                with open(out, "w", encoding="utf-8", newline="") as f:
                    f.write(got)
                continue
            with open(out, encoding="utf-8", newline="") as f:
                want = f.read()
            if got == want and status == 0:
                passed += 1
            else:
                failed += 1
                print("FAILED %s (status %d): %s" % (name, status, first_difference(want, got)))
        if args.only and not (args.record or args.verify or args.asan or args.stress):
            for extra in ("cmdline", "repl"):
                script = os.path.join(HERE, extra, "run.py")
                if not os.path.exists(script) or args.only not in extra:
                    continue
                p = subprocess.run([sys.executable, script, program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   cwd=TOP)
                m = re.findall(r"(\d+) passed, (\d+) failed", p.stdout)
                if m:
                    passed += int(m[-1][0])
                    failed += int(m[-1][1])
                else:
                    failed += 1
                if not m or int(m[-1][1]):
                    print("FAILED %s:\n%s" % (extra, p.stdout[-4000:]))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
