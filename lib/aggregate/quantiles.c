/* SPDX-License-Identifier: Apache-2.0 */
/* How large values were: a histogram of u64 whose quantiles are right within 1 / 128. */
#include "aggregate/quantiles.h"

#include "base/pack.h"

#define PART_BITS 6 /* 64 buckets to each power of two */
#define PARTS (1U << PART_BITS)
#define N_BUCKETS ((64 - PART_BITS) * PARTS + PARTS)
#define COUNT_BITS 52 /* the number of a bucket has the other 12 */
#define MOST_COUNT ((UINT64_C(1) << COUNT_BITS) - 1)
#define FIRST_CAPACITY 4

/* The first seven bits that count, after how far they were moved for that. */
static uint32_t number_of(uint64_t value)
{
    uint32_t shift = 0;

    while (value >> shift >= 2 * PARTS)
        shift++;
    return shift * PARTS + (uint32_t)(value >> shift);
}

static uint64_t middle_of(uint32_t number)
{
    const uint32_t shift = number < 2 * PARTS ? 0 : number / PARTS - 1;
    const uint64_t width = UINT64_C(1) << shift;

    return ((uint64_t)(number - shift * PARTS) << shift) + width / 2;
}

static uint32_t number_in(uint64_t bucket)
{
    return (uint32_t)(bucket >> COUNT_BITS);
}

static uint64_t count_in(uint64_t bucket)
{
    return bucket & MOST_COUNT;
}

/* Where the first bucket lies that is not before this one. */
static size_t find_bucket(const fle_quantiles *quantiles, uint32_t number)
{
    size_t low = 0, high = quantiles->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (number_in(quantiles->buckets[middle]) < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool reserve_bucket(fle_quantiles *quantiles, const fle_allocator *allocator)
{
    const size_t element = sizeof *quantiles->buckets;
    size_t capacity = quantiles->capacity ? quantiles->capacity * 2U : FIRST_CAPACITY;
    uint64_t *buckets;

    if (quantiles->n < quantiles->capacity)
        return true;
    if (capacity > N_BUCKETS)
        capacity = N_BUCKETS;
    buckets = fle_realloc(allocator, quantiles->buckets, quantiles->capacity * element,
                          capacity * element);
    if (!buckets)
        return false;
    quantiles->buckets = buckets;
    quantiles->capacity = (uint16_t)capacity;
    return true;
}

/* A count ends at its most, as sums of any order do. */
static bool count(fle_quantiles *quantiles, const fle_allocator *allocator, uint32_t number,
                  uint64_t times)
{
    const size_t at = find_bucket(quantiles, number);
    uint64_t *buckets = quantiles->buckets, before = 0;

    if (at < quantiles->n && number_in(buckets[at]) == number) {
        before = count_in(buckets[at]);
    } else {
        if (!reserve_bucket(quantiles, allocator))
            return false;
        buckets = quantiles->buckets;
        memmove(buckets + at + 1, buckets + at, (quantiles->n - at) * sizeof *buckets);
        quantiles->n++;
    }
    buckets[at] = (uint64_t)number << COUNT_BITS |
                  (times > MOST_COUNT - before ? MOST_COUNT : before + times);
    return true;
}

bool fle_quantiles_add(fle_quantiles *quantiles, const fle_allocator *allocator, uint64_t value,
                       uint64_t times)
{
    return times == 0 || count(quantiles, allocator, number_of(value), times);
}

bool fle_quantiles_merge(fle_quantiles *into, const fle_quantiles *from,
                         const fle_allocator *allocator)
{
    for (size_t i = 0; i < from->n; i++)
        if (!count(into, allocator, number_in(from->buckets[i]), count_in(from->buckets[i])))
            return false;
    return true;
}

/* The rank is ceil(total * per_mille / 1000), from 1; the total fits: 3776 * 2^52 < 2^64. */
bool fle_quantiles_at(const fle_quantiles *quantiles, uint32_t per_mille, uint64_t *out)
{
    uint64_t total = 0, rank, passed = 0;

    for (size_t i = 0; i < quantiles->n; i++)
        total += count_in(quantiles->buckets[i]);
    rank = total / 1000 * per_mille + (total % 1000 * per_mille + 999) / 1000;
    if (rank == 0)
        rank = 1;
    for (size_t i = 0; i < quantiles->n; i++) {
        passed += count_in(quantiles->buckets[i]);
        if (passed >= rank) {
            *out = middle_of(number_in(quantiles->buckets[i]));
            return true;
        }
    }
    return false;
}

size_t fle_quantiles_bytes(const fle_quantiles *quantiles)
{
    return quantiles->capacity * sizeof *quantiles->buckets;
}

void fle_quantiles_free(fle_quantiles *quantiles, const fle_allocator *allocator)
{
    fle_free(allocator, quantiles->buckets);
    memset(quantiles, 0, sizeof *quantiles);
}

/* How many buckets; of each, how far it is from the one before, and its count. */
void fle_quantiles_save(const fle_quantiles *quantiles, fle_buffer *out)
{
    uint32_t before = 0;

    fle_pack_number(out, quantiles->n);
    for (size_t i = 0; i < quantiles->n; i++) {
        const uint32_t number = number_in(quantiles->buckets[i]);

        fle_pack_number(out, number - before);
        fle_pack_number(out, count_in(quantiles->buckets[i]));
        before = number;
    }
}

static flowenrich_status load_buckets(fle_quantiles *quantiles, const fle_allocator *allocator,
                                      flowenrich_text *rest)
{
    uint64_t n, number = 0, gap, times;

    if (!fle_unpack_number(rest, &n))
        return FLOWENRICH_ERR_CORRUPT;
    for (uint64_t i = 0; i < n; i++) {
        if (!fle_unpack_number(rest, &gap) || !fle_unpack_number(rest, &times) ||
            gap >= N_BUCKETS - number || (i > 0 && gap == 0) || times == 0 || times > MOST_COUNT)
            return FLOWENRICH_ERR_CORRUPT;
        number += gap;
        if (!count(quantiles, allocator, (uint32_t)number, times))
            return FLOWENRICH_ERR_NOMEM;
    }
    return FLOWENRICH_OK;
}

flowenrich_status fle_quantiles_load(fle_quantiles *quantiles, const fle_allocator *allocator,
                                     flowenrich_text *from)
{
    flowenrich_text rest = *from;
    const flowenrich_status status = load_buckets(quantiles, allocator, &rest);

    if (status == FLOWENRICH_OK)
        *from = rest;
    else
        fle_quantiles_free(quantiles, allocator);
    return status;
}
