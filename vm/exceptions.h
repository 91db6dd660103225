/* vm/exceptions.h - layouts of exception instances (vm/exceptions.c). */
#ifndef OU_VM_EXCEPTIONS_H
#define OU_VM_EXCEPTIONS_H

#include "vm.h"

#define OU_EXC_HEAD                                   \
    OuObj hdr;                                        \
    OuObj *dict, *args, *traceback, *context, *cause; \
    bool suppress_context;
typedef struct OuExc { /* layout `base` */
    OU_EXC_HEAD
} OuExc;
typedef struct OuExcStopIteration {
    OU_EXC_HEAD
    OuObj *value;
} OuExcStopIteration;
typedef struct OuExcSystemExit {
    OU_EXC_HEAD
    OuObj *code;
} OuExcSystemExit;
typedef struct OuExcImportError {
    OU_EXC_HEAD
    OuObj *msg, *name, *path;
} OuExcImportError;
typedef struct OuExcOSError {
    OU_EXC_HEAD
    OuObj *myerrno, *strerror, *filename, *filename2;
    ou_ssize written; /* BlockingIOError.characters_written, -1 unset */
} OuExcOSError;
typedef struct OuExcSyntaxError {
    OU_EXC_HEAD
    OuObj *msg, *filename, *lineno, *offset, *end_lineno, *end_offset, *text, *print_file_and_line;
} OuExcSyntaxError;
typedef struct OuExcNameError {
    OU_EXC_HEAD
    OuObj *name;
} OuExcNameError;
typedef struct OuExcAttributeError {
    OU_EXC_HEAD
    OuObj *obj, *name;
} OuExcAttributeError;
typedef struct OuExcUnicode {
    OU_EXC_HEAD
    OuObj *encoding, *object, *reason;
    ou_ssize start, end;
} OuExcUnicode;
typedef struct OuExcGroup {
    OU_EXC_HEAD
    OuObj *msg, *excs;
} OuExcGroup;

typedef struct OuTraceback {
    OuObj hdr;
    struct OuTraceback *next;
    OuObj *frame; /* OuFrameObj */
    int lasti;    /* as scripts see it: 2 * unit index, or -1 */
    int lineno;   /* -1: computed from lasti when asked */
} OuTraceback;

/* The line, from lasti where it was not given; -1: there is none. */
int ou_traceback_lineno(OuTraceback *tb);
/* The attribute or name a script may have meant (AttributeError, NameError): new str, or NULL without exception.  vm/suggest.c */
OuObj *ou_exc_suggestion(OuVM *vm, OuObj *exc);
/* Prints exc with its traceback, causes and contexts as sys.excepthook does, to `file` (a Python file object; NULL: the
 * process's stderr).  Errors on the way are dropped.  vm/traceback_print.c */
void ou_exc_display(OuVM *vm, OuObj *exc, OuObj *file);
/* Sets what SyntaxError's second argument sets: (filename, lineno, offset, text, end_lineno, end_offset).  exc is a SyntaxError. */
void ou_syntax_error_place(OuVM *vm, OuObj *exc, OuObj *place);
/* except*: what to raise after the handlers ran, from the original exception and the list of raised or unhandled parts;
 * new, or None. */
OuObj *ou_exc_prep_reraise_star(OuVM *vm, OuObj *orig, OuObj *list);
/* The specs behind vm/exceptions.def, by layout: ou_exc_spec_<layout>. */
extern const OuTypeSpec ou_exc_spec_base, ou_exc_spec_stopiteration, ou_exc_spec_systemexit,
    ou_exc_spec_importerror, ou_exc_spec_oserror, ou_exc_spec_syntaxerror, ou_exc_spec_nameerror,
    ou_exc_spec_attributeerror, ou_exc_spec_keyerror, ou_exc_spec_unicodedecode, ou_exc_spec_unicodeencode,
    ou_exc_spec_unicodetranslate, ou_exc_spec_group;
/* Start of a VM, once types exist: vm->memory_error.  0/-1. */
int ou_exc_init(OuVM *vm);

#endif
