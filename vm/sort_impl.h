/* vm/sort_impl.h - body of the merge sort, included by sort.c once per kind of element (no guard on purpose).
 *
 * Parameters: ELEM the element type, KEY(e) its key object, LT(a, b) "key a < key b" as 1/0/-1, and F(name)
 * which gives the functions of this instance their names.  A natural merge sort: runs are found (strictly
 * falling ones reversed), short ones extended by binary insertion, and merged in the order that Powersort
 * gives (Munro and Wild 2018); merging gallops while one side keeps winning.  On an error the array is a
 * permutation of what it was. */

typedef struct F(Run) {
    ELEM *base;
    size_t n;
    int power;
} F(Run);
typedef struct F(Sort) {
    OuVM *vm;
    ELEM *all, *tmp;
    size_t n, tmp_n;
    int min_gallop, pending;
    F(Run) run[85];
} F(Sort);

/* Sorts lo..hi, of which lo..start is sorted. */
static int F(insertion)(F(Sort) * s, ELEM *lo, ELEM *hi, ELEM *start)
{
    OuVM *vm = s->vm;
    (void)vm;
    if (start == lo)
        start++;
    for (; start < hi; start++) {
        ELEM x = *start, *l = lo, *r = start;
        while (l < r) {
            ELEM *m = l + ((r - l) >> 1);
            int c = LT(KEY(x), KEY(*m));
            if (c < 0)
                return -1;
            if (c)
                r = m;
            else
                l = m + 1;
        }
        memmove(l + 1, l, (size_t)(start - l) * sizeof(ELEM));
        *l = x;
    }
    return 0;
}

/* Length of the run at lo, made rising; -1 on error. */
static ou_ssize F(count_run)(F(Sort) * s, ELEM *lo, ELEM *hi)
{
    OuVM *vm = s->vm;
    (void)vm;
    if (lo + 1 == hi)
        return 1;
    ELEM *p = lo + 2;
    int falling = LT(KEY(lo[1]), KEY(lo[0]));
    if (falling < 0)
        return -1;
    for (; p < hi; p++) {
        int c = LT(KEY(p[0]), KEY(p[-1]));
        if (c < 0)
            return -1;
        if (c != falling)
            break;
    }
    if (falling)
        for (ELEM *a = lo, *b = p - 1; a < b; a++, b--) {
            ELEM t = *a;
            *a = *b;
            *b = t;
        }
    return p - lo;
}

/* Where x goes among a[0..n): right = after equal ones.  Looks from the front, or from the back. */
static ou_ssize F(gallop)(F(Sort) * s, ELEM *x, ELEM *a, size_t n, bool right, bool back)
{
    OuVM *vm = s->vm;
    (void)vm;
    size_t lo = 0, hi = n, step = 1; /* the answer is in lo..hi */
    while (lo < hi) {
        size_t probe = back ? (hi >= lo + step ? hi - step : lo) : (lo + step <= hi ? lo + step - 1 : hi - 1);
        int c = right ? LT(KEY(*x), KEY(a[probe])) : LT(KEY(a[probe]), KEY(*x));
        if (c < 0)
            return -1;
        bool before = right ? c != 0 : c == 0; /* x goes at or before probe */
        if (before)
            hi = probe;
        else
            lo = probe + 1;
        if (before != back)
            break;
        step <<= 1;
    }
    while (lo < hi) {
        size_t m = lo + ((hi - lo) >> 1);
        int c = right ? LT(KEY(*x), KEY(a[m])) : LT(KEY(a[m]), KEY(*x));
        if (c < 0)
            return -1;
        if (right ? c != 0 : c == 0)
            hi = m;
        else
            lo = m + 1;
    }
    return (ou_ssize)lo;
}

static int F(need_tmp)(F(Sort) * s, size_t n)
{
    if (n <= s->tmp_n)
        return 0;
    if (s->tmp)
        ou_free(s->vm, s->tmp, s->tmp_n * sizeof(ELEM));
    s->tmp_n = 0;
    s->tmp = ou_alloc(s->vm, n * sizeof(ELEM));
    if (!s->tmp)
        return -1;
    s->tmp_n = n;
    return 0;
}

/* a (na) and b (nb) are adjacent, na <= nb, b[0] < a[0], and a's last is beyond all of b. */
static int F(merge_low)(F(Sort) * s, ELEM *a, size_t na, ELEM *b, size_t nb)
{
    OuVM *vm = s->vm;
    (void)vm;
    if (F(need_tmp)(s, na) < 0)
        return -1;
    memcpy(s->tmp, a, na * sizeof(ELEM));
    ELEM *to = a, *t = s->tmp;
    int res = -1, min_gallop = s->min_gallop;
    *to++ = *b++;
    if (--nb == 0)
        goto finish;
    if (na == 1)
        goto last;
    for (;;) {
        int wins_a = 0, wins_b = 0;
        do {
            int c = LT(KEY(*b), KEY(*t));
            if (c < 0)
                goto fail;
            if (c) {
                *to++ = *b++;
                wins_b++;
                wins_a = 0;
                if (--nb == 0)
                    goto finish;
            } else {
                *to++ = *t++;
                wins_a++;
                wins_b = 0;
                if (--na == 1)
                    goto last;
            }
        } while (wins_a < min_gallop && wins_b < min_gallop);
        min_gallop++;
        ou_ssize ka, kb;
        do {
            min_gallop -= min_gallop > 1;
            if ((ka = F(gallop)(s, b, t, na, true, false)) < 0)
                goto fail;
            memcpy(to, t, (size_t)ka * sizeof(ELEM));
            to += ka;
            t += ka;
            na -= (size_t)ka;
            if (na == 1)
                goto last;
            if (na == 0) /* only when the comparison is inconsistent */
                goto finish;
            *to++ = *b++;
            if (--nb == 0)
                goto finish;
            if ((kb = F(gallop)(s, t, b, nb, false, false)) < 0)
                goto fail;
            memmove(to, b, (size_t)kb * sizeof(ELEM));
            to += kb;
            b += kb;
            nb -= (size_t)kb;
            if (nb == 0)
                goto finish;
            *to++ = *t++;
            if (--na == 1)
                goto last;
        } while (ka >= MIN_GALLOP || kb >= MIN_GALLOP);
        min_gallop++;
    }
finish:
    res = 0;
fail:
    s->min_gallop = min_gallop;
    memcpy(to, t, na * sizeof(ELEM));
    return res;
last:
    s->min_gallop = min_gallop;
    memmove(to, b, nb * sizeof(ELEM));
    to[nb] = *t;
    return 0;
}

/* The same with na >= nb, from the back. */
static int F(merge_high)(F(Sort) * s, ELEM *a, size_t na, ELEM *b, size_t nb)
{
    OuVM *vm = s->vm;
    (void)vm;
    if (F(need_tmp)(s, nb) < 0)
        return -1;
    memcpy(s->tmp, b, nb * sizeof(ELEM));
    ELEM *to = b + nb - 1, *base_a = a, *base_b = s->tmp, *pa = a + na - 1, *pb = s->tmp + nb - 1;
    int res = -1, min_gallop = s->min_gallop;
    *to-- = *pa--;
    if (--na == 0)
        goto finish;
    if (nb == 1)
        goto last;
    for (;;) {
        int wins_a = 0, wins_b = 0;
        do {
            int c = LT(KEY(*pb), KEY(*pa));
            if (c < 0)
                goto fail;
            if (c) {
                *to-- = *pa--;
                wins_a++;
                wins_b = 0;
                if (--na == 0)
                    goto finish;
            } else {
                *to-- = *pb--;
                wins_b++;
                wins_a = 0;
                if (--nb == 1)
                    goto last;
            }
        } while (wins_a < min_gallop && wins_b < min_gallop);
        min_gallop++;
        ou_ssize ka, kb;
        do {
            min_gallop -= min_gallop > 1;
            if ((ka = F(gallop)(s, pb, base_a, na, true, true)) < 0)
                goto fail;
            ka = (ou_ssize)na - ka;
            to -= ka;
            pa -= ka;
            memmove(to + 1, pa + 1, (size_t)ka * sizeof(ELEM));
            na -= (size_t)ka;
            if (na == 0)
                goto finish;
            *to-- = *pb--;
            if (--nb == 1)
                goto last;
            if ((kb = F(gallop)(s, pa, base_b, nb, false, true)) < 0)
                goto fail;
            kb = (ou_ssize)nb - kb;
            to -= kb;
            pb -= kb;
            memcpy(to + 1, pb + 1, (size_t)kb * sizeof(ELEM));
            nb -= (size_t)kb;
            if (nb == 1)
                goto last;
            if (nb == 0) /* only when the comparison is inconsistent */
                goto finish;
            *to-- = *pa--;
            if (--na == 0)
                goto finish;
        } while (ka >= MIN_GALLOP || kb >= MIN_GALLOP);
        min_gallop++;
    }
finish:
    res = 0;
fail:
    s->min_gallop = min_gallop;
    memcpy(to + 1 - nb, base_b, nb * sizeof(ELEM));
    return res;
last:
    s->min_gallop = min_gallop;
    to -= na;
    pa -= na;
    memmove(to + 1, pa + 1, na * sizeof(ELEM));
    *to = *pb;
    return 0;
}

/* Merges runs i and i + 1. */
static int F(merge_at)(F(Sort) * s, int i)
{
    ELEM *a = s->run[i].base, *b = s->run[i + 1].base;
    size_t na = s->run[i].n, nb = s->run[i + 1].n;
    s->run[i].n = na + nb;
    if (i == s->pending - 3)
        s->run[i + 1] = s->run[i + 2];
    s->pending--;
    if (ou_poll(s->vm) < 0)
        return -1;
    ou_ssize k = F(gallop)(s, b, a, na, true, false);
    if (k < 0)
        return -1;
    a += k;
    na -= (size_t)k;
    if (na == 0)
        return 0;
    k = F(gallop)(s, a + na - 1, b, nb, false, true);
    if (k <= 0)
        return (int)k;
    nb = (size_t)k;
    return na <= nb ? F(merge_low)(s, a, na, b, nb) : F(merge_high)(s, a, na, b, nb);
}

/* Powersort: depth of the boundary between runs of n1 and n2 at s1 in the nearly optimal merge tree. */
static int F(power)(size_t s1, size_t n1, size_t n2, size_t n)
{
    size_t a = 2 * s1 + n1, b = a + n1 + n2;
    int p = 0;
    for (;;) {
        p++;
        if (a >= n) {
            a -= n;
            b -= n;
        } else if (b >= n) {
            return p;
        }
        a <<= 1;
        b <<= 1;
    }
}

static int F(sort)(OuVM *vm, ELEM *all, size_t n)
{
    F(Sort) s = {.vm = vm, .all = all, .n = n, .min_gallop = MIN_GALLOP};
    size_t minrun = n, rest = 0, left = n;
    while (minrun >= 64) {
        rest |= minrun & 1;
        minrun >>= 1;
    }
    minrun += rest;
    int res = -1;
    ELEM *lo = all, *end = all + n;
    while (left) {
        ou_ssize len = F(count_run)(&s, lo, end);
        if (len < 0)
            goto done;
        if ((size_t)len < minrun) {
            size_t force = left < minrun ? left : minrun;
            if (F(insertion)(&s, lo, lo + force, lo + len) < 0)
                goto done;
            len = (ou_ssize)force;
        }
        if (s.pending) {
            F(Run) *top = &s.run[s.pending - 1];
            int p = F(power)((size_t)(top->base - all), top->n, (size_t)len, n);
            while (s.pending > 1 && s.run[s.pending - 2].power > p)
                if (F(merge_at)(&s, s.pending - 2) < 0)
                    goto done;
            s.run[s.pending - 1].power = p;
        }
        s.run[s.pending++] = (F(Run)){lo, (size_t)len, 0};
        lo += len;
        left -= (size_t)len;
    }
    while (s.pending > 1)
        if (F(merge_at)(&s, s.pending - 2) < 0)
            goto done;
    res = 0;
done:
    if (s.tmp)
        ou_free(vm, s.tmp, s.tmp_n * sizeof(ELEM));
    return res;
}

#undef ELEM
#undef KEY
#undef LT
#undef F
