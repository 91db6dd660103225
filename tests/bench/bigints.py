# Arithmetic beyond 64 bits: factorial, Fibonacci, modular powers, modulo.
def main():
    f = 1
    for i in range(1, 3500):
        f *= i
    a, b = 0, 1
    for _ in range(20000):
        a, b = b, a + b
    p = 2 ** 521 - 1
    m = pow(3, p - 1, p)
    n = 0
    for i in range(40000):
        n = (n * 6364136223846793005 + 1442695040888963407) % 2 ** 128
    return f % 10 ** 20 + f.bit_length(), a % 10 ** 12, m, n % 10 ** 9


print(main())
