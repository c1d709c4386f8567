/* SPDX-License-Identifier: Apache-2.0 */
/* One member of gzip, by ISA-L, which takes a third of zlib's time. */
#include <isa-l/igzip_lib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "inflater.h"

/* The parts of a member; of those after the first, flags say which there are. */
typedef enum part { FIXED, EXTRA_LEN, EXTRA, NAME, COMMENT, SUM, BODY } part;

#define FIXED_LEN 10
#define RESERVED 0xe0 /* flags that nothing is known of */

struct inflater {
    part in;
    size_t at, left; /* bytes of this part so far; of EXTRA still to come */
    unsigned char flags;
    struct inflate_state state;
};

inflater *inflater_new(void)
{
    return malloc(sizeof(inflater));
}

void inflater_free(inflater *unpacker)
{
    free(unpacker);
}

void inflater_begin(inflater *unpacker)
{
    unpacker->in = FIXED;
    unpacker->at = unpacker->left = 0;
    isal_inflate_init(&unpacker->state);
    unpacker->state.crc_flag = ISAL_GZIP_NO_HDR_VER;
}

static bool has(const inflater *unpacker, part wanted)
{
    static const unsigned char flags[] = { 0, 4, 4, 8, 16, 2 };

    if (wanted == EXTRA && unpacker->left == 0)
        return false;
    return wanted == BODY || (unpacker->flags & flags[wanted]) != 0;
}

static void go_on(inflater *unpacker)
{
    unpacker->at = 0;
    do
        unpacker->in = (part)(unpacker->in + 1);
    while (!has(unpacker, unpacker->in));
}

static bool is_fixed(inflater *unpacker, unsigned char byte)
{
    static const unsigned char begin[] = { 0x1f, 0x8b, 8 };

    if (unpacker->at == sizeof begin)
        unpacker->flags = byte;
    return unpacker->at < sizeof begin ? byte == begin[unpacker->at]
                                       : unpacker->at > sizeof begin || (byte & RESERVED) == 0;
}

/*
 * A byte of the header: ISA-L 2.30 reads it, too, but finds its sum wrong where pieces are small.
 * Here that isn't looked at, since nothing is taken from a header.
 */
static bool take_header(inflater *unpacker, unsigned char byte)
{
    bool is_last;

    if (unpacker->in == FIXED && !is_fixed(unpacker, byte))
        return false;
    if (unpacker->in == EXTRA_LEN)
        unpacker->left |= (size_t)byte << 8 * unpacker->at;
    unpacker->at++;
    switch (unpacker->in) {
    case FIXED:
        is_last = unpacker->at == FIXED_LEN;
        break;
    case EXTRA:
        is_last = unpacker->at == unpacker->left;
        break;
    case NAME:
    case COMMENT:
        is_last = byte == 0;
        break;
    default:
        is_last = unpacker->at == 2;
        break;
    }
    if (is_last)
        go_on(unpacker);
    return true;
}

/* What it read ahead at the end of a member is of the sum there, so it has nothing to give back. */
static inflated inflate_body(inflater *unpacker, const unsigned char **data, size_t *len,
                             unsigned char **out, size_t *room)
{
    struct inflate_state *state = &unpacker->state;
    int result;

    state->next_in = (uint8_t *)(uintptr_t)*data; /* it only reads */
    state->avail_in = (uint32_t)*len;
    state->next_out = *out;
    state->avail_out = (uint32_t)*room;
    result = isal_inflate(state);
    *data = state->next_in;
    *len = state->avail_in;
    *out = state->next_out;
    *room = state->avail_out;
    if (result < ISAL_DECOMP_OK)
        return INFLATED_WRONG;
    return state->block_state == ISAL_BLOCK_FINISH ? INFLATED_ALL : INFLATED_SOME;
}

inflated inflater_step(inflater *unpacker, const unsigned char **data, size_t *len,
                       unsigned char **out, size_t *room)
{
    for (; unpacker->in != BODY && *len > 0; ++*data, --*len)
        if (!take_header(unpacker, **data))
            return INFLATED_WRONG;
    return unpacker->in == BODY ? inflate_body(unpacker, data, len, out, room) : INFLATED_SOME;
}
