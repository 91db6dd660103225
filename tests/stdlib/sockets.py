# sockets: pairs, TCP on the loopback, timeouts, addresses, errors
import socket, threading

a, b = socket.socketpair()
a.sendall(b"hello")
print(b.recv(3), b.recv(10))
buf = bytearray(4)
a.send(b"xy")
print(b.recv_into(buf), buf)
b.settimeout(0.01)
try:
    b.recv(1)
except TimeoutError as e:
    print("timeout", e)
b.setblocking(False)
try:
    b.recv(1)
except BlockingIOError as e:
    print(type(e).__name__, b.gettimeout(), b.getblocking())
a.close()
print(b.recv(1), a.fileno(), a._closed)
b.close()

srv = socket.create_server(("127.0.0.1", 0))
port = srv.getsockname()[1]
print(srv.family, srv.type, srv.proto)


def serve():
    conn, addr = srv.accept()
    with conn:
        f = conn.makefile("rwb")
        f.write(f.readline().upper())
        f.flush()
        f.close()


t = threading.Thread(target=serve)
t.start()
with socket.create_connection(("127.0.0.1", port), timeout=60) as c:
    c.sendall(b"line\n")
    print(c.recv(100), c.getpeername()[0], c.gettimeout())
t.join()
srv.close()
try:
    srv.accept()
except OSError as e:
    print(e.errno)

u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(("", 0))
v = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
v.sendto(b"dgram", ("127.0.0.1", u.getsockname()[1]))
d, addr = u.recvfrom(100)
print(d, addr[0])
u.close()
v.close()
print(socket.inet_aton("1.2.3.4"), socket.inet_ntoa(b"\x7f\0\0\1"), socket.inet_pton(socket.AF_INET6, "::1"))
print(socket.htons(1), socket.ntohl(1), socket.getdefaulttimeout())
print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
for f in (lambda: socket.inet_aton("x"), lambda: socket.socket().bind("x"), lambda: socket.socket().connect(("a", 70000)),
          lambda: socket.getaddrinfo("not-an-address", 1, flags=socket.AI_NUMERICHOST)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print(socket.gaierror.__mro__[1], socket.timeout, socket.error)
