# sigwaitinfo, sigtimedwait, pidfd_send_signal.
import os, signal


def show(f, *a):
    try:
        print(f.__name__, repr(f(*a)))
    except Exception as e:
        print(f.__name__, type(e).__name__, e)


signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
i = signal.sigwaitinfo([signal.SIGUSR1])
print(type(i), i.si_signo, i.si_pid == os.getpid(), i.si_uid == os.getuid(), len(i))
show(signal.sigtimedwait, [signal.SIGUSR1], 0)
show(signal.sigtimedwait, [signal.SIGUSR1], 0.01)
show(signal.sigtimedwait, [signal.SIGUSR1], -1)
show(signal.sigtimedwait, [signal.SIGUSR1], "x")
show(signal.sigwaitinfo, [0])
fd = os.pidfd_open(os.getpid())
show(signal.pidfd_send_signal, fd, signal.SIGUSR1)
print(signal.sigtimedwait({signal.SIGUSR1}, 1).si_signo)
show(signal.pidfd_send_signal, fd, signal.SIGUSR1, 3)
show(signal.pidfd_send_signal, -1, signal.SIGUSR1)
print(signal.struct_siginfo.__match_args__)
