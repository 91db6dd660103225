# Floating point in locals: a Mandelbrot picture.
def main(n):
    inside = 0
    for py in range(n):
        y0 = 2.0 * py / n - 1.0
        for px in range(n):
            x0 = 3.0 * px / n - 2.0
            x = y = 0.0
            i = 0
            while x * x + y * y <= 4.0 and i < 60:
                x, y = x * x - y * y + x0, 2.0 * x * y + y0
                i += 1
            inside += i == 60
    return inside


print(main(180))
