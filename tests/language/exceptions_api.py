"""Constructors, attributes, texts and messages of the exception classes."""
import errno


def show(f):
    try:
        r = f()
        print(repr(r), "|", str(r), "|", getattr(r, "args", None))
    except BaseException as e:
        print(type(e).__name__, e)


def setter(o, name, *value):
    def run():
        if value:
            setattr(o, name, value[0])
        else:
            delattr(o, name)
        return getattr(o, name)
    return run


for f in [lambda: SyntaxError("m", (1, 2)), lambda: SyntaxError("m", (1, 2, 3, 4, 5, 6, 7)), lambda: SyntaxError("m", (1, 2, 3, 4, 5)),
          lambda: SyntaxError("m", 3), lambda: SyntaxError('a', ('d/f', 1, 2, 'print x')), lambda: SyntaxError('a', ('f', None, 2, None)),
          lambda: UnicodeEncodeError(), lambda: UnicodeEncodeError(1, 2, 3, 4, 5), lambda: UnicodeEncodeError('a', 'b', 'c', 4, 5),
          lambda: UnicodeEncodeError('a', '\xe9b', 0, 1, 'r'), lambda: UnicodeEncodeError('a', 'b\u1234', 1, 2, 'r'),
          lambda: UnicodeEncodeError('a', 'b\U00012345', 1, 2, 'r'), lambda: UnicodeEncodeError('a', 'bc', 0, 2, 'r'),
          lambda: UnicodeDecodeError('a', 'b', 1, 4, '5'), lambda: UnicodeDecodeError('a', 3, 1, 4, '5'),
          lambda: UnicodeDecodeError('a', bytearray(b'\xff'), 0, 1, '5'), lambda: UnicodeDecodeError('a', b'\xff\xfe', 0, 2, '5'),
          lambda: UnicodeTranslateError(1), lambda: UnicodeTranslateError('a', 1, 2, 3), lambda: UnicodeTranslateError('\u1234bc', 0, 1, 'abc'),
          lambda: BaseExceptionGroup(), lambda: BaseExceptionGroup(1, 2), lambda: ExceptionGroup('a', 2), lambda: ExceptionGroup('a', []),
          lambda: ExceptionGroup('a', [2]), lambda: ExceptionGroup('a', [KeyboardInterrupt()]), lambda: ExceptionGroup('a', [KeyError()], x=3),
          lambda: BaseExceptionGroup('a', [KeyError()]), lambda: BaseExceptionGroup('a', (KeyError(), GeneratorExit())),
          lambda: ExceptionGroup('a', [KeyError()]).split(3), lambda: ExceptionGroup('a', [KeyError()]).split((KeyError, 3)),
          lambda: ExceptionGroup('a', [KeyError()]).split(print), lambda: ExceptionGroup('a', [KeyError(), ValueError(1)]).split(KeyError),
          lambda: ExceptionGroup('a', [KeyError(), ExceptionGroup('b', [ValueError(1), TypeError()])]).subgroup(lambda e: isinstance(e, ValueError)),
          lambda: ImportError(a=3), lambda: ImportError('m', name='n', path='p'), lambda: NameError(nam=3), lambda: NameError(1, name='x'),
          lambda: AttributeError(1, name=2, obj=3, x=4), lambda: ImportError(1, **{'name': 2, 'path': 3, 'z': 5}), lambda: ValueError(a=3),
          lambda: OSError(a=3), lambda: OSError(), lambda: OSError(1), lambda: OSError(1, 2), lambda: OSError(2, 's', 'f'),
          lambda: OSError(2, 's', 'f', None, 'g'), lambda: OSError(1, 2, 3, 4, 5, 6), lambda: SystemExit(a=3), lambda: SystemExit(1, 2).code,
          lambda: BlockingIOError(1, 2, 'x'), lambda: BlockingIOError(1, 2, 3).characters_written, lambda: BlockingIOError(1, 2, 3.0),
          lambda: KeyError(1, 2), lambda: KeyError('a'), lambda: KeyError(''), lambda: KeyError(), lambda: StopIteration(1, 2).value,
          lambda: ValueError('x').with_traceback(3), lambda: ValueError('x').add_note(3), lambda: ValueError().__setstate__(3),
          lambda: ValueError(1).__reduce__(), lambda: ImportError('m', name='n').__reduce__(), lambda: OSError(2, 's', 'f').__reduce__(),
          lambda: [OSError(n, '').__class__.__name__ for n in sorted(errno.errorcode) if type(OSError(n, '')) is not OSError]]:
    show(f)
e = ValueError(1)
for f in [setter(e, 'args', 5), setter(e, 'args', [1, 2]), setter(e, 'args'), setter(e, '__traceback__', 3), setter(e, '__traceback__'),
          setter(e, '__context__', 3), setter(e, '__context__'), setter(e, '__cause__', 3), setter(e, '__cause__', KeyError()), setter(e, '__cause__'),
          setter(e, '__suppress_context__', 3), setter(e, '__suppress_context__', False), setter(e, '__dict__', 3), setter(e, '__dict__', {'a': 1}),
          setter(e, 'a'), setter(OSError(), 'characters_written'), setter(OSError(), 'characters_written', 3)]:
    show(f)
e.add_note('n')
print(e.__notes__, e.__dict__)


class Group(ExceptionGroup):
    def derive(self, excs):
        return Group(self.message + '!', excs)


g = Group('g', [ValueError(1), Group('h', [TypeError(2), OSError(3)])])
g.add_note('noted')
a, b = g.split((TypeError, ValueError))
print(repr(a), a.__notes__, repr(b), type(b).__name__, a.__notes__ is g.__notes__)


class New(OSError):
    def __init__(self, a, b):
        super().__init__(a, b, 'file')


print(repr(New(2, 'x')), New(2, 'x').filename, New(2, 'x').errno)
chain = None
for i in range(100000):
    n = ValueError(i)
    n.__context__ = chain
    chain = n
del n, chain
print('deep chain gone')
