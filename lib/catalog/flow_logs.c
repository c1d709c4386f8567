/* SPDX-License-Identifier: Apache-2.0 */
/* Flow logs: how their lines are written, and whose traffic they record. */
#include "catalog/flow_logs.h"

#include "base/error.h"
#include "catalog/order.h"
#include "catalog/publish.h"

/* ---- To the snapshot. ---- */

/* The VPC of something, by its own facts. */
static bool publish_vpc_of(fle_publishing *p, fle_subject kind, uint32_t id, flowenrich_text *out)
{
    return fle_publish_text(p, fle_about_newest(fle_facts_about(p->facts, kind, id), FLE_FACT_VPC),
                            out);
}

static bool publish_resource(fle_publishing *p, uint32_t id, fle_flow_log *log)
{
    const flowenrich_text resource = fle_facts_text(p->facts, id);
    const fle_about interface = fle_facts_about(p->facts, FLE_SUBJECT_INTERFACE, id);

    if (fle_text_starts(resource, "vpc-"))
        return fle_publish_text(p, id, &log->vpc);
    if (fle_text_starts(resource, "subnet-"))
        return fle_publish_text(p, id, &log->subnet) &&
               publish_vpc_of(p, FLE_SUBJECT_SUBNET, id, &log->vpc);
    if (fle_text_starts(resource, "eni-"))
        return fle_publish_text(p, id, &log->interface) &&
               fle_publish_text(p, fle_about_newest(interface, FLE_FACT_SUBNET), &log->subnet) &&
               publish_vpc_of(p, FLE_SUBJECT_INTERFACE, id, &log->vpc);
    return true; /* a transit gateway's, or a regional NAT gateway's */
}

static bool publish_flow_log(fle_publishing *p, fle_about about, fle_flow_log *log)
{
    memset(log, 0, sizeof *log);
    log->last = about.items->time;
    for (size_t i = 1; i < about.n; i++)
        log->last = about.items[i].time > log->last ? about.items[i].time : log->last;
    return fle_publish_text(p, about.items->subject, &log->id) &&
           fle_publish_text(p, fle_about_newest(about, FLE_FACT_LOG_GROUP), &log->group) &&
           fle_publish_text(p, fle_about_newest(about, FLE_FACT_LOG_FORMAT), &log->format) &&
           publish_resource(p, fle_about_newest(about, FLE_FACT_RESOURCE), log);
}

static int compare_ids(const void *left, const void *right, const void *ctx)
{
    const fle_flow_log *a = left, *b = right;

    (void)ctx;
    return fle_text_compare(a->id, b->id);
}

bool fle_publish_flow_logs(fle_publishing *p)
{
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_FLOW_LOG);
    fle_flow_logs *logs = &p->snapshot->flow_logs;

    logs->items = fle_array(&p->snapshot->arena, fle_count_subjects(rest), sizeof *logs->items);
    if (!logs->items)
        return false;
    while (rest.n > 0)
        if (!publish_flow_log(p, fle_about_next(&rest), &logs->items[logs->n++]))
            return false;
    return fle_sort(logs->items, logs->n, sizeof *logs->items, compare_ids, NULL, p->scratch);
}

/* ---- Looking up. ---- */

/* The flow logs that may have written something: the one with an id, or a log group's. */
typedef struct search {
    const fle_flow_logs *logs;
    flowenrich_text id, group;
    flowenrich_text interface, subnet, vpc; /* whose traffic it is, as far as that is known */
} search;

static bool may_be_of(flowenrich_text recorded, flowenrich_text known)
{
    return recorded.len == 0 || known.len == 0 || fle_text_equal(recorded, known);
}

static bool matches(const search *s, const fle_flow_log *log)
{
    if (s->id.len > 0)
        return fle_text_equal(log->id, s->id);
    return s->group.len > 0 && fle_text_equal(log->group, s->group) &&
           may_be_of(log->interface, s->interface) && may_be_of(log->subnet, s->subnet) &&
           may_be_of(log->vpc, s->vpc);
}

static search search_for(const flowenrich_snapshot *snapshot, flowenrich_text id,
                         flowenrich_text group, flowenrich_text interface)
{
    const fle_identity *known =
        interface.len > 0 ? fle_snapshot_interface(snapshot, interface) : NULL;
    search s = { .logs = &snapshot->flow_logs, .id = id, .group = group, .interface = interface };

    if (known) {
        s.subnet = known->single[FLE_ATTR_SUBNET_ID];
        s.vpc = known->single[FLE_ATTR_VPC_ID];
    }
    return s;
}

/* Of logs that share a group, the one that was there last is the likeliest. */
static bool comes_before(const fle_flow_log *a, const fle_flow_log *b)
{
    return a->last != b->last ? a->last > b->last : fle_text_compare(a->id, b->id) < 0;
}

/* The first that matches, behind 'last' if that isn't NULL. There are few of them. */
static const fle_flow_log *next_match(const search *s, const fle_flow_log *last)
{
    const fle_flow_log *next = NULL;

    for (size_t i = 0; i < s->logs->n; i++) {
        const fle_flow_log *log = &s->logs->items[i];

        if (matches(s, log) && (!last || comes_before(last, log)) &&
            (!next || comes_before(log, next)))
            next = log;
    }
    return next;
}

flowenrich_text flowenrich_snapshot_format(const flowenrich_snapshot *snapshot,
                                           const flowenrich_source *source, size_t index)
{
    flowenrich_source given = FLOWENRICH_SOURCE_INIT;
    const fle_flow_log *log;
    search s;

    if (!snapshot || !source || !fle_struct_import(&given, sizeof given, source))
        return fle_text("", 0);
    s = search_for(snapshot, given.flow_log, given.log_group, given.interface_id);
    for (log = next_match(&s, NULL); log; log = next_match(&s, log))
        if (log->format.len > 0 && index-- == 0)
            return log->format;
    return fle_text("", 0);
}

fle_logged fle_snapshot_logged(const flowenrich_snapshot *snapshot, flowenrich_text id,
                               flowenrich_text group)
{
    const search s = search_for(snapshot, id, group, fle_text("", 0));
    const fle_flow_log *first = NULL;
    fle_logged logged = { { "", 0 }, { "", 0 } };

    for (size_t i = 0; i < s.logs->n; i++) {
        const fle_flow_log *log = &s.logs->items[i];

        if (!matches(&s, log))
            continue;
        if (!first)
            logged = (fle_logged){ log->vpc, log->subnet };
        first = first ? first : log;
        if (!fle_text_equal(log->vpc, first->vpc))
            logged.vpc = fle_text("", 0);
        if (!fle_text_equal(log->subnet, first->subnet))
            logged.subnet = fle_text("", 0);
    }
    return logged;
}
