#!/usr/bin/env python3
"""Fails on an upward include.  The rooms, lowest first: gc <- lang <- vm <- stdlib; tests may see everything.

A file of one room may include headers of its own room and of those below, plus libc and installed libraries.
"""
import os
import re
import sys

ROOMS = ["gc", "lang", "vm", "stdlib"]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def room_of(path):
    return path.split("/", 1)[0]


def main():
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    bad = checked = 0
    for room in ROOMS:
        for folder, _, names in os.walk(os.path.join(top, room)):
            for name in sorted(names):
                if not name.endswith((".c", ".h", ".re", ".y", ".def")):
                    continue
                path = os.path.relpath(os.path.join(folder, name), top)
                checked += 1
                with open(os.path.join(top, path), encoding="utf-8") as f:
                    text = f.read()
                for inc in INCLUDE.findall(text):
                    near = os.path.normpath(os.path.join(os.path.dirname(path), inc))
                    if os.path.exists(os.path.join(top, near)):
                        target = near
                    elif room_of(inc) in ROOMS:
                        target = inc
                    else:
                        continue  # generated: build/gen
                    if ROOMS.index(room_of(target)) > ROOMS.index(room):
                        print("%s includes %s: %s/ must not see %s/" % (path, target, room, room_of(target)))
                        bad += 1
    print("layers: %d files, %d upward includes" % (checked, bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
