"""Built-in modules taken out of sys.modules and imported again: other module objects over one state."""
import sys
import atexit
import itertools
import math

first = {"atexit": atexit, "itertools": itertools, "math": math, "sys": sys, "builtins": sys.modules["builtins"]}
for name in "atexit", "itertools", "math":
    del sys.modules[name]
    again = __import__(name)
    print(name, again is first[name], again is sys.modules[name], again.__name__, again.__spec__.name,
          sorted(vars(again)) == sorted(vars(first[name])))
import math as other
other.extra = 1
print(hasattr(math, "extra"), other.sqrt(4))
import itertools as twice
print(isinstance(twice.count(), itertools.count) or type(twice.count()).__name__)
import atexit as last
del sys.modules["atexit"]
atexit.register(print, "first instance")
last.register(print, "second instance")
