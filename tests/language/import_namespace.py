"""PEP 420 namespace packages follow sys.path; modules without a source; warnings of relative imports."""
import sys, os, tempfile
d = tempfile.mkdtemp(); os.chdir(d)
for p in ("a/ns/one.py", "b/ns/two.py", "c/ns/sub/three.py"):
    os.makedirs(os.path.dirname(p), exist_ok=True)
    with open(p, "w") as f:
        f.write("x = __name__\n")
sys.path[:0] = [d + "/a", d + "/b"]
import ns, ns.one, ns.two
print(ns.one.x, ns.two.x, type(ns.__path__).__name__, len(ns.__path__), hasattr(ns, "__file__"))
print(type(ns.__loader__).__name__, ns.__spec__.origin, ns.__spec__.loader is ns.__loader__, ns.__package__)
print("NamespaceLoader object" in repr(ns))
sys.path.append(d + "/c")
import ns.sub.three
print(ns.sub.three.x, len(ns.__path__), type(ns.sub.__path__).__name__)
try:
    import ns.four
except ImportError as e:
    print(e, e.name)
import py_compile
with open("a/bare.py", "w") as f:
    f.write("y = 5\n")
py_compile.compile("a/bare.py", cfile="a/bare.pyc", doraise=True)
os.unlink("a/bare.py")
os.makedirs("a/pk")
with open("a/pk/__init__.py", "w") as f:
    f.write("from . import inner\n")
with open("a/pk/inner.py", "w") as f:
    f.write("z = 6\n")
for n in ("__init__", "inner"):
    py_compile.compile("a/pk/%s.py" % n, cfile="a/pk/%s.pyc" % n, doraise=True)
    os.unlink("a/pk/%s.py" % n)
import bare, pk
print(bare.y, type(bare.__loader__).__name__, os.path.basename(bare.__file__), os.path.basename(bare.__cached__), pk.inner.z)

# a relative import where __package__ and __spec__ disagree; __all__ with something else than names
import types
import warnings

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    __import__("two", {"__package__": "ns", "__spec__": types.SimpleNamespace(parent="other")}, {}, [], 1)
print([(w.category.__name__, str(w.message)) for w in seen])
ns.one.__all__ = [b"x"]
ns.one.__path__ = []
try:
    from ns.one import *
except TypeError as e:
    print(e)

# a submodule that is still being imported is no attribute of its package yet
os.makedirs("a/ring")
for name, text in (("__init__", ""), ("left", "import ring.right\n"), ("right", "import ring\nring.left\n")):
    with open("a/ring/%s.py" % name, "w") as f:
        f.write(text)
sys.path_importer_cache.clear()
try:
    import ring.left
except AttributeError as e:
    print(e)

# a child that takes its parent out of sys.modules is bound to the one that came after
os.makedirs("a/swap")
for name, text in (("__init__", ""), ("kid", "import sys\nsys.modules.pop('swap')\nfrom . import other\n"), ("other", "")):
    with open("a/swap/%s.py" % name, "w") as f:
        f.write(text)
sys.path_importer_cache.clear()
import swap.kid
print(swap.kid.other.__name__)

# names of files are absolute, even where sys.path is not
with open("here.py", "w") as f:
    f.write("")
sys.path[:] = ["."] + sys.path
import here
print(here.__file__ == os.path.join(os.getcwd(), "here.py"))
