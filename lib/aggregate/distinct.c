/* SPDX-License-Identifier: Apache-2.0 */
/* How many different values there were: a HyperLogLog, exact while they are few. */
#include "aggregate/distinct.h"

#include "base/hash.h"
#include "base/pack.h"

/*
 * After Heule, Nunkesser, Hall, "HyperLogLog in Practice" (2013): an entry is the first 26 bits
 * of a hash, its place, and how many of the others come up to the first that is set, its rank. Of
 * one place the highest rank is kept. A register is the same for the first 12 bits, which an
 * entry tells.
 */
#define SEED                                                                                       \
    UINT64_C(0x9e3779b97f4a7c15) /* 2^64 divided by the golden ratio; never to be changed */
#define PLACE_BITS 26
#define RANK_BITS 6
#define MOST_RANK (64 - PLACE_BITS + 1)
#define REGISTER_BITS 12
#define REGISTERS (1U << REGISTER_BITS)
#define MOST_REGISTER (64 - REGISTER_BITS + 1)
#define FIRST_CAPACITY 4
#define DENSE (FLE_DISTINCT_FEW + 1) /* instead of a number of entries, in what is saved */

uint64_t fle_distinct_hash(const void *data, size_t len)
{
    return fle_hash(data, len, SEED);
}

/* How many bits of the highest 'n' come up to the first that is set; n + 1 if none is. */
static uint32_t rank_of(uint64_t bits, uint32_t n)
{
    uint32_t rank = 1;

    for (; rank <= n && !(bits >> 63); bits <<= 1)
        rank++;
    return rank;
}

static uint32_t entry_of(uint64_t hash)
{
    const uint32_t place = (uint32_t)(hash >> (64 - PLACE_BITS));

    return place << RANK_BITS | rank_of(hash << PLACE_BITS, 64 - PLACE_BITS);
}

static uint32_t place_of(uint32_t entry)
{
    return entry >> RANK_BITS;
}

static void raise_register(fle_distinct *set, uint32_t entry)
{
    const uint32_t rest_bits = PLACE_BITS - REGISTER_BITS;
    const uint32_t rest = place_of(entry) & ((1U << rest_bits) - 1);
    const uint32_t rank = rest ? rank_of((uint64_t)rest << (64 - rest_bits), rest_bits)
                               : rest_bits + (entry & ((1U << RANK_BITS) - 1));
    uint8_t *kept = (uint8_t *)set->data + (place_of(entry) >> rest_bits);

    if (*kept < rank)
        *kept = (uint8_t)rank;
}

static bool make_dense(fle_distinct *set, const fle_allocator *allocator)
{
    const fle_distinct sparse = *set;
    const uint32_t *entries = sparse.data;
    void *registers = fle_alloc_zeroed(allocator, REGISTERS);

    if (!registers)
        return false;
    *set = (fle_distinct){ .data = registers, .is_dense = true };
    for (size_t i = 0; i < sparse.n; i++)
        raise_register(set, entries[i]);
    fle_free(allocator, sparse.data);
    return true;
}

/* Where the first entry lies whose place is not before this one's. */
static size_t find_entry(const fle_distinct *set, uint32_t entry)
{
    const uint32_t *entries = set->data;
    size_t low = 0, high = set->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (place_of(entries[middle]) < place_of(entry))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool reserve_entry(fle_distinct *set, const fle_allocator *allocator)
{
    const size_t element = sizeof(uint32_t);
    size_t capacity = set->capacity ? set->capacity * 2U : FIRST_CAPACITY;
    void *entries;

    if (set->n < set->capacity)
        return true;
    if (capacity > FLE_DISTINCT_FEW)
        capacity = FLE_DISTINCT_FEW;
    entries = fle_realloc(allocator, set->data, set->capacity * element, capacity * element);
    if (!entries)
        return false;
    set->data = entries;
    set->capacity = (uint16_t)capacity;
    return true;
}

static bool add_entry(fle_distinct *set, const fle_allocator *allocator, uint32_t entry)
{
    uint32_t *entries;
    size_t at;

    if (!set->is_dense) {
        at = find_entry(set, entry);
        entries = set->data;
        if (at < set->n && place_of(entries[at]) == place_of(entry)) {
            if (entries[at] < entry)
                entries[at] = entry;
            return true;
        }
        if (set->n < FLE_DISTINCT_FEW) {
            if (!reserve_entry(set, allocator))
                return false;
            entries = set->data;
            memmove(entries + at + 1, entries + at, (set->n - at) * sizeof *entries);
            entries[at] = entry;
            set->n++;
            return true;
        }
        if (!make_dense(set, allocator))
            return false;
    }
    raise_register(set, entry);
    return true;
}

bool fle_distinct_add(fle_distinct *set, const fle_allocator *allocator, uint64_t hash)
{
    return add_entry(set, allocator, entry_of(hash));
}

/* Registers can be merged into registers only. */
bool fle_distinct_merge(fle_distinct *into, const fle_distinct *from,
                        const fle_allocator *allocator)
{
    const uint8_t *registers = from->data;
    const uint32_t *entries = from->data;
    uint8_t *kept;

    if (!from->is_dense) {
        for (size_t i = 0; i < from->n; i++)
            if (!add_entry(into, allocator, entries[i]))
                return false;
        return true;
    }
    if (!into->is_dense && !make_dense(into, allocator))
        return false;
    kept = into->data;
    for (size_t i = 0; i < REGISTERS; i++)
        if (kept[i] < registers[i])
            kept[i] = registers[i];
    return true;
}

/*
 * After Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), whose
 * estimate is good from none to all without thresholds or tables:
 *
 *     m^2 / (2 ln 2) / (m sigma(zeros / m) + sum over registers r > 0 of 2^-r),
 *     sigma(x) = x + x^2 + 2 x^4 + 4 x^8 + ...
 *
 * and without the part for registers that are full, which no count below 2^60 fills. In
 * integers, in units of 2^-38, so that every machine tells the same. x is less than 1 and in
 * units of 2^-32: squares fit, and what rounding them loses grows twofold with each, to less than
 * 2^-14 of the last term that counts. The largest sum, of one register above 0, is 0.73 * 2^62.
 */
#define UNIT 38
#define SQUARE_OVER_TWO_LN_2 UINT64_C(3326628274461080623) /* 2^(2 * 12 + 38) / (2 ln 2) */

static uint64_t sum_of_zeros(uint64_t zeros)
{
    uint64_t x = zeros << (32 - REGISTER_BITS), sum = x << (REGISTER_BITS + UNIT - 32);

    for (uint32_t k = 0; x > 0; k++) {
        x = (x * x + (UINT64_C(1) << 31)) >> 32;
        sum += x << (k + REGISTER_BITS + UNIT - 32);
    }
    return sum;
}

uint64_t fle_distinct_count(const fle_distinct *set)
{
    const uint8_t *registers = set->data;
    uint64_t zeros = 0, sum = 0;

    if (!set->is_dense)
        return set->n;
    for (size_t i = 0; i < REGISTERS; i++) {
        zeros += registers[i] == 0;
        if (registers[i] > 0 && registers[i] <= UNIT)
            sum += UINT64_C(1) << (UNIT - registers[i]);
    }
    sum += sum_of_zeros(zeros);
    if (sum == 0)
        sum = 1;
    return (SQUARE_OVER_TWO_LN_2 + sum / 2) / sum;
}

size_t fle_distinct_bytes(const fle_distinct *set)
{
    return set->is_dense ? REGISTERS : set->capacity * sizeof(uint32_t);
}

void fle_distinct_free(fle_distinct *set, const fle_allocator *allocator)
{
    fle_free(allocator, set->data);
    memset(set, 0, sizeof *set);
}

void fle_distinct_save(const fle_distinct *set, fle_buffer *out)
{
    const uint32_t *entries = set->data;

    fle_pack_number(out, set->is_dense ? DENSE : set->n);
    if (set->is_dense)
        fle_buffer_append(out, set->data, REGISTERS);
    for (size_t i = 0; i < set->n; i++)
        fle_pack_number(out, entries[i] - (i > 0 ? entries[i - 1] : 0));
}

static flowenrich_status load_registers(fle_distinct *set, const fle_allocator *allocator,
                                        flowenrich_text *rest)
{
    uint8_t *registers;
    bool any = false;

    if (rest->len < REGISTERS)
        return FLOWENRICH_ERR_CORRUPT;
    for (size_t i = 0; i < REGISTERS; i++) {
        if ((uint8_t)rest->data[i] > MOST_REGISTER)
            return FLOWENRICH_ERR_CORRUPT;
        any = any || rest->data[i] != 0;
    }
    if (!any)
        return FLOWENRICH_ERR_CORRUPT;
    registers = fle_alloc(allocator, REGISTERS);
    if (!registers)
        return FLOWENRICH_ERR_NOMEM;
    memcpy(registers, rest->data, REGISTERS);
    *set = (fle_distinct){ .data = registers, .is_dense = true };
    *rest = fle_text(rest->data + REGISTERS, rest->len - REGISTERS);
    return FLOWENRICH_OK;
}

/* The places ascend, and each has a rank that can be. */
static flowenrich_status load_entries(fle_distinct *set, const fle_allocator *allocator,
                                      flowenrich_text *rest, uint64_t n)
{
    uint64_t entry = 0, gap;

    for (uint64_t i = 0; i < n; i++) {
        const uint64_t before = entry >> RANK_BITS;
        uint32_t rank;

        if (!fle_unpack_number(rest, &gap) || gap > UINT32_MAX - entry)
            return FLOWENRICH_ERR_CORRUPT;
        entry += gap;
        rank = (uint32_t)entry & ((1U << RANK_BITS) - 1);
        if ((i > 0 && entry >> RANK_BITS == before) || rank == 0 || rank > MOST_RANK)
            return FLOWENRICH_ERR_CORRUPT;
        if (!add_entry(set, allocator, (uint32_t)entry))
            return FLOWENRICH_ERR_NOMEM;
    }
    return FLOWENRICH_OK;
}

flowenrich_status fle_distinct_load(fle_distinct *set, const fle_allocator *allocator,
                                    flowenrich_text *from)
{
    flowenrich_status status = FLOWENRICH_ERR_CORRUPT;
    flowenrich_text rest = *from;
    uint64_t n;

    if (fle_unpack_number(&rest, &n) && n <= DENSE)
        status = n == DENSE ? load_registers(set, allocator, &rest)
                            : load_entries(set, allocator, &rest, n);
    if (status == FLOWENRICH_OK)
        *from = rest;
    else
        fle_distinct_free(set, allocator);
    return status;
}
