# Closures, nonlocal counters, functions as values.
def counter():
    n = 0

    def step(by=1):
        nonlocal n
        n += by
        return n

    return step


def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x

    return run


def main():
    c = counter()
    f = compose(lambda x: x + 1, lambda x: x * 2, lambda x: x - 3)
    s = 0
    for i in range(250000):
        s += f(i) + c() + c(2)
    return s


print(main())
