# TextIOWrapper.reconfigure: its flags are ints, None changes nothing.
import io
w = io.TextIOWrapper(io.BytesIO())
for name in 'line_buffering', 'write_through':
    for v in 1, 2, 0, '', [], 1.5, 2**70, None:
        try:
            w.reconfigure(**{name: v})
        except Exception as e:
            print(repr(e))
        print(name, v, getattr(w, name))
