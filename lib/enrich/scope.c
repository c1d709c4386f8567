/* SPDX-License-Identifier: Apache-2.0 */
/* How far apart the ends are (docs/output.md). */
#include "enrich/scope.h"

#include "enrich/ends.h"
#include "record/dictionary.h"

const flowenrich_text fle_scope_names[FLE_N_SCOPES] = {
    [FLE_SCOPE_AWS_SERVICE] = FLE_ENTRY("aws-service"),
    [FLE_SCOPE_CROSS_REGION] = FLE_ENTRY("cross-region"),
    [FLE_SCOPE_SAME_REGION_PUBLIC] = FLE_ENTRY("same-region-public"),
    [FLE_SCOPE_INTERNET] = FLE_ENTRY("internet"),
    [FLE_SCOPE_CROSS_AZ] = FLE_ENTRY("cross-az"),
    [FLE_SCOPE_CROSS_VPC] = FLE_ENTRY("cross-vpc"),
    [FLE_SCOPE_SAME_AZ] = FLE_ENTRY("same-az"),
    [FLE_SCOPE_SAME_VPC] = FLE_ENTRY("same-vpc"),
    [FLE_SCOPE_PRIVATE] = FLE_ENTRY("private"),
    [FLE_SCOPE_UNKNOWN] = FLE_ENTRY("unknown"),
};

static flowenrich_text value(const fle_facts *facts, fle_side side, fle_attribute attribute)
{
    return facts->answer[side]->identity.single[attribute];
}

static bool either(const fle_facts *facts, bool (*is)(const fle_facts *facts, fle_side side))
{
    return is(facts, FLE_SRC) || is(facts, FLE_DST);
}

bool fle_is_same(const fle_facts *facts, fle_attribute attribute)
{
    const flowenrich_text src = value(facts, FLE_SRC, attribute);

    return src.len && fle_text_equal(src, value(facts, FLE_DST, attribute));
}

bool fle_is_different(const fle_facts *facts, fle_attribute attribute)
{
    return value(facts, FLE_SRC, attribute).len && value(facts, FLE_DST, attribute).len &&
           !fle_is_same(facts, attribute);
}

static bool is_ec2_range(const fle_facts *facts, fle_side side)
{
    return fle_text_is(value(facts, side, FLE_ATTR_AWS_SERVICE), "ec2") &&
           fle_text_is(value(facts, side, FLE_ATTR_TYPE), "aws:service");
}

/* A public address in EC2's ranges is somebody's machine, not a service of Amazon's. */
static bool is_service(const fle_facts *facts, fle_side side)
{
    const flowenrich_text type = value(facts, side, FLE_ATTR_TYPE);

    return fle_text_is(type, "ec2:vpc-endpoint") ||
           (fle_text_is(type, "aws:service") && !is_ec2_range(facts, side));
}

/* Ranges of services that are everywhere have the region GLOBAL, which is none. */
static bool is_cross_region(const fle_facts *facts)
{
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        if (fle_text_is(value(facts, side, FLE_ATTR_REGION), "GLOBAL"))
            return false;
    return fle_is_different(facts, FLE_ATTR_REGION);
}

static bool is_public_of_ours(const fle_facts *facts, fle_side side)
{
    return value(facts, side, FLE_ATTR_VIA_PUBLIC).len > 0;
}

static bool is_same_region_public(const fle_facts *facts)
{
    return either(facts, is_public_of_ours) ||
           (either(facts, is_ec2_range) && fle_is_same(facts, FLE_ATTR_REGION));
}

bool fle_is_internet(const fle_facts *facts, fle_side side)
{
    return facts->wire[side] && !fle_address_is_private(facts->wire[side]) &&
           !fle_answer_is_ours(facts->answer[side]) && !value(facts, side, FLE_ATTR_VPC_ID).len;
}

/* For every other reason than not_in_inventory it may well be one of ours. */
static bool is_strange(const flowenrich_answer *answer)
{
    return answer->by != FLE_BY_NONE || answer->reason == FLE_REASON_NOT_IN_INVENTORY;
}

static bool is_outside(const fle_facts *facts, fle_side side)
{
    return facts->wire[side] && fle_address_is_private(facts->wire[side]) &&
           !value(facts, side, FLE_ATTR_VPC_ID).len && is_strange(facts->answer[side]);
}

static bool is_strange_internet(const fle_facts *facts, fle_side side)
{
    return fle_is_internet(facts, side) && is_strange(facts->answer[side]);
}

fle_scope fle_scope_of(const fle_facts *facts)
{
    if (either(facts, is_service))
        return FLE_SCOPE_AWS_SERVICE;
    if (is_cross_region(facts))
        return FLE_SCOPE_CROSS_REGION;
    if (is_same_region_public(facts))
        return FLE_SCOPE_SAME_REGION_PUBLIC;
    if (either(facts, is_strange_internet))
        return FLE_SCOPE_INTERNET;
    if (fle_is_different(facts, FLE_ATTR_AVAILABILITY_ZONE_ID))
        return FLE_SCOPE_CROSS_AZ;
    if (fle_is_different(facts, FLE_ATTR_VPC_ID))
        return FLE_SCOPE_CROSS_VPC;
    if (fle_is_same(facts, FLE_ATTR_VPC_ID))
        return fle_is_same(facts, FLE_ATTR_AVAILABILITY_ZONE_ID) ? FLE_SCOPE_SAME_AZ
                                                                 : FLE_SCOPE_SAME_VPC;
    if (either(facts, is_outside))
        return FLE_SCOPE_PRIVATE;
    return FLE_SCOPE_UNKNOWN;
}
