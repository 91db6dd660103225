# After gc.freeze and os.fork a collection in the child dirties no shared page; after a big structure is dropped its
# memory goes back to the system.
import ctypes
import gc
import os
import sys

PR_SET_THP_DISABLE = 41
ctypes.CDLL(None).prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)  # one write into a huge page would count as 2 MiB


class P:
    def __init__(self, i):
        self.i = i
        self.list = [i]


def private():
    n = 0
    with open('/proc/self/smaps') as f:
        for line in f:
            if line.startswith('Private_Dirty'):
                n += int(line.split()[1])
    return n


def resident():
    with open('/proc/self/status') as f:
        for line in f:
            if line.startswith('VmRSS'):
                return int(line.split()[1])


start = resident()
x = [P(i) for i in range(100000)]
full = resident()
gc.collect()
gc.freeze()
pid = os.fork()
if pid == 0:
    private(), private()
    a = private()
    b = private()
    gc.collect()
    c = private()
    print('child:', (c - b) - (b - a) < 64)
    sys.stdout.flush()
    os._exit(0)
os.waitpid(pid, 0)
gc.unfreeze()
del x
gc.collect()
print('memory back:', full - start > 5000, resident() - start < (full - start) / 4)
