"""A program in a virtual environment: its prefix, its packages, and what -S and include-system-site-packages make of them."""
import os
import subprocess
import sys
import tempfile

code = """
import sys
def place(name):
    for known, shown in ((sys.argv[1], "ENV"), (sys.base_prefix, "BASE")):
        if name == known or name.startswith(known + "/"):
            return shown + name[len(known):]
    return "ELSEWHERE"
print(place(sys.prefix), place(sys.exec_prefix), place(sys.base_prefix), hasattr(sys, "_home"))
print([place(p) for p in sys.path if p.endswith("-packages") and place(p).startswith("ENV")])
try:
    import only_here
    print(only_here.where)
except ImportError as e:
    print(e)
"""
with tempfile.TemporaryDirectory() as folder:
    folder = os.path.realpath(folder)
    packages = os.path.join(folder, "lib", "python3.11", "site-packages")
    os.makedirs(packages)
    os.mkdir(os.path.join(folder, "bin"))
    program = os.path.join(folder, "bin", "python")
    os.symlink(os.path.realpath(sys.executable), program)
    with open(os.path.join(packages, "only_here.py"), "w") as f:
        f.write("where = 'in the environment'\n")
    # -I ignores PYTHONMALLOC, without which the sanitizer takes the pools at the end for leaks
    environment = {**os.environ, "PYTHONNOUSERSITE": "1", "ASAN_OPTIONS": "detect_leaks=0"}
    for text in "include-system-site-packages = false\n", "INCLUDE-system-site-packages=True\n", "nothing = here\n":
        with open(os.path.join(folder, "pyvenv.cfg"), "w") as f:
            f.write("home = " + os.path.dirname(os.path.realpath(sys.executable)) + "\n" + text)
        for options in [], ["-S"], ["-I"]:
            print(text.strip(), *options)
            r = subprocess.run([program, *options, "-c", code, folder], capture_output=True, text=True, env=environment)
            print(r.stdout, r.stderr)
