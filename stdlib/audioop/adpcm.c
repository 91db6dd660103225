/* stdlib/audioop/adpcm.c - the compressed format: the ADPCM of Intel and DVI. */
#include <stdlib.h>

#include "audioop.h"

static const int index_change[8] = {-1, -1, -1, -1, 2, 4, 6, 8};
static const int steps[89] = {
    7,    8,     9,     10,    11,    12,    13,    14,    16,    17,    19,    21,    23,    25,   28,
    31,   34,    37,    41,    45,    50,    55,    60,    66,    73,    80,    88,    97,    107,  118,
    130,  143,   157,   173,   190,   209,   230,   253,   279,   307,   337,   371,   408,   449,  494,
    544,  598,   658,   724,   796,   876,   963,   1060,  1166,  1282,  1411,  1552,  1707,  1878, 2066,
    2272, 2499,  2749,  3024,  3327,  3660,  4026,  4428,  4871,  5358,  5894,  6484,  7132,  7845, 8630,
    9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767};

static int adpcm_state(OuVM *vm, OuObj *state, int *value, int *index)
{
    *value = *index = 0;
    if (state == OU_NONE(vm))
        return 0;
    if (!ou_isa_tuple(vm, state))
        return ou_type_error_i(vm, "state must be a tuple or None");
    if (OU_TUPLE(state)->n != 2)
        return ou_type_error_i(vm, "function takes exactly 2 arguments (%zu given)", OU_TUPLE(state)->n);
    if (ou_as_int(vm, OU_TUPLE(state)->items[0], value) < 0 ||
        ou_as_int(vm, OU_TUPLE(state)->items[1], index) < 0)
        return -1;
    if (*value >= 0x8000 || *value < -0x8000 || *index < 0 || *index > 88)
        return ou_value_error_i(vm, "bad state");
    return 0;
}

/* The code's effect on the predicted value and the step. */
static void adpcm_step(int code, int change, int *value, int *index)
{
    int v = *value + (code & 8 ? -change : change), i = *index + index_change[code & 7];
    *value = v > 32767 ? 32767 : v < -32768 ? -32768 : v;
    *index = i < 0 ? 0 : i > 88 ? 88 : i;
}

static OuObj *with_state(OuVM *vm, OuObj *data_take, int value, int index)
{
    OuObj *state = ou_audioop_pair(vm, value, index),
          *r = state ? ou_tuple_pack(vm, 2, data_take, state) : NULL;
    ou_xdecref(vm, state);
    ou_decref(vm, data_take);
    return r;
}

OU_AUDIO_FN(lin2adpcm)
{
    int value, index, high = -1;
    FRAGMENT(args[0], args[1]);
    if (adpcm_state(vm, args[2], &value, &index) < 0) {
        ou_buffer_release(vm, &b);
        return NULL;
    }
    ROOM(b.len / (width * 2));
    for (; p < end; p += width) {
        int diff = (sample32(p, width) >> 16) - value, code = diff < 0 ? 8 : 0, step = steps[index],
            change = step >> 3;
        diff = abs(diff);
        for (int bit = 4; bit; bit >>= 1, step >>= 1)
            if (diff >= step) {
                code |= bit;
                diff -= step;
                change += step;
            }
        adpcm_step(code, change, &value, &index);
        if (high < 0) {
            high = code << 4;
        } else {
            *to++ = (unsigned char)(high | code);
            high = -1;
        }
    }
    ou_buffer_release(vm, &b);
    return with_state(vm, r, value, index);
}

OU_AUDIO_FN(adpcm2lin)
{
    OuBuffer b;
    int width, value, index;
    if (ou_audioop_width_arg(vm, args[1], &width) < 0 || adpcm_state(vm, args[2], &value, &index) < 0 ||
        ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    const unsigned char *p = b.buf;
    ROOM(b.len * width * 2);
    for (ou_ssize i = 0; i < b.len * 2; i++, to += width) {
        int code = i % 2 ? p[i / 2] & 0xf : p[i / 2] >> 4, step = steps[index], change = step >> 3;
        change += (code & 4 ? step : 0) + (code & 2 ? step >> 1 : 0) + (code & 1 ? step >> 2 : 0);
        adpcm_step(code, change, &value, &index);
        put32(to, width, value * 65536);
    }
    ou_buffer_release(vm, &b);
    return with_state(vm, r, value, index);
}
