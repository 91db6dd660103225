/* stdlib/compress/lzmafilters.c - filter specifications (dicts) of _lzma. */
#include <string.h>

#include "lzmamodule.h"

int ou_lzma_u32(OuVM *vm, OuObj *o, uint32_t *out)
{
    uint64_t v;
    if (ou_as_u64(vm, o, &v) < 0)
        return -1;
    if (v > UINT32_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Value too large for uint32_t type");
    *out = (uint32_t)v;
    return 0;
}

typedef struct Field {
    const char *name;
    uint32_t *to; /* NULL: known, not taken here */
} Field;

/* spec["name"] into each field that is there; other names are an error. */
static int take_fields(OuVM *vm, OuObj *spec, const Field *fields, const char *what)
{
    OuObj *keys = ou_call_method(vm, spec, OU_NAME(vm, keys), 0),
          *list = keys ? ou_sequence_list(vm, keys) : NULL;
    int r = list ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_LIST(list)->n; i++) {
        OuObj *key = OU_LIST(list)->items[i], *value;
        const Field *f = fields;
        while (f->name && !(ou_isa_str(vm, key) && ou_str_eq_s(key, f->name)))
            f++;
        if (!f->name) {
            r = -1;
        } else if (f->to) {
            value = ou_getitem(vm, spec, key);
            r = value ? ou_lzma_u32(vm, value, f->to) : -1;
            ou_xdecref(vm, value);
        }
    }
    ou_xdecref(vm, keys);
    ou_xdecref(vm, list);
    if (r < 0) {
        ou_err_clear(vm);
        ou_value_error(vm, "Invalid filter specifier for %s filter", what);
    }
    return r;
}

static int lzma_options(OuVM *vm, OuLzmaState *st, OuObj *spec, OuLzmaOptions *o)
{
    uint32_t preset = 6, mode, mf;
    OuObj *key = ou_str_new(vm, "preset", -1), *v = key ? ou_getitem(vm, spec, key) : NULL;
    ou_xdecref(vm, key);
    if (!v && !ou_err_is(vm, OU_EXC(vm, KeyError)))
        return -1;
    if (!v)
        ou_err_clear(vm);
    int r = v ? ou_lzma_u32(vm, v, &preset) : 0;
    ou_xdecref(vm, v);
    if (r < 0)
        return -1;
    if (st->lzma_preset(o, preset)) {
        OuObj *text = ou_str_fmt(vm, "Invalid compression preset: %u", preset);
        if (text)
            ou_raise_value(vm, OU_AS_TYPE(st->error), text);
        ou_xdecref(vm, text);
        return -1;
    }
    mode = (uint32_t)o->mode;
    mf = (uint32_t)o->mf;
    const Field fields[] = {{"id", NULL},
                            {"preset", NULL},
                            {"dict_size", &o->dict_size},
                            {"lc", &o->lc},
                            {"lp", &o->lp},
                            {"pb", &o->pb},
                            {"mode", &mode},
                            {"mf", &mf},
                            {"nice_len", &o->nice_len},
                            {"depth", &o->depth},
                            {0}};
    r = take_fields(vm, spec, fields, "LZMA");
    o->mode = (int)mode;
    o->mf = (int)mf;
    return r;
}

static int convert(OuVM *vm, OuLzmaState *st, OuObj *spec, OuLzmaChain *c, size_t i)
{
    OuObj *key = ou_str_new(vm, "id", -1), *v;
    uint64_t id;
    if (!key)
        return -1;
    if (!ou_isa_dict(vm, spec) && ou_hasattr(vm, spec, OU_NAME(vm, keys)) <= 0) {
        ou_decref(vm, key);
        return ou_err_occurred(vm)
                   ? -1
                   : ou_type_error_i(vm, "Filter specifier must be a dict or dict-like object");
    }
    v = ou_getitem(vm, spec, key);
    ou_decref(vm, key);
    if (!v) {
        if (ou_err_is(vm, OU_EXC(vm, KeyError))) {
            ou_err_clear(vm);
            ou_value_error(vm, "Filter specifier must have an \"id\" entry");
        }
        return -1;
    }
    int r = ou_as_u64(vm, v, &id);
    ou_decref(vm, v);
    if (r < 0)
        return -1;
    memset(&c->options[i], 0, sizeof c->options[i]);
    c->filters[i].id = id;
    c->filters[i].options = &c->options[i];
    switch (id) {
    case OU_LZMA_FILTER_LZMA1:
    case OU_LZMA_FILTER_LZMA2:
        return lzma_options(vm, st, spec, &c->options[i].lzma);
    case OU_LZMA_FILTER_DELTA: {
        c->options[i].delta.dist = 1;
        const Field fields[] = {{"id", NULL}, {"dist", &c->options[i].delta.dist}, {0}};
        return take_fields(vm, spec, fields, "delta");
    }
    case 4: /* branch converters: x86, powerpc, ia64, arm, armthumb, sparc */
    case 5:
    case 6:
    case 7:
    case 8:
    case 9: {
        const Field fields[] = {{"id", NULL}, {"start_offset", &c->options[i].bcj.start_offset}, {0}};
        return take_fields(vm, spec, fields, "BCJ");
    }
    default:
        return ou_value_error_i(vm, "Invalid filter ID: %llu", (unsigned long long)id);
    }
}

int ou_lzma_chain(OuVM *vm, OuLzmaState *st, OuObj *specs, OuLzmaChain *out)
{
    ou_ssize n =
        ou_isa_dict(vm, specs) ? ou_type_error_i(vm, "%T is not a sequence", specs) : ou_len(vm, specs);
    if (n < 0)
        return -1;
    if (n > OU_LZMA_MAX_FILTERS)
        return ou_value_error_i(vm, "Too many filters - liblzma supports a maximum of %d",
                                OU_LZMA_MAX_FILTERS);
    for (ou_ssize i = 0; i < n; i++) {
        OuObj *spec = ou_getitem_i(vm, specs, i);
        int r = spec ? convert(vm, st, spec, out, (size_t)i) : -1;
        ou_xdecref(vm, spec);
        if (r < 0)
            return -1;
    }
    out->filters[n].id = OU_LZMA_NONE;
    out->filters[n].options = NULL;
    return 0;
}

OuObj *ou_lzma_encode_properties(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuLzmaState *st = ou_module_state(vm, &ou_mod__lzma);
    OuLzmaChain c;
    uint32_t size;
    if (convert(vm, st, args[0], &c, 0) < 0 || ou_lzma_failed(vm, st, st->properties_size(&size, c.filters)))
        return NULL;
    OuObj *b = ou_bytes_new(vm, NULL, size);
    if (b && ou_lzma_failed(vm, st, st->properties_encode(c.filters, (uint8_t *)OU_BYTES(b)->data)))
        ou_clear(vm, b);
    return b;
}

static int put(OuVM *vm, OuObj *d, const char *name, uint64_t v)
{
    OuObj *i = ou_int_u64(vm, v);
    int r = i ? ou_dict_set_s(vm, d, name, i) : -1;
    ou_xdecref(vm, i);
    return r;
}

OuObj *ou_lzma_decode_properties(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuLzmaState *st = ou_module_state(vm, &ou_mod__lzma);
    OuLzmaFilter f = {0};
    OuBuffer b;
    if (ou_as_u64(vm, args[0], &f.id) < 0 || ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    int code = st->properties_decode(&f, &st->allocator, b.buf, (size_t)b.len);
    ou_buffer_release(vm, &b);
    if (ou_lzma_failed(vm, st, code))
        return NULL;
    OuObj *d = ou_dict_new(vm);
    int r = d ? put(vm, d, "id", f.id) : -1;
    const OuLzmaOptions *o = f.options;
    if (r == 0 && f.id == OU_LZMA_FILTER_LZMA1)
        r = put(vm, d, "dict_size", o->dict_size) < 0 || put(vm, d, "lc", o->lc) < 0 ||
                    put(vm, d, "lp", o->lp) < 0 || put(vm, d, "pb", o->pb) < 0
                ? -1
                : 0;
    else if (r == 0 && f.id == OU_LZMA_FILTER_LZMA2)
        r = put(vm, d, "dict_size", o->dict_size);
    else if (r == 0 && f.id == OU_LZMA_FILTER_DELTA)
        r = put(vm, d, "dist", ((OuLzmaDelta *)f.options)->dist);
    else if (r == 0 && f.options)
        r = put(vm, d, "start_offset", ((OuLzmaBcj *)f.options)->start_offset);
    st->allocator.free(vm, f.options);
    if (r < 0)
        ou_clear(vm, d);
    return d;
}
