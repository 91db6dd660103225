"""What the compiler says of sources, in the interpreter under test: a file of "mode ascii(source)" lines; one line of outcome each.

Of a source that is refused: all of the SyntaxError.  Of one accepted: its tree with places, its symbols, and of each code object what
programs can see; lines are the sets, since ouro has other instructions.  tests/fuzz/differ.py --compile starts it."""
import ast
import sys
import symtable
import types
import warnings

FLAGS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x80 | 0x100 | 0x200


def codes(co, out):
    consts = [c for c in co.co_consts if isinstance(c, types.CodeType)]
    out.append((co.co_name, co.co_qualname, co.co_firstlineno, co.co_argcount, co.co_posonlyargcount, co.co_kwonlyargcount, co.co_varnames, co.co_cellvars,
                co.co_freevars, co.co_flags & FLAGS, sorted({x[2] for x in co.co_lines() if x[2] is not None} - {0})))
    for c in sorted(consts, key=lambda c: (c.co_firstlineno, c.co_qualname)):
        codes(c, out)
    return out


def symbols(t, out):
    out.append((t.get_type(), t.get_name(), t.get_lineno(), t.is_optimized(), t.is_nested(), t.has_children()))
    for s in sorted(t.get_symbols(), key=lambda s: s.get_name()):
        out.append((s.get_name(), s.is_referenced(), s.is_parameter(), s.is_global(), s.is_nonlocal(), s.is_declared_global(), s.is_local(), s.is_free(),
                    s.is_imported(), s.is_assigned(), s.is_namespace(), s.is_annotated()))
    for c in t.get_children():
        symbols(c, out)
    return out


def error(e):
    return "%s %s" % (type(e).__name__, ascii(e.args))


def outcome(mode, text):
    warned = []
    with warnings.catch_warnings(record=True) as got:
        warnings.simplefilter("always")
        try:
            code = compile(text, "<fuzz>", mode)
        except SyntaxError as e:
            return error(e)
        except (ValueError, RecursionError, MemoryError, OverflowError) as e:
            return type(e).__name__
        warned = [(w.category.__name__, str(w.message), w.lineno) for w in got]
    warnings.simplefilter("ignore")
    tree = ast.parse(text, mode=mode)
    parts = ["accepted", repr(warned), ast.dump(tree, include_attributes=True)]
    try:
        parts.append(ast.unparse(tree))
    except Exception as e:
        parts.append("unparse " + type(e).__name__)
    parts += ["code " + repr(c) for c in codes(code, [])]
    try:
        parts += ["symbol " + repr(s) for s in symbols(symtable.symtable(text, "<fuzz>", mode), [])]
    except SyntaxError as e:
        parts.append("symtable " + error(e))
    return "\n".join(parts)


def main():
    with open(sys.argv[1]) as f:
        for line in f:
            mode, text = line.split(" ", 1)
            sys.stdout.write(ascii(outcome(mode, eval(text))) + "\n")
            sys.stdout.flush()


main()
