/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/talks.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/talks.h"

#define MANY 5000

/* One of few hashes, so that many keys lie in one another's way. */
static fle_notice notice(uint32_t i)
{
    fle_notice n = { .hash = i % 7 * 300, .start = i, .end = i };

    n.key.port[FLE_LOW] = (uint16_t)i;
    return n;
}

static size_t matches_of(const fle_table *table, const fle_notice *n)
{
    fle_matches matches;
    size_t found = 0;

    fle_matches_begin(&matches, table, &n->key, n->hash);
    while (fle_matches_next(&matches) != FLE_NONE)
        found++;
    return found;
}

static void sizes_are_what_the_limits_are_made_for(void **state)
{
    (void)state;
    assert_int_equal(sizeof(fle_key), 38);
    assert_int_equal(sizeof(fle_conversation), 96);
    assert_int_equal(sizeof(fle_meter), 64);
}

static void conversations_of_a_key_are_found_in_their_order_until_they_are_taken_out(void **state)
{
    fle_allocator allocator;
    fle_matches matches;
    fle_notice twin = notice(1);
    uint32_t numbers[64], first, second;
    fle_table table;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_table_init(&table, &allocator, 0));
    for (uint32_t i = 0; i < 64; i++) {
        fle_notice n = notice(i);

        n.hash = fle_key_hash(&n.key, 0); /* what is taken out is found by its own hash */
        numbers[i] = fle_table_open(&table, &n);
        assert_true(numbers[i] != FLE_NONE);
    }
    twin.hash = fle_key_hash(&twin.key, 0);
    second = fle_table_open(&table, &twin);
    fle_matches_begin(&matches, &table, &twin.key, twin.hash);
    first = fle_matches_next(&matches);
    assert_int_equal(first, numbers[1]);
    assert_int_equal(fle_matches_next(&matches), second);
    assert_int_equal(fle_matches_next(&matches), FLE_NONE);
    fle_table_detach(&table, first);
    fle_table_give(&table, first);
    assert_int_equal(matches_of(&table, &twin), 1);
    assert_int_equal(table.by_key.n, 64);
    fle_table_free(&table);
}

static void the_table_grows_and_keeps_all(void **state)
{
    fle_allocator allocator;
    fle_table table;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_table_init(&table, &allocator, 0));
    for (uint32_t i = 0; i < MANY; i++) {
        const fle_notice n = notice(i);

        assert_true(fle_table_open(&table, &n) != FLE_NONE);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        const fle_notice n = notice(i);

        assert_int_equal(matches_of(&table, &n), 1);
    }
    assert_true(fle_table_bytes(&table) > MANY * sizeof(fle_conversation));
    fle_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_what_the_limits_are_made_for),
        cmocka_unit_test(conversations_of_a_key_are_found_in_their_order_until_they_are_taken_out),
        cmocka_unit_test(the_table_grows_and_keeps_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
