/* SPDX-License-Identifier: Apache-2.0 */
/* Made by scripts/gen-kinds from data/kinds.yaml. */
#ifndef FLE_CATALOG_KINDS_BUILTIN_H
#define FLE_CATALOG_KINDS_BUILTIN_H

/* clang-format off */
#define TEXT(literal) { literal, sizeof(literal) - 1 }
#define TEXTS(n, ...) { (const flowenrich_text[]){ __VA_ARGS__ }, n }

static const flowenrich_text builtin_user_types[] = {
            TEXT("interface"),
            TEXT("efa"),
            TEXT("efa-only"),
            TEXT("trunk")
};

static const fle_kind builtin_kinds[] = {
    {
        .type = TEXT("ec2:instance"),
        .resource = TEXT("instance"),
        .arn = TEXT("arn:{partition}:ec2:{region}:{account}:instance/{instance}"),
    },
    {
        .type = TEXT("ec2:nat-gateway"),
        .path = TEXT("nat-gateway"),
        .forwards = true,
        .resource = TEXT("nat-gateway"),
        .interface_types = TEXTS(2,
            TEXT("nat_gateway"),
            TEXT("natGateway")),
        .descriptions = TEXTS(1,
            TEXT("Interface for NAT Gateway {nat-gateway}")),
        .arn = TEXT("arn:{partition}:ec2:{region}:{account}:natgateway/{nat-gateway}"),
    },
    {
        .type = TEXT("ec2:transit-gateway"),
        .path = TEXT("transit-gateway"),
        .forwards = true,
        .interface_types = TEXTS(1,
            TEXT("transit_gateway")),
        .descriptions = TEXTS(1,
            TEXT("Network Interface for Transit Gateway Attachment {attachment}")),
        .arn = TEXT("arn:{partition}:ec2:{region}:{account}:transit-gateway-attachment/{att"
             "achment}"),
    },
    {
        .type = TEXT("ec2:gateway-load-balancer-endpoint"),
        .path = TEXT("vpc-endpoint"),
        .forwards = true,
        .resource = TEXT("gateway-load-balancer-endpoint"),
        .interface_types = TEXTS(1,
            TEXT("gateway_load_balancer_endpoint")),
        .descriptions = TEXTS(1,
            TEXT("VPC Endpoint Interface {vpc-endpoint}")),
        .arn = TEXT("arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{vpc-endpoint}"),
    },
    {
        .type = TEXT("ec2:vpc-endpoint"),
        .path = TEXT("vpc-endpoint"),
        .resource = TEXT("vpc-endpoint"),
        .interface_types = TEXTS(1,
            TEXT("vpc_endpoint")),
        .descriptions = TEXTS(1,
            TEXT("VPC Endpoint Interface {vpc-endpoint}")),
        .arn = TEXT("arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{vpc-endpoint}"),
    },
    {
        .type = TEXT("elb:application"),
        .path = TEXT("load-balancer"),
        .descriptions = TEXTS(1,
            TEXT("ELB app/{name}/{id}")),
        .arn = TEXT("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/a"
             "pp/{name}/{id}"),
    },
    {
        .type = TEXT("elb:network"),
        .path = TEXT("load-balancer"),
        .interface_types = TEXTS(1,
            TEXT("network_load_balancer")),
        .descriptions = TEXTS(1,
            TEXT("ELB net/{name}/{id}")),
        .arn = TEXT("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/n"
             "et/{name}/{id}"),
    },
    {
        .type = TEXT("elb:gateway"),
        .path = TEXT("load-balancer"),
        .interface_types = TEXTS(1,
            TEXT("gateway_load_balancer")),
        .descriptions = TEXTS(1,
            TEXT("ELB gwy/{name}/{id}")),
        .arn = TEXT("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/g"
             "wy/{name}/{id}"),
    },
    {
        .type = TEXT("elb:classic"),
        .path = TEXT("load-balancer"),
        .descriptions = TEXTS(1,
            TEXT("ELB {name}")),
        .arn = TEXT("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{"
             "name}"),
    },
    {
        .type = TEXT("elb:load-balancer"),
        .path = TEXT("load-balancer"),
        .requesters = TEXTS(1,
            TEXT("amazon-elb")),
    },
    {
        .type = TEXT("lambda:function"),
        .interface_types = TEXTS(1,
            TEXT("lambda")),
        .descriptions = TEXTS(2,
            TEXT("AWS Lambda VPC ENI-{name}-{uuid}"),
            TEXT("AWS Lambda VPC ENI: {uuid}")),
        .arn = TEXT("arn:{partition}:lambda:{region}:{account}:function:{name}"),
    },
    {
        .type = TEXT("ecs:task"),
        .descriptions = TEXTS(1,
            TEXT("arn:{partition}:ecs:{region}:{account}:attachment/{attachment}")),
        .arn = TEXT("arn:{partition}:ecs:{region}:{account}:attachment/{attachment}"),
    },
    {
        .type = TEXT("eks:pod"),
        .descriptions = TEXTS(1,
            TEXT("aws-k8s-branch-eni")),
    },
    {
        .type = TEXT("eks:cluster"),
        .descriptions = TEXTS(1,
            TEXT("Amazon EKS {name}")),
        .requesters = TEXTS(1,
            TEXT("{role}:AmazonEKS")),
        .arn = TEXT("arn:{partition}:eks:{region}:{account}:cluster/{name}"),
    },
    {
        .type = TEXT("elasticmapreduce:cluster"),
        .descriptions = TEXTS(1,
            TEXT("AWS ElasticMapReduce*")),
    },
    {
        .type = TEXT("efs:mount-target"),
        .interface_types = TEXTS(1,
            TEXT("efs")),
        .descriptions = TEXTS(1,
            TEXT("EFS mount target for {id} ({mount-target})")),
        .arn = TEXT("arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}"),
    },
    {
        .type = TEXT("rds:proxy"),
        .descriptions = TEXTS(1,
            TEXT("Network interface for DBProxy*")),
    },
    {
        .type = TEXT("rds:db"),
        .descriptions = TEXTS(1,
            TEXT("RDSNetworkInterface*")),
        .requesters = TEXTS(1,
            TEXT("amazon-rds")),
    },
    {
        .type = TEXT("elasticache:cluster"),
        .descriptions = TEXTS(1,
            TEXT("ElastiCache {name}")),
        .requesters = TEXTS(1,
            TEXT("amazon-elasticache")),
        .arn = TEXT("arn:{partition}:elasticache:{region}:{account}:cluster:{name}"),
    },
    {
        .type = TEXT("es:domain"),
        .descriptions = TEXTS(1,
            TEXT("ES {name}")),
        .requesters = TEXTS(1,
            TEXT("amazon-elasticsearch")),
        .arn = TEXT("arn:{partition}:es:{region}:{account}:domain/{name}"),
    },
    {
        .type = TEXT("redshift:cluster"),
        .descriptions = TEXTS(1,
            TEXT("RedshiftNetworkInterface*")),
        .requesters = TEXTS(1,
            TEXT("amazon-redshift")),
    },
    {
        .type = TEXT("dms:replication-instance"),
        .descriptions = TEXTS(1,
            TEXT("DMSNetworkInterface*")),
    },
    {
        .type = TEXT("dax:cluster"),
        .descriptions = TEXTS(1,
            TEXT("DAX*")),
    },
    {
        .type = TEXT("quicksight:connection"),
        .interface_types = TEXTS(1,
            TEXT("quicksight")),
    },
    {
        .type = TEXT("kafka:cluster"),
        .descriptions = TEXTS(1,
            TEXT("DO NOT DELETE - Amazon MSK network interface for cluster arn:{partitio"
             "n}:kafka:{region}:{account}:cluster/{name}/{id}.")),
        .arn = TEXT("arn:{partition}:kafka:{region}:{account}:cluster/{name}/{id}"),
    },
    {
        .type = TEXT("mq:broker"),
        .descriptions = TEXTS(1,
            TEXT("Amazon MQ network interface for broker {id}")),
    },
    {
        .type = TEXT("firehose:deliverystream"),
        .descriptions = TEXTS(1,
            TEXT("Amazon Kinesis Firehose - *")),
    },
    {
        .type = TEXT("ds:directory"),
        .descriptions = TEXTS(1,
            TEXT("AWS created network interface for directory {id}")),
        .arn = TEXT("arn:{partition}:ds:{region}:{account}:directory/{id}"),
    },
    {
        .type = TEXT("route53resolver:endpoint"),
        .descriptions = TEXTS(1,
            TEXT("Route 53 Resolver: {id}:{interface}")),
        .arn = TEXT("arn:{partition}:route53resolver:{region}:{account}:resolver-endpoint/{"
             "id}"),
    },
    {
        .type = TEXT("cloudhsm:cluster"),
        .descriptions = TEXTS(2,
            TEXT("CloudHSM Managed Interface*"),
            TEXT("CloudHsm ENI*")),
    },
    {
        .type = TEXT("codestar-connections:host"),
        .interface_types = TEXTS(1,
            TEXT("aws_codestar_connections_managed")),
        .descriptions = TEXTS(1,
            TEXT("AWS CodeStar Connections*")),
    },
    {
        .type = TEXT("apigateway:vpc-link"),
        .interface_types = TEXTS(1,
            TEXT("api_gateway_managed")),
        .descriptions = TEXTS(1,
            TEXT("ENI managed by APIGateway*")),
    },
    {
        .type = TEXT("globalaccelerator:accelerator"),
        .interface_types = TEXTS(1,
            TEXT("global_accelerator_managed")),
    },
    {
        .type = TEXT("iot:rule"),
        .interface_types = TEXTS(1,
            TEXT("iot_rules_managed")),
    },
    {
        .type = TEXT("ec2:interface"),
        .arn = TEXT("arn:{partition}:ec2:{region}:{account}:network-interface/{interface-id"
             "}"),
    },
};
/* clang-format on */

#undef TEXT
#undef TEXTS

#endif
