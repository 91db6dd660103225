# Splitting, joining, replacing, searching, concatenation.
def main():
    text = " ".join("word%d" % (i % 97) for i in range(20000))
    n = 0
    for _ in range(15):
        words = text.split()
        n += len("-".join(words).upper())
        n += text.replace("word1", "w").count("w")
        n += sum(w.startswith("word9") for w in words)
        n += len({w.strip("w") for w in words})
    s = ""
    for i in range(200000):
        s += "ab"[i & 1]
    return n, len(s), s.find("bb")


print(main())
