/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/course.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

/* A client and a server, with two that forward between them. */
#define UP "10.1.0.5 10.2.0.9 40000 443 10.1.0.5 10.2.0.9 6 5 500 1000 1050 ACCEPT 2 "
#define UP_IN "10.1.0.5 10.1.9.9 40000 443 10.1.0.5 10.2.0.9 6 5 500 1000 1050 ACCEPT 2 "
#define UP_OUT "10.2.9.9 10.2.0.9 40000 443 10.1.0.5 10.2.0.9 6 5 500 1000 1050 ACCEPT 2 "
#define DOWN_IN "10.2.0.9 10.2.9.9 443 40000 10.2.0.9 10.1.0.5 6 5 500 1000 1050 ACCEPT 18 "

static void observers_are_put_in_the_order_of_the_way(void **state)
{
    static const pairing_case cases[] = {
        /* whoever takes in what is another's passes it on */
        { "client.observer server.observer hops.observer hops.direction observers",
          "eni-2 vpc-1 " UP_IN "ingress OK\neni-3 vpc-1 " UP_OUT "egress OK\n"
          "eni-1 vpc-1 " UP "egress OK\neni-4 vpc-1 " UP "ingress OK\n"
          "eni-3 vpc-1 " DOWN_IN "ingress OK\n",
          "eni-1 eni-4 eni-2,eni-3 up,both eni-1,eni-2,eni-3,eni-4\n" },
        /* whoever logs packets as they come in and as they go out is neither end */
        { "client.observer server.observer hops.observer",
          "eni-2 vpc-1 " UP "ingress OK\neni-2 vpc-1 " UP "egress OK\n", "  eni-2\n" },
        /* two that log an end as their own */
        { "client.observer client.contested hops.observer",
          "eni-1 vpc-1 " UP "egress OK\neni-9 vpc-1 " UP "egress OK\n", " y \n" },
        /* no direction and no inventory: nobody knows which end the observer is */
        { "client.observer server.observer hops.observer observer", "eni-1 vpc-1 " UP "- OK\n",
          "   eni-1\n" },
        /* a gateway's own log says nothing of who is where */
        { "nat hops.observer client.observer",
          "nat-1 vpc-1 10.1.0.5 8.8.8.8 40000 443 10.1.0.5 8.8.8.8 6 1 9 1000 1050 ACCEPT 2 "
          "ingress OK\n",
          "inside nat-1 \n" },
        { "nat verdict server.observer",
          "nat-1 vpc-1 8.8.8.8 54.0.0.1 4000 22 8.8.8.8 54.0.0.1 6 1 9 1000 1050 ACCEPT 2 "
          "ingress OK\n",
          "outside dropped_at_nat nat-1\n" },
        { "nat verdict client.observer",
          "nat-1 vpc-1 54.0.0.1 8.8.8.8 4000 443 54.0.0.1 8.8.8.8 6 1 9 1000 1050 ACCEPT 2 "
          "egress OK\n",
          "outside accepted nat-1\n" },
    };

    (void)state;
    pairing_cases(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observers_are_put_in_the_order_of_the_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
