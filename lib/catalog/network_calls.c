/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that change networks: what leads where, which blocks a VPC has, and its peerings. */
#include "catalog/network_calls.h"

#include "catalog/destinations.h"

/* ---- Routes. ---- */

static void create_route_table(fle_loader *l, const fle_call *call)
{
    const fle_json *table = fle_json_get(call->response, "routeTable");
    const fle_json *routes = fle_call_list(table, "routeSet");
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ROUTE_TABLE, table, "routeTableId");

    if (s.id == 0) {
        l->skipped++;
        return;
    }
    fle_add_known(l, s, FLE_FACT_VPC, fle_get_text(table, "vpcId"));
    l->change = FLE_SET;
    fle_add_mark(l, s, FLE_FACT_ROUTES);
    for (size_t i = 0; i < fle_json_count(routes); i++)
        fle_add_route(l, fle_json_at(routes, i), s);
}

static fle_thing get_route_table(fle_loader *l, const fle_call *call)
{
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_ROUTE_TABLE, call->request, "routeTableId");

    l->skipped += s.id == 0;
    return s;
}

static void load_route(fle_loader *l, const fle_call *call, fle_change change)
{
    const fle_thing s = get_route_table(l, call);

    l->change = change;
    if (s.id != 0)
        fle_add_route(l, call->request, s);
}

/* What leads to a destination takes the place of what led there before. */
static void change_route(fle_loader *l, const fle_call *call)
{
    load_route(l, call, FLE_GAINED);
}

static void delete_route(fle_loader *l, const fle_call *call)
{
    load_route(l, call, FLE_LOST);
}

static void delete_route_table(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_route_table(l, call);

    l->change = FLE_SET;
    if (s.id != 0)
        fle_add_mark(l, s, FLE_FACT_ROUTES);
}

/* ---- Whose tables they are. ---- */

static void associate_route_table(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_route_table(l, call);
    const fle_thing subnet = fle_get_thing(l, FLE_SUBJECT_SUBNET, call->request, "subnetId");

    if (s.id == 0 || subnet.id == 0) /* then it is a gateway's */
        return;
    fle_add_route_association(l, fle_get_text(call->response, "associationId"), subnet);
    l->change = FLE_SET;
    fle_add(l, subnet, FLE_FACT_ROUTE_TABLE, fle_facts_text(l->facts, s.id));
}

/* Calls name an association, and not whose it is. */
static fle_thing get_association(fle_loader *l, const fle_call *call)
{
    const fle_thing s =
        fle_get_thing(l, FLE_SUBJECT_ROUTE_ASSOCIATION, call->request, "associationId");

    l->skipped += s.id == 0;
    return s;
}

/* So it is also that another one gets to be the main one of a VPC. */
static void replace_route_table(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_association(l, call), table = get_route_table(l, call);
    const fle_thing new =
        fle_get_thing(l, FLE_SUBJECT_ROUTE_ASSOCIATION, call->response, "newAssociationId");

    if (s.id == 0 || table.id == 0)
        return;
    if (new.id != 0)
        fle_add(l, new, FLE_FACT_REPLACED, fle_facts_text(l->facts, s.id));
    l->change = FLE_SET;
    fle_add(l, s, FLE_FACT_ROUTE_TABLE, fle_facts_text(l->facts, table.id));
}

static void disassociate_route_table(fle_loader *l, const fle_call *call)
{
    const fle_thing s = get_association(l, call);

    l->change = FLE_SET;
    if (s.id != 0)
        fle_add(l, s, FLE_FACT_ROUTE_TABLE, fle_text("", 0));
}

/* ---- Blocks of a VPC. ---- */

/* The answer tells the block; by what the call names it, an association, nobody knows it. */
static void change_block(fle_loader *l, const fle_call *call, fle_change change)
{
    static const struct {
        const char *key;
        fle_predicate predicate;
    } families[] = { { "cidrBlock", FLE_FACT_CIDRS }, { "ipv6CidrBlock", FLE_FACT_CIDRS_V6 } };
    const flowenrich_text vpc = fle_json_text(fle_call_find(call->response, "vpcId"));
    const fle_thing s = { FLE_SUBJECT_VPC, fle_loader_intern(l, vpc) };
    const size_t n = l->facts->n;

    l->change = change;
    for (size_t i = 0; s.id != 0 && i < sizeof families / sizeof *families; i++) {
        const flowenrich_text block = fle_json_text(fle_call_find(call->response, families[i].key));

        if (block.len > 0)
            fle_add_cidr(l, s, families[i].predicate, block);
    }
    l->skipped += l->facts->n == n;
}

static void associate_block(fle_loader *l, const fle_call *call)
{
    change_block(l, call, FLE_GAINED);
}

static void disassociate_block(fle_loader *l, const fle_call *call)
{
    change_block(l, call, FLE_LOST);
}

/* ---- Peerings. ---- */

/* From the answer, if there is one: who asks for a peering has it once that is accepted. */
static void accept_peering(fle_loader *l, const fle_call *call)
{
    static const struct {
        const char *key;
        fle_predicate predicate;
    } sides[] = { { "requesterVpcInfo", FLE_FACT_REQUESTER_VPC },
                  { "accepterVpcInfo", FLE_FACT_ACCEPTER_VPC } };
    const fle_json *peering = fle_call_find(call->response, "vpcPeeringConnection");
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_PEERING, peering, "vpcPeeringConnectionId");

    if (s.id == 0) {
        l->skipped++;
        return;
    }
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        fle_add_known(l, s, sides[i].predicate,
                      fle_get_text(fle_json_get(peering, sides[i].key), "vpcId"));
    l->change = FLE_SET;
    fle_add(l, s, FLE_FACT_STATE, FLE_TEXT("active"));
}

static void delete_peering(fle_loader *l, const fle_call *call)
{
    const flowenrich_text id =
        fle_json_text(fle_call_find(call->request, "vpcPeeringConnectionId"));
    const fle_thing s = { FLE_SUBJECT_PEERING, fle_loader_intern(l, id) };

    l->skipped += s.id == 0;
    l->change = FLE_SET;
    if (s.id != 0)
        fle_add(l, s, FLE_FACT_STATE, FLE_TEXT("deleted"));
}

static const fle_call_reader readers[] = {
    { "AcceptVpcPeeringConnection", accept_peering },
    { "AssociateRouteTable", associate_route_table },
    { "AssociateVpcCidrBlock", associate_block },
    { "CreateRoute", change_route },
    { "CreateRouteTable", create_route_table },
    { "DeleteRoute", delete_route },
    { "DeleteRouteTable", delete_route_table },
    { "DeleteVpcPeeringConnection", delete_peering },
    { "DisassociateRouteTable", disassociate_route_table },
    { "DisassociateVpcCidrBlock", disassociate_block },
    { "ReplaceRoute", change_route },
    { "ReplaceRouteTableAssociation", replace_route_table },
};

bool fle_network_call_load(fle_loader *l, flowenrich_text name, const fle_call *call)
{
    return fle_call_read(l, readers, sizeof readers / sizeof *readers, name, call);
}
