"""The instructions of ouro's machine: names, numbers and kinds of operands.

Tables as the library's `opcode` has them, made from the machine's own list (lang/opcodes.def).  An instruction is
a 64-bit unit with operands A, B, C of 16 bits each, followed by units of its own (`_inline_cache_entries`).
"""

import _opcode
from _opcode import stack_effect

__all__ = ["cmp_op", "hasconst", "hasname", "hasjrel", "hasjabs", "haslocal", "hascompare", "hasfree", "opname",
           "opmap", "HAVE_ARGUMENT", "EXTENDED_ARG", "hasnargs", "stack_effect"]

cmp_op = ('<', '<=', '==', '!=', '>', '>=')

opname = ['<%r>' % (op,) for op in range(256)]
opmap = {}
_operands = [''] * 256
_inline_cache_entries = [0] * 256
_jump_in_cache = [False] * 256

for _op, (_name, _form, _ext, _jump) in enumerate(_opcode.table()):
    opname[_op] = _name
    opmap[_name] = _op
    _operands[_op] = _form
    _inline_cache_entries[_op] = _ext
    _jump_in_cache[_op] = _jump


def _with(letters):
    return [op for op in opmap.values() if any(c in letters for c in _operands[op])]


hasconst = _with('Kko')
hasname = _with('nN')
hasjrel = [op for op in opmap.values() if _jump_in_cache[op] or 'j' in _operands[op]]
hasjabs = []
haslocal = _with('drot')
hascompare = [opmap['COMPARE'], opmap['JCOMPARE']]
hasfree = [opmap[_name] for _name in ('MAKE_CELL', 'LOAD_DEREF', 'STORE_DEREF', 'DELETE_DEREF', 'LOAD_CLASSDEREF')]
hasnargs = [opmap[_name] for _name in ('CALL', 'CALL_KW')]
HAVE_ARGUMENT = 0
EXTENDED_ARG = 256  # there is none

del _op, _name, _form, _ext, _jump, _with
