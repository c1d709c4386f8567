/* SPDX-License-Identifier: Apache-2.0 */
/* What groups tell beside sums, about: distinct values, quantiles, the heaviest values. */
#include "aggregate/sketches.h"

#include "aggregate/distinct.h"
#include "aggregate/heaviest.h"
#include "aggregate/quantiles.h"
#include "base/decimal.h"
#include "record/list.h"

/* Where one lies in a group may be no multiple of eight: it is copied out and back in. */
typedef union any {
    fle_distinct distinct;
    fle_quantiles quantiles;
    fle_heaviest heaviest;
} any;

static size_t width_of(const fle_sketch *sketch)
{
    switch (sketch->kind) {
    case FLE_MEASURE_DISTINCT:
        return sizeof(fle_distinct);
    case FLE_MEASURE_QUANTILE:
        return sizeof(fle_quantiles);
    default:
        return sizeof(fle_heaviest);
    }
}

static any get(const fle_sketch *sketch, const unsigned char *group)
{
    any found;

    memset(&found, 0, sizeof found);
    memcpy(&found, group + sketch->place, width_of(sketch));
    return found;
}

static void put(const fle_sketch *sketch, unsigned char *group, const any *changed)
{
    memcpy(group + sketch->place, changed, width_of(sketch));
}

/* ---- Which there are. ---- */

static bool is_told_by(const fle_sketch *sketch, const fle_measure *measure)
{
    return sketch->kind == measure->kind && fle_text_equal(sketch->path, measure->path) &&
           (measure->kind != FLE_MEASURE_TOP || sketch->k == measure->number);
}

static void begin(fle_sketch *sketch, const fle_measure *measure, size_t place)
{
    memset(sketch, 0, sizeof *sketch);
    sketch->kind = measure->kind;
    sketch->path = measure->path;
    sketch->k = measure->number;
    sketch->place = place;
    sketch->is_duration = fle_text_is(measure->path, "duration");
    for (size_t i = 0; i < FLE_N_SUMS; i++)
        if (fle_text_is(measure->path, fle_sum_paths[i])) {
            sketch->is_sum = true;
            sketch->sum = (fle_sum)i;
        }
}

bool fle_sketches_init(fle_sketches *sketches, fle_measure *measures, size_t n,
                       const fle_allocator *allocator)
{
    memset(sketches, 0, sizeof *sketches);
    sketches->allocator = allocator;
    fle_buffer_init(&sketches->scratch, allocator);
    sketches->items = fle_alloc(allocator, n * sizeof *sketches->items);
    for (size_t i = 0; sketches->items && i < n; i++) {
        size_t s = 0;

        if (measures[i].kind < FLE_MEASURE_DISTINCT)
            continue;
        while (s < sketches->n && !is_told_by(&sketches->items[s], &measures[i]))
            s++;
        measures[i].sketch = s;
        if (s < sketches->n)
            continue;
        begin(&sketches->items[s], &measures[i], sketches->width);
        sketches->width += width_of(&sketches->items[s]);
        sketches->n++;
    }
    return sketches->items != NULL;
}

void fle_sketches_free(fle_sketches *sketches)
{
    if (!sketches->allocator)
        return;
    fle_free(sketches->allocator, sketches->items);
    fle_buffer_free(&sketches->scratch);
}

void fle_sketches_open(fle_sketches *sketches, const flowenrich_batch *batch)
{
    for (size_t i = 0; i < sketches->n; i++)
        fle_path_open(&sketches->items[i].open, batch, sketches->items[i].path);
}

/* ---- A row. ---- */

static bool add_distinct(const fle_sketches *sketches, any *to, flowenrich_text bytes)
{
    return fle_distinct_add(&to->distinct, sketches->allocator,
                            fle_distinct_hash(bytes.data, bytes.len));
}

static bool add_heavy(const fle_sketches *sketches, const fle_sketch *sketch, any *to,
                      flowenrich_text value, const fle_sums *sums)
{
    const uint64_t bytes = sums->values[FLE_SUM_BYTES];
    const int64_t weight = bytes < INT64_MAX ? (int64_t)bytes : INT64_MAX;

    return fle_heaviest_add(&to->heaviest, sketches->allocator, fle_heaviest_m(sketch->k), value,
                            sums->is_reversal ? -weight : weight);
}

static bool add_bytes(const fle_sketches *sketches, const fle_sketch *sketch, any *to,
                      flowenrich_text value, const fle_sums *sums)
{
    if (sketch->kind == FLE_MEASURE_TOP)
        return add_heavy(sketches, sketch, to, value, sums);
    return sums->is_reversal || add_distinct(sketches, to, value);
}

/* As one would write it, which is the same on every machine. */
static flowenrich_text written(fle_buffer *scratch, const fle_value *value)
{
    char address[FLE_ADDRESS_TEXT], decimal[FLE_DECIMAL_TEXT];

    fle_buffer_clear(scratch);
    switch (value->type) {
    case FLOWENRICH_TYPE_TEXT:
        return value->as.text;
    case FLOWENRICH_TYPE_ADDRESS:
        fle_buffer_append(scratch, address, fle_address_format(value->as.address, address));
        break;
    case FLOWENRICH_TYPE_F64:
        fle_buffer_append(scratch, decimal, fle_decimal_format(value->as.f64, decimal));
        break;
    case FLOWENRICH_TYPE_TIME:
        fle_buffer_i64(scratch, value->as.time);
        break;
    case FLOWENRICH_TYPE_BOOL:
        fle_buffer_string(scratch, value->as.u64 ? "true" : "false");
        break;
    default:
        fle_buffer_u64(scratch, value->as.u64);
        break;
    }
    return fle_text(scratch->data, scratch->len);
}

/* Of several values in a row, each. */
static bool add_value(fle_sketches *sketches, const fle_sketch *sketch, any *to,
                      const fle_value *value, const fle_sums *sums)
{
    const bool is_texts = value->type == FLOWENRICH_TYPE_LIST || value->type == FLOWENRICH_TYPE_MAP;
    const bool is_numbers = value->type == FLE_NUMBERS;
    const size_t n = is_texts ? value->as.texts.n : is_numbers ? value->as.numbers.n : 1;

    for (size_t i = 0; value->type != 0 && i < n; i++) {
        fle_value item = *value;
        flowenrich_text bytes;

        if (is_texts)
            item = (fle_value){ FLOWENRICH_TYPE_TEXT, { .text = value->as.texts.items[i] } };
        else if (is_numbers)
            item = (fle_value){ FLOWENRICH_TYPE_U64, { .u64 = value->as.numbers.items[i] } };
        bytes = written(&sketches->scratch, &item);
        if (sketches->scratch.failed || !add_bytes(sketches, sketch, to, bytes, sums))
            return false;
    }
    return true;
}

static bool number_of(const fle_sketch *sketch, const fle_value *value, const fle_sums *whole,
                      uint64_t *out)
{
    if (sketch->is_duration) {
        *out = (uint64_t)whole->last - (uint64_t)whole->first;
        return whole->first != FLOWENRICH_TIME_ABSENT && whole->last >= whole->first;
    }
    *out = sketch->is_sum ? whole->values[sketch->sum] : value->as.u64;
    return sketch->is_sum || value->type == FLOWENRICH_TYPE_U32 ||
           value->type == FLOWENRICH_TYPE_U64;
}

static bool add_row(fle_sketches *sketches, const fle_sketch *sketch, any *to,
                    const fle_value *value, const fle_sums *sums, const fle_sums *whole)
{
    uint64_t number;

    if (sketch->kind != FLE_MEASURE_QUANTILE)
        return add_value(sketches, sketch, to, value, sums);
    if (!whole || whole->is_reversal || !number_of(sketch, value, whole, &number))
        return true;
    return fle_quantiles_add(&to->quantiles, sketches->allocator, number, 1);
}

bool fle_sketches_add(fle_sketches *sketches, unsigned char *group, const flowenrich_batch *batch,
                      size_t row, const fle_sums *sums, const fle_sums *whole)
{
    for (size_t i = 0; i < sketches->n; i++) {
        const fle_sketch *sketch = &sketches->items[i];
        any to = get(sketch, group);
        fle_value value;
        bool done;

        fle_path_get(&sketch->open, batch, row, &value);
        done = add_row(sketches, sketch, &to, &value, sums, whole);
        put(sketch, group, &to);
        if (!done)
            return false;
    }
    return true;
}

/* ---- All of a group's. ---- */

bool fle_sketches_merge(const fle_sketches *sketches, unsigned char *into,
                        const unsigned char *from)
{
    const fle_allocator *allocator = sketches->allocator;

    for (size_t i = 0; i < sketches->n; i++) {
        const fle_sketch *sketch = &sketches->items[i];
        any to = get(sketch, into);
        const any more = get(sketch, from);
        bool done;

        if (sketch->kind == FLE_MEASURE_DISTINCT)
            done = fle_distinct_merge(&to.distinct, &more.distinct, allocator);
        else if (sketch->kind == FLE_MEASURE_QUANTILE)
            done = fle_quantiles_merge(&to.quantiles, &more.quantiles, allocator);
        else
            done = fle_heaviest_merge(&to.heaviest, &more.heaviest, allocator,
                                      fle_heaviest_m(sketch->k));
        put(sketch, into, &to);
        if (!done)
            return false;
    }
    return true;
}

void fle_sketches_drop(const fle_sketches *sketches, unsigned char *group)
{
    static const any empty;

    for (size_t i = 0; i < sketches->n; i++) {
        const fle_sketch *sketch = &sketches->items[i];
        any old = get(sketch, group);

        if (sketch->kind == FLE_MEASURE_DISTINCT)
            fle_distinct_free(&old.distinct, sketches->allocator);
        else if (sketch->kind == FLE_MEASURE_QUANTILE)
            fle_quantiles_free(&old.quantiles, sketches->allocator);
        else
            fle_heaviest_free(&old.heaviest, sketches->allocator);
        put(sketch, group, &empty);
    }
}

uint64_t fle_sketches_bytes(const fle_sketches *sketches, const unsigned char *group)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < sketches->n; i++) {
        const fle_sketch *sketch = &sketches->items[i];
        const any one = get(sketch, group);

        if (sketch->kind == FLE_MEASURE_DISTINCT)
            bytes += fle_distinct_bytes(&one.distinct);
        else if (sketch->kind == FLE_MEASURE_QUANTILE)
            bytes += fle_quantiles_bytes(&one.quantiles);
        else
            bytes += fle_heaviest_bytes(&one.heaviest);
    }
    return bytes;
}

void fle_sketches_save(const fle_sketches *sketches, const unsigned char *group, fle_buffer *out)
{
    for (size_t i = 0; i < sketches->n; i++) {
        const fle_sketch *sketch = &sketches->items[i];
        const any one = get(sketch, group);

        if (sketch->kind == FLE_MEASURE_DISTINCT)
            fle_distinct_save(&one.distinct, out);
        else if (sketch->kind == FLE_MEASURE_QUANTILE)
            fle_quantiles_save(&one.quantiles, out);
        else
            fle_heaviest_save(&one.heaviest, out);
    }
}

flowenrich_status fle_sketches_load(const fle_sketches *sketches, unsigned char *group,
                                    flowenrich_text *from)
{
    const fle_allocator *allocator = sketches->allocator;
    flowenrich_status status = FLOWENRICH_OK;

    for (size_t i = 0; i < sketches->n && status == FLOWENRICH_OK; i++) {
        const fle_sketch *sketch = &sketches->items[i];
        any one;

        memset(&one, 0, sizeof one);
        if (sketch->kind == FLE_MEASURE_DISTINCT)
            status = fle_distinct_load(&one.distinct, allocator, from);
        else if (sketch->kind == FLE_MEASURE_QUANTILE)
            status = fle_quantiles_load(&one.quantiles, allocator, from);
        else
            status = fle_heaviest_load(&one.heaviest, allocator, fle_heaviest_m(sketch->k), from);
        put(sketch, group, &one);
    }
    return status;
}

/* ---- What they tell. ---- */

static bool show_top(const fle_heaviest *heaviest, uint32_t k, flowenrich_batch *out,
                     fle_column *column, fle_column *weights, size_t row,
                     const fle_allocator *allocator)
{
    uint32_t *numbers = fle_alloc(allocator, k * sizeof *numbers);
    const size_t n = numbers ? fle_heaviest_top(heaviest, numbers, k) : 0;
    bool done = numbers != NULL;

    for (size_t i = 0; done && i < n; i++) {
        const flowenrich_text value = fle_heaviest_value(heaviest, numbers[i]);

        done = fle_list_add_text(out, column, row, value.data, value.len) &&
               fle_list_add_u64(out, weights, row, (uint64_t)heaviest->items[numbers[i]].weight);
    }
    fle_free(allocator, numbers);
    return done;
}

bool fle_sketches_show(const fle_sketches *sketches, const fle_measure *measure,
                       const unsigned char *group, flowenrich_batch *out, fle_column *column,
                       fle_column *weights, size_t row)
{
    const any one = get(&sketches->items[measure->sketch], group);
    uint64_t number;

    switch (measure->kind) {
    case FLE_MEASURE_DISTINCT:
        fle_column_set_u64(column, row, fle_distinct_count(&one.distinct));
        return true;
    case FLE_MEASURE_QUANTILE:
        if (fle_quantiles_at(&one.quantiles, measure->number, &number))
            fle_column_set_u64(column, row, number);
        return true;
    default:
        return show_top(&one.heaviest, measure->number, out, column, weights, row,
                        sketches->allocator);
    }
}
