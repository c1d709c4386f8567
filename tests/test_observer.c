/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what a record says of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/observer.h"
#include "enriching.h"

static const char inventory[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-1\","
    " \"OwnerId\": \"111122223333\", \"AvailabilityZone\": \"us-east-1a\","
    " \"PrivateIpAddress\": \"10.0.1.5\","
    " \"PrivateIpAddresses\": [{\"PrivateIpAddress\": \"10.0.1.5\", \"Primary\": true},"
    "  {\"PrivateIpAddress\": \"10.0.1.6\", \"Primary\": false}]},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-1\","
    " \"OwnerId\": \"111122223333\", \"AvailabilityZone\": \"us-east-1a\","
    " \"PrivateIpAddress\": \"10.0.1.7\", \"Association\": {\"PublicIp\": \"198.51.100.7\"}},"
    "{\"NetworkInterfaceId\": \"eni-nat\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-1\","
    " \"OwnerId\": \"111122223333\", \"AvailabilityZone\": \"us-east-1a\","
    " \"InterfaceType\": \"nat_gateway\", \"PrivateIpAddress\": \"10.0.0.220\"}]}";

static fle_facts read_facts(flowenrich_batch *batch, const flowenrich_snapshot *snapshot,
                            int64_t slack)
{
    fle_context context = { .batch = batch, .snapshot = snapshot, .slack = slack };
    fle_facts facts;

    assert_true(fle_observers_add(batch));
    fle_context_open(&context);
    fle_facts_read(&facts, &context, 0);
    return facts;
}

static void the_observer_is_an_interface_a_resource_in_its_zone_or_an_attachment(void **state)
{
    static const struct {
        const char *log, *observer;
    } cases[] = {
        { "interface-id srcport log-status\neni-1 1 OK\n", "eni-1" },
        { "interface-id resource-id az-id srcport log-status\n- nat-1 use1-az1 1 OK\n",
          "nat-1/use1-az1" },
        { "interface-id resource-id az-id srcport log-status\n- nat-1 - 1 OK\n", "nat-1" },
        { "tgw-attachment-id srcport log-status\ntgw-attach-1 1 OK\n", "tgw-attach-1" },
        { "interface-id srcport log-status\neni-1 - NODATA\n", "" },
        { "srcport dstport log-status\n1 2 OK\n", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = enriching_parse(cases[i].log);

        assert_true(fle_observers_add(batch));
        assert_int_equal(batch->rows, 1);
        assert_string_equal(enriching_value(batch, "observer", 0), cases[i].observer);
        flowenrich_batch_free(batch);
    }
}

static void a_log_stream_s_interface_stands_in_for_a_record_that_names_nobody(void **state)
{
    static const struct {
        const char *log, *observer;
        bool is_known; /* the inventory has it */
    } cases[] = {
        { "srcaddr srcport log-status\n10.0.1.5 1 OK\n", "eni-1", true },
        { "interface-id srcaddr log-status\n- 10.0.1.5 OK\n", "eni-1", true },
        { "interface-id srcaddr log-status\neni-9 10.0.1.5 OK\n", "eni-9", false },
        { "interface-id resource-id srcport log-status\n- nat-1 1 OK\n", "nat-1", false },
        { "tgw-attachment-id srcport log-status\ntgw-attach-1 1 OK\n", "tgw-attach-1", false },
        { "interface-id srcport log-status\n- - NODATA\n", "", true },
    };
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);

    (void)state;
    source.log_stream = FLE_TEXT("eni-1-all");
    source.interface_id = FLE_TEXT("eni-1");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = enriching_parse_from(cases[i].log, &source);
        const fle_facts facts = read_facts(batch, snapshot, 60);

        if (!fle_text_is(facts.observer, cases[i].observer) ||
            (facts.interface != NULL) != cases[i].is_known)
            fail_msg("case %zu: the observer is '%.*s'", i, (int)facts.observer.len,
                     facts.observer.data);
        flowenrich_batch_free(batch);
    }
    flowenrich_snapshot_free(snapshot);
}

/* Whose side is overwritten, and is it a hop? */
static void the_own_side_tells_ends_from_hops(void **state)
{
    static const struct {
        const char *values; /* of: interface direction src dst pkt-src pkt-dst */
        fle_side own;
        bool is_hop;
    } cases[] = {
        { "eni-1 egress 10.0.1.5 10.0.1.7 10.0.1.5 10.0.1.7", FLE_SRC, false },
        { "eni-1 ingress 10.0.1.7 10.0.1.5 10.0.1.7 10.0.1.5", FLE_DST, false },
        { "eni-1 egress 10.0.1.5 10.0.1.7 10.0.1.6 10.0.1.7", FLE_SRC, false }, /* secondary */
        { "eni-1 egress 10.0.1.5 10.0.1.7 10.9.9.9 10.0.1.7", FLE_SRC, true },
        { "eni-9 egress 10.0.1.9 10.0.1.7 10.9.9.9 10.0.1.7", FLE_SRC, true }, /* unknown */
        { "eni-9 egress 10.0.1.9 10.0.1.7 10.0.1.9 10.0.1.7", FLE_SRC, false },
        { "eni-1 - 10.0.1.5 10.0.1.7 10.0.1.5 10.0.1.7", FLE_SRC, false }, /* by the inventory */
        { "eni-1 - 10.0.1.7 10.0.1.6 10.0.1.7 10.0.1.6", FLE_DST, false },
        { "eni-1 - 10.0.1.5 10.0.1.6 10.0.1.5 10.0.1.6", FLE_N_SIDES, false }, /* both its own */
        { "eni-1 - 10.0.1.8 10.0.1.7 10.0.1.8 10.0.1.7", FLE_N_SIDES, false }, /* neither */
        { "eni-9 - 10.0.1.9 10.0.1.7 10.0.1.9 10.0.1.7", FLE_N_SIDES, false },
        { "eni-nat - 10.0.1.5 10.0.0.220 10.0.1.5 8.8.8.8", FLE_DST, true },
        { "eni-nat - 10.0.0.220 8.8.8.8 10.0.0.220 8.8.8.8", FLE_SRC, false },
        { "eni-nat egress 2001:db8::1 2001:db8::2 2001:db8::1 2001:db8::2", FLE_SRC, true },
        { "eni-1 egress 10.0.1.5 10.0.1.7 - -", FLE_SRC, false },
        { "eni-1 egress - - - -", FLE_SRC, false },
    };
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char log[512];
        flowenrich_batch *batch;
        fle_facts facts;

        snprintf(log, sizeof log,
                 "interface-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr log-status\n"
                 "%s OK\n",
                 cases[i].values);
        batch = enriching_parse(log);
        facts = read_facts(batch, snapshot, 60);
        if (facts.own != cases[i].own || facts.is_hop != cases[i].is_hop)
            fail_msg("%s: own side %d, hop %d", cases[i].values, facts.own, facts.is_hop);
        flowenrich_batch_free(batch);
    }
    flowenrich_snapshot_free(snapshot);
}

#define INTERFACE(id, rest)                                                                        \
    "{\"NetworkInterfaceId\": \"" id "\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-1\"," rest  \
    "}"
#define V6(address) " \"Ipv6Addresses\": [{\"Ipv6Address\": \"" address "\"}]"

/* Of two snapshots: fd00::a moves from eni-1 to eni-2, and fd00::b is eni-3's all the time. */
static const char earlier[] =
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.0.0/16\"}]}"
    "{\"Subnets\": ["
    "{\"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.1.0/24\"},"
    "{\"SubnetId\": \"subnet-2\", \"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.2.0/24\"}]}"
    "{\"NetworkInterfaces\": [" INTERFACE("eni-1", V6("fd00::a")) "," INTERFACE(
        "eni-3", V6("fd00::b")) "," INTERFACE("eni-nat", "\"InterfaceType\": \"nat_gateway\"") "]}";
static const char later[] =
    "{\"NetworkInterfaces\": [" INTERFACE("eni-1", V6("fd00::c")) "," INTERFACE(
        "eni-2", V6("fd00::a")) "," INTERFACE("eni-3", V6("fd00::b")) "]}";

static flowenrich_snapshot *changing_inventory(void)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;

    enriching_must(flowenrich_catalog_new(&catalog, NULL, NULL), NULL);
    document.observed_at = ENRICHING_ELEVEN;
    enriching_must(
        flowenrich_catalog_load(catalog, earlier, sizeof earlier - 1, &document, NULL, NULL), NULL);
    document.observed_at = ENRICHING_ONE;
    enriching_must(flowenrich_catalog_load(catalog, later, sizeof later - 1, &document, NULL, NULL),
                   NULL);
    enriching_must(flowenrich_catalog_publish(catalog, &snapshot, NULL), NULL);
    flowenrich_catalog_free(catalog);
    return snapshot;
}

static void without_a_direction_the_own_side_is_that_whose_address_was_its_own_then(void **state)
{
    static const struct {
        const char *values; /* of: interface src dst */
        flowenrich_time time;
        fle_side own;
    } cases[] = {
        { "eni-1 fd00::9 fd00::a", ENRICHING_NOON, FLE_N_SIDES }, /* it may be eni-2's already */
        { "eni-1 fd00::9 fd00::a", ENRICHING_ONE, FLE_N_SIDES },  /* it is */
        { "eni-1 fd00::b fd00::a", ENRICHING_NOON, FLE_DST }, /* the other can't be eni-1's */
        { "eni-1 fd00::c fd00::a", ENRICHING_ONE, FLE_SRC },  /* to the one who has it now */
        { "eni-3 fd00::b fd00::9", ENRICHING_NOON, FLE_SRC },
        { "eni-3 fd00::b fd00::9", ENRICHING_ELEVEN - 9999, FLE_SRC }, /* no other ever had it */
        { "eni-1 10.0.1.8 10.0.2.8", ENRICHING_NOON, FLE_SRC },     /* it is of that subnet */
        { "eni-1 10.0.2.8 10.0.1.8", ENRICHING_NOON, FLE_DST },
        { "eni-1 198.51.100.1 10.0.1.8", ENRICHING_NOON, FLE_DST },
        { "eni-1 10.0.1.9 10.0.1.8", ENRICHING_NOON, FLE_N_SIDES },   /* both are */
        { "eni-nat 10.0.1.8 10.0.2.8", ENRICHING_NOON, FLE_N_SIDES }, /* that may be a client */
    };
    flowenrich_snapshot *snapshot = changing_inventory();
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char log[256];
        flowenrich_batch *batch;
        fle_facts facts;

        snprintf(log, sizeof log, "interface-id srcaddr dstaddr start end\n%s %lld %lld\n",
                 cases[i].values, (long long)cases[i].time, (long long)cases[i].time);
        batch = enriching_parse(log);
        facts = read_facts(batch, snapshot, 60);
        if (facts.own != cases[i].own)
            fail_msg("case %zu, %s: own side %d", i, cases[i].values, facts.own);
        flowenrich_batch_free(batch);
    }
    flowenrich_snapshot_free(snapshot);
}

static void a_transit_gateway_sees_two_vpcs_and_has_no_side(void **state)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    flowenrich_batch *batch =
        enriching_parse("tgw-id tgw-attachment-id tgw-src-vpc-id tgw-dst-vpc-id flow-direction "
                        "srcaddr dstaddr log-status\n"
                        "tgw-1 tgw-attach-1 vpc-1 vpc-2 ingress 10.0.1.5 10.2.0.1 OK\n");
    const fle_facts facts = read_facts(batch, snapshot, 60);

    (void)state;
    assert_true(facts.by_gateway);
    assert_int_equal(facts.own, FLE_N_SIDES);
    assert_true(fle_text_is(facts.vpc[FLE_SRC], "vpc-1"));
    assert_true(fle_text_is(facts.vpc[FLE_DST], "vpc-2"));
    assert_int_not_equal(facts.space[FLE_SRC], 0);
    assert_int_equal(facts.space[FLE_DST], 0);
    flowenrich_batch_free(batch);
    flowenrich_snapshot_free(snapshot);
}

static void the_slack_widens_the_bounds_and_never_overflows(void **state)
{
    static const struct {
        const char *times;
        flowenrich_time from, until;
    } cases[] = {
        { "100 200", 40, 260 },
        { "200 100", 140, 260 }, /* bounds the wrong way round: the later one counts */
        { "100 -", 40, 160 },
        { "- 100", 40, 160 },
        { "- -", FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char log[128];
        flowenrich_batch *batch;
        fle_facts facts;

        snprintf(log, sizeof log, "start end srcport log-status\n%s 1 OK\n", cases[i].times);
        batch = enriching_parse(log);
        facts = read_facts(batch, NULL, 60);
        if (facts.from != cases[i].from || facts.until != cases[i].until)
            fail_msg("%s: %lld to %lld", cases[i].times, (long long)facts.from,
                     (long long)facts.until);
        flowenrich_batch_free(batch);
    }
}

static void only_protocols_with_ports_have_them(void **state)
{
    static const struct {
        const char *protocol;
        bool has_ports;
    } cases[] = {
        { "6", true }, { "17", true }, { "132", true }, { "33", true }, { "136", true },
        { "-", true }, { "1", false }, { "58", false }, { "47", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char log[128];
        flowenrich_batch *batch;
        fle_facts facts;
        fle_parties parties;

        snprintf(log, sizeof log, "protocol srcport dstport log-status\n%s 1 2 OK\n",
                 cases[i].protocol);
        batch = enriching_parse(log);
        facts = read_facts(batch, NULL, 60);
        parties = fle_facts_parties(&(const fle_context){ .batch = batch }, &facts);
        if ((facts.port[FLE_SRC] == 1) != cases[i].has_ports ||
            fle_parties_have_ports(&parties) != cases[i].has_ports)
            fail_msg("protocol %s: port %u", cases[i].protocol, (unsigned)facts.port[FLE_SRC]);
        flowenrich_batch_free(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_observer_is_an_interface_a_resource_in_its_zone_or_an_attachment),
        cmocka_unit_test(a_log_stream_s_interface_stands_in_for_a_record_that_names_nobody),
        cmocka_unit_test(the_own_side_tells_ends_from_hops),
        cmocka_unit_test(without_a_direction_the_own_side_is_that_whose_address_was_its_own_then),
        cmocka_unit_test(a_transit_gateway_sees_two_vpcs_and_has_no_side),
        cmocka_unit_test(the_slack_widens_the_bounds_and_never_overflows),
        cmocka_unit_test(only_protocols_with_ports_have_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
