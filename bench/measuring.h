/* SPDX-License-Identifier: Apache-2.0 */
/* What benchmarks share besides their logs: arguments, failures, medians, an inventory. */
#ifndef BENCH_MEASURING_H
#define BENCH_MEASURING_H

#include <stdio.h>
#include <stdlib.h>

#include "flowenrich.h"
#include "made_up.h"

static inline void check(flowenrich_status status, const flowenrich_error *error)
{
    if (status == FLOWENRICH_OK)
        return;
    fprintf(stderr, "bench: %s\n", error->message);
    exit(1);
}

static inline flowenrich_snapshot *make_snapshot(void)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    const made_up_text json = made_up_interfaces();
    flowenrich_snapshot *snapshot;
    flowenrich_catalog *catalog;
    flowenrich_error error;

    document.observed_at = MADE_UP_START;
    check(flowenrich_catalog_new(&catalog, NULL, &error), &error);
    check(flowenrich_catalog_load(catalog, json.data, json.len, &document, NULL, &error), &error);
    check(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    flowenrich_catalog_free(catalog);
    free(json.data);
    return snapshot;
}

static inline int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Puts them in order. */
static inline double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_size);
    return values[n / 2];
}

static inline size_t number(const char *text, size_t most)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 10);

    if (*end != '\0' || value == 0 || value > most) {
        fprintf(stderr, "bench: '%s' isn't a number from 1 to %zu\n", text, most);
        exit(2);
    }
    return value;
}

#endif
