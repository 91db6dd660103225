# An operand is read in place unless something evaluated after it could run code.
def f(x, y):
    x + y
    x + f()
    x + self
    x + y.a
    x[y] = x
    x[f()] = x
    x += 1
    x.a += y
    x = x if x < y else 1
    a, b = y, x
    return (x, (x := 7), x)
