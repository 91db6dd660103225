def f(x, y):
    while 0 <= x < y and not (x is None or y in x):
        if x if y else not x:
            break
    return x and y or 1
