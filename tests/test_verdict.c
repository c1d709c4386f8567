/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/verdict.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/verdict.h"

static fle_listening listening;
static fle_allocator allocator;

static int set_up(void **state)
{
    (void)state;
    fle_allocator_init(&allocator, NULL);
    return fle_listening_init(&listening, &allocator, 1 << 16) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    fle_listening_free(&listening);
    return 0;
}

static void the_surest_rule_that_decides_names_the_client(void **state)
{
    /* Low is port 40001, high is 40002 unless it says otherwise. */
    static const struct {
        uint8_t sent_low, sent_high, seen;
        uint16_t high_port;
        fle_pole client;
        fle_rule rule;
    } cases[] = {
        { 2, 0, 1, 40002, FLE_LOW, FLE_RULE_SYN },
        { 0, 18, 2, 40002, FLE_LOW, FLE_RULE_SYN },
        { 3, 19, 3, 22, FLE_LOW, FLE_RULE_SYN },
        { 18, 0, 1, 40002, FLE_HIGH, FLE_RULE_SYN },       /* one way, but it was an answer */
        { 2, 2, 3, 22, FLE_LOW, FLE_RULE_PORT_NAME },      /* both claim it */
        { 0, 0, 1, 40002, FLE_LOW, FLE_RULE_ONE_WAY },     /* only low was heard */
        { 0, 0, 2, 443, FLE_LOW, FLE_RULE_PORT_NAME },     /* a server's late packet */
        { 0, 0, 4 | 8 | 1, 40002, FLE_HIGH, FLE_RULE_LOWER_PORT }, /* both were refused */
        { 0, 0, 4 | 16, 40002, FLE_LOW, FLE_RULE_ONE_WAY },
        { 0, 0, 1 | 8, 40002, FLE_LOW, FLE_RULE_REJECTED }, /* the answer was refused */
        { 0, 0, 3, 443, FLE_LOW, FLE_RULE_PORT_NAME },
        { 0, 0, 3, 40001, FLE_LOW, FLE_RULE_NONE },
    };
    const fle_listeners none = { .n = 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_jury jury = { .listening = &listening,
                                .configured = &none,
                                .denied = { cases[i].seen & 4, cases[i].seen & 8 } };
        const fle_conversation c = {
            .key = { .port = { 40001, cases[i].high_port }, .protocol = 6, .has_ports = 1 },
            .sent = { cases[i].sent_low, cases[i].sent_high },
            .seen = cases[i].seen,
            .end = 1000
        };
        const fle_verdict found = fle_verdict_find(&c, &jury);

        if (found.client != cases[i].client || found.rule != cases[i].rule)
            fail_msg("case %zu: %d by %s", i, found.client, fle_rule_names[found.rule].data);
    }
}

static void what_was_told_stands_until_somebody_is_surer(void **state)
{
    const fle_listeners none = { .n = 0 };
    const fle_jury jury = { .listening = &listening, .configured = &none };
    fle_conversation c = { .key = { .port = { 40001, 443 }, .protocol = 6, .has_ports = 1 },
                           .seen = 3,
                           .end = 1000 };
    fle_verdict verdict;

    (void)state;
    assert_false(fle_verdict_told(&c, &verdict));
    fle_verdict_tell(&c, (fle_verdict){ FLE_HIGH, FLE_RULE_LISTENER });
    assert_int_equal(fle_verdict_next(&c, &jury).client, FLE_HIGH);
    fle_listening_answer(&listening, &c, FLE_HIGH, 900);
    verdict = fle_verdict_next(&c, &jury);
    assert_int_equal(verdict.client, FLE_LOW);
    assert_int_equal(verdict.rule, FLE_RULE_LEARNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_surest_rule_that_decides_names_the_client, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_told_stands_until_somebody_is_surer, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
