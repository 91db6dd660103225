/* vm/format_spec.h - the format-spec mini-language and number formatting, for format(), f-strings and %
 * alike.
 *
 * ou_fmt_parse reads a spec (vm/format_spec.c); str.__format__ uses it with its own rendering, int, float and
 * complex through the functions below (vm/format_num.c).  The % operator of str and bytes uses the
 * ou_fmt_percent_ family, which gives the digits with sign and prefix but no padding. */
#ifndef OU_VM_FORMAT_SPEC_H
#define OU_VM_FORMAT_SPEC_H

#include "vm.h"

typedef struct OuFmtSpec {
    uint32_t fill; /* ' ' unless given */
    char align;    /* '<' '>' '^' '='; the type's default unless given */
    char sign;     /* 0, '+', '-', ' ' */
    bool alt;      /* # */
    bool zero_neg; /* z: -0 becomes 0 */
    bool fill_given, align_given;
    uint32_t grouping;  /* 0, ',' or '_' */
    ou_ssize width;     /* -1: none */
    ou_ssize precision; /* -1: none */
    uint32_t type;      /* the type's default unless given */
} OuFmtSpec;

/* Parses spec (a str).  type_name serves error texts.  dflt_type 's' / 'd' / 0, dflt_align '<' for str, '>'
 * for numbers.  0 / -1 with ValueError ("Invalid format specifier ...", "Cannot specify ',' with 's'." ...).
 */
int ou_fmt_parse(OuVM *vm, OuObj *spec, const char *type_name, uint32_t dflt_type, char dflt_align,
                 OuFmtSpec *out);
/* ValueError "Unknown format code 'd' for object of type 'str'". */
void *ou_fmt_unknown(OuVM *vm, uint32_t code, const char *type_name);

/* format(o, spec): o is an int (or subclass), float, complex; spec a str.  New str. */
OuObj *ou_fmt_int(OuVM *vm, OuObj *o, OuObj *spec);
OuObj *ou_fmt_float(OuVM *vm, OuObj *o, OuObj *spec);
OuObj *ou_fmt_complex(OuVM *vm, OuObj *o, OuObj *spec);

/* % formatting of an int object (or subclass) by type d i u x X o: "-0x00ff" for %#.4x; prec -1: none.  The
 * sign is
 * '-' or absent: '+', ' ' and width are the caller's.  New ASCII str. */
OuObj *ou_fmt_percent_int(OuVM *vm, OuObj *o, bool alt, int prec, char type);
/* % formatting of a double by type e E f F g G; prec -1: 6.  New ASCII str, '-' or no sign. */
OuObj *ou_fmt_percent_float(OuVM *vm, double v, bool alt, int prec, char type);

/* v by type e E f F g G (any precision), r (shortest repr) or % (f of 100 v, no sign added): NUL-terminated,
 * '.' as point whatever the locale.  add_dot_0: "1" becomes "1.0" for 'r'.  Result in small[64] if it fits,
 * else allocated: give it to ou_fmt_double_free.  NULL with MemoryError/ValueError. */
typedef struct OuFmtBuf {
    char small[64];
    char *s;
    size_t len, cap; /* cap 0: s is small */
} OuFmtBuf;
int ou_fmt_double(OuVM *vm, OuFmtBuf *b, double v, char type, int prec, bool alt, bool plus, bool add_dot_0);
void ou_fmt_double_free(OuVM *vm, OuFmtBuf *b);

#endif
