# objgraph and memory_profiler, which are inside the binary.
import io
import gc
import objgraph
import memory_profiler
from memory_profiler import profile, memory_usage


class Probe:
    pass


class Holder:
    pass


a, b = Probe(), Probe()
h = Holder()
h.first = a
h.list = [b]
print(objgraph.count('Probe'), objgraph.count('__main__.Probe'), len(objgraph.by_type('Probe')))
print(objgraph.typestats([a, b, h]), objgraph.most_common_types(1, objects=[a, b, h]))
objgraph.show_most_common_types(objects=[a, b, h, [], {}])
print([type(o).__name__ for o in objgraph.find_backref_chain(b, lambda o: o is h)])
print([type(o).__name__ for o in objgraph.find_ref_chain(h, lambda o: o is b)])
print(objgraph.is_proper_module(gc), objgraph.is_proper_module(a))
objgraph.growth(limit=None)
more = [Probe() for i in range(3)]
print([g for g in objgraph.growth(limit=None) if g[0] == 'Probe'])
out = io.StringIO()
objgraph.show_refs([h], output=out, max_depth=2)
text = out.getvalue()
print(text.startswith('digraph ObjectGraph {\n'), text.count('label="Probe'), text.rstrip().endswith('}'))
out = io.StringIO()
objgraph.show_chain(objgraph.find_backref_chain(b, lambda o: o is h), output=out)
print('label="Holder' in out.getvalue())

stream = io.StringIO()


@profile(stream=stream)
def work():
    big = [0] * (4 * 2 ** 20)
    del big
    return 1


print(work())
rows = [line.split() for line in stream.getvalue().splitlines() if 'MiB' in line]
print([(row[3], row[4]) for row in rows if 'big' in row])
print(stream.getvalue().splitlines()[2])
before, peak, after = memory_usage((lambda: len(bytearray(50 * 2 ** 20)), ()))
print(peak - before > 49, after - before < 1, len(memory_usage(-1)))
