"""cProfile over _lsprof: counts of calls, callers, a timer that counts; events of sys.setprofile installed again and again."""
import _lsprof
import cProfile
import pstats
import sys

ticks = 0
def clock():
    global ticks
    ticks += 1
    return ticks
def leaf(n):
    return len([n])
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def work():
    for i in range(3):
        leaf(i)
    fib(5)
    try:
        int('x')
        [].index(1)
    except ValueError:
        pass

p = cProfile.Profile(clock, 1)
p.runcall(work)
p.create_stats()
for (file, line, name), (cc, nc, tt, ct, callers) in sorted(p.stats.items(), key=lambda kv: kv[0][2]):
    print(name, cc, nc, tt, ct, sorted((k[2], v) for k, v in callers.items()))
with cProfile.Profile() as q:
    leaf(1)
print(sorted(k[2] for k in pstats.Stats(q).stats))
e = [s for s in p.getstats() if getattr(s.code, 'co_name', '') == 'fib'][0]
print(e.callcount, e.reccallcount, len(e), [c.callcount for c in e.calls])

events = []
def note(frame, event, arg):
    events.append((event, frame.f_code.co_name, getattr(arg, '__name__', None)))
def run(code):
    sys.setprofile(note)
    try:
        exec(code, {})
    finally:
        sys.setprofile(None)
for code in "int('1')", "len('1')", "[].append(1); 'a'.join([])":
    run(code)
    print(events)
    events.clear()
