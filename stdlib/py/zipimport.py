"""Import of modules from zip archives: an archive, or a folder inside one, as an entry of sys.path.

The names are those of CPython's zipimport.  The native importer asks zipimporter.find_spec() for entries that are files.
"""
import sys
import _struct as struct
import zlib
import marshal

__all__ = ['ZipImportError', 'zipimporter']

_directories = {}  # archive: {name inside: (header offset, compressed size, size, method)}


class ZipImportError(ImportError):
    pass


class _Spec:
    """What importlib calls a ModuleSpec."""

    def __init__(self, name, loader, origin, is_package):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.loader_state = None
        self.submodule_search_locations = None
        self.cached = None
        self.has_location = True
        self.parent = name if is_package else name.rpartition('.')[0]

    def __repr__(self):
        return f'ModuleSpec(name={self.name!r}, loader={self.loader!r}, origin={self.origin!r})'


def _open(path):
    import _io
    return _io.open(path, 'rb')


def _is_file(path):
    import posix
    try:
        return posix.stat(path).st_mode & 0o170000 == 0o100000
    except (OSError, ValueError):
        return False


def _read_directory(archive):
    try:
        f = _open(archive)
    except OSError:
        raise ZipImportError(f"can't open Zip file: {archive!r}", path=archive)
    with f:
        size = f.seek(0, 2)
        tail = min(size, 65536 + 22)
        f.seek(size - tail)
        data = f.read(tail)
        at = data.rfind(b'PK\5\6')
        if at < 0 or len(data) < at + 22:
            raise ZipImportError(f'not a Zip file: {archive!r}', path=archive)
        length, offset = struct.unpack_from('<II', data, at + 12)
        # what stands before the archive (a #! line) shifts all offsets
        end = size - tail + at
        shift = end - length - offset
        if shift < 0:
            raise ZipImportError(f'bad central directory size or offset: {archive!r}', path=archive)
        f.seek(end - length)
        data = f.read(length)
    files = {}
    at = 0
    while data[at:at + 4] == b'PK\1\2':
        flags, method = struct.unpack_from('<HH', data, at + 8)
        packed, size, name_n, extra_n, comment_n = struct.unpack_from('<IIHHH', data, at + 20)
        start, = struct.unpack_from('<I', data, at + 42)
        name = data[at + 46:at + 46 + name_n].decode('utf-8' if flags & 0x800 else 'cp437' if not data[at + 46:at + 46 + name_n].isascii()
                                                     else 'ascii')
        files[name] = (start + shift, packed, size, method)
        at += 46 + name_n + extra_n + comment_n
    return files


def _read_member(archive, entry):
    start, packed, size, method = entry
    with _open(archive) as f:
        f.seek(start)
        head = f.read(30)
        if head[:4] != b'PK\3\4':
            raise ZipImportError(f'bad local file header: {archive!r}', path=archive)
        name_n, extra_n = struct.unpack_from('<HH', head, 26)
        f.seek(start + 30 + name_n + extra_n)
        data = f.read(packed)
    if len(data) != packed:
        raise OSError("zipimport: can't read data")
    if method == 0:
        return data
    if method != 8:
        raise ZipImportError("can't decompress data; compression method is unknown")
    return zlib.decompress(data, -15)


class zipimporter:
    """zipimporter(archivepath): archivepath is an archive, or archive/folder/inside."""

    def __init__(self, path):
        if not isinstance(path, str):
            import posix
            path = posix.fsdecode(path) if hasattr(posix, 'fsdecode') else path.decode()
        if not path:
            raise ZipImportError('archive path is empty', path=path)
        archive, prefix = path, ''
        while not _is_file(archive):
            archive, _, name = archive.rpartition('/')
            if not archive:
                raise ZipImportError(f'not a Zip file: {path!r}', path=path)
            prefix = name + '/' + prefix if prefix else name + '/'
        if archive not in _directories:
            _directories[archive] = _read_directory(archive)
        self._files = _directories[archive]
        self.archive = archive
        self.prefix = prefix

    def __repr__(self):
        return f'<zipimporter object "{self.archive}{"/" if self.prefix else ""}{self.prefix}">'

    def _find(self, fullname):
        """(path inside, is a package) or None"""
        path = self.prefix + fullname.rpartition('.')[2]
        for suffix, package in (('/__init__.pyc', True), ('/__init__.py', True), ('.pyc', False), ('.py', False)):
            if path + suffix in self._files:
                return path + suffix, package
        return None

    def _require(self, fullname):
        found = self._find(fullname)
        if found is None:
            raise ZipImportError(f"can't find module {fullname!r}", name=fullname)
        return found

    def find_spec(self, fullname, target=None):
        found = self._find(fullname)
        if found is None:
            path = self.prefix + fullname.rpartition('.')[2]
            if any(name.startswith(path + '/') for name in self._files):
                spec = _Spec(fullname, None, None, True)
                spec.has_location = False
                spec.submodule_search_locations = [f'{self.archive}/{path}']
                return spec
            return None
        path, package = found
        spec = _Spec(fullname, self, f'{self.archive}/{path}', package)
        if path.endswith('.py'):
            folder, _, name = spec.origin[:-3].rpartition('/')
            spec.cached = f'{folder}/__pycache__/{name}.{sys.implementation.cache_tag}.pyc'
        if package:
            spec.submodule_search_locations = [f'{self.archive}/{path.rpartition("/")[0]}']
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.get_code(module.__name__), module.__dict__)

    def load_module(self, fullname):
        spec = self.find_spec(fullname)
        if spec is None:
            raise ZipImportError(f"can't find module {fullname!r}", name=fullname)
        return _load(spec)

    def get_data(self, pathname):
        key = pathname
        if pathname.startswith(self.archive + '/'):
            key = pathname[len(self.archive) + 1:]
        try:
            entry = self._files[key]
        except KeyError:
            raise OSError(0, '', key)
        return _read_member(self.archive, entry)

    def get_code(self, fullname):
        path, package = self._require(fullname)
        data = _read_member(self.archive, self._files[path])
        if path.endswith('.pyc'):
            try:
                return marshal.loads(data[16:])
            except (ValueError, EOFError, TypeError):
                path = path[:-1]
                if path not in self._files:
                    raise ZipImportError(f"can't find module {fullname!r}", name=fullname)
                data = _read_member(self.archive, self._files[path])
        return compile(data, f'{self.archive}/{path}', 'exec', dont_inherit=True)

    def get_source(self, fullname):
        path, package = self._require(fullname)
        path = path.removesuffix('c')
        if path not in self._files:
            return None
        return _read_member(self.archive, self._files[path]).decode()

    def get_filename(self, fullname):
        return f'{self.archive}/{self._require(fullname)[0]}'

    def is_package(self, fullname):
        return self._require(fullname)[1]

    def invalidate_caches(self):
        _directories.pop(self.archive, None)
        try:
            self._files = _directories[self.archive] = _read_directory(self.archive)
        except ZipImportError:
            self._files = {}


def _load(spec):
    """A module of spec, executed and put into sys.modules."""
    module = type(sys)(spec.name)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    module.__package__ = spec.parent
    if spec.cached is not None:
        module.__cached__ = spec.cached
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    if spec.has_location:
        module.__file__ = spec.origin
    sys.modules[spec.name] = module
    if spec.loader is not None:
        try:
            spec.loader.exec_module(module)
        except BaseException:
            sys.modules.pop(spec.name, None)
            raise
    return sys.modules[spec.name]


def _import(name, entry):
    """For the native importer: the module `name` from the entry of sys.path (or __path__), the path of its portion
    (str) if it is a namespace package there, or None."""
    try:
        importer = sys.path_importer_cache[entry]
    except KeyError:
        try:
            importer = zipimporter(entry)
        except ZipImportError:
            importer = None
        sys.path_importer_cache[entry] = importer
    spec = importer.find_spec(name) if isinstance(importer, zipimporter) else None
    if spec is not None and spec.loader is None:
        return spec.submodule_search_locations[0]
    return None if spec is None else _load(spec)


def _main(path):
    """For `ouro archive.zip`: runs its __main__ in module __main__."""
    importer = zipimporter(path)
    spec = importer.find_spec('__main__')
    if spec is None:
        return None
    sys.path_importer_cache[path] = importer
    module = sys.modules['__main__']
    module.__spec__ = spec
    module.__loader__ = importer
    module.__file__ = spec.origin
    module.__package__ = ''
    module.__cached__ = spec.cached
    return importer.get_code('__main__')


def _take_over():
    """Where a standard library is installed, its zipimport does the work (it knows all the corners); the functions for the
    native importer stay."""
    import posix
    path = sys._stdlib_dir + '/zipimport.py' if sys._stdlib_dir else ''
    try:
        posix.stat(path)
        import importlib._bootstrap
        import importlib._bootstrap_external as external
    except (OSError, ImportError):
        return
    for name, module in (('_frozen_importlib', importlib._bootstrap), ('_frozen_importlib_external', external)):
        sys.modules.setdefault(name, module)
    code = external.SourceFileLoader('zipimport', path).get_code('zipimport')
    import _imp
    _imp._fix_co_filename(code, '<frozen zipimport>')
    exec(code, globals())



_take_over()
