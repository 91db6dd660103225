"""Names of codecs and error handlers: NUL and surrogates inside, names nobody knows, and what -X dev checks early."""
import codecs
import io
import subprocess
import sys

calls = {
    "lookup": codecs.lookup,
    "lookup_error": codecs.lookup_error,
    "register_error": lambda n: codecs.register_error(n, len),
    "encoding of encode": lambda n: "".encode(n),
    "encoding of decode": lambda n: b"".decode(n),
    "encoding of str": lambda n: str(b"", n),
    "encoding of bytes": lambda n: bytes("a", n),
    "errors of encode": lambda n: "\xe9".encode("ascii", n),
    "errors of decode": lambda n: b"".decode("ascii", n),
    "encoding of TextIOWrapper": lambda n: io.TextIOWrapper(io.BytesIO(), encoding=n),
    "errors of TextIOWrapper": lambda n: io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=n),
    "reconfigured encoding": lambda n: io.TextIOWrapper(io.BytesIO()).reconfigure(encoding=n),
}


def check():
    for what, call in calls.items():
        for name in "\udcfe", "unheard", *([] if sys.flags.dev_mode else ["utf-8\0", "replace\0"]):
            if what.startswith("reconfigured") and "\0" in name:
                continue
            try:
                call(name)
                print(what, ascii(name), "works")
            except Exception as e:
                print(what, ascii(name), type(e).__name__, ascii(str(e)))


check()
if not sys.flags.dev_mode:
    r = subprocess.run([sys.executable, "-X", "dev", "-W", "ignore", __file__], capture_output=True, text=True)
    print(r.stdout, r.stderr)
