/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "calling.h"
#include "catalog/snapshot.h"

/* What is told of one thing changes what others are: those are found, and nothing else is made. */
static void what_follows_from_a_change_is_told(void **state)
{
    static const struct {
        const char *call, *request, *response, *address, *is;
        bool whole;
    } cases[] = {
        /* who had the address before may have it no longer */
        { "AssignPrivateIpAddresses",
          "'networkInterfaceId': 'eni-2', 'privateIpAddressesSet': {'item': [{'privateIpAddress': "
          "'10.0.0.5'}]}",
          "", "10.0.0.5", "owner_changed eni-2", false },
        /* an instance that ends takes its interfaces with it, and their addresses */
        { "TerminateInstances", INSTANCES("i-1"), "", "10.0.0.5", "owner_changed eni-1", false },
        /* an elastic address by its instance, whose first interface has it */
        { "AssociateAddress", "'publicIp': '192.0.2.7', 'instanceId': 'i-1'",
          "'associationId': 'eipassoc-1'", "192.0.2.7", "eni-1 public-address sighted", false },
        /* of an interface that a flow log is of, where that is shows only now */
        { "CreateNetworkInterface", "", CREATED("eni-3", "10.0.0.8"), "10.0.0.8",
          "eni-3 address sighted", true },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        call(&c, NOON, "RunInstances", "", LAUNCHED);
        call(&c, NOON, "CreateNetworkInterface", "", CREATED("eni-2", "10.0.0.6"));
        assert_int_equal(cataloging_load(&c,
                                         "{'FlowLogs': [{'FlowLogId': 'fl-1', 'ResourceId': "
                                         "'eni-3', 'TrafficType': 'ALL'}]}",
                                         NOON),
                         FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        call(&c, NOON + 1000, cases[i].call, cases[i].request, cases[i].response);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if ((c.snapshot->whole == NULL) != cases[i].whole)
            fail_msg("%s: %s", cases[i].call, cases[i].whole ? "a version" : "whole");
        check_owner(&c, "vpc-1", cases[i].address, NOON + 1000 + (i < 2 ? 10 : 60), NOON + 1060,
                    cases[i].is);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_follows_from_a_change_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
