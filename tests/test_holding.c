/* SPDX-License-Identifier: Apache-2.0 */
#include "holding.h"

static void an_owner_is_named_as_surely_as_it_was_seen(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.5", FLE_SIGHTED },
        { 1300, A, "10.0.0.5", FLE_SIGHTED }, /* A has it from 1000 to 1300 */
        { 2000, B, "10.0.0.5", FLE_SIGHTED }, /* B at 2000 */
        { 2000, C, "10.0.0.9", FLE_SIGHTED },
    };
    static const struct question questions[] = {
        { 1000, 1300, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1300 },
        { 1100, 1200, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1300 },
        { 1200, 1100, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1300 }, /* a record gone wrong */
        { 2000, 2000, B, FLOWENRICH_SURE_SIGHTED, 0, 2000, 2000 },
        /* before the first and after the last, within the bound */
        { 900, 1000, A, FLOWENRICH_SURE_ASSUMED, 0, 1000, 1300 },
        { 899, 1000, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1000, 1300 },
        { 2050, 2100, B, FLOWENRICH_SURE_ASSUMED, 0, 2000, 2000 },
        { 2000, 2101, B, 0, FLE_REASON_NOT_OBSERVED_THEN, 2000, 2000 },
        { 1, 2, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1000, 1300 },
        /* anything that touches the gap between two owners */
        { 1299, 1301, B, 0, FLE_REASON_OWNER_CHANGED, 2000, 2000 },
        { 1301, 1302, B, 0, FLE_REASON_OWNER_CHANGED, 2000, 2000 },
        { 1999, 2000, B, 0, FLE_REASON_OWNER_CHANGED, 2000, 2000 },
        { 1000, 2000, B, 0, FLE_REASON_OWNER_CHANGED, 2000, 2000 },
        { 0, 5000, B, 0, FLE_REASON_OWNER_CHANGED, 2000, 2000 },
        { ANY, ANY, B, 0, FLE_REASON_OWNER_CHANGED, 2000, 2000 },
        /* times that would overflow */
        { INT64_MIN + 1, 1000, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1000, 1300 },
        { 2000, INT64_MAX, B, 0, FLE_REASON_NOT_OBSERVED_THEN, 2000, 2000 },
    };
    static const struct question of_one[] = {
        { ANY, ANY, C, FLOWENRICH_SURE_ASSUMED, 0, 2000, 2000 },
        { 2000, ANY, C, FLOWENRICH_SURE_ASSUMED, 0, 2000, 2000 },
    };
    static const struct question of_none[] = {
        { 1000, 1000, FLE_NOBODY, 0, FLE_REASON_NOT_IN_INVENTORY, ANY, ANY },
    };

    holding_build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        holding_check(*state, "10.0.0.5", &questions[i]);
    for (size_t i = 0; i < sizeof of_one / sizeof *of_one; i++)
        holding_check(*state, "10.0.0.9", &of_one[i]);
    holding_check(*state, "10.0.0.6", &of_none[0]);
}

static void an_interface_may_have_had_it_where_nothing_says_otherwise(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.1", FLE_SIGHTED },
        { 2000, B, "10.0.0.1", FLE_SIGHTED },
        { 3000, B, "10.0.0.1", LEAVES },
        { 4000, A, "10.0.0.1", COMES },
    };
    static const struct {
        uint32_t interface;
        flowenrich_time from, until;
        bool may;
    } cases[] = {
        { A, 0, 10, true },     { A, 1900, 1990, true }, { A, 2000, 2100, false },
        { A, 3900, 4000, false }, { A, 3990, 4010, true }, { A, 9000, 9010, true },
        { B, 0, 10, false },    { B, 900, 1000, false }, { B, 1001, 1100, true },
        { B, 3050, 3100, true }, { B, 3060, 3100, false }, { B, ANY, ANY, true },
        { C, 1000, 4000, false },
    };
    struct holding *x = *state;
    fle_address address;
    const fle_sought sought = { .space = SPACE, .address = &address };

    holding_build(x, seen, sizeof seen / sizeof *seen);
    assert_true(fle_address_parse("10.0.0.1", 8, &address));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_lasting had;

        if (fle_holders_may_have(&x->holders, &sought, cases[i].interface, cases[i].from,
                                 cases[i].until, &had) != cases[i].may)
            fail_msg("case %zu", i);
        /* What is told of other times holds of them. */
        for (size_t k = 0; cases[i].may && k < sizeof cases / sizeof *cases; k++)
            if (cases[k].interface == cases[i].interface && !cases[k].may &&
                fle_lasting_touches(&had, cases[k].from, cases[k].until))
                fail_msg("case %zu, by case %zu", k, i);
    }
}

static void what_an_interface_got_back_was_gone_meanwhile(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.1", FLE_SIGHTED }, { 2000, A, "10.0.0.1", LEAVES },
        { 2100, B, "10.0.0.1", COMES },       { 2900, B, "10.0.0.1", LEAVES },
        { 3000, A, "10.0.0.1", COMES },
    };
    static const struct {
        uint32_t interface;
        flowenrich_time from, until;
        bool got_back;
    } cases[] = {
        { A, 1000, 1999, false }, /* all the time it had it */
        { A, 1900, 2000, true },  { A, 2500, 2600, true }, { A, 1000, 9000, true },
        { A, 3060, 3100, true },
        { A, 3061, 3100, false }, /* settled */
        { B, 1000, 9000, false }, /* never came back */
        { C, 1000, 9000, false },
    };
    struct holding *x = *state;
    fle_address address;

    holding_build(x, seen, sizeof seen / sizeof *seen);
    assert_true(fle_address_parse("10.0.0.1", 8, &address));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_holders_get_back(&x->holders, SPACE, &address, cases[i].interface, cases[i].from,
                                 cases[i].until) != cases[i].got_back)
            fail_msg("case %zu", i);
}

static void a_prefix_answers_for_the_addresses_in_it(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.64/28", FLE_SIGHTED },  { 1100, A, "10.0.0.64/28", FLE_SIGHTED },
        { 1000, A, "2001:db8::/80", FLE_SIGHTED },
        { 500, B, "10.0.0.70", FLE_SIGHTED }, /* once was an address of B's */
        { 1050, C, "10.0.0.71", FLE_SIGHTED }, /* contradicts, so no run passes it */
        { 1200, C, "10.0.0.72", FLE_SIGHTED },
    };
    static const struct {
        const char *address;
        struct question question;
    } cases[] = {
        { "10.0.0.64", { 1000, 1100, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1100 } },
        { "10.0.0.79", { 1150, 1150, A, FLOWENRICH_SURE_ASSUMED, 0, 1000, 1100 } },
        { "10.0.0.80", { 1000, 1100, FLE_NOBODY, 0, FLE_REASON_NOT_IN_INVENTORY, ANY, ANY } },
        { "10.0.0.63", { 1000, 1100, FLE_NOBODY, 0, FLE_REASON_NOT_IN_INVENTORY, ANY, ANY } },
        { "2001:db8::1:2:3", { 1000, 1000, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1000 } },
        { "10.0.0.70", { 1000, 1100, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1100 } },
        { "10.0.0.70", { 500, 500, B, FLOWENRICH_SURE_SIGHTED, 0, 500, 500 } },
        { "10.0.0.71", { 1050, 1050, A, 0, FLE_REASON_OWNER_CHANGED, 1050, 1050 } },
        { "10.0.0.71", { 1060, 1070, A, 0, FLE_REASON_OWNER_CHANGED, 1050, 1050 } },
        { "10.0.0.72", { 1150, 1160, A, 0, FLE_REASON_OWNER_CHANGED, 1200, 1200 } },
    };
    struct holding *x = *state;
    fle_address address;
    const fle_sought sought = { .space = SPACE, .address = &address };
    const fle_sought elsewhere = { .space = SPACE + 1, .address = &address };

    holding_build(x, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        holding_check(x, cases[i].address, &cases[i].question);
    assert_true(fle_address_parse("10.0.0.70", 9, &address));
    assert_true(fle_holders_has(&x->holders, &sought, FLE_NOBODY));
    assert_true(fle_holders_has(&x->holders, &sought, A)); /* by its prefix */
    assert_true(fle_holders_has(&x->holders, &sought, B));
    assert_false(fle_holders_has(&x->holders, &sought, C));
    assert_false(fle_holders_has(&x->holders, &elsewhere, FLE_NOBODY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_owner_is_named_as_surely_as_it_was_seen, holding_set_up,
                                        holding_tear_down),
        cmocka_unit_test_setup_teardown(an_interface_may_have_had_it_where_nothing_says_otherwise,
                                        holding_set_up, holding_tear_down),
        cmocka_unit_test_setup_teardown(what_an_interface_got_back_was_gone_meanwhile,
                                        holding_set_up, holding_tear_down),
        cmocka_unit_test_setup_teardown(a_prefix_answers_for_the_addresses_in_it, holding_set_up,
                                        holding_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
