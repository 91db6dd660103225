"""Compares ouro's tokens with Python's tokenize: tokens.py TOKENS-PROGRAM FILE..."""
import keyword
import subprocess
import sys
import token
import tokenize

LAYOUT = {token.NEWLINE: "newline", token.INDENT: "indent", token.DEDENT: "dedent", token.ENDMARKER: "end of file",
          token.NUMBER: "number", token.STRING: "string"}
GROUPS = {"//": "%", ">>": "<<"} | dict.fromkeys("< > <= >= == !=".split(), "==")
GROUPS |= dict.fromkeys("+= -= *= /= //= %= @= &= |= ^= <<= >>= **=".split(), "+=")


def expected(name):
    with open(name, "rb") as f:
        for t in tokenize.tokenize(f.readline):
            if t.type in (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING):
                continue
            lines = t.line.split("\n")
            first, last = lines[0], lines[min(t.end[0] - t.start[0], len(lines) - 1)]
            start = t.start[0], len(first[: t.start[1]].encode())
            end = t.end[0], len(last[: t.end[1]].encode())
            if t.type == token.NAME:
                yield (t.string if keyword.iskeyword(t.string) else "name", start, end)
            elif t.type in LAYOUT:
                yield (LAYOUT[t.type], start, end)
            else:
                yield (GROUPS.get(t.string, t.string), start, end)


def main():
    bad = files = 0
    program, names = sys.argv[1], sys.argv[2:]
    for at in range(0, len(names), 200):
        out = subprocess.run([program] + names[at : at + 200], capture_output=True).stdout.decode()
        for part in out.split("FILE\t")[1:]:
            name, *lines = part.splitlines()
            got = []
            for line in lines:
                f = line.split("\t")
                kind = "name" if f[1] in ("match", "case") else f[1]
                got.append((kind, (int(f[2]), int(f[3])), (int(f[4]), int(f[5]))))
            try:
                want = list(expected(name))
            except (tokenize.TokenError, SyntaxError):
                print("refused by tokenize:", name, lines[-1:])
                continue
            files += 1
            # layout: only the order counts; CPython's two tokenizers place it differently
            blur = lambda ts: [t if t[0] not in LAYOUT.values() or t[0] in ("number", "string") else t[0] for t in ts]
            if blur(got) != blur(want):
                bad += 1
                for g, w in zip(blur(got), blur(want)):
                    if g != w:
                        print(name, "got", g, "want", w)
                        break
                else:
                    print(name, "length", len(got), len(want), lines[-1:])
    print(files, "files,", bad, "differ")
    return bad != 0


sys.exit(main())
