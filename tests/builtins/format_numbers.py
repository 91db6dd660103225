# the format-spec mini-language on numbers
ints = [0, 1, -1, 255, -255, 1234567, -1234567, 10**20, -2**70, 97]
floats = [0.0, -0.0, 1.0, -1.5, 1234567.891, -1e-7, 1e20, 123.456, 0.5, 99.995, float('inf'), float('-inf'), float('nan')]
complexes = [0j, 1 + 2j, -1.5 - 2.25j, 1234.5j, complex('inf'), complex('nan+1j')]
int_specs = ['', 'd', 'n', 'b', '#b', 'o', '#o', 'x', '#x', 'X', '#X', 'c', 'e', '.2f', '%', ',', '_', '_x', '_b', '+', ' ', '-', '08', '+08', '<8', '>8', '^8', '=8', '=+8',
             '*^9', 'é<6', '010,', '011,', '#012_x', '020,d', '+,.1f', '.3g', 'g', 'G', 'E']
float_specs = ['', 'e', '.0e', 'E', 'f', '.0f', '.1f', 'F', 'g', '.1g', '.3g', '.17g', 'G', 'n', '%', '.1%', ',', '_', ',.2f', '+', ' ', '08', '=+10', '*>12', '<12', '^12', '#', '#.0f',
               '#g', '#.0e', 'z', 'z.1f', 'z.0f', '+z.1f', '.3', '.1', '.15', '015,', '016,.1f', '.50f', '#.3']
complex_specs = ['', 'e', '.1f', 'g', '.3', ',', '+', ' ', '<20', '>20', '^20', '*^20', '#', '.0f', 'n', '#.2g']
for values, specs in ((ints, int_specs), (floats, float_specs), (complexes, complex_specs)):
    for spec in specs:
        out = []
        for v in values:
            try:
                out.append(format(v, spec))
            except Exception as e:
                out.append(f'{type(e).__name__}: {e}')
        print(repr(spec), out)
bad = ['xx', '.', '.3', 'z', '+c', '#c', ',c', ',_', '_,', ',x', ',n', '_n', 's', 'k', '\u0100', '\n', '99999999999999999999', '.99999999999999999999f', '.9999999999f', '=', '05', '==5', '0=5', '+ ', '##', 'd5']
for v in (1, 1.5, 1j, 'a', True):
    for spec in bad:
        try:
            print(type(v).__name__, repr(spec), repr(format(v, spec)))
        except Exception as e:
            print(type(v).__name__, repr(spec), type(e).__name__, e)
print('%d %i %5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%#o|%.3d|%#.4x' % (1, 2, 3, 4, 5, 6, 7, 255, 255, 255, 8, 9, 10))
print('%e|%E|%f|%F|%g|%G|%.0f|%#.0f|%10.2f|%-10.2f|%+.1f|%010.3f' % ((1.5,) * 12))
print('%d %x %f %e' % (2**70, -2**70, 10**20, True), '%d' % 3.99, '%f' % float('inf'), '%s %r' % (1.0, 2**65))
print(f'{3:{5}}|{2.5:.{2}f}|{10:#x}|{1e10:,}|{True:d}|{True}|{-0.0:+.0f}')
