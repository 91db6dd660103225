/* tests/unit/lang_fixture.h - one parse state over the system allocator, for the tests of lang/. */
#ifndef OU_TESTS_LANG_FIXTURE_H
#define OU_TESTS_LANG_FIXTURE_H

#include "lang/ast_build.h"
#include "lang/lexer.h"
#include "lang/source.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static OuMem mem;
static OuArena arena;
static OuParse p;

static void begin(void)
{
    ou_mem_init(&mem, OU_MEM_SYSTEM);
    ou_arena_init(&arena, &mem);
    ou_parse_init(&p, &arena, &mem, 0);
}

static void end(void)
{
    ou_arena_free(&arena);
    ck_assert_uint_eq(mem.used, 0);
    ou_mem_done(&mem);
}

#endif
