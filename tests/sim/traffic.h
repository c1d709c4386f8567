/* SPDX-License-Identifier: Apache-2.0 */
/* Who talks to whom, when, and how that ends. */
#ifndef SIM_TRAFFIC_H
#define SIM_TRAFFIC_H

#include "meter.h"

typedef struct flow {
    place src, dst;
    int32_t time, life; /* of its first packet; seconds until its last one is due */
    uint16_t source_port, destination_port;
    uint8_t protocol;
    bool stateless;         /* between addresses, whoever has them: UDP with one port, ICMP */
    bool internet;          /* the destination answers and is nobody of ours */
    state fate;             /* if somebody is there */
    bool lost;              /* packets don't arrive, so only the sender sees them */
    bool refused_by_sender; /* packets don't leave */
} flow;

/* Draws flows that begin within a given time. */
typedef struct traffic {
    const fleet *fleet;
    chance chance;
    uint64_t *pairs; /* of stateless flows, each once: an interface would make one record of two */
    size_t n_pairs, pairs_capacity;
} traffic;

void traffic_begin(traffic *out, const fleet *in);
void traffic_end(traffic *what);

/* @return False if this draw came to nothing; the next one may. */
bool traffic_draw(traffic *from, int32_t begin, int32_t end, flow *out);

/* Send the packets of a flow; `seen` gets what the interfaces on the way count. */
void flow_run(const flow *what, const fleet *in, chance *from, meters *seen);

#endif
