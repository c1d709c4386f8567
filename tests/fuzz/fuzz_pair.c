/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes pairing. The input is choices: each byte picks a value of the next record, or how
 * far time goes on. Whatever the records, they come out once: rows add up to all of them,
 * no more bytes than went in, no reversal takes back more than rows said; and rows are the
 * same for any cut into batches, any hash seed and any size of the batch that takes them.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/batch.h"

#define MOST_RECORDS 48
#define MOST_LINE 256
#define NOON 1795176000

static const char header[] =
    "interface-id vpc-id srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol packets "
    "bytes start end action tcp-flags flow-direction log-status tgw-attachment-id\n";

static const char *const observers[] = { "eni-1 vpc-1", "eni-2 vpc-1", "eni-3 vpc-2", "eni-4 -",
                                         "- -" };
static const char *const addresses[] = { "10.0.0.1", "10.0.0.2", "203.0.113.5", "2600:1f18::5",
                                         "-" };
static const char *const ports[] = { "40000", "443", "0", "-" };
static const char *const protocols[] = { "6", "17", "1", "-" };
static const char *const counts[] = { "1 100", "3 0", "18446744073709551615 18446744073709551615",
                                      "- -" };
static const char *const flags[] = { "2", "18", "0", "19", "3", "4", "-" };
static const char *const actions[] = { "ACCEPT", "REJECT", "-" };
static const char *const directions[] = { "ingress", "egress", "-" };
static const char *const statuses[] = { "OK -", "SKIPDATA -", "NODATA -", "OK tgw-attach-1" };

static void must(int holds)
{
    if (!holds)
        abort();
}

typedef struct input {
    const uint8_t *data;
    size_t len;
} input;

static size_t choose(input *in, size_t n)
{
    size_t choice;

    if (in->len == 0)
        return 0;
    choice = *in->data % n;
    in->data++;
    in->len--;
    return choice;
}

#define PICK(in, values) values[choose(in, sizeof(values) / sizeof *(values))]

/* A record, and how far the watermark goes on behind it: 0 not at all. */
typedef struct step {
    char line[MOST_LINE];
    int64_t watermark;
} step;

static void make_step(input *in, step *out, int64_t *now)
{
    static const int64_t paces[] = { 0, 30, 60, 400, 5000 };
    const char *src = PICK(in, addresses), *dst = PICK(in, addresses);
    const char *observer = PICK(in, observers), *from = PICK(in, addresses);
    const char *srcport = PICK(in, ports), *dstport = PICK(in, ports);
    const char *protocol = PICK(in, protocols), *count = PICK(in, counts);
    const int64_t start = *now - (int64_t)choose(in, 3) * 45;
    const size_t length = choose(in, 4) * 20;
    const char *action = PICK(in, actions), *flag = PICK(in, flags);
    const char *direction = PICK(in, directions), *status = PICK(in, statuses);

    snprintf(out->line, sizeof out->line, "%s %s %s %s %s %s %s %s %s %lld %lld %s %s %s %s\n",
             observer, src, dst, srcport, dstport, from, dst, protocol, count, (long long)start,
             (long long)start + (long long)length, action, flag, direction, status);
    *now += PICK(in, paces);
    out->watermark = choose(in, 4) == 1 ? *now - 60 : 0;
}

/* ---- What comes out. ---- */

typedef struct rows {
    fle_buffer text;
    uint64_t records, bytes;
    bool overflowed; /* counters that went beyond 64 bits say nothing */
} rows;

static uint64_t u64_of(const flowenrich_batch *batch, const char *path, size_t row)
{
    return fle_column_u64(fle_batch_find(batch, fle_text_of(path)), row);
}

static void add_row(rows *r, const flowenrich_batch *batch, size_t row)
{
    const fle_column *reversal = fle_batch_find(batch, FLE_TEXT("reversal"));
    const uint64_t up = u64_of(batch, "uploaded", row), down = u64_of(batch, "downloaded", row);

    must(fle_column_valid(reversal, row));
    r->records += u64_of(batch, "records", row);
    if (up > UINT64_MAX / 4 || down > UINT64_MAX / 4)
        r->overflowed = true;
    else if ((((const uint8_t *)reversal->values)[row >> 3] >> (row & 7)) & 1)
        r->bytes -= up + down;
    else
        r->bytes += up + down;
    must(r->overflowed || r->bytes <= UINT64_MAX / 2);
}

static void take(flowenrich_pairer *pairer, flowenrich_encoder *encoder, size_t capacity, rows *r)
{
    static char out[1 << 18];
    flowenrich_batch *batch;
    size_t n;

    must(flowenrich_batch_new(&batch, capacity, NULL, NULL) == FLOWENRICH_OK);
    do {
        size_t row = 0, len;

        must(flowenrich_pairer_take(pairer, batch, NULL) == FLOWENRICH_OK);
        n = flowenrich_batch_rows(batch);
        for (size_t i = 0; i < n; i++)
            add_row(r, batch, i);
        while (row < n) {
            must(flowenrich_encoder_encode(encoder, batch, &row, out, sizeof out, &len, NULL) ==
                 FLOWENRICH_OK);
            fle_buffer_append(&r->text, out, len);
        }
    } while (n > 0);
    flowenrich_batch_free(batch);
}

/* Steps up to the next watermark are 'cut' records a batch. */
static void run(const step *steps, size_t n, size_t cut, uint64_t seed, size_t capacity, rows *r)
{
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    flowenrich_pairer *pairer;
    flowenrich_encoder *encoder;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    size_t used;

    options.hash_seed = seed;
    options.active_timeout = 300;
    must(flowenrich_pairer_new(&pairer, &options, NULL) == FLOWENRICH_OK);
    must(flowenrich_parser_new(&parser, NULL, NULL) == FLOWENRICH_OK);
    must(flowenrich_encoder_new(&encoder, "json-flat", NULL, NULL) == FLOWENRICH_OK);
    must(flowenrich_batch_new(&batch, 2 * MOST_RECORDS, NULL, NULL) == FLOWENRICH_OK);
    flowenrich_parser_parse(parser, header, sizeof header - 1, &used, batch, NULL);
    for (size_t i = 0; i < n; i++) {
        flowenrich_parser_parse(parser, steps[i].line, strlen(steps[i].line), &used, batch, NULL);
        if (flowenrich_batch_rows(batch) < cut && !steps[i].watermark && i + 1 < n)
            continue;
        must(flowenrich_pairer_pair(pairer, batch, NULL) == FLOWENRICH_OK);
        flowenrich_batch_clear(batch);
        take(pairer, encoder, capacity, r);
        if (!steps[i].watermark)
            continue;
        must(flowenrich_pairer_advance(pairer, steps[i].watermark, NULL) == FLOWENRICH_OK);
        take(pairer, encoder, capacity, r);
    }
    must(flowenrich_pairer_advance(pairer, FLOWENRICH_TIME_END, NULL) == FLOWENRICH_OK);
    take(pairer, encoder, capacity, r);
    {
        flowenrich_stat stats[64];

        must(flowenrich_pairer_stats(pairer, stats, 64) < 64);
        must(stats[0].value == r->records);
    }
    flowenrich_batch_free(batch);
    flowenrich_encoder_free(encoder);
    flowenrich_parser_free(parser);
    flowenrich_pairer_free(pairer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static step steps[MOST_RECORDS];
    static const struct {
        size_t cut, capacity;
        uint64_t seed;
    } ways[] = { { MOST_RECORDS, 64, 0 }, { 1, 1, 7 }, { 3, 5, 99 } };
    input in = { data, size };
    int64_t now = NOON;
    fle_allocator allocator;
    rows r[3];
    size_t n = 0;

    while (in.len > 0 && n < MOST_RECORDS)
        make_step(&in, &steps[n++], &now);
    fle_allocator_init(&allocator, NULL);
    for (size_t i = 0; i < 3; i++) {
        memset(&r[i], 0, sizeof r[i]);
        fle_buffer_init(&r[i].text, &allocator);
        run(steps, n, ways[i].cut, ways[i].seed, ways[i].capacity, &r[i]);
        must(fle_text_equal(fle_text(r[0].text.data, r[0].text.len),
                            fle_text(r[i].text.data, r[i].text.len)));
    }
    for (size_t i = 0; i < 3; i++)
        fle_buffer_free(&r[i].text);
    return 0;
}
