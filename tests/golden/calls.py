def f(a, b):
    g(a, b + 1, k=a)
    a.m(b)(*a, **b)
    return a.x.y(b, *a, z=1)
