/* vm/exc_syntax.c - SyntaxError(msg, (filename, lineno, offset, text[, end_lineno, end_offset])). */
#include "exc_impl.h"

static int fill(OuVM *vm, OuExcSyntaxError *e, OuObj *info)
{
    size_t n = OU_TUPLE(info)->n;
    OuObj **v = OU_TUPLE(info)->items;
    if (n < 4)
        return ou_type_error_i(vm, "function takes at least 4 arguments (%zu given)", n);
    if (n > 6)
        return ou_type_error_i(vm, "function takes at most 6 arguments (%zu given)", n);
    ou_exc_put(vm, &e->filename, v[0]);
    ou_exc_put(vm, &e->lineno, v[1]);
    ou_exc_put(vm, &e->offset, v[2]);
    ou_exc_put(vm, &e->text, v[3]);
    ou_exc_put(vm, &e->end_lineno, n > 4 ? v[4] : NULL);
    ou_exc_put(vm, &e->end_offset, n > 5 ? v[5] : NULL);
    if (n == 5)
        return ou_type_error_i(vm, "end_offset must be provided when end_lineno is provided");
    return 0;
}

void ou_syntax_error_place(OuVM *vm, OuObj *exc, OuObj *place)
{
    fill(vm, (OuExcSyntaxError *)exc, place);
}

static int syntaxerror_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExcSyntaxError *e = (OuExcSyntaxError *)self;
    if (ou_exc_init_base(vm, self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs >= 1)
        ou_exc_put(vm, &e->msg, args[0]);
    if (nargs != 2)
        return 0;
    OuObj *info = ou_sequence_tuple(vm, args[1]);
    int r = info ? fill(vm, e, info) : -1;
    ou_xdecref(vm, info);
    return r;
}

/* The last part of a path; new, NULL on error. */
static OuObj *basename_of(OuVM *vm, OuObj *path)
{
    ou_ssize n = ou_str_len(path), start = n;
    while (start > 0 && ou_str_at(OU_STR(path), start - 1) != '/')
        start--;
    return start ? ou_str_slice(vm, path, start, n) : ou_ref(path);
}

static OuObj *syntaxerror_str(OuVM *vm, OuObj *self)
{
    OuExcSyntaxError *e = (OuExcSyntaxError *)self;
    OuObj *msg = e->msg ? e->msg : OU_NONE(vm), *name = NULL, *res;
    bool line = e->lineno && ou_is(e->lineno, int);
    int64_t lineno = -1;
    if (e->filename && ou_isa_str(vm, e->filename) && !(name = basename_of(vm, e->filename)))
        return NULL;
    if (line)
        ou_int_fits(e->lineno, &lineno);
    if (name && line)
        res = ou_str_fmt(vm, "%S (%U, line %lld)", msg, name, (long long)lineno);
    else if (name)
        res = ou_str_fmt(vm, "%S (%U)", msg, name);
    else if (line)
        res = ou_str_fmt(vm, "%S (line %lld)", msg, (long long)lineno);
    else
        res = ou_str(vm, msg);
    ou_xdecref(vm, name);
    return res;
}

OU_EXC_LAYOUT(syntaxerror, OuExcSyntaxError, msg, 8)
#define FIELD(name, doc)                                                   \
    {                                                                      \
#name, OU_MEMBER_OBJ, offsetof(OuExcSyntaxError, name), false, doc \
    }
static const OuMember syntaxerror_members[] = {
    FIELD(msg, "exception msg"),
    FIELD(filename, "exception filename"),
    FIELD(lineno, "exception lineno"),
    FIELD(offset, "exception offset"),
    FIELD(text, "exception text"),
    FIELD(end_lineno, "exception end lineno"),
    FIELD(end_offset, "exception end offset"),
    FIELD(print_file_and_line, "exception print_file_and_line"),
    {0},
};
const OuTypeSpec ou_exc_spec_syntaxerror = {
    OU_EXC_SPEC(syntaxerror, OuExcSyntaxError, "SyntaxError"),
    .s = {.str = syntaxerror_str, .init = syntaxerror_init},
    .members = syntaxerror_members,
};
