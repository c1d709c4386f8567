/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the packets of one flow, by who saw them, which way and in which window. */
#ifndef SIM_METER_H
#define SIM_METER_H

#include "record.h"

/* What one interface saw of one flow in one direction in one window. */
typedef struct meter {
    uint32_t observer, far;
    int32_t window, first, last;
    uint32_t packets;
    uint64_t bytes;
    uint8_t direction, refused_here, log, flags;
    uint8_t state, far_kind, own_kind;
    bool back, reached_nobody, straddles;
} meter;

typedef struct meters {
    const fleet *fleet;
    meter *items;
    size_t len, capacity;
} meters;

/* Packets of one second. */
typedef struct burst {
    int32_t time;
    uint32_t packets;
    uint64_t bytes;
    uint8_t flags;
    state state;
    bool refused_here;
    bool back; /* from the flow's destination to its source */
} burst;

/* Count what passed `own`, a tenure, on the way to or from `far`, a tenure or NOTHING. */
void meters_count(meters *on, uint32_t own, direction way, uint32_t far, const burst *what);

/* Make the record of a meter of what has the addresses, ports and protocol of the flow. */
void meter_read(const meters *on, const meter *from, record *out);

#endif
