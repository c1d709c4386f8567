/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/kinds.h"

#define UUID "8c7ac78b-e11d-4dea-8a47-ab2bdeba9bf5"

/* How an interface looks: trusted ones are requester managed. */
struct look {
    const char *resource, *interface_type, *description, *requester, *instance_owner;
    bool requester_managed;
};

static flowenrich_text text_of(const char *string)
{
    return fle_text_of(string ? string : "");
}

static const fle_kind *find(const struct look *look, fle_variables *variables)
{
    const fle_evidence evidence = { text_of(look->resource),       text_of(look->interface_type),
                                    text_of(look->description),    text_of(look->requester),
                                    text_of(look->instance_owner), look->requester_managed };

    variables->n = 0;
    fle_variables_set(variables, FLE_TEXT("partition"), FLE_TEXT("aws"));
    fle_variables_set(variables, FLE_TEXT("region"), FLE_TEXT("us-east-1"));
    fle_variables_set(variables, FLE_TEXT("account"), FLE_TEXT("111122223333"));
    fle_variables_set(variables, FLE_TEXT("instance"), text_of(look->resource ? "i-1" : ""));
    return fle_kinds_find(&fle_kinds_builtin, &evidence, variables);
}

static void check(const struct look *look, const char *type, const char *arn)
{
    fle_variables variables;
    const fle_kind *kind = find(look, &variables);
    fle_allocator allocator;
    fle_buffer out;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&out, &allocator);
    if (!fle_text_is(kind->type, type))
        fail_msg("'%s' is %.*s, not %s", look->description, (int)kind->type.len, kind->type.data,
                 type);
    (void)fle_kind_arn(kind, &variables, &out);
    if (!fle_text_is(fle_text(out.data, out.len), arn))
        fail_msg("'%s' has the ARN '%.*s', not '%s'", look->description, (int)out.len, out.data,
                 arn);
    fle_buffer_free(&out);
}

/* As AWS's services describe their interfaces. */
static void what_a_service_describes_is_known(void **state)
{
#define ARN(service, rest) "arn:aws:" service ":us-east-1:111122223333:" rest
    static const struct {
        const char *description, *type, *arn;
    } cases[] = {
        { "ELB app/web/58c4b7d6a1d7e613", "elb:application",
          ARN("elasticloadbalancing", "loadbalancer/app/web/58c4b7d6a1d7e613") },
        { "ELB net/edge/0123456789abcdef", "elb:network",
          ARN("elasticloadbalancing", "loadbalancer/net/edge/0123456789abcdef") },
        { "ELB gwy/inspect/0123456789abcdef", "elb:gateway",
          ARN("elasticloadbalancing", "loadbalancer/gwy/inspect/0123456789abcdef") },
        { "ELB test-load-balancer", "elb:classic",
          ARN("elasticloadbalancing", "loadbalancer/test-load-balancer") },
        { "AWS Lambda VPC ENI-test-python-" UUID, "lambda:function",
          ARN("lambda", "function:test-python") }, /* hyphens in the name */
        { "AWS Lambda VPC ENI-" UUID "-" UUID, "lambda:function", ARN("lambda", "function:" UUID) },
        { "AWS Lambda VPC ENI: " UUID, "lambda:function", "" }, /* of before 2019: no name */
        { "AWS Lambda VPC ENI-test-python", "ec2:interface", "" }, /* without its uuid */
        { "RDSNetworkInterface", "rds:db", "" }, /* which database isn't told */
        { "Network interface for DBProxy orders", "rds:proxy", "" },
        { "arn:aws:ecs:eu-west-1:444455556666:attachment/" UUID, "ecs:task",
          "arn:aws:ecs:eu-west-1:444455556666:attachment/" UUID }, /* its own region and account */
        { "aws-k8s-branch-eni", "eks:pod", "" },
        { "Amazon EKS blue", "eks:cluster", ARN("eks", "cluster/blue") },
        { "EFS mount target for fs-028d2a86fa813320a (fsmt-07e238762319765b9)", "efs:mount-target",
          ARN("elasticfilesystem", "file-system/fs-028d2a86fa813320a") },
        { "ElastiCache sessions-001", "elasticache:cluster",
          ARN("elasticache", "cluster:sessions-001") },
        { "ES search", "es:domain", ARN("es", "domain/search") },
        { "RedshiftNetworkInterface", "redshift:cluster", "" },
        { "DMSNetworkInterface", "dms:replication-instance", "" },
        { "DAX cache-a", "dax:cluster", "" },
        { "DO NOT DELETE - Amazon MSK network interface for cluster "
          "arn:aws:kafka:eu-west-2:444455556666:cluster/events/" UUID "-2.",
          "kafka:cluster", "arn:aws:kafka:eu-west-2:444455556666:cluster/events/" UUID "-2" },
        { "Amazon MQ network interface for broker b-1234", "mq:broker", "" },
        { "Amazon Kinesis Firehose - anything", "firehose:deliverystream", "" },
        { "AWS created network interface for directory d-90677cc91c", "ds:directory",
          ARN("ds", "directory/d-90677cc91c") },
        { "Route 53 Resolver: rslvr-in-1a2b:rni-3c4d", "route53resolver:endpoint",
          ARN("route53resolver", "resolver-endpoint/rslvr-in-1a2b") },
        { "AWS ElasticMapReduce master", "elasticmapreduce:cluster", "" },
        { "CloudHSM Managed Interface", "cloudhsm:cluster", "" },
        { "ENI managed by APIGateway", "apigateway:vpc-link", "" },
        { "Interface for NAT Gateway nat-00204b913229b9448", "ec2:nat-gateway",
          ARN("ec2", "natgateway/nat-00204b913229b9448") },
        { "VPC Endpoint Interface vpce-0ae25b74ddcffae7b", "ec2:gateway-load-balancer-endpoint",
          ARN("ec2", "vpc-endpoint/vpce-0ae25b74ddcffae7b") }, /* the type would tell better */
        { "Something nobody has seen before", "ec2:interface", "" },
        { "", "ec2:interface", "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct look look = { NULL, "interface", cases[i].description, NULL, NULL, true };

        check(&look, cases[i].type, cases[i].arn);
    }
}

static void the_better_evidence_wins(void **state)
{
    static const struct {
        struct look look;
        const char *type, *arn;
    } cases[] = {
        /* attached to an instance, whatever is written on it */
        { { "instance", "interface", "ELB app/x/1", NULL, NULL, false },
          "ec2:instance",
          ARN("ec2", "instance/i-1") },
        { { "instance", "interface", "RDSNetworkInterface", "amazon-rds", NULL, true },
          "ec2:instance",
          ARN("ec2", "instance/i-1") },
        /* the type of the interface, and the name from its description */
        { { NULL, "lambda", "AWS Lambda VPC ENI-f-" UUID, NULL, NULL, false },
          "lambda:function",
          ARN("lambda", "function:f") },
        { { NULL, "lambda", "", NULL, NULL, false }, "lambda:function", "" },
        { { NULL, "vpc_endpoint", "VPC Endpoint Interface vpce-1", NULL, NULL, true },
          "ec2:vpc-endpoint",
          ARN("ec2", "vpc-endpoint/vpce-1") },
        { { NULL, "transit_gateway",
            "Network Interface for Transit Gateway Attachment tgw-attach-1", NULL, NULL, false },
          "ec2:transit-gateway",
          ARN("ec2", "transit-gateway-attachment/tgw-attach-1") },
        { { NULL, "nat_gateway", "Interface for NAT Gateway nat-1", NULL, NULL, true },
          "ec2:nat-gateway",
          ARN("ec2", "natgateway/nat-1") },
        /* as the SDK has it */
        { { NULL, "natGateway", "", NULL, NULL, false }, "ec2:nat-gateway", "" },
        /* who may be believed */
        { { NULL, "interface", "ELB app/x/1", NULL, NULL, false }, "ec2:interface", "" },
        { { NULL, "efa", "ELB app/x/1", NULL, NULL, false }, "ec2:interface", "" },
        { { NULL, "", "ELB app/x/1", NULL, NULL, false }, "ec2:interface", "" },
        { { NULL, "interface", "ELB app/x/1", "444455556666", "444455556666", false },
          "ec2:interface",
          "" },
        { { NULL, "interface", "ELB app/x/1", "amazon-elb", NULL, false },
          "elb:application",
          ARN("elasticloadbalancing", "loadbalancer/app/x/1") },
        { { NULL, "interface", "ELB app/x/1", NULL, "amazon-aws", false },
          "elb:application",
          ARN("elasticloadbalancing", "loadbalancer/app/x/1") },
        { { NULL, "branch", "aws-k8s-branch-eni", NULL, NULL, false }, "eks:pod", "" },
        { { NULL, "interface", "aws-k8s-branch-eni", NULL, NULL, false }, "ec2:interface", "" },
        /* the requester, if nothing else tells */
        { { NULL, "interface", "new words", "amazon-rds", NULL, false }, "rds:db", "" },
        { { NULL, "interface", "new words", "amazon-elb", NULL, true }, "elb:load-balancer", "" },
        { { NULL, "interface", "Amazon EKS blue", "AROAEXAMPLE:AmazonEKS", "298800981437", false },
          "eks:cluster",
          ARN("eks", "cluster/blue") },
        { { NULL, "interface", "", "AROAEXAMPLE:alice", NULL, false }, "ec2:interface", "" },
        /* a type that came after this table */
        { { NULL, "something_managed", "", NULL, NULL, true }, "ec2:interface", "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i].look, cases[i].type, cases[i].arn);
}

/* A description is bounded before its patterns are tried: no text makes matching slow. */
static void a_hostile_description_is_not_searched_for_long(void **state)
{
    static char hostile[100000];
    struct look look = { NULL, "interface", hostile, NULL, NULL, true };
    (void)state;

    memset(hostile, '-', sizeof hostile - 1);
    memcpy(hostile, "AWS Lambda VPC ENI-", 19);
    check(&look, "ec2:interface", "");
    hostile[1000] = '\0';
    check(&look, "ec2:interface", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_service_describes_is_known),
        cmocka_unit_test(the_better_evidence_wins),
        cmocka_unit_test(a_hostile_description_is_not_searched_for_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
