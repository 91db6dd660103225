# One-way constraints: a chain of variables that follow each other, re-planned on each change.
class Variable:
    __slots__ = ("name", "value", "constraints", "mark")

    def __init__(self, name, value):
        self.name, self.value, self.constraints, self.mark = name, value, [], 0


class Constraint:
    def __init__(self, *variables):
        self.variables = variables
        for v in variables:
            v.constraints.append(self)

    def output(self):
        return self.variables[-1]

    def execute(self):
        pass


class Equal(Constraint):
    def execute(self):
        a, b = self.variables
        b.value = a.value


class Scale(Constraint):
    def __init__(self, a, factor, offset, b):
        super().__init__(a, factor, offset, b)

    def execute(self):
        a, f, o, b = self.variables
        b.value = a.value * f.value + o.value


class Planner:
    def __init__(self):
        self.mark = 0

    def plan(self, start):
        self.mark += 1
        todo, plan = [start], []
        start.mark = self.mark
        while todo:
            v = todo.pop()
            for c in v.constraints:
                out = c.output()
                if c.variables[0] is v and out.mark != self.mark:
                    out.mark = self.mark
                    plan.append(c)
                    todo.append(out)
        return plan


n = 120
vs = [Variable("v%d" % i, 0) for i in range(n)]
one, zero = Variable("one", 1), Variable("zero", 0)
for i in range(n - 1):
    Equal(vs[i], vs[i + 1]) if i % 3 else Scale(vs[i], one, zero, vs[i + 1])
planner, total = Planner(), 0
for i in range(700):
    vs[0].value = i
    for c in planner.plan(vs[0]):
        c.execute()
    total += vs[-1].value
print(total)
