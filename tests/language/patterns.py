# Every kind of pattern.
class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Color:
    RED = 1
    class Deep:
        BLUE = "b"


def kind(v):
    match v:
        case 0 | -1 | 1.5 | 2 + 3j:
            return "number"
        case "a" "b" | b"x":
            return "text"
        case None | True | False:
            return "singleton"
        case Color.RED | Color.Deep.BLUE:
            return "value"
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y) | Point(x=y, y=0):
            return "axis", y
        case Point(x, y) if x == y:
            return "diagonal", x
        case Point() as p:
            return "point", p.x, p.y
        case []:
            return "empty"
        case [x]:
            return "one", x
        case [1, 2, *rest]:
            return "onetwo", rest
        case [first, *_, last] if first == last:
            return "same ends", first
        case (a, b) | [a, b, _]:
            return "two", a, b
        case [[a, *b], {"k": c}, *_]:
            return "nested", a, b, c
        case {"type": "circle", "r": r, **rest}:
            return "circle", r, rest
        case {"type": ("square" | "rect") as t, "size": [w, h]}:
            return t, w, h
        case {**rest} if len(rest) == 1:
            return "single", rest
        case {}:
            return "mapping"
        case int(n) | float(n):
            return "int", n
        case str() as s:
            return "str", s
        case [*_, "end"]:
            return "ends"
        case _:
            return "other"


for v in (0, -1, 1.5, 2 + 3j, "ab", b"x", None, True, 1, "b", Point(0, 0), Point(0, 5), Point(6, 0), Point(3, 3), Point(1, 2),
          [], [7], [1, 2, 3, 4], [1, 2], [5, 0, 0, 5], (8, 9), [8, 9, 10], [[1, 2, 3], {"k": 4}, 5, 6],
          {"type": "circle", "r": 3, "z": 1}, {"type": "rect", "size": (1, 2)}, {"a": 1}, {"a": 1, "b": 2}, 42, 2.5, "hello",
          [1, 3, 5, "end"], {1, 2}, object):
    print(type(v).__name__, kind(v))


def fall(v):
    x = y = "unset"
    match v:
        case [x, 1] | [1, x]:
            pass
        case [x, y, 3]:
            pass
    return x, y


print(fall([5, 1]), fall([1, 6]), fall([1, 2, 3]), fall([7, 8, 9]), fall("no"))


def loop(items):
    out = []
    for item in items:
        match item:
            case ("skip", _):
                continue
            case ("stop",):
                break
            case (name, value):
                out.append((name, value))
            case x:
                out.append(x)
    return out


print(loop([("a", 1), ("skip", 2), 3, ("stop",), ("b", 2)]))
match 1, 2:
    case a, b:
        print(a, b)
match [1, 2]:
    case list([x, y]):
        print(x, y)
match {"x": {"y": [10, {"z": 1}]}}:
    case {"x": {"y": [n, {"z": 1 as one}]}}:
        print(n, one)


class Three:
    __match_args__ = ("a",)


try:
    match Three():
        case Three(1, 2):
            pass
except TypeError as e:
    print(e)
try:
    match 5:
        case kind(1):
            pass
except TypeError as e:
    print(e)
match = 3
case = match + 1
print(match, case)
match (match):
    case 3:
        print("soft")
