# What of `dis` does not depend on the machine.
import dis
import io
import opcode


def f(a, *b, c=1):
    for i in b:
        if i < a:
            print(i)
    return lambda: a


code = f.__code__
for instruction in dis.get_instructions(f):
    assert isinstance(instruction, dis.Instruction)
    assert opcode.opname[instruction.opcode] == instruction.opname == dis.opname[instruction.opcode]
    assert instruction.offset % 2 == 0
everything = list(dis.Bytecode(f, show_caches=True))
assert len(everything) == len(list(code.co_positions()))
for instruction, place in zip(everything, code.co_positions(), strict=True):
    assert instruction.positions == place
print(sorted({i.argval for i in dis.get_instructions(f) if i.opname == "LOAD_GLOBAL"}))
print([line - code.co_firstlineno for _, line in dis.findlinestarts(code)])
targets = {i.offset for i in dis.get_instructions(f) if i.is_jump_target}
assert targets == set(dis.findlabels(code.co_code))
assert {i.argval for i in dis.get_instructions(f) if i.opcode in dis.hasjrel} == targets
print(dis.code_info(f).split("Stack size")[0].replace(code.co_filename, "FILE"))
print(dis.pretty_flags(0x23), dis.COMPILER_FLAG_NAMES[0x80])
out = io.StringIO()
dis.dis(f, file=out)
print("Disassembly of <code object <lambda>" in out.getvalue(), ">>" in out.getvalue())
dis.dis("x = 1", file=out)
dis.show_code("x = 1", file=io.StringIO())
print(repr(dis.Bytecode("1 + x")))
try:
    dis.dis(1)
except TypeError as e:
    print(e)
try:
    dis.distb()
except RuntimeError as e:
    print(e)
try:
    1 / 0
except ZeroDivisionError as e:
    b = dis.Bytecode.from_traceback(e.__traceback__)
    print("-->" in b.dis(), b.current_offset == e.__traceback__.tb_lasti)
module = compile("import a.b\nfrom ..c import d, e\nx = y = 1", "m", "exec")
print(list(dis._find_imports(module)), sorted(dis._find_store_names(module)))
print(opcode.cmp_op, len(opcode.opname))
