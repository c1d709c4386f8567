/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cataloging.h"

/* One of each kind of document, which contradict one another and are of several times. */
static const struct {
    const char *json;
    flowenrich_time time;
} documents[] = {
    { "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a', 'SubnetId':"
      " 'subnet-1', 'OwnerId': '111122223333', 'AvailabilityZone': 'us-east-1a',"
      " 'Groups': [{'GroupId': 'sg-1'}], 'Attachment': {'InstanceId': 'i-1',"
      " 'AttachTime': '2026-11-20T09:00:00Z'}, 'PrivateIpAddress': '10.0.0.5',"
      " 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.5',"
      "  'Association': {'PublicIp': '198.51.100.7'}}, {'PrivateIpAddress': '10.0.0.9'}]}]}",
      NOON },
    { "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-a', 'Groups':"
      " [{'GroupId': 'sg-3'}, {'GroupId': 'sg-2'}], 'PrivateIpAddress': '10.0.0.9',"
      " 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.9'}], 'Ipv4Prefixes':"
      " [{'Ipv4Prefix': '10.0.0.64/28'}], 'Ipv6Addresses': [{'Ipv6Address': '2600:1f18::9'}]},"
      "{'NetworkInterfaceId': 'eni-1', 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.5'}]}]}",
      NOON + HOUR },
    { "{'Reservations': [{'ReservationId': 'r-1', 'Instances': [{'InstanceId': 'i-1', 'Tags':"
      " [{'Key': 'app', 'Value': 'a'}], 'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1',"
      " 'VpcId': 'vpc-a', 'PrivateIpAddress': '10.0.0.5'}]}]}]}",
      NOON },
    { "{'Reservations': [{'ReservationId': 'r-1', 'Instances': [{'InstanceId': 'i-1', 'Tags':"
      " [{'Key': 'app', 'Value': 'b'}]}]}]}",
      NOON }, /* of the same time as the one before */
    { "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/16'}, {'VpcId': 'vpc-b', 'CidrBlock':"
      " '10.1.0.0/16'}]}"
      "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/24'}]}",
      NOON },
    { "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1', 'Status': {'Code': 'active'},"
      " 'RequesterVpcInfo': {'VpcId': 'vpc-a'}, 'AccepterVpcInfo': {'VpcId': 'vpc-b'}}]}"
      "{'createDate': '2026-11-20-12-00-00', 'prefixes': [{'ip_prefix': '52.216.0.0/15',"
      " 'region': 'us-east-1', 'service': 'S3'}]}",
      NOON },
};

#define N_DOCUMENTS (sizeof documents / sizeof *documents)

/* All that can be asked of a snapshot, as text. */
static void describe(struct cataloging *c, fle_buffer *out)
{
    static const char *const interfaces[] = { "eni-1", "eni-2" };
    static const char *const addresses[] = { "10.0.0.5",  "10.0.0.9",     "10.0.0.70",
                                             "10.0.0.99", "198.51.100.7", "2600:1f18::9" };
    static const char *const vpcs[] = { "vpc-a", "vpc-b", "" };

    for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++)
        cataloging_identity(cataloging_interface(c, interfaces[i]), out);
    for (size_t a = 0; a < sizeof addresses / sizeof *addresses; a++)
        for (size_t v = 0; v < sizeof vpcs / sizeof *vpcs; v++)
            for (int hour = -4; hour < 4; hour++) {
                const fle_finding finding = cataloging_ask(
                    c, vpcs[v], addresses[a], NOON + hour * HOUR, NOON + hour * HOUR + HOUR / 2);
                char line[200];

                fle_buffer_char(out, '\n');
                fle_buffer_string(out,
                                  cataloging_say(c, &finding, addresses[a], line, sizeof line));
            }
}

/* Load the documents in an order, and compare with what came out of the first one. */
static void check_order(const size_t order[N_DOCUMENTS], fle_buffer *first)
{
    struct cataloging c;
    fle_buffer out;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    for (size_t i = 0; i < N_DOCUMENTS; i++)
        assert_int_equal(cataloging_load(&c, documents[order[i]].json, documents[order[i]].time),
                         FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    fle_buffer_init(&out, first->allocator);
    describe(&c, &out);
    if (first->len == 0)
        fle_buffer_append(first, out.data, out.len);
    if (!fle_text_equal(fle_text(out.data, out.len), fle_text(first->data, first->len)))
        fail_msg("in the order %zu %zu %zu %zu %zu %zu:\n%.*s\n, not\n%.*s", order[0], order[1],
                 order[2], order[3], order[4], order[5], (int)out.len, out.data, (int)first->len,
                 first->data);
    fle_buffer_free(&out);
    assert_int_equal(cataloging_free(&c), 0);
}

/* All permutations from 'at' on, by exchanging. */
static void permute(size_t order[N_DOCUMENTS], size_t at, fle_buffer *first)
{
    if (at == N_DOCUMENTS) {
        check_order(order, first);
        return;
    }
    for (size_t i = at; i < N_DOCUMENTS; i++) {
        const size_t chosen = order[i];

        order[i] = order[at];
        order[at] = chosen;
        permute(order, at + 1, first);
        order[at] = order[i];
        order[i] = chosen;
    }
}

static void the_order_of_loading_makes_no_difference(void **state)
{
    size_t order[N_DOCUMENTS];
    fle_allocator allocator;
    fle_buffer first;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&first, &allocator);
    for (size_t i = 0; i < N_DOCUMENTS; i++)
        order[i] = i;
    permute(order, 0, &first);
    fle_buffer_free(&first);
}

static flowenrich_status load_and_publish(struct cataloging *c)
{
    flowenrich_status status = FLOWENRICH_OK;

    for (size_t i = 0; i < N_DOCUMENTS && !status; i++)
        status = cataloging_load(c, documents[i].json, documents[i].time);
    return status ? status : cataloging_publish(c);
}

static void every_allocation_may_fail(void **state)
{
    static const char kinds[] = "kinds: [{type: a:b, resource: instance, arn: '{instance}'}]";
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    size_t n;
    (void)state;

    for (n = 0; status != FLOWENRICH_OK; n++) {
        flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;
        struct cataloging c;

        memset(&c, 0, sizeof c);
        c.f.succeed = n;
        c.allocator = failing_allocator(&c.f);
        opt.allocator = &c.allocator;
        opt.kinds = kinds;
        opt.kinds_len = sizeof kinds - 1;
        status = flowenrich_catalog_new(&c.catalog, &opt, &c.error);
        if (!status)
            status = load_and_publish(&c);
        if (status != FLOWENRICH_OK && status != FLOWENRICH_ERR_NOMEM)
            fail_msg("with allocation %zu failing: %s", n, c.error.message);
        assert_true(status == FLOWENRICH_OK || c.snapshot == NULL);
        if (cataloging_free(&c) != 0)
            fail_msg("with allocation %zu failing: not all was freed", n);
    }
    assert_true(n > 20);
}

/* The catalog stays usable, and is as it was before. */
static void a_failure_of_memory_takes_nothing_with_it(void **state)
{
    struct cataloging c;
    size_t n;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    for (n = 0; n < 1000; n++) {
        flowenrich_status status;

        c.f.succeed = n;
        status = load_and_publish(&c);
        c.f.succeed = SIZE_MAX;
        if (status == FLOWENRICH_OK)
            break;
        assert_int_equal(status, FLOWENRICH_ERR_NOMEM);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    }
    assert_true(n < 1000);
    assert_non_null(cataloging_interface(&c, "eni-1"));
    assert_int_equal(cataloging_free(&c), 0);
}

static void what_was_loaded_is_counted(void **state)
{
    static const struct {
        const char *name;
        uint64_t value;
    } expected[] = {
        { "documents", 2 }, { "facts", 0 }, { "interfaces", 2 }, { "addresses", 4 },
        { "skipped_items", 1 }, { "learned_records", 0 }, { "unlearned_records", 0 },
        { "unlearned_addresses", 0 },
        { "events", 0 }, { "failed_events", 0 }, { "repeated_events", 0 }, { "other_events", 0 },
        { "flow_logs", 0 },
    };
    flowenrich_stat stats[13];
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&c, documents[0].json, NOON), FLOWENRICH_OK);
    assert_int_equal(
        cataloging_load(&c,
                        "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'PrivateIpAddress':"
                        " '10.0.0.5'}, {'NetworkInterfaceId': 'eni-2', 'PrivateIpAddress':"
                        " '10.0.0.6'}, {}]}",
                        NOON),
        FLOWENRICH_OK);
    assert_int_equal(flowenrich_catalog_stats(c.catalog, NULL, 0), 13);
    assert_int_equal(flowenrich_catalog_stats(c.catalog, stats, 2), 13);
    assert_int_equal(flowenrich_catalog_stats(c.catalog, stats, 13), 13);
    for (size_t i = 0; i < 13; i++) {
        assert_string_equal(stats[i].name, expected[i].name);
        if (strcmp(stats[i].name, "facts") == 0 ? stats[i].value == 0
                                                : stats[i].value != expected[i].value)
            fail_msg("%s: %d", stats[i].name, (int)stats[i].value);
    }
    assert_int_equal(cataloging_free(&c), 0);
}

static void wrong_arguments_are_refused(void **state)
{
    flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;
    flowenrich_document sizeless = { 0, 1, 1 };
    flowenrich_catalog *catalog;
    flowenrich_error error;
    (void)state;

    opt.event_slack = -2;
    assert_int_equal(flowenrich_catalog_new(&catalog, &opt, &error), FLOWENRICH_ERR_ARG);
    assert_non_null(strstr(error.message, "event_slack"));
    opt.event_slack = 0;
    opt.assume = -2;
    assert_int_equal(flowenrich_catalog_new(&catalog, &opt, &error), FLOWENRICH_ERR_ARG);
    assert_null(catalog);
    assert_int_equal(flowenrich_catalog_new(NULL, NULL, &error), FLOWENRICH_ERR_ARG);
    opt.assume = 0;
    opt.kinds = "kinds: 7";
    opt.kinds_len = 8;
    assert_int_equal(flowenrich_catalog_new(&catalog, &opt, &error), FLOWENRICH_ERR_SYNTAX);
    assert_null(catalog);
    assert_int_equal(flowenrich_catalog_new(&catalog, NULL, &error), FLOWENRICH_OK);
    assert_int_equal(flowenrich_catalog_load(catalog, NULL, 1, NULL, NULL, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_catalog_load(NULL, "{}", 2, NULL, NULL, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_catalog_load(catalog, "{}", 2, &sizeless, NULL, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_catalog_load(catalog, NULL, 0, NULL, NULL, NULL),
                     FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(flowenrich_catalog_publish(catalog, NULL, &error), FLOWENRICH_ERR_ARG);
    flowenrich_catalog_free(catalog);
    flowenrich_catalog_free(NULL);
}

/* How long past a sighting an owner is assumed: a day, nothing, or as told. */
static void the_bound_of_assumption_is_the_callers(void **state)
{
    static const struct {
        int64_t assume, past;
        const char *expected;
    } cases[] = {
        { 0, 86400, "eni-1 address assumed" }, { 0, 86401, "not_observed_then eni-1" },
        { -1, 0, "eni-1 address sighted" },    { -1, 1, "not_observed_then eni-1" },
        { 10, 10, "eni-1 address assumed" },   { 10, 11, "not_observed_then eni-1" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;
        fle_finding finding;
        char got[200];

        assert_int_equal(cataloging_new(&c, NULL, cases[i].assume), FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c,
                                         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1',"
                                         " 'VpcId': 'vpc-a', 'PrivateIpAddress': '10.0.0.5'}]}",
                                         NOON),
                         FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        finding = cataloging_ask(&c, "vpc-a", "10.0.0.5", NOON, NOON + cases[i].past);
        assert_string_equal(cataloging_say(&c, &finding, NULL, got, sizeof got), cases[i].expected);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_loading_makes_no_difference),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_failure_of_memory_takes_nothing_with_it),
        cmocka_unit_test(what_was_loaded_is_counted),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(the_bound_of_assumption_is_the_callers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
