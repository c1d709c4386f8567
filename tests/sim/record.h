/* SPDX-License-Identifier: Apache-2.0 */
/* One line of a flow log, and the truth about it. */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include "place.h"

typedef enum direction { INGRESS, EGRESS } direction;

/* How the packets of a record fared: the best that befell one of them. */
typedef enum state { UNANSWERED, REFUSED, ANSWERED } state;

/* What became of the far address meanwhile. */
typedef enum story {
    STEADY,   /* nobody else held it from a minute before start to a minute after end */
    REUSED,   /* somebody did, but no packet of this record went to them */
    TAIL,     /* its owner left and packets went on to nobody */
    STRADDLES /* packets went to two owners: there is no right name */
} story;

typedef struct record {
    uint32_t observer;
    uint32_t far;      /* the far end's owner; NOBODY; of STRADDLES the first of them */
    place src, dst;    /* on the wire, at the observer */
    uint32_t own_slot; /* the observer's side */
    uint32_t packets;
    uint64_t bytes;
    int32_t window; /* number of the observer's window */
    int32_t start, end;
    uint16_t source_port, destination_port;
    uint8_t protocol, flags;
    uint8_t direction, refused_here, log;
    uint8_t far_kind, own_kind; /* hold_kind; of nobody HOLD_KINDS */
    uint8_t state, story;
    bool is_hidden; /* the far address had left an owner, and nothing tells: told.h */
} record;

enum { LOGS = 2 }; /* flow logs an interface may have */

/* The windows of an interface begin at a second of its own; so do those of its second log. */
static inline int32_t window_phase(const fleet *in, uint32_t observer, size_t log, int32_t length)
{
    return (int32_t)(chance_of(in->seed, observer, 7 + log) * length);
}

static inline int32_t window_length(const fleet *in, size_t log)
{
    return log == 0 ? (int32_t)in->knobs->window : 600;
}

static inline int32_t window_of(int32_t time, int32_t phase, int32_t length)
{
    return (time - phase + length) /
           length; /* from 0 at a window that began before the beginning */
}

/* Where a window ends; it begins one length before. */
static inline int32_t window_end(int32_t window, int32_t phase, int32_t length)
{
    return window * length + phase;
}

#endif
