"""The prompt and programs on a pseudo-terminal, and the keys that the tests press."""
import contextlib
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from screen import Session  # noqa: E402

OURO = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'build', 'ouro-dev')
UP, DOWN, RIGHT, LEFT = '\x1b[A', '\x1b[B', '\x1b[C', '\x1b[D'
HOME, END, DELETE = '\x1b[H', '\x1b[F', '\x1b[3~'


def CTRL_(c):
    return chr(ord(c) & 31)


class Repl(Session):
    def __init__(self, *arguments, env=None, **how):
        self.home = tempfile.TemporaryDirectory()
        super().__init__([OURO, '-q', *arguments],
                         env={'HOME': self.home.name, 'NO_COLOR': '1', 'INPUTRC': '/dev/null', **(env or {})}, **how)

    def __enter__(self):
        self.prompt()
        return self

    def __exit__(self, *exc):
        self.close()
        self.home.cleanup()

    def block(self, text):
        """Types a compound statement key by key, with the empty line that ends it."""
        self.type(text + '\r\r')
        self.prompt()

    def shows(self, *lines):
        text = self.screen.text()
        want = '\n'.join(lines)
        assert want in text, f'{want!r} is not on the screen\n{text}'

    def lacks(self, what):
        text = self.screen.text()
        assert what not in text, f'{what!r} is on the screen\n{text}'

    def send_all(self, text):
        data = text.encode()
        while data:
            n = os.write(self.fd, data[:2048])
            data = data[n:]
            self.step(0.001)


class Script(Session):
    """A program at the terminal; steps wait for what they need."""

    def __init__(self, text, *arguments, env=None, **how):
        self.folder = tempfile.TemporaryDirectory()
        home = self.folder.name
        with open(os.path.join(home, 'script.py'), 'w') as f:
            f.write(text)
        super().__init__([OURO, *arguments, 'script.py'], cwd=home,
                         env={'HOME': home, 'INPUTRC': '/dev/null', **(env or {})}, **how)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()
        self.folder.cleanup()


@contextlib.contextmanager
def a_file(name, text=None):
    """The path of a file in a folder of its own; with this text."""
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, name)
        if text is not None:
            with open(path, 'w') as f:
                f.write(text)
        yield path


def paste(text):
    return '\x1b[200~' + text.replace('\n', '\r') + '\x1b[201~'
