/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of pairing share: records of a log in, rows of conversations out as text. */
#ifndef TESTS_PAIRING_H
#define TESTS_PAIRING_H

#include <inttypes.h>

#include "enriching.h"
#include "failing.h"
#include "record/list.h"

/* The fields of a log that tells all that pairing can use, but for time: at least 60 s a record. */
#define PAIRING_FIELDS                                                                             \
    "interface-id vpc-id srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol "        \
    "packets bytes start end action tcp-flags flow-direction log-status\n"

typedef struct pairing {
    flowenrich_pairer *pairer;
    fle_buffer out; /* rows so far, a line each */
    fle_allocator allocator;
    const char *paths; /* parted by spaces: what of them */
} pairing;

static inline void pairing_begin(pairing *p, const flowenrich_pairer_options *options,
                                 const char *paths)
{
    flowenrich_error error = { 0 };

    fle_allocator_init(&p->allocator, NULL);
    fle_buffer_init(&p->out, &p->allocator);
    p->paths = paths;
    enriching_must(flowenrich_pairer_new(&p->pairer, options, &error), &error);
}

static inline void pairing_list(fle_buffer *out, const fle_column *column, size_t row)
{
    for (size_t i = 0; i < fle_list_len(column, row); i++) {
        const flowenrich_text text =
            column->item == FLOWENRICH_TYPE_TEXT ? fle_list_text(column, row, i) : FLE_TEXT("");

        if (i > 0)
            fle_buffer_char(out, ',');
        if (column->item == FLOWENRICH_TYPE_TEXT)
            fle_buffer_text(out, text);
        else
            fle_buffer_u64(out, fle_list_u64(column, row, i));
    }
}

static inline void pairing_row(pairing *p, const flowenrich_batch *rows, size_t row)
{
    const char *at = p->paths;

    for (;;) {
        const size_t len = strcspn(at, " ");
        const fle_column *column = fle_batch_find(rows, fle_text(at, len));
        char path[64];

        snprintf(path, sizeof path, "%.*s", (int)len, at);
        if (column && column->type == FLOWENRICH_TYPE_LIST)
            pairing_list(&p->out, column, row);
        else if (column && fle_column_valid(column, row) && column->type == FLOWENRICH_TYPE_BOOL)
            fle_buffer_char(&p->out, (((const uint8_t *)column->values)[row >> 3] >> (row & 7)) & 1
                                         ? 'y'
                                         : 'n');
        else
            fle_buffer_string(&p->out, enriching_value(rows, path, row));
        at += len;
        if (!*at++)
            break;
        fle_buffer_char(&p->out, ' ');
    }
    fle_buffer_char(&p->out, '\n');
}

/* Take all rows that are due, 'capacity' at a time. */
static inline void pairing_take(pairing *p, size_t capacity)
{
    flowenrich_error error = { 0 };
    flowenrich_batch *rows;
    size_t n;

    enriching_must(flowenrich_batch_new(&rows, capacity, NULL, &error), &error);
    do {
        enriching_must(flowenrich_pairer_take(p->pairer, rows, &error), &error);
        n = flowenrich_batch_rows(rows);
        for (size_t row = 0; row < n; row++)
            pairing_row(p, rows, row);
    } while (n > 0);
    flowenrich_batch_free(rows);
}

/* Pair records, without the line of field names, and take what became due. */
static inline void pairing_feed(pairing *p, const char *fields, const char *records)
{
    flowenrich_error error = { 0 };
    char log[8192];
    flowenrich_batch *batch;

    snprintf(log, sizeof log, "%s%s", fields, records);
    batch = enriching_parse(log);
    enriching_must(flowenrich_pairer_pair(p->pairer, batch, &error), &error);
    flowenrich_batch_free(batch);
    pairing_take(p, 8);
}

static inline void pairing_advance(pairing *p, flowenrich_time watermark)
{
    flowenrich_error error = { 0 };

    enriching_must(flowenrich_pairer_advance(p->pairer, watermark, &error), &error);
    pairing_take(p, 8);
}

/* The rows so far, as a string. */
static inline const char *pairing_rows(pairing *p)
{
    fle_buffer_char(&p->out, '\0');
    p->out.len--;
    return p->out.data;
}

static inline void pairing_end(pairing *p)
{
    flowenrich_pairer_free(p->pairer);
    fle_buffer_free(&p->out);
}

/* Pair a whole log, which becomes these rows, or the case with that number fails; and end. */
static inline void pairing_whole(pairing *p, size_t number, const char *fields, const char *log,
                                 const char *rows)
{
    pairing_feed(p, fields, log);
    pairing_advance(p, FLOWENRICH_TIME_END);
    if (strcmp(pairing_rows(p), rows) != 0)
        fail_msg("case %zu: \"%s\" and not \"%s\"", number, pairing_rows(p), rows);
    pairing_end(p);
}

/* A log, and what some paths of its rows become. */
typedef struct pairing_case {
    const char *paths, *log, *rows;
} pairing_case;

static inline void pairing_cases(const pairing_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pairing p;

        pairing_begin(&p, NULL, cases[i].paths);
        pairing_whole(&p, i, PAIRING_FIELDS, cases[i].log, cases[i].rows);
    }
}

/* Pair a log with an allocator that may fail. True if it didn't. */
static inline bool pairing_try(failing *f, flowenrich_snapshot *snapshot,
                               const flowenrich_batch *records, flowenrich_batch *rows)
{
    const flowenrich_allocator allocator = failing_allocator(f);
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    flowenrich_pairer *pairer;
    bool done;

    options.allocator = &allocator;
    if (flowenrich_pairer_new(&pairer, &options, NULL) != FLOWENRICH_OK)
        return false;
    done = flowenrich_pairer_set_snapshot(pairer, snapshot, NULL) == FLOWENRICH_OK &&
           flowenrich_pairer_pair(pairer, records, NULL) == FLOWENRICH_OK &&
           flowenrich_pairer_advance(pairer, FLOWENRICH_TIME_END, NULL) == FLOWENRICH_OK &&
           flowenrich_pairer_take(pairer, rows, NULL) == FLOWENRICH_OK;
    flowenrich_pairer_free(pairer);
    return done;
}

/* Each allocation of pairing fails once: that is told, and nothing leaks. Gives up the snapshot. */
static inline void pairing_fail(flowenrich_snapshot *snapshot, const char *log)
{
    flowenrich_batch *records = enriching_parse(log), *rows;
    bool done = false;

    assert_int_equal(flowenrich_batch_new(&rows, 64, NULL, NULL), FLOWENRICH_OK);
    for (size_t n = 0; !done; n++) {
        failing f = { n, 0, 0 };

        done = pairing_try(&f, snapshot, records, rows);
        assert_int_equal(f.live, 0);
    }
    assert_true(flowenrich_batch_rows(rows) > 0);
    flowenrich_batch_free(rows);
    flowenrich_batch_free(records);
    flowenrich_snapshot_free(snapshot);
}

static inline uint64_t pairing_stat(const pairing *p, const char *name)
{
    flowenrich_stat stats[64];
    const size_t n = flowenrich_pairer_stats(p->pairer, stats, 64);

    for (size_t i = 0; i < n && i < 64; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

#endif
