"""Finding shared libraries by short name: in ldconfig's cache, else by asking gcc or ld."""

import posix

try:
    import os
    import re
except ImportError:  # no library is installed: only directories can be looked at
    os = None

_PLACES = '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib'


def _output(*command):
    """What a program prints, as bytes; none if it is not there."""
    import subprocess
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=dict(os.environ, LC_ALL='C', LANG='C')).stdout
    except OSError:
        return b''


def _is_elf(filename):
    try:
        with open(filename, 'rb') as file:
            return file.read(4) == b'\x7fELF'
    except OSError:
        return False


def _first_elf(pattern, text):
    for found in re.findall(pattern, text):
        if _is_elf(found):
            return os.fsdecode(found)
    return None


def _findSoname_ldconfig(name):
    for line in _output('/sbin/ldconfig', '-p').splitlines():
        match = re.match(rb'\s+(lib%s\.[^\s]+)\s+\(libc6,x86-64[^)]*\)' % os.fsencode(re.escape(name)), line)
        if match:
            return os.fsdecode(match[1])
    return None


def _findLib_gcc(name):
    """The file that gcc -lname links with."""
    text = _output('gcc', '-Wl,-t', '-o', os.devnull, '-l' + name)
    return _first_elf(rb'[^\(\)\s]*lib%s\.[^\(\)\s]*' % os.fsencode(re.escape(name)), text)


def _findLib_ld(name):
    """The file that ld -lname finds, LD_LIBRARY_PATH included."""
    command = ['ld', '-t']
    for place in os.environ.get('LD_LIBRARY_PATH', '').split(':'):
        command += ['-L', place] if place else []
    text = _output(*command, '-o', os.devnull, '-l' + name)
    return _first_elf(rb'[^\(\)\s]*lib%s\.[^\(\)\s]*' % os.fsencode(re.escape(name)), text)


def _get_soname(filename):
    match = filename and re.search(rb'\sSONAME\s+([^\s]+)', _output('objdump', '-p', '-j', '.dynamic', filename))
    return os.fsdecode(match[1]) if match else None


def _find_file(name):
    """Without any of these programs: the shortest name in the usual places."""
    for place in _PLACES:
        try:
            found = [file for file in posix.listdir(place) if file.startswith('lib%s.so.' % name)]
        except OSError:
            continue
        if found:
            return min(found, key=lambda file: (len(file), file))
    return None


def find_library(name):
    """The file name of lib<name>.so with its version, or None."""
    if os is None:
        return _find_file(name)
    return (_findSoname_ldconfig(name) or _get_soname(_findLib_gcc(name)) or _get_soname(_findLib_ld(name))
            or _find_file(name))
