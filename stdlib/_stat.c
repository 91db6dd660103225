/* stdlib/_stat.c - module _stat: mode bits and their tests. */
#include <sys/stat.h>

#include "support.h"
#include "vm/native.h"

static int mode_of(OuVM *vm, OuObj *o, unsigned *out)
{
    int64_t v;
    if (!ou_isa_int(vm, o))
        return ou_type_error_i(vm, "an integer is required");
    if (ou_as_i64(vm, o, &v) < 0)
        return -1;
    if (v < 0 || v > UINT32_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError),
                          v < 0 ? "can't convert negative value to unsigned int" : "mode out of range");
    *out = (unsigned)v;
    return 0;
}

#define TEST(name, expr)                                                                \
    static OuObj *fn_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames) \
    {                                                                                   \
        unsigned m;                                                                     \
        return mode_of(vm, args[0], &m) < 0 ? NULL : (expr);                            \
    }
TEST(S_ISDIR, ou_bool(vm, S_ISDIR(m)))
TEST(S_ISCHR, ou_bool(vm, S_ISCHR(m)))
TEST(S_ISBLK, ou_bool(vm, S_ISBLK(m)))
TEST(S_ISREG, ou_bool(vm, S_ISREG(m)))
TEST(S_ISFIFO, ou_bool(vm, S_ISFIFO(m)))
TEST(S_ISLNK, ou_bool(vm, S_ISLNK(m)))
TEST(S_ISSOCK, ou_bool(vm, S_ISSOCK(m)))
TEST(S_ISDOOR, ou_bool(vm, false))
TEST(S_ISPORT, ou_bool(vm, false))
TEST(S_ISWHT, ou_bool(vm, false))
TEST(S_IMODE, ou_int(vm, m & 07777))
TEST(S_IFMT, ou_int(vm, m &S_IFMT))

static OuObj *filemode(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char bits[] = "rwxrwxrwx";
    unsigned m;
    char s[11];
    if (mode_of(vm, args[0], &m) < 0)
        return NULL;
    s[0] = S_ISREG(m)    ? '-'
           : S_ISDIR(m)  ? 'd'
           : S_ISLNK(m)  ? 'l'
           : S_ISBLK(m)  ? 'b'
           : S_ISCHR(m)  ? 'c'
           : S_ISFIFO(m) ? 'p'
           : S_ISSOCK(m) ? 's'
                         : '?';
    for (int i = 0; i < 9; i++)
        s[1 + i] = m & (0400u >> i) ? bits[i] : '-';
    if (m & S_ISUID)
        s[3] = m & S_IXUSR ? 's' : 'S';
    if (m & S_ISGID)
        s[6] = m & S_IXGRP ? 's' : 'S';
    if (m & S_ISVTX)
        s[9] = m & S_IXOTH ? 't' : 'T';
    return ou_str_new(vm, s, 10);
}

#define ROW(name, doc)                       \
    {                                        \
#name "(mode, /)", fn_##name, 0, doc \
    }
static const OuFn functions[] = {
    ROW(S_ISDIR, "S_ISDIR(mode) -> bool"),
    ROW(S_ISCHR, "S_ISCHR(mode) -> bool"),
    ROW(S_ISBLK, "S_ISBLK(mode) -> bool"),
    ROW(S_ISREG, "S_ISREG(mode) -> bool"),
    ROW(S_ISFIFO, "S_ISFIFO(mode) -> bool"),
    ROW(S_ISLNK, "S_ISLNK(mode) -> bool"),
    ROW(S_ISSOCK, "S_ISSOCK(mode) -> bool"),
    ROW(S_ISDOOR, "S_ISDOOR(mode) -> bool"),
    ROW(S_ISPORT, "S_ISPORT(mode) -> bool"),
    ROW(S_ISWHT, "S_ISWHT(mode) -> bool"),
    ROW(S_IMODE, "Return the portion of the file's mode that can be set by os.chmod()."),
    ROW(S_IFMT, "Return the portion of the file's mode that describes the file type."),
    {"filemode(mode, /)", filemode, 0, "Convert a file's mode to a string of the form '-rwxrwxrwx'"},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow consts[] = {
        OU_INT_ROW(S_IFDIR),
        OU_INT_ROW(S_IFCHR),
        OU_INT_ROW(S_IFBLK),
        OU_INT_ROW(S_IFREG),
        OU_INT_ROW(S_IFIFO),
        OU_INT_ROW(S_IFLNK),
        OU_INT_ROW(S_IFSOCK),
        {"S_IFDOOR", 0},
        {"S_IFPORT", 0},
        {"S_IFWHT", 0},
        OU_INT_ROW(S_ISUID),
        OU_INT_ROW(S_ISGID),
        OU_INT_ROW(S_ISVTX),
        {"S_ENFMT", S_ISGID},
        {"S_IREAD", S_IRUSR},
        {"S_IWRITE", S_IWUSR},
        {"S_IEXEC", S_IXUSR},
        OU_INT_ROW(S_IRWXU),
        OU_INT_ROW(S_IRUSR),
        OU_INT_ROW(S_IWUSR),
        OU_INT_ROW(S_IXUSR),
        OU_INT_ROW(S_IRWXG),
        OU_INT_ROW(S_IRGRP),
        OU_INT_ROW(S_IWGRP),
        OU_INT_ROW(S_IXGRP),
        OU_INT_ROW(S_IRWXO),
        OU_INT_ROW(S_IROTH),
        OU_INT_ROW(S_IWOTH),
        OU_INT_ROW(S_IXOTH),
        {"UF_NODUMP", 1},
        {"UF_IMMUTABLE", 2},
        {"UF_APPEND", 4},
        {"UF_OPAQUE", 8},
        {"UF_NOUNLINK", 16},
        {"UF_COMPRESSED", 32},
        {"UF_HIDDEN", 32768},
        {"SF_ARCHIVED", 65536},
        {"SF_IMMUTABLE", 131072},
        {"SF_APPEND", 262144},
        {"SF_NOUNLINK", 1048576},
        {"SF_SNAPSHOT", 2097152},
        {"ST_MODE", 0},
        {"ST_INO", 1},
        {"ST_DEV", 2},
        {"ST_NLINK", 3},
        {"ST_UID", 4},
        {"ST_GID", 5},
        {"ST_SIZE", 6},
        {"ST_ATIME", 7},
        {"ST_MTIME", 8},
        {"ST_CTIME", 9},
        {"FILE_ATTRIBUTE_ARCHIVE", 32},
        {"FILE_ATTRIBUTE_COMPRESSED", 2048},
        {"FILE_ATTRIBUTE_DEVICE", 64},
        {"FILE_ATTRIBUTE_DIRECTORY", 16},
        {"FILE_ATTRIBUTE_ENCRYPTED", 16384},
        {"FILE_ATTRIBUTE_HIDDEN", 2},
        {"FILE_ATTRIBUTE_INTEGRITY_STREAM", 32768},
        {"FILE_ATTRIBUTE_NORMAL", 128},
        {"FILE_ATTRIBUTE_NOT_CONTENT_INDEXED", 8192},
        {"FILE_ATTRIBUTE_NO_SCRUB_DATA", 131072},
        {"FILE_ATTRIBUTE_OFFLINE", 4096},
        {"FILE_ATTRIBUTE_READONLY", 1},
        {"FILE_ATTRIBUTE_REPARSE_POINT", 1024},
        {"FILE_ATTRIBUTE_SPARSE_FILE", 512},
        {"FILE_ATTRIBUTE_SYSTEM", 4},
        {"FILE_ATTRIBUTE_TEMPORARY", 256},
        {"FILE_ATTRIBUTE_VIRTUAL", 65536},
        {0},
    };
    return ou_module_add_ints(vm, m, consts);
}

const OuModuleDef ou_mod_stat = {
    .name = "_stat",
    .doc = "The numbers in st_mode of os.stat(), and functions that take them apart.",
    .functions = functions,
    .exec = exec};
