"""A thread's exception when sys.stderr is gone: the stream of the time when the thread was made gets it."""
import io
import sys
import threading

out = io.StringIO()
kept, sys.stderr = sys.stderr, out
go = threading.Event()


def work():
    go.wait()
    1 / 0


t = threading.Thread(target=work, name="worker")
t.start()
sys.stderr = None
go.set()
t.join()
sys.stderr = kept
lines = out.getvalue().splitlines()
print(lines[0], lines[1], lines[-1], sep="\n")
