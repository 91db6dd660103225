# What the cases of this folder use: objects whose special methods call f() before they answer, and garbage over freed memory.
import gc
import sys


class I:  # an index
    def __init__(self, f, v=0):
        self.f, self.v = f, v

    def __index__(self):
        self.f()
        return self.v


class EQ:  # compared; all have one hash
    def __init__(self, f, r=False):
        self.f, self.r = f, r

    def __eq__(self, other):
        self.f()
        return self.r

    def __lt__(self, other):
        self.f()
        return self.r

    def __hash__(self):
        return 1


class H:  # hashed
    def __init__(self, f, h=1):
        self.f, self.h = f, h

    def __hash__(self):
        self.f()
        return self.h

    def __eq__(self, other):
        return self is other


class D:  # freed
    def __init__(self, f):
        self.f = f

    def __del__(self):
        self.f()


junk = []


def spray():
    """Takes freed blocks of common sizes."""
    junk.append([[object()] for i in range(50)])
    junk.append([bytearray(64) for i in range(20)])


