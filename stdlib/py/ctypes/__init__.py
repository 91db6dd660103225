"""C data types, and calls into shared libraries.

The types and calls are native (module _ctypes); this package names the C types and the libraries.
"""

import _ctypes
import sys as _sys
from _ctypes import (
    Array, ArgumentError, POINTER, RTLD_GLOBAL, RTLD_LOCAL, Structure, Union, _Pointer, _SimpleCData,
    _pointer_type_cache, addressof, alignment, byref, get_errno, pointer, resize, set_errno, sizeof)
from _ctypes import CFuncPtr as _CFuncPtr
from _ctypes import FUNCFLAG_CDECL as _FUNCFLAG_CDECL
from _ctypes import FUNCFLAG_PYTHONAPI as _FUNCFLAG_PYTHONAPI
from _ctypes import FUNCFLAG_USE_ERRNO as _FUNCFLAG_USE_ERRNO
from _ctypes import FUNCFLAG_USE_LASTERROR as _FUNCFLAG_USE_LASTERROR
from _ctypes import __version__, dlopen as _dlopen
from _ctypes import _cast_addr, _memmove_addr, _memset_addr, _string_at_addr, _wstring_at_addr

# What else an installed library has in this package: util, wintypes, macholib, test.
__path__.extend(place + '/ctypes' for place in _sys.path if place)

DEFAULT_MODE = RTLD_LOCAL


# ---- C types: one character each

class py_object(_SimpleCData):
    _type_ = 'O'

    def __repr__(self):
        try:
            return super().__repr__()
        except ValueError:
            return '%s(<NULL>)' % type(self).__name__


def _simple(name, code):
    return type(_SimpleCData)(name, (_SimpleCData,), {'_type_': code, '__module__': 'ctypes', '__qualname__': name})


c_short, c_ushort = _simple('c_short', 'h'), _simple('c_ushort', 'H')
c_long, c_ulong = _simple('c_long', 'l'), _simple('c_ulong', 'L')
c_int, c_uint = _simple('c_int', 'i'), _simple('c_uint', 'I')
c_float, c_double = _simple('c_float', 'f'), _simple('c_double', 'd')
c_longdouble = _simple('c_longdouble', 'g')
c_longlong, c_ulonglong = c_long, c_ulong  # of the same size here
c_ubyte, c_byte = _simple('c_ubyte', 'B'), _simple('c_byte', 'b')
c_char, c_wchar, c_bool = _simple('c_char', 'c'), _simple('c_wchar', 'u'), _simple('c_bool', '?')
c_void_p = c_voidp = _simple('c_void_p', 'P')


class c_char_p(_SimpleCData):
    _type_ = 'z'

    def __repr__(self):
        return '%s(%s)' % (type(self).__name__, c_void_p.from_buffer(self).value)


class c_wchar_p(_SimpleCData):
    _type_ = 'Z'

    def __repr__(self):
        return '%s(%s)' % (type(self).__name__, c_void_p.from_buffer(self).value)


for _type in c_ubyte, c_byte, c_char:  # one byte has no order
    _type.__ctype_le__ = _type.__ctype_be__ = _type
del _type

c_int8, c_int16, c_int32, c_int64 = c_byte, c_short, c_int, c_long
c_uint8, c_uint16, c_uint32, c_uint64 = c_ubyte, c_ushort, c_uint, c_ulong
c_size_t, c_ssize_t = c_ulong, c_long


# ---- buffers of characters

def _characters(kind, content, init, size):
    if isinstance(init, content):
        length = len(init) + 1 if size is None else size
        _sys.audit(_audited[content], init, length)
        buffer = (kind * length)()
        buffer.value = init
        return buffer
    if isinstance(init, int):
        _sys.audit(_audited[content], None, init)
        return (kind * init)()
    raise TypeError(init)


_audited = {bytes: 'ctypes.create_string_buffer', str: 'ctypes.create_unicode_buffer'}


def create_string_buffer(init, size=None):
    """create_string_buffer(bytes or length[, size]): an array of c_char, which ends in a NUL."""
    return _characters(c_char, bytes, init, size)


def create_unicode_buffer(init, size=None):
    """create_unicode_buffer(str or length[, size]): an array of c_wchar, which ends in a NUL."""
    return _characters(c_wchar, str, init, size)


c_buffer = create_string_buffer


def ARRAY(typ, len):
    return typ * len


def SetPointerType(pointer, cls):
    """Completes the type that POINTER('name') gave."""
    if _pointer_type_cache.get(cls) is not None:
        raise RuntimeError('This type already exists in the cache')
    if id(pointer) not in _pointer_type_cache:
        raise RuntimeError("What's this???")
    pointer.set_type(cls)
    _pointer_type_cache[cls] = pointer
    del _pointer_type_cache[id(pointer)]


def _reset_cache():
    _pointer_type_cache.clear()
    _prototypes.clear()
    POINTER(c_wchar).from_param = c_wchar_p.from_param
    POINTER(c_char).from_param = c_char_p.from_param
    _pointer_type_cache[None] = c_void_p


# ---- prototypes of functions

_prototypes = _c_functype_cache = {}


def CFUNCTYPE(restype, *argtypes, use_errno=False, use_last_error=False, **unknown):
    """CFUNCTYPE(restype, *argtypes, use_errno=False): the type of C functions of this prototype.

    Called with an address, or with (name, library), it gives that function; with a Python callable, a function for C to call.
    """
    if unknown:
        raise ValueError('unexpected keyword argument(s) %s' % unknown.keys())
    flags = _FUNCFLAG_CDECL
    if use_errno:
        flags |= _FUNCFLAG_USE_ERRNO
    if use_last_error:
        flags |= _FUNCFLAG_USE_LASTERROR
    key = restype, argtypes, flags
    try:
        return _prototypes[key]
    except KeyError:
        pass

    class CFunctionType(_CFuncPtr):
        _argtypes_ = argtypes
        _restype_ = restype
        _flags_ = flags

    _prototypes[key] = CFunctionType
    return CFunctionType


def PYFUNCTYPE(restype, *argtypes):
    """As CFUNCTYPE, for functions of the interpreter: they are called under its lock and may raise."""

    class CFunctionType(_CFuncPtr):
        _argtypes_ = argtypes
        _restype_ = restype
        _flags_ = _FUNCFLAG_CDECL | _FUNCFLAG_PYTHONAPI

    return CFunctionType


_reset_cache()


# ---- libraries

class CDLL:
    """A loaded shared library: its functions are attributes, and items, by name.

    Attributes are kept, so what is set on them (restype, argtypes) stays; an item is made anew each time.
    """

    _func_flags_ = _FUNCFLAG_CDECL
    _func_restype_ = c_int
    _name = '<uninitialized>'
    _handle = 0
    _FuncPtr = None

    def __init__(self, name, mode=DEFAULT_MODE, handle=None, use_errno=False, use_last_error=False, winmode=None):
        self._name = name
        flags = self._func_flags_
        if use_errno:
            flags |= _FUNCFLAG_USE_ERRNO
        if use_last_error:
            flags |= _FUNCFLAG_USE_LASTERROR

        class _FuncPtr(_CFuncPtr):
            _flags_ = flags
            _restype_ = self._func_restype_

        self._FuncPtr = _FuncPtr
        self._handle = _dlopen(name, mode) if handle is None else handle

    def __repr__(self):
        return "<%s '%s', handle %x at %#x>" % (
            type(self).__name__, self._name, self._handle & (_sys.maxsize * 2 + 1), id(self) & (_sys.maxsize * 2 + 1))

    def __getattr__(self, name):
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        function = self[name]
        setattr(self, name, function)
        return function

    def __getitem__(self, name_or_ordinal):
        function = self._FuncPtr((name_or_ordinal, self))
        if not isinstance(name_or_ordinal, int):
            function.__name__ = name_or_ordinal
        return function


class PyDLL(CDLL):
    """A library whose functions use the interpreter: they are called under its lock and may raise."""

    _func_flags_ = _FUNCFLAG_CDECL | _FUNCFLAG_PYTHONAPI


class LibraryLoader:
    """Libraries as attributes or items: cdll.name, cdll['name.so']."""

    def __init__(self, dlltype):
        self._dlltype = dlltype

    def __getattr__(self, name):
        if name[0] == '_':
            raise AttributeError(name)
        library = self._dlltype(name)
        setattr(self, name, library)
        return library

    def __getitem__(self, name):
        return getattr(self, name)

    def LoadLibrary(self, name):
        return self._dlltype(name)

    __class_getitem__ = classmethod(type(list[int]))


cdll = LibraryLoader(CDLL)
pydll = LibraryLoader(PyDLL)
pythonapi = PyDLL(None)


# ---- memory

memmove = CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_size_t)(_memmove_addr)
memset = CFUNCTYPE(c_void_p, c_void_p, c_int, c_size_t)(_memset_addr)
_cast = PYFUNCTYPE(py_object, c_void_p, py_object, py_object)(_cast_addr)
_string_at = PYFUNCTYPE(py_object, c_void_p, c_int)(_string_at_addr)
_wstring_at = PYFUNCTYPE(py_object, c_void_p, c_int)(_wstring_at_addr)


def cast(obj, typ):
    """What obj points to, as an instance of the pointer type typ."""
    return _cast(obj, obj, typ)


def string_at(ptr, size=-1):
    """The bytes at an address, up to a NUL or `size` of them."""
    return _string_at(ptr, size)


def wstring_at(ptr, size=-1):
    """The wide characters at an address as str, up to a NUL or `size` of them."""
    return _wstring_at(ptr, size)


from ctypes._endian import BigEndianStructure, BigEndianUnion, LittleEndianStructure, LittleEndianUnion  # noqa: E402
