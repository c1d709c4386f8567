/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "catalog/claims.h"

static const struct {
    const char *cidr;
    uint32_t space;
} given[] = {
    { "10.0.0.0/16", 1 }, { "10.0.0.0/16", 3 },   { "10.0.0.0/8", 2 },      { "10.0.0.5", 4 },
    { "0.0.0.0/0", 5 },   { "2001:db8::/56", 1 }, { "2001:db8::1/128", 2 }, { "::/0", 6 },
};

static void an_address_is_claimed_by_every_block_that_holds_it(void **state)
{
    static const struct {
        const char *address, *spaces; /* the most specific first */
    } cases[] = {
        { "10.0.0.5", "4 1 3 2 5" }, { "10.0.0.6", "1 3 2 5" },
        { "10.255.255.255", "2 5" }, { "192.0.2.1", "5" }, /* "::/0" holds no IPv4 */
        { "2001:db8::1", "2 1 6" },  { "2001:db8:0:100::", "6" },
    };
    fle_claim items[sizeof given / sizeof *given];
    fle_claims claims = { items, sizeof given / sizeof *given };
    fle_allocator allocator;
    fle_arena scratch;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&scratch, &allocator);
    for (size_t i = 0; i < claims.n; i++) {
        assert_true(fle_cidr_parse(given[i].cidr, strlen(given[i].cidr), &items[i].cidr));
        items[i].space = given[i].space;
    }
    assert_true(fle_claims_sort(&claims, &scratch));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_claimed at = { 0, 0, 0 };
        fle_address address;
        char got[40] = "";

        assert_true(fle_address_parse(cases[i].address, strlen(cases[i].address), &address));
        while (fle_claims_next(&claims, &address, &at))
            for (size_t k = at.begin; k < at.end; k++)
                snprintf(got + strlen(got), sizeof got - strlen(got), "%s%u", got[0] ? " " : "",
                         (unsigned)items[k].space);
        if (strcmp(got, cases[i].spaces) != 0)
            fail_msg("%s: '%s', not '%s'", cases[i].address, got, cases[i].spaces);
    }
    fle_arena_free(&scratch);
}

static void of_no_claims_nothing_comes(void **state)
{
    const fle_claims none = { NULL, 0 };
    const fle_address address = { { 0 } };
    fle_claimed at = { 0, 0, 0 };

    (void)state;
    assert_false(fle_claims_next(&none, &address, &at));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_claimed_by_every_block_that_holds_it),
        cmocka_unit_test(of_no_claims_nothing_comes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
