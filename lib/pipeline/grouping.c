/* SPDX-License-Identifier: Apache-2.0 */
/* Groups instead of rows: the key `aggregate`. */
#include "aggregate/aggregator.h"
#include "base/error.h"
#include "pipeline/pipeline.h"
#include "record/configuration.h"

#define MOST_SECONDS (366 * 86400U)

/* ---- What is asked for. ---- */

/* "90", "90s", "5m", "2h", "1d". */
static bool read_duration(flowenrich_text text, uint32_t *out)
{
    static const struct {
        char unit;
        uint32_t seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
    uint32_t times = 1;
    uint64_t number;

    for (size_t i = 0; text.len > 0 && i < sizeof units / sizeof *units; i++)
        if (text.data[text.len - 1] == units[i].unit) {
            times = units[i].seconds;
            text.len--;
            break;
        }
    if (!fle_text_u64(text, &number) || number == 0 || number > MOST_SECONDS / times)
        return false;
    *out = (uint32_t)number * times;
    return true;
}

static flowenrich_status read_time(const fle_yaml *section, const char *key, uint32_t *out,
                                   flowenrich_error *error)
{
    const fle_yaml *node = fle_configuration_section(section, key);
    flowenrich_status status = FLOWENRICH_OK;

    if (!node)
        return status;
    status = fle_yaml_expect(node, FLE_YAML_SCALAR, key, error);
    if (status == FLOWENRICH_OK && !read_duration(node->scalar, out))
        return fle_yaml_error(node, error, "%s must be a time such as 90s, 5m, 1h, not '%.*s'", key,
                              (int)node->scalar.len, node->scalar.data);
    return status;
}

static flowenrich_status read_texts(const fle_yaml *section, const char *key, fle_arena *arena,
                                    const char *const **out, size_t *n, flowenrich_error *error)
{
    const fle_yaml *list = fle_configuration_section(section, key);
    flowenrich_status status = FLOWENRICH_OK;
    const char **texts;

    if (!list)
        return status;
    status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, key, error);
    if (status != FLOWENRICH_OK)
        return status;
    texts = fle_arena_alloc(arena, (fle_yaml_count(list) + 1) * sizeof *texts);
    if (!texts)
        return fle_error_nomem(error);
    for (const fle_yaml *at = list->child; at && status == FLOWENRICH_OK; at = at->next) {
        status = fle_yaml_expect(at, FLE_YAML_SCALAR, "a path", error);
        texts[(*n)++] = at->scalar.data;
    }
    *out = texts;
    return status;
}

flowenrich_status fle_grouping_read(fle_settings *out, const fle_yaml *root, fle_arena *arena,
                                    flowenrich_error *error)
{
    static const char *const keys[] = { "by",    "measures", "where", "window",
                                        "slide", "lateness", "spread" };
    const fle_yaml *section = fle_configuration_section(root, "aggregate"), *where;
    flowenrich_aggregator_options *opt = &out->grouping;
    flowenrich_status status = FLOWENRICH_OK;
    bool spread = false;

    *opt = (flowenrich_aggregator_options)FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    out->aggregate = section;
    if (!section)
        return status;
    status = fle_yaml_expect(section, FLE_YAML_MAPPING, "aggregate", error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(section, keys, sizeof keys / sizeof *keys, error);
    if (status == FLOWENRICH_OK)
        status = read_texts(section, "by", arena, &opt->by, &opt->by_count, error);
    if (status == FLOWENRICH_OK)
        status = read_texts(section, "measures", arena, &opt->measures, &opt->measure_count, error);
    if (status == FLOWENRICH_OK)
        status = read_time(section, "window", &opt->window, error);
    if (status == FLOWENRICH_OK)
        status = read_time(section, "slide", &opt->slide, error);
    if (status == FLOWENRICH_OK)
        status = read_time(section, "lateness", &opt->lateness, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_bool(section, "spread", &spread, error);
    opt->spread = spread;
    where = status == FLOWENRICH_OK ? fle_configuration_section(section, "where") : NULL;
    if (!where)
        return status;
    opt->where = where->scalar.data;
    opt->where_len = where->scalar.len;
    return fle_yaml_expect(where, FLE_YAML_SCALAR, "where", error);
}

/* What is wrong with what is asked for is told with its place in the configuration. */
flowenrich_status fle_grouping_make(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    const flowenrich_options common = { sizeof common, &pipeline->allocator, pipeline->hash_seed };
    const fle_settings *settings = &pipeline->settings;
    flowenrich_aggregator_options opt = settings->grouping;
    flowenrich_error wrong = { 0 };
    flowenrich_status status;

    if (!settings->aggregate)
        return FLOWENRICH_OK;
    opt.allocator = &pipeline->allocator;
    opt.hash_seed = pipeline->hash_seed;
    opt.max_bytes = settings->limits.aggregated;
    status = flowenrich_aggregator_new(&pipeline->aggregator, &opt, &wrong);
    if (status == FLOWENRICH_ERR_ARG || status == FLOWENRICH_ERR_SYNTAX)
        return fle_yaml_error(settings->aggregate, error, "%s", wrong.message);
    if (status != FLOWENRICH_OK)
        return fle_error_nomem(error);
    pipeline->grouped = FLOWENRICH_TIME_ABSENT;
    return flowenrich_batch_new(&pipeline->groups, settings->limits.rows, &common, error);
}

bool fle_grouping_reads(const flowenrich_pipeline *pipeline, flowenrich_text path)
{
    return fle_request_reads(&pipeline->aggregator->request, path);
}

/* ---- Rows in, groups out. ---- */

/* Where rows wait for others, time is that of those that have come out. */
static bool waits(const flowenrich_pipeline *pipeline)
{
    return pipeline->pairer || pipeline->settings.holds;
}

flowenrich_status fle_grouping_add(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    const flowenrich_status status =
        flowenrich_aggregator_add(pipeline->aggregator, pipeline->out, error);

    if (waits(pipeline))
        pipeline->grouped = fle_stages_newest(pipeline->out, pipeline->grouped);
    fle_stages_clear_rows(pipeline);
    return status;
}

static flowenrich_status take(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    const flowenrich_status status =
        flowenrich_aggregator_take(pipeline->aggregator, pipeline->groups, error);

    pipeline->is_ready = status == FLOWENRICH_OK && pipeline->groups->rows > 0;
    return pipeline->is_ready ? fle_stages_encode(pipeline, error) : status;
}

static flowenrich_status take_by(flowenrich_pipeline *pipeline, flowenrich_time watermark,
                                 flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (!pipeline->aggregator->due.is_active)
        status = flowenrich_aggregator_advance(pipeline->aggregator, watermark, error);
    if (status == FLOWENRICH_OK && pipeline->aggregator->due.is_active)
        status = take(pipeline, error);
    return status;
}

flowenrich_status fle_grouping_follow(flowenrich_pipeline *pipeline, flowenrich_error *error)
{
    return take_by(pipeline,
                   waits(pipeline) ? pipeline->grouped : fle_clocks_time(&pipeline->clocks), error);
}

flowenrich_status fle_grouping_advance(flowenrich_pipeline *pipeline, flowenrich_time now,
                                       flowenrich_error *error)
{
    const bool is_end = now == FLOWENRICH_TIME_END;
    flowenrich_status status;

    if (!waits(pipeline))
        fle_clocks_tell(&pipeline->clocks, now);
    status = is_end ? take_by(pipeline, now, error) : fle_grouping_follow(pipeline, error);
    if (!is_end)
        return status;
    pipeline->grouped = FLOWENRICH_TIME_ABSENT; /* what comes after that is another stream */
    if (!waits(pipeline))
        fle_clocks_clear(&pipeline->clocks);
    return status;
}
