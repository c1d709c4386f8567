/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking gzip, as it comes. */
#include "gunzip.h"

#define MAGIC 0x1f

void gunzip_begin(gunzip *unpacker)
{
    unpacker->state = GUNZIP_BETWEEN;
    unpacker->is_full = false;
    unpacker->used = 0;
}

static bool begin_member(gunzip *unpacker)
{
    if (unpacker->member == NULL)
        unpacker->member = inflater_new();
    if (unpacker->member == NULL)
        return false;
    inflater_begin(unpacker->member);
    return true;
}

/* Members follow one another; tapes pad with zeros; anything else isn't ours. */
static void step_between(gunzip *unpacker, const unsigned char **data, size_t *len)
{
    while (*len > 0 && **data == 0) {
        ++*data;
        --*len;
        unpacker->used++;
    }
    if (*len > 0)
        unpacker->state = **data != MAGIC          ? GUNZIP_BEHIND
                          : begin_member(unpacker) ? GUNZIP_INSIDE
                                                   : GUNZIP_BROKEN;
}

static void step_inside(gunzip *unpacker, const unsigned char **data, size_t *len,
                        unsigned char **out, size_t *room)
{
    const size_t had = *len, had_room = *room;
    const inflated result = inflater_step(unpacker->member, data, len, out, room);

    unpacker->used += had - *len;
    unpacker->is_full = *room == 0;
    if (result == INFLATED_ALL)
        unpacker->state = GUNZIP_BETWEEN;
    else if (result == INFLATED_WRONG || (had > 0 && had == *len && had_room == *room))
        unpacker->state = GUNZIP_BROKEN;
}

/* Is there anything that another step could be about? */
static bool goes_on(const gunzip *unpacker, size_t len)
{
    return unpacker->state == GUNZIP_INSIDE ? len > 0 || unpacker->is_full
                                            : unpacker->state == GUNZIP_BETWEEN && len > 0;
}

size_t gunzip_step(gunzip *unpacker, const unsigned char **data, size_t *len, unsigned char *out,
                   size_t capacity)
{
    size_t room = capacity;

    while (room > 0 && goes_on(unpacker, *len)) {
        if (unpacker->state == GUNZIP_BETWEEN)
            step_between(unpacker, data, len);
        else
            step_inside(unpacker, data, len, &out, &room);
    }
    return capacity - room;
}

void gunzip_free(gunzip *unpacker)
{
    inflater_free(unpacker->member);
    unpacker->member = NULL;
}
