# _tokenize.TokenizerIter: tokens and errors of the C tokenizer.
import _tokenize
for s in ["if a:\n  b","if a:\n  b\n","x = \\\n 5\n","(1,\n'''a\nb''', 3)\n","a $ b ? !", "é = 1 <> 2", "f'{a}' ... :=  a.b->\n\n\n", "# only\n\nx # y\n# z",
          "async def f(match, case): await x; match x\n", "a **= b // c //= d @ e @= f -> g != h >= i <<= j", "if a:\n  if b:\n    c\nd\n",
          "'abc", "1_", "(1]", "\xa0", "if a:\n\tb\n        c\n", "if a:\n    b\n  c", "(", "x = 1 +", "0b12"]:
    print(repr(s))
    try:
        for t in _tokenize.TokenizerIter(s): print('  ',t)
    except SyntaxError as e: print('  ', e.args[0], e.args[1][:4])
for a in [(),(b'x',),(1,2)]:
    try: _tokenize.TokenizerIter(*a)
    except Exception as e: print(repr(e))
print(next(_tokenize.TokenizerIter(source='x')))
