"""Tracebacks through modules that CPython freezes, and through importlib when finders were added."""
import importlib
import importlib.machinery
import importlib.util
import os
import pickle
import sys
import tempfile
import traceback

sources = {"wrong": "x = = 1\n", "raises": "1/0\n", "uses": "import nowhere_at_all\n"}
statements = ["import nowhere_at_all", "import wrong", "import raises", "import uses",
              "importlib.import_module('raises')", "importlib.import_module('nowhere_at_all')"]


class Finder:
    @staticmethod
    def find_spec(*arguments):
        return None


def show(statement):
    try:
        exec(statement)
    except BaseException as e:
        print(statement, "->", type(e).__name__)
        for f in traceback.extract_tb(e.__traceback__)[1:]:
            print("   ", os.path.basename(f.filename), f.name)


with tempfile.TemporaryDirectory() as folder:
    for name, text in sources.items():
        with open(os.path.join(folder, name + ".py"), "w") as f:
            f.write(text)
    sys.path.insert(0, folder)
    for again in range(2):
        for statement in statements:
            show(statement)
        sys.meta_path.append(Finder)
show("os.makedirs('/proc/x/y')")
show("os.path.join(1)")
show("__import__('zipimport').zipimporter('/nowhere/at/all')")
for function in os.makedirs, os.path.join, importlib.util.find_spec:
    print(function.__code__.co_filename)
print(importlib.machinery.BuiltinImporter, importlib.machinery.SourceFileLoader.__module__)
print(importlib._bootstrap.__name__, importlib._bootstrap._find_and_load.__module__)
print(pickle.loads(pickle.dumps(importlib.machinery.ModuleSpec("a", None))))
