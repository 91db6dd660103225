"""Structures and unions in a fixed byte order."""

import sys
from ctypes import Array, Structure, Union

_OTHER = '__ctype_be__' if sys.byteorder == 'little' else '__ctype_le__'


def _other_endian(kind):
    """The type with its bytes the other way round."""
    if hasattr(kind, _OTHER):
        return getattr(kind, _OTHER)
    if isinstance(kind, type(Array)):
        return _other_endian(kind._type_) * kind._length_
    if issubclass(kind, (Structure, Union)):
        return kind
    raise TypeError('This type does not support other endian: %s' % kind)


class _swapped_meta:
    def __setattr__(self, name, value):
        if name == '_fields_':
            value = [(field[0], _other_endian(field[1]), *field[2:]) for field in value]
        super().__setattr__(name, value)


class _swapped_struct_meta(_swapped_meta, type(Structure)):
    pass


class _swapped_union_meta(_swapped_meta, type(Union)):
    pass


class _SwappedStructure(Structure, metaclass=_swapped_struct_meta):
    """Structure with the byte order that this machine has not."""

    __slots__ = ()
    _swappedbytes_ = None


class _SwappedUnion(Union, metaclass=_swapped_union_meta):
    """Union with the byte order that this machine has not."""

    __slots__ = ()
    _swappedbytes_ = None


if sys.byteorder == 'little':
    LittleEndianStructure, LittleEndianUnion = Structure, Union
    BigEndianStructure, BigEndianUnion = _SwappedStructure, _SwappedUnion
    _names = 'BigEndianStructure', 'BigEndianUnion'
else:
    BigEndianStructure, BigEndianUnion = Structure, Union
    LittleEndianStructure, LittleEndianUnion = _SwappedStructure, _SwappedUnion
    _names = 'LittleEndianStructure', 'LittleEndianUnion'
for _name, _cls in zip(_names, (_SwappedStructure, _SwappedUnion)):
    _cls.__name__ = _cls.__qualname__ = _name
