/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/block.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parse/block.h"
#include "parsing.h"

#define CAPACITY 200

struct fixture {
    fle_allocator allocator;
    flowenrich_batch *batch;
    fle_marks *marks;
    fle_buffer dump;
};

static int set_up(void **state)
{
    static struct fixture f;

    fle_allocator_init(&f.allocator, NULL);
    fle_buffer_init(&f.dump, &f.allocator);
    f.marks = malloc(sizeof *f.marks);
    *state = &f;
    return flowenrich_batch_new(&f.batch, CAPACITY, NULL, NULL);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    fle_buffer_free(&f->dump);
    flowenrich_batch_free(f->batch);
    free(f->marks);
    return 0;
}

static fle_plan *plan_of(struct fixture *f, const char *format_text, const char *path,
                         bool checks_all)
{
    const fle_selection selection = { &path, path != NULL, path == NULL };
    flowenrich_format *format;

    assert_int_equal(flowenrich_format_new(&format, format_text, strlen(format_text), NULL, NULL),
                     FLOWENRICH_OK);
    return fle_plan_new(&f->allocator, format, &selection, checks_all);
}

/* The lines become rows, as far as they do; how many is returned. */
static size_t fill(struct fixture *f, fle_plan *plan, const char *text)
{
    const size_t len = strlen(text), offset = f->batch->text.len;
    fle_lines lines = { NULL, f->marks->starts, plan->format->n_fields, 0 };
    size_t n;

    assert_true(fle_buffer_reserve(&f->batch->text, len + FLE_SLACK));
    fle_kernel_best()->scan(text, len, f->batch->text.data + offset, f->marks);
    f->batch->text.len += len;
    lines.text = f->batch->text.data + offset;
    lines.n = f->marks->n_lines;
    assert_true(fle_block_fill(plan, &lines, offset, f->batch, &n));
    f->batch->rows += n;
    return n;
}

static void expect_batch(struct fixture *f, const char *expected)
{
    fle_buffer_clear(&f->dump);
    parsing_batch(&f->dump, f->batch);
    fle_buffer_char(&f->dump, '\0');
    assert_string_equal(f->dump.data, expected);
}

static void lines_become_rows_of_typed_values(void **state)
{
    struct fixture *f = *state;
    fle_plan *plan = plan_of(f, "srcaddr bytes start log-status instance-tag new-one", NULL, false);

    assert_int_equal(fill(f, plan,
                          "10.0.0.1 1 1512564058 OK a%20b%2D x\n"
                          "- - - - - -\n"
                          "2a02:cf40::1 9999999999999999 0 NODATA %2D -\n"
                          "255.255.255.255 0 1 SKIPDATA - y\n"
                          "0.0.0.0 12 1 OK a z\n"),
                     5);
    assert_int_equal(fill(f, plan, "1.2.3.4 7 8 OK - again\n"), 1);
    expect_batch(f, "srcaddr=10.0.0.1 bytes=1 start=1512564058 log_status=OK instance_tag=a b- "
                    "new_one=x\n\n"
                    "NODATA srcaddr=2a02:cf40::1 bytes=9999999999999999 start=0 log_status=NODATA "
                    "instance_tag=-\n"
                    "SKIPDATA srcaddr=255.255.255.255 bytes=0 start=1 log_status=SKIPDATA "
                    "new_one=y\n"
                    "srcaddr=0.0.0.0 bytes=12 start=1 log_status=OK instance_tag=a new_one=z\n"
                    "srcaddr=1.2.3.4 bytes=7 start=8 log_status=OK new_one=again\n");
    fle_plan_free(plan, &f->allocator);
}

static void an_odd_line_ends_the_block_and_leaves_no_trace(void **state)
{
    static const struct {
        const char *lines;
        size_t n;
    } cases[] = {
        { "1 2 OK\n1 x OK\n1 3 OK\n", 1 },
        { "x 2 OK\n1 3 OK\n", 0 },
        { "65535 2 OK\n1 2 OK\n1 2 OK\n1 2 OK\n65536 2 OK\n", 4 },
        { "1 2 OK\n1 2 ODD\n", 1 },                   /* what it means is for others to say */
        { "1 2 OK\n1 00000000000000000002 OK\n", 1 }, /* right, but seldom */
        { "1 1512564058000 OK\n1 1 OK\n", 2 },        /* no time, so no milliseconds */
        { "1 2 OK\n1 2 OK\n", 2 },
    };
    struct fixture *f = *state;
    fle_plan *plan = plan_of(f, "srcport bytes log-status", NULL, false);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plan->is_bound = false;
        flowenrich_batch_clear(f->batch);
        if (fill(f, plan, cases[i].lines) != cases[i].n)
            fail_msg("of '%s' other lines were taken", cases[i].lines);
        for (size_t c = 0; c < f->batch->n_columns; c++)
            for (size_t row = cases[i].n; row < CAPACITY; row++)
                assert_false(fle_column_valid(&f->batch->columns[c], row));
    }
    fle_plan_free(plan, &f->allocator);
}

static void what_nobody_asked_for_is_checked_only_if_the_plan_says_so(void **state)
{
    struct fixture *f = *state;
    const char *bytes = "bytes";
    const fle_selection selection = { &bytes, 1, false };
    fle_plan *plan = plan_of(f, "srcaddr bytes action start log-status", bytes, false);

    assert_int_equal(fill(f, plan, "x 1 y z OK\n1.2.3.4 2 ACCEPT 5 OK\n"), 2);
    fle_plan_check_all(plan, &selection);
    assert_int_equal(fill(f, plan, "1.2.3.4 3 ACCEPT 5 OK\n1.2.3.4 4 y 5 OK\n"), 1);
    assert_int_equal(fill(f, plan, "x 5 ACCEPT 5 OK\n"), 0);
    assert_int_equal(fill(f, plan, "1.2.3.4 6 ACCEPT z OK\n"), 0);
    expect_batch(f, "bytes=1\nbytes=2\nbytes=3\n");
    fle_plan_free(plan, &f->allocator);
}

/* Bits of validity are set for many rows at once, wherever they begin. */
static void blocks_of_any_length_follow_one_another(void **state)
{
    struct fixture *f = *state;
    fle_plan *plan = plan_of(f, "bytes packets", NULL, false);
    char text[FLE_BLOCK * 20];
    uint64_t next = 0;

    for (size_t n = 1; n <= FLE_BLOCK; n += 7) {
        size_t len = 0;

        if (f->batch->rows + n > CAPACITY)
            flowenrich_batch_clear(f->batch);
        plan->is_bound = false;
        next = f->batch->rows;
        for (size_t i = 0; i < n; i++, next++)
            len += (size_t)snprintf(text + len, sizeof text - len,
                                    next % 3 ? "%" PRIu64 " 1\n" : "- 1\n", next);
        assert_int_equal(fill(f, plan, text), n);
        for (size_t row = 0; row < f->batch->rows; row++) {
            assert_int_equal(fle_column_valid(f->batch->columns, row), row % 3 != 0);
            assert_int_equal(fle_column_u64(f->batch->columns, row), row % 3 ? row : 0);
            assert_true(fle_column_valid(f->batch->columns + 1, row));
        }
        assert_false(fle_column_valid(f->batch->columns + 1, f->batch->rows));
    }
    fle_plan_free(plan, &f->allocator);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(lines_become_rows_of_typed_values),
        TEST(an_odd_line_ends_the_block_and_leaves_no_trace),
        TEST(what_nobody_asked_for_is_checked_only_if_the_plan_says_so),
        TEST(blocks_of_any_length_follow_one_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
