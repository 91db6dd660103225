"""Runs the programs of tests/fuzz/programs.py in the interpreter under test: a file of ascii(source) lines; one line of outcome each.

    program_worker.py FILE [trace]     with `trace` the events of sys.settrace are part of the outcome

Deterministic but for addresses, which are masked; tests/fuzz/differ.py starts it and compares."""
import gc
import io
import linecache
import re
import signal
import sys
import traceback
import warnings
import weakref

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
LIMIT = 400


class Fuel(BaseException):
    pass


class Timeout(BaseException):
    pass


def show(v, depth=0):
    """A repr that ends, whatever v is."""
    if depth > 5:
        return "#"
    t = type(v)
    if t in (list, tuple, set, frozenset):
        return "%s(%s)" % (t.__name__, ", ".join([show(x, depth + 1) for x in list(v)[:12]]))
    if t is dict:
        return "dict(%s)" % ", ".join(["%s: %s" % (show(k, depth + 1), show(x, depth + 1)) for k, x in list(v.items())[:12]])
    try:
        text = repr(v)
    except Exception as e:
        return "repr of %s: %s" % (t.__name__, type(e).__name__)
    return text if len(text) < 300 else text[:300] + str(len(text))


def size(v, left):
    """What v holds, counted up to `left`."""
    t = type(v)
    if t in (list, tuple, set, frozenset):
        n = len(v)
        for x in list(v)[:left]:
            if n > left:
                break
            n += size(x, left - n)
        return n
    if t is dict:
        n = len(v)
        for x in list(v.values())[:left]:
            if n > left:
                break
            n += size(x, left - n)
        return n
    if t in (str, bytes, bytearray):
        return len(v)
    if t is int:
        return v.bit_length() // 8
    return 1


class E1(Exception):
    pass


class E2(E1, ValueError):
    def __init__(self, *args):
        super().__init__(*args)


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x=1, y=2):
        self.x, self.y = x, y

    def __repr__(self):
        return "Point(%r, %r)" % (self.x, self.y)


class NS:
    a = 1

    class b:
        c = "abc"


class Mixin:
    def m(self, *a):
        return "mixin"


class Sleep:
    def __init__(self, n):
        self.n = n

    def __await__(self):
        got = yield self.n
        return got


class Aiter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n -= 1
        if self.n < 0:
            raise StopAsyncIteration
        await Sleep("anext")
        return self.n


def world(out):
    """The globals of one program."""
    fuel = [LIMIT]

    def P(*values):
        out.write(" ".join([show(v) for v in values]) + "\n")

    def K():
        fuel[0] -= 1
        if fuel[0] < 0:
            raise Fuel

    def T(n, v):
        out.write("T%s\n" % n)
        return v

    def L(v):
        return v if size(v, 60) < 60 else 0

    def X(e, depth=0):
        if not isinstance(e, BaseException):
            out.write("no exception\n")
            return
        where = []
        tb = e.__traceback__
        while tb:
            at = ""
            if tb.tb_frame.f_code.co_filename == "<p>":
                at = list(tb.tb_frame.f_code.co_positions())[tb.tb_lasti // 2]
                at = "%s-%s" % at[2:] if at[0] == at[1] else "%s-%s:%s" % at[1:]
            where.append("%s:%s %s" % (tb.tb_frame.f_code.co_name, tb.tb_lineno, at))
            tb = tb.tb_next
        try:
            text = str(e)
        except Exception as f:
            text = type(f).__name__
        out.write("%s%s %s %s %s%s\n" % ("  " * depth, type(e).__name__, show(e.args), ascii(text)[:200], " ".join(where), " suppressed" if e.__suppress_context__ else ""))
        if depth < 4:
            for note in getattr(e, "__notes__", ()):
                out.write("%snote %s\n" % ("  " * depth, note))
            for what in ("__cause__", "__context__"):
                f = getattr(e, what)
                if f is not None:
                    out.write("  " * depth + what + "\n")
                    X(f, depth + 1)
            if isinstance(e, BaseExceptionGroup):
                for f in e.exceptions:
                    X(f, depth + 1)

    class D:
        def __init__(self, n):
            self.n = n

        def __repr__(self):
            return "D%s" % self.n

        def __del__(self):
            out.write("~D%s\n" % self.n)

    class CM:
        def __init__(self, n, mode=""):
            self.n, self.mode = n, mode

        def __enter__(self):
            P("enter", self.n)
            if self.mode == "enter":
                raise E1("enter %s" % self.n)
            return [self.n, 2] if self.mode == "new" else self

        def __exit__(self, t, v, tb):
            P("exit", self.n, t, v, tb and tb.tb_lineno)
            if self.mode == "raise":
                raise E2("exit %s" % self.n)
            return self.mode == "swallow"

        def __repr__(self):
            return "CM%s" % self.n

    class ACM(CM):
        async def __aenter__(self):
            await Sleep("aenter")
            return CM.__enter__(self)

        async def __aexit__(self, *a):
            await Sleep("aexit")
            return CM.__exit__(self, *a)

    class Meta(type):
        def __new__(m, name, bases, ns, **kw):
            P("Meta.new", name, len(bases), sorted(kw))
            return super().__new__(m, name, bases, ns)

        def __init__(c, name, bases, ns, **kw):
            super().__init__(name, bases, ns)

        def __call__(c, *a, **k):
            P("Meta.call", c.__name__)
            return super().__call__(*a, **k)

        def __getitem__(c, i):
            return "Meta", i

        def __len__(c):
            return 4

        q = property(lambda c: "meta q")

    class Meta2(Meta):
        @classmethod
        def __prepare__(m, name, bases, **kw):
            P("prepare", name)
            return {"a": "prepared"}

        def __instancecheck__(c, o):
            return True

        def __eq__(c, o):
            return c is o

        __hash__ = type.__hash__

    class Desc:
        def __init__(self, n=0):
            self.n = n

        def __set_name__(self, owner, name):
            P("set_name", owner.__name__, name)

        def __get__(self, o, t=None):
            P("get", self.n, o is None)
            return self.n

        def __set__(self, o, v):
            P("set", self.n, v)

        def __delete__(self, o):
            P("delete", self.n)

    class NonData:
        def __init__(self, n=0):
            self.n = n

        def __get__(self, o, t=None):
            P("get", self.n, o is None)
            return self.n

    def deco(f):
        P("deco", getattr(f, "__name__", f))
        return f

    def RUN(co, how=""):
        try:
            v = co.send(None)
            for i in range(30):
                P("step", v)
                if i == 1 and how == "throw":
                    v = co.throw(E1("thrown"))
                elif i == 1 and how == "close":
                    P(co.close())
                    break
                else:
                    v = co.send(i)
            else:
                co.close()
        except StopIteration as e:
            P("result", e.value)
        except BaseException as e:
            X(e)

    def unraisable(u):
        out.write("unraisable %s %s %s\n" % (getattr(u.exc_type, "__name__", None), show(u.exc_value), u.err_msg))

    def W(o, n):
        refs.append(weakref.ref(o, lambda r: P("weakref", n)))

    refs = []
    sys.unraisablehook = unraisable
    g = dict(P=P, K=K, T=T, L=L, X=X, D=D, CM=CM, ACM=ACM, Meta=Meta, Meta2=Meta2, Desc=Desc, NonData=NonData, deco=deco, RUN=RUN)
    g.update(W=W, gc=gc, weakref=weakref, sys=sys)
    g.update(E1=E1, E2=E2, Point=Point, NS=NS, Mixin=Mixin, Sleep=Sleep, Aiter=Aiter, __name__="__main__", __builtins__=__builtins__)
    return g


def alarm(*_):
    raise Timeout


def run(text, name, traced):
    out = io.StringIO()
    try:
        code = compile(text, name, "exec")
    except SyntaxError as e:
        return "SyntaxError %s %s %s %s %s" % (e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
    except (ValueError, RecursionError, MemoryError) as e:
        return type(e).__name__
    g = world(out)
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)

    def tracer(frame, event, arg):
        if frame.f_code.co_filename != name:
            return None
        out.write("@%s %s %s%s\n" % (event, frame.f_code.co_name, frame.f_lineno, " " + show(arg) if event == "return" else " " + arg[0].__name__ if event == "exception" else ""))
        return tracer
    signal.setitimer(signal.ITIMER_REAL, 3)
    old = sys.stdout
    sys.stdout = out
    try:
        try:
            if traced:
                sys.settrace(tracer)
            exec(code, g)
        finally:
            sys.settrace(None)
    except Timeout:
        return "TIMEOUT"
    except BaseException as e:
        sys.stdout = old
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            lines = traceback.format_exception(e)
        except Exception as f:
            lines = [type(f).__name__]
        out.write("".join([x for x in lines if "program_worker.py" not in x]))
        e.__traceback__ = None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout = old
        e = None
        del linecache.cache[name]
    sys.stdout = out
    g.clear()
    gc.collect()
    out.write("cleared\n")
    sys.stdout = old
    return out.getvalue()


def main():
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, alarm)
    gc.disable()
    with open(sys.argv[1]) as f:
        programs = [eval(line) for line in f]
    for i, text in enumerate(programs):
        result = run(text, "<p>", "trace" in sys.argv[2:])
        sys.stdout.write(ascii(ADDRESS.sub("0x", result)) + "\n")
        sys.stdout.flush()


main()
