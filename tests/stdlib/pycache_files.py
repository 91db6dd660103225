"""Compiled modules beside their sources: where they are written, when they are read, and what turns that off."""
import os
import stat
import subprocess
import sys
import tempfile

environment = {k: v for k, v in os.environ.items() if k == "PYTHONMALLOC" or not k.startswith("PYTHON") and k != "OUROCACHE"}


def run(*arguments, **extra):
    r = subprocess.run([sys.executable, *arguments], cwd=folder, env={**environment, **extra}, capture_output=True, text=True)
    print((r.stdout + r.stderr).replace(folder, "FOLDER").strip())


def listing():
    for where, _, files in sorted(os.walk(folder)):
        if "away/" in where and folder not in where[1:]:
            continue  # modules of the library
        for name in sorted(files):
            if name.endswith(".pyc"):
                base, *rest = name.split(".")
                mode = stat.S_IMODE(os.stat(os.path.join(where, name)).st_mode)
                print(" ", os.path.relpath(where, folder).replace(folder[1:], "FOLDER"), base, *rest[1:], oct(mode))
                os.unlink(os.path.join(where, name))


def write(name, text, mode=0o644):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


with tempfile.TemporaryDirectory() as folder:
    folder = os.path.realpath(folder)
    os.umask(0o022)
    write("plain.py", "x = 'first'")
    write("secret.py", "x = 1", 0o600)
    write("fixed.py", "x = 1", 0o444)
    os.mkdir(os.path.join(folder, "pack"))
    write("pack/__init__.py", "from . import inner")
    write("pack/inner.py", "print('inner', __file__)")
    write("user.py", "import plain, secret, fixed, pack; print(plain.x)")
    run("user.py")
    listing()
    run("-B", "user.py")
    listing()
    run("user.py", PYTHONDONTWRITEBYTECODE="1")
    listing()
    run("-O", "-c", "import plain")
    listing()
    run("-X", "pycache_prefix=" + os.path.join(folder, "away"), "-c", "import plain, pack.inner")
    listing()
    run("-m", "plain")
    # a .pyc that says that it need not be checked is believed; one to be checked is not, when the source has changed
    for checked in "UNCHECKED_HASH", "CHECKED_HASH":
        source = write("plain.py", "x = 'first'")
        run("-c", "import py_compile; py_compile.compile('plain.py', "
            f"invalidation_mode=py_compile.PycInvalidationMode.{checked})")
        write("plain.py", "x = 'second'")
        run("-c", "import plain; print(plain.x)")
        run("--check-hash-based-pycs", "always", "-c", "import plain; print(plain.x)")
        write("plain.py", "x = 'third'")
        run("--check-hash-based-pycs", "never", "-c", "import plain; print(plain.x)")
        listing()
    # a compiled module without its source, and one that came from elsewhere
    run("-c", "import py_compile; py_compile.compile('plain.py', 'alone.pyc', dfile='nowhere.py')")
    run("-c", "import alone; print(alone.x, alone.__file__, alone.__cached__)")
    run("-c", "import py_compile; py_compile.compile('plain.py', dfile='nowhere.py')")
    write("user.py", "import plain; print(plain.__spec__.origin)\ndef f(): pass\nprint(f.__code__.co_filename)")
    run("user.py")
