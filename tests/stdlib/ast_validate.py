# compile() of trees made by hand: what the validator refuses.
import ast
def tries(*nodes):
    for n in nodes:
        m = ast.Module([n if isinstance(n, ast.stmt) else ast.Expr(n)], [])
        ast.fix_missing_locations(m)
        try:
            compile(m, 'x', 'exec'); print('ok')
        except (ValueError, TypeError, SyntaxError) as e: print(type(e).__name__, e)
L, S = ast.Load(), ast.Store()
x, c1, ct = ast.Name('x', L), ast.Constant(1), ast.Constant(True)
v1 = ast.MatchValue(c1)
def m(p, **k):
    return ast.Match(x, [ast.match_case(p, body=[ast.Pass()], **k)])
MC = ast.MatchClass
tries(m(v1), m(ast.MatchValue(ast.Constant(...))), m(ast.MatchValue(ct)), m(ast.MatchSingleton('s')),
      m(ast.MatchStar('x')), m(ast.MatchSequence([ast.MatchStar('_')])), m(ast.MatchSequence([ast.MatchStar('y')])),
      m(ast.MatchMapping([c1, ct], [v1])), m(ast.MatchMapping([ct], [v1], rest='True')), m(ast.MatchMapping([x], [v1])),
      m(ast.MatchMapping([], [], rest='_')), m(MC(ct, [], [], [])), m(MC(x, [], ['True'], [v1])), m(MC(x, [], [], [v1])),
      m(ast.MatchAs(name='_')), m(ast.MatchAs(v1)), m(ast.MatchAs()), m(ast.MatchOr([v1])), m(ast.MatchOr([v1, ast.MatchSingleton(1)])),
      m(ast.MatchValue(ast.UnaryOp(ast.USub(), c1))), m(ast.MatchValue(ast.UnaryOp(ast.UAdd(), c1))),
      m(ast.MatchValue(ast.BinOp(c1, ast.Add(), ast.Constant(2j)))), m(ast.MatchValue(ast.BinOp(c1, ast.Add(), c1))))
A = lambda **k: ast.Lambda(ast.arguments(**{**dict(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]), **k}), x)
tries(A(), A(defaults=[c1]), A(kw_defaults=[c1]), A(args=[ast.arg('a', ast.Name('x', S))]), A(kwonlyargs=[ast.arg('a')], kw_defaults=[None]))
g = ast.comprehension(ast.Name('y', L), x, [], 0)
tries(ast.ListComp(ast.Name('x', S), [g]), ast.DictComp(x, ast.Name('x', S), []), ast.Try([ast.Pass()], [], [], []))
n = ast.Name('x'); n.foo = 1
print(n.__dict__, ast.AST().__dict__)
import pickle
print(ast.dump(pickle.loads(pickle.dumps(ast.parse('a = b + 1'), 2))))
