/* SPDX-License-Identifier: Apache-2.0 */
/* The groups that are due, as rows. */
#include "aggregate/aggregator.h"
#include "base/error.h"

#define MOST_COLUMNS 256 /* all paths and measures, twice for those of two columns, and the rest */
#define BLOCK 64         /* rows that are put a column at a time: as many as a word has bits */

typedef struct rows {
    flowenrich_aggregator *aggregator;
    flowenrich_batch *out;
    bool has_windows, has_reversals;
    fle_column *columns[MOST_COLUMNS];
    size_t n; /* columns so far, or those of the block that are done */
    const char *names[MOST_COLUMNS];

    const unsigned char *groups[BLOCK]; /* of the rows to come, which are of one window */
    size_t n_groups;
    uint64_t others, reversals; /* as bits: which of these are such rows */
} rows;

static bool add_column(rows *r, flowenrich_text path, uint32_t type)
{
    fle_column *column = fle_batch_add(r->out, path, type);

    if (column)
        r->names[r->n++] = column->path;
    return column != NULL;
}

static bool add_list(rows *r, flowenrich_text path, uint32_t item)
{
    fle_column *column = fle_batch_add_list(r->out, path, item);

    if (column)
        r->names[r->n++] = column->path;
    return column != NULL;
}

static bool add_measure(rows *r, const fle_measure *measure)
{
    const bool is_time = measure->kind == FLE_MEASURE_FIRST || measure->kind == FLE_MEASURE_LAST;

    if (measure->kind == FLE_MEASURE_TOP)
        return add_list(r, measure->column, FLOWENRICH_TYPE_TEXT) &&
               add_list(r, measure->weights, FLOWENRICH_TYPE_U64);
    return add_column(r, measure->column, is_time ? FLOWENRICH_TYPE_TIME : FLOWENRICH_TYPE_U64);
}

static bool add_columns(rows *r)
{
    const flowenrich_aggregator *aggregator = r->aggregator;
    bool done = true;

    if (r->has_windows)
        done = add_column(r, FLE_TEXT("window.start"), FLOWENRICH_TYPE_TIME) &&
               add_column(r, FLE_TEXT("window.end"), FLOWENRICH_TYPE_TIME) &&
               add_column(r, FLE_TEXT("sequence"), FLOWENRICH_TYPE_U32) &&
               add_column(r, FLE_TEXT("late"), FLOWENRICH_TYPE_BOOL);
    if (r->has_reversals)
        done = done && add_column(r, FLE_TEXT("reversal"), FLOWENRICH_TYPE_BOOL);
    for (size_t i = 0; done && i < aggregator->keys.n; i++)
        done = add_column(r, aggregator->request.by[i].name,
                          fle_keys_column_type(&aggregator->keys.paths[i]));
    done = done && add_column(r, FLE_TEXT("other"), FLOWENRICH_TYPE_BOOL);
    for (size_t i = 0; done && i < aggregator->n_measures; i++)
        done = add_measure(r, &aggregator->measures[i]);
    return done && add_column(r, FLE_TEXT("error"), FLOWENRICH_TYPE_U64);
}

/* Only now that all are there do they stay where they are. */
static bool open_columns(rows *r)
{
    if (!add_columns(r))
        return false;
    for (size_t i = 0; i < r->n; i++)
        r->columns[i] = fle_batch_find(r->out, fle_text_of(r->names[i]));
    return true;
}

/* ---- A block of rows. ---- */

static fle_column *next_column(rows *r)
{
    return r->columns[r->n++];
}

static uint64_t all_of(const rows *r)
{
    return UINT64_MAX >> (BLOCK - r->n_groups);
}

static void put_times(rows *r, fle_column *column, flowenrich_time time)
{
    flowenrich_time *to = (flowenrich_time *)column->values + r->out->rows;

    if (time == FLOWENRICH_TIME_ABSENT)
        return;
    for (size_t i = 0; i < r->n_groups; i++)
        to[i] = time;
    fle_column_mark(column, r->out->rows, all_of(r));
}

static void put_bools(rows *r, fle_column *column, uint64_t values)
{
    for (size_t i = 0; i < r->n_groups; i++)
        fle_column_set_bool(column, r->out->rows + i, values >> i & 1);
}

static void put_windows(rows *r)
{
    const flowenrich_aggregator *aggregator = r->aggregator;
    const fle_due *due = &aggregator->due;
    const bool is_timed = due->start != FLOWENRICH_TIME_ABSENT;
    fle_column *sequence;

    if (!r->has_windows)
        return;
    put_times(r, next_column(r), due->start);
    put_times(r, next_column(r),
              is_timed ? due->start + aggregator->request.window : FLOWENRICH_TIME_ABSENT);
    sequence = next_column(r);
    for (size_t i = 0; i < r->n_groups; i++)
        fle_column_set_u32(sequence, r->out->rows + i, due->is_late ? aggregator->sequence : 0);
    put_bools(r, next_column(r), due->is_late ? UINT64_MAX : 0);
    if (r->has_reversals)
        put_bools(r, next_column(r), r->reversals);
}

/* What has no group has no keys, and is the only row that says what it is. */
static bool put_keys(rows *r)
{
    const fle_keys *keys = &r->aggregator->keys;
    const uint64_t keyed = all_of(r) & ~r->others;
    fle_column *other;

    for (size_t i = 0; i < keys->n; i++)
        if (!fle_keys_show(keys, r->groups, keyed, i, r->out, next_column(r)))
            return false;
    other = next_column(r);
    for (size_t i = 0; i < r->n_groups; i++)
        if (r->others >> i & 1)
            fle_column_set_bool(other, r->out->rows + i, true);
    return true;
}

static void put_seen(rows *r, flowenrich_time (*of)(const fle_layout *, const unsigned char *))
{
    fle_column *column = next_column(r);

    for (size_t i = 0; i < r->n_groups; i++) {
        const flowenrich_time time = of(&r->aggregator->layout, r->groups[i]);

        if (time != FLOWENRICH_TIME_ABSENT)
            fle_column_set_time(column, r->out->rows + i, time);
    }
}

/* Of a row that takes back, what is below 0; of any other, what is above. */
static void put_sums(rows *r, fle_sum sum)
{
    fle_column *column = next_column(r);
    uint64_t *to = (uint64_t *)column->values + r->out->rows;
    uint64_t *stats = r->aggregator->stats;

    for (size_t i = 0; i < r->n_groups; i++) {
        const fle_shown shown = fle_group_sum(&r->aggregator->layout, r->groups[i], sum);
        const bool is_told = shown.is_negative == (r->reversals >> i & 1);

        stats[FLE_AGGREGATE_OVERFLOWS] += is_told && shown.is_cut;
        stats[FLE_AGGREGATE_UNDERFLOWS] += shown.is_negative && !r->has_reversals;
        to[i] = is_told ? shown.value : 0;
    }
    fle_column_mark(column, r->out->rows, all_of(r));
}

static bool put_sketches(rows *r, const fle_measure *measure)
{
    const flowenrich_aggregator *aggregator = r->aggregator;
    fle_column *column = next_column(r);
    fle_column *weights = measure->kind == FLE_MEASURE_TOP ? next_column(r) : NULL;

    for (size_t i = 0; i < r->n_groups; i++)
        if (!(r->reversals >> i & 1) &&
            !fle_sketches_show(&aggregator->sketches, measure,
                               r->groups[i] + aggregator->layout.sketches, r->out, column, weights,
                               r->out->rows + i))
            return false;
    return true;
}

static bool put_measures(rows *r)
{
    const flowenrich_aggregator *aggregator = r->aggregator;

    for (size_t i = 0; i < aggregator->n_measures; i++) {
        const fle_measure *measure = &aggregator->measures[i];

        switch (measure->kind) {
        case FLE_MEASURE_FIRST:
            put_seen(r, fle_group_first);
            break;
        case FLE_MEASURE_LAST:
            put_seen(r, fle_group_last);
            break;
        case FLE_MEASURE_SUM:
            put_sums(r, measure->sum);
            break;
        default:
            if (!put_sketches(r, measure))
                return false;
            break;
        }
    }
    return true;
}

static void put_errors(rows *r)
{
    const uint64_t exact = r->others | r->reversals;
    fle_column *column = next_column(r);
    uint64_t *to = (uint64_t *)column->values + r->out->rows;

    for (size_t i = 0; i < r->n_groups; i++)
        to[i] = exact >> i & 1 ? 0 : fle_group_error(&r->aggregator->layout, r->groups[i]);
    fle_column_mark(column, r->out->rows, all_of(r));
}

/* The rows that were collected, into the batch. */
static bool put_block(rows *r)
{
    flowenrich_batch *out = r->out;

    if (r->n_groups == 0)
        return true;
    r->n = 0;
    put_windows(r);
    if (!put_keys(r) || !put_measures(r))
        return false;
    put_errors(r);
    for (size_t i = 0; i < r->n_groups; i++, out->rows++) {
        out->kinds[out->rows] = FLE_ROW_TRAFFIC;
        out->lines[out->rows] = 0;
    }
    r->n_groups = 0;
    r->others = r->reversals = 0;
    return true;
}

static bool put_row(rows *r, const unsigned char *group, bool is_other, bool is_reversal)
{
    r->others |= (uint64_t)is_other << r->n_groups;
    r->reversals |= (uint64_t)is_reversal << r->n_groups;
    r->groups[r->n_groups++] = group;
    return r->n_groups < BLOCK || put_block(r);
}

/* ---- All rows. ---- */

static bool has_sum(const fle_layout *layout, const unsigned char *group, bool is_negative)
{
    for (size_t i = 0; i < layout->n_sums; i++) {
        const fle_shown shown = fle_group_sum(layout, group, (fle_sum)layout->sums[i]);

        if (shown.value > 0 && shown.is_negative == is_negative)
            return true;
    }
    return false;
}

/*
 * A group is one row, or two if its window tells of what rows in others, or late ones, took
 * back: what is to be added, and then what is to be taken out.
 */
static bool put_group(rows *r, const unsigned char *group, bool is_other, bool *is_done)
{
    const fle_layout *layout = &r->aggregator->layout;
    fle_due *due = &r->aggregator->due;
    const bool has_half = r->has_reversals && has_sum(layout, group, true);

    *is_done = true;
    if (due->is_half_told) {
        due->is_half_told = false;
        return put_row(r, group, is_other, true);
    }
    if (has_half && !has_sum(layout, group, false))
        return put_row(r, group, is_other, true);
    due->is_half_told = has_half;
    *is_done = !has_half;
    r->aggregator->stats[FLE_AGGREGATE_GROUPS] += !is_other;
    return put_row(r, group, is_other, false);
}

/* One row of the window that is being told, or the end of it. */
static bool tell(rows *r)
{
    fle_due *due = &r->aggregator->due;
    const fle_ranked *next = fle_order_next(&due->order);
    bool is_done;

    if (next) {
        if (!put_group(r, fle_store_at(due->from_store, next->number), false, &is_done))
            return false;
        if (is_done)
            fle_order_pass(&due->order);
        return true;
    }
    if (due->other && !due->is_other_told)
        return put_group(r, due->other, true, &due->is_other_told);
    due->in_window = false;
    return put_block(r); /* before its groups go */
}

static bool has_room(const rows *r)
{
    return r->out->rows + r->n_groups < r->out->capacity && fle_batch_has_room(r->out);
}

static bool tell_all(rows *r)
{
    flowenrich_aggregator *aggregator = r->aggregator;
    bool more = true;

    while (has_room(r)) {
        if (!aggregator->due.in_window && !fle_due_next(aggregator, &more))
            return false;
        if (!more)
            break;
        if (!tell(r))
            return false;
    }
    return put_block(r) && (r->out->rows > 0 || fle_due_end(aggregator));
}

flowenrich_status flowenrich_aggregator_take(flowenrich_aggregator *aggregator,
                                             flowenrich_batch *out, flowenrich_error *error)
{
    rows r = { .aggregator = aggregator, .out = out };

    if (!aggregator || !out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'aggregator' or 'out' is NULL");
    flowenrich_batch_clear(out);
    r.has_windows = aggregator->request.window > 0;
    r.has_reversals = r.has_windows && aggregator->level != FLE_SUMS_OF_RECORDS &&
                      aggregator->level != FLE_SUMS_UNKNOWN;
    if (!open_columns(&r))
        return fle_error_nomem(error);
    if (!r.has_windows && !aggregator->due.is_active &&
        !fle_due_begin(aggregator, FLOWENRICH_TIME_END))
        return fle_error_nomem(error);
    if (aggregator->due.is_active && !tell_all(&r))
        return fle_error_nomem(error);
    return fle_error_ok(error);
}
