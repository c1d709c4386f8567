/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the naming of conversations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/paired.h"
#include "failing.h"
#include "record/dictionary.h"
#include "talking.h"

/* Two zones of vpc-1, vpc-2 with the same addresses as its second subnet, joined to vpc-3. */
static const char inventory[] =
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.1.0.0/16\"},"
    " {\"VpcId\": \"vpc-2\", \"CidrBlock\": \"10.2.0.0/16\"}]}"
    "{\"Subnets\": ["
    "{\"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.1.0.0/24\","
    " \"AvailabilityZoneId\": \"use1-az1\"},"
    "{\"SubnetId\": \"subnet-2\", \"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.1.1.0/24\","
    " \"AvailabilityZoneId\": \"use1-az2\"}]}"
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-1\","
    " \"PrivateIpAddress\": \"10.1.0.5\"},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-2\","
    " \"PrivateIpAddress\": \"10.1.1.7\"},"
    "{\"NetworkInterfaceId\": \"eni-3\", \"VpcId\": \"vpc-2\", \"PrivateIpAddress\": \"10.2.0.9\"},"
    "{\"NetworkInterfaceId\": \"eni-nat\", \"VpcId\": \"vpc-1\", \"SubnetId\": \"subnet-2\","
    " \"InterfaceType\": \"nat_gateway\", \"RequesterManaged\": true,"
    " \"Description\": \"Interface for NAT Gateway nat-0a\", \"OwnerId\": \"111122223333\","
    " \"PrivateIpAddress\": \"10.1.1.200\"}]}";

typedef struct expected {
    const char *path, *value;
} expected;

static void names_as_expected(void **state)
{
    static const struct {
        const char *what;
        talk talk;
        expected expected[10];
    } cases[] = {
        { "both ends logged it",
          { "10.1.0.5", "10.1.1.7", .client_observer = "eni-1", .server_observer = "eni-2",
            .observers = { "eni-1", "eni-2" } },
          { { "client.by", "interface" },
            { "server.by", "mirror" },
            { "server.sure", "exact" },
            { "server.interface_id", "eni-2" },
            { "scope", "cross-az" },
            { "path", "same-vpc" } } },
        { "the server is named by its address, as seen from the client",
          { "10.1.0.5", "10.1.1.7", .client_observer = "eni-1", .observers = { "eni-1" } },
          { { "client.by", "interface" },
            { "server.by", "address" },
            { "server.sure", "sighted" },
            { "server.interface_id", "eni-2" } } },
        { "two logged the server's side: nobody can tell whose packets these were",
          { "10.1.0.5", "10.1.1.7", .client_observer = "eni-1", .server_contested = true,
            .observers = { "eni-1", "eni-2", "eni-9" } },
          { { "server.by", "" },
            { "server.reason", "owner_changed" },
            { "server.subnet_id", "subnet-2" } } },
        { "no document has the client: its records describe it",
          { "10.1.0.77", "10.1.1.7", .client_observer = "eni-77", .server_observer = "eni-2",
            .observers = { "eni-77", "eni-2" },
            .observed = { .id = FLE_ENTRY("eni-77"),
                          .vpc_id = FLE_ENTRY("vpc-1"),
                          .account_id = FLE_ENTRY("111122223333"),
                          .instance_id = FLE_ENTRY("i-77"),
                          .az_id = FLE_ENTRY("use1-az2"),
                          .region = FLE_ENTRY("us-east-1") } },
          { { "client.by", "record" },
            { "client.sure", "sighted" },
            { "client.type", "ec2:instance" },
            { "client.arns", "arn:aws:ec2:us-east-1:111122223333:instance/i-77" },
            { "client.interface_id", "eni-77" },
            { "scope", "same-az" } } },
        { "through a NAT gateway",
          { "10.1.0.5", "203.0.113.5", .client_observer = "eni-1",
            .observers = { "eni-1", "eni-nat" }, .hops = { "eni-nat" } },
          { { "hops.type", "ec2:nat-gateway" },
            { "hops.vpc_id", "vpc-1" },
            { "hops.availability_zone_id", "use1-az2" },
            { "hops.account_id", "111122223333" },
            { "scope", "internet" },
            { "path", "nat-gateway" } } },
        { "through a regional one, which has no interface",
          { "10.1.0.5", "203.0.113.5", .client_observer = "eni-1",
            .observers = { "eni-1", "nat-0b/use1-az1" }, .hops = { "nat-0b/use1-az1" },
            .observed = { .id = FLE_ENTRY("nat-0b/use1-az1"),
                          .resource_id = FLE_ENTRY("nat-0b"),
                          .az_id = FLE_ENTRY("use1-az1"),
                          .account_id = FLE_ENTRY("111122223333"),
                          .region = FLE_ENTRY("us-east-1") } },
          { { "hops.type", "ec2:nat-gateway" },
            { "hops.arn", "arn:aws:ec2:us-east-1:111122223333:natgateway/nat-0b" },
            { "hops.availability_zone_id", "use1-az1" },
            { "path", "nat-gateway" } } },
        { "a hop that nobody knows",
          { "10.1.0.5", "203.0.113.5", .client_observer = "eni-1", .hops = { "eni-99" },
            .observers = { "eni-1" } },
          { { "hops.type", "" }, { "path", "" } } },
        { "by a public address of ours",
          { "10.1.0.5", "10.1.1.7", .client_observer = "eni-1", .server_observer = "eni-2",
            .server_public = "54.2.2.2", .observers = { "eni-1", "eni-2" } },
          { { "server.via_public", "54.2.2.2" },
            { "server.interface_id", "eni-2" },
            { "scope", "same-region-public" },
            { "path", "internet-gateway" } } },
        { "a transit gateway logged it, too",
          { "10.1.0.5", "192.168.7.7", .client_observer = "eni-1", .observers = { "eni-1" },
            .tgw = "tgw-attach-1" },
          { { "path", "transit-gateway" } } },
        { "traffic-path is the client's own word, and goes before what hops tell",
          { "10.1.0.5", "203.0.113.5", .client_observer = "eni-1", .traffic_path = 3,
            .observers = { "eni-1", "eni-nat" }, .hops = { "eni-nat" } },
          { { "path", "virtual-private-gateway" } } },
        { "the next hop of the client's record is the server",
          { "10.1.0.5", "10.1.1.7", .client_observer = "eni-1", .next_hop = "eni-2",
            .observers = { "eni-1" } },
          { { "server.by", "next-hop" }, { "server.sure", "exact" } } },
        { "each end is looked up where those near it are",
          { "10.1.0.5", "10.2.0.9", .client_observer = "eni-1",
            .observers = { "eni-1", "tgw-attach-1", "eni-98" },
            .observed = { .id = FLE_ENTRY("eni-98"), .vpc_id = FLE_ENTRY("vpc-2") } },
          { { "server.by", "address" },
            { "server.interface_id", "eni-3" },
            { "scope", "cross-vpc" } } },
        { "only a hop logged it",
          { "10.1.0.5", "203.0.113.5", .observers = { "eni-nat" }, .hops = { "eni-nat" } },
          { { "client.by", "address" },
            { "client.interface_id", "eni-1" },
            { "server.reason", "not_in_inventory" },
            { "path", "nat-gateway" } } },
    };
    flowenrich_enricher *enricher = enriching_enricher(enriching_inventory(inventory), NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch = talking_batch(&cases[i].talk);

        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
        for (const expected *e = cases[i].expected; e->path; e++)
            if (strcmp(enriching_value(batch, e->path, 0), e->value) != 0)
                fail_msg("%s: %s is '%s', not '%s'", cases[i].what, e->path,
                         enriching_value(batch, e->path, 0), e->value);
        flowenrich_batch_free(batch);
    }
    flowenrich_enricher_free(enricher);
}

/* What the pairer wrote is left alone, and what was added is added once. */
static void a_conversation_can_be_named_again(void **state)
{
    static const talk nat = { "10.1.0.5", "203.0.113.5", .client_observer = "eni-1",
                              .observers = { "eni-1", "eni-nat" }, .hops = { "eni-nat" } };
    flowenrich_enricher *enricher = enriching_enricher(enriching_inventory(inventory), NULL);
    flowenrich_batch *batch = talking_batch(&nat);
    fle_column *types;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
        assert_string_equal(enriching_value(batch, "client.addr", 0), "10.1.0.5");
        assert_string_equal(enriching_value(batch, "direction.by", 0), "syn");
        types = fle_batch_find(batch, FLE_TEXT("hops.type"));
        assert_int_equal(fle_list_len(types, 0), 1);
    }
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

static void why_is_told_in_english(void **state)
{
    static const talk nat = { "10.1.0.5", "203.0.113.5", .client_observer = "eni-1",
                              .observers = { "eni-1", "eni-nat" }, .hops = { "eni-nat" } };
    static const char *const parts[] = {
        "Conversation\n  id          00000000000000aa\n",
        "10.1.0.5:41000 to 203.0.113.5:443, tcp",
        "eni-1, eni-nat, in the order of the way to the server",
        "hops        eni-nat, which passed the packets on",
        "Client 10.1.0.5:41000\n",
        "only one end's tcp-flags hold a SYN",
        "nat-gateway: from the kind of who passed the packets on",
    };
    flowenrich_enricher *enricher = enriching_enricher(enriching_inventory(inventory), NULL);
    flowenrich_batch *batch = talking_batch(&nat);
    char text[4096] = "";
    size_t len;

    (void)state;
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(
        flowenrich_enricher_explain(enricher, batch, 0, text, sizeof text - 1, &len, NULL),
        FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(text, parts[i]))
            fail_msg("'%s' isn't in\n%s", parts[i], text);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    static const talk nat = { "10.1.0.5",
                              "203.0.113.5",
                              .client_observer = "eni-1",
                              .client_public = "54.2.2.2",
                              .observers = { "eni-1", "eni-nat" },
                              .hops = { "eni-nat" } };
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_enricher_options options = FLOWENRICH_ENRICHER_OPTIONS_INIT;
        flowenrich_batch *batch = talking_batch(&nat);
        flowenrich_enricher *enricher;

        options.allocator = &allocator;
        status = flowenrich_enricher_new(&enricher, &options, NULL);
        if (status == FLOWENRICH_OK)
            status = flowenrich_enricher_set_snapshot(enricher, snapshot, NULL);
        if (status == FLOWENRICH_OK)
            status = flowenrich_enricher_enrich(enricher, batch, NULL);
        flowenrich_batch_free(batch);
        flowenrich_enricher_free(enricher);
        assert_int_equal(f.live, 0);
    }
    flowenrich_snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_as_expected),
        cmocka_unit_test(a_conversation_can_be_named_again),
        cmocka_unit_test(why_is_told_in_english),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
