/* vm/source_line.h - lines of source files, for tracebacks and warnings. */
#ifndef OU_VM_SOURCE_LINE_H
#define OU_VM_SOURCE_LINE_H

#include "lang/unit.h"
#include "vm.h"

/* The files of one report: decoded once each. */
typedef struct OuSourceFile {
    OuObj *filename; /* owned; NULL: free entry */
    OuArena arena;
    OuParse parse;
    bool readable;
} OuSourceFile;
typedef struct OuSourceFiles {
    OuSourceFile file[4];
    unsigned next; /* entry replaced next */
} OuSourceFiles;

/* Forgets the files that were read. */
void ou_source_files_free(OuVM *vm, OuSourceFiles *files);
/* Line `lineno` of the file without its line end: new str, or NULL without exception if it cannot be read.
 * A file that is not there is looked for under its last name in the folders of sys.path. */
OuObj *ou_source_line(OuVM *vm, OuSourceFiles *files, OuObj *filename, int lineno);
/* Number of characters of `line` whose UTF-8 form takes `bytes` bytes. */
ou_ssize ou_source_column(OuObj *line, ou_ssize bytes);

/* Where a position is marked below its line, in columns of a terminal: [start, end) with `~`, of it [left, right) with `^`
 * if an operator or subscript is pointed out (left >= 0), else all with `^`. */
typedef struct OuCarets {
    ou_ssize start, end, left, right;
} OuCarets;
/* vm/carets.c: false if nothing is to be marked.  skipped: white space removed from the front of the line. */
bool ou_carets(OuVM *vm, OuObj *line, ou_ssize skipped, OuLoc loc, OuCarets *out);

#endif
