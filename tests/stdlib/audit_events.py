"""Audit events of code and classes, and which hooks a trace function sees."""
import sys

seen = []
watching = False


def hook(event, args):
    if watching and (event in ("compile", "exec", "import") or event.startswith("object.__")):
        seen.append((event, *[a if isinstance(a, (str, bytes, tuple)) else type(a).__name__ for a in args[:2]]))


sys.addaudithook(hook)


class A:
    pass


class B:
    pass


class C(A):
    pass


def f(x=1, *, y=2):
    return x


def g(x, *, y):
    return x


def watch(action):
    global watching
    seen.clear()
    watching = True
    action()
    watching = False
    print(*seen)


a = A()
watch(lambda: eval("1 + 1"))
watch(lambda: exec("x = 1"))
watch(lambda: exec(b"x = 1"))
watch(lambda: compile("x", "file.py", "eval"))
code = compile("x = 2", "file.py", "exec")
watch(lambda: exec(code))
watch(lambda: __import__("colorsys"))
watch(lambda: __import__("colorsys"))
watch(lambda: setattr(C, "__name__", "X"))
watch(lambda: setattr(C, "__bases__", (B,)))
watch(lambda: setattr(C, "plain", 1))
watch(lambda: setattr(a, "__class__", B))
watch(lambda: setattr(f, "__code__", g.__code__))
watch(lambda: setattr(f, "__defaults__", (1,)))
watch(lambda: setattr(f, "__kwdefaults__", {}))
watch(lambda: delattr(f, "__defaults__"))


class Hook:
    def __call__(self, event, args):
        pass


second = Hook()
sys.addaudithook(second)
calls = []


def trace(frame, event, arg):
    calls.append((frame.f_code.co_name, event))


for flag in None, False, True:
    if flag is not None:
        second.__cantrace__ = flag
    sys.settrace(trace)
    eval("1")
    sys.settrace(None)
    print(flag, ("__call__", "call") in calls, ("<module>", "call") in calls)
    calls.clear()


def refuse(event, args):
    if event == "import" and args[0] == "wave":
        raise PermissionError("no " + args[0])


sys.addaudithook(refuse)
try:
    import wave
except PermissionError as e:
    print(e)
