def f(x):
    for i in x:
        try:
            with x as y:
                return i
        except E as e:
            continue
        finally:
            x.a
