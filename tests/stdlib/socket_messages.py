"""sendmsg, recvmsg, recvmsg_into; abstract names; file descriptors through a socket."""
import array
import os
import socket

a, b = socket.socketpair()
print(a.sendmsg([b'one', bytearray(b'two'), memoryview(b'three')]))
print(b.recvmsg(100))
x, y = bytearray(4), bytearray(20)
a.send(b'0123456789')
print(b.recvmsg_into([x, y]), x, y)
r, w = os.pipe()
a.sendmsg([b'fd'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [w]))])
data, anc, flags, addr = b.recvmsg(10, socket.CMSG_LEN(4))
(level, kind, raw), = anc
print(data, level == socket.SOL_SOCKET, kind == socket.SCM_RIGHTS, len(raw), flags & socket.MSG_CTRUNC, addr)
fd = array.array('i', raw)[0]
os.write(fd, b'through')
print(os.read(r, 100))
os.close(fd)
print(socket.CMSG_LEN(4), socket.CMSG_SPACE(4))
for f in (lambda: a.sendmsg(3), lambda: a.sendmsg([3]), lambda: b.recvmsg(-1), lambda: b.recvmsg(1, -1), lambda: b.recvmsg_into(3),
          lambda: b.recvmsg_into([b'x']), lambda: a.sendmsg([b'x'], 3), lambda: socket.CMSG_LEN(2**31), lambda: socket.CMSG_SPACE(-1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
a.close()
b.close()
with socket.socket(socket.AF_UNIX) as s:
    s.bind('')
    print(len(s.getsockname()), s.getsockname()[:1])
print(socket.if_indextoname(1), socket.IPPROTO_UDPLITE, socket.IPV6_HOPLIMIT)
