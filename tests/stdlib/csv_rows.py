"""csv: reading, writing, dialects."""
import csv
import io


def show(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


print(list(csv.reader(['a,"b ""c"" d",e', '"multi', 'line",x', ",,", ""])))
print(list(csv.reader(["1;'2;3';4"], delimiter=";", quotechar="'")), list(csv.reader(["a\\,b,c"], escapechar="\\")), list(csv.reader(["1.5,\"x\""], quoting=csv.QUOTE_NONNUMERIC)))
out = io.StringIO()
w = csv.writer(out)
w.writerow(["a", 1, None, 2.5, 'q"uote', "com,ma", "new\nline", ""])
w.writerows([["x"], [""], []])
csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow([1, "b"])
csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, delimiter="\t").writerow([1, "b"])
csv.writer(out, quoting=csv.QUOTE_NONE, escapechar="\\").writerow(["a,b", 'c"d'])
print(repr(out.getvalue()))
show(lambda: csv.writer(out, quoting=csv.QUOTE_NONE).writerow(["a,b"]))
show(lambda: csv.writer(out).writerow(5))
show(lambda: csv.reader([], dialect="nope"))
show(lambda: csv.reader([], delimiter="ab"))
show(lambda: csv.reader([], bad=1))
show(lambda: list(csv.reader([b"x"])))
show(lambda: list(csv.reader(['"a"b'], strict=True)))
show(lambda: list(csv.reader(['"a'], strict=True)))
show(lambda: csv.writer(5))
print(sorted(csv.list_dialects()), csv.get_dialect("unix").lineterminator, csv.field_size_limit())
print([dict(r) for r in csv.DictReader(["a,b", "1,2", "3"])], csv.Sniffer().sniff("a;b\n1;2\n").delimiter)
d = csv.DictWriter(out := io.StringIO(), ["a", "b"])
d.writeheader()
d.writerow({"b": 2, "a": 1})
print(repr(out.getvalue()))
