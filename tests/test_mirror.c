/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of ends that are named by their own record of the same packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/mirror.h"
#include "enriching.h"

/* vpc-1 and vpc-2 have the same block, vpc-3 another; of vpc-9 nothing is known. */
static const char inventory[] =
    "{\"Vpcs\": ["
    "{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.0.0/16\"},"
    "{\"VpcId\": \"vpc-2\", \"CidrBlock\": \"10.0.0.0/16\"},"
    "{\"VpcId\": \"vpc-3\", \"CidrBlock\": \"10.3.0.0/16\"}]}"
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-node\", \"VpcId\": \"vpc-1\","
    " \"PrivateIpAddresses\": [{\"PrivateIpAddress\": \"10.0.0.5\", \"Primary\": true},"
    "  {\"PrivateIpAddress\": \"10.0.0.6\", \"Primary\": false}]},"
    "{\"NetworkInterfaceId\": \"eni-server\", \"VpcId\": \"vpc-1\","
    " \"PrivateIpAddress\": \"10.0.0.9\"},"
    "{\"NetworkInterfaceId\": \"eni-nat\", \"VpcId\": \"vpc-1\","
    " \"InterfaceType\": \"nat_gateway\", \"PrivateIpAddress\": \"10.0.0.220\"}]}";

#define HEADER                                                                                     \
    "interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "  \
    "protocol packets start end log-status\n"

/*
 * Each record without its ports and what follows: the first is asked about, all are
 * learned. Its ports and times are 40000 443 6 9 1000 1060.
 */
typedef struct mirror_case {
    const char *what;
    const char *asked;
    const char *others[3]; /* with times: "... 40000 443 6 9 1000 1060" if none are given */
    bool documents;
    const char *src, *dst; /* who is found; "" nobody, "?" several */
} mirror_case;

static void append(char *log, size_t size, const char *record)
{
    const size_t len = strlen(log);

    snprintf(log + len, size - len, "%s%s OK\n", record,
             strstr(record, " 6 ") ? "" : " 40000 443 6 9 1000 1060");
}

static const char *found(const fle_context *context, const fle_facts *facts, fle_side side)
{
    fle_mirrored mirrored;

    fle_mirror_find(context, facts, side, &mirrored);
    if (!mirrored.witness)
        return mirrored.rival ? "?" : "";
    return mirrored.witness->id.data;
}

static void check(const mirror_case *c)
{
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    fle_context context = { .slack = 60 };
    char log[2048] = HEADER;
    fle_facts facts;

    append(log, sizeof log, c->asked);
    for (size_t i = 0; i < 3 && c->others[i]; i++)
        append(log, sizeof log, c->others[i]);
    context.batch = enriching_parse(log);
    enriching_must(flowenrich_catalog_new(&catalog, NULL, NULL), &(flowenrich_error){ 0 });
    document.observed_at = 1000;
    if (c->documents)
        assert_int_equal(flowenrich_catalog_load(catalog, inventory, sizeof inventory - 1,
                                                 &document, NULL, NULL),
                         FLOWENRICH_OK);
    assert_int_equal(flowenrich_catalog_learn(catalog, context.batch, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_catalog_publish(catalog, &snapshot, NULL), FLOWENRICH_OK);
    flowenrich_catalog_free(catalog);
    context.snapshot = snapshot;
    context.mirrors = fle_snapshot_mirrors(snapshot);
    assert_true(fle_observers_add(context.batch));
    fle_context_open(&context);
    fle_facts_read(&facts, &context, 0);
    if (c->src && strcmp(found(&context, &facts, FLE_SRC), c->src) != 0)
        fail_msg("%s: the source is '%s'", c->what, found(&context, &facts, FLE_SRC));
    if (c->dst && strcmp(found(&context, &facts, FLE_DST), c->dst) != 0)
        fail_msg("%s: the destination is '%s'", c->what, found(&context, &facts, FLE_DST));
    flowenrich_snapshot_free(snapshot);
    flowenrich_batch_free(context.batch);
}

#define CLIENT "eni-1 vpc-1 egress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9"
#define SERVER "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9"

static void an_end_is_named_by_its_own_record(void **state)
{
    static const mirror_case cases[] = {
        { "both ends logged", CLIENT, { SERVER }, false, "eni-1", "eni-2" },
        { "the other way round", SERVER, { CLIENT }, false, "eni-1", "eni-2" },
        { "only one end logged", CLIENT, { 0 }, false, "eni-1", "" },
        { "another port", CLIENT, { SERVER " 40001 443 6 9 1000 1060" }, false, NULL, "" },
        { "late by slack", CLIENT, { SERVER " 40000 443 6 9 1120 1180" }, false, NULL, "eni-2" },
        { "later", CLIENT, { SERVER " 40000 443 6 9 1121 1181" }, false, NULL, "" },
        { "early by slack", CLIENT, { SERVER " 40000 443 6 9 900 940" }, false, NULL, "eni-2" },
        { "the owner changed",
          CLIENT,
          { SERVER, "eni-3 vpc-1 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9 40000 443 6 9 1050 "
                    "1110" },
          false,
          NULL,
          "?" },
        { "another logged it who may be either end",
          CLIENT,
          { SERVER, "eni-3 vpc-1 - 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          false,
          NULL,
          "?" },
        { "no direction, but documents",
          CLIENT,
          { "eni-server vpc-1 - 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          true,
          NULL,
          "eni-server" },
        { "no direction, no documents",
          CLIENT,
          { "eni-server vpc-1 - 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          false,
          NULL,
          "?" },
        { "a direction against the documents",
          "eni-1 vpc-1 egress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9",
          { "eni-server vpc-1 egress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          true,
          "eni-1",
          NULL },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

/* Counterexamples 4 and 5: what was overwritten may be anybody's. */
static void who_passes_packets_on_is_no_end(void **state)
{
    static const mirror_case cases[] = {
        { "a gateway's interface sends on what a client sent",
          "eni-2 vpc-1 ingress 10.1.0.1 10.0.0.9 10.1.0.1 10.0.0.9",
          { "eni-tgw vpc-1 egress 10.0.0.77 10.0.0.9 10.1.0.1 10.0.0.9" },
          false,
          "",
          "eni-2" },
        { "and the client logged it too",
          "eni-2 vpc-1 ingress 10.1.0.1 10.0.0.9 10.1.0.1 10.0.0.9",
          { "eni-tgw vpc-1 egress 10.0.0.77 10.0.0.9 10.1.0.1 10.0.0.9",
            "eni-1 - egress 10.1.0.1 10.0.0.9 10.1.0.1 10.0.0.9" },
          false,
          "eni-1",
          "eni-2" },
        { "both ends of what a gateway's interface logged",
          "eni-tgw vpc-1 egress 10.0.0.77 10.0.0.9 10.1.0.1 10.0.0.9",
          { "eni-1 - egress 10.1.0.1 10.0.0.9 10.1.0.1 10.0.0.9",
            "eni-2 vpc-1 ingress 10.1.0.1 10.0.0.9 10.1.0.1 10.0.0.9" },
          false,
          "eni-1",
          "eni-2" },
        { "a pod, or somebody behind a router",
          CLIENT,
          { "eni-node vpc-1 ingress 10.0.0.1 10.0.0.5 10.0.0.1 10.0.0.9" },
          true,
          NULL,
          "" },
        { "a secondary address that documents show",
          "eni-1 vpc-1 egress 10.0.0.1 10.0.0.6 10.0.0.1 10.0.0.6",
          { "eni-node vpc-1 ingress 10.0.0.1 10.0.0.5 10.0.0.1 10.0.0.6" },
          true,
          NULL,
          "eni-node" },
        { "the same without documents",
          "eni-1 vpc-1 egress 10.0.0.1 10.0.0.6 10.0.0.1 10.0.0.6",
          { "eni-node vpc-1 ingress 10.0.0.1 10.0.0.5 10.0.0.1 10.0.0.6" },
          false,
          NULL,
          "" },
        { "a NAT gateway's inside leg",
          "eni-1 vpc-1 egress 10.0.0.1 203.0.113.5 10.0.0.1 203.0.113.5",
          { "eni-nat vpc-1 ingress 10.0.0.1 10.0.0.220 10.0.0.1 203.0.113.5" },
          true,
          NULL,
          "" },
        { "IPv6 by an interface of which nothing else is known",
          "eni-1 vpc-1 egress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
          { "eni-2 vpc-1 ingress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9" },
          false,
          NULL,
          "" },
        { "IPv6 by an interface with IPv4 of its own",
          "eni-1 vpc-1 egress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
          { "eni-2 vpc-1 ingress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
            "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          false,
          NULL,
          "eni-2" },
        { "but that passes on IPv4",
          "eni-1 vpc-1 egress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
          { "eni-2 vpc-1 ingress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
            "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9",
            "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.1.0.9" },
          false,
          NULL,
          "" },
        { "IPv6 by an interface that documents know",
          "eni-1 vpc-1 egress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
          { "eni-server vpc-1 ingress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9" },
          true,
          NULL,
          "eni-server" },
        { "IPv6 in and out of one interface",
          "eni-1 vpc-1 egress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
          { "eni-server vpc-1 ingress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9",
            "eni-server vpc-1 egress 2001:db8::1 2001:db8::9 2001:db8::1 2001:db8::9" },
          true,
          NULL,
          "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

/* Counterexamples 6 and 7. */
static void the_same_addresses_in_another_vpc_are_not_meant(void **state)
{
    static const mirror_case cases[] = {
        { "the same tuple in a VPC with the same addresses",
          CLIENT,
          { "eni-4 vpc-2 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          true,
          NULL,
          "" },
        { "beside the right one",
          CLIENT,
          { "eni-4 vpc-2 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9", SERVER },
          true,
          NULL,
          "eni-2" },
        { "in a VPC that has other addresses",
          "eni-1 vpc-1 egress 10.0.0.1 10.3.0.9 10.0.0.1 10.3.0.9",
          { "eni-4 vpc-3 ingress 10.0.0.1 10.3.0.9 10.0.0.1 10.3.0.9" },
          true,
          NULL,
          "eni-4" },
        { "seen from the other end",
          "eni-4 vpc-3 ingress 10.0.0.1 10.3.0.9 10.0.0.1 10.3.0.9",
          { "eni-1 vpc-1 egress 10.0.0.1 10.3.0.9 10.0.0.1 10.3.0.9" },
          true,
          "eni-1",
          NULL },
        { "two VPCs of which no addresses are known",
          CLIENT,
          { "eni-4 vpc-2 ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          false,
          NULL,
          "" },
        { "the record of one doesn't say its VPC",
          CLIENT,
          { "eni-4 - ingress 10.0.0.1 10.0.0.9 10.0.0.1 10.0.0.9" },
          false,
          NULL,
          "eni-4" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_named_by_its_own_record),
        cmocka_unit_test(who_passes_packets_on_is_no_end),
        cmocka_unit_test(the_same_addresses_in_another_vpc_are_not_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
