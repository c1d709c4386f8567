/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/loader.h"

static void facts_say_when_and_how_they_were_come_by(void **state)
{
    fle_loader l = { .time = 7, .change = FLE_SET, .version = 5 };
    fle_allocator allocator;
    fle_facts facts;
    fle_thing s = { FLE_SUBJECT_INTERFACE, 0 };
    (void)state;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_facts_init(&facts, &allocator, 1));
    l.facts = &facts;
    s.id = fle_loader_intern(&l, FLE_TEXT("eni-1"));
    fle_add_known(&l, s, FLE_FACT_VPC, FLE_TEXT(""));
    assert_int_equal(facts.n, 0);
    fle_add(&l, s, FLE_FACT_VPC, FLE_TEXT("vpc-1"));
    fle_add_mark(&l, s, FLE_FACT_TAGS);
    fle_add_address(&l, 9, s, FLE_FACT_ADDRESSES, FLE_TEXT("10.0.0.5"));
    assert_int_equal(facts.n, 3);
    assert_int_equal(facts.items[0].time, 7);
    assert_int_equal(fle_fact_change(&facts.items[0]), FLE_SET);
    assert_int_equal(fle_fact_version(&facts.items[0]), 5);
    assert_true(fle_fact_is_mark(&facts.items[1]));
    assert_int_equal(facts.items[2].time, 9);
    fle_add_address(&l, 9, s, FLE_FACT_ADDRESSES, FLE_TEXT("10.0.0"));
    fle_add_cidr(&l, s, FLE_FACT_ADDRESSES, FLE_TEXT("10.0.0.0/40"));
    fle_add_address(&l, 9, s, FLE_FACT_ADDRESSES, FLE_TEXT(""));
    assert_int_equal(facts.n, 3);
    assert_int_equal(l.skipped, 2);
    assert_false(l.failed);
    fle_facts_free(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_say_when_and_how_they_were_come_by),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
