/* vm/text/str_format.h - parsers of format strings, shared by str.format and module _string. */
#ifndef OU_VM_STR_FORMAT_H
#define OU_VM_STR_FORMAT_H

#include "../vm.h"

/* Walks over s[i..end): literal text, each piece followed by at most one field. */
typedef struct OuMarkup {
    OuObj *s; /* borrowed */
    ou_ssize i, end;
} OuMarkup;
typedef struct OuMarkupField {
    ou_ssize literal, literal_end; /* places in s */
    bool present, nested;          /* a field follows; its spec contains "{" */
    ou_ssize name, name_end, spec, spec_end;
    uint32_t conversion; /* 0: none */
} OuMarkupField;
/* 1 and *f, 0 at the end, -1 with ValueError. */
int ou_markup_next(OuVM *vm, OuMarkup *m, OuMarkupField *f);

/* A field name "first.attr[index]". */
typedef struct OuFieldName {
    OuObj *s;
    ou_ssize i, end;
    ou_ssize first, first_end;
    ou_ssize index; /* first as a number, or -1 */
} OuFieldName;
int ou_fieldname_first(OuVM *vm, OuFieldName *n, OuObj *s, ou_ssize start, ou_ssize end);
/* Next ".attr" or "[key]" (index >= 0 where it is a number): 1 / 0 end / -1. */
int ou_fieldname_next(OuVM *vm, OuFieldName *n, bool *is_attr, ou_ssize *start, ou_ssize *end,
                      ou_ssize *index);

#endif
