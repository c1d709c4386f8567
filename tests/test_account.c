/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of who logged packets of a record's tuple. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/account.h"
#include "enriching.h"
#include "record/testimony.h"

#define HEADER                                                                                     \
    "interface-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "         \
    "protocol packets start end\n"

/* eni-1 at 10.0.0.1 sends to 10.0.0.2, of whom eni-2 is asked. */
#define SENDS "eni-1 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 1 2 17 "
#define RECEIVES "eni-2 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 1 2 17 "
#define ALSO_SENDS "eni-4 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 1 2 17 "
#define ANOTHER "eni-3 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 1 2 17 "
#define SECONDARY "eni-2 ingress 10.0.0.1 10.0.0.7 10.0.0.1 10.0.0.7 1 3 17 1 1000 1060"
#define SIDELESS(who) who " - 10.0.0.1 10.0.0.2 - - 1 2 17 "

/* Of the observer, the witness, colleagues and strangers: the sum of their packets. */
static void those_who_logged_it_are_told_apart(void **state)
{
    static const struct {
        const char *what;
        const char *records[4]; /* the first is asked about */
        unsigned sums[4];
        bool is_disturbed;
    } cases[] = {
        { "both ends", { SENDS "9 1000 1060", RECEIVES "8 1010 1070" }, { 9, 8, 0, 0 }, false },
        { "another who sent it, at the time",
          { SENDS "9 1000 1060", RECEIVES "8 1010 1070", ALSO_SENDS "5 1000 1060" },
          { 9, 8, 5, 0 },
          true },
        { "long before",
          { SENDS "9 1000 1060", RECEIVES "8 1010 1070", ALSO_SENDS "5 800 860" },
          { 9, 8, 5, 0 },
          false },
        { "another who got it, of an address that is eni-2's for all of its life",
          { SENDS "9 1000 1060", RECEIVES "8 1010 1070", ANOTHER "5 1000 1060" },
          { 9, 8, 0, 5 },
          false },
        { "of one that may come and go",
          { SENDS "9 1000 1060", RECEIVES "8 1010 1070", ANOTHER "5 1000 1060", SECONDARY },
          { 9, 8, 0, 5 },
          true },
        { "beyond the mirrors' reach",
          { SENDS "9 5000 5060", RECEIVES "8 1010 1070" },
          { 9, 0, 0, 0 },
          false },
        { "two flow logs, of which one tells the side",
          { SENDS "9 1000 1060", SIDELESS("eni-1") "20 700 1300", SIDELESS("eni-2") "8 700 1300" },
          { 9, 8, 0, 0 },
          false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_context context = { .slack = 60 };
        char log[1024] = HEADER;
        unsigned sums[4] = { 0 };
        fle_allocator allocator;
        fle_mirrors *mirrors;
        fle_witness *w;
        fle_facts facts;
        fle_account a;

        for (size_t k = 0; k < 4 && cases[i].records[k]; k++)
            snprintf(log + strlen(log), sizeof log - strlen(log), "%s\n", cases[i].records[k]);
        context.batch = enriching_parse(log);
        assert_true(fle_allocator_init(&allocator, NULL));
        mirrors = fle_mirrors_new(&allocator, 7, 1 << 20);
        assert_true(fle_testimony_take(mirrors, NULL, context.batch, 0, context.batch->rows));
        context.mirrors = mirrors;
        assert_true(fle_observers_add(context.batch));
        fle_context_open(&context);
        fle_facts_read(&facts, &context, 0);
        assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-2"), &w));
        fle_account_begin(&a, &context, &facts, FLE_DST, w);
        fle_account_gather(&a);
        for (size_t k = 0; k < a.n; k++)
            sums[a.items[k].by] += a.items[k].packets;
        if (memcmp(sums, cases[i].sums, sizeof sums) != 0 ||
            a.is_disturbed != cases[i].is_disturbed)
            fail_msg("%s: %u %u %u %u, %d", cases[i].what, sums[0], sums[1], sums[2], sums[3],
                     a.is_disturbed);
        fle_mirrors_free(mirrors);
        flowenrich_batch_free(context.batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_logged_it_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
