/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of one end: an owner's attributes, and how it came to be named. */
#include "record/identity.h"

const char *const fle_attribute_paths[FLE_ATTR_COUNT] = {
    [FLE_ATTR_TYPE] = "type",
    [FLE_ATTR_INTERFACE_ID] = "interface_id",
    [FLE_ATTR_SUBNET_ID] = "subnet_id",
    [FLE_ATTR_VPC_ID] = "vpc_id",
    [FLE_ATTR_ACCOUNT_ID] = "account_id",
    [FLE_ATTR_AVAILABILITY_ZONE] = "availability_zone",
    [FLE_ATTR_AVAILABILITY_ZONE_ID] = "availability_zone_id",
    [FLE_ATTR_REGION] = "region",
    [FLE_ATTR_AWS_SERVICE] = "aws_service",
    [FLE_ATTR_NETWORK] = "network",
    [FLE_ATTR_VIA_PUBLIC] = "via_public",
    [FLE_ATTR_ARNS] = "arns",
    [FLE_ATTR_SECURITY_GROUP_IDS] = "security_group_ids",
    [FLE_ATTR_TAGS] = "tags",
    [FLE_ATTR_BEHIND] = "behind",
    [FLE_ATTR_BY] = "by",
    [FLE_ATTR_SURE] = "sure",
    [FLE_ATTR_REASON] = "reason",
};

const char *const fle_by_names[FLE_BY_COUNT] = {
    [FLE_BY_NONE] = "",
    [FLE_BY_NEXT_HOP] = "next-hop",
    [FLE_BY_INTERFACE] = "interface",
    [FLE_BY_RECORD] = "record",
    [FLE_BY_MIRROR] = "mirror",
    [FLE_BY_ADDRESS] = "address",
    [FLE_BY_PREFIX] = "prefix",
    [FLE_BY_PUBLIC_ADDRESS] = "public-address",
    [FLE_BY_RESOLVER] = "resolver",
    [FLE_BY_PREFIX_LIST] = "prefix-list",
    [FLE_BY_IP_RANGES] = "ip-ranges",
};

const char *const fle_reason_names[FLE_REASON_COUNT] = {
    [FLE_REASON_NONE] = "",
    [FLE_REASON_NOT_IN_INVENTORY] = "not_in_inventory",
    [FLE_REASON_NOT_OBSERVED_THEN] = "not_observed_then",
    [FLE_REASON_NO_ANSWER] = "no_answer",
    [FLE_REASON_OWNER_CHANGED] = "owner_changed",
    [FLE_REASON_AMBIGUOUS_CIDR] = "ambiguous_cidr",
    [FLE_REASON_UNKNOWN_SPACE] = "unknown_space",
    [FLE_REASON_UNREACHABLE_SPACE] = "unreachable_space",
    [FLE_REASON_ASSUMED_ONLY] = "assumed_only",
    [FLE_REASON_NO_ADDRESS] = "no_address",
    [FLE_REASON_REFUSED] = "refused",
};

const char *const fle_sure_names[4] = { "", "assumed", "sighted", "exact" };

fle_attribute fle_attribute_find(flowenrich_text path)
{
    size_t i;

    for (i = 0; i < FLE_ATTR_COUNT; i++)
        if (fle_text_is(path, fle_attribute_paths[i]))
            break;
    return (fle_attribute)i;
}

flowenrich_text fle_identity_tag(const fle_identity *identity, flowenrich_text key)
{
    for (size_t i = 0; i + 1 < identity->tags.n; i += 2)
        if (fle_text_equal(identity->tags.items[i], key))
            return identity->tags.items[i + 1];
    return fle_text(NULL, 0);
}

flowenrich_text fle_partition_of(flowenrich_text region)
{
    static const struct {
        const char *regions, *partition;
    } partitions[] = {
        { "cn-", "aws-cn" },         { "us-gov-", "aws-us-gov" }, { "us-iso-", "aws-iso" },
        { "us-isob-", "aws-iso-b" }, { "eu-isoe-", "aws-iso-e" }, { "us-isof-", "aws-iso-f" },
        { "eusc-", "aws-eusc" },
    };

    for (size_t i = 0; i < sizeof partitions / sizeof *partitions; i++)
        if (fle_text_starts(region, partitions[i].regions))
            return fle_text_of(partitions[i].partition);
    return FLE_TEXT("aws");
}
