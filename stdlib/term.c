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

bool ou_term_wants_color(bool usable)
{
    const char *no_color = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR");
    return force && *force ? true : no_color && *no_color ? false : usable;
}

void ou_term_init(OuTerm *t)
{
    const char *term = getenv("TERM");
    memset(t, 0, offsetof(OuTerm, in));
    t->in_n = t->in_at = 0;
    bool dumb = !term || !*term || strcmp(term, "dumb") == 0;
    bool terminals = isatty(0) && isatty(1) && tcgetattr(0, &t->cooked) == 0;
    t->usable = !dumb && terminals;
    t->dumb = dumb && terminals;
    t->color = ou_term_wants_color(t->usable);
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

void ou_term_enter(OuTerm *t, bool paste)
{
    struct termios raw;
    if (t->raw || tcgetattr(0, &t->cooked) != 0)
        return;
    raw = t->cooked;
    raw.c_iflag &= ~(tcflag_t)(IXON | INLCR | ISTRIP);
    raw.c_iflag |= ICRNL; /* what is typed ahead has line ends for whoever reads it later */
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(0, TCSADRAIN, &raw);
    t->raw = true;
    t->paste = paste && !t->dumb;
    if (t->paste)
        put_s("\33[?2004h");
    t->fresh = true;
    t->row = t->col = t->shown = 0;
    /* a handler of the program stays: it interrupts read(), too */
    struct sigaction sa = {.sa_handler = on_resize}; /* without SA_RESTART */
    t->watching = sigaction(SIGWINCH, NULL, &t->winch) == 0 && t->winch.sa_handler == SIG_DFL &&
                  sigaction(SIGWINCH, &sa, NULL) == 0;
}

void ou_term_leave(OuTerm *t)
{
    if (!t->raw)
        return;
    if (t->paste)
        put_s("\33[?2004l");
    tcsetattr(0, TCSADRAIN, &t->cooked);
    t->raw = false;
    if (t->watching)
        sigaction(SIGWINCH, &t->winch, NULL);
    t->watching = false;
}

void ou_term_signals(OuTerm *t, bool on)
{
    struct termios now;
    if (!t->raw || tcgetattr(0, &now) != 0)
        return;
    now.c_lflag = on ? now.c_lflag | ISIG : now.c_lflag & ~(tcflag_t)ISIG;
    tcsetattr(0, TCSADRAIN, &now);
}

void ou_term_size(size_t *width, size_t *height)
{
    struct winsize ws;
    bool known = ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 1 && ws.ws_row > 0;
    *width = known ? ws.ws_col : 80;
    *height = known ? ws.ws_row : 24;
}

void ou_term_list(OuTerm *t, char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_s("\r\n");
        put_s(words[i]);
    }
    put_s("\r\n");
    t->row = t->col = t->shown = 0;
    t->fresh = true;
}

/* One row by carriage return and blanks only; the part around the cursor when it is too long. */
static void show_dumb(OuTerm *t, const OuEditView *v)
{
    size_t width, height, col = 0, from = 0, cursor = 0, end = 0;
    ou_term_size(&width, &height);
    width = width > 2 ? width - 1 : 1;
    size_t first = v->col >= width ? v->col - width + 1 : 0;
    bool begun = first == 0, there = false;
    for (size_t i = 0; i < v->n && col < first + width;) {
        uint32_t c;
        size_t len = ou_edit_utf8_next(v->text + i, v->n - i, &c);
        len = len ? len : 1;
        if (!begun && col >= first)
            begun = true, from = i;
        if (col >= v->col && !there)
            there = true, cursor = i;
        col += (size_t)ou_char_width(c);
        i += len;
        end = i;
    }
    if (!there)
        cursor = end;
    put_s("\r");
    put(v->text + from, end - from);
    size_t columns = col > first ? col - first : 0;
    for (size_t i = columns; i < t->shown; i++)
        put_s(" ");
    put_s("\r");
    put(v->text + from, cursor - from);
    t->shown = columns;
}

void ou_term_show(OuTerm *t, const OuEditView *v)
{
    char move[64];
    size_t cap = v->n + 128, n = 0;
    char *out = t->dumb ? NULL : malloc(cap);
    if (t->dumb)
        show_dumb(t, v);
    if (!out)
        return;
    /* one write, so that nothing flickers: back to where the first row begins, wipe, text, cursor */
    if (t->fresh)
        n += (size_t)snprintf(out + n, cap - n, "\33[J");
    else if (t->row)
        n += (size_t)snprintf(out + n, cap - n, "\r\33[%zuA\33[J", t->row);
    else if (t->col) /* what stands before the prompt stays */
        n += (size_t)snprintf(out + n, cap - n, "\33[%zuD\33[J", t->col);
    else
        n += (size_t)snprintf(out + n, cap - n, "\33[J");
    memcpy(out + n, v->text, v->n);
    n += v->n;
    size_t up = v->rows - 1 - v->row, m = 0;
    if (v->rows == 1) {
        size_t width, height, at = v->end_col;
        ou_term_size(&width, &height);
        at -= at == width; /* the cursor stays in the last column until one more character comes */
        if (at > v->col)
            m = (size_t)snprintf(move, sizeof move, "\33[%zuD", at - v->col);
    } else {
        m = up ? (size_t)snprintf(move, sizeof move, "\r\33[%zuA", up)
               : (size_t)snprintf(move, sizeof move, "\r");
        if (v->col)
            m += (size_t)snprintf(move + m, sizeof move - m, "\33[%zuC", v->col);
    }
    memcpy(out + n, move, m);
    put(out, n + m);
    free(out);
    t->row = v->row;
    t->col = v->col;
    t->fresh = false;
}

void ou_term_finish(OuTerm *t, const OuEditView *v)
{
    char move[32];
    size_t down = t->dumb ? 0 : v->rows - 1 - v->row;
    if (down) {
        snprintf(move, sizeof move, "\33[%zuB", down);
        put_s(move);
    }
    put_s("\r\n");
    t->row = t->col = t->shown = 0;
    t->fresh = true;
}

void ou_term_bell(OuTerm *t)
{
    (void)t;
    put_s("\a");
}

void ou_term_clear(OuTerm *t)
{
    if (!t->dumb)
        put_s("\33[H\33[2J");
    t->row = t->col = 0;
}

void ou_term_wait(const sigset_t *mask)
{
    struct pollfd p = {.fd = 0, .events = POLLIN};
    ppoll(&p, 1, NULL, mask);
}

int ou_term_read(OuTerm *t, bool byte)
{
    struct pollfd p = {.fd = 0, .events = POLLIN};
    size_t n = 0;
    while (n < sizeof t->in && poll(&p, 1, 0) > 0) {
        ssize_t got = read(0, t->in + n, 1);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            break;
        if (got <= 0) {
            if (n == 0)
                return 0;
            break;
        }
        if (byte || t->in[n] == '\n' || t->in[n] == '\r') {
            n++;
            break;
        }
        n++;
    }
    t->in_n = n;
    t->in_at = 0;
    return n ? 1 : -1;
}

bool ou_term_more(void)
{
    struct pollfd p = {.fd = 0, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

bool ou_term_pending(OuTerm *t)
{
    return t->in_at < t->in_n || ou_term_more();
}
