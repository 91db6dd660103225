/* stdlib/csv/writer.c - _csv.writer. */
#include "csv.h"
#include "vm/text/text.h"

typedef struct OuCsvWriter {
    OuObj hdr;
    OuObj *write;
    OuDialect *d;
} OuCsvWriter;
#define W(o) ((OuCsvWriter *)(o))

OuObj *ou_csv_writer(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs < 1 || nargs > 2)
        return ou_type_error(vm, "writer expected at %s %d argument%s, got %zu", nargs ? "most" : "least",
                             nargs ? 2 : 1, nargs ? "s" : "", nargs);
    OuObj *d = ou_csv_dialect(vm, nargs > 1 ? args[1] : NULL, args + nargs, kwnames), *write = NULL;
    if (!d)
        return NULL;
    int found = ou_lookup_attr(vm, args[0], OU_NAME(vm, write), &write);
    if (found > 0 && !ou_callable(vm, write)) {
        ou_decref(vm, write);
        found = 0;
    }
    if (found == 0)
        ou_type_error(vm, "argument 1 must have a \"write\" method");
    OuCsvWriter *w = found > 0 ? (OuCsvWriter *)ou_type_alloc(vm, ou_csv_state(vm)->writer, 0) : NULL;
    if (!w) {
        ou_decref(vm, d);
        if (found > 0)
            ou_decref(vm, write);
        return NULL;
    }
    w->write = write;
    w->d = (OuDialect *)d;
    return &w->hdr;
}

static void writer_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, W(o)->write);
    ou_xdecref(vm, W(o)->d);
    ou_free_object(vm, o);
}

static int writer_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(W(o)->d);
    OU_VISIT(W(o)->write);
    return 0;
}

static bool in_terminator(const OuDialect *d, uint32_t c)
{
    OuChars t = ou_text_of_str(d->lineterminator);
    return ou_text_find_char(&t, c, 0, t.n) >= 0;
}

/* Text of one field with what must be escaped; *quoted is set when it needs quotes around. */
static int put_field(OuVM *vm, OuStrBuf *b, const OuDialect *d, OuObj *s, bool *quoted, bool alone)
{
    ou_ssize n = ou_str_len(s);
    for (ou_ssize i = 0; i < n; i++) {
        uint32_t c = ou_str_at(OU_STR(s), i);
        if (c == d->delimiter || c == d->escapechar || c == d->quotechar || in_terminator(d, c)) {
            bool escape = d->quoting == OU_QUOTE_NONE;
            if (!escape) {
                if (c == d->quotechar) {
                    if (!d->doublequote)
                        escape = true;
                    else if (ou_strbuf_char(b, d->quotechar) < 0)
                        return -1;
                } else if (c == d->escapechar) {
                    escape = true;
                }
                if (!escape)
                    *quoted = true;
            }
            if (escape) {
                if (d->escapechar == OU_CSV_NO_CHAR) {
                    ou_csv_error(vm, "need to escape, but no escapechar set");
                    return -1;
                }
                if (ou_strbuf_char(b, d->escapechar) < 0)
                    return -1;
            }
        }
        if (ou_strbuf_char(b, c) < 0)
            return -1;
    }
    if (n == 0 && alone) {
        if (d->quoting == OU_QUOTE_NONE) {
            ou_csv_error(vm, "single empty field record must be quoted");
            return -1;
        }
        *quoted = true;
    }
    return 0;
}

static bool is_number(OuVM *vm, OuObj *o)
{
    const OuSuite *s = OU_TYPE_OF(vm, o)->u;
    return s->to_int || s->to_float || s->index || ou_is(o, complex);
}

static int put(OuVM *vm, OuStrBuf *b, const OuDialect *d, OuObj *field, bool alone)
{
    OuStrBuf one;
    OuObj *text = field == OU_NONE(vm)    ? ou_ref(OU_EMPTY_STR(vm))
                  : ou_isa_str(vm, field) ? ou_ref(field)
                                          : ou_str(vm, field);
    if (!text)
        return -1;
    bool quoted = d->quoting == OU_QUOTE_ALL || (d->quoting == OU_QUOTE_NONNUMERIC && !is_number(vm, field));
    ou_strbuf_init(&one, vm);
    int r = put_field(vm, &one, d, text, &quoted, alone);
    ou_decref(vm, text);
    if (r < 0) {
        ou_strbuf_free(&one);
        return -1;
    }
    OuObj *s = ou_strbuf_take(&one);
    r = !s || (quoted && ou_strbuf_char(b, d->quotechar) < 0) || ou_strbuf_str(b, s) < 0 ||
                (quoted && ou_strbuf_char(b, d->quotechar) < 0)
            ? -1
            : 0;
    ou_xdecref(vm, s);
    return r;
}

static OuObj *writerow(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuDialect *d = W(args[0])->d;
    OuObj *it = ou_iter(vm, args[1]), *list;
    if (!it) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_csv_error(vm, "iterable expected, not %T", args[1]);
        }
        return NULL;
    }
    list = ou_sequence_list(vm, it);
    ou_decref(vm, it);
    if (!list)
        return NULL;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    int r = 0;
    for (size_t i = 0; r == 0 && i < OU_LIST(list)->n; i++) {
        if (i)
            r = ou_strbuf_char(&b, d->delimiter);
        if (r == 0)
            r = put(vm, &b, d, OU_LIST(list)->items[i], OU_LIST(list)->n == 1);
    }
    ou_decref(vm, list);
    if (r < 0 || ou_strbuf_str(&b, d->lineterminator) < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    OuObj *line = ou_strbuf_take(&b), *res = line ? ou_call1(vm, W(args[0])->write, line) : NULL;
    ou_xdecref(vm, line);
    return res;
}

static OuObj *writerows(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *it = ou_iter(vm, args[1]), *row;
    if (!it)
        return NULL;
    while ((row = ou_next(vm, it))) {
        OuObj *a[2] = {args[0], row}, *r = writerow(vm, a, 2, NULL);
        ou_decref(vm, row);
        ou_xdecref(vm, r);
        if (!r)
            break;
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? NULL : ou_none(vm);
}

static const OuFn methods[] = {
    {"writerow(self, row, /)", writerow, 0,
     "writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields."},
    {"writerows(self, rows, /)", writerows, 0,
     "writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv file."},
    {0}};
static const OuMember members[] = {{"dialect", OU_MEMBER_OBJ, offsetof(OuCsvWriter, d), true, NULL}, {0}};
const OuTypeSpec ou_csv_writer_spec = {
    .name = "_csv.writer",
    .size = sizeof(OuCsvWriter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from "
           "sequence input.",
    .dealloc = writer_dealloc,
    .traverse = writer_traverse,
    .methods = methods,
    .members = members,
};
