/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/holders.h"

#define SPACE 3
#define ASSUME 100
#define ANY FLOWENRICH_TIME_ABSENT

enum { A, B, C, N_INTERFACES };

struct seen {
    flowenrich_time time;
    uint32_t interface;
    const char *cidr;
    fle_sighted sighted;
};

struct fixture {
    fle_allocator allocator;
    fle_arena arena, scratch;
    fle_holders holders;
    const fle_roll *rolls; /* by interface */
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (!x || !fle_allocator_init(&x->allocator, NULL))
        return -1;
    fle_arena_init(&x->arena, &x->allocator);
    fle_arena_init(&x->scratch, &x->allocator);
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;

    fle_arena_free(&x->arena);
    fle_arena_free(&x->scratch);
    free(x);
    return 0;
}

static int compare(uint32_t a, uint32_t b, const void *ctx)
{
    (void)ctx;
    return a < b ? -1 : 1;
}

static void build(struct fixture *x, const struct seen *seen, size_t n)
{
    static const fle_roll none[N_INTERFACES];
    fle_sighting sightings[16];
    fle_holders_input input = { sightings, n, x->rolls ? x->rolls : none, compare, NULL, 60 };

    assert_true(n <= 16);
    for (size_t i = 0; i < n; i++) {
        sightings[i] = (fle_sighting){ seen[i].time,      SPACE,
                                       seen[i].interface, seen[i].interface,
                                       { { { 0 } }, 0 },  (uint8_t)seen[i].sighted };
        assert_true(fle_cidr_parse(seen[i].cidr, strlen(seen[i].cidr), &sightings[i].cidr));
    }
    memset(&x->holders, 0, sizeof x->holders);
    assert_true(fle_holders_build(&x->holders, &input, &x->arena, &x->scratch, 7));
}

/* A question, and what must come out. */
struct question {
    flowenrich_time from, until;
    uint32_t interface; /* named, or else the rival */
    uint32_t sure;      /* 0: none is named */
    fle_reason reason;
    flowenrich_time first, last;
};

static void check(const struct fixture *x, const char *text, const struct question *q)
{
    fle_address address;
    fle_held held;

    assert_true(fle_address_parse(text, strlen(text), &address));
    fle_holders_ask(&x->holders, SPACE, &address, q->from, q->until, ASSUME, &held);
    if (held.sure != q->sure || held.reason != q->reason || held.first != q->first ||
        held.last != q->last || (q->sure ? held.interface : held.rival) != q->interface ||
        (held.interface == FLE_NOBODY) != (q->sure == 0))
        fail_msg(
            "%s in [%lld, %lld]: interface %d, rival %d, sure %u, reason %s, seen %lld to %lld",
            text, (long long)q->from, (long long)q->until, (int)held.interface, (int)held.rival,
            held.sure, fle_reason_names[held.reason], (long long)held.first, (long long)held.last);
}

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

    build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        check(*state, "10.0.0.5", &questions[i]);
    for (size_t i = 0; i < sizeof of_one / sizeof *of_one; i++)
        check(*state, "10.0.0.9", &of_one[i]);
    check(*state, "10.0.0.6", &of_none[0]);
}

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
    struct fixture *x = *state;

    x->rolls = rolls;
    build(x, seen, 2);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        check(x, "10.0.0.5", &questions[i]);
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

    build(*state, seen, 4);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        check(*state, "10.0.0.5", &questions[i]);
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
        build(*state, shuffled, 5);
        for (size_t k = 0; k < sizeof questions / sizeof *questions; k++)
            check(*state, "10.0.0.5", &questions[k]);
    }
}

#define COMES FLE_SIGHTED_COMING
#define LEAVES FLE_SIGHTED_LEAVING
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

    build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        check(*state, "10.0.0.5", &questions[i]);
    for (size_t i = 0; i < sizeof of_the_other / sizeof *of_the_other; i++)
        check(*state, "10.0.0.9", &of_the_other[i]);
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

    build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(*state, cases[i].address, &cases[i].question);
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

    build(*state, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(*state, cases[i].address, &cases[i].question);
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
    struct fixture *x = *state;
    fle_address address;

    build(x, seen, sizeof seen / sizeof *seen);
    assert_true(fle_address_parse("10.0.0.1", 8, &address));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_holders_may_have(&x->holders, SPACE, &address, cases[i].interface, cases[i].from,
                                 cases[i].until) != cases[i].may)
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
    struct fixture *x = *state;
    fle_address address;

    build(x, seen, sizeof seen / sizeof *seen);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(x, cases[i].address, &cases[i].question);
    assert_true(fle_address_parse("10.0.0.70", 9, &address));
    assert_true(fle_holders_has(&x->holders, SPACE, &address, FLE_NOBODY));
    assert_true(fle_holders_has(&x->holders, SPACE, &address, A)); /* by its prefix */
    assert_true(fle_holders_has(&x->holders, SPACE, &address, B));
    assert_false(fle_holders_has(&x->holders, SPACE, &address, C));
    assert_false(fle_holders_has(&x->holders, SPACE + 1, &address, FLE_NOBODY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_owner_is_named_as_surely_as_it_was_seen, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_owner_seen_without_the_address_did_not_hold_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_owners_at_one_time_end_what_is_known, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_order_of_sightings_makes_no_difference, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(between_two_events_an_owner_is_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_happens_within_the_slack_is_put_in_order, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_was_not_told_of_had_it_some_time_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_interface_may_have_had_it_where_nothing_says_otherwise,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_prefix_answers_for_the_addresses_in_it, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
