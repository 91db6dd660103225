# The clock of a number that is no thread's is an error (CPython 3.11 passes it to the C library, which crashes).
import time

try:
    time.pthread_getcpuclockid(722)
except OSError as e:
    print("OSError")
