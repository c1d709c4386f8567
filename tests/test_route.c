/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of which way the packets went. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"

static const char inventory[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"AvailabilityZone\": "
    "\"us-east-1a\","
    " \"PrivateIpAddress\": \"10.0.1.5\"},"
    "{\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", \"AvailabilityZone\": "
    "\"us-east-1a\","
    " \"PrivateIpAddress\": \"10.0.1.7\", \"Association\": {\"PublicIp\": \"198.51.100.7\"}},"
    "{\"NetworkInterfaceId\": \"eni-nat\", \"VpcId\": \"vpc-1\", \"InterfaceType\": "
    "\"nat_gateway\","
    " \"PrivateIpAddress\": \"10.0.0.220\"},"
    "{\"NetworkInterfaceId\": \"eni-e\", \"VpcId\": \"vpc-1\", \"InterfaceType\": \"vpc_endpoint\","
    " \"PrivateIpAddress\": \"10.0.1.90\"},"
    "{\"NetworkInterfaceId\": \"eni-g\", \"VpcId\": \"vpc-2\", \"AvailabilityZone\": "
    "\"us-east-1a\","
    " \"PrivateIpAddress\": \"10.2.1.5\"}]}"
    "{\"VpcEndpoints\": [{\"VpcEndpointId\": \"vpce-1\", \"VpcEndpointType\": \"Gateway\","
    " \"VpcId\": \"vpc-2\", \"State\": \"available\","
    " \"ServiceName\": \"com.amazonaws.us-east-1.s3\"}]}"
    "{\"createDate\": \"2026-03-01-00-00-00\", \"prefixes\": ["
    "{\"ip_prefix\": \"52.216.0.0/15\", \"region\": \"us-east-1\", \"service\": \"S3\"},"
    "{\"ip_prefix\": \"52.218.0.0/15\", \"region\": \"us-west-2\", \"service\": \"S3\"}]}";

static void the_first_that_decides_is_the_path(void **state)
{
    static const struct {
        const char
            *values; /* interface resource src dst direction traffic-path next-hop-type type */
        const char *path;
    } cases[] = {
        { "eni-1 - 10.0.1.5 10.2.0.1 egress 1 transit_gateway -", "transit-gateway" },
        { "eni-1 - 10.0.1.5 8.8.8.8 egress 8 regional_nat_gateway -", "nat-gateway" },
        { "eni-1 - 10.0.1.5 8.8.8.8 egress 8 interface -", "internet-gateway" },
        { "eni-1 - 10.0.1.5 10.0.1.7 egress 1 - -", "same-vpc" },
        { "eni-1 - 10.0.1.5 8.8.8.8 egress 1 - -", "" }, /* by something in the VPC */
        { "eni-1 - 10.0.1.5 8.8.8.8 egress 2 - -", "internet-gateway" },
        { "eni-1 - 10.0.1.5 52.216.0.1 egress 2 - -", "" }, /* no gateway endpoint is known */
        { "eni-g - 10.2.1.5 52.216.0.1 egress 2 - -", "gateway-endpoint" },
        { "eni-g - 10.2.1.5 52.218.0.1 egress 2 - -", "internet-gateway" }, /* another region's */
        { "eni-1 - 10.0.1.5 10.9.0.1 egress 3 - -", "virtual-private-gateway" },
        { "eni-1 - 10.0.1.5 10.9.0.1 egress 4 - -", "peering" },
        { "eni-1 - 10.0.1.5 10.9.0.1 egress 5 - -", "peering-cross-region" },
        { "eni-1 - 10.0.1.5 10.9.0.1 egress 6 - -", "local-gateway" },
        { "eni-1 - 10.0.1.5 52.216.0.1 egress 7 - -", "gateway-endpoint" },
        { "eni-1 - 10.0.1.5 10.0.1.7 egress 9 - -", "same-vpc" }, /* a code nobody knows yet */
        { "eni-nat - 10.0.0.220 8.8.8.8 egress - - -", "nat-gateway" },
        { "- nat-1 10.0.1.5 8.8.8.8 - - - -", "nat-gateway" },
        { "eni-9 - 10.0.1.9 8.8.8.8 egress - - network_load_balancer", "load-balancer" },
        { "eni-1 - 10.0.1.5 10.0.1.90 - - - -", "vpc-endpoint" },
        { "eni-1 - 10.0.1.5 198.51.100.7 - - - -", "internet-gateway" },
        { "eni-g - 52.216.0.1 10.2.1.5 - - - -", "gateway-endpoint" },
        { "eni-1 - 10.0.1.5 10.0.1.7 - - - -", "same-vpc" },
        { "eni-1 - 10.0.1.5 8.8.8.8 - - - -", "" },
    };
    flowenrich_enricher *enricher = enriching_enricher(enriching_inventory(inventory), NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char log[512];
        flowenrich_batch *batch;

        snprintf(log, sizeof log,
                 "interface-id resource-id srcaddr dstaddr flow-direction traffic-path "
                 "next-hop-interface-type interface-type vpc-id start end log-status\n"
                 "%s vpc-1 %d %d OK\n",
                 cases[i].values, ENRICHING_NOON, ENRICHING_NOON + 60);
        batch = enriching_parse(log);
        assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
        if (strcmp(enriching_value(batch, "path", 0), cases[i].path) != 0)
            fail_msg("%s: '%s'", cases[i].values, enriching_value(batch, "path", 0));
        flowenrich_batch_free(batch);
    }
    flowenrich_enricher_free(enricher);
}

static void a_transit_gateways_own_log_is_its_path(void **state)
{
    flowenrich_enricher *enricher = enriching_enricher(NULL, NULL);
    flowenrich_batch *batch = enriching_parse("tgw-id srcaddr dstaddr log-status\n"
                                              "tgw-1 10.0.1.5 10.2.0.1 OK\n");

    (void)state;
    assert_int_equal(flowenrich_enricher_enrich(enricher, batch, NULL), FLOWENRICH_OK);
    assert_string_equal(enriching_value(batch, "path", 0), "transit-gateway");
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_decides_is_the_path),
        cmocka_unit_test(a_transit_gateways_own_log_is_its_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
