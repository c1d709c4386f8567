/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of EC2's interface, as CloudTrail records them, to facts. */
#include "catalog/calls.h"

#include "base/address.h"
#include "catalog/gateway_calls.h"
#include "catalog/network_calls.h"
#include "record/identity.h"

#define N(array) (sizeof(array) / sizeof *(array))

/* ---- Where CloudTrail puts things. ---- */

/* Newer calls are wrapped, as in {"DeleteNatGatewayRequest": {"NatGatewayId": …}}. */
static bool is_key(flowenrich_text key, const char *name)
{
    const size_t len = strlen(name);

    return key.len == len && len > 0 && memcmp(key.data + 1, name + 1, len - 1) == 0 &&
           (key.data[0] | 0x20) == (name[0] | 0x20);
}

const fle_json *fle_call_find(const fle_json *value, const char *name)
{
    const fle_json *found = NULL;

    for (size_t i = 0; value && i < value->n && !found; i++) {
        const fle_json *item = &value->items[i];

        found =
            fle_json_is_object(value) && is_key(item->key, name) ? item : fle_call_find(item, name);
    }
    return found;
}

const fle_json *fle_call_list(const fle_json *value, const char *name)
{
    const fle_json *list = fle_json_get(value, name);

    if (fle_json_is_array(fle_json_get(list, "items")))
        return fle_json_get(list, "items");
    return fle_json_is_array(fle_json_get(list, "item")) ? fle_json_get(list, "item") : list;
}

void fle_call_texts(fle_loader *l, const fle_json *value, fle_each_text *each, fle_thing s)
{
    if (value && value->kind == FLE_JSON_STRING)
        each(l, value->text, s);
    for (size_t i = 0; value && i < value->n; i++)
        fle_call_texts(l, &value->items[i], each, s);
}

static void add_if_address(fle_loader *l, flowenrich_text text, fle_thing s)
{
    char written[FLE_CIDR_TEXT];
    fle_cidr cidr;

    if (fle_cidr_parse(text.data, text.len, &cidr))
        fle_add(l, s, FLE_FACT_ADDRESSES, fle_as_written(text, written));
}

/* ---- An interface that was made. ---- */

static void add_tag_list(fle_loader *l, const fle_json *tags, fle_thing s)
{
    for (size_t i = 0; i < fle_json_count(tags); i++) {
        const fle_json *tag = fle_json_at(tags, i);
        const flowenrich_text key = fle_get_text(tag, "key");

        if (key.len > 0)
            fle_add_at(l, l->time, s, FLE_FACT_TAGS, key, fle_get_text(tag, "value"));
    }
}

void fle_call_add_tags(fle_loader *l, const fle_json *item, fle_thing s)
{
    fle_add_mark(l, s, FLE_FACT_TAGS);
    add_tag_list(l, fle_call_list(item, "tagSet"), s);
}

static void add_group_set(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *groups = fle_call_list(item, "groupSet");

    fle_add_mark(l, s, FLE_FACT_GROUPS);
    for (size_t i = 0; i < fle_json_count(groups); i++)
        fle_add_known(l, s, FLE_FACT_GROUPS, fle_get_text(fle_json_at(groups, i), "groupId"));
}

static void add_attachment(fle_loader *l, const fle_json *attachment, fle_thing s)
{
    const flowenrich_text stays = fle_get_text(attachment, "deleteOnTermination");
    uint64_t index;

    fle_add_known(l, s, FLE_FACT_ATTACHMENT, fle_get_text(attachment, "attachmentId"));
    if (fle_json_number(fle_json_get(attachment, "deviceIndex"), &index) && index == 0)
        fle_add(l, s, FLE_FACT_DEVICE_INDEX, FLE_TEXT("0"));
    if (fle_text_is(stays, "false"))
        fle_add(l, s, FLE_FACT_DELETE_ON_TERMINATION, stays);
}

/* Of an interface that is just made, nothing was different before: only its addresses were. */
static fle_thing add_interface(fle_loader *l, const fle_json *item)
{
    static const struct {
        const char *key;
        fle_predicate predicate;
    } properties[] = {
        { "vpcId", FLE_FACT_VPC },
        { "subnetId", FLE_FACT_SUBNET },
        { "ownerId", FLE_FACT_ACCOUNT },
        { "availabilityZone", FLE_FACT_ZONE },
        { "interfaceType", FLE_FACT_INTERFACE_TYPE },
        { "description", FLE_FACT_DESCRIPTION },
        { "requesterId", FLE_FACT_REQUESTER },
        { "requesterManaged", FLE_FACT_REQUESTER_MANAGED },
        { "sourceDestCheck", FLE_FACT_SOURCE_DEST_CHECK },
    };
    static const char *const addresses[] = { "privateIpAddress", "privateIpAddressesSet",
                                             "ipv6AddressesSet", "ipv4PrefixSet", "ipv6PrefixSet" };
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_INTERFACE, item, "networkInterfaceId");

    if (s.id == 0) {
        l->skipped++;
        return s;
    }
    for (size_t i = 0; i < N(properties); i++)
        fle_add_known(l, s, properties[i].predicate, fle_get_text(item, properties[i].key));
    add_group_set(l, item, s);
    fle_call_add_tags(l, item, s);
    add_attachment(l, fle_json_get(item, "attachment"), s);
    l->change = FLE_SET;
    fle_add_mark(l, s, FLE_FACT_ADDRESSES);
    for (size_t i = 0; i < N(addresses); i++)
        fle_call_texts(l, fle_json_get(item, addresses[i]), add_if_address, s);
    l->change = FLE_SEEN;
    return s;
}

static void create_interface(fle_loader *l, const fle_call *call)
{
    (void)add_interface(l, fle_json_get(call->response, "networkInterface"));
}

static void run_instance(fle_loader *l, const fle_json *item, flowenrich_text account)
{
    const fle_json *interfaces = fle_call_list(item, "networkInterfaceSet");
    const fle_thing instance = fle_get_thing(l, FLE_SUBJECT_INSTANCE, item, "instanceId");

    if (instance.id == 0) {
        l->skipped++;
        return;
    }
    fle_add_known(l, instance, FLE_FACT_ACCOUNT, account);
    fle_call_add_tags(l, item, instance);
    for (size_t i = 0; i < fle_json_count(interfaces); i++) {
        const fle_thing s = add_interface(l, fle_json_at(interfaces, i));

        if (s.id == 0)
            continue;
        fle_add(l, s, FLE_FACT_INSTANCE, fle_facts_text(l->facts, instance.id));
        fle_add_known(l, s, FLE_FACT_ZONE,
                      fle_get_text(fle_json_get(item, "placement"), "availabilityZone"));
    }
}

static void run_instances(fle_loader *l, const fle_call *call)
{
    const fle_json *instances = fle_call_list(call->response, "instancesSet");

    for (size_t i = 0; i < fle_json_count(instances); i++)
        run_instance(l, fle_json_at(instances, i), fle_get_text(call->response, "ownerId"));
}

/* ---- Instances. ---- */

static void add_states(fle_loader *l, const fle_call *call, flowenrich_text state)
{
    const fle_json *instances = fle_call_list(call->request, "instancesSet");

    l->change = FLE_SET;
    for (size_t i = 0; i < fle_json_count(instances); i++) {
        const fle_thing s =
            fle_get_thing(l, FLE_SUBJECT_INSTANCE, fle_json_at(instances, i), "instanceId");

        if (s.id != 0)
            fle_add(l, s, FLE_FACT_STATE, state);
    }
}

static void terminate_instances(fle_loader *l, const fle_call *call)
{
    add_states(l, call, FLE_TEXT("shutting-down"));
}

static void stop_instances(fle_loader *l, const fle_call *call)
{
    add_states(l, call, FLE_TEXT("stopping"));
}

static void start_instances(fle_loader *l, const fle_call *call)
{
    add_states(l, call, FLE_TEXT("pending"));
}

/* A value is wrapped in an object of its own: {"sourceDestCheck": {"value": false}}. */
static flowenrich_text value_of(const fle_json *request, const char *key)
{
    const fle_json *member = fle_json_get(request, key);

    return fle_json_text(fle_json_is_object(member) ? fle_json_get(member, "value") : member);
}

static void modify(fle_loader *l, const fle_call *call, fle_thing s)
{
    if (s.id == 0)
        return;
    l->change = FLE_SET;
    if (fle_json_count(fle_call_list(call->request, "groupSet")) > 0)
        add_group_set(l, call->request, s);
    fle_add_known(l, s, FLE_FACT_SOURCE_DEST_CHECK, value_of(call->request, "sourceDestCheck"));
    fle_add_known(l, s, FLE_FACT_DESCRIPTION, value_of(call->request, "description"));
}

static void modify_instance(fle_loader *l, const fle_call *call)
{
    modify(l, call, fle_get_thing(l, FLE_SUBJECT_INSTANCE, call->request, "instanceId"));
}

/* ---- Interfaces. ---- */

static fle_thing get_interface(fle_loader *l, const fle_call *call)
{
    const fle_thing s =
        fle_get_thing(l, FLE_SUBJECT_INTERFACE, call->request, "networkInterfaceId");

    l->skipped += s.id == 0;
    return s;
}

static void modify_interface(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_interface(l, call);

    modify(l, call, s);
    l->change = FLE_SEEN;
    if (s.id != 0)
        add_attachment(l, fle_json_get(call->request, "attachment"), s);
}

static void delete_interface(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_interface(l, call);

    if (s.id == 0)
        return;
    l->change = FLE_LOST;
    fle_add_mark(l, s, FLE_FACT_ADDRESSES);
    fle_add_mark(l, s, FLE_FACT_PUBLIC);
}

static void attach_interface(fle_loader *l, const fle_call *call)
{
    const flowenrich_text instance = fle_get_text(call->request, "instanceId");
    const fle_thing s = get_interface(l, call);

    if (s.id == 0 || instance.len == 0)
        return;
    add_attachment(l, call->response, s);
    l->change = FLE_SET;
    fle_add(l, s, FLE_FACT_INSTANCE, instance);
}

static void detach_interface(fle_loader *l, const fle_call *call)
{
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ENI_ATTACHMENT, call->request, "attachmentId");

    if (s.id == 0) {
        l->skipped++;
        return;
    }
    l->change = FLE_SET;
    fle_add(l, s, FLE_FACT_STATE, FLE_TEXT("detached"));
}

/* What was assigned is in the answer; only if that isn't kept, in what was asked for. */
static void assign_addresses(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_interface(l, call);
    const size_t n = l->facts->n;

    if (s.id == 0)
        return;
    l->change = FLE_GAINED;
    fle_call_texts(l, call->response, add_if_address, s);
    if (l->facts->n == n)
        fle_call_texts(l, call->request, add_if_address, s);
    l->skipped += l->facts->n == n;
}

static void unassign_addresses(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_interface(l, call);

    if (s.id == 0)
        return;
    l->change = FLE_LOST;
    fle_call_texts(l, call->request, add_if_address, s);
}

/* ---- Tags. ---- */

static const struct {
    const char *prefix, *arn;
    fle_subject kind;
} resources[] = {
    { "i-", "instance", FLE_SUBJECT_INSTANCE },
    { "eni-", "network-interface", FLE_SUBJECT_INTERFACE },
    { "nat-", "natgateway", FLE_SUBJECT_NAT_GATEWAY },
    { "vpce-", "vpc-endpoint", FLE_SUBJECT_ENDPOINT },
};

static size_t find_resource(flowenrich_text id)
{
    size_t i = 0;

    while (i < N(resources) && !fle_text_starts(id, resources[i].prefix))
        i++;
    return i;
}

fle_thing fle_thing_of(fle_loader *l, flowenrich_text id)
{
    fle_thing s = { FLE_SUBJECT_RESOURCE, 0 };
    size_t begin = id.len, i;

    while (begin > 0 && id.data[begin - 1] != '/')
        begin--;
    id = fle_text(id.data + begin, id.len - begin);
    i = find_resource(id);
    if (i < N(resources)) {
        s.kind = resources[i].kind;
        s.id = fle_loader_intern(l, id);
    }
    return s;
}

/* The ARN under which get-resources lists what a call names by its id. */
static fle_thing resource_of(fle_loader *l, const fle_call *call, flowenrich_text id)
{
    const size_t i = find_resource(id);
    fle_thing s = { FLE_SUBJECT_RESOURCE, 0 };
    fle_buffer arn;

    fle_buffer_init(&arn, l->facts->allocator);
    fle_buffer_string(&arn, "arn:");
    fle_buffer_text(&arn, fle_partition_of(call->region));
    fle_buffer_string(&arn, ":ec2:");
    fle_buffer_text(&arn, call->region);
    fle_buffer_char(&arn, ':');
    fle_buffer_text(&arn, call->account);
    fle_buffer_char(&arn, ':');
    fle_buffer_string(&arn, resources[i].arn);
    fle_buffer_char(&arn, '/');
    fle_buffer_text(&arn, id);
    l->failed = l->failed || arn.failed;
    s.id = fle_loader_intern(l, fle_text(arn.data, arn.len));
    fle_buffer_free(&arn);
    return s;
}

static void change_tags(fle_loader *l, const fle_call *call, fle_change change)
{
    const fle_json *ids = fle_call_list(call->request, "resourcesSet");
    const fle_json *tags = fle_call_list(call->request, "tagSet");

    for (size_t i = 0; i < fle_json_count(ids) && !l->failed; i++) {
        const flowenrich_text id = fle_get_text(fle_json_at(ids, i), "resourceId");
        const fle_thing s = fle_thing_of(l, id);
        const fle_thing resource = s.id ? resource_of(l, call, id) : s;

        if (s.id == 0)
            continue;
        l->change = change;
        if (fle_json_count(tags) == 0 && change == FLE_LOST) { /* all of them */
            l->change = FLE_SET;
            fle_add_mark(l, s, FLE_FACT_TAGS);
            fle_add_mark(l, resource, FLE_FACT_TAGS);
        }
        add_tag_list(l, tags, s);
        add_tag_list(l, tags, resource);
    }
}

static void create_tags(fle_loader *l, const fle_call *call)
{
    change_tags(l, call, FLE_GAINED);
}

static void delete_tags(fle_loader *l, const fle_call *call)
{
    change_tags(l, call, FLE_LOST);
}

static const fle_call_reader readers[] = {
    { "AssignIpv6Addresses", assign_addresses },
    { "AssignPrivateIpAddresses", assign_addresses },
    { "AttachNetworkInterface", attach_interface },
    { "CreateNetworkInterface", create_interface },
    { "CreateTags", create_tags },
    { "DeleteNetworkInterface", delete_interface },
    { "DeleteTags", delete_tags },
    { "DetachNetworkInterface", detach_interface },
    { "ModifyInstanceAttribute", modify_instance },
    { "ModifyNetworkInterfaceAttribute", modify_interface },
    { "RunInstances", run_instances },
    { "StartInstances", start_instances },
    { "StopInstances", stop_instances },
    { "TerminateInstances", terminate_instances },
    { "UnassignIpv6Addresses", unassign_addresses },
    { "UnassignPrivateIpAddresses", unassign_addresses },
};

bool fle_call_read(fle_loader *l, const fle_call_reader *of, size_t n, flowenrich_text name,
                   const fle_call *call)
{
    for (size_t i = 0; i < n; i++)
        if (fle_text_is(name, of[i].name)) {
            l->change = FLE_SEEN;
            of[i].load(l, call);
            l->change = FLE_SEEN;
            return true;
        }
    return false;
}

bool fle_call_load(fle_loader *l, flowenrich_text name, const fle_call *call)
{
    return fle_call_read(l, readers, N(readers), name, call) ||
           fle_gateway_call_load(l, name, call) || fle_network_call_load(l, name, call);
}
