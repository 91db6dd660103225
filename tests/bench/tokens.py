# A hand-written scanner and recursive evaluator of arithmetic.
def scan(s):
    out, i = [], 0
    while i < len(s):
        c = s[i]
        if c.isdigit():
            j = i
            while j < len(s) and s[j].isdigit():
                j += 1
            out.append(int(s[i:j]))
            i = j
        else:
            if c != " ":
                out.append(c)
            i += 1
    return out


def expr(t, i):
    v, i = term(t, i)
    while i < len(t) and t[i] in "+-" if i < len(t) and isinstance(t[i], str) else False:
        op = t[i]
        w, i = term(t, i + 1)
        v = v + w if op == "+" else v - w
    return v, i


def term(t, i):
    v, i = atom(t, i)
    while i < len(t) and t[i] == "*":
        w, i = atom(t, i + 1)
        v *= w
    return v, i


def atom(t, i):
    if t[i] == "(":
        v, i = expr(t, i + 1)
        return v, i + 1
    return t[i], i + 1


total = 0
for n in range(6000):
    total += expr(scan("(1 + %d) * 3 - 4 * (2 + 5) + 12 * (7 - %d)" % (n, n % 9)), 0)[0]
print(total)
