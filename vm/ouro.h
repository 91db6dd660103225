/* ouro.h - embedding ouro: interpreters inside another program (stdlib/embed.c; link with -louro).
 *
 * Any number of interpreters may live in one process; they share nothing.  An interpreter is used by one thread at a time.
 *
 *     OuroVM *vm = ouro_new(NULL);
 *     if (ouro_run(vm, "def square(x): return x * x", "demo.py") < 0)
 *         puts(ouro_error(vm));
 *     OuroValue *f = ouro_get(vm, "square"), *x = ouro_int(vm, 12), *y = ouro_call(vm, f, &x, 1);
 *     int64_t n;
 *     if (y && ouro_as_int(vm, y, &n) == 0)
 *         printf("%lld\n", (long long)n);
 *     ouro_release(vm, f); ouro_release(vm, x); ouro_release(vm, y);
 *     ouro_free(vm);
 *
 * Values are counted references: each result is new and is given back by ouro_release (NULL is ignored); arguments stay the
 * caller's.  A function that fails returns NULL or -1, and ouro_error() says why until the next call that fails or
 * ouro_clear_error(). */
#ifndef OURO_H
#define OURO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OURO_API __attribute__((visibility("default")))

typedef struct OuroVM OuroVM;
typedef struct OuroValue OuroValue;

typedef struct OuroConfig {
    size_t memory_limit; /* bytes; 0: none.  Beyond it scripts get MemoryError */
    int isolated;        /* ignore PYTHON* variables and the user's site-packages */
    int no_site;         /* no site-packages at all */
    const char *program; /* sys.executable is looked for by this name; NULL: "ouro" */
    int argc;            /* sys.argv; 0: [''] */
    char **argv;         /* must live as long as the interpreter */
} OuroConfig;

/* ---- interpreters ---- */
OURO_API OuroVM *ouro_new(const OuroConfig *config); /* NULL: no memory, or its start failed */
/* Ends it as a program ends: atexit functions, finalizers.  All values must have been released. */
OURO_API void ouro_free(OuroVM *vm);
OURO_API const char *ouro_version(void);

/* ---- running code in module __main__ ---- */
OURO_API int ouro_run(OuroVM *vm, const char *source, const char *filename); /* filename NULL: "<string>" */
OURO_API int ouro_run_file(OuroVM *vm, const char *path);                    /* sets __file__ */
OURO_API OuroValue *ouro_eval(OuroVM *vm, const char *expression);
OURO_API OuroValue *ouro_get(OuroVM *vm, const char *name); /* a global */
OURO_API int ouro_set(OuroVM *vm, const char *name, OuroValue *value);
OURO_API OuroValue *ouro_import(OuroVM *vm, const char *module);

/* ---- values in: new references, NULL without memory ---- */
OURO_API OuroValue *ouro_none(OuroVM *vm);
OURO_API OuroValue *ouro_bool(OuroVM *vm, int b);
OURO_API OuroValue *ouro_int(OuroVM *vm, int64_t v);
OURO_API OuroValue *ouro_float(OuroVM *vm, double v);
OURO_API OuroValue *ouro_str(OuroVM *vm, const char *utf8); /* invalid bytes become U+FFFD */
OURO_API OuroValue *ouro_bytes(OuroVM *vm, const void *data, size_t n);
OURO_API OuroValue *ouro_list(OuroVM *vm, OuroValue *const *items, size_t n);
OURO_API OuroValue *ouro_tuple(OuroVM *vm, OuroValue *const *items, size_t n);
OURO_API OuroValue *ouro_dict(OuroVM *vm);

/* ---- values out: 0, or -1 with an error ---- */
OURO_API const char *ouro_type(OuroVM *vm, OuroValue *v); /* name of its type, valid while it lives */
/* An int that fits, or what has __index__; OverflowError beyond 64 bits. */
OURO_API int ouro_as_int(OuroVM *vm, OuroValue *v, int64_t *out);
OURO_API int ouro_as_float(OuroVM *vm, OuroValue *v, double *out);
OURO_API int ouro_truth(OuroVM *vm, OuroValue *v); /* 1, 0, -1 */
/* str(v) as UTF-8, to be freed with free(); *n (may be NULL) without the NUL. */
OURO_API char *ouro_text(OuroVM *vm, OuroValue *v, size_t *n);
OURO_API char *ouro_repr(OuroVM *vm, OuroValue *v);
/* Contents of a bytes object, valid while v lives. */
OURO_API const void *ouro_as_bytes(OuroVM *vm, OuroValue *v, size_t *n);
OURO_API int64_t ouro_len(OuroVM *vm, OuroValue *v);                     /* -1 */
OURO_API OuroValue *ouro_item(OuroVM *vm, OuroValue *v, OuroValue *key); /* v[key] */
OURO_API OuroValue *ouro_at(OuroVM *vm, OuroValue *v,
                            int64_t index); /* v[index]; from the end when negative */
OURO_API int ouro_set_item(OuroVM *vm, OuroValue *v, OuroValue *key, OuroValue *value);
OURO_API OuroValue *ouro_attr(OuroVM *vm, OuroValue *v, const char *name);
OURO_API int ouro_set_attr(OuroVM *vm, OuroValue *v, const char *name, OuroValue *value);

/* ---- calls, both ways ---- */
OURO_API OuroValue *ouro_call(OuroVM *vm, OuroValue *callable, OuroValue *const *args, size_t n);
OURO_API OuroValue *ouro_call_method(OuroVM *vm, OuroValue *v, const char *name, OuroValue *const *args,
                                     size_t n);
/* A C function as a callable.  It returns a new value, or NULL after ouro_raise (or after a call that failed). */
typedef OuroValue *(*OuroFunction)(OuroVM *vm, void *data, OuroValue *const *args, size_t n);
OURO_API OuroValue *ouro_function(OuroVM *vm, const char *name, OuroFunction fn,
                                  void *data); /* name must stay */

/* ---- references ---- */
OURO_API OuroValue *ouro_retain(OuroValue *v);
OURO_API void ouro_release(OuroVM *vm, OuroValue *v);

/* ---- errors ---- */
/* "ValueError: text" of the last failure, or NULL; valid until the next failure. */
OURO_API const char *ouro_error(OuroVM *vm);
/* The same with its traceback, as the command prints it. */
OURO_API const char *ouro_error_report(OuroVM *vm);
OURO_API void ouro_clear_error(OuroVM *vm);
/* Inside an OuroFunction: raises an exception of builtins; returns NULL. */
OURO_API OuroValue *ouro_raise(OuroVM *vm, const char *type, const char *message);

/* ---- memory ---- */
OURO_API void ouro_set_memory_limit(OuroVM *vm, size_t bytes); /* 0: none */
OURO_API size_t ouro_memory_used(OuroVM *vm);
OURO_API size_t ouro_memory_peak(OuroVM *vm);
OURO_API int64_t ouro_collect(OuroVM *vm); /* a full collection: objects freed */

#ifdef __cplusplus
}
#endif
#endif
