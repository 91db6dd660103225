# names of a module body in a loop: values replaced, keys added and deleted meanwhile, other namespaces for the same code
i = 0
while i < 5:
    i += 1
    if i == 2:
        late = "new"
    if i == 3:
        len = lambda o: "mine"
    if i == 4:
        del len
    print(i, len("abc"), "late" in globals())
code = compile("for n in range(3):\n    total = total + n\n    last = n\nprint(sorted(k for k in locals() if k[0] != '_'), total)", "<c>", "exec")
for env in ({"total": 1}, {"total": 10, "x": 1}, {"total": 2.5}):
    exec(code, env)
env = {"total": 5}
exec(code, {"total": 100}, env)
print(sorted(env.items()))


class Loud(dict):
    def __setitem__(self, k, v):
        print("set", k, v)
        super().__setitem__(k, v)

    def __getitem__(self, k):
        print("get", k)
        return super().__getitem__(k)


g = Loud(total=7)
exec(compile("for n in [1, 2]:\n    total = total + n\n", "<c>", "exec"), g)
exec(compile("for n in [1, 2]:\n    total = total + n\n", "<c>", "exec"), {"total": 1}, Loud())


class Body:
    for k in range(3):
        v = k
    print(v, k)


class D:
    def __del__(self):
        print("del", "x" in globals() and x)


x = None
for k in range(3):
    x = D()
    x = k


def use():
    global counter
    for k in range(3):
        counter = [k]
    return counter


counter = 0
print(use(), counter)
del counter
print(use(), counter)
