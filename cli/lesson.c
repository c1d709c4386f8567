/* SPDX-License-Identifier: Apache-2.0 */
/* What is learned of the logs: in a first of two passes, or while records are held back. */
#include "lesson.h"

#include <stdlib.h>

#include "message.h"
#include "shares.h"
#include "stats.h"

outcome lesson_choose(const run *r, lesson *out)
{
    const options *opt = r->opt;

    *out = opt->command == COMMAND_CATALOG ? LESSON_ONLY : LESSON_NONE;
    if (*out == LESSON_ONLY && r->names)
        return OUTCOME_DONE;
    if (opt->learn && !r->names)
        return misuse("--learn: 'enrich: false' leaves nobody to be named");
    if (opt->learn && r->files.unsized)
        return misuse("--learn reads the logs twice: name files, not stdin or a pipe");
    if (opt->learn && (opt->no_learn || opt->hold > 0 || opt->hold == HOLD_AUTO))
        return misuse("--learn reads the logs twice, %s once: give one of them",
                      opt->no_learn ? "--no-learn" : "--hold");
    if (inventory_is_image(opt) && !opt->learn)
        return OUTCOME_DONE;
    if (r->names && !opt->no_learn && opt->hold == HOLD_UNSAID)
        *out = r->files.unsized ? LESSON_WHILE : LESSON_FIRST;
    else if (opt->learn)
        *out = LESSON_FIRST;
    return OUTCOME_DONE;
}

/* Nothing was loaded into the one that goes. */
outcome lesson_hold(run *r)
{
    flowenrich_pipeline_free(r->pipeline);
    r->pipeline = NULL;
    return configuration_pipeline(&r->configuration, &r->pipeline, r->opt, CONFIGURATION_MAY_HOLD);
}

/* The second pass begins anew: what is counted in the first is nobody's but what it taught. */
static void forget_counts(run *r)
{
    stats counted;

    stats_of(&counted, r->pipeline);
    r->learned = stats_get(&counted, "learned_records");
    r->unlearned = stats_get(&counted, "unlearned_records");
    r->unseen = stats_get(&counted, "unlearned_addresses");
    sightings_init(&r->seen);
    r->bytes = r->read = r->failed = r->kept = r->repeated = 0;
    r->bad = r->objects = 0;
    r->stops = false;
}

static outcome change_pipeline(run *r)
{
    flowenrich_pipeline *const learner = r->pipeline;
    flowenrich_snapshot *learned = NULL;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    r->pipeline = NULL;
    if (flowenrich_pipeline_publish(learner, &learned, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    flowenrich_pipeline_free(learner);
    if (done == OUTCOME_DONE)
        done = configuration_pipeline(&r->configuration, &r->pipeline, r->opt,
                                      CONFIGURATION_HOLDS_NOT);
    if (done == OUTCOME_DONE &&
        flowenrich_pipeline_set_snapshot(r->pipeline, learned, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    flowenrich_snapshot_free(r->snapshot);
    r->snapshot = learned;
    return done;
}

static const sink nobody = { NULL, NULL, NULL }; /* a pipeline that learns puts nothing out */

/* What documents say of flow logs' formats is needed to read them, and nothing else of them. */
static outcome tell_formats(run *r)
{
    flowenrich_error error;
    stats counted;

    stats_of(&counted, r->pipeline);
    if (r->snapshot || stats_get(&counted, "flow_logs") == 0 ||
        flowenrich_pipeline_publish(r->pipeline, &r->snapshot, &error) == FLOWENRICH_OK)
        return OUTCOME_DONE;
    return failure_of(NULL, &error);
}

/* What each has learned adds up. */
static outcome add_up(run *r)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < r->n_shares; i++) {
        flowenrich_pipeline **share = &r->shares[i].pipeline;
        flowenrich_error error;
        const void *data;
        size_t len;

        if (flowenrich_pipeline_image(*share, &data, &len, &error) != FLOWENRICH_OK ||
            flowenrich_pipeline_load(r->pipeline, data, len, NULL, NULL, &error) != FLOWENRICH_OK)
            done = failure_of(NULL, &error);
        flowenrich_pipeline_free(*share);
        *share = NULL;
    }
    return done;
}

static outcome learn_in_threads(run *r, size_t n)
{
    sink *sinks = calloc(n, sizeof *sinks);
    outcome done = sinks ? tell_formats(r) : failure_no_memory();

    if (done == OUTCOME_DONE)
        done = shares_run(r, sinks, n);
    if (done == OUTCOME_DONE)
        done = add_up(r);
    shares_free(r);
    free(sinks);
    return done;
}

outcome lesson_take(run *r, lesson how)
{
    const size_t n = how == LESSON_FIRST ? shares_wanted(r) : 1;
    flowenrich_error error;
    outcome done;

    if (flowenrich_pipeline_set_learning(r->pipeline, 1, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    message_mute(how == LESSON_FIRST);
    r->learns = true;
    done = n > 1 ? learn_in_threads(r, n) : run_logs(r, &nobody);
    r->learns = false;
    message_mute(false);
    if (how == LESSON_ONLY)
        return done;
    if (done == OUTCOME_FAILED) /* files that fail are no reason to stop */
        return failure_no_memory();
    forget_counts(r);
    return change_pipeline(r);
}
