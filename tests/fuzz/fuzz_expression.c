/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes filters as text. What is chosen of some rows, 64 at a time and by codes, is what
 * looking at each row's values chooses.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../enriching.h"
#include "record/expression.h"

#define N_LINES 70 /* more than are decided at once */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Line i of a log: ends, ports and bytes come round at different times, some are missing. */
static size_t write_line(char *out, size_t i)
{
    static const char *const ports[] = { "443", "22", "40000", "-" };
    static const char *const actions[] = { "ACCEPT", "REJECT", "-" };

    return (size_t)sprintf(out, "10.0.%zu.5 10.0.0.%zu 50000 %s 6 %zu %zu %zu %s\n", i % 3, i % 7,
                           ports[i % 4], i * i * i, 1772452800 + i, 1772452860 + i, actions[i % 3]);
}

static flowenrich_batch *make_rows(void)
{
    flowenrich_enricher *enricher =
        enriching_enricher(NULL, "networks: [{cidr: 10.0.0.0/24, name: office, tags: {app: a}}]");
    char log[8192] = "srcaddr dstaddr srcport dstport protocol bytes start end action\n";
    size_t len = strlen(log);
    flowenrich_parser *parser;
    flowenrich_batch *batch;

    for (size_t i = 0; i < N_LINES; i++)
        len += write_line(log + len, i);
    must(!flowenrich_batch_new(&batch, N_LINES, NULL, NULL));
    must(!flowenrich_parser_new(&parser, NULL, NULL));
    must(!flowenrich_parser_begin(parser, NULL, NULL));
    must(!flowenrich_parser_parse(parser, log, len, &len, batch, NULL));
    must(!flowenrich_enricher_enrich(enricher, batch, NULL));
    must(batch->rows == N_LINES);
    flowenrich_enricher_free(enricher);
    flowenrich_parser_free(parser);
    return batch;
}

static bool value_fits(const fle_term *term, const flowenrich_batch *batch, size_t row)
{
    fle_value value, other;
    fle_path path;

    (void)fle_path_open(&path, batch, term->path);
    fle_path_get(&path, batch, row, &value);
    if (term->kind == FLE_TERM_PRESENT)
        return value.type != 0;
    if (term->kind == FLE_TERM_PATH) {
        (void)fle_path_open(&path, batch, term->other);
        fle_path_get(&path, batch, row, &other);
        return fle_values_fit(&value, term->compare, &other);
    }
    for (const fle_wanted *wanted = term->wanted; wanted; wanted = wanted->next)
        if (fle_wanted_fits(wanted, term->compare, &value))
            return true;
    return false;
}

static bool fits(const fle_term *term, const flowenrich_batch *batch, size_t row)
{
    const bool is_any = term->kind == FLE_TERM_ANY;

    if (term->kind == FLE_TERM_NOT)
        return !fits(term->child, batch, row);
    if (term->kind != FLE_TERM_ALL && !is_any)
        return value_fits(term, batch, row);
    for (const fle_term *child = term->child; child; child = child->next)
        if (fits(child, batch, row) == is_any)
            return is_any;
    return !is_any;
}

static void choose(fle_filter *filter, const flowenrich_batch *batch)
{
    must(!fle_filter_open(filter, batch, NULL));
    for (size_t row = 0; row < batch->rows; row++) {
        const uint64_t rows = fle_filter_rows(filter, batch, row / 64 * 64);

        must((rows >> row % 64 & 1) == fits(filter->terms, batch, row));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static flowenrich_batch *batch;
    flowenrich_error error = { 0 };
    flowenrich_status status;
    fle_allocator allocator;
    fle_filter filter;
    fle_arena arena;

    if (!batch)
        batch = make_rows();
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    fle_filter_init(&filter, &arena);
    status = fle_expression_read(&filter, fle_text((const char *)data, size), &error);
    must(status == FLOWENRICH_OK || (status == FLOWENRICH_ERR_SYNTAX && error.offset <= size));
    if (status == FLOWENRICH_OK)
        choose(&filter, batch);
    fle_filter_free(&filter);
    fle_arena_free(&arena);
    return 0;
}
