/* stdlib/version.h - the version of ouro, and of the language it speaks. */
#ifndef OU_STDLIB_VERSION_H
#define OU_STDLIB_VERSION_H

#define OU_VERSION "0.1.0"
#define OU_PYTHON_VERSION "3.11.7"
#define OU_PYTHON_HEX 0x030b07f0
#define OU_VERSION_TEXT OU_PYTHON_VERSION " (ouro " OU_VERSION ") [GCC " __VERSION__ "]"

#endif
