/* tests/embed/example.c - a program with interpreters inside: values in and out, calls both ways, errors, a memory budget,
 * several interpreters at once.  Built and run by tests/embed/run.sh; prints what it finds. */
#include <ouro.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed;

static void check(int ok, const char *what)
{
    printf("%s %s\n", ok ? "ok  " : "FAIL", what);
    failed += !ok;
}

/* C called by a script: add(a, b), which refuses negative numbers. */
static OuroValue *add(OuroVM *vm, void *data, OuroValue *const *args, size_t n)
{
    int64_t a, b;
    if (n != 2)
        return ouro_raise(vm, "TypeError", "add() takes two numbers");
    if (ouro_as_int(vm, args[0], &a) < 0 || ouro_as_int(vm, args[1], &b) < 0)
        return NULL;
    if (a < 0 || b < 0)
        return ouro_raise(vm, "ValueError", "negative number");
    ++*(int *)data;
    return ouro_int(vm, a + b);
}

static void calls(void)
{
    OuroVM *vm = ouro_new(NULL);
    int count = 0;
    int64_t v = 0;
    double d = 0;
    check(vm != NULL, "an interpreter starts");
    check(ouro_run(vm, "def square(x):\n    return x * x\nnames = {'a': [1, 2.5, 'three']}\n", "demo.py") ==
              0,
          "run");
    OuroValue *f = ouro_get(vm, "square"), *x = ouro_int(vm, 12), *y = ouro_call(vm, f, &x, 1);
    check(y && ouro_as_int(vm, y, &v) == 0 && v == 144, "C calls Python");
    OuroValue *fn = ouro_function(vm, "add", add, &count);
    check(fn && ouro_set(vm, "add", fn) == 0, "a C function becomes a global");
    OuroValue *sum = ouro_eval(vm, "add(3, add(4, 5))");
    check(sum && ouro_as_int(vm, sum, &v) == 0 && v == 12 && count == 2, "Python calls C");
    check(!ouro_eval(vm, "add(1, -1)") && strcmp(ouro_error(vm), "ValueError: negative number") == 0,
          "an error of C reaches the host");
    check(ouro_run(vm, "try:\n    add('x', 1)\nexcept TypeError as e:\n    caught = str(e)\n", NULL) == 0,
          "a script catches an error of C");
    OuroValue *items = ouro_eval(vm, "names['a']"), *second = items ? ouro_at(vm, items, 1) : NULL;
    check(items && ouro_len(vm, items) == 3 && second && ouro_as_float(vm, second, &d) == 0 && d == 2.5,
          "list out");
    char *text = ouro_repr(vm, items);
    check(text && strcmp(text, "[1, 2.5, 'three']") == 0, "repr out");
    free(text);
    OuroValue *in[2] = {ouro_str(vm, "h\303\251"), ouro_float(vm, 0.5)}, *list = ouro_list(vm, in, 2);
    ouro_set(vm, "given", list);
    OuroValue *same = ouro_eval(vm, "given == ['h\\xe9', 0.5]");
    check(ouro_truth(vm, same) == 1, "list in");
    check(ouro_run(vm, "def f(:\n", "bad.py") < 0 && strncmp(ouro_error(vm), "SyntaxError", 11) == 0,
          "syntax error");
    check(ouro_run(vm, "def inner():\n    1/0\ninner()\n", "deep.py") < 0 &&
              strstr(ouro_error_report(vm), "in inner"),
          "traceback");
    check(!ouro_get(vm, "nothing") && strstr(ouro_error(vm), "nothing"), "absent global");
    OuroValue *all[] = {f, x, y, fn, sum, items, second, in[0], in[1], list, same};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ouro_release(vm, all[i]);
    ouro_free(vm);
}

static void budget(void)
{
    OuroVM *vm = ouro_new(&(OuroConfig){.memory_limit = 16u << 20});
    check(ouro_run(vm,
                   "x = []\ntry:\n    while True:\n        x.append(bytes(100000))\nexcept MemoryError:\n    "
                   "n = len(x)\n    x.clear()\n",
                   NULL) == 0,
          "the budget is a MemoryError");
    OuroValue *n = ouro_get(vm, "n");
    int64_t v = 0;
    check(n && ouro_as_int(vm, n, &v) == 0 && v > 50 && v < 170, "the budget is kept");
    ouro_release(vm, n);
    check(ouro_memory_peak(vm) <= 16u << 20, "the peak is within it");
    ouro_run(vm, "class A: pass\nfor i in range(10):\n    a = A(); a.a = a\ndel a\n", NULL);
    check(ouro_collect(vm) >= 10, "collect");
    ouro_free(vm);
}

static void *worker(void *arg)
{
    OuroVM *vm = ouro_new(NULL);
    int64_t v = -1;
    char code[200];
    snprintf(code, sizeof code, "total = %d\nfor i in range(20000):\n    total += i\n", *(int *)arg);
    if (vm && ouro_run(vm, code, NULL) == 0) {
        OuroValue *t = ouro_get(vm, "total");
        ouro_as_int(vm, t, &v);
        ouro_release(vm, t);
    }
    *(int *)arg = v == 199990000 + *(int *)arg;
    ouro_free(vm);
    return NULL;
}

int main(void)
{
    calls();
    budget();
    OuroVM *a = ouro_new(NULL), *b = ouro_new(NULL);
    ouro_run(a, "x = 'a'", NULL);
    ouro_run(b, "x = 'b'", NULL);
    OuroValue *xa = ouro_get(a, "x"), *xb = ouro_get(b, "x");
    char *ta = ouro_text(a, xa, NULL), *tb = ouro_text(b, xb, NULL);
    check(strcmp(ta, "a") == 0 && strcmp(tb, "b") == 0, "two interpreters share nothing");
    free(ta);
    free(tb);
    ouro_release(a, xa);
    ouro_release(b, xb);
    ouro_free(a);
    ouro_free(b);
    pthread_t t[4];
    int arg[4] = {0, 1, 2, 3};
    for (int i = 0; i < 4; i++)
        pthread_create(&t[i], NULL, worker, &arg[i]);
    int good = 1;
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
        good = good && arg[i] == 1;
    }
    check(good, "four interpreters in four threads");
    printf("%d failed\n", failed);
    return failed != 0;
}
