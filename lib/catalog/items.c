/* SPDX-License-Identifier: Apache-2.0 */
/* The items of AWS's documents to facts, by tables. */
#include "catalog/items.h"

#include "base/address.h"
#include "catalog/destinations.h"
#include "catalog/resources.h"

#define N(array) (sizeof(array) / sizeof *(array))

/* A NAT gateway's interface is made this long after its CreateTime, or sooner. */
#define SLACK 60

/* A member of an item that states one fact. */
typedef struct property {
    const char *outer; /* the object it lies in, NULL for the item itself */
    const char *key;
    fle_predicate predicate;
    bool may_end; /* it isn't there any more if it isn't listed */
} property;

/* A list of items, known by its key. */
typedef struct listing {
    const char *key;
    const char *id; /* NULL if the items are only there for what they hold */
    fle_subject kind;
    const property *properties;
    size_t n_properties;
    const char *tags; /* NULL if they aren't the subject's, or not listed */
    void (*more)(fle_loader *l, const fle_json *item, fle_thing s);
    bool joins; /* that it was loaded is a fact of its own */
} listing;

static void add_properties(fle_loader *l, const fle_json *item, fle_thing s,
                           const property *properties, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const property *p = &properties[i];
        const fle_json *object = p->outer ? fle_json_get(item, p->outer) : item;
        const flowenrich_text value = fle_get_text(object, p->key);

        if (value.len > 0 || p->may_end)
            fle_add(l, s, p->predicate, value);
    }
}

static void add_groups(fle_loader *l, const fle_json *groups, fle_thing s)
{
    fle_add_mark(l, s, FLE_FACT_GROUPS);
    for (size_t i = 0; i < fle_json_count(groups); i++)
        fle_add_known(l, s, FLE_FACT_GROUPS, fle_get_text(fle_json_at(groups, i), "GroupId"));
}

static bool attach_time(const fle_json *item, flowenrich_time *out)
{
    return fle_document_time(fle_json_get(fle_json_get(item, "Attachment"), "AttachTime"), out);
}

/* Events name an elastic address by its allocation, and what it is given to by an association. */
static void add_association(fle_loader *l, const fle_json *association, fle_thing interface)
{
    char written[FLE_CIDR_TEXT];
    const flowenrich_text address = fle_as_written(fle_get_text(association, "PublicIp"), written);
    const fle_thing allocated =
        fle_get_thing(l, FLE_SUBJECT_ALLOCATION, association, "AllocationId");
    const fle_thing associated =
        fle_get_thing(l, FLE_SUBJECT_ASSOCIATION, association, "AssociationId");

    if (allocated.id != 0)
        fle_add_known(l, allocated, FLE_FACT_ADDRESS, address);
    if (associated.id == 0 || interface.id == 0)
        return;
    fle_add(l, associated, FLE_FACT_INTERFACE, fle_facts_text(l->facts, interface.id));
    fle_add_known(l, associated, FLE_FACT_ADDRESS, address);
}

/* One of Amazon's is given back when its instance stops; an elastic one is kept. */
static void add_public(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *association = fle_json_get(item, "Association");
    const bool is_amazon = fle_text_is(fle_get_text(association, "IpOwnerId"), FLE_AMAZON);
    const flowenrich_text text = fle_get_text(association, "PublicIp");
    char written[FLE_CIDR_TEXT];
    fle_address address;

    add_association(l, association, s);
    if (is_amazon && fle_address_parse(text.data, text.len, &address))
        fle_add_at(l, l->time, s, FLE_FACT_PUBLIC, FLE_TEXT(FLE_AMAZON),
                   fle_as_written(text, written));
    else
        fle_add_address(l, l->time, s, FLE_FACT_PUBLIC, text);
}

/*
 * Addresses are a whole set if they are listed, and a point each if the item
 * only has the primary one. That one can't change while the interface lives, so
 * it was there already when the interface was attached.
 */
static void add_addresses(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const struct {
        const char *list, *key;
        bool prefix;
    } lists[] = {
        { "PrivateIpAddresses", "PrivateIpAddress", false },
        { "Ipv6Addresses", "Ipv6Address", false },
        { "Ipv4Prefixes", "Ipv4Prefix", true },
        { "Ipv6Prefixes", "Ipv6Prefix", true },
    };
    const fle_json *private = fle_json_get(item, "PrivateIpAddresses");
    const flowenrich_text primary = fle_get_text(item, "PrivateIpAddress");
    flowenrich_time attached;

    if (fle_json_is_array(private)) {
        fle_add_mark(l, s, FLE_FACT_ADDRESSES);
        fle_add_mark(l, s, FLE_FACT_PUBLIC);
    } else {
        fle_add_address(l, l->time, s, FLE_FACT_ADDRESSES, primary);
    }
    for (size_t i = 0; i < N(lists); i++) {
        const fle_json *list = fle_json_get(item, lists[i].list);

        for (size_t k = 0; k < fle_json_count(list); k++) {
            const flowenrich_text text = fle_get_text(fle_json_at(list, k), lists[i].key);

            if (lists[i].prefix)
                fle_add_cidr(l, s, FLE_FACT_ADDRESSES, text);
            else
                fle_add_address(l, l->time, s, FLE_FACT_ADDRESSES, text);
        }
    }
    for (size_t i = 0; i < fle_json_count(private); i++)
        add_public(l, fle_json_at(private, i), s);
    add_public(l, item, s);
    if (attach_time(item, &attached))
        fle_add_address(l, attached, s, FLE_FACT_ADDRESSES, primary);
}

/*
 * A secondary interface that was attached to an instance had none right before;
 * the first one is there as long as its instance.
 */
static void add_attachment(fle_loader *l, const fle_json *item, fle_thing s,
                           flowenrich_text instance)
{
    const fle_json *attachment = fle_json_get(item, "Attachment");
    const flowenrich_text ends = fle_get_text(attachment, "DeleteOnTermination");
    flowenrich_time attached;
    uint64_t number;

    if (fle_text_is(ends, "false"))
        fle_add(l, s, FLE_FACT_DELETE_ON_TERMINATION, ends);
    fle_add_known(l, s, FLE_FACT_ATTACHMENT, fle_get_text(attachment, "AttachmentId"));
    if (instance.len == 0 || !fle_json_number(fle_json_get(attachment, "DeviceIndex"), &number))
        return;
    if (number == 0)
        fle_add(l, s, FLE_FACT_DEVICE_INDEX, FLE_TEXT("0"));
    if (number == 0 || !attach_time(item, &attached) || attached >= l->time)
        return;
    fle_add_at(l, attached, s, FLE_FACT_INSTANCE, FLE_TEXT(""), instance);
    fle_add_at(l, attached - 1, s, FLE_FACT_INSTANCE, FLE_TEXT(""), FLE_TEXT(""));
}

static void add_sets(fle_loader *l, const fle_json *item, fle_thing s)
{
    add_groups(l, fle_json_get(item, "Groups"), s);
    add_addresses(l, item, s);
}

static void add_interface(fle_loader *l, const fle_json *item, fle_thing s)
{
    add_sets(l, item, s);
    add_attachment(l, item, s, fle_get_text(fle_json_get(item, "Attachment"), "InstanceId"));
}

static const property interface_properties[] = {
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

/* Its interfaces, which don't repeat whose they are, nor their tags. */
static void add_instance(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const property properties[] = {
        { NULL, "VpcId", FLE_FACT_VPC, false },
        { NULL, "SubnetId", FLE_FACT_SUBNET, false },
        { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
        { NULL, "InterfaceType", FLE_FACT_INTERFACE_TYPE, false },
        { NULL, "Description", FLE_FACT_DESCRIPTION, true },
        { NULL, "SourceDestCheck", FLE_FACT_SOURCE_DEST_CHECK, false },
    };
    const fle_json *interfaces = fle_json_get(item, "NetworkInterfaces");
    const flowenrich_text zone = fle_get_text(fle_json_get(item, "Placement"), "AvailabilityZone");

    for (size_t i = 0; i < fle_json_count(interfaces); i++) {
        const fle_json *interface = fle_json_at(interfaces, i);
        const fle_thing owned =
            fle_get_thing(l, FLE_SUBJECT_INTERFACE, interface, "NetworkInterfaceId");

        if (owned.id == 0) {
            l->skipped++;
            continue;
        }
        fle_add(l, owned, FLE_FACT_INSTANCE, fle_facts_text(l->facts, s.id));
        fle_add_known(l, owned, FLE_FACT_ZONE, zone);
        add_properties(l, interface, owned, properties, N(properties));
        add_sets(l, interface, owned);
        add_attachment(l, interface, owned, fle_facts_text(l->facts, s.id));
    }
}

static void load_list(fle_loader *l, const fle_json *list, const listing *kind);

static const listing instances = { "Instances", "InstanceId", FLE_SUBJECT_INSTANCE, NULL,
                                   0,           "Tags",       add_instance,         false };

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

static bool is_state(const fle_json *object, const char *key, const char *state)
{
    const flowenrich_text text = fle_get_text(object, key);

    return text.len == 0 || fle_text_is(text, state);
}

static void add_nat_address(fle_loader *l, const fle_json *gateway, const fle_json *address,
                            fle_thing interface, bool primary)
{
    const flowenrich_text private = fle_get_text(address, "PrivateIp");
    flowenrich_time made;

    fle_add_address(l, l->time, interface, FLE_FACT_ADDRESSES, private);
    fle_add_address(l, l->time, interface, FLE_FACT_PUBLIC, fle_get_text(address, "PublicIp"));
    if (primary && fle_document_time(fle_json_get(gateway, "CreateTime"), &made) &&
        made + SLACK < l->time)
        fle_add_address(l, made + SLACK, interface, FLE_FACT_ADDRESSES, private);
}

/* One that is gone stays listed for an hour: its interface was its own, its addresses aren't. */
static void add_nat_gateway(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *addresses = fle_json_get(item, "NatGatewayAddresses");
    const size_t n = fle_json_count(addresses);

    for (size_t i = 0; i < n; i++) {
        const fle_json *address = fle_json_at(addresses, i);
        const fle_thing interface =
            fle_get_thing(l, FLE_SUBJECT_INTERFACE, address, "NetworkInterfaceId");
        const bool primary = n == 1 || fle_text_is(fle_get_text(address, "IsPrimary"), "true");

        if (interface.id == 0)
            continue;
        fle_add(l, interface, FLE_FACT_NAT_GATEWAY, fle_facts_text(l->facts, s.id));
        fle_add_known(l, interface, FLE_FACT_VPC, fle_get_text(item, "VpcId"));
        fle_add_known(l, interface, FLE_FACT_SUBNET, fle_get_text(item, "SubnetId"));
        if (is_state(item, "State", "available") && is_state(address, "Status", "succeeded"))
            add_nat_address(l, item, address, interface, primary);
    }
}

/*
 * An elastic address. One that is associated with nothing is seen on nobody, whom
 * the interface without an id stands for.
 */
static void add_elastic(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const property properties[] = {
        { NULL, "InstanceId", FLE_FACT_INSTANCE, false },
        { NULL, "NetworkInterfaceOwnerId", FLE_FACT_ACCOUNT, false },
    };
    const fle_thing interface = fle_get_thing(l, FLE_SUBJECT_INTERFACE, item, "NetworkInterfaceId");

    add_association(l, item, interface);
    if (interface.id > 0)
        add_properties(l, item, interface, properties, N(properties));
    else if (fle_get_text(item, "AssociationId").len > 0 ||
             fle_get_text(item, "InstanceId").len > 0)
        return;
    fle_add_address(l, l->time, interface, FLE_FACT_PUBLIC, fle_facts_text(l->facts, s.id));
    fle_add_address(l, l->time, interface, FLE_FACT_ADDRESSES,
                    fle_get_text(item, "PrivateIpAddress"));
}

/* Both VPCs, of which one may be another account's and in no other document. */
static void add_peering(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const char *const sides[] = { "RequesterVpcInfo", "AccepterVpcInfo" };
    static const property properties[] = { { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
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
        add_properties(l, side, vpc, properties, N(properties));
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

static const property subnet_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
    { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
    { NULL, "AvailabilityZone", FLE_FACT_ZONE, false },
    { NULL, "AvailabilityZoneId", FLE_FACT_ZONE_ID, false },
};
static const property vpc_properties[] = {
    { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
};
static const property endpoint_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
    { NULL, "OwnerId", FLE_FACT_ACCOUNT, false },
    { NULL, "State", FLE_FACT_STATE, false },
    { NULL, "VpcEndpointType", FLE_FACT_ENDPOINT_TYPE, false },
    { NULL, "ServiceName", FLE_FACT_SERVICE_NAME, false },
};
static const property nat_gateway_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
};
static const property peering_properties[] = {
    { "Status", "Code", FLE_FACT_STATE, false },
    { "RequesterVpcInfo", "VpcId", FLE_FACT_REQUESTER_VPC, false },
    { "AccepterVpcInfo", "VpcId", FLE_FACT_ACCEPTER_VPC, false },
};
/* What describe-transit-gateway-attachments prints, or -vpc-attachments. */
static const property attachment_properties[] = {
    { NULL, "TransitGatewayId", FLE_FACT_TRANSIT_GATEWAY, false },
    { NULL, "ResourceType", FLE_FACT_RESOURCE_TYPE, false },
    { NULL, "ResourceId", FLE_FACT_RESOURCE, false },
    { NULL, "VpcId", FLE_FACT_RESOURCE, false },
    { NULL, "State", FLE_FACT_STATE, false },
};

static const property flow_log_properties[] = {
    { NULL, "ResourceId", FLE_FACT_RESOURCE, false },
    { NULL, "LogGroupName", FLE_FACT_LOG_GROUP, false },
    { NULL, "LogFormat", FLE_FACT_LOG_FORMAT, false },
    { NULL, "TrafficType", FLE_FACT_TRAFFIC, false },
};

static const property route_table_properties[] = {
    { NULL, "VpcId", FLE_FACT_VPC, false },
};
static const property prefix_list_properties[] = {
    { NULL, "PrefixListName", FLE_FACT_NAME, false },
};

#define PROPERTIES(table) table, N(table)

static const listing listings[] = {
    { "NetworkInterfaces", "NetworkInterfaceId", FLE_SUBJECT_INTERFACE,
      PROPERTIES(interface_properties), "TagSet", add_interface, false },
    { "Reservations", NULL, FLE_SUBJECT_INSTANCE, NULL, 0, NULL, add_reservation, false },
    { "Subnets", "SubnetId", FLE_SUBJECT_SUBNET, PROPERTIES(subnet_properties), NULL,
      add_all_blocks, false },
    { "Vpcs", "VpcId", FLE_SUBJECT_VPC, PROPERTIES(vpc_properties), NULL, add_all_blocks, false },
    { "VpcEndpoints", "VpcEndpointId", FLE_SUBJECT_ENDPOINT, PROPERTIES(endpoint_properties),
      "Tags", add_endpoint, false },
    { "NatGateways", "NatGatewayId", FLE_SUBJECT_NAT_GATEWAY, PROPERTIES(nat_gateway_properties),
      "Tags", add_nat_gateway, false },
    { "Addresses", "PublicIp", FLE_SUBJECT_INTERFACE, NULL, 0, NULL, add_elastic, false },
    { "VpcPeeringConnections", "VpcPeeringConnectionId", FLE_SUBJECT_PEERING,
      PROPERTIES(peering_properties), NULL, add_peering, true },
    { "TransitGatewayAttachments", "TransitGatewayAttachmentId", FLE_SUBJECT_ATTACHMENT,
      PROPERTIES(attachment_properties), NULL, NULL, true },
    { "TransitGatewayVpcAttachments", "TransitGatewayAttachmentId", FLE_SUBJECT_ATTACHMENT,
      PROPERTIES(attachment_properties), NULL, NULL, true },
    { "FlowLogs", "FlowLogId", FLE_SUBJECT_FLOW_LOG, PROPERTIES(flow_log_properties), NULL,
      add_window, false },
    { "RouteTables", "RouteTableId", FLE_SUBJECT_ROUTE_TABLE, PROPERTIES(route_table_properties),
      NULL, fle_add_route_table, false },
    { "PrefixLists", "PrefixListId", FLE_SUBJECT_PREFIX_LIST, PROPERTIES(prefix_list_properties),
      NULL, fle_add_prefix_list, false },
    { "tasks", "taskArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_task_item, false },
    { "DBInstances", "DBInstanceArn", FLE_SUBJECT_RESOURCE, NULL, 0, "TagList", fle_add_database,
      false },
    { "DBClusters", "DBClusterArn", FLE_SUBJECT_RESOURCE, NULL, 0, "TagList", fle_add_cluster,
      false },
    { "DBProxies", "DBProxyArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_proxy, false },
    { "LoadBalancers", "LoadBalancerArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_balancer,
      false },
    { "Listeners", "LoadBalancerArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_listener,
      false },
    { "TargetGroups", "TargetGroupArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_target_group,
      false },
    { "TargetHealthDescriptions", NULL, FLE_SUBJECT_TARGET, NULL, 0, NULL, fle_add_target, false },
    { "CacheClusters", "ARN", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_cache, false },
    { "Clusters", NULL, FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_any_cluster, false },
    { "LoadBalancerDescriptions", NULL, FLE_SUBJECT_RESOURCE, NULL, 0, NULL,
      fle_add_classic_balancer, false },
    { "Functions", "FunctionArn", FLE_SUBJECT_RESOURCE, NULL, 0, NULL, fle_add_function, false },
    { "ResourceTagMappingList", "ResourceARN", FLE_SUBJECT_RESOURCE, NULL, 0, "Tags", NULL, false },
    { "prefixes", "ip_prefix", FLE_SUBJECT_RANGE, NULL, 0, NULL, add_range, false },
    { "ipv6_prefixes", "ipv6_prefix", FLE_SUBJECT_RANGE, NULL, 0, NULL, add_range, false },
};

static void load_list(fle_loader *l, const fle_json *list, const listing *kind)
{
    const fle_thing none = { kind->kind, 0 };

    if (kind->joins)
        fle_add(l, none, FLE_FACT_STATE, FLE_TEXT(""));
    for (size_t i = 0; i < fle_json_count(list) && !l->failed; i++) {
        const fle_json *item = fle_json_at(list, i);
        const fle_thing s = kind->id ? fle_get_thing(l, kind->kind, item, kind->id) : none;

        if (kind->id && s.id == 0) {
            l->skipped++;
            continue;
        }
        add_properties(l, item, s, kind->properties, kind->n_properties);
        if (kind->tags && (kind->kind != FLE_SUBJECT_RESOURCE || fle_json_get(item, kind->tags)))
            fle_add_tags(l, fle_json_get(item, kind->tags), s);
        if (kind->more)
            kind->more(l, item, s);
    }
}

const char *fle_listing_key(size_t index)
{
    return index < N(listings) ? listings[index].key : NULL;
}

void fle_listing_load(fle_loader *l, size_t index, const fle_json *list)
{
    load_list(l, list, &listings[index]);
}

void fle_listing_load_key(fle_loader *l, const char *key, const fle_json *list)
{
    if (strcmp(key, instances.key) == 0)
        load_list(l, list, &instances);
    for (size_t i = 0; i < N(listings); i++)
        if (strcmp(key, listings[i].key) == 0)
            load_list(l, list, &listings[i]);
}
