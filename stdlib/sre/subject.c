/* stdlib/sre/subject.c - a subject, the memory of a match, and running it. */
#include "sre.h"
#include "vm/text/bytes.h"

int ou_sre_stack_grow(OuSre *s, size_t need)
{
    size_t cap = s->stack_cap ? s->stack_cap * 2 : 256;
    while (cap < need)
        cap *= 2;
    int64_t *p = ou_realloc(s->vm, s->stack, s->stack_cap * sizeof *p, cap * sizeof *p);
    if (!p)
        return -1;
    s->stack = p;
    s->stack_cap = cap;
    return 0;
}

int ou_sre_rep_new(OuSre *s, int64_t pc, int64_t prev)
{
    if (s->nrep == s->rep_cap) {
        size_t cap = s->rep_cap ? s->rep_cap * 2 : 16;
        OuSreRep *p = ou_realloc(s->vm, s->rep, s->rep_cap * sizeof *p, cap * sizeof *p);
        if (!p)
            return -1;
        s->rep = p;
        s->rep_cap = cap;
    }
    s->rep[s->nrep] = (OuSreRep){-1, -1, pc, prev};
    return (int)s->nrep++;
}

void ou_sre_reset(OuSre *s)
{
    s->lastmark = -1;
    s->lastindex = -1;
}

int ou_sre_begin(OuVM *vm, OuSre *s, OuPattern *p, OuObj *string, ou_ssize pos, ou_ssize endpos)
{
    ou_ssize n;
    *s = (OuSre){.vm = vm, .string = string, .must_advance = -1, .lastmark = -1, .lastindex = -1};
    if (ou_isa_str(vm, string)) {
        s->p = OU_STR(string)->data;
        s->kind = (int)OU_STR(string)->kind;
        n = ou_str_len(string);
    } else {
        if (!ou_has_buffer(vm, string))
            return ou_type_error_i(vm, "expected string or bytes-like object, got '%T'", string);
        if (ou_buffer_get(vm, string, &s->view, OU_BUF_SIMPLE) < 0)
            return -1;
        s->isbytes = true;
        s->p = s->view.buf;
        s->kind = 1;
        n = s->view.len;
    }
    if (p->isbytes >= 0 && s->isbytes != (bool)p->isbytes) {
        ou_type_error(vm, s->isbytes ? "cannot use a string pattern on a bytes-like object"
                                     : "cannot use a bytes pattern on a string-like object");
        ou_sre_end(s);
        return -1;
    }
    pos = pos < 0 ? 0 : pos > n ? n : pos;
    endpos = endpos < 0 ? 0 : endpos > n ? n : endpos;
    s->start = pos;
    s->end = endpos;
    s->nmarks = p->groups * 2;
    if (s->nmarks) {
        if (!(s->mark = ou_alloc(vm, (size_t)s->nmarks * sizeof *s->mark))) {
            ou_sre_end(s);
            return -1;
        }
        for (ou_ssize i = 0; i < s->nmarks; i++)
            s->mark[i] = -1;
    }
    return 0;
}

void ou_sre_end(OuSre *s)
{
    OuVM *vm = s->vm;
    if (s->isbytes)
        ou_buffer_release(vm, &s->view);
    if (s->mark)
        ou_free(vm, s->mark, (size_t)s->nmarks * sizeof *s->mark);
    if (s->stack)
        ou_free(vm, s->stack, s->stack_cap * sizeof *s->stack);
    if (s->rep)
        ou_free(vm, s->rep, s->rep_cap * sizeof *s->rep);
    *s = (OuSre){.vm = vm};
}

int ou_sre_match(OuSre *s, const uint32_t *code)
{
    if (s->start > s->end)
        return 0;
    return s->kind == 1   ? ou_sre_match1(s, code, 0)
           : s->kind == 2 ? ou_sre_match2(s, code, 0)
                          : ou_sre_match4(s, code, 0);
}

int ou_sre_search(OuSre *s, const uint32_t *code)
{
    return s->kind == 1   ? ou_sre_search1(s, code)
           : s->kind == 2 ? ou_sre_search2(s, code)
                          : ou_sre_search4(s, code);
}

OuObj *ou_sre_slice(OuSre *s, ou_ssize a, ou_ssize b)
{
    if (!s->isbytes)
        return ou_str_slice(s->vm, s->string, a, b);
    if (ou_is(s->string, bytes) && a == 0 && b == (ou_ssize)OU_BYTES(s->string)->len)
        return ou_ref(s->string);
    return ou_bytes_new(s->vm, b > a ? (const char *)s->p + a : "", b > a ? b - a : 0);
}

OuObj *ou_sre_group(OuSre *s, ou_ssize i)
{
    if (i == 0)
        return ou_sre_slice(s, s->start, s->ptr);
    i = (i - 1) * 2;
    if (i + 1 > s->lastmark || s->mark[i] < 0 || s->mark[i + 1] < 0)
        return NULL;
    return ou_sre_slice(s, s->mark[i], s->mark[i + 1]);
}
