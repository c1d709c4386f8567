/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes loading and publishing. The input is documents with a zero byte between
 * them, each an hour after the one before. Whatever they hold, loading them in
 * another order must give the same answers, and so must publishing on the way.
 */
#include <stdint.h>

#include "../cataloging.h"

#define MOST_DOCUMENTS 6

typedef struct document {
    const char *data;
    size_t len;
    flowenrich_status status;
} document;

static void check(int holds)
{
    if (!holds)
        abort();
}

static size_t split(const uint8_t *data, size_t size, document *documents)
{
    size_t n = 0, begin = 0;

    for (size_t i = 0; i <= size && n < MOST_DOCUMENTS; i++) {
        if (i < size && data[i] != '\0')
            continue;
        documents[n].data = (const char *)data + begin;
        documents[n++].len = i - begin;
        begin = i + 1;
    }
    return n;
}

/* All or nothing: what is refused leaves no fact. */
static void load(struct cataloging *c, document *d, size_t hour, bool first)
{
    flowenrich_document known = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_stat before[2], after[2];
    flowenrich_status status;

    known.observed_at = NOON + (flowenrich_time)hour * HOUR;
    flowenrich_catalog_stats(c->catalog, before, 2);
    status = flowenrich_catalog_load(c->catalog, d->data, d->len, &known, NULL, &c->error);
    flowenrich_catalog_stats(c->catalog, after, 2);
    check(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_SYNTAX ||
          status == FLOWENRICH_ERR_UNSUPPORTED || status == FLOWENRICH_ERR_CORRUPT);
    check(status == FLOWENRICH_OK || after[1].value == before[1].value);
    check(first || status == d->status);
    d->status = status;
}

/* What is known of a few names and addresses that the corpus uses. */
static void describe(struct cataloging *c, fle_buffer *out)
{
    static const char *const interfaces[] = { "eni-1", "eni-2", "eni-3" };
    static const char *const vpcs[] = { "", "vpc-1", "vpc-2" };
    static const char *const addresses[] = { "10.0.0.5", "10.0.0.6",     "10.0.0.70",
                                             "10.1.0.5", "198.51.100.7", "2600:1f18::5" };

    for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++) {
        const fle_entry *entry = cataloging_entry(c, interfaces[i]);

        for (int hour = -2; entry && hour < 4; hour++) {
            const fle_entry *then =
                fle_snapshot_then(c->snapshot, entry, NOON + hour * HOUR, NOON + hour * HOUR + 600);

            cataloging_identity(cataloging_tell(c, entry), out);
            cataloging_identity(cataloging_tell(c, then), out);
        }
        fle_buffer_char(out, '\n');
    }
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        for (size_t v = 0; v < sizeof vpcs / sizeof *vpcs; v++)
            for (int hour = -2; hour < 4; hour++) {
                const fle_finding finding = cataloging_ask(
                    c, vpcs[v], addresses[i], NOON + hour * HOUR, NOON + (hour + 1) * HOUR);
                char line[4096];

                check(!finding.owner == !finding.sure);
                check(!finding.owner == (finding.reason != FLE_REASON_NONE));
                fle_buffer_string(out,
                                  cataloging_say(c, &finding, addresses[i], line, sizeof line));
                fle_buffer_char(out, '\n');
            }
    for (size_t i = 0; flowenrich_snapshot_vpc(c->snapshot, i).len > 0; i++)
        fle_buffer_text(out, flowenrich_snapshot_vpc(c->snapshot, i));
}

typedef enum manner { AT_ONCE, REVERSED, ON_THE_WAY } manner;

static void run(document *documents, size_t n, manner how, fle_buffer *out)
{
    struct cataloging c;

    check(cataloging_new(&c, NULL, 0) == FLOWENRICH_OK);
    for (size_t i = 0; i < n; i++) {
        const size_t at = how == REVERSED ? n - 1 - i : i;

        load(&c, &documents[at], at, how == AT_ONCE);
        if (how == ON_THE_WAY)
            check(cataloging_publish(&c) == FLOWENRICH_OK);
    }
    check(cataloging_publish(&c) == FLOWENRICH_OK);
    describe(&c, out);
    check(cataloging_free(&c) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    document documents[MOST_DOCUMENTS];
    const size_t n = split(data, size, documents);
    fle_allocator allocator;
    fle_buffer there, back, often;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&there, &allocator);
    fle_buffer_init(&back, &allocator);
    fle_buffer_init(&often, &allocator);
    run(documents, n, AT_ONCE, &there);
    run(documents, n, REVERSED, &back);
    run(documents, n, ON_THE_WAY, &often);
    check(fle_text_equal(fle_text(there.data, there.len), fle_text(back.data, back.len)));
    check(fle_text_equal(fle_text(there.data, there.len), fle_text(often.data, often.len)));
    fle_buffer_free(&there);
    fle_buffer_free(&back);
    fle_buffer_free(&often);
    return 0;
}
