/* SPDX-License-Identifier: Apache-2.0 */
/* The members of an object that tell what it is and what it holds. */
#include "unwrap/members.h"

#include "base/text.h"

/* Objects that a member's name means something in. */
typedef enum context {
    NOWHERE,
    CARRIER, /* the object itself, and those that only wrap */
    S3,
    DETAIL,
    BUCKET,
    OBJECT,
    ENCODED_OBJECT
} context;

#define MOST_WRAPS 4
#define NONE FLE_N_MEMBERS

typedef struct rule {
    uint8_t in;
    uint8_t member; /* what it is if it isn't an object, or isn't opened */
    uint8_t opens;  /* what its object is */
    uint8_t len;
    const char *name;
} rule;

#define RULE(in, name, member, opens)                                                              \
    {                                                                                              \
        in, member, opens, sizeof(name) - 1, name                                                  \
    }

/* Those of log events first: they are looked up most. */
static const rule rules[] = {
    RULE(CARRIER, "id", FLE_MEMBER_ID, NOWHERE),
    RULE(CARRIER, "timestamp", FLE_MEMBER_TIME, NOWHERE),
    RULE(CARRIER, "message", FLE_MEMBER_LINE, NOWHERE),
    RULE(CARRIER, "eventId", FLE_MEMBER_ID, NOWHERE),
    RULE(CARRIER, "logStreamName", FLE_MEMBER_LOG_STREAM, NOWHERE),
    /* CloudWatch Logs */
    RULE(CARRIER, "awslogs", NONE, CARRIER),
    RULE(CARRIER, "messageType", FLE_MEMBER_TYPE, NOWHERE),
    RULE(CARRIER, "owner", FLE_MEMBER_ACCOUNT, NOWHERE),
    RULE(CARRIER, "logGroup", FLE_MEMBER_LOG_GROUP, NOWHERE),
    RULE(CARRIER, "logStream", FLE_MEMBER_LOG_STREAM, NOWHERE),
    RULE(CARRIER, "logEvents", FLE_MEMBER_ITEMS, NOWHERE),
    RULE(CARRIER, "events", FLE_MEMBER_ITEMS, NOWHERE),
    /* Lambda's events, Kinesis, Firehose, Kafka */
    RULE(CARRIER, "Records", FLE_MEMBER_ITEMS, NOWHERE),
    RULE(CARRIER, "records", FLE_MEMBER_ITEMS, NOWHERE),
    RULE(CARRIER, "kinesis", NONE, CARRIER),
    RULE(CARRIER, "data", FLE_MEMBER_DATA, NOWHERE),
    RULE(CARRIER, "value", FLE_MEMBER_DATA, NOWHERE),
    RULE(CARRIER, "recordId", FLE_MEMBER_RECORD, NOWHERE),
    RULE(CARRIER, "sequenceNumber", FLE_MEMBER_RECORD, NOWHERE),
    RULE(CARRIER, "eventID", FLE_MEMBER_ID, NOWHERE),
    RULE(CARRIER, "awsRegion", FLE_MEMBER_REGION, NOWHERE),
    RULE(CARRIER, "region", FLE_MEMBER_REGION, NOWHERE),
    RULE(CARRIER, "approximateArrivalTimestamp", FLE_MEMBER_TIME, NOWHERE),
    /* SQS, SNS */
    RULE(CARRIER, "messageId", FLE_MEMBER_RECORD, NOWHERE),
    RULE(CARRIER, "body", FLE_MEMBER_BODY, NOWHERE),
    RULE(CARRIER, "MessageId", FLE_MEMBER_RECORD, NOWHERE),
    RULE(CARRIER, "Body", FLE_MEMBER_BODY, NOWHERE),
    RULE(CARRIER, "Messages", FLE_MEMBER_ITEMS, NOWHERE),
    RULE(CARRIER, "Sns", NONE, CARRIER),
    RULE(CARRIER, "Message", FLE_MEMBER_BODY, NOWHERE),
    RULE(CARRIER, "Type", FLE_MEMBER_TYPE, NOWHERE),
    RULE(CARRIER, "Timestamp", FLE_MEMBER_TIME, NOWHERE),
    /* S3's notifications, EventBridge's, Vector's events */
    RULE(CARRIER, "s3", NONE, S3),
    RULE(CARRIER, "detail", NONE, DETAIL),
    RULE(CARRIER, "Event", FLE_MEMBER_TYPE, NOWHERE),
    RULE(CARRIER, "eventName", FLE_MEMBER_EVENT, NOWHERE),
    RULE(CARRIER, "detail-type", FLE_MEMBER_EVENT, NOWHERE),
    RULE(CARRIER, "eventTime", FLE_MEMBER_TIME, NOWHERE),
    RULE(CARRIER, "time", FLE_MEMBER_TIME, NOWHERE),
    RULE(CARRIER, "bucket", FLE_MEMBER_BUCKET, NOWHERE),
    RULE(CARRIER, "object", FLE_MEMBER_KEY, NOWHERE),
    RULE(S3, "bucket", NONE, BUCKET),
    RULE(S3, "object", NONE, ENCODED_OBJECT),
    RULE(DETAIL, "bucket", NONE, BUCKET),
    RULE(DETAIL, "object", NONE, OBJECT),
    RULE(BUCKET, "name", FLE_MEMBER_BUCKET, NOWHERE),
    RULE(OBJECT, "key", FLE_MEMBER_KEY, NOWHERE),
    RULE(ENCODED_OBJECT, "key", FLE_MEMBER_ENCODED_KEY, NOWHERE),
};

static const rule *find(context in, flowenrich_text key)
{
    for (const rule *r = rules; r < rules + sizeof rules / sizeof *rules; r++)
        if (r->len == key.len && r->in == in && memcmp(r->name, key.data, key.len) == 0)
            return r;
    return NULL;
}

/* A null is as good as absent. */
static bool take_member(fle_json_scan *scan, const rule *r, fle_members *out)
{
    const uint32_t bit = FLE_MEMBER_BIT(r->member);
    flowenrich_text value;

    if (fle_json_scan_peek(scan) == '"') {
        if (!fle_json_scan_string(scan, &value))
            return false;
        out->strings |= bit;
    } else {
        if (!fle_json_scan_value(scan, &value))
            return false;
        if (fle_text_is(value, "null"))
            return true;
        out->strings &= ~bit;
    }
    out->present |= bit;
    out->raw[r->member] = value;
    if (r->member < sizeof out->rules)
        out->rules[r->member] = (uint8_t)(r - rules);
    return true;
}

static bool take_object(fle_json_scan *scan, context in, unsigned depth, fle_members *out)
{
    flowenrich_text text;
    bool first = true;

    if (!fle_json_scan_char(scan, '{', "'{'"))
        return false;
    for (;;) {
        const rule *r;
        bool more, ok;

        if (!fle_json_scan_element(scan, '}', &first, &more))
            return false;
        if (!more)
            return true;
        if (!fle_json_scan_key(scan, &text))
            return false;
        fle_json_scan_space(scan);
        r = find(in, text);
        if (r && r->opens != NOWHERE && fle_json_scan_peek(scan) == '{' && depth < MOST_WRAPS)
            ok = take_object(scan, (context)r->opens, depth + 1, out);
        else if (r && r->member != NONE)
            ok = take_member(scan, r, out);
        else
            ok = fle_json_scan_value(scan, &text);
        if (!ok)
            return false;
    }
}

bool fle_members_take(fle_json_scan *scan, fle_members *out)
{
    out->present = 0;
    out->strings = 0;
    return take_object(scan, CARRIER, 0, out);
}

const char *fle_members_name(const fle_members *members, fle_member member)
{
    return rules[members->rules[member]].name;
}

static bool is(const fle_members *members, fle_member member, const char *text)
{
    return fle_members_have(members, member) && fle_text_is(members->raw[member], text);
}

bool fle_members_are_control(const fle_members *members)
{
    static const char *const types[] = { "CONTROL_MESSAGE", "s3:TestEvent",
                                         "SubscriptionConfirmation", "UnsubscribeConfirmation" };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (is(members, FLE_MEMBER_TYPE, types[i]))
            return true;
    return false;
}

/* Without an event's name, somebody says so by hand. */
bool fle_members_are_created(const fle_members *members)
{
    return !fle_members_have(members, FLE_MEMBER_EVENT) ||
           fle_text_starts(members->raw[FLE_MEMBER_EVENT], "ObjectCreated:") ||
           is(members, FLE_MEMBER_EVENT, "Object Created");
}
