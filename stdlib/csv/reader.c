/* stdlib/csv/reader.c - _csv.reader: lines to rows by a machine of nine states (those of the format's
 * description). */
#include "csv.h"

typedef enum {
    START_RECORD,
    START_FIELD,
    ESCAPED,
    IN_FIELD,
    IN_QUOTED,
    ESCAPE_IN_QUOTED,
    QUOTE_IN_QUOTED,
    EAT_CRNL,
    AFTER_ESCAPED_CRNL
} State;

typedef struct OuCsvReader {
    OuObj hdr;
    OuObj *iter;
    OuDialect *d;
    int64_t line_num;
    State state;
    OuObj *fields; /* list of the row under way, or NULL */
    OuStrBuf field;
    bool numeric;
} OuCsvReader;
#define R(o) ((OuCsvReader *)(o))

OuObj *ou_csv_reader(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs < 1 || nargs > 2)
        return ou_type_error(vm, "reader expected at %s %d argument%s, got %zu", nargs ? "most" : "least",
                             nargs ? 2 : 1, nargs ? "s" : "", nargs);
    OuObj *it = ou_iter(vm, args[0]),
          *d = it ? ou_csv_dialect(vm, nargs > 1 ? args[1] : NULL, args + nargs, kwnames) : NULL;
    OuCsvReader *r = d ? (OuCsvReader *)ou_type_alloc(vm, ou_csv_state(vm)->reader, 0) : NULL;
    if (!r) {
        ou_xdecref(vm, it);
        ou_xdecref(vm, d);
        return NULL;
    }
    r->iter = it;
    r->d = (OuDialect *)d;
    r->line_num = 0;
    r->fields = NULL;
    r->numeric = false;
    r->state = START_RECORD;
    ou_strbuf_init(&r->field, vm);
    return &r->hdr;
}

static void reader_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, R(o)->iter);
    ou_xdecref(vm, R(o)->d);
    ou_xdecref(vm, R(o)->fields);
    R(o)->field.vm = vm;
    ou_strbuf_free(&R(o)->field);
    ou_free_object(vm, o);
}

static int reader_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(R(o)->d);
    OU_VISIT(R(o)->iter);
    OU_VISIT(R(o)->fields);
    return 0;
}

static int save(OuVM *vm, OuCsvReader *r)
{
    OuObj *f = ou_strbuf_take(&r->field);
    if (f && r->numeric) {
        OuObj *x = ou_to_float(vm, f);
        ou_decref(vm, f);
        f = x;
    }
    r->numeric = false;
    return f ? ou_list_append_take(vm, r->fields, f) : -1;
}

static int add(OuVM *vm, OuCsvReader *r, uint32_t c)
{
    int64_t limit = ou_csv_state(vm)->field_limit;
    if ((int64_t)r->field.len >= limit) {
        ou_csv_error(vm, "field larger than field limit (%lld)", (long long)limit);
        return -1;
    }
    return ou_strbuf_char(&r->field, c);
}

#define EOL OU_CSV_NO_CHAR
#define IS(c, what) ((c) != EOL && (c) == (what))

/* One character, or EOL at the end of a line. */
static int step(OuVM *vm, OuCsvReader *r, uint32_t c)
{
    OuDialect *d = r->d;
    bool newline = c == '\n' || c == '\r' || c == EOL;
    switch (r->state) {
    case START_RECORD:
        if (c == EOL)
            return 0;
        if (newline) {
            r->state = EAT_CRNL;
            return 0;
        }
        r->state = START_FIELD; /* fall through */
    case START_FIELD:
        if (newline) {
            if (save(vm, r) < 0)
                return -1;
            r->state = c == EOL ? START_RECORD : EAT_CRNL;
        } else if (IS(c, d->quotechar) && d->quoting != OU_QUOTE_NONE) {
            r->state = IN_QUOTED;
        } else if (IS(c, d->escapechar)) {
            r->state = ESCAPED;
        } else if (c == ' ' && d->skipinitialspace) {
            return 0;
        } else if (IS(c, d->delimiter)) {
            return save(vm, r);
        } else {
            if (d->quoting == OU_QUOTE_NONNUMERIC)
                r->numeric = true;
            r->state = IN_FIELD;
            return add(vm, r, c);
        }
        return 0;
    case ESCAPED:
        if (c == '\n' || c == '\r') {
            r->state = AFTER_ESCAPED_CRNL;
            return add(vm, r, c);
        }
        r->state = IN_FIELD;
        return add(vm, r, c == EOL ? '\n' : c);
    case AFTER_ESCAPED_CRNL:
        if (c == EOL)
            return 0; /* fall through */
    case IN_FIELD:
        if (newline) {
            if (save(vm, r) < 0)
                return -1;
            r->state = c == EOL ? START_RECORD : EAT_CRNL;
        } else if (IS(c, d->escapechar)) {
            r->state = ESCAPED;
        } else if (IS(c, d->delimiter)) {
            r->state = START_FIELD;
            return save(vm, r);
        } else {
            r->state = IN_FIELD;
            return add(vm, r, c);
        }
        return 0;
    case IN_QUOTED:
        if (c == EOL)
            return 0;
        if (IS(c, d->escapechar))
            r->state = ESCAPE_IN_QUOTED;
        else if (IS(c, d->quotechar) && d->quoting != OU_QUOTE_NONE)
            r->state = d->doublequote ? QUOTE_IN_QUOTED : IN_FIELD;
        else
            return add(vm, r, c);
        return 0;
    case ESCAPE_IN_QUOTED:
        r->state = IN_QUOTED;
        return add(vm, r, c == EOL ? '\n' : c);
    case QUOTE_IN_QUOTED:
        if (d->quoting != OU_QUOTE_NONE && IS(c, d->quotechar)) {
            r->state = IN_QUOTED;
            return add(vm, r, c);
        }
        if (IS(c, d->delimiter)) {
            r->state = START_FIELD;
            return save(vm, r);
        }
        if (newline) {
            if (save(vm, r) < 0)
                return -1;
            r->state = c == EOL ? START_RECORD : EAT_CRNL;
            return 0;
        }
        if (d->strict) {
            ou_csv_error(vm, "'%c' expected after '%c'", (int)d->delimiter, (int)d->quotechar);
            return -1;
        }
        r->state = IN_FIELD;
        return add(vm, r, c);
    case EAT_CRNL:
        if (c == EOL)
            r->state = START_RECORD;
        else if (c != '\n' && c != '\r') {
            ou_csv_error(
                vm,
                "new-line character seen in unquoted field - do you need to open the file with newline=''?");
            return -1;
        }
        return 0;
    }
    return 0;
}

/* The end of the plain characters of a field from i on: those that the state takes as they are. */
static ou_ssize plain_end(const OuCsvReader *r, const OuStr *line, ou_ssize i)
{
    ou_ssize n = (ou_ssize)line->len;
    uint32_t esc = r->d->escapechar, end = r->state == IN_FIELD ? r->d->delimiter : r->d->quotechar;
    bool lines = r->state == IN_FIELD;
#define RUN(T)                                                                                    \
    do {                                                                                          \
        const T *p = (const T *)line->data;                                                       \
        while (i < n && p[i] != end && p[i] != esc && !(lines && (p[i] == '\n' || p[i] == '\r'))) \
            i++;                                                                                  \
    } while (0)
    if (line->kind == 1)
        RUN(uint8_t);
    else if (line->kind == 2)
        RUN(uint16_t);
    else
        RUN(uint32_t);
#undef RUN
    return i;
}

static OuObj *reader_next(OuVM *vm, OuObj *o)
{
    OuCsvReader *r = R(o);
    ou_clear(vm, r->fields);
    if (!(r->fields = ou_list_new(vm, 0)))
        return NULL;
    r->field.len = 0;
    r->numeric = false;
    r->state = START_RECORD;
    do {
        OuObj *line = ou_next(vm, r->iter);
        if (!line) {
            if (!ou_err_occurred(vm) && (r->field.len || r->state == IN_QUOTED) && r->fields) {
                if (r->d->strict)
                    return ou_csv_error(vm, "unexpected end of data");
                if (save(vm, r) == 0)
                    break;
            }
            return NULL;
        }
        if (!r->fields) {
            ou_decref(vm, line);
            return ou_csv_error(vm, "iterator has already advanced the reader");
        }
        if (!ou_isa_str(vm, line)) {
            ou_csv_error(
                vm, "iterator should return strings, not %T (the file should be opened in text mode)", line);
            ou_decref(vm, line);
            return NULL;
        }
        r->line_num++;
        int64_t limit = ou_csv_state(vm)->field_limit;
        int e = 0;
        for (ou_ssize i = 0; e == 0 && i < ou_str_len(line); i++) {
            if (r->state == IN_FIELD || r->state == IN_QUOTED) {
                ou_ssize end = plain_end(r, OU_STR(line), i);
                if (end > i && (int64_t)r->field.len + (end - i) <= limit) {
                    e = ou_strbuf_sub(&r->field, line, i, end);
                    i = end - 1;
                    continue;
                }
            }
            e = step(vm, r, ou_str_at(OU_STR(line), i));
        }
        ou_decref(vm, line);
        if (e < 0 || step(vm, r, EOL) < 0)
            return NULL;
    } while (r->state != START_RECORD);
    OuObj *fields = r->fields;
    r->fields = NULL;
    return fields;
}

static OuObj *get_line_num(OuVM *vm, OuObj *self, void *data)
{
    return ou_int(vm, R(self)->line_num);
}
static const OuGetSet getset[] = {{"line_num", get_line_num, NULL, NULL, NULL}, {0}};
static const OuMember members[] = {{"dialect", OU_MEMBER_OBJ, offsetof(OuCsvReader, d), true, NULL}, {0}};
const OuTypeSpec ou_csv_reader_spec = {
    .name = "_csv.reader",
    .size = sizeof(OuCsvReader),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .doc =
        "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.",
    .dealloc = reader_dealloc,
    .traverse = reader_traverse,
    .s = {.iter = ou_self_iter, .next = reader_next},
    .getset = getset,
    .members = members,
};
