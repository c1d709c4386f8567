/* SPDX-License-Identifier: Apache-2.0 */
/* How a group lies in memory, and its arithmetic. */
#include "aggregate/group.h"

#include "base/number.h"

/* Each is the sum of those behind it. */
static const fle_sum of_both[][3] = {
    { FLE_SUM_PACKETS, FLE_SUM_UPLOADED_PACKETS, FLE_SUM_DOWNLOADED_PACKETS },
    { FLE_SUM_BYTES, FLE_SUM_UPLOADED, FLE_SUM_DOWNLOADED },
};

enum { N_OF_BOTH = sizeof of_both / sizeof *of_both };

uint32_t fle_sums_told_by(uint32_t sums)
{
    uint32_t told = 0;

    for (size_t i = 0; i < N_OF_BOTH; i++)
        if ((sums >> of_both[i][1] & 1) && (sums >> of_both[i][2] & 1))
            told |= sums & UINT32_C(1) << of_both[i][0];
    return told;
}

static size_t take(size_t *at, size_t len)
{
    const size_t offset = *at;

    *at += (len + 3) / 4 * 4;
    return offset;
}

void fle_layout_init(fle_layout *layout, size_t key_words, uint32_t sums,
                     const fle_sketches *sketches)
{
    size_t at = key_words * sizeof(uint32_t);

    memset(layout, 0, sizeof *layout);
    layout->key_words = key_words;
    layout->sketch = sketches;
    for (size_t i = 0; i < FLE_N_SUMS; i++) {
        if (!(sums >> i & 1))
            continue;
        layout->sums[layout->n_sums++] = (uint8_t)i;
        layout->places[i] = (uint16_t)layout->n_sums;
    }
    layout->error = take(&at, sizeof(uint64_t));
    layout->values = take(&at, layout->n_sums * sizeof(uint64_t));
    if (layout->places[FLE_SUM_AMOUNT])
        layout->fraction = take(&at, sizeof(uint64_t));
    layout->times = take(&at, 2 * sizeof(uint64_t));
    layout->sketches = take(&at, sketches->width);
    layout->carries = take(&at, layout->n_sums);
    layout->width = at;
}

static flowenrich_time time_at(const unsigned char *from)
{
    return (flowenrich_time)fle_load(from);
}

flowenrich_time fle_group_first(const fle_layout *layout, const unsigned char *group)
{
    return time_at(group + layout->times);
}

flowenrich_time fle_group_last(const fle_layout *layout, const unsigned char *group)
{
    return time_at(group + layout->times + sizeof(uint64_t));
}

void fle_group_set_times(const fle_layout *layout, unsigned char *group, flowenrich_time first,
                         flowenrich_time last)
{
    fle_store_number(group + layout->times, (uint64_t)first);
    fle_store_number(group + layout->times + sizeof(uint64_t), (uint64_t)last);
}

void fle_group_begin(const fle_layout *layout, unsigned char *group)
{
    fle_group_set_times(layout, group, FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT);
}

static void see(const fle_layout *layout, unsigned char *group, flowenrich_time first,
                flowenrich_time last)
{
    const flowenrich_time had_first = fle_group_first(layout, group);
    const flowenrich_time had_last = fle_group_last(layout, group);
    const bool is_first = first != FLOWENRICH_TIME_ABSENT &&
                          (had_first == FLOWENRICH_TIME_ABSENT || first < had_first);

    /* Absent is less than any time. */
    fle_group_set_times(layout, group, is_first ? first : had_first,
                        last > had_last ? last : had_last);
}

/* Of 2^71 or more, nobody tells how much more it is. */
static void carry(unsigned char *carries, int by)
{
    const int8_t had = (int8_t)*carries;

    if (by > 0 ? had < INT8_MAX : had > INT8_MIN)
        *carries = (unsigned char)(had + by);
}

static void add_value(unsigned char *value, unsigned char *carries, uint64_t more)
{
    const uint64_t sum = fle_load(value) + more;

    fle_store_number(value, sum);
    if (sum < more)
        carry(carries, 1);
}

static void take_value(unsigned char *value, unsigned char *carries, uint64_t less)
{
    const uint64_t had = fle_load(value);

    fle_store_number(value, had - less);
    if (had < less)
        carry(carries, -1);
}

/* The amount's fraction is always from 0 to below one, also of a negative amount. */
static void add_fraction(const fle_layout *layout, unsigned char *group, uint64_t more)
{
    const size_t place = layout->places[FLE_SUM_AMOUNT] - 1U;
    const uint64_t sum = fle_load(group + layout->fraction) + more;

    fle_store_number(group + layout->fraction, sum % FLE_PARTS);
    if (sum >= FLE_PARTS)
        add_value(group + layout->values + place * 8, group + layout->carries + place, 1);
}

static void take_fraction(const fle_layout *layout, unsigned char *group, uint64_t less)
{
    const size_t place = layout->places[FLE_SUM_AMOUNT] - 1U;

    if (less == 0)
        return;
    take_value(group + layout->values + place * 8, group + layout->carries + place, 1);
    add_fraction(layout, group, FLE_PARTS - less);
}

void fle_group_count(const fle_layout *layout, unsigned char *group, const fle_sums *sums)
{
    unsigned char *value = group + layout->values, *carries = group + layout->carries;

    for (size_t i = 0; i < layout->n_sums; i++, value += 8) {
        const uint64_t more = sums->values[layout->sums[i]];

        if (sums->is_reversal)
            take_value(value, carries + i, more);
        else
            add_value(value, carries + i, more);
    }
    if (layout->fraction && sums->is_reversal)
        take_fraction(layout, group, sums->fraction);
    else if (layout->fraction)
        add_fraction(layout, group, sums->fraction);
    if (!sums->is_reversal)
        see(layout, group, sums->first, sums->last);
}

static void add_sum(const fle_layout *layout, unsigned char *group, size_t i,
                    const unsigned char *more)
{
    const size_t at = layout->values + i * 8;
    const int8_t carried = (int8_t)more[layout->carries + i];

    add_value(group + at, group + layout->carries + i, fle_load(more + at));
    for (int n = carried; n != 0; n += n > 0 ? -1 : 1)
        carry(group + layout->carries + i, carried > 0 ? 1 : -1);
    if (layout->sums[i] == FLE_SUM_AMOUNT)
        add_fraction(layout, group, fle_load(more + layout->fraction));
}

void fle_group_drop(const fle_layout *layout, unsigned char *group)
{
    fle_sketches_drop(layout->sketch, group + layout->sketches);
}

bool fle_group_add(const fle_layout *layout, unsigned char *group, const unsigned char *more)
{
    for (size_t i = 0; i < layout->n_sums; i++)
        add_sum(layout, group, i, more);
    see(layout, group, fle_group_first(layout, more), fle_group_last(layout, more));
    return fle_sketches_merge(layout->sketch, group + layout->sketches, more + layout->sketches);
}

void fle_group_settle(const fle_layout *layout, unsigned char *group, unsigned char *other)
{
    for (size_t i = 0; i < layout->n_sums; i++) {
        if ((int8_t)group[layout->carries + i] >= 0)
            continue;
        add_sum(layout, other, i, group);
        fle_store_number(group + layout->values + i * 8, 0);
        group[layout->carries + i] = 0;
        if (layout->sums[i] == FLE_SUM_AMOUNT)
            fle_store_number(group + layout->fraction, 0);
    }
}

/* Below 0, 'low' is short of the next 2^64: the distance from 0 is what is short. */
static fle_shown show(uint64_t low, int high, bool has_fraction)
{
    fle_shown shown = { low, high<0, high> 0 };

    if (high > 0)
        shown.value = UINT64_MAX;
    if (high >= 0)
        return shown;
    shown.is_cut = high < -1 || low == 0;
    shown.value = shown.is_cut ? UINT64_MAX : 0 - low - has_fraction;
    return shown;
}

static fle_shown sum_kept(const fle_layout *layout, const unsigned char *group, fle_sum sum)
{
    const size_t place = layout->places[sum] - 1U;
    const bool has_fraction = sum == FLE_SUM_AMOUNT && fle_load(group + layout->fraction) != 0;

    return show(fle_load(group + layout->values + place * 8),
                (int8_t)group[layout->carries + place], has_fraction);
}

static fle_shown sum_of_both(const fle_layout *layout, const unsigned char *group, fle_sum one,
                             fle_sum other)
{
    const size_t a = layout->places[one] - 1U, b = layout->places[other] - 1U;
    const uint64_t first = fle_load(group + layout->values + a * 8);
    const uint64_t sum = first + fle_load(group + layout->values + b * 8);

    return show(sum,
                (int8_t)group[layout->carries + a] + (int8_t)group[layout->carries + b] +
                    (sum < first),
                false);
}

fle_shown fle_group_sum(const fle_layout *layout, const unsigned char *group, fle_sum sum)
{
    const fle_shown none = { 0, false, false };

    if (layout->places[sum])
        return sum_kept(layout, group, sum);
    for (size_t i = 0; i < N_OF_BOTH; i++)
        if (of_both[i][0] == sum && layout->places[of_both[i][1]] && layout->places[of_both[i][2]])
            return sum_of_both(layout, group, of_both[i][1], of_both[i][2]);
    return none;
}

uint64_t fle_group_rank(const fle_layout *layout, const unsigned char *group)
{
    const fle_shown bytes = fle_group_sum(layout, group, FLE_SUM_BYTES);

    return fle_plus(bytes.is_negative ? 0 : bytes.value, fle_group_error(layout, group));
}
