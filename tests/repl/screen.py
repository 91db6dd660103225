"""A pseudo-terminal with a program behind it, and the screen that a user would see.

Only the control sequences that ouro's line editor writes are understood; colours are dropped.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata


def width(c):
    if unicodedata.combining(c):
        return 0
    return 2 if unicodedata.east_asian_width(c) in 'WF' else 1


class Screen:
    """Text in rows and columns; lines that scroll out at the top are kept."""

    def __init__(self, columns):
        self.columns = columns
        self.rows = [[]]
        self.row = self.col = 0
        self.rest = ''

    def feed(self, text):
        text = self.rest + text
        self.rest = ''
        i = 0
        while i < len(text):
            c = text[i]
            if c == '\x1b':
                m = re.compile(r'\x1b\[([?\d;]*)([A-Za-z])').match(text, i)
                if not m:
                    self.rest = text[i:]
                    return
                self.control(m.group(1), m.group(2))
                i = m.end()
                continue
            i += 1
            if c == '\r':
                self.col = 0
            elif c == '\n':
                self.down(1)
            elif c == '\b':
                self.col = max(0, self.col - 1)
            elif c == '\a':
                pass
            else:
                self.put(c)

    def down(self, n):
        self.row += n
        while len(self.rows) <= self.row:
            self.rows.append([])

    def put(self, c):
        w = width(c)
        line = self.rows[self.row]
        if w == 0 and self.col > 0 and len(line) >= self.col:
            line[self.col - 1] += c
            return
        if self.col + w > self.columns:
            self.col = 0
            self.down(1)
            line = self.rows[self.row]
        while len(line) < self.col + w:
            line.append(' ')
        line[self.col] = c
        if w == 2:
            line[self.col + 1] = ''
        self.col += w

    def control(self, arguments, letter):
        n = int(arguments) if arguments.isdigit() else 1
        if letter == 'A':
            self.row = max(0, self.row - n)
        elif letter == 'B':
            self.down(n)
        elif letter == 'C':
            self.col = min(self.columns - 1, self.col + n)
        elif letter == 'D':
            self.col = max(0, self.col - n)
        elif letter == 'J' and arguments in ('', '0'):
            del self.rows[self.row][self.col:]
            del self.rows[self.row + 1:]
        elif letter == 'J':
            self.rows = [[]]
            self.row = self.col = 0
        elif letter == 'H':
            self.row = self.col = 0

    def lines(self):
        return [''.join(line).rstrip() for line in self.rows]

    def text(self):
        return '\n'.join(self.lines()).rstrip('\n')


TIOCGPTPEER = 0x5441
WAITING = ('0', '7', '23', '270', '271')  # read, poll, select, pselect6, ppoll on x86-64


class Session:
    def __init__(self, command, columns=80, rows=24, env=None, cwd=None):
        self.screen = Screen(columns)
        self.raw = b''
        self.prompts = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                full = {k: v for k, v in os.environ.items() if not k.startswith('PYTHON') and k not in ('NO_COLOR', 'FORCE_COLOR')}
                full.update({'TERM': 'xterm', 'LC_ALL': 'C.UTF-8', **(env or {})})
                if cwd:
                    os.chdir(cwd)
                os.execvpe(command[0], command, full)
            finally:
                os._exit(127)
        self.resize(columns, rows)
        self.status = None

    def resize(self, columns, rows=24):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
        self.screen.columns = columns

    def step(self, seconds):
        """One read: false at the end."""
        ready, _, _ = select.select([self.fd], [], [], max(0, seconds))
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b''
        self.raw += data
        self.screen.feed(data.decode('utf-8', 'replace'))
        return bool(data)

    def idle(self):
        """Whether the program has read all that was sent, and sleeps in a call that waits for more."""
        tty = fcntl.ioctl(self.fd, TIOCGPTPEER, os.O_RDWR | os.O_NOCTTY)
        try:
            if select.select([tty], [], [], 0)[0]:  # this also hands over what the kernel still holds back (n_tty_poll)
                return False
            group = os.tcgetpgrp(self.fd)
        finally:
            os.close(tty)
        try:
            with open(f'/proc/{group}/stat') as f:
                if f.read().rsplit(')', 1)[1].split()[0] != 'S':
                    return False
        except OSError:  # it has ended
            return False
        try:
            with open(f'/proc/{group}/syscall') as f:
                return f.read().split()[0] in WAITING
        except OSError:  # not every system shows it: asleep must do
            return True

    def settle(self, still=0.03, seconds=60):
        """Reads until nothing has come for so long, all of it with the program idle."""
        end = time.monotonic() + seconds
        since = None
        while True:
            had = len(self.raw)
            if not self.step(still / 5):
                return
            now = time.monotonic()
            if len(self.raw) > had or not self.idle():
                since = None
            elif since is None:
                since = now
            elif now - since >= still:
                return
            if now > end:
                raise AssertionError(f'it is not idle; the screen is\n{self.screen.text()}')

    def wait(self, what, seconds=60):
        """Reads until the screen holds the text."""
        end = time.monotonic() + seconds
        while what not in self.screen.text():
            if time.monotonic() > end or not self.step(0.05) and what not in self.screen.text():
                raise AssertionError(f'{what!r} did not come; the screen is\n{self.screen.text()}')

    def prompt(self, seconds=60):
        """Waits for the next empty prompt in the last line (each begins with switching bracketed paste on)."""
        end = time.monotonic() + seconds
        while True:
            begun = self.raw.count(b'\x1b[?2004h')
            new = begun > self.prompts or (self.raw and b'\x1b[?2004h' not in self.raw)
            if new and self.screen.lines()[self.screen.row] == '>>>' and self.screen.col == 4:
                self.prompts = begun
                return
            if time.monotonic() > end:
                raise AssertionError(f'no prompt; the screen is\n{self.screen.text()}')
            if not self.step(0.05):
                raise AssertionError(f'ended; the screen is\n{self.screen.text()}')

    def send(self, text):
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def type(self, text):
        """As a person does: key by key."""
        for c in text:
            self.send(c)
            self.settle(0.002)

    def run(self, line):
        """Types a line and waits for the next prompt."""
        self.send(line + '\r')
        self.settle()
        self.prompt()

    def end(self, seconds=60):
        """Waits for the end: exit status, negative for a signal."""
        limit = time.monotonic() + seconds
        while self.status is None:
            self.step(0.05)
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.cpu = usage.ru_utime + usage.ru_stime
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > limit:
                raise AssertionError(f'it does not end; the screen is\n{self.screen.text()}')
        return self.status

    def close(self):
        try:
            os.close(self.fd)
        except OSError:
            pass
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.status = -9
