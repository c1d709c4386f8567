/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/clusters.h"

#include "pooling.h"

/* The first index that a neighbour may have; UINT32_MAX if there is none. */
static uint32_t first(const fle_clusters *clusters, uint32_t hash, unsigned place)
{
    fle_visit visit = fle_visit_begin(clusters, hash, place);
    uint32_t index;

    return fle_visit_next(&visit, &index) ? index : UINT32_MAX;
}

static void neighbours_lie_one_behind_another(void **state)
{
    static const struct {
        unsigned place;
        uint32_t index;
    } cases[] = {
        { 0, 100 },        /* the first bit */
        { 1, UINT32_MAX }, /* nobody there */
        { 5, 101 },
        { 62, UINT32_MAX },
        { 63, 102 }, /* the last bit */
    };
    const fle_cluster cluster = { UINT64_C(1) << 63 | 1 << 5 | 1, 7, 100 };
    struct pooling *x = *state;
    fle_clusters clusters;

    assert_true(fle_clusters_init(&clusters, 1, &x->arena));
    fle_clusters_add(&clusters, &cluster);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (first(&clusters, 7, cases[i].place) != cases[i].index)
            fail_msg("at %u: %u", cases[i].place, first(&clusters, 7, cases[i].place));
    assert_int_equal(first(&clusters, 8, 0), UINT32_MAX);
}

/* Of the same neighbours, where something lies between, and others that are in the way. */
static void all_that_may_be_meant_are_visited(void **state)
{
    struct pooling *x = *state;
    fle_clusters clusters;

    assert_true(fle_clusters_init(&clusters, 500, &x->arena));
    for (uint32_t i = 0; i < 500; i++) {
        const fle_cluster cluster = { UINT64_C(3) << i % 2 * 2, i / 2 * 0x1001, 2 * i };

        fle_clusters_add(&clusters, &cluster);
    }
    for (uint32_t i = 0; i < 250; i++)
        for (unsigned place = 0; place < 4; place++)
            assert_int_equal(first(&clusters, i * 0x1001, place), 4 * i + place);
}

static void nothing_is_found_where_there_is_nothing(void **state)
{
    const fle_clusters none = { NULL, 0 };
    struct pooling *x = *state;
    fle_clusters empty;

    assert_int_equal(first(&none, 5, 0), UINT32_MAX);
    assert_true(fle_clusters_init(&empty, 0, &x->arena));
    assert_int_equal(first(&empty, 5, 0), UINT32_MAX);
}

/* As an image that somebody made up may have it. */
static void a_full_table_is_gone_through_once(void **state)
{
    fle_cluster full[8];
    const fle_clusters clusters = { full, 8 };
    fle_visit visit = fle_visit_begin(&clusters, 5, 3);
    uint32_t index, n = 0;
    (void)state;

    for (uint32_t i = 0; i < 8; i++)
        full[i] = (fle_cluster){ UINT64_MAX, 5, i };
    while (fle_visit_next(&visit, &index))
        assert_int_equal(index, (5 + n++) % 8 + 3);
    assert_int_equal(n, 8);
    assert_int_equal(first(&clusters, 6, 3), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(neighbours_lie_one_behind_another, pooling_set_up,
                                        pooling_tear_down),
        cmocka_unit_test_setup_teardown(all_that_may_be_meant_are_visited, pooling_set_up,
                                        pooling_tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_found_where_there_is_nothing, pooling_set_up,
                                        pooling_tear_down),
        cmocka_unit_test(a_full_table_is_gone_through_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
