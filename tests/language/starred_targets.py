"""Starred targets over rows and iterators: values, counts, errors."""
import sys
for s in ([1,2,3,4], (1,2,3,4), "abcd", [1,2], (1,2), range(4), iter([1,2,3])):
    a, *b = s; print(a, b)
    s2 = list(s) if not hasattr(s, "__next__") else [1,2,3]
    a, *b, c = s2; print(a, b, c, type(b))
    *a, b = tuple(s2); print(a, b)
x = [1, object()]; p, *x = x; print(p, len(x))
for s in ([], (), [1], (1,), ""):
    try:
        a, *b, c = s
    except ValueError as e: print(e)
o = object(); n = sys.getrefcount(o); a, *b, c = (1, o, o, 2); print(sys.getrefcount(o) - n); del b; print(sys.getrefcount(o) - n)
l = [3, 1, 2]; *l, = l; print(l)
