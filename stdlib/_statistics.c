/* stdlib/_statistics.c - module _statistics: the quantile function of the normal distribution, by Wichura's
 * algorithm AS241 (Applied Statistics 37, 1988): rational approximations of degree 7 in three ranges. */
#include <math.h>

#include "vm/native.h"

/* a[0] + a[1] x + ... by Horner's rule. */
static double poly(const double a[8], double x)
{
    double r = a[7];
    for (int i = 6; i >= 0; i--)
        r = r * x + a[i];
    return r;
}

/* coefficients by rising degree: centre, middle, tails */
static const double num[3][8] = {
    {3.3871328727963666080e+0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
     4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.42343711074968357734e+0, 4.63033784615654529590e+0, 5.76949722146069140550e+0,
     3.64784832476320460504e+0, 1.27045825245236838258e+0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {6.65790464350110377720e+0, 5.46378491116411436990e+0, 1.78482653991729133580e+0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7}};
static const double den[3][8] = {
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
     2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3},
    {1.0, 2.05319162663775882187e+0, 1.67638483018380384940e+0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

static OuObj *inv_cdf(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double p, mu, sigma, x;
    if (ou_as_double(vm, args[0], &p) < 0 || ou_as_double(vm, args[1], &mu) < 0 ||
        ou_as_double(vm, args[2], &sigma) < 0)
        return NULL;
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        x = poly(num[0], r) * q / poly(den[0], r);
    } else {
        double r = q <= 0.0 ? p : 1.0 - p;
        if (r <= 0.0 || r >= 1.0)
            return ou_float(vm, NAN);
        r = sqrt(-log(r));
        int part = r <= 5.0 ? 1 : 2;
        r -= part == 1 ? 1.6 : 5.0;
        x = poly(num[part], r) / poly(den[part], r);
        if (q < 0.0)
            x = -x;
    }
    return ou_float(vm, mu + x * sigma);
}

static const OuFn functions[] = {{"_normal_dist_inv_cdf(p, mu, sigma, /)", inv_cdf, 0, NULL}, {0}};
const OuModuleDef ou_mod__statistics = {
    .name = "_statistics", .doc = "Accelerators for the statistics module.\n", .functions = functions};
