/* SPDX-License-Identifier: Apache-2.0 */
#include "holding.h"

/* A was listed whole at 1100, without the address: it had lost it, and got it back. */
static void an_owner_seen_without_the_address_did_not_hold_it(void **state)
{
    static const struct seen seen[] = { { 1000, A, "10.0.0.5", FLE_SIGHTED },
                                        { 1200, A, "10.0.0.5", FLE_SIGHTED } };
    static const flowenrich_time times[] = { 940, 1000, 1100, 1200, 1260 };
    static const fle_roll rolls[N_INTERFACES] = { { times, 5 } };
    static const struct question questions[] = {
        { 1000, 1099, A, FLOWENRICH_SURE_ASSUMED, 0, 1000, 1000 },
        { 1101, 1200, A, FLOWENRICH_SURE_ASSUMED, 0, 1200, 1200 },
        { 1050, 1100, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1200, 1200 },
        { 1000, 1200, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1200, 1200 },
        { 941, 1000, A, FLOWENRICH_SURE_ASSUMED, 0, 1000, 1000 },
        { 940, 1000, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1000, 1000 },
        { 1200, 1259, A, FLOWENRICH_SURE_ASSUMED, 0, 1200, 1200 },
        { 1200, 1260, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1200, 1200 },
    };
    struct holding *x = *state;

    x->rolls = rolls;
    holding_build(x, seen, 2);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        holding_check(x, "10.0.0.5", &questions[i]);
}

/* Two pages of one listing, an address that moved in between: nobody can say which way. */
static void two_owners_at_one_time_end_what_is_known(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.5", FLE_SIGHTED },
        { 1100, A, "10.0.0.5", FLE_SIGHTED },
        { 1100, B, "10.0.0.5", FLE_SIGHTED },
        { 1200, B, "10.0.0.5", FLE_SIGHTED },
    };
    static const struct question questions[] = {
        { 1000, 1000, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1000 },
        { 1100, 1100, B, 0, FLE_REASON_OWNER_CHANGED, 1100, 1100 },
        { 1150, 1160, B, FLOWENRICH_SURE_ASSUMED, 0, 1100, 1100 },
        { 1200, 1250, B, FLOWENRICH_SURE_ASSUMED, 0, 1200, 1200 },
    };

    holding_build(*state, seen, 4);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        holding_check(*state, "10.0.0.5", &questions[i]);
}

static void the_order_of_sightings_makes_no_difference(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.5", FLE_SIGHTED },
        { 1100, A, "10.0.0.5", FLE_SIGHTED },
        { 1200, B, "10.0.0.5", FLE_SIGHTED },
        { 1300, A, "10.0.0.5", FLE_SIGHTED },
        { 1300, A, "10.0.0.5", FLE_SIGHTED },
    };
    static const size_t orders[][5] = {
        { 0, 1, 2, 3, 4 }, { 4, 3, 2, 1, 0 }, { 2, 4, 0, 3, 1 }, { 3, 1, 4, 0, 2 }
    };
    static const struct question questions[] = {
        { 1000, 1100, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1100 },
        { 1200, 1200, B, FLOWENRICH_SURE_SIGHTED, 0, 1200, 1200 },
        { 1300, 1310, A, FLOWENRICH_SURE_ASSUMED, 0, 1300, 1300 },
        { 1050, 1150, B, 0, FLE_REASON_OWNER_CHANGED, 1200, 1200 },
    };

    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct seen shuffled[5];

        for (size_t k = 0; k < 5; k++)
            shuffled[k] = seen[orders[i][k]];
        holding_build(*state, shuffled, 5);
        for (size_t k = 0; k < sizeof questions / sizeof *questions; k++)
            holding_check(*state, "10.0.0.5", &questions[k]);
    }
}

#define ENDS FLE_SIGHTED_ENDING

/* An event says only that it was so before, and is otherwise a minute later. */
static void between_two_events_an_owner_is_exact(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.5", COMES },
        { 1500, A, "10.0.0.5", FLE_SIGHTED },
        { 2000, A, "10.0.0.5", LEAVES },
        { 2005, B, "10.0.0.5", COMES },
        { 2500, B, "10.0.0.5", FLE_SIGHTED },
        { 2500, A, "10.0.0.5", ENDS }, /* it has it no longer */
        { 4000, C, "10.0.0.5", COMES },
        { 4100, C, "10.0.0.5", ENDS },
        { 9000, C, "10.0.0.9", LEAVES }, /* so it had it */
        { 9500, C, "10.0.0.9", ENDS },
    };
    static const struct question questions[] = {
        { 1060, 2000, A, FLOWENRICH_SURE_EXACT, 0, 1060, 2000 },
        { 1059, 1100, A, 0, FLE_REASON_OWNER_CHANGED, 1060, 2000 },
        { 900, 999, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1060, 2000 },
        { 1900, 2001, A, 0, FLE_REASON_OWNER_CHANGED, 1060, 2000 },
        { 2001, 2004, A, 0, FLE_REASON_OWNER_CHANGED, 1060, 2000 },
        { 2062, 2064, B, 0, FLE_REASON_OWNER_CHANGED, 2065, 2500 },
        { 2065, 2500, B, FLOWENRICH_SURE_SIGHTED, 0, 2065, 2500 },
        { 2501, 2510, B, FLOWENRICH_SURE_ASSUMED, 0, 2065, 2500 },
        { 3990, 4001, C, 0, FLE_REASON_OWNER_CHANGED, 4060, 4100 },
        { 4060, 4100, C, FLOWENRICH_SURE_EXACT, 0, 4060, 4100 },
        { 4090, 4101, C, 0, FLE_REASON_OWNER_CHANGED, 4060, 4100 },
        { 4160, 4170, C, 0, FLE_REASON_NOT_OBSERVED_THEN, 4060, 4100 },
    };
    static const struct question of_the_other[] = {
        { 8950, 9000, C, FLOWENRICH_SURE_ASSUMED, 0, 9000, 9000 },
        { 9000, 9001, C, 0, FLE_REASON_OWNER_CHANGED, 9000, 9000 },
        { 9060, 9090, C, 0, FLE_REASON_NOT_OBSERVED_THEN, 9000, 9000 },
    };

    holding_build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        holding_check(*state, "10.0.0.5", &questions[i]);
    for (size_t i = 0; i < sizeof of_the_other / sizeof *of_the_other; i++)
        holding_check(*state, "10.0.0.9", &of_the_other[i]);
}

static void what_happens_within_the_slack_is_put_in_order(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.1", FLE_SIGHTED }, /* still seen on A after it was given to B */
        { 1100, B, "10.0.0.1", COMES },
        { 1110, A, "10.0.0.1", FLE_SIGHTED },
        { 1300, B, "10.0.0.1", FLE_SIGHTED },
        { 1000, A, "10.0.0.2", COMES }, /* soon seen where it was given */
        { 1010, A, "10.0.0.2", FLE_SIGHTED },
        { 1300, A, "10.0.0.2", LEAVES },
        { 1310, A, "10.0.0.2", FLE_SIGHTED },
        { 1000, A, "10.0.0.3", COMES }, /* taken and given back: nobody's in between */
        { 1300, A, "10.0.0.3", LEAVES },
        { 1320, A, "10.0.0.3", COMES },
        { 1500, A, "10.0.0.3", LEAVES },
        { 1000, A, "10.0.0.4", COMES }, /* given and taken at once */
        { 1000, A, "10.0.0.4", LEAVES },
        { 1000, A, "10.0.0.5", COMES }, /* the same, a little later */
        { 1020, A, "10.0.0.5", LEAVES },
    };
    static const struct {
        const char *address;
        struct question question;
    } cases[] = {
        { "10.0.0.1", { 1000, 1110, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1110 } },
        { "10.0.0.1", { 1111, 1112, B, 0, FLE_REASON_OWNER_CHANGED, 1160, 1300 } },
        { "10.0.0.1", { 1160, 1300, B, FLOWENRICH_SURE_SIGHTED, 0, 1160, 1300 } },
        { "10.0.0.2", { 1010, 1310, A, FLOWENRICH_SURE_EXACT, 0, 1010, 1310 } },
        { "10.0.0.2", { 1010, 1311, A, 0, FLE_REASON_OWNER_CHANGED, 1010, 1310 } },
        { "10.0.0.3", { 1060, 1300, A, FLOWENRICH_SURE_EXACT, 0, 1060, 1300 } },
        { "10.0.0.3", { 1300, 1380, A, 0, FLE_REASON_OWNER_CHANGED, 1380, 1500 } },
        { "10.0.0.3", { 1380, 1500, A, FLOWENRICH_SURE_EXACT, 0, 1380, 1500 } },
        { "10.0.0.4", { 1001, 1002, A, 0, FLE_REASON_OWNER_CHANGED, 1000, 1000 } },
        { "10.0.0.4", { 1100, 1110, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1000, 1000 } },
        { "10.0.0.5", { 1020, 1020, A, FLOWENRICH_SURE_EXACT, 0, 1020, 1020 } },
        { "10.0.0.5", { 1060, 1070, A, 0, FLE_REASON_OWNER_CHANGED, 1020, 1020 } },
    };

    holding_build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        holding_check(*state, cases[i].address, &cases[i].question);
}

/* Some events never come: what the others tell, then, is that they did happen. */
static void who_was_not_told_of_had_it_some_time_before(void **state)
{
    static const struct seen seen[] = {
        { 1000, A, "10.0.0.1", FLE_SIGHTED }, /* had all to its end, and B got it later */
        { 2000, A, "10.0.0.1", ENDS },
        { 2100, B, "10.0.0.1", COMES },
        { 1000, A, "10.0.0.2", FLE_SIGHTED }, /* may have lost it to B long before its end */
        { 2000, A, "10.0.0.2", ENDS },
        { 3000, B, "10.0.0.2", FLE_SIGHTED },
        { 1000, A, "10.0.0.3", FLE_SIGHTED }, /* the same: B loses it, and had it */
        { 2000, A, "10.0.0.3", ENDS },
        { 3000, B, "10.0.0.3", LEAVES },
        { 1000, A, "10.0.0.4", FLE_SIGHTED }, /* gets it again, so it hadn't */
        { 2000, A, "10.0.0.4", COMES },
        { 2030, A, "10.0.0.4", COMES },
        { 3000, A, "10.0.0.4", FLE_SIGHTED },
    };
    static const struct {
        const char *address;
        struct question question;
    } cases[] = {
        { "10.0.0.1", { 1000, 2000, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 2000 } },
        { "10.0.0.2", { 1000, 1000, A, FLOWENRICH_SURE_SIGHTED, 0, 1000, 1000 } },
        { "10.0.0.2", { 1000, 1001, B, 0, FLE_REASON_OWNER_CHANGED, 3000, 3000 } },
        { "10.0.0.2", { 1900, 2000, B, 0, FLE_REASON_OWNER_CHANGED, 3000, 3000 } },
        { "10.0.0.3", { 1900, 2000, B, 0, FLE_REASON_OWNER_CHANGED, 3000, 3000 } },
        { "10.0.0.4", { 1500, 1600, A, 0, FLE_REASON_NOT_OBSERVED_THEN, 1000, 1000 } },
        { "10.0.0.4", { 2060, 3000, A, FLOWENRICH_SURE_SIGHTED, 0, 2060, 3000 } },
    };

    holding_build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        holding_check(*state, cases[i].address, &cases[i].question);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_owner_seen_without_the_address_did_not_hold_it,
                                        holding_set_up, holding_tear_down),
        cmocka_unit_test_setup_teardown(two_owners_at_one_time_end_what_is_known, holding_set_up,
                                        holding_tear_down),
        cmocka_unit_test_setup_teardown(the_order_of_sightings_makes_no_difference, holding_set_up,
                                        holding_tear_down),
        cmocka_unit_test_setup_teardown(between_two_events_an_owner_is_exact, holding_set_up,
                                        holding_tear_down),
        cmocka_unit_test_setup_teardown(what_happens_within_the_slack_is_put_in_order,
                                        holding_set_up, holding_tear_down),
        cmocka_unit_test_setup_teardown(who_was_not_told_of_had_it_some_time_before, holding_set_up,
                                        holding_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
