"""Which special methods a built-in type shows as its own: what help() and inspect list."""
import array, collections, datetime, functools, inspect, io, itertools, operator, types

special = ("__new__", "__init__", "__hash__", "__getattribute__", "__setattr__", "__delattr__", "__del__", "__sizeof__")
kinds = [object, type, int, bool, str, bytes, bytearray, list, dict, set, frozenset, tuple, range, slice, property,
         staticmethod, classmethod, memoryview, complex, float, type(None), type(...), type(NotImplemented), zip, map,
         types.FunctionType, types.MethodType, types.ModuleType, types.GeneratorType, types.CellType,
         types.SimpleNamespace, types.UnionType, types.MappingProxyType, array.array, collections.deque,
         datetime.date, datetime.timezone, functools.partial, itertools.chain, operator.itemgetter,
         type({}.keys()), type(reversed({})), type(iter([])), io.FileIO, io.BufferedReader, io.StringIO,
         BaseException, KeyError, OSError, PermissionError, UnboundLocalError, UnicodeDecodeError, IndentationError]
for t in kinds:
    print(t.__name__, *[n for n in special if n in t.__dict__])


class Mine(list):
    def __getattr__(self, name):
        return name.upper()


print(Mine().zoo, Mine([2, 1]).append.__name__)
print(list.__getattribute__([3], "copy")(), list.__getattribute__.__objclass__.__name__)
print([a.name for a in inspect.classify_class_attrs(list) if a.defining_class is object])
print(hash(None) == hash(None), hash(len) == hash(len), isinstance(1, int | str))
