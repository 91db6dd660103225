# ast.parse(feature_version=): syntax that is newer than the version asked for.
import ast
for src, v in [('(x := 0)',7),('def f(a,/): 0',7),('lambda a,/: 0',7),('try: 0\nexcept* A: 0',10),('match x:\n case 1: 0',9),('async def f(): 0',4),
               ('async def f():\n return [i async for i in x]',5),('a @ b',4),('a @= b',4),('x: int',5),('x: int = 1',5),
               ('with (a as b): 0',8),('with (a as b, c,): 0',8),('with (a, b): 0', 8),('f"{x}"',5),('x[*a]',10),('for x in *a, b: 0',8)]:
    for minor in v, v + 1:
        try: ast.parse(src, feature_version=(3, minor)); print(src, 'ok')
        except SyntaxError as e: print(repr(src), e.msg)
ast.parse('with (a) as b, (c): 0', feature_version=(3, 10))
