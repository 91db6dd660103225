# Generator pipelines, yield from, send.
def numbers(n):
    for i in range(n):
        yield i


def evens(it):
    for x in it:
        if not x & 1:
            yield x


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


def averager():
    total = count = 0
    value = yield 0
    while True:
        total += value
        count += 1
        value = yield total / count


def main():
    s = sum(x * x for x in evens(numbers(600000)))
    s += sum(tree(15))
    avg = averager()
    next(avg)
    for i in range(200000):
        last = avg.send(i)
    return s, last


print(main())
