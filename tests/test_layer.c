/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/layer.h"
#include "failing.h"

static const fle_entries none = { .n_texts = 0 };
static const fle_held_key key = { .space = 1, .bits = 128 };
static const fle_run items[] = { { .first = 1, .last = 2 }, { .first = 3, .last = 4 } };
static const fle_runs runs = { items, 2 };
static const fle_claim claim = { .space = 1 };

/* What a reader has of it stays where it is, however much is added. */
static void what_was_added_stays(void **state)
{
    fle_allocator allocator;
    const fle_held_key *keys;
    const fle_run *first;
    fle_layer *layer;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    layer = fle_layer_new(&allocator, &none, 1);
    assert_non_null(layer);
    assert_true(fle_layer_add_key(layer, &key, 7, runs));
    assert_true(fle_layer_add_claim(layer, &claim, 8));
    keys = layer->keys;
    first = layer->runs;
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(fle_layer_add_key(layer, &key, i, runs));
    assert_ptr_not_equal(layer->keys, keys);
    assert_int_equal(keys[0].runs, 0);
    assert_int_equal(layer->keys[1000].runs, 2000);
    assert_int_equal(first[1].last, 4);
    assert_ptr_equal(fle_layer_ref(layer), layer);
    fle_layer_free(layer);
    assert_int_equal(layer->n_keys, 1001);
    fle_layer_free(layer);
    assert_null(fle_layer_ref(NULL));
    fle_layer_free(NULL);
}

static void without_memory_nothing_is_added_or_left(void **state)
{
    bool done = false;
    (void)state;

    for (size_t succeed = 0; !done; succeed++) {
        failing f = { .succeed = succeed };
        const flowenrich_allocator table = failing_allocator(&f);
        fle_allocator allocator;
        fle_layer *layer;

        fle_allocator_init(&allocator, &table);
        layer = fle_layer_new(&allocator, &none, 1);
        done = layer && fle_layer_add_key(layer, &key, 7, runs) &&
               fle_layer_add_claim(layer, &claim, 8);
        fle_layer_free(layer);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_stays),
        cmocka_unit_test(without_memory_nothing_is_added_or_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
