/* SPDX-License-Identifier: Apache-2.0 */
/* The pipeline as an object: what its owner calls. */
#include "pipeline/pipeline.h"

#include "base/error.h"

static flowenrich_status fill_in(flowenrich_pipeline *pipeline, const char *yaml, size_t len,
                                 flowenrich_error *error)
{
    const flowenrich_status status =
        fle_settings_read(&pipeline->settings, yaml, len, &pipeline->arena, error);

    return status == FLOWENRICH_OK ? fle_stages_make(pipeline, yaml, len, error) : status;
}

flowenrich_status flowenrich_pipeline_new(flowenrich_pipeline **out, const char *yaml, size_t len,
                                          const flowenrich_options *options,
                                          flowenrich_error *error)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_pipeline *pipeline;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out || (!yaml && len))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' or 'yaml' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    pipeline = fle_alloc_zeroed(&allocator, sizeof *pipeline);
    if (!pipeline)
        return fle_error_nomem(error);
    pipeline->allocator = allocator;
    pipeline->hash_seed = opt.hash_seed;
    pipeline->clock = FLOWENRICH_TIME_ABSENT;
    fle_arena_init(&pipeline->arena, &pipeline->allocator);
    fle_input_init(&pipeline->input, &pipeline->allocator);
    fle_reading_init(&pipeline->reading, &pipeline->allocator);
    fle_buffer_init(&pipeline->output, &pipeline->allocator);
    fle_findings_init(&pipeline->findings, &pipeline->allocator);
    status = fill_in(pipeline, yaml, len, error);
    if (status != FLOWENRICH_OK) {
        flowenrich_pipeline_free(pipeline);
        return status;
    }
    *out = pipeline;
    return fle_error_ok(error);
}

void flowenrich_pipeline_free(flowenrich_pipeline *pipeline)
{
    fle_allocator allocator;

    if (!pipeline)
        return;
    allocator = pipeline->allocator;
    fle_stages_free(pipeline);
    fle_clocks_free(&pipeline->clocks);
    fle_findings_free(&pipeline->findings);
    fle_buffer_free(&pipeline->output);
    fle_reading_free(&pipeline->reading);
    fle_input_free(&pipeline->input);
    fle_filter_free(&pipeline->settings.filter);
    fle_arena_free(&pipeline->arena);
    fle_free(&allocator, pipeline);
}

/* ---- Who is who ---- */

flowenrich_status fle_pipeline_check_names(const flowenrich_pipeline *pipeline,
                                           flowenrich_error *error)
{
    if (!pipeline)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pipeline' is NULL");
    if (!pipeline->enricher)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "this pipeline names no ends: its configuration says 'enrich: false'");
    return FLOWENRICH_OK;
}

static flowenrich_status make_catalog(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;

    if (pipeline->catalog)
        return FLOWENRICH_OK;
    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    opt.assume = pipeline->settings.assume;
    opt.event_slack = pipeline->settings.event_slack;
    opt.max_learned_bytes = pipeline->settings.limits.held;
    return flowenrich_catalog_new(&pipeline->catalog, &opt, error);
}

flowenrich_status flowenrich_pipeline_load(flowenrich_pipeline *pipeline, const void *data,
                                           size_t len, const flowenrich_document *document,
                                           flowenrich_time *dated, flowenrich_error *error)
{
    flowenrich_status status = fle_pipeline_check_names(pipeline, error);

    if (status == FLOWENRICH_OK)
        status = make_catalog(pipeline, error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_catalog_load(pipeline->catalog, data, len, document, dated, error);
    if (status == FLOWENRICH_OK)
        pipeline->is_stale = pipeline->is_untold = true;
    return status;
}

flowenrich_status flowenrich_pipeline_set_learning(flowenrich_pipeline *pipeline, int32_t on,
                                                   flowenrich_error *error)
{
    flowenrich_status status = fle_pipeline_check_names(pipeline, error);

    if (status == FLOWENRICH_OK && pipeline->input.kind != FLE_INPUT_NONE)
        status = fle_error(error, FLOWENRICH_ERR_ARG,
                           "an input is under way: call flowenrich_pipeline_end() first");
    if (status == FLOWENRICH_OK)
        status = make_catalog(pipeline, error);
    if (status == FLOWENRICH_OK)
        pipeline->is_learning = on != 0;
    return status;
}

flowenrich_status flowenrich_pipeline_publish(flowenrich_pipeline *pipeline,
                                              flowenrich_snapshot **out, flowenrich_error *error)
{
    flowenrich_status status = fle_pipeline_check_names(pipeline, error);

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    if (status == FLOWENRICH_OK)
        status = make_catalog(pipeline, error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_catalog_publish(pipeline->catalog, out, error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_pipeline_set_snapshot(pipeline, *out, error);
    return status;
}

flowenrich_status flowenrich_pipeline_image(flowenrich_pipeline *pipeline, const void **data,
                                            size_t *len, flowenrich_error *error)
{
    flowenrich_status status = fle_pipeline_check_names(pipeline, error);

    if (status == FLOWENRICH_OK)
        status = make_catalog(pipeline, error);
    return status == FLOWENRICH_OK ? flowenrich_catalog_image(pipeline->catalog, data, len, error)
                                   : status;
}

flowenrich_status flowenrich_pipeline_set_snapshot(flowenrich_pipeline *pipeline,
                                                   flowenrich_snapshot *snapshot,
                                                   flowenrich_error *error)
{
    flowenrich_status status = fle_pipeline_check_names(pipeline, error);

    return status == FLOWENRICH_OK ? fle_stages_use(pipeline, snapshot, error) : status;
}

flowenrich_status flowenrich_pipeline_add_resolver(flowenrich_pipeline *pipeline,
                                                   const flowenrich_resolver *resolver,
                                                   flowenrich_error *error)
{
    flowenrich_status status;

    /* Without an enricher, adding it fails, and destroys the resolver as promised. */
    if (!pipeline || pipeline->enricher)
        return flowenrich_enricher_add_resolver(pipeline ? pipeline->enricher : NULL, resolver,
                                                error);
    status = flowenrich_enricher_add_resolver(NULL, resolver, NULL);
    return status == FLOWENRICH_OK ? status : fle_pipeline_check_names(pipeline, error);
}

/* ---- Bytes in, output out ---- */

/* The output of the call before is gone now. */
static void settle(flowenrich_pipeline *pipeline)
{
    if (pipeline->is_ready)
        fle_stages_clear(pipeline);
    fle_findings_clear(&pipeline->findings);
}

static flowenrich_status leave(flowenrich_pipeline *pipeline, flowenrich_status status,
                               flowenrich_error *error)
{
    if (!fle_findings_add_rejects(&pipeline->findings, pipeline->batch, &pipeline->reading.place))
        return fle_error_nomem(error);
    return status == FLOWENRICH_OK ? fle_error_ok(error) : status;
}

flowenrich_status flowenrich_pipeline_begin(flowenrich_pipeline *pipeline,
                                            const flowenrich_source *source,
                                            flowenrich_error *error)
{
    if (!pipeline)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pipeline' is NULL");
    if (pipeline->input.kind != FLE_INPUT_NONE)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the input before isn't over: call flowenrich_pipeline_end() first");
    settle(pipeline);
    return fle_input_begin(pipeline, source, error);
}

flowenrich_status flowenrich_pipeline_feed(flowenrich_pipeline *pipeline, const void *data,
                                           size_t len, size_t *used, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (!pipeline || !used || (!data && len > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pipeline', 'data' or 'used' is NULL");
    *used = 0;
    settle(pipeline);
    if (pipeline->input.is_ending)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the input is ending: call flowenrich_pipeline_end() until it is done");
    if (pipeline->input.kind == FLE_INPUT_NONE)
        status = fle_input_begin(pipeline, NULL, error);
    if (status == FLOWENRICH_OK && len > 0)
        status = fle_input_feed(pipeline, data, len, used, error);
    return leave(pipeline, status, error);
}

flowenrich_status flowenrich_pipeline_import(flowenrich_pipeline *pipeline,
                                             const struct ArrowSchema *schema,
                                             const struct ArrowArray *array, size_t *row,
                                             flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (!pipeline || !row)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pipeline' or 'row' is NULL");
    if (pipeline->input.kind != FLE_INPUT_NONE)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the input before isn't over: call flowenrich_pipeline_end() first");
    settle(pipeline);
    if (pipeline->batch->rows == 0) /* else what was parsed comes out first */
        status = flowenrich_batch_import(pipeline->batch, schema, array, row, error);
    if (status == FLOWENRICH_OK)
        status = fle_stages_run(pipeline, error);
    return leave(pipeline, status, error);
}

flowenrich_status flowenrich_pipeline_break_off(flowenrich_pipeline *pipeline,
                                                flowenrich_error *error)
{
    if (!pipeline)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pipeline' is NULL");
    if (pipeline->input.is_ending)
        return fle_error(error, FLOWENRICH_ERR_ARG, "the input is ending already");
    fle_input_break_off(pipeline);
    return fle_error_ok(error);
}

static flowenrich_status end_input(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    return pipeline->input.kind == FLE_INPUT_NONE ? FLOWENRICH_OK : fle_input_end(pipeline, error);
}

flowenrich_status flowenrich_pipeline_end(flowenrich_pipeline *pipeline, int32_t *done,
                                          flowenrich_error *error)
{
    flowenrich_status status;

    if (!pipeline || !done)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pipeline' or 'done' is NULL");
    settle(pipeline);
    status = end_input(pipeline, error);
    *done = pipeline->input.kind == FLE_INPUT_NONE;
    return leave(pipeline, status, error);
}

flowenrich_status flowenrich_pipeline_advance(flowenrich_pipeline *pipeline, flowenrich_time now,
                                              int32_t *done, flowenrich_error *error)
{
    flowenrich_status status;

    if (!pipeline || !done)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'pipeline' or 'done' is NULL");
    *done = 0;
    settle(pipeline);
    status =
        now == FLOWENRICH_TIME_END ? end_input(pipeline, error) : fle_input_flush(pipeline, error);
    if (status != FLOWENRICH_OK || pipeline->is_ready)
        return leave(pipeline, status, error);
    status = fle_stages_advance(pipeline, now, error);
    *done = !pipeline->is_ready || fle_stages_shown(pipeline) == pipeline->batch;
    return leave(pipeline, status, error);
}

/* fwrite() and its like take no NULL, even of nothing. */
flowenrich_text flowenrich_pipeline_output(const flowenrich_pipeline *pipeline)
{
    const fle_buffer *output = &pipeline->output;

    return fle_text(output->data ? output->data : "", output->len);
}

const char *flowenrich_pipeline_encoder(const flowenrich_pipeline *pipeline)
{
    return pipeline->settings.encoder;
}

flowenrich_batch *flowenrich_pipeline_batch(flowenrich_pipeline *pipeline)
{
    return pipeline->is_ready ? fle_stages_shown(pipeline) : NULL;
}
