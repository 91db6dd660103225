#!/usr/bin/env python3
"""The prompt on a pseudo-terminal, behaviour by behaviour.

tests/repl/run.py [ouro] [name ...]   runs the tests (of these names); prints failures and "N passed, N failed".
"""
import difflib
import os
import re
import stat
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import reading  # noqa: E402
import sessions  # noqa: E402
import terminal  # noqa: E402
from screen import Session  # noqa: E402
from terminal import CTRL_, DELETE, DOWN, END, HOME, LEFT, RIGHT, UP, Repl, a_file, paste  # noqa: E402, F401

ROOT = os.path.dirname(os.path.dirname(HERE))


# ---- tests ----

def test_expression():
    with Repl() as r:
        r.run('1 + 1')
        r.shows('>>> 1 + 1', '2', '>>>')


def test_compound_statement():
    with Repl() as r:
        r.type('for i in 1, 2:\r')
        r.block('i')
        r.shows('>>> for i in 1, 2:', '...     i', '...', '1', '2', '>>>')


def test_same_transcript_as_cpython():
    """The lines of a session, sent one by one, look as at CPython's prompt."""
    session = ['import sys', 'a = []', 'sys.getrefcount(a)', 'b = a', 'sys.getrefcount(a)', 'def f(x):', '    return x / 0', '',
               'f(1)', 'class A:', '    def __del__(self): print("gone")', '', 'x = A()', 'del x', 'x', '"a" "b"', '[1,', '2]',
               'a = 1000', 'b = 1000', 'a is b', 'a = 1000; b = 1000; a is b', 'def f(:', 'import weakref', 'y = A()',
               'w = weakref.ref(y, print)', 'y = None', 'w() is None', 'None', '_', '"""two', 'lines"""', 'with open("/nosuch") as f:',
               '    pass', '', 'raise KeyError("k")', 'lambda: 0 if 1', '1 if']
    texts = []
    for command in ([terminal.OURO, '-q'], ['python3', '-q']):
        with tempfile.TemporaryDirectory() as home:
            s = Session(command, env={'HOME': home, 'NO_COLOR': '1'})
            try:
                s.prompt()
                for line in session:
                    s.send(line + '\r')
                    s.settle()
                s.prompt()
                texts.append(re.sub('0x[0-9a-f]+', '0x', s.screen.text()))
            finally:
                s.close()
    assert texts[0] == texts[1], f'ouro:\n{texts[0]}\nCPython:\n{texts[1]}'


def test_each_line_is_a_unit():
    with Repl() as r:
        r.run('a = 1000')
        r.run('b = 1000')
        r.run('a is b')
        r.shows('>>> a is b', 'False')
        r.run('a = 1000; b = 1000; a is b')
        r.shows('a is b', 'True')


def test_multi_line_editing():
    """A finished line of the block is changed before the block runs."""
    with Repl() as r:
        r.type('def f():\rreturn 1\r')
        r.send(UP + END + '0')
        r.run(DOWN)
        r.run('f()')
        r.shows('10', '>>>')


def test_history_of_blocks():
    with Repl() as r:
        r.block('def g():\rreturn 7')
        r.run('g()')
        r.send(UP + UP)
        r.wait('>>> g()\n7\n>>> def g():\n...     return 7')
        r.run('')


def test_history_survives():
    with a_file('history') as file:
        with Repl(env={'PYTHONHISTFILE': file}) as r:
            r.run('first = 1')
            r.send(CTRL_('D'))
            assert r.end() == 0
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        with Repl(env={'PYTHONHISTFILE': file}) as r:
            r.send(UP)
            r.wait('>>> first = 1')


def test_history_of_two_prompts_is_merged():
    with a_file('history') as file:
        with Repl(env={'PYTHONHISTFILE': file}) as a, Repl(env={'PYTHONHISTFILE': file}) as b:
            a.run('one = 1')
            b.run('two = 2')
            a.run('three = 3')
        with open(file) as f:
            assert f.read().split('\n')[:3] == ['one = 1', 'two = 2', 'three = 3']


def test_history_is_capped():
    with a_file('history', ''.join(f'x = {i}\n' for i in range(9000))) as file:
        with Repl(env={'PYTHONHISTFILE': file}) as r:
            r.send(UP)
            r.wait('x = 8999')
        with open(file) as f:
            assert len(f.readlines()) <= 5000


def test_prefix_search():
    with Repl() as r:
        r.run('alpha = 1')
        r.run('beta = 2')
        r.run('alpine = 3')
        r.send('al')
        r.send(UP)
        r.wait('>>> alpine = 3\n>>> alpine = 3')
        r.send(UP)
        r.wait('>>> alpine = 3\n>>> alpha = 1')


def test_reverse_search():
    with Repl() as r:
        r.run('needle = 41')
        r.run('other = 2')
        r.send(CTRL_('R'))
        r.wait("(reverse-i-search)`':")
        r.type('eedl')
        r.wait("(reverse-i-search)`eedl': needle = 41")
        r.run('')
        r.shows('>>> needle = 41\n>>>')


def test_ctrl_c_cancels_the_search():
    with Repl() as r:
        r.run('needle = 41')
        r.send('keep' + CTRL_('R') + 'nee')
        r.wait('reverse-i-search')
        r.send(CTRL_('C'))
        r.wait('>>> keep')
        r.lacks('KeyboardInterrupt')


def test_emacs_keys():
    with Repl() as r:
        r.send('world' + CTRL_('A') + '"hello ' + CTRL_('E') + '"')
        r.run(CTRL_('B') * 6 + CTRL_('K') + CTRL_('Y'))
        r.shows("'hello world'")
        r.run('abc def' + CTRL_('W') + '1' + CTRL_('A') + CTRL_('D') * 3 + CTRL_('F'))
        r.shows('>>>  1')


def test_word_keys_and_transpose():
    with Repl() as r:
        r.run('12 + 3' + '\x1bb' * 2 + '\x1bd' + '21' + CTRL_('E') + CTRL_('H') + '4')
        r.shows('>>> 21 + 4', '25')
        r.run('ba' + CTRL_('T') + ' = 5')
        r.shows('>>> ab = 5')


def test_undo():
    with Repl() as r:
        r.send('12 + 1' + CTRL_('U'))
        r.settle()
        r.send('\x1f')
        r.wait('>>> 12 + 1')
        r.run('')
        r.shows('13')


def test_bracketed_paste():
    with Repl() as r:
        r.send(paste('def f():\n    a = 1\n\n    return a\nprint(f())\nprint(f() + 1)\n'))
        r.settle()
        r.lacks('\n1\n')
        r.run('')
        r.shows('1', '2', '>>>')


def test_paste_of_2000_lines():
    with Repl() as r:
        text = ''.join(f'x{i} = [\n    {i},\n]\n' for i in range(700))
        os.set_blocking(r.fd, True)
        r.send_all(paste(text))
        r.send('\r')
        r.run('x0 + x699')
        r.wait('[0, 699]\n>>>')
        r.send(CTRL_('D'))
        assert r.end() == 0
        assert r.cpu < 1, f'{r.cpu:.2f} s'


def test_prompts_in_pasted_text_are_stripped():
    with Repl() as r:
        r.send(paste('>>> x = 20\n>>> for i in range(2):\n...     print(x + i)\n...\n20\n21\n'))
        r.run('')
        r.shows('20', '21', '>>>')
        r.lacks('Error')


def test_auto_indent():
    with Repl() as r:
        r.type('if 1:\r')
        r.settle()
        assert r.screen.col == 8
        r.type('if 2:\r')
        r.block('"deep"')
        r.shows('... ' + '        "deep"', '...', "'deep'")


def test_auto_indent_leaves_after_return():
    with Repl() as r:
        r.type('def f(x):\rif x:\rreturn 1\r')
        r.block('return 2')
        r.run('f(0), f(1)')
        r.shows('(2, 1)')


def test_code_sent_by_an_editor_is_not_spoiled():
    with Repl() as r:
        r.send('def f():\n    if 1:\n        return 5\n    return 6\n\nf()\n')
        r.wait('\n5\n')
        r.shows('>>> def f():', '...     if 1:', '...         return 5', '...     return 6', '...', '>>> f()', '5')


def test_slow_editor_is_not_spoiled():
    """Its indentation takes the place of the editor's own."""
    with Repl() as r:
        r.block('if 1:\r    x = 3\r    x')
        r.shows('...     x = 3', '...     x', '...', '3')


def test_complete_name():
    with Repl() as r:
        r.run('some_long_name = 31')
        r.send('some_l\t')
        r.wait('>>> some_long_name = 31\n>>> some_long_name')
        r.run('')
        r.shows('31')


def test_complete_attribute():
    with Repl() as r:
        r.run('class A: pass\r')
        r.run('a = A(); a.first_thing = 6; a.second = 7')
        r.run('a.fi\t')
        r.shows('>>> a.first_thing', '6')


def test_complete_runs_no_code():
    with Repl() as r:
        r.send(paste('class P:\n    @property\n    def prop(self):\n        print("property ran")\n        return self\n'
                     '    def __getattr__(self, name):\n        print("getattr ran")\n'))
        r.run('')
        r.run('p = P()')
        r.send('p.prop.\t\t')
        r.settle()
        r.lacks('property ran\n')
        r.send(CTRL_('U') + 'p.nothing.\t\t')
        r.settle()
        assert r.screen.text().count('ran') == 2


def test_complete_dictionary_key():
    with Repl() as r:
        r.run("d = {'kilogram': 3}")
        r.send("d['ki\t\r")
        r.prompt()
        r.shows(">>> d['kilogram']", '3')


def test_complete_keyword_argument():
    with Repl() as r:
        r.block('def f(alpha, *, omega): return omega')
        r.run('f(1, om\t8)')
        r.shows('>>> f(1, omega=8)', '8')


def test_complete_module():
    with Repl() as r:
        r.run('import itert\t')
        r.run('itertools.__name__')
        r.shows("'itertools'")


def test_menu_of_completions():
    with Repl() as r:
        r.run('value_one = 1; value_two = 2')
        r.send('val\t\t')
        r.wait('value_one  value_two')
        r.send(CTRL_('C'))
        r.settle()
        r.lacks('value_one  value_two')
        r.shows('>>> value_')
        r.lacks('KeyboardInterrupt')


def test_wide_and_combining_characters():
    with Repl() as r:
        r.send('x = "漢字" + "e\u0301"')
        r.wait('漢字')
        r.run(LEFT * 2 + 'Z' + END + '; len(x)')
        r.shows('5')
        r.run('x')
        r.shows("'漢字Ze\u0301'")


def test_wide_character_at_the_edge():
    with Repl(columns=20) as r:
        r.run('"' + '漢' * 12 + '"')
        r.shows('>>> "' + '漢' * 7, '漢' * 5 + '"')


def test_resize():
    with Repl(columns=60) as r:
        r.send('x = "' + 'a' * 40 + '"')
        r.wait('a' * 40)
        r.resize(30)
        r.settle()
        r.send('; len(x)\r')
        r.wait('\n40\n')


def test_colours():
    with Repl(env={'NO_COLOR': ''}) as r:
        assert b'\x1b[1;35m>>> ' in r.raw
        r.run('1/0')
        assert b'\x1b[1;31mZeroDivisionError' in r.raw


def test_no_color():
    with Repl() as r:
        r.run('1/0')
        assert not re.search(rb'\x1b\[[0-9;]*m', r.raw)


def test_force_color():
    with Repl(env={'NO_COLOR': '1', 'FORCE_COLOR': '1'}) as r:
        assert b'\x1b[1;35m' in r.raw


def test_dumb_terminal():
    with Repl(env={'TERM': 'dumb'}) as r:
        r.run('1 + 1')
        assert b'\x1b' not in r.raw
        r.shows('2')


def test_underscore():
    with Repl() as r:
        r.run('6 * 7')
        r.run('_ + 1')
        r.shows('43')


def test_bare_exit():
    for word in ('exit', 'quit', 'exit()', 'raise SystemExit'):
        with Repl() as r:
            r.send(word + '\r')
            assert r.end() == 0


def test_exit_status():
    with Repl() as r:
        r.send('exit(5)\r')
        assert r.end() == 5


def test_bare_exit_can_be_a_variable():
    with Repl() as r:
        r.run('exit = 3')
        r.run('exit')
        r.shows('>>> exit', '3')


def test_help():
    with Repl(env={'PAGER': 'cat'}) as r:
        r.block('def f():\r"says something"')
        r.run('help(f)')
        r.shows('f()', '    says something')


def test_did_you_mean():
    with Repl() as r:
        r.run('counter = 1')
        r.run('conter')
        r.shows("NameError: name 'conter' is not defined. Did you mean: 'counter'?")


def test_inspect_after_script():
    with a_file('s.py', 'value = 12\nraise SystemExit(3)\n') as script:
        with Repl('-i', script) as r:
            r.shows('SystemExit: 3')
            r.run('value')
            r.shows('12')


def a_startup_file(text, shown, name, value):
    with a_file('s.py', text) as script, Repl(env={'PYTHONSTARTUP': script}) as r:
        r.shows(shown)
        r.run(name)
        r.shows(f'>>> {name}', value)


def test_startup_file():
    a_startup_file('print("started"); from_startup = 4\n', 'started', 'from_startup', '4')


def test_ctrl_c_cancels_the_line():
    with Repl() as r:
        r.send('1 + ')
        r.settle()
        r.send(CTRL_('C'))
        r.wait('KeyboardInterrupt\n>>>')
        r.run('2')
        r.shows('2')


def test_ctrl_c_cancels_a_block():
    with Repl() as r:
        r.type('def f():\r')
        r.send(CTRL_('C'))
        r.wait('KeyboardInterrupt\n>>>')


def test_ctrl_c_stops_running_code():
    with Repl() as r:
        r.run('said = []')
        r.send('while True: x = said or said.append(print("go" "ing"))\r\r')
        r.wait('\ngoing')
        r.send(CTRL_('C'))
        r.prompt()
        r.shows('KeyboardInterrupt', '>>>')


def test_ctrl_d_on_a_line_deletes():
    with Repl() as r:
        r.run('12' + HOME + CTRL_('D'))
        r.shows('>>> 2', '2')


def test_ctrl_d_on_an_empty_line_leaves():
    with Repl() as r:
        r.send(CTRL_('D'))
        assert r.end() == 0


def test_ctrl_l():
    with Repl() as r:
        r.run('1 + 1')
        r.send('abc' + CTRL_('L'))
        r.settle()
        assert r.screen.text() == '>>> abc', r.screen.text()


def test_prompt_settings():
    with Repl() as r:
        r.run('import sys')
        r.send('sys.ps1 = "in: "\r')
        r.wait('in:')
        r.send('if 1: 5\r\r')
        r.wait('in: if 1: 5')


def test_input_function():
    with Repl() as r:
        r.send('x = input("name? ")\r')
        r.wait('\nname?')
        r.run('Ann')
        r.run('x')
        r.shows("'Ann'")


def test_prompt_is_ready_soon():
    with Repl() as r:
        r.send(CTRL_('D'))
        assert r.end() == 0
        assert r.cpu < 0.1, r.cpu


def test_memory_refs():
    with Repl() as r:
        r.run('class Node: pass\r')
        r.run('n = Node(); box = [n]; d = {"key": n}; m = Node(); m.link = n')
        r.run(':refs n')
        r.shows(': 4 references')
        r.shows('  variable n of module __main__')
        r.shows('  item [0] of a list of 1')
        r.shows("  value of key 'key' of a dict of 1")
        r.shows('  attribute .link of <__main__.Node')


def test_memory_refs_names_underscore_and_traceback():
    with Repl() as r:
        r.run('x = [1]')
        r.run('x')
        r.run(':refs x')
        r.shows("the prompt's last result, _")
        r.run(':forget')
        r.run(':refs x')
        r.shows('[1]: 1 reference\n')
        r.run('def f(y): raise ValueError(0)\r')
        r.run('f(x)')
        r.run(':refs x')
        r.shows('local variable y of f()')


def test_memory_size():
    with Repl() as r:
        r.run('big = [bytes(1000), bytes(2000)]')
        r.run(':size big')
        assert re.search(r'\d+ bytes; with everything it holds 3\d\d\d bytes in 3 objects', r.screen.text())


def test_memory_top_and_gc():
    with Repl() as r:
        r.run(':top')
        r.shows('type\n')
        r.run(':gc')
        r.shows('collections of 2:')


def test_memory_diff_and_help():
    with Repl() as r:
        r.run(':help')
        r.shows(':refs x')
        r.run(':diff')
        r.shows('nothing new')


def test_memory_refs_of_a_closure():
    with Repl(columns=120) as r:
        r.block('def make(x):\rdef inner(): return x\rreturn inner')
        r.run('big = [0]; handlers = [make(big)]')
        r.run(':refs big')
        r.shows('[0]: 2 references')
        r.shows('  variable x in the closure of function make.<locals>.inner (handlers[0])')


def test_memory_refs_of_a_cache_and_defaults():
    with Repl(columns=120) as r:
        r.run('import functools; load = functools.lru_cache(lambda k: [k])')
        r.run('v = load(5)')
        r.block('def f(a, q=v): pass')
        r.run('s = [{"k": v}]; S = type("S", (), {"__slots__": ("held",)}); o = S(); o.held = v; S.shared = v')
        r.run(':refs v')
        r.shows('functools.lru_cache')
        r.shows('  default of parameter q of function f')
        r.shows("  value of key 'k' of a dict of 1 (s[0])")
        r.shows('  attribute .held of <__main__.S object at ')
        r.shows('  attribute .shared of class S')


def test_memory_refs_of_a_cycle():
    with Repl(columns=120) as r:
        r.run('class Node: pass\r')
        r.run('a = Node(); b = Node(); a.peer = b; b.peer = a; n = a; del a, b')
        r.run(':refs n')
        r.shows(': 2 references', )
        r.shows('  attribute .peer of <__main__.Node object at ')
        r.run('del n')
        r.run('import gc; gc.collect()')
        r.run(':gc')
        assert re.search(r'last collection: of 2, \d+\.\d s ago, freed 2 objects', r.screen.text()), r.screen.text()


def test_memory_diff_names_what_the_last_statement_made():
    with Repl() as r:
        r.run('x = 1')
        r.run('lists = [[] for i in range(100)]')
        r.run(':diff')
        assert re.search(r' 101  list\n', r.screen.text()), r.screen.text()


def test_memory_size_of_a_function_counts_its_closure():
    with Repl() as r:
        r.run('f = (lambda b: lambda: b)(bytes(5000))')
        r.run(':size f')
        assert re.search(r'with everything it holds 5\d\d\d bytes', r.screen.text()), r.screen.text()


def test_memory_refs_name_the_way():
    with Repl(columns=120) as r:
        r.run('import collections, sys; x = [7]; d = {"a": [0, {"b": x}]}; q = collections.deque([1, x]); t = (x,); e = {1: {2: t}}')
        r.run(':refs x')
        r.shows("  value of key 'b' of a dict of 1 (d['a'][1])")
        r.shows('  item [0] of a tuple of 1 (t)')
        r.shows('  inside deque([1, [7]]) (q)')
        r.block('def g(v):\ryield 1')
        r.run('it = [g(x)]; next(it[0])')
        r.run(':refs x')
        r.shows('  local variable v of generator g (it[0])')


def test_memory_refs_of_a_cycle_through_a_list():
    with Repl(columns=120) as r:
        r.run('class N: pass\r')
        r.run('n = N(); n.children = [n]')
        r.run(':refs n')
        r.shows('  item [0] of a list of 1 (n.children: a cycle)')
        r.run('import atexit; y = [8]; _ = atexit.register(len, y)')
        r.run(':refs y')
        r.shows('  item [0] of a tuple of 1 ((inside module atexit)[')


def test_unknown_command():
    with Repl() as r:
        r.run(':nothing x')
        r.shows('no command :nothing; :help lists them')


def test_kill_ring_and_case():
    with Repl() as r:
        r.run('"one two"' + CTRL_('W') + CTRL_('U') + CTRL_('Y'))
        r.shows("'one two'")
        r.run('true' + '\x1bb' + '\x1bc')
        r.shows('>>> True\nTrue')


def test_else_goes_to_its_place():
    with Repl() as r:
        r.block('for i in range(2):\rif i:\r"one"\relse:\r"none"')
        r.shows('...     else:', '...         "none"', '...', "'none'", "'one'")


def test_line_by_line_editor_is_not_spoiled():
    with Repl() as r:
        for line in ['try:', '    1 / 0', 'except ZeroDivisionError:', '    "caught"', 'finally:', '    "end"', '']:
            r.send(line + '\r')
            r.settle()
        r.prompt()
        r.shows('... finally:', '...     "end"', '...', "'caught'", "'end'")


def test_ctrl_z_suspends():
    with tempfile.TemporaryDirectory() as home:
        s = Session(['sh', '-im'], env={'HOME': home, 'NO_COLOR': '1', 'PS1': '$ ', 'ENV': ''})
        try:
            s.wait('$')
            s.send(f'{terminal.OURO} -q\r')
            s.wait('>>>')
            s.send('6 * ')
            s.wait('>>> 6 *')
            s.send(CTRL_('Z'))
            s.wait('topped')
            s.send('fg\r')
            s.settle()
            s.send('7\r')
            s.wait('\n42\n')
        finally:
            s.close()


def test_ctrl_c_stops_native_operations():
    computing = ['sum(range(10**12))', 'list(iter(int, 1))', '10**10**8', 'max(iter(int, 1))', '[1.5 in range(10**12)]',
                 '__import__("re").match("(a+)+$", "a" * 40 + "b")', '"".join(map(str, iter(int, 1)))', 'sorted(iter(int, 1))']
    waiting = ['__import__("time").sleep(50)', 'input()', '__import__("sys").stdin.read()', '__import__("select").select([], [], [])']
    for code in computing + waiting:
        with Repl() as r:
            r.send(f'print("go" "ing"); {code}\r')
            r.wait('going')
            if code in waiting:
                r.settle()  # a signal just before the system call would not end it, in CPython neither
            r.send(CTRL_('C'))
            r.wait('KeyboardInterrupt\n>>>')


def test_ctrl_c_in_a_nested_loop_names_its_line():
    with Repl() as r:
        r.run('said = []')
        r.block('def f():\rwhile True: said or said.append(print("go" "ing"))')
        r.send('f()\r')
        r.wait('\ngoing')
        r.send(CTRL_('C'))
        r.prompt()
        r.shows('  File "<stdin>", line 2, in f\nKeyboardInterrupt')


def test_error_needs_no_more_lines():
    with Repl() as r:
        r.run('f(a b')
        r.shows('Perhaps you forgot a comma?')
        r.run('if 1:\r')
        r.shows("IndentationError: expected an indented block after 'if' statement on line 1")


def test_pager_of_help():
    with a_file('pager', '#!/bin/sh\necho PAGER BEGIN; cat; echo PAGER END\n') as pager:
        os.chmod(pager, 0o755)
        with Repl(env={'PAGER': pager, 'MANPAGER': ''}) as r:
            r.block('def f():\r"says something"')
            r.send('help(f)\r')
            r.wait('PAGER END')
            r.shows('PAGER BEGIN')


def test_startup_file_error_does_not_end_it():
    a_startup_file('before = 1\n1/0\n', 'ZeroDivisionError: division by zero', 'before', '1')


def test_two_prompts_at_once_lose_nothing():
    with a_file('history') as file:
        with Repl(env={'PYTHONHISTFILE': file}) as a, Repl(env={'PYTHONHISTFILE': file}) as b:
            for i in range(15):
                a.send(f'a{i} = 1\r')
                b.send(f'b{i} = 1\r')
            for r in a, b:
                r.send('"all" + "run"\r')
                r.wait("'allrun'\n>>>")
        with open(file) as f:
            lines = f.read().split()
        assert [x for x in lines if x[0] == 'a'] == [f'a{i}' for i in range(15)], lines
        assert [x for x in lines if x[0] == 'b'] == [f'b{i}' for i in range(15)], lines


def test_wide_characters_at_every_column():
    for n in range(1, 12):
        with Repl(columns=16) as r:
            text = 'x' * n + '漢字e\u0301' * 3
            r.run(f'"{text}"' + LEFT * 4 + CTRL_('E'))
            assert text in r.screen.text().replace('\n', '').replace(' ', ''), (n, r.screen.text())


def test_help_without_the_library_says_how_to_get_it():
    with Repl(env={'OUROPATH': '/nonexistent'}) as r:
        r.run('help(len)')
        text = r.screen.text().replace('\n', '')
        assert "No module named 'pydoc'; it belongs to the Python 3.11 standard library" in text, text
        assert 'libpython3.11-stdlib' in text, text
        r.run('import weakref, gc, tracemalloc, objgraph; 1')
        r.shows('objgraph; 1\n1')


def test_not_a_terminal():
    text = '1 + 1\nif 1:\n  2\n\n1/0\nx = (\n3)\nx\nexit()\n'
    a = subprocess.run([terminal.OURO, '-q', '-i'], input=text, capture_output=True, text=True, timeout=120)
    b = subprocess.run(['python3', '-q', '-i'], input=text, capture_output=True, text=True, timeout=120)
    assert (a.stdout, a.stderr, a.returncode) == (b.stdout, b.stderr, b.returncode), (a, b)
    assert '\x1b' not in a.stdout + a.stderr


def session_test(name):
    def test():
        want = sessions.read(name, 'out')
        got = sessions.transcript([terminal.OURO, '-q'], sessions.read(name, 'in').split('\n'))
        assert want == got, '\n' + '\n'.join(difflib.unified_diff(want.split('\n'), got.split('\n'), 'CPython', 'ouro', lineterm=''))
    return test


for session_name in sessions.names():
    globals()['test_session_' + session_name] = session_test(session_name)


def main():
    arguments = sys.argv[1:]
    if arguments and not arguments[0].startswith('test_'):
        terminal.OURO = os.path.abspath(arguments.pop(0))
    passed = failed = 0
    for name, fn in [*globals().items(), *vars(reading).items()]:
        if not name.startswith('test_') or (arguments and name not in arguments):
            continue
        try:
            fn()
            passed += 1
        except Exception as e:
            failed += 1
            print(f'FAILED {name}: {type(e).__name__}: {e}')
            if not isinstance(e, AssertionError):
                traceback.print_exc(file=sys.stdout)
    print(f'{passed} passed, {failed} failed')
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
