/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what an enricher counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/stats.h"
#include "enriching.h"

static uint64_t value_of(const fle_stats *stats, const fle_resolvers *resolvers, const char *name)
{
    flowenrich_stat out[64];
    const size_t n = fle_stats_write(stats, resolvers, out, 64);

    for (size_t i = 0; i < n; i++)
        if (strcmp(out[i].name, name) == 0)
            return out[i].value;
    return UINT64_MAX;
}

static void an_end_counts_once(void **state)
{
    fle_resolver resolver = { .stat = "named_mine" };
    fle_resolvers resolvers = { &resolver, 1, 1 };
    fle_stats stats;
    flowenrich_answer answer;

    (void)state;
    memset(&stats, 0, sizeof stats);
    memset(&answer, 0, sizeof answer);
    answer.by = FLE_BY_PUBLIC_ADDRESS;
    answer.sure = FLOWENRICH_SURE_ASSUMED;
    fle_stats_end(&stats, &resolvers, &answer);
    answer.by = FLE_BY_RESOLVER;
    fle_stats_end(&stats, &resolvers, &answer);
    answer.by = FLE_BY_NONE;
    answer.reason = FLE_REASON_NOT_IN_INVENTORY;
    fle_stats_end(&stats, &resolvers, &answer);
    answer.identity.single[FLE_ATTR_TYPE] = FLE_TEXT("internet");
    fle_stats_end(&stats, &resolvers, &answer);
    answer.reason = FLE_REASON_OWNER_CHANGED;
    fle_stats_end(&stats, &resolvers, &answer);

    assert_int_equal(value_of(&stats, &resolvers, "ends"), 5);
    assert_int_equal(value_of(&stats, &resolvers, "named_public-address"), 1);
    assert_int_equal(value_of(&stats, &resolvers, "named_mine"), 1);
    assert_int_equal(value_of(&stats, &resolvers, "sure_assumed"), 2);
    assert_int_equal(value_of(&stats, &resolvers, "unnamed_not_in_inventory"), 1);
    assert_int_equal(value_of(&stats, &resolvers, "unnamed_owner_changed"), 1);
    assert_int_equal(value_of(&stats, &resolvers, "internet"), 1);
}

static void a_short_array_gets_what_fits_and_the_number_of_all(void **state)
{
    const fle_resolvers none = { NULL, 0, 0 };
    flowenrich_stat out[2] = { { NULL, 0 }, { "untouched", 7 } };
    fle_stats stats;
    size_t n;

    (void)state;
    memset(&stats, 0, sizeof stats);
    n = fle_stats_write(&stats, &none, out, 1);
    assert_true(n > 2);
    assert_string_equal(out[0].name, "records");
    assert_string_equal(out[1].name, "untouched");
    assert_int_equal(fle_stats_write(&stats, &none, NULL, 0), n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_counts_once),
        cmocka_unit_test(a_short_array_gets_what_fits_and_the_number_of_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
