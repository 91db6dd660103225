#!/usr/bin/env python3
"""check_globals.py PROGRAM: fails on a variable that is not constant and hangs off no VM (sections .data, .bss, .tdata, .tbss).

Several VMs live in one process, so all state hangs off one; what is left is of the process itself, and its comment says why.
"""
import re
import subprocess
import sys

ALLOWED = {
    "owner",     # vm/signals.c: which VM the process's signal handlers serve
    "handlers",  # stdlib/faulthandler.c: what handlers of fatal signals need
    "entered",   # stdlib/_sqlite3/hooks.c: the library by which this thread runs SQL
}
RUNTIME = {"completed", "data_start", "environ", "__environ", "__data_start", "__TMC_END__", "__dso_handle", "__bss_start", "_end",
           "_edata", "stdin", "stdout", "stderr"}  # of the C runtime
ROW = re.compile(r"\s(\.data|\.bss|\.tdata|\.tbss)\s+[0-9a-f]+\s+(?:\.hidden )?(\S+)$")


def main():
    text = subprocess.run(["objdump", "-t", sys.argv[1]], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = {m.group(2).split("@")[0].split(".")[0] for m in map(ROW.search, text.splitlines()) if m}
    bad = sorted(n for n in names - ALLOWED - RUNTIME if n)
    for name in bad:
        print("%s: %s is a mutable global" % (sys.argv[1], name))
    print("globals: %d allowed, %d others" % (len(names & ALLOWED), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
