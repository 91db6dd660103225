"""Compares the places (line, end line, columns) of instructions with those CPython gives its own.

    python3 tests/tools/dis_places.py build/ouro-dis FILE ...

Instructions are put into groups that both machines have; of each code object the sets of places are compared.
"""
import collections
import dis
import subprocess
import sys
import types
import warnings

OURS = {"LOAD_ATTR": "attr", "LOAD_METHOD": "attr", "STORE_ATTR": "store_attr", "DELETE_ATTR": "del_attr", "CALL": "call",
        "CALL_KW": "call", "CALL_EX": "call", "GETITEM": "item", "SETITEM": "setitem", "DELITEM": "delitem",
        "LOAD_GLOBAL": "name", "LOAD_NAME": "name", "LOAD_DEREF": "deref", "LOAD_CLASSDEREF": "deref",
        "COMPARE": "cmp", "JCOMPARE": "cmp", "IS": "is", "JIS": "is", "CONTAINS": "in", "JCONTAINS": "in",
        "RAISE": "raise", "GET_ITER": "iter", "FOR_ITER": "for", "YIELD": "yield", "BEFORE_WITH": "with",
        "IMPORT_NAME": "import", "IMPORT_FROM": "importfrom", "STORE_NAME": "store", "STORE_GLOBAL": "store",
        "NEG": "unary", "POS": "unary", "INVERT": "unary", "NOT": "not", "UNPACK": "unpack", "UNPACK_EX": "unpack",
        "FORMAT": "format", "MATCH_CLASS": "matchclass", "MATCH_KEYS": "matchkeys", "MATCH_SEQUENCE": "matchseq",
        "WITH_EXCEPT_START": "withexc", "JEXC_NOMATCH": "excmatch", "MAP_ADD": "", "MAKE_FUNCTION": "makefunc",
        "DELETE_NAME": "del", "DELETE_LOCAL": "del", "DELETE_GLOBAL": "del", "SEND": "send", "GET_AWAITABLE": "await"}
OURS.update(dict.fromkeys("ADD SUB MUL DIV FLOORDIV MOD POW LSHIFT RSHIFT AND OR XOR MATMUL".split(), "binary"))
THEIRS = {"LOAD_ATTR": "attr", "LOAD_METHOD": "attr", "STORE_ATTR": "store_attr", "DELETE_ATTR": "del_attr", "CALL": "call",
          "CALL_FUNCTION_EX": "call", "BINARY_SUBSCR": "item", "STORE_SUBSCR": "setitem", "DELETE_SUBSCR": "delitem",
          "LOAD_GLOBAL": "name", "LOAD_NAME": "name", "LOAD_DEREF": "deref", "LOAD_CLASSDEREF": "deref",
          "COMPARE_OP": "cmp", "IS_OP": "is", "CONTAINS_OP": "in", "RAISE_VARARGS": "raise", "GET_ITER": "iter",
          "FOR_ITER": "for", "YIELD_VALUE": "yield", "BEFORE_WITH": "with", "IMPORT_NAME": "import",
          "IMPORT_FROM": "importfrom", "STORE_NAME": "store", "STORE_GLOBAL": "store", "UNARY_NEGATIVE": "unary",
          "UNARY_POSITIVE": "unary", "UNARY_INVERT": "unary", "UNARY_NOT": "not", "UNPACK_SEQUENCE": "unpack",
          "UNPACK_EX": "unpack", "FORMAT_VALUE": "format", "BINARY_OP": "binary", "MATCH_CLASS": "matchclass",
          "MATCH_KEYS": "matchkeys", "MATCH_SEQUENCE": "matchseq", "WITH_EXCEPT_START": "withexc",
          "CHECK_EXC_MATCH": "excmatch", "MAKE_FUNCTION": "makefunc", "DELETE_NAME": "del", "DELETE_FAST": "del",
          "DELETE_GLOBAL": "del", "SEND": "send", "GET_AWAITABLE": "await"}
# forms that one of the machines does without
SKIP = {"is", "store", "del", "deref", "unpack", "makefunc"}


def theirs(code, out):
    places = collections.defaultdict(set)
    for i in dis.get_instructions(code):
        if i.positions and i.positions.lineno:
            places["line"].add((i.positions.lineno,))
        group = THEIRS.get(i.opname)
        if group and i.positions:
            p = i.positions
            places[group].add((p.lineno, p.end_lineno, p.col_offset, p.end_col_offset))
    out.append((code.co_firstlineno, code.co_qualname, places))
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            theirs(const, out)


def ours(program, path):
    text = subprocess.run([program, "-p", path], capture_output=True, text=True, errors="surrogateescape").stdout
    out = []
    for line in text.splitlines():
        fields = line.split("\t")
        if len(fields) != 12:
            continue
        places = collections.defaultdict(set)
        for word in fields[11].split():
            name, lines, cols = word.rsplit(":", 2)
            if not lines.startswith("-") and lines.split("-")[0] != "0":
                places["line"].add((int(lines.split("-")[0]),))
            group = OURS.get(name)
            if group:
                numbers = [None if n == "-1" else int(n) for n in
                           lines.replace("--", "-m").split("-") + cols.replace("--", "-m").split("-") if n != "m1"] \
                    if "--" not in lines + cols and not lines.startswith("-") and not cols.startswith("-") else None
                if numbers:
                    places[group].add(tuple(numbers))
        out.append((int(fields[0]), fields[1].replace(".<locals>.<locals>", ".<locals>"), places))
    return out


def main(program, files):
    warnings.simplefilter("ignore")
    units = bad = 0
    kinds = collections.Counter()
    for path in files:
        try:
            with open(path, "rb") as f:
                code = compile(f.read(), path, "exec")
        except (SyntaxError, ValueError):
            continue
        expected = []
        theirs(code, expected)
        found = {}
        for line, name, places in ours(program, path):
            mine = found.setdefault((line, name), collections.defaultdict(set))
            for group in places:
                mine[group] |= places[group]
        merged = {}
        for line, name, places in expected:
            mine = merged.setdefault((line, name), collections.defaultdict(set))
            for group in places:
                mine[group] |= places[group]
        for key, places in merged.items():
            units += 1
            mine = found.get(key)
            if mine is None:
                continue
            for group in set(places) | set(mine):
                if group in SKIP or places[group] == mine[group]:
                    continue
                bad += 1
                kinds[group] += 1
                print(path, *key, group, "-", sorted(places[group] - mine[group], key=str), "+",
                      sorted(mine[group] - places[group], key=str))
    print(units, "units,", bad, "differences", dict(kinds))


main(sys.argv[1], sys.argv[2:])
