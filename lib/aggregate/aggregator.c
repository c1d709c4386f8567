/* SPDX-License-Identifier: Apache-2.0 */
/* Sums records, conversations or their charges by any paths. */
#include "aggregate/aggregator.h"

#include "aggregate/budget.h"
#include "base/error.h"

#define DEFAULT_MAX_BYTES (UINT64_C(256) << 20)

/* ---- Making one. ---- */

/*
 * The sums that groups of these measures keep; bytes always, as what a group is worth. Of
 * conversations the sums of both directions are told by theirs, where these are kept.
 */
static uint32_t sums_of(const fle_measure *measures, size_t n, fle_sum_level level)
{
    uint32_t sums = UINT32_C(1) << FLE_SUM_BYTES;

    for (size_t i = 0; i < n; i++)
        if (measures[i].kind == FLE_MEASURE_SUM)
            sums |= UINT32_C(1) << measures[i].sum;
    if (level == FLE_SUMS_OF_CONVERSATIONS)
        sums &= ~fle_sums_told_by(sums);
    return sums;
}

void fle_aggregator_free_store(const fle_layout *layout, fle_store *store)
{
    for (uint32_t i = 0; i < store->n; i++)
        fle_group_drop(layout, fle_store_at(store, i));
    fle_store_free(store);
}

bool fle_aggregator_begin(flowenrich_aggregator *aggregator, fle_sum_level level)
{
    const fle_allocator *allocator = &aggregator->allocator;
    const fle_request *request = &aggregator->request;
    bool is_full;

    aggregator->level = level;
    aggregator->measures = request->measures;
    aggregator->n_measures = request->opt.measure_count;
    if (aggregator->n_measures == 0) {
        aggregator->measures = aggregator->core;
        aggregator->n_measures = fle_request_core(level, aggregator->core);
    }
    fle_aggregator_free_store(&aggregator->layout, &aggregator->store);
    fle_panes_free(&aggregator->panes);
    fle_layout_init(&aggregator->layout, aggregator->keys.words,
                    sums_of(aggregator->measures, aggregator->n_measures, level),
                    &aggregator->sketches);
    fle_store_init(&aggregator->store, allocator, request->opt.hash_seed, aggregator->keys.words,
                   aggregator->layout.width);
    aggregator->extra = aggregator->more = 0;
    return fle_panes_init(&aggregator->panes, allocator, request->opt.hash_seed,
                          &aggregator->layout, fle_budget_panes(aggregator->max_bytes)) &&
           (request->window > 0 || fle_panes_find(&aggregator->panes, FLOWENRICH_TIME_ABSENT, false,
                                                  &is_full) != FLE_ABSENT);
}

static fle_sum_level first_level(const flowenrich_aggregator *aggregator)
{
    return aggregator->request.is_of_lines ? FLE_SUMS_OF_LINES : FLE_SUMS_UNKNOWN;
}

bool fle_aggregator_clear(flowenrich_aggregator *aggregator)
{
    fle_keys_clear(&aggregator->keys);
    return fle_aggregator_begin(aggregator, first_level(aggregator));
}

static flowenrich_status set_up(flowenrich_aggregator *aggregator,
                                const flowenrich_aggregator_options *opt, flowenrich_error *error)
{
    const fle_allocator *allocator = &aggregator->allocator;
    const flowenrich_status status = fle_request_init(&aggregator->request, opt, allocator, error);

    if (status != FLOWENRICH_OK)
        return status;
    aggregator->max_bytes = opt->max_bytes > 0 ? opt->max_bytes : DEFAULT_MAX_BYTES;
    aggregator->watermark = aggregator->closed = INT64_MIN;
    if (!fle_keys_init(&aggregator->keys, &aggregator->request, allocator) ||
        !fle_sketches_init(&aggregator->sketches, aggregator->request.measures, opt->measure_count,
                           allocator))
        return fle_error_nomem(error);
    aggregator->block =
        fle_alloc(allocator, FLE_BLOCK * (aggregator->keys.words + 1) * sizeof *aggregator->block);
    if (!aggregator->block || !fle_aggregator_begin(aggregator, first_level(aggregator)))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}

flowenrich_status flowenrich_aggregator_new(flowenrich_aggregator **out,
                                            const flowenrich_aggregator_options *options,
                                            flowenrich_error *error)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *aggregator;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    aggregator = fle_alloc_zeroed(&allocator, sizeof *aggregator);
    if (!aggregator)
        return fle_error_nomem(error);
    aggregator->allocator = allocator;
    status = set_up(aggregator, &opt, error);
    if (status != FLOWENRICH_OK) {
        flowenrich_aggregator_free(aggregator);
        return status;
    }
    *out = aggregator;
    return FLOWENRICH_OK;
}

void flowenrich_aggregator_free(flowenrich_aggregator *aggregator)
{
    fle_allocator allocator;

    if (!aggregator)
        return;
    allocator = aggregator->allocator;
    fle_due_free(&aggregator->due, &aggregator->layout, &allocator);
    fle_aggregator_free_store(&aggregator->layout, &aggregator->store);
    fle_panes_free(&aggregator->panes);
    fle_sketches_free(&aggregator->sketches);
    fle_keys_free(&aggregator->keys);
    fle_request_free(&aggregator->request);
    fle_free(&allocator, aggregator->block);
    fle_free(&allocator, aggregator);
}

/* ---- Time. ---- */

/* How long after its end a window takes rows; a record can't come before its own time is over. */
static flowenrich_time lateness(const flowenrich_aggregator *aggregator)
{
    const uint32_t asked = aggregator->request.opt.lateness;

    return asked > 0 ? asked : FLE_LATENESS + (flowenrich_time)aggregator->longest;
}

static flowenrich_time closed_by(const flowenrich_aggregator *aggregator, flowenrich_time watermark)
{
    const flowenrich_time late = lateness(aggregator);

    if (watermark == FLOWENRICH_TIME_END)
        return FLOWENRICH_TIME_END;
    return watermark < INT64_MIN + late ? INT64_MIN : watermark - late;
}

static bool has_late(const flowenrich_aggregator *aggregator)
{
    for (uint32_t i = 0; i < aggregator->panes.n; i++)
        if (aggregator->panes.items[i].is_late)
            return true;
    return false;
}

/* Does a window end that soon which rows were counted in? */
static bool ends_by(const flowenrich_aggregator *aggregator, flowenrich_time until)
{
    for (uint32_t i = 0; i < aggregator->panes.n; i++) {
        const fle_pane *pane = &aggregator->panes.items[i];

        if (pane->start == FLOWENRICH_TIME_ABSENT
                ? until == FLOWENRICH_TIME_END
                : pane->start + aggregator->request.slide <= until)
            return true;
    }
    return false;
}

flowenrich_status flowenrich_aggregator_advance(flowenrich_aggregator *aggregator,
                                                flowenrich_time watermark, flowenrich_error *error)
{
    flowenrich_time until;

    if (!aggregator)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator' is NULL");
    if (aggregator->due.is_active)
        return fle_error(error, FLOWENRICH_ERR_ARG, "take all groups that are due out before");
    if (watermark <= aggregator->watermark)
        return fle_error_ok(error);
    if (aggregator->request.window == 0) {
        if (watermark == FLOWENRICH_TIME_END && !fle_due_begin(aggregator, watermark))
            return fle_error_nomem(error);
        return fle_error_ok(error);
    }
    until = closed_by(aggregator, watermark);
    if (until < aggregator->closed)
        until = aggregator->closed;
    if ((has_late(aggregator) || ends_by(aggregator, until)) && !fle_due_begin(aggregator, until))
        return fle_error_nomem(error);
    aggregator->watermark = watermark;
    aggregator->closed = until;
    if (until == FLOWENRICH_TIME_END && !aggregator->due.is_active)
        aggregator->watermark = aggregator->closed = INT64_MIN;
    return fle_error_ok(error);
}

/* ---- How it is doing. ---- */

static uint64_t bytes_of(const flowenrich_aggregator *aggregator)
{
    return fle_store_bytes(&aggregator->store) + fle_values_bytes(&aggregator->keys.values) +
           aggregator->more;
}

size_t flowenrich_aggregator_stats(const flowenrich_aggregator *aggregator, flowenrich_stat *out,
                                   size_t n)
{
    const uint64_t *stats = aggregator->stats;
    const flowenrich_stat all[] = {
        { "overflows", stats[FLE_AGGREGATE_OVERFLOWS] },
        { "underflows", stats[FLE_AGGREGATE_UNDERFLOWS] },
        { "rows", stats[FLE_AGGREGATE_ROWS] },
        { "groups", stats[FLE_AGGREGATE_GROUPS] },
        { "evicted", stats[FLE_AGGREGATE_EVICTED] },
        { "too_late", stats[FLE_AGGREGATE_TOO_LATE] },
        { "unspread", stats[FLE_AGGREGATE_UNSPREAD] },
        { "held", aggregator->store.n },
        { "bytes", bytes_of(aggregator) },
    };
    const size_t count_of_all = sizeof all / sizeof *all;

    if (n > 0)
        memcpy(out, all, (n < count_of_all ? n : count_of_all) * sizeof *out);
    return count_of_all;
}
