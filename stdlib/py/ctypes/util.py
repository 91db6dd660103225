"""Finding shared libraries by short name."""

_PLACES = '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib'


def find_library(name):
    """The file name of lib<name>.so with its version, or None."""
    import posix
    for place in _PLACES:
        try:
            files = sorted(posix.listdir(place))
        except OSError:
            continue
        found = [f for f in files if f.startswith('lib%s.so.' % name)]
        if found:
            return min(found, key=len)
    return None
