/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/take.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

#define OUT "eni-c vpc-1 10.0.0.5 10.0.0.9 40000 50003 10.0.0.5 10.0.0.9 6 5 500 "
#define BACK "eni-c vpc-1 10.0.0.9 10.0.0.5 50003 40000 10.0.0.9 10.0.0.5 6 2 50 "

/* The first row takes the higher port for the client's; then a SYN tells otherwise. */
static void a_row_that_was_wrong_is_taken_back_and_said_again(void **state)
{
    pairing p;

    (void)state;
    pairing_begin(&p, NULL,
                  "sequence reversal client.port uploaded downloaded direction.by records");
    pairing_feed(&p, PAIRING_FIELDS,
                 OUT "1000 1050 ACCEPT 0 egress OK\n" BACK "1000 1050 ACCEPT 0 ingress OK\n");
    pairing_advance(&p, 2800);
    pairing_feed(&p, PAIRING_FIELDS, OUT "940 990 ACCEPT 2 egress OK\n");
    pairing_advance(&p, FLOWENRICH_TIME_END);
    assert_string_equal(pairing_rows(&p), "0 n 50003 50 500 port-class 2\n"
                                          "1 y 50003 50 500 port-class 0\n"
                                          "2 n 40000 1000 50 syn 1\n");
    assert_int_equal(pairing_stat(&p, "reversals"), 1);
    pairing_end(&p);
}

static void rows_that_are_due_are_taken_first(void **state)
{
    flowenrich_batch *records =
        enriching_parse(PAIRING_FIELDS OUT "1000 1050 ACCEPT 2 egress OK\n");
    flowenrich_pairer *pairer;
    flowenrich_batch *rows;
    flowenrich_error error;

    (void)state;
    flowenrich_batch_new(&rows, 4, NULL, NULL);
    assert_int_equal(flowenrich_pairer_new(&pairer, NULL, &error), FLOWENRICH_OK);
    assert_int_equal(flowenrich_pairer_take(pairer, rows, &error), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_rows(rows), 0);
    assert_int_equal(flowenrich_pairer_pair(pairer, records, &error), FLOWENRICH_OK);
    assert_int_equal(flowenrich_pairer_advance(pairer, FLOWENRICH_TIME_END, &error), FLOWENRICH_OK);
    assert_int_equal(flowenrich_pairer_pair(pairer, records, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pairer_advance(pairer, 1, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pairer_take(pairer, rows, &error), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_rows(rows), 1);
    assert_non_null(fle_batch_find(rows, FLE_TEXT("meters.bytes")));
    assert_int_equal(flowenrich_pairer_pair(pairer, rows, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pairer_take(pairer, NULL, &error), FLOWENRICH_ERR_ARG);
    flowenrich_pairer_free(pairer);
    flowenrich_batch_free(rows);
    flowenrich_batch_free(records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_was_wrong_is_taken_back_and_said_again),
        cmocka_unit_test(rows_that_are_due_are_taken_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
