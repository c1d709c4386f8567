/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/deliveries.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "pair/deliveries.h"

static bool look(fle_objects *objects, const char *key, uint64_t line)
{
    assert_true(fle_objects_read(objects, FLE_TEXT("bucket"), fle_text_of(key), line));
    return objects->is_again;
}

static void an_object_is_read_again_when_its_lines_begin_anew(void **state)
{
    fle_allocator allocator;
    fle_objects objects;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_objects_init(&objects, &allocator));
    assert_false(look(&objects, "a", 2));
    assert_false(look(&objects, "a", 3));
    assert_false(look(&objects, "b", 2));
    assert_true(look(&objects, "a", 2)); /* after another */
    assert_true(look(&objects, "a", 9));
    assert_false(look(&objects, "c", 2));
    assert_true(look(&objects, "c", 2)); /* at once */
    fle_objects_free(&objects);
}

static void the_oldest_are_forgotten(void **state)
{
    fle_allocator allocator;
    fle_objects objects;
    char key[16];

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_objects_init(&objects, &allocator));
    assert_false(look(&objects, "first", 2));
    for (unsigned i = 0; i < 70000; i++) {
        snprintf(key, sizeof key, "%u", i);
        assert_false(look(&objects, key, 2));
    }
    assert_true(look(&objects, "69000", 2));
    assert_true(look(&objects, "40000", 2));
    assert_false(look(&objects, "first", 2));
    assert_true(fle_objects_bytes(&objects) < 70000 * 128);
    fle_objects_free(&objects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_read_again_when_its_lines_begin_anew),
        cmocka_unit_test(the_oldest_are_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
