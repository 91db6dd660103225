#!/usr/bin/env python3
"""Runs tests/bench/*.py under two interpreters in turn and compares them.

    bench.py [--breadth] [--runs N] [--only NAME,...] [--ours build/ouro] [--theirs '/usr/bin/python3.11 -I -S']

Each program's output must be the same under both.  CPU time is user + system of the process (least of N interleaved
runs: what disturbs a run, or slows the machine's clock, only adds), memory is VmHWM of the process itself: the kernel's ru_maxrss starts at what the parent had at fork.  Memory ratios subtract
each interpreter's own empty program, and only programs above 32 MiB count in their mean.  Prints a Markdown table.

With --breadth the topics of tests/bench/breadth.py instead, which time themselves: best of the runs, the slowest first.
"""
import argparse
import ctypes
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.path.join(HERE, "..", "tests", "bench")
PTRACE_TRACEME, PTRACE_CONT, PTRACE_SETOPTIONS, PTRACE_O_TRACEEXIT, PTRACE_EVENT_EXIT = 0, 7, 0x4200, 0x40, 6
ptrace = ctypes.CDLL(None).ptrace
ptrace.argtypes = [ctypes.c_long] * 4


def peak(pid):
    """VmHWM of a process in KiB."""
    with open("/proc/%d/status" % pid) as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))


def run(cmd, path):
    """(CPU seconds, peak KiB, output) of one run; the process is stopped just before its end to read the peak."""
    with tempfile.TemporaryFile() as out:
        pid = os.fork()
        if pid == 0:
            try:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(out.fileno(), 1)
                ptrace(PTRACE_TRACEME, 0, 0, 0)
                os.execvp(cmd[0], cmd + [path])
            finally:
                os._exit(127)
        os.waitpid(pid, 0)  # stopped by exec
        ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXIT)
        most = signal = 0
        while True:
            ptrace(PTRACE_CONT, pid, 0, signal)
            _, status, usage = os.wait4(pid, 0)
            if not os.WIFSTOPPED(status):
                break
            if status >> 16 == PTRACE_EVENT_EXIT:
                most = peak(pid)
            signal = 0 if status >> 16 else os.WSTOPSIG(status)
        if os.waitstatus_to_exitcode(status):
            sys.exit("%s %s ended with %d" % (cmd, path, os.waitstatus_to_exitcode(status)))
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, most, out.read()


def geomean(xs):
    return statistics.geometric_mean(xs) if xs else float("nan")


def breadth(ours, theirs, runs, only):
    """The table of breadth.py: each run of an interpreter gives the best of five rounds."""
    best = ({}, {})
    for _ in range(runs):
        for command, times in zip((ours, theirs), best):
            out = subprocess.run(command + [os.path.join(BENCH, "breadth.py"), "5"] + only, stdout=subprocess.PIPE, check=True)
            for line in out.stdout.decode().splitlines():
                name, spent = line.split()
                times[name] = min(times.get(name, int(spent)), int(spent))
    a, b = best
    print("| topic | ouro ms | CPython ms | time |")
    print("|---|---|---|---|")
    for name in sorted(a, key=lambda n: a[n] / b[n], reverse=True):
        print("| %s | %.2f | %.2f | %.2f |" % (name, a[name] / 1000, b[name] / 1000, a[name] / b[name]))
    print("| geometric mean | | | **%.2f** |" % geomean([a[n] / b[n] for n in a]))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--only")
    ap.add_argument("--breadth", action="store_true")
    ap.add_argument("--ours", default=os.path.join(HERE, "..", "build", "ouro"))
    ap.add_argument("--theirs", default="/usr/bin/python3.11 -I -S")
    args = ap.parse_args()
    ours, theirs = shlex.split(args.ours), shlex.split(args.theirs)
    if args.breadth:
        return breadth(ours, theirs, args.runs, args.only.split(",") if args.only else [])
    names = sorted(f[:-3] for f in os.listdir(BENCH) if f.endswith(".py") and f != "breadth.py")
    if args.only:
        names = [n for n in names if n in args.only.split(",")]
    base = [run(c, os.path.join(BENCH, "startup.py"))[1] for c in (ours, theirs)]
    times, mems, above = [], [], []
    print("| program | ouro s | CPython s | time | ouro MiB | CPython MiB | memory |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        path = os.path.join(BENCH, name + ".py")
        a, b = [], []
        for _ in range(args.runs):
            a.append(run(ours, path))
            b.append(run(theirs, path))
        if a[0][2] != b[0][2]:
            sys.exit("%s: results differ: %r, %r" % (name, a[0][2][:200], b[0][2][:200]))
        ta, tb = (min(x[0] for x in v) for v in (a, b))
        ma, mb = (max(x[1] for x in v) for v in (a, b))
        ratio = ta / tb if tb else float("nan")
        mem = (ma - base[0]) / (mb - base[1]) if mb - base[1] > 0 else float("nan")
        times.append(ratio)
        if mb > 32 * 1024:
            mems.append(mem)
        if ratio > 1:
            above.append(name)
        print("| %s | %.3f | %.3f | %.2f | %.1f | %.1f | %s |" % (name, ta, tb, ratio, ma / 1024, mb / 1024,
                                                                  "%.2f" % mem if mb > 32 * 1024 else ""))
        sys.stdout.flush()
    print("| geometric mean | | | **%.2f** | | | **%.2f** |" % (geomean(times), geomean(mems)))
    if above:
        print("slower than CPython: " + ", ".join(above))


if __name__ == "__main__":
    main()
