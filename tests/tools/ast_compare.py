#!/usr/bin/env python3
"""Compare build/ouro-ast with CPython: trees of files, trees and errors of snippets.

    ast_compare.py FILE_OR_FOLDER ...        trees of files (errors where CPython refuses them)
    ast_compare.py -s [-e] [-1] [-i] [-t] LIST.py ...
                                             snippets: each LIST.py binds SNIPPETS to a list of str;
                                             -e eval, -1 single, -i as codeop does, -t type comments
"""
import ast
import io
import os
import subprocess
import sys
import warnings

warnings.simplefilter('ignore')
TOOL = os.environ.get('OURO_AST', 'build/ouro-ast')


class Tool:
    def __init__(self, *flags):
        self.p = subprocess.Popen([TOOL, '-b', *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, source):
        self.p.stdin.write(b'%d\n' % len(source) + source)
        self.p.stdin.flush()
        line = self.p.stdout.readline()
        if not line:
            raise SystemExit('ouro-ast died')
        return self.p.stdout.read(int(line)).decode('utf-8', 'surrogatepass')


MODES = {'-e': 'eval', '-1': 'single'}
FLAGS = {'-i': 0x4000 | 0x200, '-t': ast.PyCF_TYPE_COMMENTS}


def oracle(source, mode, flags=0):
    """What CPython says, in ouro-ast's words."""
    try:
        tree = compile(source, '<s>', mode, ast.PyCF_ONLY_AST | flags)
    except SyntaxError as e:
        msg, args = e.args[0], e.args[1] if len(e.args) > 1 else ('', -1, 0, None, -1, 0)
        place = [args[1], args[2]] + list(args[4:6] if len(args) > 4 else [0, -1])
        if args[1] == 0:
            place = [0, 0, 0, 0]
        return '!%s\t%s\t%s' % (type(e).__name__, msg, '\t'.join(map(str, place)))
    except (ValueError, MemoryError, RecursionError) as e:
        return '!%s\t%s' % (type(e).__name__, e)
    return ast.dump(tree, include_attributes=True)


def first_difference(a, b):
    i = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return '  ours   ...%s\n  theirs ...%s' % (a[max(0, i - 160):i + 80], b[max(0, i - 160):i + 80])


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                if name.endswith('.py'):
                    yield os.path.join(folder, name)


def compare_files(paths):
    tool, n, bad = Tool(), 0, 0
    sys.setrecursionlimit(20000)
    for path in files(paths):
        with open(path, 'rb') as f:
            source = f.read()
        n += 1
        ours, theirs = tool.ask(source), oracle(source, 'exec')
        if theirs.startswith('!') and ours.startswith('!') and ours.startswith(theirs):
            continue
        if ours != theirs:
            bad += 1
            print(path)
            print(first_difference(ours, theirs))
    print(f'{n} files, {bad} differ')
    return bad


def compare_snippets(lists, options):
    mode = next((MODES[o] for o in options if o in MODES), 'exec')
    flags = sum(FLAGS.get(o, 0) for o in options)
    tool, n, bad = Tool('-u', *(o if o != '-1' else '-s' for o in options)), 0, 0
    for path in lists:
        names = {}
        with open(path) as f:
            exec(compile(f.read(), path, 'exec'), names)
        for s in names['SNIPPETS']:
            n += 1
            ours, theirs = tool.ask(s.encode('utf-8', 'surrogatepass')), oracle(s, mode, flags)
            ours = ours.removesuffix('\tincomplete')
            if ours == theirs or (theirs.count('\t') == 1 and ours.startswith(theirs)):
                continue
            bad += 1
            print(repr(s))
            if ours.startswith('!') or theirs.startswith('!'):
                print('  ours  ', ours[:160].replace('\t', ' | '))
                print('  theirs', theirs[:160].replace('\t', ' | '))
            else:
                print(first_difference(ours, theirs))
    print(f'{n} snippets, {bad} differ')
    return bad


def main(args):
    if args[:1] != ['-s']:
        return compare_files(args)
    options = [a for a in args[1:] if a.startswith('-')]
    return compare_snippets([a for a in args[1:] if not a.startswith('-')], options)


if __name__ == '__main__':
    sys.exit(bool(main(sys.argv[1:])))
