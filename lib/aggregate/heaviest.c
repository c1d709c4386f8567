/* SPDX-License-Identifier: Apache-2.0 */
/* Which values weigh most: as many as fit, and a proof of how far each may be off. */
#include "aggregate/heaviest.h"

#include "base/number.h"
#include "base/pack.h"

static uint64_t rank_of(const fle_heavy *item)
{
    return fle_plus(item->weight > 0 ? (uint64_t)item->weight : 0, item->error);
}

flowenrich_text fle_heaviest_value(const fle_heaviest *heaviest, size_t i)
{
    return fle_text(heaviest->values + heaviest->items[i].at, heaviest->items[i].len);
}

/* Where the first item lies whose value is not before this one; 'found' if it is this one. */
static size_t find(const fle_heaviest *heaviest, flowenrich_text value, bool *found)
{
    size_t low = 0, high = heaviest->n;

    *found = false;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = fle_text_compare(fle_heaviest_value(heaviest, middle), value);

        *found = *found || order == 0;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool reserve(fle_heaviest *heaviest, const fle_allocator *allocator, size_t n, size_t len)
{
    fle_heavy *items;
    char *values;

    if (len > UINT32_MAX - heaviest->values_len)
        return false;
    items = fle_grow(allocator, heaviest->items, &heaviest->capacity, n, sizeof *items);
    if (!items)
        return false;
    heaviest->items = items;
    values = fle_grow(allocator, heaviest->values, &heaviest->values_capacity,
                      heaviest->values_len + len, 1);
    if (!values)
        return false;
    heaviest->values = values;
    return true;
}

/* There is room for it. The values lie in the order of the items, without gaps. */
static void insert(fle_heaviest *heaviest, size_t at, flowenrich_text value, int64_t weight,
                   uint64_t error)
{
    fle_heavy *item = heaviest->items + at;
    const size_t start = at < heaviest->n ? item->at : heaviest->values_len;
    char *copy = heaviest->values + start;

    memmove(copy + value.len, copy, heaviest->values_len - start);
    if (value.len > 0)
        memcpy(copy, value.data, value.len);
    heaviest->values_len += value.len;
    memmove(item + 1, item, (heaviest->n - at) * sizeof *item);
    *item = (fle_heavy){ weight, error, (uint32_t)start, (uint32_t)value.len };
    heaviest->n++;
    for (size_t i = at + 1; i < heaviest->n; i++)
        heaviest->items[i].at += (uint32_t)value.len;
}

static bool append(fle_heaviest *heaviest, const fle_allocator *allocator, flowenrich_text value,
                   int64_t weight, uint64_t error)
{
    if (!reserve(heaviest, allocator, heaviest->n + 1, value.len))
        return false;
    insert(heaviest, heaviest->n, value, weight, error);
    return true;
}

/* The least floor, from the one there is, that at most m items are above. */
static uint64_t next_floor(const fle_heaviest *heaviest, size_t m)
{
    uint64_t low = heaviest->floor, high = low;

    for (size_t i = 0; i < heaviest->n; i++)
        if (rank_of(&heaviest->items[i]) > high)
            high = rank_of(&heaviest->items[i]);
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        size_t above = 0;

        for (size_t i = 0; i < heaviest->n; i++)
            above += rank_of(&heaviest->items[i]) > middle;
        if (above > m)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Keep what is above the floor, which may have risen. */
static void prune(fle_heaviest *heaviest)
{
    size_t n = 0, len = 0;

    for (size_t i = 0; i < heaviest->n; i++) {
        fle_heavy item = heaviest->items[i];

        if (rank_of(&item) <= heaviest->floor) {
            heaviest->other = fle_signed_plus(heaviest->other, item.weight);
            continue;
        }
        memmove(heaviest->values + len, heaviest->values + item.at, item.len);
        item.at = (uint32_t)len;
        len += item.len;
        heaviest->items[n++] = item;
    }
    heaviest->n = n;
    heaviest->values_len = len;
}

static void drop(fle_heaviest *heaviest, size_t at)
{
    fle_heavy *item = &heaviest->items[at];
    const uint32_t start = item->at, len = item->len;

    heaviest->values_len -= len;
    memmove(heaviest->values + start, heaviest->values + start + len, heaviest->values_len - start);
    heaviest->n--;
    memmove(item, item + 1, (heaviest->n - at) * sizeof *item);
    for (; at < heaviest->n; at++)
        heaviest->items[at].at -= len;
}

bool fle_heaviest_add(fle_heaviest *heaviest, const fle_allocator *allocator, size_t m,
                      flowenrich_text value, int64_t weight)
{
    const bool is_full = heaviest->n >= 2 * m;
    bool found;
    size_t at = find(heaviest, value, &found);

    if (weight == 0)
        return true;
    if (found) {
        heaviest->items[at].weight = fle_signed_plus(heaviest->items[at].weight, weight);
        if (heaviest->items[at].weight == 0)
            drop(heaviest, at);
        return true;
    }
    if (!reserve(heaviest, allocator, heaviest->n + !is_full, value.len))
        return false;
    if (is_full) {
        heaviest->floor = next_floor(heaviest, m);
        prune(heaviest);
        at = find(heaviest, value, &found);
    }
    insert(heaviest, at, value, weight, heaviest->floor);
    return true;
}

/* Which comes first, the i-th of a or the j-th of b; 0 if they are the same value. */
static int compare(const fle_heaviest *a, size_t i, const fle_heaviest *b, size_t j)
{
    if (i == a->n || j == b->n)
        return i == a->n ? 1 : -1;
    return fle_text_compare(fle_heaviest_value(a, i), fle_heaviest_value(b, j));
}

static bool append_both(fle_heaviest *out, const fle_heaviest *a, const fle_heaviest *b,
                        const fle_allocator *allocator)
{
    /* Of a value that isn't kept, as much may have gone as the floor. */
    const fle_heavy gone_from_a = { .error = a->floor }, gone_from_b = { .error = b->floor };
    size_t i = 0, j = 0;

    while (i < a->n || j < b->n) {
        const int order = compare(a, i, b, j);
        const fle_heavy *of_a = order <= 0 ? &a->items[i] : &gone_from_a;
        const fle_heavy *of_b = order >= 0 ? &b->items[j] : &gone_from_b;
        const int64_t weight = fle_signed_plus(of_a->weight, of_b->weight);

        if (weight != 0 && !append(out, allocator,
                                   order <= 0 ? fle_heaviest_value(a, i) : fle_heaviest_value(b, j),
                                   weight, fle_plus(of_a->error, of_b->error)))
            return false;
        i += order <= 0;
        j += order >= 0;
    }
    return true;
}

bool fle_heaviest_merge(fle_heaviest *into, const fle_heaviest *from,
                        const fle_allocator *allocator, size_t m)
{
    fle_heaviest out = { .floor = fle_plus(into->floor, from->floor),
                         .other = fle_signed_plus(into->other, from->other) };

    if (!append_both(&out, into, from, allocator)) {
        fle_heaviest_free(&out, allocator);
        return false;
    }
    if (out.n > 2 * m) {
        out.floor = next_floor(&out, m);
        prune(&out);
    }
    fle_heaviest_free(into, allocator);
    *into = out;
    return true;
}

size_t fle_heaviest_top(const fle_heaviest *heaviest, uint32_t *out, size_t k)
{
    size_t n = 0;

    for (size_t i = 0; i < heaviest->n; i++) {
        size_t at = n;

        if (heaviest->items[i].weight < 0)
            continue;
        for (; at > 0 && heaviest->items[out[at - 1]].weight < heaviest->items[i].weight; at--)
            if (at < k)
                out[at] = out[at - 1];
        if (at < k)
            out[at] = (uint32_t)i;
        n += n < k;
    }
    return n;
}

size_t fle_heaviest_bytes(const fle_heaviest *heaviest)
{
    return heaviest->capacity * sizeof *heaviest->items + heaviest->values_capacity;
}

void fle_heaviest_free(fle_heaviest *heaviest, const fle_allocator *allocator)
{
    fle_free(allocator, heaviest->items);
    fle_free(allocator, heaviest->values);
    memset(heaviest, 0, sizeof *heaviest);
}

void fle_heaviest_save(const fle_heaviest *heaviest, fle_buffer *out)
{
    fle_pack_number(out, heaviest->n);
    fle_pack_number(out, heaviest->floor);
    fle_pack_signed(out, heaviest->other);
    for (size_t i = 0; i < heaviest->n; i++) {
        fle_pack_text(out, fle_heaviest_value(heaviest, i));
        fle_pack_signed(out, heaviest->items[i].weight);
        fle_pack_number(out, heaviest->items[i].error);
    }
}

/* Values ascend, and weigh something; where nothing has gone, nothing may be lacking. */
static flowenrich_status load_items(fle_heaviest *heaviest, const fle_allocator *allocator,
                                    size_t m, flowenrich_text *rest)
{
    uint64_t n, error;
    int64_t weight;

    if (!fle_unpack_number(rest, &n) || n > 2 * m || !fle_unpack_number(rest, &heaviest->floor) ||
        !fle_unpack_signed(rest, &heaviest->other) ||
        (heaviest->floor == 0 && heaviest->other != 0))
        return FLOWENRICH_ERR_CORRUPT;
    while (heaviest->n < n) {
        flowenrich_text value;

        if (!fle_unpack_text(rest, &value) || !fle_unpack_signed(rest, &weight) ||
            !fle_unpack_number(rest, &error) || weight == 0 || weight < -INT64_MAX ||
            error > heaviest->floor ||
            (heaviest->n > 0 &&
             fle_text_compare(fle_heaviest_value(heaviest, heaviest->n - 1), value) >= 0))
            return FLOWENRICH_ERR_CORRUPT;
        if (!append(heaviest, allocator, value, weight, error))
            return FLOWENRICH_ERR_NOMEM;
    }
    return FLOWENRICH_OK;
}

flowenrich_status fle_heaviest_load(fle_heaviest *heaviest, const fle_allocator *allocator,
                                    size_t m, flowenrich_text *from)
{
    flowenrich_text rest = *from;
    const flowenrich_status status = load_items(heaviest, allocator, m, &rest);

    if (status == FLOWENRICH_OK)
        *from = rest;
    else
        fle_heaviest_free(heaviest, allocator);
    return status;
}
