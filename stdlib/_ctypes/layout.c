/* stdlib/_ctypes/layout.c - the layout of a Structure or Union from its _fields_, _pack_ and _anonymous_. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"

typedef struct Build {
    CtInfo *info;
    CtPlace at;
    ou_ssize union_size, total_align;
    bool is_struct;
    uint8_t cls[16];
    char *format; /* so far; malloc'ed */
} Build;

/* type.name, new: 1; 0 absent; -1 */
static int lookup(OuVM *vm, OuObj *type, const char *name, OuObj **out)
{
    OuObj *s = ou_str_intern_s(vm, name);
    int r = s ? ou_lookup_attr(vm, type, s, out) : -1;
    ou_xdecref(vm, s);
    return r;
}

/* 1: _pack_ is given, even as 0; then buffers tell no format. */
static int read_pack(OuVM *vm, OuObj *type, int *out)
{
    OuObj *v;
    int64_t n;
    int r = lookup(vm, type, "_pack_", &v);
    *out = 0;
    if (r <= 0)
        return r;
    if (ou_isa_int(vm, v) && ou_int_fits(v, &n) && n >= 0 && n <= INT32_MAX)
        *out = (int)n;
    else
        r = ou_value_error_i(vm, "_pack_ must be a non-negative integer");
    ou_decref(vm, v);
    return r < 0 ? -1 : 1;
}

static int append_format(OuVM *vm, Build *b, const char *item, const char *name)
{
    char *text;
    if (asprintf(&text, "%s%s%s%s%s", b->format, item, name ? ":" : "", name ? name : "", name ? ":" : "") <
        0)
        return ou_raise_memory_i(vm);
    free(b->format);
    b->format = text;
    return 0;
}

/* A bit field's type must be an integer. */
static int read_bits(OuVM *vm, OuObj *pair, OuObj *desc, const CtInfo *info, int *bits)
{
    int64_t n;
    OuObj *v = OU_TUPLE(pair)->items[2];
    if (info->kind != CT_SIMPLE || !strchr("bBhHiIlLqQ?v", info->code))
        return ou_type_error_i(vm, "bit fields not allowed for type %N", OU_AS_TYPE(desc));
    if (!ou_int_fits(v, &n) || n <= 0 || n > info->size * 8)
        return ou_value_error_i(vm, "number of bits invalid for bit field");
    *bits = (int)n;
    return 0;
}

static int add_field(OuVM *vm, OuObj *type, Build *b, ou_ssize first, ou_ssize i, OuObj *pair)
{
    size_t n = ou_isa_tuple(vm, pair) ? OU_TUPLE(pair)->n : 0;
    OuObj *const *it = n ? OU_TUPLE(pair)->items : NULL;
    if (n < 2 || n > 3 || !ou_isa_str(vm, it[0]) || (n == 3 && !ou_isa_int(vm, it[2])))
        return ou_type_error_i(vm, "'_fields_' must be a sequence of (name, C type) pairs");
    CtInfo *info = ou_ct_info(vm, it[1]);
    int bits = 0;
    if (!info)
        return ou_type_error_i(vm, "second item in _fields_ tuple (index %zd) must be a C type", i);
    if (info->flags & (CT_ISPOINTER | CT_HASPOINTER))
        b->info->flags |= CT_HASPOINTER;
    b->info->flags |= info->flags & (CT_HASUNION | CT_HASBITFIELD);
    info->flags |= CT_FINAL;
    if (n == 3) {
        b->info->flags |= CT_HASBITFIELD;
        if (read_bits(vm, pair, it[1], info, &bits) < 0)
            return -1;
    }
    if (!b->is_struct)
        b->at.size = b->at.offset = b->at.align = 0;
    if (b->at.size > INTPTR_MAX - info->size - 4096)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "structure too large");
    CtField *f = ou_ct_field_new(vm, it[1], first + i, bits, &b->at);
    if (!f)
        return -1;
    int r = 0;
    if (b->format[0] == 'T') {
        OuUtf8 u;
        char *item = ou_ct_format_with_shape(vm, info, "", info->format ? info->format : "B");
        r = item ? ou_str_utf8(vm, it[0], &u, false) : -1;
        if (r == 0) {
            r = append_format(vm, b, item, u.s);
            ou_utf8_free(vm, &u);
        }
        free(item);
    }
    if (!b->is_struct && b->at.size > b->union_size)
        b->union_size = b->at.size;
    if (b->at.align > b->total_align)
        b->total_align = b->at.align;
    ou_ct_class_add(b->cls, info, f->offset);
    if (r == 0)
        r = ou_type_setattr(vm, type, it[0], (OuObj *)f);
    ou_decref(vm, f);
    return r;
}

int ou_ct_lay_out(OuVM *vm, OuObj *type, OuObj *fields, bool is_struct)
{
    if (!fields)
        return 0;
    OuObj *swapped;
    Build b = {.is_struct = is_struct, .total_align = 1};
    int packed = read_pack(vm, type, &b.at.pack);
    if (packed < 0)
        return -1;
    int r = lookup(vm, type, "_swappedbytes_", &swapped);
    if (r < 0)
        return -1;
    if (r) {
        b.at.big_endian = true;
        ou_decref(vm, swapped);
    }
    ou_ssize n = OU_TYPE_OF(vm, fields)->s.len ? ou_len(vm, fields) : -1;
    if (n < 0) {
        if (!ou_err_occurred(vm) || ou_err_is(vm, OU_EXC(vm, TypeError)))
            ou_type_error(vm, "'_fields_' must be a sequence of pairs");
        return -1;
    }
    CtInfo *info = b.info = ou_ct_info(vm, type);
    if (!info)
        return ou_type_error_i(vm, "ctypes state is not initialized");
    if (info->flags & CT_FINAL)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "_fields_ is final");
    CtInfo *base = ou_ct_info(vm, (OuObj *)OU_AS_TYPE(type)->base);
    ou_ssize first = 0;
    if (base) {
        info->flags |= base->flags & (CT_HASUNION | CT_HASBITFIELD);
        b.at.size = b.at.offset = base->size;
        b.total_align = base->align ? base->align : 1;
        first = base->length;
        memcpy(b.cls, base->cls, sizeof b.cls);
    }
    if (!is_struct)
        info->flags |= CT_HASUNION;
    if (!(b.format = strdup(is_struct && !packed ? "T{" : "B")))
        return ou_raise_memory_i(vm);
    for (ou_ssize i = 0; r >= 0 && i < n; i++) {
        OuObj *pair = ou_getitem_i(vm, fields, i);
        if (!pair && ou_err_is(vm, OU_EXC(vm, TypeError)))
            ou_type_error(vm, "'_fields_' must be a sequence of (name, C type) pairs");
        r = pair ? add_field(vm, type, &b, first, i, pair) : -1;
        ou_xdecref(vm, pair);
    }
    if (r >= 0 && b.format[0] == 'T')
        r = append_format(vm, &b, "}", NULL);
    /* a field's class body may have made an instance meanwhile */
    if (r >= 0 && info->flags & CT_FINAL)
        r = ou_raise_i(vm, OU_EXC(vm, AttributeError), "Structure or union cannot contain itself");
    if (r < 0) {
        free(b.format);
        return -1;
    }
    ou_ssize size = is_struct ? b.at.size : b.union_size;
    free(info->format);
    info->format = b.format;
    info->size = (size + b.total_align - 1) / b.total_align * b.total_align;
    info->align = b.total_align;
    info->length = first + n;
    memcpy(info->cls, b.cls, sizeof info->cls);
    ou_ct_classify(info);
    info->flags |= CT_FINAL;
    return ou_ct_anonymous(vm, type);
}

/* ---- _anonymous_ ---- */

/* Fields of the anonymous field `outer` become fields of type. */
static int lift(OuVM *vm, OuObj *type, CtField *outer, ou_ssize index, ou_ssize offset)
{
    OuObj *fields = ou_getattr_s(vm, outer->proto, "_fields_");
    OuObj *seq = fields ? ou_sequence_fast(vm, fields, "'_fields_' must be a sequence") : NULL;
    ou_xdecref(vm, fields);
    if (!seq)
        return -1;
    ou_ssize n = ou_len(vm, seq);
    int r = 0;
    for (ou_ssize i = 0; r == 0 && i < n; i++) {
        OuObj *pair = ou_getitem_i(vm, seq, i), *name = pair ? ou_getitem_i(vm, pair, 0) : NULL;
        OuObj *d = name ? ou_getattr(vm, outer->proto, name) : NULL;
        if (!d) {
            r = -1;
        } else if (!CT_IS_FIELD(vm, d)) {
            r = ou_type_error_i(vm, "unexpected type");
        } else {
            CtField *in = (CtField *)d;
            if (in->anonymous) {
                r = lift(vm, type, in, index + in->index, offset + in->offset);
            } else {
                CtField *f = (CtField *)ou_type_alloc(vm, CT(vm)->field, 0);
                r = f ? 0 : -1;
                if (f) {
                    f->offset = in->offset + offset;
                    f->size = in->size;
                    f->index = in->index + index;
                    f->proto = ou_ref(in->proto);
                    f->get = in->get;
                    f->set = in->set;
                    r = ou_type_setattr(vm, type, name, (OuObj *)f);
                    ou_decref(vm, f);
                }
            }
        }
        ou_xdecref(vm, pair);
        ou_xdecref(vm, name);
        ou_xdecref(vm, d);
    }
    ou_decref(vm, seq);
    return r;
}

int ou_ct_anonymous(OuVM *vm, OuObj *type)
{
    OuObj *names;
    int r = lookup(vm, type, "_anonymous_", &names);
    if (r <= 0)
        return r;
    OuObj *seq = ou_sequence_fast(vm, names, "_anonymous_ must be a sequence");
    ou_decref(vm, names);
    if (!seq)
        return -1;
    ou_ssize n = ou_len(vm, seq);
    r = 0;
    for (ou_ssize i = 0; r == 0 && i < n; i++) {
        OuObj *name = ou_getitem_i(vm, seq, i), *d = name ? ou_getattr(vm, type, name) : NULL;
        if (!d) {
            r = -1;
        } else if (!CT_IS_FIELD(vm, d)) {
            r = ou_raise_i(vm, OU_EXC(vm, AttributeError),
                           "'%U' is specified in _anonymous_ but not in _fields_", name);
        } else {
            CtField *f = (CtField *)d;
            f->anonymous = true;
            r = lift(vm, type, f, f->index, f->offset);
        }
        ou_xdecref(vm, name);
        ou_xdecref(vm, d);
    }
    ou_decref(vm, seq);
    return r;
}
