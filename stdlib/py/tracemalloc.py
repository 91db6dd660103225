"""Memory allocation tracing: snapshots and statistics on top of _tracemalloc.

Used when no standard library is installed.
"""

try:
    from _collections_abc import Sequence, Iterable
except ImportError:  # no standard library
    class Sequence:
        __slots__ = ()

        def __iter__(self):
            i = 0
            while i < len(self):
                yield self[i]
                i += 1

        def __reversed__(self):
            for i in range(len(self) - 1, -1, -1):
                yield self[i]

    class _IterableType(type):
        def __instancecheck__(cls, obj):
            return hasattr(obj, '__iter__')

    class Iterable(metaclass=_IterableType):
        pass

from _tracemalloc import *
from _tracemalloc import _get_object_traceback, _get_traces


def __getattr__(name):
    if name == 'linecache':  # imported on first use
        import linecache
        return linecache
    raise AttributeError('module %r has no attribute %r' % (__name__, name))


def _format_size(size, sign):
    for unit in ('B', 'KiB', 'MiB', 'GiB', 'TiB'):
        if abs(size) < 100 and unit != 'B':
            # 3 digits: 2.5 MiB
            return ('%+.1f %s' if sign else '%.1f %s') % (size, unit)
        if abs(size) < 10 * 1024 or unit == 'TiB':
            return ('%+.0f %s' if sign else '%.0f %s') % (size, unit)
        size /= 1024


def _source_line(filename, lineno):
    try:
        import linecache
    except ImportError:
        try:
            with open(filename) as f:
                for number, line in enumerate(f, 1):
                    if number == lineno:
                        return line
        except OSError:
            pass
        return ''
    return linecache.getline(filename, lineno)


class _Stat:
    __slots__ = ()

    def __str__(self):
        text = '%s: size=%s' % (self.traceback, _format_size(self.size, False))
        diff = isinstance(self, StatisticDiff)
        if diff:
            text += ' (%s)' % _format_size(self.size_diff, True)
        text += ', count=%i' % self.count
        if diff:
            text += ' (%+i)' % self.count_diff
        if self.count:
            text += ', average=%s' % _format_size(self.size / self.count, False)
        return text


class Statistic(_Stat):
    """Allocations of one place: traceback, size, count."""

    __slots__ = ('traceback', 'size', 'count')

    def __init__(self, traceback, size, count):
        self.traceback = traceback
        self.size = size
        self.count = count

    def __hash__(self):
        return hash((self.traceback, self.size, self.count))

    def __eq__(self, other):
        if not isinstance(other, Statistic):
            return NotImplemented
        return (self.traceback, self.size, self.count) == (other.traceback, other.size, other.count)

    def __repr__(self):
        return '<Statistic traceback=%r size=%i count=%i>' % (self.traceback, self.size, self.count)

    def _sort_key(self):
        return (self.size, self.count, self.traceback)


class StatisticDiff(_Stat):
    """The difference of one place between two snapshots."""

    __slots__ = ('traceback', 'size', 'size_diff', 'count', 'count_diff')

    def __init__(self, traceback, size, size_diff, count, count_diff):
        self.traceback = traceback
        self.size = size
        self.size_diff = size_diff
        self.count = count
        self.count_diff = count_diff

    def _all(self):
        return self.traceback, self.size, self.size_diff, self.count, self.count_diff

    def __hash__(self):
        return hash(self._all())

    def __eq__(self, other):
        if not isinstance(other, StatisticDiff):
            return NotImplemented
        return self._all() == other._all()

    def __repr__(self):
        return '<StatisticDiff traceback=%r size=%i (%+i) count=%i (%+i)>' % self._all()

    def _sort_key(self):
        return (abs(self.size_diff), self.size, abs(self.count_diff), self.count, self.traceback)


def _compare_grouped_stats(old_group, new_group):
    found = []
    for traceback, stat in new_group.items():
        old = old_group.get(traceback)
        size, count = (old.size, old.count) if old else (0, 0)
        found.append(StatisticDiff(traceback, stat.size, stat.size - size, stat.count, stat.count - count))
    for traceback, stat in old_group.items():
        if traceback not in new_group:
            found.append(StatisticDiff(traceback, 0, -stat.size, 0, -stat.count))
    return found


class _Ordered:
    """The other comparisons from == and <."""

    __slots__ = ()

    def __gt__(self, other):
        less = self.__lt__(other)
        return less if less is NotImplemented else not less and self != other

    def __le__(self, other):
        less = self.__lt__(other)
        return less if less is NotImplemented else less or self == other

    def __ge__(self, other):
        less = self.__lt__(other)
        return less if less is NotImplemented else not less


class Frame(_Ordered):
    """A place: filename and line number."""

    __slots__ = ('_frame',)

    def __init__(self, frame):
        self._frame = frame

    @property
    def filename(self):
        return self._frame[0]

    @property
    def lineno(self):
        return self._frame[1]

    def __eq__(self, other):
        return self._frame == other._frame if isinstance(other, Frame) else NotImplemented

    def __lt__(self, other):
        return self._frame < other._frame if isinstance(other, Frame) else NotImplemented

    def __hash__(self):
        return hash(self._frame)

    def __str__(self):
        return '%s:%s' % (self.filename, self.lineno)

    def __repr__(self):
        return '<Frame filename=%r lineno=%r>' % (self.filename, self.lineno)


class Traceback(_Ordered, Sequence):
    """Frames from the oldest to the most recent."""

    __slots__ = ('_frames', '_total_nframe')

    def __init__(self, frames, total_nframe=None):
        # _tracemalloc gives the most recent frame first.
        self._frames = tuple(reversed(frames))
        self._total_nframe = total_nframe

    @property
    def total_nframe(self):
        return self._total_nframe

    def __len__(self):
        return len(self._frames)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(Frame(trace) for trace in self._frames[index])
        return Frame(self._frames[index])

    def __contains__(self, frame):
        return frame._frame in self._frames

    def __hash__(self):
        return hash(self._frames)

    def __eq__(self, other):
        return self._frames == other._frames if isinstance(other, Traceback) else NotImplemented

    def __lt__(self, other):
        return self._frames < other._frames if isinstance(other, Traceback) else NotImplemented

    def __str__(self):
        return str(self[0])

    def __repr__(self):
        text = '<Traceback %r' % (tuple(self),)
        if self._total_nframe is not None:
            text += ' total_nframe=%s' % self._total_nframe
        return text + '>'

    def format(self, limit=None, most_recent_first=False):
        frames = list(self)
        if limit is not None:
            frames = frames[-limit:] if limit > 0 else frames[:limit]
        if most_recent_first:
            frames.reverse()
        lines = []
        for frame in frames:
            lines.append('  File "%s", line %s' % (frame.filename, frame.lineno))
            line = _source_line(frame.filename, frame.lineno).strip()
            if line:
                lines.append('    ' + line)
        return lines


def get_object_traceback(obj):
    """The Traceback of the allocation of obj, or None."""
    frames = _get_object_traceback(obj)
    return None if frames is None else Traceback(frames)


class Trace:
    """One block: domain, size, traceback."""

    __slots__ = ('_trace',)

    def __init__(self, trace):
        self._trace = trace

    @property
    def domain(self):
        return self._trace[0]

    @property
    def size(self):
        return self._trace[1]

    @property
    def traceback(self):
        return Traceback(*self._trace[2:])

    def __eq__(self, other):
        return self._trace == other._trace if isinstance(other, Trace) else NotImplemented

    def __hash__(self):
        return hash(self._trace)

    def __str__(self):
        return '%s: %s' % (self.traceback, _format_size(self.size, False))

    def __repr__(self):
        return '<Trace domain=%s size=%s, traceback=%r>' % (self.domain, _format_size(self.size, False),
                                                            self.traceback)


class _Traces(Sequence):
    def __init__(self, traces):
        self._traces = traces

    def __len__(self):
        return len(self._traces)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(Trace(trace) for trace in self._traces[index])
        return Trace(self._traces[index])

    def __contains__(self, trace):
        return trace._trace in self._traces

    def __eq__(self, other):
        return self._traces == other._traces if isinstance(other, _Traces) else NotImplemented

    def __repr__(self):
        return '<Traces len=%s>' % len(self)


def _normalize_filename(filename):
    return filename[:-1] if filename.endswith('.pyc') else filename


def _match_name(name, pattern):
    if name == pattern:
        return True
    if not any(c in pattern for c in '*?['):
        return False
    import fnmatch
    return fnmatch.fnmatch(name, pattern)


class BaseFilter:
    def __init__(self, inclusive):
        self.inclusive = inclusive

    def _match(self, trace):
        raise NotImplementedError


class Filter(BaseFilter):
    def __init__(self, inclusive, filename_pattern, lineno=None, all_frames=False, domain=None):
        super().__init__(inclusive)
        self._filename_pattern = _normalize_filename(filename_pattern)
        self.lineno = lineno
        self.all_frames = all_frames
        self.domain = domain

    @property
    def filename_pattern(self):
        return self._filename_pattern

    def _is_place(self, filename, lineno):
        if not _match_name(_normalize_filename(filename), self._filename_pattern):
            return False
        return self.lineno is None or lineno == self.lineno

    def _match_frame(self, filename, lineno):
        return self._is_place(filename, lineno) == bool(self.inclusive)

    def _match_traceback(self, frames):
        if not self.all_frames:
            frames = frames[:1]
        matched = any(self._is_place(filename, lineno) for filename, lineno in frames)
        return matched if self.inclusive else not matched

    def _match(self, trace):
        domain, size, frames, total = trace
        matched = self._match_traceback(frames)
        if self.domain is not None:
            if self.inclusive:
                return matched and domain == self.domain
            return matched or domain != self.domain
        return matched


class DomainFilter(BaseFilter):
    def __init__(self, inclusive, domain):
        super().__init__(inclusive)
        self._domain = domain

    @property
    def domain(self):
        return self._domain

    def _match(self, trace):
        return (trace[0] == self.domain) == bool(self.inclusive)


class Snapshot:
    """The traces of all blocks at one moment."""

    def __init__(self, traces, traceback_limit):
        self.traces = _Traces(traces)
        self.traceback_limit = traceback_limit

    def dump(self, filename):
        import pickle
        with open(filename, 'wb') as fp:
            pickle.dump(self, fp, pickle.HIGHEST_PROTOCOL)

    @staticmethod
    def load(filename):
        import pickle
        with open(filename, 'rb') as fp:
            return pickle.load(fp)

    def filter_traces(self, filters):
        if not isinstance(filters, Iterable):
            raise TypeError('filters must be a list of filters, not %s' % type(filters).__name__)
        filters = list(filters)
        traces = self.traces._traces
        if filters:
            include = [f for f in filters if f.inclusive]
            exclude = [f for f in filters if not f.inclusive]
            traces = [t for t in traces
                      if (not include or any(f._match(t) for f in include)) and all(f._match(t) for f in exclude)]
        else:
            traces = traces[:]
        return Snapshot(traces, self.traceback_limit)

    def _group_by(self, key_type, cumulative):
        if key_type not in ('traceback', 'filename', 'lineno'):
            raise ValueError('unknown key_type: %r' % (key_type,))
        if cumulative and key_type == 'traceback':
            raise ValueError('cumulative mode cannot by used with key type %r' % key_type)
        stats = {}
        keys = {}
        for domain, size, frames, total in self.traces._traces:
            if key_type == 'traceback':
                places = (frames,)
            else:
                # Once per place, even if it is several times on the stack.
                places = frames if cumulative else frames[:1]
                if key_type == 'filename':
                    places = [(filename, 0) for filename, lineno in places]
                if cumulative:
                    places = dict.fromkeys(places)
            for place in places:
                traceback = keys.get(place)
                if traceback is None:
                    traceback = Traceback(place if key_type == 'traceback' else (place,))
                    keys[place] = traceback
                stat = stats.get(traceback)
                if stat is None:
                    stats[traceback] = Statistic(traceback, size, 1)
                else:
                    stat.size += size
                    stat.count += 1
        return stats

    def statistics(self, key_type, cumulative=False):
        """List of Statistic, biggest first; key_type: traceback, filename or lineno."""
        return sorted(self._group_by(key_type, cumulative).values(), reverse=True, key=Statistic._sort_key)

    def compare_to(self, old_snapshot, key_type, cumulative=False):
        """List of StatisticDiff against an older snapshot, biggest difference first."""
        new = self._group_by(key_type, cumulative)
        old = old_snapshot._group_by(key_type, cumulative)
        return sorted(_compare_grouped_stats(old, new), reverse=True, key=StatisticDiff._sort_key)


def take_snapshot():
    """A Snapshot of the blocks traced now."""
    if not is_tracing():
        raise RuntimeError('the tracemalloc module must be tracing memory allocations to take a snapshot')
    return Snapshot(_get_traces(), get_traceback_limit())
