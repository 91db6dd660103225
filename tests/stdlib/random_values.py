# _random and random: the same numbers as CPython from the same seeds
import _random

for s in (0, 1, -1, 42, 2**32, 2**64 - 1, -2**100, 10**400, 1.5, (1, 2)):
    r = _random.Random(s)
    print([r.random() for _ in range(3)], [r.getrandbits(k) for k in (0, 1, 5, 31, 32, 33, 64, 65, 200)])
r = _random.Random(5)
st = r.getstate()
a = [r.random() for _ in range(700)]
r.setstate(st)
print(a == [r.random() for _ in range(700)], len(st), st[:3], st[-1], r.getstate()[-1])
for f in (lambda: r.setstate(1), lambda: r.setstate((1,)), lambda: r.setstate(st[:-1] + (700,)), lambda: r.setstate(('a',) * 625), lambda: r.getrandbits(-1),
          lambda: r.getrandbits('a'), lambda: r.seed([]), lambda: _random.Random(1, 2), lambda: r.random(1), lambda: r.setstate((-1,) * 625)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
import random

random.seed(12345)
print(random.random(), random.randrange(1000), random.randint(-5, 5), random.choice('abcdef'), random.uniform(1, 2), random.gauss(0, 1), random.getrandbits(100))
l = list(range(20))
random.shuffle(l)
print(l, random.sample(range(100), 5), random.choices('abc', weights=[1, 2, 3], k=6), random.betavariate(2, 3), random.triangular(), random.normalvariate(0, 1))
random.seed('text')
print(random.random())
random.seed(b'bytes', version=2)
print(random.random(), random.expovariate(1), random.gammavariate(2, 3), random.vonmisesvariate(1, 2), random.paretovariate(3), random.weibullvariate(1, 2), random.lognormvariate(0, 1))
state = random.getstate()
x = random.random()
random.setstate(state)
print(x == random.random(), random.randbytes(5).hex())
