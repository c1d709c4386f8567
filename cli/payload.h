/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs that aren't plain text: payloads and events that flow logs come in. */
#ifndef CLI_PAYLOAD_H
#define CLI_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "flowenrich.h"
#include "outcome.h"

#define PAYLOAD_FROM 2304 /* a log group and stream or a bucket and key, all as long as may be */

struct run;

/* One payload serves many inputs, one after another. */
typedef struct payload {
    flowenrich_envelope *envelope;
    flowenrich_source source; /* of the input */
    char *data;               /* what of it has come and isn't read yet */
    size_t len, capacity;
    size_t searched; /* bytes of it that hold no border between pieces */
    uint64_t offset; /* of 'data' in the input */
    char open;       /* what the input begins with, and each piece that is read by itself */
    uint64_t objects, control, failed;
    uint64_t control_before, objects_shown; /* of all inputs */
    char from[PAYLOAD_FROM];                /* where the text is from */
    bool is_open, ends_line;                /* it goes on; so far it ends with a line */
} payload;

outcome payload_init(payload *p, uint64_t seed);
void payload_free(payload *p);

/* Begin an input that may be one. */
void payload_begin(payload *p, const flowenrich_source *source);

/* Look at the first bytes of the input. @return Whether it is one. */
bool payload_is(payload *p, const char *data, size_t len);

/* Why the input can't be taken any further, and what to do about it; NULL if it can. */
const char *payload_is_full(const payload *p, size_t len);

/* Take the next bytes of the input; their texts go to feed_text(). */
outcome payload_take(payload *p, struct run *r, const char *data, size_t len);

/*
 * End the input.
 *
 * @param whole  Whether it was read to its end. Set to false if something in it couldn't be used.
 */
outcome payload_end(payload *p, struct run *r, bool *whole);

#endif
