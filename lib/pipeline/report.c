/* SPDX-License-Identifier: Apache-2.0 */
/* What a pipeline tells besides its output: refused lines, objects to fetch, counts, reasons. */
#include "base/error.h"
#include "pipeline/pipeline.h"
#include "unwrap/envelope.h"

size_t flowenrich_pipeline_rejects(const flowenrich_pipeline *pipeline)
{
    return pipeline->findings.n_rejects;
}

flowenrich_status flowenrich_pipeline_reject(const flowenrich_pipeline *pipeline, size_t index,
                                             flowenrich_reject *out, flowenrich_error *error)
{
    const size_t n = pipeline->findings.n_rejects;
    const size_t kept = n < FLE_REJECTS_KEPT ? n : FLE_REJECTS_KEPT;

    if (index >= kept || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "of the last call %zu refused lines are kept",
                         kept);
    if (!fle_struct_export(out, &pipeline->findings.rejects[index], sizeof *out))
        return fle_error(error, FLOWENRICH_ERR_ARG, "the size of 'out' isn't set");
    return fle_error_ok(error);
}

flowenrich_status flowenrich_pipeline_object(const flowenrich_pipeline *pipeline, size_t index,
                                             flowenrich_source *out, flowenrich_error *error)
{
    if (index >= pipeline->findings.n_objects || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "the last call met with %zu objects",
                         pipeline->findings.n_objects);
    if (!fle_struct_export(out, &pipeline->findings.objects[index], sizeof *out))
        return fle_error(error, FLOWENRICH_ERR_ARG, "the size of 'out' isn't set");
    return fle_error_ok(error);
}

/* ---- Counts ---- */

typedef struct writer {
    flowenrich_stat *out;
    size_t n, most;
} writer;

static void write(writer *to, const char *name, uint64_t value)
{
    if (to->n < to->most)
        to->out[to->n] = (flowenrich_stat){ name, value };
    to->n++;
}

static const char *const envelope_names[FLE_N_ENVELOPE_STATS] = {
    [FLE_ENVELOPE_MESSAGES] = "payload_messages",   [FLE_ENVELOPE_CONTROL] = "payload_control",
    [FLE_ENVELOPE_FAILED] = "payload_failed",       [FLE_ENVELOPE_BYTES_IN] = "payload_bytes_in",
    [FLE_ENVELOPE_BYTES_OUT] = "payload_bytes_out",
};

/* The parser counts records, too: these are those whose ends were named. */
static size_t write_enricher(const flowenrich_enricher *enricher, flowenrich_stat *out, size_t n)
{
    const size_t written = flowenrich_enricher_stats(enricher, out, n);

    if (n > 0)
        out[0].name = "enriched";
    return written;
}

/* A count that would mean something else, or nothing, among those of all stages. */
typedef struct renamed {
    const char *from, *to;
} renamed;

static void rename_counts(flowenrich_stat *stats, size_t n, const renamed *names, size_t n_names)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_names; k++)
            if (strcmp(stats[i].name, names[k].from) == 0) {
                stats[i].name = names[k].to;
                break;
            }
}

static size_t write_pairer(const flowenrich_pairer *pairer, flowenrich_stat *out, size_t n)
{
    static const renamed names[] = {
        { "records", "paired" },
        { "rows", "conversation_rows" },
        { "open", "open_conversations" },
        { "bytes", "pairing_bytes" },
    };
    const size_t written = flowenrich_pairer_stats(pairer, out, n);

    rename_counts(out, written < n ? written : n, names, sizeof names / sizeof *names);
    return written;
}

static size_t write_aggregator(const flowenrich_aggregator *aggregator, flowenrich_stat *out,
                               size_t n)
{
    static const renamed names[] = {
        { "rows", "aggregated" },    { "evicted", "evicted_groups" },
        { "held", "held_groups" },   { "bytes", "aggregated_bytes" },
        { "overflows", "cut_sums" }, { "underflows", "unknown_reversals" },
    };
    const size_t written = flowenrich_aggregator_stats(aggregator, out, n);

    rename_counts(out, written < n ? written : n, names, sizeof names / sizeof *names);
    return written;
}

size_t flowenrich_pipeline_stats(const flowenrich_pipeline *pipeline, flowenrich_stat *out,
                                 size_t n)
{
    flowenrich_stat envelope[FLE_N_ENVELOPE_STATS];
    writer to = { out, flowenrich_parser_stats(pipeline->parser, out, n), n };
    size_t left;

    flowenrich_envelope_stats(pipeline->envelope, envelope, FLE_N_ENVELOPE_STATS);
    for (size_t i = 0; i < FLE_N_ENVELOPE_STATS; i++)
        write(&to, envelope_names[i], envelope[i].value);
    write(&to, "kept", pipeline->kept);
    write(&to, "dropped", pipeline->dropped);
    left = to.n < n ? n - to.n : 0;
    if (pipeline->enricher)
        to.n += write_enricher(pipeline->enricher, left ? out + to.n : NULL, left);
    left = to.n < n ? n - to.n : 0;
    if (pipeline->pairer)
        to.n += write_pairer(pipeline->pairer, left ? out + to.n : NULL, left);
    left = to.n < n ? n - to.n : 0;
    if (pipeline->aggregator)
        to.n += write_aggregator(pipeline->aggregator, left ? out + to.n : NULL, left);
    left = to.n < n ? n - to.n : 0;
    if (pipeline->catalog)
        to.n += flowenrich_catalog_stats(pipeline->catalog, left ? out + to.n : NULL, left);
    return to.n;
}

/* A path of `fields:`, then of `filter:`; NULL past the last. */
static const char *chosen(const fle_settings *settings, size_t i)
{
    return i < settings->n_fields ? settings->fields[i]
                                  : fle_filter_path(&settings->filter, i - settings->n_fields);
}

bool fle_report_init(flowenrich_pipeline *pipeline)
{
    size_t n = 0;

    while (chosen(&pipeline->settings, n))
        n++;
    pipeline->had = fle_arena_alloc(&pipeline->arena, n + 1);
    if (pipeline->had)
        memset(pipeline->had, 0, n + 1);
    return pipeline->had != NULL;
}

static const flowenrich_batch *rows_of(const flowenrich_pipeline *pipeline)
{
    return pipeline->pairer ? pipeline->out : pipeline->batch;
}

/* Who takes rows as they are may take their columns along. */
void fle_report_note(flowenrich_pipeline *pipeline)
{
    const flowenrich_batch *rows = rows_of(pipeline);
    const char *path;

    pipeline->has_log = pipeline->has_log || rows->n_columns > 0;
    for (size_t i = 0; (path = chosen(&pipeline->settings, i)) != NULL; i++)
        pipeline->had[i] = pipeline->had[i] || fle_batch_find(rows, fle_text_of(path));
}

const char *flowenrich_pipeline_missing(const flowenrich_pipeline *pipeline, size_t index)
{
    const flowenrich_batch *rows = rows_of(pipeline);
    const char *path;

    if (!pipeline->has_log && rows->n_columns == 0)
        return NULL;
    for (size_t i = 0; (path = chosen(&pipeline->settings, i)) != NULL; i++) {
        const bool is_added = pipeline->enricher && fle_path_is_added(fle_text_of(path));

        if (!is_added && !pipeline->had[i] && !fle_batch_find(rows, fle_text_of(path)) &&
            index-- == 0)
            return path;
    }
    return NULL;
}

/* ---- Reasons ---- */

static flowenrich_status parse_line(flowenrich_pipeline *pipeline, const char *line, size_t len,
                                    flowenrich_batch *batch, flowenrich_error *error)
{
    flowenrich_parser *parser;
    size_t used;
    flowenrich_status status = fle_stages_parser(pipeline, &parser, error);

    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_parse(parser, line, len, &used, batch, error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_finish(parser, batch, NULL, error);
    flowenrich_parser_free(parser);
    if (status != FLOWENRICH_OK || batch->rows > 0)
        return status;
    if (batch->n_rejects == 0)
        return fle_error(error, FLOWENRICH_ERR_SYNTAX, "there is no record in this line");
    return fle_error_at(error, FLOWENRICH_ERR_SYNTAX, (size_t)batch->rejects[0].line, 0,
                        (size_t)batch->rejects[0].offset, "this line isn't a record: %s%s%s",
                        batch->rejects[0].reason, *batch->rejects[0].field ? " in " : "",
                        batch->rejects[0].field);
}

flowenrich_status flowenrich_pipeline_explain(flowenrich_pipeline *pipeline, const void *line,
                                              size_t len, char *buf, size_t cap, size_t *out_len,
                                              flowenrich_error *error)
{
    enum { LINES = 8 }; /* a header, and the line; more are not looked at */
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;
    flowenrich_status status;

    if (!out_len || (!line && len) || (!buf && cap))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'line', 'buf' or 'out_len' is NULL");
    *out_len = 0;
    status = fle_pipeline_check_names(pipeline, error);
    if (status != FLOWENRICH_OK)
        return status;
    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    status = flowenrich_batch_new(&batch, LINES, &opt, error);
    if (status == FLOWENRICH_OK)
        status = parse_line(pipeline, line, len, batch, error);
    if (status == FLOWENRICH_OK)
        status = fle_stages_name(pipeline, batch, error);
    if (status == FLOWENRICH_OK)
        status =
            flowenrich_enricher_explain(pipeline->enricher, batch, 0, buf, cap, out_len, error);
    flowenrich_batch_free(batch);
    return status;
}

flowenrich_status flowenrich_pipeline_explain_row(flowenrich_pipeline *pipeline, size_t row,
                                                  char *buf, size_t cap, size_t *out_len,
                                                  flowenrich_error *error)
{
    const flowenrich_status status = fle_pipeline_check_names(pipeline, error);

    if (status != FLOWENRICH_OK)
        return status;
    if (!pipeline->is_ready || pipeline->aggregator)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         pipeline->is_ready ? "nobody is at the ends of a group"
                                            : "no rows are ready");
    return flowenrich_enricher_explain(pipeline->enricher, pipeline->out, row, buf, cap, out_len,
                                       error);
}
