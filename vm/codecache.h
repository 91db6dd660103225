/* vm/codecache.h - compiled sources kept in the user's cache folder (vm/codecache.c).
 *
 * A file is named after its source path, our cache tag and a hash of the instruction table; it holds mtime and size of the
 * source.  A stale or unreadable entry counts as absent. */
#ifndef OU_VM_CODECACHE_H
#define OU_VM_CODECACHE_H

#include "func.h"

/* Code object of the source file (str): from the cache or compiled (and then written, when allowed): new. */
OuObj *ou_codecache_load(OuVM *vm, OuObj *file);
/* The same for one that calls itself `shown` (co_filename, str). */
OuObj *ou_codecache_load_as(OuVM *vm, OuObj *file, OuObj *shown);
/* The bytes of a file: new bytes, or NULL with OSError. */
OuObj *ou_read_file(OuVM *vm, OuObj *file);

#endif
