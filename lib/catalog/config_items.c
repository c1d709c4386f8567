/* SPDX-License-Identifier: Apache-2.0 */
/* Items of AWS Config: each one resource as it was, at its own time. */
#include "catalog/config_items.h"

#include "catalog/items.h"
#include "catalog/order.h"

bool fle_is_config_item(const fle_json *object)
{
    return fle_json_get(object, "configurationItemStatus") && fle_json_get(object, "resourceType");
}

const fle_json *fle_config_items(const fle_json *page)
{
    const fle_json *items = fle_json_get(page, "configurationItems");

    return items ? items : fle_json_get(page, "baseConfigurationItems");
}

/* Config writes "vpcId" where EC2's documents have "VpcId". */
static bool copy_key(flowenrich_text key, fle_arena *arena, flowenrich_text *out)
{
    char *first;

    *out = key;
    if (key.len == 0 || key.data[0] < 'a' || key.data[0] > 'z')
        return true;
    if (!fle_arena_text(arena, key.data, key.len, out))
        return false;
    first = (char *)(uintptr_t)out->data; /* nobody has seen the copy yet */
    *first = (char)(*first - 'a' + 'A');
    return true;
}

/* A value whose keys are as in documents. Its depth is that of what was read. */
static bool copy_value(const fle_json *value, fle_arena *arena, fle_json *out)
{
    fle_json *items;

    *out = *value;
    if (!copy_key(value->key, arena, &out->key))
        return false;
    if (value->n == 0)
        return true;
    items = fle_array(arena, value->n, sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < value->n; i++)
        if (!copy_value(&value->items[i], arena, &items[i]))
            return false;
    out->items = items;
    return true;
}

/* In snapshots it is an object; histories have it as a string of JSON. NULL if it is neither. */
static const fle_json *read_configuration(fle_loader *l, const fle_json *item, fle_arena *arena)
{
    const fle_json *written = fle_json_get(item, "configuration"), *read = written;
    fle_json *copy;
    size_t at = 0;

    if (written && written->kind == FLE_JSON_STRING) {
        const flowenrich_status status =
            fle_json_read(&read, written->text.data, written->text.len, &at, arena, NULL);

        l->failed = l->failed || status == FLOWENRICH_ERR_NOMEM;
        if (status != FLOWENRICH_OK)
            return NULL;
    }
    if (!fle_json_is_object(read))
        return NULL;
    copy = fle_arena_alloc(arena, sizeof *copy);
    if (copy && copy_value(read, arena, copy))
        return copy;
    l->failed = true;
    return NULL;
}

static const struct {
    const char *type, *listing;
    fle_subject kind;
} types[] = {
    { "AWS::EC2::NetworkInterface", "NetworkInterfaces", FLE_SUBJECT_INTERFACE },
    { "AWS::EC2::Instance", "Instances", FLE_SUBJECT_INSTANCE },
    { "AWS::EC2::Subnet", "Subnets", FLE_SUBJECT_SUBNET },
    { "AWS::EC2::VPC", "Vpcs", FLE_SUBJECT_VPC },
    { "AWS::EC2::VPCEndpoint", "VpcEndpoints", FLE_SUBJECT_ENDPOINT },
    { "AWS::EC2::RouteTable", "RouteTables", FLE_SUBJECT_ROUTE_TABLE },
    { "AWS::EC2::NatGateway", "NatGateways", FLE_SUBJECT_NAT_GATEWAY },
    { "AWS::EC2::EIP", "Addresses", FLE_SUBJECT_ALLOCATION },
    { "AWS::EC2::VPCPeeringConnection", "VpcPeeringConnections", FLE_SUBJECT_PEERING },
};

/* An interface that is gone has no addresses; an instance that is gone took its own along. */
static void load_deleted(fle_loader *l, fle_thing s)
{
    if (s.kind == FLE_SUBJECT_INTERFACE) {
        fle_add_mark(l, s, FLE_FACT_ADDRESSES);
        fle_add_mark(l, s, FLE_FACT_PUBLIC);
    } else if (s.kind == FLE_SUBJECT_ROUTE_TABLE) {
        fle_add_mark(l, s, FLE_FACT_ROUTES);
    } else if (s.kind == FLE_SUBJECT_INSTANCE) {
        fle_add(l, s, FLE_FACT_STATE, FLE_TEXT("terminated"));
    }
}

static void load_type(fle_loader *l, const fle_json *item, size_t type, fle_arena *arena)
{
    const flowenrich_text status = fle_get_text(item, "configurationItemStatus");
    const fle_thing s = fle_get_thing(l, types[type].kind, item, "resourceId");
    const fle_json *configuration;

    if (fle_text_starts(status, "ResourceDeleted")) {
        load_deleted(l, s);
        return;
    }
    configuration = read_configuration(l, item, arena);
    if (configuration) {
        const fle_json list = { FLE_JSON_ARRAY, { NULL, 0 }, { NULL, 0 }, configuration, 1 };

        fle_listing_load_key(l, types[type].listing, &list);
    } else {
        l->skipped++;
    }
}

void fle_config_item_load(fle_loader *l, const fle_json *item, fle_arena *arena)
{
    const flowenrich_text type = fle_get_text(item, "resourceType");

    if (!fle_document_time(fle_json_get(item, "configurationItemCaptureTime"), &l->time)) {
        l->skipped++;
        return;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (fle_text_is(type, types[i].type))
            load_type(l, item, i, arena);
}
