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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_depends_on_what_the_record_knows),
        cmocka_unit_test(a_key_carries_space_time_and_observer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
