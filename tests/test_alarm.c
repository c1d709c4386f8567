/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of alarms as rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriched.h"
#include "enriching.h"
#include "record/list.h"
#include "watch/alarm.h"

static const fle_alarm spike = {
    FLE_ALARM_SPIKE, { "denied", 6 }, { "rejects", 7 }, 900, 10, 34,
};

static flowenrich_batch *make_batch(size_t capacity)
{
    flowenrich_batch *batch;

    assert_int_equal(flowenrich_batch_new(&batch, capacity, NULL, NULL), FLOWENRICH_OK);
    return batch;
}

static void an_alarm_has_all_of_its_group(void **state)
{
    static const flowenrich_text scopes[] = { { "internet", 8 } };
    flowenrich_batch *groups = make_batch(4), *alarms = make_batch(4);
    fle_column *list;

    (void)state;
    assert_true(enriched_text(groups, "client.tags.app", 1, "shop"));
    assert_true(enriched_address(groups, "server.addr", 1, "10.0.0.9"));
    assert_true(enriched_u64(groups, "rejects", 1, 900));
    fle_column_set_u32(fle_batch_add_codes(groups, FLE_TEXT("scope"), scopes, 1), 1, 0);
    fle_column_set_bool(fle_batch_add(groups, FLE_TEXT("late"), FLOWENRICH_TYPE_BOOL), 1, true);
    list = fle_batch_add_list(groups, FLE_TEXT("hops.type"), FLOWENRICH_TYPE_TEXT);
    assert_true(fle_list_add_text(groups, list, 1, "nat", 3));
    list = fle_batch_add_list(groups, FLE_TEXT("meters.bytes"), FLOWENRICH_TYPE_U64);
    assert_true(fle_list_add_u64(groups, list, 1, 17));
    assert_true(enriched_text(groups, "alarm.kind", 1, "of a group")); /* gives way */
    groups->rows = 2;

    assert_true(fle_alarm_begin(alarms, groups));
    assert_true(fle_alarm_add(alarms, &spike, groups, 1));
    assert_true(fle_alarm_add(alarms, &(fle_alarm){ .kind = FLE_ALARM_UNEXPECTED }, groups, 0));
    assert_int_equal(alarms->rows, 2);
    assert_string_equal(enriching_value(alarms, "alarm.kind", 0), "spike");
    assert_string_equal(enriching_value(alarms, "alarm.rule", 0), "denied");
    assert_string_equal(enriching_value(alarms, "alarm.measure", 0), "rejects");
    assert_string_equal(enriching_value(alarms, "alarm.value", 0), "900");
    assert_string_equal(enriching_value(alarms, "alarm.usual", 0), "10");
    assert_string_equal(enriching_value(alarms, "alarm.limit", 0), "34");
    flowenrich_batch_free(groups); /* nothing is borrowed */
    assert_string_equal(enriching_value(alarms, "client.tags.app", 0), "shop");
    assert_string_equal(enriching_value(alarms, "server.addr", 0), "10.0.0.9");
    assert_string_equal(enriching_value(alarms, "rejects", 0), "900");
    assert_string_equal(enriching_value(alarms, "scope", 0), "internet");
    assert_string_equal(enriching_value(alarms, "late", 0), "1");
    assert_string_equal(enriching_value(alarms, "hops.type", 0), "nat");
    assert_int_equal(fle_list_u64(fle_batch_find(alarms, FLE_TEXT("meters.bytes")), 0, 0), 17);

    assert_string_equal(enriching_value(alarms, "alarm.kind", 1), "unexpected");
    assert_string_equal(enriching_value(alarms, "alarm.rule", 1), "");
    assert_string_equal(enriching_value(alarms, "alarm.value", 1), "");
    assert_string_equal(enriching_value(alarms, "client.tags.app", 1), "");
    flowenrich_batch_free(alarms);
}

static void columns_are_those_of_the_groups_at_hand(void **state)
{
    flowenrich_batch *first = make_batch(1), *second = make_batch(1), *alarms = make_batch(1);

    (void)state;
    assert_true(enriched_text(first, "path", 0, "nat-gateway"));
    assert_true(enriched_text(second, "scope", 0, "internet"));
    first->rows = second->rows = 1;
    assert_true(fle_alarm_begin(alarms, first));
    assert_true(fle_alarm_add(alarms, &spike, first, 0));
    assert_true(fle_alarm_begin(alarms, second));
    assert_int_equal(alarms->rows, 0);
    assert_null(fle_batch_find(alarms, FLE_TEXT("path")));
    assert_true(fle_alarm_add(alarms, &spike, second, 0));
    assert_string_equal(enriching_value(alarms, "scope", 0), "internet");
    flowenrich_batch_free(first);
    flowenrich_batch_free(second);
    flowenrich_batch_free(alarms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alarm_has_all_of_its_group),
        cmocka_unit_test(columns_are_those_of_the_groups_at_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
