#!/usr/bin/env python3
"""Whole sessions at a terminal, as in the documents about Python's memory: the transcript is CPython 3.11's.

sessions/NAME.in holds the lines, sessions/NAME.out the screen that CPython showed.  Each line is sent as a whole when the prompt for
it has come, as an editor does.
sessions.py --record [python3] [name ...]   writes the .out files
"""
import glob
import os
import re
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from screen import Session  # noqa: E402

COLUMNS = 110


def names():
    return sorted(os.path.basename(f)[:-3] for f in glob.glob(os.path.join(HERE, 'sessions', '*.in')))


def read(name, kind):
    with open(os.path.join(HERE, 'sessions', f'{name}.{kind}'), encoding='utf-8') as f:
        return f.read()


def transcript(command, lines):
    with tempfile.TemporaryDirectory() as home:
        session = Session(command, columns=COLUMNS, cwd=home, env={'HOME': home, 'NO_COLOR': '1'})
        try:
            session.wait('>>>')
            for line in lines:
                session.send(line + '\r')
                session.settle()
            text = session.screen.text()
        finally:
            session.close()
    text = re.sub(r'0x[0-9a-f]+', '0x', text)
    return re.sub(r'File "/[^"]*/lib/python3.11/', 'File "LIB/', text) + '\n'


if __name__ == '__main__':
    if sys.argv[1:2] != ['--record']:
        sys.exit(__doc__)
    wanted = sys.argv[3:] or names()
    for name in wanted:
        text = transcript([(sys.argv + ['python3'])[2], '-q'], read(name, 'in').split('\n'))
        with open(os.path.join(HERE, 'sessions', f'{name}.out'), 'w', encoding='utf-8') as f:
            f.write(text)
