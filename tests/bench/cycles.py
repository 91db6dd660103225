# Garbage in cycles, found by the automatic collections.
class Node:
    def __init__(self, prev):
        self.prev = prev
        self.items = [self]


alive = []
for i in range(300000):
    a = Node(None)
    a.prev = Node(a)
    if i % 10 == 0:
        alive.append(a)
print(len(alive))
