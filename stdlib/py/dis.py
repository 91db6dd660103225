"""Disassembler of ouro's register code, with the interface of the library's `dis`.

Offsets are those of f_lasti and co_lines(): two for each 64-bit unit.  In the text x is a variable, %n a temporary,
a ! behind an operand says that the instruction empties it.
"""

import collections
import io
import sys
import types

from opcode import *
from opcode import __all__ as _opcodes_all
from opcode import _inline_cache_entries, _jump_in_cache, _operands

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode"] + _opcodes_all
del _opcodes_all

_have_code = (types.MethodType, types.FunctionType, types.CodeType, classmethod, staticmethod, type)

COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED",
    2: "NEWLOCALS",
    4: "VARARGS",
    8: "VARKEYWORDS",
    16: "NESTED",
    32: "GENERATOR",
    64: "NOFREE",
    128: "COROUTINE",
    256: "ITERABLE_COROUTINE",
    512: "ASYNC_GENERATOR",
}

# aux bits (lang/unit.h)
_B_TAKE, _C_TAKE, _B_CONST, _C_CONST, _INPLACE, _A_TAKE = 1, 2, 4, 8, 16, 32
_COMPARE = ('', '<', '==', '<=', '>', '!=', '>=', '')
_CONVERSION = ('', '!s', '!r', '!a')


# ---- where the code is ---------------------------------------------------------------------------------

def _get_code_object(x):
    """The code object of a function, method, generator, source text ..."""
    if hasattr(x, '__func__'):
        x = x.__func__
    for attr in ('__code__', 'gi_code', 'ag_code', 'cr_code'):
        if hasattr(x, attr):
            x = getattr(x, attr)
            break
    if isinstance(x, str):
        x = _try_compile(x, "<disassembly>")
    if hasattr(x, 'co_code'):
        return x
    raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)


def _try_compile(source, name):
    try:
        return compile(source, name, 'eval')
    except SyntaxError:
        return compile(source, name, 'exec')


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False):
    """Disassemble classes, methods, functions, and other compiled objects; without argument the last traceback."""
    if x is None:
        distb(file=file, show_caches=show_caches, adaptive=adaptive)
        return
    if hasattr(x, '__func__'):
        x = x.__func__
    for attr in ('__code__', 'gi_code', 'ag_code', 'cr_code'):
        if hasattr(x, attr):
            x = getattr(x, attr)
            break
    if hasattr(x, '__dict__') and not hasattr(x, 'co_code'):
        for name, member in sorted(x.__dict__.items()):
            if isinstance(member, _have_code):
                print("Disassembly of %s:" % name, file=file)
                try:
                    dis(member, file=file, depth=depth, show_caches=show_caches, adaptive=adaptive)
                except TypeError as msg:
                    print("Sorry:", msg, file=file)
                print(file=file)
    elif hasattr(x, 'co_code'):
        _disassemble_recursive(x, file, depth, show_caches)
    elif isinstance(x, (bytes, bytearray)):
        _print_instructions(_decode(bytes(x)), -1, file)
    elif isinstance(x, str):
        _disassemble_recursive(_try_compile(x, '<dis>'), file, depth, show_caches)
    else:
        raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)


def distb(tb=None, *, file=None, show_caches=False, adaptive=False):
    """Disassemble a traceback (default: the last one)."""
    if tb is None:
        try:
            tb = sys.last_traceback
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
        while tb.tb_next:
            tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file, show_caches=show_caches, adaptive=adaptive)


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False):
    """Disassemble a code object; the instruction at lasti is marked."""
    _print_instructions(get_instructions(co, show_caches=show_caches), lasti, file, bool(list(findlinestarts(co))))
    _print_exceptions(co, file)


disco = disassemble


def _disassemble_recursive(co, file, depth, show_caches):
    disassemble(co, file=file, show_caches=show_caches)
    if depth is not None and depth <= 0:
        return
    for const in co.co_consts:
        if hasattr(const, 'co_code'):
            print(file=file)
            print("Disassembly of %r:" % (const,), file=file)
            _disassemble_recursive(const, file, None if depth is None else depth - 1, show_caches)


# ---- instructions --------------------------------------------------------------------------------------

Positions = collections.namedtuple('Positions', 'lineno end_lineno col_offset end_col_offset', defaults=[None] * 4)

_Instruction = collections.namedtuple(
    "_Instruction", "opname opcode arg argval argrepr offset starts_line is_jump_target positions", defaults=[None])
_Instruction.opname.__doc__ = "Human readable name for operation"
_Instruction.opcode.__doc__ = "Numeric code for operation"
_Instruction.arg.__doc__ = "Operands A, B and C as one number, otherwise None"
_Instruction.argval.__doc__ = "Name, constant or jump target (if there is one), otherwise the same as arg"
_Instruction.argrepr.__doc__ = "Human readable description of the operands"
_Instruction.offset.__doc__ = "Start of the instruction, two for each unit"
_Instruction.starts_line.__doc__ = "Line started by this opcode (if any), otherwise None"
_Instruction.is_jump_target.__doc__ = "True if other code jumps to here, otherwise False"
_Instruction.positions.__doc__ = "dis.Positions object holding the span of source code covered by this instruction"


class Instruction(_Instruction):
    """Details of one instruction."""

    def _disassemble(self, lineno_width=3, mark_as_current=False, offset_width=4):
        fields = []
        if lineno_width:
            fields.append('%*d' % (lineno_width, self.starts_line) if self.starts_line is not None else ' ' * lineno_width)
        fields.append('-->' if mark_as_current else '   ')
        fields.append('>>' if self.is_jump_target else '  ')
        fields.append(repr(self.offset).rjust(offset_width))
        fields.append(self.opname.ljust(21))
        fields.append(self.argrepr)
        return ' '.join(fields).rstrip()


_NOTHING = object()


class _Names:
    """What the operands of one code object stand for."""

    def __init__(self, co=None):
        self.co = co
        if co is not None:
            cells = [n for n in co.co_cellvars if n not in co.co_varnames]
            self.variables = [*co.co_varnames, *cells, *co.co_freevars]

    def register(self, n):
        if self.co is None:
            return 'r%d' % n
        return self.variables[n] if n < len(self.variables) else '%%%d' % (n - len(self.variables))

    def const(self, n):
        return self.co.co_consts[n] if self.co is not None else n

    def const_repr(self, n):
        if self.co is None:
            return 'k%d' % n
        value = self.co.co_consts[n]
        return '<code %s>' % value.co_qualname if hasattr(value, 'co_code') else repr(value)

    def name(self, n):
        return self.co.co_names[n] if self.co is not None else 'n%d' % n


def _describe(names, op, word, cache, next_offset):
    """(argval, argrepr) of an instruction word; cache is the low half of the unit behind it."""
    form, aux = _operands[op], word >> 8 & 0xff
    fields = (word >> 16 & 0xffff, word >> 32 & 0xffff, word >> 48)
    wide = (word >> 32) - (1 << 32) if word >> 63 else word >> 32
    name = opname[op]
    flags = 0 if name == 'MAKE_FUNCTION' else aux
    consts, takes = (0, _B_CONST, _C_CONST), (_A_TAKE, _B_TAKE, _C_TAKE)
    argval, parts = _NOTHING, []
    if name in ('COMPARE', 'JCOMPARE'):
        parts.append(_COMPARE[aux >> 5])
        takes = (0, _B_TAKE, _C_TAKE)
    elif name == 'FORMAT':
        takes = (0, _B_TAKE, _C_TAKE)
        if aux >> 5:
            parts.append(_CONVERSION[aux >> 5 & 3])
        if not aux & _INPLACE:
            form = form[:2] + '-'
    elif name == 'MAKE_FUNCTION':
        parts += [word for bit, word in ((1, 'defaults'), (2, 'kwdefaults'), (4, 'annotations'), (8, 'closure')) if aux & bit]
    elif aux & _INPLACE:
        parts.append({'IS': 'not', 'CONTAINS': 'not', 'YIELD': 'from'}.get(name, '='))
    if name in ('YIELD', 'FOR_ITER') and not aux & _INPLACE:
        form = form[:2] + '-'
    for k, letter in enumerate(form):
        x = fields[k]
        if letter in 'NKj' and k:
            if letter == 'N':
                argval = names.name(wide)
                parts.append('.' + argval)
            elif letter == 'K':
                argval = names.const(wide)
                parts.append(names.const_repr(wide))
            break
        if letter == 'n':
            argval = names.name(x)
            parts.append('.' + argval)
        elif letter == 'k' or letter == 'o' and flags & consts[k]:
            argval = names.const(x)
            parts.append(names.const_repr(x))
        elif letter in 'drot':
            taken = letter in 'ro' and flags & takes[k]
            parts.append(names.register(x) + ('!' if taken else ''))
            if argval is _NOTHING and letter in 'ro':
                argval = names.register(x)
        elif letter == 'i':
            parts.append('#%d' % x)
    if 'j' in form or _jump_in_cache[op]:
        distance = wide if 'j' in form else cache - (1 << 32) if cache >> 31 else cache
        argval = next_offset + 2 * distance
        parts.append('to %d' % argval)
    if name == 'CALL_KW':
        parts.append('names ' + names.const_repr(cache))
    return argval, ', '.join(parts)


def _words(code):
    return [int.from_bytes(code[i:i + 8], 'little') for i in range(0, len(code), 8)]


def _decode(code, names=None, linestarts=None, line_offset=0, positions=None, show_caches=False):
    names = names or _Names()
    words = _words(code)
    labels = set(findlabels(code))
    at = 0
    while at < len(words):
        word = words[at]
        op = word & 0xff
        following = _inline_cache_entries[op]
        cache = words[at + 1] & 0xffffffff if following and at + 1 < len(words) else 0
        offset = 2 * at
        argval, argrepr = _describe(names, op, word, cache, offset + 2 * (1 + following))
        arg = word >> 16 if _operands[op].strip('-') else None
        line = linestarts.get(offset) if linestarts else None
        place = Positions(*positions[at]) if positions else Positions()
        yield Instruction(opname[op], op, arg, arg if argval is _NOTHING else argval, argrepr, offset,
                          None if line is None else line + line_offset, offset in labels, place)
        if show_caches:
            for i in range(1, 1 + following):
                yield Instruction('CACHE', 0, 0, None, '', offset + 2 * i, None, False, place)
        at += 1 + following


def get_instructions(x, *, first_line=None, show_caches=False, adaptive=False):
    """Iterator for the Instructions of a method, function, source string, or code object."""
    co = _get_code_object(x)
    return _decode(co.co_code, _Names(co), dict(findlinestarts(co)),
                   first_line - co.co_firstlineno if first_line is not None else 0, list(co.co_positions()), show_caches)


def findlabels(code):
    """Offsets that some jump leads to."""
    words = _words(code)
    labels = []
    at = 0
    while at < len(words):
        op = words[at] & 0xff
        following = _inline_cache_entries[op]
        distance = None
        if 'j' in _operands[op]:
            distance = words[at] >> 32
        elif _jump_in_cache[op]:
            distance = words[at + 1] & 0xffffffff
        at += 1 + following
        if distance is not None:
            target = 2 * (at + (distance - (1 << 32) if distance >> 31 else distance))
            if target not in labels:
                labels.append(target)
    return labels


def findlinestarts(code):
    """Pairs (offset, line) of the places where a line begins."""
    before = None
    for start, _, line in code.co_lines():
        if line is not None and line != before:
            before = line
            yield start, line


def _print_instructions(instructions, lasti, file, lines=False):
    instructions = list(instructions)
    width = max([3] + [len(str(i.starts_line)) for i in instructions if i.starts_line is not None]) if lines else 0
    offset_width = max([4] + [len(str(i.offset)) for i in instructions[-1:]])
    for i in instructions:
        if i.starts_line is not None and i.offset > 0 and lines:
            print(file=file)
        print(i._disassemble(width, i.offset == lasti, offset_width), file=file)


def _exceptions(co):
    """(start, end, target, height) of each protected range, as offsets and the number of a temporary."""
    table = iter(co.co_exceptiontable)

    def item(byte):
        value = byte & 63
        while byte & 64:
            byte = next(table)
            value = value << 6 | byte & 63
        return value

    for first in table:
        start = item(first)
        length, target, depth = (item(next(table)) for _ in range(3))
        yield 2 * start, 2 * (start + length), 2 * target, depth >> 1


def _print_exceptions(co, file):
    entries = list(_exceptions(co))
    if entries:
        print("ExceptionTable:", file=file)
    for start, end, target, height in entries:
        print("  %d to %d -> %d [%%%d]" % (start, end - 2, target, height), file=file)


# ---- facts about a code object -------------------------------------------------------------------------

def pretty_flags(flags):
    """Names of the bits of co_flags, joined by commas."""
    names = []
    for i in range(32):
        bit = 1 << i
        if flags & bit:
            names.append(COMPILER_FLAG_NAMES.get(bit, hex(bit)))
    return ", ".join(names) or hex(flags)


def _format_code_info(co):
    lines = ["%-18s %s" % row for row in (
        ("Name:", co.co_name), ("Filename:", co.co_filename), ("Argument count:", co.co_argcount),
        ("Positional-only arguments:", co.co_posonlyargcount), ("Kw-only arguments:", co.co_kwonlyargcount),
        ("Number of locals:", co.co_nlocals), ("Stack size:", co.co_stacksize), ("Flags:", pretty_flags(co.co_flags)))]
    if co.co_consts:
        lines.append("Constants:")
        lines += ["%4d: %r" % pair for pair in enumerate(co.co_consts)]
    for title, names in (("Names:", co.co_names), ("Variable names:", co.co_varnames), ("Free variables:", co.co_freevars),
                         ("Cell variables:", co.co_cellvars)):
        if names:
            lines.append(title)
            lines += ["%4d: %s" % pair for pair in enumerate(names)]
    return "\n".join(lines)


def code_info(x):
    """Formatted details of methods, functions, or code."""
    return _format_code_info(_get_code_object(x))


def show_code(co, *, file=None):
    """Print details of methods, functions, or code to *file*."""
    print(code_info(co), file=file)


def _find_imports(co):
    """(name, level, fromlist) of the import statements in co."""
    loads = {}
    for i in get_instructions(co):
        if i.opname == 'LOADK':
            loads[i.arg & 0xffff] = i.argval
        elif i.opname == 'IMPORT_NAME':
            base = i.arg >> 16 & 0xffff
            yield i.argval, loads.get(base, 0), loads.get(base + 1)


def _find_store_names(co):
    """Names of the variables that co binds by name."""
    seen = set()
    for i in get_instructions(co):
        if i.opname in ('STORE_NAME', 'STORE_GLOBAL') and i.argval not in seen:
            seen.add(i.argval)
            yield i.argval


class Bytecode:
    """The instructions of a function, method, string of code, or code object; iterating yields them."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False):
        self.codeobj = co = _get_code_object(x)
        self._line_offset = 0 if first_line is None else first_line - co.co_firstlineno
        self.first_line = co.co_firstlineno if first_line is None else first_line
        self._original_object = x
        self.current_offset = current_offset
        self.show_caches = show_caches
        self.adaptive = adaptive

    def __iter__(self):
        return get_instructions(self.codeobj, first_line=self.first_line, show_caches=self.show_caches)

    def __repr__(self):
        return "%s(%r)" % (self.__class__.__name__, self._original_object)

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """Construct a Bytecode from the given traceback."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti, show_caches=show_caches, adaptive=adaptive)

    def info(self):
        """Formatted information about the code object."""
        return _format_code_info(self.codeobj)

    def dis(self):
        """A formatted view of the instructions."""
        out = io.StringIO()
        offset = -1 if self.current_offset is None else self.current_offset
        _print_instructions(self, offset, out, True)
        _print_exceptions(self.codeobj, out)
        return out.getvalue()


def main():
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument('infile', type=argparse.FileType('rb'), nargs='?', default='-')
    args = parser.parse_args()
    with args.infile as infile:
        source = infile.read()
    dis(compile(source, args.infile.name, "exec"))


if __name__ == "__main__":
    main()
