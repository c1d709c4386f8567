/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eventing.h"

#define TASK "arn:aws:ecs:us-east-1:111122223333:task/prod/4711"
#define CLUSTER "arn:aws:ecs:us-east-1:111122223333:cluster/prod"

/* The tags of the service stand where the task has none of that name. */
static void a_task_is_of_its_service(void **state)
{
    static const struct {
        const char *members, *is;
    } cases[] = {
        { "'taskArn': '" TASK "', 'clusterArn': '" CLUSTER "', 'group': 'service:shop'",
          "4711 shop app=shop team=red" },
        { "'taskArn': '" TASK "', 'clusterArn': '" CLUSTER "', 'group': 'family:shop'",
          "4711 team=red" },
        { "'taskArn': '" TASK "', 'clusterArn': 'prod', 'group': 'service:shop'", "4711 team=red" },
        { "'group': 'service:shop'", "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;
        char json[1024], out[128];

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        snprintf(json, sizeof json,
                 "{'detail-type': 'ECS Task State Change', 'time': '2026-11-20T12:00:00Z', "
                 "'detail': {%s, 'attachments': [{'type': 'eni', 'status': 'ATTACHED', 'details': "
                 "[{'name': 'networkInterfaceId', 'value': 'eni-1'}]}]}}",
                 cases[i].members);
        assert_int_equal(cataloging_load(&c, json, NOON), FLOWENRICH_OK);
        assert_int_equal(
            cataloging_load(&c,
                            "{'ResourceTagMappingList': [{'ResourceARN': '" TASK "', 'Tags': "
                            "[{'Key': 'team', 'Value': 'red'}]}, {'ResourceARN': "
                            "'arn:aws:ecs:us-east-1:111122223333:service/prod/shop', 'Tags': "
                            "[{'Key': 'app', 'Value': 'shop'}, {'Key': 'team', 'Value': "
                            "'blue'}]}]}",
                            NOON),
            FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if (strcmp(eventing_then(&c, "eni-1", NOON, NOON, out, sizeof out), cases[i].is) != 0)
            fail_msg("case %zu: %s", i, out);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

/* As describe-tasks lists it: with tags of its own, if they were asked for. */
static void a_listed_task_is_one_that_an_event_tells(void **state)
{
    struct cataloging c;
    char out[128];
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(
        cataloging_load(&c,
                        "{'tasks': [{'taskArn': '" TASK "', 'clusterArn': '" CLUSTER "', 'group': "
                        "'service:shop', 'tags': [{'key': 'team', 'value': 'green'}], "
                        "'attachments': [{'type': 'ElasticNetworkInterface', 'status': "
                        "'ATTACHED', 'details': [{'name': 'networkInterfaceId', 'value': "
                        "'eni-1'}, {'name': 'privateIPv4Address', 'value': '10.0.0.5'}]}, "
                        "{'type': 'ServiceConnect', 'details': []}]}, {}], 'failures': []}",
                        NOON),
        FLOWENRICH_OK);
    assert_int_equal(
        cataloging_load(&c,
                        "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': "
                        "'vpc-1'}]}",
                        NOON),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    assert_string_equal(eventing_then(&c, "eni-1", NOON, NOON, out, sizeof out),
                        "4711 shop team=green");
    assert_string_equal(eventing_owner(&c, "vpc-1", "10.0.0.5", NOON, NOON, out, sizeof out),
                        "eni-1 address sighted");
    assert_int_equal(cataloging_free(&c), 0);
}

/* Each by its name: proxies, load balancers and the nodes of a cache. */
static void names_lead_to_what_is_behind_them(void **state)
{
    static const struct {
        const char *document, *name, *is, *type;
    } cases[] = {
        { "{'DBProxies': [{'DBProxyArn': 'arn:aws:rds:us-east-1:1:db-proxy:prx-1', 'Endpoint': "
          "'p.example', 'VpcId': 'vpc-1'}]}",
          "p.example", "prx-1", "rds:proxy" },
        { "{'LoadBalancers': [{'LoadBalancerArn': "
          "'arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/front/0123', 'DNSName': "
          "'Front.example', 'Type': 'network'}]}",
          "front.example", "0123", "elb:network" },
        { "{'CacheClusters': [{'ARN': 'arn:aws:elasticache:us-east-1:1:cluster:redis', "
          "'CacheNodes': [{}, {'Endpoint': {'Address': 'node.example', 'Port': 6379}}]}]}",
          "node.example", "redis", "elasticache:cluster" },
        { "{'LoadBalancerDescriptions': [{'LoadBalancerName': 'old', 'DNSName': 'Old.example', "
          "'VPCId': 'vpc-1', 'AvailabilityZones': ['us-east-1a'], 'SourceSecurityGroup': "
          "{'OwnerAlias': '1'}}]}",
          "old.example", "old", "elb:classic" },
        { "{'Clusters': [{'ClusterArn': 'arn:aws:dax:us-east-1:1:cache/fast', "
          "'ClusterDiscoveryEndpoint': {'Address': 'dax.example'}, 'Nodes': [{'Endpoint': "
          "{'Address': 'node.example'}}]}]}",
          "node.example", "fast", "dax:cluster" },
        { "{'Clusters': [{'ClusterIdentifier': 'wide', 'ClusterNamespaceArn': "
          "'arn:aws:redshift:us-east-1:1:namespace:0-0', 'Endpoint': {'Address': "
          "'wide.example'}, 'VpcId': 'vpc-1', 'Tags': [{'Key': 'team', 'Value': 'bi'}]}]}",
          "wide.example", "wide team=bi", "redshift:cluster" },
        { "{'DomainStatusList': [{'ARN': 'arn:aws:es:us-east-1:1:domain/logs', 'Endpoints': "
          "{'vpc': 'vpc-logs.example'}, 'VPCOptions': {'VPCId': 'vpc-1'}}]}",
          "vpc-logs.example", "logs", "es:domain" },
        { "{'DomainStatus': {'ARN': 'arn:aws:es:us-east-1:1:domain/logs', 'Endpoints': "
          "{'vpc': 'vpc-logs.example'}}}",
          "vpc-logs.example", "logs", "es:domain" },
        { "{'cluster': {'arn': 'arn:aws:eks:us-east-1:1:cluster/prod', 'endpoint': "
          "'https://0A1B.example', 'tags': {'team': 'red', '': 'x'}, 'resourcesVpcConfig': "
          "{'vpcId': 'vpc-1'}}}",
          "0a1b.example", "prod team=red", "eks:cluster" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;
        char json[256], out[128];

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        snprintf(json, sizeof json,
                 "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', "
                 "'PrivateIpAddress': '10.0.0.5'}]} {'endpoint': '%s', 'address': '10.0.0.5'}",
                 cases[i].name);
        assert_int_equal(cataloging_load(&c, json, NOON), FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c, cases[i].document, NOON), FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if (strcmp(eventing_then(&c, "eni-1", NOON, NOON, out, sizeof out), cases[i].is) != 0 ||
            !fle_text_is(cataloging_interface(&c, "eni-1")->single[FLE_ATTR_TYPE], cases[i].type))
            fail_msg("case %zu: %s", i, out);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

/* Their interfaces name them, so what their descriptions add is tags. */
static void tags_of_clusters_are_those_of_their_interfaces(void **state)
{
    static const struct {
        const char *interface, *document, *is;
    } cases[] = {
        { "'Description': 'DO NOT DELETE - Amazon MSK network interface for cluster "
          "arn:aws:kafka:us-east-1:111122223333:cluster/bus/0-0.'",
          "{'ClusterInfoList': [{'ClusterArn': "
          "'arn:aws:kafka:us-east-1:111122223333:cluster/bus/0-0', 'Tags': {'team': 'red'}}]}",
          "0-0 team=red" },
        { "'Description': 'DO NOT DELETE - Amazon MSK network interface for cluster "
          "arn:aws:kafka:us-east-1:111122223333:cluster/bus/0-0.'",
          "{'ClusterInfo': {'ClusterArn': 'arn:aws:kafka:us-east-1:111122223333:cluster/bus/0-0', "
          "'Tags': {'team': 'red'}}}",
          "0-0 team=red" },
        { "'Description': 'Amazon EKS prod'",
          "{'cluster': {'arn': 'arn:aws:eks:us-east-1:111122223333:cluster/prod', 'tags': "
          "{'team': 'red'}}}",
          "prod team=red" },
        { "'Description': 'Amazon EKS prod'", /* tags weren't asked for, and so aren't unknown */
          "{'cluster': {'arn': 'arn:aws:eks:us-east-1:111122223333:cluster/prod'}}"
          "{'ResourceTagMappingList': [{'ResourceARN': "
          "'arn:aws:eks:us-east-1:111122223333:cluster/prod', 'Tags': [{'Key': 'team', 'Value': "
          "'red'}]}]}",
          "prod team=red" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;
        char json[512], out[128];

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        snprintf(json, sizeof json,
                 "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', "
                 "'AvailabilityZone': 'us-east-1a', 'OwnerId': '111122223333', "
                 "'RequesterManaged': true, 'PrivateIpAddress': '10.0.0.5', %s}]}",
                 cases[i].interface);
        assert_int_equal(cataloging_load(&c, json, NOON), FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c, cases[i].document, NOON), FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if (strcmp(eventing_then(&c, "eni-1", NOON, NOON, out, sizeof out), cases[i].is) != 0)
            fail_msg("case %zu: %s", i, out);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

/* Redshift lists its nodes' addresses: nobody needs to resolve the name. */
static void a_cluster_is_behind_the_addresses_of_its_nodes(void **state)
{
    struct cataloging c;
    char out[128];
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(
        cataloging_load(&c,
                        "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', "
                        "'PrivateIpAddress': '10.0.0.5'}, {'NetworkInterfaceId': 'eni-2', 'VpcId': "
                        "'vpc-1', 'PrivateIpAddress': '10.0.0.6'}]}"
                        "{'Clusters': [{'ClusterIdentifier': 'wide', 'ClusterNamespaceArn': "
                        "'arn:aws:redshift:us-east-1:1:namespace:0-0', 'Endpoint': {'Address': "
                        "'wide.example'}, 'VpcId': 'vpc-1', 'ClusterNodes': [{'NodeRole': "
                        "'LEADER', 'PrivateIPAddress': '10.0.0.5'}]}, {'ClusterIdentifier': "
                        "'unknown', 'ClusterNodes': [{'PrivateIPAddress': '10.0.0.6'}]}, {'Id': "
                        "'j-1', 'Name': 'emr'}]}",
                        NOON),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    assert_string_equal(eventing_then(&c, "eni-1", NOON, NOON, out, sizeof out), "wide");
    assert_string_equal(eventing_then(&c, "eni-2", NOON, NOON, out, sizeof out), "");
    assert_int_equal(cataloging_free(&c), 0);
}

static void what_a_document_lacks_is_skipped(void **state)
{
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&c,
                                     "{'endpoint': '', 'address': '10.0.0.5'} {'endpoint': 'a', "
                                     "'address': 'b'} {'DBInstances': [{}, {'DBInstanceArn': "
                                     "'x'}], 'DBClusters': [{'DBClusterArn': 'y'}]}",
                                     NOON),
                     FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    assert_int_equal(
        cataloging_load(&c, "{'endpoint': 'a', 'address': '10.0.0.5'}", FLOWENRICH_TIME_ABSENT),
        FLOWENRICH_ERR_ARG);
    assert_int_equal(cataloging_free(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_of_its_service),
        cmocka_unit_test(a_listed_task_is_one_that_an_event_tells),
        cmocka_unit_test(names_lead_to_what_is_behind_them),
        cmocka_unit_test(tags_of_clusters_are_those_of_their_interfaces),
        cmocka_unit_test(a_cluster_is_behind_the_addresses_of_its_nodes),
        cmocka_unit_test(what_a_document_lacks_is_skipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
