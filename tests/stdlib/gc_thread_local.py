# A cycle through the namespace of a threading.local, in this thread and in one that lives on, is found.
import gc
import threading
import weakref


class X:
    pass


x = X()
x.local = threading.local()
x.local.x = x
ready, done = threading.Event(), threading.Event()


def work(local):
    local.y = [local]
    del local
    ready.set()
    done.wait()


t = threading.Thread(target=work, args=(x.local,))
t.start()
ready.wait()
w = weakref.ref(x)
del x
done.set()
t.join()
gc.collect()
print(w() is None)
