/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/flow_logs.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "loading.h"

#define LOG(id, resource, group, format)                                                           \
    "{'FlowLogId': '" id "', 'ResourceId': '" resource "', 'LogGroupName': '" group                \
    "', 'LogFormat': '" format "', 'TrafficType': 'ALL', 'MaxAggregationInterval': 60}"
#define LOGS(items) "{'FlowLogs': [" items "]}"

static const char documents[] =
    "{'Subnets': [{'SubnetId': 'subnet-a1', 'VpcId': 'vpc-a'}]}"
    "{'NetworkInterfaces': ["
    "{'NetworkInterfaceId': 'eni-a1', 'VpcId': 'vpc-a', 'SubnetId': 'subnet-a1'},"
    "{'NetworkInterfaceId': 'eni-b1', 'VpcId': 'vpc-b', 'SubnetId': 'subnet-b1'}]}";

static const char flow_logs[] = LOGS(LOG("fl-a", "vpc-a", "shared", "${version} ${bytes}") "," LOG(
    "fl-a1", "subnet-a1", "shared",
    "${bytes} ${start}") "," LOG("fl-b", "vpc-b", "shared",
                                 "${start} ${end}") "," LOG("fl-b1", "eni-b1", "own",
                                                            "${end}") "," LOG("fl-tgw", "tgw-1",
                                                                              "gateway",
                                                                              "${tgw-id}") ",{'"
                                                                                           "FlowLog"
                                                                                           "Id': "
                                                                                           "'fl-"
                                                                                           "old', "
                                                                                           "'Resour"
                                                                                           "ceId': "
                                                                                           "'vpc-c'"
                                                                                           "}");

/* All formats of a source, parted by " | ". */
static void check_formats(struct cataloging *c, const char *id, const char *group,
                          const char *interface, const char *expected)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_text format;
    char got[200] = "";

    source.flow_log = fle_text_of(id);
    source.log_group = fle_text_of(group);
    source.interface_id = fle_text_of(interface);
    for (size_t i = 0; (format = flowenrich_snapshot_format(c->snapshot, &source, i)).len > 0; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%.*s", i > 0 ? " | " : "",
                 (int)format.len, format.data);
    if (strcmp(got, expected) != 0)
        fail_msg("'%s' '%s' '%s': '%s', not '%s'", id, group, interface, got, expected);
}

static void the_format_is_that_of_the_flow_log_or_of_its_group(void **state)
{
    static const struct {
        const char *id, *group, *interface, *formats;
    } cases[] = {
        { "fl-a", "", "", "${version} ${bytes}" },
        { "fl-a", "own", "eni-b1", "${version} ${bytes}" }, /* its id says more */
        { "fl-x", "own", "", "" },                          /* in no document */
        { "fl-old", "", "", "" },                           /* which doesn't tell it */
        { "", "own", "", "${end}" },
        { "", "other", "", "" },
        { "", "", "eni-b1", "" }, /* nobody knows where the lines are from */
        { "", "shared", "", "${version} ${bytes} | ${bytes} ${start} | ${start} ${end}" },
        { "", "shared", "eni-new", "${version} ${bytes} | ${bytes} ${start} | ${start} ${end}" },
        { "", "shared", "eni-a1", "${version} ${bytes} | ${bytes} ${start}" },
        { "", "shared", "eni-b1", "${start} ${end}" },
        { "", "own", "eni-a1", "" }, /* another interface's alone */
    };
    struct cataloging *c = *state;

    load(c, documents, NOON);
    load(c, flow_logs, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_formats(c, cases[i].id, cases[i].group, cases[i].interface, cases[i].formats);
}

/* One that was deleted and made anew with other fields has another id. */
static void of_a_groups_formats_the_newest_comes_first(void **state)
{
    struct cataloging *c = *state;

    load(c, LOGS(LOG("fl-2", "vpc-a", "group", "${end}")), NOON);
    load(c, LOGS(LOG("fl-1", "vpc-a", "group", "${start}")), NOON - HOUR);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_formats(c, "", "group", "", "${end} | ${start}");
    load(c, LOGS(LOG("fl-1", "vpc-a", "group", "${start}")), NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_formats(c, "", "group", "", "${start} | ${end}"); /* nobody knows: by id */
}

static void the_place_of_an_observer_is_what_its_flow_logs_agree_on(void **state)
{
    static const struct {
        const char *id, *group, *vpc, *subnet;
    } cases[] = {
        { "fl-a", "", "vpc-a", "" },
        { "fl-a1", "", "vpc-a", "subnet-a1" },
        { "fl-b1", "", "vpc-b", "subnet-b1" },
        { "fl-old", "", "vpc-c", "" },
        { "fl-tgw", "", "", "" },
        { "fl-x", "own", "", "" },
        { "", "own", "vpc-b", "subnet-b1" },
        { "", "shared", "", "" },
        { "", "gateway", "", "" },
        { "", "", "", "" },
    };
    struct cataloging *c = *state;

    load(c, documents, NOON);
    load(c, flow_logs, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_logged logged =
            fle_snapshot_logged(c->snapshot, fle_text_of(cases[i].id), fle_text_of(cases[i].group));

        if (!fle_text_is(logged.vpc, cases[i].vpc) || !fle_text_is(logged.subnet, cases[i].subnet))
            fail_msg("'%s' '%s': '%.*s' '%.*s'", cases[i].id, cases[i].group, (int)logged.vpc.len,
                     logged.vpc.data, (int)logged.subnet.len, logged.subnet.data);
    }
}

/* That nobody logged something then proves nothing. */
static void where_only_a_part_is_recorded_is_known(void **state)
{
#define PARTLY(id, resource, traffic)                                                              \
    "{'FlowLogs': [{'FlowLogId': '" id "', 'ResourceId': '" resource "', 'TrafficType': '" traffic \
    "'}]}"
    static const struct {
        const char *logs, *vpc, *subnet;
        bool all;
    } cases[] = {
        { "", "vpc-a", "subnet-a1", true }, /* it may be that none is loaded */
        { PARTLY("fl-1", "vpc-a", "ALL"), "vpc-a", "subnet-a1", true },
        { PARTLY("fl-1", "vpc-a", "ACCEPT"), "vpc-a", "subnet-a1", false },
        { PARTLY("fl-1", "vpc-a", "REJECT"), "vpc-a", "", false },
        { PARTLY("fl-1", "vpc-a", "ACCEPT"), "vpc-b", "subnet-b1", true },
        { PARTLY("fl-1", "vpc-a", "ACCEPT"), "", "", false }, /* it may be there */
        { PARTLY("fl-1", "subnet-a1", "ACCEPT"), "vpc-a", "subnet-a1", false },
        { PARTLY("fl-1", "subnet-a1", "ACCEPT"), "vpc-a", "subnet-a2", true },
        { PARTLY("fl-1", "vpc-a", "ACCEPT") PARTLY("fl-2", "vpc-a", "ALL"), "vpc-a", "", true },
        { PARTLY("fl-1", "vpc-a", "ACCEPT") PARTLY("fl-2", "subnet-a1", "ALL"), "vpc-a",
          "subnet-a1", true },
        { PARTLY("fl-1", "vpc-a", "ACCEPT") PARTLY("fl-2", "subnet-a1", "ALL"), "vpc-a", "",
          false },
        { PARTLY("fl-1", "vpc-b", "ACCEPT") PARTLY("fl-2", "eni-b1", "ALL"), "vpc-b", "subnet-b1",
          false }, /* of one interface only */
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        load(&c, documents, NOON);
        if (*cases[i].logs)
            load(&c, cases[i].logs, NOON);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if (fle_snapshot_logs_all(c.snapshot, fle_text_of(cases[i].vpc),
                                  fle_text_of(cases[i].subnet)) != cases[i].all)
            fail_msg("%s: '%s' '%s'", cases[i].logs, cases[i].vpc, cases[i].subnet);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

static void the_longest_window_is_known(void **state)
{
    struct cataloging *c = *state;
    flowenrich_stat stats[16];

    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(fle_snapshot_window(c->snapshot), 0);
    load(c, flow_logs, NOON);
    load(c,
         "{'FlowLogs': [{'FlowLogId': 'fl-1', 'MaxAggregationInterval': 600}, {'FlowLogId': "
         "'fl-2', 'MaxAggregationInterval': 99999}]}",
         NOON);
    load(c, PARTLY("fl-3", "vpc-a", "REJECT"), NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(fle_snapshot_window(c->snapshot), 600);
    assert_int_equal(flowenrich_snapshot_stats(c->snapshot, stats, 16), 10);
    assert_int_equal(stats[7].value, 9); /* flow_logs */
    assert_int_equal(stats[8].value, 1); /* partial_flow_logs */
    assert_int_equal(stats[9].value, 600);
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const all[] = { documents, flow_logs, NULL };
    (void)state;

    load_without_memory(all);
}

static void nobody_knows_the_format_of_nothing(void **state)
{
    const flowenrich_source source = FLOWENRICH_SOURCE_INIT, wrong = { 0 };
    struct cataloging *c = *state;

    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(flowenrich_snapshot_format(NULL, &source, 0).len, 0);
    assert_int_equal(flowenrich_snapshot_format(c->snapshot, NULL, 0).len, 0);
    assert_int_equal(flowenrich_snapshot_format(c->snapshot, &wrong, 0).len, 0);
    assert_int_equal(flowenrich_snapshot_format(c->snapshot, &source, 0).len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_format_is_that_of_the_flow_log_or_of_its_group),
        TEST(of_a_groups_formats_the_newest_comes_first),
        TEST(the_place_of_an_observer_is_what_its_flow_logs_agree_on),
        cmocka_unit_test(where_only_a_part_is_recorded_is_known),
        TEST(the_longest_window_is_known),
        cmocka_unit_test(memory_may_run_out_anywhere),
        TEST(nobody_knows_the_format_of_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
