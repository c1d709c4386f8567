/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of one end: an owner's attributes, and how it came to be named. */
#ifndef FLE_RECORD_IDENTITY_H
#define FLE_RECORD_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "flowenrich.h"

/*
 * The attributes of an end that have one value, several, or are pairs, in the
 * order they are written. The last four aren't the owner's but the answer's.
 */
typedef enum fle_attribute {
    FLE_ATTR_TYPE,
    FLE_ATTR_INTERFACE_ID,
    FLE_ATTR_SUBNET_ID,
    FLE_ATTR_VPC_ID,
    FLE_ATTR_ACCOUNT_ID,
    FLE_ATTR_AVAILABILITY_ZONE,
    FLE_ATTR_AVAILABILITY_ZONE_ID,
    FLE_ATTR_REGION,
    FLE_ATTR_AWS_SERVICE,
    FLE_ATTR_NETWORK,
    FLE_ATTR_VIA_PUBLIC,
    FLE_N_SINGLE, /* how many have one value in fle_identity.single */
    FLE_ATTR_ARNS = FLE_N_SINGLE,
    FLE_ATTR_SECURITY_GROUP_IDS,
    FLE_ATTR_TAGS,
    FLE_ATTR_BEHIND,
    FLE_ATTR_BY,
    FLE_ATTR_SURE,
    FLE_ATTR_REASON,
    FLE_ATTR_COUNT
} fle_attribute;

/* "type", "arns", "tags"…: the path behind "client.". */
extern const char *const fle_attribute_paths[FLE_ATTR_COUNT];

/* The attribute of a path's last part, FLE_ATTR_COUNT if there is none. */
fle_attribute fle_attribute_find(flowenrich_text path);

/* Several texts; pairs in tags: key, value, key, value, by key. */
typedef struct fle_texts {
    const flowenrich_text *items;
    size_t n;
} fle_texts;

/*
 * One owner. Texts belong to the snapshot or batch it lies in; a missing
 * attribute has len 0.
 */
typedef struct fle_identity {
    flowenrich_text single[FLE_N_SINGLE];
    fle_texts arns, security_group_ids, tags;
    flowenrich_text
        path;         /* what traffic addressed to it takes: "nat-gateway"; see data/kinds.yaml */
    bool forwards;    /* a transit kind: passes on packets of others */
    bool has_public;  /* a public IPv4 address of its own is known */
    bool has_several; /* more than one private IPv4 address of its own is */
    uint32_t space;   /* number of its VPC's address space in the snapshot */
} fle_identity;

/* The value of a tag; len 0 if there is none. */
flowenrich_text fle_identity_tag(const fle_identity *identity, flowenrich_text key);

/* The first part of the ARNs of a region: China, governments and sovereign clouds are apart. */
flowenrich_text fle_partition_of(flowenrich_text region);

/* What named an owner (docs/output.md), in the order they are tried. */
typedef enum fle_by {
    FLE_BY_NONE,
    FLE_BY_NEXT_HOP,
    FLE_BY_INTERFACE,
    FLE_BY_RECORD,
    FLE_BY_MIRROR,
    FLE_BY_ADDRESS,
    FLE_BY_PREFIX,
    FLE_BY_PUBLIC_ADDRESS,
    FLE_BY_RESOLVER, /* has a name of its own */
    FLE_BY_PREFIX_LIST,
    FLE_BY_IP_RANGES,
    FLE_BY_COUNT
} fle_by;

extern const char *const fle_by_names[FLE_BY_COUNT];

/* Why no owner is named (docs/output.md). */
typedef enum fle_reason {
    FLE_REASON_NONE,
    FLE_REASON_NOT_IN_INVENTORY,
    FLE_REASON_NOT_OBSERVED_THEN,
    FLE_REASON_NO_ANSWER,
    FLE_REASON_OWNER_CHANGED,
    FLE_REASON_AMBIGUOUS_CIDR,
    FLE_REASON_UNKNOWN_SPACE,
    FLE_REASON_UNREACHABLE_SPACE,
    FLE_REASON_ASSUMED_ONLY,
    FLE_REASON_NO_ADDRESS,
    FLE_REASON_REFUSED, /* by a resolver, with a reason of its own */
    FLE_REASON_COUNT
} fle_reason;

extern const char *const fle_reason_names[FLE_REASON_COUNT];

extern const char *const fle_sure_names[4]; /* by flowenrich_sure; [0] is "" */

#endif
