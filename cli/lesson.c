/* SPDX-License-Identifier: Apache-2.0 */
/* --learn: the first of two passes over the logs. */
#include "lesson.h"

#include "message.h"

/* The second pass begins anew: what is counted in the first is nobody's. */
static void forget_counts(run *r)
{
    sightings_init(&r->seen);
    r->bytes = r->read = r->failed = r->bad = r->objects = r->kept = 0;
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
        done = configuration_pipeline(&r->configuration, &r->pipeline, r->opt);
    if (done == OUTCOME_DONE &&
        flowenrich_pipeline_set_snapshot(r->pipeline, learned, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    flowenrich_snapshot_free(learned);
    return done;
}

outcome lesson_take(run *r)
{
    const sink nobody = { NULL, NULL, NULL }; /* a pipeline that learns puts nothing out */
    flowenrich_error error;
    outcome done;

    if (!r->names)
        return misuse("--learn: 'enrich: false' leaves nobody to be named");
    if (r->files.unsized)
        return misuse("--learn reads the logs twice: name files, not stdin or a pipe");
    if (flowenrich_pipeline_set_learning(r->pipeline, 1, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    message_mute(true);
    done = run_logs(r, &nobody);
    message_mute(false);
    if (done == OUTCOME_FAILED) /* files that fail are no reason to stop */
        return failure_no_memory();
    forget_counts(r);
    return change_pipeline(r);
}
