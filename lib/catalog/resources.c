/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface is of, where other documents than EC2's tell it. */
#include "catalog/resources.h"

#include "base/address.h"
#include "catalog/publish.h"
#include "record/identity.h"

#define SERVICE "service:"
#define CLUSTER ":cluster/"
#define LONGEST_NAME 255

/* The number of three texts as one; 0 if the last is empty. */
static uint32_t join_arn(fle_loader *l, flowenrich_text owner, const char *kind,
                         flowenrich_text name)
{
    uint32_t id = 0;
    fle_buffer arn;

    fle_buffer_init(&arn, l->facts->allocator);
    fle_buffer_text(&arn, owner);
    fle_buffer_string(&arn, kind);
    fle_buffer_text(&arn, name);
    l->failed = l->failed || arn.failed;
    if (name.len > 0 && !arn.failed)
        id = fle_loader_intern(l, fle_text(arn.data, arn.len));
    fle_buffer_free(&arn);
    return id;
}

static void add_arn(fle_loader *l, fle_thing s, const char *type, flowenrich_text arn)
{
    if (arn.len > 0)
        fle_add_at(l, l->time, s, FLE_FACT_ARNS, fle_text_of(type), arn);
}

/* ---- Tasks. ---- */

/* A task names its service as "service:NAME", and its cluster by its ARN. */
static void add_service(fle_loader *l, fle_thing s, const fle_json *task)
{
    const flowenrich_text group = fle_get_text(task, "group");
    const flowenrich_text cluster = fle_get_text(task, "clusterArn");
    size_t colon = 0;
    fle_buffer arn;

    while (colon < cluster.len &&
           !fle_text_starts(fle_text(cluster.data + colon, cluster.len - colon), CLUSTER))
        colon++;
    if (!fle_text_starts(group, SERVICE) || colon == cluster.len)
        return;
    fle_buffer_init(&arn, l->facts->allocator);
    fle_buffer_append(&arn, cluster.data, colon);
    fle_buffer_string(&arn, ":service/");
    fle_buffer_append(&arn, cluster.data + colon + sizeof CLUSTER - 1,
                      cluster.len - colon - sizeof CLUSTER + 1);
    fle_buffer_char(&arn, '/');
    fle_buffer_append(&arn, group.data + sizeof SERVICE - 1, group.len - sizeof SERVICE + 1);
    l->failed = l->failed || arn.failed;
    if (!arn.failed)
        add_arn(l, s, "ecs:task", fle_text(arn.data, arn.len));
    fle_buffer_free(&arn);
}

static flowenrich_text detail_of(const fle_json *attachment, const char *name)
{
    const fle_json *details = fle_json_get(attachment, "details");

    for (size_t i = 0; i < fle_json_count(details); i++)
        if (fle_text_is(fle_get_text(fle_json_at(details, i), "name"), name))
            return fle_get_text(fle_json_at(details, i), "value");
    return fle_text("", 0);
}

/* Once the attachment is deleted, the addresses are gone. */
static void add_task_interface(fle_loader *l, const fle_json *task, const fle_json *attachment)
{
    const flowenrich_text type = fle_get_text(attachment, "type");
    const flowenrich_text status = fle_get_text(attachment, "status");
    const flowenrich_text id = detail_of(attachment, "networkInterfaceId");
    const fle_thing s = { FLE_SUBJECT_INTERFACE, fle_loader_intern(l, id) };

    if (s.id == 0 || !(fle_text_is(type, "eni") || fle_text_is(type, "ElasticNetworkInterface")))
        return;
    add_arn(l, s, "ecs:task", fle_get_text(task, "taskArn"));
    add_service(l, s, task);
    fle_add_known(l, s, FLE_FACT_SUBNET, detail_of(attachment, "subnetId"));
    fle_add_known(l, s, FLE_FACT_ZONE, fle_get_text(task, "availabilityZone"));
    if (fle_text_is(status, "ATTACHED"))
        fle_add_address(l, l->time, s, FLE_FACT_ADDRESSES,
                        detail_of(attachment, "privateIPv4Address"));
    else if (fle_text_is(status, "DELETED"))
        fle_add_mark(l, s, FLE_FACT_ADDRESSES);
}

void fle_add_task(fle_loader *l, const fle_json *task)
{
    const fle_json *attachments = fle_json_get(task, "attachments");

    for (size_t i = 0; i < fle_json_count(attachments); i++)
        add_task_interface(l, task, fle_json_at(attachments, i));
}

void fle_add_task_item(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *tags = fle_json_get(item, "tags");

    fle_add_task(l, item);
    if (fle_json_count(tags) > 0) /* they are only listed if they were asked for */
        fle_add_mark(l, s, FLE_FACT_TAGS);
    for (size_t i = 0; i < fle_json_count(tags); i++)
        fle_add_at(l, l->time, s, FLE_FACT_TAGS, fle_get_text(fle_json_at(tags, i), "key"),
                   fle_get_text(fle_json_at(tags, i), "value"));
}

/* ---- What is known by a name. ---- */

/* Names of hosts are the same in any case, and with a dot at the end. */
static fle_thing get_name(fle_loader *l, flowenrich_text text)
{
    fle_thing s = { FLE_SUBJECT_NAME, 0 };
    char name[LONGEST_NAME];

    if (text.len > 0 && text.data[text.len - 1] == '.')
        text.len--;
    if (text.len > sizeof name)
        return s;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.data[i];

        name[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    s.id = fle_loader_intern(l, fle_text(name, text.len));
    return s;
}

/* Which address that name has, another document tells. */
static void add_name(fle_loader *l, flowenrich_text name, const char *type, fle_thing of,
                     flowenrich_text vpc)
{
    const fle_thing s = get_name(l, name);

    if (s.id == 0)
        return;
    add_arn(l, s, type, fle_facts_text(l->facts, of.id));
    fle_add_known(l, s, FLE_FACT_VPC, vpc);
}

bool fle_add_endpoint_address(fle_loader *l, const fle_json *document)
{
    const flowenrich_text address = fle_get_text(document, "address");
    const fle_thing s = get_name(l, fle_get_text(document, "endpoint"));

    if (s.id == 0 || address.len == 0)
        return false;
    fle_add_address(l, l->time, s, FLE_FACT_ADDRESSES, address);
    return true;
}

void fle_add_database(fle_loader *l, const fle_json *item, fle_thing s)
{
    add_name(l, fle_get_text(fle_json_get(item, "Endpoint"), "Address"), "rds:db", s,
             fle_get_text(fle_json_get(item, "DBSubnetGroup"), "VpcId"));
}

/* A cluster's names lead to whichever of its instances writes or reads then. */
void fle_add_cluster(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const char *const keys[] = { "Endpoint", "ReaderEndpoint" };
    const fle_json *custom = fle_json_get(item, "CustomEndpoints");
    const flowenrich_text no_vpc = { "", 0 };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        add_name(l, fle_get_text(item, keys[i]), "rds:db", s, no_vpc);
    for (size_t i = 0; i < fle_json_count(custom); i++)
        add_name(l, fle_json_text(fle_json_at(custom, i)), "rds:db", s, no_vpc);
}

void fle_add_proxy(fle_loader *l, const fle_json *item, fle_thing s)
{
    add_name(l, fle_get_text(item, "Endpoint"), "rds:proxy", s, fle_get_text(item, "VpcId"));
}

void fle_add_balancer(fle_loader *l, const fle_json *item, fle_thing s)
{
    const flowenrich_text type = fle_get_text(item, "Type");

    add_name(l, fle_get_text(item, "DNSName"),
             fle_text_is(type, "network") ? "elb:network" : "elb:application", s,
             fle_get_text(item, "VpcId"));
}

void fle_add_cache(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *nodes = fle_json_get(item, "CacheNodes");

    for (size_t i = 0; i < fle_json_count(nodes); i++)
        add_name(l, fle_get_text(fle_json_get(fle_json_at(nodes, i), "Endpoint"), "Address"),
                 "elasticache:cluster", s, fle_text("", 0));
}

/* Only in a VPC are there addresses of ours. */
void fle_add_domain(fle_loader *l, const fle_json *item, fle_thing s)
{
    add_name(l, fle_get_text(fle_json_get(item, "Endpoints"), "vpc"), "es:domain", s,
             fle_get_text(fle_json_get(item, "VPCOptions"), "VPCId"));
}

/* Its endpoint is written as "https://NAME". */
void fle_add_kubernetes(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const char scheme[] = "https://";
    flowenrich_text name = fle_get_text(item, "endpoint");

    if (fle_text_starts(name, scheme))
        name = fle_text(name.data + sizeof scheme - 1, name.len - sizeof scheme + 1);
    add_name(l, name, "eks:cluster", s,
             fle_get_text(fle_json_get(item, "resourcesVpcConfig"), "vpcId"));
}

/* ---- Clusters. ---- */

/* Of "arn:aws:redshift:us-east-1:1:namespace:ID" up to the last but one colon. */
static flowenrich_text owner_of(flowenrich_text arn)
{
    size_t colons = 0;

    for (size_t i = 0; i < arn.len; i++)
        if (arn.data[i] == ':' && ++colons == 5)
            return fle_text(arn.data, i + 1);
    return fle_text("", 0);
}

/* Its nodes' addresses are listed, so nobody has to resolve its name. */
static void add_redshift(fle_loader *l, const fle_json *item)
{
    const flowenrich_text owner = owner_of(fle_get_text(item, "ClusterNamespaceArn"));
    const flowenrich_text id = fle_get_text(item, "ClusterIdentifier");
    const flowenrich_text name = fle_get_text(fle_json_get(item, "Endpoint"), "Address");
    const fle_json *nodes = fle_json_get(item, "ClusterNodes");
    fle_thing s = { FLE_SUBJECT_RESOURCE, 0 }, named = get_name(l, name);

    s.id = owner.len > 0 ? join_arn(l, owner, "cluster:", id) : 0;
    if (s.id == 0) {
        l->skipped++;
        return;
    }
    fle_add_tags(l, fle_json_get(item, "Tags"), s);
    add_name(l, name, "redshift:cluster", s, fle_get_text(item, "VpcId"));
    for (size_t i = 0; named.id != 0 && i < fle_json_count(nodes); i++)
        fle_add_address(l, l->time, named, FLE_FACT_ADDRESSES,
                        fle_get_text(fle_json_at(nodes, i), "PrivateIPAddress"));
}

static void add_dax(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *nodes = fle_json_get(item, "Nodes");
    const flowenrich_text no_vpc = { "", 0 };

    add_name(l, fle_get_text(fle_json_get(item, "ClusterDiscoveryEndpoint"), "Address"),
             "dax:cluster", s, no_vpc);
    for (size_t i = 0; i < fle_json_count(nodes); i++)
        add_name(l, fle_get_text(fle_json_get(fle_json_at(nodes, i), "Endpoint"), "Address"),
                 "dax:cluster", s, no_vpc);
}

void fle_add_any_cluster(fle_loader *l, const fle_json *item, fle_thing s)
{
    if (fle_json_get(item, "ClusterIdentifier")) {
        add_redshift(l, item);
    } else if (fle_json_get(item, "ClusterDiscoveryEndpoint")) {
        s = fle_get_thing(l, FLE_SUBJECT_RESOURCE, item, "ClusterArn");
        if (s.id != 0)
            add_dax(l, item, s);
        l->skipped += s.id == 0;
    }
}

/* ---- Who listens where. ---- */

/* A port, under both protocols if it is of both. Of others, such as GENEVE, there are no ports. */
static void add_port(fle_loader *l, fle_thing s, fle_predicate predicate, flowenrich_text protocol,
                     const fle_json *value)
{
    const flowenrich_text port =
        value && value->kind == FLE_JSON_NUMBER ? value->text : fle_json_text(value);
    static const struct {
        const char *name;
        bool tcp, udp;
    } protocols[] = {
        { "TCP", true, false }, { "TLS", true, false },    { "HTTP", true, false },
        { "HTTPS", true, false }, { "UDP", false, true },  { "QUIC", false, true },
        { "TCP_UDP", true, true }, { "TCP_QUIC", true, true },
    };

    for (size_t i = 0; i < sizeof protocols / sizeof *protocols && port.len > 0; i++) {
        if (!fle_text_is(protocol, protocols[i].name))
            continue;
        if (protocols[i].tcp)
            fle_add_at(l, l->time, s, predicate, FLE_TEXT("tcp"), port);
        if (protocols[i].udp)
            fle_add_at(l, l->time, s, predicate, FLE_TEXT("udp"), port);
    }
}

void fle_add_listener(fle_loader *l, const fle_json *item, fle_thing s)
{
    add_port(l, s, FLE_FACT_LISTENERS, fle_get_text(item, "Protocol"), fle_json_get(item, "Port"));
}

/* What its load balancers send to, unless a target has a port of its own. */
void fle_add_target_group(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *balancers = fle_json_get(item, "LoadBalancerArns");

    for (size_t i = 0; i < fle_json_count(balancers); i++) {
        s.id = fle_loader_intern(l, fle_json_text(fle_json_at(balancers, i)));
        if (s.id != 0)
            add_port(l, s, FLE_FACT_TARGETS, fle_get_text(item, "Protocol"),
                     fle_json_get(item, "Port"));
    }
}

/* The answer doesn't say of which group, so a port may be of TCP or UDP; health is asked by TCP. */
void fle_add_target(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *target = fle_json_get(item, "Target");

    s.id = fle_loader_intern(l, fle_get_text(target, "Id"));
    if (s.id == 0) {
        l->skipped++;
        return;
    }
    add_port(l, s, FLE_FACT_LISTENERS, FLE_TEXT("TCP_UDP"), fle_json_get(target, "Port"));
    add_port(l, s, FLE_FACT_LISTENERS, FLE_TEXT("TCP"), fle_json_get(item, "HealthCheckPort"));
}

/* The ARN that kinds give its interfaces, whose description has no more than its name. */
static fle_thing get_classic(fle_loader *l, const fle_json *item)
{
    const flowenrich_text zone =
        fle_json_text(fle_json_at(fle_json_get(item, "AvailabilityZones"), 0));
    const flowenrich_text region = fle_region_of_zone(zone);
    const flowenrich_text account =
        fle_get_text(fle_json_get(item, "SourceSecurityGroup"), "OwnerAlias");
    const flowenrich_text name = fle_get_text(item, "LoadBalancerName");
    fle_thing s = { FLE_SUBJECT_RESOURCE, 0 };
    fle_buffer owner;

    fle_buffer_init(&owner, l->facts->allocator);
    fle_buffer_string(&owner, "arn:");
    fle_buffer_text(&owner, fle_partition_of(region));
    fle_buffer_string(&owner, ":elasticloadbalancing:");
    fle_buffer_text(&owner, region);
    fle_buffer_char(&owner, ':');
    fle_buffer_text(&owner, account);
    fle_buffer_char(&owner, ':');
    l->failed = l->failed || owner.failed;
    if (region.len > 0 && account.len > 0 && !owner.failed)
        s.id = join_arn(l, fle_text(owner.data, owner.len), "loadbalancer/", name);
    fle_buffer_free(&owner);
    return s;
}

static void add_protocol(fle_loader *l, fle_thing s, fle_predicate predicate,
                         const fle_json *listener, const char *protocol, const char *port)
{
    const bool is_ssl = fle_text_is(fle_get_text(listener, protocol), "SSL");

    add_port(l, s, predicate, is_ssl ? FLE_TEXT("TLS") : fle_get_text(listener, protocol),
             fle_json_get(listener, port));
}

/* What it listens on, and what it sends to all of its instances. */
void fle_add_classic_balancer(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *listeners = fle_json_get(item, "ListenerDescriptions");

    s = get_classic(l, item);
    if (s.id == 0) {
        l->skipped++;
        return;
    }
    add_name(l, fle_get_text(item, "DNSName"), "elb:classic", s, fle_get_text(item, "VPCId"));
    for (size_t i = 0; i < fle_json_count(listeners); i++) {
        const fle_json *listener = fle_json_get(fle_json_at(listeners, i), "Listener");

        add_protocol(l, s, FLE_FACT_LISTENERS, listener, "Protocol", "LoadBalancerPort");
        add_protocol(l, s, FLE_FACT_TARGETS, listener, "InstanceProtocol", "InstancePort");
    }
}

/* ---- Functions. ---- */

static void add_ids(fle_loader *l, fle_thing s, fle_predicate predicate, const fle_json *ids)
{
    fle_add_mark(l, s, predicate);
    for (size_t i = 0; i < fle_json_count(ids); i++)
        fle_add_known(l, s, predicate, fle_json_text(fle_json_at(ids, i)));
}

/* An interface is shared by all functions in its subnet that have its groups. */
void fle_add_function(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *config = fle_json_get(item, "VpcConfig");

    (void)fle_loader_intern(l, FLE_TEXT("lambda:function")); /* for what is derived of it */
    add_ids(l, s, FLE_FACT_SUBNETS, fle_json_get(config, "SubnetIds"));
    add_ids(l, s, FLE_FACT_GROUPS, fle_json_get(config, "SecurityGroupIds"));
}
