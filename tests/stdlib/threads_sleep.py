"""A thread that sleeps, or waits for a socket, lets the others run."""
import socket
import threading
import time

order = []
def sleeper(n):
    time.sleep(n * 0.15)
    order.append(n)
start = time.monotonic()
threads = [threading.Thread(target=sleeper, args=(n,)) for n in (3, 1, 2)]
for t in threads:
    t.start()
order.append(0)
for t in threads:
    t.join()
print(order, time.monotonic() - start < 0.8)

server = socket.create_server(('127.0.0.1', 0))
def client():
    c = socket.create_connection(server.getsockname())
    time.sleep(0.4)
    order.append('client')
    c.close()
t = threading.Thread(target=client)
t.start()
conn, _ = server.accept()
order.append('accepted')
print(conn.recv(1))
t.join()
print(order[-2:])
conn.close()
server.close()
