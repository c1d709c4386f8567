/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes what is loaded of counts, quantiles and heaviest values. The first byte chooses which;
 * the rest are states, one behind another. A state that is loaded is what would be saved, and
 * merges.
 */
#include <stdint.h>
#include <stdlib.h>

#include "aggregate/distinct.h"
#include "aggregate/heaviest.h"
#include "aggregate/quantiles.h"

#define M 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
    if (!holds)
        abort();
}

static bool load_distinct(flowenrich_text *rest, const fle_allocator *allocator, fle_buffer *out)
{
    fle_distinct set = { 0 }, twice = { 0 };
    const bool loaded = fle_distinct_load(&set, allocator, rest) == FLOWENRICH_OK;

    if (loaded) {
        check(fle_distinct_merge(&twice, &set, allocator));
        check(fle_distinct_merge(&twice, &set, allocator));
        check(fle_distinct_count(&twice) == fle_distinct_count(&set));
        fle_distinct_save(&twice, out);
    }
    fle_distinct_free(&set, allocator);
    fle_distinct_free(&twice, allocator);
    return loaded;
}

static bool load_quantiles(flowenrich_text *rest, const fle_allocator *allocator, fle_buffer *out)
{
    fle_quantiles quantiles = { 0 }, twice = { 0 };
    uint64_t median = 0, again = 0;
    const bool loaded = fle_quantiles_load(&quantiles, allocator, rest) == FLOWENRICH_OK;

    if (loaded) {
        fle_quantiles_save(&quantiles, out);
        fle_quantiles_at(&quantiles, 500, &median);
        check(fle_quantiles_merge(&twice, &quantiles, allocator));
        fle_quantiles_at(&twice, 500, &again);
        check(median == again);
    }
    fle_quantiles_free(&quantiles, allocator);
    fle_quantiles_free(&twice, allocator);
    return loaded;
}

static bool load_heaviest(flowenrich_text *rest, const fle_allocator *allocator, fle_buffer *out)
{
    fle_heaviest heaviest = { 0 };
    uint32_t top[M];
    const bool loaded = fle_heaviest_load(&heaviest, allocator, M, rest) == FLOWENRICH_OK;

    if (loaded) {
        fle_heaviest_save(&heaviest, out);
        check(fle_heaviest_top(&heaviest, top, M) <= heaviest.n);
        check(fle_heaviest_add(&heaviest, allocator, M, FLE_TEXT("new"), 1));
        check(fle_heaviest_merge(&heaviest, &heaviest, allocator, M));
        check(heaviest.n <= 2 * M);
    }
    fle_heaviest_free(&heaviest, allocator);
    return loaded;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool (*const loaders[])(flowenrich_text *, const fle_allocator *,
                                   fle_buffer *) = { load_distinct, load_quantiles, load_heaviest };
    flowenrich_text rest;
    fle_allocator allocator;
    fle_buffer saved;

    if (size == 0)
        return 0;
    rest = fle_text((const char *)data + 1, size - 1);
    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&saved, &allocator);
    while (rest.len > 0) {
        const flowenrich_text before = rest;

        fle_buffer_clear(&saved);
        if (!loaders[data[0] % 3](&rest, &allocator, &saved)) {
            check(rest.len == before.len);
            break;
        }
        check(fle_text_equal(fle_text(saved.data, saved.len),
                             fle_text(before.data, before.len - rest.len)));
    }
    fle_buffer_free(&saved);
    return 0;
}
