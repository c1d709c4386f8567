/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/snapshot.h"
#include "cataloging.h"
#include "record/path.h"

/* 10.0.0.5 was eni-1's, then eni-2's; another VPC has it, too. */
static const char before[] =
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a',"
    " 'PrivateIpAddress': '10.0.0.5', 'TagSet': [{'Key': 'app', 'Value': 'web'}],"
    " 'Groups': [{'GroupId': 'sg-1'}, {'GroupId': 'sg-2'}]},"
    "{'NetworkInterfaceId': 'eni-3', 'VpcId': 'vpc-b', 'PrivateIpAddress': '10.0.0.5'},"
    "{'NetworkInterfaceId': 'eni-4', 'VpcId': 'vpc-b', 'PrivateIpAddresses': ["
    " {'PrivateIpAddress': '10.0.0.6', 'Association': {'PublicIp': '198.51.100.7'}}],"
    " 'Ipv6Addresses': [{'Ipv6Address': '2600:1f18::6'}],"
    " 'Ipv4Prefixes': [{'Ipv4Prefix': '10.0.0.64/28'}]}]}";
static const char after[] =
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-a',"
    " 'PrivateIpAddress': '10.0.0.5'}]}";
static const char networks[] =
    "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/24'}]}"
    "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/28'}]}"
    "{'PrefixListId': 'pl-1', 'Entries': ["
    "{'Cidr': '192.0.2.0/24', 'Description': 'office'}, {'Cidr': '10.0.0.0/8',"
    " 'Description': 'ours'}]}"
    "{'createDate': '2026-11-20-00-00-00', 'prefixes': [{'ip_prefix': '52.216.0.0/15',"
    " 'region': 'us-east-1', 'service': 'S3'}]}";

struct fixture {
    struct cataloging c;
    flowenrich_batch *batch;
};

static int set_up(void **state)
{
    static struct fixture f;
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;

    assert_int_equal(cataloging_new(&f.c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&f.c, before, NOON), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&f.c, after, NOON + 2 * HOUR), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&f.c, networks, NOON), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&f.c), FLOWENRICH_OK);
    opt.allocator = &f.c.allocator;
    assert_int_equal(flowenrich_batch_new(&f.batch, 4, &opt, NULL), FLOWENRICH_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    flowenrich_batch_free(f->batch);
    return cataloging_free(&f->c) == 0 ? 0 : -1;
}

static flowenrich_key key_of(const char *vpc, const char *address, flowenrich_time at)
{
    flowenrich_key key = FLOWENRICH_KEY_INIT;
    fle_address parsed;

    assert_true(fle_address_parse(address, strlen(address), &parsed));
    memcpy(key.address, parsed.bytes, sizeof key.address);
    key.vpc = fle_text_of(vpc);
    key.from = key.until = at;
    return key;
}

/* Values at paths of a row, by blanks; "-" is absent. */
static void say(const flowenrich_batch *batch, size_t row, const char *const *paths, char *out)
{
    for (*out = '\0'; *paths; paths++) {
        fle_path path;
        fle_value value;

        assert_true(fle_path_open(&path, batch, fle_text_of(*paths)));
        fle_path_get(&path, batch, row, &value);
        if (value.type == FLOWENRICH_TYPE_TEXT)
            sprintf(out + strlen(out), "%.*s ", (int)value.as.text.len, value.as.text.data);
        else if (value.type == FLOWENRICH_TYPE_TIME)
            sprintf(out + strlen(out), "%+d ", (int)(value.as.time - NOON));
        else if (value.type == FLOWENRICH_TYPE_LIST)
            sprintf(out + strlen(out), "%zu ", value.as.texts.n);
        else
            strcat(out, "- ");
    }
    out[strlen(out) - 1] = '\0';
}

static void an_address_is_looked_up_as_seen_from_a_vpc(void **state)
{
    static const char *const paths[] = { "interface_id", "by",    "sure",  "reason",
                                         "since",        "until", "rival", NULL };
    static const struct {
        const char *vpc, *address;
        flowenrich_time at;
        const char *expected;
    } cases[] = {
        { "vpc-a", "10.0.0.5", NOON, "eni-1 address sighted - +0 +0 -" },
        { "vpc-a", "10.0.0.5", NOON + HOUR, "- - - owner_changed +7200 +7200 eni-2" },
        { "vpc-a", "10.0.0.5", NOON + 3 * HOUR, "eni-2 address assumed - +7200 +7200 -" },
        { "vpc-b", "10.0.0.5", NOON, "eni-3 address sighted - +0 +0 -" },
        { "vpc-b", "10.0.0.66", NOON, "eni-4 prefix sighted - +0 +0 -" },
        { "vpc-b", "198.51.100.7", NOON, "eni-4 public-address sighted - +0 +0 -" },
        { "", "198.51.100.7", NOON, "eni-4 public-address sighted - +0 +0 -" },
        { "", "10.0.0.5", NOON, "- - - ambiguous_cidr - - -" },     /* in both VPCs */
        { "", "10.0.0.66", NOON, "- - - ambiguous_cidr - - -" },    /* of vpc-a are the blocks */
        { "", "172.16.0.1", NOON, "- - - not_in_inventory - - -" }, /* in none */
        { "vpc-c", "10.0.0.5", NOON, "- - - unknown_space - - -" }, /* that nobody knows */
        { "vpc-a", "10.0.0.5", FLOWENRICH_TIME_ABSENT, "- - - owner_changed +7200 +7200 eni-2" },
        { "", "52.216.0.1", NOON, "- ip-ranges sighted - - - -" },
        { "", "203.0.113.9", NOON, "- - - not_in_inventory - - -" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_key key = key_of(cases[i].vpc, cases[i].address, cases[i].at);
        char got[256];

        assert_int_equal(flowenrich_snapshot_lookup(f->c.snapshot, &key, 1, f->batch, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(flowenrich_batch_rows(f->batch), 1);
        say(f->batch, 0, paths, got);
        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("%s from '%s': '%s', not '%s'", cases[i].address, cases[i].vpc, got,
                     cases[i].expected);
    }
}

static void an_owner_is_told_as_an_end_of_a_record_is(void **state)
{
    static const char *const paths[] = { "type",     "vpc_id",     "security_group_ids",
                                         "tags.app", "via_public", NULL };
    struct fixture *f = *state;
    flowenrich_key keys[4];
    char got[256];

    keys[0] = key_of("vpc-a", "10.0.0.5", NOON);
    keys[1] = key_of("vpc-a", "10.0.0.9", NOON);
    keys[2] = key_of("", "52.216.0.1", NOON);
    keys[3] = key_of("", "198.51.100.7", NOON);
    assert_int_equal(flowenrich_snapshot_lookup(f->c.snapshot, keys, 4, f->batch, NULL),
                     FLOWENRICH_OK);
    say(f->batch, 0, paths, got);
    assert_string_equal(got, "ec2:interface vpc-a 2 web -");
    say(f->batch, 1, paths, got);
    assert_string_equal(got, "private vpc-a - - -");
    say(f->batch, 2, paths, got);
    assert_string_equal(got, "aws:service - - - -");
    say(f->batch, 3, paths, got);
    assert_string_equal(got, "ec2:interface vpc-b - - 198.51.100.7");
}

static void a_prefix_list_names_what_nobody_is_known_to_have_held(void **state)
{
    static const char *const paths[] = { "network", "by", "sure", "reason", "type", NULL };
    static const struct {
        const char *vpc, *address, *expected;
    } cases[] = {
        { "", "192.0.2.9", "office prefix-list sighted - internet" },
        { "", "10.9.0.1", "ours prefix-list sighted - private" },
        { "vpc-a", "10.0.0.9", "ours - - not_in_inventory private" }, /* it lies in the VPC */
        { "vpc-a", "10.0.0.5", "- address sighted - ec2:interface" },
        { "", "203.0.113.9", "- - - not_in_inventory internet" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_key key = key_of(cases[i].vpc, cases[i].address, NOON);
        char got[256];

        assert_int_equal(flowenrich_snapshot_lookup(f->c.snapshot, &key, 1, f->batch, NULL),
                         FLOWENRICH_OK);
        say(f->batch, 0, paths, got);
        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("%s: '%s', not '%s'", cases[i].address, got, cases[i].expected);
    }
}

static void an_interface_is_looked_up_by_its_id(void **state)
{
    static const char *const paths[] = { "interface_id", "by", "sure", "reason", "tags.app", NULL };
    struct fixture *f = *state;
    flowenrich_key keys[2] = { FLOWENRICH_KEY_INIT, FLOWENRICH_KEY_INIT };
    char got[256];

    keys[0].kind = keys[1].kind = FLOWENRICH_KEY_INTERFACE;
    keys[0].id = FLE_TEXT("eni-1");
    keys[1].id = FLE_TEXT("eni-9");
    assert_int_equal(flowenrich_snapshot_lookup(f->c.snapshot, keys, 2, f->batch, NULL),
                     FLOWENRICH_OK);
    say(f->batch, 0, paths, got);
    assert_string_equal(got, "eni-1 interface exact - web");
    say(f->batch, 1, paths, got);
    assert_string_equal(got, "- - - not_in_inventory -");
}

static void history_tells_all_who_held_an_address(void **state)
{
    static const char *const paths[] = { "interface_id", "vpc_id", "by", "since", "until", NULL };
    static const struct {
        const char *vpc, *address, *expected[4];
    } cases[] = {
        { "vpc-a", "10.0.0.5", { "eni-1 vpc-a address +0 +0", "eni-2 vpc-a address +7200 +7200" } },
        { "",
          "10.0.0.5",
          { "eni-1 vpc-a address +0 +0", "eni-2 vpc-a address +7200 +7200",
            "eni-3 vpc-b address +0 +0" } },
        { "vpc-b", "10.0.0.70", { "eni-4 vpc-b prefix +0 +0" } },
        { "", "198.51.100.7", { "eni-4 vpc-b public-address +0 +0" } },
        { "", "2600:1f18::6", { "eni-4 vpc-b address +0 +0" } }, /* once, though held in two */
        { "vpc-c", "10.0.0.5", { NULL } },                       /* that nobody knows */
        { "", "10.0.0.99", { NULL } },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_key key = key_of(cases[i].vpc, cases[i].address, NOON);
        uint64_t cursor = 0;
        char got[256];

        for (size_t n = 0; cases[i].expected[n]; n++) {
            if (n == 0)
                assert_int_equal(
                    flowenrich_snapshot_history(f->c.snapshot, &key, &cursor, f->batch, NULL),
                    FLOWENRICH_OK);
            say(f->batch, n, paths, got);
            assert_string_equal(got, cases[i].expected[n]);
        }
        assert_int_equal(flowenrich_snapshot_history(f->c.snapshot, &key, &cursor, f->batch, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(flowenrich_batch_rows(f->batch), 0);
    }
}

/* Also what was added since a whole snapshot, and each once. */
static void history_without_a_key_is_of_all_addresses(void **state)
{
    static const char *const paths[] = { "interface_id", "by", "since", "gone", NULL };
    static const char *const expected[] = {
        "eni-1 address +0 -",        "eni-2 address +7200 +10800", /* 10.0.0.5 of vpc-a */
        "eni-3 address +0 -",                                      /* of vpc-b */
        "eni-4 address +0 -",        "eni-4 prefix +0 -",
        "eni-4 address +0 -", /* IPv6, once */
        "eni-4 public-address +0 -", "eni-2 address +10800 -",
    };
    struct fixture *f = *state;
    uint64_t cursor = 0;
    size_t n = 0;

    assert_int_equal(cataloging_load(&f->c,
                                     "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2',"
                                     " 'VpcId': 'vpc-a', 'PrivateIpAddresses': ["
                                     " {'PrivateIpAddress': '10.0.0.9'}]}]}",
                                     NOON + 3 * HOUR),
                     FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&f->c), FLOWENRICH_OK);
    assert_non_null(f->c.snapshot->whole);
    do {
        assert_int_equal(flowenrich_snapshot_history(f->c.snapshot, NULL, &cursor, f->batch, NULL),
                         FLOWENRICH_OK);
        for (size_t row = 0; row < flowenrich_batch_rows(f->batch); row++, n++) {
            char got[256];

            assert_true(n < sizeof expected / sizeof *expected);
            say(f->batch, row, paths, got);
            assert_string_equal(got, expected[n]);
        }
    } while (flowenrich_batch_rows(f->batch) > 0);
    assert_int_equal(n, sizeof expected / sizeof *expected);
}

static void history_comes_in_as_many_batches_as_it_takes(void **state)
{
    struct fixture *f = *state;
    const flowenrich_key key = key_of("", "10.0.0.5", NOON);
    flowenrich_batch *small;
    uint64_t cursor = 0;
    size_t n = 0;

    assert_int_equal(flowenrich_batch_new(&small, 1, NULL, NULL), FLOWENRICH_OK);
    do {
        assert_int_equal(flowenrich_snapshot_history(f->c.snapshot, &key, &cursor, small, NULL),
                         FLOWENRICH_OK);
        n += flowenrich_batch_rows(small);
    } while (flowenrich_batch_rows(small) > 0);
    assert_int_equal(n, 3);
    assert_int_equal(cursor, 3);
    flowenrich_batch_free(small);
}

static void what_is_no_key_is_refused(void **state)
{
    struct fixture *f = *state;
    flowenrich_key key = key_of("", "10.0.0.5", NOON), many[5];
    flowenrich_key interface = FLOWENRICH_KEY_INIT;
    uint64_t cursor = 0;

    for (size_t i = 0; i < 5; i++)
        many[i] = key;
    interface.kind = FLOWENRICH_KEY_INTERFACE;
    assert_int_equal(flowenrich_snapshot_lookup(f->c.snapshot, many, 5, f->batch, NULL),
                     FLOWENRICH_ERR_ARG); /* the batch holds four */
    assert_int_equal(
        flowenrich_snapshot_history(f->c.snapshot, &interface, &cursor, f->batch, NULL),
        FLOWENRICH_ERR_ARG);
    key.kind = 9;
    assert_int_equal(flowenrich_snapshot_lookup(f->c.snapshot, &key, 1, f->batch, NULL),
                     FLOWENRICH_ERR_ARG);
    key.size = 0;
    assert_int_equal(flowenrich_snapshot_lookup(f->c.snapshot, &key, 1, f->batch, NULL),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_snapshot_lookup(NULL, &key, 1, f->batch, NULL), FLOWENRICH_ERR_ARG);
}

static void memory_may_run_out_at_any_time(void **state)
{
    struct fixture *f = *state;
    const flowenrich_key key = key_of("vpc-a", "10.0.0.5", NOON + HOUR);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
        flowenrich_batch *batch;
        uint64_t cursor = 0;

        opt.allocator = &f->c.allocator;
        assert_int_equal(flowenrich_batch_new(&batch, 4, &opt, NULL), FLOWENRICH_OK);
        f->c.f.succeed = n;
        status = flowenrich_snapshot_lookup(f->c.snapshot, &key, 1, batch, NULL);
        if (status == FLOWENRICH_OK)
            status = flowenrich_snapshot_history(f->c.snapshot, &key, &cursor, batch, NULL);
        f->c.f.succeed = SIZE_MAX;
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        flowenrich_batch_free(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_address_is_looked_up_as_seen_from_a_vpc, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_owner_is_told_as_an_end_of_a_record_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_prefix_list_names_what_nobody_is_known_to_have_held,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_interface_is_looked_up_by_its_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(history_tells_all_who_held_an_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(history_without_a_key_is_of_all_addresses, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(history_comes_in_as_many_batches_as_it_takes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_key_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_run_out_at_any_time, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
