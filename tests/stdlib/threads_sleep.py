"""A thread that sleeps, or waits for a socket, lets the others run."""
import signal
import socket
import threading
import time

order = []


class Awake(Exception):
    pass


def wake(number, frame):
    if 'awake' not in order:
        order.append('awake')
        raise Awake


def other():
    order.append('other')
    while 'awake' not in order:  # a signal that comes just before the system call does not end it
        signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
        time.sleep(0.01)


signal.signal(signal.SIGUSR1, wake)
try:
    t = threading.Thread(target=other)
    t.start()
    time.sleep(1000)  # ended by the other thread
except Awake:
    t.join()
    print(order)

first, second = threading.Event(), threading.Event()


def sleeper():
    while not first.is_set():
        time.sleep(0.001)
    order.append('sleeper')
    second.set()


t = threading.Thread(target=sleeper)
t.start()
order.append('main')
first.set()
while not second.is_set():
    time.sleep(0.001)
t.join()
print(order)

server = socket.create_server(('127.0.0.1', 0))
accepted = threading.Event()


def client():
    c = socket.create_connection(server.getsockname())
    accepted.wait()
    order.append('client')
    c.close()


t = threading.Thread(target=client)
t.start()
conn, _ = server.accept()
order.append('accepted')
accepted.set()
print(conn.recv(1))  # until the client closes
t.join()
print(order)
conn.close()
server.close()
