/* SPDX-License-Identifier: Apache-2.0 */
/* What is watched for: the policy of a watcher. */
#include "watch/policy.h"

#include "base/error.h"

#define VERSION 1
#define MOST_TIMES 1000
#define MOST_COOLDOWN 1000000

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A number, of bytes maybe with a unit. */
static flowenrich_status read_minimum(uint64_t *out, const fle_yaml *mapping,
                                      flowenrich_error *error)
{
    flowenrich_text text = { NULL, 0 };
    const flowenrich_status status = fle_yaml_text(mapping, "minimum", false, &text, error);
    fle_wanted wanted;

    if (status != FLOWENRICH_OK || text.len == 0)
        return status;
    fle_wanted_read(&wanted, FLE_TEXT("bytes"), text);
    if (!wanted.is_number)
        return fle_yaml_error(fle_yaml_get(mapping, "minimum"), error,
                              "minimum is a whole number, not '%.*s'", FLE_YAML_QUOTE(text),
                              text.data);
    *out = wanted.number;
    return FLOWENRICH_OK;
}

static flowenrich_status read_where(fle_filter *out, const fle_yaml *mapping, fle_arena *arena,
                                    flowenrich_error *error)
{
    fle_filter_init(out, arena);
    return fle_filter_read(out, fle_yaml_get(mapping, "where"), error);
}

/* ---- Spikes ---- */

static void set_defaults(fle_spike_rule *out, fle_arena *arena)
{
    *out = (fle_spike_rule){
        .name = FLE_TEXT("rejects"),
        .measure = "rejects",
        .windows = 24,
        .warmup = 6,
        .times = 8,
        .cooldown = 12,
        .minimum = 20,
    };
    fle_filter_init(&out->where, arena);
}

/* By season, 'windows' counts days or weeks, and has a word of its own. */
static flowenrich_status read_season(fle_spike_rule *out, const fle_yaml *mapping,
                                     flowenrich_error *error)
{
    static const struct {
        uint32_t seconds, most;
    } seasons[] = { { 86400, 7 }, { 7 * 86400, 4 } };
    static const char *const names[] = { "day", "week" };
    size_t season = COUNT(seasons);
    flowenrich_status status =
        fle_yaml_choice(mapping, "season", names, COUNT(names), &season, error);

    if (status == FLOWENRICH_OK && season < COUNT(seasons)) {
        out->season = seasons[season].seconds;
        out->windows = seasons[season].most;
        out->warmup = 2;
    }
    if (status == FLOWENRICH_OK && fle_yaml_get(mapping, out->season ? "windows" : "seasons"))
        status = fle_yaml_error(mapping, error,
                                out->season ? "a spike with a season has seasons, not windows"
                                            : "seasons needs a season: day or week");
    return status;
}

static flowenrich_status read_numbers(fle_spike_rule *out, const fle_yaml *mapping,
                                      flowenrich_error *error)
{
    const struct {
        const char *key;
        uint32_t least, most;
        uint32_t *value;
    } numbers[] = {
        { "windows", 1, FLE_POLICY_MOST_WINDOWS, &out->windows },
        { "seasons", 1, FLE_POLICY_MOST_SEASONS, &out->windows },
        { "warmup", 1, FLE_POLICY_MOST_WINDOWS, &out->warmup },
        { "times", 1, MOST_TIMES, &out->times },
        { "cooldown", 0, MOST_COOLDOWN, &out->cooldown },
    };
    flowenrich_status status = read_minimum(&out->minimum, mapping, error);

    if (status == FLOWENRICH_OK)
        status = read_season(out, mapping, error);
    for (size_t i = 0; i < COUNT(numbers) && status == FLOWENRICH_OK; i++) {
        status =
            fle_yaml_u32(mapping, numbers[i].key, false, numbers[i].most, numbers[i].value, error);
        if (status == FLOWENRICH_OK && *numbers[i].value < numbers[i].least)
            status = fle_yaml_error(fle_yaml_get(mapping, numbers[i].key), error,
                                    "%s is %u at least", numbers[i].key, numbers[i].least);
    }
    if (status == FLOWENRICH_OK && out->warmup > out->windows)
        status =
            fle_yaml_error(mapping, error, "warmup is %u %s, but only %u of the past are looked at",
                           out->warmup, out->season ? "seasons" : "windows", out->windows);
    return status;
}

static flowenrich_status read_spike(fle_spike_rule *out, const fle_yaml *node, fle_arena *arena,
                                    flowenrich_error *error)
{
    static const char *const keys[] = { "name",    "measure", "where", "season",   "seasons",
                                        "windows", "warmup",  "times", "cooldown", "minimum" };
    flowenrich_text measure = { NULL, 0 };
    flowenrich_status status = fle_yaml_expect(node, FLE_YAML_MAPPING, "a spike", error);

    set_defaults(out, arena);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(node, keys, COUNT(keys), error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_text(node, "measure", true, &measure, error);
    if (status != FLOWENRICH_OK)
        return status;
    out->measure = measure.data; /* with a zero behind it, as all scalars have */
    out->name = measure;
    status = fle_yaml_text(node, "name", false, &out->name, error);
    if (status == FLOWENRICH_OK)
        status = read_where(&out->where, node, arena, error);
    return status == FLOWENRICH_OK ? read_numbers(out, node, error) : status;
}

static flowenrich_status read_spikes(fle_policy *out, const fle_yaml *list, fle_arena *arena,
                                     flowenrich_error *error)
{
    flowenrich_status status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, "spikes", error);
    const size_t n = fle_yaml_count(list);

    if (status != FLOWENRICH_OK || n == 0)
        return status;
    out->spikes = fle_arena_alloc(arena, n * sizeof *out->spikes);
    if (!out->spikes)
        return fle_error_nomem(error);
    for (const fle_yaml *at = list->child; at && status == FLOWENRICH_OK; at = at->next)
        status = read_spike(&out->spikes[out->n_spikes++], at, arena, error);
    return status;
}

/* ---- Edges ---- */

static flowenrich_status read_allow(fle_edge_rule *out, const fle_yaml *list, fle_arena *arena,
                                    flowenrich_error *error)
{
    flowenrich_status status = fle_yaml_expect(list, FLE_YAML_SEQUENCE, "allow", error);
    const size_t n = fle_yaml_count(list);

    if (status != FLOWENRICH_OK || n == 0)
        return status;
    out->allow = fle_arena_alloc(arena, n * sizeof *out->allow);
    if (!out->allow)
        return fle_error_nomem(error);
    for (const fle_yaml *at = list->child; at && status == FLOWENRICH_OK; at = at->next) {
        fle_filter *filter = &out->allow[out->n_allow++];

        fle_filter_init(filter, arena);
        status = fle_filter_read(filter, at, error);
        if (status == FLOWENRICH_OK && !filter->terms)
            status = fle_yaml_error(at, error, "this allows everything: say what");
    }
    return status;
}

static flowenrich_status read_edges(fle_edge_rule *out, const fle_yaml *node, fle_arena *arena,
                                    flowenrich_error *error)
{
    static const char *const keys[] = { "where", "allow", "cooldown", "minimum" };
    flowenrich_status status = fle_yaml_expect(node, FLE_YAML_MAPPING, "edges", error);
    const fle_yaml *allow = fle_yaml_get(node, "allow");

    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(node, keys, COUNT(keys), error);
    if (status == FLOWENRICH_OK && !allow)
        status = fle_yaml_error(node, error, "allow is missing: who may talk to whom");
    if (status != FLOWENRICH_OK)
        return status;
    out->is_given = true;
    out->cooldown = 288;
    status = read_where(&out->where, node, arena, error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_u32(node, "cooldown", false, MOST_COOLDOWN, &out->cooldown, error);
    if (status == FLOWENRICH_OK)
        status = read_minimum(&out->minimum, node, error);
    return status == FLOWENRICH_OK ? read_allow(out, allow, arena, error) : status;
}

static flowenrich_status read_root(fle_policy *out, const fle_yaml *root, fle_arena *arena,
                                   flowenrich_error *error)
{
    static const char *const keys[] = { "version", "spikes", "edges" };
    const fle_yaml *spikes = fle_yaml_get(root, "spikes"), *edges = fle_yaml_get(root, "edges");
    flowenrich_status status = fle_yaml_expect(root, FLE_YAML_MAPPING, "a policy", error);
    uint32_t version = VERSION;

    if (status == FLOWENRICH_OK)
        status = fle_yaml_keys(root, keys, COUNT(keys), error);
    if (status == FLOWENRICH_OK)
        status = fle_yaml_u32(root, "version", false, UINT32_MAX, &version, error);
    if (status == FLOWENRICH_OK && version != VERSION)
        status =
            fle_yaml_error(fle_yaml_get(root, "version"), error,
                           "version %lu isn't known: this library reads policies of version %d",
                           (unsigned long)version, VERSION);
    if (status == FLOWENRICH_OK && spikes)
        status = read_spikes(out, spikes, arena, error);
    if (status == FLOWENRICH_OK && edges)
        status = read_edges(&out->edges, edges, arena, error);
    return status;
}

static flowenrich_status add_default(fle_policy *out, fle_arena *arena, flowenrich_error *error)
{
    out->spikes = fle_arena_alloc(arena, sizeof *out->spikes);
    if (!out->spikes)
        return fle_error_nomem(error);
    set_defaults(&out->spikes[out->n_spikes++], arena);
    return FLOWENRICH_OK;
}

flowenrich_status fle_policy_read(fle_policy *out, const char *yaml, size_t len, fle_arena *arena,
                                  flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    fle_yaml *root;

    memset(out, 0, sizeof *out);
    fle_filter_init(&out->edges.where, arena);
    if (len > 0)
        status = fle_yaml_read(&root, yaml, len, arena, error);
    if (status == FLOWENRICH_OK && len > 0)
        status = read_root(out, root, arena, error);
    if (status == FLOWENRICH_OK && out->n_spikes == 0 && !out->edges.is_given)
        status = add_default(out, arena, error);
    return status;
}

void fle_policy_free(fle_policy *policy)
{
    for (size_t i = 0; i < policy->n_spikes; i++)
        fle_filter_free(&policy->spikes[i].where);
    for (size_t i = 0; i < policy->edges.n_allow; i++)
        fle_filter_free(&policy->edges.allow[i]);
    fle_filter_free(&policy->edges.where);
}
