/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/noting.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

static void rows_without_what_pairing_needs_are_counted(void **state)
{
    pairing p;

    (void)state;
    pairing_begin(&p, NULL, "records observer start");
    pairing_feed(&p, "interface-id srcaddr dstaddr start end log-status\n",
                 "eni-1 10.0.0.1 - 1000 1050 OK\neni-1 10.0.0.1 10.0.0.2 99999999999 - OK\n"
                 "eni-1 - - 1000 1050 NODATA\neni-1 10.0.0.1 10.0.0.2 - - OK\n");
    pairing_advance(&p, FLOWENRICH_TIME_END);
    assert_string_equal(pairing_rows(&p), "1 eni-1 \n");
    assert_int_equal(pairing_stat(&p, "records"), 1);
    assert_int_equal(pairing_stat(&p, "records_without_address"), 1);
    assert_int_equal(pairing_stat(&p, "records_without_time"), 1);
    pairing_end(&p);
}

static void the_observer_is_an_interface_a_resource_in_its_zone_or_an_attachment(void **state)
{
    static const struct {
        const char *fields, *record, *rows;
    } cases[] = {
        { "interface-id srcaddr dstaddr\n", "eni-1 10.0.0.1 10.0.0.2\n", "eni-1  \n" },
        { "resource-id az-id srcaddr dstaddr\n", "nat-1 use1-az1 10.0.0.1 10.0.0.2\n",
          "nat-1/use1-az1  \n" },
        { "resource-id srcaddr dstaddr\n", "nat-1 10.0.0.1 10.0.0.2\n", "nat-1  \n" },
        { "tgw-id tgw-attachment-id srcaddr dstaddr\n", "tgw-1 att-1 10.0.0.1 10.0.0.2\n",
          "att-1 att-1 \n" },
        { "srcaddr dstaddr traffic-path next-hop-interface-id flow-direction interface-id\n",
          "10.0.0.1 10.0.0.2 8 eni-9 egress eni-1\n", "eni-1  8\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pairing p;

        pairing_begin(&p, NULL, "observer tgw traffic_path");
        pairing_whole(&p, i, cases[i].fields, cases[i].record, cases[i].rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_what_pairing_needs_are_counted),
        cmocka_unit_test(the_observer_is_an_interface_a_resource_in_its_zone_or_an_attachment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
