/* SPDX-License-Identifier: Apache-2.0 */
/* Records to conversations: when their rows are due, and what becomes of them then. */
#include "base/error.h"
#include "pair/pairer.h"
#include "pipeline/pipeline.h"

#define AUTO_HOLD 900 /* seconds, beside the longest record, that records may come late */

flowenrich_status fle_pairing_make(flowenrich_pipeline *pipeline, const char *yaml, size_t len,
                                   flowenrich_error *error)
{
    const fle_settings *settings = &pipeline->settings;
    flowenrich_pairer_options opt = FLOWENRICH_PAIRER_OPTIONS_INIT;

    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    opt.config = yaml;
    opt.config_len = len;
    opt.max_bytes = settings->limits.paired;
    opt.active_timeout = settings->active;
    opt.idle_timeout = settings->idle;
    opt.lateness = settings->lateness;
    opt.slack = settings->slack;
    return flowenrich_pairer_new(&pipeline->pairer, &opt, error);
}

/* Take out rows that are due, until some are ready. */
static flowenrich_status take_due(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_status status = fle_stages_publish(pipeline, error);
    size_t rows = 1;

    while (status == FLOWENRICH_OK && rows > 0 && !pipeline->is_ready) {
        status = flowenrich_pairer_take(pipeline->pairer, pipeline->out, error);
        rows = pipeline->out->rows;
        if (status == FLOWENRICH_OK && rows > 0 && pipeline->enricher)
            status = fle_stages_name(pipeline, pipeline->out, error);
        if (status == FLOWENRICH_OK && rows > 0)
            status = fle_stages_put_out(pipeline, rows, error);
    }
    return status;
}

/*
 * All records have come, but for those that come later than records are waited for. By the newest
 * of all, so that the rows of what goes on are no longer than is asked for: what a source that is
 * behind has of them makes deltas.
 */
static flowenrich_status follow(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    const fle_settings *settings = &pipeline->settings;
    const int64_t lag = settings->hold > 0 ? settings->hold : pipeline->pairer->window + AUTO_HOLD;
    const flowenrich_time time = fle_clocks_newest(&pipeline->clocks);

    if (pipeline->clocks.is_over)
        return flowenrich_pairer_advance(pipeline->pairer, FLOWENRICH_TIME_END, error);
    if (!settings->holds || time < lag)
        return FLOWENRICH_OK;
    return flowenrich_pairer_advance(pipeline->pairer, time - lag, error);
}

flowenrich_status fle_pairing_run(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_batch *batch = pipeline->batch;
    flowenrich_status status = take_due(pipeline, error);

    pipeline->is_passing = batch->rows > 0;
    if (status == FLOWENRICH_OK && !pipeline->is_ready && pipeline->passed < batch->rows) {
        fle_interval_apply(&pipeline->settings.interval, batch, pipeline->keep);
        if (!fle_clocks_note(&pipeline->clocks, batch))
            return fle_error_nomem(error);
        status = flowenrich_pairer_pair(pipeline->pairer, batch, error);
        pipeline->passed = batch->rows;
        if (status == FLOWENRICH_OK)
            status = follow(pipeline, error);
        if (status == FLOWENRICH_OK)
            status = take_due(pipeline, error);
    }
    if (status == FLOWENRICH_OK && !pipeline->is_ready)
        fle_stages_clear_parsed(pipeline);
    return status;
}

flowenrich_status fle_pairing_advance(flowenrich_pipeline *pipeline, flowenrich_time now,
                                      flowenrich_error *error)
{
    flowenrich_status status;

    fle_clocks_tell(&pipeline->clocks, now);
    status = follow(pipeline, error);
    if (status == FLOWENRICH_OK)
        status = take_due(pipeline, error);
    if (pipeline->clocks.is_over) /* what comes after that is another stream */
        fle_clocks_clear(&pipeline->clocks);
    return status;
}

bool fle_pairing_knows(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                       bool *is_again)
{
    flowenrich_pairer *pairer = pipeline->pairer;

    *is_again = false;
    if (!pairer || pipeline->is_learning)
        return true;
    if (!fle_objects_deliver(&pairer->objects, source->identity, is_again))
        return false;
    pairer->stats[FLE_PAIR_DUPLICATE_MESSAGES] += *is_again;
    return true;
}
