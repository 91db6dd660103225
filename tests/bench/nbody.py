# Attribute-heavy floating point: planets as objects.
class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def advance(bodies, dt, steps):
    for _ in range(steps):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1:]:
                dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
                mag = dt / (dx * dx + dy * dy + dz * dz + 0.01) ** 1.5
                a.vx -= dx * b.mass * mag
                a.vy -= dy * b.mass * mag
                a.vz -= dz * b.mass * mag
                b.vx += dx * a.mass * mag
                b.vy += dy * a.mass * mag
                b.vz += dz * a.mass * mag
        for b in bodies:
            b.x += dt * b.vx
            b.y += dt * b.vy
            b.z += dt * b.vz


bodies = [Body(i, i * 0.5, -i, 0.1 * i, 0.2, -0.1 * i, 1.0 + i) for i in range(5)]
advance(bodies, 0.001, 15000)
print("%.9f" % sum(b.x + b.y + b.z for b in bodies))
