/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what is known of interfaces that log again and again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/regulars.h"
#include "enriching.h"
#include "failing.h"

static flowenrich_snapshot *inventory(void)
{
    return enriching_inventory(
        "{\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\","
        " \"PrivateIpAddress\": \"10.0.1.5\"}, {\"NetworkInterfaceId\": \"eni-2\","
        " \"VpcId\": \"vpc-2\", \"PrivateIpAddress\": \"10.0.1.7\"}]}");
}

static fle_regular *find(fle_regulars *regulars, const flowenrich_snapshot *snapshot,
                         const char *id)
{
    const flowenrich_text text = fle_text_of(id);
    fle_regular *found;

    fle_regulars_find(regulars, snapshot, &text, 1, &found);
    return found;
}

static void who_logs_is_known_by_what_the_snapshot_has(void **state)
{
    static const struct {
        const char *id, *vpc;
        bool is_kept, is_known;
    } cases[] = {
        { "eni-1", "vpc-1", true, true },
        { "eni-2", "vpc-2", true, true },
        { "eni-3", "", true, false },
        { "", "", false, false },                                   /* a log without the field */
        { "eni-0123456789abcdef0123456789", "", false, false },     /* longer than AWS's */
        { "eni-1", "vpc-1", true, true },                           /* again */
    };
    flowenrich_snapshot *snapshot = inventory();
    fle_allocator allocator;
    fle_regulars regulars;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_regulars_init(&regulars, &allocator, 1);
    assert_true(fle_regulars_open(&regulars, 100));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_regular *found = find(&regulars, snapshot, cases[i].id);

        if ((found != NULL) != cases[i].is_kept)
            fail_msg("case %zu: '%s'", i, cases[i].id);
        if (!found)
            continue;
        if ((found->interface != NULL) != cases[i].is_known ||
            !fle_text_is(found->vpc, cases[i].vpc) || (found->space != 0) != cases[i].is_known)
            fail_msg("case %zu: %s in '%.*s'", i, cases[i].id, (int)found->vpc.len,
                     found->vpc.data);
    }
    fle_regulars_free(&regulars);
    flowenrich_snapshot_free(snapshot);
}

static void what_was_learned_of_one_stays_until_all_are_forgotten(void **state)
{
    flowenrich_snapshot *snapshot = inventory();
    fle_allocator allocator;
    fle_regulars regulars;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_regulars_init(&regulars, &allocator, 1);
    assert_true(fle_regulars_open(&regulars, 100));
    find(&regulars, snapshot, "eni-1")->has_own = true;
    assert_false(find(&regulars, snapshot, "eni-2")->has_own);
    assert_true(find(&regulars, snapshot, "eni-1")->has_own);
    fle_regulars_clear(&regulars);
    assert_false(find(&regulars, NULL, "eni-1")->has_own);
    assert_null(find(&regulars, NULL, "eni-1")->interface);
    fle_regulars_free(&regulars);
    flowenrich_snapshot_free(snapshot);
}

/* Many more than there is room for: those of one call never take each other's place. */
static void those_asked_for_together_stand_beside_each_other(void **state)
{
    enum { MANY = 100000 };
    fle_allocator allocator;
    fle_regulars regulars;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_regulars_init(&regulars, &allocator, 1);
    assert_true(fle_regulars_open(&regulars, 100));
    for (size_t i = 0; i < MANY; i += FLE_AHEAD) {
        char names[FLE_AHEAD][FLE_REGULAR_ID];
        flowenrich_text ids[FLE_AHEAD];
        fle_regular *found[FLE_AHEAD];

        for (size_t k = 0; k < FLE_AHEAD; k++) {
            snprintf(names[k], sizeof names[k], "eni-%zu", (i + k * 7919) % MANY);
            ids[k] = fle_text_of(names[k]);
        }
        fle_regulars_find(&regulars, NULL, ids, FLE_AHEAD, found);
        for (size_t k = 0; k < FLE_AHEAD; k++)
            if (found[k] && !fle_text_equal(fle_text(found[k]->id, found[k]->id_len), ids[k]))
                fail_msg("%s at %zu", names[k], i);
    }
    fle_regulars_free(&regulars);
}

static void only_the_one_address_of_a_regular_is_known_to_be_its_own(void **state)
{
    static const struct {
        const char *address;
        bool has_own, is_known, is_own;
    } cases[] = {
        { "10.0.1.5", true, true, true },
        { "10.0.1.7", true, true, false },
        { "10.0.1.5", false, false, false }, /* nothing is known yet */
        { "2001:db8::5", true, false, false }, /* of these it may have others */
    };
    fle_regular regular = { .own = enriching_address("10.0.1.5") };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_address address = enriching_address(cases[i].address);
        bool is_own = false;

        regular.has_own = cases[i].has_own;
        if (fle_regular_knows(&regular, &address, &is_own) != cases[i].is_known ||
            is_own != cases[i].is_own)
            fail_msg("case %zu: %s", i, cases[i].address);
        assert_false(fle_regular_knows(NULL, &address, &is_own));
    }
}

static void without_memory_there_are_none(void **state)
{
    failing f = { .succeed = 0 };
    const flowenrich_allocator from = failing_allocator(&f);
    fle_allocator allocator;
    fle_regulars regulars;

    (void)state;
    fle_allocator_init(&allocator, &from);
    fle_regulars_init(&regulars, &allocator, 1);
    assert_false(fle_regulars_open(&regulars, 100));
    fle_regulars_clear(&regulars);
    f.succeed = SIZE_MAX;
    assert_true(fle_regulars_open(&regulars, 100));
    assert_non_null(find(&regulars, NULL, "eni-1"));
    fle_regulars_free(&regulars);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_logs_is_known_by_what_the_snapshot_has),
        cmocka_unit_test(what_was_learned_of_one_stays_until_all_are_forgotten),
        cmocka_unit_test(those_asked_for_together_stand_beside_each_other),
        cmocka_unit_test(only_the_one_address_of_a_regular_is_known_to_be_its_own),
        cmocka_unit_test(without_memory_there_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
