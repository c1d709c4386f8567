/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking gzip, as it comes. */
#ifndef CLI_GUNZIP_H
#define CLI_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inflater.h"

typedef enum gunzip_state {
    GUNZIP_BETWEEN, /* before the first member, or behind one: the input may end here */
    GUNZIP_INSIDE,  /* in a member: more must come */
    GUNZIP_BEHIND,  /* what followed the last member was no gzip; it is ignored */
    GUNZIP_BROKEN   /* the data is damaged, or there is no memory */
} gunzip_state;

typedef struct gunzip {
    inflater *member; /* NULL before the first */
    gunzip_state state;
    bool is_full;  /* 'out' was: more may come of what was used already */
    uint64_t used; /* bytes of gzip so far */
} gunzip;

/* Begin a new input. One gunzip serves many. */
void gunzip_begin(gunzip *unpacker);

/*
 * Unpack from *data on, which is moved past what was used, until it is used up or 'out' is full.
 *
 * @return How many bytes were written to 'out'.
 */
size_t gunzip_step(gunzip *unpacker, const unsigned char **data, size_t *len, unsigned char *out,
                   size_t capacity);

void gunzip_free(gunzip *unpacker);

#endif
