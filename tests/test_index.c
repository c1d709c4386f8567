/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/index.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/index.h"

#define MANY 5000
#define HASHES 7          /* few, so that numbers lie in one another's way */
#define APART 0x28000000u /* the last ones' way leads around the end */

static uint32_t hash_of(uint32_t number)
{
    return number % HASHES * APART;
}

/* How many a hash has; they are in ascending order. */
static size_t count(const fle_index *index, uint32_t hash)
{
    size_t at = fle_index_begin(index, hash), n = 0;
    uint32_t last = 0;

    for (uint32_t i; (i = fle_index_next(index, hash, &at)) != FLE_NONE; n++) {
        assert_int_equal(hash_of(i), hash);
        assert_true(i > last);
        last = i;
    }
    return n;
}

static void numbers_of_a_hash_are_found_in_their_order_until_they_are_dropped(void **state)
{
    fle_allocator allocator;
    fle_index index;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_index_init(&index, &allocator));
    for (uint32_t i = 1; i <= MANY; i++) {
        assert_true(fle_index_reserve(&index));
        fle_index_add(&index, hash_of(i), i);
    }
    assert_int_equal(index.n, MANY);
    assert_true(fle_index_bytes(&index) >= MANY * sizeof(fle_indexed));
    for (uint32_t i = 1; i <= MANY; i += 2)
        fle_index_drop(&index, hash_of(i), i);
    for (uint32_t hash = 0; hash < HASHES; hash++) {
        const size_t n = count(&index, hash * APART);

        assert_in_range(n, MANY / HASHES / 2 - 1, MANY / HASHES / 2 + 1);
    }
    assert_int_equal(index.n, MANY / 2);
    fle_index_free(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_a_hash_are_found_in_their_order_until_they_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
