# What memory scripts do: counts by address, objects by address, the few functions of ctypes.pythonapi.
import ctypes
import gc
import os
import sys
import threading
import time
from ctypes import *

x = [1, 2]
y = x
print(c_long.from_address(id(x)).value, c_size_t.from_address(id(x)).value, c_ssize_t.from_address(id(x)).value,
      c_int.from_address(id(x)).value, c_uint32.from_address(id(x)).value)
print(cast(id(x), POINTER(c_long))[0], cast(id(x), POINTER(c_ssize_t)).contents.value)


class PyObject(Structure):
    _fields_ = [('ob_refcnt', c_ssize_t), ('ob_type', py_object)]


class Holder(Structure):
    _fields_ = [('head', PyObject)]


head = PyObject.from_address(id(x))
print(head.ob_refcnt, cast(id(x), POINTER(PyObject)).contents.ob_refcnt, cast(id(x), POINTER(PyObject))[0].ob_refcnt,
      Holder.from_address(id(x)).head.ob_refcnt)
del y
print(head.ob_refcnt)
many = [x] * 10
print(head.ob_refcnt)
del many
# an allocation of malloc's own (the sanitized run) cannot be told from other memory: the containers alone are known there
anywhere = os.environ.get('PYTHONMALLOC') == 'malloc'
for o in ({}, set(), object(), (1, x), bytearray(b'x'), lambda: 0, type('C', (), {})(), 'a' * 30 + str(len(x)), 10**30 + len(x), 1.5 * len(x)):
    count = c_long.from_address(id(o)).value
    more = [o, o]
    print(type(o).__name__, c_long.from_address(id(o)).value - count,
          sys.getrefcount(o) - 1 == c_long.from_address(id(o)).value or anywhere and not gc.is_tracked(o))
    del more
print(c_long.from_address(id(None)).value > 100)


def address_count(address):
    return ctypes.c_long.from_address(address).value


class Leaky:
    pass


a, b = Leaky(), Leaky()
a.other, b.other = b, a
ia = id(a)
print(address_count(ia))
del a, b
print(address_count(ia))
print(gc.collect() >= 2)

print('-- own values are never mistaken for counts')
values = (c_uint64 * 3)(1 << 32 | 1, 2, 3)
print(values[0] == 1 << 32 | 1, cast(values, POINTER(c_uint64))[0] == 1 << 32 | 1, c_uint64.from_address(addressof(values)).value == 1 << 32 | 1)
ba = bytearray(b'\1\0\0\0\5\0\0\0')
print(c_uint64.from_buffer(ba).value == 5 << 32 | 1)

print('-- a count written by address')
o = Leaky()
count = c_long.from_address(id(o))
count.value += 1
print(count.value, sys.getrefcount(o) - 1)
count.value -= 1
print(count.value, type(o).__name__)
h = PyObject.from_address(id(o))
h.ob_refcnt += 2
print(h.ob_refcnt)
h.ob_refcnt -= 2

print('-- objects by address')
print(cast(id(x), py_object).value is x, py_object.from_address(id(x)).__class__.__name__)
try:
    py_object().value
except ValueError as e:
    print(e)
o = py_object(x)
before = sys.getrefcount(x)
p = [py_object(x) for _ in range(3)]
print(sys.getrefcount(x) - before)
del p
print(sys.getrefcount(x) - before)

print('-- pythonapi')
pythonapi.Py_IncRef(py_object(x))
print(sys.getrefcount(x) - before)
pythonapi.Py_DecRef(py_object(x))
print(sys.getrefcount(x) - before)
pythonapi.Py_IncRef.argtypes, pythonapi.Py_IncRef.restype = [py_object], None
pythonapi.Py_DecRef.argtypes, pythonapi.Py_DecRef.restype = [py_object], None
pythonapi.Py_IncRef(x)
print(sys.getrefcount(x) - before)
pythonapi.Py_DecRef(x)
print(sys.getrefcount(x) - before)
pythonapi.PyObject_Repr.restype, pythonapi.PyObject_Repr.argtypes = py_object, [py_object]
print(pythonapi.PyObject_Repr(x))
pythonapi.PyBytes_FromStringAndSize.restype = py_object
print(pythonapi.PyBytes_FromStringAndSize(b'abcdef', 3))
pythonapi.PyLong_AsLong.restype, pythonapi.PyLong_AsLong.argtypes = c_long, [py_object]
print(pythonapi.PyLong_AsLong(77))
try:
    pythonapi.PyLong_AsLong('x')
except TypeError as e:
    print(type(e).__name__, e)
pythonapi.PyMemoryView_FromMemory.restype = py_object
pythonapi.PyMemoryView_FromMemory.argtypes = [c_void_p, c_ssize_t, c_int]
memory = create_string_buffer(b'shared')
view = pythonapi.PyMemoryView_FromMemory(addressof(memory), 6, 0x200)
view[0] = 83
print(memory.value, view.readonly, bytes(view), pythonapi.PyMemoryView_FromMemory(addressof(memory), 6, 0x100).readonly)
print(pythonapi.PyGC_Collect() >= 0, pythonapi.Py_IsInitialized())


class Stop(Exception):
    pass


def spin():
    try:
        ready.set()
        while True:
            time.sleep(0.001)
    except Stop:
        print('stopped from outside')


ready = threading.Event()
t = threading.Thread(target=spin)
t.start()
ready.wait()
raised = pythonapi.PyThreadState_SetAsyncExc(c_ulong(t.ident), py_object(Stop))
t.join()
print(raised)
print(pythonapi.PyThreadState_SetAsyncExc(c_ulong(1), py_object(Stop)))

print('-- memory of C')
libc = CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = c_void_p, [c_size_t], [c_void_p]
block = libc.malloc(64)
numbers = (c_long * 8).from_address(block)
numbers[:] = range(8)
print(list(numbers), cast(block, POINTER(c_long))[3], numbers._b_needsfree_)
libc.free(block)

print('-- the collector')
tracked = pythonapi.PyObject_GC_IsTracked
tracked.argtypes = [py_object]
print([tracked(o) for o in ([], (1, x), Leaky(), {'a': x}, lambda: 0)])
pythonapi.PyObject_GC_UnTrack.argtypes, pythonapi.PyObject_GC_UnTrack.restype = [c_void_p], None
pythonapi.PyObject_GC_Track.argtypes, pythonapi.PyObject_GC_Track.restype = [c_void_p], None
hidden = [x]
pythonapi.PyObject_GC_UnTrack(id(hidden))
print(gc.is_tracked(hidden))
pythonapi.PyObject_GC_Track(id(hidden))
print(gc.is_tracked(hidden), pythonapi.PyGC_IsEnabled(), pythonapi.PyGC_Disable(), gc.isenabled(), pythonapi.PyGC_Enable(), gc.isenabled())
