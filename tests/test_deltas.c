/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/deltas.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

static void rows_have_no_more_than_was_logged(void **state)
{
    static const pairing_case cases[] = {
        { "client.rfc1918 server.rfc1918 client.addr",
          "eni-1 vpc-1 10.0.0.5 2600::1 5 443 10.0.0.5 2600::1 6 5 5 1000 1050 ACCEPT 2 egress "
          "OK\n",
          "y  10.0.0.5\n" },
        { "uploaded records",
          "eni-1 vpc-1 10.0.0.5 10.0.0.9 5 443 10.0.0.5 10.0.0.9 6 - - 1000 1050 REJECT 2 egress "
          "OK\n",
          " 1\n" },
    };

    (void)state;
    pairing_cases(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_have_no_more_than_was_logged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
