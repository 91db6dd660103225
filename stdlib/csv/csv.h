/* stdlib/csv/csv.h - module _csv: dialects (dialect.c), reader.c, writer.c, csvmodule.c. */
#ifndef OU_STDLIB_CSV_H
#define OU_STDLIB_CSV_H

#include <string.h>

#include "vm/native.h"

enum { OU_QUOTE_MINIMAL, OU_QUOTE_ALL, OU_QUOTE_NONNUMERIC, OU_QUOTE_NONE };
#define OU_CSV_NO_CHAR 0xffffffffu

typedef struct OuDialect {
    OuObj hdr;
    uint32_t delimiter, quotechar, escapechar; /* OU_CSV_NO_CHAR: None */
    bool doublequote, skipinitialspace, strict;
    int quoting;
    OuObj *lineterminator;
} OuDialect;

typedef struct OuCsvState {
    OuType *dialect, *reader, *writer;
    OuObj *error, *dialects; /* exception class; dict */
    int64_t field_limit;
} OuCsvState;
extern const OuModuleDef ou_mod__csv;
OuCsvState *ou_csv_state(OuVM *vm);
extern const OuTypeSpec ou_csv_dialect_spec, ou_csv_reader_spec, ou_csv_writer_spec;

#define ou_csv_error(vm, ...) ou_raise(vm, OU_AS_TYPE(ou_csv_state(vm)->error), __VA_ARGS__)
/* Dialect(dialect, **params): dialect may be NULL; keyword values kw[i] named kwnames. New. */
OuObj *ou_csv_dialect(OuVM *vm, OuObj *dialect, OuObj *const *kw, OuObj *kwnames);
OuObj *ou_csv_reader(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_csv_writer(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
