"""Threads that import the same module at once: one runs it, the others wait for all of it."""
import os
import sys
import tempfile
import threading

sources = {
    "slow": "import time\ntime.sleep(0.05)\nhalf = 1\ntime.sleep(0.05)\nvalue = 42\n",
    "left": "import time\ntime.sleep(0.03)\nimport right\nvalue = 'left'\n",
    "right": "import time\ntime.sleep(0.03)\nimport left\nvalue = 'right'\n",
    "pack/__init__": "import time\ntime.sleep(0.03)\nimport pack.sub\ndone = 1\n",
    "pack/sub": "import time\ntime.sleep(0.03)\nvalue = 5\n",
    "bad": "import time\ntime.sleep(0.03)\nraise ValueError('bad')\n",
}
out = []


def run(*functions):
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    print(sorted(out), any(t.is_alive() for t in threads))
    out.clear()


def statement():
    from slow import value
    out.append(value)


def by_importlib():
    import importlib
    out.append(importlib.import_module("slow").value)


def left():
    import left
    out.append("left")


def right():
    import right
    out.append("right")


def pack():
    import pack
    out.append(pack.done)


def sub():
    import pack.sub
    out.append(pack.sub.value)


def bad():
    try:
        import bad
    except ValueError as e:
        out.append(type(e).__name__)


with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    os.mkdir(os.path.join(folder, "pack"))
    for name, text in sources.items():
        with open(os.path.join(folder, name + ".py"), "w") as f:
            f.write(text)
    for again in range(2):
        run(statement, by_importlib, statement, by_importlib)
        run(left, right)
        print(sys.modules["left"].value, sys.modules["right"].value)
        run(sub, pack, sub, pack)
        run(bad)
        for name in sources:
            sys.modules.pop(name.replace("/", ".").removesuffix(".__init__"), None)
        sys.meta_path.append(type("Nobody", (), {"find_spec": staticmethod(lambda *a: None)}))
