/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of rows: how they are summed up, and how they are shown. */
#ifndef CLI_GROUPS_H
#define CLI_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "group_table.h"
#include "options.h"
#include "outcome.h"
#include "output.h"
#include "run.h"

typedef struct groups {
    const options *opt;
    flowenrich_aggregator *aggregator;
    flowenrich_batch *rows;
    flowenrich_encoder *encoder; /* NULL: a table */
    bool streams;                /* windows come out while records come in */
    flowenrich_time watermark;   /* the latest start so far, or FLOWENRICH_TIME_ABSENT */
    flowenrich_time window;      /* whose groups are being shown */
    uint64_t left;               /* how many of its groups may still be shown */
    uint64_t more;               /* groups that aren't shown */
    size_t batches;              /* that were shown */
    group_table table;
    /* What becomes of the rows in place of their being shown, or NULL. */
    outcome (*show)(void *ctx, flowenrich_batch *rows, output *out);
    /* Told when all that was due is shown; or NULL. */
    outcome (*shown)(void *ctx, flowenrich_time watermark, output *out);
    void *show_ctx;
    output out;
} groups;

/* What the command line asks of groups. The paths are the options'. */
flowenrich_aggregator_options groups_asked(const options *opt);

/* Whether there are such paths, measures and windows: asked before anything is read. */
outcome groups_check(const options *opt);

/*
 * Make ready to sum up, and to write where and as the options say.
 *
 * @param asked  'hash_seed' is set here.
 */
outcome groups_init(groups *to, const options *opt, const flowenrich_aggregator_options *asked);

/* Make ready only to sum up, for groups_add(). It is freed as others are. */
outcome groups_init_part(groups *part, const options *opt,
                         const flowenrich_aggregator_options *asked);

/* Add what a part has summed up; that has nothing then. */
outcome groups_add(groups *to, groups *part);

/* What run_logs() is to be given. */
sink groups_sink(groups *to);

/* Sum up all logs as the options ask, then show that. */
outcome groups_of_logs(run *r, const options *opt, outcome (*show)(groups *of, const options *opt));

/* Add the sums that a run before has saved, or save those of this one. */
outcome groups_merge(groups *to, const char *path);
outcome groups_save(groups *to, const char *path);

/* Nothing more comes: show what there is. */
outcome groups_show(groups *to);

/* Say what the rows can't say of themselves. */
void groups_tell(const groups *of);

/* Of that, how many groups weren't shown, if any. */
void groups_tell_more(uint64_t more);

void groups_free(groups *to);

#endif
