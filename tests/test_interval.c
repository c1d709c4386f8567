/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of from when until when rows are wanted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "record/interval.h"

static const char records[] = "bytes start end\n"
                              "1 1772452800 1772452860\n"
                              "2 1772452860 1772452920\n"
                              "3 - 1772452800\n"
                              "4 1772452920 -\n"
                              "5 - -\n";

typedef struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    flowenrich_error error;
    fle_interval interval;
} fixture;

static void set_up(fixture *x)
{
    memset(x, 0, sizeof *x);
    fle_allocator_init(&x->allocator, NULL);
    fle_arena_init(&x->arena, &x->allocator);
}

static flowenrich_status read_interval(fixture *x, const char *yaml)
{
    fle_yaml *root;

    enriching_must(fle_yaml_read(&root, yaml, strlen(yaml), &x->arena, &x->error), &x->error);
    return fle_interval_read(&x->interval, root, &x->error);
}

static void what_overlaps_stays(void **state)
{
    static const struct {
        const char *yaml, *bytes; /* of the rows that stay */
    } cases[] = {
        { "{}", "12345" },
        { "since:\nuntil:\n", "12345" },
        { "since: 1772452860", "1245" }, /* to the second at which the first one ends */
        { "since: 2026-03-02T12:01:01Z", "245" },
        { "until: 1772452800", "135" },
        { "until: 2026-03-02T13:00:59+01:00", "135" },
        { "since: 1772452861\nuntil: 1772452919", "25" },
        { "since: 1772453000", "45" },
        { "until: 0", "35" },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = enriching_parse(records);
        uint8_t keep[64 / 8 + 1];
        char bytes[16] = "";

        enriching_must(read_interval(&x, cases[i].yaml), &x.error);
        fle_interval_apply(&x.interval, batch, keep);
        for (size_t row = 0; row < batch->rows; row++)
            strcat(bytes, enriching_value(batch, "bytes", row));
        if (strcmp(bytes, cases[i].bytes) != 0)
            fail_msg("%s: %s", cases[i].yaml, bytes);
        flowenrich_batch_free(batch);
    }
    fle_arena_free(&x.arena);
}

static void logs_without_times_stay(void **state)
{
    flowenrich_batch *batch = enriching_parse("bytes srcaddr\n1 10.0.0.1\n");
    uint8_t keep[64 / 8 + 1];
    fixture x;

    (void)state;
    set_up(&x);
    enriching_must(read_interval(&x, "since: 5\nuntil: 6"), &x.error);
    assert_true(fle_interval_is_bounded(&x.interval));
    fle_interval_apply(&x.interval, batch, keep);
    assert_int_equal(batch->rows, 1);
    flowenrich_batch_free(batch);
    fle_arena_free(&x.arena);
}

static void what_is_no_time_is_refused(void **state)
{
    static const struct {
        const char *yaml, *message;
        uint32_t line;
    } cases[] = {
        { "since: noon",
          "since must be a time like 2026-11-20T09:00:00Z, or its seconds since 1970, not 'noon'",
          1 },
        { "since: 1\nuntil: -5",
          "until must be a time like 2026-11-20T09:00:00Z, or its seconds since 1970, not '-5'",
          2 },
        { "until: [1]", "until must be a single value", 1 },
        { "since: 9\nuntil: 8", "until is earlier than since: no record can be in between", 2 },
    };
    fixture x;

    (void)state;
    set_up(&x);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (read_interval(&x, cases[i].yaml) != FLOWENRICH_ERR_SYNTAX ||
            strcmp(x.error.message, cases[i].message) != 0 || x.error.line != cases[i].line)
            fail_msg("%s: %s", cases[i].yaml, x.error.message);
    fle_arena_free(&x.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_overlaps_stays),
        cmocka_unit_test(logs_without_times_stay),
        cmocka_unit_test(what_is_no_time_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
