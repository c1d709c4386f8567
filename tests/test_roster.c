/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/roster.h"
#include "failing.h"

/* One interface with a private address, a public one, and IPv6, all seen at one time. */
static void make(fle_facts *facts, const fle_allocator *allocator, fle_arena *arena)
{
    static const struct {
        const char *address;
        fle_predicate predicate;
    } seen[] = { { "", FLE_FACT_ADDRESSES },
                 { "10.0.0.5", FLE_FACT_ADDRESSES },
                 { "2600:1f18::5", FLE_FACT_ADDRESSES },
                 { "", FLE_FACT_PUBLIC },
                 { "198.51.100.7", FLE_FACT_PUBLIC } };

    assert_true(fle_facts_init(facts, allocator, 1));
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        fle_fact fact = { .time = 100,
                          .kind = FLE_SUBJECT_INTERFACE,
                          .predicate = (uint8_t)seen[i].predicate };

        assert_true(fle_facts_intern(facts, FLE_TEXT("eni-1"), &fact.subject));
        assert_true(fle_facts_intern(facts, fle_text_of(seen[i].address), &fact.value));
        assert_true(fle_facts_add(facts, &fact));
    }
    assert_true(fle_facts_sort(facts, arena));
}

static bool is_in_space(const void *ctx, uint32_t address, uint32_t space)
{
    return address != 0 && space == *(const uint32_t *)ctx;
}

static void addresses_are_seen_where_they_mean_something(void **state)
{
    static const struct {
        const char *address;
        uint32_t space;
        bool everywhere, only; /* is it held, of all; and of what is wanted in space 3 */
    } cases[] = {
        { "10.0.0.5", 3, true, true },
        { "10.0.0.5", FLE_PUBLIC, false, false },
        { "198.51.100.7", FLE_PUBLIC, true, false },
        { "198.51.100.7", 3, false, false },
        { "2600:1f18::5", 3, true, true },
        { "2600:1f18::5", FLE_PUBLIC, true, true }, /* one and the same from anywhere */
    };
    const uint32_t three = 3;
    fle_allocator allocator;
    fle_arena arena;
    fle_facts facts;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    make(&facts, &allocator, &arena);
    for (unsigned only = 0; only < 2; only++) {
        const fle_about all = fle_facts_of(&facts, FLE_SUBJECT_INTERFACE);
        const fle_entries none = { .n_texts = 0 };
        fle_holders holders;
        fle_roster roster;

        assert_true(fle_roster_init(&roster, &facts, 1, all, &arena));
        if (only)
            roster.wanted = (fle_wanted){ is_in_space, &three };
        fle_roster_add(&roster, all, 0, 3);
        assert_true(fle_roster_holders(&roster, &none, &holders, 1, &arena, &arena));
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            fle_address address;
            const fle_sought sought = { .space = cases[i].space, .address = &address };

            assert_true(fle_address_parse(cases[i].address, strlen(cases[i].address), &address));
            if (fle_holders_has(&holders, &sought, 0) !=
                (only ? cases[i].only : cases[i].everywhere))
                fail_msg("%s in %u", cases[i].address, (unsigned)cases[i].space);
        }
    }
    fle_facts_free(&facts);
    fle_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_seen_where_they_mean_something),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
