/* stdlib/termios.c - module termios: POSIX terminal control. */
#include <asm/ioctls.h>
#include <errno.h>
#include <linux/serial.h>
#include <linux/tty.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "stdlib/posix/posix.h"
#include "support.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct State {
    OuObj *error;
} State;
extern const OuModuleDef ou_mod_termios;

/* termios.error(errno, text), which is not an OSError. */
static OuObj *failed(OuVM *vm)
{
    State *st = ou_module_state(vm, &ou_mod_termios);
    int err = errno;
    OuObj *v[2] = {ou_int(vm, err), ou_fs_decode(vm, strerror(err), -1)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    if (t)
        ou_raise_value(vm, (OuType *)st->error, t);
    ou_xdecref(vm, t);
    return NULL;
}

static int fd_arg(OuVM *vm, OuObj *o, int *fd)
{
    if (ou_posix_fd(vm, o, fd) < 0)
        return -1;
    return *fd < 0 ? ou_value_error_i(vm, "file descriptor cannot be a negative integer (%i)", *fd) : 0;
}

/* cc[]: bytes of length 1, but ints for VMIN and VTIME outside canonical mode. */
static OuObj *control_chars(OuVM *vm, const struct termios *t)
{
    OuObj *list = ou_list_new(vm, 0);
    bool canonical = t->c_lflag & ICANON;
    for (int i = 0; list && i < NCCS; i++) {
        OuObj *o = !canonical && (i == VMIN || i == VTIME) ? ou_int(vm, t->c_cc[i])
                                                           : ou_bytes_new(vm, (const char *)&t->c_cc[i], 1);
        if (!o || ou_list_append_take(vm, list, o) < 0)
            ou_clear(vm, list);
    }
    return list;
}

FN(termios_tcgetattr)
{
    int fd;
    struct termios t;
    if (fd_arg(vm, args[0], &fd) < 0)
        return NULL;
    if (tcgetattr(fd, &t) < 0)
        return failed(vm);
    OuObj *list = ou_list_new(vm, 0);
    const unsigned v[6] = {t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, cfgetispeed(&t), cfgetospeed(&t)};
    for (int i = 0; list && i < 7; i++) {
        OuObj *o = i < 6 ? ou_int(vm, v[i]) : control_chars(vm, &t);
        if (!o || ou_list_append_take(vm, list, o) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static int set_control_chars(OuVM *vm, OuObj *cc, struct termios *t)
{
    if (!ou_isa_list(vm, cc) || OU_LIST(cc)->n != NCCS)
        return ou_type_error_i(vm, "tcsetattr: attributes[6] must be %d element list", NCCS);
    for (size_t i = 0; i < NCCS; i++) {
        OuObj *o = OU_LIST(cc)->items[i];
        int64_t v;
        if (ou_isa_bytes(vm, o) && OU_BYTES(o)->len == 1)
            t->c_cc[i] = (cc_t)OU_BYTES(o)->data[0];
        else if (ou_isa_int(vm, o)) {
            if (ou_as_i64(vm, o, &v) < 0)
                return -1;
            t->c_cc[i] = (cc_t)v;
        } else
            return ou_type_error_i(vm, "tcsetattr: elements of attributes must be characters or integers");
    }
    return 0;
}

FN(termios_tcsetattr)
{
    int fd, when, r;
    struct termios t;
    int64_t v[6];
    if (fd_arg(vm, args[0], &fd) < 0 || ou_as_int(vm, args[1], &when) < 0)
        return NULL;
    if (!ou_isa_list(vm, args[2]) || OU_LIST(args[2])->n != 7)
        return ou_type_error(vm, "tcsetattr, arg 3: must be 7 element list");
    if (tcgetattr(fd, &t) < 0)
        return failed(vm);
    for (size_t i = 0; i < 6; i++)
        if (ou_as_i64(vm, OU_LIST(args[2])->items[i], &v[i]) < 0)
            return NULL;
    t.c_iflag = (tcflag_t)v[0];
    t.c_oflag = (tcflag_t)v[1];
    t.c_cflag = (tcflag_t)v[2];
    t.c_lflag = (tcflag_t)v[3];
    if (set_control_chars(vm, OU_LIST(args[2])->items[6], &t) < 0)
        return NULL;
    if (cfsetispeed(&t, (speed_t)v[4]) < 0 || cfsetospeed(&t, (speed_t)v[5]) < 0)
        return failed(vm);
    OU_BLOCKING(vm, r = tcsetattr(fd, when, &t));
    return r < 0 ? failed(vm) : ou_none(vm);
}

#define WITH_INT(name, call)                                                \
    FN(name)                                                                \
    {                                                                       \
        int fd, v, r;                                                       \
        if (fd_arg(vm, args[0], &fd) < 0 || ou_as_int(vm, args[1], &v) < 0) \
            return NULL;                                                    \
        OU_BLOCKING(vm, r = call(fd, v));                                   \
        return r < 0 ? failed(vm) : ou_none(vm);                            \
    }
WITH_INT(termios_tcsendbreak, tcsendbreak)
WITH_INT(termios_tcflush, tcflush)
WITH_INT(termios_tcflow, tcflow)

FN(termios_tcdrain)
{
    int fd, r;
    if (fd_arg(vm, args[0], &fd) < 0)
        return NULL;
    OU_BLOCKING(vm, r = tcdrain(fd));
    return r < 0 ? failed(vm) : ou_none(vm);
}

FN(termios_tcgetwinsize)
{
    int fd;
    struct winsize w;
    if (fd_arg(vm, args[0], &fd) < 0)
        return NULL;
    if (ioctl(fd, TIOCGWINSZ, &w) < 0)
        return failed(vm);
    OuObj *v[2] = {ou_int(vm, w.ws_row), ou_int(vm, w.ws_col)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    return t;
}

FN(termios_tcsetwinsize)
{
    int fd;
    int64_t v[2];
    struct winsize w;
    if (fd_arg(vm, args[0], &fd) < 0)
        return NULL;
    OuObj *t = ou_is(args[1], str) ? NULL : ou_sequence_tuple(vm, args[1]);
    if (!t || OU_TUPLE(t)->n != 2) {
        ou_xdecref(vm, t);
        ou_err_clear(vm);
        return ou_type_error(vm, "tcsetwinsize, arg 2: must be a two-item sequence");
    }
    int r = 0;
    for (int i = 0; r == 0 && i < 2; i++)
        r = ou_as_i64(vm, OU_TUPLE(t)->items[i], &v[i]);
    ou_decref(vm, t);
    if (r < 0)
        return NULL;
    if (ioctl(fd, TIOCGWINSZ, &w) < 0)
        return failed(vm);
    w.ws_row = (unsigned short)v[0];
    w.ws_col = (unsigned short)v[1];
    if (w.ws_row != v[0] || w.ws_col != v[1])
        return ou_raise(vm, OU_EXC(vm, OverflowError), "winsize value(s) out of range.");
    return ioctl(fd, TIOCSWINSZ, &w) < 0 ? failed(vm) : ou_none(vm);
}

static const OuIntRow rows[] = {
    OU_INT_ROW(B0),
    OU_INT_ROW(B50),
    OU_INT_ROW(B75),
    OU_INT_ROW(B110),
    OU_INT_ROW(B134),
    OU_INT_ROW(B150),
    OU_INT_ROW(B200),
    OU_INT_ROW(B300),
    OU_INT_ROW(B600),
    OU_INT_ROW(B1200),
    OU_INT_ROW(B1800),
    OU_INT_ROW(B2400),
    OU_INT_ROW(B4800),
    OU_INT_ROW(B9600),
    OU_INT_ROW(B19200),
    OU_INT_ROW(B38400),
    OU_INT_ROW(B57600),
    OU_INT_ROW(B115200),
    OU_INT_ROW(B230400),
    OU_INT_ROW(B460800),
    OU_INT_ROW(B500000),
    OU_INT_ROW(B576000),
    OU_INT_ROW(B921600),
    OU_INT_ROW(B1000000),
    OU_INT_ROW(B1152000),
    OU_INT_ROW(B1500000),
    OU_INT_ROW(B2000000),
    OU_INT_ROW(B2500000),
    OU_INT_ROW(B3000000),
    OU_INT_ROW(B3500000),
    OU_INT_ROW(B4000000),
    OU_INT_ROW(CBAUDEX),
    OU_INT_ROW(TCSANOW),
    OU_INT_ROW(TCSADRAIN),
    OU_INT_ROW(TCSAFLUSH),
    OU_INT_ROW(TCIFLUSH),
    OU_INT_ROW(TCOFLUSH),
    OU_INT_ROW(TCIOFLUSH),
    OU_INT_ROW(TCOOFF),
    OU_INT_ROW(TCOON),
    OU_INT_ROW(TCIOFF),
    OU_INT_ROW(TCION),
    OU_INT_ROW(IGNBRK),
    OU_INT_ROW(BRKINT),
    OU_INT_ROW(IGNPAR),
    OU_INT_ROW(PARMRK),
    OU_INT_ROW(INPCK),
    OU_INT_ROW(ISTRIP),
    OU_INT_ROW(INLCR),
    OU_INT_ROW(IGNCR),
    OU_INT_ROW(ICRNL),
    OU_INT_ROW(IUCLC),
    OU_INT_ROW(IXON),
    OU_INT_ROW(IXANY),
    OU_INT_ROW(IXOFF),
    OU_INT_ROW(IMAXBEL),
    OU_INT_ROW(OPOST),
    OU_INT_ROW(OLCUC),
    OU_INT_ROW(ONLCR),
    OU_INT_ROW(OCRNL),
    OU_INT_ROW(ONOCR),
    OU_INT_ROW(ONLRET),
    OU_INT_ROW(OFILL),
    OU_INT_ROW(OFDEL),
    OU_INT_ROW(NLDLY),
    OU_INT_ROW(CRDLY),
    OU_INT_ROW(TABDLY),
    OU_INT_ROW(BSDLY),
    OU_INT_ROW(VTDLY),
    OU_INT_ROW(FFDLY),
    OU_INT_ROW(NL0),
    OU_INT_ROW(NL1),
    OU_INT_ROW(CR0),
    OU_INT_ROW(CR1),
    OU_INT_ROW(CR2),
    OU_INT_ROW(CR3),
    OU_INT_ROW(TAB0),
    OU_INT_ROW(TAB1),
    OU_INT_ROW(TAB2),
    OU_INT_ROW(TAB3),
    OU_INT_ROW(XTABS),
    OU_INT_ROW(BS0),
    OU_INT_ROW(BS1),
    OU_INT_ROW(VT0),
    OU_INT_ROW(VT1),
    OU_INT_ROW(FF0),
    OU_INT_ROW(FF1),
    OU_INT_ROW(CSIZE),
    OU_INT_ROW(CSTOPB),
    OU_INT_ROW(CREAD),
    OU_INT_ROW(PARENB),
    OU_INT_ROW(PARODD),
    OU_INT_ROW(HUPCL),
    OU_INT_ROW(CLOCAL),
    OU_INT_ROW(CIBAUD),
    OU_INT_ROW(CRTSCTS),
    OU_INT_ROW(CS5),
    OU_INT_ROW(CS6),
    OU_INT_ROW(CS7),
    OU_INT_ROW(CS8),
    OU_INT_ROW(ISIG),
    OU_INT_ROW(ICANON),
    OU_INT_ROW(XCASE),
    OU_INT_ROW(ECHO),
    OU_INT_ROW(ECHOE),
    OU_INT_ROW(ECHOK),
    OU_INT_ROW(ECHONL),
    OU_INT_ROW(ECHOCTL),
    OU_INT_ROW(ECHOPRT),
    OU_INT_ROW(ECHOKE),
    OU_INT_ROW(FLUSHO),
    OU_INT_ROW(NOFLSH),
    OU_INT_ROW(TOSTOP),
    OU_INT_ROW(PENDIN),
    OU_INT_ROW(IEXTEN),
    OU_INT_ROW(VINTR),
    OU_INT_ROW(VQUIT),
    OU_INT_ROW(VERASE),
    OU_INT_ROW(VKILL),
    OU_INT_ROW(VEOF),
    OU_INT_ROW(VTIME),
    OU_INT_ROW(VMIN),
    OU_INT_ROW(VSWTC),
    {"VSWTCH", VSWTC},
    OU_INT_ROW(VSTART),
    OU_INT_ROW(VSTOP),
    OU_INT_ROW(VSUSP),
    OU_INT_ROW(VEOL),
    OU_INT_ROW(VREPRINT),
    OU_INT_ROW(VDISCARD),
    OU_INT_ROW(VWERASE),
    OU_INT_ROW(VLNEXT),
    OU_INT_ROW(VEOL2),
    OU_INT_ROW(CBAUD),
    OU_INT_ROW(CDSUSP),
    OU_INT_ROW(CEOF),
    OU_INT_ROW(CEOL),
    OU_INT_ROW(CEOT),
    OU_INT_ROW(CERASE),
    OU_INT_ROW(CFLUSH),
    OU_INT_ROW(CINTR),
    OU_INT_ROW(CKILL),
    OU_INT_ROW(CLNEXT),
    OU_INT_ROW(CQUIT),
    OU_INT_ROW(CRPRNT),
    OU_INT_ROW(CSTART),
    OU_INT_ROW(CSTOP),
    OU_INT_ROW(CSUSP),
    OU_INT_ROW(CWERASE),
    OU_INT_ROW(EXTA),
    OU_INT_ROW(EXTB),
    OU_INT_ROW(FIOASYNC),
    OU_INT_ROW(FIOCLEX),
    OU_INT_ROW(FIONBIO),
    OU_INT_ROW(FIONCLEX),
    OU_INT_ROW(FIONREAD),
    OU_INT_ROW(IOCSIZE_MASK),
    OU_INT_ROW(IOCSIZE_SHIFT),
    OU_INT_ROW(NCC),
    OU_INT_ROW(NCCS),
    OU_INT_ROW(N_MOUSE),
    OU_INT_ROW(N_PPP),
    OU_INT_ROW(N_SLIP),
    OU_INT_ROW(N_STRIP),
    OU_INT_ROW(N_TTY),
    OU_INT_ROW(TCFLSH),
    OU_INT_ROW(TCGETA),
    OU_INT_ROW(TCGETS),
    OU_INT_ROW(TCSBRK),
    OU_INT_ROW(TCSBRKP),
    OU_INT_ROW(TCSETA),
    OU_INT_ROW(TCSETAF),
    OU_INT_ROW(TCSETAW),
    OU_INT_ROW(TCSETS),
    OU_INT_ROW(TCSETSF),
    OU_INT_ROW(TCSETSW),
    OU_INT_ROW(TCXONC),
    OU_INT_ROW(TIOCCONS),
    OU_INT_ROW(TIOCEXCL),
    OU_INT_ROW(TIOCGETD),
    OU_INT_ROW(TIOCGICOUNT),
    OU_INT_ROW(TIOCGLCKTRMIOS),
    OU_INT_ROW(TIOCGPGRP),
    OU_INT_ROW(TIOCGSERIAL),
    OU_INT_ROW(TIOCGSOFTCAR),
    OU_INT_ROW(TIOCGWINSZ),
    OU_INT_ROW(TIOCINQ),
    OU_INT_ROW(TIOCLINUX),
    OU_INT_ROW(TIOCMBIC),
    OU_INT_ROW(TIOCMBIS),
    OU_INT_ROW(TIOCMGET),
    OU_INT_ROW(TIOCMIWAIT),
    OU_INT_ROW(TIOCMSET),
    OU_INT_ROW(TIOCM_CAR),
    OU_INT_ROW(TIOCM_CD),
    OU_INT_ROW(TIOCM_CTS),
    OU_INT_ROW(TIOCM_DSR),
    OU_INT_ROW(TIOCM_DTR),
    OU_INT_ROW(TIOCM_LE),
    OU_INT_ROW(TIOCM_RI),
    OU_INT_ROW(TIOCM_RNG),
    OU_INT_ROW(TIOCM_RTS),
    OU_INT_ROW(TIOCM_SR),
    OU_INT_ROW(TIOCM_ST),
    OU_INT_ROW(TIOCNOTTY),
    OU_INT_ROW(TIOCNXCL),
    OU_INT_ROW(TIOCOUTQ),
    OU_INT_ROW(TIOCPKT),
    OU_INT_ROW(TIOCPKT_DATA),
    OU_INT_ROW(TIOCPKT_DOSTOP),
    OU_INT_ROW(TIOCPKT_FLUSHREAD),
    OU_INT_ROW(TIOCPKT_FLUSHWRITE),
    OU_INT_ROW(TIOCPKT_NOSTOP),
    OU_INT_ROW(TIOCPKT_START),
    OU_INT_ROW(TIOCPKT_STOP),
    OU_INT_ROW(TIOCSCTTY),
    OU_INT_ROW(TIOCSERCONFIG),
    OU_INT_ROW(TIOCSERGETLSR),
    OU_INT_ROW(TIOCSERGETMULTI),
    OU_INT_ROW(TIOCSERGSTRUCT),
    OU_INT_ROW(TIOCSERGWILD),
    OU_INT_ROW(TIOCSERSETMULTI),
    OU_INT_ROW(TIOCSERSWILD),
    OU_INT_ROW(TIOCSER_TEMT),
    OU_INT_ROW(TIOCSETD),
    OU_INT_ROW(TIOCSLCKTRMIOS),
    OU_INT_ROW(TIOCSPGRP),
    OU_INT_ROW(TIOCSSERIAL),
    OU_INT_ROW(TIOCSSOFTCAR),
    OU_INT_ROW(TIOCSTI),
    OU_INT_ROW(TIOCSWINSZ),
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    if (ou_module_add_ints(vm, m, rows) < 0 ||
        !(st->error = ou_module_add_exception(vm, m, "termios", "error", OU_EXC(vm, Exception))))
        return -1;
    return 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)state)->error);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((State *)state)->error);
}

static const OuFn functions[] = {
    {"tcgetattr(fd, /)", termios_tcgetattr, 0, "Get the tty attributes for file descriptor fd."},
    {"tcsetattr(fd, when, attributes, /)", termios_tcsetattr, 0,
     "Set the tty attributes for file descriptor fd."},
    {"tcsendbreak(fd, duration, /)", termios_tcsendbreak, 0, "Send a break on file descriptor fd."},
    {"tcdrain(fd, /)", termios_tcdrain, 0,
     "Wait until all output written to file descriptor fd has been transmitted."},
    {"tcflush(fd, queue, /)", termios_tcflush, 0, "Discard queued data on file descriptor fd."},
    {"tcflow(fd, action, /)", termios_tcflow, 0, "Suspend or resume input or output on file descriptor fd."},
    {"tcgetwinsize(fd, /)", termios_tcgetwinsize, 0, "Get the tty winsize for file descriptor fd."},
    {"tcsetwinsize(fd, winsize, /)", termios_tcsetwinsize, 0, "Set the tty winsize for file descriptor fd."},
    {0},
};
const OuModuleDef ou_mod_termios = {
    .name = "termios",
    .doc = "This module provides an interface to the Posix calls for tty I/O control.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
