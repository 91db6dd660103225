# Heap types of C modules have __module__, static types do not.
import functools
import re
import struct
import threading

for o in (struct.Struct("i"), re.compile("a"), re.match("a", "a"), functools.partial(len), threading.local(), [], b""):
    print(type(o).__name__, "__module__" in vars(type(o)), getattr(o, "__module__", None))
