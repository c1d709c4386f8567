/* SPDX-License-Identifier: Apache-2.0 */
/* bench_events [INTERFACES]: what it takes to publish after one event, by its kind. */
#include "measuring.h"
#include "plain_table.h"

#define PAGE_INTERFACES 1000
#define INTERFACE 1024 /* more than any interface's JSON has */
#define VPC_INTERFACES 4096
#define VPC_TABLES 4
#define EVENTS 200U

static void load(flowenrich_catalog *catalog, made_up_text json)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_error error;

    document.observed_at = MADE_UP_START;
    check(flowenrich_catalog_load(catalog, json.data, json.len, &document, NULL, &error), &error);
}

/* ---- What there is: VPCs of 4,096 interfaces, each with four tables of three routes. ---- */

static made_up_text page_of(char *room, uint32_t first, uint32_t end)
{
    made_up_text json = { room, 0 };

    made_up_print(&json, "{\"NetworkInterfaces\": [");
    for (uint32_t i = first; i < end; i++) {
        made_up_print(&json,
                      "%s{\"NetworkInterfaceId\": \"eni-%x\", \"VpcId\": \"vpc-%x\", "
                      "\"SubnetId\": \"subnet-%x\", \"OwnerId\": \"123456789010\", "
                      "\"AvailabilityZone\": \"us-east-1a\", \"Attachment\": {\"InstanceId\": "
                      "\"i-%x\", \"AttachmentId\": \"eni-attach-%x\", \"DeviceIndex\": 0}, ",
                      i > first ? ", " : "", i, i / VPC_INTERFACES, i / 256, i, i);
        made_up_print(&json,
                      "\"Groups\": [{\"GroupId\": \"sg-%u\"}], \"TagSet\": [{\"Key\": \"app\", "
                      "\"Value\": \"app-%u\"}], \"PrivateIpAddresses\": [{\"PrivateIpAddress\": "
                      "\"10.%u.%u.%u\"}]}",
                      i % 500, i % 900, i >> 16, i >> 8 & 255, i & 255);
    }
    made_up_print(&json, "]}");
    return json;
}

static made_up_text vpc_of(char *room, uint32_t vpc)
{
    made_up_text json = { room, 0 };

    made_up_print(&json,
                  "{\"Vpcs\": [{\"VpcId\": \"vpc-%x\", \"CidrBlock\": \"10.%u.%u.0/20\"}]}"
                  "{\"VpcPeeringConnections\": [{\"VpcPeeringConnectionId\": \"pcx-%x\", "
                  "\"RequesterVpcInfo\": {\"VpcId\": \"vpc-%x\"}, \"AccepterVpcInfo\": "
                  "{\"VpcId\": \"vpc-0\"}, \"Status\": {\"Code\": \"active\"}}]}",
                  vpc, vpc >> 4, vpc << 4 & 255, vpc, vpc);
    made_up_print(&json,
                  "{\"VpcEndpoints\": [{\"VpcEndpointId\": \"vpce-%x\", \"VpcEndpointType\": "
                  "\"Gateway\", \"ServiceName\": \"com.amazonaws.us-east-1.s3\", \"VpcId\": "
                  "\"vpc-%x\", \"State\": \"available\"}]}{\"RouteTables\": [",
                  vpc, vpc);
    for (uint32_t i = 0; i < VPC_TABLES; i++)
        made_up_print(
            &json,
            "%s{\"RouteTableId\": \"rtb-%x-%u\", \"VpcId\": \"vpc-%x\", \"Associations\": "
            "[{\"RouteTableAssociationId\": \"rtbassoc-%x-%u\", \"Main\": false, \"SubnetId\": "
            "\"subnet-%x\"}], \"Routes\": [{\"DestinationCidrBlock\": \"10.0.0.0/8\", "
            "\"GatewayId\": \"local\"}, {\"DestinationCidrBlock\": \"0.0.0.0/0\", "
            "\"NatGatewayId\": \"nat-%x\"}]}",
            i > 0 ? ", " : "", vpc, i, vpc, vpc, i, vpc * (VPC_INTERFACES / 256) + i, vpc);
    made_up_print(&json, "]}");
    return json;
}

static flowenrich_catalog *make(uint32_t n)
{
    char *room = malloc((size_t)PAGE_INTERFACES * INTERFACE + 16 * MADE_UP_LINE);
    flowenrich_catalog *catalog;
    flowenrich_snapshot *snapshot;
    flowenrich_error error;
    double began;

    check(flowenrich_catalog_new(&catalog, NULL, &error), &error);
    for (uint32_t i = 0; i * VPC_INTERFACES < n; i++)
        load(catalog, vpc_of(room, i));
    for (uint32_t i = 0; i < n; i += PAGE_INTERFACES)
        load(catalog, page_of(room, i, i + PAGE_INTERFACES < n ? i + PAGE_INTERFACES : n));
    began = now();
    check(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    printf("%u interfaces in %u VPCs: all of it published in %.2f s\n", n,
           (n + VPC_INTERFACES - 1) / VPC_INTERFACES, now() - began);
    flowenrich_snapshot_free(snapshot);
    free(room);
    return catalog;
}

/* ---- Events. ---- */

/*
 * Of a call what follows its name: @ is an interface's number, ^ its VPC's and ~ another's, # the
 * event's, % the same in decimal.
 */
typedef struct kind {
    const char *call, *rest;
} kind;

#define ADDRESS "\"privateIpAddressesSet\": {\"item\": [{\"privateIpAddress\": \"10.255.0.%\"}]}"
#define OF "\"requestParameters\": {\"networkInterfaceId\": \"eni-@\", "
#define INSTANCE                                                                                   \
    "\"requestParameters\": {\"instancesSet\": {\"items\": [{\"instanceId\": \"i-@\"}]}}"
#define TAGS                                                                                       \
    "\"requestParameters\": {\"resourcesSet\": {\"items\": [{\"resourceId\": \"i-@\"}]}, "         \
    "\"tagSet\": {\"items\": [{\"key\": \"team\", \"value\": \"t#\"}]}}"

static const kind kinds[] = {
    { "AssignPrivateIpAddresses", OF ADDRESS "}" },
    { "UnassignPrivateIpAddresses", OF ADDRESS "}" },
    { "AssignPrivateIpAddresses",
      OF "\"ipv4Prefixes\": {\"item\": [{\"ipv4Prefix\": \"10.254.%.16/28\"}]}}" },
    { "CreateNetworkInterface",
      "\"responseElements\": {\"networkInterface\": {\"networkInterfaceId\": \"eni-new-#\", "
      "\"vpcId\": \"vpc-^\", \"subnetId\": \"subnet-0\", \"privateIpAddress\": \"10.253.0.%\"}}" },
    { "DeleteNetworkInterface", OF "\"x\": 0}" },
    { "AttachNetworkInterface", OF
      "\"instanceId\": \"i-#\"}, \"responseElements\": {\"attachmentId\": \"eni-attach-new-#\"}" },
    { "DetachNetworkInterface", "\"requestParameters\": {\"attachmentId\": \"eni-attach-@\"}" },
    { "StartInstances", INSTANCE },
    { "StopInstances", INSTANCE },
    { "TerminateInstances", INSTANCE },
    { "ModifyNetworkInterfaceAttribute",
      OF "\"groupSet\": {\"items\": [{\"groupId\": \"sg-#\"}]}}" },
    { "AllocateAddress",
      "\"responseElements\": {\"allocationId\": \"eipalloc-#\", \"publicIp\": \"198.51.100.%\"}" },
    { "AssociateAddress",
      OF "\"allocationId\": \"eipalloc-#\"}, \"responseElements\": {\"associationId\": "
         "\"eipassoc-#\"}" },
    { "DisassociateAddress", "\"requestParameters\": {\"associationId\": \"eipassoc-#\"}" },
    { "ReleaseAddress", "\"requestParameters\": {\"allocationId\": \"eipalloc-#\"}" },
    { "CreateTags", TAGS },
    { "DeleteTags", TAGS },
    { "CreateNatGateway",
      "\"responseElements\": {\"natGateway\": {\"natGatewayId\": \"nat-new-#\", \"vpcId\": "
      "\"vpc-^\", \"natGatewayAddressSet\": {\"items\": [{\"networkInterfaceId\": \"eni-@\"}]}}}" },
    { "DeleteNatGateway", "\"requestParameters\": {\"natGatewayId\": \"nat-new-#\"}" },
    { "CreateVpcEndpoint",
      "\"responseElements\": {\"vpcEndpoint\": {\"vpcEndpointId\": \"vpce-new-#\", \"vpcId\": "
      "\"vpc-^\", \"vpcEndpointType\": \"Gateway\"}}" },
    { "DeleteVpcEndpoints", "\"requestParameters\": {\"vpcEndpointId\": \"vpce-^\"}" },
    { "CreateRoute",
      "\"requestParameters\": {\"routeTableId\": \"rtb-^-0\", \"destinationCidrBlock\": "
      "\"192.0.2.0/24\", \"gatewayId\": \"igw-#\"}" },
    { "ReplaceRouteTableAssociation",
      "\"requestParameters\": {\"routeTableId\": \"rtb-^-1\", \"associationId\": "
      "\"rtbassoc-^-0\"}, \"responseElements\": {\"newAssociationId\": \"rtbassoc-new-#\"}" },
    { "AssociateVpcCidrBlock",
      "\"responseElements\": {\"vpcId\": \"vpc-^\", \"cidrBlock\": \"100.64.0.0/16\"}" },
    { "AcceptVpcPeeringConnection",
      "\"responseElements\": {\"vpcPeeringConnection\": {\"vpcPeeringConnectionId\": \"pcx-new-#\","
      " \"requesterVpcInfo\": {\"vpcId\": \"vpc-^\"}, \"accepterVpcInfo\": {\"vpcId\": "
      "\"vpc-~\"}}}" },
};

static made_up_text event_of(const kind *of, char *room, uint32_t number, uint32_t interface,
                             uint32_t other)
{
    made_up_text json = { room, 0 };

    made_up_print(&json,
                  "{\"eventVersion\": \"1.08\", \"eventSource\": \"ec2.amazonaws.com\", "
                  "\"awsRegion\": \"us-east-1\", \"eventName\": \"%s\", \"eventTime\": "
                  "\"2026-11-20T11:%02u:%02uZ\", \"eventID\": \"%s-%d-%u\", ",
                  of->call, number / 60 % 60, number % 60, of->call, (int)(of - kinds), number);
    for (const char *at = of->rest; *at; at++) {
        if (*at == '@')
            made_up_print(&json, "%x", interface);
        else if (*at == '^')
            made_up_print(&json, "%x", interface / VPC_INTERFACES);
        else if (*at == '#')
            made_up_print(&json, "%x", number);
        else if (*at == '~')
            made_up_print(&json, "%x", other / VPC_INTERFACES);
        else if (*at == '%')
            made_up_print(&json, "%u", number);
        else
            json.data[json.len++] = *at;
    }
    json.data[json.len++] = '}';
    return json;
}

static void measure(const kind *of, flowenrich_catalog *catalog, uint32_t n)
{
    double took[EVENTS], all = 0;
    uint64_t seed = (uint64_t)(of - kinds);

    for (uint32_t i = 0; i < EVENTS; i++) {
        const uint32_t interface = made_up_draw(&seed, n), other = made_up_draw(&seed, n);
        flowenrich_snapshot *snapshot;
        flowenrich_error error;
        char room[4 * MADE_UP_LINE];
        double began;

        load(catalog, event_of(of, room, i, interface, other));
        began = now();
        check(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
        took[i] = now() - began;
        all += took[i];
        flowenrich_snapshot_free(snapshot);
    }
    printf("  %-32s %8.1f us, %8.1f on average\n", of->call, median(took, EVENTS) * 1e6,
           all * 1e6 / EVENTS);
}

int main(int argc, char **argv)
{
    const uint32_t n = argc > 1 ? (uint32_t)number(argv[1], 16 << 20) : 1000000;
    flowenrich_catalog *catalog = make(n);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        measure(&kinds[i], catalog, n);
    flowenrich_catalog_free(catalog);
    return 0;
}
