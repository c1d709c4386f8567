/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/entry_writer.h"
#include "failing.h"

struct fixture {
    failing f;
    flowenrich_allocator table;
    fle_allocator allocator;
    fle_entry_writer writer;
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (!x)
        return -1;
    x->f.succeed = SIZE_MAX;
    x->table = failing_allocator(&x->f);
    fle_allocator_init(&x->allocator, &x->table);
    fle_entry_writer_init(&x->writer, &x->allocator, 7);
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;
    size_t left;

    fle_entry_writer_free(&x->writer);
    left = x->f.live;
    free(x);
    return left == 0 ? 0 : -1;
}

static void each_text_is_there_once(void **state)
{
    struct fixture *x = *state;
    char name[16];
    size_t n = 0;

    assert_int_equal(fle_entry_writer_text(&x->writer, fle_text("", 0)), 0);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 5000; i++) {
            fle_entries view;
            uint32_t place;

            snprintf(name, sizeof name, "text-%u", i);
            place = fle_entry_writer_text(&x->writer, fle_text_of(name));
            view = fle_entry_writer_view(&x->writer);
            assert_true(fle_text_is(fle_entries_text(&view, place), name));
        }
        if (round == 0)
            n = x->writer.n_texts;
    }
    assert_int_equal(x->writer.n_texts, n);
}

static const flowenrich_text groups[] = { { "sg-1", 4 }, { "sg-2", 4 } };
static const flowenrich_text tags[] = { { "app", 3 }, { "web", 3 } };

/* An interface, and one that only differs in its arn. Nothing is to be freed if it fails. */
static void write(fle_entry_writer *writer)
{
    static const fle_period periods[] = { { INT64_MIN, 5, 1, 0 }, { 6, INT64_MAX, 0, 1 } };
    const fle_periods over_time = { periods, 2 };
    fle_identity identity = {
        .security_group_ids = { groups, 2 }, .tags = { tags, 2 }, .forwards = true, .space = 3
    };

    identity.single[FLE_ATTR_INTERFACE_ID] = FLE_TEXT("eni-1");
    if (fle_entry_writer_reserve(writer, 1) == 0 && !writer->failed)
        fle_entry_writer_put(writer, 0, &identity);
    identity.arns = (fle_texts){ groups, 1 };
    (void)fle_entry_writer_add(writer, &identity);
    fle_entry_writer_periods(writer, 0, &over_time);
}

static void an_entry_is_told_as_it_was_written(void **state)
{
    struct fixture *x = *state;
    fle_entries written;
    fle_identity told;
    fle_arena arena;

    write(&x->writer);
    assert_false(x->writer.failed);
    written = fle_entry_writer_end(&x->writer);
    assert_int_equal(written.n_items, 2);
    assert_int_equal(written.items[0].tags, written.items[1].tags); /* each list is there once */
    assert_int_equal(fle_entries_periods(&written, &written.items[0]).n, 2);
    assert_int_equal(fle_entries_periods(&written, &written.items[1]).n, 0);
    fle_arena_init(&arena, &x->allocator);
    assert_true(fle_entries_tell(&written, &written.items[0], &arena, &told));
    assert_true(fle_text_is(told.single[FLE_ATTR_INTERFACE_ID], "eni-1"));
    assert_int_equal(told.single[FLE_ATTR_VPC_ID].len, 0);
    assert_int_equal(told.arns.n, 0);
    assert_true(told.forwards && !told.has_public && told.space == 3);
    assert_int_equal(told.security_group_ids.n, 2);
    assert_true(fle_text_is(told.security_group_ids.items[1], "sg-2"));
    assert_true(fle_text_is(fle_identity_tag(&told, FLE_TEXT("app")), "web"));
    fle_arena_free(&arena);
    fle_entries_free(&written, &x->allocator);
}

static void memory_may_run_out_at_any_time(void **state)
{
    struct fixture *x = *state;
    bool failed = true;

    for (size_t n = 0; failed; n++) {
        fle_entry_writer writer;

        fle_entry_writer_init(&writer, &x->allocator, 7);
        x->f.succeed = n;
        write(&writer);
        x->f.succeed = SIZE_MAX;
        failed = writer.failed;
        fle_entry_writer_free(&writer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_text_is_there_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_is_told_as_it_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_run_out_at_any_time, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
