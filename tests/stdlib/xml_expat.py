"""pyexpat and what stands on it: ElementTree, minidom, sax, plistlib."""
import io
import pyexpat
import plistlib
import xml.dom.minidom
import xml.etree.ElementTree as ET
import xml.sax

DOC = '''<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE a [<!ELEMENT a (b|c)*><!ATTLIST b x CDATA "7"><!ENTITY e "text"><!NOTATION n SYSTEM "s">]>
<a xmlns:k="urn:k"><!-- note --><?pi data?><b y="\u00e9">&e;</b><c><![CDATA[<raw>]]></c></a>'''

p = pyexpat.ParserCreate()
for name in dir(p):
    if name.endswith('Handler') and name not in ('ExternalEntityRefHandler', 'NotStandaloneHandler', 'DefaultHandler'):
        def handler(*args, name=name):
            print(name, args)
        setattr(p, name, handler)
print(p.Parse(DOC, True), p.CurrentLineNumber, p.CurrentColumnNumber, p.CurrentByteIndex)

p = pyexpat.ParserCreate(namespace_separator=' ')
p.ordered_attributes = True
p.buffer_text = True
p.StartElementHandler = lambda *a: print(a)
p.CharacterDataHandler = print
p.Parse(b'<a xmlns="urn:x" q="1" b="2">one&amp;', False)
p.Parse('two\n</a>', True)

for bad in '<a>', '<a></b>', '', '<a b="1" b="2"/>', '<a>&x;</a>', '\x00':
    p = pyexpat.ParserCreate()
    try:
        p.Parse(bad, True)
    except pyexpat.ExpatError as e:
        print(e, e.code, e.lineno, e.offset, pyexpat.errors.messages[e.code] == pyexpat.ErrorString(e.code))

def boom(*args):
    raise KeyError('in handler')
p = pyexpat.ParserCreate()
p.StartElementHandler = boom
try:
    p.Parse('<a><b/></a>', True)
except KeyError as e:
    print(repr(e), p.StartElementHandler)
for f in (lambda: delattr(p, 'buffer_text'), lambda: setattr(p, 'buffer_size', 0), lambda: setattr(p, 'buffer_size', 'x'),
          lambda: pyexpat.ParserCreate(namespace_separator='ab'), lambda: pyexpat.ParserCreate(intern=3),
          lambda: pyexpat.ParserCreate().ParseFile(3), lambda: p.Parse(3), pyexpat.XMLParserType):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

# external entities, an encoding the library does not know
outer = pyexpat.ParserCreate()
def external(context, base, sysid, pubid):
    print('external', context, sysid, pubid)
    inner = outer.ExternalEntityParserCreate(context)
    inner.CharacterDataHandler = print
    return inner.Parse('inside', True)
outer.ExternalEntityRefHandler = external
outer.Parse('<!DOCTYPE a [<!ENTITY x SYSTEM "file.xml">]><a>&x;</a>', True)
p = pyexpat.ParserCreate(encoding='cp1251')
p.CharacterDataHandler = print
p.Parse('<a>\u0416</a>'.encode('cp1251'), True)

root = ET.fromstring(DOC)
print(ET.tostring(root), [(e.tag, e.attrib, e.text) for e in root.iter()])
print([(ev, el.tag) for ev, el in ET.iterparse(io.BytesIO(DOC.encode()), ['start', 'end'])])
print(xml.dom.minidom.parseString('<a x="1"><b>t</b></a>').toprettyxml(indent=' '))
class H(xml.sax.ContentHandler):
    def startElement(self, name, attrs):
        print('sax', name, dict(attrs))
xml.sax.parseString('<a x="1"><b/></a>', H())
data = {'k': [1, 2.5, True, b'bytes', 'text']}
print(plistlib.loads(plistlib.dumps(data)) == data)
