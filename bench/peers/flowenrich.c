/* SPDX-License-Identifier: Apache-2.0 */
/* Ours among the parsers that bench/peers compares: `sum FILE`, or `lines FORMAT` from stdin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flowenrich.h"

#define BATCH_ROWS 2048
#define WINDOW_BYTES (256 << 10)
#define LINE_BYTES (1 << 20)

typedef struct sums {
    unsigned long long records, bytes, bad;
} sums;

static void check(flowenrich_status status, const flowenrich_error *error)
{
    if (status == FLOWENRICH_OK)
        return;
    fprintf(stderr, "flowenrich: %s\n", error->message);
    exit(1);
}

static void *allocate(size_t len)
{
    void *memory = malloc(len);

    if (!memory) {
        fputs("flowenrich: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static void add_up(sums *to, flowenrich_batch *batch)
{
    flowenrich_column column = { .size = sizeof column };
    const uint64_t *values;
    flowenrich_error error;

    to->records += flowenrich_batch_rows(batch);
    to->bad += flowenrich_batch_rejects(batch);
    if (flowenrich_batch_rows(batch) > 0) {
        check(flowenrich_batch_column(batch, "bytes", &column, &error), &error);
        values = column.values;
        for (size_t row = 0; row < column.rows; row++)
            if (column.validity[row / 8] >> row % 8 & 1)
                to->bytes += values[row];
    }
    flowenrich_batch_clear(batch);
}

static void sum(flowenrich_parser *parser, flowenrich_batch *batch, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *window = allocate(WINDOW_BYTES);
    flowenrich_error error;
    sums total = { 0 };
    size_t len, used;

    if (!file) {
        perror(path);
        exit(1);
    }
    setvbuf(file, NULL, _IONBF, 0);
    check(flowenrich_parser_begin(parser, NULL, &error), &error);
    while ((len = fread(window, 1, WINDOW_BYTES, file)) > 0)
        for (size_t done = 0; done < len; done += used) {
            check(flowenrich_parser_parse(parser, window + done, len - done, &used, batch, &error),
                  &error);
            add_up(&total, batch);
        }
    check(flowenrich_parser_finish(parser, batch, NULL, &error), &error);
    add_up(&total, batch);
    printf("%llu %llu %llu\n", total.records, total.bytes, total.bad);
    free(window);
    fclose(file);
}

/* What came of one line: the record, why there is none, or nothing if it is no record's. */
static void tell(flowenrich_encoder *encoder, flowenrich_batch *batch, char *buf)
{
    flowenrich_reject reject = { .size = sizeof reject };
    flowenrich_error error;
    size_t row = 0, len = 0;

    if (flowenrich_batch_rejects(batch) > 0) {
        check(flowenrich_batch_reject(batch, 0, &reject, &error), &error);
        printf("%s %s\n", reject.reason, reject.field);
    } else if (flowenrich_batch_rows(batch) == 0) {
        puts("nothing");
    } else {
        check(flowenrich_encoder_encode(encoder, batch, &row, buf, LINE_BYTES, &len, &error),
              &error);
        fwrite(buf, 1, len, stdout);
    }
    flowenrich_batch_clear(batch);
}

/* Each line is an input of its own, so that none can change how another is read. */
static void tell_lines(flowenrich_parser *parser, flowenrich_batch *batch, const char *fields)
{
    char *line = allocate(LINE_BYTES), *buf = allocate(LINE_BYTES);
    flowenrich_encoder *encoder;
    flowenrich_format *format;
    flowenrich_error error;
    size_t len = 0, used;
    int c;

    check(flowenrich_format_new(&format, fields, strlen(fields), NULL, &error), &error);
    check(flowenrich_parser_add_format(parser, format, &error), &error);
    check(flowenrich_encoder_new(&encoder, "json-flat", NULL, &error), &error);
    while (len < LINE_BYTES && (c = getchar()) != EOF) {
        line[len++] = (char)c;
        if (c != '\n')
            continue;
        check(flowenrich_parser_begin(parser, NULL, &error), &error);
        check(flowenrich_parser_parse(parser, line, len, &used, batch, &error), &error);
        tell(encoder, batch, buf);
        len = 0;
    }
    flowenrich_encoder_free(encoder);
    flowenrich_format_free(format);
    free(line);
    free(buf);
}

int main(int argc, char **argv)
{
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_error error;
    int status = 0;

    check(flowenrich_parser_new(&parser, NULL, &error), &error);
    check(flowenrich_batch_new(&batch, BATCH_ROWS, NULL, &error), &error);
    if (argc == 3 && strcmp(argv[1], "sum") == 0)
        sum(parser, batch, argv[2]);
    else if (argc == 3 && strcmp(argv[1], "lines") == 0)
        tell_lines(parser, batch, argv[2]);
    else
        status = 2;
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
    return status;
}
