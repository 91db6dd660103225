# Warnings of the compiler that come before a SyntaxError.
import warnings, io
def show(src, filt='always'):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter(filt)
        try: compile(src, 'f', 'exec')
        except SyntaxError as e: print(e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
    print([(x.category.__name__, str(x.message), x.lineno) for x in w])
show("'\\e' $")
show("'\\e' 1")
show("x = '''\n\\z'''")
show("x = '''\n\\z'''", 'error')
show("b'\\d' + (")
show("x is 1\nreturn 5")
show("y = f'\\w{1}'", 'error')
