# Raising and catching, finally, nested handlers.
class Missing(Exception):
    pass


def find(d, k):
    try:
        return d[k]
    except KeyError as e:
        raise Missing(k) from e


def main():
    d = {i: i for i in range(0, 1000, 2)}
    hits = misses = ends = 0
    for i in range(150000):
        try:
            find(d, i % 1000)
            hits += 1
        except Missing:
            misses += 1
        finally:
            ends += 1
    return hits, misses, ends


print(main())
