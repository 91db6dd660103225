# Line events of displays, calls, subscripts and with statements over several lines.
import sys
def f(a,b,c):
    x = {'a': a,
         'b': b,
         'c': 1}
    y = {
      'a': a}
    y = {
      'a':
      5}
    y = {a:
      5}
    y = {a: 1, b:
      5}
    y = {'a': 1,
      'b': 2,
      'b2': 2, 'c': 3,
      **x}
    y = {**x,
      'a': 5,
      'b': 6}
    foo(a=1,
       b=2)
    foo(*(),
       a=1,
       b=2)
    foo(a=1,
       **{'b':2})
    y = [a,
        b]
    y = [
      a, b]
    y = [
      1,2,
      3]
    y = [
      *y,
      3]
    y = (
      *y, 4,
      3)
    y = {1,2,
      3, a}
    a
    (a
     )
    (a := a)
    (c := a)
    while a:
        a = 0
        continue
    while a < 3: a += 1; continue
    x, y = (a,
      b)
    (x,
     y) = (a, b)
    (x,
     y) = foo(a, b)
    x = y = (
       a)
    x = \
      y = 5
    del x, \
       y
    assert (a and
       b)
    assert a, (
       b)
    z = (a if b
      else c)
    z = (a
      if b
      else c)
    z = (a
      or b
      or c)
    z = (a
      < b
      < c)
    if (a
      < b
      < c):
        pass
    z = f"""{a
}  {b}
 {c
    !r:>{b
  }}"""
    z = foo(
       a
    ).x if b else \
     c
    z = [i
      for i in y2
      if i]
    z = {i
      for i in y2
      if i
      and i}
    z = {i:
         i
      for i in y2
      if i
      or i}
    z = {i:
         i
      for i in y2 for
       x in y2
      if i
      or i}
    z = lambda: (a,
       b)
    z()
    global q
    q = (a +
      c)
    with CM(
        a) as p, CM(
       b) as (p,
       pp):
        pass
    z = (yy := a,
       (zz :=
         b))
    z = -a + (
       b)
    z = (
     -a)
    z = (
     not a)
    z = q1[
      a:
      b]
    z = q1[
      a]
    q1[
      a] = b
    q1[
      a] += b
    q1[
      a] += \
        b
    del q1[
       a]
    z = cm.a \
       .a \
       .a.a()
    z = cm.a() \
       .a(1,
          2) \
       .a.a()
    cm.b = \
       a
    cm \
       .b = a
    cm \
       .b += a
    cm \
       .b += (
        a)
    z = a + b + (
       c)
    z += (
       c)
    z += \
       1
    return z
class CM:
    def __init__(self, x): pass
    def __enter__(self): return 1,2
    def __exit__(self, *a): pass
class C:
    a = property(lambda self:self)
    def __call__(self,*a): return self
cm = C()
class Q(list):
    def __getitem__(self, i): return i
    def __setitem__(self,i,v): pass
    def __delitem__(self,i): pass
q1 = Q()
y2 = [0, 1, 2]
def foo(a,b): return cm, cm
class R: x = 1
foo2 = foo
def foo(a,b=1): 
    r = T((1,2)); r.x = 5
    return r
class T(tuple): pass
def tr(f,e,a):
    if e != 'exception': print(f.f_code.co_name,e,f.f_lineno)
    return tr
sys.settrace(tr)
f(1,2,3)
sys.settrace(None)
