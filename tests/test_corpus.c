/* SPDX-License-Identifier: Apache-2.0 */
/* Parses the public samples in ../shared/corpus, and compares with what others read in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/date.h"
#include "parsing.h"

#define CORPUS "../shared/corpus/"
#define SKIPPED 77

/* What is in each file. */
static const struct {
    const char *file;
    uint64_t records, nodata, skipdata;
    const char *refused; /* reasons, in order */
} samples[] = {
    /* two lines end in a comment of the article's */
    { "aws-blog-encryption-status-v10.log", 6, 0, 0, "too_many_fields too_many_fields " },
    { "aws-clo-vpcflow.log", 10, 7, 0, "" },
    { "aws-docs-default-v2.log", 5, 1, 1, "" },
    /* the same, of the documentation's */
    { "aws-docs-nat.log", 4, 0, 0, "too_many_fields too_many_fields " },
    { "aws-docs-path-v5.log", 2, 0, 0, "" },
    { "aws-docs-tcpflags-v3.log", 8, 0, 0, "" },
    /* a line "..." for lines left out */
    { "aws-docs-tgw-eni-v3.log", 4, 0, 0, "too_few_fields " },
    { "data-prepper.log", 1, 1, 0, "" },
    { "elastic-beats-v5.log", 1, 0, 0, "" },
    { "elastic-beats-v6-tgw.log", 1, 0, 0, "" },
    { "elastic-beats-v7-ecs.log", 1, 0, 0, "" },
    /* no records but their shape, with names for values */
    { "elastic-issue-22716.log", 0, 0, 0, "no_format no_format " },
    { "elastic-issue-8532.log", 0, 0, 1, "" },
    { "elastic-otel-components.log", 3, 0, 0, "" },
    /* "bogus!" */
    { "flowlogs-reader-v2.log", 3, 1, 2, "too_few_fields " },
    { "flowlogs-reader-v3.log", 2, 0, 0, "" },
    { "flowlogs-reader-v4.log", 2, 0, 0, "" },
    /* "bogus line" */
    { "flowlogs-reader-v5.log", 2, 0, 0, "too_few_fields " },
    { "flowlogs-reader-v6.log", 1, 0, 0, "" },
    { "grafana-lambda-promtail.log", 3, 0, 0, "" },
    { "tailpipe-cwl-s3-export.log", 1, 0, 0, "" },
    { "vrl-1.log", 5, 1, 1, "" },
};

/*
 * What other parsers read in some of them. The collector's YAML isn't here: it
 * holds the lines as they are.
 */
static const struct {
    const char *file, *log;
    size_t rows[3]; /* that its records are about */
    bool is_whole;  /* no field of ours is missing */
} readings[] = {
    { "data-prepper.expected.json", "data-prepper.log", { 0, 1 }, true },
    { "elastic-beats-v5.expected.json", "elastic-beats-v5.log", { 0 }, true },
    { "elastic-beats-v6-tgw.expected.json", "elastic-beats-v6-tgw.log", { 0 }, true },
    { "elastic-beats-v7-ecs.expected.json", "elastic-beats-v7-ecs.log", { 0 }, true },
    { "flowlogs-reader-v2.expected.json", "flowlogs-reader-v2.log", { 0, 2, 5 }, false },
};

/* What they have besides. */
static const struct {
    const char *file, *key; /* why: */
} differences[] = {
    { "elastic-beats-v5.expected.json", "tcp_flags_array" }, /* names of the bits of tcp_flags */
    { "elastic-beats-v6-tgw.expected.json", "tcp_flags_array" }, /* the same */
    { "flowlogs-reader-v2.expected.json", "input" },             /* the line */
};

static bool is_difference(const char *file, const char *key)
{
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        if (strcmp(differences[i].file, file) == 0 && strcmp(differences[i].key, key) == 0)
            return true;
    return false;
}

static char *read_file(const char *name, size_t *len)
{
    char path[256];
    char *data;
    FILE *file;
    long size;

    snprintf(path, sizeof path, CORPUS "%s", name);
    file = fopen(path, "rb");
    if (!file)
        fail_msg("%s can't be opened", path);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    data = calloc(1, (size_t)size + 1);
    *len = fread(data, 1, (size_t)size, file);
    fclose(file);
    return data;
}

/* Parse a sample. Its first line may be a comment of the collection's, with the format. */
static void parse_sample(const char *name, flowenrich_parser **parser, flowenrich_batch *batch)
{
    static const char comment[] = "# format: ";
    size_t len, start;
    char *data = read_file(name, &len);

    assert_int_equal(flowenrich_parser_new(parser, NULL, NULL), FLOWENRICH_OK);
    start = *data == '#' ? strcspn(data, "\n") + 1 : 0;
    if (strncmp(data, comment, sizeof comment - 1) == 0) {
        data[start - 1] = '\0';
        assert_int_equal(parsing_add_formats(*parser, data + sizeof comment - 1, NULL),
                         FLOWENRICH_OK);
    }
    flowenrich_batch_clear(batch);
    assert_int_equal(parsing_run(*parser, batch, data + start, len - start, 0, NULL),
                     FLOWENRICH_OK);
    free(data);
}

static int set_up(void **state)
{
    flowenrich_batch *batch;

    if (flowenrich_batch_new(&batch, 64, NULL, NULL) != FLOWENRICH_OK)
        return -1;
    *state = batch;
    return 0;
}

static int tear_down(void **state)
{
    flowenrich_batch_free(*state);
    return 0;
}

static void every_sample_has_the_records_and_bad_lines_that_people_see_in_it(void **state)
{
    flowenrich_batch *batch = *state;

    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        flowenrich_parser *parser;
        char refused[256] = "";

        parse_sample(samples[i].file, &parser, batch);
        if (parsing_stat(parser, "records") != samples[i].records ||
            parsing_stat(parser, "nodata") != samples[i].nodata ||
            parsing_stat(parser, "skipdata") != samples[i].skipdata)
            fail_msg("%s has %" PRIu64 " records, %" PRIu64 " NODATA, %" PRIu64 " SKIPDATA",
                     samples[i].file, parsing_stat(parser, "records"),
                     parsing_stat(parser, "nodata"), parsing_stat(parser, "skipdata"));
        for (size_t k = 0; k < flowenrich_batch_rejects(batch); k++) {
            strcat(refused, batch->rejects[k].reason);
            strcat(refused, " ");
        }
        if (strcmp(refused, samples[i].refused) != 0)
            fail_msg("%s has bad lines: %s", samples[i].file, refused);
        flowenrich_parser_free(parser);
    }
}

/* The value as the other parser would write it. */
static bool is_same(const fle_value *ours, json_t *theirs)
{
    const char *string = json_string_value(theirs);
    fle_allocator allocator;
    fle_buffer mine;
    char number[32];
    flowenrich_time time;
    bool same;

    if (ours->type == 0)
        return string && strcmp(string, "-") == 0;
    if (ours->type == FLOWENRICH_TYPE_TIME && string)
        return fle_date_parse(string, strlen(string), &time) && time == ours->as.time;
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(theirs));
    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&mine, &allocator);
    parsing_value(&mine, ours);
    same = fle_text_is(fle_text(mine.data, mine.len), string ? string : number);
    fle_buffer_free(&mine);
    return same;
}

static void compare(const char *file, bool is_whole, flowenrich_batch *batch, size_t row,
                    json_t *theirs)
{
    size_t n_theirs = 0, n_ours = 0;
    const char *key;
    json_t *value;

    json_object_foreach(theirs, key, value)
    {
        char path[64];
        fle_path compiled;
        fle_value ours;

        if (is_difference(file, key))
            continue;
        snprintf(path, sizeof path, "%s", key);
        for (char *c = path; *c; c++)
            *c = *c == '-' ? '_' : *c;
        fle_path_open(&compiled, batch, fle_text_of(path));
        fle_path_get(&compiled, batch, row, &ours);
        if (!is_same(&ours, value))
            fail_msg("%s, row %zu: another %s", file, row, key);
        n_theirs += ours.type != 0;
    }
    for (size_t i = 0; i < batch->n_columns; i++)
        n_ours += fle_column_valid(&batch->columns[i], row);
    if (is_whole && n_ours != n_theirs)
        fail_msg("%s, row %zu: we have %zu fields, they %zu", file, row, n_ours, n_theirs);
}

static void what_others_read_in_a_sample_is_what_we_read(void **state)
{
    flowenrich_batch *batch = *state;

    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        size_t len;
        char *text = read_file(readings[i].file, &len);
        json_t *document = json_loadb(text, len, 0, NULL);
        json_t *records = json_is_array(document) ? document : json_object_get(document, "records");
        flowenrich_parser *parser;

        parse_sample(readings[i].log, &parser, batch);
        assert_in_range(json_array_size(records), 1, 3);
        for (size_t k = 0; k < json_array_size(records); k++) {
            json_t *record = json_array_get(records, k);
            json_t *inner = json_object_get(json_object_get(record, "aws"), "vpcflow");

            if (!inner)
                inner = json_object_get(record, "to_dict");
            compare(readings[i].file, readings[i].is_whole, batch, readings[i].rows[k],
                    inner ? inner : record);
        }
        flowenrich_parser_free(parser);
        json_decref(document);
        free(text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_sample_has_the_records_and_bad_lines_that_people_see_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_others_read_in_a_sample_is_what_we_read, set_up,
                                        tear_down),
    };
    FILE *index = fopen(CORPUS "INDEX.md", "r");

    if (!index) {
        printf("skipped: " CORPUS " isn't there\n");
        return SKIPPED;
    }
    fclose(index);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
