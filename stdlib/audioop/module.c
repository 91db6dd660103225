/* stdlib/audioop/module.c - module audioop: arithmetic on raw audio samples of 1 to 4 bytes; arguments, the table of functions. */
#include "stdlib/support.h"
#include "audioop.h"

typedef struct State {
    OuObj *error;
} State;
extern const OuModuleDef ou_mod_audioop;

void *ou_audioop_fail(OuVM *vm, const char *text)
{
    State *st = ou_module_state(vm, &ou_mod_audioop);
    OuObj *s = ou_str_new(vm, text, -1);
    if (s)
        ou_raise_value(vm, OU_AS_TYPE(st->error), s);
    ou_xdecref(vm, s);
    return NULL;
}

int ou_audioop_width_arg(OuVM *vm, OuObj *o, int *width)
{
    if (ou_as_int(vm, o, width) < 0)
        return -1;
    if (*width >= 1 && *width <= 4)
        return 0;
    ou_audioop_fail(vm, "Size should be 1, 2, 3 or 4");
    return -1;
}

int ou_audioop_fragment(OuVM *vm, OuObj *o, OuObj *width_obj, int *width, int n, OuBuffer *b)
{
    if (ou_buffer_get(vm, o, b, OU_BUF_SIMPLE) < 0)
        return -1;
    if (width_obj ? ou_audioop_width_arg(vm, width_obj, width) == 0 : true) {
        if (b->len % (*width * n) == 0)
            return 0;
        ou_audioop_fail(vm, "not a whole number of frames");
    }
    ou_buffer_release(vm, b);
    return -1;
}

OuObj *ou_audioop_room(OuVM *vm, OuBuffer *b, ou_ssize n, unsigned char **to)
{
    OuObj *r = ou_bytes_new(vm, NULL, n);
    if (!r)
        ou_buffer_release(vm, b);
    else
        *to = (unsigned char *)OU_BYTES(r)->data;
    return r;
}

OuObj *ou_audioop_pair(OuVM *vm, int64_t x, int64_t y)
{
    OuObj *a = ou_int(vm, x), *c = ou_int(vm, y), *t = a && c ? ou_tuple_pack(vm, 2, a, c) : NULL;
    ou_xdecref(vm, a);
    ou_xdecref(vm, c);
    return t;
}

static const OuFn functions[] = {
    {"add(fragment1, fragment2, width, /)", ou_audioop_add, 0,
     "Return a fragment which is the addition of the two samples passed as parameters."},
    {"adpcm2lin(fragment, width, state, /)", ou_audioop_adpcm2lin, 0,
     "Decode an Intel/DVI ADPCM coded fragment to a linear fragment."},
    {"alaw2lin(fragment, width, /)", ou_audioop_alaw2lin, 0,
     "Convert sound fragments in a-LAW encoding to linearly encoded sound fragments."},
    {"avg(fragment, width, /)", ou_audioop_avg, 0, "Return the average over all samples in the fragment."},
    {"avgpp(fragment, width, /)", ou_audioop_avgpp, 0,
     "Return the average peak-peak value over all samples in the fragment."},
    {"bias(fragment, width, bias, /)", ou_audioop_bias, 0,
     "Return a fragment that is the original fragment with a bias added to each sample."},
    {"byteswap(fragment, width, /)", ou_audioop_byteswap, 0,
     "Convert big-endian samples to little-endian and vice versa."},
    {"cross(fragment, width, /)", ou_audioop_cross, 0,
     "Return the number of zero crossings in the fragment passed as an argument."},
    {"findfactor(fragment, reference, /)", ou_audioop_findfactor, 0,
     "Return a factor F such that rms(add(fragment, mul(reference, -F))) is minimal."},
    {"findfit(fragment, reference, /)", ou_audioop_findfit, 0,
     "Try to match reference as well as possible to a portion of fragment."},
    {"findmax(fragment, length, /)", ou_audioop_findmax, 0,
     "Search fragment for a slice of specified number of samples with maximum energy."},
    {"getsample(fragment, width, index, /)", ou_audioop_getsample, 0,
     "Return the value of sample index from the fragment."},
    {"lin2adpcm(fragment, width, state, /)", ou_audioop_lin2adpcm, 0,
     "Convert samples to 4 bit Intel/DVI ADPCM encoding."},
    {"lin2alaw(fragment, width, /)", ou_audioop_lin2alaw, 0,
     "Convert samples in the audio fragment to a-LAW encoding."},
    {"lin2lin(fragment, width, newwidth, /)", ou_audioop_lin2lin, 0,
     "Convert samples between 1-, 2-, 3- and 4-byte formats."},
    {"lin2ulaw(fragment, width, /)", ou_audioop_lin2ulaw, 0,
     "Convert samples in the audio fragment to u-LAW encoding."},
    {"max(fragment, width, /)", ou_audioop_max, 0,
     "Return the maximum of the absolute value of all samples in a fragment."},
    {"maxpp(fragment, width, /)", ou_audioop_maxpp, 0,
     "Return the maximum peak-peak value in the sound fragment."},
    {"minmax(fragment, width, /)", ou_audioop_minmax, 0,
     "Return the minimum and maximum values of all samples in the sound fragment."},
    {"mul(fragment, width, factor, /)", ou_audioop_mul, 0,
     "Return a fragment that has all samples in the original fragment multiplied by the floating-point value "
     "factor."},
    {"ratecv(fragment, width, nchannels, inrate, outrate, state, weightA=1, weightB=0, /)", ou_audioop_ratecv,
     0, "Convert the frame rate of the input fragment."},
    {"reverse(fragment, width, /)", ou_audioop_reverse, 0,
     "Reverse the samples in a fragment and returns the modified fragment."},
    {"rms(fragment, width, /)", ou_audioop_rms, 0,
     "Return the root-mean-square of the fragment, i.e. sqrt(sum(S_i^2)/n)."},
    {"tomono(fragment, width, lfactor, rfactor, /)", ou_audioop_tomono, 0,
     "Convert a stereo fragment to a mono fragment."},
    {"tostereo(fragment, width, lfactor, rfactor, /)", ou_audioop_tostereo, 0,
     "Generate a stereo fragment from a mono fragment."},
    {"ulaw2lin(fragment, width, /)", ou_audioop_ulaw2lin, 0,
     "Convert sound fragments in u-LAW encoding to linearly encoded sound fragments."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    st->error = ou_module_add_exception(vm, m, "audioop", "error", OU_EXC(vm, Exception));
    return st->error ? 0 : -1;
}

static int traverse(void *p, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)p)->error);
    return 0;
}

static void clear(OuVM *vm, void *p)
{
    ou_clear(vm, ((State *)p)->error);
}

const OuModuleDef ou_mod_audioop = {
    .name = "audioop",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
