"""Audit events of natives: what the hooks see, and that a hook can refuse."""
import gc
import marshal
import mmap
import os
import socket
import sys

seen = []
def hook(event, args):
    if event.split('.')[0] in ('gc', 'marshal', 'mmap', 'socket') or event in ('open', 'sys._getframe'):
        seen.append((event, args))
        if refuse == event:
            raise RuntimeError('refused ' + event)
refuse = None
sys.addaudithook(hook)
sys._getframe()
gc.get_objects(generation=1)
x = "text"
y = [x]
gc.get_referents(y)
marshal.loads(marshal.dumps((1, 2)))
mmap.mmap(-1, 8).close()
s = socket.socket()
s.bind(('127.0.0.1', 0))
s.close()
open(os.devnull).close()
for event, args in seen:
    print(event, [a for a in args if isinstance(a, (int, str, bytes, tuple))][:2])
for refuse, f in (('open', lambda: open(os.devnull)), ('marshal.dumps', lambda: marshal.dumps(1)), ('sys._getframe', sys._getframe)):
    try:
        f()
    except RuntimeError as e:
        print(e)
refuse = None
print(any(o is hook for o in gc.get_objects() if isinstance(o, list)))
