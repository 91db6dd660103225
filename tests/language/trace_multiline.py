# Line events of expressions and statements over several lines.
import sys
def f(a,b,c):
    x = (a +
         b)
    y = foo(
        a,
        b)
    z = \
       5
    if (a and
        b):
        w = (
          7)
    for i in (1,
              2):
        q = [
            a,
            b * 2,
            3]
    return (a,
       b)
def foo(a,b): return a
def tr(f,e,a):
    print(f.f_code.co_name,e,f.f_lineno)
    return tr
sys.settrace(tr)
f(1,2,3)
sys.settrace(None)
