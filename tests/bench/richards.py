# A little operating system: tasks, packets, a scheduler with virtual methods.
class Packet:
    def __init__(self, link, ident, kind):
        self.link, self.ident, self.kind, self.datum = link, ident, kind, 0
        self.data = [0] * 4


class Task:
    def __init__(self, ident, priority, queue):
        self.ident, self.priority, self.queue = ident, priority, queue
        self.waiting, self.held = queue is None, False
        self.runs = 0

    def add(self, packet):
        packet.link = None
        if self.queue is None:
            self.queue = packet
        else:
            p = self.queue
            while p.link is not None:
                p = p.link
            p.link = packet
        self.waiting = False

    def take(self):
        p = self.queue
        if p is not None:
            self.queue = p.link
            p.link = None
        if self.queue is None:
            self.waiting = True
        return p

    def run(self, system):
        raise NotImplementedError


class Worker(Task):
    def run(self, system):
        p = self.take()
        if p is None:
            return
        for i in range(4):
            p.data[i] = (p.data[i] + i + self.ident) & 255
        system.send(p, (self.ident + 1) % len(system.tasks))


class Handler(Task):
    def __init__(self, ident, priority, queue):
        super().__init__(ident, priority, queue)
        self.handled = 0

    def run(self, system):
        p = self.take()
        if p is not None:
            self.handled += 1
            p.datum += sum(p.data)
            system.send(p, (self.ident + 2) % len(system.tasks))


class System:
    def __init__(self):
        self.tasks, self.sent = [], 0

    def send(self, packet, to):
        self.sent += 1
        self.tasks[to].add(packet)

    def schedule(self, steps):
        for _ in range(steps):
            for t in self.tasks:
                if not t.waiting and not t.held:
                    t.runs += 1
                    t.run(self)


s = System()
for i in range(6):
    s.tasks.append((Worker if i % 2 else Handler)(i, i * 10, None))
for i in range(4):
    s.send(Packet(None, i, 0), i)
s.schedule(60000)
print(s.sent, sum(t.runs for t in s.tasks), sum(t.handled for t in s.tasks if isinstance(t, Handler)))
