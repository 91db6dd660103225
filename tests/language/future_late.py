# A __future__ import that comes late is an error at its own column.
try:
    compile("from __future__ import division; import re; from __future__ import generators\n", "f", "exec")
except SyntaxError as e:
    print(e.lineno, e.offset, e)
