# time: broken-down times, formatting, errors, clocks


import time



def show(f, *args):
    try:
        print(f.__name__, args, '=', repr(f(*args)))
    except Exception as e:
        print(f.__name__, args, '=', type(e).__name__, e)


for t in (0, 1e9, 1234567890.9, -1, -1.5, 2**40, 1e20, 2**70, float('nan'), 'a'):
    show(time.gmtime, t)
    show(time.ctime, t)
t = time.gmtime(1234567890)
print(t.tm_zone, t.tm_gmtoff, t[:3], len(t), t.n_fields, t.n_sequence_fields, t.n_unnamed_fields, time.struct_time.__match_args__)
print(time.asctime(t), time.strftime('%Y-%m-%d %H:%M:%S %j %w %%', t), time.mktime(t), time.struct_time(range(9)), t == tuple(t), hash(t) == hash(tuple(t)))
print(time.strftime('é%Y€', t), repr(time.strftime('', t)), time.strftime('%y', (-5, 1, 1, 0, 0, 0, 0, 1, -1)), time.strftime('%Y', (12345, 1, 1, 0, 0, 0, 0, 1, -1)))
for i, v in ((1, 13), (2, 32), (3, 24), (4, 60), (5, 62), (6, -2), (7, 367), (0, 2**70), (0, 2**31), (1, 1.5), (1, 'a')):
    l = [2000, 1, 1, 0, 0, 0, 0, 1, -1]
    l[i] = v
    show(time.strftime, '%Y', tuple(l))
    show(time.asctime, tuple(l))
for args in ((1,), ('%Y', (1,)), ('%Y', 1), ('\0', t), (), ('a', 'b', 'c')):
    show(time.strftime, *args)
show(time.mktime, (1, 2))
show(time.mktime, 1)
show(time.struct_time, (1, 2))
show(time.struct_time, range(12))
show(time.struct_time, 5)
for s in (-1, 'a', float('nan'), 1e100, None):
    show(time.sleep, s)
time.sleep(0)
a, b = time.monotonic(), time.monotonic()
print(b >= a, time.perf_counter() > 0, time.process_time() > 0, time.thread_time() > 0, time.time() > 1e9, time.time_ns() > 10**18)
print(time.get_clock_info('monotonic'), time.get_clock_info('time'))
show(time.get_clock_info, 'x')
show(time.clock_gettime, 99)
print(time.clock_gettime(time.CLOCK_MONOTONIC) >= b, time.clock_getres(time.CLOCK_REALTIME), time.timezone, time.altzone, time.daylight, time.tzname)
