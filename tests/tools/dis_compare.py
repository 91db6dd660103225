"""Compares what ouro's compiler says of each code object with CPython's: names, flags, lines, variables.

    python3 tests/tools/dis_compare.py build/ouro-dis FILE ...
"""
import subprocess
import sys
import types
import warnings


def facts(code, out):
    doc = "doc" if code.co_consts and isinstance(code.co_consts[0], str) and code.co_flags & 2 else "-"
    names = ["".join(n + "," for n in group) for group in (code.co_varnames, code.co_cellvars, code.co_freevars)]
    out.append("\t".join([str(code.co_firstlineno), code.co_qualname, code.co_name, "%x" % (code.co_flags & ~0x40),
                          str(code.co_argcount), str(code.co_posonlyargcount), str(code.co_kwonlyargcount),
                          *names, doc]))
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            facts(const, out)


def ours(program, files):
    text = subprocess.run([program, "-m", *files], capture_output=True, text=True, errors="surrogateescape").stdout
    result, lines = {}, None
    for line in text.splitlines():
        if line.startswith("file\t"):
            result[line[5:]] = lines = []
        elif line.count("\t") == 10 and lines is not None:
            fields = line.split("\t")
            if not int(fields[3], 16) & 2:
                fields[10] = "-"
            lines.append("\t".join(fields))
    return result


def main(program, files):
    warnings.simplefilter("ignore")
    found = ours(program, files)
    units = bad = 0
    for path in files:
        try:
            with open(path, "rb") as f:
                code = compile(f.read(), path, "exec")
        except (SyntaxError, ValueError) as e:
            if path in found:
                print(path, "compiles, CPython says", e)
            continue
        expected = []
        facts(code, expected)
        units += len(expected)
        if path not in found:
            print(path, "does not compile")
            bad += 1
            continue
        a, b = sorted(expected), sorted(found[path])
        for line in sorted(set(a) - set(b)):
            print(path, "-", line)
            bad += 1
        for line in sorted(set(b) - set(a)):
            print(path, "+", line)
    print(units, "units,", bad, "differences")


main(sys.argv[1], sys.argv[2:])
