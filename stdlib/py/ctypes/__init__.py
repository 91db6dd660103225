"""C data types and calls into shared libraries, on top of _ctmem.

Objects own their memory (a bytearray) or look at an address.  Reading a long at id(x) gives the true reference count, as
scripts written for CPython expect, although count and type share a word here.
"""

import sys

import _ctmem
import _struct as struct
from _ctmem import peek as _peek, poke as _poke

__version__ = '1.1.0'
# What else an installed library has in this package.
__path__.extend(place + '/ctypes' for place in sys.path if place)

RTLD_LOCAL = 0
RTLD_GLOBAL = 0x100
DEFAULT_MODE = RTLD_LOCAL
_MASK = (1 << 64) - 1


class ArgumentError(Exception):
    pass


class _Meta(type):
    """Types of C data: T * n makes an array type."""

    def __mul__(cls, n):
        return _array_type(cls, n)

    __rmul__ = __mul__

    def from_address(cls, address):
        if not isinstance(address, int):
            raise TypeError('integer expected')
        return cls._at(address, None)

    def from_buffer(cls, source, offset=0):
        cls._concrete()
        if isinstance(source, _CData):
            if source._size_ - offset < cls._size_:
                raise ValueError('Buffer size too small (%d instead of at least %d bytes)'
                                 % (source._size_, cls._size_ + offset))
            return cls._at(source._address + offset, source)
        view = memoryview(source)
        if view.readonly:
            raise TypeError('underlying buffer is not writable')
        if not view.c_contiguous:
            raise TypeError('underlying buffer is not C contiguous')
        if offset < 0:
            raise ValueError('offset cannot be negative')
        if view.nbytes - offset < cls._size_:
            raise ValueError('Buffer size too small (%d instead of at least %d bytes)'
                             % (view.nbytes, cls._size_ + offset))
        obj = cls._at(_ctmem.data_address(source) + offset, (view, source))
        obj._objects = {'ffffffff': view}
        return obj

    def _concrete(cls):
        if cls in (_CData, _SimpleCData, Array, Structure, Union, _Pointer) or '_abstract_' in cls.__dict__:
            raise TypeError('abstract class')

    def from_buffer_copy(cls, source, offset=0):
        cls._concrete()
        data = bytes(source) if isinstance(source, _CData) else bytes(memoryview(source))
        if offset < 0:
            raise ValueError('offset cannot be negative')
        if len(data) - offset < cls._size_:
            raise ValueError('Buffer size too small (%d instead of at least %d bytes)'
                             % (len(data), cls._size_ + offset))
        self = cls._at(*_own(cls._size_))
        _poke(self._address, data[offset:offset + cls._size_])
        return self

    def from_param(cls, value):
        if isinstance(value, cls):
            return value
        return cls._param(value)

    def in_dll(cls, library, name):
        address = _ctmem.find_symbol(library._handle, name)
        if address is None:
            raise ValueError('undefined symbol: %s' % name)
        return cls._at(address, library)


def _own(size):
    data = bytearray(size or 1)
    return _ctmem.data_address(data), (memoryview(data), data)


class _CData(metaclass=_Meta):
    _size_ = 0
    _align_ = 1
    _objects = None

    @classmethod
    def _at(cls, address, keep):
        self = object.__new__(cls)
        self._address = address
        self._b_base_ = None
        self._mem = keep
        return self

    @classmethod
    def _param(cls, value):
        return cls(value)

    @property
    def _b_needsfree_(self):
        return self._mem is not None

    def __bytes__(self):
        return _peek(self._address, self._size_)

    def __ctypes_data__(self):
        return _peek(self._address, self._size_)

    __hash__ = object.__hash__


class _SimpleCData(_CData):
    _type_ = 'i'

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        if '_type_' in cls.__dict__:
            code = {'P': 'Q', 'z': 'Q', 'Z': 'Q', 'O': 'Q', 'g': 'd', 'u': 'I'}.get(cls._type_, cls._type_)
            cls._code_ = '@' + code.replace('?', '?')
            cls._size_ = cls._align_ = struct.calcsize(cls._code_)

    def __init__(self, value=None):
        self._address, self._mem = _own(self._size_)
        self._b_base_ = None
        if value is not None:
            self.value = value

    def _load(self):
        return struct.unpack(self._code_, _peek(self._address, self._size_))[0]

    def _store(self, value):
        _poke(self._address, struct.pack(self._code_, value))

    @property
    def value(self):
        if self._mem is None and self._size_ == 8 and self._type_ in 'lqLQnN':
            count = _ctmem.count_at(self._address)
            if count is not None:
                return count
        return self._load()

    @value.setter
    def value(self, value):
        code = self._type_
        if code in 'bBhHiIlLqQ':
            if not isinstance(value, int):
                raise TypeError('an integer is required (got type %s)' % type(value).__name__
                                if not hasattr(value, '__index__') else 'an integer is required')
            bits = self._size_ * 8
            value &= (1 << bits) - 1
            if code.islower() and value >> (bits - 1):
                value -= 1 << bits
        elif code in 'fdg':
            if not isinstance(value, (int, float)):
                raise TypeError('must be real number, not %s' % type(value).__name__)
        elif code == 'c':
            if isinstance(value, int):
                value = bytes([value])
            if not isinstance(value, (bytes, bytearray)) or len(value) != 1:
                raise TypeError('one character bytes, bytearray or integer expected')
            value = bytes(value)
        self._store(value)

    def __bool__(self):
        return bool(self.value) and self.value != b'\0'

    def __repr__(self):
        if type(self).__mro__[1] is not _SimpleCData:
            return object.__repr__(self)
        return '%s(%r)' % (type(self).__name__, self.value)


def _simple(name, code):
    return _Meta(name, (_SimpleCData,), {'_type_': code, '__module__': 'ctypes'})


c_byte, c_ubyte = _simple('c_byte', 'b'), _simple('c_ubyte', 'B')
c_short, c_ushort = _simple('c_short', 'h'), _simple('c_ushort', 'H')
c_int, c_uint = _simple('c_int', 'i'), _simple('c_uint', 'I')
c_long, c_ulong = _simple('c_long', 'l'), _simple('c_ulong', 'L')
c_longlong, c_ulonglong = c_long, c_ulong
c_float, c_double, c_longdouble = _simple('c_float', 'f'), _simple('c_double', 'd'), _simple('c_longdouble', 'g')
c_bool, c_char = _simple('c_bool', '?'), _simple('c_char', 'c')
c_int8, c_uint8, c_int16, c_uint16, c_int32, c_uint32 = c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint
c_int64, c_uint64, c_size_t, c_ssize_t = c_long, c_ulong, c_ulong, c_long
c_voidp = None


class c_void_p(_SimpleCData):
    _type_ = 'P'

    @property
    def value(self):
        return self._load() or None

    @value.setter
    def value(self, value):
        self._store((value or 0) & _MASK)

    @classmethod
    def _param(cls, value):
        return cls(_pointer_value(value))


c_voidp = c_void_p


class c_char_p(_SimpleCData):
    _type_ = 'z'

    def __init__(self, value=None):
        super().__init__()
        self._text = None
        if value is not None:
            self.value = value

    @property
    def value(self):
        address = self._load()
        return string_at(address) if address else None

    @value.setter
    def value(self, value):
        if value is None:
            self._store(0)
        elif isinstance(value, int):
            self._store(value)
        elif isinstance(value, bytes):
            self._text = self._objects = value
            self._store(_ctmem.data_address(value))
        else:
            raise TypeError('bytes or integer address expected instead of %s instance' % type(value).__name__)


class c_wchar(_SimpleCData):
    _type_ = 'u'

    @property
    def value(self):
        return chr(self._load())

    @value.setter
    def value(self, value):
        if not isinstance(value, str) or len(value) != 1:
            raise TypeError('unicode string expected instead of %s instance' % type(value).__name__)
        self._store(ord(value))


class c_wchar_p(_SimpleCData):
    _type_ = 'Z'

    @property
    def value(self):
        address = self._load()
        return wstring_at(address) if address else None

    @value.setter
    def value(self, value):
        if value is None or isinstance(value, int):
            self._store(value or 0)
        elif isinstance(value, str):
            self._objects = create_unicode_buffer(value)
            self._store(self._objects._address)
        else:
            raise TypeError('unicode string or integer address expected instead of %s instance' % type(value).__name__)


class py_object(_SimpleCData):
    _type_ = 'O'

    def __init__(self, value=None):
        super().__init__()
        self._held = value
        self._store(id(value))

    @property
    def value(self):
        return _ctmem.object_at(self._load())

    @value.setter
    def value(self, value):
        self._held = value
        self._store(id(value))

    def __repr__(self):
        return 'py_object(%r)' % (self.value,)


# ---- arrays

def _joined(kind, items):
    return b''.join(items) if kind is c_char else ''.join(items) if kind is c_wchar else items


class Array(_CData):
    _length_ = 0
    _type_ = c_int

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        for name in '_length_', '_type_':
            if not any(name in k.__dict__ for k in cls.__mro__ if k is not Array):
                raise AttributeError("class must define a '%s' attribute" % name)
        if not isinstance(cls._length_, int):
            raise TypeError("The '_length_' attribute must be an integer")
        if cls._length_ < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        cls._size_ = cls._length_ * cls._type_._size_
        cls._align_ = cls._type_._align_
        if cls._size_ >> 63:
            raise OverflowError('array too large')

    def __init__(self, *values):
        self._address, self._mem = _own(self._size_)
        self._b_base_ = None
        if len(values) > self._length_:
            raise IndexError('invalid index')
        for i, value in enumerate(values):
            self[i] = value

    def __len__(self):
        return self._length_

    def _index(self, i):
        if i < 0:
            i += self._length_
        if not 0 <= i < self._length_:
            raise IndexError('invalid index')
        return self._address + i * self._type_._size_

    def __getitem__(self, i):
        if isinstance(i, slice):
            items = [self[k] for k in range(*i.indices(self._length_))]
            return _joined(self._type_, items)
        return _get(self._type_, self._index(i), self)

    def __setitem__(self, i, value):
        if isinstance(i, slice):
            places = range(*i.indices(self._length_))
            if len(places) != len(value):
                raise ValueError('Can only assign sequence of same size')
            for k, v in zip(places, value):
                self[k] = v
        else:
            _set(self._type_, self._index(i), value, self)

    def __delitem__(self, i):
        raise TypeError('Array does not support item deletion')

    @property
    def raw(self):
        if self._type_ is not c_char:
            raise AttributeError("'%s' object has no attribute 'raw'" % type(self).__name__)
        return _peek(self._address, self._size_)

    @raw.setter
    def raw(self, value):
        if len(value) > self._size_:
            raise ValueError('byte string too long')
        _poke(self._address, bytes(value))

    @property
    def value(self):
        if self._type_ is c_char:
            return _peek(self._address, self._size_).split(b'\0', 1)[0]
        if self._type_ is c_wchar:
            return ''.join(self[:]).split('\0', 1)[0]
        raise AttributeError("'%s' object has no attribute 'value'" % type(self).__name__)

    @value.setter
    def value(self, value):
        if self._type_ is c_char:
            if not isinstance(value, bytes):
                raise TypeError('bytes expected instead of %s instance' % type(value).__name__)
            if len(value) > self._size_:
                raise ValueError('byte string too long')
            _poke(self._address, value + b'\0' if len(value) < self._size_ else value)
        elif self._type_ is c_wchar:
            for i, c in enumerate(value + '\0' if len(value) < self._length_ else value):
                self[i] = c
        else:
            raise AttributeError('value')


_arrays = {}


def _array_type(kind, n):
    if not isinstance(n, int):
        raise TypeError("can't multiply sequence by non-int of type %r" % type(n).__name__)
    if n < 0:
        raise ValueError('Array length must be >= 0, not %d' % n)
    found = _arrays.get((kind, n))
    if found is None:
        name = '%s_Array_%d' % (kind.__name__, n)
        found = _arrays[kind, n] = _Meta(name, (Array,), {'_type_': kind, '_length_': n, '__module__': kind.__module__})
    return found


def ARRAY(kind, n):
    return kind * n


# Simple types as such are read and written by value; their subclasses and all others as objects.
def _get(kind, address, base):
    obj = kind._at(address, base)
    if issubclass(kind, _SimpleCData) and kind.__mro__[1] is _SimpleCData:
        return obj.value
    obj._b_base_ = base
    return obj


def _set(kind, address, value, base):
    if isinstance(value, _CData) and not (isinstance(value, _SimpleCData) and not isinstance(value, kind)):
        if not isinstance(value, kind) and not (issubclass(kind, _Pointer) and isinstance(value, Array)):
            raise TypeError('incompatible types, %s instance instead of %s instance'
                            % (type(value).__name__, kind.__name__))
        if issubclass(kind, _Pointer) and isinstance(value, Array):
            _poke(address, struct.pack('@Q', value._address))
        else:
            _poke(address, _peek(value._address, kind._size_))
    elif issubclass(kind, _SimpleCData):
        kind._at(address, base).value = value
        if kind is c_char_p and isinstance(value, bytes):
            index = (address - base._address) // kind._size_ if isinstance(base, Array) else \
                next((i for i, n in enumerate(getattr(base, '_names_', ()))
                      if getattr(type(base), n).offset == address - base._address), 0)
            base._objects = dict(base._objects or {}, **{'%x' % index: value})
    elif issubclass(kind, Array) and isinstance(value, (bytes, str)) and kind._type_ in (c_char, c_wchar):
        kind._at(address, base).value = value
    elif isinstance(value, tuple):
        try:
            _poke(address, bytes(kind(*value)))
        except Exception as e:
            raise RuntimeError('(%s) %s: %s' % (kind.__name__, type(e).__name__, e)) from None
    elif value is None and issubclass(kind, _Pointer):
        _poke(address, bytes(8))
    else:
        raise TypeError('expected %s instance, got %s' % (kind.__name__, type(value).__name__))
    kept = base.__dict__.setdefault('_kept', [])
    kept.append(value)


# ---- structures

def _is_text(kind):
    return issubclass(kind, Array) and kind._type_ in (c_char, c_wchar)


class _Field:
    def __init__(self, name, kind, offset, bits=None, shift=0):
        self.__dict__.update(name=name, kind=kind, offset=offset, size=kind._size_, bits=bits, shift=shift)

    def __setattr__(self, name, value):
        raise AttributeError('attribute %r of a field is not writable' % name)

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        if self.bits is None:
            found = _get(self.kind, obj._address + self.offset, obj)
            return found.value if _is_text(self.kind) else found
        value = self.kind._at(obj._address + self.offset, obj)._load() >> self.shift & ((1 << self.bits) - 1)
        if self.kind._type_.islower() and value >> (self.bits - 1):
            value -= 1 << self.bits
        return value

    def __set__(self, obj, value):
        if self.bits is None:
            text = {c_char: bytes, c_wchar: str}[self.kind._type_] if _is_text(self.kind) else None
            if text and not isinstance(value, (text, _CData)):
                raise TypeError('expected %s, %s found' % (text.__name__, type(value).__name__))
            _set(self.kind, obj._address + self.offset, value, obj)
        else:
            place = self.kind._at(obj._address + self.offset, obj)
            mask = (1 << self.bits) - 1
            place.value = place._load() & ~(mask << self.shift) | (value & mask) << self.shift

    def __repr__(self):
        return '<Field type=%s, ofs=%d, size=%d>' % (self.kind.__name__, self.offset, self.size)


class _StructMeta(_Meta):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        if '_fields_' in namespace:
            cls._lay_out(namespace['_fields_'])

    def __setattr__(cls, name, value):
        super().__setattr__(name, value)
        if name == '_fields_':
            cls._lay_out(value)

    def _lay_out(cls, fields):
        if '_names_' in cls.__dict__ or cls.__dict__.get('_final_'):
            raise AttributeError('_fields_ is final')
        base = cls.__mro__[1]
        size, align = base._size_, base._align_
        pack = getattr(cls, '_pack_', None)
        if pack is not None and (not isinstance(pack, int) or pack < 0):
            raise ValueError('_pack_ must be a non-negative integer')
        names = list(getattr(base, '_names_', ()))
        union = issubclass(cls, Union)
        bit = None
        for field in fields:
            if not isinstance(field, tuple) or len(field) < 2:
                raise TypeError('_fields_ must be a sequence of (name, C type) pairs')
            name, kind = field[0], field[1]
            if not isinstance(kind, _Meta):
                raise TypeError('second item in _fields_ tuple (index %d) must be a C type' % len(names))
            if kind is cls or cls.__dict__.get('_final_'):
                raise AttributeError('Structure or union cannot contain itself')
            if issubclass(kind, _Record):
                type.__setattr__(kind, '_final_', True)
            own = min(kind._align_, pack) if pack else kind._align_
            align = max(align, own)
            if len(field) > 2 and not union:
                if bit and bit[0] is kind and bit[2] + field[2] <= kind._size_ * 8:
                    offset, shift = bit[1], bit[2]
                else:
                    offset, shift = -(-size // own) * own, 0
                    size = offset + kind._size_
                bit = (kind, offset, shift + field[2])
                type.__setattr__(cls, name, _Field(name, kind, offset, field[2], shift))
            else:
                bit = None
                offset = 0 if union else -(-size // own) * own
                size = max(size, kind._size_) if union else offset + kind._size_
                type.__setattr__(cls, name, _Field(name, kind, offset))
            names.append(name)
        for name in getattr(cls, '_anonymous_', ()):
            inner = cls.__dict__[name]
            for sub in inner.kind._names_:
                f = getattr(inner.kind, sub)
                type.__setattr__(cls, sub, _Field(sub, f.kind, inner.offset + f.offset, f.bits, f.shift))
        type.__setattr__(cls, '_names_', names)
        type.__setattr__(cls, '_align_', align)
        type.__setattr__(cls, '_size_', -(-size // align) * align)


class _Record(_CData, metaclass=_StructMeta):
    def __init__(self, *args, **kwargs):
        if '_abstract_' in type(self).__dict__:
            raise TypeError('abstract class')
        self._address, self._mem = _own(self._size_)
        self._b_base_ = None
        names = getattr(self, '_names_', ())
        if len(args) > len(names):
            raise TypeError('too many initializers')
        for name, value in zip(names, args):
            if name in kwargs:
                raise TypeError('duplicate values for field %r' % name)
            setattr(self, name, value)
        for name, value in kwargs.items():
            setattr(self, name, value)


class Structure(_Record):
    pass


class Union(_Record):
    pass


# ---- pointers

class _Pointer(_CData):
    _type_ = None
    _size_ = _align_ = 8

    def __init__(self, target=None):
        self._address, self._mem = _own(8)
        self._b_base_ = None
        if target is not None:
            if not isinstance(target, self._type_):
                raise TypeError('expected %s instead of %s' % (self._type_.__name__, type(target).__name__))
            self._kept = [target]
            self._objects = {'1': target}
            _poke(self._address, struct.pack('@Q', target._address))

    def _target(self):
        return struct.unpack('@Q', _peek(self._address, 8))[0]

    def _checked(self):
        address = self._target()
        if not address:
            raise ValueError('NULL pointer access')
        return address

    @property
    def contents(self):
        return self._type_._at(self._checked(), self)

    @contents.setter
    def contents(self, target):
        self._kept = [target]
        self._objects = {'1': target}
        _poke(self._address, struct.pack('@Q', target._address))

    def __getitem__(self, i):
        if isinstance(i, slice):
            items = [self[k] for k in range(i.start or 0, i.stop, i.step or 1)]
            return _joined(self._type_, items)
        return _get(self._type_, self._checked() + i * self._type_._size_, self)

    def __setitem__(self, i, value):
        _set(self._type_, self._checked() + i * self._type_._size_, value, self)

    def __bool__(self):
        return self._target() != 0


_pointers = _pointer_type_cache = {}


def POINTER(kind):
    if kind is None:
        return c_void_p
    found = _pointers.get(kind)
    if found is None:
        found = _pointers[kind] = _Meta('LP_' + kind.__name__, (_Pointer,), {'_type_': kind, '__module__': 'ctypes'})
    return found


def pointer(obj):
    return POINTER(type(obj))(obj)


class _Ref:
    def __init__(self, obj, offset=0):
        self._obj = obj
        self._offset = offset

    def __repr__(self):
        return '<cparam %r (%#x)>' % ('P', self._obj._address + self._offset)


def byref(obj, offset=0):
    if not isinstance(obj, _CData):
        raise TypeError('byref() argument must be a ctypes instance, not %r' % type(obj).__name__)
    return _Ref(obj, offset)


def _pointer_value(value):
    """The address that a value stands for as a pointer."""
    if value is None:
        return 0
    if isinstance(value, int):
        return value & _MASK
    if isinstance(value, _Ref):
        return value._obj._address + value._offset
    if isinstance(value, (Array, _Record)):
        return value._address
    if isinstance(value, _Pointer):
        return value._target()
    if isinstance(value, (c_void_p, c_char_p, c_wchar_p, py_object)):
        return value._load()
    if isinstance(value, _Function):
        return value._entry
    if isinstance(value, bytes):
        return _ctmem.data_address(value)
    if isinstance(value, _SimpleCData):
        return value._load() & _MASK
    raise ArgumentError("don't know how to convert %s to a pointer" % type(value).__name__)


def cast(obj, kind):
    if not isinstance(kind, _Meta) or not issubclass(kind, (_Pointer, c_void_p, c_char_p, c_wchar_p, py_object)):
        raise TypeError('cast() argument 2 must be a pointer, not %s' % getattr(kind, '__name__', type(kind).__name__))
    address = _pointer_value(obj)
    result = kind() if kind is not py_object else py_object._at(*_own(8))
    _poke(result._address, struct.pack('@Q', address))
    result._kept = [obj]
    return result


def sizeof(obj):
    try:
        return obj._size_
    except AttributeError:
        raise TypeError('this type has no size') from None


def alignment(obj):
    return obj._align_


def addressof(obj):
    if not isinstance(obj, _CData):
        raise TypeError('invalid type')
    return obj._address


def resize(obj, size):
    if size < type(obj)._size_:
        raise ValueError('minimum size is %d' % type(obj)._size_)
    data = _peek(obj._address, obj._size_)
    obj._address, obj._mem = _own(size)
    _poke(obj._address, data)
    obj._size_ = size


def string_at(ptr, size=-1):
    """The bytes at an address, up to a zero byte or `size` of them."""
    address = _pointer_value(ptr)
    return _peek(address, _ctmem.string_length(address) if size < 0 else size)


def wstring_at(ptr, size=-1):
    """The str at an address, up to a zero character or `size` of them."""
    address = _pointer_value(ptr)
    found = []
    while size < 0 or len(found) < size:
        c = int.from_bytes(_peek(address + 4 * len(found), 4), 'little')
        if not c and size < 0:
            break
        found.append(chr(c))
    return ''.join(found)


def memmove(dst, src, count):
    _poke(_pointer_value(dst), _peek(_pointer_value(src), count))
    return _pointer_value(dst)


def memset(dst, c, count):
    _poke(_pointer_value(dst), bytes([c & 255]) * count)
    return _pointer_value(dst)


def create_string_buffer(init, size=None):
    """An array of c_char of a size, or initialised with bytes."""
    if isinstance(init, bytes):
        buf = (c_char * (len(init) + 1 if size is None else size))()
        buf.value = init
        return buf
    if isinstance(init, int):
        return (c_char * init)()
    raise TypeError(init)


c_buffer = create_string_buffer


def create_unicode_buffer(init, size=None):
    if isinstance(init, str):
        buf = (c_wchar * (len(init) + 1 if size is None else size))()
        buf.value = init
        return buf
    if isinstance(init, int):
        return (c_wchar * init)()
    raise TypeError(init)


# ---- calls

class _Function:
    """A function of a library."""

    @classmethod
    def from_buffer(cls, source, offset=0):
        raise TypeError('abstract class')

    from_buffer_copy = from_buffer

    restype = c_int
    argtypes = None
    errcheck = None

    def __init__(self, entry, name=''):
        self._entry = entry
        self.__name__ = name

    def __repr__(self):
        return '<_FuncPtr object at %#x>' % id(self)

    def __call__(self, *args):
        types = self.argtypes
        if types is not None and len(args) < len(types):
            raise TypeError('this function takes at least %d argument%s (%d given)'
                            % (len(types), 's' if len(types) != 1 else '', len(args)))
        ints, doubles, kept = [], [], []
        for i, arg in enumerate(args):
            if types is not None and i < len(types):
                try:
                    arg = arg if isinstance(arg, _Ref) else types[i].from_param(arg)
                except (TypeError, ValueError) as e:
                    raise ArgumentError('argument %d: %s: %s' % (i + 1, type(e).__name__, e)) from None
            kept.append(self._pass(arg, i, ints, doubles))
        kind = self.restype
        which = 1 if kind in (c_double, c_longdouble) else 2 if kind is c_float else 0
        result = _ctmem.call(self._entry, ints, doubles, which)
        if kind is None:
            result = None
        elif not which and not isinstance(kind, _Meta):
            result = kind(result)
        elif not which:
            obj = kind() if kind is not py_object else py_object._at(*_own(8))
            _poke(obj._address, struct.pack('@q', result)[:kind._size_])
            result = obj.value if isinstance(obj, _SimpleCData) and kind.__mro__[1] is _SimpleCData else obj
        if self.errcheck is not None:
            return self.errcheck(result, self, args)
        return result

    @staticmethod
    def _pass(arg, i, ints, doubles):
        """Adds the argument; returns what must live until the call is over."""
        if hasattr(arg, '_as_parameter_'):
            arg = arg._as_parameter_
        if isinstance(arg, c_float):
            doubles.append(struct.unpack('@I', bytes(arg))[0])
        elif isinstance(arg, c_double):
            doubles.append(struct.unpack('@Q', struct.pack('@d', arg.value))[0])
        elif isinstance(arg, (c_char, c_bool, c_wchar)):
            ints.append(int.from_bytes(bytes(arg), 'little'))
        elif isinstance(arg, str):
            arg = create_unicode_buffer(arg)
            ints.append(arg._address)
        elif isinstance(arg, float) or arg is not None and not isinstance(arg, (int, bytes, _CData, _Ref, _Function)):
            raise ArgumentError("argument %d: TypeError: Don't know how to convert parameter %d" % (i + 1, i + 1))
        else:
            ints.append(_pointer_value(arg))
        return arg


_CFuncPtr = _Function


class CDLL:
    """A loaded shared library: functions are attributes."""

    def __init__(self, name, mode=DEFAULT_MODE, handle=None, use_errno=False, use_last_error=False, winmode=None):
        self._name = name
        self._handle = _ctmem.open_library(name, mode) if handle is None else handle

    def __getattr__(self, name):
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        f = self[name]
        setattr(self, name, f)
        return f

    def __getitem__(self, name):
        entry = _ctmem.find_symbol(self._handle, name)
        if entry is None:
            raise AttributeError('%s: undefined symbol: %s' % (self._name or 'ouro', name))
        return _Function(entry, name)

    def __repr__(self):
        return "<%s '%s', handle %x at %#x>" % (type(self).__name__, self._name, self._handle, id(self))


class PyDLL(CDLL):
    pass


class LibraryLoader:
    def __init__(self, kind):
        self._kind = kind

    def __getattr__(self, name):
        if name[0] == '_':
            raise AttributeError(name)
        return self.LoadLibrary(name)

    def LoadLibrary(self, name):
        return self._kind(name)

    __getitem__ = LoadLibrary


cdll = LibraryLoader(CDLL)
pydll = LibraryLoader(PyDLL)
_pythonapi = None


class _PythonAPI:
    """The few functions of CPython's own interface that scripts call through ctypes.pythonapi."""

    @staticmethod
    def Py_IncRef(obj):
        obj = obj.value if isinstance(obj, py_object) else obj
        _held.append(obj)

    @staticmethod
    def Py_DecRef(obj):
        obj = obj.value if isinstance(obj, py_object) else obj
        for i, o in enumerate(_held):
            if o is obj:
                del _held[i]
                break


_held = []
pythonapi = _PythonAPI()


def get_errno():
    return _ctmem.get_errno()


def CFUNCTYPE(restype, *argtypes, **kw):
    raise NotImplementedError('callbacks from C (CFUNCTYPE) are not supported')


PYFUNCTYPE = CFUNCTYPE
