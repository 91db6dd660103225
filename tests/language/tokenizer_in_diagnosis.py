# A tokenizer error met while a syntax error is being diagnosed is the error.
for source in (b"with(0,,):\n\x01", b"if x y:\n\x01", b"while 1 2:\n  '", b"class A(:\n\x01"):
    try:
        compile(source, "<test>", "exec")
    except SyntaxError as e:
        print(e.msg, e.lineno)
