/* vm/exceptions.h - layouts of exception instances (vm/exceptions.c). */
#ifndef OU_VM_EXCEPTIONS_H
#define OU_VM_EXCEPTIONS_H

#include "vm.h"

#define OU_EXC_HEAD \
    OuObj hdr; \
    OuObj *dict, *args, *notes, *traceback, *context, *cause; \
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
    int lasti;
    int lineno; /* -1: computed from lasti when asked */
} OuTraceback;

#endif
