/* stdlib/sre/sremodule.c - module _sre: the matching engine of `re`, for the code that the library's re._compiler makes.  The parts: pattern.c, matchobj.c,
 * match.h (the engine, one text a width of characters), subject.c. */
#include "sre.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

OuSreState *ou_sre_state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__sre);
}

static int code_words(OuVM *vm, OuPattern *p, OuObj *list)
{
    p->ncode = (uint32_t)OU_LIST(list)->n;
    if (!(p->code = ou_alloc(vm, (p->ncode ? p->ncode : 1) * sizeof *p->code)))
        return -1;
    if (p->ncode == 0)
        p->ncode = 1, p->code[0] = FAILURE;
    for (size_t i = 0; i < OU_LIST(list)->n; i++) {
        uint64_t v;
        if (ou_as_u64(vm, OU_LIST(list)->items[i], &v) < 0)
            return -1;
        if (v > UINT32_MAX)
            return ou_raise_i(vm, OU_EXC(vm, OverflowError), "regular expression code size limit exceeded");
        p->code[i] = (uint32_t)v;
    }
    if (OU_LIST(list)->n == 0 || p->code[p->ncode - 1] != SUCCESS)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "invalid SRE code");
    return 0;
}

FN(sre_compile)
{
    int flags;
    ou_ssize groups;
    if (ou_as_int(vm, args[1], &flags) < 0)
        return NULL;
    if (!ou_isa_list(vm, args[2]))
        return ou_type_error(vm, "compile() argument 'code' must be list, not %s",
                             ou_arg_type_name(vm, args[2]));
    if (ou_as_ssize(vm, args[3], OU_EXC(vm, OverflowError), &groups) < 0)
        return NULL;
    if (!ou_isa_dict(vm, args[4]))
        return ou_type_error(vm, "compile() argument 'groupindex' must be dict, not %s",
                             ou_arg_type_name(vm, args[4]));
    if (!ou_isa_tuple(vm, args[5]))
        return ou_type_error(vm, "compile() argument 'indexgroup' must be tuple, not %s",
                             ou_arg_type_name(vm, args[5]));
    OuPattern *p = (OuPattern *)ou_type_alloc(vm, ou_sre_state(vm)->pattern, 0);
    if (!p)
        return NULL;
    p->groups = groups;
    p->flags = flags;
    p->code = NULL;
    p->ncode = 0;
    p->groupindex = ou_ref(args[4]);
    p->indexgroup = ou_ref(args[5]);
    p->pattern = ou_ref(args[0]);
    p->isbytes = args[0] == OU_NONE(vm) ? -1 : !ou_isa_str(vm, args[0]);
    if (p->isbytes == 1 && !ou_has_buffer(vm, args[0]))
        ou_type_error(vm, "expected string or bytes-like object, got '%T'", args[0]);
    else if (code_words(vm, p, args[2]) == 0)
        return &p->hdr;
    ou_decref(vm, p);
    return NULL;
}

FN(sre_getcodesize)
{
    return ou_int(vm, 4);
}

static int character(OuVM *vm, OuObj *o, uint32_t *c)
{
    int v;
    if (ou_as_int(vm, o, &v) < 0)
        return -1;
    *c = (uint32_t)v;
    return 0;
}
FN(sre_ascii_iscased)
{
    uint32_t c;
    return character(vm, args[0], &c) < 0 ? NULL
                                          : ou_bool(vm, c < 128 && ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
}
FN(sre_unicode_iscased)
{
    uint32_t c;
    return character(vm, args[0], &c) < 0 ? NULL
                                          : ou_bool(vm, ou_char_tolower(c) != c || ou_char_toupper(c) != c);
}
FN(sre_ascii_tolower)
{
    uint32_t c;
    return character(vm, args[0], &c) < 0 ? NULL : ou_int(vm, ou_sre_lower_ascii(c));
}
FN(sre_unicode_tolower)
{
    uint32_t c;
    return character(vm, args[0], &c) < 0 ? NULL : ou_int(vm, ou_char_tolower(c));
}

static const OuFn functions[] = {
    {"compile(pattern, flags, code, groups, groupindex, indexgroup)", sre_compile, 0, NULL},
    {"getcodesize()", sre_getcodesize, 0, NULL},
    {"ascii_iscased(character, /)", sre_ascii_iscased, 0, NULL},
    {"unicode_iscased(character, /)", sre_unicode_iscased, 0, NULL},
    {"ascii_tolower(character, /)", sre_ascii_tolower, 0, NULL},
    {"unicode_tolower(character, /)", sre_unicode_tolower, 0, NULL},
    {0},
};

static int exec(OuVM *vm, OuObj *module)
{
    OuSreState *st = ((OuModule *)module)->state;
    st->pattern = ou_type_from_spec(vm, &ou_sre_pattern_spec, NULL);
    st->match = ou_type_from_spec(vm, &ou_sre_match_spec, NULL);
    st->scanner = ou_type_from_spec(vm, &ou_sre_scanner_spec, NULL);
    if (!st->pattern || !st->match || !st->scanner)
        return -1;
    return ou_module_add_int(vm, module, "MAGIC", SRE_MAGIC) < 0 ||
                   ou_module_add_int(vm, module, "CODESIZE", 4) < 0 ||
                   ou_module_add_int(vm, module, "MAXREPEAT", SRE_MAXREPEAT) < 0 ||
                   ou_module_add_int(vm, module, "MAXGROUPS", 1073741823) < 0 ||
                   ou_module_add_str(vm, module, "copyright", "_sre of ouro") < 0
               ? -1
               : 0;
}

const OuModuleDef ou_mod__sre = {
    .name = "_sre", .functions = functions, .state_size = sizeof(OuSreState), .exec = exec};
