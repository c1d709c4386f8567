/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of one table's records in another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mirroring.h"

static void a_copy_goes_its_own_way(void **state)
{
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY), *copy;
    const char *v6 = "2001:db8::1 40000 2001:db8::2 443 6";
    fle_witness *witness;
    unsigned sides;
    (void)state;

    mirroring_add(mirrors, MIRRORING_TCP, "eni-1", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON);
    mirroring_add(mirrors, v6, "eni-2", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON);
    assert_true(fle_mirrors_witness(mirrors, FLE_TEXT("eni-2"), &witness));
    assert_true(fle_mirrors_tell(mirrors, witness, FLE_TOLD_VPC, FLE_TEXT("vpc-1")));
    assert_false(fle_mirrors_is_shared(mirrors));
    assert_ptr_equal(fle_mirrors_ref(mirrors), mirrors);
    assert_true(fle_mirrors_is_shared(mirrors));
    fle_mirrors_free(mirrors);
    copy = fle_mirrors_copy(mirrors);
    assert_non_null(copy);
    mirroring_add(copy, MIRRORING_TCP, "eni-3", FLE_DST, MIRRORING_NOON, MIRRORING_NOON);
    assert_string_equal(
        mirroring_look(mirrors, MIRRORING_TCP, MIRRORING_NOON, MIRRORING_NOON, &sides), "eni-1");
    fle_mirrors_free(mirrors);
    assert_string_equal(mirroring_look(copy, MIRRORING_TCP, MIRRORING_NOON, MIRRORING_NOON, &sides),
                        "eni-1 eni-3");
    assert_string_equal(mirroring_look(copy, v6, MIRRORING_NOON, MIRRORING_NOON, &sides), "eni-2");
    assert_true(fle_mirrors_witness(copy, FLE_TEXT("eni-2"), &witness));
    assert_string_equal(witness->told[FLE_TOLD_VPC].data, "vpc-1");
    assert_int_equal(fle_mirrors_kept(copy), 3);
    fle_mirrors_free(copy);
}

static void what_is_old_is_left_behind(void **state)
{
    static const char young[] = "2001:db8::1 40000 2001:db8::2 443 6";
    fle_mirrors *mirrors = mirroring_new(MIRRORING_MANY), *since;
    fle_witness *witness;
    unsigned sides;
    (void)state;

    for (unsigned i = 0; i < 4; i++) {
        static const char *const who[] = { "eni-1", "eni-2", "eni-3", "eni-4" };
        const flowenrich_time start = MIRRORING_NOON + 3600 * (flowenrich_time)i;

        assert_true(fle_mirrors_witness(mirrors, fle_text_of(who[i]), &witness));
        fle_witness_lives(witness, start, start + 60);
        mirroring_add(mirrors, MIRRORING_TCP, who[i], FLE_SRC, start, start + 60);
        mirroring_add(mirrors, "2001:db8::7 2001:db8::8 1", who[i], FLE_SRC, MIRRORING_NOON,
                      MIRRORING_NOON);
    }
    mirroring_add(mirrors, young, "eni-4", FLE_DST, MIRRORING_NOON + 10800, MIRRORING_NOON + 10860);
    since = fle_mirrors_since(mirrors, MIRRORING_NOON + 3 * 3600);
    fle_mirrors_free(mirrors);
    assert_non_null(since);
    assert_string_equal(
        mirroring_look(since, MIRRORING_TCP, MIRRORING_NOON, MIRRORING_NOON + 20000, &sides),
        "eni-4");
    assert_string_equal(
        mirroring_look(since, young, MIRRORING_NOON, MIRRORING_NOON + 20000, &sides), "eni-4");
    assert_string_equal(
        mirroring_look(since, "2001:db8::7 2001:db8::8 1", MIRRORING_NOON, MIRRORING_NOON, &sides),
        "");
    assert_null(fle_mirrors_find(since, FLE_TEXT("eni-1")));
    assert_non_null(fle_mirrors_find(since, FLE_TEXT("eni-3"))); /* may have logged until then */
    assert_int_equal(fle_mirrors_find(since, FLE_TEXT("eni-4"))->life.until,
                     MIRRORING_NOON + 10800);
    assert_int_equal(fle_mirrors_kept(since), 9); /* records that were taken */
    fle_mirrors_free(since);
}

/* As if all had been added to one: witnesses and addresses have other numbers there. */
static void tables_add_up(void **state)
{
    const char *v6 = "2001:db8::1 40000 2001:db8::2 443 6";
    const char *other = "2001:db8::3 40000 2001:db8::2 443 6";
    fle_mirrors *to = mirroring_new(MIRRORING_MANY), *from = mirroring_new(MIRRORING_MANY);
    fle_address a, b;
    fle_witness *here, *there;
    uint32_t numbers[2];
    unsigned sides;
    (void)state;

    assert_true(fle_address_parse("10.0.0.1", 8, &a) && fle_address_parse("10.0.0.2", 8, &b));
    mirroring_add(to, v6, "eni-1", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON);
    mirroring_add(from, other, "eni-2", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON);
    mirroring_add(from, v6, "eni-1", FLE_DST, MIRRORING_NOON, MIRRORING_NOON);
    assert_true(fle_mirrors_witness(to, FLE_TEXT("eni-1"), &here));
    assert_true(fle_mirrors_witness(from, FLE_TEXT("eni-1"), &there));
    fle_witness_lives(here, 100, 160);
    fle_witness_lives(there, 50, 90);
    fle_witness_label(here, true, &a);
    fle_witness_label(there, true, &b);
    assert_true(fle_mirrors_tell(to, here, FLE_TOLD_VPC, FLE_TEXT("vpc-1")));
    assert_true(fle_mirrors_tell(from, there, FLE_TOLD_VPC, FLE_TEXT("vpc-2")));
    assert_true(fle_mirrors_tell(from, there, FLE_TOLD_SUBNET, FLE_TEXT("subnet-1")));
    fle_mirrors_drop(from, 10, 20);
    assert_true(fle_mirrors_merge(to, from, INT64_MIN, numbers));
    fle_mirrors_free(from);
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 0);
    assert_string_equal(mirroring_look(to, v6, MIRRORING_NOON, MIRRORING_NOON, &sides), "eni-1");
    assert_int_equal(sides, 1U << FLE_SRC | 1U << FLE_DST);
    assert_string_equal(mirroring_look(to, other, MIRRORING_NOON, MIRRORING_NOON, &sides), "eni-2");
    assert_int_equal(here->life.from, 90);
    assert_int_equal(here->life.until, 100);
    assert_true(here->ingress.is_disputed);
    assert_int_equal(here->told[FLE_TOLD_VPC].len, 0);
    assert_string_equal(here->told[FLE_TOLD_SUBNET].data, "subnet-1");
    assert_true(fle_mirrors_logs(to, FLE_TEXT("subnet-1")));
    assert_false(fle_mirrors_has_all(to, 15, 15));
    assert_int_equal(fle_mirrors_kept(to), 3);
    fle_mirrors_free(to);
}

static void what_a_full_table_has_no_room_for_is_missed(void **state)
{
    fle_mirrors *from = mirroring_new(MIRRORING_MANY), *to;
    uint32_t numbers[1];
    (void)state;

    for (int i = 0; i < 1000; i++)
        mirroring_add(from, MIRRORING_TCP, "eni-1", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON);
    to = mirroring_new(1 << 15);
    mirroring_add(to, MIRRORING_TCP, "eni-1", FLE_SRC, MIRRORING_NOON, MIRRORING_NOON);
    assert_true(fle_mirrors_merge(to, from, INT64_MIN, numbers));
    assert_in_range(fle_mirrors_dropped(to), 100, 999);
    assert_false(fle_mirrors_has_all(to, MIRRORING_NOON, MIRRORING_NOON));
    fle_mirrors_free(from);
    fle_mirrors_free(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_goes_its_own_way),
        cmocka_unit_test(what_is_old_is_left_behind),
        cmocka_unit_test(tables_add_up),
        cmocka_unit_test(what_a_full_table_has_no_room_for_is_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
