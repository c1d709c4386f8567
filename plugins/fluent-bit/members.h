/* SPDX-License-Identifier: Apache-2.0 */
/* A record as the pipeline encoded it, as the members of a MessagePack map. */
#ifndef PLUGIN_MEMBERS_H
#define PLUGIN_MEMBERS_H

#include "buffer.h"
#include "flowenrich.h"

/* Keys and values one after another, without the map's head. */
typedef struct members {
    buffer bytes;
    buffer keys; /* a size_t for each: where it starts */
    size_t n;
} members;

/* Read an object of JSON, as the library writes it. False: memory ran out, or it is none. */
bool members_read(members *out, flowenrich_text object);

/* Is a key among them? */
bool members_have(const members *in, flowenrich_text key);

void members_free(members *in);

#endif
