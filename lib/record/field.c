/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of flow log fields. */
#include "record/field.h"

#include "base/error.h"
#include "base/text.h"

#define FIELD(id, name, path, type, version, max, encoded, meaning)                                \
    [FLE_FIELD_##id] = { name, path, meaning, FLOWENRICH_TYPE_##type, version, encoded, max }

const fle_field_info fle_fields[FLE_FIELD_COUNT] = {
    FIELD(VERSION, "version", "version", U32, 2, UINT32_MAX, false,
          "Highest version among the fields of the log."),
    FIELD(ACCOUNT_ID, "account-id", "account_id", TEXT, 2, 0, false,
          "Account that owns the interface (VPC logs) or the transit gateway."),
    FIELD(INTERFACE_ID, "interface-id", "interface_id", TEXT, 2, 0, false,
          "Network interface that recorded the traffic; absent for a regional NAT gateway."),
    FIELD(SRCADDR, "srcaddr", "srcaddr", ADDRESS, 2, 0, false,
          "Source address; on egress the interface's primary private IPv4 where the packet's own "
          "is secondary or forwarded."),
    FIELD(DSTADDR, "dstaddr", "dstaddr", ADDRESS, 2, 0, false,
          "Destination address; on ingress the interface's primary private IPv4 where the packet's "
          "own is secondary or forwarded."),
    FIELD(SRCPORT, "srcport", "srcport", U32, 2, 65535, false,
          "Source port; 0 for protocols without ports."),
    FIELD(DSTPORT, "dstport", "dstport", U32, 2, 65535, false,
          "Destination port; 0 for protocols without ports."),
    FIELD(PROTOCOL, "protocol", "protocol", U32, 2, 255, false, "IANA protocol number."),
    FIELD(PACKETS, "packets", "packets", U64, 2, 0, false, "Packets in the interval."),
    FIELD(BYTES, "bytes", "bytes", U64, 2, 0, false, "Bytes in the interval."),
    FIELD(START, "start", "start", TIME, 2, 0, false,
          "Lower bound of the traffic, seconds since 1970."),
    FIELD(END, "end", "end", TIME, 2, 0, false, "Upper bound of the traffic, seconds since 1970."),
    FIELD(ACTION, "action", "action", TEXT, 2, 0, false,
          "ACCEPT or REJECT; also REJECT for packets that came after the close."),
    FIELD(LOG_STATUS, "log-status", "log_status", TEXT, 2, 0, false,
          "OK, NODATA (no traffic) or SKIPDATA (records were lost)."),
    FIELD(VPC_ID, "vpc-id", "vpc_id", TEXT, 3, 0, false, "VPC of the interface."),
    FIELD(SUBNET_ID, "subnet-id", "subnet_id", TEXT, 3, 0, false, "Subnet of the interface."),
    FIELD(INSTANCE_ID, "instance-id", "instance_id", TEXT, 3, 0, false,
          "Instance the interface is attached to."),
    FIELD(TCP_FLAGS, "tcp-flags", "tcp_flags", U32, 3, 65535, false,
          "FIN 1, SYN 2, RST 4, SYN-ACK 18, or-ed over the interval; ACK alone is 0."),
    FIELD(TYPE, "type", "type", TEXT, 3, 0, false, "IPv4, IPv6 or EFA."),
    FIELD(PKT_SRCADDR, "pkt-srcaddr", "pkt_srcaddr", ADDRESS, 3, 0, false,
          "The packet's own source address."),
    FIELD(PKT_DSTADDR, "pkt-dstaddr", "pkt_dstaddr", ADDRESS, 3, 0, false,
          "The packet's own destination address."),
    FIELD(REGION, "region", "region", TEXT, 4, 0, false,
          "Region of the interface or transit gateway."),
    FIELD(AZ_ID, "az-id", "az_id", TEXT, 4, 0, false, "Availability zone id of the interface."),
    FIELD(SUBLOCATION_TYPE, "sublocation-type", "sublocation_type", TEXT, 4, 0, false,
          "wavelength, outpost or localzone."),
    FIELD(SUBLOCATION_ID, "sublocation-id", "sublocation_id", TEXT, 4, 0, false,
          "Id of the sublocation."),
    FIELD(PKT_SRC_AWS_SERVICE, "pkt-src-aws-service", "pkt_src_aws_service", TEXT, 5, 0, false,
          "Amazon service that publishes the range of the source address."),
    FIELD(PKT_DST_AWS_SERVICE, "pkt-dst-aws-service", "pkt_dst_aws_service", TEXT, 5, 0, false,
          "Amazon service that publishes the range of the destination address."),
    FIELD(FLOW_DIRECTION, "flow-direction", "flow_direction", TEXT, 5, 0, false,
          "ingress or egress, seen from the interface."),
    FIELD(TRAFFIC_PATH, "traffic-path", "traffic_path", U32, 5, UINT32_MAX, false,
          "Way of egress traffic: 1 same VPC, 2 internet gateway or gateway endpoint, 3 virtual "
          "private gateway, 4 peering, 5 peering to another region, 6 local gateway, 7 gateway "
          "endpoint, 8 internet gateway."),
    FIELD(ECS_CLUSTER_ARN, "ecs-cluster-arn", "ecs_cluster_arn", TEXT, 7, 0, false,
          "ARN of the ECS cluster."),
    FIELD(ECS_CLUSTER_NAME, "ecs-cluster-name", "ecs_cluster_name", TEXT, 7, 0, false,
          "Name of the ECS cluster."),
    FIELD(ECS_CONTAINER_INSTANCE_ARN, "ecs-container-instance-arn", "ecs_container_instance_arn",
          TEXT, 7, 0, false, "ARN of the ECS container instance."),
    FIELD(ECS_CONTAINER_INSTANCE_ID, "ecs-container-instance-id", "ecs_container_instance_id", TEXT,
          7, 0, false, "Id of the ECS container instance."),
    FIELD(ECS_CONTAINER_ID, "ecs-container-id", "ecs_container_id", TEXT, 7, 0, false,
          "Runtime id of the first container of the ECS task."),
    FIELD(ECS_SECOND_CONTAINER_ID, "ecs-second-container-id", "ecs_second_container_id", TEXT, 7, 0,
          false, "Runtime id of the second container of the ECS task."),
    FIELD(ECS_SERVICE_NAME, "ecs-service-name", "ecs_service_name", TEXT, 7, 0, false,
          "Name of the ECS service."),
    FIELD(ECS_TASK_DEFINITION_ARN, "ecs-task-definition-arn", "ecs_task_definition_arn", TEXT, 7, 0,
          false, "ARN of the ECS task definition."),
    FIELD(ECS_TASK_ARN, "ecs-task-arn", "ecs_task_arn", TEXT, 7, 0, false, "ARN of the ECS task."),
    FIELD(ECS_TASK_ID, "ecs-task-id", "ecs_task_id", TEXT, 7, 0, false, "Id of the ECS task."),
    FIELD(REJECT_REASON, "reject-reason", "reject_reason", TEXT, 8, 0, false,
          "BPA (block public access) or EC (encryption controls)."),
    FIELD(RESOURCE_ID, "resource-id", "resource_id", TEXT, 9, 0, false,
          "Resource the traffic was recorded for, as a regional NAT gateway."),
    FIELD(ENCRYPTION_STATUS, "encryption-status", "encryption_status", U32, 10, UINT32_MAX, false,
          "0 not encrypted, 1 by Nitro, 2 by the application, 3 both."),
    FIELD(INSTANCE_TAG, "instance-tag", "instance_tag", TEXT, 11, 0, true,
          "Value of the instance's first selected tag."),
    FIELD(INSTANCE_TAG_2, "instance-tag-2", "instance_tag_2", TEXT, 11, 0, true,
          "Value of the instance's second selected tag."),
    FIELD(INTERFACE_TAG, "interface-tag", "interface_tag", TEXT, 11, 0, true,
          "Value of the interface's first selected tag."),
    FIELD(INTERFACE_TAG_2, "interface-tag-2", "interface_tag_2", TEXT, 11, 0, true,
          "Value of the interface's second selected tag."),
    FIELD(ASG_TAG, "asg-tag", "asg_tag", TEXT, 11, 0, true,
          "Value of the auto scaling group's first selected tag."),
    FIELD(ASG_TAG_2, "asg-tag-2", "asg_tag_2", TEXT, 11, 0, true,
          "Value of the auto scaling group's second selected tag."),
    FIELD(INTERFACE_TYPE, "interface-type", "interface_type", TEXT, 11, 0, false,
          "Type of the interface that recorded the traffic."),
    FIELD(NEXT_HOP_INTERFACE_ID, "next-hop-interface-id", "next_hop_interface_id", TEXT, 11, 0,
          false, "Interface next on the way: the receiver on egress, the sender on ingress."),
    FIELD(NEXT_HOP_SUBNET_ID, "next-hop-subnet-id", "next_hop_subnet_id", TEXT, 11, 0, false,
          "Subnet of the next hop."),
    FIELD(NEXT_HOP_AZ_ID, "next-hop-az-id", "next_hop_az_id", TEXT, 11, 0, false,
          "Availability zone id of the next hop."),
    FIELD(NEXT_HOP_VPC_ID, "next-hop-vpc-id", "next_hop_vpc_id", TEXT, 11, 0, false,
          "VPC of the next hop."),
    FIELD(NEXT_HOP_INTERFACE_TYPE, "next-hop-interface-type", "next_hop_interface_type", TEXT, 11,
          0, false, "Type of the next hop."),
    FIELD(RESOURCE_TYPE, "resource-type", "resource_type", TEXT, 6, 0, false,
          "TransitGateway or TransitGatewayAttachment."),
    FIELD(TGW_ID, "tgw-id", "tgw_id", TEXT, 6, 0, false, "Transit gateway."),
    FIELD(TGW_ATTACHMENT_ID, "tgw-attachment-id", "tgw_attachment_id", TEXT, 6, 0, false,
          "Attachment that recorded the traffic."),
    FIELD(TGW_SRC_VPC_ACCOUNT_ID, "tgw-src-vpc-account-id", "tgw_src_vpc_account_id", TEXT, 6, 0,
          false, "Account of the source VPC."),
    FIELD(TGW_DST_VPC_ACCOUNT_ID, "tgw-dst-vpc-account-id", "tgw_dst_vpc_account_id", TEXT, 6, 0,
          false, "Account of the destination VPC."),
    FIELD(TGW_SRC_VPC_ID, "tgw-src-vpc-id", "tgw_src_vpc_id", TEXT, 6, 0, false, "Source VPC."),
    FIELD(TGW_DST_VPC_ID, "tgw-dst-vpc-id", "tgw_dst_vpc_id", TEXT, 6, 0, false,
          "Destination VPC."),
    FIELD(TGW_SRC_SUBNET_ID, "tgw-src-subnet-id", "tgw_src_subnet_id", TEXT, 6, 0, false,
          "Source subnet."),
    FIELD(TGW_DST_SUBNET_ID, "tgw-dst-subnet-id", "tgw_dst_subnet_id", TEXT, 6, 0, false,
          "Destination subnet."),
    FIELD(TGW_SRC_ENI, "tgw-src-eni", "tgw_src_eni", TEXT, 6, 0, false,
          "Interface of the source's attachment."),
    FIELD(TGW_DST_ENI, "tgw-dst-eni", "tgw_dst_eni", TEXT, 6, 0, false,
          "Interface of the destination's attachment."),
    FIELD(TGW_SRC_AZ_ID, "tgw-src-az-id", "tgw_src_az_id", TEXT, 6, 0, false,
          "Availability zone id of the source."),
    FIELD(TGW_DST_AZ_ID, "tgw-dst-az-id", "tgw_dst_az_id", TEXT, 6, 0, false,
          "Availability zone id of the destination."),
    FIELD(TGW_PAIR_ATTACHMENT_ID, "tgw-pair-attachment-id", "tgw_pair_attachment_id", TEXT, 6, 0,
          false, "The other attachment of the traffic."),
    FIELD(PACKETS_LOST_NO_ROUTE, "packets-lost-no-route", "packets_lost_no_route", U64, 6, 0, false,
          "Packets lost because there was no route."),
    FIELD(PACKETS_LOST_BLACKHOLE, "packets-lost-blackhole", "packets_lost_blackhole", U64, 6, 0,
          false, "Packets lost to a blackhole route."),
    FIELD(PACKETS_LOST_MTU_EXCEEDED, "packets-lost-mtu-exceeded", "packets_lost_mtu_exceeded", U64,
          6, 0, false, "Packets lost because they were too large."),
    FIELD(PACKETS_LOST_TTL_EXPIRED, "packets-lost-ttl-expired", "packets_lost_ttl_expired", U64, 6,
          0, false, "Packets lost because their time to live ran out."),
};

static char next_letter(const char **at, const char *end)
{
    while (*at < end && (**at == '-' || **at == '_'))
        ++*at;
    if (*at == end)
        return '\0';
    return **at >= 'A' && **at <= 'Z' ? (char)(*(*at)++ - 'A' + 'a') : *(*at)++;
}

/*
 * Does a name in any spelling mean this field? Case and separators don't part
 * one field from another, and CloudWatch puts capitals where AWS's own names
 * have no separator ("srcAddr").
 */
static bool matches(const char *name, flowenrich_text spelled)
{
    const char *at = spelled.data, *end = spelled.data + spelled.len;
    const char *name_end = name + strlen(name);
    char letter;

    do {
        letter = next_letter(&name, name_end);
        if (letter != next_letter(&at, end))
            return false;
    } while (letter);
    return true;
}

fle_field fle_field_find(flowenrich_text name)
{
    size_t i;

    for (i = 0; i < FLE_FIELD_COUNT; i++)
        if (matches(fle_fields[i].name, name))
            break;
    return (fle_field)i;
}

flowenrich_status flowenrich_field_at(size_t index, flowenrich_field *out)
{
    flowenrich_field field = { sizeof field, NULL, NULL, NULL, 0, 0 };

    if (!out || index >= FLE_FIELD_COUNT)
        return FLOWENRICH_ERR_ARG;
    field.name = fle_fields[index].name;
    field.path = fle_fields[index].path;
    field.meaning = fle_fields[index].meaning;
    field.type = fle_fields[index].type;
    field.version = fle_fields[index].version;
    return fle_struct_export(out, &field, sizeof field) ? FLOWENRICH_OK : FLOWENRICH_ERR_ARG;
}
