# List, dict, set comprehensions and nested loops over them.
def main():
    total = 0
    for n in range(60):
        sq = [i * i for i in range(3000)]
        ev = [v for v in sq if v % 2 == 0]
        d = {v: i for i, v in enumerate(ev)}
        s = {v % 97 for v in sq}
        pairs = [(a, b) for a in range(30) for b in range(30) if a != b]
        total += len(ev) + len(d) + len(s) + len(pairs) + sum(sq)
    return total


print(main())
