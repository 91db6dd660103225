#!/usr/bin/env python3
"""Makes a program on which ouro and CPython differ smaller: tests/fuzz/reduce.py FILE.py [--ouro build/ouro] [--python python3] [--trace]

FILE.py is one that differ.py --save wrote.  Statements are taken away, blocks put in the place of their statement and expressions
replaced by one of their parts, as long as the two still differ in a pair of lines of the same form."""
import argparse
import ast
import copy
import os
import re
import sys
import warnings

import differ


def form(pair):
    return pair and tuple(re.sub(r"[\w.]*\d+|'[^']*'|\^+", "N", x)[:50] for x in pair[1:])


def candidates(text):
    """Smaller programs, the boldest first."""
    tree = ast.parse(text)
    out = []
    places = []  # (node, field, index)
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                places += [(node, field, i) for i in range(len(value))]
            elif isinstance(value, ast.AST):
                places.append((node, field, None))

    def attempt(node, field, i, new):
        old = getattr(node, field)
        if i is None:
            setattr(node, field, new)
        else:
            setattr(node, field, old[:i] + new + old[i + 1:])
        try:
            t = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree))) + "\n"
            compile(t, "p", "exec")
            if len(t) < len(text):
                out.append(t)
        except Exception:  # no tree of a program
            pass
        setattr(node, field, old)
    for node, field, i in places:
        child = getattr(node, field) if i is None else getattr(node, field)[i]
        if i is not None:
            attempt(node, field, i, [])
        if isinstance(child, ast.stmt):
            attempt(node, field, i, [ast.Pass()])
            for f in ("body", "orelse", "finalbody"):
                if getattr(child, f, None):
                    attempt(node, field, i, getattr(child, f))
        elif isinstance(child, ast.expr):
            attempt(node, field, i, ast.Constant(0) if i is None else [ast.Constant(0)])
            for part in ast.iter_child_nodes(child):
                if isinstance(part, ast.expr):
                    attempt(node, field, i, part if i is None else [part])
        elif isinstance(child, ast.AST) and i is None:
            attempt(node, field, i, None)
    return sorted(set(out), key=len)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("file")
    ap.add_argument("--ouro", default=os.path.join(differ.TOP, "build", "ouro"))
    ap.add_argument("--python", default="python3")
    ap.add_argument("--trace", action="store_true")
    args = ap.parse_args()
    warnings.simplefilter("ignore")
    extra = ["trace"] if args.trace else []

    def differences(texts):
        c = differ.outcomes(args.python, texts, extra, 300)
        o = differ.outcomes(args.ouro, texts, extra, 300)
        return [differ.first_difference(a, b) if not a.startswith("SyntaxError") else None for a, b in zip(c, o)]
    with open(args.file, encoding="utf-8") as f:
        text = f.read()
    want = form(differences([text])[0])
    print("# " + repr(want))
    while want:
        todo = candidates(text)
        for at in range(0, len(todo), 60):
            some = todo[at:at + 60]
            good = [t for t, d in zip(some, differences(some)) if form(d) == want]
            if good:
                text = good[0]
                break
        else:
            break
    print(text)


if __name__ == "__main__":
    sys.exit(main())
