/* SPDX-License-Identifier: Apache-2.0 */
/* watch --evidence: who is behind an alarm, as finer groups of its window. */
#ifndef CLI_EVIDENCE_H
#define CLI_EVIDENCE_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "flowenrich.h"
#include "options.h"
#include "outcome.h"
#include "output.h"

typedef struct evidence_alarm evidence_alarm;

/*
 * Beside the groups that are watched, those by their paths and by who spoke to whom. The alarms
 * of a time wait until these are due, too.
 */
typedef struct evidence {
    const options *opt;
    const char **by; /* paths of --by, then those that tell who it was */
    size_t n_by;
    flowenrich_aggregator *aggregator;
    flowenrich_batch *rows;
    flowenrich_encoder *encoder;
    evidence_alarm *alarms; /* that wait, in order */
    size_t n, capacity;
    buffer lines; /* of a batch */
    buffer key;   /* of a row */
} evidence;

outcome evidence_init(evidence *of, const options *opt);
void evidence_free(evidence *of);

/* Count the rows of a batch; before the groups that are watched do, which may be due then. */
outcome evidence_add(evidence *of, flowenrich_batch *batch);

/* Keep alarms until their evidence is there. */
outcome evidence_await(evidence *of, flowenrich_encoder *encoder, flowenrich_batch *alarms);

/* Time has gone on so far, and all alarms until then were told: write them, with evidence. */
outcome evidence_write(evidence *of, flowenrich_time watermark, output *out);

#endif
