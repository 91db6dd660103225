/* stdlib/term.c - raw mode, drawing, reading. */
#include "term.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void on_resize(int sig)
{
    (void)sig; /* it is enough that read() is interrupted */
}

void ou_term_init(OuTerm *t)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR");
    memset(t, 0, offsetof(OuTerm, in));
    t->in_n = t->in_at = 0;
    bool dumb = !term || !*term || strcmp(term, "dumb") == 0;
    t->usable = !dumb && isatty(0) && isatty(1) && tcgetattr(0, &t->cooked) == 0;
    t->color = force && *force ? true : no_color && *no_color ? false : t->usable;
    if (t->usable) {
        struct sigaction sa = {.sa_handler = on_resize};
        sigaction(SIGWINCH, &sa, NULL); /* without SA_RESTART */
    }
}

static void put(const char *s, size_t n)
{
    while (n > 0) {
        ssize_t w = write(1, s, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0 && errno == EAGAIN) {
            struct pollfd p = {.fd = 1, .events = POLLOUT};
            poll(&p, 1, 100);
            continue;
        }
        if (w <= 0)
            return;
        s += w;
        n -= (size_t)w;
    }
}

static void put_s(const char *s)
{
    put(s, strlen(s));
}

void ou_term_enter(OuTerm *t)
{
    struct termios raw;
    if (t->raw || tcgetattr(0, &t->cooked) != 0)
        return;
    raw = t->cooked;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON | INLCR | ISTRIP);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(0, TCSADRAIN, &raw);
    put_s("\33[?2004h");
    t->raw = true;
    t->row = 0;
}

void ou_term_leave(OuTerm *t)
{
    if (!t->raw)
        return;
    put_s("\33[?2004l");
    tcsetattr(0, TCSADRAIN, &t->cooked);
    t->raw = false;
}

void ou_term_size(size_t *width, size_t *height)
{
    struct winsize ws;
    bool known = ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 1 && ws.ws_row > 0;
    *width = known ? ws.ws_col : 80;
    *height = known ? ws.ws_row : 24;
}

void ou_term_show(OuTerm *t, const OuEditView *v)
{
    char move[64];
    size_t cap = v->n + 128, n = 0;
    char *out = malloc(cap);
    if (!out)
        return;
    /* one write, so that nothing flickers: back to the first row, wipe, text, cursor */
    n += (size_t)snprintf(out + n, cap - n, t->row ? "\r\33[%zuA\33[J" : "\r\33[J", t->row);
    memcpy(out + n, v->text, v->n);
    n += v->n;
    size_t up = v->rows - 1 - v->row;
    size_t m = up ? (size_t)snprintf(move, sizeof move, "\r\33[%zuA", up)
                  : (size_t)snprintf(move, sizeof move, "\r");
    if (v->col)
        m += (size_t)snprintf(move + m, sizeof move - m, "\33[%zuC", v->col);
    memcpy(out + n, move, m);
    put(out, n + m);
    free(out);
    t->row = v->row;
}

void ou_term_finish(OuTerm *t, const OuEditView *v)
{
    char move[32];
    size_t down = v->rows - 1 - v->row;
    if (down) {
        snprintf(move, sizeof move, "\33[%zuB", down);
        put_s(move);
    }
    put_s("\r\n");
    t->row = 0;
}

void ou_term_clear(OuTerm *t)
{
    put_s("\33[H\33[2J");
    t->row = 0;
}

int ou_term_read(OuTerm *t)
{
    ssize_t n = read(0, t->in, sizeof t->in);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? -1 : 0;
    t->in_n = (size_t)n;
    t->in_at = 0;
    return n > 0;
}

bool ou_term_pending(OuTerm *t)
{
    struct pollfd p = {.fd = 0, .events = POLLIN};
    return t->in_at < t->in_n || poll(&p, 1, 0) > 0;
}
