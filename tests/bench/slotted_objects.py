# One million live objects with three slots.
class P:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z


ps = [P(i, i + 1, None) for i in range(1000000)]
print(sum(p.x for p in ps[::1000]), len(ps))
