/* SPDX-License-Identifier: Apache-2.0 */
/* What can be set about a simulated world. */
#ifndef SIM_KNOBS_H
#define SIM_KNOBS_H

#include <stddef.h>
#include <stdint.h>

typedef struct knobs {
    /* The world */
    double seed, minutes, enis, vpcs, overlap;
    double churn, reuse_least, reuse_most, slow, move;
    double secondary, prefix, ipv6, public;
    /* Who logs, and how */
    double window, late, packet_times, one_end, silent, unlogged_vpcs, second_log;
    double missing, skipdata, nodata;
    const char *format;
    /* Traffic */
    double ends, unowned, internet, unanswered, refused, fixed, cross, hairpin;
    /* What is known besides */
    double events, history, async, event_late, lost, failed;
    const char *snapshots;
    const char *folder;
} knobs;

/* Ends the program, with what is wrong, if it can't be done; prints the list on --help. */
void knobs_read(knobs *out, int argc, char **argv);

#endif
