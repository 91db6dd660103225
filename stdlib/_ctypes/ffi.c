/* stdlib/_ctypes/ffi.c - libffi, opened on first use; how structs travel in registers; what is known of a thread. */
#include <stdlib.h>
#include <string.h>

#include "stdlib/library.h"
#include "ctypes.h"

const FfiType ou_ct_ffi_void = {1, 1, FFI_VOID, NULL};
const FfiType ou_ct_ffi_pointer = {8, 8, FFI_POINTER, NULL};
const FfiType ou_ct_ffi_sint = {4, 4, FFI_SINT32, NULL};
static const FfiType word_types[] = {
    {8, 8, FFI_UINT64, NULL},      /* integer of 5 to 8 bytes */
    {4, 4, FFI_UINT32, NULL},      /* up to 4 */
    {8, 8, FFI_DOUBLE, NULL},      /* SSE of 5 to 8 bytes */
    {4, 4, FFI_FLOAT, NULL},       /* up to 4 */
    {16, 16, FFI_LONGDOUBLE, NULL} /* x87 */
};

const Ffi *ou_ct_ffi(OuVM *vm)
{
    Ffi *f = &CT(vm)->ffi;
    static const OuLibrary library = {
        "libffi, by which ctypes calls C functions,", "libffi8", {"libffi.so.8", "libffi.so.7"}};
    const OuSymbol symbols[] = {
        {"ffi_prep_cif", (void **)&f->prep},
        {"ffi_call", (void **)&f->call},
        {"ffi_closure_alloc", (void **)&f->closure_alloc},
        {"ffi_closure_free", (void **)&f->closure_free},
        {"ffi_prep_closure_loc", (void **)&f->prep_closure},
    };
    if (!f->open &&
        ou_library_open(vm, OU_EXC(vm, OSError), &library, symbols, sizeof symbols / sizeof *symbols) < 0)
        return NULL;
    f->open = true;
    return f;
}

CtThread *ou_ct_thread(OuVM *vm)
{
    CtState *st = CT(vm);
    if (!st || !st->has_key)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "foreign call while the interpreter ends");
    CtThread *t = pthread_getspecific(st->key);
    if (!t && (t = calloc(1, sizeof *t)) && pthread_setspecific(st->key, t)) {
        free(t);
        t = NULL;
    }
    return t ? t : ou_raise_memory(vm);
}

void ou_ct_class_add(uint8_t cls[16], const CtInfo *info, ou_ssize offset)
{
    uint8_t one[16];
    ou_ssize n = info->size;
    switch (info->kind) {
    case CT_STRUCT:
    case CT_UNION:
    case CT_ARRAY:
        memcpy(one, info->cls, sizeof one);
        break;
    default: {
        unsigned type = info->ffi.type;
        memset(one,
               type == FFI_FLOAT || type == FFI_DOUBLE ? CLS_SSE
               : type == FFI_LONGDOUBLE                ? CLS_X87
                                                       : CLS_INT,
               sizeof one);
    }
    }
    for (ou_ssize i = 0; i < n && i < 16 && offset + i < 16; i++)
        if (offset + i >= 0 && one[i] > cls[offset + i])
            cls[offset + i] = one[i];
}

/* The System V ABI looks at the two eightbytes of a struct of at most 16 bytes: one that holds any integer goes in a general
 * register, else in an SSE register.  libffi finds the same from elements of these types.  Bigger ones go in memory. */
void ou_ct_classify(CtInfo *info)
{
    int n = 0;
    info->elements[0] = (FfiType *)&word_types[0];
    info->ffi = (FfiType){(size_t)info->size, (unsigned short)info->align, FFI_STRUCT, info->elements};
    if (info->size > 16 || info->size <= 0) {
        for (; n < 3; n++)
            info->elements[n] = (FfiType *)&word_types[0];
    } else if (info->cls[0] == CLS_X87) {
        info->elements[n++] = (FfiType *)&word_types[4];
    } else {
        for (ou_ssize at = 0; at < info->size; at += 8) {
            ou_ssize k = info->size - at < 8 ? info->size - at : 8;
            bool integer = false;
            for (ou_ssize i = at; i < at + k; i++)
                integer |= info->cls[i] == CLS_INT;
            info->elements[n++] = (FfiType *)&word_types[(integer ? 0 : 2) + (k <= 4)];
        }
    }
    info->elements[n] = NULL;
}
