/* stdlib/sys_info.c - the constants of module sys: version, flags, numeric limits, paths. */
#include <float.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys.h"
#include "version.h"
#include "vm/config.h"
#include "vm/instance.h"
#include "vm/structseq.h"
#include "vm/import.h"
#include "vm/marshal.h"
#include "vm/type.h"

static const OuGetSet version_fields[] = {
    OU_SEQ_FIELD(0, "major", "Major release number"),
    OU_SEQ_FIELD(1, "minor", "Minor release number"),
    OU_SEQ_FIELD(2, "micro", "Patch release number"),
    OU_SEQ_FIELD(3, "releaselevel", "'alpha', 'beta', 'candidate', or 'final'"),
    OU_SEQ_FIELD(4, "serial", "Serial release number"),
    {0},
};
static const OuStructSeq version_desc = {
    OU_STRUCTSEQ("sys.version_info", "sys.version_info\n\nVersion information as a named tuple.",
                 version_fields),
    .visible = 5, .total = 5, .no_new = true};

static const OuGetSet flag_fields[] = {
    OU_SEQ_FIELD(0, "debug", "-d"),
    OU_SEQ_FIELD(1, "inspect", "-i"),
    OU_SEQ_FIELD(2, "interactive", "-i"),
    OU_SEQ_FIELD(3, "optimize", "-O or -OO"),
    OU_SEQ_FIELD(4, "dont_write_bytecode", "-B"),
    OU_SEQ_FIELD(5, "no_user_site", "-s"),
    OU_SEQ_FIELD(6, "no_site", "-S"),
    OU_SEQ_FIELD(7, "ignore_environment", "-E"),
    OU_SEQ_FIELD(8, "verbose", "-v"),
    OU_SEQ_FIELD(9, "bytes_warning", "-b"),
    OU_SEQ_FIELD(10, "quiet", "-q"),
    OU_SEQ_FIELD(11, "hash_randomization", "-R"),
    OU_SEQ_FIELD(12, "isolated", "-I"),
    OU_SEQ_FIELD(13, "dev_mode", "-X dev"),
    OU_SEQ_FIELD(14, "utf8_mode", "-X utf8"),
    OU_SEQ_FIELD(15, "warn_default_encoding", "-X warn_default_encoding"),
    OU_SEQ_FIELD(16, "safe_path", "-P"),
    OU_SEQ_FIELD(17, "int_max_str_digits", "-X int_max_str_digits"),
    {0},
};
static const OuStructSeq flags_desc = {
    OU_STRUCTSEQ("sys.flags",
                 "sys.flags\n\nFlags provided through command line arguments or environment vars.",
                 flag_fields),
    .visible = 18, .total = 18, .no_new = true};

static const OuGetSet float_fields[] = {
    OU_SEQ_FIELD(0, "max", "DBL_MAX -- maximum representable finite float"),
    OU_SEQ_FIELD(1, "max_exp", "DBL_MAX_EXP"),
    OU_SEQ_FIELD(2, "max_10_exp", "DBL_MAX_10_EXP"),
    OU_SEQ_FIELD(3, "min", "DBL_MIN -- Minimum positive normalized float"),
    OU_SEQ_FIELD(4, "min_exp", "DBL_MIN_EXP"),
    OU_SEQ_FIELD(5, "min_10_exp", "DBL_MIN_10_EXP"),
    OU_SEQ_FIELD(6, "dig", "DBL_DIG"),
    OU_SEQ_FIELD(7, "mant_dig", "DBL_MANT_DIG -- mantissa digits"),
    OU_SEQ_FIELD(8, "epsilon", "DBL_EPSILON"),
    OU_SEQ_FIELD(9, "radix", "FLT_RADIX -- radix of exponent"),
    OU_SEQ_FIELD(10, "rounds", "FLT_ROUNDS -- rounding mode"),
    {0},
};
static const OuStructSeq float_desc = {
    OU_STRUCTSEQ("sys.float_info", "sys.float_info\n\nThe limits of the floating point type.", float_fields),
    .visible = 11, .total = 11};

static const OuGetSet int_fields[] = {
    OU_SEQ_FIELD(0, "bits_per_digit", "size of a digit in bits"),
    OU_SEQ_FIELD(1, "sizeof_digit", "size in bytes of the C type used to represent a digit"),
    OU_SEQ_FIELD(2, "default_max_str_digits", "maximum string conversion digits limitation"),
    OU_SEQ_FIELD(3, "str_digits_check_threshold", "minimum positive value for int_max_str_digits"),
    {0},
};
static const OuStructSeq int_desc = {
    OU_STRUCTSEQ("sys.int_info", "sys.int_info\n\nInformation about the internal representation of integers.",
                 int_fields),
    .visible = 4, .total = 4};

static const OuGetSet hash_fields[] = {
    OU_SEQ_FIELD(0, "width", NULL),     OU_SEQ_FIELD(1, "modulus", NULL),
    OU_SEQ_FIELD(2, "inf", NULL),       OU_SEQ_FIELD(3, "nan", NULL),
    OU_SEQ_FIELD(4, "imag", NULL),      OU_SEQ_FIELD(5, "algorithm", NULL),
    OU_SEQ_FIELD(6, "hash_bits", NULL), OU_SEQ_FIELD(7, "seed_bits", NULL),
    OU_SEQ_FIELD(8, "cutoff", NULL),    {0},
};
static const OuStructSeq hash_desc = {
    OU_STRUCTSEQ("sys.hash_info", "hash_info\n\nParameters used for calculating hashes.", hash_fields),
    .visible = 9, .total = 9};

static const OuGetSet thread_fields[] = {
    OU_SEQ_FIELD(0, "name", NULL), OU_SEQ_FIELD(1, "lock", NULL), OU_SEQ_FIELD(2, "version", NULL), {0}};
static const OuStructSeq thread_desc = {
    OU_STRUCTSEQ("sys.thread_info", "sys.thread_info\n\nInformation about the thread implementation.",
                 thread_fields),
    .visible = 3, .total = 3};

static const OuGetSet unraisable_fields[] = {
    OU_SEQ_FIELD(0, "exc_type", "Exception type"),
    OU_SEQ_FIELD(1, "exc_value", "Exception value"),
    OU_SEQ_FIELD(2, "exc_traceback", "Exception traceback"),
    OU_SEQ_FIELD(3, "err_msg", "Error message"),
    OU_SEQ_FIELD(4, "object", "Object causing the exception"),
    {0},
};
static const OuStructSeq unraisable_desc = {
    OU_STRUCTSEQ("UnraisableHookArgs",
                 "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.",
                 unraisable_fields),
    .visible = 5, .total = 5};

static const OuGetSet asyncgen_fields[] = {
    OU_SEQ_FIELD(0, "firstiter", NULL), OU_SEQ_FIELD(1, "finalizer", NULL), {0}};
static const OuStructSeq asyncgen_desc = {
    OU_STRUCTSEQ("asyncgen_hooks", "named tuple of the asynchronous generator hooks", asyncgen_fields),
    .visible = 2, .total = 2};

/* module.name := an instance of desc with these items (taken). */
static int add_seq(OuVM *vm, OuObj *m, const char *name, const OuStructSeq *desc, OuObj **items, size_t n)
{
    OuObj *o = ou_structseq_of(vm, desc);
    for (size_t i = 0; i < n; i++) {
        if (o)
            OU_TUPLE(o)->items[i] = items[i];
        else
            ou_xdecref(vm, items[i]);
    }
    return ou_module_add(vm, m, name, o ? ou_structseq_done(vm, o) : NULL);
}

static OuObj *ascii(OuVM *vm, const char *s)
{
    return ou_str_new(vm, s, -1);
}

static OuObj *list_of_strings(OuVM *vm, char *const *v, int n)
{
    OuObj *list = ou_list_new(vm, 0);
    for (int i = 0; list && i < n; i++) {
        OuObj *s = ou_fs_decode(vm, v[i], -1);
        if (!s || ou_list_append_take(vm, list, s) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static int add_implementation(OuVM *vm, OuObj *m, OuObj *version)
{
    OuObj *d = ou_dict_new(vm);
    if (!d)
        return -1;
    OuObj *name = ascii(vm, "ouro"), *tag = ou_str_fmt(vm, "ouro-311-%x", ou_instruction_hash(vm)),
          *hex = ou_int(vm, OU_PYTHON_HEX), *arch = ascii(vm, "x86_64-linux-gnu");
    int r = name && tag && hex && arch ? 0 : -1;
    if (r == 0)
        r = ou_dict_set_s(vm, d, "name", name);
    if (r == 0)
        r = ou_dict_set_s(vm, d, "cache_tag", tag);
    if (r == 0)
        r = ou_dict_set_s(vm, d, "version", version);
    if (r == 0)
        r = ou_dict_set_s(vm, d, "hexversion", hex);
    if (r == 0)
        r = ou_dict_set_s(vm, d, "_multiarch", arch);
    ou_xdecref(vm, name);
    ou_xdecref(vm, tag);
    ou_xdecref(vm, hex);
    ou_xdecref(vm, arch);
    r = r == 0 ? ou_module_add(vm, m, "implementation", ou_namespace_new(vm, d)) : -1;
    ou_decref(vm, d);
    return r;
}

static int add_xoptions(OuVM *vm, OuObj *m, const OuConfig *c)
{
    OuObj *d = ou_dict_new(vm);
    for (int i = 0; d && c && i < c->nxoptions; i++) {
        const char *eq = strchr(c->xoptions[i], '=');
        OuObj *k = ou_fs_decode(vm, c->xoptions[i], eq ? eq - c->xoptions[i] : -1);
        OuObj *v = eq ? ou_fs_decode(vm, eq + 1, -1) : ou_bool(vm, true);
        if (!k || !v || ou_dict_set(vm, d, k, v) < 0)
            ou_clear(vm, d);
        ou_xdecref(vm, k);
        ou_xdecref(vm, v);
    }
    return ou_module_add(vm, m, "_xoptions", d);
}

#define ADD(name, value)                       \
    if (ou_module_add(vm, m, name, value) < 0) \
    return -1

static int add_values(OuVM *vm, OuObj *m, const OuConfig *c)
{
    ADD("modules", ou_ref((OuObj *)vm->modules));
    ADD("version", ascii(vm, OU_VERSION_TEXT));
    ADD("hexversion", ou_int(vm, OU_PYTHON_HEX));
    ADD("api_version", ou_int(vm, 1013));
    ADD("copyright", ascii(vm, "Copyright (c) 2026 The ouro authors.\nAll Rights Reserved."));
    ADD("platform", ascii(vm, "linux"));
    ADD("byteorder", ascii(vm, "little"));
    ADD("maxsize", ou_int(vm, PTRDIFF_MAX));
    ADD("maxunicode", ou_int(vm, 0x10ffff));
    ADD("float_repr_style", ascii(vm, "short"));
    ADD("platlibdir", ascii(vm, "lib"));
    ADD("pycache_prefix", ou_none(vm));
    ADD("dont_write_bytecode", ou_bool(vm, c->dont_write_bytecode));
    ADD("_git", ou_tuple_pack(vm, 3, OU_EMPTY_STR(vm), OU_EMPTY_STR(vm), OU_EMPTY_STR(vm)));
    ADD("_framework", ou_ref(OU_EMPTY_STR(vm)));
    ADD("abiflags", ou_ref(OU_EMPTY_STR(vm)));
    ADD("meta_path", ou_list_new(vm, 0));
    ADD("path_hooks", ou_list_new(vm, 0));
    ADD("path_importer_cache", ou_dict_new(vm));
    ADD("argv", list_of_strings(vm, c->argv, c->argc));
    ADD("orig_argv", list_of_strings(vm, c->orig_argv, c->orig_argc));
    ADD("warnoptions", list_of_strings(vm, c->warnoptions, c->nwarnoptions));
    ADD("path", ou_list_new(vm, 0));
    return add_xoptions(vm, m, c);
}

static int add_flags(OuVM *vm, OuObj *m, const OuConfig *c)
{
    OuObj *flags[] = {
        ou_int(vm, c->debug),
        ou_int(vm, c->inspect),
        ou_int(vm, c->interactive),
        ou_int(vm, c->optimize),
        ou_int(vm, c->dont_write_bytecode),
        ou_int(vm, c->no_user_site),
        ou_int(vm, c->no_site),
        ou_int(vm, c->ignore_environment),
        ou_int(vm, c->verbose),
        ou_int(vm, c->bytes_warning),
        ou_int(vm, c->quiet),
        ou_int(vm, c->hash_randomization || c->hash_seed),
        ou_int(vm, c->isolated),
        ou_bool(vm, c->dev_mode),
        ou_int(vm, c->utf8_mode),
        ou_int(vm, c->warn_default_encoding),
        ou_bool(vm, c->safe_path),
        ou_int(vm, c->int_max_str_digits),
    };
    return add_seq(vm, m, "flags", &flags_desc, flags, 18);
}

/* version_info, and what is known of numbers, hashes and threads. */
static int add_records(OuVM *vm, OuObj *m)
{
    OuObj *version[] = {ou_int(vm, 3), ou_int(vm, 11), ou_int(vm, 7), ascii(vm, "final"), ou_int(vm, 0)};
    if (add_seq(vm, m, "version_info", &version_desc, version, 5) < 0)
        return -1;
    OuObj *floats[] = {ou_float(vm, DBL_MAX),
                       ou_int(vm, DBL_MAX_EXP),
                       ou_int(vm, DBL_MAX_10_EXP),
                       ou_float(vm, DBL_MIN),
                       ou_int(vm, DBL_MIN_EXP),
                       ou_int(vm, DBL_MIN_10_EXP),
                       ou_int(vm, DBL_DIG),
                       ou_int(vm, DBL_MANT_DIG),
                       ou_float(vm, DBL_EPSILON),
                       ou_int(vm, FLT_RADIX),
                       ou_int(vm, 1)};
    if (add_seq(vm, m, "float_info", &float_desc, floats, 11) < 0)
        return -1;
    /* scripts that print these expect CPython's 30-bit digits */
    OuObj *ints[] = {ou_int(vm, 30), ou_int(vm, 4), ou_int(vm, 4300), ou_int(vm, 640)};
    if (add_seq(vm, m, "int_info", &int_desc, ints, 4) < 0)
        return -1;
    OuObj *hashes[] = {ou_int(vm, 64),      ou_int(vm, (1LL << 61) - 1), ou_int(vm, 314159), ou_int(vm, 0),
                       ou_int(vm, 1000003), ascii(vm, "siphash13"),      ou_int(vm, 64),     ou_int(vm, 128),
                       ou_int(vm, 0)};
    if (add_seq(vm, m, "hash_info", &hash_desc, hashes, 9) < 0)
        return -1;
    OuObj *threads[] = {ascii(vm, "pthread"), ascii(vm, "semaphore"), ascii(vm, "NPTL 2.36")};
    if (add_seq(vm, m, "thread_info", &thread_desc, threads, 3) < 0)
        return -1;
    OuObj *v = ou_dict_get_s(vm, (OuObj *)((OuModule *)m)->dict, "version_info");
    return add_implementation(vm, m, v);
}

/* Types of records that are made later. */
static int add_types(OuVM *vm, OuObj *m)
{
    OuType *t = ou_structseq_type(vm, NULL, &unraisable_desc);
    if (!t || ou_module_add(vm, m, "UnraisableHookArgs", ou_ref((OuObj *)t)) < 0)
        return -1;
    t = ou_structseq_type(vm, NULL, &asyncgen_desc);
    return t ? ou_module_add(vm, m, "_asyncgen_hooks_type", ou_ref((OuObj *)t)) : -1;
}

/* builtin_module_names, sorted as CPython's, and stdlib_module_names. */
static int add_module_names(OuVM *vm, OuObj *m)
{
    OuObj *list = ou_list_new(vm, 0);
    for (const OuNativeModule *n = ou_native_modules; list && n->name; n++) {
        OuObj *s = ou_str_intern_s(vm, n->name);
        if (!s || ou_list_append_take(vm, list, s) < 0)
            ou_clear(vm, list);
    }
    if (list && ou_list_sort(vm, list, NULL, false) < 0)
        ou_clear(vm, list);
    OuObj *names = list ? ou_list_to_tuple(vm, list) : NULL;
    ou_xdecref(vm, list);
    ADD("builtin_module_names", names);
    static const char *const library[] = {
#define N(name) name,
#include "stdlib_names.def"
#undef N
    };
    OuObj *set = ou_frozenset_new(vm, NULL);
    for (size_t i = 0; set && i < sizeof library / sizeof *library; i++) {
        OuObj *s = ou_str_new(vm, library[i], -1);
        if (!s || ou_set_add(vm, set, s) < 0)
            ou_clear(vm, set);
        ou_xdecref(vm, s);
    }
    ADD("stdlib_module_names", set);
    return 0;
}

int ou_sys_init_info(OuVM *vm, OuObj *m)
{
    static const OuConfig none = {.int_max_str_digits = -1, .hash_randomization = 1};
    const OuConfig *c = vm->config ? vm->config : &none;
    return add_values(vm, m, c) < 0 || add_flags(vm, m, c) < 0 || add_records(vm, m) < 0 ||
                   add_types(vm, m) < 0 || add_module_names(vm, m) < 0
               ? -1
               : 0;
}
