/* SPDX-License-Identifier: Apache-2.0 */
/* Adding the rows of a batch to groups. */
#include "aggregate/budget.h"
#include "base/error.h"
#include "base/number.h"

#define LONGEST_RECORD 3600 /* AWS's longest has 600 s; what is longer says nothing of how late */
#define MOST_PARTS 4096     /* windows that a row is spread over */

typedef struct adding {
    flowenrich_aggregator *aggregator;
    const flowenrich_batch *batch;
    fle_sum_columns columns;
    bool is_plain; /* whole records, of which sums are all that is told */
    fle_entry entries[FLE_BLOCK];
    fle_sums sums[FLE_BLOCK]; /* of these, if it is */
    size_t n;
} adding;

unsigned char *fle_aggregator_group(flowenrich_aggregator *aggregator, const uint32_t *key,
                                    uint64_t hash)
{
    fle_store *store = &aggregator->store;
    uint32_t number = fle_store_find(store, key, hash);
    unsigned char *group;
    uint64_t more;

    if (number != FLE_ABSENT)
        return fle_store_at(store, number);
    more = fle_keys_hold(&aggregator->keys, key);
    aggregator->extra += more;
    while (fle_budget_is_over(aggregator, (uint64_t)store->n + 1)) {
        if (!fle_budget_evict(aggregator))
            return NULL;
        aggregator->extra += fle_keys_hold(&aggregator->keys, key);
    }
    number = fle_store_add(store, key, hash);
    if (number == FLE_ABSENT)
        return NULL;
    group = fle_store_at(store, number);
    fle_group_begin(&aggregator->layout, group);
    if (!fle_group_set_error(&aggregator->layout, group,
                             aggregator->panes.items[fle_aggregator_pane(aggregator, group)].floor))
        return NULL;
    aggregator->more += fle_group_more(&aggregator->layout, group);
    return group;
}

/* ---- Blocks of entries. ---- */

static void sum_of(const adding *a, const fle_entry *entry, fle_sums *sums)
{
    if (a->aggregator->request.is_of_lines)
        fle_sums_of_line(&a->columns, entry->row, entry->line, entry->part, sums);
    else
        fle_sums_of_row(&a->columns, entry->row, entry->part, sums);
}

/* A quantile is of rows, whole: one that is divided is counted with its first part. */
static bool sketch(adding *a, const fle_entry *entry, unsigned char *group, const fle_sums *sums)
{
    flowenrich_aggregator *aggregator = a->aggregator;
    fle_entry undivided = *entry;
    const fle_sums *whole = entry->part.from == 0 ? sums : NULL;
    fle_sums all;

    if (whole && entry->part.whole > 0) {
        undivided.part = (fle_stretch){ 0, 0, 0 };
        sum_of(a, &undivided, &all);
        whole = &all;
    }
    return fle_sketches_add(&aggregator->sketches, group + aggregator->layout.sketches, a->batch,
                            entry->row, sums, whole);
}

/* What it takes beside its width is known only afterwards. */
static bool count_within_budget(adding *a, const fle_entry *entry, unsigned char *group,
                                const fle_sums *sums)
{
    flowenrich_aggregator *aggregator = a->aggregator;
    const uint64_t had = fle_group_more(&aggregator->layout, group);
    uint64_t has;

    if (!fle_group_count(&aggregator->layout, group, sums) ||
        (aggregator->sketches.n > 0 && !sketch(a, entry, group, sums)))
        return false;
    has = fle_group_more(&aggregator->layout, group);
    aggregator->more += has - had;
    while (has != had && fle_budget_is_over(aggregator, aggregator->store.n))
        if (!fle_budget_evict(aggregator))
            return false;
    return true;
}

static bool count_lost(adding *a, const fle_entry *entry, const fle_sums *sums)
{
    flowenrich_aggregator *aggregator = a->aggregator;
    fle_panes *panes = &aggregator->panes;
    unsigned char *other = fle_panes_other(panes, entry->pane);

    if (!other || !fle_group_count(&aggregator->layout, other, sums))
        return false;
    panes->lost = fle_plus(panes->lost, sums->values[FLE_SUM_BYTES]);
    return sketch(a, entry, other, sums);
}

/* 'likely' is the number of the group that it should be: none but it has the key, if it has. */
static bool count_entry(adding *a, size_t i, const uint32_t *key, uint64_t hash, uint32_t likely)
{
    const fle_entry *entry = &a->entries[i];
    const fle_store *store = &a->aggregator->store;
    fle_sums *sums = &a->sums[i];
    unsigned char *group;

    if (!a->is_plain)
        sum_of(a, entry, sums);
    if (entry->is_lost)
        return count_lost(a, entry, sums);
    group = fle_store_is(store, likely, key) ? fle_store_at(store, likely)
                                             : fle_aggregator_group(a->aggregator, key, hash);
    return group && count_within_budget(a, entry, group, sums);
}

static void sum_records(adding *a, size_t n)
{
    const fle_layout *layout = &a->aggregator->layout;
    uint32_t rows[FLE_BLOCK];

    for (size_t i = 0; i < n; i++)
        rows[i] = a->entries[i].row;
    fle_sums_of_records(&a->columns, rows, n, layout->sums, layout->n_sums, a->sums);
}

/* A miss takes longer than all else, so that they are asked for before the first is needed. */
static bool flush(adding *a)
{
    flowenrich_aggregator *aggregator = a->aggregator;
    const size_t words = aggregator->keys.words, n = a->n;
    uint32_t *keys = aggregator->block;
    uint64_t hashes[FLE_BLOCK];
    uint32_t likely[FLE_BLOCK];

    a->n = 0;
    memset(keys, 0, n * words * sizeof *keys);
    if (!fle_keys_fill(&aggregator->keys, a->batch, a->entries, n, keys))
        return false;
    for (size_t i = 0; i < n; i++) {
        hashes[i] = fle_store_hash(&aggregator->store, keys + i * words);
        fle_store_expect_slot(&aggregator->store, hashes[i]);
    }
    for (size_t i = 0; i < n; i++)
        likely[i] = fle_store_expect_group(&aggregator->store, hashes[i]);
    if (a->is_plain)
        sum_records(a, n);
    for (size_t i = 0; i < n; i++)
        if (!count_entry(a, i, keys + i * words, hashes[i], likely[i]))
            return false;
    return true;
}

static bool put(adding *a, fle_entry entry)
{
    a->entries[a->n++] = entry;
    return a->n < FLE_BLOCK || flush(a);
}

/* ---- Rows to entries. ---- */

static bool put_in_pane(adding *a, fle_entry entry, flowenrich_time start, bool is_late)
{
    entry.pane = fle_panes_find(&a->aggregator->panes, start, is_late, &entry.is_lost);
    return entry.pane != FLE_ABSENT && put(a, entry);
}

/* In windows that were told it is late, and in those that weren't it is as any other. */
static bool put_at(adding *a, fle_entry entry, flowenrich_time start, bool *is_late)
{
    const flowenrich_aggregator *aggregator = a->aggregator;
    const fle_request *request = &aggregator->request;

    if (start + request->slide <= aggregator->closed) {
        *is_late = true;
        if (!put_in_pane(a, entry, start, true))
            return false;
    }
    return start + request->window <= aggregator->closed || put_in_pane(a, entry, start, false);
}

static flowenrich_time pane_of(flowenrich_time time, uint32_t slide)
{
    const flowenrich_time past = time % slide;

    return time - past - (past < 0 ? slide : 0);
}

static bool is_spread(adding *a, flowenrich_time start, flowenrich_time end)
{
    const fle_request *request = &a->aggregator->request;

    if (!request->opt.spread || end <= start)
        return false;
    if (end - start <= UINT32_MAX && (end - start) / request->slide < MOST_PARTS)
        return true;
    a->aggregator->stats[FLE_AGGREGATE_UNSPREAD]++;
    return false;
}

static bool put_parts(adding *a, fle_entry entry, flowenrich_time start, flowenrich_time end,
                      bool *is_late)
{
    const flowenrich_time slide = a->aggregator->request.slide;

    entry.part.whole = (uint32_t)(end - start);
    for (flowenrich_time at = pane_of(start, (uint32_t)slide); at < end; at += slide) {
        entry.part.from = (uint32_t)(at > start ? at - start : 0);
        entry.part.until = (uint32_t)((at + slide < end ? at + slide : end) - start);
        if (!put_at(a, entry, at, is_late))
            return false;
    }
    return true;
}

static bool put_in_time(adding *a, fle_entry entry)
{
    flowenrich_aggregator *aggregator = a->aggregator;
    const flowenrich_time start = fle_column_time(a->columns.start, entry.row);
    flowenrich_time end = fle_column_time(a->columns.end, entry.row);
    bool is_late = false, done;

    if (start < -FLE_MOST_TIME || start > FLE_MOST_TIME)
        return put_in_pane(a, entry, FLOWENRICH_TIME_ABSENT, false);
    if (end < start || end > FLE_MOST_TIME)
        end = start;
    if (end - start <= LONGEST_RECORD && end - start > aggregator->longest)
        aggregator->longest = (uint32_t)(end - start);
    if (is_spread(a, start, end))
        done = put_parts(a, entry, start, end, &is_late);
    else
        done = put_at(a, entry, pane_of(start, aggregator->request.slide), &is_late);
    aggregator->stats[FLE_AGGREGATE_TOO_LATE] += is_late;
    return done;
}

static bool put_row(adding *a, size_t row)
{
    const fle_request *request = &a->aggregator->request;
    const size_t lines = request->is_of_lines ? fle_sums_lines(&a->columns, row) : 1;
    fle_entry entry = { .row = (uint32_t)row };

    a->aggregator->stats[FLE_AGGREGATE_ROWS]++;
    for (; entry.line < lines; entry.line++)
        if (request->window > 0 ? !put_in_time(a, entry) : !put(a, entry))
            return false;
    return true;
}

/* ---- A batch. ---- */

static flowenrich_status open_batch(adding *a, flowenrich_error *error)
{
    flowenrich_aggregator *aggregator = a->aggregator;
    const flowenrich_status status = fle_filter_open(&aggregator->request.where, a->batch, error);
    fle_sum_level level;

    if (status != FLOWENRICH_OK)
        return status;
    fle_sums_open(&a->columns, a->batch);
    level = a->columns.is_conversations ? FLE_SUMS_OF_CONVERSATIONS : FLE_SUMS_OF_RECORDS;
    if (aggregator->level == FLE_SUMS_UNKNOWN && a->batch->rows > 0 &&
        !fle_aggregator_begin(aggregator, level))
        return fle_error_nomem(error);
    if (aggregator->level != FLE_SUMS_OF_LINES && a->batch->rows > 0 && aggregator->level != level)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "records and conversations can't be added up in one aggregator");
    if (!fle_budget_sweep(aggregator))
        return fle_error_nomem(error);
    a->is_plain = aggregator->level == FLE_SUMS_OF_RECORDS && aggregator->sketches.n == 0 &&
                  (aggregator->request.window == 0 || !aggregator->request.opt.spread);
    fle_sketches_open(&aggregator->sketches, a->batch);
    return fle_keys_open(&aggregator->keys, a->batch, error);
}

flowenrich_status flowenrich_aggregator_add(flowenrich_aggregator *aggregator,
                                            flowenrich_batch *batch, flowenrich_error *error)
{
    adding a;
    flowenrich_status status;
    uint64_t wanted = 0;

    if (!aggregator || !batch)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator' or 'batch' is NULL");
    if (aggregator->due.is_active)
        return fle_error(error, FLOWENRICH_ERR_ARG, "take all groups out before adding more");
    a.aggregator = aggregator; /* the rest is filled in as it is needed */
    a.batch = batch;
    a.n = 0;
    status = open_batch(&a, error);
    if (status != FLOWENRICH_OK)
        return status;
    for (size_t row = 0; row < batch->rows; row++) {
        if (row % 64 == 0)
            wanted = fle_filter_rows(&aggregator->request.where, batch, row);
        if ((wanted >> row % 64 & 1) && batch->kinds[row] == FLE_ROW_TRAFFIC && !put_row(&a, row))
            return fle_error_nomem(error);
    }
    return a.n == 0 || flush(&a) ? fle_error_ok(error) : fle_error_nomem(error);
}
