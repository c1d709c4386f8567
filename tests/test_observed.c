/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/observed.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "record/observed.h"

static flowenrich_batch *new_batch(const flowenrich_allocator *allocator)
{
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *batch;

    options.allocator = allocator;
    flowenrich_batch_new(&batch, 8, &options, NULL);
    return batch;
}

static void an_observer_is_kept_once_until_the_rows_are_cleared(void **state)
{
    char id[] = "eni-1", vpc[] = "vpc-1";
    fle_observed observed = { .id = { id, 5 }, .vpc_id = { vpc, 5 } };
    flowenrich_batch *batch = new_batch(NULL);
    const fle_observed *found;

    (void)state;
    assert_null(fle_batch_observed(batch, FLE_TEXT("eni-1")));
    assert_int_equal(fle_batch_add_observed(batch, &observed), 0);
    id[4] = '2';
    assert_int_equal(fle_batch_add_observed(batch, &observed), 1);
    vpc[4] = '9';
    assert_int_equal(fle_batch_add_observed(batch, &observed), 1);
    found = fle_batch_observed(batch, FLE_TEXT("eni-1"));
    assert_non_null(found);
    assert_true(fle_text_is(found->id, "eni-1"));
    assert_true(fle_text_is(found->vpc_id, "vpc-1"));
    assert_true(found->region.len == 0);
    flowenrich_batch_clear(batch);
    assert_null(fle_batch_observed(batch, FLE_TEXT("eni-1")));
    assert_int_equal(fle_batch_add_observed(batch, &observed), 0);
    flowenrich_batch_free(batch);
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    const fle_observed observed = { .id = FLE_TEXT("eni-1"), .region = FLE_TEXT("us-east-1") };
    bool failed = true;

    (void)state;
    for (size_t n = 0; failed; n++) {
        failing f = { SIZE_MAX, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_batch *batch = new_batch(&allocator);

        f.succeed = n;
        failed = fle_batch_add_observed(batch, &observed) == FLE_ABSENT;
        assert_true(failed == !fle_batch_observed(batch, observed.id));
        flowenrich_batch_free(batch);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_observer_is_kept_once_until_the_rows_are_cleared),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
