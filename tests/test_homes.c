/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/homes.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

static const char inventory[] =
    "{\"NetworkInterfaces\":["
    "{\"NetworkInterfaceId\":\"eni-a\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.5\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.5\",\"Association\":{\"PublicIp\":"
    "\"54.0.0.5\"}},{\"PrivateIpAddress\":\"10.0.0.77\"}]},"
    "{\"NetworkInterfaceId\":\"eni-b\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.9\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.9\",\"Association\":{\"PublicIp\":"
    "\"54.0.0.9\"}}]}]}";

#define TIME "6 5 500 1772452800 1772452850 ACCEPT 2 "

static void ours_are_known_by_public_and_by_secondary_addresses(void **state)
{
    static const struct {
        const char *fields, *log, *rows;
    } cases[] = {
        /* both by public addresses */
        { PAIRING_FIELDS,
          "eni-a vpc-1 10.0.0.5 54.0.0.9 4000 443 10.0.0.5 54.0.0.9 " TIME "egress OK\n"
          "eni-b vpc-1 54.0.0.5 10.0.0.9 4000 443 54.0.0.5 10.0.0.9 " TIME "ingress OK\n",
          "2 10.0.0.5 54.0.0.5 10.0.0.9 54.0.0.9\n" },
        /* nobody of ours */
        { PAIRING_FIELDS,
          "eni-a vpc-1 10.0.0.5 8.8.8.8 4000 443 10.0.0.5 8.8.8.8 " TIME "egress OK\n",
          "1 10.0.0.5  8.8.8.8 \n" },
        /* a secondary address, in a log that has the primary one for it */
        { "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
          "tcp-flags\n",
          "eni-a 10.0.0.5 10.0.0.9 4000 443 6 5 500 1772452800 1772452850 ACCEPT 2\n"
          "eni-b 10.0.0.77 10.0.0.9 4000 443 6 5 500 1772452800 1772452850 ACCEPT 2\n",
          "2 10.0.0.77  10.0.0.9 \n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_snapshot *snapshot = enriching_inventory(inventory);
        pairing p;

        pairing_begin(&p, NULL, "records client.addr client.public server.addr server.public");
        assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
        flowenrich_snapshot_free(snapshot);
        pairing_whole(&p, i, cases[i].fields, cases[i].log, cases[i].rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_are_known_by_public_and_by_secondary_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
