# Integer arithmetic in while and for loops.
def main():
    s = i = 0
    while i < 1500000:
        s += i * 3 % 7 - (i & 5) + (i >> 2)
        i += 1
    for j in range(1500000):
        if j % 3 == 0 or j % 5 == 0:
            s ^= j
    return s


print(main())
