"""Results that are the argument itself, and small arguments: str.replace, %s, Pickler, csv, unraisablehook, reconfigure."""
import _csv
import copyreg
import csv
import io
import pickle
import sys

text = "".join(["a long ", "text"])
print(text.replace("long", "long") is text, text.replace("short", "x") is text, ("%s" % text) is text)
print("%s" % 3, "%s" % (text,), "%s" % type("S", (str,), {"__str__": lambda self: "own"})("x"))


class Own(pickle.Pickler):
    def __init__(self, *args):
        self.dispatch_table = table
        super().__init__(*args)


class Thing:
    pass


table = {**copyreg.dispatch_table, Thing: lambda t: (str, ("a thing",))}
out = io.BytesIO()
Own(out).dump(Thing())
print(pickle.loads(out.getvalue()))
print(isinstance(csv.reader([]), _csv.Reader), isinstance(csv.writer(io.StringIO()), _csv.Writer))
for wrong in ValueError(1), None:
    try:
        sys.__unraisablehook__(wrong)
    except TypeError as e:
        print(e)
stream = io.TextIOWrapper(io.BytesIO())
for value in 1, 0, True, None, 2 ** 70, 1.5, "x":
    try:
        stream.reconfigure(line_buffering=value)
        print(stream.line_buffering)
    except (TypeError, OverflowError) as e:
        print(type(e).__name__, e)
