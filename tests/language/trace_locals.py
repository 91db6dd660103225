"""f_locals under a trace function; a bare raise without an exception."""
import sys
def f(x):
    y = 1
    out = locals()
    del out['x']
    z = x + y
    return z, sorted(out)
def g(x):
    y = 1
    def inner(): return y
    y = 2
    z = x
    return x, y, z, inner()
def tr(f, e, a):
    return tr
def tr2(frame, e, a):
    if e == 'line' and frame.f_code.co_name == 'g':
        n = frame.f_lineno - frame.f_code.co_firstlineno
        if n == 4: frame.f_locals['x'] = 'changed'
        if n == 5:
            frame.f_locals['y'] = 'cell'
            frame.f_locals['new'] = 1
    return tr2
for t in tr, tr2:
    sys.settrace(t)
    r = f(1), g(1)
    sys.settrace(None)
    print(r)
def h():
    raise
def k():
    try:
        1 / 0
    except ZeroDivisionError:
        try:
            raise
        except ZeroDivisionError as e:
            tb = e.__traceback__
            while tb: print(tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno); tb = tb.tb_next
events = []
def tr3(f, e, a):
    events.append((f.f_code.co_name, e)); return tr3
sys.settrace(tr3)
try: h()
except RuntimeError as e: sys.settrace(None); print(e, e.__traceback__.tb_next.tb_lineno)
print(events)
k()
