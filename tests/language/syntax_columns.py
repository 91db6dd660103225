# Columns of syntax errors behind non-ASCII text: characters in a str or where an encoding is declared, else bytes.

srcs = ['a = "é" +', 'a = "é" + 1 1', '"éé" = 1', 'x = é é', '("é", +', '"é" if', 'f("é" = 1)', 'é = (', '"é\n', 'f"é{a b}"', 'def é(:\n pass', 'x = "é"; y = = 3', ' "é"', 'if 1:\n  "é"\n "é"', '"é" 1', 'é: é: é', 'print "é"', '"é" ? 1', 'raise "é" form x', 'x = 0xé', "é'", '"""é\n', 'lambda é, é: 0', 'def f(é, é): pass', 'nonlocal é', 'return "é"', '"é"; yield', 'é = yield = 1', 'del "é"', 'for "é" in x: pass', 'with "é" as "é": pass', 'import é.', 'from é import', '[é for é in é é]', '{"é": 1, **é for x in y}', 'a["é" 1]', 'é.é é', '€', '"é" €', '"\\N{é}"', 'b"é"', 'é\\ ', '"é" \t\x00']
for s in srcs:
    for kind in 'str', 'bytes', 'cookie', 'bom':
        try:
            src = s if kind == 'str' else s.encode() if kind == 'bytes' else b'# coding: utf-8\n' + s.encode() if kind == 'cookie' else b'\xef\xbb\xbf' + s.encode()
            compile(src, 'nofile', 'exec')
            print(ascii(s), kind, 'fine')
        except SyntaxError as e: print(ascii(s), kind, e.msg.encode('ascii', 'backslashreplace'), e.lineno, e.offset, e.end_lineno, e.end_offset, ascii(e.text))
        except Exception as e: print(ascii(s), kind, ascii(e))

# What is no UTF-8 in the source of compile().
for src in (b'Python = "\xcf\xb3\xf2\xee\xed" +', b'x = "\xcf\xb3\xf2\xee\xed" +', b'# -*- coding: cp1251 -*-\nPython = "\xcf\xb3\xf2\xee\xed" +', 'Python = "\u03b1\u03b2" +', b'a = "\xc3\xa9" +', b'a = "\xff"', b'"\xcf\xb3"+', b'"\xcf\xb3\xf2" +'):
    try: compile(src, 'f', 'exec')
    except SyntaxError as e: print(src, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, ascii(e.text))
    except Exception as e: print(repr(e))
