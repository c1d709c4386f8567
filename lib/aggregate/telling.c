/* SPDX-License-Identifier: Apache-2.0 */
/* The groups that are due, as rows. */
#include "aggregate/aggregator.h"
#include "base/error.h"

#define MOST_COLUMNS 256 /* all paths and measures, twice for those of two columns, and the rest */

typedef struct rows {
    flowenrich_aggregator *aggregator;
    flowenrich_batch *out;
    bool has_windows, has_reversals;
    fle_column *columns[MOST_COLUMNS];
    size_t n; /* columns so far, or those of the row that are done */
    const char *names[MOST_COLUMNS];
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

/* ---- One row. ---- */

static fle_column *next_column(rows *r)
{
    return r->columns[r->n++];
}

static void put_window(rows *r, size_t row, bool is_reversal)
{
    const flowenrich_aggregator *aggregator = r->aggregator;
    const fle_due *due = &aggregator->due;
    fle_column *start, *end;

    if (!r->has_windows)
        return;
    start = next_column(r);
    end = next_column(r);
    if (due->start != FLOWENRICH_TIME_ABSENT) {
        fle_column_set_time(start, row, due->start);
        fle_column_set_time(end, row, due->start + aggregator->request.window);
    }
    fle_column_set_u32(next_column(r), row, due->is_late ? aggregator->sequence : 0);
    fle_column_set_bool(next_column(r), row, due->is_late);
    if (r->has_reversals)
        fle_column_set_bool(next_column(r), row, is_reversal);
}

/* NULL: it is the row of what has no group, and the only one that says so. */
static bool put_keys(rows *r, size_t row, const uint32_t *key)
{
    const fle_keys *keys = &r->aggregator->keys;
    fle_column *other;

    for (size_t i = 0; i < keys->n; i++) {
        fle_column *column = next_column(r);

        if (key && !fle_keys_show(keys, key, i, r->out, column, row))
            return false;
    }
    other = next_column(r);
    if (!key)
        fle_column_set_bool(other, row, true);
    return true;
}

static void put_time(fle_column *column, size_t row, flowenrich_time time)
{
    if (time != FLOWENRICH_TIME_ABSENT)
        fle_column_set_time(column, row, time);
}

/* Of a row that takes back, what is below 0; of any other, what is above. */
static void put_sum(rows *r, size_t row, const unsigned char *group, fle_sum sum, bool is_reversal)
{
    uint64_t *stats = r->aggregator->stats;
    const fle_shown shown = fle_group_sum(&r->aggregator->layout, group, sum);
    const bool is_told = shown.is_negative == is_reversal;

    stats[FLE_AGGREGATE_OVERFLOWS] += is_told && shown.is_cut;
    stats[FLE_AGGREGATE_UNDERFLOWS] += shown.is_negative && !r->has_reversals;
    fle_column_set_u64(next_column(r), row, is_told ? shown.value : 0);
}

static bool put_sketch(rows *r, size_t row, const unsigned char *group, const fle_measure *measure,
                       bool is_reversal)
{
    const flowenrich_aggregator *aggregator = r->aggregator;
    fle_column *column = next_column(r);
    fle_column *weights = measure->kind == FLE_MEASURE_TOP ? next_column(r) : NULL;

    return is_reversal ||
           fle_sketches_show(&aggregator->sketches, measure, group + aggregator->layout.sketches,
                             r->out, column, weights, row);
}

static bool put_measures(rows *r, size_t row, const unsigned char *group, bool is_reversal)
{
    const flowenrich_aggregator *aggregator = r->aggregator;

    for (size_t i = 0; i < aggregator->n_measures; i++) {
        const fle_measure *measure = &aggregator->measures[i];

        switch (measure->kind) {
        case FLE_MEASURE_FIRST:
            put_time(next_column(r), row, fle_group_first(&aggregator->layout, group));
            break;
        case FLE_MEASURE_LAST:
            put_time(next_column(r), row, fle_group_last(&aggregator->layout, group));
            break;
        case FLE_MEASURE_SUM:
            put_sum(r, row, group, measure->sum, is_reversal);
            break;
        default:
            if (!put_sketch(r, row, group, measure, is_reversal))
                return false;
            break;
        }
    }
    return true;
}

static bool put_row(rows *r, const unsigned char *group, bool is_other, bool is_reversal)
{
    const flowenrich_aggregator *aggregator = r->aggregator;
    const size_t row = r->out->rows;

    r->n = 0;
    put_window(r, row, is_reversal);
    if (!put_keys(r, row, is_other ? NULL : (const uint32_t *)(const void *)group) ||
        !put_measures(r, row, group, is_reversal))
        return false;
    fle_column_set_u64(next_column(r), row,
                       is_other || is_reversal ? 0 : fle_group_error(&aggregator->layout, group));
    r->out->kinds[row] = FLE_ROW_TRAFFIC;
    r->out->lines[row] = 0;
    r->out->rows++;
    return true;
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
    return true;
}

static bool tell_all(rows *r)
{
    flowenrich_aggregator *aggregator = r->aggregator;
    bool more = true;

    while (fle_batch_has_room(r->out)) {
        if (!aggregator->due.in_window && !fle_due_next(aggregator, &more))
            return false;
        if (!more)
            break;
        if (!tell(r))
            return false;
    }
    return r->out->rows > 0 || fle_due_end(aggregator);
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
