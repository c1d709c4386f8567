/* SPDX-License-Identifier: Apache-2.0 */
/* Watches groups, window by window, and tells what is unusual or not allowed. */
#include "base/error.h"
#include "base/number.h"
#include "watch/alarm.h"
#include "watch/past.h"
#include "watch/policy.h"
#include "watch/subject.h"

#define DEFAULT_MAX_BYTES (UINT64_C(64) << 20)
#define MOST_LOOKBACK 12000       /* windows: a week of minutes, and more */
#define AROUND 1800               /* seconds by which days are compared with one another */
#define LATEST (INT64_C(1) << 60) /* of windows, so that counting with them can't overflow */

struct flowenrich_watcher {
    fle_allocator allocator;
    fle_arena arena;
    fle_policy policy;
    fle_subject subject;
    uint32_t window, slide, step; /* seconds; the first and the last are 0 before any group */
    fle_pasts *spikes;            /* of each rule */
    fle_lookback *looks;
    fle_pasts edges;
    uint64_t *scratch; /* for the values of one group */
    uint64_t rows, n_spikes, n_edges, repeated, untracked, too_late;

    /* Of the batch that is watched: */
    fle_path start, end, other, bytes;
    fle_path *measures; /* of each spike */
    /* Of 64 rows of it: */
    uint64_t unexpected;
    uint64_t *wanted; /* by each spike */
};

/* ---- Making one ---- */

static flowenrich_status check_options(const flowenrich_watcher_options *opt,
                                       flowenrich_error *error)
{
    if ((!opt->by && opt->by_count > 0) || (!opt->policy && opt->policy_len > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'by' or 'policy' is NULL, its length isn't 0");
    for (size_t i = 0; i < opt->by_count; i++)
        if (!opt->by[i])
            return fle_error(error, FLOWENRICH_ERR_ARG, "path %zu is NULL", i);
    return FLOWENRICH_OK;
}

/* Each rule has an equal share of what may be held. */
static bool make_pasts(flowenrich_watcher *watcher, const flowenrich_watcher_options *opt)
{
    const fle_policy *policy = &watcher->policy;
    const size_t n = policy->n_spikes;
    const uint64_t bytes = opt->max_bytes > 0 ? opt->max_bytes : DEFAULT_MAX_BYTES;
    const uint64_t share = bytes / (n + policy->edges.is_given);
    size_t most = 1;

    fle_pasts_init(&watcher->edges, &watcher->allocator, opt->hash_seed, 0, share);
    watcher->spikes = fle_arena_alloc(&watcher->arena, (n + 1) * sizeof *watcher->spikes);
    watcher->measures = fle_arena_alloc(&watcher->arena, (n + 1) * sizeof *watcher->measures);
    watcher->wanted = fle_arena_alloc(&watcher->arena, (n + 1) * sizeof *watcher->wanted);
    watcher->looks = fle_arena_alloc(&watcher->arena, (n + 1) * sizeof *watcher->looks);
    if (!watcher->spikes || !watcher->measures || !watcher->wanted || !watcher->looks)
        return false;
    for (size_t i = 0; i < n; i++) {
        const uint32_t windows = policy->spikes[i].windows;

        fle_pasts_init(&watcher->spikes[i], &watcher->allocator, opt->hash_seed, 0, share);
        most = windows > most ? windows : most;
    }
    watcher->scratch = fle_arena_alloc(&watcher->arena, most * sizeof *watcher->scratch);
    return watcher->scratch != NULL;
}

flowenrich_status flowenrich_watcher_new(flowenrich_watcher **out,
                                         const flowenrich_watcher_options *options,
                                         flowenrich_error *error)
{
    flowenrich_watcher_options opt = FLOWENRICH_WATCHER_OPTIONS_INIT;
    flowenrich_watcher *watcher;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status == FLOWENRICH_OK)
        status = check_options(&opt, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    watcher = fle_alloc_zeroed(&allocator, sizeof *watcher);
    if (!watcher)
        return fle_error_nomem(error);
    watcher->allocator = allocator;
    watcher->slide = opt.slide;
    fle_arena_init(&watcher->arena, &watcher->allocator);
    fle_subject_init(&watcher->subject, &watcher->allocator);
    status = fle_policy_read(&watcher->policy, opt.policy, opt.policy_len, &watcher->arena, error);
    if (status == FLOWENRICH_OK &&
        (!fle_subject_choose(&watcher->subject, opt.by, opt.by_count, &watcher->arena) ||
         !make_pasts(watcher, &opt)))
        status = fle_error_nomem(error);
    if (status == FLOWENRICH_OK)
        *out = watcher;
    else
        flowenrich_watcher_free(watcher);
    return status;
}

void flowenrich_watcher_free(flowenrich_watcher *watcher)
{
    fle_allocator allocator;

    if (!watcher)
        return;
    allocator = watcher->allocator;
    for (size_t i = 0; watcher->scratch && i < watcher->policy.n_spikes; i++)
        fle_pasts_free(&watcher->spikes[i]);
    if (watcher->scratch)
        fle_pasts_free(&watcher->edges);
    fle_policy_free(&watcher->policy);
    fle_subject_free(&watcher->subject);
    fle_arena_free(&watcher->arena);
    fle_free(&allocator, watcher);
}

/* ---- Looking at a batch ---- */

/* What isn't there would be absent, and nothing that is allowed would fit. */
static flowenrich_status open_filter(fle_filter *filter, const flowenrich_batch *groups,
                                     flowenrich_error *error)
{
    const char *path;

    for (size_t i = 0; (path = fle_filter_path(filter, i)) != NULL; i++) {
        fle_path at;

        if (!fle_path_open(&at, groups, fle_text_of(path)))
            return fle_error(error, FLOWENRICH_ERR_ARG,
                             "the policy asks for '%s', which the groups don't have: group by it",
                             path);
    }
    return fle_filter_open(filter, groups, error);
}

static flowenrich_status open_filters(flowenrich_watcher *watcher, const flowenrich_batch *groups,
                                      flowenrich_error *error)
{
    fle_policy *policy = &watcher->policy;
    flowenrich_status status = open_filter(&policy->edges.where, groups, error);

    for (size_t i = 0; status == FLOWENRICH_OK && i < policy->n_spikes; i++)
        status = open_filter(&policy->spikes[i].where, groups, error);
    for (size_t i = 0; status == FLOWENRICH_OK && i < policy->edges.n_allow; i++)
        status = open_filter(&policy->edges.allow[i], groups, error);
    return status;
}

static bool is_whole(uint32_t type)
{
    return type == FLOWENRICH_TYPE_U64 || type == FLOWENRICH_TYPE_U32;
}

static flowenrich_status lacks_measure(const char *measure, flowenrich_error *error)
{
    return fle_error(error, FLOWENRICH_ERR_ARG,
                     "the groups have no '%s' that is a whole number: ask the aggregator for it",
                     measure);
}

static flowenrich_status open_batch(flowenrich_watcher *watcher, const flowenrich_batch *groups,
                                    flowenrich_error *error)
{
    const fle_policy *policy = &watcher->policy;

    if (!fle_path_open(&watcher->start, groups, FLE_TEXT("window.start")) ||
        !fle_path_open(&watcher->end, groups, FLE_TEXT("window.end")) ||
        watcher->start.type != FLOWENRICH_TYPE_TIME || watcher->end.type != FLOWENRICH_TYPE_TIME)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the groups have no windows: give the aggregator one");
    (void)fle_path_open(&watcher->other, groups, FLE_TEXT("other"));
    if ((!fle_path_open(&watcher->bytes, groups, FLE_TEXT("bytes")) ||
         !is_whole(watcher->bytes.type)) &&
        policy->edges.minimum > 0)
        return lacks_measure("bytes", error);
    fle_subject_open(&watcher->subject, groups);
    for (size_t i = 0; i < policy->n_spikes; i++) {
        const char *measure = policy->spikes[i].measure;

        if (!fle_path_open(&watcher->measures[i], groups, fle_text_of(measure)) ||
            !is_whole(watcher->measures[i].type))
            return lacks_measure(measure, error);
    }
    return open_filters(watcher, groups, error);
}

/* The number that a row has; 0 if it has none. */
static uint64_t number_at(const fle_path *path, const flowenrich_batch *groups, size_t row)
{
    fle_value value;

    fle_path_get(path, groups, row, &value);
    return is_whole(value.type) ? value.as.u64 : 0;
}

static bool is_true(const fle_path *path, const flowenrich_batch *groups, size_t row)
{
    fle_value value;

    fle_path_get(path, groups, row, &value);
    return value.type == FLOWENRICH_TYPE_BOOL && value.as.u64;
}

/* The window of a row, by its start; what has no time has none. */
static bool window_of(const flowenrich_watcher *watcher, const flowenrich_batch *groups, size_t row,
                      flowenrich_time *out, uint32_t *seconds)
{
    fle_value start, end;

    fle_path_get(&watcher->start, groups, row, &start);
    fle_path_get(&watcher->end, groups, row, &end);
    if (start.type == 0 || end.type == 0 || start.as.time < 0 || start.as.time > LATEST ||
        end.as.time <= start.as.time || end.as.time - start.as.time > UINT32_MAX)
        return false;
    *out = start.as.time;
    *seconds = (uint32_t)(end.as.time - start.as.time);
    return true;
}

/* How far back a rule looks is known only with the windows. */
static flowenrich_status look_back(flowenrich_watcher *watcher, size_t i, flowenrich_error *error)
{
    const fle_spike_rule *rule = &watcher->policy.spikes[i];
    const uint32_t step = watcher->step;
    fle_lookback *back = &watcher->looks[i];

    *back = (fle_lookback){ .n = rule->windows, .least = rule->warmup };
    if (rule->season % step != 0)
        return fle_error(
            error, FLOWENRICH_ERR_ARG,
            "the season of the spike '%.*s' isn't a whole number of windows, which are "
            "%lu seconds apart",
            (int)rule->name.len, rule->name.data, (unsigned long)step);
    back->season = rule->season / step;
    back->around = rule->season > 0 ? AROUND / step : 0;
    if (fle_lookback_windows(back) > MOST_LOOKBACK)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the spike '%.*s' looks back over %zu windows, and %d are the most: take "
                         "longer windows or fewer seasons",
                         (int)rule->name.len, rule->name.data, fle_lookback_windows(back),
                         MOST_LOOKBACK);
    watcher->spikes[i].windows = fle_lookback_windows(back) + 1;
    watcher->spikes[i].step = step;
    return FLOWENRICH_OK;
}

/* The first window tells how far all are apart. */
static flowenrich_status keep_step(flowenrich_watcher *watcher, uint32_t seconds,
                                   flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    if (seconds == watcher->window)
        return FLOWENRICH_OK;
    if (watcher->window > 0)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the groups have a window of %lu seconds, those before had %lu",
                         (unsigned long)seconds, (unsigned long)watcher->window);
    watcher->step = watcher->slide > 0 ? watcher->slide : seconds;
    watcher->edges.step = watcher->step;
    for (size_t i = 0; status == FLOWENRICH_OK && i < watcher->policy.n_spikes; i++)
        status = look_back(watcher, i, error);
    if (status == FLOWENRICH_OK)
        watcher->window = seconds;
    return status;
}

/* ---- Telling ---- */

/* Which of 64 rows each rule is about. */
static void choose(flowenrich_watcher *watcher, const flowenrich_batch *groups, size_t first)
{
    const fle_policy *policy = &watcher->policy;

    for (size_t i = 0; i < policy->n_spikes; i++)
        watcher->wanted[i] = fle_filter_rows(&policy->spikes[i].where, groups, first);
    watcher->unexpected = 0;
    if (policy->edges.is_given)
        watcher->unexpected = fle_filter_rows(&policy->edges.where, groups, first);
    for (size_t i = 0; i < policy->edges.n_allow && watcher->unexpected; i++)
        watcher->unexpected &= ~fle_filter_rows(&policy->edges.allow[i], groups, first);
}

/* Tell, unless the group was told of not long ago. 'past' may be NULL: nobody knows. */
static flowenrich_status tell(flowenrich_watcher *watcher, fle_past *past, flowenrich_time window,
                              uint32_t cooldown, const fle_alarm *alarm,
                              const flowenrich_batch *groups, size_t row, flowenrich_batch *alarms,
                              flowenrich_error *error)
{
    const bool is_spike = alarm->kind == FLE_ALARM_SPIKE;

    if (past && window < past->quiet) {
        watcher->repeated++;
        return FLOWENRICH_OK;
    }
    if (past)
        past->quiet = window + (flowenrich_time)(cooldown + 1) * watcher->step;
    watcher->n_spikes += is_spike;
    watcher->n_edges += !is_spike;
    return fle_alarm_add(alarms, alarm, groups, row) ? FLOWENRICH_OK : fle_error_nomem(error);
}

static flowenrich_status judge_edge(flowenrich_watcher *watcher, const flowenrich_batch *groups,
                                    size_t row, flowenrich_time window, flowenrich_batch *alarms,
                                    flowenrich_error *error)
{
    const fle_edge_rule *rule = &watcher->policy.edges;
    const flowenrich_text key = fle_text(watcher->subject.key.data, watcher->subject.key.len);
    const fle_alarm alarm = { .kind = FLE_ALARM_UNEXPECTED };
    flowenrich_status status;
    fle_past *past;

    if (!(watcher->unexpected >> row % 64 & 1) ||
        number_at(&watcher->bytes, groups, row) < rule->minimum)
        return FLOWENRICH_OK;
    status = fle_pasts_at(&watcher->edges, key, window, &past, error);
    if (status != FLOWENRICH_OK)
        return status;
    watcher->untracked += !past;
    return tell(watcher, past, window, rule->cooldown, &alarm, groups, row, alarms, error);
}

/* Judge the value at '*value', before which 'known' older ones stand. */
static bool is_spike(flowenrich_watcher *watcher, size_t i, const uint64_t *value, size_t known,
                     fle_alarm *alarm)
{
    const fle_spike_rule *rule = &watcher->policy.spikes[i];
    uint64_t *past = watcher->scratch;
    size_t n;

    if (*value < rule->minimum)
        return false;
    n = fle_lookback_values(&watcher->looks[i], value, known, past);
    if (n == 0)
        return false;
    alarm->value = *value;
    alarm->usual = fle_median(past, n);
    alarm->limit =
        fle_plus(alarm->usual, fle_times(rule->times, fle_deviation(past, n, alarm->usual)));
    return alarm->value > alarm->limit;
}

static flowenrich_status judge_spike(flowenrich_watcher *watcher, size_t i,
                                     const flowenrich_batch *groups, size_t row,
                                     flowenrich_time window, flowenrich_batch *alarms,
                                     flowenrich_error *error)
{
    const fle_spike_rule *rule = &watcher->policy.spikes[i];
    const flowenrich_text key = fle_text(watcher->subject.key.data, watcher->subject.key.len);
    fle_alarm alarm = { .kind = FLE_ALARM_SPIKE,
                        .rule = rule->name,
                        .measure = fle_text_of(rule->measure) };
    flowenrich_status status;
    uint64_t *value;
    size_t known;
    fle_past *past;

    if (!(watcher->wanted[i] >> row % 64 & 1))
        return FLOWENRICH_OK;
    status = fle_pasts_at(&watcher->spikes[i], key, window, &past, error);
    if (status != FLOWENRICH_OK || !past) {
        watcher->untracked += !past;
        return status;
    }
    value = fle_pasts_value(&watcher->spikes[i], past, window, &known);
    if (!value) {
        watcher->too_late++;
        return FLOWENRICH_OK;
    }
    *value = fle_plus(*value, number_at(&watcher->measures[i], groups, row));
    if (!is_spike(watcher, i, value, known, &alarm))
        return FLOWENRICH_OK;
    return tell(watcher, past, window, rule->cooldown, &alarm, groups, row, alarms, error);
}

/* What didn't fit into groups of its own has no key to be known by, and some have no time. */
static flowenrich_status watch_row(flowenrich_watcher *watcher, const flowenrich_batch *groups,
                                   size_t row, flowenrich_batch *alarms, flowenrich_error *error)
{
    flowenrich_time window;
    flowenrich_status status;
    uint32_t seconds;

    if (!window_of(watcher, groups, row, &window, &seconds) ||
        is_true(&watcher->other, groups, row))
        return FLOWENRICH_OK;
    status = keep_step(watcher, seconds, error);
    if (status != FLOWENRICH_OK)
        return status;
    watcher->rows++;
    if (!fle_subject_read(&watcher->subject, groups, row))
        return fle_error_nomem(error);
    status = judge_edge(watcher, groups, row, window, alarms, error);
    for (size_t i = 0; status == FLOWENRICH_OK && i < watcher->policy.n_spikes; i++)
        status = judge_spike(watcher, i, groups, row, window, alarms, error);
    return status;
}

flowenrich_status flowenrich_watcher_watch(flowenrich_watcher *watcher,
                                           const flowenrich_batch *groups, size_t *row,
                                           flowenrich_batch *alarms, flowenrich_error *error)
{
    flowenrich_status status;
    size_t most;

    if (!watcher || !groups || !row || !alarms || groups == alarms)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "'watcher', 'groups', 'row' or 'alarms' is NULL");
    most = watcher->policy.n_spikes + watcher->policy.edges.is_given;
    if (alarms->capacity < most)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'alarms' has no room for %zu rows", most);
    flowenrich_batch_clear(alarms);
    if (*row >= groups->rows)
        return fle_error_ok(error);
    status = fle_alarm_begin(alarms, groups) ? open_batch(watcher, groups, error)
                                             : fle_error_nomem(error);
    if (status == FLOWENRICH_OK && *row % 64 != 0)
        choose(watcher, groups, *row / 64 * 64);
    while (status == FLOWENRICH_OK && *row < groups->rows &&
           alarms->capacity - alarms->rows >= most) {
        if (*row % 64 == 0)
            choose(watcher, groups, *row);
        status = watch_row(watcher, groups, *row, alarms, error);
        *row += status == FLOWENRICH_OK;
    }
    return status == FLOWENRICH_OK ? fle_error_ok(error) : status;
}

static uint64_t count_held(const flowenrich_watcher *watcher)
{
    uint64_t n = watcher->edges.n;

    for (size_t i = 0; i < watcher->policy.n_spikes; i++)
        n += watcher->spikes[i].n;
    return n;
}

static uint64_t count_bytes(const flowenrich_watcher *watcher)
{
    uint64_t n = fle_pasts_bytes(&watcher->edges);

    for (size_t i = 0; i < watcher->policy.n_spikes; i++)
        n += fle_pasts_bytes(&watcher->spikes[i]);
    return n;
}

size_t flowenrich_watcher_stats(const flowenrich_watcher *watcher, flowenrich_stat *out, size_t n)
{
    const flowenrich_stat all[] = {
        { "rows", watcher->rows },           { "spikes", watcher->n_spikes },
        { "unexpected", watcher->n_edges },  { "repeated", watcher->repeated },
        { "untracked", watcher->untracked }, { "too_late", watcher->too_late },
        { "held", count_held(watcher) },     { "bytes", count_bytes(watcher) },
    };
    const size_t count_of_all = sizeof all / sizeof *all;

    if (n > 0)
        memcpy(out, all, (n < count_of_all ? n : count_of_all) * sizeof *out);
    return count_of_all;
}
