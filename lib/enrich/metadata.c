/* SPDX-License-Identifier: Apache-2.0 */
/* What a record itself says of an end: of the observer's, of the next hop's, of a side's. */
#include "enrich/metadata.h"

#include <stdio.h>

#include "base/hash.h"

/* `version` describes nobody, so it stands for "no such field". */
#define NO_FIELD FLE_FIELD_VERSION

static const fle_field fields[FLE_N_SOURCES][FLE_N_METADATA] = {
    [FLE_SOURCE_SRC] = {
        [FLE_META_VPC] = FLE_FIELD_TGW_SRC_VPC_ID,
        [FLE_META_ACCOUNT] = FLE_FIELD_TGW_SRC_VPC_ACCOUNT_ID,
        [FLE_META_SERVICE] = FLE_FIELD_PKT_SRC_AWS_SERVICE,
    },
    [FLE_SOURCE_DST] = {
        [FLE_META_VPC] = FLE_FIELD_TGW_DST_VPC_ID,
        [FLE_META_ACCOUNT] = FLE_FIELD_TGW_DST_VPC_ACCOUNT_ID,
        [FLE_META_SERVICE] = FLE_FIELD_PKT_DST_AWS_SERVICE,
    },
    [FLE_SOURCE_OBSERVER] = {
        [FLE_META_INTERFACE] = FLE_FIELD_INTERFACE_ID, /* or the log stream's */
        [FLE_META_RESOURCE] = FLE_FIELD_RESOURCE_ID,
        [FLE_META_INSTANCE] = FLE_FIELD_INSTANCE_ID,
        [FLE_META_TASK] = FLE_FIELD_ECS_TASK_ARN,
        [FLE_META_KIND] = FLE_FIELD_INTERFACE_TYPE,
        [FLE_META_SUBNET] = FLE_FIELD_SUBNET_ID,
        [FLE_META_VPC] = FLE_FIELD_VPC_ID,
        [FLE_META_ACCOUNT] = FLE_FIELD_ACCOUNT_ID,
        [FLE_META_ZONE] = FLE_FIELD_AZ_ID,
        [FLE_META_REGION] = FLE_FIELD_REGION,
    },
    [FLE_SOURCE_NEXT_HOP] = {
        [FLE_META_INTERFACE] = FLE_FIELD_NEXT_HOP_INTERFACE_ID,
        [FLE_META_KIND] = FLE_FIELD_NEXT_HOP_INTERFACE_TYPE,
        [FLE_META_SUBNET] = FLE_FIELD_NEXT_HOP_SUBNET_ID,
        [FLE_META_VPC] = FLE_FIELD_NEXT_HOP_VPC_ID,
        [FLE_META_ZONE] = FLE_FIELD_NEXT_HOP_AZ_ID,
    },
};

/* Where it is, which a record may know when the inventory doesn't. */
static const struct {
    fle_metadatum from;
    fle_attribute to;
} places[] = {
    { FLE_META_SUBNET, FLE_ATTR_SUBNET_ID }, { FLE_META_VPC, FLE_ATTR_VPC_ID },
    { FLE_META_ACCOUNT, FLE_ATTR_ACCOUNT_ID }, { FLE_META_ZONE, FLE_ATTR_AVAILABILITY_ZONE_ID },
    { FLE_META_REGION, FLE_ATTR_REGION },
};

#define N_PLACES (sizeof places / sizeof *places)

static flowenrich_text text_of(const fle_context *context, fle_source source, size_t metadatum,
                               size_t row)
{
    const fle_field field = fields[source][metadatum];

    if (field == FLE_FIELD_INTERFACE_ID)
        return fle_context_interface(context, row);
    if (field == FLE_FIELD_VPC_ID || field == FLE_FIELD_SUBNET_ID)
        return fle_context_place(context, field, row);
    return field == NO_FIELD ? fle_text(NULL, 0) : fle_context_text(context, field, row);
}

/* As text_of() would find it: by a column, by the log stream, or by the flow log. */
static bool may_tell(const fle_context *context, fle_field field)
{
    return field != NO_FIELD &&
           (context->fields[field] || (field == FLE_FIELD_INTERFACE_ID && context->stream) ||
            ((field == FLE_FIELD_VPC_ID || field == FLE_FIELD_SUBNET_ID) &&
             (context->flow_log || context->group)));
}

uint32_t fle_metadata_told(const fle_context *context, fle_source source)
{
    uint32_t told = 0;

    for (size_t i = 0; i < FLE_N_METADATA; i++)
        told |= (uint32_t)may_tell(context, fields[source][i]) << i;
    return told;
}

void fle_metadata_read(fle_metadata *metadata, const fle_context *context, fle_source source,
                       size_t row)
{
    memset(metadata, 0, sizeof *metadata);
    for (uint32_t i = 0, rest = context->told[source]; rest != 0; i++, rest >>= 1)
        if (rest & 1)
            metadata->of[i] = text_of(context, source, i, row);
}

void fle_metadata_witness(fle_metadata *metadata, const fle_witness *witness)
{
    static const fle_metadatum to[FLE_N_TOLD] = {
        [FLE_TOLD_INSTANCE] = FLE_META_INSTANCE, [FLE_TOLD_TASK] = FLE_META_TASK,
        [FLE_TOLD_KIND] = FLE_META_KIND,         [FLE_TOLD_SUBNET] = FLE_META_SUBNET,
        [FLE_TOLD_VPC] = FLE_META_VPC,           [FLE_TOLD_ACCOUNT] = FLE_META_ACCOUNT,
        [FLE_TOLD_ZONE] = FLE_META_ZONE,         [FLE_TOLD_REGION] = FLE_META_REGION,
    };

    memset(metadata, 0, sizeof *metadata);
    metadata->of[FLE_META_INTERFACE] = witness->id;
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        metadata->of[to[i]] = witness->told[i];
}

/* A regional NAT gateway has no interface: its name is that of the resource, and a zone. */
void fle_metadata_observed(fle_metadata *metadata, const fle_observed *observed)
{
    memset(metadata, 0, sizeof *metadata);
    if (!fle_is_nat_gateway(observed->id))
        metadata->of[FLE_META_INTERFACE] = observed->id;
    metadata->of[FLE_META_RESOURCE] = observed->resource_id;
    metadata->of[FLE_META_INSTANCE] = observed->instance_id;
    metadata->of[FLE_META_TASK] = observed->task_arn;
    metadata->of[FLE_META_KIND] = observed->interface_type;
    metadata->of[FLE_META_SUBNET] = observed->subnet_id;
    metadata->of[FLE_META_VPC] = observed->vpc_id;
    metadata->of[FLE_META_ACCOUNT] = observed->account_id;
    metadata->of[FLE_META_ZONE] = observed->az_id;
    metadata->of[FLE_META_REGION] = observed->region;
}

/* What an answer may take from a record: all, or of an owner the place that he lacks. */
static uint32_t takes(const fle_entry *owner)
{
    uint32_t lacks = 0;

    if (!owner)
        return (UINT32_C(1) << FLE_N_METADATA) - 1;
    for (size_t i = 0; i < N_PLACES; i++)
        lacks |= (uint32_t)!fle_entry_has(owner, places[i].to) << places[i].from;
    return lacks;
}

/* What of it may have been said. */
static uint32_t told(const fle_context *context, fle_saying said)
{
    return said.instead ? UINT32_MAX : context->told[said.source];
}

static uint32_t taken(const fle_context *context, fle_saying said, const fle_entry *owner)
{
    const uint32_t may = told(context, said);

    return may != 0 ? may & takes(owner) : 0;
}

static flowenrich_text word_of(const fle_context *context, fle_saying said, size_t metadatum)
{
    return said.instead ? said.instead->of[metadatum]
                        : text_of(context, said.source, metadatum, said.row);
}

/* Rows of other columns may say as much: what is empty counts as not said. */
uint64_t fle_metadata_hash(uint64_t hash, const fle_context *context, fle_saying said,
                           const fle_entry *owner)
{
    for (uint32_t i = 0, rest = taken(context, said, owner); rest != 0; i++, rest >>= 1) {
        const flowenrich_text word = rest & 1 ? word_of(context, said, i) : fle_text(NULL, 0);

        if (word.len > 0)
            hash = fle_hash(word.data, word.len, hash + i);
    }
    return hash;
}

bool fle_metadata_equal(const fle_context *context, fle_saying a, fle_saying b,
                        const fle_entry *owner)
{
    uint32_t rest = taken(context, a, owner) | taken(context, b, owner);

    for (uint32_t i = 0; rest != 0; i++, rest >>= 1)
        if ((rest & 1) && !fle_text_equal(word_of(context, a, i), word_of(context, b, i)))
            return false;
    return true;
}

bool fle_words_keep(fle_words *words, const fle_context *context, fle_saying said,
                    const fle_entry *owner, fle_arena *arena)
{
    flowenrich_text said_words[FLE_N_METADATA], *items;
    size_t n = 0;

    words->has = 0;
    words->may = takes(owner);
    for (uint32_t i = 0, rest = taken(context, said, owner); rest != 0; i++, rest >>= 1) {
        const flowenrich_text word = rest & 1 ? word_of(context, said, i) : fle_text(NULL, 0);

        if (word.len == 0)
            continue;
        if (!fle_arena_text(arena, word.data, word.len, &said_words[n++]))
            return false;
        words->has |= UINT32_C(1) << i;
    }
    words->items = items = n > 0 ? fle_arena_alloc(arena, n * sizeof *items) : NULL;
    if (n > 0 && items)
        memcpy(items, said_words, n * sizeof *items);
    return n == 0 || items;
}

bool fle_words_equal(const fle_words *words, const fle_context *context, fle_saying said)
{
    const uint32_t may = told(context, said) & words->may;
    const flowenrich_text *kept = words->items;

    for (uint32_t i = 0, rest = may | words->has; rest != 0; i++, rest >>= 1) {
        const uint32_t bit = UINT32_C(1) << i;
        const flowenrich_text now = may & bit ? word_of(context, said, i) : fle_text(NULL, 0);

        if (!fle_text_equal(words->has & bit ? *kept++ : fle_text(NULL, 0), now))
            return false;
    }
    return true;
}

static const fle_kind kinds[] = {
    { "nat_gateway", "ec2:nat-gateway", "nat-gateway", true },
    { "natGateway", "ec2:nat-gateway", "nat-gateway", true },
    { "regional_nat_gateway", "ec2:nat-gateway", "nat-gateway", true },
    { "transit_gateway", "ec2:transit-gateway", "transit-gateway", true },
    { "gateway_load_balancer", "elb:gateway", "load-balancer", true },
    { "gateway_load_balancer_endpoint", "ec2:gateway-load-balancer-endpoint", "vpc-endpoint",
      true },
    { "vpc_endpoint", "ec2:vpc-endpoint", "vpc-endpoint", false },
    { "load_balancer", "elb:load-balancer", "load-balancer", false },
    { "network_load_balancer", "elb:network", "load-balancer", false },
    { "lambda", "lambda:function", "", false },
};

const fle_kind *fle_kind_find(flowenrich_text name)
{
    if (name.len == 0) /* of nearly every record */
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (fle_text_is(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

bool fle_is_nat_gateway(flowenrich_text resource)
{
    return fle_text_starts(resource, "nat-");
}

/* account-id may be "unknown", and of a transit gateway it is the gateway's. */
static bool is_account(flowenrich_text text)
{
    uint64_t number;

    return text.len == 12 && fle_text_u64(text, &number);
}

/* The record's texts move when the batch grows, so an answer has copies. */
static bool fill(fle_arena *arena, flowenrich_text *to, flowenrich_text from)
{
    return to->len || !from.len || fle_arena_text(arena, from.data, from.len, to);
}

bool fle_metadata_place(const fle_metadata *metadata, fle_arena *arena, fle_identity *identity)
{
    for (size_t i = 0; i < N_PLACES; i++) {
        const flowenrich_text text = metadata->of[places[i].from];
        flowenrich_text *known = &identity->single[places[i].to];

        if (known->len || (places[i].from == FLE_META_ACCOUNT && !is_account(text)))
            continue;
        if (!fill(arena, known, text))
            return false;
    }
    return true;
}

static bool add_arn(fle_arena *arena, fle_identity *identity, const char *arn, size_t len)
{
    flowenrich_text *item = fle_arena_alloc(arena, sizeof *item);

    if (!item || !fle_arena_text(arena, arn, len, item))
        return false;
    identity->arns.items = item;
    identity->arns.n = 1;
    return true;
}

/* The ARN of something of EC2's, if account and region are known and nothing is absurdly long. */
static bool add_ec2_arn(fle_arena *arena, fle_identity *identity, const char *kind,
                        flowenrich_text id)
{
    const flowenrich_text region = identity->single[FLE_ATTR_REGION];
    const flowenrich_text account = identity->single[FLE_ATTR_ACCOUNT_ID];
    const flowenrich_text partition = fle_partition_of(region);
    char arn[256];
    int len;

    if (!region.len || !account.len || region.len > 64 || id.len > 64)
        return true;
    len = snprintf(arn, sizeof arn, "arn:%.*s:ec2:%.*s:%.*s:%s/%.*s", (int)partition.len,
                   partition.data, (int)region.len, region.data, (int)account.len, account.data,
                   kind, (int)id.len, id.data);
    return len < 0 || (size_t)len >= sizeof arn || add_arn(arena, identity, arn, (size_t)len);
}

bool fle_metadata_owner(const fle_metadata *metadata, fle_arena *arena, fle_identity *identity)
{
    const flowenrich_text *of = metadata->of;
    const fle_kind *kind = fle_kind_find(of[FLE_META_KIND]);
    flowenrich_text *type = &identity->single[FLE_ATTR_TYPE];

    if (!fle_metadata_place(metadata, arena, identity) ||
        !fill(arena, &identity->single[FLE_ATTR_INTERFACE_ID], of[FLE_META_INTERFACE]))
        return false;
    if (of[FLE_META_INSTANCE].len) {
        *type = FLE_TEXT("ec2:instance");
        return add_ec2_arn(arena, identity, "instance", of[FLE_META_INSTANCE]);
    }
    if (fle_text_starts(of[FLE_META_TASK], "arn:")) {
        *type = FLE_TEXT("ecs:task");
        return add_arn(arena, identity, of[FLE_META_TASK].data, of[FLE_META_TASK].len);
    }
    if (fle_is_nat_gateway(of[FLE_META_RESOURCE])) {
        *type = FLE_TEXT("ec2:nat-gateway");
        identity->path = FLE_TEXT("nat-gateway");
        return add_ec2_arn(arena, identity, "natgateway", of[FLE_META_RESOURCE]);
    }
    *type = kind ? fle_text_of(kind->type) : FLE_TEXT("ec2:interface");
    if (kind) {
        identity->path = fle_text_of(kind->path);
        identity->forwards = kind->forwards;
    }
    return true;
}

bool fle_metadata_service(const fle_metadata *metadata, fle_arena *arena, fle_identity *identity)
{
    const flowenrich_text service = metadata->of[FLE_META_SERVICE];
    char *name;

    memset(identity, 0, sizeof *identity);
    if (!service.len)
        return true;
    name = fle_arena_alloc(arena, service.len);
    if (!name)
        return false;
    for (size_t i = 0; i < service.len; i++)
        name[i] =
            (char)(service.data[i] >= 'A' && service.data[i] <= 'Z' ? service.data[i] - 'A' + 'a'
                                                                    : service.data[i]);
    identity->single[FLE_ATTR_TYPE] = FLE_TEXT("aws:service");
    identity->single[FLE_ATTR_AWS_SERVICE] = fle_text(name, service.len);
    return true;
}
