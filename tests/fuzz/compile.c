/* tests/fuzz/compile.c - any bytes: parser, scopes and compiler neither crash nor leak, whatever allocation
 * fails, and what is compiled passes the verifier.
 *
 * Built by `make fuzz-compile` (clang's libFuzzer); corpus in tests/fuzz/corpus/compile.  The first byte
 * chooses mode and optimisation, the second which allocation fails (0: none). */
#include "gc/mem.h"
#include "lang/unit.h"
#include "lang/verify.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    OuMem mem;
    OuArena arena;
    OuParse p;
    OuParseMode mode = (OuParseMode)(data[0] % 3);
    ou_mem_init(&mem, OU_MEM_SYSTEM);
    ou_arena_init(&arena, &mem);
    ou_parse_init(&p, &arena, &mem, 0);
    if (data[1])
        ou_mem_set_fail(&mem, data[1], 0);
    OuNode *tree = ou_parse_run(&p, (const char *)data + 2, n - 2, mode);
    OuCompile c = {.parse = &p, .optimize = data[0] >> 2 & 3};
    OuUnit *unit = tree ? ou_compile(&c, tree) : NULL;
    char why[200];
    if (unit ? ou_verify_unit(unit, why, sizeof why) < 0 : p.diag.kind == OU_DIAG_NONE) {
        fprintf(stderr, "%s\n", unit ? why : "rejected without an error");
        abort();
    }
    ou_arena_free(&arena);
    if (mem.used)
        abort();
    ou_mem_done(&mem);
    return 0;
}
