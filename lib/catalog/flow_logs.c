/* SPDX-License-Identifier: Apache-2.0 */
/* Flow logs: how their lines are written, and whose traffic they record. */
#include "catalog/flow_logs.h"

#include "base/error.h"
#include "catalog/order.h"
#include "catalog/publish.h"

#define LONGEST_WINDOW 3600 /* AWS's has 600 s */

/* ---- To the snapshot. ---- */

static uint32_t write_text(fle_publishing *p, uint32_t id)
{
    return fle_entry_writer_text(p->writer, fle_facts_text(p->facts, id));
}

/* The VPC of something, by its own facts. */
static uint32_t write_vpc_of(fle_publishing *p, fle_subject kind, uint32_t id)
{
    return write_text(p, fle_about_newest(fle_facts_about(p->facts, kind, id), FLE_FACT_VPC));
}

/* Of a transit gateway's, or a regional NAT gateway's, nothing is told. */
static void write_resource(fle_publishing *p, uint32_t id, fle_flow_log *log)
{
    const flowenrich_text resource = fle_facts_text(p->facts, id);
    const fle_about interface = fle_facts_about(p->facts, FLE_SUBJECT_INTERFACE, id);

    if (fle_text_starts(resource, "vpc-")) {
        log->vpc = write_text(p, id);
    } else if (fle_text_starts(resource, "subnet-")) {
        log->subnet = write_text(p, id);
        log->vpc = write_vpc_of(p, FLE_SUBJECT_SUBNET, id);
    } else if (fle_text_starts(resource, "eni-")) {
        log->interface = write_text(p, id);
        log->subnet = write_text(p, fle_about_newest(interface, FLE_FACT_SUBNET));
        log->vpc = write_vpc_of(p, FLE_SUBJECT_INTERFACE, id);
    }
}

static void write_flow_log(fle_publishing *p, fle_about about, fle_flow_log *log)
{
    const flowenrich_text traffic =
        fle_facts_text(p->facts, fle_about_newest(about, FLE_FACT_TRAFFIC));
    uint64_t window;

    memset(log, 0, sizeof *log);
    log->last = about.items->time;
    for (size_t i = 1; i < about.n; i++)
        log->last = about.items[i].time > log->last ? about.items[i].time : log->last;
    log->id = write_text(p, about.items->subject);
    log->group = write_text(p, fle_about_newest(about, FLE_FACT_LOG_GROUP));
    log->format = write_text(p, fle_about_newest(about, FLE_FACT_LOG_FORMAT));
    write_resource(p, fle_about_newest(about, FLE_FACT_RESOURCE), log);
    log->is_partial = traffic.len > 0 && !fle_text_is(traffic, "ALL");
    if (fle_text_u64(fle_facts_text(p->facts, fle_about_newest(about, FLE_FACT_WINDOW)), &window) &&
        window <= LONGEST_WINDOW)
        log->window = (uint32_t)window;
}

void fle_flow_logs_count(fle_flow_logs *logs)
{
    logs->n_partial = 0;
    logs->window = 0;
    for (size_t i = 0; i < logs->n; i++) {
        logs->n_partial += logs->items[i].is_partial != 0;
        if (logs->items[i].window > logs->window && logs->items[i].window <= LONGEST_WINDOW)
            logs->window = logs->items[i].window;
    }
}

static int compare_ids(const void *left, const void *right, const void *ctx)
{
    const fle_flow_log *a = left, *b = right;

    return fle_text_compare(fle_entries_text(ctx, a->id), fle_entries_text(ctx, b->id));
}

bool fle_publish_flow_logs(fle_publishing *p)
{
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_FLOW_LOG);
    fle_flow_logs *logs = &p->snapshot->flow_logs;
    fle_flow_log *items = fle_array(&p->snapshot->arena, fle_count_subjects(rest), sizeof *items);

    logs->items = items;
    if (!items)
        return false;
    while (rest.n > 0)
        write_flow_log(p, fle_about_next(&rest), &items[logs->n++]);
    fle_flow_logs_count(logs);
    return fle_publish_entries(p) &&
           fle_sort(items, logs->n, sizeof *items, compare_ids, &p->snapshot->entries, p->scratch);
}

/* ---- Looking up. ---- */

/* The flow logs that may have written something: the one with an id, or a log group's. */
typedef struct search {
    const fle_entries *entries;
    const fle_flow_logs *logs;
    flowenrich_text id, group;
    flowenrich_text interface, subnet, vpc; /* whose traffic it is, as far as that is known */
} search;

static bool is_text(const search *s, uint32_t place, flowenrich_text text)
{
    return fle_text_equal(fle_entries_text(s->entries, place), text);
}

static bool may_be_of(const search *s, uint32_t place, flowenrich_text known)
{
    const flowenrich_text recorded = fle_entries_text(s->entries, place);

    return recorded.len == 0 || known.len == 0 || fle_text_equal(recorded, known);
}

static bool matches(const search *s, const fle_flow_log *log)
{
    if (s->id.len > 0)
        return is_text(s, log->id, s->id);
    return s->group.len > 0 && is_text(s, log->group, s->group) &&
           may_be_of(s, log->interface, s->interface) && may_be_of(s, log->subnet, s->subnet) &&
           may_be_of(s, log->vpc, s->vpc);
}

static search search_for(const flowenrich_snapshot *snapshot, flowenrich_text id,
                         flowenrich_text group, flowenrich_text interface)
{
    const fle_entry *known = interface.len > 0 ? fle_snapshot_interface(snapshot, interface) : NULL;
    search s = { .entries = &snapshot->entries,
                 .logs = &snapshot->flow_logs,
                 .id = id,
                 .group = group,
                 .interface = interface };

    if (known) {
        s.subnet = fle_snapshot_text(snapshot, known, FLE_ATTR_SUBNET_ID);
        s.vpc = fle_snapshot_text(snapshot, known, FLE_ATTR_VPC_ID);
    }
    return s;
}

/* Of logs that share a group, the one that was there last is the likeliest. */
static bool comes_before(const search *s, const fle_flow_log *a, const fle_flow_log *b)
{
    return a->last != b->last ? a->last > b->last
                              : fle_text_compare(fle_entries_text(s->entries, a->id),
                                                 fle_entries_text(s->entries, b->id)) < 0;
}

/* The first that matches, behind 'last' if that isn't NULL. There are few of them. */
static const fle_flow_log *next_match(const search *s, const fle_flow_log *last)
{
    const fle_flow_log *next = NULL;

    for (size_t i = 0; i < s->logs->n; i++) {
        const fle_flow_log *log = &s->logs->items[i];

        if (matches(s, log) && (!last || comes_before(s, last, log)) &&
            (!next || comes_before(s, log, next)))
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
    for (log = next_match(&s, NULL); log; log = next_match(&s, log)) {
        const flowenrich_text format = fle_entries_text(s.entries, log->format);

        if (format.len > 0 && index-- == 0)
            return format;
    }
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
            logged = (fle_logged){ fle_entries_text(s.entries, log->vpc),
                                   fle_entries_text(s.entries, log->subnet) };
        first = first ? first : log;
        if (log->vpc != first->vpc)
            logged.vpc = fle_text("", 0);
        if (log->subnet != first->subnet)
            logged.subnet = fle_text("", 0);
    }
    return logged;
}

/* Does a flow log record some of what is sent in a subnet, or anywhere in a VPC? */
static bool may_record(const search *s, const fle_flow_log *log)
{
    return may_be_of(s, log->vpc, s->vpc) && may_be_of(s, log->subnet, s->subnet);
}

/* One of a whole VPC or subnet makes up for others that record a part; one interface's doesn't. */
bool fle_snapshot_logs_all(const flowenrich_snapshot *snapshot, flowenrich_text vpc,
                           flowenrich_text subnet)
{
    const search s = {
        .entries = &snapshot->entries, .logs = &snapshot->flow_logs, .subnet = subnet, .vpc = vpc
    };
    bool found = false;

    for (size_t i = 0; s.logs->n_partial > 0 && i < s.logs->n; i++) {
        const fle_flow_log *log = &s.logs->items[i];

        if (!may_record(&s, log))
            continue;
        if (!log->is_partial && vpc.len > 0 && is_text(&s, log->vpc, vpc) &&
            fle_entries_text(s.entries, log->interface).len == 0 &&
            (fle_entries_text(s.entries, log->subnet).len == 0 || subnet.len > 0))
            return true;
        found = found || log->is_partial;
    }
    return !found;
}

uint32_t fle_snapshot_window(const flowenrich_snapshot *snapshot)
{
    return snapshot->flow_logs.window;
}
