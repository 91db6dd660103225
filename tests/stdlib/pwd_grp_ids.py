# pwd.getpwuid, grp.getgrgid: ids at and beyond the limits, wrong types.
import grp
import pwd

for get in pwd.getpwuid, grp.getgrgid:
    for x in -1, 2**32 - 1, 2**32, 2**40, -2, 2**63 - 1, 2**63, 2**64, -2**63, -2**64, "a", 1.0:
        try:
            print(get(x))
        except Exception as e:
            print(repr(e))
    print(get(0)[0])
