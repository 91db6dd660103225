"""ast.parse(type_comments=True): where a type comment may stand, and mode func_type (PEP 484)."""
import ast


def t(src):
    try:
        tree = ast.parse(src, type_comments=True)
    except SyntaxError as e:
        print("SyntaxError", e.args[0], *([] if "two" in e.args[0] else [e.lineno, e.offset]))
    else:
        print(ast.dump(tree, include_attributes="a" not in src))
        print(ast.unparse(tree))


for s in ["x = 1 # type: int\n", "x = y = 1 # type: int\nz = 2\n", "x = 1; y = 2 # type: int\n", "x = yield 1 # type: a b\n",
  "for a in b: # type: int\n    pass\nelse:\n    pass\n", "with a as b: # type: int\n    pass\n", "for a in b:\n    # type: int\n    pass\n",
  "async def f():\n    async for a in b: # type: int\n        pass\n    async with a as b:  # type: str\n        pass\n",
  "def f(a, b):\n    # type: (int, str) -> None\n    pass\n", "def f(a, b): # type: (int, str) -> None\n    pass\n", "def f(a): pass # type: () -> int\n", "def f(a): # type: () -> int\n    # type: () -> str\n    pass\n",
  "async def f(a):  # type: () -> x\n    pass\n", "def f(\n    a, # type: A\n    b=1, # type: B\n    *args, # type: C\n    k=1, # type: D\n    **kw # type: E\n):\n    # type: (...) -> int\n    return 1\n",
  "def f(a=1 # type: A\n):\n  pass\n", "def f(a, /, # type: A\n b # type: B\n):\n  pass\n", "def f(\n  *, # type: int\n  a):\n pass\n", "def f(a # type: A\n  , b): pass\n",
  "def f(\n  a, # type: A\n  *,\n  b, # type: B\n):\n pass\n",
  "x = 1 # type: ignore\ny = 2 # type: ignore[foo]\nz = 3 # type: ignored\n", "x += 1 # type: int\n", "x: int = 1 # type: int\n", "x # type: int\n", "import a # type: int\n", "f(1, # type: int\n2)\n", "x = [ # type: int\n]\n", "while 1: # type: int\n  pass\n", "if a: # type: int\n  pass\n", "# type: int\nx = 1\n", "class A: # type: int\n  pass\n", "class A:\n  # type: int\n  x = 1\n", "x = (1, # type: int\n)\n", "x = 1\n# type: int\n", "def f():\n    pass\n    # type: int\n", "if 1:\n    x = 1 # type: int\n", "def f():\n    '''doc'''\n    # type: () -> int\n", "lambda a: 1 # type: int\n",
  "def f():\n\n    # type: () -> int\n    pass\n", "def f():\n    # a comment\n    # type: () -> int\n    pass\n", "def f():\n# type: () -> int\n    pass\n","def f(): # type: () -> int\n    'doc'\n    x = 1 # type: q\n    for i in x: # type: z\n      for j in i:\n        pass\n", "x = 1 # type: int \n", "x = 1 #type:int\n", "x = 1 #  type:   int\n", "x = 1 # type: int # more\n", "x = é # type: ñandú\n", "for a in b: pass # type: int\n", "with a: # type: x\n  pass\n", "x = 1 # type: int", "def f(*args # type: A\n): pass\n", "def f(*args: *T, # type: A\n): pass\n", "def f(**k, # type: A\n): pass\n", "def f(\n # type: A\n): pass\n", "def f(a\n # type: A\n): pass\n", "def f(*, # type: A\n **k): pass\n","def f(a, / # type: A\n ): pass\n",]:
    print(repr(s)); t(s)
for s in ["() -> int", "(int) -> List[str]", "(*int) -> a", "(**int) -> a", "(int, *str, **Any) -> float", "(*int, **str) -> a", "(*int, str) -> a", "(**int, *str) -> a", "(a,) -> b", "(*a, *b) -> c", "(a, **b) -> c\n\n", "(int, *str, **Any)", "(**int, **str) -> Any", "() -> a # type: ignore", "(*int, **Any) -> x"]:
    print(repr(s))
    try: print(ast.dump(ast.parse(s, mode='func_type')))
    except SyntaxError as e: print('SyntaxError', e.args[0], e.lineno, e.offset)
print(ast.dump(ast.parse("x = 1 # type: int\nfor i in x: # type: int\n  pass", type_comments=True), include_attributes=True))
for v in (5, 6):
    try:
        print(ast.dump(ast.parse("x = 1_000 # type: int", type_comments=True, feature_version=(3, v))))
    except SyntaxError as e:
        print("SyntaxError", e.args[0])
