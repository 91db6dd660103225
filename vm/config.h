/* vm/config.h - what the command line and the environment ask of a VM (filled by stdlib/cmdline.c or an embedder). */
#ifndef OU_VM_CONFIG_H
#define OU_VM_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct OuConfig {
    int argc;
    char *const *argv; /* sys.argv */
    int orig_argc;
    char **orig_argv;    /* sys.orig_argv */
    const char *program; /* argv[0] of the process, for sys.executable */
    /* sys.flags */
    int debug, inspect, interactive, optimize, dont_write_bytecode, no_user_site, no_site, ignore_environment,
        verbose, bytes_warning, quiet, isolated, dev_mode, utf8_mode, safe_path, warn_default_encoding;
    int hash_randomization; /* 1 random, 0: hash_seed */
    uint32_t hash_seed;
    int int_max_str_digits; /* -1: default 4300 */
    char **xoptions;        /* "name" or "name=value"; n of them */
    int nxoptions;
    char **warnoptions;
    int nwarnoptions;
    const char *pycache_prefix; /* sys.pycache_prefix, or NULL */
    const char *check_pycs;     /* --check-hash-based-pycs, or NULL */
    bool importtime;            /* -X importtime */
    bool unbuffered, malloc_system, gc_stress, no_debug_ranges;
    bool leakcheck;       /* -X leakcheck */
    int gc_stress_full;   /* -X gcstress=N: each Nth collection is full */
    uint64_t fail_alloc;  /* -X failalloc=N; 0: off */
    int tracemalloc;      /* frames of -X tracemalloc=N, PYTHONTRACEMALLOC; 0: off */
    uint64_t memlimit;    /* bytes; 0: none */
    bool locale_deferred; /* LC_CTYPE is C.UTF-8, though setlocale was not called yet */
    bool embedded;        /* no signal handlers, no sys.argv */
} OuConfig;

#endif
