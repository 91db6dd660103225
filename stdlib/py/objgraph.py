"""Tools for drawing and counting the objects of a program, as the objgraph package has them.

Counts and chains come from the gc module; graphs are written in the language of Graphviz, and turned into
pictures when its program `dot` is there.
"""

import gc
import sys
from _collections import defaultdict, deque

__version__ = '3.6.0'

_FrameType = type(sys._getframe())
_FunctionType = type(lambda: None)
_MethodType = type(type('_', (), {'m': lambda self: None})().m)
_ModuleType = type(sys)
_TYPE_KINDS = (type, _ModuleType, type(len))


def _second(item):
    return item[1]



# ---- names of types

def _short_typename(obj):
    return type(obj).__name__


def _long_typename(obj):
    kind = type(obj)
    name = kind.__name__
    module = getattr(kind, '__module__', None)
    return '%s.%s' % (module, name) if module else name


def _typename_of(shortnames):
    return _short_typename if shortnames else _long_typename


# ---- counting

def count(typename, objects=None):
    """Count objects tracked by the garbage collector with a given type name.

    A name with a dot is compared with the module-qualified name.
    """
    if objects is None:
        objects = gc.get_objects()
    try:
        name_of = _typename_of('.' not in typename)
        return sum(1 for o in objects if name_of(o) == typename)
    finally:
        del objects


def typestats(objects=None, shortnames=True, filter=None):
    """Count the number of instances for each type tracked by the collector: a dict."""
    if objects is None:
        objects = gc.get_objects()
    try:
        name_of = _typename_of(shortnames)
        stats = {}
        for o in objects:
            if filter and not filter(o):
                continue
            name = name_of(o)
            stats[name] = stats.get(name, 0) + 1
        return stats
    finally:
        del objects


def most_common_types(limit=10, objects=None, shortnames=True, filter=None):
    """The types with the most instances: a list of (name, count), most frequent first."""
    stats = sorted(typestats(objects, shortnames=shortnames, filter=filter).items(),
                   key=_second, reverse=True)
    return stats[:limit] if limit else stats


def show_most_common_types(limit=10, objects=None, shortnames=True, file=None, filter=None):
    """Print the table of types of most common instances."""
    if file is None:
        file = sys.stdout
    stats = most_common_types(limit, objects, shortnames=shortnames, filter=filter)
    width = max((len(name) for name, n in stats), default=0)
    for name, n in stats:
        file.write('%-*s %i\n' % (width, name, n))


def growth(limit=10, peak_stats={}, shortnames=True, filter=None):
    """Count the increase in peak object since the last call: a list of (name, count, delta)."""
    gc.collect()
    stats = typestats(shortnames=shortnames, filter=filter)
    deltas = {}
    for name, n in stats.items():
        old = peak_stats.get(name, 0)
        if n > old:
            deltas[name] = n - old
            peak_stats[name] = n
    found = [(name, stats[name], delta)
             for name, delta in sorted(deltas.items(), key=_second, reverse=True)]
    return found[:limit] if limit else found


def show_growth(limit=10, peak_stats=None, shortnames=True, file=None, filter=None):
    """Show the increase in peak object counts since last call."""
    if peak_stats is None:
        found = growth(limit, shortnames=shortnames, filter=filter)
    else:
        found = growth(limit, peak_stats, shortnames, filter)
    if file is None:
        file = sys.stdout
    if found:
        width = max(len(name) for name, n, delta in found)
        for name, n, delta in found:
            file.write('%-*s%9d %+9d\n' % (width, name, n, delta))


def get_new_ids(skip_update=False, limit=10, sortby='deltas', shortnames=None, file=None, _state={}):
    """Find and display new objects allocated since last call: a dict of type name to set of ids."""
    if not _state:
        _state['old'] = defaultdict(set)
        _state['current'] = defaultdict(set)
        _state['new'] = defaultdict(set)
        _state['shortnames'] = True
    new_ids = _state['new']
    if skip_update:
        return new_ids
    old_ids, current_ids = _state['old'], _state['current']
    if shortnames is None:
        shortnames = _state['shortnames']
    else:
        _state['shortnames'] = shortnames
    name_of = _typename_of(shortnames)
    gc.collect()
    objects = gc.get_objects()
    for name in current_ids:
        old_ids[name] = set(current_ids[name])
        current_ids[name].clear()
    for o in objects:
        current_ids[name_of(o)].add(id(o))
    del objects
    for name in new_ids:
        new_ids[name].clear()
    rows = []
    for name, ids in current_ids.items():
        new_ids[name].update(ids - old_ids[name])
        rows.append((name, len(old_ids[name]), len(ids), len(new_ids[name]), len(ids) - len(old_ids[name])))
    column = {'old': 1, 'current': 2, 'new': 3, 'deltas': 4}[sortby]
    rows.sort(key=lambda row: row[column], reverse=True)
    if limit is not None:
        rows = rows[:limit]
    if file is None:
        file = sys.stdout
    if not rows:
        file.write('(no new objects)\n')
        return new_ids
    width = max(len(row[0]) for row in rows)
    file.write('=' * (width + 13 * 4) + '\n')
    file.write('%-*s%13s%13s%13s%13s\n' % (width, 'Type', 'Old_ids', 'Current_ids', 'New_ids', 'Count_Deltas'))
    file.write('=' * (width + 13 * 4) + '\n')
    for row in rows:
        file.write('%-*s%13d%13d%+13d%+13d\n' % ((width,) + row))
    file.write('=' * (width + 13 * 4) + '\n')
    return new_ids


def get_leaking_objects(objects=None):
    """Return objects that do not have any referents: tracked objects that no tracked object refers to."""
    if objects is None:
        gc.collect()
        objects = gc.get_objects()
    i = None
    try:
        ids = set(id(i) for i in objects)
        for i in objects:
            ids.difference_update(id(j) for j in gc.get_referents(i))
        return [i for i in objects if id(i) in ids]
    finally:
        del objects, i


# ---- finding

def by_type(typename, objects=None):
    """Return objects tracked by the garbage collector with a given type name."""
    if objects is None:
        objects = gc.get_objects()
    try:
        name_of = _typename_of('.' not in typename)
        return [o for o in objects if name_of(o) == typename]
    finally:
        del objects


def at(addr):
    """Return an object at a given memory address, or None; only tracked objects are found."""
    for o in gc.get_objects():
        if id(o) == addr:
            return o
    return None


def at_addrs(address_set):
    """Return a list of objects for a given set of memory addresses."""
    return [o for o in gc.get_objects() if id(o) in address_set]


def _find_chain(obj, predicate, edges, max_depth, extra_ignore):
    queue = deque([obj])
    depth = {id(obj): 0}
    parent = {id(obj): None}
    ignore = set(extra_ignore)
    ignore.update(map(id, (extra_ignore, queue, depth, parent, ignore, sys._getframe(), sys._getframe(1))))
    gc.collect()
    while queue:
        target = queue.popleft()
        if predicate(target):
            chain = [target]
            while parent[id(target)] is not None:
                target = parent[id(target)]
                chain.append(target)
            return chain
        level = depth[id(target)]
        if level < max_depth:
            found = edges(target)
            ignore.add(id(found))
            for source in found:
                if isinstance(source, _FrameType) or id(source) in ignore:
                    continue
                if id(source) not in depth:
                    depth[id(source)] = level + 1
                    parent[id(source)] = target
                    queue.append(source)
            del found
    return [obj]


def find_ref_chain(obj, predicate, max_depth=20, extra_ignore=()):
    """Find a shortest chain of references leading from obj to something matching predicate."""
    return list(reversed(_find_chain(obj, predicate, gc.get_referents, max_depth, extra_ignore)))


def find_backref_chain(obj, predicate, max_depth=20, extra_ignore=()):
    """Find a shortest chain of references leading to obj from something matching predicate."""
    return _find_chain(obj, predicate, gc.get_referrers, max_depth, extra_ignore)


def is_proper_module(obj):
    """Whether obj is a module that is in sys.modules under its name: a good end of a chain."""
    return isinstance(obj, _ModuleType) and obj is sys.modules.get(getattr(obj, '__name__', None))


# ---- drawing

def show_backrefs(objs, max_depth=3, extra_ignore=(), filter=None, too_many=10, highlight=None, filename=None,
                  extra_info=None, refcounts=False, shortnames=True, output=None, extra_node_attrs=None):
    """Generate an object reference graph ending at objs.

    filename: a .dot file, or a picture (.png, .svg, ...) that `dot` makes; output: a file for the DOT text.
    """
    _draw(objs, filename, output, max_depth, extra_ignore, filter, too_many, highlight, gc.get_referrers, True,
          extra_info, refcounts, shortnames, is_proper_module, extra_node_attrs)


def show_refs(objs, max_depth=3, extra_ignore=(), filter=None, too_many=10, highlight=None, filename=None,
              extra_info=None, refcounts=False, shortnames=True, output=None, extra_node_attrs=None):
    """Generate an object reference graph starting at objs; see show_backrefs."""
    _draw(objs, filename, output, max_depth, extra_ignore, filter, too_many, highlight, gc.get_referents, False,
          extra_info, refcounts, shortnames, None, extra_node_attrs)


def show_chain(*chains, **kw):
    """Show chains (of find_ref_chain or find_backref_chain) as a graph; backrefs=False for the former."""
    backrefs = kw.pop('backrefs', True)
    chains = [chain for chain in chains if chain]
    highlight = kw.pop('highlight', None)

    def in_chains(x, ids=set(map(id, (o for chain in chains for o in chain)))):
        return id(x) in ids

    max_depth = max(map(len, chains)) - 1
    show = show_backrefs if backrefs else show_refs
    show([chain[-1 if backrefs else 0] for chain in chains], max_depth=max_depth, filter=in_chains,
         highlight=highlight, **kw)


def _draw(objs, filename, output, max_depth, extra_ignore, filter, too_many, highlight, edges, swap, extra_info,
          refcounts, shortnames, cull, extra_node_attrs):
    if not isinstance(objs, (list, tuple)):
        objs = [objs]
    if filename and output:
        raise ValueError('Cannot specify both output and filename.')
    dot_filename = None
    if output:
        f = output
    elif filename and filename.endswith('.dot'):
        f = open(filename, 'w', encoding='utf-8')
        dot_filename = filename
    else:
        import os
        import tempfile
        fd, dot_filename = tempfile.mkstemp(prefix='objgraph-', suffix='.dot', text=True)
        f = os.fdopen(fd, 'w', encoding='utf-8')
    try:
        nodes = _write_graph(f, objs, max_depth, extra_ignore, filter, too_many, highlight, edges, swap, extra_info,
                             refcounts, shortnames, cull, extra_node_attrs)
    finally:
        if not output:
            f.close()
    if not output:
        print('Graph written to %s (%d nodes)' % (dot_filename, nodes))
        _present(dot_filename, filename)


def _write_graph(f, objs, max_depth, extra_ignore, filter, too_many, highlight, edges, swap, extra_info, refcounts,
                 shortnames, cull, extra_node_attrs):
    queue = list(objs)
    depth = {id(o): 0 for o in objs}
    ignore = set(extra_ignore)
    ignore.update(map(id, (objs, extra_ignore, queue, depth, ignore, sys._getframe(), sys._getframe(1),
                           sys._getframe(2), sys._getframe().f_locals, sys._getframe(1).f_locals)))
    f.write('digraph ObjectGraph {\n  node[shape=box, style=filled, fillcolor=white];\n')
    for o in objs:
        f.write('  %s[fontcolor=red];\n' % _node_id(o))
    nodes = 0
    gc.collect()
    position = 0
    while position < len(queue):
        target = queue[position]
        position += 1
        level = depth[id(target)]
        nodes += 1
        attrs = ''
        if extra_node_attrs:
            attrs = ', ' + ', '.join('%s="%s"' % (k, _quote(str(v))) for k, v in extra_node_attrs(target).items())
        f.write('  %s[label="%s"%s];\n' % (_node_id(target), _label(target, extra_info, refcounts, shortnames), attrs))
        h, s, v = _gradient((0, 0, 1), (0, 0, .3), level, max_depth)
        if isinstance(target, _ModuleType):
            h, s = .3, 1
        if highlight and highlight(target):
            h, s, v = .6, .6, .5 + v * .5
        text = ',fontcolor=white' if v < .5 else ''
        f.write('  %s[fillcolor="%g,%g,%g"%s];\n' % (_node_id(target), h, s, v, text))
        if hasattr(getattr(target, '__class__', None), '__del__'):
            f.write('  %s->%s_has_a_del[color=red,style=dotted,len=0.25,weight=10];\n'
                    % (_node_id(target), _node_id(target)))
            f.write('  %s_has_a_del[label="__del__",shape=doublecircle,height=0.25,color=red,fillcolor="0,.5,1",'
                    'fontsize=6];\n' % _node_id(target))
        if level >= max_depth or (cull is not None and cull(target)):
            continue
        neighbours = edges(target)
        ignore.add(id(neighbours))
        n = skipped = 0
        for source in neighbours:
            if isinstance(source, _FrameType) or id(source) in ignore:
                continue
            if filter and not filter(source):
                continue
            a, b = (source, target) if swap else (target, source)
            if n >= too_many:
                skipped += 1
                continue
            n += 1
            f.write('  %s -> %s%s;\n' % (_node_id(a), _node_id(b), _edge_label(a, b, shortnames)))
            if id(source) not in depth:
                depth[id(source)] = level + 1
                queue.append(source)
        del neighbours
        if skipped > 0:
            h, s, v = _gradient((0, 1, 1), (0, 1, .3), level + 1, max_depth)
            text = 'white' if swap else 'black'
            edge = 'too_many_%s -> %s' if swap else '%s -> too_many_%s'
            f.write('  ' + edge % (_node_id(target), _node_id(target)) + ';\n')
            f.write('  too_many_%s[label="%d more %s",shape=box,height=0.25,color=red,fillcolor="%g,%g,%g",'
                    'fontsize=6,fontcolor=%s];\n'
                    % (_node_id(target), skipped, 'backreferences' if swap else 'references', h, s, v, text))
            f.write('  too_many_%s[fontcolor=white];\n' % _node_id(target))
    f.write('}\n')
    return nodes


def _program_in_path(program):
    import os
    for folder in os.environ.get('PATH', os.defpath).split(os.pathsep):
        path = os.path.join(folder, program)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return True
    return False


def _present(dot_filename, filename):
    if filename == dot_filename:
        return
    import os
    if not filename and _program_in_path('xdot'):
        import subprocess
        print('Spawning graph viewer (xdot)')
        subprocess.Popen(['xdot', dot_filename], close_fds=True)
    elif _program_in_path('dot'):
        import subprocess
        if not filename:
            print('Graph viewer (xdot) not found, generating a png instead')
            filename = dot_filename[:-4] + '.png'
        ext = os.path.splitext(filename)[1]
        cmd = ['dot', '-T' + ext[1:], '-o' + filename, dot_filename]
        dot = subprocess.Popen(cmd, close_fds=False)
        dot.wait()
        if dot.returncode != 0:
            print('dot failed (exit code %d) while executing "%s"' % (dot.returncode, ' '.join(cmd)))
        else:
            print('Image generated as %s' % filename)
    elif not filename:
        print('Graph viewer (xdot) and image renderer (dot) not found, not doing anything else')
    else:
        print('Image renderer (dot) not found, not doing anything else')


def _node_id(obj):
    return ('o%d' % id(obj)).replace('-', '_')


def _label(obj, extra_info, refcounts, shortnames):
    label = [_typename_of(shortnames)(obj)]
    if refcounts:
        # Not counted: our own variables and the queue.
        label[0] += ' [%d]' % max(sys.getrefcount(obj) - 5, 0)
    label.append(_safe_repr(obj))
    if extra_info:
        label.append(str(extra_info(obj)))
    return _quote('\n'.join(label))


def _quote(s):
    s = s.replace('\\', '\\\\').replace('"', '\\"').replace('\n', '\\n').replace('\0', '\\\\0')
    return s


def _safe_repr(obj):
    try:
        return _short_repr(obj)
    except Exception:
        return '(unrepresentable)'


def _short_repr(obj):
    if isinstance(obj, _TYPE_KINDS):
        return str(obj.__name__)
    if isinstance(obj, _MethodType):
        return '%s (bound)' % obj.__func__.__name__
    if isinstance(obj, _FunctionType) and obj.__name__ == '<lambda>':
        code = obj.__code__
        return 'lambda: %s:%s' % (code.co_filename.rpartition('/')[2], code.co_firstlineno)
    if isinstance(obj, _FrameType):
        return '%s:%s' % (obj.f_code.co_filename, obj.f_lineno)
    if isinstance(obj, (tuple, list, dict, set, frozenset)):
        return '%d item%s' % (len(obj), '' if len(obj) == 1 else 's')
    return repr(obj)[:40]


def _gradient(start, end, level, max_depth):
    if max_depth == 0:
        return start
    part = level / max_depth
    return tuple(a + part * (b - a) for a, b in zip(start, end))


def _edge_label(source, target, shortnames=True):
    if isinstance(target, dict) and target is getattr(source, '__dict__', None):
        return ' [label="__dict__",weight=10]'
    if isinstance(source, _FrameType):
        return ' [label="%s",weight=10]' % ('f_globals' if target is source.f_globals else 'f_locals')
    if isinstance(source, _MethodType):
        return ' [label="%s",weight=10]' % ('__self__' if target is source.__self__ else '__func__')
    if isinstance(source, _FunctionType):
        for name in ('__defaults__', '__code__', '__closure__', '__globals__', '__kwdefaults__', '__annotations__',
                     '__name__', '__qualname__', '__module__', '__doc__'):
            if target is getattr(source, name, None):
                return ' [label="%s",weight=10]' % name
    if isinstance(source, dict):
        for k, v in source.items():
            if v is target:
                if isinstance(k, str) and k.isidentifier() and k.isascii():
                    return ' [label="%s",weight=2]' % _quote(k)
                text = _typename_of(shortnames)(k) + '\n' + _safe_repr(k)
                return ' [label="%s"]' % _quote(text)
        return ''
    # Values of an instance whose attributes live in the object itself.
    if not isinstance(source, type):
        for name in _attribute_names(source):
            try:
                value = object.__getattribute__(source, name)
            except Exception:
                continue
            if value is target:
                return ' [label="%s",weight=2]' % _quote(name)
    return ''


def _attribute_names(obj):
    names = []
    for kind in type(obj).__mro__:
        slots = kind.__dict__.get('__slots__', ())
        names.extend([slots] if isinstance(slots, str) else slots)
    # Reading __dict__ would move the attributes out of the object, so the names are asked for otherwise.
    try:
        names.extend(name for name in _instance_names(obj) if name not in names)
    except Exception:
        pass
    return names


def _instance_names(obj):
    if gc.get_referents(obj) and not any(type(r) is dict for r in gc.get_referents(obj)):
        own = set(dir(obj)) - set(dir(type(obj)))
        return sorted(own)
    return ()
