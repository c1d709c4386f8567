/* SPDX-License-Identifier: Apache-2.0 */
/* Interfaces to facts, in whichever document they are: their addresses, and whose they are. */
#include "catalog/interface_items.h"

#include "base/address.h"

#define N(array) (sizeof(array) / sizeof *(array))

/* A NAT gateway's interface is made this long after its CreateTime, or sooner. */
#define SLACK 60

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

void fle_add_interface(fle_loader *l, const fle_json *item, fle_thing s)
{
    add_sets(l, item, s);
    add_attachment(l, item, s, fle_get_text(fle_json_get(item, "Attachment"), "InstanceId"));
}

/* Its interfaces, which don't repeat whose they are, nor their tags. */
void fle_add_instance(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const fle_property properties[] = {
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
        fle_add_properties(l, interface, owned, properties, N(properties));
        add_sets(l, interface, owned);
        add_attachment(l, interface, owned, fle_facts_text(l->facts, s.id));
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
void fle_add_nat_gateway(fle_loader *l, const fle_json *item, fle_thing s)
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
void fle_add_elastic(fle_loader *l, const fle_json *item, fle_thing s)
{
    static const fle_property properties[] = {
        { NULL, "InstanceId", FLE_FACT_INSTANCE, false },
        { NULL, "NetworkInterfaceOwnerId", FLE_FACT_ACCOUNT, false },
    };
    const fle_thing interface = fle_get_thing(l, FLE_SUBJECT_INTERFACE, item, "NetworkInterfaceId");

    add_association(l, item, interface);
    if (interface.id > 0)
        fle_add_properties(l, item, interface, properties, N(properties));
    else if (fle_get_text(item, "AssociationId").len > 0 ||
             fle_get_text(item, "InstanceId").len > 0)
        return;
    fle_add_address(l, l->time, interface, FLE_FACT_PUBLIC, fle_facts_text(l->facts, s.id));
    fle_add_address(l, l->time, interface, FLE_FACT_ADDRESSES,
                    fle_get_text(item, "PrivateIpAddress"));
}
