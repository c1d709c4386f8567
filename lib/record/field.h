/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of flow log fields. */
#ifndef FLE_RECORD_FIELD_H
#define FLE_RECORD_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"

/* In the order of their versions; FLE_FIELD_COUNT is also "none of these". */
typedef enum fle_field {
    FLE_FIELD_VERSION,
    FLE_FIELD_ACCOUNT_ID,
    FLE_FIELD_INTERFACE_ID,
    FLE_FIELD_SRCADDR,
    FLE_FIELD_DSTADDR,
    FLE_FIELD_SRCPORT,
    FLE_FIELD_DSTPORT,
    FLE_FIELD_PROTOCOL,
    FLE_FIELD_PACKETS,
    FLE_FIELD_BYTES,
    FLE_FIELD_START,
    FLE_FIELD_END,
    FLE_FIELD_ACTION,
    FLE_FIELD_LOG_STATUS,
    FLE_FIELD_VPC_ID,
    FLE_FIELD_SUBNET_ID,
    FLE_FIELD_INSTANCE_ID,
    FLE_FIELD_TCP_FLAGS,
    FLE_FIELD_TYPE,
    FLE_FIELD_PKT_SRCADDR,
    FLE_FIELD_PKT_DSTADDR,
    FLE_FIELD_REGION,
    FLE_FIELD_AZ_ID,
    FLE_FIELD_SUBLOCATION_TYPE,
    FLE_FIELD_SUBLOCATION_ID,
    FLE_FIELD_PKT_SRC_AWS_SERVICE,
    FLE_FIELD_PKT_DST_AWS_SERVICE,
    FLE_FIELD_FLOW_DIRECTION,
    FLE_FIELD_TRAFFIC_PATH,
    FLE_FIELD_ECS_CLUSTER_ARN,
    FLE_FIELD_ECS_CLUSTER_NAME,
    FLE_FIELD_ECS_CONTAINER_INSTANCE_ARN,
    FLE_FIELD_ECS_CONTAINER_INSTANCE_ID,
    FLE_FIELD_ECS_CONTAINER_ID,
    FLE_FIELD_ECS_SECOND_CONTAINER_ID,
    FLE_FIELD_ECS_SERVICE_NAME,
    FLE_FIELD_ECS_TASK_DEFINITION_ARN,
    FLE_FIELD_ECS_TASK_ARN,
    FLE_FIELD_ECS_TASK_ID,
    FLE_FIELD_REJECT_REASON,
    FLE_FIELD_RESOURCE_ID,
    FLE_FIELD_ENCRYPTION_STATUS,
    FLE_FIELD_INSTANCE_TAG,
    FLE_FIELD_INSTANCE_TAG_2,
    FLE_FIELD_INTERFACE_TAG,
    FLE_FIELD_INTERFACE_TAG_2,
    FLE_FIELD_ASG_TAG,
    FLE_FIELD_ASG_TAG_2,
    FLE_FIELD_INTERFACE_TYPE,
    FLE_FIELD_NEXT_HOP_INTERFACE_ID,
    FLE_FIELD_NEXT_HOP_SUBNET_ID,
    FLE_FIELD_NEXT_HOP_AZ_ID,
    FLE_FIELD_NEXT_HOP_VPC_ID,
    FLE_FIELD_NEXT_HOP_INTERFACE_TYPE,
    FLE_FIELD_RESOURCE_TYPE,
    FLE_FIELD_TGW_ID,
    FLE_FIELD_TGW_ATTACHMENT_ID,
    FLE_FIELD_TGW_SRC_VPC_ACCOUNT_ID,
    FLE_FIELD_TGW_DST_VPC_ACCOUNT_ID,
    FLE_FIELD_TGW_SRC_VPC_ID,
    FLE_FIELD_TGW_DST_VPC_ID,
    FLE_FIELD_TGW_SRC_SUBNET_ID,
    FLE_FIELD_TGW_DST_SUBNET_ID,
    FLE_FIELD_TGW_SRC_ENI,
    FLE_FIELD_TGW_DST_ENI,
    FLE_FIELD_TGW_SRC_AZ_ID,
    FLE_FIELD_TGW_DST_AZ_ID,
    FLE_FIELD_TGW_PAIR_ATTACHMENT_ID,
    FLE_FIELD_PACKETS_LOST_NO_ROUTE,
    FLE_FIELD_PACKETS_LOST_BLACKHOLE,
    FLE_FIELD_PACKETS_LOST_MTU_EXCEEDED,
    FLE_FIELD_PACKETS_LOST_TTL_EXPIRED,
    FLE_FIELD_COUNT
} fle_field;

typedef struct fle_field_info {
    const char *name;    /* "pkt-srcaddr" */
    const char *path;    /* "pkt_srcaddr" */
    const char *meaning; /* one sentence */
    uint8_t type;        /* flowenrich_type */
    uint8_t version;
    bool encoded; /* the value is percent-encoded */
    uint32_t max; /* of a U32: the largest value taken */
} fle_field_info;

extern const fle_field_info fle_fields[FLE_FIELD_COUNT];

/*
 * The field of a name in any spelling: hyphens, underscores, camelCase.
 * FLE_FIELD_COUNT if there is none.
 */
fle_field fle_field_find(flowenrich_text name);

#endif
