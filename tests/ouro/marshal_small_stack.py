# Nesting below marshal's own limit but above what a small thread's C stack holds is refused, not a crash.  (CPython 3.11 crashes.)
import marshal
import threading

deep = []
for _ in range(10**5):
    deep = [deep]


def work():
    for f in (lambda: marshal.dumps(deep), lambda: marshal.loads(b"[\1\0\0\0" * 10**5 + b"N")):
        try:
            f()
            print("no error")
        except (ValueError, RecursionError):
            print("refused")


threading.stack_size(64 * 1024)
t = threading.Thread(target=work)
t.start()
t.join()
