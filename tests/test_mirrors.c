/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the table of who logged what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mirroring.h"

static void who_logged_a_tuple_is_found_by_all_of_it_and_the_time(void **state)
{
    static const struct {
        const char *wire;
        int64_t from, until;
        const char *found;
    } cases[] = {
        { MIRRORING_TCP, 100, 160, "eni-1 eni-2" },
        { MIRRORING_TCP, 0, 99, "" },
        { MIRRORING_TCP, 0, 100, "eni-1" }, /* both bounds count */
        { MIRRORING_TCP, 160, 300, "eni-2" },
        { MIRRORING_TCP, 171, 300, "" },
        { "10.0.0.2 443 10.0.0.1 40000 6", 100, 160, "eni-2" }, /* the answer is another tuple */
        { "10.0.0.1 40000 10.0.0.2 443 17", 100, 160, "" },
        { "10.0.0.1 40001 10.0.0.2 443 6", 100, 160, "" },
        { "10.0.0.1 40000 10.0.0.2 444 6", 100, 160, "" },
        { "10.0.0.3 40000 10.0.0.2 443 6", 100, 160, "" },
        { "10.0.0.1 10.0.0.2 1", 100, 160, "eni-3" },
        { "10.0.0.1 0 10.0.0.2 0 1", 100, 160, "" }, /* no ports aren't ports of 0 */
        { "2001:db8::1 40000 2001:db8::2 443 6", 100, 160, "eni-4" },
        { "2001:db8::2 40000 2001:db8::1 443 6", 100, 160, "" },
        { "2001:db8::3 40000 2001:db8::1 443 6", 100, 160, "" }, /* never seen */
    };
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    unsigned sides;
    (void)state;

    mirroring_add(mirrors, MIRRORING_TCP, "eni-1", FLE_SRC, MIRRORING_NOON + 100,
                  MIRRORING_NOON + 159);
    mirroring_add(mirrors, MIRRORING_TCP, "eni-2", FLE_DST, MIRRORING_NOON + 110,
                  MIRRORING_NOON + 170);
    mirroring_add(mirrors, "10.0.0.2 443 10.0.0.1 40000 6", "eni-2", FLE_SRC, MIRRORING_NOON + 110,
                  MIRRORING_NOON + 170);
    mirroring_add(mirrors, "10.0.0.1 10.0.0.2 1", "eni-3", FLE_SRC, MIRRORING_NOON + 100,
                  MIRRORING_NOON + 160);
    mirroring_add(mirrors, "2001:db8::1 40000 2001:db8::2 443 6", "eni-4", FLE_SRC,
                  MIRRORING_NOON + 100, MIRRORING_NOON + 160);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *found = mirroring_look(mirrors, cases[i].wire, MIRRORING_NOON + cases[i].from,
                                           MIRRORING_NOON + cases[i].until, &sides);

        if (strcmp(found, cases[i].found) != 0)
            fail_msg("%s from %d: '%s'", cases[i].wire, (int)cases[i].from, found);
    }
    assert_string_equal(
        mirroring_look(mirrors, MIRRORING_TCP, MIRRORING_NOON + 100, MIRRORING_NOON + 160, &sides),
        "eni-1 eni-2");
    assert_int_equal(sides, 1u << FLE_SRC | 1u << FLE_DST);
    assert_int_equal(fle_mirrors_kept(mirrors), 5);
    fle_mirrors_free(mirrors);
}

static void a_record_is_found_on_both_sides_of_a_period_s_edge(void **state)
{
    const flowenrich_time edge = MIRRORING_NOON / 4096 * 4096;
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    unsigned sides;
    (void)state;

    mirroring_add(mirrors, MIRRORING_TCP, "eni-1", FLE_SRC, edge - 30, edge + 30);
    assert_string_equal(mirroring_look(mirrors, MIRRORING_TCP, edge - 60, edge - 30, &sides),
                        "eni-1");
    assert_string_equal(mirroring_look(mirrors, MIRRORING_TCP, edge + 30, edge + 60, &sides),
                        "eni-1");
    assert_string_equal(mirroring_look(mirrors, MIRRORING_TCP, edge - 5000, edge + 5000, &sides),
                        "eni-1");
    assert_string_equal(mirroring_look(mirrors, MIRRORING_TCP, edge - 60, edge - 31, &sides), "");
    assert_string_equal(mirroring_look(mirrors, MIRRORING_TCP, edge + 31, edge + 60, &sides), "");
    fle_mirrors_free(mirrors);
}

static void records_that_prove_nothing_are_not_kept(void **state)
{
    static const struct {
        const char *wire;
        flowenrich_time start, end;
    } cases[] = {
        { MIRRORING_TCP, -5, 10 },
        { MIRRORING_TCP, INT64_MAX - 1, INT64_MAX },
        /* no flow log covers so much in a record */
        { MIRRORING_TCP, MIRRORING_NOON, MIRRORING_NOON + 4096 },
        { MIRRORING_TCP, MIRRORING_NOON, MIRRORING_NOON - 1 },
        { "10.0.0.1 1 2001:db8::1 2 6", MIRRORING_NOON, MIRRORING_NOON },
        { "10.0.0.1 10.0.0.2 300", MIRRORING_NOON, MIRRORING_NOON },
    };
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    unsigned sides;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        mirroring_add(mirrors, cases[i].wire, "eni-1", FLE_SRC, cases[i].start, cases[i].end);
    assert_int_equal(fle_mirrors_kept(mirrors), 0);
    assert_string_equal(mirroring_look(mirrors, MIRRORING_TCP, INT64_MIN, INT64_MAX, &sides), "");
    assert_string_equal(
        mirroring_look(mirrors, MIRRORING_TCP, FLOWENRICH_TIME_ABSENT, MIRRORING_NOON, &sides), "");
    fle_mirrors_free(mirrors);
}

/* However records are cut and ordered, the same is found at each second. */
static void the_order_of_records_makes_no_difference(void **state)
{
    static const int order[][6] = {
        { 0, 1, 2, 3, 4, 5 }, { 5, 4, 3, 2, 1, 0 }, { 0, 2, 1, 4, 5, 3 }, { 3, 5, 0, 2, 4, 1 }
    };
    static const struct {
        const char *who;
        int start, end;
    } records[] = { { "eni-1", 0, 59 },    { "eni-1", 120, 180 }, { "eni-1", 60, 119 },
                    { "eni-2", 170, 240 }, { "eni-1", 300, 310 }, { "eni-2", 200, 210 } };
    fle_mirrors *mirrors[4];
    unsigned sides;
    (void)state;

    for (size_t i = 0; i < 4; i++) {
        mirrors[i] = mirroring_new(MIRRORING_MANY);
        for (size_t k = 0; k < 6; k++)
            mirroring_add(mirrors[i], MIRRORING_TCP, records[order[i][k]].who, FLE_SRC,
                          MIRRORING_NOON + records[order[i][k]].start,
                          MIRRORING_NOON + records[order[i][k]].end);
    }
    for (int second = -2; second < 315; second++) {
        char first[256];

        snprintf(first, sizeof first, "%s",
                 mirroring_look(mirrors[0], MIRRORING_TCP, MIRRORING_NOON + second,
                                MIRRORING_NOON + second, &sides));
        for (size_t i = 1; i < 4; i++)
            assert_string_equal(mirroring_look(mirrors[i], MIRRORING_TCP, MIRRORING_NOON + second,
                                               MIRRORING_NOON + second, &sides),
                                first);
    }
    for (size_t i = 0; i < 4; i++)
        fle_mirrors_free(mirrors[i]);
}

/* Periods, into which time is cut, end at multiples of 4,096 seconds. */
static void a_record_beyond_a_period_is_found_once_and_whole(void **state)
{
    static const flowenrich_time edge = (flowenrich_time)4096 * 432727;
    static const struct {
        int from, until; /* of the edge */
        bool found;
    } cases[] = {
        { -100, 100, true },    { -5000, 5000, true }, { -100, -10, true }, { -1, -1, true },
        { 0, 0, true },         { 20, 100, true },     { -100, -11, false },
        { 21, 100, false },
    };
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    mirroring_tuple w;
    (void)state;

    mirroring_add(mirrors, MIRRORING_TCP, "eni-1", FLE_SRC, edge - 10, edge + 20);
    mirroring_wire(MIRRORING_TCP, &w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_sight sight = { 0 };
        fle_look look;
        size_t n = 0;

        fle_look_begin(&look, mirrors, &w.tuple, edge + cases[i].from, edge + cases[i].until);
        while (fle_look_next(&look, &sight))
            n++;
        if (n != cases[i].found || (n > 0 && (sight.start != edge - 10 || sight.end != edge + 20)))
            fail_msg("from %d to %d", cases[i].from, cases[i].until);
    }
    fle_mirrors_free(mirrors);
}

/* "eni-1 subnet-1 10.0.0.4": who is of a subnet, and his primary address. */
static void a_subnet_is_at_least_the_block_that_holds_its_primary_addresses(void **state)
{
    static const struct {
        const char *what;
        const char *witnesses[5];
        bool is_of_subnet; /* 10.0.0.9, of eni-1's */
    } cases[] = {
        { "between two", { "eni-1 subnet-1 10.0.0.4", "eni-2 subnet-1 10.0.0.99" }, true },
        { "in any order", { "eni-2 subnet-1 10.0.0.99", "eni-1 subnet-1 10.0.0.4" }, true },
        { "it is the last", { "eni-1 subnet-1 10.0.0.4", "eni-2 subnet-1 10.0.0.9" }, true },
        { "beyond them, but a block of 4 to 8 goes on to 15",
          { "eni-1 subnet-1 10.0.0.4", "eni-2 subnet-1 10.0.0.8" },
          true },
        { "beyond their block", { "eni-1 subnet-1 10.0.0.4", "eni-2 subnet-1 10.0.0.7" }, false },
        { "before their block", { "eni-1 subnet-1 10.0.0.16", "eni-2 subnet-1 10.0.0.99" }, true },
        { "of another one", { "eni-1 subnet-1 10.0.1.4", "eni-2 subnet-1 10.0.1.99" }, false },
        { "the other is of another", { "eni-1 subnet-1 10.0.0.4", "eni-2 subnet-2 10.0.0.99" },
          false },
        { "nobody tells the subnet", { "eni-1 - 10.0.0.4", "eni-2 - 10.0.0.99" }, false },
        { "one is of two subnets",
          { "eni-1 subnet-1 10.0.0.4", "eni-2 subnet-1 10.0.0.99", "eni-2 subnet-2 10.0.0.99" },
          false },
        { "one has two primary addresses",
          { "eni-1 subnet-1 10.0.0.4", "eni-2 subnet-1 10.0.0.99", "eni-2 subnet-1 10.0.0.98" },
          false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
        fle_address address;

        for (size_t k = 0; cases[i].witnesses[k]; k++) {
            char id[16], subnet[16], text[16];
            fle_witness *witness;

            assert_int_equal(sscanf(cases[i].witnesses[k], "%15s %15s %15s", id, subnet, text), 3);
            assert_true(fle_mirrors_witness(mirrors, fle_text_of(id), &witness));
            assert_true(fle_address_parse(text, strlen(text), &address));
            fle_witness_label(witness, true, &address);
            assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_SUBNET,
                                         fle_text_of(strcmp(subnet, "-") == 0 ? "" : subnet)));
            fle_mirrors_place(mirrors, witness);
        }
        assert_true(fle_address_parse("10.0.0.9", 8, &address));
        if (fle_mirrors_is_of_subnet(mirrors, fle_mirrors_find(mirrors, FLE_TEXT("eni-1")),
                                     &address) != cases[i].is_of_subnet)
            fail_msg("%s", cases[i].what);
        fle_mirrors_free(mirrors);
    }
}

/* eni-1 is of a subnet of 10.0.0.4 and 10.0.0.99. */
static void who_shows_only_addresses_of_its_subnet_passes_nothing_on(void **state)
{
    static const struct {
        const char *passed[2];
        bool passes_on;
    } cases[] = {
        { { NULL }, false },
        { { "10.0.0.7" }, false },
        { { "10.0.0.7", "10.0.0.120" }, false },
        { { "10.0.0.7", "10.0.0.128" }, true },
        { { "192.168.0.1", "10.0.0.7" }, true },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
        fle_witness *witness = NULL;
        fle_address address;

        for (size_t k = 0; k < 2; k++) {
            assert_true(
                fle_mirrors_witness(mirrors, k ? FLE_TEXT("eni-1") : FLE_TEXT("eni-2"), &witness));
            assert_true(fle_address_parse(k ? "10.0.0.4" : "10.0.0.99", k ? 8 : 9, &address));
            fle_witness_label(witness, true, &address);
            assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_SUBNET, FLE_TEXT("subnet-1")));
            fle_mirrors_place(mirrors, witness);
        }
        for (size_t k = 0; k < 2 && cases[i].passed[k]; k++) {
            assert_true(
                fle_address_parse(cases[i].passed[k], strlen(cases[i].passed[k]), &address));
            fle_reach_extend(&witness->passed, &address);
        }
        if (fle_mirrors_passes_on(mirrors, witness) != cases[i].passes_on)
            fail_msg("case %zu", i);
        fle_mirrors_free(mirrors);
    }
}

static void many_are_told_apart(void **state)
{
    enum { N = 20000 };
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    char text[64], who[16];
    unsigned sides;
    (void)state;

    for (int i = 0; i < N; i++) {
        snprintf(text, sizeof text, "10.0.%d.%d %d 10.1.0.1 443 6", i >> 8 & 3, i & 255, i % 7);
        snprintf(who, sizeof who, "eni-%d", i % 100);
        mirroring_add(mirrors, text, who, FLE_SRC, MIRRORING_NOON + i / 100,
                      MIRRORING_NOON + i / 100);
    }
    for (int i = 0; i < N; i += 37) {
        snprintf(text, sizeof text, "10.0.%d.%d %d 10.1.0.1 443 6", i >> 8 & 3, i & 255, i % 7);
        snprintf(who, sizeof who, "eni-%d", i % 100);
        assert_string_equal(mirroring_look(mirrors, text, MIRRORING_NOON + i / 100,
                                           MIRRORING_NOON + i / 100, &sides),
                            who);
    }
    fle_mirrors_free(mirrors);
}

static void what_has_no_room_is_counted(void **state)
{
    enum { N = 1000 };
    fle_mirrors *mirrors = mirroring_new(16384);
    uint64_t kept;
    char text[64];
    unsigned sides;
    (void)state;

    for (int i = 0; i < N; i++) {
        snprintf(text, sizeof text, "10.0.0.1 %d 10.0.0.2 443 6", i);
        mirroring_add(mirrors, text, "eni-1", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON);
    }
    kept = fle_mirrors_kept(mirrors);
    assert_true(kept > 200 && kept < 400);
    assert_int_equal(kept + fle_mirrors_dropped(mirrors), N);
    assert_string_equal(mirroring_look(mirrors, "10.0.0.1 0 10.0.0.2 443 6", MIRRORING_NOON,
                                       MIRRORING_NOON, &sides),
                        "eni-1");
    assert_string_equal(mirroring_look(mirrors, "10.0.0.1 999 10.0.0.2 443 6", MIRRORING_NOON,
                                       MIRRORING_NOON, &sides),
                        "");
    fle_mirrors_free(mirrors);
}

/* Room for some hundred records, which end at noon and one second later each. */
static void a_table_knows_of_what_time_it_has_all_records(void **state)
{
    fle_mirrors *mirrors = mirroring_new(16384), *since;
    flowenrich_time last;
    (void)state;

    assert_true(fle_mirrors_has_all(mirrors, 0, INT64_MAX - 1));
    assert_false(fle_mirrors_expects(mirrors, INT64_MAX));
    for (last = MIRRORING_NOON; fle_mirrors_dropped(mirrors) < 2; last++)
        mirroring_add(mirrors, MIRRORING_TCP, "eni-1", FLE_SRC, last - 60, last);
    last--; /* the last two weren't taken */
    assert_true(fle_mirrors_has_all(mirrors, MIRRORING_NOON - 100, last - 62));
    assert_false(fle_mirrors_has_all(mirrors, MIRRORING_NOON - 100, last - 61));
    assert_false(fle_mirrors_has_all(mirrors, last, last + 100));
    assert_true(fle_mirrors_has_all(mirrors, last + 1, last + 100));
    fle_mirrors_drop(mirrors, INT64_MAX - 1, INT64_MAX); /* of no such time is anything kept */
    assert_true(fle_mirrors_has_all(mirrors, last + 1, INT64_MAX));
    fle_mirrors_expect(mirrors, last);
    since = fle_mirrors_since(mirrors, last - 30);
    fle_mirrors_free(mirrors);
    assert_true(fle_mirrors_has_all(since, last + 1, last + 100));
    assert_false(fle_mirrors_has_all(since, last - 31, last - 31)); /* is left behind */
    assert_false(fle_mirrors_has_all(since, last - 30, last - 30));
    assert_true(fle_mirrors_expects(since, last + 1));
    assert_false(fle_mirrors_expects(since, last));
    mirrors = fle_mirrors_since(since, last + 1);
    fle_mirrors_free(since);
    assert_true(fle_mirrors_has_all(mirrors, last + 1, last + 1));
    fle_mirrors_free(mirrors);
}

static void what_is_told_of_a_witness_counts_while_it_is_always_the_same(void **state)
{
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY);
    fle_witness *witness, *again;
    char longer[300];
    (void)state;

    memset(longer, 'x', sizeof longer);
    assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-1"), &witness));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_VPC, FLE_TEXT("vpc-1")));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_VPC, fle_text("", 0)));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_VPC, FLE_TEXT("vpc-1")));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_INSTANCE, FLE_TEXT("i-1")));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_INSTANCE, FLE_TEXT("i-2")));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_INSTANCE, FLE_TEXT("i-1")));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_TASK, fle_text(longer, 300)));
    assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-1"), &again));
    assert_ptr_equal(witness, again);
    assert_string_equal(again->told[FLE_TOLD_VPC].data, "vpc-1");
    assert_int_equal(again->told[FLE_TOLD_INSTANCE].len, 0);
    assert_int_equal(again->told[FLE_TOLD_TASK].len, 0);
    assert_true(fle_mirrors_witness(mirrors, fle_text(longer, 65), &again));
    assert_null(again); /* no id is that long */
    fle_mirrors_free(mirrors);
}

static bool fill(fle_mirrors *mirrors)
{
    for (unsigned i = 0; i < 1500; i++) {
        const fle_address a = { { 0x20, 1, 0xd, 0xb8, [14] = (uint8_t)(i >> 8), (uint8_t)i } };
        const fle_testimony testimony = { .tuple = { { &a, &a }, { 1, 2 }, 6 },
                                          .start = 5,
                                          .end = 5 };
        char id[16];
        fle_witness *witness;

        snprintf(id, sizeof id, "eni-%u", i % 50);
        if (!fle_mirrors_witness(mirrors, fle_text_of(id), &witness) ||
            !fle_mirrors_tell(mirrors, witness, FLE_TOLD_VPC, FLE_TEXT("vpc-1")) ||
            !fle_mirrors_add(mirrors, witness, &testimony))
            return false;
    }
    return true;
}

static void every_allocation_may_fail(void **state)
{
    bool done = false;
    size_t n;
    (void)state;

    for (n = 0; !done; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator allocator = failing_allocator(&f);
        fle_mirrors *mirrors = fle_mirrors_new(&allocator, 7, MIRRORING_MANY), *copy = NULL;

        if (mirrors && fill(mirrors))
            copy = fle_mirrors_copy(mirrors);
        done = copy != NULL;
        fle_mirrors_free(mirrors);
        fle_mirrors_free(copy);
        assert_int_equal(f.live, 0);
        assert_int_equal(f.misled, 0);
    }
    assert_true(n > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_logged_a_tuple_is_found_by_all_of_it_and_the_time),
        cmocka_unit_test(a_record_is_found_on_both_sides_of_a_period_s_edge),
        cmocka_unit_test(records_that_prove_nothing_are_not_kept),
        cmocka_unit_test(the_order_of_records_makes_no_difference),
        cmocka_unit_test(a_record_beyond_a_period_is_found_once_and_whole),
        cmocka_unit_test(a_subnet_is_at_least_the_block_that_holds_its_primary_addresses),
        cmocka_unit_test(who_shows_only_addresses_of_its_subnet_passes_nothing_on),
        cmocka_unit_test(many_are_told_apart),
        cmocka_unit_test(what_has_no_room_is_counted),
        cmocka_unit_test(a_table_knows_of_what_time_it_has_all_records),
        cmocka_unit_test(what_is_told_of_a_witness_counts_while_it_is_always_the_same),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
