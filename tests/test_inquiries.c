/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of which questions of a batch are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/inquiries.h"
#include "enriching.h"

/* The number of what is asked about the destination of a row. */
static uint32_t add(fle_inquiries *inquiries, const fle_context *context, size_t row)
{
    bool is_open = false;
    fle_facts facts;

    fle_facts_read(&facts, context, row);
    assert_true(fle_inquiries_ask(inquiries, context, &facts, FLE_DST, row, &is_open));
    assert_true(is_open);
    return facts.number[FLE_DST];
}

/* Whatever an answer may depend on makes it another question; times may not, for what is found. */
static void only_what_has_the_same_answer_shares_it(void **state)
{
    static const char log[] =
        "interface-id vpc-id flow-direction srcaddr dstaddr pkt-dst-aws-service az-id "
        "next-hop-interface-id start end log-status\n"
        "eni-1 - egress 10.0.0.1 8.8.8.8 - - - 100 200 OK\n"
        "eni-1 - egress 10.0.0.1 8.8.8.8 - - - 100 200 OK\n"
        "eni-1 - egress 10.0.0.1 8.8.8.8 - - - 101 200 OK\n"
        "eni-1 - egress 10.0.0.1 8.8.4.4 - - - 100 200 OK\n"
        "eni-2 - egress 10.0.0.1 8.8.8.8 - - - 100 200 OK\n"
        "eni-1 vpc-1 egress 10.0.0.1 8.8.8.8 - - - 100 200 OK\n"
        "eni-1 - egress 10.0.0.1 8.8.8.8 S3 - - 100 200 OK\n"
        "eni-1 - egress 10.0.0.1 10.0.0.2 - - - 100 200 OK\n"
        "eni-1 - egress 10.0.0.1 10.0.0.2 - - eni-3 100 200 OK\n"
        "eni-1 - ingress 10.0.0.2 10.0.0.1 - use1-az1 - 100 200 OK\n"
        "eni-1 - ingress 10.0.0.2 10.0.0.1 - use1-az2 - 100 200 OK\n"
        "eni-1 - ingress 10.0.0.2 10.0.0.1 - use1-az1 - 100 300 OK\n"
        "eni-2 - ingress 10.0.0.2 10.0.0.1 - use1-az1 - 100 200 OK\n"
        "eni-1 - egress 10.0.0.1 - - - - 100 200 OK\n";
    static const struct {
        bool has_resolvers;
        uint32_t numbers[14];
    } cases[] = {
        { false, { 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 4, 6, 7 } },
        /* They may look at all of the question. */
        { true, { 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } },
    };
    fle_allocator allocator;
    fle_inquiries inquiries;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_inquiries_init(&inquiries, &allocator, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = enriching_parse(log);
        fle_context context = { .batch = batch,
                                .slack = 60,
                                .has_resolvers = cases[i].has_resolvers };

        assert_true(fle_observers_add(batch));
        fle_context_open(&context);
        assert_true(fle_inquiries_begin(&inquiries, &context, batch->rows));
        for (size_t row = 0; row < batch->rows; row++) {
            const uint32_t number = add(&inquiries, &context, row);

            if (number != cases[i].numbers[row])
                fail_msg("case %zu, row %zu: %u", i, row, (unsigned)number);
        }
        flowenrich_batch_free(batch);
    }
    fle_inquiries_free(&inquiries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_has_the_same_answer_shares_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
