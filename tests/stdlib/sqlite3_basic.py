# sqlite3: connections, cursors, transactions, adapters, functions of Python, errors.
import sqlite3
c=sqlite3.connect(':memory:')
c.execute('create table t(a integer primary key, b text, c real, d blob)')
print(c.in_transaction)
cur=c.execute('insert into t(b,c,d) values(?,?,?)',('x',1.5,b'ab'))
print(cur.lastrowid,cur.rowcount,c.in_transaction)
c.executemany('insert into t(b) values(?)',[('y',),('z',)])
c.commit()
for r in c.execute('select * from t'): print(r)
c.row_factory=sqlite3.Row
r=c.execute('select a,b from t').fetchone()
print(r['B'],r.keys(),tuple(r))
c.create_function('f',1,lambda x:x*2)
print(c.execute('select f(21)').fetchone()[0])
class S:
    def __init__(self): self.n=0
    def step(self,v): self.n+=v
    def finalize(self): return self.n
c.create_aggregate('s',1,S)
print(c.execute('select s(a) from t').fetchone()[0])
try: c.execute('select nope')
except sqlite3.OperationalError as e: print(e,e.sqlite_errorname)
c.create_collation('rev',lambda a,b:(a<b)-(a>b))
print([x[0] for x in c.execute('select b from t order by b collate rev')])
print(list(c.iterdump()))
with c.blobopen('t','d',1) as b: print(b.read(), len(b))
d=c.serialize(); e=sqlite3.connect(':memory:'); e.deserialize(d); print(e.execute('select count(*) from t').fetchone())
f=sqlite3.connect(':memory:'); c.backup(f); print(f.execute('select count(*) from t').fetchall())
c.close()
try: c.execute('x')
except sqlite3.ProgrammingError as e: print(e)
