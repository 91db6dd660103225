/* stdlib/sre/match.h - the matcher; a template: CHAR is the character type, NAME(x) gives the functions'
 * names.
 *
 * See sre.h for the stack.  Words of an entry, pushed in this order, its kind last:
 *   BRANCH   pc ptr rep lastmark lastindex            pc: <skip> of the next alternative
 *   UNTIL    pc ptr rep lastmark lastindex            greedy group repeat: no further round, pc: the tail
 *   UNMARK   index old lastmark lastindex
 *   REPSTATE rep count last            REPNEW   rep (st.rep before)
 *   ONE      pc ptr count rep lastmark lastindex      greedy one-character repeat: one fewer
 *   MINONE   pc ptr count rep lastmark lastindex      lazy: one more
 *   MINUNTIL pc ptr rep lastmark lastindex            lazy group repeat: one more round
 *   SNAP     marks... n lastmark lastindex
 *   BARRIER  what pc ptr count last rep nrep previous */

static inline bool NAME(at)(const OuSre *s, ou_ssize ptr, uint32_t at)
{
    const CHAR *p = s->p;
    bool this, that;
#define WORD_EDGE(test) \
    (this = ptr < s->end && (test(ptr)), that = ptr > s->beginning && (test(ptr - 1)), this != that)
#define W_ASCII(i) ou_sre_category(4, p[i])
#define W_LOC(i) ou_sre_category(8, p[i])
#define W_UNI(i) ou_sre_category(14, p[i])
    switch (at) {
    case AT_BEGINNING:
    case AT_BEGINNING_STRING:
        return ptr == s->beginning;
    case AT_BEGINNING_LINE:
        return ptr == s->beginning || p[ptr - 1] == '\n';
    case AT_END:
        return ptr == s->end || (s->end - ptr == 1 && p[ptr] == '\n');
    case AT_END_LINE:
        return ptr == s->end || p[ptr] == '\n';
    case AT_END_STRING:
        return ptr == s->end;
    case AT_BOUNDARY:
        return s->beginning != s->end && WORD_EDGE(W_ASCII);
    case AT_NON_BOUNDARY:
        return s->beginning != s->end && !WORD_EDGE(W_ASCII);
    case AT_LOC_BOUNDARY:
        return s->beginning != s->end && WORD_EDGE(W_LOC);
    case AT_LOC_NON_BOUNDARY:
        return s->beginning != s->end && !WORD_EDGE(W_LOC);
    case AT_UNI_BOUNDARY:
        return s->beginning != s->end && WORD_EDGE(W_UNI);
    case AT_UNI_NON_BOUNDARY:
        return s->beginning != s->end && !WORD_EDGE(W_UNI);
    default:
        return false;
    }
#undef WORD_EDGE
#undef W_ASCII
#undef W_LOC
#undef W_UNI
}

/* The one-character item at op matches c? */
static inline bool NAME(item)(const uint32_t *op, uint32_t c)
{
    switch (op[0]) {
    case LITERAL:
        return c == op[1];
    case NOT_LITERAL:
        return c != op[1];
    case ANY:
        return c != '\n';
    case ANY_ALL:
        return true;
    case IN:
        return ou_sre_charset(op + 2, c);
    case IN_IGNORE:
        return ou_sre_charset(op + 2, ou_sre_lower_ascii(c));
    case IN_UNI_IGNORE:
        return ou_sre_charset(op + 2, ou_char_tolower(c));
    case IN_LOC_IGNORE:
        return ou_sre_charset_locale(op + 2, c);
    case LITERAL_IGNORE:
        return ou_sre_lower_ascii(c) == op[1];
    case LITERAL_UNI_IGNORE:
        return ou_char_tolower(c) == op[1];
    case LITERAL_LOC_IGNORE:
        return ou_sre_literal_locale(op[1], c);
    case NOT_LITERAL_IGNORE:
        return ou_sre_lower_ascii(c) != op[1];
    case NOT_LITERAL_UNI_IGNORE:
        return ou_char_tolower(c) != op[1];
    case NOT_LITERAL_LOC_IGNORE:
        return !ou_sre_literal_locale(op[1], c);
    case CATEGORY:
        return ou_sre_category(op[1], c);
    default:
        return false;
    }
}

/* How often the item matches from ptr on, at most max times. */
static ou_ssize NAME(count)(const OuSre *s, const uint32_t *op, ou_ssize ptr, uint32_t max)
{
    const CHAR *p = s->p;
    ou_ssize end = s->end, i = ptr;
    if (max != SRE_MAXREPEAT && (ou_ssize)max < end - ptr)
        end = ptr + max;
    if (op[0] == ANY_ALL)
        return end - ptr;
    if (op[0] == ANY) {
        OuChars t = {p, s->end, sizeof(CHAR), OU_TEXT_STR, NULL};
        ou_ssize at = ou_text_find_char(&t, '\n', ptr, end);
        return (at < 0 ? end : at) - ptr;
    }
    if (op[0] == LITERAL) {
        for (uint32_t c = op[1]; i < end && p[i] == c; i++)
            ;
        return i - ptr;
    }
    if (op[0] == NOT_LITERAL && (uint32_t)(CHAR)op[1] == op[1]) {
        OuChars t = {p, s->end, sizeof(CHAR), OU_TEXT_STR, NULL};
        ou_ssize at = ou_text_find_char(&t, op[1], ptr, end);
        return (at < 0 ? end : at) - ptr;
    }
    if (op[0] == IN && op[2] == CHARSET && op[11] == FAILURE) { /* the commonest set: one bitmap */
        const uint32_t *map = op + 3;
        for (; i < end; i++) {
            uint32_t c = p[i];
            if (c > 255 || !(map[c >> 5] & 1u << (c & 31)))
                break;
        }
        return i - ptr;
    }
    if ((op[0] == IN && op[2] == CATEGORY && op[4] == FAILURE) || op[0] == CATEGORY) { /* \w, \d, \s ... */
        uint32_t category = op[op[0] == IN ? 3 : 1];
        while (i < end && ou_sre_category(category, p[i]))
            i++;
        return i - ptr;
    }
    while (i < end && NAME(item)(op, p[i]))
        i++;
    return i - ptr;
}

static inline bool NAME(group_ref)(const OuSre *s, uint32_t op, ou_ssize group, ou_ssize *ptr)
{
    const CHAR *p = s->p;
    if (group * 2 >= s->lastmark)
        return false;
    ou_ssize a = s->mark[group * 2], b = s->mark[group * 2 + 1], i = *ptr;
    if (a < 0 || b < a)
        return false;
    for (; a < b; a++, i++) {
        if (i >= s->end)
            return false;
        uint32_t x = p[i], y = p[a];
        if (op == GROUPREF              ? x != y
            : op == GROUPREF_IGNORE     ? ou_sre_lower_ascii(x) != ou_sre_lower_ascii(y)
            : op == GROUPREF_UNI_IGNORE ? ou_char_tolower(x) != ou_char_tolower(y)
                                        : ou_sre_lower_locale(x) != ou_sre_lower_locale(y))
            return false;
    }
    *ptr = i;
    return true;
}

int NAME(ou_sre_match)(OuSre *s, const uint32_t *code, int64_t pc)
{
    const CHAR *p = s->p;
    int64_t *st = s->stack;
    size_t sp = 0, cap = s->stack_cap,
           barrier = 0; /* barrier: stack height behind the innermost one, 0: none */
    ou_ssize ptr = s->start, end = s->end;
    int64_t rep = -1;
    uint32_t ticks = 0;
    s->nrep = 0;
#define ROOM(n)                                     \
    do {                                            \
        if (sp + (n) > cap) {                       \
            if (ou_sre_stack_grow(s, sp + (n)) < 0) \
                return -1;                          \
            st = s->stack;                          \
            cap = s->stack_cap;                     \
        }                                           \
    } while (0)
#define PUSH(v) (st[sp++] = (int64_t)(v))
#define PUSH_SNAP()                                                    \
    do {                                                               \
        ou_ssize n_ = s->lastmark + 1;                                 \
        ROOM((size_t)n_ + 4);                                          \
        for (ou_ssize i_ = 0; i_ < n_; i_++)                           \
            PUSH(s->mark[i_]);                                         \
        PUSH(n_), PUSH(s->lastmark), PUSH(s->lastindex), PUSH(K_SNAP); \
    } while (0)
#define PUSH_BARRIER(what, where, count, last)                                                 \
    do {                                                                                       \
        ROOM(9);                                                                               \
        PUSH(what), PUSH(where), PUSH(ptr), PUSH(count), PUSH(last), PUSH(rep), PUSH(s->nrep), \
            PUSH(barrier), PUSH(K_BARRIER);                                                    \
        barrier = sp;                                                                          \
    } while (0)
#define SET_REP(r, c, l)                                                        \
    do {                                                                        \
        ROOM(4);                                                                \
        PUSH(r), PUSH(s->rep[r].count), PUSH(s->rep[r].last), PUSH(K_REPSTATE); \
        s->rep[r].count = (c);                                                  \
        s->rep[r].last = (l);                                                   \
    } while (0)
    for (;;) {
        const uint32_t *op = code + pc;
        switch (op[0]) {
        case FAILURE:
            goto fail;
        case SUCCESS:
            goto success;
        case LITERAL:
            if (ptr >= end || p[ptr] != op[1])
                goto fail;
            ptr++;
            pc += 2;
            continue;
        case NOT_LITERAL:
        case CATEGORY:
        case LITERAL_IGNORE:
        case NOT_LITERAL_IGNORE:
        case LITERAL_UNI_IGNORE:
        case NOT_LITERAL_UNI_IGNORE:
        case LITERAL_LOC_IGNORE:
        case NOT_LITERAL_LOC_IGNORE:
            if (ptr >= end || !NAME(item)(op, p[ptr]))
                goto fail;
            ptr++;
            pc += 2;
            continue;
        case ANY:
        case ANY_ALL:
            if (ptr >= end || (op[0] == ANY && p[ptr] == '\n'))
                goto fail;
            ptr++;
            pc++;
            continue;
        case IN:
        case IN_IGNORE:
        case IN_UNI_IGNORE:
        case IN_LOC_IGNORE:
            if (ptr >= end || !NAME(item)(op, p[ptr]))
                goto fail;
            ptr++;
            pc += 1 + op[1];
            continue;
        case AT:
            if (!NAME(at)(s, ptr, op[1]))
                goto fail;
            pc += 2;
            continue;
        case MARK: {
            ou_ssize i = op[1];
            ROOM(5);
            PUSH(i), PUSH(s->mark[i]), PUSH(s->lastmark), PUSH(s->lastindex), PUSH(K_UNMARK);
            if (i & 1)
                s->lastindex = i / 2 + 1;
            if (i > s->lastmark) {
                for (ou_ssize j = s->lastmark + 1; j < i; j++)
                    s->mark[j] = -1;
                s->lastmark = i;
            }
            s->mark[i] = ptr;
            pc += 2;
            continue;
        }
        case INFO:
            if (op[3] && end - ptr < (ou_ssize)op[3])
                goto fail;
            pc += 1 + op[1];
            continue;
        case JUMP:
            pc += 1 + op[1];
            continue;
        case BRANCH: { /* <skip> alternative ... JUMP <skip> ... 0; pc stands at a <skip> while alternatives
                          are tried */
            pc++;
        try_branch:
            op = code + pc;
            for (; op[0]; pc += op[0], op = code + pc) {
                if (op[1] == LITERAL && (ptr >= end || p[ptr] != op[2]))
                    continue;
                if (op[1] == IN && (ptr >= end || !ou_sre_charset(op + 3, p[ptr])))
                    continue;
                break;
            }
            if (!op[0])
                goto fail;
            ROOM(6);
            PUSH(pc + op[0]), PUSH(ptr), PUSH(rep), PUSH(s->lastmark), PUSH(s->lastindex), PUSH(K_BRANCH);
            pc++;
            continue;
        }
        case REPEAT: { /* <skip> <min> <max> item UNTIL */
            int r = ou_sre_rep_new(s, pc + 1, rep);
            if (r < 0)
                return -1;
            ROOM(2);
            PUSH(rep), PUSH(K_REPNEW);
            rep = r;
            pc += 1 + op[1];
            continue;
        }
        case MAX_UNTIL: {
            if (rep < 0)
                goto fail;
            const uint32_t *arg = code + s->rep[rep].pc;
            int64_t n = s->rep[rep].count + 1;
            if (n < (int64_t)arg[1]) {
                SET_REP(rep, n, s->rep[rep].last);
                pc = s->rep[rep].pc + 3;
                continue;
            }
            if ((n < (int64_t)arg[2] || arg[2] == SRE_MAXREPEAT) && ptr != s->rep[rep].last) {
                ROOM(6);
                PUSH(pc + 1), PUSH(ptr), PUSH(rep), PUSH(s->lastmark), PUSH(s->lastindex), PUSH(K_UNTIL);
                SET_REP(rep, n, ptr);
                pc = s->rep[rep].pc + 3;
                goto tick;
            }
            rep = s->rep[rep].prev;
            pc++;
            continue;
        }
        case MIN_UNTIL: {
            if (rep < 0)
                goto fail;
            const uint32_t *arg = code + s->rep[rep].pc;
            int64_t n = s->rep[rep].count + 1;
            if (n < (int64_t)arg[1]) {
                SET_REP(rep, n, s->rep[rep].last);
                pc = s->rep[rep].pc + 3;
                continue;
            }
            ROOM(6);
            PUSH(pc), PUSH(ptr), PUSH(rep), PUSH(s->lastmark), PUSH(s->lastindex), PUSH(K_MINUNTIL);
            rep = s->rep[rep].prev;
            pc++;
            goto tick;
        }
        case REPEAT_ONE: { /* <skip> <min> <max> item SUCCESS tail */
            if (end - ptr < (ou_ssize)op[2])
                goto fail;
            ou_ssize n = NAME(count)(s, op + 4, ptr, op[3]);
            if (n < (ou_ssize)op[2])
                goto fail;
            const uint32_t *tail = op + 1 + op[1];
            if (n > (ou_ssize)op[2] && tail[0] == LITERAL) /* go back to where the tail may begin */
                while (n > (ou_ssize)op[2] && (ptr + n >= end || p[ptr + n] != tail[1]))
                    n--;
            if (n > (ou_ssize)op[2]) {
                ROOM(7);
                PUSH(pc), PUSH(ptr), PUSH(n), PUSH(rep), PUSH(s->lastmark), PUSH(s->lastindex), PUSH(K_ONE);
            }
            ptr += n;
            pc += 1 + op[1];
            continue;
        }
        case MIN_REPEAT_ONE: {
            if (end - ptr < (ou_ssize)op[2])
                goto fail;
            ou_ssize n = op[2] ? NAME(count)(s, op + 4, ptr, op[2]) : 0;
            if (n < (ou_ssize)op[2])
                goto fail;
            ptr += n;
            ROOM(7);
            PUSH(pc), PUSH(ptr), PUSH(n), PUSH(rep), PUSH(s->lastmark), PUSH(s->lastindex), PUSH(K_MINONE);
            pc += 1 + op[1];
            continue;
        }
        case POSSESSIVE_REPEAT_ONE: {
            if (end - ptr < (ou_ssize)op[2])
                goto fail;
            ou_ssize n = NAME(count)(s, op + 4, ptr, op[3]);
            if (n < (ou_ssize)op[2])
                goto fail;
            ptr += n;
            pc += 1 + op[1];
            continue;
        }
        case POSSESSIVE_REPEAT: /* <skip> <min> <max> item SUCCESS tail */
            PUSH_SNAP();
            if (op[2] == 0 && op[3] == 0) {
                pc += 2 + op[1];
                continue;
            }
            PUSH_BARRIER(POSSESSIVE_REPEAT, pc, 0, -1);
            pc += 4;
            continue;
        case ATOMIC_GROUP: /* <skip> item SUCCESS */
            PUSH_SNAP();
            PUSH_BARRIER(ATOMIC_GROUP, pc + 1 + op[1], 0, -1);
            pc += 2;
            continue;
        case ASSERT:
        case ASSERT_NOT: /* <skip> <back> item SUCCESS */
            if (ptr - s->beginning < (ou_ssize)op[2]) {
                if (op[0] == ASSERT)
                    goto fail;
                pc += 1 + op[1];
                continue;
            }
            PUSH_SNAP();
            PUSH_BARRIER(op[0], pc + 1 + op[1], 0, -1);
            ptr -= op[2];
            pc += 3;
            continue;
        case GROUPREF:
        case GROUPREF_IGNORE:
        case GROUPREF_UNI_IGNORE:
        case GROUPREF_LOC_IGNORE:
            if (!NAME(group_ref)(s, op[0], op[1], &ptr))
                goto fail;
            pc += 2;
            continue;
        case GROUPREF_EXISTS: { /* <group> <skip> yes JUMP no */
            ou_ssize g = (ou_ssize)op[1] * 2;
            bool has = g < s->lastmark && s->mark[g] >= 0 && s->mark[g + 1] >= s->mark[g];
            pc += has ? 3 : 1 + op[2]; /* the skip counts from its own word less one */
            continue;
        }
        default:
            ou_raise(s->vm, OU_EXC(s->vm, RuntimeError), "invalid SRE code");
            return -1;
        }
    tick:
        if ((++ticks & 1023) == 0 && ou_poll(s->vm) < 0)
            return -1;
        continue;

    success:
        if (!barrier) {
            if ((s->match_all && ptr != end) || ptr == s->must_advance)
                goto fail;
            s->ptr = ptr;
            return 1;
        } else {
            size_t b = barrier - 9;
            int64_t what = st[b], where = st[b + 1], from = st[b + 2], count = st[b + 3];
            rep = st[b + 5];
            s->nrep = (size_t)st[b + 6];
            barrier = (size_t)st[b + 7];
            sp = b;
            if (what == ASSERT_NOT)
                goto fail;
            if (what == POSSESSIVE_REPEAT) {
                op = code + where;
                count++;
                bool more = count < (int64_t)op[2] ||
                            ((count < (int64_t)op[3] || op[3] == SRE_MAXREPEAT) && ptr != from);
                if (more) {
                    PUSH_BARRIER(POSSESSIVE_REPEAT, where, count, from);
                    pc = where + 4;
                    goto tick;
                }
                pc = where + 2 + op[1];
                continue;
            }
            if (what == ASSERT)
                ptr = from;
            pc = where;
            continue;
        }

    fail:
        if (sp == 0)
            return 0;
        switch (st[--sp]) {
        case K_UNMARK:
            sp -= 4;
            s->mark[st[sp]] = st[sp + 1];
            s->lastmark = st[sp + 2];
            s->lastindex = st[sp + 3];
            goto fail;
        case K_REPSTATE:
            sp -= 3;
            s->rep[st[sp]].count = st[sp + 1];
            s->rep[st[sp]].last = st[sp + 2];
            goto fail;
        case K_REPNEW:
            rep = st[--sp];
            s->nrep--;
            goto fail;
        case K_SNAP: {
            sp -= 3;
            ou_ssize n = st[sp];
            s->lastmark = st[sp + 1];
            s->lastindex = st[sp + 2];
            sp -= (size_t)n;
            for (ou_ssize i = 0; i < n; i++)
                s->mark[i] = st[sp + (size_t)i];
            goto fail;
        }
        case K_BRANCH:
        case K_UNTIL: {
            int64_t kind = st[sp];
            sp -= 5;
            pc = st[sp];
            ptr = st[sp + 1];
            rep = st[sp + 2];
            s->lastmark = st[sp + 3];
            s->lastindex = st[sp + 4];
            if (kind == K_BRANCH)
                goto try_branch;
            if (kind == K_UNTIL) /* no further round: the tail */
                rep = s->rep[rep].prev;
            goto tick;
        }
        case K_MINUNTIL: {
            sp -= 5;
            pc = st[sp];
            ptr = st[sp + 1];
            rep = st[sp + 2];
            s->lastmark = st[sp + 3];
            s->lastindex = st[sp + 4];
            const uint32_t *arg = code + s->rep[rep].pc;
            int64_t n = s->rep[rep].count + 1;
            if ((n >= (int64_t)arg[2] && arg[2] != SRE_MAXREPEAT) || ptr == s->rep[rep].last)
                goto fail;
            SET_REP(rep, n, ptr);
            pc = s->rep[rep].pc + 3;
            goto tick;
        }
        case K_ONE: {
            int64_t *e = st + sp - 6;
            pc = e[0];
            ou_ssize n = e[2] - 1;
            const uint32_t *a = code + pc, *tail = a + 1 + a[1];
            ptr = e[1];
            rep = e[3];
            s->lastmark = e[4];
            s->lastindex = e[5];
            if (tail[0] == LITERAL)
                while (n > (ou_ssize)a[2] && p[ptr + n] != tail[1])
                    n--;
            if (n > (ou_ssize)a[2]) {
                e[2] = n;
                sp++;
            } else {
                sp -= 6;
            }
            ptr += n;
            pc += 1 + a[1];
            goto tick;
        }
        case K_MINONE: {
            int64_t *e = st + sp - 6;
            pc = e[0];
            const uint32_t *a = code + pc;
            ptr = e[1];
            rep = e[3];
            s->lastmark = e[4];
            s->lastindex = e[5];
            if ((e[2] >= (int64_t)a[3] && a[3] != SRE_MAXREPEAT) || ptr >= end ||
                !NAME(item)(a + 4, p[ptr])) {
                sp -= 6;
                goto fail;
            }
            e[1] = ++ptr;
            e[2]++;
            sp++;
            pc += 1 + a[1];
            goto tick;
        }
        case K_BARRIER: {
            sp -= 8;
            int64_t what = st[sp], where = st[sp + 1], count = st[sp + 3];
            ptr = st[sp + 2];
            rep = st[sp + 5];
            s->nrep = (size_t)st[sp + 6];
            barrier = (size_t)st[sp + 7];
            if (what == ASSERT_NOT) {
                pc = where;
                continue;
            }
            if (what == POSSESSIVE_REPEAT && count >= (int64_t)code[where + 2]) {
                pc = where + 2 + code[where + 1];
                continue;
            }
            goto fail;
        }
        default:
            goto fail;
        }
    }
#undef ROOM
#undef PUSH
#undef PUSH_SNAP
#undef PUSH_BARRIER
#undef SET_REP
}

int NAME(ou_sre_search)(OuSre *s, const uint32_t *code)
{
    const CHAR *p = s->p;
    const uint32_t *charset = NULL, *prefix = NULL;
    ou_ssize ptr = s->start, end = s->end, nprefix = 0;
    int64_t pc = 0;
    if (ptr > end)
        return 0;
    if (code[0] == INFO) {
        uint32_t flags = code[2], min = code[3];
        if (min && end - ptr < (ou_ssize)min)
            return 0;
        if (min > 1)
            end -= (ou_ssize)min - 1;
        if (flags & INFO_PREFIX) {
            nprefix = code[5];
            prefix = code + 7;
        } else if (flags & INFO_CHARSET) {
            charset = code + 5;
        }
        pc = 1 + code[1];
    }
    if (nprefix > 0 && (uint32_t)(CHAR)prefix[0] != prefix[0])
        return 0;
    if (code[pc] == AT && (code[pc + 1] == AT_BEGINNING || code[pc + 1] == AT_BEGINNING_STRING) &&
        ptr != s->beginning)
        return 0;
    if (code[pc] == AT && (code[pc + 1] == AT_BEGINNING || code[pc + 1] == AT_BEGINNING_STRING))
        return NAME(ou_sre_match)(s, code, pc);
    OuChars t = {p, s->end, sizeof(CHAR), OU_TEXT_STR, NULL};
    for (;; ptr++) {
        if (nprefix > 0) {
            if ((ptr = ou_text_find_char(&t, prefix[0], ptr, end)) < 0)
                return 0;
            ou_ssize k = 1;
            while (k < nprefix && p[ptr + k] == prefix[k]) /* the minimum width keeps this inside */
                k++;
            if (k < nprefix)
                continue;
        } else if (charset) {
            while (ptr < end && !ou_sre_charset(charset, p[ptr]))
                ptr++;
            if (ptr >= end)
                return 0;
        }
        /* a pattern that begins with \b and the like fails at most places: no match is begun there */
        int r = 0;
        if (code[pc] != AT || NAME(at)(s, ptr, code[pc + 1])) {
            s->start = ptr;
            if ((r = NAME(ou_sre_match)(s, code, pc)))
                return r;
        }
        s->must_advance = -1;
        if (ptr >= end)
            return 0;
        ou_sre_reset(s);
        if ((ptr & 1023) == 0 && ou_poll(s->vm) < 0)
            return -1;
    }
}
