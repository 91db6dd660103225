# Empty targets and class patterns without attributes leave nothing in their register.
def args(*a):
    return a


class C:
    __match_args__ = ()


def guard(o):
    match o:
        case C() as q if args('guard', q is o) == ('guard', True):
            return args('body', q is o)


def empty():
    () = []
    r = args(1)
    [] = ()
    s = args(2)
    for () in [[], (), '']:
        r += args(3)
    () = [] = []
    return r, s, args(4)


print(guard(C()), empty())
