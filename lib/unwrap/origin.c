/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of the bytes being read, gathered on the way down to them. */
#include "unwrap/origin.h"

#include <stddef.h>

#include "base/date.h"
#include "base/text.h"
#include "unwrap/s3key.h"

/* Later numbers of seconds are beyond the year 5000: it is milliseconds. */
#define MOST_SECONDS 100000000000u

static const struct {
    fle_member member;
    size_t offset;
} places[] = {
    { FLE_MEMBER_ID, offsetof(fle_origin, source.identity) },
    { FLE_MEMBER_ACCOUNT, offsetof(fle_origin, source.account) },
    { FLE_MEMBER_REGION, offsetof(fle_origin, source.region) },
    { FLE_MEMBER_LOG_GROUP, offsetof(fle_origin, source.log_group) },
    { FLE_MEMBER_LOG_STREAM, offsetof(fle_origin, source.log_stream) },
    { FLE_MEMBER_BUCKET, offsetof(fle_origin, source.bucket) },
    { FLE_MEMBER_KEY, offsetof(fle_origin, source.key) },
    { FLE_MEMBER_ENCODED_KEY, offsetof(fle_origin, source.key) },
};

/* The members of a source that a caller's has. */
static const size_t given[] = {
    offsetof(flowenrich_source, identity),   offsetof(flowenrich_source, account),
    offsetof(flowenrich_source, region),     offsetof(flowenrich_source, log_group),
    offsetof(flowenrich_source, log_stream), offsetof(flowenrich_source, interface_id),
    offsetof(flowenrich_source, bucket),     offsetof(flowenrich_source, key),
    offsetof(flowenrich_source, flow_log),
};

static flowenrich_text *text_at(void *structure, size_t offset)
{
    return (flowenrich_text *)(void *)((char *)structure + offset);
}

bool fle_origin_init(fle_origin *origin, const flowenrich_source *source, fle_arena *arena)
{
    flowenrich_source *const own = &origin->source;
    flowenrich_source from_key;

    *own = *source;
    origin->record = fle_text(NULL, 0);
    origin->time = FLOWENRICH_TIME_ABSENT;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        flowenrich_text *text = text_at(own, given[i]);

        if (text->len > 0 && !fle_arena_text(arena, text->data, text->len, text))
            return false;
    }
    from_key = *own;
    if (fle_s3key_read(own->key, &from_key)) {
        own->account = own->account.len > 0 ? own->account : from_key.account;
        own->region = own->region.len > 0 ? own->region : from_key.region;
        own->flow_log = own->flow_log.len > 0 ? own->flow_log : from_key.flow_log;
    }
    if (own->interface_id.len == 0)
        own->interface_id = fle_stream_interface(own->log_stream);
    return true;
}

/* Copy a member's text without its escapes; one with a bad escape stays as it is. */
static bool copy(const fle_members *members, fle_member member, fle_arena *arena,
                 flowenrich_text *out)
{
    const flowenrich_text raw = members->raw[member];
    char *own;
    size_t len;

    if (!fle_arena_text(arena, raw.data, raw.len, out))
        return false;
    own = (char *)out->data;
    if (members->strings & FLE_MEMBER_BIT(member)) {
        if (fle_json_scan_unescape(raw, own, &len))
            out->len = len;
        else
            memcpy(own, raw.data, raw.len);
    }
    if (member == FLE_MEMBER_ENCODED_KEY)
        out->len = fle_s3key_decode(*out, own);
    return true;
}

/* Seconds or milliseconds since 1970, with a fraction perhaps, or a date. */
static void read_time(flowenrich_text raw, flowenrich_time *out)
{
    const char *point = raw.len > 0 ? memchr(raw.data, '.', raw.len) : NULL;
    const size_t whole = point ? (size_t)(point - raw.data) : raw.len;
    uint64_t number;

    if (!fle_text_u64(fle_text(raw.data, whole), &number))
        fle_date_parse(raw.data, raw.len, out);
    else if (number <= INT64_MAX)
        *out = (flowenrich_time)(number >= MOST_SECONDS ? number / 1000 : number);
}

bool fle_origin_add(fle_origin *origin, const fle_members *members, fle_arena *arena)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (fle_members_have(members, places[i].member) &&
            !copy(members, places[i].member, arena, text_at(origin, places[i].offset)))
            return false;
    if (fle_members_have(members, FLE_MEMBER_RECORD) && origin->record.len == 0 &&
        !copy(members, FLE_MEMBER_RECORD, arena, &origin->record))
        return false;
    if (fle_members_have(members, FLE_MEMBER_TIME))
        read_time(members->raw[FLE_MEMBER_TIME], &origin->time);
    if (fle_members_have(members, FLE_MEMBER_LOG_STREAM))
        origin->source.interface_id = fle_stream_interface(origin->source.log_stream);
    /* Where an object lies is the bucket's region; where its lines come from is the key's. */
    if (fle_members_have(members, FLE_MEMBER_KEY) && fle_members_have(members, FLE_MEMBER_LINE))
        fle_s3key_read(origin->source.key, &origin->source);
    return true;
}
