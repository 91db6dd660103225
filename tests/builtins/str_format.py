"""str.format, %-formatting, string.Formatter."""
import string


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


class P:
    x = 5
    y = [1, {"k": "v"}]

    def __format__(self, spec):
        return "P<" + spec + ">"


print("{} {} {2} {0}".replace("{2} {0}", "").format(1, 2), "{1} {0} {n}".format("a", "b", n="c"), "{0.x} {0.y[1][k]} {0:a{1}}".format(P(), 7))
print("{!r} {!s} {!a}".format("é", "é", "é"), "{{}} {{{}}}".format(3), "{:>{w}}|{:^7.2}|{:*<5}".format("ab", "xyz", "q", w=4))
print("{a[b]}".format(a={"b": 1}), "{0[0]}".format([9]), "{x}".format_map({"x": 1}), "{:%Y}".format(type("D", (), {"__format__": lambda s, f: f})()))
for bad in ("{", "}", "{0", "{!}", "{0!z}", "{0!rx}", "{0[}", "{0[]}", "{0.}", "{0[a]b}", "{} {0}", "{0} {}", "{5}", "{k}", "{:{:{}}}", "{0:d}"):
    show(lambda: bad.format("x", 1, 2))
show(lambda: "{}".format_map({}))
show(lambda: format("x", "+"))
show(lambda: format("x", "="))
show(lambda: format("x", "#"))
show(lambda: format("abc", ",s"))
print("%s %r %a %5s|%-5s|%.2s" % ("é", "é", "é", "a", "b", "xyz"), "%d %i %u %5d|%-5d|%05d %+d % d" % (1, -2, 3, 4, 5, -6, 7, 8))
print("%x %X %#x %o %#o %#.4x" % (255, 255, 255, 8, 8, 10), "%e %.2f %g %G %#g" % (12345.678, 1.005, 1e-10, 1e20, 1.0), "%c%c" % ("é", 8364))
print("%(a)s %(b)05.1f" % {"a": 1, "b": 2.25}, "%*d|%-*d|%.*f" % (5, 1, 5, 2, 1, 3.14159), "%%", "%d%%" % 5, "%s" % None, "%s %s" % (1, (2,)))
for bad, args in (("%d", "x"), ("%x", 1.5), ("%c", "ab"), ("%c", 0x110000), ("%s %s", 1), ("%s", (1, 2)), ("%", 1), ("%z", 1), ("%(a)s", 1),
                  ("%(a", {}), ("%*d", ("a", 1)), ("%5%", ()), ("abc", 1), ("%f", "x"), ("%(b)s", {"a": 1})):
    show(lambda: bad % args)
print(b"%s %b %d %a %c %x" % (b"a", b"b", 5, "é", 65, 255), bytearray(b"%5s|%-4d") % (b"x", 3), b"%(k)s" % {b"k": b"v"})
for bad, args in ((b"%s", "x"), (b"%b", 1), (b"%c", 256), (b"%c", b"ab"), (b"%d", "x"), (b"%s", (b"", b""))):
    show(lambda: bad % args)
print(list(string.Formatter().parse("a{b!r:c{d}}e{{")), string.Formatter().vformat("{0.x}{k}", (P,), {"k": 2}))
import _string

f, rest = _string.formatter_field_name_split("a.b[3][x]")
print(f, list(rest), string.Template("$a ${b}").substitute(a=1, b=2))
