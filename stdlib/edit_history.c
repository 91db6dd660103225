/* stdlib/edit_history.c - blocks typed before, and the file that keeps them: one entry a line, newlines as "\n" and backslashes
 * doubled.  Each entry is appended when it is typed, so that two prompts share one file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edit.h"

void ou_history_free(OuHistory *h)
{
    for (size_t i = 0; i < h->n; i++)
        free(h->items[i]);
    free(h->items);
    *h = (OuHistory){0};
}

void ou_history_remove(OuHistory *h, size_t item)
{
    free(h->items[item]);
    memmove(h->items + item, h->items + item + 1, (h->n - item - 1) * sizeof *h->items);
    h->n--;
}

bool ou_history_push(OuHistory *h, const char *text, size_t n)
{
    if (h->n == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 64;
        char **more = realloc(h->items, cap * sizeof *more);
        if (!more)
            return false;
        h->items = more;
        h->cap = cap;
    }
    char *copy = strndup(text, n);
    if (!copy)
        return false;
    h->items[h->n++] = copy;
    while (h->max && h->n > h->max)
        ou_history_remove(h, 0);
    return true;
}

bool ou_history_add(OuHistory *h, const char *text, size_t n)
{
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    if (n == 0 || (h->n && strlen(h->items[h->n - 1]) == n && memcmp(h->items[h->n - 1], text, n) == 0))
        return false;
    return ou_history_push(h, text, n);
}

static void put_entry(FILE *f, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            fputs("\\n", f);
        else if (*text == '\\')
            fputs("\\\\", f);
        else
            fputc(*text, f);
    }
    fputc('\n', f);
}

static size_t unescape(char *s)
{
    char *to = s;
    for (char *p = s; *p; p++) {
        if (p[0] == '\\' && p[1] == 'n')
            *to++ = '\n', p++;
        else if (p[0] == '\\' && p[1] == '\\')
            *to++ = '\\', p++;
        else
            *to++ = *p;
    }
    *to = 0;
    return (size_t)(to - s);
}

/* Through a file beside it that takes its place, so that a crash loses nothing. */
static void rewrite(const OuHistory *h, const char *file)
{
    size_t n = strlen(file);
    char *temp = malloc(n + 8);
    if (!temp)
        return;
    memcpy(temp, file, n);
    strcpy(temp + n, ".XXXXXX");
    int fd = mkstemp(temp); /* mode 0600 */
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (f) {
        for (size_t i = 0; i < h->n; i++)
            put_entry(f, h->items[i]);
        if (fclose(f) != 0 || rename(temp, file) != 0)
            unlink(temp);
    } else if (fd >= 0) {
        close(fd);
        unlink(temp);
    }
    free(temp);
}

/* Another prompt may put a shorter file in its place while this one waits for the lock: then the new one is opened. */
static int open_locked(const char *file)
{
    for (int tries = 0; tries < 10; tries++) {
        struct stat mine, named;
        int fd = open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX) != 0 || fstat(fd, &mine) != 0 || stat(file, &named) != 0 ||
            mine.st_ino == named.st_ino)
            return fd;
        close(fd);
    }
    return -1;
}

void ou_history_load(OuHistory *h, const char *file, size_t max, bool ours)
{
    int fd = ours && access(file, F_OK) == 0 ? open_locked(file) : -1; /* held until it is shortened */
    FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
    char *line = NULL;
    size_t cap = 0;
    if (!f) {
        if (fd >= 0)
            close(fd);
        if (!(f = fopen(file, "re"))) /* it may be read, not written */
            return;
    }
    for (ssize_t n; (n = getline(&line, &cap, f)) > 0;) {
        if (line[n - 1] == '\n')
            line[n - 1] = 0;
        ou_history_add(h, line, ours ? unescape(line) : strlen(line));
    }
    free(line);
    if (h->n > max) {
        size_t extra = h->n - max;
        for (size_t i = 0; i < extra; i++)
            free(h->items[i]);
        memmove(h->items, h->items + extra, max * sizeof *h->items);
        h->n = max;
        if (ours && extra > max / 8)
            rewrite(h, file);
    }
    fclose(f);
}

void ou_history_append(const char *file, const char *text)
{
    int fd = open_locked(file);
    FILE *f = fd >= 0 ? fdopen(fd, "a") : NULL;
    if (!f) {
        if (fd >= 0)
            close(fd);
        return;
    }
    put_entry(f, text);
    fclose(f);
}
