/* tests/embed/example.c - a program with interpreters inside: values in and out, calls both ways, errors, a memory budget,
 * several interpreters at once.  Built and run by tests/embed/run.sh; prints what it finds. */
#include <ouro.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Every function about values that calls() leaves out. */
static void values(void)
{
    char *argv[] = {"host", "--flag"};
    OuroVM *vm =
        ouro_new(&(OuroConfig){.isolated = 1, .no_site = 1, .program = "host", .argc = 2, .argv = argv});
    size_t n = 0;
    check(strlen(ouro_version()) >= 3, "version");
    OuroValue *args = ouro_eval(vm, "__import__('sys').argv == ['host', '--flag']");
    check(ouro_truth(vm, args) == 1, "sys.argv is the host's");
    OuroValue *none = ouro_none(vm), *yes = ouro_bool(vm, 1), *data = ouro_bytes(vm, "a\0b", 3);
    check(strcmp(ouro_type(vm, none), "NoneType") == 0 && strcmp(ouro_type(vm, yes), "bool") == 0 &&
              ouro_truth(vm, none) == 0,
          "None, bool, type names");
    const char *bytes = ouro_as_bytes(vm, data, &n);
    check(bytes && n == 3 && memcmp(bytes, "a\0b", 3) == 0 && ouro_len(vm, data) == 3, "bytes in and out");
    OuroValue *items[] = {none, yes, data}, *tuple = ouro_tuple(vm, items, 3), *dict = ouro_dict(vm);
    OuroValue *key = ouro_str(vm, "key"), *got = NULL, *last = ouro_at(vm, tuple, -1);
    check(ouro_len(vm, tuple) == 3 && strcmp(ouro_type(vm, last), "bytes") == 0, "tuple");
    check(ouro_set_item(vm, dict, key, tuple) == 0 && (got = ouro_item(vm, dict, key)) == tuple,
          "dict items");
    check(!ouro_item(vm, dict, none) && strcmp(ouro_error(vm), "KeyError: None") == 0,
          "a key that is missing");
    ouro_clear_error(vm);
    check(ouro_error(vm) == NULL, "an error is cleared");
    char *text = ouro_text(vm, key, &n);
    check(text && n == 3 && strcmp(text, "key") == 0, "text with its length");
    free(text);
    OuroValue *math = ouro_import(vm, "math"), *pi = math ? ouro_attr(vm, math, "pi") : NULL;
    double d = 0;
    check(pi && ouro_as_float(vm, pi, &d) == 0 && d > 3.14 && d < 3.15, "import, attribute");
    check(ouro_set_attr(vm, math, "twice", yes) == 0 && !ouro_attr(vm, math, "nothing"),
          "set an attribute; one that is missing");
    OuroValue *upper = ouro_call_method(vm, key, "upper", NULL, 0);
    text = ouro_text(vm, upper, NULL);
    check(text && strcmp(text, "KEY") == 0, "method");
    free(text);
    check(!ouro_call_method(vm, key, "nothing", NULL, 0) && !ouro_call(vm, key, NULL, 0),
          "no such method; not callable");
    int64_t v = 0;
    OuroValue *big = ouro_eval(vm, "2**70");
    check(big && ouro_as_int(vm, big, &v) < 0 && strstr(ouro_error(vm), "OverflowError"),
          "an int that does not fit");
    check(ouro_as_int(vm, key, &v) < 0 && ouro_as_float(vm, key, &d) < 0 && !ouro_as_bytes(vm, key, &n),
          "wrong types");
    OuroValue *held = ouro_retain(dict);
    check(held == dict && ouro_len(vm, held) == 1 && ouro_len(vm, none) == -1, "retain");
    char path[] = "/tmp/ouro-embed-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs("from_file = __name__ + ' ' + __file__[:15]\n", f);
    fclose(f);
    check(ouro_run_file(vm, path) == 0, "a file runs");
    remove(path);
    OuroValue *name = ouro_get(vm, "from_file");
    text = name ? ouro_text(vm, name, NULL) : NULL;
    check(text && strcmp(text, "__main__ /tmp/ouro-embed") == 0, "in module __main__");
    free(text);
    check(ouro_run_file(vm, path) < 0 && strstr(ouro_error(vm), "FileNotFoundError"),
          "a file that is not there");
    size_t used = ouro_memory_used(vm);
    ouro_set_memory_limit(vm, used + (2u << 20));
    check(ouro_run(vm, "b = bytearray(8 << 20)", NULL) < 0 && strstr(ouro_error(vm), "MemoryError"),
          "a limit set later");
    ouro_set_memory_limit(vm, 0);
    check(ouro_run(vm, "b = bytearray(8 << 20)", NULL) == 0 && ouro_memory_used(vm) >= used + (8u << 20),
          "and taken away");
    check(ouro_run(vm, "raise SystemExit(3)", NULL) < 0 && strstr(ouro_error(vm), "SystemExit"),
          "SystemExit does not end the host");
    ouro_release(vm, NULL);
    ouro_run(vm, "import atexit\natexit.register(lambda: open('/tmp/ouro-embed-atexit', 'w').close())\n",
             NULL);
    OuroValue *all[] = {args, none, yes, data, tuple, dict, key, got, last, math, pi, upper, big, held, name};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ouro_release(vm, all[i]);
    ouro_free(vm);
    check(remove("/tmp/ouro-embed-atexit") == 0, "atexit functions run at the end");
}

/* Calls back into Python from a C function that Python called, as deep as asked. */
static OuroValue *bounce(OuroVM *vm, void *data, OuroValue *const *args, size_t n)
{
    OuroValue *f = ouro_get(vm, "bounce_back"), *r = f ? ouro_call(vm, f, args, n) : NULL;
    ouro_release(vm, f);
    return r;
}

static void both_ways(void)
{
    OuroVM *vm = ouro_new(NULL);
    OuroValue *fn = ouro_function(vm, "bounce", bounce, NULL), *r;
    int64_t v = 0;
    ouro_set(vm, "bounce", fn);
    ouro_run(vm, "def bounce_back(n):\n    if n == 0: raise KeyError('end')\n    return bounce(n - 1)\n",
             NULL);
    check((r = ouro_eval(vm, "bounce(100)")) == NULL && strcmp(ouro_error(vm), "KeyError: 'end'") == 0,
          "an error through a hundred calls both ways");
    check(ouro_run(vm, "try:\n    bounce(10**6)\nexcept RecursionError:\n    deep = 1\n", NULL) == 0 &&
              (r = ouro_get(vm, "deep")) && ouro_as_int(vm, r, &v) == 0 && v == 1,
          "endless calls both ways are a RecursionError");
    ouro_release(vm, r);
    ouro_release(vm, fn);
    ouro_free(vm);
}

int main(void)
{
    calls();
    values();
    both_ways();
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
