# Recursive and plain calls, positional, default and keyword arguments.
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def area(w, h=2, *, scale=1):
    return w * h * scale


def main():
    total = fib(27)
    for i in range(300000):
        total += area(i) + area(i, 3) + area(w=i, h=1, scale=2)
    return total


print(main())
