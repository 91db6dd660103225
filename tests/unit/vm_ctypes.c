/* tests/unit/vm_ctypes.c - ctypes against functions that the C compiler made: structs by value in registers and memory, callbacks, threads that Python does not
 * know, two machines in one process. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "vm/ouro.h"

typedef struct Ints {
    int a, b, c;
} Ints;
typedef struct Mixed {
    float f;
    short s[2];
    double d;
} Mixed;
typedef struct Floats {
    float x, y, z;
} Floats;
typedef struct Bytes {
    char text[11];
} Bytes;
typedef struct Long {
    long double ld;
} Long;
typedef struct Bits {
    unsigned a : 3, b : 7;
    double d;
} Bits;
typedef struct Big {
    long v[5];
    Ints in;
} Big;
typedef union Word {
    double d;
    long l;
} Word;

static Ints swap_ints(Ints i)
{
    return (Ints){i.c, i.b, i.a};
}
static Mixed double_mixed(Mixed m, int n)
{
    return (Mixed){m.f * 2, {m.s[1], m.s[0]}, m.d * n};
}
static Floats add_floats(Floats p, Floats q)
{
    return (Floats){p.x + q.x, p.y + q.y, p.z + q.z};
}
static Bytes reverse(Bytes b)
{
    Bytes r;
    for (size_t i = 0; i < sizeof b.text; i++)
        r.text[i] = b.text[sizeof b.text - 1 - i];
    return r;
}
static Long half(Long v)
{
    return (Long){v.ld / 2};
}
static Bits more(Bits b)
{
    return (Bits){b.a + 1, b.b + 1, b.d + 1};
}
static Big bump(int before, Big b, double after)
{
    for (int i = 0; i < 5; i++)
        b.v[i] += before;
    b.in.c = (int)after;
    return b;
}
static Word negate(Word w)
{
    return (Word){.l = -w.l};
}
static double many(int a, double b, Ints c, float d, Mixed e, long f, Bytes g, Big h, short i, Floats j)
{
    return a + b + c.a + c.b + c.c + (double)d + e.d + e.s[0] + (double)f + g.text[0] + (double)h.v[4] + i +
           (double)j.z;
}
static double call_back(double (*fn)(Ints, Mixed, Big, float), int n)
{
    return fn((Ints){n, n + 1, n + 2}, (Mixed){0.5f, {3, 4}, 2.5}, (Big){{1, 2, 3, 4, 5}, {6, 7, 8}}, 1.5f);
}

typedef struct Job {
    int (*fn)(int);
    int n, result;
} Job;
static void *work(void *arg)
{
    Job *j = arg;
    for (int i = 0; i < 50; i++)
        j->result += j->fn(j->n + i);
    return NULL;
}
/* Calls fn from four threads of its own. */
static int from_threads(int (*fn)(int))
{
    pthread_t t[4];
    Job jobs[4];
    int sum = 0;
    for (int i = 0; i < 4; i++) {
        jobs[i] = (Job){fn, i * 100, 0};
        if (pthread_create(&t[i], NULL, work, &jobs[i]))
            return -1;
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
        sum += jobs[i].result;
    }
    return sum;
}

static OuroVM *machine(void)
{
    const struct {
        const char *name;
        void *fn;
    } rows[] = {
        {"swap_ints", (void *)swap_ints},
        {"double_mixed", (void *)double_mixed},
        {"add_floats", (void *)add_floats},
        {"reverse", (void *)reverse},
        {"half", (void *)half},
        {"more", (void *)more},
        {"bump", (void *)bump},
        {"negate", (void *)negate},
        {"many", (void *)many},
        {"call_back", (void *)call_back},
        {"from_threads", (void *)from_threads},
    };
    OuroVM *vm = ouro_new(&(OuroConfig){.isolated = 1, .no_site = 1});
    ck_assert_ptr_nonnull(vm);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        OuroValue *v = ouro_int(vm, (int64_t)(uintptr_t)rows[i].fn);
        char name[40];
        snprintf(name, sizeof name, "at_%s", rows[i].name);
        ck_assert_int_eq(ouro_set(vm, name, v), 0);
        ouro_release(vm, v);
    }
    const char *types =
        "from ctypes import *\n"
        "class Ints(Structure): _fields_ = [('a', c_int), ('b', c_int), ('c', c_int)]\n"
        "class Mixed(Structure): _fields_ = [('f', c_float), ('s', c_short * 2), ('d', c_double)]\n"
        "class Floats(Structure): _fields_ = [('x', c_float), ('y', c_float), ('z', c_float)]\n"
        "class Bytes(Structure): _fields_ = [('text', c_char * 11)]\n"
        "class Long(Structure): _fields_ = [('ld', c_longdouble)]\n"
        "class Bits(Structure): _fields_ = [('a', c_uint, 3), ('b', c_uint, 7), ('d', c_double)]\n"
        "class Big(Structure): _fields_ = [('v', c_long * 5), ('i', Ints)]\n"
        "class Word(Union): _fields_ = [('d', c_double), ('l', c_long)]\n";
    ck_assert_msg(ouro_run(vm, types, NULL) == 0, "%s", ouro_error(vm));
    return vm;
}
static void run(OuroVM *vm, const char *source)
{
    ck_assert_msg(ouro_run(vm, source, NULL) == 0, "%s", ouro_error_report(vm));
}

START_TEST(structs_by_value)
{
    OuroVM *vm = machine();
    run(vm, "r = CFUNCTYPE(Ints, Ints)(at_swap_ints)(Ints(1, 2, 3))\nassert (r.a, r.b, r.c) == (3, 2, 1)");
    run(vm, "r = CFUNCTYPE(Mixed, Mixed, c_int)(at_double_mixed)(Mixed(1.5, (7, 9), 2.5), 4)\n"
            "assert (r.f, r.s[:], r.d) == (3.0, [9, 7], 10.0)");
    run(vm, "r = CFUNCTYPE(Floats, Floats, Floats)(at_add_floats)(Floats(1, 2, 3), Floats(10, 20, 30))\n"
            "assert (r.x, r.y, r.z) == (11, 22, 33)");
    run(vm, "assert CFUNCTYPE(Bytes, Bytes)(at_reverse)(Bytes(b'abcdefghijk')).text == b'kjihgfedcba'");
    run(vm, "assert CFUNCTYPE(Long, Long)(at_half)(Long(5)).ld == 2.5");
    run(vm, "r = CFUNCTYPE(Bits, Bits)(at_more)(Bits(3, 100, 1.5))\nassert (r.a, r.b, r.d) == (4, 101, 2.5)");
    run(vm, "r = CFUNCTYPE(Big, c_int, Big, c_double)(at_bump)(10, Big((1, 2, 3, 4, 5), (6, 7, 8)), 99)\n"
            "assert (r.v[:], r.i.a, r.i.c) == ([11, 12, 13, 14, 15], 6, 99)");
    run(vm, "w = Word()\nw.l = 5\nassert CFUNCTYPE(Word, Word)(at_negate)(w).l == -5");
    run(vm, "f = CFUNCTYPE(c_double, c_int, c_double, Ints, c_float, Mixed, c_long, Bytes, Big, c_short, "
            "Floats)(at_many)\n"
            "assert f(1, 2, Ints(3, 4, 5), 6, Mixed(0, (7, 0), 8), 9, Bytes(b'a'), Big((0, 0, 0, 0, 10)), "
            "11, Floats(0, 0, 12)) "
            "== 1 + 2 + 12 + 6 + 15 + 9 + 97 + 10 + 11 + 12");
    ouro_free(vm);
}
END_TEST

START_TEST(callbacks)
{
    OuroVM *vm = machine();
    run(vm, "T = CFUNCTYPE(c_double, Ints, Mixed, Big, c_float)\n"
            "def f(i, m, b, x):\n"
            "    global seen\n"
            "    seen = (i.a, i.b, i.c, m.f, m.s[:], m.d, b.v[:], b.i.c, x)\n"
            "    return x * 2\n"
            "assert CFUNCTYPE(c_double, T, c_int)(at_call_back)(T(f), 7) == 3.0\n"
            "assert seen == (7, 8, 9, 0.5, [3, 4], 2.5, [1, 2, 3, 4, 5], 8, 1.5), seen");
    run(vm, "import _thread\n"
            "idents = set()\n"
            "I = CFUNCTYPE(c_int, c_int)\n"
            "def g(n):\n"
            "    idents.add(_thread.get_ident())\n"
            "    return n\n"
            "assert CFUNCTYPE(c_int, I)(at_from_threads)(I(g)) == sum(i * 100 + k for i in range(4) for k in "
            "range(50))\n"
            "assert _thread.get_ident() not in idents and idents");
    ouro_free(vm);
}
END_TEST

START_TEST(two_machines)
{
    OuroVM *one = machine(), *two = machine();
    const char *body = "I = CFUNCTYPE(c_int, c_int)\nf = I(lambda n: n + add)\nassert f(1) == 1 + add";
    run(one, "add = 10");
    run(two, "add = 20");
    run(one, body);
    run(two, body);
    OuroValue *f = ouro_get(one, "f");
    ouro_release(one, f);
    ouro_free(one);
    run(two, "assert f(5) == 25\nset_errno(3)\nassert get_errno() == 3");
    ouro_free(two);
}
END_TEST

SUITE("vm_ctypes", structs_by_value, callbacks, two_machines)
