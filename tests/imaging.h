/* SPDX-License-Identifier: Apache-2.0 */
/* Images of a catalog that has something of everything, and what is answered from them. */
#ifndef TESTS_IMAGING_H
#define TESTS_IMAGING_H

#include "base/hash.h"
#include "cataloging.h"

#define IMAGING_SUM 56 /* where the checksum of header and table lies */

static const char imaging_documents[] =
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'SubnetId': "
    "'subnet-1', 'OwnerId': '111122223333', 'AvailabilityZone': 'us-east-1a', 'Attachment': "
    "{'InstanceId': 'i-1'}, 'TagSet': [{'Key': 'app', 'Value': 'web'}], 'Groups': [{'GroupId': "
    "'sg-1'}, {'GroupId': 'sg-2'}], 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.5', "
    "'Association': {'PublicIp': '198.51.100.7'}}], 'Ipv6Addresses': [{'Ipv6Address': "
    "'2600:1f18::5'}], 'Ipv4Prefixes': [{'Ipv4Prefix': '10.0.0.64/28'}]},"
    "{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-2', 'PrivateIpAddress': '10.1.0.5'}]}"
    "{'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/16'}, {'VpcId': 'vpc-2', 'CidrBlock': "
    "'10.1.0.0/16'}]}"
    "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/24', "
    "'AvailabilityZone': 'us-east-1a'}]}"
    "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1', 'Status': {'Code': 'active'},"
    " 'RequesterVpcInfo': {'VpcId': 'vpc-1'}, 'AccepterVpcInfo': {'VpcId': 'vpc-2'}}]}"
    "{'VpcEndpoints': [{'VpcEndpointId': 'vpce-1', 'VpcEndpointType': 'Gateway', 'VpcId': "
    "'vpc-1', 'ServiceName': 'com.amazonaws.us-east-1.s3', 'State': 'available'}]}"
    "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1', 'Associations': [{'Main': false,"
    " 'SubnetId': 'subnet-1'}], 'Routes': [{'DestinationCidrBlock': '10.0.0.0/16', 'GatewayId': "
    "'local'}, {'DestinationCidrBlock': '10.1.0.0/16', 'VpcPeeringConnectionId': 'pcx-1'}, "
    "{'DestinationPrefixListId': 'pl-1', 'GatewayId': 'igw-1'}]}]}"
    "{'PrefixLists': [{'PrefixListId': 'pl-1', 'PrefixListName': 'offices'}]}"
    "{'PrefixListId': 'pl-1', 'Entries': [{'Cidr': '192.0.2.0/24'}]}"
    "{'createDate': '2026-11-20-00-00-00', 'prefixes': [{'ip_prefix': '52.216.0.0/15', 'region': "
    "'us-east-1', 'service': 'S3'}]}"
    "{'FlowLogs': [{'FlowLogId': 'fl-1', 'ResourceId': 'vpc-1', 'LogGroupName': 'flow', "
    "'LogFormat': '${version} ${srcaddr}'}]}"
    "{'Listeners': [{'ListenerArn': 'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/"
    "app/lb/1/2', 'LoadBalancerArn': 'arn:aws:elasticloadbalancing:us-east-1:111122223333:"
    "loadbalancer/app/lb/1', 'Port': 8443, 'Protocol': 'HTTPS'}]}";

/* Later eni-1 is of another instance, with other tags, and its address is eni-2's. */
static const char imaging_later[] =
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'Attachment': "
    "{'InstanceId': 'i-2'}, 'TagSet': [{'Key': 'app', 'Value': 'db'}], 'PrivateIpAddress': "
    "'10.0.0.6'}, {'NetworkInterfaceId': 'eni-3', 'VpcId': 'vpc-1', 'PrivateIpAddress': "
    "'10.0.0.5'}]}";

/* Both ends log the packets of a web server's, and one those of IPv6. */
static const char imaging_log[] =
    "interface-id vpc-id subnet-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport "
    "dstport protocol packets start end log-status\n"
    "eni-1 vpc-1 subnet-1 egress 10.0.0.5 10.1.0.5 10.0.0.70 10.1.0.5 40000 443 6 9 1795176000 "
    "1795176060 OK\n"
    "eni-2 vpc-2 subnet-2 ingress 10.0.0.70 10.1.0.5 10.0.0.70 10.1.0.5 40000 443 6 9 1795176010 "
    "1795176070 OK\n"
    "eni-2 vpc-2 subnet-2 ingress 2600:1f18::5 2600:1f18::9 2600:1f18::5 2600:1f18::9 40000 443 6 "
    "9 1795176010 1795176070 OK\n";

static inline flowenrich_status imaging_learn(struct cataloging *c, const char *log)
{
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    size_t used;
    flowenrich_status status = flowenrich_batch_new(&batch, 64, NULL, &c->error);

    if (status != FLOWENRICH_OK)
        return status;
    status = flowenrich_parser_new(&parser, NULL, &c->error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_parse(parser, log, strlen(log), &used, batch, &c->error);
    if (status == FLOWENRICH_OK)
        status = flowenrich_catalog_learn(c->catalog, batch, &c->error);
    flowenrich_parser_free(parser);
    flowenrich_batch_free(batch);
    return status;
}

static inline flowenrich_status imaging_load(struct cataloging *c)
{
    flowenrich_status status = cataloging_load(c, imaging_documents, NOON);

    if (status == FLOWENRICH_OK)
        status = imaging_learn(c, imaging_log);
    return status ? status : cataloging_load(c, imaging_later, NOON + 2 * HOUR);
}

static inline void imaging_entry(struct cataloging *c, const fle_entry *entry, fle_buffer *out)
{
    const fle_identity *told = cataloging_tell(c, entry);

    if (told)
        cataloging_identity(told, out);
    fle_buffer_char(out, '\n');
}

static inline void imaging_route(const flowenrich_snapshot *s, const fle_address *to,
                                 fle_buffer *out)
{
    const fle_journey journey = {
        FLE_TEXT("vpc-1"), FLE_TEXT("subnet-1"), to, { "", 0 }, NOON, NOON
    };
    fle_direction direction;

    if (fle_snapshot_route(s, &journey, &direction))
        fle_buffer_text(out, direction.target);
    fle_buffer_text(out, fle_snapshot_network(s, to));
}

/* Who logged the packets of the log, and which of their sides was theirs. */
static inline void imaging_mirrors(const flowenrich_snapshot *s, fle_buffer *out)
{
    static const char *const pairs[][2] = { { "10.0.0.70", "10.1.0.5" },
                                            { "2600:1f18::5", "2600:1f18::9" } };
    const fle_mirrors *mirrors = fle_snapshot_mirrors(s);

    for (size_t i = 0; mirrors && i < sizeof pairs / sizeof *pairs; i++) {
        fle_address ends[2];
        const fle_tuple tuple = { { &ends[0], &ends[1] }, { 40000, 443 }, 6 };
        fle_look look;
        fle_sight sight;

        for (size_t k = 0; k < 2; k++)
            (void)fle_address_parse(pairs[i][k], strlen(pairs[i][k]), &ends[k]);
        fle_look_begin(&look, mirrors, &tuple, NOON, NOON + 100);
        while (fle_look_next(&look, &sight)) {
            fle_buffer_text(out, sight.witness->id);
            fle_buffer_text(out, sight.witness->told[FLE_TOLD_VPC]);
            fle_buffer_u64(out, sight.own);
            fle_buffer_u64(out, sight.packets);
            fle_buffer_i64(out, sight.start);
        }
    }
}

/* What a snapshot says of all that was loaded, and of some that wasn't. */
static inline void imaging_describe(struct cataloging *c, fle_buffer *out)
{
    static const char *const interfaces[] = { "eni-1", "eni-2", "eni-3", "eni-9", "" };
    static const char *const vpcs[] = { "", "vpc-1", "vpc-2", "vpc-9" };
    static const char *const addresses[] = { "10.0.0.5",     "10.0.0.6",   "10.0.0.70",
                                             "10.1.0.5",     "10.0.99.1",  "198.51.100.7",
                                             "2600:1f18::5", "52.216.0.1", "192.0.2.1" };
    const flowenrich_snapshot *s = c->snapshot;
    const fle_logged logged = fle_snapshot_logged(s, FLE_TEXT("fl-1"), fle_text("", 0));
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_stat stats[16];
    fle_address address;
    char line[256];

    for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++)
        for (int hour = -1; hour < 4; hour++)
            imaging_entry(c,
                          fle_snapshot_then(s, cataloging_entry(c, interfaces[i]),
                                            NOON + hour * HOUR, NOON + hour * HOUR + 60),
                          out);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        (void)fle_address_parse(addresses[i], strlen(addresses[i]), &address);
        imaging_entry(c, fle_snapshot_range(s, &address), out);
        imaging_route(s, &address, out);
        for (size_t v = 0; v < sizeof vpcs / sizeof *vpcs; v++) {
            const fle_finding ever =
                cataloging_ask(c, vpcs[v], addresses[i], FLOWENRICH_TIME_ABSENT, NOON);

            fle_buffer_string(out, cataloging_say(c, &ever, addresses[i], line, sizeof line));
            for (int hour = -1; hour < 4; hour++) {
                const fle_finding finding = cataloging_ask(
                    c, vpcs[v], addresses[i], NOON + hour * HOUR, NOON + hour * HOUR + 60);

                fle_buffer_string(out,
                                  cataloging_say(c, &finding, addresses[i], line, sizeof line));
                fle_buffer_char(out, '\n');
            }
            fle_buffer_char(
                out, fle_snapshot_may_hold(s, fle_text_of(vpcs[v]), FLE_TEXT("subnet-1"), &address)
                         ? '+'
                         : '-');
        }
    }
    for (uint32_t a = 0; a < 4; a++) {
        fle_buffer_text(out, fle_snapshot_space_vpc(s, a));
        fle_buffer_char(out, fle_snapshot_has_gateway(s, a, FLE_TEXT("s3")) ? '+' : '-');
        for (uint32_t b = 0; b < 4; b++)
            fle_buffer_u64(out, fle_snapshot_link(s, a, b));
    }
    for (size_t i = 0; i < 8 && flowenrich_snapshot_vpc(s, i).len > 0; i++)
        fle_buffer_text(out, flowenrich_snapshot_vpc(s, i));
    source.flow_log = FLE_TEXT("fl-1");
    fle_buffer_text(out, flowenrich_snapshot_format(s, &source, 0));
    fle_buffer_text(out, logged.vpc);
    imaging_mirrors(s, out);
    fle_buffer_u64(
        out, fle_snapshot_listens(s, cataloging_interface(c, "eni-1"), &address, NULL, 6, 8443));
    for (size_t i = 0; i < flowenrich_snapshot_stats(s, stats, 16); i++)
        fle_buffer_u64(out, stats[i].value);
}

/* The image of a catalog's snapshot; free() it. */
static inline char *imaging_make(struct cataloging *c, size_t *len)
{
    char *image;

    (void)flowenrich_snapshot_image(c->snapshot, NULL, 0, len, NULL);
    image = malloc(*len);
    if (image && flowenrich_snapshot_image(c->snapshot, image, *len, len, NULL) != FLOWENRICH_OK) {
        free(image);
        image = NULL;
    }
    return image;
}

/* The image of a catalog; free() it. */
static inline char *imaging_make_whole(struct cataloging *c, size_t *len)
{
    const void *image;
    char *copy;

    if (flowenrich_catalog_image(c->catalog, &image, len, &c->error) != FLOWENRICH_OK)
        return NULL;
    copy = malloc(*len);
    if (copy)
        memcpy(copy, image, *len);
    return copy;
}

/* Let the table say of all parts where they end that they are what was written. */
static inline void imaging_sum_parts(char *image, size_t len, uint32_t parts)
{
    uint64_t part[3], next[3];

    for (uint32_t i = 0; i < parts; i++) {
        char *at = image + IMAGING_SUM + 8 + (size_t)i * sizeof part;

        memcpy(part, at, sizeof part);
        next[0] = len;
        if (i + 1 < parts)
            memcpy(next, at + sizeof part, sizeof next);
        if (part[0] > next[0] || next[0] > len)
            return;
        part[2] = fle_hash(image + part[0], (size_t)(next[0] - part[0]), 0);
        memcpy(at, part, sizeof part);
    }
}

/* Let the table be what was written, whatever it says. */
static inline void imaging_sum(char *image, size_t len)
{
    uint64_t checksum = 0;
    uint32_t parts;
    size_t size;

    memcpy(&parts, image + IMAGING_SUM - sizeof parts, sizeof parts);
    size = IMAGING_SUM + sizeof checksum + (size_t)parts * 24;
    memcpy(image + IMAGING_SUM, &checksum, sizeof checksum);
    if (size > len)
        return;
    imaging_sum_parts(image, len, parts);
    checksum = fle_hash(image, size, 0);
    memcpy(image + IMAGING_SUM, &checksum, sizeof checksum);
}

#endif
