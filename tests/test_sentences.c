/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the sentences of explanations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/sentences.h"

#include "enriching.h"

static const fle_listeners none = { .n = 0 };

static void every_answer_has_a_meaning_and_a_remedy(void **state)
{
    const fle_address private_address = enriching_address("10.0.0.1");
    const fle_address public_address = enriching_address("8.8.8.8");
    fle_facts facts = enriching_facts();
    flowenrich_answer answer;

    (void)state;
    memset(&answer, 0, sizeof answer);
    facts.answer[FLE_SRC] = &answer;
    for (fle_reason reason = FLE_REASON_NOT_IN_INVENTORY; reason < FLE_REASON_COUNT; reason++) {
        answer.reason = reason;
        facts.wire[FLE_SRC] = &private_address;
        assert_non_null(fle_reason_meaning(&facts, FLE_SRC));
        assert_non_null(fle_reason_remedy(&facts, FLE_SRC));
    }
    answer.reason = FLE_REASON_NOT_IN_INVENTORY;
    facts.wire[FLE_SRC] = &public_address;
    assert_non_null(strstr(fle_reason_meaning(&facts, FLE_SRC), "public address"));
    for (fle_by by = FLE_BY_NEXT_HOP; by < FLE_BY_COUNT; by++) {
        answer.by = by;
        assert_non_null(fle_by_meaning(by));
        for (answer.sure = FLOWENRICH_SURE_ASSUMED; answer.sure <= FLOWENRICH_SURE_EXACT;
             answer.sure++)
            assert_non_null(fle_sure_meaning(&answer));
    }
    for (fle_scope scope = FLE_SCOPE_AWS_SERVICE; scope < FLE_N_SCOPES; scope++)
        assert_non_null(fle_scope_meaning(scope));
    assert_non_null(fle_route_meaning(FLE_ROUTE_BY_ADDRESSES));
}

static void rules_say_what_they_lacked_and_why_they_decided(void **state)
{
    static const struct {
        uint32_t src_port, dst_port, protocol, flags;
        bool rejected;
        fle_rule rule;
        const char *lacks, *says;
    } cases[] = {
        { 1, 2, 17, FLE_ABSENT, false, FLE_RULE_SYN, "only TCP has flags", NULL },
        { 1, 2, 6, FLE_ABSENT, false, FLE_RULE_SYN, "the record has no tcp-flags", NULL },
        { 1, 2, 6, 18, false, FLE_RULE_SYN, NULL,
          "its tcp-flags (18) hold SYN and ACK: the source answered" },
        { 1, 2, 6, 2, false, FLE_RULE_SYN, NULL,
          "its tcp-flags (2) hold SYN and no ACK: the source asked" },
        { 1, 2, 6, 0, false, FLE_RULE_REJECTED, "it wasn't rejected", NULL },
        { 443, 51000, 6, 0, true, FLE_RULE_REJECTED,
          "it was rejected, but its source answered from a server's port", NULL },
        { 1, 2, 6, 0, false, FLE_RULE_LISTENER, "neither is a known listener", NULL },
        { 50001, 443, 6, 0, false, FLE_RULE_PORT_NAME, NULL,
          "port 443 is https, and 50001 has no name" },
        { 22, 443, 6, 0, false, FLE_RULE_PORT_NAME, "both ports have a server's name", NULL },
        { 50001, 50002, 6, 0, false, FLE_RULE_PORT_NAME, "neither port has a server's name", NULL },
        { FLE_ABSENT, FLE_ABSENT, 1, 0, false, FLE_RULE_PORT_NAME, "there are no ports", NULL },
        { 50001, 50002, 6, 0, false, FLE_RULE_PORT_CLASS, "both ports are of one class", NULL },
        { 50001, 999, 6, 0, false, FLE_RULE_PORT_CLASS, NULL,
          "50001 is among the ports that clients take, 999 isn't" },
        { 50002, 50001, 6, 0, false, FLE_RULE_LOWER_PORT, NULL,
          "50001 is the lower port, which more often is the server's" },
        { 5, 5, 6, 0, false, FLE_RULE_LOWER_PORT, "the ports are equal", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_parties parties = { .flags = FLE_ABSENT };
        char text[FLE_WRAP_LONGEST];
        const char *wanted = cases[i].lacks ? cases[i].lacks : cases[i].says;

        parties.port[FLE_SRC] = cases[i].src_port;
        parties.port[FLE_DST] = cases[i].dst_port;
        parties.protocol = cases[i].protocol;
        parties.flags = cases[i].flags;
        parties.rejected = cases[i].rejected;
        if (cases[i].lacks)
            fle_rule_lacks(&parties, &none, cases[i].rule, text);
        else
            fle_rule_says(&parties, &none, cases[i].rule, FLE_SRC, text);
        if (strcmp(text, wanted) != 0)
            fail_msg("'%s', and not '%s'", text, wanted);
    }
}

static void a_listener_is_called_by_its_name(void **state)
{
    fle_parties parties = { .flags = FLE_ABSENT };
    char text[FLE_WRAP_LONGEST];

    (void)state;
    parties.protocol = 6;
    parties.port[FLE_SRC] = 41000;
    parties.port[FLE_DST] = 5432;
    parties.type[FLE_DST] = FLE_TEXT("rds:db");
    fle_rule_says(&parties, &none, FLE_RULE_LISTENER, FLE_SRC, text);
    assert_string_equal(text, "the other end is a known listener on port 5432 (postgresql)");
    parties.port[FLE_DST] = 1;
    parties.type[FLE_SRC] = FLE_TEXT("ec2:nat-gateway");
    fle_rule_says(&parties, &none, FLE_RULE_LISTENER, FLE_SRC, text);
    assert_string_equal(text, "it is a NAT gateway, which is never a server");
    parties.type[FLE_SRC] = FLE_TEXT("elb:application");
    fle_rule_says(&parties, &none, FLE_RULE_LISTENER, FLE_SRC, text);
    assert_string_equal(text, "it is a load balancer, on a port that no server is known by");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_has_a_meaning_and_a_remedy),
        cmocka_unit_test(rules_say_what_they_lacked_and_why_they_decided),
        cmocka_unit_test(a_listener_is_called_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
