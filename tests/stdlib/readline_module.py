# readline without a terminal: history, its files, hooks and settings, the checks of arguments
import os
import readline
import tempfile


def show(name, *args):
    try:
        print(name, args, '->', repr(getattr(readline, name)(*args)))
    except Exception as e:
        print(name, args, '->', type(e).__name__, e)


def items():
    return [readline.get_history_item(i + 1) for i in range(readline.get_current_history_length())]


print(sorted(n for n in dir(readline) if not n.startswith('__')))
print('libedit' in readline.__doc__, hex(readline._READLINE_VERSION), readline._READLINE_LIBRARY_VERSION)

# items
readline.clear_history()
for line in 'one', 'two', 'two', 'dr\xe9i', '', ' four ':
    readline.add_history(line)
print(items())
readline.replace_history_item(1, 'zwei')
readline.remove_history_item(0)
print(items(), readline.get_history_item(0), readline.get_history_item(99))
show('add_history', 1)
show('add_history', 'a\0b')
show('get_history_item', 'a')
show('get_history_item', -1)
show('remove_history_item', -1)
show('remove_history_item', 50)
show('replace_history_item', -1, 'x')
show('replace_history_item', 50, 'x')
show('replace_history_item', 0, 5)

# files
with tempfile.TemporaryDirectory() as d:
    os.chdir(d)
    readline.write_history_file('h')
    with open('h', encoding='utf-8') as f:
        print(repr(f.read()))
    print(oct(os.stat('h').st_mode & 0o777))
    readline.clear_history()
    readline.read_history_file('h')
    print(items())
    readline.append_history_file(2, b'h')
    readline.append_history_file(0, 'h')
    readline.clear_history()
    readline.read_history_file('h')
    print(items())
    print(readline.get_history_length())
    readline.set_history_length(3)
    readline.write_history_file('h')
    with open('h', encoding='utf-8') as f:
        print(repr(f.read()))
    readline.set_history_length(0)
    readline.append_history_file(1, 'h')
    print(os.path.getsize('h'))
    readline.set_history_length(-1)
    print(readline.get_history_length())
    show('append_history_file', 1, 'nosuch')
    show('read_history_file', 'nosuch')
    show('write_history_file', 'nosuch/file')
    show('read_history_file', 5)
    show('read_init_file', 'nosuch')
    with open('rc', 'w') as f:
        f.write('# comment\n$if Python\nset history-size 2\n$else\nset history-size 50\n$endif\n$if mode=vi\nset history-size 1\n$endif\n')
    readline.clear_history()
    readline.read_init_file('rc')
    for i in range(5):
        readline.add_history(f'item {i}')
    print(readline.get_current_history_length())
    os.chdir('/')
show('set_history_length', 'a')
show('set_history_length', 1 << 40)

# the line
print(repr(readline.get_line_buffer()), readline.get_begidx(), readline.get_endidx(), readline.get_completion_type())
show('insert_text', 1)
show('parse_and_bind', 1)
show('parse_and_bind', 'tab: complete')
show('parse_and_bind', r'"\C-x\M-\e\x41\101q": "macro\n"')
show('parse_and_bind', '# nothing')
show('parse_and_bind', '')

# functions
show('get_completer')
show('set_completer', 1)
readline.set_completer(len)
show('get_completer')
readline.set_completer()
show('get_completer')
show('set_startup_hook', 1)
show('set_pre_input_hook', 1)
show('set_completion_display_matches_hook', 1)
for name in 'startup_hook', 'pre_input_hook', 'completion_display_matches_hook':
    show('set_' + name, print)
    show('set_' + name)
print(repr(readline.get_completer_delims()))
readline.set_completer_delims(' \t\xe9')
print(repr(readline.get_completer_delims()))
show('set_completer_delims', 1)
show('set_auto_history', [])
