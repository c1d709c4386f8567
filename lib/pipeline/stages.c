/* SPDX-License-Identifier: Apache-2.0 */
/* The stages of a pipeline: how they are made, and the order in which rows pass them. */
#include "base/error.h"
#include "enrich/enricher.h"
#include "pipeline/pipeline.h"
#include "record/directory.h"

/* A format that can't be read is told with its place in the configuration. */
static flowenrich_status add_format(const flowenrich_pipeline *pipeline, flowenrich_parser *parser,
                                    const fle_yaml *node, flowenrich_error *error)
{
    const flowenrich_options opt = { sizeof opt, &pipeline->allocator, pipeline->hash_seed };
    flowenrich_error wrong = { 0 };
    flowenrich_format *format;
    flowenrich_status status =
        flowenrich_format_new(&format, node->scalar.data, node->scalar.len, &opt, &wrong);

    if (status == FLOWENRICH_ERR_SYNTAX || status == FLOWENRICH_ERR_ARG)
        return fle_yaml_error(node, error, "%s", wrong.message);
    if (status != FLOWENRICH_OK)
        return fle_error_nomem(error);
    status = flowenrich_parser_add_format(parser, format, error);
    flowenrich_format_free(format);
    return status;
}

/* Where neither ends are named nor records paired, what nobody reads isn't converted. */
static bool choose_columns(flowenrich_pipeline *pipeline, flowenrich_parser_options *opt)
{
    const fle_settings *settings = &pipeline->settings;
    const char **paths;
    size_t n_filtered = 0;

    if (settings->names || settings->pairs || settings->aggregate || !settings->fields)
        return true;
    while (fle_filter_path(&settings->filter, n_filtered))
        n_filtered++;
    paths =
        fle_arena_alloc(&pipeline->arena, (settings->n_fields + n_filtered + 2) * sizeof *paths);
    if (!paths)
        return false;
    for (size_t i = 0; i < settings->n_fields; i++)
        paths[opt->field_count++] = settings->fields[i];
    for (size_t i = 0; i < n_filtered; i++)
        paths[opt->field_count++] = fle_filter_path(&settings->filter, i);
    if (fle_interval_is_bounded(&settings->interval)) {
        paths[opt->field_count++] = "start";
        paths[opt->field_count++] = "end";
    }
    opt->fields = paths;
    return true;
}

flowenrich_status fle_stages_parser(flowenrich_pipeline *pipeline, flowenrich_parser **out,
                                    flowenrich_error *error)
{
    const fle_settings *settings = &pipeline->settings;
    flowenrich_parser_options opt = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_status status;

    *out = NULL;
    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    opt.max_bad_lines = settings->limits.bad_lines;
    opt.max_line = settings->limits.line;
    if (!choose_columns(pipeline, &opt))
        return fle_error_nomem(error);
    status = flowenrich_parser_new(out, &opt, error);
    if (status != FLOWENRICH_OK || !settings->formats)
        return status;
    for (const fle_yaml *at = settings->formats->child; at && status == FLOWENRICH_OK;
         at = at->next)
        status = add_format(pipeline, *out, at, error);
    return status;
}

static flowenrich_status make_envelope(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_envelope_options opt = FLOWENRICH_ENVELOPE_OPTIONS_INIT;

    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    opt.max_bytes = pipeline->settings.limits.payload;
    opt.max_ratio = pipeline->settings.limits.ratio;
    return flowenrich_envelope_new(&pipeline->envelope, &opt, error);
}

static flowenrich_status make_enricher(flowenrich_pipeline *pipeline, const char *yaml, size_t len,
                                       flowenrich_error *error)
{
    const flowenrich_options common = { sizeof common, &pipeline->allocator, pipeline->hash_seed };
    flowenrich_enricher_options opt = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_resolver networks;
    flowenrich_status status;

    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    opt.config = yaml;
    opt.config_len = len;
    opt.slack = pipeline->settings.slack;
    opt.strict = pipeline->settings.strict;
    opt.hold = pipeline->settings.hold;
    opt.max_bytes = pipeline->settings.limits.held;
    status = flowenrich_enricher_new(&pipeline->enricher, &opt, error);
    if (status != FLOWENRICH_OK || !pipeline->settings.has_networks)
        return status; /* a resolver costs something even if it knows nobody */
    status = flowenrich_resolver_networks(&networks, yaml, len, &common, error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_enricher_add_resolver(pipeline->enricher, &networks, error);
    return status;
}

static flowenrich_status make_encoder(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_encoder_options opt = FLOWENRICH_ENCODER_OPTIONS_INIT;

    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    opt.fields = pipeline->settings.fields;
    opt.field_count = pipeline->settings.n_fields;
    return flowenrich_encoder_new(&pipeline->encoder, pipeline->settings.encoder, &opt, error);
}

/* Does anybody look at this path of rows? */
static bool is_read(const void *reader, flowenrich_text path)
{
    const flowenrich_pipeline *pipeline = reader;
    const fle_settings *settings = &pipeline->settings;
    bool is_read = fle_filter_reads(&settings->filter, path) ||
                   (pipeline->aggregator && fle_grouping_reads(pipeline, path));

    for (size_t i = 0; i < settings->n_fields; i++)
        is_read = is_read || fle_text_is(path, settings->fields[i]);
    for (const fle_yaml *at = settings->reads ? settings->reads->child : NULL; at; at = at->next)
        is_read = is_read || fle_text_equal(path, at->scalar);
    return is_read;
}

/* Whoever takes rows may look at all, if nothing else is said. A tariff knows what it needs. */
static void choose_outputs(flowenrich_pipeline *pipeline)
{
    const fle_settings *settings = &pipeline->settings;

    if (settings->names && !settings->charges &&
        (settings->aggregate || settings->reads || (settings->fields && settings->encoder)))
        fle_enricher_choose(pipeline->enricher, is_read, pipeline);
}

flowenrich_status fle_stages_make(flowenrich_pipeline *pipeline, const char *yaml, size_t len,
                                  flowenrich_error *error)
{
    const flowenrich_options opt = { sizeof opt, &pipeline->allocator, pipeline->hash_seed };
    const fle_settings *settings = &pipeline->settings;
    flowenrich_status status = make_envelope(pipeline, error);

    if (status == FLOWENRICH_OK)
        status = fle_stages_parser(pipeline, &pipeline->parser, error);
    if (status == FLOWENRICH_OK && !fle_clocks_init(&pipeline->clocks, &pipeline->allocator,
                                                    pipeline->hash_seed, settings->source_idle))
        status = fle_error_nomem(error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_batch_new(&pipeline->batch, settings->limits.rows, &opt, error);
    pipeline->out = pipeline->batch;
    if (status == FLOWENRICH_OK && (settings->holds || settings->pairs))
        status = flowenrich_batch_new(&pipeline->out, settings->limits.rows, &opt, error);
    if (status == FLOWENRICH_OK && settings->names)
        status = make_enricher(pipeline, yaml, len, error);
    if (status == FLOWENRICH_OK && settings->pairs)
        status = fle_pairing_make(pipeline, yaml, len, error);
    if (status == FLOWENRICH_OK)
        status = fle_charging_make(pipeline, error);
    if (status == FLOWENRICH_OK)
        status = fle_grouping_make(pipeline, error);
    if (status == FLOWENRICH_OK && settings->encoder)
        status = make_encoder(pipeline, error);
    if (status == FLOWENRICH_OK) {
        choose_outputs(pipeline);
        pipeline->keep = fle_arena_alloc(&pipeline->arena, settings->limits.rows / 8 + 1);
        if (!pipeline->keep || !fle_report_init(pipeline))
            status = fle_error_nomem(error);
    }
    return status;
}

void fle_stages_free(flowenrich_pipeline *pipeline)
{
    flowenrich_snapshot_free(pipeline->snapshot);
    flowenrich_encoder_free(pipeline->encoder);
    flowenrich_aggregator_free(pipeline->aggregator);
    flowenrich_batch_free(pipeline->groups);
    flowenrich_pairer_free(pipeline->pairer);
    flowenrich_tariff_free(pipeline->tariff);
    flowenrich_enricher_free(pipeline->enricher);
    flowenrich_catalog_free(pipeline->catalog);
    if (pipeline->out != pipeline->batch)
        flowenrich_batch_free(pipeline->out);
    flowenrich_batch_free(pipeline->batch);
    flowenrich_parser_free(pipeline->parser);
    flowenrich_envelope_free(pipeline->envelope);
}

flowenrich_status fle_stages_use(flowenrich_pipeline *pipeline, flowenrich_snapshot *snapshot,
                                 flowenrich_error *error)
{
    flowenrich_status status =
        flowenrich_enricher_set_snapshot(pipeline->enricher, snapshot, error);

    if (status == FLOWENRICH_OK && pipeline->pairer)
        status = flowenrich_pairer_set_snapshot(pipeline->pairer, snapshot, error);
    if (status != FLOWENRICH_OK)
        return status;
    flowenrich_snapshot_free(pipeline->snapshot);
    pipeline->snapshot = snapshot ? flowenrich_snapshot_ref(snapshot) : NULL;
    pipeline->is_stale = pipeline->is_untold = false;
    return status;
}

flowenrich_status fle_stages_publish(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_snapshot *snapshot;
    flowenrich_status status;

    if (!pipeline->is_stale)
        return FLOWENRICH_OK;
    status = flowenrich_catalog_publish(pipeline->catalog, &snapshot, error);
    if (status == FLOWENRICH_OK)
        status = fle_stages_use(pipeline, snapshot, error);
    flowenrich_snapshot_free(snapshot);
    return status;
}

/* One that can't be read is a document's fault, not the log's: it is as if nobody had told. */
static flowenrich_status expect(flowenrich_pipeline *pipeline, flowenrich_text text,
                                flowenrich_error *error)
{
    const flowenrich_options opt = { sizeof opt, &pipeline->allocator, pipeline->hash_seed };
    flowenrich_format *format;
    flowenrich_status status = flowenrich_format_new(&format, text.data, text.len, &opt, NULL);

    if (status == FLOWENRICH_ERR_NOMEM)
        return fle_error_nomem(error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_expect(pipeline->parser, format, error);
    else
        status = FLOWENRICH_OK;
    flowenrich_format_free(format);
    return status;
}

flowenrich_status fle_stages_begin(flowenrich_pipeline *pipeline, const flowenrich_source *source,
                                   flowenrich_error *error)
{
    flowenrich_status status = flowenrich_parser_begin(pipeline->parser, source, error);
    flowenrich_text format;

    if (status == FLOWENRICH_OK && pipeline->is_untold &&
        fle_catalog_has_flow_logs(pipeline->catalog))
        status = fle_stages_publish(pipeline, error);
    for (size_t i = 0; status == FLOWENRICH_OK && pipeline->snapshot; i++) {
        format = flowenrich_snapshot_format(pipeline->snapshot, source, i);
        if (format.len == 0)
            break;
        status = expect(pipeline, format, error);
    }
    return status;
}

flowenrich_status fle_stages_name(flowenrich_pipeline *pipeline, flowenrich_batch *batch,
                                  flowenrich_error *error)
{
    const flowenrich_status status = fle_stages_publish(pipeline, error);

    return status == FLOWENRICH_OK ? flowenrich_enricher_enrich(pipeline->enricher, batch, error)
                                   : status;
}

flowenrich_batch *fle_stages_shown(const flowenrich_pipeline *pipeline)
{
    return pipeline->aggregator ? pipeline->groups : pipeline->out;
}

flowenrich_status fle_stages_encode(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_batch *shown = fle_stages_shown(pipeline);
    fle_buffer *out = &pipeline->output;
    size_t row = 0, need = 64 * 1024;

    while (pipeline->encoder && row < shown->rows) {
        size_t len = 0;
        flowenrich_status status;

        if (!fle_buffer_reserve(out, need))
            return fle_error_nomem(error);
        status = flowenrich_encoder_encode(pipeline->encoder, shown, &row, out->data + out->len,
                                           out->capacity - out->len, &len, error);
        if (status != FLOWENRICH_OK && status != FLOWENRICH_ERR_LIMIT)
            return status;
        out->len += status == FLOWENRICH_OK ? len : 0;
        need = status == FLOWENRICH_OK ? need : len; /* of a row that is longer */
    }
    return fle_error_ok(error);
}

void fle_stages_clear_parsed(flowenrich_pipeline *pipeline)
{
    flowenrich_batch_clear(pipeline->batch);
    pipeline->findings.told = 0;
    pipeline->is_passing = false;
    pipeline->passed = 0;
}

void fle_stages_clear_rows(flowenrich_pipeline *pipeline)
{
    if (pipeline->out == pipeline->batch)
        fle_stages_clear_parsed(pipeline);
    else
        flowenrich_batch_clear(pipeline->out);
}

void fle_stages_clear(flowenrich_pipeline *pipeline)
{
    if (pipeline->aggregator)
        flowenrich_batch_clear(pipeline->groups);
    else
        fle_stages_clear_rows(pipeline);
    fle_buffer_clear(&pipeline->output);
    pipeline->is_ready = false;
}

static flowenrich_status learn(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    const flowenrich_status status =
        flowenrich_catalog_learn(pipeline->catalog, pipeline->batch, error);

    pipeline->is_stale = true;
    fle_stages_clear_parsed(pipeline);
    return status;
}

flowenrich_status fle_stages_put_out(flowenrich_pipeline *pipeline, size_t rows,
                                     flowenrich_error *error)
{
    flowenrich_batch *out = pipeline->out;
    flowenrich_status status = FLOWENRICH_OK;

    if (pipeline->pairer)
        fle_report_note(pipeline);
    if (pipeline->tariff)
        status = flowenrich_tariff_charge(pipeline->tariff, out, error);
    if (status == FLOWENRICH_OK)
        status = fle_filter_apply(&pipeline->settings.filter, out, pipeline->keep, error);
    if (status != FLOWENRICH_OK)
        return status;
    pipeline->kept += out->rows;
    pipeline->dropped += rows - out->rows;
    if (pipeline->aggregator)
        return fle_grouping_add(pipeline, error);
    pipeline->is_ready = out->rows > 0;
    if (!pipeline->is_ready)
        fle_stages_clear(pipeline);
    return pipeline->is_ready ? fle_stages_encode(pipeline, error) : FLOWENRICH_OK;
}

static flowenrich_status run_at_once(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_batch *batch = pipeline->batch;
    const size_t rows = batch->rows;
    flowenrich_status status = FLOWENRICH_OK;

    fle_interval_apply(&pipeline->settings.interval, batch, pipeline->keep);
    if (pipeline->aggregator && !fle_clocks_note(&pipeline->clocks, batch))
        return fle_error_nomem(error);
    if (pipeline->enricher)
        status = fle_stages_name(pipeline, batch, error);
    return status == FLOWENRICH_OK ? fle_stages_put_out(pipeline, rows, error) : status;
}

/* Take out rows that are due, until some are ready. No rows: none is due any more. */
static flowenrich_status take_due(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_status status = fle_stages_publish(pipeline, error);
    size_t rows = 1;

    while (status == FLOWENRICH_OK && rows > 0 && !pipeline->is_ready) {
        status = flowenrich_enricher_take(pipeline->enricher, pipeline->out, error);
        rows = pipeline->out->rows;
        if (status == FLOWENRICH_OK && rows > 0) {
            fle_interval_apply(&pipeline->settings.interval, pipeline->out, pipeline->keep);
            status = fle_stages_put_out(pipeline, rows, error);
        }
    }
    return status;
}

static flowenrich_status run_held(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    flowenrich_status status = take_due(pipeline, error);

    pipeline->is_passing = true;
    while (status == FLOWENRICH_OK && !pipeline->is_ready &&
           pipeline->passed < pipeline->batch->rows) {
        status =
            flowenrich_enricher_hold(pipeline->enricher, pipeline->batch, &pipeline->passed, error);
        if (status == FLOWENRICH_OK)
            status = take_due(pipeline, error);
    }
    if (status == FLOWENRICH_OK && !pipeline->is_ready)
        fle_stages_clear_parsed(pipeline);
    return status;
}

flowenrich_status fle_stages_run(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    if (!pipeline->pairer)
        fle_report_note(pipeline);
    if (!fle_findings_add_rejects(&pipeline->findings, pipeline->batch, &pipeline->reading.place))
        return fle_error_nomem(error);
    if (pipeline->is_learning)
        return learn(pipeline, error);
    if (pipeline->aggregator) {
        const flowenrich_status status = fle_grouping_follow(pipeline, error);

        pipeline->is_passing = pipeline->is_passing || pipeline->batch->rows > 0;
        if (status != FLOWENRICH_OK || pipeline->is_ready)
            return status;
    }
    if (pipeline->pairer)
        return fle_pairing_run(pipeline, error);
    return pipeline->settings.holds ? run_held(pipeline, error) : run_at_once(pipeline, error);
}

flowenrich_time fle_stages_newest(const flowenrich_batch *rows, flowenrich_time before)
{
    const fle_column *ends = fle_batch_find(rows, FLE_TEXT("end"));
    flowenrich_time newest = before;

    for (size_t row = 0; ends && ends->type == FLOWENRICH_TYPE_TIME && row < rows->rows; row++) {
        const flowenrich_time end = fle_column_time(ends, row);

        newest = end > newest ? end : newest;
    }
    return newest;
}

flowenrich_time fle_stages_time(flowenrich_pipeline *pipeline, flowenrich_time newest,
                                flowenrich_time now)
{
    const bool is_quiet = newest == pipeline->then && newest >= 0;
    flowenrich_time time = newest;

    if (now == FLOWENRICH_TIME_END)
        time = now;
    else if (is_quiet && pipeline->clock >= 0 && now > pipeline->clock)
        time = newest < INT64_MAX - now ? newest + (now - pipeline->clock) : FLOWENRICH_TIME_END;
    pipeline->clock = now;
    pipeline->then = time;
    return time;
}

flowenrich_status fle_stages_advance(flowenrich_pipeline *pipeline, flowenrich_time now,
                                     flowenrich_error *error)
{
    flowenrich_status status = fle_stages_run(pipeline, error);
    fle_hold *hold;

    if (status != FLOWENRICH_OK || pipeline->is_ready)
        return status;
    if (pipeline->pairer && !pipeline->is_learning) {
        status = fle_pairing_advance(pipeline, now, error);
    } else if (pipeline->settings.holds && !pipeline->pairer) {
        hold = &pipeline->enricher->hold;
        fle_hold_advance(hold, fle_stages_time(pipeline, hold->clock.now, now));
        status = take_due(pipeline, error);
    }
    return status == FLOWENRICH_OK && pipeline->aggregator
               ? fle_grouping_advance(pipeline, now, error)
               : status;
}
