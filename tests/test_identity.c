/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/identity.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/identity.h"

static void no_table_of_names_has_a_hole(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLE_ATTR_COUNT; i++)
        assert_int_equal(fle_attribute_find(fle_text_of(fle_attribute_paths[i])), i);
    for (size_t i = 0; i < FLE_BY_COUNT; i++)
        assert_non_null(fle_by_names[i]);
    for (size_t i = 0; i < FLE_REASON_COUNT; i++)
        assert_non_null(fle_reason_names[i]);
}

static void a_tag_is_found_by_its_whole_key(void **state)
{
    static const flowenrich_text items[] = { { "app", 3 }, { "shop", 4 }, { "env", 3 }, { "", 0 } };
    fle_identity identity = { .tags = { items, 4 } };
    (void)state;

    assert_true(fle_text_is(fle_identity_tag(&identity, FLE_TEXT("app")), "shop"));
    assert_int_equal(fle_identity_tag(&identity, FLE_TEXT("ap")).len, 0);
    assert_int_equal(fle_identity_tag(&identity, FLE_TEXT("shop")).len, 0); /* a value, no key */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_table_of_names_has_a_hole),
        cmocka_unit_test(a_tag_is_found_by_its_whole_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
