/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/fate.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

#define C_OUT "eni-c vpc-1 10.0.0.5 10.0.0.9 40000 443 10.0.0.5 10.0.0.9 6 5 500 1000 1050 "
#define S_IN "eni-s vpc-1 10.0.0.5 10.0.0.9 40000 443 10.0.0.5 10.0.0.9 6 5 500 1000 1050 "
#define S_FEWER "eni-s vpc-1 10.0.0.5 10.0.0.9 40000 443 10.0.0.5 10.0.0.9 6 3 300 1000 1050 "
#define S_OUT "eni-s vpc-1 10.0.0.9 10.0.0.5 443 40000 10.0.0.9 10.0.0.5 6 4 400 1000 1050 "

static void rows_say_what_became_of_a_conversation(void **state)
{
    static const pairing_case cases[] = {
        { "verdict refused_by", C_OUT "ACCEPT 2 egress OK\n" S_IN "REJECT 2 ingress OK\n",
          "denied server\n" },
        { "verdict refused_by", C_OUT "REJECT 2 egress OK\n", "denied client\n" },
        /* the client's own rules refuse the answer */
        { "verdict refused_by", C_OUT "ACCEPT 2 egress OK\n" S_OUT "REJECT 18 egress OK\n",
          "denied server\n" },
        /* after the close packets are refused, which denies nothing */
        { "verdict refused_by", C_OUT "ACCEPT 2 egress OK\n" S_IN "REJECT 1 ingress OK\n",
          "accepted \n" },
        { "verdict refused_by", C_OUT "REJECT 1 egress OK\n", "late_or_untracked \n" },
        { "marks", C_OUT "ACCEPT 2 egress OK\n" S_FEWER "ACCEPT 2 ingress OK\n",
          "meter_mismatch\n" },
        { "marks protocol client.port",
          "eni-1 vpc-1 10.0.0.5 10.0.0.9 0 0 10.0.0.5 10.0.0.9 47 5 5 1000 1050 ACCEPT - egress "
          "OK\n",
          "encapsulates 47 \n" },
        { "marks",
          "eni-1 vpc-1 10.0.0.5 10.0.0.9 5 4789 10.0.0.5 10.0.0.9 17 5 5 1000 1050 ACCEPT - egress "
          "OK\n",
          "encapsulates\n" },
        /* of the time for which the observer lost records, however they come */
        { "marks",
          C_OUT "ACCEPT 2 egress OK\neni-c vpc-1 - - - - - - - - - 1040 1100 - - - SKIPDATA\n",
          "incomplete\n" },
        { "marks",
          C_OUT "ACCEPT 2 egress OK\neni-c vpc-1 - - - - - - - - - 1060 1100 - - - SKIPDATA\n",
          "\n" },
    };

    (void)state;
    pairing_cases(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_what_became_of_a_conversation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
