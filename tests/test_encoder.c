/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/encoder.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "enriched.h"
#include "failing.h"

/* Those that write JSON come first; of "prometheus" all rows come together. */
static const char *const names[] = { "json", "json-flat", "csv", "influx", "prometheus" };

#define N_NAMES (sizeof names / sizeof *names)
#define N_JSON 2

static flowenrich_encoder *new_encoder(const char *name)
{
    flowenrich_encoder *encoder;

    assert_int_equal(flowenrich_encoder_new(&encoder, name, NULL, NULL), FLOWENRICH_OK);
    return encoder;
}

static void an_unknown_encoder_is_refused_by_naming_the_known(void **state)
{
    flowenrich_encoder *encoder;
    flowenrich_error error;
    (void)state;

    assert_int_equal(flowenrich_encoder_new(&encoder, "jsn", NULL, &error), FLOWENRICH_ERR_ARG);
    assert_null(encoder);
    for (size_t i = 0; i < N_NAMES; i++)
        assert_non_null(strstr(error.message, names[i]));
    flowenrich_encoder_free(NULL);
}

static void arguments_are_checked(void **state)
{
    const char *const fields[] = { "bytes", NULL };
    flowenrich_encoder_options options = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_batch *batch = enriched_new(NULL);
    flowenrich_encoder *encoder;
    size_t row = ENRICHED_ROWS + 1, len;
    (void)state;

    options.field_count = 2;
    assert_int_equal(flowenrich_encoder_new(&encoder, "json", &options, NULL), FLOWENRICH_ERR_ARG);
    options.fields = fields;
    assert_int_equal(flowenrich_encoder_new(&encoder, "json", &options, NULL), FLOWENRICH_ERR_ARG);
    options.field_count = 1;
    assert_int_equal(flowenrich_encoder_new(&encoder, "json", &options, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, NULL, 0, &len, NULL),
                     FLOWENRICH_ERR_ARG);
    row = 0;
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, NULL, 1, &len, NULL),
                     FLOWENRICH_ERR_ARG);
    flowenrich_encoder_free(encoder);
    flowenrich_batch_free(batch);
}

/* Encode all into 'all' with buffers of 'cap' bytes. False if a row needs more. */
static bool encode_by(flowenrich_encoder *encoder, flowenrich_batch *batch, size_t cap, char *all,
                      size_t *total)
{
    char *buf = malloc(cap + 1); /* of that size, for the sanitizer to see what is beyond */
    flowenrich_status status = FLOWENRICH_OK;
    size_t row = 0, len;

    *total = 0;
    while (status == FLOWENRICH_OK && row < batch->rows) {
        status = flowenrich_encoder_encode(encoder, batch, &row, buf, cap, &len, NULL);
        if (status != FLOWENRICH_OK)
            break;
        memcpy(all + *total, buf, len);
        *total += len;
    }
    free(buf);
    assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_LIMIT);
    return status == FLOWENRICH_OK;
}

/* What must fit: with the first row, "csv" has its header. */
static size_t longest_piece(const char *name, const char *text, size_t len)
{
    const char *first = memchr(text, '\n', len);
    size_t longest = 0;

    if (strcmp(name, "prometheus") == 0)
        return len;
    if (strcmp(name, "csv") == 0)
        longest = (size_t)((const char *)memchr(first + 1, '\n', len) + 1 - text);

    for (size_t start = 0, i = 0; i < len; i++)
        if (text[i] == '\n') {
            longest = i + 1 - start > longest ? i + 1 - start : longest;
            start = i + 1;
        }
    return longest;
}

static void a_buffer_of_any_size_gives_the_same_bytes_or_none(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    (void)state;

    assert_non_null(batch);
    for (size_t i = 0; i < N_NAMES; i++) {
        flowenrich_encoder *encoder = new_encoder(names[i]);
        char whole[8192], parts[8192];
        size_t len, total, longest;

        assert_true(encode_by(encoder, batch, sizeof whole, whole, &len));
        flowenrich_encoder_free(encoder);
        longest = longest_piece(names[i], whole, len);
        for (size_t cap = 0; cap <= len + 1; cap++) {
            encoder = new_encoder(names[i]);
            assert_int_equal(encode_by(encoder, batch, cap, parts, &total), cap >= longest);
            flowenrich_encoder_free(encoder);
            if (cap >= longest) {
                assert_int_equal(total, len);
                assert_memory_equal(parts, whole, len);
            }
        }
    }
    flowenrich_batch_free(batch);
}

static void a_row_that_does_not_fit_says_what_it_needs(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    flowenrich_encoder *encoder = new_encoder("json");
    size_t row = 0, need, len;
    char buf[2048];
    (void)state;

    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, NULL, 0, &need, NULL),
                     FLOWENRICH_ERR_LIMIT);
    assert_int_equal(row, 0);
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, buf, need - 1, &len, NULL),
                     FLOWENRICH_ERR_LIMIT);
    assert_int_equal(len, need);
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, buf, need, &len, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(len, need);
    assert_int_equal(buf[need - 1], '\n');
    assert_int_equal(row, 2); /* the one that is left out took no room */
    flowenrich_encoder_free(encoder);
    flowenrich_batch_free(batch);
}

/* The batch is filled anew with another owner under the same number. */
static void nothing_of_a_batch_survives_its_clearing(void **state)
{
    static const char *const types[] = { "ec2:instance", "rds:db" };
    flowenrich_encoder *encoder = new_encoder("json");
    flowenrich_batch *batch;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 4, NULL, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < 2; i++) {
        char buf[256], expected[256];
        size_t row = 1, len;

        flowenrich_batch_clear(batch);
        assert_true(fle_batch_begin_ends(batch, NULL, NULL));
        assert_int_equal(fle_batch_new_answer(batch), 0);
        batch->answers[0]->identity.single[FLE_ATTR_TYPE] = fle_text_of(types[i]);
        batch->rows = 4;
        for (row = 0; row < 4; row++)
            batch->ends[FLE_CLIENT][row] = 0;
        snprintf(expected, sizeof expected, "{\"Client\":{\"Type\":\"%s\"}}\n", types[i]);
        /* One row at a time, beginning in the middle, as one who looks at a single row does. */
        for (row = 1; row < 4;) {
            assert_int_equal(
                flowenrich_encoder_encode(encoder, batch, &row, buf, strlen(expected), &len, NULL),
                FLOWENRICH_OK);
            assert_int_equal(len, strlen(expected));
            assert_memory_equal(buf, expected, len);
        }
    }
    flowenrich_batch_free(batch);
    flowenrich_encoder_free(encoder);
}

static void every_line_is_valid_json(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    (void)state;

    for (size_t i = 0; i < N_JSON; i++) {
        flowenrich_encoder *encoder = new_encoder(names[i]);
        char all[8192], *end;
        size_t len, lines = 0;

        assert_true(encode_by(encoder, batch, sizeof all, all, &len));
        for (char *line = all; line < all + len; line = end + 1, lines++) {
            json_t *object;

            end = memchr(line, '\n', len);
            object = json_loadb(line, (size_t)(end - line), JSON_REJECT_DUPLICATES, NULL);
            assert_true(json_is_object(object));
            json_decref(object);
        }
        assert_int_equal(lines, i == 0 ? 2 : 3);
        flowenrich_encoder_free(encoder);
    }
    flowenrich_batch_free(batch);
}

static flowenrich_status run(const flowenrich_allocator *allocator, const char *name,
                             flowenrich_batch *batch)
{
    const char *const fields[] = { "client.tags", "client.arns", "bytes" };
    flowenrich_encoder_options options = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_encoder *encoder;
    flowenrich_status status;
    size_t row = 0, len;
    char buf[8192];

    options.allocator = allocator;
    options.fields = fields;
    options.field_count = strcmp(name, "json-flat") == 0 ? 0 : 3;
    status = flowenrich_encoder_new(&encoder, name, &options, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_encoder_encode(encoder, batch, &row, buf, sizeof buf, &len, NULL);
    flowenrich_encoder_free(encoder);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    (void)state;

    for (size_t i = 0; i < N_NAMES; i++) {
        flowenrich_status status = FLOWENRICH_ERR_NOMEM;
        size_t succeed = 0;

        for (; status != FLOWENRICH_OK; succeed++) {
            failing f = { succeed, 0, 0 };
            const flowenrich_allocator allocator = failing_allocator(&f);

            status = run(&allocator, names[i], batch);
            assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
            assert_int_equal(f.live, 0);
            assert_int_equal(f.misled, 0);
        }
        assert_true(succeed > 5);
    }
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_encoder_is_refused_by_naming_the_known),
        cmocka_unit_test(arguments_are_checked),
        cmocka_unit_test(a_buffer_of_any_size_gives_the_same_bytes_or_none),
        cmocka_unit_test(a_row_that_does_not_fit_says_what_it_needs),
        cmocka_unit_test(nothing_of_a_batch_survives_its_clearing),
        cmocka_unit_test(every_line_is_valid_json),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
