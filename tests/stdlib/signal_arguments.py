# What signal and subprocess say about descriptors, signal numbers and ids that cannot be.
import os
import signal
import subprocess
import sys


def show(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as e:
        print(f"{type(e).__name__}: {e}")


r, w = os.pipe()
os.dup2(w, 50)
show(signal.set_wakeup_fd, 50)
os.set_blocking(50, False)
show(signal.set_wakeup_fd, 50)
show(signal.set_wakeup_fd, -1)
show(signal.set_wakeup_fd, 999)
for number in 1 << 1000, 1 << 40, 0, -1, "a", 2.5:
    show(signal.pthread_sigmask, signal.SIG_BLOCK, [number])
show(signal.pthread_sigmask, 1 << 70, [])
for groups in [2**64], [2**32], [-1], [2.5]:
    show(subprocess.call, [sys.executable, "-c", "0"], extra_groups=groups)
show(subprocess.call, [sys.executable, "-c", "0"], user=2**64)
show(subprocess.call, [sys.executable, "-c", "0"], group=2**64)
