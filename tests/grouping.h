/* SPDX-License-Identifier: Apache-2.0 */
/* Rows drawn at random, and what an aggregator makes of them as text. */
#ifndef TESTS_GROUPING_H
#define TESTS_GROUPING_H

#include "base/text.h"
#include "enriched.h"

typedef struct grouping_row {
    uint32_t text, address, port;
    uint64_t bytes, packets;
    flowenrich_time start, end;
    bool is_reject, is_reversal;
} grouping_row;

static inline void grouping_must(bool holds)
{
    if (!holds)
        abort();
}

static inline uint32_t grouping_draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

/* Of 'n_texts' texts, 'n_addresses' addresses of both families and three ports; few heavy ones. */
static inline void grouping_rows(grouping_row *rows, size_t n, uint64_t seed, uint32_t n_texts,
                                 uint32_t n_addresses)
{
    for (size_t i = 0; i < n; i++) {
        grouping_row *row = &rows[i];

        row->text = grouping_draw(&seed, n_texts);
        row->address = grouping_draw(&seed, n_addresses);
        row->port = grouping_draw(&seed, 3);
        row->bytes = grouping_draw(&seed, 8) ? grouping_draw(&seed, 1000) : 1U << row->text % 24;
        row->packets = 1 + grouping_draw(&seed, 9);
        row->start = 1700000000 + grouping_draw(&seed, 7200);
        row->end = row->start + grouping_draw(&seed, 600);
        row->is_reject = grouping_draw(&seed, 5) == 0;
        row->is_reversal = false;
    }
}

static inline void grouping_put(flowenrich_batch *batch, size_t i, const grouping_row *row)
{
    char text[32];

    snprintf(text, sizeof text, row->text % 7 ? "app-%u" : "a-longer-name-%u", row->text);
    grouping_must(row->text == 0 || enriched_text(batch, "az_id", i, text));
    snprintf(text, sizeof text, row->address % 3 ? "10.0.%u.%u" : "2001:db8::%x:%x",
             row->address / 250, row->address % 250);
    grouping_must(enriched_address(batch, "srcaddr", i, text));
    grouping_must(row->port == 0 || enriched_u32(batch, "dstport", i, row->port));
    grouping_must(enriched_u64(batch, "bytes", i, row->bytes));
    grouping_must(enriched_u64(batch, "packets", i, row->packets));
    grouping_must(enriched_time(batch, "start", i, row->start));
    grouping_must(enriched_time(batch, "end", i, row->end));
    grouping_must(enriched_text(batch, "action", i, row->is_reject ? "REJECT" : "ACCEPT"));
    if (row->is_reversal) {
        fle_column *column = fle_batch_add(batch, FLE_TEXT("reversal"), FLOWENRICH_TYPE_BOOL);

        grouping_must(column != NULL);
        fle_column_set_bool(column, i, true);
    }
    batch->kinds[i] = FLE_ROW_TRAFFIC;
}

static inline flowenrich_batch *grouping_batch(const grouping_row *rows, size_t n)
{
    flowenrich_batch *batch;

    grouping_must(flowenrich_batch_new(&batch, n > 0 ? n : 1, NULL, NULL) == FLOWENRICH_OK);
    for (size_t i = 0; i < n; i++)
        grouping_put(batch, i, &rows[i]);
    batch->rows = n;
    return batch;
}

static inline void grouping_add(flowenrich_aggregator *aggregator, const grouping_row *rows,
                                size_t n)
{
    flowenrich_batch *batch = grouping_batch(rows, n);

    grouping_must(flowenrich_aggregator_add(aggregator, batch, NULL) == FLOWENRICH_OK);
    flowenrich_batch_free(batch);
}

/* By az_id, srcaddr and dstport; 'opt' may say more. */
static inline flowenrich_aggregator *grouping_new(flowenrich_aggregator_options opt)
{
    static const char *const by[] = { "az_id", "srcaddr", "dstport" };
    flowenrich_aggregator *aggregator;

    if (opt.by_count == 0) {
        opt.by = by;
        opt.by_count = sizeof by / sizeof *by;
    }
    grouping_must(flowenrich_aggregator_new(&aggregator, &opt, NULL) == FLOWENRICH_OK);
    return aggregator;
}

/* Take all that is due, a few rows at a time, as lines of JSON. */
static inline void grouping_take(flowenrich_aggregator *aggregator, fle_buffer *out)
{
    flowenrich_encoder *encoder;
    flowenrich_batch *groups;
    char text[1 << 16];
    size_t len, row;

    grouping_must(flowenrich_encoder_new(&encoder, "json", NULL, NULL) == FLOWENRICH_OK);
    grouping_must(flowenrich_batch_new(&groups, 100, NULL, NULL) == FLOWENRICH_OK);
    for (;;) {
        grouping_must(flowenrich_aggregator_take(aggregator, groups, NULL) == FLOWENRICH_OK);
        if (flowenrich_batch_rows(groups) == 0)
            break;
        for (row = 0; row < flowenrich_batch_rows(groups);) {
            grouping_must(flowenrich_encoder_encode(encoder, groups, &row, text, sizeof text, &len,
                                                    NULL) == FLOWENRICH_OK);
            fle_buffer_append(out, text, len);
        }
    }
    flowenrich_encoder_free(encoder);
    flowenrich_batch_free(groups);
}

static inline fle_buffer grouping_buffer(void)
{
    static fle_allocator allocator;
    fle_buffer buffer;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&buffer, &allocator);
    return buffer;
}

static inline uint64_t grouping_u64(const flowenrich_batch *batch, const char *path, size_t row)
{
    return fle_column_u64(fle_batch_find(batch, fle_text_of(path)), row);
}

static inline bool grouping_is(const flowenrich_batch *batch, const char *path, size_t row)
{
    const fle_column *column = fle_batch_find(batch, fle_text_of(path));

    return fle_column_valid(column, row) &&
           (((const uint8_t *)column->values)[row >> 3] >> (row & 7) & 1) != 0;
}

static inline uint64_t grouping_stat(const flowenrich_aggregator *aggregator, const char *name)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_aggregator_stats(aggregator, stats, 16);

    for (size_t i = 0; i < n && i < 16; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    abort();
}

#endif
