/* SPDX-License-Identifier: Apache-2.0 */
/* The small world of changing.h, and what is told there of networks and names. */
#ifndef TESTS_CHANGING_NETWORKS_H
#define TESTS_CHANGING_NETWORKS_H

#include "cataloging.h"

#define CHANGING_INTERFACES 8
#define CHANGING_ADDRESSES 6
#define CHANGING_MOST 512

struct changing {
    struct cataloging often; /* publishes on the way */
    uint64_t chance;
    flowenrich_time time; /* goes on, but what is told may be late */
    unsigned pace;        /* at most so many seconds a step */
    unsigned events;
    char *told[CHANGING_MOST]; /* all documents */
    size_t n_told;
};

static inline unsigned changing_draw(struct changing *w, unsigned n)
{
    w->chance = w->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(w->chance >> 33) % n;
}

static inline void changing_begin(struct changing *w, unsigned seed)
{
    memset(w, 0, sizeof *w);
    w->chance = seed;
    w->time = NOON;
    w->pace = 300;
    assert_int_equal(cataloging_new(&w->often, NULL, 0), FLOWENRICH_OK);
}

static inline void changing_end(struct changing *w)
{
    for (size_t i = 0; i < w->n_told; i++)
        free(w->told[i]);
    assert_int_equal(cataloging_free(&w->often), 0);
}

static inline void changing_print(char *out, const char *format, ...)
{
    const size_t len = strlen(out);
    va_list args;

    va_start(args, format);
    vsnprintf(out + len, 4096 - len, format, args);
    va_end(args);
}

/* ---- What is told. ---- */

static inline void changing_address(struct changing *w, char *out, const char *before)
{
    switch (changing_draw(w, 8)) {
    case 0:
        changing_print(out, "%s2600:1f18::%u", before, changing_draw(w, 3) + 1);
        break;
    case 1:
        changing_print(out, "%s10.9.0.%u", before, changing_draw(w, 2)); /* in no block */
        break;
    default:
        changing_print(out, "%s10.0.0.%u", before, changing_draw(w, CHANGING_ADDRESSES));
    }
}

/* Tables 0 and 1 are of one VPC, and the others of another; a subnet may be seen in any of its. */
static inline void changing_table(struct changing *w, char *out)
{
    const unsigned table = changing_draw(w, 4), vpc = table / 2;

    changing_print(out,
                   "{'RouteTables': [{'RouteTableId': 'rtb-%u', 'VpcId': 'vpc-%u', "
                   "'Associations': [",
                   table, vpc);
    if (changing_draw(w, 2))
        changing_print(out, "{'RouteTableAssociationId': 'rtbassoc-%u', 'Main': true}", vpc);
    else if (changing_draw(w, 2))
        changing_print(out,
                       "{'RouteTableAssociationId': 'rtbassoc-%u', 'Main': false, 'SubnetId': "
                       "'subnet-%u'}",
                       2 + vpc, vpc);
    changing_print(out,
                   "], 'Routes': [{'DestinationCidrBlock': '10.0.0.0/24', 'GatewayId': 'local'}, "
                   "{'DestinationCidrBlock': '0.0.0.0/0', 'NatGatewayId': 'nat-%u'}, "
                   "{'DestinationPrefixListId': 'pl-1', 'GatewayId': 'vpce-1'}]}]}",
                   changing_draw(w, 2));
}

/* Databases, and what their names were resolved to. */
static inline void changing_name(struct changing *w, char *out)
{
    const unsigned database = changing_draw(w, 2);

    if (changing_draw(w, 3)) {
        changing_print(out, "{'endpoint': 'db-%u.example', 'address': '", database);
        changing_address(w, out, "");
        changing_print(out, "'}");
    } else {
        changing_print(out,
                       "{'DBInstances': [{'DBInstanceArn': 'arn:aws:rds:us-east-1:1:db:db-%u', "
                       "'Endpoint': {'Address': 'db-%u.example'}, 'TagList': [{'Key': 'db', "
                       "'Value': '%u'}]",
                       database, database, changing_draw(w, 2));
        if (database == 1)
            changing_print(out, ", 'DBSubnetGroup': {'VpcId': 'vpc-1'}");
        changing_print(out, "}]}");
    }
}

static inline void changing_network(struct changing *w, char *out)
{
    switch (changing_draw(w, 6)) {
    case 0:
        changing_print(out,
                       "{'VpcEndpoints': [{'VpcEndpointId': 'vpce-%u', 'VpcEndpointType': "
                       "'Gateway', 'ServiceName': 'com.amazonaws.us-east-1.s3', 'State': '%s', "
                       "'VpcId': 'vpc-0'}]}",
                       changing_draw(w, 2), changing_draw(w, 2) ? "available" : "deleted");
        break;
    case 1:
        changing_print(out,
                       "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-%u', 'Status':"
                       " {'Code': '%s'}, 'RequesterVpcInfo': {'VpcId': 'vpc-0'}, "
                       "'AccepterVpcInfo': {'VpcId': 'vpc-1'}}]}",
                       changing_draw(w, 2), changing_draw(w, 2) ? "active" : "deleted");
        break;
    case 2:
        changing_print(out,
                       "{'TransitGatewayAttachments': [{'TransitGatewayAttachmentId': "
                       "'tgw-attach-%u', 'TransitGatewayId': 'tgw-1', 'ResourceType': 'vpc', "
                       "'ResourceId': 'vpc-%u', 'State': '%s'}]}",
                       w->events % 2, w->events % 2, changing_draw(w, 2) ? "available" : "deleted");
        break;
    default:
        changing_table(w, out);
    }
}

/* Names of associations are used again, so that they contradict each other at times. */
static inline void changing_routing(struct changing *w, char *out)
{
    static const char *const routes[] = { "CreateRoute", "ReplaceRoute", "DeleteRoute" };

    switch (changing_draw(w, 8)) {
    case 0:
        changing_print(out,
                       "'eventName': 'AssociateRouteTable', 'requestParameters': {'routeTableId': "
                       "'rtb-%u', 'subnetId': 'subnet-0'}, 'responseElements': {'associationId': "
                       "'rtbassoc-2'}",
                       changing_draw(w, 2));
        break;
    case 1:
        changing_print(out,
                       "'eventName': 'ReplaceRouteTableAssociation', 'requestParameters': "
                       "{'routeTableId': 'rtb-%u', 'associationId': 'rtbassoc-%u'}, "
                       "'responseElements': {'newAssociationId': 'rtbassoc-%u'}",
                       changing_draw(w, 2), changing_draw(w, 2) * 2, 4 + changing_draw(w, 2));
        break;
    case 2:
        changing_print(out,
                       "'eventName': 'DisassociateRouteTable', 'requestParameters': "
                       "{'associationId': 'rtbassoc-%u'}",
                       2 + changing_draw(w, 4));
        break;
    case 3:
        changing_print(out,
                       "'eventName': '%s', 'requestParameters': {}, 'responseElements': {'vpcId': "
                       "'vpc-1', 'cidrBlockAssociation': {'cidrBlock': '10.9.0.0/2%u'}}",
                       changing_draw(w, 2) ? "AssociateVpcCidrBlock" : "DisassociateVpcCidrBlock",
                       changing_draw(w, 3));
        break;
    case 4:
        changing_print(out,
                       "'eventName': 'AcceptVpcPeeringConnection', 'requestParameters': {}, "
                       "'responseElements': {'vpcPeeringConnection': {'vpcPeeringConnectionId': "
                       "'pcx-%u', 'requesterVpcInfo': {'vpcId': 'vpc-0'}, 'accepterVpcInfo': "
                       "{'vpcId': 'vpc-1'}}}",
                       changing_draw(w, 2));
        break;
    case 5:
        changing_print(out,
                       "'eventName': 'DeleteVpcPeeringConnection', 'requestParameters': "
                       "{'vpcPeeringConnectionId': 'pcx-%u'}",
                       changing_draw(w, 2));
        break;
    default:
        changing_print(out,
                       "'eventName': '%s', 'requestParameters': {'routeTableId': 'rtb-%u', "
                       "'destinationCidrBlock': '0.0.0.0/0', 'natGatewayId': 'nat-%u'}",
                       routes[changing_draw(w, 3)], changing_draw(w, 4), changing_draw(w, 2));
    }
}

#endif
