/* SPDX-License-Identifier: Apache-2.0 */
/* What a configuration says of a pipeline; docs/pipeline.md is its manual. */
#include "pipeline/settings.h"

#include "base/error.h"
#include "enrich/config.h"
#include "record/configuration.h"

#define MOST_HOLD 86400 /* seconds */
#define SOURCE_IDLE 900 /* the same */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Seconds; in the options 0 is the default, so none at all is written as -1. */
static flowenrich_status read_seconds(const fle_yaml *root, const char *key, int64_t *out,
                                      flowenrich_error *error)
{
    uint32_t seconds = UINT32_MAX;
    const flowenrich_status status = fle_yaml_u32(root, key, false, INT32_MAX, &seconds, error);

    if (seconds != UINT32_MAX)
        *out = seconds ? (int64_t)seconds : -1;
    return status;
}

static flowenrich_status read_list(const fle_yaml *root, const char *key, const char *item,
                                   const fle_yaml **out, flowenrich_error *error)
{
    const fle_yaml *list = fle_configuration_section(root, key);
    flowenrich_status status = FLOWENRICH_OK;

    *out = list;
    if (list)
        status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, key, error);
    for (const fle_yaml *at = list ? list->child : NULL; at && status == FLOWENRICH_OK;
         at = at->next)
        status = fle_yaml_expect(at, FLE_YAML_SCALAR, item, error);
    return status;
}

static flowenrich_status read_fields(fle_settings *out, const fle_yaml *root, fle_arena *arena,
                                     flowenrich_error *error)
{
    const fle_yaml *list;
    flowenrich_status status = read_list(root, "fields", "a field", &list, error);
    size_t n;

    if (status != FLOWENRICH_OK || !list)
        return status;
    n = fle_yaml_count(list);
    if (n == 0)
        return fle_yaml_error(list, error, "fields is an empty list: leave it out to have all");
    out->fields = fle_arena_alloc(arena, n * sizeof *out->fields);
    if (!out->fields)
        return fle_error_nomem(error);
    for (const fle_yaml *at = list->child; at && status == FLOWENRICH_OK; at = at->next) {
        status = fle_filter_check_path(at, at->scalar, error);
        out->fields[out->n_fields++] = at->scalar.data;
    }
    return status;
}

/* Where the rows go, and which. */
static flowenrich_status read_output(fle_settings *out, const fle_yaml *root, fle_arena *arena,
                                     flowenrich_error *error)
{
    static const char *const encoders[] = { "json", "json-flat", "msgpack",    "msgpack-flat",
                                            "csv",  "influx",    "prometheus", "none" };
    size_t encoder = out->names || out->pairs ? 0 : 1;
    flowenrich_status status = fle_interval_read(&out->interval, root, error);

    if (status == FLOWENRICH_OK)
        status = fle_filter_read(&out->filter, fle_configuration_section(root, "filter"), error);
    if (status == FLOWENRICH_OK)
        status = read_fields(out, root, arena, error);
    if (status == FLOWENRICH_OK)
        status = read_list(root, "reads", "a path", &out->reads, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_choice(root, "encoder", encoders, COUNT(encoders), &encoder, error);
    out->encoder = encoder < COUNT(encoders) - 1 ? encoders[encoder] : NULL;
    return status;
}

/* Seconds, or a word; YAML 1.1 takes "off" for false, so whoever writes it for others may, too. */
static flowenrich_status read_hold(fle_settings *out, const fle_yaml *root, flowenrich_error *error)
{
    const fle_yaml *hold = fle_configuration_section(root, "hold");
    flowenrich_status status = FLOWENRICH_OK;
    uint64_t seconds = 0;

    out->holds = !hold && out->pairs;
    if (hold)
        status = fle_yaml_expect(hold, FLE_YAML_SCALAR, "hold", error);
    if (status != FLOWENRICH_OK || !hold || fle_text_is(hold->scalar, "off") ||
        fle_text_is(hold->scalar, "false"))
        return status;
    if (!fle_text_is(hold->scalar, "auto") &&
        (!fle_text_u64(hold->scalar, &seconds) || seconds == 0 || seconds > MOST_HOLD))
        return fle_yaml_error(hold, error, "hold must be auto, off, or 1 to %d seconds, not '%.*s'",
                              MOST_HOLD, (int)hold->scalar.len, hold->scalar.data);
    out->holds = out->names || out->pairs;
    out->hold = (int64_t)seconds;
    return status;
}

/* When rows of conversations are due. Without conversations it says nothing. */
static flowenrich_status read_pair(fle_settings *out, const fle_yaml *root, flowenrich_error *error)
{
    const struct {
        const char *key;
        uint32_t *value;
    } timeouts[] = {
        { "active", &out->active },
        { "idle", &out->idle },
        { "lateness", &out->lateness },
    };
    const fle_yaml *section = fle_configuration_section(root, "pair");
    const char *keys[COUNT(timeouts)];
    flowenrich_status status = FLOWENRICH_OK;

    if (!section)
        return status;
    for (size_t i = 0; i < COUNT(timeouts); i++)
        keys[i] = timeouts[i].key;
    status = fle_yaml_expect(section, FLE_YAML_MAPPING, "pair", error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(section, keys, COUNT(keys), error);
    for (size_t i = 0; i < COUNT(timeouts) && status == FLOWENRICH_OK; i++) {
        status = fle_yaml_u32(section, keys[i], false, INT32_MAX, timeouts[i].value, error);
        if (status == FLOWENRICH_OK && fle_configuration_section(section, keys[i]) &&
            *timeouts[i].value == 0)
            return fle_yaml_error(fle_yaml_get(section, keys[i]), error, "%s is 1 second at least",
                                  keys[i]);
    }
    if (status == FLOWENRICH_OK && !out->pairs)
        return fle_yaml_error(section, error,
                              "pair is about conversations: it needs "
                              "'level: conversation'");
    return status;
}

/* Which sources are waited for. */
static flowenrich_status read_sources(fle_settings *out, const fle_yaml *root,
                                      flowenrich_error *error)
{
    static const char *const keys[] = { "idle" };
    const fle_yaml *section = fle_configuration_section(root, "sources");
    flowenrich_status status = FLOWENRICH_OK;

    out->source_idle = SOURCE_IDLE;
    if (section)
        status = fle_yaml_expect(section, FLE_YAML_MAPPING, "sources", error);
    if (section && status == FLOWENRICH_OK)
        status = fle_yaml_keys(section, keys, COUNT(keys), error);
    if (section && status == FLOWENRICH_OK)
        status = fle_yaml_u32(section, "idle", false, INT32_MAX, &out->source_idle, error);
    return status;
}

static flowenrich_status read_naming(fle_settings *out, const fle_yaml *root,
                                     flowenrich_error *error)
{
    static const char *const levels[] = { "record", "conversation" };
    int64_t slack = 0;
    size_t level = 0;
    flowenrich_status status = fle_yaml_choice(root, "level", levels, COUNT(levels), &level, error);

    out->pairs = level == 1;
    if (status == FLOWENRICH_OK)
        status = fle_yaml_bool(root, "enrich", &out->names, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_bool(root, "strict", &out->strict, error);
    if (status == FLOWENRICH_OK)
        status = read_seconds(root, "slack", &slack, error);
    if (status == FLOWENRICH_OK)
        status = read_seconds(root, "assume", &out->assume, error);
    if (status == FLOWENRICH_OK)
        status = read_seconds(root, "event_slack", &out->event_slack, error);
    if (status == FLOWENRICH_OK)
        status = read_hold(out, root, error);
    if (status == FLOWENRICH_OK)
        status = read_pair(out, root, error);
    if (status == FLOWENRICH_OK)
        status = read_sources(out, root, error);
    out->slack = (int32_t)slack;
    return status;
}

static flowenrich_status read_limits(fle_limits *out, const fle_yaml *root, flowenrich_error *error)
{
    const struct {
        const char *key;
        uint32_t least, most;
        uint32_t *value;
    } limits[] = {
        { "rows", 1, 1048576, &out->rows },
        { "line", 64, 16777216, &out->line },
        { "bad_lines", 0, UINT32_MAX, &out->bad_lines },
        { "payload", 1, UINT32_MAX, &out->payload },
        { "ratio", 1, UINT32_MAX, &out->ratio },
        { "held", 1, UINT32_MAX, &out->held },
        { "paired", 1, UINT32_MAX, &out->paired },
        { "aggregated", 1, UINT32_MAX, &out->aggregated },
    };
    const fle_yaml *section = fle_configuration_section(root, "limits");
    const char *keys[COUNT(limits)];
    flowenrich_status status = FLOWENRICH_OK;

    if (!section)
        return status;
    for (size_t i = 0; i < COUNT(limits); i++)
        keys[i] = limits[i].key;
    status = fle_yaml_expect(section, FLE_YAML_MAPPING, "limits", error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(section, keys, COUNT(keys), error);
    for (size_t i = 0; i < COUNT(limits) && status == FLOWENRICH_OK; i++) {
        status = fle_yaml_u32(section, keys[i], false, limits[i].most, limits[i].value, error);
        if (status == FLOWENRICH_OK && fle_configuration_section(section, keys[i]) &&
            *limits[i].value < limits[i].least)
            return fle_yaml_error(fle_yaml_get(section, keys[i]), error, "%s is %u at least",
                                  keys[i], (unsigned)limits[i].least);
    }
    return status;
}

flowenrich_status fle_settings_read(fle_settings *out, const char *yaml, size_t len,
                                    fle_arena *arena, flowenrich_error *error)
{
    static const char *const inputs[] = { "auto", "text" };
    fle_config config; /* the enricher reads it by itself; what is wrong is to be found here */
    fle_yaml *root;
    size_t input = 0;
    flowenrich_status status = fle_configuration_read(&root, yaml, len, arena, error);

    memset(out, 0, sizeof *out);
    fle_filter_init(&out->filter, arena);
    out->names = true;
    out->limits = (fle_limits){ .rows = 2048, .payload = 256 << 20 };
    if (status == FLOWENRICH_OK)
        status = fle_yaml_choice(root, "input", inputs, COUNT(inputs), &input, error);
    if (status == FLOWENRICH_OK)
        status = read_list(root, "formats", "a format", &out->formats, error);
    if (status == FLOWENRICH_OK)
        status = read_naming(out, root, error);
    if (status == FLOWENRICH_OK)
        status = fle_charging_read(out, root, error);
    if (status == FLOWENRICH_OK)
        status = fle_grouping_read(out, root, arena, error);
    if (status == FLOWENRICH_OK)
        status = read_output(out, root, arena, error);
    if (status == FLOWENRICH_OK)
        status = read_limits(&out->limits, root, error);
    if (status == FLOWENRICH_OK)
        status = fle_config_read(&config, yaml, len, arena, error);
    out->has_networks = status == FLOWENRICH_OK && config.networks.n > 0;
    out->is_text = input == 1;
    return status;
}
