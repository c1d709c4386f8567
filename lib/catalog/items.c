/* SPDX-License-Identifier: Apache-2.0 */
/* The items of AWS's documents to facts, by tables. */
#include "catalog/items.h"

#include "base/address.h"
#include "catalog/destinations.h"
#include "catalog/interface_items.h"
#include "catalog/resources.h"

#define N(array) (sizeof(array) / sizeof *(array))

/* What lies under a key. */
typedef enum shape {
    LIST,
    JOINING, /* a list: that it was loaded is a fact of its own */
    ONE      /* an item, and no list */
} shape;

/* Items, known by their key. */
typedef struct listing {
    const char *key;
    const char *id; /* NULL if the items are only there for what they hold */
    fle_subject kind;
    const fle_property *properties;
    size_t n_properties;
    const char *tags; /* NULL if they aren't the subject's, or not listed */
    void (*more)(fle_loader *l, const fle_json *item, fle_thing s);
    shape shape;
} listing;

static const fle_property interface_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
    { NULL, "SubnetId", FLE_FACT_SUBNET, false },
    { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
    { NULL, "AvailabilityZone", FLE_FACT_ZONE, false },
    { NULL, "AvailabilityZoneId", FLE_FACT_ZONE_ID, false },
    { NULL, "InterfaceType", FLE_FACT_INTERFACE_TYPE, false },
    { NULL, "Description", FLE_FACT_DESCRIPTION, true },
    { NULL, "RequesterId", FLE_FACT_REQUESTER, false },
    { NULL, "RequesterManaged", FLE_FACT_REQUESTER_MANAGED, false },
    { NULL, "SourceDestCheck", FLE_FACT_SOURCE_DEST_CHECK, false },
    { "Attachment", "InstanceId", FLE_FACT_INSTANCE, true },
    { "Attachment", "InstanceOwnerId", FLE_FACT_INSTANCE_OWNER, true },
};

static void load_list(fle_loader *l, const fle_json *list, const listing *kind);

static const listing instances = { "Instances", "InstanceId", FLE_SUBJECT_INSTANCE, NULL,
                                   0,           "Tags",       fle_add_instance,     LIST };

static void add_reservation(fle_loader *l, const fle_json *item, fle_thing s)
{
    (void)s;
    load_list(l, fle_json_get(item, "Instances"), &instances);
}

/* Blocks of a VPC or subnet; 'state' is the member that says whether one is associated. */
static void add_blocks(fle_loader *l, fle_thing s, fle_predicate predicate, const fle_json *list,
                       const char *key, const char *state)
{
    fle_add_mark(l, s, predicate);
    for (size_t i = 0; i < fle_json_count(list); i++) {
        const fle_json *block = fle_json_at(list, i);
        const flowenrich_text is = fle_get_text(fle_json_get(block, state), "State");

        if (is.len == 0 || fle_text_is(is, "associated"))
            fle_add_cidr(l, s, predicate, fle_get_text(block, key));
    }
}

/* The set, and the one block that a subnet has, and a VPC is listed with as well. */
static void add_all_blocks(fle_loader *l, const fle_json *item, fle_thing s)
{
    const flowenrich_text block = fle_get_text(item, "CidrBlock");

    add_blocks(l, s, FLE_FACT_CIDRS, fle_json_get(item, "CidrBlockAssociationSet"), "CidrBlock",
               "CidrBlockState");
    add_blocks(l, s, FLE_FACT_CIDRS_V6, fle_json_get(item, "Ipv6CidrBlockAssociationSet"),
               "Ipv6CidrBlock", "Ipv6CidrBlockState");
    if (block.len > 0)
        fle_add_cidr(l, s, FLE_FACT_CIDRS, block);
}

static void add_endpoint(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *ids = fle_json_get(item, "NetworkInterfaceIds");

    for (size_t i = 0; i < fle_json_count(ids); i++) {
        const fle_thing interface = { FLE_SUBJECT_INTERFACE,
                                      fle_loader_intern(l, fle_json_text(fle_json_at(ids, i))) };

        if (interface.id == 0)
            continue;
        fle_add(l, interface, FLE_FACT_ENDPOINT, fle_facts_text(l->facts, s.id));
        fle_add_known(l, interface, FLE_FACT_VPC, fle_get_text(item, "VpcId"));
    }
}

/* Both VPCs, of which one may be another account's and in no other document. */
static void add_peering(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const char *const sides[] = { "RequesterVpcInfo", "AccepterVpcInfo" };
    static const fle_property properties[] = { { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
                                               { NULL, "Region", FLE_FACT_REGION, false } };

    (void)s;
    for (size_t i = 0; i < N(sides); i++) {
        const fle_json *side = fle_json_get(item, sides[i]);
        const fle_json *blocks = fle_json_get(side, "CidrBlockSet");
        const fle_json *blocks_v6 = fle_json_get(side, "Ipv6CidrBlockSet");
        const fle_thing vpc = fle_get_thing(l, FLE_SUBJECT_VPC, side, "VpcId");
        const flowenrich_text block = fle_get_text(side, "CidrBlock");

        if (vpc.id == 0)
            continue;
        fle_add_properties(l, side, vpc, properties, N(properties));
        if (blocks || block.len > 0)
            add_blocks(l, vpc, FLE_FACT_CIDRS, blocks, "CidrBlock", "");
        if (block.len > 0)
            fle_add_cidr(l, vpc, FLE_FACT_CIDRS, block);
        if (blocks_v6)
            add_blocks(l, vpc, FLE_FACT_CIDRS_V6, blocks_v6, "Ipv6CidrBlock", "");
    }
}

static void add_window(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *seconds = fle_json_get(item, "MaxAggregationInterval");

    if (seconds && seconds->kind == FLE_JSON_NUMBER)
        fle_add(l, s, FLE_FACT_WINDOW, seconds->text);
}

static void add_range(fle_loader *l, const fle_json *item, fle_thing s)
{
    const flowenrich_text prefix = fle_facts_text(l->facts, s.id);
    const flowenrich_text service = fle_get_text(item, "service");
    fle_cidr cidr;

    if (service.len > 0 && fle_cidr_parse(prefix.data, prefix.len, &cidr))
        fle_add_at(l, l->time, s, FLE_FACT_RANGE, fle_get_text(item, "region"), service);
    else
        l->skipped++;
}

static const fle_property subnet_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
    { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
    { NULL, "AvailabilityZone", FLE_FACT_ZONE, false },
    { NULL, "AvailabilityZoneId", FLE_FACT_ZONE_ID, false },
};
static const fle_property vpc_properties[] = {
    { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
};
static const fle_property endpoint_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
    { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
    { NULL, "State", FLE_FACT_STATE, false },
    { NULL, "VpcEndpointType", FLE_FACT_ENDPOINT_TYPE, false },
    { NULL, "ServiceName", FLE_FACT_SERVICE_NAME, false },
};
static const fle_property nat_gateway_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
};
static const fle_property peering_properties[] = {
    { "Status", "Code", FLE_FACT_STATE, false },
    { "RequesterVpcInfo", "VpcId", FLE_FACT_REQUESTER_VPC, false },
    { "AccepterVpcInfo", "VpcId", FLE_FACT_ACCEPTER_VPC, false },
};
/* What describe-transit-gateway-attachments prints, or -vpc-attachments. */
static const fle_property attachment_properties[] = {
    { NULL, "TransitGatewayId", FLE_FACT_TRANSIT_GATEWAY, false },
    { NULL, "ResourceType", FLE_FACT_RESOURCE_TYPE, false },
    { NULL, "ResourceId", FLE_FACT_RESOURCE, false },
    { NULL, "VpcId", FLE_FACT_RESOURCE, false },
    { NULL, "State", FLE_FACT_STATE, false },
};

static const fle_property flow_log_properties[] = {
    { NULL, "ResourceId", FLE_FACT_RESOURCE, false },
    { NULL, "LogGroupName", FLE_FACT_LOG_GROUP, false },
    { NULL, "LogFormat", FLE_FACT_LOG_FORMAT, false },
    { NULL, "TrafficType", FLE_FACT_TRAFFIC, false },
};

static const fle_property route_table_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
};
static const fle_property prefix_list_properties[] = {
    { NULL, "PrefixListName", FLE_FACT_NAME, false },
};

#define PROPERTIES(table) table, N(table)

static const listing listings[] = {
    { "NetworkInterfaces", "NetworkInterfaceId", FLE_SUBJECT_INTERFACE,
      PROPERTIES(interface_properties), "TagSet", fle_add_interface, LIST },
    { "Reservations", NULL, FLE_SUBJECT_INSTANCE, NULL, 0, NULL, add_reservation, LIST },
    { "Subnets", "SubnetId", FLE_SUBJECT_SUBNET, PROPERTIES(subnet_properties), NULL,
      add_all_blocks, LIST },
    { "Vpcs", "VpcId", FLE_SUBJECT_VPC, PROPERTIES(vpc_properties), NULL, add_all_blocks, LIST },
    { "VpcEndpoints", "VpcEndpointId", FLE_SUBJECT_ENDPOINT, PROPERTIES(endpoint_properties),
      "Tags", add_endpoint, LIST },
    { "NatGateways", "NatGatewayId", FLE_SUBJECT_NAT_GATEWAY, PROPERTIES(nat_gateway_properties),
      "Tags", fle_add_nat_gateway, LIST },
    { "Addresses", "PublicIp", FLE_SUBJECT_INTERFACE, NULL, 0, NULL, fle_add_elastic, LIST },
    { "VpcPeeringConnections", "VpcPeeringConnectionId", FLE_SUBJECT_PEERING,
      PROPERTIES(peering_properties), NULL, add_peering, JOINING },
    { "TransitGatewayAttachments", "TransitGatewayAttachmentId", FLE_SUBJECT_ATTACHMENT,
      PROPERTIES(attachment_properties), NULL, NULL, JOINING },
    { "TransitGatewayVpcAttachments", "TransitGatewayAttachmentId", FLE_SUBJECT_ATTACHMENT,
      PROPERTIES(attachment_properties), NULL, NULL, JOINING },
    { "FlowLogs", "FlowLogId", FLE_SUBJECT_FLOW_LOG, PROPERTIES(flow_log_properties), NULL,
      add_window, LIST },
    { "RouteTables", "RouteTableId", FLE_SUBJECT_ROUTE_TABLE, PROPERTIES(route_table_properties),
      NULL, fle_add_route_table, LIST },
    { "PrefixLists", "PrefixListId", FLE_SUBJECT_PREFIX_LIST, PROPERTIES(prefix_list_properties),
      NULL, fle_add_prefix_list, LIST },
    { "tasks", "taskArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_task_item, LIST },
    { "DBInstances", "DBInstanceArn", FLE_SUBJECT_RESOURCE, NULL, 0, "TagList", fle_add_database,
      LIST },
    { "DBClusters", "DBClusterArn", FLE_SUBJECT_RESOURCE, NULL, 0, "TagList", fle_add_cluster,
      LIST },
    { "DBProxies", "DBProxyArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_proxy, LIST },
    { "LoadBalancers", "LoadBalancerArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_balancer,
      LIST },
    { "Listeners", "LoadBalancerArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_listener, LIST },
    { "TargetGroups", "TargetGroupArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_target_group,
      LIST },
    { "TargetHealthDescriptions", NULL, FLE_SUBJECT_TARGET, NULL, 0, NULL, fle_add_target, LIST },
    { "CacheClusters", "ARN", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_cache, LIST },
    { "Clusters", NULL, FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_any_cluster, LIST },
    { "DomainStatusList", "ARN", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_domain, LIST },
    { "DomainStatus", "ARN", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_domain, ONE },
    { "cluster", "arn", FLE_SUBJECT_RESOURCE, NULL, 0, "tags", fle_add_kubernetes, ONE },
    { "ClusterInfoList", "ClusterArn", FLE_SUBJECT_RESOURCE, NULL, 0, "Tags", NULL, LIST },
    { "ClusterInfo", "ClusterArn", FLE_SUBJECT_RESOURCE, NULL, 0, "Tags", NULL, ONE },
    { "LoadBalancerDescriptions", NULL, FLE_SUBJECT_RESOURCE, NULL, 0, NULL,
      fle_add_classic_balancer, LIST },
    { "Functions", "FunctionArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_function, LIST },
    { "ResourceTagMappingList", "ResourceARN", FLE_SUBJECT_RESOURCE, NULL, 0, "Tags", NULL, LIST },
    { "prefixes", "ip_prefix", FLE_SUBJECT_RANGE, NULL, 0, NULL, add_range, LIST },
    { "ipv6_prefixes", "ipv6_prefix", FLE_SUBJECT_RANGE, NULL, 0, NULL, add_range, LIST },
};

static void load_item(fle_loader *l, const fle_json *item, const listing *kind)
{
    const fle_thing none = { kind->kind, 0 };
    const fle_thing s = kind->id ? fle_get_thing(l, kind->kind, item, kind->id) : none;

    if (kind->id && s.id == 0) {
        l->skipped++;
        return;
    }
    fle_add_properties(l, item, s, kind->properties, kind->n_properties);
    if (kind->tags && (kind->kind != FLE_SUBJECT_RESOURCE || fle_json_get(item, kind->tags)))
        fle_add_tags(l, fle_json_get(item, kind->tags), s);
    if (kind->more)
        kind->more(l, item, s);
}

static void load_list(fle_loader *l, const fle_json *list, const listing *kind)
{
    const fle_thing none = { kind->kind, 0 };

    if (kind->shape == JOINING)
        fle_add(l, none, FLE_FACT_STATE, FLE_TEXT(""));
    for (size_t i = 0; i < fle_json_count(list) && !l->failed; i++)
        load_item(l, fle_json_at(list, i), kind);
}

const char *fle_listing_key(size_t index)
{
    return index < N(listings) ? listings[index].key : NULL;
}

const char *fle_listing_load(fle_loader *l, size_t index, const fle_json *value)
{
    const listing *kind = &listings[index];

    if (kind->shape == ONE) {
        if (!fle_json_is_object(value))
            return "an object";
        load_item(l, value, kind);
        return NULL;
    }
    if (!fle_json_is_array(value))
        return "a list";
    load_list(l, value, kind);
    return NULL;
}

void fle_listing_load_key(fle_loader *l, const char *key, const fle_json *list)
{
    if (strcmp(key, instances.key) == 0)
        load_list(l, list, &instances);
    for (size_t i = 0; i < N(listings); i++)
        if (strcmp(key, listings[i].key) == 0)
            load_list(l, list, &listings[i]);
}
