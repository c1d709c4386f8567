/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/plan.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parse/plan.h"
#include "parsing.h"

struct fixture {
    fle_allocator allocator;
    flowenrich_batch *batch;
    fle_buffer dump;
};

static int set_up(void **state)
{
    static struct fixture f;

    fle_allocator_init(&f.allocator, NULL);
    fle_buffer_init(&f.dump, &f.allocator);
    *state = &f;
    return flowenrich_batch_new(&f.batch, 16, NULL, NULL);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    fle_buffer_free(&f->dump);
    flowenrich_batch_free(f->batch);
    return 0;
}

/* With one path selected, or with all if it is NULL. */
static fle_plan *plan_of(struct fixture *f, const char *format_text, const char *path,
                         bool checks_all)
{
    const fle_selection selection = { &path, path != NULL, path == NULL };
    flowenrich_format *format;

    assert_int_equal(flowenrich_format_new(&format, format_text, strlen(format_text), NULL, NULL),
                     FLOWENRICH_OK);
    return fle_plan_new(&f->allocator, format, &selection, checks_all);
}

static fle_bad fill(struct fixture *f, fle_plan *plan, const char *text, fle_fit *fit)
{
    fle_line line;

    fle_line_split(&line, fle_text_of(text));
    assert_int_equal(line.n, plan->format->n_fields);
    assert_true(fle_plan_fill(plan, &line, f->batch, fit));
    f->batch->rows += fit->bad == FLE_BAD_NONE;
    return fit->bad;
}

static void expect_batch(struct fixture *f, const char *expected)
{
    fle_buffer_clear(&f->dump);
    parsing_batch(&f->dump, f->batch);
    fle_buffer_char(&f->dump, '\0');
    assert_string_equal(f->dump.data, expected);
}

static void a_line_becomes_a_row_of_typed_values(void **state)
{
    struct fixture *f = *state;
    fle_plan *plan =
        plan_of(f, "srcaddr dstaddr bytes start action instance-tag new-one", NULL, false);
    fle_fit fit;

    assert_int_equal(fill(f, plan,
                          "10.0.0.1 2A02:CF40::1 18446744073709551615 1512564058000 ACCEPT "
                          "a%20b%2D x",
                          &fit),
                     FLE_BAD_NONE);
    assert_int_equal(fit.milliseconds, 1);
    assert_int_equal(fill(f, plan, "- - - - - - -", &fit), FLE_BAD_NONE);
    assert_int_equal(fill(f, plan, "- - 0 0 - %2D unknown", &fit), FLE_BAD_NONE);
    expect_batch(f, "srcaddr=10.0.0.1 dstaddr=2a02:cf40::1 bytes=18446744073709551615 "
                    "start=1512564058 action=ACCEPT instance_tag=a b- new_one=x\n"
                    "\n"
                    "bytes=0 start=0 instance_tag=- new_one=unknown\n");
    fle_plan_free(plan, &f->allocator);
}

static void a_line_that_does_not_fit_says_where_and_leaves_no_trace(void **state)
{
    struct fixture *f = *state;
    fle_plan *plan = plan_of(f, "account-id srcaddr srcport", NULL, false);
    size_t text_len;
    fle_fit fit;

    assert_int_equal(fill(f, plan, "123 10.0.0.1 65536", &fit), FLE_BAD_NUMBER);
    assert_string_equal(fit.field, "srcport");
    assert_int_equal(fit.column, 14);
    assert_int_equal(f->batch->text.len, 0);
    assert_int_equal(fill(f, plan, "123 10.0.0.256 1", &fit), FLE_BAD_ADDRESS);
    assert_int_equal(fill(f, plan, "- - 443", &fit), FLE_BAD_NONE);
    text_len = f->batch->text.len;
    assert_int_equal(fill(f, plan, "123 10.0.0.1 x", &fit), FLE_BAD_NUMBER);
    assert_int_equal(f->batch->text.len, text_len);
    assert_int_equal(fill(f, plan, "- 10.0.0.2 -", &fit), FLE_BAD_NONE);
    expect_batch(f, "srcport=443\nsrcaddr=10.0.0.2\n");
    fle_plan_free(plan, &f->allocator);
}

static void what_was_not_selected_is_no_column_and_not_looked_at(void **state)
{
    struct fixture *f = *state;
    fle_plan *plan = plan_of(f, "srcaddr bytes log-status", "bytes", false);
    fle_fit fit;

    assert_int_equal(fill(f, plan, "x 840 NODATA", &fit), FLE_BAD_NONE);
    assert_int_equal(fill(f, plan, "x 841 OK", &fit), FLE_BAD_NONE);
    assert_int_equal(f->batch->n_columns, 1);
    assert_int_equal(f->batch->text.len, 0);
    expect_batch(f, "NODATA bytes=840\nbytes=841\n");
    fle_plan_free(plan, &f->allocator);
}

static void a_plan_that_checks_all_takes_no_other_words_than_awss(void **state)
{
    static const struct {
        const char *line;
        fle_bad bad;
        const char *field;
    } cases[] = {
        { "10.0.0.1 1 ACCEPT ingress OK", FLE_BAD_NONE, "" },
        { "- 1 - - SKIPDATA", FLE_BAD_NONE, "" },
        { "x 1 ACCEPT ingress OK", FLE_BAD_ADDRESS, "srcaddr" }, /* though it isn't selected */
        { "- 1 OK ingress ACCEPT", FLE_BAD_NO_FORMAT, "action" },
        { "- 1 REJECT inward OK", FLE_BAD_NO_FORMAT, "flow_direction" },
        { "- 1 REJECT egress ok", FLE_BAD_NO_FORMAT, "log_status" },
    };
    const char *bytes = "bytes";
    const fle_selection selection = { &bytes, 1, false };
    struct fixture *f = *state;
    fle_plan *plan = plan_of(f, "srcaddr bytes action flow-direction log-status", bytes, false);
    fle_fit fit;

    assert_int_equal(fill(f, plan, "x 1 OK inward odd", &fit), FLE_BAD_NONE);
    fle_plan_check_all(plan, &selection);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fill(f, plan, cases[i].line, &fit) != cases[i].bad ||
            strcmp(fit.field, cases[i].field) != 0)
            fail_msg("'%s' is %d in '%s'", cases[i].line, (int)fit.bad, fit.field);
    fle_plan_free(plan, &f->allocator);
}

static void two_plans_share_a_batch(void **state)
{
    struct fixture *f = *state;
    fle_plan *one = plan_of(f, "srcport bytes", NULL, false);
    fle_plan *other = plan_of(f, "bytes vpc-id new-one", NULL, false);
    fle_fit fit;

    for (int i = 0; i < 2; i++) {
        assert_int_equal(fill(f, one, "443 1", &fit), FLE_BAD_NONE);
        assert_int_equal(fill(f, other, "2 vpc-1 x", &fit), FLE_BAD_NONE);
    }
    expect_batch(f, "srcport=443 bytes=1\nbytes=2 vpc_id=vpc-1 new_one=x\n"
                    "srcport=443 bytes=1\nbytes=2 vpc_id=vpc-1 new_one=x\n");
    fle_plan_free(one, &f->allocator);
    fle_plan_free(other, &f->allocator);
}

/* A stream of headers with ever new names must not grow the batch without an end. */
static void unknown_names_make_a_bounded_number_of_columns(void **state)
{
    struct fixture *f = *state;
    char format[64];
    fle_fit fit;

    for (int i = 0; i < 400; i++) {
        fle_plan *plan;

        snprintf(format, sizeof format, "new-%d other-%d bytes", i, i);
        plan = plan_of(f, format, NULL, false);
        flowenrich_batch_clear(f->batch);
        assert_int_equal(fill(f, plan, "a b 1", &fit), FLE_BAD_NONE);
        fle_plan_free(plan, &f->allocator);
    }
    expect_batch(f, "bytes=1\n");
    assert_in_range(f->batch->n_columns, 112, 113);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(a_line_becomes_a_row_of_typed_values),
        TEST(a_line_that_does_not_fit_says_where_and_leaves_no_trace),
        TEST(what_was_not_selected_is_no_column_and_not_looked_at),
        TEST(a_plan_that_checks_all_takes_no_other_words_than_awss),
        TEST(two_plans_share_a_batch),
        TEST(unknown_names_make_a_bounded_number_of_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
