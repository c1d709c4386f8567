/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cataloging.h"

#define ENI(id) "{'NetworkInterfaceId': '" id "'}"
#define PAGE(items) "{'NetworkInterfaces': [" items "]}"

static uint64_t stat(struct cataloging *c, const char *name)
{
    flowenrich_stat stats[8];
    const size_t n = flowenrich_catalog_stats(c->catalog, stats, 8);

    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

static void a_document_may_come_in_any_wrapping(void **state)
{
    static const char *const documents[] = {
        PAGE(ENI("eni-1") "," ENI("eni-2")),
        PAGE(ENI("eni-1")) PAGE(ENI("eni-2")),             /* back to back */
        PAGE(ENI("eni-1")) "\n" PAGE(ENI("eni-2")) "\n",   /* one a line */
        "[" PAGE(ENI("eni-1")) "," PAGE(ENI("eni-2")) "]", /* a list of pages */
        "[[" PAGE(ENI("eni-1")) "],[" PAGE(ENI("eni-2")) "]]",
        "{'status_code': 200, 'data': " PAGE(ENI("eni-1") "," ENI("eni-2")) "}", /* recorded */
        "{'NextToken': 'x', 'NetworkInterfaces': [" ENI("eni-1") "," ENI(
            "eni-2") "], 'ResponseMetadata': {'HTTPStatusCode': 200}}",
        "\xef\xbb\xbf" PAGE(ENI("eni-1") "," ENI("eni-2")),
    };
    (void)state;

    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        if (cataloging_load(&c, documents[i], NOON) != FLOWENRICH_OK)
            fail_msg("%s: %s", documents[i], c.error.message);
        if (stat(&c, "interfaces") != 2)
            fail_msg("%s: %d interfaces", documents[i], (int)stat(&c, "interfaces"));
        assert_int_equal(stat(&c, "documents"), 1);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

static void what_is_no_document_is_refused_by_name(void **state)
{
    static const struct {
        const char *json, *message;
    } cases[] = {
        { "", "empty" },
        { " \n", "empty" },
        { "[]", "empty" },
        { "{}", "its keys are none at all" },
        { "{'foo': 1, 'bar': []}", "its keys are \"foo\", \"bar\", none of NetworkInterfaces" },
        { "{'NetworkInterfaces': {}}", "NetworkInterfaces must be a list" },
        { "{'NetworkInterfaces': null}", "NetworkInterfaces must be a list" },
        { "{'cluster': []}", "cluster must be an object" },
        { "[1]", "something else than documents" },
        { "[[[[[[" PAGE("") "]]]]]]", "something else than documents" },
        { PAGE(ENI("eni-1")) "{'foo': 1}", "its keys are \"foo\"" },
        { "[" PAGE(ENI("eni-1")) ", 7]", "something else than documents" },
        { PAGE(ENI("eni-1")) "{", "not JSON" },
        { "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni", "not JSON" },
        { "<html>", "not JSON" },
    };
    struct cataloging *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cataloging_load(c, cases[i].json, NOON) != FLOWENRICH_ERR_SYNTAX ||
            !strstr(c->error.message, cases[i].message))
            fail_msg("%s: %s", cases[i].json, c->error.message);
        /* all of it or nothing */
        if (stat(c, "facts") != 0 || stat(c, "interfaces") != 0 || stat(c, "documents") != 0)
            fail_msg("%s: left something behind", cases[i].json);
    }
}

static void what_is_of_aws_but_of_no_use_is_told_from_what_is_not(void **state)
{
    static const struct {
        const char *json;
        flowenrich_status status;
    } cases[] = {
        { "{'SecurityGroups': [{'GroupId': 'sg-1'}]}", FLOWENRICH_ERR_UNSUPPORTED },
        { "{'Records': [{'eventVersion': '1.08'}]}", FLOWENRICH_ERR_UNSUPPORTED }, /* CloudTrail */
        { "{'NetworkAcls': []}{'Regions': []}", FLOWENRICH_ERR_UNSUPPORTED },
        { "{'eventVersion': '1.08', 'eventSource': 'ec2.amazonaws.com'}",
          FLOWENRICH_ERR_UNSUPPORTED }, /* one event of it */
        { "{'NetworkAcls': []}{'name': 'left-pad'}", FLOWENRICH_ERR_SYNTAX },
        { "{'NetworkAcls': []}" PAGE(ENI("eni-1")), FLOWENRICH_OK }, /* one page of use is enough */
    };
    struct cataloging *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cataloging_load(c, cases[i].json, NOON) != cases[i].status)
            fail_msg("%s: %s", cases[i].json, c->error.message);
    assert_int_equal(stat(c, "interfaces"), 1);
    assert_int_equal(stat(c, "documents"), 1);
}

#define ABSENT FLOWENRICH_TIME_ABSENT
#define RESPONSE "'ResponseMetadata': {'HTTPHeaders': {'date': 'Fri, 20 Nov 2026 11:00:00 GMT'}}"

static void a_document_is_dated_by_the_best_there_is(void **state)
{
    static const struct {
        const char *json;
        flowenrich_time observed, modified, dated; /* dated: 0 = refused */
    } cases[] = {
        { "{'NetworkInterfaces': [], " RESPONSE "}", NOON + 5, NOON + 6, NOON + 5 },
        { "{'NetworkInterfaces': [], " RESPONSE "}", ABSENT, NOON + 6, NOON - HOUR },
        { "{'NetworkInterfaces': []}", ABSENT, NOON + 6, NOON + 6 },
        { "{'NetworkInterfaces': []}", ABSENT, ABSENT, 0 },
        { "{'createDate': '2026-11-20-12-00-01', 'prefixes': []}", ABSENT, ABSENT, NOON + 1 },
        { "{'createDate': 'some day', 'prefixes': []}", ABSENT, NOON, NOON },
        /* pages have times of their own; the newest is told */
        { "[{'NetworkInterfaces': [], " RESPONSE "}, {'Vpcs': []}]", ABSENT, NOON, NOON },
        { "{'Vpcs': []}{'NetworkInterfaces': [], " RESPONSE "}", ABSENT, NOON, NOON },
    };
    struct cataloging *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
        flowenrich_time dated = 0;
        flowenrich_status status;
        char json[300];

        document.observed_at = cases[i].observed;
        document.modified_at = cases[i].modified;
        for (size_t k = 0; k == 0 || json[k - 1]; k++)
            json[k] = (char)(cases[i].json[k] == '\'' ? '"' : cases[i].json[k]);
        status =
            flowenrich_catalog_load(c->catalog, json, strlen(json), &document, &dated, &c->error);
        if (status != (cases[i].dated ? FLOWENRICH_OK : FLOWENRICH_ERR_ARG) ||
            dated != cases[i].dated)
            fail_msg("%s: %s %lld", cases[i].json, flowenrich_status_name(status),
                     (long long)dated);
    }
    assert_int_equal(
        flowenrich_catalog_load(c->catalog, "{\"Vpcs\": []}", 12, NULL, NULL, &c->error),
        FLOWENRICH_ERR_ARG);
}

static void items_that_cannot_be_used_are_counted(void **state)
{
    static const struct {
        const char *json;
        uint64_t skipped;
    } cases[] = {
        { PAGE("{'VpcId': 'vpc-1'}"), 1 }, /* without its id */
        { PAGE("7, null, 'eni-1', []"), 4 },
        { PAGE("{'NetworkInterfaceId': 7}"), 1 },
        { PAGE("{'NetworkInterfaceId': 'eni-1', 'PrivateIpAddress': '10.0.0.256'}"), 1 },
        { PAGE("{'NetworkInterfaceId': 'eni-1', 'PrivateIpAddresses': [{'PrivateIpAddress': "
               "'10.0.0.0/8'}], 'Ipv4Prefixes': [{'Ipv4Prefix': 'x'}]}"),
          2 }, /* a prefix is no address */
        { "{'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/33'}]}", 1 },
        { "{'createDate': '2026-11-20-12-00-01', 'prefixes': [{'ip_prefix': '1.2.3.4/5/6',"
          " 'service': 'S3'}, {'ip_prefix': '1.2.3.0/24'}, {'service': 'S3'}]}",
          3 },
        { "{'Reservations': [{'ReservationId': 'r-1', 'Instances': [{'InstanceId': 'i-1',"
          " 'NetworkInterfaces': [{}]}, {}]}, {}]}",
          2 }, /* an interface, an instance; what a reservation is called doesn't matter */
        { "{'Addresses': [{'PublicIp': '198.51.100.7'}]}", 0 }, /* an address nobody uses */
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        if (cataloging_load(&c, cases[i].json, NOON) != FLOWENRICH_OK ||
            stat(&c, "skipped_items") != cases[i].skipped)
            fail_msg("%s: %d skipped", cases[i].json, (int)stat(&c, "skipped_items"));
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

static void any_text_cut_off_is_refused_or_whole(void **state)
{
    static const char json[] =
        PAGE("{'NetworkInterfaceId': 'eni-1', 'PrivateIpAddresses': [{'PrivateIpAddress': "
             "'10.0.0.1'}], 'TagSet': [{'Key': 'a\\u00e9', 'Value': true}]}") " ";
    struct cataloging *c = *state;
    char cut[sizeof json];

    for (size_t len = 1; len < sizeof json - 2; len++) {
        memcpy(cut, json, len);
        cut[len] = '\0';
        assert_int_equal(cataloging_load(c, cut, NOON), FLOWENRICH_ERR_SYNTAX);
        assert_int_equal(stat(c, "facts"), 0);
    }
    assert_int_equal(cataloging_load(c, json, NOON), FLOWENRICH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_may_come_in_any_wrapping),
        cmocka_unit_test_setup_teardown(what_is_no_document_is_refused_by_name, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(what_is_of_aws_but_of_no_use_is_told_from_what_is_not,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_document_is_dated_by_the_best_there_is, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test(items_that_cannot_be_used_are_counted),
        cmocka_unit_test_setup_teardown(any_text_cut_off_is_refused_or_whole, cataloging_set_up,
                                        cataloging_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
