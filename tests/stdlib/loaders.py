"""Where modules come from: loaders of built-in and frozen modules, co_filename of moved code, packages across archives."""
import os
import subprocess
import sys
import tempfile
import zipfile

print(type(__loader__).__name__)
import _io
import importlib
import importlib.machinery as machinery

for module in sys, _io:
    print(module.__spec__.name, module.__spec__.loader is machinery.BuiltinImporter, module.__loader__ is
          module.__spec__.loader, module.__spec__.origin, module.__spec__.parent == "")
print(subprocess.run([sys.executable, "-c", "print(__loader__.__name__)"], capture_output=True, text=True).stdout)

import __hello__
import __phello__.ham.eggs
import __phello__.spam

for module in __hello__, __phello__, __phello__.ham.eggs, __phello__.spam:
    spec = module.__spec__
    print(spec.name, spec.origin, spec.loader is machinery.FrozenImporter, spec.loader_state.origname, spec.has_location,
          hasattr(module, "__path__"), repr(module))
__hello__.main()
import _imp
import marshal

for arguments in [("nothing",), ("nothing", b"12"), ("nothing", marshal.dumps(3))]:
    try:
        _imp.get_frozen_object(*arguments)
    except (ImportError, TypeError) as e:
        print(type(e).__name__, e)
print(_imp.find_frozen("nothing"), _imp.is_frozen("__hello__"), _imp.is_frozen_package("__phello__"))

code = compile("def f():\n    def g(): pass\n    return g", "old.py", "exec")
_imp._fix_co_filename(code, "new.py")
names = {}
exec(code, names)
print(code.co_filename, names["f"].__code__.co_filename, names["f"]().__code__.co_filename)

with tempfile.TemporaryDirectory() as folder:
    archive = os.path.join(folder, "a.zip")
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("spread/", "")
        z.writestr("spread/one.py", "where = 'archive'")
    os.mkdir(os.path.join(folder, "spread"))
    with open(os.path.join(folder, "spread", "two.py"), "w") as f:
        f.write("where = 'folder'")
    with open(os.path.join(os.fsencode(folder), b"odd\xff.py"), "w") as f:
        f.write("where = 'a name that is no text'")
    sys.path[:0] = [archive, folder]
    import spread.one
    import spread.two
    print(spread.one.where, spread.two.where, len(spread.__path__))
    print(importlib.import_module("odd\udcff").where, __import__("odd\udcff").__name__ == "odd\udcff")
