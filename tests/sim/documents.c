/* SPDX-License-Identifier: Apache-2.0 */
/* What AWS's describe calls answered at some moments. */
#include <stdlib.h>

#include "documents.h"
#include "json.h"
#include "place.h"

enum { MOST_TIMES = 100 };

size_t documents_times(const fleet *in, int32_t *out, size_t n)
{
    const char *at = in->knobs->snapshots;
    size_t len = 0;

    while (*at != '\0') {
        char *end;
        const double minutes = strtod(at, &end);

        if (end == at || len == n || (*end != ',' && *end != '\0'))
            give_up("not minutes with commas between", "--snapshots");
        out[len++] = (int32_t)(minutes * 60);
        at = *end == ',' ? end + 1 : end;
    }
    return len;
}

/* A document begins with its list and ends with the date boto3 keeps of AWS's answer. */
static text *open_document(const fleet *in, const char *call, const char *key, int32_t time)
{
    char path[128], stamp[32];
    text *to;

    snprintf(path, sizeof path, "inventory/describe-%s.%s.json", call,
             text_time(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", time));
    to = text_open(in->knobs->folder, path);
    text_format(to, "{\"%s\": [", key);
    return to;
}

static void close_document(text *to, int32_t time)
{
    char date[64];

    text_format(to,
                "\n], \"ResponseMetadata\": {\"HTTPStatusCode\": 200, \"HTTPHeaders\": "
                "{\"date\": \"%s\"}}}\n",
                text_time(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", time));
    text_close(to);
}

/* `"Association": {…}` of the elastic address before an interface's primary one, if it has one. */
static void put_association(text *to, const fleet *in, uint32_t number, int32_t time)
{
    const uint32_t held = fleet_held(in, number, PUBLIC, time);

    if (held == NOTHING)
        return;
    text_string(to, ", \"Association\": {");
    PUT_QUOTED(to, "AssociationId", put_association_id(to, in, held));
    PUT_QUOTED(to, "AllocationId", put_allocation(to, in, in->tenures[held].slot));
    text_string(to, "\"PublicIp\": \"");
    put_slot(to, in, in->tenures[held].slot);
    text_string(to, "\"}");
}

/* The addresses of one kind that an interface has, as `{"Key": "address"…}` with commas between. */
static void put_held(text *to, const fleet *in, uint32_t number, int32_t time, const char *key,
                     hold_kind first, hold_kind last)
{
    size_t n = 0;

    for (uint32_t t = in->enis[number].held; t != NOTHING; t = in->tenures[t].next_held) {
        const tenure *const held = &in->tenures[t];

        if (held->kind < first || held->kind > last || held->from > time || held->until <= time)
            continue;
        text_format(to, n++ == 0 ? "{\"%s\": \"" : ", {\"%s\": \"", key);
        put_slot(to, in, held->slot);
        text_char(to, '"');
        if (held->kind <= SECONDARY)
            text_string(to, held->kind == PRIMARY ? ", \"Primary\": true" : ", \"Primary\": false");
        if (held->kind == PRIMARY)
            put_association(to, in, number, time);
        text_char(to, '}');
    }
}

static void put_interface(text *to, const fleet *in, uint32_t number, int32_t time)
{
    const eni *const who = &in->enis[number];

    PUT_QUOTED(to, "NetworkInterfaceId", put_eni(to, in, number));
    PUT_QUOTED(to, "VpcId", put_vpc(to, in, who->vpc));
    PUT_QUOTED(to, "SubnetId", put_subnet(to, in, who->vpc, who->subnet));
    PUT_QUOTED(to, "AvailabilityZone", put_zone(to, who->subnet));
    PUT_QUOTED(to, "AvailabilityZoneId", put_zone_id(to, who->subnet));
    PUT_QUOTED(to, "OwnerId", put_account(to, who->vpc));
    text_string(to, "\"InterfaceType\": \"interface\", \"Status\": \"in-use\", "
                    "\"RequesterManaged\": false, \"Attachment\": {");
    PUT_QUOTED(to, "AttachmentId", put_attachment(to, in, number));
    PUT_QUOTED(to, "InstanceId", put_instance(to, in, number));
    PUT_QUOTED(to, "InstanceOwnerId", put_account(to, who->vpc));
    text_string(to,
                "\"DeviceIndex\": 0, \"DeleteOnTermination\": true, \"Status\": \"attached\"}, ");
    PUT_QUOTED(to, "PrivateIpAddress", put_slot(to, in, who->primary));
    text_string(to, "\"PrivateIpAddresses\": [");
    put_held(to, in, number, time, "PrivateIpAddress", PRIMARY, SECONDARY);
    text_string(to, "], \"Ipv4Prefixes\": [");
    put_held(to, in, number, time, "Ipv4Prefix", PREFIX, PREFIX);
    text_string(to, "], \"Ipv6Addresses\": [");
    put_held(to, in, number, time, "Ipv6Address", IPV6, IPV6);
    text_string(to, "], \"TagSet\": []");
    put_association(to, in, number, time);
    text_char(to, '}');
}

static void describe_interfaces(const fleet *in, int32_t time)
{
    text *const to = open_document(in, "network-interfaces", "NetworkInterfaces", time);
    size_t n = 0;

    for (uint32_t e = 0; e < in->n_enis; e++)
        if (in->enis[e].from <= time && in->enis[e].until > time) {
            json_item(to, n++);
            put_interface(to, in, e, time);
        }
    close_document(to, time);
}

/* Those that nobody has are described, too. */
static void describe_addresses(const fleet *in, int32_t time)
{
    text *const to = open_document(in, "addresses", "Addresses", time);
    size_t n = 0;

    for (uint32_t s = 0; s < in->n_slots; s++) {
        uint32_t held;

        if (in->slots[s].kind != ELASTIC || in->tenures[in->slots[s].first].from > time)
            continue;
        held = fleet_tenure(in, s, time);
        json_item(to, n++);
        PUT_QUOTED(to, "PublicIp", put_slot(to, in, s));
        PUT_QUOTED(to, "AllocationId", put_allocation(to, in, s));
        if (held != NOTHING) {
            const uint32_t owner = in->tenures[held].owner;

            PUT_QUOTED(to, "AssociationId", put_association_id(to, in, held));
            PUT_QUOTED(to, "NetworkInterfaceId", put_eni(to, in, owner));
            PUT_QUOTED(to, "PrivateIpAddress", put_slot(to, in, in->enis[owner].primary));
        }
        text_string(to, "\"Domain\": \"vpc\"}");
    }
    close_document(to, time);
}

static void describe_vpcs(const fleet *in, int32_t time)
{
    text *const to = open_document(in, "vpcs", "Vpcs", time);

    for (size_t v = 0; v < in->n_vpcs; v++) {
        const unsigned octet = in->vpcs[v].octet;

        json_item(to, v);
        PUT_QUOTED(to, "VpcId", put_vpc(to, in, v));
        PUT_QUOTED(to, "OwnerId", put_account(to, v));
        text_format(
            to,
            "\"CidrBlock\": \"10.%u.0.0/16\", \"CidrBlockAssociationSet\": [{\"CidrBlock\": "
            "\"10.%u.0.0/16\", \"CidrBlockState\": {\"State\": \"associated\"}}], "
            "\"Ipv6CidrBlockAssociationSet\": [{\"Ipv6CidrBlock\": "
            "\"2600:1f18:%x:1200::/56\", \"Ipv6CidrBlockState\": {\"State\": "
            "\"associated\"}}], \"Tags\": []}",
            octet, octet, 0x4000u + (unsigned)v);
    }
    close_document(to, time);
}

static void describe_subnets(const fleet *in, int32_t time)
{
    text *const to = open_document(in, "subnets", "Subnets", time);

    for (size_t v = 0; v < in->n_vpcs; v++)
        for (unsigned s = 0; s < SUBNETS; s++) {
            json_item(to, v * SUBNETS + s);
            PUT_QUOTED(to, "SubnetId", put_subnet(to, in, v, s));
            PUT_QUOTED(to, "VpcId", put_vpc(to, in, v));
            PUT_QUOTED(to, "OwnerId", put_account(to, v));
            PUT_QUOTED(to, "AvailabilityZone", put_zone(to, s));
            PUT_QUOTED(to, "AvailabilityZoneId", put_zone_id(to, s));
            text_format(to,
                        "\"CidrBlock\": \"10.%u.%u.0/18\", \"State\": \"available\", "
                        "\"Ipv6CidrBlockAssociationSet\": [{\"Ipv6CidrBlock\": "
                        "\"2600:1f18:%x:%x::/64\", \"Ipv6CidrBlockState\": {\"State\": "
                        "\"associated\"}}], \"Tags\": []}",
                        in->vpcs[v].octet, s * 64, 0x4000u + (unsigned)v, 0x1200u + s);
        }
    close_document(to, time);
}

static void put_side(text *to, const fleet *in, const char *side, size_t vpc_index)
{
    text_format(to, "\"%s\": {", side);
    PUT_QUOTED(to, "VpcId", put_vpc(to, in, vpc_index));
    PUT_QUOTED(to, "OwnerId", put_account(to, vpc_index));
    text_format(to,
                "\"Region\": \"" REGION "\", \"CidrBlock\": \"10.%u.0.0/16\", "
                "\"CidrBlockSet\": [{\"CidrBlock\": \"10.%u.0.0/16\"}]}, ",
                in->vpcs[vpc_index].octet, in->vpcs[vpc_index].octet);
}

/* A chain, as the traffic has it. */
static void describe_peerings(const fleet *in, int32_t time)
{
    text *const to = open_document(in, "vpc-peering-connections", "VpcPeeringConnections", time);
    size_t n = 0;

    for (size_t v = (size_t)in->knobs->overlap - 1; v + 1 < in->n_vpcs; v++) {
        json_item(to, n++);
        text_format(to, "\"VpcPeeringConnectionId\": \"pcx-%017x\", ", (unsigned)v + 1);
        put_side(to, in, "RequesterVpcInfo", v);
        put_side(to, in, "AccepterVpcInfo", v + 1);
        text_string(to,
                    "\"Status\": {\"Code\": \"active\", \"Message\": \"Active\"}, \"Tags\": []}");
    }
    close_document(to, time);
}

void documents_write(const fleet *in)
{
    int32_t times[MOST_TIMES];
    const size_t n = documents_times(in, times, MOST_TIMES);

    for (size_t i = 0; i < n; i++) {
        describe_interfaces(in, times[i]);
        describe_addresses(in, times[i]);
        describe_vpcs(in, times[i]);
        describe_subnets(in, times[i]);
        describe_peerings(in, times[i]);
    }
}
