/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/prometheus.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "encoding.h"

#define HEAD(name, help) "# HELP flowenrich_" name " " help "\n# TYPE flowenrich_" name " gauge\n"

static void groups_are_series_of_each_measure(void **state)
{
    static const char expected[] =
        "# HELP flowenrich_bytes Bytes.\n"
        "# TYPE flowenrich_bytes gauge\n"
        "flowenrich_bytes{client_tags_app=\"shop\",server_port=\"443\",protocol=\"tcp\"} 4249 "
        "1795169100000\n"
        "flowenrich_bytes{client_tags_app=\"a, b=\\\"c\\\\d\\\"\\n\"} 18446744073709551615 "
        "1795169100000\n"
        "flowenrich_bytes{other=\"true\"} 0 1795169100000\n"
        "# HELP flowenrich_first When it was first seen, in seconds since 1970.\n"
        "# TYPE flowenrich_first gauge\n"
        "flowenrich_first{client_tags_app=\"shop\",server_port=\"443\",protocol=\"tcp\"} "
        "1795168801 1795169100000\n"
        "# HELP flowenrich_p99_9_bytes p99_9.bytes\n"
        "# TYPE flowenrich_p99_9_bytes gauge\n"
        "flowenrich_p99_9_bytes{client_tags_app=\"shop\",server_port=\"443\",protocol=\"tcp\"} 1.5 "
        "1795169100000\n";
    flowenrich_batch *batch = encoding_groups();
    char got[ENCODING_MOST];
    (void)state;

    encoding_once("prometheus", NULL, batch, got);
    assert_string_equal(got, expected);
    flowenrich_batch_free(batch);
}

/* Without windows a scrape says when. Lists and absent values are no samples. */
static void sums_of_all_time_have_no_time(void **state)
{
    static const char *const fields[] = { "scope", "client.arns", "bytes", NULL };
    flowenrich_batch *batch = enriched_new(NULL);
    char got[ENCODING_MOST];
    (void)state;

    encoding_once("prometheus", fields, batch, got);
    assert_string_equal(got,
                        HEAD("bytes", "Bytes.") "flowenrich_bytes{scope=\"aws-service\"} 4249\n"
                                                "flowenrich_bytes{scope=\"internet\"} 100\n");
    flowenrich_batch_free(batch);
}

static void names_are_letters_digits_and_underscores_and_differ(void **state)
{
    static const struct {
        const char *path, *name;
    } cases[] = {
        { "client.tags.a-b", "client_tags_a_b" },
        { "client.tags.a_b", "client_tags_a_b_2" }, /* not the same label again */
        { "client.tags.a b", "client_tags_a_b_3" },
        { "__name__", "name" }, /* which begins as only Prometheus's own may */
        { "9", "_9" },
        { "\xc3\xa9", "_" },
        { "-", "__2" },
        { "distinct.client.addr", "distinct_client_addr" },
    };
    char got[ENCODING_MOST], expected[1024] = "flowenrich_bytes{";
    flowenrich_batch *batch;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bool label = i + 1 < sizeof cases / sizeof *cases;
        char one[128];

        if (label)
            assert_true(enriched_text(batch, cases[i].path, 0, "x"));
        snprintf(one, sizeof one, "%s%s=\"x\"", i > 0 ? "," : "", cases[i].name);
        strncat(expected, label ? one : "} 1\n", sizeof expected - strlen(expected) - 1);
    }
    assert_true(enriched_u64(batch, "bytes", 0, 1));
    assert_true(enriched_u64(batch, "distinct.client.addr", 0, 2));
    batch->rows = 1;
    encoding_once("prometheus", NULL, batch, got);
    assert_non_null(strstr(got, expected));
    assert_non_null(strstr(got, HEAD("distinct_client_addr", "distinct.client.addr")));
    flowenrich_batch_free(batch);
}

/* A metric's samples must not be parted, so all rows come out or none. */
static void rows_come_together(void **state)
{
    flowenrich_batch *batch = encoding_groups();
    flowenrich_encoder *encoder = encoding_new("prometheus", NULL);
    char whole[ENCODING_MOST], got[ENCODING_MOST];
    size_t row = 0, len, need;
    (void)state;

    encoding_write(encoder, batch, whole);
    assert_int_equal(
        flowenrich_encoder_encode(encoder, batch, &row, got, strlen(whole) - 1, &need, NULL),
        FLOWENRICH_ERR_LIMIT);
    assert_int_equal(row, 0);
    assert_int_equal(need, strlen(whole));
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, got, need, &len, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(row, 3);
    assert_memory_equal(got, whole, len);
    row = 2;
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, got, need, &len, NULL),
                     FLOWENRICH_OK);
    got[len] = '\0';
    assert_string_equal(
        got, HEAD("bytes", "Bytes.") "flowenrich_bytes{other=\"true\"} 0 1795169100000\n");
    flowenrich_encoder_free(encoder);
    flowenrich_batch_free(batch);
}

static void what_is_no_number_is_no_sample(void **state)
{
    static const double values[] = { 0.25, 1e300 * 1e300, -1e300 * 1e300 };
    flowenrich_batch *batch;
    char got[ENCODING_MOST];
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 3, NULL, NULL), FLOWENRICH_OK);
    for (size_t row = 0; row < 3; row++)
        fle_column_set_f64(fle_batch_add(batch, FLE_TEXT("p50.bytes"), FLOWENRICH_TYPE_F64), row,
                           values[row]);
    batch->rows = 3;
    encoding_once("prometheus", NULL, batch, got);
    assert_string_equal(got, HEAD("p50_bytes", "p50.bytes") "flowenrich_p50_bytes 0.25\n");
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_series_of_each_measure),
        cmocka_unit_test(sums_of_all_time_have_no_time),
        cmocka_unit_test(names_are_letters_digits_and_underscores_and_differ),
        cmocka_unit_test(rows_come_together),
        cmocka_unit_test(what_is_no_number_is_no_sample),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
