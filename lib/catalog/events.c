/* SPDX-License-Identifier: Apache-2.0 */
/* What CloudTrail and EventBridge tell, to facts. */
#include "catalog/events.h"

#include "catalog/calls.h"
#include "catalog/resources.h"

static bool is_call(const fle_json *object)
{
    return fle_get_text(object, "eventName").len > 0 && fle_json_get(object, "eventTime") &&
           !fle_text_starts(fle_get_text(object, "eventSource"), "aws:");
}

bool fle_is_event(const fle_json *object)
{
    return fle_json_get(object, "detail-type") || is_call(object);
}

/* Note an event by the id that all its copies have. Was it there before? */
static bool is_repeated(fle_loader *l, flowenrich_text id)
{
    const fle_thing event = { FLE_SUBJECT_EVENT, fle_loader_intern(l, id) };

    if (event.id == 0 || l->failed)
        return false;
    if (!fle_facts_note_event(l->facts, event.id))
        return true;
    fle_add(l, event, FLE_FACT_STATE, FLE_TEXT(""));
    return false;
}

static void load_call(fle_loader *l, const fle_json *record)
{
    const fle_call call = { fle_json_get(record, "requestParameters"),
                            fle_json_get(record, "responseElements"),
                            fle_get_text(record, "awsRegion"),
                            fle_get_text(record, "recipientAccountId") };
    const flowenrich_text source = fle_get_text(record, "eventSource");

    if (fle_get_text(record, "errorCode").len > 0 || fle_get_text(record, "errorMessage").len > 0)
        l->counts.failed++; /* a call that was refused, or only tried, changed nothing */
    else if ((source.len > 0 && !fle_text_is(source, "ec2.amazonaws.com")) ||
             !fle_call_load(l, fle_get_text(record, "eventName"), &call))
        l->counts.others++;
    else
        l->counts.events++;
}

static bool load_api_call(fle_loader *l, const fle_json *event)
{
    const fle_json *record = fle_json_get(event, "detail");
    flowenrich_time time;

    if (!is_call(record) || !fle_document_time(fle_json_get(record, "eventTime"), &time))
        return false;
    l->time = time;
    load_call(l, record);
    return true;
}

static bool load_instance_state(fle_loader *l, const fle_json *event)
{
    const fle_json *detail = fle_json_get(event, "detail");
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_INSTANCE, detail, "instance-id");
    const flowenrich_text state = fle_get_text(detail, "state");

    if (s.id == 0 || state.len == 0)
        return false;
    l->change = FLE_SET;
    fle_add(l, s, FLE_FACT_STATE, state);
    l->counts.events++;
    return true;
}

static void set_tags(fle_loader *l, const fle_json *tags, fle_thing s)
{
    fle_add_mark(l, s, FLE_FACT_TAGS);
    for (size_t i = 0; tags && i < tags->n; i++)
        if (tags->items[i].key.len > 0)
            fle_add_at(l, l->time, s, FLE_FACT_TAGS, tags->items[i].key,
                       fle_json_text(&tags->items[i]));
}

/* All tags as they are now; how often they have changed tells which of two events is the later. */
static bool load_tag_change(fle_loader *l, const fle_json *event)
{
    const fle_json *detail = fle_json_get(event, "detail"), *tags = fle_json_get(detail, "tags");
    const flowenrich_text arn = fle_json_text(fle_json_at(fle_json_get(event, "resources"), 0));
    const fle_thing resource = { FLE_SUBJECT_RESOURCE, fle_loader_intern(l, arn) };
    const fle_thing s = fle_thing_of(l, arn);
    uint64_t version = 0;

    if (resource.id == 0 || !fle_json_is_object(tags))
        return false;
    (void)fle_json_number(fle_json_get(detail, "version"), &version);
    l->change = FLE_SET;
    l->version = version < FLE_MOST_VERSIONS ? (unsigned)version : FLE_MOST_VERSIONS;
    set_tags(l, tags, resource);
    if (s.id != 0 && fle_text_is(fle_get_text(detail, "service"), "ec2"))
        set_tags(l, tags, s);
    l->version = 0;
    l->counts.events++;
    return true;
}

static bool load_task(fle_loader *l, const fle_json *event)
{
    const fle_json *task = fle_json_get(event, "detail");

    if (!fle_json_is_object(task))
        return false;
    fle_add_task(l, task);
    l->counts.events++;
    return true;
}

static const struct {
    const char *type;
    bool (*load)(fle_loader *l, const fle_json *event);
} types[] = {
    { "AWS API Call via CloudTrail", load_api_call },
    { "EC2 Instance State-change Notification", load_instance_state },
    { "ECS Task State Change", load_task },
    { "Tag Change on Resource", load_tag_change },
};

static void load_envelope(fle_loader *l, const fle_json *event)
{
    const flowenrich_text type = fle_get_text(event, "detail-type");

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (fle_text_is(type, types[i].type)) {
            l->skipped += !types[i].load(l, event);
            l->change = FLE_SEEN;
            return;
        }
    l->counts.others++;
}

/*
 * A call has an id in its record, which its envelope and its file share; other
 * events their own. What a copy says is said again, which makes no difference: so
 * it doesn't matter which of them comes first.
 */
void fle_event_load(fle_loader *l, const fle_json *event)
{
    const fle_json *detail = fle_json_get(event, "detail");
    const bool enveloped = fle_json_get(event, "detail-type") != NULL;
    const flowenrich_text call = fle_get_text(enveloped ? detail : event, "eventID");
    const fle_json *time = fle_json_get(event, enveloped ? "time" : "eventTime");
    const fle_event_counts counts = l->counts;

    if (!fle_document_time(time ? time : fle_json_get(detail, "eventTime"), &l->time)) {
        l->skipped++;
        return;
    }
    if (enveloped)
        load_envelope(l, event);
    else
        load_call(l, event);
    l->has_events = l->has_events || l->counts.events > counts.events;
    if (is_repeated(l, call.len > 0 ? call : fle_get_text(event, "id"))) {
        l->counts = counts;
        l->counts.repeated++;
    }
}
