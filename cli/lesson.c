/* SPDX-License-Identifier: Apache-2.0 */
/* --learn: the first of two passes over the logs. */
#include "lesson.h"

#include "message.h"
#include "options.h"

/* What can't be learned from is met again, and said, when it is to be read. */
static bool learn_data(flowenrich_pipeline *learner, const char *data, size_t len)
{
    while (len > 0) {
        size_t used;

        if (flowenrich_pipeline_feed(learner, data, len, &used, NULL) != FLOWENRICH_OK)
            return false;
        data += used;
        len -= used;
    }
    return true;
}

static void learn_end(flowenrich_pipeline *learner)
{
    int32_t done = 0;

    /* A payload goes on behind what is broken in it; anything else ends with a failure. */
    for (size_t failures = 0; !done && failures < 1000;)
        failures += flowenrich_pipeline_end(learner, &done, NULL) != FLOWENRICH_OK;
}

static void learn_file(run *r, const file *from)
{
    const flowenrich_source source = run_source(from->path);
    const char *data;
    size_t len;
    bool first = true;

    if (input_open(&r->input, from->path) != OUTCOME_DONE)
        return;
    if (flowenrich_pipeline_begin(r->pipeline, &source, NULL) == FLOWENRICH_OK) {
        while (input_next(&r->input, &data, &len) == OUTCOME_DONE && len > 0 &&
               !(first && input_is_no_log(data, len)) && learn_data(r->pipeline, data, len))
            first = false;
        learn_end(r->pipeline);
    }
    input_close(&r->input);
}

/* The counts of the first pass are nobody's, so the second begins anew. */
static outcome begin_anew(run *r)
{
    flowenrich_pipeline *const learner = r->pipeline;
    flowenrich_snapshot *learned = NULL;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    r->pipeline = NULL;
    if (flowenrich_pipeline_set_learning(learner, 0, &error) != FLOWENRICH_OK ||
        flowenrich_pipeline_publish(learner, &learned, &error) != FLOWENRICH_OK)
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
    flowenrich_error error;

    if (!r->names)
        return misuse("--learn: 'enrich: false' leaves nobody to be named");
    if (r->files.unsized)
        return misuse("--learn reads the logs twice: name files, not stdin or a pipe");
    if (flowenrich_pipeline_set_learning(r->pipeline, 1, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    message_mute(true);
    for (size_t i = 0; i < r->files.n; i++)
        learn_file(r, &r->files.items[i]);
    message_mute(false);
    return begin_anew(r);
}
