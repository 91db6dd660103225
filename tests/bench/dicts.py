# Counting, grouping, merging, dict and set algebra.
def main():
    counts = {}
    x = 12345
    for _ in range(600000):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        k = x >> 19
        counts[k] = counts.get(k, 0) + 1
    groups = {}
    for k, v in counts.items():
        groups.setdefault(v % 10, []).append(k)
    names = {str(k): v for k, v in counts.items()}
    total = 0
    for _ in range(10):
        for k in names:
            total += names[k]
    a, b = set(range(0, 100000, 3)), set(range(0, 100000, 5))
    return len(counts), sorted(map(len, groups.values()))[0], total, len(a & b), len(a | b), len(a ^ b)


print(main())
