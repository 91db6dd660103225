"""f_lineno set by a trace function."""
import sys


def jump(func, start, to):
    first = func.__code__.co_firstlineno
    done = []

    def tracer(frame, event, arg):
        if frame.f_code is func.__code__ and event == "line" and frame.f_lineno == first + start and not done:
            done.append(1)
            frame.f_lineno = first + to
        return tracer
    out = []
    sys.settrace(tracer)
    try:
        func(out)
    except Exception as e:
        sys.settrace(None)
        out.append(type(e).__name__ + ": " + str(e).replace(str(first + to), "LINE"))
    sys.settrace(None)
    print(func.__name__, start, to, out)


def plain(out):
    out.append(1)
    out.append(2)
    out.append(3)


def loop(out):
    for i in 1, 2:
        out.append(i)
        for j in 3, 4:
            out.append(j)
    out.append(5)


def handler(out):
    try:
        out.append(2)
        1 / 0
    except ZeroDivisionError as e:
        out.append(5)
        out.append(repr(sys.exc_info()[1]))
    finally:
        out.append(8)
    out.append(repr(sys.exc_info()[1]))


class CM:
    def __init__(self, out, n):
        self.out, self.n = out, n

    def __enter__(self):
        self.out.append(self.n)

    def __exit__(self, *a):
        self.out.append(-self.n)


def with_(out):
    out.append(1)
    with CM(out, 2):
        out.append(3)
    with CM(out, 4):
        out.append(5)
    out.append(6)


for start, to in (1, 3), (3, 1), (2, 2), (2, 9), (2, -3):
    jump(plain, start, to)
for start, to in (2, 5), (4, 5), (4, 2), (5, 4), (5, 1), (5, 2), (4, 3):
    jump(loop, start, to)
for start, to in (2, 9), (6, 9), (6, 2), (2, 6), (9, 6), (8, 9), (9, 2):
    jump(handler, start, to)
for start, to in (3, 6), (3, 5), (1, 3), (6, 3), (5, 1), (3, 1):
    jump(with_, start, to)
