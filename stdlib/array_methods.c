/* stdlib/array_methods.c - methods of array.array, and the function that rebuilds pickled arrays of any
 * machine. */
#include "array.h"

#include <string.h>

extern const OuFn ou_array_functions[];
#define SELF OU_ARRAY(args[0])

FN(m_append)
{
    return ou_array_insert(vm, SELF, (ou_ssize)SELF->n, args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_insert)
{
    ou_ssize i;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    return ou_array_insert(vm, SELF, i, args[2]) < 0 ? NULL : ou_none(vm);
}
FN(m_buffer_info)
{
    OuObj *p = ou_int_u64(vm, (uint64_t)(uintptr_t)SELF->items), *n = ou_int_u64(vm, SELF->n);
    OuObj *res = p && n ? ou_tuple_pack(vm, 2, p, n) : NULL;
    ou_xdecref(vm, p);
    ou_xdecref(vm, n);
    return res;
}
static void swap_bytes(char *p, size_t n, size_t size)
{
    for (; n; n--, p += size)
        for (size_t i = 0; i < size / 2; i++) {
            char t = p[i];
            p[i] = p[size - 1 - i];
            p[size - 1 - i] = t;
        }
}
FN(m_byteswap)
{
    swap_bytes(SELF->items, SELF->n, SELF->kind->size);
    return ou_none(vm);
}
FN(m_copy)
{
    OuObj *res = ou_array_make(vm, ARRAY_STATE(vm)->array, SELF->n, SELF->kind);
    if (res && SELF->n)
        memcpy(OU_ARRAY(res)->items, SELF->items, SELF->n * SELF->kind->size);
    return res;
}
FN(m_count)
{
    ou_ssize n = 0;
    for (size_t i = 0; i < SELF->n; i++) {
        OuObj *v = ou_array_get(vm, SELF, i);
        int r = v ? ou_compare_bool(vm, v, args[1], OU_CMP_EQ) : -1;
        ou_xdecref(vm, v);
        if (r < 0)
            return NULL;
        n += r;
    }
    return ou_int(vm, n);
}
/* First place of x in start..stop, -2 absent, -1 error. */
static ou_ssize find(OuVM *vm, OuArray *a, OuObj *x, ou_ssize start, ou_ssize stop)
{
    for (ou_ssize i = start; i < stop && (size_t)i < a->n; i++) {
        OuObj *v = ou_array_get(vm, a, (size_t)i);
        int r = v ? ou_compare_bool(vm, v, x, OU_CMP_EQ) : -1;
        ou_xdecref(vm, v);
        if (r)
            return r < 0 ? -1 : i;
    }
    return -2;
}
FN(m_index)
{
    ou_ssize start = 0, stop = INTPTR_MAX;
    if ((args[2] && ou_slice_bound(vm, args[2], &start) < 0) ||
        (args[3] && ou_slice_bound(vm, args[3], &stop) < 0))
        return NULL;
    ou_ssize n = (ou_ssize)SELF->n;
    if (start < 0 && (start += n) < 0)
        start = 0;
    if (stop < 0)
        stop += n;
    ou_ssize i = find(vm, SELF, args[1], start, stop);
    return i >= 0 ? ou_int(vm, i) : i == -1 ? NULL : ou_value_error(vm, "array.index(x): x not in array");
}
static int delete_at(OuVM *vm, OuArray *a, size_t i)
{
    if (a->exports)
        return ou_raise_i(vm, OU_EXC(vm, BufferError), "cannot resize an array that is exporting buffers");
    if (i >= a->n)
        return 0; /* the comparison that found it shortened the array */
    memmove(ou_array_at(a, i), ou_array_at(a, i + 1), (a->n - i - 1) * a->kind->size);
    return ou_array_resize(vm, a, a->n - 1);
}
FN(m_remove)
{
    ou_ssize i = find(vm, SELF, args[1], 0, INTPTR_MAX);
    if (i == -2)
        return ou_value_error(vm, "array.remove(x): x not in array");
    return i < 0 || delete_at(vm, SELF, (size_t)i) < 0 ? NULL : ou_none(vm);
}
FN(m_pop)
{
    ou_ssize i = -1;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    if (SELF->n == 0)
        return ou_raise(vm, OU_EXC(vm, IndexError), "pop from empty array");
    if (i < 0)
        i += (ou_ssize)SELF->n;
    if ((size_t)i >= SELF->n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "pop index out of range");
    OuObj *v = ou_array_get(vm, SELF, (size_t)i);
    if (v && delete_at(vm, SELF, (size_t)i) < 0)
        ou_clear(vm, v);
    return v;
}
FN(m_extend)
{
    return ou_array_extend(vm, SELF, args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_fromlist)
{
    if (!ou_isa_list(vm, args[1]))
        return ou_type_error(vm, "arg must be list");
    OuArray *a = SELF;
    size_t n = OU_LIST(args[1])->n, old = a->n;
    if (n && ou_array_resize(vm, a, old + n) < 0)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        char item[8];
        OuObj *v = ou_ref(OU_LIST(args[1])->items[i]);
        int r = a->kind->set(vm, v, item);
        ou_decref(vm, v);
        if (r == 0 && (OU_LIST(args[1])->n != n || a->n != old + n)) {
            ou_raise(vm, OU_EXC(vm, RuntimeError), "list changed size during iteration");
            r = -1;
        }
        if (r < 0) {
            OuObj *exc = ou_err_fetch(vm);
            if (ou_array_resize(vm, a, old) < 0)
                ou_err_clear(vm);
            ou_err_restore(vm, exc);
            return NULL;
        }
        memcpy(ou_array_at(a, old + i), item, a->kind->size);
    }
    return ou_none(vm);
}
FN(m_frombytes)
{
    return ou_array_from_bytes(vm, SELF, args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_fromfile)
{
    ou_ssize n;
    if (ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    if (n < 0)
        return ou_value_error(vm, "negative count");
    ou_ssize want;
    if (__builtin_mul_overflow(n, (ou_ssize)SELF->kind->size, &want))
        return ou_raise_memory(vm);
    OuObj *size = ou_int(vm, want),
          *b = size ? ou_call_method(vm, args[1], OU_NAME(vm, read), 1, size) : NULL;
    ou_xdecref(vm, size);
    if (!b)
        return NULL;
    OuObj *res = NULL;
    if (!ou_isa_bytes(vm, b)) {
        ou_type_error(vm, "read() didn't return bytes");
    } else {
        bool less = (ou_ssize)OU_BYTES(b)->len != want;
        if (ou_array_from_bytes(vm, SELF, b) == 0)
            res =
                less ? ou_raise(vm, OU_EXC(vm, EOFError), "read() didn't return enough bytes") : ou_none(vm);
    }
    ou_decref(vm, b);
    return res;
}
FN(m_tofile)
{
    enum { BLOCK = 64 * 1024 };
    size_t total = SELF->n * SELF->kind->size;
    for (size_t at = 0; at < total; at += BLOCK) {
        if (total > SELF->n * SELF->kind->size && (total = SELF->n * SELF->kind->size) <= at)
            break; /* write() shortened the array */
        size_t n = total - at < BLOCK ? total - at : BLOCK;
        OuObj *b = ou_bytes_new(vm, SELF->items + at, (ou_ssize)n),
              *r = b ? ou_call_method(vm, args[1], OU_NAME(vm, write), 1, b) : NULL;
        ou_xdecref(vm, b);
        if (!r)
            return NULL;
        ou_decref(vm, r);
    }
    return ou_none(vm);
}
FN(m_tobytes)
{
    return ou_bytes_new(vm, SELF->items ? SELF->items : "", (ou_ssize)(SELF->n * SELF->kind->size));
}
FN(m_tolist)
{
    return ou_array_to_list(vm, SELF);
}
FN(m_fromunicode)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "fromunicode() argument must be str, not %T", args[1]);
    if (SELF->kind->code != 'u')
        return ou_value_error(vm, "fromunicode() may only be called on unicode type arrays");
    return ou_array_from_str(vm, SELF, args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_tounicode)
{
    if (SELF->kind->code != 'u')
        return ou_value_error(vm, "tounicode() may only be called on unicode type arrays");
    return ou_array_to_str(vm, SELF);
}
FN(m_reverse)
{
    OuArray *a = SELF;
    char t[8];
    for (size_t i = 0, j = a->n; i + 1 < j; i++) {
        j--;
        memcpy(t, ou_array_at(a, i), a->kind->size);
        memcpy(ou_array_at(a, i), ou_array_at(a, j), a->kind->size);
        memcpy(ou_array_at(a, j), t, a->kind->size);
    }
    return ou_none(vm);
}
FN(m_sizeof)
{
    return ou_int_u64(vm, OU_TYPE_OF(vm, args[0])->face.size + SELF->cap * SELF->kind->size);
}
FN(m_reduce_ex)
{
    OuArray *a = SELF;
    OuObj *dict = NULL, *inner = NULL, *res = NULL, *data = NULL;
    if (!ou_isa_int(vm, args[1]))
        return ou_type_error(vm, "__reduce_ex__ argument should be an integer");
    int64_t protocol;
    if (ou_as_i64(vm, args[1], &protocol) < 0 ||
        ou_lookup_attr(vm, args[0], OU_NAME(vm, __dict__), &dict) < 0)
        return NULL;
    if (!dict)
        dict = ou_none(vm);
    OuObj *type = OU_TYPE_OBJ(vm, args[0]), *code = ou_str_char(vm, (uint32_t)a->kind->code),
          *func = ou_ref(type);
    if (protocol < 3) {
        data = ou_array_to_list(vm, a);
        if (code && data)
            inner = ou_tuple_pack(vm, 2, code, data);
    } else {
        ou_decref(vm, func);
        func = ou_import_attr(vm, "array", "_array_reconstructor");
        OuObj *machine = ou_int(vm, a->kind->machine);
        data = m_tobytes(vm, args, 1, NULL);
        if (func && code && machine && data)
            inner = ou_tuple_pack(vm, 4, type, code, machine, data);
        ou_xdecref(vm, machine);
    }
    if (inner)
        res = ou_tuple_pack(vm, 3, func, inner, dict);
    ou_xdecref(vm, func);
    ou_xdecref(vm, code);
    ou_xdecref(vm, data);
    ou_xdecref(vm, inner);
    ou_decref(vm, dict);
    return res;
}
const OuFn ou_array_methods[] = {
    {"append(self, v, /)", m_append, 0, "Append new value v to the end of the array."},
    {"buffer_info(self, /)", m_buffer_info, 0, "Tuple (address, length) of the buffer with the items."},
    {"byteswap(self, /)", m_byteswap, 0, "Byteswap all items of the array."},
    {"__copy__(self, /)", m_copy, 0, "Return a copy of the array."},
    {"__deepcopy__(self, unused, /)", m_copy, 0, "Return a copy of the array."},
    {"count(self, v, /)", m_count, 0, "Return number of occurrences of v in the array."},
    {"extend(self, bb, /)", m_extend, 0, "Append items to the end of the array."},
    {"fromfile(self, f, n, /)", m_fromfile, 0,
     "Read n objects from the file object f and append them to the end of the array."},
    {"fromlist(self, list, /)", m_fromlist, 0, "Append items to array from list."},
    {"frombytes(self, buffer, /)", m_frombytes, 0, "Appends items from bytes in machine format."},
    {"fromunicode(self, ustr, /)", m_fromunicode, 0,
     "Extends this array (of typecode 'u') with the characters of ustr."},
    {"index(self, v, start=0, stop=sys.maxsize, /)", m_index, 0,
     "First place of v; ValueError if it is absent."},
    {"insert(self, i, v, /)", m_insert, 0, "Insert a new item v into the array before position i."},
    {"pop(self, i=-1, /)", m_pop, 0, "Return the i-th element and delete it from the array."},
    {"__reduce_ex__(self, value, /)", m_reduce_ex, 0, "Return state information for pickling."},
    {"remove(self, v, /)", m_remove, 0, "Remove the first occurrence of v in the array."},
    {"reverse(self, /)", m_reverse, 0, "Reverse the order of the items in the array."},
    {"tobytes(self, /)", m_tobytes, 0, "The items in machine format."},
    {"tofile(self, f, /)", m_tofile, 0, "Write all items (as machine values) to the file object f."},
    {"tolist(self, /)", m_tolist, 0, "Convert array to an ordinary list with the same items."},
    {"tounicode(self, /)", m_tounicode, 0, "The str of this array of typecode 'u'."},
    {"__sizeof__(self, /)", m_sizeof, 0, "Size of the array in memory, in bytes."},
    {0},
};

/* ---- rebuilding ------------------------------------------------------------------------------------ */

/* Pickles name the layout of items by a number: width, signed, big endian; floats 14..17, UTF 18..21. */
static const struct {
    uint8_t size;
    bool is_signed, big;
} machine_ints[] = {{1, false, false}, {1, true, false}, {2, false, false}, {2, false, true},
                    {2, true, false},  {2, true, true},  {4, false, false}, {4, false, true},
                    {4, true, false},  {4, true, true},  {8, false, false}, {8, false, true},
                    {8, true, false},  {8, true, true}};

static OuObj *convert(OuVM *vm, int code, OuObj *bytes)
{
    const char *s = OU_BYTES(bytes)->data;
    size_t n = OU_BYTES(bytes)->len, size;
    if (code >= 18) {
        if (n % 4) /* CPython's table gives UTF-16 items this size too */
            return ou_value_error(vm, "string length not a multiple of item size");
        static const char *const codec[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
        return ou_str_decode(vm, s, n, codec[code - 18], NULL);
    }
    size = code >= 14 ? (code < 16 ? 4 : 8) : machine_ints[code].size;
    if (n % size)
        return ou_value_error(vm, "string length not a multiple of item size");
    OuObj *l = ou_list_new(vm, n / size);
    for (size_t i = 0; l && i < n / size; i++) {
        unsigned char b[8];
        memcpy(b, s + i * size, size);
        OuObj *v;
        if (code < 14) {
            v = ou_int_from_bytes(vm, b, size, !machine_ints[code].big, machine_ints[code].is_signed);
        } else {
            if (code & 1)
                swap_bytes((char *)b, 1, size);
            float f;
            double d;
            memcpy(&f, b, sizeof f);
            memcpy(&d, b, sizeof d);
            v = ou_float(vm, size == 4 ? f : d);
        }
        if (!(OU_LIST(l)->items[i] = v))
            ou_clear(vm, l);
    }
    return l;
}
FN(reconstructor)
{
    OuType *array = ARRAY_STATE(vm)->array;
    if (!ou_isa_type(vm, args[0]))
        return ou_type_error(vm, "first argument must be a type object, not %s", OU_TYPE_NAME(vm, args[0]));
    if (!ou_type_is_subtype(vm, OU_AS_TYPE(args[0]), array))
        return ou_type_error(vm, "%s is not a subtype of %s", OU_AS_TYPE(args[0])->name, array->name);
    if (!ou_isa_str(vm, args[1]) || ou_str_len(args[1]) != 1)
        return ou_type_error(vm, "_array_reconstructor() argument 2 must be a unicode character, not %s",
                             OU_TYPE_NAME(vm, args[1]));
    const OuArrayKind *kind = ou_array_kind(ou_str_at(OU_STR(args[1]), 0));
    int code;
    if (ou_as_int(vm, args[2], &code) < 0)
        return NULL;
    if (!kind)
        return ou_value_error(vm, "second argument must be a valid type code");
    if (code < 0 || code > 21)
        return ou_value_error(vm, "third argument must be a valid machine format code.");
    if (!ou_isa_bytes(vm, args[3]))
        return ou_type_error(vm, "fourth argument should be bytes, not %s", OU_TYPE_NAME(vm, args[3]));
    OuObj *v;
    if (code == kind->machine) {
        v = ou_ref(args[3]);
    } else {
        if (code < 14) /* a kind of this machine that holds the values, whatever letter the other one used */
            for (const OuArrayKind *k = ou_array_kinds; k->code; k++)
                if (k->is_int && k->size == machine_ints[code].size &&
                    k->is_signed == machine_ints[code].is_signed) {
                    kind = k;
                    break;
                }
        if (!(v = convert(vm, code, args[3])))
            return NULL;
    }
    OuObj *letter = ou_str_char(vm, (uint32_t)kind->code), *make[2] = {letter, v};
    OuObj *res = letter ? array->s.new_(vm, OU_AS_TYPE(args[0]), make, 2, NULL) : NULL;
    ou_xdecref(vm, letter);
    ou_decref(vm, v);
    return res;
}
const OuFn ou_array_functions[] = {
    {"_array_reconstructor(arraytype, typecode, mformat_code, items, /)", reconstructor, 0,
     "Internal. Used for pickling support."},
    {0},
};
