/* tests/fuzz/lexer.c - any bytes: the front end neither crashes nor leaks, and tokens tile the source in
 * order.
 *
 * Built by `make fuzz-lexer` (clang's libFuzzer); corpus in tests/fuzz/corpus/lexer.  The first byte chooses
 * mode and flags, and whether memory runs out on the way. */
#include "lang/lexer.h"
#include "lang/source.h"

#include <stdlib.h>

#define CHECK(x) ((x) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void walk_tokens(OuParse *p, OuParseMode mode)
{
    OuLex lex;
    ou_lex_init(&lex, p, mode);
    lex.keep = mode == OU_PARSE_EVAL;
    int r, depth = 0;
    uint32_t at = 0;
    while ((r = ou_lex_line(&lex)) > 0) {
        CHECK(lex.first < lex.n);
        for (size_t i = lex.first; i < lex.n; i++) {
            const OuToken *t = &lex.tok[i];
            CHECK(t->kind > TOK_NOTHING && t->kind < TOK_COUNT);
            CHECK(t->start >= at && t->end >= t->start && t->end <= p->source_len);
            CHECK(t->lineno <= t->end_lineno);
            CHECK((t->kind == TOK_NAME || t->kind == TOK_CASE || t->kind == TOK_MATCH ||
                   t->kind == TOK_TYPE_COMMENT) == (t->name != NULL));
            at = t->end;
            depth += t->kind == TOK_INDENT ? 1 : t->kind == TOK_DEDENT ? -1 : 0;
            CHECK(depth >= 0);
        }
    }
    if (!r) {
        bool error = lex.tok[lex.n - 1].kind == TOK_ERROR;
        CHECK(error == (lex.diag.kind != OU_DIAG_NONE));
        CHECK(error || lex.tok[lex.n - 1].kind == TOK_ENDMARKER);
        CHECK(error || lex.level == 0);
    }
    ou_lex_free(&lex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (!n)
        return 0;
    OuMem mem;
    OuArena arena;
    OuParse p;
    OuParseMode mode = (OuParseMode)(*data & 3);
    ou_mem_init(&mem, OU_MEM_SYSTEM);
    ou_arena_init(&arena, &mem);
    ou_parse_init(&p, &arena, &mem,
                  (*data & 4 ? OU_PARSE_TYPE_COMMENTS : 0u) | (*data & 8 ? OU_PARSE_DONT_IMPLY_DEDENT : 0u));
    if (*data & 16)
        ou_mem_set_fail(&mem, 1 + (*data >> 5), 0);
    const char *s = (const char *)data + 1;
    if (!ou_source_decode(&p, s, n - 1, mode))
        walk_tokens(&p, mode);
    else
        CHECK(p.diag.kind != OU_DIAG_NONE);
    ou_arena_free(&arena);

    ou_arena_init(&arena, &mem);
    unsigned flags = p.flags;
    ou_parse_init(&p, &arena, &mem, flags);
    CHECK(ou_parse_run(&p, s, n - 1, mode) || p.diag.kind != OU_DIAG_NONE);
    ou_arena_free(&arena);
    CHECK(mem.used == 0);
    ou_mem_done(&mem);
    return 0;
}
