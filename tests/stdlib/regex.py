# re: matching, groups, substitution, splitting, flags, errors of patterns.
import re
print(re.match(r'(a)(?P<x>b)?', 'ac'), re.search('b+', 'aabbb').span(), re.findall(r'\d+', 'a1b22c333'), re.findall(r'(\w)(\d)', 'a1b2'))
print(re.sub(r'(\w)(\d)', r'\2\1', 'a1b2'), re.split(r'([,;])', 'a,b;c'), re.subn('x*', '-', 'abxd'), re.split('x*', 'axbc'))
print(re.compile('a|b', re.I|re.M), re.compile(b'\xff'), [m.group() for m in re.finditer('.', 'äb€')])
m=re.match(r'(?P<first>\w+) (?P<last>\w+)', 'Jane Doe'); print(m.groupdict(), m['first'], m.expand(r'\g<last>, \1'), m.regs, m.lastgroup, m.lastindex, m.pos, m.endpos, m.re, m.string, m)
for p,s in [(r'(?:(a)|b)*','ab'),(r'(a+)+b','a'*15+'c'),(r'(?=(a))a','a'),(r'(?!b)a','a'),(r'(?<=a)b','ab'),(r'(?<!a)b','ab'),(r'(a)?(?(1)b|c)','ab'),(r'(a)?(?(1)b|c)','c'),(r'(?>a+)b','aaab'),(r'(?>a+)ab','aaab'),(r'a++b','aaab'),(r'(?:ab)++c','ababc'),(r'(?:ab)?+abc','abc'),(r'a*?b','aaab'),(r'(ab){2,3}?c','ababc'),(r'(.)\1','abba'),(r'(?i)STRASSE','strasse'),(r'(?i)ſ','S'),(r'^a$','a\n'),(r'(?m)^b','a\nb'),(r'\bfoo\b','a foo b'),(r'[^\W\d]+','abc1'),(r'[α-ω]+','αβγ'),(r'(?:)*','aa'),(r'(a*)*','aaa'),(r'(a*)+','b'),(r'(?:a?)*?$','aa'),(r'(a|ab)(c|bcd)(d*)','abcd'),(r'((x|y)z)*','xzyz'),(r'(?s).+','a\nb'),(r'\Z',''),('(a)(b)(c)?\\Z','ab'),(r'(?P<a>.)(?P=a)','aa'),(r'x{3}','xxxx'),(r'(?:x{2,3}){2}','xxxxx'), (r'[\U00010000-\U0010ffff]','\U00012345'),(r'(?i)[\U00010400-\U00010427]','\U00010428')]:
    for f in (re.match, re.search, re.fullmatch):
        m=f(p,s); print(p, m and (m.span(), m.groups(), m.lastindex))
try: re.compile('(')
except re.error as e: print(e, e.pos)
try: re.match('a', 5)
except TypeError as e: print(e)
try: re.match(b'a', 'a')
except TypeError as e: print(e)
print(re.fullmatch('a.*c', 'abcabc'), re.escape('a.b*c'), re.sub('(?P<q>a)', lambda m: m.group('q')*2, 'banana', count=2))
sc=re.Scanner([(r'\d+', lambda s,t: int(t)), (r'\s+', None)]); print(sc.scan('1 22 x'))
print(len(re.match(r'(?:a|b)*', 'ab'*50000).group()), re.sub('a', 'é', 'banana'), re.sub(b'a', b'\xe9', b'banana'))
