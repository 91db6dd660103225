# Sorting numbers, strings, tuples, with keys and reversed; quicksort by hand.
def quick(xs):
    if len(xs) < 2:
        return xs
    p = xs[len(xs) // 2]
    return quick([x for x in xs if x < p]) + [x for x in xs if x == p] + quick([x for x in xs if x > p])


def main():
    x, xs = 1, []
    for _ in range(60000):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        xs.append(x)
    a = sorted(xs)
    b = sorted(map(str, xs))
    c = sorted(((v % 100, v) for v in xs), reverse=True)
    d = sorted(xs, key=lambda v: -v % 1000)
    return a == quick(xs), b[5], c[7], d[9]


print(main())
