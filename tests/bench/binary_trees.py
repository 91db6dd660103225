# Allocation and release of many small nodes (slots).
class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def make(d):
    return Node(make(d - 1), make(d - 1)) if d else Node(None, None)


def check(t):
    return 1 + check(t.left) + check(t.right) if t.left else 1


total = 0
for depth in range(4, 15, 2):
    for _ in range(1 << (15 - depth)):
        total += check(make(depth))
print(total)
