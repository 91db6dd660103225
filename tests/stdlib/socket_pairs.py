"""Module socket: pairs, addresses, timeouts, messages; asyncio on top."""
import asyncio
import socket

a, b = socket.socketpair()
print(a.family == socket.AF_UNIX, a.type == socket.SOCK_STREAM, a.proto, a.gettimeout(), a.getblocking())
print(a.send(b"hello"), b.recv(2), b.recv(10))
buf = bytearray(8)
a.sendall(b"world")
print(b.recv_into(buf), bytes(buf))
b.settimeout(0.01)
for f in (lambda: b.recv(1), lambda: (b.setblocking(False), b.recv(1))):
    try:
        f()
    except OSError as e:
        print(type(e).__name__, e)
a.shutdown(socket.SHUT_WR)
b.settimeout(None)
print(b.recv(1))
a.close()
b.close()
print(a.fileno(), b)
with socket.create_server(("127.0.0.1", 0)) as server:
    client = socket.create_connection(server.getsockname())
    peer, addr = server.accept()
    print(addr == client.getsockname(), peer.getpeername() == addr)
    client.sendall(b"x" * 30000)  # fits into the buffers: nobody reads yet
    client.close()
    n = 0
    while data := peer.recv(65536):
        n += len(data)
    peer.close()
    print(n)
print(socket.inet_aton("1.2.3.4"), socket.inet_ntoa(b"\x7f\0\0\1"), socket.inet_pton(socket.AF_INET6, "::1"), socket.htons(1), socket.ntohl(1))
print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))
s = socket.socket()
for f in (lambda: s.connect(3), lambda: s.connect(("a",)), lambda: s.bind(("127.0.0.1", 70000)), lambda: s.settimeout(-1), lambda: s.recv(-1),
          lambda: socket.inet_aton("x"), lambda: socket.htons(70000), lambda: socket.htons(-1), lambda: socket.socket(999), lambda: s.recv(1)):
    try:
        f()
    except (OSError, TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__, e)
s.close()


async def echo(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"quiet\n")
    print(await reader.read())
    writer.close()
    server.close()
    await server.wait_closed()
    print(await asyncio.gather(*(asyncio.sleep(0.001 * i, i) for i in range(3))))

asyncio.run(main())
