# tracemalloc: switches, snapshots, statistics, filters; no sizes that depend on the implementation.
import tracemalloc
from tracemalloc import Filter, DomainFilter, Snapshot, Statistic, StatisticDiff, Traceback, Frame, Trace

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
for bad in (0, -1, 65536):
    try:
        tracemalloc.start(bad)
    except ValueError as e:
        print(e)
try:
    tracemalloc.take_snapshot()
except RuntimeError as e:
    print(e)


def make(n):
    return bytearray(n)


def outer(n):
    return make(n)


tracemalloc.start(5)
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())
base = tracemalloc.get_traced_memory()[0]
big = outer(100000)
now, peak = tracemalloc.get_traced_memory()
print(100000 <= now - base < 101000, peak >= now)
del big
now, peak = tracemalloc.get_traced_memory()
print(now - base < 1000, peak - base >= 100000)
tracemalloc.reset_peak()
print(tracemalloc.get_traced_memory()[1] - base < 50000)
first = tracemalloc.take_snapshot()
blocks = [outer(5000) for i in range(20)]
second = tracemalloc.take_snapshot()
top = second.statistics('lineno')[0]
print(top.count >= 20, top.size >= 100000, top.traceback[0].lineno, top.traceback[0].filename == __file__)
top = second.statistics('filename')[0]
print(top.traceback[0].lineno, top.traceback[0].filename == __file__)
top = second.statistics('traceback')[0]
print([f.lineno for f in top.traceback], top.traceback.total_nframe)
print(len(top.traceback.format()), top.traceback.format(1)[0].startswith('  File "'), top.traceback.format(1)[1])
diff = second.compare_to(first, 'lineno')[0]
print(diff.size_diff >= 100000, diff.count_diff >= 20)
cumulative = {s.traceback[0].lineno: s.size for s in second.statistics('lineno', cumulative=True)
              if s.traceback[0].filename == __file__}
print(cumulative[18] >= 100000, cumulative[22] >= 100000)
try:
    second.statistics('traceback', cumulative=True)
except ValueError as e:
    print(e)
try:
    second.statistics('xyz')
except ValueError as e:
    print(e)
only = second.filter_traces([Filter(True, __file__, 18)])
print({t.traceback[-1].lineno for t in only.traces})
none = second.filter_traces((Filter(False, __file__), Filter(False, '*')))
print(len(none.traces))
print(len(second.filter_traces([DomainFilter(True, 5)]).traces), len(second.filter_traces([]).traces) == len(second.traces))
tracemalloc.clear_traces()
print(tracemalloc.get_traced_memory()[0] < 1000, tracemalloc.get_tracemalloc_memory() > 0)
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_object_traceback(blocks))

# printed forms
tb = Traceback((('a.py', 3), ('b.py', 7)), 4)
print(tb, repr(tb), len(tb), tb[0], tb[-1], tb.total_nframe)
print(Frame(('x.py', 1)), repr(Frame(('x.py', 1))), Frame(('x.py', 1)) < Frame(('x.py', 2)))
for size in (1, 1000, 10239, 10240, 123456, 10 ** 7, 10 ** 9, 10 ** 13):
    print(Statistic(tb, size, 3))
print(StatisticDiff(tb, 5000, 1000, 10, -2), repr(StatisticDiff(tb, 5000, -1000, 10, 2)))
print(repr(Statistic(tb, 5, 3)), Statistic(tb, 5, 3) == Statistic(tb, 5, 3), Statistic(tb, 0, 0))
print(Trace((0, 512, (('f.py', 2),), 1)), repr(Trace((0, 512, (('f.py', 2),), 1))))
traces = [(0, 10, (('a.py', 2), ('b.py', 4)), 3), (0, 10, (('a.py', 2), ('b.py', 4)), 3), (1, 2, (('a.py', 5), ('b.py', 4)), 3),
          (2, 66, (('b.py', 1),), 1), (3, 7, (('<unknown>', 0),), 1)]
s = Snapshot(traces, 2)
for key in 'lineno', 'filename', 'traceback':
    print([str(x) for x in s.statistics(key)])
print([str(x) for x in s.statistics('filename', True)])
old = Snapshot([traces[0], (0, 3, (('c.py', 1),), 1)], 2)
print([str(x) for x in s.compare_to(old, 'lineno')])
print(len(s.filter_traces((Filter(True, 'b.py', all_frames=True),)).traces), len(s.filter_traces((Filter(False, 'a.py', 2),)).traces),
      len(s.filter_traces((Filter(False, 'a.py', domain=1),)).traces), len(s.filter_traces((Filter(True, '*.py'), DomainFilter(False, 2))).traces))
