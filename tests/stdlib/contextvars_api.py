# contextvars: variables, tokens, contexts, run, copies
import contextvars as C
import re


def t(f):
    try:
        r = repr(f())
    except BaseException as e:
        r = f'{type(e).__name__} {e}'
    print(re.sub('0x[0-9a-f]+', '0x', r))


v = C.ContextVar('v')
w = C.ContextVar('w', default=5)
t(lambda: v.get())
t(lambda: v.get(3))
t(lambda: w.get())
t(lambda: w.get(7))
t(lambda: C.ContextVar(3))
t(lambda: C.ContextVar('a', 1))
tok = v.set(9)
t(lambda: tok)
print(tok.var is v, tok.old_value, C.Token.MISSING, v.get(), v.name)
t(lambda: w.reset(tok))
ctx = C.copy_context()
t(lambda: ctx[v])
t(lambda: v.reset(tok))
t(lambda: v.reset(tok))
t(lambda: v.reset(3))
t(lambda: tok)
t(lambda: v.get())
t(lambda: ctx[w])
t(lambda: ctx['a'])
t(lambda: (v in ctx, w in ctx, len(ctx), [x.name for x in ctx], list(ctx.values()), len(list(ctx.items())), len(list(ctx.keys()))))
t(lambda: 3 in ctx)
t(lambda: ctx.get(w, 4))
t(lambda: ctx.get(1))
t(lambda: ctx.run(lambda: ctx.run(print)))
t(lambda: ctx.run())
t(lambda: C.Context(1))
t(lambda: C.Token())
t(lambda: ctx == C.copy_context())
t(lambda: ctx == ctx.copy())
t(lambda: hash(ctx))
t(lambda: C.ContextVar[int])
t(lambda: type('D', (C.ContextVar,), {}))
tok2 = C.Context().run(lambda: v.set(1))
t(lambda: v.reset(tok2))


def inner(a, *, b):
    print(v.get('none'), w.get(), a, b)
    v.set('inner')
    w.set('w')
    return v.get()


print(ctx.run(inner, 1, b=2), v.get('outside'), w.get(), ctx[v], ctx[w])
try:
    ctx.run(lambda: 1 / 0)
except ZeroDivisionError as e:
    print(e, v.get('still outside'))
t1 = w.set(1)
t2 = w.set(2)
print(w.get(), t2.old_value)
w.reset(t2)
print(w.get())
w.reset(t1)
print(w.get(), w in C.copy_context())
from decimal import Decimal, getcontext, localcontext

with localcontext() as dc:
    dc.prec = 5
    print(Decimal(1) / 3)
print(Decimal(1) / 3, getcontext().prec, Decimal('1.1') + 2, hash(Decimal('0.5')) == hash(0.5), float(Decimal('0.1')), int(Decimal('7.9')))
from fractions import Fraction

print(Fraction(1, 3) + Fraction(0.5), Fraction('3/7') ** 2, Fraction(1.1).limit_denominator(100), 1 + Fraction(1, 2), 0.5 * Fraction(1, 2), pow(2, Fraction(1, 2)), hash(Fraction(1, 2)) == hash(0.5))
