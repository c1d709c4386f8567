/* SPDX-License-Identifier: Apache-2.0 */
/* Notices as AWS delivers them: CloudTrail's files, or what EventBridge sends. */
#include "events.h"
#include "json.h"
#include "place.h"

enum { EVENTS_INTERVAL = 300 };

static const char *const names[NOTICE_KINDS] = {
    [RUN_INSTANCES] = "RunInstances",
    [CREATE_INTERFACE] = "CreateNetworkInterface",
    [ATTACH_INTERFACE] = "AttachNetworkInterface",
    [DETACH_INTERFACE] = "DetachNetworkInterface",
    [DELETE_INTERFACE] = "DeleteNetworkInterface",
    [TERMINATE_INSTANCES] = "TerminateInstances",
    [ASSIGN] = "AssignPrivateIpAddresses",
    [UNASSIGN] = "UnassignPrivateIpAddresses",
    [ASSOCIATE] = "AssociateAddress",
    [DISASSOCIATE] = "DisassociateAddress",
};

/* What each sort of address is called, and the list it is in; in requests, in answers of Assign. */
static const struct {
    const char *list, *assigned, *name;
} words[IPV6 + 1] = {
    [PRIMARY] = { "privateIpAddressesSet", "assignedPrivateIpAddressesSet", "privateIpAddress" },
    [SECONDARY] = { "privateIpAddressesSet", "assignedPrivateIpAddressesSet", "privateIpAddress" },
    [PREFIX] = { "ipv4PrefixSet", "assignedIpv4PrefixSet", "ipv4Prefix" },
    [IPV6] = { "ipv6AddressesSet", "assignedIpv6Addresses", "ipv6Address" },
};

/* CloudTrail wraps lists in "items", and that of an interface's addresses in "item". Of lists that
 * no public sample shows, both are written. */
static const char *wrapper(const fleet *in, const notice *what, hold_kind kind)
{
    if (kind <= SECONDARY && (what->kind == RUN_INSTANCES || what->kind == CREATE_INTERFACE))
        return "item";
    return chance_of(in->seed ^ 6, what->eni, what->kind) < 0.5 ? "item" : "items";
}

static void put_address(text *to, const fleet *in, const tenure *held)
{
    text_format(to, "{\"%s\": \"", words[held->kind].name);
    put_slot(to, in, held->slot);
    text_string(to, held->kind == PRIMARY     ? "\", \"primary\": true}"
                    : held->kind == SECONDARY ? "\", \"primary\": false}"
                                              : "\"}");
}

/* `"privateIpAddressesSet": {"item": [...]}, ` of what an interface had when it was made. */
static void put_list(text *to, const fleet *in, const notice *what, hold_kind kind)
{
    const eni *const who = &in->enis[what->eni];
    size_t n = 0;

    text_format(to, "\"%s\": {", words[kind].list);
    for (uint32_t t = who->held; t != NOTHING; t = in->tenures[t].next_held) {
        const tenure *const held = &in->tenures[t];

        if (held->kind == PUBLIC || words[held->kind].list != words[kind].list ||
            held->from != who->from)
            continue;
        if (n++ == 0)
            text_format(to, "\"%s\": [", wrapper(in, what, kind));
        else
            text_string(to, ", ");
        put_address(to, in, held);
    }
    text_string(to, n > 0 ? "]}, " : "}, ");
}

static void put_interface(text *to, const fleet *in, const notice *what)
{
    const eni *const who = &in->enis[what->eni];

    PUT_QUOTED(to, "networkInterfaceId", put_eni(to, in, what->eni));
    PUT_QUOTED(to, "subnetId", put_subnet(to, in, who->vpc, who->subnet));
    PUT_QUOTED(to, "vpcId", put_vpc(to, in, who->vpc));
    PUT_QUOTED(to, "ownerId", put_account(to, who->vpc));
    PUT_QUOTED(to, "availabilityZone", put_zone(to, who->subnet));
    PUT_QUOTED(to, "privateIpAddress", put_slot(to, in, who->primary));
    text_string(to, "\"interfaceType\": \"interface\", \"status\": \"pending\", "
                    "\"requesterManaged\": false, \"sourceDestCheck\": true, ");
    for (hold_kind kind = SECONDARY; kind <= IPV6; kind++)
        put_list(to, in, what, kind);
    text_string(to, "\"groupSet\": {\"items\": [{\"groupId\": \"sg-00000000000000001\"}]}, "
                    "\"tagSet\": {}");
}

static void put_run(text *to, const fleet *in, const notice *what)
{
    const eni *const who = &in->enis[what->eni];

    text_string(to, "\"requestParameters\": {\"instancesSet\": {\"items\": [{\"minCount\": 1, "
                    "\"maxCount\": 1}]}}, \"responseElements\": {");
    PUT_QUOTED(to, "ownerId", put_account(to, who->vpc));
    text_string(to, "\"instancesSet\": {\"items\": [{");
    PUT_QUOTED(to, "instanceId", put_instance(to, in, what->eni));
    PUT_QUOTED(to, "vpcId", put_vpc(to, in, who->vpc));
    PUT_QUOTED(to, "subnetId", put_subnet(to, in, who->vpc, who->subnet));
    PUT_QUOTED(to, "privateIpAddress", put_slot(to, in, who->primary));
    text_format(to,
                "\"instanceState\": {\"code\": 0, \"name\": \"pending\"}, \"launchTime\": %lld, ",
                (BEGINNING + (long long)what->requested) * 1000);
    text_string(to, "\"tagSet\": {}, \"networkInterfaceSet\": {\"items\": [{");
    put_interface(to, in, what);
    text_string(to, ", \"attachment\": {");
    PUT_QUOTED(to, "attachmentId", put_attachment(to, in, what->eni));
    text_string(to, "\"deviceIndex\": 0, \"status\": \"attaching\", \"deleteOnTermination\": true}"
                    "}]}}]}}, ");
}

static void put_create(text *to, const fleet *in, const notice *what)
{
    const eni *const who = &in->enis[what->eni];

    text_string(to, "\"requestParameters\": {");
    PUT_QUOTED(to, "subnetId", put_subnet(to, in, who->vpc, who->subnet));
    text_string(to, "\"groupSet\": {}, \"privateIpAddressesSet\": {}}, "
                    "\"responseElements\": {\"networkInterface\": {");
    put_interface(to, in, what);
    text_string(to, "}}, ");
}

/* Requests that name one thing, and are answered by nothing of interest. */
static void put_simple(text *to, const fleet *in, const notice *what)
{
    text_string(to, "\"requestParameters\": {");
    if (what->kind == DETACH_INTERFACE)
        PUT_QUOTED(to, "attachmentId", put_attachment(to, in, what->eni));
    else
        PUT_QUOTED(to, "networkInterfaceId", put_eni(to, in, what->eni));
    if (what->kind == ATTACH_INTERFACE) {
        PUT_QUOTED(to, "instanceId", put_instance(to, in, what->eni));
        text_string(to, "\"deviceIndex\": 1}, \"responseElements\": {");
        PUT_QUOTED(to, "attachmentId", put_attachment(to, in, what->eni));
        text_string(to, "\"networkCardIndex\": 0}, ");
    } else {
        text_string(to, "\"force\": false}, ");
        if (!what->refused)
            text_string(to, "\"responseElements\": {\"_return\": true}, ");
    }
}

static void put_terminate(text *to, const fleet *in, const notice *what)
{
    text_string(to, "\"requestParameters\": {\"instancesSet\": {\"items\": [{\"instanceId\": \"");
    put_instance(to, in, what->eni);
    text_string(to, "\"}]}}, ");
    if (what->refused)
        return;
    text_string(to, "\"responseElements\": {\"instancesSet\": {\"items\": [{\"instanceId\": \"");
    put_instance(to, in, what->eni);
    text_string(to, "\", \"currentState\": {\"code\": 32, \"name\": \"shutting-down\"}, "
                    "\"previousState\": {\"code\": 16, \"name\": \"running\"}}]}}, ");
}

/* One address, in a list; those of IPv6 are mere strings here. */
static void put_moved(text *to, const fleet *in, const notice *what, const char *name)
{
    const tenure *const held = &in->tenures[what->tenure];

    text_format(to, "\"%s\": {\"%s\": [", name, wrapper(in, what, held->kind));
    if (held->kind == IPV6) {
        text_char(to, '"');
        put_slot(to, in, held->slot);
        text_char(to, '"');
    } else {
        put_address(to, in, held);
    }
    text_string(to, "]}}, ");
}

static void put_assign(text *to, const fleet *in, const notice *what)
{
    const hold_kind kind = in->tenures[what->tenure].kind;

    text_string(to, "\"requestParameters\": {");
    PUT_QUOTED(to, "networkInterfaceId", put_eni(to, in, what->eni));
    put_moved(to, in, what, kind == IPV6 ? "ipv6Addresses" : words[kind].list);
    if (what->kind != ASSIGN || what->refused)
        return;
    text_string(to, "\"responseElements\": {");
    PUT_QUOTED(to, "networkInterfaceId", put_eni(to, in, what->eni));
    put_moved(to, in, what, words[kind].assigned);
}

static void put_associate(text *to, const fleet *in, const notice *what)
{
    text_string(to, "\"requestParameters\": {");
    if (what->kind == ASSOCIATE) {
        PUT_QUOTED(to, "networkInterfaceId", put_eni(to, in, what->eni));
        PUT_QUOTED(to, "allocationId", put_allocation(to, in, in->tenures[what->tenure].slot));
        text_string(to, "\"allowReassociation\": true}, \"responseElements\": {");
        PUT_QUOTED(to, "associationId", put_association_id(to, in, what->tenure));
    } else {
        PUT_QUOTED(to, "associationId", put_association_id(to, in, what->tenure));
        text_string(to, "\"dryRun\": false}, \"responseElements\": {");
    }
    text_string(to, "\"_return\": true}, ");
}

static const char *name_of(const fleet *in, const notice *what)
{
    if ((what->kind != ASSIGN && what->kind != UNASSIGN) || in->tenures[what->tenure].kind != IPV6)
        return names[what->kind];
    return what->kind == ASSIGN ? "AssignIpv6Addresses" : "UnassignIpv6Addresses";
}

/* A record of CloudTrail's. */
static void put_call(text *to, const fleet *in, const notice *what)
{
    char when[32];

    text_format(to,
                "\"eventVersion\": \"1.08\", \"userIdentity\": {\"type\": \"AssumedRole\"}, "
                "\"eventTime\": \"%s\", \"eventSource\": \"ec2.amazonaws.com\", \"eventName\": "
                "\"%s\", \"awsRegion\": \"" REGION "\", ",
                text_time(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", what->requested),
                name_of(in, what));
    if (what->refused)
        text_string(to, "\"errorCode\": \"Client.DryRunOperation\", \"errorMessage\": \"Request "
                        "would have succeeded, but DryRun flag is set.\", ");
    switch ((notice_kind)what->kind) {
    case RUN_INSTANCES:
        put_run(to, in, what);
        break;
    case CREATE_INTERFACE:
        put_create(to, in, what);
        break;
    case TERMINATE_INSTANCES:
        put_terminate(to, in, what);
        break;
    case ASSIGN:
    case UNASSIGN:
        put_assign(to, in, what);
        break;
    case ASSOCIATE:
    case DISASSOCIATE:
        put_associate(to, in, what);
        break;
    default:
        put_simple(to, in, what);
        break;
    }
    text_string(to, "\"eventID\": \"00000000-0000-4000-8000-");
    text_hex(to, what->number, 12);
    text_string(to, "\", \"readOnly\": false, \"eventType\": \"AwsApiCall\", "
                    "\"managementEvent\": true, \"recipientAccountId\": \"");
    put_account(to, in->enis[what->eni].vpc);
    text_string(to, "\"");
}

/* EventBridge's envelope: around a call, or a notification of its own. */
static void put_envelope(text *to, const fleet *in, const notice *what)
{
    const bool state = what->kind == INSTANCE_TERMINATED;
    char when[32];

    text_format(to, "{\"version\": \"0\", \"id\": \"%08x-0000-4000-8000-000000000000\", ",
                what->number);
    text_format(to, "\"detail-type\": \"%s\", \"source\": \"aws.ec2\", \"time\": \"%s\", ",
                state ? "EC2 Instance State-change Notification" : "AWS API Call via CloudTrail",
                text_time(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", what->requested));
    PUT_QUOTED(to, "account", put_account(to, in->enis[what->eni].vpc));
    text_string(to, "\"region\": \"" REGION "\", \"resources\": [], \"detail\": {");
    if (state) {
        PUT_QUOTED(to, "instance-id", put_instance(to, in, what->eni));
        text_string(to, "\"state\": \"terminated\"");
    } else {
        put_call(to, in, what);
    }
    text_string(to, "}}\n");
}

/* What arrives in the same five minutes is one file, before the beginning as well. */
static int32_t end_of_file(int32_t arrived)
{
    enum { DAYS = 2 * 86400 };

    return ((arrived + DAYS) / EVENTS_INTERVAL + 1) * EVENTS_INTERVAL - DAYS;
}

static size_t write_file(const fleet *in, const notices *of, size_t first)
{
    const bool trail = in->knobs->events == CLOUDTRAIL;
    const int32_t until = end_of_file(of->items[first].arrived);
    char path[64], stamp[32];
    text *to;
    size_t i;

    snprintf(path, sizeof path, "events/%s.json",
             text_time(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", until));
    to = text_open(in->knobs->folder, path);
    if (trail)
        text_string(to, "{\"Records\": [");
    for (i = first; i < of->len && of->items[i].arrived < until; i++) {
        if (!trail) {
            put_envelope(to, in, &of->items[i]);
            continue;
        }
        json_item(to, i - first);
        put_call(to, in, &of->items[i]);
        text_char(to, '}');
    }
    if (trail)
        text_string(to, "\n]}\n");
    text_close(to);
    return i;
}

void events_write(const fleet *in, const notices *of)
{
    for (size_t i = 0; i < of->len;)
        i = write_file(in, of, i);
}
