/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what is remembered of groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "failing.h"
#include "watch/past.h"

#define STEP 60
#define AT(window) (1000 + (flowenrich_time)(window)*STEP)

static void make(fle_pasts *pasts, const fle_allocator *allocator, size_t windows, uint64_t bytes)
{
    fle_pasts_init(pasts, allocator, 1, windows, bytes);
    pasts->step = STEP;
}

/* The value of a group in a window, NULL if there is none. */
static uint64_t *value_of(fle_pasts *pasts, const char *key, flowenrich_time window, size_t *known)
{
    fle_past *past;

    assert_int_equal(fle_pasts_at(pasts, fle_text_of(key), window, &past, NULL), FLOWENRICH_OK);
    return past ? fle_pasts_value(pasts, past, window, known) : NULL;
}

static void windows_move_out_of_sight(void **state)
{
    static const struct {
        int64_t window;
        uint64_t add;
        size_t known;
        const char *before; /* the values before it, and it */
    } steps[] = {
        { 0, 5, 0, "5" },
        { 1, 7, 1, "5 7" },
        { 1, 1, 1, "5 8" },        /* late: added up */
        { 3, 2, 3, "5 8 0 2" },    /* nothing came of the third */
        { 4, 9, 3, "8 0 2 9" },    /* four are seen at a time */
        { 2, 3, 1, "8 3" },        /* late, when one before it is left */
        { 20, 1, 3, "0 0 0 1" },
    };
    fle_allocator allocator;
    fle_pasts pasts;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    make(&pasts, &allocator, 4, 1 << 20);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        size_t known;
        uint64_t *value = value_of(&pasts, "a", AT(steps[i].window), &known);
        char text[128] = "";

        assert_non_null(value);
        *value += steps[i].add;
        for (size_t k = known + 1; k-- > 0;)
            sprintf(text + strlen(text), "%s%llu", *text ? " " : "",
                    (unsigned long long)value[-(ptrdiff_t)k]);
        if (known != steps[i].known || strcmp(text, steps[i].before) != 0)
            fail_msg("step %zu: %zu known, %s", i, known, text);
    }
    fle_pasts_free(&pasts);
}

static void a_new_group_had_nothing_since_windows_are_watched(void **state)
{
    fle_allocator allocator;
    fle_pasts pasts;
    size_t known;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    make(&pasts, &allocator, 4, 1 << 20);
    assert_non_null(value_of(&pasts, "a", AT(0), &known));
    assert_non_null(value_of(&pasts, "b", AT(2), &known));
    assert_int_equal(known, 2);
    assert_non_null(value_of(&pasts, "a", AT(9), &known));
    assert_null(value_of(&pasts, "a", AT(5), &known)); /* forgotten */
    fle_pasts_free(&pasts);
}

/* With room for some, those make room that had nothing in all windows that are looked at. */
static void memory_is_bounded(void **state)
{
    fle_allocator allocator;
    fle_pasts pasts;
    char key[32];
    size_t known, n = 0;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    make(&pasts, &allocator, 2, 16384);
    for (int i = 0; i < 1000; i++) {
        sprintf(key, "group %d", i);
        n += value_of(&pasts, key, AT(0), &known) != NULL;
    }
    assert_in_range(n, 50, 900);
    assert_int_equal(pasts.n, n);
    assert_in_range(fle_pasts_bytes(&pasts), 1, 16384 + 4096);

    assert_null(value_of(&pasts, "new", AT(1), &known)); /* all of them are still of use */
    assert_non_null(value_of(&pasts, "group 1", AT(1), &known));
    assert_non_null(value_of(&pasts, "new", AT(2), &known));
    assert_int_equal(known, 0); /* it was there before, and nobody counted */
    assert_int_equal(pasts.n, 2);
    assert_non_null(value_of(&pasts, "group 1", AT(2), &known));
    assert_int_equal(known, 1);
    fle_pasts_free(&pasts);
}

static void what_is_usual_is_in_the_middle(void **state)
{
    static const struct {
        uint64_t values[6];
        size_t n;
        uint64_t median, deviation;
    } cases[] = {
        { { 7 }, 1, 7, 2 },                    /* by chance: the root */
        { { 0, 0, 0, 0 }, 4, 0, 1 },
        { { 3, 1, 2 }, 3, 2, 1 },
        { { 4, 1, 2, 3 }, 4, 2, 1 },           /* between two, rounded down */
        { { 100, 0, 1000000, 100, 90 }, 5, 100, 10 },
        { { 10, 50, 90, 50, 10, 90 }, 6, 50, 40 },
        { { UINT64_MAX, UINT64_MAX - 2 }, 2, UINT64_MAX - 1, UINT32_MAX }, /* the root again */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t values[6], median, deviation;

        memcpy(values, cases[i].values, sizeof values);
        median = fle_median(values, cases[i].n);
        deviation = fle_deviation(values, cases[i].n, median);
        if (median != cases[i].median || deviation != cases[i].deviation)
            fail_msg("case %zu: %llu, %llu", i, (unsigned long long)median,
                     (unsigned long long)deviation);
    }
}

static void memory_may_run_out(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    failing f = { 0 };
    const fle_allocator allocator = failing_allocator(&f);

    (void)state;
    for (size_t succeed = 0; status == FLOWENRICH_ERR_NOMEM; succeed++) {
        fle_pasts pasts;
        fle_past *past;

        f.succeed = succeed;
        make(&pasts, &allocator, 3, 1000);
        status = FLOWENRICH_OK;
        for (int i = 0; i < 100 && status == FLOWENRICH_OK; i++) {
            char key[32];

            sprintf(key, "%d", i);
            status = fle_pasts_at(&pasts, fle_text_of(key), AT(i), &past, NULL);
        }
        fle_pasts_free(&pasts);
        assert_int_equal(f.live, 0);
    }
    assert_int_equal(status, FLOWENRICH_OK);
}

/* Windows by number: what each is compared with can be read off. */
static void looking_back_is_at_those_before_or_at_the_same_time(void **state)
{
    static const struct {
        fle_lookback back;
        size_t known, windows;
        uint64_t found[4]; /* up to a 0 */
    } cases[] = {
        { { .n = 3, .least = 2 }, 20, 3, { 99, 98, 97 } },
        { { .n = 3, .least = 2 }, 2, 3, { 99, 98 } },
        { { .n = 3, .least = 2 }, 1, 3, { 0 } },                        /* too few */
        { { .n = 2, .least = 1, .season = 10 }, 20, 20, { 90, 80 } },
        { { .n = 2, .least = 1, .season = 10 }, 19, 20, { 90 } },
        { { .n = 2, .least = 2, .season = 10 }, 19, 20, { 0 } },        /* one is too few */
        { { .n = 2, .least = 1, .season = 10, .around = 1 }, 50, 21, { 91, 81 } },
        { { .n = 2, .least = 1, .season = 10, .around = 1 }, 20, 21, { 91 } },
        { { .n = 2, .least = 1, .season = 10, .around = 1 }, 10, 21, { 0 } }, /* not all around */
    };
    uint64_t values[101], found[4];

    (void)state;
    for (uint64_t i = 0; i <= 100; i++)
        values[i] = i;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = 0;

        assert_int_equal(fle_lookback_windows(&cases[i].back), cases[i].windows);
        while (n < 4 && cases[i].found[n] > 0)
            n++;
        if (fle_lookback_values(&cases[i].back, &values[100], cases[i].known, found) != n ||
            memcmp(found, cases[i].found, n * sizeof *found) != 0)
            fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_move_out_of_sight),
        cmocka_unit_test(a_new_group_had_nothing_since_windows_are_watched),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(what_is_usual_is_in_the_middle),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(looking_back_is_at_those_before_or_at_the_same_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
