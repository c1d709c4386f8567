/* SPDX-License-Identifier: Apache-2.0 */
/* Calls about elastic addresses, NAT gateways and endpoints, to facts. */
#include "catalog/gateway_calls.h"

/* ---- Elastic addresses. ---- */

static void allocate_address(fle_loader *l, const fle_call *call)
{
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ALLOCATION, call->response, "allocationId");

    if (s.id != 0)
        fle_add_address(l, l->time, s, FLE_FACT_ADDRESS, fle_get_text(call->response, "publicIp"));
}

static void release_address(fle_loader *l, const fle_call *call)
{
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ALLOCATION, call->request, "allocationId");

    l->change = FLE_SET;
    if (s.id != 0)
        fle_add(l, s, FLE_FACT_STATE, FLE_TEXT("released"));
}

static void associate_address(fle_loader *l, const fle_call *call)
{
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ASSOCIATION, call->response, "associationId");

    if (s.id == 0) {
        l->skipped++;
        return;
    }
    l->change = FLE_SET;
    fle_add_known(l, s, FLE_FACT_INTERFACE, fle_get_text(call->request, "networkInterfaceId"));
    fle_add_known(l, s, FLE_FACT_INSTANCE, fle_get_text(call->request, "instanceId"));
    fle_add_known(l, s, FLE_FACT_ALLOCATION, fle_get_text(call->request, "allocationId"));
    fle_add_address(l, l->time, s, FLE_FACT_ADDRESS, fle_get_text(call->request, "publicIp"));
}

static void disassociate_address(fle_loader *l, const fle_call *call)
{
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ASSOCIATION, call->request, "associationId");

    l->skipped += s.id == 0;
    l->change = FLE_SET;
    if (s.id != 0)
        fle_add(l, s, FLE_FACT_STATE, FLE_TEXT("disassociated"));
}

/* ---- Gateways and endpoints. ---- */

static void create_nat_gateway(fle_loader *l, const fle_call *call)
{
    const fle_json *gateway = fle_call_find(call->response, "natGateway");
    const fle_json *addresses = fle_call_list(gateway, "natGatewayAddressSet");
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_NAT_GATEWAY, gateway, "natGatewayId");

    if (s.id == 0) {
        l->skipped++;
        return;
    }
    fle_add_known(l, s, FLE_FACT_VPC, fle_get_text(gateway, "vpcId"));
    fle_call_add_tags(l, gateway, s);
    for (size_t i = 0; i < fle_json_count(addresses); i++) {
        const fle_json *address = fle_json_at(addresses, i);
        const fle_thing interface =
            fle_get_thing(l, FLE_SUBJECT_INTERFACE, address, "networkInterfaceId");

        if (interface.id != 0)
            fle_add(l, interface, FLE_FACT_NAT_GATEWAY, fle_facts_text(l->facts, s.id));
    }
}

static void create_endpoint(fle_loader *l, const fle_call *call)
{
    const fle_json *endpoint = fle_call_find(call->response, "vpcEndpoint");
    const fle_json *ids = fle_call_list(endpoint, "networkInterfaceIdSet");
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ENDPOINT, endpoint, "vpcEndpointId");

    if (s.id == 0) {
        l->skipped++;
        return;
    }
    fle_add_known(l, s, FLE_FACT_VPC, fle_get_text(endpoint, "vpcId"));
    fle_add_known(l, s, FLE_FACT_ACCOUNT, fle_get_text(endpoint, "ownerId"));
    fle_add_known(l, s, FLE_FACT_ENDPOINT_TYPE, fle_get_text(endpoint, "vpcEndpointType"));
    fle_add_known(l, s, FLE_FACT_SERVICE_NAME, fle_get_text(endpoint, "serviceName"));
    fle_call_add_tags(l, endpoint, s);
    for (size_t i = 0; i < fle_json_count(ids); i++) {
        const fle_thing interface = { FLE_SUBJECT_INTERFACE,
                                      fle_loader_intern(l, fle_json_text(fle_json_at(ids, i))) };

        if (interface.id != 0)
            fle_add(l, interface, FLE_FACT_ENDPOINT, fle_facts_text(l->facts, s.id));
    }
}

static void add_if_deleted(fle_loader *l, flowenrich_text text, fle_thing s)
{
    (void)s;
    s = fle_thing_of(l, text);
    if (s.id != 0 && (s.kind == FLE_SUBJECT_NAT_GATEWAY || s.kind == FLE_SUBJECT_ENDPOINT))
        fle_add(l, s, FLE_FACT_STATE, FLE_TEXT("deleted"));
}

static void delete_named(fle_loader *l, const fle_call *call)
{
    const fle_thing none = { FLE_SUBJECT_RESOURCE, 0 };

    l->change = FLE_SET;
    fle_call_texts(l, call->request, add_if_deleted, none);
}

static const fle_call_reader readers[] = {
    { "AllocateAddress", allocate_address },
    { "AssociateAddress", associate_address },
    { "CreateNatGateway", create_nat_gateway },
    { "CreateVpcEndpoint", create_endpoint },
    { "DeleteNatGateway", delete_named },
    { "DeleteVpcEndpoints", delete_named },
    { "DisassociateAddress", disassociate_address },
    { "ReleaseAddress", release_address },
};

bool fle_gateway_call_load(fle_loader *l, flowenrich_text name, const fle_call *call)
{
    return fle_call_read(l, readers, sizeof readers / sizeof *readers, name, call);
}
