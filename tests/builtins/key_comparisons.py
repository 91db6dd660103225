# How often, and in which order, dicts and sets hash and compare keys of Python classes.
class K:
    def __init__(s, n): s.n = n
    def __hash__(s): print('h', s.n, end=' '); return 1
    def __eq__(s, o): print('e', s.n, o.n, end=' '); return True
k, j = K('k'), K('j')
d = {k: 1}
for t in '''d == {j: 1}
d.update({j: 1})
d.keys() & {j}
{j} & d.keys()
d.keys() | {j}
d.keys() - {j}
d.keys() ^ {j}
d.keys() == {j}
d.keys() <= {j}
d.keys() >= {j}
d.keys().isdisjoint({j})
d.items() & {(j, 1)}
d.items() == {(j, 1)}
(j, 1) in d.items()
dict.fromkeys([k, j])
dict.fromkeys({k: 1, 2: 1}) if 0 else 0
d | {j: 1}
d |= {j: 2}
{j: 1} | d
{**d, **{j: 1}}
s = {k}
s | {j}
s & {j}
s - {j}
s ^ {j}
s <= {j}
s < {j}
s >= {j}
s == {j}
s.isdisjoint({j})
s.issubset([j])
s.issuperset([j])
s.union([j], [k])
s.intersection([j])
s.difference([j])
s.symmetric_difference([j])
s.intersection_update([j])
s = {k}; s.update([j])
s.difference_update([j])
s = {k}; s.symmetric_difference_update([j])
s = {k}; s |= {j}; s &= {j}; s ^= {j}
s = {k}; s -= {j}
frozenset([k]) | {j}
set([k, j]) == frozenset([j])
d.setdefault(j, 1)
d.pop(j)
d = {k: 1}; d.pop(j, None)
d.get(j)
j in d
d[j] = 3
del d[j]
[k].index(j)
j in [k, j]
[k, j].remove(j)
[k].count(j)
(k,).index(j)
(k, 1) == (j, 1)
hash((k, j))
list(dict.fromkeys([j, k, j]))
{j, k}
{j: 1, k: 2}
{x: 1 for x in (k, j)}
{x for x in (k, j)}'''.split('\n'):
    print(t, end=' : ')
    exec(t)
    print()
