/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes saved states of groups. The first byte chooses what was asked; the rest is what lies
 * between that question and the checksum, which are put around it. A state that is loaded is the
 * same after it was saved and loaded again, merges, and its groups come out.
 */
#include <stdint.h>
#include <stdlib.h>

#include "aggregate/aggregator.h"
#include "base/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static flowenrich_aggregator *make(uint8_t which, uint64_t max_bytes)
{
    static const char *const by[] = { "client.tags.app", "srcaddr/24", "bytes_of", "start" };
    static const char *const lines[] = { "charges.meter", "charges.price" };
    static const char *const measures[] = { "bytes", "distinct(srcaddr)", "p50(bytes)",
                                            "top2(dstport)" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *aggregator;

    opt.by = which & 1 ? lines : by;
    opt.by_count = which & 1 ? 2 : 4;
    opt.window = which & 2 ? 300 : 0;
    opt.slide = which & 4 && opt.window ? 60 : 0;
    if (which & 8) {
        opt.measures = measures;
        opt.measure_count = 4;
    }
    opt.max_bytes = max_bytes;
    check(flowenrich_aggregator_new(&aggregator, &opt, NULL) == FLOWENRICH_OK);
    return aggregator;
}

static void put_around(fle_buffer *state, const flowenrich_aggregator *asked, const uint8_t *body,
                       size_t len)
{
    uint64_t sum;

    fle_buffer_string(state, "flowgrps");
    fle_pack_number(state, FLE_STATE_VERSION);
    fle_request_sign(&asked->request, state);
    fle_buffer_append(state, (const char *)body, len);
    sum = fle_hash(state->data, state->len, 0);
    for (unsigned i = 0; i < 8; i++)
        fle_buffer_char(state, (char)(sum >> 8 * i & 0xff));
    check(!state->failed);
}

static void take_all(flowenrich_aggregator *aggregator)
{
    flowenrich_batch *out;

    check(flowenrich_batch_new(&out, 64, NULL, NULL) == FLOWENRICH_OK);
    check(flowenrich_aggregator_advance(aggregator, FLOWENRICH_TIME_END, NULL) == FLOWENRICH_OK);
    do
        check(flowenrich_aggregator_take(aggregator, out, NULL) == FLOWENRICH_OK);
    while (flowenrich_batch_rows(out) > 0);
    flowenrich_batch_free(out);
}

static void save(const flowenrich_aggregator *aggregator, fle_buffer *out)
{
    size_t len;

    check(flowenrich_aggregator_save(aggregator, NULL, 0, &len, NULL) == FLOWENRICH_ERR_LIMIT);
    check(fle_buffer_reserve(out, len));
    check(flowenrich_aggregator_save(aggregator, out->data, len, &len, NULL) == FLOWENRICH_OK);
    out->len = len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    flowenrich_aggregator *once, *again, *small;
    fle_buffer state, saved, resaved;
    fle_allocator allocator;

    if (size == 0)
        return 0;
    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&state, &allocator);
    fle_buffer_init(&saved, &allocator);
    fle_buffer_init(&resaved, &allocator);
    once = make(data[0], 0);
    again = make(data[0], 0);
    small = make(data[0], 1000);
    put_around(&state, once, data + 1, size - 1);
    if (flowenrich_aggregator_load(once, state.data, state.len, NULL) == FLOWENRICH_OK) {
        save(once, &saved);
        check(flowenrich_aggregator_load(again, saved.data, saved.len, NULL) == FLOWENRICH_OK);
        save(again, &resaved);
        check(fle_text_equal(fle_text(saved.data, saved.len), fle_text(resaved.data, resaved.len)));
        check(flowenrich_aggregator_merge(again, once, NULL) == FLOWENRICH_OK);
        check(flowenrich_aggregator_merge(small, once, NULL) == FLOWENRICH_OK);
        take_all(again);
        take_all(small);
    }
    flowenrich_aggregator_free(once);
    flowenrich_aggregator_free(again);
    flowenrich_aggregator_free(small);
    fle_buffer_free(&state);
    fle_buffer_free(&saved);
    fle_buffer_free(&resaved);
    return 0;
}
