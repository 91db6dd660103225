"""input() at a terminal, module readline, and what is built upon them: cmd, pdb, rlcompleter, startup files."""
import os
import tempfile

from terminal import CTRL_, DOWN, END, LEFT, UP, Repl, Script, a_file  # noqa: F401

COMPLETER = r'''
import readline
def complete(text, state):
    words = [w for w in ("apple", "apricot", "banana") if w.startswith(text)]
    return words[state] if state < len(words) else None
readline.parse_and_bind("tab: complete")
readline.set_completer(complete)
'''


def test_input_edits_once_readline_is_imported():
    with Script('import readline\nprint(repr(input("name> ")))\nprint(repr(input("again> ")))\n') as s:
        s.wait('name>')
        s.send('bc' + CTRL_('A') + 'a' + END + 'd\r')
        s.wait("'abcd'\nagain>")
        s.send(UP + LEFT + 'X\r')
        s.wait("'abcXd'")
        assert s.end() == 0


def test_input_without_readline_is_the_terminals():
    with Script('print(repr(input("name> ")))\n') as s:
        s.wait('name>')
        s.send('abc\x7fd\r')
        s.wait("'abd'")
        assert b'\x1b' not in s.raw


def test_input_leaves_later_lines_to_others():
    """What was typed ahead is there for sys.stdin and for a child."""
    with Script('import readline, sys, subprocess\nprint([input("> ")])\nprint([sys.stdin.buffer.raw.read(4)])\n'
                'subprocess.run(["head", "-n1"])\n') as s:
        s.wait('>')
        s.send('one\ntwo\nthree\n')
        s.wait("['one']\n")
        s.wait("[b'two\\n']\n")
        s.wait('\nthree')


def test_input_ctrl_c_and_ctrl_d():
    with Script('import readline\nfor i in range(3):\n    try:\n        print([input("> ")])\n'
                '    except (KeyboardInterrupt, EOFError) as e:\n        print("", type(e).__name__, e.args)\n') as s:
        s.wait('>')
        s.send('abc' + CTRL_('C'))
        s.wait('KeyboardInterrupt ()\n>')
        s.send(CTRL_('D'))
        s.wait('EOFError ()\n>')
        s.send('fine\r')
        s.wait("['fine']")


def test_input_runs_signal_handlers():
    with Script('import readline, signal\nsignal.signal(signal.SIGINT, lambda *a: print("\\nhandled"))\nprint([input("> ")])\n') as s:
        s.wait('>')
        s.send('abc' + CTRL_('C'))
        s.wait('handled\n> abc')
        s.send('d\r')
        s.wait("['abcd']")


def test_input_behind_other_output():
    with Script('import readline\nprint("Name: ", end="")\nprint([input("> ")])\n') as s:
        s.wait('Name: >')
        s.send('jo' + LEFT + 'X\r')
        s.wait("Name: > jXo\n['jXo']")


def test_input_prompt_of_two_lines_with_colours():
    with Script('import readline\nprint([input("first\\n\\x1b[31mred\\x1b[0m> ")])\n') as s:
        s.wait('first\nred>')
        s.send('ab' + LEFT + 'X\r')
        s.wait("first\nred> aXb\n['aXb']")


def test_input_completer():
    with Script(COMPLETER + 'print([input("> ")])\n') as s:
        s.wait('>')
        s.send('b\t a\t')
        s.wait('> banana ap')
        s.send('\t')
        s.wait('> banana ap\napple')
        s.send('r\t\r')
        s.wait("['banana apricot']")


def test_display_matches_hook():
    with Script(COMPLETER + 'readline.set_completion_display_matches_hook(lambda *a: print("\\n", a))\nprint([input("> ")])\n') as s:
        s.wait('>')
        s.send('a\t\t')
        s.wait("('ap', ['apple', 'apricot'], 7)\n> ap")
        s.send('p\t\r')
        s.wait("['apple']")


def test_hooks_insert_text():
    with Script('import readline\nreadline.set_startup_hook(lambda: readline.insert_text("start "))\n'
                'readline.set_pre_input_hook(lambda: (readline.insert_text("pre "), readline.redisplay()))\nprint([input("> ")])\n') as s:
        s.wait('> start pre')
        s.send('end\r')
        s.wait("['start pre end']")


def test_key_bindings():
    with Script('import readline\nreadline.parse_and_bind(r\'"\\C-xq": "hello"\')\n'
                'readline.parse_and_bind("Control-o: beginning-of-line")\nprint([input("> ")])\n') as s:
        s.wait('>')
        s.send('1' + CTRL_('X') + 'q' + CTRL_('O') + '0\r')
        s.wait("['01hello']")


def test_inputrc():
    with a_file('inputrc', 'set bell-style none\n"\\e[24~": "f12"\n$if python\nControl-o: kill-line\n$endif\n') as rc:
        with Repl(env={'INPUTRC': rc}) as r:
            r.run('"abc' + '\x1b[24~' + '"')
            r.shows("'abcf12'")
            r.run('12345' + LEFT * 2 + CTRL_('O'))
            r.shows('>>> 123', '123')


def test_input_cannot_be_entered_again():
    with Script('import readline\ndef c(text, state):\n    try:\n        input()\n    except RuntimeError as e:\n'
                '        return str(e) if state == 0 else None\nreadline.parse_and_bind("tab: complete")\nreadline.set_completer(c)\n'
                'print([input("> ")])\n') as s:
        s.wait('>')
        s.send('x\t\r')
        s.wait('["can\'t re-enter readline"]')


def test_cmd_completes():
    with Script('import cmd\nclass C(cmd.Cmd):\n    prompt = "C> "\n    def do_greet(self, a): print("hello", a)\n'
                '    def complete_greet(self, text, line, b, e): return [n for n in ["anna", "bob"] if n.startswith(text)]\n'
                '    def do_EOF(self, a): return True\nC().cmdloop()\n') as s:
        s.wait('C>')
        s.send('gr\t an\t\r')
        s.wait('hello anna\nC>')
        s.send(UP + '\r')
        s.wait('hello anna\nC> greet anna\nhello anna\nC>')
        s.send(CTRL_('D'))
        assert s.end() == 0


def test_pdb_edits():
    with Script('def f(x):\n    breakpoint()\n    return x\nprint(f(2))\n') as s:
        s.wait('(Pdb)')
        s.send('p x + 10' + '\x7f2\r')
        s.wait('14\n(Pdb)')
        s.send('conti\t\r')
        s.wait('(Pdb) continue\n2')
        assert s.end() == 0


def test_dumb_terminal_edits_with_readline():
    with Script(COMPLETER + 'print([input("> ")])\n', env={'TERM': 'dumb'}) as s:
        s.wait('>')
        s.send('ban\t!' + CTRL_('B') * 2 + 'X\r')
        s.wait("['bananXa!']")
        assert b'\x1b' not in s.raw


def test_input_of_latin_1():
    with Script('import readline, sys\nsys.stdin.reconfigure(encoding="latin-1")\nsys.stdout.reconfigure(encoding="latin-1")\n'
                'print(ascii(input("> ")))\n') as s:
        s.wait('>')
        s.send(b'\xe9t\xe9\r')
        s.wait("'\\xe9t\\xe9'")


def test_readline_of_the_prompt():
    """Module and prompt share one history, and a completer that is set is asked."""
    with Repl() as r:
        r.run('import readline')
        r.run('readline.get_history_item(2)')
        r.shows("'readline.get_history_item(2)'")
        r.run('readline.set_completer(lambda text, state: [text + "_done", None][state])')
        r.run('"x\t"')
        r.shows("'x_done'")
        r.run('readline.set_completer()')
        r.send('[input("> ")]\r')
        r.wait('\n>')
        r.send(UP + 'X')
        r.wait('> [input("> ")]X')
        r.run('')


def test_startup_file_with_rlcompleter_and_history():
    text = ('import atexit, os, readline, rlcompleter\nreadline.parse_and_bind("tab: complete")\n'
            'path = os.path.expanduser("~/.python_history")\n'
            'try:\n    readline.read_history_file(path)\nexcept FileNotFoundError: pass\natexit.register(readline.write_history_file, path)\n')
    with tempfile.TemporaryDirectory() as home, a_file('startup.py', text) as startup:
        env = {'HOME': home, 'PYTHONSTARTUP': startup}
        with Repl(env=env) as r:
            r.run('some_name = 5')
            r.run('some_n\t')
            r.shows('>>> some_name', '5')
            r.send(CTRL_('D'))
            assert r.end() == 0
        with open(os.path.join(home, '.python_history')) as f:
            assert f.read() == 'some_name = 5\nsome_name\n'
        with Repl(env=env) as r:
            r.send(UP + UP)
            r.wait('>>> some_name = 5')
            r.run('')
            r.send(CTRL_('D'))
            assert r.end() == 0
        with open(os.path.join(home, '.python_history')) as f:
            assert f.read() == 'some_name = 5\nsome_name\nsome_name = 5\n'


def test_enablerlcompleter():
    with a_file('startup.py', 'import site; site.enablerlcompleter()\n') as startup, tempfile.TemporaryDirectory() as home:
        with Repl(env={'HOME': home, 'PYTHONSTARTUP': startup}) as r:
            r.run('impossible = 3')
            r.run('impos\t')
            r.shows('>>> impossible', '3')
            r.send(CTRL_('D'))
            assert r.end() == 0
        with open(os.path.join(home, '.python_history')) as f:
            assert 'impossible = 3' in f.read()


def test_ctrl_c_is_for_the_main_thread():
    with Script('import readline, threading, time\nt = threading.Thread(target=lambda: print([input("> ")]))\nt.start()\n'
                'try:\n    while True: time.sleep(0.01)\nexcept KeyboardInterrupt:\n    print("\\ninterrupted")\nt.join()\n') as s:
        s.wait('>')
        s.send('ab')
        s.wait('> ab')
        s.send(CTRL_('C'))
        s.wait('interrupted')
        s.send('c\r')
        s.wait("['abc']")


def test_interactive_hook_of_programs():
    with Script('import sys\nsys.__interactivehook__()\nlong_name = 1\nprint([input("> ")])\n') as s:
        s.wait('>')
        s.send('long_n\t\r')
        s.wait("['long_name']")


def test_history_of_cpython_is_offered_first():
    with tempfile.TemporaryDirectory() as home:
        with open(os.path.join(home, '.python_history'), 'w') as f:
            f.write('"from\\nCPython"\n')
        with Repl(env={'HOME': home}) as r:
            r.send(UP)
            r.wait('>>> "from\\nCPython"')
            r.run('')
            r.run('1')
            r.send(CTRL_('D'))
            assert r.end() == 0
        assert os.path.exists(os.path.join(home, '.ouro_history'))


def test_tab_takes_the_place_of_the_indentation():
    with Repl() as r:
        r.block('if 1:\r\tx = 3\r\tx')
        r.shows('...     x = 3', '...     x', '...', '3')


def test_ctrl_d_ends_a_block():
    with Repl() as r:
        r.type('if 1:\r5\r' + CTRL_('D'))
        r.prompt()
        r.shows('...     5', '...', '5', '>>>')


def test_last_argument_and_counts():
    with Repl() as r:
        r.run('x = "word"')
        r.run('\x1b.')
        r.shows('>>> "word"', "'word'")
        r.run('12345\x1b3' + CTRL_('B') + CTRL_('K'))
        r.shows('>>> 12', '12')


def test_signal_handler_at_the_prompt():
    import signal
    with Repl() as r:
        r.run('import os, signal')
        r.run('_ = signal.signal(signal.SIGUSR1, lambda *a: print("usr1"))')
        r.run('_ = signal.signal(signal.SIGUSR2, lambda *a: 1 / 0)')
        r.send('abc')
        r.wait('>>> abc')
        os.kill(r.pid, signal.SIGUSR1)
        r.wait('usr1\n>>> abc')
        os.kill(r.pid, signal.SIGUSR2)
        r.wait('ZeroDivisionError: division by zero\n>>>')


def test_output_without_line_end_stays():
    with Repl() as r:
        r.send('print("abc", end="")\r')
        r.wait('abc>>>')
        r.send('12' + LEFT + '0')
        r.wait('abc>>> 102')


def test_prompt_of_two_lines():
    with Repl() as r:
        r.run('import sys')
        r.send('sys.ps1 = "first\\n$ "\r')
        r.wait('first\n$')
        r.send('12' + LEFT + '0\r')
        r.wait('first\n$ 102\n102\nfirst\n$')


def test_names_of_the_script_are_gone_at_its_prompt():
    with Script('x = 5\n', '-i') as s:
        s.wait('>>>')
        s.send('[n for n in dir() if n in ("x", "__file__", "__cached__")]\r')
        s.wait("['x']")


def test_complete_files_in_strings():
    with tempfile.TemporaryDirectory() as d:
        os.makedirs(os.path.join(d, 'some_folder'))
        with open(os.path.join(d, 'some_folder', 'some file.txt'), 'w') as f:
            f.write('found')
        with Repl(cwd=d) as r:
            r.run('open("some_f\tso\t").read()')
            r.shows('>>> open("some_folder/some file.txt").read()', "'found'")
            r.run('"nothing like it\t" # some_f\t')
            r.shows('>>> "nothing like it" # some_f\n')


def test_prompt_leaves_later_lines_to_the_program():
    with Repl() as r:
        r.run('import sys, subprocess')
        r.send('a = input()\rfirst\rb = sys.stdin.readline()\rsecond\r')
        r.settle()
        r.send('a, b\r')
        r.wait("('first', 'second\\n')\n>>>")
        r.send('_ = subprocess.run(["head", "-n1"])\rthird\r')
        r.wait('\nthird\n>>>')


def test_no_exception_waits_for_out_of_memory():
    """What the machine keeps for itself is no object of the script's."""
    with Repl() as r:
        r.run('import gc; [o for o in gc.get_objects() if isinstance(o, BaseException)]')
        r.shows('BaseException)]', '[]')


def test_everything_is_freed_at_the_end():
    with Repl('-X', 'leakcheck') as r:
        r.run('import readline; readline.set_completer(lambda text, state: None); readline.parse_and_bind("Control-o: \'x\'")')
        r.send('input("> ")\r')
        r.wait('\n>')
        r.run('abc' + CTRL_('W') + CTRL_('Y'))
        r.run('a = [[]]; a')
        r.run(':refs a[0]')
        r.shows('  item [0] of a list of 1 (a)')
        r.send(CTRL_('R') + 'a =' + CTRL_('G') + 'x' + CTRL_('C'))
        r.wait('KeyboardInterrupt\n>>>')
        r.settle()
        r.send(CTRL_('D'))
        assert r.end() == 0, r.screen.text()
        assert 'left' not in r.screen.text(), r.screen.text()
