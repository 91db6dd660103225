/* vm/text/str_format.c - str.format, format_map, str.__format__, and the parsers behind string.Formatter
 * (_string).
 *
 * A format string is literal text and replacement fields "{name!conversion:spec}"; the spec may hold fields
 * of its own, one level deep. */
#include "text.h"
#include "str_format.h"
#include "str_methods.h"
#include "../format_spec.h"

/* ---- markup ------------------------------------------------------------------------ */
static uint32_t at(const OuMarkup *m, ou_ssize i)
{
    return ou_str_at(OU_STR(m->s), i);
}

int ou_markup_next(OuVM *vm, OuMarkup *m, OuMarkupField *f)
{
    *f = (OuMarkupField){0};
    if (m->i >= m->end)
        return 0;
    /* literal text up to a brace; a doubled brace ends the literal with one of them */
    ou_ssize start = m->i;
    uint32_t c = 0;
    while (m->i < m->end) {
        c = at(m, m->i++);
        if (c == '{' || c == '}')
            break;
        c = 0;
    }
    f->literal = start;
    f->literal_end = m->i;
    if (!c)
        return 1;
    bool more = m->i < m->end;
    if (c == '}' && (!more || at(m, m->i) != '}'))
        return ou_value_error_i(vm, "Single '}' encountered in format string");
    if (!more)
        return ou_value_error_i(vm, "Single '{' encountered in format string");
    if (at(m, m->i) == c) { /* "{{" or "}}" */
        m->i++;
        return 1;
    }
    f->literal_end--;
    f->present = true;
    /* the name, up to ! or : outside brackets */
    f->name = m->i;
    while (m->i < m->end) {
        c = at(m, m->i++);
        if (c == '{')
            return ou_value_error_i(vm, "unexpected '{' in field name");
        if (c == '[') {
            while (m->i < m->end && at(m, m->i) != ']')
                m->i++;
            continue;
        }
        if (c == '}' || c == ':' || c == '!')
            break;
    }
    f->name_end = m->i - 1;
    if (c != '!' && c != ':') {
        if (c != '}')
            return ou_value_error_i(vm, "expected '}' before end of string");
        f->spec = f->spec_end = m->i - 1;
        return 1;
    }
    if (c == '!') {
        if (m->i >= m->end)
            return ou_value_error_i(vm, "end of string while looking for conversion specifier");
        f->conversion = at(m, m->i++);
        if (m->i < m->end) {
            c = at(m, m->i++);
            if (c == '}') {
                f->spec = f->spec_end = m->i - 1;
                return 1;
            }
            if (c != ':')
                return ou_value_error_i(vm, "expected ':' after conversion specifier");
        }
    }
    f->spec = m->i;
    for (int depth = 1; m->i < m->end; m->i++) {
        c = at(m, m->i);
        if (c == '{') {
            f->nested = true;
            depth++;
        } else if (c == '}' && --depth == 0) {
            f->spec_end = m->i++;
            return 1;
        }
    }
    return ou_value_error_i(vm, "unmatched '{' in format spec");
}

/* Digits as an index; -1: not a number, -2: error. */
static ou_ssize digits(OuVM *vm, OuObj *s, ou_ssize a, ou_ssize b)
{
    ou_ssize v = 0;
    if (a >= b)
        return -1;
    for (; a < b; a++) {
        uint32_t c = ou_str_at(OU_STR(s), a);
        if (c < '0' || c > '9')
            return -1;
        if (v > (PTRDIFF_MAX - (ou_ssize)(c - '0')) / 10) {
            ou_value_error(vm, "Too many decimal digits in format string");
            return -2;
        }
        v = v * 10 + (c - '0');
    }
    return v;
}

int ou_fieldname_first(OuVM *vm, OuFieldName *n, OuObj *s, ou_ssize start, ou_ssize end)
{
    ou_ssize i = start;
    while (i < end && ou_str_at(OU_STR(s), i) != '.' && ou_str_at(OU_STR(s), i) != '[')
        i++;
    *n = (OuFieldName){s, i, end, start, i, digits(vm, s, start, i)};
    return n->index == -2 ? -1 : 0;
}

int ou_fieldname_next(OuVM *vm, OuFieldName *n, bool *is_attr, ou_ssize *start, ou_ssize *end,
                      ou_ssize *index)
{
    if (n->i >= n->end)
        return 0;
    uint32_t c = ou_str_at(OU_STR(n->s), n->i++);
    *start = n->i;
    *index = -1;
    if (c == '.') {
        *is_attr = true;
        while (n->i < n->end && ou_str_at(OU_STR(n->s), n->i) != '.' && ou_str_at(OU_STR(n->s), n->i) != '[')
            n->i++;
        *end = n->i;
    } else if (c == '[') {
        *is_attr = false;
        while (n->i < n->end && ou_str_at(OU_STR(n->s), n->i) != ']')
            n->i++;
        if (n->i >= n->end)
            return ou_value_error_i(vm, "Missing ']' in format string");
        *end = n->i++;
        if ((*index = digits(vm, n->s, *start, *end)) == -2)
            return -1;
    } else {
        return ou_value_error_i(vm, "Only '.' or '[' may follow ']' in format field specifier");
    }
    if (*start == *end)
        return ou_value_error_i(vm, "Empty attribute in format string");
    return 1;
}

/* ---- rendering ----------------------------------------------------------------------- */
typedef struct Job {
    OuVM *vm;
    OuObj *const *args;
    size_t nargs;
    OuTuple *kwnames; /* values follow args[nargs] */
    OuObj *mapping;   /* format_map */
    ou_ssize next;    /* automatic numbering */
    int numbering;    /* 0 not decided, 1 automatic, 2 manual */
} Job;

static int number_state(Job *j, bool automatic)
{
    int want = automatic ? 1 : 2;
    if (j->numbering == 0)
        j->numbering = want;
    if (j->numbering == want)
        return 0;
    return ou_value_error_i(
        j->vm, want == 2 ? "cannot switch from automatic field numbering to manual field specification"
                         : "cannot switch from manual field specification to automatic field numbering");
}

static OuObj *first_object(Job *j, OuFieldName *n)
{
    OuVM *vm = j->vm;
    ou_ssize index = n->index;
    bool empty = n->first == n->first_end;
    if ((empty || index >= 0) && number_state(j, empty) < 0)
        return NULL;
    if (empty)
        index = j->next++;
    if (index >= 0) {
        if (j->mapping)
            return ou_value_error(vm, "Format string contains positional fields");
        if ((size_t)index >= j->nargs)
            return ou_raise(vm, OU_EXC(vm, IndexError),
                            "Replacement index %zd out of range for positional args tuple", index);
        return ou_ref(j->args[index]);
    }
    OuObj *key = ou_str_slice(vm, n->s, n->first, n->first_end), *r = NULL;
    if (!key)
        return NULL;
    if (j->mapping) {
        r = ou_getitem(vm, j->mapping, key);
    } else {
        for (size_t i = 0; j->kwnames && i < j->kwnames->n && !r; i++)
            if (ou_str_eq(OU_STR(j->kwnames->items[i]), OU_STR(key)))
                r = ou_ref(j->args[j->nargs + i]);
        if (!r)
            ou_raise_key(vm, key);
    }
    ou_decref(vm, key);
    return r;
}

static OuObj *field_object(Job *j, OuObj *s, ou_ssize start, ou_ssize end)
{
    OuVM *vm = j->vm;
    OuFieldName n;
    if (ou_fieldname_first(vm, &n, s, start, end) < 0)
        return NULL;
    OuObj *o = first_object(j, &n);
    while (o) {
        bool attr;
        ou_ssize a, b, index;
        int r = ou_fieldname_next(vm, &n, &attr, &a, &b, &index);
        if (r == 0)
            return o;
        OuObj *key = r < 0 ? NULL : !attr && index >= 0 ? ou_int(vm, index) : ou_str_slice(vm, s, a, b);
        OuObj *v = !key ? NULL : attr ? ou_getattr(vm, o, key) : ou_getitem(vm, o, key);
        ou_xdecref(vm, key);
        ou_decref(vm, o);
        o = v;
    }
    return NULL;
}

static int render(Job *j, OuStrBuf *out, OuObj *s, ou_ssize start, ou_ssize end, int depth);

static int render_field(Job *j, OuStrBuf *out, OuObj *s, OuMarkupField *f, int depth)
{
    OuVM *vm = j->vm;
    OuObj *o = field_object(j, s, f->name, f->name_end), *spec = NULL, *text = NULL;
    if (!o)
        return -1;
    if (f->conversion) {
        OuObj *c = f->conversion == 'r'   ? ou_repr(vm, o)
                   : f->conversion == 's' ? ou_str(vm, o)
                   : f->conversion == 'a' ? ou_ascii(vm, o)
                   : f->conversion > 32 && f->conversion < 127
                       ? ou_value_error(vm, "Unknown conversion specifier %c", (int)f->conversion)
                       : ou_value_error(vm, "Unknown conversion specifier \\x%x", f->conversion);
        ou_decref(vm, o);
        if (!(o = c))
            return -1;
    }
    if (f->nested) {
        OuStrBuf b;
        char scratch[64];
        ou_strbuf_init_on(&b, vm, scratch);
        if (render(j, &b, s, f->spec, f->spec_end, depth - 1) < 0) {
            ou_strbuf_free(&b);
            ou_decref(vm, o);
            return -1;
        }
        spec = ou_strbuf_take(&b);
    } else {
        spec = ou_str_slice(vm, s, f->spec, f->spec_end);
    }
    if (spec)
        text = ou_str_len(spec) == 0 && ou_is(o, str) ? ou_ref(o) : ou_format(vm, o, spec);
    int r = text ? ou_strbuf_str(out, text) : -1;
    ou_xdecref(vm, text);
    ou_xdecref(vm, spec);
    ou_decref(vm, o);
    return r;
}

static int render(Job *j, OuStrBuf *out, OuObj *s, ou_ssize start, ou_ssize end, int depth)
{
    if (depth < 0)
        return ou_value_error_i(j->vm, "Max string recursion exceeded");
    OuMarkup m = {s, start, end};
    OuMarkupField f;
    int r;
    while ((r = ou_markup_next(j->vm, &m, &f)) > 0) {
        if (ou_strbuf_sub(out, s, f.literal, f.literal_end) < 0)
            return -1;
        if (f.present && render_field(j, out, s, &f, depth) < 0)
            return -1;
    }
    return r;
}

OuObj *ou_str_format(OuVM *vm, OuObj *format, OuObj *const *args, size_t nargs, OuObj *kwnames,
                     OuObj *mapping)
{
    Job j = {.vm = vm, .args = args, .nargs = nargs, .kwnames = (OuTuple *)kwnames, .mapping = mapping};
    OuStrBuf out;
    char scratch[256];
    ou_strbuf_init_on(&out, vm, scratch);
    if (render(&j, &out, format, 0, ou_str_len(format), 1) < 0) {
        ou_strbuf_free(&out);
        return NULL;
    }
    return ou_strbuf_take(&out);
}

/* ---- str.__format__ -------------------------------------------------------------------- */
OuObj *ou_str_format_spec(OuVM *vm, OuObj *o, OuObj *spec)
{
    OuFmtSpec f;
    if (ou_str_len(spec) == 0)
        return ou_is(o, str) ? ou_ref(o) : ou_str(vm, o);
    if (ou_fmt_parse(vm, spec, OU_TYPE_OF(vm, o)->name, 's', '<', &f) < 0)
        return NULL;
    if (f.type != 's')
        return ou_fmt_unknown(vm, f.type, OU_TYPE_OF(vm, o)->name);
    if (f.sign)
        return f.sign == ' ' ? ou_value_error(vm, "Space not allowed in string format specifier")
                             : ou_value_error(vm, "Sign not allowed in string format specifier");
    if (f.zero_neg)
        return ou_value_error(vm, "Negative zero coercion (z) not allowed in string format specifier");
    if (f.alt)
        return ou_value_error(vm, "Alternate form (#) not allowed in string format specifier");
    if (f.align == '=')
        return ou_value_error(vm, "'=' alignment not allowed in string format specifier");
    OuChars t = ou_text_of_str(o);
    if (f.precision >= 0 && f.precision < t.n) {
        t.n = f.precision;
        t.owner = NULL;
    }
    ou_ssize pad = f.width > t.n ? f.width - t.n : 0;
    if (!pad && t.owner)
        return ou_str_exact(vm, o);
    if (!pad)
        return ou_str_slice(vm, o, 0, t.n);
    ou_ssize left = f.align == '>' ? pad : f.align == '^' ? pad / 2 : 0;
    return ou_text_pad(vm, &t, left, pad - left, f.fill);
}
