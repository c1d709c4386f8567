/* SPDX-License-Identifier: Apache-2.0 */
/* bench_table FILE: CPU seconds from text in memory to records, and to a table of Arrow's. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "flowenrich.h"

static flowenrich_error error;

static void check(flowenrich_status status)
{
    if (status == FLOWENRICH_OK)
        return;
    fprintf(stderr, "bench_table: %s\n", error.message);
    exit(1);
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *data;

    if (!file || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    *len = (size_t)ftell(file);
    rewind(file);
    data = malloc(*len);
    if (!data || fread(data, 1, *len, file) != *len) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return data;
}

/* As the Python package does it; without a table the rows are dropped. Returns their number. */
static size_t run(const char *data, size_t len, flowenrich_table *table)
{
    static const char yaml[] = "{enrich: false, encoder: none}";
    flowenrich_pipeline *pipeline;
    flowenrich_batch *batch;
    int32_t done = 0;
    size_t rows = 0;

    check(flowenrich_pipeline_new(&pipeline, yaml, sizeof yaml - 1, NULL, &error));
    while (!done) {
        size_t used = 0;

        if (len > 0)
            check(flowenrich_pipeline_feed(pipeline, data, len, &used, &error));
        else
            check(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error));
        data += used;
        len -= used;
        batch = flowenrich_pipeline_batch(pipeline);
        rows += batch ? flowenrich_batch_rows(batch) : 0;
        if (batch && table)
            check(flowenrich_table_add(table, batch, &error));
    }
    flowenrich_pipeline_free(pipeline);
    return rows;
}

int main(int argc, char **argv)
{
    flowenrich_arrow_options arrow = FLOWENRICH_ARROW_OPTIONS_INIT;
    flowenrich_table *table;
    size_t len, rows;
    clock_t began, parsed, kept;
    char *data;

    if (argc != 2) {
        fputs("usage: bench_table FILE\n", stderr);
        return 2;
    }
    data = read_file(argv[1], &len);
    arrow.addresses = 1;
    check(flowenrich_table_new(&table, &arrow, NULL, &error));
    began = clock();
    rows = run(data, len, NULL);
    parsed = clock();
    run(data, len, table);
    kept = clock();
    printf("%zu %f %f\n", rows, (double)(parsed - began) / CLOCKS_PER_SEC,
           (double)(kept - parsed) / CLOCKS_PER_SEC);
    flowenrich_table_free(table);
    free(data);
    return 0;
}
