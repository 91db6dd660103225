"""Module _warnings: filters, registries, actions; what is printed."""
import _warnings, io, sys, warnings
err = sys.stderr = io.StringIO()


def shown():
    text = err.getvalue()
    err.seek(0)
    err.truncate()
    return text


def trial(action, *calls):
    with warnings.catch_warnings():
        warnings.filters.insert(0, (action, None, Warning, None, 0))
        _warnings._filters_mutated()
        for f in calls:
            try:
                f()
            except Warning as w:
                print('raised', repr(w))
            except Exception as e:
                print(type(e).__name__, e)
    print(action, shown().replace(__file__, 'FILE').splitlines())


def plain():
    _warnings.warn('text')


def other():
    _warnings.warn(DeprecationWarning('deprecated'), stacklevel=2)


def explicit(line=7, registry=None, module=None):
    _warnings.warn_explicit('here', UserWarning, 'no/file.py', line, module or 'mod', registry)


for action in 'error', 'ignore', 'always', 'default', 'module', 'once', 'wrong':
    registry = {}
    trial(action, plain, plain, other, other, lambda: explicit(7, registry), lambda: explicit(7, registry), lambda: explicit(8, registry), explicit)
for args in [(3, 4), ('a', int), ('a', KeyError), ('a', UserWarning, 'x')]:
    trial('always', lambda: _warnings.warn(*args))
trial('always', lambda: _warnings.warn_explicit('a', UserWarning, 3, 4), lambda: _warnings.warn_explicit('a', UserWarning, 'f', 4, registry=3),
      lambda: _warnings.warn_explicit('a', UserWarning, 'f', 4, None, {}, 3))
print(_warnings._defaultaction, _warnings.filters is warnings.filters)
