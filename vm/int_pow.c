/* vm/int_pow.c - powers of ints, with and without modulus. */
#include "int_big.h"

#include <string.h>

/* x**e for an odd or any magnitude x (n limbs), e >= 2, into r (room limbs): returns the length, or 0 when a
 * poll raised.  t is scratch of the same size. */
static size_t pow_limbs(OuVM *vm, mp_limb_t *r, mp_limb_t *t, const mp_limb_t *x, size_t n, uint64_t e)
{
    mp_limb_t *out = r;
    memcpy(r, x, n * 8);
    size_t rn = n;
    for (int bit = 62 - __builtin_clzll(e); bit >= 0; bit--) {
        if (rn > 256 && ou_poll(vm) < 0)
            return 0;
        mp_limb_t *s = r;
        mpn_sqr(t, r, (mp_size_t)rn);
        rn *= 2;
        rn -= t[rn - 1] == 0;
        r = t;
        t = s;
        if (e >> bit & 1) {
            mp_limb_t top;
            s = r;
            if (n == 1) {
                top = mpn_mul_1(r, r, (mp_size_t)rn, x[0]);
                if (top)
                    r[rn++] = top;
            } else {
                top = mpn_mul(t, r, (mp_size_t)rn, x, (mp_size_t)n);
                rn += n;
                rn -= top == 0;
                r = t;
                t = s;
            }
        }
    }
    if (r != out)
        memcpy(out, r, rn * 8);
    return rn;
}

/* |a|**e by limbs; the factor of two in a is taken out first, as a shift. */
static OuObj *pow_big(OuVM *vm, OuObj *a, uint64_t e)
{
    OuNum x;
    ou_num_of(&x, a);
    bool neg = x.neg && (e & 1);
    size_t twos = mpn_scan1(x.p, 0);
    OuLimbs base, r, t;
    OuObj *res = NULL;
    size_t n = x.n - twos / 64, bits = ou_num_bits(&x) - twos;
    if (ou_limbs_get(vm, &base, n) < 0)
        return NULL;
    if (twos % 64)
        mpn_rshift(base.p, x.p + twos / 64, (mp_size_t)n, (unsigned)(twos % 64));
    else
        memcpy(base.p, x.p + twos / 64, n * 8);
    n -= base.p[n - 1] == 0;
    unsigned __int128 total = (unsigned __int128)bits * e, shift = (unsigned __int128)twos * e;
    if (total + shift > (unsigned __int128)PTRDIFF_MAX * 4) {
        ou_limbs_free(vm, &base);
        return ou_raise_memory(vm);
    }
    size_t room = (size_t)(total / 64) + n + 2;
    if (bits == 1)
        room = 1;
    if (ou_big_reserve(vm, room) < 0 || ou_limbs_get(vm, &r, room) < 0)
        goto done_base;
    if (ou_limbs_get(vm, &t, room) < 0)
        goto done_r;
    size_t rn = 1;
    if (bits == 1)
        r.p[0] = 1;
    else if (!(rn = pow_limbs(vm, r.p, t.p, base.p, n, e)))
        goto done;
    res = ou_big_from(vm, r.p, rn, neg);
    if (res && shift) {
        OuObj *s = ou_int_shift_left(vm, res, (size_t)shift);
        ou_decref(vm, res);
        res = s;
    }
done:
    ou_limbs_free(vm, &t);
done_r:
    ou_limbs_free(vm, &r);
done_base:
    ou_limbs_free(vm, &base);
    return res;
}

OuObj *ou_int_pow(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_int_is_big(a)) {
        int64_t x = OU_INT_V(a);
        if (ou_int_sign(b) == 0 || x == 1)
            return ou_int(vm, 1);
        if (x == 0)
            return ou_int(vm, 0);
        if (x == -1) {
            OuNum y;
            ou_num_of(&y, b);
            return ou_int(vm, y.p[0] & 1 ? -1 : 1);
        }
        if (!ou_int_is_big(b)) {
            uint64_t e = (uint64_t)OU_INT_V(b);
            int64_t r = 1;
            while (e < 64) { /* |x| >= 2: more would not fit */
                if ((e & 1) && __builtin_mul_overflow(r, x, &r))
                    break;
                if (!(e >>= 1))
                    return ou_int(vm, r);
                if (__builtin_mul_overflow(x, x, &x))
                    break;
            }
        }
    } else if (ou_int_sign(b) == 0) {
        return ou_int(vm, 1);
    }
    if (ou_int_is_big(b))
        return ou_raise_memory(vm);
    if (OU_INT_V(b) == 1)
        return ou_int_exact(vm, a);
    return pow_big(vm, a, (uint64_t)OU_INT_V(b));
}

/* r = base**e mod m.  Long work is cut into pieces of the exponent, so that signals are seen. */
static int powm_pieces(OuVM *vm, mpz_t r, const mpz_t base, const mpz_t e, const mpz_t m)
{
    size_t n = mpz_size(m), ebits = mpz_sizeinbase(e, 2);
    double cost = (double)ebits * (double)n * (double)(n < 64 ? n : 64);
    if (cost < 4e8) {
        mpz_powm(r, base, e, m);
        return 0;
    }
    size_t piece = (size_t)(2e8 / (cost / (double)ebits)) + 1;
    size_t done = 0, pieces = (ebits + piece - 1) / piece;
    int res = -1;
    mpz_t part, power, two_k;
    mpz_inits(part, power, two_k, NULL);
    mpz_setbit(two_k, piece);
    mpz_set_ui(r, 1);
    for (; done < pieces; done++) {
        if (ou_poll(vm) < 0)
            goto out;
        mpz_tdiv_q_2exp(part, e, (pieces - 1 - done) * piece);
        mpz_tdiv_r_2exp(part, part, piece);
        mpz_powm(power, base, part, m);
        if (done)
            mpz_powm(r, r, two_k, m);
        mpz_mul(r, r, power);
        mpz_tdiv_r(r, r, m);
    }
    res = 0;
out:
    mpz_clears(part, power, two_k, NULL);
    return res;
}

OuObj *ou_int_powmod(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod)
{
    OuNum x, y, m;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    ou_num_of(&m, mod);
    if (!m.n)
        return ou_value_error(vm, "pow() 3rd argument cannot be 0");
    if (m.n == 1 && m.p[0] == 1)
        return ou_int(vm, 0);
    if (ou_big_reserve(vm, m.n * 4 + x.n) < 0)
        return NULL;
    mpz_t mx, me, mm, base, r;
    OuObj *res = NULL;
    mpz_roinit_n(mx, x.p, x.neg ? -(mp_size_t)x.n : (mp_size_t)x.n);
    mpz_roinit_n(me, y.p, (mp_size_t)y.n);
    mpz_roinit_n(mm, m.p, (mp_size_t)m.n);
    mpz_inits(base, r, NULL);
    if (y.neg) {
        if (!mpz_invert(base, mx, mm)) {
            ou_value_error(vm, "base is not invertible for the given modulus");
            goto done;
        }
    } else {
        mpz_fdiv_r(base, mx, mm);
    }
    if (powm_pieces(vm, r, base, me, mm) < 0)
        goto done;
    if (m.neg && mpz_sgn(r) != 0)
        mpz_sub(r, r, mm);
    res = ou_big_from(vm, mpz_limbs_read(r), mpz_size(r), mpz_sgn(r) < 0);
done:
    mpz_clears(base, r, NULL);
    return res;
}

OuObj *ou_int_round10(OuVM *vm, OuObj *a, OuObj *ndigits)
{
    if (ou_int_sign(ndigits) >= 0)
        return ou_int_exact(vm, a);
    /* a multiple of ten larger than twice |a| leaves nothing: do not compute 10**huge */
    int64_t nd;
    if (!ou_int_fits(ndigits, &nd) || -(double)nd > (double)ou_int_bits(a) + 2)
        return ou_int(vm, 0);
    OuObj *ten = ou_int(vm, 10), *e = ou_int(vm, -nd), *p = NULL, *q = NULL, *r = NULL, *res = NULL,
          *twice = NULL;
    if (!ten || !e || !(p = ou_int_pow(vm, ten, e)))
        goto done;
    if (ou_int_is_big(a) || ou_int_is_big(p)) {
        if (ou_big_divmod(vm, a, p, &q, &r) < 0)
            goto done;
    } else if (!(q = ou_int_floordiv(vm, a, p)) || !(r = ou_int_mod(vm, a, p))) {
        goto done;
    }
    /* floor division: r >= 0; go up when 2r > p, or 2r == p and q is odd */
    if (!(twice = ou_int_add(vm, r, r)))
        goto done;
    int c = ou_int_cmp(twice, p);
    OuNum qn;
    ou_num_of(&qn, q);
    bool up = c > 0 || (c == 0 && qn.n && (qn.p[0] & 1));
    if (!(res = ou_int_sub(vm, a, r)))
        goto done;
    if (up) {
        OuObj *t = ou_int_add(vm, res, p);
        ou_decref(vm, res);
        res = t;
    }
done:
    ou_xdecref(vm, ten);
    ou_xdecref(vm, e);
    ou_xdecref(vm, p);
    ou_xdecref(vm, q);
    ou_xdecref(vm, r);
    ou_xdecref(vm, twice);
    return res;
}
