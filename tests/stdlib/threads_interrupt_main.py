# The main thread sees an interrupt that another thread asked for.
import _thread
import threading

try:
    t = threading.Thread(target=_thread.interrupt_main)
    t.start()
    t.join()
    for i in range(100000):
        pass
    print("not interrupted")
except KeyboardInterrupt:
    print("interrupted")
