# f-strings, format specs, % formatting, str() and int().
def main():
    n = 0
    for i in range(120000):
        a = f"{i:>8d}|{i * 0.5:.3f}|{i!r}"
        b = "%05d %s %x" % (i, "k", i)
        c = "{} {:,}".format(i, i * 1000)
        n += len(a) + len(b) + len(c) + int(str(i))
    return n


print(main())
