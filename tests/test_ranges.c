/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/ranges.h"

#define MOST 32

struct published {
    const char *cidr, *service;
};

struct fixture {
    fle_allocator allocator;
    fle_arena arena, scratch;
    fle_ranges ranges;
    fle_range input[MOST];
    flowenrich_text service[MOST]; /* by the entry */
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (!x || !fle_allocator_init(&x->allocator, NULL))
        return -1;
    fle_arena_init(&x->arena, &x->allocator);
    fle_arena_init(&x->scratch, &x->allocator);
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;

    fle_arena_free(&x->arena);
    fle_arena_free(&x->scratch);
    free(x);
    return 0;
}

static void build(struct fixture *x, const struct published *published, size_t n)
{
    assert_true(n <= MOST);
    for (size_t i = 0; i < n; i++) {
        assert_true(
            fle_cidr_parse(published[i].cidr, strlen(published[i].cidr), &x->input[i].cidr));
        x->input[i].service = fle_text_of(published[i].service);
        x->input[i].entry = (uint32_t)i;
        x->service[i] = x->input[i].service;
    }
    assert_true(fle_ranges_build(&x->ranges, x->input, n, &x->arena, &x->scratch));
}

static void check(const struct fixture *x, const char *text, const char *service)
{
    uint32_t found;
    flowenrich_text got = { "", 0 };
    fle_address address;

    assert_true(fle_address_parse(text, strlen(text), &address));
    found = fle_ranges_find(&x->ranges, &address);
    if (found != FLE_NOBODY)
        got = x->service[found];
    if (!fle_text_is(got, service))
        fail_msg("%s: '%.*s', not '%s'", text, (int)got.len, got.data, service);
}

static void the_most_specific_range_that_says_something_answers(void **state)
{
    static const struct published published[] = {
        { "3.0.0.0/8", "AMAZON" },
        { "3.5.0.0/16", "EC2" },
        { "3.5.0.0/16", "S3" },       /* the same prefix: S3 says more */
        { "3.5.0.0/16", "AMAZON" },
        { "3.5.128.0/17", "DYNAMODB" },
        { "3.5.255.0/24", "AMAZON" }, /* inside of a named one: says nothing new */
        { "3.5.255.0/28", "CLOUDFRONT" },
        { "3.6.0.0/16", "EC2" },
        { "2600:1f00::/24", "AMAZON" },
        { "2600:1f18::/33", "EC2" },
        { "255.255.255.255/32", "AMAZON" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120", "S3" }, /* nothing lies behind */
    };
    static const struct {
        const char *address, *service;
    } cases[] = {
        { "2.255.255.255", "" },
        { "3.0.0.0", "AMAZON" },
        { "3.4.255.255", "AMAZON" },
        { "3.5.0.0", "S3" },
        { "3.5.127.255", "S3" },
        { "3.5.128.0", "DYNAMODB" },
        { "3.5.254.255", "DYNAMODB" },
        { "3.5.255.0", "CLOUDFRONT" },
        { "3.5.255.15", "CLOUDFRONT" },
        { "3.5.255.16", "DYNAMODB" },
        { "3.5.255.255", "DYNAMODB" },
        { "3.6.0.0", "EC2" },
        { "3.7.0.0", "AMAZON" },
        { "3.255.255.255", "AMAZON" },
        { "4.0.0.0", "" },
        { "255.255.255.254", "" },
        { "255.255.255.255", "AMAZON" },
        { "::1", "" },
        { "2600:1f18::1", "EC2" },
        { "2600:1f18:8000::", "AMAZON" },
        { "2600:2000::", "" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "S3" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:feff", "" },
    };
    struct published reversed[MOST];
    const size_t n = sizeof published / sizeof *published;

    for (size_t i = 0; i < n; i++)
        reversed[i] = published[n - 1 - i];
    build(*state, published, n);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(*state, cases[i].address, cases[i].service);
    build(*state, reversed, n);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(*state, cases[i].address, cases[i].service);
}

static void no_ranges_answer_for_nothing(void **state)
{
    build(*state, NULL, 0);
    check(*state, "3.5.0.0", "");
}

static void a_range_of_all_addresses_has_no_end(void **state)
{
    static const struct published published[] = { { "::/0", "AMAZON" }, { "10.0.0.0/8", "EC2" } };

    build(*state, published, 2);
    check(*state, "::", "AMAZON");
    check(*state, "10.1.1.1", "EC2");
    check(*state, "11.0.0.0", "AMAZON");
    check(*state, "ffff::", "AMAZON");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_most_specific_range_that_says_something_answers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_ranges_answer_for_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_range_of_all_addresses_has_no_end, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
