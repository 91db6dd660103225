# Small modules over the C library: queue, fcntl, pwd, grp, resource, locale, statistics, termios, syslog, uuid,
# semaphores, shared memory.
import _locale, _multiprocessing, _posixshmem, _queue, _statistics, _uuid
import fcntl, grp, locale, os, pwd, resource, syslog, tempfile, termios, threading, time, uuid
import struct


def show(f, *a, **k):
    try:
        print(repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__module__, type(e).__name__, e)


print("-- queue")
q = _queue.SimpleQueue()
show(q.get, False)
show(q.get, timeout=-1)
show(q.get, timeout=0.01)
show(q.get, timeout="x")
show(q.get_nowait)
show(_queue.SimpleQueue, 1)
for i in range(100):
    q.put(i)
print(q.qsize(), q.empty(), [q.get() for i in range(50)][-1])
for i in range(100):
    q.put_nowait(item=i)
print(sum(q.get() for i in range(150)), q.empty())
t = threading.Timer(0.05, q.put, ["late"])
t.start()
print(q.get(timeout=60))
t.join()
got = []
ts = [threading.Thread(target=lambda: got.append(q.get())) for i in range(4)]
[t.start() for t in ts]
for i in range(4):
    q.put(i)
[t.join() for t in ts]
print(sorted(got), _queue.SimpleQueue[int], _queue.Empty.__mro__)

print("-- fcntl")
f = tempfile.TemporaryFile()
print(fcntl.fcntl(f, fcntl.F_GETFD), fcntl.fcntl(f.fileno(), fcntl.F_GETFL) & os.O_RDWR)
show(fcntl.fcntl, -1, 1)
show(fcntl.fcntl, "x", 1)
show(fcntl.fcntl, f, fcntl.F_GETFD, "x" * 1025)
show(fcntl.fcntl, f, 1, 2, 3)
lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
print(struct.unpack("hhqqi4x", fcntl.fcntl(f, fcntl.F_SETLK, lock))[0] == fcntl.F_WRLCK)
show(fcntl.flock, f, fcntl.LOCK_EX | fcntl.LOCK_NB)
show(fcntl.lockf, f, fcntl.LOCK_EX, 1, 2, 0)
show(fcntl.lockf, f, 0)
show(fcntl.flock, 99999, 1)
r, w = os.pipe()
os.write(w, b"abc")
b = bytearray(4)
print(fcntl.ioctl(r, termios.FIONREAD, b), b, fcntl.ioctl(r, termios.FIONREAD, b"\0\0\0\0"))
show(fcntl.ioctl, r, termios.TIOCGWINSZ, bytearray(8))

print("-- pwd, grp")
root = pwd.getpwuid(0)
print(root.pw_name, root.pw_uid, root[2], root.pw_dir, root == pwd.getpwnam("root"), root in pwd.getpwall(), len(root))
show(pwd.getpwuid, 10**30)
show(pwd.getpwuid, 3999999999)
show(pwd.getpwnam, "no-such-user")
show(pwd.getpwnam, 1)
show(pwd.getpwnam, "a\0b")
g = grp.getgrgid(0)
print(g.gr_name, g.gr_gid, g == grp.getgrnam("root"), g in grp.getgrall())
show(grp.getgrgid, "x")
show(grp.getgrgid, 3999999999)
show(grp.getgrnam, "no-such-group")
show(grp.getgrnam, name=1)

print("-- resource")
print(len(resource.getrusage(resource.RUSAGE_SELF)), resource.struct_rusage.__name__, resource.getpagesize())
soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
print(resource.getrlimit(resource.RLIMIT_CORE)[0], resource.prlimit(0, resource.RLIMIT_CORE)[0])
show(resource.getrlimit, 1000)
show(resource.getrusage, 1000)
show(resource.setrlimit, resource.RLIMIT_CORE, (1, 2, 3))
show(resource.setrlimit, resource.RLIMIT_NOFILE, (20, 10))
print(resource.error is OSError)

print("-- locale")
print(locale.setlocale(locale.LC_ALL, "C"), locale.setlocale(locale.LC_NUMERIC))
show(locale.setlocale, locale.LC_ALL, "no_SUCH")
show(locale.setlocale, 12345)
show(_locale.setlocale, 0, 1)
print(locale.localeconv())
print(locale.strcoll("a", "b") < 0, locale.strxfrm("abc"), locale.str(1.5), locale.format_string("%d", 12345, grouping=True))
print(locale.nl_langinfo(locale.DAY_1), locale.nl_langinfo(locale.RADIXCHAR), locale.nl_langinfo(locale.D_T_FMT))
show(locale.nl_langinfo, -5)
show(locale.strcoll, "a\0", "b")
show(locale.strcoll, 1, "b")
print(_locale.Error.__mro__[:2], _locale.gettext("x"), _locale.textdomain(None), _locale.dgettext(None, "y"))
show(_locale.bindtextdomain, "", None)

print("-- statistics")
for p in (0.5, 0.1, 0.9, 0.001, 1e-20, 0.999999, 0.0749, 0.0751):
    print(_statistics._normal_dist_inv_cdf(p, 10.0, 2.5))

print("-- termios")
m, s = os.openpty() if hasattr(os, "openpty") else (None, None)
a = termios.tcgetattr(s)
print(len(a), len(a[6]), all(isinstance(x, bytes) for x in a[6]), bool(a[3] & termios.ECHO))
a[3] &= ~(termios.ECHO | termios.ICANON)
termios.tcsetattr(s, termios.TCSANOW, a)
a = termios.tcgetattr(s)
print(a[6][termios.VMIN], a[6][termios.VTIME], bool(a[3] & termios.ECHO))
show(termios.tcsetattr, s, termios.TCSANOW, a[:3])
show(termios.tcsetattr, s, termios.TCSANOW, a[:6] + [[1]])
termios.tcsetwinsize(s, (25, 80))
print(termios.tcgetwinsize(m), termios.tcdrain(s), termios.tcflush(s, termios.TCIOFLUSH), termios.tcflow(s, termios.TCOON))
show(termios.tcgetattr, r)
show(termios.tcgetattr, "x")
show(termios.tcsetwinsize, s, 3)

print("-- syslog")
print(syslog.LOG_MASK(3), syslog.LOG_UPTO(3), syslog.setlogmask(0) != 0)
show(syslog.syslog, 1, 2)

print("-- uuid")
print(len(_uuid.generate_time_safe()[0]), uuid.uuid1().version)

print("-- semaphores, shared memory")
name = "/ouro-test-%d" % os.getpid()
s = _multiprocessing.SemLock(1, 2, 3, name, True)
print(s.kind, s.maxvalue, s.name, s._get_value(), s.acquire(), s._count(), s._is_mine(), s._is_zero())
print(s.acquire(False), s.acquire(False), s.acquire(True, 0.01), s.release(), s.release(), s.release())
show(s.release)
r = _multiprocessing.SemLock(0, 1, 1, name, False)
with r:
    print(r.acquire(), r._count(), r.release(), r.name == name)
show(r.release)
show(_multiprocessing.SemLock, 0, 1, 1, name, False)
_multiprocessing.sem_unlink(name)
show(_multiprocessing.SemLock, 5, 1, 1, name, False)
print(_multiprocessing.flags, _multiprocessing.SemLock.SEM_VALUE_MAX)
fd = _posixshmem.shm_open(name, os.O_CREAT | os.O_RDWR, mode=0o600)
os.ftruncate(fd, 100)
print(os.fstat(fd).st_size)
_posixshmem.shm_unlink(name)
show(lambda: _posixshmem.shm_unlink("/ouro-none"))
