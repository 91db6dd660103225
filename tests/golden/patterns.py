def f(v):
    match v:
        case 1 | 2:
            return a
        case C(x, y=[z, *_]) if z:
            return x
        case {"k": w, **r}:
            return w
        case _:
            pass
