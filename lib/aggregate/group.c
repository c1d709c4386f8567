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
    layout->error = take(&at, sizeof(uint32_t));
    layout->values = at;
    at += layout->n_sums > 1 ? layout->n_sums * sizeof(uint32_t) : sizeof(uint64_t);
    if (layout->places[FLE_SUM_AMOUNT])
        layout->fraction = take(&at, sizeof(uint64_t));
    layout->times = take(&at, 2 * sizeof(uint64_t));
    layout->sketches = take(&at, sketches->width);
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

/* ---- Narrow and wide. ---- */

static uint32_t narrow_at(const unsigned char *from)
{
    uint32_t value;

    memcpy(&value, from, sizeof value);
    return value;
}

static void set_narrow(unsigned char *to, uint64_t value)
{
    const uint32_t narrow = (uint32_t)value;

    memcpy(to, &narrow, sizeof narrow);
}

/* NULL: it is narrow. */
static fle_wide *wide_of(const fle_layout *layout, const unsigned char *group)
{
    fle_wide *wide = NULL;

    if (narrow_at(group + layout->error) == FLE_IS_WIDE)
        memcpy(&wide, group + layout->values, sizeof wide);
    return wide;
}

/* Once it was wide it stays so. NULL if memory ran out. */
static fle_wide *widen(const fle_layout *layout, unsigned char *group)
{
    fle_wide *wide = wide_of(layout, group);

    if (wide)
        return wide;
    wide = fle_alloc_zeroed(layout->sketch->allocator, sizeof *wide);
    if (!wide)
        return NULL;
    wide->error = narrow_at(group + layout->error);
    for (size_t i = 0; i < layout->n_sums; i++)
        wide->sums[i].low = narrow_at(group + layout->values + i * sizeof(uint32_t));
    set_narrow(group + layout->error, FLE_IS_WIDE);
    memcpy(group + layout->values, &wide, sizeof wide);
    return wide;
}

fle_number fle_group_number(const fle_layout *layout, const unsigned char *group, size_t i)
{
    const fle_wide *wide = wide_of(layout, group);

    return wide ? wide->sums[i]
                : (fle_number){ narrow_at(group + layout->values + i * sizeof(uint32_t)), 0 };
}

bool fle_group_set_number(const fle_layout *layout, unsigned char *group, size_t i,
                          fle_number number)
{
    fle_wide *wide = wide_of(layout, group);

    if (!wide && number.high == 0 && number.low <= UINT32_MAX) {
        set_narrow(group + layout->values + i * sizeof(uint32_t), number.low);
        return true;
    }
    wide = widen(layout, group);
    if (wide)
        wide->sums[i] = number;
    return wide != NULL;
}

uint64_t fle_group_error(const fle_layout *layout, const unsigned char *group)
{
    const fle_wide *wide = wide_of(layout, group);

    return wide ? wide->error : narrow_at(group + layout->error);
}

bool fle_group_set_error(const fle_layout *layout, unsigned char *group, uint64_t error)
{
    fle_wide *wide = wide_of(layout, group);

    if (!wide && error < FLE_IS_WIDE) {
        set_narrow(group + layout->error, error);
        return true;
    }
    wide = widen(layout, group);
    if (wide)
        wide->error = error;
    return wide != NULL;
}

void fle_group_drop(const fle_layout *layout, unsigned char *group)
{
    fle_wide *wide = wide_of(layout, group);

    if (wide) {
        fle_free(layout->sketch->allocator, wide);
        memset(group + layout->error, 0, layout->times - layout->error);
    }
    fle_sketches_drop(layout->sketch, group + layout->sketches);
}

/* ---- Arithmetic. ---- */

static int8_t high_of(int high)
{
    return (int8_t)(high > INT8_MAX ? INT8_MAX : high < INT8_MIN ? INT8_MIN : high);
}

static fle_number plus(fle_number a, fle_number b)
{
    const uint64_t low = a.low + b.low;

    return (fle_number){ low, high_of(a.high + b.high + (low < a.low)) };
}

static fle_number minus(fle_number a, uint64_t b)
{
    return (fle_number){ a.low - b, high_of(a.high - (a.low < b)) };
}

static bool add_number(const fle_layout *layout, unsigned char *group, size_t i, fle_number more)
{
    return fle_group_set_number(layout, group, i, plus(fle_group_number(layout, group, i), more));
}

static bool take_number(const fle_layout *layout, unsigned char *group, size_t i, uint64_t less)
{
    return fle_group_set_number(layout, group, i, minus(fle_group_number(layout, group, i), less));
}

/* The amount's fraction is always from 0 to below one, also of a negative amount. */
static bool add_fraction(const fle_layout *layout, unsigned char *group, uint64_t more)
{
    const uint64_t sum = fle_load(group + layout->fraction) + more;

    fle_store_number(group + layout->fraction, sum % FLE_PARTS);
    return sum < FLE_PARTS ||
           add_number(layout, group, layout->places[FLE_SUM_AMOUNT] - 1U, (fle_number){ 1, 0 });
}

static bool take_fraction(const fle_layout *layout, unsigned char *group, uint64_t less)
{
    if (less == 0)
        return true;
    return take_number(layout, group, layout->places[FLE_SUM_AMOUNT] - 1U, 1) &&
           add_fraction(layout, group, FLE_PARTS - less);
}

/* Nearly all rows go to groups that are narrow and stay so. False: this one doesn't. */
static bool count_narrow(const fle_layout *layout, unsigned char *group, const fle_sums *sums)
{
    unsigned char *values = group + layout->values;
    uint64_t above = 0;

    if (sums->is_reversal || narrow_at(group + layout->error) == FLE_IS_WIDE)
        return false;
    for (size_t i = 0; i < layout->n_sums; i++) {
        const uint64_t more = sums->values[layout->sums[i]];

        above |= more | (narrow_at(values + i * sizeof(uint32_t)) + more);
    }
    if (above > UINT32_MAX)
        return false;
    for (size_t i = 0; i < layout->n_sums; i++, values += sizeof(uint32_t))
        set_narrow(values, narrow_at(values) + sums->values[layout->sums[i]]);
    return true;
}

static bool count_any(const fle_layout *layout, unsigned char *group, const fle_sums *sums)
{
    bool done = true;

    for (size_t i = 0; done && i < layout->n_sums; i++) {
        const uint64_t more = sums->values[layout->sums[i]];

        done = sums->is_reversal ? take_number(layout, group, i, more)
                                 : add_number(layout, group, i, (fle_number){ more, 0 });
    }
    return done;
}

bool fle_group_count(const fle_layout *layout, unsigned char *group, const fle_sums *sums)
{
    bool done = count_narrow(layout, group, sums) || count_any(layout, group, sums);

    if (done && layout->fraction)
        done = sums->is_reversal ? take_fraction(layout, group, sums->fraction)
                                 : add_fraction(layout, group, sums->fraction);
    if (!sums->is_reversal)
        see(layout, group, sums->first, sums->last);
    return done;
}

static bool add_sum(const fle_layout *layout, unsigned char *group, size_t i,
                    const unsigned char *more)
{
    return add_number(layout, group, i, fle_group_number(layout, more, i)) &&
           (layout->sums[i] != FLE_SUM_AMOUNT ||
            add_fraction(layout, group, fle_load(more + layout->fraction)));
}

bool fle_group_add(const fle_layout *layout, unsigned char *group, const unsigned char *more)
{
    for (size_t i = 0; i < layout->n_sums; i++)
        if (!add_sum(layout, group, i, more))
            return false;
    see(layout, group, fle_group_first(layout, more), fle_group_last(layout, more));
    return fle_sketches_merge(layout->sketch, group + layout->sketches, more + layout->sketches);
}

bool fle_group_settle(const fle_layout *layout, unsigned char *group, unsigned char *other)
{
    for (size_t i = 0; i < layout->n_sums; i++) {
        if (fle_group_number(layout, group, i).high >= 0)
            continue;
        if (!add_sum(layout, other, i, group) ||
            !fle_group_set_number(layout, group, i, (fle_number){ 0, 0 }))
            return false;
        if (layout->sums[i] == FLE_SUM_AMOUNT)
            fle_store_number(group + layout->fraction, 0);
    }
    return true;
}

/* ---- What is shown. ---- */

/* Below 0, 'low' is short of the next 2^64: the distance from 0 is what is short. */
static fle_shown show(fle_number sum, bool has_fraction)
{
    fle_shown shown = { sum.low, sum.high<0, sum.high> 0 };

    if (sum.high > 0)
        shown.value = UINT64_MAX;
    if (sum.high >= 0)
        return shown;
    shown.is_cut = sum.high < -1 || sum.low == 0;
    shown.value = shown.is_cut ? UINT64_MAX : 0 - sum.low - has_fraction;
    return shown;
}

static fle_number kept(const fle_layout *layout, const unsigned char *group, fle_sum sum)
{
    return fle_group_number(layout, group, layout->places[sum] - 1U);
}

fle_shown fle_group_sum(const fle_layout *layout, const unsigned char *group, fle_sum sum)
{
    const fle_shown none = { 0, false, false };

    if (layout->places[sum])
        return show(kept(layout, group, sum),
                    sum == FLE_SUM_AMOUNT && fle_load(group + layout->fraction) != 0);
    for (size_t i = 0; i < N_OF_BOTH; i++)
        if (of_both[i][0] == sum && layout->places[of_both[i][1]] && layout->places[of_both[i][2]])
            return show(
                plus(kept(layout, group, of_both[i][1]), kept(layout, group, of_both[i][2])),
                false);
    return none;
}

uint64_t fle_group_rank(const fle_layout *layout, const unsigned char *group)
{
    const fle_shown bytes = fle_group_sum(layout, group, FLE_SUM_BYTES);

    return fle_plus(bytes.is_negative ? 0 : bytes.value, fle_group_error(layout, group));
}
