# importlib over the native importer: import_module, finders of a script, specs, reload, fresh imports
import sys


class Loader:
    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(m):
        m.x = 5


class Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        if name in ('magic', 'colorsys', 'nothing_here'):
            print('asked', name, path, target)
        if name == 'magic':
            from importlib.machinery import ModuleSpec
            return ModuleSpec('magic', Loader)


import importlib.util
sys.meta_path.insert(0, Finder)
import magic
print(magic.x, magic.__spec__.name, magic.__spec__.loader is Loader, sys.modules['magic'] is magic)
import colorsys
print(type(colorsys.__spec__).__name__, type(colorsys.__loader__).__name__, colorsys.__spec__.name, colorsys.__spec__.loader is colorsys.__loader__)
try:
    import nothing_here
except ImportError as e:
    print(repr(e), e.name)
sys.meta_path.remove(Finder)
import cmd
x = importlib.reload(cmd)
print(x is cmd, importlib.import_module('json.decoder').__name__, importlib.import_module('.decoder', 'json').__name__)
print(importlib.util.find_spec('wave').name, importlib.util.find_spec('sys').loader.__name__, importlib.util.find_spec('nope'))
import pkgutil
print(len(list(pkgutil.iter_modules())) > 100, 'decoder' in [m.name for m in pkgutil.iter_modules(sys.modules['json'].__path__)])
for name in ('nope.x', 'cmd.x', 'json.nope', ''):
    try:
        importlib.import_module(name)
    except Exception as e:
        print(type(e).__name__, e)
import inspect
print(inspect.getsource(colorsys.rgb_to_hls).splitlines()[0])
spec = importlib.util.spec_from_loader('made', loader=None)
m = importlib.util.module_from_spec(spec)
print(m.__name__, m.__spec__ is spec)
del sys.modules['colorsys']
import colorsys as again
print(again is colorsys, importlib.invalidate_caches())
