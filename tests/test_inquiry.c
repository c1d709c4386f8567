/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what is asked about an end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/inquiry.h"
#include "enriching.h"

static const char header[] = "interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr "
                             "next-hop-interface-id next-hop-interface-type start end log-status\n";

static fle_inquiry form(const char *values, fle_side side, flowenrich_batch **batch)
{
    fle_context context = { .slack = 60 };
    char log[512];
    fle_facts facts;
    fle_inquiry inquiry;

    snprintf(log, sizeof log, "%s%s 100 200 OK\n", header, values);
    *batch = context.batch = enriching_parse(log);
    assert_true(fle_observers_add(*batch));
    fle_context_open(&context);
    fle_facts_read(&facts, &context, 0);
    fle_inquiry_form(&inquiry, &context, &facts, side, 0);
    return inquiry;
}

static void what_is_asked_depends_on_what_the_record_knows(void **state)
{
    static const struct {
        const char *values;
        fle_side side;
        fle_ask ask;
        const char *id;
    } cases[] = {
        { "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 - - -", FLE_SRC, FLE_ASK_OWN, "eni-1" },
        { "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 - - -", FLE_DST, FLE_ASK_ADDRESS, "" },
        { "eni-1 vpc-1 - 10.0.0.1 10.0.0.2 - - -", FLE_SRC, FLE_ASK_ADDRESS, "" },
        { "- vpc-1 egress 10.0.0.1 10.0.0.2 - - -", FLE_SRC, FLE_ASK_ADDRESS, "" },
        { "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 10.0.0.9 - -", FLE_SRC, FLE_ASK_ADDRESS, "" },
        { "eni-1 vpc-1 egress - 10.0.0.2 - - -", FLE_SRC, FLE_ASK_NOBODY, "" },
        { "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 - eni-2 -", FLE_DST, FLE_ASK_NEXT_HOP, "eni-2" },
        { "eni-1 vpc-1 ingress 10.0.0.1 10.0.0.2 - eni-2 -", FLE_SRC, FLE_ASK_NEXT_HOP, "eni-2" },
        { "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 - eni-2 nat_gateway", FLE_DST, FLE_ASK_ADDRESS,
          "" },
        { "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 - eni-2 vpc_endpoint", FLE_DST, FLE_ASK_NEXT_HOP,
          "eni-2" },
        /* whoever has a public address is behind a gateway, so the next hop isn't he */
        { "eni-1 vpc-1 egress 10.0.0.1 8.8.8.8 - eni-2 -", FLE_DST, FLE_ASK_ADDRESS, "" },
        { "eni-1 vpc-1 egress 10.0.0.1 2600::1 - eni-2 -", FLE_DST, FLE_ASK_NEXT_HOP, "eni-2" },
        { "eni-1 vpc-1 - 10.0.0.1 10.0.0.2 - eni-2 -", FLE_DST, FLE_ASK_ADDRESS, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch;
        const fle_inquiry inquiry = form(cases[i].values, cases[i].side, &batch);

        if (inquiry.ask != cases[i].ask || !fle_text_is(inquiry.key.id, cases[i].id))
            fail_msg("%s: %d %.*s", cases[i].values, inquiry.ask, (int)inquiry.key.id.len,
                     inquiry.key.id.data);
        flowenrich_batch_free(batch);
    }
}

static void a_key_carries_space_time_and_observer(void **state)
{
    flowenrich_batch *batch;
    const fle_inquiry inquiry = form("eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 - - -", FLE_DST, &batch);
    fle_address address;

    (void)state;
    fle_inquiry_address(&inquiry, &address);
    assert_int_equal(inquiry.key.size, sizeof inquiry.key);
    assert_int_equal(inquiry.key.kind, FLOWENRICH_KEY_ADDRESS);
    assert_memory_equal(&address, fle_column_address(fle_batch_field(batch, FLE_FIELD_DSTADDR), 0),
                        sizeof address);
    assert_true(fle_text_is(inquiry.key.observer, "eni-1"));
    assert_true(fle_text_is(inquiry.key.vpc, "vpc-1"));
    assert_int_equal(inquiry.key.from, 40);
    assert_int_equal(inquiry.key.until, 260);
    flowenrich_batch_free(batch);
}

/* The number of what is asked about the destination of a row. */
static uint32_t add(fle_inquiries *inquiries, const fle_context *context, size_t row)
{
    fle_facts facts;
    fle_inquiry inquiry;

    fle_facts_read(&facts, context, row);
    fle_inquiry_form(&inquiry, context, &facts, FLE_DST, row);
    fle_inquiry_look_up(&inquiry, context);
    return fle_inquiries_add(inquiries, context, &inquiry);
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
    flowenrich_batch *batch = enriching_parse(log);
    fle_allocator allocator;
    fle_inquiries inquiries;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_observers_add(batch));
    assert_true(fle_inquiries_init(&inquiries, &allocator, 1));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_context context = { .batch = batch,
                                .slack = 60,
                                .has_resolvers = cases[i].has_resolvers };

        fle_context_open(&context);
        fle_inquiries_clear(&inquiries);
        for (size_t row = 0; row < batch->rows; row++) {
            const uint32_t number = add(&inquiries, &context, row);

            if (number != cases[i].numbers[row])
                fail_msg("case %zu, row %zu: %u", i, row, (unsigned)number);
        }
    }
    fle_inquiries_free(&inquiries);
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_depends_on_what_the_record_knows),
        cmocka_unit_test(a_key_carries_space_time_and_observer),
        cmocka_unit_test(only_what_has_the_same_answer_shares_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
