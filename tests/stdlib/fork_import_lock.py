# fork() waits for an import that another thread has begun; the child can import at once.
import os
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore")
import imp

started, forked = threading.Event(), threading.Event()


def importer():
    imp.acquire_lock()
    sys.modules["half"] = "partial"
    started.set()
    time.sleep(0.05)
    sys.modules["half"] = "complete"
    imp.release_lock()
    forked.wait()  # a thread that ends while the process forks can leave a lock of ASan's allocator taken in the child


t = threading.Thread(target=importer)
t.start()
started.wait()
pid = os.fork()
if not pid:
    import fractions

    os._exit(0 if sys.modules["half"] == "complete" and not imp.lock_held() else 1)
forked.set()
t.join()
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), imp.lock_held())
