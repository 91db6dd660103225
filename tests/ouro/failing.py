"""What the fail_*.py tests share; no test itself (it has no .out file).

check(f) runs f under every failing allocation, one after the other: MemoryError or success, no crash, no broken heap,
and, once caches are warm, no leak.  The collector must be off: its runs would move the points of failure.
"""
import gc
import sys
import _ouro


def attempt(f, n):
    """Runs f with its n-th allocation failing; false: it has fewer than n."""
    _ouro.fail_alloc(n, n + 1)
    try:
        f()
    except MemoryError:
        pass
    return _ouro.failed()


def check(f, every):
    """Prints f's name and 'ok'.  The heap is collected and checked after each `every` points of failure, and after the last."""
    f()
    f()
    gc.collect()
    n = 0
    failed = True
    while failed:
        n += 1
        failed = attempt(f, n)
        if n % every == 0 or not failed:
            gc.collect()
            _ouro.check_heap()
    gc.collect()
    before = sys.getallocatedblocks()
    for i in range(1, n):
        attempt(f, i)
    gc.collect()
    leak = sys.getallocatedblocks() - before
    print(f.__name__, 'ok' if leak < 10 else 'leak of %d blocks' % leak)
